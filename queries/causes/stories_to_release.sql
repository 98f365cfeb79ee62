-- What somebody wrote for sharing, released or not, for those who read it before it is released.
-- One row per story of the chosen schools, those not released first. record and version say which
-- one to change; written_by: who wrote this version.
SELECT
    team_story.record,
    team_story.version,
    team_story.written_by,
    team_story.written_at,
    team_story.cause,
    team_story.school_id,
    schools.school_name,
    team_story.text,
    team_story.released_by,
    team_story.released_on,
    team_story.released_on IS NOT NULL AND trim(team_story.released_by) <> '' AS released
FROM team_story
JOIN schools USING (school_id)
WHERE schools.school_id IN (SELECT unnest($schools))
ORDER BY released, team_story.cause, schools.school_name, team_story.record
