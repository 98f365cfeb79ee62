-- The menu of change ideas: those that come with Roundtable, then those that schools found, which
-- everybody sees as one without their words (queries/team/told.py).
-- One row per idea: the causes that it is for, and what is known about it. own: a school's.
SELECT idea, causes, known, record <> '' AS own, false AS withheld
FROM team_idea
ORDER BY own, rowid
