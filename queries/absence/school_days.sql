-- The school days so far on which attendance was taken at a school of the selection.
-- One row per day, the first one first.
SELECT DISTINCT date
FROM school_day
WHERE school_year = $school_year
    AND date <= $as_of
    AND school_id IN (SELECT unnest($schools))
    AND taken
ORDER BY date
