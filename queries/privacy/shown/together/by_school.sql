-- The same from what everybody may know, each year and school as it is told by itself. Families of
-- causes are too few school by school, and left out.
-- One row per school, school year and measure. others: of the other schools whose share is told; a
-- share known between two ends is beside them only where both of its ends are.
WITH year AS (
    SELECT school_year
    FROM year_dates
    WHERE school_year <= $school_year
    ORDER BY school_year DESC
    LIMIT 5
),
school AS (
    SELECT schools.school_id, schools.school_name, place.place AS school_place
    FROM schools
    JOIN share_place_schools AS place ON place.schools = [schools.school_id]
    WHERE schools.school_id IN (SELECT unnest($schools))
),
absence AS (
    SELECT
        school.*,
        year.school_year,
        'absence' AS kind,
        'chronically absent' AS measure,
        1 AS place,
        told.students AS n,
        told.rate AS share,
        told.rate_at_least AS share_at_least,
        told.rate_at_most AS share_at_most,
        coalesce(told.withheld, true) AS withheld
    FROM school
    CROSS JOIN year
    LEFT JOIN share_absence AS told
        ON told.place = school.school_place
        AND told.school_year = year.school_year
        AND told.period = 'this'
        AND told.is_newest
        AND told.dimension = 'all'
),
item AS (
    FROM topic_items($survey, $respondent_group, $school_year)
),
answered AS (
    SELECT
        school.*,
        told.school_year,
        'item' AS kind,
        item.*,
        told.n_low AS n,
        told.n_high,
        told.favorable AS share,
        told.favorable_at_least AS share_at_least,
        told.favorable_at_most AS share_at_most,
        told.withheld
    FROM school
    JOIN share_survey AS told ON told.place = school.school_place
    JOIN item USING (survey, respondent_group, item_id)
    WHERE $school_year IS NULL OR told.school_year <= $school_year
),
measured AS (
    SELECT * FROM absence
    UNION ALL BY NAME
    SELECT * FROM answered
),
beside AS (
    SELECT
        *,
        CASE WHEN share IS NOT NULL THEN n END AS told_n,
        coalesce(sum(share * told_n) OVER all_schools, 0) - coalesce(share * told_n, 0)
            AS others_part,
        nullif(coalesce(sum(told_n) OVER all_schools, 0) - coalesce(told_n, 0), 0) AS others_n,
        dense_rank() OVER (
            PARTITION BY kind, measure, survey, respondent_group ORDER BY school_year DESC
        ) AS recent,
        max(share) FILTER (WHERE kind = 'absence') OVER own AS rate,
        max(share_at_least) FILTER (WHERE kind = 'absence') OVER own AS rate_at_least,
        max(share_at_most) FILTER (WHERE kind = 'absence') OVER own AS rate_at_most
    FROM measured
    WINDOW
        all_schools AS (PARTITION BY kind, measure, survey, respondent_group, school_year),
        own AS (PARTITION BY school_id, school_year)
),
compared AS (
    SELECT
        *,
        -- Whole percents, as everything here.
        round(others_part / others_n, 2) AS others,
        coalesce(share, share_at_least) AS least,
        coalesce(share, share_at_most) AS most
    FROM beside
)
SELECT
    compared.school_id,
    compared.school_name,
    compared.school_year,
    compared.rate,
    compared.rate_at_least,
    compared.rate_at_most,
    compared.kind,
    compared.measure,
    compared.place,
    compared.topic,
    compared.survey,
    compared.respondent_group,
    compared.item_id,
    survey_item.item_text,
    survey_item.reverse_scored,
    survey_item.about,
    survey_item.comparable,
    compared.recent,
    CASE WHEN compared.kind = 'item' THEN compared.share END AS favorable,
    compared.share,
    compared.share_at_least,
    compared.share_at_most,
    compared.n,
    compared.n_high,
    wilson_low(compared.share, compared.n) AS share_low,
    wilson_high(compared.share, compared.n) AS share_high,
    compared.others,
    CASE
        WHEN newcombe_low(compared.others, compared.others_n, compared.least, compared.n) > 0
            THEN 'above'
        WHEN newcombe_high(compared.others, compared.others_n, compared.most, compared.n) < 0
            THEN 'below'
        WHEN compared.others IS NOT NULL AND compared.most IS NOT NULL THEN 'within'
    END AS standing,
    compared.withheld
FROM compared
LEFT JOIN survey_item USING (survey, school_year, respondent_group, item_id)
ORDER BY
    compared.school_name, compared.school_year, compared.place, compared.survey,
    compared.respondent_group
