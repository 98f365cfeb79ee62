"""How it reads what was loaded, and why two numbers differ. Tables in, words out."""

import pandas as pd

from pages.shared import basis, formats
from pages.shared.formats import count, number
from queries.answer import kept

UNTOLD = (
    "The share view of these data is still being made, or their load was broken off: until it is "
    "made, everybody sees the data loaded before."
)

# As health/findings says it in place of what names a student.
HIDDEN = "(line or row in the file)"
CODE_CHANGES = {
    "vanished": "is gone",
    "appeared": "is new",
    "more often": "stands more often",
    "less often": "stands less often",
}


def reconciliation(table: pd.DataFrame, here: str, there: str) -> str:
    """From the count under one definition to the count under another: first each student once, as
    everywhere on the pages, then as a state counts."""
    students = table.set_index("step").students
    again = _by_school(students)
    told = f"{count(students['here'])} by “{here}”, {count(students['there'] - again)} by “{there}”"
    return f"{told}; {count(students['there'])} counted school by school" if again else told


def reconciliation_at_a_glance(table: pd.DataFrame) -> str:
    """Where the steps begin and end, in one line of half a page."""
    students = table.set_index("step").students
    return f"{count(students['here'])} here, {count(students['there'])} by the other rule"


WHAT_STEPS_ARE = (
    "Each rule by which they may count, on top of those before it. With their list of students, "
    "whoever is in one of both counts alone is put to the first rule from which on both agree. A "
    "rule is taken for theirs where it moves more than four students nearer to the list for each "
    "that it moves away. Without a list only the definition and the day that they say are counted "
    "so, and what was corrected since that day; the rest is not explained."
)


def checked(numbers: list) -> str:
    """How many public numbers come out of Roundtable as others published them."""
    return f"Checked against {number(len(numbers), 'public number', 'public numbers')}"


def checked_by_source(numbers: list) -> list[tuple[str, list[str]]]:
    """Each source with the test that holds its numbers, and in a line each what they are: 'Heritage
    staff survey, shift (points) · item 1: 10 · item 2: 23'."""
    of_source: dict[str, dict[str, list[str]]] = {}
    for one in numbers:
        lines = of_source.setdefault(f"{one.source} · {one.test}", {})
        told = lines.setdefault(f"{one.what} ({one.unit})", [])
        told.append(f"{one.name}: {one.number}")
    return [
        (source, [" · ".join([what, *told]) for what, told in lines.items()])
        for source, lines in of_source.items()
    ]


def ends_are_called(row) -> tuple[str, str]:
    """The two ends of a waterfall to a second number."""
    return "Counted here", formats.cut(row.from_whom, 40)


def second_number(row) -> str:
    """'913, District office, March 20, 2026'."""
    told = [count(row.number), row.from_whom]
    if not formats.is_missing(row.stands_on):
        told.append(formats.day(row.stands_on))
    return ", ".join(told)


def second_number_written(row) -> str:
    """The same, with by which definition and who wrote it down."""
    by = "definition not said" if formats.is_missing(row.definition_label) else row.definition_label
    return f"{second_number(row)} · {by} · written by {row.written_by}"


def to_second_number(table: pd.DataFrame) -> str:
    """From the number here to theirs, and how many students of that are explained."""
    students = table.set_index("step").students
    here, there = students["here"], students["there"]
    if here == there:
        return f"{count(here)} in both numbers"
    left = students["unexplained"] + students.get("not_in_list", 0)
    return f"{count(here)} here, {count(there)} there: {_left(left)}"


def not_told(steps: pd.DataFrame, tried: pd.DataFrame, row) -> list[str]:
    """What cannot be told of the way to their number, in one line, or none: of totals the steps
    that need days; else what was corrected since their day, where no load of it is kept. tried:
    absence/rules_tried of the same choice; row: of absence/second_numbers."""
    needing_days = [formats.step(one) for one in steps[steps.students.isna()].itertuples()]
    if needing_days:
        return [f"Not available from totals: {'; '.join(needing_days)}."]
    if formats.is_missing(row.stands_on) or "corrected" in {*steps.step, *tried.step}:
        return []
    return ["Corrected since: not known, as no load of that day is kept."]


def _left(unexplained: int) -> str:
    return f"{count(abs(unexplained))} not explained" if unexplained else "all explained"


def local_definition(row) -> str:
    """'Our district, from 2025-26 on · The board · written by Ann on March 3, 2026'."""
    written = f"written by {row.written_by} on {formats.day(row.written_at)}"
    return f"{row.label}, from {row.since} on · {row.source} · {written}"


def district(
    place: str, standing, definitions: pd.DataFrame, number_row, steps, not_told, who, today
):
    """What the page for the district says, in the order of paper.district: its title, who sent it
    and when, both numbers, the steps from ours to theirs, and what to ask.

    standing: a row of health/standing. definitions, steps: absence/by_definition and
    absence/reconciliation. number_row: a row of absence/second_numbers. not_told: the lines of that
    name.
    """
    students = steps.set_index("step").students
    by_name = {row.definition: row for row in definitions.itertuples()}
    here, there = definitions.iloc[0], by_name.get(number_row.definition)
    on = "The day it stands on is not said."
    if not formats.is_missing(number_row.stands_on):
        on = f"It stands on {formats.day(number_row.stands_on)}."
    rests_on = f"attendance was taken on {basis.coverage(standing)} of days"
    ours = (
        f"Of {count(here.students)} students whom our rule evaluates. It stands on "
        f"{formats.day(standing.as_of)}; "
        f"{'we know the totals of each student' if standing.is_of_totals else rests_on}."
    )
    numbers = [
        (f"Our number: {count(students['here'])}", [ours, *_rule(here)]),
        (
            f"Your number: {count(students['there'])}",
            [on, *not_told, *(_rule(there) if there else ["By which rule is not said."])],
        ),
    ]
    return (
        f"{place} · {standing.school_year} · Two numbers of chronically absent students",
        f"For {number_row.from_whom}. Sent by {who or '_' * 24} on {formats.day(today)}. Exact "
        "numbers: please do not publish them.",
        numbers,
        [_step(row) for row in _to_tell(steps)],
        _to_ask(students, there, number_row),
    )


def _to_tell(steps: pd.DataFrame) -> list:
    """The rows of absence/reconciliation that change something, and both ends."""
    known = steps[steps.students.notna()]
    return [row for row in known.itertuples() if row.students or row.step in _ALWAYS_TOLD]


_ALWAYS_TOLD = ("here", "unexplained", "there")


def _rule(row) -> list[str]:
    return [
        f"{row.label}: {row.sentence}",
        f"Source of this rule: {row.source}, {formats.day(row.source_date)}.",
    ]


def _step(row) -> tuple[str, str]:
    """A step as a line of a table; the ends are numbers, and what is between them changes."""
    ends = {"here": "Our number", "there": "Your number"}
    students = count(row.students) if row.step in ends else formats.signed(row.students)
    return ends.get(row.step) or formats.step(row), students


def _to_ask(students: pd.Series, there, number_row) -> list[str]:
    """What the district alone can answer; where nothing is left to explain, whether that is so."""
    left, listed = students.get("unexplained", 0), "not_in_list" in students
    asked = []
    if there is None:
        asked.append(
            "By which rule do you count: from which share or number of days on, from how many days "
            "enrolled on, and does exactly the threshold count?"
        )
    if formats.is_missing(number_row.stands_on):
        asked.append("Up to which day does your number count?")
    if left and not listed:
        asked.append(
            "Which students are in your number? With a list of their ids we can say of each why "
            f"they stand in one number alone. {count(abs(left))} are not explained without it."
        )
    elif left:
        asked.append(f"What else counts otherwise? {count(abs(left))} are not explained.")
    if students.get("not_in_list", 0):
        asked.append("Your number and your list of students differ: which of them stands?")
    if not asked:
        asked.append("The steps explain all of the difference. Do you count so?")
    return [
        *asked,
        "Is a student who changed schools counted once or at each school, and is one who left?",
        "Is a half day, a suspension, a remote day, a day without attendance a day missed?",
    ]


def would_make_it(rows: pd.DataFrame, theirs: int) -> list[str]:
    """'Days enrolled, at least 45: 921', of each rule that they may count by; first the one that
    comes nearest to their number."""
    tried = sorted(rows[1:].itertuples(), key=lambda row: abs(row.students - theirs))
    return [f"{formats.step(row)}: {count(row.students)}" for row in tried]


def why_two_counts(table: pd.DataFrame, here, there) -> str:
    """Why they differ: the rule, of how many students each is a count, and who counts twice.

    here, there: rows of absence/by_definition.
    """
    again = _by_school(table.set_index("step").students)
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


def _by_school(students: pd.Series) -> int:
    """By how many more a state counts, school by school; 0 where one school stands alone."""
    return students.get("movers", 0) + students.get("counted_again", 0)


def _of_evaluated(row) -> str:
    evaluated = number(row.students, "student", "students")
    return f"{count(row.students_absent)} of the {evaluated} that “{row.label}” evaluates"


def definition_result(row) -> str:
    """'Federal: 933 of 3,965, 24%'; one student of many is not 0%. Of totals not all tell."""
    if formats.is_missing(row.students_absent):
        return f"{row.label}: not known from totals"
    share = formats.percent_against(row.rate, 0)
    return f"{row.label}: {count(row.students_absent)} of {count(row.students)}, {share}"


# Of so many definitions the results stand on the page before anything is opened.
RESULTS_AT_A_GLANCE = 8


def definition_results(table: pd.DataFrame, local: pd.DataFrame) -> list[str]:
    """The results that are read at a glance: of the definition in force, of those written down
    here, and of the first others. table, local: absence/by_definition, absence/local_definitions.
    """
    own = {label.strip().lower() for label in local.label}
    first, *others = table.itertuples()
    others.sort(key=lambda row: row.label.strip().lower() not in own)
    return [definition_result(row) for row in [first, *others][:RESULTS_AT_A_GLANCE]]


def definition_source(row) -> str:
    """'The board · July 1, 2025 · holds from 2025-26 on'."""
    since = "" if formats.is_missing(row.since) else f" · holds from {row.since} on"
    return f"{row.source} · {formats.day(row.source_date)}{since}"


def loaded(row: pd.Series) -> str:
    """When and from where the data were loaded."""
    what = "The invented sample network" if row.is_sample else row.source
    return f"{what} · loaded {formats.day_and_time(row.loaded_at)}"


def missing_weeks(weeks: pd.DataFrame) -> list[str]:
    """The weeks without attendance, and how to say that nobody was absent in one."""
    found = [formats.sentence_case(one) for one in basis.missing(weeks)]
    if found and weeks.schools_unsent.sum():
        found[0] += (
            ". If nobody was absent, say so: nobody_absent = yes on each of these days in "
            "calendar.csv, and on no other day; or a row of a student who was present"
        )
    return found


def behind_loaded(row: pd.Series) -> str:
    """What such a load is, and how to go back to an earlier one."""
    return (
        f"All figures rest on the files as they were on {formats.day_and_time(row.loaded_at)}: a "
        "load replaces all of them at once, or nothing. The last four loads are kept, to be gone "
        "back to with `python -m queries generations`. Of each month before, the last load is kept "
        "for at most fourteen months, only to tell what was corrected since."
    )


def refused(refusal) -> str:
    """That the last load was refused, why, and what to do. refusal: as queries.health tells it."""
    more = f" And {count(refusal.more)} more." if refusal.more else ""
    brought = refusal.folder.startswith("Brought: ")
    again = (
        "bring them again, on the page Bring your data."
        if brought
        else f"load them again; python -m queries load {refusal.folder} --dry-run says all that is "
        "wrong."
    )
    return (
        f"The newest files are not shown: the load of {refusal.folder.removeprefix('Brought: ')} "
        f"was refused on {formats.day_and_time(refusal.at)}, and what was loaded before stays. "
        f"{' '.join(refusal.reasons)}{more} Correct the files and {again}"
    )


def code_changes(table: pd.DataFrame) -> str:
    """Which codes are others than last year, as a heading."""
    named = [f"{row.code} {CODE_CHANGES[row.change]}" for row in table.itertuples()]
    return f"Not as last year: {basis.names(named)}"


def survey_checks(table: pd.DataFrame) -> str:
    """What is odd about the newest answers, as a heading: the largest share of one answer to all,
    else answers that stand twice, schools without a roster, items in other words."""
    newest = table[table.school_year == table.school_year.max()]
    straight = newest.sort_values("straight_share", ascending=False).iloc[0]
    if straight.straight:
        share = formats.percent_against(straight.straight_share, 0)
        return f"{share} of {straight.respondent_group} gave one answer to all"
    if newest.alike.sum():
        return f"{number(newest.alike.sum(), 'person', 'people')} answered as another did"
    if newest.schools_without_roster.sum():
        return "Some schools have no roster of who was invited"
    if newest.items_reworded.sum():
        return f"{number(newest.items_reworded.sum(), 'item was', 'items were')} reworded"
    return "Nothing odd about the answers"


def students_in(findings: pd.DataFrame) -> int:
    """In how many findings a student is named, in the view with names."""
    return int((findings.value == HIDDEN).sum())


def codes(table: pd.DataFrame) -> str:
    """How many codes there are and how many were used."""
    used = int((table.rows > 0).sum())
    return (
        f"{number(len(table), 'attendance code', 'attendance codes')}, {count(used)} of them used"
    )


def rows_of(place: str) -> str:
    """What the list of files is headed: a file is of all schools, whichever are chosen."""
    every = "What became of every row"
    return every if place == basis.EVERYWHERE else f"{every}, of all schools"


def files(table: pd.DataFrame) -> str:
    """What became of the rows."""
    return (
        f"{count(table.rows_in.sum())} rows read: {count(table.set_aside.sum())} set aside, "
        f"{count(table.repaired.sum())} repaired"
    )


def freshness_at_a_glance(table: pd.DataFrame) -> str:
    """The same in one line of half a page."""
    silent, stopped = int(table.last_row_date.isna().sum()), int(table.has_stopped.sum())
    if silent:
        return f"{number(silent, 'school has', 'schools have')} sent nothing this year"
    if stopped:
        return f"{number(stopped, 'school', 'schools')} stopped sending attendance"
    if len(table) == 1:
        return f"{table.iloc[0].school_name} has reported"
    return f"All {number(len(table), 'school has', 'schools have')} reported"


@kept
def freshness(table: pd.DataFrame) -> str:
    """How many schools have reported, and the least covered of them."""
    silent = table[table.last_row_date.isna()]
    if len(silent):
        return f"{basis.names(silent.school_name)} sent no attendance this year"
    stopped = table[table.has_stopped]
    if len(stopped):
        since = [
            f"{row.school_name} since {formats.day(row.last_row_date)}"
            for row in stopped.itertuples()
        ]
        whose = "its figures stand" if len(stopped) == 1 else "the figures of each stand"
        return f"No attendance from {basis.names(since)}: {whose} there"
    low = table.iloc[0]
    return (
        f"All {number(len(table), 'school has', 'schools have')} reported; the least covered is "
        f"{low.school_name}, with attendance taken on {basis.coverage(low)} of its days"
    )
