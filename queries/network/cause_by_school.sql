-- Understood causes school by school, each school answering for its own days: a student who moved
-- may count at both.
-- One row per cause and school that has at least one chronically absent student with it.
SELECT
    team_learned.cause,
    schools.school_name,
    count(DISTINCT status.student_id) AS students
FROM student_status(
    $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
    each_month := false, each_school := true
) AS status
JOIN team_learned
    ON team_learned.student_id = status.student_id AND team_learned.school_year = $school_year
JOIN schools ON schools.school_id = status.school_id
WHERE status.chronically_absent
GROUP BY team_learned.cause, schools.school_name
ORDER BY team_learned.cause, schools.school_name
