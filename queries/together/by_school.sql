-- What people say of each school beside its chronic absence, in the year and up to four before it.
-- One row per school, school year and measure. kind: 'absence', students chronically absent of those
-- evaluated; 'family', students with an understood cause of that family, of the chronically absent
-- of whom a cause is known; 'item', favorable answers of those that count, for one survey item of
-- each topic. rate, the share of the first kind, stands on every row. recent: 1 is the newest year
-- that the measure has. others: the same share of the other schools together; standing: 'above' or
-- 'below' them where the 95% interval of the difference leaves zero out. comparable: an item with
-- the year before in which it was asked. No row of an item at a school where fewer answered than may
-- be shown.
WITH year AS (
    SELECT
        school_year,
        -- Earlier years whole; the chosen one up to the day asked for.
        CASE WHEN school_year = $school_year THEN CAST($as_of AS DATE) ELSE last_counted_date END
            AS until,
        row_number() OVER (ORDER BY school_year DESC) AS back
    FROM year_dates
    WHERE school_year <= $school_year
),
-- The macro takes one year; a year that is not there gives no row.
status AS (
    SELECT *
    FROM student_status(
        $definition, (SELECT school_year FROM year WHERE back = 1), NULL,
        (SELECT until FROM year WHERE back = 1), $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
    UNION ALL
    SELECT *
    FROM student_status(
        $definition, (SELECT school_year FROM year WHERE back = 2), NULL,
        (SELECT until FROM year WHERE back = 2), $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
    UNION ALL
    SELECT *
    FROM student_status(
        $definition, (SELECT school_year FROM year WHERE back = 3), NULL,
        (SELECT until FROM year WHERE back = 3), $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
    UNION ALL
    SELECT *
    FROM student_status(
        $definition, (SELECT school_year FROM year WHERE back = 4), NULL,
        (SELECT until FROM year WHERE back = 4), $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
    UNION ALL
    SELECT *
    FROM student_status(
        $definition, (SELECT school_year FROM year WHERE back = 5), NULL,
        (SELECT until FROM year WHERE back = 5), $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
),
absence AS (
    SELECT
        school_id,
        school_year,
        'absence' AS kind,
        'chronically absent' AS measure,
        1 AS place,
        count(*) FILTER (WHERE chronically_absent) AS part,
        count(*) FILTER (WHERE chronically_absent IS NOT NULL) AS n
    FROM status
    GROUP BY school_id, school_year
),
understood AS (
    SELECT DISTINCT status.school_id, status.school_year, status.student_id, team_cause.family
    FROM status
    JOIN team_learned USING (student_id, school_year)
    LEFT JOIN team_cause USING (cause)
    WHERE status.chronically_absent
),
family AS (
    SELECT
        understood.school_id,
        understood.school_year,
        'family' AS kind,
        wanted.family AS measure,
        wanted.place,
        count(DISTINCT understood.student_id) FILTER (WHERE understood.family = wanted.family)
            AS part,
        count(DISTINCT understood.student_id) AS n
    FROM understood
    CROSS JOIN (VALUES ('aversion', 2), ('disengagement', 3)) AS wanted (family, place)
    GROUP BY ALL
),
item AS (
    FROM topic_items($survey, $respondent_group, $school_year)
),
answered AS (
    SELECT
        answer_count.school_id,
        answer_count.school_year,
        'item' AS kind,
        item.*,
        coalesce(CAST(sum(answer_count.answers) FILTER (WHERE answer_count.favorable) AS BIGINT), 0)
            AS part,
        coalesce(CAST(sum(answer_count.answers) FILTER (WHERE answer_count.counts) AS BIGINT), 0)
            AS n
    FROM answer_count
    JOIN item USING (survey, respondent_group, item_id)
    WHERE answer_count.school_id IN (SELECT unnest($schools))
        AND ($school_year IS NULL OR answer_count.school_year <= $school_year)
    GROUP BY ALL
),
measured AS (
    SELECT * FROM absence
    UNION ALL BY NAME
    SELECT * FROM family
    UNION ALL BY NAME
    SELECT * FROM answered
),
beside AS (
    SELECT
        *,
        part / nullif(n, 0) AS share,
        sum(part) OVER all_schools - part AS others_part,
        sum(n) OVER all_schools - n AS others_n,
        dense_rank() OVER (
            PARTITION BY kind, measure, survey, respondent_group ORDER BY school_year DESC
        ) AS recent,
        max(part / nullif(n, 0)) FILTER (WHERE kind = 'absence') OVER (
            PARTITION BY school_id, school_year
        ) AS rate
    FROM measured
    WINDOW all_schools AS (PARTITION BY kind, measure, survey, respondent_group, school_year)
)
SELECT
    schools.school_id,
    schools.school_name,
    beside.school_year,
    beside.rate,
    beside.kind,
    beside.measure,
    beside.place,
    beside.topic,
    beside.survey,
    beside.respondent_group,
    beside.item_id,
    survey_item.item_text,
    survey_item.reverse_scored,
    survey_item.about,
    survey_item.comparable,
    beside.recent,
    CASE WHEN beside.kind = 'item' THEN beside.share END AS favorable,
    beside.share,
    beside.n,
    wilson_low(beside.share, beside.n) AS share_low,
    wilson_high(beside.share, beside.n) AS share_high,
    beside.others_part / nullif(beside.others_n, 0) AS others,
    CASE
        WHEN newcombe_low(others, beside.others_n, beside.share, beside.n) > 0 THEN 'above'
        WHEN newcombe_high(others, beside.others_n, beside.share, beside.n) < 0 THEN 'below'
        WHEN others IS NOT NULL AND beside.share IS NOT NULL THEN 'within'
    END AS standing
FROM beside
JOIN schools USING (school_id)
LEFT JOIN survey_item USING (survey, school_year, respondent_group, item_id)
LEFT JOIN survey_limit USING (respondent_group)
WHERE beside.kind <> 'item' OR beside.n >= survey_limit.fewest_shown
ORDER BY
    schools.school_name, beside.school_year, beside.place, beside.survey, beside.respondent_group
