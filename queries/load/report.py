"""What a load says: one finding for each thing that is wrong, and what became of every row."""

import re
from dataclasses import asdict, dataclass, field, replace

LONGEST_VALUE = 80

# How a finding ends, by what was done about it.
OUTCOMES = {
    "refused": "",
    "set_aside": " The row was set aside.",
    "repaired": "",
    "noted": "",
}
# From the first quotation mark to the last: a value may have one in itself.
_QUOTED = re.compile(r"'.*'")


@dataclass(frozen=True)
class Finding:
    """One thing found in a file, its value fit to be shown. It stands for `rows` rows."""

    file: str
    line: int | None
    column: str | None
    value: str | None
    problem: str
    remedy: str
    kind: str  # refused, set_aside, repaired or noted
    rows: int = 1
    row_word: str = "line"  # parquet files have rows, not lines

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", printable(self.file))
        if self.value is not None:
            object.__setattr__(self, "value", shown(self.value))

    @property
    def without_values(self) -> str:
        """The sentence without what stands in a row: shifted columns put names anywhere."""
        return str(replace(self, value=None, problem=_QUOTED.sub("(a value)", self.problem)))

    def __str__(self) -> str:
        places = [self.file]
        if self.line is not None:
            places.append(f"{self.row_word} {self.line}")
        if self.column:
            places.append(f"{'columns' if ',' in self.column else 'column'} {self.column}")
        value = "" if self.value is None else f"'{self.value}' "
        remedy = f"; {self.remedy}" if self.remedy else ""
        # The first of the rows is named; a line that counts what is not listed names none.
        several = self.kind == "refused" and self.rows > 1 and self.line is not None
        rows = f" (in {self.rows:,} rows)" if several else ""
        end = "" if remedy.endswith("?") else "."
        return f"{', '.join(places)}: {value}{self.problem}{rows}{remedy}{end}{self.outcome}"

    @property
    def outcome(self) -> str:
        if self.kind == "set_aside" and self.rows > 1:
            return f" These {self.rows:,} rows were set aside."
        return OUTCOMES[self.kind]


@dataclass(frozen=True)
class FileCount:
    """What became of the rows of one file: rows_in = accepted + set_aside + repaired."""

    file: str
    rows_in: int
    accepted: int
    set_aside: int
    repaired: int


@dataclass(frozen=True)
class Report:
    """The result of a load. `generation` is None when nothing was published."""

    generation: str | None
    files: tuple[FileCount, ...] = ()
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    refusals: tuple[Finding, ...] = field(init=False)

    def __post_init__(self) -> None:
        refusals = tuple(finding for finding in self.findings if finding.kind == "refused")
        object.__setattr__(self, "refusals", refusals)

    def as_dict(self) -> dict:
        """Plain values for JSON, each finding also as its sentence."""
        return {
            "generation": self.generation,
            "files": [asdict(file) for file in self.files],
            "findings": [asdict(finding) | {"sentence": str(finding)} for finding in self.findings],
            "seconds": round(self.seconds, 3),
        }


# File, line, column and value, what is wrong and what would be right.
PlaceAndWords = tuple[str, int | None, str | None, str | None, str, str]


class Findings:
    """Collects findings: of one kind of problem in one column the first few, then only a count."""

    LISTED = 20

    def __init__(self) -> None:
        self._listed: dict[tuple, list[Finding]] = {}
        self._more: dict[tuple, int] = {}
        self.rows_set_aside: dict[str, int] = {}

    def add(self, finding: Finding, more: int = 0, group: str = "") -> None:
        """Add a finding, and `more` rows that have the same problem and are not listed."""
        key = (finding.file, finding.column, group or finding.problem, finding.kind)
        listed = self._listed.setdefault(key, [])
        if len(listed) < self.LISTED:
            listed.append(finding)
        else:
            more += finding.rows
        self._more[key] = self._more.get(key, 0) + more

    def refuse(self, *place_and_words: *PlaceAndWords) -> None:
        self.add(Finding(*place_and_words, "refused"))

    def note(self, *place_and_words: *PlaceAndWords) -> None:
        self.add(Finding(*place_and_words, "noted"))

    def set_aside(self, *place_and_words: *PlaceAndWords) -> None:
        finding = Finding(*place_and_words, "set_aside")
        self.add(finding)
        self.count_set_aside(finding.file, 1)

    def count_set_aside(self, file: str, rows: int) -> None:
        self.rows_set_aside[file] = self.rows_set_aside.get(file, 0) + rows

    @property
    def refused(self) -> bool:
        return any(key[3] == "refused" for key in self._listed)

    def all(self) -> tuple[Finding, ...]:
        """Refusals first; after each group a line with the number of rows that are not listed."""
        order = {"refused": 0, "set_aside": 1, "repaired": 2, "noted": 3}
        findings = []
        for key in sorted(self._listed, key=lambda key: order[key[3]]):
            findings += self._listed[key]
            if self._more[key]:
                last = self._listed[key][-1]
                problem = f"and {self._more[key]:,} more like these ({last.problem})"
                findings.append(
                    replace(last, line=None, value=None, problem=problem, rows=self._more[key])
                )
        return tuple(findings)


class Refused(Exception):
    """The folder was not loaded and nothing changed. `report` says why, `messages` in sentences."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.messages = [str(finding) for finding in report.refusals]
        super().__init__("\n".join(self.messages))


def shown(value: str) -> str:
    """A value as a message may show it: one line, nothing that moves a cursor, not too long."""
    cut = value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
    return printable(cut)


def printable(text: str) -> str:
    """A text with what is no letter of UTF-8, or moves a cursor, escaped."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
