-- Which cause several schools share, and who works on it, as everybody may know it. One row per cause
-- that enough students had in any year. Of schools only those count whose own number is told, and
-- students_at_schools adds up what is told of them; so does students, where the chosen schools are no
-- place of the share view.
WITH school AS (
    SELECT
        told.category AS cause,
        count(*) AS schools,
        CAST(sum(told.students_absent) AS BIGINT) AS students
    FROM share_absence AS told
    JOIN share_place_schools AS place USING (place)
    WHERE len(place.schools) = 1
        AND list_has_all($schools, place.schools)
        AND told.school_year = $school_year
        AND told.dimension = 'cause'
        AND NOT told.withheld
    GROUP BY told.category
),
told AS (
    SELECT category AS cause, students_absent AS students, withheld
    FROM share_absence
    WHERE place = $place AND school_year = $school_year AND dimension = 'cause'
    UNION ALL
    SELECT cause, students, false FROM school WHERE $place IS NULL
)
SELECT
    told.cause,
    coalesce(team_cause.family, 'not sorted yet') AS family,
    coalesce(school.schools, 0) AS schools,
    told.students,
    -- A student who moved may count at two schools; rounding adds up, too.
    coalesce(least(coalesce(school.students, 0), told.students), 0) AS students_at_schools,
    coalesce(partner.partners_known, 0) AS partners_known,
    coalesce(partner.partners_at_table, 0) AS partners_at_table,
    told.withheld
FROM told
LEFT JOIN team_cause USING (cause)
LEFT JOIN school USING (cause)
LEFT JOIN partners_by_cause($schools) AS partner ON partner.cause = lower(told.cause)
ORDER BY schools DESC, told.students DESC NULLS LAST, told.cause
