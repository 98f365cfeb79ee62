-- The counts of one school year ($school_year), for every place and month so far: one row each in
-- share_count. By the federal definition alone: the share view knows no other. A student who went
-- to one school counts in a place as at that school; only who went to several is counted anew.
CREATE OR REPLACE TEMP TABLE share_step AS
-- One row per period, month, school and student enrolled there in that year.
WITH at_point AS (
    SELECT * FROM share_point WHERE school_year = $school_year
),
enrolled AS (
    SELECT
        at_point.period,
        at_point.point,
        at_point.is_newest,
        enrollment_span.school_year AS data_year,
        enrollment_span.school_id,
        enrollment_span.student_id,
        CAST(sum(greatest(
            0,
            least(enrollment_span.taken_until, at_point.days_taken) - enrollment_span.taken_before
        )) AS INTEGER) AS days_enrolled
    FROM at_point
    JOIN enrollment_span
        ON enrollment_span.school_id = at_point.school_id
        AND enrollment_span.school_year = at_point.data_year
    GROUP BY ALL
    UNION ALL
    SELECT
        at_point.period, at_point.point, at_point.is_newest, at_point.data_year,
        at_point.school_id, missed_total.student_id, missed_total.days_enrolled
    FROM at_point
    JOIN missed_total
        ON missed_total.school_id = at_point.school_id
        AND missed_total.school_year = at_point.data_year
    WHERE at_point.cutoff_date IS NOT NULL AND missed_total.half_missed_days IS NOT NULL
),
turn AS (
    -- The first month that a day belongs to; a month without a day of a school adds nothing.
    SELECT at_point.period, school_day.school_id, school_day.date, min(at_point.point) AS point
    FROM at_point
    JOIN school_day
        ON school_day.school_id = at_point.school_id
        AND school_day.school_year = at_point.data_year
        AND school_day.date <= at_point.cutoff_date
    GROUP BY ALL
),
missed AS (
    SELECT turn.period, turn.point, missed_day.school_id, missed_day.student_id, count(*) AS days
    FROM missed_day
    JOIN turn USING (school_id, date)
    WHERE missed_day.half_missed
        AND missed_day.school_year IN (SELECT data_year FROM at_point)
    GROUP BY ALL
    UNION ALL
    SELECT
        at_point.period, at_point.point, at_point.school_id, missed_total.student_id,
        missed_total.half_missed_days
    FROM at_point
    JOIN missed_total
        ON missed_total.school_id = at_point.school_id
        AND missed_total.school_year = at_point.data_year
    WHERE at_point.cutoff_date IS NOT NULL
),
mover AS (
    SELECT school_year AS data_year, student_id
    FROM entry
    WHERE school_year IN (SELECT data_year FROM at_point)
    GROUP BY ALL
    HAVING count(DISTINCT school_id) > 1
),
counted AS (
    SELECT
        enrolled.*,
        CAST(coalesce(sum(missed.days) OVER (
            PARTITION BY enrolled.period, enrolled.school_id, enrolled.student_id
            ORDER BY enrolled.point
        ), 0) AS INTEGER) AS days_absent
    FROM enrolled
    LEFT JOIN missed USING (period, point, school_id, student_id)
)
SELECT
    counted.*,
    mover.student_id IS NOT NULL AS is_mover,
    is_chronically_absent(rule, counted.days_absent, 1, counted.days_enrolled)
        AS chronically_absent
FROM counted
LEFT JOIN mover USING (data_year, student_id)
CROSS JOIN (SELECT definitions AS rule FROM definitions WHERE name = 'federal');

-- The grade in which a student stands at the newest month: one row per place and student. The latest entry so far; for who has not come yet, the first to come.
CREATE OR REPLACE TEMP TABLE share_grade AS
WITH entered AS (
    SELECT
        entry.school_id,
        entry.student_id,
        entry.grade,
        lateness(
            entry.entry_date, entry.exit_date, entry.school_id, entry.grade, entry.calendar_code,
            entry.days_enrolled, at_point.until_date
        ) AS latest
    FROM share_point AS at_point
    JOIN entry ON entry.school_id = at_point.school_id AND entry.school_year = at_point.data_year
    WHERE at_point.school_year = $school_year AND at_point.is_newest AND at_point.period = 'this'
)
SELECT share_place.kind, share_place.place, entered.student_id,
    arg_max(entered.grade, entered.latest) AS grade
FROM entered
JOIN share_place USING (school_id)
GROUP BY ALL;

-- Who went to several schools, at each place that has more than one: one row per period, month,
-- place and student.
CREATE OR REPLACE TEMP TABLE share_moved AS
WITH again AS (
    -- A day at two schools of a place is one day, and the least missed counts.
    SELECT period, point, kind, place, student_id,
        sum(days) AS days_enrolled, sum(absent) AS days_absent
    FROM (
        SELECT
            at_point.period,
            at_point.point,
            share_place.kind,
            share_place.place,
            shared_day.student_id,
            shared_day.date,
            count(*) - 1 AS days,
            sum(CAST(shared_day.half_missed AS INTEGER))
                - min(CAST(shared_day.half_missed AS INTEGER)) AS absent
        FROM share_point AS at_point
        JOIN shared_day
            ON shared_day.school_id = at_point.school_id
            AND shared_day.school_year = at_point.data_year
            AND shared_day.date <= at_point.cutoff_date
        JOIN share_place ON share_place.school_id = at_point.school_id
        WHERE at_point.school_year = $school_year AND share_place.kind <> 'school'
        GROUP BY ALL
    )
    GROUP BY ALL
),
moved AS (
    SELECT
        step.period,
        step.point,
        step.is_newest,
        step.data_year,
        share_place.kind,
        share_place.place,
        step.student_id,
        sum(step.days_enrolled) AS days_enrolled,
        sum(step.days_absent) AS days_absent
    FROM share_step AS step
    JOIN share_place USING (school_id)
    WHERE step.is_mover AND share_place.kind <> 'school'
    GROUP BY ALL
),
counted AS (
    SELECT
        moved.* EXCLUDE (days_enrolled, days_absent),
        moved.days_enrolled - coalesce(again.days_enrolled, 0) AS days_enrolled,
        moved.days_absent - coalesce(again.days_absent, 0) AS days_absent
    FROM moved
    LEFT JOIN again USING (period, point, kind, place, student_id)
)
SELECT
    counted.*,
    is_chronically_absent(rule, days_absent, 1, days_enrolled) AS chronically_absent
FROM counted
CROSS JOIN (SELECT definitions AS rule FROM definitions WHERE name = 'federal');

INSERT INTO share_count
WITH at_school AS (
    SELECT
        period, point, school_id, is_mover,
        count(chronically_absent) AS students,
        count(*) FILTER (WHERE chronically_absent) AS absent,
        count(*) AS all_students,
        sum(days_absent) AS days_absent,
        sum(days_enrolled) AS days_enrolled
    FROM share_step
    GROUP BY ALL
),
part AS (
    SELECT share_place.kind, share_place.place, at_school.* EXCLUDE (school_id, is_mover)
    FROM at_school
    JOIN share_place USING (school_id)
    WHERE share_place.kind = 'school' OR NOT at_school.is_mover
    UNION ALL BY NAME
    SELECT
        kind, place, period, point,
        count(chronically_absent) AS students,
        count(*) FILTER (WHERE chronically_absent) AS absent,
        count(*) AS all_students,
        sum(days_absent) AS days_absent,
        sum(days_enrolled) AS days_enrolled
    FROM share_moved
    GROUP BY ALL
)
SELECT
    $school_year, period, point, kind, place, 'all', '',
    CAST(sum(students) AS BIGINT),
    CAST(sum(absent) AS BIGINT),
    CAST(sum(all_students) AS BIGINT),
    CAST(sum(days_absent) AS BIGINT),
    CAST(sum(days_enrolled) AS BIGINT)
FROM part
GROUP BY ALL;

-- The few of whom it is not known would have to be hidden, and one of the other two with them.
CREATE OR REPLACE TEMP MACRO yes_or_not(answer) AS
    CASE WHEN answer = 'yes' THEN 'yes' ELSE 'no or not known' END;

CREATE OR REPLACE TEMP TABLE share_member AS
WITH standing AS (
    SELECT share_place.kind, share_place.place, step.* EXCLUDE (school_id, is_mover)
    FROM share_step AS step
    JOIN share_place USING (school_id)
    WHERE step.is_newest AND step.period = 'this'
        AND (share_place.kind = 'school' OR NOT step.is_mover)
    UNION ALL BY NAME
    SELECT * FROM share_moved WHERE is_newest AND period = 'this'
)
SELECT
    standing.period,
    standing.point,
    standing.kind,
    standing.place,
    standing.student_id,
    standing.chronically_absent,
    absence_tier(standing.days_absent, 1, standing.days_enrolled) AS tier,
    share_grade.grade,
    student_year.gender,
    student_year.race_ethnicity,
    yes_or_not(student_year.english_learner) AS english_learner,
    yes_or_not(student_year.disability) AS disability,
    yes_or_not(student_year.economically_disadvantaged) AS economically_disadvantaged,
    yes_or_not(student_year.unstable_housing) AS unstable_housing,
    student_year.home_language
FROM standing
JOIN share_grade USING (kind, place, student_id)
JOIN student_year
    ON student_year.student_id = standing.student_id
    AND student_year.school_year = standing.data_year
WHERE standing.chronically_absent IS NOT NULL;

INSERT INTO share_count BY NAME
WITH counted AS (
    SELECT
        point, kind, place,
        grade, gender, race_ethnicity, english_learner, disability, economically_disadvantaged,
        unstable_housing, home_language,
        CASE
            WHEN grouping(grade) = 0 THEN 'grade'
            WHEN grouping(gender) = 0 THEN 'gender'
            WHEN grouping(race_ethnicity) = 0 THEN 'race_ethnicity'
            WHEN grouping(english_learner) = 0 THEN 'english_learner'
            WHEN grouping(disability) = 0 THEN 'disability'
            WHEN grouping(economically_disadvantaged) = 0 THEN 'economically_disadvantaged'
            WHEN grouping(unstable_housing) = 0 THEN 'unstable_housing'
            ELSE 'home_language'
        END AS dimension,
        count(*) AS students,
        count(*) FILTER (WHERE chronically_absent) AS absent
    FROM share_member
    GROUP BY GROUPING SETS (
        (point, kind, place, grade), (point, kind, place, gender),
        (point, kind, place, race_ethnicity), (point, kind, place, english_learner),
        (point, kind, place, disability), (point, kind, place, economically_disadvantaged),
        (point, kind, place, unstable_housing), (point, kind, place, home_language)
    )
),
held AS (
    SELECT
        point, kind, place, dimension,
        coalesce(grade, gender, race_ethnicity, english_learner, disability,
            economically_disadvantaged, unstable_housing, home_language) AS category,
        students,
        absent
    FROM counted
),
tier AS (
    SELECT point, kind, place, tier, count(*) AS absent
    FROM share_member
    GROUP BY ALL
),
whole AS (
    SELECT point, kind, place, students, all_students
    FROM share_count
    WHERE school_year = $school_year AND period = 'this' AND dimension = 'all'
),
newest AS (
    SELECT whole.* FROM whole WHERE point = (SELECT max(point) FROM whole)
)
SELECT $school_year AS school_year, 'this' AS period, point, kind, place, dimension, category,
    students, absent
FROM held
UNION ALL BY NAME
SELECT $school_year AS school_year, 'this' AS period, point, kind, place, 'tier' AS dimension,
    tier.tier AS category, newest.students, coalesce(counted.absent, 0) AS absent
FROM newest
CROSS JOIN (SELECT unnest(['satisfactory', 'at_risk', 'moderate', 'severe']) AS tier) AS tier
LEFT JOIN tier AS counted USING (point, kind, place, tier);

-- Days missed by recorded reason. A day at two schools of a place is one day, and the school where
-- least was missed speaks for it.
INSERT INTO share_count BY NAME
WITH missed AS (
    SELECT
        missed_day.student_id,
        missed_day.school_id,
        missed_day.date,
        coalesce(missed_day.reason, 'Not recorded') AS reason,
        missed_day.half_missed,
        shared_day.student_id IS NOT NULL AS is_shared,
        at_point.point
    FROM missed_day
    JOIN share_point AS at_point
        ON at_point.school_id = missed_day.school_id
        AND at_point.school_year = missed_day.school_year
        AND at_point.period = 'this'
        AND at_point.is_newest
    LEFT JOIN shared_day
        ON shared_day.student_id = missed_day.student_id
        AND shared_day.school_id = missed_day.school_id
        AND shared_day.date = missed_day.date
    WHERE missed_day.school_year = $school_year AND missed_day.date <= at_point.point
),
alone AS (
    SELECT point, school_id, student_id, reason, count(*) AS days
    FROM missed
    WHERE NOT is_shared AND half_missed
    GROUP BY ALL
),
least AS (
    SELECT
        share_place.kind,
        share_place.place,
        shared_day.student_id,
        shared_day.date,
        min_by(
            shared_day.school_id,
            {'missed': shared_day.missed_parts, 'school_id': shared_day.school_id}
        ) AS school_id
    FROM shared_day
    JOIN share_place USING (school_id)
    WHERE shared_day.school_year = $school_year
    GROUP BY ALL
),
shared AS (
    SELECT missed.point, least.kind, least.place, missed.student_id, missed.reason, count(*) AS days
    FROM missed
    JOIN least USING (student_id, date, school_id)
    WHERE missed.is_shared AND missed.half_missed
    GROUP BY ALL
),
either AS (
    SELECT alone.point, share_place.kind, share_place.place, alone.student_id, alone.reason,
        alone.days
    FROM alone
    JOIN share_place USING (school_id)
    UNION ALL
    SELECT * FROM shared
),
held AS (
    SELECT point, kind, place, reason, count(DISTINCT student_id) AS absent, sum(days) AS days
    FROM either
    GROUP BY ALL
)
SELECT
    $school_year AS school_year,
    'this' AS period,
    held.point,
    held.kind,
    held.place,
    'reason' AS dimension,
    held.reason AS category,
    held.absent
FROM held;

-- What is the count of another place is not counted again.
DELETE FROM share_count
USING share_told_as AS told
WHERE share_count.school_year = $school_year AND told.school_year = $school_year
    AND told.period = share_count.period
    AND told.kind = share_count.kind AND told.place = share_count.place
    AND (told.counted_kind, told.counted_place) <> (told.kind, told.place);
DELETE FROM share_member
USING share_told_as AS told
WHERE told.school_year = $school_year AND told.period = 'this'
    AND told.kind = share_member.kind AND told.place = share_member.place
    AND (told.counted_kind, told.counted_place) <> (told.kind, told.place);
