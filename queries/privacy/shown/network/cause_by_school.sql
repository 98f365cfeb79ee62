-- Causes at each school of the selection, as everybody may know them.
-- One row per cause and school at which enough students had it in any year.
SELECT
    told.category AS cause,
    schools.school_name,
    told.students_absent AS students,
    told.withheld
FROM share_absence AS told
JOIN share_place_schools AS place USING (place)
JOIN schools ON place.schools = [schools.school_id]
WHERE schools.school_id IN (SELECT unnest($schools))
    AND told.school_year = $school_year
    AND told.dimension = 'cause'
ORDER BY told.category, schools.school_name
