"""Who may sign in and as what, and which of those who did may still go on.

A grant is a record like any other that people write (queries/team/records.py): who gave it and
when stays, and so does what it was before. A session is what one sign-in began:

    home/sessions.sqlite   never in a backup
        table session      one row per sign-in that may go on or was signed out, by a digest of its
                           cookie
        table sign_in      who signed in, out, was refused or expired: added to, never changed, and
                           kept for KEPT_DAYS
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

from queries import access
from queries.access import Viewer
from queries.disk import keep_private
from queries.home import home
from queries.team import journal
from queries.team.journal import Entry
from queries.team.records import Grant
from queries.team.store import StoreProblem

# Who gave a role that the provider named at a sign-in.
PROVIDER = "the provider"
# How often it is written down that somebody is still there.
WRITTEN_EVERY_SECONDS = 60
# A school year, and the summer after it.
KEPT_DAYS = 400
SIGNED_IN, SIGNED_OUT, EXPIRED, REFUSED = "signed in", "signed out", "expired", "refused"
# How many of the last ones the page shows.
SHOWN = 20

# So many seconds are KEPT_DAYS.
_TABLES = """
CREATE TABLE IF NOT EXISTS session
    (digest TEXT PRIMARY KEY, began REAL NOT NULL, seen REAL NOT NULL);
CREATE TABLE IF NOT EXISTS sign_in (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    account TEXT NOT NULL,
    role TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('signed in', 'signed out', 'expired', 'refused')),
    digest TEXT NOT NULL,
    UNIQUE (digest, what)
);
CREATE TRIGGER IF NOT EXISTS sign_in_is_not_changed BEFORE UPDATE ON sign_in
BEGIN SELECT RAISE(ABORT, 'a sign-in is never changed'); END;
CREATE TRIGGER IF NOT EXISTS sign_in_is_kept BEFORE DELETE ON sign_in
WHEN OLD.at > CAST(strftime('%s', 'now') AS INTEGER) - 34560000
BEGIN SELECT RAISE(ABORT, 'a sign-in is kept'); END;
"""


@dataclass(frozen=True)
class SignInRecord:
    """When (UTC) an account signed in, signed out, expired or was refused, and its role then; the
    account is '' where its provider vouched for none, and the role where it had none."""

    at: datetime
    account: str
    role: str
    what: str


def sign_ins(last: int) -> list[SignInRecord]:
    """The last sign-ins and what became of them, newest first; none where nobody signed in yet.

    Who expired is known once somebody else uses the server. Raises StoreProblem."""
    if not _path(home()).exists():
        return []
    try:
        with _opened(home()) as connection:
            rows = connection.execute(
                "SELECT at, account, role, what FROM sign_in ORDER BY at DESC, number DESC LIMIT ?",
                (last,),
            ).fetchall()
    except (sqlite3.Error, OSError) as error:
        raise StoreProblem(
            f"{_path(home())}, which keeps who signed in, cannot be read: {error}. Stop the "
            "server, put that file aside, write a new cookie_secret, and start it: everybody signs "
            "in again."
        ) from error
    return [SignInRecord(datetime.fromtimestamp(at, UTC), *about) for at, *about in rows]


def grants() -> list[Entry]:
    """The grant of each account as it stands, the first one first. Raises StoreProblem."""
    return list(_grants(home(), journal.state(home(), ["grant"])))


def grant_of(account: str) -> Grant | None:
    """What was granted to an account; None where nothing was. Raises StoreProblem."""
    return next((one.content for one in grants() if one.content.account == account), None)


@lru_cache(maxsize=4)
def _grants(folder: Path, state: tuple[int, str, int]) -> tuple[Entry, ...]:
    return tuple(journal.read(folder, "grant"))


def give(who: str, account: str, role: str, schools: tuple[str, ...] = ()) -> None:
    """Give an account a role in place of the one that it has; "none" takes it back. As `who` did
    who runs the commands of this machine. Raises WrongRecord, StoreProblem."""
    account = account.strip().lower()
    before = next((one for one in grants() if one.content.account == account), None)
    grant = None if role == "none" else Grant(account, role, schools)
    if before:
        journal.change(home(), who, before.record, before.version, grant)
    elif grant:
        journal.add(home(), who, [grant])


def follow(account: str, given: Grant | None) -> None:
    """Have an account's role be what the provider says at a sign-in, or none. What an admin wrote
    of it, or took back, stays. Raises WrongRecord, StoreProblem."""
    newest = _newest(account)
    held = newest.content if newest else None
    if given == held or (newest and newest.who != PROVIDER):
        return
    # Who wrote something else in the same moment is an admin, or said the same.
    with contextlib.suppress(journal.Conflict):
        if newest and held:
            journal.change(home(), PROVIDER, newest.record, newest.version, given)
        elif given:
            journal.add(home(), PROVIDER, [given])


def _newest(account: str) -> Entry | None:
    """What was last written of an account's role, also that it was taken back."""
    written = journal.everything(home(), "grant")
    records = {one.record for one in written if one.content and one.content.account == account}
    return next((one for one in reversed(written) if one.record in records), None)


def may_give_roles(viewer: Viewer) -> bool:
    """An admin, and in no view that everybody may see: accounts are of staff."""
    return viewer.role == "admin" and viewer.view != access.SHARE


def viewer(grant: Grant, view: str) -> Viewer:
    """Who reads, by what was granted. Everybody's view tells of every school what may be told of
    it; of what is exact, a team sees its schools and an admin all.

    Raises access.NotShown where the role has no such view."""
    of_all = view == access.SHARE or grant.role == "admin"
    return Viewer(grant.account, grant.role, None if of_all else grant.schools, view)


class Sessions:
    """Which sign-ins may go on: not one that was signed out, that nobody used for `idle` seconds,
    or that began `longest` seconds ago.

    What is asked with each message is kept in memory; what must outlive this process is on disk
    before the answer. One process serves, so it knows all.
    """

    def __init__(self, folder: Path, idle: int, longest: int):
        self.folder, self.idle, self.longest = folder, idle, longest
        self._lock = Lock()
        self._seen: dict[str, tuple[float, float]] = {}
        self._recorded: set[tuple[str, str]] = set()

    def goes_on(self, digest: str, began: float, now: float, *, is_use: bool = True) -> bool:
        """Whether a sign-in may go on, and unless somebody only looks, that it was used now. began,
        now: seconds since 1970. Raises sqlite3.Error, OSError where that cannot be known."""
        if not began <= now + 60 or now - began >= self.longest:
            return False
        with self._lock:
            seen, written = self._seen.get(digest) or self._read(digest, began)
            if now - seen >= self.idle:
                return False
            if not is_use:
                return True
            if now - written >= WRITTEN_EVERY_SECONDS:
                self._write(digest, began, now)
                written = now
                # Of whoever was not there for so long, the age of the cookie refuses it.
                self._seen = {
                    one: at for one, at in self._seen.items() if now - at[0] < self.longest
                }
                self._recorded = {one for one in self._recorded if one[0] in self._seen}
            self._seen[digest] = now, written
        return True

    def is_new(self, digest: str) -> bool:
        """Whether nobody used this sign-in yet. Raises sqlite3.Error, OSError."""
        with self._lock:
            if digest in self._seen:
                return False
            with _opened(self.folder) as connection:
                rows = connection.execute("SELECT 1 FROM session WHERE digest = ?", (digest,))
                return rows.fetchone() is None

    def end(self, digest: str, began: float) -> None:
        """Sign out; on disk when this returns."""
        with self._lock:
            # As if nobody had used it since long ago.
            self._write(digest, began, 0.0)
            self._seen[digest] = 0.0, 0.0

    def record(self, what: str, digest: str, account: str | None, role: str = "") -> None:
        """Write down, once for each sign-in, that somebody signed in or was refused; on disk when
        this returns. Raises sqlite3.Error, OSError."""
        with self._lock:
            if (digest, what) in self._recorded:
                return
            with _opened(self.folder) as connection, connection:
                connection.execute(
                    """
                    INSERT INTO sign_in (at, account, role, what, digest) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (digest, what) DO NOTHING
                    """,
                    (time.time(), account or "", role, what, digest),
                )
            self._recorded.add((digest, what))

    def _read(self, digest: str, began: float) -> tuple[float, float]:
        with _opened(self.folder) as connection:
            row = connection.execute("SELECT seen FROM session WHERE digest = ?", (digest,))
            (seen,) = row.fetchone() or (began,)
        return seen, 0.0

    def _write(self, digest: str, began: float, seen: float) -> None:
        with _opened(self.folder) as connection, connection:
            connection.execute(
                """
                INSERT INTO session VALUES ($digest, $began, $seen)
                ON CONFLICT (digest) DO UPDATE SET seen = $seen WHERE seen > 0
                """,
                {"digest": digest, "began": began, "seen": seen},
            )
            self._record_ends(connection, digest, seen)
            # What began before this goes on nowhere, whether it is known or not.
            connection.execute("DELETE FROM session WHERE began < ?", (began - self.longest,))
            oldest = time.time() - (KEPT_DAYS + 1) * 24 * 60 * 60
            connection.execute("DELETE FROM sign_in WHERE at < ?", (oldest,))

    def _record_ends(self, connection: sqlite3.Connection, digest: str, seen: float) -> None:
        """Write down that this one was signed out, if it was, and who went without signing out, at
        the time from which on they could not go on. seen: now, or 0 of one that was signed out."""
        connection.execute(
            """
            INSERT INTO sign_in (at, account, role, what, digest)
            SELECT
                iif(seen > 0, min(seen + $idle, began + $longest), $now),
                account, role, iif(seen > 0, $expired, $signed_out), digest
            FROM session JOIN sign_in USING (digest)
            WHERE what = $signed_in AND iif(
                seen > 0, seen + $idle + $late <= $seen OR began + $longest <= $seen,
                digest = $digest
            )
            ON CONFLICT (digest, what) DO NOTHING
            """,
            {
                "idle": self.idle,
                "longest": self.longest,
                # What is on disk is so much older than what is known.
                "late": WRITTEN_EVERY_SECONDS,
                "now": time.time(),
                "seen": seen,
                "digest": digest,
                "signed_in": SIGNED_IN,
                "signed_out": SIGNED_OUT,
                "expired": EXPIRED,
            },
        )


def _path(folder: Path) -> Path:
    return folder / "sessions.sqlite"


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    keep_private(folder)
    with contextlib.closing(sqlite3.connect(_path(folder), timeout=30)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_TABLES)
        yield connection
