-- The same as student_then, as that earlier load has it: database.py asks its generation. One row
-- per student, grain, unit and day rule.
SELECT * EXCLUDE (point) FROM student_count WHERE point = 'now' AND $earlier_load IS NOT NULL
