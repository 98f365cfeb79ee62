-- By how many points the share of days missed changed since last year, by the reason that the
-- attendance office recorded: the parts add up to the whole. Both years up to the same instructional
-- day of each school. Reasons are codes, not causes.
-- One row per recorded reason and one for all (reason null), which stands first; then by size of
-- change. low and high are the ends of the 95% interval, as the change varies between students, or
-- where several schools were chosen between schools; of two schools there is none. None at all
-- where attendance was not taken on as large a share of the days in both years (comparable). To nine
-- places, as sums over students come in no order and differ in the last ones.
WITH rule AS (
    SELECT day_rule FROM definitions_in('definitions', $school_year) WHERE name = $definition
),
status AS (
    SELECT period, student_id, school_id, days_enrolled
    FROM student_now
),
point AS (
    SELECT period, school_id, school_year, cutoff_date
    FROM school_points($school_year, $compare_year, $as_of, $schools, false)
),
shared AS (
    -- A day at two schools is one day, and the school where least was missed speaks for it.
    SELECT
        point.period, shared_day.student_id, shared_day.date,
        min_by(
            shared_day.school_id,
            {'parts': shared_day.missed_parts, 'school_id': shared_day.school_id}
        ) AS school_id
    FROM shared_day
    JOIN point USING (school_id, school_year)
    WHERE shared_day.date <= point.cutoff_date
    GROUP BY ALL
),
missed AS (
    SELECT
        point.period, missed_day.student_id,
        coalesce(missed_day.reason, 'Not recorded') AS reason,
        sum(days_by_rule(
            (SELECT day_rule FROM rule), missed_day.missed_parts, missed_day.parts_per_day, missed_day.half_missed
        )) AS days
    FROM missed_day
    JOIN point USING (school_id, school_year)
    LEFT JOIN shared
        ON shared.period = point.period
        AND shared.student_id = missed_day.student_id
        AND shared.date = missed_day.date
    WHERE missed_day.date <= point.cutoff_date
        AND (shared.school_id IS NULL OR shared.school_id = missed_day.school_id)
    GROUP BY ALL
),
-- What varies: a student, or where there are several schools the school of the latest entry.
member AS (
    SELECT *, CASE WHEN len($schools) = 1 THEN student_id ELSE school_id END AS unit
    FROM status
),
enrolled AS (
    SELECT
        unit,
        coalesce(sum(days_enrolled) FILTER (WHERE period = 'last'), 0) AS first_days,
        coalesce(sum(days_enrolled) FILTER (WHERE period = 'this'), 0) AS second_days
    FROM member
    GROUP BY unit
),
of_unit AS (
    SELECT
        unit,
        reason,
        coalesce(sum(days) FILTER (WHERE member.period = 'last'), 0) AS first_missed,
        coalesce(sum(days) FILTER (WHERE member.period = 'this'), 0) AS second_missed
    FROM missed
    JOIN member USING (period, student_id)
    GROUP BY GROUPING SETS ((unit, reason), (unit))
),
whole AS (
    SELECT sum(first_days) AS first_days, sum(second_days) AS second_days, count(*) AS units
    FROM enrolled
),
told AS (
    SELECT
        reason,
        sum(first_missed) / nullif(any_value(whole.first_days), 0) AS first_share,
        sum(second_missed) / nullif(any_value(whole.second_days), 0) AS second_share
    FROM of_unit
    CROSS JOIN whole
    GROUP BY reason
),
-- How far each is from what it would be if all were alike, of the change as a whole.
apart AS (
    SELECT
        told.reason,
        sum(power(
            (coalesce(second_missed, 0) - second_share * enrolled.second_days) / whole.second_days
            - (coalesce(first_missed, 0) - first_share * enrolled.first_days) / whole.first_days,
            2
        )) AS squares
    FROM told
    CROSS JOIN enrolled
    CROSS JOIN whole
    LEFT JOIN of_unit
        ON of_unit.unit = enrolled.unit AND of_unit.reason IS NOT DISTINCT FROM told.reason
    GROUP BY told.reason
),
measured AS (
    SELECT
        told.reason,
        round(first_share, 9) AS first_share,
        round(second_share, 9) AS second_share,
        round(100 * (told.second_share - told.first_share), 9) AS change_points,
        CASE WHEN whole.units > 2 THEN
            100 * students_t(whole.units - 1) * sqrt(whole.units / (whole.units - 1) * apart.squares)
        END AS margin
    FROM told
    JOIN apart ON apart.reason IS NOT DISTINCT FROM told.reason
    CROSS JOIN whole
)
SELECT
    reason,
    first_share,
    second_share,
    change_points,
    round(change_points - margin, 9) AS change_low,
    round(change_points + margin, 9) AS change_high,
    coalesce(change_low > 0 OR change_high < 0, false) AS clear_of_chance
FROM measured
CROSS JOIN (
    SELECT comparable
    FROM coverage_shifts($school_year, $compare_year, $as_of, $schools)
    WHERE school_id IS NULL
) AS coverage
WHERE coverage.comparable
ORDER BY reason IS NOT NULL, abs(change_points) DESC, reason
