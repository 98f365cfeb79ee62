"""How numbers, dates and names read. Rounding happens here alone, half away from zero."""

import math
import re
from datetime import date

UNKNOWN = "not known"
WITHHELD = "withheld"
# Nobody can be evaluated in the first days of a year.
TOO_EARLY = "too early"
# What differs by less than the last of so many decimals is printed alike; shares of a million
# students, which are counts, are told apart to the last student.
MOST_DECIMALS = 3
MOST_FOR_SHARES = 6

# Before the name of a group of respondents: the column of its figures, in words.
GROUP = "group_of_"

# What stands in the heading of a table's column, and how its values read.
COLUMNS = {
    "about": ("About", "text"),
    "accepted": ("Accepted", "count"),
    "alike": ("Same answers as another", "count"),
    "answer": ("Answer", "text"),
    "answers": ("Answers", "count"),
    "at_table": ("At the table", "claim"),
    "attendance_rate": ("Attendance", "percent"),
    "cause": ("Understood cause", "text"),
    "change": ("What changed", "text"),
    "change_high": ("At most", "points"),
    "change_low": ("At least", "points"),
    "change_points": ("Points", "points"),
    "clear_of_chance": ("Clear of chance", "claim"),
    "code": ("Code", "text"),
    "column_name": ("Column", "text"),
    "changed": ("What changed", "text"),
    "comparable": ("Comparable", "claim"),
    "comparison_rate": ("Missed by similar students", "percent"),
    "contact": ("Contact", "text"),
    "counts_as": ("Counts as", "text"),
    "coverage": ("Share taken", "percent"),
    "dates": ("School days", "count"),
    "days": ("Days", "count"),
    "days_absent": ("Days absent", "count"),
    "days_excused": ("Excused", "count"),
    "days_unexcused": ("Unexcused", "count"),
    "days_enrolled": ("Days enrolled", "count"),
    "days_expected": ("Instructional days", "count"),
    "days_missed": ("Days missed", "count"),
    "days_taken": ("Attendance taken", "count"),
    "definition": ("Definition", "text"),
    "difference_points": ("Difference, points", "points"),
    "dimension": ("By", "dimension"),
    "earlier_year": ("Asked before in", "text"),
    "excused": ("Excused", "claim"),
    "expected": ("As at other schools", "percent"),
    "family": ("Kind of cause", "name"),
    "favorable": ("Favorable", "percent"),
    "favorable_a": ("Favorable, first group", "percent"),
    "favorable_b": ("Favorable, second group", "percent"),
    "file": ("File", "text"),
    "first_coverage": ("Days taken last year", "percent"),
    "first_favorable": ("Favorable before", "percent"),
    "first_n": ("Answers before", "count"),
    "first_rate": ("Share last year", "percent"),
    "first_share": ("Days missed last year", "percent"),
    "first_students": ("Students last year", "count"),
    "gap_high": ("At most", "points"),
    "gap_low": ("At least", "points"),
    "gap_points": ("Gap, points", "points"),
    "grade": ("Grade", "text"),
    "group_a": ("First group", "name"),
    "group_b": ("Second group", "name"),
    "group_name": ("Group", "text"),
    "high": ("Chance alone, to", "percent"),
    "idea": ("Change idea", "text"),
    "instructional_day": ("Instructional day", "count"),
    "invited": ("Invited", "count"),
    "item_text": ("Item", "text"),
    "item_text_b": ("As the second group was asked", "text"),
    "items": ("Items", "count"),
    "items_reworded": ("Items reworded", "count"),
    "kind": ("What was done", "kind"),
    "label": ("Label", "text"),
    "last_row_date": ("Last attendance row", "date"),
    "last_year_rate": ("Share last year", "percent"),
    "last_year_students": ("Students last year", "count"),
    "level": ("Level", "text"),
    "line": ("Line", "count"),
    "low": ("Chance alone, from", "percent"),
    "measure": ("Measure", "name"),
    "month_end": ("Up to", "date"),
    "month_start": ("Month from", "date"),
    "n": ("Answers", "count"),
    "n_a": ("Answers, first group", "count"),
    "n_b": ("Answers, second group", "count"),
    "name": ("Group", "text"),
    "names": ("Who", "text"),
    "of_schools": ("Schools", "text"),
    "of_ten": ("Answered ten items", "count"),
    "partner_name": ("Partner", "text"),
    "partners_at_table": ("Partners at the table", "count"),
    "partners_known": ("Partners known", "count"),
    "place": ("Place", "text"),
    "present": ("At the table", "claim"),
    "problem": ("Problem", "text"),
    "rate": ("Share", "percent"),
    "rate_before": ("Share now", "percent"),
    "rate_high": ("Interval, to", "percent"),
    "rate_low": ("Interval, from", "percent"),
    "reached": ("Goal reached", "claim"),
    "reason": ("Recorded reason", "text"),
    "remedy": ("What would be right", "text"),
    "repaired": ("Repaired", "count"),
    "respondent_group": ("Who answered", "text"),
    "respondents": ("Answered", "count"),
    "response_rate": ("Response rate", "percent"),
    "rows": ("Rows", "count"),
    "rows_before": ("Rows last year", "count"),
    "rows_in": ("Rows in", "count"),
    "rows_now": ("Rows this year", "count"),
    "scale": ("Scale", "text"),
    "school_name": ("School", "text"),
    "school_year": ("Year", "text"),
    "schools": ("Schools", "count"),
    "schools_compared": ("Schools both times", "count"),
    "schools_gone": ("In the first year alone", "text"),
    "schools_new": ("New this year", "text"),
    "schools_without_roster": ("Schools without a roster", "count"),
    "seat": ("Chair", "name"),
    "second_coverage": ("Days taken this year", "percent"),
    "second_favorable": ("Favorable now", "percent"),
    "second_n": ("Answers now", "count"),
    "second_rate": ("Share this year", "percent"),
    "second_share": ("Days missed this year", "percent"),
    "second_students": ("Students this year", "count"),
    "set_aside": ("Set aside", "count"),
    "share": ("Share", "percent"),
    "share_before": ("Share last year", "percent"),
    "share_now": ("Share this year", "percent"),
    "stands_at": ("Now", "text"),
    "shift_high": ("At most", "points"),
    "shift_low": ("At least", "points"),
    "shift_points": ("Shift, points", "points"),
    "smallest_n": ("Answers a year needed", "count"),
    "source": ("Source", "text"),
    "standing": ("Standing", "standing"),
    "step": ("Step", "text"),
    "straight": ("One answer to all", "count"),
    "straight_share": ("Share of them", "percent"),
    "student_name": ("Student", "text"),
    "students": ("Students counted", "count"),
    "students_absent": ("Chronically absent", "count"),
    "students_absent_before": ("Chronically absent now", "count"),
    "students_before": ("Students counted now", "count"),
    "survey": ("Survey", "text"),
    "administration": ("When in the year", "text"),
    "their_days_absent": ("Days absent there", "count"),
    "their_days_enrolled": ("Days enrolled there", "count"),
    "tier": ("Days missed", "tier"),
    "topic": ("Topic", "text"),
    "trend": ("Years", "trend"),
    "value": ("Value", "text"),
    "week_start": ("Week from", "date"),
    "weekday": ("Weekday", "text"),
    "why_not_clear": ("Why not clear", "text"),
}

# Counts of students, which the share view tells to the nearest ten.
ABOUT = {
    "first_students",
    "last_year_students",
    "second_students",
    "students",
    "students_absent",
}

DIMENSIONS = {
    "gender": "Gender",
    "race_ethnicity": "Race and ethnicity",
    "english_learner": "English learner",
    "disability": "Disability",
    "economically_disadvantaged": "Economically disadvantaged",
    "unstable_housing": "Unstable housing",
    "home_language": "Home language",
}

TIERS = {
    "satisfactory": "Under 5%",
    "at_risk": "5% to under 10%",
    "moderate": "10% to under 20%",
    "severe": "20% or more",
}

STANDINGS = {
    "within_3": "Within 3 absences of the threshold",
    "can_recover": "Over it now, can end the year below it",
    "next_year": "Ends the year over it; every day counts",
}

# Of a step from one count to another's; {} is what of it, such as a number of days.
STEPS = {
    "here": "Counted here",
    "at_the_threshold": "Exactly at the threshold",
    "minimum_days": "Days enrolled, at least {}",
    "minimum_days_present": "Days present, at least {}",
    "share": "Threshold of “{}”",
    "movers": "Movers: {}",
    "leavers": "Only who is still enrolled",
    "parts_of_days": "Half days against parts of days",
    "code": "“{}” counted otherwise",
    "days_not_taken": "Days not taken as present",
    "their_date": "As of their day",
    "corrected": "Corrected since {}",
    "here_only": "Students known here alone",
    "there_only": "Students known there alone",
    "other_days": "Other days in their list",
    "counted_again": "Counted at two schools",
    "not_in_list": "In their number, not their list",
    "unexplained": "Not explained",
    "there": "Counted there",
}

KINDS = {"set_aside": "Set aside", "repaired": "Repaired", "noted": "Noted"}


def is_missing(value) -> bool:
    """None, NaN, NaT and NA: all four come out of tables."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # NA is neither equal nor unequal
        return True


def is_none(value) -> bool:
    """Whether a count is known to be 0: one that is withheld is neither 0 nor any other."""
    return not is_missing(value) and value == 0


def whole(value: float) -> int:
    """The nearest whole number, a half away from zero; six decimals first, so a half is a half."""
    return int(math.copysign(math.floor(abs(round(value, 6)) + 0.5), value))


def count(value) -> str:
    """1234 → '1,234'."""
    return UNKNOWN if is_missing(value) else f"{whole(value):,}"


def percent(share) -> str:
    """0.2528 → '25%'."""
    return UNKNOWN if is_missing(share) else f"{whole(100 * share)}%"


def decimals_apart(values, others, least: int = 0, most: int = MOST_DECIMALS) -> int:
    """With how many decimals no value reads like the one that it is held against."""
    pairs = [(one, other) for one in values for other in others if not is_missing(one)]
    for decimals in range(least, most):
        scale = 10**decimals
        if all(
            math.isclose(one, other, rel_tol=0, abs_tol=1e-9)
            or whole(one * scale) != whole(other * scale)
            for one, other in pairs
        ):
            return decimals
    return most


def percent_against(share, limit, least: int = 0) -> str:
    """A share that is held against a goal or a limit, with the decimals that show on which side it
    lies: 0.7996 against 0.8 → '79.96%', 0.76 → '76%'."""
    if is_missing(share):
        return UNKNOWN
    decimals = decimals_apart([100 * share], [100 * limit], least, MOST_FOR_SHARES)
    return _with_decimals(share, decimals)


def percents_apart(first, second, least: int = 0) -> tuple[str, str]:
    """Two shares that are said to differ, with the decimals that show it: '25.1%', '25.4%'."""
    if is_missing(first) or is_missing(second):
        return percent(first), percent(second)
    decimals = decimals_apart([100 * first], [100 * second], least, MOST_FOR_SHARES)
    return _with_decimals(first, decimals), _with_decimals(second, decimals)


def percents_further(first, second, points_apart: float) -> tuple[str, str]:
    """Two shares said to lie more than so many points apart, with the decimals that show it:
    0.946 and 0.894, more than 5 apart → '94.6%', '89.4%'."""
    if is_missing(first) or is_missing(second):
        return percent(first), percent(second)
    for decimals in range(MOST_DECIMALS):
        ends = [whole(100 * share * 10**decimals) for share in (first, second)]
        if abs(ends[0] - ends[1]) > points_apart * 10**decimals:
            return _with_decimals(first, decimals), _with_decimals(second, decimals)
    return percent(first), percent(second)


def _with_decimals(share, decimals: int) -> str:
    scale = 10**decimals
    return f"{whole(100 * share * scale) / scale:.{decimals}f}%"


def is_coded(rows) -> bool:
    """Whether a table, or a row of one, is of the share view: its numbers are coded, its small ones
    withheld."""
    return hasattr(rows, "withheld")


def figure(row, name: str, exactly=percent) -> str:
    """A share of a row: '24%', as the share view tells it also '20% to 30%', '17% or less',
    '83% or more' or 'withheld'. exactly: how one reads that has no band beside it."""
    value = getattr(row, name)
    if not hasattr(row, f"{name}_at_most"):
        return exactly(value)
    if not is_missing(value):
        return percent(value)
    at_least, at_most = getattr(row, f"{name}_at_least"), getattr(row, f"{name}_at_most")
    if is_missing(at_most):
        return TOO_EARLY if is_none(getattr(row, "students", None)) else WITHHELD
    if at_least <= 0:
        return f"{percent(at_most)} or less"
    if at_most >= 1:
        return f"{percent(at_least)} or more"
    return f"{percent(at_least)} to {percent(at_most)}"


def amount(row, name: str = "students") -> str:
    """A count of a row: '90', in the share view 'about 90' or 'withheld'."""
    value = getattr(row, name)
    if not is_coded(row):
        return count(value)
    return WITHHELD if is_missing(value) else f"about {count(value)}"


def students(row, name: str = "students") -> str:
    """The same with its noun: '128 students', 'about 130 students', 'withheld'."""
    value, told = getattr(row, name), amount(row, name)
    return told if is_missing(value) else f"{told} {'student' if value == 1 else 'students'}"


def answers(row, name: str = "n") -> str:
    """How many answered: '34', in the share view '21 to 40 answers'."""
    if not is_coded(row):
        return count(getattr(row, name))
    return answers_told(getattr(row, name), getattr(row, f"{name}_high"))


def moved(row, name: str) -> str:
    """Points of a row, whole ones where the shares themselves are whole percents."""
    return (points if is_coded(row) else tenth_points)(getattr(row, name))


def answers_told(low, high) -> str:
    """How many answered, as a band of the share view: '21 to 40 answers'."""
    if is_missing(low):
        return WITHHELD
    # The last band has no end, and of how many answered in all only the least is told.
    if is_missing(high) or high >= 10**8:
        return f"more than {count(low - 1)} answers"
    if low == high:
        return number(low, "answer", "answers")
    return f"{count(low)} to {count(high)} answers"


def tenths_between(first, second, points) -> str:
    """Points between two shares in tenths, −0.9 → '−0.9'; '<0.1' where they would read 0.0 beside
    shares that read apart."""
    told = signed(points, 1)
    apart = tenth_percent(first) != tenth_percent(second)
    return "<0.1" if apart and not told.startswith(("+", "−")) else told


def cell_percent(share) -> str:
    """0.2528 → '25%'; blank where nothing is known."""
    return "" if is_missing(share) else percent(share)


def tenth_percent(share) -> str:
    """0.92594 → '92.6%': for attendance rates, which differ by tenths."""
    return UNKNOWN if is_missing(share) else f"{whole(1000 * share) / 10:.1f}%"


def signed(points, decimals: int = 0) -> str:
    """-1.9 → '−2', with the minus sign that type has."""
    if is_missing(points):
        return UNKNOWN
    rounded = whole(points * 10**decimals)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{abs(rounded) / 10**decimals:.{decimals}f}"


def points(value) -> str:
    """10.2 → '+10 points'; less than half a point with its decimals: '+0.4 points'."""
    if is_missing(value):
        return UNKNOWN
    decimals = decimals_apart([value], [0])
    is_one = not decimals and abs(whole(value)) == 1
    return f"{signed(value, decimals)} {'point' if is_one else 'points'}"


def tenth_points(value) -> str:
    """-3.58 → '−3.6 points': beside shares whose rounded difference would not add up."""
    if is_missing(value):
        return UNKNOWN
    return f"{signed(value, decimals_apart([value], [0], least=1))} points"


def without_interval(schools: int) -> str:
    """Why a change of chronic absence over so many comparable schools has no interval."""
    if schools == 2:
        return "only two schools to compare, so see each by itself"
    return "no school to compare with itself a year before"


def interval(low, high, least: int = 0) -> str:
    """'−4 to +1'; with the decimals that show on which side of zero it lies: '+0.3 to +12.4'."""
    if is_missing(low) or is_missing(high):
        return UNKNOWN
    decimals = decimals_apart([low, high], [0], least)
    return f"{signed(low, decimals)} to {signed(high, decimals)}"


def day(value) -> str:
    """'March 20, 2026', as dates are written where the data are from."""
    return UNKNOWN if is_missing(value) else f"{value:%B} {value.day}, {value.year}"


def day_and_time(value) -> str:
    """'November 21, 2026, 20:31'."""
    return f"{day(value)}, {value:%H:%M}"


def month(value: date) -> str:
    """'Mar'."""
    return f"{value:%b}"


def number(value: int, one: str, many: str) -> str:
    """'1 school', '9 schools'."""
    return f"{count(value)} {one if value == 1 else many}"


def listed(names, most: int | None = None) -> str:
    """'A, B and C'; of more than `most` the first ones, and how many more."""
    names = list(names)
    if most and len(names) > most:
        names = [*names[: most - 1], f"{count(len(names) - most + 1)} more"]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def item(row) -> str:
    """The words of a survey item, and whether it is scored in reverse: agreeing is unfavorable."""
    return row.item_text + _scored(row)


def quoted_item(row) -> str:
    """The same inside a sentence, its beginning where it is long: '“I am bullied” (scored in
    reverse)'."""
    return f"“{cut(row.item_text.rstrip('.'), 120)}”{_scored(row)}"


def cut(text: str, most: int) -> str:
    """Text in at most so many letters, cut between words: 'How confident are you that …'."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _scored(row) -> str:
    reverse = getattr(row, "reverse_scored", None)
    return " (scored in reverse)" if not is_missing(reverse) and reverse else ""


def one_line(text) -> str:
    """Text of several lines, or with room around it, in one."""
    return " ".join(str(text).split())


def sentence_case(name: str) -> str:
    """'school_leaders' → 'School leaders'."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def administration(name) -> str:
    """'fall' → 'Fall'; what stands for an administration that the files do not name."""
    return "Not said" if is_missing(name) else sentence_case(name)


def asked(administration, school_year: str) -> str:
    """'fall 2025-26'; the year alone of a survey that is asked once a year."""
    return school_year if is_missing(administration) else f"{administration} {school_year}"


def grade(name: str) -> str:
    """'9' → 'Grade 9'."""
    return {"PK": "Pre-K", "K": "Kindergarten", "Unknown": "Grade unknown"}.get(
        name, f"Grade {name}"
    )


# Families of causes in everybody's words.
FAMILIES = {"aversion": "avoiding school", "disengagement": "lost interest"}


def measure(name: str) -> str:
    """'aversion' → 'Avoiding school'; any other measure as it is called."""
    return sentence_case(FAMILIES.get(name, name))


def step(row) -> str:
    """'Days enrolled, at least 45': a step from one count to another's, with what of it."""
    return STEPS[row.step].format("" if is_missing(row.what) else row.what)


def dimension(name: str) -> str:
    """'english_learner' → 'English learner'."""
    return DIMENSIONS.get(name, sentence_case(name))


def group(dimension_name: str, group_name: str) -> str:
    """'yes' of 'disability' → 'Disability: yes', 'F' of 'gender' → 'Gender: F'; a group with a name
    of its own stands alone."""
    if group_name in {"yes", "no", "no or not known", "Unknown"}:
        return f"{dimension(dimension_name)}: {group_name.lower()}"
    if len(group_name) <= 2:
        return f"{dimension(dimension_name)}: {group_name}"
    return group_name


# How the values of a kind of column read in words.
WORDS = {
    "claim": lambda value: "not known" if is_missing(value) else "yes" if value else "no",
    "dimension": dimension,
    "kind": KINDS.get,
    "name": sentence_case,
    "standing": STANDINGS.get,
    "tier": TIERS.get,
}


def plain(text) -> str:
    """Imported text for Streamlit's Markdown: every mark of markup escaped, so it shows as text.

    An address would become a link even so, and `:material/…:` a picture; a word joiner, which has
    no width, keeps it text.
    """
    words = _ADDRESS.sub("\\g<0>\N{WORD JOINER}", str(text))
    return "".join(f"\\{letter}" if letter in _MARKUP else letter for letter in words)


_ADDRESS = re.compile(r"https?(?=:)|www(?=\.)|\S(?=@)|:(?=material)", re.IGNORECASE)
_MARKUP = set("\\`*_{}[]()<>#+-.!|~$:")
