-- Chronic absence now against last year at the same instructional day.
-- One row per level (selection, school, grade) and place, largest fall first within a level.
-- counted_since: where the definition counts otherwise than last year, and nothing is compared.
SELECT
    *,
    CASE WHEN $compare_year IS NULL THEN CAST($counted_since AS VARCHAR) END AS counted_since
FROM absence_shifts('absence_cell', $school_year, $compare_year, $as_of, $schools)
ORDER BY list_position(['selection', 'school', 'grade'], level), change_points NULLS LAST, place
