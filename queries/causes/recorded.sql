-- The reasons that the attendance office recorded for days missed: codes, not causes.
-- One row per recorded reason, most days first; days count by the definition's day rule. A day at
-- two schools is one day, and the school where least was missed speaks for it.
WITH student AS (
    SELECT student_id
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
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
),
day AS (
    SELECT
        missed.student_id,
        coalesce(missed.reason, 'Not recorded') AS reason,
        CASE
            WHEN rule.day_rule = 'fraction' THEN missed.missed_parts / missed.parts_per_day
            ELSE CAST(missed.half_missed AS INTEGER)
        END AS days
    FROM missed
    CROSS JOIN rule
    LEFT JOIN shared USING (student_id, date)
    WHERE shared.school_id IS NULL OR shared.school_id = missed.school_id
)
SELECT
    reason,
    sum(days) AS days,
    sum(days) / sum(sum(days)) OVER () AS share,
    count(DISTINCT student_id) AS students
FROM day
WHERE days > 0
GROUP BY reason
ORDER BY sum(days) DESC, reason
