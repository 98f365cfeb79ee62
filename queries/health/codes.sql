-- How each attendance code counts, and how often it was used.
-- One row per code.
SELECT
    attendance_codes.code,
    attendance_codes.label,
    attendance_codes.counts_as,
    attendance_codes.excused,
    coalesce(attendance_codes.reason, 'Not recorded') AS reason,
    count(attendance.code) AS rows
FROM attendance_codes
LEFT JOIN attendance USING (code)
GROUP BY ALL
ORDER BY rows DESC, attendance_codes.code
