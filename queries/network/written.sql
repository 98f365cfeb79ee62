-- What people wrote down about who is at the table, to correct it or take it back: the seats at the
-- chosen schools, then the partners that they added, of whom all are here, wherever they reach.
-- One row per seat or partner. record and version say which one to change. name: of partners alone,
-- as in seats.sql.
WITH written AS (
    SELECT
        'seat' AS kind, record, version, written_by, written_at, school_id, seat,
        CASE WHEN seat = 'partner' THEN trim(name) ELSE '' END AS name, since,
        [] AS causes, [] AS neighborhoods, [] AS schools, '' AS contact
    FROM team_seat
    WHERE school_id IN (SELECT unnest($schools))
    UNION ALL
    SELECT
        'partner', record, version, written_by, written_at, NULL, NULL,
        trim(partner_name), NULL, causes, neighborhoods, schools, contact
    FROM team_partner
)
SELECT
    written.kind, written.record, written.version, written.written_by, written.written_at,
    written.school_id, schools.school_name, written.seat, written.name, written.since,
    written.causes, written.neighborhoods, written.schools, written.contact
FROM written
LEFT JOIN schools USING (school_id)
ORDER BY
    written.kind DESC,
    schools.school_name,
    list_position(['partner', 'family', 'student', 'nurse', 'teacher'], written.seat),
    written.name,
    written.record
