"""The attack on what the share view shows: can a hidden count be worked out?

It reads the tables of the share view as they stand in a generation, not how they were made, and
counts the same cells again to know which of them are hidden. Somebody who attacks is taken to know
every rule, every sum, and how many students count at two schools.
"""

from dataclasses import dataclass, fields

import duckdb
import numpy as np

from queries.privacy import attack, rules
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
    read_absence,
    read_survey,
    system,
    wanted_of_answers,
)
from queries.privacy.making import count

_TOLD_ABSENCE = """
    SELECT
        cell.cell,
        told.students, coalesce(told.nearest, 10) AS nearest, told.students_absent AS absent,
        round(100 * told.rate) AS rate,
        round(100 * told.rate_at_least) AS at_least,
        round(100 * told.rate_at_most) AS at_most,
        NULL AS n_low, NULL AS n_high,
        told.change_points AS change
    FROM share_cell AS cell
    LEFT JOIN share_place_schools AS place ON place.kind = cell.kind AND place.name = cell.place
    LEFT JOIN share_absence AS told
        ON told.place = place.place AND told.school_year = cell.school_year
        AND told.period = cell.period AND told.point = cell.point
        AND told.dimension = cell.dimension AND told.category = cell.category
    ORDER BY cell.cell
"""
_TOLD_SURVEY = """
    SELECT
        item.cell,
        NULL AS students, 10 AS nearest, NULL AS absent,
        round(100 * told.favorable) AS rate,
        round(100 * told.favorable_at_least) AS at_least,
        round(100 * told.favorable_at_most) AS at_most,
        told.n_low, told.n_high,
        NULL AS change
    FROM share_item AS item
    LEFT JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
    LEFT JOIN share_survey AS told
        ON told.place = place.place AND told.survey = item.survey
        AND told.school_year = item.school_year
        AND told.respondent_group = item.respondent_group AND told.item_id = item.item_id
    ORDER BY item.cell
"""
_NAME_ABSENCE = """
    SELECT school_year || ', ' || strftime(point, '%Y-%m-%d') || ', '
        || CASE period WHEN 'last' THEN 'the year before, ' ELSE '' END
        || kind || ' ' || place || ', ' || dimension || ' ' || coalesce(category, '(not listed)')
    FROM share_cell WHERE cell = $cell
"""
_NAME_SURVEY = """
    SELECT survey || ', ' || school_year || ', ' || respondent_group || ', ' || kind || ' ' || place
        || ', ' || item_id
    FROM share_item WHERE cell = $cell
"""


@dataclass(frozen=True)
class Finding:
    """The audit of one table of the share view, 'absence' or 'survey'.

    hidden: counts looked for. sums, rates: ties used. solved: of the counts, how many by linear
    programming too. narrowest: fewest possible values found for a hidden count, and `where` that
    is. broken: counts with fewer than ten. none is None where nothing is hidden.
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
) -> list[Finding]:
    """Attack the share view of the generation that the connection stands on: one finding a table.

    counted: the cells were counted on this connection already. thorough: solve every hidden count
    to its end, not only until it has ten values. nested: a second definition told of attendance.
    """
    if not counted:
        count(connection, minimum)
    enough = attack.UNLIMITED if thorough else rules.POSSIBLE_VALUES
    return [
        _attack(connection, "absence", read_absence(connection), minimum, enough, nested),
        _attack(connection, "survey", read_survey(connection), minimum, enough),
    ]


def _attack(
    connection, table: str, cells: Cells, minimum: int, enough: int, nested: Nested | None = None
) -> Finding:
    told = _read_told(connection, _TOLD_ABSENCE if table == "absence" else _TOLD_SURVEY)
    attacked = system(cells, told, minimum, nested)
    counts = Counts(len(cells), len(cells.sum_whole))
    hidden = _hidden(cells, told, counts, minimum)
    context = counts.context(cells)
    if nested:
        hidden = np.r_[hidden, nested.counts(cells)[1]]
        context = np.r_[context, np.tile(context[nested.cell], 2)]
    low, high = attack.bounds(attacked)
    wanted = wanted_of_answers(cells, attacked, high, rules.POSSIBLE_VALUES)
    width = (high - low + 1)[hidden]
    # What contradicts itself was told by no rule of ours: nothing there is cleared, nor solved.
    broken = np.isin(context[hidden], context[low > high])
    width[broken] = 0
    is_open = width >= wanted[hidden]
    open_ = hidden[is_open]
    attacked.low, attacked.high = low, high
    exact = attack.exact_bounds(attacked, open_, context, enough=enough)
    narrower = np.minimum(high[open_], exact[:, 1]) - np.maximum(low[open_], exact[:, 0]) + 1
    values, which = np.r_[width[~is_open], narrower], np.r_[hidden[~is_open], open_]
    lacking = values < wanted[which]
    # What may be as few as the answers of all schools is few without being found out.
    told_of = lacking | (wanted[which] == rules.POSSIBLE_VALUES)
    values, which = values[told_of], which[told_of]
    extreme = cells.is_survey & np.isin(told.rate, (0, 100))
    narrowest = int(values.min()) if len(values) else None
    where = (
        _where(connection, table, cells, counts, which[values.argmin()]) if len(values) else None
    )
    return Finding(
        table=table,
        cells=len(cells),
        hidden=len(hidden),
        sums=len(attacked.totals),
        rates=len(attacked.part),
        solved=len(open_),
        narrowest=narrowest,
        where=where,
        broken=int(lacking.sum() + extreme.sum()),
    )


def _read_told(connection, question: str) -> Told:
    found = connection.execute(question).df()
    columns = {
        one.name: found[one.name]
        .astype("Float64")
        .fillna(NO_CHANGE_TOLD if one.name == "change" else NOT_TOLD)
        .to_numpy(dtype=np.int64)
        for one in fields(Told)
    }
    return Told(**columns)


def _hidden(cells: Cells, told: Told, counts: Counts, minimum: int) -> np.ndarray:
    """What nobody may work out: every count that the view does not tell, or tells only as a band of
    its rate, and every small count of students, however much is told around it. Of answers, a small
    part is told by its rate."""
    group, student = cells.is_group & ~cells.is_everybody, ~cells.is_survey
    unrated = (told.rate == NOT_TOLD) & (student | (told.at_most == NOT_TOLD))
    # The end of a rate tells the large part as the size does.
    low_end, high_end = at_ends(told, minimum)
    uncounted = (told.students == NOT_TOLD) & (told.n_low == NOT_TOLD)
    present = cells.students - cells.absent
    elsewhere = cells.elsewhere[ABSENT] != NOT_TOLD
    of_group = elsewhere & cells.is_group[cells.sum_whole]
    small_absent = (cells.absent < minimum) & student
    small_present = (present < minimum) & student
    return np.concatenate(
        [
            counts.block(STUDENTS)[group & (uncounted | ((cells.students < minimum) & student))],
            counts.block(ABSENT)[group & ((unrated & ~high_end) | small_absent)],
            counts.block(PRESENT)[group & ((unrated & ~low_end) | small_present)],
            counts.block(ABSENT)[cells.is_tier & (unrated | small_absent)],
            counts.block(ABSENT)[cells.is_reason & ((told.absent == NOT_TOLD) | small_absent)],
            counts.elsewhere(STUDENTS)[of_group],
            counts.elsewhere(ABSENT)[elsewhere],
            counts.elsewhere(PRESENT)[of_group],
        ]
    )


def _where(connection, table: str, cells: Cells, counts: Counts, one: int) -> str:
    if one >= 3 * (counts.cells + counts.sums):
        return "those absent by one definition and not by the other"
    block = one // counts.cells if one < 3 * counts.cells else -1
    cell = counts.cell_of(one) if block >= 0 else cells.sum_whole[counts.sum_of(one)]
    question = _NAME_ABSENCE if table == "absence" else _NAME_SURVEY
    ((name,),) = connection.execute(question, {"cell": int(cell)}).fetchall()
    words = {
        STUDENTS: "students",
        ABSENT: "absent" if table == "absence" else "favorable",
        PRESENT: "not absent" if table == "absence" else "not favorable",
        -1: "where it is not listed",
    }
    return f"{name}: {words[int(block)]}"
