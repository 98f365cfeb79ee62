-- Who works on which cause, and where: from the folder of the school system and from what people
-- added. One row per partner, cause (in small letters) and school that it reaches: a partner that
-- names no neighborhood and no school reaches all.
CREATE MACRO {schema}.partner_reach() AS TABLE
WITH listed AS (
    SELECT
        partner_name,
        contact,
        string_split(coalesce(causes, ''), ';') AS causes,
        string_split(coalesce(neighborhoods, ''), ';') || string_split(coalesce(schools, ''), ';')
            AS places
    FROM partners
    UNION ALL
    SELECT partner_name, contact, causes, neighborhoods || schools FROM team_partner
),
partner AS (
    SELECT
        trim(partner_name) AS partner_name,
        coalesce(trim(contact), '') AS contact,
        list_transform(causes, lambda cause: lower(trim(cause))) AS causes,
        list_filter(list_transform(places, lambda name: trim(name)), lambda name: name <> '')
            AS places
    FROM listed
),
reaching AS (
    SELECT partner.partner_name, partner.contact, unnest(partner.causes) AS cause, schools.school_id
    FROM partner
    JOIN schools
        ON len(partner.places) = 0
        OR list_has_any(
            partner.places, [schools.school_id, schools.school_name, schools.neighborhood]
        )
)
SELECT partner_name, max(contact) AS contact, cause, school_id
FROM reaching
WHERE cause <> ''
GROUP BY partner_name, cause, school_id
