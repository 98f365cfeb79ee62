-- What questions on cells share.

-- Grades in school order.
CREATE MACRO grade_order(grade) AS
    CASE grade WHEN 'PK' THEN -1 WHEN 'K' THEN 0 ELSE coalesce(TRY_CAST(grade AS INTEGER), 99) END;

-- Whether what stands in a column, or in several of them, names a student or who answered.
CREATE MACRO is_of_student(column_name) AS
    coalesce(regexp_matches(column_name, 'student_id|respondent_id|first_name|last_name'), false);

-- What the share view tells of the chosen schools as one place (school_id null), and of each. told: the
-- name of a table like share_survey.
CREATE MACRO told_of(told, of_place, of_schools) AS TABLE
SELECT CAST(NULL AS VARCHAR) AS school_id, * FROM query_table(told) WHERE place = of_place
UNION ALL
SELECT of_school.schools[1], one.*
FROM query_table(told) AS one
JOIN share_place_schools AS of_school USING (place)
WHERE len(of_school.schools) = 1 AND list_has_all(of_schools, of_school.schools);

-- Chronic absence now against last year at the same instructional day, for the selection, for
-- each school by itself and for each grade, with the 95% interval of the change: of one school
-- Newcombe's; over several, that of the schools which had students in both years and whose coverage
-- is comparable, as shift_over_schools gives it (schools_compared: how many; of two, no interval).
-- The change itself is of all students. By what it differs from that of these schools, because
-- others came or went or the mix is another one, the interval is wider: no change is clear of
-- chance that these schools do not share. Of what is coded only schools count whose percents are told.
-- cells: the name of a table like absence_cell.
-- One row per level and place. Where coverage is not comparable, no change is claimed.
CREATE MACRO absence_shifts(cells, of_year, against_year, until, of_schools) AS TABLE
WITH this AS (
    SELECT * FROM query_table(cells) WHERE period = 'this' AND dimension IN ('all', 'grade')
),
-- Of what was not counted last year there is no shift.
both_years AS (
    SELECT this, last
    FROM this
    JOIN query_table(cells) AS last
        ON last.period = 'last'
        AND last.level = this.level
        AND last.school_id IS NOT DISTINCT FROM this.school_id
        AND last.dimension = this.dimension
        AND last.category = this.category
    WHERE this.students_enrolled + last.students_enrolled IS DISTINCT FROM 0
),
covered AS (
    SELECT * FROM coverage_shifts(of_year, against_year, until, of_schools)
),
rated AS (
    SELECT
        CASE WHEN this.dimension = 'grade' THEN 'grade' ELSE this.level END AS level,
        CASE
            WHEN this.dimension = 'grade' THEN this.category
            ELSE coalesce(schools.school_name, 'All students')
        END AS place,
        last.students AS first_students,
        this.students AS second_students,
        last.students_absent AS first_students_absent,
        this.students_absent AS second_students_absent,
        last.rate AS first_rate,
        this.rate AS second_rate,
        last.rate_at_least AS first_rate_at_least,
        last.rate_at_most AS first_rate_at_most,
        this.rate_at_least AS second_rate_at_least,
        this.rate_at_most AS second_rate_at_most,
        this.nearest AS nearest,
        coverage.first_coverage,
        coverage.second_coverage,
        coverage.comparable,
        this.change_points AS change_points,
        this.withheld AS withheld
    FROM both_years
    LEFT JOIN schools ON schools.school_id = this.school_id
    LEFT JOIN covered AS coverage
        ON coverage.school_id IS NOT DISTINCT FROM this.school_id
    WHERE this.dimension = 'all' OR this.level = 'selection'
),
-- Named as shift_over_schools reads it.
by_school AS (
    SELECT
        '' AS survey,
        part.level AS respondent_group,
        part.place AS item_id,
        this.school_id AS school_name,
        last.students AS first_n,
        this.students AS second_n,
        last.rate AS first_favorable,
        this.rate AS second_favorable
    FROM both_years
    JOIN schools ON schools.school_id = this.school_id
    JOIN covered ON covered.school_id = this.school_id
    CROSS JOIN LATERAL (
        SELECT 'school' AS level, schools.school_name AS place
        WHERE this.dimension = 'all'
        UNION ALL
        SELECT 'selection', 'All students' WHERE this.dimension = 'all' AND covered.comparable
        UNION ALL
        SELECT 'grade', this.category WHERE this.dimension = 'grade' AND covered.comparable
    ) AS part
    WHERE this.change_points IS NOT NULL
),
over_schools AS (
    SELECT * FROM shift_over_schools('by_school')
),
measured AS (
    SELECT
        rated.*,
        over_schools.shift_low + least(change_points - over_schools.shift_points, 0) AS change_low,
        over_schools.shift_high + greatest(change_points - over_schools.shift_points, 0)
            AS change_high,
        CAST(coalesce(over_schools.schools, 0) AS BIGINT) AS schools_compared
    FROM rated
    LEFT JOIN over_schools
        ON over_schools.respondent_group = rated.level AND over_schools.item_id = rated.place
)
SELECT
    *,
    chance_of(change_points, change_low, change_high, schools_compared) AS chance,
    comparable AND coalesce(change_low > 0 OR change_high < 0, false) AS clear_of_chance
FROM measured;

-- A rule by which somebody else may count, as text: its step, and after a colon what of it.
-- at_the_threshold: at it exactly is not counted there, or is. minimum_days:N of days enrolled, and
-- minimum_days_present:N. share:NAME, the share or number of days of that definition. movers: by the
-- other grain of student_count. leavers: who left is not counted. parts_of_days: half days against
-- parts of days. code:C, the days of that attendance code are not what they count as here.
-- days_not_taken: days without attendance are days present. their_date: up to the day of their number.
CREATE MACRO rule_step(rule) AS split_part(rule, ':', 1);
CREATE MACRO rule_detail(rule) AS nullif(substr(rule, length(rule_step(rule)) + 2), '');
-- Rows with step and detail, and what: the detail in words. One row per row of the table `steps`.
CREATE MACRO rules_told(steps, all_definitions, all_codes, of_schools) AS TABLE
SELECT
    steps.*,
    CASE steps.step
        WHEN 'share' THEN definition.label
        WHEN 'code' THEN coalesce(code.label, steps.detail, 'a code')
        WHEN 'movers' THEN
            CASE WHEN len(of_schools) = 1 THEN 'days at all schools' ELSE 'school by school' END
        WHEN 'corrected' THEN strftime(CAST(steps.detail AS DATE), '%B %-d, %Y')
        ELSE steps.detail
    END AS what
FROM query_table(steps) AS steps
LEFT JOIN query_table(all_definitions) AS definition
    ON steps.step = 'share' AND definition.name = steps.detail
LEFT JOIN (SELECT code, min(label) AS label FROM query_table(all_codes) GROUP BY code) AS code
    ON steps.step = 'code' AND code.code = steps.detail;

-- The order of a waterfall, whatever the order in which rules were found.
CREATE MACRO rule_order(rule) AS list_position(
    [
        'at_the_threshold', 'minimum_days', 'minimum_days_present', 'share', 'movers', 'leavers',
        'parts_of_days', 'code', 'days_not_taken', 'their_date', 'corrected'
    ],
    rule_step(rule)
);

-- The steps that single days alone can tell of.
CREATE MACRO needs_days() AS [
    'leavers', 'parts_of_days', 'code', 'days_not_taken', 'their_date', 'corrected'
];

-- The rules that lead to another's count, in order: those in which their definition differs; of
-- several schools without a number of theirs, school by school; and those found. One row.
-- all_definitions: the name of the definitions that hold in the year. of_totals: of a year of totals
-- no rule is among them that single days alone can tell of.
CREATE MACRO rules_to(
    all_definitions, of_definition, other_definition, by_school, found, of_totals
) AS TABLE
WITH rule AS (
    SELECT DISTINCT
        unnest(list_concat(
            [
                CASE WHEN own.inclusive <> other.inclusive THEN 'at_the_threshold' END,
                CASE WHEN own.minimum_days <> other.minimum_days
                    THEN 'minimum_days:' || other.minimum_days END,
                CASE WHEN own.minimum_days_present <> other.minimum_days_present
                    THEN 'minimum_days_present:' || other.minimum_days_present END,
                CASE WHEN (own.share_numerator, own.share_denominator, own.days)
                    IS DISTINCT FROM (other.share_numerator, other.share_denominator, other.days)
                    THEN 'share:' || other.name END,
                CASE WHEN own.day_rule <> other.day_rule THEN 'parts_of_days' END,
                CASE WHEN by_school THEN 'movers' END
            ],
            coalesce(CAST(found AS VARCHAR[]), [])
        )) AS rule
    FROM query_table(all_definitions) AS own
    CROSS JOIN query_table(all_definitions) AS other
    WHERE own.name = of_definition AND other.name = other_definition
)
SELECT coalesce(list(rule ORDER BY rule_order(rule), rule), []) AS rules
FROM rule
WHERE rule IS NOT NULL AND NOT (of_totals AND list_contains(needs_days(), rule_step(rule)));

-- Whether it can be said how two counts differ. Of totals it can where they tell who is counted by the
-- definition here, and by the other one too unless a number or list of theirs says so.
CREATE MACRO tells_both(
    counts, all_definitions, of_definition, other_definition, is_given, of_totals
) AS (
    NOT of_totals OR EXISTS (
        FROM query_table(all_definitions) AS own
        JOIN query_table(counts) AS student ON student.day_rule = own.day_rule
        JOIN query_table(all_definitions) AS other ON is_given OR other.day_rule = own.day_rule
        WHERE own.name = of_definition
            AND other.name = other_definition
            AND student.missed IS NOT NULL
    )
);

-- Who is counted when a definition is changed by a set of rules. counts: the name of a table like
-- student_count. rule_sets: of one with a row per set (place) and rule, null where a set is empty.
-- One row per set, student and unit of the set's grain.
CREATE MACRO counted_under(counts, rule_sets, all_definitions, of_definition) AS TABLE
WITH rule_set AS (
    SELECT
        place,
        coalesce(bool_or(rule = 'at_the_threshold'), false) AS has_threshold,
        max(TRY_CAST(rule_detail(rule) AS BIGINT)) FILTER (WHERE rule_step(rule) = 'minimum_days')
            AS minimum_days,
        max(TRY_CAST(rule_detail(rule) AS BIGINT))
            FILTER (WHERE rule_step(rule) = 'minimum_days_present') AS minimum_days_present,
        max(rule_detail(rule)) FILTER (WHERE rule_step(rule) = 'share') AS share_of,
        CASE WHEN bool_or(rule = 'movers') THEN 'otherwise' ELSE 'here' END AS grain,
        coalesce(bool_or(rule = 'leavers'), false) AS only_staying,
        coalesce(bool_or(rule = 'parts_of_days'), false) AS has_day_rule,
        coalesce(list(rule_detail(rule)) FILTER (WHERE rule_step(rule) = 'code'), []) AS codes,
        coalesce(bool_or(rule = 'days_not_taken'), false) AS with_not_taken,
        CASE
            WHEN bool_or(rule_step(rule) = 'corrected') THEN 'before'
            WHEN bool_or(rule = 'their_date') THEN 'then'
            ELSE 'now'
        END AS point
    FROM query_table(rule_sets)
    GROUP BY place
),
definition AS (
    SELECT
        rule_set.*,
        {
            'inclusive': own.inclusive <> rule_set.has_threshold,
            'minimum_days': coalesce(rule_set.minimum_days, own.minimum_days),
            'minimum_days_present':
                coalesce(rule_set.minimum_days_present, own.minimum_days_present),
            'share_numerator': share.share_numerator,
            'share_denominator': share.share_denominator,
            'days': share.days
        } AS rule,
        CASE
            WHEN rule_set.has_day_rule <> (own.day_rule = 'half_day') THEN 'half_day'
            ELSE 'fraction'
        END AS day_rule
    FROM rule_set
    JOIN query_table(all_definitions) AS own ON own.name = of_definition
    JOIN query_table(all_definitions) AS share ON share.name = coalesce(rule_set.share_of, own.name)
)
SELECT
    definition.place,
    student.student_id,
    student.unit,
    coalesce(
        is_chronically_absent(
            definition.rule,
            greatest(
                student.missed + coalesce(list_sum(list_transform(
                    definition.codes, lambda code: coalesce(student.code_change[code], 0)
                )), 0),
                0
            ),
            student.parts_per_day,
            student.days_enrolled
            + CASE WHEN definition.with_not_taken THEN student.days_not_taken ELSE 0 END
        ),
        false
    ) AND (student.still_enrolled OR NOT definition.only_staying) AS counted
FROM definition
JOIN query_table(counts) AS student USING (point, grain, day_rule);

-- Another's list of students, from JSON: one row per student. counted: chronically absent there;
-- times: in how many rows so; of the days those of the last row.
CREATE MACRO listed(their_list) AS TABLE
SELECT
    row.student_id AS student_id,
    coalesce(bool_or(row.counted), false) AS counted,
    count(*) FILTER (WHERE row.counted) AS times,
    max(row.days_absent) AS days_absent,
    max(row.days_enrolled) AS days_enrolled
FROM (
    SELECT unnest(from_json(
        CAST(their_list AS JSON),
        '[{"student_id": "VARCHAR", "counted": "BOOLEAN", "days_absent": "DOUBLE",
            "days_enrolled": "DOUBLE"}]'
    )) AS row
)
GROUP BY row.student_id;

-- On how many school days of each week attendance was taken, and of how many of the others a school's
-- rows are missing (days_unsent). An earlier load counts these as taken, and says of none that it is
-- missing. school_days: the name of school_day. One row per school and week.
CREATE MACRO school_week(school_days, of_schools, of_year, until) AS TABLE
SELECT
    school_id,
    CAST(date_trunc('week', date) AS DATE) AS week_start,
    count(*) AS days_expected,
    count(*) FILTER (WHERE taken) AS days_taken,
    count(*) FILTER (WHERE unsent) AS days_unsent,
    bool_or(silent) AS has_stopped
FROM (
    FROM query_table(school_days)
    UNION ALL BY NAME
    SELECT NULL::BOOLEAN AS unsent WHERE false
)
WHERE school_year = of_year AND date <= until AND list_contains(of_schools, school_id)
GROUP BY school_id, week_start;
