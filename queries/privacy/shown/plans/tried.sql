-- What is being tried, as everybody may know it: no word that somebody wrote, and no number.
-- One row per plan of the school year, in the order of the full answer. An idea and a cause that
-- people named themselves are there without their name, and so is a partner in no list. stage is as
-- of the as-of date.
WITH partner AS (
    SELECT list(DISTINCT trim(partner_name)) AS names
    FROM (SELECT partner_name FROM partners UNION ALL SELECT partner_name FROM team_partner)
),
staged AS (
    SELECT
        *,
        CASE
            WHEN ended_on IS NOT NULL THEN 'closed'
            WHEN $as_of IS NULL OR begins_on > $as_of THEN 'not begun'
            WHEN due_on <= $as_of THEN 'time to study'
            ELSE 'under way'
        END AS stage
    FROM team_plan
    WHERE school_year = $school_year AND school_id IN (SELECT unnest($schools))
)
SELECT
    schools.school_name,
    CASE
        WHEN staged.idea IN (SELECT idea FROM team_idea WHERE record = '') THEN staged.idea
        ELSE 'An idea of their own'
    END AS idea,
    CASE
        WHEN staged.cause = '' OR staged.cause IN (SELECT cause FROM team_cause WHERE record = '')
            THEN staged.cause
        ELSE 'another cause'
    END AS cause,
    staged.measure,
    staged.begins_on,
    staged.due_on,
    list_sort(list_distinct(
        list_transform(
            staged.partners,
            lambda name: CASE
                WHEN list_contains(partner.names, trim(name)) THEN trim(name)
                ELSE 'another partner'
            END
        )
    )) AS partners,
    staged.stage,
    staged.decision,
    staged.ended_on,
    false AS withheld
FROM staged
JOIN schools USING (school_id)
CROSS JOIN partner
ORDER BY
    list_position(['time to study', 'under way', 'not begun', 'closed'], staged.stage),
    staged.begins_on DESC,
    schools.school_name,
    staged.record
