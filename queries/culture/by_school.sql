-- The same item school by school, in the newest year of the survey or the one asked for, and how far
-- it moved at each.
-- One row per survey, respondent group, school and item; favorable is null where fewer answered than
-- may be shown. n to n_high: how many answered. Of one school by itself, so that the interval of a
-- shift is Newcombe's; comparable and why_not_clear as in culture/shifts.
WITH pair AS (
    SELECT *
    FROM survey_years($survey, $asked_year, $asked_compare_year, $compare_administration)
    WHERE NOT published
),
-- The ends of a response rate: a whole percent of the share view may be half a point off.
response AS (
    SELECT
        *,
        CASE WHEN invited IS NULL THEN 0.005 ELSE 0 END AS half,
        100 * coalesce(response_rate - half, response_rate_at_least) AS least,
        100 * coalesce(response_rate + half, response_rate_at_most) AS most
    FROM response_cell
),
both_times AS (
    SELECT
        cell.*,
        pair.first_year,
        first.n AS first_n,
        first.n_high AS first_n_high,
        first.favorable AS first_favorable,
        first.favorable_at_least AS first_favorable_at_least,
        first.favorable_at_most AS first_favorable_at_most,
        response.response_rate,
        response.response_rate_at_least,
        response.response_rate_at_most,
        survey_limit AS limits,
        greatest(first_response.most - response.least, response.most - first_response.least) AS apart,
        least(first_response.least, response.least) AS lowest,
        CASE
            WHEN pair.first_year IS NULL THEN nothing_before($compare_administration)
            WHEN first.item_id IS NULL THEN 'nothing of the time before'
            WHEN alike.changed IS NOT NULL THEN alike.changed
            WHEN least(first.n, cell.n) < survey_limit.fewest_shown
                THEN 'fewer than ' || survey_limit.fewest_shown || ' answers then or now'
        END AS why_not_compared,
        CASE WHEN why_not_compared IS NULL
            THEN round(100 * cell.favorable - 100 * first.favorable, 9) END AS shift_points,
        CASE WHEN why_not_compared IS NULL
            THEN 100 * newcombe_low(first.favorable, first.n, cell.favorable, cell.n) END AS shift_low,
        CASE WHEN why_not_compared IS NULL
            THEN 100 * newcombe_high(first.favorable, first.n, cell.favorable, cell.n) END
            AS shift_high
    FROM survey_cell AS cell
    JOIN pair ON pair.survey = cell.survey AND pair.second_year = cell.school_year
    JOIN survey_limit USING (respondent_group)
    LEFT JOIN survey_cell AS first
        ON first.survey = pair.first_survey
        AND first.school_year = pair.first_year
        AND first.school_id = cell.school_id
        AND first.respondent_group = cell.respondent_group
        AND first.item_id = cell.item_id
    LEFT JOIN response
        ON response.survey = cell.survey
        AND response.school_year = cell.school_year
        AND response.school_id = cell.school_id
        AND response.respondent_group = cell.respondent_group
    LEFT JOIN response AS first_response
        ON first_response.survey = pair.first_survey
        AND first_response.school_year = pair.first_year
        AND first_response.school_id = cell.school_id
        AND first_response.respondent_group = cell.respondent_group
    LEFT JOIN items_alike($survey, $asked_year, $asked_compare_year, $compare_administration) AS alike
        ON alike.survey = cell.survey
        AND NOT alike.published
        AND alike.respondent_group = cell.respondent_group
        AND alike.item_id = cell.item_id
    WHERE cell.school_id IS NOT NULL
        AND ($respondent_group IS NULL OR cell.respondent_group = $respondent_group)
),
judged AS (
    SELECT
        *,
        coalesce(
            why_not_compared, why_unsure(limits, least(first_n, n), 1, round(apart, 9), round(lowest, 9))
        ) AS why_not_clear
    FROM both_times
)
SELECT
    cell.survey,
    administration_of(cell.survey) AS administration,
    cell.school_year,
    cell.respondent_group,
    schools.school_id,
    schools.school_name,
    cell.item_id,
    survey_item.item_text,
    survey_item.reverse_scored,
    cell.n,
    cell.n_high,
    cell.favorable,
    cell.favorable_at_least,
    cell.favorable_at_most,
    wilson_low(cell.favorable, cell.n) AS favorable_low,
    wilson_high(cell.favorable, cell.n) AS favorable_high,
    cell.response_rate,
    cell.response_rate_at_least,
    cell.response_rate_at_most,
    cell.first_year,
    cell.first_n,
    cell.first_n_high,
    cell.first_favorable,
    cell.first_favorable_at_least,
    cell.first_favorable_at_most,
    cell.shift_points,
    cell.shift_low,
    cell.shift_high,
    CASE
        WHEN cell.shift_points IS NULL THEN NULL
        WHEN cell.why_not_clear IS NOT NULL THEN false
        ELSE cell.shift_low > 0 OR cell.shift_high < 0
    END AS clear_of_chance,
    cell.why_not_compared IS NULL AS comparable,
    cell.why_not_clear,
    cell.withheld
FROM judged AS cell
JOIN schools USING (school_id)
JOIN survey_item USING (survey, school_year, respondent_group, item_id)
ORDER BY cell.survey, cell.respondent_group, cell.item_id, schools.school_name
