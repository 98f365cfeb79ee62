-- Grades that everybody may know of, in school order.
-- One row per grade that had enough students at some place in any year.
SELECT DISTINCT category AS grade, false AS withheld
FROM share_absence
WHERE dimension = 'grade'
ORDER BY
    CASE category WHEN 'PK' THEN -1 WHEN 'K' THEN 0 ELSE coalesce(TRY_CAST(category AS INTEGER), 99) END
