"""One column of a foreign sheet: what its cells can be, and what its name says.

Contents come first: a name decides only between what the contents allow.
"""

import csv
import re
import unicodedata
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from queries.convert import values
from queries.load import dates
from queries.load.grades import grade_of

HERE = Path(__file__).parent
# Of a column all but so many cells must be what it is taken for; the rest become findings.
NEARLY_ALL = 0.98
GENDERS = {"m", "f", "x", "u", "n", "nb", "h", "w", "d", "male", "female", "nonbinary"}
GENDERS |= {"non-binary", "boy", "girl", "other", "unknown", "masculino", "femenino"}
SCHOOL = re.compile(r"(?i)\b(school|academy|element\w*|elem|primary|middle|high|junior|charter"
                    r"|p[.]?s[.]? ?\d+|es|ms|hs|escuela|colegio|instituto|lyc[ée]e|[ée]cole"
                    r"|coll[èe]ge|\w*schule|gymnasium)\b")  # fmt: skip
LEVELS = re.compile(r"(?i)element|primar|middle|junior|high|second|k-?\d|escuela")
# How attendance was taken, and not what it was.
MODES = {"daily", "day", "section", "class", "period", "meeting", "homeroom", "interval"}
PLAIN_YES_NO = {"yes", "no", "y", "n", "true", "false", "1", "0"}
# How systems shorten the words of their headers: LAST_NM, EVT_CD.
SHORT = {
    **{"nm": "name", "cd": "code", "nbr": "number", "num": "number", "dt": "date"},
    **{"bldg": "building", "sch": "school", "stu": "student", "stdnt": "student"},
    **{"lvl": "level", "evt": "event", "enr": "enrollment", "attd": "attendance"},
}
COUNTED = re.compile(r"(?i)^(number of|num|no|n|count of|count|#)\b\s*|\s*\b(count|number|n|num)$")
OF_YEAR = re.compile(r"^(20)?\d\d[-/](20)?\d\d\s+")
TO_DATE = re.compile(r"(?i)\b(year[ -]to[ -]date|to[ -]date|ytd)\b")
# A number of students, whosever it is; and what stands before the names of a state's fields.
OF_STUDENT = re.compile(r"(?i).*\b(student|pupil|learner)s? ?(other|local|state|district|school)? ?"
                        r"(id|number|no|nbr|usi|upn)")  # fmt: skip
OF_SCHOOL = re.compile(r"(?i)(school|campus|building) ?(entity|local|state|site|sis|org)? ?"
                       r"(id|identifier|number|no|nbr|code|irn)")  # fmt: skip
FIELD_NUMBER = re.compile(r"^[A-Z]{2,6}\d{2,4}[_ ]")
FULL_NAME = re.compile(r"[^\W\d][^,\d]*\d*, ?[^\W\d].*")


def letters(name: str) -> str:
    """A name by its letters and digits alone, without accents."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return re.sub(r"[^a-z0-9]", "", plain)


@cache
def vocabulary(name_of_file: str, weak: bool = False) -> dict[str, list[str]]:
    """The fields that a header may mean, by its letters, in the order of names.csv or its like.
    weak: only of the names that other things have too, which have a ? behind them there."""
    found: dict[str, list[str]] = {}
    with (HERE / name_of_file).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = [row["field"], *row["names"].split(";")]
            for name in {letters(name) for name in names if name.endswith("?") or not weak}:
                found.setdefault(name, []).append(row["field"])
    return found


@cache
def fields_named(header: str) -> list[str]:
    """The fields that a header may mean: by its whole name, by that behind table or path, or by
    what it counts: number of students chronically absent, days absent to date."""
    known = vocabulary("names.csv")
    if (name := known_as(header)) is not None:
        return known[name]
    if FIELD_NUMBER.match(header):
        return fields_named(FIELD_NUMBER.sub("", header))
    header = OF_YEAR.sub("", re.sub(r"(?i)descriptor$|__c$", "", header.strip()))
    if OF_STUDENT.fullmatch(header.replace("_", " ")) or header.endswith("StudentUSI"):
        return ["student_id"]
    if OF_SCHOOL.fullmatch(header.replace("_", " ")):
        return ["school_id"]
    so_far = known.get(letters(TO_DATE.sub("", header.replace("_", " "))), [])
    if days := [field for field in so_far if field.startswith("days_")]:
        return days
    counted = letters(COUNTED.sub("", header.replace("_", " ")))
    return [field for field in known.get(counted, []) if field in ("students", "students_absent")]


@cache
def known_as(header: str) -> str | None:
    """The letters by which names.csv knows a header."""
    header = re.sub(r"(?i)descriptor$|__c$", "", header.strip())
    tail = re.split(r"[.\]/]|::", header.rstrip("]"))[-1]
    tail = re.sub(r"^\[?\d+\[?", "", tail)
    header = OF_YEAR.sub("", header)
    whole = " ".join(SHORT.get(word, word) for word in re.split(r"[\s_-]+", header.lower()))
    names = (letters(header), letters(tail), letters(whole))
    return next((name for name in names if name in vocabulary("names.csv")), None)


def share(cells: pd.Series, reader: Callable[[str], object]) -> float:
    """The share of cells that a reader can read, each value read once."""
    counts = cells.value_counts()
    read = sum(rows for value, rows in counts.items() if reader(value) not in ("", None))
    return read / len(cells) if len(cells) else 0.0


class Column:
    """One column with the evidence in it; `cells` are blank where a word for nothing stood."""

    def __init__(self, name: str, cells: pd.Series) -> None:
        self.name = name
        self.cells = values.cleaned(cells)
        self.given = self.cells[self.cells != ""]
        self.named = fields_named(name)
        weak = vocabulary("names.csv", weak=True).get(known_as(name) or "", [])
        # Without the fields whose name other things have too: `entity`, `user id`, `year`.
        self.firm = [field for field in self.named if field not in weak]

    @cached_property
    def distinct(self) -> set[str]:
        return set(self.given.unique())

    @cached_property
    def sample(self) -> pd.Series:
        """Enough of it to tell what it is: all of a short column, and every n-th of a long one."""
        step = max(1, len(self.given) // 5_000)
        return self.given.iloc[::step]

    @cached_property
    def orders(self) -> list[str]:
        """In which ways nearly all of its cells are days: numbers that are called so are none."""
        orders = dates.orders_of(sorted(self.distinct)[:: max(1, len(self.distinct) // 1_000)])
        called = not self.named and re.search(r"(ID|id|[Kk]ey|KEY|[Nn]o|[Nn]umber)$", self.name)
        return [] if called and orders == [dates.SPREADSHEET] else orders

    @cached_property
    def is_days(self) -> bool:
        years = self.sample.head(200).str.fullmatch(r"\d{4}")
        return bool(self.orders) and not years.any()

    @cached_property
    def is_usual(self) -> bool:
        """Whether one cell is that of a third: most stays begin with the school year."""
        return bool(self.given.value_counts(normalize=True).head(1).ge(0.3).any())

    @cached_property
    def is_stamp(self) -> bool:
        """Days with a time to the second: when somebody wrote, and no school day."""
        times = self.sample.head(500).str.extract(r"(\d{1,2}:\d{2}(?::\d{2})?)")[0].dropna()
        return bool(self.orders) and times.nunique() > 0.5 * max(1, len(self.sample.head(500)))

    @cached_property
    def is_evening_elsewhere(self) -> bool:
        """Midnights of another time zone, written as the evening before."""
        late = self.sample.str.fullmatch(r".*[T ](1[2-9]|2[0-3]):\d\d\S*(Z|[+-]\d\d:?\d\d)")
        if not len(late) or late.mean() < NEARLY_ALL or not self.orders:
            return False
        days = self.sample[late].map(lambda value: dates.day_of(value, self.orders[0]))
        weekdays = [day.weekday() for day in days if day is not None]
        return weekdays.count(6) > weekdays.count(4)

    @cached_property
    def is_number(self) -> bool:
        return share(self.sample, values.number_of) >= NEARLY_ALL

    @cached_property
    def numbers(self) -> list[float]:
        read = values.with_points(pd.Series(sorted(self.distinct), dtype=object))
        numbers = (values.number_of(value) for value in read)
        return [number for number in numbers if number is not None]

    @cached_property
    def is_id(self) -> bool:
        """Short words without spaces."""
        if self.is_days and dates.SPREADSHEET not in self.orders and not self._all_digits:
            return False
        if self.is_number and any(number % 1 for number in self.numbers):
            return False
        shaped = self.sample.head(2_000).str.fullmatch(r"'?(?!\d+:\d)[\w./:@+-]{1,64}")
        return bool(len(shaped) and shaped.mean() >= NEARLY_ALL)

    @cached_property
    def is_number_of_person(self) -> bool:
        """An id with digits, of which there are many: a student's, and hardly anything else."""
        if len(self.distinct) < 8:
            return False
        digits = self.sample.head(2_000).str.fullmatch(r"(?!\d*[.]\d*[1-9])[^@]*\d[^@]*")
        long = self.sample.head(2_000).str.len() >= 4
        return self.is_id and bool((digits & long).mean() > 0.95)

    @cached_property
    def _all_digits(self) -> bool:
        return bool(self.sample.head(200).str.fullmatch(r"\d{4,12}([.]0)?").all())

    @cached_property
    def is_unique(self) -> bool:
        return len(self.distinct) == len(self.given) > 0

    @cached_property
    def ids(self) -> set[str]:
        return {values.id_of(value) for value in self.distinct}

    @cached_property
    def is_grade(self) -> bool:
        return len(self.distinct) <= 40 and share(self.given, grade_of) >= 0.9

    @cached_property
    def is_spelled_grade(self) -> bool:
        """Grades that are told from other small numbers by their letters: K, PK, 3rd."""
        lettered = any(grade_of(v) and re.search(r"[^\W\d_]", v) for v in self.distinct)
        return self.is_grade and len(self.distinct) >= 3 and lettered

    @cached_property
    def samples(self) -> str:
        """The four usual cells, for a sentence."""
        return ", ".join(str(value)[:30] for value in self.given.value_counts().index[:4])

    @cached_property
    def is_yes_no(self) -> bool:
        return len(self.distinct) <= 2 and share(self.given, values.yes_no_of) == 1

    @cached_property
    def is_gender(self) -> bool:
        return 1 < len(self.distinct) <= 8 and {v.lower() for v in self.distinct} <= GENDERS

    @cached_property
    def is_full_name(self) -> bool:
        return bool(self.sample.head(500).str.fullmatch(FULL_NAME.pattern).mean() >= NEARLY_ALL)

    @cached_property
    def is_school_year(self) -> bool:
        return len(self.distinct) <= 12 and share(self.given, values.school_year_of) == 1

    @cached_property
    def is_words(self) -> bool:
        """Mostly letters."""
        return bool(self.sample.head(500).str.contains(r"[^\W\d_]{2}", regex=True).mean() >= 0.9)

    @cached_property
    def sounds_of_schools(self) -> bool:
        """Whether a third of its names are such as schools have."""
        return share(pd.Series(sorted(self.distinct), dtype=object), school_in) >= 0.3

    @cached_property
    def is_few(self) -> bool:
        """A handful of short words that come again and again: codes, kinds, groups."""
        long = max(map(len, self.distinct), default=0)
        return 0 < len(self.distinct) <= 80 and long <= 100 and not self.is_days

    def fits(self, field: str) -> bool:
        """Whether its cells can be such a field at all."""
        test = FITS["race: "] if field.startswith("race: ") else FITS.get(field)
        return bool(len(self.given)) and (test is None or test(self))


def school_in(name: str) -> str:
    """The word of a name that schools have in theirs; '' for none."""
    found = SCHOOL.search(name)
    return found[0] if found else ""


def _between(least: float, most: float) -> Callable[[Column], bool]:
    def test(column: Column) -> bool:
        return column.is_number and all(least <= number <= most for number in column.numbers)

    return test


def _mostly_numbers(column: Column) -> bool:
    """Numbers, but for marks of what is withheld: s, *, <10."""
    others = {value for value in column.distinct if values.number_of(value) is None}
    return len(column.distinct) > len(others) and len(others) <= 4


def _flag(column: Column) -> bool:
    return len(column.distinct) <= 12 and not column.is_days


FITS: dict[str, Callable[[Column], bool]] = {
    "student_id": lambda c: c.is_id,
    "school_id": lambda c: len(c.distinct) == 1 or c.is_id,
    "school_name": lambda c: c.is_words and not c.is_days,
    "first_name": lambda c: c.is_words,
    "last_name": lambda c: c.is_words,
    "full_name": lambda c: c.is_words and len(c.distinct) > 1 and bool(
        c.sample.head(200).str.contains(r"[ ,]").mean() > 0.5
    ),
    "grade": lambda c: c.is_grade,
    "gender": lambda c: len(c.distinct) <= 10 and not c.is_days,
    "birth_date": lambda c: c.is_days,
    "entry_date": lambda c: c.is_days,
    "exit_date": lambda c: c.is_days,
    "begin_date": lambda c: c.is_days,
    "end_date": lambda c: c.is_days,
    "date": lambda c: c.is_days,
    "school_year": lambda c: c.is_school_year,
    "in_session": lambda c: c.is_yes_no or (len(c.distinct) <= 2 and _between(0, 1)(c)),
    "day_off": lambda c: (len(c.distinct) <= 12 and len(c.given) < len(c.cells)) or c.is_yes_no,
    "attendance_taken": lambda c: c.is_yes_no,
    "nobody_absent": lambda c: {value.lower() for value in c.distinct} <= PLAIN_YES_NO,
    "english_learner": _flag,
    "disability": _flag,
    "economically_disadvantaged": _flag,
    "unstable_housing": _flag,
    "race: ": lambda c: c.is_yes_no,
    "enrollment_status": lambda c: len(c.distinct) <= 12,
    "user_role": lambda c: len(c.distinct) <= 20 and c.is_words,
    "org_type": lambda c: "school" in {value.lower() for value in c.distinct},
    "day_kind": lambda c: c.is_few and c.is_words,
    "code": lambda c: c.is_few and not {v.lower() for v in c.distinct} <= PLAIN_YES_NO | MODES,
    "mode": lambda c: all(v.lower().removeprefix("att_mode") in MODES for v in c.distinct),
    "status": lambda c: (c.is_few and c.is_words) or (c.is_few and len(c.distinct) <= 12),
    "missed_minutes": _between(0, 1_000),
    "excused_minutes": _between(0, 1_000),
    "unexcused_minutes": _between(0, 1_000),
    "present_minutes": _between(0, 1_000),
    "present_share": lambda c: _between(0, 1)(c) and share(
        c.sample, lambda said: values.number_of(said) == 1 or None) >= 0.5,
    "day_minutes": _between(1, 1_000),
    "event_duration": _between(0, 1),
    "periods_missed": _between(0, 20),
    "periods_possible": _between(1, 20),
    "periods": _between(1, 20),
    "days_enrolled": _between(0, 260),
    "days_absent": _between(0, 260),
    "days_present": _between(0, 260),
    "school_days": _between(1, 260),
    "students": lambda c: _mostly_numbers(c),
    "students_absent": lambda c: _mostly_numbers(c),
    "period": lambda c: len(c.distinct) <= 40,
    "session": lambda c: {v.lower() for v in c.distinct} <= {"am", "pm", "a", "p"},
    "level": lambda c: share(c.given, lambda v: v if LEVELS.search(v) else "") >= 0.5,
    "label": lambda c: c.is_words,
    "counts_as": lambda c: c.is_few,
}  # fmt: skip


@cache
def code_words() -> dict[str, tuple[str, str]]:
    """How words and usual codes count, by their letters: counts_as, and excused (yes, no or '')."""
    found = {}
    with (HERE / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for words in row["words"].split(";"):
                found[letters(words) or words] = (row["counts_as"], row["excused"])
    return found


def counts_of(word: str) -> tuple[str, str] | None:
    """How a code or its words count, None where they are not among the usual ones."""
    word = word.rpartition("#")[2]
    return code_words().get(letters(word) or word)
