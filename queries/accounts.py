"""Who may sign in and as what, and which of those who did may still go on.

A grant is a record like any other that people write (queries/team/records.py): who gave it and
when stays, and so does what it was before. A session is what one sign-in began:

    home/sessions.sqlite   one row per sign-in of the last days, by a digest of its cookie; never in
                           a backup
"""

import contextlib
import sqlite3
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

# Who gave a role that the provider named at a sign-in.
PROVIDER = "the provider"
# How often it is written down that somebody is still there.
WRITTEN_EVERY_SECONDS = 60


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
            self._seen[digest] = now, written
        return True

    def is_new(self, digest: str) -> bool:
        """Whether nobody used this sign-in yet. Raises sqlite3.Error, OSError."""
        with self._lock:
            if digest in self._seen:
                return False
            with self._opened() as connection:
                rows = connection.execute("SELECT 1 FROM session WHERE digest = ?", (digest,))
                return rows.fetchone() is None

    def end(self, digest: str, began: float) -> None:
        """Sign out; on disk when this returns."""
        with self._lock:
            # As if nobody had used it since long ago.
            self._write(digest, began, 0.0)
            self._seen[digest] = 0.0, 0.0

    def _read(self, digest: str, began: float) -> tuple[float, float]:
        with self._opened() as connection:
            row = connection.execute("SELECT seen FROM session WHERE digest = ?", (digest,))
            (seen,) = row.fetchone() or (began,)
        return seen, 0.0

    def _write(self, digest: str, began: float, seen: float) -> None:
        with self._opened() as connection, connection:
            connection.execute(
                """
                INSERT INTO session VALUES ($digest, $began, $seen)
                ON CONFLICT (digest) DO UPDATE SET seen = $seen WHERE seen > 0
                """,
                {"digest": digest, "began": began, "seen": seen},
            )
            # What began before this goes on nowhere, whether it is known or not.
            connection.execute("DELETE FROM session WHERE began < ?", (began - self.longest,))

    @contextlib.contextmanager
    def _opened(self):
        keep_private(self.folder)
        path = self.folder / "sessions.sqlite"
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS session"
                " (digest TEXT PRIMARY KEY, began REAL NOT NULL, seen REAL NOT NULL)"
            )
            yield connection
