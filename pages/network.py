"""Which conversation would reach the most schools?"""

from dataclasses import replace
from functools import partial

import streamlit as st

from pages.shared import (
    cards,
    cause_charts,
    cause_readings,
    formats,
    forms,
    frame,
    meeting_forms,
    pictures,
    priorities,
    readings,
    table_forms,
    table_readings,
)
from queries import absence, causes, health, network

selection, viewer = frame.open_page(
    "Network",
    "Which conversation would reach the most schools?",
    ("school_year", "network", "neighborhood", "schools"),
)

standing = health.standing(selection, viewer)
frame.stop_if_nobody(absence.headline(selection, viewer))
shared = network.shared_causes(selection, viewer)
partners = causes.partners(selection)
chronic = readings.chronic(bool(standing.iloc[0].under_way))
by_hand = bool(selection.schools)


def brief(place, name: str | None) -> cards.Card:
    """One page for the partners of a place: headline, figures of the share view, what we ask."""
    told, there = network.shared_causes(place), health.standing(place)
    facts = pictures.on_attendance(place, "", told)
    if told.empty:
        return cards.Card(cause_readings.NO_BRIEF, None, told, facts=facts)
    return cards.Card(
        cause_readings.brief_title(told, name, int(there.iloc[0].schools), by_hand),
        cause_charts.shared,
        told.head(5),
        (told.iloc[0].cause,),
        cause_readings.brief_facts(
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
    return cause_readings.conversation(causes_there, name, schools_there, by_hand)


st.caption(formats.plain(readings.standing(standing)))

first, *others = network.conversations(selection, viewer).neighborhood.head(4)
place, name, leading = conversation(first)
with frame.card(
    said(place, name, leading),
    cause_readings.conversation_caption(leading, causes.unknown(place, viewer), chronic),
):
    missing = cause_readings.who_to_ask(leading, causes.partners(place))
    if missing:
        st.markdown(f"**{formats.plain(missing)}.**")
    for other in others:
        st.markdown(formats.plain(f"{said(*conversation(other))}."))
    if len(leading):
        st.caption("A one-page brief to hand to these partners:")
        make = partial(brief, place, name)
        frame.take("brief_for_partners", place, viewer, cards.WRITERS, make)

if len(shared):
    pictures.draw("shared_causes", selection, viewer)
if len(network.cause_by_school(selection, viewer)):
    pictures.draw("cause_by_school", selection, viewer)

seats = pictures.who_is_missing(selection, viewer)
with frame.card(
    seats.reading,
    "Who has a seat at each school’s table: a full dot is somebody, an open ring an empty chair. "
    "Below, who works on each cause and could be asked.",
):
    pictures.chart(seats)
    for row in shared.head(cause_readings.CAUSES_SAID).itertuples():
        label, words = cause_readings.partner_line(row, partners)
        st.markdown(f"**{formats.plain(label)}:** {formats.plain(words)}")
    frame.table(
        partners,
        ["cause", "partner_name", "contact", "at_table"],
        alt="Partners to ask, by cause",
        label="Partners to ask, with their contact",
    )
    pictures.table(seats, label="Chairs in a table")
    pictures.take("who_is_missing", selection, viewer)

if frame.is_for_staff(viewer):
    spots = network.bright_spots(selection, viewer)
    with frame.card(cause_readings.bright_spots(spots), cause_readings.bright_spots_caption(spots)):
        frame.show(cause_charts.bright_spots, spots, alt=cause_readings.bright_spots(spots))
        frame.table(
            spots,
            ["school_name", "students", "students_absent", "rate", "low", "high"],
            alt="Chronic absence by school, with the limits of chance",
        )

as_of = standing.iloc[0].as_of
priorities.card(selection, viewer, as_of)


# --- What people write ------------------------------------------------------------------------


@st.fragment
def around_the_table(written, here: table_forms.Room) -> None:
    """The forms, folded: who sits where, and who could."""
    forms.start_again_if_written()
    for label, form in (
        ("Fill a chair", partial(table_forms.seat, "new_seat")),
        ("Change a seat, or give it up", partial(table_forms.change_seat, "old_seat")),
        ("Add a partner", partial(table_forms.partner, "new_partner")),
        ("Correct a partner that was added", partial(table_forms.change_partner, "old_partner")),
    ):
        with st.expander(label):
            form(written, here)


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
    with frame.card(table_readings.WHO_ELSE, table_readings.WHAT_SEATS_ARE):
        forms.sign()
        around_the_table(
            written,
            table_forms.room(selection, viewer, listed, sorted({*known.partner_name, *added})),
        )
        priorities.write(selection, viewer, meeting_forms.table(selection, viewer, partners))
