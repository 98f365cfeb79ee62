"""What a folder has lost against the generation that is served, and what no school year can be.

A file that is cut in half reads like a whole one: only what was served before tells them apart.
What both hold is compared by school and school year, up to the day up to which the earlier one
counted, so that a year that begins or goes on is no loss. Small schools wander from load to load,
and so each limit needs a smallest count.
"""

import contextlib
from pathlib import Path

import duckdb

from queries.load import attendance_checks, calendars, made_from, publish
from queries.load.loading import Loading
from queries.load.report import Finding
from queries.load.tables import MOST_SET_ASIDE

FEWEST_STUDENTS = 10  # of a school and year: then more than a third of them gone
FEWEST_DAYS = 10  # on which a school took attendance: then more than a third of them gone
FEWEST_ABSENCES = 20  # of a school and year: then more than half gone; half as many: all gone
FEWEST_OF_ALL = 50  # absences of all schools in a year: then more than a quarter gone
FEWEST_ROWS = 20  # of a code, or of the answers of a survey and year at one school
FEWEST_FOR_NOTHING = 20  # events: then more than a quarter of those of a school; half as many: all
LISTED = 3  # schools, by the greatest loss
LATE_COLUMN = "date"  # the column of which a late correction is said

IS_IT_WHOLE = "is the file whole? To publish it all the same, load with --accept-losses"
ON_PURPOSE = "published on purpose"
DID_IT_CLOSE = "did it close? To publish without it, load with --accept-losses"

# At a school whose events count for nothing there is no rate, or a wrong one. A file with so few
# days or enrollments that this happens is another file than the one that is meant.
FOR_NOTHING = """
WITH event AS (
    SELECT
        attendance.school_id,
        CASE repaired.rule WHEN $not_enrolled THEN 'enrollments' ELSE 'calendar' END AS why,
        repaired.at_row
    FROM attendance
    LEFT JOIN (
        SELECT at_row, min(rule) AS rule
        FROM staging.repaired
        WHERE file = 'attendance' AND rule IN ($off_day, $own_day_off, $not_enrolled)
        GROUP BY at_row
    ) AS repaired ON repaired.at_row = attendance.rowid
)
SELECT
    coalesce(schools.school_name, 'all schools') AS place,
    count(*) AS events,
    count(at_row) AS for_nothing,
    mode(why) FILTER (WHERE at_row IS NOT NULL) AS why
FROM event
JOIN schools USING (school_id)
GROUP BY GROUPING SETS ((schools.school_name), ())
HAVING for_nothing >= CASE WHEN for_nothing = events THEN $fewest / 2 ELSE $fewest END
    AND 4 * for_nothing > events
    AND (grouping(schools.school_name) = 0 OR count(DISTINCT school_id) > 1)
ORDER BY for_nothing DESC, place
"""

# Students with rows and without an enrollment anywhere in that year: the first, how many, and their
# rows; then the place where they are more than one in twenty, if there is one. One row, or none.
WITHOUT_ENROLLMENT = """
WITH student AS (
    SELECT DISTINCT
        school_id, school_year, student_id,
        (student_id, school_year) NOT IN (SELECT (student_id, school_year) FROM enrollments)
            AS without
    FROM staging.student_events
),
place AS (
    SELECT
        coalesce(schools.school_name, 'all schools') AS place,
        count(DISTINCT student_id) FILTER (WHERE without) AS missing,
        count(DISTINCT student_id) AS students
    FROM student
    JOIN schools USING (school_id)
    GROUP BY GROUPING SETS ((schools.school_name), ())
    HAVING missing > $most AND missing * 20 > count(DISTINCT student_id)
        AND (grouping(schools.school_name) = 0 OR count(DISTINCT school_id) > 1)
    ORDER BY grouping(schools.school_name) DESC, missing DESC, place
    LIMIT 1
),
whose AS (
    SELECT
        min(attendance.student_id) AS first,
        count(DISTINCT attendance.student_id) AS students,
        count(*) AS rows
    FROM attendance
    JOIN calendar USING (school_id, date)
    SEMI JOIN (SELECT * FROM student WHERE without) AS of_whom
        ON of_whom.student_id = attendance.student_id
        AND of_whom.school_year = calendar.school_year
        AND of_whom.school_id = attendance.school_id
    WHERE calendar.attendance_taken
)
SELECT whose.first, whose.students, whose.rows, place.place, place.missing, place.students
FROM whose
LEFT JOIN place ON true
WHERE whose.students > 0
"""

# Schools and years that more than half of the students seem to leave on the last day but one.
LEFT_ON_THE_LAST_DAY = """
WITH last_day AS (
    SELECT school_id, school_year, max(date) AS date FROM calendar GROUP BY ALL
)
SELECT
    schools.school_name,
    enrollments.school_year,
    any_value(last_day.date),
    count(*) FILTER (enrollments.exit_date = last_day.date) AS ends,
    count(*) AS stays
FROM enrollments
JOIN last_day USING (school_id, school_year)
JOIN schools USING (school_id)
GROUP BY schools.school_name, enrollments.school_year
HAVING ends > $most AND 2 * ends > stays
ORDER BY ends DESC, schools.school_name, enrollments.school_year
"""

# Students whose last row at a school is on the day on which they are said to be there no longer,
# and on the instructional day before it. Who is no longer there has none on it, but for slips.
THERE_ON_EXIT = """
WITH stay AS (
    SELECT
        student_id, school_id, school_year,
        max(coalesce(exit_date, DATE '9999-12-31')) AS exit_date
    FROM enrollments
    GROUP BY ALL
),
last_row AS (
    SELECT student_id, school_id, school_year, max(last_date) AS last_date
    FROM staging.student_events
    GROUP BY ALL
),
day AS (
    SELECT
        school_id, school_year, date,
        lag(date) OVER (PARTITION BY school_id, school_year ORDER BY date) AS day_before
    FROM calendar
    WHERE attendance_taken
)
SELECT
    count(*) FILTER (last_row.last_date = stay.exit_date) AS on_it,
    count(*) FILTER (last_row.last_date = day.day_before) AS before
FROM stay
JOIN last_row USING (student_id, school_id, school_year)
JOIN day
    ON day.school_id = stay.school_id
    AND day.school_year = stay.school_year
    AND day.date = stay.exit_date
HAVING on_it >= $fewest AND 2 * on_it >= before
"""

# What both generations claim to hold, and up to which day the earlier one counted.
IN_BOTH = """
CREATE TEMP MACRO told(number) AS format('{:,}', CAST(number AS BIGINT));
CREATE TEMP TABLE year_in_both AS
SELECT school_year, max(missed_day.date) AS until
FROM (SELECT school_year FROM before.entry INTERSECT SELECT school_year FROM entry) AS kept
LEFT JOIN before.missed_day USING (school_year)
GROUP BY school_year;
CREATE TEMP TABLE school_in_both AS
SELECT school_id, schools.school_name
FROM schools
SEMI JOIN before.schools AS earlier USING (school_id);
"""

FORGET = """
DROP MACRO IF EXISTS temp.told;
DROP TABLE IF EXISTS temp.absences_by_week;
DROP TABLE IF EXISTS temp.year_in_both;
DROP TABLE IF EXISTS temp.school_in_both;
"""

YEARS = """
SELECT
    CASE WHEN EXISTS (FROM year_totals) AND NOT EXISTS (FROM enrollments)
        THEN 'year_totals' ELSE 'enrollments' END AS file,
    school_year || ' had ' || told(count(DISTINCT student_id)) || ' students at '
        || count(DISTINCT school_id) || ' schools and is not in the files any more' AS loss
FROM before.entry
ANTI JOIN entry USING (school_year)
GROUP BY school_year
ORDER BY school_year DESC
"""

SCHOOLS = """
WITH gone AS (
    SELECT school_id, school_name FROM before.schools ANTI JOIN schools USING (school_id)
),
student AS (
    SELECT school_id, count(DISTINCT student_id) AS students, max(school_year) AS up_to
    FROM before.entry
    SEMI JOIN gone USING (school_id)
    GROUP BY school_id
)
SELECT
    'schools' AS file,
    gone.school_name || ' had ' || coalesce(
        told(student.students) || ' students up to ' || student.up_to,
        told(given.answers) || ' survey answers'
    ) || ' and is not in the files any more' AS loss
FROM gone
LEFT JOIN student USING (school_id)
LEFT JOIN (
    SELECT school_id, sum(answers) AS answers FROM before.answer_count GROUP BY school_id
) AS given USING (school_id)
WHERE student.students > 0 OR given.answers > 0
ORDER BY student.students DESC NULLS LAST, gone.school_name
"""

STUDENTS = """
WITH earlier AS (
    SELECT DISTINCT school_id, school_year, student_id
    FROM before.entry
    SEMI JOIN year_in_both USING (school_year)
),
counted AS (
    SELECT
        coalesce(school_in_both.school_name, 'all schools together') AS place,
        earlier.school_year,
        count(*) AS was,
        count(entry.student_id) AS still
    FROM earlier
    JOIN school_in_both USING (school_id)
    LEFT JOIN (SELECT DISTINCT school_id, school_year, student_id FROM entry) AS entry
        USING (school_id, school_year, student_id)
    GROUP BY earlier.school_year, GROUPING SETS ((school_in_both.school_name), ())
    HAVING grouping(school_in_both.school_name) = 0 OR count(DISTINCT earlier.school_id) > 1
)
SELECT
    CASE WHEN EXISTS (FROM year_totals) AND NOT EXISTS (FROM enrollments)
        THEN 'year_totals' ELSE 'enrollments' END AS file,
    place || ' had ' || told(was) || ' students in ' || school_year || ', of whom '
        || told(still) || ' are still there in the files' AS loss
FROM counted
WHERE was >= $fewest AND 3 * (was - still) > was
ORDER BY was - still DESC, place, school_year
"""

DAYS = """
WITH earlier AS (
    SELECT calendar.school_id, calendar.school_year, count(*) AS was
    FROM before.calendar
    JOIN year_in_both USING (school_year)
    WHERE calendar.attendance_taken AND calendar.date <= year_in_both.until
    GROUP BY ALL
),
later AS (
    SELECT calendar.school_id, calendar.school_year, count(*) AS still
    FROM calendar
    JOIN year_in_both USING (school_year)
    WHERE calendar.attendance_taken AND calendar.date <= year_in_both.until
    GROUP BY ALL
)
SELECT
    'calendar' AS file,
    school_name || ' took attendance on ' || told(was) || ' days of ' || school_year || ' up to '
        || until || ', and now on ' || told(coalesce(still, 0)) AS loss
FROM earlier
JOIN year_in_both USING (school_year)
JOIN school_in_both USING (school_id)
LEFT JOIN later USING (school_id, school_year)
WHERE was >= $fewest AND 3 * (was - coalesce(still, 0)) > was
ORDER BY was - coalesce(still, 0) DESC, school_name, school_year
"""

# One row per school, year and week: absences before and now. Days missed, whole or in part.
BY_WEEK = """
CREATE TEMP TABLE absences_by_week AS
WITH earlier AS (
    SELECT school_id, school_year, date_trunc('week', date) AS week, count(*) AS was
    FROM before.missed_day
    SEMI JOIN year_in_both USING (school_year)
    SEMI JOIN school_in_both USING (school_id)
    GROUP BY ALL
),
later AS (
    SELECT school_id, school_year, date_trunc('week', date) AS week, count(*) AS still
    FROM missed_day
    JOIN year_in_both USING (school_year)
    WHERE missed_day.date <= year_in_both.until
    GROUP BY ALL
)
SELECT
    school_id, school_year, CAST(week AS DATE) AS week, was, coalesce(still, 0) AS still
FROM earlier
LEFT JOIN later USING (school_id, school_year, week)
"""

ABSENCES_OF_ALL = """
SELECT
    'attendance' AS file,
    'in ' || school_year || ' up to ' || until || ' there were ' || sum(was)
        || ' absences, and now there are ' || told(sum(still)) AS loss
FROM absences_by_week
JOIN year_in_both USING (school_year)
GROUP BY school_year, until
HAVING sum(was) >= $fewest AND 4 * (sum(was) - sum(still)) > sum(was)
ORDER BY school_year DESC
"""

ABSENCES = """
SELECT
    'attendance' AS file,
    school_name || ' had ' || told(sum(was)) || ' absences in ' || school_year || ' up to ' || until
        || ', and now has ' || told(sum(still)) AS loss
FROM absences_by_week
JOIN year_in_both USING (school_year)
JOIN school_in_both USING (school_id)
GROUP BY school_name, school_year, until
HAVING (sum(was) >= $fewest AND 2 * sum(still) < sum(was))
    OR (2 * sum(was) >= $fewest AND sum(still) = 0)
ORDER BY sum(was) - sum(still) DESC, school_name, school_year
"""

WEEKS = """
WITH year_left AS (
    SELECT school_id, school_year
    FROM absences_by_week
    GROUP BY ALL
    HAVING sum(still) > 0 AND (sum(was) < $fewest OR 2 * sum(still) >= sum(was))
)
SELECT
    'attendance' AS file,
    school_name || ' had ' || told(sum(was)) || ' absences in ' || count(*)
        || CASE count(*) WHEN 1 THEN ' week' ELSE ' weeks' END || ' of ' || school_year
        || ' (the first begins on ' || min(week) || '), and now has none in '
        || CASE count(*) WHEN 1 THEN 'it' ELSE 'them' END AS loss
FROM absences_by_week
SEMI JOIN year_left USING (school_id, school_year)
JOIN school_in_both USING (school_id)
WHERE 2 * was >= $fewest AND still = 0
GROUP BY school_name, school_year
ORDER BY sum(was) DESC, school_name, school_year
"""

CODES = """
SELECT
    'attendance' AS file,
    'code ' || code || ' stood in ' || told(count(*)) || ' rows and now stands in none' AS loss
FROM before.attendance
SEMI JOIN (
    SELECT school_id, date
    FROM before.calendar
    SEMI JOIN year_in_both USING (school_year)
    SEMI JOIN school_in_both USING (school_id)
) AS day USING (school_id, date)
ANTI JOIN attendance AS later USING (code)
GROUP BY code
HAVING count(*) >= $fewest
ORDER BY count(*) DESC, code
"""

# What was written down later about days before the one up to which the earlier generation counted:
# one row per school and year. What counts is one student on one day, as a day may have several
# rows; by school and day first, as on few of them anything is different.
# The columns are named, for an earlier generation may have fewer: then every row would be another.
LATE = """
WITH day AS (
    SELECT DISTINCT calendar.school_id, calendar.date, calendar.school_year, year_in_both.until
    FROM before.calendar
    JOIN year_in_both USING (school_year)
    SEMI JOIN school_in_both USING (school_id)
    WHERE calendar.date < year_in_both.until
),
row_before AS (
    SELECT
        school_id, date, student_id,
        CAST(hash(
            student_id, code, missed_minutes, day_minutes, event_duration, session, period
        ) AS HUGEINT) AS held
    FROM before.attendance
),
row_now AS (
    SELECT
        school_id, date, student_id,
        CAST(hash(
            student_id, code, missed_minutes, day_minutes, event_duration, session, period
        ) AS HUGEINT) AS held
    FROM attendance
),
earlier AS (SELECT school_id, date, sum(held) AS held FROM row_before GROUP BY ALL),
later AS (SELECT school_id, date, sum(held) AS held FROM row_now GROUP BY ALL),
differing AS (
    SELECT day.*
    FROM day
    LEFT JOIN earlier USING (school_id, date)
    LEFT JOIN later USING (school_id, date)
    WHERE earlier.held IS DISTINCT FROM later.held
),
was AS (
    SELECT school_id, date, student_id, sum(held) AS held
    FROM row_before
    SEMI JOIN differing USING (school_id, date)
    GROUP BY ALL
),
is_now AS (
    SELECT school_id, date, student_id, sum(held) AS held
    FROM row_now
    SEMI JOIN differing USING (school_id, date)
    GROUP BY ALL
)
SELECT
    schools.school_name,
    differing.school_year,
    differing.until,
    count(*) FILTER (was.held IS NULL) AS added,
    count(*) FILTER (is_now.held IS NULL) AS removed,
    count(*) FILTER (was.held <> is_now.held) AS changed
FROM was
FULL JOIN is_now USING (school_id, date, student_id)
JOIN differing USING (school_id, date)
JOIN schools USING (school_id)
WHERE was.held IS DISTINCT FROM is_now.held
GROUP BY schools.school_name, differing.school_year, differing.until
ORDER BY count(*) DESC, schools.school_name, differing.school_year
"""

# Of people or counts, which may take each other's place. Whole surveys and groups first: of such a
# one no school is named again.
ANSWERS = """
WITH earlier AS (
    SELECT survey_name AS survey, school_year, respondent_group, school_id, sum(answers) AS was
    FROM before.answer_count
    JOIN before.survey_administration USING (survey)
    SEMI JOIN school_in_both USING (school_id)
    GROUP BY ALL
),
later AS (
    SELECT survey_name AS survey, school_year, respondent_group, school_id, sum(answers) AS still
    FROM answer_count
    JOIN survey_administration USING (survey)
    GROUP BY ALL
),
compared AS (
    SELECT earlier.*, coalesce(still, 0) AS still
    FROM earlier
    LEFT JOIN later USING (survey, school_year, respondent_group, school_id)
),
whole AS (
    SELECT
        survey, school_year, respondent_group,
        sum(was) AS was, sum(still) AS still, true AS of_all
    FROM compared
    GROUP BY ALL
    HAVING sum(was) >= $fewest AND 2 * sum(still) < sum(was)
)
SELECT
    CASE WHEN EXISTS (FROM survey_counts) AND NOT EXISTS (FROM survey_answers)
        THEN 'survey_counts' ELSE 'survey_answers' END AS file,
    survey || ' ' || school_year || ' had ' || told(was) || ' answers of ' || respondent_group
        || ', and now has ' || told(still) AS loss
FROM (
    SELECT *, '' AS school_name FROM whole
    UNION ALL
    SELECT
        survey, school_year, respondent_group || ' at ' || school_name,
        was, still, false, school_name
    FROM compared
    ANTI JOIN whole USING (survey, school_year, respondent_group)
    JOIN school_in_both USING (school_id)
    WHERE was >= $fewest AND 2 * still < was
)
ORDER BY of_all DESC, was - still DESC, survey, school_year, respondent_group
"""

# Files that the rules above do not count: all their rows gone, of ten or more.
FEWEST_IN_FILE = 10
WHOLE_FILES = ("survey_published", "survey_invited", "partners", "published_rates")

COMPARED = (
    (SCHOOLS, None, DID_IT_CLOSE),
    (YEARS, None, IS_IT_WHOLE),
    (STUDENTS, FEWEST_STUDENTS, IS_IT_WHOLE),
    (DAYS, FEWEST_DAYS, IS_IT_WHOLE),
    (ABSENCES_OF_ALL, FEWEST_OF_ALL, IS_IT_WHOLE),
    (ABSENCES, FEWEST_ABSENCES, IS_IT_WHOLE),
    (WEEKS, FEWEST_ABSENCES, IS_IT_WHOLE),
    (CODES, FEWEST_ROWS, IS_IT_WHOLE),
    (ANSWERS, FEWEST_ROWS, IS_IT_WHOLE),
)


def judge(loading: Loading, accept: bool) -> None:
    """Find events that count for nothing, so many that the folder cannot be what is meant."""
    connection = loading.connection
    ((events, days, stays),) = connection.execute(
        "SELECT (SELECT count(*) FROM attendance), (SELECT count(*) FROM calendar), "
        "(SELECT count(*) FROM enrollments)"
    ).fetchall()
    for name, rows in (("calendar", days), ("enrollments", stays)):
        if events and not rows and name in loading.sources:
            problem = f"has no row, and so none of the {events:,} events of attendance counts"
            loading.findings.refuse(
                loading.sources[name].name, None, None, None, problem, "add its rows"
            )
    if loading.findings.refused or "attendance" not in loading.sources:
        return
    remedy = "are {} right? To publish it all the same, load with --accept-losses"
    whats = {"calendar": "the days in calendar", "enrollments": "the dates of enrollments"}
    found = connection.execute(
        FOR_NOTHING,
        {
            "fewest": FEWEST_FOR_NOTHING,
            "off_day": attendance_checks.OFF_DAY_WORDS,
            "own_day_off": calendars.OWN_DAY_OFF_WORDS,
            "not_enrolled": attendance_checks.NOT_ENROLLED_WORDS,
        },
    ).fetchall()
    losses = [
        (
            f"{for_nothing:,} of {events:,} events of {place} count for nothing, "
            "more than a quarter",
            remedy.format(whats[why]),
        )
        for place, events, for_nothing, why in found
    ]
    _say(loading, "attendance", losses, accept)
    _judge_students_without_enrollment(loading, accept)
    _judge_exit_dates(loading, accept)


def _judge_students_without_enrollment(loading: Loading, accept: bool) -> None:
    """Whoever has absences and no enrollment is missing from the figures: now and then by a slip,
    and where many are, because the roster is only of those who are still there."""
    found = loading.connection.execute(WITHOUT_ENROLLMENT, {"most": MOST_SET_ASIDE}).fetchall()
    enrollments = loading.sources["enrollments"].name
    for student, students, rows, place, missing, of in found:
        more = f"and {students - 1:,} more " if students > 1 else ""
        problem = (
            f"{more}with {rows:,} rows in attendance {'have' if students > 1 else 'has'} no "
            "enrollment in their school year, so that none of these rows counts"
        )
        remedy = (
            f"add them to {enrollments} with entry and exit date, also who left during the year"
        )
        say = loading.findings.note
        if place is not None:
            problem += f"; at {place} they are {missing:,} of {of:,} students with rows"
            remedy += ". To publish without them, load with --accept-losses"
            say, remedy = (say, ON_PURPOSE) if accept else (loading.findings.refuse, remedy)
        say(enrollments, None, "student_id", student, problem, remedy)


def _judge_exit_dates(loading: Loading, accept: bool) -> None:
    """An exit date that is the last day of a stay takes a day, and its absences, from each."""
    right = (
        "exit_date is the first day no longer enrolled: if it is the last day here, write the day "
        "after{}. If it is right as it is, load with --accept-losses"
    )
    at_the_end = [
        (
            f"{ends:,} of {stays:,} stays of {place} in {year} have {day} as exit_date, the last "
            "day of its calendar, and so do not count it",
            right.format(", or leave it blank for those who stayed to the end"),
        )
        for place, year, day, ends, stays in loading.connection.execute(
            LEFT_ON_THE_LAST_DAY, {"most": MOST_SET_ASIDE}
        ).fetchall()
    ]
    at_the_time = [
        (
            f"{on_it:,} students have a row in attendance on the day of exit_date, where "
            f"{before:,} have their last one the day before",
            right.format(""),
        )
        for on_it, before in loading.connection.execute(
            THERE_ON_EXIT, {"fewest": MOST_SET_ASIDE}
        ).fetchall()
    ]
    _say(loading, "enrollments", at_the_end, accept)
    _say(loading, "enrollments", at_the_time, accept)


def compare(loading: Loading, earlier: Path, accept: bool) -> None:
    """Find what the generation being built has lost against an earlier one.

    accept: note it, and publish. The sample network is compared with nothing."""
    connection = loading.connection
    try:
        connection.execute(f"ATTACH {publish.literal(earlier)} AS before (READ_ONLY)")
        if connection.execute("SELECT is_sample FROM before.generation").fetchall() != [(False,)]:
            return
        connection.execute(IN_BOTH)
        connection.execute(BY_WEEK)
        absences_lost = False
        for question, fewest, remedy in COMPARED:
            if question is CODES and absences_lost:
                continue  # That codes are gone with them says nothing more.
            bound = {} if fewest is None else {"fewest": fewest}
            found = connection.execute(question, bound).fetchall()
            if found:
                absences_lost |= question in (ABSENCES_OF_ALL, ABSENCES)
                _say(loading, found[0][0], [(loss, remedy) for _, loss in found], accept)
        for file in WHOLE_FILES:
            ((was, still),) = connection.execute(
                f"SELECT (SELECT count(*) FROM before.{file}), (SELECT count(*) FROM {file})"
            ).fetchall()
            if was >= FEWEST_IN_FILE and not still:
                loss = f"had {was:,} rows and now has none"
                _say(loading, file, [(loss, IS_IT_WHOLE)], accept)
        _note_late_corrections(loading)
    except duckdb.Error as error:
        is_older = isinstance(error, duckdb.CatalogException | duckdb.BinderException)
        if not is_older and not publish.is_damage(error):
            raise
        problem = f"what was published before ({earlier.stem}) cannot be read"
        remedy = "so nothing was compared with it"
        loading.findings.note("the folder", None, None, None, problem, remedy)
    finally:
        connection.execute(FORGET)
        with contextlib.suppress(duckdb.Error):
            connection.execute("DETACH before")


def _note_late_corrections(loading: Loading) -> None:
    """Say of each school how much was written down later; not beside older tables, in which the
    same row may have been read otherwise."""
    schema = "SELECT schema_version FROM before.generation"
    if "attendance" not in loading.sources or loading.connection.execute(schema).fetchall() != [
        (made_from.SCHEMA,)
    ]:
        return
    name = loading.sources["attendance"].name
    for school, year, until, *counts in loading.connection.execute(LATE).fetchall():
        added, removed, changed = (f"{number:,}" for number in counts)
        problem = (
            f"{school} corrected days of {year} before {until} afterwards: {added} added, "
            f"{removed} taken out and {changed} changed, each of one student on one day"
        )
        remedy = "the figures of those days are no longer what they were"
        note = Finding(name, None, LATE_COLUMN, None, problem, remedy, "noted", sum(counts))
        loading.findings.add(note, group=LATE_COLUMN)


def _say(loading: Loading, file: str, losses: list[tuple[str, str]], accept: bool) -> None:
    source = loading.sources.get(file)
    name = source.name if source else f"{file}.csv"
    say = loading.findings.note if accept else loading.findings.refuse
    for loss, remedy in losses[:LISTED]:
        say(name, None, None, None, loss, ON_PURPOSE if accept else remedy)
    more = len(losses) - LISTED
    if more > 0:
        say(name, None, None, None, f"and {more:,} more like this", "")
