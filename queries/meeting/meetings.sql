-- The meetings of the chosen schools, and what they took from them. One row per meeting at which one
-- of these schools was, the newest first. What people wrote (name, stop, keep, start, decided) is
-- null until somebody has released it. record and version say which one to change.
SELECT
    record,
    version,
    released_on IS NOT NULL AS released,
    CASE WHEN released THEN name END AS name,
    held_on,
    schools AS school_ids,
    (
        SELECT list(schools.school_name ORDER BY schools.school_name)
        FROM schools
        WHERE list_contains(team_meeting.schools, schools.school_id)
    ) AS schools,
    partners,
    cards,
    CASE WHEN released THEN stop END AS stop,
    CASE WHEN released THEN keep END AS keep,
    CASE WHEN released THEN start END AS start,
    CASE WHEN released THEN decided END AS decided,
    CASE WHEN released THEN released_by END AS released_by,
    released_on
FROM team_meeting
WHERE list_has_any(team_meeting.schools, $schools)
ORDER BY held_on DESC, written_at DESC, record
