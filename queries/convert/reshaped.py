"""Sheets of four other shapes, made a row a day or stay, or a column a day, before anything is
guessed: days of a month as numbers, weekdays as columns, who came and left as rows, and numbers
or codes that another table of the folder explains."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pandas as pd

from queries.convert import values
from queries.convert.columns import Column, letters
from queries.convert.holds import are_marks, weekday_columns
from queries.convert.labels import put_words
from queries.convert.sheets import Sheet
from queries.convert.survey_columns import year_in
from queries.load import dates

MONTHS = "january february march april may june july august september october november december"
MONTHS += (
    " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_MONTH = re.compile(
    rf"(?i)\b({'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS.split())})\b"
    r"(?:[., _-]*(20\d\d)\b(?![-/]\d))?|\b(20\d\d)[-_. ]([01]\d)\b(?![-/]\d)"
)
CAME = {"e", "en", "entry", "entered", "enter", "enroll", "enrolled", "enrollment", "in", "add"}
LEFT = {"w", "wd", "withdrawal", "withdrawn", "withdraw", "withdrew", "exit", "exited", "x", "out"}
LEFT |= {"left", "leave", "drop", "dropped", "wdraw"}
# A table's own numbers, by which others name its rows: student_key, StudentUSI, DescriptorId.
_KEY = re.compile(r"[a-z]+(key|usi|dayid|dateid)|descriptorid")
# What a row of such a table is, the first of these that it has.
_SAID = ("student_id", "date", "code", "school_id", "school_name", "label")


def reshaped(sheets: list[Sheet]) -> list[Sheet]:
    """The sheets of a folder, those of another shape made one that is known; lines stay those of
    the file."""
    for change in (_of_a_month, _of_weeks, _of_moves):
        sheets = [change(sheet) for sheet in sheets]
    sheets = _explained(sheets)
    put_words(sheets)
    return sheets


def month_in(words: Iterable[str], year: str) -> tuple[int, int] | None:
    """Year and month that the first of these words names which names one; the school year tells the
    year of September. None where two are named, or none."""
    for text in words:
        found = set()
        for name, after, number_year, number in _MONTH.findall(text.replace("_", " ")):
            month = int(number) if number else dates.MONTHS[name[:3].lower()]
            said = number_year or after or (year and (
                year[:4] if month > 6 else str(int(year[:4]) + 1)))  # fmt: skip
            if said and 0 < month < 13:
                found.add((int(said), month))
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _of_a_month(sheet: Sheet) -> Sheet:
    """Columns 1, 2, 3 … as whole days of the month that the sheet, a title or the file names, where
    every marked one is a weekday of it."""
    numbers = [name for name in sheet.table if name.isdecimal() and 0 < int(name) < 32]
    words = [sheet.name, *sheet.reading.left_out, sheet.file]
    month = month_in(words, year_in(" ".join(words))) if numbers else None
    if month is None:
        return sheet
    last = monthrange(*month)[1]
    days = {name: date(*month, int(name)) for name in numbers if int(name) <= last}
    marked = [name for name in numbers if (sheet.table[name] != "").any()]
    school = [name for name, day in days.items() if day.weekday() < 5]
    told = len(marked) > 5 or are_marks(sheet.table[name] for name in marked)
    if not told or not {*marked} <= {*school}:
        return sheet
    table = sheet.table.drop(columns=[name for name in numbers if name not in school])
    return replace(sheet, table=table.rename(columns={n: str(days[n]) for n in school}))


def _of_weeks(sheet: Sheet) -> Sheet:
    """A row a week with a column a weekday as a row a day, where the only days of the sheet are all
    the first of these weekdays, or all the last. A day without a mark has no row."""
    named = weekday_columns(sheet.table)
    if len(named) < 4 or len(set(named.values())) < len(named):
        return sheet
    others = (Column(name, sheet.table[name]) for name in sheet.table if name not in named)
    dated = [column for column in others if column.is_days]
    if len(dated) != 1:
        return sheet
    # The day that a row names is the first of its week, or the last: week ending.
    ends = (min(named.values()), max(named.values()))
    ways = [(order, end) for order in dated[0].orders for end in ends
            if all((day := dates.day_of(said, order)) is None or day.weekday() == end
                   for said in dated[0].distinct)]  # fmt: skip
    if len(ways) != 1:
        return sheet
    order, named_day = ways[0]
    week, parts = dated[0].name, []
    for name, place in named.items():
        part = sheet.table.drop(columns=[*named])
        later = timedelta(days=place - named_day)
        part[week] = values.mapped(part[week], partial(_moved, order=order, by=later))
        part["Attendance Code"] = sheet.table[name]
        parts.append(part[values.cleaned(sheet.table[name]) != ""])
    return replace(sheet, table=pd.concat(parts).rename(columns={week: "Date"}))


def _moved(said: str, order: str, by: timedelta) -> str:
    day = dates.day_of(said, order)
    return str(day + by) if day is not None else said


def _of_moves(sheet: Sheet) -> Sheet:
    """Who came and who left, a row each, as a row a stay: where one column says it in words of
    both, one the day, and each student's rows begin with coming and take turns."""
    few = {name: cells.unique() for name, cells in sheet.table.items()}
    said = {name: {one.lower() for one in cells} for name, cells in few.items() if len(cells) < 9}
    kinds = [n for n, s in said.items() if s <= CAME | LEFT and s & CAME and s & LEFT]
    columns = [Column(n, sheet.table[n]) for n in sheet.table if n not in kinds] if kinds else []
    days = [c for c in columns if c.is_days and "birth_date" not in c.named]
    who = [c for c in columns if c.named[:1] == ["student_id"] and c.is_id]
    if not (len(kinds) == len(days) == len(who) == 1) or len(days[0].orders) != 1:
        return sheet
    (kind,), (day,), (student,) = kinds, days, who
    rows = sheet.table.assign(
        came=sheet.table[kind].str.lower().isin(CAME),
        on=day.cells.map(lambda said: dates.day_of(said, day.orders[0])),
    )
    if rows.on.isna().any():
        return sheet
    rows = rows.sort_values([student.name, "on", "came"], kind="stable")
    key = rows[student.name]
    turns = rows.came != rows.came.groupby(key).shift(fill_value=False).astype(bool)
    if not turns.all():
        return sheet
    leaves = rows.groupby(student.name)[day.name].shift(-1)
    table = rows.assign(**{"Exit Date": leaves})[rows.came].fillna("").sort_index()
    table = table.drop(columns=["came", "on", kind]).rename(columns={day.name: "Entry Date"})
    return replace(sheet, table=table)


def _explained(sheets: list[Sheet]) -> list[Sheet]:
    """Numbers that stand for the rows of another table, as what these rows say: where the header
    ends as that of a table's own numbers, and most cells are among them."""
    tables = {id(sheet): sheet.table for sheet in sheets}
    for sheet in sheets:
        for key in list(sheet.table):
            given = tables[id(sheet)].get(key)
            said = _said_by(sheet, key) if given is not None else None
            if said is None or not _KEY.fullmatch(letters(key)):
                continue
            told = dict(zip(map(values.id_of, sheet.table[key]), sheet.table[said], strict=True))
            used = False
            for other in (one for one in sheets if one is not sheet):
                table = tables[id(other)]
                for name in (n for n in list(table) if letters(n).endswith(letters(key))):
                    ids = {values.id_of(one): one for one in table[name].unique() if one}
                    if len(ids.keys() & told.keys()) > len(ids) / 2:
                        # What the table does not have stays, so that it is found missing.
                        says = {ids[one]: told.get(one, ids[one]) for one in ids} | {"": ""}
                        means = re.sub(r"(?i)_?id$", "", name) if key != name else said
                        means = name if means in table else means
                        table = table.assign(**{name: table[name].map(says)})
                        tables[id(other)] = table = table.rename(columns={name: means})
                        used = True
            if used:
                tables[id(sheet)] = tables[id(sheet)].drop(columns=[key])
    return [replace(sheet, table=tables[id(sheet)]) for sheet in sheets]


def _said_by(sheet: Sheet, key: str) -> str | None:
    """The column that says what a row of a table with its own numbers is."""
    if not _KEY.fullmatch(letters(key)) or not Column(key, sheet.table[key]).is_unique:
        return None
    others = [Column(name, sheet.table[name]) for name in sheet.table if name != key]
    for field in _SAID:
        for column in others:
            dated = field == "date" and column.is_days and column.is_unique
            if dated or field in column.named[:1]:
                return column.name
    return None
