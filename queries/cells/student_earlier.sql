-- The same as student_then, as that earlier load has it: database.py asks its generation.
SELECT * EXCLUDE (point) FROM student_count WHERE point = 'now' AND $earlier_load IS NOT NULL
