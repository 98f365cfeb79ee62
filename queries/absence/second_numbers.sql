-- Numbers that somebody else gave for this choice of schools, to lead to from the number here: those
-- that people wrote down, the newest first, then published ones of the same name.
-- One row per number. record and version say which one to change; null of a published one.
WITH place AS (
    SELECT school_id, NULL AS network, school_name AS name
    FROM schools
    WHERE len($schools) = 1 AND school_id = $schools[1]
    UNION ALL
    SELECT NULL, network, network
    FROM schools
    WHERE network IS NOT NULL
    GROUP BY network
    HAVING list_sort(list(school_id)) = list_sort($schools)
    UNION ALL
    SELECT NULL, NULL, NULL
    FROM schools
    HAVING list_sort(list(school_id)) = list_sort($schools)
),
number AS (
    SELECT
        written.record, written.version, written.number, written.from_whom, written.definition,
        written.stands_on, written.written_by, written.written_at
    FROM team_second_number AS written
    JOIN place
        ON coalesce(place.school_id, '') = written.school_id
        AND coalesce(place.network, '') = written.network
    WHERE written.school_year = $school_year
    UNION ALL
    SELECT
        NULL, NULL, published.students_absent,
        concat_ws(': ', published.place, published.source), '', NULL, NULL, NULL
    FROM published_rates AS published
    SEMI JOIN place
        ON published.place IN (place.name, place.school_id)
        -- Of all schools, what is of none of them and of no network.
        OR place.name IS NULL AND published.place NOT IN (
            SELECT unnest([school_id, school_name, coalesce(network, '')]) FROM schools
        )
    WHERE published.school_year = $school_year
        AND published.grade IS NULL
        AND published.group_name IS NULL
        AND published.students_absent IS NOT NULL
)
SELECT
    number.record, number.version, number.number, number.from_whom,
    nullif(number.definition, '') AS definition, definition.label AS definition_label,
    number.stands_on, number.written_by, number.written_at
FROM number
LEFT JOIN definitions_in('definitions', $school_year) AS definition
    ON definition.name = number.definition
ORDER BY number.record IS NULL, number.written_at DESC, number.record, number.from_whom
