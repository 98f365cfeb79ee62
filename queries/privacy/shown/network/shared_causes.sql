-- Which cause several schools share, and who works on it, as everybody may know it. One row per cause
-- that enough students had in any year. Of schools only those count whose own number is told.
WITH school AS (
    SELECT told.category AS cause, count(*) AS schools
    FROM share_absence AS told
    JOIN share_place_schools AS place USING (place)
    WHERE len(place.schools) = 1
        AND list_has_all($schools, place.schools)
        AND told.school_year = $school_year
        AND told.dimension = 'cause'
        AND NOT told.withheld
    GROUP BY told.category
)
SELECT
    told.category AS cause,
    coalesce(team_cause.family, 'not sorted yet') AS family,
    coalesce(school.schools, 0) AS schools,
    told.students_absent AS students,
    coalesce(partner.partners_known, 0) AS partners_known,
    coalesce(partner.partners_at_table, 0) AS partners_at_table,
    told.withheld
FROM share_absence AS told
LEFT JOIN team_cause ON team_cause.cause = told.category
LEFT JOIN school ON school.cause = told.category
LEFT JOIN partners_by_cause($schools) AS partner ON partner.cause = lower(told.category)
WHERE told.place = $place AND told.school_year = $school_year AND told.dimension = 'cause'
ORDER BY schools DESC, students DESC NULLS LAST, told.category
