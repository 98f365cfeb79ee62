-- What students can be told apart by. One row per dimension ('grade', or one of student groups that
-- anybody is described by) and category that occurs.
WITH member AS (
    SELECT 'grade' AS dimension, grade AS category, true AS is_described
    FROM entry
    UNION ALL
    SELECT dimension, group_name, group_name <> 'Unknown'
    FROM (
        UNPIVOT (SELECT * EXCLUDE (student_id, school_year) FROM student_year)
        ON * INTO NAME dimension VALUE group_name
    )
)
SELECT dimension, category, false AS withheld
FROM member
GROUP BY dimension, category
QUALIFY bool_or(bool_or(is_described)) OVER (PARTITION BY dimension)
