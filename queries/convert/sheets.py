"""Any file of another system as sheets of text cells: encoding, delimiter, title rows and totals.

Nothing is guessed in silence: how a file was read stands in its `Reading`, which `map` prints and
`mapping.toml` keeps.
"""

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from queries.load.report import Finding, printable

DELIMITERS = ",;\t|"
TEXT, WORKBOOKS, LINES = (
    (".csv", ".tsv", ".txt", ".text", ".tab"),
    (".xlsx", ".xlsm", ".xls"),
    (
        ".jsonl",
        ".ndjson",
        ".json",
    ),
)
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ROWS = (*TEXT, *WORKBOOKS, *LINES, ".sav")
BROKEN = (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error, CalamineError)
# What is looked at to find delimiter and header, and how long a title may be.
LOOKED_AT, TITLE_ROWS = 200, 20
MOST_BYTES = 2**30
# A row at the foot that adds up or counts what is above.
FOOT = re.compile(
    r"\W*(grand |sub)?(totals?|sum|count|records?|rows?|page|end of (report|file)|printed|generated"
    r"|summe|suma|gesamt|applied filters)\b.*",
    re.IGNORECASE,
)


class NoTable(Exception):
    """A file that was never meant as rows, such as a letter or a license."""


class Unreadable(Exception):
    """A file that is no table; the words say what it is and what would be right."""


@dataclass(frozen=True)
class Reading:
    """How a file was read. `sure` is false where the encoding was not proved."""

    encoding: str = ""
    delimiter: str = ""
    header_line: int = 1
    left_out: tuple[str, ...] = ()
    sure: bool = True

    @property
    def told(self) -> dict[str, str | int]:
        """What a mapping keeps of it."""
        given = {"encoding": self.encoding, "delimiter": self.delimiter}
        return {name: v for name, v in given.items() if v} | {"header_line": self.header_line}


@dataclass
class Sheet:
    """One table of a file. `table` has one row a row, every cell text, '' where nothing stands, and
    as index the line (in a workbook the row) it was read from. `odd` rows have another number of
    cells than the header: line, and how many."""

    file: str
    name: str  # of a workbook's sheet, otherwise ''
    table: pd.DataFrame
    reading: Reading = field(default_factory=Reading)
    odd: tuple[tuple[int, int], ...] = ()

    @property
    def title(self) -> str:
        return f"{self.file} · {self.name}" if self.name else self.file


def sheets_of(
    folder: Path,
    encodings: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[list[Sheet], list[Finding]]:
    """The sheets of every file in a folder, in the order of their names, and what was found wrong.

    What cannot be read is left out: refused if it should be rows, only noted if it is something
    else, such as a PDF. `encodings`: by file, what a mapping says. Raises OSError for no folder.
    """
    sheets: list[Sheet] = []
    findings = []
    for path in sorted(folder.iterdir()):
        name = path.name
        if path.is_dir() or name.startswith((".", "~$")) or name == "mapping.toml":
            continue
        if progress:
            progress(f"reading {printable(name)}")
        try:
            found = read(path, (encodings or {}).get(name, ""))
        except NoTable as problem:
            findings.append(Finding(name, None, None, None, str(problem), "left out", "noted"))
            continue
        except Unreadable as problem:
            words, _, remedy = str(problem).partition("; ")
        except (*BROKEN, LookupError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
            words, remedy = f"cannot be read ({reason})", "save it again"
            if name.lower().endswith(WORKBOOKS):
                # The reason is one of zip files, which nobody knows that a workbook is.
                words, remedy = "is damaged or cut off", "open it in Excel, and save it again"
        else:
            sheets += found
            continue
        kind = "refused" if name.lower().removesuffix(".gz").endswith(ROWS) else "noted"
        findings.append(Finding(name, None, None, None, words, remedy, kind))
    return sheets, findings


def read(path: Path, encoding: str = "") -> list[Sheet]:
    """The sheets of one file. Raises NoTable, Unreadable, or one of BROKEN."""
    name = path.name.lower()
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable("is larger than a gigabyte; send one file a year")
    raw = path.read_bytes()
    start = raw[:8]
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or name.endswith(WORKBOOKS):
        return _read_workbook(path)
    if name.endswith(".sav"):
        return [_read_spss(path)]
    if name.endswith((".md", ".py", ".pdf", ".docx", ".doc", ".parquet")):
        raise NoTable("is no file of rows that can be read here")
    raw = gzip.decompress(raw) if start[:2] == b"\x1f\x8b" else raw
    text, encoding, sure = _as_said(raw, encoding) if encoding else decoded(raw)
    if name.removesuffix(".gz").endswith(LINES) or text.lstrip()[:1] in "{[":
        return [Sheet(path.name, "", _nested(text), Reading(encoding, "json", 1, (), sure))]
    return [_read_text(path.name, text, encoding, sure)]


def _as_said(raw: bytes, encoding: str) -> tuple[str, str, bool]:
    """Text by the encoding that a mapping says. Raises ValueError or LookupError."""
    return raw.decode(encoding), encoding, encoding != "windows-1252"


def decoded(raw: bytes) -> tuple[str, str, bool]:
    """Text, encoding, and whether that was proved: by a mark, or by being valid UTF-8."""
    for mark, encoding in MARKS.items():
        if raw.startswith(mark):
            return raw.decode(encoding), encoding, True
    if not raw.strip():
        raise Unreadable("is empty")
    start = raw[:4096]
    if start.count(b"\x00") * 3 > len(start):
        # Every second byte of plain letters is nought in UTF-16, the first or the other one.
        encoding = "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
        return raw.decode(encoding), encoding, True
    if b"\x00" in start:
        raise Unreadable("is no text")
    try:
        return raw.decode("utf-8"), "utf-8", True
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), "windows-1252", False


def _read_text(file: str, text: str, encoding: str, sure: bool) -> Sheet:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows, line = [], 1
    # Days, schools and codes come again and again: each is kept once.
    known: dict[str, str] = {}
    try:
        for cells in reader:
            stripped = (cell.strip(" \t\n\xa0\ufeff") for cell in cells)
            rows.append((line, [known.setdefault(cell, cell) for cell in stripped]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"cannot be read at line {line} ({error}); save it again") from error
    try:
        table, reading, odd = _shaped(rows)
    except Unreadable:
        if file.lower().endswith((".txt", ".text")):
            raise NoTable("is text, and no table") from None
        raise
    reading = Reading(encoding, delimiter, reading.header_line, reading.left_out, sure)
    return Sheet(file, "", table, reading, odd)


def _delimiter(text: str) -> str:
    """The one that cuts most of the first lines into the same number of cells, two or more."""
    lines = [line for line in text[:200_000].split("\n") if line.strip()][:LOOKED_AT]

    def regularity(delimiter: str) -> tuple[float, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0, 0
        cut = {width: rows for width, rows in widths.items() if width > 1}
        width = max(cut, key=lambda one: cut[one], default=0)
        return cut.get(width, 0) / max(len(lines), 1), width

    return max(DELIMITERS, key=regularity)


def _shaped(rows: list[tuple[int, list[str]]]) -> tuple[pd.DataFrame, Reading, tuple]:
    """Rows as a table: title rows above the header and totals below it are left out."""
    rows = [(line, cells) for line, cells in rows if any(cells)]
    if not rows:
        raise Unreadable("is empty")
    wide = [sum(1 for cell in cells if cell) for _, cells in rows[:LOOKED_AT]]
    usual = sorted(wide)[len(wide) // 2]
    head = next(
        (
            place
            for place, (_, cells) in enumerate(rows[:TITLE_ROWS])
            if wide[place] >= max(1, 0.6 * usual) and _names_columns(cells, usual)
        ),
        0,
    )
    header = rows[head][1]
    while header and not header[-1] and all(len(c) < len(header) or not c[-1] for _, c in rows):
        header = header[:-1]
        rows = [(line, cells[: len(header)]) for line, cells in rows]
    foot: list[list[str]] = []
    body = rows[head + 1 :]
    wording = _second_headers(header, body)
    while body and _adds_up(body[-1][1], len(header)):
        foot.insert(0, body.pop()[1])
    left_out = [cells for _, cells in rows[:head]] + foot
    odd = []
    for place, (line, cells) in enumerate(body):
        extra = cells[len(header) :]
        if any(extra) or (len(cells) < len(header) - 1 and len(cells) < len(header) * 0.5):
            odd.append((line, len(cells)))
        if len(cells) != len(header):
            body[place] = (line, (cells + [""] * len(header))[: len(header)])
    if len(odd) > len(body) / 2:
        raise Unreadable(
            f"cannot be understood: {len(odd):,} of {len(body):,} rows have another number of "
            "cells than the header; give every row as many"
        )
    lines = [line for line, _ in body]
    at_odd = {line for line, _ in odd}
    table = pd.DataFrame(
        [cells for line, cells in body if line not in at_odd],
        columns=_unique(header),
        index=[line for line in lines if line not in at_odd],
        dtype=object,
    )
    if wording:
        table.attrs["wording"] = dict(zip(table.columns, wording, strict=True))
    reading = Reading(
        header_line=rows[head][0],
        left_out=tuple(" ".join(filter(None, cells))[:80] for cells in left_out),
    )
    return table, reading, tuple(odd)


def _second_headers(header: list[str], body: list[tuple[int, list[str]]]) -> list[str]:
    """Take the second and third header of a survey away from the rows, the wording and an id of
    every column, and give the wording; [] where there are none."""
    for place, (_, cells) in enumerate(body[:2]):
        if sum(1 for cell in cells if re.match(r"\{.ImportId", cell)) * 2 > len(header):
            above = body[0][1] if place else header
            del body[: place + 1]
            return (above + [""] * len(header))[: len(header)]
    _join_headers(header, body)
    return []


def _join_headers(header: list[str], body: list[tuple[int, list[str]]]) -> None:
    """Join a second header row to the first: it is blank below ids, and says of columns without a
    name which part of the question before them they are. Where each of these holds its own name or
    nothing, they are one question, and its answer stands in the first."""
    below = (body[0][1] + [""] * len(header))[: len(header)] if body else []
    blank = [place for place, cell in enumerate(header) if not cell]
    rows = [cells for _, cells in body[1:] if len(cells) >= len(header)]
    first = sum(1 for cells in rows if cells[0])
    if not (blank and header[0] and not below[0] and first > 0.9 * len(rows) > 2
            and all(below[place] for place in blank)):  # fmt: skip
        return
    del body[0]
    starts = [place for place, cell in enumerate(header) if cell]
    for start, end in zip(starts, [*starts[1:], len(header)], strict=True):
        own = below[start:end]
        if end - start == 1:
            continue
        given = [[cell for cell in cells[start:end] if cell] for cells in rows]
        if all(len(one) <= 1 for one in given) and all(
            cell in ("", name) for cells in rows for cell, name in
            zip(cells[start:end], own, strict=True)
        ):  # fmt: skip
            for cells, one in zip(rows, given, strict=True):
                cells[start:end] = [*one, *[""] * (end - start - len(one))]
            continue
        question = header[start]
        header[start:end] = [f"{question} [{name}]" for name in own]


def _names_columns(cells: list[str], usual: int) -> bool:
    """A header: words that differ, none of them a number alone, but for the days of a month."""
    given = [cell for cell in cells if cell]
    days = [int(cell) for cell in given if re.fullmatch(r"[123]?\d", cell)]
    if len(days) > 1 and all(one < other for one, other in pairwise([0, *days, 32])):
        given = [cell for cell in given if not cell.isdecimal()] + ["a day"]
    numbers = sum(1 for cell in given if re.fullmatch(r"-?[\d.,]+", cell))
    return len(set(given)) >= 0.8 * len(given) and (numbers == 0 or numbers <= 0.2 * len(given))


def _adds_up(cells: list[str], width: int) -> bool:
    given = [cell for cell in cells if cell]
    return bool(given) and bool(FOOT.fullmatch(given[0])) and len(given) < max(3, width)


def _unique(header: list[str]) -> list[str]:
    """Names of columns: a blank one by its place, one that is there twice with its number."""
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(header, start=1):
        name = " ".join(cell.split()) or f"column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _read_workbook(path: Path) -> list[Sheet]:
    if path.read_bytes()[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_BYTES:
                raise Unreadable("unpacks to more than a gigabyte")
    workbook = CalamineWorkbook.from_path(path)
    found = []
    for name in workbook.sheet_names:
        cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        rows = [(n, [_as_text(cell) for cell in row]) for n, row in enumerate(cells, start=1)]
        if any(any(row) for _, row in rows):
            table, reading, odd = _shaped(rows)
            found.append(Sheet(path.name, name, table, reading, odd))
    if not found:
        raise Unreadable("has no sheet with rows; save it again")
    return found


def _as_text(cell: object) -> str:
    """A cell of a workbook as somebody would write it: 1234.0 is 1234, a day has no time."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell).strip(" \t\r\n\xa0\ufeff").replace("\r\n", " ").replace("\n", " ")


def _nested(text: str) -> pd.DataFrame:
    """Records, one a line or in a list, nested ones by the path to them: studentReference.id."""
    try:
        given = json.loads(text) if text.lstrip().startswith("[") else None
        if given is None:
            given = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable(f"is no JSON ({str(error)[:100]})") from error
    if not given or not all(isinstance(one, dict) for one in given):
        raise Unreadable("has no records; write one a line")
    flat = pd.json_normalize(given)
    flat.columns = _unique([str(name) for name in flat.columns])
    flat.index = pd.RangeIndex(1, len(flat) + 1)
    return flat.map(_as_json_text).astype(object)


def _as_json_text(cell: object) -> str:
    if isinstance(cell, list):
        return json.dumps(cell, ensure_ascii=False)
    if cell is None or cell != cell:
        return ""
    return _as_text(cell)


def _read_spss(path: Path) -> Sheet:
    """Every answer by its label. Where labels stand at some numbers alone, mostly the ends, numbers
    stay, and the wording says what they mean. Raises Unreadable without pyreadstat."""
    try:
        import pyreadstat  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        words = "is an SPSS file; install pyreadstat (pip install pyreadstat), or save it as CSV"
        raise Unreadable(f"{words} with labels") from None
    try:
        table, about = pyreadstat.read_sav(str(path))
    except pyreadstat.ReadstatError as error:
        raise Unreadable(f"is damaged, or no SPSS file ({error}); save it again") from error
    wording = {name: words or name for name, words in about.column_names_to_labels.items()}
    for name, labels in about.variable_value_labels.items():
        if set(table[name].dropna()) <= set(labels):
            table[name] = table[name].map(labels)
        else:
            ends = ", ".join(f"{_as_text(n)} = {label}" for n, label in sorted(labels.items()))
            wording[name] += f" ({ends})"
    table = table.astype(object).map(_as_json_text)
    table.index = pd.RangeIndex(1, len(table) + 1)
    table.attrs["wording"] = wording
    return Sheet(path.name, "", table, Reading("spss"))
