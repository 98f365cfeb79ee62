"""What is told of surveys, and what somebody could work out from it.

Percents of many items give away how many answered each (docs/decisions.md 28). So whoever attacks
is taken to know exactly how many answered where anything is told of an item at a place, and of a
response rate how many were invited. Every percent is then a few whole numbers, and what is left to
look for stands in sums: the answers of an item at a place, and the places of a larger one.
"""

from dataclasses import dataclass

import duckdb
import numpy as np

from queries.privacy import attack, rules
from queries.privacy.attack import UNLIMITED, Sums, System

NOT_TOLD = -1
# Of so many places the sums are not solved together: of a few at a time, which shares out what a
# solution costs before it begins.
SOLVED_TOGETHER, SOLVED_AT_A_TIME = 300, 30
PEOPLE, FAVORABLE, OTHERS, GIVEN = range(4)
_TOLD_SURVEY = """
    SELECT
        coalesce(told.n_low, response.n_low) AS n_low,
        coalesce(told.n_high, response.n_high) AS n_high,
        round(100 * coalesce(told.favorable, response.response_rate)) AS rate,
        round(100 * coalesce(told.favorable_at_least, response.response_rate_at_least)) AS at_least,
        round(100 * coalesce(told.favorable_at_most, response.response_rate_at_most)) AS at_most
    FROM share_item AS item
    LEFT JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
    LEFT JOIN share_survey AS told
        ON told.place = place.place AND told.survey = item.survey
        AND told.school_year = item.school_year
        AND told.respondent_group = item.respondent_group AND told.item_id = item.item_id
    LEFT JOIN share_response AS response
        -- Of a response of which no rate is told, nothing is: the band is of those who answered.
        ON item.item_id IS NULL
        AND coalesce(response.response_rate, response.response_rate_at_most) IS NOT NULL
        AND response.place = place.place AND response.survey = item.survey
        AND response.school_year = item.school_year
        AND response.respondent_group = item.respondent_group
    ORDER BY item.cell
"""
_TOLD_ANSWERS = """
    SELECT
        min(answer_row) FILTER (WHERE told.part IS NOT NULL) OVER (PARTITION BY cell, told.part)
            AS part,
        round(100 * told.share) AS share
    FROM share_item_answer AS given
    JOIN share_item AS item USING (cell)
    LEFT JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
    LEFT JOIN share_answers AS told
        ON told.place = place.place AND told.survey = item.survey
        AND told.school_year = item.school_year
        AND told.respondent_group = item.respondent_group AND told.item_id = item.item_id
        AND told.answer = given.answer
    ORDER BY given.answer_row
"""


@dataclass(frozen=True)
class Survey:
    """Exact counts of surveys. A cell is an item at a place in one year, or the response there:
    those invited (people), of whom some answered (favorable).

    context: cells of one item and year, or response. asked: of one survey, year, group and place.
    alike: of one item, place and scale in all years. part_sum, part_cell, sum_whole: the cells that
    add up to one of a larger place.
    Answers: one row for each answer of the scale of an item, in the order of its cells, those not
    favorable first: answer_cell, answer_favorable, and by how many it was given.
    """

    people: np.ndarray
    favorable: np.ndarray
    is_response: np.ndarray
    context: np.ndarray
    asked: np.ndarray
    alike: np.ndarray
    year: np.ndarray
    part_sum: np.ndarray
    part_cell: np.ndarray
    sum_whole: np.ndarray
    answer_cell: np.ndarray
    answer_favorable: np.ndarray
    given: np.ndarray

    def __len__(self) -> int:
        return len(self.people)

    @property
    def first(self) -> np.ndarray:
        """The first answer of each cell, and behind the last one their number."""
        return np.searchsorted(self.answer_cell, np.arange(len(self) + 1))


@dataclass
class Told:
    """What the share view tells of each cell, as it stands there; NOT_TOLD where it says nothing.

    n_low, n_high: the band of answers. rate: whole percent; at_least, at_most: or percents that it
    lies between. part, share: for each answer, the first of those it is told together with (itself
    where it is told alone), and the whole percent that they are.
    """

    n_low: np.ndarray
    n_high: np.ndarray
    rate: np.ndarray
    at_least: np.ndarray
    at_most: np.ndarray
    part: np.ndarray
    share: np.ndarray

    @property
    def counted(self) -> np.ndarray:
        return self.n_low != NOT_TOLD


def read(connection: duckdb.DuckDBPyConnection) -> Survey:
    """The cells of surveys, from the tables of 04_survey.sql."""

    def columns(question: str) -> list[np.ndarray]:
        return [
            np.asarray(values, dtype=bool if name.startswith("is_") else np.int64)
            for name, values in connection.execute(question).fetchnumpy().items()
        ]

    cells = columns(
        """
        SELECT
            answers, favorable, item_id IS NULL AS is_response,
            dense_rank() OVER (ORDER BY survey, school_year, respondent_group, item_id) - 1
                AS context,
            dense_rank() OVER (ORDER BY survey, school_year, respondent_group, kind, place) - 1
                AS asked,
            dense_rank() OVER (
                ORDER BY kind, place, survey, respondent_group, item_id, survey_item.scale
            ) - 1 AS alike,
            dense_rank() OVER (PARTITION BY survey ORDER BY school_year) AS year
        FROM share_item
        LEFT JOIN survey_item USING (survey, school_year, respondent_group, item_id)
        ORDER BY cell
        """
    )
    sum_of, part, whole = columns(
        "SELECT sum_of, part_cell, whole_cell FROM share_item_part ORDER BY sum_of"
    )
    sum_whole = np.zeros(int(sum_of.max(initial=-1)) + 1, dtype=np.int64)
    sum_whole[sum_of] = whole
    answers = columns(
        "SELECT cell, is_favorable, answers FROM share_item_answer ORDER BY answer_row"
    )
    return Survey(*(*cells, sum_of, part, sum_whole, *answers))


def nothing_told(survey: Survey) -> Told:
    of_cells = (np.full(len(survey), NOT_TOLD) for _ in range(5))
    return Told(*of_cells, *(np.full(len(survey.given), NOT_TOLD) for _ in range(2)))


def read_told(connection: duckdb.DuckDBPyConnection) -> Told:
    """What is told of these cells by the generation that the connection stands on."""
    columns = {
        name: column.astype("Float64").fillna(NOT_TOLD).to_numpy(dtype=np.int64)
        for question in (_TOLD_SURVEY, _TOLD_ANSWERS)
        for name, column in connection.execute(question).df().items()
    }
    return Told(**columns)


def told_alike(survey: Survey, one: Told, other: Told) -> np.ndarray:
    """Of which cells both tell the same."""
    differs = np.zeros(len(survey), dtype=bool)
    for name in ("rate", "at_least", "at_most"):
        differs |= getattr(one, name) != getattr(other, name)
    differs[survey.answer_cell[one.part != other.part]] = True
    return ~differs


# --- What can be worked out


class Counts:
    """Where the counts of a system stand: of each cell its people, those favorable and the others;
    of each answer those who gave it; of each part those it is of; then of each sum over places all
    whose count is told at none of them by itself."""

    def __init__(self, survey: Survey):
        size, answers = len(survey), len(survey.given)
        self.cells = np.arange(3 * size).reshape(3, size)
        self.answers = 3 * size + np.arange(answers)
        self.parts = 3 * size + answers + np.arange(answers)
        first = survey.first
        # The sums over places, of people, of those favorable, of the others, and of each answer.
        sums = np.arange(len(survey.sum_whole))
        sizes = np.diff(first)[survey.part_cell]
        answer = np.repeat(first[survey.part_cell], sizes) + _within(sizes)
        wholes = np.diff(first)[survey.sum_whole]
        starts = np.cumsum(wholes) - wholes
        self.sum_of = np.r_[
            *(survey.part_sum + kind * len(sums) for kind in range(3)),
            3 * len(sums) + np.repeat(starts[survey.part_sum], sizes) + _within(sizes),
        ]
        self.part = np.r_[*(block[survey.part_cell] for block in self.cells), self.answers[answer]]
        of_whole = np.repeat(first[survey.sum_whole], wholes) + _within(wholes)
        self.whole = np.r_[
            *(block[survey.sum_whole] for block in self.cells), self.answers[of_whole]
        ]
        self.rests = 3 * size + 2 * answers + np.arange(len(self.whole))
        owner = np.r_[np.tile(np.arange(size), 3), np.tile(survey.answer_cell, 2)]
        self.owner = np.r_[owner, owner[self.whole]]
        kind = np.r_[np.repeat([PEOPLE, FAVORABLE, OTHERS], size), np.full(2 * answers, GIVEN)]
        self.kind = np.r_[kind, kind[self.whole]]

    def truth(self, survey: Survey, told: Told) -> np.ndarray:
        """Every count as it is."""
        others = survey.people - survey.favorable
        parts = np.zeros(len(survey.given), dtype=np.int64)
        together = np.flatnonzero(told.part != NOT_TOLD)
        np.add.at(parts, told.part[together], survey.given[together])
        counts = np.r_[survey.people, survey.favorable, others, survey.given, parts]
        apart = self.apart(survey, told)
        rest = np.bincount(self.sum_of, apart[self.part] * counts[self.part], len(self.whole))
        return np.r_[counts, rest.astype(np.int64)]

    def apart(self, survey: Survey, told: Told) -> np.ndarray:
        """The counts of cells and answers that are not told by themselves."""
        rated = told.rate != NOT_TOLD
        alone = np.bincount(told.part[told.part != NOT_TOLD], minlength=len(survey.given)) == 1
        alone &= told.part == np.arange(len(survey.given))
        return np.r_[~told.counted, ~rated, ~rated, ~alone]


def _within(sizes: np.ndarray) -> np.ndarray:
    """0, 1, 2 and so on within each of these sizes."""
    return np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def system(survey: Survey, told: Told, minimum: int) -> tuple[System, np.ndarray]:
    """Everything that somebody may hold together who sees what is told, knows how it is told, and
    how many answered; and how many each count may be at most by the rules alone."""
    counts = Counts(survey)
    low = np.zeros(len(counts.owner), dtype=np.int64)
    high = np.full(len(low), UNLIMITED, dtype=np.int64)
    _limit_cells(low, high, survey, told, counts, minimum)
    _limit_parts(low, high, survey, told, counts, minimum)
    # What is small, and known to be.
    few = ~told.counted & (survey.people < minimum)
    known = np.full(len(low), UNLIMITED, dtype=np.int64)
    known[counts.cells[:, few]] = minimum - 1
    known[counts.answers[few[survey.answer_cell]]] = minimum - 1
    known[counts.answers[_known_to_be_few(survey, told, minimum)]] = minimum - 1
    sums = Sums()
    people, favorable, others = counts.cells
    each = np.arange(len(survey))
    sums.add(0 * each, (each, favorable, 1), (each, others, 1), (each, people, -1))
    some = np.unique(survey.answer_cell)
    of_side = 2 * np.searchsorted(some, survey.answer_cell) + survey.answer_favorable
    sides = np.arange(2 * len(some))
    total = np.where(sides % 2, favorable[some[sides // 2]], others[some[sides // 2]])
    sums.add(0 * sides, (of_side, counts.answers, 1), (sides, total, -1))
    together = np.flatnonzero(told.part != NOT_TOLD)
    parts, of_part = np.unique(told.part[together], return_inverse=True)
    each = np.arange(len(parts))
    sums.add(0 * each, (of_part, counts.answers[together], 1), (each, counts.parts[parts], -1))
    each = np.arange(len(counts.whole))
    sums.add(0 * each, (counts.sum_of, counts.part, 1), (each, counts.whole, -1))
    apart = counts.apart(survey, told)[counts.part]
    sums.add(0 * each, (counts.sum_of[apart], counts.part[apart], 1), (each, counts.rests, -1))
    none = np.zeros(0, dtype=np.int64)
    return System(low, np.minimum(high, known), *sums.joined(), none, none, none, none), known


def _numbers(
    percent: np.ndarray, people: np.ndarray, minimum: int
) -> tuple[np.ndarray, np.ndarray]:
    """The whole numbers of which, among so many, a whole percent may be told."""
    least = np.maximum(-(-(2 * percent - 1) * people // 200), 0)
    most = np.minimum(-(-(2 * percent + 1) * people // 200) - 1, people)
    # What is told by its percent is not small; were it, no rule of ours told it.
    return np.where(most >= minimum, np.maximum(least, minimum), least), most


def answered(survey: Survey, counted: np.ndarray) -> np.ndarray:
    """Of each response, how many answered the item that most did: they have answered, and were
    invited."""
    items = counted & ~survey.is_response
    most = np.zeros(int(survey.asked.max(initial=0)) + 1, dtype=np.int64)
    np.maximum.at(most, survey.asked[items], survey.people[items])
    return np.where(survey.is_response, most[survey.asked], 0)


def _limit_cells(low, high, survey: Survey, told: Told, counts: Counts, minimum: int) -> None:
    people, favorable, _ = counts.cells
    counted = told.counted
    response = np.flatnonzero(survey.is_response)
    low[people[response]] = low[favorable[response]] = answered(survey, counted)[response]
    low[people[counted]] = high[people[counted]] = survey.people[counted]
    these = np.flatnonzero(told.rate != NOT_TOLD)
    size = survey.people[these]
    least, most = _numbers(told.rate[these], size, minimum)
    low[favorable[these]] = np.maximum(least, low[favorable[these]])
    high[favorable[these]] = np.where(
        size - least >= minimum, np.minimum(most, size - minimum), most
    )
    these = np.flatnonzero(told.at_most != NOT_TOLD)
    size, at_least, at_most = survey.people[these], told.at_least[these], told.at_most[these]
    end = rules.end_of_answers(size, minimum)
    # A band is none of the ends, or it would have been told as one.
    inner = ~((at_least == 0) & (at_most == end) | (at_most == 100) & (at_least == 100 - end))
    few = np.where(inner, minimum, 0)
    least = np.maximum(-(-at_least * size // 100), few)
    low[favorable[these]] = np.maximum(least, low[favorable[these]])
    high[favorable[these]] = np.minimum(at_most * size // 100, size - few)


def _limit_parts(low, high, survey: Survey, told: Told, counts: Counts, minimum: int) -> None:
    these = np.unique(told.part[told.part != NOT_TOLD])
    size = survey.people[survey.answer_cell[these]]
    low[counts.parts[these]], high[counts.parts[these]] = _numbers(told.share[these], size, minimum)


def _known_to_be_few(survey: Survey, told: Told, minimum: int) -> np.ndarray:
    """Answers told with others of which everybody may know that fewer than the minimum gave them;
    not where that alone would leave them too few values: of two that are ten together, nobody knows
    which of them it was."""
    together = np.flatnonzero(told.part != NOT_TOLD)
    part, size = told.part[together], len(survey.given)
    number = np.bincount(part, minlength=size)
    small = (survey.given[together] < minimum) & (number[part] > 1)
    room = np.bincount(part, np.where(small, minimum - 1, UNLIMITED), size) - (minimum - 1)
    total = np.bincount(part, survey.given[together], size)
    return together[small & (room >= total)[part]]


def to_hide(survey: Survey, told: Told, minimum: int) -> np.ndarray:
    """The counts that must keep their values: each that is small, and, where it is small, what is
    left of a larger place when those are taken away that are told by themselves."""
    counts = Counts(survey)
    truth = counts.truth(survey, told)
    # Of who answered, those who left an item out, or whose answer does not count, are a count.
    of_items = np.zeros(len(truth), dtype=np.int64)
    of_items[counts.cells[FAVORABLE]] = answered(survey, told.counted)
    apart = counts.apart(survey, told)[counts.part]
    of_items[counts.rests] = np.bincount(
        counts.sum_of, apart * of_items[counts.part], len(counts.whole)
    )
    small = truth - of_items < minimum
    small[counts.parts] = False
    several = np.bincount(counts.sum_of, apart, len(counts.whole))
    small[counts.rests] &= several > 1
    # Of what nothing is told at any place nothing can be worked out.
    of = np.unique(survey.context[told.counted])
    return np.flatnonzero(small & np.isin(survey.context[counts.owner], of))


def possible_values(
    survey: Survey, told: Told, minimum: int, wanted: int, among: np.ndarray, *, enough: int
) -> "Found":
    """How many values each count that must be hidden has, of the contexts in question.

    wanted: how many it must have. enough: so many are not asked for beyond."""
    counts = Counts(survey)
    given, known = system(survey, told, minimum)
    hidden = to_hide(survey, told, minimum)
    context = survey.context[counts.owner]
    hidden = hidden[among[context[hidden]]]
    low, high = attack.bounds(given)
    # What contradicts itself was told by no rule of ours.
    broken = np.isin(context, context[low > high])
    values = np.where(broken, 0, high - low + 1)[hidden]
    of_each = np.minimum(wanted, known[hidden] + 1)
    narrow = values < of_each
    # Where something is found without solving, less is told before anything is solved.
    open_ = ~np.isin(context[hidden], context[hidden[narrow]]) if enough < UNLIMITED else ~narrow
    open_ &= ~broken[hidden]
    given.low, given.high = low, high
    size = np.bincount(survey.context)
    few = len(size) + counts.owner // SOLVED_AT_A_TIME
    apart = np.where(size[context] > SOLVED_TOGETHER, few, context)
    exact = attack.exact_bounds(
        given, hidden[open_], apart, enough=np.minimum(enough, known[hidden[open_]] + 1)
    )
    values[open_] = np.minimum(values[open_], exact[:, 1] - exact[:, 0] + 1)
    return Found(counts, given, hidden, values, of_each, int(open_.sum()))


@dataclass
class Found:
    """The attack: the counts that must be hidden, how many values each has, and must have."""

    counts: Counts
    attacked: System
    hidden: np.ndarray
    values: np.ndarray
    wanted: np.ndarray
    solved: int

    @property
    def narrow(self) -> np.ndarray:
        return self.hidden[self.values < self.wanted]
