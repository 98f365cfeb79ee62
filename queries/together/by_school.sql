-- What people say of each school beside its chronic absence, in the year and up to four before it.
-- One row per school, school year and measure. kind: 'absence', students chronically absent of those
-- evaluated; 'family', students with an understood cause of that family, of the chronically absent
-- of whom a cause is known; 'item', favorable answers of those that count, for one survey item of
-- each topic. rate, the share of the first kind, stands on every row. recent: 1 is the newest year
-- that the measure has. others: the same share of the other schools together; standing: 'above' or
-- 'below' them where the 95% interval of the difference leaves zero out. comparable: an item with
-- the year before in which it was asked; of those absent, whether the definition still counts as it
-- did then, null where it does. No row of an item at a school where fewer answered than may
-- be shown. Where shares are coded, others are those that are told, and a share known between two
-- ends is beside them only where both of its ends are.
WITH measured AS (
    SELECT
        CASE WHEN family = '' THEN 'absence' ELSE 'family' END AS kind,
        CASE WHEN family = '' THEN 'chronically absent' ELSE family END AS measure,
        CASE family WHEN '' THEN 1 WHEN 'aversion' THEN 2 ELSE 3 END AS place,
        * EXCLUDE (family, students),
        students AS n
    FROM year_cell
    UNION ALL BY NAME
    SELECT
        'item' AS kind,
        item.*,
        cell.* EXCLUDE (survey, respondent_group, item_id, favorable_n, favorable)
            RENAME (favorable_at_least AS share_at_least, favorable_at_most AS share_at_most),
        cell.favorable_n AS part,
        cell.favorable AS share
    FROM survey_cell AS cell
    JOIN topic_items($survey, $respondent_group, $school_year) AS item
        USING (survey, respondent_group, item_id)
    WHERE cell.school_id IS NOT NULL
        AND ($school_year IS NULL OR cell.school_year <= $school_year)
),
beside AS (
    SELECT
        *,
        CASE WHEN part IS NOT NULL THEN n END AS part_of,
        coalesce(sum(part) OVER all_schools, 0) - coalesce(part, 0) AS others_part,
        coalesce(sum(part_of) OVER all_schools, 0) - coalesce(part_of, 0) AS others_n,
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
        others_part / nullif(others_n, 0) AS others_share,
        -- Beside whole percents a whole percent.
        CASE WHEN nearest = 1 THEN others_share ELSE round(others_share, 2) END AS others,
        coalesce(share, share_at_least) AS least,
        coalesce(share, share_at_most) AS most
    FROM beside
)
SELECT
    schools.school_id,
    schools.school_name,
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
    CASE
        WHEN compared.kind = 'item' THEN survey_item.comparable
        WHEN list_contains($counted_anew, compared.school_year) THEN false
    END AS comparable,
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
JOIN schools USING (school_id)
LEFT JOIN survey_item USING (survey, school_year, respondent_group, item_id)
LEFT JOIN survey_limit USING (respondent_group)
WHERE compared.kind <> 'item' OR compared.n IS NULL OR compared.n >= survey_limit.fewest_shown
ORDER BY
    schools.school_name, compared.school_year, compared.place, compared.survey,
    compared.respondent_group
