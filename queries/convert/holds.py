"""What one row of a foreign sheet is: a student, a student's day, a school's day, a code."""

import csv
import re

import pandas as pd

from queries.convert import published, values
from queries.convert.columns import HERE, Column, counts_of, letters
from queries.convert.mapping import ASK, LIKELY, OPEN, SURE, Meaning

ROSTER, SCHOOLS, CALENDAR, SESSIONS = "roster", "schools", "calendar", "sessions"
ATTENDANCE, DAY_COLUMNS = "attendance", "attendance_day_columns"
PERIOD_COLUMNS, CODES, NOTHING = "attendance_periods", "attendance_codes", ""
TOTALS = "year_totals"
# How long a student was enrolled, absent and there: of two of them the third follows.
DAYS = ("days_enrolled", "days_absent", "days_present")

with (HERE / "shapes.csv").open(encoding="utf-8", newline="") as _file:
    _SHAPES = {row["holds"]: row for row in csv.DictReader(_file)}
# Which fields a sheet may have, by what it holds, and without which of them it says nothing.
MAY_HAVE = {holds: row["fields"].split(";") for holds, row in _SHAPES.items()}
NEEDED = {holds: row["needed"].split(";") for holds, row in _SHAPES.items() if row["needed"]}
# One of these says what happened on the day.
SAYS_WHAT = ["code", "status", "event_duration", "missed_minutes", "present_minutes"]
SAYS_WHAT += ["periods_missed"]

STAFF = re.compile(r"(teacher|staff|employee)(number|id|no|type|sisid)?")
SCHOOL_WORDS = ("school", "campus", "building", "org", "dbn", "entity", "institution", "escuela")
PERSONAL = {"first_name", "last_name", "full_name", "grade", "gender", "birth_date", "entry_date"}


def holds_what(columns: list[Column], student: Column | None, title: str) -> Meaning:
    """What one row of a sheet is."""
    days = [c for c in columns if values.is_day(c.name)]
    if any(STAFF.fullmatch(letters(c.name)) for c in columns):
        return Meaning(NOTHING, LIKELY, "of staff, and not of students")
    data = [c for c in columns if _is_data(c.name)]
    if len(data) > 0 and len(data) >= 0.2 * len(columns) and len(days) < 10:
        return Meaning(OPEN, ASK, f"its first row looks like data ({data[0].name}): add a header")
    if not any(c.named == ["student_id"] for c in columns) and (told := published.holds(columns)):
        return told
    if student is not None and len(days) >= 10:
        return Meaning(DAY_COLUMNS, SURE, f"one row a student, and a column for {len(days)} days")
    if student is not None:
        return _of_students(columns, student)
    return _without_students(columns, title)


def _of_students(columns: list[Column], student: Column) -> Meaning:
    rows = len(student.given) / max(1, len(student.distinct))
    dated = [c for c in columns if c.is_days and c is not student]
    named = {field for c in columns for field in c.named if c.fits(field)}
    if named & {"exit_date", "entry_date"} and "date" not in named:
        if rows > 1.2 and named & {"code", "reason"} and "grade" not in named:
            words = "a row seems to be an absence of several days: export one row a day"
            return Meaning(OPEN, ASK, words, (ROSTER,))
        return Meaning(ROSTER, SURE, "students with their days of entry and exit")
    events = [c for c in dated if _varies(c, student)]
    if period_columns(columns) and events:
        return Meaning(PERIOD_COLUMNS, LIKELY, "a row a student and day, a column a period")
    says_what = named & {*SAYS_WHAT} or any(c.is_few and c is not student for c in columns)
    plain = named & {*SAYS_WHAT} - {"status"} and "grade" not in named
    if "date" in named and says_what and (events or rows > 1.2 or plain):
        return Meaning(ATTENDANCE, SURE, f"students on days, {rows:.0f} rows a student")
    if events and says_what:
        return Meaning(ATTENDANCE, LIKELY, f"students on days, {rows:.0f} rows a student")
    if is_of_totals(columns):
        return Meaning(TOTALS, LIKELY, "a student's days absent and enrolled, and no single days")
    if not _are_people(columns, student):
        words = "its ids are those of other files, and nothing says that its rows are students"
        return Meaning(OPEN, ASK, words, tuple(NEEDED))
    if rows < 1.7 or named & {"grade", "school_year"}:
        return Meaning(ROSTER, SURE if named & {*MAY_HAVE[ROSTER]} else LIKELY, "one row a student")
    return Meaning(OPEN, ASK, "it names students, and nobody can tell what a row is", tuple(NEEDED))


def is_of_totals(columns: list[Column]) -> bool:
    """Whether a sheet has two of the three numbers of days."""
    named = {field for column in columns for field in column.named if column.fits(field)}
    return len(named & {*DAYS}) > 1


def _are_people(columns: list[Column], student: Column) -> bool:
    """Whether anything beside an id is a person's: a name, a grade, a stay."""
    named = {field for c in columns for field in c.named if c.fits(field)}
    if ("student_id" in student.named and len(student.named) == 1) or named & PERSONAL:
        return True
    others = [c for c in columns if c is not student]
    dated = sum(1 for c in others if c.is_days and not c.is_stamp)
    return dated > 1 or any(c.is_full_name or c.is_gender or c.is_spelled_grade for c in others)


def _varies(column: Column, student: Column) -> bool:
    """Whether a student has many days in it, and many students the same: events, not entries."""
    pairs = pd.DataFrame({"student": student.cells, "day": column.cells})
    pairs = pairs[pairs.day != ""].head(100_000)
    if pairs.empty or len(column.distinct) < 3:
        return False
    usual = pairs.day.value_counts().iloc[0] / len(pairs)
    return bool(pairs.groupby("student").day.nunique().mean() >= 1.5) and bool(usual < 0.3)


def _without_students(columns: list[Column], title: str) -> Meaning:
    named = {field for c in columns for field in c.named if c.fits(field)}
    dated = [c for c in columns if c.is_days]
    if len(dated) >= 2 and named & {"begin_date", "end_date"} and named & {"school_days"}:
        return Meaning(SESSIONS, SURE, "terms with their first and last day")
    if dated and _tells_who_came(columns):
        words = "it says who came on which day, and no column is surely the students'"
        return Meaning(OPEN, ASK, words, (ATTENDANCE,))
    for column in dated:
        if (column.named and "date" not in column.named) or column.is_stamp:
            continue
        if "section" in named or not _is_dense(column):
            continue
        if len(column.distinct) >= (2 if column.named else 20) and _is_key_with(column, columns):
            return Meaning(CALENDAR, SURE if column.named else LIKELY, "a row a school and day")
    codes = [c for c in columns if c.named[:1] == ["code"] and c.is_unique]
    labels = [c for c in columns if {"label", "counts_as"} & set(c.named)]
    if codes and any(counts_of(value) for c in (*codes, *labels) for value in c.distinct):
        return Meaning(CODES, SURE, "codes with what they mean")
    about = letters(title + "".join(c.name for c in columns))
    of_schools = any(word in about for word in SCHOOL_WORDS)
    if of_schools and named & {"school_id"} and named & {"school_name"} and not dated:
        return Meaning(SCHOOLS, SURE, "one row a school")
    return Meaning(NOTHING, LIKELY, "nothing that is known here")


def _tells_who_came(columns: list[Column]) -> bool:
    """Whether the words of a column are those of attendance: absent, late, P and A."""
    return any(
        column.is_few
        and not column.is_yes_no
        and not {"in_session", "day_kind", "day_off"} & set(column.named)
        and sum(1 for value in column.distinct if counts_of(value)) >= 0.5 * len(column.distinct)
        for column in columns
        if len(column.distinct) > 1 and len(column.given) > 0.5 * len(column.cells)
    )


def _is_dense(column: Column) -> bool:
    """Whether days follow each other as school days do, and are not a list of events."""
    order = column.orders[0]
    read = (values.day_of(value, order) for value in column.distinct)
    days = sorted(day for day in read if day is not None)
    years = len({values.school_year_on(day) for day in days})
    # Between two years there is a summer.
    span = (days[-1] - days[0]).days + 1 - 75 * (years - 1) if days else 0
    return len(days) >= 0.35 * span


def _is_key_with(column: Column, columns: list[Column]) -> bool:
    """Whether a day comes once, alone or with one other column, in nearly all rows."""
    if len(column.distinct) >= 0.98 * len(column.given):
        return True
    for other in columns:
        if other is column or not other.given.size or len(other.distinct) > len(column.distinct):
            continue
        pairs = pd.Series(column.cells + "\n" + other.cells)
        if pairs.nunique() >= 0.98 * len(pairs):
            return True
    return False


def _is_data(header: str) -> bool:
    """Whether a header looks like a cell: a day, a number, a long id."""
    plain = header.split(" (")[0]
    return values.is_day(plain) or bool(re.fullmatch(r"-?\d+([.]\d+)?|[0-9a-f-]{32,36}", plain))


def period_columns(columns: list[Column]) -> list[Column]:
    """Columns of a day's periods: per 1, period 2, P3, 4."""
    found = []
    for column in columns:
        name = column.name.lower().replace("_", " ").strip()
        words = name.split()
        last = words[-1] if words else ""
        number = last.lstrip("p") if last.startswith("p") else last
        first = words[0] if len(words) > 1 else "p" if last.startswith("p") else ""
        if number.isdigit() and int(number) <= 12 and first in ("p", "per", "period", "hour"):
            found.append(column)
    return found if len(found) >= 3 else []
