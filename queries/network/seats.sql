-- Who is at the table of each school, and which chair is empty.
-- One row per school and seat. names: of partners alone; that a student or a family sits there may
-- be said to everybody, who they are may not.
WITH seat AS (
    SELECT
        unnest(['partner', 'family', 'student', 'nurse', 'teacher']) AS seat,
        unnest([1, 2, 3, 4, 5]) AS place
),
taken AS (
    SELECT school_id, seat, string_agg(DISTINCT trim(name), ', ' ORDER BY trim(name)) AS names
    FROM team_seat
    GROUP BY school_id, seat
)
SELECT
    schools.school_name,
    seat.seat,
    CASE WHEN seat.seat = 'partner' THEN coalesce(taken.names, '') ELSE '' END AS names,
    taken.names IS NOT NULL AS present
FROM schools
CROSS JOIN seat
LEFT JOIN taken ON taken.school_id = schools.school_id AND taken.seat = seat.seat
WHERE schools.school_id IN (SELECT unnest($schools))
ORDER BY schools.school_name, seat.place
