"""What holds for a whole folder: how codes count, when a stay ends, which days were school days."""

import re
from bisect import bisect_left
from collections import Counter
from datetime import date

import pandas as pd

from queries.convert import breaks, values
from queries.convert.columns import counts_of, letters
from queries.convert.holds import LENGTHS
from queries.convert.mapping import ASK, LIKELY, OPEN, SURE, Code, Mapping, Meaning, SheetMapping
from queries.convert.schools import named_in
from queries.convert.sheets import Sheet
from queries.load import dates

WAYS = ("absent", "present", "half_day", "partial", "not_recorded")
FIRST_OUT, LAST_IN = "first day out", "last day in"
OF_CALENDAR, WITH_ROWS, OF_TERMS = "calendar", "days with rows", "terms"
OF_BREAKS = "all but days off"
# Asked where a list of days off does not say them.
ENDS_OF_YEAR = ("first_school_day", "last_school_day")
EVENTS = ("attendance", "attendance_day_columns", "attendance_periods")
# One row a student: who is not named there is not enrolled.
LISTS = ("roster", "attendance_day_columns")
HAS_A_ROW = "whoever has a row"
# A sign of a code, more than a word of it: it is likely and not sure.
SHORT = 2
# Of so many rows per student and day nearly all say present: a row for every day.
EVERY_DAY = 0.5
# Students stay for a part of a year's days, and are absent or late on fewer than this.
DENSE = 0.2


def add(mapping: Mapping, sheets: list[Sheet]) -> None:
    """Add codes and conventions to a mapping of sheets, with a question where one is left."""
    by_sheet = [
        (one, sheet) for one, sheet in zip(mapping.sheets, sheets, strict=True) if one.holds.value
    ]
    events = [pair for pair in by_sheet if pair[0].holds.value in EVENTS]
    if not events:
        return
    mapping.codes = _codes(by_sheet)
    if not by_sheet or any(one.holds.is_open for one, _ in by_sheet):
        return
    mapping.conventions["school_days"] = _school_days(by_sheet, mapping)
    if mapping.convention("school_days") == OF_BREAKS:
        _ask_for_ends_of_year(by_sheet, mapping)
    if not any(one.holds.value in LISTS for one, _ in by_sheet) and not is_every_day(
        by_sheet, mapping
    ):
        words = "no file lists the students, and rates are too high without those who were never "
        words += f'absent: add the roster, or write "{HAS_A_ROW}" if everybody has one'
        mapping.conventions["enrolled"] = Meaning(OPEN, ASK, words, (HAS_A_ROW,))
    ends = _exit(by_sheet, mapping)
    if ends:
        mapping.conventions["exit_date"] = ends
    _add_lengths(mapping, events)
    named = [one.whole.get("school_name") for one, _ in events]
    are_named = all(named) and len({one.value for one in named if one}) > 1
    in_columns = any(one.column_of(f) for one, _ in by_sheet for f in ("school_id", "school_name"))
    if not (in_columns or are_named):
        mapping.conventions["school"] = _only_school([sheet for _, sheet in by_sheet])


def _only_school(sheets: list[Sheet]) -> Meaning:
    """The name of the school that all is of where no column names one: as a title row has it."""
    titles = (named_in(line) for sheet in sheets for line in sheet.reading.left_out)
    if name := next(filter(None, titles), ""):
        return Meaning(name, LIKELY, "no column names a school, and a title row says this")
    return Meaning("School 1", LIKELY, "no file names the school")


# Codes


def marks_of(one: SheetMapping, sheet: Sheet) -> pd.Series:
    """What says what happened, a cell a row or, of columns of days and periods, a cell each."""
    columns = [column for column, meaning in one.columns.items() if meaning.value == "marks"]
    names = [name for field in ("code", "status") if (name := one.column_of(field))]
    if not names and not columns:
        return lengths_of(one, sheet)
    cells = [values.cleaned(sheet.table[column]) for column in columns or names]
    if not columns and len(cells) > 1:
        # Where no code stands, the words beside it say what happened.
        return cells[0].where(cells[0] != "", cells[1])
    return pd.concat(cells)


def lengths_of(one: SheetMapping, sheet: Sheet) -> pd.Series:
    """By row, the name of the first column that says that somebody missed some of the day."""
    found = pd.Series("", index=sheet.table.index, dtype=object)
    for name in filter(None, map(one.column_of, LENGTHS)):
        cells = values.with_points(values.cleaned(sheet.table[name]))
        numbers = {cell: values.number_of(cell) for cell in cells.unique()}
        whole: float | None = 1.0 if name == one.column_of("present_share") else 0.0
        if name == one.column_of("present_minutes"):
            # Of who was there, most were there all day; else nothing but the length of a day tells.
            most = cells.map(numbers).max()
            whole = most if cells.map(numbers).eq(most).mean() >= EVERY_DAY else None
        missed = cells.map({cell: number not in (None, whole) for cell, number in numbers.items()})
        found = found.mask(missed & found.eq(""), name)
    return found


def code_of(value: str) -> str:
    """A code as it is kept: without the address before a descriptor's name."""
    return value.rpartition("#")[2] or value


def _codes(by_sheet: list[tuple[SheetMapping, Sheet]]) -> list[Code]:
    events = [marks_of(*pair) for pair in by_sheet if pair[0].holds.value in EVENTS]
    used = {code_of(value) for marks in events for value in marks.unique() if value}
    listed: dict[str, dict[str, str]] = {}
    for one, sheet in by_sheet:
        if one.holds.value == "attendance_codes":
            listed |= _listed(one, sheet, used)
    found: dict[str, Code] = {}
    for one, sheet in by_sheet:
        if one.holds.value not in EVENTS:
            continue
        marks = marks_of(one, sheet)
        counts = Counter({code_of(v): n for v, n in marks.value_counts().items() if v})
        said = _said_beside(one, sheet)
        lengths = {name: f for f in LENGTHS if (name := one.column_of(f))}
        for code, rows in counts.most_common():
            if code in lengths and not one.column_of("code"):
                how = Meaning("partial", LIKELY, f"{rows:,} rows, by how long")
                excused = {"excused_minutes": "yes", "unexcused_minutes": "no"}
                found[code] = Code(code, how, excused=excused.get(lengths[code], ""))
                continue
            alike = listed.get(code) or listed.get(code.upper())
            if code not in found:
                found[code] = _code(code, rows, said.get(code, {}), alike)
    return list(found.values())


def _listed(one: SheetMapping, sheet: Sheet, used: set[str]) -> dict[str, dict[str, str]]:
    """What a list of codes says of each: by its code, or by its number in the list, where that is
    what events have. A code of which two rows say two things is asked about."""
    fields = ("code", "label", "counts_as", "excused", "reason")
    names = {field: one.column_of(field) for field in fields}
    own = set(sheet.table[names["code"]]) if names["code"] else set()
    if used and not used & {code_of(value) for value in own}:
        keys = [name for name in sheet.table if used <= set(sheet.table[name])]
        names["code"] = keys[0] if keys else names["code"]
    rows: dict[str, dict[str, str]] = {}
    several = set()
    for _, row in sheet.table.iterrows():
        said = {field: row[name] for field, name in names.items() if name is not None}
        if not said.get("code"):
            continue
        code = code_of(said["code"])
        if rows.setdefault(code, said) != said:
            several.add(code)
    return {code: {"code": code} if code in several else said for code, said in rows.items()}


def _said_beside(one: SheetMapping, sheet: Sheet) -> dict[str, dict[str, set[str]]]:
    """What columns beside the code say wherever a code stands: status, reason, excused."""
    code = one.column_of("code")
    if code is None:
        return {}
    table = sheet.table
    keys = values.cleaned(table[code]).map(code_of)
    said: dict[str, dict[str, set[str]]] = {}
    for field in ("status", "reason", "excused"):
        name = one.column_of(field)
        if name is None or name == code:
            continue
        for key, group in values.cleaned(table[name]).groupby(keys):
            said.setdefault(str(key), {})[field] = set(group.unique()) - {""}
    return said


def _code(code: str, rows: int, beside: dict[str, set[str]], listed: dict[str, str] | None) -> Code:
    """How a code counts: by what stands beside it, by a list of codes, by its own words."""
    label = (listed or {}).get("label", "")
    excused = _yes_no((listed or {}).get("excused", ""))
    reasons = beside.get("reason", set())
    status = beside.get("status", set())
    ways = {way[0] if (way := counts_of(value)) else "" for value in status}
    if len(ways) == 1 and ways != {""}:
        return Code(
            code, Meaning(ways.pop(), SURE, f"{rows:,} rows, each “{', '.join(sorted(status))}”"),
            label, excused or _own(code)[1] or _yes_no(*beside.get("excused", set())),
        )  # fmt: skip
    own = code if len(code) > SHORT + 1 else ""
    # Several reasons beside a code count as it does where all of them are known and count alike.
    known = [counts_of(reason) for reason in reasons]
    alike = all(known) and len({way[0] for way in known if way}) == 1
    for words in ((listed or {}).get("counts_as", ""), label, own, *sorted(reasons)[:1]):
        way = counts_of(words) if words else None
        if way and (words not in reasons or alike):
            certain = SURE if len(words) > SHORT else LIKELY
            said = way[1] if words not in reasons or len(set(known)) == 1 else ""
            return Code(code, Meaning(way[0], certain, f"{rows:,} rows, “{words}”"), label,
                        excused or said)  # fmt: skip
    way = _own(code)
    if way[0]:
        certain = SURE if len(code) > SHORT + 1 else LIKELY
        return Code(code, Meaning(way[0], certain, f"{rows:,} rows, a usual code"), label,
                    excused or way[1])  # fmt: skip
    words = f"stands in {rows:,} rows: how does it count?"
    return Code(code, Meaning(OPEN, ASK, words, WAYS), label, excused)


def _own(code: str) -> tuple[str, str]:
    return counts_of(code) or ("", "")


def _yes_no(*said: str) -> str:
    """Whether absences of a code are excused, where all that is said beside it agrees."""
    words = {
        {"e": "yes", "excused": "yes", "u": "no", "unexcused": "no"}.get(
            one.lower(), values.yes_no_of(one)
        )
        for one in said
    }
    return words.pop() if len(words) == 1 else ""


# Which days


def _school_days(by_sheet: list[tuple[SheetMapping, Sheet]], mapping: Mapping) -> Meaning:
    """Where instructional days are taken from."""
    held = {one.holds.value for one, _ in by_sheet}
    if "calendar" in held:
        return Meaning(OF_CALENDAR, SURE, "a file lists them")
    if "attendance_day_columns" in held:
        return Meaning(WITH_ROWS, SURE, "there is a column for each")
    if breaks.DAYS_OFF in held:
        return Meaning(OF_BREAKS, LIKELY, "a file lists days off: every other weekday is one")
    if "sessions" in held:
        return Meaning(
            OF_TERMS, LIKELY, "a term says how many it has; which weekdays they were is assumed"
        )
    if is_every_day(by_sheet, mapping):
        return Meaning(WITH_ROWS, SURE, "there is a row for every student and day")
    words = (
        "no file that is understood lists them. If on every school day at least one student has a "
        "row, write "
        f'"{WITH_ROWS}"; otherwise add a calendar'
    )
    return Meaning(OPEN, ASK, words, (WITH_ROWS,))


def _ask_for_ends_of_year(by_sheet: list[tuple[SheetMapping, Sheet]], mapping: Mapping) -> None:
    """Ask for the first and last day of school where no list of days off says both of a year."""
    rows = [row for one, sheet in by_sheet if one.holds.value == breaks.DAYS_OFF
            for row in breaks.read(one, sheet.table)]  # fmt: skip
    if not any(all(ends) for ends in breaks.years_in(rows).values()):
        for name in ENDS_OF_YEAR:
            words = f"what was the {name.replace('_', ' ')}? The list of days off does not say it"
            mapping.conventions[name] = Meaning(OPEN, ASK, words, ("a day such as 2025-09-02",))


def is_every_day(by_sheet: list[tuple[SheetMapping, Sheet]], mapping: Mapping) -> bool:
    """Whether presence is written down too: most marks say present, or rows of a day have none, and
    there are as many as students have days. A list of absences may be one of tardies mostly."""
    counts = {one.code: one.counts_as.value for one in mapping.codes}
    present = rows = expected = 0
    for one, sheet in by_sheet:
        if one.holds.value in EVENTS:
            marks = marks_of(one, sheet).map(code_of).value_counts()
            rows += int(marks.sum())
            blank = one.holds.value == "attendance" and {"": "present"}
            ways = counts | (blank or {})
            present += sum(int(n) for c, n in marks.items() if ways.get(str(c)) == "present")
            who, day = (one.column_of(field) for field in ("student_id", "date"))
            if who is not None and day is not None:
                expected += sheet.table[who].nunique() * min(sheet.table[day].nunique(), 200)
    return present > EVERY_DAY * rows > 0 and rows > DENSE * expected


def _exit(by_sheet: list[tuple[SheetMapping, Sheet]], mapping: Mapping) -> Meaning | None:
    """Whether an exit date is the first day out or the last day in: told by the last day of the
    year, or by who was still marked on theirs."""
    exits: Counter[date] = Counter()
    names = set()
    for one, sheet in by_sheet:
        column = one.column_of("exit_date")
        if one.holds.value not in LISTS or column is None or column not in one.dates:
            continue
        names.add(column)
        cells = values.cleaned(sheet.table[column])
        days = cells[cells != ""].map(lambda cell, o=one, c=column: dates.day_of(
            cell, o.dates[c].value))  # fmt: skip
        exits.update(day for day in days if day is not None and day.year not in dates.NEVER)
    if not names:
        return None
    ask = Meaning(
        OPEN, ASK, "is an exit date the first day no longer enrolled, or the last day there?",
        (FIRST_OUT, LAST_IN),
    )  # fmt: skip
    if not exits:
        return Meaning(FIRST_OUT, LIKELY, "no stay has an end")
    days = sorted({day for one, sheet in by_sheet
                   if one.holds.value in ("calendar", breaks.DAYS_OFF)
                   for day in school_days_of(one, sheet)})  # fmt: skip
    if not days:
        days = sorted({day for one, sheet in by_sheet for day in days_in(sheet, one, "date")})
    usual, students = exits.most_common(1)[0]
    year = [day for day in days if values.school_year_on(day) == values.school_year_on(usual)]
    if year and students >= 0.3 * sum(exits.values()) and students >= 10:
        if usual > year[-1]:
            return Meaning(FIRST_OUT, SURE, f"{students} leave on {usual}, after the last day")
        if usual == year[-1]:
            return Meaning(LAST_IN, SURE, f"{students} leave on {usual}, the last school day")
    return _by_marks_on_exit(by_sheet) or _by_weekday(exits) or _by_name(names, by_sheet) or ask


# What systems mean by the end of a stay, by how they call it.
ENDS = {
    "exitwithdrawdate": FIRST_OUT, "lastdayenrolled": LAST_IN,
    "lastdayofmembership": LAST_IN, "lastday": LAST_IN,
    "lastdayattended": LAST_IN, "lastdateattended": LAST_IN, "firstdayout": FIRST_OUT,
}  # fmt: skip


def _by_name(names: set[str], by_sheet: list[tuple[SheetMapping, Sheet]]) -> Meaning | None:
    """What a system means by the end of a stay, where its own headers tell which one it is."""
    every = {letters(re.split(r"[.]", c)[-1]) for one, _ in by_sheet for c in one.columns}
    for name in names:
        means = ENDS.get(letters(name))
        if means:
            return Meaning(means, LIKELY, f"{name} is")
    if {"enrollstatus", "exitdate"} <= every:
        return Meaning(FIRST_OUT, LIKELY, "in this system, PowerSchool, it is")
    if {"startdate", "enddate"} <= every and every & {"endyear", "endstatus", "studentnumber"}:
        return Meaning(LAST_IN, LIKELY, "in this system, Infinite Campus, it is")
    return None


def _by_weekday(exits: Counter[date]) -> Meaning | None:
    """Nobody's last day in is a Saturday, and the day after a Friday is one."""
    saturdays, sundays = (sum(n for day, n in exits.items() if day.weekday() == weekday)
                          for weekday in (5, 6))  # fmt: skip
    if saturdays >= 3 and saturdays >= 3 * sundays:
        return Meaning(FIRST_OUT, LIKELY, f"{saturdays} leave on a Saturday")
    return None


def _by_marks_on_exit(by_sheet: list[tuple[SheetMapping, Sheet]]) -> Meaning | None:
    """Nobody is marked on a day on which they are no longer enrolled."""
    exits: dict[str, date] = {}
    marked: set[tuple[str, date]] = set()
    for one, sheet in by_sheet:
        student, leaves, day = map(one.column_of, ("student_id", "exit_date", "date"))
        field = leaves if one.holds.value == "roster" else day
        if student is None or field is None or field not in one.dates:
            continue
        order = one.dates[field].value
        for who, cell in zip(sheet.table[student], sheet.table[field], strict=True):
            when = dates.day_of(cell, order) if cell else None
            if when is not None and one.holds.value == "roster":
                exits[values.id_of(who).lstrip("0")] = when
            elif when is not None:
                marked.add((values.id_of(who).lstrip("0"), when))
    on_exit = sum(1 for pair in exits.items() if pair in marked)
    if on_exit >= 3 and on_exit >= 0.02 * len(exits):
        return Meaning(LAST_IN, LIKELY, f"{on_exit} are marked on their exit date")
    days = sorted({day for _, day in marked})
    last_days = ((who, bisect_left(days, leave) - 1) for who, leave in exits.items())
    before = sum(1 for who, place in last_days if place >= 0 and (who, days[place]) in marked)
    if on_exit == 0 and before >= 5:
        words = f"nobody is marked on the exit date, and {before} are on the day before it"
        return Meaning(FIRST_OUT, LIKELY, words)
    return None


def school_days_of(one: SheetMapping, sheet: Sheet) -> list[date]:
    """The days of a calendar that are not days off."""
    if one.holds.value == breaks.DAYS_OFF:
        return breaks.school_days(breaks.read(one, sheet.table))
    day = one.column_of("date")
    if day is None or day not in one.dates:
        return []
    cells = sheet.table[day][is_in_session(one, sheet)]
    order = one.dates[day].value
    found = {dates.day_of(cell, order) for cell in cells.unique() if cell}
    return sorted(one for one in found if one is not None)


def is_in_session(one: SheetMapping, sheet: Sheet) -> pd.Series:
    """Row by row of a calendar, whether it is a school day."""
    name, kind = one.column_of("in_session"), one.column_of("day_kind")
    if name is not None:
        return values.cleaned(sheet.table[name]).map(
            lambda cell: values.yes_no_of(cell.removesuffix(".0")) != "no"
        )
    off = one.column_of("day_off")
    if off is not None:
        return values.cleaned(sheet.table[off]).map(
            lambda cell: values.yes_no_of(cell) == "no" or not cell
        )
    if kind is not None:
        return values.cleaned(sheet.table[kind]).map(values.is_instructional)
    return pd.Series(True, index=sheet.table.index)


def _add_lengths(mapping: Mapping, events: list[tuple[SheetMapping, Sheet]]) -> None:
    """How long a day is, where only what was missed is known."""
    for one, sheet in events:
        has = one.column_of
        if any(has(f) for f in LENGTHS if f.endswith("_minutes")) and not has("day_minutes"):
            words = "how many minutes has a school day?"
            mapping.conventions["day_minutes"] = Meaning(OPEN, ASK, words, ("a number",))
        if (
            has("period") and not has("periods_possible")
        ) or one.holds.value == "attendance_periods":
            mapping.conventions["periods"] = _periods(one, sheet)


def _periods(one: SheetMapping, sheet: Sheet) -> Meaning:
    name = one.column_of("period")
    if name is None:
        number = sum(1 for meaning in one.columns.values() if meaning.value == "marks")
        return Meaning(str(number), LIKELY, f"there are {number} columns of periods")
    periods = set(values.cleaned(sheet.table[name])) - {""}
    if 1 < len(periods) <= 12:
        return Meaning(str(len(periods)), LIKELY, f"{len(periods)} periods have rows")
    return Meaning(OPEN, ASK, "how many periods make a day?", ("a number",))


def days_in(sheet: Sheet, one: SheetMapping, field: str) -> list[date]:
    """The days of a field of a sheet, without repeats, in order."""
    name = one.column_of(field)
    if name is None or name not in one.dates:
        return []
    cells = set(values.cleaned(sheet.table[name]))
    days = (dates.day_of(value, one.dates[name].value) for value in cells)
    return sorted({day for day in days if day is not None and day.year not in dates.NEVER})
