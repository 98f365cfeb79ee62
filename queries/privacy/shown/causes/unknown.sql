-- How much was not known when the folder was loaded. One row for the selection. The numbers of
-- students are about so many, and share is the quotient of the two: no more exact than they are.
SELECT
    whole.students_absent,
    told.students_absent AS students_without_cause,
    round(100 * told.students_absent / nullif(whole.students_absent, 0)) / 100 AS share,
    whole.students_absent IS NULL OR told.students_absent IS NULL AS withheld
FROM (SELECT 1) AS one
LEFT JOIN share_absence AS whole
    ON whole.place = $place AND whole.school_year = $school_year
    AND whole.dimension = 'all' AND whole.period = 'this' AND whole.is_newest
LEFT JOIN share_absence AS told
    ON told.place = $place AND told.school_year = $school_year
    AND told.dimension = 'knowledge' AND told.category = 'not known'
