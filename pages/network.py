"""Which conversation would reach the most schools?"""

from dataclasses import replace
from functools import partial

import streamlit as st

from pages.shared import basis, card, formats, forms, frame, poster
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


def brief(place, name: str | None) -> card.Card:
    """One page for the partners of a place: headline, figures of the share view, what we ask."""
    told, there = network.shared_causes(place), health.standing(place)
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
            told, causes.partners(place), causes.stories(place), causes.unknown(place), facts
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


st.caption(formats.plain(basis.standing(standing)))

first, *others = network.conversations(selection, viewer).neighborhood.head(4)
place, name, leading = conversation(first)
with frame.card(
    said(place, name, leading),
    sentences.conversation_caption(leading, causes.unknown(place, viewer), chronic),
):
    missing = sentences.who_to_ask(leading, causes.partners(place))
    if missing:
        st.markdown(f"**{formats.plain(missing)}.**")
    for other in others:
        st.markdown(formats.plain(f"{said(*conversation(other))}."))
    if len(leading):
        st.caption("A one-page brief to hand to these partners:")
        make = partial(brief, place, name)
        frame.take("brief_for_partners", place, viewer, poster.WRITERS, make)

if len(shared):
    card.draw(cards.shared_causes, selection, viewer)
if len(network.cause_by_school(selection, viewer)):
    card.draw(cards.cause_by_school, selection, viewer)

seats = cards.who_is_missing(selection, viewer)
with frame.card(
    seats.reading,
    "Who has a seat at each school’s table: a full dot is somebody, an open ring an empty chair. "
    "Below, who works on each cause and could be asked.",
):
    card.chart(seats)
    for row in shared.head(causes_sentences.CAUSES_SAID).itertuples():
        label, words = sentences.partner_line(row, partners)
        st.markdown(f"**{formats.plain(label)}:** {formats.plain(words)}")
    frame.table(
        partners,
        ["cause", "partner_name", "contact", "at_table"],
        alt="Partners to ask, by cause",
        label="Partners to ask, with their contact",
    )
    card.table(seats, label="Chairs in a table")
    card.take(cards.who_is_missing, selection, viewer)

if frame.is_for_staff(viewer):
    spots = network.bright_spots(selection, viewer)
    with frame.card(sentences.bright_spots(spots), sentences.bright_spots_caption(spots)):
        frame.show(charts.bright_spots, spots, alt=sentences.bright_spots(spots))
        frame.table(
            spots,
            ["school_name", "students", "students_absent", "rate", "low", "high"],
            alt="Chronic absence by school, with the limits of chance",
        )

as_of = standing.iloc[0].as_of
meeting_priorities.card(selection, viewer, as_of)


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
        with st.expander(label):
            form(written, desk)


if viewer.role != "viewer":
    known = causes.partners(selection, viewer)
    # Causes that people added are their own words, which the share view does not list.
    listed = (
        causes.to_choose(selection, viewer).cause
        if frame.is_for_staff(viewer)
        else [*network.shared_causes(selection, viewer).cause, *known.cause]
    )
    written = network.written(selection, viewer)
    added = written[written.kind == "partner"].name
    with frame.card(sentences.WHO_ELSE, sentences.WHAT_SEATS_ARE):
        forms.sign()
        around_the_table(
            written,
            network_forms.desk_of(selection, viewer, listed, sorted({*known.partner_name, *added})),
        )
        meeting_priorities.write(
            selection, viewer, meeting_forms.desk_of(selection, viewer, partners)
        )
