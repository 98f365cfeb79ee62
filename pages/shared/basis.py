"""Sentences on what a number rests on: who is counted, as of when, and how sure it is.

A sentence never claims more than its interval: a change that chance could make is said to be one.
"""

from datetime import date

import pandas as pd

from pages.shared import formats
from pages.shared.formats import count, listed, number

# In the place of what needs each day, in a year that came as totals of each student.
NEEDS_DAYS = "This needs each day’s absences; of this school year there are totals alone."
EVERYWHERE = "All schools"


def is_of_totals(standing_table: pd.DataFrame) -> bool:
    """Whether the school year came as totals of each student; the row of health/standing."""
    return bool(standing_table.iloc[0].is_of_totals)


def counted(table: pd.DataFrame, weeks: pd.DataFrame | None = None) -> str:
    """How many schools are counted, up to when, and on how many of their days; one school is named
    in the title. weeks: of health/weeks, where what is missing is to be said."""
    row = table.iloc[0]
    schools = number(row.schools, "school", "schools")
    if row.is_of_totals:
        return _of_totals(row, schools)
    if row.nothing_told:
        return f"{schools} · nothing is told of {row.school_year} before its first month has ended"
    if row.schools_reporting < row.schools:
        schools = f"{count(row.schools_reporting)} of {schools} reporting"
    if formats.is_missing(row.as_of) or not row.days_expected:
        return f"{schools} · no instructional day yet"
    told = f"up to {formats.day(row.as_of)}{behind_today(row.newest_day, date.today())}"
    told = formats.sentence_case(told) if schools == "1 school" else f"{schools} · {told}"
    return " · ".join(
        [
            told,
            f"attendance taken on {coverage(row)} of days",
            *([_stopped(row)] if row.schools_stopped else []),
            *missing(weeks),
            *([too_early(row)] if row.nobody_yet else []),
        ]
    )


def behind_today(newest_day, today: date) -> str:
    """', 12 days before today': how old the newest day is, from the second week on."""
    days = 0 if formats.is_missing(newest_day) else (today - newest_day.date()).days
    return f", {number(days, 'day', 'days')} before today" if days > 7 else ""


def is_gap(weeks: pd.DataFrame) -> bool:
    """Whether attendance is missing in some week at one school in a hundred, or at more of them."""
    is_missing = weeks.schools_missing > 0
    return bool((is_missing & (weeks.schools_missing * 100 >= weeks.schools)).any())


def missing(weeks: pd.DataFrame | None) -> list[str]:
    """'no rows from Birch School in 2 weeks from November 3: those days are set aside':
    the weeks without attendance of schools that go on; none where nothing is missing."""
    if weeks is None or not is_gap(weeks):
        return []
    rows = weeks[weeks.schools_named > 0]
    if rows.empty:
        return []
    first, most = rows.iloc[0], int(rows.schools_named.max())
    alone = most == 1 and rows.missing_school.nunique() == 1
    whose = first.missing_school if alone else f"up to {number(most, 'school', 'schools')}"
    since = f"in {number(len(rows), 'week', 'weeks')} from {formats.day(first.week_start)}"
    if rows.schools_unsent.sum():
        return [f"no rows from {whose} {since}: those days are set aside"]
    return [f"no attendance taken at {whose} {since}"]


def _of_totals(row: pd.Series, schools: str) -> str:
    if row.nothing_told:
        return f"{schools} · nothing is told of {row.school_year}: it came as totals"
    if row.schools_reporting < row.schools:
        schools = f"{count(row.schools_reporting)} of {schools} reporting"
    until = f"up to {formats.day(row.as_of)}" if row.under_way else "of the whole school year"
    told = f"totals of each student, {until}"
    return formats.sentence_case(told) if schools == "1 school" else f"{schools} · {told}"


def rule(table: pd.DataFrame) -> str:
    """By which definition students are counted, and how far the year is."""
    row = table.iloc[0]
    if formats.is_missing(row.as_of):
        return ""
    return f"{row.definition_label}: {row.definition_sentence} {row.school_year}, {_how_far(row)}."


def _how_far(row: pd.Series) -> str:
    if row.is_of_totals:
        return "as totals, in days as the school’s own system counted them"
    return f"instructional day {count(row.instructional_day)}"


def coverage(row) -> str:
    """The share of days on which attendance was taken; 100% where it was on all of them alone."""
    return formats.percent_against(row.coverage, 1)


def too_early(row: pd.Series) -> str:
    """'nobody can be evaluated yet: attendance was taken on 5 days, and it takes 10 days'."""
    days = number(row.days_possible, "day", "days")
    return (
        f"nobody can be evaluated yet: attendance was taken on {days}, and it takes "
        f"{number(row.minimum_days, 'day', 'days')}"
    )


def _stopped(row: pd.Series) -> str:
    """'Birch School: no attendance since October 14, 2025; its figures stand there'."""
    since = f"no attendance since {formats.day(row.stopped_since)}"
    if row.schools_stopped == 1:
        return f"{row.stopped_school}: {since}; its figures stand there"
    others = number(row.schools_stopped - 1, "other school", "other schools")
    return (
        f"{row.stopped_school}: {since}, and {others} stopped later; the figures of each stand at "
        "its own last day, see Data health"
    )


def n_of_students(table: pd.DataFrame) -> str:
    """'n = 3,965 students', in the share view 'n = about 3,970 students'."""
    return f"n = {formats.amount(table.iloc[0])} students"


def by_chance(comparisons: int) -> str:
    """', where chance alone makes about 2': how many of so many comparisons it makes clear."""
    return f", where chance alone makes {expected(comparisons)}" if comparisons > 1 else ""


def expected(comparisons: int) -> str:
    """'about 2', or 'under one': how many of them chance alone makes clear."""
    expected = comparisons / 20
    return "under one" if expected < 0.95 else f"about {formats.whole(expected)}"


def certainty(change) -> str:
    """How sure a row of overview/what_moved is, and out of how many comparisons it comes."""
    kind = "attendance" if change.subject == "absence" else "survey"
    verb = "is" if change.clear == 1 else "are"
    if formats.is_coded(change) and change.subject == "culture":
        first, second = count(change.first_n), count(change.second_n)
        each = first if first == second else f"{first} and {second}"
        sizes = f"at least {each} answers {'each year' if first == second else 'in the two years'}"
    else:
        sizes = f"n = {formats.amount(change, 'first_n')} and {count(change.second_n)}"
    return (
        f"{formats.moved(change, 'change_points')}, 95% interval "
        f"{formats.interval(change.change_low, change.change_high)}, {sizes}. "
        f"{count(change.clear)} of "
        f"{number(change.comparisons, f'{kind} comparison', f'{kind} comparisons')} {verb} clear "
        f"of chance{by_chance(change.comparisons)}.{_among(change.all_comparisons)}"
    )


def _among(comparisons: int) -> str:
    """' This one holds among all 22.'"""
    return f" This one holds among all {count(comparisons)}." if comparisons > 1 else ""


def names(names: pd.Series) -> str:
    return listed(names) if len(names) <= 4 else f"{len(names)} schools"


def is_are(claim: bool, values: pd.Series) -> pd.Series:
    """Where a claim of three values is this one: the unknown is neither true nor false."""
    return pd.Series(
        [not formats.is_missing(value) and bool(value) is claim for value in values],
        index=values.index,
        dtype=bool,
    )


def withheld(table: pd.DataFrame, why: str = "groups too small to show") -> str:
    """How many rows of a table of the share view are withheld, and why; '' where none is."""
    hidden = int(table.withheld.sum()) if formats.is_coded(table) else 0
    if not hidden:
        return ""
    return (
        f"{count(hidden)} of {number(len(table), 'row', 'rows')} withheld: {why}, or needed to "
        "protect one."
    )


def place(selection) -> str:
    """Where: the school, schools, neighborhood or network that was chosen."""
    if selection.schools:
        return ", ".join(selection.schools)
    return selection.school or selection.neighborhood or selection.network or EVERYWHERE


def facts(
    selection,
    caption: str,
    table: pd.DataFrame,
    n: str,
    loaded: pd.DataFrame,
    standing_table: pd.DataFrame | None = None,
    weeks: pd.DataFrame | None = None,
) -> tuple[tuple[str, str], ...]:
    """What stands below a picture, so that it can be read without the page it comes from.

    standing_table, weeks: for a picture of attendance; without them it is of a survey.
    """
    definition = "Favorable answers of those that count; “don’t know” and blanks do not"
    until: tuple[tuple[str, str], ...] = ()
    all_told = "How many answered is told as a band"
    if standing_table is not None:
        row, all_told = standing_table.iloc[0], "Counts are rounded, most to the nearest ten"
        definition = f"{row.definition_label}: {row.definition_sentence}"
        schools = number(row.schools, "school", "schools")
        taken = f"attendance taken on {coverage(row)} of days"
        until = (
            ("Up to", f"{formats.day(row.as_of)}, {row.school_year}, {_how_far(row)}"),
            ("Coverage", f"{schools}; {'not known' if row.is_of_totals else taken}"),
            *([("Stopped", _stopped(row))] if row.schools_stopped else []),
            *(("Missing", formats.sentence_case(words)) for words in missing(weeks)),
        )
    return (
        ("Where", place(selection)),
        ("What is shown", caption),
        ("Definition", definition),
        ("How many", n),
        *until,
        ("Withheld", withheld(table) or f"Nothing. {all_told}"),
        ("Source", _source(loaded)),
    )


def _source(loaded: pd.DataFrame) -> str:
    row = loaded.iloc[0]
    what = "Invented sample network" if row.is_sample else "School records"
    return f"{what}, Roundtable, data loaded {formats.day(row.loaded_at)}"
