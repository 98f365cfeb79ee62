-- Which cause several schools share, and who works on it: where one conversation reaches most.
-- One row per understood cause, most schools first, then most students.
-- schools: with at least one student who has the cause and is chronically absent by the school's own
-- days. students: chronically absent over all chosen schools; students_at_schools: those of them who
-- are at those schools. A partner reaches the choice when it names one of its neighborhoods or
-- schools, or no place at all, and is at the table when it has a seat at one of its schools.
WITH family AS (
    SELECT cause, min(family) AS family FROM team_cause GROUP BY cause
)
SELECT
    cell.cause,
    coalesce(family.family, 'not sorted yet') AS family,
    cell.schools,
    cell.students,
    cell.nearest,
    cell.students_at_schools,
    coalesce(partner.partners_known, 0) AS partners_known,
    coalesce(partner.partners_at_table, 0) AS partners_at_table,
    cell.withheld
FROM cause_cell AS cell
LEFT JOIN family USING (cause)
LEFT JOIN partners_by_cause($schools) AS partner ON partner.cause = lower(trim(cell.cause))
WHERE cell.level = 'selection' AND cell.cause IS NOT NULL
ORDER BY cell.schools DESC, cell.students DESC NULLS LAST, cell.cause
