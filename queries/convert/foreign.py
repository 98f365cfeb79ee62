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
    minutes are known; `seen`: who has a row on which day, also one without a mark.
    """

    def __init__(self, mapping: Mapping, pairs: Pairs, result: Converted) -> None:
        self.mapping, self.pairs, self.result = mapping, pairs, result
        self.schools = Schools(pairs, mapping.convention("school"))
        self.ids = _ids(pairs)
        self.repaired = 0
        self.with_minutes: set[str] = set()
        self.seen = pd.DataFrame()

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

    def homes(self) -> dict[str, list[tuple[str, str]]]:
        """By student, the day of entry and the school of each stay that a roster names."""
        found: dict[str, list[tuple[str, str]]] = {}
        for one, sheet in self.pairs:
            if one.holds.value == "roster" and self.schools.are_named_by(one):
                rows = self.rows(one, sheet)
                entries = self.cells(one, sheet, "entry_date")
                for who, school, entry in zip(
                    rows.student_id, rows.school_id, entries, strict=True
                ):
                    found.setdefault(who, []).append((entry, school))
        return {who: sorted(stays) for who, stays in found.items()}

    def at_home(self, events: pd.DataFrame) -> pd.DataFrame:
        """Events of a sheet that names no school, at the school where the student then was."""
        homes = self.homes()

        def school(who: str, day: str) -> str:
            stays = homes.get(who, [])
            then = [at for entry, at in stays if entry <= day] or [at for _, at in stays[:1]]
            return then[-1] if then else ""

        pairs = zip(events.student_id, events.date, strict=True)
        return events.assign(school_id=[school(who, day) for who, day in pairs])


def _ids(pairs: Pairs) -> dict[str, str]:
    """Ids as rosters write them, by what a spreadsheet leaves of them: the longest way. Where one
    roster has two that differ in zeros alone, they are two students, and neither is touched."""
    found: dict[str, str] = {}
    doubtful = set()
    for one, sheet in pairs:
        column = one.column_of("student_id")
        if one.holds.value != "roster" or column is None:
            continue
        here: dict[str, str] = {}
        for who in {values.id_of(value) for value in sheet.table[column].unique()}:
            key = who.lstrip("0")
            if here.setdefault(key, who) != who:
                doubtful.add(key)
            found[key] = max(found.get(key, ""), who, key=len)
    return {key: who for key, who in found.items() if key and key not in doubtful}
