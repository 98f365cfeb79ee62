-- The reasons that the attendance office recorded for days missed: codes, not causes.
-- One row per recorded reason, most days first, then most students; days count by the definition's
-- day rule. days_excused and days_unexcused are of these; of the rest the list of codes does not say.
SELECT reason, days, days_excused, days_unexcused, share, students, nearest, withheld
FROM reason_cell
ORDER BY days DESC NULLS LAST, CASE WHEN days IS NULL THEN students END DESC NULLS LAST, reason
