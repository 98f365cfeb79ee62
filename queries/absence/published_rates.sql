-- Rates that others published, for context: not ours to recompute, and by their own definitions.
-- One row per published place, year, grade, group and, of time missed, reason: percent_of_days is of
-- the days (in England sessions) that were possible, 0 to 100 as printed; generations that were
-- loaded before it was read have neither.
SELECT
    place, school_year, grade, group_name,
    * EXCLUDE (place, school_year, grade, group_name),
    students_absent / nullif(students, 0) AS rate
FROM published_rates
ORDER BY ALL NULLS FIRST
