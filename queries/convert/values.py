"""What cells of other systems say: days, ids, grades, school years, words for nothing."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

import pandas as pd

NOTHING = {"null", "n/a", "na", "#n/a", "none", "-", "--", ".", "nan", "(null)", "(blank)", "n.a."}

YEAR_FIRST, MONTH_FIRST, DAY_FIRST = "year-month-day", "month/day/year", "day/month/year"
BY_NAME, SPREADSHEET = "with the name of the month", "day numbers of a spreadsheet"
_YEAR_FIRST = re.compile(r"(\d{4})[/.-]?(\d{1,2})[/.-]?(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_DAY_NUMBER = re.compile(r"[34]\d{4}")
_TIME = re.compile(
    r"[T ]\s*\d{1,2}:\d{2}(:\d{2}([.]\d+)?)?\s*([AaPp][.]?[Mm][.]?)?"
    r"\s*(Z|(GMT|UTC)?[+-]\d\d?(:?\d\d)?|[A-Z]{3,4})?$"
)
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[., ]+", re.IGNORECASE)
_DAY_NAMED = re.compile(r"(\d{1,2})[ -]([^\W\d]{3,12})[.,]?[ -]+(\d{4}|\d{2})")
_NAMED_DAY = re.compile(r"([^\W\d]{3,12})[.]?[ -]+(\d{1,2}),?[ -]+(\d{4})")
_MONTHS = {
    name: number
    for names in ("jan feb mar apr may jun jul aug sep oct nov dec",
                  "ene feb mar abr may jun jul ago sep oct nov dic")
    for number, name in enumerate(names.split(), start=1)
}  # fmt: skip
# A stay without an end is written with a day that never comes.
NEVER = {2099, 2199, 2999, 3000, 4712, 9999}


def cleaned(cells: pd.Series) -> pd.Series:
    """Cells without what other systems write where there is nothing, and of a descriptor such as
    uri://ed-fi.org/GradeLevelDescriptor#First grade its name."""
    addresses = cells.str.startswith("uri:") & cells.str.contains("#")
    if addresses.any():
        cells = cells.where(~addresses, cells.str.rpartition("#")[2])
    return cells.where(~cells.str.lower().isin(NOTHING), "")


def mapped(cells: pd.Series, reader: Callable[[str], str]) -> pd.Series:
    """Every cell as the reader reads it; each value is read once."""
    return cells.map({value: reader(value) if value else "" for value in cells.unique()})


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
    orders = (YEAR_FIRST, MONTH_FIRST, DAY_FIRST, BY_NAME)
    return any(day_of(value, order) is not None for order in orders)


def _named_day(value: str) -> date | None:
    """A day with the name of its month, such as 2-Sep-2025 or September 2, 2025."""
    found = _DAY_NAMED.fullmatch(value)
    day, name, year = found.groups() if found else ("", "", "")
    if found is None and (found := _NAMED_DAY.fullmatch(value)):
        name, day, year = found.groups()
    month = _MONTHS.get(name[:3].lower())
    if month is None:
        return None
    return date(int(year) if len(year) == 4 else 2000 + int(year), month, int(day))


def orders_of(values: Iterable[str]) -> list[str]:
    """Every way in which all but a fiftieth of these values are days, best first; of month and day
    both where the values do not tell."""
    given = [value for value in values if value]
    if not given:
        return []
    read = {
        order: sum(1 for value in given if _is_day(day_of(value, order)))
        for order in (YEAR_FIRST, MONTH_FIRST, DAY_FIRST, BY_NAME, SPREADSHEET)
    }
    enough = 0.98 * len(given)
    orders = [order for order, days in read.items() if days >= enough]
    if MONTH_FIRST in orders and DAY_FIRST in orders:
        # A value that is a day in one order alone proves it, if none proves the other.
        best = max(read[MONTH_FIRST], read[DAY_FIRST])
        orders = [order for order in orders if read[order] == best]
    return orders


def _is_day(day: date | None) -> bool:
    return day is not None and (1900 <= day.year <= 2100 or day.year in NEVER)


def iso_days(cells: pd.Series, order: str) -> pd.Series:
    """Days as 2025-09-30; '' where a cell is blank, and as it was where it is no day."""

    def written(value: str) -> str:
        day = day_of(value, order)
        return str(day) if day else value

    return mapped(cells, written)


def id_of(value: str) -> str:
    """1234.0 and 1.234E3 are 1234: ids that were numbers once. Leading zeros stay."""
    value = value.strip().lstrip("'")
    if re.fullmatch(r"\d+[.]0+", value):
        return value.split(".")[0]
    if re.fullmatch(r"\d[.]\d+E[+]?\d+", value, re.IGNORECASE) and float(value).is_integer():
        return str(int(float(value)))
    return value


_WORDS_FOR = {
    "K": "0 00 0k k kg kf kp kn kdg kinder kindergarten",
    "PK": "-1 -2 -3 pk pk3 pk4 p3 p4 pre-k prek pre-kindergarten prekindergarten preschool tk t-k"
    " ps ec ecse preschool/prekindergarten",
}
_GRADES = {word: grade for grade, words in _WORDS_FOR.items() for word in words.split()}
_GRADES |= {"transitional kindergarten": "PK", "early education": "PK"}
_GRADES |= {f"{n}": f"{n}" for n in range(1, 13)} | {f"0{n}": f"{n}" for n in range(1, 10)}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_GRADES |= {word: str(n) for n, word in enumerate(_ORDINALS.split(), start=1)}


def grade_of(value: str) -> str:
    """PK, K or 1 to 12; '' when it is no grade."""
    plain = re.sub(r"^(grade|gr[.]?|year|grado|jahrgang|klasse)\s*|\s*(grade|grado)$", "",
                   value.strip().lower())  # fmt: skip
    plain = re.sub(r"(?<=\d)(st|nd|rd|th|º|°|o|[.]0)$", "", plain)
    return _GRADES.get(plain, "")


def school_year_of(value: str, known: Sequence[str] = ()) -> str:
    """2025-26 of 2025-2026, 25-26, 2025/26, SY2526 or 2026, the year that it ends, unless only the
    year that begins in it is known; else ''."""
    plain = re.sub(r"^(sy|school year|ay)\s*", "", value.strip().lower())
    for form in (r"(20\d\d)\s*[-/–]?\s*(?:20)?(\d\d)", r"(\d\d)\s*[-/–]?\s*(\d\d)"):
        found = re.fullmatch(form, plain)
        if found and (int(found[1]) + 1) % 100 == int(found[2]):
            return f"20{found[1][-2:]}-{found[2]}"
    if re.fullmatch(r"20\d\d", plain):
        begins = f"{plain}-{(int(plain) + 1) % 100:02d}"
        if begins in known and f"{int(plain) - 1}-{plain[2:]}" not in known:
            return begins
        return f"{int(plain) - 1}-{plain[2:]}"
    return ""


def school_year_on(day: date) -> str:
    """The school year of a day: it turns in July."""
    first = day.year if day.month >= 7 else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


YES = {"yes", "y", "true", "t", "1", "x", "si", "sí", "ja"}
NO = {"no", "n", "false", "f", "0", "nein"}


def yes_no_of(value: str) -> str:
    """yes, no, or '' when it is neither."""
    plain = value.strip().lower()
    return "yes" if plain in YES else "no" if plain in NO else ""


_LESSONS = [
    *("instruct", "make", "school day", "regular", "in session", "student day", "half day"),
    *("early release", "early dismissal", "minimum day", "delayed"),
]
_NO_LESSONS = ("non-instruct", "noninstruct", "non instruct", "no school", "no student")
_DAYS_OFF = re.compile(
    r"\b(holiday|break|recess|vacation|closed|closure|weekend|teachers?|staff|professional|pd|"
    r"in-?service|work ?day|off)\b"
)


def is_instructional(kind: str) -> bool:
    """Whether a kind of day has lessons, by its words: Instructional day, Make-up day."""
    words = kind.rpartition("#")[2].lower()
    if any(no in words for no in _NO_LESSONS):
        return False
    return not words or any(yes in words for yes in _LESSONS)


def is_day_off(kind: str) -> bool:
    """Whether the words of a kind of day say that it has no lessons: Holiday, Teacher workday."""
    words = kind.rpartition("#")[2].lower()
    return not is_instructional(kind) and (
        bool(_DAYS_OFF.search(words)) or any(no in words for no in _NO_LESSONS)
    )


def number_of(value: str) -> float | None:
    """A number written plainly; 1,234.5 and 0,50 too."""
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", value.strip())
    plain = re.sub(r"(?<=\d),(?=\d{1,2}$)", ".", plain)
    return float(plain) if re.fullmatch(r"-?\d{1,12}([.]\d{1,15})?|-?[.]\d{1,15}", plain) else None


# Numbers that have one meaning: 12,5 and 1.234,5 and 0,125 by the one mark, 12.5 by the other. That
# of 1,234 the other cells of its column tell.
_COMMA_PROVED = re.compile(r"-?(\d+,(\d{1,2}|\d{4,})|0,\d+|\d{1,3}([.]\d{3})+,\d+)")
_POINT_PROVED = re.compile(r"-?(\d*[.](\d{1,2}|\d{4,})|0?[.]\d+|\d{1,3}(,\d{3})+[.]\d+)")


def with_points(cells: pd.Series) -> pd.Series:
    """The numbers of a column with a decimal point, each digit as it is written: 12.5 of 12,5, and
    1234.5 of 1.234,5. The column proves which mark is whose: 1,125 is 1125 but beside 12,5, and
    stays as it is where 12.5 stands there too. What is no number stays."""
    given = cells.unique()
    has_comma = any(_COMMA_PROVED.fullmatch(value.strip()) for value in given)
    has_point = any(_POINT_PROVED.fullmatch(value.strip()) for value in given)

    def written(value: str) -> str:
        plain = value.strip()
        if _COMMA_PROVED.fullmatch(plain) or (has_comma and not has_point):
            plain = re.sub(r"(?<=\d)[.](?=\d{3}(\D|$))", "", plain).replace(",", ".")
        elif not has_comma:
            plain = re.sub(r"(?<=\d),(?=\d{3}(\D|$))", "", plain)
        if number_of(plain) is None or "," in plain:
            return value
        return f"0{plain}" if plain.startswith(".") else plain

    return mapped(cells, written)
