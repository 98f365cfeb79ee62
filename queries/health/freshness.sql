-- How fresh each school's attendance is, and how much of the year was taken.
-- One row per school of the selection, none of a year of totals; last_row_date is null for a school that has not reported.
-- has_stopped: nothing came after it, for longer than the school's history makes likely.
WITH day AS (
    SELECT
        school_id,
        count(*) AS days_expected,
        count(*) FILTER (WHERE taken) AS days_taken,
        bool_or(silent) AS has_stopped
    FROM school_day
    WHERE school_year = $school_year AND date <= $as_of
    GROUP BY school_id
),
newest AS (
    SELECT school_id, max(date) AS last_row_date
    FROM row_day
    WHERE school_year = $school_year AND date <= $as_of AND NOT stray
    GROUP BY school_id
)
SELECT
    schools.school_id,
    schools.school_name,
    newest.last_row_date,
    coalesce(day.days_expected, 0) AS days_expected,
    coalesce(day.days_taken, 0) AS days_taken,
    day.days_taken / nullif(day.days_expected, 0) AS coverage,
    coalesce(day.has_stopped, false) AS has_stopped
FROM schools
LEFT JOIN day USING (school_id)
LEFT JOIN newest USING (school_id)
WHERE schools.school_id IN (SELECT unnest($schools)) AND NOT $is_of_totals
ORDER BY coverage NULLS FIRST, schools.school_name
