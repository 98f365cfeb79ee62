-- Rates that others published, for context: not ours to recompute, and by their own definitions.
-- One row per published place, year, grade and group.
SELECT
    place, school_year, students, students_absent,
    students_absent / nullif(students, 0) AS rate,
    grade, group_name, definition, source
FROM published_rates
ORDER BY place, school_year, grade NULLS FIRST, group_name NULLS FIRST
