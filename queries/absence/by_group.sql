-- Chronic absence by student group; the groups of one dimension add up to the selection.
-- One row per dimension and group; a dimension that nobody is described by is left out.
SELECT
    dimension,
    category AS group_name,
    students,
    nearest,
    students_absent,
    rate,
    rate_at_least,
    rate_at_most,
    wilson_low(rate, students) AS rate_low,
    wilson_high(rate, students) AS rate_high,
    withheld
FROM absence_cell
WHERE level = 'selection' AND period = 'this' AND dimension NOT IN ('all', 'grade', 'tier')
ORDER BY dimension, category = 'Unknown', students DESC NULLS LAST, category
