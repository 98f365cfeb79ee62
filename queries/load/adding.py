"""A later export of a part of a year, in place of that part of what is served.

The part is read and checked as any folder is. Then what is served and the part does not bring is
added to its rows, and all of it is checked, compared and made into a new generation, as if it had
come in one folder. Nothing else is kept for it: a generation holds the files that it was made of,
row for row, but for those that were set aside.

What a part brings in place of what is served:

 - attendance: at each school that it has a row of, all rows from the first day of the part there to
   the last. A day between on which it has no row is a day on which nobody was absent. These are the
   days from its first row there to its last, and those of its calendar before and after, if the
   calendar was cut to the part: one that begins or ends with the school year is the year's, and
   says nothing of what was exported.
 - calendar: at each school all days from the first to the last day of its calendar there.
 - enrollments: all stays of a student at a school in a year that it has a stay of.
 - every other file: all rows of the same key, of a survey all of a school and group
   (exchange.File.together). A column that it does not have stays as it was, but for the day up to
   which totals of a year count: one who is not brought has theirs up to the same day, or it is
   refused.

A file that it does not have stays, and so does all else, also who is not in its roster.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from queries.load import made_from, publish
from queries.load.exchange import FILES, File
from queries.load.loading import Loading
from queries.load.losses import ON_PURPOSE
from queries.load.reading import Source, quoted
from queries.load.report import Finding, Refused, Report
from queries.load.tables import BLANK_IS_YES, MOST_SET_ASIDE
from queries.team.definitions import shipped

ALL_THE_SAME = "To publish it all the same, load with --accept-losses"
SET_ASIDE_BEFORE = "was set aside when it was loaded on "
WHOLE_FIRST = "load the whole year without --add, and its later parts with it"

# covered: one row per file and school, with the first and last day of which the part speaks.
COVERED = """
CREATE TEMP TABLE covered AS
WITH calendar_there AS (
    SELECT
        school_id,
        min(date) AS first_date, arg_min(school_year, date) AS first_year,
        max(date) AS last_date, arg_max(school_year, date) AS last_year
    FROM calendar
    GROUP BY school_id
),
year_served AS (
    SELECT school_id, school_year, min(date) AS first_date, max(date) AS last_date
    FROM served.calendar
    GROUP BY ALL
),
rows_there AS (
    SELECT school_id, min(date) AS first_date, max(date) AS last_date
    FROM attendance
    GROUP BY school_id
)
SELECT 'calendar' AS file, school_id, first_date, last_date FROM calendar_there
UNION ALL
SELECT
    'attendance',
    rows_there.school_id,
    least(
        rows_there.first_date,
        CASE WHEN begun.first_date < calendar_there.first_date THEN calendar_there.first_date END
    ),
    greatest(
        rows_there.last_date,
        CASE WHEN ended.last_date > calendar_there.last_date THEN calendar_there.last_date END
    )
FROM rows_there
LEFT JOIN calendar_there USING (school_id)
LEFT JOIN year_served AS begun
    ON begun.school_id = rows_there.school_id AND begun.school_year = calendar_there.first_year
LEFT JOIN year_served AS ended
    ON ended.school_id = rows_there.school_id AND ended.school_year = calendar_there.last_year;
"""

# The days of each calendar of a school, which a generation has as the days of all of them and the
# days that each lacks; where no day was in two calendars they stand there (calendars.keep).
CALENDARS = """
CREATE TEMP TABLE calendar_served AS
WITH several AS (
    SELECT school_id, school_year
    FROM (
        SELECT school_id, school_year FROM served.calendar_gap
        UNION
        SELECT school_id, school_year
        FROM served.enrollments
        GROUP BY ALL
        HAVING count(DISTINCT calendar_code) > 1
    )
    WHERE (SELECT count(calendar_code) FROM served.calendar) = 0
),
named AS (
    SELECT school_id, school_year, calendar_code FROM served.calendar_gap
    UNION
    SELECT school_id, school_year, coalesce(calendar_code, '') FROM served.enrollments
),
of_school AS (
    SELECT * FROM named SEMI JOIN several USING (school_id, school_year)
    UNION
    -- One of all days that nobody follows.
    SELECT school_id, school_year, ''
    FROM several
    ANTI JOIN (
        FROM named
        ANTI JOIN served.calendar_gap USING (school_id, school_year, calendar_code)
    ) AS whole USING (school_id, school_year)
)
SELECT * FROM served.calendar ANTI JOIN several USING (school_id, school_year)
UNION ALL
SELECT calendar.* REPLACE (nullif(of_school.calendar_code, '') AS calendar_code)
FROM served.calendar AS calendar
JOIN of_school USING (school_id, school_year)
ANTI JOIN served.calendar_gap AS gap
    ON gap.school_id = calendar.school_id
    AND gap.date = calendar.date
    AND gap.calendar_code = of_school.calendar_code;
"""

# Schools and years that have several calendars, of which the part names others, or only some.
OTHER_CALENDARS = """
WITH before AS (
    SELECT school_id, school_year, list_sort(list(DISTINCT coalesce(calendar_code, ''))) AS codes
    FROM calendar_served
    GROUP BY ALL
    HAVING len(codes) > 1
),
part AS (
    SELECT
        school_id, school_year, min(rowid) AS at_row,
        list_sort(list(DISTINCT coalesce(calendar_code, ''))) AS codes
    FROM calendar
    GROUP BY ALL
)
SELECT part.at_row FROM part JOIN before USING (school_id, school_year)
WHERE part.codes <> before.codes
"""

# A roster of one year often does not say which: that of the student's stay in it.
YEAR_OF_STAY = """
UPDATE students
SET school_year = stay.school_year
FROM (SELECT student_id, max(school_year) AS school_year FROM enrollments GROUP BY ALL) AS stay
WHERE stay.student_id = students.student_id
    AND students.school_year IS NULL
    AND students.student_id IN (
        SELECT student_id FROM served.students WHERE school_year IS NOT NULL
    )
"""

WITHOUT_YEAR = """
SELECT students.rowid AS at_row
FROM students
SEMI JOIN (FROM served.students WHERE school_year IS NOT NULL) AS by_year USING (student_id)
WHERE students.school_year IS NULL
"""

# Schools at which nothing was loaded of days before the part, so many that nobody being absent on
# them is unlikely by the rule of queries/tables/02_calendar.sql. One row a school.
GAP = """
WITH part AS (
    SELECT
        covered.school_id, covered.first_date,
        arg_min(calendar.school_year, calendar.date) AS school_year
    FROM covered
    JOIN calendar
        ON calendar.school_id = covered.school_id
        AND calendar.date BETWEEN covered.first_date AND covered.last_date
    WHERE covered.file = 'attendance'
    GROUP BY ALL
),
day_before AS (
    SELECT
        part.school_id, part.first_date, feed.last_row_date, calendar.date,
        calendar.date IN (SELECT date FROM served.row_day WHERE school_id = part.school_id)
            AS has_row
    FROM part
    JOIN served.school_feed AS feed USING (school_id, school_year)
    JOIN calendar
        ON calendar.school_id = part.school_id
        AND calendar.school_year = part.school_year
        AND calendar.date < part.first_date
    WHERE calendar.attendance_taken AND calendar.in_session
)
SELECT
    schools.school_name,
    min(day_before.date) FILTER (date > last_row_date) AS from_date,
    any_value(day_before.first_date) AS first_date,
    count(DISTINCT date) FILTER (date > last_row_date) AS quiet_days,
    count(DISTINCT date) FILTER (date <= last_row_date) AS days_so_far,
    count(DISTINCT date) FILTER (date <= last_row_date AND NOT has_row) AS days_without
FROM day_before
JOIN schools USING (school_id)
GROUP BY schools.school_name
HAVING served.main.is_unlikely_quiet(quiet_days, days_without, days_so_far)
ORDER BY quiet_days DESC, schools.school_name
"""

# Schools whose calendar ends before the part, and the days between are more than a long weekend.
BETWEEN = """
SELECT schools.school_name, CAST(max(before.date) AS VARCHAR), CAST(covered.first_date AS VARCHAR)
FROM covered
JOIN schools USING (school_id)
JOIN calendar AS begun
    ON begun.school_id = covered.school_id AND begun.date = covered.first_date
JOIN served.calendar AS before
    ON before.school_id = covered.school_id AND before.school_year = begun.school_year
WHERE covered.file = 'calendar'
GROUP BY schools.school_name, covered.first_date
HAVING covered.first_date - max(before.date) > 4
ORDER BY schools.school_name
"""

# Stays that were there before: how many, and how many of them begin only in the days of the part.
BEGIN_IN_PART = """
WITH part AS (
    SELECT student_id, school_id, school_year, min(entry_date) AS entry_date
    FROM enrollments
    WHERE rowid < $first
    GROUP BY ALL
),
before AS (
    SELECT student_id, school_id, school_year, min(entry_date) AS entry_date
    FROM served.enrollments
    GROUP BY ALL
)
SELECT
    count(*) AS stays,
    count(*) FILTER (
        before.entry_date < covered.first_date AND part.entry_date >= covered.first_date
    ) AS begin_in_part
FROM part
JOIN before USING (student_id, school_id, school_year)
JOIN covered ON covered.school_id = part.school_id AND covered.file = 'attendance'
HAVING begin_in_part > $most AND 2 * begin_in_part > stays
"""

# Of a roster, schools at which students are enrolled who are not in it: one row a school and year.
NOT_IN_ROSTER = """
WITH there AS (
    SELECT DISTINCT student_id, school_id, school_year
    FROM served.enrollments
    JOIN covered USING (school_id)
    WHERE covered.file = 'attendance' AND coalesce(exit_date > covered.last_date, true)
        AND school_year IN (SELECT max(school_year) FROM enrollments WHERE rowid < $first)
),
part AS (
    SELECT DISTINCT student_id, school_id, school_year FROM enrollments WHERE rowid < $first
)
SELECT
    schools.school_name, min(there.student_id) FILTER (part.student_id IS NULL) AS student_id,
    count(*) FILTER (part.student_id IS NULL) AS missing
FROM there
JOIN schools USING (school_id)
LEFT JOIN part USING (student_id, school_id, school_year)
GROUP BY schools.school_name
HAVING missing > 0 AND 2 * missing < count(*)
ORDER BY missing DESC, schools.school_name
"""

SAID_BEFORE = """
SELECT file, line, column_name, value, problem, remedy, kind, rows
FROM served.load_findings
WHERE (kind = 'set_aside' AND NOT starts_with(problem, 'is after the day of loading'))
    OR (kind = 'noted' AND starts_with(remedy, $before))
"""


@dataclass(frozen=True)
class Served:
    """What a part is added to, attached as `served`, and the files that it has rows of."""

    loaded_at: datetime
    source: str
    files: frozenset[str]


def open_served(loading: Loading, home: Path) -> Served:
    """Attach what is served in a home. Raises Refused where nothing can be added to it."""
    connection, name = loading.connection, publish.published(home)
    problem, remedy = "has no data yet that a part could be added to", WHOLE_FIRST
    if name:
        try:
            path = publish.literal(publish.path_of(home, name))
            connection.execute(f"ATTACH {path} AS served (READ_ONLY)")
            ((loaded_at, source, is_sample, schema),) = connection.execute(
                "SELECT loaded_at, source, is_sample, schema_version FROM served.generation"
            ).fetchall()
            if schema == made_from.SCHEMA and not is_sample:
                return Served(loaded_at, source, _files(connection))
            if not is_sample:
                problem = "was loaded by another version of Roundtable, which read files otherwise"
                remedy = f"load all of it once without --add: {publish.load_again(source)}"
        except duckdb.Error as error:
            is_older = isinstance(error, duckdb.CatalogException | duckdb.BinderException)
            if not is_older and not publish.is_damage(error):
                raise
            problem = "cannot be read, so that no part can be added to it"
    # Named after the home, as nothing is wrong with the files: --watch tries them again.
    refused = Finding(str(home), None, None, None, problem, remedy, "refused")
    raise Refused(Report(None, findings=(refused,)))


def _files(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    return frozenset(
        file.name
        for file in FILES
        if connection.execute(f"SELECT 1 FROM served.{quoted(file.name)} LIMIT 1").fetchall()
    )


def add(loading: Loading, served: Served, rows_in: dict[str, int], accept: bool) -> None:
    """Add to the rows of a part, in the typed tables, what is served and is not replaced by it.

    rows_in: what each file has, from here on with what is added. accept: what is implausible is
    noted, and does not refuse."""
    connection = loading.connection
    connection.execute(COVERED + CALENDARS)
    _refuse_what_is_unclear(loading)
    _say_what_is_covered(loading)
    first = {}
    for file in FILES:
        _keep_columns(loading, file)
        first[file.name], kept = _keep_rows(loading, file)
        if kept:
            rows_in[file.name] = rows_in.get(file.name, 0) + kept
            loading.sources[file.name] = _with_kept(loading, file, first[file.name], served)
    _judge(loading, first["enrollments"], accept)
    _say_again(loading, served)
    connection.execute("DROP TABLE covered; DROP TABLE calendar_served; DETACH served")


def _refuse_what_is_unclear(loading: Loading) -> None:
    if "calendar" in loading.sources:
        loading.refuse(
            "calendar",
            ("school_id", "school_year", "calendar_code"),
            OTHER_CALENDARS,
            "is at a school with several calendars, and the part has not the days of each",
            "give the days of each of them, by the same calendar_code",
        )
    if "students" in loading.sources:
        loading.connection.execute(YEAR_OF_STAY)
        words = "has no school_year, and was loaded by year", "write for which year the row speaks"
        loading.refuse("students", ("student_id",), WITHOUT_YEAR, *words)


def _say_what_is_covered(loading: Loading) -> None:
    if "attendance" not in loading.sources:
        return
    for days, schools, replaced, brought in loading.connection.execute(
        """
        WITH was AS (
            SELECT covered.school_id, count(*) AS rows
            FROM served.attendance
            JOIN covered USING (school_id)
            WHERE covered.file = 'attendance' AND date BETWEEN first_date AND last_date
            GROUP BY covered.school_id
        )
        SELECT
            first_date || ' to ' || last_date, count(*), coalesce(sum(was.rows), 0),
            sum((SELECT count(*) FROM attendance WHERE school_id = covered.school_id))
        FROM covered
        LEFT JOIN was USING (school_id)
        WHERE file = 'attendance'
        GROUP BY first_date, last_date
        ORDER BY count(*) DESC, first_date, last_date
        """
    ).fetchall():
        problem = (
            f"speaks for {days} at {schools:,} {'school' if schools == 1 else 'schools'}: "
            f"its {brought:,} rows take the place of {replaced:,}"
        )
        name = loading.sources["attendance"].name
        note = Finding(
            name, None, "date", None, problem, "all other days stay as they were", "noted"
        )
        loading.findings.add(note, group="speaks for")


def _keep_columns(loading: Loading, file: File) -> None:
    """Give rows that take the place of others the columns that the part's file does not have."""
    source = loading.sources.get(file.name)
    key = (*file.together, "entry_date") if file.name == "enrollments" else (*file.keys, ())[0]
    if source is None or not key or file.name == "calendar":
        return
    # Up to which day totals count is of these totals, and not of those before.
    given = {*source.columns, *key, "until"}
    missing = [one for one in file.columns if one.name not in given]
    if missing:
        columns = ", ".join(
            f"{quoted(one.name)} = CAST(kept.{quoted(one.name)} AS {one.type})" for one in missing
        )
        loading.connection.execute(
            f"UPDATE {quoted(file.name)} AS new SET {columns} "
            f"FROM served.{quoted(file.name)} AS kept WHERE {_alike(key)}"
        )


def _alike(columns: tuple[str, ...]) -> str:
    return " AND ".join(
        f"kept.{quoted(one)} IS NOT DISTINCT FROM new.{quoted(one)}" for one in columns
    )


def _keep_rows(loading: Loading, file: File) -> tuple[int, int]:
    """Add the rows that are not replaced after those of the part; the first place of them, and how
    many they are."""
    connection, table = loading.connection, quoted(file.name)
    ((first,),) = connection.execute(f"SELECT coalesce(max(rowid) + 1, 0) FROM {table}").fetchall()
    replaced = (
        f"{table} AS new ON {_alike(file.brought_together)}"
        if file.name not in ("attendance", "calendar")
        else f"covered ON covered.file = '{file.name}' AND covered.school_id = kept.school_id "
        "AND kept.date BETWEEN covered.first_date AND covered.last_date"
    )
    relation = "calendar_served" if file.name == "calendar" else f"served.{table}"
    # Those that ship with Roundtable are in no file.
    is_shipped = file.name == "definitions"
    names = [one["name"] for one in shipped()] if is_shipped else []
    where = "WHERE NOT list_contains($shipped, name)" if names else ""
    columns = quoted(*(column.name for column in file.columns))
    connection.execute(
        f"INSERT INTO {table} ({columns}) "
        f"SELECT {columns} FROM {relation} AS kept ANTI JOIN {replaced} {where}",
        {"shipped": names} if names else {},
    )
    ((kept,),) = connection.execute(
        f"SELECT count(*) FROM {table} WHERE rowid >= $first", {"first": first}
    ).fetchall()
    return first, kept


def _with_kept(loading: Loading, file: File, first: int, served: Served) -> Source:
    """The source of a file with the rows that were added to it, which have no line there."""
    source = loading.sources.get(file.name) or Source(file, Path(f"{file.name}.csv"), {})
    names, table = [column.name for column in file.columns], quoted(file.name)
    ((*said,),) = loading.connection.execute(
        "SELECT "
        + ", ".join(
            f"count(*) FILTER (NOT {quoted(name)})"
            if (file.name, name) in BLANK_IS_YES
            else f"count(nullif(CAST({quoted(name)} AS VARCHAR), ''))"
            for name in names
        )
        + f" FROM {table} WHERE rowid >= {first}"
    ).fetchall()
    given, texts = (
        list(source.columns),
        [f"CAST({quoted(name)} AS VARCHAR) AS {quoted(name)}" for name in names],
    )
    kept = (
        f"SELECT rowid AS row_place, NULL AS line, {', '.join(texts)} FROM {table} "
        f"WHERE rowid >= {first}"
    )
    if source.relation:
        texts = [f"CAST({quoted(name)} AS VARCHAR) AS {quoted(name)}" for name in given]
        kept = (
            f"SELECT at_row AS row_place, {source.line} AS line, {', '.join(texts)} "
            f"FROM (SELECT {source.position} AS at_row, * FROM {source.relation}) "
            f"UNION ALL BY NAME {kept}"
        )
    source.relation, source.position, source.line = f"({kept})", "row_place", "line"
    added = [name for name, count in zip(names, said, strict=True) if count]
    source.columns = source.columns | {name: "VARCHAR" for name in added if name not in given}
    source.before = f"{file.name}.csv, as loaded on {served.loaded_at:%Y-%m-%d}"
    return source


def _judge(loading: Loading, first: int, accept: bool) -> None:
    """Find what would make a part wrong without a word: days that nobody loaded, stays that begin
    with the part, and students who are in no roster any more."""
    connection = loading.connection

    def say(name: str, problem: str, remedy: str) -> None:
        words = (problem, ON_PURPOSE) if accept else (problem, f"{remedy}. {ALL_THE_SAME}")
        one = loading.findings.note if accept else loading.findings.refuse
        one(loading.sources[name].name, None, None, None, *words)

    for school, since, until, days, *_ in connection.execute(GAP).fetchall():
        problem = (
            f"begins at {school} on {until}, and of instructional days before it, from {since} on, "
            f"nothing was loaded: {days:,} in all"
        )
        say("attendance", problem, f"export from {since} on")
    for school, until, since in connection.execute(BETWEEN).fetchall():
        problem = (
            f"has no day at {school} between {until}, the last that was loaded, and {since}, where "
            "the part begins"
        )
        remedy = "if there was school between, export those days too"
        loading.findings.note(loading.sources["calendar"].name, None, None, None, problem, remedy)
    bound = {"first": first, "most": MOST_SET_ASIDE}
    for stays, begin in connection.execute(BEGIN_IN_PART, bound).fetchall():
        problem = (
            f"{begin:,} of {stays:,} stays begin in the days of the part, and began before them in "
            "what was loaded"
        )
        say("enrollments", problem, "give the first day of whole stays, or load the whole year")
    for school, student, missing in connection.execute(NOT_IN_ROSTER, {"first": first}).fetchall():
        more = f" and {missing - 1:,} more" if missing > 1 else ""
        problem = f"is not in the part{more}, and enrolled at {school} in what was loaded"
        remedy = "they stay so; whoever left needs a row with the exit_date"
        name = loading.sources["enrollments"].name
        note = Finding(name, None, "student_id", student, problem, remedy, "noted", missing)
        loading.findings.add(note, group="not in the part")


def _say_again(loading: Loading, served: Served) -> None:
    """Say that rows set aside before are not there, unless a part brought them since."""
    found = loading.connection.execute(SAID_BEFORE, {"before": SET_ASIDE_BEFORE}).fetchall()
    for file, line, column, value, problem, remedy, kind, rows in found:
        if kind == "set_aside":
            remedy = f"{SET_ASIDE_BEFORE}{served.loaded_at:%Y-%m-%d}; {remedy}"
        loading.findings.add(Finding(file, line, column, value, problem, remedy, "noted", rows))
