-- What the attendance team said it would do for the students of the selection, whoever they are.
-- One row for the selection. A week counts from the day up to which days are counted ($as_of):
-- overdue: open, and due before it. due_this_week: open, due on it or in the seven days after.
-- done_last_week: ended as done in the seven days up to it. students: with an open step.
WITH step AS (
    SELECT team_step.*
    FROM team_step
    SEMI JOIN (FROM student_now WHERE period = 'this') AS student USING (student_id)
)
SELECT
    count(*) FILTER (WHERE state = 'open') AS open_steps,
    count(*) FILTER (WHERE state = 'open' AND due_on < CAST($as_of AS DATE)) AS overdue,
    count(*) FILTER (
        WHERE state = 'open' AND due_on BETWEEN CAST($as_of AS DATE) AND CAST($as_of AS DATE) + 7
    ) AS due_this_week,
    count(*) FILTER (
        WHERE state = 'done' AND ended_on BETWEEN CAST($as_of AS DATE) - 6 AND CAST($as_of AS DATE)
    ) AS done_last_week,
    count(DISTINCT student_id) FILTER (WHERE state = 'open') AS students
FROM step
