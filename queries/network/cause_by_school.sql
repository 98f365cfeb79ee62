-- Understood causes school by school, each school answering for its own days: a student who moved
-- may count at both.
-- One row per cause and school that has at least one chronically absent student with it.
SELECT cell.cause, schools.school_name, cell.students, cell.nearest, cell.withheld
FROM cause_cell AS cell
JOIN schools USING (school_id)
WHERE cell.level = 'school'
ORDER BY cell.cause, schools.school_name
