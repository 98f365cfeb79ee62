"""What a sheet of a survey is taken for: who answered what, counts of answers, or percentages.

What its answers mean, who gave them, when and where is asked in survey_questions.py where no cell
says it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from queries.convert import scales, values
from queries.convert.columns import fields_named, letters
from queries.convert.mapping import ASK, LIKELY, OPEN, SURE, Meaning, SheetMapping
from queries.convert.sheets import Sheet
from queries.convert.survey_columns import (
    COUNTED,
    MOST_ANSWERS,
    OF_PERSONS,
    QUESTION,
    SHIFTED,
    Judged,
    about_respondent,
    answers_of,
    are_days,
    base_of,
    by_cells,
    by_name,
    counted,
    is_named_otherwise,
    is_one_set,
    judge,
    left_out,
    meaning_of,
    named,
    named_items,
    number_of,
    samples,
    scale_of,
    with_wording,
    wording_of,
    year_in,
)
from queries.load import dates

WIDE, LONG, COUNTS = "survey_responses", "survey_answers", "survey_counts"
PUBLISHED, ITEMS = "survey_published", "survey_items"
# What somebody answered stands in the first three; the last says of items what they are.
SURVEYS = (WIDE, LONG, COUNTS, PUBLISHED, ITEMS)
# Words that nothing but a survey has for answers: of things too it is said that they are good.
OF_SURVEYS_ALONE = ("agree", "true", "satisfied")
SAYS_SURVEY = re.compile(
    r"survey|question+a?ire|cuestionario|question[aá]rio|encuesta|pesquisa|umfrage|fragebogen"
    r"|sondage|enqu[eê]te|likert|climate", re.I,
)  # fmt: skip
SAYS_PERCENT = re.compile(r"%|percent|pct", re.I)
STAMPS = ("timestamp", "submitdate", "marcatemporal", "carimbodedatahora", "zeitstempel",
          "horodateur")  # fmt: skip


def recognised(sheets: list[Sheet]) -> dict[int, SheetMapping]:
    """The sheets that hold a survey, by the id of the sheet: answers first, then item banks."""
    banks = _banks(sheets)
    found = {}
    for sheet in sheets:
        columns = set(sheet.table.columns)
        bank = next((ids for _, ids in banks.values() if len(ids & columns) >= 3), set())
        if explains := sheet.table.attrs.get("explains"):
            found[id(sheet)] = _made(sheet, Meaning("", SURE, f"tells the codes of {explains}"), {})
            continue
        one = _in_rows(sheet) or _wide(sheet, bank)
        if one is not None:
            found[id(sheet)] = one
    asked = {name for sheet in sheets if id(sheet) in found
             for name in names_of_items(found[id(sheet)], sheet)}  # fmt: skip
    for place, (column, ids) in banks.items():
        if id(sheets[place]) not in found and len(ids & asked) >= 3:
            found[id(sheets[place])] = _item_bank(sheets[place], column)
    files = {one.file for one in found.values() if one.holds.value in SURVEYS}
    for sheet in sheets:
        if id(sheet) not in found and (told := _speaks_of_answers(sheet)):
            why = (f"tells answers of a survey ({told}) in no way that is read: export a row a "
                   "respondent, or a row a school and question with a column an answer, below one "
                   "row of headers; or write '' to leave it out")  # fmt: skip
            # Beside the answers themselves stands what somebody made of them.
            held = "" if sheet.file in files else OPEN
            found[id(sheet)] = _made(sheet, Meaning(held, ASK, why), {})
    return found


def _speaks_of_answers(sheet: Sheet) -> str:
    """What a sheet says that nothing but a survey does: three answers of one scale, or means of
    topics or questions and how many answered."""
    cells = sheet.table.head(200)
    every = [answer_of_header(name) for name in [*sheet.table, *sheet.reading.left_out]]
    rows = cells.head(2).itertuples(index=False)
    for told in (every, *rows, *(cells[name].unique() for name in cells)):
        if found := _of_scale(told):
            return ", ".join(found[:3])
    fields = {field for name in sheet.table for field in named(name)}
    means = [name for name in sheet.table if re.search(r"(?i)\b(mean|average|agree)", name)]
    is_told = fields & {"topic", "item_text", "item_id"} and "respondents" in fields
    return means[0] if means and is_told else ""


def _of_scale(told: Iterable[str]) -> list[str]:
    """Of words those that are answers of one scale that surveys alone have, if it has three."""
    keys = scales.keys({words for words in told if 0 < len(words) <= 80})
    known = [
        {key: word for word, key in keys.items() if key in places}
        for scale, places in scales.KNOWN.items()
        if scales.family(scale) in OF_SURVEYS_ALONE
    ]
    best = max(known, key=len)
    return list(best.values()) if len(best) >= 3 else []


def _banks(sheets: list[Sheet]) -> dict[int, tuple[str, set[str]]]:
    """Sheets that may list items: by their place, the column that names each item once, and its
    names."""
    found = {}
    names = [set(table).union(*(table[c].unique()[:2_000] for c in table if "item_id" in named(c)))
             for table in (sheet.table for sheet in sheets)]  # fmt: skip
    for place, table in enumerate(sheet.table for sheet in sheets):
        others = set().union(*names[:place], *names[place + 1 :])
        is_short = 3 <= len(table) <= 5_000
        if is_short and any(has_wording(table[c]) for c in table):
            keys = [c for c in table if set(table[c]) & others and table[c].is_unique
                    and not table[c].str.contains("^$| ", regex=True).any()]  # fmt: skip
            if keys:
                found[place] = (keys[0], set(table[keys[0]]))
    return found


def has_wording(cells: pd.Series) -> bool:
    return bool(cells.str.contains(r"\w \w+ \w", regex=True).mean() > 0.3)


def names_of_items(one: SheetMapping, sheet: Sheet) -> set[str]:
    column = one.column_of("item_id")
    if column is not None:
        return set(sheet.table[column])
    return {name for name, meaning in one.columns.items() if meaning.value.startswith("item")}


# Wide: one row a respondent


def _wide(sheet: Sheet, bank: set[str]) -> SheetMapping | None:
    table = sheet.table
    if len(table) < 3 or sum(1 for name in table if dates.is_day(name)) >= 10:
        return None
    if _of_scale(map(answer_of_header, table)):
        return None
    wording = table.attrs.get("wording", {})
    judged = {}
    for name in table.columns:
        words = wording.get(name) or name
        unnamed = re.fullmatch(r"column \d+", words)
        one = None if unnamed or is_named_otherwise(name, words) else judge(table[name])
        if one is not None:
            judged[name] = one
    has_meta = bool(wording) or any(
        "respondent_id" in named(name) or letters(name) in STAMPS for name in table
    )
    items = _items(judged, wording, bank, _are_scores(table, judged, has_meta))
    asked = [name for name in items if _looks_asked(name, wording.get(name) or name)]
    if _names_persons(table) and not (bank or has_meta or asked):
        return None
    kinds = Counter(judged[name].kind for name in items)
    words_of = [n for n in items if judged[n].kind == "words" and items[n].value != "item: yes_no"]
    if not (
        len(words_of) >= 2
        or (words_of and (has_meta or asked))
        or kinds["numbers"] >= (3 if bank or has_meta else 5)
        or (has_meta and (kinds["unknown"] >= 2 or len(asked) >= 3))
    ):
        return None
    why = f"a row a respondent, {len(items)} items of {len(table.columns)} columns"
    if book := table.attrs.get("labels"):
        why += f", their codes as {book} tells them"
    holds = Meaning(WIDE, SURE, why)
    says_so = bank or has_meta or len(asked) * 2 >= len(items) or SAYS_SURVEY.search(sheet.title)
    plain = [n for n in words_of if scales.family(scale_of(items[n].value)) in OF_SURVEYS_ALONE]
    if all(one.is_open for one in items.values()):
        why = ("each column has answers of several scales: are columns shifted, or rows and "
               "columns turned? Correct the file, or leave it out with ''")  # fmt: skip
        return _made(sheet, Meaning(OPEN, ASK, why), {})
    if not says_so and len(plain) < 2:
        holds = Meaning(OPEN, ASK, f"{len(items)} columns have cells as answers of a survey have "
                        "them, and no header says that they are", (WIDE,))  # fmt: skip
    return _made(sheet, holds, _columns(sheet, items, judged))


def _names_persons(table: pd.DataFrame) -> bool:
    """Whether rows name students, as those of rosters and report cards do; a bare name that comes
    again and again is a school's."""
    persons = {"student_id", "first_name", "last_name", "full_name"}
    return any(
        persons & set(fields_named(name))
        for name in table
        if letters(name) != "id" and (letters(name) != "name" or table[name].is_unique)
    )


def _are_scores(table: pd.DataFrame, judged: dict[str, Judged], has_meta: bool) -> set[str]:
    """Columns of numbers of one range, five or more where rows are neither students nor, without
    who answered, days: they may be answers, whatever they are called, unless some are questions."""
    ends = {name: max(one.numbers) for name, one in judged.items()
            if one.kind == "numbers" and len(one.counts) >= 3}  # fmt: skip
    usual = Counter(ends.values())
    dated = not has_meta and any(are_days(table[name]) for name in table if name not in judged)
    if dated or _names_persons(table):
        return set()
    found = {name for name, most in ends.items() if 4 <= most <= 7 and usual[most] >= 5}
    wording = table.attrs.get("wording", {})
    asked = sum(1 for name in found if _looks_asked(name, wording.get(name) or name))
    return set() if asked >= 3 else found


def _items(
    judged: dict[str, Judged], wording: dict[str, str], bank: set[str], scores: set[str]
) -> dict[str, Meaning]:
    """The columns that are items, and the scale of each."""
    found = {}
    sets = [(name, set(one.counts)) for name, one in judged.items() if one.kind == "unknown"]
    for name, one in judged.items():
        words = wording.get(name) or name
        meaning = meaning_of(one)
        is_item = one.kind != "several"
        if one.kind in ("numbers", "strays"):
            is_item = _is_numbered_item(name, words, one, bank, scores)
        elif one.kind == "unknown":
            is_item = any(n != name and is_one_set(s, set(one.counts)) for n, s in sets)
        elif meaning.value == "item: yes_no":
            is_item = _looks_asked(name, words) and not OF_PERSONS.search(words)
            meaning.certainty = LIKELY
        if is_item:
            found[name] = meaning
    _number(found, judged, bank)
    return found


def _is_numbered_item(name: str, words: str, one: Judged, bank: set[str], scores: set[str]) -> bool:
    if bank:
        return bool(base_of(name, bank))
    if len(one.counts) < 3 and max(one.numbers) <= 2:
        return False
    return (_looks_asked(name, words) or name in scores) and not COUNTED.search(words)


def _looks_asked(name: str, words: str) -> bool:
    return bool(QUESTION.fullmatch(name)) or "?" in words or len(words.split()) >= 4


def _number(found: dict[str, Meaning], judged: dict[str, Judged], bank: set[str]) -> None:
    """Say from where to where the numbers of each item run: to where most of them end."""
    numbered = [name for name, one in found.items() if one.value == "item: numbers"]
    if not numbered:
        return
    every = sorted(set().union(*(judged[name].numbers for name in numbered)))
    # Behind a gap stands no place of a scale: 9 beside 1 to 5 is asked about as an answer.
    gap = next((one for one, higher in pairwise(every) if one >= 3 and higher > one + 2), 10)
    ends = {name: max([n for n in judged[name].numbers if n <= gap], default=gap)
            for name in numbered}  # fmt: skip
    often = Counter(ends.values())
    usual = max(often, key=lambda most: (often[most], most))
    least = 0 if every[0] == 0 else 1
    whole = [judged[name].counts for name in numbered if ends[name] == usual]
    top = sum(c.get(str(usual), 0) for c in whole) / sum(sum(c.values()) for c in whole)
    for name, most in ends.items():
        scale = f"item: numbers_{least}_to_{max(most, usual)}"
        why = "the item bank lists it" if bank else f"says {samples(judged[name])}"
        found[name] = Meaning(scale, ASK if most < usual else LIKELY, why)
        if most < usual:
            shorter = f"item: numbers_{least}_to_{most}"
            found[name].why += f"; nobody answered {usual}: if it ends earlier, write {shorter}"
            if (1 - top / 2) ** sum(judged[name].counts.values()) < 0.003:
                found[name].value, found[name].may_be = OPEN, (shorter, scale)


def _columns(
    sheet: Sheet, items: dict[str, Meaning], judged: dict[str, Judged]
) -> dict[str, Meaning]:
    table = sheet.table
    found: dict[str, Meaning] = {}
    taken: set[str] = set()
    for name in _in_order(table):
        if name in items:
            found[name] = with_wording(items[name], wording_of(sheet, name))
            continue
        words = table.attrs.get("wording", {}).get(name) or name
        meaning = about_respondent(name, words, table[name], taken)
        if meaning is not None and (meaning.value, meaning.certainty) == ("date", LIKELY):
            # Of two days the first is that on which somebody began.
            later = list(table.columns)[list(table.columns).index(name) + 1 :]
            if any(are_days(values.cleaned(table[other])) for other in later):
                meaning = Meaning("", LIKELY, "a later day is taken")
        if meaning is None:
            meaning = left_out(name, table[name], judged.get(name))
        if meaning.value not in ("", OPEN):
            taken.add(meaning.value)
        found[name] = meaning
    return {name: found[name] for name in table.columns}


def _in_order(table: pd.DataFrame) -> list[str]:
    """Columns with the day on which a survey was sent before that on which it was begun."""
    days = ["recordeddate", "enddate", "completiontime"]
    return sorted(table.columns, key=lambda name: letters(name) not in days)


# Long: one row a respondent and item. Aggregates: one row an item, at a school


ABOUT = ("respondent_group", "school_id", "school_name", "school_year", "date", "administration",
         "survey", "topic", "reverse_scored")  # fmt: skip
IN_ROWS = ("respondent_id", "item_id", "item_text", "answer", "answers", "percent", "respondents",
           "percent_favorable", *ABOUT)  # fmt: skip


def _made(sheet: Sheet, holds: Meaning, columns: dict[str, Meaning]) -> SheetMapping:
    one = SheetMapping(sheet.file, sheet.name, holds, reading=sheet.reading.told)
    one.columns = columns
    return one


def _in_rows(sheet: Sheet) -> SheetMapping | None:
    """A sheet whose rows name items: how many gave an answer, which each person gave, or percent
    favorable; answers may be columns."""
    columns: dict[str, Meaning] = {}
    has: set[str] = set()
    for name in sheet.table:
        fields = [one for one in named(name) if one in IN_ROWS and one not in has]
        given = values.cleaned(sheet.table[name]) if fields else sheet.table[name].head(0)
        told = by_name(fields, given[given != ""])
        is_group = len(given) and by_cells(name, given) == "respondent_group"
        if told is None and is_group and "respondent_group" not in has:
            told = Meaning("respondent_group", LIKELY, "its words say it")
        if told is None or (told.is_open and fields[0] not in SHIFTED):
            told = Meaning("", LIKELY, "not used here")
        columns[name] = told
        has.add(columns[name].value)
    if "percent_favorable" in has and not has & {"item_id", "item_text"}:
        for meaning in columns.values():
            meaning.value = meaning.value.replace("topic", "item_text")
        has |= {"item_text"} if "topic" in has else set()
    if has & {"item_id", "item_text"}:
        if "answer" in has and has & {"answers", "percent"}:
            one = _made(sheet, Meaning(COUNTS, SURE, "a row an item and answer"), columns)
            return _judge_items(one, sheet)
        if (wide := _counts_in_columns(sheet, dict(columns))) is not None:
            return wide
        if "percent_favorable" in has:
            holds = Meaning(PUBLISHED, SURE, "percent favorable, a row an item")
            return _made(sheet, holds, columns)
    if not (has >= {"respondent_id", "answer"} and has & {"item_id", "item_text"}):
        columns = _keyed_by_cells(sheet, columns)
    one = _made(sheet, Meaning(LONG, SURE, "a row a respondent and item"), columns)
    return _judge_items(one, sheet) if columns else None


def _keyed_by_cells(sheet: Sheet, named_ones: dict[str, Meaning]) -> dict[str, Meaning]:
    """The columns of a sheet whose headers do not say that it is long: one holds answers of known
    scales alone, two others together are never the same twice, and both come again and again."""
    table = sheet.table.head(20_000)
    answers = [name for name in table
               if not dates.is_day(name) and _says_answers(table[name])]  # fmt: skip
    if len(answers) != 1 or len(table) < 12:
        return {}
    found = {n: m if m.value in ABOUT else Meaning("", LIKELY, "not used here")
             for n, m in named_ones.items()}  # fmt: skip
    free = [n for n in table if n not in answers and (table[n] != "").all()
            and found[n].value == "" and 1 < table[n].nunique() < len(table)]  # fmt: skip
    for who in sorted(free, key=lambda name: -table[name].nunique()):
        items = [name for name in free if name != who and not are_days(table[name])
                 and table[name].nunique() < table[who].nunique()
                 and table.groupby(name).size().min() >= 2
                 and not table.duplicated([who, name]).any()]  # fmt: skip
        if items and not are_days(table[who]) and len(table) >= 2 * table[who].nunique():
            for name in items:
                field = "item_text" if table[name].str.contains(" ").any() else "item_id"
                found[name] = Meaning(field, LIKELY, "each respondent has it once")
            found[who] = Meaning("respondent_id", LIKELY, "has every item once")
            found[answers[0]] = Meaning("answer", LIKELY, "says answers of known scales")
            for name, meaning in found.items():
                given = values.cleaned(table[name])
                given = given[given != ""]
                field = by_cells(name, given) if meaning.value == "" and len(given) else ""
                if field in ABOUT and all(one.value != field for one in found.values()):
                    found[name] = Meaning(field, LIKELY, f"says {', '.join(given.unique()[:3])}")
            return found
    return {}


def _says_answers(cells: pd.Series) -> bool:
    counts = answers_of(cells).value_counts().drop("", errors="ignore")
    if not 2 < len(counts) <= 4 * MOST_ANSWERS:
        return False
    found = scales.keys(counts.index)
    known = sum(int(n) for one, n in counts.items() if scales.is_known(found[str(one)]))
    return known >= 0.9 * counts.sum()


def _judge_items(one: SheetMapping, sheet: Sheet) -> SheetMapping:
    """The scale of each item of a sheet that has items in rows."""
    item, text, answer = map(one.column_of, ("item_id", "item_text", "answer"))
    if answer is None or not (item or text):
        return one
    if item and text:
        asked = sheet.table[[item, text]].drop_duplicates()
        if asked[text].duplicated().any() and asked[item].duplicated().any():
            one.columns[item] = Meaning("", LIKELY, "numbers items otherwise elsewhere: their "
                                        "wording tells them")  # fmt: skip
    found, judged = {}, {}
    groups = sheet.table.groupby(named_items(one, sheet), sort=False)
    for name, rows in groups:
        cells = rows[answer].drop_duplicates() if one.holds.value == COUNTS else rows[answer]
        what = judge(cells) or Judged("unknown", counted(cells))
        judged[str(name)], found[str(name)] = what, meaning_of(what)
    _number(found, judged, set())
    for name, rows in groups:
        meaning = with_wording(found[str(name)], str(rows[text].iloc[0] if text else name))
        meaning.value = meaning.value.removeprefix("item: ")
        one.items[str(name)] = meaning
    return one


def _counts_in_columns(sheet: Sheet, columns: dict[str, Meaning]) -> SheetMapping | None:
    """Counts or percentages of answers, a column each."""
    heads = {name: answer_of_header(name) for name in sheet.table}
    found = scales.keys(head for head in heads.values() if head)
    known = {n: h for n, h in heads.items() if h and scales.is_known(found[h])}
    if len(set(known.values())) < len(known):
        # Each answer has a count and a percentage: the counts tell both.
        known = {n: h for n, h in known.items() if not SAYS_PERCENT.search(n)}
    if len(set(known.values())) < len(known):
        return None
    fits = scales.fitting(found[head] for head in known.values())
    are_counted = [scales.is_counted(found[head]) for head in known.values()]
    if sum(are_counted) < 2 or not all(_are_numbers(sheet.table[name]) for name in known):
        return None
    people = next((name for name, one in columns.items() if one.value == "respondents"), None)
    is_percent = _are_percents(sheet.table, list(known), people)
    kind = "percent" if is_percent else "answers"
    if people is None and not is_percent:
        numbers = sheet.table.map(lambda cell: number_of(cell) or 0.0)
        sums = numbers[list(known)].sum(axis=1)
        for name in (n for n in columns if n not in known and columns[n].value == ""):
            if (numbers[name] == sums).mean() >= 0.8:
                columns[name] = Meaning("respondents", LIKELY, "is what the answers add up to")
                break
    for name, answer in known.items():
        columns[name] = Meaning(f"{kind}: {answer}", SURE, f"{kind} of those who answered so")
    one = _made(sheet, Meaning(COUNTS, SURE, "a row an item, a column an answer"), columns)
    says = ", ".join(known.values())
    scale = Meaning(OPEN, ASK, f"its answers are of several scales: {says}")
    if fits:
        scale = Meaning(fits[0], SURE, f"says {says}")
    one.items = {str(name): replace(scale) for name in named_items(one, sheet).unique() if name}
    return one


def _are_numbers(cells: pd.Series) -> bool:
    given = values.cleaned(cells)
    return bool(len(given)) and bool((given[given != ""].map(number_of).notna()).mean() >= 0.5)


def answer_of_header(header: str) -> str:
    """Strongly agree of % Strongly agree, Strongly agree (%), Count: Strongly agree, of a part of
    a question in brackets and of a second column of the name."""
    header = re.sub(r".*\[(.+)\]$|(.+) \(\d+\)$", r"\1\2", header)
    words = r"(%|\bpct\b|\bpercent(age)?\b( of)?|\bcount( of)?\b|#|\bn\b(?!/)|\bnumber of\b|[():_])"
    return " ".join(re.sub(words, " ", header, flags=re.I).split()).strip(" -–")


def _are_percents(table: pd.DataFrame, names: list[str], people: str | None) -> bool:
    """Whether columns of answers hold shares: a sign says so, or rows add up to 100 and not to the
    number of people."""
    if any(map(SAYS_PERCENT.search, names)):
        return True
    if table[names].apply(lambda cells: cells.str.contains("%")).any(axis=None):
        return True
    cells = table[names].map(lambda cell: number_of(cell) or 0.0)
    total = cells.sum(axis=1)
    if people is not None:
        n = table[people].map(lambda cell: number_of(cell) or 0.0)
        if ((total - n).abs() < 0.5).mean() >= 0.5:
            return False
    near = ((total - 100).abs() <= 2.5) | ((total - 1).abs() <= 0.025)
    return bool(near.mean() >= 0.5) and bool((cells % 1 > 0).any(axis=None) or len(table) >= 3)


def is_share(cells: pd.DataFrame) -> bool:
    """Whether percentages run from 0 to 1, as a spreadsheet keeps them."""
    numbers = cells.map(lambda cell: number_of(cell) if "%" not in cell else None).stack().dropna()
    return bool(len(numbers)) and bool(numbers.max() <= 1) and bool((numbers % 1 > 0).any())


def _item_bank(sheet: Sheet, key: str) -> SheetMapping:
    """What items are called, and which are scored the other way round. Of several wordings each
    stands for the school year in its header."""
    columns: dict[str, Meaning] = {}
    taken = {"item_id"}
    for name, cells in sheet.table.items():
        year = year_in(name)
        fields = [one for one in named(name) if one in ("topic", "reverse_scored", "item_text")]
        is_text = year or fields[:1] == ["item_text"] or "item_text" not in taken
        columns[name] = Meaning("", LIKELY, "not used here")
        if name == key:
            columns[name] = Meaning("item_id", SURE, "names columns of the answers")
        elif has_wording(cells) and is_text and fields[:1] != ["topic"]:
            words = f"wording of {year}" if year else "wording"
            columns[name] = Meaning(f"item_text: {year}" if year else "item_text", SURE, words)
            taken.add("item_text")
        elif fields and fields[0] not in taken and (cells != "").any():
            taken.add(fields[0])
            columns[name] = Meaning(fields[0], SURE, "by its name")
    return _made(sheet, Meaning(ITEMS, SURE, "a row an item of a survey"), columns)
