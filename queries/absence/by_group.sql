-- Chronic absence by student group; the groups of one dimension add up to the selection.
-- One row per dimension and group; a dimension that nobody is described by is left out.
WITH status AS (
    SELECT *
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
)
SELECT
    student_group.dimension,
    student_group.group_name,
    count(*) FILTER (WHERE status.chronically_absent IS NOT NULL) AS students,
    count(*) FILTER (WHERE status.chronically_absent) AS students_absent,
    students_absent / nullif(students, 0) AS rate,
    wilson_low(rate, students) AS rate_low,
    wilson_high(rate, students) AS rate_high
FROM status
JOIN student_group USING (student_id, school_year)
GROUP BY student_group.dimension, student_group.group_name
QUALIFY bool_or(student_group.group_name <> 'Unknown') OVER (PARTITION BY student_group.dimension)
ORDER BY student_group.dimension, student_group.group_name
