-- Every student of the selection, for the weekly meeting: where they stand, what changed lately, and
-- what is understood. One row per student with an enrollment in the selection, most missed first;
-- over several schools, school and grade are those of the latest entry.
-- crossed_this_week: chronically absent as of the as-of date, and not so five instructional days of
-- their school earlier. turning_around: chronically absent twenty instructional days earlier, and of
-- fifteen or more days enrolled since then missed at most half the share missed before: none, or at
-- least three days fewer than that share would make. early_sign: missed as many days in the first month
-- as an early sign asks for; false once somebody can be said to be within three absences.
-- days_missed_in_a_row: days missed in full, by whatever definition, that end with the student's newest
-- day; 0 if then present for any part of it. Only days that count stand between: enrolled, and attendance
-- taken. last_20_days: a letter for each of the last twenty instructional days of the school, the oldest
-- first, as the definition counts them: '|' missed, '-' missed in part, '.' not missed, ' ' not enrolled
-- or no attendance taken. causes: learned in the school year, newest first.
WITH rule AS (
    SELECT definitions AS rule FROM definitions WHERE name = $definition
),
status AS (
    SELECT *
    FROM student_now WHERE period = 'this'
),
first_month AS (
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
    WHERE (SELECT count(within_3_absences) = 0 FROM status)
),
school_day_so_far AS (
    SELECT
        school_id,
        date,
        days_taken,
        row_number() OVER (PARTITION BY school_id ORDER BY date DESC) AS days_back
    FROM school_day
    WHERE school_year = $school_year
        AND date <= $as_of
        AND NOT silent
        AND school_id IN (SELECT unnest($schools))
),
since AS (
    -- The first of the last five, ten and twenty instructional days of each school.
    SELECT
        school_id,
        max(days_taken) AS days_taken,
        min(date) FILTER (WHERE days_back <= 5) AS last_5,
        min(date) FILTER (WHERE days_back <= 10) AS last_10,
        min(date) FILTER (WHERE days_back <= 20) AS last_20
    FROM school_day_so_far
    GROUP BY school_id
),
enrolled_day AS NOT MATERIALIZED (
    -- The days that count of each student at each school.
    SELECT
        enrollment_span.student_id,
        school_day.date,
        coalesce(missed_day.missed_parts, 0) AS missed_parts,
        coalesce(missed_day.half_missed, false) AS half_missed,
        coalesce(missed_day.missed_parts >= missed_day.parts_per_day, false) AS all_missed
    FROM enrollment_span
    JOIN school_day
        ON school_day.school_id = enrollment_span.school_id
        AND school_day.school_year = $school_year
        AND school_day.date >= enrollment_span.entry_date
        AND school_day.date < enrollment_span.exit_date
    LEFT JOIN missed_day
        ON missed_day.student_id = enrollment_span.student_id
        AND missed_day.school_id = enrollment_span.school_id
        AND missed_day.school_year = $school_year
        AND missed_day.date = school_day.date
    WHERE enrollment_span.school_year = $school_year
        AND enrollment_span.school_id IN (SELECT unnest($schools))
        AND school_day.taken
        AND school_day.date <= $as_of
),
recent_day AS (
    -- A day at several schools is one day, and the least that was missed counts.
    SELECT
        status.student_id,
        enrolled_day.date,
        any_value(since.last_5) AS last_5,
        any_value(since.last_10) AS last_10,
        min(
            CASE
                WHEN rule.rule.day_rule = 'half_day' THEN CAST(enrolled_day.half_missed AS INTEGER)
                ELSE enrolled_day.missed_parts
            END
        ) AS missed
    FROM status
    CROSS JOIN rule
    JOIN since ON since.school_id = status.school_id
    JOIN enrolled_day
        ON enrolled_day.student_id = status.student_id AND enrolled_day.date >= since.last_20
    GROUP BY status.student_id, enrolled_day.date
),
recent AS (
    SELECT
        student_id,
        count(*) FILTER (WHERE date >= last_5) AS enrolled_5,
        CAST(sum(missed) FILTER (WHERE date >= last_5) AS BIGINT) AS missed_5,
        count(*) FILTER (WHERE date >= last_10) AS enrolled_10,
        CAST(sum(missed) FILTER (WHERE date >= last_10) AS BIGINT) AS missed_10,
        count(*) AS enrolled_20,
        CAST(sum(missed) AS BIGINT) AS missed_20
    FROM recent_day
    GROUP BY student_id
),
marked AS (
    SELECT
        status.student_id,
        string_agg(
            CASE
                WHEN recent_day.missed IS NULL THEN ' '
                WHEN recent_day.missed = 0 THEN '.'
                WHEN recent_day.missed >= status.parts_per_day THEN '|'
                ELSE '-'
            END,
            '' ORDER BY school_day_so_far.date
        ) AS days
    FROM status
    JOIN school_day_so_far
        ON school_day_so_far.school_id = status.school_id AND school_day_so_far.days_back <= 20
    LEFT JOIN recent_day
        ON recent_day.student_id = status.student_id AND recent_day.date = school_day_so_far.date
    GROUP BY status.student_id
),
missed_the_last AS (
    -- Who missed all of the last day of a stay: of nobody else need each day be looked at.
    SELECT DISTINCT enrollment_span.student_id
    FROM enrollment_span
    JOIN since USING (school_id)
    JOIN school_day
        ON school_day.school_id = enrollment_span.school_id
        AND school_day.school_year = $school_year
        AND school_day.days_taken = least(enrollment_span.taken_until, since.days_taken)
    JOIN missed_day
        ON missed_day.student_id = enrollment_span.student_id
        AND missed_day.school_id = enrollment_span.school_id
        AND missed_day.school_year = $school_year
        AND missed_day.date = school_day.date
    WHERE enrollment_span.school_year = $school_year
        AND missed_day.missed_parts >= missed_day.parts_per_day
),
each_day AS (
    SELECT
        student_id,
        bool_and(bool_and(all_missed)) OVER (PARTITION BY student_id ORDER BY date DESC) AS in_a_row
    FROM enrolled_day
    SEMI JOIN missed_the_last USING (student_id)
    GROUP BY student_id, date
),
missed_in_a_row AS (
    SELECT student_id, count(*) AS days FROM each_day WHERE in_a_row GROUP BY student_id
),
compared AS (
    SELECT
        status.*,
        rule.rule AS rule,
        coalesce(recent.enrolled_5, 0) AS enrolled_5,
        coalesce(recent.missed_5, 0) AS missed_5,
        coalesce(recent.enrolled_10, 0) AS enrolled_10,
        coalesce(recent.missed_10, 0) AS missed_10,
        coalesce(recent.enrolled_20, 0) AS enrolled_20,
        coalesce(recent.missed_20, 0) AS missed_20,
        status.days_enrolled - coalesce(recent.enrolled_20, 0) AS enrolled_before,
        status.missed - coalesce(recent.missed_20, 0) AS missed_before
    FROM status
    CROSS JOIN rule
    LEFT JOIN recent USING (student_id)
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
    compared.student_id,
    student_label.student_name,
    compared.school_id,
    schools.school_name,
    nullif(compared.grade, 'Unknown') AS grade,
    compared.days_absent,
    compared.days_enrolled,
    compared.days_absent / nullif(compared.days_enrolled, 0) AS rate,
    compared.tier,
    compared.chronically_absent,
    compared.absences_left,
    coalesce(compared.within_3_absences, false) AS within_3_absences,
    compared.student_id IN (SELECT student_id FROM with_sign) AS early_sign,
    coalesce(compared.chronically_absent, false)
        AND NOT coalesce(
            is_chronically_absent(
                compared.rule,
                compared.missed - compared.missed_5,
                compared.parts_per_day,
                compared.days_enrolled - compared.enrolled_5
            ),
            false
        ) AS crossed_this_week,
    coalesce(
        compared.enrolled_20 >= 15
        AND is_chronically_absent(
            compared.rule, compared.missed_before, compared.parts_per_day, compared.enrolled_before
        )
        AND 2 * compared.missed_20 * compared.enrolled_before
            <= compared.missed_before * compared.enrolled_20
        AND (
            compared.missed_20 = 0
            OR compared.missed_before * compared.enrolled_20
                - compared.missed_20 * compared.enrolled_before
                >= 3 * compared.parts_per_day * compared.enrolled_before
        ),
        false
    ) AS turning_around,
    compared.missed_10 / compared.parts_per_day AS days_absent_last_10,
    compared.enrolled_10 AS days_enrolled_last_10,
    compared.missed_20 / compared.parts_per_day AS days_absent_last_20,
    compared.enrolled_20 AS days_enrolled_last_20,
    coalesce(missed_in_a_row.days, 0) AS days_missed_in_a_row,
    coalesce(marked.days, '') AS last_20_days,
    coalesce(understood.causes, []) AS causes,
    list_sort(list_distinct(coalesce(understood.families, []))) AS families,
    understood.by_whom.evidence AS evidence,
    understood.by_whom.confidence AS confidence,
    understood.by_whom.written_by AS learned_by,
    understood.learned_on,
    coalesce(step.open_steps, 0) AS open_steps,
    step.next_due_on
FROM compared
JOIN student_label USING (student_id)
JOIN schools USING (school_id)
LEFT JOIN missed_in_a_row USING (student_id)
LEFT JOIN marked USING (student_id)
LEFT JOIN understood USING (student_id)
LEFT JOIN step USING (student_id)
ORDER BY rate DESC NULLS LAST, student_label.student_name, compared.student_id
