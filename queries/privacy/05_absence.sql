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
JOIN share_place_schools AS place ON place.kind = cell.kind AND place.name = cell.place
WHERE cell.is_listed AND (cell.dimension <> 'cause' OR told.absent IS NOT NULL)
ORDER BY place.place, cell.school_year, cell.dimension, cell.point, cell.period, cell.category;

-- One row per level (selection, school) and place, as the macro absence_shifts gives them, made of
-- what the share view tells and of nothing else: no change where a year's percent is not told.
CREATE OR REPLACE MACRO share_absence_shifts(
    of_place, of_year, against_year, until, of_schools
) AS TABLE
WITH wanted AS (
    SELECT 'selection' AS level, 'All students' AS place_name, of_place AS place, NULL AS school_id
    UNION ALL
    SELECT 'school', schools.school_name, place.place, schools.school_id
    FROM schools
    JOIN share_place_schools AS place ON place.schools = [schools.school_id]
    WHERE schools.school_id IN (SELECT unnest(of_schools))
),
told AS (
    SELECT
        wanted.level,
        wanted.place_name,
        last.students AS first_students,
        this.students AS second_students,
        last.students_absent AS first_students_absent,
        this.students_absent AS second_students_absent,
        last.rate AS first_rate,
        this.rate AS second_rate,
        last.rate_at_least AS first_rate_at_least,
        last.rate_at_most AS first_rate_at_most,
        this.rate_at_least AS second_rate_at_least,
        this.rate_at_most AS second_rate_at_most,
        coverage.first_coverage,
        coverage.second_coverage,
        coverage.comparable,
        CAST(this.change_points AS DOUBLE) AS change_points,
        coalesce(this.withheld, true) AS withheld
    FROM wanted
    LEFT JOIN share_absence AS this
        ON this.place = wanted.place
        AND this.school_year = of_year
        AND this.period = 'this'
        AND this.is_newest
        AND this.dimension = 'all'
    LEFT JOIN share_absence AS last
        ON last.place = wanted.place
        AND last.school_year = of_year
        AND last.period = 'last'
        AND last.is_newest
        AND last.dimension = 'all'
    LEFT JOIN coverage_shifts(of_year, against_year, until, of_schools) AS coverage
        ON coverage.school_id IS NOT DISTINCT FROM wanted.school_id
),
-- Named as shift_over_schools reads it: schools whose percents are told.
by_school AS (
    SELECT
        '' AS survey,
        unnest(['school', CASE WHEN comparable THEN 'selection' END]) AS respondent_group,
        unnest([place_name, 'All students']) AS item_id,
        place_name AS school_name,
        first_students AS first_n,
        second_students AS second_n,
        first_rate AS first_favorable,
        second_rate AS second_favorable
    FROM told
    WHERE level = 'school' AND change_points IS NOT NULL
),
over_schools AS (
    SELECT * FROM shift_over_schools('by_school')
),
measured AS (
    SELECT
        told.*,
        CASE WHEN change_points IS NOT NULL THEN
            over_schools.shift_low + least(change_points - over_schools.shift_points, 0)
        END AS change_low,
        CASE WHEN change_points IS NOT NULL THEN
            over_schools.shift_high + greatest(change_points - over_schools.shift_points, 0)
        END AS change_high,
        coalesce(over_schools.schools, 0) AS schools_compared
    FROM told
    LEFT JOIN over_schools
        ON over_schools.respondent_group = told.level AND over_schools.item_id = told.place_name
)
SELECT
    level,
    place_name AS place,
    * EXCLUDE (level, place_name),
    chance_of(change_points, change_low, change_high, schools_compared) AS chance,
    comparable AND coalesce(change_low > 0 OR change_high < 0, false) AS clear_of_chance
FROM measured;
