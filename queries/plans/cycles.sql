-- What was planned, done and seen within each plan, and what follows from it.
-- One row per round, plan by plan, the first one first. record and version say which one to change.
SELECT
    team_cycle.record,
    team_cycle.version,
    team_cycle.written_by,
    team_cycle.plan,
    team_cycle.school_id,
    team_cycle.began_on,
    team_cycle.planned,
    team_cycle.did,
    team_cycle.studied,
    team_cycle.acted
FROM team_cycle
JOIN team_plan ON team_plan.record = team_cycle.plan
WHERE team_plan.school_year = $school_year AND team_plan.school_id IN (SELECT unnest($schools))
ORDER BY team_cycle.plan, team_cycle.began_on, team_cycle.written_at, team_cycle.record
