-- Rates that others published, for context: not ours to recompute, and by their own definitions.
-- One row per published place, year, grade, group and, of time missed, reason: percent_of_days is of
-- the days (in England sessions) that were possible, 0 to 100 as printed; generations that were
-- loaded before it was read have neither. percent_absent, 0 to 100, stands where a rate was published
-- without numbers of students.
SELECT
    place, school_year, grade, group_name,
    * EXCLUDE (place, school_year, grade, group_name),
    coalesce(students_absent / nullif(students, 0), percent_absent / 100) AS rate
FROM (
    FROM published_rates
    -- Generations before number 14 have no such column.
    UNION ALL BY NAME
    SELECT CAST(NULL AS DOUBLE) AS percent_absent
    WHERE false
)
ORDER BY ALL NULLS FIRST
