"""One column of a survey: which answers it holds, or what it says of who answered.

An item is a column whose answers are of a known scale, or numbers that an item bank, a second
header or its own wording tells to be answers.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from queries.convert import scales, values
from queries.convert.columns import fields_named, letters, vocabulary
from queries.convert.mapping import ASK, LIKELY, OPEN, SURE, Meaning, SheetMapping
from queries.convert.sheets import Sheet
from queries.load import dates

GROUPS = ("students", "families", "staff", "school_leaders")
# Numbers behind such words are not answers of a scale.
COUNTED = re.compile(
    r"\b(ids?|grade|age|years?|how (many|old)|zip|count|number of|grado|edad|cu[aá]nt[oa]s)\b", re.I
)
ASKS_SCHOOL = re.compile(
    r"\b(which|what) school (do|does|is|are|did)\b|\bname of (your|the|my)?.{0,12}school"
    r"|\byour school'?s name\b|\b(a|en)? ?(qué|que|cuál) escuela\b", re.I,
)  # fmt: skip
SAYS_WHO = re.compile(
    r"\b(are you|describes?|i am|role|position|relation\w*|respondents?|groups?|type|user|job"
    r"|title|soy|eres|rol|cargo|puesto|fonction|funktion|rolle|função|perfil)\b", re.I,
)  # fmt: skip
NAMES_SCHOOL = re.compile(
    r"\b(school|elementary|middle|high|academy|escuela|primaria|ps|ms|hs|es)\b", re.I
)
# Such a question of yes or no tells who somebody is, and not what they think.
OF_PERSONS = re.compile(
    r"\b(hispanic|latin[oax]|iep|504|english learner|gender|race|ethnicity|lunch program|homeless"
    r"|born|speak|language|twins?|consent|participate in this|take part in this|permission)\b",
    re.I,
)  # fmt: skip
# Agreeing to such a wording may be unfavorable: by what it names, or because it says no.
NEGATIVE = re.compile(
    r"\b((cyber)?bull(y|ied|ying)|unsafe|afraid|scared?|violen\w+|fights?|problems?|unkind|mean to"
    r"|gangs?|worr\w+|stress\w*|lonely|alone|anxi\w+|harm\w*|unfair(ly)?|teas(e|ed|ing)|threat\w*|rude"
    r"|attack\w*|st(eal|ole|olen)|suspended|punish\w*|struggl\w+|give up|gave up|avoid\w*|insult\w*"
    r"|sad|angry|upset|hopeless|depress\w*|frustrat\w*|nervous|tired|hungry|suicid\w*|noise"
    r"|bored|boring|burned out|get away with|too|difficult\w*|make fun|fear\w*|drugs?|weapons?|not"
    r"|never|nobody|without|lack\w*|\w+n['’]t|acoso|miedo|inseguro|sol[oa]|culpa|nunca|nadie"
    r"|dificuldades?|problemas?|falta|não|nicht|keine?|nie|angst|ne|pas|jamais|peur)\b", re.I,
)  # fmt: skip
HOW_OFTEN = re.compile(r"\W*(how often|how frequently|con qué frecuencia)\b", re.I)
QUESTION = re.compile(r"(q|question|item|pregunta)[ _.-]?\d+([._-]\w+)*", re.I)
MOST_ANSWERS, LONGEST = 20, 80


@dataclass
class Judged:
    """What the answers of one column are: words of a scale, numbers, or a set that is unknown."""

    kind: str  # words, numbers, mixed, strays (numbers but for a few), unknown, several
    counts: dict[str, int]
    found: dict[str, str] = field(default_factory=dict)  # the letters of every answer

    @property
    def numbers(self) -> list[int]:
        return [int(one) for one in self.counts if one.isdecimal()]


def answers_of(cells: pd.Series) -> pd.Series:
    """Answers as they stand, '' for none: -99 is none, and so is a header once more; 4.0 is 4."""
    return cells.map({cell: "" if cell == cells.name else _answer(cell) for cell in cells.unique()})


def _answer(cell: str) -> str:
    return "" if cell.lower() in scales.NO_ANSWER else values.id_of(cell)


def counted(cells: pd.Series) -> Counter[str]:
    """How many gave each answer."""
    counts = Counter({str(a): int(n) for a, n in answers_of(cells).value_counts().items()})
    del counts[""]
    return counts


def judge(cells: pd.Series) -> Judged | None:
    """What the answers of a column are, None where they are no set of answers."""
    counts = counted(cells)
    if not counts or len(counts) > 5 * MOST_ANSWERS:
        return None
    numbers = {one for one in counts if one.isdecimal() and int(one) <= 10}
    if len(numbers) == len(counts):
        return Judged("numbers", counts)
    found = scales.keys(one for one in counts if one not in numbers)
    rows = sum(counts.values())
    known = sum(n for one, n in counts.items() if scales.is_known(found.get(one, "")))
    few = len(counts) <= MOST_ANSWERS and max(map(len, counts)) <= LONGEST
    if few and known * 2 >= rows and any(scales.is_counted(key) for key in found.values()):
        return Judged("mixed" if numbers else "words", counts, found)
    if few and numbers and known and sum(counts[one] for one in numbers) * 2 >= rows:
        return Judged("mixed", counts, found)
    if few and len(numbers) > 2 and sum(counts[one] for one in numbers) * 10 >= rows * 9:
        return Judged("strays", counts)
    if _holds_several(counts):
        return Judged("several", counts)
    repeated = 3 <= len(counts) <= 8 and rows >= 3 * len(counts) and max(map(len, counts)) <= 50
    words = all(re.search(r"[^\W\d_]{2}|^[A-Z]\d$|^\W$", one) for one in counts)
    return Judged("unknown", counts, found) if repeated and words else None


def _holds_several(counts: dict[str, int]) -> bool:
    """Whether cells hold several answers: pieces between commas that come again in others."""
    for mark in (", ", ";", ","):
        pieces: Counter[str] = Counter()
        for cell, rows in counts.items():
            pieces.update({piece.strip(): rows for piece in cell.split(mark) if piece.strip()})
        cut = sum(rows for cell, rows in counts.items() if mark in cell)
        short = max(map(len, pieces)) <= 60
        if cut * 10 >= sum(counts.values()) and len(pieces) < len(counts) and short:
            return True
    return False


def named(header: str) -> list[str]:
    """The fields of a survey that a header may mean."""
    plain = re.sub(r"%|\bpct\b", " percent ", re.sub(r"#", " number of ", header.strip().lower()))
    known = vocabulary("survey_names.csv")
    found = known.get(letters(plain)) or known.get(letters(header), [])
    if found:
        return found
    return [one for one in fields_named(header) if one in ("school_id", "school_name")]


def named_items(one: SheetMapping, sheet: Sheet) -> pd.Series:
    """The item of each row of a sheet with items in rows. Where answers have rows, and an item is
    blank, it is the one above: its cells were merged."""
    cells = sheet.table[one.column_of("item_id") or one.column_of("item_text") or ""]
    answer = one.column_of("answer")
    if answer is None or one.column_of("respondent_id"):
        return cells
    return cells.mask((cells == "") & (sheet.table[answer] != "")).ffill().fillna("")


def base_of(header: str, bank: set[str]) -> str:
    """The item of a bank that a column is: s-1 too for s-1-1, where one question had two forms."""
    if header in bank:
        return header
    base = re.sub(r"[-_.]\d+$", "", header)
    return base if base in bank else ""


def means(words: str, what: str) -> bool:
    """Whether words are among those that a survey's headers and cells have for something: a group,
    not_taken (how it was answered, and never what), answered, or not_answered (a trial)."""
    return what in vocabulary("survey_words.csv").get(letters(words), ())


def _are_statuses(given: pd.Series) -> bool:
    return all(means(one, "answered") or means(one, "not_answered") for one in given.unique())


def is_named_otherwise(header: str, words: str) -> bool:
    """Whether a header, or the words below it, is the name of something else than an item, in a
    survey or elsewhere."""
    for name in {header, words}:
        of_survey = [one for one in named(name) if one not in ("item_id", "item_text", "answer")]
        if of_survey or fields_named(name) or means(name, "not_taken"):
            return True
    return False


def is_one_set(one: set[str], other: set[str]) -> bool:
    """Whether two columns have the same answers to choose from, though not all were chosen."""
    return len(one & other) >= 0.6 * len(one | other)


def meaning_of(one: Judged) -> Meaning:
    """The scale of answers, what is odd about them, or that they are none."""
    if one.kind == "words":
        return _of_words(one)
    if one.kind in ("mixed", "strays"):
        strays = [answer for answer in one.counts if not answer.isdecimal()]
        return Meaning(OPEN, ASK, f"has words and numbers for answers: {', '.join(strays[:4])}; "
                       "correct the file, or leave the column out with ''")  # fmt: skip
    if one.kind == "several" or len(one.counts) > MOST_ANSWERS:
        return Meaning("", ASK, f"is no item: {samples(one)}; left out")
    return Meaning(f"item: {one.kind}", LIKELY)


def _of_words(one: Judged) -> Meaning:
    fits = [scale for scale in scales.fitting(one.found.values())
            if scales.run_as(one.found, scale)]  # fmt: skip
    if fits:
        return Meaning(f"item: {fits[0]}", SURE, f"says {samples(one)}")
    by_key: Counter[str] = Counter()
    for answer, key in one.found.items():
        by_key[key] += one.counts[answer]
    best = scales.nearest(by_key)
    strays = [a for a, key in one.found.items()
              if scales.is_counted(key) and key not in scales.KNOWN.get(best, {})]  # fmt: skip
    others = [a for a in strays if scales.is_known(one.found[a])]
    alike = scales.fitting(key for key in one.found.values() if key in scales.KNOWN.get(best, {}))
    if best and not others and (best not in alike or not scales.run_as(one.found, best)):
        return Meaning("item: unknown", LIKELY)  # two answers at one place: the words of another
    if not best or others or not strays:
        return Meaning(
            OPEN, ASK, f"has answers of several scales: {samples(one, 8)}; are columns shifted? "
            "Correct the file, or leave the column out with ''",
        )  # fmt: skip
    return Meaning(f"item: {best}", LIKELY, f"says {samples(one)}, and what is asked below")


def with_wording(meaning: Meaning, wording: str) -> Meaning:
    family = scales.family(scale_of(meaning.value))
    if HOW_OFTEN.match(wording) and family in ("agree", "yes", "satisfied", "true"):
        why = f"asks how often, and its answers are others ({meaning.why}): are columns shifted?"
        return Meaning(OPEN, ASK, f"{why} Correct the file, or leave the column out with ''")
    if meaning.certainty != ASK and NEGATIVE.search(wording):
        why = (f"{meaning.why}; “{wording[:60]}” sounds as if agreeing were unfavorable: if so, "
               f'write "{meaning.value}, reversed"')  # fmt: skip
        return Meaning(meaning.value, ASK, why)
    return meaning


def wording_of(sheet: Sheet, name: str) -> str:
    """What was asked: the second header's words, or the column's name; of a grid its row."""
    words = sheet.table.attrs.get("wording", {}).get(name) or name
    words = " ".join(words.split())
    grid = re.fullmatch(r"(.*\S)\s*\[(.+)\]", words) or re.fullmatch(r"(.*\S)\s+-\s+(\S.*)", words)
    if grid and len(grid[2].split()) >= 3:
        return grid[2].strip()
    return words


def about_respondent(name: str, words: str, cells: pd.Series, taken: set[str]) -> Meaning | None:
    """What a column says of the respondent or the survey, by its name, the words below that and its
    cells; None for none."""
    given = values.cleaned(cells)
    given = given[given != ""]
    fields = [one for one in named(name) or named(words) if one not in (*taken, *OF_ITEMS)]
    # A bare id of a row is that of who answered.
    meaning = by_name(["respondent_id"] if letters(name) == "id" else fields, given)
    if meaning is not None:
        return meaning
    if means(name, "not_taken") or means(words, "not_taken"):
        return Meaning("", SURE, "is not taken along")
    field = by_cells(words, given) if len(given) else ""
    if field == "respondent_group" and field not in taken and not SAYS_WHO.search(words):
        why = f"says {', '.join(given.unique()[:3])}: is that who answered? Else write ''"
        return Meaning(OPEN, ASK, why, (field,))
    same = [field, "school_id"] if field == "school_name" else [field]
    if field and field not in taken and set(fields_named(name)[:1]) <= set(same):
        return Meaning(field, LIKELY, f"says {', '.join(given.unique()[:3])}")
    return None


def by_name(fields: list[str], given: pd.Series) -> Meaning | None:
    """The first field that a column may be by its name and by what is given there; a question
    where cells are another thing than their name."""
    fits = [one for one in fields if len(given) and one in FITS and FITS[one](given)]
    if fits:
        return Meaning(fits[0], SURE, "by its name, and its cells can be that")
    asked = [one for one in fields if one in SHIFTED]
    if asked and len(given):
        why = (f"is named as {asked[0].replace('_', ' ')}, but its cells are not: "
               f"{', '.join(given.unique()[:3])}; are columns shifted? Correct the file, or write "
               "'' to leave it out")  # fmt: skip
        return Meaning(OPEN, ASK, why)
    return None


def by_cells(words: str, given: pd.Series) -> str:
    """What cells say whatever their column is called: who answered, where, when, and whether it
    was a trial."""
    some = given.unique()[:100]
    if given.nunique() <= 20 and all(group_of(one) and len(one.split()) <= 4 for one in some):
        return "respondent_group"
    if _are_statuses(given) and any(len(one) > 4 for one in some):
        return "response_status"
    is_school = bool(ASKS_SCHOOL.search(words)) or all(map(NAMES_SCHOOL.search, some))
    if is_school and FITS["school_name"](given) and max(map(len, some)) <= 60:
        return "school_name"
    if are_days(given):
        orders = dates.orders_of(some)
        years = {day.year for one in some if (day := dates.day_of(one, orders[0])) is not None}
        return "date" if len(years) <= 4 and dates.SPREADSHEET not in orders else ""
    return ""


def left_out(name: str, cells: pd.Series, one: Judged | None) -> Meaning:
    if not (cells != "").any():
        asked = bool(QUESTION.fullmatch(name)) or "?" in name
        words = "is blank: nobody was asked, or columns are shifted" if asked else "is blank"
        return Meaning("", ASK if asked else SURE, words)
    if name == "column 1" and cells.is_unique:
        return Meaning("", LIKELY, "names the rows")
    if re.fullmatch(r"column \d+", name):
        return Meaning(OPEN, ASK, "has no name and is not blank: are columns shifted? Correct the "
                       "file, or write '' to leave it out")  # fmt: skip
    again = int(cells[cells != ""].duplicated().sum())
    if "student_id" in fields_named(name) and 0 < again * 4 <= len(cells):
        return Meaning(OPEN, ASK, f"names a student again in {again:,} rows: take out of the file "
                       "what does not count, or write '' to count every row")  # fmt: skip
    if one is not None and one.kind == "several":
        return Meaning("", ASK, "has several answers in a cell, so it is no item: left out")
    if one is not None:
        why = f"says {samples(one)}: it may be an item, and nothing says so; left out"
        return Meaning("", ASK, why)
    return Meaning("", LIKELY, "not used here")


def samples(one: Judged, most: int = 4) -> str:
    return ", ".join(answer[:30] for answer in list(one.counts)[:most])


def key_of(name: str) -> str:
    """A name without what is written now this way and now that."""
    return letters(name) or name


def group_of(said: str) -> str:
    """students, families, staff or school_leaders of Parent or guardian; '' of none or several."""
    words = re.findall(r"[^\W\d_]+", said)
    found = {group for group in GROUPS if any(means(word, group) for word in words)}
    return found.pop() if len(found) == 1 else ""


def _words(given: pd.Series) -> bool:
    return bool(given.str.contains(r"[^\W\d_]{2}", regex=True).mean() >= 0.9)


def are_days(given: pd.Series) -> bool:
    some = pd.Series(given.unique()[:300], dtype=object)
    return bool(dates.orders_of(some)) and not some.str.fullmatch(r"\d{4}").any()


def _numbers(given: pd.Series) -> bool:
    return all(number_of(one) is not None for one in given.unique())


def _shares(given: pd.Series) -> bool:
    return _numbers(given) and not given.str.startswith("-").any()


def number_of(cell: str) -> float | None:
    """A number, with a percent sign or without."""
    return values.number_of(cell.strip().removesuffix("%").strip())


FITS = {
    "respondent_id": lambda g: g.is_unique or g.nunique() > 3,
    "respondent_group": lambda g: _words(g) and g.nunique() <= 20,
    "date": are_days,
    "school_year": lambda g: all(values.school_year_of(one) for one in g.unique()),
    "administration": lambda g: _words(g) and g.nunique() <= 6,
    "response_status": _are_statuses,
    "finished": lambda g: all(values.yes_no_of(one) for one in g.unique()),
    "school_id": lambda g: not are_days(g) and bool(g.str.fullmatch(r"[\w.-]{1,20}").all()),
    "school_name": lambda g: _words(g) and g.nunique() <= max(60, len(g) // 2),
    "topic": _words,
    "survey": _words,
    "item_id": lambda g: bool(g.str.fullmatch(r"\S{1,60}").all()),
    "item_text": _words,
    "answer": lambda g: g.nunique() <= 60,
    "answers": _numbers,
    "percent": _shares,
    "percent_favorable": _shares,
    "respondents": _numbers,
    "reverse_scored": lambda g: g.nunique() <= 3,
}
# What a row an item has, and no row a respondent.
OF_ITEMS = ("item_id", "item_text", "answer", "answers", "percent", "percent_favorable", "topic",
            "respondents", "reverse_scored")  # fmt: skip
# A column of such a name whose cells are something else tells that cells stand in other columns.
SHIFTED = ("respondent_group", "date", "school_year", "response_status", "finished", "school_name",
           "answers", "percent")  # fmt: skip


def year_in(words: str) -> str:
    """The school year that words name: 2022_23, (22-23), fall 2025; '' for none."""
    for first, second in re.findall(r"(?<!\d)(?:20)?(\d\d)\s?[-_–/ ]\s?(?:20)?(\d\d)(?!\d)", words):
        year = values.school_year_of(f"{first}-{second}")
        if year:
            return year
    years = sorted(map(int, set(re.findall(r"(?<!\d)20\d\d(?!\d)", words))))
    if len(years) == 2 and years[0] + 1 == years[1]:
        return values.school_year_of(f"{years[0]}-{years[1]}")
    season = re.search(r"(fall|autumn|spring)[ _-]?(20\d\d)|(20\d\d)[ _-]?(fall|autumn|spring)",
                       words, re.I)  # fmt: skip
    if season:
        turns = int(season[2] or season[3])
        first = turns - 1 if (season[1] or season[4]).lower() == "spring" else turns
        return f"{first}-{(first + 1) % 100:02d}"
    return ""


def scale_of(value: str) -> str:
    """agree_5 of item: agree_5, reversed."""
    return value.removeprefix("item:").partition(",")[0].strip()


def is_flag(cell: str) -> bool:
    return values.yes_no_of(cell) == "yes" or cell.lower() in ("r", "rev", "reverse", "reversed")
