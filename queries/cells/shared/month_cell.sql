-- The year so far at each month's end, and last year's at the same instructional day, as the share
-- view tells it. One row per month so far and period; 0 of 0, and not withheld, where nobody was
-- evaluated yet.
WITH reached AS (
    SELECT
        point,
        max(cutoff_date) AS month_end,
        max(instructional_day) AS instructional_day,
        nobody_evaluated_yet($school_year, point, $schools) AS nobody_yet
    FROM school_points($school_year, NULL, $as_of, $schools, true)
    GROUP BY point
),
dated AS (
    SELECT reached.* REPLACE (nobody_yet AND period = 'this' AS nobody_yet), period
    FROM reached
    CROSS JOIN (SELECT unnest(['this', 'last']) AS period)
)
SELECT
    dated.month_end,
    dated.instructional_day,
    dated.period,
    CASE WHEN nobody_yet THEN 0 ELSE told.students END AS students,
    told.nearest,
    CASE WHEN nobody_yet THEN 0 ELSE told.students_absent END AS students_absent,
    told.rate,
    told.rate_at_least,
    told.rate_at_most,
    told.attendance_rate,
    CAST(NULL AS BIGINT) AS students_within_3,
    coalesce(told.withheld, true) AND NOT nobody_yet AS withheld
FROM dated
LEFT JOIN share_absence AS told
    ON told.place = $place
    AND told.school_year = $school_year
    AND told.dimension = 'all'
    AND told.period = dated.period
    AND NOT (dated.period = 'last' AND $against_totals)
    AND date_trunc('month', told.point) = date_trunc('month', dated.point)
