-- Grades that occur, in school order.
-- One row per grade.
SELECT DISTINCT coalesce(grade, 'Unknown') AS grade
FROM enrollments
ORDER BY
    CASE coalesce(grade, 'Unknown') WHEN 'PK' THEN -1 WHEN 'K' THEN 0 WHEN 'Unknown' THEN 99
        ELSE CAST(grade AS INTEGER) END
