"""Why are they missing school, and what do we not know?"""

import streamlit as st

from pages.shared import blocks, card, formats, forms, frame
from pages.shared.absence import sentences as absence_sentences
from pages.shared.causes import cards, charts, sentences
from pages.shared.network import cards as network_cards
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

frame.counted(standing, health.weeks(selection, viewer))


def tell(stories_of_cause, name: str, most: float) -> None:
    """The bar of a cause, and what somebody tells of it."""
    one = understood[understood.cause == name]
    if len(one):
        blocks.show(charts.understood, one, most, alt=sentences.cause(name))
    else:
        st.markdown(formats.plain(sentences.cause(name)))
    for story in stories_of_cause.head(2).itertuples():
        st.markdown(f"> {formats.plain(sentences.story(story))}")
        st.caption(formats.plain(sentences.story_source(story, for_staff)))


left, right = st.columns(2)
with left.container(border=True):
    card.draw(cards.not_known, selection, viewer)
with (
    right.container(border=True),
    blocks.card(
        network_sentences.partners_at_a_glance(shared),
        behind=f"{network_sentences.partners(shared)}. Partners that reach these "
        "schools, by the causes they work on. At the table is who has a seat at one of the "
        "schools.",
    ),
):
    for row in shared.head(sentences.CAUSES_SAID).itertuples():
        label, theirs = network_sentences.partner_line(row.cause, partners)
        st.markdown(f":small[**{formats.plain(label)}:** {formats.plain(theirs)}]")
    blocks.table(
        partners,
        ["cause", "partner_name", "contact", "at_table"],
        alt="Partners by the cause they work on",
        label="Every partner, with their contact",
    )
with left.container(border=True), card.draw(cards.understood_causes, selection, viewer):
    if understood.empty:
        st.markdown(sentences.no_cause(understood))
with right.container(border=True):
    card.draw(cards.recorded_reasons, selection, viewer, bars=charts.recorded)
if len(stories):
    with (
        left.container(border=True),
        blocks.card(
            sentences.stories_at_a_glance(stories),
            behind="Written for sharing, and released by the person named. Each stands under the "
            "bar that it explains; it is one family’s words, not a count.",
        ),
    ):
        most = sentences.longest(understood)
        first, *others = sentences.told_causes(stories, understood)
        tell(stories[stories.cause == first].head(1), first, most)
        more = stories.drop(stories[stories.cause == first].index[:1])
        if len(more):
            with st.expander(sentences.more_stories(more), type="compact"):
                for name in sentences.told_causes(more, understood):
                    tell(more[more.cause == name], name, most)
if for_staff:
    months = causes.recorded_by_month(selection, viewer)
    groups = causes.by_group(selection, viewer)
    if len(groups):
        with (
            right.container(border=True),
            blocks.card(
                sentences.groups_at_a_glance(groups),
                behind=f"{sentences.groups(groups)}. Students with each cause; the stronger the "
                f"color, the larger their share of those {chronic} in the row, if these are ten or "
                "more. Rows do not add up: a student may have several causes.",
            ),
        ):
            columns = [charts.NOT_KNOWN, *understood.cause]
            kinds = sentences.kinds(groups)
            for tab, dimension in zip(st.tabs(list(kinds)), kinds.values(), strict=True):
                with tab:
                    rows = sentences.by_group(groups, dimension, charts.NOT_KNOWN)
                    blocks.show(
                        network_charts.grid,
                        network_cards.whole_grid(rows, list(rows.name.unique()), columns),
                        alt=f"Understood causes by {dimension}",
                    )
                    blocks.table(
                        rows,
                        ["name", "cause", "students", "students_absent"],
                        alt=f"Understood causes by {dimension}",
                    )
    if len(months):
        with left.container(border=True):
            listed = list(reasons.reason)
            label = "Absences on an average day, by recorded reason"
            reason = st.selectbox(label, listed, key="reason", bind="query-params")
            rows = months[months.reason == reason]
            with blocks.card(
                sentences.months(rows, reason),
                behind="Days missed for this recorded reason on an average school day, by month "
                "and weekday.",
            ):
                card.strip(health.weeks(selection, viewer))
                blocks.show(network_charts.days_by_month, rows, alt=sentences.months(rows, reason))
                blocks.table(
                    rows,
                    ["month_start", "weekday", "days", "dates"],
                    alt="Days missed for one recorded reason by month and weekday",
                )


# --- What people write ------------------------------------------------------------------------


@st.fragment
def stories_for_sharing(written, desk: forms.Desk) -> None:
    """The forms, folded: write a story, and read what others wrote."""
    forms.start_again_if_written()
    forms.fold("Write a story", "write_story", network_forms.story, "new_story", desk)
    forms.fold(
        "Read, correct, release or take back a story",
        "read_story",
        network_forms.read_story,
        *("old_story", written, desk),
    )


if viewer.view == "names":
    written = causes.stories_to_release(selection, viewer)
    with blocks.card(
        network_sentences.to_release(written), behind=network_sentences.WHAT_STORIES_ARE
    ):
        forms.sign()
        stories_for_sharing(
            written,
            network_forms.desk_of(selection, viewer, causes.to_choose(selection, viewer).cause),
        )
