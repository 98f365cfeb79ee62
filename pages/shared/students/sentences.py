"""How students read, what is understood of them, and next steps. Tables in, words out.

Words about a child are plain and never hard: what was missed, what is known, who does what.
"""

from datetime import date, timedelta
from unicodedata import combining, normalize

import pandas as pd

from pages.shared import formats
from pages.shared.formats import count, day, number, one_line, plain
from queries.answer import kept

# The quick choices of the page; a student of several is in all of them.
CROSSED, NO_CAUSE, SINCE, OVERDUE, IN_A_ROW, WITHIN_3, TURNING, EARLY = ONLY = (
    "Crossed this week",
    "No cause known",
    "Since last time",
    "Step overdue",
    "3 days in a row",
    "Within 3 absences",
    "Turning around",
    "2 days in the first month",
)
WHAT_ONLY_MEANS = (
    "Crossed this week: over the threshold now, and not five instructional days ago. Since last "
    "time: with a next step that was due and is open, or that fell due or ended in the 7 days up "
    "to the last one with attendance. Step overdue: with an open one. 3 days in a row: still "
    "enrolled, and all of the newest three school days missed, or more; also below the threshold. "
    "Within 3 absences: below it, and over it if the next three days are missed. Turning around: "
    "over it twenty instructional days ago, and since then missing at most half as often, by three "
    "days or more, or not at all. Chance makes some of these: ask what helped. 2 days in the first "
    "month: missed that many or more; said for as long as three absences alone reach the threshold."
)
UNKNOWN_CAUSE = "We do not know yet"
# How the list is sorted.
FOR_A_MEETING, BY_CAUSE, IN_ORDER, BY_NAME = ORDERS = (
    "For today",
    "By cause",
    "In order of days missed",
    "By name",
)
YEAR = "School days by week, those missed in color, a whole day darker; they are listed below"
WHAT_TODAY_IS = (
    "For today: at most twelve students, first those of whom we know no cause, among them those "
    "without a next step, then those who crossed this week, then those who missed most of the last "
    "ten days. Order and list stay as they are until you choose another."
)
NOT_IN_LIST = "Not in this list"
ASK_OF_UNKNOWN = "Who of us has spoken with the student or the family, and who will?"
# What people write about a student, in the order in which it stands; what the rules ask for last.
KINDS = {
    "learned": "What is understood",
    "note": "Notes",
    "step": "Next steps",
    "contact": "Letters, calls and visits",
}
# A meeting of 40 minutes has room for so many conversations.
FOR_TODAY = 12
# From so many days on a run is said. The number is ours: two days are a cold.
DAYS_IN_A_ROW = 3
# What was due or ended within so many days is news to a weekly meeting.
DAYS_BETWEEN_MEETINGS = 7


@kept
def with_steps(students: pd.DataFrame, steps: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The students, and whether a step of theirs was due since the last meeting, or is overdue."""
    overdue = steps[(steps.state == "open") & (steps.due_on < pd.Timestamp(as_of))]
    return students.assign(
        step_due=students.student_id.isin(since_last_time(steps, as_of).student_id),
        step_overdue=students.student_id.isin(overdue.student_id),
    )


def only(students: pd.DataFrame, choices: list[str], tier: str | None, cause: str | None):
    """The students that the page is narrowed to; without a choice those over the threshold."""
    # An early sign, days in a row, and a step are said before anybody can be evaluated.
    is_early = {EARLY, IN_A_ROW, SINCE, OVERDUE} & set(choices)
    rows = students if is_early else students[students.chronically_absent.notna()]
    if tier:
        rows = rows[rows.tier == tier]
    elif not {IN_A_ROW, WITHIN_3, TURNING, EARLY, SINCE, OVERDUE} & set(choices):
        rows = rows[rows.chronically_absent.astype(bool)]
    if cause:
        rows = rows[[cause in causes for causes in rows.causes]]
    if NO_CAUSE in choices:
        rows = rows[~has_cause(rows)]
    for choice, column in (
        (CROSSED, "crossed_this_week"),
        (WITHIN_3, "within_3_absences"),
        (TURNING, "turning_around"),
        (EARLY, "early_sign"),
        (SINCE, "step_due"),
        (OVERDUE, "step_overdue"),
    ):
        if choice in choices:
            rows = rows[rows[column]]
    if IN_A_ROW in choices:
        is_long = rows.days_missed_in_a_row >= DAYS_IN_A_ROW
        rows = rows[is_long & (rows.days_enrolled_last_10 > 0)]
    return rows


@kept
def counts(students: pd.DataFrame) -> dict[str, int]:
    """How many students each quick choice leaves, by itself; one of the first weeks only then."""
    found = {choice: len(only(students, [choice], None, None)) for choice in ONLY}
    # Of a year of totals nothing is known of late.
    seldom = {EARLY} | ({CROSSED, TURNING, IN_A_ROW} if _is_of_totals(students) else set())
    return {choice: left for choice, left in found.items() if left or choice not in seldom}


def _is_of_totals(students: pd.DataFrame) -> bool:
    return bool(students.days_enrolled_last_10.isna().all())


def in_a_row(row) -> int:
    """How many days somebody who is still enrolled has missed in a row; 0 where too few to say."""
    is_said = row.days_missed_in_a_row >= DAYS_IN_A_ROW and row.days_enrolled_last_10
    return row.days_missed_in_a_row if is_said else 0


def has_cause(students: pd.DataFrame) -> pd.Series:
    """Of which students a cause was written down."""
    return students.causes.map(len).astype(int) > 0


def for_today(students: pd.DataFrame) -> pd.DataFrame:
    """At most twelve students for one meeting, of those still enrolled: first of whom no cause is
    known, then of whom no step is open, then who crossed this week and who missed most lately."""
    return _in_turn(_still_here(students)).head(FOR_TODAY)


def _still_here(students: pd.DataFrame) -> pd.DataFrame:
    """Those still enrolled; of a year of totals nobody can tell, and all are."""
    lately = students.days_enrolled_last_10
    return students[lately.isna() | (lately > 0)]


def _in_turn(students: pd.DataFrame) -> pd.DataFrame:
    return students.assign(known=has_cause(students), open=students.open_steps > 0).sort_values(
        ["known", "open", "crossed_this_week", "days_absent_last_10", "rate"],
        ascending=[True, True, False, False, False],
        kind="stable",
    )


def in_order(students: pd.DataFrame, order: str, causes: pd.DataFrame) -> list:
    """The list as it is sorted: of each part its heading, its question and the ids of students."""
    if order == BY_CAUSE:
        return [
            (cause[:1].upper() + cause[1:], question, list(rows.student_id))
            for cause, question, rows in groups(students, causes)
        ]
    if order == BY_NAME:
        students = students.sort_values(
            "student_name", key=lambda names: names.str.casefold(), kind="stable"
        )
    if order == FOR_A_MEETING:
        today = list(for_today(students).student_id)
        later = [one for one in students.student_id if one not in set(today)]
        parts = [(FOR_A_MEETING, "", today), ("After these", "", later)]
        return [part for part in parts if part[2]]
    return [("", "", list(students.student_id))]


def groups(students: pd.DataFrame, causes: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """Everybody by understood cause: cause, the question to ask, and its students; those of whom
    no cause is known first. A student with several causes stands in each."""
    questions = dict(zip(causes.cause, causes.question, strict=True))
    unknown = students[~has_cause(students)].sort_values(
        ["crossed_this_week", "days_absent_last_10", "rate"],
        ascending=[False, False, False],
        kind="stable",
    )
    found = [(UNKNOWN_CAUSE, ASK_OF_UNKNOWN, unknown)] if len(unknown) else []
    by_cause = students.explode("causes").groupby("causes", sort=True)
    known = [(cause, questions.get(cause, ""), rows) for cause, rows in by_cause]
    return found + sorted(known, key=lambda group: -len(group[2]))


def called(students: pd.DataFrame, listed: pd.DataFrame, words: str) -> list:
    """The list as it is searched: who of it is called so, then who else of all students is. Each
    word begins a part of a name, or the id; accents need not be typed."""
    typed = _folded(words)
    found = students[
        [
            all(any(part.startswith(word) for part in (one, *parts)) for word in typed)
            for one, parts in zip(students.student_id, _parts(students), strict=True)
        ]
    ]
    here = found.student_id.isin(listed.student_id)
    parts = [
        ("", "", list(found[here].student_id)),
        (NOT_IN_LIST, "", list(found[~here].student_id)),
    ]
    return [part for part in parts if part[2]]


@kept
def _parts(students: pd.DataFrame) -> list[list[str]]:
    return [_folded(name) for name in students.student_name]


def _folded(words: str) -> list[str]:
    """'Jean-Baptiste Nguyễn' as 'jean', 'baptiste', 'nguyen'."""
    bare = "".join(one for one in normalize("NFKD", words.casefold()) if not combining(one))
    return bare.replace("-", " ").split()


# --- The page ---------------------------------------------------------------------------------


def choice(name: str, left: dict[str, int]) -> str:
    """'Crossed this week · 8'."""
    return f"{name} · {count(left[name])}" if name in left else name


def heading(name: str, students: list) -> str:
    """Of a part of the list: 'Asthma · 12'."""
    return f"{one_line(name)} · {count(len(students))}" if name else ""


def listed(students: list) -> str:
    """What the list is of, for who hears it."""
    return f"List of {number(len(students), 'student', 'students')}"


def place(lists: list, student_id: str) -> str:
    """Where a student stands in the list: '3 of 12 for today', '3 of 34'."""
    for name, _, ids in lists:
        if name == FOR_A_MEETING and student_id in ids:
            return f"{count(ids.index(student_id) + 1)} of {count(len(ids))} for today"
    everyone = order_of(lists)
    if student_id not in everyone:
        return NOT_IN_LIST
    return f"{count(everyone.index(student_id) + 1)} of {count(len(everyone))}"


def order_of(lists: list) -> list[str]:
    """Everybody in the list, each once."""
    return list(dict.fromkeys(one for _, _, ids in lists for one in ids))


def row(student) -> dict[str, str]:
    """A student in the list, as text."""
    known = ", ".join(one_line(cause) for cause in student.causes) or "not known"
    due = student.next_due_on
    step = f" · step due {_short_day(due)}" if student.open_steps else ""
    missed_days = sum(day in "|-" for day in student.last_20_days)
    return {
        "id": student.student_id,
        "name": one_line(student.student_name),
        "grade": "" if formats.is_missing(student.grade) else student.grade,
        "missed": f"{_days(student.days_absent)} of {count(student.days_enrolled)}",
        "days": student.last_20_days,
        "lately": f"Absent on {count(missed_days)} of the last 20 school days"
        if student.last_20_days
        else "",
        "known": f"{known}{step}",
        "brief": one_line(_brief(student)),
    }


# --- Since last time --------------------------------------------------------------------------


def since_last_time(steps: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The steps that were due and are open, or became due or ended since the last meeting; the open
    ones first."""
    last = pd.Timestamp(as_of) - timedelta(days=DAYS_BETWEEN_MEETINGS)
    news = (steps.state == "open") | (steps.due_on > last) | (steps.ended_on > last)
    rows = steps[steps.due & news]
    return rows.assign(ended=rows.state != "open").sort_values(
        ["ended", "due_on"], kind="stable", ascending=[True, True]
    )


def since(steps: pd.DataFrame) -> str:
    """'2 of 5 steps that were due are done'."""
    if steps.empty:
        return "Since last time: no step was due"
    done, dropped = int((steps.state == "done").sum()), int((steps.state == "dropped").sum())
    due = number(len(steps), "step", "steps")
    was = "was" if len(steps) == 1 else "were"
    rest = f", {count(dropped)} dropped" if dropped else ""
    return f"Since last time: {count(done)} of {due} that {was} due {_is(done)} done{rest}"


def by_owner(steps: pd.DataFrame, as_of: date, signed: str) -> list[tuple[str, pd.DataFrame]]:
    """What is open, and what was due or ended since the last meeting, by who does it: first one's
    own, by the name that signs."""
    rows = pd.concat([since_last_time(steps, as_of), steps[steps.state == "open"]])
    rows = rows.drop_duplicates("record").assign(ended=lambda all_of: all_of.state != "open")
    rows = rows.sort_values(["ended", "due_on"], kind="stable")
    found = [(owner, of_owner) for owner, of_owner in rows.groupby("owner", sort=True)]
    mine = signed.strip().casefold()
    return sorted(found, key=lambda one: one[0].strip().casefold() != mine)


def owner(name: str, steps: pd.DataFrame) -> str:
    """'Agnes Whitcombe: 3 open, 1 done'."""
    states = [
        f"{count(found)} {state}"
        for state in ("open", "done", "dropped")
        if (found := int((steps.state == state).sum()))
    ]
    return f"{one_line(name)}: {', '.join(states)}"


def done_earlier(steps: pd.DataFrame, as_of: date, signed: str) -> list[str]:
    """What was done before the last meeting, with the days missed around it: one's own steps first,
    then the newest."""
    earlier = (steps.state == "done") & ~steps.record.isin(since_last_time(steps, as_of).record)
    is_own = steps.owner.str.strip().str.casefold() == signed.strip().casefold()
    rows = steps.assign(is_own=is_own)[earlier & steps.ended_on.notna()]
    rows = rows.sort_values(["is_own", "ended_on"], ascending=False, kind="stable")
    return [f"{step(row)} {around(row)}".strip() for row in rows.itertuples()]


def earlier(told: list[str]) -> str:
    """'Done earlier · 4'."""
    return f"Done earlier · {count(len(told))}"


def around(row) -> str:
    """'Missed 4 of the ten school days before, 1 of the ten after.', as far as there were ten."""
    before, after = (
        "" if formats.is_missing(days) else f"{_days(days)} of the ten"
        for days in (row.days_absent_10_before, row.days_absent_10_after)
    )
    if not before:
        return f"Missed {after} school days after." if after else ""
    then = f", {after} after" if after else "; ten have not passed since"
    return f"Missed {before} school days before{then}."


def owners(steps: pd.DataFrame, signed: str) -> list[str]:
    """Who may be named for a step: the reader, then who was named before, most often first."""
    named = steps.owner.str.strip().value_counts(sort=True)
    return list(dict.fromkeys(name for name in (signed.strip(), *named.index) if name))


def step(row) -> str:
    """One next step, what came of it first: for whom, what, who, by when, and what we learned."""
    who = f"**{plain(one_line(row.student_name))}**, {plain(_where(row))}"
    what = f"{row.what} · {row.owner}, due {_date(row.due_on)}"
    learned = f" **{plain(one_line(row.result))}**" if row.result.strip() else ""
    return f"{plain(step_state(row))} · {who}: {plain(one_line(what))}.{learned}"


def own_step(row) -> str:
    """The same beside its student."""
    due = f", due {_date(row.due_on)}" if row.state == "open" else ""
    what = f"{row.what} · {row.owner}{due}"
    learned = f" **{plain(one_line(row.result))}**" if row.result.strip() else ""
    return f"{plain(step_state(row))} · {plain(one_line(what))}.{learned}"


def step_state(row) -> str:
    """'Not done yet', 'Done on March 17, 2026'."""
    if row.state == "open":
        return "Not done yet"
    ended = "" if formats.is_missing(row.ended_on) else f" on {_date(row.ended_on)}"
    return f"{formats.sentence_case(row.state)}{ended}"


def version(content) -> str:
    """A version of a record in words, to set it beside another: what somebody wrote meanwhile."""
    if not hasattr(content, "state"):
        told = (
            getattr(content, name, "") for name in ("cause", "contact", "note", "text", "result")
        )
        return ": ".join(one_line(words) for words in told if words.strip())
    learned = f": {one_line(content.result)}" if content.result.strip() else ""
    return f"{step_state(content)}{learned} (due {_date(content.due_on)})"


# --- On paper ---------------------------------------------------------------------------------

ROSTER = ["Student", "Grade", "Missed", "Rate", "Understood", "Next step", "Who", "Due"]


def paper(students: pd.DataFrame, school_year: str, what: str) -> str:
    """'Birch Elementary · 2025-26 · Agenda'."""
    return f"{students.iloc[0].school_name} · {school_year} · {what}"


def choices(sought: str, only: list[str], tier: str | None, cause: str | None) -> list[str]:
    """What stands chosen above the list, in words."""
    name = f"Called “{sought}”" if sought else ""
    return [one for one in (name, *only, tier and formats.TIERS[tier], cause) if one]


def narrowed_to(selection, choices: list[str], as_of: date) -> str:
    """What a list is narrowed to, in words, and the day it stands at."""
    grades = [selection.grade] if selection.grade else selection.grades or ()
    group = formats.group(selection.dimension, selection.group_name) if selection.dimension else ""
    told = [group, *map(formats.grade, grades), *choices]
    return formats.sentence_case(f"{', '.join([*filter(None, told), f'up to {day(as_of)}'])}.")


def roster(rows: list, steps: pd.DataFrame, names: dict[str, str]) -> list[list[str]]:
    """For each student the cells of ROSTER, with the open step that is due first."""
    is_open = steps[steps.state == "open"]
    first = {one.student_id: one for one in is_open.drop_duplicates("student_id").itertuples()}
    return [_on_roster(row, first.get(row.student_id), names) for row in rows]


def _on_roster(row, next_step, names: dict[str, str]) -> list[str]:
    told = [
        names[row.student_id],
        "" if formats.is_missing(row.grade) else row.grade,
        f"{_days(row.days_absent)} of {count(row.days_enrolled)}",
        "" if formats.is_missing(row.rate) else formats.percent(row.rate),
        ", ".join(row.causes) or "not known",
    ]
    if next_step is None:
        return [*told, "", "", ""]
    more = f" (and {count(row.open_steps - 1)} more)" if row.open_steps > 1 else ""
    return [*told, f"{next_step.what}{more}", next_step.owner, _short_day(next_step.due_on)]


@kept
def agenda(students: pd.DataFrame) -> tuple[list[tuple[str, list[str]]], str]:
    """Whom to talk about in one meeting, each once: who crossed this week, who has a step overdue
    and, as long as there is time, of whom no cause is known; of whom else none is, is said."""
    here = _still_here(students)
    parts: list[tuple[str, list[str]]] = []
    for choice in (CROSSED, OVERDUE, NO_CAUSE):
        # What somebody said they would do is asked of who has left, too.
        rows = only(students if choice == OVERDUE else here, [choice], None, None)
        before = [one for _, ids in parts for one in ids]
        parts.append((choice, [one for one in _in_turn(rows).student_id if one not in before]))
    (_, crossed), (_, overdue), (_, unknown) = parts
    there_is_time = max(FOR_TODAY - len(crossed) - len(overdue), 0)
    later = unknown[there_is_time:]
    parts[-1] = (NO_CAUSE, unknown[:there_is_time])
    more = number(len(later), "more student", "more students")
    rest = f"No cause is known of {more}: they stand in the list." if later else ""
    return [(heading(name, ids), ids) for name, ids in parts if ids], rest


# --- One student ------------------------------------------------------------------------------


def _brief(row) -> str:
    """'Ana Ruiz · grade 5 · missed 18 of 120 days, 4 of the last 10 · crossed this week'."""
    told = [_where(row), missed(row), *_lately(row)]
    if row.open_steps:
        told.append(f"next step due {_date(row.next_due_on)}")
    return " · ".join([row.student_name, *told])


def _lately(row) -> list[str]:
    """What changed for a student, as the quick choices say it."""
    said = ((row.crossed_this_week, CROSSED), (row.turning_around, TURNING))
    return [choice.lower() for is_so, choice in said if is_so]


def missed(row) -> str:
    """'missed 18 of 120 days, 4 of the last 10, the last 3 in a row'."""
    told = f"missed {_days(row.days_absent)} of {count(row.days_enrolled)} days"
    if formats.is_missing(row.days_enrolled_last_10):
        return told
    lately = (
        f"{_days(row.days_absent_last_10)} of the last {count(row.days_enrolled_last_10)}"
        if row.days_enrolled_last_10
        else "no longer enrolled here"
    )
    run = in_a_row(row)
    lately += f", the last {count(run)} in a row" if run else ""
    return f"{told}, {lately}"


def left(row, under_way: bool) -> str:
    """How many days are left, in words that close nothing for a child."""
    if not under_way or formats.is_missing(row.absences_left):
        return ""
    if row.absences_left < 0:
        return "The count starts again next year."
    if row.absences_left == 0:
        return "With no further day missed the year ends below the threshold."
    return (
        f"Up to {number(row.absences_left, 'more day', 'more days')} missed, and the year still "
        "ends below the threshold."
    )


def before_the_conversation(row, days, notes, steps, as_of: date, under_way: bool) -> list[str]:
    """What somebody needs to know before they talk with a student or a family, in a few lines."""
    where = formats.sentence_case(_where(row))
    lines = [
        f"{where}: {'; '.join([missed(row), *_lately(row)])}. {left(row, under_way)}",
    ]
    has_days = not formats.is_missing(row.days_enrolled_last_10)
    if has_days:
        lines.append(f"Days recorded: {reasons(days)}{excused(days)}.")
    understood = notes[notes.kind == "learned"]
    if understood.empty:
        lines.append("We do not know why yet.")
    else:
        said = "; ".join(_understood(one) for one in understood.itertuples())
        lines.append(f"Understood: {said}.")
    for one in steps[steps.state == "open"].itertuples():
        lines.append(f"Next: {one.what} · {one.owner}, due {_date(one.due_on)}.")
    since = notes.said_on.max()
    if has_days and since < pd.Timestamp(as_of):
        missed_since = days.days[days.date > since].sum()
        told = _in_days(missed_since) if missed_since else "no day"
        lines.append(f"Since we last wrote, on {day(since)}: missed {told}.")
    return [one_line(line) for line in lines]


def reasons(days: pd.DataFrame) -> str:
    """'illness 6, no reason 8', most first, in days."""
    by_reason = days[days.days > 0].groupby("reason").days.sum().sort_values(ascending=False)
    told = [
        f"{'no reason' if reason == 'Not recorded' else reason.lower()} {_days(number_of)}"
        for reason, number_of in by_reason.items()
    ]
    return ", ".join(told) if told else "no days in this list"


def excused(days: pd.DataFrame) -> str:
    """'; excused 6, unexcused 8, not said 2', as far as there are any."""
    said = ["" if formats.is_missing(value) else bool(value) for value in days.excused]
    kinds = ((True, "excused"), (False, "unexcused"), ("", "not said"))
    sums = ((words, days.days[[one is kind for one in said]].sum()) for kind, words in kinds)
    told = [f"{words} {_days(number_of)}" for words, number_of in sums if number_of]
    return f"; {', '.join(told)}" if told else ""


def days_by_month(days: pd.DataFrame) -> list[str]:
    """'March 2026: Mon 2, Tue 3 (half of the day), Thu 12', the newest month first."""
    told = []
    for _, rows in days.groupby(days.date.dt.to_period("M"), sort=False):
        of_month = [_one_day(one) for one in rows.sort_values("date").itertuples()]
        told.append(f"{rows.date.iloc[0]:%B %Y}: {', '.join(of_month)}")
    return told


def written(row) -> str:
    """One thing that somebody wrote about a student."""
    words = f" {one_line(row.words)}" if row.words.strip() else ""
    by = f" ({row.written_by})"
    if row.kind == "learned":
        return f"{day(row.said_on)}: {_understood(row)}.{words}{by}"
    if row.kind == "step":
        came = "not done yet" if row.state == "open" else row.state
        return f"{row.about} · {row.owner}, due {_date(row.due_on)}: {came}.{words}{by}"
    if row.kind == "contact":
        return f"{formats.sentence_case(row.about)} on {day(row.said_on)}.{words}{by}"
    return f"{day(row.said_on)}:{words}{by}"


def written_by_kind(notes: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Everything written about a student: a heading and its lines, of each kind there is."""
    return [
        (heading, [written(one) for one in of_kind.itertuples()])
        for kind, heading in KINDS.items()
        if len(of_kind := notes[notes.kind == kind])
    ]


@kept
def names(students: pd.DataFrame) -> dict[str, str]:
    """By id, how a student is called in a list of names; of two of one name the id says which."""
    twice = students.student_name.duplicated(keep=False)
    return {
        one: f"{name} ({one})" if is_twice else name
        for one, name, is_twice in zip(
            students.student_id, students.student_name, twice, strict=True
        )
    }


def ticked(names: list[str]) -> str:
    """Of whom the form will say it: '3 students: Ana Ruiz, Ben Oduya, Cy Lam'."""
    return f"{number(len(names), 'student', 'students')}: {', '.join(names)}"


def _understood(row) -> str:
    cause = row.about
    return f"{cause} ({row.confidence}, {row.evidence})"


def _where(row) -> str:
    grade = formats.grade("Unknown" if formats.is_missing(row.grade) else row.grade)
    return grade if row.grade == "PK" else grade[:1].lower() + grade[1:]


def _one_day(row) -> str:
    part = "" if row.part_missed == 1 else f" ({_part(row.part_missed)} of the day)"
    return f"{row.date:%a} {row.date.day}{part}"


def _part(share: float) -> str:
    return "half" if share == 0.5 else formats.percent(share)


def _date(value) -> str:
    """'March 17', where the school year is known."""
    return f"{value:%B} {value.day}"


def _short_day(value) -> str:
    return f"{value:%b} {value.day}"


def _days(value) -> str:
    """Whole days as '4', parts of days as '4.5'."""
    return count(value) if value == int(value) else f"{formats.whole(10 * value) / 10:.1f}"


def _in_days(value) -> str:
    return f"{_days(value)} {'day' if value == 1 else 'days'}"


def _is(value: int) -> str:
    return "is" if value == 1 else "are"
