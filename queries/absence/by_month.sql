-- The year so far: at each month's end, the share of students who had by then missed enough to be
-- chronically absent, and last year's at the same instructional day of each school.
-- One row per month so far.
WITH status AS (
    SELECT *
    FROM student_status(
        $definition, $school_year, $compare_year, $as_of, $schools, $grade, $dimension,
        $group_name, each_month := true, each_school := false
    )
),
reached AS (
    SELECT point, max(instructional_day) FILTER (WHERE period = 'this') AS instructional_day
    FROM school_points($school_year, NULL, $as_of, $schools, true)
    GROUP BY point
),
counted AS (
    SELECT
        point,
        count(*) FILTER (WHERE period = 'this' AND chronically_absent IS NOT NULL) AS students,
        count(*) FILTER (WHERE period = 'this' AND chronically_absent) AS students_absent,
        -- Unknown until it can be said of somebody.
        CASE
            WHEN count(within_3_absences) FILTER (WHERE period = 'this') > 0
                THEN count(*) FILTER (WHERE period = 'this' AND within_3_absences)
        END AS students_within_3,
        1 - sum(days_absent) FILTER (WHERE period = 'this')
            / nullif(sum(days_enrolled) FILTER (WHERE period = 'this'), 0) AS attendance_rate,
        count(*) FILTER (WHERE period = 'last' AND chronically_absent IS NOT NULL)
            AS last_year_students,
        count(*) FILTER (WHERE period = 'last' AND chronically_absent)
            AS last_year_students_absent
    FROM status
    GROUP BY point
)
SELECT
    reached.point AS month_end,
    reached.instructional_day,
    coalesce(counted.students, 0) AS students,
    coalesce(counted.students_absent, 0) AS students_absent,
    counted.students_absent / nullif(counted.students, 0) AS rate,
    counted.attendance_rate,
    counted.students_within_3,
    coalesce(counted.last_year_students, 0) AS last_year_students,
    coalesce(counted.last_year_students_absent, 0) AS last_year_students_absent,
    counted.last_year_students_absent / nullif(counted.last_year_students, 0) AS last_year_rate
FROM reached
LEFT JOIN counted USING (point)
ORDER BY reached.point
