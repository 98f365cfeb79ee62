-- Students counted at the day chosen, and last year at the same instructional day.
-- One row per level ('selection', 'school': by its own days), school, period ('this', 'last' year),
-- dimension and category: 'all', 'grade' of the latest entry, and of the selection this year also
-- 'tier' of those evaluated and each dimension of student groups that anybody is described by.
-- students: evaluated; students_absent: of those chronically absent, or of the tier; rate: their
-- share, here between equal ends. Days are of all students, also not evaluated. change_points: of the
-- rate since last year.
WITH student AS (
    SELECT 'selection' AS level, * REPLACE (CAST(NULL AS VARCHAR) AS school_id) FROM student_now
    UNION ALL BY NAME
    SELECT 'school' AS level, * FROM student_at_school
),
described AS (
    SELECT student_now.chronically_absent, student_year.* EXCLUDE (student_id, school_year)
    FROM student_now
    JOIN student_year USING (student_id, school_year)
    WHERE student_now.period = 'this'
),
member AS (
    SELECT dimension, group_name AS category, chronically_absent
    FROM (
        UNPIVOT described ON * EXCLUDE (chronically_absent)
        INTO NAME dimension VALUE group_name
    )
    QUALIFY bool_or(group_name <> 'Unknown') OVER (PARTITION BY dimension)
),
tier AS (
    SELECT unnest(['satisfactory', 'at_risk', 'moderate', 'severe']) AS tier
),
counted AS (
    SELECT
        student.level,
        student.school_id,
        period.period,
        CASE WHEN grouping(student.grade) = 0 THEN 'grade' ELSE 'all' END AS dimension,
        coalesce(student.grade, '') AS category,
        count(*) FILTER (WHERE here) AS students_enrolled,
        count(*) FILTER (WHERE here AND chronically_absent IS NOT NULL) AS students,
        count(*) FILTER (WHERE here AND chronically_absent) AS students_absent,
        round(sum(days_absent) FILTER (WHERE here), 9) AS days_absent,
        CAST(sum(days_enrolled) FILTER (WHERE here) AS BIGINT) AS days_enrolled
    FROM student
    CROSS JOIN (SELECT unnest(['this', 'last']) AS period) AS period
    CROSS JOIN LATERAL (SELECT student.period = period.period AS here) AS counts
    GROUP BY GROUPING SETS (
        (student.level, student.school_id, period.period),
        (student.level, student.school_id, period.period, student.grade)
    )
    UNION ALL BY NAME
    -- Also where nobody is enrolled.
    SELECT 'selection' AS level, 'this' AS period, 'all' AS dimension, '' AS category,
        0 AS students_enrolled, 0 AS students, 0 AS students_absent
    WHERE NOT EXISTS (FROM student_now)
    UNION ALL BY NAME
    SELECT
        'selection' AS level, 'this' AS period, 'tier' AS dimension, tier.tier AS category,
        count(student.student_id) AS students_absent,
        CAST(sum(count(student.student_id)) OVER () AS BIGINT) AS students
    FROM tier
    LEFT JOIN (FROM student_now WHERE period = 'this') AS student USING (tier)
    GROUP BY tier.tier
    UNION ALL BY NAME
    SELECT
        'selection' AS level, 'this' AS period, dimension, category,
        count(*) FILTER (WHERE chronically_absent IS NOT NULL) AS students,
        count(*) FILTER (WHERE chronically_absent) AS students_absent
    FROM member
    GROUP BY dimension, category
)
SELECT
    level,
    school_id,
    period,
    dimension,
    category,
    students_enrolled,
    students,
    1 AS nearest,
    students_enrolled - students AS students_not_evaluated,
    students_absent,
    students_absent / nullif(students, 0) AS rate,
    rate AS rate_at_least,
    rate AS rate_at_most,
    days_absent,
    days_enrolled,
    1 - days_absent / nullif(days_enrolled, 0) AS attendance_rate,
    100 * (rate - max(rate) FILTER (WHERE period = 'last') OVER (
        PARTITION BY level, school_id, dimension, category
    )) AS change_points,
    false AS withheld
FROM counted
