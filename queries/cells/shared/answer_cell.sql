-- Answers to each item, both times of the comparison, as the share view tells them.
-- One row per survey, respondent group, item, year and answer that counts, or answers that are told
-- together (their number), as few gave one of them; one for the item where, as below 40 answers in
-- either year, nothing is told. How many gave an answer is never told.
WITH told AS (
    SELECT
        time.survey AS of_survey,
        time.is_second,
        survey_item.survey,
        administration_of(survey_item.survey) AS administration,
        survey_item.respondent_group,
        survey_item.item_id,
        survey_item.item_text,
        survey_item.reverse_scored,
        survey_item.school_year,
        list(scale_answer.answer ORDER BY scale_answer.position) AS named,
        -- A, B or C.
        concat_ws(' or ', nullif(array_to_string(named[:-2], ', '), ''), named[-1]) AS answer,
        min(scale_answer.position) AS position,
        true AS counts,
        bool_and(
            CASE
                WHEN survey_item.reverse_scored THEN scale_answer.favorable_mirrored
                ELSE scale_answer.favorable
            END
        ) AS favorable,
        CAST(NULL AS BIGINT) AS answers,
        any_value(answer.share) AS share,
        CAST(NULL AS DOUBLE) AS share_at_least,
        CAST(NULL AS DOUBLE) AS share_at_most,
        count(*) AS together,
        answer.part,
        answer.part IS NULL AS withheld
    FROM survey_times(
        $survey, $asked_year, $asked_compare_year, $compare_administration
    ) AS time
    JOIN survey_item
        ON survey_item.survey = time.called AND survey_item.school_year = time.school_year
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
    GROUP BY ALL
),
judged AS (
    SELECT *, bool_or(withheld) OVER (PARTITION BY of_survey, respondent_group, item_id) AS untold
    FROM told
)
SELECT * EXCLUDE (named, part, untold)
FROM judged
WHERE NOT untold
UNION ALL BY NAME
-- One mark for all that is withheld of an item.
SELECT
    of_survey, is_second, survey, administration, respondent_group, item_id, item_text,
    reverse_scored, school_year,
    'Every answer' AS answer, 0 AS position, true AS counts, true AS withheld
FROM judged
WHERE untold
QUALIFY row_number() OVER (
    PARTITION BY of_survey, respondent_group, item_id ORDER BY is_second DESC
) = 1
