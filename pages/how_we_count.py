"""How is every number made, and why may two of them differ?"""

import streamlit as st

from pages.shared import basis, blocks, filters, formats, forms, frame
from pages.shared.absence import sentences as absence_sentences
from pages.shared.data import charts, sentences
from pages.shared.data import forms as data_forms
from queries import absence, choices, health, team
from queries.absence import theirs
from queries.health import checked_against

selection, viewer = frame.open_page(
    "How we count",
    ("school_year", "network", "neighborhood", "school", "definition", "other_definition", "as_of"),
    of_attendance=False,
    of_team=False,
)


def second_number(selection, viewer, is_signed: bool) -> None:
    """From the number here to one that somebody else gave, step by step; and the form for one.
    is_signed: the name that signs is asked for above already."""
    numbers = absence.second_numbers(selection, viewer)
    with blocks.card("A number from elsewhere", behind=sentences.WHAT_STEPS_ARE):
        if len(numbers):
            number = data_forms.choose(numbers)
            asked = theirs.asked(selection, number, data_forms.list_of(number))
            is_signed |= to_number(theirs.explained(asked, viewer), number, is_signed)
        else:
            st.caption("What the state or the district counts here: what makes the difference?")
        write = data_forms.second_number
        about = (selection, viewer, numbers, is_signed)
        forms.fold("Write a number down", "number_fold", write, *about)


def to_number(selection, number, is_signed: bool) -> bool:
    """The waterfall to one number, and behind it the students of each step, or what might be; the
    page with it for the district, which asks for a name where that is open."""
    steps = absence.reconciliation(selection, viewer)
    if steps.empty:
        blocks.small(sentences.second_number(number), basis.NEEDS_DAYS)
        return False
    reading = sentences.to_second_number(steps)
    not_told = sentences.not_told(steps, absence.rules_tried(selection, viewer), number)
    blocks.small(f"{reading}.", f"Theirs: {sentences.second_number(number)}.", *not_told)
    here, there = sentences.ends_are_called(number)
    blocks.show(charts.steps, steps, here, there, alt=reading)
    blocks.table(steps, ["step", "students"], alt="Steps from one number to the other")
    if selection.their_list is None:
        forms.fold("What each rule would make it", "would_make_it", rules_tried, selection)
    elif frame.sees_names(viewer):
        forms.fold("The students of each step", "of_each_step", students_of_steps, selection)
    forms.fold("Their list of students", "list_fold", data_forms.their_list, number)
    about = {
        "place": basis.place(selection),
        "standing": now,
        "definitions": definitions,
        "number_row": number,
        "steps": steps,
        "not_told": not_told,
    }
    take = (selection, viewer, about, is_signed)
    return forms.fold("A page for the district", "district_fold", data_forms.to_district, *take)


def rules_tried(selection) -> None:
    """What each rule that is not known to be theirs would make of the number here."""
    tried = absence.rules_tried(selection, viewer)
    blocks.small(*sentences.would_make_it(tried, selection.their_number))


def students_of_steps(selection) -> None:
    """Who is counted in one of both numbers alone; that they were seen is recorded."""
    blocks.open_table(
        absence.reconciled_students(selection, viewer),
        [
            "step",
            "student_name",
            "days_absent",
            "days_enrolled",
            "their_days_absent",
            "their_days_enrolled",
        ],
        alt="Students of each step",
    )


standing = health.standing(selection, viewer)
now = standing.iloc[0]
if filters.has_attendance(selection):
    headline = absence.headline(selection, viewer)
    frame.stop_if_nobody(headline)
    frame.counted(standing)

grid = blocks.grid()
with grid.cell(), blocks.card(f"Definition in force: {now.definition_label}"):
    st.markdown(formats.plain(now.definition_sentence))
    is_signed = team.may_define(viewer) and forms.fold(
        "Add a definition", "definition_fold", data_forms.definition, selection, viewer
    )

if not filters.has_attendance(selection):
    frame.without_attendance()
elif frame.is_for_staff(viewer):
    definitions = absence.by_definition(selection, viewer)
    steps = absence.reconciliation(selection, viewer)
    here = definitions.iloc[0]
    there = definitions[definitions.definition == selection.other_definition].iloc[0]

    if steps.empty:
        with grid.cell():
            frame.needs_days("From one number to another")
    else:
        reading = sentences.reconciliation(steps, here.label, there.label)
        with (
            grid.cell(),
            blocks.card(
                sentences.reconciliation_at_a_glance(steps),
                behind=f"{reading}. {sentences.why_two_counts(steps, here, there)}",
            ),
        ):
            blocks.show(
                charts.steps,
                steps,
                f"Here: {here.label}",
                f"{there.label}, school by school",
                alt=reading,
            )
            blocks.table(steps, ["step", "students"], alt="Steps from one number to the other")

    with (
        grid.cell(),
        blocks.card(
            "The same days under every definition",
            behind="Definitions are rows of a file, dated and with a source; one rule reads them "
            "all.",
        ),
    ):
        local = absence.local_definitions(selection, viewer)
        blocks.small(*sentences.definition_results(definitions, local))
        with st.expander(f"All {len(definitions)}, what each says and its source", type="compact"):
            for definition in definitions.itertuples():
                st.markdown(f"**{formats.plain(sentences.definition_result(definition))}**")
                st.markdown(formats.plain(definition.sentence))
                st.caption(formats.plain(sentences.definition_source(definition)))

    with grid.cell():
        second_number(selection, viewer, is_signed)
else:
    with (
        grid.cell(),
        blocks.card(
            absence_sentences.headline_at_a_glance(headline),
            behind=f"{absence_sentences.headline(headline, bool(now.under_way))}. The share view "
            "counts by one definition: the difference between two would tell how many students "
            "stand exactly at a threshold. Staff see every definition beside its result.",
        ),
        st.expander("Every definition", type="compact"),
    ):
        for definition in choices.definitions(selection).itertuples():
            st.markdown(f"**{formats.plain(definition.label)}**")
            st.markdown(formats.plain(definition.sentence))

with (
    grid.cell(),
    blocks.card(
        sentences.checked(checked_against.numbers()), fold="Each, and the test that holds it"
    ),
):
    for source, lines in sentences.checked_by_source(checked_against.numbers()):
        blocks.small(*lines)
        st.caption(formats.plain(source))

rules = grid.cell()
with rules:
    blocks.heading("The rules behind every figure")
with rules, st.expander("What the share view shows", type="compact"):
    st.caption("A first visit starts in it; what is presented or taken away is always of it.")
    st.markdown(
        """
- Counts of students are to the nearest ten, some to the nearest 20 or 50; rates in whole percents,
  the number of answers a band.
- A count of fewer than ten students is small, be it of a group, of those of it who were absent, or
  of those who were not. A rate made of one is told as an end, wide enough that ten values are
  possible: “17% or less”. A group of fewer than ten is withheld.
- What would give a small count away by adding up or taking away (groups, tiers, grades, schools,
  networks, years) is told as a band, “20% to 30%”, or withheld too. Zero, small and protecting read
  alike. Groups that never had ten students at a place are not listed there.
- Answers to surveys are counts of people, too: favorable, not favorable, each answer, and who did
  not answer. Answers that fewer than ten gave are told together with the one beside them.
- One year and one place at a time, one definition, up to the last school day of a month: two
  days would tell of single students by their difference. A month stays as it was told unless its
  counts are corrected. Of schools chosen by hand, what is told of each is added up. Days, students
  not evaluated, definitions side by side and weekdays are for staff.
- An attack by adding, taking away and solving runs on all of it whenever a month is coded. What it
  does not clear is not shown.
"""
    )

with rules, st.expander("What counts as a day", type="compact"):
    st.caption("The rules behind every figure on attendance.")
    st.markdown(
        """
- A student's day is an instructional day on which attendance was taken, from the entry date up to
  but not including the exit date. Days on which attendance was not taken are in neither the days
  missed nor the days enrolled, and neither are days after the as-of date.
- A school without a single attendance row in a year has not reported: its days count as not taken.
  So do five or more days in a row without a row, in the middle of a year, where the school’s other
  days make that less likely than 1 in 1,000 and fifty students or more have rows: by a choice of
  ours, as nobody reported them. One row of such a day, also of a student who was present, says
  that attendance was sent.
- An absence counts whether it was excused or not, and so does suspension out of school. Late
  arrival, suspension in school with instruction and taking part remotely count as present.
- A year that came as totals counts days as the system that made them did. What they do not tell,
  such as half days among totals in whole days, is not known and not taken for zero.
- A session is half a day at most and two add up. Of several rows for one day and session, the one
  that misses most counts. Missed time stays exact: minutes over the minutes of that day.
- Whole numbers are compared, before any rounding: 18 of 180 is exactly 10% and is chronic, 17 is
  not. 0 of 0 is not evaluated.
- On one school's page a student's days at that school count; over several schools, the student's
  days in all of them. A day enrolled at two schools is one day, and present at either is present.
  Schools therefore do not add up to the network.
- Until the year ends, students are *on track to be* chronically absent. Last year is compared at
  the same instructional day of each school, not at the same date.
- A change is called clear of chance when its 95% interval leaves zero out. It is not called at all
  where the share of days on which attendance was taken differs by more than five points between
  the years.
- The interval of one school is Newcombe's, for two independent shares. Over several schools it
  takes in how far the changes of those that can be compared differ, from three schools on; of two
  there is none, and each stands by itself. It is wider by what other schools, or another mix of
  them, made of the change.
- *Within 3 absences*: not chronically absent, but would be after missing the next three days.
  *Can end the year below it*: over the threshold now, and below it at the year's end if present
  often enough on the days left.
- *Days in a row*, on Students: school days missed in full, by whatever definition, that end with
  the student's newest one. Present for any part of a day ends them. Days off, days without
  attendance and days not enrolled neither count nor end them.
"""
    )

signs = choices.early_signs(selection)
with rules, st.expander("What is an early sign", type="compact"):
    st.caption(
        "In the first weeks two absences are a tenth of the days: who is within three of the "
        "threshold is said from the day on which three alone do not reach it. Until then days "
        "missed in the first month are counted, for staff."
    )
    for sign in signs.itertuples():
        st.markdown(formats.plain(sign.sentence))
        st.caption(formats.plain(f"{sign.source} · {formats.day(sign.source_date)}"))

with rules, st.expander("What counts as an answer", type="compact"):
    st.caption("The rules behind every figure on culture.")
    st.markdown(
        """
- Percent favorable is favorable answers over answers that count. “Don't know” and blanks do not
  count; a neutral answer counts and is not favorable.
- An item that is scored in reverse has its answers mirrored; neutral stays neutral.
- Shifts are in percentage points with a 95% interval. There is none across another wording or
  scale, or where an item is scored the other way round.
- A shift over several schools rests on those that answered the item in both years, each of the
  same weight in both: n × m / (n + m) of its answers, so that no shift comes of another mix. From
  three schools on the interval takes in how far their shifts differ, for schools move for reasons
  of their own; of two there is none, and each stands by itself.
- Of twenty shifts without any change one is clear of chance by chance alone. What a heading names,
  and what Overview says of survey and attendance together, was picked from many, and holds among
  all of them (Benjamini and Hochberg, 1995): at most one in twenty such claims is expected to be
  chance's, and of pages on which nothing changed at most one in twenty makes one.
- The response rate is distinct people who answered at least one item over people invited. Where a
  school that answered has no roster it is not known, and never taken to be 100%; a school where
  more answered than were invited is left out of it. Where a survey came as counts instead of
  people it is not known either: only that at least so many answered as did the item that most did.
- With nearly everybody answering there is no sampling in the usual sense; the interval says
  whether ordinary differences from answer to answer could explain a shift.
- What staff say of students is staff's view, and is called so.
"""
    )
    for rule in choices.survey_rules(selection).itertuples():
        st.markdown(formats.plain(rule.sentence))
        st.caption(formats.plain(f"{rule.source} · {formats.day(rule.source_date)}"))
