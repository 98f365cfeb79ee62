-- The same at each school by itself, by its own days: a student who moved stands at both.
-- One row per period, school and student.
SELECT * EXCLUDE (definition, point, unit)
FROM student_status(
    $definition, $school_year, $compare_year, $as_of, $schools, $grade, $dimension, $group_name,
    each_month := false, each_school := true
)
