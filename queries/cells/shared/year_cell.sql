-- Each school's students in the year and up to four before it, as the share view tells them. One row
-- per school and school year. Families of causes are too few school by school, and left out.
SELECT
    schools.school_id,
    year.school_year,
    '' AS family,
    told.students,
    told.nearest,
    told.rate * told.students AS part,
    told.rate AS share,
    told.rate_at_least AS share_at_least,
    told.rate_at_most AS share_at_most,
    coalesce(told.withheld, true) AS withheld
FROM schools
JOIN share_place_schools AS place ON place.schools = [schools.school_id]
CROSS JOIN (
    SELECT school_year
    FROM year_dates
    WHERE school_year <= $school_year
    ORDER BY school_year DESC
    LIMIT 5
) AS year
LEFT JOIN share_absence AS told
    ON told.place = place.place
    AND told.school_year = year.school_year
    AND told.period = 'this'
    AND told.is_newest
    AND told.dimension = 'all'
WHERE list_contains($schools, schools.school_id)
