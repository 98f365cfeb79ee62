"""What earlier releases told of attendance that was corrected since, in sums with what was not."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

import duckdb
import numpy as np
import pandas as pd

from queries.privacy import making, releases
from queries.privacy.cells import SOLVED_TOGETHER, Cells, read_absence
from queries.privacy.releases import Before
from queries.privacy.rules import WITHHELD

Read = TypeVar("Read")
_CELLS = """
    SELECT
        CAST((school_year, point) AS VARCHAR) AS month,
        CAST((school_year, point, kind, place) AS VARCHAR) AS of_place,
        CAST((school_year, point, kind, place, period, dimension, category) AS VARCHAR) AS key,
        CAST((school_year, kind, place, period, dimension, category) AS VARCHAR) AS through,
        point, dimension, is_newest
    FROM share_cell
    ORDER BY cell
"""
_CODES = """
    SELECT coalesce(was.code, $withheld) AS code
    FROM share_cell AS cell
    LEFT JOIN share_counted AS was
        ON was.school_year = cell.school_year AND was.period = cell.period
        AND was.point = cell.point AND was.kind = cell.kind AND was.place = cell.place
        AND was.dimension = cell.dimension AND was.category = cell.category
    ORDER BY cell.cell
"""
# Months by which a release told groups and reasons, as the newest of their year, and this one does
# not: there is a later one.
_OUTGROWN = """
    SELECT CAST((school_year, was.point) AS VARCHAR)
    FROM (
        SELECT school_year, max(point) AS point
        FROM release.share_counted
        WHERE dimension <> 'all'
        GROUP BY school_year
    ) AS was
    JOIN share_cell AS cell USING (school_year)
    GROUP BY school_year, was.point
    HAVING max(cell.point) FILTER (WHERE cell.is_newest) > was.point
"""
# In what a cell is as it was.
_COUNTED = ["students", "absent", "is_listed", "is_few", "is_enough", "is_unlisted"]
# Who is counted there may be counted elsewhere a month later: a student's latest grade, a tier or a
# cause.
_MAY_FALL = ("grade", "tier", "knowledge", "cause")
# Numbers that cells of one release share, and those of two do not.
_GROUPED = ("margin", "pair", "through_years")


def read_codes(connection: duckdb.DuckDBPyConnection) -> np.ndarray:
    """What the release that the connection stands on told of each of its cells."""
    return connection.execute(_CODES, {"withheld": WITHHELD}).fetchnumpy()["code"].astype(np.int64)


def together(
    connection: duckdb.DuckDBPyConnection,
    cells: Cells,
    others: Sequence[Path],
    read: Callable[[duckdb.DuckDBPyConnection], Read],
) -> tuple[Cells, list[tuple[Read, np.ndarray]]]:
    """The cells of attendance, and after them those of places that releases told of otherwise in
    months that are told of here, and those of a month that was the newest of its year; and of each
    release what is read of it, and which cells of it these are.

    A school that was not corrected stands in a sum with one that was, before and after: whoever
    keeps both releases has two sums over it. What was the newest month is told by group and reason
    no more, but those counts can only have grown since."""
    here, all_, found = _listed(connection, cells), cells, []
    keys = [here[here.is_newest]]
    for path in others:
        with releases.beside(connection, path):
            was = releases.compare(connection)
            outgrown = {month for (month,) in connection.execute(_OUTGROWN).fetchall()}
        if not outgrown and not (was["is_same"] & ~was["is_kept"]).any():
            continue
        with (
            closing(duckdb.connect()) as apart,
            releases.beside(apart, path, stand_on=True),
        ):
            making.count_as_kept(apart)
            there = read_absence(apart)
            listed, told = _listed(apart, there), read(apart)
        open_ = set(here.month[~was["is_kept"]])
        # Of a month that is the newest no more its places alone are told of.
        parted = set(here.month[~cells.is_whole])
        corrected = listed.month.isin(open_) & (there.is_whole | listed.month.isin(parted))
        listed["outgrown"] = listed.month.isin(outgrown)
        for some in (corrected | listed.outgrown, listed.outgrown):
            these = np.flatnonzero(some)
            of_these = listed.iloc[these].reset_index(drop=True)
            more, new = _with(all_, here, there.only(these), of_these)
            before = np.bincount(all_.context)
            after = np.bincount(more.context)[: len(before)]
            # What is too large to be solved would be attacked less well than without it.
            if not ((before <= SOLVED_TOGETHER) & (after > SOLVED_TOGETHER)).any():
                keys.append(of_these.iloc[new].set_axis(len(all_) + np.arange(len(new))))
                all_ = more
                found.append((told, these[new]))
                break
    return replace(all_, grown=_grown(all_, keys)), found


def _grown(cells: Cells, keys: Sequence[pd.DataFrame]) -> np.ndarray:
    """Cells of a month that was the newest, and the same of the next one that was or is; but those
    that a correction made less. keys: what cells are, by their numbers."""
    listed = pd.concat(keys)
    listed = listed[(listed.is_newest | listed.outgrown) & ~listed.by.isin(_MAY_FALL)]
    listed = listed.sort_values(["through", "point"], kind="stable")
    earlier, later = listed.index.to_numpy()[:-1], listed.index.to_numpy()[1:]
    through, point = listed.through.to_numpy(), listed.point.to_numpy()
    count = np.where(cells.is_reason, cells.absent, cells.students)
    grew = (through[:-1] == through[1:]) & (point[:-1] < point[1:])
    grew &= count[earlier] <= count[later]
    return np.vstack([earlier[grew], later[grew]])


def _listed(connection: duckdb.DuckDBPyConnection, cells: Cells) -> pd.DataFrame:
    of_each = {name: getattr(cells, name) for name in ("context", "dimension")}
    listed = connection.execute(_CELLS).df().rename(columns={"dimension": "by"})
    return listed.assign(
        **of_each, **{name: getattr(cells, name) for name in _COUNTED}, outgrown=False
    )


def _with(
    cells: Cells, here: pd.DataFrame, there: Cells, listed: pd.DataFrame
) -> tuple[Cells, np.ndarray]:
    """The cells of a release behind others, but those of places of which nothing was corrected; and
    which they are. here, listed: what they are, of today's and of the release's."""
    at = pd.Index(here.key).get_indexer(listed.key)
    found = at >= 0
    counted = here[_COUNTED].to_numpy()[at] == listed[_COUNTED].to_numpy()
    as_it_was = found & counted.all(axis=1)
    equal = found & counted[:, :2].all(axis=1)
    number = here.of_place.value_counts()
    same = as_it_was & (
        listed.of_place.map(number) == listed.groupby("of_place").key.transform("size")
    )
    is_new = ~pd.Series(same).groupby(listed.of_place).transform("all").to_numpy()
    new, size = np.flatnonzero(is_new), len(cells)
    place = np.where(is_new, size + np.cumsum(is_new) - 1, at)
    sums = np.flatnonzero(is_new[there.sum_whole])
    parts = np.flatnonzero(is_new[there.sum_whole[there.part_sum]])
    tied = new[equal[new]]
    pairs = there.same[:, (there.same >= 0).all(axis=0) & is_new[there.same].any(axis=0)]
    context = listed.month.map(dict(zip(here.month, here.context, strict=True)))
    # By itself: what is solved together here is as large as it was.
    apart = cells.context.max(initial=0) + 1 + pd.factorize(listed.month)[0]
    context = context.mask(listed.outgrown, pd.Series(apart)).to_numpy(dtype=np.int64)
    by = dict(zip(here.by, here.dimension, strict=True))
    first = cells.dimension.max(initial=0) + 1
    dimension = listed.by.map(by).fillna(first).to_numpy(dtype=np.int64)
    added = {
        "context": context[new],
        "dimension": dimension[new],
        "whole": place[there.whole[new]],
        "inside": np.where(there.inside[new] >= 0, place[there.inside[new]], -1),
        "part_sum": len(cells.sum_whole) + np.searchsorted(sums, there.part_sum[parts]),
        "part_cell": place[there.part_cell[parts]],
        "sum_whole": place[there.sum_whole[sums]],
        "elsewhere": there.elsewhere[:, sums],
        "same": place[pairs],
        "again": np.vstack([at[tied], place[tied]]),
        "grown": np.zeros((2, 0), dtype=np.int64),
    }
    for name in _GROUPED:
        added[name] = getattr(cells, name).max(initial=0) + 1 + getattr(there, name)[new]
    names = [one.name for one in fields(Cells)]
    more = {name: getattr(there, name)[new] for name in names if name not in added} | added
    joined = {name: np.concatenate([getattr(cells, name), more[name]], axis=-1) for name in names}
    return Cells(**joined), new


def with_told(before: Before, found: Sequence[tuple[np.ndarray, np.ndarray]]) -> Before:
    """What was told of cells, and of those of releases behind them, which nobody takes back."""
    behind = np.concatenate([before.codes[:0], *(codes[these] for codes, these in found)])
    each = np.ones(len(behind), dtype=bool)
    return Before(
        np.r_[before.codes, behind],
        np.r_[before.is_kept, each],
        np.r_[before.is_few, ~each],
        np.r_[before.size_codes, np.full(len(behind), WITHHELD)],
    )
