"""What one row of a foreign sheet is: a student, a student's day, a school's day, a code."""

import csv
import re
from collections.abc import Iterable, Set

import pandas as pd

from queries.convert import breaks, published, values
from queries.convert.columns import HERE, Column, counts_of, letters
from queries.convert.mapping import ASK, LIKELY, OPEN, SURE, Meaning
from queries.load import dates

ROSTER, SCHOOLS, CALENDAR, SESSIONS = "roster", "schools", "calendar", "sessions"
ATTENDANCE, DAY_COLUMNS = "attendance", "attendance_day_columns"
PERIOD_COLUMNS, CODES, NOTHING = "attendance_periods", "attendance_codes", ""
TOTALS = "year_totals"
# How long a student was enrolled, absent and there: of two of them the third follows.
DAYS = ("days_enrolled", "days_absent", "days_present")

with (HERE / "shapes.csv").open(encoding="utf-8", newline="") as _file:
    _SHAPES = {row["holds"]: row for row in csv.DictReader(_file)}
# Which fields a sheet may have, by what it holds, and without which of them it says nothing.
MAY_HAVE = {holds: row["fields"].split(";") for holds, row in _SHAPES.items()}
NEEDED = {holds: row["needed"].split(";") for holds, row in _SHAPES.items() if row["needed"]}
# What says how long somebody was away or there; and one of these says what happened on the day.
LENGTHS = ("missed_minutes", "excused_minutes", "unexcused_minutes", "event_duration",
           "periods_missed", "present_share", "present_minutes")  # fmt: skip
SAYS_WHAT = ["code", "status", *LENGTHS]

# Numbers of something else than students, though they may link files too.
OF_THINGS = re.compile(r"(course|subject|class|lecturer|faculty|instructor|teacher|staff|program"
                       r"|department|lesson|room|device|phone|mobile|cell|contact|zip|postal|book"
                       r"|customer|patient|client|member|account|order|invoice|item|product|ticket"
                       r"|employee|borrower|\w*(price|amount|cost|fee|pay|salary|total)\w*)"
                       r"(phone|number|code|id|no|key)*")  # fmt: skip
OTHERS = re.compile(r"(teacher|staff|employee|parent|guardian)(number|id|no|type|sisid)?")
# What a roster may have and what is nobody's: with these alone a row says nothing of a student.
NOBODYS = {"student_id", "school_year", "section", "enrollment_status", "comment", "calendar_code"}
NOBODYS |= {"network", "neighborhood", "level", "user_role"}
PERSONAL = {"first_name", "last_name", "full_name", "grade", "gender", "birth_date", "entry_date"}
# Names of columns that many sheets have, of attendance and of anything else.
FOR_ANYTHING = {"status", "state", "type", "mark", "code", "category", "minutes", "estado", "mode"}
# Words that speak of students, and of what somebody does once or again beside school.
OF_STUDENTS = re.compile(r"(?i)student|pupil|learner|alumn|estudiant|[eé]l[eè]ves?\b|sch(ü|ue)ler"
                         r"|grade.?level|homeroom")  # fmt: skip
BESIDE_SCHOOL = re.compile(r"(course|exam|test|quiz|assignment|homework|book|loan|fee|payment"
                           r"|invoice|order|club|event|game|match|practice|meeting|training|points"
                           r"|score|marks?|subject|product|route|price|credit|gpa)s?"
                           r"(id|code|cd|name|nm|title|number|no|nbr)?")  # fmt: skip
# Words of codes that are of attendance alone; late, excused and sick are of other things too.
OF_ATTENDANCE = re.compile(
    r"(?i)absen|presen|tard[yei]|truan|ausen|anwesen|abwesen|[^\x00-\x7f]{2}"
)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
# So much of a list of days may be Saturdays and Sundays on which there was school.
WEEKENDS = 0.1


def holds_what(
    columns: list[Column],
    student: Column | None,
    title: str,
    above: Iterable[str] = (),
    schools: Set[str] = frozenset(),
) -> Meaning:
    """What one row of a sheet is. above: what stands over and under the table; schools: the ids and
    names of schools in other sheets."""
    days = [c for c in columns if dates.is_day(values.half_of(c.name)[0])]
    numbers = [c for c in columns if c.name.isdecimal() and 0 < int(c.name) < 32]
    numbers = [c for c in numbers if not c.is_number]
    if len(numbers) >= 10 and (student is not None or _names_of(columns)):
        words = "has columns 1, 2, 3 …: if these are days of a month, write it into a title or the"
        words += " sheet's name, such as September 2025, and leave Saturdays and Sundays blank; or"
        words += " name the whole day in each, and map it again"
        return Meaning(OPEN, ASK, words, (NOTHING,))
    timed = [c for c in columns if dates.is_day(re.split(r"[ T]+\d\d?[.:h]\d\d", c.name)[0])]
    if len(timed) >= 10 and not days and (student is not None or _names_of(columns)):
        words = f"has a column for each time that attendance was taken ({timed[0].name}): name each"
        words += " by its day alone, such as 9/2/2025, or 9/2/2025 AM and 9/2/2025 PM, and map it"
        return Meaning(OPEN, ASK, f"{words} again", (NOTHING,))
    weekdays = weekday_columns(c.name for c in columns)
    if student is not None and are_marks(c.cells for c in columns if c.name in weekdays):
        words = "has a column for each weekday: write the first day of each row's week into one"
        words += " column, all Mondays, such as 9/1/2025, and map it again; or leave it out with ''"
        return Meaning(OPEN, ASK, words, (NOTHING,))
    plain = student is not None and student.named == ["student_id"]
    if not plain and any(OTHERS.fullmatch(letters(c.name)) for c in columns):
        return Meaning(NOTHING, LIKELY, "of staff or parents, and not of students")
    data = [c for c in columns if _is_data(c.name)]
    few = len(days) < 10 and not are_marks(c.cells for c in days)
    if data and len(data) >= 0.2 * len(columns) and few and not (_names_of(columns) and days[1:]):
        return Meaning(OPEN, ASK, f"its first row looks like data ({data[0].name}): add a header")
    if (shifted := _shifted(columns)) is not None:
        return shifted
    about = " ".join([title, *above])
    if not plain and (told := published.holds(columns, about)):
        return told
    if student is not None and (len(days) >= 10 or (days and are_marks(c.cells for c in days))):
        return Meaning(DAY_COLUMNS, SURE, f"one row a student, and a column for {len(days)} days")
    if student is None and (told := _of_names(columns, days, title)):
        return told
    if len(days) >= 10:
        words = f"has a column for {len(days)} days, and no column is surely the students'"
        return Meaning(OPEN, ASK, words, (DAY_COLUMNS,))
    if student is not None:
        held = _of_students(columns, student, title)
        if held.value or "student_id" in student.named:
            return held
    return _without_students(columns, title, schools)


def speaks_of_students(columns: list[Column], title: str) -> bool:
    """Whether a header, a title or a role says student, or cells are grades."""
    words = " ".join([title, *(c.name for c in columns)])
    if OF_STUDENTS.search(words) or any(
        c.is_spelled_grade or ("grade" in c.named and c.is_grade) for c in columns
    ):
        return True
    roles = {v.lower() for c in columns if "user_role" in c.named for v in c.distinct}
    return "student" in roles


def school_ids(columns: list[Column]) -> set[str]:
    """What columns that are called schools, and come again and again or are unique, say."""
    fields = {"school_id", "school_name"}
    called = [c for c in columns if c.named and {*c.named} <= fields and not c.is_days]
    return {value for c in called for value in c.ids}


def _shifted(columns: list[Column]) -> Meaning | None:
    """What to ask of a list of students whose cells are not what its headers say."""
    named = [c for c in columns if {*c.named} & {*MAY_HAVE[ROSTER]} and len(c.given)]
    odd = [c for c in named if not any(map(c.fits, c.named))]
    if len(odd) < 3 or len(odd) * 2 < len(named) or not any("student_id" in c.named for c in named):
        return None
    words = f"names students, but in {odd[0].name}, {odd[1].name} and {odd[2].name} stands what"
    words += (
        " their headers do not say: are columns shifted? Correct it, or leave it out with nothing"
    )
    return Meaning(OPEN, ASK, words, (ROSTER,))


def _names_of(columns: list[Column]) -> list[Column]:
    """Columns that name students, by what they are called."""
    fields = ({"full_name"}, {"first_name", "last_name"})
    called = {field for c in columns for field in c.named[:1] if c.fits(field)}
    return [c for c in columns if c.named and any(c.named[0] in one <= called for one in fields)]


def _of_names(columns: list[Column], days: list[Column], title: str) -> Meaning | None:
    """What to ask of a register that tells students apart by their names alone: two of one name
    would be one student, and one who is written in two ways two."""
    names = _names_of(columns)
    dated = any("date" in c.named and c.fits("date") for c in columns)
    register = len(days) > 1 or dated or is_of_totals(columns) or _is_of_attendance(columns, title)
    if not names or not register:
        return None
    holds = DAY_COLUMNS if len(days) > 1 else ATTENDANCE if dated else TOTALS
    ask = "names students and has no ids: export it with ids; or"
    if len(names) > 1:
        words = f"{ask} write first and last names into one column, and map it again"
        return Meaning(OPEN, ASK, words, (NOTHING,))
    words = (f"{ask}, if nobody shares a name and each is always written alike, write student_id "
             f"at {names[0].name}, and {holds} here, and map it again with --mapping")  # fmt: skip
    return Meaning(OPEN, ASK, words, (holds,))


def _of_students(columns: list[Column], student: Column, title: str) -> Meaning:
    rows = len(student.given) / max(1, len(student.distinct))
    dated = [c for c in columns if c.is_days and c is not student]
    named = {field for c in columns for field in c.named if c.fits(field)}
    says_what = any(_says_what(c, columns, title) for c in columns)
    if named & {"exit_date", "entry_date"} and "date" not in named:
        if says_what and are_short(columns):
            return Meaning(ATTENDANCE, LIKELY, "a row an absence, from its first day to its last")
        lengths = _lengths(columns, ("entry_date", "exit_date"))
        if lengths and lengths[len(lengths) // 2] < 0:
            words = "most of its stays end before they begin: correct its headers, or leave it out"
            return Meaning(OPEN, ASK, words, (ROSTER,))
        if not _are_stays(columns, named, rows):
            words = "it says from when something of a student lasts: if that is the stay at school,"
            words += f" write {ROSTER}; if it is a course, a loan or the like, leave the sheet out"
            return Meaning(OPEN, ASK, words, (ROSTER,))
        return Meaning(ROSTER, SURE, "students with their days of entry and exit")
    events = [c for c in dated if _varies(c, student)]
    if period_columns(columns) and events:
        return Meaning(PERIOD_COLUMNS, LIKELY, "a row a student and day, a column a period")
    plain = named & {*SAYS_WHAT} - {"status"} and "grade" not in named
    beside = [c for c in columns if BESIDE_SCHOOL.fullmatch(letters(c.name)) and len(c.given)]
    if says_what and dated and beside and not _is_of_attendance(columns, title):
        words = (f"it says who came when, and {beside[0].name} too: if it is attendance at school, "
                 f"write {ATTENDANCE}, or leave the sheet out")  # fmt: skip
        return Meaning(OPEN, ASK, words, (ATTENDANCE,))
    if "date" in named and says_what and (events or rows > 1.2 or plain):
        return Meaning(ATTENDANCE, SURE, f"students on days, {rows:.0f} rows a student")
    # Which column says what happened is asked, where the sheet is called attendance.
    called = _is_of_attendance(columns, title)
    if events and (
        says_what
        or (called and any("birth_date" not in c.named and not c.is_stamp for c in events))
    ):
        return Meaning(ATTENDANCE, LIKELY, f"students on days, {rows:.0f} rows a student")
    unread = [c for c in columns if "date" in c.named[:1] and len(c.given) and not c.is_days]
    if unread and (says_what or called):
        words = (f"has students and what happened, and {unread[0].name} is no column of days "
                 f"({unread[0].samples}): are days written in two ways, or columns shifted? "
                 "Correct it, or leave it out with nothing")  # fmt: skip
        return Meaning(OPEN, ASK, words, (ATTENDANCE,))
    if is_of_totals(columns):
        return Meaning(TOTALS, LIKELY, "a student's days absent and enrolled, and no single days")
    if "date" in named and named & {*SAYS_WHAT} and not named & PERSONAL:
        words = "it has students on days, and no word in it is known of attendance"
        return Meaning(OPEN, ASK, words, (ATTENDANCE,))
    if not tells_of_persons(columns, student):
        return Meaning(NOTHING, LIKELY, "has ids of students, and says nothing of them used here")
    if any(c.named[:1] == ["date"] and len(c.distinct) > 1 for c in dated):
        words = "it names students, each with a day, and nobody can tell whether they came or left:"
        words += " put entry and exit of a stay into one row under headers that say so; or name the"
        return Meaning(OPEN, ASK, f"{words} day in columns, and write {ROSTER} here", (ROSTER,))
    if rows < 1.7 or "grade" in named:
        return Meaning(ROSTER, SURE if named & {*MAY_HAVE[ROSTER]} else LIKELY, "one row a student")
    return Meaning(OPEN, ASK, "it names students, and nobody can tell what a row is", tuple(NEEDED))


def _are_stays(columns: list[Column], named: set[str], rows: float) -> bool:
    """Whether what begins and ends is a stay at school: beside a school, a grade or what is a
    person's, or one a student and nothing else."""
    if named & ({"school_id", "school_name", "school_year"} | PERSONAL - {"entry_date"}):
        return True
    other = any(OF_THINGS.fullmatch(letters(c.name)) or BESIDE_SCHOOL.fullmatch(letters(c.name))
                for c in columns)  # fmt: skip
    return rows < 1.7 and not other and {"entry_date", "exit_date"} <= named


def is_of_totals(columns: list[Column]) -> bool:
    """Whether a sheet has two of the three numbers of days."""
    named = {field for column in columns for field in column.named if column.fits(field)}
    return len(named & {*DAYS}) > 1


def _says_what(column: Column, columns: list[Column], title: str) -> bool:
    """Whether a column says what happened on a day: by its cells, or by its name, where that is
    not one for anything, such as status, or where the sheet is about attendance."""
    fields = [f for f in column.named if f in SAYS_WHAT and column.fits(f)]
    if says_who_came(column) or (fields and letters(column.name) not in FOR_ANYTHING):
        return True
    return bool(fields) and _is_of_attendance(columns, title)


def _is_of_attendance(columns: list[Column], title: str) -> bool:
    about = letters(title + "".join(c.name for c in columns))
    return any(word in about for word in ("attend", "absen", "presen"))


def tells_of_persons(columns: list[Column], student: Column) -> bool:
    """Whether anything beside an id is a person's: a name, a grade, a stay; beside an id that is
    called a student's and comes once also a school or a group."""
    named = {field for c in columns for field in c.named if c.fits(field)}
    once = "student_id" in student.named and len(student.given) <= 1.1 * len(student.distinct)
    if named & ({*MAY_HAVE[ROSTER]} - NOBODYS if once else PERSONAL):
        return True
    others = [c for c in columns if c is not student]
    dated = [c for c in others if c.is_days and not c.is_stamp]
    begins = len(dated) > 1 and any(c.is_usual for c in dated)
    return begins or any(c.is_full_name or c.is_gender or c.is_spelled_grade for c in others)


def are_short(columns: list[Column]) -> bool:
    """Whether what begins and ends in a row lasts days, as absences do, and no months, as stays."""
    lengths = _lengths(columns, ("begin_date", "end_date"))
    return bool(lengths) and lengths[0] >= 0 and lengths[len(lengths) * 9 // 10] <= 31


def _lengths(columns: list[Column], fields: tuple[str, str]) -> list[int]:
    """How many days lie between the two in each row that has both, from the fewest on."""
    begin, end = (next((c for c in columns if f in c.named and c.fits(f)), None) for f in fields)
    if begin is None or end is None or begin is end:
        return []
    pairs = zip(begin.cells.head(2_000), end.cells.head(2_000), strict=True)
    read = [(dates.day_of(first, begin.orders[0]), dates.day_of(last, end.orders[0]))
            for first, last in pairs if first and last]  # fmt: skip
    return sorted((last - first).days for first, last in read if first and last)


def _varies(column: Column, student: Column) -> bool:
    """Whether a student has many days in it, and many students the same: events, not entries."""
    pairs = pd.DataFrame({"student": student.cells, "day": column.cells})
    pairs = pairs[pairs.day != ""].head(100_000)
    if pairs.empty or len(column.distinct) < 3:
        return False
    usual = pairs.day.value_counts().iloc[0] / len(pairs)
    return bool(pairs.groupby("student").day.nunique().mean() >= 1.5) and bool(usual < 0.3)


def _without_students(columns: list[Column], title: str, schools: Set[str]) -> Meaning:
    named = {field for c in columns for field in c.named if c.fits(field)}
    dated = [c for c in columns if c.is_days]
    if len(dated) >= 2 and named & {"begin_date", "end_date"} and named & {"school_days"}:
        return Meaning(SESSIONS, SURE, "terms with their first and last day")
    if dated and _tells_who_came(columns):
        words = "it says who came on which day, and no column is surely the students'"
        return Meaning(OPEN, ASK, words, (ATTENDANCE,))
    if any("student_id" in c.firm and c.fits("student_id") for c in columns):
        return Meaning(NOTHING, LIKELY, "has ids of students, and says nothing of them used here")
    for column in dated:
        if (column.named and "date" not in column.named) or column.is_stamp:
            continue
        if "section" in named or not _is_dense(column) or not _are_school_days(column, columns):
            continue
        if len(column.distinct) >= (2 if column.named else 20) and _is_key_with(column, columns):
            odd = any(c.is_words and not c.named and len(c.distinct) > 12 for c in columns)
            if odd or not _is_of_schools_days(columns, title, schools):
                words = "it says what is on which day: if these are the school days, write calendar"
                return Meaning(OPEN, ASK, words, (CALENDAR,))
            return Meaning(CALENDAR, SURE if column.named else LIKELY, "a row a school and day")
    if (told := breaks.holds(columns, title)) is not None:
        return told
    codes = [c for c in columns if c.named[:1] == ["code"] and _is_key_with(c, columns)]
    labels = [c for c in columns if {"label", "counts_as"} & set(c.named)]
    if codes and any(counts_of(value) for c in (*codes, *labels) for value in c.distinct):
        return Meaning(CODES, SURE, "codes with what they mean")
    ids = [c for c in columns if "school_id" in c.named]
    # Named so, called as schools are, or those of another sheet: two of the three.
    sides = (
        any({"school_id", "school_name"} & {*c.firm} for c in columns),
        any("school_name" in c.named and c.sounds_of_schools for c in columns),
        any(len(c.ids & schools) >= 0.5 * len(c.ids) for c in ids),
        any("org_type" in c.named and c.fits("org_type") for c in columns),
    )
    is_pair = sum(sides) > 1 or {"school_id", "school_name"} <= {f for c in columns for f in c.firm}
    once = any(c.is_unique for c in ids)
    if is_pair and {"school_id", "school_name"} <= named and (once or not dated):
        return Meaning(SCHOOLS, SURE, "one row a school")
    return Meaning(NOTHING, LIKELY, "nothing that is known here")


def _is_of_schools_days(columns: list[Column], title: str, schools: Set[str]) -> bool:
    """Whether anything beside the days says that they are a school's."""
    told = {"in_session", "day_off", "day_kind", "periods", "attendance_taken", "school_year"}
    if any(told & {*c.firm} and any(map(c.fits, c.named)) for c in columns):
        return True
    called = {"school_id", "school_name"}
    if any(called & {*c.firm} or (c.ids and c.ids <= schools) for c in columns):
        return True
    words = " ".join([title, *(c.name for c in columns)])
    return bool(re.search(r"(?i)calend|school|instruct", words)) or any(
        says_days_off(c, columns) or tells_kinds_of_days(c) for c in columns
    )


def _tells_who_came(columns: list[Column]) -> bool:
    """Whether the words of a column are those of attendance: absent, late, P and A; that there was
    no school is said by a calendar too."""
    return any(
        says_who_came(column)
        and not {"in_session", "day_kind", "day_off"} & set(column.named)
        and len(column.given) > 0.5 * len(column.cells)
        for column in columns
    )


def says_who_came(column: Column) -> bool:
    """Whether half of the few words of a column are known as codes of attendance, and one is a word
    of nothing else, or two are codes of two letters: A, E and L are grades of work too."""
    ways = {value: counts_of(value) for value in column.distinct} if column.is_few else {}
    known = [value for value, way in ways.items() if way and way[0] != "not_recorded"]
    told = any(map(OF_ATTENDANCE.search, known)) or sum(len(value) == 2 for value in known) > 1
    return len(column.distinct) > 1 and len(known) >= 0.5 * len(column.distinct) and (
        told and not column.is_yes_no
    )  # fmt: skip


def weekday_columns(names: Iterable[str]) -> dict[str, int]:
    """The columns that are called a weekday, Mon or Monday, with its place in the week."""
    places = {day[:size]: n for n, day in enumerate(WEEKDAYS) for size in (3, 4, len(day))}
    return {name: places[letters(name)] for name in names if letters(name) in places}


def are_marks(columns: Iterable[pd.Series]) -> bool:
    """Whether the cells of several columns together are words of attendance, or signs of one to
    three letters of which most are usual codes."""
    cells = list(columns)
    together = Column("", pd.concat(cells)) if cells else None
    if together is None or says_who_came(together):
        return together is not None
    known = [one for one in together.distinct if counts_of(one)]
    short = all(len(one) < 4 and not one.isdecimal() for one in together.distinct)
    return short and 2 * len(known) > len(together.distinct)


def _is_dense(column: Column) -> bool:
    """Whether days follow each other as school days do, and are not a list of events."""
    order = column.orders[0]
    read = (dates.day_of(value, order) for value in column.distinct)
    days = sorted(day for day in read if day is not None)
    years = len({values.school_year_on(day) for day in days})
    # Between two years there is a summer.
    span = (days[-1] - days[0]).days + 1 - 75 * (years - 1) if days else 0
    return len(days) >= 0.35 * span


def _are_school_days(column: Column, columns: list[Column]) -> bool:
    """Whether weekends are missing among days, or another column can say that they are off."""
    days = [dates.day_of(value, column.orders[0]) for value in column.distinct]
    off = sum(1 for day in days if day is not None and day.weekday() > 4)
    tells = {"in_session", "day_off", "day_kind", "periods", "attendance_taken"}
    told = any(tells & {f for f in c.named if c.fits(f)} or says_days_off(c, columns)
               or tells_kinds_of_days(c) for c in columns if c is not column)  # fmt: skip
    return off <= WEEKENDS * len(days) or told


def _is_key_with(column: Column, columns: list[Column]) -> bool:
    """Whether a day comes once, alone or with one other column, in nearly all rows."""
    if len(column.distinct) >= 0.98 * len(column.given):
        return True
    for other in columns:
        if other is column or not other.given.size or len(other.distinct) > len(column.distinct):
            continue
        pairs = pd.Series(column.cells + "\n" + other.cells)
        if pairs.nunique() >= 0.98 * len(pairs):
            return True
    return False


def says_days_off(column: Column, columns: list[Column]) -> bool:
    """Whether of two values one stands on every Saturday and Sunday, and both on other days."""
    dated = next((c for c in columns if c.is_days), None)
    if dated is None or len(column.distinct) != 2 or not column.is_yes_no:
        return False
    days = dated.cells.map(lambda value: dates.day_of(value, dated.orders[0]))
    off = days.map(lambda day: day is not None and day.weekday() > 4)
    on = column.cells.map(lambda value: values.yes_no_of(value) == "yes")
    return bool(off.any()) and not (on & off).any() and bool((~on & off).any())


def tells_kinds_of_days(column: Column) -> bool:
    """Whether each of its words says that a day has lessons or that it has none, and some say this:
    a note on days off has a blank for all others."""
    off = [values.is_day_off(kind) for kind in column.distinct]
    return (
        any(off)
        and column.is_few
        and all(
            is_off or values.is_instructional(kind)
            for is_off, kind in zip(off, column.distinct, strict=True)
        )
        and not (all(off) and len(column.given) == len(column.cells))
    )


def _is_data(header: str) -> bool:
    """Whether a header looks like a cell: a day, a number, one of a phone, a long id."""
    plain = header.split(" (")[0]
    return dates.is_day(plain) or bool(re.fullmatch(r"[\d.+-]*\d[\d.+-]*|[0-9a-f-]{32,36}", plain))


def period_columns(columns: list[Column]) -> list[Column]:
    """Columns of a day's periods: per 1, period 2, P3, 4."""
    found = []
    for column in columns:
        name = column.name.lower().replace("_", " ").strip()
        words = name.split()
        last = words[-1] if words else ""
        number = last.lstrip("p") if last.startswith("p") else last
        first = words[0] if len(words) > 1 else "p" if last.startswith("p") else ""
        if number.isdecimal() and int(number) <= 12 and first in ("p", "per", "period", "hour"):
            found.append(column)
    return found if len(found) >= 3 else []
