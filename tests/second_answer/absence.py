"""Absence, a second time: one student, one day, one school after the other.

The rules are those of How we count, sample_data/README.md and docs/decisions.md. Shares are
Fractions, so nothing is ever rounded. The functions take the same choices:

    school_year   such as "2025-26"; None is the newest school year with attendance
    schools       a set of school ids; None is every school
    definition    a name in DEFINITIONS
    as_of         a date; later than the default is capped; None is the default
                  (`students` and `headline` also take a dict school_id -> date)
    grade         a grade, or "Unknown", or a tuple of them
    group         (dimension, value), the value may be "Unknown"
"""

import math
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

# Whole numbers are exact too, and add up ten times as fast.
NOTHING = 0
HALF = Fraction(1, 2)
WHOLE = 1

UNKNOWN = "Unknown"
NOT_RECORDED = "Not recorded"

BEFORE_EVERYTHING = date.min

DIMENSIONS = (
    "gender",
    "race_ethnicity",
    "english_learner",
    "disability",
    "economically_disadvantaged",
    "unstable_housing",
    "home_language",
)

TIERS = ("satisfactory", "at_risk", "moderate", "severe")


@dataclass(frozen=True)
class Definition:
    """Who is chronically absent."""

    share: Fraction | None = Fraction(1, 10)  # of the days enrolled
    days: int | None = None  # or this many days absent, whatever the enrollment
    inclusive: bool = True  # exactly the share already counts
    minimum_days: int = 10  # enrolled; below it, not evaluated
    minimum_present: int = 0  # days present; below it, not evaluated
    day_rule: str = "half_day"  # half or more missed is a day; "fraction" adds missed time up


DEFINITIONS = {
    "federal": Definition(),
    "nyc": Definition(minimum_present=1),
    "fraction_of_day": Definition(day_rule="fraction"),
    "over_10": Definition(inclusive=False),
    "severe_20": Definition(share=Fraction(1, 5)),
    "min_20_days": Definition(minimum_days=20),
    "california": Definition(minimum_days=31),
    "new_jersey": Definition(minimum_days=45),
    "rhode_island": Definition(minimum_days=90),
    "days_15": Definition(share=None, days=15, minimum_days=1),
    "days_18": Definition(share=None, days=18, minimum_days=1),
    "england_persistent": Definition(minimum_days=1, day_rule="fraction"),
    "england_severe": Definition(share=HALF, minimum_days=1, day_rule="fraction"),
}


# --- The calendar, and as of when -------------------------------------------------------------


def remember(network, key, work_out):
    """Work a thing out once for each network."""
    if key not in network.memory:
        network.memory[key] = work_out()
    return network.memory[key]


def calendar(network, school_year, school_id):
    """The school's instructional days of the year, in order: date -> was attendance taken?"""

    days = planned(network).get((school_year, school_id), {})
    aside = silent_days(network).get((school_year, school_id), set())
    aside = aside | unsent_days(network).get((school_year, school_id), set())
    return {day: taken and day not in aside for day, taken in days.items()} if aside else days


def planned(network):
    """(school year, school) -> its instructional days, whether or not the school sent any rows."""

    def work_out():
        days = defaultdict(dict)
        for row in sorted(network.rows("calendar"), key=lambda row: row["date"]):
            taken = (row.get("attendance_taken") or "yes").lower() != "no"
            of_school = days[row["school_year"], row["school_id"]]
            # Of several calendars one is enough.
            of_school[row["date"]] = of_school.get(row["date"], False) or taken
        return days

    return remember(network, "calendar", work_out)


def own_days(network, school_year, school_id, code):
    """The days on which attendance was taken in the calendar that a student follows; None where
    the school has one calendar for everybody."""

    def work_out():
        codes, days = defaultdict(set), defaultdict(set)
        for row in network.rows("calendar"):
            place = row["school_year"], row["school_id"]
            codes[place].add(row.get("calendar_code"))
            if (row.get("attendance_taken") or "yes").lower() != "no":
                days[*place, row.get("calendar_code")].add(row["date"])
        return codes, days

    codes, days = remember(network, "calendars", work_out)
    several = len(codes[school_year, school_id]) > 1
    return days[school_year, school_id, code] if several else None


# --- Which rows are far ahead, and which schools stopped --------------------------------------


def unlikely(quiet_days, days):
    """Is it under 1 in 1,000 that so many days without a row follow these: [has a row, ...]?"""
    if not quiet_days or not days:
        return False
    return Fraction(days.count(False), len(days)) ** quiet_days < Fraction(1, 1000)


def first_far_ahead(years, codes):
    """school year -> from which day on its rows stand alone, far ahead of all others.

    years: (school year, day -> (was attendance taken, its rows)) in order, of a school or of all.
    """
    answer = {}
    history = None  # days and rows up to the last day with rows, of this year or of one before
    for school_year, of_day in years:
        so_far, rows_so_far = [], []
        quiet_days = 0
        for day, (taken, rows) in sorted(of_day.items()):
            if rows and history and quiet_days >= 10 and school_year not in answer:
                rest = [row for later in of_day if later >= day for row in of_day[later][1]]
                if stands_alone(rest, quiet_days, *history, codes):
                    answer[school_year] = day
            if taken:
                so_far = [*so_far, bool(rows)]
            quiet_days = 0 if rows else quiet_days + taken
            if rows:
                rows_so_far = [*rows_so_far, rows]
                history = so_far, rows_so_far
    return answer


def stands_alone(rest, quiet_days, days_before, rows_before, codes):
    """Are these rows so few that they are a slip, and not the next day's attendance?"""

    def present(rows):
        return sum(1 for row in rows if codes[row["code"]]["counts_as"].lower() == "present")

    a_day = Fraction(sum(len(rows) for rows in rows_before), len(rows_before))
    present_a_day = Fraction(sum(present(rows) for rows in rows_before), len(rows_before))
    return (
        len(days_before) >= 10
        and unlikely(quiet_days, days_before)
        and (len(rest) <= 2 or len(rest) < a_day / 2)
        and (present(rest) == 0 or present(rest) < present_a_day / 2)
    )


def far_ahead(network):
    """The (school, date) of rows that count for nothing: at a school, or over all of them."""

    def work_out():
        codes, sent = code_rows(network), defaultdict(list)
        for row in network.rows("attendance"):
            sent[row["school_id"], row["date"]].append(row)
        of_place = defaultdict(lambda: defaultdict(dict))
        for (school_year, school), days in planned(network).items():
            for day, taken in days.items():
                rows = sent.get((school, day), [])
                of_place[school][school_year][day] = (taken, rows)
                taken_too, others = of_place[None][school_year].get(day, (False, []))
                of_place[None][school_year][day] = (taken or taken_too, rows + others)
        found = set()
        for place, years in of_place.items():
            for school_year, first in first_far_ahead(sorted(years.items()), codes).items():
                for (year, school), days in planned(network).items():
                    if year == school_year and place in (None, school):
                        found |= {(school, day) for day in days if day >= first}
        return {place for place in found if place in sent}

    return remember(network, "far_ahead", work_out)


def silent_days(network):
    """(school year, school) -> the days after its last row, where it must have stopped sending."""

    def work_out():
        silent = {}
        for (school_year, school), days in planned(network).items():
            dates = reported_dates(network, school_year).get(school)
            if not dates:
                continue
            last, until = max(dates), default_as_of(network, school_year)
            before = [day in dates for day, taken in days.items() if taken and day <= last]
            after = {day for day in days if last < day <= until}
            if unlikely(sum(days[day] for day in after), before):
                silent[school_year, school] = after
        return silent

    return remember(network, "silent_days", work_out)


def unsent_days(network):
    """(school year, school) -> before its last row, its days of five or more in a row without a
    row, which its other days make unlikely, if ten of them have rows, and fifty students do."""

    def work_out():
        unsent, of_school = defaultdict(set), defaultdict(set)
        for row in network.rows("attendance"):
            for school_year in school_years(network):
                if row["date"] in planned(network).get((school_year, row["school_id"]), {}):
                    of_school[school_year, row["school_id"]].add(row["student_id"])
        for (school_year, school), days in planned(network).items():
            dates = reported_dates(network, school_year).get(school)
            if not dates or len(of_school[school_year, school]) < 50:
                continue
            last = max(dates)
            said = {
                row["date"]
                for row in network.rows("calendar")
                if (row["school_year"], row["school_id"]) == (school_year, school)
                and (row.get("nobody_absent") or "no").lower() == "yes"
            }
            # Said of a day that has rows, too, it proves nothing.
            dates = dates if said & dates else dates | said
            taken = [day for day in sorted(days) if days[day] and day <= last]
            runs = [[]]
            for day in taken:
                if day in dates:
                    runs.append([])
                else:
                    runs[-1].append(day)
            for run in runs:
                others = [day in dates for day in taken if day not in run]
                if len(run) >= 5 and others.count(True) >= 10 and unlikely(len(run), others):
                    unsent[school_year, school].update(run)
        return unsent

    return remember(network, "unsent_days", work_out)


def school_years(network):
    """Every school year of the calendar, oldest first."""

    def work_out():
        return sorted({row["school_year"] for row in network.rows("calendar")})

    return remember(network, "school_years", work_out)


def reported_dates(network, school_year):
    """For each school, its calendar dates of the year that have at least one attendance row, and
    are not far ahead of all others."""

    def work_out():
        dates = defaultdict(set)
        year_of = {
            (row["school_id"], row["date"]): row["school_year"] for row in network.rows("calendar")
        }
        for row in network.rows("attendance"):
            place = (row["school_id"], row["date"])
            if place in year_of and place not in far_ahead(network):
                dates[year_of[place], row["school_id"]].add(row["date"])
        return dates

    dates = remember(network, "reported_dates", work_out)
    return {school: days for (year, school), days in dates.items() if year == school_year}


def has_reported(network, school_year, school_id):
    """A school without a row in a whole year has not reported."""
    return school_id in reported_dates(network, school_year)


def default_school_year(network):
    """The newest school year with attendance on an instructional date; None without any."""
    with_attendance = [year for year in school_years(network) if reported_dates(network, year)]
    return max(with_attendance, default=None)


def default_as_of(network, school_year):
    """Newest year with attendance: its last instructional date with a row, over all schools.

    Earlier years: the last day of their calendar. (A later year, whose calendar is there before
    its attendance, also gives the last day of its calendar: no school has reported then.)
    """
    if school_year == default_school_year(network):
        return max(max(dates) for dates in reported_dates(network, school_year).values())
    dates = [row["date"] for row in network.rows("calendar") if row["school_year"] == school_year]
    return max(dates, default=None)


def release(network, school_year):
    """The day the share view stands at: the last day of the calendar of the newest month that the
    year's days have reached; None before the first."""
    ends = {}
    for row in network.rows("calendar"):
        if row["school_year"] == school_year:
            month = row["date"].replace(day=1)
            ends[month] = max(ends.get(month, row["date"]), row["date"])
    last = default_as_of(network, school_year)
    return max((day for day in ends.values() if day <= last), default=None)


def as_of_date(network, school_year, as_of):
    """The date asked for, never later than the default."""
    latest = default_as_of(network, school_year)
    if as_of is None or latest is None:
        return latest
    return min(as_of, latest)


def all_schools(network):
    return {row["school_id"] for row in network.rows("schools")}


def school_names(network):
    return {row["school_id"]: row["school_name"] for row in network.rows("schools")}


def choose_schools(network, *, network_name=None, neighborhood=None, school=None, schools=None):
    """The ids of the schools of a network and a neighborhood, or of one or several names or ids."""
    return {
        row["school_id"]
        for row in network.rows("schools")
        if (network_name is None or row.get("network") == network_name)
        and (neighborhood is None or row.get("neighborhood") == neighborhood)
        and (school is None or school in (row["school_id"], row["school_name"]))
        and (schools is None or {row["school_id"], row["school_name"]} & set(schools))
    }


def cutoffs(network, school_year, schools, as_of):
    """The last date that counts at each school of the selection.

    With a dict, a school that is not in it is no part of the selection.
    """
    schools = all_schools(network) if schools is None else set(schools)
    if isinstance(as_of, dict):
        return {school: as_of[school] for school in schools if school in as_of}
    last = as_of_date(network, school_year, as_of) or BEFORE_EVERYTHING
    return dict.fromkeys(schools, last)


# --- One day of one student at one school -----------------------------------------------------


def code_rows(network):
    return {row["code"]: row for row in network.rows("attendance_codes")}


# What cannot be written out, as it is written; everything else is what it says.
WRITTEN_SHARES = {
    Fraction(1, 3): ("0.33", "0.333"),
    Fraction(2, 3): ("0.66", "0.67"),
    Fraction(1, 6): ("0.17", "0.167"),
    Fraction(1, 7): ("0.14",),
}


def written_share(text):
    for share, spellings in WRITTEN_SHARES.items():
        if text in spellings:
            return share
    return Fraction(text)


def row_share(row, codes, periods):
    """The share of the school day that one attendance row says was missed (section 3)."""
    counts_as = codes[row["code"]]["counts_as"].lower()
    at_most = HALF if row.get("session") and not row.get("period") else WHOLE
    if counts_as in ("present", "not_recorded"):
        return NOTHING
    if row.get("missed_minutes") is not None:
        return min(Fraction(row["missed_minutes"]) / Fraction(row["day_minutes"]), at_most)
    if row.get("event_duration") is not None:
        return min(written_share(row["event_duration"]), at_most)
    if row.get("period"):
        return Fraction(1, periods)
    return at_most  # absent; a partial always says how much


def missed_at_school(rows, codes, periods):
    """(share missed, code of the row that counts) for the rows of one student, school and date.

    The largest row of each session counts, am and pm add up, and between the whole day and the
    sum of the sessions the larger. Periods are like sessions, as many as there are, a day at most.
    The code is that of the largest row among those contributing; among equals the smallest code.
    """
    whole_day, am, pm, of_period = [], [], [], defaultdict(list)
    for row in rows:
        session = (row.get("session") or "").lower()
        missed = row_share(row, codes, periods), row["code"]
        if row.get("period"):
            of_period[session, row["period"]].append(missed)
        else:
            {"": whole_day, "am": am, "pm": pm}[session].append(missed)

    def largest(shares):
        return max((share for share, _code in shares), default=NOTHING)

    whole, both_sessions = largest(whole_day), largest(am) + largest(pm)
    all_periods = min(sum(largest(rows) for rows in of_period.values()), WHOLE)
    most = max(whole, both_sessions, all_periods)
    if whole == most:
        contributing = whole_day
    elif both_sessions == most:
        contributing = am + pm
    else:
        contributing = [row for rows in of_period.values() for row in rows]
    top = largest(contributing)
    code = min((code for share, code in contributing if share == top), default=None)
    return most, code


def not_outranked(rows, codes):
    """The rows that speak for their time: an office's row may outrank that of a teacher."""

    def place(row):
        return int(codes[row["code"]].get("rank") or 0)

    def same_time(one, other):
        time = other.get("session"), other.get("period")
        return time == (None, None) or time == (one.get("session"), one.get("period"))

    return [
        row
        for row in rows
        if not any(same_time(row, other) and place(other) > place(row) for other in rows)
    ]


def nothing_recorded(rows, codes, periods):
    """Do all rows of one student, school and date say that nothing was recorded, of all the day?"""
    if any(codes[row["code"]]["counts_as"].lower() != "not_recorded" for row in rows):
        return False
    parts = {(row.get("session"), row.get("period")) for row in rows}
    of_periods = {period for _session, period in parts if period}
    return (
        (None, None) in parts
        or {("am", None), ("pm", None)} <= parts
        or (periods is not None and len(of_periods) >= periods)
    )


@dataclass
class Stay:
    """The days of one student at one school in one school year."""

    days: tuple  # that count, in order
    day_set: frozenset  # the same
    recorded: dict  # day -> (share missed, code), of the days with a row; else nothing is missed

    def upto(self, last):
        """How many of the days count up to a date."""
        return bisect_right(self.days, last)

    def at(self, day):
        return self.recorded.get(day, (NOTHING, None))


def student_days(network, school_year):
    """student_id -> school_id -> Stay: every day that counts, of the year.

    A day counts at a school when it is in the school's calendar of the year, attendance was taken,
    the school has reported, and entry_date <= day < exit_date of some enrollment of the year.
    Overlapping enrollments make one day. Days after the as-of date are still in here.
    """

    def work_out():
        codes = code_rows(network)
        periods = {
            (row["school_id"], row["date"]): row.get("periods") for row in network.rows("calendar")
        }
        rows_of = remember(network, "attendance_rows", lambda: attendance_rows(network))
        spans = defaultdict(set)
        for row in network.rows("enrollments"):
            if row["school_year"] == school_year:
                span = (
                    row["entry_date"],
                    row.get("exit_date") or date.max,
                    row.get("calendar_code"),
                )
                spans[row["student_id"], row["school_id"]].add(span)
        # Most students are enrolled at a school for the same span: its days are found once.
        found = {}
        stays = defaultdict(dict)
        for (student, school), those in spans.items():
            key = school, frozenset(those)
            if key not in found:
                days = days_within(network, school_year, school, those)
                found[key] = days, frozenset(days)
            days, counting = found[key]
            rows = {
                day: not_outranked(of_day, codes)
                for day, of_day in rows_of.get((student, school), {}).items()
            }
            not_known = {
                day
                for day in rows
                if nothing_recorded(rows[day], codes, periods.get((school, day)))
            }
            if not_known:
                days = tuple(day for day in days if day not in not_known)
                counting = frozenset(days)
            if days:
                recorded = {
                    day: missed_at_school(rows[day], codes, periods.get((school, day)))
                    for day in rows
                    if day in counting
                }
                stays[student][school] = Stay(days, counting, recorded)
        return stays

    return remember(network, ("student_days", school_year), work_out)


def attendance_rows(network):
    """(student_id, school_id) -> date -> its rows."""
    rows_of = defaultdict(lambda: defaultdict(list))
    for row in network.rows("attendance"):
        if (row["school_id"], row["date"]) in far_ahead(network):
            continue
        rows_of[row["student_id"], row["school_id"]][row["date"]].append(row)
    return rows_of


def days_within(network, school_year, school_id, spans):
    """The days of a school on which somebody with these enrollments counts."""
    if not has_reported(network, school_year, school_id):
        return ()
    return tuple(
        day
        for day, taken in calendar(network, school_year, school_id).items()
        if taken
        and any(
            entry <= day < exit_date and is_own_day(network, school_year, school_id, code, day)
            for entry, exit_date, code in spans
        )
    )


def is_own_day(network, school_year, school_id, code, day):
    own = own_days(network, school_year, school_id, code)
    return own is None or day in own


def missed_over_schools(stays, last_dates, day):
    """(share missed, code, school) of one date over the schools where it counts.

    Present at either school is present: the smallest share, among equals the smallest school_id.
    """
    share, school, code = min(
        (stay.at(day)[0], school, stay.at(day)[1])
        for school, stay in stays.items()
        if day in stay.day_set and day <= last_dates[school]
    )
    return share, code, school


def missed_days(network, school_year, last_dates):
    """student_id -> (days that count in the selection, (share missed, code) of those not whole)."""

    def work_out():
        answer = {}
        for student, stays in student_days(network, school_year).items():
            here = {school: stay for school, stay in stays.items() if school in last_dates}
            if len(here) == 1:
                ((school, stay),) = here.items()
                last = last_dates[school]
                missed = [row for day, row in stay.recorded.items() if day <= last and row[0]]
                answer[student] = stay.upto(last), missed
            elif here:
                days = {
                    day
                    for school, stay in here.items()
                    for day in stay.days[: stay.upto(last_dates[school])]
                }
                missed = [missed_over_schools(here, last_dates, day)[:2] for day in days]
                answer[student] = len(days), [row for row in missed if row[0]]
        return answer

    key = ("missed_days", school_year, *sorted(last_dates.items()))
    return remember(network, key, work_out)


# --- Who is looked at -------------------------------------------------------------------------


def latest_entry(enrollments, last_dates):
    """The enrollment that gives a student's school and grade."""
    entered = [row for row in enrollments if row["entry_date"] <= last_dates[row["school_id"]]]
    if entered:
        return max(
            entered,
            key=lambda row: (
                row["entry_date"],
                row.get("exit_date") or date.max,
                row["school_id"],
                row.get("calendar_code") or "",
            ),
        )
    first = min(row["entry_date"] for row in enrollments)
    return max(
        (row for row in enrollments if row["entry_date"] == first),
        key=lambda row: (row["school_id"], row.get("calendar_code") or ""),
    )


def group_value(network, school_year, student_id, dimension):
    """From the student's row of the year, else from the row for every year, else None."""

    def work_out():
        return {
            (row["student_id"], row.get("school_year")): row for row in network.rows("students")
        }

    rows = remember(network, "student_rows", work_out)
    row = rows.get((student_id, school_year)) or rows.get((student_id, None)) or {}
    return row.get(dimension)


def chosen_students(network, school_year, last_dates, grade, group):
    """student_id -> latest entry, of everyone with an enrollment that the filters let through."""

    def work_out():
        enrollments = defaultdict(lambda: defaultdict(list))
        for row in network.rows("enrollments"):
            enrollments[row["school_year"]][row["student_id"]].append(row)
        return enrollments

    chosen = {}
    of_year = remember(network, "enrollments", work_out).get(school_year, {})
    for student, every in of_year.items():
        rows = [row for row in every if row["school_id"] in last_dates]
        if not rows:
            continue
        latest = latest_entry(rows, last_dates)
        grades = (grade,) if isinstance(grade, str) else grade
        if grades is not None and (latest.get("grade") or UNKNOWN) not in grades:
            continue
        if group is not None:
            dimension, wanted = group
            if (group_value(network, school_year, student, dimension) or UNKNOWN) != wanted:
                continue
        chosen[student] = latest
    return chosen


# --- One student ------------------------------------------------------------------------------


def is_evaluated(rule, days_absent, days_enrolled):
    """Below the minimum a student is not evaluated, which is not the same as fine."""
    if days_enrolled < max(rule.minimum_days, 1):
        return False
    return days_enrolled - days_absent >= rule.minimum_present


def is_chronic(rule, days_absent, days_enrolled):
    if rule.days is not None:
        return days_absent >= rule.days
    # Of whole numbers: days_absent / days_enrolled against the share.
    part, whole = rule.share.denominator * days_absent, rule.share.numerator * days_enrolled
    return part >= whole if rule.inclusive else part > whole


def tier_of(days_absent, days_enrolled):
    """Under 5%, under 10%, under 20%, or more; exactly."""
    if 100 * days_absent < 5 * days_enrolled:
        return "satisfactory"
    if 100 * days_absent < 10 * days_enrolled:
        return "at_risk"
    if 100 * days_absent < 20 * days_enrolled:
        return "moderate"
    return "severe"


def absences_left(rule, days_absent, days_by_year_end):
    """The largest number of further whole days that does not make the student chronic."""
    if days_by_year_end < max(rule.minimum_days, 1):
        return None
    if rule.days is not None:
        return math.ceil(rule.days - days_absent) - 1
    room = rule.share * days_by_year_end - days_absent
    return math.ceil(room) - 1 if rule.inclusive else math.floor(room)


def days_left(network, school_year, school_id, last_date, code):
    """Instructional days of a calendar after the as-of date at a school that reports."""

    def work_out():
        if not has_reported(network, school_year, school_id):
            return 0
        days = calendar(network, school_year, school_id)
        return sum(
            taken and day > last_date and is_own_day(network, school_year, school_id, code, day)
            for day, taken in days.items()
        )

    return remember(network, ("days_left", school_year, school_id, last_date, code), work_out)


def students(
    network,
    *,
    school_year=None,
    schools=None,
    definition="federal",
    as_of=None,
    grade=None,
    group=None,
):
    """student_id -> what is known of each student with an enrollment in the selection."""
    school_year = school_year or default_school_year(network)
    rule = DEFINITIONS[definition]
    last_dates = cutoffs(network, school_year, schools, as_of)
    days_of = missed_days(network, school_year, last_dates)
    names = school_names(network)
    answer = {}
    for student, latest in chosen_students(network, school_year, last_dates, grade, group).items():
        days_enrolled, missed = days_of.get(student, (0, ()))
        days_absent = sum(counted(rule, share) for share, _code in missed)
        evaluated = is_evaluated(rule, days_absent, days_enrolled)
        school = latest["school_id"]
        left = days_left(
            network, school_year, school, last_dates[school], latest.get("calendar_code")
        )
        answer[student] = {
            "school_id": school,
            "school_name": names[school],
            "grade": latest.get("grade"),
            "days_absent": days_absent,
            "days_enrolled": days_enrolled,
            "rate": ratio(days_absent, days_enrolled),
            "tier": tier_of(days_absent, days_enrolled) if evaluated else None,
            "chronically_absent": (
                is_chronic(rule, days_absent, days_enrolled) if evaluated else None
            ),
            "absences_left": absences_left(rule, days_absent, days_enrolled + left),
        }
    return answer


def early_signs(network, *, school_year=None, schools=None, as_of=None, **choices):
    """name -> students, of absence/early_signs: by days missed in the first thirty days."""
    school_year = school_year or default_school_year(network)
    chosen = all_schools(network) if schools is None else schools
    first = min(day for school in chosen for day in calendar(network, school_year, school))
    last = min(as_of_date(network, school_year, as_of), first + timedelta(days=29))
    rows = students(network, school_year=school_year, schools=schools, as_of=last, **choices)
    missed = [row["days_absent"] for row in rows.values()]
    return {
        "two_to_four": sum(2 <= days <= 4 for days in missed),
        "more_than_four": sum(days > 4 for days in missed),
    }


def counted(rule, share):
    """What a missed share adds to the days absent under the definition's day rule."""
    if rule.day_rule == "fraction" or share == WHOLE:
        return share
    return WHOLE if share >= HALF else NOTHING


# --- Many students ----------------------------------------------------------------------------


def ratio(numerator, denominator):
    return Fraction(numerator) / denominator if denominator else None


def count(rows):
    """students (evaluated), students_not_evaluated, students_absent and their rate."""
    rows = list(rows)
    evaluated = [row for row in rows if row["chronically_absent"] is not None]
    absent = [row for row in evaluated if row["chronically_absent"]]
    return {
        "students": len(evaluated),
        "students_not_evaluated": len(rows) - len(evaluated),
        "students_absent": len(absent),
        "rate": ratio(len(absent), len(evaluated)),
    }


def headline_of(rows):
    """The columns of headline; days are summed over all students, evaluated or not."""
    rows = list(rows)
    days_absent = sum(row["days_absent"] for row in rows)
    days_enrolled = sum(row["days_enrolled"] for row in rows)
    return {
        **count(rows),
        "days_absent": days_absent,
        "days_enrolled": days_enrolled,
        "attendance_rate": 1 - ratio(days_absent, days_enrolled) if days_enrolled else None,
    }


def headline(network, **choices):
    """absence/headline: one dict."""
    return headline_of(students(network, **choices).values())


def by_school(network, *, school_year=None, schools=None, **choices):
    """absence/by_school: each school at its own grain, so the rows do not add up."""
    school_year = school_year or default_school_year(network)
    names = school_names(network)
    with_enrollment = {
        row["school_id"] for row in network.rows("enrollments") if row["school_year"] == school_year
    }
    chosen = all_schools(network) if schools is None else set(schools)
    return [
        {
            "school_id": school,
            "school_name": names[school],
            **headline(network, school_year=school_year, schools={school}, **choices),
        }
        for school in sorted(chosen & with_enrollment)
    ]


def bright_spots(network, *, school_year=None, schools=None, **choices):
    """network/bright_spots: each school beside the others of its level, need by need."""
    school_year = school_year or default_school_year(network)
    of_school = {row["school_id"]: row for row in network.rows("schools")}
    chosen = all_schools(network) if schools is None else set(schools)
    needs = {}
    for school in chosen:
        answer = students(network, school_year=school_year, schools={school}, **choices)
        for student, row in answer.items():
            of_need = needs.setdefault(school, defaultdict(list))
            if row["chronically_absent"] is not None:
                need = group_value(network, school_year, student, "economically_disadvantaged")
                of_need[need or UNKNOWN].append(row["chronically_absent"])
    rows = []
    for school, own in needs.items():
        level = of_school[school].get("level")
        others = [
            of_need
            for other, of_need in needs.items()
            if other != school and of_school[other].get("level") == level
        ]
        told = {need for of_need in [own, *others] for need in of_need}
        rows.append(
            {
                "school_name": of_school[school]["school_name"],
                "level": level,
                "other_schools": sum(1 for of_need in others if of_need),
                "by_need": len(told) > 1,
                **beside_others(own, others),
            }
        )
    return rows


def beside_others(own, others):
    """own, others: of a school and of each other one, need -> whether each was absent."""
    mine = [absent for of_need in own.values() for absent in of_need]
    row = {
        "students": len(mine),
        "students_absent": sum(mine),
        "rate": ratio(sum(mine), len(mine)),
        **dict.fromkeys(("expected", "low", "high", "standing")),
    }
    everybody = [absent for of_need in others for many in of_need.values() for absent in many]
    if not mine or not everybody:
        return row
    expected = variance = Fraction(0)
    for need, absent in own.items():
        alike = [one for of_need in others for one in of_need.get(need, ())] or everybody
        n, m = len(absent), len(alike)
        together = Fraction(sum(absent) + sum(alike), n + m)
        expected += Fraction(n * sum(alike), m)
        # Of n students and of m, each absent by the same chance: the difference of two counts.
        variance += n * together * (1 - together) * Fraction(n + m, m)
    expected, reach = expected / len(mine), 3 * math.sqrt(variance) / len(mine)
    low, high = float(expected) - reach, float(expected) + reach
    standing = "below" if row["rate"] < low else "above" if row["rate"] > high else "inside"
    limits = {"low": max(0.0, low), "high": min(1.0, high)}
    return row | {"expected": expected, "standing": standing, **limits}


def counts_by(label_of, answer):
    """label -> count of its students; a blank label is Unknown."""
    rows_of = defaultdict(list)
    for student, row in answer.items():
        rows_of[label_of(student, row) or UNKNOWN].append(row)
    return {label: count(rows) for label, rows in sorted(rows_of.items())}


def by_grade(network, **choices):
    """absence/by_grade: students at the grain of the selection."""
    counts = counts_by(lambda _student, row: row["grade"], students(network, **choices))
    return [{"grade": grade, **figures} for grade, figures in counts.items()]


def by_group(network, *, school_year=None, **choices):
    """absence/by_group; a dimension that is blank for everybody is left out."""
    school_year = school_year or default_school_year(network)
    answer = students(network, school_year=school_year, **choices)
    rows = []
    for dimension in DIMENSIONS:
        values = {
            student: group_value(network, school_year, student, dimension) for student in answer
        }
        if not any(values.values()):
            continue
        counts = counts_by(lambda student, _row, values=values: values[student], answer)
        rows.extend(
            {"dimension": dimension, "group_name": name, **figures}
            for name, figures in counts.items()
        )
    return rows


def by_tier(network, **choices):
    """absence/by_tier: always the four tiers; the share is of evaluated students."""
    answer = students(network, **choices).values()
    evaluated = sum(1 for row in answer if row["tier"] is not None)
    rows = []
    for tier in TIERS:
        of_tier = sum(1 for row in answer if row["tier"] == tier)
        rows.append({"tier": tier, "students": of_tier, "share": ratio(of_tier, evaluated)})
    return rows


# --- Over time --------------------------------------------------------------------------------


def instructional_day(network, school_year, school_id, day):
    """The how-manieth day of the school's calendar it is; days not taken are days too, but not
    those after a school stopped sending: it has come no further."""
    days = planned(network).get((school_year, school_id), {})
    silent = silent_days(network).get((school_year, school_id), set())
    return sum(1 for date_ in days if date_ <= day and date_ not in silent)


def year_before(network, school_year):
    """The previous school year present in the calendar, of any school."""
    return max((year for year in school_years(network) if year < school_year), default=None)


def same_day_last_year(network, school_year, schools, day, compare_year):
    """school_id -> its own date of the same instructional day, one year earlier.

    A year that was shorter ends on its last date. Before its first day, a school has no day yet.
    A school without a calendar last year is left out.
    """
    schools = all_schools(network) if schools is None else set(schools)
    dates = {}
    for school in schools:
        earlier = list(calendar(network, compare_year, school))
        if not earlier:
            continue
        number = instructional_day(network, school_year, school, day)
        dates[school] = earlier[min(number, len(earlier)) - 1] if number else BEFORE_EVERYTHING
    return dates


def last_year_headline(
    network, *, school_year=None, schools=None, as_of=None, compare_year=None, **choices
):
    """The headline of the year before at the same instructional day; None without such a year."""
    school_year = school_year or default_school_year(network)
    compare_year = compare_year or year_before(network, school_year)
    if compare_year is None:
        return None
    day = as_of_date(network, school_year, as_of)
    dates = same_day_last_year(network, school_year, schools, day, compare_year)
    return headline(network, school_year=compare_year, schools=schools, as_of=dates, **choices)


def school_trend(network, *, school_year=None, schools=None, as_of=None, **choices):
    """absence/school_trend: each school at the same instructional day of five years at most."""
    school_year = school_year or default_school_year(network)
    day, rows = as_of_date(network, school_year, as_of), []
    names, year = school_names(network), school_year
    for back in range(5):
        for school in all_schools(network) if schools is None else schools:
            dates = {school: day}
            if back:
                dates = same_day_last_year(network, school_year, {school}, day, year)
            at = {"school_year": year, "schools": {school}, **choices}
            with_enrollment = any(
                row["school_id"] == school and row["school_year"] == year
                for row in network.rows("enrollments")
            )
            if dates and with_enrollment:
                figures = headline(network, as_of=dates if back else as_of, **at)
                rows.append({"school_name": names[school], "school_year": year, **figures})
        year = year_before(network, year)
        if year is None:
            break
    return rows


def by_month(network, *, school_year=None, schools=None, as_of=None, compare_year=None, **choices):
    """absence/by_month: the year so far at each month's end, beside the same day last year."""
    school_year = school_year or default_school_year(network)
    chosen = all_schools(network) if schools is None else set(schools)
    last = as_of_date(network, school_year, as_of)
    month_ends = {}
    for school in chosen:
        silent = silent_days(network).get((school_year, school), set())
        for day in calendar(network, school_year, school):
            if day <= last and day not in silent:
                month = (day.year, day.month)
                month_ends[month] = max(month_ends.get(month, day), day)
    rows = []
    for month_end in sorted(month_ends.values()):
        same = {"school_year": school_year, "schools": schools, "as_of": month_end, **choices}
        now = headline(network, **same)
        before = last_year_headline(network, compare_year=compare_year, **same)
        rows.append(
            {
                "month_end": month_end,
                "instructional_day": max(
                    instructional_day(network, school_year, school, month_end) for school in chosen
                ),
                "students": now["students"],
                "students_absent": now["students_absent"],
                "rate": now["rate"],
                "last_year_rate": before["rate"] if before else None,
            }
        )
    return rows


# --- Reasons and coverage ---------------------------------------------------------------------


def recorded_reasons(
    network,
    *,
    school_year=None,
    schools=None,
    definition="federal",
    as_of=None,
    grade=None,
    group=None,
):
    """causes/recorded: the days absent by the reason of the row that counts."""
    school_year = school_year or default_school_year(network)
    rule = DEFINITIONS[definition]
    last_dates = cutoffs(network, school_year, schools, as_of)
    codes = code_rows(network)
    days_of = missed_days(network, school_year, last_dates)
    days = defaultdict(int)
    excuses = defaultdict(int)
    people = defaultdict(set)
    for student in chosen_students(network, school_year, last_dates, grade, group):
        for share, code in days_of.get(student, (0, ()))[1]:
            if counted(rule, share) > 0:
                reason = codes[code].get("reason") or NOT_RECORDED
                days[reason] += counted(rule, share)
                excuses[reason, codes[code].get("excused")] += counted(rule, share)
                people[reason].add(student)
    total = sum(days.values())
    return [
        {
            "reason": reason,
            "days": days[reason],
            "days_excused": excuses[reason, "yes"],
            "days_unexcused": excuses[reason, "no"],
            "share": ratio(days[reason], total),
            "students": len(people[reason]),
        }
        for reason in sorted(days)
    ]


def days_by_reason(network, school_year, schools, definition, as_of):
    """student_id -> (school of the latest entry, days enrolled, days missed by reason)."""
    rule, codes = DEFINITIONS[definition], code_rows(network)
    last_dates = cutoffs(network, school_year, schools, as_of)
    days_of = missed_days(network, school_year, last_dates)
    answer = {}
    for student, latest in chosen_students(network, school_year, last_dates, None, None).items():
        enrolled, missed = days_of.get(student, (0, ()))
        reasons = defaultdict(int)
        for share, code in missed:
            reasons[codes[code].get("reason") or NOT_RECORDED] += counted(rule, share)
        answer[student] = latest["school_id"], enrolled, reasons
    return answer


def why_moved(network, *, schools=None, definition="federal", as_of=None):
    """absence/why_moved where coverage can be compared: by reason, and None for all together, both
    years' shares of the days enrolled, and the square of the standard error of their difference,
    as it varies between students of one school or between schools; None of fewer than three."""
    year = default_school_year(network)
    chosen = all_schools(network) if schools is None else set(schools)
    before = year_before(network, year)
    day = as_of_date(network, year, as_of)
    same_day = same_day_last_year(network, year, schools, day, before)
    first = days_by_reason(network, before, schools, definition, same_day)
    second = days_by_reason(network, year, schools, definition, as_of)
    # By unit and year: days enrolled, and those missed by reason.
    enrolled = defaultdict(lambda: [0, 0])
    missed = defaultdict(lambda: [defaultdict(int), defaultdict(int)])
    for place, students_then in enumerate((first, second)):
        for student, (school, days, reasons) in students_then.items():
            unit = student if len(chosen) == 1 else school
            enrolled[unit][place] += days
            for reason, lost in reasons.items():
                missed[unit][place][reason] += lost
                missed[unit][place][None] += lost
    days = [sum(unit[place] for unit in enrolled.values()) for place in (0, 1)]
    answer = {}
    for reason in {name for unit in missed.values() for year in unit for name in year}:
        shares = [
            ratio(sum(unit[place][reason] for unit in missed.values()), days[place])
            for place in (0, 1)
        ]
        squares = sum(
            (
                ratio(missed[unit][1][reason] - shares[1] * enrolled[unit][1], days[1])
                - ratio(missed[unit][0][reason] - shares[0] * enrolled[unit][0], days[0])
            )
            ** 2
            for unit in enrolled
        )
        units = len(enrolled)
        answer[reason] = *shares, squares * units / (units - 1) if units > 2 else None, units
    return answer


def coverage(network, *, school_year=None, schools=None, as_of=None):
    """health/coverage: instructional days so far, those on which attendance was taken, and those
    whose rows are missing; with whether a school's feed had stopped."""
    school_year = school_year or default_school_year(network)
    chosen = all_schools(network) if schools is None else set(schools)
    last = as_of_date(network, school_year, as_of)
    names = school_names(network)
    rows = []
    for school in sorted(chosen):
        reported = has_reported(network, school_year, school)
        days = {
            day: taken and reported
            for day, taken in calendar(network, school_year, school).items()
            if day <= last
        }
        unsent = unsent_days(network).get((school_year, school), set())
        silent = silent_days(network).get((school_year, school), set())
        weeks = defaultdict(list)
        for day in days:
            weeks[day - timedelta(days=day.weekday())].append(day)
        rows.extend(
            {
                "school_id": school,
                "school_name": names[school],
                "week_start": week_start,
                "days_expected": len(of_week),
                "days_taken": sum(days[day] for day in of_week),
                "days_unsent": sum(day in unsent for day in of_week),
                "has_stopped": bool(silent.intersection(of_week)),
            }
            for week_start, of_week in sorted(weeks.items())
        )
    return rows


def weeks_missing(network, **chosen):
    """health/weeks: at how many schools attendance is missing, week by week."""
    of_school, by_week = defaultdict(int), defaultdict(list)
    for row in coverage(network, **chosen):
        of_school[row["school_id"]] += row["days_taken"]
        by_week[row["week_start"]].append(row)
    rows = []
    for week_start, of_week in sorted(by_week.items()):
        missing = []
        for row in of_week:
            there = row["days_taken"]
            if row["days_expected"] - there >= 2 and 2 * there < row["days_expected"]:
                missing.append(row)
        named = [row for row in missing if of_school[row["school_id"]] and not row["has_stopped"]]
        rows.append(
            {
                "week_start": week_start,
                "schools": len(of_week),
                "schools_missing": len(missing),
                "schools_named": len(named),
                "schools_unsent": sum(row["days_unsent"] > 0 for row in named),
                "missing_school": min((row["school_name"] for row in named), default=None),
            }
        )
    return rows
