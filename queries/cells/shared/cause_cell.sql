-- Chronically absent students by what people had come to understand when the month was coded, as the
-- share view tells it. One row per level, place and cause that enough students had in any year; cause
-- is null for those of whom none is known. Of schools only those count whose own number is told. Where
-- the chosen schools, or those of a neighborhood, are no place, what is told of each is added up.
WITH told AS (
    SELECT place.place, place.schools, told.dimension, told.category AS cause,
        told.students_absent AS students, told.nearest, told.withheld
    FROM share_absence AS told
    JOIN share_place_schools AS place USING (place)
    WHERE told.school_year = $school_year AND told.is_newest
        AND (told.dimension = 'cause' OR told.category = 'not known')
),
chosen AS (
    SELECT school_id, neighborhood FROM schools WHERE list_contains($schools, school_id)
),
-- What may be a place of the share view: the choice, and each neighborhood of it.
whole AS (
    SELECT 'selection' AS level, CAST(NULL AS VARCHAR) AS neighborhood,
        list(school_id ORDER BY school_id) AS schools
    FROM chosen
    UNION ALL
    SELECT 'neighborhood', neighborhood, list(school_id ORDER BY school_id)
    FROM chosen
    GROUP BY neighborhood
),
school AS (
    SELECT chosen.school_id, told.*
    FROM told
    JOIN chosen ON told.schools = [chosen.school_id]
    WHERE told.dimension = 'cause'
),
added AS (
    SELECT whole.level, whole.neighborhood, school.cause, count(*) AS schools,
        CAST(sum(school.students) AS BIGINT) AS students, max(school.nearest) AS nearest
    FROM whole
    JOIN school ON list_contains(whole.schools, school.school_id)
    WHERE NOT school.withheld
    GROUP BY ALL
),
of_place AS (
    SELECT whole.level, whole.neighborhood, told.* EXCLUDE (place, schools)
    FROM whole
    JOIN told USING (schools)
    UNION ALL BY NAME
    SELECT *, 'cause' AS dimension, false AS withheld
    FROM added
    WHERE (level, neighborhood) NOT IN (
        SELECT (level, neighborhood) FROM whole JOIN share_place_schools USING (schools)
    )
)
SELECT
    of_place.level,
    CAST(NULL AS VARCHAR) AS school_id,
    of_place.neighborhood,
    CASE WHEN of_place.dimension = 'cause' THEN of_place.cause END AS cause,
    coalesce(added.schools, 0) AS schools,
    of_place.students,
    -- A student who moved may count at two schools; rounding adds up, too.
    coalesce(least(coalesce(added.students, 0), of_place.students), 0) AS students_at_schools,
    of_place.nearest,
    of_place.withheld
FROM of_place
LEFT JOIN added
    ON added.level = of_place.level
    AND added.neighborhood IS NOT DISTINCT FROM of_place.neighborhood
    AND added.cause = of_place.cause
    AND of_place.dimension = 'cause'
UNION ALL BY NAME
SELECT 'school' AS level, school_id, cause, students, nearest, withheld FROM school
