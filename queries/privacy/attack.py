"""What somebody could work out: the possible values of every count, from what is shown alone.

A count is a variable with a lowest and a highest possible value. Everything that the share view
tells and everything that must hold narrows them: a group is those absent and those present, groups
add up to their place, schools to the network, tiers to the chronically absent, and a percent ties
those absent to their group.
"""

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import highspy
import numpy as np

# No place has so many students: a count of which nothing is known. Larger, and the solver's own
# tolerance is more than a student.
UNLIMITED = 10**7
# Narrowing goes from sum to sum; what a thousand rounds have not moved stays.
ROUNDS = 1000
NEVER = 2**40
HAIR = 1e-6
# So many counts are worth two solutions more.
SEVERAL = 4


@dataclass
class System:
    """Counts with the lowest and highest value told of each, and what ties them together.

    Sums: the counts of one sum, each with its sign, add up to its total, or to as much as `spare`
    more (None: nothing). Rates: 200 times the part lies between `least` and `most` times the whole,
    in half percents.
    follows: sums that follow from the others, and serve `bounds` alone; None where none does.
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
    follows: np.ndarray | None = None
    spare: np.ndarray | None = None

    @property
    def most_totals(self) -> np.ndarray:
        """The most that the counts of each sum add up to."""
        return self.totals if self.spare is None else self.totals + self.spare


class Sums:
    """Sums, gathered kind by kind."""

    def __init__(self):
        self.number = 0
        self.kinds: list[tuple[np.ndarray, ...]] = []

    def add(
        self,
        totals: np.ndarray,
        *entries: tuple[np.ndarray, np.ndarray, int],
        spare: np.ndarray | None = None,
    ) -> None:
        """One sum per total; entries are (which of these sums, count, sign)."""
        of = np.concatenate([which for which, _, _ in entries])
        count = np.concatenate([one for _, one, _ in entries])
        sign = np.concatenate([np.full(len(which), sign) for which, _, sign in entries])
        spare = np.zeros(len(totals)) if spare is None else spare
        self.kinds.append((of + self.number, count, sign, totals, spare))
        self.number += len(totals)

    def joined(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        of, count, sign, totals, _ = (np.concatenate(one) for one in zip(*self.kinds, strict=True))
        return of, count, sign, totals.astype(float)

    @property
    def spare(self) -> np.ndarray:
        return np.concatenate([spare for *_, spare in self.kinds]).astype(float)


def bounds(system: System) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and highest possible value of every count, each tie looked at by itself until
    none narrows anything any more. Where what is told contradicts itself, a low is above a high."""
    return Bounds(system).of(system)


class Bounds:
    """The same for systems that differ in what is told alone, one after the other: only what rests
    on a count of which something else is told now is looked at again.

    Each sum stands here twice: how much an entry adds at least is the total less what the others
    add at most, and the other way round, with every sign turned.
    """

    def __init__(self, system: System):
        size, positive = len(system.low), system.sum_sign > 0
        least = np.where(positive, system.sum_count, system.sum_count + size)
        most = np.where(positive, system.sum_count + size, system.sum_count)
        of = np.concatenate([system.sum_of, system.sum_of + len(system.totals)])
        order = np.argsort(of, kind="stable")
        self.target = np.concatenate([least, most])[order]
        self.source = np.concatenate([most, least])[order]
        self.starts = np.flatnonzero(np.diff(of[order], prepend=-1))
        self.lengths = np.diff(self.starts, append=len(of))
        totals = np.rint(np.concatenate([system.totals, -system.most_totals])).astype(np.int64)
        self.total = totals[of[order][self.starts]]
        self.by_source = np.argsort(self.source, kind="stable")
        self.held_by = np.repeat(np.arange(len(self.starts)), self.lengths)[self.by_source]
        self.held_from = np.searchsorted(self.source[self.by_source], np.arange(2 * size + 1))
        self.last = np.empty(len(self.starts), dtype=np.int64)
        # The lows, and the highs with their sign turned, so that all of them only ever grow: as
        # told, and as found; and in which rounds, of all, each entry made one grow first and last.
        self.told = np.full(2 * size, -UNLIMITED - 1)
        self.ends = self.told.copy()
        self.round = 0
        self.grew_first = np.full(len(self.target), NEVER)
        self.grew_last = np.zeros(len(self.target), dtype=np.int64)
        self.rated: np.ndarray = np.zeros(size)
        self.tied = (system.part[:0], system.whole[:0])

    def of(self, system: System) -> tuple[np.ndarray, np.ndarray]:
        """The bounds of this system, which has the sums of the one it was made with."""
        told, size = np.concatenate([system.low, -system.high]), len(system.low)
        changed = (told != self.told) | np.tile(self._other_rates(system), 2)
        ends = self._resting_on(system, changed)
        more = ends[told[ends] > self.ends[ends]]
        self.told, self.ends[ends] = told, told[ends]
        again = np.zeros(size, dtype=bool)
        again[ends % size] = True
        low, turned = np.split(self.ends, 2)
        # What an end grew by stands where its other end is held.
        open_ = self._with_any_of(np.r_[more, (ends + size) % (2 * size)])
        rated = _rates_of(system, again)
        for _ in range(ROUNDS):
            self.round += 1
            grown = np.r_[self._narrow(open_), _narrow_by_rates(rated, self.ends)]
            counts = grown % size
            if not len(grown) or (low + turned)[counts].max() > 0:
                break
            if not again[counts].all():
                again[counts] = True
                rated = _rates_of(system, again)
            open_ = self._with_any_of(grown)
        if (low + turned > 0).any():
            # Where what is told contradicts itself, narrowing ended before its end.
            self.told = np.full_like(told, -UNLIMITED - 1)
        return low.copy(), -turned

    def _other_rates(self, system: System) -> np.ndarray:
        """The ends of counts tied by other rates than before: a part by a number made of them."""
        before, (part, whole) = self.rated, (system.part, system.whole)
        made_of = (whole * 1009 + system.least) * 1009 + system.most
        self.rated = np.bincount(part, np.sqrt(made_of + 2.0), len(system.low))
        other = self.rated != before
        for one, all_of_it in (self.tied, (part, whole)):
            other[all_of_it[other[one]]] = True
        self.tied = (part, whole)
        return other

    def _resting_on(self, system: System, changed: np.ndarray) -> np.ndarray:
        """The ends that changed, and all that grew by what may be other than before.

        An end is suspect since the round in which it first grew by a suspect end; what changed,
        since always. What it was before stays true, and so does what grew by that: each value
        rests on values of earlier rounds alone, and none on itself.
        """
        size = len(system.low)
        part, whole = (np.r_[one, one + size] for one in (system.part, system.whole))
        since = np.where(changed, 0, NEVER)
        new = np.flatnonzero(changed)
        while len(new):
            starts, lengths = self._entries(self._with_any_of(new))
            entries = ranges(starts, lengths)
            used = np.minimum.reduceat(since[self.source[entries]], np.cumsum(lengths) - lengths)
            used = np.repeat(used, lengths)
            by = np.flatnonzero(self.grew_last[entries] > used)
            grew, target = self.grew_first[entries[by]], self.target[entries[by]]
            grew = np.maximum(grew, used[by] + 1)
            earlier = grew < since[target]
            new = target[earlier]
            np.minimum.at(since, new, grew[earlier])
            # A part and its whole, in the same round.
            apart = np.flatnonzero(since[part] != since[whole])
            np.minimum.at(since, part[apart], since[whole[apart]])
            np.minimum.at(since, whole[apart], since[part[apart]])
            new = np.r_[new, part[apart], whole[apart]]
        ends = np.flatnonzero(since < NEVER)
        # Only how it grew since then is forgotten: others may rest on what it was before.
        other = (ends + size) % (2 * size)
        first, after = self.held_from[other], self.held_from[other + 1]
        entries = self.by_source[ranges(first, after - first)]
        gone = entries[self.grew_first[entries] >= since[self.target[entries]]]
        self.grew_first[gone], self.grew_last[gone] = NEVER, 0
        return ends

    def _entries(self, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.starts[sums], self.lengths[sums]

    def _narrow(self, sums: np.ndarray) -> np.ndarray:
        """Raise the ends of counts to what these sums say of them. Those that grew."""
        starts, lengths = self._entries(sums)
        entries = ranges(starts, lengths)
        held = self.ends[self.source[entries]]
        together = np.add.reduceat(held, np.cumsum(lengths) - lengths) if len(held) else held
        found = np.repeat(self.total[sums] + together, lengths) - held
        target = self.target[entries]
        more = np.flatnonzero(found > self.ends[target])
        np.maximum.at(self.ends, target[more], found[more])
        by = entries[more[found[more] == self.ends[target[more]]]]
        self.grew_first[by] = np.minimum(self.grew_first[by], self.round)
        self.grew_last[by] = self.round
        return target[more]

    def _with_any_of(self, ends: np.ndarray) -> np.ndarray:
        """The sums of which one of these ends says something, each once."""
        first = self.held_from[ends]
        found = self.held_by[ranges(first, self.held_from[ends + 1] - first)]
        self.last[found] = np.arange(len(found))
        return found[self.last[found] == np.arange(len(found))]


def _rates_of(system: System, counts: np.ndarray) -> System:
    """The same without the rates that none of these counts is tied by."""
    some = counts[system.part] | counts[system.whole]
    rates = (system.part, system.whole, system.least, system.most)
    part, whole, least, most = (one[some] for one in rates)
    return replace(system, part=part, whole=whole, least=least, most=most)


def ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The numbers from each start on, so many of each."""
    before = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)


def implied(system: System, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each entry of a sum, how low and how high the others of that sum let it be."""
    count, sign, sum_of = system.sum_count, system.sum_sign, system.sum_of
    least = np.where(sign > 0, low[count], -high[count])
    most = np.where(sign > 0, high[count], -low[count])
    size = len(system.totals)
    rest_most = np.bincount(sum_of, most, size)[sum_of] - most
    rest_least = np.bincount(sum_of, least, size)[sum_of] - least
    at_least = np.rint(system.totals[sum_of] - rest_most).astype(np.int64)
    at_most = np.rint(system.most_totals[sum_of] - rest_least).astype(np.int64)
    return np.where(sign > 0, at_least, -at_most), np.where(sign > 0, at_most, -at_least)


def _narrow_by_rates(system: System, ends: np.ndarray) -> np.ndarray:
    """The same by rates. ends: the lows, then the highs with their sign turned."""
    part, whole, least, most = system.part, system.whole, system.least, system.most
    low, turned = np.split(ends, 2)
    looked_at = np.r_[part, whole, part + len(low), whole + len(low)]
    before = ends[looked_at]
    np.maximum.at(low, part, -(-least * low[whole] // 200))
    np.maximum.at(turned, part, -(most * -turned[whole] // 200))
    some = least > 0
    np.maximum.at(turned, whole[some], -(200 * -turned[part[some]] // least[some]))
    np.maximum.at(low, whole, -(-200 * low[part] // np.maximum(most, 1)))
    return looked_at[ends[looked_at] > before]


def exact_bounds(
    system: System,
    counts: np.ndarray,
    context: np.ndarray,
    *,
    enough: int | np.ndarray = UNLIMITED,
    solved: dict[bytes, np.ndarray] | None = None,
) -> np.ndarray:
    """The lowest and highest possible value of the given counts, all ties taken together: linear
    programming, slower than `bounds`. One row per count.

    context: for each count of the system, a number; ties between two contexts are left out.
    enough: so many possible values, of all or of each of the counts, are not asked for beyond; then
    a row may be narrower than true.
    solved: what was found of such contexts; one that is asked the same again is read there.
    """
    found = np.empty((len(counts), 2), dtype=np.int64)
    enough = np.broadcast_to(enough, len(counts))
    parts, asked = _Parts(system, context), Grouped(context[counts])

    def solve(one: int) -> None:
        rows = asked.of(one)
        question = parts.of(one), parts.counts.place[counts[rows]], enough[rows]
        key = _digest(*question)
        answer = solved.get(key) if solved is not None else None
        if answer is None:
            answer = _solve(*question)
        if solved is not None:
            solved[key] = answer
        found[rows] = answer

    contexts = np.unique(context[counts])
    if len(contexts) < 2:
        list(map(solve, contexts))
    else:
        # The solver leaves other threads alone.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(solve, contexts))
    return found


def _digest(system: System, counts: np.ndarray, enough: np.ndarray) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for values in (*vars(system).values(), counts, enough):
        if values is None:
            continue
        digest.update(len(values).to_bytes(8))
        digest.update(np.ascontiguousarray(values).data)
    return digest.digest()


class Grouped:
    """Which entries have a value, and at which place among those that have the same."""

    def __init__(self, values: np.ndarray):
        self.order = np.argsort(values, kind="stable")
        self.values = values[self.order]
        self.place = np.empty(len(values), dtype=np.int64)
        each = np.arange(len(values))
        begins = np.diff(self.values, prepend=-2) != 0
        self.place[self.order] = each - np.maximum.accumulate(np.where(begins, each, 0))

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
        self.counts, self.sums = Grouped(context), Grouped(of_sum)
        self.entries, self.rates = Grouped(of_sum[system.sum_of]), Grouped(of_rate)

    def of(self, context: int) -> System:
        """One such part; its counts in the order of the whole."""
        system, place = self.system, self.counts.place
        counts, sums = self.counts.of(context), self.sums.of(context)
        entries, rates = self.entries.of(context), self.rates.of(context)
        follows, spare = (
            None if one is None else one[sums] for one in (system.follows, system.spare)
        )
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
            follows=follows,
            spare=spare,
        )


def _solve(system: System, counts: np.ndarray, enough: np.ndarray) -> np.ndarray:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    # Only the aim changes from one count to the next: the primal simplex goes on from the last
    # answer, in a third of the time of beginning anew.
    solver.setOptionValue("presolve", "off")
    solver.setOptionValue("simplex_strategy", 4)
    columns, counts = _in_use(system, counts)
    solver.passModel(_program(columns))
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


def _in_use(system: System, counts: np.ndarray) -> tuple[System, np.ndarray]:
    """The system without the counts that nothing ties, and where those asked for stand in it."""
    used = np.zeros(len(system.low), dtype=bool)
    for some in (counts, system.sum_count, system.part, system.whole):
        used[some] = True
    place = np.cumsum(used) - 1
    tied = replace(
        system,
        low=system.low[used],
        high=system.high[used],
        sum_count=place[system.sum_count],
        part=place[system.part],
        whole=place[system.whole],
    )
    return tied, place[counts]


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
    """The same system as rows between two limits: the sums, and both sides of each rate, without
    what says nothing that others do not say."""
    low, high, part, whole = system.low, system.high, system.part, system.whole
    sums = np.ones(len(system.totals), dtype=bool)
    if system.follows is not None:
        sums = ~system.follows
    rows = int(sums.sum())
    entries = sums[system.sum_of]
    at_least = np.flatnonzero(200 * low[part] < system.least * high[whole])
    at_most = np.flatnonzero(200 * high[part] > system.most * low[whole])
    rated = np.r_[at_least, at_most]
    sides = rows + np.arange(len(rated))
    twice = np.r_[np.full(len(at_least), -200), np.full(len(at_most), 200)]
    row = np.concatenate([(np.cumsum(sums) - 1)[system.sum_of[entries]], sides, sides])
    column = np.concatenate([system.sum_count[entries], part[rated], whole[rated]])
    share = np.r_[system.least[at_least], -system.most[at_most]]
    value = np.concatenate([system.sum_sign[entries], twice, share])
    order = np.argsort(row, kind="stable")
    program = highspy.HighsLp()
    program.num_col_ = len(low)
    program.num_row_ = rows + len(rated)
    program.col_cost_ = np.zeros(len(low))
    program.col_lower_ = low.astype(float)
    program.col_upper_ = high.astype(float)
    program.row_lower_ = np.r_[system.totals[sums], np.full(len(rated), -highspy.kHighsInf)]
    program.row_upper_ = np.r_[system.most_totals[sums], np.zeros(len(rated))]
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.searchsorted(row[order], np.arange(program.num_row_ + 1))
    program.a_matrix_.index_ = column[order]
    program.a_matrix_.value_ = value[order].astype(float)
    return program
