-- Students by share of their days missed, as everybody may know it.
-- One row per tier. 0, and not withheld, where nobody is evaluated yet.
SELECT
    tiers.tier,
    CASE WHEN calendar.nobody_yet THEN 0 ELSE told.students_absent END AS students,
    told.rate AS share,
    told.rate_at_least AS share_at_least,
    told.rate_at_most AS share_at_most,
    coalesce(told.withheld, true) AND NOT calendar.nobody_yet AS withheld
FROM (
    SELECT
        unnest(['satisfactory', 'at_risk', 'moderate', 'severe']) AS tier,
        unnest([1, 2, 3, 4]) AS tier_order
) AS tiers
CROSS JOIN (
    SELECT nobody_evaluated_yet($school_year, $as_of, $schools) AS nobody_yet
) AS calendar
LEFT JOIN share_absence AS told
    ON told.category = tiers.tier
    AND told.place = $place
    AND told.school_year = $school_year
    AND told.dimension = 'tier'
ORDER BY tiers.tier_order
