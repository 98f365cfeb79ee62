-- Surveys and published tables to choose from, and in which years, newest first.
-- One row per survey, kind and school year.
SELECT survey, school_year, published
FROM (
    SELECT DISTINCT survey, school_year, false AS published FROM answer_count
    UNION
    SELECT DISTINCT survey, school_year, true AS published FROM survey_published
)
ORDER BY published, survey, school_year DESC
