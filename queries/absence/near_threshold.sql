-- Who is close to the threshold, and who may still come back below it.
-- One row per standing: 'within_3' (not chronically absent, but would be after missing the next
-- three days; null early in the year, when those would do so to everybody), 'can_recover' (chronically absent now, and not at the year's end if they miss few
-- enough of the days left), 'next_year' (chronically absent now; the count starts again next year);
-- the last two are null where nobody knows how many days are left, as after totals up to some day.
WITH standings AS (
    SELECT unnest(['within_3', 'can_recover', 'next_year']) AS standing, unnest([1, 2, 3]) AS place
),
status AS (
    SELECT
        student_id,
        within_3_absences,
        chronically_absent AND absences_left IS NULL AS nobody_knows,
        CASE
            WHEN within_3_absences THEN 'within_3'
            WHEN chronically_absent AND absences_left >= 0 THEN 'can_recover'
            WHEN chronically_absent THEN 'next_year'
        END AS standing
    FROM student_now WHERE period = 'this'
)
SELECT
    standings.standing,
    CASE
        WHEN CASE
            WHEN standings.standing = 'within_3'
                THEN (SELECT count(*) = 0 OR count(within_3_absences) > 0 FROM status)
            ELSE (SELECT coalesce(NOT bool_or(nobody_knows), true) FROM status)
        END
            THEN count(status.student_id)
    END AS students
FROM standings
LEFT JOIN status USING (standing)
GROUP BY standings.standing, standings.place
ORDER BY standings.place
