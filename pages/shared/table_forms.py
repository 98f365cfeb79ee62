"""The forms around the table: who sits in which chair, who works on what, and stories for sharing.

Each change rests on the version that its form was first drawn from, as on the students page.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import streamlit as st

from pages.shared import formats, forms, frame
from pages.shared import table_readings as readings
from queries import choices, team
from queries.team import records

# The name is asked for above these forms, inside their card.
write = partial(forms.write, signed="above")


@dataclass(frozen=True)
class Room:
    """What every form of one run of the page needs: who reads, today, the chosen schools by id, all
    schools and neighborhoods, which a partner may reach, and what may be chosen."""

    viewer: object
    today: date
    schools: dict[str, str]
    all_schools: dict[str, str]
    neighborhoods: tuple[str, ...]
    causes: tuple[str, ...]
    partners: tuple[str, ...] = ()

    def named(self, seat: str) -> bool:
        """Whether the view may show who sits in such a chair."""
        return seat == "partner" or frame.is_for_staff(self.viewer)


def room(selection, viewer, causes, partners=()) -> Room:
    """The room of a choice of schools."""
    everywhere = choices.schools(selection)
    here = everywhere[everywhere.school_id.isin(choices.in_force(selection).iloc[0].schools)]
    return Room(
        viewer,
        date.today(),
        dict(zip(here.school_id, here.school_name, strict=True)),
        dict(zip(everywhere.school_id, everywhere.school_name, strict=True)),
        tuple(sorted(everywhere.neighborhood.dropna().unique())),
        tuple(dict.fromkeys(causes)),
        tuple(dict.fromkeys(partners)),
    )


def _school(where, key: str, here: Room) -> str | None:
    """Ask for one of the chosen schools; of one alone nobody has to say which."""
    if len(here.schools) == 1:
        st.session_state[key] = next(iter(here.schools))
    return where.selectbox(
        "School",
        list(here.schools),
        index=None,
        key=key,
        format_func=here.schools.get,
        placeholder="Choose a school",
    )


# --- Seats ------------------------------------------------------------------------------------


def seat(place: str, written, here: Room) -> None:
    """Fill an empty chair: which school, which chair, who, since when."""
    forms.answer(place)
    left, right = st.columns(2)
    school_id = _school(left, f"{place}_school", here)
    chair = right.selectbox(
        "Chair", records.SEATS, key=f"{place}_chair", format_func=formats.sentence_case
    )
    token = forms.token(place)
    with st.form(token, border=False):
        _who(token, chair, here)
        st.date_input("Since", here.today, key=f"{token}_since", format="YYYY-MM-DD", width=200)
        st.form_submit_button(
            "Save who sits there",
            type="primary",
            on_click=_save_seat,
            args=(place, token, school_id, chair, written, here),
        )


def _who(form: str, chair: str, here: Room, value: str | None = None) -> None:
    """Ask who sits there, as far as the view may show it."""
    if chair == "partner":
        known = dict.fromkeys([*here.partners, *([value] if value else [])])
        st.selectbox(
            "Who sits there",
            list(known),
            index=None,
            key=f"{form}_partner",
            accept_new_options=True,
            placeholder="Choose a partner, or type a new one",
        )
    elif here.named(chair):
        st.text_input("Who sits there", key=f"{form}_name", help=readings.SEEN_BY_STAFF)
    else:
        st.caption(readings.NOT_ASKED)


def _typed_name(form: str, chair: str, here: Room) -> str:
    """Who sits there, as it was typed; nobody by name where that was not asked."""
    if chair == "partner":
        return forms.words(form, "partner")
    return (here.named(chair) and forms.words(form, "name")) or readings.NOT_NAMED


def change_seat(place: str, written, here: Room) -> None:
    """Say otherwise who sits in a chair, or give the seat up."""
    forms.answer(place)
    rows = {row.record: row for row in written[written.kind == "seat"].itertuples()}
    which = _choose(place, "Which seat", rows, readings.seat)
    if which is None:
        return
    row, form = rows[which], f"seat_{which}_{here.viewer.view}"
    # The question names partners alone; whoever may see more reads it from the record.
    content = team.entry(which).content
    name = content.name if content and here.named(row.seat) else ""
    name = "" if name == readings.NOT_NAMED else name
    field = "partner" if row.seat == "partner" else "name"
    fields = {field: name or None, "since": row.since.date(), "gone": False}
    _begin(form, row.version, fields)
    with st.form(form, border=False):
        _who(form, row.seat, here, name)
        st.date_input("Since", key=f"{form}_since", format="YYYY-MM-DD", width=200)
        st.checkbox("Give this seat up: nobody sits here any more", key=f"{form}_gone")
        st.form_submit_button(
            "Save this seat",
            type="primary",
            on_click=_change_seat,
            args=(place, form, row, here),
        )


def _save_seat(place: str, token: str, school_id, chair: str, written, here: Room) -> None:
    name, since = _typed_name(token, chair, here), forms.typed(token, "since")
    there = written[(written.school_id == school_id) & (written.seat == chair)]
    seated = {one.casefold() for one in there.name if one}
    missing = {
        "choose a school": not school_id,
        "say who sits there": not name,
        "choose somebody who does not sit there already": name.casefold() in seated,
        "say since when": not since,
    }

    def new(who: str) -> None:
        forms.add(here.viewer, who, [records.Seat(school_id, chair, name, since)], token)

    school = here.schools.get(school_id, "")
    write(place, missing, new, f"Saved: the {chair}’s chair at {school} is taken.")


def _change_seat(place: str, form: str, row, here: Room) -> None:
    gone, since = forms.typed(form, "gone"), forms.typed(form, "since")
    name = _typed_name(form, row.seat, here)
    missing = {
        "say who sits there, or give the seat up": not name and not gone,
        "say since when": not since and not gone,
    }

    def after(before: records.Seat, who: str) -> records.Seat | None:
        kept = name if here.named(row.seat) else before.name
        return None if gone else replace(before, name=kept, since=since)

    def told(content: records.Seat) -> str:
        return readings.seat_version(content, here.named(row.seat))

    yours = "give the seat up" if gone else told(records.Seat("", row.seat, name, since))
    _change(place, form, row.record, here, missing, after, told, yours)


# --- Partners ---------------------------------------------------------------------------------


def partner(place: str, written, here: Room) -> None:
    """Add a partner that is in no list yet."""
    forms.answer(place)
    token = forms.token(place)
    with st.form(token, border=False):
        _about_partner(token, here)
        st.form_submit_button(
            "Save this partner",
            type="primary",
            on_click=_save_partner,
            args=(place, token, written, here),
        )


def _about_partner(form: str, here: Room, places=(), causes=()) -> None:
    """The fields of a partner; places and causes: those that it has and nobody else may have."""
    st.text_input("Name", key=f"{form}_name", placeholder="As they call themselves")
    st.multiselect(
        "Causes they work on",
        list(dict.fromkeys([*here.causes, *causes])),
        key=f"{form}_causes",
        accept_new_options=True,
        placeholder="Choose causes, or type a new one",
    )
    everywhere = dict.fromkeys([*here.neighborhoods, *here.all_schools, *places])
    st.multiselect(
        "Neighborhoods or schools they reach",
        list(everywhere),
        key=f"{form}_places",
        format_func=lambda name: here.all_schools.get(name, name),
        placeholder="All, if you choose none",
    )
    st.text_input("How to reach them", key=f"{form}_contact", placeholder="Mail or telephone")


def _typed_partner(form: str, here: Room) -> records.Partner:
    places = forms.typed(form, "places") or []
    return records.Partner(
        forms.words(form, "name"),
        tuple(one.strip() for one in forms.typed(form, "causes") or [] if one.strip()),
        tuple(one for one in places if one not in here.all_schools),
        tuple(one for one in places if one in here.all_schools),
        forms.words(form, "contact"),
    )


def change_partner(place: str, written, here: Room) -> None:
    """Correct what people wrote about a partner, or take it out of the list."""
    forms.answer(place)
    rows = {row.record: row for row in written[written.kind == "partner"].itertuples()}
    which = _choose(place, "Which partner", rows, lambda row: row.name)
    if which is None:
        return
    row, form = rows[which], f"partner_{which}"
    places = [*row.neighborhoods, *row.schools]
    fields = {"name": row.name, "causes": list(row.causes), "places": places}
    _begin(form, row.version, {**fields, "contact": row.contact, "gone": False})
    with st.form(form, border=False):
        _about_partner(form, here, places, row.causes)
        st.checkbox("Take this partner out of the list", key=f"{form}_gone")
        st.form_submit_button(
            "Save the correction",
            type="primary",
            on_click=_change_partner,
            args=(place, form, row, here),
        )


_MISSING_OF_A_PARTNER = "write the name of the partner"


def _save_partner(place: str, token: str, written, here: Room) -> None:
    said = _typed_partner(token, here)
    added = {one.casefold() for one in written[written.kind == "partner"].name}
    missing = {
        _MISSING_OF_A_PARTNER: not said.partner_name,
        "choose what they work on": not said.causes,
        "correct the one of this name that is there already": said.partner_name.casefold() in added,
    }

    def new(who: str) -> None:
        forms.add(here.viewer, who, [said], token)

    write(place, missing, new, f"Saved: {said.partner_name} works on {', '.join(said.causes)}.")


def _change_partner(place: str, form: str, row, here: Room) -> None:
    gone, said = forms.typed(form, "gone"), _typed_partner(form, here)
    missing = {_MISSING_OF_A_PARTNER: not said.partner_name and not gone}

    def after(before: records.Partner, who: str) -> records.Partner | None:
        return None if gone else said

    yours = "take it out of the list" if gone else readings.partner_version(said)
    _change(place, form, row.record, here, missing, after, readings.partner_version, yours)


# --- Stories ----------------------------------------------------------------------------------


def story(place: str, here: Room) -> None:
    """Write a story for sharing; nobody else reads it before it is released."""
    forms.answer(place)
    token = forms.token(place)
    with st.form(token, border=False, enter_to_submit=False):
        left, right = st.columns(2)
        left.selectbox(
            "Cause", here.causes, index=None, key=f"{token}_cause", placeholder="What it is about"
        )
        _school(right, f"{token}_school", here)
        st.text_area(
            "Story",
            key=f"{token}_text",
            height=140,
            placeholder="What was said, so that nobody can be known from it",
        )
        st.form_submit_button(
            "Save, to be read by somebody",
            type="primary",
            on_click=_save_story,
            args=(place, token, here),
        )


def read_story(place: str, stories, here: Room) -> None:
    """Read one story as it stands; correct it, release it, or take it back."""
    forms.answer(place)
    rows = {row.record: row for row in stories.itertuples()}
    which = _choose(place, "Which story", rows, readings.story)
    if which is None:
        return
    row, form = rows[which], f"story_{which}"
    _begin(form, row.version, {"cause": row.cause, "text": row.text, "read": False})
    with st.form(form, border=False, enter_to_submit=False):
        st.caption(formats.plain(readings.story_state(row)))
        causes = list(dict.fromkeys([*here.causes, row.cause]))
        st.selectbox("Cause", causes, key=f"{form}_cause")
        st.text_area("Story", key=f"{form}_text", height=180)
        st.checkbox(readings.I_HAVE_READ_IT, key=f"{form}_read")
        keep = "Save, and take it off the page" if row.released else "Save, not released yet"
        with st.container(horizontal=True):
            for label, what, kind in (
                ("Release for everybody", "release", "primary"),
                (keep, "keep", "secondary"),
                ("Remove it", "remove", "tertiary"),
            ):
                st.form_submit_button(
                    label,
                    key=f"{form}_{what}",
                    type=kind,
                    on_click=_change_story,
                    args=(place, form, row, here, what),
                )


def _save_story(place: str, token: str, here: Room) -> None:
    cause, school_id = (forms.typed(token, name) for name in ("cause", "school"))
    text = forms.words(token, "text")
    missing = {
        "choose a cause": not cause,
        "choose a school": not school_id,
        "write the story": not text,
    }

    def new(who: str) -> None:
        forms.add(here.viewer, who, [records.Story(cause, school_id, text)], token)

    write(place, missing, new, f"Saved: a story on {cause}. It waits to be read and released.")


def _change_story(place: str, form: str, row, here: Room, what: str) -> None:
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
        by, on = (who, here.today) if what == "release" else ("", None)
        story = replace(before, cause=cause, text=text, released_by=by, released_on=on)
        return None if what == "remove" else story

    yours = "remove it" if what == "remove" else f"{cause}: {text}"
    rested_on = forms.typed(form, "version")
    _change(place, form, row.record, here, missing, after, readings.story_version, yours, said)
    # Words released are words read: beside those of somebody else they are read again.
    if forms.typed(form, "version") not in (None, rested_on):
        st.session_state[f"{form}_read"] = False


# --- What every correction shares -------------------------------------------------------------


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


def _begin(form: str, version: int, fields: dict) -> None:
    """Fill a form that is not open yet with what stands there, its boxes too, as a browser keeps a
    tick; and keep on which version it rests. Fields that are not drawn are forgotten, the version
    is not."""
    if not any(f"{form}_{name}" in st.session_state for name in fields):
        written = {f"{form}_{name}": value for name, value in fields.items()}
        st.session_state.update(written | {f"{form}_version": version})


def _change(
    place: str,
    form: str,
    record: str,
    here: Room,
    missing: dict,
    after: Callable,
    told: Callable,
    yours: str,
    said: str = "Saved. What stood there before is kept.",
) -> None:
    """Write the next version of a record, or set both side by side where somebody was faster.

    after: what the record says then, from what it said before and who signs; None to take it back.
    told: a version in words.
    """

    def change(who: str) -> None:
        before = team.entry(record).content
        if before is None:
            raise team.WrongRecord("Somebody took this back in the meantime.")
        rests_on = st.session_state[f"{form}_version"]
        team.change(here.viewer, who, record, rests_on, after(before, who))

    try:
        if write(place, missing, change, said):
            for key in [key for key in st.session_state if str(key).startswith(f"{form}_")]:
                del st.session_state[key]
    except team.Conflict as conflict:
        theirs = conflict.theirs
        their_words = told(theirs.content) if theirs.content else ""
        forms.say_meanwhile(place, f"{form}_version", theirs, their_words, yours)
