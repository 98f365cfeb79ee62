-- Who answered, of those invited, in both years of the comparison.
-- One row per survey, respondent group and year. respondents is the fewest of the band told.
WITH pair AS (
    SELECT * FROM survey_years($survey, $asked_year, $asked_compare_year) WHERE NOT published
)
SELECT
    told.survey,
    administration_of(told.survey) AS administration,
    told.school_year,
    told.respondent_group,
    told.n_low AS respondents,
    told.n_high AS respondents_high,
    CAST(NULL AS BIGINT) AS invited,
    told.response_rate,
    told.response_rate_at_least,
    told.response_rate_at_most,
    told.withheld
FROM share_response AS told
JOIN pair
    ON pair.survey = told.survey AND told.school_year IN (pair.first_year, pair.second_year)
WHERE told.place = $place
    AND ($respondent_group IS NULL OR told.respondent_group = $respondent_group)
ORDER BY told.survey, told.respondent_group, told.school_year
