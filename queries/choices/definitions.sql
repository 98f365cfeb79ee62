-- Definitions of chronic absence to choose from, in the order of their file.
-- One row per definition, as it holds in the school year.
SELECT name, label, sentence, source, date AS source_date, since
FROM definitions_in('definitions', $school_year)
ORDER BY place
