-- Who works on which cause and reaches one of the schools: from the folder of the school system and
-- from what people added. One row per partner and cause (in small letters). A partner reaches the
-- schools when it names one of them or of their neighborhoods, or no place at all, and is at the
-- table when it has a seat at one of them.
CREATE MACRO {schema}.partners_reaching(of_schools) AS TABLE
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
    SELECT partner.partner_name, partner.contact, unnest(partner.causes) AS cause
    FROM partner
    JOIN schools
        ON len(partner.places) = 0
        OR list_has_any(
            partner.places, [schools.school_id, schools.school_name, schools.neighborhood]
        )
    WHERE list_contains(of_schools, schools.school_id)
)
SELECT
    partner_name,
    max(contact) AS contact,
    cause,
    partner_name IN (
        SELECT trim(name)
        FROM team_seat
        WHERE seat = 'partner' AND list_contains(of_schools, school_id)
    ) AS at_table
FROM reaching
WHERE cause <> ''
GROUP BY partner_name, cause;

-- One row per cause that a partner works on who reaches one of the schools: how many do, and how many
-- of them are at the table.
CREATE MACRO {schema}.partners_by_cause(of_schools) AS TABLE
SELECT
    cause,
    count(*) AS partners_known,
    count(*) FILTER (WHERE at_table) AS partners_at_table
FROM partners_reaching(of_schools)
GROUP BY cause
