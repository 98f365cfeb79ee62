-- Every student of the selection and where they stand.
-- One row per student with an enrollment in the selection, also one without a day; over several
-- schools, school and grade are those of the latest entry.
WITH status AS (
    SELECT *
    FROM student_now WHERE period = 'this'
)
SELECT
    status.student_id,
    student_label.student_name,
    schools.school_name,
    nullif(status.grade, 'Unknown') AS grade,
    status.days_absent,
    status.days_enrolled,
    status.days_absent / nullif(status.days_enrolled, 0) AS rate,
    status.tier,
    status.chronically_absent,
    status.absences_left,
    status.within_3_absences
FROM status
JOIN student_label USING (student_id)
JOIN schools USING (school_id)
ORDER BY rate DESC NULLS LAST, student_label.student_name, status.student_id
