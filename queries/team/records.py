"""What people write about students, causes and who is at the table: one frozen value a record.

Students and schools are referred to by id, and their records outlive every load. Every text is
text, of any length and in any script; nothing reads it but people.
"""

import json
import types
from dataclasses import Field, asdict, dataclass, fields
from datetime import date
from typing import Any, get_args, get_origin

# Where what was learned comes from, the most direct first (domain.md B.9).
EVIDENCE = ("family conversation", "student voice", "home visit", "nurse", "teacher", "inferred")
CONFIDENCE = ("sure", "likely", "a guess")
FAMILIES = ("barriers", "aversion", "disengagement", "misconceptions")
CONTACTS = ("letter", "call", "visit")
STATES = ("open", "done", "dropped")
# Who else belongs at the table, besides partners.
SEATS = ("partner", "family", "student", "nurse", "teacher")


class WrongRecord(ValueError):
    """A record says something that it cannot; the message says what would be right."""


@dataclass(frozen=True)
class Cause:
    """A cause that people may choose, beside those that ship with Roundtable. Its name is unique.

    question: what to ask of a group of students who have it.
    """

    cause: str
    family: str
    question: str = ""


@dataclass(frozen=True)
class Learned:
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
class Note:
    """Something to remember of a student."""

    student_id: str
    school_id: str
    written_on: date
    text: str


@dataclass(frozen=True)
class Step:
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
class Contact:
    """A letter, call or visit that the rules ask for: a fact, never a measure of success."""

    student_id: str
    school_id: str
    contact: str
    made_on: date
    result: str = ""


@dataclass(frozen=True)
class Partner:
    """A partner that the folder of the school system does not name, or names otherwise."""

    partner_name: str
    causes: tuple[str, ...] = ()
    neighborhoods: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True)
class Seat:
    """Who is at the table of a school: one of SEATS; a partner by name."""

    school_id: str
    seat: str
    name: str
    since: date


@dataclass(frozen=True)
class Story:
    """What somebody wrote for sharing, without a name in it; on a page once it is released."""

    cause: str
    school_id: str
    text: str
    released_by: str = ""
    released_on: date | None = None


KINDS: dict[str, type] = {
    "cause": Cause,
    "learned": Learned,
    "note": Note,
    "step": Step,
    "contact": Contact,
    "partner": Partner,
    "seat": Seat,
    "story": Story,
}
Record = Cause | Learned | Note | Step | Contact | Partner | Seat | Story

_ONE_OF = {
    ("cause", "family"): FAMILIES,
    ("learned", "evidence"): EVIDENCE,
    ("learned", "confidence"): CONFIDENCE,
    ("step", "state"): STATES,
    ("contact", "contact"): CONTACTS,
    ("seat", "seat"): SEATS,
}
# What may be left empty; everything else must be said.
_MAY_BE_EMPTY = {"question", "note", "result", "contact", "released_by"}
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
    if isinstance(record, Story) and bool(record.released_by.strip()) != bool(record.released_on):
        raise WrongRecord("Story: a release needs both who released it and the day.")


def _wrong(kind: str, one: Field, value: Any) -> str | None:
    """What is wrong with a value, to be read after the name of its field."""
    choices = _ONE_OF.get((kind, one.name))
    if not _is_of(value, one.type):
        if value is None:
            return "is still empty"
        return f"cannot be {_short(value)}: {_WANTED[_said(one.type)]}"
    if isinstance(value, str) and not value.strip():
        return None if one.name in _MAY_BE_EMPTY and not choices else "is still empty"
    if isinstance(value, tuple) and not all(text.strip() for text in value):
        return "has an empty line"
    if isinstance(value, date) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        return f"cannot be {value}: write the year with four digits, such as 2026"
    if choices and value not in choices:
        return f"cannot be {_short(value)}, not one of {', '.join(choices)}"
    return None


_WANTED = {
    str: "write text",
    date: "write a day, such as 2026-03-20",
    tuple[str, ...]: "write a list of texts",
}


def _said(kind: Any) -> Any:
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
