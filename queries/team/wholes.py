"""What people wrote of a whole school, or in a whole school year, to be forgotten at once.

A record is of a school if any of its versions names that school as its own, and of a school year if
the last words of it do, by their own school year or else by their day; a school year turns in July.
What hangs on a plan or a meeting goes where that goes. A meeting or a priority of several schools
is of none of them, and what stands for longer than a year is of none: who is at the table,
partners, causes, ideas, priorities, definitions, roles of accounts.
"""

import contextlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from queries.team.records import KINDS, from_text

# The day that says in which school year a record without one was written.
_DAYS = {"note": "written_on", "step": "due_on", "contact": "made_on", "meeting": "held_on"}
# What of several schools may also name one, and of what it is the list.
_OF_SEVERAL = ("meeting", "priority", "partner", "grant")


class Whole(NamedTuple):
    """A school or a school year: column is school_id or school_year."""

    column: str
    value: str

    def __str__(self) -> str:
        """As no student's id reads."""
        return f"\0{self.column}\0{self.value}"


class Version(NamedTuple):
    """One version of a record that can be read: when (ISO, UTC), of which kind, its name, its
    fields."""

    at: str
    kind: str
    record: str
    said: dict[str, Any]


def versions(rows: Iterable[tuple[str, str, str, str | None]]) -> list[Version]:
    """The versions that hold words, of rows of at, kind, record and body. What somebody else put in
    is of no school and no year: it is nothing that people wrote here."""
    found = []
    for at, kind, record, body in rows:
        if kind in KINDS and body is not None:
            with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
                datetime.fromisoformat(at)
                found.append(Version(at, kind, record, vars(from_text(kind, body))))
    return found


def all_in(written: Iterable[Version]) -> set[Whole]:
    """Every school and school year that something may be of."""
    found = set()
    for one in written:
        if school := _only_school(one):
            found.add(Whole("school_id", school))
        if year := _school_year(one):
            found.add(Whole("school_year", year))
    return found


def records_of(whole: Whole, written: Iterable[Version], until: str | None = None) -> set[str]:
    """The names of the records that are of a school or a year, and begun up to a time."""
    written = list(written)
    newest = {one.record: one for one in written}
    if whole.column == "school_id":
        found = {one.record for one in written if _only_school(one) == whole.value}
    else:
        found = {name for name, one in newest.items() if _school_year(one) == whole.value}
    found |= {
        one.record for one in written if {one.said.get("plan"), one.said.get("meeting")} & found
    }
    if until is not None:
        found &= {one.record for one in written if one.at <= until}
    return found


def still_naming(school_id: str, written: Iterable[Version]) -> Counter[str]:
    """How many records of several schools name this one too as they stand, by kind."""
    newest = {one.record: one for one in written if one.kind in _OF_SEVERAL}
    naming = [one for one in newest.values() if school_id in one.said.get("schools", ())]
    return Counter(one.kind for one in naming if _only_school(one) is None)


def _only_school(one: Version) -> str | None:
    """The school that a version is of; None where it is of several or none."""
    if one.kind == "meeting":
        schools = one.said.get("schools", ())
        return schools[0] if len(schools) == 1 else None
    return one.said.get("school_id") or None


def _school_year(one: Version) -> str | None:
    if year := one.said.get("school_year"):
        return year
    if one.kind == "story":
        day = datetime.fromisoformat(one.at).date()
    elif one.kind in _DAYS:
        day = one.said[_DAYS[one.kind]]
    else:
        return None
    first = day.year - (day.month < 7)
    return f"{first}-{(first + 1) % 100:02d}"
