"""What everybody may know of what people wrote: of no student, and no word that nobody released.

Kinds of records that are not here, everybody's questions cannot ask for.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from queries.team.records import (
    Idea,
    Meeting,
    Plan,
    Pledge,
    Pride,
    Record,
    Seat,
    Story,
)

AN_IDEA, A_CAUSE, A_PARTNER = "An idea of their own", "another cause", "another partner"


def _seat(seat: Seat) -> Seat:
    return seat if seat.seat == "partner" else replace(seat, name="")


def _released(record: Story | Pride) -> Story | Pride | None:
    return record if record.released_on else None


def _meeting(meeting: Meeting) -> Meeting:
    words: dict[str, Any] = dict.fromkeys(
        ("name", "stop", "keep", "start", "decided", "released_by"), ""
    )
    return replace(meeting, people=(), **({} if meeting.released_on else words))


def _pledge(pledge: Pledge) -> Pledge:
    words: dict[str, Any] = dict.fromkeys(("who", "what", "known_by", "result", "released_by"), "")
    return pledge if pledge.released_on else replace(pledge, **words)


def _idea(_: Idea) -> Idea:
    return Idea(AN_IDEA)


def _whole(record: Record) -> Record:
    return record


# By kind: what is told of a record that somebody wrote; None where nothing is.
TOLD: dict[str, Callable[[Any], Any]] = {
    "cause": _whole,
    "partner": _whole,
    "priority": _whole,
    "idea": _idea,
    "seat": _seat,
    "story": _released,
    "pride": _released,
    "meeting": _meeting,
    "pledge": _pledge,
}


# Who wrote it is told of these alone.
SIGNED = ("partner", "seat")


def plan(plan: Plan, ideas: set[str], causes: set[str], partners: set[str]) -> Plan:
    """A plan, with the ideas and causes that come with Roundtable and the partners of a list by
    name, without any other word, and without a number."""
    named = {name.strip() if name.strip() in partners else A_PARTNER for name in plan.partners}
    return replace(
        plan,
        idea=plan.idea if plan.idea in ideas else AN_IDEA,
        cause=plan.cause if plan.cause in {"", *causes} else A_CAUSE,
        partners=tuple(sorted(named)),
        who_for="",
        from_percent=0,
        to_percent=0,
        owner="",
        people=(),
        learned="",
        looked_up_to=None,
    )
