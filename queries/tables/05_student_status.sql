-- The one way from days to a student's standing. Every question about attendance starts here.

-- One row per point in time, period and chosen school: how far the school year had come.
-- point: the day asked for, or each month's last instructional day up to it.
-- period: 'this' year up to the point, or the 'last' year up to the same instructional day of the
-- same school, not the same date of the calendar. A school without such a day has cutoff_date null;
-- one that stopped sending has come as far as its own last day. Of a year of totals cutoff_date is the
-- day up to which they count, and null before it; last year is then that year if both are whole.
CREATE MACRO school_points(of_year, against_year, until, of_schools, each_month) AS TABLE
WITH chosen AS (
    SELECT unnest(of_schools) AS school_id
),
day AS (
    SELECT school_day.*
    FROM school_day
    SEMI JOIN chosen USING (school_id)
    WHERE school_day.school_year = of_year
        AND school_day.date <= CAST(until AS DATE)
        AND NOT school_day.silent
),
point_in_time AS (
    SELECT max(day.date) AS point
    FROM day
    WHERE each_month
    GROUP BY date_trunc('month', day.date)
    UNION ALL
    SELECT CAST(until AS DATE) WHERE NOT each_month
),
this_year AS (
    SELECT
        point_in_time.point,
        'this' AS period,
        of_year AS school_year,
        chosen.school_id,
        point_in_time.point AS until_date,
        coalesce(max(day.date), max(school_total.last_counted_date)) AS cutoff_date,
        coalesce(max(day.instructional_day), 0) AS instructional_day,
        coalesce(max(day.days_taken), 0) AS days_taken
    FROM point_in_time
    CROSS JOIN chosen
    LEFT JOIN day ON day.school_id = chosen.school_id AND day.date <= point_in_time.point
    LEFT JOIN school_total
        ON school_total.school_id = chosen.school_id
        AND school_total.school_year = of_year
        AND school_total.last_counted_date <= point_in_time.point
    GROUP BY ALL
),
-- Whole years, of which one at least came as totals.
year_pair AS (
    SELECT this.school_id, this.last_date AS this_date, last.*
    FROM school_year_end AS this
    JOIN school_year_end AS last USING (school_id)
    WHERE NOT each_month
        AND this.school_year = of_year
        AND last.school_year = against_year
        AND (this.is_of_totals OR last.is_of_totals)
),
last_year AS (
    SELECT
        this_year.point,
        'last' AS period,
        against_year AS school_year,
        this_year.school_id,
        coalesce(max(school_day.date), max(year_pair.last_date)) AS until_date,
        coalesce(max(school_day.date), max(year_pair.last_date)) AS cutoff_date,
        coalesce(max(school_day.instructional_day), max(year_pair.instructional_day), 0)
            AS instructional_day,
        coalesce(max(school_day.days_taken), max(year_pair.days_taken), 0) AS days_taken
    FROM this_year
    LEFT JOIN school_day
        ON school_day.school_id = this_year.school_id
        AND school_day.school_year = against_year
        AND school_day.instructional_day <= this_year.instructional_day
    LEFT JOIN year_pair
        ON year_pair.school_id = this_year.school_id
        AND year_pair.this_date <= this_year.cutoff_date
    WHERE against_year IS NOT NULL
    GROUP BY ALL
),
either AS (
    SELECT * FROM this_year
    UNION ALL
    SELECT * FROM last_year
),
whole_year AS (
    SELECT school_day.school_id, school_day.school_year, max(school_day.days_taken) AS days_taken
    FROM school_day
    SEMI JOIN chosen USING (school_id)
    WHERE school_day.school_year IN (of_year, against_year)
    GROUP BY ALL
)
SELECT
    either.*,
    -- How many are to come after totals up to some day, or after a calendar that goes on, nobody said.
    CASE
        WHEN school_total.is_whole IS DISTINCT FROM false AND NOT coalesce(year_dates.goes_on, false)
            THEN coalesce(whole_year.days_taken, 0) - either.days_taken
    END AS days_to_come
FROM either
LEFT JOIN whole_year USING (school_id, school_year)
LEFT JOIN school_total USING (school_id, school_year)
LEFT JOIN year_dates USING (school_year);

-- Whether nobody can be evaluated by then, by the calendar alone: attendance was taken at these
-- schools on fewer days than the federal definition asks for, by which the share view counts.
CREATE MACRO nobody_evaluated_yet(of_year, until, of_schools) AS (
    SELECT
        NOT EXISTS (FROM school_total WHERE school_total.school_year = of_year)
        AND count(DISTINCT school_day.date)
            < (SELECT max(minimum_days) FROM definitions WHERE name = 'federal')
    FROM school_day
    WHERE school_day.school_year = of_year
        AND school_day.date <= until
        AND school_day.taken
        AND list_contains(of_schools, school_day.school_id)
);

-- The last day of the first month by which early signs are counted, or the day asked for if that
-- comes first: the month begins with the first instructional day of the chosen schools.
CREATE MACRO first_month_until(of_year, until, of_schools) AS least(
    CAST(until AS DATE),
    (
        SELECT min(school_day.date) + CAST(max(early_signs.within_days) - 1 AS INTEGER)
        FROM school_day
        CROSS JOIN early_signs
        WHERE school_day.school_year = of_year AND list_contains(of_schools, school_day.school_id)
    )
);

-- What the latest entry up to a day has most of; of who has not come yet, the first to come; of
-- totals, which say nothing of when, the school with most days enrolled.
CREATE MACRO lateness(
    entry_date, exit_date, school_id, grade, calendar_code, days_enrolled, until_date
) AS {
    'entered': coalesce(entry_date <= until_date, false),
    'days': CASE
        WHEN entry_date IS NULL THEN days_enrolled
        WHEN entry_date <= until_date THEN entry_date - DATE '1900-01-01'
        ELSE DATE '1900-01-01' - entry_date
    END,
    'exit_date': CASE WHEN entry_date <= until_date THEN coalesce(exit_date, DATE '9999-12-31')
        ELSE DATE '1900-01-01' END,
    'school_id': school_id,
    'grade': grade,
    'calendar_code': calendar_code
};

-- One row per point, period, unit and student with an enrollment there in that year, also one
-- without a day. The unit is each school by itself, or all chosen schools as one: then a day at
-- two of them is one day, the least missed counts, and the student belongs to the latest entry.
-- missed of parts_per_day: time missed by the definition's day rule, in whole parts; null where
-- totals do not tell by that rule, and then all that rests on it too.
-- of_definition null: a row for each definition. of_grade: a grade, or several with ';' between.
CREATE MACRO student_status(
    of_definition, of_year, against_year, until, of_schools, of_grade, of_dimension, of_group,
    each_month, each_school
) AS TABLE
WITH place AS (
    SELECT *, CASE WHEN each_school THEN school_id ELSE '' END AS unit
    FROM school_points(of_year, against_year, until, of_schools, each_month)
),
-- Of the school's days to come those that are not in a calendar of some of its students.
own_days_off AS (
    SELECT
        place.point, place.period, place.unit, place.school_id, place.school_year,
        calendar_gap.calendar_code,
        count(*) AS days_to_come
    FROM place
    JOIN calendar_gap USING (school_id, school_year)
    SEMI JOIN (SELECT * FROM school_day WHERE taken) AS day
        ON day.school_id = calendar_gap.school_id AND day.date = calendar_gap.date
    WHERE place.cutoff_date IS NULL OR calendar_gap.date > place.cutoff_date
    GROUP BY ALL
),
member AS (
    SELECT
        place.point,
        place.period,
        place.unit,
        entry.school_year,
        entry.student_id,
        arg_max(
            {
                'school_id': entry.school_id,
                'grade': entry.grade,
                'days_to_come':
                    place.days_to_come - coalesce(own_days_off.days_to_come, 0)
            },
            lateness(
                entry.entry_date, entry.exit_date, entry.school_id, entry.grade,
                entry.calendar_code, entry.days_enrolled, place.until_date
            )
        ) AS latest
    FROM place
    JOIN entry USING (school_id, school_year)
    LEFT JOIN own_days_off USING (point, period, unit, school_id, school_year, calendar_code)
    WHERE entry.school_year IN (of_year, against_year)
        -- Of totals nothing is known at another day than theirs.
        AND (entry.entry_date IS NOT NULL OR place.cutoff_date IS NOT NULL)
    GROUP BY ALL
),
enrolled AS (
    SELECT
        place.point,
        place.period,
        place.unit,
        enrollment_span.student_id,
        sum(greatest(
            0,
            least(enrollment_span.taken_until, place.days_taken) - enrollment_span.taken_before
        )) AS days_enrolled
    FROM place
    JOIN enrollment_span USING (school_id, school_year)
    WHERE enrollment_span.school_year IN (of_year, against_year)
    GROUP BY ALL
    UNION ALL
    SELECT
        place.point, place.period, place.unit, missed_total.student_id,
        sum(missed_total.days_enrolled)
    FROM place
    JOIN missed_total USING (school_id, school_year)
    WHERE missed_total.school_year IN (of_year, against_year) AND place.cutoff_date IS NOT NULL
    GROUP BY ALL
),
missed AS (
    SELECT
        place.point,
        place.period,
        place.unit,
        missed_day.student_id,
        max(missed_day.parts_per_day) AS parts_per_day,
        sum(missed_day.missed_parts) AS missed_parts,
        count(*) FILTER (WHERE missed_day.half_missed) AS half_missed_days
    FROM place
    JOIN missed_day USING (school_id, school_year)
    WHERE missed_day.school_year IN (of_year, against_year)
        AND missed_day.date <= place.cutoff_date
    GROUP BY ALL
    UNION ALL
    SELECT
        place.point, place.period, place.unit, missed_total.student_id,
        max(missed_total.parts_per_day),
        sum(missed_total.missed_parts),
        sum(missed_total.half_missed_days)
    FROM place
    JOIN missed_total USING (school_id, school_year)
    WHERE missed_total.school_year IN (of_year, against_year) AND place.cutoff_date IS NOT NULL
    GROUP BY ALL
),
shared AS (
    SELECT
        place.point,
        place.period,
        place.unit,
        shared_day.student_id,
        shared_day.date,
        count(*) - 1 AS days_again,
        sum(shared_day.missed_parts) - min(shared_day.missed_parts) AS parts_again,
        sum(CAST(shared_day.half_missed AS INTEGER))
            - min(CAST(shared_day.half_missed AS INTEGER)) AS half_missed_again
    FROM place
    JOIN shared_day USING (school_id, school_year)
    WHERE shared_day.school_year IN (of_year, against_year)
        AND shared_day.date <= place.cutoff_date
    GROUP BY ALL
),
counted_again AS (
    SELECT
        point, period, unit, student_id,
        sum(days_again) AS days_again,
        sum(parts_again) AS parts_again,
        sum(half_missed_again) AS half_missed_again
    FROM shared
    GROUP BY ALL
),
-- Each year by its own rule: a definition that changed never rewrites what an earlier year said.
definition AS (
    SELECT of_year AS school_year, definition AS rule
    FROM definitions_in('definitions', of_year) AS definition
    UNION ALL
    SELECT against_year, definition
    FROM definitions_in('definitions', against_year) AS definition
    WHERE against_year <> of_year
),
counted AS (
    SELECT
        member.point,
        member.period,
        member.unit,
        member.school_year,
        member.student_id,
        member.latest.school_id AS school_id,
        member.latest.grade AS grade,
        member.latest.days_to_come AS days_to_come,
        definition.rule AS rule,
        CAST(
            coalesce(enrolled.days_enrolled, 0) - coalesce(counted_again.days_again, 0) AS BIGINT
        ) AS days_enrolled,
        CASE
            WHEN definition.rule.day_rule = 'half_day' THEN 1
            ELSE coalesce(missed.parts_per_day, 1)
        END AS parts_per_day,
        CAST(
            CASE
                -- From these totals nobody can tell, so neither whether chronically absent.
                WHEN total_year.day_rule <> definition.rule.day_rule THEN NULL
                WHEN definition.rule.day_rule = 'half_day' THEN
                    coalesce(missed.half_missed_days, 0)
                    - coalesce(counted_again.half_missed_again, 0)
                ELSE
                    coalesce(missed.missed_parts, 0) - coalesce(counted_again.parts_again, 0)
            END AS BIGINT
        ) AS missed
    FROM member
    JOIN definition USING (school_year)
    LEFT JOIN enrolled USING (point, period, unit, student_id)
    LEFT JOIN missed USING (point, period, unit, student_id)
    LEFT JOIN counted_again USING (point, period, unit, student_id)
    LEFT JOIN total_year ON total_year.school_year = member.school_year
    WHERE (of_definition IS NULL OR definition.rule.name = of_definition)
        AND (
            of_grade IS NULL
            OR list_contains(string_split(of_grade, ';'), member.latest.grade)
        )
        AND (
            of_dimension IS NULL
            OR (member.student_id, member.school_year) IN (
                SELECT (student_year.student_id, student_year.school_year)
                FROM student_year
                WHERE student_year.school_year IN (of_year, against_year)
                    AND group_of(student_year, of_dimension) = of_group
            )
        )
),
decided AS (
    SELECT
        *,
        is_chronically_absent(rule, missed, parts_per_day, days_enrolled) AS chronically_absent
    FROM counted
)
SELECT
    rule.name AS definition,
    point,
    period,
    unit,
    school_year,
    student_id,
    school_id,
    grade,
    days_enrolled,
    missed,
    parts_per_day,
    missed / parts_per_day AS days_absent,
    chronically_absent,
    -- Missing the next three days would make them chronically absent as of then. Unknown early in
    -- the year, when those three would do so to anybody: then it says nothing of this student, be
    -- they over the threshold already or not.
    CASE
        WHEN NOT is_chronically_absent(rule, 3 * parts_per_day, parts_per_day, days_enrolled + 3)
            THEN NOT coalesce(chronically_absent, false)
            AND is_chronically_absent(
                rule, missed + 3 * parts_per_day, parts_per_day, days_enrolled + 3
            )
    END AS within_3_absences,
    CASE
        WHEN chronically_absent IS NOT NULL
            THEN absence_tier(missed, parts_per_day, days_enrolled)
    END AS tier,
    whole_absences_left(rule, missed, parts_per_day, days_enrolled + days_to_come)
        AS absences_left
FROM decided;
