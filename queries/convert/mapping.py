"""What foreign files mean, written down so that anybody can read, correct and keep it.

`mapping.toml` lies beside the files. Whatever is not sure is the value "?" with a sentence that
says what may stand there; nothing is converted while one is left.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import tomlkit

from queries.load.report import shown

NAME = "mapping.toml"
OPEN = "?"
# Under this name stands how days are written that are headers of columns.
HEADERS = "column headers"
SURE, LIKELY, ASK = "sure", "likely", "ask"
# Why something is taken for what somebody said that it is.
SAID = "as was said"


class MappingProblem(Exception):
    """A mapping that cannot be followed: the file, the place in it, and what would be right."""


@dataclass
class Meaning:
    """What one column, code or convention is taken for; `value` is '' for nothing, '?' if it has to
    be said. `may_be`: what can be said."""

    value: str
    certainty: str
    why: str = ""
    may_be: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.value == OPEN

    @property
    def comment(self) -> str:
        choices = f" Write one of: {', '.join(self.may_be)}." if self.may_be else ""
        ask = self.certainty == ASK
        return f"{self.certainty}: {self.why}{choices if ask else ''}"


@dataclass
class SheetMapping:
    """What one sheet holds, how it was read and what its columns are."""

    file: str
    sheet: str
    holds: Meaning
    columns: dict[str, Meaning] = field(default_factory=dict)
    dates: dict[str, Meaning] = field(default_factory=dict)
    reading: dict[str, str | int] = field(default_factory=dict)
    # What every row has though no column says it: its school, its school year.
    whole: dict[str, Meaning] = field(default_factory=dict)
    # Of a survey: what holds for the whole sheet, and the scale of every item that stands in rows.
    survey: dict[str, Meaning] = field(default_factory=dict)
    items: dict[str, Meaning] = field(default_factory=dict)

    def column_of(self, means: str) -> str | None:
        """The column that is taken for a field, if there is one."""
        return next((name for name, one in self.columns.items() if one.value == means), None)

    @property
    def title(self) -> str:
        return f"{self.file} · {self.sheet}" if self.sheet else self.file

    def take_columns(self, said: "SheetMapping | None") -> None:
        """Take over what somebody said of columns; no other one is then the same."""
        answers = {n: one for n, one in said.columns.items() if not one.is_open} if said else {}
        for name, one in answers.items():
            rival = self.column_of(one.value) if one.value not in ("", "marks") else None
            if rival is not None and rival not in answers:
                self.columns[rival] = Meaning("", SURE, f"{name} is {one.value}")
            self.columns[name] = one

    def take_survey(self, said: "SheetMapping | None") -> None:
        """Take over what somebody said of all rows, of a survey and of its items."""
        for name in ("whole", "survey", "items") if said else ():
            mine, theirs = getattr(self, name), getattr(said, name)
            mine.update({n: one for n, one in theirs.items() if n in mine and not one.is_open})

    def take_dates(self, said: "SheetMapping | None") -> None:
        """Take over how days are written, where the days themselves do not prove it."""
        for name, one in said.dates.items() if said else ():
            if name in self.dates and not one.is_open and self.dates[name].certainty != SURE:
                self.dates[name] = one

    @property
    def told(self) -> dict[str, dict[str, Meaning]]:
        """All that is said of its parts, by what they are."""
        return {"columns": self.columns, "dates": self.dates, "whole": self.whole,
                "survey": self.survey, "items": self.items}  # fmt: skip


@dataclass
class Answer:
    """How one answer of a scale counts: favorable, not favorable or left out."""

    scale: str
    answer: str
    counts_as: Meaning
    position: str = ""


@dataclass
class Code:
    """How one attendance code counts, everywhere or at one school, always or from a day on."""

    code: str
    counts_as: Meaning
    label: str = ""
    excused: str = ""
    reason: str = ""
    school_id: str = ""
    since: str = ""


@dataclass
class Mapping:
    """What a folder of foreign files means."""

    sheets: list[SheetMapping] = field(default_factory=list)
    conventions: dict[str, Meaning] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def holding(self, *what: str) -> list[SheetMapping]:
        return [sheet for sheet in self.sheets if sheet.holds.value in what]

    def of(self, file: str, sheet: str, columns: Iterable[str]) -> SheetMapping | None:
        """What is said of a sheet: of the one of this name, or of one with the same columns."""
        there = set(columns)
        named = [
            one
            for one in self.sheets
            if (one.file, one.sheet) == (file, sheet) and one.columns.keys() <= there
        ]
        same = [one for one in self.sheets if one.columns and one.columns.keys() == there]
        return next(iter(named + same), None)

    def take_rules(self, said: "Mapping") -> None:
        """Take over what somebody said of codes and of what holds for the whole folder."""
        for name, one in said.conventions.items():
            if name in self.conventions and not one.is_open:
                self.conventions[name] = one
        codes = []
        for code in self.codes:
            before = [one for one in said.codes if one.code == code.code]
            codes += [one for one in before if not one.counts_as.is_open] or [code]
        self.codes = codes
        known = {(one.scale, one.answer): one.counts_as for one in said.answers}
        for answer in self.answers:
            way = known.get((answer.scale, answer.answer))
            if way is not None and not way.is_open:
                answer.counts_as = way

    def encodings(self) -> dict[str, str]:
        """By file, the encoding that it is to be read with."""
        known = ((one.file, str(one.reading.get("encoding", ""))) for one in self.sheets)
        return {file: encoding for file, encoding in known if encoding not in ("", "spss")}

    def convention(self, name: str) -> str:
        return self.conventions[name].value if name in self.conventions else ""

    def questions(self) -> list[str]:
        """What has to be said before this can be followed, a sentence each."""
        found = [f"{name}: {one.why}" for name, one in self.conventions.items() if one.is_open]
        for sheet in self.sheets:
            if sheet.holds.is_open:
                found.append(f"{shown(sheet.title)}: {sheet.holds.why}")
            for what, meanings in sheet.told.items():
                word = {"survey": "", "whole": "", "items": "item "}.get(what, "column ")
                found += [
                    f"{shown(sheet.title)}, {word}{shown(name)}: {one.why}"
                    for name, one in meanings.items()
                    if one.is_open
                ]
        found += [
            f"code {shown(one.code)}: {one.counts_as.why}"
            for one in self.codes
            if one.counts_as.is_open
        ]
        found += [
            f"answer {shown(one.answer)} of {one.scale}: {one.counts_as.why}"
            for one in self.answers
            if one.counts_as.is_open
        ]
        return found


def written(mapping: Mapping) -> str:
    """A mapping as TOML, each line with how sure it is and why."""
    document = tomlkit.document()
    for line in (
        "What the files of this folder mean. Made by: python -m queries map",
        'Answer every "?", correct what is wrong, then: python -m queries load FOLDER',
    ):
        document.add(tomlkit.comment(line))
    document.add("conventions", _table(mapping.conventions))
    sheets = tomlkit.aot()
    for sheet in mapping.sheets:
        table = tomlkit.table()
        table.add("file", sheet.file)
        if sheet.sheet:
            table.add("sheet", sheet.sheet)
        table.add("holds", _item(sheet.holds))
        for name, value in sheet.reading.items():
            table.add(name, value)
        for name, meanings in sheet.told.items():
            if meanings or name == "columns":
                table.add(name, _table(meanings))
        sheets.append(table)
    document.add("files", sheets)
    document.add("codes", _rows(mapping.codes))
    if mapping.answers:
        document.add("answers", _rows(mapping.answers))
    return tomlkit.dumps(document)


def _rows(told: list[Code] | list[Answer]) -> tomlkit.items.AoT:
    rows = tomlkit.aot()
    for one in told:
        table = tomlkit.table()
        for name, value in vars(one).items():
            if value or name == "position":
                table.add(name, _item(value) if isinstance(value, Meaning) else value)
        rows.append(table)
    return rows


def as_dict(mapping: Mapping) -> dict:
    """A mapping as plain values for JSON, with what is left to ask."""
    return asdict(mapping) | {"questions": mapping.questions()}


def in_words(mapping: Mapping) -> str:
    """A mapping for a terminal: every file, column, code and convention, and how sure it is."""
    lines = []
    for one in mapping.sheets:
        held = one.holds.value.replace("_", " ") or "not used"
        lines += ["", f"{shown(one.title)}: {held} ({one.holds.certainty}: {one.holds.why})"]
        lines += [
            f"  {shown(name):<36} {what.value or 'not used':<20} {what.certainty}: {what.why}"
            for told in one.told.values()
            for name, what in told.items()
        ]
    lines.append("")
    lines += [
        f"code {shown(code.code):<20} {code.counts_as.value:<14} {code.counts_as.certainty}: "
        f"{code.counts_as.why}"
        for code in mapping.codes
    ]
    lines += [
        f"answer {shown(one.answer):<28} {one.scale:<12} {one.counts_as.value:<14} "
        f"{one.counts_as.certainty}: {one.counts_as.why}"
        for one in mapping.answers
    ]
    lines += [
        f"{name:<25} {meaning.value:<14} {meaning.certainty}: {meaning.why}"
        for name, meaning in mapping.conventions.items()
    ]
    questions = mapping.questions()
    if questions:
        lines += ["", f"{len(questions)} to answer in mapping.toml:"]
        lines += [f"  {question}" for question in questions]
    return "\n".join([*lines, ""])


def _table(meanings: dict[str, Meaning]) -> tomlkit.items.Table:
    table = tomlkit.table()
    for name, one in meanings.items():
        table.add(name, _item(one))
    return table


def _item(one: Meaning) -> tomlkit.items.Item:
    item = tomlkit.item(one.value)
    item.comment(" ".join(one.comment.split()))
    return item


def read(path: Path) -> Mapping:
    """The mapping in a file. Raises MappingProblem with file, place and what would be right."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingProblem(f"{path.name}: {error}; write it as map does") from error
    try:
        return Mapping(
            [_sheet(one) for one in given.get("files", [])],
            {name: _said(value) for name, value in given.get("conventions", {}).items()},
            [_told(Code, one) for one in given.get("codes", [])],
            [_told(Answer, one) for one in given.get("answers", [])],
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        words = f"{path.name}: {error} is missing or not as map writes it"
        raise MappingProblem(words) from error


def _said(value: object) -> Meaning:
    if not isinstance(value, str):
        raise ValueError(f"{value!r}")
    if value == OPEN:
        return Meaning(OPEN, ASK, "is not answered yet")
    return Meaning(value, SURE, SAID)


def _sheet(given: dict) -> SheetMapping:
    reading = {
        name: given[name]
        for name in ("encoding", "delimiter", "header_line")
        if isinstance(given.get(name), str | int)
    }
    return SheetMapping(
        str(given["file"]),
        str(given.get("sheet", "")),
        _said(given["holds"]),
        reading=reading,
        **{
            what: {name: _said(value) for name, value in given.get(what, {}).items()}
            for what in ("columns", "dates", "whole", "survey", "items")
        },
    )


def _told(kind: type, given: dict) -> Any:
    """A code or an answer of a mapping, with all that stands there of it."""
    known = {one.name: str(given[one.name]) for one in fields(kind) if one.name in given}
    return kind(**known | {"counts_as": _said(given["counts_as"])})
