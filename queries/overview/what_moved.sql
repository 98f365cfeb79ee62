-- What moved since last year, clear of chance, in sentences.
-- One row per subject with such a change, the surest first: at_least_points is the end of the 95%
-- interval that lies nearest to no change. For absence the selection as a whole goes before its
-- schools. comparisons and clear say of how many comparisons how many were clear of chance.
WITH absence AS (
    SELECT *
    FROM absence_shifts(
        $definition, $school_year, $compare_year, $as_of, $schools, $grade, $dimension, $group_name
    )
),
culture AS (
    SELECT *
    FROM culture_shifts(
        $survey, $asked_year, $asked_compare_year, NULL, $schools, $all_schools,
        $respondent_group, NULL
    )
)
SELECT *
FROM what_moved('absence', 'culture', $schools, $compare_year, $under_way)
ORDER BY at_least_points DESC, subject
