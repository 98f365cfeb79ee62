-- What is being tried. One row per plan of the school year; students: whom it is for, as far as they
-- were not forgotten.
WITH member AS (
    SELECT plan, count(DISTINCT student_id) AS students FROM team_member GROUP BY plan
)
SELECT team_plan.*, coalesce(member.students, 0) AS students, false AS withheld
FROM team_plan
LEFT JOIN member ON member.plan = team_plan.record
WHERE team_plan.school_year = $school_year AND list_contains($schools, team_plan.school_id)
