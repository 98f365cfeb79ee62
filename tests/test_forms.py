"""Protects what somebody types: it is filled in, kept, written once, and never written over.

The browser tests walk the same forms as readers do.
"""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.shared import forms
from pages.shared.network import forms as network_forms
from pages.shared.students import forms as students_forms
from queries import access, team
from queries.team import journal, records

VIEWER = access.at_this_machine("names")
NOTE = records.Note("s1", "alder", date(2026, 3, 20), "likes the garden")


@pytest.fixture(autouse=True)
def session(monkeypatch):
    """A session of its own for each test, signed."""
    kept = {"signed_by": "ann"}
    monkeypatch.setattr(st, "session_state", kept)
    return kept


@pytest.fixture
def written(tmp_path, use_home):
    """written(): what the notes of an own home say, and a note to change."""
    use_home(tmp_path / "written")
    (name,) = team.add(VIEWER, "bob", [NOTE])
    return name, lambda: [one.content.text for one in journal.history(tmp_path / "written", name)]


def change(name, words, **more):
    forms.begin("form", team.entry(name).version, {"text": team.entry(name).content.text})
    st.session_state["form_text"] = words
    send(name, **more)


def send(name, **more):
    words = st.session_state.get("form_text")
    forms.change(
        *("place", "form", VIEWER, name, {}),
        lambda before, _: replace(before, text=words),
        lambda content: content.text,
        words,
        **more,
    )


def test_a_form_that_nobody_typed_in_shows_the_newest_version():
    forms.begin("form", 1, {"text": "first", "gone": False})
    forms.begin("form", 2, {"text": "second", "gone": False})
    assert (forms.typed("form", "text"), forms.typed("form", "version")) == ("second", 2)


@pytest.mark.parametrize("typed", [{"text": "mine"}, {"gone": True}])
def test_one_that_somebody_typed_in_keeps_it_and_the_version_it_rests_on(session, typed):
    forms.begin("form", 1, {"text": "first", "gone": False})
    session |= {f"form_{name}": value for name, value in typed.items()}
    forms.begin("form", 2, {"text": "second", "gone": False})
    said = {"text": "first", "gone": False} | typed
    assert {name: forms.typed("form", name) for name in said} == said
    assert forms.typed("form", "version") == 1


def test_a_change_is_written_once_and_the_form_begins_anew(written):
    name, texts = written
    change(name, "likes the yard")
    assert texts() == ["likes the garden", "likes the yard"]
    assert st.session_state["said_place"][0] == "success"
    # The second of two clicks, before the page is drawn again.
    send(name)
    assert texts() == ["likes the garden", "likes the yard"]


def test_a_form_saved_as_it_was_says_so_and_writes_nothing(written):
    name, texts = written
    change(name, NOTE.text)
    assert texts() == [NOTE.text]
    assert st.session_state["said_place"] == ("info", "Nothing was changed.")


def test_who_was_slower_sees_both_and_saves_again(written):
    name, texts = written
    forms.begin("form", 1, {"text": NOTE.text})
    team.change(VIEWER, "bob", name, 1, replace(NOTE, text="his"))
    st.session_state["form_text"] = "mine"
    send(name)
    kind, words = st.session_state["said_place"]
    assert kind == "warning"
    assert "bob changed this while you were writing. Theirs: “his”. Yours: “mine”." in words
    assert texts() == ["likes the garden", "his"]
    send(name)
    assert texts() == ["likes the garden", "his", "mine"]


def test_what_was_taken_back_meanwhile_is_not_written_and_said_where_it_is_seen(written):
    name, _ = written
    forms.begin("form", 1, {"text": NOTE.text})
    team.change(VIEWER, "bob", name, 1, None)
    st.session_state["form_text"] = "mine"
    send(name, gone_at="elsewhere")
    assert (
        "They took it back. Yours, which is not saved: “mine”."
        in (st.session_state["said_elsewhere"][1])
    )
    assert team.entry(name).content is None


def test_a_form_beside_it_goes_on_from_what_was_saved(written):
    name, _ = written
    forms.begin("beside", 1, {"other": ""})
    st.session_state["beside_other"] = "half typed"
    change(name, "likes the yard", beside=("beside",))
    assert forms.typed("beside", "version") == 2
    assert forms.typed("beside", "other") == "half typed"


def test_what_is_typed_on_into_a_form_just_saved_is_something_new(tmp_path, use_home):
    use_home(tmp_path / "written")
    other = replace(NOTE, text="likes the yard")
    names = [
        forms.add(VIEWER, "place", "token", {}, lambda *_, about=about: [about], "Saved.")
        for about in (NOTE, NOTE, other)
    ]
    assert names[0] == names[1] != names[2]
    notes = [entry.content for entry in journal.read(tmp_path / "written", "note")]
    assert notes == [NOTE, other]


@pytest.mark.parametrize("missing, signed", [({"write the note": True}, "ann"), ({}, "")])
def test_what_is_missing_is_said_and_nothing_is_written(tmp_path, use_home, missing, signed):
    use_home(tmp_path / "written")
    st.session_state["signed_by"] = signed
    assert forms.add(VIEWER, "place", "token", missing, lambda *_: [NOTE], "Saved.") == []
    kind, words = st.session_state["said_place"]
    assert kind == "warning"
    assert words.startswith("Not saved yet: write")
    assert journal.read(tmp_path / "written", "note") == []


# --- What single forms ask ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("school", "chair", "is_new"),
    [("birch", "partner", True), ("alder", "nurse", True), ("alder", "partner", False)],
)
def test_nobody_sits_twice_in_one_chair_and_anybody_in_two(
    session, tmp_path, use_home, school, chair, is_new
):
    use_home(tmp_path / "written")
    seated = pd.DataFrame({"school_id": ["alder"], "seat": ["partner"], "name": ["Clinic"]})
    schools = {"alder": "Alder", "birch": "Birch"}
    room = forms.Desk(VIEWER, date(2026, 3, 20), schools=schools, all_schools=schools)
    session |= {"seat_school": school, "token_since": date(2026, 3, 2)}
    session |= dict.fromkeys(("token_partner", "token_name"), "clinic")
    network_forms._save_seat("seat", "token", chair, seated, room)
    seats = [entry.content for entry in journal.read(tmp_path / "written", "seat")]
    assert seats == [records.Seat(school, chair, "clinic", date(2026, 3, 2))] * is_new
    said = "is taken" if is_new else "choose somebody who does not sit there already"
    assert said in session["said_seat"][1]


@pytest.mark.parametrize(
    ("cause", "family", "causes", "is_new", "told"),
    [
        (" Asthma ", None, ["asthma"], False, "Saved: asthma, for Ann."),
        ("Mold", "barriers", ["Mold"], True, "Saved: Mold, for Ann."),
        ("Mold", None, [], True, "Not saved yet: choose the family of the new cause, Mold. "),
        (None, None, [], False, "Not saved yet: choose a cause, or type a new one. "),
    ],
)
def test_what_was_learned_names_the_cause_that_was_typed(
    session, tmp_path, use_home, cause, family, causes, is_new, told
):
    use_home(tmp_path / "written")
    meeting = forms.Desk(VIEWER, date(2026, 3, 20), "2025-26", causes=("asthma",))
    ann = SimpleNamespace(student_id="s1", school_id="alder", student_name="Ann")
    said = {"cause": cause, "family": family, "evidence": "nurse", "confidence": "sure"}
    session |= {f"token_{name}": value for name, value in said.items()}
    session["token_day"] = date(2026, 3, 2)
    students_forms._save_learned("place", "token", [ann], meeting, lambda: None)
    written = journal.read(tmp_path / "written", "learned")
    assert [entry.content.cause for entry in written] == causes
    assert session["said_place"][1].startswith(told)
    assert session["token_new"] == is_new, "the fold that asks for the family is open"


@pytest.mark.parametrize(
    ("day", "begins", "due"),
    [(15, date(2026, 3, 16), date(2026, 5, 11)), (16, date(2026, 3, 23), date(2026, 5, 18))],
    ids=["a Sunday", "a Monday"],
)
def test_a_plan_begins_next_monday_and_is_looked_at_eight_weeks_later(day, begins, due):
    def page(day: int) -> None:
        from datetime import date

        from pages.shared.forms import Desk
        from pages.shared.plans.forms import Beginning, start
        from queries import access

        desk = Desk(access.at_this_machine("names"), date(2026, 3, day), "2025-26")
        about = Beginning(None, "asthma", "all", "a walk", False, "days missed")
        start("token", about, [], desk)

    at = AppTest.from_function(page, args=(day,)).run()
    assert not at.exception
    assert [field.value for field in at.date_input] == [begins, due]
    (aim,) = at.number_input
    assert (aim.min, aim.max) == (0, 100)
