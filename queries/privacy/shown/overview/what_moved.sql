-- What moved since last year, clear of chance, in sentences, as far as everybody may know it.
-- One row per subject with such a change, the surest first: at_least_points is the end of the 95%
-- interval that lies nearest to no change. For absence the selection as a whole goes before its
-- schools. comparisons and clear say of how many comparisons how many were clear of chance.
WITH absence AS (
    SELECT *
    FROM share_absence_shifts($place, $school_year, $compare_year, $as_of, $schools)
    WHERE (level = 'selection' OR (level = 'school' AND len($schools) > 1))
        AND change_low IS NOT NULL
),
absence_change AS (
    SELECT
        'absence' AS subject,
        'chronic_absence' AS page,
        level = 'selection' AS goes_first,
        CASE WHEN level = 'school' THEN 'At ' || place || ', ' ELSE '' END AS lead,
        change_points,
        change_low,
        change_high,
        first_students AS first_n,
        second_students AS second_n,
        first_rate AS first_share,
        second_rate AS second_share,
        place,
        clear_of_chance
    FROM absence
),
culture AS (
    SELECT *
    FROM share_culture_shifts(
        $place, $survey, $asked_year, $asked_compare_year, $schools, $all_schools,
        $respondent_group, NULL
    )
    WHERE NOT published AND shift_low IS NOT NULL
),
culture_change AS (
    SELECT
        'culture' AS subject,
        'school_culture' AS page,
        false AS goes_first,
        replace(respondent_group, '_', ' ') AS lead,
        shift_points AS change_points,
        shift_low AS change_low,
        shift_high AS change_high,
        first_n,
        second_n,
        first_favorable AS first_share,
        second_favorable AS second_share,
        item_text AS place,
        clear_of_chance,
        first_year,
        item_id,
        respondent_group
    FROM culture
),
change AS (
    SELECT
        *,
        $compare_year AS first_year,
        CAST(NULL AS VARCHAR) AS item_id,
        CAST(NULL AS VARCHAR) AS respondent_group
    FROM absence_change
    UNION ALL BY NAME
    SELECT * FROM culture_change
),
ranked AS (
    SELECT
        *,
        least(abs(change_low), abs(change_high)) AS at_least_points,
        count(*) OVER (PARTITION BY subject) AS comparisons,
        count(*) FILTER (WHERE clear_of_chance) OVER (PARTITION BY subject) AS clear,
        -- Whole percents for the sentence alone; six decimals first, so that a half is a half.
        CAST(round(round(100 * first_share, 6)) AS INTEGER) || '%' AS first_percent,
        CAST(round(round(100 * second_share, 6)) AS INTEGER) || '%' AS second_percent
    FROM change
)
SELECT
    subject,
    CASE
        WHEN subject = 'absence' THEN
            lead || CASE
                WHEN change_points < 0 THEN CASE WHEN lead = '' THEN 'Fewer' ELSE 'fewer' END
                ELSE CASE WHEN lead = '' THEN 'More' ELSE 'more' END
            END
            || ' students '
            || CASE WHEN $under_way THEN 'are on track to be' ELSE 'were' END
            || ' chronically absent: ' || second_percent || ', against ' || first_percent
            || CASE WHEN $under_way THEN ' at the same point of ' ELSE ' in ' END
            || first_year || '.'
        ELSE
            CASE WHEN change_points > 0 THEN 'More ' ELSE 'Fewer ' END || lead
            || ' answer favorably on “' || rtrim(place, '.') || '”: ' || second_percent
            || CASE WHEN change_points > 0 THEN ', up from ' ELSE ', down from ' END
            || first_percent || ' in ' || first_year || '.'
    END AS sentence,
    page,
    place,
    change_points,
    change_low,
    change_high,
    at_least_points,
    first_share,
    second_share,
    first_n,
    second_n,
    comparisons,
    clear,
    item_id,
    respondent_group,
    false AS withheld
FROM ranked
WHERE clear_of_chance
QUALIFY row_number() OVER (
    PARTITION BY subject
    ORDER BY goes_first DESC, at_least_points DESC, place, lead
) = 1
ORDER BY at_least_points DESC, subject
