"""How plans read: what is tried, for whom, how far it is and what Study says. Tables in, words out.

Of the share view in its words: nothing there that somebody wrote, and no size.
"""

from datetime import date

import pandas as pd

from pages.shared import formats
from pages.shared.formats import count, day, number, one_line, plain
from pages.shared.students import sentences as students_sentences
from queries.answer import kept

EVERYBODY = "Everybody who missed a tenth or more"
NO_CAUSE = "No cause known yet"
# Groups that a plan could be for, as plans/candidates calls them.
WHO = {"all": EVERYBODY, "no cause": NO_CAUSE}
ALL_GRADES = "All grades"
DECISIONS = {
    "adapt": "Adapt: change it, and go on",
    "adopt": "Adopt: keep doing it",
    "abandon": "Abandon: stop, and try something else",
}
# So many plans stand there before somebody asks for the others.
PLANS_SHOWN, PLANS_TOLD = 12, 3
MENU_LABEL = "The common menu of change ideas"
MENU = (
    "Change ideas that other schools tried, and what is known about each. Little of it is proven: "
    "that is why a plan has a measure."
)
TIMELINE = "Each bar runs from the start of a plan to the day on which it is to be looked at."
STARTING = (
    "Choose whom it is for, then what you will try. One idea, a few weeks, one measure: a plan is "
    "a question that you will be able to answer."
)
TO_START = "To start a plan or to go on with one, choose **With names** above: it names students."
NOBODY_OF_GRADE = "Nobody of this grade is in the group. Choose another one, or all grades."
NOBODY = "Nobody here has missed a tenth of their days and still goes to this school."
REGRESSION = (
    "Students are chosen for a plan when they have missed much, and many of them would miss less "
    "soon after anyway. So a fall by itself says little: look at the difference from similar "
    "students who had no plan. Both also move with the season."
)


# --- What is being tried ------------------------------------------------------------------------


def tried(plans: pd.DataFrame) -> str:
    """'5 plans are open; the time to study has come for 1'."""
    if plans.empty:
        return "Nothing is being tried here yet"
    stages = plans.stage.value_counts()
    due, closed = stages.get("time to study", 0), stages.get("closed", 0)
    open_ones = len(plans) - closed
    if not open_ones:
        return f"{_plans(closed)} closed, and none is open"
    words = f"{_plans(open_ones)} {'is' if open_ones == 1 else 'are'} open"
    if due == open_ones:
        return f"{words}, and the time to study has come"
    return f"{words}; the time to study has come for {count(due)}" if due else words


@kept
def tried_at_a_glance(plans: pd.DataFrame) -> str:
    """'5 plans open, 2 closed, 1 to study now'."""
    if plans.empty:
        return "Nothing is being tried here yet"
    stages = plans.stage.value_counts()
    due, closed = stages.get("time to study", 0), stages.get("closed", 0)
    if closed == len(plans):
        return f"{_plans(closed)} closed, none open"
    words = f"{_plans(len(plans) - closed)} open"
    words += f", {count(closed)} closed" if closed else ""
    return f"{words}, {count(due)} to study now" if due else words


def _plans(how_many: int) -> str:
    return number(how_many, "plan", "plans")


def tried_caption(as_of: date | None) -> str:
    """What a plan is, and when its time has come."""
    until = "" if formats.is_missing(as_of) else f" Attendance is counted up to {day(as_of)}."
    return (
        "A plan tries one idea for some students, with an aim and a day to look at it. It is "
        f"closed once somebody has looked, and chosen to adapt, adopt or abandon it.{until}"
    )


def idea(row) -> str:
    """The idea, where it is tried, and how far it is."""
    how_far = f"**{stage(row)}**" if row.stage == "time to study" else stage(row)
    return f"**{_text(row.idea)}** · {_text(row.school_name)} · {how_far}"


def in_brief(row, letters: int = 60) -> str:
    """The idea and how far it is, without what was learned: '**Walking bus** · adopted'."""
    how_far = _decided(row.decision) if row.stage == "closed" else row.stage
    return f"**{_text(formats.cut(row.idea, letters))}** · {how_far}"


def for_whom(row) -> str:
    """Whom a plan is for and its aim; in the share view the cause, the measure and the dates."""
    if not row.who_for:
        about = f"For {row.cause}" if row.cause else "Whatever the cause"
        return _text(f"{about} · Aim: fewer {row.measure} by {day(row.due_on)}")
    return _text(f"{row.who_for} · {number(row.students, 'student', 'students')} · {aim(row)}")


def aim(row) -> str:
    """'Aim: days missed from 15% to 10% by June 12, 2026'."""
    return f"Aim: {row.measure} from {row.from_percent}% to {row.to_percent}% by {day(row.due_on)}"


def measure(name: str) -> str:
    """'days missed' → 'Days missed'."""
    return formats.sentence_case(name)


def table(row) -> str:
    """Who is at the table of a plan; in the share view partners alone."""
    people = [*row.people, *row.partners]
    words = f"At the table: {', '.join(people)}" if people else "No partner is at the table yet"
    if people and not len(row.partners):
        words += "; no partner yet"
    owner = f" · owner {row.owner}" if row.owner else ""
    return _text(f"{words}{owner}")


def stage(row) -> str:
    """How far a plan is: 'Under way since January 12, 2026'."""
    if row.stage == "closed":
        said = f": {row.learned}" if row.learned else ""
        return _text(f"closed on {day(row.ended_on)}, {_decided(row.decision)}{said}")
    return {
        "not begun": f"begins on {day(row.begins_on)}",
        "under way": f"under way since {day(row.begins_on)}",
        "time to study": f"time to study, it was due on {day(row.due_on)}",
    }[row.stage]


def _decided(decision: str) -> str:
    return {"adapt": "to be adapted", "adopt": "adopted", "abandon": "abandoned"}[decision]


def others(plans: pd.DataFrame, above: int = 0) -> str:
    """The heading of the fold with the plans that are not told above."""
    closed = int((plans.stage == "closed").sum())
    if closed == len(plans):
        learned = "" if formats.is_coded(plans) else ", and what was learned"
        return f"{_plans(closed)} closed{learned}"
    more = "more " if above else ""
    return (
        f"{number(len(plans), f'{more}plan', f'{more}plans')}: whom for, aim, who is at the table"
    )


@kept
def folded(plans: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The plans to show, for whom something is to be done now, and those to fold away."""
    first = plans[plans.stage == "time to study"].head(PLANS_TOLD)
    return first, plans.drop(first.index)


@kept
def compared_first(plans: pd.DataFrame, studies: pd.DataFrame) -> pd.DataFrame:
    """The plans in their order, those first of which Study can say something."""
    compared = {"fewer days missed", "more days missed", "no clear difference"}
    told = set(studies[studies.verdict.isin(compared)].plan)
    return plans.sort_values("record", key=lambda records: ~records.isin(told), kind="stable")


def names(plans: pd.DataFrame) -> dict[str, str]:
    """By what a plan is called in a list, its record; of two alike the later one has a number."""
    found: dict[str, str] = {}
    for row in plans.itertuples():
        name = one_line(f"{row.idea} · {row.school_name} · {day(row.begins_on)}")
        again = 2
        while name in found:
            name = one_line(f"{row.idea} · {row.school_name} · {day(row.begins_on)} ({again})")
            again += 1
        found[name] = row.record
    return found


@kept
def of_plan(rows: pd.DataFrame, record: str) -> pd.DataFrame:
    """The rows of one plan."""
    return rows[rows.plan == record]


# --- Study --------------------------------------------------------------------------------------


def study(row) -> str:
    """What Study says of a plan in one sentence; a row of plans/study."""
    if row.verdict == "not begun":
        return "There is nothing to study yet: it has not begun"
    if row.verdict == "too soon":
        return "It is too soon to say anything: a few more weeks of attendance are needed"
    if row.verdict == "cannot compare":
        return (
            "Too few students to compare: whether it helped cannot be said from numbers alone, so "
            "what people saw counts all the more"
        )
    if row.verdict == "no clear difference":
        return f"No difference from similar students that chance could not make: {_difference(row)}"
    fewer = row.verdict == "fewer days missed"
    return f"{'Fewer' if fewer else 'More'} days missed than similar students: {_difference(row)}"


def study_at_a_glance(row) -> str:
    """The same in one line."""
    if row.verdict == "cannot compare":
        return "Too few students to compare: what people saw counts all the more"
    if row.verdict == "no clear difference":
        points = formats.tenth_points(row.difference_points)
        return f"No clear difference from similar students: {points}"
    if row.verdict in ("fewer days missed", "more days missed"):
        return study(row).split(", 95%")[0]
    return study(row).split(": ")[0]


def _difference(row) -> str:
    interval = formats.interval(row.low, row.high, least=1)
    return f"{formats.tenth_points(row.difference_points)}, 95% interval {interval} points"


def before_and_after(row) -> str:
    """Before and after of a plan's students and of those compared with, each with its n."""
    if formats.is_missing(row.before_rate):
        return ""
    is_compared = not formats.is_missing(row.comparison_after)
    counted = row.matched if is_compared else row.students
    whose = f"{number(counted, 'student', 'students')} of the plan"
    words = f"{measure(row.measure)} by {whose}: {_moved(row.before_rate, row.after_rate)}."
    if is_compared:
        similar = number(row.comparison_students, "similar student", "similar students")
        moved = _moved(row.comparison_before, row.comparison_after)
        words += f" By {similar} without a plan: {moved}."
    return words


def _moved(before: float, after: float) -> str:
    return f"{formats.tenth_percent(before)} before, {formats.tenth_percent(after)} since"


def study_caption(row) -> str:
    """On what Study rests, and what it cannot say."""
    small = (
        "With so few students one child’s flu can move the line. " if 0 < row.students < 20 else ""
    )
    return f"{small}{REGRESSION}"


def weeks(row) -> str:
    """What the run chart shows, for who does not see it."""
    return f"Share of days missed by week, with the start on {day(row.begins_on)} marked"


def cycle(row) -> str:
    """One round of a plan in a line, as a label: the day and what was planned."""
    return plain(one_line(f"{day(row.began_on)}: {row.planned}"))


def cycle_lines(row) -> list[str]:
    """What was done, seen and decided in a round; what is still to come is said so."""
    told = (("Do", row.did), ("Study", row.studied), ("Act", row.acted))
    return [
        f"**{name}:** {_text(words) if words.strip() else 'still to come'}" for name, words in told
    ]


def cycles(rows: pd.DataFrame) -> str:
    """How many rounds a plan had."""
    if rows.empty:
        return "No cycle was written yet"
    return f"{number(len(rows), 'cycle', 'cycles')}: plan, do, study, act"


# --- One idea at several schools ----------------------------------------------------------------


def by_idea(rows: pd.DataFrame) -> str:
    """What all schools that tried the same idea found together; rows of plans/by_idea."""
    if rows.empty:
        return "No idea has been tried for long enough to be compared"
    clear = rows[rows.verdict.isin(["fewer days missed", "more days missed"])]
    if clear.empty:
        return "No idea stands clear of chance yet, over all schools that tried it"
    row = clear.iloc[0]
    fewer = "fewer" if row.verdict == "fewer days missed" else "more"
    schools = number(row.schools, "school", "schools")
    idea_name = formats.sentence_case(row.idea)
    return f"{idea_name}: {fewer} days missed than similar students, over {schools}"


def by_idea_at_a_glance(rows: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    clear = rows[rows.verdict.isin(["fewer days missed", "more days missed"])]
    if rows.empty or clear.empty:
        return "No idea stands clear of chance yet"
    row = clear.iloc[0]
    fewer = "fewer" if row.verdict == "fewer days missed" else "more"
    return f"{formats.cut(formats.sentence_case(row.idea), 28)}: {fewer} days missed"


def by_idea_caption(rows: pd.DataFrame) -> str:
    """How the comparison is made and how far the schools lie apart."""
    words = (
        "How the share of days changed among students of the plans, less how it changed among "
        "similar students without one: in percentage points, all schools together, with its 95% "
        "interval. Left is fewer days missed. A thin line says how far the schools lie apart. "
    )
    if formats.is_coded(rows):
        words = words.replace(" A thin line says how far the schools lie apart.", "")
        words += (
            "All schools of a network together, from ten students up, as written down when the "
            "month was coded."
        )
    return words.rstrip()


# --- Starting a plan ----------------------------------------------------------------------------


def groups(candidates: pd.DataFrame) -> list[str]:
    """The groups that a plan could be for, as they are called in a list."""
    found = candidates[["who", "cause"]].drop_duplicates()
    return [WHO.get(row.who, row.cause) for row in found.itertuples()]


def of_group(candidates: pd.DataFrame, group: str) -> pd.DataFrame:
    """The students of one group."""
    who = {label: who for who, label in WHO.items()}.get(group, "cause")
    return candidates[(candidates.who == who) & (candidates.cause == cause_of(group))]


def cause_of(group: str) -> str:
    """The cause of a group; '' for those who are not chosen by one."""
    return "" if group in WHO.values() else group


def to_start(list_name: str) -> tuple[str, str]:
    """From a list of the students page: the group that a plan would be for, and what its link
    says."""
    group = {
        students_sentences.IN_ORDER: EVERYBODY,
        students_sentences.UNKNOWN_CAUSE: NO_CAUSE,
    }.get(list_name, list_name)
    students = who_for(group, ALL_GRADES)
    return group, _text(f"Start a plan for {students[:1].lower()}{students[1:]}")


def in_plans(rows: pd.DataFrame) -> str:
    """Which open plans a student is in; rows of plans/members."""
    return _text(f"In a plan: {', '.join(dict.fromkeys(rows.idea))}.")


def who_for(group: str, grade: str) -> str:
    """'Students whose cause is asthma, grade 3', until somebody says it better."""
    told = {
        EVERYBODY: "Students who missed a tenth or more of their days",
        NO_CAUSE: "Students of whom we know no cause yet",
    }.get(group, f"Students whose cause is {group}")
    return told if grade == ALL_GRADES else f"{told}, {grade[:1].lower()}{grade[1:]}"


def chosen(students: pd.DataFrame) -> str:
    """How many a plan would be for, and which ones."""
    told = number(len(students), "student", "students")
    return f"{told} who missed a tenth or more of their days so far and still go to this school"


def so_far(students: pd.DataFrame, column: str, of: str) -> str:
    """From where the aim starts."""
    percent = students.iloc[0][column]
    if formats.is_missing(percent):
        return f"{measure(of)} so far: not known."
    return (
        f"{measure(of)} by these students so far: {count(percent)}%. That is where the aim starts."
    )


def named(students: pd.DataFrame) -> str:
    """The names of whom a plan is for, in a line."""
    return plain(one_line(", ".join(students.student_name)))


def ideas_for(ideas: pd.DataFrame, cause: str) -> list[str]:
    """The menu, the ideas for a cause first."""
    fits = [cause in causes for causes in ideas.causes]
    return [*ideas[fits].idea, *ideas[[not one for one in fits]].idea]


def known(ideas: pd.DataFrame, idea_name: str | None) -> str:
    """What is known about an idea; '' where it is not in the menu."""
    found = ideas[ideas.idea == idea_name]
    if found.empty:
        return ""
    return found.iloc[0].known or "Nothing was written down about it yet."


def menu_line(row) -> str:
    """An idea of the menu: what it is for, and what is known."""
    fits = f" *For {_text(', '.join(row.causes))}.*" if len(row.causes) else ""
    return f"**{_text(row.idea)}.** {_text(row.known)}{fits}"


def partners_for(partners: pd.DataFrame, cause: str) -> list[str]:
    """Partners that reach the school, those that work on the cause first."""
    fits = partners.cause.str.strip().str.lower() == cause.strip().lower()
    return list(dict.fromkeys([*partners[fits].partner_name, *partners[~fits].partner_name]))


def version(content) -> str:
    """A version of a plan or a cycle in words, to set it beside another."""
    if hasattr(content, "planned"):
        said = (content.planned, content.did, content.studied, content.acted)
        return one_line(" · ".join(words for words in said if words.strip()))
    if content.ended_on:
        return one_line(f"Closed on {day(content.ended_on)}, {content.decision}: {content.learned}")
    return told(content)


def told(content) -> str:
    """An open plan in words: whom for, aim, owner, and who is at the table."""
    people = ", ".join([*content.people, *content.partners])
    return one_line(
        f"{content.who_for} · {aim(content)} · owner {content.owner} · at the table: "
        f"{people or 'nobody else'}"
    )


def _text(words: str) -> str:
    return plain(one_line(words))
