"""Why are they missing school, and what do we not know?"""

import streamlit as st

from pages.shared import basis, card, formats, forms, frame
from pages.shared.absence import sentences as absence_sentences
from pages.shared.causes import cards, charts, sentences
from pages.shared.network import charts as network_charts
from pages.shared.network import forms as network_forms
from pages.shared.network import sentences as network_sentences
from queries import absence, causes, health, network

selection, viewer = frame.open_page(
    "Causes",
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
chronic = absence_sentences.chronic(bool(standing.iloc[0].under_way))
for_staff = frame.is_for_staff(viewer)

st.caption(formats.plain(basis.standing(standing)))

card.draw(cards.not_known, selection, viewer)

recorded = cards.recorded_reasons(selection, viewer, charts.recorded)
known = cards.understood_causes(selection, viewer)
with frame.card(known.reading, known.caption):
    office, people = st.columns(2, gap="medium")
    with office:
        st.markdown(f"**{sentences.side('recorded', formats.is_coded(reasons))}**")
        card.chart(recorded)
        card.table(recorded)
        card.take(cards.recorded_reasons, selection, viewer, bars=charts.recorded)
    with people:
        st.markdown(f"**{sentences.side('understood', formats.is_coded(understood))}**")
        if understood.empty:
            st.markdown(sentences.no_cause(understood))
        card.chart(known)
        card.table(known)
        card.take(cards.understood_causes, selection, viewer)

if len(stories):
    with frame.card(
        sentences.stories(stories),
        "Written for sharing, and released by the person named. Each stands beside the bar that it "
        "explains; it is one family’s words, not a count.",
    ):
        most = understood.students.max() if len(understood) else 0
        for name in sentences.told_causes(stories, understood):
            bar, words = st.columns([2, 3], gap="medium")
            with bar:
                one = understood[understood.cause == name]
                if len(one):
                    longest = 0 if formats.is_missing(most) else float(most)
                    frame.show(charts.understood, one, longest, alt=sentences.cause(name))
                else:
                    st.markdown(formats.plain(sentences.cause(name)))
            with words:
                for story in stories[stories.cause == name].head(2).itertuples():
                    st.markdown(f"> {formats.plain(sentences.story(story))}")
                    st.caption(formats.plain(sentences.story_source(story, for_staff)))

with frame.card(
    network_sentences.partners(shared, partners),
    "Partners that reach these schools, by the causes they work on. At the table is who has a seat "
    "at one of the schools.",
):
    for row in shared.head(sentences.CAUSES_SAID).itertuples():
        label, theirs = network_sentences.partner_line(row, partners)
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
            sentences.groups(groups),
            "Students with each cause; the stronger the color, the larger their share of those "
            f"{chronic} in the row, if these are ten or more. Rows do not add up: a student may "
            "have several causes.",
        ):
            columns = [charts.NOT_KNOWN, *understood.cause]
            tabs = st.tabs(["By school", "By grade", "By student group"])
            for tab, dimension in zip(tabs, ("school", "grade", "group"), strict=True):
                with tab:
                    rows = sentences.by_group(groups, dimension, charts.NOT_KNOWN)
                    frame.show(
                        network_charts.grid,
                        network_charts.whole_grid(rows, list(rows.name.unique()), columns),
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
            sentences.months(rows, reason),
            "Days missed for this recorded reason on an average school day, by month and weekday.",
        ):
            frame.show(network_charts.days_by_month, rows, alt=sentences.months(rows, reason))
            frame.table(
                rows,
                ["month_start", "weekday", "days", "dates"],
                alt="Days missed for one recorded reason by month and weekday",
            )


# --- What people write ------------------------------------------------------------------------


@st.fragment
def stories_for_sharing(written, desk: forms.Desk) -> None:
    """The forms, folded: write a story, and read what others wrote."""
    forms.start_again_if_written()
    with st.expander("Write a story"):
        network_forms.story("new_story", desk)
    with st.expander("Read, correct, release or take back a story"):
        network_forms.read_story("old_story", written, desk)


if viewer.view == "names":
    written = causes.stories_to_release(selection, viewer)
    with frame.card(network_sentences.to_release(written), network_sentences.WHAT_STORIES_ARE):
        forms.sign()
        stories_for_sharing(
            written,
            network_forms.desk_of(selection, viewer, causes.to_choose(selection, viewer).cause),
        )
