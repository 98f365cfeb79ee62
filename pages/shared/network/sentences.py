"""How it reads what schools share, and who is at the table. Tables in, words out."""

import pandas as pd

from pages.shared import formats
from pages.shared.causes import sentences as causes_sentences
from pages.shared.formats import count, day, listed, number, one_line
from queries.answer import kept

# To how many partners one brief is addressed: more would not come to one conversation.
PARTNERS_ASKED = 3
# Of more names than these the first ones are said.
NAMES_SAID = 4
NO_BRIEF = "Too few students share a cause here for a brief that everybody may read"
SEATS = ("partner", "family", "student", "nurse", "teacher")


@kept
def partners_of(partners: pd.DataFrame, name: str) -> pd.DataFrame:
    """The partners that work on a cause, however it is capitalized; rows of causes/partners."""
    wanted = name.strip().lower()
    is_of_it = [cause.strip().lower() == wanted for cause in partners.cause]
    return partners[pd.Series(is_of_it, partners.index, dtype=bool)]


def partners(shared: pd.DataFrame) -> str:
    """For how many of the causes that we see nobody who works on them is at the table."""
    if shared.empty:
        return f"What partners could be asked about is {causes_sentences.nothing(shared)}"
    alone = shared[shared.partners_at_table == 0]
    if alone.empty:
        return "Somebody who works on it is at the table for every cause"
    causes = number(len(shared), "cause", "causes")
    causes += " that may be told" if formats.is_coded(shared) else ""
    return f"For {count(len(alone))} of {causes} nobody who works on it is at the table"


def partners_at_a_glance(shared: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    if shared.empty:
        return "Who works on it"
    alone = int((shared.partners_at_table == 0).sum())
    if not alone:
        return "Somebody is at the table for every cause"
    return f"Nobody at the table for {count(alone)} of {number(len(shared), 'cause', 'causes')}"


@kept
def partner_line(cause: str, known: pd.DataFrame) -> tuple[str, str]:
    """A cause with the partners that work on it: who is at the table, and who could be asked."""
    mine = partners_of(known, cause)
    seated, others = mine[mine.at_table], mine[~mine.at_table]
    if mine.empty:
        return causes_sentences.cause(cause), "we know no partner who works on it."
    words = []
    if len(seated):
        words.append(f"{listed(seated.partner_name, NAMES_SAID)} at the table")
    else:
        words.append("nobody at the table")
    if len(others):
        words.append(f"to ask: {listed(others.partner_name, NAMES_SAID)}")
    return causes_sentences.cause(cause), "; ".join(words) + "."


def asked_first(shared: pd.DataFrame, cause: str) -> pd.DataFrame:
    """The causes that schools share, this one first; none where it may not be told."""
    mine = shared.cause == cause
    return pd.concat([shared[mine], shared[~mine]]) if mine.any() else shared.head(0)


def of_schools(
    schools: int, there: int, coded: bool, one: str = "school", several: str = "schools"
) -> str:
    """'4 of 9 schools', 'all 9 schools'; of the share view 'at least 4 of 9 schools', as another
    may have the cause and not be told."""
    if schools == there > 1:
        return f"all {number(there, one, several)}"
    least = "at least " if coded and 0 < schools < there else ""
    return f"{least}{count(schools)} of {number(there, one, several)}"


def with_schools(shared: pd.DataFrame, there: int) -> pd.DataFrame:
    """The causes with a column of_schools, which says the same in words; '' where none is told."""
    coded = formats.is_coded(shared)
    return shared.assign(
        of_schools=[
            of_schools(int(schools), there, coded) if schools else ""
            for schools in shared.schools.fillna(0)
        ]
    )


@kept
def where_and_who(
    by_school: pd.DataFrame, asked: pd.DataFrame, cause: str, there: int
) -> list[str]:
    """At how many of the schools there are a cause is found and at which, the most first, and who
    works on it at a table."""
    lines, coded = [], formats.is_coded(by_school)
    told = by_school[by_school.cause == cause].dropna(subset=["students"])
    told = told.sort_values("students", ascending=False, kind="stable")
    if len(told):
        schools = [f"{row.school_name} {count(row.students)}" for row in told.itertuples()]
        what = "Students, about" if coded else "Students"
        known = f"Known in {of_schools(len(told), there, coded)}."
        lines.append(f"{known} {what}: {listed(schools, NAMES_SAID)}.")
    elif coded and cause:
        lines.append("At which schools is withheld.")
    seated = asked[asked.at_table]
    if len(seated):
        lines.append(f"At the table: {listed(seated.partner_name, NAMES_SAID)}.")
    return lines


def conversation(
    shared: pd.DataFrame, where: str | None, schools_there: int, by_hand: bool = False
) -> str:
    """The cause that most schools of a place share, and who is missing; rows of
    network/shared_causes for this place. where: a neighborhood, or None. by_hand: of schools that
    somebody chose, which may not be all of the neighborhood's."""
    one, several = ("chosen school", "chosen schools") if by_hand else ("school", "schools")
    place = where or ("these schools" if schools_there > 1 else "this school")
    if by_hand and where:
        place = f"the chosen schools of {where}"
    if shared.empty:
        return f"What keeps students in {place} from school is {causes_sentences.nothing(shared)}"
    row, coded = shared.iloc[0], formats.is_coded(shared)
    schools = 0 if formats.is_missing(row.schools) else int(row.schools)
    students = _reached(row)
    of = of_schools(schools, schools_there, coded, one, several)
    if schools > 1:
        words = f"{causes_sentences.cause(row.cause)} is shared by {of}" + (
            f" in {where}" if where else ""
        )
    elif students:
        words = f"{causes_sentences.cause(row.cause)} keeps {students} in {place} from school"
    elif coded and formats.is_missing(row.students):
        return f"What keeps students in {place} from school is withheld"
    else:
        words = f"{causes_sentences.cause(row.cause)} is known at {of}" + (
            f" in {where}" if where else ""
        )
    return f"{words}, and {_at_table(row)}"


def _reached(row) -> str:
    """'about 90 students', '1 student'; '' where it is withheld or not known."""
    return "" if formats.is_missing(row.students) else formats.students(row)


def _at_table(row) -> str:
    """Whether anybody who works on a cause sits at one of the tables."""
    if row.partners_known == 0:
        return "we know no partner who works on it"
    if row.partners_at_table == 0:
        return f"no partner for {row.cause} is at the table"
    if row.partners_at_table == row.partners_known:
        return "every partner we know for it is at a table"
    verb = "is" if row.partners_at_table == 1 else "are"
    seated = f"{count(row.partners_at_table)} of {count(row.partners_known)}"
    return f"{seated} partners for it {verb} at a table"


def conversation_caption(shared: pd.DataFrame, unknown: pd.DataFrame, chronic: str) -> str:
    """How many students one conversation would reach, and what it rests on."""
    words = ""
    if len(shared):
        students = _reached(shared.iloc[0])
        words = (
            f"One conversation with every school here would reach {students}. " if students else ""
        )
    share = causes_sentences.share_not_known(unknown)
    if share not in (formats.WITHHELD, formats.UNKNOWN):
        words += f"Of the students {chronic} we do not know why for {share}: it may be more. "
    return (
        f"{words}A cause is what somebody learned and wrote down this year; a student may have "
        "several."
    )


@kept
def who_to_ask(shared: pd.DataFrame, known: pd.DataFrame) -> str:
    """The partners that are missing, by name; '' where none is known."""
    asked = asked_partners(shared, known)
    if asked.empty or asked.at_table.all():
        return ""
    missing = asked[~asked.at_table]
    return f"Missing from the table: {listed(missing.partner_name, NAMES_SAID)}"


def asked_partners(shared: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Whom a brief is for: at most three partners of the leading cause, the missing ones first."""
    if shared.empty:
        return known.head(0)
    mine = partners_of(known, shared.iloc[0].cause)
    return mine.sort_values(["at_table", "partner_name"]).head(PARTNERS_ASKED)


@kept
def ranked(shared: pd.DataFrame) -> str:
    """How many causes several schools share."""
    if shared.empty:
        return f"Which causes there are is {causes_sentences.nothing(shared)}"
    several = shared[shared.schools.fillna(0) > 1]
    if several.empty:
        return "No cause is known to be shared by several schools"
    alone = several[several.partners_at_table == 0]
    known, of = ("", "")
    if formats.is_coded(shared):
        known, of = "known to be ", ", of those that may be told"
    verbs = (f"cause is {known}shared", f"causes are {known}shared")
    words = f"{number(len(several), *verbs)} by several schools{of}"
    if alone.empty:
        return f"{words}, and somebody who works on it is at a table for each"
    verb = "has" if len(alone) == 1 else "have"
    return f"{words}; {count(len(alone))} of them {verb} nobody at the table who works on it"


def ranked_caption(shared: pd.DataFrame, chronic: str) -> str:
    """What the bars are."""
    return (
        f"Students {chronic} by understood cause, the one that most schools share first. Strong "
        "color: no partner who works on it is at any of these tables. Bars do not add up: a "
        f"student may have several causes. {causes_sentences.first_ones(shared)}"
        f"{causes_sentences.as_loaded(shared)}{causes_sentences.withheld(shared)}"
    ).rstrip()


@kept
def grid(by_school: pd.DataFrame, shared: pd.DataFrame, schools: list[str]) -> str:
    """Where the cause that most schools share is found; rows of network/cause_by_school."""
    found = by_school.dropna(subset=["students"])
    first = next((name for name in shared.cause if name in set(found.cause)), None)
    if first is None:
        return "No cause can be told of a single school"
    rows = found[found.cause == first]
    if len(schools) == 1:
        return f"Which causes at {schools[0]}"
    known = of_schools(len(rows), len(schools), formats.is_coded(by_school))
    words = f"{causes_sentences.cause(first)} is known in {known}"
    most = list(rows[rows.students == rows.students.max()].school_name)
    return f"{words}, most at {most[0]}" if len(most) == 1 else words


COUNTS_TWICE = "A student who moved counts at both schools, once in all."


def grid_caption(by_school: pd.DataFrame) -> str:
    """What a cell is, and what stands where it is not told."""
    words = (
        "Chronically absent students with the cause; a student who moved may count at both. "
        "The first causes; the table has all."
    )
    if formats.is_coded(by_school):
        words += " A dash is withheld: nobody, too few to show, or needed to protect another."
    return words


@kept
def seats(table: pd.DataFrame) -> str:
    """How many chairs are empty, and which is empty most often."""
    empty = table[~table.present]
    if table.empty or empty.empty:
        return "Nobody is missing from the table"
    often = empty.seat.value_counts()
    most = [seat for seat in SEATS if often.get(seat, 0) == often.max()]
    schools = table.school_name.nunique()
    words = f"{count(len(empty))} of {number(len(table), 'chair', 'chairs')} are empty"
    if schools == 1:
        return f"{words}: no {listed(empty.seat)}".replace(" and ", " and no ", 1)
    whose = listed(f"the {seat}’s" for seat in most)
    return f"{words}; most often {whose}, at {count(often.max())} of {count(schools)} schools"


def seats_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    return seats(table).split(";")[0].split(":")[0]


def brief_title(
    shared: pd.DataFrame, where: str | None, schools_there: int, by_hand: bool = False
) -> str:
    """What a brief says above everything else; see `conversation`."""
    row = shared.iloc[0]
    schools = 0 if formats.is_missing(row.schools) else int(row.schools)
    place = where or "our schools"
    if schools > 1 and schools == schools_there and not by_hand:
        return f"One conversation on {row.cause}, for all {count(schools)} schools in {place}"
    if schools > 1:
        least = "at least " if formats.is_coded(row) else ""
        return f"One conversation on {row.cause}, for {least}{count(schools)} schools in {place}"
    students = _reached(row)
    reach = f", for {students}" if students else ""
    return f"One conversation on {row.cause}{reach} in {place}"


def brief_facts(
    shared: pd.DataFrame,
    known: pd.DataFrame,
    told: pd.DataFrame,
    unknown: pd.DataFrame,
    facts: tuple[tuple[str, str], ...],
    by_school: pd.DataFrame,
) -> tuple[tuple[str, str], ...]:
    """What a one-page brief says: to whom, what we see, what we ask, and what it rests on.

    shared, unknown, by_school: of the share view. told: released stories. facts: of any picture.
    """
    row = shared.iloc[0]
    asked = asked_partners(shared, known)
    see = _reached(row) or "students"
    share = causes_sentences.share_not_known(unknown)
    rest = (
        ""
        if share in (formats.WITHHELD, formats.UNKNOWN)
        else f" For {share} we do not know why yet."
    )
    question = asked.iloc[0].question if len(asked) else ""
    ask = "One conversation with these schools together, instead of one with each."
    mine = told[told.cause == row.cause]
    words = (("A story", causes_sentences.story(mine.iloc[0])),) if len(mine) else ()
    kept = dict(facts)
    schools = by_school[by_school.cause == row.cause].dropna(subset=["students"]).school_name
    at = (("Schools", listed(schools)),) if len(schools) else ()
    return (
        ("For", listed(asked.partner_name, NAMES_SAID) if len(asked) else "whoever works on this"),
        (
            "What we see",
            f"{causes_sentences.cause(row.cause)} keeps {see} from school, as families, students "
            f"and nurses told us.{rest}",
        ),
        *at,
        ("What we ask of you", f"{ask} {question} What could you bring?".replace("  ", " ")),
        *words,
        ("Definition", kept["Definition"]),
        ("Up to", kept["Up to"]),
        (
            "Numbers",
            "To the nearest ten; small ones are withheld. A student may have several causes",
        ),
        ("Source", kept["Source"]),
    )


@kept
def bright_spots(table: pd.DataFrame) -> str:
    """Which schools lie outside the limits of chance; never which is first or last."""
    below, above = (table[table.standing == side] for side in ("below", "above"))
    if below.empty and above.empty:
        return bright_spots_at_a_glance(table)
    parts = []
    if len(below):
        whom = "its principal" if len(below) == 1 else "their principals"
        parts.append(f"{_lie(below)} below what chance would do: ask {whom}")
    if len(above):
        parts.append(f"{_lie(above)} above {'it' if len(below) else 'what chance would do'}")
    return "; ".join(parts)


def _lie(rows: pd.DataFrame) -> str:
    schools = [f"{row.school_name} ({of_level(row)})" for row in rows.itertuples()]
    return f"{listed(schools, NAMES_SAID)} {'lies' if len(schools) == 1 else 'lie'}"


def of_level(row) -> str:
    """'of 4 elementary schools': those that a school is compared with, itself among them."""
    level = "" if formats.is_missing(row.level) else f"{row.level} "
    return f"of {number(row.other_schools + 1, f'{level}school', f'{level}schools')}"


@kept
def bright_spots_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    below = table[table.standing == "below"]
    above = int((table.standing == "above").sum())
    if len(below) == 1:
        row = below.iloc[0]
        return f"Ask {row.school_name} why fewer are absent"
    if len(below):
        return f"Ask {count(len(below))} schools: fewer than at their level"
    if above:
        return f"{number(above, 'school lies', 'schools lie')} above what chance would do"
    if table.standing.isna().all():
        return "No two schools of a level to compare"
    return "Every school is within chance of its level"


def bright_spots_caption(table: pd.DataFrame) -> str:
    """What schools are compared with, and how the limits were drawn."""
    need = (
        ", those economically disadvantaged and the others each by themselves"
        if table.by_need.any()
        else ""
    )
    return (
        "The dark line is the share if students had been absent as at the other schools of the "
        f"same level{need}; the grey bar is as far as chance alone would take a school of this "
        "size, three standard deviations. Inside it schools do not differ. Schools stand by level "
        "and name: this is no ranking. Above the bar, ask what the school carries that others do "
        "not."
    )


# --- While somebody writes: seats, partners and stories ----------------------------------------

WHO_ELSE = "Who else should sit at the table?"
WHAT_SEATS_ARE = (
    "For those who work with these schools: fill an empty chair, give up a seat, or add a partner. "
    "Of who sits there only partners are named on a page; a student or a family never is."
)
FOR_STAFF = "Who fills a chair, adds a partner or sets a priority does so in the view for staff."
SEEN_BY_STAFF = "Optional: it stands on no page, and only staff who change this seat see it."
# What a seat says where nobody is named.
NOT_NAMED = "not named"

WHAT_STORIES_ARE = (
    "A story stands on a page that everybody may see once somebody has read it and released it "
    "with their name. Nobody in it may be known: no name, no grade, no day, no street, nothing "
    "that only one family could have said."
)
I_HAVE_READ_IT = "I have read it: it names no child, and nobody could be known from it"
# So much of a story stands in a list.
LETTERS_OF_A_STORY = 60


def _listed(*words) -> str:
    """What was said of several things, each on one line; what is empty is left out."""
    return "; ".join(one_line(one) for one in words if str(one).strip())


def seat(row) -> str:
    """A seat in a list of them: 'Alder Elementary · Partner: Breathing Project'."""
    who = f": {row.name}" if row.name else ""
    return f"{row.school_name} · {formats.sentence_case(row.seat)}{who}"


def seat_version(content) -> str:
    """What somebody wrote about a seat."""
    return _listed(content.name, f"since {day(content.since)}")


def partner_version(content) -> str:
    """What somebody wrote about a partner."""
    places = ", ".join([*content.neighborhoods, *content.schools])
    return _listed(content.partner_name, ", ".join(content.causes), places, content.contact)


def to_release(stories: pd.DataFrame) -> str:
    """How many stories nobody has released yet; rows of causes/stories_to_release."""
    waiting = int((~stories.released).sum())
    if not waiting:
        return "No story waits to be read"
    return f"{number(waiting, 'story waits', 'stories wait')} for somebody to read and release"


def story(row) -> str:
    """A story in a list of them, and whether everybody reads it."""
    words = formats.cut(one_line(row.text), LETTERS_OF_A_STORY)
    state = "released" if row.released else "not released"
    return f"{formats.sentence_case(row.cause)} · {row.school_name} · {state}: “{words}”"


def story_state(row) -> str:
    """Who released a story, or who wrote what is still to be read."""
    if row.released:
        released = f"Released by {row.released_by}, {day(row.released_on)}: everybody reads it."
        return f"{released} A correction takes it off the page unless it is released again."
    return f"Written by {row.written_by}, {day(row.written_at)}. Nobody else reads it yet."


def story_version(content) -> str:
    """What somebody wrote as a story, and whether they released it."""
    by = f"released by {content.released_by}" if content.released_on else "not released"
    return _listed(f"{content.cause}: {content.text}", by)
