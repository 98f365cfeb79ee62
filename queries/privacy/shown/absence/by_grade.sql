-- Chronic absence by grade, as everybody may know it.
-- One row per grade that had enough students in any year.
SELECT
    category AS grade,
    students,
    nearest,
    students_absent,
    rate,
    rate_at_least,
    rate_at_most,
    wilson_low(rate, students) AS rate_low,
    wilson_high(rate, students) AS rate_high,
    withheld
FROM share_absence
WHERE place = $place
    AND school_year = $school_year
    AND is_newest
    AND dimension = 'grade'
ORDER BY
    CASE category
        WHEN 'PK' THEN -1 WHEN 'K' THEN 0
        ELSE coalesce(TRY_CAST(category AS INTEGER), 99)
    END,
    category
