-- The last twenty instructional days of each student's school, of those of this year, as far as the
-- student was enrolled and attendance was taken. One row per student and day; missed, as the
-- definition counts: a day at several schools is one day, and the least that was missed counts.
WITH rule AS (
    SELECT day_rule FROM definitions_in('definitions', $school_year) WHERE name = $definition
),
school_day_so_far AS (
    SELECT
        school_id,
        date,
        row_number() OVER (PARTITION BY school_id ORDER BY date DESC) AS days_back
    FROM school_day
    WHERE school_year = $school_year
        AND date <= $as_of
        AND NOT silent
        AND list_contains($schools, school_id)
    QUALIFY days_back <= 20
),
enrolled_day AS (
    SELECT
        enrollment_span.student_id,
        school_day.date,
        coalesce(missed_day.missed_parts, 0) AS missed_parts,
        coalesce(missed_day.half_missed, false) AS half_missed
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
        AND school_day.date >= (SELECT min(date) FROM school_day_so_far)
        AND school_day.date <= $as_of
)
SELECT
    student.student_id,
    enrolled_day.date,
    any_value(since.last_5) <= enrolled_day.date AS of_last_5,
    any_value(since.last_10) <= enrolled_day.date AS of_last_10,
    min(
        CASE
            WHEN rule.day_rule = 'half_day' THEN CAST(enrolled_day.half_missed AS INTEGER)
            ELSE enrolled_day.missed_parts
        END
    ) AS missed
FROM student_now AS student
CROSS JOIN rule
JOIN (
    SELECT
        school_id,
        min(date) FILTER (WHERE days_back <= 5) AS last_5,
        min(date) FILTER (WHERE days_back <= 10) AS last_10,
        min(date) AS last_20
    FROM school_day_so_far
    GROUP BY school_id
) AS since USING (school_id)
JOIN enrolled_day
    ON enrolled_day.student_id = student.student_id AND enrolled_day.date >= since.last_20
WHERE student.period = 'this'
GROUP BY student.student_id, enrolled_day.date
