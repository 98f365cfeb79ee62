-- share_survey: one row per survey, year, respondent group, item and place, as the share view tells
-- it: n_low to n_high answers that count, favorable as a whole percent or between two. withheld: how
-- many of them were favorable is not told.
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
    told.rate IS NULL AND told.at_most IS NULL AS withheld
FROM share_item AS item
JOIN told USING (cell)
JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
WHERE item.item_id IS NOT NULL
ORDER BY place.place, item.survey, item.school_year, item.respondent_group, item.item_id;

-- share_answers: one row per survey, year, respondent group, item, place and answer that counts, where
-- they are told: part, the answers that are told together with it, and the share of those, a whole
-- percent.
CREATE OR REPLACE TABLE share_answers AS
SELECT
    item.survey,
    item.school_year,
    item.respondent_group,
    item.item_id,
    place.place,
    given.answer,
    CAST(dense_rank() OVER (PARTITION BY given.cell ORDER BY told_answer.part) AS BIGINT) AS part,
    told_answer.share / 100 AS share
FROM told_answer
JOIN share_item_answer AS given USING (answer_row)
JOIN share_item AS item USING (cell)
JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
WHERE told_answer.part IS NOT NULL
ORDER BY ALL;

-- share_response: one row per survey, year, respondent group and place where an item is asked: the
-- share of those invited who answered, coded like any other; none where an item is withheld.
CREATE OR REPLACE TABLE share_response AS
WITH told_group AS (
    SELECT survey, school_year, respondent_group, place, max(n_low) AS n_low, max(n_high) AS n_high,
        bool_or(n_low IS NULL) AS withheld
    FROM share_survey
    GROUP BY ALL
),
response AS (
    SELECT item.survey, item.school_year, item.respondent_group, place.place, told.*
    FROM share_item AS item
    JOIN told USING (cell)
    JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
    WHERE item.item_id IS NULL
)
SELECT
    told_group.*,
    CASE WHEN NOT withheld THEN response.rate / 100 END AS response_rate,
    CASE WHEN NOT withheld THEN response.at_least / 100 END AS response_rate_at_least,
    CASE WHEN NOT withheld THEN response.at_most / 100 END AS response_rate_at_most
FROM told_group
LEFT JOIN response USING (survey, school_year, respondent_group, place)
ORDER BY ALL;

-- How far agreement moved, as the macro culture_shifts gives it, made of what the share view tells
-- and of nothing else; n is the fewest answers of its band, so that an interval is rather too wide.
-- Over several schools it rests on what is told of each: there is no shift where one that answered in
-- both years is not told, nor where the bands leave open whether it rose or fell: n, shares and shift
-- are then of the schools told in both years, or of the second year alone. second_all_favorable is of
-- all that answered in the second year.
-- Published tables stand as they were published.
CREATE OR REPLACE MACRO share_culture_shifts(
    of_place, of_survey, of_year, against_year, against_administration, of_schools, every_school,
    of_respondents, assumed_answers
) AS TABLE
WITH pair AS (
    SELECT *
    FROM survey_years(of_survey, of_year, against_year, against_administration)
    WHERE NOT published
),
school AS (
    SELECT place.place, schools.school_name
    FROM share_place_schools AS place
    JOIN schools ON place.schools = [schools.school_id]
    WHERE schools.school_id IN (SELECT unnest(of_schools))
),
-- One row per survey, group, item and school that is listed in either year.
listed AS (
    SELECT
        asked.survey,
        cell.respondent_group,
        cell.item_id,
        school.school_name,
        bool_or(NOT asked.is_second) AS in_first,
        bool_or(asked.is_second) AS in_second,
        max(cell.n_low) FILTER (WHERE NOT asked.is_second) AS first_n,
        max(cell.n_low) FILTER (WHERE asked.is_second) AS second_n,
        max(cell.n_high) FILTER (WHERE NOT asked.is_second) AS first_n_high,
        max(cell.n_high) FILTER (WHERE asked.is_second) AS second_n_high,
        max(cell.favorable) FILTER (WHERE NOT asked.is_second) AS first_favorable,
        max(cell.favorable) FILTER (WHERE asked.is_second) AS second_favorable
    FROM share_survey AS cell
    JOIN school USING (place)
    JOIN survey_times(of_survey, of_year, against_year, against_administration) AS asked
        ON asked.called = cell.survey AND asked.school_year = cell.school_year
    GROUP BY ALL
),
who AS (
    SELECT
        survey,
        respondent_group,
        item_id,
        count(*) FILTER (WHERE in_first AND in_second) AS schools_compared,
        coalesce(
            bool_and(first_favorable IS NOT NULL AND second_favorable IS NOT NULL)
                FILTER (WHERE in_first AND in_second),
            false
        ) AS all_told,
        string_agg(school_name, '; ' ORDER BY school_name)
            FILTER (WHERE in_second AND NOT coalesce(in_first, false)) AS schools_new,
        string_agg(school_name, '; ' ORDER BY school_name)
            FILTER (WHERE in_first AND NOT coalesce(in_second, false)) AS schools_gone
    FROM listed
    GROUP BY ALL
),
in_both AS (
    SELECT
        listed.survey, listed.respondent_group, listed.item_id, listed.school_name,
        listed.first_n, listed.second_n, listed.first_favorable, listed.second_favorable
    FROM listed
    JOIN who USING (survey, respondent_group, item_id)
    WHERE listed.in_first AND listed.in_second AND who.all_told
),
over_schools AS (
    SELECT * FROM shift_over_schools('in_both')
),
-- The least and the most that the shift can be: a whole percent may be half a point off, and the
-- weight of a school may be any that its bands leave. The extremes give the schools that moved
-- furthest one way their largest weight, and all others their smallest.
reach AS (
    SELECT
        *,
        round(100 * second_favorable) - round(100 * first_favorable) AS moved,
        first_n * second_n / (first_n + second_n) AS light,
        first_n_high * second_n_high / (first_n_high + second_n_high) AS heavy
    FROM listed
    WHERE in_first AND in_second
),
parted AS (
    SELECT
        a.survey,
        a.respondent_group,
        a.item_id,
        a.school_name,
        sum(CASE WHEN b.moved >= a.moved THEN b.heavy ELSE b.light END * b.moved)
            / sum(CASE WHEN b.moved >= a.moved THEN b.heavy ELSE b.light END) AS most,
        sum(CASE WHEN b.moved <= a.moved THEN b.heavy ELSE b.light END * b.moved)
            / sum(CASE WHEN b.moved <= a.moved THEN b.heavy ELSE b.light END) AS least
    FROM reach AS a
    JOIN reach AS b
        ON b.survey = a.survey
        AND b.respondent_group = a.respondent_group
        AND b.item_id = a.item_id
    GROUP BY ALL
),
ends AS (
    SELECT survey, respondent_group, item_id, min(least) - 1 AS least, max(most) + 1 AS most
    FROM parted
    GROUP BY ALL
),
told AS (
    SELECT
        second.survey,
        administration_of(second.survey) AS administration,
        CAST(NULL AS VARCHAR) AS school_name,
        second.respondent_group,
        second.item_id,
        survey_item.item_text,
        survey_item.about,
        survey_item.topic,
        survey_item.reverse_scored,
        administration_of(pair.first_survey) AS first_administration,
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
        second.favorable AS second_all_favorable,
        second.favorable_at_least AS second_all_favorable_at_least,
        second.favorable_at_most AS second_all_favorable_at_most,
        second.withheld,
        CASE
            WHEN pair.first_year IS NULL THEN nothing_before(against_administration)
            WHEN first.item_id IS NULL THEN 'nothing told of the time before'
            WHEN alike.changed IS NOT NULL THEN alike.changed
            WHEN coalesce(who.schools_compared, 0) = 0 THEN 'no school answered both times'
        END AS why_not_compared,
        survey_limit AS limits,
        who.schools_compared,
        CASE WHEN pair.first_year IS NOT NULL THEN who.schools_new END AS schools_new,
        who.schools_gone,
        CASE
            WHEN who.schools_compared = 1 OR ends.least > 0 OR ends.most < 0 THEN compared.shift_points
        END AS shift_points,
        compared.first_n AS compared_first_n,
        compared.second_n AS compared_second_n,
        compared.first_favorable AS compared_first_favorable,
        compared.second_favorable AS compared_second_favorable,
        compared.shift_low,
        compared.shift_high,
        first_response.response_rate AS first_response_rate,
        second_response.response_rate AS second_response_rate,
        -- A whole percent may be half a point off; a rate at an end is anywhere in it.
        100 * coalesce(first_response.response_rate - 0.005, first_response.response_rate_at_least)
            AS first_response_low,
        100 * coalesce(first_response.response_rate + 0.005, first_response.response_rate_at_most)
            AS first_response_high,
        100 * coalesce(second_response.response_rate - 0.005, second_response.response_rate_at_least)
            AS second_response_low,
        100 * coalesce(second_response.response_rate + 0.005, second_response.response_rate_at_most)
            AS second_response_high
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
        AND first.survey = pair.first_survey
        AND first.school_year = pair.first_year
        AND first.respondent_group = second.respondent_group
        AND first.item_id = second.item_id
    JOIN survey_limit ON survey_limit.respondent_group = second.respondent_group
    LEFT JOIN items_alike(of_survey, of_year, against_year, against_administration) AS alike
        ON alike.survey = second.survey
        AND NOT alike.published
        AND alike.respondent_group = second.respondent_group
        AND alike.item_id = second.item_id
    LEFT JOIN who
        ON who.survey = second.survey
        AND who.respondent_group = second.respondent_group
        AND who.item_id = second.item_id
    LEFT JOIN over_schools AS compared
        ON compared.survey = second.survey
        AND compared.respondent_group = second.respondent_group
        AND compared.item_id = second.item_id
    LEFT JOIN ends
        ON ends.survey = second.survey
        AND ends.respondent_group = second.respondent_group
        AND ends.item_id = second.item_id
    LEFT JOIN share_response AS first_response
        ON first_response.place = second.place
        AND first_response.survey = pair.first_survey
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
        told.* REPLACE (
            CASE WHEN is_like THEN compared_first_n ELSE first_n END AS first_n,
            CASE WHEN is_like THEN compared_second_n ELSE second_n END AS second_n,
            CASE
                WHEN is_like THEN round(100 * compared_first_favorable) / 100
                WHEN NOT is_mixed THEN first_favorable
            END AS first_favorable,
            CASE WHEN is_like THEN round(100 * compared_second_favorable) / 100
                ELSE second_favorable END AS second_favorable,
            CASE WHEN NOT is_like AND NOT is_mixed THEN first_favorable_at_least END
                AS first_favorable_at_least,
            CASE WHEN NOT is_like AND NOT is_mixed THEN first_favorable_at_most END
                AS first_favorable_at_most,
            CASE WHEN NOT is_like THEN second_favorable_at_least END AS second_favorable_at_least,
            CASE WHEN NOT is_like THEN second_favorable_at_most END AS second_favorable_at_most,
            CASE WHEN is_sure THEN
                round(100 * compared_second_favorable) - round(100 * compared_first_favorable)
            END AS shift_points,
            CASE WHEN is_sure THEN shift_low END AS shift_low,
            CASE WHEN is_sure THEN shift_high END AS shift_high
        ),
        why_not_compared IS NULL AS comparable,
        coalesce(
            why_not_compared,
            CASE
                WHEN is_untold THEN 'not told of every school'
                WHEN is_like AND NOT is_sure THEN 'too close to say which way'
            END,
            why_unsure(
                limits,
                NULL,
                schools_compared,
                greatest(
                    first_response_high - second_response_low,
                    second_response_high - first_response_low
                ),
                least(first_response_low, second_response_low)
            )
        ) AS why_not_clear
    FROM (
        SELECT
            *,
            why_not_compared IS NULL AND compared_first_n IS NOT NULL AS is_like,
            is_like AND shift_points IS NOT NULL AS is_sure,
            why_not_compared IS NULL AND NOT is_like AND len(of_schools) > 1 AS is_untold,
            -- Of other schools the shares of each year, side by side, would tell a shift that is none.
            is_untold AND (schools_new IS NOT NULL OR schools_gone IS NOT NULL) AS is_mixed
        FROM told
    ) AS told
)
SELECT
    measured.* EXCLUDE (
        limits, why_not_compared, is_like, is_sure, is_untold, is_mixed, compared_first_n, compared_second_n,
        compared_first_favorable, compared_second_favorable, first_response_low,
        first_response_high, second_response_low, second_response_high
    ),
    wilson_low(second_favorable, second_n) AS second_favorable_low,
    wilson_high(second_favorable, second_n) AS second_favorable_high,
    -- What may be compared and is not told was picked from all the same: it counts as no change.
    CASE
        WHEN shift_points IS NOT NULL
            THEN chance_of(shift_points, shift_low, shift_high, schools_compared)
        WHEN why_not_compared IS NULL THEN 1.0
    END AS chance,
    CASE
        WHEN shift_points IS NULL THEN NULL
        WHEN why_not_clear IS NOT NULL THEN false
        ELSE shift_low > 0 OR shift_high < 0
    END AS clear_of_chance,
    false AS published,
    false AS n_assumed
FROM measured
UNION ALL BY NAME
SELECT
    * EXCLUDE (first_all_n, second_all_n, first_all_favorable),
    false AS withheld
FROM culture_shifts(
    of_survey, of_year, against_year, against_administration, of_schools, every_school,
    of_respondents, assumed_answers
)
WHERE published;
