-- Student groups that everybody may know of.
-- One row per dimension and group that had enough students at some place in any year.
SELECT DISTINCT dimension, category AS group_name, false AS withheld
FROM share_absence
WHERE dimension NOT IN ('all', 'grade', 'tier', 'reason', 'cause', 'knowledge')
ORDER BY dimension, group_name
