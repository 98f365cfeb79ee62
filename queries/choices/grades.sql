-- Grades that occur, in school order.
-- One row per grade.
SELECT category AS grade, withheld
FROM category_cell
WHERE dimension = 'grade'
ORDER BY grade_order(category), category
