"""What did we promise, and what do we take on?"""

from functools import partial
from typing import Any

import streamlit as st

from pages.shared import blocks, card, cards, filters, formats, forms, frame, poster
from pages.shared.culture import cards as culture_cards
from pages.shared.meeting import forms as meeting_forms
from pages.shared.meeting import minutes, priorities, sentences
from pages.shared.network import sentences as network_sentences
from queries import absence, causes, health, meeting, network

selection, viewer = frame.open_page(
    "Meeting",
    ("school_year", "network", "neighborhood"),
    may_be_presented=True,
)

# What a meeting looks at unless somebody chooses otherwise.
AT_FIRST = ["chronic_absence_by_month", "not_known", "shared_causes"]
PROMISE = "What we promise"

standing = health.standing(selection, viewer)
frame.stop_if_nobody(absence.headline(selection, viewer))
meetings = meeting.meetings(selection, viewer)
pledges = meeting.pledges(selection, viewer)
prides = meeting.prides(selection, viewer)
shared = network.shared_causes(selection, viewer)
partners = causes.partners(selection)
as_of = standing.iloc[0].as_of
to_look_at = culture_cards.with_survey(selection)
desk = meeting_forms.desk_of(selection, viewer, partners)


# --- Step by step -----------------------------------------------------------------------------


@st.fragment
def step_by_step() -> None:
    """One step of a meeting at a time, large; the keys turn to the next."""
    forms.start_again_if_written()
    names = sentences.names(meetings)
    if st.session_state.get("meeting") not in names:
        st.session_state["meeting"] = sentences.NEXT
    steps = all_steps(st.session_state["meeting"])
    if st.session_state.get("step") not in steps:
        st.session_state["step"] = next(iter(steps))
    filters.write_place(step=next(iter(steps)), meeting=sentences.NEXT)
    if frame.is_presented():
        steps[st.session_state["step"]]()
        turn(list(steps), names)
    else:
        turn(list(steps), names)
        forms.answer(desk.own("begin"))
        steps[st.session_state["step"]]()


def turn(order: list[str], names: dict[str, str]) -> None:
    """What turns to another step: buttons with keys, and the lists of steps and meetings."""
    place = order.index(st.session_state["step"])
    # On a wall the arrows alone turn, as those of a remote control do. In a text field Shift and an
    # arrow mark words.
    shift = "" if frame.is_presented() else "Shift+"
    with st.container(horizontal=True, vertical_alignment="bottom", key="turn"):
        for label, other, key in (
            ("Previous", place - 1, "Left"),
            ("Next", place + 1, "Right"),
        ):
            to = partial(st.session_state.update, step=order[other % len(order)])
            is_end = not 0 <= other < len(order)
            st.button(label, shortcut=f"{shift}{key}", disabled=is_end, on_click=to)
        # Who looks something up on another page comes back to the same step.
        kept: dict[str, Any] = {"persist_state": "session"}
        st.selectbox(f"Step {place + 1} of {len(order)}", order, key="step", width=210, **kept)
        with st.container(key="not_on_a_wall", width=150):
            st.selectbox(
                "Meeting", list(names), key="meeting", format_func=names.__getitem__, **kept
            )
        if not frame.is_presented():
            forms.sign()
            return
        take_a_pledge(st.session_state["meeting"])
        st.button("End", on_click=end_presenting)


def take_a_pledge(chosen: str) -> None:
    """A form for what is promised while all look at a card."""
    if chosen == sentences.NEXT or st.session_state["step"] == PROMISE:
        return
    with st.popover("Take a pledge"):
        forms.sign()
        meeting_forms.pledge(desk.own("promise"), chosen, desk)


def end_presenting() -> None:
    """Take the meeting off the wall; the whole page is made anew."""
    frame.end_presenting()
    st.session_state["written"] = True


def all_steps(chosen: str) -> dict:
    """What a meeting goes through, in order: each step and what draws it."""
    row = next(meetings[meetings.record == chosen].itertuples(), None)
    look_at = {cards.TITLES[name]: partial(look, name) for name in cards_of(row)}
    begun = {
        "Stop, continue, start": partial(take_stock, row),
        PROMISE: partial(promise, chosen),
        "To send round": partial(send_round, row),
    }
    first: dict = {sentences.FIRST_STEP: partial(gallery, chosen)}
    if row is None:
        # Nobody fills in a form on a wall.
        first = {} if frame.is_presented() else {"Begin the meeting": begin}
    return {
        **first,
        "Since last time": partial(since_last_time, chosen),
        "What we move together": move_together,
        **look_at,
        "Empty chairs": chairs,
        **({} if row is None else begun),
    }


def cards_of(row) -> list[str]:
    """The cards that a meeting chose, as far as they still exist."""
    return [name for name in (AT_FIRST if row is None else row.cards) if name in cards.TITLES]


def since_last_time(chosen: str) -> None:
    """The pledges of the meeting before, and what became of them."""
    before = sentences.last(meetings, chosen)
    if before.empty:
        st.subheader("No meeting came before this one", anchor=False)
        st.markdown("What is promised here will stand on this page the next time.")
        return
    of_last = pledges[pledges.meeting == before.iloc[0].record]
    months = absence.by_month(selection, viewer)
    with blocks.card(sentences.pledges(of_last), sentences.since(before, of_last, months)):
        sides: list = []
        for row in of_last.itertuples():
            # Row by row, so that a screen reader comes to them in their order.
            sides = sides or list(st.columns(2))
            with sides.pop(0), st.container(gap="small"):
                promised(row)
                meeting_forms.became(row, sentences.became(row), desk)


def promised(row) -> None:
    """One pledge."""
    with st.container(gap=None):
        st.markdown(f"**{formats.plain(sentences.pledge(row))}**")
        st.caption(formats.plain(sentences.measured(row)))


def move_together() -> None:
    """The priorities: how far each is, school by school."""
    priorities.card(selection, viewer, as_of)


def look(name: str) -> None:
    """One card as large as the page, in the share view whatever the reader may see."""
    make = cards.CARDS[name]
    picture = card.picture(make, to_look_at)
    st.image(poster.png(picture, blocks.look()), width="stretch", alt=picture.reading)
    if not frame.is_presented():
        with st.expander("The same for a small screen"):
            card.draw(make, to_look_at, card.EVERYBODY)


def chairs() -> None:
    """Who is missing from the table, and who could be asked."""
    look("who_is_missing")
    missing = network_sentences.who_to_ask(shared, partners)
    if missing:
        st.markdown(f"**{formats.plain(missing)}.**")


def gallery(chosen: str) -> None:
    """What schools are proud of, and a form for more."""
    here_now = prides[prides.meeting == chosen]
    with blocks.card("What we are proud of", "Told by the schools, for everybody to see."):
        for row in here_now.itertuples():
            st.markdown(f"> {formats.plain(row.text)}")
            st.caption(formats.plain(f"{row.school_name}. {sentences.released(row)}"))
    with st.expander("Hang something up", expanded=here_now.empty):
        meeting_forms.pride(desk.own("pride"), chosen, desk)


def take_stock(row) -> None:
    """Stop, continue, start, and what was decided."""
    st.subheader("What do we stop, continue and start?", anchor=False)
    meeting_forms.words(row, desk)


def promise(chosen: str) -> None:
    """The pledges of this meeting, and a form for the next."""
    of_this = pledges[pledges.meeting == chosen]
    with blocks.card(sentences.pledges(of_this), "Who does what by when, and how we will know."):
        for row in of_this.itertuples():
            promised(row)
    meeting_forms.pledge(desk.own("promise"), chosen, desk)


def send_round(row) -> None:
    """The page to send round, on the screen and as a file."""
    parts = minutes.parts(
        row,
        pledges[pledges.meeting == row.record],
        prides[prides.meeting == row.record],
        [sentences.priority(one) for one in network.priorities(selection, viewer).itertuples()],
    )
    with blocks.card(sentences.title(row), f"{formats.day(row.held_on)}, {sentences.who_met(row)}"):
        for heading, lines in parts:
            st.markdown(f"**{heading}**")
            for line in lines:
                st.markdown(formats.plain(line))
    blocks.take_file(
        "Take the page to send round",
        "meeting.html",
        selection,
        viewer,
        lambda: minutes.page(
            row,
            parts,
            [card.picture(cards.CARDS[one], to_look_at) for one in cards_of(row)],
        ),
    )


def begin() -> None:
    """A form for who came and what we look at."""
    st.subheader("Who is at the table?", anchor=False)
    meeting_forms.begin(desk.own("begin"), desk, cards.TITLES, AT_FIRST)


# --- The page, from top to bottom -------------------------------------------------------------

filters.follow_place("step", "meeting")
if frame.is_presented():
    step_by_step()
    st.stop()

with st.container(horizontal=True, vertical_alignment="center"):
    frame.counted(standing)
    st.button("Present", type="primary", on_click=frame.present)
step_by_step()

if frame.is_for_staff(viewer):
    forms.answer(meeting_forms.RELEASING)
    waiting = meeting.unreleased(selection, viewer)
    if len(waiting):
        with blocks.card(
            "Written, and not released",
            "Only staff reads this. Who releases it has read it, and signs.",
        ):
            for one in waiting.itertuples():
                meeting_forms.release(one, desk)
