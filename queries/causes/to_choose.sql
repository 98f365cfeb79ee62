-- The causes that people may choose: those that come with Roundtable, then those that schools added.
-- One row per cause, with its family and the question to ask of a group of students who have it.
SELECT cause, family, question
FROM team_cause
ORDER BY rowid
