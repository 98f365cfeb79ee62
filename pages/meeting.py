"""What did we promise, and what do we take on?"""

from functools import partial
from typing import Any

import streamlit as st

from pages.shared import basis, card, cards, formats, forms, frame, poster
from pages.shared.culture import cards as culture_cards
from pages.shared.meeting import forms as meeting_forms
from pages.shared.meeting import minutes, priorities, sentences
from pages.shared.network import sentences as network_sentences
from queries import absence, causes, health, meeting, network

selection, viewer = frame.open_page(
    "Meeting",
    ("school_year", "network", "neighborhood"),
)

# What a meeting looks at unless somebody chooses otherwise.
AT_FIRST = ["chronic_absence_by_month", "not_known", "shared_causes"]

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
    order = list(steps)
    place = order.index(st.session_state["step"])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, other, keys in (
            ("Previous", place - 1, "Shift+Left"),
            ("Next", place + 1, "Shift+Right"),
        ):
            turn = partial(st.session_state.update, step=order[other % len(order)])
            st.button(label, shortcut=keys, disabled=not 0 <= other < len(order), on_click=turn)
        # Who looks something up on another page comes back to the same step.
        kept: dict[str, Any] = {"persist_state": "session", "width": 260}
        st.selectbox(f"Step {place + 1} of {len(order)}", order, key="step", **kept)
        st.selectbox("Meeting", list(names), key="meeting", format_func=names.__getitem__, **kept)
        forms.sign()
    forms.answer(desk.own("begin"))
    steps[st.session_state["step"]]()


def all_steps(chosen: str) -> dict:
    """What a meeting goes through, in order: each step and what draws it."""
    row = next(meetings[meetings.record == chosen].itertuples(), None)
    look_at = {cards.TITLES[name]: partial(look, name) for name in cards_of(row)}
    begun = {
        sentences.FIRST_STEP: partial(gallery, chosen),
        "Stop, continue, start": partial(take_stock, row),
        "What we promise": partial(promise, chosen),
        "To send round": partial(send_round, row),
    }
    return {
        "Since last time": partial(since_last_time, chosen),
        "What we move together": move_together,
        **look_at,
        "Empty chairs": chairs,
        **({"Begin the meeting": begin} if row is None else begun),
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
    with frame.card(sentences.pledges(of_last), sentences.since(before, of_last, months)):
        for row in of_last.itertuples():
            with st.container(gap="small"):
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
    st.image(poster.png(picture, frame.look()), width="stretch", alt=picture.reading)
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
    with frame.card("What we are proud of", "Told by the schools, for everybody to see."):
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
    with frame.card(sentences.pledges(of_this), "Who does what by when, and how we will know."):
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
    with frame.card(sentences.title(row), f"{formats.day(row.held_on)}, {sentences.who_met(row)}"):
        for heading, lines in parts:
            st.markdown(f"**{heading}**")
            for line in lines:
                st.markdown(formats.plain(line))
    frame.take_file(
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

step_by_step()
st.caption(formats.plain(basis.standing(standing)))

if frame.is_for_staff(viewer):
    forms.answer(meeting_forms.RELEASING)
    waiting = meeting.unreleased(selection, viewer)
    if len(waiting):
        with frame.card(
            "Written, and not released",
            "Only staff reads this. Who releases it has read it, and signs.",
        ):
            for one in waiting.itertuples():
                meeting_forms.release(one, desk)
