-- Chronic absence school by school, each school answering for its own days: a student who moved
-- may count at both, so the schools do not add up to the network.
-- One row per school with an enrollment in the year.
WITH status AS (
    SELECT *
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
)
SELECT
    schools.school_id,
    schools.school_name,
    count(*) FILTER (WHERE chronically_absent IS NOT NULL) AS students,
    count(*) FILTER (WHERE chronically_absent IS NULL) AS students_not_evaluated,
    count(*) FILTER (WHERE chronically_absent) AS students_absent,
    students_absent / nullif(students, 0) AS rate,
    sum(days_absent) AS days_absent,
    CAST(sum(days_enrolled) AS BIGINT) AS days_enrolled,
    1 - sum(days_absent) / nullif(sum(days_enrolled), 0) AS attendance_rate,
    wilson_low(rate, students) AS rate_low,
    wilson_high(rate, students) AS rate_high
FROM status
JOIN schools USING (school_id)
GROUP BY schools.school_id, schools.school_name
ORDER BY schools.school_name
