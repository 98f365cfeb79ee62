-- How far agreement moved from one year to the next, item by item.
-- One row per survey, respondent group and item asked in the second year (a published table: also
-- school), largest shift first. For a published table without n, $assumed_n stands in for both. What
-- is coded rests on what is told: first_n and second_n are then the fewest answers of the band.
-- holds: clear of chance also among all shifts of this answer that may be called clear. asked_as: the
-- same of groups that were asked the same words on one scale, scored in one direction.
WITH judged AS (
    SELECT
        * REPLACE (CASE WHEN why_not_clear IS NULL OR shift_points IS NULL THEN chance END AS chance),
        chance AS chance_of_shift,
        published AS among
    FROM shift_cell
)
SELECT
    held.* EXCLUDE (among, chance_of_shift) REPLACE (
        CASE WHEN held.shift_points IS NOT NULL THEN held.chance_of_shift END AS chance
    ),
    concat_ws(' · ', words_alone(held.item_text), item.scale, held.reverse_scored) AS asked_as
FROM held_among('judged') AS held
JOIN survey_item AS item
    ON item.survey = held.survey
    AND item.school_year = held.second_year
    AND item.respondent_group = held.respondent_group
    AND item.item_id = held.item_id
ORDER BY
    held.published, held.survey, held.school_name, held.respondent_group,
    held.shift_points DESC NULLS LAST, held.item_id
