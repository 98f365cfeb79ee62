-- The same item school by school, in the newest year of the survey or the one asked for.
-- One row per survey, respondent group, school and item.
WITH pair AS (
    SELECT *
    FROM survey_years($survey, $asked_year, $asked_compare_year, $compare_administration)
    WHERE NOT published
)
SELECT
    told.survey,
    administration_of(told.survey) AS administration,
    told.school_year,
    told.respondent_group,
    schools.school_id,
    schools.school_name,
    told.item_id,
    survey_item.item_text,
    survey_item.reverse_scored,
    told.n_low AS n,
    told.n_high,
    told.favorable,
    told.favorable_at_least,
    told.favorable_at_most,
    wilson_low(told.favorable, told.n_low) AS favorable_low,
    wilson_high(told.favorable, told.n_low) AS favorable_high,
    response.response_rate,
    response.response_rate_at_least,
    response.response_rate_at_most,
    told.withheld
FROM share_survey AS told
JOIN pair ON pair.survey = told.survey AND pair.second_year = told.school_year
JOIN share_place_schools AS place USING (place)
JOIN schools ON [schools.school_id] = place.schools
JOIN survey_item
    ON survey_item.survey = told.survey
    AND survey_item.school_year = told.school_year
    AND survey_item.respondent_group = told.respondent_group
    AND survey_item.item_id = told.item_id
LEFT JOIN share_response AS response
    ON response.place = told.place
    AND response.survey = told.survey
    AND response.school_year = told.school_year
    AND response.respondent_group = told.respondent_group
WHERE schools.school_id IN (SELECT unnest($schools))
    AND ($respondent_group IS NULL OR told.respondent_group = $respondent_group)
ORDER BY told.survey, told.respondent_group, told.item_id, schools.school_name
