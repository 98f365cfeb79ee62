-- On how many instructional days attendance was taken.
-- One row per school of the selection and week, up to the as-of date.
SELECT
    schools.school_id,
    schools.school_name,
    CAST(date_trunc('week', school_day.date) AS DATE) AS week_start,
    count(*) AS days_expected,
    count(*) FILTER (WHERE school_day.taken) AS days_taken
FROM school_day
JOIN schools USING (school_id)
WHERE school_day.school_year = $school_year
    AND school_day.date <= $as_of
    AND school_day.school_id IN (SELECT unnest($schools))
GROUP BY schools.school_id, schools.school_name, week_start
ORDER BY schools.school_name, week_start
