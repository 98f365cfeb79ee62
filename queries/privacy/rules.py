"""How a count of students reads in the share view.

After NCES 2011-603: counts to the nearest ten, rates in whole percents, the ends of a rate coded by
the size of the group, so that neither nobody nor everybody can be told. A count below the minimum
is small, be it of a group, of those of it who were absent, or of those who were not; the end of a
rate is drawn where such a count keeps ten possible values (docs/decisions.md 7).
"""

import numpy as np

MINIMUM = 10
# No hidden count may be narrowed to fewer possible values than this.
POSSIBLE_VALUES = 10
NEAREST = 10
# The end of a rate allows for a few more than a small count has: what stands around it takes some
# of its possible values away, and ten must be left.
ALLOWANCE = 3
# A rate only known to lie somewhere below this says nothing: then the group is counted, no more.
WIDEST_END = 50

# Up to so many in the group, no rate is told below this percent, or above its complement.
ENDS = ((20, 20), (40, 10), (100, 5), (200, 2), (None, 1))
# How many answered, in the share view: the first number of each band.
BANDS = np.array([10, 21, 41, 101, 201, 501, 1001, 2001, 5001, 10_001, 20_001, 50_001, 10**9])

# What is shown of a cell: nothing · the group's size · that and an end of the rate · roughly its
# size and whether the rate is below a half · its size and twenty points in which the rate lies, or
# ten · size, count and rate.
WITHHELD, COUNTED, LOW, HIGH, HALF, WIDE, BAND, SHOWN = range(8)
BAND_WIDTHS = {HALF: 50, WIDE: 20, BAND: 10}


def about(counts: np.ndarray, nearest: int | np.ndarray = NEAREST) -> np.ndarray:
    """To the nearest ten, a five upwards: 'about 20' is 15 to 24."""
    return (counts + nearest // 2) // nearest * nearest


def rough(counts: np.ndarray) -> np.ndarray:
    """What a size is rounded to where even the nearest ten tells too much."""
    return np.where(counts < 100, 2 * NEAREST, 5 * NEAREST)


def end_for_size(students: np.ndarray) -> np.ndarray:
    """The end of a rate in whole percents, by the size of the group."""
    sizes = [size for size, _ in ENDS if size is not None]
    percents = np.array([percent for _, percent in ENDS])
    return percents[np.searchsorted(sizes, students)]


def end(students: np.ndarray, minimum: int) -> np.ndarray:
    """The same for students: where it would leave a small count too few values, so much wider."""
    smallest = np.maximum(about(students) - NEAREST // 2, 1)
    for_its_values = -(-100 * (minimum - 1 + ALLOWANCE) // smallest)
    return np.maximum(end_for_size(students), for_its_values)


def whole_percent(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Whole percents, a half upwards; in whole numbers, so that a half is a half."""
    return (200 * part + whole) // np.maximum(2 * whole, 1)


def bands(minimum: int) -> np.ndarray:
    """The first number of each band of answers: none is narrower than the minimum."""
    return np.r_[minimum, BANDS[2 * minimum < BANDS]]


def end_of_answers(answers: np.ndarray, minimum: int) -> np.ndarray:
    """The same for answers, of which everybody may know how many there are: wide enough for one
    more than a small count."""
    return np.maximum(end_for_size(answers), -(-100 * minimum // np.maximum(answers, 1)))


def code(students: np.ndarray, absent: np.ndarray, minimum: int) -> np.ndarray:
    """What may be shown of students and how many of them were absent, each cell by itself."""
    return _by_end(students, absent, end(students, minimum), minimum)


def code_answers(answers: np.ndarray, favorable: np.ndarray, minimum: int) -> np.ndarray:
    """The same of answers and how many of them were favorable."""
    return _by_end(answers, favorable, end_of_answers(answers, minimum), minimum)


def _by_end(whole, part, end_here, minimum: int) -> np.ndarray:
    # By the end alone, so that a code says no more than its words.
    few_inside = 100 * part <= end_here * whole
    few_outside = 100 * (whole - part) <= end_here * whole
    says_nothing = (few_inside & few_outside) | (end_here > WIDEST_END)
    return np.select(
        [whole < minimum, says_nothing, few_inside, few_outside],
        [WITHHELD, COUNTED, LOW, HIGH],
        SHOWN,
    )
