"""What each column of a sheet is, once it is known what the sheet holds.

By its name where its cells can be that, then by what its cells alone can be.
"""

from collections.abc import Set

import pandas as pd

from queries.convert import breaks, published, values
from queries.convert.columns import LEVELS, Column, counts_of, letters
from queries.convert.holds import (
    ATTENDANCE,
    BESIDE_SCHOOL,
    CALENDAR,
    CODES,
    DAY_COLUMNS,
    MAY_HAVE,
    NEEDED,
    PERIOD_COLUMNS,
    ROSTER,
    SAYS_WHAT,
    are_short,
    period_columns,
    says_days_off,
    tells_kinds_of_days,
)
from queries.convert.mapping import ASK, LIKELY, OPEN, SURE, Meaning
from queries.load import dates

_WEEKDAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
# By what a sheet holds, the fields with which its rows begin and end.
ENDS = {ROSTER: ("entry_date", "exit_date"), ATTENDANCE: ("begin_date", "end_date"),
        breaks.DAYS_OFF: ("begin_date", "end_date")}  # fmt: skip


# What a school has, and in a list of students a student may have too: a city, a district.
OF_SCHOOLS = ("network", "neighborhood", "level")

# In a list of students these are of the stay.
OF_STAYS = {"begin_date": "entry_date", "end_date": "exit_date"}


def fields_of(
    holds: str, columns: list[Column], student: Column | None, schools: Set[str] = frozenset()
) -> dict[str, Meaning]:
    """The meaning of each column of a sheet: by its name where its cells can be that, then by what
    its cells can be alone. schools: the ids and names of schools in other sheets."""
    may_have = MAY_HAVE.get(holds, [])
    found: dict[str, Meaning] = {}
    taken: dict[str, Column] = {}
    if student is not None:
        taken["student_id"] = student
        why = "its ids link the files" if "student_id" not in student.named else "by name and ids"
        certainty = SURE if "student_id" in student.named else LIKELY
        found[student.name] = Meaning("student_id", certainty, why)
    if holds == breaks.DAYS_OFF and (words := breaks.words_of(columns)) is not None:
        taken["day_kind"] = words
        found[words.name] = Meaning("day_kind", LIKELY, f"says {words.samples}")
    dated = any("date" in c.named and c.fits("date") for c in columns)
    if dated or (holds == ATTENDANCE and not are_short(columns)):
        may_have = [field for field in may_have if field not in ("begin_date", "end_date")]
    periods = period_columns(columns) if holds == PERIOD_COLUMNS else []
    # A name that means one thing alone has the first choice.
    for column in sorted(columns, key=lambda one: len(one.named)):
        if column.name in found:
            continue
        day, _ = values.half_of(column.name)
        if column in periods or (holds == DAY_COLUMNS and dates.is_day(day)):
            found[column.name] = Meaning("marks", SURE, "the marks of one period or day")
            continue
        named = [*column.named, *(OF_STAYS.get(f, f) for f in column.named if holds == ROSTER)]
        fields = [f for f in named if f in may_have and f != "student_id" and column.fits(f)]
        if student is not None and {"full_name", "school_name"} <= set(column.named):
            # A bare name beside a student is the student's, if there are as many of them, and a
            # school's if there are few and it sounds so: first names alone are neither.
            share = len(column.distinct) / len(student.distinct)
            others = {field for one in columns if one is not column for field in one.named}
            sounds_so = LEVELS.search(column.samples) or others & {"first_name", "full_name"}
            fits = {"school_name": share < 0.3 and bool(sounds_so), "full_name": share >= 0.3}
            fields = [field for field in fields if fits.get(field, True)]
        if "student_id" in may_have and len(column.distinct) > max(3, 0.5 * len(column.given)):
            # A school comes again and again; what does not is the row's own id.
            fields = [field for field in fields if field not in ("school_id", "school_name")]
        if student is not None and not _stays_put(column, student):
            fields = [field for field in fields if field not in ("school_id", "school_name")]
        if fields and (doubt := _doubt(fields, column, columns, student, schools)):
            found[column.name] = Meaning("", ASK, f"{doubt} Left out unless you say so", (*fields,))
            continue
        if "code" in fields and len({*column.named} - {"mode"}) > 1:
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


def _stays_put(column: Column, student: Column) -> bool:
    """Whether it is mostly the same in two rows of a student that follow each other, as a school
    is, and no room."""
    rows = pd.DataFrame({"student": student.cells, "place": column.cells}).head(100_000)
    rows = rows[rows.place != ""].sort_values("student", kind="stable")
    follows = rows.student.eq(rows.student.shift())
    same = rows.place.eq(rows.place.shift())[follows]
    return len(same) < 10 or bool(same.mean() >= 0.5)


def _doubt(
    fields: list[str],
    column: Column,
    columns: list[Column],
    student: Column | None,
    schools: Set[str],
) -> str:
    """A question where a name that other things have too is all that speaks for what its cells do
    not tell apart: a school, a grade, a year; '' for none."""
    field = fields[0]
    if {*fields} & {"school_id", "school_name"} and not {*fields} & {*column.firm}:
        proved = column.sounds_of_schools or (column.ids and column.ids <= schools)
        org = any("org_type" in c.named for c in columns)
        return "" if proved or org else f"is {column.samples} a school?"
    if student is None:
        return ""
    if field in OF_SCHOOLS:
        places = [c for c in columns if {"school_id", "school_name"} & {*c.firm}]
        return "" if any(_is_same(column, one) for one in places) else "is it the school's?"
    if field == "grade" and not _is_same(column, student, 1.5):
        return f"is {column.samples} the grade of work? It differs within a student."
    work = [c for c in columns if BESIDE_SCHOOL.fullmatch(letters(c.name))]
    work += [c for c in columns if not c.named and c.is_spelled_grade and c is not column]
    if field == "grade" and "grade" not in column.firm and work:
        return f"is it the grade of school, beside {work[0].name}?"
    if field == "school_year" and "school_year" not in column.firm:
        return "" if _is_year_of(column, columns, student) else "is it the year of school?"
    if field == "entry_date" and "begin_date" in column.named:
        ends = any({"exit_date", "end_date"} & {*c.named} and c.fits("exit_date") for c in columns)
        return "" if ends or column.is_usual else "is it the day of entry?"
    return ""


def _is_same(column: Column, key: Column, most: float = 1.05) -> bool:
    """Whether nearly each key has one value in a column."""
    pairs = pd.DataFrame({"key": key.cells, "value": column.cells}).head(100_000)
    pairs = pairs[(pairs.key != "") & (pairs.value != "")]
    return bool(len(pairs)) and bool(pairs.groupby("key").value.nunique().mean() <= most)


def _is_year_of(column: Column, columns: list[Column], student: Column) -> bool:
    """Whether years are those of the days beside them, differ within students, or name two years:
    2025-26."""
    if not column.given.str.fullmatch(r"\d{4}").any():
        return True
    for one in (c for c in columns if c.is_days and "birth_date" not in c.named):
        days = (dates.day_of(value, one.orders[0]) for value in one.distinct)
        years = sorted({values.school_year_on(day) for day in days if day is not None})
        if {values.school_year_of(value, years) for value in column.distinct} <= {*years}:
            return True
    return len(column.distinct) > 1 and not _is_same(column, student, 1.2)


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
    if {value.lower()[:3] for value in column.distinct} <= _WEEKDAYS:
        return Meaning("", SURE, "the names of weekdays: not used")
    said = column.named
    if holds == CALENDAR and "day_kind" in may_have and tells_kinds_of_days(column):
        return Meaning("day_kind", LIKELY, f"says {column.samples}")
    if "full_name" in may_have and column.is_full_name and not {"first_name"} & set(taken):
        return Meaning("full_name", LIKELY, "last and first names")
    if holds == CODES and "label" in may_have and column.is_words:
        return Meaning("label", LIKELY, f"says {column.samples}")
    if said and not set(said) & set(MAY_HAVE.get(holds, [])):
        return Meaning("", SURE, f"{said[0].replace('_', ' ')}: not used here")
    if said and "comment" not in said:
        problem = f"is named as {said[0]}, but its cells are not: {column.samples}"
        if said[0] in taken:
            problem = f"may be {said[0]} as {taken[said[0]].name} is; left out unless you say so"
        needed = said[0] in [*NEEDED.get(holds, ()), *SAYS_WHAT] and said[0] not in taken
        return Meaning(OPEN if needed else "", ASK, problem, tuple(may_have))
    if "gender" in may_have and column.is_gender and not column.is_yes_no:
        return Meaning("gender", LIKELY, f"says {column.samples}")
    if (
        holds in ENDS
        and column.is_days
        and "date" not in taken
        and (pair := _stay(holds, column, columns))
    ):
        return pair
    if "grade" in may_have and column.is_spelled_grade:
        return Meaning("grade", LIKELY, f"says {column.samples}")
    if holds in (ATTENDANCE, CALENDAR) and "date" in may_have and column.is_days:
        others = [c for c in columns if c is not column and c.is_days]
        if not others:
            return Meaning("date", LIKELY, "the only days here")
    if holds == CALENDAR and "in_session" in may_have and says_days_off(column, columns):
        return Meaning("in_session", LIKELY, "never in session on Saturdays and Sundays")
    if holds == ATTENDANCE and column.is_few and len(column.distinct) > 1:
        marks = _marks(column, columns, taken)
        if marks is not None:
            return marks
    if len(column.distinct) == 1 and not (column.is_words and "school_name" in may_have):
        return Meaning("", LIKELY, f"says {column.samples} in every row")
    words = f"says {column.samples}, and its name does not tell what that is; left out"
    return Meaning("", ASK, words, tuple(may_have))


def _stay(holds: str, column: Column, columns: list[Column]) -> Meaning | None:
    """Which end of a stay, an absence or a break a column is: of two columns of days one is never
    before the other; birth dates lie years before both."""
    order = column.orders[0]
    days = column.given.map(lambda value: dates.day_of(value, order))
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
    first = both.a.map(lambda value: dates.day_of(value, order))
    second = both.b.map(lambda value: dates.day_of(value, near[0].orders[0]))
    if not len(both):
        return None
    begins, ends = ENDS[holds]
    longest = (second - first).map(lambda time: abs(time.days)).quantile(0.9)
    if holds != ROSTER and longest > 31:
        return None
    # Most stays last, and most absences are of one day.
    lasting = 0.5 if holds == ROSTER else 0
    for field, before, after in ((begins, first, second), (ends, second, first)):
        if (before <= after).mean() > 0.98 and (before < after).mean() > lasting:
            if near[0].named:
                # A system that names one of the two names the other: this may be another day.
                words = f"is never on the other side of {near[0].name}: is it the day of"
                words += f" {field.removesuffix('_date')}? Write {field}, or '' if it is not"
                return Meaning(OPEN, ASK, words, (field,))
            if holds == ROSTER and not (column if field == begins else near[0]).is_usual:
                words = f"is it the {field.replace('_', ' ')}? Left out unless you say so"
                return Meaning("", ASK, words, (field,))
            side = "after" if field == begins else "before"
            return Meaning(field, LIKELY, f"never {side} {near[0].name}")
    return None


def _middle_year(column: Column) -> float:
    days = [dates.day_of(value, column.orders[0]) for value in column.sample]
    years = [day.year for day in days if day is not None and day.year not in dates.NEVER]
    return sum(years) / len(years) if years else 0


def _marks(column: Column, columns: list[Column], taken: dict[str, Column]) -> Meaning | None:
    """What happened on the day, by cells whose words or usual codes say it."""
    known = [value for value in column.distinct if counts_of(value)]
    words = [value for value in known if len(value) > 3]
    if len(words) == len(column.distinct) and "status" not in taken:
        return Meaning("status", LIKELY, f"says {column.samples}")
    rivals = [
        c
        for c in columns
        if c is not column and c.is_few and len(c.distinct) > 1 and c not in taken.values()
    ]
    if "code" not in taken and len(known) >= 0.5 * len(column.distinct):
        weaker = [c for c in rivals if sum(1 for v in c.distinct if counts_of(v)) < len(known)]
        if len(weaker) == len(rivals) or (known and len(words) < len(known)):
            return Meaning("code", LIKELY, f"says {column.samples}")
    return None
