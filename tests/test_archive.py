"""Backups fit together and come back whole; a restore loses nothing; an export holds everything."""

import contextlib
import csv
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from queries import __main__ as command_line
from queries.load import load
from queries.team import archive, journal, looks, store
from queries.team.records import KINDS, Cause, Learned, Note, Partner, Story
from tests.support import writers
from tests.support.exchange import write_folder

ROOT = Path(__file__).resolve().parent.parent
# More kills, for a patient machine: ROUNDTABLE_KILLS=300.
KILLS = int(os.environ.get("ROUNDTABLE_KILLS", "12"))
DAY = date(2026, 3, 20)
NOTE = Note("s1", "alder", DAY, "moved in with an aunt")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def look(home, page="p"):
    looks.record(home, who="ann", what="names seen", page=page, filters="", students=1)


def written(home):
    """What was written, as far as people know: not that somebody restored it."""
    return [
        (entry.record, entry.version, entry.content)
        for entry in journal.everything(home)
        if entry.kind in KINDS
    ]


def pages(home):
    return [one.page for one in looks.looks(home)]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def two_moments(home, folder):
    """A backup of one moment, and a home where more was written since: what was there at each."""
    journal.add(home, "ann", [NOTE, replace(NOTE, student_id="s2")], token="first")
    look(home, "early")
    early = written(home)
    backup = archive.backup(home, folder)
    journal.change(home, "ben", "first-0", 1, replace(NOTE, text="corrected"))
    journal.add(home, "ben", [replace(NOTE, text="late")], token="second")
    look(home, "late")
    look(home, "later")
    return backup, early, written(home)


# --- Backup -----------------------------------------------------------------------------------


def test_a_backup_holds_what_was_written_until_then_and_fits_together(home, folder, tmp_path):
    backup, early, late = two_moments(home, folder)
    assert names_in(folder) == [backup.name]
    assert names_in(backup) == ["backup.json", "journal.head", "looks.head", "team.sqlite"]
    assert written(home) == late
    assert archive.restore(tmp_path / "elsewhere", backup) is None
    assert written(tmp_path / "elsewhere") == early
    assert pages(tmp_path / "elsewhere") == ["early"]
    assert looks.verify(tmp_path / "elsewhere") == []
    assert names_in(tmp_path / "elsewhere") == ["journal.head", "looks.head", "team.sqlite"]


def test_backups_are_named_by_time(home, folder):
    journal.add(home, "ann", [NOTE])
    made = [archive.backup(home, folder) for _ in range(3)]
    assert [path.name for path in made] == names_in(folder)


def test_a_backup_is_made_while_others_have_the_store_open(home, folder, tmp_path):
    journal.add(home, "ann", [NOTE])
    with store.opened(home) as open_elsewhere:
        open_elsewhere.execute("SELECT * FROM entry").fetchone()
        backup = archive.backup(home, folder)
    archive.restore(tmp_path / "elsewhere", backup)
    assert written(tmp_path / "elsewhere") == written(home)


def test_what_was_forgotten_is_in_no_byte_of_a_backup(home, folder):
    journal.add(home, "ann", [replace(NOTE, text="zanzibar " * 5000)])
    journal.forget(home, "s1")
    backup = archive.backup(home, folder)
    assert b"zanzibar" not in b"".join(path.read_bytes() for path in backup.iterdir())


def test_nothing_is_backed_up_where_nothing_was_written(home, folder):
    with pytest.raises(store.StoreProblem, match="no team store"):
        archive.backup(home, folder)
    assert not home.exists()
    assert not folder.exists()


def test_a_backup_that_cannot_be_made_leaves_nothing(home, folder, monkeypatch):
    journal.add(home, "ann", [NOTE])
    with pytest.raises(store.StoreProblem, match="Make that possible"):
        archive.backup(home, store.path_of(home))
    (home / "looks.head").mkdir()
    with pytest.raises(store.StoreProblem, match="Make that possible"):
        archive.backup(home, folder)
    assert names_in(folder) == []
    monkeypatch.setattr(store, "WAIT_SECONDS", 0.05)
    with store.write(home), pytest.raises(store.StoreProblem, match="keeps it locked"):
        archive.backup(home, folder)
    assert names_in(folder) == []


def test_what_a_killed_backup_left_goes_when_nobody_can_be_at_it(home, folder):
    journal.add(home, "ann", [NOTE])
    old, new = (f"unfinished_team_{digit * 12}" for digit in "0a")
    long_ago = archive.LEFT_SECONDS + 1
    for name, age in ((old, long_ago), (new, 0), ("unfinished_team_novel", long_ago)):
        (folder / name).mkdir(parents=True)
        then = time.time() - age
        os.utime(folder / name, (then, then))
    backup = archive.backup(home, folder)
    assert names_in(folder) == [backup.name, new, "unfinished_team_novel"]


# --- Restore ----------------------------------------------------------------------------------


def test_a_restore_puts_the_backup_in_place_and_keeps_what_was_there(home, folder):
    backup, early, late = two_moments(home, folder)
    kept = archive.restore(home, backup)
    assert (written(home), pages(home), looks.verify(home)) == (early, ["early"], [])
    assert kept.parent == home / "before_restore"
    assert names_in(home) == ["before_restore", "journal.head", "looks.head", "team.sqlite"]
    # What is kept is a backup like any other, so that a restore can be undone.
    archive.restore(home, kept)
    assert (written(home), looks.verify(home)) == (late, [])
    assert pages(home) == ["early", "late", "later"]


def test_work_goes_on_after_a_restore(home, folder):
    backup, early, _ = two_moments(home, folder)
    archive.restore(home, backup)
    look(home, "after")
    journal.add(home, "ann", [NOTE], token="after")
    assert journal.change(home, "ann", "first-0", 1, None) == 2
    assert len(written(home)) == len(early) + 2
    assert (pages(home), looks.verify(home)) == (["early", "after"], [])
    with store.write(home) as connection, pytest.raises(sqlite3.IntegrityError, match="never"):
        connection.execute("DELETE FROM look")


def test_no_state_of_the_store_comes_again(home, folder):
    """Answers are kept by this state, and a number stands for other words after a restore."""
    backup, _, late = two_moments(home, folder)
    states = [journal.state(home)]
    archive.restore(home, backup)
    states.append(journal.state(home))
    while journal.state(home)[0] <= len(late):
        journal.add(home, "ann", [NOTE])
        states.append(journal.state(home))
    archive.restore(home, backup)
    states.append(journal.state(home))
    assert len(set(states)) == len(states)


def test_a_restore_does_not_bring_back_what_was_forgotten_since(home, folder):
    backup, _, _ = two_moments(home, folder)
    assert journal.forget(home, "s1") == 3
    archive.restore(home, backup)
    [first, second] = [
        entry for entry in journal.everything(home) if entry.record.startswith("first")
    ]
    assert (first.content, first.forgotten) == (None, True)
    assert second.content == replace(NOTE, student_id="s2")
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection:
        rows = connection.execute("SELECT body, student_id FROM entry WHERE forgotten").fetchall()
    assert rows == [(None, None)]


def test_a_restore_is_seen_by_those_who_have_the_store_open(home, folder):
    backup, early, late = two_moments(home, folder)
    with store.opened(home) as reader:
        reader.execute("BEGIN")
        count = "SELECT count(*) FROM entry"
        assert reader.execute(count).fetchone() == (len(late),)
        archive.restore(home, backup)
        assert reader.execute(count).fetchone() == (len(late),)
        reader.execute("COMMIT")
        # The entry that says that somebody restored is one more.
        assert reader.execute(count).fetchone() == (len(early) + 1,)
    assert written(home) == early


def drop_a_table(home):
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection:
        connection.execute("DROP TABLE look")
        connection.execute("DROP TABLE entry")


def damage_pages(home):
    path = store.path_of(home)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xaa" * (len(whole) - 4096))


LOST = {
    "store deleted": lambda home: store.path_of(home).unlink(),
    "store emptied": lambda home: store.path_of(home).write_bytes(b""),
    "no database": lambda home: store.path_of(home).write_bytes(b"this is no database " * 500),
    "damaged": damage_pages,
    "cut off": lambda home: store.path_of(home).write_bytes(
        store.path_of(home).read_bytes()[:5000]
    ),
    "tables dropped": drop_a_table,
    "head deleted": lambda home: (home / "looks.head").unlink(),
    "head unreadable": lambda home: (home / "looks.head").write_bytes(b"\xff"),
    "all gone": lambda home: shutil.rmtree(home),
}


@pytest.mark.parametrize("loss", LOST)
def test_whatever_was_lost_a_restore_puts_right(home, folder, loss):
    backup, early, _ = two_moments(home, folder)
    LOST[loss](home)
    lost = {path.name: path.read_bytes() for path in home.glob("*")}
    kept = archive.restore(home, backup)
    assert (written(home), pages(home), looks.verify(home)) == (early, ["early"], [])
    look(home)
    assert looks.verify(home) == []
    assert (kept is None) == (loss == "all gone")
    if loss in ("no database", "damaged", "cut off"):
        assert kept.name.startswith("damaged_")
        assert {path.name: path.read_bytes() for path in kept.iterdir()} == lost


def test_what_the_log_of_a_damaged_store_holds_is_kept_and_not_taken_for_the_other(home, folder):
    backup, early, _ = two_moments(home, folder)
    # A copy taken while somebody reads, as a power cut would leave it: half of it is in the log.
    left = home.with_name("left")
    with store.opened(home) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT * FROM entry").fetchall()
        journal.add(home, "ann", [replace(NOTE, text="x" * 50_000)])
        shutil.copytree(home, left)
    assert b"x" * 2000 in (left / "team.sqlite-wal").read_bytes()
    damage_pages(left)
    kept = archive.restore(left, backup)
    assert b"x" * 2000 in b"".join(path.read_bytes() for path in kept.iterdir())
    assert (written(left), looks.verify(left)) == (early, [])


def harm(name, change):
    def harmed(backup):
        path = backup / name
        path.write_bytes(change(path.read_bytes()))

    return harmed


def say_again(backup, **changed):
    """Write backup.json anew, as somebody would who knows how it is made."""
    told = {
        "found_wrong": [],
        "sha256": {
            path.name: archive._sha256(path) for path in backup.iterdir() if "json" not in path.name
        },
    }
    (backup / "backup.json").write_text(json.dumps(told | changed))


def change_a_look(backup):
    with contextlib.closing(sqlite3.connect(store.path_of(backup))) as connection:
        connection.execute("DROP TRIGGER look_is_not_changed")
        connection.execute("UPDATE look SET who = 'bob'")
        connection.commit()
    say_again(backup)


def of_a_newer_version(backup):
    with contextlib.closing(sqlite3.connect(store.path_of(backup))) as connection:
        connection.execute("PRAGMA user_version = 99")
    say_again(backup)


REFUSED = {
    "no folder": (shutil.rmtree, "is no backup"),
    "no backup.json": (lambda backup: (backup / "backup.json").unlink(), "is no backup"),
    "backup.json of another kind": (harm("backup.json", lambda _: b"[]"), "not as it was made"),
    "backup.json no text": (harm("backup.json", lambda _: b"\xff"), "not as it was made"),
    "backup.json empty": (lambda backup: say_again(backup, sha256={}), "holds no team store"),
    "store missing": (lambda backup: store.path_of(backup).unlink(), "team.sqlite is missing"),
    "head missing": (lambda backup: (backup / "looks.head").unlink(), "looks.head is missing"),
    "a letter changed": (
        harm("team.sqlite", lambda whole: whole.replace(b"aunt", b"ant!")),
        "not as it was when backed up",
    ),
    "head changed": (harm("looks.head", lambda _: b"1 abc\n"), "not as it was when backed up"),
    "store cut off": (harm("team.sqlite", lambda whole: whole[:5000]), "not as it was when"),
    "store emptied": (
        lambda backup: (store.path_of(backup).write_bytes(b""), say_again(backup)),
        "holds no team store",
    ),
    "no database": (
        lambda backup: (store.path_of(backup).write_bytes(b"x" * 5000), say_again(backup)),
        "holds no team store",
    ),
    "pages damaged": (lambda backup: (damage_pages(backup), say_again(backup)), "damaged"),
    "a look changed": (change_a_look, "Record 1 is not as it was written"),
    "head of another": (
        lambda backup: ((backup / "looks.head").unlink(), say_again(backup)),
        "looks.head is missing",
    ),
    "newer": (of_a_newer_version, r"version 99.*Use the newer"),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_backup_that_is_not_whole_is_refused_in_words_and_nothing_changes(home, folder, wrong):
    backup, _, late = two_moments(home, folder)
    change, words = REFUSED[wrong]
    change(backup)
    with pytest.raises(store.StoreProblem, match=words) as raised:
        archive.restore(home, backup)
    assert str(backup) in str(raised.value)
    assert "restoring_" not in str(raised.value)
    assert (written(home), looks.verify(home)) == (late, [])
    assert names_in(home) == ["journal.head", "looks.head", "team.sqlite"]


def test_a_backup_of_a_home_whose_looks_were_tampered_with_can_be_restored_and_still_shows_it(
    home, folder
):
    journal.add(home, "ann", [NOTE])
    look(home)
    (home / "looks.head").unlink()
    found = looks.verify(home)
    assert found != []
    backup = archive.backup(home, folder)
    before = written(home)
    journal.change(home, "ann", before[0][0], 1, None)
    archive.restore(home, backup)
    assert written(home) == before
    assert looks.verify(home) == found


def test_a_backup_of_the_first_version_is_brought_to_this_one(home, folder, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(store, "MIGRATIONS", store.MIGRATIONS[:1])
        look(home, "early")
        backup = archive.backup(home, folder)
    journal.add(home, "ann", [NOTE])
    archive.restore(home, backup)
    assert (written(home), pages(home), looks.verify(home)) == ([], ["early"], [])
    assert archive.restore(home, backup).is_dir()


def test_a_store_of_a_newer_version_is_not_restored_over(home, folder):
    backup, _, _ = two_moments(home, folder)
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = store.path_of(home).read_bytes()
    with pytest.raises(store.StoreProblem, match="Use the newer"):
        archive.restore(home, backup)
    assert store.path_of(home).read_bytes() == before


def test_every_table_is_restored(home):
    """A migration that adds a table must be followed here: _EMPTIED and _FILLED name them all."""
    with store.opened(home) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
    for (table,) in tables:
        assert any(statement.endswith(f" main.{table}") for statement in archive._EMPTIED)
        assert any(f" main.{table} " in statement for statement in archive._FILLED)
    assert len(tables) == len(archive._EMPTIED) == len(archive._FILLED)


# --- Killed -----------------------------------------------------------------------------------

# Dies before the n-th line of these modules that it would run; without n it says how many there
# are. Lines are close enough: between two, nothing changes on disk but in one call to the system
# or to SQLite, and what SQLite does at a kill is tested with the writers.
DIES = """
import os, signal, sys
from pathlib import Path
from queries.team import archive, journal, looks, store
what, home, folder, last = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
watched = {module.__file__ for module in (archive, looks, store)}
lines = 0
def trace(frame, event, _):
    global lines
    if frame.f_code.co_filename not in watched:
        return None
    lines += event == "line"
    if lines == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return trace
sys.settrace(trace)
getattr(archive, what)(home, folder)
sys.settrace(None)
print(lines)
"""


def killed_at(line, what, home, folder):
    """Run backup or restore in a process that dies at this line; what it said, if it came there."""
    command = [sys.executable, "-S", "-c", DIES, what, str(home), str(folder), str(line)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    assert done.returncode in ((0,) if line < 0 else (0, -signal.SIGKILL))
    return done.stdout.decode()


def lines_to_die_at(what, home, folder, kills=KILLS):
    """The last line, which is the one after which it returns, and others by chance."""
    lines = int(killed_at(-1, what, home, folder))
    assert lines > 100
    chance = random.Random(20261122)
    return [*sorted(chance.sample(range(1, lines), min(kills, lines - 1))), lines]


@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_a_whole_one_or_none(home, folder, tmp_path):
    two_moments(home, folder)
    late = written(home)
    for line in lines_to_die_at("backup", home, tmp_path / "first"):
        there = tmp_path / f"line {line}"
        killed_at(line, "backup", home, there)
        for backup in there.glob("team_*"):
            archive.restore(there / "home", backup)
            assert (written(there / "home"), looks.verify(there / "home")) == (late, [])
        assert (written(home), looks.verify(home)) == (late, [])
    assert len(list(there.glob("team_*"))) == 1


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["nothing", "all gone", "damaged"])
def test_a_restore_that_is_killed_leaves_the_old_store_or_the_new(home, folder, tmp_path, loss):
    backup, early, late = two_moments(home, folder)
    {**LOST, "nothing": lambda _: None}[loss](home)
    old = [] if loss == "all gone" else late
    if home.exists():
        shutil.copytree(home, tmp_path / "first")
    found = set()
    kills = KILLS if loss == "nothing" else KILLS // 2
    for line in lines_to_die_at("restore", tmp_path / "first", backup, kills):
        there = tmp_path / f"line {line}"
        if home.exists():
            shutil.copytree(home, there)
        killed_at(line, "restore", there, backup)
        kept = list(there.glob("before_restore/*"))
        try:
            now = written(there)
        except store.StoreProblem:
            assert loss == "damaged"
            now = None
        else:
            assert looks.verify(there) == []
            assert now in (old, early)
        found.add("old" if now in (old, None) else "new")
        if now == early and loss == "nothing":
            [kept] = [path for path in kept if path.name.startswith("team_")]
            archive.restore(tmp_path / f"kept {line}", kept)
            assert written(tmp_path / f"kept {line}") == late
        archive.restore(there, backup)
        assert (written(there), pages(there), looks.verify(there)) == (early, ["early"], [])
    assert "new" in found


@pytest.mark.slow
def test_a_restore_while_others_write_loses_no_write_between_old_and_new(tmp_path, home, folder):
    writers.share(home)
    kept = []
    with writers.Writers(home, tmp_path / "said") as working:
        for name in writers.NAMES[:4]:
            working.start(name)
        while not all(working.said()[what] for what in ("added", "changed", "looked")):
            time.sleep(0.05)
        backup = archive.backup(home, folder)
        before = working.said()
        for _ in range(3):
            time.sleep(0.3)
            kept.append(archive.restore(home, backup))
            assert looks.verify(home) == []
        time.sleep(0.3)
        for name in writers.NAMES[:4]:
            working.kill(name)
        said = working.said()
    stores = [home]
    for number, path in enumerate(kept):
        stores.append(tmp_path / f"kept {number}")
        archive.restore(stores[-1], path)
    acknowledged = set()
    for one in stores:
        assert looks.verify(one) == []
        acknowledged |= {entry.record.rpartition("-")[0] for entry in journal.everything(one)}
        acknowledged |= set(pages(one))
        acknowledged |= {
            content.result for _, _, content in written(one) if hasattr(content, "result")
        }
    assert len(said["added"]) > len(before["added"])
    assert said["added"] | said["looked"] <= acknowledged
    assert {line.split()[-1] for line in said["changed"]} <= acknowledged


# --- Export -----------------------------------------------------------------------------------


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def history_of(folder):
    return [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]


LEARNED = Learned("s1", "alder", "2025-26", "asthma", "nurse", "sure", DAY, "=1+1")


@pytest.fixture
def of_two_schools(home):
    birch = Note("s9", "birch", DAY, "@birch")
    partner = Partner("Clinic", ("asthma", "work"), (), ("alder",))
    cause = Cause("work", "barriers")
    journal.add(home, "=ann", [NOTE, LEARNED, birch, cause, partner], token="t")
    journal.change(home, "ben", "t-0", 1, replace(NOTE, text='two\nlines, "and" more'))
    journal.change(home, "ben", "t-2", 1, None)
    journal.add(home, "ben", [replace(NOTE, student_id="s3", text="moved school")], token="u")
    journal.change(home, "ben", "u-0", 1, Note("s3", "birch", DAY, "moved school"))
    return home


def test_an_export_holds_everything_that_was_written(of_two_schools, tmp_path):
    folder = archive.export(of_two_schools, tmp_path / "out")
    assert names_in(folder) == sorted([*(f"{kind}.csv" for kind in KINDS), "history.jsonl"])
    notes = rows_of(folder / "note.csv")
    assert [(row["record"], row["version"], row["written_by"]) for row in notes] == [
        ("t-0", "2", "ben"),
        ("u-0", "2", "ben"),
    ]
    assert notes[0]["text"] == 'two\nlines, "and" more'
    assert notes[0]["written_on"] == "2026-03-20"
    [learned] = rows_of(folder / "learned.csv")
    assert (learned["note"], learned["written_by"]) == ("'=1+1", "'=ann")
    [partner] = rows_of(folder / "partner.csv")
    assert (partner["causes"], partner["schools"]) == ("asthma; work", "alder")
    assert rows_of(folder / "story.csv") == []
    history = history_of(folder)
    assert [(one["record"], one["version"]) for one in history] == [
        *((f"t-{number}", 1) for number in range(5)),
        ("t-0", 2),
        ("t-2", 2),
        ("u-0", 1),
        ("u-0", 2),
    ]
    assert history[1]["content"]["note"] == "=1+1"
    assert history[6]["content"] is None


def test_an_export_of_a_school_holds_what_names_it_and_nothing_else(of_two_schools, tmp_path):
    alder = archive.export(of_two_schools, tmp_path / "alder", "alder")
    assert {"cause.csv", "partner.csv"} & set(names_in(alder)) == set()
    assert [row["record"] for row in rows_of(alder / "note.csv")] == ["t-0"]
    assert [(one["record"], one["version"]) for one in history_of(alder)] == [
        ("t-0", 1),
        ("t-1", 1),
        ("t-0", 2),
        ("u-0", 1),
    ]
    birch = archive.export(of_two_schools, tmp_path / "birch", "birch")
    assert [row["record"] for row in rows_of(birch / "note.csv")] == ["u-0"]
    assert [(one["record"], one["version"]) for one in history_of(birch)] == [
        ("t-2", 1),
        ("t-2", 2),
        ("u-0", 2),
    ]
    for folder in (alder, birch):
        everything = b"".join(path.read_bytes() for path in folder.iterdir())
        assert (b"aunt" in everything, b"@birch" in everything) == (
            folder == alder,
            folder == birch,
        )


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    'a,"b"\r\n\nc',
    "a\x00b",
    "\u202egnp.exe",
    "<script>'); DROP TABLE entry; --",
    "p" * 10_000,
    "👩‍👩‍👧‍👦 e\u0301",
    "a\ud800",
]


def test_any_text_is_exported_as_text(home, tmp_path):
    journal.add(home, "ann", [Story(text, "alder", text) for text in HOSTILE])
    folder = archive.export(home, tmp_path / "out")
    assert [one["content"]["text"] for one in history_of(folder)] == HOSTILE
    for row, text in zip(rows_of(folder / "story.csv"), HOSTILE, strict=True):
        expected = text.encode("utf-8", "backslashreplace").decode()
        assert row["text"] == ("'" if expected[0] in "=+-@\t\r" else "") + expected
        assert row["text"][0] not in "=+-@\t\r"


def test_what_is_forgotten_is_not_exported(of_two_schools, tmp_path):
    journal.forget(of_two_schools, "s1")
    folder = archive.export(of_two_schools, tmp_path / "out")
    assert b"aunt" not in b"".join(path.read_bytes() for path in folder.iterdir())
    assert [one["forgotten"] for one in history_of(folder)].count(True) == 3


def test_an_export_goes_into_a_new_or_an_empty_folder(home, tmp_path):
    assert len(names_in(archive.export(home, tmp_path / "a" / "b"))) == len(KINDS) + 1
    (tmp_path / "empty").mkdir()
    assert len(names_in(archive.export(home, tmp_path / "empty"))) == len(KINDS) + 1
    (tmp_path / "file").write_text("kept")
    for taken in ("empty", "file"):
        with pytest.raises(store.StoreProblem, match="is not empty"):
            archive.export(home, tmp_path / taken)
    assert (tmp_path / "file").read_text() == "kept"
    assert not home.exists()
    assert names_in(tmp_path) == ["a", "empty", "file"]


# --- The command line -------------------------------------------------------------------------


def run(capsys, home, *arguments):
    """The exit code, and what was said."""
    code = command_line.main([*map(str, arguments), "--home", str(home)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_commands_back_up_and_restore(home, folder, capsys):
    journal.add(home, "ann", [NOTE])
    code, said = run(capsys, home, "backup")
    assert code == 0
    [backup] = (home / "backups").iterdir()
    assert str(backup) in said
    assert run(capsys, home, "backup", folder)[0] == 0
    assert len(names_in(folder)) == 1
    # That somebody took a copy is recorded, as any file with students in it.
    assert pages(home) == ["backup", "backup"]
    journal.add(home, "ann", [NOTE])
    code, said = run(capsys, home, "restore", backup)
    assert code == 0
    assert "before_restore" in said
    assert len(written(home)) == 1
    [restored] = [entry for entry in journal.everything(home) if entry.kind == "restored"]
    assert restored.who == "the command line"
    code, said = run(capsys, home, "restore", folder)
    assert (code, "is no backup" in said) == (1, True)


def test_there_is_nothing_to_back_up_in_an_empty_home(home, capsys):
    code, said = run(capsys, home, "backup")
    assert (code, "no team store" in said) == (1, True)
    assert not home.exists()


def test_the_command_exports_a_school_by_name_or_id(of_two_schools, tmp_path, capsys):
    home = of_two_schools
    load(write_folder(tmp_path / "files"), home)
    for school in ("Alder School", "alder"):
        assert run(capsys, home, "export", tmp_path / school, "--school", school)[0] == 0
        assert len(history_of(tmp_path / school)) == 4
    # A school that is in no generation any more has still written something.
    assert run(capsys, home, "export", tmp_path / "birch", "--school", "birch")[0] == 0
    assert run(capsys, home, "export", tmp_path / "all")[0] == 0
    assert len(history_of(tmp_path / "all")) == 9
    code, said = run(capsys, home, "export", tmp_path / "none", "--school", "cedar")
    assert (code, "Alder School" in said, "birch" in said) == (2, True, True)
    assert run(capsys, home, "export", tmp_path / "all")[0] == 1
    assert [(one.what, one.filters) for one in looks.looks(home)][:2] == [
        ("file taken", "school=alder"),
        ("file taken", "school=alder"),
    ]


def test_the_command_forgets_a_student(home, capsys):
    assert run(capsys, home, "forget", "s1")[0] == 0
    assert not home.exists()
    journal.add(home, "ann", [NOTE, LEARNED])
    code, said = run(capsys, home, "forget", "s1")
    assert code == 0
    assert "Erased 2 versions" in said
    assert "backups outside the data folder, still hold" in said
    assert [content for _, _, content in written(home)] == [None, None]
    assert "Is the id right?" in run(capsys, home, "forget", "s1")[1]


def test_what_was_locked_opens_with_its_key_alone(home, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ROUNDTABLE_HOME", str(home))
    journal.add(home, "ann", [NOTE])

    def run(*words) -> tuple[int, str]:
        code = command_line.main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out + said.err

    key, other = tmp_path / "key.txt", tmp_path / "other.txt"
    public = run("key", key)[1].split()[4]
    assert run("key", other)[0] == 0 and run("key", key)[0] == 1, "a key is never written over"
    assert key.stat().st_mode & 0o077 == 0
    code, said = run("backup", tmp_path / "away", "--key", public)
    (backup,) = (tmp_path / "away").iterdir()
    assert code == 0 and str(backup) in said and backup.name.endswith(".zip.age")
    assert run("export", tmp_path / "export", "--key", public)[0] == 0
    assert (tmp_path / "export.zip.age").is_file() and not (tmp_path / "export").exists()
    for file in (backup, tmp_path / "export.zip.age"):
        assert b"PK\x03\x04" not in file.read_bytes()
        assert NOTE.text.encode() not in file.read_bytes()
    journal.add(home, "bob", [NOTE])
    for wrong in (other, tmp_path / "no key"):
        assert run("restore", backup, "--key", wrong)[0] == 1
    assert len(journal.read(home, "note")) == 2, "nothing was changed"
    assert run("restore", backup, "--key", key)[0] == 0
    assert len(journal.read(home, "note")) == 1
    code, said = run("backup", tmp_path / "away", "--key", "age1nonsense")
    assert code == 1 and "is no public key" in said
    assert not [path for path in home.iterdir() if path.name.startswith(("locking", "unlocked"))]
