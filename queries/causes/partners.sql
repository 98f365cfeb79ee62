-- Who works on which cause and reaches the chosen schools, from the folder of the school system and
-- from what people added, and whether they are at one of the tables.
-- One row per cause and partner. question: what to ask about the cause.
WITH known AS (
    SELECT lower(trim(cause)) AS cause, min(cause) AS spelled, max(question) AS question
    FROM team_cause
    GROUP BY ALL
),
seated AS (
    SELECT DISTINCT trim(name) AS partner_name
    FROM team_seat
    WHERE seat = 'partner' AND school_id IN (SELECT unnest($schools))
)
SELECT
    coalesce(known.spelled, reach.cause) AS cause,
    reach.partner_name,
    max(reach.contact) AS contact,
    bool_or(seated.partner_name IS NOT NULL) AS at_table,
    coalesce(max(known.question), '') AS question
FROM partner_reach() AS reach
LEFT JOIN known USING (cause)
LEFT JOIN seated USING (partner_name)
WHERE reach.school_id IN (SELECT unnest($schools))
GROUP BY coalesce(known.spelled, reach.cause), reach.partner_name
ORDER BY coalesce(known.spelled, reach.cause), reach.partner_name
