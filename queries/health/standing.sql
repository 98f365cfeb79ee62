-- What an attendance figure stands on: how many schools, up to which day, how much was taken.
-- schools_stopped: how many sent nothing any more, though their history makes that unlikely: their
-- figures stand at their own last row. stopped_school, stopped_since: the first of them, and when.
-- days_possible: the most days that anybody can have been enrolled for, by the calendar alone;
-- nobody_yet: fewer than minimum_days, which the definition asks for, so nobody is evaluated.
-- newest_day: the as-of day where nothing newer came of a year that goes on; of the invented sample,
-- to which nothing comes, it is null.
-- nothing_told: the share view tells nothing of the year before its first month has ended.
-- is_of_totals: the year came as totals of each student, so that no day of it is known.
-- One row for the selection.
WITH day AS (
    SELECT *
    FROM school_day
    WHERE school_year = $school_year
        AND date <= $as_of
        AND school_id IN (SELECT unnest($schools))
),
stopped AS (
    SELECT schools.school_name, school_feed.last_row_date
    FROM (SELECT DISTINCT school_id, school_year FROM day WHERE silent) AS silent
    JOIN school_feed USING (school_id, school_year)
    JOIN schools USING (school_id)
),
told AS (
    SELECT
        count(*) AS schools_stopped,
        min_by(school_name, {'since': last_row_date, 'school_name': school_name}) AS stopped_school,
        min(last_row_date) AS stopped_since
    FROM stopped
)
SELECT
    len($schools) AS schools,
    CASE
        WHEN $is_of_totals THEN (
            SELECT count(cutoff_date)
            FROM school_points($school_year, NULL, $as_of, $schools, false)
        )
        ELSE count(DISTINCT day.school_id) FILTER (WHERE day.taken)
    END AS schools_reporting,
    CAST($as_of AS DATE) AS as_of,
    max(day.instructional_day) AS instructional_day,
    count(day.date) AS days_expected,
    count(*) FILTER (WHERE day.taken) AS days_taken,
    count(*) FILTER (WHERE day.taken) / nullif(count(day.date), 0) AS coverage,
    $school_year AS school_year,
    $compare_year AS compare_year,
    coalesce($under_way OR $as_of < $last_counted_date, false)
        AS under_way,
    CASE
        WHEN $under_way AND $as_of = $last_counted_date AND NOT (SELECT is_sample FROM generation)
            THEN CAST($as_of AS DATE)
    END AS newest_day,
    $definition_label AS definition_label,
    $definition_sentence AS definition_sentence,
    told.schools_stopped,
    told.stopped_school,
    told.stopped_since,
    count(DISTINCT day.date) FILTER (WHERE day.taken) AS days_possible,
    rule.minimum_days,
    days_possible < rule.minimum_days AND NOT $is_of_totals AS nobody_yet,
    $first_date IS NOT NULL AND $as_of IS NULL AS nothing_told,
    $is_of_totals AS is_of_totals
FROM told
CROSS JOIN (
    SELECT greatest(minimum_days, 1) AS minimum_days
    FROM definitions_in('definitions', $school_year)
    WHERE name = $definition
) AS rule
LEFT JOIN day ON true
GROUP BY told.schools_stopped, told.stopped_school, told.stopped_since, rule.minimum_days
