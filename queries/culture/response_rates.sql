-- Who answered: distinct respondents of those invited, in both years of the comparison.
-- One row per survey, respondent group and year. response_rate is null, unknown, where a school
-- that answered has no roster; schools where more answered than were invited are left out of it.
-- response_floor: the percent below which no shift is called clear.
WITH pair AS (
    SELECT * FROM survey_years($survey, $asked_year, $asked_compare_year) WHERE NOT published
)
SELECT rates.*, administration_of(rates.survey) AS administration, survey_limit.response_floor
FROM response_rates($schools) AS rates
JOIN pair
    ON pair.survey = rates.survey
    AND rates.school_year IN (pair.first_year, pair.second_year)
LEFT JOIN survey_limit ON survey_limit.respondent_group = rates.respondent_group
WHERE $respondent_group IS NULL OR rates.respondent_group = $respondent_group
ORDER BY rates.survey, rates.respondent_group, rates.school_year
