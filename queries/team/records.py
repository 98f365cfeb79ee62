"""What people write about students, causes, plans, meetings and how to count: one frozen value a
record.

Students and schools are referred to by id, and their records outlive every load. Every text is
text, of any length and in any script; nothing reads it but people.
"""

import json
import re
import types
from dataclasses import Field, asdict, dataclass, fields
from datetime import date
from typing import Any, get_args, get_origin

# Where what was learned comes from, the most direct first.
EVIDENCE = ("family conversation", "student voice", "home visit", "nurse", "teacher", "inferred")
CONFIDENCE = ("sure", "likely", "a guess")
FAMILIES = ("barriers", "aversion", "disengagement", "misconceptions")
CONTACTS = ("letter", "call", "visit")
STATES = ("open", "done", "dropped")
# Who else belongs at the table, besides partners.
SEATS = ("partner", "family", "student", "nurse", "teacher")
# What a plan may want to move; Study computes each (queries/plans/study.sql).
MEASURES = ("days missed", "Mondays and Fridays missed")
# What a network may set its eyes on: questions of the share view (queries/network/__init__.py).
INDICATORS = (
    "chronic absence",
    "severe absence",
    "attendance",
    "no cause known",
    "agreement",
    "response",
)
DECISIONS = ("adapt", "adopt", "abandon")
PRIORITIES_AT_MOST = 3
# Of which days a definition counts so many, and what it counts a day as.
UNITS = ("percent", "days")
DAY_RULES = ("half_day", "fraction")
# What somebody who signs in may be (queries/access.py says what each may look at).
ROLES = ("viewer", "team", "director", "admin")


class WrongRecord(ValueError):
    """A record says something that it cannot; the message says what would be right."""


@dataclass(frozen=True)
class Record:
    """What somebody wrote, of one of KINDS."""


@dataclass(frozen=True)
class Cause(Record):
    """A cause that people may choose, beside those that ship with Roundtable. Its name is unique.

    question: what to ask of a group of students who have it.
    """

    cause: str
    family: str
    question: str = ""


@dataclass(frozen=True)
class Learned(Record):
    """That somebody learned why a student misses school. A student may have several."""

    student_id: str
    school_id: str
    school_year: str
    cause: str
    evidence: str
    confidence: str
    learned_on: date
    note: str = ""


@dataclass(frozen=True)
class Note(Record):
    """Something to remember of a student."""

    student_id: str
    school_id: str
    written_on: date
    text: str


@dataclass(frozen=True)
class Step(Record):
    """A next step: who does what by when, and, once it is done, what was learned."""

    student_id: str
    school_id: str
    what: str
    owner: str
    due_on: date
    state: str = "open"
    result: str = ""
    ended_on: date | None = None


@dataclass(frozen=True)
class Contact(Record):
    """A letter, call or visit that the rules ask for: a fact, never a measure of success."""

    student_id: str
    school_id: str
    contact: str
    made_on: date
    result: str = ""


@dataclass(frozen=True)
class Partner(Record):
    """A partner that the folder of the school system does not name, or names otherwise."""

    partner_name: str
    causes: tuple[str, ...] = ()
    neighborhoods: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True)
class Seat(Record):
    """Who is at the table of a school: one of SEATS; a partner by name."""

    school_id: str
    seat: str
    name: str
    since: date


@dataclass(frozen=True)
class Story(Record):
    """What somebody wrote for sharing, without a name in it; on a page once it is released."""

    cause: str
    school_id: str
    text: str
    released_by: str = ""
    released_on: date | None = None


@dataclass(frozen=True)
class Idea(Record):
    """A change idea that a school found itself, beside the common menu. Its name is unique.

    known: what is known about it, and from where.
    """

    idea: str
    causes: tuple[str, ...] = ()
    known: str = ""


@dataclass(frozen=True)
class Plan(Record):
    """What is tried for some students of a school, and how one will know whether it helped.

    The aim is that `measure` goes from `from_percent` to `to_percent` of days by `due_on`. It is
    closed with its decision, what was learned, and the day up to which its measure was looked at.
    """

    school_id: str
    school_year: str
    idea: str
    who_for: str
    measure: str
    from_percent: int
    to_percent: int
    begins_on: date
    due_on: date
    owner: str
    cause: str = ""
    people: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    decision: str = ""
    learned: str = ""
    looked_up_to: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class Member(Record):
    """A student whom a plan is for; plan is the name of its record."""

    student_id: str
    school_id: str
    plan: str


@dataclass(frozen=True)
class Cycle(Record):
    """One round of plan, do, study and act within a plan; what is still to come is empty."""

    school_id: str
    plan: str
    began_on: date
    planned: str
    did: str = ""
    studied: str = ""
    acted: str = ""


@dataclass(frozen=True)
class Meeting(Record):
    """A meeting of schools and partners, what it looked at, and what it took from that.

    schools: ids. cards: names of pages/shared/cards.py. Its words are shown to everybody once
    somebody has released them.
    """

    name: str
    held_on: date
    schools: tuple[str, ...]
    people: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    stop: str = ""
    keep: str = ""
    start: str = ""
    decided: str = ""
    released_by: str = ""
    released_on: date | None = None


@dataclass(frozen=True)
class Pledge(Record):
    """What somebody promised in a meeting: who does what by when, and how one will know."""

    meeting: str
    who: str
    what: str
    due_on: date
    known_by: str
    school_id: str = ""
    state: str = "open"
    result: str = ""
    ended_on: date | None = None
    released_by: str = ""
    released_on: date | None = None


@dataclass(frozen=True)
class Pride(Record):
    """What a school is proud of, for the gallery of a meeting; shown once it is released."""

    meeting: str
    school_id: str
    text: str
    released_by: str = ""
    released_on: date | None = None


@dataclass(frozen=True)
class Priority(Record):
    """What a network wants to move together; it has three of them at most.

    network: its name; empty where the data name none. item_id: of the survey, where the indicator
    is about one item. partners and schools (ids) stand behind it. It has no words of its own, so it
    may be shown.
    """

    network: str
    indicator: str
    goal_percent: int
    due_on: date
    survey: str = ""
    respondent_group: str = ""
    item_id: str = ""
    schools: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class SecondNumber(Record):
    """How many students somebody else counts as chronically absent, such as the state.

    Of a school, a network or, where both are empty, all schools. definition: by which they say they
    count, a name in definitions.csv; empty where they do not say. stands_on: the day of it.
    """

    school_year: str
    number: int
    from_whom: str
    stands_on: date
    school_id: str = ""
    network: str = ""
    definition: str = ""


@dataclass(frozen=True)
class Definition(Record):
    """A local definition of chronic absence, from a school year on.

    One that changes is another record of the same label with a later year: until then the one
    before holds. threshold: by unit, a percent of the days enrolled or a number of days; inclusive:
    exactly so many count, as they always do of a number of days. minimum_days: enrolled, else a
    student is not evaluated; minimum_days_present likewise. source: who set it, and where it says.
    """

    label: str
    since: str
    threshold: int
    unit: str
    minimum_days: int
    day_rule: str
    source: str
    inclusive: bool = True
    minimum_days_present: int = 0


@dataclass(frozen=True)
class Grant(Record):
    """What somebody who signs in may see and do here. Its account is unique.

    account: as the provider vouches for it, an e-mail address in small letters. role: one of ROLES.
    schools: of a team, by id; empty for all others.
    """

    account: str
    role: str
    schools: tuple[str, ...] = ()


KINDS: dict[str, type] = {
    "cause": Cause,
    "learned": Learned,
    "note": Note,
    "step": Step,
    "contact": Contact,
    "partner": Partner,
    "seat": Seat,
    "story": Story,
    "idea": Idea,
    "plan": Plan,
    "member": Member,
    "cycle": Cycle,
    "meeting": Meeting,
    "pledge": Pledge,
    "pride": Pride,
    "priority": Priority,
    "second_number": SecondNumber,
    "definition": Definition,
    "grant": Grant,
}

_ONE_OF = {
    ("cause", "family"): FAMILIES,
    ("learned", "evidence"): EVIDENCE,
    ("learned", "confidence"): CONFIDENCE,
    ("step", "state"): STATES,
    ("contact", "contact"): CONTACTS,
    ("seat", "seat"): SEATS,
    ("plan", "measure"): MEASURES,
    ("plan", "decision"): ("", *DECISIONS),
    ("pledge", "state"): STATES,
    ("priority", "indicator"): INDICATORS,
    ("definition", "unit"): UNITS,
    ("definition", "day_rule"): DAY_RULES,
    ("grant", "role"): ROLES,
}
# Whole numbers are percents, but for these, which have an end all the same.
_COUNTS_AT_MOST = {
    ("second_number", "number"): (9_999_999, "a number of students"),
    ("definition", "threshold"): (366, "a percent or a number of days"),
    ("definition", "minimum_days"): (366, "a number of days"),
    ("definition", "minimum_days_present"): (366, "a number of days"),
}
# A year before or after these was mistyped.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199

# How a kind and a field are called when something about them is wrong.
_KIND_IS_CALLED = {
    "cause": "Cause",
    "learned": "What was learned",
    "note": "Note",
    "step": "Next step",
    "contact": "Letter, call or visit",
    "partner": "Partner",
    "seat": "Seat at the table",
    "story": "Story",
    "idea": "Change idea",
    "plan": "Plan",
    "member": "Student of a plan",
    "cycle": "Cycle of a plan",
    "meeting": "Meeting",
    "pledge": "Pledge",
    "pride": "What a school is proud of",
    "priority": "Priority",
    "second_number": "Second number",
    "definition": "Definition",
    "grant": "Role of an account",
}
_FIELD_IS_CALLED = {
    "student_id": "the student",
    "school_id": "the school",
    "school_year": "the school year",
    "cause": "the cause",
    "family": "the family of causes",
    "question": "the question to ask",
    "evidence": "how it is known",
    "confidence": "how sure that is",
    "learned_on": "the day on which it was learned",
    "note": "the note",
    "written_on": "the day on which it was written",
    "text": "the text",
    "what": "what to do",
    "owner": "who does it",
    "due_on": "the day on which it is due",
    "state": "whether it is done",
    "result": "what was learned from it",
    "ended_on": "the day on which it ended",
    "contact": "the way to reach them",
    "made_on": "the day on which it was made",
    "partner_name": "the name of the partner",
    "causes": "the list of causes",
    "neighborhoods": "the list of neighborhoods",
    "schools": "the list of schools",
    "seat": "who the seat is for",
    "name": "the name",
    "since": "the day since when",
    "released_by": "who released it",
    "released_on": "the day on which it was released",
    "idea": "the change idea",
    "known": "what is known about it",
    "who_for": "whom it is for",
    "measure": "the measure",
    "from_percent": "where it stands",
    "to_percent": "where it should go",
    "begins_on": "the day on which it begins",
    "people": "the list of people",
    "partners": "the list of partners",
    "decision": "the decision",
    "learned": "what was learned",
    "looked_up_to": "the day up to which its measure was looked at",
    "plan": "the plan",
    "began_on": "the day on which it began",
    "planned": "what is planned",
    "did": "what was done",
    "studied": "what was seen",
    "acted": "what follows from it",
    "held_on": "the day of the meeting",
    "cards": "the list of what to look at",
    "stop": "what to stop",
    "keep": "what to continue",
    "start": "what to start",
    "decided": "what was decided",
    "meeting": "the meeting",
    "who": "who promised it",
    "known_by": "how one will know",
    "network": "the network",
    "indicator": "the indicator",
    "survey": "the survey",
    "respondent_group": "who answered",
    "item_id": "the item",
    "goal_percent": "the goal",
    "number": "the number",
    "from_whom": "whose number it is",
    "stands_on": "the day it stands on",
    "definition": "the definition",
    "label": "the name",
    "threshold": "how much has to be missed",
    "unit": "of what that is a number",
    "inclusive": "whether exactly so much counts",
    "minimum_days": "for how many days somebody must be enrolled",
    "minimum_days_present": "on how many days somebody must be present",
    "day_rule": "what a day counts as",
    "source": "the source",
    "account": "the account",
    "role": "the role",
}


def kind_of(record: Record) -> str:
    """The name of a record's kind. Raises TypeError for what is no record."""
    for kind, made in KINDS.items():
        if type(record) is made:
            return kind
    raise TypeError(f"{type(record).__name__} is no kind of record")


def check(record: Record) -> None:
    """Raise WrongRecord if a field is empty, of another type or none of its choices."""
    kind = kind_of(record)
    for one in fields(record):
        wrong = _wrong(kind, one, getattr(record, one.name))
        if wrong:
            called = (
                "which of them" if kind == one.name == "contact" else _FIELD_IS_CALLED[one.name]
            )
            raise WrongRecord(f"{_KIND_IS_CALLED[kind]}: {called} {wrong}.")
    said = vars(record)
    if bool(said.get("released_by", "").strip()) != bool(said.get("released_on")):
        raise WrongRecord(
            f"{_KIND_IS_CALLED[kind]}: a release needs both who released it and the day."
        )
    if isinstance(record, Plan):
        _check_plan(record)
    if isinstance(record, Definition):
        _check_definition(record)
    if isinstance(record, Grant):
        _check_grant(record)


def _check_grant(grant: Grant) -> None:
    if grant.account != grant.account.strip().lower() or "@" not in grant.account:
        raise WrongRecord(
            "Role of an account: the account is an e-mail address in small letters, as the "
            f"provider names it, not {_short(grant.account)}."
        )
    if (grant.role == "team") != bool(grant.schools):
        raise WrongRecord(
            "Role of an account: a team is of one school or several; other roles are of none."
        )


def _check_plan(plan: Plan) -> None:
    if plan.due_on <= plan.begins_on:
        raise WrongRecord("Plan: the day on which it is due lies after the day on which it begins.")
    closing = (plan.ended_on, plan.decision, plan.learned.strip(), plan.looked_up_to)
    if any(closing) and not all(closing):
        raise WrongRecord(
            "Plan: it is closed with adapt, adopt or abandon, with what was learned, and with its "
            "measure looked at."
        )


def is_school_year(text: str) -> bool:
    """'2025-26'."""
    year = re.fullmatch(r"([12][0-9]{3})-([0-9]{2})", text)
    return year is not None and (int(year[1]) + 1) % 100 == int(year[2])


def _check_definition(said: Definition) -> None:
    if not is_school_year(said.since):
        raise WrongRecord(
            f"Definition: the school year from which on it holds cannot be {_short(said.since)}: "
            "write one such as 2025-26."
        )
    at_most = 100 if said.unit == "percent" else 366
    if not 1 <= said.threshold <= at_most:
        raise WrongRecord(
            f"Definition: how much has to be missed cannot be {said.threshold}: write 1 to "
            f"{at_most} {said.unit}."
        )
    if said.unit == "days" and not said.inclusive:
        raise WrongRecord(
            "Definition: of a number of days exactly so many count: write one day more."
        )


def _wrong(kind: str, one: Field, value: Any) -> str | None:
    """What is wrong with a value, to be read after the name of its field."""
    choices = _ONE_OF.get((kind, one.name))
    if not _is_of(value, one.type):
        if value is None:
            return "is still empty"
        return f"cannot be {_short(value)}: {_WANTED[when_known(one.type)]}"
    if isinstance(value, str) and not value.strip():
        # What is empty unless it is said may stay so; everything else must be said.
        return None if one.default == "" else "is still empty"
    at_most, what = _COUNTS_AT_MOST.get((kind, one.name), (100, "a percent"))
    if isinstance(value, int) and not 0 <= value <= at_most:
        return f"cannot be {value}: write {what}, 0 to {at_most}"
    if isinstance(value, tuple) and not all(text.strip() for text in value):
        return "has an empty line"
    if isinstance(value, date) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        return f"cannot be {value}: write the year with four digits, such as 2026"
    if choices and value not in choices:
        return f"cannot be {_short(value)}, not one of {', '.join(filter(None, choices))}"
    return None


_WANTED = {
    str: "write text",
    int: "write a whole percent, such as 12",
    bool: "say yes or no",
    date: "write a day, such as 2026-03-20",
    tuple[str, ...]: "write a list of texts",
}


def when_known(kind: Any) -> Any:
    """Of what may be unknown, what it is when it is known."""
    return get_args(kind)[0] if isinstance(kind, types.UnionType) else kind


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _is_of(value: Any, kind: Any) -> bool:
    if isinstance(kind, types.UnionType):
        return any(_is_of(value, one) for one in get_args(kind))
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(type(one) is str for one in value)
    # Exactly this type: a moment of time is a date to Python, and would not be read back as one.
    return type(value) is kind or (kind is types.NoneType and value is None)


def to_text(record: Record) -> str:
    """A record as JSON, in ASCII: any text survives, also NUL and half a character. Two halves that
    stand side by side come back as the character that they are."""
    return json.dumps(asdict(record), default=date.isoformat, sort_keys=True)


def from_text(kind: str, text: str) -> Record:
    """The record that `to_text` wrote. A field that a later version added is as when it was not
    said. Raises ValueError, TypeError or KeyError for any other text."""
    said = json.loads(text)
    known = {one.name: one.type for one in fields(KINDS[kind])}
    return KINDS[kind](**{name: _read(said[name], known[name]) for name in said if name in known})


def _read(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if kind is date or kind == date | None:
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
