"""Another's number of the same students: the list that comes with it, and the rules behind it."""

import csv
import io
import json
from dataclasses import replace

import pandas as pd

from queries import database
from queries.access import Viewer
from queries.selection import Selection

COLUMNS = ("student_id", "days_absent", "days_enrolled", "chronically_absent")
_YES_NO = {"yes": True, "y": True, "true": True, "1": True} | {
    "no": False,
    "n": False,
    "false": False,
    "0": False,
    "": False,
}
# A list of more is no school's and no district's.
MEGABYTES_AT_MOST = 50
# A rule of theirs holds for all: of those whom it moves, fewer than one in five may go wrong by it.
RIGHT_PER_WRONG = 4
_OF_THEIR_DAY = ("their_date", "corrected")


class WrongList(ValueError):
    """A list that cannot be read; the message names file, line, column and what would be right."""


def read(content: bytes, name: str) -> str:
    """A list of students as Selection.their_list takes it. Raises WrongList.

    content: a CSV file, one row a student, with student_id and, if given, days_absent,
    days_enrolled and chronically_absent (yes or no; without that column, all in the list are). A
    student who counts at two schools may stand in two rows.
    """
    header, rows = _rows(_text(content, name), name)
    columns = [one.strip().casefold() for one in header]
    if "student_id" not in columns:
        raise WrongList(
            f"{name}, line 1: there is no column student_id, only "
            f"{', '.join(header) or 'nothing'}. Call the column of ids student_id; "
            f"{', '.join(COLUMNS[1:])} may stand beside it."
        )
    of_all = "chronically_absent" not in columns
    listed = []
    for line, row in rows:
        cells = dict(zip(columns, (one.strip() for one in row), strict=False))
        if not any(cells.values()):
            continue
        if not cells.get("student_id"):
            raise WrongList(f"{name}, line {line}, student_id: is blank. Every row needs an id.")
        listed.append(
            {
                "student_id": cells["student_id"],
                "counted": of_all or _yes(cells.get("chronically_absent", ""), name, line),
                "days_absent": _days(cells, "days_absent", name, line),
                "days_enrolled": _days(cells, "days_enrolled", name, line),
            }
        )
    if not listed:
        raise WrongList(f"{name}: no student stands in it. Write one row for each.")
    return json.dumps(listed)


def asked(selection: Selection, number, their_list: str | None) -> Selection:
    """The selection that leads to a second number: a row of absence/second_numbers, and the list of
    students behind it if there is one."""
    return replace(
        selection,
        other_definition=number.definition if _is_said(number.definition) else selection.definition,
        their_number=int(number.number),
        their_date=number.stands_on.date() if _is_said(number.stands_on) else None,
        their_list=their_list,
    )


def _is_said(value) -> bool:
    return not pd.isna(value)


def explained(selection: Selection, viewer: Viewer) -> Selection:
    """The selection with the rules that bring the count here nearest to their list, student by
    student: one at a time, the one that brings it nearest first, and none without which it would be
    as near. Without a list, the day that they say, and what was corrected since."""
    tried = _tried(selection, (), viewer)
    of_their_day = tuple(row.rule for row in tried if row.step in _OF_THEIR_DAY)
    if selection.their_list is None:
        return replace(selection, their_rules=of_their_day)
    found: tuple[str, ...] = ()
    while True:
        rules = _tried(selection, found, viewer)[1:]
        likely = [row for row in rules if row.nearer > RIGHT_PER_WRONG * row.farther]
        if not likely:
            break
        found += (max(likely, key=lambda row: row.nearer - row.farther).rule,)
    for rule in found:
        others = tuple(one for one in found if one != rule)
        apart = [_tried(selection, rules, viewer)[0].apart for rules in (found, others)]
        if apart[1] <= apart[0]:
            found = others
    if set(found) & set(of_their_day[1:]):
        # What was corrected since is told apart from the days since.
        found = (*(rule for rule in found if rule not in of_their_day), *of_their_day)
    return replace(selection, their_rules=found)


def _tried(selection: Selection, rules: tuple[str, ...], viewer: Viewer) -> list:
    tried = database.run("absence/rules_tried", replace(selection, their_rules=rules), viewer)
    return list(tried.itertuples())


def _text(content: bytes, name: str) -> str:
    if len(content) > MEGABYTES_AT_MOST * 2**20:
        raise WrongList(
            f"{name}: is larger than {MEGABYTES_AT_MOST} MB. A list has a row a student."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise WrongList(f"{name}, line {line}: is not UTF-8. Save it as CSV UTF-8.") from error


def _rows(text: str, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and each row with its line; by the mark that the header has most of."""
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t|", key=first.count), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise WrongList(
            f"{name}, line {reader.line_num}: cannot be read as CSV ({error}). Save it as CSV."
        ) from error
    return (rows[0][1] if rows else []), rows[1:]


def _yes(said: str, name: str, line: int) -> bool:
    if said.casefold() not in _YES_NO:
        raise WrongList(
            f"{name}, line {line}, chronically_absent: {said!r} is neither yes nor no. Write yes "
            "or no, or leave it blank for who is not evaluated."
        )
    return _YES_NO[said.casefold()]


def _days(cells: dict[str, str], column: str, name: str, line: int) -> float | None:
    said = cells.get(column, "")
    try:
        days = float(said) if said else None
    except ValueError:
        days = -1
    if days is not None and not 0 <= days <= 400:
        raise WrongList(
            f"{name}, line {line}, {column}: {said!r} is not a number of days. Write one from 0 "
            "to 400, such as 17.5, or leave it blank."
        )
    return days
