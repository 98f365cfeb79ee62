-- How each attendance code counts, and how often it was used.
-- One row per code, and per school where it means something else there.
SELECT
    attendance_codes.code,
    attendance_codes.label,
    attendance_codes.counts_as,
    attendance_codes.excused,
    coalesce(attendance_codes.reason, 'Not recorded') AS reason,
    count(attendance.code) AS rows,
    attendance_codes.school_id
FROM attendance_codes
LEFT JOIN code_of_school
    ON code_of_school.code = attendance_codes.code
    AND code_of_school.of_school IS NOT DISTINCT FROM attendance_codes.school_id
LEFT JOIN attendance
    ON attendance.code = code_of_school.code
    AND attendance.school_id = code_of_school.school_id
GROUP BY ALL
ORDER BY rows DESC, attendance_codes.code, attendance_codes.school_id
