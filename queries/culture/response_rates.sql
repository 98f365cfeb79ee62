-- Who answered: distinct respondents of those invited, both times of the comparison.
-- One row per survey, respondent group and year. response_rate is null, unknown, where a school
-- that answered has no roster; schools where more answered than were invited are left out of it.
-- respondents is null, too, where counts stand for people. respondents_known: so many at least; then
-- as many as answered the item that most did, added up over schools.
-- response_floor: the percent below which no shift is called clear.
SELECT
    rates.* EXCLUDE (school_id),
    administration_of(rates.survey) AS administration,
    survey_limit.response_floor
FROM response_cell AS rates
JOIN survey_times($survey, $asked_year, $asked_compare_year, $compare_administration) AS time
    ON time.called = rates.survey AND time.school_year = rates.school_year
LEFT JOIN survey_limit ON survey_limit.respondent_group = rates.respondent_group
WHERE rates.school_id IS NULL
    AND ($respondent_group IS NULL OR rates.respondent_group = $respondent_group)
ORDER BY time.survey, rates.respondent_group, time.is_second
