"""attendance and attendance_codes: what happened on which day, from rows, days or periods."""

from bisect import bisect_left
from collections import Counter
from dataclasses import replace

import pandas as pd

from queries.convert import conventions, values
from queries.convert.conventions import EVENTS
from queries.convert.converted import ORIGIN, is_many
from queries.convert.foreign import Foreign
from queries.convert.mapping import HEADERS, Code, MappingProblem, SheetMapping
from queries.convert.sheets import Sheet
from queries.load import dates
from queries.load.report import Findings, shown

EVENT = ["student_id", "school_id", "date", "code", "session", "period", "missed_minutes",
         "day_minutes", "event_duration", "last_date"]  # fmt: skip

# Of the rows of a school that writes down everybody's every day hardly more are absences.
MOST_ABSENT = 2 / 3
# Of fewer students nobody can tell in which order they stand.
FEWEST_MET = 8


def events_of(foreign: Foreign) -> pd.DataFrame:
    """attendance: one row an event, every code as the mapping knows it."""
    found = []
    for one, sheet in foreign.pairs:
        if one.holds.value not in EVENTS:
            continue
        of = _of_rows if one.holds.value == "attendance" else _of_columns
        rows = of(foreign, one, sheet)
        alone = foreign.schools.are_named_by(one) or len(foreign.schools.met) < 2
        found.append(rows if alone else foreign.at_home(rows))
    events = pd.concat(found)
    counts = {code.code: code.counts_as.value for code in foreign.mapping.codes}
    foreign.seen = events[["student_id", "school_id", "date", *ORIGIN]]
    blank = events.code == ""
    if bool(blank.any()):
        # A cell of a day without a mark is a day present, and so is a row that says nothing.
        events = events[~blank]
    ways = events.code.map(counts)
    whole = events.session.eq("") & events.event_duration.eq("")
    events.loc[ways.eq("half_day") & whole, "event_duration"] = "0.5"
    events = _with_lengths(foreign, events, ways.eq("partial"))
    return _codes_by_date(foreign, events)[[*EVENT, *ORIGIN]]


def _with_lengths(foreign: Foreign, events: pd.DataFrame, partial: pd.Series) -> pd.DataFrame:
    """Without parts of days of which nobody knows how long they were: each is set aside."""
    unknown = partial & events.event_duration.eq("") & events.missed_minutes.eq("")
    foreign.with_minutes = set(events.code[partial & events.missed_minutes.ne("")])
    rows = events[unknown]
    many = is_many(len(rows), len(events))
    for row in rows.head(Findings.LISTED).itertuples():
        foreign.result.note(
            row.from_sheet,
            "is a part of a day, and nothing says how long",
            "give minutes or a share of the day, or let the code count as absent or present",
            "refused" if many else "set_aside",
            line=int(row.from_line),
            column="code",
            value=row.code,
        )
    return events[~unknown]


def _of_rows(foreign: Foreign, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
    if column := one.column_of("in_session"):
        kept = conventions.is_in_session(one, sheet)
        sheet = replace(sheet, table=sheet.table[kept])
        if not kept.all():
            words = f"has {int((~kept).sum()):,} rows of days that were none for their students"
            foreign.result.note(sheet.title, words, "they count for nothing", column=column)
    rows = foreign.rows(one, sheet)
    rows["date"] = foreign.cells(one, sheet, "date" if one.column_of("date") else "begin_date")
    rows["last_date"] = foreign.cells(one, sheet, "end_date")
    marks = foreign.cells(one, sheet, "code")
    status = foreign.cells(one, sheet, "status")
    rows["code"] = values.mapped(marks.where(marks != "", status), conventions.code_of)
    if one.column_of("code") is None and one.column_of("status") is None:
        rows["code"] = conventions.lengths_of(one, sheet)
    session = foreign.cells(one, sheet, "session").str.lower()
    rows["session"] = session.replace({"a": "am", "p": "pm"})
    rows["period"] = foreign.cells(one, sheet, "period")
    rows["event_duration"] = values.with_points(foreign.cells(one, sheet, "event_duration"))
    possible = values.with_points(foreign.cells(one, sheet, "periods_possible"))
    missed = values.with_points(foreign.cells(one, sheet, "periods_missed"))
    if one.column_of("periods_missed"):
        rows["event_duration"] = [_part(a, b) for a, b in zip(missed, possible, strict=True)]
    if one.column_of("present_share"):
        there = values.with_points(foreign.cells(one, sheet, "present_share"))
        rows["event_duration"] = values.mapped(there, _rest)
    _add_minutes(foreign, one, sheet, rows)
    return _of_one_mode(foreign, one, sheet, rows)


def _add_minutes(foreign: Foreign, one: SheetMapping, sheet: Sheet, rows: pd.DataFrame) -> None:
    missed = values.mapped(foreign.cells(one, sheet, "missed_minutes"), values.id_of)
    if one.column_of("missed_minutes") is None:
        parts = [values.mapped(foreign.cells(one, sheet, f"{kind}_minutes"), values.id_of)
                 for kind in ("excused", "unexcused")]  # fmt: skip
        missed = pd.Series([_sum(*pair) for pair in zip(*parts, strict=True)], rows.index)
    present = values.mapped(foreign.cells(one, sheet, "present_minutes"), values.id_of)
    day = values.mapped(foreign.cells(one, sheet, "day_minutes"), values.id_of)
    length = foreign.mapping.convention("day_minutes")
    if length:
        day = day.where(day != "", length)
    if not (missed != "").any() and one.column_of("present_minutes"):
        missed = pd.Series(
            [str(int(d) - int(p)) if d.isdecimal() and p.isdecimal() else ""
             for d, p in zip(day, present, strict=True)], index=rows.index,
        )  # fmt: skip
    rows["missed_minutes"] = missed
    rows["day_minutes"] = day.where(missed != "", "")


def _of_one_mode(
    foreign: Foreign, one: SheetMapping, sheet: Sheet, rows: pd.DataFrame
) -> pd.DataFrame:
    """Rows of a day beside rows of its classes would count twice: those of the day stay."""
    mode = foreign.cells(one, sheet, "mode")
    kinds = set(mode) - {""}
    daily = {kind for kind in kinds if "daily" in kind.lower()}
    if len(kinds) < 2 or not daily:
        return rows
    others = ~mode.isin({*daily, ""})
    foreign.result.note(
        sheet.file, f"has {int(others.sum()):,} rows of classes beside those of days",
        "those of days are counted", column=one.column_of("mode"), rows=int(others.sum()),
    )  # fmt: skip
    return rows[~others]


def day_of_header(one: SheetMapping, name: str) -> str:
    """The day that a header is, in the order of all headers of its sheet."""
    day = dates.day_of(values.half_of(name)[0], one.dates[HEADERS].value)
    return str(day) if day is not None else name


def _of_columns(foreign: Foreign, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
    """Marks that stand in a column a day, or a column a period of the day."""
    marks = [name for name, meaning in one.columns.items() if meaning.value == "marks"]
    by_day = one.holds.value == "attendance_day_columns"
    if not marks or (by_day and HEADERS not in one.dates):
        words = "has no column of marks, or nothing says how its days are written"
        raise MappingProblem(f"{shown(sheet.title)} {words}; map the folder again with --mapping")
    found = []
    for place, name in enumerate(marks, start=1):
        rows = foreign.rows(one, sheet)
        cells = values.cleaned(sheet.table[name])
        rows["code"] = values.mapped(cells, conventions.code_of)
        rows["date"] = day_of_header(one, name) if by_day else foreign.cells(one, sheet, "date")
        rows["period"] = "" if by_day else str(place)
        rows["session"] = values.half_of(name)[1] if by_day else ""
        found.append(rows[rows.code != ""])
    events = pd.concat(found)
    for name in ("missed_minutes", "day_minutes", "event_duration", "last_date"):
        events[name] = ""
    return events


def _refuse_inverted(foreign: Foreign, events: pd.DataFrame) -> None:
    """A school where nearly everybody is absent every day has its marks the other way round."""
    counts = {code.code: code.counts_as.value for code in foreign.mapping.codes}
    # A row without a mark is presence too.
    rows_of = foreign.seen.school_id.value_counts()
    absent = events.school_id[events.code.map(counts).eq("absent")].value_counts()
    for school, number in absent.items():
        if rows_of[school] > 100 and number > MOST_ABSENT * rows_of[school]:
            foreign.result.note(
                str(events.from_sheet.iloc[0]),
                f"has {number:,} absences of {rows_of[school]:,} rows of {school}",
                "are absent and present the other way round there? Say how its codes count",
                "refused", column="code",
            )  # fmt: skip


def refuse_gaps(
    foreign: Foreign, events: pd.DataFrame, stays: pd.DataFrame, calendar: pd.DataFrame
) -> None:
    """Where every student has a row on every day, who has none on half of them was not present:
    the rows are missing."""
    kinds = {one.holds.value for one, _ in foreign.pairs} & {*EVENTS}
    if kinds != {"attendance"} or not conventions.is_every_day(foreign.pairs, foreign.mapping):
        return
    _refuse_inverted(foreign, events)
    if "calendar_code" in calendar and calendar.calendar_code.any():
        return  # who comes on fewer days has a calendar that says so
    seen = foreign.seen.drop_duplicates(["student_id", "school_id", "date"])
    rows = seen.groupby(["student_id", "school_id"]).size()
    days = calendar.groupby("school_id").date.agg(lambda dates: sorted(set(dates)))
    expected: Counter[tuple[str, str]] = Counter()
    for stay in stays[stays.school_id.isin(days.index)].itertuples():
        of_school = days[stay.school_id]
        until = bisect_left(of_school, stay.exit_date) if stay.exit_date else len(of_school)
        expected[stay.student_id, stay.school_id] += until - bisect_left(of_school, stay.entry_date)
    shares = pd.Series(
        {pair: rows.get(pair, 0) / number for pair, number in expected.items() if number >= 10}
    )
    few = shares[shares < 0.5]
    if is_many(len(few), len(shares)) and shares[shares > 0].median() >= 0.9:
        foreign.result.note(
            str(seen.from_sheet.iloc[0]),
            f"has a row for every student and day, but for {len(few):,} of {len(shares):,} "
            "students none on most days",
            "is the file cut off, or of one school alone? Export it again; who comes on fewer days "
            "needs a calendar that says so (calendar_code)",
            "refused", column="student_id", value=few.index[0][0],
        )  # fmt: skip


def check_whole(foreign: Foreign, events: pd.DataFrame, stays: pd.DataFrame) -> None:
    """Events that stand student by student, and none of the many who come last and were enrolled
    all year: a file that was cut off. A school without any is named."""
    for school, rows in events.groupby("school_id"):
        of_school = stays[stays.school_id == school]
        first = of_school.entry_date.min()
        all_year = of_school[(of_school.entry_date == first) & (of_school.exit_date == "")]
        met = list(dict.fromkeys(rows.student_id))
        for order in (sorted(set(all_year.student_id)), list(dict.fromkeys(all_year.student_id))):
            places = {who: place for place, who in enumerate(order)}
            seen = [places[who] for who in met if who in places]
            if len(seen) < FEWEST_MET or seen != sorted(seen):
                continue
            before, after = seen[-1] + 1, len(order) - seen[-1] - 1
            without = max(1 - len(seen) / before, 0.5 / before)
            if without**after < 1e-6:
                last = rows[rows.student_id == order[seen[-1]]].iloc[-1]
                foreign.result.note(
                    str(last.from_sheet),
                    f"is the last student of {school} with a row, and {after} who were enrolled "
                    "all year come after: is the file cut off?",
                    "export it again; if none of them missed a day, add a row of presence of one",
                    "refused", line=int(last.from_line), column="student_id",
                    value=str(last.student_id),
                )  # fmt: skip
                break
    if len(events):
        for school in sorted(set(stays.school_id) - set(events.school_id)):
            words = f"has no row of {school} in attendance: nobody there is evaluated"
            foreign.result.note("the folder", words, "is its export missing?")


def _codes_by_date(foreign: Foreign, events: pd.DataFrame) -> pd.DataFrame:
    """A code that means something else from a day on is another code from that day on."""
    for code in foreign.mapping.codes:
        if code.since:
            since = (events.code == code.code) & (events.date >= code.since)
            if code.school_id:
                since &= events.school_id == code.school_id
            events.loc[since, "code"] = f"{code.code} (since {code.since})"
    return events


def codes_of(foreign: Foreign) -> pd.DataFrame:
    rows = [
        {
            "code": f"{code.code} (since {code.since})" if code.since else code.code,
            "counts_as": _counts_as(foreign, code),
            "label": code.label,
            "excused": code.excused,
            "reason": code.reason,
            "school_id": code.school_id,
        }
        for code in foreign.mapping.codes
    ]
    table = pd.DataFrame(rows, dtype=object)
    return table.loc[:, [c for c in table if c in ("code", "counts_as") or table[c].any()]]


def _counts_as(foreign: Foreign, code: Code) -> str:
    """Parts of days that are told as shares are absences of that length."""
    way = code.counts_as.value
    has_minutes = code.code in foreign.with_minutes
    return "absent" if way == "half_day" or (way == "partial" and not has_minutes) else way


def _rest(share: str) -> str:
    """The part of a day missed by who was there for this share of it."""
    there = values.number_of(share)
    return share if there is None else f"{1 - there:.6g}"


def _sum(*minutes: str) -> str:
    """Minutes added up, where each is a number or blank; '' where none is given."""
    given = [one for one in minutes if one]
    if all(one.isdecimal() for one in given):
        return str(sum(map(int, given))) if given else ""
    return next(one for one in given if not one.isdecimal())


def _part(missed: str, possible: str) -> str:
    """The share of a day that so many of its periods are."""
    some, all_of_them = values.number_of(missed), values.number_of(possible)
    if some is None or not all_of_them:
        return missed
    return f"{min(1.0, some / all_of_them):.17g}"[:18]
