"""A mapping followed: the exchange files that foreign sheets mean.

Nothing is made up in silence: what is assumed, left out or put right is a finding. Every row of an
exchange file knows the foreign line it came from, so that what `load` finds names that line.
"""

import pandas as pd

from queries.convert import days, events, people, published, surveys, totals
from queries.convert.conventions import EVENTS
from queries.convert.converted import Converted, is_many
from queries.convert.foreign import Foreign, Pairs
from queries.convert.mapping import Mapping, MappingProblem
from queries.convert.sheets import Sheet
from queries.convert.survey_guess import SURVEYS
from queries.load.report import Findings, shown


def follow(mapping: Mapping, sheets: list[Sheet]) -> Converted:
    """The exchange files that sheets mean by a mapping.

    Raises MappingProblem where a question is left, or a sheet is not as the mapping says.
    """
    open_ones = mapping.questions()
    if open_ones:
        raise MappingProblem("mapping.toml has questions left:\n  " + "\n  ".join(open_ones))
    pairs = _paired(mapping, sheets)
    result = Converted()
    for _, sheet in pairs:
        _set_aside_odd(sheet, result)
    of_surveys = [pair for pair in pairs if pair[0].holds.value in SURVEYS]
    pairs = [pair for pair in pairs if pair[0].holds.value not in SURVEYS]
    foreign = Foreign(mapping, pairs, result)
    if any(one.holds.value in EVENTS for one, _ in pairs):
        _add_attendance(foreign)
    totals.add(foreign)
    tables = [published.rows(*pair) for pair in pairs if pair[0].holds.value == published.PUBLISHED]
    if tables:
        result.add("published_rates", pd.concat(tables))
    surveys.add(mapping, of_surveys, pairs, result)
    return result


def _paired(mapping: Mapping, sheets: list[Sheet]) -> Pairs:
    """The sheets that a mapping uses, each beside its mapping, as it was when that was made."""
    there = {(sheet.file, sheet.name): sheet for sheet in sheets}
    pairs = []
    for one in mapping.sheets:
        if not one.holds.value:
            continue
        sheet = there.get((one.file, one.sheet))
        if sheet is None:
            raise MappingProblem(f"{shown(one.title)} is in the mapping and not in the folder")
        missing = [name for name in one.columns if name not in sheet.table.columns]
        if missing:
            names = ", ".join(map(shown, missing))
            raise MappingProblem(
                f"{shown(one.title)} has no column {names} any more; "
                "map the folder again if its export has changed"
            )
        pairs.append((one, sheet))
    return pairs


def _set_aside_odd(sheet: Sheet, result: Converted) -> None:
    """Rows with more or far fewer cells than the header: set aside, and if many, refused."""
    many = is_many(len(sheet.odd), len(sheet.table))
    for line, cells in sheet.odd[: Findings.LISTED]:
        result.note(
            sheet.title,
            f"has {cells} cells and the header {len(sheet.table.columns)}",
            f"give every row as many; {len(sheet.odd):,} rows have not",
            "refused" if many else "set_aside",
            line=line,
        )


def _add_attendance(foreign: Foreign) -> None:
    """The six files of attendance, people and days."""
    add = foreign.result.add
    attendance = events.events_of(foreign)
    calendar = days.calendar_of(foreign, attendance)
    attendance = days.of_each_day(foreign, attendance, calendar)
    attendance = days.of_known_days(foreign, attendance, calendar)
    everybody, stays = people.people_of(foreign, sorted(set(calendar.school_year)))
    stays = people.stays_of(foreign, everybody, stays, attendance, calendar)
    events.check_whole(foreign, attendance, stays)
    events.refuse_gaps(foreign, attendance, stays, calendar)
    add("schools", foreign.schools.table({*stays.school_id, *calendar.school_id}))
    add("students", people.students_of(foreign, everybody, stays, attendance))
    add("enrollments", stays)
    add("calendar", calendar)
    add("attendance", attendance)
    add("attendance_codes", events.codes_of(foreign))
    if foreign.repaired:
        foreign.result.note(
            "the folder",
            "ids of students had lost their leading zeros",
            "read as the roster writes them",
            "repaired",
            rows=foreign.repaired,
        )
