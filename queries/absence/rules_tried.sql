-- What each rule would make of the number here, by which another may count: what to ask of a number
-- that is not like ours. One row per rule, and one without a rule: of what is counted by the rules that
-- are known or found already. detail, what: as in absence/reconciliation. students: so many would be counted. Of a list of theirs: apart, how
-- many students are counted in one of both alone then; nearer, farther: how many the rule would
-- move into agreement with the list, and out of it.
WITH in_force AS (
    FROM definitions_in('definitions', $school_year)
),
known AS (
    SELECT rules
        FROM rules_to(
            'in_force', $definition, $other_definition, false, $their_rules, $is_of_totals
        )
),
own AS (
    SELECT * FROM in_force WHERE name = $definition
),
candidate AS (
    SELECT unnest(['at_the_threshold', 'movers', 'leavers', 'parts_of_days']) AS rule
    UNION ALL
    SELECT DISTINCT 'minimum_days:' || definition.minimum_days
    FROM in_force AS definition
    CROSS JOIN own
    WHERE definition.minimum_days <> own.minimum_days
    UNION ALL
    SELECT 'share:' || min(definition.name)
    FROM in_force AS definition
    CROSS JOIN own
    WHERE (definition.share_numerator, definition.share_denominator, definition.days)
        IS DISTINCT FROM (own.share_numerator, own.share_denominator, own.days)
    GROUP BY definition.share_numerator, definition.share_denominator, definition.days
    UNION ALL
    SELECT DISTINCT 'code:' || unnest(map_keys(code_change)) FROM student_count
    UNION ALL
    SELECT DISTINCT 'days_not_taken' FROM student_count WHERE days_not_taken > 0
    UNION ALL
    SELECT 'their_date' WHERE CAST($their_date AS DATE) <> CAST($as_of AS DATE)
    UNION ALL
    SELECT 'corrected:' || CAST($earlier_load AS DATE) WHERE $earlier_load IS NOT NULL
),
-- Of most steps there is one at a time; several codes may count otherwise.
tried AS (
    SELECT 0 AS place, NULL AS rule
    UNION ALL
    SELECT row_number() OVER (ORDER BY rule_order(rule), length(rule), rule), rule
    FROM candidate
    CROSS JOIN known
    WHERE NOT list_contains(known.rules, candidate.rule)
        AND NOT ($is_of_totals AND list_contains(needs_days(), rule_step(candidate.rule)))
        AND (
            rule_step(candidate.rule) = 'code'
            OR NOT list_contains(
                list_transform(known.rules, lambda one: rule_step(one)), rule_step(candidate.rule)
            )
        )
),
rule_sets AS (
    SELECT tried.place, unnest(list_append(known.rules, tried.rule)) AS rule
    FROM tried
    CROSS JOIN known
),
counted AS (
    SELECT place, student_id, bool_or(counted) AS counted
    FROM counted_under('student_counted', 'rule_sets', 'in_force', $definition)
    GROUP BY place, student_id
),
pair AS (
    SELECT
        counted.place,
        counted.counted,
        coalesce(listed.counted, false) AS there,
        bool_or(counted.counted) FILTER (WHERE counted.place = 0)
            OVER (PARTITION BY counted.student_id) AS before
    FROM counted
    LEFT JOIN listed($their_list) AS listed USING (student_id)
),
held AS (
    SELECT
        place,
        count(*) FILTER (WHERE counted) AS students,
        count(*) FILTER (WHERE counted <> there) AS apart,
        count(*) FILTER (WHERE counted <> before AND counted = there) AS nearer,
        count(*) FILTER (WHERE counted <> before AND counted <> there) AS farther
    FROM pair
    GROUP BY place
),
told AS (
    SELECT
        tried.rule,
        rule_step(tried.rule) AS step,
        rule_detail(tried.rule) AS detail,
        tried.place,
        coalesce(held.students, 0) AS students,
        CASE WHEN $their_list IS NOT NULL THEN coalesce(held.apart, 0) END AS apart,
        CASE WHEN $their_list IS NOT NULL THEN coalesce(held.nearer, 0) END AS nearer,
        CASE WHEN $their_list IS NOT NULL THEN coalesce(held.farther, 0) END AS farther
    FROM tried
    LEFT JOIN held USING (place)
)
SELECT rule, step, detail, what, students, apart, nearer, farther
FROM rules_told('told', 'in_force', 'attendance_codes', $schools)
WHERE tells_both(
    'student_count', 'in_force', $definition, $other_definition,
    $their_number IS NOT NULL OR $their_list IS NOT NULL, $is_of_totals
)
ORDER BY place
