"""What moved since last year, and where to look next?"""

import streamlit as st

from pages.shared import basis, card, filters, formats, frame
from pages.shared.absence import cards as absence_cards
from pages.shared.absence import charts as absence_charts
from pages.shared.absence import sentences as absence_sentences
from pages.shared.causes import sentences as causes_sentences
from pages.shared.culture import sentences as culture_sentences
from pages.shared.data import sentences as data_sentences
from pages.shared.meeting import sentences as meeting_sentences
from queries import absence, causes, culture, health, meeting, network, overview
from queries.progress import progress

selection, viewer = frame.open_page(
    "Overview",
    "What moved since last year?",
    ("school_year", "network", "neighborhood", "school"),
    of_attendance=False,
)


def tell_what_moved(moved) -> None:
    """Each change clear of chance in a sentence, with how sure it is."""
    for change in moved.itertuples():
        st.subheader(formats.plain(change.sentence), anchor=False)
        st.caption(formats.plain(basis.certainty(change)))
    if moved.empty:
        st.subheader("Nothing moved clear of chance", anchor=False)
        st.caption(
            "No difference from last year, in absence or in the survey, is larger than chance "
            "makes the largest of so many."
        )


def tell_items_moved(agreement) -> None:
    """How many items of the survey moved, and how many chance alone would have moved."""
    st.metric("Survey items moved", culture_sentences.items_moved(agreement))
    st.caption(formats.plain(culture_sentences.items_moved_by_chance(agreement)))


moved = overview.what_moved(selection, viewer)
if not filters.has_attendance(selection):
    if len(moved):
        tell_what_moved(moved)
    tell_items_moved(culture.shifts(selection, viewer))
    frame.without_attendance()
    st.stop()

standing = health.standing(selection, viewer)
headline = absence.headline(selection, viewer)
frame.stop_if_nobody(headline)
months = absence.by_month(selection, viewer)
shifts = absence.shifts(selection, viewer)
agreement = culture.shifts(selection, viewer)
unknown = causes.unknown(selection, viewer)
shared = network.shared_causes(selection, viewer)
last_meeting = meeting.meetings(selection, viewer).head(1)
pledges = meeting.pledges(selection, viewer)
priorities = network.priorities(selection, viewer)

now = headline.iloc[0]

st.caption(formats.plain(basis.standing(standing)))

tell_what_moved(moved)

chronic, attendance, close, agreement_moved = st.columns(4)
with chronic:
    st.metric(
        "Chronic absence",
        absence_sentences.share(headline, standing),
        absence_sentences.change_in_brief(shifts),
        delta_color="off",
    )
with attendance:
    st.metric("Attendance", absence_sentences.attendance(headline))
    frame.show(absence_charts.trend, months, "attendance_rate", alt="Attendance so far, by month")
with close:
    if frame.is_for_staff(viewer):
        near, signs = (
            ask(selection, viewer) for ask in (absence.near_threshold, absence.early_signs)
        )
        if absence_sentences.is_early(signs):
            st.metric("Missed 2 days so far", formats.count(signs.students.sum()))
            st.caption(formats.plain(absence_sentences.early_signs(signs)))
        else:
            st.metric("Within 3 absences", absence_sentences.within_3(near))
            frame.show(
                absence_charts.trend, months, "students_within_3", alt="Students within 3, by month"
            )
    else:
        st.metric("Students, about", formats.count(now.students))
with agreement_moved:
    tell_items_moved(agreement)

card.draw(absence_cards.chronic_absence, selection, viewer, file="chronic_absence_by_month")

with frame.card(
    causes_sentences.not_known(unknown, standing), causes_sentences.leading_causes(shared)
):
    if frame.is_for_staff(viewer):
        st.markdown(
            formats.plain(causes_sentences.next_steps(overview.next_steps(selection, viewer)))
        )
    frame.link("pages/causes.py", "**Causes**, and what we do not know")
    frame.link("pages/network.py", "**Network**: one conversation, many schools")
    if frame.is_for_staff(viewer):
        frame.link("pages/students.py", "**Students**: this week's conversations")

for last in last_meeting.itertuples():
    promised = pledges[pledges.meeting == last.record]
    with frame.card(
        meeting_sentences.pledges(promised), meeting_sentences.since(last_meeting, promised, months)
    ):
        for pledge in promised[promised.state == "open"].itertuples():
            st.markdown(formats.plain(meeting_sentences.pledge(pledge)))
            st.caption(formats.plain(meeting_sentences.open_since(pledge)))
        frame.link("pages/meeting.py", "**Meeting**: every pledge, and the next ones")

if len(priorities):
    with frame.card(meeting_sentences.priorities(priorities), meeting_sentences.SET_TOGETHER):
        values = progress(selection, viewer)
        for priority in priorities.itertuples():
            of_this = values[values.record == priority.record]
            st.markdown(f"**{formats.plain(meeting_sentences.priority(priority))}**")
            st.caption(
                formats.plain(meeting_sentences.standing(of_this, priority, standing.iloc[0].as_of))
            )
        frame.link("pages/network.py", "**Network**: school by school")

with frame.card(
    "Where to look next",
    "Each opens with the same school and year.",
):
    frame.link("pages/chronic_absence.py", "**Chronic absence**, school by school")
    st.caption(formats.plain(absence_sentences.schools(shifts)))
    frame.link("pages/school_culture.py", "**School culture**, item by item")
    st.caption(formats.plain(culture_sentences.culture_pointer(agreement)))
    frame.link("pages/data_health.py", "**Data health**: what this rests on")
    st.caption(formats.plain(data_sentences.coverage_pointer(standing)))
