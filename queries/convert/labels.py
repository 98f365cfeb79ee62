"""Codebooks: what the codes in the columns of one sheet mean, where another sheet says it.

The words then stand in place of the codes, as they would have in an export with labels.
"""

import re

import pandas as pd

from queries.convert import scales, values
from queries.convert.sheets import Sheet

CODE = re.compile(r"-?[A-Za-z]{0,3}\d{1,3}")
# 1, Strongly disagree | 2, Disagree; 1 = Strongly disagree, 2 = Disagree
_CHOICE = re.compile(r"(-?[A-Za-z]{0,3}\d{1,3})\s*[=,:.)–-]\s*(\S.*)")
_BETWEEN = re.compile(r"\s*[|;\n]\s*|\s*,\s*(?=-?[A-Za-z]{0,3}\d{1,3}\s*=)")
Labels = dict[str, dict[str, str]]


def put_words(sheets: list[Sheet]) -> None:
    """Put words in the place of codes where a codebook names three columns of a sheet or more, has
    every code in them, and two of its lists at least are words of a known scale."""
    for book in sheets:
        for key in book.table if len(book.table) <= 5_000 else ():
            names = set(book.table[key])
            told = [one for one in sheets if one is not book and len(names & set(one.table)) >= 3]
            lists = _lists(book.table, key) if told else {}
            if sum(1 for one in lists.values() if _is_scale(one)) < 2:
                continue
            asked = {} if book.table[key].is_unique else _wording(book.table, key)
            for one in told:
                _put_words(one, book, lists)
                if asked and "wording" not in one.table.attrs:
                    one.table.attrs["wording"] = {name: asked.get(name, name) for name in one.table}
            if not book.table[key].is_unique:
                book.table.attrs["explains"] = told[0].title
            break


def _is_scale(told: dict[str, str]) -> bool:
    keys = list(filter(scales.is_counted, scales.keys(told.values()).values()))
    return len(keys) >= 3 and bool(scales.fitting(keys))


def _wording(table: pd.DataFrame, key: str) -> dict[str, str]:
    """What was asked, by column, of a codebook with a row a code."""
    same = [name for name in table if table.groupby(key)[name].nunique().max() == 1]
    text = next((n for n in same if table[n].str.contains(r"\w \w+ \w").mean() > 0.3), None)
    return dict(zip(table[key], table[text], strict=True)) if text else {}


def _lists(table: pd.DataFrame, key: str) -> Labels:
    """By column, what each code means: all in one cell, a column a code, or a row a code."""
    found: Labels = {}
    if not table[key].is_unique:
        codes = [name for name in table if name != key and not table.duplicated([key, name]).any()]
        number = next((n for n in codes if table[n].map(CODE.fullmatch).all()), None)
        words = next((n for n in codes if not table[n].map(CODE.fullmatch).any()), None)
        if number and words:
            for item, rows in table.groupby(key):
                found[str(item)] = dict(zip(rows[number], rows[words], strict=True))
    ends = [name for name in table if CODE.fullmatch(name)]
    for _, row in table.iterrows() if table[key].is_unique else ():
        told = {name: row[name] for name in ends if row[name]} if len(ends) > 1 else {}
        for cell in () if told else row:
            pieces = [_CHOICE.fullmatch(one) for one in _BETWEEN.split(cell) if one]
            if len(pieces) > 1 and all(pieces):
                told = {one[1]: one[2].strip() for one in pieces if one}
        found[row[key]] = told
    return {item: {code: words for code, words in told.items() if code not in scales.NO_ANSWER}
            for item, told in found.items()}  # fmt: skip


def _put_words(sheet: Sheet, book: Sheet, lists: Labels) -> None:
    asked = {}
    for name, told in lists.items():
        if name not in sheet.table or not told:
            continue
        cells = sheet.table[name].map(values.id_of)
        given = {one for one in cells.unique() if one.lower() not in scales.NO_ANSWER}
        if given and given <= told.keys():
            words = {code: word for code, word in told.items() if code in given}
            asked[name] = cells.map(lambda cell, words=words: words.get(cell, cell))
    if sum(1 for name in asked if _is_scale(lists[name])) >= 2:
        for name, cells in asked.items():
            sheet.table[name] = cells
        sheet.table.attrs["labels"] = book.title
