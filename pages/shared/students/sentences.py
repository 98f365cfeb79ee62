"""How students read, what is understood of them, and next steps. Tables in, words out.

Words about a child are plain and never hard: what was missed, what is known, who does what.
"""

import re
from datetime import date, timedelta

import pandas as pd

from pages.shared import formats
from pages.shared.formats import count, day, number, one_line, plain

# The quick choices of the page; a student of several is in all of them.
NO_CAUSE, CROSSED, IN_A_ROW, WITHIN_3, TURNING, EARLY = ONLY = (
    "No cause known",
    "Crossed this week",
    "3 days in a row",
    "Within 3 absences",
    "Turning around",
    "2 days in the first month",
)
WHAT_ONLY_MEANS = (
    "Crossed this week: over the threshold now, and not five instructional days ago. 3 days in a "
    "row: still enrolled, and all of the newest three school days missed, or more; also below the "
    "threshold. Within 3 absences: below it, and over it if the next three days are missed. "
    "Turning around: over it twenty instructional days ago, and since then missing at most half as "
    "often, by three days or more, or not at all. Chance makes some of these: ask what helped. 2 "
    "days in the first month: missed that many or more; said for as long as three absences alone "
    "reach the threshold."
)
UNKNOWN_CAUSE = "We do not know yet"
IN_ORDER = "In order of days missed"
YEAR = "Each day missed in its week, a whole day darker; the days are listed below"
TICK = "Tick several students to write down once what was learned about all of them."
WHAT_TODAY_IS = (
    "For today at most twelve students, one at a time: first those of whom we know no cause, among "
    "them those without a next step, then those who crossed this week, then those who missed most "
    "of the last ten days."
)
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


def only(students: pd.DataFrame, choices: list[str], tier: str | None, cause: str | None):
    """The students that the page is narrowed to; without a choice those over the threshold."""
    # An early sign, and days in a row, are said before anybody can be evaluated.
    is_early = {EARLY, IN_A_ROW} & set(choices)
    rows = students if is_early else students[students.chronically_absent.notna()]
    if tier:
        rows = rows[rows.tier == tier]
    elif not {IN_A_ROW, WITHIN_3, TURNING, EARLY} & set(choices):
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
    ):
        if choice in choices:
            rows = rows[rows[column]]
    if IN_A_ROW in choices:
        rows = rows[[in_a_row(row) > 0 for row in rows.itertuples()]]
    return rows


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
    here = students[students.days_enrolled_last_10 > 0]
    ordered = here.assign(known=has_cause(here), open=here.open_steps > 0).sort_values(
        ["known", "open", "crossed_this_week", "days_absent_last_10", "rate"],
        ascending=[True, True, False, False, False],
        kind="stable",
    )
    return ordered.head(FOR_TODAY)


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


# --- The page ---------------------------------------------------------------------------------


def this_week(students: pd.DataFrame) -> str:
    """'8 students crossed the threshold this week; of 6 of them we know no cause yet'."""
    crossed = students[students.crossed_this_week]
    if crossed.empty:
        return "Nobody crossed the threshold this week"
    unknown, everyone = int((~has_cause(crossed)).sum()), len(crossed)
    if everyone == 1:
        rest = "we know no cause yet" if unknown else "we know a cause"
    elif unknown in (0, everyone):
        rest = "of none of them we know a cause yet" if unknown else "of all we know a cause"
    else:
        rest = f"of {count(unknown)} of them we know no cause yet"
    return f"{number(everyone, 'student', 'students')} crossed the threshold this week; {rest}"


def show_these(students: pd.DataFrame) -> str:
    """What the button says that shows who crossed this week and of whom no cause is known."""
    return "Show this student" if len(students) == 1 else f"Show these {count(len(students))}"


def narrowed_to(students: pd.DataFrame, choices: list[str], tier: str | None, cause: str | None):
    """What the rest of the page is about, in one line."""
    told = number(len(students), "student", "students")
    chosen = [choice.lower() for choice in choices]
    chosen += [f"{formats.TIERS[tier].lower()} of days missed"] if tier else []
    chosen += [f"cause {cause}"] if cause else []
    return f"{told}: {'; '.join(chosen)}" if chosen else f"{told} over the threshold"


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


def since_caption(as_of: date) -> str:
    """Which steps those are."""
    return (
        f"Next steps that were due by {day(as_of)} and are still open, or that fell due or ended "
        f"in the {DAYS_BETWEEN_MEETINGS} days before. Dates on this page count from that day, "
        "the last one with attendance."
    )


def step(row, several_schools: bool) -> str:
    """One next step, what came of it first: for whom, what, who, by when, and what we learned."""
    who = (
        f"**{plain(one_line(row.student_name))}**, {plain(one_line(_where(row, several_schools)))}"
    )
    what = f"{row.what} · {row.owner}, due {_date(row.due_on)}"
    learned = f" **{plain(one_line(row.result))}**" if row.result.strip() else ""
    return f"{plain(step_state(row))} · {who}: {plain(one_line(what))}.{learned}"


def step_state(row) -> str:
    """'Not done yet', 'Done on 17 March 2026'."""
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


# --- One student ------------------------------------------------------------------------------


def in_brief(row, several_schools: bool) -> str:
    """A student in a list: 'Ana Ruiz · grade 5 · missed 18 of 120 days, 4 of the last 10'."""
    told = [_where(row, several_schools), missed(row)]
    if row.crossed_this_week:
        told.append("crossed this week")
    if row.turning_around:
        told.append("turning around")
    if row.open_steps:
        told.append(f"next step due {_date(row.next_due_on)}")
    return label(" · ".join([row.student_name, *told]))


def missed(row) -> str:
    """'missed 18 of 120 days, 4 of the last 10, the last 3 in a row'."""
    lately = (
        f"{_days(row.days_absent_last_10)} of the last {count(row.days_enrolled_last_10)}"
        if row.days_enrolled_last_10
        else "no longer enrolled here"
    )
    run = in_a_row(row)
    lately += f", the last {count(run)} in a row" if run else ""
    return f"missed {_days(row.days_absent)} of {count(row.days_enrolled)} days, {lately}"


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


def before_the_conversation(row, days, notes, steps, several_schools: bool, under_way: bool) -> str:
    """What somebody needs to know before they talk with a student or a family, in a few lines."""
    where = formats.sentence_case(_where(row, several_schools))
    lines = [
        f"{where}: {missed(row)}. {left(row, under_way)}",
        f"The office recorded: {reasons(days)}{excused(days)}.",
    ]
    understood = notes[notes.kind == "learned"]
    if understood.empty:
        lines.append("We do not know why yet.")
    else:
        said = "; ".join(_understood(one) for one in understood.itertuples())
        lines.append(f"Understood: {said}.")
    for one in steps[steps.state == "open"].itertuples():
        lines.append(f"Next: {one.what} · {one.owner}, due {_date(one.due_on)}.")
    return "  \n".join(plain(one_line(line)) for line in lines)


def reasons(days: pd.DataFrame) -> str:
    """'illness 6 days, no reason 8 days', most first."""
    by_reason = days[days.days > 0].groupby("reason").days.sum().sort_values(ascending=False)
    told = [
        f"{'no reason' if reason == 'Not recorded' else reason.lower()} {_in_days(number_of)}"
        for reason, number_of in by_reason.items()
    ]
    return ", ".join(told) if told else "no days in this list"


def excused(days: pd.DataFrame) -> str:
    """'; 6 days excused, 8 days unexcused, of 2 days not said', as far as there are any."""
    said = ["" if formats.is_missing(value) else bool(value) for value in days.excused]
    kinds = ((True, "{} excused"), (False, "{} unexcused"), ("", "of {} not said"))
    sums = ((words, days.days[[one is kind for one in said]].sum()) for kind, words in kinds)
    told = [words.format(_in_days(number_of)) for words, number_of in sums if number_of]
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


def names(students: pd.DataFrame) -> dict[str, str]:
    """By id, how a student is called in a list of names; of two of one name the id says which."""
    twice = students.student_name.duplicated(keep=False)
    return {
        one: f"{name} ({one})" if is_twice else name
        for one, name, is_twice in zip(
            students.student_id, students.student_name, twice, strict=True
        )
    }


def group(cause: str, students: pd.DataFrame) -> str:
    """'asthma: 12 students'."""
    return f"{formats.sentence_case(cause)}: {number(len(students), 'student', 'students')}"


def everybody(students: pd.DataFrame) -> str:
    """How many there are, and of how many no cause is known."""
    if students.empty:
        return "Nobody is in this list"
    unknown, everyone = int((~has_cause(students)).sum()), len(students)
    if not unknown:
        return f"Of all {number(everyone, 'student', 'students')} we know a cause"
    if everyone == 1:
        return "We do not know yet why this student is missing school"
    return f"We do not know yet why {count(unknown)} of {count(everyone)} are missing school"


def ticked(names: list[str]) -> str:
    """Of whom the form will say it: '3 students: Ana Ruiz, Ben Oduya, Cy Lam'."""
    return f"{number(len(names), 'student', 'students')}: {', '.join(names)}"


def label(text: str) -> str:
    """Text as the label of a box, which a screen reader reads as it was sent: escaped only where it
    would mean something."""
    words = one_line(text)
    is_harmless = words[:1].isalpha() and not _MARKUP_IN_A_LABEL.search(words)
    return words if is_harmless else plain(words)


_MARKUP_IN_A_LABEL = re.compile(r"[\\`*_\[\]<>#!|~$:@]|www\.", re.IGNORECASE)


def _understood(row) -> str:
    cause = row.about
    return f"{cause} ({row.confidence}; {row.evidence}, {row.written_by})"


def _where(row, several_schools: bool) -> str:
    grade = formats.grade("Unknown" if formats.is_missing(row.grade) else row.grade)
    grade = grade if row.grade == "PK" else grade[:1].lower() + grade[1:]
    return f"{grade}, {row.school_name}" if several_schools else grade


def _one_day(row) -> str:
    part = "" if row.part_missed == 1 else f" ({_part(row.part_missed)} of the day)"
    return f"{row.date:%a} {row.date.day}{part}"


def _part(share: float) -> str:
    return "half" if share == 0.5 else formats.percent(share)


def _date(value) -> str:
    """'17 March', where the school year is known."""
    return f"{value.day} {value:%B}"


def _days(value) -> str:
    """Whole days as '4', parts of days as '4.5'."""
    return count(value) if value == int(value) else f"{formats.whole(10 * value) / 10:.1f}"


def _in_days(value) -> str:
    return f"{_days(value)} {'day' if value == 1 else 'days'}"


def _is(value: int) -> str:
    return "is" if value == 1 else "are"
