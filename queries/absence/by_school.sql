-- Chronic absence school by school, each school answering for its own days: a student who moved
-- may count at both, so the schools do not add up to the network.
-- One row per school with an enrollment in the year.
SELECT
    schools.school_id,
    schools.school_name,
    cell.students,
    cell.nearest,
    cell.students_not_evaluated,
    cell.students_absent,
    cell.rate,
    cell.rate_at_least,
    cell.rate_at_most,
    cell.days_absent,
    cell.days_enrolled,
    cell.attendance_rate,
    wilson_low(cell.rate, cell.students) AS rate_low,
    wilson_high(cell.rate, cell.students) AS rate_high,
    cell.withheld
FROM absence_cell AS cell
JOIN schools USING (school_id)
WHERE cell.level = 'school' AND cell.period = 'this' AND cell.dimension = 'all'
    AND cell.students_enrolled IS DISTINCT FROM 0
ORDER BY schools.school_name
