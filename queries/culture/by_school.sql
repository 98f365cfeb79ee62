-- The same item school by school, in the newest year of the survey or the one asked for.
-- One row per survey, respondent group, school and item; favorable is null where fewer answered than
-- may be shown. n to n_high: how many answered.
WITH pair AS (
    SELECT *
    FROM survey_years($survey, $asked_year, $asked_compare_year, $compare_administration)
    WHERE NOT published
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
    response.response_rate,
    response.response_rate_at_least,
    response.response_rate_at_most,
    cell.withheld
FROM survey_cell AS cell
JOIN schools USING (school_id)
JOIN survey_item USING (survey, school_year, respondent_group, item_id)
LEFT JOIN response_cell AS response USING (survey, school_year, respondent_group, school_id)
SEMI JOIN pair ON pair.survey = cell.survey AND pair.second_year = cell.school_year
WHERE $respondent_group IS NULL OR cell.respondent_group = $respondent_group
ORDER BY cell.survey, cell.respondent_group, cell.item_id, schools.school_name
