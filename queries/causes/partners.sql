-- Who works on which cause and reaches the chosen schools, from the folder of the school system and
-- from what people added, and whether they are at one of the tables.
-- One row per cause and partner. question: what to ask about the cause.
WITH known AS (
    SELECT lower(trim(cause)) AS cause, min(cause) AS spelled, max(question) AS question
    FROM team_cause
    GROUP BY ALL
)
SELECT
    coalesce(known.spelled, partner.cause) AS cause,
    partner.partner_name,
    partner.contact,
    partner.at_table,
    coalesce(known.question, '') AS question
FROM partners_reaching($schools) AS partner
LEFT JOIN known USING (cause)
ORDER BY coalesce(known.spelled, partner.cause), partner.partner_name
