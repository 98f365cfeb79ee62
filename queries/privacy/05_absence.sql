-- share_place_schools: one row per place of the share view, with its schools in order.
CREATE OR REPLACE TABLE share_place_schools AS
SELECT
    CAST(row_number() OVER (ORDER BY schools) AS INTEGER) AS place,
    *
FROM (
    SELECT kind, place AS name, list(school_id ORDER BY school_id) AS schools
    FROM share_place
    GROUP BY ALL
)
ORDER BY place;

-- What percent of the days was missed, in whole percents, says how many can have missed a tenth of
-- theirs, were all enrolled on all days: at most ten times as many, and those who missed less than a
-- tenth cannot make up for all of it. Whether a whole percent of them says at least as much.
CREATE OR REPLACE TEMP MACRO says_no_more(days_missed, percent_absent) AS
    2 * percent_absent + 1 <= 20 * days_missed + 10
    AND 10 * (2 * days_missed - 1 - 20) <= 9 * (2 * percent_absent - 1);

-- share_absence: one row per school year, period, month so far, place, dimension and category, as
-- the share view tells it. students and students_absent are about so many, to the nearest ten
-- (students to `nearest`); rate is a whole percent, or lies between rate_at_least and rate_at_most.
-- A cause that is withheld is no row, like one that is not listed: nobody can tell them apart.
-- withheld: of the rate not even that much is told. change_points: since last year, in points.
CREATE OR REPLACE TABLE share_absence AS
SELECT
    cell.school_year,
    cell.period,
    cell.point,
    cell.is_newest,
    place.place,
    cell.dimension,
    cell.category,
    CAST(told.students AS BIGINT) AS students,
    CAST(told.nearest AS INTEGER) AS nearest,
    CAST(told.absent AS BIGINT) AS students_absent,
    told.rate / 100 AS rate,
    told.at_least / 100 AS rate_at_least,
    told.at_most / 100 AS rate_at_most,
    CAST(told.change AS INTEGER) AS change_points,
    told.students IS NULL AND told.absent IS NULL AND told.at_most IS NULL
        OR (told.rate IS NULL AND told.at_most IS NULL AND cell.dimension NOT IN ('reason', 'cause')) AS withheld,
    -- Beside an end, hardly a day missed would say that nobody missed many.
    CASE WHEN cell.dimension = 'all' AND says_no_more(100 - day.attended, told.rate)
        THEN day.attended / 100
    END AS attendance_rate
FROM share_cell AS cell
CROSS JOIN LATERAL (
    SELECT round(100 - 100 * cell.days_absent / nullif(cell.days_enrolled, 0)) AS attended
) AS day
JOIN told USING (cell)
JOIN share_told_as AS counted
    ON counted.school_year = cell.school_year AND counted.period = cell.period
    AND counted.counted_kind = cell.kind AND counted.counted_place = cell.place
JOIN share_place_schools AS place ON place.kind = counted.kind AND place.name = counted.place
WHERE cell.is_listed AND (cell.dimension <> 'cause' OR told.absent IS NOT NULL)
ORDER BY place.place, cell.school_year, cell.dimension, cell.point, cell.period, cell.category;

-- A place that is another's count in one of two years alone has a change of its own, made of the two
-- rates that are told of it.
UPDATE share_absence
SET change_points = (
    SELECT CAST(round(100 * (share_absence.rate - last.rate)) AS INTEGER)
    FROM share_absence AS last
    WHERE last.period = 'last' AND last.dimension = 'all' AND last.place = share_absence.place
        AND last.school_year = share_absence.school_year AND last.point = share_absence.point
)
WHERE period = 'this' AND dimension = 'all' AND place IN (
    SELECT place.place
    FROM share_told_as AS told
    JOIN share_place_schools AS place ON place.kind = told.kind AND place.name = told.place
    WHERE (told.counted_kind, told.counted_place) <> (told.kind, told.place)
);
