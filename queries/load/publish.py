"""Generations on disk: built under another name, checked, renamed, then pointed to.

    home/published                     the name of the generation that is served
    home/generations/<name>.duckdb     immutable, each made whole by one load
    home/months/<name>.duckdb          the last of a month before those that are kept to go back to
    home/shared/<name>.duckdb          what everybody may see of it, made with it
    home/shared/<name>.open.duckdb     until then, of a large folder, what holds no count of people
    home/generations/building_*        a load under way, or what a killed one left
    home/load.lock                     SQLite file: one load at a time
    home/own_folder                    the folder that was last loaded, other than the sample
    home/refused                       why the last load was refused, if it was
    home/watched                       a mark of the files that --watch tried last

Every step that readers can see is one atomic rename, so that a load killed at any moment
leaves the old generation or the new one, whole. Of a large folder it may leave the new one to staff
and the old one to everybody: until there is the one for everybody, the share view is not made.
"""

import contextlib
import errno
import json
import os
import re
import secrets
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from queries.disk import is_full, keep_private, replace_file, sync_folder
from queries.load.reading import quoted
from queries.load.report import Finding, Refused, Report, printable

KEPT = 4
# So many months back the last load of a month is kept: the number of a school year that began in
# September is published by the November after it.
MONTHS = 14
# So begins the source of what was brought by the page: its files are not kept.
BROUGHT = "Brought: "
# Between the source of a part of a year and that of what it was added to.
ADDED_TO = ", added to "
# Of a refusal so many reasons are kept: the rest says `load` when it is asked again.
REASONS = 3
_NAME = re.compile(r"generation_\d{8}_\d{6}_[0-9a-f]{6}")


@dataclass(frozen=True)
class Generation:
    """One generation on disk; `loaded_at` and `source` are None if the file cannot be read."""

    name: str
    loaded_at: datetime | None
    source: str | None
    published: bool


@dataclass(frozen=True)
class Refusal:
    """The last load, if it was refused: when, of which folder or which files that were brought, the
    first reasons and how many more.

    A reason is a sentence without what stands in a row of a file, which may be somebody's name."""

    at: datetime
    folder: str
    reasons: tuple[str, ...]
    more: int


class Busy(Refused):
    """Another load is under way in this home."""


def published(home: Path | str) -> str | None:
    """The name of the generation that is served, or None before the first load."""
    name = pointed_to(home)
    return name if name and _NAME.fullmatch(name) and path_of(home, name).is_file() else None


def pointed_to(home: Path | str) -> str | None:
    """What the pointer names, also where its file is gone; None where there is no pointer."""
    return _line_of(Path(home) / "published")


def own_folder(home: Path | str) -> str | None:
    """The folder, other than the sample's, that was last loaded or refused here."""
    return _line_of(Path(home) / "own_folder")


def keep_own_folder(home: Path | str, source: Path | str) -> None:
    """Remember that somebody brought data of their own, also if they are refused."""
    _replace(Path(home) / "own_folder", str(source))


def load_again(source: str) -> str:
    """What loads data again, by where they came from."""
    _, is_part, whole = source.rpartition(ADDED_TO)
    if is_part:
        return f"{load_again(whole)}, and then its later parts with --add"
    if source.startswith(BROUGHT):
        return "bring its files on the page Bring your data"
    return f"python -m queries load {shlex.quote(source)}"


def added(part: str, to: str) -> str:
    """Where data come from of which a part was added to others: the last part, and the whole."""
    return f"{part}{ADDED_TO}{to.rpartition(ADDED_TO)[2]}"


def keep_refusal(home: Path | str, folder: Path | str, refused: Refused) -> Refusal:
    """Remember, until a load publishes, why the last one did not. A full disk forgets it."""
    reasons = [one.without_values for one in refused.report.refusals]
    now = datetime.now().replace(microsecond=0)
    refusal = Refusal(now, printable(str(folder)), tuple(reasons[:REASONS]), len(reasons[REASONS:]))
    with contextlib.suppress(OSError):
        _replace(Path(home) / "refused", json.dumps(asdict(refusal), default=str))
    return refusal


def refusal(home: Path | str) -> Refusal | None:
    """Why the last load was refused; None where it published, or nothing can be read of it."""
    try:
        told = json.loads(_line_of(Path(home) / "refused") or "")
        at = datetime.fromisoformat(told["at"])
        return Refusal(at, str(told["folder"]), tuple(told["reasons"]), int(told["more"]))
    except (KeyError, TypeError, ValueError):
        return None


def forget_refusal(home: Path | str) -> None:
    """A load has published: what the one before was refused for is over."""
    with contextlib.suppress(OSError):
        (Path(home) / "refused").unlink(missing_ok=True)


def watched(home: Path | str) -> str | None:
    """The mark of the files that --watch tried last, published or refused."""
    return _line_of(Path(home) / "watched")


def keep_watched(home: Path | str, mark: str) -> None:
    """Remember which files were tried, so that no start of --watch tries them again. A full disk
    forgets it."""
    with contextlib.suppress(OSError):
        _replace(Path(home) / "watched", mark)


def _line_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape").strip()
    except OSError:
        return None


def path_of(home: Path | str, name: str) -> Path:
    """Where the file of a generation lies. Raises ValueError for any other name."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a generation")
    return _folder(home) / f"{name}.duckdb"


def kept_path_of(home: Path | str, name: str) -> Path:
    """The same, or where it lies as the last of its month."""
    path = path_of(home, name)
    return path if path.is_file() else _month_path(home, name)


def shared_path_of(home: Path | str, name: str) -> Path:
    """Where the file lies that everybody's questions about a generation are answered from."""
    return Path(home) / "shared" / path_of(home, name).name


def open_path_of(home: Path | str, name: str) -> Path:
    """Where staff have, until the share view of a large folder is made, what holds no count of
    people: the questions that every view asks."""
    return shared_path_of(home, name).with_suffix(".open.duckdb")


def is_told(home: Path | str, name: str) -> bool:
    """Whether the share view of a generation is made."""
    return shared_path_of(home, name).is_file()


def generations(home: Path | str) -> list[Generation]:
    """All generations to go back to, newest first."""
    return [_told(home, name) for name in names(home)]


def of_months(home: Path | str) -> list[Generation]:
    """The last of each month before those, newest first. They are kept for what was corrected
    since: nothing else is asked of them, and what everybody saw of them is gone."""
    return [_told(home, name) for name in _month_names(home)]


def _told(home: Path | str, name: str) -> Generation:
    at_and_source = _loaded(kept_path_of(home, name))
    return Generation(name, *at_and_source, published=name == published(home))


def publish(home: Path | str, name: str) -> None:
    """Serve the generation `name` from now on. Raises FileNotFoundError if there is none."""
    path = path_of(home, name)
    if not path.is_file():
        raise FileNotFoundError(f"there is no generation {name} in {_folder(home)}")
    _replace(Path(home) / "published", name)


def _replace(path: Path, line: str) -> None:
    keep_private(path.parent)
    replace_file(path, line + "\n")


def put(made: Path, path: Path) -> None:
    """Give a file that is all there its place, on disk."""
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    path.parent.mkdir(exist_ok=True)
    made.replace(path)
    sync_folder(path.parent)


def settle(home: Path | str, building: Path, name: str) -> None:
    """Turn the checked files of a folder into the published generation, and drop the oldest."""
    shared = shared_path_of(home, name)
    # What everybody sees first: a generation is there once it is all there.
    for made, path in (("shared", shared), ("generation", path_of(home, name))):
        put(building / f"{made}.duckdb", path)
    try:
        # Of a large folder staff have a copy without the share view until now.
        if published(home) != name:
            publish(home, name)
    except OSError:
        # Served by nobody, it would only take the room that is missing.
        path_of(home, name).unlink(missing_ok=True)
        shared.unlink(missing_ok=True)
        raise
    _drop_oldest(home)


def new_name() -> str:
    """A name that is a valid SQL identifier and sorts by time, also when clocks are put back."""
    now = datetime.now(UTC)
    return f"generation_{now:%Y%m%d_%H%M%S}_{now.microsecond:06x}"


def building_folder(home: Path | str) -> Path:
    """A fresh folder for one load, beside the generations so that a rename stays on one disk."""
    folder = _folder(home) / f"building_{secrets.token_hex(6)}"
    folder.mkdir(parents=True)
    return folder


def clear_leftovers(home: Path | str) -> None:
    """Remove what killed loads left. Only under the lock: another load's folder looks the same."""
    for leftover in _folder(home).glob("building_*"):
        shutil.rmtree(leftover, ignore_errors=True)
    _drop_shared_alone(home)


def holding(home: Path | str, column: str, value: str) -> list[str]:
    """The generations, newest first, that hold what the school system says of a school (school_id)
    or a school year (school_year). One that cannot be read may hold it. What the share view told
    is no part of that, nor what others published."""
    return [name for name in kept(home) if _holds(kept_path_of(home, name), column, value)]


def _holds(path: Path, column: str, value: str) -> bool:
    with duckdb.connect() as connection:
        try:
            connection.execute(f"ATTACH {literal(path)} AS kept (READ_ONLY)")
            tables = connection.execute(
                """
                SELECT table_name FROM duckdb_columns()
                WHERE database_name = 'kept' AND column_name = $column
                    AND NOT starts_with(table_name, 'share_')
                    AND NOT contains(table_name, 'published')
                    AND table_name <> 'understood_count'
                """,
                {"column": column},
            ).fetchall()
            asked = [
                f"SELECT 1 FROM kept.{quoted(table)} WHERE {quoted(column)} = $value LIMIT 1"
                for (table,) in tables
            ]
            if column == "school_year":
                # Rows of a year that is named nowhere else: it turns in July.
                asked.append(
                    "SELECT 1 FROM kept.attendance WHERE date + INTERVAL 6 MONTH BETWEEN "
                    "make_date(CAST(left($value, 4) AS INTEGER) + 1, 1, 1) AND "
                    "make_date(CAST(left($value, 4) AS INTEGER) + 1, 12, 31) LIMIT 1"
                )
            return any(connection.execute(sql, {"value": value}).fetchone() for sql in asked)
        except duckdb.Error as error:
            if is_full(error):
                raise
            return True


def drop_holding(home: Path | str, column: str, value: str) -> list[str]:
    """Remove the generations that hold a school or a school year, but for the one that is served;
    those that hold it still. Under the lock."""
    served = published(home)
    for name in holding(home, column, value):
        if name != served:
            # A reader may still hold it open, which Windows minds.
            with contextlib.suppress(OSError):
                kept_path_of(home, name).unlink()
    _drop_shared_alone(home)
    return holding(home, column, value)


def drop_student(home: Path | str, student_id: str) -> list[Path]:
    """Remove what is kept of earlier months of a student who is in the published data no more; the
    files that are left. Under the lock."""
    served, left = published(home), []
    if served and _holds(path_of(home, served), "student_id", student_id):
        return []
    for path in (_month_path(home, name) for name in _month_names(home)):
        if _holds(path, "student_id", student_id):
            try:
                path.unlink()
            except OSError:
                left.append(path)
    return left


def drop_understood(home: Path | str) -> list[Path]:
    """Make every generation anew that still has the table understood_cause, of which student what
    was understood, as those before tables number 3; the files that cannot be read. Under the lock.

    No question asks that table: all answers stay, so the name does, and who has the old file open
    reads on. Killed at any moment, a generation is as it was or made anew.
    """
    unreadable = []
    for name in kept(home):
        path, building = kept_path_of(home, name), building_folder(home)
        try:
            if not _copy_without_understood(path, building):
                continue
            put(building / "generation.duckdb", path)
        except duckdb.Error as error:
            if is_full(error):
                raise
            unreadable.append(path)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return unreadable


def _copy_without_understood(path: Path, building: Path) -> bool:
    """Write a generation without that table into `building`; False where it has none."""
    with duckdb.connect(config={"temp_directory": str(building)}) as connection:
        connection.execute(f"ATTACH {literal(path)} AS was (READ_ONLY)")
        expected = fingerprints(connection, "was")
        if expected.pop("understood_cause", None) is None:
            return False
        connection.execute("DETACH was")
        # What is dropped stays in a file until it is written over; so it is copied once more.
        shutil.copyfile(path, building / "dropped.duckdb")
        connection.execute(f"ATTACH {literal(building / 'dropped.duckdb')} AS dropped")
        connection.execute("DROP TABLE dropped.understood_cause")
        made = literal(building / "generation.duckdb")
        connection.execute(f"ATTACH {made} AS made (STORAGE_VERSION 'v1.5.0')")
        connection.execute("COPY FROM DATABASE dropped TO made")
        if fingerprints(connection, "made") != expected:
            raise RuntimeError(f"{path} does not read as before without understood_cause")
    return True


@contextlib.contextmanager
def only_load(home: Path | str, wait_seconds: float) -> Iterator[None]:
    """Hold the lock of this home. SQLite's lock works everywhere and ends with its process."""
    keep_private(Path(home))
    _folder(home).mkdir(exist_ok=True)
    path = Path(home) / "load.lock"
    try:
        lock = sqlite3.connect(path, timeout=wait_seconds, isolation_level=None)
    except sqlite3.Error as error:
        raise OSError(f"the lock {path}: {error}") from error
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        lock.close()
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
            raise OSError(f"the lock {path}: {error}") from error
        busy = Finding(
            str(home), None, None, None, "another load is under way", "try again later", "refused"
        )
        raise Busy(Report(None, findings=(busy,))) from None
    try:
        yield
    finally:
        lock.close()


def _folder(home: Path | str) -> Path:
    return Path(home) / "generations"


def names(home: Path | str) -> list[str]:
    """The names of all generations to go back to, newest first."""
    return _names_in(_folder(home))


def kept(home: Path | str) -> list[str]:
    """The same, and those that are kept as the last of their month."""
    return sorted({*names(home), *_month_names(home)}, reverse=True)


def _month_names(home: Path | str) -> list[str]:
    return _names_in(Path(home) / "months")


def _month_path(home: Path | str, name: str) -> Path:
    return Path(home) / "months" / path_of(home, name).name


def _names_in(folder: Path) -> list[str]:
    stems = (path.stem for path in folder.glob("generation_*.duckdb"))
    return sorted((name for name in stems if _NAME.fullmatch(name)), reverse=True)


def _loaded(path: Path) -> tuple[datetime | None, str | None]:
    try:
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH {literal(path)} AS kept (READ_ONLY)")
            rows = connection.execute("SELECT loaded_at, source FROM kept.generation").fetchall()
    except duckdb.Error:
        return None, None
    return rows[0] if rows else (None, None)


def is_damage(error: Exception) -> bool:
    """Whether an error says that a file of DuckDB cannot be read any more; not that the disk is
    full, that the file may not be read, or that a question is wrong."""
    if is_full(error) or os.strerror(errno.EACCES) in str(error):
        return False
    return isinstance(error, duckdb.Error) and (
        isinstance(error, duckdb.IOException | duckdb.SerializationException)
        # A block that is not what was written has no kind of its own.
        or "Corrupt database" in str(error)
    )


def literal(text: Path | str) -> str:
    """A path, or a name that DuckDB itself reports, as SQL text: ATTACH takes no parameter."""
    return "'" + str(text).replace("'", "''") + "'"


def _drop_oldest(home: Path | str) -> None:
    served, last_of_month = published(home), {_month(name): name for name in kept(home)[::-1]}
    for name in names(home)[KEPT:]:
        if name != served:
            # A reader may still hold it open, which Windows minds; the next load tries again.
            with contextlib.suppress(OSError):
                if last_of_month[_month(name)] == name:
                    _month_path(home, name).parent.mkdir(exist_ok=True)
                    path_of(home, name).replace(_month_path(home, name))
                else:
                    path_of(home, name).unlink()
    _drop_shared_alone(home)
    for name in _month_names(home):
        is_old = _month(name) < _month(names(home)[0]) - MONTHS
        path = _month_path(home, name)
        if is_old or (served and not _is_comparable(path, path_of(home, served))):
            with contextlib.suppress(OSError):
                path.unlink()


def _month(name: str) -> int:
    """Of when a generation was made, by UTC: months since the year 0."""
    day = name.removeprefix("generation_")
    return 12 * int(day[:4]) + int(day[4:6])


def _is_comparable(path: Path, served: Path) -> bool:
    """Whether the newest school year of an earlier generation is still loaded, and its days were
    counted by the same rules (database.py): else nothing can be asked of it any more."""
    try:
        with duckdb.connect() as connection:
            for name, file in (("kept", path), ("served", served)):
                connection.execute(f"ATTACH {literal(file)} AS {name} (READ_ONLY)")
            ((found,),) = connection.execute(
                """
                SELECT EXISTS (
                    FROM served.year_dates
                    WHERE school_year = (SELECT max(school_year) FROM kept.year_dates)
                ) AND NOT EXISTS (
                    (SELECT schema_version::VARCHAR, '' FROM kept.generation
                    UNION ALL FROM kept.made_from WHERE file LIKE 'tables/%.sql')
                    EXCEPT
                    (SELECT schema_version::VARCHAR, '' FROM served.generation
                    UNION ALL FROM served.made_from)
                )
                """
            ).fetchall()
            return found
    except duckdb.Error as error:
        return is_full(error)


def _drop_shared_alone(home: Path | str) -> None:
    """Remove what everybody saw of generations that are gone, or that no load finished, and what
    staff had until it was made."""
    kept = set(names(home))
    for path in (Path(home) / "shared").glob("generation_*.duckdb"):
        name, _, is_open = path.stem.partition(".")
        if name not in kept or (is_open and is_told(home, name)):
            with contextlib.suppress(OSError):
                path.unlink()


def fingerprints(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, tuple]:
    """For each table of a database its number of rows and a sum over the hash of every cell: two
    files with the same answer hold the same."""
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = $database ORDER BY ALL",
        {"database": database},
    ).fetchall()
    # One statement for all tables: planning one for each took longer than reading a small school.
    sums = " UNION ALL ".join(
        f"SELECT {literal(table)}, count(*), "
        "CAST(sum(CAST(hash(*COLUMNS(*)) AS HUGEINT)) AS VARCHAR) "
        f"FROM {quoted(database)}.{quoted(table)}"
        for (table,) in tables
    )
    return {table: tuple(counted) for table, *counted in connection.execute(sums).fetchall()}
