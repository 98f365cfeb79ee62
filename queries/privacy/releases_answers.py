"""What earlier releases told of surveys: of the same answers, and of others in the same sums."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import duckdb
import numpy as np

from queries.privacy import answers, making, releases
from queries.privacy.answers import NOT_TOLD, Survey, Told

_CELLS = """
    SELECT (survey, school_year, respondent_group, item_id, kind, place) FROM share_item
    ORDER BY cell
"""
_OF_ANSWERS = ("answer_cell", "answer_favorable", "given", "part", "share")


def together(
    connection: duckdb.DuckDBPyConnection, survey: Survey, others: Sequence[Path]
) -> tuple[Survey, Told]:
    """The cells of a survey, and after them those of releases that stand in a sum with the same
    count as one here; and what the releases told of all of them.

    A school's answers that did not change stand beside those of another that did, before and after:
    whoever keeps both releases has two sums over them."""
    told = releases.answers_told(connection, survey, *others)
    here = [repr(key) for (key,) in connection.execute(_CELLS).fetchall()]
    for path in others:
        with releases.beside(connection, path):
            same = {here[cell] for cell in releases.same_items(connection)}
        if len(same) == len(here):
            continue
        with (
            closing(duckdb.connect()) as apart,
            releases.beside(apart, path, stand_on=True),
        ):
            making.count_answers(apart)
            there, before = answers.read(apart), answers.read_told(apart)
            keys = [repr(key) for (key,) in apart.execute(_CELLS).fetchall()]
        cell = {key: number for number, key in enumerate(here) if key in same}
        known = np.array([cell.get(key, NOT_TOLD) for key in keys], dtype=np.int64)
        survey, told = _with(survey, told, there, before, known)
    return survey, told


def _with(
    survey: Survey, told: Told, there: Survey, before: Told, known: np.ndarray
) -> tuple[Survey, Told]:
    """The cells of a release behind others. known: which of these each is, if it is the same."""
    is_known = known != NOT_TOLD
    of = np.full(int(there.context.max(initial=0)) + 1, NOT_TOLD)
    of[there.context[is_known]] = survey.context[known[is_known]]
    new = np.flatnonzero(~is_known & (of[there.context] != NOT_TOLD))
    rows = np.flatnonzero(np.isin(there.answer_cell, new))
    place, row = known.copy(), np.full(len(there.given) + 1, NOT_TOLD)
    place[new] = len(survey) + np.arange(len(new))
    row[rows] = len(survey.given) + np.arange(len(rows))
    # What changed at a part changed in the whole.
    sums = np.flatnonzero(np.isin(there.sum_whole, new))
    parts = np.flatnonzero(np.isin(there.part_sum, sums))
    number = len(survey.sum_whole) + np.searchsorted(sums, there.part_sum[parts])
    unlike = np.arange(len(new))
    added = {
        "context": of[there.context[new]],
        "asked": survey.asked.max(initial=0) + 1 + there.asked[new],
        "alike": survey.alike.max(initial=0) + 1 + unlike,
        "part_sum": number,
        "part_cell": place[there.part_cell[parts]],
        "sum_whole": place[there.sum_whole[sums]],
        "answer_cell": place[there.answer_cell[rows]],
        "part": row[before.part[rows]],
    }

    def joined(first, second) -> dict[str, np.ndarray]:
        more = {
            one.name: getattr(second, one.name)[rows if one.name in _OF_ANSWERS else new]
            for one in fields(first)
            if one.name not in added
        }
        return {name: np.r_[here, (more | added)[name]] for name, here in vars(first).items()}

    return Survey(**joined(survey, there)), Told(**joined(told, before))


def own(told: Told, survey: Survey) -> Told:
    """What is told of these cells, without those behind them."""
    return Told(
        **{
            name: values[: len(survey.given) if name in _OF_ANSWERS else len(survey)]
            for name, values in vars(told).items()
        }
    )


def behind(told: Told, before: Told) -> Told:
    """What is told, and behind it what was told of the cells that are no more."""
    return Told(
        **{name: np.r_[now, getattr(before, name)[len(now) :]] for name, now in vars(told).items()}
    )
