-- The same days under every definition.
-- One row per definition, the one in force first.
WITH status AS (
    SELECT *
    FROM student_status(
        NULL, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
)
SELECT
    definition.name AS definition,
    definition.label,
    definition.sentence,
    definition.source,
    definition.date AS source_date,
    definition.since,
    count(*) FILTER (WHERE status.chronically_absent IS NOT NULL) AS students,
    count(*) FILTER (WHERE status.student_id IS NOT NULL AND status.chronically_absent IS NULL)
        AS students_not_evaluated,
    -- Totals do not tell by every day rule.
    CASE
        WHEN count(status.student_id) = 0 OR count(status.days_absent) > 0
            THEN count(*) FILTER (WHERE status.chronically_absent)
    END AS students_absent,
    students_absent / nullif(students, 0) AS rate
FROM definitions_in('definitions', $school_year) AS definition
LEFT JOIN status ON status.definition = definition.name
GROUP BY
    definition.name, definition.label, definition.sentence, definition.source, definition.date,
    definition.since, definition.place
ORDER BY definition.name <> $definition, definition.place
