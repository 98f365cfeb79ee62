"""Records of which each has a hash over itself and the one before it, and where the last one is
written down beside them.

    home/<head>          number and hash of the newest record, kept outside the database
    $ROUNDTABLE_RECORD   a file of somebody's choice, better on another machine: a line for each
                         head, added at the end: time (UTC), which chain, number, hash

Two files cannot change in one step, so the head says beforehand what will be written:

    under the lock   1  head: n | n+1      2  store: commit n+1
    under it again   3  head: n+1; a line in $ROUNDTABLE_RECORD

Killed before 2 is done, the store ends with n; after it, with n+1; the head names both, so nothing
is found wrong, and the next record writes its own head. Every step is on disk before the next
begins, so a power cut leaves the same. Once 3 is done, the head names n+1 alone, so its removal
shows; and a record that the head never named shows, however well it is chained.

Several processes: the head is read and written only under the store's write lock. Another's record
may come between 2 and 3; it finds n+1 as announced, and its own head then says so.

A head that does not fit is never smoothed over: line one stays as found until a record that says
what was wrong, inside the chain, is on disk. Killed at any moment before, the misfit still shows.
"""

import contextlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from queries.disk import sync_folder
from queries.team import store
from queries.team.hashing import START, Link, hash_of


@dataclass(frozen=True)
class Chain:
    """name: in $ROUNDTABLE_RECORD. head: its file. what, one, several: what it and its records are
    called. newest: SQL for the newest link. rows: SQL for number, hash, and what else is read."""

    name: str
    head: str
    what: str
    one: str
    several: str
    newest: str
    rows: str


LOOKS = Chain(
    "looks",
    "looks.head",
    "The record of looks",
    "Record",
    "Records",
    "SELECT number, hash FROM look ORDER BY number DESC LIMIT 1",
    "SELECT number, hash, at, who, what, page, filters, students, found_wrong FROM look "
    "ORDER BY number",
)
ENTRIES = Chain(
    "journal",
    "journal.head",
    "What people wrote",
    "Entry",
    "Entries",
    "SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1",
    "SELECT number, hash, at, who, kind, record, version, sealed, salt, student_id, body, "
    "forgotten FROM entry ORDER BY number",
)
CHAINS = (LOOKS, ENTRIES)


class Head(NamedTuple):
    """A head, a line each: the newest record known to be on disk, and one being written."""

    newest: Link
    written_now: Link | None


_UNREADABLE = Link(0, "unreadable")
_HEAD = re.compile(r"([0-9]{1,19}) ([0-9a-z]+)\n(?:([0-9]{1,19}) ([0-9a-z]+)\n)?")
_LINE = re.compile(r"(\S+) (\w+) (restored )?([0-9]{1,19}) ([0-9a-z]+)")


def newest(chain: Chain, connection: sqlite3.Connection) -> Link:
    """The newest record in the store."""
    row = connection.execute(chain.newest).fetchone()
    return Link(*row) if row else START


def head(chain: Chain, home: Path) -> Head:
    """What the head says; a file that is not there names no record."""
    path = home / chain.head
    try:
        found = _HEAD.fullmatch(path.read_bytes().decode("ascii"))
    except FileNotFoundError:
        return Head(START, None)
    except UnicodeDecodeError:
        found = None
    except OSError as error:
        raise store.StoreProblem(f"{path} cannot be read: {error}. Make that possible.") from error
    if not found:
        return Head(_UNREADABLE, None)
    number, kept_hash, next_number, next_hash = found.groups()
    written_now = Link(int(next_number), next_hash) if next_number else None
    return Head(Link(int(number), kept_hash), written_now)


def write_head(chain: Chain, home: Path, named: Link, written_now: Link | None) -> None:
    """Only under the store's write lock."""
    links = [named, written_now] if written_now else [named]
    store.replace_file(home / chain.head, "".join(f"{one.number} {one.hash}\n" for one in links))


def settle(chain: Chain, home: Path, written: Link) -> None:
    """Step 3, under the lock: have the head name what is on disk alone, unless somebody wrote
    since, and say so in $ROUNDTABLE_RECORD. Raises StoreProblem."""
    if head(chain, home).written_now == written:
        write_head(chain, home, written, None)
    _write_outside(chain, written)


def misfit(chain: Chain, found: Head, there: Link) -> str:
    """How the head and the newest record in the store disagree, or nothing."""
    named = found.newest
    if there in found:
        return ""
    if named == _UNREADABLE:
        return f"The file {chain.head} is not as it was written, so lost records would not show."
    if named == START:
        return f"The file {chain.head} is missing, so records lost at the end would not show."
    if named.number > there.number:
        return f"{called(chain, there.number + 1, named.number)} missing at the end."
    if named.number < there.number:
        return (
            f"The {chain.several.lower()} after {chain.one.lower()} {named.number} were added past "
            f"{chain.head}, or {chain.head} is an earlier copy."
        )
    return f"{chain.one} {there.number}, the newest, is not the one that {chain.head} names."


def called(chain: Chain, first: int, last: int) -> str:
    """'Record 3 is', 'Records 3 to 5 are'."""
    if first == last:
        return f"{chain.one} {first} is"
    return f"{chain.several} {first} to {last} are"


# For who puts another store in place of the one in `home`, as archive.restore does, and holds the
# write lock of the store around each of the two, if there is one to hold.
def announce_other(chain: Chain, home: Path, staged: Path) -> Link:
    """Before: have the head name the newest record of the store as it is and that of the one in
    `staged`, which is to take its place. What `settle_other` asks for then."""
    with store.opened(staged) as connection:
        new = newest(chain, connection)
    found = head(chain, home)
    try:
        with store.opened(home) as connection:
            there = newest(chain, connection)
    except (store.StoreProblem, sqlite3.Error):
        there = found.newest
    write_head(chain, home, there if there in found else found.newest, new)
    return new


def settle_other(chain: Chain, home: Path, staged: Path, announced: Link) -> None:
    """After: put the head in `staged` in place, unless a record after it has already done so."""
    if head(chain, home).written_now == announced:
        path = staged / chain.head
        if path.exists():
            store.replace_file(home / chain.head, path.read_bytes().decode("utf-8", "replace"))
        else:
            (home / chain.head).unlink()
    _write_outside(chain, announced, "restored ")


# --- Outside ----------------------------------------------------------------------------------


class Outside(NamedTuple):
    """$ROUNDTABLE_RECORD at one moment; None where nothing is named or the file is missing."""

    path: Path | None = None
    lines: list[str] | None = None


def _outside() -> Path | None:
    named = os.environ.get("ROUNDTABLE_RECORD")
    return Path(named) if named else None


def _read_outside(wanted: bool) -> Outside:
    path = _outside()
    if path is None or not wanted:
        return Outside()
    try:
        return Outside(path, path.read_bytes().decode("ascii", "replace").splitlines())
    except FileNotFoundError:
        return Outside(path)
    except OSError as error:
        raise store.StoreProblem(
            f"{path}, which ROUNDTABLE_RECORD names, cannot be read: {error}."
        ) from error


def _write_outside(chain: Chain, link: Link, restored: str = "") -> None:
    """Add a line; on disk when this returns. Raises StoreProblem."""
    path = _outside()
    if path is None:
        return
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    try:
        is_new = not path.exists()
        with path.open("a", encoding="ascii", newline="\n") as file:
            file.write(f"{now} {chain.name} {restored}{link.number} {link.hash}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise store.StoreProblem(
            f"{path}, which ROUNDTABLE_RECORD names, cannot be written: {error}. "
            "Make that possible."
        ) from error
    if is_new:
        sync_folder(path.parent)


# --- Verifying --------------------------------------------------------------------------------


def verify(
    chain: Chain,
    home: Path,
    read: Callable[[int, list[Any]], tuple[list[Any], str]],
    outside: bool,
) -> list[str]:
    """One sentence for each thing wrong with a chain; none when all is well.

    read: given the number and the columns of a record, those that its hash is over, and what else
    is wrong with it. outside: compare with $ROUNDTABLE_RECORD too, which knows no copies. Also when
    there is no store yet. Others wait only while it begins, however long the chain is.
    """
    try:
        # The head is read first: should the first record be made just now, neither is there yet.
        told = _read_outside(outside)
        found = head(chain, home)
        kept: dict[int, str] = {}
        if not store.path_of(home).exists():
            return [*_sentences(misfit(chain, found, START)), *_differing(chain, told, kept)]
        with snapshot(chain, home, outside) as (connection, found, told):
            wrong = [*_wrong_records(chain, connection.execute(chain.rows), read, kept)]
            wrong += _sentences(misfit(chain, found, newest(chain, connection)))
            return [*wrong, *_differing(chain, told, kept)]
    except store.StoreProblem as problem:
        return [f"{chain.what} cannot be checked. {problem}"]


def _wrong_records(
    chain: Chain, rows: Iterable[tuple], read: Callable, kept: dict[int, str]
) -> Iterator[str]:
    """kept: filled with the hash of each record."""
    before = START
    for number, kept_hash, *columns in rows:
        kept[number] = kept_hash
        if number < 1:
            yield f"{chain.one} {number} was added: the first one has number 1."
            continue
        fields, wrong = read(number, columns)
        if number > before.number + 1:
            yield (
                f"{called(chain, before.number + 1, number - 1)} missing before "
                f"{chain.one.lower()} {number}, which cannot be checked without."
            )
        elif kept_hash != hash_of(before, number, fields):
            yield (
                f"{chain.one} {number} is not as it was written, or {chain.one.lower()} "
                f"{before.number} is no longer the one that it was written after."
            )
        if wrong:
            yield wrong
        before = Link(number, kept_hash)


def _sentences(misfit: str) -> list[str]:
    return [misfit] if misfit else []


def _differing(chain: Chain, told: Outside, kept: Mapping[int, str]) -> Iterator[str]:
    """One sentence for each way in which $ROUNDTABLE_RECORD and the records differ.

    kept: the hash of every record in the store. What a restore took away is no difference: its line
    says from which record on the chain goes on.
    """
    path = told.path
    if told.lines is None:
        if path and kept:
            yield f"{path}, which ROUNDTABLE_RECORD names, is missing: nothing can be compared."
        return
    named: dict[int, tuple[str, str]] = {}
    for place, line in enumerate(told.lines, 1):
        found = _LINE.fullmatch(line)
        if not found:
            yield f"Line {place} of {path} is not as it was written."
            continue
        at, name, restored, number, kept_hash = found.groups()
        if name == chain.name:
            if restored:
                named = {one: about for one, about in named.items() if one <= int(number)}
            if int(number):
                named[int(number)] = (kept_hash, at)
    lost = [number for number in named if number not in kept]
    changed = [number for number in named if kept.get(number, named[number][0]) != named[number][0]]
    if lost:
        yield f"{called(chain, min(lost), max(lost))} missing, and named in {path}."
    if changed:
        first = min(changed)
        yield (
            f"{chain.one} {first} is not the one that {path} names since {named[first][1]}"
            + (f" (and {len(changed) - 1} more)." if len(changed) > 1 else ".")
        )


@contextlib.contextmanager
def opened(chain: Chain, home: Path) -> Iterator[sqlite3.Connection]:
    """The store, readable also where somebody else wrote bytes that are no text."""
    try:
        with store.opened(home) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            yield connection
    except sqlite3.OperationalError as error:
        raise store.StoreProblem(
            f"{chain.what}, a table in {store.path_of(home)}, is not as it was made: {error}. "
            "Keep the file, and put a backup in its place."
        ) from error


@contextlib.contextmanager
def snapshot(
    chain: Chain, home: Path, outside: bool = True
) -> Iterator[tuple[sqlite3.Connection, Head, Outside]]:
    """The records, the head and what is outside of one moment. Writers are locked out only until
    it is taken."""
    with opened(chain, home) as connection:
        with store.nobody_else_writes(home, connection):
            found, told = head(chain, home), _read_outside(outside)
            connection.execute("BEGIN")
            # A transaction stands on the moment of its first reading, not of its BEGIN.
            newest(chain, connection)
        yield connection, found, told
