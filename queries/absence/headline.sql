-- How many students are chronically absent, and how many days were attended.
-- One row for the selection; the last three columns are over all students, also not evaluated.
SELECT
    count(*) FILTER (WHERE chronically_absent IS NOT NULL) AS students,
    count(*) FILTER (WHERE chronically_absent IS NULL) AS students_not_evaluated,
    count(*) FILTER (WHERE chronically_absent) AS students_absent,
    students_absent / nullif(students, 0) AS rate,
    sum(days_absent) AS days_absent,
    CAST(sum(days_enrolled) AS BIGINT) AS days_enrolled,
    1 - sum(days_absent) / nullif(sum(days_enrolled), 0) AS attendance_rate
FROM student_status(
    $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
    each_month := false, each_school := false
)
