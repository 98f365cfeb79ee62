-- The same school by school, each answering for its own students.
-- One row per school.
SELECT
    schools.school_id,
    schools.school_name,
    told.students,
    told.nearest,
    CAST(NULL AS BIGINT) AS students_not_evaluated,
    told.students_absent,
    told.rate,
    told.rate_at_least,
    told.rate_at_most,
    CAST(NULL AS BIGINT) AS days_absent,
    CAST(NULL AS BIGINT) AS days_enrolled,
    told.attendance_rate,
    coalesce(told.withheld, true) AS withheld
FROM schools
JOIN share_place_schools AS place ON place.schools = [schools.school_id]
LEFT JOIN share_absence AS told
    ON told.place = place.place
    AND told.school_year = $school_year
    AND told.period = 'this'
    AND told.is_newest
    AND told.dimension = 'all'
WHERE schools.school_id IN (SELECT unnest($schools))
ORDER BY schools.school_name
