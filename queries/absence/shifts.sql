-- Chronic absence now against last year at the same instructional day.
-- One row per level (selection, school, grade) and place, largest fall first within a level.
SELECT *
FROM absence_shifts(
    $definition, $school_year, $compare_year, $as_of, $schools, $grade, $dimension, $group_name
)
ORDER BY
    CASE level WHEN 'selection' THEN 1 WHEN 'school' THEN 2 ELSE 3 END,
    change_points,
    place
