-- Chronically absent students by what people came to understand in the school year: one who has
-- several causes counts for each. One row per level ('selection', 'neighborhood' and 'school', by each
-- school's own days), place, and cause; cause is null for all those of whom none is known, of the
-- selection alone. schools: with at least one such student by its own days; students_at_schools:
-- those of the selection who are at one of them.
WITH known AS (
    SELECT DISTINCT student_id, cause FROM team_learned WHERE school_year = $school_year
),
absent AS (
    SELECT student_id FROM student_now WHERE period = 'this' AND chronically_absent
),
at_school AS (
    SELECT student.student_id, student.school_id, schools.neighborhood, known.cause
    FROM student_at_school AS student
    JOIN known USING (student_id)
    JOIN schools USING (school_id)
    WHERE student.period = 'this' AND student.chronically_absent
),
counted AS (
    SELECT
        'selection' AS level,
        known.cause,
        count(DISTINCT at_school.school_id) AS schools,
        count(DISTINCT absent.student_id) AS students,
        count(DISTINCT absent.student_id) FILTER (WHERE at_school.student_id IS NOT NULL)
            AS students_at_schools
    FROM known
    LEFT JOIN absent USING (student_id)
    LEFT JOIN at_school USING (student_id, cause)
    WHERE absent.student_id IS NOT NULL OR at_school.student_id IS NOT NULL
    GROUP BY known.cause
    UNION ALL BY NAME
    SELECT 'selection' AS level, count(*) AS students
    FROM absent
    WHERE student_id NOT IN (SELECT student_id FROM known)
    UNION ALL BY NAME
    SELECT 'school' AS level, school_id, cause, count(DISTINCT student_id) AS students
    FROM at_school
    GROUP BY school_id, cause
    UNION ALL BY NAME
    SELECT
        'neighborhood' AS level, neighborhood, cause,
        count(DISTINCT school_id) AS schools, count(DISTINCT student_id) AS students
    FROM at_school
    GROUP BY neighborhood, cause
)
SELECT *, 1 AS nearest, false AS withheld FROM counted
