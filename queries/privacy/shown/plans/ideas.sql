-- The menu of change ideas, as everybody may know it. One row per idea that comes with Roundtable,
-- and one for all that schools found themselves, without their words (queries/team/told.py).
SELECT idea, causes, known, record <> '' AS own, false AS withheld
FROM team_idea
ORDER BY own, idea
