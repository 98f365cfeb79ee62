-- On which days the figures of a school and of a year stand. This is the one place that says so.
-- One rule, used three times: where rows are sent for exceptions only, a school has days without
-- any. Of its days_so_far up to its last row days_without had none, so that quiet_days more in a
-- row have a chance of (days_without / days_so_far) ^ quiet_days. Below 1 in 1,000 it is taken
-- for a feed that stopped, not for a school where nobody was absent: figures that end too early
-- are right as of the day that is named, figures over days that nobody sent are wrong.
-- Equal to 1 in 1,000 is not below; rounding stays far under the 1e-9 that this allows for.
CREATE MACRO is_unlikely_quiet(quiet_days, days_without, days_so_far) AS
    quiet_days > 0
    AND coalesce(1000 * power(days_without / days_so_far, quiet_days) < 1 - 1e-9, false);

-- row_day: one row per school and instructional day that has rows of attendance. stray: they are
-- far ahead of all others, so they move nothing and count for nothing. That is so when ten or more
-- days without any row come before them, unlikely by the rule above, and ten days or more before
-- these, lest the rule rest on next to nothing; when they and all after them are two rows at most,
-- or fewer than half of what a day usually has; and when they do not show that somebody was there: a
-- slip of the date or leave entered ahead is an absence. (Where every student present has a row, a few
-- such rows show nothing.) Asked of each school, and of all as one, for the others know more than a
-- school that hardly ever has a row.
CREATE TABLE row_day AS
WITH sent AS (
    SELECT
        given.school_id,
        given.date,
        CAST(sum(given.rows) AS BIGINT) AS rows,
        CAST(
            coalesce(sum(given.rows) FILTER (WHERE code_of_school.counts_as = 'present'), 0) AS BIGINT
        ) AS present_rows
    FROM (SELECT school_id, date, code, count(*) AS rows FROM attendance GROUP BY ALL) AS given
    JOIN code_of_school USING (code, school_id)
    GROUP BY given.school_id, given.date
),
day AS (
    SELECT
        calendar.school_id AS place,
        calendar.school_year,
        calendar.date,
        calendar.attendance_taken AS taken,
        coalesce(sent.rows, 0) AS rows,
        coalesce(sent.present_rows, 0) AS present_rows
    FROM calendar
    LEFT JOIN sent USING (school_id, date)
),
-- No school has a blank id: that is all of them.
place_day AS (
    SELECT * FROM day
    UNION ALL
    SELECT
        '', school_year, date, bool_or(taken), CAST(sum(rows) AS BIGINT),
        CAST(sum(present_rows) AS BIGINT)
    FROM day
    GROUP BY school_year, date
),
so_far AS (
    SELECT
        *,
        count(*) FILTER (WHERE taken) OVER year_so_far AS days_so_far,
        count(*) FILTER (WHERE taken AND rows = 0) OVER year_so_far AS days_without,
        count(*) FILTER (WHERE rows > 0) OVER year_so_far AS days_with,
        sum(rows) OVER year_so_far AS rows_so_far,
        sum(present_rows) OVER year_so_far AS present_so_far
    FROM place_day
    WINDOW year_so_far AS (PARTITION BY place, school_year ORDER BY date)
),
with_before AS (
    -- The first rows of a year are weighed by the year before, if there is one.
    SELECT
        *,
        {
            'school_year': lag(school_year) OVER in_order,
            'days_so_far': lag(days_so_far) OVER in_order,
            'days_without': lag(days_without) OVER in_order,
            'days_with': lag(days_with) OVER in_order,
            'rows': lag(rows_so_far) OVER in_order,
            'present_rows': lag(present_so_far) OVER in_order
        } AS before,
        sum(rows) OVER from_here AS rows_from_here,
        sum(present_rows) OVER from_here AS present_from_here
    FROM so_far
    WHERE rows > 0
    WINDOW
        in_order AS (PARTITION BY place ORDER BY school_year, date),
        from_here AS (
            PARTITION BY place, school_year ORDER BY date
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        )
),
first_stray AS (
    SELECT place, school_year, min(date) AS first_date
    FROM (
        SELECT
            *,
            days_so_far - CAST(taken AS BIGINT)
            - CASE WHEN before.school_year = school_year THEN before.days_so_far ELSE 0 END
                AS quiet_days
        FROM with_before
    )
    WHERE quiet_days >= 10
        AND before.days_so_far >= 10
        AND is_unlikely_quiet(quiet_days, before.days_without, before.days_so_far)
        AND (rows_from_here <= 2 OR rows_from_here * before.days_with * 2 < before.rows)
        AND (
            present_from_here = 0
            OR present_from_here * before.days_with * 2 < before.present_rows
        )
    GROUP BY place, school_year
)
SELECT
    day.school_id,
    day.school_year,
    day.date,
    count(first_stray.place) > 0 AS stray
FROM (SELECT place AS school_id, * EXCLUDE (place) FROM day WHERE rows > 0) AS day
LEFT JOIN first_stray
    ON first_stray.place IN ('', day.school_id)
    AND first_stray.school_year = day.school_year
    AND first_stray.first_date <= day.date
GROUP BY day.school_id, day.school_year, day.date
ORDER BY day.school_year, day.school_id, day.date;

CREATE MACRO last_of_june(school_year) AS (
    make_date(CAST(left(school_year, 4) AS BIGINT) + 1, 6, 30)
);

-- total_year: one row per school year that came as totals of each student, without days.
-- last_counted_date: the day up to which they count; of a whole year (is_whole) the last of June. day_rule: of totals
-- in whole days nobody can tell what a part of a day was counted as, nor of totals with parts which
-- of them were half days or more; so the one kind answers to definitions that count half days and
-- more as days, the other to those that add up parts, and neither to the others.
CREATE TABLE total_year AS
SELECT
    school_year,
    coalesce(max(until), year_end) AS last_counted_date,
    coalesce(max(until) >= year_end, true) AS is_whole,
    CASE WHEN bool_and(days_absent = floor(days_absent)) THEN 'half_day' ELSE 'fraction' END
        AS day_rule,
    year_end
FROM (
    SELECT *, last_of_june(school_year) AS year_end
    FROM year_totals
)
GROUP BY school_year, year_end
ORDER BY school_year;

-- school_total: one row per school and school year of totals.
CREATE TABLE school_total AS
SELECT DISTINCT
    year_totals.school_id, school_year, total_year.last_counted_date, total_year.is_whole
FROM year_totals
JOIN total_year USING (school_year)
ORDER BY school_year, year_totals.school_id;

-- year_dates: one row per school year that has attendance, with the day its figures stand at:
-- in the newest, the last instructional day with a row, over all schools; in earlier years, the
-- last day of the calendar; of a year of totals, the day up to which they count, and no other.
-- last_date: the last day of the calendar, and the last of June where that does not know it: goes_on,
-- the newest year goes on after its calendar, whose last row says so.
-- day_rule: by which definitions totals tell; null of a year of days, which tell by all.
CREATE TABLE year_dates AS
WITH last_row AS (
    SELECT school_year, max(date) AS last_row_date
    FROM row_day
    WHERE NOT stray
    GROUP BY school_year
),
calendar_year AS (
    SELECT
        school_year,
        min(date) AS first_date,
        max(date) AS calendar_end,
        coalesce(bool_or(goes_on) FILTER (WHERE is_last), false) AS is_cut
    FROM (
        SELECT *, date = max(date) OVER (PARTITION BY school_year) AS is_last FROM calendar
    )
    GROUP BY school_year
),
judged AS (
    SELECT
        *,
        school_year = greatest(
            (SELECT max(school_year) FROM last_row), (SELECT max(school_year) FROM total_year)
        ) AS is_newest
    FROM calendar_year
    JOIN last_row USING (school_year)
)
SELECT
    school_year,
    first_date,
    CASE
        WHEN is_newest AND is_cut THEN greatest(calendar_end + 1, last_of_june(school_year))
        ELSE calendar_end
    END AS last_date,
    CASE WHEN is_newest THEN last_row_date ELSE calendar_end END AS last_counted_date,
    CAST(NULL AS VARCHAR) AS day_rule,
    is_newest AND is_cut AS goes_on
FROM judged
UNION ALL
SELECT
    school_year, last_counted_date, greatest(last_counted_date, year_end), last_counted_date,
    day_rule, false
FROM total_year
ORDER BY school_year;

-- school_feed: one row per school and school year with attendance: its last row, and whether the
-- quiet_days after it, up to the day the year's figures stand at, are too many for its history, so
-- that it has stopped sending.
CREATE TABLE school_feed AS
WITH last_row AS (
    SELECT school_id, school_year, max(date) AS last_row_date
    FROM row_day
    WHERE NOT stray
    GROUP BY school_id, school_year
),
counted AS (
    SELECT
        last_row.school_id,
        last_row.school_year,
        last_row.last_row_date,
        count(*) FILTER (WHERE calendar.date <= last_row.last_row_date) AS days_so_far,
        count(*) FILTER (
            WHERE calendar.date <= last_row.last_row_date AND row_day.date IS NULL
        ) AS days_without,
        count(*) FILTER (
            WHERE calendar.date > last_row.last_row_date
                AND calendar.date <= year_dates.last_counted_date
        ) AS quiet_days
    FROM last_row
    JOIN year_dates USING (school_year)
    LEFT JOIN calendar
        ON calendar.school_id = last_row.school_id
        AND calendar.school_year = last_row.school_year
        AND calendar.attendance_taken
    LEFT JOIN row_day ON row_day.school_id = calendar.school_id AND row_day.date = calendar.date
    GROUP BY last_row.school_id, last_row.school_year, last_row.last_row_date
)
SELECT
    school_id,
    school_year,
    last_row_date,
    quiet_days,
    is_unlikely_quiet(quiet_days, days_without, days_so_far) AS has_stopped
FROM counted
ORDER BY school_year, school_id;

-- school_day: one row per school and instructional day.
-- instructional_day: the how-manieth of its school and year. silent: after the last row of a
-- school that stopped sending. unsent: one of five or more such days in a row without a row,
-- before that last row, which the school's other days, ten of them with rows, make unlikely by
-- the rule above: nobody reported it, and "not submitted" is not "present". That is asked where
-- the year has rows of fifty students or more, as the days that one student misses come in a
-- row: of few students quiet days do, too. One row, also of a student who was present, says that
-- attendance was sent; so does nobody_absent in the calendar, unless it says so in that year of a
-- day with rows, too: what an export writes on every day proves nothing. taken: attendance was taken, at a school that reported at all that year
-- and had not stopped, and its rows were sent. days_taken: how many were taken up to and with
-- this one.
CREATE TABLE school_day AS
WITH said AS (
    SELECT calendar.school_id, calendar.school_year, calendar.date, row_day.date AS row_date
    FROM calendar
    LEFT JOIN row_day USING (school_id, date)
    WHERE calendar.nobody_absent
    QUALIFY count(row_date) OVER (PARTITION BY calendar.school_id, calendar.school_year) = 0
),
so_far AS (
    SELECT
        calendar.school_id,
        calendar.school_year,
        calendar.date,
        row_day.date IS NULL AND said.date IS NULL AS is_quiet,
        count(coalesce(row_day.date, said.date)) OVER (
            PARTITION BY calendar.school_id, calendar.school_year ORDER BY calendar.date
        ) AS stretch
    FROM calendar
    JOIN school_feed USING (school_id, school_year)
    LEFT JOIN row_day
        ON row_day.school_id = calendar.school_id AND row_day.date = calendar.date
    LEFT JOIN said ON said.school_id = calendar.school_id AND said.date = calendar.date
    WHERE calendar.attendance_taken AND calendar.date <= school_feed.last_row_date
),
quiet AS (
    SELECT
        *,
        count(*) FILTER (WHERE is_quiet) OVER of_stretch AS quiet_days,
        count(*) FILTER (WHERE is_quiet) OVER of_year - quiet_days AS days_without,
        count(*) OVER of_year - quiet_days AS other_days
    FROM so_far
    WINDOW
        of_stretch AS (PARTITION BY school_id, school_year, stretch),
        of_year AS (PARTITION BY school_id, school_year)
),
unlikely AS (
    SELECT school_id, school_year, date
    FROM quiet
    WHERE is_quiet
        AND quiet_days >= 5
        AND other_days - days_without >= 10
        AND is_unlikely_quiet(quiet_days, days_without, other_days)
),
without_rows AS (
    SELECT unlikely.school_id, unlikely.date
    FROM unlikely
    JOIN (
        SELECT calendar.school_id, calendar.school_year
        FROM attendance
        JOIN calendar USING (school_id, date)
        SEMI JOIN unlikely
            ON unlikely.school_id = calendar.school_id
            AND unlikely.school_year = calendar.school_year
        GROUP BY ALL
        HAVING count(DISTINCT attendance.student_id) >= 50
    ) AS of_many USING (school_id, school_year)
),
day AS (
    SELECT
        calendar.school_id,
        calendar.school_year,
        calendar.date,
        school_feed.school_id IS NOT NULL AS reported,
        coalesce(
            school_feed.has_stopped
            AND calendar.date > school_feed.last_row_date
            AND calendar.date <= year_dates.last_counted_date,
            false
        ) AS silent,
        without_rows.date IS NOT NULL AS unsent,
        calendar.attendance_taken AND reported AND NOT silent AND NOT unsent AS taken
    FROM calendar
    LEFT JOIN school_feed USING (school_id, school_year)
    LEFT JOIN year_dates USING (school_year)
    LEFT JOIN without_rows
        ON without_rows.school_id = calendar.school_id AND without_rows.date = calendar.date
)
SELECT
    school_id,
    school_year,
    date,
    silent,
    taken,
    row_number() OVER so_far AS instructional_day,
    CAST(count(*) FILTER (WHERE taken) OVER so_far AS BIGINT) AS days_taken,
    unsent
FROM day
WINDOW so_far AS (PARTITION BY school_id, school_year ORDER BY date)
ORDER BY school_year, school_id, date;

-- school_year_end: one row per school and school year that is whole in the data: its last day, of
-- totals the day up to which they count (is_of_totals). Of totals there is a year and no day in it,
-- so that they are compared as whole years or not at all.
CREATE TABLE school_year_end AS
SELECT
    school_id,
    school_year,
    max(date) AS last_date,
    max(instructional_day) AS instructional_day,
    max(days_taken) AS days_taken,
    false AS is_of_totals
FROM school_day
ANTI JOIN (SELECT school_year FROM year_dates WHERE goes_on) AS cut USING (school_year)
GROUP BY school_id, school_year
UNION ALL
SELECT school_id, school_year, last_counted_date, 0, 0, true
FROM school_total
WHERE is_whole
ORDER BY school_year, school_id;

-- share_release: one row per school year with attendance: as_of, the day the share view stands at.
-- It is the last instructional day of the newest month that the data have passed, of a year that
-- has ended its last day; null before the first month has ended. Two loads a day apart would
-- otherwise tell of each student by their difference. is_by_hand: somebody released a later day of
-- the newest year on purpose (load --release); it stays until the next month has ended. Of totals up
-- to some day nothing is told but by hand, as the next ones may count a day more; and of totals with
-- parts of days nothing at all, as the one definition of the share view counts half days.
CREATE TABLE share_release AS
WITH month_end AS (
    SELECT school_year, max(date) AS date
    FROM school_day
    JOIN year_dates USING (school_year)
    GROUP BY school_year, date_trunc('month', date), goes_on
    -- The month in which a calendar was cut has not ended.
    QUALIFY NOT goes_on OR max(date) < max(max(date)) OVER (PARTITION BY school_year)
    UNION ALL
    SELECT school_year, last_counted_date FROM total_year WHERE is_whole
),
passed AS (
    SELECT
        year_dates.school_year,
        max(month_end.date) AS month_end,
        max(
            CASE
                WHEN year_dates.school_year < newest.school_year THEN NULL
                WHEN getvariable('release') THEN year_dates.last_counted_date
                WHEN CAST(getvariable('released_by_hand') AS DATE)
                    BETWEEN year_dates.first_date AND year_dates.last_counted_date
                    THEN CAST(getvariable('released_by_hand') AS DATE)
            END
        ) AS by_hand
    FROM year_dates
    CROSS JOIN (SELECT max(school_year) AS school_year FROM year_dates) AS newest
    LEFT JOIN month_end
        ON month_end.school_year = year_dates.school_year
        AND month_end.date <= year_dates.last_counted_date
    GROUP BY ALL
)
SELECT
    school_year,
    CASE WHEN total_year.day_rule = 'fraction' THEN NULL ELSE greatest(month_end, by_hand) END
        AS as_of,
    as_of IS NOT NULL AND by_hand IS NOT NULL
        AND by_hand > coalesce(month_end, DATE '1900-01-01') AS is_by_hand
FROM passed
LEFT JOIN total_year USING (school_year)
ORDER BY school_year;
