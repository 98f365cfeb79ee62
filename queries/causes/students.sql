-- Every student of the selection, for the weekly meeting: where they stand, what changed lately, and
-- what is understood. One row per student with an enrollment in the selection, most missed first;
-- over several schools, school and grade are those of the latest entry.
-- crossed_this_week, turning_around: as in cells/student_lately.sql. early_sign: missed as many days in the first month
-- as an early sign asks for; false once somebody can be said to be within three absences.
-- days_missed_in_a_row: those that end with the newest day (cells/student_in_a_row.sql). last_20_days: a letter for each of the last twenty instructional days of the school, the oldest
-- first, as the definition counts them: '|' missed, '-' missed in part, '.' not missed, ' ' not enrolled
-- or no attendance taken. causes: learned in the school year, newest first.
WITH first_month AS (
    SELECT student_id, missed, parts_per_day
    FROM student_status(
        $definition, $school_year, NULL, first_month_until($school_year, $as_of, $schools),
        $schools, $grade, $dimension, $group_name, each_month := false, each_school := false
    )
),
with_sign AS (
    SELECT DISTINCT first_month.student_id
    FROM first_month
    JOIN early_signs
        ON has_early_sign(early_signs, first_month.missed, first_month.parts_per_day)
    WHERE (SELECT count(within_3_absences) = 0 FROM student_lately)
),
last_day AS (
    SELECT school_id, date
    FROM school_day
    WHERE school_year = $school_year
        AND date <= $as_of
        AND NOT silent
        AND list_contains($schools, school_id)
    QUALIFY row_number() OVER (PARTITION BY school_id ORDER BY date DESC) <= 20
),
marked AS (
    SELECT
        student.student_id,
        string_agg(
            CASE
                WHEN student_day.missed IS NULL THEN ' '
                WHEN student_day.missed = 0 THEN '.'
                WHEN student_day.missed >= student.parts_per_day THEN '|'
                ELSE '-'
            END,
            '' ORDER BY last_day.date
        ) AS days
    FROM student_lately AS student
    JOIN last_day USING (school_id)
    LEFT JOIN student_day
        ON student_day.student_id = student.student_id AND student_day.date = last_day.date
    GROUP BY student.student_id
),
learned AS (
    SELECT
        team_learned.student_id,
        team_learned.cause,
        coalesce(any_value(team_cause.family), 'not sorted yet') AS family,
        max({'learned_on': team_learned.learned_on, 'written_at': team_learned.written_at})
            AS newest,
        arg_max(
            {
                'evidence': team_learned.evidence,
                'confidence': team_learned.confidence,
                'written_by': team_learned.written_by
            },
            {'learned_on': team_learned.learned_on, 'written_at': team_learned.written_at}
        ) AS by_whom
    FROM team_learned
    LEFT JOIN team_cause USING (cause)
    WHERE team_learned.school_year = $school_year
    GROUP BY team_learned.student_id, team_learned.cause
),
understood AS (
    SELECT
        student_id,
        list(cause ORDER BY newest DESC, cause) AS causes,
        list(family ORDER BY newest DESC, cause) AS families,
        max(newest).learned_on AS learned_on,
        arg_max(by_whom, newest) AS by_whom
    FROM learned
    GROUP BY student_id
),
step AS (
    SELECT student_id, count(*) AS open_steps, min(due_on) AS next_due_on
    FROM team_step
    WHERE state = 'open'
    GROUP BY student_id
)
SELECT
    student.student_id,
    student_label.student_name,
    student.school_id,
    schools.school_name,
    nullif(student.grade, 'Unknown') AS grade,
    student.days_absent,
    student.days_enrolled,
    student.days_absent / nullif(student.days_enrolled, 0) AS rate,
    student.tier,
    student.chronically_absent,
    student.absences_left,
    coalesce(student.within_3_absences, false) AS within_3_absences,
    student.student_id IN (SELECT student_id FROM with_sign) AS early_sign,
    student.crossed_this_week,
    student.turning_around,
    student.missed_10 / student.parts_per_day AS days_absent_last_10,
    student.enrolled_10 AS days_enrolled_last_10,
    student.missed_20 / student.parts_per_day AS days_absent_last_20,
    student.enrolled_20 AS days_enrolled_last_20,
    coalesce(in_a_row.days, 0) AS days_missed_in_a_row,
    coalesce(marked.days, '') AS last_20_days,
    coalesce(understood.causes, []) AS causes,
    list_sort(list_distinct(coalesce(understood.families, []))) AS families,
    understood.by_whom.evidence AS evidence,
    understood.by_whom.confidence AS confidence,
    understood.by_whom.written_by AS learned_by,
    understood.learned_on,
    coalesce(step.open_steps, 0) AS open_steps,
    step.next_due_on
FROM student_lately AS student
JOIN student_label USING (student_id)
JOIN schools USING (school_id)
LEFT JOIN student_in_a_row AS in_a_row USING (student_id)
LEFT JOIN marked USING (student_id)
LEFT JOIN understood USING (student_id)
LEFT JOIN step USING (student_id)
ORDER BY rate DESC NULLS LAST, student_label.student_name, student.student_id
