"""The cells of the share view, what is told of each, and the sums they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import duckdb
import numpy as np

from queries.privacy import rules
from queries.privacy.attack import UNLIMITED, Sums, System

NOT_TOLD = -1
# A change of points may be any number below or above zero.
NO_CHANGE_TOLD = -1000
# So many cells of one month are solved as one: about ten schools with all their groups, 5 ms each.
SOLVED_TOGETHER = 3_000


# Fields of Cells that are not one entry per cell.
_OF_SUMS = ("part_sum", "part_cell", "sum_whole", "elsewhere")
_PAIRS = ("same", "again", "grown")


@dataclass(frozen=True)
class Cells:
    """Exact counts, one entry per cell, and where each stands. A cell is a place in a school year
    (`is_whole`), or one of its grades, groups, tiers or reasons.

    whole: the cell of its place. margin: the cells that add up to it, dimension: by what.
    pair: the same place and month in this year and the last. context: what is solved together;
    beyond it counts are tied by their bounds alone.
    through_years: the same cell in other years. inside: the cell that holds all its students, as
    those of whom any cause is known hold those of each; -1 for most.
    is_listed: it may be shown; is_enough: and everybody knows that it has the minimum. is_unlisted:
    a category that its place does not list; is_few: and of which everybody knows that it has fewer.
    What is neither listed nor unlisted is all that its margin does not list, together.
    """

    students: np.ndarray
    absent: np.ndarray
    whole: np.ndarray
    margin: np.ndarray
    dimension: np.ndarray
    pair: np.ndarray
    through_years: np.ndarray
    year: np.ndarray
    context: np.ndarray
    inside: np.ndarray
    is_whole: np.ndarray
    is_tier: np.ndarray
    is_chronic_tier: np.ndarray
    is_reason: np.ndarray
    is_listed: np.ndarray
    is_few: np.ndarray
    is_enough: np.ndarray
    is_unlisted: np.ndarray
    is_this_year: np.ndarray
    # Sums upwards: the cells that make up one of a place of several schools, and how many students
    # and how many absent lie where the category is not listed (NOT_TOLD where none ever did).
    part_sum: np.ndarray
    part_cell: np.ndarray
    sum_whole: np.ndarray
    elsewhere: np.ndarray
    # Cells that are the same count, in two contexts: one row of each per pair.
    same: np.ndarray = field(default_factory=lambda: np.zeros((2, 0), dtype=np.int64))
    # Cells, and behind them those that are the same count in an earlier release.
    again: np.ndarray = field(default_factory=lambda: np.zeros((2, 0), dtype=np.int64))
    # Cells of an earlier month, and the same of a later one, whose count can only have grown: who
    # missed a day for a reason so far, or was enrolled for long enough.
    grown: np.ndarray = field(default_factory=lambda: np.zeros((2, 0), dtype=np.int64))

    def __len__(self) -> int:
        return len(self.students)

    def only(self, these: np.ndarray) -> "Cells":
        """Some of these cells, in order: with each all that it shares a count with."""
        place = np.full(len(self) + 1, -1)
        place[these] = np.arange(len(these))
        sums = np.flatnonzero(place[self.sum_whole] >= 0)
        place_of_sum = np.full(len(self.sum_whole), -1)
        place_of_sum[sums] = np.arange(len(sums))
        parts = place_of_sum[self.part_sum] >= 0
        of_each = {
            one.name: getattr(self, one.name)[these]
            for one in fields(self)
            if one.name not in (*_OF_SUMS, *_PAIRS)
        }
        for name in ("whole", "inside"):
            of_each[name] = place[of_each[name]]
        for name in ("margin", "pair", "context"):
            of_each[name] = np.unique(of_each[name], return_inverse=True)[1]
        return Cells(
            **of_each,
            part_sum=place_of_sum[self.part_sum[parts]],
            part_cell=place[self.part_cell[parts]],
            sum_whole=place[self.sum_whole[sums]],
            elsewhere=self.elsewhere[:, sums],
            **{name: place[pairs[:, place[pairs[0]] >= 0]] for name, pairs in self.pairs.items()},
        )

    @property
    def pairs(self) -> dict[str, np.ndarray]:
        """Which cells are tied one to one, also between months."""
        return {name: getattr(self, name) for name in _PAIRS}

    @property
    def is_group(self) -> np.ndarray:
        """Cells of which some are absent and the others present."""
        return ~(self.is_tier | self.is_reason)

    @property
    def is_rest(self) -> np.ndarray:
        """Cells of all that a margin does not list."""
        return ~(self.is_listed | self.is_unlisted)

    @property
    def is_everybody(self) -> np.ndarray:
        """Cells that are alone in their margin: the count of their place once more."""
        group = self.is_group & ~self.is_whole
        parts = np.bincount(self.margin, group & ~self.is_rest)[self.margin]
        listed = np.bincount(self.margin, group & self.is_listed)[self.margin]
        return group & ((parts == 1) | (self.is_rest & (listed == 0)))

    @property
    def base(self) -> np.ndarray:
        """The cell whose students a rate is of: of a tier, those of its place."""
        return np.where(self.is_tier, self.whole, np.arange(len(self)))


@dataclass
class Told:
    """What the share view tells of each cell, as it stands there; NOT_TOLD where it says nothing.

    students: about so many, to the `nearest`; absent: about so many. rate: whole percent; at_least,
    at_most: or percents that it lies between. change: points
    since last year.
    """

    students: np.ndarray
    nearest: np.ndarray
    absent: np.ndarray
    rate: np.ndarray
    at_least: np.ndarray
    at_most: np.ndarray
    change: np.ndarray


def read_absence(connection: duckdb.DuckDBPyConnection) -> Cells:
    """The cells of attendance, from the tables of 03_cells.sql."""
    return _read(
        connection,
        """
        SELECT
            cell.students, cell.absent,
            whole.cell AS whole,
            dense_rank() OVER (ORDER BY whole.cell, cell.dimension) - 1 AS margin,
            -- What is known of causes at all, and each of them, are given up together.
            dense_rank() OVER (
                ORDER BY CASE cell.dimension WHEN 'knowledge' THEN 'cause' ELSE cell.dimension END
            ) AS dimension,
            dense_rank() OVER (ORDER BY whole.school_year, whole.point, whole.kind, whole.place) - 1
                AS pair,
            dense_rank() OVER (
                ORDER BY cell.kind, cell.place, cell.dimension, cell.category, cell.is_newest,
                    -- What was understood is of its year, and compared with no other.
                    CASE WHEN cell.is_newest AND cell.dimension NOT IN ('cause', 'knowledge')
                        THEN 1 ELSE cell.cell END
            ) - 1 AS through_years,
            dense_rank() OVER (ORDER BY cell.school_year) AS year,
            dense_rank() OVER (ORDER BY cell.school_year, cell.point) AS context,
            cell.dimension = 'all' AS is_whole,
            cell.dimension IN ('tier', 'knowledge') AS is_tier,
            coalesce(cell.category IN ('moderate', 'severe'), false)
                OR cell.dimension = 'knowledge' AS is_chronic_tier,
            cell.dimension IN ('reason', 'cause') AS is_reason,
            CASE WHEN cell.dimension = 'cause' THEN known.cell ELSE -1 END AS inside,
            cell.is_listed, cell.is_few, cell.is_enough,
            cell.category IS NOT NULL AND NOT cell.is_listed AS is_unlisted,
            cell.period = 'this' AS is_this_year
        FROM share_cell AS cell
        JOIN share_cell AS whole USING (school_year, period, point, kind, place)
        LEFT JOIN share_cell AS known
            ON known.school_year = cell.school_year AND known.period = cell.period
            AND known.point = cell.point AND known.kind = cell.kind AND known.place = cell.place
            AND known.dimension = 'knowledge' AND known.category = 'known'
        WHERE whole.dimension = 'all'
        ORDER BY cell.cell
        """,
        "SELECT sum_of, part_cell, whole_cell FROM share_part ORDER BY sum_of",
        "SELECT sum_of, students, absent FROM share_elsewhere",
        "SELECT cell, other_cell FROM share_same",
    )


def _read(connection, cells: str, parts: str, elsewhere: str, same: str) -> Cells:
    def columns(question: str) -> dict[str, np.ndarray]:
        found = connection.execute(question).fetchnumpy()
        return {
            name: np.asarray(values, dtype=bool if name.startswith("is_") else np.int64)
            for name, values in found.items()
        }

    part, other = columns(parts), columns(elsewhere)
    sums = int(part["sum_of"].max(initial=-1)) + 1
    sum_whole = np.zeros(sums, dtype=np.int64)
    sum_whole[part["sum_of"]] = part["whole_cell"]
    held = np.full((2, sums), NOT_TOLD, dtype=np.int64)
    for row, name in enumerate(("students", "absent")):
        held[row, other["sum_of"]] = other[name]
    pairs = np.vstack(list(columns(same).values()))
    return Cells(
        **columns(cells),
        same=pairs,
        part_sum=part["sum_of"],
        part_cell=part["part_cell"],
        sum_whole=sum_whole,
        elsewhere=held,
    )


@dataclass(frozen=True)
class Nested:
    """A second number of those absent, told of some cells by a definition that only students meet
    who meet the first; who meets the first alone would be their difference. The share view tells
    none: the audit is given one to see that it must not.
    """

    cell: np.ndarray
    absent: np.ndarray
    rate: np.ndarray

    def counts(self, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        """Where those by the second definition, and those by the first alone, stand."""
        first = 3 * (len(cells) + len(cells.sum_whole))
        inner = first + np.arange(len(self.cell))
        return inner, inner + len(self.cell)


def nothing_told(cells: Cells) -> Told:
    """What is told before anything is."""
    told = Told(**{one.name: np.full(len(cells), NOT_TOLD) for one in fields(Told)})
    told.change[:] = NO_CHANGE_TOLD
    return told


@dataclass(frozen=True)
class Counts:
    """Where the counts of a system stand: blocks of one per cell, then blocks of one per sum.

    students = absent + present, of each cell and of what lies elsewhere.
    """

    cells: int
    sums: int

    def block(self, number: int) -> np.ndarray:
        return np.arange(self.cells) + number * self.cells

    def elsewhere(self, number: int) -> np.ndarray:
        return 3 * self.cells + np.arange(self.sums) + number * self.sums

    def cell_of(self, count: np.ndarray) -> np.ndarray:
        """The cell that a count is of; -1 for what lies elsewhere."""
        return np.where(count < 3 * self.cells, count % max(self.cells, 1), -1)

    def block_of(self, count: np.ndarray) -> np.ndarray:
        """Which block a count stands in: of students, of those absent, or of those present."""
        of_sum = (count - 3 * self.cells) // max(self.sums, 1)
        return np.where(count < 3 * self.cells, count // max(self.cells, 1), of_sum)

    def context(self, cells: Cells) -> np.ndarray:
        """For every count the ties to look at together: all of a month, or in a network so large
        that it cannot be solved, those of a place."""
        size = np.bincount(cells.context)
        alone = size[cells.context] > SOLVED_TOGETHER
        context = np.where(alone, cells.whole + len(size), cells.context)
        return np.r_[np.tile(context, 3), np.tile(context[cells.sum_whole], 3)]

    def judged(self, count: np.ndarray, cells: Cells) -> np.ndarray:
        """These counts, without those that stand here once more, as an earlier release has them."""
        return count[~np.isin(self.cell_of(count), cells.again[1])]

    def sum_of(self, count: np.ndarray) -> np.ndarray:
        """The sum that a count of what lies elsewhere is of."""
        return (count - 3 * self.cells) % max(self.sums, 1)


def apart(cells: Cells, together: int = SOLVED_TOGETHER) -> list[np.ndarray]:
    """Cells that share no count with the others: a month, with those of other years that are partly
    the same. Small ones stand together until they are so many cells."""
    context = np.unique(cells.context, return_inverse=True)[1]
    one, other = context[np.hstack(list(cells.pairs.values()))]
    label = np.arange(int(context.max(initial=-1)) + 1)
    while True:
        before = label.copy()
        np.minimum.at(label, one, before[other])
        np.minimum.at(label, other, before[one])
        if np.array_equal(label, before):
            break
    size = np.bincount(label[context], minlength=len(label))
    batch = ((np.cumsum(size) - size) // together)[label[context]]
    return [np.flatnonzero(batch == one) for one in np.unique(batch)]


STUDENTS, ABSENT, PRESENT = range(3)


@dataclass(frozen=True)
class Identities:
    """What adds up whatever is told: the entries and totals of the sums of a system."""

    of: np.ndarray
    count: np.ndarray
    sign: np.ndarray
    totals: np.ndarray
    spare: np.ndarray
    # Those of who is present follow from those of all and of those absent.
    follows: np.ndarray


def sums_of(cells: Cells) -> Identities:
    """Everything that adds up among the counts of these cells."""
    counts = Counts(len(cells), len(cells.sum_whole))
    sums = Sums()
    _add_present(sums, cells, counts)
    _add_margins(sums, cells, counts)
    _add_upwards(sums, cells, counts)
    one, other = np.hstack([cells.same, cells.again])
    each = np.arange(len(one))
    for block in (STUDENTS, ABSENT, PRESENT):
        these = counts.block(block)
        sums.add(np.zeros(len(one)), (each, these[one], 1), (each, these[other], -1))
    _add_grown(sums, cells, counts)
    of, count, sign, totals = sums.joined()
    of_present = (counts.block_of(count) == PRESENT).astype(np.int64)
    follows = np.bincount(of, 1 - of_present, len(totals)) == 0
    return Identities(of, count, sign, totals, sums.spare, follows)


def system(
    cells: Cells,
    told: Told,
    minimum: int,
    nested: Nested | None = None,
    others: Sequence[Told] = (),
    *,
    sums: Identities | None = None,
) -> System:
    """Everything that somebody may hold together who sees what is told, and knows how it is told.

    others: what other releases tell of the same counts. sums: those of these cells, where they are
    known.
    """
    counts = Counts(len(cells), len(cells.sum_whole))
    sums = sums or sums_of(cells)
    low = np.zeros(3 * (counts.cells + counts.sums), dtype=np.int64)
    high = np.full(len(low), UNLIMITED, dtype=np.int64)
    _limit(low, high, cells, told, counts, minimum)
    rates = _rates(cells, told, counts, minimum)
    for other in others:
        least, most = np.zeros_like(low), np.full_like(high, UNLIMITED)
        _limit(least, most, cells, other, counts, minimum)
        low, high = np.maximum(low, least), np.minimum(high, most)
        more = _rates(cells, other, counts, minimum)
        rates = tuple(np.r_[one, two] for one, two in zip(rates, more, strict=True))
    attacked = System(low, high, sums.of, sums.count, sums.sign, sums.totals, *rates)
    attacked.follows, attacked.spare = sums.follows, sums.spare
    return _with_nested(attacked, nested, cells, counts) if nested else attacked


def _with_nested(attacked: System, nested: Nested, cells: Cells, counts: Counts) -> System:
    inner, alone = nested.counts(cells)
    each = np.arange(len(inner))
    absent, students = counts.block(ABSENT)[nested.cell], counts.block(STUDENTS)[nested.cell]
    told = nested.absent - rules.NEAREST // 2, nested.absent + rules.NEAREST // 2 - 1
    one = np.ones(len(inner), dtype=np.int64)
    rates = attacked.part, attacked.whole, attacked.least, attacked.most
    told_inner = (inner, students, 2 * nested.rate - 1, 2 * nested.rate + 1)
    all_of_it = System(
        np.r_[attacked.low, told[0], 0 * inner],
        np.r_[attacked.high, told[1], 0 * inner + UNLIMITED],
        np.r_[attacked.sum_of, np.tile(each + len(attacked.totals), 3)],
        np.r_[attacked.sum_count, inner, alone, absent],
        np.r_[attacked.sum_sign, one, one, -one],
        np.r_[attacked.totals, 0.0 * each],
        *(np.r_[rate, other] for rate, other in zip(rates, told_inner, strict=True)),
    )
    all_of_it.follows = np.r_[attacked.follows, each < 0]
    all_of_it.spare = np.r_[attacked.spare, 0.0 * each]
    return all_of_it


def _add_grown(sums: Sums, cells: Cells, counts: Counts) -> None:
    """What can only grow is in a later month what it was, and nobody knows how many more."""
    of_reason = cells.is_reason[cells.grown[0]]
    for block, these in ((ABSENT, of_reason), (STUDENTS, ~of_reason)):
        earlier, later = counts.block(block)[cells.grown[:, these]]
        each = np.arange(len(earlier))
        more = np.full(len(earlier), UNLIMITED / 2)
        sums.add(0 * each, (each, later, 1), (each, earlier, -1), spare=more)


def _add_present(sums: Sums, cells: Cells, counts: Counts) -> None:
    elsewhere = np.flatnonzero(
        (cells.elsewhere[ABSENT] != NOT_TOLD) & cells.is_group[cells.sum_whole]
    )
    groups = np.flatnonzero(cells.is_group)
    for these, block in ((groups, counts.block), (elsewhere, counts.elsewhere)):
        each = np.arange(len(these))
        sums.add(
            np.zeros(len(these)),
            (each, block(STUDENTS)[these], 1),
            (each, block(ABSENT)[these], -1),
            (each, block(PRESENT)[these], -1),
        )


def _add_margins(sums: Sums, cells: Cells, counts: Counts) -> None:
    group = cells.is_group & ~cells.is_whole & ~cells.is_rest
    chronic = cells.is_tier & cells.is_chronic_tier
    for inside, part, whole in (
        (group, STUDENTS, STUDENTS),
        (group, ABSENT, ABSENT),
        (group, PRESENT, PRESENT),
        (chronic, ABSENT, ABSENT),
        (cells.is_tier & ~chronic, ABSENT, PRESENT),
    ):
        these = np.flatnonzero(inside)
        margins, of = np.unique(cells.margin[these], return_inverse=True)
        of_margin = np.zeros(len(margins), dtype=np.int64)
        of_margin[of] = cells.whole[these]
        sums.add(
            np.zeros(len(margins)),
            (of, counts.block(part)[these], 1),
            (np.arange(len(margins)), counts.block(whole)[of_margin], -1),
        )
    _add_rests(sums, cells, counts)


def _add_rests(sums: Sums, cells: Cells, counts: Counts) -> None:
    """What a margin does not list is made up of each category that it does not list."""
    rest = np.flatnonzero(cells.is_rest)
    these = np.flatnonzero(cells.is_unlisted & cells.is_group)
    place = np.full(int(cells.margin.max(initial=0)) + 1, -1)
    place[cells.margin[rest]] = np.arange(len(rest))
    of, each = place[cells.margin[these]], np.arange(len(rest))
    for number in (STUDENTS, ABSENT, PRESENT):
        block = counts.block(number)
        sums.add(np.zeros(len(rest)), (of, block[these], 1), (each, block[rest], -1))


def _add_upwards(sums: Sums, cells: Cells, counts: Counts) -> None:
    """A place of several schools is made up of them, but for who counts at two, or at none and yet
    in their place. That may be anything from nobody to as many as there are."""
    group = cells.is_group[cells.sum_whole]
    everything = np.ones(counts.sums, dtype=bool)
    students, absent = (
        np.bincount(cells.part_sum, values[cells.part_cell], counts.sums) - values[cells.sum_whole]
        for values in (cells.students, cells.absent)
    )
    ends = [(np.minimum(many, 0), np.maximum(many, 0)) for many in (students, absent)]
    ends.append((ends[STUDENTS][0] - ends[ABSENT][1], ends[STUDENTS][1] - ends[ABSENT][0]))
    for block, which in ((STUDENTS, group), (ABSENT, everything), (PRESENT, group)):
        these = np.flatnonzero(which)
        place = np.full(counts.sums, -1)
        place[these] = np.arange(len(these))
        parts = which[cells.part_sum]
        of, part = place[cells.part_sum[parts]], cells.part_cell[parts]
        some = these[cells.elsewhere[ABSENT][these] != NOT_TOLD]
        least, most = (end[these] for end in ends[block])
        sums.add(
            least,
            (of, counts.block(block)[part], 1),
            (np.arange(len(these)), counts.block(block)[cells.sum_whole[these]], -1),
            spare=most - least,
        )
        # What lies elsewhere is each place's that does not list it.
        outside = cells.is_unlisted[part] & (cells.elsewhere[ABSENT][these[of]] != NOT_TOLD)
        at = np.full(len(these), -1)
        at[place[some]] = np.arange(len(some))
        sums.add(
            np.zeros(len(some)),
            (at[of[outside]], counts.block(block)[part[outside]], 1),
            (np.arange(len(some)), counts.elsewhere(block)[some], -1),
        )


def _limit(low, high, cells: Cells, told: Told, counts: Counts, minimum: int) -> None:
    """What one number by itself says: 'about 20' is 15 to 24; a number that is no round one is
    exact, as no rule of ours would leave it."""
    for block, values, nearest in (
        (STUDENTS, told.students, told.nearest),
        (ABSENT, told.absent, np.full(len(cells), rules.NEAREST)),
    ):
        these = np.flatnonzero(values != NOT_TOLD)
        half = np.where(values[these] % nearest[these] == 0, nearest[these] // 2, 0)
        at = counts.block(block)[these]
        low[at] = values[these] - half
        high[at] = values[these] + np.maximum(half - 1, 0)
    # A count that is told at all is not small.
    for block, of_which in (
        (STUDENTS, told.students != NOT_TOLD),
        (ABSENT, told.absent != NOT_TOLD),
        (PRESENT, (told.absent != NOT_TOLD) & cells.is_group),
    ):
        at = counts.block(block)[of_which]
        exact = low[at] == high[at]
        low[at] = np.where(exact, low[at], np.maximum(low[at], minimum))
    np.maximum(low, 0, out=low)
    for block in (STUDENTS, ABSENT, PRESENT):
        high[counts.block(block)[cells.is_few]] = minimum - 1
    for block, these in ((STUDENTS, ~cells.is_reason), (ABSENT, cells.is_reason)):
        enough = counts.block(block)[cells.is_enough & these]
        low[enough] = np.maximum(low[enough], minimum)


def at_ends(told: Told, minimum: int) -> tuple[np.ndarray, np.ndarray]:
    """Of which cells a rate is told as its low end, and of which as its high end."""
    end = _end_of(told, minimum)
    low = (told.at_least == 0) & (told.at_most == end)
    return low, (told.at_most == 100) & (told.at_least == 100 - end)


def _end_of(told: Told, minimum: int) -> np.ndarray:
    # Of a size told roughly, the largest it may be: there the end is nearest to nobody.
    largest = told.students + np.maximum(told.nearest // 2, rules.NEAREST // 2) - rules.NEAREST // 2
    return rules.end(np.maximum(largest, rules.NEAREST), minimum)


def _rates(cells: Cells, told: Told, counts: Counts, minimum: int) -> tuple[np.ndarray, ...]:
    """Ties of a part to its whole, in half percents."""
    tied = []

    def tie(these, part, whole, least, most):
        tied.append((part[these], whole[these], np.maximum(least, 0), most))

    absent, students = counts.block(ABSENT), counts.block(STUDENTS)[cells.base]
    these = np.flatnonzero(told.rate != NOT_TOLD)
    tie(these, absent, students, 2 * told.rate[these] - 1, 2 * told.rate[these] + 1)
    between = np.flatnonzero(told.at_most != NOT_TOLD)
    # A band says that the rate is at no end, or it would have been told as one.
    at_end = np.logical_or(*at_ends(told, minimum))
    end = _end_of(told, minimum)
    inner = np.where(at_end | cells.is_tier, 0, end)
    least = np.maximum(told.at_least, inner)[between]
    most = np.minimum(told.at_most, 100 - inner)[between]
    tie(between, absent, students, 2 * least, 2 * most)
    parts = np.flatnonzero(cells.inside >= 0)
    all_of_them = np.full(len(parts), 200)
    tie(parts, absent, counts.block(ABSENT)[cells.inside], 0 * all_of_them, all_of_them)
    _tie_changes(tie, cells, told, absent, students)
    return tuple(np.concatenate(one).astype(np.int64) for one in zip(*tied, strict=True))


def _tie_changes(tie, cells: Cells, told: Told, absent, students) -> None:
    """A change told beside one year's rate tells the other year's, to a point."""
    last_year = last_year_of(cells)
    this = np.flatnonzero((told.change != NO_CHANGE_TOLD) & (last_year >= 0))
    for known, unknown, sign in ((this, last_year[this], -1), (last_year[this], this, 1)):
        alone = (told.rate[known] != NOT_TOLD) & (told.rate[unknown] == NOT_TOLD)
        rate = told.rate[known[alone]] + sign * told.change[this[alone]]
        tie(unknown[alone], absent, students, 2 * rate - 2, 2 * rate + 2)


def last_year_of(cells: Cells) -> np.ndarray:
    """For the cell of each place in this year, its cell in the last one; -1 for all others."""
    last = np.flatnonzero(cells.is_whole & ~cells.is_this_year)
    of_pair = np.full(int(cells.pair.max(initial=0)) + 1, -1)
    of_pair[cells.pair[last]] = last
    return np.where(cells.is_whole & cells.is_this_year, of_pair[cells.pair], -1)
