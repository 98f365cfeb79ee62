-- Chronic absence by student group, as everybody may know it.
-- One row per dimension and group that had enough students in any year. Who answers "no" to a need
-- and of whom it is not known are one group.
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
FROM share_absence
WHERE place = $place
    AND school_year = $school_year
    AND is_newest
    AND dimension NOT IN ('all', 'grade', 'tier', 'reason', 'cause', 'knowledge')
ORDER BY dimension, category = 'Unknown', students DESC NULLS LAST, category
