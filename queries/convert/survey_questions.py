"""What holds for a survey beyond its cells: its name, who answered, when and where, how each answer
counts; with a question where no cell says it.

Which answers of an unknown set are favorable and which way numbers run is never guessed in silence.
"""

import re
from collections import Counter
from itertools import combinations

import pandas as pd

from queries.convert import published, scales, survey_ways, values
from queries.convert.columns import letters
from queries.convert.foreign import Pairs
from queries.convert.mapping import (
    ASK,
    LIKELY,
    OPEN,
    SAID,
    SURE,
    Answer,
    Mapping,
    Meaning,
    SheetMapping,
)
from queries.convert.schools import Schools, likeness, named_in
from queries.convert.sheets import Sheet
from queries.convert.survey_columns import (
    GROUPS,
    QUESTION,
    counted,
    group_of,
    is_one_set,
    key_of,
    named_items,
    scale_of,
    wording_of,
    year_in,
)
from queries.convert.survey_guess import (
    COUNTS,
    ITEMS,
    LONG,
    PUBLISHED,
    SURVEYS,
    WIDE,
    names_of_items,
)
from queries.convert.survey_rows import BY_DATE, Bank, items_of
from queries.load import dates

ASKED = (WIDE, LONG, COUNTS, PUBLISHED)
# An item of a sheet, what it is taken for, and how many gave each answer.
Item = tuple[SheetMapping, Sheet, str, Meaning, Counter[str]]
ADMINISTRATIONS = ("fall", "spring", "winter", "autumn", "boy", "moy", "eoy", "summer")


def add(mapping: Mapping, sheets: list[Sheet]) -> None:
    """Add to a mapping what its surveys are called, who answered when and where, and how each
    answer counts, with a question where no cell says it."""
    every = list(zip(mapping.sheets, sheets, strict=True))
    _ask_for_points(every)
    pairs = [(one, sheet) for one, sheet in every if one.holds.value in ASKED]
    if not pairs:
        return
    schools = _known_schools(mapping, sheets)
    for one, sheet in pairs:
        one.survey["survey"] = _survey_name(one, sheet)
        if one.column_of("respondent_group") is None:
            one.survey["respondent_group"] = _group(one, sheet)
        if one.column_of("school_year") is None:
            one.survey["school_year"] = _year(one, sheet)
        _school(one, sheet, schools, mapping)
        _ask_of_mixed(one, sheet)
    items = [(one, sheet, name, items_of(one)[name], answers) for one, sheet in pairs
             for name, answers in _answers_by_item(one, sheet).items()]  # fmt: skip
    _same_scales(items)
    _add_answers(mapping, items)
    _add_directions(mapping, items)
    survey_ways.add(mapping, pairs, Bank(every))
    _two_files(pairs)


def _ask_for_points(every: Pairs) -> None:
    """Ask of counts whether the point of 1.234 groups thousands, where no number beside it says."""
    for one, sheet in every:
        names = [name for name, meaning in one.columns.items() if meaning.value.partition(":")[0]
                 in ("answers", "respondents", "students", "students_absent")]  # fmt: skip
        if not names or one.holds.value not in (COUNTS, PUBLISHED, published.PUBLISHED):
            continue
        groups = values.point_groups(pd.concat([sheet.table[name] for name in names]))
        told = one.whole if one.holds.value == published.PUBLISHED else one.survey
        if groups:
            told["points"] = Meaning(values.THOUSANDS, SURE, "proved by the numbers of its columns")
        elif groups is None:
            why = "does the point of 1.234 group thousands, or is it a decimal one?"
            told["points"] = Meaning(OPEN, ASK, why, (values.THOUSANDS, "decimal"))


def title_words(sheet: Sheet) -> str:
    return " ".join([re.sub(r"\.\w+$", "", sheet.file), sheet.name, *sheet.reading.left_out])


def _survey_name(one: SheetMapping, sheet: Sheet) -> Meaning:
    """What a file's name says without year, group and words for a file: years of one survey are
    compared by its name."""
    if one.column_of("survey"):
        return Meaning("", SURE, "a column says it")
    stem = re.findall(r"[^\W\d_]+", re.sub(r"\.\w+$", "", sheet.file))
    dropped = {"responses", "response", "results", "answers", "export", "data", "form", "numeric",
               "text", "values", "labels", "choice", "copy", "final", "raw", "all", "counts",
               "percent", "favorable", "percents", "percentages", "by", "item", "items", "school",
               "long", "wide", "sy", *ADMINISTRATIONS}  # fmt: skip
    words = [w for w in stem if w.lower() not in dropped and not group_of(w)]
    name = " ".join(words)
    name = name[:1].upper() + name[1:]
    if len(name) < 4 or letters(name) == "survey":
        return Meaning("Survey", LIKELY, "write its name; the same in every year")
    return Meaning(name, LIKELY, "by the file's name; write the same in every year")


def _group(one: SheetMapping, sheet: Sheet) -> Meaning:
    found = group_of(re.sub(r"[_.-]", " ", title_words(sheet)))
    if found:
        return Meaning(found, LIKELY, "by the name of the file")
    if one.holds.value == WIDE:
        wordings = [wording_of(sheet, name) for name in names_of_items(one, sheet)]
        of_child = re.compile(r"\b(my|your) child\b|\bmi hij[oa]\b", re.I)
        if sum(1 for words in wordings if of_child.search(words)) >= 2:
            return Meaning("families", LIKELY, "items ask about my child")
    return Meaning(OPEN, ASK, "who answered?", tuple(GROUPS))


def _year(one: SheetMapping, sheet: Sheet) -> Meaning:
    day = one.column_of("date")
    if day is not None:
        order = one.dates.get(day)
        if order is None or order.is_open:
            return Meaning(BY_DATE, LIKELY, "the days say it")
        cells = values.cleaned(sheet.table[day])
        read = cells.map({cell: dates.day_of(cell, order.value) for cell in cells.unique()})
        days = read.dropna()
        years = days.map(values.school_year_on)
        shares = years.value_counts(normalize=True)
        if len(shares) == 1:
            return Meaning(shares.index[0], SURE, f"answered {days.min()} to {days.max()}")
        told = ", ".join(f"{year} ({n:.0%})" for year, n in shares.items())
        if len(shares) and shares.min() >= 0.1:
            return Meaning(BY_DATE, LIKELY, f"answered in {told}")
        return Meaning(OPEN, ASK, f"answered in {told}: which school year is it?",
                       (*shares.index, BY_DATE))  # fmt: skip
    year = year_in(title_words(sheet))
    if year:
        return Meaning(year, LIKELY, "by the name of the file")
    return Meaning(OPEN, ASK, "of which school year is it? Write it as 2025-26")


def _known_schools(mapping: Mapping, sheets: list[Sheet]) -> dict[str, str]:
    """Ids and names of schools by their letters, as the files of no survey have them; to the name
    where it is known."""
    pairs = [pair for pair in zip(mapping.sheets, sheets, strict=True)
             if pair[0].holds.value not in ("", OPEN, *SURVEYS)]  # fmt: skip
    schools = Schools(pairs)
    met = {school for pair in pairs if schools.are_named_by(pair[0])
           for school in schools.of(*pair)} - {""}  # fmt: skip
    rows = schools.table(met).to_dict("records") if met else []
    return {key_of(row[name]): row["school_name"] for row in rows
            for name in ("school_id", "school_name")}  # fmt: skip


def _school(one: SheetMapping, sheet: Sheet, schools: dict[str, str], mapping: Mapping) -> None:
    column = one.column_of("school_id") or one.column_of("school_name")
    if column is not None:
        if one.columns[column].why == SAID:
            return
        said = set(values.cleaned(sheet.table[column]).unique()) - {""}
        strange = [n for n in sorted(said) if key_of(values.id_of(n)) not in schools
                   and not is_total(n)]  # fmt: skip
        alike = {likeness(n): n for n in strange}
        twice = [f"{n} and {alike[likeness(n)]}" for n in strange if alike[likeness(n)] != n]
        if twice and column == one.column_of("school_name"):
            why = (f"{'; '.join(twice[:3])}: one school? Write it alike, or write school_name if "
                   "they are two")  # fmt: skip
            one.columns[column] = Meaning(OPEN, ASK, why, ("school_name",))
        elif schools and strange:
            why = (f"{', '.join(strange[:3])}: no school of the other files; write them alike, or "
                   "school_name if they are schools of their own")  # fmt: skip
            one.columns[column] = Meaning(OPEN, ASK, why, ("school_name", "school_id"))
        return
    names = sorted(set(schools.values()))
    for name in one.columns if schools else ():
        cells = {key_of(values.id_of(c)) for c in sheet.table[name].unique() if c}
        if one.columns[name].value == "" and len(cells) > 1 and cells <= set(schools):
            one.columns[name] = Meaning("school_name", LIKELY, "its words are schools")
            return
    title = key_of(title_words(sheet))
    told = [name for name in names if key_of(name) in title and len(name) > 3]
    if len(told) == 1:
        one.whole["school_name"] = Meaning(told[0], LIKELY, "by the name of the file")
    elif len(names) == 1:
        one.whole["school_name"] = Meaning(names[0], LIKELY, "the only school of the other files")
    elif names:
        words = "at which school was it answered?"
        one.whole["school_name"] = Meaning(OPEN, ASK, words, tuple(names))
    elif at := [s for title in (sheet.name, *sheet.reading.left_out) if (s := named_in(title))]:
        one.whole["school_name"] = Meaning(at[0], LIKELY, "by the name of the sheet or its title")
    else:
        words = "no file names a school; write its name here"
        mapping.conventions["school"] = Meaning("School 1", LIKELY, words)


def _ask_of_mixed(one: SheetMapping, sheet: Sheet) -> None:
    """Ask where who answered and the school have a word in common: rows with columns exchanged."""
    group, school = (one.column_of(n) for n in ("respondent_group", "school_name"))
    both = set(sheet.table[group]) & set(sheet.table[school]) - {""} if group and school else set()
    if group and both:
        why = (f"says {', '.join(sorted(both)[:3])}, as {school} does: are columns shifted? "
               "Correct the file, or write '' to leave it out")  # fmt: skip
        one.columns[group] = Meaning(OPEN, ASK, why)


def is_total(school: str) -> bool:
    """Whether a row is of all schools together, and would count everybody twice."""
    words = {"all", "allschools", "district", "districtwide", "overall", "total", "grandtotal",
             "network", "districttotal", "districtaverage", "alldistrict", "totals"}  # fmt: skip
    return letters(school) in words


# How answers count


def _answers_by_item(one: SheetMapping, sheet: Sheet) -> dict[str, Counter[str]]:
    """How many gave each answer, by item; of columns of answers, which there are."""
    names = items_of(one)
    if one.holds.value == WIDE:
        return {name: counted(sheet.table[name]) for name in names}
    answer = one.column_of("answer")
    if answer is None:
        heads = Counter(m.value.partition(": ")[2] for m in one.columns.values()
                        if m.value.startswith(("answers: ", "percent: ")))  # fmt: skip
        return dict.fromkeys(names, heads)
    groups = sheet.table.groupby(named_items(one, sheet), sort=False)[answer]
    return {str(name): counted(cells) for name, cells in groups if str(name) in names}


def _same_scales(items: list[Item]) -> None:
    """Items of one family have one scale, the shortest that has all their answers: a scale is not
    another because nobody was neutral. A set of answers that is unknown has the name of its own."""
    seen: dict[str, set[str]] = {}
    sets: dict[frozenset[str], str] = {}
    for *_, meaning, answers in items:
        scale = scale_of(meaning.value)
        known = {k for k in scales.keys(answers).values() if k in scales.KNOWN.get(scale, {})}
        seen.setdefault(scales.family(scale), set()).update(known)
    for *_, meaning, answers in items:
        scale = scale_of(meaning.value)
        if scale == "unknown":
            own = frozenset(answers)
            alike = next((n for s, n in sets.items() if is_one_set(set(s), set(own))), "")
            sets[own] = alike or f"answers_{len(set(sets.values())) + 1}"
            meaning.value = meaning.value.replace(scale, sets[own], 1)
            meaning.why = "its answers are asked below"
        elif scale in scales.KNOWN:
            family = scales.family(scale)
            fits = [one for one in scales.fitting(seen[family]) if scales.family(one) == family]
            meaning.value = meaning.value.replace(scale, fits[0] if fits else scale, 1)


def _add_answers(mapping: Mapping, items: list[Item]) -> None:
    """How every answer in words counts: by its scale, or asked."""
    counts: dict[str, Counter[str]] = {}
    keys: dict[str, dict[str, str]] = {}
    beside = Counter(id(one) for one, *_, meaning, _ in items
                     if scale_of(meaning.value) in scales.KNOWN.keys() - {"yes_no"})  # fmt: skip
    lone: set[str] = set()
    for one, sheet, name, meaning, answers in items:
        scale = scale_of(meaning.value)
        numbers = scales.NUMBERS.fullmatch(scale)
        if numbers:
            answers = Counter({a: n for a, n in answers.items() if a.isdecimal()
                               and int(numbers[2]) < int(a) <= 10})  # fmt: skip
        if not scale or scale == OPEN or (numbers and not answers):
            continue
        # What is yes, often or much, where nobody knows what was asked or nothing else was?
        untold = one.holds.value == WIDE and QUESTION.fullmatch(wording_of(sheet, name))
        is_lone = scale == "yes_no" and beside[id(one)] < 2
        if is_lone or (untold and scales.family(scale) in ("yes", "often", "how_much")):
            lone.add(scale)
        counts.setdefault(scale, Counter()).update(answers)
        # By item: of "not at all safe" and "not at all proud" each item has one end.
        keys.setdefault(scale, {}).update(scales.keys(answers))
    for scale, rows in counts.items():
        places = scales.KNOWN.get(scale, {})
        at = {a: places[k].position if k in places else 99 for a, k in keys[scale].items()}
        for answer in sorted(rows, key=lambda a: (at[a], -rows[a], a)):
            way = _counts_as(scale, keys[scale][answer], rows[answer], scale in lone)
            position = str(at[answer]) if at[answer] < 99 else ""
            mapping.answers.append(Answer(scale, answer, way, position))


def _counts_as(scale: str, key: str, rows: int, is_lone: bool) -> Meaning:
    if not scales.is_counted(key) or is_total(key):
        return Meaning(scales.LEFT_OUT, SURE, "is no answer that counts")
    place = scales.KNOWN.get(scale, {}).get(key)
    if place is None:
        odd = "is no answer of this scale" if scale in scales.KNOWN else "is of no known scale"
        code = ", or export the answers in full" if re.fullmatch(r"[a-z]{1,3}\d{1,2}", key) else ""
        return Meaning(OPEN, ASK, f"{odd} and stands {rows:,} times: how does it count{code}?",
                       scales.WAYS)  # fmt: skip
    if is_lone:
        why = f"stands {rows:,} times, and nothing says whether it is good: how does it count?"
        return Meaning(OPEN, ASK, why, scales.WAYS)
    way = scales.FAVORABLE if place.is_favorable else scales.NOT_FAVORABLE
    return Meaning(way, SURE, f"place {place.position} of {scale}")


def _add_directions(mapping: Mapping, items: list[Item]) -> None:
    """Which numbers of each range are favorable: as the words of an item say, by custom, or
    asked."""
    for _, sheet, name, meaning, _ in items:
        found = scales.NUMBERS.fullmatch(scale_of(meaning.value))
        if not found:
            continue
        least, most = int(found[1]), int(found[2])
        up = scales.usual_favorable(least, most)
        down = ", ".join(str(least + most - int(n)) for n in reversed(up.split(", ")) if n)
        key = f"favorable_{least}_to_{most}"
        known = mapping.conventions.get(key)
        said = _ends_in(sheet.table.attrs.get("wording", {}).get(name, name), least, most)
        if said and up and (known is None or known.certainty != SURE):
            told = Meaning(up if said == "up" else down, SURE, f"“{name}” says what they mean")
        elif known is not None:
            told = known
        elif up and mapping.holding(ITEMS):
            told = Meaning(up, LIKELY, f"by custom, as no file says what {least} to {most} mean; "
                           f'write "{down}" if {least} is best')  # fmt: skip
        else:
            words = (f"which of {least} to {most} are favorable? No file says what they mean; if "
                     f"one means no answer, write such as 4, 5, not {most}")  # fmt: skip
            ways = tuple(filter(None, (up, down))) or ("numbers, such as 6, 7",)
            told = Meaning(OPEN, ASK, words, ways)
        mapping.conventions[key] = told


def _ends_in(words: str, least: int, most: int) -> str:
    """up where words say 1 = strongly disagree, 5 = strongly agree; down the other way."""
    ends = []
    for number in (least, most):
        said = re.search(rf"\b{number}\s*(?:=|:|-|–|means)\s*([^\W\d_][^,;.)\d=]*)", words)
        key = letters(said[1]) if said else ""
        ends.append({p[key].is_favorable for p in scales.KNOWN.values() if key in p})
    if ends == [{False}, {True}]:
        return "up"
    return "down" if ends == [{True}, {False}] else ""


def _two_files(pairs: Pairs) -> None:
    """Ask of files that hold one survey, year, group and school twice when each was given."""
    told = {id(one): _told(one, sheet) for one, sheet in pairs if one.holds.value != PUBLISHED
            and not one.column_of("administration")}  # fmt: skip
    pairs = [pair for pair in pairs if id(pair[0]) in told]
    for (one, sheet), (two, other) in combinations(pairs, 2):
        if not all(map(set.intersection, told[id(one)], told[id(two)])):
            continue
        mine, its = _wordings(one, sheet), _wordings(two, other)
        if len(mine & its) * 2 < min(len(mine), len(its)) or not mine & its:
            continue
        parts = ((one, sheet, other), (two, other, sheet))
        older = next((p for p in reversed(parts) if _rows_of(p[1]) <= _rows_of(p[2])), None)
        if older:
            older[0].holds = Meaning("", ASK, f"every row is in {older[2].title} too: left out")
            continue
        for mapped, own, twin in parts:
            words = title_words(own).lower()
            seasons = [n for n in ADMINISTRATIONS if re.search(rf"(?<![a-z]){n}(?![a-z])", words)]
            if len(seasons) == 1:
                mapped.survey["administration"] = Meaning(seasons[0], LIKELY, "by the file's name")
            else:
                why = (f"{twin.title} has the same items, year and group: when was each given? "
                       "Write '' in both if they are parts of one, or leave a file out"
                       )  # fmt: skip
                mapped.survey["administration"] = Meaning(OPEN, ASK, why, ("fall", "spring"))


def _rows_of(sheet: Sheet) -> set[tuple[str, ...]]:
    return set(sheet.table.itertuples(index=False, name=None)) | {tuple(sheet.table.columns)}


def _wordings(one: SheetMapping, sheet: Sheet) -> set[str]:
    return {letters(wording_of(sheet, name)) or name for name in items_of(one)}


def _told(one: SheetMapping, sheet: Sheet) -> list[set[str]]:
    """The groups, years and schools of a sheet."""
    parts = survey_ways.parts_of(one, sheet).map(lambda cell: key_of(values.id_of(cell)))
    return [set(parts[name]) - {""} or {"the only one"} for name in survey_ways.PARTS]
