-- With whom to talk first: the cause that most schools of each neighborhood share, and whether
-- anybody who works on it is at one of their tables.
-- One row per neighborhood of the chosen schools: first where several schools share a cause and no
-- partner is at the table, then by schools and students. schools_there: how many schools the
-- neighborhood has. schools and students that have the cause are counted by each school's own days.
-- cause is null where nothing was learned or is told, neighborhood where schools have none.
WITH first_cause AS (
    SELECT *
    FROM cause_cell
    WHERE level = 'neighborhood' AND NOT withheld AND cause IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY neighborhood ORDER BY schools DESC, students DESC, cause
    ) = 1
),
there AS (
    SELECT neighborhood, list(school_id) AS schools
    FROM schools
    WHERE list_contains($schools, school_id)
    GROUP BY neighborhood
)
SELECT
    there.neighborhood,
    len(there.schools) AS schools_there,
    first_cause.cause,
    coalesce(first_cause.schools, 0) AS schools,
    CASE WHEN exact THEN coalesce(first_cause.students, 0) ELSE first_cause.students END AS students,
    first_cause.nearest,
    coalesce(partner.partners_known, 0) AS partners_known,
    coalesce(partner.partners_at_table, 0) AS partners_at_table,
    first_cause.cause IS NULL AS withheld
FROM there
CROSS JOIN (SELECT coalesce(bool_and(nearest = 1), false) AS exact FROM absence_cell)
LEFT JOIN first_cause ON first_cause.neighborhood IS NOT DISTINCT FROM there.neighborhood
LEFT JOIN LATERAL partners_by_cause(there.schools) AS partner
    ON partner.cause = lower(trim(first_cause.cause))
ORDER BY
    coalesce(first_cause.schools, 0) > 1 AND coalesce(partner.partners_at_table, 0) = 0 DESC,
    coalesce(first_cause.schools, 0) DESC,
    coalesce(first_cause.students, 0) DESC,
    there.neighborhood NULLS LAST
