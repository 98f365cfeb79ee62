-- What somebody wrote for sharing about a cause, once a named person has released it.
-- One row per released story of the chosen schools, the newest first within its cause.
SELECT
    team_story.cause,
    schools.school_name,
    schools.neighborhood,
    team_story.text,
    team_story.released_by,
    team_story.released_on
FROM team_story
JOIN schools USING (school_id)
WHERE team_story.released_on IS NOT NULL
    AND trim(team_story.released_by) <> ''
    AND schools.school_id IN (SELECT unnest($schools))
ORDER BY team_story.cause, team_story.released_on DESC, team_story.record
