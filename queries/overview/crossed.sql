-- Who became chronically absent in the last five instructional days of their school, in numbers.
-- One row for the selection, none of a year of totals. without_cause: of those, nobody has written down a cause this school year.
SELECT
    count(*) AS students,
    count(*) FILTER (WHERE student_id NOT IN (
        SELECT student_id FROM team_learned WHERE school_year = $school_year
    )) AS without_cause
FROM student_lately
WHERE crossed_this_week
HAVING NOT $is_of_totals
