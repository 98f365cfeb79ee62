-- The surveys of the share view, as cells like those of attendance.
-- share_item: one row per survey, year, respondent group, place and item; the item NULL is everybody
-- who answered anything. answers: those that count, favorable: of those.
CREATE OR REPLACE TEMP TABLE share_item AS
WITH counted AS (
    SELECT
        survey, school_year, respondent_group, kind, place, item_id,
        coalesce(CAST(sum(answers) FILTER (WHERE counts) AS BIGINT), 0) AS answers,
        coalesce(CAST(sum(answers) FILTER (WHERE favorable) AS BIGINT), 0) AS favorable
    FROM share_answer
    GROUP BY ALL
)
SELECT
    CAST(row_number() OVER (
        ORDER BY survey, school_year, respondent_group, kind, place, item_id
    ) - 1 AS INTEGER) AS cell,
    *
FROM counted
ORDER BY cell;

-- share_item_part: one row per cell of a place of several schools, kind of place that it consists
-- of, and cell of such a place.
CREATE OR REPLACE TEMP TABLE share_item_part AS
SELECT
    dense_rank() OVER (ORDER BY whole.cell, part.kind) - 1 AS sum_of,
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
    AND part.item_id = whole.item_id
ORDER BY sum_of;
