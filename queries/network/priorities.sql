-- What the networks of the chosen schools want to move together: three things at most each.
-- One row per priority, in the order in which they were written. schools and partners stand behind
-- it. item_text: the newest wording, where the indicator is about one item of a survey.
SELECT
    team_priority.record,
    team_priority.version,
    team_priority.network,
    team_priority.indicator,
    team_priority.goal_percent,
    team_priority.due_on,
    nullif(team_priority.survey, '') AS survey,
    nullif(team_priority.respondent_group, '') AS respondent_group,
    nullif(team_priority.item_id, '') AS item_id,
    (
        SELECT max_by(survey_item.item_text, survey_item.school_year)
        FROM survey_item
        WHERE survey_item.survey = team_priority.survey
            AND survey_item.respondent_group = team_priority.respondent_group
            AND survey_item.item_id = team_priority.item_id
    ) AS item_text,
    (
        SELECT max_by(survey_item.reverse_scored, survey_item.school_year)
        FROM survey_item
        WHERE survey_item.survey = team_priority.survey
            AND survey_item.respondent_group = team_priority.respondent_group
            AND survey_item.item_id = team_priority.item_id
    ) AS reverse_scored,
    (
        SELECT coalesce(list(schools.school_name ORDER BY schools.school_name), [])
        FROM schools
        WHERE list_contains(team_priority.schools, schools.school_id)
    ) AS schools,
    team_priority.partners
FROM team_priority
WHERE team_priority.network IN (
    SELECT coalesce(network, '') FROM schools WHERE school_id IN (SELECT unnest($schools))
)
ORDER BY team_priority.network, team_priority.written_at, team_priority.record
