-- How many students are chronically absent, and how many days were attended.
-- One row for the selection; the days and their rate are over all students, also not evaluated.
SELECT
    students,
    nearest,
    students_not_evaluated,
    students_absent,
    rate,
    rate_at_least,
    rate_at_most,
    days_absent,
    days_enrolled,
    attendance_rate,
    withheld
FROM absence_cell
WHERE level = 'selection' AND period = 'this' AND dimension = 'all'
