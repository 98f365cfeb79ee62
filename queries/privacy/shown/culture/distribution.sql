-- How the answers to each item are spread, in both years of the comparison.
-- One row per survey, respondent group, item, year and answer that counts; one for the item where,
-- below 40 answers in either year, nothing is told. How many gave an answer is never told.
WITH pair AS (
    SELECT * FROM survey_years($survey, $asked_year, $asked_compare_year) WHERE NOT published
),
told AS (
    SELECT
        survey_item.survey,
        administration_of(survey_item.survey) AS administration,
        survey_item.respondent_group,
        survey_item.item_id,
        survey_item.item_text,
        survey_item.reverse_scored,
        survey_item.school_year,
        scale_answer.answer,
        scale_answer.position,
        scale_answer.counts,
        CASE
            WHEN survey_item.reverse_scored THEN scale_answer.favorable_mirrored
            ELSE scale_answer.favorable
        END AS favorable,
        CAST(NULL AS BIGINT) AS answers,
        answer.share,
        answer.share_at_least,
        answer.share_at_most,
        answer.answer IS NULL AS withheld
    FROM pair
    JOIN survey_item
        ON survey_item.survey = pair.survey
        AND survey_item.school_year IN (pair.first_year, pair.second_year)
    JOIN scale_answer ON scale_answer.scale = survey_item.scale AND scale_answer.counts
    JOIN share_survey AS item
        ON item.place = $place
        AND item.survey = survey_item.survey
        AND item.school_year = survey_item.school_year
        AND item.respondent_group = survey_item.respondent_group
        AND item.item_id = survey_item.item_id
    LEFT JOIN share_answers AS answer
        ON answer.place = $place
        AND answer.survey = survey_item.survey
        AND answer.school_year = survey_item.school_year
        AND answer.respondent_group = survey_item.respondent_group
        AND answer.item_id = survey_item.item_id
        AND answer.answer = scale_answer.answer
    WHERE $respondent_group IS NULL OR survey_item.respondent_group = $respondent_group
),
judged AS (
    SELECT *, bool_or(withheld) OVER (PARTITION BY survey, respondent_group, item_id) AS untold
    FROM told
)
SELECT * EXCLUDE (untold)
FROM judged
WHERE NOT untold
UNION ALL BY NAME
-- One mark for all that is withheld of an item.
SELECT DISTINCT
    survey, administration, respondent_group, item_id, item_text, reverse_scored,
    max(school_year) OVER (PARTITION BY survey, respondent_group, item_id) AS school_year,
    'Every answer' AS answer, 0 AS position, true AS counts, true AS withheld
FROM judged
WHERE untold
ORDER BY survey, respondent_group, item_id, school_year, position, answer, item_text
