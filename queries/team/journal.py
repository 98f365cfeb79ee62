"""What people wrote: every version of every record, in the order in which it was written.

    home/team.sqlite, table entry   one row per version of a record; nothing is written over
    home/journal.head               number and hash of the newest one, see chain.py

A write is on disk when the function returns, whole or not at all. Whoever changes a record says on
which version that rests: if somebody else was there first, neither's words are lost.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from queries.team import chain, forgotten, records, store, wholes
from queries.team.chain import ENTRIES
from queries.team.forgotten import Forgetting
from queries.team.hashing import hash_of, new_salt, seal
from queries.team.records import Cause, Definition, Grant, Idea, Priority, Record, WrongRecord
from queries.team.store import StoreProblem
from queries.team.wholes import Version, Whole


@dataclass(frozen=True)
class Entry:
    """One version of a record: its number in the order of writing, when (UTC), who.

    content is the record, of its kind; None where it was removed, and where it was erased on
    request (forgotten).
    """

    number: int
    at: datetime
    who: str
    kind: str
    record: str
    version: int
    content: Any
    forgotten: bool = False


class Conflict(Exception):
    """Somebody else changed the record in the meantime; `theirs` is what they wrote."""

    def __init__(self, theirs: Entry):
        super().__init__(
            "What was written about this student was erased on request, so this was not saved."
            if theirs.forgotten
            else f"{theirs.who} {'changed' if theirs.content else 'removed'} this in the meantime. "
            "Both versions are here: take over what is right, and save again."
        )
        self.theirs = theirs


def new_name() -> str:
    """A name for a record or for what is written in one go; no two are the same."""
    return uuid4().hex


def add(home: Path, who: str, written: Sequence[Record], token: str | None = None) -> list[str]:
    """Write new records in one transaction; their names.

    token: of a form, so that sending it twice writes it once. Raises WrongRecord, StoreProblem, and
    Conflict where the token was used for something else, or by somebody else.
    """
    who = _writer(who)
    token = _storable(token or new_name())
    names = [f"{token}-{number}" for number in range(len(written))]
    for record in written:
        records.check(record)
    with writing(home) as connection:
        before = [_versions(connection, name) for name in names]
        # Of a longer list that was sent under the same token.
        more = _versions(connection, f"{token}-{len(names)}")
        sent = [versions for versions in before if versions]
        if sent or more:
            is_same = len(sent) == len(written) and not more
            for versions, record in zip(sent, written, strict=False):
                is_same = is_same and _is_retry(versions[0], who, record)
            if not is_same:
                raise Conflict([*sent, more][0][-1])
            return names
        for name, record in zip(names, written, strict=True):
            _append(connection, who, records.kind_of(record), name, 1, record)
    return names


def begin(home: Path, signed: Sequence[tuple[str | None, str, Record]]) -> int:
    """Write records, each with its name, if others refer to it, and its writer, into a store that
    nobody has written to; how many.

    One transaction: they are there whole or not at all, and once, also if two processes come at
    once. 0 where anything was ever written, even if it was removed or forgotten since. Raises
    WrongRecord, StoreProblem.
    """
    for _, _, record in signed:
        records.check(record)
    with writing(home) as connection:
        written = "SELECT number FROM entry WHERE kind <> 'grant' LIMIT 1"
        if connection.execute(written).fetchone():
            return 0
        for number, (name, who, record) in enumerate(signed):
            name = name or f"first-{number}"
            _append(connection, _writer(who), records.kind_of(record), name, 1, record)
    return len(signed)


def change(home: Path, who: str, name: str, version: int, content: Record | None) -> int:
    """Write the next version of a record, or with None remove it; the number of that version.

    version: the one that the change rests on. Sending the same change again gives the same number.
    A record stays of its kind and with its student. Raises Conflict where another version is the
    newest or the record was forgotten, KeyError where there is no such record, WrongRecord,
    StoreProblem.
    """
    who = _writer(who)
    if content is not None:
        records.check(content)
    with writing(home) as connection:
        versions = _versions(connection, name)
        if not versions:
            raise KeyError(name)
        newest = versions[-1]
        if newest.forgotten:
            raise Conflict(newest)
        if newest.version != version:
            sent = next((one for one in versions if one.version == version + 1), None)
            if sent and _is_retry(sent, who, content):
                return sent.version
            raise Conflict(newest)
        if content is not None:
            _must_stay(versions[0], content)
        _append(connection, who, newest.kind, newest.record, version + 1, content, versions[0])
    return version + 1


def read(home: Path, kind: str) -> list[Entry]:
    """The newest version of every record of a kind that was not removed, oldest record first."""
    if not store.is_there(home):
        return []
    with store.opened(home) as connection:
        rows = connection.execute(
            """
            SELECT newest.number, newest.at, newest.who, newest.kind, newest.record,
                newest.version, newest.body, newest.forgotten
            FROM entry AS newest
            JOIN entry AS first ON first.record = newest.record AND first.version = 1
            WHERE newest.kind = ? AND newest.body IS NOT NULL
                AND newest.version = (SELECT max(version) FROM entry WHERE record = newest.record)
            ORDER BY first.number
            """,
            (kind,),
        ).fetchall()
    return [_entry(row) for row in rows]


def history(home: Path, name: str) -> list[Entry]:
    """Every version of a record, the first one first."""
    with store.opened(home) as connection:
        return _versions(connection, name)


def everything(home: Path, kind: str | None = None) -> list[Entry]:
    """Every version of every record, or of those of a kind, in the order in which they were
    written, at one moment."""
    if not store.is_there(home):
        return []
    with store.opened(home) as connection:
        rows = connection.execute(
            """
            SELECT number, at, who, kind, record, version, body, forgotten
            FROM entry WHERE kind = coalesce(?, kind) ORDER BY number
            """,
            (kind,),
        ).fetchall()
    return [_entry(row) for row in rows]


def state(home: Path, kinds: Iterable[str] | None = None) -> tuple[int, str, int]:
    """Changes whenever something of these kinds, or of any, is written, and whatever is forgotten
    or restored, by any process.

    The number of the newest entry, which a restore writes too; its time, as a number may come again
    after a restore; and how many were forgotten.
    """
    if not store.is_there(home):
        return (0, "", 0)
    named = kinds and json.dumps([*_OF_ALL_KINDS, *kinds])
    # What was forgotten names no student: so the index finds it, and no table is read through.
    (newest,) = store.look(
        home,
        """
        SELECT coalesce(max(number), 0), coalesce(max(at), ''),
            (SELECT count(*) FROM entry WHERE student_id IS NULL AND forgotten)
        FROM (
            SELECT number, at FROM entry
            WHERE $named IS NULL OR kind IN (SELECT value FROM json_each($named))
            ORDER BY number DESC LIMIT 1
        )
        """,
        {"named": named},
    )
    return newest


def forget(home: Path, about: str | Whole) -> int:
    """Erase what was written about a student, by id, or of a whole school or school year, in every
    version; how many versions those were.

    That something was written, when and by whom stays; the words do not, nor does the id: not in
    any byte of the store's files. Copies are the business of archive.forget_in_copies, and what was
    written under another student or under none is not reached. Raises StoreProblem; forgetting
    again then finishes it.
    """
    if not home.exists():
        return 0
    about = _storable(about) if isinstance(about, str) else about
    with writing(home) as connection:
        # Before anything is erased, so that a restore after a kill knows of it. Should the clock
        # have been put back, what is erased now was still written before.
        numbers = _numbers(connection, {about: None})
        (newest,) = connection.execute(
            """
            SELECT coalesce(max(at), '') FROM entry
            WHERE number IN (SELECT value FROM json_each(?))
            """,
            (json.dumps([*numbers]),),
        ).fetchone()
        forgotten.remember(home, str(about), max(newest, _now()))
        erased = _erase(connection, numbers)
    try:
        rewrite(home)
    except StoreProblem as problem:
        raise StoreProblem(
            f"No page shows the words any more, but the files still hold them. {problem} Then "
            "forget again."
        ) from problem
    return erased


def of_whole(home: Path, whole: Whole) -> dict[str, tuple[int, int]]:
    """What `forget` would erase of a school or a school year: by kind, records and versions."""
    written = versions(home)
    names = wholes.records_of(whole, written)
    found: dict[str, list[str]] = {}
    for one in written:
        if one.record in names:
            found.setdefault(one.kind, []).append(one.record)
    return {kind: (len({*records}), len(records)) for kind, records in sorted(found.items())}


def versions(home: Path) -> list[Version]:
    """Every version that holds words, also of what was removed, in the order of writing."""
    if not store.is_there(home):
        return []
    with store.opened(home) as connection:
        return _with_words(connection)


def _with_words(connection: sqlite3.Connection) -> list[Version]:
    text = connection.text_factory
    # As in chain.opened: a store that somebody tampered with is restored all the same.
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        rows = connection.execute("SELECT at, kind, record, body FROM entry ORDER BY number")
        return wholes.versions(rows)
    finally:
        connection.text_factory = text


def erase(connection: sqlite3.Connection, forgettings: Mapping[str | Whole, str | None]) -> int:
    """Erase the records of these students, schools and years, each up to a time or all of them; how
    many versions.

    A record goes whole, also what was added to it later: its words came from those before.
    """
    return _erase(connection, _numbers(connection, forgettings))


def _numbers(
    connection: sqlite3.Connection, forgettings: Mapping[str | Whole, str | None]
) -> set[int]:
    numbers: set[int] = set()
    for about, until in forgettings.items():
        if isinstance(about, Whole):
            names = wholes.records_of(about, _with_words(connection), until)
            rows = connection.execute("SELECT number, record FROM entry WHERE NOT forgotten")
            numbers.update(number for number, record in rows if record in names)
            continue
        student_id = _storable(about)
        rows = connection.execute(
            """
            SELECT number FROM entry
            WHERE student_id = ? AND record IN (
                SELECT record FROM entry WHERE student_id = ? AND at <= coalesce(?, at)
            )
            """,
            (student_id, student_id, until),
        )
        numbers.update(number for (number,) in rows)
    return numbers


def _erase(connection: sqlite3.Connection, numbers: set[int]) -> int:
    """In a transaction of `writing`. An entry says which they are: others that are empty show."""
    connection.executemany(
        """
        UPDATE entry SET body = NULL, student_id = NULL, salt = NULL, forgotten = 1
        WHERE number = ?
        """,
        [(number,) for number in numbers],
    )
    if numbers:
        _insert(connection, "forget", _FORGOTTEN, new_name(), 1, None, json.dumps(sorted(numbers)))
    return len(numbers)


def restored(
    home: Path, who: str, forgettings: Iterable[Forgetting], records_forgotten: Iterable[str]
) -> int:
    """Say in a store that is to take another's place that somebody restored it, and erase what was
    forgotten there since; how many versions."""
    with writing(home) as connection:
        # An entry of its own: no state of the store comes again that stood for other words.
        _insert(connection, who, _RESTORED, new_name(), 1, None, None)
        rows = connection.execute(
            "SELECT number, record, student_id FROM entry WHERE NOT forgotten"
        ).fetchall()
        records = set(records_forgotten)
        erased = _erase(connection, {number for number, record, _ in rows if record in records})
        left: set[str | Whole] = {student for *_, student in rows if student is not None}
        left |= wholes.all_in(_with_words(connection))
        return erased + erase(connection, forgotten.until(forgettings, left))


def rewrite(home: Path) -> None:
    """Make the file anew, and empty the log: in both, what was erased may still be read."""
    with store.opened(home) as connection:
        connection.execute("VACUUM")
        is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise StoreProblem("Another program reads the team store. Close that program.")


def verify(home: Path, *, outside: bool = True) -> list[str]:
    """One sentence for each entry that was changed, removed, added or emptied by other means; none
    when all is well. Of a copy `outside` is False: see chain.verify, also for what cannot show."""
    emptied: list[int] = []
    erased: set[int] = set()

    def read(number: int, columns: list[Any]) -> tuple[list[Any], str]:
        *about, sealed, salt, student_id, body, is_forgotten = columns
        wrong = ""
        if is_forgotten and (salt, student_id, body) == (None, None, None):
            # Without a seal it was forgotten before there was a chain.
            emptied.extend([number] if sealed else [])
        elif not isinstance(salt, str) or sealed != seal(salt, student_id, body):
            wrong = f"The words of entry {number} are not as they were written."
        elif about[2] == _FORGOTTEN:
            with contextlib.suppress(ValueError, TypeError):
                erased.update(json.loads(body))
        elif about[2] == _FOUND_WRONG:
            wrong = f"When entry {number} was written, this was found: {body}"
        return [*about, sealed], wrong

    found = chain.verify(ENTRIES, home, read, outside)
    return found + [
        f"Entry {number} was emptied, and no entry says that it was forgotten."
        for number in emptied
        if number not in erased
    ]


# Kinds of entries that hold nothing which people wrote, and concern all that they did: which others
# were erased, what was wrong with the chain when somebody next wrote, and that it was restored.
_OF_ALL_KINDS = _FORGOTTEN, _FOUND_WRONG, _RESTORED = "forgotten", "found wrong", "restored"


@contextlib.contextmanager
def writing(home: Path) -> Iterator[sqlite3.Connection]:
    """One transaction of new entries, by the steps of chain.py. People are not kept from their work
    by a chain that was tampered with: it goes on, and says so."""
    with store.opened(home) as connection:
        with store.transaction(connection):
            head, before = chain.head(ENTRIES, home), chain.newest(ENTRIES, connection)
            found_wrong = chain.misfit(ENTRIES, head, before)
            yield connection
            written = chain.newest(ENTRIES, connection)
            if written != before and found_wrong:
                _insert(connection, "verify", _FOUND_WRONG, new_name(), 1, None, found_wrong)
                written = chain.newest(ENTRIES, connection)
            if written != before:
                named = head.newest if found_wrong else before
                chain.write_head(ENTRIES, home, named, written)
        if written != before:
            # The words are on disk, and named by the head; the rest would only make their removal
            # show, and the next entry makes up for it.
            with (
                contextlib.suppress(StoreProblem, sqlite3.Error),
                store.transaction(connection),
            ):
                chain.settle(ENTRIES, home, written)


def _insert(
    connection: sqlite3.Connection,
    who: str,
    kind: str,
    record: str,
    version: int,
    student_id: str | None,
    body: str | None,
) -> None:
    """Add an entry at the end of the chain, in a transaction of `writing`."""
    before, salt = chain.newest(ENTRIES, connection), new_salt()
    number, sealed = before.number + 1, seal(salt, student_id, body)
    about = (_now(), who, kind, record, version)
    connection.execute(
        """
        INSERT INTO entry
            (number, at, who, kind, record, version, student_id, body, salt, sealed, hash)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            *(number, *about, student_id, body, salt, sealed),
            hash_of(before, number, [*about, sealed]),
        ),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _writer(who: str) -> str:
    if not who.strip():
        raise WrongRecord("Say who writes this.")
    return _storable(who)


def _storable(text: str) -> str:
    """Half a character, which UTF-8 cannot hold, as its escape. The body of an entry keeps it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _is_retry(sent: Entry, who: str, content: Record | None) -> bool:
    """Whether an entry is what somebody sends now, because they did not learn that it arrived."""
    if sent.who != who:
        return False
    if content is None:
        return sent.content is None
    # Compared as it is read back. Of what was forgotten nobody can tell, and it stays so.
    text = records.to_text(content)
    return sent.forgotten or sent.content == records.from_text(records.kind_of(content), text)


def _must_stay(first: Entry, content: Record) -> None:
    """Refuse another kind or another student: what is forgotten is forgotten in all versions."""
    kind = records.kind_of(content)
    if kind != first.kind:
        raise WrongRecord(f"A {first.kind} cannot become a {kind}: remove it, and write the other.")
    if getattr(content, "student_id", None) != getattr(first.content, "student_id", None):
        raise WrongRecord(
            "This cannot move to another student: remove it here, and write it there."
        )


def _versions(connection: sqlite3.Connection, name: str) -> list[Entry]:
    rows = connection.execute(
        """
        SELECT number, at, who, kind, record, version, body, forgotten
        FROM entry WHERE record = ? ORDER BY version
        """,
        (_storable(name),),
    )
    return [_entry(row) for row in rows]


def _entry(row: tuple) -> Entry:
    number, at, who, kind, record, version, body, forgotten = row
    try:
        when = datetime.fromisoformat(at)
        has_words = body is not None and kind not in (_FORGOTTEN, _FOUND_WRONG)
        content = records.from_text(kind, body) if has_words else None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreProblem(
            f"Entry {number} of the team store is not as it was written: {error}. Keep the store, "
            "and restore a backup."
        ) from error
    return Entry(number, when, who, kind, record, version, content, bool(forgotten))


def _append(
    connection: sqlite3.Connection,
    who: str,
    kind: str,
    name: str,
    version: int,
    content: Record | None,
    first: Entry | None = None,
) -> None:
    """first: the first version of the record; where it is removed, that says of which student."""
    if isinstance(content, Cause | Idea | Grant):
        field = "account" if isinstance(content, Grant) else kind
        _must_be_only(connection, kind, name, field, getattr(content, field))
    if kind == "grant":
        _must_leave_an_admin(connection, name, content)
    if isinstance(content, Priority):
        _must_be_few(connection, name, content)
    if isinstance(content, Definition):
        _must_come_later(connection, name, content)
    about = content or (first and first.content)
    student = getattr(about, "student_id", None)
    _insert(
        connection,
        who,
        kind,
        name,
        version,
        student and _storable(student),
        None if content is None else records.to_text(content),
    )


def _must_be_only(
    connection: sqlite3.Connection, kind: str, name: str, field: str, value: str
) -> None:
    """Refuse a second one of the same name: two people may add it in the same meeting."""
    for theirs in _others(connection, kind, name):
        named = getattr(theirs.content, field)
        if named.strip().casefold() == value.strip().casefold():
            raise WrongRecord(f"{theirs.who} has already added the {field} {named!r}: choose that.")


def _must_leave_an_admin(connection: sqlite3.Connection, name: str, content: Any) -> None:
    """Refuse what would leave nobody who can give roles: also the first grant is an admin's."""
    admins = [one for one in _others(connection, "grant", name) if one.content.role == "admin"]
    if not admins and getattr(content, "role", None) != "admin":
        raise WrongRecord("Somebody must be admin, to give roles: first make another one admin.")


def _must_be_few(connection: sqlite3.Connection, name: str, priority: Priority) -> None:
    """Refuse a fourth priority of a network: two or three are followed, more are a list."""
    there = [
        one
        for one in _others(connection, "priority", name)
        if one.content.network == priority.network
    ]
    if len(there) >= records.PRIORITIES_AT_MOST:
        raise WrongRecord(
            f"There are {records.PRIORITIES_AT_MOST} priorities already, and no more can be "
            "followed: let go of one first."
        )


def _must_come_later(connection: sqlite3.Connection, name: str, definition: Definition) -> None:
    """Refuse a definition that would rewrite what an earlier one of its name said of a year."""
    label = definition.label.strip().casefold()
    alike = [
        one
        for one in _others(connection, "definition", name)
        if one.content.label.strip().casefold() == label
    ]
    newest = max(alike, key=lambda one: one.content.since, default=None)
    if newest and newest.content.since >= definition.since:
        raise WrongRecord(
            f"“{newest.content.label}” was written by {newest.who} to hold from "
            f"{newest.content.since} on, and a change never rewrites what a year said: let this "
            "one begin in a later school year, or call it otherwise."
        )


def _others(connection: sqlite3.Connection, kind: str, name: str) -> list[Entry]:
    """The newest version of every other record of a kind that was not removed."""
    rows = connection.execute(
        """
        SELECT number, at, who, kind, record, version, body, forgotten FROM entry AS newest
        WHERE kind = ? AND body IS NOT NULL AND record <> ?
            AND version = (SELECT max(version) FROM entry WHERE record = newest.record)
        """,
        (kind, name),
    )
    return [_entry(row) for row in rows]
