-- A share for a sentence that sets it beside another one: '25%', with the decimals that tell the two
-- apart where whole percents would not. Six decimals first, so that a half is a half.
CREATE MACRO percent_beside(share, other) AS
    CASE
        WHEN round(round(100 * share, 6)) <> round(round(100 * other, 6))
            THEN printf('%.0f', round(round(100 * share, 6)))
        WHEN round(round(100 * share, 6), 1) <> round(round(100 * other, 6), 1)
            THEN printf('%.1f', round(round(100 * share, 6), 1))
        ELSE printf('%.2f', round(round(100 * share, 6), 2))
    END || '%';

-- What moved, in sentences: the surest change clear of chance of each subject, and by how much.
-- One row per subject with such a change that holds among all comparisons of the page. absence_of,
-- culture_of: names of tables, or of WITH, that have the columns of absence_shifts and of
-- culture_shifts.
CREATE MACRO what_moved(absence_of, culture_of, of_schools, against_year, is_under_way) AS TABLE
WITH change AS (
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
        CASE WHEN comparable THEN chance END AS chance,
        clear_of_chance,
        against_year AS first_year
    FROM query_table(absence_of)
    WHERE (level = 'selection' OR (level = 'school' AND len(of_schools) > 1))
        AND change_low IS NOT NULL
    UNION ALL BY NAME
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
        reverse_scored,
        chance,
        clear_of_chance,
        first_year,
        item_id,
        respondent_group
    FROM query_table(culture_of)
    -- What cannot be called clear, whatever its interval, is no comparison.
    WHERE NOT published
        AND (
            (shift_low IS NOT NULL AND why_not_clear IS NULL)
            -- Not told to everybody, and picked from all the same.
            OR (shift_points IS NULL AND chance IS NOT NULL)
        )
),
-- All that a sentence is picked from, attendance and survey together.
picked AS (
    SELECT *, 'the page' AS among FROM change
),
ranked AS (
    SELECT
        *,
        count(chance) OVER () AS all_comparisons,
        least(abs(change_low), abs(change_high)) AS at_least_points,
        count(change_low) OVER (PARTITION BY subject) AS comparisons,
        count(*) FILTER (WHERE clear_of_chance) OVER (PARTITION BY subject) AS clear,
        percent_beside(first_share, second_share) AS first_percent,
        percent_beside(second_share, first_share) AS second_percent
    FROM held_among('picked')
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
            || CASE WHEN is_under_way THEN 'are on track to be' ELSE 'were' END
            || ' chronically absent: ' || second_percent || ', against ' || first_percent
            || CASE WHEN is_under_way THEN ' at the same point of ' ELSE ' in ' END
            || first_year || '.'
        ELSE
            CASE WHEN change_points > 0 THEN 'More ' ELSE 'Fewer ' END || lead
            || ' answer favorably on “' || rtrim(place, '.') || '”'
            || CASE WHEN reverse_scored THEN ' (scored in reverse)' ELSE '' END || ': ' || second_percent
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
    comparisons / 20 AS clear_by_chance,
    all_comparisons,
    item_id,
    respondent_group
FROM ranked
WHERE clear_of_chance AND holds
QUALIFY row_number() OVER (
    PARTITION BY subject
    ORDER BY goes_first DESC, at_least_points DESC, place, lead
) = 1;
