"""Several calendars at one school: whose is whose, and on which days a student has none.

Everything after this knows one calendar a school: the days of all its calendars. Days that are not
in a student's own calendar are cut out of the stay (queries/tables/03_enrollment.sql), so that they
are days on which the student is not enrolled.
"""

from queries.load.loading import Loading
from queries.load.report import shown

WHICH = (
    "write in calendar_code which calendar the student follows. Somebody who comes on some days "
    "only follows a calendar of their own that lists these days"
)


def refuse_repeated_days(loading: Loading) -> None:
    """A day that is there twice is a slip, or a day of two calendars: one question for all."""
    source = loading.sources["calendar"]
    [[first, days, rows]] = loading.connection.execute(
        """
        SELECT min(at_row), count(*), sum(rows)
        FROM (
            SELECT min(rowid) AS at_row, count(*) AS rows
            FROM calendar GROUP BY school_id, calendar_code, date HAVING count(*) > 1
        )
        """
    ).fetchall()
    if not days:
        return
    columns: tuple[str, ...] = ("school_id", "calendar_code", "date")
    problem, remedy = "is there more than once", "keep one row for each day"
    if days > 1:
        problem += f", and {days - 1:,} more days like it ({rows:,} rows)"
    if "calendar_code" not in source.columns:
        columns = ("school_id", "date")
        where = " and ".join(
            loading.sources[name].name
            for name in ("calendar", "enrollments")
            if name in loading.sources
        )
        remedy += (
            "; or, if they are days of several calendars, add a column calendar_code to "
            f"{where} that says which day, and which student, belongs to which"
        )
        if source.unknown:
            remedy += f" (the columns {shown(', '.join(source.unknown))} are not read)"
    loading.refuse_for("calendar", columns, first, problem, remedy)


def keep(loading: Loading) -> None:
    """calendar_gap: one row per school, year, calendar and day on which attendance was taken at the
    school, but not in this calendar. calendar: one row per school and day, of all its calendars."""
    ask = "calendar" in loading.sources and "enrollments" in loading.sources
    if ask and not loading.findings.refused:
        _ask_whose_is_whose(loading)
    loading.connection.execute(GAPS)
    if loading.connection.execute(SEVERAL).fetchall():
        _refuse_days_that_differ(loading)
        loading.connection.execute(AS_ONE)


# A calendar without a code is a calendar too: of those who name none.
GAPS = """
CREATE TABLE calendar_gap AS
WITH in_calendar AS (
    SELECT school_id, school_year, coalesce(calendar_code, '') AS calendar_code, date
    FROM calendar
    WHERE attendance_taken
),
several AS (
    SELECT DISTINCT school_id, school_year, coalesce(calendar_code, '') AS calendar_code
    FROM calendar
    QUALIFY count(*) OVER (PARTITION BY school_id, school_year) > 1
)
SELECT several.school_id, several.school_year, several.calendar_code, taken.date
FROM several
JOIN (SELECT DISTINCT school_id, school_year, date FROM in_calendar) AS taken
    USING (school_id, school_year)
ANTI JOIN in_calendar
    ON in_calendar.school_id = several.school_id
    AND in_calendar.school_year = several.school_year
    AND in_calendar.calendar_code = several.calendar_code
    AND in_calendar.date = taken.date
ORDER BY ALL
"""

SEVERAL = "SELECT 1 FROM calendar GROUP BY school_id, date HAVING count(*) > 1 LIMIT 1"

AS_ONE = """
CREATE OR REPLACE TABLE calendar AS
SELECT
    school_id, date, school_year,
    bool_or(in_session) AS in_session,
    bool_or(attendance_taken) AS attendance_taken,
    bool_or(nobody_absent) AS nobody_absent,
    bool_or(goes_on) AS goes_on,
    max(periods) AS periods,
    CAST(NULL AS VARCHAR) AS calendar_code
FROM calendar
GROUP BY school_id, date, school_year
ORDER BY school_year, school_id, date
"""


def _refuse_days_that_differ(loading: Loading) -> None:
    """What one row of attendance is measured by has to be one thing for all who may have it."""
    loading.refuse(
        "calendar",
        ("school_id", "date", "school_year"),
        """
        SELECT one.rowid AS at_row
        FROM calendar AS one
        SEMI JOIN calendar AS other
            ON other.school_id = one.school_id
            AND other.date = one.date
            AND other.school_year < one.school_year
        """,
        "belongs to another school year in another calendar",
        "give it one",
    )
    loading.refuse(
        "calendar",
        ("school_id", "date", "periods"),
        """
        SELECT one.rowid AS at_row
        FROM calendar AS one
        SEMI JOIN calendar AS other
            ON other.school_id = one.school_id
            AND other.date = one.date
            AND other.periods < one.periods
        """,
        "has another number of periods in another calendar",
        "write the same, and missed_minutes and day_minutes in attendance",
    )


def _ask_whose_is_whose(loading: Loading) -> None:
    """Where a school has several calendars every stay there has to name one of them."""
    calendar = loading.sources["calendar"].name
    for first, code, school, year, known, rows, places in loading.connection.execute(
        UNKNOWN_CALENDAR
    ).fetchall():
        problem = f"is no calendar of school {shown(school)} in {year}"
        if code is None:
            problem = f"does not say which calendar of school {shown(school)} the student follows"
        problem += f"; {calendar} has {shown(known)}"
        if rows > 1:
            problem += f" ({rows:,} such rows"
            problem += f", at {places:,} schools and years)" if places > 1 else ")"
        columns = ("student_id", "calendar_code")
        loading.refuse_for("enrollments", columns, first, problem, WHICH)


# Stays whose calendar is not known: the first with a name that is unknown, and the first without.
UNKNOWN_CALENDAR = """
WITH known AS (
    SELECT
        school_id, school_year,
        list(DISTINCT coalesce(calendar_code, '')) AS codes,
        string_agg(DISTINCT coalesce(calendar_code, 'one without a code'), ', ' ORDER BY
            coalesce(calendar_code, 'one without a code')) AS told
    FROM calendar
    GROUP BY ALL
),
named AS (
    SELECT school_id, school_year, count(DISTINCT calendar_code) AS codes
    FROM enrollments
    GROUP BY ALL
)
SELECT
    min(enrollments.rowid),
    arg_min(enrollments.calendar_code, enrollments.rowid),
    arg_min(enrollments.school_id, enrollments.rowid),
    arg_min(enrollments.school_year, enrollments.rowid),
    arg_min(known.told, enrollments.rowid),
    count(*),
    count(DISTINCT (enrollments.school_id, enrollments.school_year))
FROM enrollments
JOIN known USING (school_id, school_year)
JOIN named USING (school_id, school_year)
WHERE NOT list_contains(known.codes, coalesce(enrollments.calendar_code, ''))
    -- Of a school's only calendar nobody has to say that it is theirs.
    AND NOT (len(known.codes) = 1 AND enrollments.calendar_code IS NULL)
    AND NOT (known.codes = [''] AND named.codes = 1)
GROUP BY enrollments.calendar_code IS NULL
ORDER BY min(enrollments.rowid)
"""

OWN_DAY_OFF_WORDS = "is no day of the student's own calendar"


OWN_DAY_OFF = """
SELECT attendance.rowid AS at_row
FROM attendance
SEMI JOIN calendar_gap AS gap
    ON gap.school_id = attendance.school_id AND gap.date = attendance.date
JOIN calendar ON calendar.school_id = attendance.school_id AND calendar.date = attendance.date
JOIN enrollments
    ON enrollments.student_id = attendance.student_id
    AND enrollments.school_id = attendance.school_id
    AND enrollments.school_year = calendar.school_year
    AND enrollments.entry_date <= attendance.date
    AND coalesce(enrollments.exit_date, DATE '9999-12-31') > attendance.date
LEFT JOIN calendar_gap
    ON calendar_gap.school_id = attendance.school_id
    AND calendar_gap.school_year = calendar.school_year
    AND calendar_gap.calendar_code = coalesce(enrollments.calendar_code, '')
    AND calendar_gap.date = attendance.date
GROUP BY attendance.rowid
HAVING bool_and(calendar_gap.date IS NOT NULL)
"""


def note_part_time(loading: Loading) -> None:
    """Who is missing on one or two days of the week alone may not come on the others at all."""
    source = loading.sources["enrollments"]
    for line in loading.connection.execute(ON_SOME_WEEKDAYS).fetchall():
        student, days, weekdays, students = line
        problem = f"missed {days:,} days, all on a {weekdays}, which is no chance"
        if students > 1:
            problem += f"; so did {students - 1:,} more, each on one or two days of the week alone"
        remedy = f"if they come on these days only, {WHICH[0].lower()}{WHICH[1:]}"
        loading.findings.note(source.name, None, "student_id", student, problem, remedy)


# One row, or none: the first such student, and how many there are. By chance alone fewer than one
# load in a hundred would name somebody: each could have been so on each weekday or pair.
ON_SOME_WEEKDAYS = """
WITH missed AS (
    SELECT
        student_id, school_id, school_year,
        list_sort(list(DISTINCT isodow(date))) AS weekdays,
        count(*) AS days
    FROM missed_day
    GROUP BY ALL
),
of_week AS (
    SELECT school_id, school_year, isodow(date) AS weekday, count(*) AS days
    FROM school_day
    WHERE taken
    GROUP BY ALL
),
weighed AS (
    SELECT
        missed.student_id, missed.days, missed.weekdays,
        sum(of_week.days) FILTER (WHERE list_contains(missed.weekdays, of_week.weekday))
            / sum(of_week.days) AS share,
        (SELECT count(DISTINCT student_id) FROM entry) AS all_students
    FROM missed
    JOIN of_week USING (school_id, school_year)
    WHERE len(missed.weekdays) <= 2
        -- With a calendar of their own it has been said.
        AND (missed.school_id, missed.school_year, missed.student_id) NOT IN (
            SELECT (school_id, school_year, student_id)
            FROM entry
            SEMI JOIN calendar_gap USING (school_id, school_year, calendar_code)
        )
    GROUP BY ALL
)
SELECT
    arg_max(student_id, days),
    max(days),
    arg_max(
        array_to_string(
            list_transform(
                weekdays,
                lambda number: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday',
                    'Sunday'][number]
            ),
            ' or '
        ),
        days
    ),
    count(DISTINCT student_id)
FROM weighed
WHERE share < 0.5 AND power(share, days) * all_students * 15 < 0.01
HAVING count(*) > 0
"""
