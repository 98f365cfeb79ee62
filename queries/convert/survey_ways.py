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
    told, people, turned = [], [], []
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
        if one.holds.value != COUNTS:
            table = table.rename(columns=wording)
            people.append(table.loc[:, ~table.columns.duplicated()])
    if turned:
        mapping.conventions["reversed_items"] = _turned(turned)
    if told:
        _ask_of_parts(pairs, pd.concat(told), pd.concat(people) if people else pd.DataFrame())


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
    parts = _parts(one, sheet)
    if one.holds.value == WIDE:
        columns = {name: answers_of(sheet.table[name]) for name in scale_by}
        found = {name: cells.map(_places(scale_by[name], cells.unique())).astype(float)
                 for name, cells in columns.items()}  # fmt: skip
        return pd.DataFrame(found).set_index(pd.MultiIndex.from_frame(parts))
    rows = parts.assign(who=said_of(one, sheet, "respondent_id"), item=named_items(one, sheet))
    rows["place"] = _placed(rows.item, answers_of(sheet.table[one.column_of("answer")]), scale_by)
    rows = rows.dropna().drop_duplicates([*KEYS, "who", "item"])
    return rows.set_index([*KEYS, "who", "item"]).place.unstack("item").droplevel("who")


def _placed(items: pd.Series, answers: pd.Series, scale_by: dict[str, str]) -> list[float | None]:
    """Where the answer of each row stands, None of one that does not count."""
    pairs = list(zip(items, answers, strict=True))
    given: dict[str, set[str]] = {}
    for item, answer in set(pairs):
        given.setdefault(item, set()).add(answer)
    at = {item: _places(scale_by.get(item, ""), said) for item, said in given.items()}
    return [at[item].get(answer) for item, answer in pairs]


def _counted(one: SheetMapping, sheet: Sheet, scale_by: dict[str, str]) -> pd.DataFrame:
    """One row a part, item and place, with how many people stand there."""
    amount, answer = one.column_of("answers") or one.column_of("percent"), one.column_of("answer")
    heads = {name: meaning.value.partition(": ")[2] for name, meaning in one.columns.items()}
    columns = [(amount, answers_of(sheet.table[answer]))] if amount and answer else [
        (name, head) for name, head in heads.items() if head]  # fmt: skip
    base = _parts(one, sheet).assign(item=named_items(one, sheet))
    parts = []
    for name, said in columns:
        rows = base.assign(answer=said, people=sheet.table[name].map(number_of).astype(float))
        rows["place"] = _placed(rows.item, rows.answer, scale_by)
        parts.append(rows.drop(columns="answer").dropna())
    found = pd.concat(parts) if parts else base.assign(place=0.0, people=0.0).head(0)
    return found[found.people > 0]


def _parts(one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
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


def _ask_of_parts(pairs: Pairs, told: pd.DataFrame, people: pd.DataFrame) -> None:
    """Ask where the answers of one year, school or group run otherwise than those of the others:
    what is plain first, once a sheet."""
    for odd in (_odd_numbers, _odd_means, *([_odd_ways] if len(people) else [])):
        for kind in KEYS:
            for said in told[kind].unique() if told[kind].nunique() > 1 else ():
                here = told[kind] == said
                one, _ = pairs[told.sheet[here].iloc[0]]
                if "direction" in one.survey or not said:
                    continue
                if odd is _odd_ways:
                    own = people.index.get_level_values(kind) == said
                    why = odd(people[own], people[~own])
                else:
                    why = odd(told[here], told[~here])
                if why:
                    why = (
                        f"in {said} {why}: correct the file, or write 'alike' if all mean the same"
                    )
                    one.survey["direction"] = Meaning(OPEN, ASK, why, ("alike",))


def _odd_numbers(part: pd.DataFrame, rest: pd.DataFrame) -> str:
    """How the numbers of a part run from or to others; '' where they do not."""
    numbers, usual = part.number.dropna(), rest.number.dropna()
    if part.item.nunique() < 4 or rest.people.sum() < 200 or not (len(numbers) and len(usual)):
        return ""
    low, high = numbers.min() - usual.min(), numbers.max() - usual.max()
    if high > 0 or low < 0 > high:
        return (f"numbers run from {numbers.min():.0f} to {numbers.max():.0f}, and from "
                f"{usual.min():.0f} to {usual.max():.0f} elsewhere")  # fmt: skip
    return ""


def _odd_means(part: pd.DataFrame, rest: pd.DataFrame) -> str:
    """Whether a part, or an item there, stands as if its answers were turned round."""
    here, there = _means(part), _means(rest)
    both = [name for name in here.index if name in there.index and here.n[name] >= 10]
    here, there = here.loc[both], there.loc[both]
    if len(both) < 4:
        return ""
    is_clear = len(both) >= 5 and here["mean"].std() > 1.5 * here.error.mean()
    if is_clear and here["mean"].corr(there["mean"]) < -0.7:
        return "items that are low elsewhere are high, and others low"
    expected = there["mean"] + (here["mean"] - there["mean"]).median()
    far = (here["mean"] - expected).abs()
    turned = (2 * here.middle - here["mean"] - expected).abs()
    name = far.idxmax()
    is_far = far[name] > max(FAR, 5 * here.error[name], 4 * far.median())
    words = "stands as if its answers were turned round, there or elsewhere"
    return f"“{name[:60]}” {words}" if is_far and turned[name] < far[name] / 3 else ""


def _means(told: pd.DataFrame) -> pd.DataFrame:
    """By item the people, the mean of their places, and how far chance moves it."""
    rows = told.assign(total=told.people * told.place, squares=told.people * told.place**2)
    sums = rows.groupby("item")[["people", "total", "squares"]].sum()
    mean, n = sums.total / sums.people, sums.people
    error = ((sums.squares / n - mean**2).clip(lower=0) / n) ** 0.5
    middle = rows.groupby("item").middle.first()
    return pd.DataFrame({"n": n, "mean": mean, "error": error, "middle": middle})


def _odd_ways(part: pd.DataFrame, rest: pd.DataFrame) -> str:
    """Which item goes down where the others go up in a part, and up with them elsewhere."""
    names = [name for name in part if part[name].count() >= 10 and rest[name].count() >= 10]
    down = [name for name in names if _way(part[names], name) < -3] if len(names) >= 4 else []
    least = max(3.0, 0.2 * len(rest) ** 0.5)
    turned = next((name for name in down if _way(rest[names], name) > least), "")
    words = "goes down where the others go up, and up with them elsewhere"
    return f"“{turned[:60]}” {words}" if turned else ""


def _way(table: pd.DataFrame, name: str) -> float:
    """How far beyond chance an item goes up with the others, below 0 down."""
    others = table.drop(columns=name).mean(axis=1)
    way = table[name].corr(others) if table[name].nunique() > 1 else 0.0
    return float(way * table[name].notna().sum() ** 0.5)


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
        for name in names if len(names) >= 4 else ():
            meaning = items_of(one)[name]
            if meaning.certainty != ASK and _way(table[names], name) < -2:
                meaning.certainty = ASK
                meaning.why += ("; goes down where the others go up: if it is scored the other way "
                                f'round, write "{meaning.value}, reversed"')  # fmt: skip
