-- Who answered, of those invited, both times of the comparison.
-- One row per survey, respondent group and year. respondents is the fewest of the band told of those
-- who answered an item: more may have answered others.
SELECT
    told.survey,
    administration_of(told.survey) AS administration,
    told.school_year,
    told.respondent_group,
    told.n_low AS respondents,
    CAST(NULL AS BIGINT) AS respondents_high,
    CAST(NULL AS BIGINT) AS invited,
    told.response_rate,
    told.response_rate_at_least,
    told.response_rate_at_most,
    told.withheld
FROM share_response AS told
JOIN survey_times($survey, $asked_year, $asked_compare_year, $compare_administration) AS time
    ON time.called = told.survey AND time.school_year = told.school_year
WHERE told.place = $place
    AND ($respondent_group IS NULL OR told.respondent_group = $respondent_group)
ORDER BY time.survey, told.respondent_group, time.is_second
