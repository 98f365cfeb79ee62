-- The year so far at each month's end, and last year's at the same instructional day.
-- One row per month so far. 0 of 0, and not withheld, where nobody was evaluated yet.
WITH reached AS (
    SELECT
        max(cutoff_date) AS month_end,
        point,
        max(instructional_day) AS instructional_day,
        nobody_evaluated_yet($school_year, point, $schools) AS nobody_yet
    FROM school_points($school_year, NULL, $as_of, $schools, true)
    GROUP BY point
),
told AS (
    SELECT date_trunc('month', point) AS month, * EXCLUDE (place, school_year, dimension, category)
    FROM share_absence
    WHERE place = $place AND school_year = $school_year AND dimension = 'all'
)
SELECT
    reached.point AS month_end,
    reached.instructional_day,
    CASE WHEN reached.nobody_yet THEN 0 ELSE this.students END AS students,
    this.nearest,
    CASE WHEN reached.nobody_yet THEN 0 ELSE this.students_absent END AS students_absent,
    this.rate,
    this.rate_at_least,
    this.rate_at_most,
    this.attendance_rate,
    CAST(NULL AS BIGINT) AS students_within_3,
    last.students AS last_year_students,
    last.nearest AS last_year_nearest,
    last.students_absent AS last_year_students_absent,
    last.rate AS last_year_rate,
    last.rate_at_least AS last_year_rate_at_least,
    last.rate_at_most AS last_year_rate_at_most,
    coalesce(this.withheld, true) AND NOT reached.nobody_yet AS withheld
FROM reached
LEFT JOIN told AS this ON this.month = date_trunc('month', reached.point) AND this.period = 'this'
LEFT JOIN told AS last ON last.month = date_trunc('month', reached.point) AND last.period = 'last'
ORDER BY reached.point
