"""A home of the first release, opened by today's code: not a word, look or figure is lost.

What was written is counted in the old file with SQLite alone; see first_release/README.md."""

import csv
import json
import sqlite3
import tarfile
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import pytest

from queries import __main__ as command_line
from queries import access, database
from queries.load import load, publish
from queries.selection import Selection
from queries.team import archive, journal, looks, store
from queries.team.records import Note
from tests.conftest import copy_of
from tests.support.sampled import sampled
from tests.test_pages import PAGES, started, whole

FIRST = Path(__file__).parent / "first_release" / "home.tar.xz"
# What it knew; what came later, it had not.
KINDS = {
    *("cause", "learned", "note", "step", "contact", "partner", "seat", "story", "idea", "plan"),
    *("member", "cycle", "meeting", "pledge", "pride", "priority"),
}
ENTRY = "number, at, who, kind, record, version, student_id, body, forgotten, salt, sealed, hash"
LOOK = "number, at, who, what, page, filters, students, found_wrong, hash"
# Questions that were changed on purpose since, as the changelog says.
CHANGED = ("absence/reconciliation", "network/bright_spots")


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """The folder that the first release left. Tests copy the home."""
    folder = tmp_path_factory.mktemp("first_release")
    with tarfile.open(FIRST) as kept:
        kept.extractall(folder, filter="data")
    return folder


@pytest.fixture
def home(left, tmp_path, use_home):
    """The home, as whoever upgrades finds it."""
    use_home(copy_of(left / "home", tmp_path / "upgraded"))
    return tmp_path / "upgraded"


def rows(home, table, columns):
    """What stands in a table of a store, by SQLite alone."""
    with closing(sqlite3.connect(f"file:{home / 'team.sqlite'}?mode=ro", uri=True)) as connection:
        return connection.execute(f"SELECT {columns} FROM {table} ORDER BY number").fetchall()


def words_of(entries):
    """Each version as it was written, and as it is read: number, when, who, what it says."""
    return [
        (
            *(one.number, one.at.isoformat(timespec="microseconds"), one.who, one.kind),
            *(one.record, one.version, one.forgotten),
            one.content and json.loads(json.dumps(asdict(one.content), default=date.isoformat)),
        )
        for one in entries
    ]


def written(entry_rows):
    """The same of rows of SQLite; of what was forgotten, and of marks, there are no words."""
    return [
        (*about, bool(is_forgotten), json.loads(body) if body and about[3] in KINDS else None)
        for *about, _student, body, is_forgotten, _salt, _sealed, _hash in entry_rows
    ]


def test_every_version_and_every_look_is_read_word_for_word(left, home, tmp_path):
    was, looked = rows(left / "home", "entry", ENTRY), rows(left / "home", "look", LOOK)
    assert {row[3] for row in was} - {"forgotten"} == KINDS
    assert (len(was), len(looked), sum(row[8] for row in was)) == (85, 18, 2)
    assert words_of(journal.everything(home)) == written(was)
    read = [tuple(vars(one).values()) for one in looks.looks(home)]
    assert read == [(datetime.fromisoformat(row[1]), *row[2:7]) for row in looked]
    assert journal.verify(home) == looks.verify(home) == []
    # A row is as it was in every column, also after somebody writes.
    assert rows(home, "entry", ENTRY) == was
    assert rows(home, "look", LOOK) == looked
    newest = {row[4]: row for row in was}
    standing = Counter(row[3] for row in newest.values() if row[7] and row[3] in KINDS)
    assert {kind: len(journal.read(home, kind)) for kind in KINDS} == standing
    step = next(row for row in newest.values() if row[3] == "step")
    assert journal.history(home, step[4])[-1].content.result == "she drives him now"
    journal.add(home, "ann", [Note("alder-01", "alder", date(2026, 6, 30), "after the upgrade")])
    assert rows(home, "entry", ENTRY)[:-1] == was
    assert journal.verify(home) == []
    export = archive.export(home, tmp_path / "export")
    with (export / "history.jsonl").open(encoding="ascii") as file:
        history = [json.loads(line) for line in file]
    assert [one["content"] for one in history[:-1]] == [row[-1] for row in written(was)]
    for kind in KINDS - {"note"}:
        with (export / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
            assert len([*csv.DictReader(file)]) == standing[kind]


def test_a_backup_of_the_first_release_is_restored_whole_and_forgets_again(left, home, tmp_path):
    [backup] = (left / "backup").iterdir()
    was = rows(backup, "entry", ENTRY)
    empty = tmp_path / "empty"
    archive.restore(empty, backup)
    assert rows(empty, "entry", ENTRY)[:-1] == was
    assert rows(empty, "look", LOOK) == rows(backup, "look", LOOK)
    assert sum("verdigris" in (row[7] or "") for row in was) == 1
    archive.restore(home, backup)
    assert all(b"verdigris" not in path.read_bytes() for path in home.rglob("team.sqlite*"))
    assert (
        words_of(journal.everything(home))[: len(was)]
        == written(rows(left / "home", "entry", ENTRY))[:-1]
    )
    again = archive.backup(home, tmp_path / "backups")
    archive.restore(empty, again)
    for one in (home, empty):
        assert journal.verify(one) == looks.verify(one) == []


def test_what_it_answered_is_answered_today(left, home, capsys):
    answered = json.loads((left / "answers.json").read_text("ascii"))
    assert len(answered) == 256
    readers = {"names": access.at_this_machine(access.NAMES), "share": access.EVERYBODY}
    chosen = {"all": Selection(), "alder": Selection(school="Alder School")}
    for asked in sampled(sorted(answered), 25):
        view, choice, question = asked.split(" | ")
        if question not in CHANGED:
            was = answered[asked]
            now = database.records(question, chosen[choice], readers[view])
            columns = [*was[0]] if was else []
            assert told(now, columns) == told(was, columns), asked
    assert command_line.main(["generations"]) == 0
    assert capsys.readouterr().out.count("generation_") == 2


def told(records, columns):
    """Rows by these columns: there may be more today, and they may come in another order."""
    plain = json.loads(json.dumps(records, default=str))
    return sorted(
        json.dumps(
            [round(one[name], 6) if isinstance(one[name], float) else one[name] for name in columns]
        )
        for one in plain
    )


@pytest.mark.parametrize("page", sorted({"pages/students.py", *sampled(PAGES, 1)}))
def test_pages_draw_it(home, page):
    at = started(page, "names")
    at.query_params["school"] = "Alder School"
    assert whole(at.run())


@pytest.mark.slow
def test_its_folder_is_loaded_again_and_nothing_is_told_that_was_hidden(left, home, capsys):
    assert command_line.main(["check"]) == 0
    assert command_line.main(["audit"]) == 1
    assert "Load the folder again" in capsys.readouterr().err
    before = words_of(journal.everything(home))
    load(left / "files", home, today=date(2026, 6, 30))
    assert len(publish.generations(home)) == 3
    assert command_line.main(["audit"]) == 0
    assert "nothing hidden was worked out" in capsys.readouterr().out
    assert words_of(journal.everything(home)) == before
    assert command_line.main(["check"]) == 0


def test_a_store_of_a_newer_version_is_refused_in_words_and_left_as_it_is(home, capsys):
    with store.opened(home) as connection:
        connection.execute(f"PRAGMA user_version = {len(store.MIGRATIONS) + 1}")
    was = rows(home, "entry", ENTRY)
    for command in (["backup"], ["forget", "alder-01"], ["check"]):
        assert command_line.main(command) == 1
        said = "".join(capsys.readouterr())
        assert "Nothing was changed. Use the newer Roundtable that made it." in said
    assert rows(home, "entry", ENTRY) == was
