-- The days that a student missed, with the reason that the office recorded.
-- One row per student and day missed in whole or in part, newest first, of the students of the
-- selection who missed a twentieth of their days or more: of others few days matter, and they are
-- many. part_missed runs 0 to 1; days is how the definition counts it. A day at two schools is one
-- day, and the school where least was missed speaks for it.
WITH student AS (
    SELECT student_id
    FROM student_now
    WHERE period = 'this'
        AND (chronically_absent OR 20 * missed >= days_enrolled * parts_per_day)
)
SELECT *
FROM days_missed('student', $definition, $school_year, $as_of, $schools)
ORDER BY student_id, date DESC
