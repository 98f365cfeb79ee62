"""How meetings, pledges and priorities read. Tables in, words out."""

import pandas as pd

from pages.shared import formats
from pages.shared.formats import count, listed, number
from queries.answer import kept

NEXT = "next"
# Where a meeting that has begun goes on.
FIRST_STEP = "What we are proud of"
INDICATORS = {
    "chronic absence": "Chronic absence",
    "severe absence": "Students who missed a fifth or more",
    "attendance": "Attendance",
    "no cause known": "Chronically absent, and we know no cause",
    "agreement": "Agreement",
    "response": "Survey answered",
}
GOES_DOWN = {"chronic absence", "severe absence", "no cause known"}
STATES = {"open": "open", "done": "kept", "dropped": "let go"}
WHAT_PRIORITIES_ARE = (
    "The line is the goal, the dots are where we are: the number is the one on its own page."
)
NOT_RELEASED = (
    "Nobody has released these words yet, so the share view does not show them. Staff can read and "
    "release them at the end of this page."
)
FOR_STAFF = "what is written there is for staff"


# --- Meetings ---------------------------------------------------------------------------------


@kept
def names(meetings: pd.DataFrame) -> dict[str, str]:
    """Each meeting by its record, after the next one: 'February table, February 13, 2026'."""
    return {NEXT: "The next one"} | {
        row.record: f"{title(row)}, {formats.day(row.held_on)}" for row in meetings.itertuples()
    }


def title(row) -> str:
    """What a meeting is called; its name is shown once it is released."""
    return "Meeting" if formats.is_missing(row.name) else row.name


def last(meetings: pd.DataFrame, chosen: str) -> pd.DataFrame:
    """The meeting before the chosen one, as one row or none."""
    if chosen == NEXT:
        return meetings.head(1)
    place = list(meetings.record).index(chosen)
    return meetings.iloc[place + 1 : place + 2]


def who_met(row) -> str:
    """'9 schools with Metro Bus Student Desk and Second Chapter Mentors'."""
    schools = number(len(row.schools), "school", "schools")
    partners = listed(row.partners)
    return f"{schools} with {partners}" if partners else f"{schools}, and no partner yet"


def words(row) -> list[tuple[str, str]]:
    """What a meeting took from what it saw, with a heading each: what was said and released."""
    said = {"Stop": row.stop, "Continue": row.keep, "Start": row.start, "Decided": row.decided}
    return [
        (heading, text)
        for heading, text in said.items()
        if not formats.is_missing(text) and text.strip()
    ]


def released(row) -> str:
    """Who released the words, and when."""
    return f"Released by {row.released_by} on {formats.day(row.released_on)}."


# --- Pledges ----------------------------------------------------------------------------------


def pledges(table: pd.DataFrame) -> str:
    """'4 of 7 pledges kept; 3 open, 1 overdue'."""
    if table.empty:
        return "Nothing was promised yet"
    kept, is_open = (table.state == "done").sum(), (table.state == "open").sum()
    dropped, late = (table.state == "dropped").sum(), table.overdue.sum()
    parts = [f"{count(kept)} of {number(len(table), 'pledge', 'pledges')} kept"]
    if is_open:
        parts.append(f"{count(is_open)} open{f', {count(late)} overdue' if late else ''}")
    if dropped:
        parts.append(f"{count(dropped)} let go")
    return "; ".join(parts)


def pledge(row) -> str:
    """Who promised what: 'Linden Elementary: Copy Alder’s letter to families'."""
    if row.released:
        return f"{row.who}: {row.what}"
    whose = "" if formats.is_missing(row.school_name) else f" of {row.school_name}"
    return f"A pledge{whose} that nobody has released yet"


def measured(row) -> str:
    """By when, and how one will know."""
    known_by = f" · we will know by: {row.known_by}" if row.released else ""
    return f"By {formats.day(row.due_on)}{known_by}"


def open_since(row) -> str:
    """'Overdue since March 13, 2026', 'Due on March 20, 2026'."""
    return f"{'Overdue since' if row.overdue else 'Due on'} {formats.day(row.due_on)}"


def became(row) -> str:
    """What became of a pledge: 'Kept on February 26, 2026: Half have.'"""
    if row.state == "open":
        return open_since(row)
    day = f" on {formats.day(row.ended_on)}" if not formats.is_missing(row.ended_on) else ""
    result = "" if formats.is_missing(row.result) or not row.result.strip() else f": {row.result}"
    return f"{formats.sentence_case(STATES[row.state])}{day}{result}"


def version(content) -> str:
    """A pledge or what a meeting said, as somebody wrote it, beside another version of it."""
    if hasattr(content, "decided"):
        said = (content.stop, content.keep, content.start, content.decided)
        return " · ".join(filter(None, said))
    return f"{STATES[content.state]}{f': {content.result}' if content.result else ''}"


def since(last_meeting: pd.DataFrame, of_last: pd.DataFrame, months: pd.DataFrame) -> str:
    """What changed since the last meeting: the pledges, and where chronic absence stood then."""
    row = next(last_meeting.itertuples())
    parts = [f"Since “{title(row)}” on {formats.day(row.held_on)}: {lower(pledges(of_last))}."]
    then = months[months.month_end <= row.held_on].tail(1)
    now = months.tail(1)
    if len(then) and len(now) and then.iloc[0].month_end != now.iloc[0].month_end:
        stood, stands = (next(one.itertuples()) for one in (then, now))
        parts.append(
            f"Chronic absence stood at {formats.figure(stood, 'rate')} on "
            f"{formats.day(stood.month_end)} and stands at {formats.figure(stands, 'rate')} on "
            f"{formats.day(stands.month_end)}; it counts from the first day of the year."
        )
    return " ".join(parts)


def lower(sentence: str) -> str:
    """A sentence that goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]


# --- Priorities -------------------------------------------------------------------------------


def indicator(row) -> str:
    """What a priority wants to move, in words."""
    name = INDICATORS[row.indicator]
    if row.indicator == "agreement" and not formats.is_missing(row.item_text):
        return f"{formats.quoted_item(row)} ({formats.sentence_case(row.respondent_group).lower()})"
    if row.indicator == "response":
        return f"{name} by {formats.sentence_case(row.respondent_group).lower()}"
    return name


def priority(row) -> str:
    """'Chronic absence: 20% or less by June 12, 2026'."""
    side = "or less" if row.indicator in GOES_DOWN else "or more"
    return f"{indicator(row)}: {row.goal_percent}% {side} by {formats.day(row.due_on)}"


def priorities(table: pd.DataFrame) -> str:
    """How many things a network wants to move together."""
    if table.empty:
        return "No priority is set yet: two or three, and no more"
    return f"{number(len(table), 'priority', 'priorities')}, of three at most"


def now(row, priority) -> str:
    """Where a place stands, with the decimals that show whether that is the goal; a row of
    progress. In the share view whole percents, and a word where rounding could decide."""
    if not formats.is_coded(row):
        least = 1 if priority.indicator == "attendance" else 0
        return formats.percent_against(row.share, priority.goal_percent / 100, least)
    told = formats.figure(row, "share")
    is_close = not formats.is_missing(row.share) and formats.is_missing(row.reached)
    return f"about {told}, near the goal" if is_close else told


def standing(values: pd.DataFrame, priority, as_of: pd.Timestamp) -> str:
    """How far one priority is: the whole, then how many schools are there."""
    whole = next(values[values.school_name.isna()].itertuples(), None)
    stands = "nothing can be said" if whole is None else now(whole, priority)
    schools = values[values.school_name.notna()]
    known = schools[schools.reached.notna()]
    there, untold = known.reached.sum(), len(schools) - len(known)
    parts = [f"Now {stands}"]
    if len(known):
        rest = f", and of {count(untold)} it cannot be told" if untold else ""
        parts.append(
            f"{count(there)} of {number(len(schools), 'school is', 'schools are')} there{rest}"
        )
    # Days to go would differ by view, as the share view stands at a month's end.
    if not formats.is_missing(as_of) and priority.due_on <= as_of:
        parts.append("the day has come")
    return "; ".join(parts)


def behind(row) -> str:
    """Who stands behind a priority."""
    who = listed([*row.schools, *row.partners])
    return f"{who} stand behind it" if who else "Nobody stands behind it yet"


@kept
def items(wording: pd.DataFrame, surveys: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """What agreement can be asked about: the newest wording of every item that was answered here,
    by survey, who answered, and item."""
    answered = surveys[~surveys.published].survey
    newest = wording[wording.survey.isin(answered)].drop_duplicates(
        ["survey", "respondent_group", "item_id"], keep="last"
    )
    return {
        (row.survey, row.respondent_group, row.item_id): (
            f"{formats.item(row)} ({formats.sentence_case(row.respondent_group)}, {row.survey})"
        )
        for row in newest.itertuples()
    }
