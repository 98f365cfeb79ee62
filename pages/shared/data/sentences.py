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
    "that it moves away. Without a list only the definition that they say is counted so, and the "
    "rest is not explained."
)


def checked(numbers: list) -> str:
    """How many public numbers come out of Roundtable as others published them."""
    return f"Checked against {number(len(numbers), 'public number', 'public numbers')}"


def checked_by_source(numbers: list) -> list[tuple[str, list[str]]]:
    """Each source with the test that holds its numbers, and the numbers: 'Item 1: 10 points'."""
    held = dict.fromkeys((one.source, one.test) for one in numbers)
    return [
        (
            f"{source} · {test}",
            [
                f"{one.name}: {one.number} {one.unit}"
                for one in numbers
                if (one.source, one.test) == (source, test)
            ],
        )
        for source, test in held
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


def _left(unexplained: int) -> str:
    return f"{count(abs(unexplained))} not explained" if unexplained else "all explained"


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


def loaded(row: pd.Series) -> str:
    """When and from where the data were loaded."""
    what = "The invented sample network" if row.is_sample else row.source
    return f"{what} · loaded {formats.day_and_time(row.loaded_at)}"


def behind_loaded(row: pd.Series) -> str:
    """What such a load is, and how to go back to an earlier one."""
    return (
        f"All figures rest on the files as they were on {formats.day_and_time(row.loaded_at)}: a "
        "load replaces all of them at once, or nothing. The last four loads are kept, to be gone "
        "back to with `python -m queries generations`."
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
