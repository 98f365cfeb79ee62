"""The invented records of sample_data/team, for a store that nobody has written to.

One CSV file per kind of record, with the fields of records.py and written_by; what a field lists
stands between `;`. Plans and meetings, which others refer to, have a name in column `record`. For
the sample network alone: never beside real data.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from queries.home import PROJECT
from queries.team import archive, journal
from queries.team.journal import Entry
from queries.team.records import KINDS, Record

SAMPLE = PROJECT / "sample_data" / "team"
# Who may sign in says nothing of the network that they see.
OF_SAMPLE = [kind for kind in KINDS if kind != "grant"]


def copy_sample(home: Path) -> int:
    """Write the sample's records into a store without any; how many were written.

    0 where anything was ever written; who looked at names is not counted. Raises StoreProblem.
    """
    return journal.begin(home, [signed for kind in OF_SAMPLE for signed in sample_records(kind)])


def is_all_there_is(home: Path) -> bool:
    """Whether nobody ever wrote anything but the sample's records. Raises StoreProblem."""
    is_of_sample = _is_of_sample()
    return all(
        entry.kind not in OF_SAMPLE or (entry.version == 1 and is_of_sample(entry))
        for entry in journal.everything(home)
    )


def set_aside(home: Path) -> Path | None:
    """Begin a store anew that was begun with the sample's records: they, and what somebody tried
    beside them, are of no real student. Where they are kept; None where there are none. Raises
    StoreProblem."""
    return archive.begin_anew(home) if any(map(_is_of_sample(), journal.everything(home))) else None


def _is_of_sample() -> Callable[[Entry], bool]:
    """Whether a record is one of the sample's, by its name."""
    named = {name for kind in OF_SAMPLE for name, _, _ in sample_records(kind)}
    return lambda entry: entry.record in named or entry.record.startswith("first-")


def sample_records(kind: str) -> Iterator[tuple[str | None, str, Record]]:
    """Its name if others refer to it, who wrote it, and what, row by row of a kind's file."""
    types = {one.name: one.type for one in fields(KINDS[kind])}
    with (SAMPLE / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield (
                row.get("record"),
                row["written_by"],
                KINDS[kind](**{name: _read(row[name], types[name]) for name in types}),
            )


def _read(text: str, kind: Any) -> Any:
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(";") if part.strip())
    if kind == date | None and not text:
        return None
    if kind is int:
        return int(text)
    return date.fromisoformat(text) if kind in (date, date | None) else text
