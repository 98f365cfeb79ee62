-- Who answers: respondent groups of each survey.
-- One row per survey and respondent group.
SELECT DISTINCT survey, respondent_group
FROM survey_item
ORDER BY survey, respondent_group
