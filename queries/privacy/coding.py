"""Decides what is told of every cell, so that nothing hidden can be worked out."""

from dataclasses import replace

import numpy as np

from queries.privacy import attack, rules
from queries.privacy.attack import System
from queries.privacy.cells import (
    ABSENT,
    NO_CHANGE_TOLD,
    NOT_TOLD,
    PRESENT,
    STUDENTS,
    Cells,
    Counts,
    Identities,
    Told,
    apart,
    last_year_of,
    nothing_told,
    sums_of,
    system,
)
from queries.privacy.releases import Before
from queries.privacy.rules import BAND, COUNTED, HALF, HIGH, LOW, SHOWN, WIDE, WITHHELD

# One more than must be left: whole numbers leave, here and there, one less than the bounds of
# linear programming say. What is not listed has ten by the rule, and keeps them all.
WANTED_VALUES = rules.POSSIBLE_VALUES + 1
# Some counts are tied to many others, each of which gives way a little: after so many steps, all of
# a sum gives way at once.
PATIENCE = 30
NONE = -1
# In sums of so many cells something else tells of what stands beside a count. In the sum of all
# schools of a city each would tell less, one after the other, for a group of one.
BESIDE = 30
# What is told only so is hidden like what is withheld. Each of these codes says more than the last.
BANDS = (HALF, WIDE, BAND)
_WIDTH = np.array([rules.BAND_WIDTHS.get(code, 1) for code in range(SHOWN + 1)])


def decide(
    cells: Cells,
    minimum: int,
    before: Before | None = None,
    *,
    complementary: bool = True,
    both_years: bool = True,
) -> np.ndarray:
    """What is shown of each cell. Only tests leave a step out, to see the audit catch it.

    before: what earlier releases told, which stays told.

    First each cell by itself; then, in every margin where one is withheld, another; then the same
    cells in the years beside; then less and less of what stands around a count, until the attack
    leaves every hidden one its possible values; totals are given up last.
    """
    before = before or Before.nothing(cells)
    own = _by_itself(cells, minimum)
    codes = before.held(own)
    # What a year that was told before withheld for the sake of another binds no year any more: in
    # its first month hardly anybody had missed much.
    own = _not_alone(cells, own, minimum) if complementary else own
    alone = apart(cells) if complementary else []
    parts = [_Part(cells, these, minimum, before.only(these)) for these in alone]
    while True:
        last = codes
        if complementary:
            codes = before.held(_not_alone(cells, codes, minimum))
        if both_years:
            beside = np.where(before.is_kept, own, codes)
            codes = before.held(_in_both_years(cells, beside))
        codes = codes.copy()
        for part in parts:
            codes[part.these] = part.until_hidden(codes[part.these])
        # What was withheld on the way may stand alone now.
        if np.array_equal(codes == WITHHELD, last == WITHHELD):
            return codes


def _by_itself(cells: Cells, minimum: int) -> np.ndarray:
    codes = rules.code(cells.students[cells.base], cells.absent, minimum)
    codes[cells.is_tier & (codes == COUNTED)] = WITHHELD
    enough = cells.absent >= minimum
    codes = np.where(cells.is_reason, np.where(enough, SHOWN, WITHHELD), codes)
    codes[~cells.is_listed | _made_of_few(cells, minimum)] = WITHHELD
    # Where the place is withheld, so is everything in it.
    return np.where(codes[cells.whole] == WITHHELD, WITHHELD, codes)


def _made_of_few(cells: Cells, minimum: int) -> np.ndarray:
    """Cells of several schools none of whose parts is listed: of two that have at most nine,
    fifteen together would tell that each has six or more."""
    sums = len(cells.sum_whole)
    unlisted = np.bincount(cells.part_sum, cells.is_few[cells.part_cell], sums)
    number = _people(cells)[cells.sum_whole]
    of_few = (unlisted == np.bincount(cells.part_sum, minlength=sums)) & (
        rules.about(number) - rules.NEAREST // 2 > (minimum - 1) * (unlisted - 1)
    )
    made = np.zeros(len(cells), dtype=bool)
    made[cells.sum_whole[of_few]] = True
    return made


def _people(cells: Cells) -> np.ndarray:
    """How many students a cell is of: of a reason or a cause, who has it."""
    return np.where(cells.is_reason, cells.absent, cells.students)


def _margins(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    """Every margin in which a withheld cell must not stand alone: (margin, cell), one per entry."""
    across = np.flatnonzero(cells.is_group & ~cells.is_whole & ~cells.is_unlisted)
    upward = ~cells.is_unlisted[cells.part_cell]
    of_sum = cells.part_sum[upward] + int(cells.margin.max(initial=0)) + 1
    return np.r_[cells.margin[across], of_sum], np.r_[across, cells.part_cell[upward]]


def _not_alone(cells: Cells, codes: np.ndarray, minimum: int) -> np.ndarray:
    """At least two cells of a margin are withheld, or none, and they sum to the minimum: another
    goes with them, where some are withheld already, in the smallest place, the smallest."""
    codes = codes.copy()
    margin, cell = _margins(cells)
    first = int(cells.margin.max(initial=0)) + 1
    size = first + len(cells.sum_whole)
    place, people = cells.students[cells.whole[cell]], _people(cells)
    # Who is where the category is not listed is withheld too, as one.
    outside = np.where(cells.is_reason[cells.sum_whole], *cells.elsewhere[[ABSENT, STUDENTS]])
    elsewhere = np.r_[np.zeros(first, dtype=np.int64), np.maximum(outside, 0)]
    whole = np.r_[np.full(first, NOT_TOLD), cells.sum_whole]
    while True:
        withheld = codes[cell] == WITHHELD
        because = withheld & cells.is_listed[cell]
        number = np.bincount(margin, withheld, size) + (elsewhere > 0)
        students = np.bincount(margin, withheld * people[cell], size) + elsewhere
        lacking = (np.bincount(margin, because, size) > 0) & ((number < 2) | (students < minimum))
        others = np.flatnonzero(lacking[margin] & ~withheld)
        # So that what is given up for one margin serves the others too, and does not spread.
        serves = np.bincount(cell, number[margin] > 0, len(cells))[cell]
        by = (people[cell], place, -serves, margin)
        order = others[np.lexsort([one[others] for one in by])]
        more = cell[order[np.unique(margin[order], return_index=True)[1]]]
        # Where no other is left, the sum itself goes.
        lacking[margin[others]] = False
        sums = whole[np.flatnonzero(lacking)]
        more = np.r_[more, sums[sums != NOT_TOLD]]
        if (codes[more] == WITHHELD).all():
            return codes
        codes[more] = WITHHELD
        codes = np.where(codes[cells.whole] == WITHHELD, WITHHELD, codes)


def _in_both_years(cells: Cells, codes: np.ndarray) -> np.ndarray:
    """A cell withheld in one year is withheld in the years beside it, where it is compared."""
    withheld = (codes == WITHHELD) & cells.is_listed
    years = int(cells.year.max(initial=0)) + 2
    key = cells.through_years * years + cells.year
    beside = _look_up(np.r_[key[withheld] - 1, key[withheld] + 1], key)
    codes = np.where(beside, WITHHELD, codes)
    pairs = cells.pair[cells.is_whole & (codes == WITHHELD)]
    codes = np.where(cells.is_whole & _look_up(pairs, cells.pair), WITHHELD, codes)
    return np.where(codes[cells.whole] == WITHHELD, WITHHELD, codes)


def _look_up(some: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Which of the values, whole numbers from nought on, are among some."""
    size = int(max(some.max(initial=0), values.max(initial=0))) + 1
    return np.bincount(some, minlength=size).astype(bool)[values]


def tell(cells: Cells, codes: np.ndarray, minimum: int) -> Told:
    """The words of the share view for each cell, in numbers."""
    told = nothing_told(cells)
    size = cells.students[cells.base]
    counted = (codes != WITHHELD) & cells.is_group
    told.nearest = np.where(codes == HALF, rules.rough(cells.students), rules.NEAREST)
    told.students = np.where(counted, rules.about(cells.students, told.nearest), NOT_TOLD)
    shown = codes == SHOWN
    told.absent = np.where(shown, rules.about(cells.absent), NOT_TOLD)
    rated = shown & ~cells.is_reason
    told.rate = np.where(rated, rules.whole_percent(cells.absent, size), NOT_TOLD)
    end = rules.end(size, minimum)
    # Where no band is told, its width serves nothing.
    lowest, highest = _points(cells, _WIDTH[codes])
    coded = [codes == LOW, codes == HIGH, np.isin(codes, BANDS)]
    told.at_least = np.select(coded, [0, 100 - end, lowest], NOT_TOLD)
    told.at_most = np.select(coded, [end, 100, highest], NOT_TOLD)
    told.change = _changes(cells, told)
    return told


def _band_with_room(cells: Cells) -> np.ndarray:
    """The narrowest band of each cell that by itself leaves those absent and those present their
    possible values."""
    size = cells.students[cells.base]
    smallest = rules.about(size) - rules.NEAREST // 2
    largest = smallest + rules.NEAREST - 1
    band = np.full(len(cells), HALF)
    for code in (WIDE, BAND):
        least, most = _points(cells, rules.BAND_WIDTHS[code])
        absent = most * largest // 100 + -least * smallest // 100 + 1
        present = (100 - least) * largest // 100 + (most - 100) * smallest // 100 + 1
        room = np.where(cells.is_tier, absent, np.minimum(absent, present))
        band[room >= WANTED_VALUES] = code
    return band


def _points(cells: Cells, width: int | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The percents, so many apart, that the rate of each cell lies between."""
    size = np.maximum(cells.students[cells.base], 1)
    lowest = np.minimum(100 * cells.absent // size // width * width, 100 - width)
    return lowest, lowest + width


def _changes(cells: Cells, told: Told) -> np.ndarray:
    """Points since last year, of the percents that are told: where one year's is not, none is."""
    change = np.full(len(cells), NO_CHANGE_TOLD)
    last = last_year_of(cells)
    both = np.flatnonzero((last >= 0) & (told.rate != NOT_TOLD) & (told.rate[last] != NOT_TOLD))
    change[both] = told.rate[both] - told.rate[last[both]]
    return change


def hidden(cells: Cells, codes: np.ndarray) -> np.ndarray:
    """The counts that must keep their possible values: of what is withheld, of those absent and
    present where only a band of the rate is told, of the small part of a group whose rate is coded
    at its end, and of what lies where it is not listed."""
    counts = Counts(len(cells), len(cells.sum_whole))
    group, withheld = cells.is_group & ~cells.is_everybody, codes == WITHHELD
    unrated = withheld | np.isin(codes, (COUNTED, *BANDS))
    elsewhere = cells.elsewhere[ABSENT] != NOT_TOLD
    of_group = elsewhere & cells.is_group[cells.sum_whole]
    found = np.concatenate(
        [
            counts.block(STUDENTS)[group & withheld],
            counts.block(ABSENT)[group & (unrated | (codes == LOW))],
            counts.block(PRESENT)[group & (unrated | (codes == HIGH))],
            counts.block(ABSENT)[cells.is_tier & np.isin(codes, (WITHHELD, LOW, HIGH, *BANDS))],
            counts.block(ABSENT)[cells.is_reason & withheld],
            counts.elsewhere(STUDENTS)[of_group],
            counts.elsewhere(ABSENT)[elsewhere],
            counts.elsewhere(PRESENT)[of_group],
        ]
    )
    return counts.judged(found, cells)


class _Part:
    """Cells that share no count with any other, and what is told less of them."""

    def __init__(self, cells: Cells, these: np.ndarray, minimum: int, before: Before):
        self.these, self.minimum, self.before = these, minimum, before
        self.cells = cells = cells.only(these)
        self.counts = counts = Counts(len(cells), len(cells.sum_whole))
        self.context = counts.context(cells)
        self.sums = sums_of(cells)
        attacked = system(cells, nothing_told(cells), minimum, sums=self.sums)
        self.bounds = attack.Bounds(attacked)
        self.ties = _Ties(self.sums, counts, len(self.context))
        # A count may have so many values to somebody who knows the rules and is told nothing.
        low, high = self.bounds.of(attacked)
        self.known = known = high - low + 1
        # It may be what is told of a place to the nearest ten, and then has ten.
        elsewhere = counts.elsewhere(ABSENT)[cells.is_reason[cells.sum_whole]]
        known[elsewhere] = np.minimum(known[elsewhere], rules.POSSIBLE_VALUES)
        self.band = _band_with_room(cells)
        self.solved: dict[bytes, np.ndarray] = {}
        self.hidden_by: np.ndarray | None = None
        self.rough = counts.block(STUDENTS)[before.is_rough]
        self.sized = np.flatnonzero(before.size_codes != WITHHELD)

    def _attacked(self, codes: np.ndarray) -> System:
        """What somebody may hold together who sees this, and the sizes that were told before."""
        attacked = system(
            self.cells, tell(self.cells, codes, self.minimum), self.minimum, sums=self.sums
        )
        sized = self.sized
        size, at = self.cells.students[sized], self.counts.block(STUDENTS)[sized]
        nearest = np.where(self.before.is_rough[sized], rules.rough(size), rules.NEAREST)
        least = rules.about(size, nearest) - nearest // 2
        attacked.low[at] = np.maximum(attacked.low[at], least)
        attacked.high[at] = np.minimum(attacked.high[at], least + nearest - 1)
        return attacked

    def until_hidden(self, codes: np.ndarray) -> np.ndarray:
        """Tell less and less, until neither way of the attack finds a hidden count."""
        if self.before.is_kept.all():
            return codes
        if self.hidden_by is None or not np.array_equal(codes, self.hidden_by):
            self.hidden_by = self._until_hidden(codes)
        return self.hidden_by

    def _until_hidden(self, codes: np.ndarray) -> np.ndarray:
        cells, context = self.cells, self.context
        # Solving takes longest. Where less is told a count found wide stays wide, a rounding apart:
        # what was solved since something changed is solved once more at the end. What is told as
        # before was solved then.
        new = ~self.before.is_kept
        earlier, later = cells.grown
        new[earlier] |= new[later]
        wide = ~_look_up(context[np.flatnonzero(new)], context)
        changed = np.zeros(len(cells), dtype=bool)
        steps = np.zeros(int(context.max(initial=0)) + 1, dtype=np.int64)
        while True:
            attacked = self._attacked(codes)
            low, high = self.bounds.of(attacked)
            wanted = np.minimum(self.known, WANTED_VALUES)
            these = hidden(cells, codes)
            these = these[~np.isin(these, self.rough)]
            found = these[high[these] - low[these] + 1 < wanted[these]]
            if not len(found):
                attacked.low, attacked.high = low, high
                open_ = these[~wide[these]]
                exact = attack.exact_bounds(
                    attacked, open_, context, enough=wanted[open_], solved=self.solved
                )
                narrow = exact[:, 1] - exact[:, 0] + 1 < wanted[open_]
                found, wide[open_] = open_[narrow], ~narrow
            if not len(found):
                if not changed.any():
                    return codes
                wide[_look_up(context[np.flatnonzero(changed)], context)] = False
                changed[:] = False
                continue
            less = self._tell_less(codes, attacked, (low, high), found, steps)
            if np.array_equal(less, codes):
                # What was told before was cleared then, and is without all that is new beside it.
                around = _look_up(context[found], context[: len(cells)])
                less = self.before.held(np.where(around, WITHHELD, codes))
            if np.array_equal(less, codes):
                # Nothing of it is told already: the audit will not clear this table.
                return codes
            steps[np.unique(context[found])] += 1
            changed |= less != codes
            codes = less

    def _tell_less(
        self,
        codes: np.ndarray,
        attacked: System,
        bounds: tuple[np.ndarray, np.ndarray],
        found: np.ndarray,
        steps: np.ndarray,
    ) -> np.ndarray:
        """For each count that was found out, one cell of the sum that tells most of it tells less,
        or all of them do: a rate becomes a band of ten points, twenty, fifty; then the smallest
        cell goes, or where all do, its margin.

        Where nothing is left that could tell less, something is given up."""
        cells, counts = self.cells, self.counts
        people, bare = _people(cells), cells.is_reason
        free = codes > self.before.floor
        open_ = [
            _LOOK[told][codes] & (cells.is_whole == whole) & free for told, _, whole, _ in _STEPS
        ]
        self.ties.look(attacked, *bounds)
        less = codes.copy()
        # A band that no sum narrows says less itself, before anything else does.
        own = counts.cell_of(found)
        itself = (own >= 0) & np.isin(codes[own], (WIDE, BAND))
        itself &= self.ties.tightest(found) + 1 >= WANTED_VALUES
        less[own[itself]] = np.minimum(codes[own[itself]] - 1, self.band[own[itself]])
        rest = found[~itself]
        step, tightest = self.ties.first(rest, open_)
        each = np.unique(np.column_stack([step, tightest]), axis=0, return_index=True)[1]
        for at in np.sort(each[step[each] != NONE]):
            asked = self.ties.cells_of(tightest[at], open_[step[at]])
            if (less[asked] != codes[asked]).any():
                continue
            instead, all_of_it = _STEPS[step[at]][1], steps[self.context[rest[at]]] >= PATIENCE
            # Of a reason there is nothing between all and nothing.
            goes = instead == WITHHELD or bare[asked].any()
            picked = (
                asked
                if all_of_it
                else _one_of(people[asked], asked, (self.band[asked] == BAND) | goes)
            )
            if instead == WITHHELD and all_of_it:
                # One large group withheld by itself would be the next to be found out.
                picked = _look_up(cells.margin[picked], cells.margin)
            less[picked] = self.band[picked] if instead == BAND else instead
        less[bare & (less != codes)] = WITHHELD
        less = self.before.held(np.where(less[cells.whole] == WITHHELD, WITHHELD, less))
        if np.array_equal(less, codes):
            stuck_at = _cell_of(cells, counts, rest[step == NONE])
            less = _give_up(cells, less, _one_each(cells, stuck_at), self.before.floor)
        return self.before.held(_alike(cells, less))


def _one_each(cells: Cells, stuck: np.ndarray) -> np.ndarray:
    """Of a dimension in a month, the one in the smallest place: the others may be found for it."""
    stuck = stuck[np.lexsort([stuck, cells.students[cells.whole[stuck]]])]
    key = cells.context[stuck] * (int(cells.dimension.max(initial=0)) + 1) + cells.dimension[stuck]
    return stuck[np.sort(np.unique(key, return_index=True)[1])]


def _alike(cells: Cells, codes: np.ndarray) -> np.ndarray:
    """Of two cells that are the same count neither says more: codes are in the order of that."""
    one, other = cells.same
    less = codes.copy()
    np.minimum.at(less, one, codes[other])
    np.minimum.at(less, other, codes[one])
    less = np.where(cells.is_everybody, np.minimum(less, less[cells.whole]), less)
    return np.where(less[cells.whole] == WITHHELD, WITHHELD, less)


def _give_up(cells: Cells, codes: np.ndarray, stuck: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Where nothing around a count is left to tell less of, the least that helps is told no more:
    the table it stands in, the same of all places, every table of its place, those of schools, of
    all places, then its total, the schools' totals; at last the month."""
    less = codes.copy()
    of_several = _look_up(cells.whole[cells.sum_whole], cells.whole)
    for cell in stuck:
        month, part = cells.context == cells.context[cell], ~cells.is_whole
        place, table = cells.whole == cells.whole[cell], cells.dimension == cells.dimension[cell]
        for given_up in (
            part & place & table,
            part & month & table,
            part & place,
            part & month & ~of_several,
            part & month,
            place,
            month & ~of_several,
            month,
        ):
            if (codes[given_up] > kept[given_up]).any():
                less[given_up] = WITHHELD
                break
    return less


def _cell_of(cells: Cells, counts: Counts, count: np.ndarray) -> np.ndarray:
    of_cell = count[count < 3 * counts.cells]
    of_sum = count[count >= 3 * counts.cells]
    return np.r_[counts.cell_of(of_cell), cells.sum_whole[counts.sum_of(of_sum)]]


# What is told less, in this order: from what, to what, whether of a whole place, and whether in a
# sum that the count stands in itself or in one that tells of what stands beside it there. What
# stands beside it comes after all of its own: a step there changes many cells, and often no count.
_LESS = (((SHOWN,), BAND), ((BAND,), WIDE), ((WIDE,), HALF))
_STEPS = [
    *((told, instead, False, False) for told, instead in _LESS),
    *((told, instead, False, True) for told, instead in _LESS),
    ((HALF, COUNTED, LOW, HIGH), WITHHELD, False, True),
    *((told, instead, True, reach) for told, instead in _LESS for reach in (False, True)),
]

# Which codes each of them begins with.
_LOOK = {told: np.isin(np.arange(SHOWN + 1), told) for told, _, _, _ in _STEPS}


def _one_of(students: np.ndarray, asked: np.ndarray, roomy: np.ndarray) -> int:
    """The least, or the smallest in which ten points make room for ten values, or the largest."""
    return asked[np.where(roomy, students, UNROOMY - students).argmin()]


class _Ties:
    """Which sums a count stands in, the one that narrows it most first, and their cells."""

    def __init__(self, sums: Identities, counts: Counts, size: int):
        self.sums = sums
        # The entries of the sums, one sum after the other.
        self.by_sum = np.argsort(sums.of, kind="stable")
        self.count, self.sum_of = sums.count[self.by_sum], sums.of[self.by_sum]
        self.sum_starts = np.searchsorted(self.sum_of, np.arange(len(sums.totals) + 1))
        # The entries of each count, as they stand in the system.
        by_count = np.argsort(sums.count, kind="stable")
        self.by_count = np.argsort(self.by_sum, kind="stable")[by_count]
        self.count_starts = np.searchsorted(sums.count[by_count], np.arange(size + 1))
        self.cell = counts.cell_of(self.count)
        # That a group is those absent and those present is a sum of one cell.
        first = self.sum_starts[:-1]
        self.several = np.minimum.reduceat(self.cell, first) < np.maximum.reduceat(self.cell, first)

    def look(self, attacked: System, low: np.ndarray, high: np.ndarray) -> None:
        """From here on, what tells of a count is what is told now."""
        self.attacked, self.low, self.high = attacked, low, high

    def _in_sums(self, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The entries of these sums, and how many each has."""
        first = self.sum_starts[sums]
        lengths = self.sum_starts[sums + 1] - first
        return attack.ranges(first, lengths), lengths

    def _of_counts(self, these: np.ndarray) -> tuple[np.ndarray, ...]:
        """The entries of these counts, of which of them, and how low and how high their sums let
        each be."""
        first = self.count_starts[these]
        lengths = self.count_starts[these + 1] - first
        of, entries = _repeated(lengths), self.by_count[attack.ranges(first, lengths)]
        sums, place = np.unique(self.sum_of[entries], return_inverse=True)
        inside, lengths = self._in_sums(sums)
        some = self.by_sum[inside]
        system = replace(
            self.attacked,
            sum_of=np.searchsorted(sums, self.sum_of[inside]),
            sum_count=self.count[inside],
            sum_sign=self.sums.sign[some],
            totals=self.sums.totals[sums],
            spare=self.sums.spare[sums],
        )
        at_least, at_most = attack.implied(system, self.low, self.high)
        at = (np.cumsum(lengths) - lengths - self.sum_starts[sums])[place] + entries
        return entries, of, at_least[at], at_most[at]

    def tightest(self, these: np.ndarray) -> np.ndarray:
        """How far apart the ends are that sums of several cells leave these counts."""
        entries, of, at_least, at_most = self._of_counts(these)
        width = np.full(len(these), attack.UNLIMITED)
        several = self.several[self.sum_of[entries]]
        np.minimum.at(width, of[several], (at_most - at_least)[several])
        return width

    def first(self, these: np.ndarray, open_: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """For each count the first step for which a sum has an open cell, and the tightest such
        sum; or NONE. open_: the open cells of each step."""
        step, tightest = np.full((2, len(these)), NONE)
        near = {False: self._sums(np.arange(len(these)), these)}
        for number, (*_, reach) in enumerate(_STEPS):
            if reach not in near:
                near[reach] = self._sums(*self._beside(*near[False], step == NONE))
            of, sums = near[reach]
            left = step[of] == NONE
            of, sums = of[left], sums[left]
            some = self._has_any(sums, open_[number])
            of, at = np.unique(of[some], return_index=True)
            step[of], tightest[of] = number, sums[some][at]
        return step, tightest

    def _sums(self, whose: np.ndarray, these: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Whose counts they set an end of, and the sums, the tightest of each first. whose: of each
        of the counts."""
        entries, of, at_least, at_most = self._of_counts(these)
        count = self.count[entries]
        # Only a sum that sets an end of what a count can be tells of it.
        sets = (at_least >= self.low[count]) | (at_most <= self.high[count])
        # Where none does, it is all of them together.
        sets |= (np.bincount(of, sets, len(these)) == 0)[of]
        width = at_most - at_least
        sets &= width < attack.UNLIMITED
        return _each_once(whose[of[sets]], self.sum_of[entries[sets]], width[sets])

    def _beside(
        self, whose: np.ndarray, sums: np.ndarray, asked: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Whose counts they are, and the counts, that stand in the small ones of these sums."""
        inside, lengths = self._in_sums(sums)
        near = np.repeat(asked[whose] & (lengths <= BESIDE), lengths)
        count = self.count[inside[near]]
        return _each_once(np.repeat(whose, lengths)[near], count, count)

    def _has_any(self, sums: np.ndarray, open_: np.ndarray) -> np.ndarray:
        """Which of these sums of several cells have an open one."""
        each, place = np.unique(sums, return_inverse=True)
        inside, lengths = self._in_sums(each)
        cell = self.cell[inside]
        number = np.bincount(_repeated(lengths), open_[cell] & (cell >= 0), len(each))
        # A sum of one cell says that it is made of those absent and those present.
        return ((number > 0) & self.several[each])[place]

    def cells_of(self, one: int, open_: np.ndarray) -> np.ndarray:
        """The open cells of a sum."""
        cell = np.unique(self.cell[self.sum_starts[one] : self.sum_starts[one + 1]])
        return cell[open_[cell] & (cell >= 0)]


def _repeated(lengths: np.ndarray) -> np.ndarray:
    """The numbers from nought on, so often each."""
    return np.repeat(np.arange(len(lengths)), lengths)


def _each_once(
    whose: np.ndarray, what: np.ndarray, by: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Whose, and what, each once: what comes first by a number comes first."""
    order = np.lexsort([by, whose])
    whose, what = whose[order], what[order]
    key = whose * (int(what.max(initial=0)) + 1) + what
    first = np.sort(np.unique(key, return_index=True)[1])
    return whose[first], what[first]


UNROOMY = 10**9
