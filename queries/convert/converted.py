"""What comes of a foreign folder: exchange files as tables, where each row came from, findings."""

from dataclasses import dataclass, field

import pandas as pd

from queries.load.report import Finding

# Where from, in every table until it is written: the sheet's title and the line.
ORIGIN = ["from_sheet", "from_line"]
MOST_SET_ASIDE = 5  # as `load` has it: beyond these and 1 row in 100 the file is wrong, not a row


def is_many(some: int, rows: int) -> bool:
    """Whether so many rows of a file are more than single mistakes."""
    return some > max(MOST_SET_ASIDE, 0.01 * rows)


@dataclass
class Converted:
    """The files of an exchange folder as tables of text, and where each row came from. `rows_odd`:
    by exchange file, how many foreign rows had no such number of cells and were set aside."""

    files: dict[str, pd.DataFrame] = field(default_factory=dict)
    origin: dict[str, pd.DataFrame] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def note(self, where: str, problem: str, remedy: str, kind: str = "noted", **more) -> None:
        place = (where, more.get("line"), more.get("column"), more.get("value"))
        self.findings.append(Finding(*place, problem, remedy, kind, rows=more.get("rows", 1)))

    def add(self, name: str, table: pd.DataFrame) -> None:
        """Keep one exchange file, without the columns in which nothing stands."""
        table = table.reset_index(drop=True)
        self.origin[name] = table[[one for one in ORIGIN if one in table]]
        table = table.drop(columns=[one for one in ORIGIN if one in table])
        self.files[name] = table.astype(object).fillna("")

    def add_missing(self, name: str, table: pd.DataFrame) -> None:
        """Add to an exchange file rows for those that it does not name yet, by its first column."""
        key = table.columns[0]
        known = self.files.get(name, pd.DataFrame({key: []}))
        origin = self.origin.get(name, pd.DataFrame(columns=ORIGIN))
        new = table[~table[key].isin(known[key])].drop_duplicates(key)
        if len(new):
            rows = new.drop(columns=[one for one in ORIGIN if one in new])
            rows = pd.concat([known, rows], ignore_index=True)
            self.files[name] = rows.astype(object).fillna("")
            new = new.reindex(columns=ORIGIN)
            self.origin[name] = pd.concat([origin, new], ignore_index=True)
