-- From the number here to the number under another definition, counted school by school as a
-- state counts: why two honest numbers differ.
-- One row per step, in order; students adds up from the first row to the last.
WITH status AS (
    SELECT *
    FROM student_status(
        NULL, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
    WHERE definition IN ($definition, $other_definition)
),
school_status AS (
    SELECT *
    FROM student_status(
        $other_definition, $school_year, NULL, $as_of, $schools, $grade, $dimension,
        $group_name, each_month := false, each_school := true
    )
),
pair AS (
    SELECT
        student_id,
        bool_or(chronically_absent) FILTER (WHERE definition = $definition) AS here,
        bool_or(chronically_absent) FILTER (WHERE definition = $other_definition) AS there
    FROM status
    GROUP BY student_id
),
counted AS (
    SELECT
        count(*) FILTER (WHERE here) AS here,
        count(*) FILTER (WHERE there) AS there,
        count(*) FILTER (WHERE here AND there IS NULL) AS not_evaluated_there,
        count(*) FILTER (WHERE here AND NOT there) AS not_chronic_there,
        count(*) FILTER (WHERE there AND here IS NULL) AS not_evaluated_here,
        count(*) FILTER (WHERE there AND NOT here) AS not_chronic_here
    FROM pair
),
by_school AS (
    SELECT count(*) FILTER (WHERE chronically_absent) AS students FROM school_status
),
steps AS (
    SELECT unnest([
        {'place': 1, 'step': 'here', 'students': here},
        {'place': 2, 'step': 'not_evaluated_there', 'students': -not_evaluated_there},
        {'place': 3, 'step': 'not_chronic_there', 'students': -not_chronic_there},
        {'place': 4, 'step': 'not_evaluated_here', 'students': not_evaluated_here},
        {'place': 5, 'step': 'not_chronic_here', 'students': not_chronic_here},
        {'place': 6, 'step': 'school_by_school', 'students': by_school.students - there},
        {'place': 7, 'step': 'there', 'students': by_school.students}
    ], recursive := true)
    FROM counted
    CROSS JOIN by_school
)
SELECT step, students
FROM steps
ORDER BY place
