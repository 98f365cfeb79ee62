"""What refuses a folder, what is repaired, and the account of every row."""

from queries.load import (
    attendance_checks,
    calendars,
    definition_checks,
    references,
    survey_checks,
    totals_checks,
)
from queries.load.exchange import FILES
from queries.load.loading import Loading
from queries.load.reading import quoted
from queries.load.report import FileCount
from queries.load.tables import MOST_SET_ASIDE, marked

ACCOUNT = """
CREATE TABLE load_files (
    file VARCHAR, rows_in BIGINT, accepted BIGINT, set_aside BIGINT, repaired BIGINT
);
CREATE TABLE load_findings (
    file VARCHAR, line BIGINT, column_name VARCHAR, value VARCHAR, problem VARCHAR, remedy VARCHAR,
    kind VARCHAR, rows BIGINT
);
CREATE TABLE generation (
    name VARCHAR, loaded_at TIMESTAMP, source VARCHAR, is_sample BOOLEAN, schema_version INTEGER
);
"""


# Files of which no row may be set aside, and why.
_NEEDED_WHOLE = {
    "survey_counts": "without one the shares of all answers to its item are wrong",
    "definitions": "without one another rule counts in its years",
}
_ORDER = {file.name: place for place, file in enumerate(FILES)}


def check(loading: Loading) -> None:
    """Find everything in the typed tables for which the folder is refused."""
    if "survey_answers" in loading.sources:
        survey_checks.count_once(loading)
    for file in FILES:
        if file.name in loading.sources:
            for key in file.keys:
                if file.name == "calendar":
                    calendars.refuse_repeated_days(loading)
                else:
                    references.refuse_repeated(file, key, loading)
            for reference in file.references:
                references.refuse_unresolved(file, reference, loading)
    attendance_checks.check(loading)
    survey_checks.check(loading)
    if "year_totals" in loading.sources:
        totals_checks.check(loading)
    if "definitions" in loading.sources:
        definition_checks.check(loading)
    if "partners" in loading.sources:
        loading.refuse(
            "partners",
            ("schools",),
            """
            WITH named AS (
                SELECT rowid AS at_row, trim(unnest(string_split(schools, ';'))) AS school
                FROM partners
            )
            SELECT DISTINCT at_row
            FROM named
            WHERE school <> ''
                AND school NOT IN (SELECT school_id FROM main.schools)
                AND school NOT IN (SELECT school_name FROM main.schools)
            """,
            "names a school that is not in schools",
            "write ids or names of schools with ; between them",
        )


def refuse_too_many_set_aside(loading: Loading, rows_in: dict[str, int]) -> None:
    """Find files of which so many rows cannot be read that they are not what was meant."""
    for name, source in loading.sources.items():
        # Rows of days to come are nothing wrong, however many they are.
        rows = loading.findings.rows_set_aside.get(source.name, 0)
        rows -= marked(source, loading, "after today").total
        if rows and name in _NEEDED_WHOLE:
            problem = f"lacks {rows:,} of {rows_in[name]:,} rows that cannot be read"
            remedy = f"correct them: {_NEEDED_WHOLE[name]}"
            loading.findings.refuse(source.name, None, None, None, problem, remedy)
        elif rows > MOST_SET_ASIDE and rows * 100 > rows_in[name]:
            problem = f"{rows:,} of {rows_in[name]:,} rows would be set aside, more than 1%"
            remedy = "the reasons are listed with the rows"
            loading.findings.refuse(source.name, None, None, None, problem, remedy)


def repair(loading: Loading) -> None:
    """Mark what is counted once or for nothing, and note what is odd but stands."""
    _note_needs(loading)
    if "survey_invited" in loading.sources and loading.sources.keys() & survey_checks.ANSWERS:
        survey_checks.note_invited(loading)
    if "attendance" in loading.sources:
        attendance_checks.repair(loading)


def _note_needs(loading: Loading) -> None:
    """A need that is more than yes or no is shown as it is written; somebody may have meant yes."""
    source = loading.sources.get("students")
    if source is None:
        return
    for column in source.file.columns:
        if column.kind == "need" and column.name in source.columns:
            loading.note(
                "students",
                (column.name,),
                f"SELECT rowid AS at_row FROM students WHERE {quoted(column.name)} NOT IN "
                "('yes', 'no')",
                "is neither yes nor no",
                "it stands as a group of its own",
            )


def count(loading: Loading, rows_in: dict[str, int]) -> tuple[FileCount, ...]:
    """What became of the rows of each file; every row is in one class."""
    repaired = dict(
        loading.connection.execute(
            "SELECT file, count(DISTINCT at_row) FROM staging.repaired GROUP BY file"
        ).fetchall()
    )
    counts = []
    for name, source in sorted(loading.sources.items(), key=lambda item: _ORDER[item[0]]):
        apart = loading.findings.rows_set_aside.get(source.name, 0)
        once = repaired.get(name, 0)
        counts.append(
            FileCount(source.name, rows_in[name], rows_in[name] - apart - once, apart, once)
        )
    return tuple(counts)
