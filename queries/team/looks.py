"""Who looked at students' names, and who took a file with them: added to, never changed.

    home/team.sqlite, table look   the records, each with a hash over itself and the one before it
    home/looks.head                number and hash of the newest record, kept outside the database

`verify` sees a record that was changed, removed, added or moved, by whatever means. It cannot see
the work of somebody who may write both files, knows this program and computes all hashes anew, or
who puts back an earlier copy of both: against that, see $ROUNDTABLE_RECORD in chain.py, or keep the
first line of looks.head elsewhere, in a mail, on paper. Nor does it see who worked under another's
login, or what was read from the data without Roundtable.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from queries.team import chain, store
from queries.team.chain import LOOKS
from queries.team.hashing import Link, hash_of

WHAT = ("names seen", "file taken")


@dataclass(frozen=True)
class Look:
    """One look: when (UTC), who, what of WHAT, on which page, with which filters, how many
    students (None where that is not known)."""

    at: datetime
    who: str
    what: str
    page: str
    filters: str
    students: int | None


# Its steps are those of chain.py. Once record() has returned, the look's removal shows. Removed
# after a kill between commit and last step it does not: but then no names were shown for it.
# People are not kept from their work by a record that was tampered with: it goes on, and says so.
def record(
    home: Path, *, who: str, what: str, page: str, filters: str, students: int | None
) -> None:
    """Add one look, now; on disk when this returns, so call it before the names are shown.

    what is one of WHAT, students how many there were. Halves of characters, which UTF-8 cannot
    hold, are written as their escapes. Raises ValueError for another `what`, a blank `who` or a
    negative number, and StoreProblem if it cannot be written: then show no names.
    """
    if what not in WHAT:
        raise ValueError(f"{what!r} is none of {WHAT}")
    if not who.strip():
        raise ValueError("a look needs somebody who looked")
    if students is not None and students < 0:
        raise ValueError(f"{students} students cannot be seen")
    with chain.opened(LOOKS, home) as connection:
        with store.transaction(connection):
            head, newest = chain.head(LOOKS, home), chain.newest(LOOKS, connection)
            found_wrong = chain.misfit(LOOKS, head, newest)
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            fields: list[Any] = [now, _storable(who), what, _storable(page), _storable(filters)]
            fields += [None if students is None else int(students), found_wrong]
            new = Link(newest.number + 1, hash_of(newest, newest.number + 1, fields))
            chain.write_head(LOOKS, home, head.newest if found_wrong else newest, new)
            connection.execute(
                "INSERT INTO look VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (new.number, *fields, new.hash),
            )
        with store.transaction(connection):
            chain.settle(LOOKS, home, new)


def try_to_write(home: Path) -> None:
    """Write what is there already. Raises StoreProblem where a look could not be written."""
    with store.write(home) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {int(version)}")


def looks(home: Path) -> list[Look]:
    """All looks, oldest first; none where there is no store yet.

    Says nothing about whether they are as written: ask `verify`. Raises StoreProblem if the store
    or a record in it cannot be read.
    """
    if not store.path_of(home).exists():
        return []
    with chain.opened(LOOKS, home) as connection:
        rows = connection.execute(
            "SELECT at, who, what, page, filters, students FROM look ORDER BY number"
        ).fetchall()
    try:
        return [Look(datetime.fromisoformat(at), *others) for at, *others in rows]
    except (TypeError, ValueError) as error:
        raise store.StoreProblem(
            f"The record of looks holds a time that is none: {error}. Check the record."
        ) from error


def verify(home: Path, *, outside: bool = True) -> list[str]:
    """One sentence for each thing wrong with the record of looks; none when all is well. Of a copy
    `outside` is False: see chain.verify."""
    return chain.verify(LOOKS, home, _hashed, outside)


def _hashed(number: int, columns: list[Any]) -> tuple[list[Any], str]:
    *_, found_wrong = columns
    if not found_wrong:
        return columns, ""
    return columns, f"When record {number} was written, this was found: {found_wrong}"


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
