-- Where two groups see the same thing differently: one item asked of both on one scale.
-- One row per survey, item and pair of groups, the surest gap first: the one whose interval, which is
-- Newcombe's, stays farthest from zero. No gap where they were asked in other words, or scored in
-- another direction: the wordings stand beside each other. No row where fewer of a group answered
-- than may be shown.
WITH pair AS (
    SELECT *
    FROM survey_years($survey, $asked_year, $asked_compare_year, $compare_administration)
    WHERE NOT published
),
counted AS (
    SELECT
        answer_count.survey,
        answer_count.school_year,
        answer_count.respondent_group,
        answer_count.item_id,
        survey_item.item_text,
        survey_item.reverse_scored,
        survey_item.scale,
        CAST(sum(answer_count.answers) FILTER (WHERE answer_count.counts) AS BIGINT) AS n,
        coalesce(
            CAST(sum(answer_count.answers) FILTER (WHERE answer_count.favorable) AS BIGINT), 0
        ) AS favorable_n
    FROM answer_count
    JOIN survey_item USING (survey, school_year, respondent_group, item_id)
    JOIN pair
        ON pair.survey = answer_count.survey AND pair.second_year = answer_count.school_year
    WHERE answer_count.school_id IN (SELECT unnest($schools))
    GROUP BY ALL
),
shared AS (
    SELECT *, favorable_n / n AS favorable
    FROM counted
    JOIN survey_limit USING (respondent_group)
    WHERE n >= fewest_shown
),
gap AS (
    SELECT
        a.survey,
        administration_of(a.survey) AS administration,
        a.school_year,
        a.item_id,
        a.item_text,
        a.reverse_scored,
        a.respondent_group AS group_a,
        b.respondent_group AS group_b,
        b.item_text AS item_text_b,
        a.n AS n_a,
        b.n AS n_b,
        a.favorable AS favorable_a,
        b.favorable AS favorable_b,
        words_alone(a.item_text) = words_alone(b.item_text)
            AND a.reverse_scored = b.reverse_scored AS alike,
        CASE WHEN alike THEN 100 * (a.favorable - b.favorable) END AS gap_points,
        CASE WHEN alike THEN 100 * newcombe_low(b.favorable, b.n, a.favorable, a.n) END
            AS gap_low,
        CASE WHEN alike THEN 100 * newcombe_high(b.favorable, b.n, a.favorable, a.n) END
            AS gap_high
    FROM shared AS a
    JOIN shared AS b
        ON b.survey = a.survey
        AND b.item_id = a.item_id
        AND b.scale = a.scale
        AND a.respondent_group < b.respondent_group
    WHERE $respondent_group IS NULL
        OR $respondent_group IN (a.respondent_group, b.respondent_group)
)
SELECT * EXCLUDE (alike)
FROM gap
ORDER BY
    -- Rounded, for what is as sure comes out in the last digits differently.
    round(greatest(gap_low, -gap_high), 6) DESC NULLS LAST, abs(gap_points) DESC NULLS LAST,
    survey, item_id, group_a, group_b
