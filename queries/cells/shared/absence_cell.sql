-- Students counted at the end of the month that the share view stands at, as it tells them.
-- One row per level ('selection', 'school'), school, period, dimension and category that enough
-- students were of in any year; of grades, tiers and groups those of the selection this year alone.
-- What is exact (days, who is not evaluated) is not told. That nobody is evaluated before the tenth
-- day of a year the calendar tells everybody: 0 of 0, and not withheld.
WITH place AS (
    SELECT 'selection' AS level, CAST(NULL AS VARCHAR) AS school_id, CAST($place AS INTEGER) AS place,
        CAST($schools AS VARCHAR[]) AS schools
    UNION ALL
    SELECT 'school', schools.school_id, told.place, told.schools
    FROM schools
    JOIN share_place_schools AS told ON told.schools = [schools.school_id]
    WHERE list_contains($schools, schools.school_id)
),
listed AS (
    SELECT DISTINCT place, dimension, category
    FROM share_absence
    WHERE place = $place AND school_year = $school_year AND is_newest
        AND dimension NOT IN ('all', 'tier', 'reason', 'cause', 'knowledge')
),
cell AS (
    SELECT level, school_id, place, schools, period, 'all' AS dimension, '' AS category
    FROM place
    CROSS JOIN (SELECT unnest(['this', 'last']) AS period)
    UNION ALL
    SELECT level, school_id, place, schools, 'this', 'tier', tier
    FROM place
    CROSS JOIN (SELECT unnest(['satisfactory', 'at_risk', 'moderate', 'severe']) AS tier)
    WHERE level = 'selection'
    UNION ALL
    SELECT level, school_id, place, schools, 'this', dimension, category
    FROM place
    JOIN listed USING (place)
    WHERE level = 'selection'
),
dated AS (
    SELECT
        *,
        period = 'this' AND dimension IN ('all', 'tier')
            AND nobody_evaluated_yet($school_year, $as_of, schools) AS nobody_yet
    FROM cell
)
SELECT
    dated.level,
    dated.school_id,
    dated.period,
    dated.dimension,
    dated.category,
    CAST(NULL AS BIGINT) AS students_enrolled,
    CASE WHEN nobody_yet THEN 0 ELSE told.students END AS students,
    told.nearest,
    CAST(NULL AS BIGINT) AS students_not_evaluated,
    CASE WHEN nobody_yet THEN 0 ELSE told.students_absent END AS students_absent,
    told.rate,
    told.rate_at_least,
    told.rate_at_most,
    CAST(NULL AS BIGINT) AS days_absent,
    CAST(NULL AS BIGINT) AS days_enrolled,
    told.attendance_rate,
    CAST(told.change_points AS DOUBLE) AS change_points,
    coalesce(told.withheld, true) AND NOT nobody_yet AS withheld
FROM dated
LEFT JOIN share_absence AS told
    ON told.school_year = $school_year
    AND told.is_newest
    AND told.place = dated.place
    AND told.period = dated.period
    AND told.dimension = dated.dimension
    AND told.category = dated.category
