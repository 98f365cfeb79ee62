-- Each school's students in the year and up to four before it, as the share view tells them: last year
-- at the same instructional day, and earlier ones at that of the end of the same month a year later.
-- One row per school and school year.
WITH year AS (
    SELECT school_year, lead(school_year) OVER (ORDER BY school_year) AS year_after
    FROM year_dates
    WHERE school_year <= $school_year
    QUALIFY row_number() OVER (ORDER BY school_year DESC) <= 5
)
SELECT
    schools.school_id,
    year.school_year,
    told.students,
    told.nearest,
    told.students_absent,
    told.rate,
    told.rate_at_least,
    told.rate_at_most,
    coalesce(told.withheld, true) AS withheld
FROM schools
JOIN share_place_schools AS place ON place.schools = [schools.school_id]
CROSS JOIN year
LEFT JOIN share_absence AS told
    ON told.place = place.place
    AND told.dimension = 'all'
    AND told.school_year = coalesce(year.year_after, year.school_year)
    AND told.period = CASE WHEN year.year_after IS NULL THEN 'this' ELSE 'last' END
    AND month(told.point) = month(CAST($as_of AS DATE))
WHERE list_contains($schools, schools.school_id)
    -- Beside a year of totals stand whole years alone.
    AND (
        told.place IS NOT NULL
        OR (
            year.school_year IN (SELECT school_year FROM school_day)
            AND coalesce(year.year_after, year.school_year) IN (SELECT school_year FROM school_day)
            AND NOT $is_of_totals
        )
    )
