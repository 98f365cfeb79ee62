"""How tables of surveys read. Tables in, words out."""

import pandas as pd

from pages.shared import basis, formats
from pages.shared.formats import count, listed, number, points
from queries.answer import kept


@kept
def shifts(table: pd.DataFrame) -> str:
    """'Five of ten shifts are clear of chance: five up.'"""
    compared = table[table.shift_points.notna()]
    if compared.empty:
        why = listed(dict.fromkeys(table.why_not_clear.dropna()))
        # Of a share view both years may be told, and how they differ not.
        told = formats.is_coded(table) and table.comparable.any()
        none = "No shift can be told since" if told else "No item can be compared with"
        return f"{none} {_before(table)}" + (f": {why}" if why else "")
    judged = compared[_is_judged(compared)]
    if judged.empty and compared.why_not_clear.notna().any():
        why = listed(dict.fromkeys(compared.why_not_clear.dropna()))
        return f"No shift can be called clear of chance: {why}"
    if judged.empty:
        up = int((compared.shift_points > 0).sum())
        return (
            f"Agreement rose on {count(up)} of {number(len(compared), 'item', 'items')}; how sure "
            "that is cannot be said, for n is not published"
        )
    clear = judged[basis.is_are(True, judged.clear_of_chance)]
    if clear.empty and len(judged) == 1:
        return "The one shift that can be judged is not clear of chance"
    if clear.empty:
        none = f"None of {number(len(judged), 'shift', 'shifts')} is clear of chance"
        return none + basis.by_chance(len(judged))
    told = (
        f"{count(len(clear))} of {number(len(judged), 'shift is', 'shifts are')} clear of chance"
        f"{basis.by_chance(len(judged))}"
    )
    holding = clear[basis.is_are(True, clear.holds)]
    if holding.empty:
        which = "this" if len(clear) == 1 else "these"
        return f"{told}; among so many, {which} may be chance too"
    largest = holding.loc[holding.shift_points.abs().idxmax()]
    return f"{told}; the largest is {points(largest.shift_points)}: {formats.quoted_item(largest)}"


def shifts_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line: without what chance makes, and without the words of an item."""
    told = shifts(table)
    if told.startswith("No "):
        return told.split(":")[0]
    first, *rest = told.split("; ")
    return "; ".join([first.split(", where chance")[0], *(one.split(": “")[0] for one in rest[:1])])


@kept
def judged(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of culture/shifts that may be called clear of chance or not."""
    return table[_is_judged(table) & ~table.published.astype(bool)]


# How the rows of items may be sorted.
ORDERS = ("By shift", "By level", "By topic")


@kept
def clear(table: pd.DataFrame) -> pd.DataFrame:
    """Of the same rows those that are clear of chance: first those that hold among all of them, the
    largest first."""
    rows = judged(table)
    rows = rows[basis.is_are(True, rows.clear_of_chance)]
    order = rows.assign(holds=basis.is_are(True, rows.holds), size=rows.shift_points.abs())
    order = order.sort_values(["holds", "size", "item_id"], ascending=[False, False, True])
    return rows.loc[order.index]


@kept
def beside_groups(table: pd.DataFrame, every_group: pd.DataFrame) -> pd.DataFrame:
    """Rows of culture/shifts of one group of respondents, with what each group says to the same
    words, in words: a column for each, students first, empty where it was not asked."""
    if table.empty:
        return table
    own = table.respondent_group.iloc[0]
    asked = every_group[every_group.respondent_group != own]
    asked = asked[asked.asked_as.isin(table.asked_as)]
    told = {(row.respondent_group, row.asked_as): row for row in asked.itertuples()}
    told |= {(own, row.asked_as): row for row in table.itertuples()}
    groups = sorted({group for group, _ in told}, key=lambda group: (group != "students", group))
    figures = {pair: _said(row) for pair, row in told.items()}
    return table.assign(
        **{
            f"{formats.GROUP}{group}": [figures.get((group, words), "") for words in table.asked_as]
            for group in groups
        }
    )


def _said(row) -> str:
    """The share of everybody of a group that answered; staff see none of too few."""
    told = formats.figure(row, "second_all_favorable")
    return "too few" if told == formats.UNKNOWN else told


def other_groups(table: pd.DataFrame) -> str:
    """What stands beside the group that was chosen, where there are others."""
    if sum(name.startswith(formats.GROUP) for name in table) < 2:
        return ""
    own = formats.sentence_case(table.iloc[0].respondent_group).lower()
    return (
        f"In bold what {own} say, the shift is theirs; beside it what others say to the same words "
        "on the same scale. A row that is chosen is opened below."
    )


@kept
def of_topic(table: pd.DataFrame, topic: str, order: str) -> pd.DataFrame:
    """Rows of culture/shifts of one topic, or of all (''), in the order of ORDERS that was chosen;
    as they are, with the largest shift first, in any other."""
    rows = table[table.topic == topic] if topic else table
    level = pd.to_numeric(rows.second_all_favorable)
    if formats.is_coded(rows):
        ends = (rows.second_all_favorable_at_least, rows.second_all_favorable_at_most)
        level = level.fillna(sum(pd.to_numeric(end) for end in ends) / 2)
    rows = rows.assign(level=-level)
    if order == "By topic":
        rows = rows.assign(under=rows.topic.fillna("No topic"))
    by = {"By level": ["level", "item_id"], "By topic": ["under", "level", "item_id"]}.get(order)
    return (rows.sort_values(by) if by else rows).drop(columns="level")


def items_moved(table: pd.DataFrame) -> str:
    """'4 up, 1 down': survey items that moved clear of chance."""
    moved = clear(table)
    rose = int((moved.shift_points > 0).sum())
    return f"{count(rose)} up, {count(len(moved) - rose)} down" if len(judged(table)) else "–"


def items_moved_by_chance(table: pd.DataFrame) -> str:
    """'of 44; by chance about 2', what stands beside items_moved."""
    compared = len(judged(table))
    return f"of {count(compared)}; by chance {basis.expected(compared)}" if compared else ""


def is_first_year(table: pd.DataFrame) -> bool:
    """Whether the rows of culture/shifts have no year before them in the data."""
    return bool(table.first_year.isna().all())


def items_of_a_year(table: pd.DataFrame) -> str:
    """'Agreement goes from 12% on “We are heard” to 92% on “I feel safe”'."""
    asked = _lowest_first(table)
    if asked.empty:
        return (
            f"{number(len(table), 'item was', 'items were')} asked in {table.iloc[0].second_year}"
        )
    low, high = (
        f"{formats.figure(row, 'second_favorable')} on {formats.quoted_item(row)}"
        for row in (asked.iloc[0], asked.iloc[-1])
    )
    return f"Agreement is {high}" if len(asked) == 1 else f"Agreement goes from {low} to {high}"


def year_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line, without the words of an item."""
    asked = _lowest_first(table)
    if asked.empty:
        return items_of_a_year(table)
    low, high = (formats.figure(asked.iloc[end], "second_favorable") for end in (0, -1))
    return f"Agreement goes from {low} to {high}" if len(asked) > 1 else f"Agreement is {high}"


def _lowest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of culture/shifts with ten answers in the second year and a share that is told, the
    lowest first; what is told as a band stands where the middle of it is."""
    share = pd.to_numeric(table.second_favorable)
    if formats.is_coded(table):
        ends = (table.second_favorable_at_least, table.second_favorable_at_most)
        share = share.fillna(sum(pd.to_numeric(end) for end in ends) / 2)
    known = (table.second_n >= 10).fillna(False).astype(bool) & share.notna()
    asked = table[known].assign(share=share[known]).sort_values(["share", "item_id"])
    return asked.drop(columns="share")


def year_caption(table: pd.DataFrame) -> str:
    """How to read one year of a survey."""
    row = table.iloc[0]
    return (
        f"Share of favorable answers among those that count in {row.second_year}, with its 95% "
        f"interval, the highest first. {_answers_an_item(table)}{_said_of_students(table)}"
    )


def _times(row) -> tuple[str | None, str]:
    """'2024-25' and '2025-26', or 'fall 2025-26' and 'spring 2025-26': of a row of shifts."""
    if formats.is_missing(row.first_year):
        return None, row.second_year
    first, second = row.first_administration, row.administration
    if formats.is_missing(first) or first == second:
        return row.first_year, row.second_year
    return formats.asked(first, row.first_year), formats.asked(second, row.second_year)


def _before(table: pd.DataFrame) -> str:
    first, _second = _times(table.iloc[0])
    return first or "the year before"


def at_each_time(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of two administrations of one year, with that in their school_year."""
    if table.administration.nunique() < 2:
        return table
    times = zip(table.administration, table.school_year, strict=True)
    return table.assign(school_year=[formats.asked(*time) for time in times])


def survey_standing(table: pd.DataFrame, rates: pd.DataFrame) -> str:
    """Whose answers, about what, from when."""
    row = table.iloc[0]
    who = formats.sentence_case(row.respondent_group)
    abouts = ", ".join(sorted({about for about in table.about if isinstance(about, str)}))
    if abouts:
        who = f"{who} on {abouts}"
    years = " to ".join(time for time in _times(row) if time)
    if row.published:
        n = "n not published" if formats.is_missing(row.second_n) else f"n = {count(row.second_n)}"
        if row.n_assumed:
            n += ", intervals rest on the n that you assume"
        return f"{row.survey} · {row.school_name} · {who} · {years} · {n}"
    return f"{row.survey} · {who} · {years} · {response_rates(rates)}"


@kept
def shift_caption(table: pd.DataFrame) -> str:
    """How to read the dumbbells, and whose view they are."""
    row = table.iloc[0]
    first, second = _times(row)
    words = (
        "Share of favorable answers among those that count; the open dot is "
        f"{first}, the full one {second}. "
    )
    if table.shift_low.notna().any():
        words += (
            "The thin line is the 95% interval of the shift, laid from the open dot: where it "
            "reaches that dot the row is grey, for ordinary differences from answer to answer "
            "could explain it. "
        )
    if not row.published:
        words += _answers_an_item(table) + _schools_left_out(table)
    return words + _said_of_students(table)


def _said_of_students(table: pd.DataFrame) -> str:
    group = table.iloc[0].respondent_group
    if group == "students" or not (table.about == "students").any():
        return ""
    who = formats.sentence_case(group).lower()
    return f"Items about students are what {who} say of them, not what students say."


def _is_judged(table: pd.DataFrame) -> pd.Series:
    """Shifts that are counted: with an interval, and nothing else that speaks against them."""
    return table.shift_low.notna() & table.why_not_clear.isna()


def _answers_an_item(table: pd.DataFrame) -> str:
    """'n an item: 90 answers in 2024-25, 10 to 15 answers in 2025-26. '"""
    told = []
    for year, name in zip(("first", "second"), _times(table.iloc[0]), strict=True):
        sizes = table[f"{year}_n"].dropna()
        if len(sizes):
            most = table.get(f"{year}_n_high", sizes).max()
            told.append(f"{formats.answers_told(sizes.min(), most)} in {name}")
    return f"n an item: {', '.join(told)}. " if told else ""


def _over_schools(table: pd.DataFrame) -> bool:
    """Whether a shift rests on several schools."""
    return bool((table[table.shift_points.notna()].schools_compared.dropna() > 1).any())


def made_of_percents(table: pd.DataFrame) -> str:
    """Why the share view may tell another percent of one item in another place; '' elsewhere."""
    if not formats.is_coded(table) or not _over_schools(table):
        return ""
    return "Made of schools’ whole percents, a figure may be a point off that of all answers. "


def _schools_left_out(table: pd.DataFrame) -> str:
    """Who answered one of the two times alone, and is in no shift over several schools."""
    left_out = []
    first, second = _times(table.iloc[0])
    for column, time in (("schools_new", second), ("schools_gone", first)):
        names = {name for told in table[column].dropna() for name in told.split("; ")}
        if names:
            left_out.append(f"{listed(sorted(names))} in {time}")
    words = ""
    if _over_schools(table):
        words = f"Each school weighs the same both times. {made_of_percents(table)}"
    if left_out:
        words += f"Left out, for they answered one time alone: {'; '.join(left_out)}. "
    return words


@kept
def first_told(shifts: pd.DataFrame, answers: pd.DataFrame) -> int:
    """The place of the first row of culture/shifts of which the share view tells the answers, rows
    of culture/distribution; the first of all where it tells none, and where all are told."""
    told = answers[_answers_told(answers)]
    return int(shifts.item_id.isin(told.item_id).argmax()) if len(shifts) else 0


ANSWERS_WITHHELD = "Withheld here: single answers are told of forty people or more."


def is_withheld(answers: pd.DataFrame) -> bool:
    """Whether the share view tells none of the answers to an item; rows of it of
    culture/distribution."""
    return not _answers_told(answers).any()


def _answers_told(answers: pd.DataFrame) -> pd.Series:
    told = answers.share.notna()
    return told | answers.share_at_most.notna() if formats.is_coded(answers) else told


@kept
def distribution_behind(table: pd.DataFrame) -> str:
    """What the bars of one item are; rows of culture/shifts."""
    return (
        "All answers that count." if is_first_year(table) else "All answers that count, both times."
    )


def answers_in_order(table: pd.DataFrame) -> list[str]:
    """What the parts of a bar are, from left to right; rows of one item of culture/distribution. In
    the share view each has a bar of its own, with its name."""
    if formats.is_coded(table):
        return []
    rows = table[table.counts.astype(bool)].sort_values("position", kind="stable")
    return [f"From left to right: {', '.join(dict.fromkeys(rows.answer))}."] if len(rows) else []


def answers_together(table: pd.DataFrame) -> str:
    """Why some answers stand in one bar; rows of culture/distribution."""
    if "together" not in table or not (table.together > 1).any():
        return ""
    return " Answers stand in one bar where each alone could tell what fewer than ten people said."


def response_rates(table: pd.DataFrame) -> str:
    """Who answered in the newest year, of those invited."""
    if table.empty:
        return "Nobody answered"
    # Of one group of respondents, in the order of time.
    row = table.iloc[-1]
    if formats.is_coded(table):
        share = formats.figure(row, "response_rate")
        if row.withheld or share == formats.WITHHELD:
            return "How many of those asked answered is withheld or not known"
        return f"{share} answered: {formats.answers_told(row.respondents, row.respondents_high)}"
    if formats.is_missing(row.respondents):
        least = number(row.respondents_known, "person", "people")
        return f"At least {least} answered; counts do not say how many"
    answered = number(row.respondents, "person", "people")
    if formats.is_missing(row.response_rate):
        return f"{answered} answered; how many were asked is not known"
    of_those = f"{count(row.respondents)} of {count(row.invited)}"
    told = f"{_response_rate(row)} answered: {of_those}"
    if row.schools_left_out:
        schools = number(row.schools_left_out, "school", "schools")
        told += f", without {schools} where more answered than were asked"
    return told


def _response_rate(row) -> str:
    """With the decimals that tell it from everybody, and from the floor of a clear shift."""
    floor = 1 if formats.is_missing(row.response_floor) else row.response_floor / 100
    decimals = formats.decimals_apart([100 * row.response_rate], [100, 100 * floor])
    return formats.percent_against(row.response_rate, floor, decimals)


@kept
def gaps(table: pd.DataFrame) -> str:
    """The surest gap between two groups on one item, of those with ten answers of each."""
    if table.empty:
        return "No gap between two groups can be told"
    alike = table[table.gap_points.notna()]
    if alike.empty:
        return "No item was asked of two groups in the same words"
    enough = alike[(alike.n_a >= 10) & (alike.n_b >= 10)]
    if enough.empty:
        return "Too few answers to tell a gap between two groups"
    row = enough.iloc[0]
    if not (row.gap_low > 0 or row.gap_high < 0):
        return "No gap between two groups is clear of chance"
    above, below = (row.group_a, row.group_b) if row.gap_points > 0 else (row.group_b, row.group_a)
    return (
        f"{formats.sentence_case(above)} answer {points(abs(row.gap_points)).lstrip('+')} above "
        f"{formats.sentence_case(below).lower()} on {formats.quoted_item(row)}"
    )


def gaps_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    told = gaps(table).split(" on “")[0]
    return {
        "No item was asked of two groups in the same words": "No item was asked of two groups",
        "Too few answers to tell a gap between two groups": "Too few answers to tell a gap",
        "No gap between two groups is clear of chance": "No gap between groups is clear of chance",
    }.get(told, told)


@kept
def wording(table: pd.DataFrame) -> str:
    """How many items were changed between years."""
    if len(table) and table.earlier_year.isna().all():
        asked = len(table[["respondent_group", "item_id"]].drop_duplicates())
        return f"{number(asked, 'item was', 'items were')} asked in the first year"
    changed = table[basis.is_are(False, table.comparable)]
    items = changed[["respondent_group", "item_id"]].drop_duplicates()
    if items.empty:
        return "Every item was asked alike in every year"
    return f"{number(len(items), 'item was', 'items were')} changed between years"


def published_percentages(table: pd.DataFrame) -> str:
    """Whether one n can have produced the whole percentages of each published year."""
    words = []
    for row in table.itertuples():
        least = "200" if formats.is_missing(row.smallest_n) else count(row.smallest_n)
        words.append(f"{row.school_year} below {least}")
    return (
        "No single number of answers gives all the whole percentages of "
        + " or of ".join(words)
        + ": items had different n, or percentages were rounded before they were added."
    )


def n_needed_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    sizes = table.smallest_n.dropna()
    if sizes.empty:
        return "No n up to 1,000 would make a shift clear"
    return f"The largest shift needs {number(sizes.min(), 'answer', 'answers')} a year"


def n_needed(table: pd.DataFrame) -> str:
    """The smallest and the largest n that the shifts of a published table would need."""
    sizes = table.smallest_n.dropna()
    if sizes.empty:
        return "No n up to 1,000 would put a shift clear of chance"
    return (
        f"The largest shift needs {number(sizes.min(), 'answer', 'answers')} a year to stand clear "
        f"of chance, the smallest {count(sizes.max())}"
    )


def item_schools(table: pd.DataFrame) -> str:
    """How far the schools lie apart on one item."""
    rows = table[(table.n >= 10).fillna(False) & table.favorable.notna()]
    if len(rows) < 2:
        return "Too few schools to compare"
    low, high = rows.favorable.min(), rows.favorable.max()
    lowest, highest = formats.percents_apart(low, high)
    if table.first_year.isna().all():
        return f"Between {lowest} and {highest} at {number(len(rows), 'school', 'schools')}"
    moved = basis.is_are(True, table.clear_of_chance).sum()
    return f"Schools at {lowest} to {highest}; {count(moved)} of {count(len(rows))} moved"


def item_schools_caption(table: pd.DataFrame) -> str:
    """How to read one item in each school."""
    if table.first_year.isna().all():
        return "Favorable answers in each school, with the 95% interval."
    compared = int(table.shift_points.notna().sum())
    moved = listed(table[basis.is_are(True, table.clear_of_chance)].school_name)
    told = (
        f"Favorable answers in each school in {table.iloc[0].first_year} (open dot) and now, with "
        "the 95% interval of the shift."
    )
    if not compared:
        return told
    return (
        f"{told} Clear of chance by itself: {moved or 'none'}, of "
        f"{number(compared, 'school', 'schools')}{basis.by_chance(compared)}."
    )


@kept
def topics(table: pd.DataFrame) -> str:
    """'Schools differ most on trust: 55% to 79%', of rows of culture/by_topic."""
    told = table[table.favorable.notna()]
    ends = told.groupby("topic").favorable.agg(["min", "max", "size"])
    ends = ends[ends["size"] > 1]
    if ends.empty:
        return "Topics school by school"
    topic = (ends["max"] - ends["min"]).astype(float).idxmax()
    low, high = formats.percents_apart(ends["min"][topic], ends["max"][topic])
    return f"Schools differ most on {topic}: {low} to {high}"


def topics_left_out(table: pd.DataFrame) -> str:
    """Why some schools and topics have no mean."""
    mixed = sorted(table[table.scales > 1].topic.unique())
    words = "A school has a mean where every item of the topic is told. A row opens its school."
    if mixed:
        words += f" No mean of {listed(mixed)}: the items do not share a scale."
    return words


def item_schools_at_a_glance(rows: pd.DataFrame) -> str:
    """The same where the share view tells ends of most schools alone."""
    told = item_schools(rows)
    return "School by school" if told.startswith("Too few") and len(rows) > 1 else told
