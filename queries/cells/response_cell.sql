-- Who answered, of those invited, of all chosen schools and of each. One row per school (null for
-- all), survey, year and respondent group. response_rate is null, unknown, where a school that
-- answered has no roster; of several schools, those where more answered than were invited are left
-- out of it. respondents is null, unknown, where counts stand for people. respondents_known: so many
-- at least; then the answers to the item that most answered at a school, added up over schools.
WITH answered AS (
    SELECT school_id, survey, school_year, respondent_group, sum(answers) AS answers
    FROM answer_count
    SEMI JOIN (FROM respondent_count WHERE respondents IS NULL)
        USING (school_id, survey, school_year, respondent_group)
    WHERE list_contains($schools, school_id)
    GROUP BY school_id, survey, school_year, respondent_group, item_id
),
least AS (
    SELECT school_id, survey, school_year, respondent_group, max(answers) AS most
    FROM answered
    GROUP BY ALL
),
school AS (
    SELECT
        school_id, survey, school_year, respondent_group, respondents, invited,
        CAST(coalesce(respondents, least.most) AS BIGINT) AS respondents_known
    FROM respondent_count
    LEFT JOIN least USING (school_id, survey, school_year, respondent_group)
    WHERE list_contains($schools, school_id)
),
all_schools AS (
    SELECT
        survey, school_year, respondent_group,
        CAST(sum(respondents_known) AS BIGINT) AS respondents_known
    FROM school
    GROUP BY ALL
)
SELECT
    CAST(NULL AS VARCHAR) AS school_id,
    rates.*,
    coalesce(respondents, respondents_known) AS respondents_known,
    respondents AS respondents_high,
    response_rate AS response_rate_at_least,
    response_rate AS response_rate_at_most,
    false AS withheld
FROM response_rates($schools) AS rates
JOIN all_schools USING (survey, school_year, respondent_group)
UNION ALL BY NAME
SELECT
    *,
    CASE WHEN respondents <= invited THEN respondents / nullif(invited, 0) END AS response_rate,
    response_rate AS response_rate_at_least,
    response_rate AS response_rate_at_most,
    false AS withheld
FROM school
