"""How tables of chronic absence read. Tables in, words out."""

import pandas as pd

from pages.shared import basis, formats
from pages.shared.formats import count, number, percent
from queries.answer import kept


def chronic(under_way: bool) -> str:
    """How the measure is called: before the year ends nobody is chronically absent for good."""
    return "on track to be chronically absent" if under_way else "chronically absent"


def so_far(under_way: bool) -> str:
    """The same beside a number."""
    return "Chronically absent so far" if under_way else "Chronically absent"


def headline(table: pd.DataFrame, under_way: bool) -> str:
    """'24% of students are on track to be chronically absent: 933 of 3,965.'"""
    row = table.iloc[0]
    if getattr(row, "withheld", False):
        return f"How many students are {chronic(under_way)} is withheld: there are too few of them"
    if not row.students:
        return "Nobody can be evaluated yet"
    verb = "are" if under_way else "were"
    share = f"{formats.figure(row, 'rate')} of students {verb} {chronic(under_way)}"
    if formats.is_missing(row.students_absent):
        return f"{share}, of {formats.amount(row)}"
    return f"{share}: {about_of(table)}"


def headline_at_a_glance(table: pd.DataFrame) -> str:
    """How many of how many, in one line of half a page."""
    told = about_of(table)
    return f"{formats.sentence_case(told)} students" if " of " in told else "How many are counted"


def share(table: pd.DataFrame, standing_table: pd.DataFrame) -> str:
    """The share who are chronically absent, as a number alone; 'Too early' in the first days."""
    if standing_table.iloc[0].nobody_yet:
        return formats.sentence_case(formats.TOO_EARLY)
    return formats.figure(table.iloc[0], "rate")


def about_of(table: pd.DataFrame) -> str:
    """'933 of 3,965', in the share view 'about 930 of 3,970'; as much of it as is told."""
    row = table.iloc[0]
    absent = formats.amount(row, "students_absent")
    return (
        formats.amount(row) if absent == formats.WITHHELD else f"{absent} of {count(row.students)}"
    )


def students(table: pd.DataFrame) -> str:
    """'110 of 432 students by month', as much of it as is told."""
    row = table.iloc[0]
    if formats.is_missing(row.students):
        return "Month by month"
    return f"{formats.sentence_case(about_of(table))} students by month"


@kept
def change(shifts: pd.DataFrame) -> str:
    """The change of the selection as a whole, and whether chance could make it."""
    whole, coded = shifts[shifts.level == "selection"], formats.is_coded(shifts)
    if coded and len(whole) and formats.is_missing(whole.iloc[0].change_points):
        return _change_withheld(whole.iloc[0])
    if whole.empty or formats.is_missing(whole.iloc[0].change_points):
        return _counted_anew(whole) or "There is no year before that can be compared"
    row = whole.iloc[0]
    if not row.comparable:
        return f"Not comparable with last year: {coverages(row)}"
    least = 0 if coded else 1
    first, second = formats.percents_apart(row.first_rate, row.second_rate, least)
    # Of totals, which have no days, both years are whole.
    day = "" if formats.is_missing(row.second_coverage) else " at the same instructional day"
    shares = f"{second}, against {first} last year{day}"
    if formats.is_missing(row.change_low):
        return f"{shares}: {formats.without_interval(row.schools_compared)}"
    if not row.clear_of_chance:
        return f"{shares}: chance could make this change"
    way = "less" if row.change_points < 0 else "more"
    moved = formats.moved(row, "change_points").lstrip("+−")
    return f"{shares}: {moved} {way}, clear of chance"


def _counted_anew(whole: pd.DataFrame) -> str:
    """That the definition counts otherwise than last year, so that nothing is compared; '' where it
    does not."""
    since = "".join(whole.counted_since.dropna())
    return f"Counted otherwise before {since}" if since else ""


def change_at_a_glance(shifts: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    whole = shifts[shifts.level == "selection"]
    if _counted_anew(whole):
        return _counted_anew(whole)
    if whole.empty or formats.is_missing(whole.iloc[0].second_rate):
        return "Month by month"
    row = whole.iloc[0]
    if formats.is_missing(row.change_points):
        first = formats.figure(row, "first_rate")
        if formats.is_missing(row.first_students) or first in (formats.WITHHELD, formats.UNKNOWN):
            return "Month by month"
        return f"{formats.figure(row, 'second_rate')}, and {first} last year"
    if not row.comparable:
        which = "last" if row.first_coverage < row.second_coverage else "this"
        return f"Attendance taken on too few days {which} year"
    moved = formats.moved(row, "change_points").lstrip("+−")
    way = "less" if row.change_points < 0 else "more"
    if formats.is_missing(row.change_low):
        return f"{formats.sentence_case(moved)} {way} than last year"
    if not row.clear_of_chance:
        return "No change from last year that is clear"
    return f"{formats.sentence_case(moved)} {way} than last year, a clear change"


def coverages(row) -> str:
    """Why two years cannot be compared: the days on which attendance was taken in each."""
    first, second = formats.percents_further(row.first_coverage, row.second_coverage, 5)
    return f"attendance was taken on {first} of days then, on {second} now"


def _change_withheld(row) -> str:
    first, second = formats.figure(row, "first_rate"), formats.figure(row, "second_rate")
    if not formats.is_missing(row.second_students) and row.second_students == 0:
        return "Nobody can be evaluated yet"
    if first == second == formats.WITHHELD:
        return "How this moved since last year is withheld: there are too few students"
    if formats.is_missing(row.first_students):
        return f"{formats.sentence_case(second)}; there is no year before that could be shown"
    return f"{formats.sentence_case(second)}; last year {first}: too coarse to speak of a change"


@kept
def change_in_brief(shifts: pd.DataFrame) -> str | None:
    """'−4 points since last year' for a headline number; None where nothing can be said."""
    whole = shifts[shifts.level == "selection"]
    if whole.empty or not basis.is_are(True, whole.comparable).all():
        return None
    row = whole.iloc[0]
    if formats.is_missing(row.change_points):
        return None
    # A metric reads the sign of a plain hyphen alone.
    return f"{formats.moved(row, 'change_points')} on last year".replace("−", "-")


@kept
def schools(shifts: pd.DataFrame) -> str:
    """Which schools moved clear of chance, and which cannot be compared."""
    rows = shifts[shifts.level == "school"]
    clear = rows[basis.is_are(True, rows.clear_of_chance)]
    apart = rows[basis.is_are(False, rows.comparable)]
    fell, rose = clear[clear.change_points < 0], clear[clear.change_points > 0]
    parts = []
    if len(fell):
        parts.append(f"clear fall at {basis.names(fell.place)}")
    if len(rose):
        parts.append(f"clear rise at {basis.names(rose.place)}")
    compared = int((basis.is_are(True, rows.comparable) & rows.change_low.notna()).sum())
    if parts and compared > 1:
        parts[-1] += f", of {count(compared)} compared{basis.by_chance(compared)}"
    if not parts:
        parts.append("no school moved clear of chance")
    untold = rows[rows.change_points.isna() & basis.is_are(True, rows.comparable)]
    if formats.is_coded(shifts) and len(untold):
        parts.append(f"the change at {basis.names(untold.place)} is not told")
    if len(apart):
        parts.append(f"{basis.names(apart.place)} cannot be compared")
    return formats.sentence_case("; ".join(parts))


@kept
def schools_at_a_glance(shifts: pd.DataFrame) -> str:
    """How many schools moved clear of chance, in one line of half a page."""
    compared, moved = _schools_compared(shifts)
    if not compared:
        return "No school can be compared with last year"
    if not moved:
        return f"None of {number(compared, 'school', 'schools')} moved clearly"
    return f"{' and '.join(moved)} clearly, of {number(compared, 'school', 'schools')}"


def schools_moved(shifts: pd.DataFrame) -> str:
    """'4 of 8 schools fell', beside years that are not comparable as a whole; '' where no school
    can be compared."""
    compared, moved = _schools_compared(shifts)
    if compared < 2:
        return ""
    told = " and ".join(moved) or "0 moved"
    first, *rest = told.split(" ", 1)
    return f"{first} of {count(compared)} schools {' '.join(rest)}"


def _schools_compared(shifts: pd.DataFrame) -> tuple[int, list[str]]:
    """How many schools can be compared with last year, and how many of them fell and rose clear of
    chance: 8, ['4 fell', '1 rose']."""
    rows = shifts[shifts.level == "school"]
    clear = rows[basis.is_are(True, rows.clear_of_chance)]
    fell, rose = int((clear.change_points < 0).sum()), int((clear.change_points > 0).sum())
    compared = int((basis.is_are(True, rows.comparable) & rows.change_low.notna()).sum())
    verbs = ((fell, "fell"), (rose, "rose"))
    return compared, [f"{count(few)} {verb}" for few, verb in verbs if few]


def days_missed_at_a_glance(reasons: pd.DataFrame) -> str:
    """How the share of days missed changed, in one line of half a page; rows of
    absence/why_moved."""
    for row in reasons[reasons.reason.isna() & reasons.clear_of_chance].itertuples():
        way = "fewer" if row.change_points < 0 else "more"
        moved = formats.tenth_points(row.change_points).lstrip("+−")
        return f"{formats.sentence_case(moved)} {way} days missed"
    return "No change in days missed that is clear"


def schools_in_a_table(shifts: pd.DataFrame) -> str:
    """What the table of schools says, and from where its lines begin."""
    told = (
        " Years before last stand at the end of the same month." if formats.is_coded(shifts) else ""
    )
    until = "up to the same instructional day of every year"
    if shifts.second_coverage.isna().all():
        until = "as whole years"
    return f"{schools(shifts)}. Each school by its own days, {until}; {_SCHOOLS_IN_A_TABLE}{told}"


_SCHOOLS_IN_A_TABLE = (
    "the change with its 95% interval. The line is of all loaded years since which each is told "
    "and comparable, from zero. A student who moved may count at both schools, so schools do not "
    "add up."
)


def is_of_schools(shifts: pd.DataFrame) -> bool:
    """Whether there are schools to be looked at beside each other."""
    return int((shifts.level == "school").sum()) != 1


@kept
def tiers(table: pd.DataFrame) -> str:
    """How many missed 10% and 20% of their days."""
    students = table.set_index("tier").students
    if students.notna().all() and not students.sum():
        return "Nobody can be evaluated yet"
    if formats.is_coded(table):
        severe, moderate = (_tier_told(table, tier) for tier in ("severe", "moderate"))
        return f"Missed 20% of their days or more: {severe}; between 10% and 20%: {moderate}"
    return (
        f"{number(students['severe'], 'student has', 'students have')} missed 20% of their days or "
        f"more, {count(students['moderate'])} more between 10% and 20%"
    )


@kept
def tiers_at_a_glance(table: pd.DataFrame) -> str:
    """How many missed 20% of their days, in one line of half a page."""
    (row,) = table[table.tier == "severe"].itertuples()
    if formats.is_missing(row.students):
        share = formats.figure(row, "share")
        told = "" if share in (formats.WITHHELD, formats.UNKNOWN) else f"{share} of students "
        return f"{told}missed 20% of days or more" if told else "Students by days missed"
    return formats.sentence_case(f"{formats.students(row)} missed 20% of days or more")


def _tier_told(table: pd.DataFrame, tier: str) -> str:
    row = table[table.tier == tier].iloc[0]
    if formats.is_missing(row.students):
        share = formats.figure(row, "share")
        return share if share == formats.WITHHELD else f"{share} of students"
    return f"{formats.amount(row)} students"


def grades(table: pd.DataFrame) -> str:
    """The grades with the lowest and the highest share, among those with at least ten students."""
    rows = table[(table.students >= 10).fillna(False) & table.rate.notna()]
    if len(rows) < 2:
        return f"{_what_is_missing(table)} to compare grades"
    low, high = rows.loc[rows.rate.idxmin()], rows.loc[rows.rate.idxmax()]
    if formats.is_coded(table) and table.rate.isna().any():
        return f"Highest told: {percent(high.rate)} in {_in_sentence(high.grade)}"
    lowest, highest = formats.percents_apart(low.rate, high.rate)
    return f"From {lowest} in {_in_sentence(low.grade)} to {highest} in {_in_sentence(high.grade)}"


def _what_is_missing(table: pd.DataFrame) -> str:
    return "Too much is withheld" if formats.is_coded(table) else "Too few students"


@kept
def groups(table: pd.DataFrame, whole: float) -> str:
    """The student group with the highest share of those whose interval lies above `whole`, the
    share of all."""
    rows = table[(table.students >= ENOUGH).fillna(False) & table.rate.notna()]
    if len(rows) < 2 or formats.is_missing(whole):
        return f"{_what_is_missing(table)} to compare groups"
    clear = highest(rows[(rows.rate_low > whole).fillna(False)])
    if clear.empty:
        return "No group stands clearly above all"
    high = clear.iloc[0]
    name = formats.group(high.dimension, high.group_name).removesuffix(": yes")
    return f"Clearly high: {name}, {percent(high.rate)}"


# Of fewer students almost any share may be chance.
ENOUGH = 30


@kept
def highest(table: pd.DataFrame) -> pd.DataFrame:
    """Student groups by the share that is shown, the highest first; those of fewer than ENOUGH
    students after all others."""
    enough = (table.students >= ENOUGH).fillna(False)
    shown = pd.to_numeric(table.rate).fillna(-1.0)
    order = pd.DataFrame({"enough": enough, "shown": shown}).sort_values(
        ["enough", "shown"], ascending=False, kind="stable"
    )
    return table.loc[order.index]


def first_groups(table: pd.DataFrame, shown: int) -> str:
    """That a chart shows the highest groups alone, and what the share view leaves out."""
    first = ""
    if shown < len(table):
        first = (
            f"The {count(shown)} highest of {count(len(table))}; those of fewer than {ENOUGH} "
            "students come last."
        )
    return " ".join(filter(None, (first, groups_left_out(table))))


def _in_sentence(grade: str) -> str:
    name = formats.grade(grade)
    return name if grade == "PK" else name[:1].lower() + name[1:]


@kept
def weekdays(table: pd.DataFrame) -> str:
    """The weekday and the month on which most days are missed."""
    if not table.days_absent.sum():
        return "No day was missed"
    days = table.groupby("weekday")[["days_absent", "days_enrolled"]].sum()
    months = table.groupby("month_start")[["days_absent", "days_enrolled"]].sum()
    day = (days.days_absent / days.days_enrolled).idxmax()
    month = (months.days_absent / months.days_enrolled).idxmax()
    return f"Most days are missed on {day}s, and in {month:%B}"


@kept
def weekdays_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    told = weekdays(table).removeprefix("Most days are missed on ")
    return f"Most days missed: {told.replace(', and in', ', and')}" if "," in told else told


def near_threshold(table: pd.DataFrame) -> str:
    """How many are close, and how many can still come back."""
    students = table.set_index("standing").students
    recover = f"{count(students['can_recover'])} over it can still end the year below it"
    if formats.is_missing(students["can_recover"]):
        recover = "how many can still end the year below it needs the days left"
    if formats.is_missing(students["within_3"]):
        return f"It is too early to say who is within three absences of the threshold; {recover}"
    near = number(students["within_3"], "student is", "students are")
    return f"{near} within three absences of the threshold; {recover}"


@kept
def near_at_a_glance(table: pd.DataFrame) -> str:
    """How many are close to the threshold, in one line of half a page."""
    students = table.set_index("standing").students
    if formats.is_missing(students["within_3"]):
        if formats.is_missing(students["can_recover"]):
            return "Who is close to the threshold"
        return f"{count(students['can_recover'])} can still end the year below it"
    near = number(students["within_3"], "student is", "students are")
    return f"{near} within 3 absences"


def close(near: pd.DataFrame, signs: pd.DataFrame) -> str:
    """How many are within three absences of the threshold; in the first weeks early signs."""
    if is_early(signs):
        return early_signs(signs)
    (students,) = near[near.standing == "within_3"].students
    if formats.is_missing(students):
        return "It is too early to say who is close to the threshold"
    return f"{count(students)} within 3 absences"


def is_early(signs: pd.DataFrame) -> bool:
    """Whether early signs stand in the place of who is within three absences."""
    return bool(signs.is_early.any())


def early_signs(signs: pd.DataFrame) -> str:
    """'166 students missed 2 to 4 days in the first month, 4 more than 4 days'."""
    first, *others = signs.itertuples()
    told = [f"{number(first.students, 'student', 'students')} missed {first.label} so far"]
    told += [f"{count(row.students)} {row.label}" for row in others]
    return f"In the first month {', '.join(told)}"


def why_signs(signs: pd.DataFrame) -> str:
    """What such a number of days meant elsewhere, and where that is from."""
    return f"{' '.join(signs.sentence)} {signs.iloc[0].source}, {signs.iloc[0].source_date.year}."


def attendance(headline_table: pd.DataFrame) -> str:
    """The attendance rate, in tenths; in the share view in whole percents."""
    row = headline_table.iloc[0]
    if not formats.is_coded(row):
        return formats.tenth_percent(row.attendance_rate)
    if formats.is_missing(row.attendance_rate):
        early = formats.is_none(row.students)
        return formats.sentence_case(formats.TOO_EARLY) if early else formats.WITHHELD
    return percent(row.attendance_rate)


def attendance_last_year(months: pd.DataFrame, shifts: pd.DataFrame) -> str | None:
    """'93.3% last year', at the same instructional day; rows of absence/by_month. None where the
    years cannot be compared; rows of absence/shifts."""
    rate = months.last_year_attendance_rate.iloc[-1] if len(months) else None
    comparable = shifts[shifts.level == "selection"].comparable
    if formats.is_missing(rate) or not basis.is_are(True, comparable).any():
        return None
    return f"{percent(rate) if formats.is_coded(months) else formats.tenth_percent(rate)} last year"


def groups_left_out(table: pd.DataFrame) -> str:
    """What the share view leaves out of groups; '' where nothing is."""
    if not formats.is_coded(table):
        return ""
    return (
        "Groups that never had ten students are not listed; a band stands where a "
        f"single percent would tell too much. {basis.withheld(table)}"
    ).rstrip()
