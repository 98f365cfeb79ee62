-- What changed lately for every student of the choice. One row per student of this year.
-- crossed_this_week: chronically absent as of the as-of date, and not so five instructional days of
-- their school earlier. turning_around: chronically absent twenty instructional days earlier, and of
-- fifteen or more days enrolled since then missed at most half the share missed before: none, or at
-- least three days fewer than that share would make. missed_10 and so on are in parts_per_day. Of a year of
-- totals nothing is known of late: these are null, and nobody is said to have crossed.
WITH recent AS (
    SELECT
        student_id,
        count(*) FILTER (WHERE of_last_5) AS enrolled_5,
        CAST(sum(missed) FILTER (WHERE of_last_5) AS BIGINT) AS missed_5,
        count(*) FILTER (WHERE of_last_10) AS enrolled_10,
        CAST(sum(missed) FILTER (WHERE of_last_10) AS BIGINT) AS missed_10,
        count(*) AS enrolled_20,
        CAST(sum(missed) AS BIGINT) AS missed_20
    FROM student_day
    GROUP BY student_id
),
compared AS (
    SELECT
        student.*,
        definition AS rule,
        coalesce(recent.enrolled_5, 0) AS enrolled_5,
        coalesce(recent.missed_5, 0) AS missed_5,
        coalesce(recent.enrolled_10, nobody.days) AS enrolled_10,
        coalesce(recent.missed_10, nobody.days) AS missed_10,
        coalesce(recent.enrolled_20, nobody.days) AS enrolled_20,
        coalesce(recent.missed_20, nobody.days) AS missed_20,
        student.days_enrolled - coalesce(recent.enrolled_20, 0) AS enrolled_before,
        student.missed - coalesce(recent.missed_20, 0) AS missed_before
    FROM student_now AS student
    JOIN definitions_in('definitions', $school_year) AS definition
        ON definition.name = $definition
    CROSS JOIN (SELECT CASE WHEN NOT $is_of_totals THEN 0 END AS days) AS nobody
    LEFT JOIN recent USING (student_id)
    WHERE student.period = 'this'
)
SELECT
    * EXCLUDE (rule, enrolled_5, missed_5, enrolled_before, missed_before),
    coalesce(chronically_absent, false)
        AND NOT coalesce(
            is_chronically_absent(
                rule, missed - missed_5, parts_per_day, days_enrolled - enrolled_5
            ),
            false
        ) AS crossed_this_week,
    coalesce(
        enrolled_20 >= 15
        AND is_chronically_absent(rule, missed_before, parts_per_day, enrolled_before)
        AND 2 * missed_20 * enrolled_before <= missed_before * enrolled_20
        AND (
            missed_20 = 0
            OR missed_before * enrolled_20 - missed_20 * enrolled_before
                >= 3 * parts_per_day * enrolled_before
        ),
        false
    ) AS turning_around
FROM compared
