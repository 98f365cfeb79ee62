"""Makes the tables of the share view: counts every cell, and keeps what is told of it."""

import re
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from queries.privacy import answers, releases
from queries.privacy.cells import NO_CHANGE_TOLD, NOT_TOLD, Told

HERE = Path(__file__).parent
# What questions may call, also those for everybody.
_MACROS = (HERE.parent / "tables", HERE)
_MACRO = re.compile(r"^CREATE (OR REPLACE )?MACRO ", re.MULTILINE)


def count(
    connection: duckdb.DuckDBPyConnection,
    minimum: int,
    *,
    anew: bool = False,
    before: Sequence[Path] = (),
) -> None:
    """Count every cell that the share view could show, exactly, in temporary tables.

    anew: count what people understood too, decide what is listed, and keep both in the generation:
    an audit reads them there, as people have written more since, and as releases are deleted. The
    first stands as in the release that is served, as long as that stands on the same days and the
    same other counts; the second as in the first of the releases that has the same counts.
    """
    release = before[0] if before else None
    _run(connection, "01_places.sql")
    if anew:
        connection.execute("CREATE TABLE understood_count AS FROM share_count LIMIT 0")
    years = connection.execute("SELECT DISTINCT school_year FROM share_point ORDER BY 1").fetchall()
    with releases.beside(connection, release) if release else nullcontext():
        for (school_year,) in years:
            _run(connection, "02_counts.sql", school_year=school_year)
            if anew and not (release and releases.keep_understood(connection, school_year)):
                _run(connection, "02_understood.sql", school_year=school_year)
    connection.execute("INSERT INTO share_count BY NAME FROM understood_count")
    if anew:
        releases.keep_listed(connection, before)
        _run(connection, "03_listed.sql", minimum=minimum)
    _run(connection, "03_cells.sql")
    _run(connection, "04_survey.sql")


def leave_out(
    connection: duckdb.DuckDBPyConnection, dimensions: Sequence[str], before: Sequence[Path]
) -> list[str]:
    """Have no cells by these dimensions any more, 'all' being everything, where no release told
    any, by the same month; of which school years that is. What was told is known, and stays."""
    connection.execute("CREATE OR REPLACE TEMP TABLE share_known (school_year VARCHAR, point DATE)")
    for path in before:
        with releases.beside(connection, path):
            connection.execute(
                """
                INSERT INTO share_known
                SELECT DISTINCT school_year, CASE WHEN dimension <> 'all' THEN point END
                FROM release.share_counted
                """
            )
    what = {"dimensions": list(dimensions)}
    years = connection.execute(_LEAVE_OUT_ALL if "all" in dimensions else _LEAVE_OUT, what)
    left_out = sorted({school_year for (school_year,) in years.fetchall()})
    _run(connection, "03_cells.sql")
    return left_out


_LEAVE_OUT = """
    DELETE FROM share_listed
    WHERE list_contains($dimensions, dimension) AND school_year IN (
        SELECT school_year
        FROM (SELECT school_year, max(point) AS point FROM share_count GROUP BY ALL)
        ANTI JOIN share_known USING (school_year, point)
    )
    RETURNING school_year
"""
_LEAVE_OUT_ALL = """
    DELETE FROM share_count
    WHERE list_contains($dimensions, 'all') AND school_year NOT IN (
        SELECT school_year FROM share_known
    )
    RETURNING school_year
"""


def count_as_kept(connection: duckdb.DuckDBPyConnection) -> None:
    """The cells of attendance as they were counted when the generation was made."""
    _run(connection, "01_places.sql")
    connection.execute(
        "INSERT INTO share_count BY NAME SELECT * EXCLUDE (code, is_few) FROM share_counted"
    )
    _run(connection, "03_cells.sql")


def count_answers(connection: duckdb.DuckDBPyConnection) -> None:
    """Count the cells of surveys alone."""
    _run(connection, "01_places.sql")
    _run(connection, "04_survey.sql")


def keep(connection: duckdb.DuckDBPyConnection, told: Told) -> None:
    """Keep what is told of attendance in the generation."""
    frame = _frame("cell", vars(told))
    change = pd.Series(told.change).astype("Int64").mask(told.change == NO_CHANGE_TOLD)
    connection.register("told", frame.assign(change=change))
    _run(connection, "05_absence.sql")
    connection.unregister("told")


def keep_answers(connection: duckdb.DuckDBPyConnection, told: answers.Told) -> None:
    """Keep what is told of surveys in the generation."""
    columns = dict(vars(told))
    of_answers = {name: columns.pop(name) for name in ("part", "share")}
    connection.register("told", _frame("cell", columns))
    connection.register("told_answer", _frame("answer_row", of_answers))
    _run(connection, "05_survey.sql")
    connection.unregister("told")
    connection.unregister("told_answer")


def keep_open(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the attached database `shared`, which everybody's questions are answered from, with what
    holds no count of people in the generation that the connection stands on."""
    _keep_shared(connection, "08_shared.sql")


def keep_told(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to it what the generation tells everybody, once the share view is made."""
    _keep_shared(connection, "09_told.sql")


def _keep_shared(connection: duckdb.DuckDBPyConnection, file: str) -> None:
    """A macro that reads a table that is not there is not made there, and one that is stays."""
    _run(connection, file)
    ((here,),) = connection.execute("SELECT current_database()").fetchall()
    connection.execute("USE shared")
    for statement in _macros():
        with suppress(duckdb.CatalogException):
            connection.execute(statement)
    connection.execute(f"USE {here}")


@cache
def _macros() -> list[duckdb.Statement]:
    paths = [path for folder in _MACROS for path in sorted(folder.glob("*.sql"))]
    parsed = (duckdb.extract_statements(path.read_text(encoding="utf-8")) for path in paths)
    return [one for statements in parsed for one in statements if _MACRO.search(one.query)]


def _frame(key: str, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    frame = pd.DataFrame(columns).astype("Int64")
    return frame.mask(frame == NOT_TOLD).rename_axis(key).reset_index()


def _run(connection: duckdb.DuckDBPyConnection, file: str, **values) -> None:
    """Run a file of SQL, giving each statement the values that it names."""
    for statement in duckdb.extract_statements((HERE / file).read_text(encoding="utf-8")):
        named = {name: values[name] for name in statement.named_parameters}
        connection.execute(statement, named)
