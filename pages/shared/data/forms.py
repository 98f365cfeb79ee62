"""The forms of How we count: a number that somebody else gave, the list that comes with it, the
page that goes back, and a definition of one's own."""

from datetime import date

import streamlit as st

from pages.shared import blocks, formats, forms
from pages.shared.data import paper, sentences
from queries import absence, choices
from queries.absence import theirs
from queries.team import records

PLACE = "second_number"
# What is chosen where they do not say by which definition they count.
NOT_SAID = "They do not say"

DEFINITION = "definition"
# Unit of the threshold, and whether exactly so much counts.
MISSED = {
    "percent of days, or more": ("percent", True),
    "more than that percent": ("percent", False),
    "days, or more": ("days", True),
}
DAYS = {"half of it or more missed": "half_day", "parts, which add up": "fraction"}


def choose(numbers):
    """Let the reader pick one of the second numbers of this choice; a row of them."""
    rows = {str(place): row for place, row in enumerate(numbers.itertuples())}
    if len(rows) == 1:
        return rows["0"]
    chosen = st.selectbox(
        "Second number",
        list(rows),
        key="which_number",
        format_func=lambda one: sentences.second_number(rows[one]),
        label_visibility="collapsed",
    )
    return rows[chosen]


def list_of(number) -> str | None:
    """The list of students behind a number, as theirs.read gives it, if one was given."""
    return st.session_state.get(_list_key(number))


def _list_key(number) -> str:
    return f"list_of_{number.from_whom if formats.is_missing(number.record) else number.record}"


def their_list(number) -> None:
    """Ask for the list of students behind a number. It stays with this session alone."""
    key = _list_key(number)
    forms.answer(key)
    st.file_uploader(
        "Their list of students",
        type="csv",
        key=f"given_{key}",
        on_change=_read_list,
        args=(key,),
        max_upload_size=theirs.MEGABYTES_AT_MOST,
        help="A CSV file with student_id; days_absent, days_enrolled and chronically_absent (yes "
        "or no) may stand beside it. It is read for this page, and not kept.",
    )
    if st.session_state.get(key):
        st.button("Go on without the list", on_click=st.session_state.pop, args=(key,))


def _read_list(key: str) -> None:
    given = st.session_state.get(f"given_{key}")
    st.session_state.pop(key, None)
    if given is None:
        return
    try:
        st.session_state[key] = theirs.read(given.getvalue(), given.name)
    except theirs.WrongList as wrong:
        st.session_state[f"said_{key}"] = ("error", str(wrong))


def second_number(selection, viewer, numbers, is_signed: bool) -> None:
    """Write down a number that somebody else gave, or take one back. is_signed: the name that signs
    it is asked for above."""
    forms.answer(PLACE)
    in_force = choices.in_force(selection).iloc[0]
    everywhere = choices.schools(selection)
    place = _place(selection, in_force.schools, everywhere)
    if place is None:
        st.markdown("A number is of one school, of one network or of all schools: choose so above.")
        return
    if not is_signed:
        forms.sign()
    definitions = {row.name: row.label for row in choices.definitions(selection).itertuples()}
    token = forms.token(PLACE)
    with forms.form(token):
        fields = st.grid(2, min_column_width=140, gap="xsmall")
        fields.cell().number_input(
            "Students chronically absent there",
            min_value=0,
            value=None,
            step=1,
            key=f"{token}_number",
            **forms.KEPT,
        )
        fields.cell().text_input(
            "Whose number", key=f"{token}_from_whom", placeholder="The state", **forms.KEPT
        )
        fields.cell().selectbox(
            "By which definition",
            ["", *definitions],
            key=f"{token}_definition",
            format_func=lambda name: definitions.get(name, NOT_SAID),
            **forms.KEPT,
        )
        until = in_force.as_of.date()
        fields.cell().date_input("It stands on", until, key=f"{token}_stands_on", **forms.DAY)
        about = (token, viewer, in_force.school_year, place)
        forms.save(token, "Save this number", _save, *about)
    for row in numbers.itertuples():
        if not formats.is_missing(row.record):
            _written("number", PLACE, row, sentences.second_number_written(row), viewer)


def _place(selection, chosen, everywhere) -> dict[str, str] | None:
    """Of what a number is, as fields of its record; None where nobody would publish one."""
    if len(chosen) == 1:
        return {"school_id": chosen[0]}
    if set(chosen) == set(everywhere.school_id):
        return {}
    if selection.network and not selection.neighborhood and not selection.schools:
        return {"network": selection.network}
    return None


def _save(token: str, viewer, school_year: str, place: dict[str, str]) -> None:
    number, stands_on = forms.typed(token, "number"), forms.typed(token, "stands_on")
    missing = {
        "write the number": number is None,
        "say whose number it is": not forms.words(token, "from_whom"),
        "say on which day it stands": not isinstance(stands_on, date),
    }
    forms.add(
        viewer,
        PLACE,
        token,
        missing,
        lambda *_: [
            records.SecondNumber(
                school_year,
                int(number),
                forms.words(token, "from_whom"),
                stands_on,
                definition=forms.typed(token, "definition") or "",
                **place,
            )
        ],
        "Saved.",
    )


def _written(called: str, place: str, row, words: str, viewer) -> None:
    """What somebody wrote down, with the button that takes it back."""
    form = f"{called}_{row.record}"
    forms.begin(form, row.version, {"gone": True})
    with forms.form(form):
        st.caption(formats.plain(words))
        forms.save(form, f"Take this {called} back", _take_back, form, place, row, words, viewer)


def _take_back(form: str, place: str, row, words: str, viewer) -> None:
    said = "Taken back. That it was here stays in the record."
    gone, told = (lambda *_: None), (lambda _: words)
    forms.change(place, form, viewer, row.record, {}, gone, told, "take it back", said)


def to_district(selection, viewer, about: dict, is_signed: bool) -> None:
    """The page that explains both numbers to whom gave the other one. about: as sentences.district
    takes it. It holds exact numbers and no student, and that it was taken is recorded."""
    if not is_signed:
        forms.sign()
    who = (st.session_state.get("signed_by") or "").strip()
    st.caption("One sheet, for them alone: exact numbers, no student, and what to ask.")
    blocks.take_file(
        "Download for the district",
        "two_numbers.html",
        selection,
        viewer,
        lambda: paper.district(*sentences.district(**about, who=who, today=date.today())),
    )


def definition(selection, viewer) -> None:
    """Add a local definition, or another rule of one that is there from a later year on."""
    forms.answer(DEFINITION)
    forms.sign()
    token = forms.token(DEFINITION)
    with forms.form(token):
        fields = st.grid(2, min_column_width=180, gap="xsmall")
        name = fields.cell()
        name.text_input("Name", key=f"{token}_label", placeholder="Our district", **forms.KEPT)
        fields.cell().text_input(
            "From which school year on",
            key=f"{token}_since",
            placeholder="2026-27",
            help="Under a name that is there already it counts otherwise from that year on: years "
            "before stay as they were counted, and nothing is compared across the change.",
            **forms.KEPT,
        )
        _number(fields, "Missed", f"{token}_threshold", 10)
        fields.cell().selectbox("Of what", list(MISSED), key=f"{token}_missed", **forms.KEPT)
        _number(fields, "Enrolled for at least, days", f"{token}_minimum_days", 10)
        fields.cell().selectbox("A day counts with", list(DAYS), key=f"{token}_days", **forms.KEPT)
        st.text_input(
            "Source",
            key=f"{token}_source",
            placeholder="Who set it, in what, and when",
            **forms.KEPT,
        )
        forms.save(token, "Add this definition", _save_definition, token, viewer)
    for row in absence.local_definitions(selection, viewer).itertuples():
        if row.is_newest:
            _written("definition", DEFINITION, row, sentences.local_definition(row), viewer)


def _number(fields, label: str, key: str, value: int) -> None:
    st.session_state.setdefault(key, value)
    fields.cell().number_input(label, 0, 366, step=1, key=key, **forms.KEPT)


def _save_definition(token: str, viewer) -> None:
    threshold, enrolled = forms.typed(token, "threshold"), forms.typed(token, "minimum_days")
    label, since = forms.words(token, "label"), forms.words(token, "since")
    missing = {
        "give it a name": not label,
        "say from which school year on it holds": not since,
        "say how much has to be missed": threshold is None,
        "say for how many days somebody must be enrolled": enrolled is None,
        "say who set it": not forms.words(token, "source"),
    }

    def written(*_) -> list:
        unit, inclusive = MISSED[forms.typed(token, "missed")]
        return [
            records.Definition(
                label,
                since,
                int(threshold),
                unit,
                int(enrolled),
                DAYS[forms.typed(token, "days")],
                forms.words(token, "source"),
                inclusive,
            )
        ]

    said = f"Saved. “{label}” counts from {since} on: choose it above, under definitions."
    forms.add(viewer, DEFINITION, token, missing, written, said)
