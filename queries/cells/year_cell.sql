-- Each school's students in the year and up to four before it: earlier years whole, the chosen one up
-- to the day asked for. One row per school and school year, of those with an enrollment.
WITH year AS (
    SELECT
        school_year,
        CASE WHEN school_year = $school_year THEN CAST($as_of AS DATE) ELSE last_counted_date END
            AS until,
        row_number() OVER (ORDER BY school_year DESC) AS back
    FROM year_dates
    WHERE school_year = $school_year
        OR (school_year < $school_year AND last_counted_date >= last_date)
),
-- The macro takes two years; one that is not there gives no row, and the day of each is its own.
status AS (
    SELECT * FROM student_at_school WHERE period = 'this'
    UNION ALL BY NAME
    SELECT * EXCLUDE (definition, point, unit)
    FROM student_status(
        $definition, (SELECT school_year FROM year WHERE back = 2), NULL,
        (SELECT until FROM year WHERE back = 2), $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
    UNION ALL BY NAME
    SELECT * EXCLUDE (definition, point, unit)
    FROM student_status(
        $definition, (SELECT school_year FROM year WHERE back = 3), NULL,
        (SELECT until FROM year WHERE back = 3), $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
    UNION ALL BY NAME
    SELECT * EXCLUDE (definition, point, unit)
    FROM student_status(
        $definition, (SELECT school_year FROM year WHERE back = 4), NULL,
        (SELECT until FROM year WHERE back = 4), $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
    UNION ALL BY NAME
    SELECT * EXCLUDE (definition, point, unit)
    FROM student_status(
        $definition, (SELECT school_year FROM year WHERE back = 5), NULL,
        (SELECT until FROM year WHERE back = 5), $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
),
-- Those of whom a cause of some family is understood, of the chronically absent of whom any is.
understood AS (
    SELECT DISTINCT status.school_id, status.school_year, status.student_id, team_cause.family
    FROM status
    JOIN team_learned USING (student_id, school_year)
    LEFT JOIN team_cause USING (cause)
    WHERE status.chronically_absent
),
counted AS (
    SELECT
        school_id,
        school_year,
        '' AS family,
        count(*) FILTER (WHERE chronically_absent IS NOT NULL) AS students,
        count(*) FILTER (WHERE chronically_absent) AS part
    FROM status
    GROUP BY school_id, school_year
    UNION ALL BY NAME
    SELECT
        understood.school_id,
        understood.school_year,
        wanted.family,
        count(DISTINCT understood.student_id) AS students,
        count(DISTINCT understood.student_id) FILTER (WHERE understood.family = wanted.family)
            AS part
    FROM understood
    CROSS JOIN (SELECT unnest(['aversion', 'disengagement']) AS family) AS wanted
    GROUP BY ALL
)
SELECT
    *,
    1 AS nearest,
    part / nullif(students, 0) AS share,
    share AS share_at_least,
    share AS share_at_most,
    false AS withheld
FROM counted
