"""Who looked at students' names, and who took a file with them: added to, never changed.

    home/team.sqlite, table look   the records, each with a hash over itself and the one before it
    home/looks.head                number and hash of the newest record, kept outside the database

`verify` sees a record that was changed, removed, added or moved, by whatever means. It cannot see
the work of somebody who may write both files, knows this program and computes all hashes anew, or
who puts back an earlier copy of both. Against that, keep the first line of looks.head elsewhere,
where nobody at this machine can write: in a mail, on paper. Later, the record of that number must
still have that hash (column `hash` of table `look`), and `verify` must find nothing wrong.
Nor does it see who worked under another's login, or what was read from the data without Roundtable.
"""

import contextlib
import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from queries.team import store

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


class _Link(NamedTuple):
    """A record, as the next one and looks.head refer to it."""

    number: int
    hash: str


class _Head(NamedTuple):
    """looks.head, a line each: the newest record known to be on disk, and one being written."""

    newest: _Link
    written_now: _Link | None


_START = _Link(0, "0" * 64)
_UNREADABLE = _Link(0, "unreadable")
_HEAD = re.compile(r"([0-9]{1,19}) ([0-9a-z]+)\n(?:([0-9]{1,19}) ([0-9a-z]+)\n)?")


# Two files cannot change in one step, so the head says beforehand what will be written:
#
#     under the lock   1  head: n | n+1      2  store: commit n+1
#     under it again   3  head: n+1          4  record() returns
#
# Killed before 2 is done, the store ends with n; after it, with n+1; the head names both, so verify
# finds nothing wrong, and the next record writes its own head. Every step is on disk before the
# next begins, so a power cut leaves the same. Once record() has returned, the head names n+1 alone,
# so its removal shows; and a record that the head never named shows, however well it is chained.
# Removed after a kill between 2 and 3 it does not: but then no names were shown for it.
#
# Several processes: the head is read and written only under the store's write lock. Another's
# record may come between 2 and 3; it finds n+1 as announced, and its own head then says so.
#
# A head that does not fit is never smoothed over: line one stays as found until a record that says
# what was wrong, inside the chain, is on disk. Killed at any moment before, the misfit still shows.
# People are not kept from their work by it: the record goes on.
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
    with _opened(home) as connection:
        with store.transaction(connection):
            head, newest = _head(home), _newest(connection)
            found_wrong = _misfit(head, newest)
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            fields = [now, _storable(who), what, _storable(page), _storable(filters)]
            fields += [None if students is None else int(students), found_wrong]
            new = _Link(newest.number + 1, _hash(newest, newest.number + 1, fields))
            _write_head(home, head.newest if found_wrong else newest, new)
            connection.execute(
                "INSERT INTO look VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (new.number, *fields, new.hash),
            )
        with store.transaction(connection):
            if _head(home).written_now == new:
                _write_head(home, new, None)


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
    with _opened(home) as connection:
        rows = connection.execute(
            "SELECT at, who, what, page, filters, students FROM look ORDER BY number"
        ).fetchall()
    try:
        return [Look(datetime.fromisoformat(at), *others) for at, *others in rows]
    except (TypeError, ValueError) as error:
        raise store.StoreProblem(
            f"The record of looks holds a time that is none: {error}. Check the record."
        ) from error


def verify(home: Path) -> list[str]:
    """One sentence for each thing wrong with the record of looks; none when all is well.

    Also when there is no store yet. Others wait only while it begins, however long the record is.
    """
    try:
        # The head is read first: should the first record be made just now, neither is there yet.
        head = _head(home)
        if not store.path_of(home).exists():
            return _sentences(_misfit(head, _START))
        with _snapshot(home) as (connection, head):
            rows = connection.execute(
                """
                SELECT number, hash, at, who, what, page, filters, students, found_wrong
                FROM look ORDER BY number
                """
            )
            return [*_wrong_records(rows), *_sentences(_misfit(head, _newest(connection)))]
    except store.StoreProblem as problem:
        return [f"The record of looks cannot be checked. {problem}"]


# For who puts another store in place of the one in `home`, as archive.restore does, and holds the
# write lock of the store around each of the two, if there is one to hold.
def announce(home: Path, staged: Path) -> _Link:
    """Before: have the head name the newest look of the store as it is and that of the one in
    `staged`, which is to take its place. What `settle` asks for then."""
    with store.opened(staged) as connection:
        new = _newest(connection)
    head = _head(home)
    try:
        with store.opened(home) as connection:
            there = _newest(connection)
    except (store.StoreProblem, sqlite3.Error):
        there = head.newest
    _write_head(home, there if there in head else head.newest, new)
    return new


def settle(home: Path, staged: Path, announced: _Link) -> None:
    """After: put the head in `staged` in place, unless a look after it has already done so."""
    if _head(home).written_now != announced:
        return
    path = staged / "looks.head"
    if path.exists():
        store.replace_file(home / "looks.head", path.read_bytes().decode("utf-8", "replace"))
    else:
        (home / "looks.head").unlink()


def _wrong_records(rows: Iterable[tuple]) -> Iterator[str]:
    before = _START
    for number, kept_hash, *fields in rows:
        if number < 1:
            yield f"Record {number} was added: the first one has number 1."
            continue
        if number > before.number + 1:
            yield (
                f"{_records(before.number + 1, number - 1)} missing before record {number}, which "
                "cannot be checked without."
            )
        elif kept_hash != _hash(before, number, fields):
            yield (
                f"Record {number} is not as it was written, or record {before.number} is no longer "
                "the one that it was written after."
            )
        *_, found_wrong = fields
        if found_wrong:
            yield f"When record {number} was written, this was found: {found_wrong}"
        before = _Link(number, kept_hash)


def _misfit(head: _Head, newest: _Link) -> str:
    """How the head and the newest record in the store disagree, or nothing."""
    named = head.newest
    if newest in head:
        return ""
    if named == _UNREADABLE:
        return "The file looks.head is not as it was written, so lost records would not show."
    if named == _START:
        return "The file looks.head is missing, so records lost at the end would not show."
    if named.number > newest.number:
        return f"{_records(newest.number + 1, named.number)} missing at the end."
    if named.number < newest.number:
        return (
            f"The records after record {named.number} were added past looks.head, or looks.head is "
            "an earlier copy."
        )
    return f"Record {newest.number}, the newest, is not the one that looks.head names."


def _records(first: int, last: int) -> str:
    return f"Record {first} is" if first == last else f"Records {first} to {last} are"


def _sentences(misfit: str) -> list[str]:
    return [misfit] if misfit else []


def _hash(before: _Link, number: int, fields: list[Any]) -> str:
    """SHA-256 over the hash before and the fields of a record.

    No two records have one encoding: reading the JSON gives back the very list, each value with
    its kind and its place (5 is not "5", no text runs into the next, as quotation marks inside are
    escaped). Bytes are nothing that we write, but what somebody else may have put in.
    """
    encoding = json.dumps([before.hash, number, *fields], default=lambda value: {"": value.hex()})
    return hashlib.sha256(encoding.encode("ascii")).hexdigest()


def _newest(connection: sqlite3.Connection) -> _Link:
    row = connection.execute(
        "SELECT number, hash FROM look ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return _Link(*row) if row else _START


def _head(home: Path) -> _Head:
    """What looks.head says; a file that is not there names no record."""
    path = home / "looks.head"
    try:
        found = _HEAD.fullmatch(path.read_bytes().decode("ascii"))
    except FileNotFoundError:
        return _Head(_START, None)
    except UnicodeDecodeError:
        found = None
    except OSError as error:
        raise store.StoreProblem(f"{path} cannot be read: {error}. Make that possible.") from error
    if not found:
        return _Head(_UNREADABLE, None)
    number, kept_hash, next_number, next_hash = found.groups()
    written_now = _Link(int(next_number), next_hash) if next_number else None
    return _Head(_Link(int(number), kept_hash), written_now)


def _write_head(home: Path, newest: _Link, written_now: _Link | None) -> None:
    links = [newest, written_now] if written_now else [newest]
    lines = "".join(f"{link.number} {link.hash}\n" for link in links)
    store.replace_file(home / "looks.head", lines)


@contextlib.contextmanager
def _opened(home: Path) -> Iterator[sqlite3.Connection]:
    """The store, readable also where somebody else wrote bytes that are no text."""
    try:
        with store.opened(home) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            yield connection
    except sqlite3.OperationalError as error:
        raise store.StoreProblem(
            f"The table of looks in {store.path_of(home)} is not as it was made: {error}. "
            "Keep the file, and put a backup in its place."
        ) from error


@contextlib.contextmanager
def _snapshot(home: Path) -> Iterator[tuple[sqlite3.Connection, _Head]]:
    """The records and the head of one moment. Writers are locked out only until it is taken."""
    with _opened(home) as connection:
        with store.nobody_else_writes(home, connection):
            head = _head(home)
            connection.execute("BEGIN")
            # A transaction stands on the moment of its first reading, not of its BEGIN.
            _newest(connection)
        yield connection, head


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
