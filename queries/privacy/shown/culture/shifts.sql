-- How far agreement moved from one year to the next, item by item.
-- One row per survey, respondent group and item asked in the second year (a published table: also
-- school), largest shift first. first_n and second_n are the fewest answers of the band told.
SELECT *
FROM share_culture_shifts(
    $place, $survey, $asked_year, $asked_compare_year, $schools, $all_schools, $respondent_group,
    $assumed_n
)
ORDER BY
    published, survey, school_name, respondent_group,
    shift_points DESC NULLS LAST, item_id
