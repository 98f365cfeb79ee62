"""The generations that are kept, as releases of the share view: which day was released by hand, and
which of them were made by the rules of today."""

from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb

from queries.load import made_from, publish


def by_hand(home: Path, served: str | None) -> date | None:
    """The day that somebody released by hand in the generation that is served."""
    if served is None:
        return None
    try:
        with closing(_open(publish.path_of(home, served))) as connection:
            question = "SELECT max(as_of) FROM made.share_release WHERE is_by_hand"
            ((day,),) = connection.execute(question).fetchall()
            return day
    except duckdb.Error:
        # A generation that stands on no month's end, or cannot be read: nothing was released.
        return None


def is_of_sample(home: Path, served: str) -> bool:
    """Whether the generation that is served is the invented sample network."""
    try:
        with closing(_open(publish.path_of(home, served))) as connection:
            return connection.execute("SELECT is_sample FROM made.generation").fetchall() == [
                (True,)
            ]
    except duckdb.Error:
        return False


def alike(home: Path, served: str | None, minimum: int) -> list[Path]:
    """The files of generations whose share view the rules of today made, with the same minimum, and
    the attack cleared: the one that is served first, then the newest."""
    names = [one for one in publish.names(home) if one != served]
    paths = [publish.path_of(home, one) for one in ([served] if served else []) + names]
    return [path for path in paths if is_alike(path, minimum)]


def is_alike(path: Path, minimum: int) -> bool:
    """Whether a generation tells what the rules of today let it tell."""
    try:
        with closing(_open(path)) as connection:
            files = dict(connection.execute("FROM made.made_from").fetchall())
            audited = connection.execute("SELECT minimum, cleared FROM made.share_audit").fetchall()
    except duckdb.Error:
        return False
    return files == made_from.files() and set(audited) == {(minimum, True)}


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    try:
        connection.execute(f"ATTACH {publish.literal(path)} AS made (READ_ONLY)")
    except duckdb.Error:
        connection.close()
        raise
    return connection
