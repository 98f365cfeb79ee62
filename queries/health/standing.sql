-- What an attendance figure stands on: how many schools, up to which day, how much was taken.
-- One row for the selection.
WITH day AS (
    SELECT *
    FROM school_day
    WHERE school_year = $school_year
        AND date <= $as_of
        AND school_id IN (SELECT unnest($schools))
)
SELECT
    len($schools) AS schools,
    count(DISTINCT school_id) FILTER (WHERE taken) AS schools_reporting,
    CAST($as_of AS DATE) AS as_of,
    max(instructional_day) AS instructional_day,
    count(*) AS days_expected,
    count(*) FILTER (WHERE taken) AS days_taken,
    count(*) FILTER (WHERE taken) / nullif(count(*), 0) AS coverage,
    $school_year AS school_year,
    $compare_year AS compare_year,
    coalesce($under_way OR $as_of < $last_counted_date, false)
        AS under_way,
    $definition_label AS definition_label,
    $definition_sentence AS definition_sentence
FROM day
