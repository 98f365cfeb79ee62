-- How many students are chronically absent, as everybody may know it.
-- One row for the selection. What is exact (days, students not evaluated) is not told.
SELECT
    students,
    nearest,
    CAST(NULL AS BIGINT) AS students_not_evaluated,
    students_absent,
    rate,
    rate_at_least,
    rate_at_most,
    CAST(NULL AS BIGINT) AS days_absent,
    CAST(NULL AS BIGINT) AS days_enrolled,
    attendance_rate,
    coalesce(withheld, true) AS withheld
FROM (SELECT $place AS place) AS chosen
LEFT JOIN share_absence AS told
    ON told.place = chosen.place
    AND told.school_year = $school_year
    AND told.period = 'this'
    AND told.is_newest
    AND told.dimension = 'all'
