-- Understood causes of the chronically absent, apart by school, by grade and by student group.
-- One row per dimension ('school', 'grade' or one of student groups), group and cause; cause is null
-- for those of whom no cause is known. students_absent: chronically absent in the group, of which a
-- student may have several causes. A school answers for its own days; a grade is that of the latest
-- entry; a dimension that nobody is described by is left out.
WITH known AS (
    SELECT DISTINCT student_id, cause FROM team_learned WHERE school_year = $school_year
),
student AS (
    SELECT student_id, school_year, grade
    FROM student_now
    WHERE period = 'this' AND chronically_absent
),
described AS (
    SELECT student_year.* EXCLUDE (school_year)
    FROM student
    JOIN student_year USING (student_id, school_year)
),
grouped AS (
    UNPIVOT described ON * EXCLUDE (student_id) INTO NAME dimension VALUE group_name
),
member AS (
    SELECT 'school' AS dimension, schools.school_name AS group_name, status.student_id
    FROM (FROM student_at_school WHERE period = 'this') AS status
    JOIN schools USING (school_id)
    WHERE status.chronically_absent
    UNION ALL
    SELECT 'grade', grade, student_id FROM student
    UNION ALL
    (
        SELECT dimension, group_name, student_id
        FROM grouped
        QUALIFY bool_or(group_name <> 'Unknown') OVER (PARTITION BY dimension)
    )
),
counted AS (
    SELECT
        *,
        count(*) OVER (PARTITION BY dimension, group_name) AS students_absent
    FROM member
)
SELECT
    counted.dimension,
    counted.group_name,
    known.cause,
    count(*) AS students,
    counted.students_absent
FROM counted
LEFT JOIN known USING (student_id)
GROUP BY counted.dimension, counted.group_name, known.cause, counted.students_absent
ORDER BY
    CASE counted.dimension WHEN 'school' THEN 1 WHEN 'grade' THEN 2 ELSE 3 END,
    counted.dimension,
    CASE
        WHEN counted.dimension <> 'grade' THEN 0
        WHEN counted.group_name = 'PK' THEN -1
        WHEN counted.group_name = 'K' THEN 0
        WHEN counted.group_name = 'Unknown' THEN 99
        ELSE TRY_CAST(counted.group_name AS INTEGER)
    END,
    counted.group_name,
    count(*) DESC,
    known.cause NULLS FIRST
