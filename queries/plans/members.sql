-- Which students each plan is for. One row per plan and student. A student who is in no file any
-- more stands there by id.
SELECT DISTINCT
    team_member.plan,
    team_plan.idea,
    team_plan.ended_on IS NOT NULL AS closed,
    team_member.student_id,
    coalesce(student_label.student_name, team_member.student_id) AS student_name
FROM team_member
JOIN team_plan ON team_plan.record = team_member.plan
LEFT JOIN student_label USING (student_id)
WHERE team_plan.school_year = $school_year AND team_plan.school_id IN (SELECT unnest($schools))
ORDER BY team_member.plan, student_name, team_member.student_id
