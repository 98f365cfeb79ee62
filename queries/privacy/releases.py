"""What the share view told before: a month-end is coded once, and told again as long as its exact
counts are the same.

`release` is another generation of the same home, made by the same rules, that the connection sees
beside the one that it stands on.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from queries.privacy import answers
from queries.privacy.cells import Cells
from queries.privacy.rules import COUNTED, HALF, WITHHELD

MACROS = Path(__file__).with_name("07_release.sql")
_TOLD = """
    SELECT
        CASE WHEN same.absent THEN was.code ELSE $withheld END AS code,
        same.absent AS is_same,
        same.absent AND coalesce(was.is_few, false) AS is_few,
        unchanged.point IS NOT NULL AS is_kept,
        CASE
            WHEN same.absent OR cell.dimension IN ('tier', 'knowledge', 'reason', 'cause')
                THEN $withheld
            ELSE coalesce(was.code, $withheld)
        END AS size_code
    FROM share_cell AS cell
    LEFT JOIN share_unchanged(true) AS unchanged USING (school_year, point)
    LEFT JOIN release.share_counted AS was
        ON was.school_year = cell.school_year AND was.period = cell.period
        AND was.point = cell.point AND was.kind = cell.kind AND was.place = cell.place
        AND was.dimension = cell.dimension AND was.category = cell.category
        AND coalesce(was.students, cell.students) = cell.students
    CROSS JOIN LATERAL (
        SELECT coalesce(was.absent = cell.absent AND was.code IS NOT NULL, false) AS absent
    ) AS same
    ORDER BY cell.cell
"""
# The cells of surveys whose answers, or respondents, are the same at all schools of their place.
_SAME_ITEMS = """
    WITH here AS (
        FROM answer_count
        UNION ALL BY NAME FROM respondent_count
    ),
    there AS (
        FROM release.answer_count
        UNION ALL BY NAME FROM release.respondent_count
    ),
    another AS (
        (FROM here EXCEPT FROM there)
        UNION ALL
        (FROM there EXCEPT FROM here)
    ),
    another_scale AS (
        (FROM scale_answer EXCEPT FROM release.scale_answer)
        UNION ALL
        (FROM release.scale_answer EXCEPT FROM scale_answer)
    )
    SELECT item.cell
    FROM share_item AS item
    JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
    JOIN release.share_place_schools AS was
        ON was.kind = place.kind AND was.name = place.name AND was.schools = place.schools
    LEFT JOIN survey_item USING (survey, school_year, respondent_group, item_id)
    WHERE NOT EXISTS (FROM another_scale WHERE another_scale.scale = survey_item.scale)
    AND NOT EXISTS (
        FROM another
        WHERE another.survey = item.survey
            AND another.school_year = item.school_year
            AND another.respondent_group = item.respondent_group
            AND another.item_id IS NOT DISTINCT FROM item.item_id
            AND list_contains(place.schools, another.school_id)
    )
"""


@dataclass(frozen=True)
class Before:
    """What earlier releases told of each cell: what everybody knows of it, and nobody takes back.

    codes: WITHHELD where nothing, or where the count is another now. is_kept: all counts of its
    month-end are the same, so nothing else is told of it either. is_few: its category was not
    listed there, which says that it is small. size_codes: the codes of groups that are as many now,
    though how many of them were absent is another count.
    """

    codes: np.ndarray
    is_kept: np.ndarray
    is_few: np.ndarray
    size_codes: np.ndarray

    @classmethod
    def nothing(cls, cells: Cells) -> "Before":
        """Before anything was told."""
        none = np.zeros(len(cells), dtype=bool)
        nothing = np.full(len(cells), WITHHELD)
        return cls(nothing, none, none, nothing)

    def only(self, these: np.ndarray) -> "Before":
        """What was told of these cells."""
        return Before(*(values[these] for values in vars(self).values()))

    def held(self, codes: np.ndarray) -> np.ndarray:
        """The same codes, but what was told of the same count stays as it was told: 50% to 100%
        and 40% to 60% are together 50% to 60%. A size that was told is no secret."""
        codes = np.where(self.is_kept | (self.codes != WITHHELD), self.codes, codes)
        return np.maximum(codes, self.floor)

    @property
    def floor(self) -> np.ndarray:
        """How much is told of each cell at the least."""
        is_counted = ~np.isin(self.size_codes, (WITHHELD, HALF)) & ~self.is_kept
        return np.where(is_counted, np.maximum(self.codes, COUNTED), self.codes)

    @property
    def is_rough(self) -> np.ndarray:
        """Groups whose size was told, but not to the nearest ten."""
        return self.size_codes == HALF


@contextmanager
def beside(
    connection: duckdb.DuckDBPyConnection, path: Path, *, stand_on: bool = False
) -> Iterator[None]:
    """Let the connection see the release in a file; stand_on: and read its tables as its own."""
    quoted = str(path).replace("'", "''")
    ((here,),) = connection.execute("SELECT current_database()").fetchall()
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"ATTACH '{quoted}' AS release (READ_ONLY)")
    try:
        if stand_on:
            connection.execute("USE release")
        yield
    finally:
        connection.execute(f'USE "{here}"')
        connection.execute("DETACH release")


def compare(connection: duckdb.DuckDBPyConnection) -> dict[str, np.ndarray]:
    """For each cell: code, what the release beside told where its counts are the same (is_same),
    and the others as in Before."""
    connection.execute(MACROS.read_text(encoding="utf-8"))
    found = connection.execute(_TOLD, {"withheld": WITHHELD}).df()
    return {
        name: found[name].to_numpy(dtype=bool if name.startswith("is_") else np.int64)
        for name in found
    }


def keep_understood(connection: duckdb.DuckDBPyConnection, school_year: str) -> bool:
    """Count what people understood of a school year as the release beside did, where it stands on
    the same days and other counts: who is written about tomorrow would show. Whether it does."""
    connection.execute(MACROS.read_text(encoding="utf-8"))
    ((kept,),) = connection.execute(
        """
        INSERT INTO understood_count BY NAME
        SELECT was.*
        FROM release.understood_count AS was
        SEMI JOIN share_unchanged(false) AS unchanged USING (school_year, point)
        CROSS JOIN share_stands_still() AS days
        WHERE was.school_year = $school_year AND days.stands_still
        """,
        {"school_year": school_year},
    ).fetchall()
    return kept > 0


def keep_listed(connection: duckdb.DuckDBPyConnection, releases: Sequence[Path]) -> None:
    """share_listed as releases have it, the first of them first, of categories that are counted
    there as they are here (share_stands): whoever saw which ones a place had then knows of the
    others that they were nobody."""
    connection.execute(
        """
        CREATE TABLE share_listed (
            school_year VARCHAR, kind VARCHAR, place VARCHAR, dimension VARCHAR, category VARCHAR,
            is_listed BOOLEAN, is_few BOOLEAN, is_enough BOOLEAN
        );
        CREATE OR REPLACE TEMP TABLE share_stands AS
        SELECT school_year, kind, place, dimension, category FROM share_listed;
        """
    )
    for path in releases:
        with beside(connection, path):
            connection.execute(MACROS.read_text(encoding="utf-8"))
            connection.execute(
                """
                CREATE OR REPLACE TEMP TABLE share_more AS
                FROM share_same_category() EXCEPT FROM share_stands;
                INSERT INTO share_stands FROM share_more;
                INSERT INTO share_listed
                SELECT was.*
                FROM release.share_listed AS was
                JOIN share_more USING (school_year, kind, place, dimension, category);
                """
            )


def told_before(
    connection: duckdb.DuckDBPyConnection, cells: Cells, releases: Sequence[Path]
) -> Before:
    """What earlier releases told of the cells of attendance, the first of them first: what it keeps
    whole, no other one can change."""
    before = Before.nothing(cells)
    for path in releases:
        with beside(connection, path):
            found = compare(connection)
        codes = np.maximum(before.codes, found["code"])
        before = Before(
            np.where(before.is_kept, before.codes, codes),
            before.is_kept | found["is_kept"],
            before.is_few | found["is_few"],
            np.maximum(before.size_codes, found["size_code"]),
        )
        if before.is_kept.all():
            break
    # What was told of a count is told of the same count as another month has it.
    one, other = cells.same
    codes = before.codes.copy()
    np.maximum.at(codes, one, before.codes[other])
    np.maximum.at(codes, other, before.codes[one])
    return replace(before, codes=np.where(before.is_kept, before.codes, codes))


def keep_counts(connection: duckdb.DuckDBPyConnection, codes: np.ndarray) -> None:
    """share_counted: what was counted exactly for the share view, and what is told of each."""
    connection.register("coded", pd.DataFrame({"cell": np.arange(len(codes)), "code": codes}))
    connection.execute(
        """
        CREATE OR REPLACE TABLE share_counted AS
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
    """Tell of surveys what the release beside told, if every answer is the same; whether it is."""
    connection.execute(MACROS.read_text(encoding="utf-8"))
    ((same,),) = connection.execute("FROM share_same_answers()").fetchall()
    if same:
        connection.execute(
            """
            CREATE OR REPLACE TABLE share_survey AS FROM release.share_survey;
            CREATE OR REPLACE TABLE share_answers AS FROM release.share_answers;
            CREATE OR REPLACE TABLE share_response AS FROM release.share_response;
            """
        )
    return same


def same_items(connection: duckdb.DuckDBPyConnection) -> np.ndarray:
    """Which cells of surveys are the same in the release beside."""
    return connection.execute(_SAME_ITEMS).fetchnumpy()["cell"]


def answers_told(
    connection: duckdb.DuckDBPyConnection, survey: answers.Survey, *releases: Path
) -> answers.Told:
    """What releases told of the same counts of surveys, of each the first that told of it."""
    found = answers.nothing_told(survey)
    for path in releases:
        with beside(connection, path):
            same = same_items(connection)
        with beside(connection, path, stand_on=True):
            told = answers.read_told(connection)
        new = np.isin(np.arange(len(survey)), same) & told.counted & ~found.counted
        for name, values in vars(told).items():
            these = new[survey.answer_cell] if name in ("part", "share") else new
            getattr(found, name)[these] = values[these]
    return found


def keep_study(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Tell of what was tried what a release told, if it stands on the same days and counts; whether
    it does: a plan that begins tomorrow would show."""
    with beside(connection, path):
        is_kept = compare(connection)["is_kept"].all()
        ((stands_still,),) = connection.execute("FROM share_stands_still()").fetchall()
        if is_kept and stands_still:
            connection.execute("CREATE TABLE share_study AS FROM release.share_study")
        return bool(is_kept and stands_still)
