-- What counts as a sign in the first month, in the order of their file. One row per sign.
SELECT name, label, within_days, sentence, source, date AS source_date
FROM early_signs
ORDER BY rowid
