"""An answer: a table that nobody changes, with what was made of it kept beside it."""

import csv
import io
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from queries.team.archive import safe

Values = ParamSpec("Values")
Made = TypeVar("Made")
# As many students as a school has.
ROWS_KEPT = 2_000


class Answer(pd.DataFrame):
    """A table that all who ask the same are given, so none may change it; what is made of it, such
    as some of its rows, is a table as any other."""

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def __setitem__(self, *_: object) -> None:
        raise TypeError("an answer is everybody's: change what assign() or copy() gives")

    def itertuples(self, index: bool = True, name: str | None = "Pandas") -> Iterator[Any]:
        """As of any table, but found where they were made before: seven rows of 22
        columns took 2 ms. Of long lists they are made each time, for the memory they take."""
        if len(self) > ROWS_KEPT:
            return iter(super().itertuples(index, name))
        return iter(_rows(self, index, name))


def kept(make: Callable[Values, Made]) -> Callable[Values, Made]:
    """Find what `make` made of the same answers before, instead of making it again.

    An answer is one for all that it depends on, the generation and who may see it among them, and
    its reader got it through `access.allow`: so the answers themselves are the key, with the other
    values. What is made goes with the first of them, and a table made is an answer again. Of a
    table that is none it is made each time. For functions of their values alone, no clock and no
    choice of the reader's beside them, and no row of a table, which may never come again.
    Measured on the sample, a sentence is made in 1 ms and found in 1 µs: Overview took 59 ms drawn
    again where they were made and 35 where they were found, Network 86 and 49.
    """

    @wraps(make)
    def found(*values: Values.args, **named: Values.kwargs) -> Made:
        given = [*values, *named.values()]
        tables = [value for value in given if isinstance(value, pd.DataFrame)]
        if not tables or not all(isinstance(table, Answer) for table in tables):
            return make(*values, **named)
        key = (make, *map(_key, given), *named)
        beside = vars(tables[0]).setdefault("made_of_it", {})
        if key not in beside:
            made = make(*values, **named)
            # The tables too: a number is of one as long as it is there.
            beside[key] = (Answer(made) if isinstance(made, pd.DataFrame) else made, tables[1:])
        return beside[key][0]

    return found


def as_csv(answer: pd.DataFrame, columns: list[str]) -> bytes:
    """Columns of an answer as a file that spreadsheets read: the unknown blank, and no text a
    formula."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(columns)
    shown = answer[columns].astype(object).where(answer[columns].notna(), "")
    writer.writerows([[safe(value) for value in row] for row in shown.values.tolist()])
    return lines.getvalue().encode("utf-8-sig", "backslashreplace")


def _key(value: object) -> object:
    if isinstance(value, Answer):
        return id(value)
    return tuple(value) if isinstance(value, list) else value


@kept
def _rows(answer: pd.DataFrame, index: bool, name: str | None) -> list[Any]:
    return list(pd.DataFrame.itertuples(answer, index, name))
