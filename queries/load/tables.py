"""Rows to typed tables: read every value by its kind, and set aside the rows that have a wrong one.

`main` is the generation being built, `staging` a second file that is thrown away. A row keeps its
place: the row number of a typed table is the place of the row in its file until the generation
is checkpointed, so that a message can name the line.
"""

import re
from collections.abc import Callable

import duckdb

from queries.load import dates
from queries.load.exchange import KINDS, REFUSED_UNREAD, Column, File, Reference
from queries.load.grades import grade_of
from queries.load.loading import Found, Loading
from queries.load.reading import LONGEST_CELL, Source, quoted
from queries.load.report import Finding

THREADS = 2

# How a value of each kind is read from what a cell says; null when it cannot be. TRY_CAST alone is
# too kind: it takes 3.7 for 4, and 2025/09/04 for a date.
READERS = r"""
CREATE OR REPLACE TEMP MACRO read_text(given) AS
    nullif(trim(CAST(given AS VARCHAR), ' ' || chr(9) || chr(10) || chr(13) || chr(160)), '');
-- What systems write where there is nothing, as they spell it: somebody may call a group "none".
-- A list, for DuckDB makes a join of a long IN, and a join loses the order of the file's rows, so
-- that a message would name another line.
CREATE OR REPLACE TEMP MACRO read_said(given) AS
    CASE
        WHEN NOT list_contains(
            ['NULL', 'null', 'N/A', 'n/a', '#N/A', 'None', '-'], read_text(given)
        )
            THEN read_text(given)
    END;
CREATE OR REPLACE TEMP MACRO read_date(said) AS
    CASE
        WHEN CAST(TRY_CAST(said AS DATE) AS VARCHAR) = said
            AND TRY_CAST(said AS DATE) BETWEEN DATE '1900-01-01' AND DATE '9999-12-31'
            THEN TRY_CAST(said AS DATE)
    END;
CREATE OR REPLACE TEMP MACRO read_number(said) AS
    CASE
        WHEN regexp_full_match(said, '[0-9]{1,9}')
            THEN TRY_CAST(said AS INTEGER)
    END;
CREATE OR REPLACE TEMP MACRO read_count(said) AS read_number(said);
CREATE OR REPLACE TEMP MACRO read_length_of_day(said) AS
    CASE WHEN read_number(said) > 0 THEN read_number(said) END;
CREATE OR REPLACE TEMP MACRO read_periods(said) AS read_length_of_day(said);
-- As it is written: how many decimals there are says what it was before it was rounded.
CREATE OR REPLACE TEMP MACRO read_share(said) AS
    CASE
        WHEN regexp_full_match(said, '[01]?[.][0-9]{1,17}|[01][.]?')
            AND TRY_CAST(said AS DOUBLE) <= 1
            THEN said
    END;
CREATE OR REPLACE TEMP MACRO read_decimal(said) AS
    CASE
        WHEN regexp_full_match(said, '[0-9]{1,3}([.][0-9]+)?')
            AND TRY_CAST(said AS DOUBLE) <= 100
            THEN TRY_CAST(said AS DOUBLE)
    END;
CREATE OR REPLACE TEMP MACRO read_days(said) AS
    CASE
        WHEN regexp_full_match(said, '[0-9]{1,3}([.][0-9]{1,6})?')
            THEN CAST(said AS DECIMAL(9, 6))
    END;
CREATE OR REPLACE TEMP MACRO read_whole_days(said) AS
    CASE WHEN read_days(said) = floor(read_days(said)) THEN CAST(read_days(said) AS INTEGER) END;
CREATE OR REPLACE TEMP MACRO read_yes_no(said) AS
    CASE
        WHEN lower(said) IN ('yes', 'y', 'true', '1') THEN true
        WHEN lower(said) IN ('no', 'n', 'false', '0') THEN false
    END;
-- More than two values are written of a need (former, declined): such a one stays as it is.
CREATE OR REPLACE TEMP MACRO read_need(said) AS
    CASE read_yes_no(said) WHEN true THEN 'yes' WHEN false THEN 'no' ELSE said END;
-- One word for each time of the year, whatever its case and the year beside it: Fall 2025 is fall.
-- Blank, also where there is no column, is the only one.
CREATE OR REPLACE TEMP MACRO read_administration(said) AS
    coalesce(
        nullif(
            regexp_replace(
                lower(said),
                '^20[0-9]{2}([-/](20)?[0-9]{2})?[ _-]+|[ _-]+20[0-9]{2}([-/](20)?[0-9]{2})?$',
                '',
                'g'
            ),
            ''
        ),
        lower(said),
        ''
    );
CREATE OR REPLACE TEMP MACRO read_school_year(said) AS
    CASE
        WHEN regexp_full_match(said, '[0-9]{4}-[0-9]{2}')
            AND (TRY_CAST(left(said, 4) AS INTEGER) + 1) % 100
                = TRY_CAST(right(said, 2) AS INTEGER)
            THEN said
    END;
CREATE OR REPLACE TEMP MACRO read_survey_year(said) AS
    CASE
        WHEN regexp_full_match(said, '[0-9]{4}') THEN said
        ELSE read_school_year(said)
    END;
CREATE OR REPLACE TEMP MACRO read_grade(said) AS getvariable('grades')[said];
CREATE OR REPLACE TEMP MACRO read_session(said) AS
    CASE WHEN lower(said) IN ('am', 'pm') THEN lower(said) END;
CREATE OR REPLACE TEMP MACRO read_day_rule(said) AS
    CASE WHEN lower(said) IN ('half_day', 'fraction') THEN lower(said) END;
CREATE OR REPLACE TEMP MACRO read_counts_as(said) AS
    CASE
        WHEN lower(said) IN ('absent', 'partial', 'present', 'not_recorded')
            THEN lower(said)
    END;
"""

MOST_SET_ASIDE = 5  # and 1 row in 100: beyond both the file is wrong, not a row of it

MINUTES = ("missed_minutes", "day_minutes")
WHOLE_TYPES = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
PART_TYPES = {"DOUBLE", "FLOAT", "DECIMAL", "HUGEINT", "UBIGINT"}
# In these a word for nothing is a word: a family is called Null, an answer is N/A, a code is -.
AS_WRITTEN = {"code", "words"}
TEXT_KINDS = {"id", "text", "need", "administration"} | AS_WRITTEN

# What nobody can read in these is unknown, and the row stays: unknown makes no figure wrong here.
# Elsewhere it would: a day of leaving that is not known is no stay to the end of the year.
MAY_BE_UNKNOWN = {
    ("enrollments", "grade"),
    ("year_totals", "grade"),
    ("attendance_codes", "excused"),
    ("survey_scales", "position"),
    ("survey_scales", "favorable"),
    ("survey_invited", "invited"),
    ("survey_published", "respondents"),
}

# A blank cell of these columns means yes.
BLANK_IS_YES = {
    ("definitions", "inclusive"),
    ("calendar", "in_session"),
    ("calendar", "attendance_taken"),
    ("survey_scales", "counts"),
}


def create_typed(file: File, source: Source | None, connection: duckdb.DuckDBPyConnection) -> int:
    """Create the table of one file, with all its columns; the number of rows read.

    Files come after those that they refer to.
    """
    columns = ", ".join(f"{quoted(column.name)} {column.type}" for column in file.columns)
    connection.execute(f"CREATE TABLE {quoted(file.name)} ({columns})")
    if source is None:
        return 0
    source.resolved = _references_as_text(source)
    _learn_grades(source, connection)
    _fill(source, connection)
    if any(
        connection.execute(f"SELECT count(*) FROM ({unresolved(file, reference)})").fetchall()[0][0]
        for reference in file.references
        if set(reference.columns) <= source.resolved
    ):
        source.resolved = set()
        _fill(source, connection)
    return connection.execute(f"SELECT count(*) FROM {quoted(file.name)}").fetchall()[0][0]


def _learn_grades(source: Source, connection: duckdb.DuckDBPyConnection) -> None:
    """Tell `read_grade` what each spelling of a grade in this file means."""
    spelled = set()
    for column in source.file.columns:
        if column.kind == "grade" and column.name in source.columns:
            cells = f"SELECT DISTINCT {quoted(column.name)} FROM {_said(source)}"
            spelled |= {said for (said,) in connection.execute(cells).fetchall() if said}
    known = {said: grade for said in spelled if (grade := grade_of(str(said)))}
    connection.execute(
        "SET VARIABLE grades = map(CAST($said AS VARCHAR[]), CAST($grades AS VARCHAR[]))",
        {"said": list(known), "grades": list(known.values())},
    )


def _references_as_text(source: Source) -> set[str]:
    """Columns of a Parquet file that are read without trimming, which costs as much as reading.

    A value with a blank too many is in no other file, so whether all of them resolve tells
    whether the table has to be made again, with trimming.
    """
    if source.row_word != "row":
        return set()
    alone = (reference.columns for reference in source.file.references)
    names = {columns[0] for columns in alone if len(columns) == 1}
    return {name for name in names if source.columns[name] == "VARCHAR"}


def _fill(source: Source, connection: duckdb.DuckDBPyConnection) -> None:
    values = ", ".join(
        f"{_value(source.file, column, source)} AS {quoted(column.name)}"
        for column in source.file.columns
    )
    # Two threads keep the order of rows only where DuckDB makes no join of what a reader asks: of
    # seven words after IN it made one. Then a row's number is not its place in the file, and
    # another row is set aside, without a word.
    connection.execute("SET threads = 1")
    connection.execute(
        f"CREATE OR REPLACE TABLE {quoted(source.file.name)} AS "
        f"SELECT {values} FROM {_said(source)}"
    )
    connection.execute(f"SET threads = {THREADS}")


def unresolved(file: File, reference: Reference) -> str:
    """SQL for the rows, as `at_row`, whose values are not in the file they refer to."""
    alike = " AND ".join(
        f"one.{quoted(here)} = two.{quoted(there)}"
        for here, there in zip(reference.columns, reference.columns_there, strict=True)
    )
    return f"""
        SELECT one.rowid AS at_row
        FROM {quoted(file.name)} AS one
        ANTI JOIN {quoted(reference.to)} AS two ON {alike}
    """


def _value(file: File, column: Column, source: Source) -> str:
    """SQL for the typed value of a column."""
    if column.name not in source.columns:
        value = "''" if column.kind == "administration" else f"CAST(NULL AS {column.type})"
    else:
        value = _read(column, source)
    return f"coalesce({value}, true)" if (file.name, column.name) in BLANK_IS_YES else value


def _said(source: Source) -> str:
    """SQL for the rows of a file: their place as `at_row`, and of each cell what it says. A step of
    its own: a reader names its cell several times, and took five times as long to plan."""
    cells = ", ".join(
        f"read_{'text' if column.kind in AS_WRITTEN else 'said'}({name}) AS {name}"
        for column in source.file.columns
        for name in [quoted(column.name)]
        if column.name in source.columns and not _native(column, source)
    )
    replaced = f"* REPLACE ({cells})" if cells else "*"
    return f"(SELECT {source.position} AS at_row, {replaced} FROM {source.relation})"


def _read(column: Column, source: Source) -> str:
    """SQL for the typed value of what a cell says."""
    name = quoted(column.name)
    native = _native(column, source)
    if native:
        return native.format(name=name)
    if column.kind in AS_WRITTEN or column.kind in ("id", "text"):
        return name
    return f"read_{column.kind}({name})"


def _native(column: Column, source: Source) -> str | None:
    """SQL for a column that a Parquet file holds as it is wanted, or nearly so."""
    if column.name in source.resolved:
        return "{name}"
    given = re.sub(r"[ (].*", "", source.columns[column.name])
    if given == "VARCHAR":
        return None
    least = 0 if column.kind in ("number", "count") else 1
    is_whole = column.kind in ("number", "count", "length_of_day", "periods")
    if is_whole and given in WHOLE_TYPES | PART_TYPES:
        whole = "" if given in WHOLE_TYPES else "AND {name} = floor({name})"
        return (
            f"CASE WHEN {{name}} BETWEEN {least} AND 999999999 {whole}"
            " THEN CAST({name} AS INTEGER) END"
        )
    if column.kind == "decimal" and given in WHOLE_TYPES | PART_TYPES:
        return "CASE WHEN {name} BETWEEN 0 AND 100 THEN CAST({name} AS DOUBLE) END"
    if column.kind == "date" and given.startswith("TIMESTAMP"):
        return "CASE WHEN {name} = CAST({name} AS DATE) THEN CAST({name} AS DATE) END"
    if (column.kind, given) == ("yes_no", "BOOLEAN"):
        return "{name}"
    if (column.kind, given) == ("date", "DATE"):
        return "CASE WHEN {name} BETWEEN DATE '1900-01-01' AND DATE '9999-12-31' THEN {name} END"
    return None


def set_aside_unreadable(source: Source, loading: Loading) -> None:
    """Take out the rows with a value that cannot be read, each for its first such value."""
    _mark_blank(source, loading)
    _mark(source, loading, _said(source), "at_row", _unreadable(source))
    # Days after today: the only rule that needs a value.
    today = {"today": loading.today} if source.file.name == "attendance" else {}
    _mark(source, loading, quoted(source.file.name), "rowid", _unusable(source), **today)
    any_marked = "SELECT at_row FROM staging.set_aside WHERE file = $file"
    if loading.found(any_marked, file=source.file.name).total:
        _refuse_foreign_dates(source, loading)
        _list_after_today(source, loading)
        set_aside(source, loading, ("unreadable", "too long", "one of two", "more than all"))
    _note_unknown(source, loading)


def _mark_blank(source: Source, loading: Loading) -> None:
    """Mark the rows that have nothing in any column: they are no rows, and nothing is said."""
    key = next((c for c in source.file.columns if c.never_blank and c.name in source.columns), None)
    if key is None:
        return
    suspected = f"SELECT rowid FROM {quoted(source.file.name)} WHERE {quoted(key.name)} IS NULL"
    if loading.connection.execute(f"{suspected} LIMIT 1").fetchall():
        blank = " AND ".join(f"read_text({quoted(name)}) IS NULL" for name in source.columns)
        loading.connection.execute(
            f"""
            INSERT INTO staging.set_aside
            SELECT $file, {source.position}, $column, 'blank row'
            FROM {source.relation}
            WHERE {source.position} IN ({suspected}) AND {blank}
            """,
            {"file": source.file.name, "column": key.name},
        )


def marked(source: Source, loading: Loading, rule: str) -> Found:
    """How many rows of a file are marked under a rule, and the first few."""
    return loading.found(
        "SELECT at_row FROM staging.set_aside WHERE file = $file AND rule = $rule",
        file=source.file.name,
        rule=rule,
    )


def _list_after_today(source: Source, loading: Loading) -> None:
    """Leave entered ahead of its days is nothing wrong: one line says how many rows wait."""
    total, positions, *_ = marked(source, loading, "after today")
    if not total:
        return
    line, day = loading.connection.execute(
        f"""
        SELECT {source.line}, CAST("date" AS VARCHAR) FROM {_said(source)} WHERE at_row = $first
        """,
        {"first": positions[0]},
    ).fetchall()[0]
    more = f", like {total - 1:,} rows more" if total > 1 else ""
    finding = Finding(
        source.name,
        line,
        "date",
        day,
        f"is after the day of loading{more}",
        f"days up to {loading.today} are counted",
        "set_aside",
        total,
        source.row_word,
    )
    loading.findings.add(finding)
    loading.findings.count_set_aside(source.name, total)


def _note_unknown(source: Source, loading: Loading) -> None:
    """One line for each value that nobody can read and that may be unknown."""
    for column in source.file.columns:
        if (source.file.name, column.name) not in MAY_BE_UNKNOWN:
            continue
        if column.name not in source.columns:
            continue
        name = quoted(column.name)
        for value, rows, line in loading.connection.execute(
            f"""
            SELECT CAST({name} AS VARCHAR) AS value, count(*) AS rows, min({source.line}) AS line
            FROM {_said(source)}
            WHERE {name} IS NOT NULL
                AND {_read(column, source)} IS NULL
                AND at_row NOT IN (SELECT at_row FROM staging.set_aside WHERE file = $file)
            GROUP BY value
            ORDER BY line
            """,
            {"file": source.file.name},
        ).fetchall():
            problem, right = KINDS[column.kind]
            finding = Finding(
                source.name,
                line,
                column.name,
                value,
                f"{problem}, in {rows:,} {'row' if rows == 1 else 'rows'}",
                f"it is unknown there, and the row stays; {right}",
                "noted",
                rows,
                source.row_word,
            )
            loading.findings.add(finding, group="unknown")


def _refuse_foreign_dates(source: Source, loading: Loading) -> None:
    """Of a column of dates that are all written in another way one line says in which."""
    file = source.file
    marked = "SELECT at_row FROM staging.set_aside WHERE file = $file AND rule = 'unreadable'"
    if not loading.found(marked, file=file.name).total:
        return
    relation = _said(source)
    for column in file.columns:
        if column.kind != "date" or column.name not in source.columns:
            continue
        value, read = f"CAST({quoted(column.name)} AS VARCHAR)", _read(column, source)
        written = dict(
            loading.connection.execute(
                f"""
                SELECT {value} AS value, count(*)
                FROM {relation}
                WHERE {value} IS NOT NULL AND {read} IS NULL
                GROUP BY ALL ORDER BY min(at_row)
                """
            ).fetchall()
        )
        found = dates.convention(list(written))
        if not found:
            continue
        way, alike, day = found
        [[readable, rows]] = loading.connection.execute(
            f"SELECT count({read}), count(*) FROM {relation}"
        ).fetchall()
        total, all_dates = sum(written[value] for value in alike), readable + sum(written.values())
        if total < all_dates and (total <= MOST_SET_ASIDE or total * 100 <= rows):
            continue
        such = f"SELECT at_row FROM {relation} WHERE {value} IN (SELECT unnest($alike))"
        loading.connection.execute(
            f"""
            UPDATE staging.set_aside SET rule = 'foreign date'
            WHERE file = $file AND column_name = $column AND at_row IN ({such})
            """,
            {"file": file.name, "column": column.name, "alike": alike},
        )
        how_many = f"all {total:,}" if total == all_dates else f"{total:,} of {all_dates:,}"
        problem = f"is one of {how_many} dates of this column that are {way}"
        if total == all_dates == 1:
            problem = f"is {way}"
        remedy = "write them year first" + (f", this one as {day}" if day else ", as 2025-09-30")
        first = loading.found(f"SELECT min(at_row) AS at_row FROM ({such})", alike=alike)
        loading.list_rows(source, "refused", first, (column.name,), (problem, remedy))


def _mark(
    source: Source, loading: Loading, relation: str, at_row: str, rules: list[str], **values
) -> None:
    """Mark the rows of a relation for the first rule that they break."""
    if rules:
        loading.connection.execute(
            f"""
            INSERT INTO staging.set_aside
            SELECT $file, at_row, rule[1], rule[2]
            FROM (
                SELECT {at_row} AS at_row, CASE {" ".join(rules)} END AS rule FROM {relation}
            )
            WHERE rule IS NOT NULL AND at_row NOT IN (
                SELECT at_row FROM staging.set_aside WHERE file = $file
            )
            """,
            {"file": source.file.name} | values,
        )


def _unreadable(source: Source) -> list[str]:
    """For each column whose values can be wrong: when one is, told from the file itself."""
    return [
        f"WHEN {quoted(column.name)} IS NOT NULL AND {_read(column, source)} IS NULL"
        f" THEN ['{column.name}', 'unreadable']"
        for column in source.file.columns
        if column.name in source.columns
        and column.kind not in TEXT_KINDS | REFUSED_UNREAD
        and (not column.never_blank)
        and (source.file.name, column.name) not in MAY_BE_UNKNOWN
    ]


def _unusable(source: Source) -> list[str]:
    """For each column: when a typed value is missing that may not be, or breaks a rule."""
    file = source.file
    looked_up = {name for reference in file.references for name in reference.columns}
    # What the days to come bring is not looked at yet.
    rules = []
    if file.name == "attendance":
        rules.append("WHEN date > $today THEN ['date', 'after today']")
    for column in file.columns:
        name = quoted(column.name)
        is_needed = column.never_blank and column.kind not in REFUSED_UNREAD
        if is_needed and column.name in source.columns:
            rules.append(f"WHEN {name} IS NULL THEN ['{column.name}', 'unreadable']")
        if column.kind in TEXT_KINDS and column.name not in looked_up:
            # Bytes first, which is faster: no text has more characters.
            rules.append(
                f"WHEN strlen({name}) > {LONGEST_CELL} AND length({name}) > {LONGEST_CELL}"
                f" THEN ['{column.name}', 'too long']"
            )
    if file.name == "attendance":
        rules += [
            f"WHEN {one} IS NULL AND {other} IS NOT NULL THEN ['{one}', 'one of two']"
            for one, other in (MINUTES, MINUTES[::-1])
        ]
    if file.name == "published_rates":
        rules.append("WHEN students_absent > students THEN ['students_absent', 'more than all']")
    return rules


def set_aside(source: Source, loading: Loading, rules: tuple[str, ...]) -> None:
    """Say which rows of a file are marked under these rules, and delete them from its table."""
    file = source.file
    for column_name, rule, total in loading.connection.execute(
        """
        SELECT column_name, rule, count(*)
        FROM staging.set_aside WHERE file = $file AND rule IN (SELECT unnest($rules))
        GROUP BY column_name, rule ORDER BY ALL
        """,
        {"file": file.name, "rules": list(rules)},
    ).fetchall():
        words = _words(file.column(column_name), rule)
        found = loading.found(
            """
            SELECT at_row FROM staging.set_aside
            WHERE file = $file AND column_name = $column AND rule = $rule
            """,
            file=file.name,
            column=column_name,
            rule=rule,
        )
        loading.list_rows(source, "set_aside", found, (column_name,), words)
        loading.findings.count_set_aside(source.name, total)
    loading.connection.execute(
        f"""
        DELETE FROM {quoted(file.name)}
        WHERE rowid IN (SELECT at_row FROM staging.set_aside WHERE file = $file)
        """,
        {"file": file.name},
    )


def _words(column: Column, rule: str) -> Callable[[str | None], tuple[str, str]]:
    def words(value: str | None) -> tuple[str, str]:
        if rule == "one of two":
            return "is blank though the other of the two minutes is given", "give both or neither"
        if rule == "more than all":
            return "is more than students", "of so many students, write how many were absent"
        if rule == "too long":
            return KINDS["text"]
        if column.never_blank and (value is None or not value.strip()):
            return "is blank", "every row needs one"
        return KINDS[column.kind]

    return words
