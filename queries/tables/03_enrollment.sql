-- unrecorded_day: one row per student, school and day of which nothing was recorded for this student:
-- all its rows say so, of the whole day, of both sessions or of every period.
CREATE TABLE unrecorded_day AS
SELECT attendance.student_id, attendance.school_id, attendance.date
FROM attendance
JOIN code_of_school USING (code, school_id)
SEMI JOIN (
    SELECT attendance.student_id, attendance.school_id, attendance.date
    FROM attendance
    JOIN code_of_school USING (code, school_id)
    WHERE code_of_school.counts_as = 'not_recorded'
) AS perhaps
    ON perhaps.student_id = attendance.student_id
    AND perhaps.school_id = attendance.school_id
    AND perhaps.date = attendance.date
JOIN calendar
    ON calendar.school_id = attendance.school_id AND calendar.date = attendance.date
GROUP BY attendance.student_id, attendance.school_id, attendance.date
HAVING bool_and(code_of_school.counts_as = 'not_recorded')
    AND (
        bool_or(attendance.session IS NULL AND attendance.period IS NULL)
        OR count(DISTINCT attendance.session) FILTER (attendance.period IS NULL) = 2
        OR count(DISTINCT attendance.period) >= max(calendar.periods)
    );

-- enrollment_span: one row per unbroken stretch that a student was enrolled at a school in a
-- school year; overlapping and touching rows of the file are one stretch, and a day that is not in the
-- student's own calendar, or of which nothing was recorded for the student, is in none. Half-open:
-- exit_date is the first day no longer enrolled, 9999-12-31 when there is none.
-- taken_before, taken_until: days taken at the school before entry and before exit, so that the
-- days enrolled up to any day are one subtraction.
CREATE TABLE enrollment_span AS
WITH enrolled AS (
    SELECT
        student_id,
        school_id,
        school_year,
        entry_date,
        coalesce(exit_date, DATE '9999-12-31') AS exit_date,
        coalesce(calendar_code, '') AS calendar_code
    FROM enrollments
),
gap AS (
    SELECT enrolled.*, calendar_gap.date
    FROM enrolled
    JOIN calendar_gap USING (school_id, school_year, calendar_code)
    UNION
    SELECT enrolled.*, unrecorded_day.date
    FROM enrolled
    JOIN unrecorded_day USING (student_id, school_id)
),
with_gaps AS (
    SELECT * EXCLUDE (date), list_sort(list(date)) AS gaps
    FROM gap
    WHERE date >= entry_date AND date < exit_date
    GROUP BY ALL
),
pieces AS (
    SELECT
        student_id, school_id, school_year,
        unnest(list_prepend(entry_date, list_transform(gaps, lambda gap: gap + 1))) AS entry_date,
        unnest(list_append(gaps, exit_date)) AS exit_date
    FROM with_gaps
),
valid AS (
    SELECT student_id, school_id, school_year, entry_date, exit_date
    FROM enrolled
    ANTI JOIN with_gaps USING (
        student_id, school_id, school_year, calendar_code, entry_date, exit_date
    )
    WHERE entry_date < exit_date
    -- Without repetitions: of two rows alike either could come first below.
    UNION
    SELECT * FROM pieces WHERE entry_date < exit_date
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

-- entry: the rows of the file again, in the order in which questions read them, and those of totals,
-- which say nothing of when a student came: days_enrolled says how long they were there.
CREATE TABLE entry AS
SELECT
    student_id, school_id, school_year, coalesce(grade, 'Unknown') AS grade, entry_date, exit_date,
    coalesce(calendar_code, '') AS calendar_code, CAST(NULL AS INTEGER) AS days_enrolled
FROM enrollments
UNION ALL
SELECT
    student_id, school_id, school_year, coalesce(grade, 'Unknown'), NULL, NULL, '', days_enrolled
FROM year_totals
ORDER BY school_year, school_id, student_id, entry_date;

-- student_year: one row per student and school year of an entry, with the groups they belong
-- to; the row for the year goes before one that names no year. Unknown is a group like any other.
CREATE TABLE student_year AS
SELECT
    enrolled.student_id,
    enrolled.school_year,
    coalesce(CASE WHEN of_year.student_id IS NULL THEN always.gender ELSE of_year.gender END, 'Unknown')
        AS gender,
    coalesce(CASE WHEN of_year.student_id IS NULL THEN always.race_ethnicity ELSE of_year.race_ethnicity END, 'Unknown')
        AS race_ethnicity,
    coalesce(CASE WHEN of_year.student_id IS NULL THEN always.english_learner ELSE of_year.english_learner END, 'Unknown')
        AS english_learner,
    coalesce(CASE WHEN of_year.student_id IS NULL THEN always.disability ELSE of_year.disability END, 'Unknown')
        AS disability,
    coalesce(CASE WHEN of_year.student_id IS NULL THEN always.economically_disadvantaged ELSE of_year.economically_disadvantaged END, 'Unknown')
        AS economically_disadvantaged,
    coalesce(CASE WHEN of_year.student_id IS NULL THEN always.unstable_housing ELSE of_year.unstable_housing END, 'Unknown')
        AS unstable_housing,
    coalesce(CASE WHEN of_year.student_id IS NULL THEN always.home_language ELSE of_year.home_language END, 'Unknown')
        AS home_language
FROM (SELECT DISTINCT student_id, school_year FROM entry) AS enrolled
LEFT JOIN students AS of_year
    ON of_year.student_id = enrolled.student_id AND of_year.school_year = enrolled.school_year
LEFT JOIN students AS always
    ON always.student_id = enrolled.student_id AND always.school_year IS NULL
ORDER BY enrolled.school_year, enrolled.student_id;

-- The group that a student belongs to in one dimension.
CREATE MACRO group_of(student, dimension) AS
    CASE dimension
        WHEN 'gender' THEN student.gender
        WHEN 'race_ethnicity' THEN student.race_ethnicity
        WHEN 'english_learner' THEN student.english_learner
        WHEN 'disability' THEN student.disability
        WHEN 'economically_disadvantaged' THEN student.economically_disadvantaged
        WHEN 'unstable_housing' THEN student.unstable_housing
        WHEN 'home_language' THEN student.home_language
    END;

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
