-- What every student of the choice is counted by: as in student_count, and at one more point,
-- before: on the day of another's number, as attendance was written down in an earlier load. Up to
-- the last day that this load had counted its rows stand, after it those of now. Who is in one of
-- both alone has no day in the other. Without such a load there is no such point. One row per student,
-- point, grain, unit and day rule.
WITH signed AS (
    SELECT 1 AS sign, true AS is_of_their_day, * EXCLUDE (point)
    FROM student_count
    WHERE point = 'then' AND $earlier_load IS NOT NULL
    UNION ALL BY NAME
    SELECT -1 AS sign, false AS is_of_their_day, * FROM student_then
    UNION ALL BY NAME
    SELECT 1 AS sign, false AS is_of_their_day, * FROM student_earlier
),
-- Each load has parts of days of its own: all are told in parts that hold both.
held AS (
    SELECT
        * EXCLUDE (parts_per_day),
        parts,
        sign * (parts // parts_per_day) AS times
    FROM signed
    JOIN (
        SELECT
            grain, unit, day_rule, student_id,
            list_reduce(
                list(DISTINCT parts_per_day), lambda one, other: lcm(one, other)
            ) AS parts
        FROM signed
        GROUP BY ALL
    ) USING (grain, unit, day_rule, student_id)
),
code AS (
    SELECT grain, unit, day_rule, student_id, entry.key AS key, sum(times * entry.value) AS value
    FROM (SELECT *, unnest(map_entries(code_change)) AS entry FROM held)
    GROUP BY ALL
),
change AS (
    SELECT
        grain, unit, day_rule, student_id,
        map_from_entries(list({'key': key, 'value': CAST(value AS BIGINT)})) AS code_change
    FROM code
    GROUP BY ALL
),
before AS (
    SELECT
        grain, unit, day_rule, student_id,
        CAST(sum(sign * days_enrolled) AS BIGINT) AS days_enrolled,
        CAST(sum(times * missed) AS BIGINT) AS missed,
        any_value(parts) AS parts_per_day,
        CAST(sum(sign * days_not_taken) AS BIGINT) AS days_not_taken,
        bool_or(is_of_their_day AND still_enrolled) AS still_enrolled
    FROM held
    GROUP BY ALL
)
SELECT * FROM student_count
UNION ALL BY NAME
SELECT 'before' AS point, before.*, change.code_change
FROM before
LEFT JOIN change USING (grain, unit, day_rule, student_id)
UNION ALL BY NAME
SELECT
    point.point, before.grain, before.unit, before.day_rule, before.student_id,
    0 AS days_enrolled, 0 AS missed, 1 AS parts_per_day, 0 AS days_not_taken,
    false AS still_enrolled
FROM before
CROSS JOIN (SELECT unnest(['now', 'then']) AS point) AS point
ANTI JOIN student_count USING (point, grain, unit, day_rule, student_id)
