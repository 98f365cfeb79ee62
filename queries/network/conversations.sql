-- With whom to talk first: the cause that most schools of each neighborhood share, and whether
-- anybody who works on it is at one of their tables.
-- One row per neighborhood of the chosen schools: first where several schools share a cause and no
-- partner is at the table, then by schools and students. schools_there: how many schools the
-- neighborhood has. schools and students that have the cause are counted by each school's own days.
-- cause is null where nothing was learned, neighborhood where schools have none.
WITH chosen AS (
    SELECT school_id, neighborhood FROM schools WHERE school_id IN (SELECT unnest($schools))
),
shared AS (
    SELECT
        chosen.neighborhood,
        team_learned.cause,
        count(DISTINCT status.school_id) AS schools,
        count(DISTINCT status.student_id) AS students
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := true
    ) AS status
    JOIN team_learned
        ON team_learned.student_id = status.student_id AND team_learned.school_year = $school_year
    JOIN chosen ON chosen.school_id = status.school_id
    WHERE status.chronically_absent
    GROUP BY chosen.neighborhood, team_learned.cause
),
first_cause AS (
    SELECT *
    FROM shared
    QUALIFY row_number() OVER (
        PARTITION BY neighborhood ORDER BY schools DESC, students DESC, cause
    ) = 1
),
there AS (
    SELECT neighborhood, list(school_id) AS schools FROM chosen GROUP BY neighborhood
)
SELECT
    there.neighborhood,
    len(there.schools) AS schools_there,
    first_cause.cause,
    coalesce(first_cause.schools, 0) AS schools,
    coalesce(first_cause.students, 0) AS students,
    coalesce(partner.partners_known, 0) AS partners_known,
    coalesce(partner.partners_at_table, 0) AS partners_at_table
FROM there
LEFT JOIN first_cause ON first_cause.neighborhood IS NOT DISTINCT FROM there.neighborhood
LEFT JOIN LATERAL partners_by_cause(there.schools) AS partner
    ON partner.cause = lower(trim(first_cause.cause))
ORDER BY
    coalesce(first_cause.schools, 0) > 1 AND coalesce(partner.partners_at_table, 0) = 0 DESC,
    coalesce(first_cause.schools, 0) DESC,
    coalesce(first_cause.students, 0) DESC,
    there.neighborhood NULLS LAST
