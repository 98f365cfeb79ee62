-- How the answers to each item are spread, both times of the comparison.
-- One row per survey, respondent group, item, year and answer of the scale, also one that nobody
-- gave. share is of the answers that count; "don't know" stands beside them with a number alone. No row
-- of an item and year that fewer answered than may be shown. In the share view answers may be told
-- together (their number), and one row stands for an item of which nothing is told.
SELECT * EXCLUDE (of_survey, is_second)
FROM answer_cell
ORDER BY of_survey, respondent_group, item_id, is_second, position, answer, item_text
