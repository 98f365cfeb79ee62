"""How far a network's priorities are: each indicator is a question that pages ask anyway.

So the number beside a goal is the number on its page, in every view.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from queries import access, choices, network
from queries.access import EVERYBODY, SHARE, NotShown, Viewer
from queries.answer import Answer
from queries.database import run, seen_by, written
from queries.home import home
from queries.selection import Selection


@dataclass(frozen=True)
class Indicator:
    """question and column: where its value stands; row: in which row of the answer, if it has
    several. The goal is reached at or below it, or at or above it. told_within: how far the value
    of the share view may be from the exact one; of a share of two numbers that are rounded there,
    as far as `of` says that it is one (part, whole), they decide."""

    question: str
    column: str
    goal_is_below: bool = False
    row: tuple[str, str] | None = None
    told_within: float = 0.005
    of: tuple[str, str] | None = None


INDICATORS = {
    "chronic absence": Indicator("absence/headline", "rate", goal_is_below=True),
    "severe absence": Indicator("absence/by_tier", "share", True, ("tier", "severe")),
    "attendance": Indicator("absence/headline", "attendance_rate"),
    "no cause known": Indicator(
        "causes/unknown", "share", True, of=("students_without_cause", "students_absent")
    ),
    "agreement": Indicator("culture/shifts", "second_all_favorable"),
    "response": Indicator("culture/response_rates", "response_rate"),
}


def progress(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per priority and place: the selection as a whole (school_name is null), then each
    school. share runs 0 to 1; in the share view with share_at_least, share_at_most and withheld.
    reached is null where that cannot be told."""
    stands_on = replace(selection, generation=selection.generation or seen_by(viewer))
    state = written(["network/priorities", *(one.question for one in INDICATORS.values())])
    return _progress(home(), state, stands_on, viewer)


@lru_cache(maxsize=64)
def _progress(
    folder: Path, state: tuple[int, str, int] | None, selection: Selection, viewer: Viewer
) -> pd.DataFrame:
    """Kept under everything it depends on: the home, what people wrote of it, the generation and
    who reads. On Overview the thirty answers of three priorities, each kept, took as long to ask
    for as the rest of the page."""
    schools = _schools(selection, viewer)
    rows = [
        {"record": one.record, "school_name": name, **_value(one, place, viewer)}
        for one in network.priorities(selection, viewer).itertuples()
        for name, place in [(None, selection), *schools.items()]
    ]
    coded = ["share_at_least", "share_at_most", "withheld"] if viewer.view == SHARE else []
    columns = ["record", "school_name", "share", *coded, "reached"]
    return Answer(pd.DataFrame(rows, columns=columns))


def _schools(selection: Selection, viewer: Viewer) -> dict[str, Selection]:
    """Each school of a selection of several, as a selection of its own."""
    in_force = choices.in_force(selection).iloc[0]
    names = choices.schools(selection).set_index("school_id").school_name
    if len(in_force.schools) < 2:
        return {}
    # The share view is narrowed by one place alone.
    wider: dict[str, Any] = {"network": None, "neighborhood": None} if viewer.view == SHARE else {}
    chosen = [names[school] for school in access.permitted(viewer, tuple(in_force.schools))]
    return {name: replace(selection, school=name, schools=None, **wider) for name in sorted(chosen)}


def _value(priority: Any, place: Selection, viewer: Viewer) -> dict[str, Any]:
    """What the indicator of a priority says of a place."""
    indicator = INDICATORS[priority.indicator]
    if isinstance(priority.survey, str):
        group = priority.respondent_group
        place = replace(place, survey=priority.survey, respondent_group=group)
    row = next(_rows(indicator, priority, place, viewer), {})
    value, low, high = (
        _known(row.get(f"{indicator.column}{end}")) for end in ("", "_at_least", "_at_most")
    )
    is_told = {value, low, high} != {None}
    reached = None
    if value is not None and viewer.view != SHARE:
        reached = _is_reached(value, priority.goal_percent, indicator)
    elif is_told:
        ends = _between(indicator, row, value, low, high)
        sides = {_is_reached(one, priority.goal_percent, indicator) for one in ends}
        reached = sides.pop() if len(sides) == 1 else None
    return {
        "share": value,
        "share_at_least": low,
        "share_at_most": high,
        "withheld": viewer.view == SHARE and not is_told,
        "reached": reached,
    }


def _between(
    indicator: Indicator, row: dict[str, Any], value: float | None, low: float | None, high: Any
) -> tuple[float, float]:
    """Between which shares the exact one lies of which the share view tells this."""
    if indicator.of and value is not None:
        part, whole = (int(row[name]) for name in indicator.of)
        off = int(row["nearest"]) / 2
        return (part - off) / (whole + off), (part + off) / max(whole - off, 1)
    around = (
        (0.0, 1.0)
        if value is None
        else (value - indicator.told_within, value + indicator.told_within)
    )
    return around[0] if low is None else low, around[1] if high is None else high


def _known(share: Any) -> float | None:
    return None if pd.isna(share) else float(share)


def _is_reached(share: float, goal_percent: int, indicator: Indicator) -> bool:
    """By the exact share; one that is the goal may miss it by what a computer cannot write."""
    if math.isclose(share, goal_percent / 100, rel_tol=0, abs_tol=1e-12):
        return True
    return (share < goal_percent / 100) == indicator.goal_is_below


def _rows(
    indicator: Indicator, priority: Any, place: Selection, viewer: Viewer
) -> Iterator[dict[str, Any]]:
    """The rows of the answer that the indicator is about, the newest year first."""
    try:
        answer = run(indicator.question, place, viewer)
    except NotShown:
        return
    if indicator.row:
        column, wanted = indicator.row
        answer = answer[answer[column] == wanted]
    if priority.indicator == "agreement":
        answer = answer[answer.item_id == priority.item_id]
    if "school_year" in answer:
        answer = answer.sort_values("school_year", ascending=False)
    yield from answer.to_dict("records")
