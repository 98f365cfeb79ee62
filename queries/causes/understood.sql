-- Why students are chronically absent, as people came to understand it: what they learned in the
-- school year, not codes. One row per cause, most students first; a student may have several causes,
-- so that they do not add up to the number of students. Over the students of the selection that are
-- chronically absent.
SELECT
    coalesce(team_cause.family, 'not sorted yet') AS family,
    cell.cause,
    cell.students,
    cell.nearest,
    cell.withheld
FROM cause_cell AS cell
LEFT JOIN team_cause USING (cause)
WHERE cell.level = 'selection' AND cell.cause IS NOT NULL
    AND cell.students IS DISTINCT FROM 0
ORDER BY cell.students DESC NULLS LAST, cell.cause
