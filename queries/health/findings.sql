-- What load set aside, repaired or noticed, and what would be right.
-- One row per finding; rows is how many rows it stands for.
SELECT kind, file, line, column_name, value, problem, remedy, rows
FROM load_findings
ORDER BY
    CASE kind WHEN 'set_aside' THEN 1 WHEN 'repaired' THEN 2 ELSE 3 END,
    file, problem, line
