"""Who is missing school, where, and since when?"""

from functools import partial

import streamlit as st

from pages.shared import charts, formats, frame, pictures, readings
from queries import absence, health

selection, viewer = frame.open_page(
    "Chronic absence",
    "Who is missing school, where, and since when?",
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
chronic = readings.chronic(bool(standing.iloc[0].under_way))
draw = partial(pictures.draw, selection=selection, viewer=viewer)

st.caption(formats.plain(readings.standing(standing)))

with st.container(horizontal=True):
    st.metric(
        formats.sentence_case(chronic),
        readings.share(headline, standing),
        readings.change_in_brief(shifts),
        delta_color="off",
    )
    st.metric("Students", readings.about_of(headline))
    st.metric("Attendance", readings.attendance(headline))
    if frame.is_for_staff(viewer):
        st.metric(
            "Not evaluated",
            formats.count(now.students_not_evaluated),
            help="Enrolled for fewer days than the definition asks for.",
        )

draw("chronic_absence_by_month")
draw("chronic_absence_by_school")
with draw("share_of_days_missed"):
    if frame.is_for_staff(viewer):
        near = absence.near_threshold(selection, viewer)
        st.markdown(f"**{formats.plain(readings.near_threshold(near))}**")
        frame.show(charts.standings, near, alt=readings.near_threshold(near))
        signs = absence.early_signs(selection, viewer)
        if readings.is_early(signs):
            st.markdown(f"**{formats.plain(readings.early_signs(signs))}**")
            st.caption(formats.plain(readings.why_signs(signs)))

grades = pictures.chronic_absence_by_grade(selection, viewer)
groups = pictures.chronic_absence_by_group(selection, viewer)
with frame.card(grades.reading, grades.on_page):
    by_grade, by_group = st.tabs(["By grade", "By student group"])
    with by_grade:
        pictures.chart(grades)
        pictures.table(grades)
        pictures.take("chronic_absence_by_grade", selection, viewer)
    with by_group:
        st.caption(formats.plain(groups.on_page))
        pictures.chart(groups)
        pictures.table(groups)
        pictures.take("chronic_absence_by_group", selection, viewer)

if frame.is_for_staff(viewer):
    weekdays = absence.by_weekday(selection, viewer)
    with frame.card(
        readings.weekdays(weekdays),
        "Percent of enrolled days missed by month and weekday. "
        f"n = {formats.count(now.days_absent)} days.",
    ):
        frame.show(charts.by_weekday, weekdays, alt=readings.weekdays(weekdays))

draw("recorded_reasons")

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
