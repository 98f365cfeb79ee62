-- Students by share of days missed: Attendance Works' tiers, of those evaluated.
-- One row per tier, least absence first.
WITH tiers AS (
    SELECT unnest(['satisfactory', 'at_risk', 'moderate', 'severe']) AS tier, unnest([1, 2, 3, 4]) AS place
),
status AS (
    SELECT *
    FROM student_status(
        $definition, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
)
SELECT
    tiers.tier,
    count(status.student_id) AS students,
    count(status.student_id) / nullif(sum(count(status.student_id)) OVER (), 0) AS share
FROM tiers
LEFT JOIN status ON status.tier = tiers.tier
GROUP BY tiers.tier, tiers.place
ORDER BY tiers.place
