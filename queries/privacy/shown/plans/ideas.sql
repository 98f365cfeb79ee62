-- The menu of change ideas, as everybody may know it. One row per idea that comes with Roundtable,
-- and one for all that schools found themselves, without their words.
SELECT DISTINCT ON (idea) *
FROM (
    SELECT
        CASE WHEN record = '' THEN idea ELSE 'An idea of their own' END AS idea,
        CASE WHEN record = '' THEN causes ELSE [] END AS causes,
        CASE WHEN record = '' THEN known ELSE '' END AS known,
        record <> '' AS own,
        false AS withheld
    FROM team_idea
    ORDER BY rowid
)
ORDER BY own, idea
