-- The reasons that the attendance office recorded for days missed: codes, not causes.
-- One row per recorded reason, most days first; days count by the definition's day rule. A day at
-- two schools is one day, and the school where least was missed speaks for it. days_excused and
-- days_unexcused are of these; of the rest the list of codes does not say.
WITH student AS (
    SELECT student_id
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
)
SELECT
    reason,
    sum(days) AS days,
    coalesce(sum(days) FILTER (WHERE excused), 0) AS days_excused,
    coalesce(sum(days) FILTER (WHERE NOT excused), 0) AS days_unexcused,
    sum(days) / sum(sum(days)) OVER () AS share,
    count(DISTINCT student_id) AS students
FROM days_missed('student', $definition, $school_year, $as_of, $schools)
WHERE days > 0
GROUP BY reason
ORDER BY sum(days) DESC, reason
