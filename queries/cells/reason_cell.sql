-- Days missed by the reason that the attendance office recorded, and who missed them; by the
-- definition's day rule. A day at two schools is one day, and the school where least was missed
-- speaks for it. One row per recorded reason.
WITH student AS (
    SELECT student_id FROM student_now WHERE period = 'this'
)
SELECT
    reason,
    round(sum(days), 9) AS days,
    coalesce(round(sum(days) FILTER (WHERE excused), 9), 0) AS days_excused,
    coalesce(round(sum(days) FILTER (WHERE NOT excused), 9), 0) AS days_unexcused,
    round(sum(days), 9) / round(sum(sum(days)) OVER (), 9) AS share,
    count(DISTINCT student_id) AS students,
    1 AS nearest,
    false AS withheld
FROM days_missed('student', $definition, $school_year, $as_of, $schools)
WHERE days > 0
GROUP BY reason
