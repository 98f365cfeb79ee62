"""Makes the tables of the share view: counts every cell, and keeps what is told of it."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from queries.privacy import answers
from queries.privacy.cells import NO_CHANGE_TOLD, NOT_TOLD, Told

HERE = Path(__file__).parent


def count(connection: duckdb.DuckDBPyConnection, minimum: int, *, understood: bool = False) -> None:
    """Count every cell that the share view could show, exactly, in temporary tables.

    understood: count anew what people understood, and keep it in the generation: an audit reads it
    there, as people have written more since.
    """
    _run(connection, "01_places.sql")
    if understood:
        connection.execute("CREATE TABLE understood_count AS FROM share_count LIMIT 0")
    years = connection.execute("SELECT DISTINCT school_year FROM share_point ORDER BY 1").fetchall()
    for (school_year,) in years:
        _run(connection, "02_counts.sql", school_year=school_year)
        if understood:
            _run(connection, "02_understood.sql", school_year=school_year)
    connection.execute("INSERT INTO share_count BY NAME FROM understood_count")
    _run(connection, "03_cells.sql", minimum=minimum)
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


def _frame(key: str, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    frame = pd.DataFrame(columns).astype("Int64")
    return frame.mask(frame == NOT_TOLD).rename_axis(key).reset_index()


def _run(connection: duckdb.DuckDBPyConnection, file: str, **values) -> None:
    """Run a file of SQL, giving each statement the values that it names."""
    for statement in duckdb.extract_statements((HERE / file).read_text(encoding="utf-8")):
        named = {name: values[name] for name in statement.named_parameters}
        connection.execute(statement, named)
