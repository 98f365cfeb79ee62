"""Days as systems write them: which day a cell means, and in which order a column of them is."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

YEAR_FIRST, MONTH_FIRST, DAY_FIRST = "year-month-day", "month/day/year", "day/month/year"
BY_NAME, SPREADSHEET = "with the name of the month", "day numbers of a spreadsheet"
ORDERS = (YEAR_FIRST, MONTH_FIRST, DAY_FIRST, BY_NAME, SPREADSHEET)
_YEAR_FIRST = re.compile(r"(\d{4})[/.-]?(\d{1,2})[/.-]?(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_DAY_NUMBER = re.compile(r"[34]\d{4}")
_TIME = re.compile(
    r"[T ]\s*\d{1,2}:\d{2}(:\d{2}([.]\d+)?)?\s*([AaPp][.]?\s?[Mm][.]?)?"
    r"\s*(Z|(GMT|UTC)?[+-]\d\d?(:?\d\d)?|[A-Z]{3,4})?$"
)
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[., ]+", re.IGNORECASE)
_DAY_NAMED = re.compile(r"(\d{1,2})[ -]([^\W\d]{3,12})[.,]?[ -]+(\d{4}|\d{2})")
_NAMED_DAY = re.compile(r"([^\W\d]{3,12})[.]?[ -]+(\d{1,2}),?[ -]+(\d{4})")
# By the first three letters of their names, English and Spanish.
MONTHS = {
    name: number
    for names in ("jan feb mar apr may jun jul aug sep oct nov dec",
                  "ene feb mar abr may jun jul ago sep oct nov dic")
    for number, name in enumerate(names.split(), start=1)
}  # fmt: skip
# A stay without an end is written with a day that never comes.
NEVER = {2099, 2199, 2999, 3000, 4712, 9999}


def day_of(value: str, order: str) -> date | None:
    """The day that a cell means, None when it means none."""
    value = _WEEKDAY.sub("", _TIME.sub("", value.strip()))
    try:
        if order == YEAR_FIRST and (found := _YEAR_FIRST.fullmatch(value)):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if order in (MONTH_FIRST, DAY_FIRST) and (found := _YEAR_LAST.fullmatch(value)):
            first, second, year = (int(part) for part in found.groups())
            month, day = (first, second) if order == MONTH_FIRST else (second, first)
            return date(year if year > 99 else 2000 + year, month, day)
        if order == SPREADSHEET and _DAY_NUMBER.fullmatch(value.removesuffix(".0")):
            return date(1899, 12, 30) + timedelta(days=int(value.removesuffix(".0")))
        return _named_day(value) if order == BY_NAME else None
    except ValueError:
        return None


def is_day(value: str) -> bool:
    """Whether a word is a day in any way but as a number alone."""
    return any(day_of(value, order) is not None for order in ORDERS if order != SPREADSHEET)


def _named_day(value: str) -> date | None:
    """A day with the name of its month, such as 2-Sep-2025 or September 2, 2025."""
    found = _DAY_NAMED.fullmatch(value)
    day, name, year = found.groups() if found else ("", "", "")
    if found is None and (found := _NAMED_DAY.fullmatch(value)):
        name, day, year = found.groups()
    month = MONTHS.get(name[:3].lower())
    if month is None:
        return None
    return date(int(year) if len(year) == 4 else 2000 + int(year), month, int(day))


def orders_of(values: Iterable[str]) -> list[str]:
    """Every way in which all but a fiftieth of these values are days, best first; of month and day
    both where the values do not tell."""
    given = [value for value in values if value]
    if not given:
        return []
    read = {order: sum(1 for value in given if _may_be(day_of(value, order))) for order in ORDERS}
    orders = [order for order, days in read.items() if days >= 0.98 * len(given)]
    if MONTH_FIRST in orders and DAY_FIRST in orders:
        # A value that is a day in one order alone proves it, if none proves the other.
        best = max(read[MONTH_FIRST], read[DAY_FIRST])
        orders = [order for order in orders if read[order] == best]
    return orders


def _may_be(day: date | None) -> bool:
    return day is not None and (1900 <= day.year <= 2100 or day.year in NEVER)


def convention(values: list[str]) -> tuple[str, list[str], date | None] | None:
    """How most of these values are written, which ones are, and which day the first of them is.

    The day is None where it cannot be told. None when they are no days.
    """
    # Written as it should be, and refused all the same: no other way.
    others = [value for value in values if not re.fullmatch(r"\d{4}-\d\d-\d\d", value)]
    read = {order: [value for value in others if day_of(value, order)] for order in ORDERS}
    order, alike = max(read.items(), key=lambda one: len(one[1]))
    if not alike:
        return None
    if order == MONTH_FIRST and len(read[DAY_FIRST]) == len(alike):
        return f"{MONTH_FIRST} or {DAY_FIRST}, which cannot be told", alike, None
    way = {BY_NAME: f"dates {BY_NAME}", YEAR_FIRST: "year/month/day"}.get(order, order)
    if order == YEAR_FIRST and alike[0].isdigit():
        way = "year, month and day without hyphens"
    if _TIME.search(alike[0]):
        way = "dates with a time of day" if order == YEAR_FIRST else f"{way} with a time of day"
    return way, alike, day_of(alike[0], order)
