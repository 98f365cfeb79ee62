-- Students by share of days missed: Attendance Works' tiers, of those evaluated.
-- One row per tier, least absence first.
SELECT
    category AS tier,
    students_absent AS students,
    nearest,
    rate AS share,
    rate_at_least AS share_at_least,
    rate_at_most AS share_at_most,
    withheld
FROM absence_cell
WHERE dimension = 'tier'
ORDER BY list_position(['satisfactory', 'at_risk', 'moderate', 'severe'], category)
