"""From a folder of files to a published generation: read, check, count, build, verify, publish."""

import contextlib
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import duckdb
import pandas as pd

from queries import privacy
from queries.disk import is_full
from queries.load import adding, attendance_checks, checks, losses, made_from, publish, releases
from queries.load.exchange import FILES
from queries.load.loading import MARKS, Loading
from queries.load.reading import find_files, open_source, refuse_unreadable, stage
from queries.load.report import FileCount, Finding, Findings, Refused, Report, printable
from queries.load.tables import READERS, THREADS, create_typed, marked, set_aside_unreadable
from queries.load.unchanged import Watched
from queries.log import logger, way
from queries.team import journal, sample, store
from queries.team import tables as team_tables

__all__ = ["FileCount", "Finding", "Refused", "Report", "load"]

TABLES = Path(__file__).parent.parent / "tables"
MAKE_ROOM = "make room there, and load the folder again"
# So many enrollments, and the share view takes ten seconds and more: staff do not wait for it.
LARGE = 250_000
_TABLES = {"absence": "attendance", "survey": "surveys"}
SAMPLE_DATA = Path(__file__).parent.parent.parent / "sample_data"

_MACRO = re.compile(r"CREATE MACRO (\w+)")


def load(
    folder: Path | str,
    home: Path | str,
    *,
    dry_run: bool = False,
    today: date | None = None,
    progress: Callable[[str], None] | None = None,
    wait_seconds: float = 0,
    minimum: int = privacy.MINIMUM,
    share_view: bool = True,
    accept_losses: bool = False,
    release: bool = False,
    add: bool = False,
    convert: Callable[[Path], None] | None = None,
    source: str | None = None,
) -> Report:
    """Make a generation of a folder and publish it, unless `dry_run`.

    minimum: fewer students are withheld in the share view. share_view: only tests leave it out.
    release: let it stand on the newest day of the data. accept_losses: publish also what holds much
    less than what is served. add: the folder takes the place of its days and rows alone in what is
    served (queries/load/adding.py). convert: writes the exchange folder that a foreign one means.
    source: what says where the data come from, in place of the folder.

    Raises Refused, and leaves all as it was, when the folder breaks the contract, has lost what was
    served before or changes while it is read, when the disk is full, or another load is under way
    for longer than `wait_seconds`. Of a large folder staff's view is published before it is coded.
    """
    say, started = progress or (lambda _: None), time.monotonic()
    folder, home = Path(folder).absolute(), Path(home).absolute()
    findings = Findings()
    withheld_below = minimum if share_view else None
    how = _How(today or date.today(), withheld_below, accept_losses, release, add, dry_run)
    watched = Watched(folder, foreign=convert is not None, source=source)
    logged = contextlib.nullcontext() if dry_run else _logged(watched, home, findings)
    with logged, _said(home, watched, findings), publish.only_load(home, wait_seconds):
        publish.clear_leftovers(home)
        if not dry_run and not add:
            _say_whose(home, watched)
        name = publish.new_name()
        building = publish.building_folder(home)
        try:
            _convert(convert, watched, building)
            files = _build(watched, home, building, name, how, findings, say)
            watched.refuse_changed()
            if not dry_run:
                say("publishing")
                publish.settle(home, building, name)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    made = None if dry_run else name
    return Report(made, files, findings.all(), seconds=time.monotonic() - started)


def _say_whose(home: Path, watched: Watched) -> None:
    """Begin a home of the sample network, or remember that somebody brought data of their own."""
    if _is_sample(watched.folder):
        sample.copy_sample(home)
    else:
        publish.keep_own_folder(home, watched.source)


def _leave_sample(home: Path, earlier: str, findings: Findings) -> None:
    """Real data begin without what the invented team of the sample network wrote, and before it is
    read for the share view."""
    if releases.is_of_sample(home, earlier) and (kept := sample.set_aside(home)):
        problem = (
            "what was written beside the sample network is of no real student, so these data begin "
            f"with nothing written: it is kept in {kept.relative_to(home)} of the data folder"
        )
        findings.note("the team's records", None, None, None, problem, "nothing is to be done")


def _convert(convert: Callable[[Path], None] | None, watched: Watched, building: Path) -> None:
    """Have the exchange folder of foreign files written beside the new generation, and read it."""
    if convert:
        watched.read_from = building / "files"
        convert(watched.read_from)


@contextlib.contextmanager
def _logged(watched: Watched, home: Path, findings: Findings) -> Iterator[None]:
    """What became of a load, in the log: in how many rows of each file something was found. Why it
    was refused is kept for Data health."""
    place, started, folder = {"home": home}, time.monotonic(), watched.folder
    try:
        yield
    except Refused as error:
        found = _found(findings, "refused") or way(error)
        logger.warning("load of %r refused: %s", folder.name, found, extra=place)
        if not isinstance(error, publish.Busy):
            publish.keep_refusal(home, watched.source, error)
        raise
    except Exception as error:
        logger.error("load of %r failed: %s", folder.name, way(error), extra=place)
        raise
    publish.forget_refusal(home)
    found = _found(findings, "set_aside", "repaired", "noted") or "nothing found"
    seconds = time.monotonic() - started
    logger.info("load of %r published in %.1f s: %s", folder.name, seconds, found, extra=place)


def _found(findings: Findings, *kinds: str) -> str:
    """Rows by file and kind. A file that the contract does not know may be named after somebody."""
    known = {file.name for file in FILES}
    rows: Counter[tuple[str, str]] = Counter()
    for one in findings.all():
        if one.kind in kinds:
            name = one.file.partition(".")[0]
            rows[name if name in known else "the folder", one.kind] += one.rows
    return ", ".join(f"{name} ({kind}, {number})" for (name, kind), number in rows.items())


@contextlib.contextmanager
def _said(home: Path, watched: Watched, findings: Findings) -> Iterator[None]:
    """What stops a load, as one refusal: a file that changed, or a full disk, and nothing of what
    only follows from it."""
    try:
        yield
    except Refused:
        watched.refuse_changed()
        raise
    except (OSError, duckdb.Error, store.StoreProblem) as error:
        watched.refuse_changed()
        if is_full(error):
            problem = "the disk is full, and the load could not be finished"
            full = Finding(str(home), None, None, None, problem, MAKE_ROOM, "refused")
            raise Refused(Report(None, findings=(full,))) from error
        if not isinstance(error, OSError | duckdb.IOException | duckdb.OutOfMemoryException):
            raise
        # A folder that may not be written: nothing is wrong with the files.
        words = (str(error).splitlines() or [type(error).__name__])[0]
        problem = f"the load could not be finished ({words})"
        findings.refuse(str(home), None, None, None, problem, "check disk, memory and permissions")
        raise Refused(Report(None, findings=findings.all())) from error


def _table_files() -> list[Path]:
    return sorted(TABLES.glob("*.sql"))


def _is_sample(folder: Path) -> bool:
    return folder.resolve() == SAMPLE_DATA.resolve()


def _connection(building: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={"threads": THREADS, "memory_limit": "3GB", "temp_directory": str(building)}
    )
    # It would be written to standard output, into the answer of `load --json`.
    connection.execute("SET enable_progress_bar = false")
    return connection


@dataclass(frozen=True)
class _How:
    """What load was asked for. minimum: None leaves the share view out, and does not read the files
    again."""

    today: date
    minimum: int | None
    accept_losses: bool
    release: bool
    add: bool
    dry_run: bool


def _build(
    watched: Watched,
    home: Path,
    building: Path,
    name: str,
    how: _How,
    findings: Findings,
    say: Callable[[str], None],
) -> tuple[FileCount, ...]:
    """Build and verify the generation in the folder `building`; what became of every row."""
    paths = {"building": building / "generation.duckdb", "shared": building / "shared.duckdb"}
    with _connection(building) as connection:
        attach = "ATTACH {path} AS {name} (STORAGE_VERSION 'v1.5.0')"
        for database, file in (*paths.items(), ("staging", building / "staging.duckdb")):
            literal = publish.literal(file)
            connection.execute(attach.format(path=literal, name=database))
        connection.execute("USE building")
        # Row numbers are the places of rows in their file until a checkpoint moves them.
        connection.execute("SET checkpoint_threshold = '1TB'")
        connection.execute(READERS)
        loading = Loading(connection, findings, how.today, {})
        served = _served(watched, home, loading) if how.add else None
        rows_in = _read(watched, building, loading, served, how.accept_losses, say)
        _refuse_if(findings, checks.count(loading, rows_in))
        losses.judge(loading, how.accept_losses)
        _refuse_if(findings, checks.count(loading, rows_in))
        say("making the tables of the questions")
        earlier = publish.published(home)
        by_hand = releases.by_hand(home, earlier)
        connection.execute("SET VARIABLE release = $release", {"release": how.release})
        connection.execute("SET VARIABLE released_by_hand = $day", {"day": by_hand})
        _make_tables(connection, findings, checks.count(loading, rows_in))
        attendance_checks.list_days(loading)
        files = checks.count(loading, rows_in)
        if earlier and not _is_sample(watched.folder):
            say("comparing with what was published before")
            losses.compare(loading, publish.path_of(home, earlier), how.accept_losses)
            _refuse_if(findings, files)
            if not how.dry_run:
                _leave_sample(home, earlier, findings)
        _keep_account(connection, watched, name, findings, files)
        privacy.keep_open(connection)
        if how.minimum is not None:
            before = releases.alike(home, earlier, how.minimum)
            if not how.dry_run and _is_large(connection):
                say("publishing what staff see")
                watched.refuse_changed()
                _publish_for_staff(connection, home, paths, name)
            say("coding and attacking the share view")
            _read_understood(connection, home)
            _code_share_view(connection, how.minimum, before, findings)
            if not (before and privacy.keep_study(connection, before[0])):
                _code_study(connection, home, how.minimum)
            privacy.keep_told(connection)
        say("checking the new generation")
        _finish(connection, paths, verify=how.minimum is not None)
    return files


def _served(watched: Watched, home: Path, loading: Loading) -> adding.Served:
    """What a part of a year is added to."""
    if _is_sample(watched.folder):
        problem = "is the invented sample network, which is a part of nobody's data"
        remedy = "add an export of your own"
        refused = Finding("the folder", None, None, None, problem, remedy, "refused")
        raise Refused(Report(None, findings=(refused,)))
    served = adding.open_served(loading, home)
    watched.source = publish.added(watched.source, served.source)
    return served


def _read(
    watched: Watched,
    building: Path,
    loading: Loading,
    served: adding.Served | None,
    accept_losses: bool,
    say: Callable[[str], None],
) -> dict[str, int]:
    """Read and check every file; how many rows each has, with those of what it is added to."""
    connection, findings = loading.connection, loading.findings
    connection.execute(MARKS)
    rows_in = {}
    paths = find_files(watched.read_from, findings, served.files if served else frozenset())
    for file in sorted(FILES, key=lambda file: len(file.references)):
        source = None
        if file.name in paths:
            say(f"reading {paths[file.name].name}")
            source = open_source(file, paths[file.name], connection, findings)
        if source and not stage(source, connection, building, findings, say):
            source = None
        try:
            rows = create_typed(file, source, connection)
        except duckdb.Error as error:
            if source is None or is_full(error):
                raise
            refuse_unreadable(source, error, findings)
            source = None
        if source:
            # Rows that Python set aside are not in the table.
            rows_in[file.name] = rows + findings.rows_set_aside.get(source.name, 0)
            loading.sources[file.name] = source
            set_aside_unreadable(source, loading)
            rows_in[file.name] -= marked(source, loading, "blank row").total
            if not source.whole:
                loading.forget(file.name)
    names_no_student = "students" not in loading.sources
    # Before anything is said of rows that may not be all there.
    watched.refuse_changed()
    say("checking keys and references")
    checks.refuse_too_many_set_aside(loading, rows_in)
    if served:
        adding.add(loading, served, rows_in, accept_losses)
    if names_no_student:
        # Who the students are totals say themselves.
        connection.execute(
            "INSERT INTO students (student_id) "
            "SELECT DISTINCT student_id FROM year_totals ANTI JOIN students USING (student_id)"
        )
    checks.check(loading)
    if not findings.refused:
        say("looking for rows that count once or for nothing")
        checks.repair(loading)
    else:
        attendance_checks.ask_what_several_rows_a_day_are(loading)
    return rows_in


def _refuse_if(findings: Findings, files: tuple[FileCount, ...]) -> None:
    if findings.refused:
        raise Refused(Report(None, files, findings.all()))


def _make_tables(
    connection: duckdb.DuckDBPyConnection, findings: Findings, files: tuple[FileCount, ...]
) -> None:
    """Run the SQL of queries/tables in name order; what it calls an error refuses the folder."""
    connection.execute("SET VARIABLE tables_folder = $path", {"path": str(TABLES)})
    for path in _table_files():
        try:
            for statement in _parsed(path.read_text(encoding="utf-8")):
                connection.execute(statement)
        except duckdb.InvalidInputException as error:
            words = str(error).splitlines()[0].removeprefix("Invalid Input Error: ")
            findings.refuse("the folder", None, None, None, words, "")
            _refuse_if(findings, files)


@lru_cache(maxsize=16)
def _parsed(sql: str) -> list[duckdb.Statement]:
    """Kept, for who loads many small folders in one process: to parse the tables of the questions
    takes a twentieth of such a load."""
    return duckdb.extract_statements(sql)


def _read_understood(connection: duckdb.DuckDBPyConnection, home: Path) -> None:
    """understood_cause: one row per school year, student and cause that people had written down by
    now. The share view is coded with it, and shows nothing later. What a cause is called is theirs
    to choose, so one that does not ship with Roundtable is there without its name. Temporary: what
    is forgotten must not stay in a generation."""
    connection.execute(
        """
        CREATE TEMP TABLE understood_cause (school_year VARCHAR, student_id VARCHAR, cause VARCHAR)
        """
    )
    shipped = {one.cause for one in team_tables.shipped_causes()}
    learned = {
        (one.school_year, one.student_id, one.cause if one.cause in shipped else "another cause")
        for one in (entry.content for entry in journal.read(home, "learned"))
    }
    if learned:
        rows = pd.DataFrame(sorted(learned), columns=["school_year", "student_id", "cause"])
        connection.register("learned", rows)
        connection.execute("INSERT INTO understood_cause SELECT * FROM learned")
        connection.unregister("learned")


def _code_share_view(
    connection: duckdb.DuckDBPyConnection, minimum: int, before: list[Path], findings: Findings
) -> None:
    privacy.code(connection, minimum, before)
    for table, cleared, left_out in connection.execute(
        "SELECT name, cleared, left_out FROM share_audit"
    ).fetchall():
        for what in left_out if cleared else [f"anything of {_TABLES[table]}"]:
            problem = f"the share view does not tell {what}"
            remedy = "with it, counts below ten could be worked out; staff see it"
            note = Finding("the folder", None, None, None, problem, remedy, "noted")
            findings.add(note)
            _keep_findings(connection, [note])


def _is_large(connection: duckdb.DuckDBPyConnection) -> bool:
    ((rows,),) = connection.execute("SELECT count(*) FROM enrollments").fetchall()
    return rows >= LARGE


def _publish_for_staff(
    connection: duckdb.DuckDBPyConnection, home: Path, paths: dict[str, Path], name: str
) -> None:
    """Publish copies of what was made so far; everybody goes on with the generation before."""
    for database, to in (
        ("shared", publish.open_path_of(home, name)),
        ("building", publish.path_of(home, name)),
    ):
        connection.execute(f"CHECKPOINT {database}")
        copy = paths[database].with_name(f"{database}_for_staff.duckdb")
        shutil.copyfile(paths[database], copy)
        expected = publish.fingerprints(connection, database)
        _verify(connection, copy, expected, shared=database == "shared")
        publish.put(copy, to)
    publish.publish(home, name)


def _code_study(connection: duckdb.DuckDBPyConnection, home: Path, minimum: int) -> None:
    """share_study: what was tried and what came of it, from what people had written by now."""
    connection.execute("CREATE SCHEMA memory.written")
    connection.execute("SET search_path = 'building.main,memory.written'")
    team_tables.make(connection, home, "memory.written")
    ideas = {one.idea for one in team_tables.shipped_ideas()}
    privacy.code_study(connection, ideas, minimum)
    connection.execute("SET search_path = 'building.main'")


def _keep_account(
    connection: duckdb.DuckDBPyConnection,
    watched: Watched,
    name: str,
    findings: Findings,
    files: tuple[FileCount, ...],
) -> None:
    """Write down, in the generation itself, where it comes from and what was found."""
    connection.execute(checks.ACCOUNT)
    if files:
        connection.executemany(
            "INSERT INTO load_files VALUES (?, ?, ?, ?, ?)",
            [[f.file, f.rows_in, f.accepted, f.set_aside, f.repaired] for f in files],
        )
    _keep_findings(connection, findings.all())
    made_from.keep(connection)
    connection.execute(
        "INSERT INTO generation VALUES ($name, $loaded_at, $source, $is_sample, $schema)",
        {
            "name": name,
            "loaded_at": datetime.now().replace(microsecond=0),
            "source": printable(watched.source),
            "is_sample": _is_sample(watched.folder),
            "schema": made_from.SCHEMA,
        },
    )


def _keep_findings(connection: duckdb.DuckDBPyConnection, findings: Sequence[Finding]) -> None:
    found = [
        [f.file, f.line, f.column, f.value, f.problem, f.remedy, f.kind, f.rows] for f in findings
    ]
    if found:
        connection.executemany("INSERT INTO load_findings VALUES (?, ?, ?, ?, ?, ?, ?, ?)", found)


def _finish(connection: duckdb.DuckDBPyConnection, paths: dict[str, Path], *, verify: bool) -> None:
    """Write the databases of a generation to their end, and read them again."""
    expected = {one: publish.fingerprints(connection, one) for one in paths} if verify else {}
    connection.execute("USE memory")
    for one, path in paths.items():
        connection.execute(f"CHECKPOINT {one}")
        connection.execute(f"DETACH {one}")
        if verify:
            _verify(connection, path, expected[one], shared=one == "shared")


def _verify(
    connection: duckdb.DuckDBPyConnection, path: Path, expected: dict, *, shared: bool = False
) -> None:
    """Read a finished file again, as a stranger would. Raises RuntimeError if it differs. In one
    for everybody there are fewer macros."""
    connection.execute(f"ATTACH {publish.literal(path)} AS finished (READ_ONLY)")
    found = publish.fingerprints(connection, "finished")
    macros = connection.execute(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE database_name = 'finished'"
    ).fetchall()
    connection.execute("DETACH finished")
    files = [] if shared else _table_files()
    missing = {name for file in files for name in _MACRO.findall(file.read_text("utf-8"))}
    missing -= {name for (name,) in macros}
    if missing or found != expected:
        differing = {str(item) for item in set(expected.items()) ^ set(found.items())} | missing
        raise RuntimeError(f"the new generation does not read back as written: {sorted(differing)}")
