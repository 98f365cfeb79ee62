-- Where every student stands here and in another's number, and what makes the difference: each of
-- their rules in order, on top of those before it. One row per student who is counted by either.
-- there: in their list; without one, by their definition, of several schools school by school, as a
-- state counts; times_there: at how many. step, detail: of the first rule from which on the count
-- here is theirs; null where both are alike. Where no rule makes it so: here_only, there_only (in
-- one of both alone), other_days (by the days in their list) or unexplained.
WITH in_force AS (
    FROM definitions_in('definitions', $school_year)
),
rule_set AS (
    SELECT place, rules[:place] AS rules, place = len(rules) AS is_last
    FROM (
        SELECT rules
        FROM rules_to(
            'in_force', $definition, $other_definition,
            len($schools) > 1 AND $their_number IS NULL AND $their_list IS NULL, $their_rules,
            $is_of_totals
        )
    )
    CROSS JOIN LATERAL (SELECT unnest(range(0, len(rules) + 1)) AS place)
),
rule_sets AS (
    SELECT place, unnest(CASE WHEN place = 0 THEN [NULL] ELSE rules END) AS rule FROM rule_set
),
counted AS (
    SELECT place, student_id, bool_or(counted) AS counted, count(*) FILTER (WHERE counted) AS times
    FROM counted_under('student_counted', 'rule_sets', 'in_force', $definition)
    GROUP BY place, student_id
),
there AS (
    SELECT student_id, counted, times, days_absent, days_enrolled FROM listed($their_list)
    UNION ALL
    SELECT student_id, counted, times, NULL, NULL
    FROM counted
    JOIN rule_set USING (place)
    WHERE is_last AND $their_list IS NULL
),
-- Their days, in thousandths, under the rules that were found.
listed_count AS (
    SELECT
        there.student_id, '' AS unit, basis.*,
        CAST(round(there.days_enrolled) AS BIGINT) AS days_enrolled,
        CAST(round(1000 * there.days_absent) AS BIGINT) AS missed,
        1000 AS parts_per_day, 0 AS days_not_taken, true AS still_enrolled,
        CAST(NULL AS MAP(VARCHAR, BIGINT)) AS code_change
    FROM there
    CROSS JOIN (SELECT DISTINCT point, grain, day_rule FROM student_count) AS basis
    WHERE there.days_enrolled IS NOT NULL AND there.days_absent IS NOT NULL
),
last_rules AS (
    SELECT place, rule FROM rule_sets JOIN rule_set USING (place) WHERE is_last
),
by_their_days AS (
    SELECT student_id, counted FROM counted_under('listed_count', 'last_rules', 'in_force', $definition)
),
pair AS (
    SELECT
        coalesce(counted.student_id, there.student_id) AS student_id,
        coalesce(there.counted, false) AS there,
        coalesce(there.times, 0) AS times_there,
        there.student_id IS NOT NULL AS is_there,
        there.days_absent AS their_days_absent,
        there.days_enrolled AS their_days_enrolled,
        counted.place,
        coalesce(counted.counted, false) AS counted
    FROM counted
    FULL JOIN there USING (student_id)
),
student AS (
    SELECT
        student_id, there, times_there, is_there, their_days_absent, their_days_enrolled,
        count(place) > 0 AS is_here,
        coalesce(bool_or(counted) FILTER (WHERE place = 0), false) AS here,
        coalesce(max(place) FILTER (WHERE counted <> there), -1) + 1 AS place
    FROM pair
    GROUP BY ALL
),
stepped AS (
    SELECT
        student.*,
        CASE
            WHEN student.here = student.there THEN NULL
            WHEN NOT student.is_here THEN 'there_only'
            WHEN rule_set.place IS NOT NULL THEN rule_set.rules[student.place]
            -- In an earlier load alone.
            WHEN student.student_id NOT IN (SELECT student_id FROM student_count) THEN 'there_only'
            WHEN NOT student.is_there AND (SELECT bool_or(NOT counted) FROM there) THEN 'here_only'
            WHEN by_their_days.counted = student.there THEN 'other_days'
            ELSE 'unexplained'
        END AS rule
    FROM student
    LEFT JOIN rule_set USING (place)
    LEFT JOIN by_their_days USING (student_id)
    WHERE student.here OR student.there
)
SELECT
    * EXCLUDE (rule, place),
    rule_step(rule) AS step,
    rule_detail(rule) AS detail
FROM stepped
