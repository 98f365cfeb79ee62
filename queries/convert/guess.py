"""What the sheets of a foreign folder are taken for: contents first, names second, and a question
where neither decides.

A wrong guess is worse than a question: a column is taken for something by its name only if its
cells can be that, and by its cells alone only if they can be nothing else.
"""

import csv
import re
from collections import Counter

import pandas as pd

from queries.convert import conventions, published, survey_guess, survey_questions, values
from queries.convert.columns import HERE, Column, counts_of, letters
from queries.convert.mapping import (
    ASK,
    LIKELY,
    OPEN,
    SURE,
    Mapping,
    Meaning,
    SheetMapping,
)
from queries.convert.sheets import Sheet

ROSTER, SCHOOLS, CALENDAR, SESSIONS = "roster", "schools", "calendar", "sessions"
ATTENDANCE, DAY_COLUMNS = "attendance", "attendance_day_columns"
PERIOD_COLUMNS, CODES, NOTHING = "attendance_periods", "attendance_codes", ""

with (HERE / "shapes.csv").open(encoding="utf-8", newline="") as _file:
    _SHAPES = {row["holds"]: row for row in csv.DictReader(_file)}
# Which fields a sheet may have, by what it holds, and without which of them it says nothing.
MAY_HAVE = {holds: row["fields"].split(";") for holds, row in _SHAPES.items()}
NEEDED = {holds: row["needed"].split(";") for holds, row in _SHAPES.items() if row["needed"]}
# One of these says what happened on the day.
STAFF = re.compile(r"(teacher|staff|employee)(number|id|no|type|sisid)?")
SCHOOL_WORDS = ("school", "campus", "building", "org", "dbn", "entity", "institution", "escuela")
PERSONAL = {"first_name", "last_name", "full_name", "grade", "gender", "birth_date", "entry_date"}
SAYS_WHAT = (
    "code",
    "status",
    "event_duration",
    "missed_minutes",
    "present_minutes",
    "periods_missed",
)
DATES = {"date", "entry_date", "exit_date", "begin_date", "end_date", "birth_date"}


def guess(sheets: list[Sheet], said: Mapping | None = None) -> Mapping:
    """The mapping of a folder's sheets, with a question wherever one is left.

    said: what somebody said of sheets with these columns, which decides before any guess."""
    facts = {
        id(sheet): [Column(name, sheet.table[name]) for name in sheet.table.columns]
        for sheet in sheets
    }
    surveys = survey_guess.recognised(sheets)
    students = _student_columns([one for one in sheets if id(one) not in surveys], facts)
    mapping = Mapping()
    known = [said.of(sheet.file, sheet.name, sheet.table) if said else None for sheet in sheets]
    for sheet, before in zip(sheets, known, strict=True):
        if id(sheet) in surveys:
            mapping.sheets.append(surveys[id(sheet)])
            surveys[id(sheet)].take_columns(before)
            continue
        columns, student = facts[id(sheet)], students.get(id(sheet))
        if before and (who := before.column_of("student_id")):
            student = next(column for column in columns if column.name == who)
        holds = _holds(columns, student, sheet.title)
        if before and not before.holds.is_open:
            holds = before.holds
        one = SheetMapping(sheet.file, sheet.name, holds, reading=_reading(sheet))
        if holds.value:
            of_students = student if "student_id" in MAY_HAVE.get(holds.value, ()) else None
            one.columns = _columns(holds.value, columns, of_students)
            one.take_columns(before)
        mapping.sheets.append(one)
    _leave_out_classes(mapping)
    _calendars_of_schools(mapping)
    _schools_by_content(mapping, sheets, facts)
    _dates(mapping, sheets, facts)
    for one, before in zip(mapping.sheets, known, strict=True):
        one.take_dates(before)
        if before and not before.holds.is_open:
            one.holds = before.holds
    _words_as_codes(mapping)
    _ask_for_needed(mapping)
    conventions.add(mapping, sheets)
    survey_questions.add(mapping, sheets)
    for one, before in zip(mapping.sheets, known, strict=True):
        one.take_survey(before)
    if said and any(known):
        mapping.take_rules(said)
    return mapping


def _reading(sheet: Sheet) -> dict[str, str | int]:
    how = sheet.reading
    given = {"encoding": how.encoding, "delimiter": how.delimiter}
    return {name: value for name, value in given.items() if value} | {
        "header_line": how.header_line
    }


# Who: the students' ids


def _student_columns(sheets: list[Sheet], facts: dict[int, list[Column]]) -> dict[int, Column]:
    """The column of students in each sheet that has one: that which links the sheets."""
    anchor = _anchor(sheets, facts)
    found = {}
    for sheet in sheets:
        named = [c for c in facts[id(sheet)] if "student_id" in c.named and c.fits("student_id")]
        if anchor is not None:
            linked = [
                (_shared(column, anchor), column.named[:1] == ["student_id"], column)
                for column in facts[id(sheet)]
                if column.is_id
                and len(column.distinct) > 3
                and not _is_other(column)
                and not column.is_words
            ]
            best = max(linked, key=lambda one: one[:2], default=None)
            if best and best[0] >= 0.5:
                found[id(sheet)] = best[2]
                continue
        firm = [c for c in named if len(c.named) == 1 and _may_be_persons(c)]
        numbers = [c for c in facts[id(sheet)] if c.is_number_of_person and not c.is_days]
        if firm:
            found[id(sheet)] = firm[0]
        elif len(numbers) == 1 and not _is_other(numbers[0]):
            found[id(sheet)] = numbers[0]
    return found


def _may_be_persons(column: Column) -> bool:
    """Whether there are too many for schools under the name of students."""
    return len(column.distinct) >= min(8, 0.5 * len(column.given))


def _is_other(column: Column) -> bool:
    """Whether its name says plainly that it is something else than a student."""
    return bool(column.named) and "student_id" not in column.named


def _key(column: Column) -> set[str]:
    return {one.lstrip("0") or one for one in column.ids}


def _shared(column: Column, anchor: Column) -> float:
    keys = _key(column)
    return len(keys & _key(anchor)) / len(keys) if keys else 0.0


def _anchor(sheets: list[Sheet], facts: dict[int, list[Column]]) -> Column | None:
    """The column of one sheet whose ids come again, often, in another: one row a student there."""
    best: tuple[float, Column | None] = (0.0, None)
    for one in sheets:
        for column in facts[id(one)]:
            if not column.is_number_of_person or _is_other(column):
                continue
            if len(column.distinct) < 0.3 * len(column.given):
                continue
            for other in sheets:
                if other is one:
                    continue
                shares = [
                    _shared(there, column)
                    for there in facts[id(other)]
                    if there.is_number_of_person and not _is_other(there)
                ]
                if shares and max(shares) >= 0.5:
                    named = 0.5 * ("student_id" in column.named)
                    unique = 0.25 * column.is_unique
                    score = max(shares) + named + unique + len(column.distinct) / 1e7
                    best = max(best, (score, column), key=lambda pair: pair[0])
    return best[1]


# What a sheet holds


def _holds(columns: list[Column], student: Column | None, title: str) -> Meaning:
    """What one row of a sheet is."""
    days = [c for c in columns if _is_day(c.name)]
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


def _is_data(header: str) -> bool:
    """Whether a header looks like a cell: a day, a number, a long id."""
    plain = header.split(" (")[0]
    return _is_day(plain) or bool(re.fullmatch(r"-?\d+([.]\d+)?|[0-9a-f-]{32,36}", plain))


def _is_day(header: str) -> bool:
    return any(
        values.day_of(header, order) is not None
        for order in (values.YEAR_FIRST, values.MONTH_FIRST, values.DAY_FIRST, values.BY_NAME)
    )


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
    if _period_columns(columns) and events:
        return Meaning(PERIOD_COLUMNS, LIKELY, "a row a student and day, a column a period")
    says_what = named & {*SAYS_WHAT} or any(c.is_few and c is not student for c in columns)
    plain = named & {*SAYS_WHAT} - {"status"} and "grade" not in named
    if "date" in named and says_what and (events or rows > 1.2 or plain):
        return Meaning(ATTENDANCE, SURE, f"students on days, {rows:.0f} rows a student")
    if events and says_what:
        return Meaning(ATTENDANCE, LIKELY, f"students on days, {rows:.0f} rows a student")
    if named & {"days_absent"} and named & {"days_enrolled", "days_present"}:
        return Meaning("totals", LIKELY, "a student's days absent and enrolled, and no single days")
    if not _are_people(columns, student):
        words = "its ids are those of other files, and nothing says that its rows are students"
        return Meaning(OPEN, ASK, words, tuple(NEEDED))
    if rows < 1.7 or named & {"grade", "school_year"}:
        return Meaning(ROSTER, SURE if named & {*MAY_HAVE[ROSTER]} else LIKELY, "one row a student")
    return Meaning(OPEN, ASK, "it names students, and nobody can tell what a row is", tuple(NEEDED))


def _are_people(columns: list[Column], student: Column) -> bool:
    """Whether anything beside an id is a person's: a name, a grade, a stay."""
    named = {field for c in columns for field in c.named if c.fits(field)}
    if ("student_id" in student.named and len(student.named) == 1) or named & PERSONAL:
        return True
    others = [c for c in columns if c is not student]
    dated = sum(1 for c in others if c.is_days and not c.is_stamp)
    return dated > 1 or any(c.is_full_name or c.is_gender or _spelled_grade(c) for c in others
                            if c.is_full_name or c.is_gender or c.is_grade)  # fmt: skip


def _varies(column: Column, student: Column) -> bool:
    """Whether a student has many days in it, and many students the same: events, not entries."""
    pairs = pd.DataFrame({"student": student.cells, "day": column.cells})
    pairs = pairs[pairs.day != ""].head(100_000)
    if pairs.empty or len(column.distinct) < 3:
        return False
    usual = pairs.day.value_counts().iloc[0] / len(pairs)
    return bool(pairs.groupby("student").day.nunique().mean() >= 1.5) and bool(usual < 0.3)


def _period_columns(columns: list[Column]) -> list[Column]:
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


# What each column is


def _columns(holds: str, columns: list[Column], student: Column | None) -> dict[str, Meaning]:
    """The meaning of each column of a sheet: by its name where its cells can be that, then by what
    its cells can be alone."""
    may_have = MAY_HAVE.get(holds, [])
    found: dict[str, Meaning] = {}
    taken: dict[str, Column] = {}
    if student is not None:
        taken["student_id"] = student
        why = "its ids link the files" if "student_id" not in student.named else "by name and ids"
        certainty = SURE if "student_id" in student.named else LIKELY
        found[student.name] = Meaning("student_id", certainty, why)
    periods = _period_columns(columns) if holds == PERIOD_COLUMNS else []
    # A name that means one thing alone has the first choice.
    for column in sorted(columns, key=lambda one: len(one.named)):
        if column.name in found:
            continue
        if column in periods or (holds == DAY_COLUMNS and _is_day(column.name)):
            found[column.name] = Meaning("marks", SURE, "the marks of one period or day")
            continue
        fields = [f for f in column.named if f in may_have and f != "student_id" and column.fits(f)]
        if student is not None and {"full_name", "school_name"} <= set(column.named):
            # A bare name beside a student is the student's.
            fields = [field for field in fields if field != "school_name"]
        if "student_id" in may_have and len(column.distinct) > max(3, 0.5 * len(column.given)):
            # A school comes again and again; what does not is the row's own id.
            fields = [field for field in fields if field not in ("school_id", "school_name")]
        if "code" in fields and len(column.named) > 1:
            # A word for many things, such as type, is a code only if its cells are.
            known = sum(1 for value in column.distinct if counts_of(value))
            fields = fields if known >= 0.5 * len(column.distinct) else []
        if fields:
            _take(column, fields, taken, found)
    for column in columns:
        if column.name not in found:
            found[column.name] = _by_cells(holds, column, columns, taken)
            if found[column.name].value not in ("", OPEN):
                taken[found[column.name].value] = column
    if holds == published.PUBLISHED:
        published.add_columns(found, columns)
    return {column.name: found[column.name] for column in columns}


def _take(
    column: Column, fields: list[str], taken: dict[str, Column], found: dict[str, Meaning]
) -> None:
    """Take a column for the first of the fields that its name may mean and none has yet."""
    if "school_name" in fields and "school_id" in fields:
        spaced = bool(column.given.str.contains(" ").mean() > 0.3)
        fields.sort(key=lambda one: (one == "school_id") == spaced)
    for field in fields:
        if field not in taken:
            taken[field] = column
            found[column.name] = Meaning(field, SURE, "by its name, and its cells can be that")
            return
    rival = taken[fields[0]]
    if rival.cells.equals(column.cells):
        found[column.name] = Meaning("", SURE, f"says the same as {rival.name}")
        return
    found[column.name] = Meaning(
        "", ASK, f"may be {fields[0]} as {rival.name} is; left out unless you say so"
    )


def _by_cells(
    holds: str, column: Column, columns: list[Column], taken: dict[str, Column]
) -> Meaning:
    """What a column is whose name says nothing: only what its cells alone can be."""
    if not len(column.given):
        return Meaning("", SURE, "is blank")
    may_have = [field for field in MAY_HAVE.get(holds, []) if field not in taken]
    said = column.named
    if said and not set(said) & set(MAY_HAVE.get(holds, [])):
        return Meaning("", SURE, f"{said[0].replace('_', ' ')}: not used here")
    if said and "comment" not in said:
        problem = f"is named as {said[0]}, but its cells are not: {_samples(column)}"
        needed = said[0] in [*NEEDED.get(holds, ()), *SAYS_WHAT] and said[0] not in taken
        return Meaning(OPEN if needed else "", ASK, problem, tuple(may_have))
    if "full_name" in may_have and column.is_full_name and not {"first_name"} & set(taken):
        return Meaning("full_name", LIKELY, "last and first names")
    if "gender" in may_have and column.is_gender and not column.is_yes_no:
        return Meaning("gender", LIKELY, f"says {_samples(column)}")
    if holds == ROSTER and column.is_days and (pair := _stay(column, columns, taken)):
        return pair
    if "grade" in may_have and column.is_grade and _spelled_grade(column):
        return Meaning("grade", LIKELY, f"says {_samples(column)}")
    if holds in (ATTENDANCE, CALENDAR) and "date" in may_have and column.is_days:
        others = [c for c in columns if c is not column and c.is_days]
        if not others:
            return Meaning("date", LIKELY, "the only days here")
    if holds == CALENDAR and "in_session" in may_have and _says_days_off(column, columns):
        return Meaning("in_session", LIKELY, "never in session on Saturdays and Sundays")
    if holds == ATTENDANCE and column.is_few and len(column.distinct) > 1:
        marks = _marks(column, columns, taken)
        if marks is not None:
            return marks
    if len(column.distinct) == 1 and not (column.is_words and "school_name" in may_have):
        return Meaning("", LIKELY, f"says {_samples(column)} in every row")
    words = f"says {_samples(column)}, and its name does not tell what that is; left out"
    return Meaning("", ASK, words, tuple(may_have))


def _samples(column: Column) -> str:
    usual = column.given.value_counts().index[:4]
    return ", ".join(str(value)[:30] for value in usual)


def _spelled_grade(column: Column) -> bool:
    """Grades are told from other small numbers by their letters: K, PK, 3rd; or 01 beside 12."""
    spelled = [v for v in column.distinct if values.grade_of(v) and not v.lstrip("-").isdigit()]
    padded = any(v.startswith("0") and len(v) == 2 for v in column.distinct)
    return len(column.distinct) > 1 and (bool(spelled) or padded)


def _stay(column: Column, columns: list[Column], taken: dict[str, Column]) -> Meaning | None:
    """Entry or exit of two columns of days of which one is never before the other; birth dates lie
    years before both."""
    order = column.orders[0]
    days = column.given.map(lambda value: values.day_of(value, order))
    years = [day.year for day in days.dropna()]
    if not years:
        return None
    others = [c for c in columns if c is not column and c.is_days]
    if (len(set(years)) >= 3 and not others) or len(set(years)) > 4:
        return Meaning("", LIKELY, "days of many years, such as of birth: not used")
    near = [c for c in others if abs(_middle_year(c) - sum(years) / len(years)) < 1.6]
    if len(near) != 1:
        return None
    both = pd.DataFrame({"a": column.cells, "b": near[0].cells})
    both = both[(both.a != "") & (both.b != "")]
    first = both.a.map(lambda value: values.day_of(value, order))
    second = both.b.map(lambda value: values.day_of(value, near[0].orders[0]))
    if len(both) and (first <= second).mean() > 0.98 and (first < second).mean() > 0.5:
        return Meaning("entry_date", LIKELY, f"never after {near[0].name}")
    if len(both) and (first >= second).mean() > 0.98 and (first > second).mean() > 0.5:
        return Meaning("exit_date", LIKELY, f"never before {near[0].name}")
    return None


def _middle_year(column: Column) -> float:
    days = [values.day_of(value, column.orders[0]) for value in column.sample]
    years = [day.year for day in days if day is not None and day.year not in values.NEVER]
    return sum(years) / len(years) if years else 0


def _says_days_off(column: Column, columns: list[Column]) -> bool:
    """Whether of two values one stands on every Saturday and Sunday, and both on other days."""
    dated = next((c for c in columns if c.is_days), None)
    if dated is None or len(column.distinct) != 2 or not column.is_yes_no:
        return False
    days = dated.cells.map(lambda value: values.day_of(value, dated.orders[0]))
    off = days.map(lambda day: day is not None and day.weekday() > 4)
    on = column.cells.map(lambda value: values.yes_no_of(value) == "yes")
    return bool(off.any()) and not (on & off).any() and bool((~on & off).any())


def _marks(column: Column, columns: list[Column], taken: dict[str, Column]) -> Meaning | None:
    """What happened on the day, by cells whose words or usual codes say it."""
    known = [value for value in column.distinct if counts_of(value)]
    words = [value for value in known if len(value) > 3]
    if len(words) == len(column.distinct) and "status" not in taken:
        return Meaning("status", LIKELY, f"says {_samples(column)}")
    rivals = [
        c
        for c in columns
        if c is not column and c.is_few and len(c.distinct) > 1 and c not in taken.values()
    ]
    if "code" not in taken and len(known) >= 0.5 * len(column.distinct):
        weaker = [c for c in rivals if sum(1 for v in c.distinct if counts_of(v)) < len(known)]
        if len(weaker) == len(rivals) or (known and len(words) < len(known)):
            return Meaning("code", LIKELY, f"says {_samples(column)}")
    return None


# Classes, schools, days, and what is missing


def _calendars_of_schools(mapping: Mapping) -> None:
    """Where no school is named, and a calendar in every file, there is a calendar a school."""
    held = [one for one in mapping.sheets if one.column_of("calendar_code")]
    if any(_names_schools(one) for one in mapping.sheets) or len(held) < 2:
        return
    for one in held:
        column = one.column_of("calendar_code") or ""
        one.columns[column] = Meaning("school_name", LIKELY, "each school has a calendar")


def _leave_out_classes(mapping: Mapping) -> None:
    """Rows of a day's classes say nothing more where another file has the days themselves."""
    attendance = mapping.holding(ATTENDANCE)
    of_days = [one for one in attendance if not one.column_of("section")]
    for one in attendance:
        if one.column_of("section") and of_days and not one.column_of("period"):
            why = f"rows of classes: the days stand in {of_days[0].title}"
            one.holds = Meaning(NOTHING, LIKELY, why)


def _schools_by_content(
    mapping: Mapping, sheets: list[Sheet], facts: dict[int, list[Column]]
) -> None:
    """Schools of sheets whose headers name none: a column whose few values are those of another
    sheet, where a row is a school, or a school and a day."""
    by_sheet = list(zip(mapping.sheets, (facts[id(sheet)] for sheet in sheets), strict=True))
    known: set[str] = set()
    for one, columns in by_sheet:
        school = one.column_of("school_id") or one.column_of("school_name")
        if school:
            known |= next(c.ids for c in columns if c.name == school)
    if not known:
        known = _keys_of_calendar(by_sheet)
    for one, columns in by_sheet:
        if one.holds.value in ("", OPEN) or not known or _names_schools(one):
            continue
        for column in columns:
            meaning = one.columns.get(column.name)
            free = meaning is not None and meaning.value in ("", OPEN) and not column.named
            if free and column.ids <= known and len(column.ids) > 1:
                field = "school_name" if column.is_words else "school_id"
                one.columns[column.name] = Meaning(field, LIKELY, "names schools of other files")
                break


def _names_schools(one: SheetMapping) -> bool:
    return any(map(one.column_of, ("school_id", "school_name")))


def _keys_of_calendar(by_sheet: list[tuple[SheetMapping, list[Column]]]) -> set[str]:
    for one, columns in by_sheet:
        day = one.column_of("date")
        if one.holds.value != CALENDAR or day is None:
            continue
        dated = next(c for c in columns if c.name == day)
        for column in columns:
            if column is dated or not 1 < len(column.distinct) < len(dated.distinct):
                continue
            pairs = pd.Series(dated.cells + "\n" + column.cells)
            if pairs.nunique() == len(pairs) and not column.is_yes_no:
                return column.ids
    return set()


def _dates(mapping: Mapping, sheets: list[Sheet], facts: dict[int, list[Column]]) -> None:
    """How each column of days is written: proved by its cells, or by what days they would be."""
    open_ones: list[tuple[SheetMapping, Column]] = []
    proved: Counter[str] = Counter()
    for one, sheet in zip(mapping.sheets, sheets, strict=True):
        for column in facts[id(sheet)]:
            meaning = one.columns.get(column.name)
            if meaning is None or meaning.value not in DATES or meaning.value == "birth_date":
                continue
            orders = column.orders
            if len(orders) == 1 or orders[:1] == [values.YEAR_FIRST]:
                one.dates[column.name] = Meaning(orders[0], SURE, "proved by its cells")
                proved[orders[0]] += 1
            elif set(orders) >= {values.MONTH_FIRST, values.DAY_FIRST}:
                open_ones.append((one, column))
    for one, column in open_ones:
        one.dates[column.name] = _order_by_days(column, one, proved)


def _order_by_days(column: Column, one: SheetMapping, proved: Counter[str]) -> Meaning:
    """Month or day first, where both can be: school days are no Saturdays and Sundays."""
    both = (values.MONTH_FIRST, values.DAY_FIRST)
    off = {}
    for order in both:
        days = [values.day_of(value, order) for value in column.distinct]
        off[order] = sum(1 for day in days if day is not None and day.weekday() > 4)
    for order, other in (both, both[::-1]):
        if off[order] == 0 and off[other] >= 3 and one.columns[column.name].value == "date":
            words = f"the other way {off[other]} of its days are Saturdays or Sundays"
            return Meaning(order, LIKELY, words)
    told = [order for order in both if proved[order]]
    same = [c for c, m in one.dates.items() if m.value in both and c != column.name]
    if len(told) == 1 and (same or off[told[0]] == 0):
        return Meaning(told[0], LIKELY, "as the other days of these files are written")
    return Meaning(OPEN, ASK, f"is {_samples(column)} month or day first", both)


def _words_as_codes(mapping: Mapping) -> None:
    """Where no code says what happened, words do: of the status, or of why (Illness, Tardy)."""
    for one in mapping.holding(ATTENDANCE):
        status, reason = one.column_of("status"), one.column_of("reason")
        if one.column_of("code") is not None:
            continue
        if status is not None:
            one.columns[status].value = "code"
        elif reason is not None and not any(map(one.column_of, SAYS_WHAT)):
            one.columns[reason].value = "code"


def _ask_for_needed(mapping: Mapping) -> None:
    """A question for each field without which a sheet says nothing."""
    for one in mapping.sheets:
        missing = [f for f in NEEDED.get(one.holds.value, ()) if one.column_of(f) is None]
        if one.holds.value == ATTENDANCE and not any(map(one.column_of, SAYS_WHAT)):
            missing.append("code")
        if missing:
            words = ", ".join(missing)
            one.holds = Meaning(
                OPEN,
                ASK,
                f"it looks like {one.holds.value}, but no column is {words}: name it in columns, "
                f"and write {one.holds.value} here, or nothing to leave the sheet out",
                (one.holds.value,),
            )
