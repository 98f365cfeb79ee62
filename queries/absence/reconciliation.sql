-- From the number here to another's: why two honest numbers differ. Theirs is a number with or
-- without a list of students; without either, the count under another definition, school by school.
-- One row per step, in order; students adds up from the first row to the last. It is null of steps
-- that need single days, in a year of totals. No row where totals do not tell of both. detail: of a
-- rule, what of it (a number of days, a definition, an attendance code); what: the same in words.
WITH in_force AS (
    FROM definitions_in('definitions', $school_year)
),
rules AS (
    SELECT rules
        FROM rules_to(
            'in_force', $definition, $other_definition,
            len($schools) > 1 AND $their_number IS NULL AND $their_list IS NULL, $their_rules,
            $is_of_totals
        )
),
counted AS (
    SELECT
        count(*) FILTER (WHERE here) AS here,
        count(*) FILTER (WHERE there) AS there,
        coalesce(CAST(sum(times_there) AS BIGINT), 0) AS times_there
    FROM student_reconciled
),
steps AS (
    SELECT 0 AS place, 'here' AS step, NULL AS detail, here AS students FROM counted
    UNION ALL
    SELECT unnest(range(1, len(rules) + 1)), rule_step(unnest(rules)), rule_detail(unnest(rules)), 0
    FROM rules
    UNION ALL
    SELECT 50 + generate_subscripts(needed, 1), unnest(needed), NULL, NULL
    FROM (SELECT list_filter(needs_days(), lambda step: step <> 'corrected') AS needed)
    WHERE $is_of_totals AND ($their_number IS NOT NULL OR $their_list IS NOT NULL)
    UNION ALL
    SELECT 100 + generate_subscripts(ends, 1), unnest(ends), NULL, 0
    FROM (SELECT ['here_only', 'there_only', 'other_days'] AS ends)
    WHERE $their_list IS NOT NULL
    UNION ALL
    SELECT 200, 'counted_again', NULL, times_there - there FROM counted
    UNION ALL
    SELECT 201, 'not_in_list', NULL, $their_number - times_there
    FROM counted
    WHERE $their_list IS NOT NULL AND $their_number IS NOT NULL
    UNION ALL
    SELECT
        202, 'unexplained', NULL,
        CASE WHEN $their_list IS NULL THEN $their_number - times_there ELSE 0 END
    FROM counted
    WHERE $their_list IS NOT NULL OR $their_number IS NOT NULL
    UNION ALL
    SELECT 300, 'there', NULL, coalesce($their_number, times_there) FROM counted
),
moved AS (
    SELECT step, detail, count(*) FILTER (WHERE there) - count(*) FILTER (WHERE here) AS students
    FROM student_reconciled
    WHERE step IS NOT NULL
    GROUP BY step, detail
)
SELECT
    steps.step,
    steps.detail,
    steps.what,
    CAST(steps.students + coalesce(moved.students, 0) AS BIGINT) AS students
FROM rules_told('steps', 'in_force', 'attendance_codes', $schools) AS steps
LEFT JOIN moved ON moved.step = steps.step AND moved.detail IS NOT DISTINCT FROM steps.detail
WHERE tells_both(
    'student_count', 'in_force', $definition, $other_definition,
    $their_number IS NOT NULL OR $their_list IS NOT NULL, $is_of_totals
)
ORDER BY steps.place
