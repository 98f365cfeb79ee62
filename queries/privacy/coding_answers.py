"""Decides what is told of surveys, so that no small count of answers can be worked out."""

import numpy as np

from queries.privacy import attack, rules
from queries.privacy.answers import (
    GIVEN,
    NOT_TOLD,
    PEOPLE,
    Counts,
    Found,
    Survey,
    Told,
    answered,
    nothing_told,
    possible_values,
)
from queries.privacy.rules import BAND, COUNTED, HALF, HIGH, LOW, SHOWN, WITHHELD

# So few answers are not told one by one, nor in parts.
FEWEST_APART = 41
# Whole numbers may leave one less than the bounds of linear programming say.
WANTED_VALUES = rules.POSSIBLE_VALUES + 1
# A band of ten points holds ten numbers from so many answers on.
ROOMY = 100
# A response is told by a band with room for those who answered no item so that it counts.
ROOM = SHOWN + 1
# An earlier release told of the same count: it is told again.
KEPT = SHOWN + 2
NOTHING = np.zeros(0, dtype=np.int64)


def decide(
    survey: Survey, minimum: int, before: Told | None = None, own: int | None = None
) -> Told:
    """What is told of each cell: as much as the attack lets.

    before: what earlier releases told of the same counts, which is told again. own: how many of the
    cells there are now; the others were.

    First each by itself, then less and less around each count that the attack finds: fewer parts of
    the answers at the smallest place, then of those favorable a band, an end, nothing; at last the
    item there."""
    codes = rules.code_answers(survey.people, survey.favorable, minimum)
    small = survey.people < minimum
    # What is withheld in one year is withheld in the years beside.
    years = int(survey.year.max(initial=0)) + 2
    key = survey.alike * years + survey.year
    codes[np.isin(key, np.r_[key[small] - 1, key[small] + 1])] = WITHHELD
    # Where hardly anybody did not answer, those who answered the items and those invited tell how
    # many did not.
    codes[survey.is_response & (codes == HIGH)] = WITHHELD
    at_most, values = _room(survey, minimum)[1:]
    near = survey.is_response & (codes == SHOWN)
    near &= 100 * survey.favorable < at_most * survey.people
    codes[near] = np.where(values[near] >= WANTED_VALUES, ROOM, WITHHELD)
    before = before or nothing_told(survey)
    codes[len(survey) if own is None else own :] = WITHHELD
    codes[before.counted] = KEPT
    part = np.maximum(_parts(survey, codes, minimum), before.part)
    among = np.ones(int(survey.context.max(initial=0)) + 1, dtype=bool)
    while True:
        told = tell(survey, codes, part, minimum, before)
        found = possible_values(survey, told, minimum, WANTED_VALUES, among, enough=WANTED_VALUES)
        if not len(found.narrow):
            return told
        among[:] = False
        for count in _one_a_context(survey, found):
            changed = _tell_less(survey, codes, part, found, count)
            among[survey.context[changed]] = True
        part[~np.isin(codes, (SHOWN, KEPT))[survey.answer_cell]] = NOT_TOLD


def tell(
    survey: Survey, codes: np.ndarray, part: np.ndarray, minimum: int, before: Told | None = None
) -> Told:
    """The words of the share view for each cell, in numbers."""
    people = survey.people
    bands = rules.bands(minimum)
    band = np.searchsorted(bands, people, side="right")
    counted = codes != WITHHELD
    end = rules.end_of_answers(people, minimum)
    width = np.where(codes == HALF, *(rules.BAND_WIDTHS[one] for one in (HALF, BAND)))
    lowest = 100 * survey.favorable // np.maximum(people, 1) // width * width
    lowest = np.minimum(lowest, 100 - width)
    coded = [codes == LOW, codes == HIGH, (codes == HALF) | (codes == BAND), codes == ROOM]
    least, most, _ = _room(survey, minimum)
    together = np.flatnonzero(part != NOT_TOLD)
    total = np.bincount(part[together], survey.given[together], len(part)).astype(np.int64)
    percent = rules.whole_percent(total[part], people[survey.answer_cell])
    told = Told(
        n_low=np.where(counted, bands[np.maximum(band - 1, 0)], NOT_TOLD),
        n_high=np.where(counted, bands[np.minimum(band, len(bands) - 1)] - 1, NOT_TOLD),
        rate=np.where(codes == SHOWN, rules.whole_percent(survey.favorable, people), NOT_TOLD),
        at_least=np.select(coded, [0, 100 - end, lowest, least], NOT_TOLD),
        at_most=np.select(coded, [end, 100, lowest + width, most], NOT_TOLD),
        part=part.copy(),
        share=np.where(part != NOT_TOLD, percent, NOT_TOLD),
    )
    for name in ("rate", "at_least", "at_most") if before else ():
        getattr(told, name)[codes == KEPT] = getattr(before, name)[codes == KEPT]
    return told


def _room(survey: Survey, minimum: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each response a band, and how many values it leaves: from those who answered the item
    that most did, which is known, to a percent that holds the minimum more. It tells no more."""
    invited, items = survey.people, answered(survey, np.ones(len(survey), dtype=bool))
    at_most = 100 * (items + minimum) // np.maximum(invited, 1) + 1
    # Nearly all are not told.
    nearly = invited - rules.end_of_answers(invited, minimum) * invited // 100
    most = np.minimum(-(-at_most * invited // 100), nearly) - 1
    return 100 * items // np.maximum(invited, 1), at_most, most - items + 1


def _parts(survey: Survey, codes: np.ndarray, minimum: int) -> np.ndarray:
    """For each answer the first of those it is told together with: as many parts as there can be of
    the minimum of people, in all years in which they are told; none both favorable and not."""
    part = np.full(len(survey.given), NOT_TOLD)
    told = (codes == SHOWN) & (survey.people >= FEWEST_APART) & ~survey.is_response
    cells, first = np.flatnonzero(told), survey.first
    cells = cells[np.argsort(survey.alike[cells], kind="stable")]
    for same in np.split(cells, np.flatnonzero(np.diff(survey.alike[cells])) + 1):
        if not len(same):
            continue
        rows = first[same][:, None] + np.arange(first[same[0] + 1] - first[same[0]])
        start = last = 0
        so_far = np.zeros(len(same), dtype=np.int64)
        side = survey.answer_favorable[rows[0]]
        for one in range(rows.shape[1]):
            if one and side[one] != side[one - 1]:
                start = last = one
                so_far[:] = 0
            so_far += survey.given[rows[:, one]]
            part[rows[:, one]] = rows[:, start]
            if so_far.min() >= minimum:
                last, start = start, one + 1
                so_far[:] = 0
            elif one + 1 == rows.shape[1] or side[one + 1] != side[one]:
                # Too few are left over: they go with the part before.
                part[rows[:, start : one + 1]] = rows[:, [last]]
    return part


def _one_a_context(survey: Survey, found: Found) -> np.ndarray:
    """Of what was found about an item in a year, the narrowest: the others may be found for it."""
    narrow = np.flatnonzero(found.values < found.wanted)
    narrow = narrow[np.lexsort([narrow, found.values[narrow]])]
    context = survey.context[found.counts.owner[found.hidden[narrow]]]
    return found.hidden[narrow[np.unique(context, return_index=True)[1]]]


def _tell_less(survey: Survey, codes, part, found: Found, count: int) -> np.ndarray:
    """Tell less of what says most of a count; changes codes and parts. The cells that changed."""
    counts = found.counts
    steps = {
        PEOPLE: (_withhold,),
        GIVEN: (_merge, _band_between, _percent_less, _end_less, _withhold),
    }.get(counts.kind[count], (_band_between, _percent_less, _end_less, _merge, _withhold))
    sums = [
        np.r_[counts.part[counts.sum_of == one], counts.whole[one]]
        for one in _sums_of(found, count)
    ]
    # Of one school there are no sums: what its own numbers tell of it is told less.
    sums = sums or [np.array([count])]
    for step in steps:
        for inside in sums:
            for other in inside[np.argsort(survey.people[counts.owner[inside]], kind="stable")]:
                changed = step(survey, codes, part, counts, other)
                if len(changed):
                    return changed
    # Nothing beside it is left to tell less of: of the item less is told, at the smallest place; at
    # last nothing, also not again.
    cells = np.flatnonzero(
        (survey.context == survey.context[counts.owner[count]]) & (codes != WITHHELD)
    )
    loose = cells[codes[cells] != KEPT]
    cells = loose[[survey.people[loose].argmin()]] if len(loose) else cells
    codes[cells] = WITHHELD
    return cells


def _sums_of(found: Found, count: int) -> np.ndarray:
    """The sums over places that a count stands in, the one that narrows it most first."""
    counts, given = found.counts, found.attacked
    if not len(counts.whole):
        return NOTHING
    if count >= counts.rests[0]:
        return np.array([count - counts.rests[0]])
    at_least, at_most = attack.implied(given, given.low, given.high)
    # They stand before those of what is left of each.
    of_sum = given.sum_of - (len(given.totals) - 2 * len(counts.whole))
    entries = (given.sum_count == count) & (of_sum >= 0) & (of_sum < len(counts.whole))
    entries = np.flatnonzero(entries)
    width = at_most[entries] - at_least[entries]
    return of_sum[entries[np.argsort(width, kind="stable")]]


def _band_between(survey: Survey, codes, part, counts: Counts, count: int) -> np.ndarray:
    """Of a place between schools and all of them a percent becomes ten points: it costs least."""
    cell = counts.owner[count]
    between = np.isin(cell, survey.sum_whole) and np.isin(cell, survey.part_cell)
    if codes[cell] != SHOWN or survey.people[cell] < ROOMY or not between:
        return NOTHING
    codes[cell] = BAND
    return np.array([cell])


def _percent_less(survey: Survey, codes, part, counts: Counts, count: int) -> np.ndarray:
    """A percent becomes ten points where that makes room, then more or less than a half."""
    cell = counts.owner[count]
    if codes[cell] not in (SHOWN, BAND, ROOM):
        return NOTHING
    roomy = codes[cell] == SHOWN and survey.people[cell] >= ROOMY
    codes[cell] = BAND if roomy else HALF
    return np.array([cell])


def _end_less(survey: Survey, codes, part, counts: Counts, count: int) -> np.ndarray:
    """An end, or a half, is not told."""
    cell = counts.owner[count]
    if codes[cell] not in (LOW, HIGH, HALF):
        return NOTHING
    codes[cell] = COUNTED
    return np.array([cell])


def _withhold(survey: Survey, codes, part, counts: Counts, count: int) -> np.ndarray:
    cell = counts.owner[count]
    if codes[cell] in (WITHHELD, KEPT):
        return NOTHING
    codes[cell] = WITHHELD
    return np.array([cell])


def _merge(survey: Survey, codes, part, counts: Counts, count: int) -> np.ndarray:
    """Answers are told together with the part beside them on their side, in all years alike: this
    answer, or of a cell the first that can be."""
    cell, first = counts.owner[count], survey.first
    if codes[cell] == KEPT:
        return NOTHING
    answers = np.arange(first[cell], first[cell + 1])
    for row in answers if counts.kind[count] != GIVEN else [count - counts.answers[0]]:
        side = survey.answer_favorable[answers] == survey.answer_favorable[row]
        starts = np.unique(part[answers[side]])
        if len(starts) > 1:
            at = max(np.searchsorted(starts, part[row]), 1)
            gone, into = starts[at] - first[cell], starts[at - 1] - first[cell]
            alike = np.unique(survey.answer_cell[part != NOT_TOLD])
            alike = alike[(survey.alike[alike] == survey.alike[cell]) & (codes[alike] != KEPT)]
            part[np.isin(part, first[alike] + gone)] += into - gone
            return alike
    return NOTHING
