-- What everybody may know that students can be told apart by. One row per dimension and category that
-- had enough students at some place in any year.
SELECT DISTINCT dimension, category, false AS withheld
FROM share_absence
WHERE dimension NOT IN ('all', 'tier', 'reason', 'cause', 'knowledge')
