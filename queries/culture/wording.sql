-- What each item asked in each year, and where two years may not be compared.
-- One row per survey, respondent group, item and year.
SELECT
    survey,
    administration_of(survey) AS administration,
    respondent_group,
    item_id,
    school_year,
    item_text,
    scale,
    about,
    topic,
    reverse_scored,
    earlier_year,
    CASE WHEN earlier_year IS NOT NULL THEN comparable END AS comparable,
    CASE WHEN earlier_year IS NOT NULL THEN changed END AS changed
FROM survey_item
WHERE is_survey(survey, $survey)
    AND ($respondent_group IS NULL OR respondent_group = $respondent_group)
ORDER BY survey, respondent_group, item_id, school_year
