-- How far agreement moved from one year to the next, item by item.
-- One row per survey, respondent group and item asked in the second year (a published table: also
-- school), largest shift first. For a published table without n, $assumed_n stands in for both. What
-- is coded rests on what is told: first_n and second_n are then the fewest answers of the band.
-- holds: clear of chance also among all shifts of this answer that may be called clear.
WITH judged AS (
    SELECT
        * REPLACE (CASE WHEN why_not_clear IS NULL OR shift_points IS NULL THEN chance END AS chance),
        chance AS chance_of_shift,
        published AS among
    FROM shift_cell
)
SELECT * EXCLUDE (among, chance_of_shift) REPLACE (
    CASE WHEN shift_points IS NOT NULL THEN chance_of_shift END AS chance
)
FROM held_among('judged')
ORDER BY
    published, survey, school_name, respondent_group,
    shift_points DESC NULLS LAST, item_id
