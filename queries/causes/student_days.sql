-- The days that a student missed, with the reason that the office recorded.
-- One row per student and day missed in whole or in part, newest first, of the students of the
-- selection who missed a twentieth of their days or more: of others few days matter, and they are
-- many. part_missed runs 0 to 1; days is how the definition counts it. A day at two schools is one
-- day, and the school where least was missed speaks for it.
WITH student AS (
    SELECT student_id
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
    WHERE chronically_absent OR 20 * missed >= days_enrolled * parts_per_day
),
rule AS (
    SELECT day_rule FROM definitions WHERE name = $definition
),
missed AS (
    SELECT missed_day.*
    FROM missed_day
    SEMI JOIN student ON student.student_id = missed_day.student_id
    WHERE missed_day.school_year = $school_year
        AND missed_day.date <= $as_of
        AND missed_day.school_id IN (SELECT unnest($schools))
),
shared AS (
    SELECT student_id, date, min_by(school_id, {'parts': missed_parts, 'school_id': school_id}) AS school_id
    FROM shared_day
    WHERE school_year = $school_year
        AND date <= $as_of
        AND school_id IN (SELECT unnest($schools))
    GROUP BY student_id, date
)
SELECT
    missed.student_id,
    missed.date,
    coalesce(missed.reason, 'Not recorded') AS reason,
    missed.missed_parts / missed.parts_per_day AS part_missed,
    CASE
        WHEN rule.day_rule = 'fraction' THEN missed.missed_parts / missed.parts_per_day
        ELSE CAST(missed.half_missed AS INTEGER)
    END AS days
FROM missed
CROSS JOIN rule
LEFT JOIN shared USING (student_id, date)
WHERE shared.school_id IS NULL OR shared.school_id = missed.school_id
ORDER BY missed.student_id, missed.date DESC
