"""What somebody could work out: the possible values of every count, from what is shown alone.

A count is a variable with a lowest and a highest possible value. Everything that the share view
tells and everything that must hold narrows them: a group is those absent and those present, groups
add up to their place, schools to the network, tiers to the chronically absent, and a percent ties
those absent to their group.
"""

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

# No place has so many students: a count of which nothing is known. Larger, and the solver's own
# tolerance is more than a student.
UNLIMITED = 10**7
# Narrowing goes from sum to sum; what a thousand rounds have not moved stays.
ROUNDS = 1000
HAIR = 1e-6
# So many counts are worth two solutions more.
SEVERAL = 4


@dataclass
class System:
    """Counts with the lowest and highest value told of each, and what ties them together.

    Sums: the counts of one sum, each with its sign, add up to its total. Rates: 200 times the part
    lies between `least` and `most` times the whole, in half percents.
    """

    low: np.ndarray
    high: np.ndarray
    sum_of: np.ndarray
    sum_count: np.ndarray
    sum_sign: np.ndarray
    totals: np.ndarray
    part: np.ndarray
    whole: np.ndarray
    least: np.ndarray
    most: np.ndarray


class Sums:
    """Sums, gathered kind by kind."""

    def __init__(self):
        self.number = 0
        self.kinds: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []

    def add(self, totals: np.ndarray, *entries: tuple[np.ndarray, np.ndarray, int]) -> None:
        """One sum per total; entries are (which of these sums, count, sign)."""
        of = np.concatenate([which for which, _, _ in entries])
        count = np.concatenate([one for _, one, _ in entries])
        sign = np.concatenate([np.full(len(which), sign) for which, _, sign in entries])
        self.kinds.append((of + self.number, count, sign, totals))
        self.number += len(totals)

    def joined(self) -> tuple[np.ndarray, ...]:
        of, count, sign, totals = (np.concatenate(one) for one in zip(*self.kinds, strict=True))
        return of, count, sign, totals.astype(float)


def bounds(system: System) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and highest possible value of every count, each tie looked at by itself until
    none narrows anything any more. Where what is told contradicts itself, a low is above a high."""
    low, high = system.low.copy(), system.high.copy()
    for _ in range(ROUNDS):
        before = int(low.sum()) - int(high.sum())
        _narrow_by_sums(system, low, high)
        _narrow_by_rates(system, low, high)
        if int(low.sum()) - int(high.sum()) == before or (low > high).any():
            break
    return low, high


def implied(system: System, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each entry of a sum, how low and how high the others of that sum let it be."""
    count, sign, sum_of = system.sum_count, system.sum_sign, system.sum_of
    least = np.where(sign > 0, low[count], -high[count])
    most = np.where(sign > 0, high[count], -low[count])
    size = len(system.totals)
    rest_most = np.bincount(sum_of, most, size)[sum_of] - most
    rest_least = np.bincount(sum_of, least, size)[sum_of] - least
    at_least = np.rint(system.totals[sum_of] - rest_most).astype(np.int64)
    at_most = np.rint(system.totals[sum_of] - rest_least).astype(np.int64)
    return np.where(sign > 0, at_least, -at_most), np.where(sign > 0, at_most, -at_least)


def _narrow_by_sums(system: System, low: np.ndarray, high: np.ndarray) -> None:
    at_least, at_most = implied(system, low, high)
    np.maximum.at(low, system.sum_count, at_least)
    np.minimum.at(high, system.sum_count, at_most)


def _narrow_by_rates(system: System, low: np.ndarray, high: np.ndarray) -> None:
    part, whole, least, most = system.part, system.whole, system.least, system.most
    np.maximum.at(low, part, -(-least * low[whole] // 200))
    np.minimum.at(high, part, most * high[whole] // 200)
    some = least > 0
    np.minimum.at(high, whole[some], 200 * high[part[some]] // least[some])
    np.maximum.at(low, whole, -(-200 * low[part] // np.maximum(most, 1)))


def exact_bounds(
    system: System,
    counts: np.ndarray,
    context: np.ndarray,
    *,
    enough: int | np.ndarray = UNLIMITED,
) -> np.ndarray:
    """The lowest and highest possible value of the given counts, all ties taken together: linear
    programming, slower than `bounds`. One row per count.

    context: for each count of the system, a number; ties between two contexts are left out.
    enough: so many possible values, of all or of each of the counts, are not asked for beyond; then
    a row may be narrower than true.
    """
    found = np.empty((len(counts), 2), dtype=np.int64)
    enough = np.broadcast_to(enough, len(counts))
    parts, asked = _Parts(system, context), _Grouped(context[counts])
    for one in np.unique(context[counts]):
        rows = asked.of(one)
        found[rows] = _solve(parts.of(one), parts.counts.place[counts[rows]], enough[rows])
    return found


class _Grouped:
    """Which entries have a value, and at which place among those that have the same."""

    def __init__(self, values: np.ndarray):
        self.order = np.argsort(values, kind="stable")
        self.values = values[self.order]
        self.place = np.empty(len(values), dtype=np.int64)
        first = np.searchsorted(self.values, self.values)
        self.place[self.order] = np.arange(len(values)) - first

    def of(self, value: int) -> np.ndarray:
        first, after = np.searchsorted(self.values, [value, value + 1])
        return self.order[first:after]


class _Parts:
    """The part of a system that each context makes up: what reaches beyond it is left out."""

    def __init__(self, system: System, context: np.ndarray):
        self.system = system
        of_entry = context[system.sum_count]
        lowest = np.full(len(system.totals), np.iinfo(np.int64).max)
        highest = np.full(len(system.totals), -1)
        np.minimum.at(lowest, system.sum_of, of_entry)
        np.maximum.at(highest, system.sum_of, of_entry)
        of_sum = np.where(lowest == highest, lowest, -1)
        of_rate = np.where(context[system.part] == context[system.whole], context[system.part], -1)
        self.counts, self.sums = _Grouped(context), _Grouped(of_sum)
        self.entries, self.rates = _Grouped(of_sum[system.sum_of]), _Grouped(of_rate)

    def of(self, context: int) -> System:
        """One such part; its counts in the order of the whole."""
        system, place = self.system, self.counts.place
        counts, sums = self.counts.of(context), self.sums.of(context)
        entries, rates = self.entries.of(context), self.rates.of(context)
        return System(
            low=system.low[counts],
            high=system.high[counts],
            sum_of=self.sums.place[system.sum_of[entries]],
            sum_count=place[system.sum_count[entries]],
            sum_sign=system.sum_sign[entries],
            totals=system.totals[sums],
            part=place[system.part[rates]],
            whole=place[system.whole[rates]],
            least=system.least[rates],
            most=system.most[rates],
        )


def _solve(system: System, counts: np.ndarray, enough: np.ndarray) -> np.ndarray:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    # Only the aim changes from one count to the next: the primal simplex goes on from the last
    # answer, in a third of the time of beginning anew.
    solver.setOptionValue("presolve", "off")
    solver.setOptionValue("simplex_strategy", 4)
    solver.passModel(_program(system))
    # Every answer is one way in which all counts can be, and so are all ways between two of them.
    lowest = np.full(len(counts), np.inf)
    highest = np.full(len(counts), -np.inf)

    def is_solved() -> bool:
        if not _solved(solver):
            return False
        way = np.array(solver.getSolution().col_value)[counts]
        np.minimum(lowest, way, out=lowest)
        np.maximum(highest, way, out=highest)
        return True

    _settle_many(solver, counts, is_solved, lambda: _whole_values(lowest, highest) < enough)
    for row, count in enumerate(counts):
        for aim in (1.0, -1.0):
            if _whole_values(lowest[row], highest[row]) >= enough[row]:
                break
            solver.changeColCost(int(count), aim)
            if not is_solved():
                # What cannot be solved is not cleared.
                lowest[row] = highest[row] = 0
                break
        solver.changeColCost(int(count), 0.0)
    # A hair of rounding must not cost, or add, a whole value.
    return np.column_stack([np.ceil(lowest - HAIR), np.floor(highest + HAIR)]).astype(np.int64)


def _settle_many(
    solver: highspy.Highs,
    counts: np.ndarray,
    is_solved: Callable[[], bool],
    open_now: Callable[[], np.ndarray],
) -> None:
    """One aim for all counts that are open, each with a weight of its own: to make them low, then
    high. It settles half of them, and is repeated as long as it settles several."""
    random, columns = np.random.default_rng(len(counts)), counts.astype(np.int32)
    open_, settled = open_now(), SEVERAL
    while settled >= SEVERAL:
        weight = open_ * random.uniform(0.2, 1.0, len(counts))
        for aim in (weight, -weight):
            solver.changeColsCost(len(counts), columns, aim)
            if not is_solved():
                break
        still = open_now()
        settled, open_ = (open_ & ~still).sum(), still
    solver.changeColsCost(len(counts), columns, np.zeros(len(counts)))


def _solved(solver: highspy.Highs) -> bool:
    """Solve for the aim that is set; anew where going on from the last answer does not end."""
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        solver.clearSolver()
        solver.run()
    return solver.getModelStatus() == highspy.HighsModelStatus.kOptimal


def _whole_values(lowest: np.ndarray, highest: np.ndarray) -> np.ndarray:
    known = lowest <= highest
    return np.where(known, np.floor(highest + HAIR) - np.ceil(lowest - HAIR) + 1, 0)


def _program(system: System) -> highspy.HighsLp:
    """The same system as rows between two limits: the sums, and both sides of each rate."""
    sums, rates = len(system.totals), len(system.part)
    rate = sums + np.arange(rates)
    row = np.concatenate([system.sum_of, rate, rate, rate + rates, rate + rates])
    column = np.concatenate([system.sum_count, *[system.part, system.whole] * 2])
    twice = np.full(rates, 200)
    value = np.concatenate([system.sum_sign, -twice, system.least, twice, -system.most])
    order = np.argsort(row, kind="stable")
    program = highspy.HighsLp()
    program.num_col_ = len(system.low)
    program.num_row_ = sums + 2 * rates
    program.col_cost_ = np.zeros(len(system.low))
    program.col_lower_ = system.low.astype(float)
    program.col_upper_ = system.high.astype(float)
    program.row_lower_ = np.r_[system.totals, np.full(2 * rates, -highspy.kHighsInf)]
    program.row_upper_ = np.r_[system.totals, np.zeros(2 * rates)]
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.searchsorted(row[order], np.arange(program.num_row_ + 1))
    program.a_matrix_.index_ = column[order]
    program.a_matrix_.value_ = value[order].astype(float)
    return program
