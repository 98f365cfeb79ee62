"""students and enrollments: who, and from when to when, of rosters or of attendance itself."""

from datetime import date, timedelta

import pandas as pd

from queries.convert import conventions, values
from queries.convert.columns import fields_named
from queries.convert.conventions import EVENTS, LAST_IN, LISTS
from queries.convert.converted import ORIGIN
from queries.convert.events import day_of_header
from queries.convert.foreign import Foreign
from queries.convert.holds import DAY_COLUMNS, TOTALS
from queries.convert.mapping import MappingProblem, SheetMapping
from queries.convert.sheets import Sheet
from queries.load import dates
from queries.load.grades import grade_of

NEEDS = ("english_learner", "disability", "economically_disadvantaged", "unstable_housing")
# Who has free or reduced meals counts as economically disadvantaged, by federal reports.
MEALS = {
    **dict.fromkeys(
        ("f", "free", "r", "reduced", "free or reduced", "direct certification"), "yes"
    ),
    **dict.fromkeys(("p", "paid", "full", "full pay", "full price", "d", "denied", "n"), "no"),
}
PERSON = ["first_name", "last_name", "gender", "race_ethnicity", *NEEDS, "home_language"]
WHERE = ["student_id", "school_id", "school_year"]
RACE, HISPANIC, SEVERAL = "race: ", "race: Hispanic or Latino", "race: Two or more races"
STAY = [*WHERE, "grade", "entry_date", "exit_date", "calendar_code"]


def people_of(foreign: Foreign, known: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is known of persons, and their stays: rows of rosters, or where there is none of
    attendance itself."""
    found = []
    held = {one.holds.value for one, _ in foreign.pairs}
    rosters, every_day = "roster" in held, _every_day(foreign)
    kinds = (("roster",), EVENTS, (TOTALS,))
    of_people = next((one for one in kinds if held & {*one}), ())
    for one, sheet in foreign.pairs:
        if one.holds.value not in of_people:
            continue
        rows = foreign.rows(one, sheet)
        for name in (*PERSON, "grade", "entry_date", "exit_date", "calendar_code"):
            rows[name] = foreign.cells(one, sheet, name)
        years = foreign.cells(one, sheet, "school_year")
        rows["school_year"] = values.mapped(years, lambda said: values.school_year_of(said, known))
        _split_names(foreign.cells(one, sheet, "full_name"), rows)
        for need in NEEDS:
            rows[need] = values.mapped(rows[need], lambda said: values.yes_no_of(said) or said)
        rows["economically_disadvantaged"] = _of_meals(rows.economically_disadvantaged)
        races = race_of_flags(foreign, one, sheet)
        rows["race_ethnicity"] = rows.race_ethnicity.where(rows.race_ethnicity != "", races)
        rows["grade"] = values.mapped(rows.grade, lambda said: grade_of(said) or said)
        has_school = any(map(one.column_of, ("school_id", "school_name")))
        is_list = one.holds.value == DAY_COLUMNS and not every_day
        rows["first"] = rows["last"] = ""
        if one.holds.value == DAY_COLUMNS:
            rows["school_year"] = rows.school_year.mask(rows.school_year == "", _year_of(one))
        if is_list and one.column_of("entry_date") is None:
            days = _days_of(one)
            rows["first"], rows["last"] = min(days, default=""), max(days, default="")
        # Which sheet says it best who is enrolled where: with days, or with a school alone.
        says = int((has_school and rosters) or is_list)
        rows["says"] = 2 if one.column_of("entry_date") and one.holds.value in LISTS else says
        rows = rows[_enrolled(foreign, one, sheet)]
        key = ["student_id", "grade", *(["school_id", "entry_date"] if is_list else [])]
        found.append(rows if rosters else rows.drop_duplicates(key))
    people = _between_lists(pd.concat(found, ignore_index=True))
    _refuse_two_persons(foreign, people)
    _say_by_name(foreign)
    best = int(people.says.max()) if len(people) else 0
    if best < 2 and rosters and every_day:
        return people, people[:0]  # a row for every day tells better who was there when
    if best < 2 and (rosters or best):
        who = "whoever is listed" if rosters else "whoever has a row"
        foreign.result.note(
            "the folder",
            f"has no list of who was enrolled when: {who} is enrolled "
            + ("in the months that name them" if people["first"].nunique() > 2 else "all year"),
            "add days of entry and exit to have it right" if rosters else
            "add the roster to have it right",
        )  # fmt: skip
    return people, people[people.says == best] if best else people[:0]


def _between_lists(people: pd.DataFrame) -> pd.DataFrame:
    """Of registers of several months, who is not in the first came with the first that names them,
    and who is not in the last left after the last one that does."""
    listed = people[people["first"] != ""]
    key = ["student_id", "school_id", "school_year"]
    if not listed.duplicated(key).any():
        return people
    of_school = listed.groupby(["school_id", "school_year"])
    first, last = (listed.groupby(key)[end].transform(how)
                   for end, how in (("first", "min"), ("last", "max")))  # fmt: skip
    came = first.where(first > of_school["last"].transform("min"), "")
    left = last.where(last < of_school["first"].transform("max"), "").map(_day_after)
    return people.assign(
        entry_date=came.reindex(people.index).fillna(people.entry_date),
        exit_date=left.reindex(people.index).fillna(people.exit_date),
    )


def _day_after(said: str) -> str:
    day = dates.day_of(said, dates.YEAR_FIRST)
    return str(day + timedelta(days=1)) if day and day < date.max else ""


def _days_of(one: SheetMapping) -> list[str]:
    """The days of a sheet with a column a day."""
    marks = (name for name, meaning in one.columns.items() if meaning.value == "marks")
    return [day_of_header(one, name) for name in marks]


def _year_of(one: SheetMapping) -> str:
    """The school year of a sheet with a column a day; '' where they are of several."""
    days = (dates.day_of(day, dates.YEAR_FIRST) for day in _days_of(one))
    years = {values.school_year_on(day) for day in days if day is not None}
    return years.pop() if len(years) == 1 else ""


def _of_meals(said: pd.Series) -> pd.Series:
    """Yes or no of words for meals, where a column has several and no others: F alone may be no."""
    meals = values.mapped(said, lambda one: MEALS.get(one.lower(), one))
    is_clear = said[said != ""].nunique() > 1 and meals.isin(("yes", "no", "")).all()
    return meals if is_clear else said


def race_of_flags(foreign: Foreign, one: SheetMapping, sheet: Sheet) -> pd.Series:
    """One group of columns that each say yes or no, as federal reports count: whoever is Hispanic
    is that alone, and whoever has several races is of two or more."""
    said = pd.Series("", index=sheet.table.index, dtype=object)
    fields = [meaning.value for meaning in one.columns.values() if meaning.value.startswith(RACE)]
    for field in sorted(fields, key=lambda one: (one == HISPANIC, one == SEVERAL)):
        yes = values.mapped(foreign.cells(one, sheet, field), values.yes_no_of) == "yes"
        another = SEVERAL if field not in (SEVERAL, HISPANIC) else field
        said = said.mask(yes & said.ne(""), another).mask(yes & said.eq(""), field)
    return said.str.removeprefix(RACE)


def _enrolled(foreign: Foreign, one: SheetMapping, sheet: Sheet) -> pd.Series:
    """Without staff, and without who is only registered for a time to come."""
    role = foreign.cells(one, sheet, "user_role").str.lower()
    status = foreign.cells(one, sheet, "enrollment_status")
    kept = role.isin(("", "student", "learner", "pupil"))
    return kept & ~status.str.fullmatch(r"-\d+([.]0)?")


def _refuse_two_persons(foreign: Foreign, people: pd.DataFrame) -> None:
    """One id with two names is two persons, and counting them as one loses absences."""
    named = people[(people.first_name != "") & (people.last_name != "")]
    full = named.first_name.str.lower() + "|" + named.last_name.str.lower()
    several = full.groupby(named.student_id).nunique()
    for who in several[several > 1].index[:20]:
        rows = named[named.student_id == who]
        lines = ", ".join(str(line) for line in rows.from_line.head(3))
        foreign.result.note(
            str(rows.from_sheet.iloc[0]),
            f"has two names, at lines {lines}: two students with one id?",
            "give each student an id, or one name",
            "refused",
            line=int(rows.from_line.iloc[0]),
            column="student_id",
            value=who,
        )


def _say_by_name(foreign: Foreign) -> None:
    """Somebody chose to tell students apart by their names."""
    for one, sheet in foreign.pairs:
        column = one.column_of("student_id")
        if column is not None and {"full_name", "last_name"} & {*fields_named(column)}:
            words = "tells students apart by their names: two of one name are counted as one"
            foreign.result.note(sheet.title, words, "export it with ids", column=column)


def students_of(
    foreign: Foreign, people: pd.DataFrame, stays: pd.DataFrame, events: pd.DataFrame
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
    table = table.astype(object).fillna("")
    return table.loc[:, [c for c in table if c in (*key, *ORIGIN) or (table[c] != "").any()]]


def stays_of(
    foreign: Foreign,
    people: pd.DataFrame,
    stays: pd.DataFrame,
    events: pd.DataFrame,
    calendar: pd.DataFrame,
) -> pd.DataFrame:
    """enrollments: stays within a year, the exit date as first day out."""
    first = calendar.groupby(["school_id", "school_year"]).date.min()
    last = calendar.groupby(["school_id", "school_year"]).date.max()
    years = sorted(set(calendar.school_year))
    if not len(stays):
        stays = _assumed(foreign, foreign.seen, calendar)
    stays = stays.copy()
    stays["exit_date"] = [_first_day_out(foreign, day) for day in stays.exit_date]
    found = []
    for row in stays.to_dict("records"):
        found += _by_year(row, years, first, last)
    if not found:
        raise MappingProblem("no student is enrolled in a year that has school days")
    merged = _merged(pd.DataFrame(found)[[*STAY, *ORIGIN]])
    grades = people[people.grade != ""].drop_duplicates("student_id", keep="last")
    grades = grades.set_index("student_id").grade
    unknown = merged.grade.eq("") & merged.school_year.eq(years[-1])
    merged.loc[unknown, "grade"] = merged.student_id[unknown].map(lambda who: grades.get(who, ""))
    return merged


def _assumed(foreign: Foreign, events: pd.DataFrame, calendar: pd.DataFrame) -> pd.DataFrame:
    """Stays of students whom no roster names: with a row for every day from the first to the
    last of them, otherwise all year."""
    day = events.date.map(lambda one: dates.day_of(one, dates.YEAR_FIRST))
    years = day.map(lambda one: values.school_year_on(one) if one is not None else "")
    rows = events[["student_id", "school_id", "date", *ORIGIN]].assign(school_year=years)
    rows = rows[rows.school_year != ""]
    key = ["student_id", "school_id", "school_year"]
    stays = rows.drop_duplicates(key).drop(columns="date")
    for name in ("grade", "entry_date", "exit_date", "calendar_code"):
        stays[name] = ""
    words = "from the first school day to the last"
    if _every_day(foreign):
        ends = rows.groupby(key).date.agg(["min", "max"])
        place = pd.MultiIndex.from_frame(stays[key])
        following = rows.groupby("school_id").date.agg(lambda days: sorted(set(days)))
        stays["entry_date"] = ends["min"].reindex(place).to_numpy()
        stays["exit_date"] = [
            next((one for one in following[school] if one > last), "")
            for (_, school, _), last in zip(place, ends["max"].reindex(place), strict=True)
        ]
        words = "from the first of their rows to the last"
    foreign.result.note(
        "the folder",
        f"has no list of who was enrolled when: whoever has a row is enrolled {words}",
        "add the roster to have it right",
    )
    return stays


def _every_day(foreign: Foreign) -> bool:
    return conventions.is_every_day(foreign.pairs, foreign.mapping)


def _first_day_out(foreign: Foreign, day: str) -> str:
    when = dates.day_of(day, dates.YEAR_FIRST)
    if when is None or when.year in dates.NEVER:
        return "" if when is not None else day
    if foreign.mapping.convention("exit_date") == LAST_IN:
        when += timedelta(days=1)
    return str(when)


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
        is_day = len(entry) == 10 and entry[:4].isdecimal()
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
