-- Did the students of a plan miss fewer days than students like them without a plan?
-- One row per plan of the schools and year, the latest to begin first, whatever else was chosen.
-- Before is the school year up to the day before it begins; after runs from its first day to the
-- day asked for or, once it is closed, to the day up to which it was looked at. Every student
-- counts once: rates are the mean over students of the share of their days missed at the school.
-- The comparison: students in no plan of the year, of the same grade band, who had missed about as
-- many days in the same earlier days and in the last twenty of them; of the same school, and where
-- fewer than ten there match, of similar ones. difference_points: missed after, in points, more
-- (less: below 0) than they did; low and high at 95%.
-- students: enrolled through both; members: all the plan is for. Rates are of the students with a
-- match where there is a comparison, else of all.
WITH plan AS (
    SELECT *, least(
        CAST($as_of AS DATE), CASE WHEN ended_on IS NOT NULL THEN looked_up_to END
    ) AS until_date
    FROM team_plan
    WHERE school_year = $school_year AND school_id IN (SELECT unnest($schools))
),
counted AS (
    SELECT
        plan.record,
        count(*) FILTER (WHERE school_day.date < plan.begins_on) AS days_before,
        count(*) FILTER (
            WHERE school_day.date >= plan.begins_on AND school_day.date <= plan.until_date
        ) AS days_after
    FROM plan
    JOIN school_day USING (school_id, school_year)
    WHERE school_day.taken
    GROUP BY plan.record
),
member AS (
    SELECT plan, count(DISTINCT student_id) AS members FROM team_member GROUP BY plan
)
SELECT
    plan.record AS plan,
    plan.school_id,
    schools.school_name,
    plan.idea,
    plan.measure,
    plan.begins_on,
    plan.ended_on,
    plan.until_date,
    coalesce(counted.days_before, 0) AS days_before,
    coalesce(counted.days_after, 0) AS days_after,
    coalesce(member.members, 0) AS members,
    coalesce(study.students, 0) AS students,
    coalesce(study.matched, 0) AS matched,
    study.before_rate,
    study.after_rate,
    coalesce(study.comparison_students, 0) AS comparison_students,
    coalesce(study.schools_compared, 0) AS schools_compared,
    study.comparison_before,
    study.comparison_after,
    study.difference_points,
    study.low,
    study.high,
    CASE
        WHEN $as_of IS NULL OR plan.begins_on > $as_of THEN 'not begun'
        WHEN counted.record IS NULL OR counted.days_before < 20 OR counted.days_after < 10
            THEN 'too soon'
        ELSE coalesce(study.verdict, 'cannot compare')
    END AS verdict
FROM plan
JOIN schools USING (school_id)
LEFT JOIN counted USING (record)
LEFT JOIN member ON member.plan = plan.record
LEFT JOIN plan_study($definition, $school_year, $as_of, $schools, each_plan := true) AS study
    ON study.plan = plan.record
ORDER BY plan.begins_on DESC, schools.school_name, plan.record
