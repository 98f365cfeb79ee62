-- What was promised at the meetings of the chosen schools, and what became of it; of one school by
-- itself what it promised, and what no school did.
-- One row per promise, those of the newest meeting first, then the first due. who, what, known_by
-- (how one will know) and result are null until somebody has released them. overdue: open, and due
-- before the day up to which days are counted ($as_of).
SELECT
    team_pledge.record,
    team_pledge.version,
    team_pledge.meeting,
    CASE WHEN team_meeting.released_on IS NOT NULL THEN team_meeting.name END AS meeting_name,
    team_meeting.held_on,
    schools.school_name,
    team_pledge.released_on IS NOT NULL AS released,
    CASE WHEN released THEN team_pledge.who END AS who,
    CASE WHEN released THEN team_pledge.what END AS what,
    CASE WHEN released THEN team_pledge.known_by END AS known_by,
    team_pledge.due_on,
    team_pledge.state,
    CASE WHEN released THEN team_pledge.result END AS result,
    team_pledge.ended_on,
    team_pledge.state = 'open' AND coalesce(team_pledge.due_on < CAST($as_of AS DATE), false)
        AS overdue
FROM team_pledge
JOIN team_meeting ON team_meeting.record = team_pledge.meeting
LEFT JOIN schools ON schools.school_id = team_pledge.school_id
WHERE list_has_any(team_meeting.schools, $schools)
    AND (
        len($schools) > 1
        OR schools.school_id IS NULL
        OR list_contains($schools, schools.school_id)
    )
ORDER BY
    team_meeting.held_on DESC,
    team_pledge.due_on,
    -- A name that nobody has released says nothing, not even by where it stands.
    CASE WHEN released THEN team_pledge.who END NULLS LAST,
    team_pledge.record
