"""How a table reads: the sentence above a chart. Tables in, words out.

A sentence never claims more than its interval: a change that chance could make is said to be one.
"""

import pandas as pd

from pages.shared import formats
from pages.shared.formats import count, listed, number, percent, points


def standing(table: pd.DataFrame) -> str:
    """What is counted, as of when, from how many schools."""
    row = table.iloc[0]
    schools = number(row.schools, "school", "schools")
    if row.nothing_told:
        return f"{schools} · nothing is told of {row.school_year} before its first month has ended"
    if row.schools_reporting < row.schools:
        schools = f"{count(row.schools_reporting)} of {schools} reporting"
    if formats.is_missing(row.as_of) or not row.days_expected:
        return f"{schools} · no instructional day yet"
    told = (
        f"{schools} · {row.school_year} up to {formats.day(row.as_of)}, "
        f"instructional day {count(row.instructional_day)} · "
        f"attendance taken on {_coverage(row)} of days · {row.definition_label}"
    )
    if row.schools_stopped:
        told = f"{told} · {_stopped(row)}"
    return f"{told} · {too_early(row)}" if row.nobody_yet else told


def _coverage(row) -> str:
    """The share of days on which attendance was taken; 100% where it was on all of them alone."""
    return formats.percent_against(row.coverage, 1)


def too_early(row: pd.Series) -> str:
    """'nobody can be evaluated yet: attendance was taken on 5 days, and it takes 10 days'."""
    days = number(row.days_possible, "day", "days")
    return (
        f"nobody can be evaluated yet: attendance was taken on {days}, and it takes "
        f"{number(row.minimum_days, 'day', 'days')}"
    )


def _stopped(row: pd.Series) -> str:
    """'Birch School: no attendance since October 14, 2025; its figures stand there'."""
    since = f"no attendance since {formats.day(row.stopped_since)}"
    if row.schools_stopped == 1:
        return f"{row.stopped_school}: {since}; its figures stand there"
    others = number(row.schools_stopped - 1, "other school", "other schools")
    return (
        f"{row.stopped_school}: {since}, and {others} stopped later; the figures of each stand at "
        "its own last day, see Data health"
    )


def chronic(under_way: bool) -> str:
    """How the measure is called: before the year ends nobody is chronically absent for good."""
    return "on track to be chronically absent" if under_way else "chronically absent"


def headline(table: pd.DataFrame, under_way: bool) -> str:
    """'24% of students are on track to be chronically absent: 933 of 3,965.'"""
    row, coded = table.iloc[0], formats.is_coded(table)
    if coded and row.withheld:
        return f"How many students are {chronic(under_way)} is withheld: there are too few of them"
    if not row.students:
        return "Nobody can be evaluated yet"
    verb = "are" if under_way else "were"
    share = f"{formats.row_told(row, 'rate')} of students {verb} {chronic(under_way)}"
    if formats.is_missing(row.students_absent):
        return f"{share}, of {formats.about(row.students, coded)}"
    return f"{share}: {about_of(table)}"


def share(table: pd.DataFrame, standing_table: pd.DataFrame) -> str:
    """The share who are chronically absent, as a number alone; 'Too early' in the first days."""
    if standing_table.iloc[0].nobody_yet:
        return formats.sentence_case(formats.TOO_EARLY)
    return formats.row_told(table.iloc[0], "rate")


def about_of(table: pd.DataFrame) -> str:
    """'933 of 3,965', in the share view 'about 930 of 3,970'; as much of it as is told."""
    row, coded = table.iloc[0], formats.is_coded(table)
    if coded and formats.is_missing(row.students_absent):
        return formats.about(row.students, coded)
    return f"{formats.about(row.students_absent, coded)} of {count(row.students)}"


def n_of_students(table: pd.DataFrame) -> str:
    """'n = 3,965 students', in the share view 'n = about 3,970 students'."""
    return f"n = {formats.about(table.iloc[0].students, formats.is_coded(table))} students"


def change(shifts: pd.DataFrame) -> str:
    """The change of the selection as a whole, and whether chance could make it."""
    whole, coded = shifts[shifts.level == "selection"], formats.is_coded(shifts)
    if coded and len(whole) and formats.is_missing(whole.iloc[0].change_points):
        return _change_withheld(whole.iloc[0])
    if whole.empty or formats.is_missing(whole.iloc[0].change_points):
        return "There is no year before to compare with"
    row = whole.iloc[0]
    if not row.comparable:
        return f"Not comparable with last year: {coverages(row)}"
    least = 0 if coded else 1
    first, second = formats.percents_apart(row.first_rate, row.second_rate, least)
    shares = f"{second}, against {first} last year at the same instructional day"
    if formats.is_missing(row.change_low):
        return f"{shares}: {formats.without_interval(row.schools_compared)}"
    if not row.clear_of_chance:
        return f"{shares}: chance could make this change"
    way = "less" if row.change_points < 0 else "more"
    moved = _points_told(abs(row.change_points), coded).lstrip("+")
    return f"{shares}: {moved} {way}, clear of chance"


def coverages(row) -> str:
    """Why two years cannot be compared: the days on which attendance was taken in each."""
    first, second = formats.percents_further(row.first_coverage, row.second_coverage, 5)
    return f"attendance was taken on {first} of days then, on {second} now"


def _change_withheld(row) -> str:
    first, second = formats.row_told(row, "first_rate"), formats.row_told(row, "second_rate")
    if first == second == formats.WITHHELD:
        return "How this moved since last year is withheld: there are too few students"
    if formats.is_missing(row.first_students):
        return f"{formats.sentence_case(second)}; there is no year before that could be shown"
    return f"{formats.sentence_case(second)}; last year {first}: too coarse to speak of a change"


def _points_told(value, coded: bool) -> str:
    """Whole points where the shares themselves are whole percents."""
    return points(value) if coded else formats.tenth_points(value)


def change_in_brief(shifts: pd.DataFrame) -> str | None:
    """'−4 points since last year' for a headline number; None where nothing can be said."""
    whole = shifts[shifts.level == "selection"]
    if whole.empty or not _is(True, whole.comparable).all():
        return None
    moved = whole.iloc[0].change_points
    if formats.is_missing(moved):
        return None
    # A metric reads the sign of a plain hyphen alone.
    told = _points_told(moved, formats.is_coded(shifts))
    return f"{told} on last year".replace("−", "-")


def schools(shifts: pd.DataFrame) -> str:
    """Which schools moved clear of chance, and which cannot be compared."""
    rows = shifts[shifts.level == "school"]
    clear = rows[_is(True, rows.clear_of_chance)]
    apart = rows[_is(False, rows.comparable)]
    fell, rose = clear[clear.change_points < 0], clear[clear.change_points > 0]
    parts = []
    if len(fell):
        parts.append(f"clear fall at {_names(fell.place)}")
    if len(rose):
        parts.append(f"clear rise at {_names(rose.place)}")
    compared = int((_is(True, rows.comparable) & rows.change_low.notna()).sum())
    if parts and compared > 1:
        parts[-1] += f", of {count(compared)} compared{_by_chance(compared)}"
    if not parts:
        parts.append("no school moved clear of chance")
    if formats.is_coded(shifts) and len(rows):
        untold = rows[rows.change_points.isna() & _is(True, rows.comparable)]
        if len(untold):
            parts.append(f"the change at {_names(untold.place)} is not told")
    if len(apart):
        parts.append(f"{_names(apart.place)} cannot be compared")
    return formats.sentence_case("; ".join(parts))


def tiers(table: pd.DataFrame) -> str:
    """How many missed 10% and 20% of their days."""
    students = table.set_index("tier").students
    if students.notna().all() and not students.sum():
        return "Nobody can be evaluated yet"
    if formats.is_coded(table):
        severe, moderate = (_tier_told(table, tier) for tier in ("severe", "moderate"))
        return f"Missed 20% of their days or more: {severe}; between 10% and 20%: {moderate}"
    return (
        f"{number(students['severe'], 'student has', 'students have')} missed 20% of their days or "
        f"more, {count(students['moderate'])} more between 10% and 20%"
    )


def _tier_told(table: pd.DataFrame, tier: str) -> str:
    row = table[table.tier == tier].iloc[0]
    if formats.is_missing(row.students):
        share = formats.row_told(row, "share")
        return share if share == formats.WITHHELD else f"{share} of students"
    return f"{formats.about(row.students, coded=True)} students"


def grades(table: pd.DataFrame) -> str:
    """The grades with the lowest and the highest share, among those with at least ten students."""
    rows = table[(table.students >= 10).fillna(False) & table.rate.notna()]
    if len(rows) < 2:
        return "Too few students to compare grades"
    low, high = rows.loc[rows.rate.idxmin()], rows.loc[rows.rate.idxmax()]
    lowest, highest = formats.percents_apart(low.rate, high.rate)
    return f"From {lowest} in {_in_sentence(low.grade)} to {highest} in {_in_sentence(high.grade)}"


def _in_sentence(grade: str) -> str:
    name = formats.grade(grade)
    return name if grade == "PK" else name[:1].lower() + name[1:]


def weekdays(table: pd.DataFrame) -> str:
    """The weekday and the month on which most days are missed."""
    if not table.days_absent.sum():
        return "No day was missed"
    days = table.groupby("weekday")[["days_absent", "days_enrolled"]].sum()
    months = table.groupby("month_start")[["days_absent", "days_enrolled"]].sum()
    day = (days.days_absent / days.days_enrolled).idxmax()
    month = (months.days_absent / months.days_enrolled).idxmax()
    return f"Most days are missed on {day}s, and in {month:%B}"


def near_threshold(table: pd.DataFrame) -> str:
    """How many are close, and how many can still come back."""
    students = table.set_index("standing").students
    recover = f"{count(students['can_recover'])} over it can still end the year below it"
    if formats.is_missing(students["within_3"]):
        return f"It is too early to say who is within three absences of the threshold; {recover}"
    near = number(students["within_3"], "student is", "students are")
    return f"{near} within three absences of the threshold; {recover}"


def within_3(table: pd.DataFrame) -> str:
    """How many are close, as a number alone."""
    (students,) = table[table.standing == "within_3"].students
    return "Too early" if formats.is_missing(students) else count(students)


def is_early(signs: pd.DataFrame) -> bool:
    """Whether early signs stand in the place of who is within three absences."""
    return bool(signs.is_early.any())


def early_signs(signs: pd.DataFrame) -> str:
    """'166 students missed 2 to 4 days in the first month, 4 more than 4 days'."""
    first, *others = signs.itertuples()
    told = [f"{number(first.students, 'student', 'students')} missed {first.label} so far"]
    told += [f"{count(row.students)} {row.label}" for row in others]
    return f"In the first month {', '.join(told)}"


def why_signs(signs: pd.DataFrame) -> str:
    """What such a number of days meant elsewhere, and where that is from."""
    return f"{' '.join(signs.sentence)} {signs.iloc[0].source}, {signs.iloc[0].source_date.year}."


def reasons(table: pd.DataFrame) -> str:
    """How much has a recorded reason, and the most frequent one."""
    if formats.is_coded(table):
        return _reasons_told(table[table.students.notna()])
    unknown = table[table.reason == "Not recorded"].share.sum()
    known = table[table.reason != "Not recorded"]
    if known.empty:
        return "No reason was recorded for any day missed"
    top = known.iloc[0]
    return (
        f"No reason is recorded for {percent(unknown)} of days missed; {top.reason.lower()} leads "
        f"what is recorded, with {percent(top.share)}"
    )


def _reasons_told(table: pd.DataFrame) -> str:
    unknown, known = table[table.reason == "Not recorded"], table[table.reason != "Not recorded"]
    words = []
    if len(unknown):
        words.append(
            f"{formats.about(unknown.iloc[0].students, coded=True)} students missed days without a "
            "recorded reason"
        )
    if len(known):
        top = known.iloc[0]
        words.append(
            f"{top.reason.lower()} is recorded for {formats.about(top.students, coded=True)}"
        )
    return formats.sentence_case("; ".join(words) or "which reasons were recorded is withheld")


def shifts(table: pd.DataFrame) -> str:
    """'Five of ten shifts are clear of chance: five up.'"""
    compared = table[table.shift_points.notna()]
    if compared.empty:
        why = listed(dict.fromkeys(table.why_not_clear.dropna()))
        return f"No item can be compared with {_before(table)}" + (f": {why}" if why else "")
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
    clear = judged[_is(True, judged.clear_of_chance)]
    if clear.empty:
        none = f"None of {number(len(judged), 'shift', 'shifts')} is clear of chance"
        return none + _by_chance(len(judged))
    told = (
        f"{count(len(clear))} of {number(len(judged), 'shift is', 'shifts are')} clear of chance"
        f"{_by_chance(len(judged))}"
    )
    holding = clear[_is(True, clear.holds)]
    if holding.empty:
        return f"{told}; none is sure among so many"
    largest = holding.loc[holding.shift_points.abs().idxmax()]
    return f"{told}; the largest is {points(largest.shift_points)}: {formats.quoted_item(largest)}"


def _by_chance(comparisons: int) -> str:
    """', where chance alone makes about 2': how many of so many comparisons it makes clear."""
    return f", where chance alone makes {_expected(comparisons)}" if comparisons > 1 else ""


def _expected(comparisons: int) -> str:
    """'about 2', or 'fewer than one': how many of them chance alone makes clear."""
    expected = comparisons / 20
    return "fewer than one" if expected < 0.95 else f"about {formats.whole(expected)}"


def certainty(change) -> str:
    """How sure a row of overview/what_moved is, and out of how many comparisons it comes."""
    kind = "attendance" if change.subject == "absence" else "survey"
    verb = "is" if change.clear == 1 else "are"
    coded = hasattr(change, "withheld")
    if coded and change.subject == "culture":
        first, second = count(change.first_n), count(change.second_n)
        each = first if first == second else f"{first} and {second}"
        sizes = f"at least {each} answers {'each year' if first == second else 'in the two years'}"
    else:
        sizes = f"n = {formats.about(change.first_n, coded)} and {count(change.second_n)}"
    return (
        f"{_points_told(change.change_points, coded)}, 95% interval "
        f"{formats.interval(change.change_low, change.change_high)}, {sizes}. "
        f"{count(change.clear)} of "
        f"{number(change.comparisons, f'{kind} comparison', f'{kind} comparisons')} {verb} clear "
        f"of chance{_by_chance(change.comparisons)}.{_among(change.all_comparisons)}"
    )


def _among(comparisons: int) -> str:
    """' This one holds among all 22.'"""
    return f" This one holds among all {count(comparisons)}." if comparisons > 1 else ""


def items_moved(table: pd.DataFrame) -> str:
    """'5 of 54': survey items that moved clear of chance, of those that can be compared."""
    judged = table[_is_judged(table) & ~table.published.astype(bool)]
    clear = int(_is(True, judged.clear_of_chance).sum())
    return f"{count(clear)} of {count(len(judged))}" if len(judged) else "–"


def items_moved_by_chance(table: pd.DataFrame) -> str:
    """'By chance: about 3', what stands beside items_moved."""
    judged = table[_is_judged(table) & ~table.published.astype(bool)]
    return f"By chance: {_expected(len(judged))}" if len(judged) else ""


def culture_pointer(table: pd.DataFrame) -> str:
    """Where in the survey to look: the items that rose and fell clear of chance."""
    judged = table[_is_judged(table) & ~table.published.astype(bool)]
    clear = judged[_is(True, judged.clear_of_chance)]
    rose, fell = int((clear.shift_points > 0).sum()), int((clear.shift_points < 0).sum())
    if judged.empty:
        return "There is no survey to compare here"
    told = f"{number(rose, 'item', 'items')} rose clear of chance, {count(fell)} fell"
    return told + _by_chance(len(judged))


def coverage_pointer(table: pd.DataFrame) -> str:
    """How complete the attendance is that all this rests on."""
    row = table.iloc[0]
    return (
        f"Attendance was taken on {_coverage(row)} of instructional days; "
        f"{count(row.schools_reporting)} of {number(row.schools, 'school', 'schools')} reported"
    )


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
        f"{formats.row_told(row, 'second_favorable')} on {formats.quoted_item(row)}"
        for row in (asked.iloc[0], asked.iloc[-1])
    )
    return f"Agreement is {high}" if len(asked) == 1 else f"Agreement goes from {low} to {high}"


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


def most_and_least(table: pd.DataFrame) -> pd.DataFrame:
    """Of each group of respondents the item with the highest share and the one with the lowest."""
    asked = _lowest_first(table)[::-1]
    of_group = asked.groupby("respondent_group", sort=True)
    places = [place for rows in of_group.indices.values() for place in dict.fromkeys(rows[[0, -1]])]
    return asked.iloc[places]


def groups_of_a_year(table: pd.DataFrame) -> str:
    """'From 43% to 100%: what each group agrees with most and least', of rows of most_and_least."""
    rows = _lowest_first(table)
    low, high = (formats.row_told(rows.iloc[end], "second_favorable") for end in (0, -1))
    return f"From {low} to {high}: what each group agrees with most and least"


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
    return "the year before" if first == table.iloc[0].first_year else str(first)


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
    coded, told = formats.is_coded(table), []
    for year, name in zip(("first", "second"), _times(table.iloc[0]), strict=True):
        sizes = table[f"{year}_n"].dropna()
        if len(sizes):
            most = table[f"{year}_n_high"].max() if coded else sizes.max()
            told.append(f"{formats.answers_told(sizes.min(), most)} in {name}")
    return f"n an item: {', '.join(told)}. " if told else ""


def _schools_left_out(table: pd.DataFrame) -> str:
    """Who answered one of the two times alone, and is in no shift over several schools."""
    left_out = []
    first, second = _times(table.iloc[0])
    for column, time in (("schools_new", second), ("schools_gone", first)):
        names = {name for told in table[column].dropna() for name in told.split("; ")}
        if names:
            left_out.append(f"{listed(sorted(names))} in {time}")
    words = ""
    if (table[table.shift_points.notna()].schools_compared.dropna() > 1).any():
        words = "Each school weighs the same both times. "
    if left_out:
        words += f"Left out, for they answered one time alone: {'; '.join(left_out)}. "
    return words


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
        share = formats.row_told(row, "response_rate")
        if row.withheld or share == formats.WITHHELD:
            return "How many answered is withheld, or how many were asked is not known"
        return f"{share} answered: {formats.answers_told(row.respondents, row.respondents_high)}"
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


def wording(table: pd.DataFrame) -> str:
    """How many items were changed between years."""
    if len(table) and table.earlier_year.isna().all():
        asked = len(table[["respondent_group", "item_id"]].drop_duplicates())
        return f"{number(asked, 'item was', 'items were')} asked in the first year"
    changed = table[_is(False, table.comparable)]
    items = changed[["respondent_group", "item_id"]].drop_duplicates()
    if items.empty:
        return "Every item was asked alike in every year"
    return f"{number(len(items), 'item was', 'items were')} changed between years"


def reconciliation(table: pd.DataFrame, here: str, there: str) -> str:
    """From the count under one definition to the count under another: first each student once, as
    everywhere on the pages, then as a state counts."""
    students = table.set_index("step").students
    again = students["school_by_school"]
    told = f"{count(students['here'])} by “{here}”, {count(students['there'] - again)} by “{there}”"
    return f"{told}; {count(students['there'])} counted school by school" if again else told


def why_two_counts(table: pd.DataFrame, here, there) -> str:
    """Why they differ: the rule, of how many students each is a count, and who counts twice.

    here, there: rows of absence/by_definition.
    """
    again = table.set_index("step").students["school_by_school"]
    words = (
        f"The same days by two rules: {_of_evaluated(here)}; {_of_evaluated(there)}. "
        f"“{there.label}”: {there.sentence}"
    )
    if again:
        words += (
            " A state counts school by school, each by its own days: who was enrolled at two "
            "schools may then count at both, or at neither, which makes "
            f"{count(abs(again))} {'more' if again > 0 else 'fewer'}."
        )
    return words


def _of_evaluated(row) -> str:
    evaluated = number(row.students, "student", "students")
    return f"{count(row.students_absent)} of the {evaluated} that “{row.label}” evaluates"


def definition_result(row) -> str:
    """'Federal (EDFacts): 933 of 3,965, 24%'; one student of many is not 0%."""
    share = formats.percent_against(row.rate, 0)
    return f"{row.label}: {count(row.students_absent)} of {count(row.students)}, {share}"


def generation(row: pd.Series) -> str:
    """When and from where the data were loaded."""
    what = "The invented sample network" if row.is_sample else row.source
    return f"{what} · loaded {formats.day_and_time(row.loaded_at)} · {row['name']}"


def codes(table: pd.DataFrame) -> str:
    """How many codes there are and how many were used."""
    used = int((table.rows > 0).sum())
    return (
        f"{number(len(table), 'attendance code', 'attendance codes')}, {count(used)} of them used"
    )


def files(table: pd.DataFrame) -> str:
    """What became of the rows."""
    return (
        f"{count(table.rows_in.sum())} rows read: {count(table.set_aside.sum())} set aside, "
        f"{count(table.repaired.sum())} repaired"
    )


def freshness(table: pd.DataFrame) -> str:
    """How many schools have reported, and the least covered of them."""
    silent = table[table.last_row_date.isna()]
    if len(silent):
        return f"{_names(silent.school_name)} sent no attendance this year"
    stopped = table[table.has_stopped]
    if len(stopped):
        since = [
            f"{row.school_name} since {formats.day(row.last_row_date)}"
            for row in stopped.itertuples()
        ]
        whose = "its figures stand" if len(stopped) == 1 else "the figures of each stand"
        return f"No attendance from {_names(since)}: {whose} there"
    low = table.iloc[0]
    return (
        f"All {number(len(table), 'school has', 'schools have')} reported; the least covered is "
        f"{low.school_name}, with attendance taken on {_coverage(low)} of its days"
    )


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
    return f"From {lowest} to {highest} over {number(len(rows), 'school', 'schools')}"


def _names(names: pd.Series) -> str:
    return listed(names) if len(names) <= 4 else f"{len(names)} schools"


def _is(claim: bool, values: pd.Series) -> pd.Series:
    """Where a claim of three values is this one: the unknown is neither true nor false."""
    return pd.Series(
        [not formats.is_missing(value) and bool(value) is claim for value in values],
        index=values.index,
        dtype=bool,
    )


def attendance(headline_table: pd.DataFrame) -> str:
    """The attendance rate, in tenths; in the share view in whole percents."""
    row = headline_table.iloc[0]
    rate = row.attendance_rate
    if formats.is_coded(headline_table):
        if formats.is_missing(rate) and formats.is_none(row.students):
            return formats.sentence_case(formats.TOO_EARLY)
        return formats.WITHHELD if formats.is_missing(rate) else percent(rate)
    return formats.tenth_percent(rate)


def groups_left_out(table: pd.DataFrame) -> str:
    """What the share view leaves out of groups; '' where nothing is."""
    if not formats.is_coded(table):
        return ""
    return (
        "Groups that never had ten students are not listed; a band stands where a "
        f"single percent would tell too much. {withheld(table)}"
    ).rstrip()


def reasons_caption(headline_table: pd.DataFrame) -> str:
    """What the bars of recorded reasons are."""
    if formats.is_coded(headline_table):
        return (
            "Students who missed a day for the reason that the office recorded; one may count "
            "under several. A code is not a cause."
        )
    return (
        "Days missed by the reason that the office recorded. A code is not a cause. "
        f"n = {count(headline_table.iloc[0].days_absent)} days."
    )


def excused(table: pd.DataFrame) -> str:
    """How many of the days missed were excused and how many not, rows of causes/recorded; '' in the
    share view, where days are not told."""
    if formats.is_coded(table) or table.empty:
        return ""
    excused, unexcused = table.days_excused.sum(), table.days_unexcused.sum()
    told = f"{count(excused)} days were excused, {count(unexcused)} unexcused"
    unsaid = table.days.sum() - excused - unexcused
    # Parts of a day add up to a sum with a rest of its own.
    return f"{told}; of {count(unsaid)} the codes do not say." if unsaid > 0.5 else f"{told}."


def withheld(table: pd.DataFrame) -> str:
    """How many rows of a table of the share view are withheld, and why; '' where none is."""
    hidden = int(table.withheld.sum()) if formats.is_coded(table) else 0
    if not hidden:
        return ""
    return (
        f"{count(hidden)} of {number(len(table), 'row', 'rows')} withheld: groups too small to "
        "show, or needed to protect one."
    )


def place(selection) -> str:
    """Where: the school, schools, neighborhood or network that was chosen."""
    if selection.schools:
        return ", ".join(selection.schools)
    return selection.school or selection.neighborhood or selection.network or "All schools"


def facts(
    selection,
    caption: str,
    table: pd.DataFrame,
    n: str,
    loaded: pd.DataFrame,
    standing_table: pd.DataFrame | None = None,
) -> tuple[tuple[str, str], ...]:
    """What stands below a picture, so that it can be read without the page it comes from.

    standing_table: for a picture of attendance; without one it is of a survey.
    """
    definition = "Favorable answers of those that count; “don’t know” and blanks do not"
    until: tuple[tuple[str, str], ...] = ()
    all_told = "How many answered is told as a band"
    if standing_table is not None:
        row, all_told = standing_table.iloc[0], "Counts are to the nearest ten"
        definition = f"{row.definition_label}: {row.definition_sentence}"
        day = f"instructional day {count(row.instructional_day)}"
        schools = number(row.schools, "school", "schools")
        until = (
            ("Up to", f"{formats.day(row.as_of)}, {row.school_year}, {day}"),
            ("Coverage", f"{schools}; attendance taken on {_coverage(row)} of days"),
            *([("Stopped", _stopped(row))] if row.schools_stopped else []),
        )
    return (
        ("Where", place(selection)),
        ("What is shown", caption),
        ("Definition", definition),
        ("How many", n),
        *until,
        ("Withheld", withheld(table) or f"Nothing. {all_told}"),
        ("Source", _source(loaded)),
    )


def _source(loaded: pd.DataFrame) -> str:
    row = loaded.iloc[0]
    what = "Invented sample network" if row.is_sample else "School records"
    return f"{what}, Roundtable, data loaded {formats.day(row.loaded_at)}"


def leading_causes(shared: pd.DataFrame) -> str:
    """The causes understood most, by students; network/shared_causes."""
    coded = formats.is_coded(shared)
    told = shared.dropna(subset=["students"]).sort_values("students", ascending=False).head(3)
    if told.empty:
        return "What people understood so far is withheld." if len(shared) else ""
    named = [f"{row.cause} ({formats.about(row.students, coded)})" for row in told.itertuples()]
    return f"Understood most so far, in students who may have several causes: {listed(named)}."


def next_steps(table: pd.DataFrame) -> str:
    """What was promised for this week and done in the last; overview/next_steps."""
    row = table.iloc[0]
    if not row.open_steps and not row.done_last_week:
        return "No next step is open."
    words = f"{number(row.open_steps, 'next step is', 'next steps are')} open"
    if row.overdue:
        words += f", {count(row.overdue)} of them overdue"
    return (
        f"{words}; {count(row.due_this_week)} due this week. "
        f"Done in the last seven days: {count(row.done_last_week)}."
    )
