"""The forms of the students page: what somebody learned, agreed on or did, for one or many."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import streamlit as st

from pages.shared import formats, forms
from pages.shared.students import sentences, students_list
from queries import team
from queries.team import records

# How the keys of folds end in which another form stands.
FOLD = "_fold"
# The place of the form for all who are ticked.
TOGETHER = "together"
STATES = {"done": "Done", "dropped": "Dropped", "open": "Not yet"}
# A field that says within itself what to write there.
BARE = forms.KEPT | {"label_visibility": "collapsed"}


# What a form holds that is written about one student or many.
FIELDS = ("cause", "evidence", "confidence", "note", "what", "owner", "due", "day", "family")
# From whom we know what nobody says it of, and how sure we are unless it is said.
INFERRED, LIKELY = "inferred", "likely"


def write(place: str, students: list, desk: forms.Desk, next_one: str | None = None) -> None:
    """The one form: what we learned of these students, and the next step, for all of them at once.
    next_one: the label of the way on to whom comes next, if there is one."""
    token = forms.token(place)
    in_a_week = desk.as_of + timedelta(days=sentences.DAYS_BETWEEN_MEETINGS)
    for name, value in (("confidence", LIKELY), ("due", in_a_week), ("day", desk.as_of)):
        st.session_state.setdefault(f"{token}_{name}", value)
    with forms.form(token):
        st.selectbox(
            "What we learned",
            desk.causes,
            index=None,
            key=f"{token}_cause",
            accept_new_options=True,
            placeholder="What we learned: a cause, or a new one",
            **BARE,
        )
        if st.session_state.get(f"{token}_new", False):
            _family(token)
        # Two beside each other on a phone too.
        fields = st.grid(2, min_column_width=140, gap="xsmall")
        fields.cell().selectbox(
            "From whom",
            records.EVIDENCE,
            index=None,
            key=f"{token}_evidence",
            format_func=formats.sentence_case,
            placeholder="From whom",
            **BARE,
        )
        fields.cell().selectbox(
            "How sure we are",
            records.CONFIDENCE,
            key=f"{token}_confidence",
            format_func=formats.sentence_case,
            **BARE,
        )
        st.text_area(
            "In their words, or ours",
            key=f"{token}_note",
            placeholder="In their words, or ours; or a note",
            height=68,
            **BARE,
        )
        _next_step(token, desk)
        _buttons(place, token, students, desk, next_one)


def _buttons(place: str, token: str, students: list, desk: forms.Desk, next_one) -> None:
    """What saves, by its key too; with the way on to whom comes next, if there is one."""
    about = (place, token, students, desk)
    # While another form is open, its words might be meant.
    shortcut = None if _is_another_open() else "Ctrl+Enter"
    several = f" for {formats.number(len(students), 'student', 'students')}"
    with st.container(horizontal=True, gap="xsmall"):
        if next_one:
            st.button(
                "Save and next",
                key=f"{token}_next",
                type="primary",
                shortcut=shortcut,
                on_click=_write,
                args=(*about, next_one),
            )
        st.button(
            f"Save{several}" if place == TOGETHER else "Save",
            key=f"{token}_save",
            type="secondary" if next_one else "primary",
            shortcut=None if next_one else shortcut,
            on_click=_write,
            args=(*about, None),
        )
        with st.popover("Date"):
            st.date_input("Learned on", key=f"{token}_day", **forms.DAY)


def _is_another_open() -> bool:
    return any(
        is_open is True and str(key).endswith(FOLD) for key, is_open in st.session_state.items()
    )


def _next_step(token: str, desk: forms.Desk) -> None:
    """What, who, by when; a week from now unless said otherwise."""
    st.text_input(
        "Next step",
        key=f"{token}_what",
        placeholder="Next step: what will be done",
        **BARE,
    )
    fields = st.grid(2, min_column_width=140, gap="xsmall")
    fields.cell().selectbox(
        "Who",
        desk.people,
        index=None,
        key=f"{token}_owner",
        accept_new_options=True,
        placeholder="Who: you, or a name",
        **BARE,
    )
    with fields.cell(), st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption("by", width="content")
        st.date_input("By", key=f"{token}_due", label_visibility="collapsed", **forms.DAY)


def _family(token: str) -> None:
    """For who typed a new cause, and was asked for it."""
    st.selectbox(
        "Family of the new cause",
        records.FAMILIES,
        index=None,
        key=f"{token}_family",
        format_func=formats.sentence_case,
        placeholder="The family that the new cause belongs to",
        **BARE,
    )


def answer(place: str, desk: forms.Desk) -> None:
    """What became of what was sent; what was just saved stands there, with the way to undo it,
    until somebody moves on."""
    forms.answer(place)
    forms.answer("undo")
    saved = st.session_state.get("just_saved")
    if saved:
        words, way_back = st.columns([4, 1], vertical_alignment="center", gap="xsmall")
        words.success(formats.plain(saved.said))
        way_back.button("Undo", on_click=_undo, args=(saved, desk))


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
        right.date_input("On", desk.as_of, key=f"{token}_day", **forms.DAY)
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
    fold = st.expander(told, expanded=is_unsaved, key=f"{form}{FOLD}", on_change="rerun")
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
        st.date_input("Due, if it moves", key=f"{form}_due", **forms.DAY)
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


@dataclass(frozen=True)
class _Saved:
    """What was just saved: its records, and what stood in its form, to have it there again."""

    place: str
    student: str | None
    ticked: list[str]
    names: list[str]
    typed: dict[str, Any]
    said: str


def _write(place: str, token: str, students: list, desk: forms.Desk, next_one: str | None) -> None:
    said = {name: forms.typed(token, name) for name in FIELDS}
    cause, is_new = _cause(said["cause"], desk)
    st.session_state[f"{token}_new"] = is_new
    note, what, owner = (forms.words(token, name) for name in ("note", "what", "owner"))
    missing = {
        "choose a cause, say a next step, or write a note": not (cause or what or note),
        f"choose the family of the new cause, {cause}": is_new and not said["family"],
        "say on which day it was learned": bool(cause) and not said["day"],
        "say what will be done": bool(owner) and not what,
        "say by when": bool(what) and not said["due"],
    }

    def written(who: str, _: str) -> list[records.Record]:
        about: list[records.Record] = []
        for one in students:
            ids = (one.student_id, one.school_id)
            if cause:
                about.append(
                    records.Learned(
                        *ids,
                        desk.school_year,
                        cause,
                        said["evidence"] or INFERRED,
                        said["confidence"],
                        said["day"],
                        note,
                    )
                )
            elif note:
                about.append(records.Note(*ids, desk.as_of, note))
            if what:
                about.append(records.Step(*ids, what, owner or who, said["due"]))
        return [*about, records.Cause(cause, said["family"])] if is_new else about

    signed = forms.signature()
    parts = [cause] if cause else ["a note"] if note else []
    if what and said["due"]:
        parts.append(f"{owner or signed} by {formats.day(said['due'])}")
    told = f"Saved: {'; '.join(parts)}, for {', '.join(one.student_name for one in students)}."
    names = forms.add(desk.viewer, place, token, missing, written, told)
    if names:
        # A new cause stays in the list to choose from.
        names = names[: len(names) - is_new]
        kept = (st.session_state.get("student"), students_list.ticked())
        st.session_state["just_saved"] = _Saved(
            place, *kept, names, said, st.session_state.pop(f"said_{place}")[1]
        )
        if place == TOGETHER:
            students_list.tick([])
        if next_one:
            st.session_state["student"] = next_one


def _cause(typed: str | None, desk: forms.Desk) -> tuple[str, bool]:
    """The cause that was typed, as it is called in the list, and whether it is new."""
    cause = formats.one_line(typed or "")
    known = {one.casefold(): one for one in desk.causes}
    return known.get(cause.casefold(), cause), bool(cause) and cause.casefold() not in known


def _undo(saved: _Saved, desk: forms.Desk) -> None:
    """Take back what was just saved, and have it in its form again; of what somebody has changed
    meanwhile, nothing."""
    changed: list[str] = []

    def take_back(who: str) -> None:
        for name in saved.names:
            try:
                team.change(desk.viewer, who, name, 1, None)
            except team.Conflict as conflict:
                changed.append(conflict.theirs.who)

    if not forms.write("undo", {}, take_back, "Taken back. It stands in the form again."):
        return
    st.session_state.pop("just_saved", None)
    if changed:
        who = ", ".join(dict.fromkeys(changed))
        forms.say_changed("undo", f"{who} changed some of it meanwhile, so that stays: correct it.")
    token = forms.token(saved.place)
    st.session_state.update({f"{token}_{name}": value for name, value in saved.typed.items()})
    st.session_state["student"] = saved.student
    if saved.place == TOGETHER:
        students_list.tick(saved.ticked)


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
