-- Definitions of chronic absence to choose from, in the order of their file.
-- One row per definition.
SELECT name, label, sentence, source, date AS source_date
FROM definitions
ORDER BY rowid
