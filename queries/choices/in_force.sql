-- What the reader's choice means in these data: defaults filled in, a later day capped.
-- One row. schools: the ids chosen; all_schools: nothing was narrowed. as_of, last_counted_date
-- and under_way are null without attendance. is_of_totals, against_totals: that the year, and the one
-- that it is compared with, came as totals of each student, without days. definition: the one asked
-- for; in place of the federal one that with parts of days, where a year's totals have such.
-- counted_since: from which year on that definition counts as it does in this one, where it counted
-- otherwise before: with a year before that nothing is compared. counted_anew: every such year of it.
WITH chosen_year AS (
    SELECT coalesce($asked_year, max(school_year)) AS school_year FROM year_dates
),
year AS (
    SELECT
        chosen_year.school_year,
        year_dates.first_date,
        year_dates.last_date,
        year_dates.last_counted_date,
        -- An older generation has no totals, and no such column.
        json_extract_string(to_json(year_dates), '$.day_rule') AS day_rule,
        coalesce(
            $asked_compare_year,
            (
                SELECT max(earlier.school_year)
                FROM (
                    SELECT school_year FROM school_day
                    UNION
                    SELECT school_year FROM year_dates
                ) AS earlier
                WHERE earlier.school_year < chosen_year.school_year
            )
        ) AS compare_year
    FROM chosen_year
    LEFT JOIN year_dates USING (school_year)
),
definition AS (
    SELECT
        name,
        label,
        sentence,
        counted_anew,
        list_filter(counted_anew, lambda anew: anew = since)[1] AS counted_since
    FROM definitions_in('definitions', (SELECT school_year FROM chosen_year))
    WHERE name = CASE
        WHEN $definition = 'federal' AND (SELECT day_rule FROM year) = 'fraction'
            THEN 'fraction_of_day'
        ELSE $definition
    END
)
SELECT
    year.school_year,
    CASE
        WHEN coalesce(year.compare_year >= definition.counted_since, true) THEN year.compare_year
    END AS compare_year,
    CASE
        -- Of totals there is one day.
        WHEN year.first_date = year.last_counted_date THEN year.last_counted_date
        ELSE least(
            coalesce(CAST($asked_as_of AS DATE), year.last_counted_date), year.last_counted_date
        )
    END AS as_of,
    year.last_counted_date,
    year.first_date,
    year.last_counted_date < year.last_date AS under_way,
    year.last_counted_date IS NOT NULL AND NOT EXISTS (
        FROM school_day WHERE school_day.school_year = year.school_year
    ) AS is_of_totals,
    year.compare_year IS NOT NULL AND NOT EXISTS (
        FROM school_day WHERE school_day.school_year = year.compare_year
    ) AS against_totals,
    (
        SELECT coalesce(list(schools.school_id ORDER BY schools.school_id), [])
        FROM schools
        WHERE ($network IS NULL OR schools.network = $network)
            AND ($neighborhood IS NULL OR schools.neighborhood = $neighborhood)
            AND ($school IS NULL OR $school IN (schools.school_id, schools.school_name))
            AND (
                $asked_schools IS NULL
                OR list_has_any(
                    CAST($asked_schools AS VARCHAR[]), [schools.school_id, schools.school_name]
                )
            )
    ) AS schools,
    $network IS NULL AND $neighborhood IS NULL AND $school IS NULL AND $asked_schools IS NULL
        AS all_schools,
    definition.name AS definition,
    definition.label AS definition_label,
    definition.sentence AS definition_sentence,
    definition.counted_since,
    definition.counted_anew
FROM year
CROSS JOIN definition
