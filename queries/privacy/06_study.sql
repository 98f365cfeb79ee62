-- What was tried in a network, pooled, as queries/plans/by_idea has it: one row per change idea and
-- measure that has begun. Exact: read by study.py, and never kept.
SELECT
    plan.idea,
    plan.measure,
    plan.schools,
    coalesce(study.students, 0) AS students,
    CASE WHEN study.difference_points IS NULL THEN study.students ELSE study.matched END AS counted,
    study.before_rate,
    study.after_rate,
    study.comparison_students,
    study.comparison_before,
    study.comparison_after,
    study.difference_points,
    study.low,
    study.high,
    coalesce(study.verdict, 'too soon') AS verdict
FROM (
    SELECT idea, measure, count(DISTINCT school_id) AS schools
    FROM team_plan
    WHERE school_year = $school_year AND school_id IN (SELECT unnest($schools)) AND begins_on <= $as_of
    GROUP BY idea, measure
) AS plan
LEFT JOIN plan_study('federal', $school_year, $as_of, $schools, each_plan := false) AS study
    USING (idea, measure)
ORDER BY plan.idea, plan.measure
