-- The list of what the share view can show, as cells that stand in sums.
-- share_cell: one row per school year, period, month so far, place, dimension and category.
-- A grade, a group or a reason is listed at a place where it had the minimum of students in any
-- year; who is in none that is listed is the category NULL, which is never shown.
CREATE OR REPLACE TEMP TABLE share_cell AS
WITH whole AS (
    SELECT *, point = max(point) OVER (PARTITION BY school_year) AS is_newest
    FROM share_count
    WHERE dimension = 'all'
),
listed AS (
    SELECT kind, place, dimension, category
    FROM share_count
    WHERE dimension NOT IN ('all', 'tier', 'knowledge')
        AND (category <> 'Unknown' OR dimension IN ('grade', 'reason'))
    GROUP BY ALL
    HAVING max(CASE WHEN dimension IN ('reason', 'cause') THEN absent ELSE students END) >= $minimum
    UNION ALL
    SELECT DISTINCT kind, place, dimension, category
    FROM share_count
    WHERE dimension IN ('tier', 'knowledge')
),
broken_down AS (
    SELECT
        whole.school_year,
        whole.period,
        whole.point,
        whole.kind,
        whole.place,
        listed.dimension,
        listed.category,
        CASE listed.dimension
            WHEN 'tier' THEN whole.students
            WHEN 'knowledge' THEN whole.students
            WHEN 'cause' THEN whole.students
            WHEN 'reason' THEN whole.all_students
            ELSE coalesce(held.students, 0)
        END AS students,
        coalesce(held.absent, 0) AS absent
    FROM whole
    JOIN listed USING (kind, place)
    LEFT JOIN share_count AS held
        ON held.school_year = whole.school_year
        AND held.period = whole.period
        AND held.point = whole.point
        AND held.kind = whole.kind
        AND held.place = whole.place
        AND held.dimension = listed.dimension
        AND held.category = listed.category
    WHERE whole.period = 'this' AND whole.is_newest
),
counted AS (
    SELECT school_year, period, point, kind, place, dimension,
        sum(students) AS students, sum(absent) AS absent
    FROM broken_down
    WHERE dimension NOT IN ('tier', 'knowledge', 'reason', 'cause')
    GROUP BY ALL
),
rest AS (
    SELECT
        school_year,
        period,
        point,
        kind,
        place,
        counted.dimension,
        CAST(NULL AS VARCHAR) AS category,
        whole.students - counted.students AS students,
        whole.absent - counted.absent AS absent
    FROM counted
    JOIN whole USING (school_year, period, point, kind, place)
),
-- Where nobody ever was in the rest, there is none to hide.
held_rest AS (
    SELECT *
    FROM rest
    QUALIFY max(students) OVER (PARTITION BY kind, place, dimension) > 0
),
either AS (
    SELECT * EXCLUDE (all_students) FROM whole
    UNION ALL BY NAME
    SELECT *, true AS is_newest FROM broken_down
    UNION ALL BY NAME
    SELECT *, true AS is_newest FROM held_rest
)
SELECT
    CAST(row_number() OVER (
        ORDER BY school_year, period, point, kind, place, dimension, category
    ) - 1 AS INTEGER) AS cell,
    *
FROM either
ORDER BY cell;

-- share_part: one row per cell of a place of several schools, kind of place that it consists of,
-- and listed cell of such a place.
CREATE OR REPLACE TEMP TABLE share_part AS
SELECT
    dense_rank() OVER (ORDER BY whole.cell, consists.part_kind) - 1 AS sum_of,
    whole.cell AS whole_cell,
    consists.part_kind,
    part.cell AS part_cell
FROM share_cell AS whole
JOIN share_consists AS consists USING (kind, place)
JOIN share_cell AS part
    ON part.school_year = whole.school_year
    AND part.period = whole.period
    AND part.point = whole.point
    AND part.kind = consists.part_kind
    AND part.place = consists.part_place
    AND part.dimension = whole.dimension
    AND part.category = whole.category
ORDER BY sum_of;

-- share_elsewhere: one row per such sum where it was ever anybody: the students of the category at
-- places where it is not listed.
CREATE OR REPLACE TEMP TABLE share_elsewhere AS
WITH listed AS (
    SELECT
        share_part.sum_of,
        share_part.whole_cell,
        share_part.part_kind,
        sum(part.students) AS students,
        sum(part.absent) AS absent
    FROM share_part
    JOIN share_cell AS part ON part.cell = share_part.part_cell
    GROUP BY ALL
),
counted AS (
    SELECT
        listed.sum_of,
        CAST(coalesce(sum(held.students), 0) AS BIGINT) AS students,
        CAST(coalesce(sum(held.absent), 0) AS BIGINT) AS absent
    FROM listed
    JOIN share_cell AS whole ON whole.cell = listed.whole_cell
    JOIN share_consists AS consists
        ON consists.kind = whole.kind
        AND consists.place = whole.place
        AND consists.part_kind = listed.part_kind
    LEFT JOIN share_count AS held
        ON held.school_year = whole.school_year
        AND held.period = whole.period
        AND held.point = whole.point
        AND held.kind = consists.part_kind
        AND held.place = consists.part_place
        AND held.dimension = whole.dimension
        AND held.category = whole.category
    WHERE whole.dimension NOT IN ('all', 'tier', 'knowledge')
    GROUP BY ALL
)
SELECT
    counted.sum_of,
    CASE WHEN whole.dimension IN ('reason', 'cause') THEN 0 ELSE counted.students - listed.students END
        AS students,
    counted.absent - listed.absent AS absent
FROM counted
JOIN listed USING (sum_of)
JOIN share_cell AS whole ON whole.cell = listed.whole_cell
QUALIFY max(
    CASE WHEN whole.dimension IN ('reason', 'cause') THEN counted.absent - listed.absent
        ELSE counted.students - listed.students
    END
) OVER (
    PARTITION BY whole.kind, whole.place, whole.dimension, whole.category, listed.part_kind
) > 0
ORDER BY counted.sum_of;

-- share_same: one row per two cells of a place that are the same count: last year's as this year
-- compares with it, and its own, where every school had come equally far.
CREATE OR REPLACE TEMP TABLE share_same AS
WITH reached AS (
    SELECT
        cell.cell,
        cell.kind,
        cell.place,
        at_point.data_year,
        list(at_point.cutoff_date ORDER BY at_point.school_id) AS cutoff_dates
    FROM share_cell AS cell
    JOIN share_place USING (kind, place)
    JOIN share_point AS at_point
        ON at_point.school_id = share_place.school_id
        AND at_point.school_year = cell.school_year
        AND at_point.period = cell.period
        AND at_point.point = cell.point
    WHERE cell.dimension = 'all'
    GROUP BY ALL
)
SELECT one.cell, other.cell AS other_cell
FROM reached AS one
JOIN reached AS other USING (kind, place, data_year, cutoff_dates)
WHERE one.cell < other.cell
ORDER BY ALL;
