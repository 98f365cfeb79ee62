-- Who does what by when, and what came of it: the next steps of the selection's students.
-- One row per next step, the first due first. due: it was due on or before the as-of date, done or
-- not. record and version say which one to change.
WITH student AS (
    SELECT student_id, school_id, grade
    FROM student_now WHERE period = 'this'
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
    team_step.due_on <= $as_of AS due
FROM team_step
JOIN student USING (student_id)
JOIN student_label USING (student_id)
JOIN schools ON schools.school_id = student.school_id
ORDER BY team_step.due_on, student_label.student_name, team_step.record
