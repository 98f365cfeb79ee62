"""What a sheet of a survey says of its rows, and what item banks say of its items."""

import re
import unicodedata
import zlib

import pandas as pd

from queries.convert import values
from queries.convert.foreign import Pairs
from queries.convert.mapping import Meaning, SheetMapping
from queries.convert.sheets import Sheet
from queries.convert.survey_columns import GROUPS, group_of, is_flag
from queries.convert.survey_guess import ITEMS
from queries.load import dates

BY_DATE = "by date"


def items_of(one: SheetMapping) -> dict[str, Meaning]:
    """The items of a sheet with their scales, in columns or in rows."""
    wide = {n: m for n, m in one.columns.items() if m.value.startswith("item:")}
    return wide or one.items


def said_of(one: SheetMapping, sheet: Sheet, name: str) -> pd.Series:
    """What a sheet says of each row: in a column, or of all alike; '' for nothing."""
    column = one.column_of(name)
    if column is not None:
        return values.cleaned(sheet.table[column])
    whole = one.survey.get(name) or one.whole.get(name)
    return pd.Series(whole.value if whole else "", index=sheet.table.index, dtype=object)


def groups_of(one: SheetMapping, sheet: Sheet) -> pd.Series:
    """Who answered, row by row, in the words in which groups are kept."""
    said = said_of(one, sheet, "respondent_group")
    return values.mapped(said, lambda s: s if s in GROUPS else group_of(s) or slug(s))


def years_of(one: SheetMapping, sheet: Sheet) -> pd.Series:
    """The school year of each row; '' where nothing readable says it."""
    said = said_of(one, sheet, "school_year")
    day = one.column_of("date")
    if one.column_of("school_year") is None and (said == BY_DATE).any() and day in one.dates:
        order = one.dates[day].value
        return values.mapped(values.cleaned(sheet.table[day]), lambda cell: (
            values.school_year_on(when) if (when := dates.day_of(cell, order)) else ""
        ))  # fmt: skip
    return values.mapped(said, values.school_year_of)


def slug(words: str) -> str:
    """An id made of words."""
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60] or f"{zlib.crc32(words.encode()):08x}"


class Bank:
    """What item banks say of items: wording by school year, topic, and which are reversed."""

    def __init__(self, every: Pairs) -> None:
        self.ids: set[str] = set()
        self.topics: dict[str, str] = {}
        self.reversed: set[str] = set()
        self._wording: dict[str, dict[str, str]] = {}
        for one, sheet in every:
            key, topic, flag = map(one.column_of, ("item_id", "topic", "reverse_scored"))
            if key is None or one.holds.value != ITEMS:
                continue
            table = sheet.table
            self.ids |= set(table[key])
            if topic:
                self.topics |= dict(zip(table[key], table[topic], strict=True))
            if flag:
                self.reversed |= set(table[key][table[flag].map(is_flag)])
            for name, meaning in one.columns.items():
                field, _, year = meaning.value.partition(": ")
                if field == "item_text":
                    for item, words in zip(table[key], table[name], strict=True):
                        if words:
                            self._wording.setdefault(item, {}).setdefault(year, words)

    def wording(self, item: str, year: str) -> str:
        """As it was asked that year, or else in the year before it that comes next."""
        known = self._wording.get(item, {})
        first = int(year[:4] or 0)
        years = sorted(known, key=lambda one: (one > year, abs(int(one[:4] or 0) - first)))
        return known[year] if year in known else known[years[0]] if years else ""
