-- What schools are proud of: the gallery of the meetings of the chosen schools.
-- One row per thing that somebody has released, those of the newest meeting first.
SELECT
    team_pride.record,
    team_pride.version,
    team_pride.meeting,
    team_meeting.held_on,
    schools.school_name,
    team_pride.text,
    team_pride.released_by,
    team_pride.released_on
FROM team_pride
JOIN team_meeting ON team_meeting.record = team_pride.meeting
JOIN schools ON schools.school_id = team_pride.school_id
WHERE list_has_any(team_meeting.schools, $schools) AND team_pride.released_on IS NOT NULL
ORDER BY team_meeting.held_on DESC, schools.school_name, team_pride.record
