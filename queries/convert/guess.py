"""What the sheets of a foreign folder are taken for: contents first, names second, and a question
where neither decides.

A wrong guess is worse than a question: a column is taken for something by its name only if its
cells can be that, and by its cells alone only if they can be nothing else.
"""

import re
from collections import Counter

import pandas as pd

from queries.convert import (
    conventions,
    published,
    survey_guess,
    survey_questions,
    totals,
    values,
)
from queries.convert.columns import Column, letters
from queries.convert.fields import fields_of
from queries.convert.holds import (
    ATTENDANCE,
    BESIDE_SCHOOL,
    CALENDAR,
    DAY_COLUMNS,
    MAY_HAVE,
    NEEDED,
    NOTHING,
    OF_ATTENDANCE,
    OF_STUDENTS,
    OF_THINGS,
    ROSTER,
    SAYS_WHAT,
    TOTALS,
    holds_what,
    is_of_totals,
    says_who_came,
    school_ids,
    speaks_of_students,
    tells_of_persons,
)
from queries.convert.mapping import (
    ASK,
    HEADERS,
    LIKELY,
    OPEN,
    SAID,
    SURE,
    Mapping,
    Meaning,
    SheetMapping,
)
from queries.convert.schools import named_in
from queries.convert.sheets import Sheet
from queries.convert.survey_columns import year_in
from queries.load import dates

DATES = {"date", "entry_date", "exit_date", "begin_date", "end_date"}


def guess(sheets: list[Sheet], said: Mapping | None = None) -> Mapping:
    """The mapping of a folder's sheets, with a question wherever one is left.

    said: what somebody said of sheets with these columns, which decides before any guess."""
    facts = {
        id(sheet): [Column(name, sheet.table[name]) for name in sheet.table.columns]
        for sheet in sheets
    }
    surveys = survey_guess.recognised(sheets)
    students, linked = _student_columns([s for s in sheets if id(s) not in surveys], facts)
    said_so = _called_so(sheets, facts, students)
    schools = {id(sheet): school_ids(facts[id(sheet)]) for sheet in sheets}
    mapping = Mapping()
    known = [said.of(sheet.file, sheet.name, sheet.table) if said else None for sheet in sheets]
    for sheet, before in zip(sheets, known, strict=True):
        if id(sheet) in surveys:
            mapping.sheets.append(surveys[id(sheet)])
            surveys[id(sheet)].take_columns(before)
            continue
        columns, student = facts[id(sheet)], students.get(id(sheet))
        if before and (who := before.column_of("student_id")):
            student = next(column for column in columns if column.name == who)
        others = set().union(*(ids for key, ids in schools.items() if key != id(sheet)))
        holds = holds_what(columns, student, sheet.title, sheet.reading.left_out, others)
        if before and not before.holds.is_open:
            holds = before.holds
        one = SheetMapping(sheet.file, sheet.name, holds, reading=sheet.reading.told)
        if student is not None and "student_id" in MAY_HAVE.get(holds.value, ()) and not before:
            called = student.named or holds.value == DAY_COLUMNS  # with marks: a register
            is_theirs = id(sheet) in linked or (called and student.name in said_so)
            if not is_theirs and "student_id" not in student.firm:
                one.holds = _ask_who(one.holds.value, student)
        if one.holds.value:
            # What a sheet would be, once somebody says that it is that.
            held = one.holds.may_be[0] if len(one.holds.may_be) == 1 else holds.value
            of_students = student if "student_id" in MAY_HAVE.get(held, ()) else None
            one.columns = fields_of(held, columns, of_students, others)
            one.take_columns(before)
        mapping.sheets.append(one)
    _rosters_with_totals(mapping, sheets, facts, students)
    _leave_out_classes(mapping)
    _calendars_of_schools(mapping)
    _schools_by_content(mapping, sheets, facts)
    _schools_in_titles(mapping, sheets)
    _years_in_titles(mapping, sheets)
    _dates(mapping, sheets, facts)
    for one, before in zip(mapping.sheets, known, strict=True):
        one.take_dates(before)
        if before and not before.holds.is_open:
            one.holds = before.holds
    _words_as_codes(mapping)
    _ask_for_needed(mapping, [facts[id(sheet)] for sheet in sheets])
    conventions.add(mapping, sheets)
    totals.ask(mapping, list(zip(mapping.sheets, sheets, strict=True)))
    survey_questions.add(mapping, sheets)
    for one, before in zip(mapping.sheets, known, strict=True):
        one.take_survey(before)
    if said and any(known):
        mapping.take_rules(said)
    return mapping


# Who: the students' ids


def _student_columns(
    sheets: list[Sheet], facts: dict[int, list[Column]]
) -> tuple[dict[int, Column], set[int]]:
    """The column of students in each sheet that has one: that which links it to a list of students,
    or is called so; and which sheets it links. What has neither is asked by `_ask_who`."""
    anchor = _anchor(sheets, facts)
    found: dict[int, Column] = {}
    linking: set[str] = set()
    linked_sheets: set[int] = set()
    for sheet in sheets:
        columns = facts[id(sheet)]
        named = [c for c in columns if "student_id" in c.named and c.fits("student_id")]
        firm = [c for c in named if c.firm == ["student_id"] and _may_be_persons(c)]
        linked = [c for c in firm or columns if anchor is not None and _links(c, anchor)]
        if linked and anchor is not None:
            best = max(linked, key=lambda c: (_shared(c, anchor), c.named[:1] == ["student_id"]))
            found[id(sheet)] = best
            linking.add(best.name)
            linked_sheets.add(id(sheet))
            continue
        firm = firm or [c for c in named if len(c.named) == 1 and _may_be_persons(c)]
        numbers = [c for c in columns if c.is_number_of_person and not c.is_days]
        if firm:
            found[id(sheet)] = firm[0]
        elif len(numbers) == 1 and not _is_other(numbers[0]):
            found[id(sheet)] = numbers[0]
    # Of two ids the one that other files are linked by: they are of one system.
    for sheet in sheets if linking else ():
        alike = [c for c in facts[id(sheet)] if c.name in linking and c.is_number_of_person]
        if alike and id(sheet) in found and found[id(sheet)].name not in linking:
            found[id(sheet)] = alike[0]
    _by_their_own_ids(sheets, facts, found)
    return found, linked_sheets


def _by_their_own_ids(
    sheets: list[Sheet], facts: dict[int, list[Column]], found: dict[int, Column]
) -> None:
    """Where another file names the students of a list by a second id of theirs, that of the list's
    own system, it is the one which links them."""
    for sheet in sheets:
        mine = found.get(id(sheet))
        others = [one for key, one in found.items() if one is not mine and len(one.distinct) > 7]
        if mine is None or not mine.is_unique or any(_shared(one, mine) >= 0.5 for one in others):
            continue
        for column in facts[id(sheet)]:
            keys = column.is_unique and column.is_number_of_person and "student_id" in column.named
            if keys and any(_shared(one, column) >= 0.9 for one in others):
                found[id(sheet)] = column
                break


def _links(column: Column, anchor: Column) -> bool:
    """Whether its ids are those of the anchor: nearly all where no header says that they are."""
    if not column.is_id or column.is_words or len(column.distinct) <= 3 or _is_other(column):
        return False
    return _shared(column, anchor) >= (0.5 if "student_id" in column.named else 0.9)


def _called_so(
    sheets: list[Sheet], facts: dict[int, list[Column]], students: dict[int, Column]
) -> set[str]:
    """What the students' ids are called in sheets that speak of students."""
    return {
        students[id(sheet)].name
        for sheet in sheets
        if id(sheet) in students and speaks_of_students(facts[id(sheet)], _words(sheet))
    }


def _words(sheet: Sheet) -> str:
    return " ".join([sheet.title, *sheet.reading.left_out])


def _ask_who(held: str, student: Column) -> Meaning:
    """One question of a sheet whose students are told by their numbers alone, or by a header that
    others have too: whether they are students."""
    words = f"it looks like {held.replace('_', ' ')} if {student.name} ({student.samples}) is the"
    words += f" students' id: then write {held} here, or nothing to leave the sheet out"
    return Meaning(OPEN, ASK, words, (held,))


def _ask_of_key(held: str, name: str) -> Meaning:
    """A warehouse's own number, which no table explains: one student may have several."""
    words = f"{name} may be another number of the same student from some day on: add the table that"
    words += f" says whose each is; or write {held} if each student has one alone"
    return Meaning(OPEN, ASK, words, (held,))


def _may_be_persons(column: Column) -> bool:
    """Whether there are too many for schools under the name of students."""
    return len(column.distinct) >= min(8, 0.5 * len(column.given))


def _is_other(column: Column) -> bool:
    """Whether its name says plainly that it is something else than a student: assignmentId."""
    plain = letters(column.name)
    of = re.fullmatch(r"([a-z]{3,}?)(id|code|key|no|nr|num|number)", plain)
    if OF_THINGS.fullmatch(plain) or BESIDE_SCHOOL.fullmatch(plain):
        return True
    if column.named or OF_STUDENTS.search(column.name):
        return bool(column.named) and "student_id" not in column.named
    return of is not None and bool(re.search(r"[aeiou]", of[1]))


def _key(column: Column) -> set[str]:
    return {one.lstrip("0") or one for one in column.ids}


def _shared(column: Column, anchor: Column) -> float:
    keys = _key(column)
    return len(keys & _key(anchor)) / len(keys) if keys else 0.0


def _keys_students(columns: list[Column], column: Column, came: bool) -> bool:
    """Whether a column whose name does not say so is the key of a list of students: one row each,
    with their grades, or with what is a person's where some file says who was absent."""
    if "student_id" in column.named:
        return speaks_of_students(columns, "")
    graded = any(c.is_spelled_grade for c in columns)
    return column.is_unique and (graded or (came and tells_of_persons(columns, column)))


def _anchor(sheets: list[Sheet], facts: dict[int, list[Column]]) -> Column | None:
    """The column of one sheet whose ids come again, often, in another: one row a student there."""
    best: tuple[float, Column | None] = (0.0, None)
    came = any(says_who_came(column) for one in sheets for column in facts[id(one)])
    for one in sheets:
        for column in facts[id(one)]:
            if not column.is_number_of_person or _is_other(column):
                continue
            if len(column.distinct) < 0.3 * len(column.given):
                continue
            if "student_id" not in column.firm and not _keys_students(facts[id(one)], column, came):
                continue
            for other in sheets:
                if other is one:
                    continue
                shares = [
                    _shared(there, column)
                    for there in facts[id(other)]
                    if there.is_number_of_person and not _is_other(there)
                ]
                if shares and max(shares) >= 0.5:
                    named = 0.5 * ("student_id" in column.named)
                    unique = 0.25 * column.is_unique
                    score = max(shares) + named + unique + len(column.distinct) / 1e7
                    best = max(best, (score, column), key=lambda pair: pair[0])
    return best[1]


# Classes, schools, days, and what is missing


def _rosters_with_totals(
    mapping: Mapping,
    sheets: list[Sheet],
    facts: dict[int, list[Column]],
    students: dict[int, Column],
) -> None:
    """A roster that counts days, where no file has single ones, is there for its totals."""
    if mapping.holding(*conventions.EVENTS):
        return
    for one, sheet in zip(mapping.sheets, sheets, strict=True):
        columns = facts[id(sheet)]
        if one.holds.value == ROSTER and one.holds.why != SAID and is_of_totals(columns):
            one.holds = Meaning(TOTALS, LIKELY, "students with their days, and no single days")
            said = one.columns
            one.columns = fields_of(TOTALS, columns, students.get(id(sheet)))
            one.columns |= {name: of for name, of in said.items() if of.why == SAID}
    _ask_for_days(mapping, sheets, facts, students)


def _ask_for_days(
    mapping: Mapping,
    sheets: list[Sheet],
    facts: dict[int, list[Column]],
    students: dict[int, Column],
) -> None:
    """Where files name students and none says who was absent, what to do about the one that seems
    to: it counts hours or parts of a year, or has days and codes, but no word that is known."""
    if not mapping.holding(ROSTER) or mapping.holding(*conventions.EVENTS, TOTALS):
        return
    for one, sheet in zip(mapping.sheets, sheets, strict=True):
        columns, who = facts[id(sheet)], students.get(id(sheet))
        counts = [c for c in columns if OF_ATTENDANCE.search(c.name) and c.is_number]
        days = [c for c in columns if c.is_days and len(c.distinct) < len(c.given)]
        codes = [c for c in columns if c.fits("code") and c is not who
                 and ("code" in c.named or (who and 1 < len(c.distinct) < 13))]  # fmt: skip
        if one.holds.why == SAID or one.holds.is_open:
            continue
        if one.holds.value == ROSTER and counts and not one.column_of("date"):
            words = f"counts {counts[0].name} ({counts[0].samples}), and such numbers are not read:"
            words += " export days enrolled and days absent of the whole year, a row a student and"
            words += " school, or a row an absence. If it only lists students, write roster"
            one.holds = Meaning(OPEN, ASK, words, (ROSTER,))
        elif one.holds.value == NOTHING and days and codes:
            words = f"no file says who was absent, and this one has days ({days[0].name}), codes"
            words += f" ({codes[0].name}: {codes[0].samples})"
            words += f" and students ({who.name})" if who else ", and no column is surely students"
            words += ": if it does, name student_id, date and code in columns, and write attendance"
            words += " here; if not, or without the students' ids, export the absences"
            one.holds = Meaning(OPEN, ASK, words, (ATTENDANCE,))


def _calendars_of_schools(mapping: Mapping) -> None:
    """Where no school is named, and a calendar in every file, there is a calendar a school."""
    held = [one for one in mapping.sheets if one.column_of("calendar_code")]
    if any(_names_schools(one) for one in mapping.sheets) or len(held) < 2:
        return
    for one in held:
        column = one.column_of("calendar_code") or ""
        one.columns[column] = Meaning("school_name", LIKELY, "each school has a calendar")


def _leave_out_classes(mapping: Mapping) -> None:
    """Rows of a day's classes say nothing more where another file has the days themselves."""
    attendance = mapping.holding(ATTENDANCE)
    of_days = [one for one in attendance if not one.column_of("section")]
    for one in attendance:
        if one.column_of("section") and of_days and not one.column_of("period"):
            why = f"rows of classes: the days stand in {of_days[0].title}"
            one.holds = Meaning(NOTHING, LIKELY, why)


def _schools_by_content(
    mapping: Mapping, sheets: list[Sheet], facts: dict[int, list[Column]]
) -> None:
    """Schools of sheets whose headers name none: a column whose few values are those of another
    sheet, where a row is a school, or a school and a day."""
    by_sheet = list(zip(mapping.sheets, (facts[id(sheet)] for sheet in sheets), strict=True))
    known: set[str] = set()
    for one, columns in by_sheet:
        school = one.column_of("school_id") or one.column_of("school_name")
        if school:
            known |= next(c.ids for c in columns if c.name == school)
    if not known:
        known = _keys_of_calendar(by_sheet)
    for one, columns in by_sheet:
        if one.holds.value in ("", OPEN) or not known or _names_schools(one):
            continue
        for column in columns:
            meaning = one.columns.get(column.name)
            free = meaning is not None and meaning.value in ("", OPEN) and not column.named
            if free and column.ids <= known and len(column.ids) > 1:
                field = "school_name" if column.is_words else "school_id"
                one.columns[column.name] = Meaning(field, LIKELY, "names schools of other files")
                break


def _schools_in_titles(mapping: Mapping, sheets: list[Sheet]) -> None:
    """Where no column names a school, that which stands above a table or in its file's name."""
    pairs = [(one, sheet) for one, sheet in zip(mapping.sheets, sheets, strict=True)
             if {"school_id", "school_name"} <= {*MAY_HAVE.get(one.holds.value, ())}]  # fmt: skip
    if any(_names_schools(one) for one, _ in pairs):
        return
    for one, sheet in pairs:
        titles = [*sheet.reading.left_out, sheet.name, sheet.file.rpartition(".")[0]]
        name = next(filter(None, map(named_in, titles)), "")
        if name:
            one.whole["school_name"] = Meaning(name, LIKELY, "stands in its title or name")


def _years_in_titles(mapping: Mapping, sheets: list[Sheet]) -> None:
    """The school year of published numbers in which no column says it."""
    for one, sheet in zip(mapping.sheets, sheets, strict=True):
        is_dated = one.holds.value in (published.PUBLISHED, TOTALS)
        if is_dated and one.column_of("school_year") is None:
            year = year_in(" ".join([*sheet.reading.left_out, sheet.title]))
            told = Meaning(year, LIKELY, "stands in its title or name")
            words = "of which school year are these numbers?"
            asked = Meaning(OPEN, ASK, words, ("a year such as 2025-26",))
            if year or one.holds.value == published.PUBLISHED:
                one.whole["school_year"] = told if year else asked


def _names_schools(one: SheetMapping) -> bool:
    return any(map(one.column_of, ("school_id", "school_name")))


def _keys_of_calendar(by_sheet: list[tuple[SheetMapping, list[Column]]]) -> set[str]:
    for one, columns in by_sheet:
        day = one.column_of("date")
        if one.holds.value != CALENDAR or day is None:
            continue
        dated = next(c for c in columns if c.name == day)
        for column in columns:
            if column is dated or not 1 < len(column.distinct) < len(dated.distinct):
                continue
            pairs = pd.Series(dated.cells + "\n" + column.cells)
            if pairs.nunique() == len(pairs) and not column.is_yes_no:
                return column.ids
    return set()


def _dates(mapping: Mapping, sheets: list[Sheet], facts: dict[int, list[Column]]) -> None:
    """How each column of days is written: proved by its cells, or by what days they would be."""
    open_ones: list[tuple[SheetMapping, Column]] = []
    proved: Counter[str] = Counter()
    for one, sheet in zip(mapping.sheets, sheets, strict=True):
        dated = [
            column
            for column in facts[id(sheet)]
            if column.name in one.columns and one.columns[column.name].value in DATES
        ]
        if DAY_COLUMNS in (one.holds.value, *one.holds.may_be):
            days = [values.half_of(name)[0] for name, meaning in one.columns.items()
                    if meaning.value == "marks"]  # fmt: skip
            dated.append(Column(HEADERS, pd.Series(days, dtype=object)))
        for column in dated:
            orders = column.orders
            if orders and column.is_evening_elsewhere:
                words = f"are {column.samples} the evenings before, by another time zone? They have"
                words += " more Sundays than Fridays. Export days without times; if they are "
                asked = Meaning(OPEN, ASK, f"{words}right, write {orders[0]}", (orders[0],))
                one.dates[column.name] = asked
            elif len(orders) == 1 or orders[:1] == [dates.YEAR_FIRST]:
                one.dates[column.name] = Meaning(orders[0], SURE, "proved by its cells")
                proved[orders[0]] += 1
            elif set(orders) >= {dates.MONTH_FIRST, dates.DAY_FIRST}:
                open_ones.append((one, column))
    for one, column in open_ones:
        one.dates[column.name] = _order_by_days(column, one, proved)


def _order_by_days(column: Column, one: SheetMapping, proved: Counter[str]) -> Meaning:
    """Month or day first, where both can be: school days are no Saturdays and Sundays."""
    both = (dates.MONTH_FIRST, dates.DAY_FIRST)
    off = {}
    for order in both:
        days = [dates.day_of(value, order) for value in column.distinct]
        off[order] = sum(1 for day in days if day is not None and day.weekday() > 4)
    for order, other in (both, both[::-1]):
        means = one.columns[column.name].value if column.name in one.columns else "date"
        if off[order] == 0 and off[other] >= 3 and means == "date":
            words = f"the other way {off[other]} of its days are Saturdays or Sundays"
            return Meaning(order, LIKELY, words)
    told = [order for order in both if proved[order]]
    same = [c for c, m in one.dates.items() if m.value in both and c != column.name]
    if len(told) == 1 and (same or off[told[0]] == 0):
        return Meaning(told[0], LIKELY, "as the other days of these files are written")
    return Meaning(OPEN, ASK, f"is {column.samples} month or day first", both)


def _words_as_codes(mapping: Mapping) -> None:
    """Where no code says what happened, words do: of the status, or of why (Illness, Tardy)."""
    for one in mapping.holding(ATTENDANCE):
        status, reason = one.column_of("status"), one.column_of("reason")
        if (share := one.column_of("present_share")) and (
            there := one.column_of("present_minutes")
        ):
            one.columns[there] = Meaning("", SURE, f"{share} says it in parts of a day")
        if one.column_of("code") is not None:
            continue
        if status is not None:
            one.columns[status].value = "code"
        elif reason is not None and not any(map(one.column_of, SAYS_WHAT)):
            one.columns[reason].value = "code"


def _ask_for_needed(mapping: Mapping, facts: list[list[Column]]) -> None:
    """A question for each field without which a sheet says nothing: of the columns that can be it,
    or of the sheet."""
    for one, columns in zip(mapping.sheets, facts, strict=True):
        missing = [f for f in NEEDED.get(one.holds.value, ()) if one.column_of(f) is None]
        who = one.column_of("student_id") if one.holds.value in conventions.EVENTS else None
        if who is not None and letters(who).endswith("key") and one.holds.why != SAID:
            one.holds = _ask_of_key(one.holds.value, who)
        if one.column_of("begin_date"):
            missing = [field for field in missing if field != "date"]
        if one.holds.value == ATTENDANCE and not any(map(one.column_of, SAYS_WHAT)):
            missing.append("code")
        if one.holds.value == TOTALS:
            missing += totals.missing(one)
        may_be = {field: _may_be(one, columns, field) for field in missing}
        if all(may_be.values()):
            for field, candidates in may_be.items():
                words = "code of an absence" if field == "code" else field.replace("_", " ")
                for column in candidates:
                    why = f"says {column.samples}: is it the {words}?"
                    one.columns[column.name] = Meaning(OPEN, ASK, why, (field,))
            continue
        if missing:
            words = ", ".join(missing)
            one.holds = Meaning(
                OPEN,
                ASK,
                f"it looks like {one.holds.value}, but no column is {words}: name it in columns, "
                f"and write {one.holds.value} here, or nothing to leave the sheet out",
                (one.holds.value,),
            )


def _may_be(one: SheetMapping, columns: list[Column], field: str) -> list[Column]:
    """The columns of a sheet of which nobody knows what they are, and which can be this field."""
    return [
        column
        for column in columns
        if (meaning := one.columns.get(column.name)) is not None
        and (meaning.value in ("", OPEN) and meaning.certainty == ASK)
        and column.fits(field)
        and len(column.distinct) > 1
    ]
