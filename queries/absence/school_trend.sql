-- How chronic absence went school by school over the years, each at the same instructional day of the
-- school: by its own days, so that the schools do not add up.
-- One row per school and school year, up to four before the one asked for, oldest first. comparable:
-- attendance was taken on as large a share of the days so far as this year, and the definition counts
-- as it does this year. Beside a year of totals stand whole years alone.
WITH reached AS (
    SELECT school_id, instructional_day, days_taken
    FROM school_points($school_year, NULL, $as_of, $schools, false)
),
covered AS (
    SELECT
        reached.school_id,
        school_day.school_year,
        -- Whole numbers, so that exactly 5 points is not more than 5.
        20 * abs(
            max(school_day.days_taken) * any_value(reached.instructional_day)
            - any_value(reached.days_taken) * max(school_day.instructional_day)
        ) <= max(school_day.instructional_day) * any_value(reached.instructional_day) AS comparable
    FROM reached
    JOIN school_day
        ON school_day.school_id = reached.school_id
        AND school_day.instructional_day <= reached.instructional_day
    GROUP BY ALL
)
SELECT
    schools.school_id,
    schools.school_name,
    cell.school_year,
    cell.students,
    cell.nearest,
    cell.students_absent,
    cell.rate,
    cell.rate_at_least,
    cell.rate_at_most,
    coalesce(cell.school_year >= $counted_since, true)
        AND (
            cell.school_year = $school_year
            OR $is_of_totals
            OR cell.school_year NOT IN (SELECT school_year FROM school_day)
            OR coalesce(covered.comparable, false)
        ) AS comparable,
    cell.withheld
FROM trend_cell AS cell
JOIN schools USING (school_id)
LEFT JOIN covered USING (school_id, school_year)
ORDER BY schools.school_name, cell.school_year
