"""What every form shares: what is typed is signed, written once, and kept until it is on disk.

A form has a place, under which it answers, and a token, made once, so that a double click writes
once; a change says on which version it rests, so that nobody's words are written over.
"""

from collections.abc import Callable

import streamlit as st

from pages.shared import formats
from queries import team
from queries.team import records

# How a field keeps what is typed until it is saved, also while something else stands on the page: a
# form of Streamlit's own would forget it, as nothing in it is sent before it is saved.
KEPT = {"on_change": "ignore", "persist_state": "session"}


def sign() -> None:
    """Ask for the name that signs what is written; kept for the session."""
    st.text_input(
        "Your name",
        key="signed_by",
        placeholder="Signs what you write",
        width=220,
        **KEPT,
    )


def answer(place: str) -> None:
    """Say what became of what was sent from this place, where it was sent."""
    kind, words = st.session_state.pop(f"said_{place}", (None, ""))
    if kind:
        getattr(st, kind)(formats.plain(words))


def start_again_if_written() -> None:
    """In a fragment: run the whole page when something was written, so that it shows everywhere."""
    if st.session_state.pop("written", False):
        st.rerun()


def token(place: str) -> str:
    """The name of what this form will write; another one once it is written."""
    return st.session_state.setdefault(f"token_{place}", team.new_name())


def typed(form: str, field: str):
    """What a field of a form holds."""
    return st.session_state.get(f"{form}_{field}")


def words(form: str, field: str) -> str:
    """What somebody wrote in a field, without the space around it."""
    return (typed(form, field) or "").strip()


def stay_chosen(key: str, options) -> None:
    """Before a selectbox whose labels change with what is written: a browser sends the label back,
    and one that nothing is called by any more would choose nothing."""
    if st.session_state.get(key) in options:
        st.session_state[key] = st.session_state[key]


def write(
    place: str,
    missing: dict[str, object],
    write: Callable[[str], None],
    said: str,
    signed: str = "at the top of the page",
) -> bool:
    """Write if nothing is missing, and say so; whether it was written. Raises Conflict.

    missing: what is still to be done, in words, and whether it is. write: is given who signs. said:
    what to answer once it is on disk. signed: where `sign` asks for the name.
    """
    who = (st.session_state.get("signed_by") or "").strip()
    to_do = [what for what, is_missing in missing.items() if is_missing]
    if not who:
        to_do.insert(0, f"write your name {signed}")
    if to_do:
        not_yet = f"Not saved yet: {', and '.join(to_do)}. What you typed is still here."
        st.session_state[f"said_{place}"] = ("warning", not_yet)
        return False
    try:
        write(who)
    except (team.NotAllowed, team.WrongRecord, team.StoreProblem) as problem:
        not_saved = f"Not saved: {problem} What you typed is still here."
        st.session_state[f"said_{place}"] = ("error", not_saved)
        return False
    st.session_state.pop(f"token_{place}", None)
    st.session_state[f"said_{place}"] = ("success", said)
    st.session_state["written"] = True
    return True


def add(viewer, who: str, written: list[records.Record], token: str) -> list[str]:
    """Write new records, once however often the same is sent; their names. What somebody typed on
    into a form that was just saved is something new."""
    try:
        return team.add(viewer, who, written, token)
    except team.Conflict:
        return team.add(viewer, who, written)


def say_meanwhile(
    place: str, version_key: str, theirs: team.Entry, their_words: str, yours: str
) -> None:
    """Set both versions side by side; whoever saves again has seen the other one.

    version_key: where the session keeps the version that the form rests on.
    """
    st.session_state[version_key] = theirs.version
    their_words = f"Theirs: “{their_words}”." if theirs.content else "They took it back."
    st.session_state[f"said_{place}"] = (
        "warning",
        f"{theirs.who} changed this while you were writing. {their_words} Yours: “{yours}”. "
        "Nothing of yours is saved yet and it still stands below: take over what is right, "
        "and save again.",
    )
    st.session_state["written"] = True
