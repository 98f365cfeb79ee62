"""A mapping followed: the exchange files that foreign sheets mean.

Nothing is made up in silence: what is assumed, left out or put right is a finding. Every row of an
exchange file knows the foreign line it came from, so that what `load` finds names that line.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import pandas as pd

from queries.convert import conventions, values
from queries.convert.conventions import EVENTS, LAST_IN, OF_CALENDAR, OF_TERMS
from queries.convert.mapping import Code, Mapping, MappingProblem, SheetMapping
from queries.convert.sheets import Sheet
from queries.load.report import Finding, Findings, shown

PERSON = [
    "first_name",
    "last_name",
    "gender",
    "race_ethnicity",
    "english_learner",
    "disability",
    "economically_disadvantaged",
    "unstable_housing",
    "home_language",
]
STAY = [
    "student_id",
    "school_id",
    "school_year",
    "grade",
    "entry_date",
    "exit_date",
    "calendar_code",
]
EVENT = ["student_id", "school_id", "date", "code", "session", "period", "missed_minutes",
         "day_minutes", "event_duration"]  # fmt: skip
NEEDS = ("english_learner", "disability", "economically_disadvantaged", "unstable_housing")
ONE_SCHOOL = "1"
# Where from, in every table until it is written: the sheet's title and the line.
ORIGIN = ["from_sheet", "from_line"]


@dataclass
class Converted:
    """The files of an exchange folder as tables of text, and where each row came from. `rows_odd`:
    by exchange file, how many foreign rows had no such number of cells and were set aside."""

    files: dict[str, pd.DataFrame] = field(default_factory=dict)
    origin: dict[str, pd.DataFrame] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def note(self, where: str, problem: str, remedy: str, kind: str = "noted", **more) -> None:
        place = (where, more.get("line"), more.get("column"), more.get("value"))
        self.findings.append(Finding(*place, problem, remedy, kind, rows=more.get("rows", 1)))

    def add(self, name: str, table: pd.DataFrame) -> None:
        """Keep one exchange file, without the columns in which nothing stands."""
        table = table.reset_index(drop=True)
        self.origin[name] = table[[one for one in ORIGIN if one in table]]
        table = table.drop(columns=[one for one in ORIGIN if one in table])
        self.files[name] = table.astype(object).fillna("")


def follow(mapping: Mapping, sheets: list[Sheet]) -> Converted:
    """The exchange files that sheets mean by a mapping.

    Raises MappingProblem where a question is left, or a sheet is not as the mapping says.
    """
    open_ones = mapping.questions()
    if open_ones:
        raise MappingProblem("mapping.toml has questions left:\n  " + "\n  ".join(open_ones))
    there = {(sheet.file, sheet.name): sheet for sheet in sheets}
    pairs = []
    for one in mapping.sheets:
        if not one.holds.value:
            continue
        sheet = there.get((one.file, one.sheet))
        if sheet is None:
            raise MappingProblem(f"{shown(one.title)} is in the mapping and not in the folder")
        missing = [name for name in one.columns if name not in sheet.table.columns]
        if missing:
            names = ", ".join(map(shown, missing))
            raise MappingProblem(
                f"{shown(one.title)} has no column {names} any more; "
                "map the folder again if its export has changed"
            )
        pairs.append((one, sheet))
    result = Converted()
    for _, sheet in pairs:
        for line, cells in sheet.odd:
            result.note(
                sheet.file, f"has {cells} cells and the header {len(sheet.table.columns)}",
                "give every row as many", "set_aside", line=line,
            )  # fmt: skip
    if any(one.holds.value in EVENTS for one, _ in pairs):
        _Attendance(mapping, pairs, result).convert()
    return result


class _Attendance:
    """The way from the sheets of attendance, people and days to the six files of attendance."""

    def __init__(
        self, mapping: Mapping, pairs: list[tuple[SheetMapping, Sheet]], result: Converted
    ) -> None:
        self.mapping, self.pairs, self.result = mapping, pairs, result
        self.schools = _Schools(pairs)
        self.ids = _ids(pairs)
        self.repaired = 0
        self.partial: set[str] = set()

    def convert(self) -> None:
        events = self._events()
        calendar = self._calendar(events)
        people, stays = self._people()
        stays = self._stays(stays, events, calendar)
        self.result.add("schools", self.schools.table({*stays.school_id, *calendar.school_id}))
        self.result.add("students", self._students(people, stays, events))
        self.result.add("enrollments", stays)
        self.result.add("calendar", calendar)
        self.result.add("attendance", events)
        self.result.add("attendance_codes", self._codes())
        if self.repaired:
            self.result.note(
                "the folder", "ids of students had lost their leading zeros",
                "read as the roster writes them", "repaired", rows=self.repaired,
            )  # fmt: skip

    # Cells

    def cells(self, one: SheetMapping, sheet: Sheet, name: str) -> pd.Series:
        """The cells of a field, '' in every row where the sheet has none."""
        column = one.column_of(name)
        if column is None:
            return pd.Series("", index=sheet.table.index, dtype=object)
        cells = values.cleaned(sheet.table[column])
        if column in one.dates:
            return values.iso_days(cells, one.dates[column].value)
        return cells

    def student(self, one: SheetMapping, sheet: Sheet) -> pd.Series:
        ids = values.mapped(self.cells(one, sheet, "student_id"), values.id_of)
        known = ids.map(lambda who: self.ids.get(who.lstrip("0"), who))
        self.repaired += int((known != ids).sum())
        return known

    def rows(self, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
        """One row a row of a sheet: student, school and where it stands."""
        return pd.DataFrame(
            {
                "student_id": self.student(one, sheet),
                "school_id": self.schools.of(one, sheet),
                "from_sheet": sheet.title,
                "from_line": sheet.table.index,
            },
            index=sheet.table.index,
        )

    # Attendance

    def _events(self) -> pd.DataFrame:
        """attendance: one row an event, every code as the mapping knows it."""
        found = []
        for one, sheet in self.pairs:
            if one.holds.value == "attendance":
                found.append(self._of_rows(one, sheet))
            elif one.holds.value in EVENTS:
                found.append(self._of_columns(one, sheet))
        events = pd.concat(found)
        counts = {code.code: code.counts_as.value for code in self.mapping.codes}
        blank = events.code == ""
        if bool(blank.any()):
            # A cell of a day without a mark is a day present, and so is a row that says nothing.
            events = events[~blank]
        ways = events.code.map(counts)
        whole = events.session.eq("") & events.event_duration.eq("")
        events.loc[ways.eq("half_day") & whole, "event_duration"] = "0.5"
        events = self._with_lengths(events, ways.eq("partial"))
        return self._codes_by_date(events)[[*EVENT, *ORIGIN]]

    def _with_lengths(self, events: pd.DataFrame, partial: pd.Series) -> pd.DataFrame:
        """Without parts of days of which nobody knows how long they were: each is set aside."""
        unknown = partial & events.event_duration.eq("") & events.missed_minutes.eq("")
        self.partial = set(events.code[partial & events.missed_minutes.ne("")])
        rows = events[unknown]
        many = len(rows) > max(5, 0.01 * len(events))
        for row in rows.head(Findings.LISTED).itertuples():
            self.result.note(
                row.from_sheet,
                "is a part of a day, and nothing says how long",
                "give minutes or a share of the day, or let the code count as absent or present",
                "refused" if many else "set_aside",
                line=int(row.from_line),
                column="code",
                value=row.code,
            )
        return events[~unknown]

    def _of_rows(self, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
        rows = self.rows(one, sheet)
        rows["date"] = self.cells(one, sheet, "date")
        marks = self.cells(one, sheet, "code")
        status = self.cells(one, sheet, "status")
        rows["code"] = values.mapped(marks.where(marks != "", status), conventions.code_of)
        session = self.cells(one, sheet, "session").str.lower()
        rows["session"] = session.replace({"a": "am", "p": "pm"})
        rows["period"] = self.cells(one, sheet, "period")
        rows["event_duration"] = self.cells(one, sheet, "event_duration")
        possible = self.cells(one, sheet, "periods_possible")
        missed = self.cells(one, sheet, "periods_missed")
        if one.column_of("periods_missed"):
            rows["event_duration"] = [_part(a, b) for a, b in zip(missed, possible, strict=True)]
        self._add_minutes(one, sheet, rows)
        return self._of_one_mode(one, sheet, rows)

    def _add_minutes(self, one: SheetMapping, sheet: Sheet, rows: pd.DataFrame) -> None:
        missed = values.mapped(self.cells(one, sheet, "missed_minutes"), values.id_of)
        present = values.mapped(self.cells(one, sheet, "present_minutes"), values.id_of)
        day = values.mapped(self.cells(one, sheet, "day_minutes"), values.id_of)
        length = self.mapping.convention("day_minutes")
        if length:
            day = day.where(day != "", length)
        if one.column_of("missed_minutes") is None and one.column_of("present_minutes"):
            missed = pd.Series(
                [str(int(d) - int(p)) if d.isdigit() and p.isdigit() else ""
                 for d, p in zip(day, present, strict=True)], index=rows.index,
            )  # fmt: skip
        rows["missed_minutes"] = missed
        rows["day_minutes"] = day.where(missed != "", "")

    def _of_one_mode(self, one: SheetMapping, sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of a day beside rows of its classes would count twice: those of the day stay."""
        mode = self.cells(one, sheet, "mode")
        kinds = set(mode) - {""}
        daily = {kind for kind in kinds if "daily" in kind.lower()}
        if len(kinds) < 2 or not daily:
            return rows
        others = ~mode.isin({*daily, ""})
        self.result.note(
            sheet.file, f"has {int(others.sum()):,} rows of classes beside those of days",
            "those of days are counted", column=one.column_of("mode"), rows=int(others.sum()),
        )  # fmt: skip
        return rows[~others]

    def _of_columns(self, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
        """Marks that stand in a column a day, or a column a period of the day."""
        marks = [name for name, meaning in one.columns.items() if meaning.value == "marks"]
        by_day = one.holds.value == "attendance_day_columns"
        found = []
        for place, name in enumerate(marks, start=1):
            rows = self.rows(one, sheet)
            cells = values.cleaned(sheet.table[name])
            rows["code"] = values.mapped(cells, conventions.code_of)
            rows["date"] = _day_of_header(name) if by_day else self.cells(one, sheet, "date")
            rows["period"] = "" if by_day else str(place)
            found.append(rows[rows.code != ""])
        events = pd.concat(found)
        for name in ("session", "missed_minutes", "day_minutes", "event_duration"):
            events[name] = ""
        return events

    def _codes_by_date(self, events: pd.DataFrame) -> pd.DataFrame:
        """A code that means something else from a day on is another code from that day on."""
        for code in self.mapping.codes:
            if code.since:
                since = (events.code == code.code) & (events.date >= code.since)
                if code.school_id:
                    since &= events.school_id == code.school_id
                events.loc[since, "code"] = f"{code.code} (since {code.since})"
        return events

    def _codes(self) -> pd.DataFrame:
        rows = [
            {
                "code": f"{code.code} (since {code.since})" if code.since else code.code,
                "counts_as": self._counts_as(code),
                "label": code.label,
                "excused": code.excused,
                "reason": code.reason,
                "school_id": code.school_id,
            }
            for code in self.mapping.codes
        ]
        table = pd.DataFrame(rows, dtype=object)
        return table.loc[:, [c for c in table if c in ("code", "counts_as") or table[c].any()]]

    def _counts_as(self, code: Code) -> str:
        """Parts of days that are told as shares are absences of that length."""
        way = code.counts_as.value
        has_minutes = code.code in self.partial
        return "absent" if way == "half_day" or (way == "partial" and not has_minutes) else way

    # Days

    def _calendar(self, events: pd.DataFrame) -> pd.DataFrame:
        """calendar: one row a school and instructional day."""
        source = self.mapping.convention("school_days")
        if source == OF_CALENDAR:
            parts = [self._listed_days(*pair) for pair in self.pairs
                     if pair[0].holds.value == "calendar"]  # fmt: skip
            calendar = pd.concat(parts)
        elif source == OF_TERMS:
            calendar = self._days_of_terms(events)
        else:
            calendar = self._days_with_rows(events)
        days = calendar.date.map(lambda day: values.day_of(day, values.YEAR_FIRST))
        named = calendar.get("school_year", pd.Series("", index=calendar.index))
        years = named.map(values.school_year_of)
        turned = days.map(lambda day: values.school_year_on(day) if day is not None else "")
        calendar["school_year"] = years.where(years != "", turned)
        if "periods" not in calendar or not calendar["periods"].any():
            calendar["periods"] = self.mapping.convention("periods")
        return calendar

    def _listed_days(self, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
        days = pd.DataFrame(
            {
                "school_id": self.schools.of(one, sheet, blank=True),
                "date": self.cells(one, sheet, "date"),
                "from_sheet": sheet.title,
                "from_line": sheet.table.index,
            }
        )
        for name in ("attendance_taken", "school_year", "periods", "calendar_code"):
            days[name] = self.cells(one, sheet, name)
        days = days[conventions.is_in_session(one, sheet)]
        return self._at_every_school(days)

    def _at_every_school(self, days: pd.DataFrame) -> pd.DataFrame:
        """Days without a school are days of all of them."""
        of_all = days.school_id == ""
        if not bool(of_all.any()):
            return days
        schools = pd.DataFrame({"school_id": sorted(self.schools.met)})
        everywhere = days[of_all].drop(columns="school_id").merge(schools, how="cross")
        return pd.concat([days[~of_all], everywhere])

    def _days_with_rows(self, events: pd.DataFrame) -> pd.DataFrame:
        found = events[["school_id", "date"]].drop_duplicates().sort_values(["school_id", "date"])
        by_column = [pair for pair in self.pairs if pair[0].holds.value == "attendance_day_columns"]
        for one, sheet in by_column:
            marked = [_day_of_header(name) for name, meaning in one.columns.items()
                      if meaning.value == "marks" and (sheet.table[name] != "").any()]  # fmt: skip
            schools = sorted(set(self.schools.of(one, sheet)))
            days = pd.DataFrame({"date": marked}).merge(
                pd.DataFrame({"school_id": schools}), how="cross"
            )
            found = pd.concat([found, days]).drop_duplicates()
        self.result.note(
            "the folder",
            f"has no calendar: the {found.date.nunique()} days with rows are taken for school days",
            "add a calendar if there were others",
        )
        return found

    def _days_of_terms(self, events: pd.DataFrame) -> pd.DataFrame:
        """The weekdays of each term, without the first on which nobody has an event, until there
        are as many as the term says."""
        with_event, found = set(events.date), []
        for one, sheet in self.pairs:
            if one.holds.value != "sessions":
                continue
            rows = pd.DataFrame(
                {
                    "school_id": self.schools.of(one, sheet, blank=True),
                    "first": self.cells(one, sheet, "begin_date"),
                    "last": self.cells(one, sheet, "end_date"),
                    "number": self.cells(one, sheet, "school_days"),
                    "school_year": self.cells(one, sheet, "school_year"),
                }
            )
            for row in self._at_every_school(rows).itertuples():
                days = _weekdays(row.first, row.last)
                spare = len(days) - int(float(row.number or len(days)))
                off = set([day for day in days if day not in with_event][: max(0, spare)])
                found += [(row.school_id, day, row.school_year) for day in days if day not in off]
        calendar = pd.DataFrame(found, columns=["school_id", "date", "school_year"])
        self.result.note(
            "the folder", "says how many days a term has, and not which: the calendar is assumed",
            "add a calendar to have it right",
        )  # fmt: skip
        return calendar.drop_duplicates(["school_id", "date"])

    # People

    def _people(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What is known of persons, and their stays: rows of rosters."""
        found = []
        for one, sheet in self.pairs:
            if one.holds.value != "roster":
                continue
            rows = self.rows(one, sheet)
            for name in (*PERSON, "grade", "entry_date", "exit_date", "calendar_code"):
                rows[name] = self.cells(one, sheet, name)
            years = self.cells(one, sheet, "school_year")
            rows["school_year"] = values.mapped(years, values.school_year_of)
            _split_names(self.cells(one, sheet, "full_name"), rows)
            for need in NEEDS:
                rows[need] = values.mapped(rows[need], lambda said: values.yes_no_of(said) or said)
            rows["grade"] = values.mapped(rows.grade, lambda said: values.grade_of(said) or said)
            rows["has_stay"] = (
                one.column_of("entry_date") is not None
                or (one.column_of("school_id") or one.column_of("school_name")) is not None
            )
            found.append(rows[self._enrolled(one, sheet)])
        columns = [*STAY, *PERSON, "has_stay", *ORIGIN]
        people = pd.concat(found) if found else pd.DataFrame(columns=columns, dtype=object)
        self._refuse_two_persons(people)
        return people, people[people.has_stay.astype(bool)]

    def _enrolled(self, one: SheetMapping, sheet: Sheet) -> pd.Series:
        """Without staff, and without who is only registered for a time to come."""
        role = self.cells(one, sheet, "user_role").str.lower()
        status = self.cells(one, sheet, "enrollment_status")
        kept = role.isin(("", "student", "learner", "pupil"))
        return kept & ~status.str.fullmatch(r"-\d+([.]0)?")

    def _refuse_two_persons(self, people: pd.DataFrame) -> None:
        """One id with two names is two persons, and counting them as one loses absences."""
        named = people[(people.first_name != "") & (people.last_name != "")]
        full = named.first_name.str.lower() + "|" + named.last_name.str.lower()
        several = full.groupby(named.student_id).nunique()
        for who in several[several > 1].index[:20]:
            rows = named[named.student_id == who]
            lines = ", ".join(str(line) for line in rows.from_line.head(3))
            self.result.note(
                str(rows.from_sheet.iloc[0]),
                f"has two names, at lines {lines}: two students with one id?",
                "give each student an id, or one name",
                "refused",
                line=int(rows.from_line.iloc[0]),
                column="student_id",
                value=who,
            )

    def _students(
        self, people: pd.DataFrame, stays: pd.DataFrame, events: pd.DataFrame
    ) -> pd.DataFrame:
        """students: one row a student and, where rosters say the year, a year."""
        table = people[["student_id", "school_year", *PERSON, *ORIGIN]]
        if people.school_year.eq("").any() or people.school_year.nunique() == 1:
            table = table.drop(columns="school_year")
        key = [name for name in ("student_id", "school_year") if name in table]
        table = table.replace("", None).groupby(key, sort=False).first().reset_index()
        without = not len(people)
        if without:
            known = sorted({*stays.student_id} | {*events.student_id})
            table = pd.DataFrame({"student_id": known})
        table = table.fillna("")
        return table.loc[:, [c for c in table if c in (*key, *ORIGIN) or (table[c] != "").any()]]

    def _stays(
        self, stays: pd.DataFrame, events: pd.DataFrame, calendar: pd.DataFrame
    ) -> pd.DataFrame:
        """enrollments: stays within a year, the exit date as first day out."""
        first = calendar.groupby(["school_id", "school_year"]).date.min()
        last = calendar.groupby(["school_id", "school_year"]).date.max()
        years = sorted(set(calendar.school_year))
        if not len(stays):
            stays = self._assumed(events, calendar)
        stays = stays.copy()
        stays["exit_date"] = stays.exit_date.map(self._first_day_out)
        found = []
        for row in stays.to_dict("records"):
            found += _by_year(row, years, first, last)
        if not found:
            raise MappingProblem("no student is enrolled in a year that has school days")
        return _merged(pd.DataFrame(found)[[*STAY, *ORIGIN]])

    def _assumed(self, events: pd.DataFrame, calendar: pd.DataFrame) -> pd.DataFrame:
        """Who has an event at a school is taken to be enrolled there all year."""
        day = events.date.map(lambda one: values.day_of(one, values.YEAR_FIRST))
        years = day.map(lambda one: values.school_year_on(one) if one is not None else "")
        stays = events[["student_id", "school_id", *ORIGIN]].assign(school_year=years)
        stays = stays[stays.school_year != ""]
        stays = stays.drop_duplicates(["student_id", "school_id", "school_year"])
        for name in ("grade", "entry_date", "exit_date", "calendar_code"):
            stays[name] = ""
        self.result.note(
            "the folder", "has no list of who was enrolled when: whoever has a row at a school is "
            "taken to be enrolled there from the first day to the last",
            "add the roster, or the rates of small absences are too high",
        )  # fmt: skip
        return stays

    def _first_day_out(self, day: str) -> str:
        when = values.day_of(day, values.YEAR_FIRST)
        if when is None or when.year in values.NEVER:
            return "" if when is not None else day
        if self.mapping.convention("exit_date") == LAST_IN:
            when += timedelta(days=1)
        return str(when)


def _part(missed: str, possible: str) -> str:
    """The share of a day that so many of its periods are."""
    some, all_of_them = values.number_of(missed), values.number_of(possible)
    if some is None or not all_of_them:
        return missed
    return f"{min(1.0, some / all_of_them):.17g}"[:18]


def _day_of_header(name: str) -> str:
    for order in (values.YEAR_FIRST, values.MONTH_FIRST, values.DAY_FIRST, values.BY_NAME):
        day = values.day_of(name, order)
        if day is not None:
            return str(day)
    return name


def _weekdays(first: str, last: str) -> list[str]:
    begin, end = (values.day_of(day, values.YEAR_FIRST) for day in (first, last))
    if begin is None or end is None or (end - begin).days > 400:
        return []
    every = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return [str(day) for day in every if day.weekday() < 5]


def _split_names(full: pd.Series, rows: pd.DataFrame) -> None:
    """Fill first and last names from one column of both: Rivera, Ana or Ana Rivera."""
    if not (full != "").any():
        return
    has_comma = full.str.contains(",")
    behind = full.str.split(",", n=1).str
    apart = full.str.rsplit(" ", n=1).str
    last = behind[0].where(has_comma, apart[-1])
    first = behind[1].where(has_comma, apart[0]).fillna("")
    rows["last_name"] = rows.last_name.where(rows.last_name != "", last.str.strip())
    rows["first_name"] = rows.first_name.where(rows.first_name != "", first.str.strip())


def _by_year(row: dict, years: list[str], first: pd.Series, last: pd.Series) -> list[dict]:
    """A stay as one row in each school year that it reaches into; its grade is the last one's."""
    entry, leave = row["entry_date"], row["exit_date"]
    found = []
    for year in [row["school_year"]] if row["school_year"] else years:
        begins, ends = (one.get((row["school_id"], year)) for one in (first, last))
        if begins is None or ends is None:
            if row["school_year"]:
                found.append({**row, "entry_date": entry or f"{year[:4]}-08-01"})
            continue
        is_day = len(entry) == 10 and entry[:4].isdigit()
        if not row["school_year"] and ((is_day and entry > ends) or (leave and leave <= begins)):
            continue
        found.append(
            {
                **row,
                "school_year": year,
                "entry_date": max(entry, begins) if is_day or not entry else entry,
                "exit_date": leave if leave and leave <= ends else "" if leave else leave,
            }
        )
    for earlier in found[:-1]:
        earlier["grade"] = ""
    return found


def _merged(stays: pd.DataFrame) -> pd.DataFrame:
    """Stays of one student at one school that touch each other, as one: a row a class is common."""
    key = ["student_id", "school_id", "school_year", "calendar_code"]
    stays = stays.fillna("")
    stays = stays.sort_values([*key, "entry_date"], kind="stable")
    if not stays.duplicated(key).any():
        return stays
    alone = stays[~stays.duplicated(key, keep=False)]
    found: list[dict] = []
    for row in stays[stays.duplicated(key, keep=False)].to_dict("records"):
        before = found[-1] if found else None
        same = before is not None and all(before[name] == row[name] for name in key)
        end = before["exit_date"] if before else ""
        if (
            before is not None
            and same
            and before["grade"] == row["grade"]
            and (not end or row["entry_date"] <= end)
        ):
            latest = "" if "" in (end, row["exit_date"]) else max(end, row["exit_date"])
            before["exit_date"] = latest
        else:
            found.append(row)
    return pd.concat([alone, pd.DataFrame(found)])


def _ids(pairs: list[tuple[SheetMapping, Sheet]]) -> dict[str, str]:
    """Ids as rosters write them, by the digits that a spreadsheet leaves of them."""
    found: dict[str, str] = {}
    doubtful = set()
    for one, sheet in pairs:
        column = one.column_of("student_id")
        if one.holds.value != "roster" or column is None:
            continue
        for value in sheet.table[column].unique():
            who = values.id_of(value)
            key = who.lstrip("0")
            if found.setdefault(key, who) != who:
                longer = max(found[key], who, key=len)
                found[key] = longer
                if len(found[key]) == len(who) and found[key] != who:
                    doubtful.add(key)
    return {key: who for key, who in found.items() if key and key not in doubtful}


def _names_schools(one: SheetMapping) -> bool:
    return any(map(one.column_of, ("school_id", "school_name")))


class _Schools:
    """Schools by id and name, as all sheets name them."""

    def __init__(self, pairs: list[tuple[SheetMapping, Sheet]]) -> None:
        self.names: dict[str, dict[str, str]] = {}
        self.by_name: dict[str, str] = {}
        self.met: set[str] = set()
        for one, sheet in pairs:
            self._learn(one, sheet)
        for one, sheet in pairs:
            # A sheet without a column of schools is of the one that the others name.
            if one.holds.value != "schools" and _names_schools(one):
                self.met |= set(self.of(one, sheet)) - {""}

    def _learn(self, one: SheetMapping, sheet: Sheet) -> None:
        key, name = one.column_of("school_id"), one.column_of("school_name")
        if key is None or name is None:
            return
        more = [f for f in ("network", "neighborhood", "level") if one.column_of(f)]
        kind = one.column_of("org_type")
        table = sheet.table.drop_duplicates(key)
        for row in table.to_dict("records"):
            if kind is not None and row[kind].lower() not in ("school", "", "public"):
                continue
            school = values.id_of(row[key])
            known = {f: row[one.column_of(f)] for f in more} | {"school_name": row[name]}
            self.names.setdefault(school, known)
            self.by_name.setdefault(row[name].lower(), school)

    def of(self, one: SheetMapping, sheet: Sheet, *, blank: bool = False) -> pd.Series:
        """The school of every row; '' where a sheet names none and `blank` may stand."""
        for field_name in ("school_id", "school_name"):
            column = one.column_of(field_name)
            if column is not None:
                cells = values.cleaned(sheet.table[column])
                if field_name == "school_id":
                    return values.mapped(cells, values.id_of)
                return cells.map(lambda name: self.by_name.get(name.lower(), name))
        alone = "" if blank or len(self.met) > 1 else next(iter(self.met), ONE_SCHOOL)
        return pd.Series(alone, index=sheet.table.index, dtype=object)

    def table(self, met: set[str]) -> pd.DataFrame:
        """schools: one row a school that has students or days."""
        rows = []
        for school in sorted(met - {""}):
            known = self.names.get(school, {})
            name = known.get("school_name") or (
                school if not school.isdigit() else f"School {school}"
            )
            rows.append({"school_id": school, **known, "school_name": name})
        table = pd.DataFrame(rows, dtype=object).fillna("")
        twice = table.school_name.duplicated(keep=False)
        table.loc[twice, "school_name"] += " (" + table.school_id[twice] + ")"
        return table
