-- How far agreement moved, made of what the share view tells: one row per survey, respondent group
-- and item.
SELECT *
FROM share_culture_shifts(
    $place, $survey, $asked_year, $asked_compare_year, $compare_administration, $schools,
    $all_schools, $respondent_group, $assumed_n
)
