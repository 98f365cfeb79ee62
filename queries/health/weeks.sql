-- In which weeks attendance is missing. schools_missing: how many schools of those with a school day
-- have it for fewer than half of their days, and lack it for two or more; schools_named: of these,
-- those that reported and have not stopped, for what became of the others is said of the year
-- (health/standing). missing_school: the first of schools_named. schools_unsent: how many of them
-- lack rows alone (school_day, unsent).
-- One row per week, over the schools of the selection, up to the as-of date.
WITH week AS (
    SELECT
        *,
        2 * days_taken < days_expected AND days_expected - days_taken >= 2 AS is_missing,
        is_missing AND NOT has_stopped AND sum(days_taken) OVER (PARTITION BY school_id) > 0
            AS is_named
    FROM school_week('school_day', $schools, $school_year, CAST($as_of AS DATE))
)
SELECT
    week.week_start,
    count(*) AS schools,
    count(*) FILTER (WHERE week.is_missing) AS schools_missing,
    count(*) FILTER (WHERE week.is_named) AS schools_named,
    count(*) FILTER (WHERE week.is_named AND week.days_unsent > 0) AS schools_unsent,
    min(schools.school_name) FILTER (WHERE week.is_named) AS missing_school
FROM week
JOIN schools USING (school_id)
GROUP BY week.week_start
ORDER BY week.week_start
