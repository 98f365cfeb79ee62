-- On which days students are missing: share of the enrolled days missed, by month and weekday.
-- One row per month and weekday so far. A day at two schools of the selection counts at each.
WITH rule AS (
    SELECT day_rule FROM definitions_in('definitions', $school_year) WHERE name = $definition
),
student AS (
    SELECT student_id
    FROM student_now WHERE period = 'this'
),
day AS (
    SELECT *
    FROM school_day
    WHERE school_year = $school_year
        AND date <= $as_of
        AND taken
        AND school_id IN (SELECT unnest($schools))
),
enrolled AS (
    SELECT day.date, count(*) AS days_enrolled
    FROM day
    JOIN enrollment_span
        ON enrollment_span.school_id = day.school_id
        AND enrollment_span.school_year = day.school_year
        AND enrollment_span.entry_date <= day.date
        AND enrollment_span.exit_date > day.date
    SEMI JOIN student ON student.student_id = enrollment_span.student_id
    GROUP BY day.date
),
missed AS (
    SELECT
        date,
        round(
            sum(days_by_rule(rule.day_rule, missed_parts, parts_per_day, half_missed)), 9
        ) AS days_absent
    FROM missed_day
    CROSS JOIN rule
    SEMI JOIN student USING (student_id)
    WHERE school_year = $school_year
        AND date <= $as_of
        AND school_id IN (SELECT unnest($schools))
    GROUP BY date
)
SELECT
    CAST(date_trunc('month', enrolled.date) AS DATE) AS month_start,
    isodow(enrolled.date) AS weekday_number,
    dayname(enrolled.date) AS weekday,
    coalesce(sum(missed.days_absent), 0) AS days_absent,
    CAST(sum(enrolled.days_enrolled) AS BIGINT) AS days_enrolled,
    coalesce(sum(missed.days_absent), 0) / sum(enrolled.days_enrolled) AS share
FROM enrolled
LEFT JOIN missed USING (date)
GROUP BY month_start, weekday_number, weekday
ORDER BY month_start, weekday_number
