"""What every form shares: what is typed is signed, written once, and kept until it is on disk.

A form has a place, under which it answers. What is new has a token, made once, so that a double
click writes it once; a change rests on the version that its form was filled with, so that nobody's
words are written over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import streamlit as st

from pages.shared import filters, formats, frame
from pages.shared.door import account
from queries import team
from queries.team import records

# How a field keeps what is typed until it is saved, also while something else stands on the page: a
# form of Streamlit's own would forget it, as nothing in it is sent before it is saved.
KEPT: dict[str, Any] = {"on_change": "ignore", "persist_state": "session"}
# The same of a day.
DAY = KEPT | {"format": "MM/DD/YYYY"}


@dataclass(frozen=True)
class Desk:
    """What every form of one run of a page needs: who reads, and the day it stands at.

    school_year: that of the page. schools: those chosen, by id; all_schools, neighborhoods: those
    that a partner may reach. causes, partners, people: what may be chosen.
    """

    viewer: Any
    as_of: date
    school_year: str = ""
    schools: dict[str, str] = field(default_factory=dict)
    all_schools: dict[str, str] = field(default_factory=dict)
    neighborhoods: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether everybody may see the page, so that what is for staff must not stand on it."""
        return not frame.is_for_staff(self.viewer)

    def own(self, name: str) -> str:
        """A form of this view: what is typed in another one is not on the wall in this one."""
        return f"{self.viewer.view}_{name}"


def sign(*, says_for_what: bool = True) -> None:
    """Ask for the name that signs what is written; where people sign in it is the account's.
    says_for_what: above the field; else in it alone."""
    if account.signs_as():
        return
    st.text_input(
        "Your name",
        key=filters.carry("signed_by"),
        placeholder="Signs what you write" if says_for_what else "Your name, to sign",
        width=220,
        label_visibility="visible" if says_for_what else "collapsed",
        # Sent when the field is left, as the menu takes along nothing that was not sent before.
        live=True,
        on_change=_carry_name,
        persist_state="session",
    )
    filters.carried("signed_by")


def signature() -> str:
    """Who signs what is written now; '' for nobody yet."""
    return account.signs_as() or (st.session_state.get("signed_by") or "").strip()


def _carry_name() -> None:
    """The run that was asked for may be that of the next page, which has not drawn its field."""
    if "signed_by" in st.session_state:
        filters.carried("signed_by")


def fold(label: str, key: str, make: Callable, *arguments) -> bool:
    """A form that few use, in a fold that is made when somebody opens it: before, the forms that
    nobody had opened were half of the time of a page. Whether it is open."""
    opened = st.expander(label, key=key, on_change="rerun", type="compact")
    if opened.open:
        with opened:
            make(*arguments)
    return bool(opened.open)


def form(name: str):
    """Around the fields of one form and its button."""
    return st.container(key=f"form_{name}")


def choose_school(where, label: str, form: str, placeholder: str, desk: Desk) -> None:
    """Ask for one of the schools of a desk; placeholder: what none of them says."""
    where.selectbox(
        label,
        list(desk.schools),
        index=None,
        key=f"{form}_school",
        format_func=desk.schools.get,
        placeholder=placeholder,
        **KEPT,
    )


def save(form: str, label: str, write: Callable, *arguments) -> None:
    """The button of a form; write is called with the arguments."""
    st.button(label, key=f"{form}_save", type="primary", on_click=write, args=arguments)


def answer(place: str) -> None:
    """Say what became of what was sent from this place, where it was sent."""
    kind, words = st.session_state.pop(f"said_{place}", (None, ""))
    if kind:
        getattr(st, kind)(formats.plain(words))


def is_unsaved(place: str) -> bool:
    """Whether what was sent from this place could not be saved; before `answer` has said so."""
    return st.session_state.get(f"said_{place}", ("", ""))[0] in ("warning", "error")


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


def begin(form: str, version: int, fields: dict[str, object]) -> None:
    """Fill a form with the version of a record that it will rest on, and again with a newer one as
    long as nobody has typed in it. Every field is named, as a browser keeps a tick."""
    filled = st.session_state.get(f"{form}_filled")
    if filled is not None and any(typed(form, name) != filled[name] for name in filled):
        return
    if typed(form, "version") != version:
        kept = fields | {"version": version, "filled": fields}
        st.session_state.update({f"{form}_{name}": value for name, value in kept.items()})


def write(
    place: str, missing: Mapping[str, bool], write: Callable[[str], object], said: str
) -> bool:
    """Write if nothing is missing, and say so; whether it was written. Raises Conflict.

    missing: what is still to be done, in words, and whether it is. write: is given who signs. said:
    what to answer once it is on disk.
    """
    who = signature()
    to_do = [what for what, is_missing in missing.items() if is_missing]
    if not who:
        to_do.insert(0, "write your name above")
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
    filters.chosen_last()["signed_by"] = who
    st.session_state.pop(f"token_{place}", None)
    st.session_state[f"said_{place}"] = ("success", said)
    st.session_state["written"] = True
    return True


def read(ask: Callable, *arguments: object) -> Any:
    """What was written, as `ask` gives it; stops the page where it cannot be read."""
    try:
        return ask(*arguments)
    except team.StoreProblem as problem:
        frame.stop_unread(str(problem))


def as_it_stands(record: str) -> Any:
    """What a record says now, None if it was taken back; stops the page where it cannot be read."""
    return read(team.entry, record).content


def add(
    viewer,
    place: str,
    token: str,
    missing: Mapping[str, bool],
    written: Callable[[str, str], list[records.Record]],
    said: str,
) -> list[str]:
    """Write new records, once however often the same is sent; their names, none if it was not.

    What somebody typed on into a form that was just saved is something new. written: the records,
    from who signs and the token; asked for only when nothing is missing.
    """
    names = []

    def write_new(who: str) -> None:
        try:
            names.extend(team.add(viewer, who, written(who, token), token))
        except team.Conflict:
            another = team.new_name()
            names.extend(team.add(viewer, who, written(who, another), another))

    write(place, missing, write_new, said)
    return names


def change(
    place: str,
    form: str,
    viewer,
    record: str,
    missing: Mapping[str, bool],
    after: Callable[[Any, str], records.Record | None],
    told: Callable[[Any], str],
    yours: str,
    said: str = "Saved. What stood there before is kept.",
    gone_at: str = "",
    beside: tuple[str, ...] = (),
) -> None:
    """Write the next version of a record; or, where somebody was faster, set both side by side:
    whoever saves again has seen the other one.

    after: the record as it will stand, from how it stands and who signs; None takes it back.
    told: a version in words; yours: the form in words. gone_at: the place to say that the record is
    gone, where its form goes with it. beside: forms on other fields of the record, which go on from
    what is saved.
    """
    rests_on = typed(form, "version")
    if rests_on is None:
        # The first of two clicks has saved it.
        return

    is_changed = True

    def write_next(who: str) -> None:
        nonlocal is_changed
        before = team.entry(record)
        if before.content is None:
            raise team.Conflict(before)
        content = after(before.content, who)
        is_changed = before.version != rests_on or content != before.content
        if not is_changed:
            return
        version = team.change(viewer, who, record, rests_on, content)
        for other in beside:
            if typed(other, "version") == rests_on:
                st.session_state[f"{other}_version"] = version

    try:
        if write(place, missing, write_next, said):
            for name in (*typed(form, "filled"), "filled", "version"):
                st.session_state.pop(f"{form}_{name}", None)
            if not is_changed:
                st.session_state[f"said_{place}"] = ("info", "Nothing was changed.")
    except team.Conflict as conflict:
        theirs = conflict.theirs
        st.session_state[f"{form}_version"] = theirs.version
        both = (
            f"Theirs: “{told(theirs.content)}”. Yours: “{yours}”. Nothing of yours is saved yet "
            "and it still stands below: take over what is right, and save again."
            if theirs.content
            else f"They took it back. Yours, which is not saved: “{yours}”."
        )
        where = place if theirs.content else gone_at or place
        say_changed(where, f"{theirs.who} changed this while you were writing. {both}")


def say_changed(place: str, words: str) -> None:
    """Say that somebody was faster, on a page that shows what they wrote."""
    st.session_state[f"said_{place}"] = ("warning", words)
    st.session_state["written"] = True
