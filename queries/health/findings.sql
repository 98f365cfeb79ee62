-- What load set aside, repaired or noticed, and what would be right.
-- One row per finding; rows is how many rows it stands for.
SELECT
    kind, file, line, column_name,
    -- No student is named, not by an id either: load itself said whose row it was.
    CASE WHEN is_of_student(column_name) THEN '(line or row in the file)' ELSE value END AS value,
    problem, remedy, rows
FROM load_findings
ORDER BY
    CASE kind WHEN 'set_aside' THEN 1 WHEN 'repaired' THEN 2 ELSE 3 END,
    file, problem, line
