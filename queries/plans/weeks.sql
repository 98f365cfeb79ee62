-- How many days a plan's students missed, week by week, and when it began.
-- One row per plan of the schools and year and week of the school year in which any of them was
-- enrolled, up to the day to which the plan is looked at. period: 'after' from the week in which it
-- begins. days_missed of days_enrolled: of all it is for, at its school; rate: the ratio of the two.
-- comparison_rate: of the students that they are compared with in plans/study, each by how many of
-- them they stand for; null where nobody is.
WITH plan AS (
    SELECT
        record AS plan,
        school_id,
        measure,
        begins_on,
        least(
            CAST($as_of AS DATE), CASE WHEN ended_on IS NOT NULL THEN looked_up_to END
        ) AS until_date
    FROM team_plan
    WHERE school_year = $school_year AND school_id IN (SELECT unnest($schools))
),
student AS (
    SELECT DISTINCT plan.*, team_member.student_id, plan.school_id AS at_school, NULL AS weight
    FROM plan
    JOIN team_member USING (plan)
    UNION ALL
    SELECT plan.*, matches.student_id, matches.at_school, matches.weight
    FROM plan_matches($definition, $school_year, $as_of, $schools) AS matches
    JOIN plan USING (plan)
    WHERE NOT matches.is_member
),
day AS (
    SELECT
        student.plan,
        student.student_id,
        student.at_school,
        student.weight,
        student.begins_on,
        school_day.date,
        enrollment_span.school_year
    FROM student
    JOIN enrollment_span
        ON enrollment_span.student_id = student.student_id
        AND enrollment_span.school_id = student.at_school
        AND enrollment_span.school_year = $school_year
    JOIN school_day
        ON school_day.school_id = student.at_school
        AND school_day.school_year = $school_year
        AND school_day.date >= enrollment_span.entry_date
        AND school_day.date < enrollment_span.exit_date
    WHERE school_day.taken
        AND school_day.date <= student.until_date
        AND (
            student.measure <> 'Mondays and Fridays missed' OR isodow(school_day.date) IN (1, 5)
        )
),
week AS (
    SELECT
        day.plan,
        date_trunc('week', day.date) AS week_start,
        date_trunc('week', day.begins_on) AS first_week,
        day.weight,
        coalesce(
            CASE
                WHEN definition.day_rule = 'half_day' THEN CAST(missed_day.half_missed AS INTEGER)
                ELSE missed_day.missed_parts / missed_day.parts_per_day
            END,
            0
        ) AS missed
    FROM day
    JOIN definitions_in('definitions', $school_year) AS definition
        ON definition.name = $definition
    LEFT JOIN missed_day
        ON missed_day.student_id = day.student_id
        AND missed_day.school_id = day.at_school
        AND missed_day.school_year = day.school_year
        AND missed_day.date = day.date
)
SELECT
    plan,
    CAST(week_start AS DATE) AS week_start,
    CASE WHEN week_start < first_week THEN 'before' ELSE 'after' END AS period,
    count(*) FILTER (WHERE weight IS NULL) AS days_enrolled,
    sum(missed) FILTER (WHERE weight IS NULL) AS days_missed,
    sum(missed) FILTER (WHERE weight IS NULL) / count(*) FILTER (WHERE weight IS NULL) AS rate,
    round(sum(weight * missed) / sum(weight), 9) AS comparison_rate
FROM week
GROUP BY plan, week_start, first_week
HAVING days_enrolled > 0
ORDER BY plan, week_start
