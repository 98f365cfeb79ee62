-- With whom to talk first, as everybody may know it: the cause that most schools of each neighborhood
-- share, and whether anybody who works on it is at one of their tables. One row per neighborhood of
-- the chosen schools. Of schools only those count whose own number is told; students is what is told
-- of the neighborhood, added up from its schools where not all of them are chosen, and null where
-- that is nothing.
WITH chosen AS (
    SELECT school_id, neighborhood FROM schools WHERE school_id IN (SELECT unnest($schools))
),
there AS (
    SELECT neighborhood, list(school_id ORDER BY school_id) AS schools FROM chosen GROUP BY ALL
),
told AS (
    SELECT place.schools, share_absence.category AS cause, share_absence.students_absent AS students
    FROM share_absence
    JOIN share_place_schools AS place USING (place)
    WHERE share_absence.school_year = $school_year
        AND share_absence.dimension = 'cause'
        AND NOT share_absence.withheld
),
school AS (
    SELECT
        chosen.neighborhood,
        told.cause,
        count(*) AS schools,
        CAST(sum(told.students) AS BIGINT) AS students
    FROM told
    JOIN chosen ON told.schools = [chosen.school_id]
    GROUP BY ALL
),
shared AS (
    SELECT there.neighborhood, told.cause, told.students, coalesce(school.schools, 0) AS schools
    FROM there
    JOIN told USING (schools)
    LEFT JOIN school
        ON school.neighborhood IS NOT DISTINCT FROM there.neighborhood AND school.cause = told.cause
    UNION ALL
    SELECT school.neighborhood, school.cause, school.students, school.schools
    FROM school
    JOIN there ON there.neighborhood IS NOT DISTINCT FROM school.neighborhood
    WHERE there.schools NOT IN (SELECT schools FROM share_place_schools)
),
first_cause AS (
    SELECT *
    FROM shared
    QUALIFY row_number() OVER (
        PARTITION BY neighborhood ORDER BY schools DESC, students DESC, cause
    ) = 1
)
SELECT
    there.neighborhood,
    len(there.schools) AS schools_there,
    first_cause.cause,
    coalesce(first_cause.schools, 0) AS schools,
    first_cause.students,
    coalesce(partner.partners_known, 0) AS partners_known,
    coalesce(partner.partners_at_table, 0) AS partners_at_table,
    first_cause.cause IS NULL AS withheld
FROM there
LEFT JOIN first_cause ON first_cause.neighborhood IS NOT DISTINCT FROM there.neighborhood
LEFT JOIN LATERAL partners_by_cause(there.schools) AS partner
    ON partner.cause = lower(first_cause.cause)
ORDER BY
    coalesce(first_cause.schools, 0) > 1 AND coalesce(partner.partners_at_table, 0) = 0 DESC,
    coalesce(first_cause.schools, 0) DESC,
    coalesce(first_cause.students, 0) DESC,
    there.neighborhood NULLS LAST
