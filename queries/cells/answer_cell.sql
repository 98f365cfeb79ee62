-- Answers to each item, both times of the comparison.
-- One row per survey, respondent group, item, year and answer of the scale, also one that nobody
-- gave. share is of the answers that count; "don't know" stands beside them with a number alone. No row
-- of an item and year that fewer answered than may be shown.
WITH given AS (
    SELECT survey, school_year, respondent_group, item_id, answer, sum(answers) AS answers
    FROM answer_count
    WHERE school_id IN (SELECT unnest($schools))
    GROUP BY ALL
),
asked AS (
    SELECT survey_item.*, time.survey AS of_survey, time.is_second
    FROM survey_item
    JOIN survey_times(
        $survey, $asked_year, $asked_compare_year, $compare_administration
    ) AS time
        ON time.called = survey_item.survey AND time.school_year = survey_item.school_year
    WHERE ($respondent_group IS NULL OR survey_item.respondent_group = $respondent_group)
        AND (survey_item.survey, survey_item.school_year, survey_item.respondent_group,
            survey_item.item_id)
            IN (SELECT (survey, school_year, respondent_group, item_id) FROM given)
),
counted AS (
    SELECT
        asked.of_survey,
        asked.is_second,
        asked.survey,
        asked.respondent_group,
        asked.item_id,
        asked.item_text,
        asked.reverse_scored,
        asked.school_year,
        scale_answer.answer,
        scale_answer.position,
        scale_answer.counts,
        scale_answer.counts AND CASE
            WHEN asked.reverse_scored THEN scale_answer.favorable_mirrored
            ELSE scale_answer.favorable
        END AS favorable,
        CAST(coalesce(given.answers, 0) AS BIGINT) AS answers
    FROM asked
    JOIN scale_answer USING (scale)
    LEFT JOIN given
        ON given.survey = asked.survey
        AND given.school_year = asked.school_year
        AND given.respondent_group = asked.respondent_group
        AND given.item_id = asked.item_id
        AND given.answer = scale_answer.answer
)
SELECT
    of_survey,
    is_second,
    survey,
    administration_of(survey) AS administration,
    respondent_group,
    item_id,
    item_text,
    reverse_scored,
    school_year,
    answer,
    position,
    counts,
    favorable,
    answers,
    CASE
        WHEN counts THEN answers / nullif(sum(answers) FILTER (WHERE counts) OVER item, 0)
    END AS share,
    share AS share_at_least,
    share AS share_at_most,
    1 AS together,
    false AS withheld
FROM counted
JOIN survey_limit USING (respondent_group)
WINDOW item AS (PARTITION BY survey, respondent_group, item_id, school_year)
QUALIFY sum(answers) FILTER (WHERE counts) OVER item >= fewest_shown
