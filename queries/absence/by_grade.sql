-- Chronic absence by grade, of the student's latest entry.
-- One row per grade, in school order.
WITH status AS (
    SELECT *
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
)
SELECT
    grade,
    count(*) FILTER (WHERE chronically_absent IS NOT NULL) AS students,
    count(*) FILTER (WHERE chronically_absent) AS students_absent,
    students_absent / nullif(students, 0) AS rate,
    wilson_low(rate, students) AS rate_low,
    wilson_high(rate, students) AS rate_high
FROM status
GROUP BY grade
ORDER BY
    CASE grade WHEN 'PK' THEN -1 WHEN 'K' THEN 0 WHEN 'Unknown' THEN 99
        ELSE CAST(grade AS INTEGER) END
