-- Who missed so much in the first month that it was a sign elsewhere: while it is too early to say
-- who is within three absences.
-- One row per sign, in the order of their file; none of a year of totals. students: with that many days missed up to the end of
-- the first month, or so far; a day counts as the definition in force says. is_early: nobody can be
-- said yet to be within three absences, so that this stands in its place.
WITH now AS (
    SELECT count(*) > 0 AND count(within_3_absences) = 0 AS is_early
    FROM student_now WHERE period = 'this'
),
first_month AS (
    SELECT student_id, missed, parts_per_day
    FROM student_status(
        $definition, $school_year, NULL, first_month_until($school_year, $as_of, $schools),
        $schools, $grade, $dimension, $group_name, each_month := false, each_school := false
    )
)
SELECT
    early_signs.name,
    early_signs.label,
    (
        SELECT count(*)
        FROM first_month
        WHERE has_early_sign(early_signs, first_month.missed, first_month.parts_per_day)
    ) AS students,
    now.is_early,
    early_signs.sentence,
    early_signs.source,
    early_signs.date AS source_date
FROM early_signs
CROSS JOIN now
WHERE NOT $is_of_totals
ORDER BY early_signs.rowid
