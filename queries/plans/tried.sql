-- What is being tried, for whom and with whom, and how far it is.
-- One row per plan of the school year: first those whose time to study has come, then those under
-- way, those to begin and the closed ones, the newest first. stage is as of the as-of date; a plan
-- is due on the last day of its aim. students: whom it is for, as far as they were not forgotten.
WITH staged AS (
    SELECT
        *,
        CASE
            WHEN ended_on IS NOT NULL THEN 'closed'
            WHEN $as_of IS NULL OR begins_on > $as_of THEN 'not begun'
            WHEN due_on <= $as_of THEN 'time to study'
            ELSE 'under way'
        END AS stage
    FROM plan_cell
)
SELECT
    staged.record,
    staged.version,
    staged.school_id,
    schools.school_name,
    schools.network,
    staged.idea,
    staged.cause,
    staged.who_for,
    staged.measure,
    staged.from_percent,
    staged.to_percent,
    staged.begins_on,
    staged.due_on,
    staged.owner,
    staged.people,
    staged.partners,
    staged.stage,
    staged.decision,
    staged.learned,
    staged.looked_up_to,
    staged.ended_on,
    staged.students,
    staged.withheld
FROM staged
JOIN schools USING (school_id)
ORDER BY
    list_position(['time to study', 'under way', 'not begun', 'closed'], staged.stage),
    staged.begins_on DESC,
    schools.school_name,
    staged.record,
    staged.idea
