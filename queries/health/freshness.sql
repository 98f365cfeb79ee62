-- How fresh each school's attendance is, and how much of the year was taken.
-- One row per school of the selection; last_row_date is null for a school that has not reported.
WITH day AS (
    SELECT school_id, count(*) AS days_expected, count(*) FILTER (WHERE taken) AS days_taken
    FROM school_day
    WHERE school_year = $school_year AND date <= $as_of
    GROUP BY school_id
),
newest AS (
    SELECT attendance.school_id, max(attendance.date) AS last_row_date
    FROM attendance
    JOIN school_day USING (school_id, date)
    WHERE school_day.school_year = $school_year AND attendance.date <= $as_of
    GROUP BY attendance.school_id
)
SELECT
    schools.school_id,
    schools.school_name,
    newest.last_row_date,
    coalesce(day.days_expected, 0) AS days_expected,
    coalesce(day.days_taken, 0) AS days_taken,
    day.days_taken / nullif(day.days_expected, 0) AS coverage
FROM schools
LEFT JOIN day USING (school_id)
LEFT JOIN newest USING (school_id)
WHERE schools.school_id IN (SELECT unnest($schools))
ORDER BY coverage NULLS FIRST, schools.school_name
