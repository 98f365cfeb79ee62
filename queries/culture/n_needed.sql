-- How many answers a year a shift would need to stand clear of chance, were n the same both years.
-- One row per comparable item; smallest_n is null where even 1,000 answers would not do.
WITH pair AS (
    SELECT * FROM survey_years($survey, $asked_year, $asked_compare_year) WHERE published
),
shift AS (
    SELECT
        second.survey,
        second.school_name,
        second.respondent_group,
        second.item_id,
        first.percent_favorable / 100 AS first_favorable,
        second.percent_favorable / 100 AS second_favorable
    FROM pair
    JOIN survey_published AS second
        ON second.survey = pair.survey AND second.school_year = pair.second_year
    JOIN survey_published AS first
        ON first.survey = second.survey
        AND first.school_name = second.school_name
        AND first.respondent_group = second.respondent_group
        AND first.item_id = second.item_id
        AND first.school_year = pair.first_year
    WHERE $respondent_group IS NULL OR second.respondent_group = $respondent_group
)
SELECT
    shift.survey,
    shift.school_name,
    shift.respondent_group,
    shift.item_id,
    100 * (shift.second_favorable - shift.first_favorable) AS shift_points,
    min(sizes.n) FILTER (
        WHERE newcombe_low(shift.first_favorable, sizes.n, shift.second_favorable, sizes.n) > 0
            OR newcombe_high(shift.first_favorable, sizes.n, shift.second_favorable, sizes.n) < 0
    ) AS smallest_n
FROM shift
CROSS JOIN (SELECT unnest(range(1, 1001)) AS n) AS sizes
GROUP BY
    shift.survey, shift.school_name, shift.respondent_group, shift.item_id,
    shift.first_favorable, shift.second_favorable
ORDER BY abs(shift_points) DESC, shift.item_id
