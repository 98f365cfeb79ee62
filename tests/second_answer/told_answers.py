"""What the share view lets one work out of an item of a survey, by trying all whole numbers.

In plain Python, from what is told alone and how many answered. A place is told as Place says; a way
is how many gave each answer, in the order of the scale, those not favorable first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

SMALL = 9


@dataclass
class Place:
    """What is told of an item at a place, in whole percents.

    people: how many answered; or at most, where how many is withheld. sides: of how many answers
    those not favorable, and those favorable, consist. parts: answers that are told together, with
    their percent. few: answers known to have been given by nine at most.
    """

    people: int
    sides: tuple[int, int]
    is_withheld: bool = False
    percent: int | None = None
    between: tuple[int, int] | None = None
    is_end: bool = False
    parts: list[tuple[tuple[int, ...], int]] = field(default_factory=list)
    few: set[int] = field(default_factory=set)

    def fits(self, way: tuple[int, ...]) -> bool:
        """Whether this is a way in which people can have answered here."""
        people = sum(way)
        if self.is_withheld:
            return people <= self.people
        if people != self.people or any(way[one] > SMALL for one in self.few):
            return False
        favorable = sum(way[self.sides[0] :])
        others = people - favorable
        if self.percent is not None and not (
            is_told_as(favorable, people, self.percent) and min(favorable, others) > SMALL
        ):
            return False
        if self.between is not None:
            low, high = self.between
            if not low * people <= 100 * favorable <= high * people:
                return False
            if not self.is_end and min(favorable, others) <= SMALL:
                return False
        for answers, percent in self.parts:
            number = sum(way[one] for one in answers)
            if number <= SMALL or not is_told_as(number, people, percent):
                return False
        return True

    def ways(self) -> list[tuple[int, ...]]:
        """All ways in which people can have answered here."""
        size = sum(self.sides)
        if self.is_withheld:
            numbers = range(self.people + 1)
            return [way for way in product(numbers, repeat=size) if self.fits(way)]
        return [way for way in self._spread(self.people, size) if self.fits(way)]

    def _spread(self, left: int, size: int) -> Iterator[tuple[int, ...]]:
        """So many people over the last answers; no more in a part than its percent can be."""
        if not size:
            if not left:
                yield ()
            return
        answer = sum(self.sides) - size
        most = left
        for answers, percent in self.parts:
            if answer in answers:
                most = min(most, self.people * (percent + 1) // 100)
        numbers = [left] if size == 1 else range(most + 1)
        for number in numbers:
            for rest in self._spread(left - number, size - 1):
                yield (number, *rest)


def is_told_as(part: int, whole: int, percent: int) -> bool:
    """Whether so many of so many are so many percent, a half upwards."""
    return (200 * part + whole) // (2 * whole) == percent


def ways_together(schools: list[Place], together: Place) -> list[list[tuple[int, ...]]]:
    """All ways in which people can have answered at each school, and then at all of them."""
    found = []
    for ways in product(*(school.ways() for school in schools)):
        total = tuple(map(sum, zip(*ways, strict=True)))
        if together.fits(total):
            found.append([*ways, total])
    return found
