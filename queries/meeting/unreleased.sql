-- What was written at the meetings of the chosen schools and nobody has released: only for staff.
-- One row per record: its kind, record and version, the meeting, the school if it names one, who
-- wrote it, and its words.
WITH written AS (
    SELECT
        'meeting' AS kind, record, version, record AS meeting, '' AS school_id, written_by,
        concat_ws(' · ', nullif(stop, ''), nullif(keep, ''), nullif(start, ''), nullif(decided, ''))
            AS words
    FROM team_meeting
    WHERE released_on IS NULL
    UNION ALL
    SELECT
        'pledge', record, version, meeting, school_id, written_by,
        concat_ws(' · ', who, what, known_by, nullif(result, ''))
    FROM team_pledge
    WHERE released_on IS NULL
    UNION ALL
    SELECT 'pride', record, version, meeting, school_id, written_by, text
    FROM team_pride
    WHERE released_on IS NULL
)
SELECT written.* EXCLUDE (school_id), schools.school_name
FROM written
JOIN team_meeting ON team_meeting.record = written.meeting
LEFT JOIN schools ON schools.school_id = written.school_id
WHERE list_has_any(team_meeting.schools, $schools) AND written.words <> ''
ORDER BY team_meeting.held_on DESC, written.kind, written.record
