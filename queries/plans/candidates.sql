-- Whom a plan could be for: students who are chronically absent and still enrolled, all of them,
-- those of whom no cause is known, and those of each understood cause.
-- One row per group and student; a student with several causes stands in each of them. who: 'all',
-- 'no cause' or 'cause'. students: how many the group has. days_missed_percent: of the days that
-- they were enrolled so far, all together, in whole percent; the other one of Mondays and Fridays,
-- null where there was none.
WITH rule AS (
    SELECT day_rule FROM definitions_in('definitions', $school_year) WHERE name = $definition
),
student AS (
    SELECT status.student_id, status.school_id, status.grade, status.days_absent, status.days_enrolled
    FROM student_now AS status
    WHERE period = 'this' AND status.chronically_absent
        AND EXISTS (
            SELECT 1
            FROM enrollment_span
            WHERE enrollment_span.student_id = status.student_id
                AND enrollment_span.school_year = $school_year
                AND enrollment_span.school_id IN (SELECT unnest($schools))
                AND enrollment_span.entry_date <= $as_of
                AND enrollment_span.exit_date > $as_of
        )
),
end_of_week AS (
    -- A day at several schools is one day, and the least that was missed counts.
    SELECT
        student.student_id,
        school_day.date,
        min(
            CASE
                WHEN missed_day.student_id IS NULL THEN 0.0
                WHEN rule.day_rule = 'half_day' THEN CAST(missed_day.half_missed AS INTEGER)
                ELSE missed_day.missed_parts / missed_day.parts_per_day
            END
        ) AS missed
    FROM student
    CROSS JOIN rule
    JOIN enrollment_span
        ON enrollment_span.student_id = student.student_id
        AND enrollment_span.school_year = $school_year
        AND enrollment_span.school_id IN (SELECT unnest($schools))
    JOIN school_day
        ON school_day.school_id = enrollment_span.school_id
        AND school_day.school_year = $school_year
        AND school_day.date >= enrollment_span.entry_date
        AND school_day.date < enrollment_span.exit_date
        AND school_day.date <= $as_of
    LEFT JOIN missed_day
        ON missed_day.student_id = student.student_id
        AND missed_day.school_id = school_day.school_id
        AND missed_day.school_year = $school_year
        AND missed_day.date = school_day.date
    WHERE school_day.taken AND isodow(school_day.date) IN (1, 5)
    GROUP BY student.student_id, school_day.date
),
both_ends AS (
    SELECT student_id, count(*) AS days, sum(missed) AS missed FROM end_of_week GROUP BY student_id
),
known AS (
    SELECT DISTINCT student_id, cause FROM team_learned WHERE school_year = $school_year
),
grouped AS (
    SELECT 'all' AS who, '' AS cause, student_id FROM student
    UNION ALL
    SELECT 'no cause', '', student_id
    FROM student
    WHERE student_id NOT IN (SELECT student_id FROM known)
    UNION ALL
    SELECT 'cause', known.cause, known.student_id FROM known SEMI JOIN student USING (student_id)
)
SELECT
    grouped.who,
    grouped.cause,
    student.student_id,
    student_label.student_name,
    student.school_id,
    nullif(student.grade, 'Unknown') AS grade,
    count(*) OVER everybody AS students,
    CAST(
        floor(
            100 * sum(student.days_absent) OVER everybody / sum(student.days_enrolled) OVER everybody
            + 0.5
        ) AS INTEGER
    ) AS days_missed_percent,
    CAST(
        floor(100 * sum(both_ends.missed) OVER everybody / sum(both_ends.days) OVER everybody + 0.5)
        AS INTEGER
    ) AS mondays_and_fridays_missed_percent
FROM grouped
JOIN student USING (student_id)
JOIN student_label USING (student_id)
LEFT JOIN both_ends USING (student_id)
WINDOW everybody AS (PARTITION BY grouped.who, grouped.cause)
ORDER BY
    list_position(['all', 'no cause', 'cause'], grouped.who),
    students DESC,
    grouped.cause,
    student_label.student_name,
    student.student_id
