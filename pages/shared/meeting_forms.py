"""The forms of a meeting: who came, what was promised and kept, what we take from it.

Whoever writes says each time who may read it: with partners in the room, words are shown at once.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import streamlit as st

from pages.shared import formats, forms
from pages.shared import meeting_readings as readings
from queries import choices, team
from queries.team import records

# The name is asked for above these forms.
write = partial(forms.write, signed="above")
# Four weeks: until the next meeting of most networks.
DAYS_TO_KEEP_A_PLEDGE = 28
# Where the page says what became of a release: its own card may be gone by then.
RELEASING = "release"
EVERYBODY, STAFF = "Everybody: it names no student", "Staff only"


@dataclass(frozen=True)
class Table:
    """What every form of one run of the page needs: who reads, the day the data stand at, the
    schools by id, and the partners that they know."""

    viewer: object
    as_of: date
    schools: dict[str, str]
    partners: tuple[str, ...]


def table(selection, viewer, as_of, partners) -> Table:
    """The table of a choice of schools and the partners who reach them; without attendance it
    stands at today."""
    day = date.today() if formats.is_missing(as_of) else as_of.date()
    schools = choices.schools(selection).set_index("school_id").school_name
    here = choices.in_force(selection).iloc[0].schools
    known = tuple(sorted(set(partners.partner_name)))
    return Table(viewer, day, schools.loc[here].to_dict(), known)


def begin(place: str, table: Table, cards: dict[str, str], at_first: list[str]) -> None:
    """Begin a meeting: its name, day, schools, people, partners, and what it will look at. What
    became of it is said by `forms.answer`, as the meeting goes on elsewhere."""
    token = forms.token(place)
    with st.form(token, border=False):
        left, right = st.columns([3, 1])
        left.text_input("What the meeting is called", key=f"{token}_name")
        right.date_input("On", table.as_of, key=f"{token}_day", format="YYYY-MM-DD")
        st.multiselect(
            "Schools",
            list(table.schools),
            list(table.schools),
            key=f"{token}_schools",
            format_func=table.schools.get,
        )
        st.multiselect("Partners who come", table.partners, key=f"{token}_partners")
        st.text_input(
            "Who else comes, with commas between", key=f"{token}_people", placeholder="For the file"
        )
        st.multiselect(
            "What we look at", list(cards), at_first, key=f"{token}_cards", format_func=cards.get
        )
        _who_may_read(token)
        st.form_submit_button(
            "Begin the meeting", type="primary", on_click=_save_meeting, args=(place, token, table)
        )


def words(row, table: Table) -> None:
    """Stop, continue, start, and what was decided. The form rests on the version that it was first
    drawn from."""
    place = f"words_{row.record}"
    forms.answer(place)
    before = team.entry(row.record).content
    said = {field: getattr(before, field) for field in ("stop", "keep", "start", "decided")}
    if table.viewer.view == "share" and not row.released and any(said.values()):
        st.caption(readings.NOT_RELEASED)
        return
    if f"{place}_version" not in st.session_state:
        st.session_state[f"{place}_version"] = row.version
        st.session_state.update({f"{place}_{field}": text for field, text in said.items()})
    with st.form(place, border=False):
        for field, label in (
            ("stop", "What do we stop?"),
            ("keep", "What do we continue?"),
            ("start", "What do we start?"),
            ("decided", "What did we decide?"),
        ):
            st.text_area(label, key=f"{place}_{field}", height=68)
        _who_may_read(place)
        st.form_submit_button(
            "Save", type="primary", on_click=_save_words, args=(place, row.record, table)
        )


def pledge(place: str, meeting: str, table: Table) -> None:
    """A new promise: who, what, by when, and how one will know."""
    token = forms.token(place)
    with st.form(token, border=False):
        st.text_input("We promise", key=f"{token}_what", placeholder="What will be done")
        left, middle, right = st.columns(3)
        left.text_input("Who", key=f"{token}_who", placeholder="A school, a partner, a person")
        middle.selectbox(
            "For which school",
            list(table.schools),
            index=None,
            key=f"{token}_school",
            format_func=table.schools.get,
            placeholder="All of us",
        )
        by = table.as_of + timedelta(days=DAYS_TO_KEEP_A_PLEDGE)
        right.date_input("By", by, key=f"{token}_due", format="YYYY-MM-DD")
        st.text_input(
            "How we will know", key=f"{token}_known", placeholder="What will be different then"
        )
        _who_may_read(token)
        st.form_submit_button(
            "Save the pledge",
            type="primary",
            on_click=_save_pledge,
            args=(place, token, meeting, table),
        )
    forms.answer(place)


def became(row, told: str, table: Table) -> None:
    """A pledge as it is told, and in its fold the form to say what became of it."""
    place = f"pledge_{row.record}"
    if f"{place}_version" not in st.session_state:
        st.session_state[f"{place}_version"] = row.version
        st.session_state[f"{place}_state"] = "done" if row.state == "open" else row.state
        st.session_state[f"{place}_result"] = "" if formats.is_missing(row.result) else row.result
    said = st.session_state.get(f"said_{place}", ("", ""))[0]
    forms.answer(place)
    # Open as long as something typed is not saved.
    with st.expander(told, expanded=said in ("warning", "error")), st.form(place, border=False):
        st.radio(
            "What became of it",
            list(readings.STATES),
            key=f"{place}_state",
            format_func=lambda state: formats.sentence_case(readings.STATES[state]),
            horizontal=True,
        )
        st.text_area("What we learned", key=f"{place}_result", height=68)
        _who_may_read(place)
        st.form_submit_button(
            "Save what became of it",
            type="primary",
            on_click=_save_result,
            args=(place, row.record, table),
        )


def pride(place: str, meeting: str, table: Table) -> None:
    """Something that a school is proud of, for the gallery."""
    token = forms.token(place)
    with st.form(token, border=False):
        st.selectbox(
            "School",
            list(table.schools),
            index=None,
            key=f"{token}_school",
            format_func=table.schools.get,
            placeholder="Whose it is",
        )
        st.text_area("What we are proud of", key=f"{token}_text", height=68)
        _who_may_read(token)
        st.form_submit_button(
            "Hang it up", type="primary", on_click=_save_pride, args=(place, token, meeting, table)
        )
    forms.answer(place)


def release(row, table: Table) -> None:
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
            args=(row.record, row.version, table),
        )


def priority(place: str, network: str, items: dict[tuple, str], table: Table) -> None:
    """Set what a network wants to move together.

    items: what agreement can be asked about, in words, by survey, who answered, and item.
    """
    token = forms.token(place)
    with st.form(token, border=False):
        left, middle, right = st.columns([3, 1, 1])
        left.selectbox(
            "What we want to move",
            records.INDICATORS,
            index=None,
            key=f"{token}_indicator",
            format_func=readings.INDICATORS.get,
            placeholder="Choose what we look at",
        )
        middle.number_input("Goal, percent", 0, 100, None, key=f"{token}_goal")
        right.date_input("By", None, key=f"{token}_due", format="YYYY-MM-DD")
        st.selectbox(
            "For agreement and for who answered: which item",
            list(items),
            index=None,
            key=f"{token}_item",
            format_func=items.get,
            placeholder="Not about a survey",
        )
        st.multiselect(
            "Schools behind it",
            list(table.schools),
            key=f"{token}_schools",
            format_func=table.schools.get,
        )
        st.multiselect("Partners behind it", table.partners, key=f"{token}_partners")
        st.form_submit_button(
            "Set this priority",
            type="primary",
            on_click=_save_priority,
            args=(place, token, network, table),
        )
    forms.answer(place)


def let_go(place: str, row, told: str, table: Table) -> None:
    """A button to let go of a priority; what it was stays in the store."""
    st.button(
        f"Let go of: {told}",
        key=f"let_go_{row.record}",
        type="tertiary",
        on_click=_let_go,
        args=(place, row.record, row.version, table),
    )


def _who_may_read(form: str) -> None:
    st.radio(
        "Who may read this?", (EVERYBODY, STAFF), index=None, key=f"{form}_readers", horizontal=True
    )


# --- Writing ----------------------------------------------------------------------------------


def _release_of(form: str, who: str) -> dict[str, object]:
    """Who released what a form holds, and when; nothing where it is for staff."""
    if forms.typed(form, "readers") == EVERYBODY:
        return {"released_by": who, "released_on": date.today()}
    return {"released_by": "", "released_on": None}


def _unsaid(form: str) -> dict[str, bool]:
    return {"say who may read it": not forms.typed(form, "readers")}


def _save_meeting(place: str, token: str, table: Table) -> None:
    name, day = forms.words(token, "name"), forms.typed(token, "day")
    schools = tuple(forms.typed(token, "schools"))
    missing = {"give it a name": not name, "say when": not day, "choose the schools": not schools}
    people = [one.strip() for one in forms.words(token, "people").split(",")]

    def save(who: str) -> None:
        about = records.Meeting(
            name,
            day,
            schools,
            tuple(filter(None, people)),
            tuple(forms.typed(token, "partners")),
            tuple(forms.typed(token, "cards")),
            **_release_of(token, who),
        )
        (st.session_state["meeting"],) = forms.add(table.viewer, who, [about], token)
        st.session_state["step"] = readings.FIRST_STEP

    write(place, missing | _unsaid(token), save, f"The meeting has begun: {name}.")


def _save_words(place: str, name: str, table: Table) -> None:
    said = {field: forms.words(place, field) for field in ("stop", "keep", "start", "decided")}

    def save(who: str) -> None:
        before = team.entry(name).content
        _change(table, place, who, name, replace(before, **said, **_release_of(place, who)))

    yours = " · ".join(filter(None, said.values()))
    _write_change(place, _unsaid(place), save, yours)


def _save_pledge(place: str, token: str, meeting: str, table: Table) -> None:
    who_promises, what, known = (forms.words(token, name) for name in ("who", "what", "known"))
    due = forms.typed(token, "due")
    missing = {
        "say what is promised": not what,
        "say who promises it": not who_promises,
        "say by when": not due,
        "say how we will know": not known,
    }

    def save(who: str) -> None:
        school = forms.typed(token, "school") or ""
        about = records.Pledge(
            meeting, who_promises, what, due, known, school, **_release_of(token, who)
        )
        forms.add(table.viewer, who, [about], token)

    said = f"Saved: {who_promises} by {formats.day(due)}."
    write(place, missing | _unsaid(token), save, said)


def _save_result(place: str, name: str, table: Table) -> None:
    state, result = forms.typed(place, "state"), forms.words(place, "result")
    missing = {"write what we learned, also when nothing was": state != "open" and not result}

    def save(who: str) -> None:
        before = team.entry(name).content
        ended = None if state == "open" else before.ended_on or table.as_of
        after = replace(before, state=state, result=result, ended_on=ended)
        _change(table, place, who, name, replace(after, **_release_of(place, who)))

    yours = f"{readings.STATES[state]}{f': {result}' if result else ''}"
    _write_change(place, missing | _unsaid(place), save, yours)


def _save_pride(place: str, token: str, meeting: str, table: Table) -> None:
    school, text = forms.typed(token, "school"), forms.words(token, "text")
    missing = {"choose the school": not school, "write what it is proud of": not text}

    def save(who: str) -> None:
        about = records.Pride(meeting, school, text, **_release_of(token, who))
        forms.add(table.viewer, who, [about], token)

    said = f"Saved, for {table.schools.get(school)}."
    write(place, missing | _unsaid(token), save, said)


def _release(name: str, version: int, table: Table) -> None:
    def save(who: str) -> None:
        after = replace(team.entry(name).content, released_by=who, released_on=date.today())
        team.change(table.viewer, who, name, version, after)

    try:
        write(RELEASING, {}, save, "Released.")
    except team.Conflict as conflict:
        _say_changed(RELEASING, conflict)


def _save_priority(place: str, token: str, network: str, table: Table) -> None:
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

    def save(who: str) -> None:
        about = records.Priority(
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
        forms.add(table.viewer, who, [about], token)

    write(place, missing, save, "Set. It stands on Network, Overview and in every meeting.")


def _let_go(place: str, name: str, version: int, table: Table) -> None:
    try:
        write(
            place,
            {},
            lambda who: team.change(table.viewer, who, name, version, None),
            "Let go of. What it was stays in the store.",
        )
    except team.Conflict as conflict:
        _say_changed(place, conflict)


def _say_changed(place: str, conflict: team.Conflict) -> None:
    st.session_state[f"said_{place}"] = ("warning", str(conflict))
    st.session_state["written"] = True


def _change(table: Table, place: str, who: str, name: str, after: records.Record) -> None:
    """Write a change on the version that the form rests on."""
    version = forms.typed(place, "version")
    st.session_state[f"{place}_version"] = team.change(table.viewer, who, name, version, after)


def _write_change(place: str, missing: dict[str, object], save, yours: str) -> None:
    """Write a change, or set both versions side by side."""
    try:
        write(place, missing, save, "Saved.")
    except team.Conflict as conflict:
        theirs = conflict.theirs.content
        told = _told(theirs) if theirs else ""
        forms.say_meanwhile(place, f"{place}_version", conflict.theirs, told, yours)


def _told(theirs: records.Record) -> str:
    if isinstance(theirs, records.Pledge):
        return readings.version(theirs)
    return " · ".join(filter(None, (theirs.stop, theirs.keep, theirs.start, theirs.decided)))
