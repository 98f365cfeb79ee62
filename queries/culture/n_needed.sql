-- How many answers a year a shift would need to stand clear of chance, were n the same both years.
-- One row per comparable item; smallest_n is null where even 1,000 answers would not do.
WITH shift AS (
    SELECT *
    FROM culture_shifts(
        $survey, $asked_year, $asked_compare_year, $compare_administration, $schools, $all_schools,
        $respondent_group, NULL
    )
    WHERE published AND shift_points IS NOT NULL
)
SELECT
    shift.survey,
    shift.school_name,
    shift.respondent_group,
    shift.item_id,
    shift.item_text,
    shift.reverse_scored,
    shift.shift_points,
    min(sizes.n) FILTER (
        WHERE newcombe_low(shift.first_favorable, sizes.n, shift.second_favorable, sizes.n) > 0
            OR newcombe_high(shift.first_favorable, sizes.n, shift.second_favorable, sizes.n) < 0
    ) AS smallest_n
FROM shift
CROSS JOIN (SELECT unnest(range(1, 1001)) AS n) AS sizes
GROUP BY
    shift.survey, shift.school_name, shift.respondent_group, shift.item_id, shift.item_text,
    shift.reverse_scored, shift.shift_points, shift.first_favorable, shift.second_favorable
ORDER BY abs(shift.shift_points) DESC, shift.item_id
