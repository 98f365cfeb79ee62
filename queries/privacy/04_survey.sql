-- The surveys of the share view, as cells like those of attendance.
-- share_item: one row per survey, year, respondent group, place and item; the item NULL is who
-- answered of those invited. answers: those that count, or who was invited; favorable: of those.
CREATE OR REPLACE TEMP TABLE share_item AS
WITH counted AS (
    SELECT
        survey, school_year, respondent_group, kind, place, item_id,
        coalesce(CAST(sum(answers) FILTER (WHERE counts) AS BIGINT), 0) AS answers,
        coalesce(CAST(sum(answers) FILTER (WHERE favorable) AS BIGINT), 0) AS favorable
    FROM share_answer
    GROUP BY ALL
    UNION ALL
    SELECT survey, school_year, respondent_group, kind, place, NULL, invited, respondents
    FROM share_respondent
    WHERE respondents <= invited AND invited > 0
)
SELECT
    CAST(row_number() OVER (
        ORDER BY survey, school_year, respondent_group, kind, place, item_id
    ) - 1 AS INTEGER) AS cell,
    *
FROM counted
ORDER BY cell;

-- share_item_part: one row per cell of a place of several schools, what it is made up by, and cell
-- of a place of that.
CREATE OR REPLACE TEMP TABLE share_item_part AS
SELECT
    dense_rank() OVER (ORDER BY whole.cell, consists.by) - 1 AS sum_of,
    whole.cell AS whole_cell,
    part.cell AS part_cell
FROM share_item AS whole
JOIN share_consists AS consists USING (kind, place)
JOIN share_item AS part
    ON part.kind = consists.part_kind
    AND part.place = consists.part_place
    AND part.survey = whole.survey
    AND part.school_year = whole.school_year
    AND part.respondent_group = whole.respondent_group
    AND part.item_id IS NOT DISTINCT FROM whole.item_id
ORDER BY sum_of;

-- share_item_answer: one row per cell and answer of its scale that counts, also one that nobody gave;
-- of a cell those that are not favorable first.
CREATE OR REPLACE TEMP TABLE share_item_answer AS
WITH answer AS (
    SELECT
        item.*,
        scale_answer.answer,
        scale_answer.position,
        CASE
            WHEN survey_item.reverse_scored THEN scale_answer.favorable_mirrored
            ELSE coalesce(scale_answer.favorable, false)
        END AS is_favorable
    FROM share_item AS item
    JOIN survey_item USING (survey, school_year, respondent_group, item_id)
    JOIN scale_answer ON scale_answer.scale = survey_item.scale AND scale_answer.counts
)
SELECT
    CAST(row_number() OVER (ORDER BY cell, is_favorable, position, answer) - 1 AS INTEGER)
        AS answer_row,
    answer.cell,
    answer.answer,
    answer.position,
    answer.is_favorable,
    coalesce(given.answers, 0) AS answers
FROM answer
LEFT JOIN share_answer AS given
    USING (survey, school_year, respondent_group, kind, place, item_id, answer)
ORDER BY answer_row;
