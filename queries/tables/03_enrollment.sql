-- enrollment_span: one row per unbroken stretch that a student was enrolled at a school in a
-- school year; overlapping and touching rows of the file are one stretch. Half-open: exit_date is
-- the first day no longer enrolled, 9999-12-31 when there is none.
-- taken_before, taken_until: days taken at the school before entry and before exit, so that the
-- days enrolled up to any day are one subtraction.
CREATE TABLE enrollment_span AS
WITH enrolled AS (
    SELECT
        student_id,
        school_id,
        school_year,
        entry_date,
        coalesce(exit_date, DATE '9999-12-31') AS exit_date
    FROM enrollments
),
valid AS (
    SELECT * FROM enrolled WHERE entry_date < exit_date
),
marked AS (
    SELECT
        *,
        coalesce(entry_date > max(exit_date) OVER (
            PARTITION BY student_id, school_id, school_year
            ORDER BY entry_date, exit_date
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), true) AS begins
    FROM valid
),
numbered AS (
    SELECT
        *,
        count(*) FILTER (WHERE begins) OVER (
            PARTITION BY student_id, school_id, school_year ORDER BY entry_date, exit_date
            ROWS UNBOUNDED PRECEDING
        ) AS stretch
    FROM marked
),
stretches AS (
    SELECT
        student_id, school_id, school_year,
        min(entry_date) AS entry_date,
        max(exit_date) AS exit_date
    FROM numbered
    GROUP BY student_id, school_id, school_year, stretch
)
SELECT
    stretches.student_id,
    stretches.school_id,
    stretches.school_year,
    stretches.entry_date,
    stretches.exit_date,
    coalesce(before_entry.days_taken, 0) AS taken_before,
    coalesce(before_exit.days_taken, 0) AS taken_until
FROM stretches
ASOF LEFT JOIN school_day AS before_entry
    ON before_entry.school_id = stretches.school_id
    AND before_entry.school_year = stretches.school_year
    AND before_entry.date < stretches.entry_date
ASOF LEFT JOIN school_day AS before_exit
    ON before_exit.school_id = stretches.school_id
    AND before_exit.school_year = stretches.school_year
    AND before_exit.date < stretches.exit_date
ORDER BY stretches.school_year, stretches.school_id, stretches.student_id, stretches.entry_date;

-- student_group: one row per student, school year and dimension; a row for the year goes before
-- one that names no year. Unknown is a group like any other.
CREATE TABLE student_group AS
WITH student_year AS (
    SELECT DISTINCT student_id, school_year FROM enrollments
),
described AS (
    SELECT
        student_year.student_id,
        student_year.school_year,
        coalesce(of_year.student_id, always.student_id) IS NOT NULL AS described,
        CASE WHEN of_year.student_id IS NULL THEN always ELSE of_year END AS student
    FROM student_year
    LEFT JOIN students AS of_year
        ON of_year.student_id = student_year.student_id
        AND of_year.school_year = student_year.school_year
    LEFT JOIN students AS always
        ON always.student_id = student_year.student_id
        AND always.school_year IS NULL
),
long AS (
    UNPIVOT (
        SELECT
            student_id,
            school_year,
            coalesce(student.gender, 'Unknown') AS gender,
            coalesce(student.race_ethnicity, 'Unknown') AS race_ethnicity,
            coalesce(student.english_learner, 'Unknown') AS english_learner,
            coalesce(student.disability, 'Unknown') AS disability,
            coalesce(student.economically_disadvantaged, 'Unknown') AS economically_disadvantaged,
            coalesce(student.unstable_housing, 'Unknown') AS unstable_housing,
            coalesce(student.home_language, 'Unknown') AS home_language
        FROM described
    )
    ON COLUMNS(* EXCLUDE (student_id, school_year))
    INTO NAME dimension VALUE group_name
)
SELECT student_id, school_year, dimension, group_name
FROM long
ORDER BY school_year, dimension, group_name, student_id;

-- student_label: one row per student, the name to show: of the newest year that gives one.
CREATE TABLE student_label AS
SELECT
    student_id,
    coalesce(
        arg_max(
            trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')),
            coalesce(school_year, '')
        ) FILTER (WHERE first_name IS NOT NULL OR last_name IS NOT NULL),
        student_id
    ) AS student_name
FROM students
GROUP BY student_id;
