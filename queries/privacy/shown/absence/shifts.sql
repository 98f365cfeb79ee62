-- Chronic absence now against last year at the same instructional day.
-- One row per level (selection, school) and place, largest fall first within a level.
SELECT *
FROM share_absence_shifts($place, $school_year, $compare_year, $as_of, $schools)
ORDER BY CASE level WHEN 'selection' THEN 1 ELSE 2 END, change_points NULLS LAST, place
