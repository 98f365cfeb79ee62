-- The students behind each step from the number here to another's: those who are counted in one of
-- both alone. One row per student; of who is in no enrollment here, the id alone is known. their_days_*: as
-- their list has them.
WITH in_force AS (
    FROM definitions_in('definitions', $school_year)
)
SELECT
    student.step,
    student.detail,
    student.what,
    student.student_id,
    coalesce(student_label.student_name, student.student_id) AS student_name,
    schools.school_name,
    student.here,
    student.there,
    status.days_absent,
    status.days_enrolled,
    student.their_days_absent,
    student.their_days_enrolled
FROM rules_told('student_reconciled', 'in_force', 'attendance_codes', $schools) AS student
LEFT JOIN student_now AS status
    ON status.student_id = student.student_id AND status.period = 'this'
LEFT JOIN student_label ON student_label.student_id = student.student_id
LEFT JOIN schools ON schools.school_id = status.school_id
WHERE student.step IS NOT NULL AND tells_both(
    'student_count', 'in_force', $definition, $other_definition,
    $their_number IS NOT NULL OR $their_list IS NOT NULL, $is_of_totals
)
ORDER BY student.step, student.detail, student_name, student.student_id
