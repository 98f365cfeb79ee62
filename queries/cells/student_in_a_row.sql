-- Days missed in full, by whatever definition, that end with the student's newest day. One row per
-- student who missed that one. Only days that count stand between: enrolled, and attendance taken.
WITH newest AS (
    SELECT school_id, max(days_taken) AS days_taken
    FROM school_day
    WHERE school_year = $school_year
        AND date <= $as_of
        AND NOT silent
        AND list_contains($schools, school_id)
    GROUP BY school_id
),
enrolled_day AS NOT MATERIALIZED (
    -- The days that count of each student at each school.
    SELECT
        enrollment_span.student_id,
        school_day.date,
        coalesce(missed_day.missed_parts >= missed_day.parts_per_day, false) AS all_missed
    FROM enrollment_span
    JOIN school_day
        ON school_day.school_id = enrollment_span.school_id
        AND school_day.school_year = $school_year
        AND school_day.date >= enrollment_span.entry_date
        AND school_day.date < enrollment_span.exit_date
    LEFT JOIN missed_day
        ON missed_day.student_id = enrollment_span.student_id
        AND missed_day.school_id = enrollment_span.school_id
        AND missed_day.school_year = $school_year
        AND missed_day.date = school_day.date
    WHERE enrollment_span.school_year = $school_year
        AND list_contains($schools, enrollment_span.school_id)
        AND school_day.taken
        AND school_day.date <= $as_of
),
missed_the_last AS (
    -- Who missed all of the last day of a stay: of nobody else need each day be looked at.
    SELECT DISTINCT enrollment_span.student_id
    FROM enrollment_span
    JOIN newest USING (school_id)
    JOIN school_day
        ON school_day.school_id = enrollment_span.school_id
        AND school_day.school_year = $school_year
        AND school_day.days_taken = least(enrollment_span.taken_until, newest.days_taken)
    JOIN missed_day
        ON missed_day.student_id = enrollment_span.student_id
        AND missed_day.school_id = enrollment_span.school_id
        AND missed_day.school_year = $school_year
        AND missed_day.date = school_day.date
    WHERE enrollment_span.school_year = $school_year
        AND missed_day.missed_parts >= missed_day.parts_per_day
),
each_day AS (
    SELECT
        student_id,
        bool_and(bool_and(all_missed)) OVER (PARTITION BY student_id ORDER BY date DESC) AS in_a_row
    FROM enrolled_day
    SEMI JOIN missed_the_last USING (student_id)
    GROUP BY student_id, date
)
SELECT student_id, count(*) AS days
FROM each_day
WHERE in_a_row
GROUP BY student_id
