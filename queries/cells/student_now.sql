-- Where every student of the choice stands at the day chosen, and stood last year at the same
-- instructional day. One row per period and student, over all chosen schools as one.
SELECT * EXCLUDE (definition, point, unit)
FROM student_status(
    $definition, $school_year, $compare_year, $as_of, $schools, $grade, $dimension, $group_name,
    each_month := false, each_school := false
)
