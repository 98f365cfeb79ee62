-- Where two groups see the same thing differently: one item asked of both on one scale.
-- One row per survey, item and pair of groups, surest gap first; none where an end is coded, or words
-- differ.
WITH pair AS (
    SELECT *
    FROM survey_years($survey, $asked_year, $asked_compare_year, $compare_administration)
    WHERE NOT published
),
told AS (
    SELECT share_survey.*, survey_item.item_text, survey_item.scale,
        survey_item.reverse_scored
    FROM share_survey
    JOIN pair
        ON pair.survey = share_survey.survey AND pair.second_year = share_survey.school_year
    JOIN survey_item
        ON survey_item.survey = share_survey.survey
        AND survey_item.school_year = share_survey.school_year
        AND survey_item.respondent_group = share_survey.respondent_group
        AND survey_item.item_id = share_survey.item_id
    WHERE share_survey.place = $place AND share_survey.favorable IS NOT NULL
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
        a.n_low AS n_a,
        a.n_high AS n_a_high,
        b.n_low AS n_b,
        b.n_high AS n_b_high,
        a.favorable AS favorable_a,
        b.favorable AS favorable_b,
        words_alone(a.item_text) = words_alone(b.item_text)
            AND a.reverse_scored = b.reverse_scored AS alike,
        CASE WHEN alike THEN round(100 * a.favorable) - round(100 * b.favorable) END AS gap_points,
        CASE WHEN alike THEN 100 * newcombe_low(b.favorable, b.n_low, a.favorable, a.n_low) END
            AS gap_low,
        CASE WHEN alike THEN 100 * newcombe_high(b.favorable, b.n_low, a.favorable, a.n_low) END
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
SELECT * EXCLUDE (alike), false AS withheld
FROM gap
ORDER BY
    -- Rounded, for what is as sure comes out in the last digits differently.
    round(greatest(gap_low, -gap_high), 6) DESC NULLS LAST, abs(gap_points) DESC NULLS LAST,
    survey, item_id, group_a, group_b
