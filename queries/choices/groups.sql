-- Student groups to choose from.
-- One row per dimension and group; a dimension that nobody is described by is left out.
SELECT dimension, group_name
FROM student_group
GROUP BY dimension, group_name
QUALIFY bool_or(group_name <> 'Unknown') OVER (PARTITION BY dimension)
ORDER BY dimension, group_name
