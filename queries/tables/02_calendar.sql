-- school_day: one row per school and instructional day.
-- instructional_day: the how-manieth of its school and year. taken: attendance was taken, at a
-- school that reported at all that year. days_taken: how many were taken up to and with this one.
CREATE TABLE school_day AS
WITH reported AS (
    SELECT DISTINCT calendar.school_id, calendar.school_year
    FROM calendar
    JOIN attendance USING (school_id, date)
),
day AS (
    SELECT
        calendar.school_id,
        calendar.school_year,
        calendar.date,
        calendar.attendance_taken AND reported.school_id IS NOT NULL AS taken
    FROM calendar
    LEFT JOIN reported USING (school_id, school_year)
)
SELECT
    school_id,
    school_year,
    date,
    taken,
    row_number() OVER so_far AS instructional_day,
    CAST(count(*) FILTER (WHERE taken) OVER so_far AS BIGINT) AS days_taken
FROM day
WINDOW so_far AS (PARTITION BY school_id, school_year ORDER BY date)
ORDER BY school_year, school_id, date;

-- year_dates: one row per school year that has attendance, with the day its figures stand at:
-- in the newest, the last instructional day with a row, over all schools; in earlier years, the
-- last day of the calendar.
CREATE TABLE year_dates AS
WITH last_row AS (
    SELECT school_day.school_year, max(school_day.date) AS last_row_date
    FROM school_day
    JOIN attendance USING (school_id, date)
    GROUP BY school_day.school_year
),
calendar_year AS (
    SELECT school_year, min(date) AS first_date, max(date) AS last_date
    FROM school_day
    GROUP BY school_year
)
SELECT
    calendar_year.school_year,
    calendar_year.first_date,
    calendar_year.last_date,
    CASE
        WHEN calendar_year.school_year = (SELECT max(school_year) FROM last_row)
            THEN last_row.last_row_date
        ELSE calendar_year.last_date
    END AS last_counted_date
FROM calendar_year
JOIN last_row USING (school_year)
ORDER BY calendar_year.school_year;
