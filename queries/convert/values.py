"""What cells of other systems say: days, ids, grades, school years, words for nothing."""

import re
from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd

from queries.load import dates

NOTHING = {"null", "n/a", "na", "#n/a", "none", "-", "--", ".", "nan", "(null)", "(blank)", "n.a."}


def cleaned(cells: pd.Series) -> pd.Series:
    """Cells without what other systems write where there is nothing, and of a descriptor such as
    uri://ed-fi.org/GradeLevelDescriptor#First grade its name."""
    # Value by value, as a day or a code comes again and again.
    changed = {}
    for value in cells.unique():
        name = value.rpartition("#")[2] if value.startswith("uri:") else value
        name = "" if name.lower() in NOTHING else name
        if name != value:
            changed[value] = name
    return cells.map(lambda value: changed.get(value, value)) if changed else cells


def mapped(cells: pd.Series, reader: Callable[[str], str]) -> pd.Series:
    """Every cell as the reader reads it; each value is read once."""
    return cells.map({value: reader(value) if value else "" for value in cells.unique()})


def iso_days(cells: pd.Series, order: str) -> pd.Series:
    """Days as 2025-09-30; '' where a cell is blank, and as it was where it is no day."""

    def written(value: str) -> str:
        day = dates.day_of(value, order)
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
_NO_LESSONS = re.compile(
    r"\b(no|non|not|without)[- ]?(in )?(instruct|school|student|class|session|attend|contact)"
)
_DAYS_OFF = re.compile(
    r"\b(holiday|break|recess|vacation|closed|closure|weekend|teachers?|staff|professional|pd|"
    r"in-?service|work ?day|off)\b"
)


def is_instructional(kind: str) -> bool:
    """Whether a kind of day has lessons, by its words: Instructional day, Make-up day."""
    words = kind.rpartition("#")[2].lower()
    if _NO_LESSONS.search(words):
        return False
    return not words or any(yes in words for yes in _LESSONS)


def is_day_off(kind: str) -> bool:
    """Whether the words of a kind of day say that it has no lessons: Holiday, Teacher workday."""
    words = kind.rpartition("#")[2].lower()
    return not is_instructional(kind) and (
        bool(_DAYS_OFF.search(words)) or bool(_NO_LESSONS.search(words))
    )


def with_point(value: str) -> str:
    """1234.5 of 1,234.5, and 0.50 of 0,50."""
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", value.strip())
    return re.sub(r"(?<=\d),(?=\d{1,2}$)", ".", plain)


def number_of(value: str) -> float | None:
    """A number written plainly; 1,234.5 and 0,50 too."""
    plain = with_point(value)
    return float(plain) if re.fullmatch(r"-?\d{1,12}([.]\d{1,15})?|-?[.]\d{1,15}", plain) else None


# Numbers that have one meaning: 12,5 and 1.234,5 and 1.234.567 and 0,125 by the one mark, 12.5 by
# the other. That of 1,234 the other cells of its column tell.
_COMMA_PROVED = re.compile(
    r"-?(\d+,(\d{1,2}|\d{4,})|0,\d+|\d{1,3}([.]\d{3})+,\d+|[1-9]\d{0,2}([.]\d{3}){2,})"
)
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


THOUSANDS = "groups thousands"


def point_groups(cells: pd.Series) -> bool | None:
    """Whether the point of 1.234 groups thousands in a column: its other numbers prove that it
    does, or is a decimal one; None where they do not. False too where no cell has such a point."""
    given = [value.strip() for value in cells.unique()]
    has_comma = any(map(_COMMA_PROVED.fullmatch, given))
    has_point = any(map(_POINT_PROVED.fullmatch, given))
    if not any(re.fullmatch(r"-?\d{1,3}([.]\d{3})+", value) for value in given):
        return False
    return has_comma and not has_point if has_comma or has_point else None


def half_of(header: str) -> tuple[str, str]:
    """The day that a header names, and which half of it: am, pm or ''."""
    found = re.fullmatch(r"(?i)(.*\d)[ _-]+([ap]m)", header.strip())
    return (found[1], found[2].lower()) if found else (header, "")
