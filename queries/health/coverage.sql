-- On how many instructional days attendance was taken, and of how many of the others the rows are
-- missing (school_day, unsent).
-- One row per school of the selection and week, up to the as-of date.
SELECT
    schools.school_id,
    schools.school_name,
    week.week_start,
    week.days_expected,
    week.days_taken,
    week.days_unsent
FROM school_week('school_day', $schools, $school_year, CAST($as_of AS DATE)) AS week
JOIN schools USING (school_id)
ORDER BY schools.school_name, week.week_start
