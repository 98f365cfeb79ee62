-- What moved since last year, clear of chance, in sentences.
-- One row per subject with such a change, the surest first: at_least_points is the end of the 95%
-- interval that lies nearest to no change. For absence the selection as a whole goes before its
-- schools. comparisons and clear say of how many comparisons how many were clear of chance.
WITH absence AS (
    SELECT * FROM absence_shifts('absence_cell', $school_year, $compare_year, $as_of, $schools)
),
culture AS (
    SELECT * FROM shift_cell
)
SELECT *, false AS withheld
FROM what_moved('absence', 'culture', $schools, $compare_year, $under_way)
ORDER BY at_least_points DESC, subject
