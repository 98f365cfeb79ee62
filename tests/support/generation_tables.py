"""The tables of a generation, line by line, and the number that stands for them.

    .venv/bin/python -m tests.support.generation_tables     writes generation_tables.txt anew

It writes only where the number was raised: two tables with one number are what must not be.
"""

import re
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb

from queries.load import load, made_from, publish
from queries.load.made_from import QUERIES
from tests.support.exchange import write_folder

KEPT = Path(__file__).with_suffix(".txt")
WHAT_TO_DO = """
The tables of a generation are others than those of number {number}. Generations that were loaded
before have the old ones, and must not be taken for new ones:
 1. Raise SCHEMA in queries/load/made_from.py.
 2. If a question asks for what older generations lack, set OLDEST_READ to the same number: real
    data then ask to be loaded again. If none does, leave it: they stay on screen, and Data health
    says that they are older.
 3. If an older share view must not be shown any more, set OLDEST_SHARED to it as well.
 4. Say under WAS below what the tables of the number before were, so that tests ask all questions
    of them for as long as they are read.
 5. .venv/bin/python -m tests.support.generation_tables
"""
TABLES = QUERIES / "tables"
# What totals are counted from: macros of before count what was there then, and find none.
TOTALS = ("total_year", "school_total", "school_year_end", "missed_total")


def _macros(file: str, first: str = "") -> str:
    """The macros of a file of queries/tables, from the first one of that name on, made anew."""
    text = (TABLES / file).read_text(encoding="utf-8")
    text = text[text.index(f"CREATE MACRO {first}") :]
    return text.replace("CREATE MACRO", "CREATE OR REPLACE MACRO")


def _before_years_went_on(macros: str) -> str:
    return macros.replace(" AND NOT coalesce(year_dates.goes_on, false)", "")


def _before_totals(macros: str) -> str:
    macros = _before_years_went_on(macros).replace("entry.days_enrolled", "CAST(NULL AS INTEGER)")
    for name in TOTALS:
        macros = re.sub(rf"\b{name}\b", f"no_{name}", macros)
    return macros


def _before_definitions_had_years(macros: str) -> str:
    return (
        _before_totals(macros)
        .replace("definitions_in('definitions', of_year)", "definitions")
        .replace("definitions_in('definitions', against_year)", "definitions")
    )


# By number, what makes the tables of a generation those of the number before it again.
WAS = {
    # No calendar could say that nobody was absent on a day without a row,
    # nor that its year goes on.
    15: f"""
        ALTER TABLE calendar DROP COLUMN nobody_absent;
        ALTER TABLE calendar DROP COLUMN goes_on;
        ALTER TABLE year_dates DROP COLUMN goes_on;
        {_before_years_went_on(_macros("05_student_status.sql"))}
    """,
    # A week without rows in the middle of a year counted as present, and no table said so; others
    # published numbers of students, and no rates alone; and what the share view leaves out so that
    # the rest can be cleared was written down nowhere.
    14: "ALTER TABLE school_day DROP COLUMN unsent; "
    "ALTER TABLE published_rates DROP COLUMN percent_absent; "
    "ALTER TABLE share_audit DROP COLUMN left_out;",
    # What a place lists in a year was decided anew with every load, and kept nowhere.
    13: "DROP TABLE share_listed;",
    # Every school year came in days.
    12: f"""
        {"".join(f"ALTER TABLE {name} RENAME TO no_{name};" for name in TOTALS)}
        DROP TABLE year_totals;
        ALTER TABLE year_dates DROP COLUMN day_rule;
        ALTER TABLE entry DROP COLUMN days_enrolled;
        {_before_totals(_macros("05_student_status.sql"))}
        {_before_totals(_macros("07_shifts.sql"))}
    """,
    # A definition was one rule, whatever the year.
    11: f"""
        ALTER TABLE definitions DROP COLUMN since;
        {_before_definitions_had_years(_macros("04_missed_days.sql", "days_missed"))}
        {_before_definitions_had_years(_macros("05_student_status.sql"))}
        DROP MACRO TABLE definitions_in;
    """,
    # No survey came as counts, and of what others published there was no time missed.
    10: """
        DROP TABLE survey_counts;
        ALTER TABLE published_rates DROP COLUMN percent_of_days;
        ALTER TABLE published_rates DROP COLUMN reason;
    """,
    # Macros for shifts of attendance, which questions do not ask any more.
    9: "",
    # What everybody may ask for was in no file of its own.
    8: "",
    7: "DROP TABLE share_release; DROP TABLE share_counted;",
    # Each answer by itself; and share_survey, share_response were coded otherwise.
    6: """
        ALTER TABLE share_answers DROP COLUMN part;
        ALTER TABLE share_answers ADD COLUMN share_at_least DOUBLE;
        ALTER TABLE share_answers ADD COLUMN share_at_most DOUBLE;
    """,
    # The share view alone was coded otherwise.
    5: "",
    4: _before_definitions_had_years(_macros("05_student_status.sql")).replace(
        "list_contains(string_split(of_grade, ';'), member.latest.grade)",
        "member.latest.grade = of_grade",
    ),
    3: """
        DROP TABLE understood_count;
        CREATE TABLE understood_cause (school_year VARCHAR, student_id VARCHAR, cause VARCHAR);
    """,
}


def listed(home: Path) -> list[str]:
    """Every column with its type, and every macro with what it is given and what comes back."""
    name = publish.published(home)
    shared = (f"shared.{line}" for line in _listed(publish.shared_path_of(home, name)))
    return [*_listed(publish.path_of(home, name)), *shared]


def _listed(path: Path) -> list[str]:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {publish.literal(path)} AS made (READ_ONLY)")
        connection.execute("USE made")
        columns = connection.execute(
            "SELECT table_name || '.' || column_name || ' ' || data_type FROM duckdb_columns() "
            "WHERE database_name = 'made'"
        ).fetchall()
        macros = connection.execute(
            "SELECT function_name, parameters, function_type FROM duckdb_functions() "
            "WHERE database_name = 'made' AND function_type ILIKE '%macro'"
        ).fetchall()
        lines = [line for (line,) in columns]
        for name, given, kind in macros:
            returned = _columns_of(connection, name, given) if kind == "table_macro" else []
            lines.append(f"{name}({', '.join(given)})" + "".join(f" {one}" for one in returned))
    return sorted(lines)


def _columns_of(connection: duckdb.DuckDBPyConnection, name: str, given: list[str]) -> list[str]:
    nothing = ", ".join(["NULL"] * len(given))
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {name}({nothing})").fetchall()
    except (duckdb.BinderException, duckdb.CatalogException):
        # It is given the name of a table, whose columns it has; or it reads one that is not there.
        return []
    return [column for column, *_ in described]


def make_older(home: Path, number: int) -> None:
    """Let the published generation have the tables of an older number, and say so."""
    with duckdb.connect(str(publish.path_of(home, publish.published(home)))) as connection:
        for newer in range(made_from.SCHEMA, number, -1):
            connection.execute(WAS[newer])
        connection.execute("UPDATE generation SET schema_version = $number", {"number": number})


def kept() -> tuple[int, list[str]]:
    """The number that was written down, and its lines."""
    number, *lines = KEPT.read_text(encoding="utf-8").splitlines()
    return int(number.removeprefix("number ")), lines


def write(home: Path) -> None:
    """Write down the tables of this version. Raises SystemExit where the number was not raised."""
    lines = listed(home)
    if KEPT.exists():
        number, before = kept()
        if lines != before and number >= made_from.SCHEMA:
            raise SystemExit(WHAT_TO_DO.format(number=number))
    text = "\n".join([f"number {made_from.SCHEMA}", *lines, ""])
    KEPT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        load(write_folder(Path(folder, "files")), home, today=date(2026, 8, 1))
        write(home)
    sys.stdout.write(f"{KEPT}\n")
