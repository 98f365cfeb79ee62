"""Opens the published generation, and runs one SQL file against it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import pandas as pd

from queries import access, load, privacy
from queries.access import EVERYBODY, NotShown, Viewer
from queries.answer import Answer
from queries.home import PROJECT, home
from queries.load import made_from, publish, releases
from queries.load.time_left import Steps
from queries.selection import Selection
from queries.server import State, also_see, open_cursor, path_of, server_of
from queries.team import journal, sample, store
from queries.team import tables as team_tables

SAMPLE_DATA = PROJECT / "sample_data"
QUESTIONS = PROJECT / "queries"
CELLS = access.CELLS
SHARED_CELLS = CELLS / "shared"
IN_FORCE = QUESTIONS / "choices" / "in_force.sql"
# Cells that compare with an earlier load.
EARLIER_CELLS = {"student_then", "student_earlier"}
# Texts of Python: answers have few rows, and the pages look at them row by row. Measured on the
# sample's schools, picking rows takes 0.17 ms, and 0.28 where Arrow holds the texts.
TEXT = pd.StringDtype("python", na_value=float("nan"))

_building = Lock()


class NoData(Exception):
    """There is nothing to show yet, or it was made for another version of Roundtable."""


_say: Callable[[str], None] | None = None


def say_what_is_unreadable_by(say: Callable[[str], None]) -> None:
    """Have `say` told, in words, what an answer could not be read from, before NoData or
    StoreProblem is raised: a page asks so many questions that it has no one place to catch them."""
    global _say
    _say = say


@contextmanager
def _said() -> Iterator[None]:
    """What is damaged after a page was opened is found by an answer, and said."""
    try:
        try:
            yield
        except sqlite3.Error as error:
            raise store.damaged(home(), error) from error
    except (NoData, store.StoreProblem) as problem:
        if _say is not None:
            _say(str(problem))
        raise


def current_generation(*, build_sample: bool = False, progress=None) -> str:
    """The name of the published generation.

    With `build_sample`, a home where nobody ever had data of their own gets the sample network
    first, and a sample network that this version would make otherwise is made again. The sample
    never takes the place of real data, which stay as long as they can be read. Raises NoData where
    there is nothing to show.
    """
    name = publish.published(home())
    if name is None:
        _stop_if_own(home())
        if not build_sample:
            raise NoData("Nothing is published yet. Load a folder: python -m queries load FOLDER")
        return _build_sample(None, progress)
    made = _made(home(), name)
    if build_sample and made.is_sample and not made.is_as_today:
        return _build_sample(name, progress)
    if made.schema < made_from.OLDEST_READ:
        raise NoData(
            "The published data were made by an earlier version of Roundtable, whose tables this "
            f"one cannot read. {_load_again(made)}"
        )
    if made.schema > made_from.SCHEMA:
        raise NoData(
            "The published data were made by a newer version of Roundtable, whose tables this one "
            f"does not know. Use that version. Or: {_load_again(made)}"
        )
    return name


def is_sample() -> bool:
    """Whether what is shown is the invented sample network, or nothing yet."""
    name = publish.published(home())
    return name is None or _made(home(), name).is_sample


def told_generation(name: str) -> str:
    """The generation that everybody sees while staff see this one: the same, or the newest one
    before it as long as the share view of a large folder is still being made. Raises NoData where
    there is none."""
    if not is_untold(name):
        return name
    for one in publish.names(home()):
        if one < name and publish.is_told(home(), one):
            return one
    raise NoData(_still_made(name))


def is_untold(generation: str | None) -> bool:
    """Whether the share view of a generation is still being made, or its load was broken off."""
    name = generation or current_generation()
    return _is_shared(name) and not publish.is_told(home(), name)


def _still_made(name: str) -> str:
    return (
        "What everybody may see of these data is still being made, and staff see theirs. Or the "
        f"load was broken off. {_load_again(_made(home(), name))}"
    )


def refusal(viewer: Viewer) -> publish.Refusal | None:
    """Why the last load was refused, for staff who may see what was loaded; None where it was
    published."""
    whole = viewer.view != access.SHARE and viewer.schools is None
    return publish.refusal(home()) if whole else None


def outdated(generation: str | None) -> str | None:
    """What would come out otherwise if the folder of a generation were loaded now, and how to do
    that; None if nothing would. Such a generation is still read."""
    made = _made(home(), generation or current_generation())
    if made.is_as_today:
        return None
    changes = list(made_from.changed(dict(made.files)))
    if made.schema != made_from.SCHEMA:
        changes.insert(0, f"its tables (number {made.schema}, now {made_from.SCHEMA})")
    return (
        "These data were loaded by an earlier version of Roundtable. They can be read, and stand "
        f"as they were counted then. Changed since: {'; '.join(changes)}. {_load_again(made)}"
    )


def _build_sample(instead_of: str | None, progress) -> str:
    with _building:
        again = publish.published(home())
        if again is not None and again != instead_of:
            return again
        try:
            steps = Steps(home(), "load", progress)
            load.load(SAMPLE_DATA, home(), progress=steps, wait_seconds=300)
            steps.keep()
            return current_generation()
        except (load.Refused, store.StoreProblem) as problem:
            raise NoData(f"The sample network could not be made. {problem}") from problem


def _load_again(made: "_Made") -> str:
    return f"Load the folder again: {publish.load_again(_source(made))}"


def _source(made: "_Made") -> str:
    return "sample_data" if made.is_sample else made.source


def _stop_if_own(folder: Path) -> None:
    """Say what is missing where data of somebody's own were loaded, refused or written about: an
    invented network in their place would be taken for theirs."""
    lost, own = publish.pointed_to(folder), publish.own_folder(folder)
    again = publish.load_again(own) if own else "python -m queries load FOLDER"
    if publish.generations(folder):
        missing = (
            f"The published data, {lost}, are missing"
            if lost
            else "Which data to show is not known"
        )
        raise NoData(
            f"{missing}. See what there is with python -m queries generations and choose with "
            f"--publish NAME, or load the folder again: {again}"
        )
    if lost:
        raise NoData(
            f"The published data, {lost}, are missing in {folder / 'generations'}. "
            f"Load the folder again: {again}"
        )
    if own:
        raise NoData(
            f"Nothing is published: the load of {own} was not finished. It says why when it is "
            f"loaded again: {again}"
        )
    try:
        if sample.is_all_there_is(folder):
            return
    except store.StoreProblem as problem:
        raise NoData(str(problem)) from problem
    raise NoData(
        "People wrote here about data that are not published any more. "
        f"Load their folder again: {again}"
    )


@dataclass(frozen=True)
class _Made:
    """What a generation says of its making; `files` as made_from.files gave them then."""

    schema: int
    is_sample: bool
    source: str
    loaded_on: date
    files: frozenset[tuple[str, str]]

    @property
    def is_as_today(self) -> bool:
        return self.schema == made_from.SCHEMA and self.files == made_from.files().items()

    @property
    def counts_by(self) -> tuple:
        """By what its days are counted, and whether they are invented: equal where both are."""
        rules = sorted(one for one in self.files if one[0].endswith(".sql") and "tables/" in one[0])
        return self.schema, self.is_sample, rules


@lru_cache(maxsize=32)
def _made(folder: Path, name: str) -> _Made:
    try:
        with closing(open_cursor(folder, name)) as cursor:
            told = cursor.execute("SELECT * FROM generation").df().iloc[0]
            # Before tables had a number, generations did not say what they are made from.
            schema = int(told.get("schema_version", 0))
            files = cursor.execute("FROM made_from").fetchall() if schema else []
    except (duckdb.Error, IndexError) as error:
        raise _unreadable(publish.path_of(folder, name), name, error) from error
    loaded_on = told.loaded_at.date()
    return _Made(schema, bool(told.is_sample), str(told.source), loaded_on, frozenset(files))


def _unreadable(path: Path, name: str, error: Exception) -> NoData:
    reason = str(error).splitlines()[0].rstrip(".")
    if publish.is_damage(error):
        reason = f"the file {path} is damaged ({reason})"
    return NoData(
        f"The published data, {name}, cannot be read: {reason}. Load the folder again, or choose "
        "other data with python -m queries generations --publish NAME."
    )


def written_problem(generation: str | None) -> str | None:
    """Why what people wrote cannot be read, and what to do; None if it can."""

    def read() -> None:
        with _cursor(home(), generation or current_generation(), with_written=True):
            pass

    with _said():
        return store.problem(home(), read)


def run(
    question: str, selection: Selection, viewer: Viewer = EVERYBODY, *, long: bool = False
) -> pd.DataFrame:
    """The answer to one question, such as 'absence/headline', as a table, as far as the reader may
    see it: without one, as everybody may.

    long: it may have a row for each student; of such answers few are remembered. Raises NotShown;
    and NoData or StoreProblem, in words, where the generation or the team store cannot be read.
    """
    with _said():
        asked = _ask(question, selection, viewer)
        answer = (_kept_long if long else _kept)(asked).answer()
        if question in access.NAMING:
            access.record_names(viewer, question, selection, len(answer))
        return answer


class _Once:
    """One answer, asked by whoever comes first; who comes meanwhile waits for it. Measured, a
    hundred people who came at once asked 2,055 times what were 901 questions."""

    def __init__(self, asked: "_Asked"):
        self.asked, self.asking = asked, Lock()
        self.found: Answer | None = None

    def answer(self) -> Answer:
        with self.asking:
            if self.found is None:
                self.found = _answer(self.asked)
        return self.found


def _kept_answer(asked: "_Asked") -> Answer:
    """A generation never changes, so an answer may be kept under everything it depends on: the
    generation, the SQL and the values bound, the schools among them. Measured on the sample
    network, planning the SQL takes most of the time of an attendance question: 25 to 40 ms asked
    anew, under 1 ms kept."""
    return _kept(asked).answer()


# Those of twenty schools, in the view of everybody, of staff and with names: a hundred people at
# twelve schools asked 926 in 90 seconds, and these took 8 MB. Of lists a school has two at a time,
# on the sample of half a megabyte each; asked anew they were half of the time of their page.
_kept = lru_cache(maxsize=4096)(_Once)
_kept_long = lru_cache(maxsize=64)(_Once)


def _answer(asked: "_Asked") -> Answer:
    with _cursor_of(asked) as cursor:
        answer = cursor.execute(asked.sql, asked.bound).df()
        answer = answer[[name for name in answer.columns if asked.tells(name)]]
        texts = answer.select_dtypes("str").columns
        return Answer(answer.astype(dict.fromkeys(texts, TEXT)))


@_said()
def records(
    question: str, selection: Selection, viewer: Viewer = EVERYBODY
) -> list[dict[str, Any]]:
    """The same answer as plain values: whole numbers whole, the unknown None."""
    asked = _ask(question, selection, viewer)
    with _cursor_of(asked) as cursor:
        answer = cursor.execute(asked.sql, asked.bound)
        names = [column[0] for column in answer.description]
        rows = [
            {name: value for name, value in zip(names, row, strict=True) if asked.tells(name)}
            for row in answer.fetchall()
        ]
    if question in access.NAMING:
        access.record_names(viewer, question, selection, len(rows))
    return rows


def columns(question: str, selection: Selection, viewer: Viewer = EVERYBODY) -> list[str]:
    """The columns of an answer, also of one without rows."""
    return list(run(question, selection, viewer).columns)


_CODING = ("withheld", "nearest", "_at_least", "_at_most")


@dataclass(frozen=True)
class _Asked:
    """One question with everything its answer depends on; `values` are those that it names.
    everybody: it is answered from what everybody may see, and from nothing else."""

    folder: Path
    generation: str
    everybody: bool
    sql: str
    values: tuple[tuple[str, Any], ...]
    # Which state of what people wrote, of the kinds that the question reads.
    written: State | None = None
    # That of the definitions that they wrote, by which every question may count.
    local: State | None = None
    # The cells that it reads, each asked by itself.
    cells: tuple["_Asked", ...] = ()
    name: str = ""

    def tells(self, column: str) -> bool:
        """Whether a column is part of the answer: of an exact one, what says how its figures are
        coded is not."""
        return self.everybody or not column.endswith(_CODING)

    @property
    def bound(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in self.values
        }


def _ask(question: str, selection: Selection, viewer: Viewer) -> _Asked:
    access.allow(question, selection, viewer)
    generation = selection.generation or seen_by(viewer)
    everybody = viewer.view == access.SHARE and _is_shared(generation)
    local = _local(generation)
    if question == "choices/in_force":
        return _asked(IN_FORCE, generation, _said_by(selection, generation), everybody, local)
    chosen = dict(_meaning(home(), generation, selection, everybody, local))
    schools = chosen["schools"] = access.permitted(viewer, chosen["schools"])
    coded = access.is_coded(question, viewer)
    if coded and everybody and is_untold(generation):
        raise NoData(_still_made(generation))
    if coded and not everybody:
        raise NoData(
            "What everybody may see of these data was coded by an earlier version of Roundtable, "
            f"which told too much. Staff see theirs. {_load_again(_made(home(), generation))}"
        )
    if coded:
        chosen["place"] = _place(generation, schools, question)
    chosen |= _earlier(generation, selection, chosen)
    return _asked(QUESTIONS / f"{question}.sql", generation, chosen, everybody, local)


def _local(generation: str) -> State | None:
    """The state of the definitions that people wrote, once there are any; None of a generation that
    was made before a definition could change with the year."""
    if _made(home(), generation).schema < made_from.DEFINITIONS_BY_YEAR:
        return None
    try:
        state = journal.state(home(), {"definition"})
    except (store.StoreProblem, sqlite3.Error):
        # Every page says so, and what does not rest on it stays.
        return None
    return state if state[0] else None


def seen_by(viewer: Viewer) -> str:
    """The generation that a reader sees who chose none."""
    generation = current_generation()
    return told_generation(generation) if viewer.view == access.SHARE else generation


def _said_by(selection: Selection, generation: str) -> dict[str, Any]:
    """The values of a selection as SQL names them."""
    said = asdict(selection) | {"generation": generation}
    for name in ("school_year", "compare_year", "as_of", "schools"):
        said[f"asked_{name.removeprefix('school_')}"] = said.pop(name)
    # Without a second definition: the one that everybody starts with.
    other = selection.other_definition or Selection().definition
    return said | {"grade": _grades(selection, generation), "other_definition": other}


@lru_cache(maxsize=512)
def _meaning(
    folder: Path, generation: str, selection: Selection, everybody: bool, local: State | None
) -> dict[str, Any]:
    """What a selection means in a generation, with the day that the share view stands at. Kept: a
    page asks thirty questions of one selection, and this was two thirds of asking what is kept."""
    said = _said_by(selection, generation)
    found = _kept_answer(_asked(IN_FORCE, generation, said, everybody, local))
    if found.empty:
        raise ValueError(f"there is no definition {selection.definition!r}")
    in_force = found.iloc[0].to_dict()
    for name in ("schools", "counted_anew"):
        in_force[name] = tuple(in_force[name])
    release = _release(generation, in_force["school_year"]) if everybody else {}
    return said | in_force | release


def _is_shared(generation: str) -> bool:
    """Whether what everybody may see of a generation is in a file of its own."""
    return _made(home(), generation).schema >= made_from.OLDEST_SHARED


def _release(generation: str, school_year: str | None) -> dict[str, Any]:
    """The day that the share view stands at, in place of the newest with data."""
    asked = _asked(SHARED_CELLS / "release.sql", generation, {"school_year": school_year}, True)
    return next(iter(_kept_answer(asked).to_dict("records")), {})


@lru_cache(maxsize=512)
def _named(sql: str) -> tuple[str, ...]:
    """The values that SQL asks for: finding them took half the time of asking what is kept."""
    return tuple(sorted(duckdb.extract_statements(sql)[0].named_parameters))


def _text(path: Path) -> str:
    # Looked at in every call: Streamlit does not watch .sql files, and an edit must show.
    now = path.stat()
    return _read(path, now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=512)
def _read(path: Path, modified: int, size: int) -> str:
    """The text of a file as it is now: found in 3 µs, read in 12. And each of the 40 files that a
    page read let another reader's page go first."""
    return path.read_text(encoding="utf-8")


def _asked(
    path: Path,
    generation: str,
    chosen: dict[str, Any],
    everybody: bool,
    local: State | None = None,
) -> _Asked:
    sql = _text(path)
    values = tuple((name, None if chosen[name] is pd.NaT else chosen[name]) for name in _named(sql))
    folder = SHARED_CELLS if everybody else CELLS
    cells = tuple(
        _asked(folder / f"{one}.sql", *_stands_on(one, generation, chosen, local, everybody))
        for one in access.cells_in(sql, everybody=everybody)
    )
    written = _written(sql)
    return _Asked(home(), generation, everybody, sql, values, written, local, cells, path.stem)


def _stands_on(
    cell: str, generation: str, chosen: dict[str, Any], local: State | None, everybody: bool
) -> tuple[str, dict[str, Any], bool, State | None]:
    """What a cell is asked of: as the question that reads it; two compare a load with an earlier
    one, up to the last day that this had counted."""
    if cell in EARLIER_CELLS and chosen["earlier"]:
        if cell == "student_earlier":
            generation, local = chosen["earlier"], _local(chosen["earlier"])
        chosen = chosen | {"as_of": chosen["earlier_day"], "their_date": None}
    return generation, chosen, everybody, local


def _earlier(generation: str, selection: Selection, chosen: dict[str, Any]) -> dict[str, Any]:
    """The newest load before this one that was there on the day of another's number, with all of
    the chosen schools in that year: its generation, the day of that load, and the last day that it
    had counted. One that counted days by other rules is none, as its difference would be taken for
    a correction. All None where there is none, or they say no day."""
    on = selection.their_date
    nothing = dict.fromkeys(("earlier", "earlier_load", "earlier_day"))
    if on is None or chosen["is_of_totals"]:
        return nothing
    for name in publish.kept(home()):
        if name >= generation:
            continue
        try:
            made = _made(home(), name)
            if made.loaded_on > on or made.counts_by != _made(home(), generation).counts_by:
                continue
            same = Selection(school_year=chosen["school_year"], as_of=on)
            found = _meaning(home(), name, same, False, _local(name))
        except NoData:
            # What cannot be read any more is no load to compare with.
            continue
        schools_there = set(chosen["schools"]) <= set(found["schools"])
        if schools_there and not found["is_of_totals"] and found["as_of"] is not pd.NaT:
            days = {"earlier_load": made.loaded_on, "earlier_day": found["as_of"]}
            return {"earlier": name, **days}
    return nothing


def _written(sql: str) -> State | None:
    """The state of what people wrote, of the kinds that SQL reads; None if it reads none."""
    kinds = team_tables.read_by(sql)
    return journal.state(home(), kinds) if kinds else None


def written(questions: Iterable[str]) -> State:
    """The state of what people wrote that answers to these questions, in every view, rest on, and
    of the definitions by which they count."""
    with _said():
        sql = "\n".join(_text(QUESTIONS / f"{one}.sql") for one in questions)
        for _ in range(2):
            sql += "\n".join(_text(CELLS / f"{one}.sql") for one in access.cells_in(sql))
        return journal.state(home(), {"definition", *team_tables.read_by(sql)})


def _grades(selection: Selection, generation: str) -> str | None:
    """The grades chosen as student_status takes them: one, or several with ';' between."""
    if selection.grades is None:
        return selection.grade
    if _made(home(), generation).schema < made_from.SEVERAL_GRADES:
        raise NoData(
            "These data were loaded by an earlier version of Roundtable, which counts one grade or "
            f"all: choose one grade. Or: {_load_again(_made(home(), generation))}"
        )
    left = (one for one in selection.grades if selection.grade in (None, one))
    return ";".join(left)


def _place(generation: str, schools: tuple[str, ...], question: str) -> int | None:
    """The number of the place that these schools are in the share view; None where they are none
    and the question adds up what is told of each."""
    found = _kept_answer(_asked(SHARED_CELLS / "place.sql", generation, {"schools": schools}, True))
    if len(found):
        return int(found.place.iloc[0])
    if schools and question in access.ADDED_UP:
        return None
    raise NotShown("The share view has no such choice of schools.")


@contextmanager
def _cursor_of(asked: _Asked) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor that sees all that a question reads."""
    how = {"with_written": asked.written is not None, "everybody": asked.everybody}
    standing = _cursor(asked.folder, asked.generation, local=asked.local, **how)
    with standing as cursor, ExitStack() as stack:
        if asked.cells:
            # The server as it is now: one that gave up was made again.
            made = server_of(asked.folder, asked.generation, everybody=asked.everybody).cells
            asking = [made.asked(one, partial(_make, one)) for one in asked.cells]
            also_see(cursor, *map(stack.enter_context, asking))
        yield cursor


def _make(cell: _Asked, schema: str) -> int:
    """Make the table of a cell; how many rows it has, as even an empty one takes some memory."""
    with _cursor_of(cell) as cursor:
        # Both names are our own, and cannot be parameters.
        made = f"CREATE TABLE {schema}.{cell.name} AS {cell.sql}"
        ((rows,),) = cursor.execute(made, cell.bound).fetchall()
        return max(rows, 1000)


@contextmanager
def _cursor(
    folder: Path, name: str, *, with_written: bool = False, everybody: bool = False, **how: Any
) -> Iterator[duckdb.DuckDBPyConnection]:
    """As _open; closed at the end. with_written: what people wrote stands beside it, as tables.
    What is damaged since a generation was opened is found here."""
    try:
        opened = closing(open_cursor(folder, name, everybody=everybody, **how))
        with opened as cursor, ExitStack() as stack:
            if with_written:
                server = server_of(folder, name, everybody=everybody)
                stack.enter_context(server.set_beside(cursor, folder))
            yield cursor
    except duckdb.Error as error:
        if not publish.is_damage(error):
            raise
        path = path_of(folder, name, everybody=everybody)
        raise _unreadable(path, name, error) from error


def audit(generation: str) -> list[privacy.Finding]:
    """Attack the share view of a generation, with all that others tell of the same counts: one
    finding per table. Raises NoData where an earlier version made it, which counted otherwise what
    it hides."""
    if _made(home(), generation).schema != made_from.SCHEMA:
        raise NoData(outdated(generation))
    if is_untold(generation):
        raise NoData(f"The share view of {generation} is not made yet: there is nothing to attack.")
    path = publish.path_of(home(), generation)
    try:
        # In a DuckDB of its own, which may have the files of others beside it.
        with closing(duckdb.connect()) as connection:
            connection.execute(f"ATTACH {publish.literal(path)} AS audited (READ_ONLY)")
            connection.execute("USE audited")
            ((minimum,),) = connection.execute("SELECT max(minimum) FROM share_audit").fetchall()
            others = [one for one in releases.alike(home(), None, minimum) if one != path]
            return privacy.audit(connection, minimum, others=others)
    except duckdb.Error as error:
        if not publish.is_damage(error):
            raise
        raise _unreadable(path, generation, error) from error
