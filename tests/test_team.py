"""The team store keeps what was acknowledged; the record of looks shows whatever was done to it."""

import contextlib
import inspect
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from queries.team import archive, chain, hashing, journal, looks, store
from queries.team.records import Cause

ROOT = Path(__file__).parent.parent
# More kills, for a patient machine: ROUNDTABLE_KILLS=500.
KILLS = int(os.environ.get("ROUNDTABLE_KILLS", "8"))

LOOK = {"who": "alice@school.org", "what": "names seen", "page": "students"}

# Every child waits for a line that says when to begin, so that several begin at once.
BEGINNING = """
import os, signal, sys, time
from pathlib import Path
from queries.team import looks, store
home, argument = Path(sys.argv[1]), sys.argv[2]
def look(page):
    looks.record(home, who="bob@school.org", what="names seen", page=page, filters="", students=1)
print("ready", flush=True)
begin = float(sys.stdin.readline())
"""
RECORDS = """
for number in range(1, 100_000 if argument == "for ever" else 21):
    look(f"{argument} {number}")
    print(number, flush=True)
"""
OPENS = """
for number in range(20):
    time.sleep(max(0, begin + number * 0.03 - time.time()))
    with store.opened(home / str(number)) as connection:
        connection.execute("SELECT count(*) FROM look").fetchall()
"""
# Dies just before its n-th step: files that it opens, files that it renames.
DIES_AT_A_STEP = """
left = int(argument)
def step(event, details):
    global left
    is_step = event in ("open", "os.rename", "sqlite3.connect")
    left -= is_step
    if is_step and left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
look(argument)
"""


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@contextlib.contextmanager
def elsewhere(program, home, argument=""):
    """A program in a process of its own, which begins with `go`.

    The team store needs the standard library alone, and without packages (-S) Python starts fast.
    """
    command = [sys.executable, "-S", "-c", BEGINNING + program, str(home), argument]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        assert process.stdout.readline() == b"ready\n"
        yield process


def go(*processes):
    begin = time.time() + 0.01 * len(processes)
    for process in processes:
        process.stdin.write(f"{begin}\n".encode())
        process.stdin.flush()


def record(home, number=1, **changed):
    given = {**LOOK, "filters": "school=Maple; grade=5", "students": number, **changed}
    looks.record(home, **given)


def record_six(home):
    for number in range(1, 7):
        record(home, number)
    assert looks.verify(home) == []


def tamper(home, *statements):
    """Write into the file as somebody would who knows SQLite."""
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection:
        for trigger in ("look_is_not_changed", "look_is_not_deleted", "look_comes_last"):
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def rows_of(home):
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection:
        return connection.execute("SELECT * FROM look ORDER BY number").fetchall()


# --- The store --------------------------------------------------------------------------------


def test_a_connection_is_safe_to_write_with(home):
    with store.opened(home) as connection:
        for setting, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}.items():
            assert connection.execute(f"PRAGMA {setting}").fetchone() == (value,)
    assert [path.name for path in home.iterdir()] == ["team.sqlite"]


def test_a_write_is_whole_or_not_at_all(home, monkeypatch):
    monkeypatch.setattr(store, "MIGRATIONS", (*store.MIGRATIONS, ("CREATE TABLE word (word)",)))
    with store.write(home) as connection:
        connection.execute("INSERT INTO word VALUES ('kept')")
    with pytest.raises(KeyError), store.write(home) as connection:
        connection.execute("INSERT INTO word VALUES ('lost')")
        raise KeyError
    with store.opened(home) as connection:
        assert connection.execute("SELECT word FROM word").fetchall() == [("kept",)]


def test_a_store_of_the_version_before_is_brought_forward_whole_or_not_at_all(home, monkeypatch):
    record_six(home)
    before = store.MIGRATIONS
    added = ("CREATE TABLE word (word)", "INSERT INTO word SELECT page FROM look")
    monkeypatch.setattr(store, "MIGRATIONS", (*before, (*added, "no SQL")))
    with pytest.raises(sqlite3.OperationalError, match="syntax"), store.opened(home):
        pass
    monkeypatch.setattr(store, "MIGRATIONS", (*before, added))
    for _ in range(2):
        with store.opened(home) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (len(before) + 1,)
            assert connection.execute("SELECT count(*) FROM word").fetchone() == (6,)
    assert looks.verify(home) == []


def test_several_processes_open_fresh_homes_at_once(home):
    with contextlib.ExitStack() as stack:
        processes = [stack.enter_context(elsewhere(OPENS, home)) for _ in range(4)]
        go(*processes)
        assert [process.wait(60) for process in processes] == [0, 0, 0, 0]
    for number in range(20):
        with store.opened(home / str(number)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()
        assert version == (len(store.MIGRATIONS),)


def test_a_store_of_a_newer_version_is_refused_and_not_touched(home):
    record_six(home)
    tamper(home, "PRAGMA user_version = 99")
    before = store.path_of(home).read_bytes()
    with pytest.raises(store.StoreProblem, match=r"version 99.*Use the newer"), store.opened(home):
        pass
    with pytest.raises(store.StoreProblem, match="version 99"):
        record(home)
    assert "version 99" in looks.verify(home)[0]
    assert store.path_of(home).read_bytes() == before


def damage(path):
    """All pages but the first are overwritten."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xaa" * (len(whole) - 4096))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: path.write_bytes(b"this is no database " * 500), "no database"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "damaged"),
        (damage, "damaged"),
        (lambda path: (path.unlink(), path.mkdir()), "Allow the user"),
    ],
)
def test_a_file_that_is_no_whole_database_is_said_to_be_so(home, harm, words):
    record(home, page="p" * 10_000)
    harm(store.path_of(home))
    with pytest.raises(store.StoreProblem, match=words):
        looks.looks(home)
    with pytest.raises(store.StoreProblem, match=words):
        record(home)
    assert words in looks.verify(home)[0]


def test_a_home_that_cannot_be_made_is_said_to_be_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(store.StoreProblem, match="cannot be made"):
        record(tmp_path / "file" / "home")


def test_a_store_that_stays_locked_is_said_to_be_so(home, monkeypatch):
    record(home)
    monkeypatch.setattr(store, "WAIT_SECONDS", 0.05)
    with store.write(home):
        with pytest.raises(store.StoreProblem, match="keeps it locked"):
            record(home)
        # Between the steps of a record being written, head and store may be read only together.
        assert "keeps it locked" in looks.verify(home)[0]
    assert len(looks.looks(home)) == 1
    assert looks.verify(home) == []


# --- The record of looks ----------------------------------------------------------------------


def test_where_nobody_looked_there_is_nothing_to_say_and_nothing_is_made(home):
    assert looks.looks(home) == []
    assert looks.verify(home) == []
    assert not home.exists()
    with store.opened(home):
        pass
    assert looks.verify(home) == []


def test_looks_are_kept_in_order_with_the_time_of_writing(home):
    before = datetime.now(UTC)
    record(home, students=12)
    record(home, who="the person at this machine", what="file taken", students=None)
    first, second = looks.looks(home)
    assert before <= first.at <= second.at <= datetime.now(UTC)
    where = {"page": "students", "filters": "school=Maple; grade=5"}
    assert first == looks.Look(first.at, "alice@school.org", "names seen", **where, students=12)
    you = "the person at this machine"
    assert second == looks.Look(second.at, you, "file taken", **where, students=None)
    assert looks.verify(home) == []


def test_who_writes_goes_on_reading_by_the_same_connection_and_sees_what_was_written(home):
    looks.record(home, **LOOK, filters="", students=1)
    journal.state(home)
    reading = store._kept[1]
    looks.record(home, **LOOK, filters="", students=2)
    assert store.look(home, "SELECT max(students) FROM look", {}) == [(2,)]
    assert store._kept[1] is reading


@pytest.mark.parametrize("wrong", [{"what": "looked"}, {"who": " "}, {"students": -1}])
def test_what_is_no_look_is_refused(home, wrong):
    with pytest.raises(ValueError, match=r"none of|needs somebody|cannot be seen"):
        record(home, **wrong)
    assert looks.looks(home) == []


HOSTILE = [
    "'); DROP TABLE look; --",
    "a\x00b\r\n\tc\x1b[2J\u2028\ufeff",
    '","what":"x"]\\',
    "=HYPERLINK(1)<script>$x$</script>",
    "José 李小龙 👩‍👩‍👧‍👦 e\u0301 \U0010ffff",
    "p" * 10_000,
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_comes_back_as_it_was(home, text):
    record(home, who=f"x{text}", page=text, filters=text)
    record(home)
    first = looks.looks(home)[0]
    assert (first.who, first.page, first.filters) == (f"x{text}", text, text)
    assert looks.verify(home) == []


def test_half_a_character_is_kept_as_its_escape(home):
    record(home, page="a\ud800b")
    assert looks.looks(home)[0].page == r"a\ud800b"
    assert looks.verify(home) == []


def test_the_store_itself_refuses_to_change_delete_or_replace_a_look(home):
    record_six(home)
    for statement in (
        "UPDATE look SET who = 'bob' WHERE number = 3",
        "DELETE FROM look WHERE number = 3",
        "INSERT OR REPLACE INTO look SELECT 3, at, who, what, 'x', filters, 1, '', hash FROM look",
        "INSERT INTO look SELECT 9, at, who, what, page, filters, 1, '', hash FROM look LIMIT 1",
    ):
        with (
            pytest.raises(sqlite3.IntegrityError, match="a look"),
            store.write(home) as connection,
        ):
            connection.execute(statement)
    assert looks.verify(home) == []


# --- Tampering --------------------------------------------------------------------------------

INSERT = "INSERT INTO look SELECT {}, at, who, what, page, filters, students, '', hash FROM look"
MAKE_ROOM = (
    "UPDATE look SET number = -number WHERE number > 2",
    "UPDATE look SET number = 1 - number WHERE number < 0",
)
SWAP = (
    "UPDATE look SET number = -2 WHERE number = 2",
    "UPDATE look SET number = 2 WHERE number = 3",
    "UPDATE look SET number = 3 WHERE number = -2",
)
SWAP_CONTENTS = (
    "CREATE TABLE kept AS SELECT * FROM look",
    "UPDATE look SET students = (SELECT students FROM kept WHERE number = 5 - look.number),"
    " at = (SELECT at FROM kept WHERE number = 5 - look.number) WHERE number IN (2, 3)",
    "DROP TABLE kept",
)
TAMPERED = {
    "time": (["UPDATE look SET at = '2026-01-01T00:00:00+00:00' WHERE number = 3"], "Record 3 is"),
    "who": (["UPDATE look SET who = 'bob' WHERE number = 3"], "Record 3 is not as"),
    "what": (["UPDATE look SET what = 'file taken' WHERE number = 3"], "Record 3 is not as"),
    "page": (["UPDATE look SET page = '' WHERE number = 3"], "Record 3 is not as"),
    "filters": (["UPDATE look SET filters = page, page = filters WHERE number = 3"], "Record 3 is"),
    "filters and page": (
        ["UPDATE look SET page = 'student', filters = 's' || filters WHERE number = 3"],
        "Record 3 is not as",
    ),
    "students": (["UPDATE look SET students = 4 WHERE number = 3"], "Record 3 is not as"),
    "no students": (["UPDATE look SET students = NULL WHERE number = 6"], "Record 6 is not as"),
    "note": (["UPDATE look SET found_wrong = 'x' WHERE number = 3"], "Record 3 is not as"),
    "hash": (["UPDATE look SET hash = 'x' WHERE number = 3"], "Record 3 is not as"),
    "hash of the newest": (["UPDATE look SET hash = 'x' WHERE number = 6"], "Record 6, the newest"),
    "not text": (
        ["UPDATE look SET page = CAST(x'ff' AS TEXT) WHERE number = 3"],
        "Record 3 is not as",
    ),
    "bytes": (
        [
            "PRAGMA ignore_check_constraints = ON",
            "UPDATE look SET page = CAST(page AS BLOB) WHERE number = 3",
        ],
        "Record 3 is not as",
    ),
    "start removed": (["DELETE FROM look WHERE number = 1"], "Record 1 is missing before record 2"),
    "middle removed": (["DELETE FROM look WHERE number IN (3, 4)"], "Records 3 to 4 are missing"),
    "end removed": (["DELETE FROM look WHERE number = 6"], "Record 6 is missing at the end"),
    "all removed": (["DELETE FROM look"], "Records 1 to 6 are missing at the end"),
    "removed and closed up": (
        [
            "DELETE FROM look WHERE number = 3",
            "UPDATE look SET number = number - 1 WHERE number > 3",
        ],
        "Record 3 is not as",
    ),
    "swapped": (SWAP, "Record 2 is not as"),
    "contents swapped": (SWAP_CONTENTS, "Record 2 is not as"),
    "inserted": (
        [*MAKE_ROOM, INSERT.format(3) + " WHERE number = 2"],
        "Record 3 is not as",
    ),
    "added": ([INSERT.format(7) + " WHERE number = 6"], "after record 6 were added"),
    "added in front": ([INSERT.format(0) + " WHERE number = 1"], "Record 0 was added"),
    "table gone": (["DROP TABLE look"], "cannot be checked"),
    "table of another kind": (
        ["DROP TABLE look", "CREATE TABLE look (number INTEGER PRIMARY KEY, hash)"],
        "cannot be checked",
    ),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_tampering_with_the_table_shows(home, kind):
    statements, words = TAMPERED[kind]
    record_six(home)
    tamper(home, *statements)
    assert words in " ".join(looks.verify(home))


@pytest.mark.parametrize("kind", sorted(set(TAMPERED) - {"table gone", "table of another kind"}))
def test_what_was_tampered_with_still_shows_after_the_next_looks(home, kind):
    record_six(home)
    tamper(home, *TAMPERED[kind][0])
    for _ in range(2):
        record(home)
    assert looks.verify(home) != []


def chained_anew(home, first):
    """Compute all hashes from a record on, as somebody would who knows this program."""
    links = [hashing.START] + [hashing.Link(number, kept) for number, *_, kept in rows_of(home)]
    statements = []
    for number, *fields, _ in rows_of(home)[first - 1 :]:
        links[number] = hashing.Link(number, hashing.hash_of(links[number - 1], number, fields))
        statements.append(f"UPDATE look SET hash = '{links[number].hash}' WHERE number = {number}")
    tamper(home, *statements)


@pytest.mark.parametrize("kind", ["who", "swapped", "inserted", "removed and closed up", "added"])
def test_tampering_shows_by_the_head_when_all_hashes_are_computed_anew(home, kind):
    record_six(home)
    tamper(home, *TAMPERED[kind][0])
    chained_anew(home, 2)
    [sentence] = looks.verify(home)
    assert "looks.head" in sentence or "missing at the end" in sentence
    record(home)
    [sentence] = looks.verify(home)
    assert "When record" in sentence


def test_one_changed_record_is_named_alone(home):
    record_six(home)
    tamper(home, *TAMPERED["who"][0])
    [sentence] = looks.verify(home)
    assert sentence.startswith("Record 3 is not as it was written")


def head_of(home):
    return home / "looks.head"


def earlier(path):
    number, kept = path.read_text().split()
    path.write_text(f"{int(number) - 1} {kept}\n")


HARM_TO_FILES = {
    "store deleted": (lambda home: store.path_of(home).unlink(), "Records 1 to 6 are missing"),
    "store emptied": (lambda home: store.path_of(home).write_bytes(b""), "Records 1 to 6 are"),
    "head deleted": (lambda home: head_of(home).unlink(), "looks.head is missing"),
    "head emptied": (lambda home: head_of(home).write_text(""), "looks.head is not as"),
    "head no text": (lambda home: head_of(home).write_bytes(b"\xff"), "looks.head is not as"),
    "head a folder": (
        lambda home: (head_of(home).unlink(), head_of(home).mkdir()),
        "looks.head cannot be read",
    ),
    "head of another": (
        lambda home: head_of(home).write_text(f"6 {'a' * 64}\n"),
        "Record 6, the newest, is not the one",
    ),
    "head earlier": (lambda home: earlier(head_of(home)), "after record 5 were added"),
    "head and end": (
        lambda home: (head_of(home).unlink(), tamper(home, "DELETE FROM look WHERE number > 4")),
        "looks.head is missing",
    ),
}


@pytest.mark.parametrize("kind", HARM_TO_FILES)
def test_tampering_with_the_files_shows_now_and_after_the_next_look(home, kind):
    harm, words = HARM_TO_FILES[kind]
    record_six(home)
    harm(home)
    assert words in " ".join(looks.verify(home))
    if kind == "head a folder":
        with pytest.raises(store.StoreProblem, match="cannot be read"):
            record(home)
    else:
        for _ in range(2):
            record(home)
        [sentence] = looks.verify(home)
        assert sentence.startswith("When record")
        assert words in sentence


def test_an_earlier_copy_of_the_store_shows(home, tmp_path):
    record_six(home)
    shutil.copy(store.path_of(home), tmp_path / "copy")
    record(home)
    shutil.copy(tmp_path / "copy", store.path_of(home))
    assert looks.verify(home) == ["Record 7 is missing at the end."]


def test_a_look_whose_time_cannot_be_read_is_said_to_be_so(home):
    record_six(home)
    tamper(home, "UPDATE look SET at = 'yesterday' WHERE number = 3")
    with pytest.raises(store.StoreProblem, match="yesterday"):
        looks.looks(home)


# --- The record outside -----------------------------------------------------------------------


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """A file of somebody else's, which ROUNDTABLE_RECORD names."""
    path = tmp_path / "elsewhere" / "record"
    path.parent.mkdir()
    monkeypatch.setenv("ROUNDTABLE_RECORD", str(path))
    return path


def forged(home):
    """Remove the last two looks, and leave head and hashes as if they had never been."""
    tamper(
        home, "DELETE FROM look WHERE number > 4", "UPDATE look SET who = 'bob' WHERE number = 3"
    )
    chained_anew(home, 3)
    number, *_, kept = rows_of(home)[-1]
    head_of(home).write_text(f"{number} {kept}\n")


def test_each_head_is_added_outside_and_what_a_forger_hides_inside_differs(home, outside):
    record_six(home)
    lines = [line.split() for line in outside.read_text().splitlines()]
    assert [(name, int(number)) for _, name, number, _ in lines] == [
        ("looks", number) for number in range(1, 7)
    ]
    assert lines[-1][-1] == rows_of(home)[-1][-1]
    forged(home)
    assert looks.verify(home, outside=False) == [], "nothing inside shows it"
    lost, changed = looks.verify(home)
    assert lost == f"Records 5 to 6 are missing, and named in {outside}."
    assert changed.startswith(f"Record 3 is not the one that {outside} names since 20")
    assert changed.endswith(" (and 1 more).")
    for _ in range(3):
        record(home)
    assert "Record 3 is not the one" in looks.verify(home)[0]


HARM_OUTSIDE = {
    "missing": (lambda path: path.unlink(), "is missing: nothing can be compared"),
    "a line changed": (lambda path: path.write_text("x\n" + path.read_text()), "Line 1 of"),
    "a hash changed": (
        lambda path: path.write_text(path.read_text()[:-2] + "x\n"),
        "Record 6 is not the one that",
    ),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "cannot be read"),
}


@pytest.mark.parametrize("kind", HARM_OUTSIDE)
def test_harm_to_the_record_outside_shows(home, outside, kind):
    harm, words = HARM_OUTSIDE[kind]
    record_six(home)
    harm(outside)
    assert words in " ".join(looks.verify(home))


def test_no_names_are_shown_that_cannot_be_recorded_outside_and_no_word_waits_for_it(home, outside):
    outside.parent.rmdir()
    with pytest.raises(store.StoreProblem, match="which ROUNDTABLE_RECORD names, cannot be"):
        record(home)
    journal.add(home, "ann", [Cause("work", "barriers")])
    assert len(journal.read(home, "cause")) == 1
    outside.parent.mkdir()
    record(home)
    journal.add(home, "ann", [Cause("bus", "barriers")])
    assert looks.verify(home) == journal.verify(home) == []
    assert [line.split()[1] for line in outside.read_text().splitlines()] == ["looks", "journal"]


def test_a_restore_says_outside_where_the_chains_go_on(home, outside, tmp_path):
    record_six(home)
    [early] = journal.add(home, "ann", [Cause("work", "barriers")])
    backup = archive.backup(home, tmp_path / "backups")
    record(home)
    journal.change(home, "ann", early, 1, None)
    archive.restore(home, backup)
    assert looks.verify(home) == journal.verify(home) == []
    assert "looks restored 6 " in outside.read_text()
    record(home)
    journal.change(home, "ann", early, 1, None)
    assert looks.verify(home) == journal.verify(home) == []
    # An earlier copy that was put back by hand is none that a restore put there.
    copied = tmp_path / "copied"
    shutil.copytree(home, copied)
    record(home)
    journal.add(home, "ann", [Cause("bus", "barriers")])
    shutil.rmtree(home)
    copied.rename(home)
    assert looks.verify(home) == [f"Record 8 is missing, and named in {outside}."]
    assert journal.verify(home) == [f"Entry 4 is missing, and named in {outside}."]


# --- Several at once, and killed --------------------------------------------------------------


def test_looks_of_several_processes_at_once_are_all_there_once(home):
    names = ("a", "b", "c", "d")
    with contextlib.ExitStack() as stack:
        processes = [stack.enter_context(elsewhere(RECORDS, home, name)) for name in names]
        go(*processes)
        while any(process.poll() is None for process in processes):
            assert looks.verify(home) == []
        assert [process.returncode for process in processes] == [0, 0, 0, 0]
    written = [look.page for look in looks.looks(home)]
    assert sorted(written) == sorted(f"{name} {n}" for name in names for n in range(1, 21))
    assert [row[0] for row in rows_of(home)] == list(range(1, 81))
    assert looks.verify(home) == []


def test_another_look_may_come_between_the_two_steps_of_one(home):
    source, first_line = inspect.getsourcelines(looks.record)
    locks = [number for number, line in enumerate(source) if "store.transaction" in line]
    others = iter(["another"])

    def meet(frame, event, _):
        if frame.f_code is looks.record.__code__ and frame.f_lineno == first_line + locks[1]:
            for other in others:
                record(home, page=other)
                # Announced and written; the one that is met has not yet come to its end.
                assert looks.verify(home) == []
        return meet

    before = sys.gettrace()
    sys.settrace(meet)
    try:
        record(home, page="one")
    finally:
        sys.settrace(before)
    assert [look.page for look in looks.looks(home)] == ["one", "another"]
    assert head_of(home).read_text().startswith("2 ")
    assert looks.verify(home) == []


def test_a_long_check_stands_on_one_moment_and_keeps_nobody_waiting(home):
    record_six(home)
    with chain.snapshot(chain.LOOKS, home) as (connection, head, _):
        record(home)
        assert chain.newest(chain.LOOKS, connection) == head.newest
    assert len(looks.looks(home)) == 7


@pytest.mark.slow
def test_an_acknowledged_look_outlives_a_kill_at_any_moment(home):
    chance = random.Random(20261121)
    expected = []
    for _ in range(KILLS):
        with elsewhere(RECORDS, home, "for ever") as process:
            go(process)
            time.sleep(chance.uniform(0, 0.25))
            process.send_signal(signal.SIGKILL)
            acknowledged = process.stdout.read().decode().split()
        assert looks.verify(home) == []
        written = [look.page for look in looks.looks(home)]
        expected += [f"for ever {number}" for number in acknowledged]
        assert written[: len(expected)] == expected
        # One more may have been written, and not yet said to be.
        one_more = f"for ever {len(acknowledged) + 1}"
        assert written[len(expected) :] in ([], [one_more])
        expected = written
    record(home)
    assert looks.verify(home) == []


def kills_at_each_step(home):
    """Add a look again and again, killed one step later each time, until it is not killed."""
    for step in range(1, 100):
        with elsewhere(DIES_AT_A_STEP, home, str(step)) as process:
            go(process)
        yield
        if process.returncode == 0:
            return
        assert process.returncode == -signal.SIGKILL
    raise AssertionError("a look never came to its end")


@pytest.mark.slow
def test_a_kill_at_each_step_leaves_a_clean_record(home):
    record_six(home)
    heads = set()
    for _ in kills_at_each_step(home):
        named = [int(line.split()[0]) for line in head_of(home).read_text().splitlines()]
        newest = rows_of(home)[-1][0]
        heads.add(tuple(number - newest for number in named))
        assert looks.verify(home) == []
    # Settled; announced, not written; written, the head not yet.
    assert heads == {(0,), (0, 1), (-1, 0)}
    record(home)
    assert looks.verify(home) == []


@pytest.mark.slow
def test_a_kill_at_each_step_of_the_first_look_leaves_a_clean_record(tmp_path):
    # A store is made once, so its steps are in one home alone; the look's own follow in the next.
    for home in (tmp_path / "without a store", tmp_path / "with a store"):
        if home.name == "with a store":
            with store.opened(home):
                pass
        for _ in kills_at_each_step(home):
            assert looks.verify(home) == []


@pytest.mark.slow
def test_a_kill_at_each_step_hides_no_tampering(tmp_path):
    for kind in ("end removed", "all removed"):
        home = tmp_path / kind
        record_six(home)
        tamper(home, *TAMPERED[kind][0])
        for _ in kills_at_each_step(home):
            assert looks.verify(home) != []
    for kind in ("head deleted", "head emptied"):
        home = tmp_path / kind
        record_six(home)
        HARM_TO_FILES[kind][0](home)
        for _ in kills_at_each_step(home):
            assert looks.verify(home) != []
