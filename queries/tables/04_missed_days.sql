-- missed_day: one row per student, school and day enrolled, taken and missed in whole or part.
-- missed_parts of parts_per_day is the exact share missed; parts_per_day is one number per
-- student and year, the smallest into which all of that year's day lengths divide (in minutes, in
-- parts of a written share, in periods), and even, so that half days are whole parts.
-- half_missed: half of the day or more.
-- reason, code: of the row that counts (the one that misses most, then the first code).
CREATE TABLE missed_day AS
WITH stray AS (
    SELECT school_id, date FROM row_day WHERE stray
),
counted_row AS (
    SELECT
        attendance.student_id,
        attendance.school_id,
        school_day.school_year,
        attendance.date,
        -- A row by period is a part of the day of its own, whatever session it names too.
        CASE
            WHEN attendance.period IS NOT NULL THEN 'period'
            WHEN attendance.session IS NOT NULL THEN 'session'
            ELSE 'day'
        END AS kind,
        concat_ws(' ', attendance.session, attendance.period) AS part,
        attendance.code,
        code_of_school.reason,
        code_of_school.excused,
        -- Null is the whole day or session.
        CASE
            WHEN attendance.day_minutes IS NOT NULL
                THEN least(attendance.missed_minutes, attendance.day_minutes)
            WHEN share_of_day.day_units IS NOT NULL THEN share_of_day.missed_units
            WHEN attendance.period IS NOT NULL AND periods_of_day.periods IS NOT NULL THEN 1
        END AS missed_units,
        coalesce(
            attendance.day_minutes,
            share_of_day.day_units,
            CASE WHEN attendance.period IS NOT NULL THEN periods_of_day.periods END
        ) AS day_units
    FROM attendance
    JOIN code_of_school USING (code, school_id)
    JOIN school_day
        ON school_day.school_id = attendance.school_id AND school_day.date = attendance.date
    LEFT JOIN share_of_day USING (event_duration)
    LEFT JOIN (
        SELECT school_id, date, periods FROM calendar WHERE periods IS NOT NULL
    ) AS periods_of_day
        ON periods_of_day.school_id = attendance.school_id
        AND periods_of_day.date = attendance.date
    SEMI JOIN enrollment_span
        ON enrollment_span.student_id = attendance.student_id
        AND enrollment_span.school_id = attendance.school_id
        AND enrollment_span.school_year = school_day.school_year
        AND enrollment_span.entry_date <= attendance.date
        AND enrollment_span.exit_date > attendance.date
    ANTI JOIN stray
        ON stray.school_id = attendance.school_id AND stray.date = attendance.date
    WHERE school_day.taken
        AND code_of_school.counts_as IN ('absent', 'partial')
        AND coalesce(attendance.missed_minutes, share_of_day.missed_units, 1) > 0
),
day_length AS (
    SELECT DISTINCT student_id, school_year, day_units
    FROM counted_row
    WHERE day_units IS NOT NULL
),
parts AS (
    SELECT
        student_id,
        school_year,
        2 * list_reduce(
            list(CAST(day_units AS HUGEINT)),
            -- Beyond the limit below nothing is added up any more, nor may it overflow here.
            lambda a, b: CASE WHEN a > 100000000000000 THEN a ELSE lcm(a, b) END
        ) AS parts_per_day
    FROM day_length
    GROUP BY student_id, school_year
),
checked AS (
    SELECT
        student_id,
        school_year,
        -- Sums over a year, times 20, still fit 64 bits below this. A student with so many
        -- lengths of day in one year is an error of the file, and is said rather than rounded.
        CASE
            WHEN parts_per_day > 100000000000000 THEN error(
                'attendance, column day_minutes: student ' || student_id || ' has so many lengths '
                || 'of day in ' || school_year || ' that missed time cannot be added up exactly; '
                || 'give each school one length of day'
            )
            ELSE CAST(parts_per_day AS BIGINT)
        END AS parts_per_day
    FROM parts
),
weighed_row AS (
    SELECT
        counted_row.* EXCLUDE (missed_units, day_units),
        coalesce(checked.parts_per_day, 2) AS parts_per_day,
        CASE
            WHEN counted_row.day_units IS NULL THEN coalesce(checked.parts_per_day, 2)
            ELSE counted_row.missed_units * (checked.parts_per_day // counted_row.day_units)
        END AS missed_parts
    FROM counted_row
    LEFT JOIN checked USING (student_id, school_year)
),
session_row AS (
    -- A session is half a day at most.
    SELECT
        * REPLACE (
            CASE
                WHEN kind = 'session' THEN least(missed_parts, parts_per_day // 2)
                ELSE missed_parts
            END AS missed_parts
        )
    FROM weighed_row
),
repeated AS (
    -- Nearly every day missed has one row; only the others need comparing.
    SELECT student_id, school_id, date
    FROM session_row
    GROUP BY ALL
    HAVING count(*) > 1
),
part_of_day AS (
    SELECT
        student_id,
        school_id,
        school_year,
        date,
        kind,
        part,
        max(parts_per_day) AS parts_per_day,
        max(missed_parts) AS missed_parts,
        arg_min(
            {'code': code, 'reason': reason, 'excused': excused},
            {'less': -missed_parts, 'code': code}
        ) AS counts
    FROM session_row
    SEMI JOIN repeated USING (student_id, school_id, date)
    GROUP BY ALL
),
part_sum AS (
    -- Sessions add up, and so do periods, to a day at most.
    SELECT
        student_id,
        school_id,
        school_year,
        date,
        kind,
        max(parts_per_day) AS parts_per_day,
        CAST(least(sum(missed_parts), max(parts_per_day)) AS BIGINT) AS missed_parts,
        arg_min(counts, {'less': -missed_parts, 'code': counts.code}) AS counts
    FROM part_of_day
    GROUP BY ALL
),
decided AS (
    SELECT
        student_id,
        school_id,
        school_year,
        date,
        max(parts_per_day) AS parts_per_day,
        max(missed_parts) AS missed_parts,
        -- Among equals the row of the whole day, then those of sessions.
        arg_min(
            counts,
            {
                'less': -missed_parts,
                'kind': CASE kind WHEN 'day' THEN 1 WHEN 'session' THEN 2 ELSE 3 END
            }
        ) AS counts
    FROM part_sum
    GROUP BY ALL
),
day AS (
    SELECT
        student_id, school_id, school_year, date, missed_parts, parts_per_day,
        counts.code AS code, counts.reason AS reason, counts.excused AS excused
    FROM decided
    UNION ALL
    SELECT
        student_id, school_id, school_year, date, missed_parts, parts_per_day,
        code, reason, excused
    FROM session_row
    ANTI JOIN repeated USING (student_id, school_id, date)
)
SELECT
    student_id,
    school_id,
    school_year,
    date,
    missed_parts,
    parts_per_day,
    missed_parts * 2 >= parts_per_day AS half_missed,
    code,
    reason,
    excused
FROM day
WHERE missed_parts > 0
ORDER BY school_year, school_id, student_id, date;

-- missed_total: one row per student, school and school year of totals, with the parts of days missed
-- in all, as they are written: six decimals are a millionth of a day. half_missed_days: how many
-- days, where the year's totals are in whole days.
CREATE TABLE missed_total AS
SELECT
    year_totals.student_id,
    year_totals.school_id,
    school_year,
    year_totals.days_enrolled,
    CAST(1000000 * year_totals.days_absent AS BIGINT) AS missed_parts,
    CAST(1000000 AS BIGINT) AS parts_per_day,
    CASE WHEN total_year.day_rule = 'half_day' THEN CAST(year_totals.days_absent AS BIGINT) END
        AS half_missed_days
FROM year_totals
JOIN total_year USING (school_year)
ORDER BY school_year, year_totals.school_id, year_totals.student_id;

-- shared_day: one row per student, day and school, for the days that a student was enrolled at
-- more than one school that took attendance. Over several schools such a day is one day, and
-- present at either is present; at one school it counts as any other.
CREATE TABLE shared_day AS
WITH overlap AS (
    SELECT DISTINCT one.student_id, one.school_id, one.school_year,
        greatest(one.entry_date, other.entry_date) AS entry_date,
        least(one.exit_date, other.exit_date) AS exit_date
    FROM enrollment_span AS one
    JOIN enrollment_span AS other
        ON other.student_id = one.student_id
        AND other.school_year = one.school_year
        AND other.school_id <> one.school_id
        AND other.entry_date < one.exit_date
        AND one.entry_date < other.exit_date
),
day AS (
    SELECT DISTINCT
        overlap.student_id, overlap.school_id, overlap.school_year, school_day.date
    FROM overlap
    JOIN school_day
        ON school_day.school_id = overlap.school_id
        AND school_day.school_year = overlap.school_year
        AND school_day.date >= overlap.entry_date
        AND school_day.date < overlap.exit_date
    WHERE school_day.taken
)
SELECT
    day.student_id,
    day.school_id,
    day.school_year,
    day.date,
    coalesce(missed_day.missed_parts, 0) AS missed_parts,
    coalesce(missed_day.half_missed, false) AS half_missed
FROM day
LEFT JOIN missed_day USING (student_id, school_id, school_year, date)
ORDER BY day.school_year, day.student_id, day.date;

-- One row per student and day missed in whole or part, over several schools as one: a day at two of
-- them is one day, and the school where least was missed speaks for it. part_missed runs 0 to 1; days
-- is how the definition counts it; excused is null where the list of codes does not say. of_students: the name of a table, or of WITH, with their ids.
CREATE MACRO days_missed(of_students, of_definition, of_year, until, of_schools) AS TABLE
WITH shared AS (
    SELECT student_id, date, min_by(school_id, {'parts': missed_parts, 'school_id': school_id}) AS school_id
    FROM shared_day
    WHERE school_year = of_year
        AND date <= until
        AND school_id IN (SELECT unnest(of_schools))
    GROUP BY student_id, date
)
SELECT
    missed.student_id,
    missed.date,
    coalesce(missed.reason, 'Not recorded') AS reason,
    missed.excused,
    missed.missed_parts / missed.parts_per_day AS part_missed,
    days_by_rule(
        (
            SELECT day_rule
            FROM definitions_in('definitions', of_year)
            WHERE name = of_definition
        ),
        missed.missed_parts,
        missed.parts_per_day,
        missed.half_missed
    ) AS days
FROM missed_day AS missed
SEMI JOIN query_table(of_students) AS student USING (student_id)
LEFT JOIN shared USING (student_id, date)
WHERE missed.school_year = of_year
    AND missed.date <= until
    AND missed.school_id IN (SELECT unnest(of_schools))
    AND (shared.school_id IS NULL OR shared.school_id = missed.school_id);
