"""How tables of causes read: recorded, understood, not known. Tables in, words out."""

import pandas as pd

from pages.shared import basis, formats
from pages.shared.formats import count, number, percent
from queries.answer import kept


@kept
def reasons(table: pd.DataFrame) -> str:
    """How much has a recorded reason, and the most frequent one."""
    if formats.is_coded(table):
        return _reasons_told(table[table.students.notna()])
    unknown = table[table.reason == "Not recorded"].share.sum()
    known = table[table.reason != "Not recorded"]
    if known.empty:
        return "No reason was recorded for any day missed"
    top = known.iloc[0]
    return (
        f"No reason is recorded for {percent(unknown)} of days missed; {top.reason.lower()} leads "
        f"what is recorded, with {percent(top.share)}"
    )


def reasons_at_a_glance(table: pd.DataFrame) -> str:
    """How much has no recorded reason, in one line of half a page."""
    unknown = table[table.reason == "Not recorded"]
    if unknown.empty or formats.is_missing(unknown.iloc[0].students):
        return "What the office recorded"
    if formats.is_coded(table):
        students = formats.amount(unknown.iloc[0])
        return formats.sentence_case(f"{students} students: days without a reason")
    return f"No reason is recorded for {percent(unknown.share.sum())} of days"


def _reasons_told(table: pd.DataFrame) -> str:
    unknown, known = table[table.reason == "Not recorded"], table[table.reason != "Not recorded"]
    words = []
    if len(unknown):
        words.append(
            f"{formats.amount(unknown.iloc[0])} students missed days without a recorded reason"
        )
    if len(known):
        top = known.iloc[0]
        words.append(f"{top.reason.lower()} is recorded for {formats.amount(top)}")
    return formats.sentence_case("; ".join(words) or "which reasons were recorded is withheld")


def reasons_caption(headline_table: pd.DataFrame) -> str:
    """What the bars of recorded reasons are."""
    if formats.is_coded(headline_table):
        return (
            "Students who missed a day for the reason that the office recorded; one may count "
            "under several. A code is not a cause."
        )
    return (
        "Days missed by the reason that the office recorded. A code is not a cause. "
        f"n = {count(headline_table.iloc[0].days_absent)} days."
    )


def excused(table: pd.DataFrame) -> str:
    """How many of the days missed were excused and how many not, rows of causes/recorded; '' in the
    share view, where days are not told."""
    if formats.is_coded(table) or table.empty:
        return ""
    excused, unexcused = table.days_excused.sum(), table.days_unexcused.sum()
    told = f"{count(excused)} days were excused, {count(unexcused)} unexcused"
    unsaid = table.days.sum() - excused - unexcused
    # Parts of a day add up to a sum with a rest of its own.
    return f"{told}; of {count(unsaid)} the codes do not say." if unsaid > 0.5 else f"{told}."


@kept
def leading_causes(shared: pd.DataFrame) -> list[str]:
    """The causes understood most, by students who may have several: 'Asthma: about 20';
    network/shared_causes."""
    told = shared.dropna(subset=["students"]).sort_values("students", ascending=False).head(3)
    if told.empty:
        return ["What is understood is withheld"] if len(shared) else ["No cause is understood yet"]
    return [f"{cause(row.cause)}: {formats.amount(row)}" for row in told.itertuples()]


def next_steps(table: pd.DataFrame) -> str:
    """What was promised for this week: '7 steps open, 3 overdue, 4 due'; overview/next_steps."""
    row = table.iloc[0]
    if not row.open_steps:
        return "No next step is open"
    late = f", {count(row.overdue)} overdue" if row.overdue else ""
    return f"{number(row.open_steps, 'step', 'steps')} open{late}, {count(row.due_this_week)} due"


# How many causes stand as bars, and with how many the partners are said.
CAUSES_SHOWN, CAUSES_SAID = 8, 3
NOT_TOLD = "For how many students we know no cause is withheld: there are too few"


def cause(name: str) -> str:
    """'asthma' → 'Asthma'."""
    return formats.sentence_case(name)


def not_known(unknown: pd.DataFrame, standing: pd.DataFrame | None = None) -> str:
    """Of how many we do not know why; causes/unknown, and health/standing where it is at hand."""
    if unknown.empty:
        return NOT_TOLD
    row, coded = unknown.iloc[0], formats.is_coded(unknown)
    missing, everybody = row.students_without_cause, row.students_absent
    too_early = standing is not None and standing.iloc[0].nobody_yet
    if too_early or (coded and formats.is_none(everybody)):
        return "Nobody can be evaluated yet"
    if not coded and not everybody:
        return "Nobody here is chronically absent"
    if not coded and not missing:
        return f"A cause is known for each of {formats.students(row, 'students_absent')}"
    if not formats.is_missing(missing):
        of_all = f" of {formats.amount(row, 'students_absent')}"
        of = "" if formats.is_missing(everybody) else of_all
        told = formats.amount(row, "students_without_cause")
        return f"We do not know why for {told}{of} students"
    share = share_not_known(unknown)
    if share == formats.WITHHELD:
        return NOT_TOLD
    return f"We do not know why for {share} of the students who miss this much school"


def not_known_at_a_glance(unknown: pd.DataFrame, standing: pd.DataFrame | None = None) -> str:
    """The same in one line of half a page."""
    of = not_known_of(unknown)
    told = not_known(unknown, standing)
    return f"We do not know why for {of}" if told.startswith("We do not know why for") else told


def not_known_of(unknown: pd.DataFrame) -> str:
    """The same as a number alone: '34 of 110', in the share view as much of it as is told."""
    if unknown.empty or formats.is_missing(unknown.iloc[0].students_without_cause):
        return share_not_known(unknown)
    row = unknown.iloc[0]
    of = "" if formats.is_missing(row.students_absent) else f" of {count(row.students_absent)}"
    return f"{formats.amount(row, 'students_without_cause')}{of}"


def not_known_as_metric(unknown: pd.DataFrame) -> tuple[str, str]:
    """The same as a label and a number short enough to be read large."""
    of = not_known_of(unknown)
    number = of.removeprefix("about ")
    return f"No cause known{', about' if number != of else ''}", number


def not_known_caption(unknown: pd.DataFrame, chronic: str) -> str:
    """What is counted as unknown, and of how many."""
    share = share_not_known(unknown)
    words = (
        f"Students {chronic} of whom nobody has written down this year what keeps them away. A "
        "plan for a cause that nobody asked about is a guess. "
    )
    if share not in (formats.WITHHELD, formats.UNKNOWN):
        words += f"Not known: {share}. "
    everybody = _everybody(unknown)
    return f"{words}n = {everybody} students." if everybody else words.rstrip()


def _everybody(unknown: pd.DataFrame) -> str:
    """'about 930': all who are chronically absent; '' where that is withheld."""
    if unknown.empty:
        return ""
    row = unknown.iloc[0]
    nobody_told = formats.is_coded(row) and formats.is_none(row.students_absent)
    if nobody_told or formats.is_missing(row.students_absent):
        return ""
    return formats.amount(row, "students_absent")


def share_not_known(unknown: pd.DataFrame) -> str:
    if unknown.empty:
        return formats.WITHHELD
    row = unknown.iloc[0]
    told = formats.figure(row, "share")
    return formats.WITHHELD if formats.is_coded(row) and told == formats.UNKNOWN else told


@kept
def recorded_and_understood(reasons: pd.DataFrame, understood: pd.DataFrame) -> str:
    """What the office writes down most, beside what people came to understand."""
    if reasons.empty and understood.empty:
        return "Neither a reason nor a cause is on record"
    told = reasons.dropna(subset=["students"])
    if reasons.empty:
        office = "The office recorded nothing"
    elif told.empty:
        office = "What the office records is withheld"
    elif told.iloc[0].reason == "Not recorded":
        office = "The office mostly records no reason"
    else:
        office = f"The office records “{told.iloc[0].reason}” most"
    named = understood.dropna(subset=["students"])
    if named.empty:
        return f"{office}; what people understood is {nothing(understood)}"
    return f"{office}; what people understood most is {named.iloc[0].cause}"


def understood_at_a_glance(understood: pd.DataFrame) -> str:
    """What is understood most, in one line of half a page."""
    named = understood.dropna(subset=["students"])
    if named.empty:
        return f"What people understood is {nothing(understood)}"
    row = named.iloc[0]
    most = formats.cut(row.cause, 24)
    return f"Understood most: {most} ({formats.amount(row)})"


def longest(understood: pd.DataFrame) -> float:
    """The longest bar that a cause by itself is to be compared with."""
    most = understood.students.max() if len(understood) else 0
    return 0.0 if formats.is_missing(most) else float(most)


def nothing(table: pd.DataFrame) -> str:
    """Why a table has no cause: in the share view it may be that too few students have one."""
    return "withheld" if formats.is_coded(table) else "not written down yet"


def both_caption(understood: pd.DataFrame, unknown: pd.DataFrame) -> str:
    """Why the two sides do not add up."""
    words = (
        "A code is not a cause. First what the attendance office recorded of all students, then "
        "what somebody learned from the family, the student or the nurse about those who are "
        "chronically absent. A student may have several causes, so causes do not add up to the "
        "number of students. "
    )
    everybody = _everybody(unknown)
    if everybody:
        words += f"n = {everybody} chronically absent students. "
    words += f"{first_ones(understood)}{as_loaded(understood)}"
    return f"{words.rstrip()} {withheld(understood)}".rstrip()


def no_cause(understood: pd.DataFrame) -> str:
    """What stands where there is no bar."""
    if formats.is_coded(understood):
        return "No cause that enough students have: in a small school few may be told."
    return "Nobody has written down a cause here yet."


def first_ones(table: pd.DataFrame) -> str:
    """That a chart has room for the first causes alone."""
    if len(table) <= CAUSES_SHOWN:
        return ""
    return f"The first {CAUSES_SHOWN} of {count(len(table))} causes; all are in the table. "


def as_loaded(table: pd.DataFrame) -> str:
    """What the share view knows: it is coded when a month has ended, not when somebody writes."""
    if not formats.is_coded(table):
        return ""
    words = "As written down when the month was coded; causes that few have are not listed. "
    if "schools" in table:
        words += "Of schools those count whose own number may be told. "
    return words


def withheld(table: pd.DataFrame) -> str:
    """How many rows of a table of the share view are withheld; '' where none is."""
    return basis.withheld(table, "too few students to show")


@kept
def told_causes(stories: pd.DataFrame, understood: pd.DataFrame) -> list[str]:
    """Four of the causes that have a released story, in the order of the bars; those without a bar
    last."""
    order = [*understood.cause, *stories.cause]
    told = set(stories.cause)
    return [name for name in dict.fromkeys(order) if name in told][:4]


def stories(table: pd.DataFrame) -> str:
    """How many stories stand beside the bars."""
    told = number(len(table), "story that was released", "stories that were released")
    return f"What stands behind these numbers: {told} for sharing"


def stories_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    return f"{number(len(table), 'story', 'stories')} behind these numbers"


def more_stories(table: pd.DataFrame) -> str:
    """What the fold with all but the first story is called."""
    return f"{number(len(table), 'more story', 'more stories')}"


def story(row) -> str:
    """One story in a line; what was written is not changed otherwise."""
    return formats.one_line(row.text)


def story_source(row, for_staff: bool) -> str:
    """Who released a story, where from and when; its school is for the school's staff."""
    where = row.school_name if for_staff else row.neighborhood
    place = "" if formats.is_missing(where) else f"{where} · "
    return f"{place}released by {row.released_by}, {formats.day(row.released_on)}"


@kept
def by_group(groups: pd.DataFrame, dimension: str, unknown_name: str) -> pd.DataFrame:
    """The rows of one kind of group for a grid: `name` as it is shown, no cause as `unknown_name`.

    dimension: 'school', 'grade', or 'group' for all student groups.
    """
    is_kind = groups.dimension == dimension
    if dimension == "group":
        is_kind = ~groups.dimension.isin(["school", "grade"])
    rows = groups[is_kind]
    # A name that two kinds of group have, such as 'Other', says which it is.
    kinds = rows.groupby("group_name").dimension.nunique()
    names = {
        "school": lambda row: row.group_name,
        "grade": lambda row: formats.grade(row.group_name),
        "group": lambda row: (
            formats.group(row.dimension, row.group_name)
            if kinds[row.group_name] == 1
            else f"{formats.dimension(row.dimension)}: {row.group_name.lower()}"
        ),
    }[dimension]
    return rows.assign(
        name=[names(row) for row in rows.itertuples()], cause=rows.cause.fillna(unknown_name)
    )


@kept
def groups(table: pd.DataFrame) -> str:
    """Where a cause is most often found, as a share of a school's chronically absent."""
    rows = table[
        (table.dimension == "school") & table.cause.notna() & (table.students_absent >= 10)
    ]
    if rows.group_name.nunique() < 2:
        return "Understood causes by school, grade and student group"
    share = rows.students / rows.students_absent
    row = rows.loc[share.idxmax()]
    return (
        f"{cause(row.cause)} stands out at {row.group_name}: {count(row.students)} of "
        f"{number(row.students_absent, 'student', 'students')} who miss this much"
    )


@kept
def groups_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    told = groups(table).split(":")[0]
    if "stands out" in told and len(told) < 46:
        return told
    return f"Causes by {next(iter(kinds(table).values()))} and group"


def kinds(table: pd.DataFrame) -> dict[str, str]:
    """Which grids of causes there are, each with its dimension for by_group; by school where there
    are several."""
    every = {"By school": "school", "By grade": "grade", "By student group": "group"}
    if table[table.dimension == "school"].group_name.nunique() < 2:
        every.pop("By school")
    return every


def months(rows: pd.DataFrame, reason: str) -> str:
    """When a recorded reason is heaviest."""
    if rows.empty:
        return f"No day was missed for “{reason}”"
    row = rows.loc[rows.days_a_date.astype(float).idxmax()]
    return f"{formats.cut(reason, 22)}: most on {row.weekday}s in {row.month_start:%B}"
