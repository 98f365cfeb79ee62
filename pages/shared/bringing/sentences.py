"""How it reads what somebody brings: what to ask for, what it is taken for, what would change."""

from typing import Any

import pandas as pd

from pages.shared import formats
from pages.shared.formats import count, number

FOR_WHOM = (
    "A school's own files: students, absences and school days, as the student information system "
    "exports them. The page says what it understood, asks about the rest, shows what would change, "
    "and publishes. Files name students, so nothing of this stands in the view for everybody."
)
NEED = (
    "**Students**: who is enrolled, in which grade, with the day of entry and of exit",
    "**Absences**: a row for each student and day, with its code",
    "**School days**: the calendar, a row for each day",
)
WHOM_TO_ASK = (
    "The office or data clerk who runs the student information system has all three as reports or "
    "exports. As a CSV or an Excel file, each in the form that it comes in.",
    "Students: ask for all who were enrolled this year, also those who left. It is often called "
    "roster, enrollment or student export.",
    "Absences: ask for daily attendance of the whole year, not for totals. It is often called "
    "attendance detail or absences by student.",
    "School days: ask for the calendar of instructional days. If there is none, the days on which "
    "somebody was absent may do: the page asks.",
)
HOLDS = {
    "": "nothing that is used",
    "roster": "students: who is enrolled where",
    "schools": "schools: a row for each",
    "calendar": "school days: a row for each",
    "days_off": "days off: holidays and breaks, with the first and last day of school",
    "sessions": "terms: with their first and last day",
    "attendance": "absences: a row for each student and day, or from one day to another",
    "attendance_day_columns": "attendance: a column for each day",
    "attendance_periods": "attendance: a column for each period",
    "attendance_codes": "codes, and what they mean",
    "year_totals": "totals of a year, without days",
    "published": "numbers that a state or a city published",
    "?": "not known",
}
WAYS = {
    "absent": "Absent the whole day",
    "present": "Present, also late or elsewhere for school",
    "half_day": "Absent half the day",
    "partial": "Absent for the minutes that its row says",
    "not_recorded": "Not recorded: the day counts for nothing",
}
RULES = {
    "exit_date": "Which day is {columns} of a student who left?",
    "school_days": "No file lists the school days. Was somebody absent on each of them?",
    "enrolled": "No file lists the students. Has everybody a row, also who was never absent?",
    "first_school_day": "The list of days off does not say it: what was the first day of school?",
    "last_school_day": "And what was, or will be, the last day of school?",
    "day_minutes": "How many minutes has a school day?",
    "periods": "How many periods has a school day?",
    "totals_year": "Of which school year are the totals?",
    "totals_until": "Up to which day do the totals of the newest year count?",
}
HINTS = {
    "school_days": "If not, bring the calendar too, together with the other files.",
    "enrolled": "If not, bring the roster too: without it rates are too high.",
    "exit_date": "Not sure? Look up one student who left: were they still there on that day?",
}
CHOICES = {
    "first day out": "The first day without the student",
    "last day in": "The last day with the student",
    "days with rows": "Yes: days with a row are school days, and no other ones",
    "whoever has a row": "Yes: everybody has one, and is enrolled all year",
    "month/day/year": "Month first: 3/12 is March 12",
    "day/month/year": "Day first: 3/12 is December 3",
}
DOES = {
    "look": "Looking at the files",
    "changes": "Trying what would change; nothing is published yet",
    "load": "Publishing; meanwhile all other pages can be used",
}


def brought(upload) -> str:
    """Which files, and when."""
    return f"{formats.listed(upload.names, 6)} · brought {formats.day_and_time(upload.brought_at)}"


def under_way(name: str, state) -> str:
    """What is done, for how long, and for how much longer where that is known."""
    minutes, seconds = divmod(int(state.seconds), 60)
    so_far = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    told = f"{DOES[name]}. {formats.sentence_case(state.says or 'begun')} · {so_far} so far"
    return told if state.left is None else f"{told} · {_left_words(state.left)}"


def _left_words(seconds: float) -> str:
    """'about 2 minutes left', to the next half minute below two."""
    if seconds <= 30:
        return "under half a minute left"
    if seconds <= 105:
        return "about a minute left" if seconds <= 75 else "about a minute and a half left"
    return f"about {number(round(seconds / 60), 'minute', 'minutes')} left"


def questions(found: dict[str, Any]) -> str:
    """How many are left."""
    left = len(found["questions"])
    return f"{number(left, 'thing', 'things')} to answer" if left else "Nothing is left to answer"


def open_sheet(one: dict[str, Any]) -> str:
    """What is asked of a sheet; what is to be done in mapping.toml, whoever asks here does."""
    why = one["holds"]["why"].partition(": name it")[0]
    return f"What does {title(one)} hold? Nobody can tell: {why}"


def holds(value: str) -> str:
    """What a sheet holds."""
    return HOLDS.get(value, value.replace("_", " "))


def sheet(one: dict[str, Any]) -> str:
    """A sheet in one line: its name, what it holds, how many rows, and what to look at."""
    rows = number(one["rows"], "row", "rows")
    guessed = sum(_is_guess(meaning) for meaning in one["columns"].values())
    check = f" · {number(guessed, 'guess', 'guesses')} to check" if guessed else ""
    return f"{title(one)} · {holds(one['holds']['value'])} · {rows}{check}"


def _is_guess(meaning: dict[str, Any]) -> bool:
    """Whether a column is taken for something that it may not be, or left out though it may."""
    is_taken = meaning["certainty"] == "likely" and meaning["value"] != ""
    return meaning["certainty"] == "ask" or is_taken


def to_check(name: str, meaning: dict[str, Any]) -> str:
    """A column by its name, and whether to look at what it is taken for."""
    return f"{name} (please check)" if _is_guess(meaning) else name


def answered(found: dict[str, Any]) -> str:
    """What the way from here is."""
    given = [one["counts_as"] for one in found["codes"]] + list(found["conventions"].values())
    given += [meaning for one in found["sheets"] for meaning in one["columns"].values()]
    was_said = any(one["why"] == "as was said" for one in given)
    first = "What was answered before is used. " if was_said else ""
    return (
        f"{first}Look at each file and at the codes, and correct what is taken for another thing."
    )


def title(one: dict[str, Any]) -> str:
    """A file and, in a workbook, its sheet."""
    return f"{one['file']} · {one['sheet']}" if one["sheet"] else one["file"]


def column(means: str) -> str:
    """What a column is taken for."""
    return formats.sentence_case(means.replace("_", " ")) if means else "Not used"


def rule(name: str, one: dict[str, Any], found: dict[str, Any]) -> str:
    """What is asked of a convention, of columns by their own names: 'Which day is “Date Left” of a
    student who left?'"""
    columns = {
        f"“{column}”"
        for sheet in found["sheets"]
        for column, meaning in sheet["columns"].items()
        if meaning["value"] == name
    }
    named = formats.listed(sorted(columns)) or "the exit date"
    return RULES.get(name, one["why"]).replace("{columns}", named)


def choice(value: str) -> str:
    """What may be said."""
    return CHOICES.get(value, value)


def way(value: str) -> str:
    """How a code counts."""
    return WAYS.get(value, "To answer")


def code(one: dict[str, Any]) -> str:
    """A code with what is known of it: 'UX: 734 rows, a usual code'."""
    return f"{_code(one)}: {one['counts_as']['why'].partition(': how')[0]}"


def open_code(one: dict[str, Any]) -> str:
    """What is asked of a code: 'Code QZ stands in 38 rows: how does it count?'"""
    return f"Code {_code(one)} {one['counts_as']['why']}"


def _code(one: dict[str, Any]) -> str:
    return f"{one['code']} ({one['label']})" if one["label"] else one["code"]


def codes(found: list[dict[str, Any]]) -> str:
    """How many codes there are."""
    return f"{number(len(found), 'code', 'codes')}, and how each counts"


def first_rows(one: dict[str, Any]) -> pd.DataFrame:
    """The first rows of a sheet, without names and without words of anybody."""
    return pd.DataFrame(one["first"], columns=one["header"][: len((one["first"] or [[]])[0])])


def changes(would: dict[str, Any]) -> str:
    """All schools, as they would be and as they are."""
    if not would["schools"]:
        return "These files would not be published as they are"
    now = would["schools"][0]
    told = f"{_rate(now, '')} chronically absent in {would['years'][0]}"
    return f"{told}; now {_rate(now, '_before')}" if now["students_before"] else told


def _rate(row: dict[str, Any], when: str) -> str:
    if not row[f"students{when}"]:
        return "nobody is counted"
    share = formats.percent_against(row[f"rate{when}"], 0)
    return f"{count(row[f'students_absent{when}'])} of {count(row[f'students{when}'])} ({share})"


# Whether files are added to what is published, and what that means.
WHOLE_OR_PART = {
    False: "All of our data: they take the place of all that is published",
    True: "A part of a year: they take the place of the days and rows that they hold",
}


def compared(would: dict[str, Any]) -> str:
    """What the figures are beside."""
    year, before = would["years"]
    if before is None:
        return "Nothing of your own is published yet to compare with."
    same = "the same school year" if before == year else before
    return f"Beside what is published now, of {same}. Students are those who can be counted."


def schools(would: dict[str, Any]) -> pd.DataFrame:
    """One row a school: students, chronically absent and rate, as they would be and as they are."""
    return pd.DataFrame(would["schools"][1:])


def findings(would: dict[str, Any], *kinds: str) -> list[str]:
    """What was found, a sentence each."""
    losses = set(would.get("losses", []))
    return [
        one["sentence"]
        for one in would.get("findings", [])
        if one["kind"] in kinds and one["sentence"] not in losses
        # What each file is taken for stands above.
        if not one["problem"].startswith("is taken for ")
    ]


def published(would: dict[str, Any] | None) -> str:
    """That it is published, and of which schools."""
    rows = would["schools"][1:] if would else []
    names = [row["school_name"] for row in rows if row["students"] is not None]
    whose = f" {formats.listed(names, 3)} can be seen on every page." if names else ""
    return f"Published.{whose} The files themselves are removed from here."


def earlier(one) -> str:
    """Data that were loaded before, by when and from what."""
    loaded = formats.day_and_time(one.loaded_at) if one.loaded_at else "cannot be read"
    return f"{loaded} · {formats.cut(one.source or '', 80)}"
