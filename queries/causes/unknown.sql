-- How much is not known: students chronically absent of whom nobody has written down a cause in the
-- school year. One row for the selection; share is null where nobody is chronically absent. The share
-- view's is the quotient of two numbers that are about so many, in whole percents: no more exact than
-- they are.
SELECT
    whole.students_absent,
    CASE WHEN whole.students = 0 THEN 0 ELSE unknown.students END AS students_without_cause,
    whole.nearest,
    CASE WHEN whole.nearest = 1 THEN unknown.students / nullif(whole.students_absent, 0)
        ELSE round(100 * unknown.students / nullif(whole.students_absent, 0)) / 100
    END AS share,
    whole.students_absent IS NULL OR students_without_cause IS NULL AS withheld
FROM absence_cell AS whole
LEFT JOIN cause_cell AS unknown ON unknown.level = 'selection' AND unknown.cause IS NULL
WHERE whole.level = 'selection' AND whole.period = 'this' AND whole.dimension = 'all'
