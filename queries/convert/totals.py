"""year_totals: how many days each student was enrolled and absent, of sheets without days."""

from datetime import date

import pandas as pd

from queries.convert import people, values
from queries.convert.columns import Column
from queries.convert.conventions import EVENTS
from queries.convert.converted import ORIGIN
from queries.convert.foreign import Foreign
from queries.convert.holds import DAYS, TOTALS
from queries.convert.mapping import ASK, LIKELY, OPEN, Mapping, Meaning, SheetMapping
from queries.convert.sheets import Sheet
from queries.load import dates
from queries.load.grades import grade_of
from queries.load.report import Findings

WHOLE = "whole year"
TOTAL = ["student_id", "school_id", "school_year", "grade", "days_enrolled", "days_absent", "until"]


def ask(mapping: Mapping, by_sheet: list[tuple[SheetMapping, Sheet]]) -> None:
    """Add to a mapping of which year totals are, where no column says it, and up to which day those
    of the newest year count: a year that is over is taken for whole, and that is said, unless a day
    of that year stands in every row. Totals of a part of it must never be compared with whole ones.
    """
    held = [(one, sheet) for one, sheet in by_sheet if one.holds.value == TOTALS]
    if not held:
        return
    years: set[str] = set()
    for one, sheet in held:
        name = one.column_of("school_year")
        if "school_year" in one.whole:
            years.add(one.whole["school_year"].value)
        elif name is None:
            words = "of which school year are the totals?"
            may_be = ("a school year as 2024-25",)
            mapping.conventions["totals_year"] = Meaning(OPEN, ASK, words, may_be)
        else:
            years |= {
                values.school_year_of(said) for said in Column(name, sheet.table[name]).distinct
            }
    newest = max(years, default="")
    told = {day for pair in held for day in _days_told(*pair)}
    within = sorted(str(one) for one in told if newest in ("", values.school_year_on(one)))
    is_over = newest and newest < values.school_year_on(date.today())
    if is_over and not within:
        words = f"{newest} is over: taken for its whole year; if not, write the last day counted"
        mapping.conventions["totals_until"] = Meaning(WHOLE, LIKELY, words)
    else:
        words = f"up to which day do the totals of {newest or 'the newest year'} count?"
        if within:
            words += f" In every row stands {' or '.join(within)}."
        days = within or ["a day as 2026-03-20"]
        mapping.conventions["totals_until"] = Meaning(OPEN, ASK, words, (*days, WHOLE))


def _days_told(one: SheetMapping, sheet: Sheet) -> list[date]:
    """The day that a column without another meaning says in every row, such as Report Date: two
    where nothing tells month and day apart."""
    columns = [Column(name, sheet.table[name]) for name in sheet.table]
    told = [
        dates.day_of(value, order)
        for column in columns
        if len(column.distinct) == 1 and column.is_days and not one.columns[column.name].value
        for value in column.distinct
        for order in column.orders
    ]
    return [day for day in told if day]


def add(foreign: Foreign) -> None:
    """The files of totals: beside days those of other years alone, as days say more."""
    parts = [_rows(foreign, *pair) for pair in foreign.pairs if pair[0].holds.value == TOTALS]
    if not parts:
        return
    result = foreign.result
    table = pd.concat(parts)
    if "calendar" in result.files:
        beside = table.school_year.isin(set(result.files["calendar"].school_year))
        if beside.any():
            words = f"has {int(beside.sum()):,} totals of a school year of which there are days"
            result.note(table.from_sheet.iloc[0], words, "the days are counted, and not the totals")
        table = table[~beside]
    if not len(table):
        return
    _set_until(foreign, table)
    if not any(one.holds.value in EVENTS for one, _ in foreign.pairs):
        everybody, _ = people.people_of(foreign, sorted(set(table.school_year)))
        _add_grades(table, everybody)
        result.add("students", people.students_of(foreign, everybody, table, table))
    result.add_missing("schools", foreign.schools.table({*table.school_id}))
    result.add_missing("students", table[["student_id", *ORIGIN]])
    result.add("year_totals", table[[*TOTAL, *ORIGIN]])


def _set_until(foreign: Foreign, table: pd.DataFrame) -> None:
    until = foreign.mapping.convention("totals_until")
    newest = table.school_year == table.school_year.max()
    table["until"] = ""
    if until != WHOLE:
        table.loc[newest, "until"] = until
    whole = sorted(set(table.school_year[table.until == ""]))
    if whole:
        foreign.result.note(
            "the folder",
            f"has totals of {', '.join(whole)}, taken for those of the whole year",
            "if the newest ones are not, write the last day that they count in mapping.toml, as "
            "totals_until",
        )


def _add_grades(table: pd.DataFrame, everybody: pd.DataFrame) -> None:
    """A roster's grade is that of the newest year."""
    said = everybody[everybody.grade != ""].drop_duplicates("student_id", keep="last")
    grades = said.set_index("student_id").grade
    unknown = table.grade.eq("") & table.school_year.eq(table.school_year.max())
    table.loc[unknown, "grade"] = table.student_id[unknown].map(lambda who: grades.get(who, ""))


def _rows(foreign: Foreign, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
    rows = foreign.rows(one, sheet)
    years = foreign.cells(one, sheet, "school_year")
    rows["school_year"] = values.mapped(years, lambda said: values.school_year_of(said) or said)
    if one.column_of("school_year") is None:
        year = one.whole.get("school_year")
        rows["school_year"] = year.value if year else foreign.mapping.convention("totals_year")
    grades = foreign.cells(one, sheet, "grade")
    rows["grade"] = values.mapped(grades, lambda said: grade_of(said) or said)
    said = {
        name: values.mapped(values.with_points(foreign.cells(one, sheet, name)), _days)
        for name in DAYS
    }
    for name in DAYS:
        if one.column_of(name) is None:
            plus, minus = ("days_absent", "days_present"), ("days_enrolled",)
            signs = {"days_enrolled": plus}.get(name, minus)
            said[name] = _worked_out(said, signs, set(DAYS) - {name} - set(signs))
    rows["days_enrolled"], rows["days_absent"] = said["days_enrolled"], said["days_absent"]
    _refuse_sums(foreign, one, rows, said)
    return rows


def _worked_out(said: dict[str, pd.Series], plus: tuple[str, ...], minus: set[str]) -> pd.Series:
    """The third of three numbers of days, of which two are enough."""

    def sum_of(row: dict[str, str]) -> str:
        parts = [(row[name], 1) for name in plus] + [(row[name], -1) for name in minus]
        if any(values.number_of(number) is None for number, _ in parts):
            return ""
        # In millionths, as sums of decimals are seldom exact.
        millionths = sum(sign * round(1_000_000 * float(number)) for number, sign in parts)
        return _days(f"{millionths / 1_000_000:.6f}") if millionths >= 0 else "-1"

    table = pd.DataFrame(said)
    return pd.Series([sum_of(row) for row in table.to_dict("records")], table.index, dtype=object)


def _refuse_sums(
    foreign: Foreign, one: SheetMapping, rows: pd.DataFrame, said: dict[str, pd.Series]
) -> None:
    """Days present and absent that are not those enrolled: one of the three is something else."""
    if any(one.column_of(name) is None for name in DAYS):
        return
    sums = _worked_out(said, ("days_absent", "days_present"), set())
    odd = rows[(sums != "") & (said["days_enrolled"] != "") & (sums != said["days_enrolled"])]
    for row in odd.head(Findings.LISTED).itertuples():
        foreign.result.note(
            row.from_sheet,
            f"days present and absent are {sums[row.Index]} together, and not the days enrolled"
            + (f", in {len(odd):,} rows" if len(odd) > 1 else ""),
            "correct one of them, or leave the column that is something else out of the mapping",
            "refused",
            line=int(row.from_line),
            column=one.column_of("days_enrolled"),
            value=row.days_enrolled,
        )


def _days(value: str) -> str:
    """A number of days as it is written, without needless zeros; what is none stays as it is."""
    if values.number_of(value) is None or "," in value or value.startswith("-"):
        return value
    whole, _, part = value.partition(".")
    part = part.rstrip("0")
    return f"{whole or '0'}.{part}" if part else whole or "0"


def missing(one: SheetMapping) -> list[str]:
    """What a sheet of totals needs and has no column for."""
    there = [name for name in DAYS if one.column_of(name)]
    return [] if len(there) > 1 else [name for name in DAYS[:2] if name not in there]
