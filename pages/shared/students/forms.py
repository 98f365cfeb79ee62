"""The forms of the students page: what somebody learned, agreed on or did, for one or many."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import streamlit as st

from pages.shared import formats, forms
from pages.shared.students import sentences
from queries.team import records

STATES = {"done": "Done", "dropped": "Dropped", "open": "Not yet"}


def learned(place: str, students: list, desk: forms.Desk, after: Callable = lambda: None) -> None:
    """Write down why these students miss school, all of them at once. What became of it is said by
    `forms.answer`, as the form may be gone by then."""
    token = forms.token(place)
    with forms.form(token):
        st.selectbox(
            "What we learned",
            desk.causes,
            index=None,
            key=f"{token}_cause",
            accept_new_options=True,
            placeholder="Choose a cause, or type a new one",
            **forms.KEPT,
        )
        left, right = st.columns(2)
        left.selectbox(
            "From whom",
            records.EVIDENCE,
            index=None,
            key=f"{token}_evidence",
            format_func=formats.sentence_case,
            placeholder="Who told us",
            **forms.KEPT,
        )
        right.date_input("On", desk.as_of, key=f"{token}_day", format="YYYY-MM-DD", **forms.KEPT)
        st.radio(
            "How sure we are",
            records.CONFIDENCE,
            index=1,
            key=f"{token}_confidence",
            format_func=formats.sentence_case,
            horizontal=True,
            **forms.KEPT,
        )
        st.text_area(
            "In their words, or ours (if you like)", key=f"{token}_note", height=68, **forms.KEPT
        )
        # Open for who typed a new cause and was asked for its family.
        is_new = st.session_state.get(f"{token}_new", False)
        with st.expander("For a cause that is not in the list", expanded=is_new, type="compact"):
            st.selectbox(
                "Family of the new cause",
                records.FAMILIES,
                index=None,
                key=f"{token}_family",
                format_func=formats.sentence_case,
                placeholder="Choose the family it belongs to",
                **forms.KEPT,
            )
        forms.save(
            token, "Save what we learned", _save_learned, place, token, students, desk, after
        )


def note(place: str, student, desk: forms.Desk) -> None:
    """Write down something to remember of a student."""
    token = forms.token(place)
    with forms.form(token):
        st.text_area("Note", key=f"{token}_text", height=100, **forms.KEPT)
        forms.save(token, "Save the note", _save_note, place, token, student, desk)
    forms.answer(place)


def step(place: str, student, desk: forms.Desk) -> None:
    """Agree on a next step: what, who, by when; a week from now unless said otherwise."""
    token = forms.token(place)
    in_a_week = desk.as_of + timedelta(days=sentences.DAYS_BETWEEN_MEETINGS)
    with forms.form(token):
        st.text_input(
            "Next step", key=f"{token}_what", placeholder="What will be done", **forms.KEPT
        )
        left, right = st.columns(2)
        left.text_input("Who", key=f"{token}_owner", placeholder="Who does it", **forms.KEPT)
        right.date_input("By", in_a_week, key=f"{token}_due", format="YYYY-MM-DD", **forms.KEPT)
        forms.save(token, "Save the next step", _save_step, place, token, student, desk)
    forms.answer(place)


def contact(place: str, student, desk: forms.Desk) -> None:
    """Write down a letter, call or visit, as the rules ask."""
    token = forms.token(place)
    with forms.form(token):
        st.caption("What the rules ask to be written down. It is a fact, not yet an answer.")
        left, right = st.columns(2)
        left.radio(
            "What was made",
            records.CONTACTS,
            key=f"{token}_contact",
            format_func=formats.sentence_case,
            horizontal=True,
            **forms.KEPT,
        )
        right.date_input("On", desk.as_of, key=f"{token}_day", format="YYYY-MM-DD", **forms.KEPT)
        st.text_input("What came of it (if anything)", key=f"{token}_result", **forms.KEPT)
        forms.save(token, "Save the contact", _save_contact, place, token, student, desk)
    forms.answer(place)


def change_step(row, told: str, desk: forms.Desk) -> None:
    """A step, as it is told, and in its fold the form to say what came of it."""
    form = f"step_{row.record}"
    fields = {
        "state": "done" if row.state == "open" else row.state,
        "result": row.result,
        "due": row.due_on.date(),
    }
    forms.begin(form, row.version, fields)
    # Open as long as something typed is not saved.
    is_unsaved = forms.is_unsaved(form)
    forms.answer(form)
    fold = st.expander(told, expanded=is_unsaved, key=f"{form}_fold", on_change="rerun")
    # Forms that nobody has opened were half of the time of the page.
    if not fold.open:
        return
    with fold, forms.form(form):
        st.radio(
            "What came of it",
            list(STATES),
            key=f"{form}_state",
            format_func=STATES.get,
            horizontal=True,
            **forms.KEPT,
        )
        st.text_area("What we learned", key=f"{form}_result", height=68, **forms.KEPT)
        st.date_input("Due, if it moves", key=f"{form}_due", format="YYYY-MM-DD", **forms.KEPT)
        forms.save(form, "Save what came of it", _change_step, form, row.record, desk)


def correct(place: str, written, desk: forms.Desk) -> None:
    """Correct what was written about a student, or take it back; the store keeps every version."""
    forms.answer(place)
    rows = {row.record: row for row in written.itertuples() if row.kind != "step"}
    if not rows:
        st.caption("Nothing was written about this student yet.")
        return
    forms.stay_chosen(f"{place}_which", rows)
    which = st.selectbox(
        "What was written",
        list(rows),
        key=f"{place}_which",
        format_func=lambda record: sentences.written(rows[record]),
    )
    row = rows[which]
    form = f"correct_{which}"
    fields = {"words": row.words, "gone": False}
    if row.kind == "learned":
        fields["cause"] = row.about
    forms.begin(form, row.version, fields)
    with forms.form(form):
        if row.kind == "learned":
            st.selectbox("What it should say", desk.causes, key=f"{form}_cause", **forms.KEPT)
        st.text_area("In words", key=f"{form}_words", height=68, **forms.KEPT)
        st.checkbox("Take it back: it was wrong", key=f"{form}_gone", **forms.KEPT)
        forms.save(form, "Save the correction", _save_correction, place, form, row, desk)


# --- Writing ----------------------------------------------------------------------------------


def _save_learned(place: str, token: str, students: list, desk: forms.Desk, after) -> None:
    said = {name: forms.typed(token, name) for name in ("cause", "evidence", "day", "family")}
    cause = formats.one_line(said["cause"] or "")
    known = {one.casefold(): one for one in desk.causes}
    is_new = cause.casefold() not in known
    st.session_state[f"{token}_new"] = bool(cause) and is_new
    missing = {
        "tick the students it is about": not students,
        "choose a cause, or type a new one": not cause,
        f"choose the family of the new cause, {cause}": bool(cause)
        and is_new
        and not said["family"],
        "say from whom we know": not said["evidence"],
        "say when": not said["day"],
    }
    cause = known.get(cause.casefold(), cause)

    def written(*_) -> list[records.Record]:
        new: list[records.Record] = [records.Cause(cause, said["family"])] if is_new else []
        about: list[records.Record] = [
            records.Learned(
                one.student_id,
                one.school_id,
                desk.school_year,
                cause,
                said["evidence"],
                forms.typed(token, "confidence"),
                said["day"],
                forms.words(token, "note"),
            )
            for one in students
        ]
        return about + new

    told = f"Saved: {cause}, for {', '.join(one.student_name for one in students)}."
    if forms.add(desk.viewer, place, token, missing, written, told):
        after()


def _save_note(place: str, token: str, student, desk: forms.Desk) -> None:
    text = forms.words(token, "text")
    forms.add(
        desk.viewer,
        place,
        token,
        {"write the note": not text},
        lambda *_: [records.Note(student.student_id, student.school_id, desk.as_of, text)],
        f"Saved: a note on {student.student_name}.",
    )


def _save_step(place: str, token: str, student, desk: forms.Desk) -> None:
    what, owner = (forms.words(token, name) for name in ("what", "owner"))
    due_on = forms.typed(token, "due")
    missing = {
        "say what will be done": not what,
        "say who does it": not owner,
        "say by when": not due_on,
    }
    forms.add(
        desk.viewer,
        place,
        token,
        missing,
        lambda *_: [records.Step(student.student_id, student.school_id, what, owner, due_on)],
        f"Saved: {owner} by {formats.day(due_on)}, for {student.student_name}.",
    )


def _save_contact(place: str, token: str, student, desk: forms.Desk) -> None:
    kind, made_on = forms.typed(token, "contact"), forms.typed(token, "day")
    result = forms.words(token, "result")
    forms.add(
        desk.viewer,
        place,
        token,
        {"say when": not made_on},
        lambda *_: [records.Contact(student.student_id, student.school_id, kind, made_on, result)],
        f"Saved: {kind} on {formats.day(made_on)}, for {student.student_name}.",
    )


# Which field holds the words of what was written.
_WORDS = {"learned": "note", "note": "text", "contact": "result"}


def _save_correction(place: str, form: str, row, desk: forms.Desk) -> None:
    words, gone = forms.words(form, "words"), forms.typed(form, "gone")
    cause = {"cause": forms.typed(form, "cause")} if row.kind == "learned" else {}
    missing = {"write the note, or take it back": row.kind == "note" and not words and not gone}

    def after(before: Any, _: str) -> records.Record | None:
        return None if gone else replace(before, **cause, **{_WORDS[row.kind]: words})

    yours = "Take it back" if gone else ": ".join(filter(None, [*cause.values(), words]))
    told = sentences.version
    forms.change(place, form, desk.viewer, row.record, missing, after, told, yours)


def _change_step(form: str, name: str, desk: forms.Desk) -> None:
    state, due_on = forms.typed(form, "state"), forms.typed(form, "due")
    result = forms.words(form, "result")
    missing = {
        "write what we learned, also when nothing was": state != "open" and not result,
        "say when it is due": not due_on,
    }

    def after(before: records.Step, _: str) -> records.Step:
        ended_on = None if state == "open" else before.ended_on or desk.as_of
        return replace(before, state=state, result=result, due_on=due_on, ended_on=ended_on)

    yours = f"{STATES[state]}{f': {result}' if result else ''} (due {formats.day(due_on)})"
    told = sentences.version
    forms.change(form, form, desk.viewer, name, missing, after, told, yours)
