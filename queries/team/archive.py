"""Copies of the team store, and everything that was written in formats that others can read.

    folder/team_<time>/            a backup: whole, as it has this name only once it is
        team.sqlite, *.head        the store and the ends of its chains, of one moment
        forgotten                  who was forgotten until then, see forgotten.py
        backup.json                when it was made, the SHA-256 of these, what was wrong even then
    folder/unfinished_team_*       what a killed backup left, or beside its folder an export
    home/before_restore/team_*     what a restore took the place of, or real data that of what was
                               written beside the sample network: backups like any other
    home/before_restore/damaged_*  the same, file by file, where the store could not be read
    home/restoring_*               a restore under way, or what a killed one left

Times in names are UTC. A backup holds words about students: keep it where they may be kept.
"""

import contextlib
import csv
import hashlib
import itertools
import json
import os
import re
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from queries.disk import is_full, keep_private, sync_folder, write_privately
from queries.team import chain, forgotten, journal, looks, store
from queries.team.chain import CHAINS, Link
from queries.team.forgotten import Forgetting
from queries.team.journal import Entry
from queries.team.records import KINDS
from queries.team.store import StoreProblem
from queries.team.wholes import Whole

# What a kill left is removed by the next of its kind, once nobody can still be at it.
LEFT_SECONDS = 24 * 60 * 60
_UNDER_WAY = re.compile(r"(unfinished_team|restoring)_[0-9a-f]{12}")
_DAMAGED = re.compile(r"damaged_\d{8}_\d{6}_\d{6}")
# What a backup is called after something in it was forgotten: with a number at the end.
_REWRITTEN = re.compile(r"-\d+$")
_FILES = ("team.sqlite", *(one.head for one in CHAINS), forgotten.FILE)


# --- Backup -----------------------------------------------------------------------------------


def backup(home: Path, folder: Path) -> Path:
    """Copy the team store into a new folder inside `folder`; that folder.

    Others may read and write meanwhile; they wait for the copying alone. Killed at any moment, it
    leaves a whole backup or none. Raises StoreProblem, also where there is no store yet.
    """
    if not store.is_there(home):
        raise StoreProblem(f"There is no team store in {home} yet: nothing to back up.")
    with _unfinished(folder) as copy:
        with store.opened(home) as connection, store.nobody_else_writes(home, connection):
            _copy(connection, home, copy)
        return _finished(copy)


def _copy(connection: sqlite3.Connection, home: Path, copy: Path) -> None:
    """Copy store and head. Only under the write lock: without it the two may not fit together."""
    # A copy made anew: one file without a log, and nothing in it that was erased.
    connection.execute("VACUUM INTO ?", (str(store.path_of(copy)),))
    for name in _FILES[1:]:
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(home / name, copy / name)


def _finished(copy: Path) -> Path:
    """Say what the copy holds, have it on disk, and give it its name."""
    _say_what_is_in(copy, datetime.now(UTC).isoformat(timespec="seconds"))
    return _named(copy, _name_now("team"))


def _say_what_is_in(copy: Path, made_at: str) -> None:
    found_wrong = _found_wrong(copy)
    told = {
        "made_at": made_at,
        "sha256": {name: _sha256(copy / name) for name in _FILES if (copy / name).exists()},
        "found_wrong": found_wrong,
    }
    store.replace_file(copy / "backup.json", json.dumps(told, indent=1) + "\n")


def _found_wrong(copy: Path) -> list[str]:
    return looks.verify(copy, outside=False) + journal.verify(copy, outside=False)


@contextlib.contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A new folder inside `folder`, gone at the end unless it was given a name."""
    write_privately()
    with _problems_said():
        folder.mkdir(parents=True, exist_ok=True)
        copy = _fresh(folder, "unfinished_team_")
        try:
            yield copy
        finally:
            shutil.rmtree(copy, ignore_errors=True)


def _named(copy: Path, name: str) -> Path:
    """Give a folder its name, which says that it is whole, once all of it is on disk."""
    for path in copy.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    sync_folder(copy)
    path = copy.with_name(name)
    copy.rename(path)
    sync_folder(path.parent)
    return path


def _name_now(kind: str) -> str:
    now = datetime.now(UTC)
    return f"{kind}_{now:%Y%m%d_%H%M%S}_{now.microsecond:06}"


# --- Restore ----------------------------------------------------------------------------------


# Where the store can still be read, the backup takes its place inside the file, in one transaction
# under the write lock, so that others may have it open: they see the old or the new, and nobody's
# write falls between. Moving a file in would leave their log beside a store that it is not of.
#
# Each head changes as in chain.py: it names the newest look of both before the store changes, and
# is that of the backup after. A store that SQLite cannot read has no lock to take, so files move.
def restore(home: Path, folder: Path, who: str = "restore") -> Path | None:
    """Put a backup in place of the team store; where what was there is now kept, None if nothing.

    What was forgotten since the backup stays forgotten, also where the store that knew of it was
    lost, as long as home/forgotten is there. Others may have the store open, except a damaged one.
    Killed at any moment, it leaves the old store or the new one; a damaged one may stay damaged
    until this is done again. Raises StoreProblem where anything is wrong with the backup, and
    changes nothing then.
    """
    with _problems_said(), _staged(home, folder) as staged:
        known = forgotten.read(home) | forgotten.read(staged)
        if journal.restored(staged, who, known, _forgotten_records(home)):
            # A damaged store gets this file as it is, free pages and all.
            journal.rewrite(staged)
        try:
            return _replace(home, staged, known)
        except StoreProblem as problem:
            if not _is_damage(problem):
                raise
            return _replace_damaged(home, staged, known)


def begin_anew(home: Path) -> Path | None:
    """Have a store in which nobody wrote anything; where what was there is now kept, None if
    nothing. The roles of accounts stay. Killed at any moment, it leaves the old store or the new
    one. Raises StoreProblem."""
    with _problems_said():
        keep_private(home)
        staged = _fresh(home, "restoring_")
        try:
            # The first role is an admin's, as it must be.
            of_roles = journal.read(home, "grant")
            for one in sorted(of_roles, key=lambda one: one.content.role != "admin"):
                journal.add(staged, one.who, [one.content])
            with store.opened(staged):
                return _replace(home, staged, forgotten.read(home))
        finally:
            shutil.rmtree(staged, ignore_errors=True)


@contextlib.contextmanager
def _staged(home: Path, folder: Path) -> Iterator[Path]:
    """A checked copy of a backup, brought to this version; gone at the end."""
    keep_private(home)
    staged = _fresh(home, "restoring_")
    try:
        _check_backup(folder, staged)
        yield staged
    except StoreProblem as problem:
        # The copy is checked, but the backup is what the person knows.
        said = str(problem).replace(str(staged), str(folder))
        raise StoreProblem(said) from problem.__cause__
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _check_backup(folder: Path, staged: Path) -> dict[str, Any]:
    """Copy a backup, and check the copy; what its backup.json says."""
    instead = "Nothing was changed. Choose another backup."
    try:
        told = json.loads((folder / "backup.json").read_text(encoding="utf-8"))
        found_wrong = told["found_wrong"]
        expected = {name: told["sha256"].get(name) for name in _FILES}
    except FileNotFoundError as error:
        raise StoreProblem(
            f"{folder} is no backup of the team store: it has no backup.json. Nothing was changed. "
            "Choose a folder whose name begins with team_."
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreProblem(f"{folder / 'backup.json'} is not as it was made. {instead}") from error
    for name, digest in expected.items():
        if digest is None:
            continue
        if not (folder / name).is_file():
            raise StoreProblem(f"{folder / name} is missing. {instead}")
        shutil.copyfile(folder / name, staged / name)
        if _sha256(staged / name) != digest:
            raise StoreProblem(f"{folder / name} is not as it was when backed up. {instead}")
    if not store.path_of(staged).exists() or not _version(staged):
        raise StoreProblem(f"{folder} holds no team store. {instead}")
    with store.opened(staged) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise StoreProblem(f"{folder / 'team.sqlite'} is damaged: {verdict}. {instead}")
    found_now = _found_wrong(staged)
    # What was wrong even then comes back with the rest, and is found again by every check.
    if found_now and not found_wrong:
        raise StoreProblem(f"What is kept in {folder}: {found_now[0]} {instead}")
    return told


def _version(home: Path) -> int:
    """Which migration a store is at; 0 is an empty file."""
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection:
        try:
            return connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError:
            return 0


# Made of nothing each time, so that a table that somebody dropped or changed is as it should be.
# Of two tables of one name, `main` is that of the store: without it, a missing one would be taken
# from the backup.
_EMPTIED = ("DROP TABLE IF EXISTS main.look", "DROP TABLE IF EXISTS main.entry")
_FILLED = (
    "INSERT INTO main.look SELECT * FROM backup.look ORDER BY number",
    "INSERT INTO main.entry SELECT * FROM backup.entry ORDER BY number",
)


def _replace(home: Path, staged: Path, known: set[Forgetting]) -> Path | None:
    """Put the staged store in place inside the file; where what was there is now kept.

    known: who is forgotten in the staged store already.
    """
    was_there = any((home / name).exists() for name in _FILES)
    with store.opened(home) as connection:
        connection.execute("ATTACH ? AS backup", (str(store.path_of(staged)),))
        with store.transaction(connection):
            if not forgotten.read(home) <= known:
                raise StoreProblem("Meanwhile something was forgotten. Restore the backup again.")
            kept = _keep(home) if was_there else None
            _remember(home, known)
            for statement in _EMPTIED:
                connection.execute(statement)
            for migration in store.MIGRATIONS:
                store.migrate(connection, home, migration)
            for statement in _FILLED:
                connection.execute(statement)
            announced = [chain.announce_other(one, home, staged) for one in CHAINS]
        with store.transaction(connection):
            _settle(home, staged, announced)
    return kept


def _settle(home: Path, staged: Path, announced: list[Link]) -> None:
    for one, link in zip(CHAINS, announced, strict=True):
        chain.settle_other(one, home, staged, link)


def _keep(home: Path) -> Path:
    with _unfinished(home / "before_restore") as copy:
        with store.opened(home) as connection:
            _copy(connection, home, copy)
        return _finished(copy)


def _remember(home: Path, known: set[Forgetting]) -> None:
    if known != forgotten.read(home):
        forgotten.write(home, known)


def _forgotten_records(home: Path) -> list[str]:
    """Records that were forgotten here, also by a version that wrote down no students."""
    # Of a store that is lost, or where somebody dropped the table, nothing is known.
    with contextlib.suppress(StoreProblem, sqlite3.Error):
        if store.is_there(home):
            with store.opened(home) as connection:
                rows = connection.execute("SELECT DISTINCT record FROM entry WHERE forgotten")
                return [record for (record,) in rows]
    return []


def _replace_damaged(home: Path, staged: Path, known: set[Forgetting]) -> Path:
    """Put the staged store in place of a file that SQLite cannot read, once a copy is on disk."""
    path = store.path_of(home)
    log = path.with_name(f"{path.name}-wal")
    with _unfinished(home / "before_restore") as copy:
        for one in (log, *(home / name for name in _FILES)):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(one, copy / one.name)
        kept = _named(copy, _name_now("damaged"))
    _remember(home, known)
    announced = [chain.announce_other(one, home, staged) for one in CHAINS]
    # The log of the one would be taken for that of the other.
    for one in (log, path.with_name(f"{path.name}-shm")):
        one.unlink(missing_ok=True)
    store.path_of(staged).replace(path)
    sync_folder(home)
    with store.write(home):
        _settle(home, staged, announced)
    return kept


# --- Forgetting -------------------------------------------------------------------------------


def forget_in_copies(home: Path, about: str | Whole) -> list[Path]:
    """Erase what was written about a student, or of a whole school or year, from every backup in
    the data folder. What is there besides and may hold it, to be removed by hand: damaged copies,
    and exports.

    After journal.forget: a copy that is begun from then on holds nothing of it. One under way is
    taken from who makes it, and they are told. Killed at any moment it leaves every backup as it
    was or without the words, one perhaps in both forms; then forget again. Raises StoreProblem.
    """
    by_hand = [one for one in home.rglob("damaged_*") if _DAMAGED.fullmatch(one.name)]
    by_hand += [one.parent for one in home.rglob("history.jsonl")]
    with _problems_said():
        for path in sorted(home.rglob("*")):
            if _UNDER_WAY.fullmatch(path.name):
                _remove(path)
        for path in sorted(one.parent for one in home.rglob("backup.json")):
            if not _forget_in(path, about):
                by_hand.append(path)
    return by_hand


def _forget_in(backup: Path, about: str | Whole) -> bool:
    """Put a copy without the words in place of a backup; False if it is not whole."""
    with _unfinished(backup.parent) as copy:
        try:
            told = _check_backup(backup, copy)
        except StoreProblem as problem:
            if is_full(problem):
                raise
            return False
        with journal.writing(copy) as connection:
            erased = journal.erase(connection, {about: None})
        if not erased:
            return True
        journal.rewrite(copy)
        _say_what_is_in(copy, told.get("made_at", ""))
        # Under another name first: at no moment is the backup missing.
        stem = _REWRITTEN.sub("", backup.name)
        names = (f"{stem}-{number}" for number in itertools.count(2))
        _named(copy, next(name for name in names if not (backup.parent / name).exists()))
    _remove(backup)
    return True


def _remove(folder: Path) -> None:
    """Remove a folder, which whoever may be at work in it loses at once and whole."""
    gone = folder.with_name(f"unfinished_team_{secrets.token_hex(6)}")
    with contextlib.suppress(FileNotFoundError):
        folder.rename(gone)
        shutil.rmtree(gone)


# --- Export -----------------------------------------------------------------------------------

_ABOUT = ("record", "version", "written_at", "written_by")


def export(home: Path, folder: Path, school_id: str | None = None) -> Path:
    """Write what people wrote as CSV and JSON Lines into a new or empty folder; that folder.

    <kind>.csv      one row per record as it stands: record, version, written_at (UTC), written_by,
                    and the fields of its kind in records.py; lists with `; ` between. Text that a
                    spreadsheet would run as a formula has an apostrophe in front
    history.jsonl   one object per version of a record, in the order of writing, the text exactly as
                    written; content is null where it was removed or forgotten

    school_id: only what names this school; causes and partners name none. Raises StoreProblem.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreProblem(f"{folder} is not empty. Choose a new folder.")
    entries = journal.everything(home) if store.path_of(home).exists() else []
    with _unfinished(folder.absolute().parent) as made:
        _write_history(made / "history.jsonl", _of_school(entries, school_id))
        newest = {entry.record: entry for entry in entries}
        first = {entry.record: entry.number for entry in reversed(entries)}
        for kind, record in KINDS.items():
            names = [one.name for one in fields(record)]
            if school_id is not None and "school_id" not in names:
                continue
            current = sorted(
                (entry for entry in newest.values() if entry.kind == kind and entry.content),
                key=lambda entry: first[entry.record],
            )
            rows = [entry for entry in current if _is_of(entry, school_id)]
            _write_csv(made / f"{kind}.csv", names, rows)
        if not folder.exists():
            made.rename(folder)
        else:
            for path in made.iterdir():
                path.rename(folder / path.name)
            keep_private(folder)
    return folder


def school_ids(home: Path) -> list[str]:
    """The schools that what people wrote names, also those that are in no generation any more."""
    if not store.path_of(home).exists():
        return []
    found = {getattr(entry.content, "school_id", None) for entry in journal.everything(home)}
    return sorted(one for one in found if one)


def safe(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {*"=+-@\t\r"} else value


def _is_of(entry: Entry, school_id: str | None) -> bool:
    return school_id in (None, getattr(entry.content, "school_id", None))


def _of_school(entries: list[Entry], school_id: str | None) -> Iterator[Entry]:
    """Every version that names a school, and the removal of one that did."""
    school_of: dict[str, str | None] = {}
    for entry in entries:
        if entry.content is not None:
            school_of[entry.record] = getattr(entry.content, "school_id", None)
        if school_id in (None, school_of.get(entry.record)):
            yield entry


def _write_history(path: Path, entries: Iterator[Entry]) -> None:
    with path.open("w", encoding="ascii", newline="\n") as file:
        for entry in entries:
            said = asdict(entry) | {"at": entry.at.isoformat()}
            file.write(json.dumps(said, default=date.isoformat) + "\n")


def _write_csv(path: Path, names: list[str], entries: list[Entry]) -> None:
    # Half a character, which UTF-8 cannot hold, is its escape here; history.jsonl has it.
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*_ABOUT, *names])
        for entry in entries:
            about = [entry.record, entry.version, entry.at.isoformat(), entry.who]
            said = [getattr(entry.content, name) for name in names]
            writer.writerow([safe(_cell(value)) for value in [*about, *said]])


def _cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, tuple) else value


# --- Files ------------------------------------------------------------------------------------


@contextlib.contextmanager
def _problems_said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreProblem(f"{error}. Make that possible, and try again.") from error


def _is_damage(problem: StoreProblem) -> bool:
    # The lower byte is the kind of error; the rest are details.
    kind = getattr(problem.__cause__, "sqlite_errorcode", 0) & 0xFF
    return kind in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def _fresh(folder: Path, prefix: str) -> Path:
    """A new folder for work under way. Those that kills left go; other folders never match."""
    for leftover in folder.glob(prefix + "[0-9a-f]" * 12):
        with contextlib.suppress(OSError):
            if leftover.stat().st_mtime < time.time() - LEFT_SECONDS:
                shutil.rmtree(leftover)
    fresh = folder / f"{prefix}{secrets.token_hex(6)}"
    fresh.mkdir()
    return fresh


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
