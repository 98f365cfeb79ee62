"""What the share view told before: a month-end is coded once, and told again as long as its exact
counts are the same.

`release` is another generation of the same home, made by the same rules, that the connection sees
beside the one that it stands on.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from queries.privacy.cells import Cells
from queries.privacy.rules import WITHHELD

# All counts of a month-end that are the same in both; those that a release has of a newest month,
# and the newer generation has no more, are no matter. What people understood follows the others.
_SAME = """
    WITH here AS (FROM share_digest('share_count')),
    there AS (FROM share_digest('release.share_counted'))
    SELECT here.school_year, here.point
    FROM here
    LEFT JOIN there USING (school_year, point, of_what, number, digest)
    WHERE here.of_what <> 'understood' OR $understood
    GROUP BY ALL
    HAVING bool_and(there.point IS NOT NULL)
"""
_DIGEST = """
    CREATE OR REPLACE TEMP MACRO share_digest(counted) AS TABLE
    SELECT
        school_year,
        point,
        CASE
            WHEN dimension = 'all' THEN 'all'
            WHEN dimension IN ('cause', 'knowledge') THEN 'understood'
            ELSE 'parts'
        END AS of_what,
        count(*) AS number,
        sum(CAST(hash(
            period, kind, place, dimension, category, students, absent, all_students, days_absent,
            days_enrolled
        ) AS HUGEINT)) AS digest
    FROM query_table(counted)
    GROUP BY ALL
"""
# For each cell what a release told of it where its count is the same, and whether all are.
_TOLD = f"""
    WITH same AS ({_SAME})
    SELECT
        coalesce(was.code, $withheld) AS code,
        was.code IS NOT NULL AS is_same,
        coalesce(was.is_few, false) AS is_few,
        same.point IS NOT NULL AS is_kept
    FROM share_cell AS cell
    LEFT JOIN same USING (school_year, point)
    LEFT JOIN release.share_counted AS was
        ON was.school_year = cell.school_year AND was.period = cell.period
        AND was.point = cell.point AND was.kind = cell.kind AND was.place = cell.place
        AND was.dimension = cell.dimension AND was.category = cell.category
        AND was.absent = cell.absent AND coalesce(was.students, cell.students) = cell.students
    ORDER BY cell.cell
"""
_SURVEYED = ("schools", "answer_count", "respondent_count", "survey_item", "scale_answer")
_SURVEY_TOLD = ("share_survey", "share_answers", "share_response")


@dataclass(frozen=True)
class Before:
    """What earlier releases told of each cell: what everybody knows of it, and nobody takes back.

    codes: WITHHELD where nothing, or where the count is another now. is_kept: all counts of its
    month-end are the same, so nothing else is told of it either. is_few: its category was not
    listed there, which says that it is small.
    """

    codes: np.ndarray
    is_kept: np.ndarray
    is_few: np.ndarray

    @classmethod
    def nothing(cls, cells: Cells) -> "Before":
        """Before anything was told."""
        none = np.zeros(len(cells), dtype=bool)
        return cls(np.full(len(cells), WITHHELD), none, none)

    def held(self, codes: np.ndarray) -> np.ndarray:
        """The same codes, where they do not take back what was told."""
        return np.where(self.is_kept, self.codes, np.maximum(codes, self.codes))


@contextmanager
def beside(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Let the connection see the release in a file."""
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS release (READ_ONLY)")
    try:
        yield
    finally:
        connection.execute("DETACH release")


def keep_understood(connection: duckdb.DuckDBPyConnection, school_year: str) -> bool:
    """Whether the release stands on the same days and counts of a school year; then what people
    understood of it is counted as it was there, for who is written about tomorrow would show."""
    here, there = (
        connection.execute(
            f"SELECT school_year, as_of FROM {name} WHERE as_of IS NOT NULL ORDER BY ALL"
        ).fetchall()
        for name in ("share_release", "release.share_release")
    )
    connection.execute(_DIGEST)
    same = connection.execute(
        f"SELECT max(point) FROM ({_SAME}) WHERE school_year = $school_year",
        {"understood": False, "school_year": school_year},
    ).fetchone()[0]
    if here != there or (school_year, same) not in here:
        return False
    connection.execute(
        "INSERT INTO understood_count BY NAME "
        "FROM release.understood_count WHERE school_year = $school_year",
        {"school_year": school_year},
    )
    return True


def told_before(
    connection: duckdb.DuckDBPyConnection, cells: Cells, releases: Sequence[Path]
) -> Before:
    """What earlier releases told of the cells of attendance, the first of them first: what it keeps
    whole, no other one can change."""
    before = Before.nothing(cells)
    for path in releases:
        with beside(connection, path):
            found = compared(connection)
        codes = np.maximum(before.codes, found["code"])
        before = Before(
            np.where(before.is_kept, before.codes, codes),
            before.is_kept | found["is_kept"],
            before.is_few | found["is_few"],
        )
        if before.is_kept.all():
            break
    return before


def compared(connection: duckdb.DuckDBPyConnection) -> dict[str, np.ndarray]:
    """For each cell: code, what the release beside told where its count is the same (is_same), and
    the others as in Before."""
    connection.execute(_DIGEST)
    found = connection.execute(_TOLD, {"withheld": WITHHELD, "understood": True}).df()
    return {
        name: found[name].to_numpy(dtype=np.int64 if name == "code" else bool) for name in found
    }


def keep_counts(connection: duckdb.DuckDBPyConnection, codes: np.ndarray) -> None:
    """share_counted: what was counted exactly for the share view, and what is told of each."""
    connection.register("coded", pd.DataFrame({"cell": np.arange(len(codes)), "code": codes}))
    connection.execute(
        """
        CREATE TABLE share_counted AS
        SELECT share_count.*, CAST(coded.code AS INTEGER) AS code, share_cell.is_few
        FROM share_count
        LEFT JOIN share_cell
            USING (school_year, period, point, kind, place, dimension, category)
        LEFT JOIN coded USING (cell)
        ORDER BY ALL
        """
    )
    connection.unregister("coded")


def keep_survey(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell of surveys what the release told, where every answer in both is the same."""
    for table in _SURVEYED:
        here, there = (
            connection.execute(
                f"SELECT count(*), sum(CAST(hash(*COLUMNS(*)) AS HUGEINT)) FROM {name}"
            ).fetchall()
            for name in (table, f"release.{table}")
        )
        if here != there:
            return False
    for table in _SURVEY_TOLD:
        connection.execute(f"CREATE OR REPLACE TABLE {table} AS FROM release.{table}")
    return True
