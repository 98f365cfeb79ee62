-- What questions on cells share.

-- Grades in school order.
CREATE MACRO grade_order(grade) AS
    CASE grade WHEN 'PK' THEN -1 WHEN 'K' THEN 0 ELSE coalesce(TRY_CAST(grade AS INTEGER), 99) END;

-- Whether what stands in a column, or in several of them, names a student or who answered.
CREATE MACRO is_of_student(column_name) AS
    coalesce(regexp_matches(column_name, 'student_id|respondent_id|first_name|last_name'), false);

-- What the share view tells of the chosen schools as one place (school_id null), and of each. told: the
-- name of a table like share_survey.
CREATE MACRO told_of(told, of_place, of_schools) AS TABLE
SELECT CAST(NULL AS VARCHAR) AS school_id, * FROM query_table(told) WHERE place = of_place
UNION ALL
SELECT of_school.schools[1], one.*
FROM query_table(told) AS one
JOIN share_place_schools AS of_school USING (place)
WHERE len(of_school.schools) = 1 AND list_has_all(of_schools, of_school.schools);

-- Chronic absence now against last year at the same instructional day, for the selection, for
-- each school by itself and for each grade, with the 95% interval of the change: of one school
-- Newcombe's; over several, that of the schools which had students in both years and whose coverage
-- is comparable, as shift_over_schools gives it (schools_compared: how many; of two, no interval).
-- The change itself is of all students. By what it differs from that of these schools, because
-- others came or went or the mix is another one, the interval is wider: no change is clear of
-- chance that these schools do not share. Of what is coded only schools count whose percents are told.
-- cells: the name of a table like absence_cell.
-- One row per level and place. Where coverage is not comparable, no change is claimed.
CREATE MACRO absence_shifts(cells, of_year, against_year, until, of_schools) AS TABLE
WITH this AS (
    SELECT * FROM query_table(cells) WHERE period = 'this' AND dimension IN ('all', 'grade')
),
-- Of what was not counted last year there is no shift.
both_years AS (
    SELECT this, last
    FROM this
    JOIN query_table(cells) AS last
        ON last.period = 'last'
        AND last.level = this.level
        AND last.school_id IS NOT DISTINCT FROM this.school_id
        AND last.dimension = this.dimension
        AND last.category = this.category
    WHERE this.students_enrolled + last.students_enrolled IS DISTINCT FROM 0
),
covered AS (
    SELECT * FROM coverage_shifts(of_year, against_year, until, of_schools)
),
rated AS (
    SELECT
        CASE WHEN this.dimension = 'grade' THEN 'grade' ELSE this.level END AS level,
        CASE
            WHEN this.dimension = 'grade' THEN this.category
            ELSE coalesce(schools.school_name, 'All students')
        END AS place,
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
        this.nearest AS nearest,
        coverage.first_coverage,
        coverage.second_coverage,
        coverage.comparable,
        this.change_points AS change_points,
        this.withheld AS withheld
    FROM both_years
    LEFT JOIN schools ON schools.school_id = this.school_id
    LEFT JOIN covered AS coverage
        ON coverage.school_id IS NOT DISTINCT FROM this.school_id
    WHERE this.dimension = 'all' OR this.level = 'selection'
),
-- Named as shift_over_schools reads it.
by_school AS (
    SELECT
        '' AS survey,
        part.level AS respondent_group,
        part.place AS item_id,
        this.school_id AS school_name,
        last.students AS first_n,
        this.students AS second_n,
        last.rate AS first_favorable,
        this.rate AS second_favorable
    FROM both_years
    JOIN schools ON schools.school_id = this.school_id
    JOIN covered ON covered.school_id = this.school_id
    CROSS JOIN LATERAL (
        SELECT 'school' AS level, schools.school_name AS place
        WHERE this.dimension = 'all'
        UNION ALL
        SELECT 'selection', 'All students' WHERE this.dimension = 'all' AND covered.comparable
        UNION ALL
        SELECT 'grade', this.category WHERE this.dimension = 'grade' AND covered.comparable
    ) AS part
    WHERE this.change_points IS NOT NULL
),
over_schools AS (
    SELECT * FROM shift_over_schools('by_school')
),
measured AS (
    SELECT
        rated.*,
        over_schools.shift_low + least(change_points - over_schools.shift_points, 0) AS change_low,
        over_schools.shift_high + greatest(change_points - over_schools.shift_points, 0)
            AS change_high,
        CAST(coalesce(over_schools.schools, 0) AS BIGINT) AS schools_compared
    FROM rated
    LEFT JOIN over_schools
        ON over_schools.respondent_group = rated.level AND over_schools.item_id = rated.place
)
SELECT
    *,
    chance_of(change_points, change_low, change_high, schools_compared) AS chance,
    comparable AND coalesce(change_low > 0 OR change_high < 0, false) AS clear_of_chance
FROM measured;
