-- When days are missed for which recorded reason: codes of the office, not causes.
-- One row per month, weekday and recorded reason. dates: how many days of that weekday and month
-- attendance was taken on at one of the schools, as months have not the same number of Mondays.
WITH student AS (
    SELECT student_id
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
),
rule AS (
    SELECT day_rule FROM definitions WHERE name = $definition
),
missed AS (
    SELECT missed_day.*
    FROM missed_day
    SEMI JOIN student ON student.student_id = missed_day.student_id
    WHERE missed_day.school_year = $school_year
        AND missed_day.date <= $as_of
        AND missed_day.school_id IN (SELECT unnest($schools))
),
shared AS (
    SELECT student_id, date, min_by(school_id, {'parts': missed_parts, 'school_id': school_id}) AS school_id
    FROM shared_day
    WHERE school_year = $school_year
        AND date <= $as_of
        AND school_id IN (SELECT unnest($schools))
    GROUP BY student_id, date
),
day AS (
    SELECT
        missed.date,
        coalesce(missed.reason, 'Not recorded') AS reason,
        CASE
            WHEN rule.day_rule = 'fraction' THEN missed.missed_parts / missed.parts_per_day
            ELSE CAST(missed.half_missed AS INTEGER)
        END AS days
    FROM missed
    CROSS JOIN rule
    LEFT JOIN shared USING (student_id, date)
    WHERE shared.school_id IS NULL OR shared.school_id = missed.school_id
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
    sum(day.days) AS days,
    max(taken.dates) AS dates,
    sum(day.days) / max(taken.dates) AS days_a_date
FROM day
JOIN taken ON taken.month = date_trunc('month', day.date) AND taken.weekday = isodow(day.date)
WHERE day.days > 0
GROUP BY month_start, weekday_number, day.reason, dayname(day.date)
ORDER BY month_start, weekday_number, days DESC, day.reason
