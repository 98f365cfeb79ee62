-- The year so far at each month's end, and last year's at the same instructional day.
-- One row per month so far and period; students_within_3: of whom it is known yet that the next three
-- days missed would make them chronically absent.
WITH status AS (
    SELECT *
    FROM student_status(
        $definition, $school_year, $compare_year, $as_of, $schools, $grade, $dimension,
        $group_name, each_month := true, each_school := false
    )
),
counted AS (
    SELECT
        point,
        period,
        count(*) FILTER (WHERE chronically_absent IS NOT NULL) AS students,
        count(*) FILTER (WHERE chronically_absent) AS students_absent,
        -- Unknown until it can be said of somebody.
        CASE WHEN count(within_3_absences) > 0 THEN count(*) FILTER (WHERE within_3_absences) END
            AS students_within_3,
        1 - sum(days_absent) / nullif(sum(days_enrolled), 0) AS attendance_rate
    FROM status
    GROUP BY point, period
),
reached AS (
    SELECT point, max(instructional_day) FILTER (WHERE period = 'this') AS instructional_day
    FROM school_points($school_year, NULL, $as_of, $schools, true)
    GROUP BY point
)
SELECT
    reached.point AS month_end,
    reached.instructional_day,
    period.period,
    coalesce(counted.students, 0) AS students,
    1 AS nearest,
    coalesce(counted.students_absent, 0) AS students_absent,
    counted.students_absent / nullif(counted.students, 0) AS rate,
    rate AS rate_at_least,
    rate AS rate_at_most,
    counted.attendance_rate,
    counted.students_within_3,
    false AS withheld
FROM reached
CROSS JOIN (SELECT unnest(['this', 'last']) AS period) AS period
LEFT JOIN counted USING (point, period)
