-- Can one number of answers have produced all of a published table's whole percentages?
-- (GRIM check, Brown & Heathers 2017.) One row per published survey, school, year and group.
-- smallest_n: the smallest n up to 200 that fits every item; null where none does, so items had
-- different n, or percentages were rounded before they were added. Tables that give n are left out.
WITH percentage AS (
    SELECT survey, school_name, school_year, respondent_group, percent_favorable
    FROM published_percentage
    WHERE respondents IS NULL AND percent_favorable = floor(percent_favorable)
),
tried AS (
    SELECT
        percentage.*,
        sizes.n,
        round(100 * round(percent_favorable * sizes.n / 100) / sizes.n) = percent_favorable AS fits
    FROM percentage
    CROSS JOIN (SELECT unnest(range(5, 201)) AS n) AS sizes
),
fitting AS (
    SELECT survey, school_name, school_year, respondent_group, n, count(*) AS items, bool_and(fits) AS fits
    FROM tried
    GROUP BY ALL
)
SELECT
    survey, school_name, school_year, respondent_group, max(items) AS items,
    min(n) FILTER (WHERE fits) AS smallest_n
FROM fitting
GROUP BY ALL
ORDER BY ALL
