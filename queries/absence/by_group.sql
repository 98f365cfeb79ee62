-- Chronic absence by student group; the groups of one dimension add up to the selection.
-- One row per dimension and group; a dimension that nobody is described by is left out.
WITH status AS (
    SELECT student_id, school_year, chronically_absent
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
),
described AS (
    SELECT status.chronically_absent, student_year.* EXCLUDE (student_id, school_year)
    FROM status
    JOIN student_year USING (student_id, school_year)
),
member AS (
    UNPIVOT described
    ON * EXCLUDE (chronically_absent)
    INTO NAME dimension VALUE group_name
)
SELECT
    dimension,
    group_name,
    count(*) FILTER (WHERE chronically_absent IS NOT NULL) AS students,
    count(*) FILTER (WHERE chronically_absent) AS students_absent,
    students_absent / nullif(students, 0) AS rate,
    wilson_low(rate, students) AS rate_low,
    wilson_high(rate, students) AS rate_high
FROM member
GROUP BY dimension, group_name
QUALIFY bool_or(group_name <> 'Unknown') OVER (PARTITION BY dimension)
ORDER BY dimension, group_name
