"""Calendars that list the days off, with the first and the last day of school.

What is off, what is not, and where a year begins and ends stands in words: Thanksgiving Break,
Early release, First day of school. Of words that say neither, nobody can tell, and it is asked.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

from queries.convert import values
from queries.convert.columns import Column
from queries.convert.mapping import ASK, LIKELY, OPEN, MappingProblem, Meaning, SheetMapping
from queries.load import dates

DAYS_OFF = "days_off"
FIRST, LAST, OFF, OPEN_DAY = "first day", "last day", "off", "school day"
# In this order: "Last day before winter break" ends no year, and on an early release is school.
WORDS = (
    (OPEN_DAY, r"early (release|dismissal)|late (start|arrival)|delayed|half.day|minimum day"
               r"|(before|after) |resumes|make.?up|(begin|end|start)\w* of (the )?(\w+ )?(quarter"
               r"|semester|term|trimester|marking)|(quarter|semester|term|trimester) \d? ?(begins"
               r"|ends|starts)|picture|drill|night|assembly|concert|report card|progress report"
               r"|testing|exams?\b|rally|spirit|appreciation|open house|orientation"),
    (FIRST, r"(first|1st) (student )?day( (of|for) (school|class(es)?|students|all students))?$"
            r"|(school|class(es)?) (begins?|starts?|opens?)$|primer d[ií]a( de clases)?$"),
    (LAST, r"last (student )?day( (of|for) (school|class(es)?|students|all students))?$"
           r"|(school|class(es)?) (ends?|closes)$|[uú]ltimo d[ií]a( de clases)?$"),
    (OFF, r"holiday|break\b|recess|vacation|no (school|class|student)|closed|closure|days? off"
          r"|not in session|(teacher|staff|faculty)s? (work|development|in.?service|institute|day"
          r"|planning|only|professional)|professional (development|learning)|in.?service|workday"
          r"|work day|labor day|columbus day|indigenous|veterans|thanksgiving|christmas|new year"
          r"|luther king|mlk|president|memorial day|juneteenth|good friday|easter|yom kippur"
          r"|rosh hashana|lunar new|eid|diwali|independence day|washington|lincoln|snow day"
          r"|festivo|feriado|vacaciones"),
)  # fmt: skip
# A file of such a name says of all its rows that they are off.
NAMED_OFF = re.compile(r"(?i)holiday|break|vacation|recess|days?[ _-]?off|no[ _-]?school|closure")
KNOWN_SHARE = 0.5


def kind_of(words: str) -> str:
    """Whether a day is off, open, or the first or last of school, by its words; '' for none."""
    plain = " ".join(words.lower().split())
    return next((kind for kind, form in WORDS if re.search(rf"\b(?:{form})", plain)), "")


def holds(columns: list[Column], title: str) -> Meaning | None:
    """Whether rows are days off, or the first and last day: told by the words beside the days."""
    dated = [c for c in columns if c.is_days and not c.is_stamp]
    said = words_of(columns)
    if not dated or said is None or len(dated) > 2:
        return None
    unknown = [value for value in said.distinct if not kind_of(value)]
    if NAMED_OFF.search(title):
        unknown = []
    kinds = {kind_of(value) for value in said.distinct}
    if len(unknown) > KNOWN_SHARE * len(said.distinct) or (
        kinds <= {OPEN_DAY, ""} and not NAMED_OFF.search(title)
    ):
        return None
    if unknown:
        words = f"it lists days off; is there school on {', '.join(sorted(unknown)[:5])}? Say it in"
        words += " those words, such as No school, or leave the sheet out"
        return Meaning(OPEN, ASK, words, (DAYS_OFF,))
    return Meaning(DAYS_OFF, LIKELY, "days off, and what they are called")


def words_of(columns: list[Column]) -> Column | None:
    """The column whose words are those of most days off."""
    words = [c for c in columns if c.is_words and not c.is_days and len(c.given) > 1]
    known = {id(c): sum(1 for value in c.distinct if kind_of(value)) for c in words}
    return max(words, key=lambda one: (known[id(one)], len(one.distinct)), default=None)


def days_between(first: date, last: date) -> list[date]:
    """The weekdays from one day to another, with both of them."""
    every = (first + timedelta(days=n) for n in range(min((last - first).days, 400) + 1))
    return [day for day in every if day.weekday() < 5]


def day_said(words: str, name: str) -> date | None:
    """The day that somebody wrote; None for none. Raises MappingProblem where it is no day."""
    orders = dates.orders_of([words])
    if words and not orders:
        raise MappingProblem(f"{name.replace('_', ' ')}: {words} is no day; write 2025-09-02")
    return dates.day_of(words, orders[0]) if words else None


def read(one: SheetMapping, table: pd.DataFrame) -> list[tuple[str, date, date]]:
    """What each row with a day says: off, first day or last day, and from when to when."""
    begin = one.column_of("begin_date") or one.column_of("date")
    end, said = one.column_of("end_date"), one.column_of("day_kind")
    if begin is None or said is None:
        return []
    found = []
    for row in table.to_dict("records"):
        first = dates.day_of(row[begin], one.dates[begin].value)
        last = dates.day_of(row[end], one.dates[end].value) if end and row[end] else first
        if first is not None and last is not None:
            found.append((kind_of(row[said]) or OFF, first, last))
    return found


def years_in(rows: Iterable[tuple[str, date, date]]) -> dict[str, tuple[date | None, date | None]]:
    """By school year, the first and last day of school, None where no row says it."""
    found: dict[str, tuple[date | None, date | None]] = {}
    for kind, first, last in rows:
        year = values.school_year_on(first)
        begins, ends = found.get(year, (None, None))
        found[year] = (first if kind == FIRST else begins, last if kind == LAST else ends)
    return found


def school_days(rows: list[tuple[str, date, date]]) -> list[date]:
    """The weekdays of each year that are not off."""
    off = {day for kind, begin, end in rows if kind == OFF for day in days_between(begin, end)}
    found: set[date] = set()
    for begins, ends in years_in(rows).values():
        if begins and ends:
            found |= {*days_between(begins, ends)} - off
    return sorted(found)
