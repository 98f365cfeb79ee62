"""A mapping of surveys followed: the survey files of the exchange folder that foreign sheets mean.

People's answers become survey_answers, counts survey_counts, percentages of which nobody can tell
how many people they are survey_published. What is impossible is refused with its line; what is left
out is counted and said.
"""

import difflib
import re
import zlib
from fractions import Fraction
from math import ceil, floor

import pandas as pd

from queries.convert import (
    published,
    scales,
    survey_columns,
    survey_guess,
    survey_questions,
    survey_rows,
    survey_ways,
    values,
)
from queries.convert.columns import letters
from queries.convert.converted import ORIGIN, Converted
from queries.convert.foreign import Pairs
from queries.convert.mapping import LIKELY, Mapping, MappingProblem, SheetMapping
from queries.convert.scales import FAVORABLE, LEFT_OUT, NOT_FAVORABLE
from queries.convert.schools import Schools
from queries.convert.sheets import Sheet
from queries.convert.survey_guess import COUNTS, LONG, PUBLISHED, WIDE
from queries.convert.survey_rows import BY_DATE, said_of, slug
from queries.load.report import shown

WHO = ["survey", "school_year", "school_id", "respondent_group", "administration"]
AT = [*WHO, "item_id"]
ITEM = ["survey", "school_year", "respondent_group", "item_id", "administration"]
OF_ITEMS = [*ITEM, "item_text", "scale", "topic", "reverse_scored", *ORIGIN]
# Of a table of percentages only favorable or not is known.
PUBLISHED_SCALE = "favorable"
LISTED = 20
# What stands where a table does not tell a small number.
WITHHELD = r"[<≤*].*|n ?<.*|s|x|\*+|suppressed|withheld"


def add(mapping: Mapping, pairs: Pairs, others: Pairs, result: Converted) -> None:
    """Add the survey files that `pairs` mean to a result; `others` are the sheets of no survey,
    which may say what schools are called."""
    if any(one.holds.value in survey_questions.ASKED for one, _ in pairs):
        _Surveys(mapping, pairs, others, result).convert()


class _Surveys:
    """The way from sheets of surveys to survey files; every row knows its scale and wording."""

    def __init__(self, mapping: Mapping, pairs: Pairs, others: Pairs, result: Converted) -> None:
        self.mapping, self.pairs, self.result = mapping, pairs, result
        self.schools = Schools([*others, *pairs], mapping.convention("school") or "School 1")
        self.bank = survey_rows.Bank(pairs)
        self.names = _Items(self.bank)
        self.is_turned = mapping.convention("reversed_items") == survey_ways.TURNED
        self.said = {(one.scale, one.answer): one for one in mapping.answers}
        self.items: list[pd.DataFrame] = []
        self.seen: dict[str, set[str]] = {}  # of each scale, the answers that somebody gave
        self.alone = sum(1 for one, _ in pairs if one.holds.value == WIDE) == 1

    def convert(self) -> None:
        found: dict[str, list[pd.DataFrame]] = {}
        for place, (one, sheet) in enumerate(self.pairs, start=1):
            if one.holds.value in (WIDE, LONG):
                of_people = self._of_people(one, sheet, place)
                found.setdefault("survey_answers", []).append(of_people)
            elif one.holds.value == COUNTS:
                for name, rows in self._of_counts(one, sheet).items():
                    found.setdefault(name, []).append(rows)
            elif one.holds.value == PUBLISHED:
                found.setdefault("survey_published", []).append(self._of_percents(one, sheet))
        self._say_assumed()
        tables = {name: pd.concat(parts, ignore_index=True) for name, parts in found.items()}
        tables = {name: rows for name, rows in tables.items() if len(rows)}
        for rows in tables.values():
            self._refuse_copies(rows)
        if not tables:
            return
        self.result.add("survey_items", self._items())
        self.result.add("survey_scales", self._scales())
        met = set().union(*(rows.school_id.unique() for rows in tables.values()))
        schools = self.schools.table(met)
        self.result.add_missing("schools", schools)
        columns = {
            "survey_answers": [*WHO[:4], "respondent_id", "item_id", "answer"],
            "survey_counts": [*WHO[:4], "item_id", "answer", "answers"],
            "survey_published": ["survey", "school_year", "school_name", "respondent_group",
                                 "item_id", "percent_favorable", "respondents", "source"],
        }  # fmt: skip
        for name, rows in tables.items():
            rows["school_name"] = rows.school_id.map(schools.set_index("school_id").school_name)
            more = ["administration"] if rows.administration.any() else []
            self.result.add(name, rows[[*columns[name], *more, *ORIGIN]])

    def _refuse_copies(self, rows: pd.DataFrame) -> None:
        """Refuse what a school, year and group has of another one too, number by number."""
        kinds = ("respondent_id", "answers", "percent_favorable")
        number = next(name for name in kinds if name in rows)
        told = ["item_id", "answer", number]
        rows = rows[rows[number] != "0"]
        rows = rows.assign(mark=pd.util.hash_pandas_object(rows[told], index=False))
        met: dict[tuple[int, int], str] = {}
        for at, part in rows.groupby([*WHO[1:4], "administration"], sort=False):
            key = len(part), int(part.mark.sum())
            title = ", ".join(filter(None, map(str, at)))
            is_clear = len(part) >= 8 and part[number].nunique() >= 3
            if is_clear and met.setdefault(key, title) != title:
                self._refuse(next(part.itertuples()), "school", title, "is, number by number, "
                             f"{met[key]}", "leave one of them out, or correct it")  # fmt: skip

    def _say_assumed(self) -> None:
        """What no cell says and nobody was asked."""
        said = [("the folder", name, meaning) for name, meaning in self.mapping.conventions.items()
                if name == "school" or name.startswith(("favorable_", "reversed_"))]  # fmt: skip
        said += [(sheet.title, name, meaning) for one, sheet in self.pairs
                 for name, meaning in one.survey.items()]  # fmt: skip
        for where, name, meaning in said:
            if meaning.certainty == LIKELY:
                words = f"{name.replace('_', ' ')} is taken for {meaning.value}"
                self.result.note(where, words, meaning.why)

    # Rows

    def _rows(self, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
        """One row a row of a sheet: survey, year, school and group, and where it stands. Rows that
        do not say one of them are set aside."""
        rows = pd.DataFrame(index=sheet.table.index)
        rows["survey"] = said_of(one, sheet, "survey")
        rows["school_year"] = self._years(one, sheet)
        rows["school_id"] = self.schools.of(one, sheet)
        rows["respondent_group"] = survey_rows.groups_of(one, sheet)
        rows["administration"] = said_of(one, sheet, "administration")
        rows["from_sheet"], rows["from_line"] = sheet.title, sheet.table.index
        rows = self._answered(one, sheet, rows)
        totals = rows[["school_id", "respondent_group"]].map(survey_questions.is_total).any(axis=1)
        if totals.any():
            words = f"has {int(totals.sum()):,} rows of all schools or groups together"
            self.result.note(sheet.title, words, "left out, as the schools are counted",
                             rows=int(totals.sum()))  # fmt: skip
            rows = rows[~totals]
        for name in WHO[:4]:
            blank = rows.index[rows[name] == ""]
            if len(blank):
                self.result.note(sheet.title, f"says no {name.replace('_', ' ')}", "write it",
                                 "set_aside", line=int(blank[0]), rows=len(blank))  # fmt: skip
            rows = rows[rows[name] != ""]
        return rows

    def _years(self, one: SheetMapping, sheet: Sheet) -> pd.Series:
        said, years = said_of(one, sheet, "school_year"), survey_rows.years_of(one, sheet)
        if (said == BY_DATE).any():
            if one.column_of("date") not in one.dates:
                raise MappingProblem(f"{shown(sheet.title)}: {BY_DATE} needs a column date")
            return years
        wrong = said[(years == "") & (said != "")]
        if len(wrong):
            raise MappingProblem(f"{shown(sheet.title)}: {shown(wrong.iloc[0])} is not a school "
                                 "year; write it as 2025-26")  # fmt: skip
        return years

    def _answered(self, one: SheetMapping, sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
        """Without previews, who did not come to the end, and rows that stand there again: people
        who answer alike within one minute are not rare, within one second they are."""
        status = said_of(one, sheet, "response_status")
        finished = said_of(one, sheet, "finished")
        trials = status.map(lambda said: survey_columns.means(said, "not_answered"))
        open_ones = finished.map(lambda said: values.yes_no_of(said) == "no") & ~trials
        day = one.column_of("date")
        is_timed = day is not None and sheet.table[day].str.contains(r":\d\d:\d\d")
        again = sheet.table.duplicated() & is_timed & ~(trials | open_ones)
        for left, words in ((trials, "previews and tests"), (open_ones, "responses not finished"),
                            (again, "rows that stand there before, to the second")):  # fmt: skip
            if left.any():
                self.result.note(sheet.title, f"has {int(left.sum()):,} {words}", "left out",
                                 rows=int(left.sum()))  # fmt: skip
        return rows[~(trials | open_ones | again)]

    # People's answers

    def _of_people(self, one: SheetMapping, sheet: Sheet, place: int) -> pd.DataFrame:
        """survey_answers of one sheet, with scale, wording and whether an item is reversed."""
        rows = self._rows(one, sheet)
        ids = values.mapped(said_of(one, sheet, "respondent_id"), values.id_of)
        lines = pd.Series(sheet.table.index, index=sheet.table.index).astype(str)
        rows["respondent_id"] = ids.where(ids != "", lines if self.alone else f"{place}-" + lines)
        if one.holds.value == LONG and (answer := one.column_of("answer")):
            rows = rows.assign(answer=survey_columns.answers_of(sheet.table[answer]))
        elif one.holds.value == WIDE and (items := survey_rows.items_of(one)):
            rows = pd.concat([
                rows.assign(named=name, answer=survey_columns.answers_of(sheet.table[name]))
                for name in items]).sort_values("from_line", kind="stable")  # fmt: skip
        else:
            raise MappingProblem(f"{shown(sheet.title)} has no item; write item: and a scale, or "
                                 "item_id and answer")  # fmt: skip
        return self._by_item(one, sheet, rows[rows.answer != ""])

    def _by_item(self, one: SheetMapping, sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of a sheet in which every row names its item, with what is known of each; `rows` may
        have a line of the sheet repeatedly."""
        text, topic, flag = map(one.column_of, ("item_text", "topic", "reverse_scored"))
        if "named" not in rows:
            if not (text or one.column_of("item_id")):
                raise MappingProblem(f"{shown(sheet.title)} needs a column item_id or item_text")
            rows = rows.assign(named=rows.from_line.map(survey_columns.named_items(one, sheet)))
        items = survey_rows.items_of(one)
        found = [rows.head(0).assign(item_id="", scale="")]
        is_published = one.holds.value == PUBLISHED
        for name, part in rows.groupby("named", sort=False):
            meaning = items.get(str(name))
            if meaning is None and not is_published and name:
                raise MappingProblem(f"{shown(sheet.title)}: item {shown(str(name))} is not in the "
                                     "mapping; map the folder again")  # fmt: skip
            if not name or (meaning is not None and not meaning.value):
                continue
            line = part.from_line.iloc[0]
            words = sheet.table[text][line] if text else survey_columns.wording_of(sheet, str(name))
            key, wording = self.names.of(sheet, str(name), words)
            value = meaning.value if meaning else PUBLISHED_SCALE
            scale = survey_columns.scale_of(value)
            is_turned = self.is_turned and bool(scales.NUMBERS.fullmatch(scale))
            is_reversed = (key in self.bank.reversed and not is_turned) or "reversed" in value
            if flag and not is_published:
                is_reversed |= survey_columns.is_flag(sheet.table[flag][line])
            years = set(part.school_year)
            texts = {year: self.bank.wording(key, year) or wording for year in years}
            said = (sheet.table[topic][line] if topic else "") or self.bank.topics.get(key, "")
            part = part.assign(item_id=key, item_text=part.school_year.map(texts), scale=scale,
                               topic=said, reverse_scored="yes" if is_reversed else "no"
                               )  # fmt: skip
            self.items.append(part.drop_duplicates(ITEM)[OF_ITEMS])
            given = set(part.answer.unique()) if "answer" in part else set()
            self.seen.setdefault(scale, set()).update(given)
            found.append(part)
        return pd.concat(found)

    # Counts and percentages

    def _of_counts(self, one: SheetMapping, sheet: Sheet) -> dict[str, pd.DataFrame]:
        """survey_counts of one sheet; survey_published where percentages do not tell how many
        people they are."""
        rows = self._rows(one, sheet)
        heads = {name: meaning.value.partition(": ") for name, meaning in one.columns.items()}
        heads = {n: h for n, h in heads.items() if h[0] in ("answers", "percent") and h[2]}
        if heads:
            kind = next(iter(heads.values()))[0]
            rows = pd.concat([rows.assign(answer=head[2], cell=sheet.table[name])
                              for name, head in heads.items()])  # fmt: skip
        else:
            kind = "answers" if one.column_of("answers") else "percent"
            amount, answer = one.column_of(kind), one.column_of("answer")
            if amount is None or answer is None:
                raise MappingProblem(f"{shown(sheet.title)} needs columns answer and {kind}")
            rows = rows.assign(answer=survey_columns.answers_of(sheet.table[answer]),
                               cell=sheet.table[amount])  # fmt: skip
        people = one.column_of("respondents")
        n = published.ungrouped(one, sheet.table[people]) if people else None
        rows = rows.assign(n="" if n is None else rows.from_line.map(n))
        rows = self._by_item(one, sheet, rows)
        if kind == "answers":
            rows["cell"] = published.ungrouped(one, rows.cell)
            return {"survey_counts": self._whole(rows)}
        return self._of_shares(sheet, rows, list(heads) or [str(one.column_of("percent"))])

    def _whole(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with the count of their cell, 0 of a blank one; all or those that count must add
        up to how many answered, where a column says it."""
        numbers = rows.cell.map(lambda cell: survey_columns.number_of(cell) if cell else 0.0)
        rows, numbers = self._without_withheld(rows, numbers)
        odd = numbers.isna() | (numbers < 0) | (numbers % 1 != 0)
        for row in rows[odd].head(LISTED).itertuples():
            self._refuse(row, "answers", row.cell, "is no count of answers",
                         "write a whole number, or leave out the item at this school")  # fmt: skip
        rows = self._without_sums(rows.assign(number=numbers.where(~odd, 0).astype(int)))
        for _, part in rows.groupby(AT, sort=False):
            first = next(part.itertuples())
            counted = [self._way(row.scale, row.answer) != LEFT_OUT for row in part.itertuples()]
            sums = {int(part.number.sum()), int(part.number[counted].sum())}
            if first.n and values.number_of(values.id_of(first.n)) not in sums:
                self._refuse(first, "respondents", first.n, "is not what the answers add up to, "
                             f"{max(sums)}", "correct one of them")  # fmt: skip
        return rows.assign(answers=rows.number.astype(str))

    def _without_sums(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Without the school that is, count by count, the sum of the others."""
        counts = rows.pivot_table(index=[*ITEM, "answer"], columns="school_id", values="number",
                                  aggfunc="sum", fill_value=0)  # fmt: skip
        sums = [s for s in counts if len(counts.columns) > 2 and len(counts) > 2
                and counts[s].any() and (2 * counts[s] == counts.sum(axis=1)).all()]  # fmt: skip
        if sums:
            said = f"has the school {shown(str(sums[0]))}, which is the sum of the others"
            self.result.note(rows.from_sheet.iloc[0], said, "left out, as they are counted")
        return rows[~rows.school_id.isin(sums)]

    def _without_withheld(
        self, rows: pd.DataFrame, numbers: pd.Series
    ) -> tuple[pd.DataFrame, pd.Series]:
        """Without items at schools of which a count is withheld, such as <5: the others alone would
        read as all."""
        withheld = rows[numbers.isna().to_numpy() & rows.cell.str.fullmatch(WITHHELD).to_numpy()]
        for row in withheld.drop_duplicates(AT).head(LISTED).itertuples():
            self.result.note(row.from_sheet, "withholds a count, so the item is left out at this "
                             "school", "", "set_aside", line=int(row.from_line),
                             value=row.cell)  # fmt: skip
        gone = pd.MultiIndex.from_frame(withheld[AT])
        kept = ~pd.MultiIndex.from_frame(rows[AT]).isin(gone)
        return rows[kept], numbers[kept]

    def _refuse(self, row, column: str, value: str, problem: str, remedy: str) -> None:
        self.result.note(row.from_sheet, problem, remedy, "refused", line=int(row.from_line),
                         column=column, value=value)  # fmt: skip

    def _of_shares(
        self, sheet: Sheet, rows: pd.DataFrame, names: list[str]
    ) -> dict[str, pd.DataFrame]:
        """Percentages of answers as counts, where each is that of one whole number of people."""
        is_share = survey_guess.is_share(sheet.table[names])
        rows = rows.assign(percent=[_percent(cell, is_share) for cell in rows.cell])
        rows, _ = self._without_withheld(rows, rows.percent.map(lambda one: one and 0.0))
        is_whole, kept = True, []
        for _, part in rows.groupby(AT, sort=False):
            counts = self._people(part)
            if counts is None:
                continue
            is_whole &= all(low == high for low, high in counts)
            kept.append(part.assign(answers=[str(low) for low, _ in counts]))
        if not kept:
            return {}
        rows = pd.concat(kept)
        if is_whole:
            return {"survey_counts": rows}
        self.result.note(sheet.title, "has percentages that several numbers of people would give",
                         "percent favorable is kept as published, and no counts")  # fmt: skip
        return {"survey_published": self._favorable_of(rows)}

    def _possible(self, row, column: str, n: float | None) -> tuple[int, int] | None:
        """From how many to how many of n people a percentage may be; None, and refused, where it is
        none, or that of no number of people."""
        if row.percent is None or not 0 <= row.percent[0] <= 100:
            self._refuse(row, column, row.cell, "is no percentage", "write a number from 0 to 100")
            return None
        percent, half = row.percent
        low, high = _between(percent, half, n) if n is not None else (0, 1)
        if low > high:
            self._refuse(row, column, row.cell, f"is impossible for {row.n} answers",
                         "correct one of them")  # fmt: skip
        return (low, high) if low <= high else None

    def _people(self, part: pd.DataFrame) -> list[tuple[int, int]] | None:
        """From how many to how many people each percentage of one item may be; None, and refused,
        where it can be of none, or all do not add up."""
        first = next(part.itertuples())
        n = values.number_of(values.id_of(first.n)) if first.n else None
        counts, total, slack = [], Fraction(0), Fraction(0)
        for row in part.itertuples():
            between = self._possible(row, "percent", n)
            if between is None:
                return None
            percent, half = row.percent
            total, slack = total + percent, slack + half
            counts.append(between)
        if abs(total - 100) > slack:
            self._refuse(first, "percent", f"{float(total):g}", "is what the answers to this item "
                         "add up to", "100 would be right")  # fmt: skip
            return None
        if n is not None and all(low == high for low, high in counts):
            people = sum(low for low, _ in counts)
            if people != n:
                self._refuse(first, "respondents", first.n, f"is not the {people} people that the "
                             "percentages are", "correct one of them")  # fmt: skip
                return None
        return counts

    def _favorable_of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """One row an item: the favorable of the percentages that count."""
        way = pd.Series(map(self._way, rows.scale, rows.answer), index=rows.index, dtype=object)
        wanted = rows.reverse_scored.map({"yes": NOT_FAVORABLE, "no": FAVORABLE})
        if ((rows.reverse_scored == "yes") & (way != LEFT_OUT)).any():
            raise MappingProblem("percentages of a reversed item cannot be turned round without n")
        percent = rows.percent.map(lambda one: float(one[0]))
        rows = rows.assign(good=percent.where(way == wanted, 0.0),
                           counted=percent.where(way != LEFT_OUT, 0.0))  # fmt: skip
        sums = rows.groupby(AT, sort=False)[["good", "counted"]].sum().reset_index()
        told = rows.drop_duplicates(AT).drop(columns=["good", "counted"]).merge(sums, on=AT)
        share = 100 * told.good / told.counted.where(told.counted > 0)
        return told.assign(percent_favorable=[f"{one:.4g}" for one in share],
                           respondents=told.n, source=told.from_sheet)  # fmt: skip

    def _of_percents(self, one: SheetMapping, sheet: Sheet) -> pd.DataFrame:
        """survey_published of one sheet: percent favorable as it stands there."""
        column, people = one.column_of("percent_favorable"), one.column_of("respondents")
        if column is None:
            raise MappingProblem(f"{shown(sheet.title)} needs a column percent_favorable")
        rows = self._rows(one, sheet)
        n = published.ungrouped(one, sheet.table[people]) if people else ""
        rows = rows.assign(cell=sheet.table[column], n=n)
        rows = self._by_item(one, sheet, rows)
        is_share = survey_guess.is_share(sheet.table[[column]])
        is_told = ~(rows.cell.str.lower().isin(values.NOTHING | {""})
                    | rows.cell.str.fullmatch(WITHHELD))  # fmt: skip
        rows = rows[is_told]
        rows = rows.assign(percent=[_percent(cell, is_share) for cell in rows.cell])
        small = rows.percent.map(lambda one: one is not None and 0 < one[0] < 1)
        for row in rows[small & ~rows.cell.str.contains("%")].head(LISTED).itertuples():
            if not is_share:
                self._refuse(row, column, row.cell, "stands beside percentages above 1",
                             "write it as they are, from 0 to 100, or with a %")  # fmt: skip
        told = rows[[self._possible(row, column, values.number_of(row.n)) is not None
                     for row in rows.itertuples()]]  # fmt: skip
        return told.assign(percent_favorable=[f"{float(one[0]):.10g}" for one in told.percent],
                           respondents=told.n, answer="", source=sheet.title)  # fmt: skip

    # Items and scales

    def _items(self) -> pd.DataFrame:
        """survey_items: one row per survey, year, group and item."""
        table = pd.concat(self.items, ignore_index=True).drop_duplicates(ITEM)
        table = table.sort_values(ITEM, kind="stable")
        blank = [name for name in ("topic", "administration") if not table[name].any()]
        return table.drop(columns=blank)

    def _scales(self) -> pd.DataFrame:
        """survey_scales: one row per scale and answer; a known scale is whole."""
        found = []
        for scale, answers in sorted(self.seen.items()):
            found += self._scale(scale, sorted(answers))
        table = pd.DataFrame(found, columns=["scale", "answer", "position", "way"])
        table["favorable"] = table.way.map({FAVORABLE: "yes"}).fillna("no")
        table["counts"] = table.way.map({LEFT_OUT: "no"}).fillna("yes")
        return table.drop(columns="way")

    def _scale(self, scale: str, answers: list[str]) -> list[tuple[str, str, str, str]]:
        if scale == PUBLISHED_SCALE and not answers:
            return [(scale, "Not favorable", "1", NOT_FAVORABLE), (scale, "Favorable", "2",
                                                                   FAVORABLE)]  # fmt: skip
        numbers = scales.NUMBERS.fullmatch(scale)
        if numbers:
            places = [str(n) for n in range(int(numbers[1]), int(numbers[2]) + 1)]
            answers = [*places, *(one for one in answers if one not in places)]
        rows = [(scale, answer, self._position(scale, answer), self._way(scale, answer))
                for answer in answers]  # fmt: skip
        taken = {int(one[2]) for one in rows if one[2].isdecimal()}
        for place in scales.unseen(scale, answers, taken):
            way = FAVORABLE if place.is_favorable else NOT_FAVORABLE
            rows.append((scale, place.word, str(place.position), way))
        last = max((int(one[2]) for one in rows if one[2].isdecimal()), default=0)
        rows = [(s, a, p or (str(last + 1) if w == LEFT_OUT else ""), w) for s, a, p, w in rows]
        return sorted(rows, key=lambda one: (int(one[2]) if one[2].isdecimal() else 99, one[1]))

    def _key(self, scale: str, answer: str) -> str:
        return scales.keys({*(a for s, a in self.said if s == scale), answer})[answer]

    def _position(self, scale: str, answer: str) -> str:
        if scales.NUMBERS.fullmatch(scale):
            return answer
        said = self.said.get((scale, answer))
        place = scales.KNOWN.get(scale, {}).get(self._key(scale, answer))
        return said.position if said else str(place.position) if place else ""

    def _way(self, scale: str, answer: str) -> str:
        """How an answer counts, as the mapping says or, of a known scale, its words."""
        numbers = scales.NUMBERS.fullmatch(scale)
        if numbers:
            said = self.mapping.convention(f"favorable_{numbers[1]}_to_{numbers[2]}")
            good, none = (re.findall(r"\d+", part) for part in said.partition("not")[::2])
            if not good:
                words = f"favorable_{numbers[1]}_to_{numbers[2]} must say which numbers are"
                raise MappingProblem(f"conventions: {words}, such as 4, 5")
            if answer in none:
                return LEFT_OUT
            if int(numbers[1]) <= int(answer) <= int(numbers[2]):
                return FAVORABLE if answer in good else NOT_FAVORABLE
        one = self.said.get((scale, answer))
        if one is not None and one.counts_as.value not in scales.WAYS:
            raise MappingProblem(f"answer {shown(answer)} of {scale}: counts_as is "
                                 f"{shown(one.counts_as.value)}; write one of "
                                 f"{', '.join(scales.WAYS)}")  # fmt: skip
        if one is not None:
            return one.counts_as.value
        key = self._key(scale, answer)
        place = scales.KNOWN.get(scale, {}).get(key)
        if place is not None:
            return FAVORABLE if place.is_favorable else NOT_FAVORABLE
        if not scales.is_counted(key):
            return LEFT_OUT
        raise MappingProblem(f"answer {shown(answer)} of {scale} is not in the mapping: add it to "
                             "answers, or map the folder again")  # fmt: skip


def _percent(cell: str, is_share: bool) -> tuple[Fraction, Fraction] | None:
    """A percentage and half of its last digit: 62.5 is between 62.45 and 62.55."""
    plain = values.with_point(cell.replace("%", "").strip() or "0")
    if values.number_of(plain) is None:
        return None
    factor = 100 if is_share and "%" not in cell else 1
    places = len(plain.partition(".")[2])
    return Fraction(plain) * factor, Fraction(factor, 2 * 10**places)


def _between(percent: Fraction, half: Fraction, n: float) -> tuple[int, int]:
    """From how many to how many of n people a rounded percentage may be."""
    people = Fraction(n)
    return ceil((percent - half) * people / 100), floor((percent + half) * people / 100)


class _Items:
    """Ids of items: the variable's name, or made of the wording, the same in every file."""

    def __init__(self, bank: survey_rows.Bank) -> None:
        self.bank = bank
        self.wordings: dict[str, str] = {}  # of each id
        self.by_words: dict[str, str] = {}
        self.used: dict[str, dict[str, str]] = {}  # of each sheet: id to name

    def of(self, sheet: Sheet, name: str, wording: str) -> tuple[str, str]:
        """The id and wording of an item of a sheet, by its name there."""
        base = survey_columns.base_of(name, self.bank.ids)
        if base:
            return base, wording
        used = self.used.setdefault(sheet.title, {})
        words = letters(wording) or wording
        item = self.by_words.get(words, "")
        if not item or used.get(item, name) != name:
            is_name = bool(re.fullmatch(r"[\w.-]{1,60}", name))
            item = name if is_name else slug(wording)
            before = self.wordings.get(item)
            if before is not None and not _alike(before, words):
                item = f"{item}_{slug(wording)[:24]}"
            if used.get(item, name) != name:
                item = f"{slug(name)[:50]}_{zlib.crc32(name.encode()):08x}"
        used[item] = name
        self.wordings.setdefault(item, words)
        self.by_words.setdefault(words, item)
        return item, wording


def _alike(one: str, other: str) -> bool:
    """Whether two wordings are one question that was put in other words, and not another one."""
    return difflib.SequenceMatcher(None, one, other).ratio() >= 0.6
