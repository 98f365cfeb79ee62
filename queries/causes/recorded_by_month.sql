-- When days are missed for which recorded reason: codes of the office, not causes.
-- One row per month, weekday and recorded reason. dates: how many days of that weekday and month
-- attendance was taken on at one of the schools, as months have not the same number of Mondays.
WITH student AS (
    SELECT student_id
    FROM student_now WHERE period = 'this'
),
taken AS (
    SELECT date_trunc('month', date) AS month, isodow(date) AS weekday, count(DISTINCT date) AS dates
    FROM school_day
    WHERE school_year = $school_year
        AND date <= $as_of
        AND taken
        AND school_id IN (SELECT unnest($schools))
    GROUP BY ALL
)
SELECT
    CAST(date_trunc('month', day.date) AS DATE) AS month_start,
    isodow(day.date) AS weekday_number,
    dayname(day.date) AS weekday,
    day.reason,
    round(sum(day.days), 9) AS days,
    max(taken.dates) AS dates,
    round(sum(day.days), 9) / max(taken.dates) AS days_a_date
FROM days_missed('student', $definition, $school_year, $as_of, $schools) AS day
JOIN taken ON taken.month = date_trunc('month', day.date) AND taken.weekday = isodow(day.date)
WHERE day.days > 0
GROUP BY month_start, weekday_number, day.reason, dayname(day.date)
ORDER BY month_start, weekday_number, days DESC, day.reason
