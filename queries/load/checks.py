"""What refuses a folder, what is repaired, and the account of every row."""

import difflib
from collections.abc import Callable

from queries.load import codes, shares
from queries.load.exchange import FILES, KINDS, File, Reference
from queries.load.reading import quoted
from queries.load.report import FileCount, Finding, shown
from queries.load.tables import MOST_SET_ASIDE, Loading, marked, unresolved

MARKS = """
CREATE TABLE staging.set_aside (file VARCHAR, at_row BIGINT, column_name VARCHAR, rule VARCHAR);
CREATE TABLE staging.repaired (file VARCHAR, at_row BIGINT, rule VARCHAR);
"""

ACCOUNT = """
CREATE TABLE load_files (
    file VARCHAR, rows_in BIGINT, accepted BIGINT, set_aside BIGINT, repaired BIGINT
);
CREATE TABLE load_findings (
    file VARCHAR, line BIGINT, column_name VARCHAR, value VARCHAR, problem VARCHAR, remedy VARCHAR,
    kind VARCHAR, rows BIGINT
);
CREATE TABLE generation (
    name VARCHAR, loaded_at TIMESTAMP, source VARCHAR, is_sample BOOLEAN, tables_version VARCHAR
);
"""

_ORDER = {file.name: place for place, file in enumerate(FILES)}


def check(loading: Loading, rows_in: dict[str, int]) -> None:
    """Find everything in the typed tables for which the folder is refused."""
    if "survey_answers" in loading.sources:
        _count_once(loading)
    _refuse_too_many_set_aside(loading, rows_in)
    for file in FILES:
        if file.name in loading.sources:
            for key in file.keys:
                _refuse_repeated(file, key, loading)
            for reference in file.references:
                _refuse_unresolved(file, reference, loading)
    if "calendar" in loading.sources:
        _leave_out_days_off(loading)
    if "attendance_codes" in loading.sources:
        _refuse(
            loading,
            "attendance_codes",
            ("counts_as",),
            "SELECT rowid AS at_row FROM attendance_codes WHERE counts_as IS NULL",
            *KINDS["counts_as"],
        )
    codes.keep(loading)
    if "attendance" in loading.sources:
        _refuse(
            loading,
            "attendance",
            ("missed_minutes", "code"),
            """
            SELECT attendance.rowid AS at_row
            FROM attendance
            JOIN code_of_school USING (code, school_id)
            WHERE code_of_school.counts_as = 'partial'
                AND attendance.missed_minutes IS NULL
                AND attendance.event_duration IS NULL
            """,
            "is partial and has no minutes",
            "write missed_minutes and day_minutes, or give it a code that counts as absent",
        )
        _refuse(
            loading,
            "attendance",
            ("school_id", "code"),
            """
            SELECT attendance.rowid AS at_row
            FROM attendance
            SEMI JOIN attendance_codes USING (code)
            SEMI JOIN schools USING (school_id)
            ANTI JOIN code_of_school USING (code, school_id)
            """,
            "is a code of other schools only",
            "give it a row in attendance_codes for this school, or one without school_id",
        )
        _ask_where_nobody_is_absent(loading)
        shares.keep(loading)
        _ask_for_periods(loading)
    if "enrollments" in loading.sources:
        _ask_about_two_persons(loading)
    if "survey_scales" in loading.sources:
        _refuse_answers_that_cannot_be_counted(loading)
    if "survey_answers" in loading.sources:
        _refuse_unknown_answers(loading)
    if "survey_published" in loading.sources:
        _refuse_shares(loading)
    if "partners" in loading.sources:
        _refuse(
            loading,
            "partners",
            ("schools",),
            """
            WITH named AS (
                SELECT rowid AS at_row, trim(unnest(string_split(schools, ';'))) AS school
                FROM partners
            )
            SELECT DISTINCT at_row
            FROM named
            WHERE school <> ''
                AND school NOT IN (SELECT school_id FROM main.schools)
                AND school NOT IN (SELECT school_name FROM main.schools)
            """,
            "names a school that is not in schools",
            "write ids or names of schools with ; between them",
        )


def _refuse(
    loading: Loading,
    name: str,
    columns: tuple[str, ...],
    positions: str,
    problem: str,
    remedy: str,
) -> None:
    found = loading.found(positions)
    source = loading.sources[name]
    loading.list_rows(source, "refused", found, columns, _always(problem, remedy))


def _refuse_repeated(file: File, key: tuple[str, ...], loading: Loading) -> None:
    remedy = "keep one row for each"
    if file.name == "attendance_codes":
        remedy += ", or say in school_id at which school a code means something else"
    alike = " AND ".join(f"one.{quoted(k)} IS NOT DISTINCT FROM two.{quoted(k)}" for k in key)
    _refuse(
        loading,
        file.name,
        key,
        f"""
        SELECT one.rowid AS at_row
        FROM {quoted(file.name)} AS one
        SEMI JOIN (
            SELECT {quoted(*key)} FROM {quoted(file.name)} GROUP BY ALL HAVING count(*) > 1
        ) AS two ON {alike}
        """,
        "is there more than once",
        remedy,
    )


def _refuse_unresolved(file: File, reference: Reference, loading: Loading) -> None:
    if set(reference.columns) <= loading.sources[file.name].resolved:
        return
    to = loading.sources.get(reference.to)
    known_as = to.name if to else f"{reference.to}.csv"
    positions = unresolved(file, reference)
    if not loading.found(positions).total:
        return
    if to and len(reference.columns) == 1:
        positions = _refuse_near_misses(file, reference, known_as, loading)
        if reference.to == "students":
            _refuse_unknown_students(file, positions, known_as, loading)
            return
    _refuse(
        loading,
        file.name,
        reference.columns,
        positions,
        f"is not in {known_as}" if to else f"cannot be found without {known_as}",
        f"add it to {known_as} or correct it here",
    )


# A value without what gets lost or added where a program takes it for a number, in small letters.
PLAIN = "ltrim(regexp_replace(lower({value}), '[.]0+$', ''), '0')"


def _refuse_near_misses(file: File, reference: Reference, known_as: str, loading: Loading) -> str:
    """Say once that values would resolve if they were written alike; SQL for the other rows."""
    [here], [there] = reference.columns, reference.columns_there
    near = f"""
        SELECT one.rowid AS at_row, {quoted(here)} AS value, known
        FROM {quoted(file.name)} AS one
        JOIN (
            SELECT {PLAIN.format(value=quoted(there))} AS plain, min({quoted(there)}) AS known
            FROM {quoted(reference.to)}
            GROUP BY plain
        ) AS other ON other.plain = {PLAIN.format(value=f"one.{quoted(here)}")}
        WHERE one.rowid IN ({unresolved(file, reference)})
    """
    [[rows, values, first, known]] = loading.connection.execute(
        f"SELECT count(*), count(DISTINCT value), min(at_row), arg_min(known, at_row) FROM ({near})"
    ).fetchall()
    if rows:
        problem = f"is not in {known_as}, but '{shown(known)}' is"
        if rows > 1:
            problem += f" ({rows:,} rows with {values:,} such values)"
        remedy = (
            "write them alike in both; a program that takes them for numbers drops leading zeros"
        )
        _refuse_first(loading, file.name, (here,), first, problem, remedy)
    return f"{unresolved(file, reference)} WHERE one.rowid NOT IN (SELECT at_row FROM ({near}))"


def _refuse_unknown_students(file: File, positions: str, known_as: str, loading: Loading) -> None:
    """Say once how many students are missing, and that a name alone makes no days of theirs."""
    [[rows, students, not_enrolled, first]] = loading.connection.execute(
        f"""
        SELECT
            count(*),
            count(DISTINCT student_id),
            count(DISTINCT student_id) FILTER (
                student_id NOT IN (SELECT student_id FROM enrollments)
            ),
            min(at_row)
        FROM ({positions}) AS missing
        JOIN {quoted(file.name)} AS one ON one.rowid = missing.at_row
        """
    ).fetchall()
    if rows:
        problem = f"is not in {known_as}"
        if students > 1:
            problem += f", nor are {students - 1:,} more students ({rows:,} rows)"
        remedy = f"add each to {known_as} or correct it here"
        if file.name == "attendance" and not_enrolled and "enrollments" in loading.sources:
            enrollments = loading.sources["enrollments"].name
            remedy = (
                f"add each to {known_as}, and to {enrollments} with entry and exit date: an "
                "absence of somebody who is not enrolled counts for nothing"
            )
        _refuse_first(loading, file.name, ("student_id",), first, problem, remedy)


def _refuse_unknown_answers(loading: Loading) -> None:
    _refuse(
        loading,
        "survey_answers",
        ("item_id", "answer"),
        """
        WITH unknown AS (
            SELECT given.*
            FROM (
                SELECT DISTINCT survey, school_year, respondent_group, item_id, answer
                FROM survey_answers
                WHERE answer IS NOT NULL
            ) AS given
            JOIN survey_items USING (survey, school_year, respondent_group, item_id)
            ANTI JOIN survey_scales USING (scale, answer)
        )
        SELECT survey_answers.rowid AS at_row
        FROM survey_answers
        SEMI JOIN unknown USING (survey, school_year, respondent_group, item_id, answer)
        """,
        "is not an answer of the item's scale",
        "add the answer to survey_scales or correct it here",
    )


def _refuse_first(
    loading: Loading,
    name: str,
    columns: tuple[str, ...],
    first: int,
    problem: str,
    remedy: str,
    total: int = 1,
) -> None:
    """Refuse a folder for many rows at once, with the first as the example; total: how many."""
    found = loading.found("SELECT $first AS at_row", first=first)._replace(total=total)
    source = loading.sources[name]
    loading.list_rows(source, "refused", found, columns, _always(problem, remedy))


def _ask_where_nobody_is_absent(loading: Loading) -> None:
    """Of rows that all mean presence nobody is ever absent; those of absence are somewhere else."""
    [[first, rows, away]] = loading.connection.execute(
        """
        SELECT
            min(attendance.rowid),
            count(*),
            count(*) FILTER (code_of_school.counts_as IN ('absent', 'partial'))
        FROM attendance
        JOIN code_of_school USING (code, school_id)
        """
    ).fetchall()
    if rows > MOST_SET_ASIDE and not away:
        known_as = loading.sources["attendance_codes"].name
        problem = f"is no absence, and nor is any other of the {rows:,} rows"
        remedy = (
            "add the rows of who was absent, whole days or parts; a day without a row is a day "
            f"present. If a code does mean absent, correct counts_as in {known_as}"
        )
        _refuse_first(loading, "attendance", ("code",), first, problem, remedy)


# Stays on the same days whose grades no one person can have both: the first such row, the school
# and grade of the other, and how many students have such stays. One row, or none.
TWO_PERSONS = """
WITH stay AS (
    SELECT
        rowid AS at_row,
        * REPLACE (coalesce(exit_date, DATE '9999-12-31') AS exit_date),
        CASE grade WHEN 'PK' THEN -1 WHEN 'K' THEN 0 ELSE CAST(grade AS INTEGER) END AS level
    FROM enrollments
    WHERE grade IS NOT NULL AND entry_date < coalesce(exit_date, DATE '9999-12-31')
)
SELECT
    min(one.at_row),
    arg_min(other.school_id, one.at_row),
    arg_min(other.grade, one.at_row),
    count(DISTINCT one.student_id)
FROM stay AS one
JOIN stay AS other
    ON other.student_id = one.student_id
    AND other.school_year = one.school_year
    AND other.at_row < one.at_row
    AND other.entry_date < one.exit_date
    AND other.exit_date > one.entry_date
WHERE abs(one.level - other.level) > 2
HAVING count(*) > 0
"""


def _ask_about_two_persons(loading: Loading) -> None:
    columns = ("student_id", "school_id", "grade")
    for first, school, grade, students in loading.connection.execute(TWO_PERSONS).fetchall():
        problem = f"is in grade {grade} at school {shown(school)} on the same days"
        if students > 1:
            problem += f" ({students:,} students have such stays)"
        remedy = "give two persons an id each; of one person, correct the grade"
        _refuse_first(loading, "enrollments", columns, first, problem, remedy)


# Rows by period of which nobody can tell what share of the day they are. One row, or none.
PERIODS_UNKNOWN = """
SELECT
    min(attendance.rowid),
    count(*),
    count(DISTINCT attendance.school_id),
    arg_min(attendance.school_id, attendance.rowid)
FROM attendance
JOIN code_of_school USING (code, school_id)
JOIN calendar ON calendar.school_id = attendance.school_id AND calendar.date = attendance.date
WHERE attendance.period IS NOT NULL
    AND code_of_school.counts_as = 'absent'
    AND attendance.missed_minutes IS NULL
    AND attendance.event_duration IS NULL
    AND calendar.attendance_taken
    AND calendar.periods IS NULL
HAVING count(*) > 0
"""


def _ask_for_periods(loading: Loading) -> None:
    for first, total, schools, school in loading.connection.execute(PERIODS_UNKNOWN).fetchall():
        [[usual]] = loading.connection.execute(
            "SELECT mode(periods) FROM calendar WHERE school_id = $school", {"school": school}
        ).fetchall()
        known = loading.sources["calendar"].name if "calendar" in loading.sources else "calendar"
        problem = f"is a period, and {known} does not say how many make that day"
        if total > 1:
            problem += f" ({total:,} rows like this, at {schools:,} of the schools)"
        remedy = f"write their number in periods of {known}"
        if usual is not None:
            remedy += f"; on most days of this school it is {usual}"
        _refuse_first(loading, "attendance", ("school_id", "period"), first, problem, remedy)


MOST_DAYS = 200  # of instruction a year, unless there are rows on more of them

# Where calendar may list days off among the days of instruction: one row per school and year.
# No school is open every weekend and never has a row then; nor on a weekend day here and there
# where three with rows should be expected by what there is from Monday to Friday. Saturdays that
# are real have rows about as often as other days, and a few are believed in any case.
DAYS_OFF = """
WITH listed AS (
    SELECT
        calendar.school_id,
        calendar.school_year,
        calendar.date,
        isodow(calendar.date) >= 6 AS weekend,
        seen.date IS NOT NULL AS seen
    FROM calendar
    LEFT JOIN (SELECT DISTINCT school_id, date FROM attendance) AS seen
        ON seen.school_id = calendar.school_id AND seen.date = calendar.date
    WHERE calendar.attendance_taken
),
so_far AS (
    SELECT *, date <= max(date) FILTER (seen) OVER (PARTITION BY school_id, school_year) AS over
    FROM listed
),
counted AS (
    SELECT
        school_id,
        school_year,
        count(*) AS days,
        count(*) FILTER (seen) AS days_seen,
        count(DISTINCT date_trunc('week', date)) AS weeks,
        count(*) FILTER (weekend) AS all_weekend_days,
        count(*) FILTER (over AND NOT weekend) AS weekdays,
        count(*) FILTER (seen AND NOT weekend) AS weekdays_seen,
        count(*) FILTER (over AND weekend) AS weekend_days,
        count(*) FILTER (seen AND weekend) AS weekend_days_seen
    FROM so_far
    GROUP BY school_id, school_year
),
judged AS (
    SELECT
        *,
        2 * weekend_days_seen * weekdays < weekend_days * weekdays_seen
        AND (
            all_weekend_days >= greatest(weeks - 1, 3)
            OR (weekend_days_seen = 0 AND weekend_days * weekdays_seen >= 3 * weekdays)
        ) AS weekends_off
    FROM counted
)
SELECT
    school_id,
    school_year,
    days,
    all_weekend_days - weekend_days_seen AS idle,
    weekends_off,
    count(*) OVER () AS places
FROM judged
WHERE weekends_off OR (days > $most AND days_seen <= $most)
ORDER BY days DESC, school_year, school_id
LIMIT 1
"""


def _leave_out_days_off(loading: Loading) -> None:
    """Days off are no instructional days. Where calendar does not say which, it may have to."""
    source = loading.sources["calendar"]
    if "in_session" in source.columns:
        loading.connection.execute("DELETE FROM calendar WHERE NOT in_session")
        return
    for school, year, days, idle, weekends_off, places in loading.connection.execute(
        DAYS_OFF, {"most": MOST_DAYS}
    ).fetchall():
        problem = f"lists {days:,} days of {year} at school {shown(school)}"
        if weekends_off:
            problem += f", {idle:,} of them on weekends and without a row in attendance"
        if places > 1:
            problem += f" (and there are {places - 1:,} more schools or years like this)"
        remedy = "list instructional days only, or add in_session (yes or no) to every day"
        loading.findings.refuse(source.name, None, "date", None, problem, remedy)


def _refuse_answers_that_cannot_be_counted(loading: Loading) -> None:
    """An answer that counts is favorable or not, and a scale that is turned round has an order."""
    _refuse(
        loading,
        "survey_scales",
        ("answer", "favorable"),
        "SELECT rowid AS at_row FROM survey_scales WHERE counts AND favorable IS NULL",
        "counts and is neither favorable nor not",
        "write yes or no in favorable, or no in counts",
    )
    _refuse(
        loading,
        "survey_scales",
        ("answer", "position"),
        """
        SELECT rowid AS at_row
        FROM survey_scales
        WHERE counts AND position IS NULL
            AND scale IN (SELECT scale FROM survey_items WHERE reverse_scored)
        """,
        "counts, has no position, and an item that is reversed uses its scale",
        "number the answers of this scale from one end to the other in position",
    )
    _refuse(
        loading,
        "survey_scales",
        ("scale", "position", "answer"),
        """
        SELECT rowid AS at_row
        FROM survey_scales
        SEMI JOIN (
            SELECT scale, position
            FROM survey_scales
            WHERE counts
            GROUP BY scale, position
            HAVING bool_or(favorable) AND NOT bool_and(favorable)
        ) AS differing USING (scale, position)
        WHERE counts
        """,
        "has the position of an answer of this scale that is favorable where it is not, or not "
        "where it is",
        "answers at one position are one answer in two languages; correct favorable or position",
    )


def _refuse_shares(loading: Loading) -> None:
    """0.62 for 62% would be told as a percentage below one."""
    between = loading.found(
        """
        SELECT rowid AS at_row
        FROM survey_published
        SEMI JOIN (
            SELECT survey, school_year
            FROM survey_published
            GROUP BY ALL
            HAVING max(percent_favorable) <= 1
        ) AS shares USING (survey, school_year)
        WHERE percent_favorable > 0 AND percent_favorable < 1
        """
    )
    if between.total:
        _refuse_first(
            loading,
            "survey_published",
            ("percent_favorable",),
            between.first[0],
            "lies between 0 and 1, as do all percentages of this survey and year",
            "are they shares? Write 0.62 as 62",
            between.total,
        )


def _note_invited(loading: Loading) -> None:
    """A roster of a survey or group that nobody answered under that name, and one too short."""
    source = loading.sources["survey_invited"]
    found = loading.found(
        """
        SELECT survey_invited.rowid AS at_row
        FROM survey_invited
        JOIN (
            SELECT survey, school_year, school_id, respondent_group,
                count(DISTINCT respondent_id) AS respondents
            FROM survey_answers
            WHERE answer IS NOT NULL
            GROUP BY ALL
        ) AS answered USING (survey, school_year, school_id, respondent_group)
        WHERE answered.respondents > survey_invited.invited
        """
    )
    words = _always(
        "is fewer than answered there",
        "this school has no response rate, and is left out of that of the network",
    )
    loading.list_rows(source, "noted", found, ("school_id", "respondent_group", "invited"), words)
    answered = loading.connection.execute(
        """
        SELECT DISTINCT survey, school_year, respondent_group
        FROM survey_answers WHERE answer IS NOT NULL
        """
    ).fetchall()
    for *name, rows, first in loading.connection.execute(
        """
        SELECT survey, school_year, respondent_group, count(*), min(rowid)
        FROM survey_invited
        ANTI JOIN (SELECT * FROM survey_answers WHERE answer IS NOT NULL) AS answered
            USING (survey, school_year, respondent_group)
        GROUP BY survey, school_year, respondent_group
        ORDER BY ALL
        """
    ).fetchall():
        columns = ("survey", "school_year", "respondent_group")
        problem = "names a survey or group that nobody answered under"
        words = _always(problem, _nearest(tuple(name), answered))
        found = loading.found("SELECT $first AS at_row", first=first)._replace(total=rows)
        loading.list_rows(source, "noted", found, columns, words)


def _nearest(name: tuple[str, ...], answered: list[tuple[str, ...]]) -> str:
    """Which name may be meant by the first of survey, year and group that nobody answered under."""
    for place, part in enumerate(name):
        known = {
            one[place].casefold(): one[place] for one in answered if one[:place] == name[:place]
        }
        if part not in known.values():
            near = difflib.get_close_matches(part.casefold(), known, n=1)
            there = ", ".join(sorted(known.values()))
            return f"is {known[near[0]]} meant?" if near else f"there are answers under {there}"
    return ""


def _note_needs(loading: Loading) -> None:
    """A need that is more than yes or no is shown as it is written; somebody may have meant yes."""
    source = loading.sources["students"]
    for column in source.file.columns:
        if column.kind == "need" and column.name in source.columns:
            name = quoted(column.name)
            found = loading.found(
                f"SELECT rowid AS at_row FROM students WHERE {name} NOT IN ('yes', 'no')"
            )
            words = _always("is neither yes nor no", "it stands as a group of its own")
            loading.list_rows(source, "noted", found, (column.name,), words)


def _refuse_too_many_set_aside(loading: Loading, rows_in: dict[str, int]) -> None:
    for name, source in loading.sources.items():
        # Rows of days to come are nothing wrong, however many they are.
        rows = loading.findings.rows_set_aside.get(source.name, 0)
        rows -= marked(source, loading, "after today").total
        if rows > MOST_SET_ASIDE and rows * 100 > rows_in[name]:
            problem = f"{rows:,} of {rows_in[name]:,} rows would be set aside, more than 1%"
            remedy = "the reasons are listed with the rows"
            loading.findings.refuse(source.name, None, None, None, problem, remedy)


def _count_once(loading: Loading) -> None:
    """Somebody who answered an item twice: alike counts once, differently is another question."""
    several = loading.found(SEVERAL_ANSWERS)
    if several.total:
        # One is enough to see what is meant.
        _refuse_first(
            loading,
            "survey_answers",
            ("respondent_id", "item_id", "answer"),
            several.first[0],
            "is one of several answers of one person to one item",
            "if it was asked in fall and in spring, give each a survey name or a year of its own; "
            "if several could be ticked, make each choice an item with yes or no; else keep the "
            "one that holds",
            several.total,
        )
        return
    words = ("is given twice by the same respondent", "it is counted once")
    _repair(loading, "survey_answers", ("respondent_id", "answer"), ANSWERED_TWICE, *words)
    loading.connection.execute(
        """
        DELETE FROM survey_answers
        WHERE rowid IN (SELECT at_row FROM staging.repaired WHERE file = 'survey_answers')
        """
    )


SEVERAL_ANSWERS = """
SELECT survey_answers.rowid AS at_row
FROM survey_answers
SEMI JOIN (
    SELECT survey, school_year, school_id, respondent_group, respondent_id, item_id
    FROM survey_answers
    GROUP BY ALL
    HAVING count(*) > 1 AND count(DISTINCT answer) > 1
) AS differing USING (survey, school_year, school_id, respondent_group, respondent_id, item_id)
WHERE survey_answers.answer IS NOT NULL
"""

ANSWERED_TWICE = """
SELECT at_row
FROM (
    SELECT
        survey_answers.rowid AS at_row,
        row_number() OVER (
            PARTITION BY survey, school_year, school_id, respondent_group, respondent_id, item_id
            ORDER BY survey_answers.answer IS NULL, survey_answers.rowid
        ) AS place
    FROM survey_answers
    SEMI JOIN (
        SELECT survey, school_year, school_id, respondent_group, respondent_id, item_id
        FROM survey_answers GROUP BY ALL HAVING count(*) > 1
    ) AS repeated USING (survey, school_year, school_id, respondent_group, respondent_id, item_id)
)
WHERE place > 1
"""

OFF_DAY = """
SELECT attendance.rowid AS at_row
FROM attendance
ANTI JOIN (SELECT school_id, date FROM calendar WHERE attendance_taken) AS taken
    USING (school_id, date)
"""

# Grouping 80 million rows by day, or looking each up among enrollments, takes most of a minute.
# One pass by student, school and year shows who may have two events on one day (fewer bits than
# events) or events outside an enrollment; only the events of those are looked at one by one.
STUDENT_EVENTS = """
CREATE TABLE staging.student_events AS
SELECT
    attendance.student_id,
    attendance.school_id,
    calendar.school_year,
    min(attendance.date) AS first_date,
    max(attendance.date) AS last_date,
    count(*) > bit_count(
        bitstring_agg(CAST((attendance.date - DATE '1900-01-01') % 512 AS INTEGER), 0, 511)
    ) AS may_repeat
FROM attendance
JOIN calendar USING (school_id, date)
WHERE calendar.attendance_taken
GROUP BY
    attendance.student_id, attendance.school_id, calendar.school_year, attendance.session,
    attendance.period
"""

NOT_ENROLLED = """
WITH suspected AS (
    SELECT student_id, school_id, school_year
    FROM staging.student_events
    ANTI JOIN enrollments
        ON enrollments.student_id = student_events.student_id
        AND enrollments.school_id = student_events.school_id
        AND enrollments.school_year = student_events.school_year
        AND enrollments.entry_date <= student_events.first_date
        AND coalesce(enrollments.exit_date, DATE '9999-12-31') > student_events.last_date
),
event AS (
    SELECT
        attendance.rowid AS at_row,
        attendance.student_id,
        attendance.school_id,
        attendance.date,
        calendar.school_year
    FROM attendance
    JOIN calendar USING (school_id, date)
    SEMI JOIN suspected
        ON suspected.student_id = attendance.student_id
        AND suspected.school_id = attendance.school_id
        AND suspected.school_year = calendar.school_year
    WHERE calendar.attendance_taken
)
SELECT event.at_row
FROM event
ANTI JOIN enrollments
    ON enrollments.student_id = event.student_id
    AND enrollments.school_id = event.school_id
    AND enrollments.school_year = event.school_year
    AND enrollments.entry_date <= event.date
    AND coalesce(enrollments.exit_date, DATE '9999-12-31') > event.date
"""

# An order among codes: whose row speaks for a session, a period, or the day and all that is in it.
OUTRANKED = """
WITH ranked AS (
    SELECT
        attendance.rowid AS at_row,
        attendance.student_id,
        attendance.school_id,
        attendance.date,
        attendance.session,
        attendance.period,
        coalesce(code_of_school."rank", 0) AS place
    FROM attendance
    JOIN code_of_school USING (code, school_id)
)
SELECT lower.at_row
FROM ranked AS lower
SEMI JOIN ranked AS higher
    ON higher.student_id = lower.student_id
    AND higher.school_id = lower.school_id
    AND higher.date = lower.date
    AND higher.place > lower.place
    AND (
        (higher.session IS NULL AND higher.period IS NULL)
        OR (
            higher.session IS NOT DISTINCT FROM lower.session
            AND higher.period IS NOT DISTINCT FROM lower.period
        )
    )
"""


def _leave_out_outranked(loading: Loading) -> None:
    if "rank" not in loading.sources["attendance_codes"].columns:
        return
    words = ("is outranked by another row for that time", "the other is counted")
    _repair(loading, "attendance", EVENT, OUTRANKED, *words)
    loading.connection.execute(
        """
        DELETE FROM attendance
        WHERE rowid IN (SELECT at_row FROM staging.repaired WHERE file = 'attendance')
        """
    )


REPEATED = """
WITH suspected AS (
    SELECT student_id, school_id FROM staging.student_events WHERE may_repeat
),
weighed AS (
    SELECT
        attendance.rowid AS at_row,
        attendance.student_id,
        attendance.school_id,
        attendance.date,
        attendance.session,
        attendance.period,
        least(
            CASE
                WHEN code_of_school.counts_as IN ('present', 'not_recorded') THEN 0
                ELSE coalesce(
                    attendance.missed_minutes / attendance.day_minutes,
                    share_of_day.missed_units / share_of_day.day_units,
                    CASE WHEN attendance.period IS NOT NULL THEN 1 / calendar.periods END,
                    1
                )
            END,
            CASE WHEN attendance.session IS NULL THEN 1 ELSE 0.5 END
        ) AS missed
    FROM attendance
    SEMI JOIN suspected USING (student_id, school_id)
    JOIN code_of_school USING (code, school_id)
    JOIN calendar USING (school_id, date)
    LEFT JOIN share_of_day USING (event_duration)
    WHERE attendance.rowid NOT IN (
        SELECT at_row FROM staging.repaired WHERE file = 'attendance'
    )
)
SELECT at_row
FROM (
    SELECT
        at_row,
        row_number() OVER (
            PARTITION BY student_id, school_id, date, session, period
            ORDER BY missed DESC, at_row
        ) AS place
    FROM weighed
)
WHERE place > 1
"""

OVERLAPPING = """
WITH several AS (
    SELECT student_id, school_id, school_year
    FROM enrollments GROUP BY ALL HAVING count(*) > 1
),
enrolled AS (
    SELECT
        enrollments.rowid AS at_row,
        enrollments.* REPLACE (coalesce(exit_date, DATE '9999-12-31') AS exit_date)
    FROM enrollments
    SEMI JOIN several USING (student_id, school_id, school_year)
)
SELECT at_row
FROM (
    SELECT
        at_row,
        entry_date < max(exit_date) OVER (
            PARTITION BY student_id, school_id, school_year ORDER BY entry_date, exit_date, at_row
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS again
    FROM enrolled
    WHERE entry_date < exit_date
)
WHERE again
"""

AT_TWO_SCHOOLS = """
WITH enrolled AS (
    SELECT
        enrollments.rowid AS at_row,
        enrollments.* REPLACE (coalesce(exit_date, DATE '9999-12-31') AS exit_date)
    FROM enrollments
    SEMI JOIN (
        SELECT student_id, school_year
        FROM enrollments GROUP BY ALL HAVING min(school_id) < max(school_id)
    ) AS several USING (student_id, school_year)
)
SELECT one.at_row
FROM enrolled AS one
SEMI JOIN enrolled AS other
    ON other.student_id = one.student_id
    AND other.school_year = one.school_year
    AND other.school_id <> one.school_id
    AND other.entry_date < one.exit_date
    AND other.exit_date > one.entry_date
    AND other.at_row < one.at_row
"""

LEFT_BEFORE_ENTRY = "SELECT rowid AS at_row FROM enrollments WHERE exit_date < entry_date"

OFF_DAY_WORDS = "is not a day on which the school took attendance"
NOT_ENROLLED_WORDS = "is not enrolled there on that day"

# Repeated events that name neither session nor period: the first of them, how many there are, and
# of how many rows. One row.
SEVERAL_A_DAY = f"""
SELECT
    min(attendance.rowid), count(attendance.rowid), (SELECT count(*) FROM attendance)
FROM attendance
WHERE session IS NULL AND period IS NULL AND rowid IN (SELECT at_row FROM ({REPEATED}))
"""


def _ask_what_several_rows_a_day_are(loading: Loading) -> None:
    """Now and then an event is there twice; in every twentieth row something else is meant."""
    [[first, again, rows]] = loading.connection.execute(SEVERAL_A_DAY).fetchall()
    if again > MOST_SET_ASIDE and again * 20 > rows:
        known, calendar = (loading.sources[name].name for name in ("attendance_codes", "calendar"))
        problem = (
            f"has several rows for the day, and {again:,} of {rows:,} rows are such second ones"
        )
        remedy = (
            "if they are periods, add period here and how many make a day, as periods, to "
            f"{calendar}; if they are half days, add session; if one corrects the other, say with "
            f"rank in {known} whose counts; otherwise keep one row a day"
        )
        _refuse_first(loading, "attendance", EVENT, first, problem, remedy)


EVENT, ENROLLMENT = ("student_id", "school_id", "date"), ("student_id", "school_id", "school_year")


def repair(loading: Loading) -> None:
    """Mark what is counted once or for nothing, and note what is odd but stands."""
    _note_needs(loading)
    if {"survey_invited", "survey_answers"} <= loading.sources.keys():
        _note_invited(loading)
    _leave_out_outranked(loading)
    loading.connection.execute(STUDENT_EVENTS)
    _ask_what_several_rows_a_day_are(loading)
    if loading.findings.refused:
        return
    for name, columns, positions, problem, remedy in (
        (
            "attendance",
            ("school_id", "date"),
            OFF_DAY,
            OFF_DAY_WORDS,
            "the event counts for nothing",
        ),
        (
            "attendance",
            EVENT,
            NOT_ENROLLED,
            NOT_ENROLLED_WORDS,
            "the event counts for nothing",
        ),
        (
            "attendance",
            EVENT,
            REPEATED,
            "has another event for the same session or period",
            "the one that misses most is counted",
        ),
        (
            "enrollments",
            ENROLLMENT,
            OVERLAPPING,
            "is enrolled there already",
            "each day is counted once",
        ),
    ):
        _repair(loading, name, columns, positions, problem, remedy)
    for columns, positions, problem, remedy in (
        (
            ENROLLMENT,
            AT_TWO_SCHOOLS,
            "is enrolled at another school too",
            "over several schools each day is counted once",
        ),
        (
            ("entry_date", "exit_date"),
            LEFT_BEFORE_ENTRY,
            "leaves before it begins",
            "it counts no day",
        ),
    ):
        found = loading.found(positions)
        source = loading.sources["enrollments"]
        loading.list_rows(source, "noted", found, columns, _always(problem, remedy))


# Ten is said again in queries/tables/02_calendar.sql, which decides.
STRAY = """
SELECT attendance.rowid AS at_row
FROM attendance
JOIN row_day USING (school_id, date)
WHERE row_day.stray
"""

STOPPED = """
SELECT schools.school_name, school_feed.last_row_date, school_feed.quiet_days
FROM school_feed
JOIN schools USING (school_id)
WHERE school_feed.has_stopped
ORDER BY school_feed.last_row_date DESC, schools.school_name
"""


def list_days(loading: Loading) -> None:
    """Say which rows move no day of the figures, and which schools stopped sending: the tables
    decide both, so they are made before."""
    _repair(
        loading,
        "attendance",
        ("school_id", "date"),
        STRAY,
        "stands alone, ten or more instructional days after all other rows",
        "it counts for nothing; correct the date, or send the days between",
    )
    source = loading.sources["attendance"]
    for school, last_row, quiet in loading.connection.execute(STOPPED).fetchall():
        problem = (
            f"sent no attendance on the {quiet:,} instructional days after {last_row}, "
            "more than its days without a row before make likely"
        )
        remedy = (
            "its figures stand there; send the rest or, if nobody was absent, one row of the last "
            "day with a code that counts as present"
        )
        finding = Finding(source.name, None, "school_id, date", school, problem, remedy, "noted")
        loading.findings.add(finding, group="stopped")


def _repair(
    loading: Loading,
    name: str,
    columns: tuple[str, ...],
    positions: str,
    problem: str,
    remedy: str,
) -> None:
    loading.connection.execute(
        f"INSERT INTO staging.repaired SELECT $name, at_row, $problem FROM ({positions})",
        {"name": name, "problem": problem},
    )
    found = loading.found(
        "SELECT at_row FROM staging.repaired WHERE file = $name AND rule = $problem",
        name=name,
        problem=problem,
    )
    loading.list_rows(loading.sources[name], "repaired", found, columns, _always(problem, remedy))


def _always(problem: str, remedy: str) -> Callable[[str | None], tuple[str, str]]:
    return lambda _: (problem, remedy)


def count(loading: Loading, rows_in: dict[str, int]) -> tuple[FileCount, ...]:
    """What became of the rows of each file; every row is in one class."""
    repaired = dict(
        loading.connection.execute(
            "SELECT file, count(DISTINCT at_row) FROM staging.repaired GROUP BY file"
        ).fetchall()
    )
    counts = []
    for name, source in sorted(loading.sources.items(), key=lambda item: _ORDER[item[0]]):
        apart = loading.findings.rows_set_aside.get(source.name, 0)
        once = repaired.get(name, 0)
        counts.append(
            FileCount(source.name, rows_in[name], rows_in[name] - apart - once, apart, once)
        )
    return tuple(counts)
