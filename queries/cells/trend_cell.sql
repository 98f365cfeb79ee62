-- Each school's students in the year and up to four before it, by its own days, all at the same
-- instructional day of the school as the day asked for. One row per school and school year, of those
-- with an enrollment.
WITH year AS (
    SELECT school_year, row_number() OVER (ORDER BY school_year DESC) AS back
    FROM year_dates
    WHERE school_year < $school_year AND school_year IS DISTINCT FROM $compare_year
),
-- The macro takes two years; one that is not there gives no row.
status AS (
    SELECT * FROM student_at_school
    UNION ALL BY NAME
    SELECT * EXCLUDE (definition, point, unit)
    FROM student_status(
        $definition, $school_year, (SELECT school_year FROM year WHERE back = 1), $as_of, $schools,
        $grade, $dimension, $group_name, each_month := false, each_school := true
    )
    WHERE period = 'last'
    UNION ALL BY NAME
    SELECT * EXCLUDE (definition, point, unit)
    FROM student_status(
        $definition, $school_year, (SELECT school_year FROM year WHERE back = 2), $as_of, $schools,
        $grade, $dimension, $group_name, each_month := false, each_school := true
    )
    WHERE period = 'last'
    UNION ALL BY NAME
    SELECT * EXCLUDE (definition, point, unit)
    FROM student_status(
        $definition, $school_year, (SELECT school_year FROM year WHERE back = 3), $as_of, $schools,
        $grade, $dimension, $group_name, each_month := false, each_school := true
    )
    WHERE period = 'last'
)
SELECT
    school_id,
    school_year,
    count(chronically_absent) AS students,
    1 AS nearest,
    count(*) FILTER (WHERE chronically_absent) AS students_absent,
    students_absent / nullif(students, 0) AS rate,
    rate AS rate_at_least,
    rate AS rate_at_most,
    false AS withheld
FROM status
GROUP BY school_id, school_year
