-- How many students are chronically absent, as everybody may know it.
-- One row for the selection. What is exact (days, students not evaluated) is not told. That nobody
-- is evaluated before the tenth day of a year, the calendar tells everybody: 0 of 0, not withheld.
SELECT
    CASE WHEN calendar.nobody_yet THEN 0 ELSE students END AS students,
    nearest,
    CAST(NULL AS BIGINT) AS students_not_evaluated,
    CASE WHEN calendar.nobody_yet THEN 0 ELSE students_absent END AS students_absent,
    rate,
    rate_at_least,
    rate_at_most,
    CAST(NULL AS BIGINT) AS days_absent,
    CAST(NULL AS BIGINT) AS days_enrolled,
    attendance_rate,
    coalesce(withheld, true) AND NOT calendar.nobody_yet AS withheld
FROM (SELECT $place AS place) AS chosen
CROSS JOIN (
    SELECT nobody_evaluated_yet($school_year, $as_of, $schools) AS nobody_yet
) AS calendar
LEFT JOIN share_absence AS told
    ON told.place = chosen.place
    AND told.school_year = $school_year
    AND told.period = 'this'
    AND told.is_newest
    AND told.dimension = 'all'
