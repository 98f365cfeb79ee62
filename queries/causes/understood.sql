-- Why students are chronically absent, as people came to understand it: what they learned in the
-- school year, not codes. One row per cause, most students first; a student may have several causes,
-- so that they do not add up to the number of students. Over the students of the selection that are
-- chronically absent.
WITH student AS (
    SELECT student_id
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
    WHERE chronically_absent
)
SELECT
    coalesce(team_cause.family, 'not sorted yet') AS family,
    team_learned.cause,
    count(DISTINCT team_learned.student_id) AS students
FROM team_learned
SEMI JOIN student ON student.student_id = team_learned.student_id
LEFT JOIN team_cause USING (cause)
WHERE team_learned.school_year = $school_year
GROUP BY ALL
ORDER BY students DESC, team_learned.cause
