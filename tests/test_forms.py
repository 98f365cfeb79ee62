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
from pages.shared.data import forms as data_forms
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


ANN, BEN = (
    SimpleNamespace(student_id=f"s{number}", school_id="alder", student_name=name)
    for number, name in ((1, "Ann"), (2, "Ben"))
)
DUE = date(2026, 3, 27)


@pytest.fixture
def saved(session, tmp_path, use_home):
    """saved(students, place, **fields): fill the one form of the students page and save it."""
    use_home(tmp_path / "written")
    meeting = forms.Desk(VIEWER, date(2026, 3, 20), "2025-26", causes=("asthma",))

    def save(students=(ANN,), place="place", next_one=None, **fields):
        usual = {"confidence": "likely", "day": date(2026, 3, 2), "due": DUE}
        token = forms.token(place)
        session.update({f"{token}_{name}": value for name, value in (usual | fields).items()})
        students_forms._write(place, token, list(students), meeting, next_one)
        return token

    save.desk = meeting
    save.read = lambda kind: [one.content for one in journal.read(tmp_path / "written", kind)]
    return save


def told() -> str:
    """What the page answers."""
    kept = st.session_state.get("just_saved")
    return kept.said if kept else st.session_state["said_place"][1]


@pytest.mark.parametrize(
    ("cause", "family", "causes", "is_new", "words"),
    [
        (" Asthma ", None, ["asthma"], False, "Saved: asthma, for Ann."),
        ("Mold", "barriers", ["Mold"], True, "Saved: Mold, for Ann."),
        ("Mold", None, [], True, "Not saved yet: choose the family of the new cause, Mold. "),
        (None, None, [], False, "Not saved yet: choose a cause, say a next step, or write a note"),
    ],
)
def test_what_was_learned_names_the_cause_that_was_typed(
    saved, session, cause, family, causes, is_new, words
):
    token = saved(cause=cause, family=family, evidence="nurse", confidence="sure")
    assert [one.cause for one in saved.read("learned")] == causes
    assert told().startswith(words)
    assert session[f"{token}_new"] == is_new, "the fold that asks for the family is open"


@pytest.mark.parametrize(
    ("fields", "kinds", "words"),
    [
        ({"cause": "asthma"}, ["learned"], "Saved: asthma, for Ann."),
        ({"note": "Likes it."}, ["note"], "Saved: a note, for Ann."),
        ({"what": "Call"}, ["step"], "Saved: ann by March 27, 2026, for Ann."),
        (
            {"cause": "asthma", "note": "Heard.", "what": "Call", "owner": "Kim"},
            ["learned", "step"],
            "Saved: asthma; Kim by March 27, 2026, for Ann.",
        ),
        (
            {"note": "Heard.", "what": "Call"},
            ["note", "step"],
            "Saved: a note; ann by March 27, 2026, for Ann.",
        ),
        ({"owner": "Kim"}, [], "Not saved yet: choose a cause, say a next step, or write a note, "),
        ({"note": "x", "owner": "Kim"}, [], "Not saved yet: say what will be done. "),
        ({"what": "Call", "due": None}, [], "Not saved yet: say by when. "),
        ({"cause": "asthma", "day": None}, [], "Not saved yet: say on which day it was learned. "),
    ],
)
def test_one_form_holds_a_cause_a_step_or_a_note(saved, fields, kinds, words):
    saved(**fields)
    assert [kind for kind in ("learned", "note", "step") if saved.read(kind)] == kinds
    assert told().startswith(words)


def test_what_nobody_says_is_said_least_and_a_step_is_ones_own(saved):
    saved(cause="asthma", what="Call")
    (learned,), (step,) = saved.read("learned"), saved.read("step")
    assert (learned.evidence, learned.confidence) == ("inferred", "likely")
    assert (step.owner, step.due_on) == ("ann", DUE)


def test_a_second_click_writes_nothing_again(saved):
    token = saved(cause="asthma", what="Call", next_one="s2")
    students_forms._write("place", token, [ANN], saved.desk, "s2")
    assert (len(saved.read("learned")), len(saved.read("step"))) == (1, 1)
    assert st.session_state["student"] == "s2"


def test_what_was_just_saved_is_taken_back_and_stands_in_the_form_again(saved, session, tmp_path):
    session["student"] = "s1"
    session["ticks"] = (3, ["s1", "s2"])
    saved((ANN, BEN), students_forms.TOGETHER, cause="asthma", what="Call", note="Heard.")
    assert session["ticks"] == (4, [])
    assert (len(saved.read("learned")), len(saved.read("step"))) == (2, 2)
    students_forms._undo(session["just_saved"], saved.desk)
    assert saved.read("learned") == saved.read("step") == []
    assert len(journal.everything(tmp_path / "written")) == 8, "every version is kept"
    token = forms.token(students_forms.TOGETHER)
    assert [forms.words(token, name) for name in ("cause", "what", "note")] == [
        "asthma",
        "Call",
        "Heard.",
    ]
    assert session["ticks"] == (5, ["s1", "s2"])
    assert "just_saved" not in session


def test_what_somebody_changed_meanwhile_is_not_taken_back(saved, session):
    saved((ANN, BEN), cause="asthma", note="Heard.")
    first, _ = session["just_saved"].names
    team.change(VIEWER, "bob", first, 1, replace(team.entry(first).content, note="His."))
    students_forms._undo(session["just_saved"], saved.desk)
    assert [(one.student_id, one.note) for one in saved.read("learned")] == [("s1", "His.")]
    assert "bob changed some of it meanwhile" in session["said_undo"][1]


def test_a_number_from_elsewhere_is_written_by_staff_and_taken_back(session, tmp_path, use_home):
    """Of the school of the page; what is not typed yet is asked for, and nothing is lost."""
    use_home(tmp_path / "written")
    staff = access.at_this_machine("school")
    token = forms.token(data_forms.PLACE)
    typed = {"number": 139, "from_whom": " The state ", "definition": "over_10", "stands_on": DUE}
    session.update({f"{token}_{name}": value for name, value in typed.items()})
    session[f"{token}_number"] = None
    data_forms._save(token, staff, "2025-26", {"school_id": "alder"})
    assert "write the number" in st.session_state[f"said_{data_forms.PLACE}"][1]
    session[f"{token}_number"] = 139
    for _ in range(2):
        data_forms._save(token, staff, "2025-26", {"school_id": "alder"})
    (entry,) = journal.read(tmp_path / "written", "second_number")
    assert entry.content == records.SecondNumber(
        "2025-26", 139, "The state", DUE, "alder", definition="over_10"
    )
    row, form = SimpleNamespace(record=entry.record, version=1), f"number_{entry.record}"
    forms.begin(form, 1, {"gone": True})
    data_forms._take_back(form, data_forms.PLACE, row, "", staff)
    assert journal.read(tmp_path / "written", "second_number") == []


def test_a_definition_is_written_by_an_admin_and_taken_back(session, tmp_path, use_home):
    use_home(tmp_path / "written")
    staff = access.at_this_machine("school")
    token = forms.token(data_forms.DEFINITION)
    typed = {"label": " Ours ", "since": "2025-26", "threshold": 15, "minimum_days": None}
    typed |= {"missed": "days, or more", "days": "parts, which add up", "source": "The board"}
    session.update({f"{token}_{name}": value for name, value in typed.items()})
    said = f"said_{data_forms.DEFINITION}"
    data_forms._save_definition(token, staff)
    assert "say for how many days somebody must be enrolled" in st.session_state[said][1]
    session[f"{token}_minimum_days"] = 45
    for _ in range(2):
        data_forms._save_definition(token, staff)
    assert "counts from 2025-26 on" in st.session_state[said][1]
    (entry,) = journal.read(tmp_path / "written", "definition")
    ours = records.Definition("Ours", "2025-26", 15, "days", 45, "fraction", "The board")
    assert (entry.content, entry.who) == (ours, "ann")
    again = forms.token(data_forms.DEFINITION)
    session.update({f"{again}_{name}": value for name, value in typed.items()})
    session |= {f"{again}_since": "2024-25", f"{again}_minimum_days": 45}
    data_forms._save_definition(again, staff)
    assert "a change never rewrites what a year said" in st.session_state[said][1]
    row, form = SimpleNamespace(record=entry.record, version=1), f"definition_{entry.record}"
    forms.begin(form, 1, {"gone": True})
    data_forms._take_back(form, data_forms.DEFINITION, row, "", staff)
    assert journal.read(tmp_path / "written", "definition") == []


def test_a_list_of_theirs_stays_with_its_number_or_says_what_is_wrong_with_it(session):
    number = SimpleNamespace(record="r1", from_whom="The state")
    given = SimpleNamespace(name="their.csv", getvalue=lambda: b"student_id\nann\n")
    session["given_list_of_r1"] = given
    data_forms._read_list("list_of_r1")
    assert '"ann"' in data_forms.list_of(number)
    assert data_forms.list_of(SimpleNamespace(record=None, from_whom="The city")) is None
    given.getvalue = lambda: b"id\nann\n"
    data_forms._read_list("list_of_r1")
    assert data_forms.list_of(number) is None
    assert "their.csv, line 1" in session["said_list_of_r1"][1]


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
