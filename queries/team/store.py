"""The team store: one SQLite file for what people write, and how it is opened.

    home/team.sqlite            never rebuilt; students are referred to by id
    home/team.sqlite-wal, -shm  SQLite's own, while somebody has it open; part of the store

One connection a piece of work: it is opened, used and closed, so that no thread of a page holds
another's; but for `look`, which has one for all. Never open the file but through SQLite: when any
handle on it is closed, the system drops this process's locks. The folder lies on a disk of this
machine, as write-ahead logging needs.
"""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any

from queries import disk
from queries.team.hashing import START, Link, hash_of, new_salt, seal

WAIT_SECONDS = 30


def _chain_entries(connection: sqlite3.Connection, home: Path) -> None:
    """Chain what was written before there was a chain, and name the last of it."""
    text, connection.text_factory = connection.text_factory, _any_text
    rows = connection.execute(
        """
        SELECT number, at, who, kind, record, version, student_id, body, forgotten
        FROM entry ORDER BY number
        """
    ).fetchall()
    connection.text_factory = text
    before = START
    for number, *about, student_id, body, is_forgotten in rows:
        salt = None if is_forgotten else new_salt()
        sealed = "" if salt is None else seal(salt, student_id, body)
        before = Link(number, hash_of(before, number, [*about, sealed]))
        connection.execute(
            "UPDATE entry SET salt = ?, sealed = ?, hash = ? WHERE number = ?",
            (salt, sealed, before.hash, number),
        )
    if before != START:
        replace_file(home / "journal.head", f"{before.number} {before.hash}\n")


def _any_text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


# Migration n turns a store of version n - 1 into one of version n. One that was released is never
# edited, only followed by another. Types are checked by CHECK, as STRICT tables need a newer
# SQLite than some servers have. What SQL cannot do is a function of the connection and the home.
MIGRATIONS: tuple[tuple[str | Callable[[sqlite3.Connection, Path], None], ...], ...] = (
    (
        # One row is one look at students' names, or one file with them; see looks.py.
        """
        CREATE TABLE look (
            number INTEGER PRIMARY KEY,
            at TEXT NOT NULL CHECK (typeof(at) = 'text'),
            who TEXT NOT NULL CHECK (typeof(who) = 'text'),
            what TEXT NOT NULL CHECK (what IN ('names seen', 'file taken')),
            page TEXT NOT NULL CHECK (typeof(page) = 'text'),
            filters TEXT NOT NULL CHECK (typeof(filters) = 'text'),
            students INTEGER CHECK (typeof(students) IN ('integer', 'null')),
            found_wrong TEXT NOT NULL CHECK (typeof(found_wrong) = 'text'),
            hash TEXT NOT NULL CHECK (typeof(hash) = 'text')
        )
        """,
        """
        CREATE TRIGGER look_is_not_changed BEFORE UPDATE ON look
        BEGIN SELECT RAISE(ABORT, 'a look is never changed'); END
        """,
        """
        CREATE TRIGGER look_is_not_deleted BEFORE DELETE ON look
        BEGIN SELECT RAISE(ABORT, 'a look is never deleted'); END
        """,
        # INSERT OR REPLACE would delete a row without asking the trigger above.
        """
        CREATE TRIGGER look_comes_last BEFORE INSERT ON look
        WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM look)
        BEGIN SELECT RAISE(ABORT, 'a look comes after the newest'); END
        """,
    ),
    (
        # One row is one version of a record that somebody wrote; see journal.py. An empty body is
        # one that was removed, or, if forgotten, erased on request.
        """
        CREATE TABLE entry (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL CHECK (typeof(at) = 'text'),
            who TEXT NOT NULL CHECK (typeof(who) = 'text'),
            kind TEXT NOT NULL CHECK (typeof(kind) = 'text'),
            record TEXT NOT NULL CHECK (typeof(record) = 'text'),
            version INTEGER NOT NULL CHECK (typeof(version) = 'integer' AND version > 0),
            student_id TEXT CHECK (typeof(student_id) IN ('text', 'null')),
            body TEXT CHECK (typeof(body) IN ('text', 'null')),
            forgotten INTEGER NOT NULL DEFAULT 0 CHECK (forgotten IN (0, 1)),
            UNIQUE (record, version)
        )
        """,
        "CREATE INDEX entry_of_kind ON entry (kind, record, version)",
        "CREATE INDEX entry_of_student ON entry (student_id)",
    ),
    (
        # The journal is a chain, see chain.py and journal.py.
        "ALTER TABLE entry ADD COLUMN salt TEXT",
        "ALTER TABLE entry ADD COLUMN sealed TEXT",
        "ALTER TABLE entry ADD COLUMN hash TEXT",
        _chain_entries,
    ),
    # There are kinds of entries that 0.2.0 does not know (definition, second_number, grant): it
    # would take the store for damaged and have somebody restore a backup, so it is to refuse it.
    (),
)

_RESTORE = "Put a backup in its place: python -m queries restore BACKUP. What is there now is kept."
_WHAT_TO_DO = {
    sqlite3.SQLITE_NOTADB: f"It is no database. {_RESTORE}",
    sqlite3.SQLITE_CORRUPT: f"It is damaged. {_RESTORE}",
    sqlite3.SQLITE_BUSY: "Another program keeps it locked. Close that program and try again.",
    sqlite3.SQLITE_CANTOPEN: "Allow the user who runs Roundtable to write in its folder.",
    sqlite3.SQLITE_READONLY: "Allow the user who runs Roundtable to write the file.",
    sqlite3.SQLITE_PERM: "Allow the user who runs Roundtable to write the file.",
    sqlite3.SQLITE_FULL: "The disk is full, and nothing was saved. Make room and try again.",
    sqlite3.SQLITE_IOERR: (
        "The disk did not answer, and nothing was saved. Check that it is there and has room."
    ),
}


class StoreProblem(Exception):
    """The team store cannot be used as it is; the message says why and what to do."""


def path_of(home: Path) -> Path:
    """Where the team store of this home lies."""
    return home / "team.sqlite"


def is_there(home: Path) -> bool:
    """Whether anything can have been written yet; what failed at once may leave an empty file."""
    path = path_of(home)
    return path.exists() and path.stat().st_size > 0


@contextlib.contextmanager
def opened(home: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the store, brought to this version first; an empty store is made if need be.

    Each statement is its own transaction unless `transaction` is used. Raises StoreProblem if the
    file is no database, damaged, locked, not writable or made by a newer version of Roundtable;
    other errors of SQLite, such as a broken constraint, stay what they are. On a full disk the
    store can be read, by one connection at a time.
    """
    path = path_of(home)
    try:
        disk.keep_private(home)
    except OSError as error:
        raise StoreProblem(f"The folder {home} cannot be made: {error}. Choose another.") from error
    try:
        with contextlib.closing(_connected(path)) as connection:
            found = _file(path)
            yield connection
            _empty_log(connection)
            _keep_looking(found)
    except sqlite3.Error as error:
        # The lower byte is the kind of error; the rest are details.
        what_to_do = _WHAT_TO_DO.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if what_to_do is None:
            raise
        raise StoreProblem(f"The team store {path}: {error}. {what_to_do}") from error


def _empty_log(connection: sqlite3.Connection) -> None:
    """So that the file is whole by itself, for who copies it or puts another in its place: SQLite
    does it only where nobody else has the file open, as `look` has. Where somebody reads now, or
    the disk is full, whoever comes next does it."""
    with contextlib.suppress(sqlite3.Error):
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


_looking = Lock()
_kept: tuple[tuple[Path, int, int, int], sqlite3.Connection] | None = None


def look(home: Path, sql: str, values: dict[str, Any]) -> list[tuple]:
    """The rows of a short query. Raises as `opened` does.

    The connection stays open for the next look, as long as the file is the same: a page looks up to
    twenty times whether something was written. What was committed before, by any process, is seen:
    it is SQLite that is asked. Measured, a look takes 0.02 ms, and 0.5 where the file is opened.
    """
    global _kept
    path = path_of(home)
    with _looking:
        with contextlib.suppress(sqlite3.Error, OSError):
            if _kept is not None and _kept[0] == _file(path):
                return _kept[1].execute(sql, values).fetchall()
        if _kept is not None:
            _kept[1].close()
            _kept = None
        kept = None
        with opened(home) as connection:
            rows = connection.execute(sql, values).fetchall()
            # On a full disk one reader follows the other: then none is kept.
            with contextlib.suppress(sqlite3.Error, OSError):
                file = _file(path)
                other = sqlite3.connect(
                    path, timeout=0, isolation_level=None, check_same_thread=False
                )
                other.execute(sql, values).fetchall()
                kept = file, other
        _kept = kept
        return rows


def _keep_looking(found: tuple[Path, int, int, int]) -> None:
    """What this process writes itself makes no other file of it: the page of students writes five
    looks at names, and each made four others open the file anew."""
    global _kept
    kept = _kept
    if kept is not None and kept[0] == found:
        with _looking, contextlib.suppress(OSError):
            now = _file(found[0])
            if _kept is kept and now[:3] == found[:3]:
                _kept = now, kept[1]


def _file(path: Path) -> tuple[Path, int, int, int]:
    """Another one when a file is put in place of this one, or when its bytes or rights change."""
    now = path.stat()
    return path, now.st_dev, now.st_ino, now.st_ctime_ns


def problem(home: Path, reading: Callable[[], object]) -> str | None:
    """Why what reading() reads of the store cannot be read, and what to do; None if it can."""
    try:
        reading()
    except StoreProblem as said:
        return str(said)
    except sqlite3.Error as error:
        return str(damaged(home, error))
    return None


def damaged(home: Path, error: sqlite3.Error) -> StoreProblem:
    """What to say where a table or column is not there, although the version says so."""
    return StoreProblem(f"The team store {path_of(home)}: {error}. It is damaged. {_RESTORE}")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing, on disk when this ends. One writer at a time: others wait for their turn.

    The lock is taken at the beginning: one taken at the first write could come too late for what
    was read before it.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


@contextlib.contextmanager
def write(home: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on a connection of its own. Raises StoreProblem as `opened` does."""
    with opened(home) as connection, transaction(connection):
        yield connection


@contextlib.contextmanager
def nobody_else_writes(home: Path, connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the write lock beside a connection to the same store that is in no transaction."""
    (locking,) = connection.execute("PRAGMA locking_mode").fetchone()
    if locking == "exclusive":
        # As on a full disk: nobody else has it open.
        yield
        return
    with write(home):
        yield


def replace_file(path: Path, text: str) -> None:
    """As disk.replace_file. Only under the write lock. Raises StoreProblem."""
    try:
        disk.replace_file(path, text)
    except OSError as error:
        full = _WHAT_TO_DO[sqlite3.SQLITE_FULL]
        what_to_do = full if disk.is_full(error) else "Make that possible."
        raise StoreProblem(f"{path} cannot be written: {error}. {what_to_do}") from error


def _connected(path: Path) -> sqlite3.Connection:
    for locking in ("NORMAL", "EXCLUSIVE"):
        connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            # Alone, SQLite keeps the index of its log in memory. The file that others would share
            # takes room even to read, so on a full disk one reader follows the other.
            connection.execute(f"PRAGMA locking_mode = {locking}")
            _prepare(connection, path)
        except BaseException as error:
            connection.close()
            if locking == "NORMAL" and isinstance(error, sqlite3.Error) and _lacks_room(error):
                continue
            raise
        return connection
    raise AssertionError("the second way raises or returns")


def _lacks_room(error: sqlite3.Error) -> bool:
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return kind in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # Asked first: a store of a newer version is refused before anything is written to it.
    is_behind = bool(_missing(connection, path))
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    _log_ahead(connection)
    if is_behind:
        with transaction(connection):
            # Asked again: another process may have come first.
            for number, steps in _missing(connection, path):
                migrate(connection, path.parent, steps)
                connection.execute(f"PRAGMA user_version = {number}")


def migrate(connection: sqlite3.Connection, home: Path, steps: Iterable[str | Callable]) -> None:
    """Take the steps of a migration, in a transaction."""
    for step in steps:
        if callable(step):
            step(connection, home)
        else:
            connection.execute(step)


def _missing(connection: sqlite3.Connection, path: Path) -> list[tuple[int, tuple]]:
    """The migrations still to come, with their numbers."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if not 0 <= version <= len(MIGRATIONS):
        raise StoreProblem(
            f"The team store {path} has version {version}, this Roundtable knows versions up to "
            f"{len(MIGRATIONS)}. Nothing was changed. Use the newer Roundtable that made it."
        )
    return list(enumerate(MIGRATIONS, 1))[version:]


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Turn write-ahead logging on. Of two that do so at once SQLite tells one "busy" without
    waiting, so we wait."""
    give_up = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > give_up:
                raise
        time.sleep(0.01)
