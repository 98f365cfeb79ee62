"""The sheets of one foreign folder with what all of them share: the mapping, the ids of students as
rosters write them, and the schools.
"""

import pandas as pd

from queries.convert import values
from queries.convert.converted import Converted
from queries.convert.mapping import Mapping, SheetMapping
from queries.convert.schools import Schools
from queries.convert.sheets import Sheet

Pairs = list[tuple[SheetMapping, Sheet]]


class Foreign:
    """Sheets beside their mappings, asked for cells by the field that they mean.

    `repaired`: how many ids had lost their zeros; `with_minutes`: the codes of parts of days whose
    minutes are known.
    """

    def __init__(self, mapping: Mapping, pairs: Pairs, result: Converted) -> None:
        self.mapping, self.pairs, self.result = mapping, pairs, result
        self.schools = Schools(pairs)
        self.ids = _ids(pairs)
        self.repaired = 0
        self.with_minutes: set[str] = set()

    def cells(self, one: SheetMapping, sheet: Sheet, name: str) -> pd.Series:
        """The cells of a field, '' in every row where the sheet has none."""
        column = one.column_of(name)
        if column is None:
            return pd.Series("", index=sheet.table.index, dtype=object)
        cells = values.cleaned(sheet.table[column])
        if column in one.dates:
            return values.iso_days(cells, one.dates[column].value)
        return cells

    def student(self, one: SheetMapping, sheet: Sheet) -> pd.Series:
        ids = values.mapped(self.cells(one, sheet, "student_id"), values.id_of)
        known = ids.map(lambda who: self.ids.get(who.lstrip("0"), who))
        self.repaired += int((known != ids).sum())
        return known

    def rows(self, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
        """One row a row of a sheet: student, school and where it stands."""
        return pd.DataFrame(
            {
                "student_id": self.student(one, sheet),
                "school_id": self.schools.of(one, sheet),
                "from_sheet": sheet.title,
                "from_line": sheet.table.index,
            },
            index=sheet.table.index,
        )


def _ids(pairs: Pairs) -> dict[str, str]:
    """Ids as rosters write them, by the digits that a spreadsheet leaves of them."""
    found: dict[str, str] = {}
    doubtful = set()
    for one, sheet in pairs:
        column = one.column_of("student_id")
        if one.holds.value != "roster" or column is None:
            continue
        for value in sheet.table[column].unique():
            who = values.id_of(value)
            key = who.lstrip("0")
            if found.setdefault(key, who) != who:
                longer = max(found[key], who, key=len)
                found[key] = longer
                if len(found[key]) == len(who) and found[key] != who:
                    doubtful.add(key)
    return {key: who for key, who in found.items() if key and key not in doubtful}
