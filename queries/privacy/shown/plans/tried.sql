-- What is being tried, as everybody may know it: no word that somebody wrote, and no number.
-- One row per plan of the school year, in the order of the full answer. An idea, a cause and a partner
-- that people named themselves are there without their name (queries/team/told.py). stage is as of the
-- as-of date.
WITH staged AS (
    SELECT
        *,
        CASE
            WHEN ended_on IS NOT NULL THEN 'closed'
            WHEN $as_of IS NULL OR begins_on > $as_of THEN 'not begun'
            WHEN due_on <= $as_of THEN 'time to study'
            ELSE 'under way'
        END AS stage
    FROM team_plan
    WHERE school_year = $school_year AND school_id IN (SELECT unnest($schools))
)
SELECT
    schools.school_name,
    staged.idea,
    staged.cause,
    staged.measure,
    staged.begins_on,
    staged.due_on,
    staged.partners,
    staged.stage,
    staged.decision,
    staged.ended_on,
    false AS withheld
FROM staged
JOIN schools USING (school_id)
ORDER BY
    list_position(['time to study', 'under way', 'not begun', 'closed'], staged.stage),
    staged.begins_on DESC,
    schools.school_name,
    staged.record
