"""Public numbers that Roundtable gives as others published them, each held by a test."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

NUMBERS = Path(__file__).parent.parent / "tables" / "checked_against.csv"


@dataclass(frozen=True)
class PublicNumber:
    """One number, in a unit, as its source gives it. what: it is a number of, as others of its
    source are; name: which of them. test: the one that finds it in our answers."""

    what: str
    name: str
    number: str
    unit: str
    source: str
    test: str


@lru_cache(maxsize=1)
def numbers() -> list[PublicNumber]:
    """All of them, in the order of their file."""
    with NUMBERS.open(encoding="utf-8", newline="") as file:
        return [PublicNumber(**row) for row in csv.DictReader(file)]


def of_test(test: str) -> dict[tuple[str, str], float]:
    """By what and name, the numbers that a test holds: 'test_the_ten_shifts_as_published'."""
    return {
        (one.what, one.name): float(one.number)
        for one in numbers()
        if one.test.endswith(f"::{test}")
    }
