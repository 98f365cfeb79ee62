"""How culture beside absence reads: facts side by side, and a question to take to each school.

Rows of together/by_school in, words out. No sentence says that one comes from the other.
"""

import pandas as pd

from pages.shared import formats
from pages.shared.formats import count, listed, number
from queries.answer import kept

# What a survey is looked through for, and how it reads in a sentence.
MEASURES = {
    "caring adult": "a caring adult",
    "safety": "safety",
    "trust": "trust",
    "asking questions": "asking questions",
}
# What one could go and ask where answers on a topic, or causes of a family, stand apart.
TO_ASK = {
    "belonging": "who there could be asked what mornings are like?",
    "safety": "who could say where it does not feel safe, on the way or inside?",
    "trust": "what would people say if they were asked what they need from each other?",
    "learning": "who could tell what happens when a student does not understand?",
    "aversion": "what happens in the hour before school, and who is safe to come to?",
    "disengagement": "what would students come for, and which adult could be theirs?",
}
# As many questions as one reads at a glance.
QUESTIONS_SHOWN = 6
NO_ITEM = "There are no answers here to set beside absence"
FAMILIES_ARE_FOR_STAFF = (
    "Avoiding school and lost interest are shown to staff alone: school by school they are too few."
)
PROMPTS_CAPTION = (
    "Made by rule: a share stands apart where the 95% interval of its difference from the other "
    "schools together leaves zero out. Of every twenty such comparisons about one does so by "
    "chance alone, and who works there knows more."
)


@kept
def _newest(table: pd.DataFrame) -> pd.DataFrame:
    return table[table.recent == 1]


def _items(table: pd.DataFrame) -> pd.DataFrame:
    return table[table.kind == "item"].sort_values("place", kind="stable")


def _who(table: pd.DataFrame) -> str:
    """'staff': who answered; '' where nobody did."""
    groups = table.respondent_group.dropna().unique()
    return ", ".join(formats.sentence_case(name).lower() for name in groups)


@kept
def side_by_side(table: pd.DataFrame) -> str:
    """Where absence and what people say both stand apart from the other schools."""
    items = _items(_newest(table))
    if items.empty:
        return NO_ITEM
    both = [
        name
        for name, rows in _by_school(table).items()
        if _apart(rows, "absence", "above") and _apart(rows, "item", "below")
    ]
    if table.school_name.nunique() == 1:
        return f"Absence and what {_who(items)} say, side by side"
    if not both:
        return "No school stands clearly apart in both absence and culture"
    verb = "stands" if len(both) == 1 else "stand"
    return (
        f"{listed(both)} {verb} clearly apart on both: more chronic absence than the other "
        f"schools, less agreement among {_who(items)}"
    )


@kept
def side_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line."""
    return side_by_side(table).split(": more chronic")[0]


@kept
def prompts_at_a_glance(table: pd.DataFrame) -> str:
    """How many schools there is a question for, in one line of half a page."""
    return prompts_reading(table).split(": ")[0]


@kept
def _by_school(table: pd.DataFrame) -> dict[str, list]:
    """The newest rows of each school, in the order of the table: as plain rows, for a page asks a
    dozen questions of each, and each filter of a table took a millisecond."""
    schools: dict[str, list] = {}
    for row in _newest(table).sort_values("place", kind="stable").itertuples():
        schools.setdefault(row.school_name, []).append(row)
    return {name: schools[name] for name in table.school_name.unique() if name in schools}


def _apart(rows: list, kind: str, standing: str) -> list:
    return [row for row in rows if row.kind == kind and row.standing == standing]


@kept
def side_caption(table: pd.DataFrame, chronic: str) -> str:
    """How to read the strips, of how many students, and what they cannot show."""
    newest = _newest(table)
    absent = newest[newest.kind == "absence"]
    words = (
        "Each strip runs from 0% to 100%: the full dot is the newest year with its 95% interval, "
        "the open dot the whole year before. "
    )
    if newest.others.notna().any():
        words += (
            "The tick is the other schools together; a dot has a color where it stands clearly "
            "apart from them. "
        )
    if len(absent):
        words += f"Students {chronic}: {absent.iloc[0].school_year}{_students(absent)}. "
    if formats.is_coded(table):
        words += f"{FAMILIES_ARE_FOR_STAFF} "
    elif (newest.kind == "family").any():
        words += (
            "Avoiding school and lost interest are families of causes: shares of the students "
            "chronically absent of whom a cause is known. "
        )
    if _who(newest):
        words += f"Answers to the survey are according to {_who(newest)}. "
    return words + no_claim(table)


def no_claim(table: pd.DataFrame) -> str:
    """'9 schools cannot show a connection, and none is claimed.'"""
    schools = table.school_name.nunique()
    named = "One school" if schools == 1 else f"{count(schools)} schools"
    return f"{named} cannot show a connection, and none is claimed."


def picture_caption(table: pd.DataFrame) -> str:
    """The same in short, for the lines below a picture."""
    who = _who(_newest(table))
    words = f"Answers according to {who}. " if who else ""
    return (
        f"{words}Open dot: the whole year before; tick: the other schools together; color: clearly "
        f"apart from them. {no_claim(table)}"
    )


def asked(table: pd.DataFrame) -> str:
    """'“Students feel safe at school”; “…”': the items without n, for a picture."""
    shown = _items(_newest(table)).drop_duplicates("measure")
    return "; ".join(formats.quoted_item(row) for row in shown.itertuples()) or NO_ITEM


def _students(absent: pd.DataFrame) -> str:
    """', n = 427 to 495 students a school'; '' where it is withheld."""
    sizes = absent.n.dropna()
    if sizes.empty:
        return ""
    about = "about " if formats.is_coded(absent) else ""
    return f", n = {about}{_range(sizes)} students a school"


def _range(sizes: pd.Series) -> str:
    low, high = count(sizes.min()), count(sizes.max())
    return low if low == high else f"{low} to {high}"


@kept
def items(table: pd.DataFrame) -> list[tuple[str, str]]:
    """The items behind the strips: ('Safety', '“Students feel safe at school”, according to
    staff in 2025-26, 25 to 43 answers a school')."""
    shown = _items(_newest(table))
    lines = []
    for measure, rows in shown.groupby("measure", sort=False):
        row, told = rows.iloc[0], rows.dropna(subset=["n"])
        n = ""
        if len(told):
            n = f", {formats.answers_told(told.n.min(), told.n_high.max())} a school"
        said = f"according to {_who(rows)} in {row.school_year}"
        text = f"{formats.quoted_item(row)}, {said}{n}"
        lines.append((formats.sentence_case(measure), text))
    missing = [said for measure, said in MEASURES.items() if measure not in set(shown.measure)]
    if len(shown) and missing:
        lines.append(("Not asked", f"{_who(shown)} were not asked about {listed(missing)}"))
    return lines


@kept
def prompts(table: pd.DataFrame) -> list[tuple[str, str]]:
    """A question for each school, by rule: what stands clearly apart from the other schools, then
    whom one could ask. Schools at which nothing does share one, at the end."""
    apart: list[tuple[str, str]] = []
    alike: list[str] = []
    untold: list[str] = []
    for name, rows in sorted(_by_school(table).items()):
        question = _prompt(rows)
        if question:
            apart.append((name, question))
        else:
            is_told = any(not formats.is_missing(row.standing) for row in rows)
            (alike if is_told else untold).append(name)
    if alike:
        label = "Elsewhere" if apart else "Everywhere" if len(alike) > 1 else "Here"
        words = f"nothing stands apart at {listed(alike)}: what do people there see that no "
        apart.append((label, f"{words}figure here shows?"))
    if untold:
        words = f"{listed(untold)} cannot be set beside other schools here: what would students, "
        apart.append(("Not compared", f"{words}families and staff there say?"))
    return apart


def _prompt(rows: list) -> str:
    """What stands apart at one school, and a question on it; '' where nothing does."""
    low, high = _apart(rows, "item", "below"), _apart(rows, "item", "above")
    families = [row.measure for row in _apart(rows, "family", "above")]
    named = [formats.FAMILIES.get(family, family) for family in families]
    facts = [
        f"{way} chronic absence"
        for way, standing in (("more", "above"), ("less", "below"))
        if _apart(rows, "absence", standing)
    ]
    if families:
        facts.append(f"more {listed(named)} among the causes known")
    for way, apart in (("less", low), ("more", high)):
        if apart:
            said = [MEASURES.get(row.measure, row.measure) for row in apart]
            facts.append(f"{way} agreement on {listed(said)}")
    if not facts:
        return ""
    to_ask = [*(row.topic for row in low), *families]
    if to_ask:
        question = TO_ASK[to_ask[0]]
    elif _apart(rows, "absence", "above"):
        question = "whom could we ask what keeps students away that no item here asks about?"
    else:
        question = "what could people there tell the other schools, if we came to listen?"
    return f"{listed(facts)} than at the other schools: {question}"


@kept
def prompts_reading(table: pd.DataFrame) -> str:
    """At how many schools something stands apart."""
    schools = [bool(_prompt(rows)) for rows in _by_school(table).values()]
    if len(schools) == 1:
        return "A question to take along"
    return (
        f"Something stands apart at {count(sum(schools))} of "
        f"{number(len(schools), 'school', 'schools')}: questions to take along, not answers"
    )


def years(table: pd.DataFrame) -> str:
    """Over which years one school is shown."""
    told = sorted(table.school_year.unique())
    span = told[0] if len(told) == 1 else f"{told[0]} to {told[-1]}"
    return f"{table.iloc[0].school_name}, year by year: {span}"


@kept
def years_caption(table: pd.DataFrame, under_way: bool) -> str:
    """How to read the years of a school."""
    newest = table[table.kind == "absence"].school_year.max()
    words = "Each dot with its 95% interval. Earlier years are whole"
    words += f"; {newest} is up to the day above. " if under_way else ". "
    items = _items(table)
    if len(items):
        words += (
            f"Items are according to {_who(items)}; the line breaks where one was worded or scaled "
            "otherwise. "
        )
    return words + "Lines beside each other are no proof that one moves the other."


@kept
def absence_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The rows on students, for a table."""
    rows = table[table.kind != "item"].rename(columns={"n": "students"})
    return rows.drop(columns="n_high", errors="ignore")


@kept
def item_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The rows on answers, for a table."""
    return _items(table).sort_values(["school_name", "school_year", "place"], kind="stable")
