-- What load found, with the values that name students, to be sent back to who made the files.
-- One row per finding. student_id: whose row it is, or the name in it, where a column of students is
-- what is wrong; value: of all other columns. A finding says nothing of its school, so there are
-- none for who chose or may see less than all schools.
SELECT
    kind, file, line, column_name,
    CASE WHEN is_of_student(column_name) THEN value END AS student_id,
    CASE WHEN NOT is_of_student(column_name) THEN value END AS value,
    problem, remedy, rows
FROM load_findings
WHERE (SELECT count(*) FROM schools) = len($schools)
ORDER BY
    CASE kind WHEN 'set_aside' THEN 1 WHEN 'repaired' THEN 2 ELSE 3 END,
    file, problem, line
