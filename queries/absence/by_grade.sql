-- Chronic absence by grade, of the student's latest entry.
-- One row per grade, in school order.
SELECT
    category AS grade,
    students,
    nearest,
    students_absent,
    rate,
    rate_at_least,
    rate_at_most,
    wilson_low(rate, students) AS rate_low,
    wilson_high(rate, students) AS rate_high,
    withheld
FROM absence_cell
WHERE level = 'selection' AND period = 'this' AND dimension = 'grade'
    AND students_enrolled IS DISTINCT FROM 0
ORDER BY grade_order(category), category
