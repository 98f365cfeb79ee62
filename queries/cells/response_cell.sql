-- Who answered, of those invited, of all chosen schools and of each. One row per school (null for
-- all), survey, year and respondent group. response_rate is null, unknown, where a school that
-- answered has no roster; of several schools, those where more answered than were invited are left
-- out of it.
SELECT
    CAST(NULL AS VARCHAR) AS school_id,
    *,
    respondents AS respondents_high,
    response_rate AS response_rate_at_least,
    response_rate AS response_rate_at_most,
    false AS withheld
FROM response_rates($schools)
UNION ALL BY NAME
SELECT
    school_id, survey, school_year, respondent_group, respondents, invited,
    CASE WHEN respondents <= invited THEN respondents / nullif(invited, 0) END AS response_rate,
    response_rate AS response_rate_at_least,
    response_rate AS response_rate_at_most,
    false AS withheld
FROM respondent_count
WHERE list_contains($schools, school_id)
