-- Where two groups see the same thing differently: one item asked of both on one scale.
-- One row per survey, item and pair of groups, the surest gap first: the one whose interval, which is
-- Newcombe's, stays farthest from zero. No gap where they were asked in other words, or scored in
-- another direction: the wordings stand beside each other. No row where fewer of a group answered
-- than may be shown, or an end is coded; n_a is the fewest of its band.
WITH pair AS (
    SELECT *
    FROM survey_years($survey, $asked_year, $asked_compare_year, $compare_administration)
    WHERE NOT published
),
told AS (
    SELECT cell.*, survey_item.item_text, survey_item.scale, survey_item.reverse_scored
    FROM survey_cell AS cell
    JOIN survey_item USING (survey, school_year, respondent_group, item_id)
    SEMI JOIN pair ON pair.survey = cell.survey AND pair.second_year = cell.school_year
    WHERE cell.school_id IS NULL AND cell.favorable IS NOT NULL
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
        a.n_high AS n_a_high,
        b.n AS n_b,
        b.n_high AS n_b_high,
        a.withheld,
        a.favorable AS favorable_a,
        b.favorable AS favorable_b,
        words_alone(a.item_text) = words_alone(b.item_text)
            AND a.reverse_scored = b.reverse_scored AS alike,
        CASE WHEN alike THEN round(100 * (a.favorable - b.favorable), 12) END AS gap_points,
        CASE WHEN alike THEN 100 * newcombe_low(b.favorable, b.n, a.favorable, a.n) END
            AS gap_low,
        CASE WHEN alike THEN 100 * newcombe_high(b.favorable, b.n, a.favorable, a.n) END
            AS gap_high
    FROM told AS a
    JOIN told AS b
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
