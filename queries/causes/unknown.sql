-- How much is not known: students chronically absent of whom nobody has written down a cause in the
-- school year. One row for the selection; share is null where nobody is chronically absent.
WITH student AS (
    SELECT student_id
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
    WHERE chronically_absent
),
known AS (
    SELECT DISTINCT student_id FROM team_learned WHERE school_year = $school_year
)
SELECT
    count(*) AS students_absent,
    count(*) FILTER (WHERE known.student_id IS NULL) AS students_without_cause,
    count(*) FILTER (WHERE known.student_id IS NULL) / nullif(count(*), 0) AS share
FROM student
LEFT JOIN known USING (student_id)
