-- Surveys and published tables to choose from, and in which years, newest first.
-- One row per survey, kind and school year. A survey that is asked more than once a year is one for
-- each administration: survey is how it is called, survey_name and administration what the files
-- say. Of one name the administration with the newest year goes first, then one with a year before
-- it, then the latest in a school year.
WITH held AS (
    SELECT DISTINCT survey, school_year, false AS published FROM answer_count
    UNION
    SELECT DISTINCT survey, school_year, true AS published FROM published_percentage
)
SELECT
    survey,
    school_year,
    published,
    survey_administration.survey_name,
    survey_administration.administration
FROM held
JOIN survey_administration USING (survey)
ORDER BY
    published,
    survey_administration.survey_name,
    max(school_year) OVER (PARTITION BY published, survey) DESC,
    count(*) OVER (PARTITION BY published, survey) = 1,
    order_in_year(survey_administration.administration) DESC NULLS LAST,
    survey,
    school_year DESC
