-- Student groups to choose from.
-- One row per dimension and group; a dimension that nobody is described by is left out.
WITH member AS (
    UNPIVOT (SELECT * EXCLUDE (student_id, school_year) FROM student_year)
    ON *
    INTO NAME dimension VALUE group_name
)
SELECT dimension, group_name
FROM member
GROUP BY dimension, group_name
QUALIFY bool_or(group_name <> 'Unknown') OVER (PARTITION BY dimension)
ORDER BY dimension, group_name
