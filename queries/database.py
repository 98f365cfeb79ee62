"""Opens the published generation, and runs one SQL file against it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import pandas as pd

from queries import load
from queries.load import publish
from queries.selection import Selection

PROJECT = Path(__file__).resolve().parent.parent
SAMPLE_DATA = PROJECT / "sample_data"
QUESTIONS = PROJECT / "queries"

# As many generations stay attached as are kept on disk: a page that is open while one is swapped
# finishes on the one it began with.
ATTACHED_AT_MOST = 4

_attaching = Lock()
_building = Lock()


class NoData(Exception):
    """There is nothing to show yet, or it was made for another version of Roundtable."""


def home() -> Path:
    """The data folder: ROUNDTABLE_HOME, or `.roundtable` beside app.py."""
    return Path(os.environ.get("ROUNDTABLE_HOME") or PROJECT / ".roundtable")


def current_generation(*, build_sample: bool = False, progress=None) -> str:
    """The name of the published generation.

    With `build_sample`, a home that never held a generation gets the sample network first, and a
    sample network that another version of Roundtable made is made again. The sample never takes
    the place of real data. Raises NoData where there is nothing to show.
    """
    name = publish.published(home())
    if name is None and publish.generations(home()):
        raise NoData(
            "Which data to show is not known. See what there is with python -m queries generations "
            "and choose with --publish NAME"
        )
    made_by, is_sample = _made_by(home(), name) if name else (None, True)
    if made_by == load.tables_version():
        return name
    if not is_sample:
        raise NoData(
            "The published data were made by another version of Roundtable. "
            "Load the folder again: python -m queries load FOLDER"
        )
    if not build_sample:
        raise NoData("Nothing is published yet. Load a folder: python -m queries load FOLDER")
    with _building:
        again = publish.published(home())
        if again is not None and again != name:
            return again
        return load.load(SAMPLE_DATA, home(), progress=progress, wait_seconds=300).generation


@lru_cache(maxsize=16)
def _made_by(folder: Path, name: str) -> tuple[str, bool]:
    cursor = _open(folder, name)
    try:
        return cursor.execute("SELECT tables_version, is_sample FROM generation").fetchall()[0]
    finally:
        cursor.close()


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    return connection


_attached: dict[Path, str] = {}


def _open(folder: Path, name: str) -> duckdb.DuckDBPyConnection:
    """A cursor that stands on one generation; DuckDB refuses a connection shared by threads."""
    path = publish.path_of(folder, name).resolve()
    with _attaching:
        if path not in _attached:
            alias = f"{name}_{len(_attached)}" if name in _attached.values() else name
            # The name was checked by publish, the path is our own; neither can be a parameter.
            quoted_path = str(path).replace("'", "''")
            _connection().execute(f"ATTACH OR REPLACE '{quoted_path}' AS \"{alias}\" (READ_ONLY)")
            _attached[path] = alias
            _detach_oldest()
        cursor = _connection().cursor()
        cursor.execute(f'USE "{_attached[path]}"')
    return cursor


def _detach_oldest() -> None:
    while len(_attached) > ATTACHED_AT_MOST:
        path = next(iter(_attached))
        _connection().execute(f'DETACH "{_attached.pop(path)}"')


def run(question: str, selection: Selection, *, keep: bool = True) -> pd.DataFrame:
    """The answer to one question, such as 'absence/headline', as a table.

    keep: remember the answer; not for lists of students, which may be long.
    """
    asked = _ask(question, selection)
    # A copy: what one page does to its table is not seen by another.
    return _kept_answer(asked).copy() if keep else _answer(asked)


@lru_cache(maxsize=512)
def _kept_answer(asked: "_Asked") -> pd.DataFrame:
    """A generation never changes, so an answer may be kept under everything it depends on: the
    generation, the SQL and the values bound, the schools among them. Measured on the sample
    network, planning the SQL takes most of the time of an attendance question: 25 to 40 ms asked
    anew, under 1 ms kept."""
    return _answer(asked)


def _answer(asked: "_Asked") -> pd.DataFrame:
    with _cursor(asked) as cursor:
        return cursor.execute(asked.sql, asked.bound).df()


def records(question: str, selection: Selection) -> list[dict[str, Any]]:
    """The same answer as plain values: whole numbers whole, the unknown None."""
    asked = _ask(question, selection)
    with _cursor(asked) as cursor:
        answer = cursor.execute(asked.sql, asked.bound)
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def columns(question: str, selection: Selection) -> list[str]:
    """The columns of an answer, also of one without rows."""
    return list(run(question, selection).columns)


@dataclass(frozen=True)
class _Asked:
    """One question with everything its answer depends on; `values` are those that it names."""

    folder: Path
    generation: str
    sql: str
    values: tuple[tuple[str, Any], ...]

    @property
    def bound(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in self.values
        }


def _ask(question: str, selection: Selection) -> _Asked:
    generation = selection.generation or current_generation()
    chosen = asdict(selection) | {"generation": generation}
    chosen["asked_year"] = chosen.pop("school_year")
    chosen["asked_compare_year"] = chosen.pop("compare_year")
    chosen["asked_as_of"] = chosen.pop("as_of")
    if question != "choices/in_force":
        meaning = run("choices/in_force", selection)
        if meaning.empty:
            raise ValueError(f"there is no definition {selection.definition!r}")
        in_force = meaning.iloc[0].to_dict()
        chosen |= in_force | {"schools": tuple(in_force["schools"])}
    # Read at every call: Streamlit does not watch .sql files, and an edit must show.
    sql = (QUESTIONS / f"{question}.sql").read_text(encoding="utf-8")
    named = sorted(duckdb.extract_statements(sql)[0].named_parameters)
    values = tuple((name, None if chosen[name] is pd.NaT else chosen[name]) for name in named)
    return _Asked(home(), generation, sql, values)


@contextmanager
def _cursor(asked: _Asked) -> Iterator[duckdb.DuckDBPyConnection]:
    cursor = _open(asked.folder, asked.generation)
    try:
        yield cursor
    finally:
        cursor.close()
