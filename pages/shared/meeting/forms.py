"""The forms of a meeting: who came, what was promised and kept, what we take from it.

Whoever writes says each time who may read it: with partners in the room, words are shown at once.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from pages.shared import formats, forms
from pages.shared.meeting import sentences
from queries import choices, team
from queries.team import records

# Four weeks: until the next meeting of most networks.
DAYS_TO_KEEP_A_PLEDGE = 28
# Where the page says what became of a release: its own card may be gone by then.
RELEASING = "release"
EVERYBODY, STAFF = "Everybody: it names no student", "Staff only"


def desk_of(selection, viewer, partners) -> forms.Desk:
    """The desk of a choice of schools and the partners who reach them, on the newest day of the
    data, also in the share view: it is held now. Without attendance it stands at today."""
    in_force = choices.in_force(selection).iloc[0]
    day = date.today() if formats.is_missing(in_force.as_of) else in_force.as_of.date()
    schools = choices.schools(selection).set_index("school_id").school_name
    known = tuple(sorted(set(partners.partner_name)))
    here = schools.loc[in_force.schools].to_dict()
    return forms.Desk(viewer, day, schools=here, partners=known)


def begin(place: str, desk: forms.Desk, cards: dict[str, str], at_first: list[str]) -> None:
    """Begin a meeting: its name, day, schools, people, partners, and what it will look at. What
    became of it is said by `forms.answer`, as the meeting goes on elsewhere."""
    token = forms.token(place)
    with forms.form(token):
        left, right = st.columns([3, 1])
        left.text_input("What the meeting is called", key=f"{token}_name", **forms.KEPT)
        right.date_input("On", desk.as_of, key=f"{token}_day", **forms.DAY)
        st.multiselect(
            "Schools",
            list(desk.schools),
            list(desk.schools),
            key=f"{token}_schools",
            format_func=desk.schools.__getitem__,
            **forms.KEPT,
        )
        left, right = st.columns(2)
        left.multiselect("Partners who come", desk.partners, key=f"{token}_partners", **forms.KEPT)
        right.text_input(
            "Who else comes, with commas between",
            key=f"{token}_people",
            placeholder="For the file",
            **forms.KEPT,
        )
        st.multiselect(
            "What we look at",
            list(cards),
            at_first,
            key=f"{token}_cards",
            format_func=cards.__getitem__,
            **forms.KEPT,
        )
        _who_may_read(token)
        forms.save(token, "Begin the meeting", _save_meeting, place, token, desk)


_WORDS = {
    "stop": "What do we stop?",
    "keep": "What do we continue?",
    "start": "What do we start?",
    "decided": "What did we decide?",
}


def words(row, desk: forms.Desk) -> None:
    """Stop, continue, start, and what was decided."""
    form = desk.own(f"words_{row.record}")
    forms.answer(form)
    before = _before(row, desk)
    if before is None:
        return
    said = {field: getattr(before, field) for field in _WORDS}
    forms.begin(form, row.version, said | {"readers": None})
    with forms.form(form):
        for field, label in _WORDS.items():
            st.text_area(label, key=f"{form}_{field}", height=68, **forms.KEPT)
        _who_may_read(form)
        forms.save(form, "Save", _save_words, form, row.record, desk)


def pledge(place: str, meeting: str, desk: forms.Desk) -> None:
    """A new promise: who, what, by when, and how one will know."""
    token = forms.token(place)
    with forms.form(token):
        st.text_input(
            "We promise", key=f"{token}_what", placeholder="What will be done", **forms.KEPT
        )
        left, middle, right = st.columns(3)
        left.text_input(
            "Who",
            key=f"{token}_who",
            placeholder="A school, a partner, a person",
            **forms.KEPT,
        )
        forms.choose_school(middle, "For which school", token, "All of us", desk)
        by = desk.as_of + timedelta(days=DAYS_TO_KEEP_A_PLEDGE)
        right.date_input("By", by, key=f"{token}_due", **forms.DAY)
        st.text_input(
            "How we will know",
            key=f"{token}_known",
            placeholder="What will be different then",
            **forms.KEPT,
        )
        _who_may_read(token)
        forms.save(token, "Save the pledge", _save_pledge, place, token, meeting, desk)
    forms.answer(place)


def became(row, told: str, desk: forms.Desk) -> None:
    """A pledge as it is told, and in its fold the form to say what became of it."""
    form = desk.own(f"pledge_{row.record}")
    # Open as long as something typed is not saved.
    is_unsaved = forms.is_unsaved(form)
    forms.answer(form)
    before = _before(row, desk)
    if before is None:
        return
    fields = {
        "state": "done" if row.state == "open" else row.state,
        "result": before.result,
        "readers": None,
    }
    forms.begin(form, row.version, fields)
    with st.expander(told, expanded=is_unsaved), forms.form(form):
        if not row.released:
            st.markdown(formats.plain(f"{before.who}: {before.what}"))
        st.radio(
            "What became of it",
            list(sentences.STATES),
            key=f"{form}_state",
            format_func=lambda state: formats.sentence_case(sentences.STATES[state]),
            horizontal=True,
            **forms.KEPT,
        )
        st.text_area("What we learned", key=f"{form}_result", height=68, **forms.KEPT)
        _who_may_read(form)
        forms.save(form, "Save what became of it", _save_result, form, row.record, desk)


def _before(row, desk: forms.Desk) -> Any:
    """A record as it stands. Whoever writes into it may release it whole: so where everybody sees
    the page nobody writes into what is for staff, and has not been read."""
    before = forms.as_it_stands(row.record)
    if desk.is_shown and not before.released_on:
        st.caption(sentences.NOT_RELEASED)
        return None
    return before


def pride(place: str, meeting: str, desk: forms.Desk) -> None:
    """Something that a school is proud of, for the gallery."""
    token = forms.token(place)
    with forms.form(token):
        forms.choose_school(st, "School", token, "Whose it is", desk)
        st.text_area("What we are proud of", key=f"{token}_text", height=68, **forms.KEPT)
        _who_may_read(token)
        forms.save(token, "Hang it up", _save_pride, place, token, meeting, desk)
    forms.answer(place)


def release(row, desk: forms.Desk) -> None:
    """What nobody has released yet, and a button for who has read it."""
    place = f"release_{row.record}"
    with st.container(border=True):
        st.markdown(formats.plain(row.words))
        where = "" if formats.is_missing(row.school_name) else f", {row.school_name}"
        st.caption(formats.plain(f"Written by {row.written_by}{where}"))
        st.button(
            "I have read it: it names no student, and everybody may read it",
            key=f"{place}_button",
            on_click=_release,
            args=(row.record, row.version, desk),
        )


def priority(place: str, network: str, items: dict[tuple, str], desk: forms.Desk) -> None:
    """Set what a network wants to move together.

    items: what agreement can be asked about, in words, by survey, who answered, and item.
    """
    token = forms.token(place)
    with forms.form(token):
        left, middle, right = st.columns([3, 1, 1])
        left.selectbox(
            "What we want to move",
            records.INDICATORS,
            index=None,
            key=f"{token}_indicator",
            format_func=sentences.INDICATORS.__getitem__,
            placeholder="Choose what we look at",
            **forms.KEPT,
        )
        middle.number_input("Goal, percent", 0, 100, None, key=f"{token}_goal", **forms.KEPT)
        right.date_input("By", None, key=f"{token}_due", **forms.DAY)
        st.selectbox(
            "For agreement and for who answered: which item",
            list(items),
            index=None,
            key=f"{token}_item",
            format_func=items.__getitem__,
            placeholder="Not about a survey",
            **forms.KEPT,
        )
        st.multiselect(
            "Schools behind it",
            list(desk.schools),
            key=f"{token}_schools",
            format_func=desk.schools.__getitem__,
            **forms.KEPT,
        )
        st.multiselect("Partners behind it", desk.partners, key=f"{token}_partners", **forms.KEPT)
        forms.save(token, "Set this priority", _save_priority, place, token, network, desk)
    forms.answer(place)


def let_go(place: str, row, told: str, desk: forms.Desk) -> None:
    """A button to let go of a priority; what it was stays in the store."""
    st.button(
        f"Let go of: {told}",
        key=f"let_go_{row.record}",
        type="tertiary",
        on_click=_let_go,
        args=(place, row.record, row.version, desk),
    )


def _who_may_read(form: str) -> None:
    st.radio(
        "Who may read this?",
        (EVERYBODY, STAFF),
        index=None,
        key=f"{form}_readers",
        horizontal=True,
        **forms.KEPT,
    )


# --- Writing ----------------------------------------------------------------------------------


def _release_of(form: str, who: str) -> dict[str, Any]:
    """Who released what a form holds, and when; nothing where it is for staff."""
    if forms.typed(form, "readers") == EVERYBODY:
        return {"released_by": who, "released_on": date.today()}
    return {"released_by": "", "released_on": None}


def _unsaid(form: str) -> dict[str, bool]:
    return {"say who may read it": not forms.typed(form, "readers")}


def _save_meeting(place: str, token: str, desk: forms.Desk) -> None:
    name, day = forms.words(token, "name"), forms.typed(token, "day")
    schools = tuple(forms.typed(token, "schools"))
    missing = {"give it a name": not name, "say when": not day, "choose the schools": not schools}
    people = [one.strip() for one in forms.words(token, "people").split(",")]

    def written(who: str, _: str) -> list[records.Record]:
        return [
            records.Meeting(
                name,
                day,
                schools,
                tuple(filter(None, people)),
                tuple(forms.typed(token, "partners")),
                tuple(forms.typed(token, "cards")),
                **_release_of(token, who),
            )
        ]

    said = f"The meeting has begun: {name}."
    for begun in forms.add(desk.viewer, place, token, missing | _unsaid(token), written, said):
        st.session_state.update({"meeting": begun, "step": sentences.FIRST_STEP})


def _save_words(form: str, name: str, desk: forms.Desk) -> None:
    said = {field: forms.words(form, field) for field in _WORDS}
    yours = " · ".join(filter(None, said.values()))
    _change(form, name, {}, lambda _: said, yours, desk)


def _save_pledge(place: str, token: str, meeting: str, desk: forms.Desk) -> None:
    who_promises, what, known = (forms.words(token, name) for name in ("who", "what", "known"))
    due, school = forms.typed(token, "due"), forms.typed(token, "school") or ""
    missing = {
        "say what is promised": not what,
        "say who promises it": not who_promises,
        "say by when": not due,
        "say how we will know": not known,
    }

    def written(who: str, _: str) -> list[records.Record]:
        release = _release_of(token, who)
        return [records.Pledge(meeting, who_promises, what, due, known, school, **release)]

    said = f"Saved: {who_promises} by {formats.day(due)}."
    forms.add(desk.viewer, place, token, missing | _unsaid(token), written, said)


def _save_result(form: str, name: str, desk: forms.Desk) -> None:
    state, result = forms.typed(form, "state"), forms.words(form, "result")
    missing = {"write what we learned, also when nothing was": state != "open" and not result}

    def said(before: records.Pledge) -> dict[str, Any]:
        ended_on = None if state == "open" else before.ended_on or desk.as_of
        return {"state": state, "result": result, "ended_on": ended_on}

    yours = f"{sentences.STATES[state]}{f': {result}' if result else ''}"
    _change(form, name, missing, said, yours, desk)


def _save_pride(place: str, token: str, meeting: str, desk: forms.Desk) -> None:
    school, text = forms.typed(token, "school"), forms.words(token, "text")
    missing = {"choose the school": not school, "write what it is proud of": not text}

    def written(who: str, _: str) -> list[records.Record]:
        return [records.Pride(meeting, school, text, **_release_of(token, who))]

    said = f"Saved, for {desk.schools.get(school)}."
    forms.add(desk.viewer, place, token, missing | _unsaid(token), written, said)


def _release(name: str, version: int, desk: forms.Desk) -> None:
    def release(who: str) -> None:
        after = replace(team.entry(name).content, released_by=who, released_on=date.today())
        team.change(desk.viewer, who, name, version, after)

    _at_once(RELEASING, release, "Released.")


def _save_priority(place: str, token: str, network: str, desk: forms.Desk) -> None:
    indicator, goal, due = (forms.typed(token, name) for name in ("indicator", "goal", "due"))
    survey, group, item = forms.typed(token, "item") or ("", "", "")
    asks = indicator in ("agreement", "response")
    missing = {
        "choose what we want to move": not indicator,
        "set a goal in whole percent": goal is None,
        "say by when": not due,
        "choose the item": asks and not item,
        "leave the item out: it is not about a survey": bool(indicator) and not asks and bool(item),
    }

    def written(*_) -> list[records.Record]:
        return [
            records.Priority(
                network,
                indicator,
                int(goal),
                due,
                survey,
                group,
                item if indicator == "agreement" else "",
                tuple(forms.typed(token, "schools")),
                tuple(forms.typed(token, "partners")),
            )
        ]

    said = "Set. It stands on Network, Overview and in every meeting."
    forms.add(desk.viewer, place, token, missing, written, said)


def _let_go(place: str, name: str, version: int, desk: forms.Desk) -> None:
    _at_once(
        place,
        lambda who: team.change(desk.viewer, who, name, version, None),
        "Let go of. What it was stays in the store.",
    )


def _change(form: str, name: str, missing: dict, said, yours: str, desk: forms.Desk) -> None:
    """Write what a form says, and who may read it, into a record."""

    def after(before: records.Record, who: str) -> records.Record:
        return replace(before, **said(before), **_release_of(form, who))

    def told(theirs: Any) -> str:
        is_told = theirs.released_on or not desk.is_shown
        return sentences.version(theirs) if is_told else sentences.FOR_STAFF

    forms.change(form, form, desk.viewer, name, missing | _unsaid(form), after, told, yours)


def _at_once(place: str, write, said: str) -> None:
    """Write a change that nobody typed anything for."""
    try:
        forms.write(place, {}, write, said)
    except team.Conflict as conflict:
        forms.say_changed(place, str(conflict))
