"""Tables that others published: chronic absence by place and group, time missed by reason.

Such numbers are nobody's to recompute: they become `published_rates`, by place and year, and what
was withheld stays blank.
"""

import re

import pandas as pd

from queries.convert import values
from queries.convert.columns import Column, letters
from queries.convert.mapping import ASK, LIKELY, OPEN, SURE, Meaning, SheetMapping
from queries.convert.sheets import Sheet
from queries.load.grades import grade_of

PUBLISHED = "published"
PERCENT = re.compile(r"(?i)^(%|percent(age)?( of)?)?[ _]*(?P<what>.*?)[ _]*(perc(ent)?|rate|%)?$")
SHARE = re.compile(r"(?i)(perc(ent)?$|pct$|rate$|%$|^%|^percent|^pct)")
IN_PERCENT = re.compile(r"(?i)rate|percent|pct|%|share")
# A number of a measure that stands in another column.
VALUES = {"value", "measurevalue", "metricvalue", "datavalue", "count", "amount", "result"}
CHRONIC = re.compile(r"(?i)chronic\w*[ _-]*absen|chronicabsen|absentee")
# Shares of possible time missed, by the words of their headers; '' is all of it.
ALL = ("overall absence", "absence", "total absence", "all absence")
REASONS = {"illness", "appointments", "covid", "religious", "study", "holiday", "excluded", "other"}
REASONS |= {"unauth", "auth", "unauthorised", "authorised", "unexcused", "excused", "medical"}
EVERYBODY = {"all", "allgrades", "allstudents", "total", "alltotal", "everybody", "overall"}


def holds(columns: list[Column], about: str) -> Meaning | None:
    """Whether a sheet without students or days is such a table. about: its titles and names."""
    named = {field for column in columns for field in column.named if column.fits(field)}
    has_year = any("school_year" in column.named and column.is_school_year for column in columns)
    if not named & {"place", "school_name", "school_id"}:
        return None
    says_it = CHRONIC.search(" ".join([about, *(column.name for column in columns)]))
    if {"students", "students_absent"} <= named:
        if says_it or measure_of(columns) is not None:
            return Meaning(PUBLISHED, SURE, "students chronically absent, by place and year")
        words = "it counts some of all students: if they are the chronically absent ones, write"
        return Meaning(OPEN, ASK, f"{words} {PUBLISHED}, or leave the sheet out", (PUBLISHED,))
    if _value_of(columns) is not None or len(_rates(columns)) == 1:
        words = "percent chronically absent by place, and not of how many students"
        return Meaning(PUBLISHED, LIKELY, words)
    if measure_of(columns) is not None:
        words = "has several measures of chronic absence, and nobody can tell them apart"
        return Meaning("", LIKELY, words)
    if has_year and any(reason_of(column) is not None for column in columns):
        return Meaning(PUBLISHED, LIKELY, "shares of time missed, by place and year")
    if says_it and named & {"students_absent"}:
        return Meaning("", LIKELY, "says who was chronically absent, and not of how many students")
    return None


def measure_of(columns: list[Column]) -> Column | None:
    """The column that says what a row counts, where only some rows count the chronically absent."""
    return next((c for c in columns if c.is_few and c.is_words
                 and any(CHRONIC.search(value) for value in c.distinct)), None)  # fmt: skip


def _value_of(columns: list[Column]) -> Column | None:
    """The column of numbers of a table in which a measure's name says what each is: of chronic
    absence one number and one rate at most, as of several nobody tells which is which."""
    measure = measure_of(columns)
    said = [one for one in measure.distinct if CHRONIC.search(one)] if measure is not None else []
    if sum(map(bool, map(IN_PERCENT.search, said))) > 1 or len(said) > 2:
        return None
    return next((c for c in columns if measure is not None and letters(c.name) in VALUES
                 and c.fits("students")), None)  # fmt: skip


def _rates(columns: list[Column]) -> list[Column]:
    """Columns with the percentage of students who were chronically absent."""
    return [c for c in columns if CHRONIC.search(c.name) and SHARE.search(c.name.strip())
            and c.fits("students") and all(0 <= number <= 100 for number in c.numbers)]  # fmt: skip


def reason_of(column: Column) -> str | None:
    """The reason whose share of possible time a column of percentages tells; '' for all of it."""
    if not SHARE.search(column.name) or not column.fits("students"):
        return None
    found = PERCENT.fullmatch(column.name.strip())
    what = re.sub(r"[_ ]+", " ", found["what"] if found else "").strip().lower()
    if what in ALL:
        return ""
    words = set(what.split())
    return what if words & REASONS and not words & {"chronic", "attendance"} else None


def add_columns(meanings: dict[str, Meaning], columns: list[Column]) -> None:
    """Name the columns of places, which go from large to small, and of reasons."""
    if (measure := measure_of(columns)) is not None:
        meanings[measure.name] = Meaning("measure", SURE, "says what a row counts")
    counted = any(meaning.value == "students_absent" for meaning in meanings.values())
    if (value := _value_of(columns)) is not None and not counted:
        meanings[value.name] = Meaning("value", LIKELY, "the number of the measure beside it")
    rates = [] if counted or value is not None else _rates(columns)
    groups = [c for c in columns if "group_name" in c.named and c.is_words and c is not measure]
    if rates and any(meaning.value.startswith("school_") for meaning in meanings.values()):
        # The kind of a school is no group of its students.
        for column in (c for c in groups if "level" in c.named):
            meanings[column.name] = Meaning("", SURE, "the kind of school: not used here")
        groups = [column for column in groups if "level" not in column.named]
    for column in groups:
        # Beside the groups stands what kind of groups they are.
        best = max(groups, key=lambda one: len(one.distinct))
        told = Meaning("group_name", SURE, "by its name") if column is best else Meaning(
            "", LIKELY, f"says what kind of groups {best.name} has")  # fmt: skip
        meanings[column.name] = told
    places = [c for c in columns if meanings[c.name].value == "place" or "place" in c.named]
    for column in columns:
        reason = reason_of(column)
        if reason is not None:
            words = f"percent of possible time missed: {reason or 'all'}"
            meanings[column.name] = Meaning("percent_of_days", LIKELY, words)
        elif rates == [column]:
            words = "percent of students chronically absent, and nobody says of how many"
            meanings[column.name] = Meaning("percent_absent", LIKELY, words)
        elif column in places and column.is_words and len(places) > 1:
            meanings[column.name] = Meaning("place", LIKELY, "a name of a place")
        elif "grade" in column.named:
            meanings[column.name] = Meaning("grade", SURE, "by its name")
        elif SHARE.search(column.name):
            words = "a share that is not read: it follows from what is, or is another thing"
            meanings[column.name] = Meaning("", ASK, words)


def rows(one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
    """published_rates: one row a place, year, grade, group and, of time missed, reason."""
    table = sheet.table.map(lambda cell: cell.strip())
    found = pd.DataFrame({"place": _places(one, table)}, index=table.index)
    for name in ("school_year", "students", "students_absent", "grade", "group_name"):
        column = one.column_of(name)
        found[name] = "" if column is None else values.cleaned(table[column])
    found["school_year"] = values.mapped(found.school_year, values.school_year_of)
    _add_numbers(one, table, found)
    everybody = found.grade.map(letters).isin(EVERYBODY)
    found["grade"] = values.mapped(
        found.grade.where(~everybody, ""), lambda said: grade_of(said) or said
    )
    found["group_name"] = found.group_name.where(~found.group_name.map(letters).isin(EVERYBODY), "")
    found["source"] = f"as published in {sheet.title}"
    found["from_sheet"], found["from_line"] = sheet.title, table.index
    if "school_year" in one.whole:
        found["school_year"] = one.whole["school_year"].value
    measure = one.column_of("measure")
    if measure is not None:
        found = found[table[measure].str.contains(CHRONIC)]
    reasons = [name for name, meaning in one.columns.items() if meaning.value == "percent_of_days"]
    counted = any(map(one.column_of, ("students", "students_absent", "percent_absent", "value")))
    parts = [found] if counted else []
    for name in reasons:
        reason = reason_of(Column(name, table[name]))
        part = found.assign(students="", students_absent="", percent_absent="", reason=reason or "")
        percents = values.with_points(values.cleaned(table[name]).str.rstrip("% "))
        part["percent_of_days"] = values.mapped(percents, _percent)
        parts.append(part[part.percent_of_days != ""])
    return pd.concat(parts)


def _add_numbers(one: SheetMapping, table: pd.DataFrame, found: pd.DataFrame) -> None:
    """How many students, how many of them chronically absent, or what percentage: in columns of
    their own, or as the measure beside one value says."""
    measure, value, rate = map(one.column_of, ("measure", "value", "percent_absent"))
    shares = pd.Series("", index=table.index, dtype=object)
    if measure is not None and value is not None:
        is_share = table[measure].str.contains(IN_PERCENT)
        found["students_absent"] = table[value].where(~is_share, "")
        shares = table[value].where(is_share, "")
    elif rate is not None:
        shares = values.cleaned(table[rate])
    found["percent_absent"] = _of_hundred(shares)
    for name in ("students", "students_absent"):
        found[name] = values.mapped(values.with_points(ungrouped(one, found[name])), _whole)


def ungrouped(one: SheetMapping, cells: pd.Series) -> pd.Series:
    """Cells of counts without points, where a sheet says that they group thousands."""
    points = one.survey.get("points") or one.whole.get("points")
    is_told = points is not None and points.value == values.THOUSANDS
    return cells.str.replace(".", "") if is_told else cells


def _of_hundred(cells: pd.Series) -> pd.Series:
    """Percentages from 0 to 100; a spreadsheet keeps them from 0 to 1."""
    plain = values.with_points(cells.str.rstrip("% "))
    numbers = [n for n in map(values.number_of, plain.unique()) if n is not None]
    is_share = bool(numbers) and max(numbers) <= 1 and any(n % 1 for n in numbers)
    factor = 100 if is_share and not cells.str.contains("%").any() else 1
    return values.mapped(plain, lambda cell: _percent(cell, factor))


def _places(one: SheetMapping, table: pd.DataFrame) -> pd.Series:
    """The name of the smallest place that a row names; a number with what it is a number of."""
    names = [name for name, meaning in one.columns.items()
             if meaning.value in ("place", "school_name", "school_id")]  # fmt: skip
    place = pd.Series("", index=table.index, dtype=object)
    for name in sorted(names, key=lambda one: table[one].nunique()):
        cells = values.cleaned(table[name])
        cells = cells.where(~cells.str.fullmatch(r"\d{1,3}"), f"{name} " + cells)
        place = cells.where(cells != "", place)
    return place


def _whole(value: str) -> str:
    number = values.number_of(value)
    return str(int(number)) if number is not None and number == int(number) >= 0 else ""


def _percent(value: str, factor: int = 1) -> str:
    number = values.number_of(value) if "," not in value else None
    if number is None or number < 0:
        return ""
    return f"{number * factor:.10f}".rstrip("0").rstrip(".")
