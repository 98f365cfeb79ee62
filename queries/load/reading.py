"""Files to rows: find each file of the folder, read its header, and make its cells text.

A file that is plain (one row to a line, valid UTF-8, one kind of line ending) is read by DuckDB
in strict mode, which fails on whatever it does not understand. Then, and whenever the number of
rows is not the number of lines, Python reads the file line by line: slower, but it says which
line is wrong and goes on behind it. DuckDB's own tolerant mode is no help here: it drops cells
from rows that have too many and invents rows where line endings are mixed.
"""

import csv
import glob
import gzip
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

import duckdb

from queries.disk import is_full
from queries.load.exchange import FILES, HOLDS, File
from queries.load.report import Findings, shown

LONGEST_CELL = 10_000
LONGEST_LINE = 1_000_000
MOST_LINES_IN_A_ROW = 100
BLOCK = 1 << 24
NO_CELLS = str.maketrans("", "", ',"')  # a line of these has cells, and nothing in them

# Names, by their letters, under which other systems write what here is an optional column, and
# what to do with it.
NAME_IT = "if it is {column}, name it so"
LIKELY = {
    "enrollments": (
        (
            "calendar_code",
            "^(fte|fulltimeequivalency|parttime|percentenrolled|percentattending)$",
            "it does not say on which days somebody comes: for students who come on some days only "
            "write their calendar_code, and list its days under that code in calendar",
        ),
        ("calendar_code", "calendar|track", NAME_IT),
    ),
    "calendar": (
        ("in_session", "instruct|session|schoolday|holiday|dayoff|daytype|event", NAME_IT),
        ("calendar_code", "calendar|track", NAME_IT),
        ("periods", "period", NAME_IT),
    ),
    "attendance": (
        ("period", "period|classhour|block", NAME_IT),
        ("session", "session|ampm|halfday", NAME_IT),
        ("missed_minutes", "minute|mins?$", NAME_IT),
        ("event_duration", "duration|share|fraction|portion|amount|hours", NAME_IT),
    ),
}

# The same, where a row without it would mean something else: who left would be there to the end,
# and an absence of a week would be one of a day.
NO_WORDS = "^(?!.*(reason|code|type|status|note|comment|school|id)$)"
TO = (
    "^(end|until|to|thru|through|till)$|((?<!att)end|until|to|thru|through|till)(date|day)$"
    "|date(to|end|until)$"
)
ASKED = {
    "enrollments": (
        (
            "exit_date",
            f"{NO_WORDS}.*?(exit|withdr|leav|left|drop|{TO})",
            "if it is exit_date, name it so, otherwise remove it",
        ),
    ),
    "attendance": (
        (
            "",
            f"{NO_WORDS}.*?({TO})",
            "a row is one day: write a row for each day from date to this one, and remove it",
        ),
        (
            "event_duration",
            "days|^absences?$|count$|quantity",
            "if it is the share of one day, name it event_duration; if it counts days, write a row "
            "for each of them, and remove it",
        ),
    ),
}

FORMS = (".csv", ".csv.gz", ".parquet")
UNREADABLE = (OSError, EOFError, zlib.error, duckdb.Error, UnicodeError, csv.Error)

# What a file really is, when its first bytes say that it is no CSV.
MISTAKEN = {
    b"\xff\xfe": "is UTF-16 text",
    b"\xfe\xff": "is UTF-16 text",
    b"PK\x03\x04": "is an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook",
    b"\x1f\x8b": "is compressed",
    b"PAR1": "is a Parquet file",
    b"%PDF": "is a PDF",
}


@dataclass
class Source:
    """One file of the folder, once its rows can be asked for.

    `relation` is SQL for its rows, with the `columns` of the contract that it has and `position`,
    the place of a row in the file from 0, as SQL; `line` is SQL for the line
    number of a row from `at_row`, that place. Every value of a
    `resolved` column is known to be in the file it refers to. `unknown` columns are not read.
    A source that is not `whole` lacks a required column: of its rows only the values are looked at.
    `before`: what its rows without a line are called, which were loaded earlier and not replaced.
    """

    file: File
    path: Path
    columns: dict[str, str]
    relation: str = ""
    position: str = "rowid"
    line: str = "at_row + 2"
    resolved: set[str] = field(default_factory=set)
    header: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    whole: bool = True
    before: str = ""

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def row_word(self) -> str:
        return "row" if self.name.endswith(".parquet") else "line"


def quoted(*names: str) -> str:
    """Names as SQL identifiers. The only names that ever become SQL text are those of the
    contract in exchange.py, and the names of tables that DuckDB itself reports: never a
    header, a file name or a value."""
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)


def find_files(
    folder: Path, findings: Findings, held: frozenset[str] = frozenset()
) -> dict[str, Path]:
    """The path of each file of the contract that the folder has; the rest become findings.

    held: files that a part of a year need not bring, as they were loaded before."""
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        findings.refuse(str(folder), None, None, None, what, f"name a folder with {_needed()}")
        return {}
    entries = sorted(folder.iterdir())
    found = {}
    for file in FILES:
        paths = [path for form in FORMS for path in entries if path.name == file.name + form]
        if len(paths) > 1:
            both = " and ".join(path.name for path in paths)
            findings.refuse(both, None, None, None, "are the same file twice", "remove one")
        elif paths:
            found[file.name] = paths[0]
    if held and not found:
        problem = "has no file of the contract"
        findings.refuse(str(folder), None, None, None, problem, f"name a folder with {_needed()}")
    _refuse_missing(entries, {*found, *held}, findings)
    missing = [file for file in FILES if file.name not in found]
    _note_unknown(entries, missing, findings, held)
    return found


def open_source(
    contract: File, path: Path, connection: duckdb.DuckDBPyConnection, findings: Findings
) -> Source | None:
    """The source of one file with its header checked, or None when that refuses the file."""
    refuse = findings.refuse
    if not path.is_file():
        refuse(path.name, None, None, None, "is not a file", "put the file itself there")
        return None
    try:
        if path.name.endswith(".parquet"):
            header = _parquet_columns(path, contract, connection)
        else:
            mistaken = _mistaken(path)
            if mistaken:
                remedy = "save it as CSV, UTF-8, with commas"
                refuse(path.name, None, None, None, mistaken, remedy)
                return None
            names = _as_in_contract(_header_row(path).cells, contract)
            header = _unique([(name, "VARCHAR") for name in names])
    except _DuplicateHeader as error:
        refuse(
            path.name,
            1,
            shown(error.args[0]),
            None,
            "the column is there twice",
            "keep one of them",
        )
        return None
    except UNREADABLE as error:
        refuse(path.name, None, None, None, f"cannot be read ({_reason(error)})", "save it again")
        return None
    source = Source(contract, path, {})
    source.whole = _check_header(source, header, findings)
    known = {column.name for column in contract.columns}
    source.header = list(header)
    source.columns = {name: kind for name, kind in header.items() if name in known}
    return source if source.columns else None


def stage(
    source: Source,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    findings: Findings,
    say: Callable[[str], None],
) -> bool:
    """Make the rows of a source ready to be asked for. False when the file cannot be read."""
    try:
        if source.name.endswith(".parquet"):
            _read_parquet(source, connection)
        elif not _read_plain(source, connection):
            say(f"{source.name}: not plain, so reading it line by line")
            _read_carefully(source, connection, folder, findings)
    except UNREADABLE as error:
        if is_full(error):
            raise
        refuse_unreadable(source, error, findings)
        return False
    return True


def refuse_unreadable(source: Source, error: Exception, findings: Findings) -> None:
    problem = f"cannot be read to its end ({_reason(error)})"
    findings.refuse(source.name, None, None, None, problem, "save it again")


def _needed() -> str:
    return ", ".join(f"{file.name}.csv" for file in FILES if file.required)


# A folder may hold a survey alone, totals of years, or what others published. Then these files are
# not missed, but none of them may be there under nearly its name, for somebody meant it.
PUBLISHED, TOTALS = "published_rates", "year_totals"
SURVEYS = {"survey_answers", "survey_counts", "survey_published"}
NOT_OF_SURVEYS = {file.name for file in FILES if file.required} - {"schools"}


def _refuse_missing(entries: list[Path], found: set[str], findings: Findings) -> None:
    alike = {
        path.name.lower().split(".")[0].replace(" ", "_").replace("-", "_") for path in entries
    }
    # Who the students are totals say themselves.
    given = (found | alike) - ({"students"} if TOTALS in found else set())
    without_days = found & {*SURVEYS, PUBLISHED, TOTALS} and not given & NOT_OF_SURVEYS
    surveys_alone = without_days and TOTALS not in found
    for file in FILES:
        if file.required and file.name not in found:
            has_schools = found & {*SURVEYS, TOTALS}
            if without_days and (file.name in NOT_OF_SURVEYS or not has_schools):
                continue
            problem = "the file is missing"
            findings.refuse(f"{file.name}.csv", None, None, None, problem, file.in_words)
    if surveys_alone:
        names = ", ".join(f"{file.name}.csv" for file in FILES if file.name in NOT_OF_SURVEYS)
        held = "a survey" if found & SURVEYS else "what others published"
        problem = f"holds {held} and no attendance, so the pages on attendance stay empty"
        findings.note("the folder", None, None, None, problem, f"{names} would fill them")


def _note_unknown(
    entries: list[Path], missing: list[File], findings: Findings, held: frozenset[str]
) -> None:
    """Say which files are not read. In a part of a year nothing misses one that is called nearly
    as one that was loaded before, so it is asked about."""
    known = {file.name + form for file in FILES for form in FORMS} | {"mapping.toml"}
    for path in entries:
        quiet = path.is_dir() or path.suffix in (".md", ".py") or path.name.startswith(".")
        if path.name not in known and not quiet:
            # The longest name first: an export of attendance codes is no attendance.
            perhaps = sorted(
                (file.name for file in missing if _alike(path.stem, file.name)), key=len
            )
            remedy = "ignored"
            if perhaps:
                remedy = (
                    f"if it is {perhaps[-1]}, write its rows into {perhaps[-1]}.csv: UTF-8, commas "
                    "between, and a row with the names of the columns first"
                )
            say = findings.refuse if held.intersection(perhaps) else findings.note
            say(path.name, None, None, None, "is no file of the contract", remedy)


def _alike(stem: str, name: str) -> bool:
    """Whether a file may be one of the contract under another name, such as Student.Export."""
    return _letters(name).removesuffix("s") in _letters(stem.lower())


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _check_header(source: Source, header: dict[str, str], findings: Findings) -> bool:
    """Whether every required column is there; missing and unknown ones become findings."""
    line = None if source.row_word == "row" else 1
    missing = [
        column.name
        for column in source.file.columns
        if column.required and column.name not in header
    ]
    if missing:
        several = len(missing) > 1
        problem = "the columns are missing" if several else "the column is missing"
        remedy = f"add {'them' if several else 'it'}; "
        if source.file.required:
            remedy += f"{source.file.name} has {HOLDS[source.file.name]}; "
        remedy += f"the columns found are {shown(', '.join(header)) or 'none'}"
        if len(header) == 1 and any(mark in next(iter(header)) for mark in ";\t|"):
            remedy = "separate the columns by commas"
        findings.refuse(source.name, line, ", ".join(missing), None, problem, remedy)
    known = {column.name for column in source.file.columns}
    source.unknown = [name for name in header if name not in known]
    told = _tell_likely(source, line, header, findings)
    silent = [name for name in source.unknown if name not in told]
    if silent:
        names = ", ".join(silent)
        findings.note(source.name, line, None, names, "not a column of the contract", "ignored")
    return not missing


def _tell_likely(
    source: Source, line: int | None, header: dict[str, str], findings: Findings
) -> set[str]:
    """Say of columns that are not read which ones they may be, and ask about those without which
    rows mean something else."""
    told = set()
    for name in source.unknown:
        letters = _letters(name)
        for column, pattern, remedy in ASKED.get(source.file.name, ()):
            if column not in header and re.search(pattern, letters):
                findings.refuse(source.name, line, name, None, "is not read", remedy)
                told.add(name)
                break
        likely = [
            remedy.format(column=column)
            for column, pattern, remedy in LIKELY.get(source.file.name, ())
            if column not in header and re.search(pattern, letters)
        ]
        if likely and name not in told:
            findings.note(source.name, line, name, None, "is not read", likely[0])
            told.add(name)
    return told


# Parquet


def _parquet_columns(
    path: Path, contract: File, connection: duckdb.DuckDBPyConnection
) -> dict[str, str]:
    rows = connection.execute(
        "DESCRIBE SELECT * FROM read_parquet($path, hive_partitioning = false)",
        {"path": glob.escape(str(path))},
    ).fetchall()
    names = _as_in_contract([row[0] for row in rows], contract)
    return _unique([(name, row[1]) for name, row in zip(names, rows, strict=True)])


def _read_parquet(source: Source, connection: duckdb.DuckDBPyConnection) -> None:
    variable = f"path_of_{source.file.name}"
    connection.execute(
        f"SET VARIABLE {quoted(variable)} = $path", {"path": glob.escape(str(source.path))}
    )
    # Columns are named by their place, so that no header is ever part of a statement.
    names = [name if name in source.columns else f"#{n}" for n, name in enumerate(source.header)]
    source.relation = (
        f"read_parquet(getvariable('{variable}'), file_row_number = true, "
        f"hive_partitioning = false) AS given({quoted(*names, 'file_row_number')})"
    )
    source.position = "file_row_number"
    source.line = "at_row + 1"


# CSV


class _DuplicateHeader(Exception):
    pass


def _unique(columns: list[tuple[str, str]]) -> dict[str, str]:
    unique = {}
    for name, kind in columns:
        if name and name in unique:
            raise _DuplicateHeader(name)
        unique[name] = kind
    return unique


def _open(path: Path):
    return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")


def _open_text(path: Path):
    """Text with every line ending kept, and bytes that are not UTF-8 kept as surrogates."""
    how: dict[str, Any] = {"encoding": "utf-8-sig", "errors": "surrogateescape", "newline": ""}
    if path.name.endswith(".gz"):
        return gzip.open(path, "rt", **how)
    return path.open("r", **how)


def _mistaken(path: Path) -> str | None:
    with _open(path) as file:
        start = file.read(4096)
    for signature, what in MISTAKEN.items():
        if start.startswith(signature):
            return what
    if start.count(b"\x00") * 10 > len(start):
        return "is not text"
    return None if start.strip(b"\xef\xbb\xbf \t\r\n") else "is empty"


def _header_row(path: Path) -> "_Row":
    with _open_text(path) as stream:
        row = next(_rows(stream, set()), None)
    if row is None:
        raise EOFError("it has no header row")
    return row


def _read_plain(source: Source, connection: duckdb.DuckDBPyConnection) -> bool:
    """Let DuckDB read the file; False when it is not plain and was not read."""
    lines = _plain_lines(source.path)
    header = _header_row(source.path)
    if lines is None or header.lines[-1].number != 1:
        return False
    staged = f"staging.{quoted(source.file.name)}"
    try:
        names = _as_in_contract(header.cells, source.file)
        _copy_csv(source, connection, source.path, names, skip=1)
        rows = connection.execute(f"SELECT count(*) FROM {staged}").fetchall()[0][0]
    except duckdb.Error as error:
        if is_full(error):
            raise
        return False
    if rows == lines - 1:
        return True
    connection.execute(f"DROP TABLE {staged}")
    return False


def _copy_csv(
    source: Source,
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    header: list[str],
    skip: int,
) -> None:
    """Copy a CSV file into the staging file, every cell as text, in the order of the file."""
    staged = f"staging.{quoted(source.file.name)}"
    # Unknown columns get a name of ours, so that no header is ever part of a statement.
    known = {"line", *source.columns} if skip == 0 else set(source.columns)
    names = [name if name in known else f"#{place}" for place, name in enumerate(header)]
    chosen = quoted(*(name for name in names if name in known))
    connection.execute(
        f"""
        CREATE TABLE {staged} AS
        SELECT {chosen}
        FROM read_csv(
            $path, columns = $columns, header = false, skip = $skip, auto_detect = false,
            delim = ',', quote = '"', escape = '"', nullstr = '', strict_mode = true,
            hive_partitioning = false
        )
        """,
        {
            "path": glob.escape(str(path)),
            "columns": dict.fromkeys(names, "VARCHAR"),
            "skip": skip,
        },
    )
    source.relation = staged


def _plain_lines(path: Path) -> int | None:
    """The number of lines of a file whose lines all end alike and none of which is blank."""
    feeds = returns = pairs = 0
    before = b"\n"  # so that a blank first line counts as one
    with _open(path) as file:
        while block := file.read(BLOCK):
            joined = before + block
            if b"\x00" in block or b"\n\n" in joined or b"\n\r" in joined:
                return None
            feeds += block.count(b"\n")
            returns += block.count(b"\r")
            pairs += (before[-1:] + block).count(b"\r\n")
            before = joined[-2:]
    if returns and not returns == pairs == feeds:
        return None
    return feeds + (before[-1:] != b"\n")


# CSV, line by line


@dataclass(frozen=True)
class _Line:
    """A physical line as it stands in the file; `length` counts what was cut off too."""

    number: int
    text: str
    length: int


@dataclass(frozen=True)
class _Row:
    """A row and the lines it was read from; `problem` if its quotation marks go wrong."""

    lines: list[_Line]
    cells: list[str]
    problem: str = ""


UNCLOSED = "has a quotation mark that is not closed"
RUNS_OVER = "has a quotation mark that runs over lines that look like rows of their own"


def _read_carefully(
    source: Source, connection: duckdb.DuckDBPyConnection, folder: Path, findings: Findings
) -> None:
    """Copy the rows that can be read, with their line numbers, to a plain file; stage that."""
    copy = folder / f"{source.file.name}.csv"
    # Columns that are ignored may hold anything that is still one cell.
    checked = {column.name for column in source.file.columns if column.kind != "text"}
    with _open_text(source.path) as stream, copy.open("w", encoding="utf-8", newline="") as file:
        rows = _rows(stream, checked)
        header = _as_in_contract(next(rows).cells, source.file)
        places = [header.index(name) for name in source.columns]
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in rows:
            if len(row.cells) == len(header) + 1 and not row.cells[-1]:
                # A comma at the end of a row is no cell; DuckDB reads it so too.
                row = replace(row, cells=row.cells[:-1])
            wrong = _wrong(row, header, places)
            if wrong:
                findings.set_aside(source.name, row.lines[0].number, *wrong)
            else:
                cells = (row.cells[place] for place in places)
                writer.writerow([row.lines[0].number, *cells])
    _copy_csv(source, connection, copy, ["line", *source.columns], skip=0)
    copy.unlink()
    source.line = "CAST(line AS BIGINT)"


def _lowered(header: list[str]) -> list[str]:
    return [cell.strip(" \t\r\n\xa0\ufeff").strip('"').strip().lower() for cell in header]


def _as_in_contract(header: list[str], contract: File) -> list[str]:
    """A header with the contract's names for what differs from them in capitals, spaces, _ and -
    alone, such as inSession for in_session. A name that is there as it should be is not given
    twice."""
    header = _lowered(header)
    known = {_letters(column.name): column.name for column in contract.columns}
    return [
        name if known.get(_letters(name), name) in header else known[_letters(name)]
        for name in header
    ]


def _letters(name: str) -> str:
    return re.sub(r"[\s_-]", "", name)


def _lines(stream: TextIO) -> Iterator[_Line]:
    """Physical lines, counted from 1, of which at most LONGEST_LINE characters are kept."""
    number = 0
    while text := stream.readline(LONGEST_LINE):
        number += 1
        length, rest = len(text), text
        while len(rest) == LONGEST_LINE and not rest.endswith(("\n", "\r")):
            rest = stream.readline(LONGEST_LINE)
            length += len(rest.rstrip("\r\n"))
        yield _Line(number, text, length)


def _rows(stream: TextIO, checked: set[str]) -> Iterator[_Row]:
    """Rows, the header first, blank ones left out. Cells of `checked` columns have no breaks.

    A quotation mark that is never closed costs its own line only: reading goes on with the next
    line, so that no row is swallowed.
    """
    lines = _lines(stream)
    waiting: deque[_Line] = deque()
    header: list[str] = []

    def following() -> _Line | None:
        return waiting.popleft() if waiting else next(lines, None)

    while line := following():
        # An odd quotation mark opens a cell that goes on in the next line.
        if not line.text.translate(NO_CELLS).strip() and line.text.count('"') % 2 == 0:
            continue
        row = _one_row(line, following)
        if header and len(row.lines) > 1 and not row.problem:
            row = _Row(row.lines, row.cells, _runaway(row, header, checked))
        if row.problem == UNCLOSED:
            waiting.extendleft(reversed(row.lines[1:]))
        yield row
        header = header or _lowered(row.cells)


def _one_row(line: _Line, following: Callable[[], _Line | None]) -> _Row:
    """The row that begins on a line, with the lines that its quotation marks run over."""
    taken = [line]
    plain_cells = line.text.rstrip("\r\n").split(",")
    if '"' not in line.text or line.length > len(line.text):
        return _Row(taken, plain_cells)

    def texts() -> Iterator[str]:
        yield line.text
        while len(taken) < MOST_LINES_IN_A_ROW and (more := following()):
            taken.append(more)
            yield more.text

    try:
        return _Row(taken, next(csv.reader(texts(), strict=True, skipinitialspace=True)))
    except csv.Error:
        return _Row(taken, plain_cells, UNCLOSED)


def _runaway(row: _Row, header: list[str], checked: set[str]) -> str:
    """What is wrong with a row of several lines, if anything: only free text may have breaks."""
    if len(row.cells) != len(header):
        return UNCLOSED
    broken = {
        name for name, cell in zip(header, row.cells, strict=True) if "\n" in cell or "\r" in cell
    }
    if broken & checked:
        return UNCLOSED
    alike = any(line.text.count(",") >= len(header) - 1 for line in row.lines[1:])
    return RUNS_OVER if alike else ""


def _wrong(
    row: _Row, header: list[str], places: list[int]
) -> tuple[str | None, str, str, str] | None:
    """Column, value, problem and remedy of a row that cannot be read, None for one that can.

    Of a row with as many cells as the header, only those at `places` are looked at: what stands
    in a column that is ignored costs no row.
    """
    line = row.lines[0]
    text = line.text.rstrip("\r\n")
    whole = line.length == len(line.text)
    shaped = whole and len(row.cells) == len(header) and not row.problem
    looked_at = places if shaped else range(len(row.cells))
    longest = max(looked_at, key=lambda place: len(row.cells[place]))
    if not whole or len(row.cells[longest]) > LONGEST_CELL:
        length = len(row.cells[longest]) + line.length - len(line.text)
        return (
            _named(header, longest),
            row.cells[longest],
            f"has {length:,} characters",
            (f"write at most {LONGEST_CELL:,}"),
        )
    if row.problem:
        opened = next((i for i, cell in enumerate(text.split(",")) if '"' in cell), 0)
        return (
            _named(header, opened),
            text,
            row.problem,
            "close it, or write it twice inside a cell",
        )
    if len(row.cells) != len(header):
        cells = "cell" if len(row.cells) == 1 else "cells"
        return (
            _named(header, len(row.cells)),
            text,
            (f"has {len(row.cells)} {cells} and the header {len(header)}"),
            "give every row as many, and put a cell with a comma in quotation marks",
        )
    for place in places:
        name, cell = header[place], row.cells[place]
        if "\x00" in cell:
            return name, cell, "has a character that is no text", "remove it"
        if any("\udc80" <= letter <= "\udcff" for letter in cell):
            return name, *_not_utf8(cell)
    return None


def _named(header: list[str], place: int) -> str:
    return header[min(place, len(header) - 1)]


def _not_utf8(cell: str) -> tuple[str, str, str]:
    """Value, problem and remedy of a cell with bytes that are not UTF-8: mostly Windows-1252."""
    raw = cell.encode("utf-8", "surrogateescape")
    read_as = shown(raw.decode("cp1252", "replace"))
    value = raw.decode("utf-8", "backslashreplace")
    return value, "is not UTF-8", f"save the file as UTF-8; in Windows-1252 it reads '{read_as}'"
