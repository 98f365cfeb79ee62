-- When a shift of a survey may be called clear of chance, in the order of their file.
-- One row per rule. respondents: of whom it speaks, as part of the name of a group; null: of all.
SELECT name, respondents, value, sentence, source, date AS source_date
FROM survey_rules
ORDER BY rowid
