-- Which attendance codes vanished, appeared or changed their share since the year before.
-- One row per code that did. Of each year count the rows up to the same instructional day, at schools
-- with rows in both. change: vanished, appeared; more often, less often, where the share of all rows
-- doubled or halved at the least. Codes with fewer than 20 rows in both years are left out: such
-- change by chance.
WITH event AS (
    SELECT school_day.school_year, school_day.school_id, attendance.code
    FROM attendance
    JOIN school_day USING (school_id, date)
    WHERE school_day.school_year IN ($school_year, $compare_year)
        AND school_day.school_id IN (SELECT unnest($schools))
        AND school_day.instructional_day <= (
            SELECT max(instructional_day)
            FROM school_day
            WHERE school_year = $school_year AND date <= $as_of
        )
        AND (school_day.school_year = $compare_year OR school_day.date <= $as_of)
),
in_both AS (
    SELECT school_id FROM event GROUP BY school_id HAVING count(DISTINCT school_year) = 2
),
counted AS (
    SELECT
        code,
        count(*) FILTER (school_year = $compare_year) AS rows_before,
        count(*) FILTER (school_year = $school_year) AS rows_now
    FROM event
    SEMI JOIN in_both USING (school_id)
    GROUP BY code
),
compared AS (
    SELECT *, sum(rows_before) OVER () AS all_before, sum(rows_now) OVER () AS all_now
    FROM counted
),
told AS (
    SELECT
        *,
        CASE
            WHEN rows_now = 0 THEN 'vanished'
            WHEN rows_before = 0 THEN 'appeared'
            WHEN rows_now * all_before >= 2 * rows_before * all_now THEN 'more often'
            WHEN 2 * rows_now * all_before <= rows_before * all_now THEN 'less often'
        END AS change
    FROM compared
    WHERE greatest(rows_before, rows_now) >= 20
)
SELECT
    told.code,
    $compare_year AS first_year,
    $school_year AS second_year,
    CAST(rows_before AS BIGINT) AS rows_before,
    CAST(rows_now AS BIGINT) AS rows_now,
    rows_before / all_before AS share_before,
    rows_now / all_now AS share_now,
    change
FROM told
WHERE change IS NOT NULL
ORDER BY abs(share_now - share_before) DESC, told.code
