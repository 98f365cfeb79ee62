-- What every student of the choice is counted by on the last day that an earlier load had counted,
-- by these data. One row per student, grain, unit and day rule, as in student_count; none where no
-- earlier load is at hand. database.py sets the day.
SELECT * EXCLUDE (point) FROM student_count WHERE point = 'now' AND $earlier_load IS NOT NULL
