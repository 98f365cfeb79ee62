-- The list of what the share view can show, as cells that stand in sums.
-- share_cell: one row per school year, period, month so far, place, dimension and category.
-- Which categories a place has, and lists, 03_listed.sql says. All that are not listed together are
-- the category NULL, which is never shown.
CREATE OR REPLACE TEMP TABLE share_cell AS
WITH whole AS (
    SELECT *, point = max(point) OVER (PARTITION BY school_year) AS is_newest
    FROM share_count
    WHERE dimension = 'all'
),
broken_down AS (
    SELECT
        whole.school_year,
        whole.period,
        whole.point,
        whole.kind,
        whole.place,
        category.dimension,
        category.category,
        category.is_listed,
        category.is_few,
        category.is_enough,
        CASE category.dimension
            WHEN 'tier' THEN whole.students
            WHEN 'knowledge' THEN whole.students
            WHEN 'cause' THEN whole.students
            WHEN 'reason' THEN whole.all_students
            ELSE coalesce(held.students, 0)
        END AS students,
        coalesce(held.absent, 0) AS absent
    FROM whole
    JOIN share_listed AS category USING (school_year, kind, place)
    LEFT JOIN share_count AS held
        ON held.school_year = whole.school_year
        AND held.period = whole.period
        AND held.point = whole.point
        AND held.kind = whole.kind
        AND held.place = whole.place
        AND held.dimension = category.dimension
        AND held.category = category.category
    WHERE whole.period = 'this' AND whole.is_newest
),
rest AS (
    SELECT school_year, period, point, kind, place, dimension, CAST(NULL AS VARCHAR) AS category,
        sum(students) AS students, sum(absent) AS absent
    FROM broken_down
    WHERE NOT is_listed AND dimension NOT IN ('reason', 'cause')
    GROUP BY ALL
),
either AS (
    SELECT * EXCLUDE (all_students), true AS is_listed, false AS is_few,
        false AS is_enough
    FROM whole
    UNION ALL BY NAME
    SELECT *, true AS is_newest FROM broken_down
    UNION ALL BY NAME
    SELECT *, true AS is_newest, false AS is_listed, false AS is_few, false AS is_enough
    FROM rest
)
SELECT
    CAST(row_number() OVER (
        ORDER BY school_year, period, point, kind, place, dimension, category
    ) - 1 AS INTEGER) AS cell,
    *
FROM either
ORDER BY cell;

-- share_part: one row per cell of a place of several schools, what it is made up by, and cell of a
-- place of that, also where the category is not listed.
CREATE OR REPLACE TEMP TABLE share_part AS
SELECT
    dense_rank() OVER (ORDER BY whole.cell, consists.by) - 1 AS sum_of,
    whole.cell AS whole_cell,
    part.cell AS part_cell
FROM share_cell AS whole
JOIN share_consists AS consists USING (kind, place)
JOIN share_told_as AS told
    ON told.school_year = whole.school_year
    AND told.period = whole.period
    AND told.kind = consists.part_kind
    AND told.place = consists.part_place
JOIN share_cell AS part
    ON part.school_year = whole.school_year
    AND part.period = whole.period
    AND part.point = whole.point
    AND part.kind = told.counted_kind
    AND part.place = told.counted_place
    AND part.dimension = whole.dimension
    AND part.category = whole.category
WHERE part.cell <> whole.cell
ORDER BY sum_of;

-- share_elsewhere: one row per such sum of a listed category that is not listed at one of these
-- places, and is at another: its students where it is not. Where none lists it, they are its own.
CREATE OR REPLACE TEMP TABLE share_elsewhere AS
SELECT
    share_part.sum_of,
    CASE WHEN whole.dimension IN ('reason', 'cause') THEN 0
        ELSE CAST(sum(part.students) FILTER (WHERE NOT part.is_listed) AS BIGINT)
    END AS students,
    CAST(sum(part.absent) FILTER (WHERE NOT part.is_listed) AS BIGINT) AS absent
FROM share_part
JOIN share_cell AS whole ON whole.cell = share_part.whole_cell
JOIN share_cell AS part ON part.cell = share_part.part_cell
WHERE whole.is_listed
GROUP BY share_part.sum_of, whole.dimension
HAVING bool_or(part.is_listed) AND bool_or(NOT part.is_listed)
ORDER BY share_part.sum_of;

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
