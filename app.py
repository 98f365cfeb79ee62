"""What moved since last year, why, and what is due this week?"""

import streamlit as st

from pages.shared import basis, blocks, card, filters, formats, frame
from pages.shared.absence import cards as absence_cards
from pages.shared.absence import charts as absence_charts
from pages.shared.absence import sentences as absence_sentences
from pages.shared.causes import sentences as causes_sentences
from pages.shared.culture import sentences as culture_sentences
from pages.shared.meeting import priorities
from pages.shared.meeting import sentences as meeting_sentences
from pages.shared.overview import sentences
from queries import absence, causes, culture, health, meeting, network, overview, plans

selection, viewer = frame.open_page(
    "Overview",
    ("school_year", "network", "neighborhood", "school"),
    of_attendance=False,
)

moved = overview.what_moved(selection, viewer)
agreement = culture.shifts(selection, viewer)
shifts = absence.shifts(selection, viewer)
standing = health.standing(selection, viewer)
under_way = bool(standing.iloc[0].under_way)
of_totals = basis.is_of_totals(standing)


def tell_what_moved() -> None:
    """At most five changes; how sure each is opens at the heading."""
    told = sentences.what_moved(shifts, agreement)
    behind = sentences.how_sure(moved, shifts, agreement) if told else ""
    with blocks.card(sentences.moved(moved, told), behind=behind):
        if told:
            st.markdown(told)
        else:
            blocks.small(sentences.WITHOUT_A_YEAR_BEFORE)


if not filters.has_attendance(selection):
    tell_what_moved()
    frame.without_attendance()
    st.stop()

frame.stop_if_totals_untold(standing)
headline = absence.headline(selection, viewer)
frame.stop_if_nobody(headline)
months = absence.by_month(selection, viewer)
unknown = causes.unknown(selection, viewer)
leading = causes_sentences.leading_causes(network.shared_causes(selection, viewer))
tried = plans.tried(selection, viewer)
pledges = meeting.pledges(selection, viewer)

frame.counted(standing, health.weeks(selection, viewer))

chronic, attendance, not_known, items = st.columns([4, 5, 4, 4], border=True)
with chronic:
    st.metric(
        absence_sentences.so_far(under_way),
        absence_sentences.share(headline, standing),
        absence_sentences.change_in_brief(shifts),
        delta_color="off",
    )
with attendance:
    rate, so_far = st.columns([3, 2])
    rate.metric(
        "Attendance",
        absence_sentences.attendance(headline),
        absence_sentences.attendance_last_year(months, shifts),
        delta_color="off",
        delta_arrow="off",
    )
    if not of_totals:
        with so_far:
            blocks.show(absence_charts.attendance, months, alt="Attendance so far, by month")
with not_known:
    st.metric(*causes_sentences.not_known_as_metric(unknown))
with items:
    st.metric("Survey items moved", culture_sentences.items_moved(agreement))
    st.caption(formats.plain(culture_sentences.items_moved_by_chance(agreement)))

year, changes = st.columns(2, border=True)
with year:
    shown = absence_cards.chronic_absence(selection, viewer)
    if of_totals:
        frame.needs_days("Month by month")
    else:
        with blocks.card(absence_sentences.students(headline), behind=shown.caption):
            card.chart(shown, 118)
            card.take(
                absence_cards.chronic_absence, selection, viewer, file="chronic_absence_by_month"
            )
with changes:
    tell_what_moved()

why, known, due = st.columns(3, border=True)
with why:
    if of_totals and frame.is_for_staff(viewer):
        frame.needs_days("Why: recorded reasons")
    elif frame.is_for_staff(viewer):
        reasons = absence.why_moved(selection, viewer)
        with blocks.card(sentences.days_missed(reasons), behind=sentences.recording(reasons)):
            st.markdown(sentences.reasons(reasons))
    else:
        with blocks.card("Why: causes understood so far"):
            blocks.small(*leading)
with known, blocks.card("Understood and tried"):
    # For everybody the causes stand beside it.
    most = leading[0] if frame.is_for_staff(viewer) else "Causes"
    frame.link("pages/causes.py", formats.plain(most))
    frame.link("pages/plans.py", sentences.tried(tried))
    with st.container(horizontal=True):
        frame.link("pages/school_culture.py", "School culture")
        if not selection.school:
            frame.link("pages/network.py", "Network")
    for name in filters.published_surveys(selection):
        frame.link("pages/school_culture.py", formats.plain(name), survey=name)
with due, blocks.card("This week"):
    lines = [meeting_sentences.pledges(pledges)]
    if frame.is_for_staff(viewer):
        near, signs, steps = (
            ask(selection, viewer)
            for ask in (absence.near_threshold, absence.early_signs, overview.next_steps)
        )
        lines = [absence_sentences.close(near, signs), causes_sentences.next_steps(steps), *lines]
        # Of a whole network it is asked school by school.
        if selection.school and not of_totals:
            lines = [sentences.crossed(overview.crossed(selection, viewer)), *lines]
    blocks.small(*lines)
    with st.container(horizontal=True, gap="xsmall"):
        if frame.is_for_staff(viewer):
            frame.link("pages/students.py", "Students")
        frame.link("pages/meeting.py", "Meeting")
    priorities.in_brief(selection, viewer, standing.iloc[0].as_of)
