"""A part of a long check: another one each day, so that in the end every part is tried by CI, and
all of it with ROUNDTABLE_LONG_CHECKS=1."""

import os
import random
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

LONG = os.environ.get("ROUNDTABLE_LONG_CHECKS") == "1"
One = TypeVar("One")


def sampled(parts: Sequence[One], size: int) -> list[One]:
    """So many of these parts, in their order; drawn by the date, so that a failure comes again."""
    if LONG:
        return list(parts)
    drawn = random.Random(date.today().toordinal()).sample(range(len(parts)), size)
    return [parts[place] for place in sorted(drawn)]
