-- share_survey: one row per survey, year, respondent group, item and place, as the share view tells
-- it: n_low to n_high answers that count, favorable as a whole percent or between two.
CREATE OR REPLACE TABLE share_survey AS
SELECT
    item.survey,
    item.school_year,
    item.respondent_group,
    item.item_id,
    place.place,
    CAST(told.n_low AS BIGINT) AS n_low,
    CAST(told.n_high AS BIGINT) AS n_high,
    told.rate / 100 AS favorable,
    told.at_least / 100 AS favorable_at_least,
    told.at_most / 100 AS favorable_at_most,
    told.n_low IS NULL AS withheld
FROM share_item AS item
JOIN told USING (cell)
JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
ORDER BY place.place, item.survey, item.school_year, item.respondent_group, item.item_id;

-- The end of a share for so many answers, in whole percents (queries/privacy/rules.py).
CREATE OR REPLACE MACRO share_end(n) AS
    CASE WHEN n <= 20 THEN 20 WHEN n <= 40 THEN 10 WHEN n <= 100 THEN 5 WHEN n <= 200 THEN 2 ELSE 1 END;

-- A share as everybody may know it: a whole percent, or, at an end, between what and what.
CREATE OR REPLACE MACRO coded_share(part, whole) AS
    CASE
        WHEN 100 * part <= share_end(whole) * whole
            THEN {'share': NULL, 'at_least': 0.0, 'at_most': share_end(whole) / 100}
        WHEN 100 * (whole - part) <= share_end(whole) * whole
            THEN {'share': NULL, 'at_least': 1 - share_end(whole) / 100, 'at_most': 1.0}
        ELSE {
            'share': (200 * part + whole) // (2 * whole) / 100, 'at_least': NULL, 'at_most': NULL
        }
    END;

-- share_answers: one row per survey, year, respondent group, item, place and answer that counts, for
-- items with more than 40 answers: its share of them as a whole percent, or an end.
CREATE OR REPLACE TABLE share_answers AS
WITH told_item AS (
    SELECT share_item.*, place.place AS share_place
    FROM share_item
    JOIN share_place_schools AS place
        ON place.kind = share_item.kind AND place.name = share_item.place
    JOIN told USING (cell)
    -- Where agreement itself is at an end, the answers would say that it is nobody or everybody.
    WHERE told.rate IS NOT NULL AND share_item.answers > 40
),
answer AS (
    SELECT
        told_item.survey,
        told_item.school_year,
        told_item.respondent_group,
        told_item.item_id,
        told_item.share_place AS place,
        told_item.answers AS n,
        scale_answer.answer,
        coalesce(given.answers, 0) AS answers
    FROM told_item
    JOIN survey_item USING (survey, school_year, respondent_group, item_id)
    JOIN scale_answer ON scale_answer.scale = survey_item.scale AND scale_answer.counts
    LEFT JOIN share_answer AS given
        ON given.survey = told_item.survey
        AND given.school_year = told_item.school_year
        AND given.respondent_group = told_item.respondent_group
        AND given.item_id = told_item.item_id
        AND given.kind = told_item.kind
        AND given.place = told_item.place
        AND given.answer = scale_answer.answer
)
SELECT
    * EXCLUDE (n, answers),
    coded_share(answers, n).share AS share,
    coded_share(answers, n).at_least AS share_at_least,
    coded_share(answers, n).at_most AS share_at_most
FROM answer
ORDER BY ALL;

-- share_response: one row per survey, year, respondent group and place where an item is told: the
-- share of those invited who answered, coded like any other.
CREATE OR REPLACE TABLE share_response AS
WITH told_group AS (
    SELECT survey, school_year, respondent_group, place, max(n_low) AS n_low, max(n_high) AS n_high,
        bool_or(withheld) AS withheld
    FROM share_survey
    GROUP BY ALL
),
coded AS (
    SELECT
        told_group.*,
        CASE WHEN respondent.respondents <= respondent.invited AND NOT told_group.withheld
            THEN coded_share(respondent.respondents, respondent.invited)
        END AS response
    FROM told_group
    JOIN share_place_schools AS place USING (place)
    LEFT JOIN share_respondent AS respondent
        ON respondent.survey = told_group.survey
        AND respondent.school_year = told_group.school_year
        AND respondent.respondent_group = told_group.respondent_group
        AND respondent.kind = place.kind
        AND respondent.place = place.name
        AND respondent.invited > 0
)
SELECT
    * EXCLUDE (response),
    response.share AS response_rate,
    response.at_least AS response_rate_at_least,
    response.at_most AS response_rate_at_most
FROM coded
ORDER BY ALL;

-- How far agreement moved, as the macro culture_shifts gives it, made of what the share view tells
-- and of nothing else; n is the fewest answers of its band, so that an interval is rather too wide.
-- Published tables stand as they were published.
CREATE OR REPLACE MACRO share_culture_shifts(
    of_place, of_survey, of_year, against_year, of_schools, every_school, of_respondents,
    assumed_answers
) AS TABLE
WITH pair AS (
    SELECT * FROM survey_years(of_survey, of_year, against_year) WHERE NOT published
),
told AS (
    SELECT
        second.survey,
        CAST(NULL AS VARCHAR) AS school_name,
        second.respondent_group,
        second.item_id,
        survey_item.item_text,
        survey_item.about,
        survey_item.topic,
        survey_item.reverse_scored,
        pair.first_year,
        pair.second_year,
        first.n_low AS first_n,
        first.n_high AS first_n_high,
        second.n_low AS second_n,
        second.n_high AS second_n_high,
        first.favorable AS first_favorable,
        second.favorable AS second_favorable,
        first.favorable_at_least AS first_favorable_at_least,
        first.favorable_at_most AS first_favorable_at_most,
        second.favorable_at_least AS second_favorable_at_least,
        second.favorable_at_most AS second_favorable_at_most,
        second.withheld,
        first.item_id IS NOT NULL
            AND is_asked_alike(
                second.survey,
                second.respondent_group,
                second.item_id,
                pair.first_year,
                pair.second_year
            ) AS comparable,
        what_changed(
            second.survey,
            second.respondent_group,
            second.item_id,
            pair.first_year,
            pair.second_year
        ) AS changed,
        first_response.response_rate AS first_response_rate,
        second_response.response_rate AS second_response_rate
    FROM pair
    JOIN share_survey AS second
        ON second.place = of_place
        AND second.survey = pair.survey
        AND second.school_year = pair.second_year
    JOIN survey_item
        ON survey_item.survey = second.survey
        AND survey_item.school_year = second.school_year
        AND survey_item.respondent_group = second.respondent_group
        AND survey_item.item_id = second.item_id
    LEFT JOIN share_survey AS first
        ON first.place = second.place
        AND first.survey = second.survey
        AND first.school_year = pair.first_year
        AND first.respondent_group = second.respondent_group
        AND first.item_id = second.item_id
    LEFT JOIN share_response AS first_response
        ON first_response.place = second.place
        AND first_response.survey = second.survey
        AND first_response.school_year = pair.first_year
        AND first_response.respondent_group = second.respondent_group
    LEFT JOIN share_response AS second_response
        ON second_response.place = second.place
        AND second_response.survey = second.survey
        AND second_response.school_year = pair.second_year
        AND second_response.respondent_group = second.respondent_group
    WHERE of_respondents IS NULL OR second.respondent_group = of_respondents
),
measured AS (
    SELECT
        *,
        CASE WHEN comparable THEN
            round(100 * second_favorable) - round(100 * first_favorable)
        END AS shift_points,
        CASE WHEN comparable THEN
            100 * newcombe_low(first_favorable, first_n, second_favorable, second_n)
        END AS shift_low,
        CASE WHEN comparable THEN
            100 * newcombe_high(first_favorable, first_n, second_favorable, second_n)
        END AS shift_high
    FROM told
)
SELECT
    * EXCLUDE (changed),
    CASE
        WHEN comparable THEN NULL
        ELSE coalesce(changed, 'nothing told of the year before')
    END AS why_not_clear,
    shift_low > 0 OR shift_high < 0 AS clear_of_chance,
    false AS published,
    false AS n_assumed
FROM measured
UNION ALL BY NAME
SELECT *, false AS withheld
FROM culture_shifts(
    of_survey, of_year, against_year, of_schools, every_school, of_respondents, assumed_answers
)
WHERE published;
