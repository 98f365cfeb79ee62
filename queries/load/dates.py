"""What a column of dates is, when none or many of them are written year first."""

import re
from datetime import date, datetime, timedelta

AS_IN_CONTRACT = re.compile(r"\d{4}-\d\d-\d\d")
YEAR_LAST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})([/.-]?)(\d{1,2})\2(\d{1,2})")
WITH_TIME = re.compile(r"(.*\d)[T ]+\d{1,2}:\d{2}.*")
SPREADSHEET_DAY = re.compile(r"[34]\d{4}([.]0+)?")
WITH_NAMES = ("%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y")

MONTH_FIRST, DAY_FIRST = "month/day/year", "day/month/year"


def convention(values: list[str]) -> tuple[str, list[str], date | None] | None:
    """How most of these dates are written, which ones are, and which day the first of them is.

    The day is None where it cannot be told. None when there is no such way.
    """
    shapes: dict[str, list[str]] = {}
    for value in values:
        shape = _shape(value)
        if shape:
            shapes.setdefault(shape, []).append(value)
    if not shapes:
        return None
    shape, alike = max(shapes.items(), key=lambda item: len(item[1]))
    way = _order(alike) if shape.startswith("year last") else shape
    told = way + (" with a time of day" if shape.endswith("with time") else "")
    return told, alike, _day(alike[0], way)


def _shape(value: str) -> str | None:
    with_time = WITH_TIME.fullmatch(value)
    if with_time:
        inner = _shape(with_time[1])
        if inner == "year last":
            return "year last with time"
        return "dates with a time of day" if AS_IN_CONTRACT.fullmatch(with_time[1]) else None
    if AS_IN_CONTRACT.fullmatch(value):
        return None  # written as it should be, and no day all the same
    if YEAR_LAST.fullmatch(value):
        return "year last"
    if YEAR_FIRST.fullmatch(value):
        return "year, month and day without hyphens" if value.isdigit() else "year/month/day"
    if SPREADSHEET_DAY.fullmatch(value):
        return "day numbers of a spreadsheet"
    return "dates with the name of the month" if _by_name(value) else None


def _order(values: list[str]) -> str:
    parts = [found.groups() for found in map(YEAR_LAST.match, values) if found]
    first, second = (max(int(part[place]) for part in parts) for place in (0, 1))
    if first <= 12 < second:
        return MONTH_FIRST
    if second <= 12 < first:
        return DAY_FIRST
    return f"{MONTH_FIRST} or {DAY_FIRST}, which cannot be told"


def _day(value: str, way: str) -> date | None:
    try:
        if way in (MONTH_FIRST, DAY_FIRST) and (found := YEAR_LAST.match(value)):
            first, second, year = (int(part) for part in found.groups())
            month, day = (first, second) if way == MONTH_FIRST else (second, first)
            return date(year if year > 99 else 2000 + year, month, day)
        of_year_first = way.startswith(("year", "dates with a time"))
        if of_year_first and (found := YEAR_FIRST.match(value)):
            return date(int(found[1]), int(found[3]), int(found[4]))
        if way.startswith("day numbers"):
            return date(1899, 12, 30) + timedelta(days=int(value.split(".")[0]))
        return _by_name(value)
    except ValueError:
        return None


def _by_name(value: str) -> date | None:
    for form in WITH_NAMES:
        try:
            return datetime.strptime(value, form).date()
        except ValueError:
            continue
    return None
