"""Who is missing school, where, and since when?"""

from functools import partial

import streamlit as st

from pages.shared import basis, card, formats, frame
from pages.shared.absence import cards, charts, sentences
from pages.shared.causes import cards as causes_cards
from queries import absence, health

selection, viewer = frame.open_page(
    "Chronic absence",
    ("school_year", "network", "neighborhood", "school", "grade", "group", "definition", "as_of"),
    of_team=False,
)

standing = health.standing(selection, viewer)
headline = absence.headline(selection, viewer)
frame.stop_if_nobody(headline)
frame.stop_if_too_early(viewer, standing)
shifts = absence.shifts(selection, viewer)
published = absence.published_rates(selection)

now = headline.iloc[0]
chronic = sentences.chronic(bool(standing.iloc[0].under_way))
draw = partial(card.draw, selection=selection, viewer=viewer)

st.caption(formats.plain(basis.standing(standing)))

with st.container(horizontal=True):
    st.metric(
        formats.sentence_case(chronic),
        sentences.share(headline, standing),
        sentences.change_in_brief(shifts),
        delta_color="off",
    )
    st.metric("Students", sentences.about_of(headline))
    st.metric("Attendance", sentences.attendance(headline))
    if frame.is_for_staff(viewer):
        st.metric(
            "Not evaluated",
            formats.count(now.students_not_evaluated),
            help="Enrolled for fewer days than the definition asks for.",
        )

draw(cards.chronic_absence_by_month)
draw(cards.chronic_absence_by_school)
with draw(cards.share_of_days_missed):
    if frame.is_for_staff(viewer):
        near = absence.near_threshold(selection, viewer)
        st.markdown(f"**{formats.plain(sentences.near_threshold(near))}**")
        frame.show(charts.standings, near, alt=sentences.near_threshold(near))
        signs = absence.early_signs(selection, viewer)
        if sentences.is_early(signs):
            st.markdown(f"**{formats.plain(sentences.early_signs(signs))}**")
            st.caption(formats.plain(sentences.why_signs(signs)))

grades = cards.chronic_absence_by_grade(selection, viewer)
groups = cards.chronic_absence_by_group(selection, viewer)
with frame.card(grades.reading, grades.on_page):
    by_grade, by_group = st.tabs(["By grade", "By student group"])
    with by_grade:
        card.chart(grades)
        card.table(grades)
        card.take(cards.chronic_absence_by_grade, selection, viewer)
    with by_group:
        st.caption(formats.plain(groups.on_page))
        card.chart(groups)
        card.table(groups)
        card.take(cards.chronic_absence_by_group, selection, viewer)

if frame.is_for_staff(viewer):
    weekdays = absence.by_weekday(selection, viewer)
    with frame.card(
        sentences.weekdays(weekdays),
        "Percent of enrolled days missed by month and weekday. "
        f"n = {formats.count(now.days_absent)} days.",
    ):
        frame.show(charts.by_weekday, weekdays, alt=sentences.weekdays(weekdays))

draw(causes_cards.recorded_reasons)

frame.table(
    published,
    [
        "place",
        "school_year",
        "grade",
        "students",
        "students_absent",
        "rate",
        "definition",
        "source",
    ],
    alt="Rates that others published",
    label="For context: rates that others published, by their own definitions",
)
