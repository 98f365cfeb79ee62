-- How far agreement moved from one year to the next: one row per survey, respondent group and item.
SELECT *, false AS withheld
FROM culture_shifts(
    $survey, $asked_year, $asked_compare_year, $compare_administration, $schools, $all_schools,
    $respondent_group, $assumed_n
)
