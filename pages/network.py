"""Which conversation would reach the most schools?"""

from dataclasses import replace
from functools import partial

import streamlit as st

from pages.shared import blocks, card, formats, forms, frame, poster
from pages.shared.absence import sentences as absence_sentences
from pages.shared.causes import sentences as causes_sentences
from pages.shared.meeting import forms as meeting_forms
from pages.shared.meeting import priorities as meeting_priorities
from pages.shared.network import cards, charts, sentences
from pages.shared.network import forms as network_forms
from queries import absence, causes, health, network

selection, viewer = frame.open_page(
    "Network",
    ("school_year", "network", "neighborhood", "schools"),
)

standing = health.standing(selection, viewer)
frame.stop_if_nobody(absence.headline(selection, viewer))
shared = network.shared_causes(selection, viewer)
partners = causes.partners(selection)
chronic = absence_sentences.chronic(bool(standing.iloc[0].under_way))
by_hand = bool(selection.schools)


def brief(place, name: str | None, cause: str) -> card.Card:
    """One page for the partners of a place: headline, figures of the share view, what we ask."""
    told, there = network.shared_causes(place), health.standing(place)
    told = sentences.asked_first(told, cause)
    facts = card.on_attendance(place, "", told)
    if told.empty:
        return card.Card(sentences.NO_BRIEF, "", None, told, facts=facts)
    return card.Card(
        sentences.brief_title(told, name, int(there.iloc[0].schools), by_hand),
        "",
        charts.shared,
        told.head(5),
        (told.iloc[0].cause,),
        facts=sentences.brief_facts(
            told,
            causes.partners(place),
            causes.stories(place),
            causes.unknown(place),
            facts,
            network.cause_by_school(place),
        ),
    )


def conversation(neighborhood) -> tuple:
    """A neighborhood as a selection, its name, and the causes that its schools share."""
    if formats.is_missing(neighborhood):
        return selection, None, shared
    place = replace(selection, neighborhood=neighborhood)
    if not frame.is_for_staff(viewer):
        place = replace(place, network=None)
    return place, neighborhood, network.shared_causes(place, viewer)


def said(place, name, causes_there) -> str:
    """The sentence on a neighborhood."""
    schools_there = int(health.standing(place, viewer).iloc[0].schools)
    return sentences.conversation(causes_there, name, schools_there, by_hand)


frame.counted(standing)

first, *others = network.conversations(selection, viewer).neighborhood.head(4)
place, name, leading = conversation(first)
by_school = network.cause_by_school(selection, viewer)

with st.container(border=True):
    heading = st.container()
    picture, talk = st.columns([3, 2], gap="medium")
    with talk:
        listed = list(dict.fromkeys([*leading.cause.head(1), *shared.cause]))
        cause = ""
        if listed:
            cause = st.selectbox(
                "One conversation on",
                listed,
                key="cause",
                bind="query-params",
                format_func=causes_sentences.cause,
            )
            if cause != listed[0]:
                place, name, leading = selection, None, sentences.asked_first(shared, cause)
        asked = sentences.partners_of(causes.partners(place), cause)
        schools_there = int(standing.iloc[0].schools)
        blocks.small(*sentences.where_and_who(by_school, asked, cause, schools_there))
        missing = sentences.who_to_ask(leading, causes.partners(place))
        if missing:
            st.markdown(f":small[**{formats.plain(missing)}.**]")
        if listed:
            blocks.take(
                "brief_for_partners",
                place,
                viewer,
                poster.WRITERS,
                partial(brief, place, name, cause),
                label="Brief for partners",
            )
        if listed and cause == listed[0]:
            blocks.small(*(f"{said(*conversation(other))}." for other in others))
    with heading:
        blocks.heading(
            said(place, name, leading),
            sentences.conversation_caption(leading, causes.unknown(place, viewer), chronic),
        )
    with picture:
        if len(shared):
            whole = cards.causes_and_schools(selection, viewer)
            card.chart(whole)
            st.caption(sentences.COUNTS_TWICE)
            card.table(cards.shared_causes(selection, viewer), label="Causes in a table")
            card.table(cards.cause_by_school(selection, viewer), label="School by school")
            card.take(cards.causes_and_schools, selection, viewer)

left, right = st.columns(2)
with left.container(border=True):
    seats = cards.who_is_missing(selection, viewer)
    with blocks.card(sentences.seats_at_a_glance(seats.in_table), behind=seats.behind):
        card.chart(seats)
        card.table(seats, label="Chairs in a table")
        card.take(cards.who_is_missing, selection, viewer)
if frame.is_for_staff(viewer):
    spots = network.bright_spots(selection, viewer)
    with (
        right.container(border=True),
        blocks.card(
            sentences.bright_spots_at_a_glance(spots),
            behind=f"{sentences.bright_spots(spots)}. {sentences.bright_spots_caption(spots)}",
        ),
    ):
        blocks.show(charts.bright_spots, spots, alt=sentences.bright_spots(spots))
        blocks.table(
            spots,
            [
                *("school_name", "level", "students", "students_absent"),
                *("rate", "expected", "low", "high"),
            ],
            alt="Chronic absence by school, with the limits of chance",
        )
with right.container(border=True):
    meeting_priorities.at_a_glance(selection, viewer, standing.iloc[0].as_of)
with right.container(border=True), blocks.card(sentences.partners_at_a_glance(shared)):
    with st.expander("Who works on each cause", type="compact"):
        for row in shared.itertuples():
            label, words = sentences.partner_line(row.cause, partners)
            st.markdown(f":small[**{formats.plain(label)}:** {formats.plain(words)}]")
    blocks.table(
        partners,
        ["cause", "partner_name", "contact", "at_table"],
        alt="Partners to ask, by cause",
        label="Partners to ask, with their contact",
    )


# --- What people write ------------------------------------------------------------------------


@st.fragment
def around_the_table(written, desk: forms.Desk) -> None:
    """The forms, folded: who sits where, and who could."""
    forms.start_again_if_written()
    for label, form in (
        ("Fill a chair", partial(network_forms.seat, "new_seat")),
        ("Change a seat, or give it up", partial(network_forms.change_seat, "old_seat")),
        ("Add a partner", partial(network_forms.partner, "new_partner")),
        ("Correct a partner that was added", partial(network_forms.change_partner, "old_partner")),
    ):
        forms.fold(label, label, form, written, desk)


if frame.is_for_staff(viewer):
    known = causes.partners(selection, viewer)
    written = network.written(selection, viewer)
    added = written[written.kind == "partner"].name
    with (
        left.container(border=True),
        blocks.card(sentences.WHO_ELSE, behind=sentences.WHAT_SEATS_ARE),
    ):
        forms.sign()
        around_the_table(
            written,
            network_forms.desk_of(
                selection,
                viewer,
                causes.to_choose(selection, viewer).cause,
                sorted({*known.partner_name, *added}),
            ),
        )
        meeting_priorities.write(
            selection, viewer, meeting_forms.desk_of(selection, viewer, partners)
        )
else:
    with left:
        frame.offer_staff_view(viewer, sentences.FOR_STAFF)
