-- Student groups to choose from.
-- One row per dimension and group; a dimension that nobody is described by is left out.
SELECT dimension, category AS group_name, withheld
FROM category_cell
WHERE dimension <> 'grade'
ORDER BY dimension, group_name
