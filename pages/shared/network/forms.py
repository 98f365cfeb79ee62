"""The forms around the table: who sits in which chair, who works on what, and stories for sharing.

Like every form here they keep what is typed, and change what nobody else has changed (forms.py).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Literal

import streamlit as st

from pages.shared import formats, forms
from pages.shared.network import sentences
from queries import choices
from queries.team import records


def desk_of(selection, viewer, causes, partners=()) -> forms.Desk:
    """The desk of a choice of schools, of today."""
    everywhere = choices.schools(selection)
    here = everywhere[everywhere.school_id.isin(choices.in_force(selection).iloc[0].schools)]
    return forms.Desk(
        viewer,
        date.today(),
        schools=dict(zip(here.school_id, here.school_name, strict=True)),
        all_schools=dict(zip(everywhere.school_id, everywhere.school_name, strict=True)),
        neighborhoods=tuple(sorted(everywhere.neighborhood.dropna().unique())),
        causes=tuple(dict.fromkeys(causes)),
        partners=tuple(dict.fromkeys(partners)),
    )


def _school(where, form: str, desk: forms.Desk) -> None:
    """Ask for one of the chosen schools; of one alone nobody has to say which."""
    if len(desk.schools) == 1:
        st.session_state[f"{form}_school"] = next(iter(desk.schools))
    forms.choose_school(where, "School", form, "Choose a school", desk)


# --- Seats ------------------------------------------------------------------------------------


def seat(place: str, written, desk: forms.Desk) -> None:
    """Fill an empty chair: which school, which chair, who, since when."""
    forms.answer(place)
    left, right = st.columns(2)
    _school(left, place, desk)
    chair = right.selectbox(
        "Chair", records.SEATS, key=f"{place}_chair", format_func=formats.sentence_case
    )
    token = forms.token(place)
    with forms.form(token):
        _who(token, chair, desk)
        st.date_input("Since", desk.as_of, key=f"{token}_since", width=200, **forms.DAY)
        forms.save(token, "Save who sits there", _save_seat, place, token, chair, written, desk)


def _who(form: str, chair: str, desk: forms.Desk, value: str | None = None) -> None:
    """Ask who sits there."""
    if chair == "partner":
        known = dict.fromkeys([*desk.partners, *([value] if value else [])])
        st.selectbox(
            "Who sits there",
            list(known),
            index=None,
            key=f"{form}_partner",
            accept_new_options=True,
            placeholder="Choose a partner, or type a new one",
            **forms.KEPT,
        )
    else:
        st.text_input(
            "Who sits there", key=f"{form}_name", help=sentences.SEEN_BY_STAFF, **forms.KEPT
        )


def _typed_name(form: str, chair: str) -> str:
    """Who sits there, as it was typed; only a partner must have a name."""
    if chair == "partner":
        return forms.words(form, "partner")
    return forms.words(form, "name") or sentences.NOT_NAMED


def change_seat(place: str, written, desk: forms.Desk) -> None:
    """Say otherwise who sits in a chair, or give the seat up."""
    forms.answer(place)
    rows = {row.record: row for row in written[written.kind == "seat"].itertuples()}
    which = _choose(place, "Which seat", rows, sentences.seat)
    if which is None:
        return
    row, form = rows[which], f"seat_{which}"
    # The question names partners alone: everybody may ask it, and only staff reads the record.
    content = forms.as_it_stands(which)
    name = content.name if content else ""
    name = "" if name == sentences.NOT_NAMED else name
    field = "partner" if row.seat == "partner" else "name"
    fields = {field: name or None, "since": row.since.date(), "gone": False}
    forms.begin(form, row.version, fields)
    with forms.form(form):
        _who(form, row.seat, desk, name)
        st.date_input("Since", key=f"{form}_since", width=200, **forms.DAY)
        st.checkbox(
            "Give this seat up: nobody sits here any more", key=f"{form}_gone", **forms.KEPT
        )
        forms.save(form, "Save this seat", _change_seat, place, form, row, desk)


def _save_seat(place: str, token: str, chair: str, written, desk: forms.Desk) -> None:
    school_id = forms.typed(place, "school")
    name, since = _typed_name(token, chair), forms.typed(token, "since")
    there = written[(written.school_id == school_id) & (written.seat == chair)]
    seated = {one.casefold() for one in there.name if one}
    missing = {
        "choose a school": not school_id,
        "say who sits there": not name,
        "choose somebody who does not sit there already": name.casefold() in seated,
        "say since when": not since,
    }

    forms.add(
        desk.viewer,
        place,
        token,
        missing,
        lambda *_: [records.Seat(school_id, chair, name, since)],
        f"Saved: the {chair}’s chair at {desk.schools.get(school_id, '')} is taken.",
    )


def _change_seat(place: str, form: str, row, desk: forms.Desk) -> None:
    gone, since = forms.typed(form, "gone"), forms.typed(form, "since")
    name = _typed_name(form, row.seat)
    missing = {
        "say who sits there, or give the seat up": not name and not gone,
        "say since when": not since and not gone,
    }

    def after(before: records.Seat, who: str) -> records.Seat | None:
        return None if gone else replace(before, name=name, since=since)

    told = sentences.seat_version
    yours = "give the seat up" if gone else told(records.Seat("", row.seat, name, since))
    forms.change(place, form, desk.viewer, row.record, missing, after, told, yours)


# --- Partners ---------------------------------------------------------------------------------


def partner(place: str, written, desk: forms.Desk) -> None:
    """Add a partner that is in no list yet."""
    forms.answer(place)
    token = forms.token(place)
    with forms.form(token):
        _about_partner(token, desk)
        forms.save(token, "Save this partner", _save_partner, place, token, written, desk)


def _about_partner(form: str, desk: forms.Desk, places=(), causes=()) -> None:
    """The fields of a partner; places and causes: those that it has and nobody else may have."""
    st.text_input("Name", key=f"{form}_name", placeholder="As they call themselves", **forms.KEPT)
    st.multiselect(
        "Causes they work on",
        list(dict.fromkeys([*desk.causes, *causes])),
        key=f"{form}_causes",
        accept_new_options=True,
        placeholder="Choose causes, or type a new one",
        **forms.KEPT,
    )
    everywhere = dict.fromkeys([*desk.neighborhoods, *desk.all_schools, *places])
    st.multiselect(
        "Neighborhoods or schools they reach",
        list(everywhere),
        key=f"{form}_places",
        format_func=lambda name: desk.all_schools.get(name, name),
        placeholder="All, if you choose none",
        **forms.KEPT,
    )
    st.text_input(
        "How to reach them", key=f"{form}_contact", placeholder="Mail or telephone", **forms.KEPT
    )


def _typed_partner(form: str, desk: forms.Desk) -> records.Partner:
    places = forms.typed(form, "places") or []
    return records.Partner(
        forms.words(form, "name"),
        tuple(one.strip() for one in forms.typed(form, "causes") or [] if one.strip()),
        tuple(one for one in places if one not in desk.all_schools),
        tuple(one for one in places if one in desk.all_schools),
        forms.words(form, "contact"),
    )


def change_partner(place: str, written, desk: forms.Desk) -> None:
    """Correct what people wrote about a partner, or take it out of the list."""
    forms.answer(place)
    rows = {row.record: row for row in written[written.kind == "partner"].itertuples()}
    which = _choose(place, "Which partner", rows, lambda row: row.name)
    if which is None:
        return
    row, form = rows[which], f"partner_{which}"
    places = [*row.neighborhoods, *row.schools]
    fields = {"name": row.name, "causes": list(row.causes), "places": places}
    forms.begin(form, row.version, {**fields, "contact": row.contact, "gone": False})
    with forms.form(form):
        _about_partner(form, desk, places, row.causes)
        st.checkbox("Take this partner out of the list", key=f"{form}_gone", **forms.KEPT)
        forms.save(form, "Save the correction", _change_partner, place, form, row, desk)


_MISSING_OF_A_PARTNER = "write the name of the partner"


def _save_partner(place: str, token: str, written, desk: forms.Desk) -> None:
    said = _typed_partner(token, desk)
    added = {one.casefold() for one in written[written.kind == "partner"].name}
    missing = {
        _MISSING_OF_A_PARTNER: not said.partner_name,
        "choose what they work on": not said.causes,
        "correct the one of this name that is there already": said.partner_name.casefold() in added,
    }

    told = f"Saved: {said.partner_name} works on {', '.join(said.causes)}."
    forms.add(desk.viewer, place, token, missing, lambda *_: [said], told)


def _change_partner(place: str, form: str, row, desk: forms.Desk) -> None:
    gone, said = forms.typed(form, "gone"), _typed_partner(form, desk)
    missing = {_MISSING_OF_A_PARTNER: not said.partner_name and not gone}

    def after(before: records.Partner, who: str) -> records.Partner | None:
        return None if gone else said

    yours = "take it out of the list" if gone else sentences.partner_version(said)
    told = sentences.partner_version
    forms.change(place, form, desk.viewer, row.record, missing, after, told, yours)


# --- Stories ----------------------------------------------------------------------------------


def story(place: str, desk: forms.Desk) -> None:
    """Write a story for sharing; nobody else reads it before it is released."""
    forms.answer(place)
    token = forms.token(place)
    with forms.form(token):
        left, right = st.columns(2)
        left.selectbox(
            "Cause",
            desk.causes,
            index=None,
            key=f"{token}_cause",
            placeholder="What it is about",
            **forms.KEPT,
        )
        _school(right, token, desk)
        st.text_area(
            "Story",
            key=f"{token}_text",
            height=140,
            placeholder="What was said, so that nobody can be known from it",
            **forms.KEPT,
        )
        forms.save(token, "Save, to be read by somebody", _save_story, place, token, desk)


def read_story(place: str, stories, desk: forms.Desk) -> None:
    """Read one story as it stands; correct it, release it, or take it back."""
    forms.answer(place)
    rows = {row.record: row for row in stories.itertuples()}
    which = _choose(place, "Which story", rows, sentences.story)
    if which is None:
        return
    row, form = rows[which], f"story_{which}"
    forms.begin(form, row.version, {"cause": row.cause, "text": row.text, "read": False})
    with forms.form(form):
        st.caption(formats.plain(sentences.story_state(row)))
        causes = list(dict.fromkeys([*desk.causes, row.cause]))
        st.selectbox("Cause", causes, key=f"{form}_cause", **forms.KEPT)
        st.text_area("Story", key=f"{form}_text", height=180, **forms.KEPT)
        st.checkbox(sentences.I_HAVE_READ_IT, key=f"{form}_read", **forms.KEPT)
        keep = "Save, and take it off the page" if row.released else "Save, not released yet"
        with st.container(horizontal=True):
            buttons: tuple[tuple[str, str, Literal["primary", "secondary", "tertiary"]], ...] = (
                ("Release for everybody", "release", "primary"),
                (keep, "keep", "secondary"),
                ("Remove it", "remove", "tertiary"),
            )
            for label, what, kind in buttons:
                st.button(
                    label,
                    key=f"{form}_{what}",
                    type=kind,
                    on_click=_change_story,
                    args=(place, form, row, desk, what),
                )


def _save_story(place: str, token: str, desk: forms.Desk) -> None:
    cause, school_id = (forms.typed(token, name) for name in ("cause", "school"))
    text = forms.words(token, "text")
    missing = {
        "choose a cause": not cause,
        "choose a school": not school_id,
        "write the story": not text,
    }

    told = f"Saved: a story on {cause}. It waits to be read and released."
    new = records.Story(cause, school_id, text)
    forms.add(desk.viewer, place, token, missing, lambda *_: [new], told)


def _change_story(place: str, form: str, row, desk: forms.Desk, what: str) -> None:
    cause, text = forms.typed(form, "cause"), forms.words(form, "text")
    unread = what == "release" and not forms.typed(form, "read")
    missing = {
        "write the story": not text and what != "remove",
        "read it, and say by the box that nobody can be known from it": unread,
    }
    said = {
        "release": "Released: everybody reads it now.",
        "keep": "Saved: it stands on no page until somebody has read and released it.",
        "remove": "Removed. What stood there is kept in the record.",
    }[what]

    def after(before: records.Story, who: str) -> records.Story | None:
        by, on = (who, desk.as_of) if what == "release" else ("", None)
        story = replace(before, cause=cause, text=text, released_by=by, released_on=on)
        return None if what == "remove" else story

    yours = "remove it" if what == "remove" else f"{cause}: {text}"
    rested_on = forms.typed(form, "version")
    told = sentences.story_version
    forms.change(place, form, desk.viewer, row.record, missing, after, told, yours, said)
    # Words released are words read: beside those of somebody else they are read again.
    if forms.typed(form, "version") not in (None, rested_on):
        st.session_state[f"{form}_read"] = False


def _choose(place: str, label: str, rows: dict, told: Callable) -> str | None:
    """Which record to correct; none at first, so that nothing stands open by itself."""
    if not rows:
        st.caption("Nothing was written here yet.")
        return None
    forms.stay_chosen(f"{place}_which", rows)
    return st.selectbox(
        label,
        list(rows),
        index=None,
        key=f"{place}_which",
        format_func=lambda record: told(rows[record]) if record in rows else "",
        placeholder="Choose one",
    )
