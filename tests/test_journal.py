"""What people wrote is kept: whole, once, in all its versions, whoever else writes or is killed."""

import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import time
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from queries.load import load
from queries.team import archive, journal, looks, records, store, tables
from queries.team.journal import Conflict
from queries.team.records import (
    KINDS,
    Cause,
    Contact,
    Cycle,
    Definition,
    Grant,
    Idea,
    Learned,
    Meeting,
    Member,
    Note,
    Partner,
    Plan,
    Pledge,
    Pride,
    Priority,
    Seat,
    SecondNumber,
    Step,
    Story,
    WrongRecord,
)
from tests.support import writers
from tests.support.exchange import write_folder

# More kills, for a patient machine: ROUNDTABLE_KILLS=300.
KILLS = int(os.environ.get("ROUNDTABLE_KILLS", "12"))
DAY = date(2026, 3, 20)

NOTE = Note("s1", "alder", DAY, "moved in with an aunt")
LEARNED = Learned("s1", "alder", "2025-26", "asthma", "nurse", "sure", DAY)
STEP = Step("s2", "alder", "call the clinic", "ann", DAY)
LATER = date(2026, 6, 12)
PLAN = Plan(
    "alder",
    "2025-26",
    "A walking group",
    "Students with asthma",
    "days missed",
    18,
    12,
    DAY,
    LATER,
    "ann",
    "asthma",
    ("bob",),
    ("Clinic",),
)
ONE_OF_EACH = [
    Cause("no bus", "barriers", "Who could walk with them?"),
    LEARNED,
    NOTE,
    STEP,
    Contact("s1", "alder", "letter", DAY),
    Partner("Clinic", ("asthma", "no bus"), ("Hillside",), (), "555"),
    Seat("alder", "partner", "Clinic", DAY),
    Story("asthma", "alder", "A family told us.", "ann", DAY),
    Idea("A walking group", ("safety",), "Not studied."),
    PLAN,
    Member("s1", "alder", "plan-1"),
    Cycle("alder", "plan-1", DAY, "Ask ten families.", "Asked nine."),
    Meeting("March", DAY, ("alder", "birch"), ("ann",), ("Clinic",), ("not_known",), stop="Lists"),
    Pledge("meeting-1", "Clinic", "A nurse on Mondays", LATER, "days missed on Mondays"),
    Pride("meeting-1", "alder", "Every family was asked.", "ann", DAY),
    Priority("Hillside", "chronic absence", 20, LATER, schools=("alder",), partners=("Clinic",)),
    SecondNumber("2025-26", 139, "The state", DAY, "alder", definition="over_10"),
    Definition("Ours", "2025-26", 10, "percent", 45, "half_day", "The board"),
    Grant("ann@district.test", "admin"),
]

HOSTILE = [
    "'); DROP TABLE entry; --",
    "<script>alert(1)</script><b>$x$ **y** [z](javascript:1)",
    "=HYPERLINK(1)",
    "a\x00b\r\n\tc\x1b[2J\u2028\ufeff",
    "\u202egnp.exe \u200f\u2066",
    '","body":"x"]\\',
    "José 李小龙 👩‍👩‍👧‍👦 e\u0301 \U0010ffff",
    "p" * 10_000,
    "a\ud800b",
    "\udc00\udfff",
]


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def contents(home, kind="note"):
    return [entry.content for entry in journal.read(home, kind)]


# --- Adding -----------------------------------------------------------------------------------


def test_one_of_each_kind_comes_back_as_written(home):
    before = datetime.now(UTC)
    names = journal.add(home, "ann", ONE_OF_EACH)
    assert len(set(names)) == len(ONE_OF_EACH) == len(KINDS)
    for name, record in zip(names, ONE_OF_EACH, strict=True):
        [entry] = journal.read(home, records.kind_of(record))
        assert (entry.who, entry.record, entry.version) == ("ann", name, 1)
        assert entry.content == record
        assert before <= entry.at <= datetime.now(UTC)
        assert journal.history(home, name) == [entry]
    assert [entry.number for entry in journal.everything(home)] == list(range(1, len(KINDS) + 1))


def test_records_are_read_in_the_order_in_which_they_were_added(home):
    first, second = journal.add(home, "ann", [NOTE, replace(NOTE, text="two")])
    journal.change(home, "ann", first, 1, replace(NOTE, text="one, corrected"))
    assert [entry.record for entry in journal.read(home, "note")] == [first, second]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_any_text_comes_back_as_it_was_wherever_it_stands(home, text):
    written = [Note(text, text, DAY, text), Partner(text, (text,), (text, "x"), (), text)]
    names = journal.add(home, text, written, token=text)
    assert [contents(home, kind) for kind in ("note", "partner")] == [[one] for one in written]
    assert journal.add(home, text, written, token=text) == names
    assert journal.change(home, text, names[0], 1, replace(written[0], text=text * 2)) == 2
    assert journal.change(home, text, names[0], 1, replace(written[0], text=text * 2)) == 2
    [_, newest] = journal.history(home, names[0])
    assert newest.content.text == text * 2
    assert newest.who == text.encode("utf-8", "backslashreplace").decode()
    assert journal.forget(home, text) == 2


def test_two_halves_of_a_character_side_by_side_are_one_and_can_be_sent_again(home):
    written = [replace(NOTE, text="\ud83d\ude00")]
    names = journal.add(home, "ann", written, token="form")
    assert contents(home) == [replace(NOTE, text="\U0001f600")]
    assert journal.add(home, "ann", written, token="form") == names


def test_several_records_are_all_written_or_none(home):
    with pytest.raises(WrongRecord):
        journal.add(home, "ann", [NOTE, replace(NOTE, text=" ")])
    cause = Cause("no bus", "barriers")
    with pytest.raises(WrongRecord):
        journal.add(home, "ann", [NOTE, cause, cause])
    assert contents(home) == contents(home, "cause") == []


def test_a_form_that_is_sent_twice_is_written_once(home):
    names = journal.add(home, "ann", [NOTE, STEP], token="form")
    assert journal.add(home, "ann", [NOTE, STEP], token="form") == names
    journal.change(home, "ben", names[0], 1, replace(NOTE, text="other"))
    assert journal.add(home, "ann", [NOTE, STEP], token="form") == names
    assert contents(home) == [replace(NOTE, text="other")]
    journal.change(home, "ben", names[0], 2, None)
    assert journal.add(home, "ann", [NOTE, STEP], token="form") == names
    assert contents(home) == []


@pytest.mark.parametrize(
    ("who", "written"),
    [
        ("ann", [replace(NOTE, text="other"), STEP]),
        ("ann", [NOTE]),
        ("ann", [NOTE, STEP, STEP]),
        ("ann", []),
        ("ann", [STEP, NOTE]),
        ("ben", [NOTE, STEP]),
    ],
)
def test_a_token_is_not_used_for_something_else(home, who, written):
    journal.add(home, "ann", [NOTE, STEP], token="form")
    with pytest.raises(Conflict) as raised:
        journal.add(home, who, written, token="form")
    assert raised.value.theirs.who == "ann"
    assert len(journal.everything(home)) == 2


def test_two_people_do_not_add_a_cause_twice(home):
    [name, _] = journal.add(home, "ann", [Cause("No bus", "barriers"), Cause("work", "barriers")])
    with pytest.raises(WrongRecord, match="ann has already added the cause 'No bus'"):
        journal.add(home, "ben", [Cause(" no BUS", "aversion")])
    assert journal.change(home, "ben", name, 1, Cause("no bus", "aversion")) == 2
    with pytest.raises(WrongRecord, match="already"):
        journal.change(home, "ben", name, 2, Cause("work", "aversion"))
    journal.change(home, "ben", name, 2, None)
    journal.add(home, "ben", [Cause("no bus", "barriers")])


# --- Changing ---------------------------------------------------------------------------------


def test_a_change_keeps_what_was_there_before(home):
    [name] = journal.add(home, "ann", [NOTE])
    other = replace(NOTE, text="with her grandmother")
    assert journal.change(home, "ben", name, 1, other) == 2
    assert journal.change(home, "cem", name, 2, None) == 3
    assert contents(home) == []
    assert journal.change(home, "ann", name, 3, other) == 4
    assert contents(home) == [other]
    assert [(entry.version, entry.who, entry.content) for entry in journal.history(home, name)] == [
        (1, "ann", NOTE),
        (2, "ben", other),
        (3, "cem", None),
        (4, "ann", other),
    ]


def test_of_two_who_change_one_record_both_learn_of_the_other_and_no_word_is_lost(home):
    [name] = journal.add(home, "ann", [NOTE])
    anns, bens = replace(NOTE, text="ann's words"), replace(NOTE, text="ben's words")
    assert journal.change(home, "ann", name, 1, anns) == 2
    with pytest.raises(Conflict, match=r"^ann changed this in the meantime") as raised:
        journal.change(home, "ben", name, 1, bens)
    assert raised.value.theirs.content == anns
    both = replace(NOTE, text="ann's words and ben's")
    theirs = raised.value.theirs.version
    assert journal.change(home, "ben", name, theirs, both) == 3
    with pytest.raises(Conflict, match=r"^ben changed this") as raised:
        journal.change(home, "ann", name, 2, replace(NOTE, text="ann again"))
    assert raised.value.theirs.content == both
    assert [entry.content for entry in journal.history(home, name)] == [NOTE, anns, both]


def test_of_one_who_changes_what_another_removed_both_learn(home):
    [name] = journal.add(home, "ann", [NOTE])
    journal.change(home, "ann", name, 1, None)
    with pytest.raises(Conflict, match=r"^ann removed this"):
        journal.change(home, "ben", name, 1, replace(NOTE, text="ben's words"))


def test_a_change_that_is_sent_twice_is_written_once(home):
    [name] = journal.add(home, "ann", [NOTE])
    other = replace(NOTE, text="other")
    assert [journal.change(home, "ann", name, 1, other) for _ in range(3)] == [2, 2, 2]
    # Also where somebody has changed it further since, and saw this change.
    journal.change(home, "ben", name, 2, replace(NOTE, text="further"))
    assert journal.change(home, "ann", name, 1, other) == 2
    with pytest.raises(Conflict):
        journal.change(home, "ben", name, 1, other)
    assert [journal.change(home, "ann", name, 3, None) for _ in range(2)] == [4, 4]
    assert len(journal.history(home, name)) == 4


@pytest.mark.parametrize("version", [0, 2, -1, 99])
def test_a_change_rests_on_a_version_that_is_there(home, version):
    [name] = journal.add(home, "ann", [NOTE])
    with pytest.raises(Conflict):
        journal.change(home, "ann", name, version, replace(NOTE, text="other"))
    assert contents(home) == [NOTE]


def test_a_record_stays_what_it_is_and_with_its_student(home):
    [name] = journal.add(home, "ann", [NOTE])
    with pytest.raises(WrongRecord, match="note cannot become a step"):
        journal.change(home, "ann", name, 1, STEP)
    with pytest.raises(WrongRecord, match="cannot move to another student"):
        journal.change(home, "ann", name, 1, replace(NOTE, student_id="s2"))
    assert journal.change(home, "ann", name, 1, replace(NOTE, school_id="birch")) == 2


def test_what_was_never_written_cannot_be_changed(home):
    with pytest.raises(KeyError):
        journal.change(home, "ann", "nothing", 1, NOTE)
    assert journal.history(home, "nothing") == []


@pytest.mark.parametrize("who", ["", " \t"])
def test_whoever_writes_is_named(home, who):
    with pytest.raises(WrongRecord, match="Say who"):
        journal.add(home, who, [NOTE])
    with pytest.raises(WrongRecord, match="Say who"):
        journal.change(home, who, "x", 1, NOTE)


def test_an_entry_that_somebody_else_damaged_is_said_to_be_so(home):
    journal.add(home, "ann", [NOTE])
    with store.write(home) as connection:
        connection.execute("UPDATE entry SET body = '{}'")
    with pytest.raises(store.StoreProblem, match="Entry 1 of the team store is not as it was"):
        journal.read(home, "note")


def test_the_state_changes_with_everything_that_is_written_or_forgotten(home):
    states = [journal.state(home)]
    assert not home.exists()
    [name] = journal.add(home, "ann", [NOTE])
    states.append(journal.state(home))
    journal.change(home, "ann", name, 1, None)
    states.append(journal.state(home))
    journal.forget(home, "s1")
    states.append(journal.state(home))
    assert len(set(states)) == 4
    journal.read(home, "note")
    assert journal.state(home) == states[-1]


def test_the_state_of_some_kinds_changes_with_these_alone_and_with_what_concerns_all(home):
    def states():
        return journal.state(home, ["seat", "priority"]), journal.state(home, ["note"])

    [name] = journal.add(home, "ann", [NOTE])
    seats, notes = states()
    journal.change(home, "ann", name, 1, None)
    assert states()[0] == seats
    assert states()[1] != notes
    journal.forget(home, "s1")
    assert states()[0] != seats


def test_a_look_sees_what_other_processes_wrote_and_what_they_put_in_place(home):
    """Although its connection stays open, and the file is whole by itself for who copies it."""

    def elsewhere(program: str) -> None:
        told = f"path = {str(store.path_of(home))!r}\n{program}"
        subprocess.run([sys.executable, "-S", "-c", told], cwd=writers.ROOT, check=True)

    journal.add(home, "ann", [NOTE])
    first = journal.state(home)
    elsewhere("import shutil; shutil.copyfile(path, path + '.copy')")
    elsewhere(
        "from pathlib import Path; from tests.support import writers\n"
        "writers.share(Path(path).parent)"
    )
    assert journal.state(home)[0] == first[0] + len(writers.SHARED)
    elsewhere("import shutil; shutil.copyfile(path + '.copy', path)")
    assert journal.state(home) == first
    elsewhere("import os; os.replace(path + '.copy', path)")
    assert journal.state(home) == first
    elsewhere("open(path, 'wb').write(b'no database' * 99)")
    with pytest.raises(store.StoreProblem, match="It is no database"):
        journal.state(home)


def test_what_a_question_reads_is_known_by_its_words_and_by_its_macros():
    assert tables.read_by("FROM team_plan AS team_ JOIN students") == {"plan"}
    assert tables.read_by("FROM partners_by_cause($schools)") == {"partner", "seat"}
    assert tables.read_by("FROM plan_students($a, $b, $c, $d)") >= {"plan", "member"}
    assert tables.read_by("SELECT partner_name FROM partners") == frozenset()


# --- What a record may say --------------------------------------------------------------------

WRONG = {
    "Note: the text is still empty.": replace(NOTE, text=" \n"),
    "Note: the student is still empty.": replace(NOTE, student_id=None),
    "Note: the text cannot be 5: write text.": replace(NOTE, text=5),
    "Note: the day on which it was written cannot be '20.3.': write a day, such as 2026-03-20.": (
        replace(NOTE, written_on="20.3.")
    ),
    "Note: the day on which it was written cannot be datetime.datetime(2026, 3, 20, 0, 0): write a "
    "day, such as 2026-03-20.": replace(NOTE, written_on=datetime(2026, 3, 20)),
    "Note: the day on which it was written cannot be 0026-03-20: write the year with four digits, "
    "such as 2026.": replace(NOTE, written_on=date(26, 3, 20)),
    "What was learned: how sure that is cannot be 'maybe', not one of sure, likely, a guess.": (
        replace(LEARNED, confidence="maybe")
    ),
    "What was learned: how it is known is still empty.": replace(LEARNED, evidence=""),
    "Next step: who does it is still empty.": replace(STEP, owner=""),
    "Next step: the day on which it is due is still empty.": replace(STEP, due_on=None),
    "Letter, call or visit: which of them is still empty.": Contact("s1", "alder", "", DAY),
    "Partner: the list of causes cannot be 'asthma': write a list of texts.": (
        Partner("Clinic", "asthma")
    ),
    "Partner: the list of schools has an empty line.": Partner("Clinic", schools=("a", "")),
    "Plan: where it stands cannot be 101: write a percent, 0 to 100.": (
        replace(PLAN, from_percent=101)
    ),
    "Plan: where it should go cannot be 12.5: write a whole percent, such as 12.": (
        replace(PLAN, to_percent=12.5)
    ),
    "Plan: the day on which it is due lies after the day on which it begins.": (
        replace(PLAN, due_on=DAY)
    ),
    "Plan: the decision cannot be 'go on', not one of adapt, adopt, abandon.": (
        replace(PLAN, decision="go on")
    ),
    "Pledge: a release needs both who released it and the day.": (
        Pledge("meeting-1", "Clinic", "A nurse", LATER, "asking", released_by="ann")
    ),
    "Story: a release needs both who released it and the day.": (
        Story("asthma", "alder", "A family told us.", "", DAY)
    ),
    f"Cause: the family of causes cannot be '{'x' * 59}…, not one of barriers, aversion, "
    "disengagement, misconceptions.": Cause("no bus", "x" * 10_000),
}


@pytest.mark.parametrize("words", WRONG, ids=lambda words: words[:30])
def test_what_is_wrong_is_said_so_that_it_can_be_put_right(home, words):
    with pytest.raises(WrongRecord) as raised:
        journal.add(home, "ann", [WRONG[words]])
    assert str(raised.value) == words
    assert not home.exists()


CLOSED = {
    "decision": "adopt",
    "learned": "It takes two.",
    "looked_up_to": LATER,
    "ended_on": LATER,
}


@pytest.mark.parametrize("left_out", CLOSED)
def test_a_plan_is_not_closed_without_study_decision_and_what_was_learned(home, left_out):
    journal.add(home, "ann", [replace(PLAN, **CLOSED)])
    kept = {name: value for name, value in CLOSED.items() if name != left_out}
    with pytest.raises(WrongRecord, match="with its measure looked at"):
        journal.add(home, "ann", [replace(PLAN, **kept)])


def test_a_network_has_three_priorities_and_not_four(home):
    def priority(percent, network="Hillside"):
        return Priority(network, "chronic absence", percent, LATER)

    names = journal.add(home, "ann", [priority(20), priority(19), priority(18)])
    with pytest.raises(WrongRecord, match="There are 3 priorities already"):
        journal.add(home, "bob", [priority(17)])
    journal.add(home, "bob", [priority(17, "Another")])
    journal.change(home, "bob", names[0], 1, priority(16))
    journal.change(home, "bob", names[1], 1, None)
    journal.add(home, "bob", [priority(15)])
    assert sorted(one.goal_percent for one in contents(home, "priority")) == [15, 16, 17, 18]


def test_two_people_cannot_add_one_change_idea_twice(home):
    journal.add(home, "ann", [Idea("A walking group")])
    with pytest.raises(WrongRecord, match="ann has already added the idea 'A walking group'"):
        journal.add(home, "bob", [Idea(" a walking Group")])


def test_a_definition_never_rewrites_what_an_earlier_one_said_of_a_year(home):
    ours = Definition("Ours", "2024-25", 10, "percent", 10, "half_day", "The board")
    journal.add(home, "ann", [ours, replace(ours, since="2025-26", threshold=12)])
    for since in ("2023-24", "2024-25", "2025-26"):
        with pytest.raises(WrongRecord, match="from 2025-26 on, and a change never rewrites"):
            journal.add(home, "bob", [replace(ours, label=" OURS", since=since)])
    journal.add(home, "bob", [replace(ours, since="2026-27")])
    for wrong, words in (
        ({"since": "2025-27"}, "cannot be '2025-27': write one such as 2025-26"),
        ({"threshold": 0}, "cannot be 0: write 1 to 100 percent"),
        ({"threshold": 101}, "cannot be 101: write 1 to 100 percent"),
        ({"threshold": 367, "unit": "days"}, "cannot be 367: write a percent or a number of days"),
        ({"unit": "days", "inclusive": False}, "exactly so many count: write one day more"),
        ({"minimum_days": 367}, "cannot be 367: write a number of days, 0 to 366"),
    ):
        with pytest.raises(WrongRecord, match=words):
            journal.add(home, "bob", [replace(ours, label="Other", **wrong)])


def test_every_field_has_a_name_that_people_understand():
    names = {one.name for kind in KINDS.values() for one in fields(kind)}
    assert names == set(records._FIELD_IS_CALLED)
    assert set(KINDS) == set(records._KIND_IS_CALLED)


@pytest.mark.parametrize("record", ONE_OF_EACH, ids=records.kind_of)
def test_what_is_right_is_let_through(record):
    records.check(record)
    assert records.from_text(records.kind_of(record), records.to_text(record)) == record


def test_what_is_no_record_is_not_taken_for_one(home):
    with pytest.raises(TypeError, match="str is no kind of record"):
        journal.add(home, "ann", ["text"])


def test_a_record_of_before_a_field_was_added_is_as_when_it_was_not_said():
    text = records.to_text(STEP).replace(', "state": "open"', "").replace("{", '{"gone": 1, ', 1)
    assert records.from_text("step", text) == STEP


# --- Forgetting -------------------------------------------------------------------------------


def bytes_of(home):
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize("secure_delete", ["ON", "OFF"])
def test_what_is_forgotten_is_in_no_byte_of_the_files(home, monkeypatch, secure_delete):
    # Some builds of SQLite overwrite what is deleted by themselves, others leave it where it was.
    settings = store._prepare

    def prepare(connection, path):
        settings(connection, path)
        connection.execute(f"PRAGMA secure_delete = {secure_delete}")

    monkeypatch.setattr(store, "_prepare", prepare)
    kept = [replace(NOTE, student_id="s2", text=f"kept {number} " * 40) for number in range(200)]
    # Long enough for pages of their own, many enough to move words from page to page.
    words = "zanzibar " * 2000
    for number in range(50):
        about = f"zanzibar-student-{number % 2}"
        [name] = journal.add(home, "ann", [Note(about, "alder", DAY, f"{number} {words}")])
        journal.change(home, "ann", name, 1, Note(about, "alder", DAY, "zanzibar"))
        journal.add(home, "ann", kept[number * 4 : number * 4 + 4])
    looks.record(home, who="x", what="names seen", page="p", filters="", students=1)
    # Somebody has it open, so that closing the last connection does not empty the log.
    with store.opened(home) as other:
        assert other.execute("SELECT count(*) FROM entry").fetchone() == (300,)
        assert b"zanzibar" in bytes_of(home)
        assert journal.forget(home, "zanzibar-student-0") == 50
        assert journal.forget(home, "zanzibar-student-1") == 50
        assert b"zanzibar" not in bytes_of(home)
    assert b"zanzibar" not in bytes_of(home)
    assert contents(home) == kept
    assert looks.verify(home) == []


def test_that_something_was_written_and_by_whom_stays(home):
    [name, _] = journal.add(home, "ann", [NOTE, STEP])
    journal.change(home, "ben", name, 1, None)
    assert journal.forget(home, "s1") == 2
    found = [(entry.who, entry.content, entry.forgotten) for entry in journal.history(home, name)]
    assert found == [("ann", None, True), ("ben", None, True)]
    assert contents(home, "step") == [STEP]
    assert journal.forget(home, "s1") == 0


def test_a_form_that_was_open_does_not_bring_back_what_is_forgotten(home):
    [name] = journal.add(home, "ann", [NOTE], token="form")
    journal.forget(home, "s1")
    with pytest.raises(Conflict, match="erased on request"):
        journal.change(home, "ben", name, 1, replace(NOTE, text="an aunt, as we know"))
    assert journal.add(home, "ann", [NOTE], token="form") == [name]
    assert b"aunt" not in bytes_of(home)


def test_nothing_is_forgotten_where_nothing_was_written(home):
    assert journal.forget(home, "s1") == 0
    assert not home.exists()


def test_forgetting_says_when_a_reader_keeps_the_words_and_can_be_finished(home, monkeypatch):
    journal.add(home, "ann", [NOTE])
    monkeypatch.setattr(store, "WAIT_SECONDS", 0.05)
    with store.opened(home) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entry").fetchone()
        with pytest.raises(store.StoreProblem, match=r"still hold them.*forget again"):
            journal.forget(home, "s1")
        assert contents(home) == []
        reader.execute("COMMIT")
        assert journal.forget(home, "s1") == 0
        assert b"aunt" not in bytes_of(home)


# --- Whatever is loaded, and whatever version made it -----------------------------------------


@pytest.mark.slow
def test_a_generation_without_a_student_loses_nothing_that_was_written(tmp_path, home):
    load(write_folder(tmp_path / "first"), home, share_view=False)
    ann = replace(NOTE, student_id="ann")
    [name] = journal.add(home, "ann", [ann])
    before = journal.everything(home)
    only_ben = {"students": [{"student_id": "ben"}], "enrollments": [{"student_id": "ben"}]}
    load(write_folder(tmp_path / "second", **only_ben, attendance=[{"student_id": "ben"}]), home)
    assert journal.everything(home) == before
    assert journal.change(home, "ann", name, 1, replace(ann, text="left for Ohio")) == 2
    load(write_folder(tmp_path / "third"), home, share_view=False)
    assert contents(home) == [replace(ann, text="left for Ohio")]


def test_a_store_of_the_first_version_keeps_its_looks_and_takes_records(home, monkeypatch):
    look = {"who": "ann", "what": "names seen", "page": "p", "filters": "", "students": 1}
    with monkeypatch.context() as earlier:
        earlier.setattr(store, "MIGRATIONS", store.MIGRATIONS[:1])
        for _ in range(3):
            looks.record(home, **look)
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert journal.state(home) == (0, "", 0)
    journal.add(home, "ann", [NOTE])
    assert contents(home) == [NOTE]
    assert len(looks.looks(home)) == 3
    assert looks.verify(home) == []


# --- What somebody else did to it shows -------------------------------------------------------


def written_in_two_places(home):
    """Six entries of two records, and one that says that three of them were forgotten."""
    for number in range(3):
        about = replace(NOTE, student_id=f"s{number % 2}")
        [name] = journal.add(home, "ann", [about], token=f"t{number}")
        journal.change(home, "ben", name, 1, replace(about, text=f"version {number}"))
    journal.forget(home, "s1")
    assert journal.verify(home) == []


def tamper(home, *statements):
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


EMPTIED = "UPDATE entry SET body = NULL, student_id = NULL, salt = NULL, forgotten = 1"
COPIED = (
    "INSERT INTO entry SELECT {}, at, who, kind, record, 9, student_id, body, forgotten, salt, "
    "sealed, hash FROM entry WHERE number = 2"
)
TAMPERED = {
    "time": ("UPDATE entry SET at = '2026-01-01T00:00:00+00:00' WHERE number = 2", "Entry 2 is"),
    "writer": ("UPDATE entry SET who = 'bob' WHERE number = 2", "Entry 2 is not as it was"),
    "writer of what is forgotten": ("UPDATE entry SET who = 'x' WHERE number = 3", "Entry 3 is"),
    "kind": ("UPDATE entry SET kind = 'story' WHERE number = 2", "Entry 2 is not as it was"),
    "record": ("UPDATE entry SET record = 'x' WHERE number = 2", "Entry 2 is not as it was"),
    "version": ("UPDATE entry SET version = 7 WHERE number = 2", "Entry 2 is not as it was"),
    "words": (
        "UPDATE entry SET body = replace(body, 'version', 'x') WHERE number = 2",
        "The words of entry 2",
    ),
    "student": ("UPDATE entry SET student_id = 's9' WHERE number = 2", "The words of entry 2"),
    "removed by hand": ("UPDATE entry SET body = NULL WHERE number = 2", "The words of entry 2"),
    "salt": ("UPDATE entry SET salt = NULL WHERE number = 2", "The words of entry 2"),
    "seal": ("UPDATE entry SET sealed = 'x' WHERE number = 2", "Entry 2 is not as it was"),
    "hash": ("UPDATE entry SET hash = 'x' WHERE number = 2", "Entry 2 is not as it was"),
    "no hash": ("UPDATE entry SET hash = NULL WHERE number = 2", "Entry 2 is not as it was"),
    "emptied": (f"{EMPTIED} WHERE number = 2", "Entry 2 was emptied, and no entry says"),
    "emptied without a seal": (f"{EMPTIED}, sealed = '' WHERE number = 2", "Entry 2 is not as"),
    "not forgotten": ("UPDATE entry SET forgotten = 0 WHERE number = 3", "words of entry 3"),
    "forgotten list": ("UPDATE entry SET body = '[2]' WHERE number = 7", "The words of entry 7"),
    "first dropped": ("DELETE FROM entry WHERE number = 1", "Entry 1 is missing before entry 2"),
    "dropped": ("DELETE FROM entry WHERE number IN (2, 3)", "Entries 2 to 3 are missing before"),
    "last dropped": ("DELETE FROM entry WHERE number = 7", "Entry 7 is missing at the end"),
    "all dropped": ("DELETE FROM entry", "Entries 1 to 7 are missing at the end"),
    "inserted at the end": (COPIED.format(8), "added past journal.head"),
    "inserted in front": (COPIED.format(0), "Entry 0 was added"),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_an_entry_that_was_changed_dropped_or_inserted_shows_now_and_later(home, kind):
    statement, words = TAMPERED[kind]
    written_in_two_places(home)
    tamper(home, statement)
    assert words in " ".join(journal.verify(home))
    for _ in range(2):
        journal.add(home, "ann", [STEP])
    assert journal.verify(home) != []


def test_a_lost_head_and_a_lost_table_show(home):
    written_in_two_places(home)
    (home / "journal.head").unlink()
    assert "journal.head is missing" in " ".join(journal.verify(home))
    journal.add(home, "ann", [STEP])
    [sentence] = journal.verify(home)
    assert sentence.startswith("When entry 9 was written, this was found: The file journal.head")
    tamper(home, "DROP TABLE entry")
    assert "cannot be checked" in journal.verify(home)[0]


def test_what_was_written_before_there_was_a_chain_is_chained_and_verified(home, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(store, "MIGRATIONS", store.MIGRATIONS[:2])
        with store.write(home) as connection:
            for number, student in enumerate(("s1", "s2", None), 1):
                about = student and replace(NOTE, student_id=student)
                connection.execute(
                    """
                    INSERT INTO entry
                        (at, who, kind, record, version, student_id, body, forgotten)
                    VALUES ('2026-03-20T08:00:00+00:00', 'ann', 'note', ?, 1, ?, ?, ?)
                    """,
                    (f"r{number}", student, about and records.to_text(about), student is None),
                )
    assert contents(home) == [replace(NOTE, student_id=name) for name in ("s1", "s2")]
    assert journal.verify(home) == []
    tamper(home, "UPDATE entry SET who = 'bob' WHERE number = 2")
    assert "Entry 2 is not as it was written" in " ".join(journal.verify(home))
    tamper(
        home, "UPDATE entry SET who = 'ann' WHERE number = 2", "DELETE FROM entry WHERE number = 3"
    )
    assert journal.verify(home) == ["Entry 3 is missing at the end."]


# --- Several at once, and killed --------------------------------------------------------------


@pytest.mark.slow
def test_what_was_acknowledged_outlives_kills_once_and_whole_and_so_it_does_in_a_backup(
    tmp_path, home
):
    chance = random.Random(20261122)
    writers.share(home)
    backups = []
    with writers.Writers(home, tmp_path / "said") as working:
        for name in writers.NAMES:
            working.start(name)
        for number in range(KILLS):
            time.sleep(chance.uniform(0.02, 0.4))
            name = chance.choice(writers.NAMES)
            working.kill(name)
            working.start(name)
            if number in (KILLS // 4, KILLS // 2, KILLS - 1):
                before = working.said()
                backups.append((before, archive.backup(home, tmp_path / "backups")))
        for name in writers.NAMES:
            working.kill(name)
        said = working.said()
    written = writers.check(home, said, said)
    assert written > KILLS
    assert all(said[what] for what in ("added", "changed", "looked"))
    for number, (before, backup) in enumerate(backups):
        restored = tmp_path / f"restored {number}"
        archive.restore(restored, backup)
        writers.check(restored, before, said)
