-- Why students are chronically absent, as people had come to understand it when the month was
-- coded. One row per cause that enough students had in any year, most students first.
SELECT
    coalesce(team_cause.family, 'not sorted yet') AS family,
    told.category AS cause,
    told.students_absent AS students,
    told.withheld
FROM share_absence AS told
LEFT JOIN team_cause ON team_cause.cause = told.category
WHERE told.place = $place AND told.school_year = $school_year AND told.dimension = 'cause'
ORDER BY told.students_absent DESC NULLS LAST, told.category
