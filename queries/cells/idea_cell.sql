-- What became of the students of plans. One row per change idea and measure that a plan of the schools and year has: all their students
-- together are one comparison (as in plans/study), each beside matches of their own plan's days, so
-- that plans with fewer than ten students count too; every student counts once. plans, schools: that
-- have begun. lowest and highest: of the differences of plans that can be compared by themselves;
-- null where fewer than two can.
WITH plan AS (
    SELECT *
    FROM team_plan
    WHERE school_year = $school_year AND school_id IN (SELECT unnest($schools))
),
named AS (
    SELECT
        idea,
        measure,
        count(*) FILTER (WHERE begins_on <= $as_of) AS plans,
        count(DISTINCT school_id) FILTER (WHERE begins_on <= $as_of) AS schools
    FROM plan
    GROUP BY idea, measure
),
apart AS (
    SELECT
        idea,
        measure,
        count(difference_points) AS plans_compared,
        min(difference_points) AS lowest,
        max(difference_points) AS highest
    FROM plan_study($definition, $school_year, $as_of, $schools, each_plan := true)
    GROUP BY idea, measure
)
SELECT
    CAST(NULL AS VARCHAR) AS network,
    named.idea,
    named.measure,
    named.plans,
    named.schools,
    coalesce(study.students, 0) AS students,
    coalesce(study.matched, 0) AS matched,
    study.before_rate,
    study.after_rate,
    coalesce(study.comparison_students, 0) AS comparison_students,
    study.comparison_before,
    study.comparison_after,
    study.difference_points,
    study.low,
    study.high,
    coalesce(apart.plans_compared, 0) AS plans_compared,
    CASE WHEN apart.plans_compared > 1 THEN apart.lowest END AS lowest,
    CASE WHEN apart.plans_compared > 1 THEN apart.highest END AS highest,
    CASE
        WHEN named.plans = 0 THEN 'not begun'
        ELSE coalesce(study.verdict, 'too soon')
    END AS verdict,
    1 AS nearest,
    false AS withheld
FROM named
LEFT JOIN plan_study($definition, $school_year, $as_of, $schools, each_plan := false) AS study
    USING (idea, measure)
LEFT JOIN apart USING (idea, measure)
