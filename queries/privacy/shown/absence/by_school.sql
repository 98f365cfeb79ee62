-- The same school by school, each answering for its own students.
-- One row per school. 0 of 0, and not withheld, where nobody is evaluated yet.
SELECT
    schools.school_id,
    schools.school_name,
    CASE WHEN calendar.nobody_yet THEN 0 ELSE told.students END AS students,
    told.nearest,
    CAST(NULL AS BIGINT) AS students_not_evaluated,
    CASE WHEN calendar.nobody_yet THEN 0 ELSE told.students_absent END AS students_absent,
    told.rate,
    told.rate_at_least,
    told.rate_at_most,
    CAST(NULL AS BIGINT) AS days_absent,
    CAST(NULL AS BIGINT) AS days_enrolled,
    told.attendance_rate,
    coalesce(told.withheld, true) AND NOT calendar.nobody_yet AS withheld
FROM schools
JOIN share_place_schools AS place ON place.schools = [schools.school_id]
CROSS JOIN LATERAL (
    SELECT nobody_evaluated_yet($school_year, $as_of, [schools.school_id]) AS nobody_yet
) AS calendar
LEFT JOIN share_absence AS told
    ON told.place = place.place
    AND told.school_year = $school_year
    AND told.period = 'this'
    AND told.is_newest
    AND told.dimension = 'all'
WHERE schools.school_id IN (SELECT unnest($schools))
ORDER BY schools.school_name
