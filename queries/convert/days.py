"""calendar: the instructional days of every school, listed, seen in rows or assumed of terms."""

from datetime import date, timedelta

import pandas as pd

from queries.convert import breaks, conventions, values
from queries.convert.conventions import ENDS_OF_YEAR, OF_BREAKS, OF_CALENDAR, OF_TERMS
from queries.convert.converted import MOST_SET_ASIDE, is_many
from queries.convert.events import day_of_header
from queries.convert.foreign import Foreign
from queries.convert.mapping import SheetMapping
from queries.convert.sheets import Sheet
from queries.load import dates
from queries.load.report import Findings

# Beyond so many events on days off days are misread, or the calendar is another one.
MOST_ASTRAY = 0.05
# From the first day of a school year to its last are some 270 to 320 days, also of a school that
# meets on four days a week.
SHORTEST_YEAR = 250
# The longest break within a year, a fortnight and its weekends, is shorter.
LONGEST_BREAK = 21


def of_each_day(foreign: Foreign, events: pd.DataFrame, calendar: pd.DataFrame) -> pd.DataFrame:
    """Events of several days, from date to last_date, as one on each school day between."""
    several = events.last_date.ne("") & events.last_date.ne(events.date)
    if not several.any():
        return events.drop(columns="last_date")
    backwards = events[several & (events.last_date < events.date)]
    for row in backwards.head(Findings.LISTED).itertuples():
        foreign.result.note(
            row.from_sheet, "ends before it begins", "correct its days",
            "refused" if is_many(len(backwards), len(events)) else "set_aside",
            line=int(row.from_line), column="date", value=row.last_date,
        )  # fmt: skip
    open_days = calendar.groupby("school_id").date.agg(lambda days: sorted(set(days))).to_dict()
    spread = events[several].drop(index=backwards.index).to_dict("records")
    rows = [row | {"date": day} for row in spread
            for day in open_days.get(row["school_id"], [row["date"]])
            if row["date"] <= day <= row["last_date"]]  # fmt: skip
    each = pd.DataFrame(rows, columns=events.columns, dtype=object)
    return pd.concat([events[~several], each]).drop(columns="last_date")


def of_known_days(foreign: Foreign, events: pd.DataFrame, calendar: pd.DataFrame) -> pd.DataFrame:
    """Events of years that have school days. Many on other days mean that dates are misread."""
    days = events.date.map(lambda day: dates.day_of(day, dates.YEAR_FIRST))
    years = days.map(lambda day: values.school_year_on(day) if day is not None else "")
    known = set(calendar.school_year) | {""}
    for year, rows in years[~years.isin(known)].value_counts().items():
        foreign.result.note(
            "the folder",
            f"has {rows:,} events of {year} and no school days of that year",
            "left out; add its calendar to count them",
            rows=int(rows),
        )
    _refuse_astray(foreign, events, years, calendar)
    return events[years.isin(known)]


def _refuse_astray(
    foreign: Foreign, events: pd.DataFrame, years: pd.Series, calendar: pd.DataFrame
) -> None:
    """Of all events, or of those of one school. Of years that are over there may be no calendar;
    what comes after it is astray."""
    known = set(calendar.school_year) | {""}
    counted = events[years.isin(known) | (years > max(known))]
    if len(events) and not len(counted):
        words = f"has only events of {', '.join(sorted(set(years)))}, of which there are no days"
        remedy = "is it the export of another year? Add its calendar, or the events of this one"
        foreign.result.note(str(events.from_sheet.iloc[0]), words, remedy, "refused")
    open_days = set(zip(calendar.school_id, calendar.date, strict=True))
    schools = [group for _, group in counted.groupby("school_id")]
    for group, most in ((counted, MOST_ASTRAY), *((one, 2 * MOST_ASTRAY) for one in schools)):
        pairs = zip(group.school_id, group.date, strict=True)
        rows = group[[pair not in open_days for pair in pairs]]
        if len(rows) <= max(MOST_SET_ASIDE, most * len(group)):
            continue
        first = rows.iloc[0]
        foreign.result.note(
            str(first.from_sheet),
            f"is no school day, and so are the days of {len(rows):,} of {len(group):,} events",
            "are day and month swapped, or is the calendar of another school or year?",
            "refused",
            line=int(first.from_line),
            column="date",
            value=first.date,
        )
        return


def calendar_of(foreign: Foreign, events: pd.DataFrame) -> pd.DataFrame:
    """calendar: one row a school and instructional day."""
    source = foreign.mapping.convention("school_days")
    if source == OF_CALENDAR:
        parts = [_listed_days(foreign, *pair) for pair in foreign.pairs
                 if pair[0].holds.value == "calendar"]  # fmt: skip
        calendar = pd.concat(parts)
    elif source == OF_BREAKS:
        calendar = _days_not_off(foreign)
    elif source == OF_TERMS:
        calendar = _days_of_terms(foreign, events)
    else:
        calendar = _days_with_rows(foreign)
    days = calendar.date.map(lambda day: dates.day_of(day, dates.YEAR_FIRST))
    named = calendar.get("school_year", pd.Series("", index=calendar.index))
    # 2026 may be the year that begins or ends in it: the day itself tells.
    years = named.where(~named.str.fullmatch(r"\d{4}"), "").map(values.school_year_of)
    turned = days.map(lambda day: values.school_year_on(day) if day is not None else "")
    calendar["school_year"] = years.where(years != "", turned)
    if "periods" not in calendar or not calendar["periods"].any():
        calendar["periods"] = foreign.mapping.convention("periods")
    is_seen = source not in (OF_CALENDAR, OF_BREAKS, OF_TERMS)
    calendar["goes_on"] = _goes_on(foreign, calendar, is_seen)
    return calendar


def is_cut(first: date, last: date, is_seen: bool, today: date) -> bool:
    """Whether a year's calendar has only the days so far, so that the year goes on: it is too
    short, or it was seen in rows, and the newest are of these weeks (docs/decisions.md 38)."""
    is_new = is_seen and (today - last).days < LONGEST_BREAK
    return is_new or (last - first).days < SHORTEST_YEAR


def _goes_on(foreign: Foreign, calendar: pd.DataFrame, is_seen: bool) -> pd.Series:
    """yes on the last days of a calendar that was cut: it says nothing of the days to come."""
    newest = calendar.date[calendar.school_year == calendar.school_year.max()]
    days = [day for one in newest if (day := dates.day_of(one, dates.YEAR_FIRST)) is not None]
    if not days or not is_cut(min(days), max(days), is_seen, date.today()):
        return pd.Series("", index=calendar.index)
    foreign.result.note(
        "the folder",
        f"has school days of {calendar.school_year.max()} from {min(days)} to {max(days)}",
        "the school year is taken to go on; add its whole calendar to have the days to come",
    )
    last = calendar.date.map(lambda one: dates.day_of(one, dates.YEAR_FIRST) == max(days))
    return last.map({True: "yes", False: ""})


def _listed_days(foreign: Foreign, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
    days = pd.DataFrame(
        {
            "school_id": foreign.schools.of(one, sheet, blank=True),
            "date": foreign.cells(one, sheet, "date"),
            "from_sheet": sheet.title,
            "from_line": sheet.table.index,
        }
    )
    for name in ("attendance_taken", "nobody_absent", "school_year", "periods", "calendar_code"):
        days[name] = foreign.cells(one, sheet, name)
    days = days[conventions.is_in_session(one, sheet)]
    return _at_every_school(foreign, days)


def _days_not_off(foreign: Foreign) -> pd.DataFrame:
    """The weekdays from the first day of school to the last that no list of days off names; a row
    without a school is one of all schools."""
    listed: dict[str, list] = {}
    for one, sheet in foreign.pairs:
        if one.holds.value == breaks.DAYS_OFF:
            schools = foreign.schools.of(one, sheet, blank=True)
            for school, rows in sheet.table.groupby(schools):
                listed.setdefault(str(school), []).extend(breaks.read(one, rows))
    of_all = listed.pop("", [])
    told = [breaks.day_said(foreign.mapping.convention(name), name) for name in ENDS_OF_YEAR]
    if all(told):
        of_all += [(breaks.FIRST, told[0], told[0]), (breaks.LAST, told[1], told[1])]
    found = [(school, str(day)) for school in sorted(foreign.schools.met)
             for day in breaks.school_days(of_all + listed.get(school, []))]  # fmt: skip
    days = sorted({day for _, day in found}) or ["none"]
    foreign.result.note(
        "the folder",
        f"lists days off: all other weekdays from {days[0]} to {days[-1]} are school days",
        "add a calendar if that is not so",
    )
    return pd.DataFrame(found, columns=["school_id", "date"])


def _at_every_school(foreign: Foreign, days: pd.DataFrame) -> pd.DataFrame:
    """Days without a school are days of all of them."""
    of_all = days.school_id == ""
    if not bool(of_all.any()):
        return days
    schools = pd.DataFrame({"school_id": sorted(foreign.schools.met)})
    everywhere = days[of_all].drop(columns="school_id").merge(schools, how="cross")
    return pd.concat([days[~of_all], everywhere])


def _days_with_rows(foreign: Foreign) -> pd.DataFrame:
    found = foreign.seen[["school_id", "date"]].drop_duplicates()
    found = found.sort_values(["school_id", "date"])
    by_column = [pair for pair in foreign.pairs if pair[0].holds.value == "attendance_day_columns"]
    for one, sheet in by_column:
        marked = [day_of_header(one, name) for name, meaning in one.columns.items()
                  if meaning.value == "marks" and (sheet.table[name] != "").any()]  # fmt: skip
        schools = sorted(set(foreign.schools.of(one, sheet)))
        days = pd.DataFrame({"date": marked}).merge(
            pd.DataFrame({"school_id": schools}), how="cross"
        )
        found = pd.concat([found, days]).drop_duplicates()
    days = found.assign(day=found.date.map(lambda said: dates.day_of(said, dates.YEAR_FIRST)))
    ends = days.dropna(subset="day").groupby("school_id").day.max()
    for school, last in ends.items():
        if ends.max() - last <= timedelta(days=LONGEST_BREAK):
            continue
        words = f"has rows of {school} until {last}, and of others until {ends.max()}"
        foreign.result.note("the folder", words, "is its export cut off? Its figures stand there")
    foreign.result.note(
        "the folder",
        f"has no calendar: the {found.date.nunique()} days with rows are taken for school days",
        "add a calendar if there were others",
    )
    return found


def _days_of_terms(foreign: Foreign, events: pd.DataFrame) -> pd.DataFrame:
    """The weekdays of each term, without the first on which nobody has an event, until there
    are as many as the term says."""
    with_event, found = set(events.date), []
    for one, sheet in foreign.pairs:
        if one.holds.value != "sessions":
            continue
        rows = pd.DataFrame(
            {
                "school_id": foreign.schools.of(one, sheet, blank=True),
                "first": foreign.cells(one, sheet, "begin_date"),
                "last": foreign.cells(one, sheet, "end_date"),
                "number": foreign.cells(one, sheet, "school_days"),
                "school_year": foreign.cells(one, sheet, "school_year"),
            }
        )
        for row in _at_every_school(foreign, rows).itertuples():
            days = _weekdays(row.first, row.last)
            spare = len(days) - int(float(row.number or len(days)))
            off = set([day for day in days if day not in with_event][: max(0, spare)])
            found += [(row.school_id, day, row.school_year) for day in days if day not in off]
    calendar = pd.DataFrame(found, columns=["school_id", "date", "school_year"])
    foreign.result.note(
        "the folder", "says how many days a term has, and not which: the calendar is assumed",
        "add a calendar to have it right",
    )  # fmt: skip
    return calendar.drop_duplicates(["school_id", "date"])


def _weekdays(first: str, last: str) -> list[str]:
    begin, end = (dates.day_of(day, dates.YEAR_FIRST) for day in (first, last))
    if begin is None or end is None or (end - begin).days > 400:
        return []
    return [str(day) for day in breaks.days_between(begin, end)]
