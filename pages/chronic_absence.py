"""Who is missing school, where, and since when?"""

from functools import partial

import streamlit as st

from pages.shared import basis, blocks, card, formats, frame
from pages.shared.absence import cards, charts, sentences
from pages.shared.causes import cards as causes_cards
from pages.shared.causes import charts as causes_charts
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
weeks = health.weeks(selection, viewer)
published = absence.published_rates(selection)

now = headline.iloc[0]
for_staff = frame.is_for_staff(viewer)
of_totals = basis.is_of_totals(standing)
draw = partial(card.draw, selection=selection, viewer=viewer)

frame.counted(standing, weeks)

with blocks.grid(4 if for_staff else 3, least=180):
    st.metric(
        sentences.so_far(bool(standing.iloc[0].under_way)),
        sentences.share(headline, standing),
        sentences.change_in_brief(shifts),
        delta_color="off",
    )
    st.metric("Students", sentences.about_of(headline))
    st.metric("Attendance", sentences.attendance(headline))
    if for_staff:
        st.metric(
            "Not evaluated",
            formats.count(now.students_not_evaluated),
            help="Enrolled for fewer days than the definition asks for.",
        )

left, right = st.columns(2)
with left.container(border=True):
    draw(cards.chronic_absence_by_month)
with right.container(border=True):
    draw(cards.share_of_days_missed if for_staff else cards.chronic_absence_by_group)
if for_staff:
    near = absence.near_threshold(selection, viewer)
    signs = absence.early_signs(selection, viewer)
    with (
        right.container(border=True),
        blocks.card(sentences.near_at_a_glance(near), behind=sentences.near_threshold(near)),
    ):
        card.strip(weeks)
        blocks.show(charts.standings, near, alt=sentences.near_threshold(near))
        if sentences.is_early(signs):
            st.markdown(
                f"**{formats.plain(sentences.early_signs(signs))}**",
                help=formats.plain(sentences.why_signs(signs)),
            )
if sentences.is_of_schools(shifts):
    schools = cards.chronic_absence_by_school(selection, viewer)
    with (
        st.container(border=True),
        blocks.card(schools.heading, behind=sentences.schools_in_a_table(shifts)),
    ):
        card.table(schools, is_open=True)
        card.take(cards.chronic_absence_by_school, selection, viewer)

left, right = st.columns(2)
reasons = cards.days_missed_by_reason(selection, viewer) if for_staff else None
with left.container(border=True):
    if of_totals:
        frame.needs_days("Days missed by recorded reason")
    elif reasons is not None and len(reasons.rows):
        with blocks.card(reasons.heading, behind=reasons.behind):
            card.chart(reasons)
            card.table(reasons)
            card.take(causes_cards.recorded_reasons, selection, viewer)
    else:
        draw(causes_cards.recorded_reasons, bars=causes_charts.recorded)
with right.container(border=True):
    draw(cards.chronic_absence_by_group if for_staff else cards.share_of_days_missed)
with (left if for_staff else right).container(border=True):
    draw(cards.chronic_absence_by_grade)
if for_staff:
    weekdays = absence.by_weekday(selection, viewer)
    with right.container(border=True):
        if of_totals:
            frame.needs_days("Days missed by month and weekday")
        else:
            with blocks.card(
                sentences.weekdays_at_a_glance(weekdays),
                behind="Percent of enrolled days missed by month and weekday. "
                f"n = {formats.count(now.days_absent)} days.",
            ):
                card.strip(weeks)
                blocks.show(charts.by_weekday, weekdays, alt=sentences.weekdays(weekdays))

blocks.table(
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
