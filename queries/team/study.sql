-- What became of the students of a plan, beside students like them: macros that questions about plans
-- stand on (queries/plans). One row per plan and student, then per plan; docs/decisions.md says why.

-- One row per plan of the schools and student who was enrolled through its windows: those it is for
-- (is_member), and those of the same or a similar school (same network and level) who are in no plan
-- of the year. The windows are the year so far before it begins, the last twenty days of that, and
-- the days since, up to the day asked for or the day up to which a closed plan was looked at; all by
-- the calendar of the student's school, where there were twenty days before and ten since. Who was
-- enrolled for less than four fifths of the twenty days, or of the days since, is left out; of a
-- student with a calendar of their own only its days are asked for.
-- earlier, recent: days missed of those enrolled, in thousandths rounded down; after_share: exact.
-- nearby: how far away in `recent` is one day more.
CREATE MACRO {schema}.plan_students(of_definition, of_year, until, of_schools) AS TABLE
WITH plan AS (
    SELECT
        record AS plan,
        school_id,
        measure,
        begins_on,
        least(
            CAST(until AS DATE), CASE WHEN ended_on IS NOT NULL THEN looked_up_to END
        ) AS until_date
    FROM team_plan
    WHERE school_year = of_year AND school_id IN (SELECT unnest(of_schools))
),
member AS (
    SELECT DISTINCT team_plan.school_year, team_member.plan, team_member.student_id
    FROM team_member
    JOIN team_plan ON team_plan.record = team_member.plan
    WHERE team_plan.school_year = of_year
),
rule AS (
    SELECT day_rule FROM definitions_in('definitions', of_year) WHERE name = of_definition
),
place AS (
    SELECT plan.*, other.school_id AS at_school
    FROM plan
    JOIN schools AS own USING (school_id)
    JOIN schools AS other
        ON other.network IS NOT DISTINCT FROM own.network
        AND other.level IS NOT DISTINCT FROM own.level
),
-- Days that a measure counts, numbered.
day AS (
    SELECT
        measures.measure,
        school_day.school_id,
        school_day.date,
        row_number() OVER (
            PARTITION BY measures.measure, school_day.school_id ORDER BY school_day.date
        ) AS number
    FROM school_day
    CROSS JOIN (SELECT DISTINCT measure FROM plan) AS measures
    WHERE school_day.school_year = of_year
        AND school_day.taken
        AND school_day.school_id IN (SELECT at_school FROM place)
        AND (
            measures.measure <> 'Mondays and Fridays missed' OR isodow(school_day.date) IN (1, 5)
        )
),
-- The windows at each school where they are long enough.
long_enough AS (
    SELECT
        place.*,
        (list(school_day.date ORDER BY school_day.date DESC) FILTER (
            WHERE school_day.date < place.begins_on
        ))[20] AS recent_from
    FROM place
    JOIN school_day ON school_day.school_id = place.at_school
    WHERE school_day.school_year = of_year AND school_day.taken
    GROUP BY ALL
    HAVING recent_from IS NOT NULL
        AND count(*) FILTER (
            WHERE school_day.date >= place.begins_on AND school_day.date <= place.until_date
        ) >= 10
),
reach AS (
    SELECT
        long_enough.*,
        count(*) FILTER (WHERE day.date < recent_from) AS until_recent,
        count(*) FILTER (WHERE day.date < begins_on) AS until_begin,
        count(*) FILTER (WHERE day.date <= until_date) AS until_end
    FROM long_enough
    JOIN day ON day.school_id = long_enough.at_school AND day.measure = long_enough.measure
    GROUP BY ALL
),
span AS (
    SELECT
        measures.measure,
        enrollment_span.school_id,
        enrollment_span.student_id,
        enrollment_span.entry_date,
        enrollment_span.exit_date
    FROM enrollment_span
    CROSS JOIN (SELECT DISTINCT measure FROM reach) AS measures
    WHERE enrollment_span.school_year = of_year
        AND enrollment_span.school_id IN (SELECT at_school FROM reach)
),
numbered AS (
    SELECT
        span.*,
        coalesce(before_entry.number, 0) AS until_entry,
        coalesce(before_exit.number, 0) AS until_exit
    FROM span
    ASOF LEFT JOIN day AS before_entry
        ON before_entry.measure = span.measure
        AND before_entry.school_id = span.school_id
        AND before_entry.date < span.entry_date
    ASOF LEFT JOIN day AS before_exit
        ON before_exit.measure = span.measure
        AND before_exit.school_id = span.school_id
        AND before_exit.date < span.exit_date
),
-- Days of the windows that are not in a calendar of some of the school's students, and whose it is.
own_days_off AS (
    SELECT
        reach.plan,
        reach.at_school,
        follows.student_id,
        count(*) FILTER (WHERE day.number > until_recent AND day.number <= until_begin)
            AS recent_off,
        count(*) FILTER (WHERE day.number > until_begin AND day.number <= until_end) AS after_off
    FROM reach
    JOIN day ON day.school_id = reach.at_school AND day.measure = reach.measure
    JOIN calendar_gap ON calendar_gap.school_id = day.school_id AND calendar_gap.date = day.date
    JOIN (
        SELECT
            school_id,
            student_id,
            arg_max(calendar_code, struct_pack(day := entry_date, code := calendar_code))
                AS calendar_code
        FROM entry
        WHERE school_year = of_year
        GROUP BY school_id, student_id
    ) AS follows
        ON follows.school_id = calendar_gap.school_id
        AND follows.calendar_code = calendar_gap.calendar_code
    GROUP BY reach.plan, reach.at_school, follows.student_id
),
enrolled AS (
    SELECT
        reach.plan,
        reach.at_school,
        numbered.student_id,
        CAST(sum(greatest(0, least(until_exit, until_begin) - until_entry)) AS BIGINT)
            AS earlier_days,
        CAST(
            sum(greatest(0, least(until_exit, until_begin) - greatest(until_entry, until_recent)))
            AS BIGINT
        ) AS recent_days,
        CAST(
            sum(greatest(0, least(until_exit, until_end) - greatest(until_entry, until_begin)))
            AS BIGINT
        ) AS after_days
    FROM reach
    JOIN numbered ON numbered.school_id = reach.at_school AND numbered.measure = reach.measure
    LEFT JOIN own_days_off
        ON own_days_off.plan = reach.plan
        AND own_days_off.at_school = reach.at_school
        AND own_days_off.student_id = numbered.student_id
    GROUP BY
        reach.plan, reach.at_school, numbered.student_id, until_recent, until_begin, until_end,
        own_days_off.recent_off, own_days_off.after_off
    HAVING 5 * recent_days
            >= 4 * (until_begin - until_recent - coalesce(own_days_off.recent_off, 0))
        AND 5 * after_days >= 4 * (until_end - until_begin - coalesce(own_days_off.after_off, 0))
        AND recent_days > 0
        AND after_days > 0
),
-- Those the plan is for, at its own school; of others, who is in no plan.
counted AS (
    SELECT
        reach.*,
        enrolled.* EXCLUDE (plan, at_school),
        member.student_id IS NOT NULL AS is_member
    FROM enrolled
    JOIN reach USING (plan, at_school)
    LEFT JOIN member ON member.plan = enrolled.plan AND member.student_id = enrolled.student_id
    WHERE (member.student_id IS NOT NULL AND reach.at_school = reach.school_id)
        OR enrolled.student_id NOT IN (SELECT student_id FROM member)
),
missed AS (
    SELECT
        reach.plan,
        reach.at_school,
        missed_day.student_id,
        CASE WHEN rule.day_rule = 'half_day' THEN 1 ELSE max(missed_day.parts_per_day) END
            AS parts_per_day,
        sum(part) FILTER (WHERE missed_day.date < reach.begins_on) AS earlier,
        sum(part) FILTER (
            WHERE missed_day.date < reach.begins_on AND missed_day.date >= reach.recent_from
        ) AS recent,
        sum(part) FILTER (
            WHERE missed_day.date >= reach.begins_on AND missed_day.date <= reach.until_date
        ) AS after
    FROM reach
    JOIN missed_day ON missed_day.school_id = reach.at_school
    CROSS JOIN rule
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN rule.day_rule = 'half_day' THEN CAST(missed_day.half_missed AS INTEGER)
            ELSE missed_day.missed_parts
        END AS part
    )
    WHERE missed_day.school_year = of_year
        AND (
            reach.measure <> 'Mondays and Fridays missed' OR isodow(missed_day.date) IN (1, 5)
        )
    GROUP BY reach.plan, reach.at_school, missed_day.student_id, rule.day_rule
),
-- Attendance Works' bands, with kindergarten by itself: it misses the most.
graded AS (
    SELECT
        reach.plan,
        reach.at_school,
        entry.student_id,
        arg_max(entry.grade, struct_pack(day := entry.entry_date, grade := entry.grade)) AS grade
    FROM reach
    JOIN entry ON entry.school_id = reach.at_school AND entry.entry_date < reach.begins_on
    WHERE entry.school_year = of_year
    GROUP BY reach.plan, reach.at_school, entry.student_id
)
SELECT
    counted.plan,
    counted.school_id,
    counted.at_school,
    counted.measure,
    counted.student_id,
    counted.is_member,
    CASE
        WHEN graded.grade IN ('PK', 'K') THEN 'PK to K'
        WHEN TRY_CAST(graded.grade AS INTEGER) <= 5 THEN '1 to 5'
        WHEN TRY_CAST(graded.grade AS INTEGER) <= 8 THEN '6 to 8'
        WHEN TRY_CAST(graded.grade AS INTEGER) <= 12 THEN '9 to 12'
        ELSE 'Unknown'
    END AS band,
    CAST(
        1000 * coalesce(missed.earlier, 0)
        // (counted.earlier_days * coalesce(missed.parts_per_day, 1)) AS BIGINT
    ) AS earlier,
    CAST(
        1000 * coalesce(missed.recent, 0)
        // (counted.recent_days * coalesce(missed.parts_per_day, 1)) AS BIGINT
    ) AS recent,
    1000 // counted.recent_days AS nearby,
    coalesce(missed.earlier, 0) / (counted.earlier_days * coalesce(missed.parts_per_day, 1))
        AS before_share,
    coalesce(missed.after, 0) / (counted.after_days * coalesce(missed.parts_per_day, 1))
        AS after_share
FROM counted
LEFT JOIN missed USING (plan, at_school, student_id)
LEFT JOIN graded USING (plan, at_school, student_id);

-- One row per plan and student: those it is for (weight 1; null who has no match), and those who
-- match any of them, weighted by what share of each one's matches they are.
-- A match is a student of the same grade band whose days missed were alike before: within 2 points
-- or a fifth over the year so far, and within a day or a fifth over the last twenty days. Of the
-- same school; where fewer than ten there match, of similar schools too. Fewer than five are none.
CREATE MACRO {schema}.plan_matches(of_definition, of_year, until, of_schools) AS TABLE
WITH student AS (
    SELECT * FROM plan_students(of_definition, of_year, until, of_schools)
),
alike AS (
    SELECT
        mine.plan,
        mine.student_id AS member_id,
        other.student_id,
        other.at_school,
        other.at_school = mine.at_school AS is_near,
        count(*) FILTER (WHERE other.at_school = mine.at_school)
            OVER (PARTITION BY mine.plan, mine.student_id) AS near
    FROM student AS mine
    JOIN student AS other ON other.plan = mine.plan AND other.band = mine.band
    WHERE mine.is_member
        AND NOT other.is_member
        AND abs(other.earlier - mine.earlier) <= greatest(20, mine.earlier // 5)
        AND abs(other.recent - mine.recent) <= greatest(mine.nearby, mine.recent // 5)
),
kept AS (
    SELECT *, count(*) OVER (PARTITION BY plan, member_id) AS matches
    FROM alike
    WHERE is_near OR near < 10
),
enough AS (
    SELECT * FROM kept WHERE matches >= 5
),
weighed AS (
    SELECT plan, student_id, at_school, sum(1 / matches) AS weight FROM enough GROUP BY ALL
    UNION ALL
    SELECT DISTINCT student.plan, student.student_id, student.at_school, 1
    FROM student
    SEMI JOIN enough ON enough.plan = student.plan AND enough.member_id = student.student_id
    WHERE student.is_member
)
SELECT student.*, weighed.weight
FROM student
LEFT JOIN weighed USING (plan, student_id, at_school)
WHERE student.is_member OR weighed.weight IS NOT NULL;

-- One row per unit with students in it: each plan, or all plans of one idea and measure together.
-- difference: what its students missed since, over what their matches did, after a straight line
-- takes away what is left of the difference before (Rubin 1979, Sankhya 41; Imbens and Rubin 2015,
-- ch. 18). Every student counts once. low and high: 95%, by the larger of the two groups' variances,
-- as in small groups chance makes the smaller one small; comparison students who stand for many
-- count as fewer (Kish 1965). Null where there is too little to compare: fewer than ten students
-- with a match, or than four in five, or so few comparison students that they count as under twenty.
-- To nine places, as sums over students come in no order and differ in the last ones.
CREATE MACRO {schema}.plan_study(of_definition, of_year, until, of_schools, each_plan) AS TABLE
WITH student AS (
    SELECT
        matches.*,
        CASE WHEN each_plan THEN matches.plan END AS unit,
        team_plan.idea
    FROM plan_matches(of_definition, of_year, until, of_schools) AS matches
    JOIN team_plan ON team_plan.record = matches.plan
),
-- Each plan's students by their distance from its comparison students, so that its season is its own.
centre AS (
    SELECT
        plan,
        sum(weight * earlier) / sum(weight) AS earlier,
        sum(weight * recent) / sum(weight) AS recent,
        sum(weight * after_share) / sum(weight) AS after_share
    FROM student
    WHERE NOT is_member
    GROUP BY plan
),
distance AS (
    SELECT
        student.unit,
        student.idea,
        student.measure,
        student.plan,
        student.is_member,
        student.weight,
        student.earlier - centre.earlier AS earlier,
        student.recent - centre.recent AS recent,
        student.after_share - centre.after_share AS after_share
    FROM student
    JOIN centre USING (plan)
    WHERE student.weight IS NOT NULL
),
product AS (
    SELECT
        unit,
        idea,
        measure,
        sum(weight * earlier * earlier) AS ee,
        sum(weight * recent * recent) AS rr,
        sum(weight * earlier * recent) AS er,
        sum(weight * earlier * after_share) AS ea,
        sum(weight * recent * after_share) AS ra
    FROM distance
    WHERE NOT is_member
    GROUP BY ALL
),
-- Least squares; where recent says nothing beside earlier, or nothing varies, without it.
slope AS (
    SELECT
        unit,
        idea,
        measure,
        CASE
            WHEN ee * rr - er * er > 1e-9 * ee * rr THEN (rr * ea - er * ra) / (ee * rr - er * er)
            WHEN ee > 0 THEN ea / ee
            ELSE 0
        END AS of_earlier,
        CASE
            WHEN ee * rr - er * er > 1e-9 * ee * rr THEN (ee * ra - er * ea) / (ee * rr - er * er)
            WHEN ee > 0 OR rr = 0 THEN 0
            ELSE ra / rr
        END AS of_recent
    FROM product
),
beyond AS (
    SELECT
        distance.*,
        distance.after_share
            - slope.of_earlier * distance.earlier
            - slope.of_recent * distance.recent AS rest
    FROM distance
    JOIN slope
        ON slope.unit IS NOT DISTINCT FROM distance.unit
        AND slope.idea = distance.idea
        AND slope.measure = distance.measure
),
spread AS (
    SELECT
        unit,
        idea,
        measure,
        avg(rest) FILTER (WHERE is_member) AS difference,
        var_samp(rest) FILTER (WHERE is_member) AS plan_variance,
        sum(weight * rest * rest) FILTER (WHERE NOT is_member)
            / sum(weight) FILTER (WHERE NOT is_member) AS comparison_variance,
        count(*) FILTER (WHERE is_member) AS n,
        pow(sum(weight) FILTER (WHERE NOT is_member), 2)
            / sum(weight * weight) FILTER (WHERE NOT is_member) AS comparison_n,
        2 + count(DISTINCT plan) AS fitted
    FROM beyond
    GROUP BY ALL
),
-- Everybody of the unit, or, where it can be compared, everybody with a match.
whole AS (
    SELECT
        unit,
        idea,
        measure,
        count(*) FILTER (WHERE is_member) AS students,
        count(*) FILTER (WHERE is_member AND weight IS NOT NULL) AS matched,
        count(DISTINCT student_id) FILTER (WHERE NOT is_member) AS comparison_students,
        count(DISTINCT at_school) FILTER (WHERE NOT is_member) AS schools_compared,
        avg(before_share) FILTER (WHERE is_member) AS all_before,
        avg(after_share) FILTER (WHERE is_member) AS all_after,
        avg(before_share) FILTER (WHERE is_member AND weight IS NOT NULL) AS matched_before,
        avg(after_share) FILTER (WHERE is_member AND weight IS NOT NULL) AS matched_after,
        sum(weight * before_share) FILTER (WHERE NOT is_member)
            / sum(weight) FILTER (WHERE NOT is_member) AS comparison_before,
        sum(weight * after_share) FILTER (WHERE NOT is_member)
            / sum(weight) FILTER (WHERE NOT is_member) AS comparison_after
    FROM student
    GROUP BY ALL
),
judged AS (
    SELECT
        whole.*,
        coalesce(
            matched >= 10 AND 5 * matched >= 4 * students AND round(comparison_n, 6) >= 20, false
        ) AS is_compared,
        100 * spread.difference AS difference,
        spread.n - 1 AS freedom,
        100 * sqrt(
            greatest(plan_variance, comparison_variance * comparison_n / (comparison_n - fitted))
            * (1 / n + 1 / comparison_n)
        ) AS standard_error
    FROM whole
    LEFT JOIN spread
        ON spread.unit IS NOT DISTINCT FROM whole.unit
        AND spread.idea = whole.idea
        AND spread.measure = whole.measure
),
ranged AS (
    SELECT
        *,
        -- Student's t from the normal quantile z: Cornish and Fisher, in Abramowitz and Stegun
        -- 26.7.5; within 0.001 from nine degrees of freedom on.
        standard_error * (
            z + (z**3 + z) / (4 * freedom)
            + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
            + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
        ) AS reach
    FROM judged
    CROSS JOIN (SELECT 1.959964::DOUBLE AS z)
)
SELECT
    unit AS plan,
    idea,
    measure,
    students,
    matched,
    round(CASE WHEN is_compared THEN matched_before ELSE all_before END, 9) AS before_rate,
    round(CASE WHEN is_compared THEN matched_after ELSE all_after END, 9) AS after_rate,
    comparison_students,
    schools_compared,
    CASE WHEN is_compared THEN round(comparison_before, 9) END AS comparison_before,
    CASE WHEN is_compared THEN round(comparison_after, 9) END AS comparison_after,
    CASE WHEN is_compared THEN round(difference, 9) END AS difference_points,
    CASE WHEN is_compared THEN round(difference - reach, 9) END AS low,
    CASE WHEN is_compared THEN round(difference + reach, 9) END AS high,
    CASE
        WHEN NOT is_compared THEN 'cannot compare'
        WHEN difference + reach < 0 THEN 'fewer days missed'
        WHEN difference - reach > 0 THEN 'more days missed'
        ELSE 'no clear difference'
    END AS verdict
FROM ranged;
