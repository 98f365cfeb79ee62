"""The attack on what the share view shows: can a hidden count be worked out?

It reads the tables of the share view as they stand in a generation, not how they were made, and
counts the same cells again to know which of them are hidden. Somebody who attacks is taken to know
every rule and every sum, and that no more students count at two schools than do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import duckdb
import numpy as np

from queries.privacy import answers, attack, releases, releases_absence, rules
from queries.privacy.cells import (
    ABSENT,
    NO_CHANGE_TOLD,
    NOT_TOLD,
    PRESENT,
    STUDENTS,
    Cells,
    Counts,
    Nested,
    Told,
    at_ends,
    last_year_of,
    nothing_told,
    read_absence,
    system,
)
from queries.privacy.making import count
from queries.privacy.releases_answers import behind, together

_TOLD_ABSENCE = """
    SELECT
        told.students, coalesce(told.nearest, 10) AS nearest, told.students_absent AS absent,
        round(100 * told.rate) AS rate,
        round(100 * told.rate_at_least) AS at_least,
        round(100 * told.rate_at_most) AS at_most,
        told.change_points AS change
    FROM share_cell AS cell
    LEFT JOIN share_place_schools AS place ON place.kind = cell.kind AND place.name = cell.place
    LEFT JOIN share_absence AS told
        ON told.place = place.place AND told.school_year = cell.school_year
        AND told.period = cell.period AND told.point = cell.point
        AND told.dimension = cell.dimension AND told.category = cell.category
    ORDER BY cell.cell
"""
# Places whose attendance says more of how many were chronically absent than their percent does, or
# is told without one: at a tenth of the days, were all enrolled on all days (05_absence.sql).
_SAID_BY_ATTENDANCE = """
    SELECT count(*)
    FROM share_absence
    WHERE attendance_rate IS NOT NULL
        AND coalesce(
            round(1000 * rate) + 5 > 10 * (1000 - round(1000 * attendance_rate) + 5)
            OR round(1000 * rate) - 5 < (1000 - round(1000 * attendance_rate) - 5 - 100) / 0.9,
            true
        )
"""
_NAME_ABSENCE = """
    SELECT school_year || ', ' || strftime(point, '%Y-%m-%d') || ', '
        || CASE period WHEN 'last' THEN 'the year before, ' ELSE '' END
        || kind || ' ' || place || ', ' || dimension || ' ' || coalesce(category, '(not listed)')
    FROM share_cell WHERE cell = $cell
"""
_NAME_SURVEY = """
    SELECT survey || ', ' || school_year || ', ' || respondent_group || ', ' || kind || ' ' || place
        || ', ' || coalesce(item_id, 'response') || ': '
        || CASE $kind
            WHEN 0 THEN 'answers' WHEN 1 THEN 'favorable' WHEN 2 THEN 'not favorable'
            ELSE (SELECT answer FROM share_item_answer WHERE answer_row = $answer_row)
        END
    FROM share_item WHERE cell = $cell
"""


@dataclass(frozen=True)
class Finding:
    """The audit of one table of the share view, 'absence' or 'survey'.

    hidden: counts looked for. sums, rates: ties used. solved: of the counts, how many by linear
    programming too. narrowest: fewest possible values found for a hidden count, and `where` that
    is. broken: counts with fewer than ten, and attendance that says more than the percent beside
    it. narrowest is None where nothing is hidden.
    """

    table: str
    cells: int
    hidden: int
    sums: int
    rates: int
    solved: int
    narrowest: int | None
    where: str | None
    broken: int

    @property
    def cleared(self) -> bool:
        """Nothing hidden can be worked out."""
        return self.broken == 0


def audit(
    connection: duckdb.DuckDBPyConnection,
    minimum: int,
    *,
    counted: bool = False,
    thorough: bool = True,
    nested: Nested | None = None,
    others: Sequence[Path] = (),
) -> list[Finding]:
    """Attack the share view of the generation that the connection stands on: one finding a table.

    counted: the cells were counted on this connection already. thorough: solve every hidden count
    to its end, not only until it has ten values. nested: a second definition told of attendance.
    others: files of other generations that are kept: what they tell of a count that is the same
    counts too.
    """
    if not counted:
        count(connection, minimum)
    enough = attack.UNLIMITED if thorough else rules.POSSIBLE_VALUES
    return [
        _attack(connection, read_absence(connection), minimum, enough, nested, others),
        _attack_answers(connection, minimum, enough, others),
    ]


def _attack(
    connection,
    cells: Cells,
    minimum: int,
    enough: int,
    nested: Nested | None = None,
    others: Sequence[Path] = (),
) -> Finding:
    told, own = _read_told(connection), len(cells)
    all_, found = releases_absence.together(connection, cells, others, _read_told)
    elsewhere, few = [], np.zeros(len(all_), dtype=bool)
    for other in others:
        is_few, there = _told_elsewhere(connection, cells, told, other)
        few[:own] |= is_few
        elsewhere.append(_one_after_another(there, nothing_told(all_), slice(own, None)))
    for there, these in found:
        told = _one_after_another(told, there, these)
    cells = replace(all_, is_few=all_.is_few | few)
    attacked = system(cells, told, minimum, nested, elsewhere)
    counts = Counts(len(cells), len(cells.sum_whole))
    hidden = _hidden(cells, _either(told, elsewhere), counts, minimum)
    context = counts.context(cells)
    if nested:
        hidden = np.r_[hidden, nested.counts(cells)[1]]
        context = np.r_[context, np.tile(context[nested.cell], 2)]
    low, high = attack.bounds(attacked)
    width = (high - low + 1)[hidden]
    # What contradicts itself was told by no rule of ours: nothing there is cleared, nor solved.
    broken = np.isin(context[hidden], context[low > high])
    width[broken] = 0
    is_open = width >= rules.POSSIBLE_VALUES
    open_ = hidden[is_open]
    attacked.low, attacked.high = low, high
    exact = attack.exact_bounds(attacked, open_, context, enough=enough)
    narrower = np.minimum(high[open_], exact[:, 1]) - np.maximum(low[open_], exact[:, 0]) + 1
    values, which = np.r_[width[~is_open], narrower], np.r_[hidden[~is_open], open_]
    ((by_attendance,),) = connection.execute(_SAID_BY_ATTENDANCE).fetchall()
    return Finding(
        table="absence",
        cells=own,
        hidden=len(hidden),
        sums=len(attacked.totals),
        rates=len(attacked.part),
        solved=len(open_),
        narrowest=int(values.min()) if len(values) else None,
        where=_where(connection, cells, own, which[values.argmin()]) if len(values) else None,
        broken=int((values < rules.POSSIBLE_VALUES).sum()) + by_attendance,
    )


def _attack_answers(connection, minimum: int, enough: int, others: Sequence[Path] = ()) -> Finding:
    survey = answers.read(connection)
    told = answers.read_told(connection)
    everything = np.ones(int(survey.context.max(initial=0)) + 1, dtype=bool)
    all_, before = together(connection, survey, others)
    found = answers.possible_values(
        all_, behind(told, before), minimum, rules.POSSIBLE_VALUES, everything, enough=enough
    )
    values, where = found.values, None
    for other in others:
        # Of a count that is told in two ways both are known: our rules tell it in one.
        before = releases.answers_told(connection, survey, other)
        otherwise = before.counted & told.counted & ~answers.told_alike(survey, before, told)
        otherwise = np.r_[otherwise, np.zeros(len(all_) - len(survey), dtype=bool)]
        values[otherwise[found.counts.owner[found.hidden]]] = 0
    one = found.hidden[values.argmin()] if len(values) else 0
    if len(values) and found.counts.owner[one] >= len(survey):
        where = "what an earlier release told"
    elif len(values):
        ((where,),) = connection.execute(
            _NAME_SURVEY,
            {
                "cell": int(found.counts.owner[one]),
                "answer_row": int(one - found.counts.answers[0]),
                "kind": int(found.counts.kind[one]),
            },
        ).fetchall()
    return Finding(
        table="survey",
        cells=len(survey),
        hidden=len(found.hidden),
        sums=len(found.attacked.totals),
        rates=0,
        solved=found.solved,
        narrowest=int(values.min()) if len(values) else None,
        where=where,
        broken=len(found.narrow),
    )


def _read_told(connection) -> Told:
    columns = connection.execute(_TOLD_ABSENCE).df().astype("Float64")
    columns = columns.fillna({"change": NO_CHANGE_TOLD}).fillna(NOT_TOLD)
    return Told(**{name: column.to_numpy(dtype=np.int64) for name, column in columns.items()})


def _told_elsewhere(connection, cells: Cells, told: Told, other: Path) -> tuple[np.ndarray, Told]:
    """Which of the same counts another release does not list, for they are small; and what it tells
    of them, as far as it is something else."""
    with releases.beside(connection, other):
        before = releases.compare(connection)
    with releases.beside(connection, other, stand_on=True):
        found = _read_told(connection)
    is_same, nothing = before["is_same"], nothing_told(cells)
    tells = dict.fromkeys(
        ("students", "nearest"), is_same | (before["size_code"] != rules.WITHHELD)
    )
    names = [one.name for one in fields(Told)]
    differs = np.any([getattr(found, name) != getattr(told, name) for name in names], axis=0)
    values = {
        name: np.where(
            tells.get(name, is_same) & differs, getattr(found, name), getattr(nothing, name)
        )
        for name in names
    }
    last = last_year_of(cells)
    values["change"][(last >= 0) & ~is_same[last]] = NO_CHANGE_TOLD
    return before["is_few"], Told(**values)


def _one_after_another(told: Told, other: Told, these: slice | np.ndarray) -> Told:
    """What is told of cells, and behind it what is told of these."""
    return Told(
        **{name: np.r_[values, getattr(other, name)[these]] for name, values in vars(told).items()}
    )


def _either(told: Told, others: Sequence[Told]) -> Told:
    """What at least one of several tells."""
    told = replace(told)
    for other in others:
        for name in ("students", "absent", "rate", "at_most"):
            here, there = getattr(told, name), getattr(other, name)
            setattr(told, name, np.where(here == NOT_TOLD, there, here))
    return told


def _hidden(cells: Cells, told: Told, counts: Counts, minimum: int) -> np.ndarray:
    """What nobody may work out: every count that the view does not tell, or tells only as a band of
    its rate, and every small count of students, however much is told around it."""
    group, unrated = cells.is_group & ~cells.is_everybody, told.rate == NOT_TOLD
    # The end of a rate tells the large part as the size does.
    low_end, high_end = at_ends(told, minimum)
    present = cells.students - cells.absent
    elsewhere = cells.elsewhere[ABSENT] != NOT_TOLD
    of_group = elsewhere & cells.is_group[cells.sum_whole]
    small_absent, small_present = cells.absent < minimum, present < minimum
    found = np.concatenate(
        [
            counts.block(STUDENTS)[
                group & ((told.students == NOT_TOLD) | (cells.students < minimum))
            ],
            counts.block(ABSENT)[group & ((unrated & ~high_end) | small_absent)],
            counts.block(PRESENT)[group & ((unrated & ~low_end) | small_present)],
            counts.block(ABSENT)[cells.is_tier & (unrated | small_absent)],
            counts.block(ABSENT)[cells.is_reason & ((told.absent == NOT_TOLD) | small_absent)],
            counts.elsewhere(STUDENTS)[of_group],
            counts.elsewhere(ABSENT)[elsewhere],
            counts.elsewhere(PRESENT)[of_group],
        ]
    )
    return counts.judged(found, cells)


def _where(connection, cells: Cells, own: int, one: int) -> str:
    counts = Counts(len(cells), len(cells.sum_whole))
    if one >= 3 * (counts.cells + counts.sums):
        return "those absent by one definition and not by the other"
    block = one // counts.cells if one < 3 * counts.cells else -1
    count = np.asarray(one)
    cell = counts.cell_of(count) if block >= 0 else cells.sum_whole[counts.sum_of(count)]
    if cell >= own:
        return "what an earlier release told"
    ((name,),) = connection.execute(_NAME_ABSENCE, {"cell": int(cell)}).fetchall()
    words = {
        STUDENTS: "students",
        ABSENT: "absent",
        PRESENT: "not absent",
        -1: "where it is not listed",
    }
    return f"{name}: {words[int(block)]}"
