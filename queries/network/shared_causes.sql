-- Which cause several schools share, and who works on it: where one conversation reaches most.
-- One row per understood cause, most schools first, then most students.
-- schools: with at least one student who has the cause and is chronically absent by the school's own
-- days. students: chronically absent over all chosen schools; students_at_schools: those of them who
-- are at those schools. A partner reaches the choice when it
-- names one of its neighborhoods or schools, or no place at all, and is at the table when it has a
-- seat at one of its schools.
WITH known AS (
    SELECT DISTINCT student_id, cause FROM team_learned WHERE school_year = $school_year
),
at_school AS (
    SELECT student_id, school_id
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    )
    WHERE chronically_absent
),
over_schools AS (
    SELECT student_id
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
    WHERE chronically_absent
),
counted AS (
    SELECT
        known.cause,
        count(DISTINCT at_school.school_id) AS schools,
        count(DISTINCT over_schools.student_id) AS students,
        count(DISTINCT over_schools.student_id) FILTER (WHERE at_school.student_id IS NOT NULL)
            AS students_at_schools
    FROM known
    LEFT JOIN at_school USING (student_id)
    LEFT JOIN over_schools USING (student_id)
    WHERE at_school.student_id IS NOT NULL OR over_schools.student_id IS NOT NULL
    GROUP BY known.cause
),
family AS (
    SELECT cause, min(family) AS family FROM team_cause GROUP BY cause
)
SELECT
    counted.cause,
    coalesce(family.family, 'not sorted yet') AS family,
    counted.schools,
    counted.students,
    counted.students_at_schools,
    coalesce(partner.partners_known, 0) AS partners_known,
    coalesce(partner.partners_at_table, 0) AS partners_at_table
FROM counted
LEFT JOIN family USING (cause)
LEFT JOIN partners_by_cause($schools) AS partner ON partner.cause = lower(trim(counted.cause))
ORDER BY schools DESC, students DESC, counted.cause
