"""Whether the answers of an item, a school year, a school or a group run another way than the rest:
turned round, from 0 on, or in more steps. Nobody turns them back by a guess: it is asked.
"""

from collections.abc import Iterable

import pandas as pd

from queries.convert import scales, values
from queries.convert.foreign import Pairs
from queries.convert.mapping import ASK, LIKELY, OPEN, Mapping, Meaning, SheetMapping
from queries.convert.sheets import Sheet
from queries.convert.survey_columns import (
    answers_of,
    base_of,
    named_items,
    number_of,
    scale_of,
    wording_of,
)
from queries.convert.survey_guess import COUNTS, LONG, WIDE
from queries.convert.survey_rows import Bank, groups_of, items_of, said_of, years_of

AS_ANSWERED, TURNED = "as answered", "turned round already"
PARTS = ["school_year", "school", "respondent_group"]
WHOLE = "part"  # all three together
KEYS = [*PARTS, WHOLE]
# How much of its scale an item moves at least where it is taken for turned round.
FAR = 0.2


def add(mapping: Mapping, pairs: Pairs, bank: Bank) -> None:
    """Ask where answers run otherwise in a part of a survey, and point out items that go down where
    the others go up."""
    told, turned = [], []
    for place, (one, sheet) in enumerate(pairs):
        scale_by = {name: scale for name, meaning in items_of(one).items()
                    if _ends(scale := scale_of(meaning.value))[1]}  # fmt: skip
        if one.holds.value not in (WIDE, LONG, COUNTS) or not scale_by:
            continue
        if one.holds.value == COUNTS:
            rows = _counted(one, sheet, scale_by)
        else:
            table = _people(one, sheet, scale_by)
            turned += _ways_of_reversed(table, scale_by, bank)
            _point_out(one, table, scale_by)
            rows = table.reset_index().melt(KEYS, var_name="item", value_name="place").dropna()
            rows = rows.groupby([*KEYS, "item", "place"]).size().rename("people").reset_index()
        wording = _wording(one, sheet, list(scale_by), bank)
        ends = {name: _ends(scale) for name, scale in scale_by.items()}
        rows["middle"] = rows.item.map({name: sum(end) / 2 / end[1] for name, end in ends.items()})
        most = {name: float(ends[name][1]) for name, scale in scale_by.items()
                if scales.NUMBERS.fullmatch(scale)}  # fmt: skip
        rows["number"] = rows.place * rows.item.map(most).astype(float)
        told.append(rows.assign(item=rows.item.map(wording), sheet=place))
    if turned:
        mapping.conventions["reversed_items"] = _turned(turned)
    if told:
        _ask_of_parts(pairs, pd.concat(told))


# Where answers stand


def _ends(scale: str) -> tuple[int, int]:
    """The first and the last place of a scale; 0 and 0 of one that is not known."""
    numbers = scales.NUMBERS.fullmatch(scale)
    if numbers:
        return int(numbers[1]), int(numbers[2])
    return 1, max((place.position for place in scales.KNOWN.get(scale, {}).values()), default=0)


def _places(scale: str, answers: Iterable[str]) -> dict[str, float]:
    """Where answers stand, by their numbers or on a known scale, of which the last place is 1."""
    least, most = _ends(scale)
    if scales.NUMBERS.fullmatch(scale):
        return {a: int(a) / most for a in answers if a.isdecimal() and least <= int(a) <= most}
    known = scales.KNOWN.get(scale, {})
    return {a: known[k].position / most for a, k in scales.keys(answers).items() if k in known}


def _people(one: SheetMapping, sheet: Sheet, scale_by: dict[str, str]) -> pd.DataFrame:
    """A row a respondent, by year, school and group; a column an item: where the answer stands."""
    parts = parts_of(one, sheet)
    if one.holds.value == WIDE:
        columns = {name: answers_of(sheet.table[name]) for name in scale_by}
        found = {name: cells.map(_places(scale_by[name], cells.unique())).astype(float)
                 for name, cells in columns.items()}  # fmt: skip
        return pd.DataFrame(found).set_index(pd.MultiIndex.from_frame(parts))
    rows = parts.assign(who=said_of(one, sheet, "respondent_id"), item=named_items(one, sheet))
    rows["place"] = _placed(rows.item, answers_of(sheet.table[one.column_of("answer")]), scale_by)
    rows = rows.dropna().drop_duplicates([*KEYS, "who", "item"])
    return rows.set_index([*KEYS, "who", "item"]).place.unstack("item").droplevel("who")


def _placed(items: pd.Series, answers: pd.Series, scale_by: dict[str, str]) -> pd.Series:
    """Where the answer of each row stands; NaN of one that does not count."""
    pairs = list(zip(items, answers, strict=True))
    given: dict[str, set[str]] = {}
    for item, answer in set(pairs):
        given.setdefault(item, set()).add(answer)
    at = {item: _places(scale_by.get(item, ""), said) for item, said in given.items()}
    placed = [at[item].get(answer) for item, answer in pairs]
    return pd.Series(placed, index=items.index, dtype=float)


def _counted(one: SheetMapping, sheet: Sheet, scale_by: dict[str, str]) -> pd.DataFrame:
    """One row a part, item and place, with how many people stand there."""
    amount, answer = one.column_of("answers") or one.column_of("percent"), one.column_of("answer")
    heads = {name: meaning.value.partition(": ")[2] for name, meaning in one.columns.items()}
    columns = [(amount, answers_of(sheet.table[answer]))] if amount and answer else [
        (name, head) for name, head in heads.items() if head]  # fmt: skip
    base = parts_of(one, sheet).assign(item=named_items(one, sheet))
    parts = []
    for name, said in columns:
        rows = base.assign(answer=said, people=sheet.table[name].map(number_of).astype(float))
        rows["place"] = _placed(rows.item, rows.answer, scale_by)
        parts.append(rows.drop(columns="answer").dropna())
    found = pd.concat(parts) if parts else base.assign(place=0.0, people=0.0).head(0)
    return found[found.people > 0]


def parts_of(one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
    """The school year, school and group of each row, and all three together."""
    school = one.column_of("school_id") or one.column_of("school_name")
    at = values.cleaned(sheet.table[school]) if school else said_of(one, sheet, "school_name")
    told = {"school_year": years_of(one, sheet), "school": at}
    told["respondent_group"] = groups_of(one, sheet)
    return pd.DataFrame(told).assign(**{WHOLE: lambda t: t[PARTS].agg(", ".join, axis=1)})


def _wording(one: SheetMapping, sheet: Sheet, names: list[str], bank: Bank) -> dict[str, str]:
    """What each item asked, in small letters: the same in other files."""
    year = next(iter(years_of(one, sheet)), "")
    text = one.column_of("item_text")
    said = dict(zip(named_items(one, sheet), sheet.table[text], strict=True)) if text else {}
    told = {n: bank.wording(base_of(n, bank.ids), year) or said.get(n) or wording_of(sheet, n)
            for n in names}  # fmt: skip
    return {name: " ".join(words.split()) for name, words in told.items()}


# Parts that run otherwise


def _ask_of_parts(pairs: Pairs, told: pd.DataFrame) -> None:
    """Ask where the answers of one year, school or group run otherwise than those of the others:
    what is plain first, once a sheet."""
    told["total"] = told.people * told.place
    told["squares"] = told.total * told.place
    for kind, odd in [(kind, odd) for odd in (_odd_numbers, _odd_means) for kind in KEYS]:
        for said, why in odd(told, kind).items():
            one, _ = pairs[told.sheet[told[kind] == said].iloc[0]]
            why = f"in {said} {why}: correct the file, or write 'alike' if all mean the same"
            one.survey.setdefault("direction", Meaning(OPEN, ASK, why, ("alike",)))


def _odd_numbers(told: pd.DataFrame, kind: str) -> dict[str, str]:
    """The parts whose numbers run from or to others than elsewhere."""
    ends = told.dropna(subset="number").groupby(kind).agg(
        low=("number", "min"), high=("number", "max"), people=("people", "sum"))  # fmt: skip
    found = {}
    for said, part in ends.iterrows() if told.item.nunique() >= 4 else ():
        rest = ends.drop(said)
        low, high = rest.low.min(), rest.high.max()
        if rest.people.sum() >= 200 and (part.high > high or (part.low < low and part.high < high)):
            found[str(said)] = (f"numbers run from {part.low:.0f} to {part.high:.0f}, and from "
                                f"{low:.0f} to {high:.0f} elsewhere")  # fmt: skip
    return found


def _odd_means(told: pd.DataFrame, kind: str) -> dict[str, str]:
    """The parts that, or an item of which, stand as if answers were turned round."""
    sums = told.groupby([kind, "item"])[["people", "total", "squares"]].sum()
    n, total, squares = (sums[name].unstack("item").fillna(0.0) for name in sums)
    elsewhere = n.sum() - n
    is_told = (n >= 10) & (elsewhere >= 10)
    mean = (total / n).where(is_told)
    usual = ((total.sum() - total) / elsewhere).where(is_told)
    error = ((squares / n - mean**2).clip(lower=0) / n) ** 0.5
    expected = usual.add((mean - usual).median(axis=1), axis=0)
    far = (mean - expected).abs()
    is_far = (far > FAR) & (far > 5 * error) & far.gt(4 * far.median(axis=1), axis=0)
    middle = told.groupby("item").middle.first()
    turned = is_far & ((mean + expected - 2 * middle).abs() < far / 3)
    found = {}
    for said in n.index[is_told.sum(axis=1) >= 4]:
        here = mean.loc[said].dropna()
        is_clear = len(here) >= 5 and here.std() > 1.5 * error.loc[said].mean()
        if is_clear and here.corr(usual.loc[said]) < -0.7:
            found[said] = "items that are low elsewhere are high, and others low"
        elif turned.loc[said].any():
            name = str(turned.loc[said].idxmax())
            found[said] = (f"“{name[:60]}” stands as if its answers were turned round, there or "
                           "elsewhere")  # fmt: skip
    return found


def _ways(table: pd.DataFrame) -> pd.Series:
    """How far beyond chance each item goes up with the others, below 0 down; of four or more."""
    table = table.reset_index(drop=True).dropna(axis=1, thresh=10)
    there = table.notna()
    sums, counts = table.sum(axis=1), there.sum(axis=1)
    others = -table.fillna(0.0).sub(sums, axis=0)
    others = others.div(-there.astype(float).sub(counts, axis=0)).where(there)
    varied = table.columns[table.nunique() > 1] if len(table.columns) >= 4 else []
    way = pd.Series({name: table[name].corr(others[name]) for name in varied}, dtype=float)
    return (way * there[way.index].sum() ** 0.5).fillna(0.0)


# Items that run otherwise


def _ways_of_reversed(table: pd.DataFrame, scale_by: dict[str, str], bank: Bank) -> list[float]:
    """How the numbers of items that a bank calls reversed go with the others."""
    names = [name for name in table if scales.NUMBERS.fullmatch(scale_by[name])]
    turned = [name for name in names if base_of(name, bank.ids) in bank.reversed]
    usual = table[[name for name in names if name not in turned]].mean(axis=1)
    return [table[name].corr(usual) for name in turned] if usual.count() else []


def _turned(ways: list[float]) -> Meaning:
    """Whether numbers of reversed items were turned round before the export: then who gives high
    ones there gives high ones elsewhere."""
    up = sum(1 for way in ways if way > 0.1)
    down = sum(1 for way in ways if way < -0.1)
    told = f"of {len(ways)} reversed items {up} go up with the others and {down} go down"
    if up * 3 >= len(ways) * 2 and not down:
        return Meaning(TURNED, LIKELY, told)
    if down * 3 >= len(ways) * 2 and not up:
        return Meaning(AS_ANSWERED, LIKELY, told)
    return Meaning(OPEN, ASK, f"{told}: do their numbers stand as they were answered?",
                   (AS_ANSWERED, TURNED))  # fmt: skip


def _point_out(one: SheetMapping, table: pd.DataFrame, scale_by: dict[str, str]) -> None:
    """Point out items that go down, clear of chance, where the others go up: those of words all
    together, numbers of one range by themselves, as nobody knows which way they run."""
    by_scale: dict[str, list[str]] = {}
    for name in table:
        by_scale.setdefault("" if scale_by[name] in scales.KNOWN else scale_by[name], []).append(
            name
        )
    for names in by_scale.values():
        ways = _ways(table[names])
        for name in ways.index[ways < -2]:
            meaning = items_of(one)[name]
            if meaning.certainty != ASK:
                meaning.certainty = ASK
                meaning.why += ("; goes down where the others go up: if it is scored the other way "
                                f'round, write "{meaning.value}, reversed"')  # fmt: skip
