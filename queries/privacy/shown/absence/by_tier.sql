-- Students by share of their days missed, as everybody may know it.
-- One row per tier.
SELECT
    tiers.tier,
    told.students_absent AS students,
    told.rate AS share,
    told.rate_at_least AS share_at_least,
    told.rate_at_most AS share_at_most,
    coalesce(told.withheld, true) AS withheld
FROM (
    SELECT
        unnest(['satisfactory', 'at_risk', 'moderate', 'severe']) AS tier,
        unnest([1, 2, 3, 4]) AS tier_order
) AS tiers
LEFT JOIN share_absence AS told
    ON told.category = tiers.tier
    AND told.place = $place
    AND told.school_year = $school_year
    AND told.dimension = 'tier'
ORDER BY tiers.tier_order
