"""Foreign files to an exchange folder: look at them, say what they mean, follow that."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from queries import load as exchange
from queries.convert import mapping as mappings
from queries.convert.columns import letters
from queries.convert.guess import guess
from queries.convert.mapping import Mapping, MappingProblem
from queries.convert.meaning import Converted, follow
from queries.convert.reshaped import reshaped
from queries.convert.sheets import Sheet, sheets_of
from queries.load.exchange import FILES, File
from queries.load.reading import FORMS
from queries.load.report import Finding, Refused, Report, shown

__all__ = ["Mapping", "MappingProblem", "convert", "is_foreign", "load", "look", "write"]


def is_foreign(folder: Path) -> bool:
    """Whether a folder has a mapping, or of the files that the contract names fewer than half are
    as it wants them."""
    if not folder.is_dir():
        return False
    if (folder / mappings.NAME).is_file():
        return True
    named = [path for path in folder.iterdir() if path.is_file() and _named(path) is not None]
    return sum(map(_is_of_contract, named)) * 2 < max(1, len(named))


def _named(path: Path) -> File | None:
    """The file of the contract that has this name."""
    return next((one for one in FILES for form in FORMS if path.name == one.name + form), None)


def _is_of_contract(path: Path) -> bool:
    """Whether a file has the name of the contract and the columns that it needs."""
    file = _named(path)
    if file is None or not path.name.endswith(".csv"):
        return file is not None
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            header = {letters(cell) for cell in next(csv.reader(stream), [])}
    except (OSError, csv.Error):
        return True
    return all(letters(column.name) in header for column in file.columns if column.required)


def look(
    folder: Path, said: Path | None = None, *, progress: Callable[[str], None] | None = None
) -> tuple[Mapping, list[Sheet], list[Finding]]:
    """What a folder is taken for: its mapping, its sheets, and what was found while reading.

    said: a mapping that decides for sheets with the same columns. Raises MappingProblem where it
    cannot be read."""
    sheets, problems = sheets_of(folder, progress=progress)
    sheets = reshaped(sheets)
    return guess(sheets, mappings.read(said) if said else None), sheets, problems


def convert(folder: Path, mapping_file: Path | None = None) -> Converted:
    """The exchange files that a foreign folder means.

    By `mapping_file`, or by the mapping that lies there, or as the folder is understood.
    Raises MappingProblem where a question is left.
    """
    lies_there = folder / mappings.NAME
    file = mapping_file or (lies_there if lies_there.is_file() else None)
    mapping = mappings.read(file) if file else None
    sheets, problems = sheets_of(folder, mapping.encodings() if mapping else None)
    if any(problem.kind == "refused" for problem in problems):
        return Converted(findings=problems)
    sheets = reshaped(sheets)
    mapping = mapping or guess(sheets)
    result = follow(mapping, sheets)
    if not result.files:
        why = "says who was absent or what was asked"
        raise MappingProblem(f"nothing in {shown(folder.name)} {why}")
    result.findings += problems
    for sheet in sheets:
        if not sheet.reading.sure:
            words = f"is not UTF-8, and was read as {sheet.reading.encoding}"
            result.note(sheet.title, words, "look at its names, or say its encoding in the mapping")
    for one in mapping.sheets:
        what = one.holds.value.replace("_", " ") or "nothing that is known here"
        result.note(one.title, f"is taken for {what}", "map says what each column is taken for")
    return result


def write(result: Converted, out: Path) -> None:
    """Write an exchange folder: UTF-8, commas, one file a table."""
    out.mkdir(parents=True, exist_ok=True)
    for name, table in result.files.items():
        table.to_csv(out / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")


def load(
    folder: Path,
    home: Path,
    mapping_file: Path | None = None,
    *,
    progress: Callable[[str], None] | None = None,
    **options,
) -> Report:
    """Load a folder, an exchange folder as it is and a foreign one by its mapping or as it is
    understood; findings name the foreign file and line.

    Raises MappingProblem where a question is left, and Refused as `queries.load.load` does.
    """
    if mapping_file is None and not is_foreign(folder):
        return exchange.load(folder, home, progress=progress, **options)
    results: list[Converted] = []

    def written(out: Path) -> None:
        if progress:
            progress("reading the files of another system")
        results.append(convert(folder, mapping_file))
        if any(one.kind == "refused" for one in results[0].findings):
            raise Refused(Report(None))
        write(results[0], out)

    try:
        report = exchange.load(folder, home, progress=progress, convert=written, **options)
    except Refused as error:
        told = replace(error.report, findings=_in_their_words(error.report.findings, results))
        raise Refused(told) from error
    return replace(report, findings=_in_their_words(report.findings, results))


def _in_their_words(findings: tuple[Finding, ...], results: list[Converted]) -> tuple[Finding, ...]:
    """Findings with the foreign file and line in place of those that were made between."""
    if not results:
        return findings
    (result,) = results
    told = []
    for one in findings:
        origin = result.origin.get(one.file.removesuffix(".csv"))
        place = (one.line or 0) - 2
        if origin is not None and len(origin.columns) and 0 <= place < len(origin):
            row = origin.iloc[place]
            if isinstance(row.from_sheet, str):
                one = replace(one, file=row.from_sheet, line=int(row.from_line))
        told.append(one)
    return (*result.findings, *told)
