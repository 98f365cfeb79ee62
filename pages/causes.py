"""Why are they missing school, and what do we not know?"""

import streamlit as st

from pages.shared import (
    cause_charts,
    cause_readings,
    formats,
    forms,
    frame,
    pictures,
    readings,
    table_forms,
    table_readings,
)
from queries import absence, causes, health, network

selection, viewer = frame.open_page(
    "Causes",
    "Why are they missing school, and what do we not know?",
    ("school_year", "network", "neighborhood", "school", "grade", "group"),
)

standing = health.standing(selection, viewer)
frame.stop_if_nobody(absence.headline(selection, viewer))
frame.stop_if_too_early(viewer, standing)
reasons = causes.recorded(selection, viewer)
understood = causes.understood(selection, viewer)
shared = network.shared_causes(selection, viewer)
stories = causes.stories(selection)
partners = causes.partners(selection)
chronic = readings.chronic(bool(standing.iloc[0].under_way))
for_staff = frame.is_for_staff(viewer)

st.caption(formats.plain(readings.standing(standing)))

pictures.draw("not_known", selection, viewer)

recorded = pictures.recorded_reasons(selection, viewer, cause_charts.recorded)
known = pictures.understood_causes(selection, viewer)
with frame.card(known.reading, known.caption):
    office, people = st.columns(2, gap="medium")
    with office:
        st.markdown(f"**{cause_readings.side('recorded', formats.is_coded(reasons))}**")
        pictures.chart(recorded)
        pictures.table(recorded)
        pictures.take("recorded_reasons", selection, viewer, bars=cause_charts.recorded)
    with people:
        st.markdown(f"**{cause_readings.side('understood', formats.is_coded(understood))}**")
        if understood.empty:
            st.markdown(cause_readings.no_cause(understood))
        pictures.chart(known)
        pictures.table(known)
        pictures.take("understood_causes", selection, viewer)

if len(stories):
    with frame.card(
        cause_readings.stories(stories),
        "Written for sharing, and released by the person named. Each stands beside the bar that it "
        "explains; it is one family’s words, not a count.",
    ):
        most = understood.students.max() if len(understood) else 0
        for name in cause_readings.told_causes(stories, understood):
            bar, words = st.columns([2, 3], gap="medium")
            with bar:
                one = understood[understood.cause == name]
                if len(one):
                    longest = 0 if formats.is_missing(most) else float(most)
                    frame.show(
                        cause_charts.understood, one, longest, alt=cause_readings.cause(name)
                    )
                else:
                    st.markdown(formats.plain(cause_readings.cause(name)))
            with words:
                for story in stories[stories.cause == name].head(2).itertuples():
                    st.markdown(f"> {formats.plain(cause_readings.story(story))}")
                    st.caption(formats.plain(cause_readings.story_source(story, for_staff)))

with frame.card(
    cause_readings.partners(shared, partners),
    "Partners that reach these schools, by the causes they work on. At the table is who has a seat "
    "at one of the schools.",
):
    for row in shared.head(cause_readings.CAUSES_SAID).itertuples():
        label, theirs = cause_readings.partner_line(row, partners)
        st.markdown(f"**{formats.plain(label)}:** {formats.plain(theirs)}")
    frame.table(
        partners,
        ["cause", "partner_name", "contact", "at_table"],
        alt="Partners by the cause they work on",
        label="Every partner, with their contact",
    )

if for_staff:
    groups = causes.by_group(selection, viewer)
    if len(groups):
        with frame.card(
            cause_readings.groups(groups),
            "Students with each cause; the stronger the color, the larger their share of those "
            f"{chronic} in the row, if these are ten or more. Rows do not add up: a student may "
            "have several causes.",
        ):
            columns = [cause_charts.NOT_KNOWN, *understood.cause]
            tabs = st.tabs(["By school", "By grade", "By student group"])
            for tab, dimension in zip(tabs, ("school", "grade", "group"), strict=True):
                with tab:
                    rows = cause_readings.by_group(groups, dimension, cause_charts.NOT_KNOWN)
                    frame.show(
                        cause_charts.grid,
                        cause_charts.whole_grid(rows, list(rows.name.unique()), columns),
                        alt=f"Understood causes by {dimension}",
                    )
                    frame.table(
                        rows,
                        ["name", "cause", "students", "students_absent"],
                        alt=f"Understood causes by {dimension}",
                    )

    months = causes.recorded_by_month(selection, viewer)
    if len(months):
        listed = list(reasons.reason)
        reason = st.selectbox("Recorded reason", listed, key="reason", bind="query-params")
        rows = months[months.reason == reason]
        with frame.card(
            cause_readings.months(rows, reason),
            "Days missed for this recorded reason on an average school day, by month and weekday.",
        ):
            frame.show(cause_charts.days_by_month, rows, alt=cause_readings.months(rows, reason))
            frame.table(
                rows,
                ["month_start", "weekday", "days", "dates"],
                alt="Days missed for one recorded reason by month and weekday",
            )


# --- What people write ------------------------------------------------------------------------


@st.fragment
def stories_for_sharing(written, here: table_forms.Room) -> None:
    """The forms, folded: write a story, and read what others wrote."""
    forms.start_again_if_written()
    with st.expander("Write a story"):
        table_forms.story("new_story", here)
    with st.expander("Read, correct, release or take back a story"):
        table_forms.read_story("old_story", written, here)


if viewer.view == "names":
    written = causes.stories_to_release(selection, viewer)
    with frame.card(table_readings.to_release(written), table_readings.WHAT_STORIES_ARE):
        forms.sign()
        stories_for_sharing(
            written,
            table_forms.room(selection, viewer, causes.to_choose(selection, viewer).cause),
        )
