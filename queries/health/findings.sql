-- What load set aside, repaired or noticed, and what would be right.
-- One row per finding; rows is how many rows it stands for.
SELECT
    kind, file, line, column_name, value,
    -- What a page shows: a page names no student, not by an id either.
    CASE
        WHEN regexp_matches(column_name, 'student_id|respondent_id|first_name|last_name')
            THEN '(line or row in the file)'
        ELSE value
    END AS value_without_ids,
    problem, remedy, rows
FROM load_findings
ORDER BY
    CASE kind WHEN 'set_aside' THEN 1 WHEN 'repaired' THEN 2 ELSE 3 END,
    file, problem, line
