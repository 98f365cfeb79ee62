-- How much was not known when the month was coded. One row for the selection. The numbers of
-- students are about so many, and share is the quotient of the two: no more exact than they are. 0 of
-- 0, and not withheld, where nobody is evaluated yet.
SELECT
    CASE WHEN calendar.nobody_yet THEN 0 ELSE whole.students_absent END AS students_absent,
    CASE WHEN calendar.nobody_yet THEN 0 ELSE told.students_absent END AS students_without_cause,
    round(100 * told.students_absent / nullif(whole.students_absent, 0)) / 100 AS share,
    (whole.students_absent IS NULL OR told.students_absent IS NULL) AND NOT calendar.nobody_yet
        AS withheld
FROM (SELECT nobody_evaluated_yet($school_year, $as_of, $schools) AS nobody_yet) AS calendar
LEFT JOIN share_absence AS whole
    ON whole.place = $place AND whole.school_year = $school_year
    AND whole.dimension = 'all' AND whole.period = 'this' AND whole.is_newest
LEFT JOIN share_absence AS told
    ON told.place = $place AND told.school_year = $school_year
    AND told.dimension = 'knowledge' AND told.category = 'not known'
