-- Who does what by when, and what came of it: the next steps of the selection's students.
-- One row per next step, the first due first. due: it was due on or before the as-of date, done or
-- not. record and version say which one to change. days_absent_10_before, days_absent_10_after: of a
-- step that is done, the days missed, as the definition counts them, of the student's last ten school
-- days of the year before the day on which it was done, and of the first ten after it; null where
-- there are fewer than ten. The one need not come from the other.
WITH student AS (
    SELECT student_id, school_id, grade
    FROM student_now WHERE period = 'this'
),
done AS (
    SELECT team_step.record, team_step.student_id, team_step.ended_on
    FROM team_step
    SEMI JOIN student USING (student_id)
    WHERE team_step.state = 'done' AND team_step.ended_on <= $as_of
),
ten AS (
    SELECT DISTINCT
        done.record,
        done.student_id,
        school_day.date,
        school_day.date < done.ended_on AS is_before
    FROM done
    JOIN enrollment_span
        ON enrollment_span.student_id = done.student_id
        AND enrollment_span.school_year = $school_year
        AND list_contains($schools, enrollment_span.school_id)
    JOIN school_day
        ON school_day.school_id = enrollment_span.school_id
        AND school_day.school_year = $school_year
        AND school_day.date >= enrollment_span.entry_date
        AND school_day.date < enrollment_span.exit_date
    WHERE school_day.taken
        AND school_day.date <= $as_of
        AND school_day.date <> done.ended_on
    QUALIFY dense_rank() OVER (
        PARTITION BY done.record, is_before
        ORDER BY abs(date_diff('day', done.ended_on, school_day.date))
    ) <= 10
),
around AS (
    SELECT
        ten.record,
        count(*) FILTER (WHERE ten.is_before) AS days_before,
        count(*) FILTER (WHERE NOT ten.is_before) AS days_after,
        sum(coalesce(missed.days, 0)) FILTER (WHERE ten.is_before) AS missed_before,
        sum(coalesce(missed.days, 0)) FILTER (WHERE NOT ten.is_before) AS missed_after
    FROM ten
    LEFT JOIN days_missed('done', $definition, $school_year, $as_of, $schools) AS missed
        USING (student_id, date)
    GROUP BY ten.record
)
SELECT
    team_step.record,
    team_step.version,
    team_step.written_at,
    team_step.written_by,
    student.student_id,
    student_label.student_name,
    team_step.school_id,
    schools.school_name,
    nullif(student.grade, 'Unknown') AS grade,
    team_step.what,
    team_step.owner,
    team_step.due_on,
    team_step.state,
    team_step.result,
    team_step.ended_on,
    team_step.due_on <= $as_of AS due,
    CASE WHEN around.days_before = 10 THEN around.missed_before END AS days_absent_10_before,
    CASE WHEN around.days_after = 10 THEN around.missed_after END AS days_absent_10_after
FROM team_step
JOIN student USING (student_id)
JOIN student_label USING (student_id)
JOIN schools ON schools.school_id = student.school_id
LEFT JOIN around ON around.record = team_step.record
ORDER BY team_step.due_on, student_label.student_name, team_step.record
