-- What every student of the choice is counted by, and what else somebody may count them by.
-- One row per student, point, grain, unit and day rule. point: now, or then, on the day of another's
-- number. grain: here, as everywhere on the pages; or otherwise: of one school a student's days at
-- all schools, of several each school by itself, as a state counts. unit: that school. missed, of
-- parts_per_day: by the day rule. days_not_taken: days enrolled without attendance. still_enrolled:
-- on that day, at a school of the choice. code_change: by attendance code, how much more would be
-- missed if its days were not what they count as: present ones absent, absent ones present. That and
-- days_not_taken are known where somebody gave a number: between two definitions nobody asks.
WITH chosen AS (
    SELECT unnest($schools) AS school_id
),
one_per_day_rule AS (
    SELECT day_rule, min(name) AS definition
    FROM definitions_in('definitions', $school_year)
    GROUP BY day_rule
),
status AS (
    SELECT 'now' AS point, 'here' AS grain, * EXCLUDE (point)
    FROM student_status(
        NULL, $school_year, NULL, $as_of, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
    UNION ALL BY NAME
    SELECT 'now' AS point, 'otherwise' AS grain, * EXCLUDE (point)
    FROM student_status(
        NULL, $school_year, NULL, $as_of,
        CASE WHEN len($schools) = 1 THEN (SELECT list(school_id) FROM schools) ELSE $schools END,
        NULL, NULL, NULL, each_month := false, each_school := len($schools) > 1
    )
    UNION ALL BY NAME
    SELECT 'then' AS point, 'here' AS grain, * EXCLUDE (point)
    FROM student_status(
        NULL, $school_year, NULL, $their_date, $schools, $grade, $dimension, $group_name,
        each_month := false, each_school := false
    )
    WHERE CAST($their_date AS DATE) IS NOT NULL
    UNION ALL BY NAME
    SELECT 'then' AS point, 'otherwise' AS grain, * EXCLUDE (point)
    FROM student_status(
        NULL, $school_year, NULL, $their_date,
        CASE WHEN len($schools) = 1 THEN (SELECT list(school_id) FROM schools) ELSE $schools END,
        NULL, NULL, NULL, each_month := false, each_school := len($schools) > 1
    )
    WHERE CAST($their_date AS DATE) IS NOT NULL
),
member AS (
    SELECT DISTINCT student_id FROM status WHERE point = 'now' AND grain = 'here'
),
point AS (
    SELECT 'now' AS point, CAST($as_of AS DATE) AS until
    UNION ALL
    SELECT 'then', CAST($their_date AS DATE) WHERE CAST($their_date AS DATE) IS NOT NULL
),
place AS (
    SELECT point.*, 'here' AS grain, '' AS unit, chosen.school_id FROM point CROSS JOIN chosen
    UNION ALL
    SELECT
        point.*, 'otherwise', CASE WHEN len($schools) = 1 THEN '' ELSE schools.school_id END,
        schools.school_id
    FROM point
    CROSS JOIN schools
    WHERE len($schools) = 1 OR schools.school_id IN (SELECT school_id FROM chosen)
),
-- A day at several schools is one day, and the one where least was missed speaks for it.
speaks AS (
    SELECT
        place.point, place.grain, place.unit, shared_day.student_id, shared_day.date,
        min_by(
            shared_day.school_id,
            {'parts': shared_day.missed_parts, 'school_id': shared_day.school_id}
        ) AS school_id
    FROM shared_day
    JOIN place USING (school_id)
    SEMI JOIN member USING (student_id)
    WHERE shared_day.school_year = $school_year AND shared_day.date <= place.until
    GROUP BY ALL
),
missed_by_code AS (
    SELECT
        place.point, place.grain, place.unit, missed_day.student_id, missed_day.code,
        -count(*) FILTER (WHERE missed_day.half_missed) AS days,
        -sum(missed_day.missed_parts) AS parts,
        0 AS whole_days
    FROM missed_day
    JOIN place USING (school_id)
    SEMI JOIN member USING (student_id)
    LEFT JOIN speaks USING (point, grain, unit, student_id, date)
    WHERE ($their_number IS NOT NULL OR $their_list IS NOT NULL)
        AND missed_day.school_year = $school_year
        AND missed_day.date <= place.until
        AND coalesce(speaks.school_id, missed_day.school_id) = missed_day.school_id
    GROUP BY ALL
),
-- Of several such codes on one day the first stands; of a day at two schools none, for a student
-- who is present at the other is present.
present_day AS (
    SELECT
        place.point, place.grain, place.unit, attendance.student_id, attendance.date,
        min(attendance.code) AS code,
        coalesce(max(missed_day.missed_parts), 0) AS missed_parts,
        coalesce(bool_or(missed_day.half_missed), false) AS half_missed
    FROM attendance
    SEMI JOIN member USING (student_id)
    SEMI JOIN (SELECT code, school_id FROM code_of_school WHERE counts_as = 'present') AS present_code
        USING (code, school_id)
    JOIN school_day USING (school_id, date)
    JOIN place USING (school_id)
    SEMI JOIN enrollment_span
        ON enrollment_span.student_id = attendance.student_id
        AND enrollment_span.school_id = attendance.school_id
        AND enrollment_span.school_year = school_day.school_year
        AND enrollment_span.entry_date <= attendance.date
        AND enrollment_span.exit_date > attendance.date
    LEFT JOIN missed_day
        ON missed_day.student_id = attendance.student_id
        AND missed_day.school_id = attendance.school_id
        AND missed_day.date = attendance.date
    ANTI JOIN (SELECT DISTINCT student_id, date FROM speaks) AS at_two
        ON at_two.student_id = attendance.student_id AND at_two.date = attendance.date
    WHERE ($their_number IS NOT NULL OR $their_list IS NOT NULL)
        AND school_day.school_year = $school_year
        AND school_day.taken
        AND school_day.date <= place.until
    GROUP BY ALL
),
-- A code may be an absence at one school, and at another none.
by_code AS (
    SELECT
        point, grain, unit, student_id, code,
        sum(days) AS days, sum(parts) AS parts, sum(whole_days) AS whole_days
    FROM (
        SELECT * FROM missed_by_code
        UNION ALL
        SELECT
            point, grain, unit, student_id, code,
            count(*) FILTER (WHERE NOT half_missed), -sum(missed_parts), count(*)
        FROM present_day
        GROUP BY ALL
    )
    GROUP BY ALL
),
not_taken AS (
    SELECT
        place.point, place.grain, place.unit, span.student_id,
        count(DISTINCT school_day.date) AS days
    FROM enrollment_span AS span
    SEMI JOIN member USING (student_id)
    JOIN place USING (school_id)
    JOIN school_day
        ON school_day.school_id = span.school_id
        AND school_day.school_year = span.school_year
        AND school_day.date >= span.entry_date
        AND school_day.date < span.exit_date
        AND school_day.date <= place.until
    ANTI JOIN speaks
        ON speaks.point = place.point
        AND speaks.grain = place.grain
        AND speaks.unit = place.unit
        AND speaks.student_id = span.student_id
        AND speaks.date = school_day.date
    WHERE ($their_number IS NOT NULL OR $their_list IS NOT NULL)
        AND span.school_year = $school_year
        AND NOT school_day.taken
    GROUP BY ALL
),
staying AS (
    SELECT DISTINCT point.point, span.student_id
    FROM enrollment_span AS span
    SEMI JOIN chosen USING (school_id)
    JOIN point ON span.entry_date <= point.until AND span.exit_date > point.until
    WHERE span.school_year = $school_year
),
counted AS (
    SELECT
        status.point, status.grain, status.unit, one_per_day_rule.day_rule, status.student_id,
        status.days_enrolled, status.missed, status.parts_per_day
    FROM status
    SEMI JOIN member USING (student_id)
    JOIN one_per_day_rule USING (definition)
),
change AS (
    SELECT
        counted.point, counted.grain, counted.unit, counted.day_rule, counted.student_id,
        map_from_entries(list({
            'key': by_code.code,
            'value': CAST(
                CASE
                    WHEN counted.day_rule = 'half_day' THEN by_code.days
                    ELSE by_code.whole_days * counted.parts_per_day + by_code.parts
                END AS BIGINT
            )
        })) AS code_change
    FROM counted
    JOIN by_code USING (point, grain, unit, student_id)
    GROUP BY ALL
)
SELECT
    counted.*,
    coalesce(not_taken.days, 0) AS days_not_taken,
    staying.student_id IS NOT NULL AS still_enrolled,
    change.code_change
FROM counted
LEFT JOIN not_taken USING (point, grain, unit, student_id)
LEFT JOIN staying USING (point, student_id)
LEFT JOIN change USING (point, grain, unit, day_rule, student_id)
