"""After `forget` no byte of it is in the data folder, and no restore brings it back.

Searched in the bytes of every file, for the words and for the id of a student of whom only people
wrote: what the school system says of a student is not theirs to forget.
"""

import contextlib
import io
import json
import os
import random
import shutil
import sqlite3
import sys
import time
from dataclasses import asdict, replace
from datetime import date, timedelta

import duckdb
import pytest

from queries import __main__ as command_line
from queries import database, forgetting
from queries.load import load, made_from, publish
from queries.team import archive, forgotten, journal, looks, store
from queries.team.records import (
    Contact,
    Cycle,
    Learned,
    Meeting,
    Member,
    Note,
    Plan,
    Pledge,
    Pride,
    Seat,
    SecondNumber,
    Step,
    Story,
)
from queries.team.wholes import Whole
from tests.support.exchange import write_folder
from tests.support.forked import forking

# More kills, for a patient machine: ROUNDTABLE_KILLS=300.
KILLS = int(os.environ.get("ROUNDTABLE_KILLS", "6"))
DAY = date(2026, 3, 20)
STUDENT = "zanzibar-7"
NOTE = Note(STUDENT, "alder", DAY, "zanzibar " * 3000)
LEARNED = Learned(STUDENT, "alder", "2025-26", "asthma", "nurse", "sure", DAY, "zanzibar")
OTHER = Note("ben", "alder", DAY, "moved in with an aunt")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def hold(*folders):
    """The files that hold a byte of it."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path for path in files if b"zanzibar" in path.read_bytes()]


def texts(home):
    return [entry.content.text for entry in journal.read(home, "note")]


def write(home, token="first"):
    return journal.add(home, "ann", [NOTE, OTHER, LEARNED], token=token)


def as_an_older_version_made_it(home):
    """Every generation also says of whom it was understood, as before tables number 3."""
    for one in publish.generations(home):
        path = publish.path_of(home, one.name)
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                """
                CREATE OR REPLACE TABLE understood_cause AS
                SELECT '2025-26' AS school_year, 'zanzibar-' || i AS student_id, 'asthma' AS cause
                FROM range(5000) AS made(i)
                """
            )


def test_no_byte_is_left_in_any_file_of_the_data_folder(tmp_path, home, use_home):
    use_home(home)
    write(home)
    for name in "ab":
        load(write_folder(tmp_path / name), home, accept_losses=True)
    assert [path.name for path in hold(home)] == ["team.sqlite"], "a generation holds counts alone"
    as_an_older_version_made_it(home)
    backup = archive.backup(home, home / "backups")
    archive.restore(home, backup)
    for left in ("restoring_0123456789ab", "backups/unfinished_team_0123456789ab"):
        shutil.copytree(backup, home / left)
    building = publish.building_folder(home)
    (building / "duckdb_temp_storage").write_bytes(b"zanzibar")
    answers = database.records("absence/headline", database.Selection())
    # Somebody has it open, so that closing the last connection does not empty the log.
    with store.opened(home) as other:
        other.execute("SELECT count(*) FROM entry").fetchone()
        assert len(hold(home)) > 6
        assert forgetting.forget(home, STUDENT) == 2
        assert hold(home) == []
    assert hold(home) == []
    assert texts(home) == [OTHER.text]
    assert database.records("absence/headline", database.Selection()) == answers
    # A part is added to what the school system said alone: nothing that people wrote comes back.
    load(write_folder(tmp_path / "part"), home, add=True)
    assert hold(home) == []
    for kept in [*(home / "backups").iterdir(), *(home / "before_restore").iterdir()]:
        archive.restore(tmp_path / kept.name, kept)
        assert texts(tmp_path / kept.name) == [OTHER.text]
    assert [one.source is not None for one in publish.generations(home)] == [True] * 3


@pytest.mark.slow
def test_an_audit_counts_what_was_understood_when_the_folder_was_loaded(
    network_of_small_cells, tmp_path, use_home
):
    home = tmp_path / "home"
    shutil.copytree(network_of_small_cells(1), home)
    use_home(home)
    before = database.audit(publish.published(home))
    [student, *_] = {entry.content.student_id for entry in journal.read(home, "learned")}
    assert forgetting.forget(home, student) > 0
    write(home)
    assert database.audit(publish.published(home)) == before


def test_a_generation_of_an_older_version_is_not_audited_by_todays_rules(
    make_home, tmp_path, use_home, capsys
):
    home = tmp_path / "home"
    shutil.copytree(make_home(share_view=True), home)
    use_home(home)
    name = publish.published(home)
    with duckdb.connect(str(publish.path_of(home, name))) as connection:
        before = made_from.SCHEMA - 1
        connection.execute("UPDATE generation SET schema_version = $before", {"before": before})
    assert command_line.main(["audit"]) == 1
    assert "Load the folder again" in capsys.readouterr().err


# --- Restore ----------------------------------------------------------------------------------


def lose_the_store(home):
    for path in home.glob("team.sqlite*"):
        path.unlink()


def damage_the_store(home):
    store.path_of(home).write_bytes(b"this is no database " * 500)


def restore_one_from_before_it_was_written(home):
    archive.restore(home, home.parent / "backups" / "empty")


SINCE = {
    "nothing": lambda home: None,
    "the store was lost": lose_the_store,
    "the store was damaged": damage_the_store,
    "an older backup was restored": restore_one_from_before_it_was_written,
}


@pytest.mark.parametrize("since", SINCE)
def test_a_restore_forgets_again(home, tmp_path, since):
    journal.add(home, "ann", [OTHER], token="before")
    archive.backup(home, tmp_path / "backups").rename(tmp_path / "backups" / "empty")
    write(home)
    backup = archive.backup(home, tmp_path / "backups")
    forgetting.forget(home, STUDENT)
    SINCE[since](home)
    archive.restore(home, backup)
    assert hold(home) == []
    assert texts(home) == [OTHER.text, OTHER.text]
    assert looks.verify(home) == []


def test_what_was_forgotten_where_it_was_not_known_is_forgotten_too(home, tmp_path):
    """A backup of a home that went another way, and one of after a forgetting elsewhere."""
    write(home)
    backup = archive.backup(home, tmp_path / "backups")
    new = tmp_path / "new"
    assert forgetting.forget(new, STUDENT) == 0, "a home that is not there"
    journal.add(new, "ann", [OTHER])
    assert forgetting.forget(new, STUDENT) == 0, "nothing was written there"
    later = archive.backup(new, tmp_path / "backups")
    archive.restore(new, backup)
    assert hold(new) == []
    third = tmp_path / "third"
    archive.restore(third, later)
    archive.restore(third, backup)
    assert hold(third) == []
    assert texts(third) == [OTHER.text]


def test_what_is_written_after_a_forgetting_is_restored(home, tmp_path):
    write(home)
    forgetting.forget(home, STUDENT)
    journal.add(home, "ann", [replace(NOTE, text="came back from Ohio")])
    backup = archive.backup(home, tmp_path / "backups")
    archive.restore(home, backup)
    assert texts(home) == [OTHER.text, "came back from Ohio"]
    # What rests on forgotten words goes with them, whenever it was added.
    [name, *_] = write(tmp_path / "other")
    early = archive.backup(tmp_path / "other", tmp_path / "backups")
    journal.change(tmp_path / "other", "ben", name, 1, replace(NOTE, text="zanzibar again"))
    with store.write(tmp_path / "other") as connection:
        assert journal.erase(connection, {STUDENT: journal.everything(home)[0].at.isoformat()}) == 0
        first = journal.everything(tmp_path / "other")[0].at.isoformat(timespec="microseconds")
        assert journal.erase(connection, {STUDENT: first}) == 2
    assert early.is_dir()


def test_the_names_of_the_forgotten_stand_nowhere_and_damage_is_said(home, tmp_path):
    write(home)
    backup = archive.backup(home, tmp_path / "backups")
    for student in (STUDENT, "ben", STUDENT):
        forgetting.forget(home, student)
    lines = (home / "forgotten").read_text().splitlines()
    assert len(lines) == 2, "the later time of one student says all"
    assert "ben" not in " ".join(lines)
    assert list(forgotten.until(forgotten.read(home), ["ben", "cem", STUDENT])) == ["ben", STUDENT]
    (home / "forgotten").write_text("nobody\n")
    with pytest.raises(store.StoreProblem, match="is not as it was written"):
        archive.restore(home, backup)
    assert hold(home) == []


# --- What stands in the way, and kills --------------------------------------------------------


def test_what_cannot_be_erased_is_named_and_forgetting_finished_when_it_is_gone(
    tmp_path, home, use_home, capsys
):
    use_home(home)
    write(home)
    load(write_folder(tmp_path / "files"), home, share_view=False)
    backup = archive.backup(home, tmp_path / "backups")
    damage_the_store(home)
    damaged = archive.restore(home, backup)
    export = archive.export(home, home / "export")
    cut = archive.backup(home, home / "backups")
    store.path_of(cut).write_bytes(store.path_of(cut).read_bytes()[:5000])
    generation = publish.path_of(home, publish.published(home))
    generation.write_bytes(b"x" * 5000)
    assert command_line.main(["forget", STUDENT]) == 1
    said = capsys.readouterr().err
    for path in (damaged, export, cut, generation):
        assert str(path) in said
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert "Remove them, then forget again" in said
    assert texts(home) == [OTHER.text]
    assert command_line.main(["forget", STUDENT]) == 0
    assert hold(home) == []


def test_while_a_folder_is_loaded_forgetting_is_not_finished(home, monkeypatch):
    write(home)
    monkeypatch.setattr(store, "WAIT_SECONDS", 0.05)
    being_loaded = pytest.raises(store.StoreProblem, match="a folder is being loaded")
    with publish.only_load(home, 0), being_loaded:
        forgetting.forget(home, STUDENT)
    forgetting.forget(home, STUDENT)
    assert hold(home) == []


def test_a_backup_under_way_is_not_finished_with_the_words(home):
    write(home)
    with contextlib.suppress(store.StoreProblem), archive._unfinished(home / "backups") as copy:
        with store.opened(home) as connection:
            archive._copy(connection, home, copy)
        forgetting.forget(home, STUDENT)
        archive._finished(copy)
        pytest.fail("a backup was named that holds forgotten words")
    assert hold(home) == []


FORGET = """
from pathlib import Path
from queries import forgetting
def do(home, student):
    forgetting.forget(Path(home), student)
"""


@pytest.fixture
def elsewhere():
    """elsewhere.begin(home, student): a student is forgotten in a process of its own."""
    with forking(FORGET) as processes:
        yield processes


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_nothing_and_forgetting_again_finishes_it(
    tmp_path, home, elsewhere
):
    chance = random.Random(20261128)
    write(home)
    load(write_folder(tmp_path / "files"), home, share_view=False)
    served = publish.published(home)
    killed = 0
    for number in range(KILLS):
        token = f"again {number}"
        write(home, token)
        as_an_older_version_made_it(home)
        archive.backup(home, home / "backups")
        forgets = elsewhere.begin(home, STUDENT)
        time.sleep(chance.uniform(0, 0.25))
        killed += forgets.kill()
        forgetting.forget(home, STUDENT)
        assert hold(home) == []
        assert texts(home) == [OTHER.text] * (number + 2)
        assert publish.published(home) == served
    assert killed
    backups = sorted((home / "backups").iterdir())
    assert len(backups) >= KILLS
    for backup in backups[-2:]:
        archive.restore(home, backup)
    assert hold(home) == []
    assert set(texts(home)) == {OTHER.text}
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# --- A school, a school year ------------------------------------------------------------------

LAST_YEAR, WEEK = date(2025, 3, 3), timedelta(days=7)


def records_of(school, word, year="2025-26", day=DAY):
    """A record of each kind that is of a school or a year, each with the word in it."""
    return [
        Learned("ann", school, year, "asthma", "nurse", "sure", day, word),
        Note("ann", school, day, word),
        Step("ann", school, word, "Ben", day),
        Contact("ann", school, "visit", day, word),
        Plan(school, year, word, "all", "days missed", 18, 9, day, day + WEEK, "Ben"),
        Meeting(word, day, (school,), decided=word),
        SecondNumber(year, 12, word, day, school),
    ]


def write_two_schools(home):
    """Of alder (zanzibar) and birch, this year and the last; what hangs on a plan and a meeting,
    what was changed and removed, and what is of both schools."""
    names = journal.add(home, "ann", records_of("alder", "zanzibar"), token="alder")
    old = records_of("birch", "tangier", "2024-25", LAST_YEAR)
    old[2] = replace(old[2], what="begun")
    of_last_year = journal.add(home, "ann", old, token="last-year")
    journal.add(home, "ann", records_of("birch", "birch stays"), token="birch")
    plan, meeting = names[4:6]
    journal.add(
        home,
        "ann",
        [
            Member("ann", "alder", plan),
            Cycle("alder", plan, DAY, "zanzibar"),
            Pledge(meeting, "Zoë", "zanzibar", DAY, "we will know"),
            Pride(meeting, "birch", "zanzibar, told at their table"),
            Seat("alder", "family", "zanzibar", LAST_YEAR),
            Story("asthma", "alder", "zanzibar"),
            Meeting("Both", DAY, ("alder", "birch"), decided="both stay"),
            Pledge(of_last_year[5], "Zoë", "tangier", DAY, "we will know"),
            Cycle("birch", of_last_year[4], DAY, "tangier"),
        ],
    )
    # Changed to another school, and removed: what it said before is of this one all the same.
    journal.change(home, "ben", names[2], 1, Step("ann", "birch", "zanzibar moved", "Ben", DAY))
    journal.change(home, "ben", names[1], 1, None)
    # Begun last year, and due in this one.
    journal.change(home, "ben", of_last_year[2], 1, Step("ann", "birch", "it goes on", "Ben", DAY))


def words_of(home):
    """What is left of what people wrote, in the order of writing."""
    left = [one.content for one in journal.everything(home) if one.content]
    return [json.dumps(asdict(one), default=str) for one in left]


def two_schools(folder, *without):
    """An exchange folder of alder and birch in two years, or without some of them."""
    places = [
        (school, year, day)
        for school in ("alder", "birch")
        for year, day in (("2024-25", LAST_YEAR), ("2025-26", DAY))
        if not {school, year} & {*without}
    ]
    schools = sorted({school for school, *_ in places})
    of = [{"school_id": school, "school_year": year} for school, year, _ in places]
    return write_folder(
        folder,
        schools=[{"school_id": one, "school_name": f"{one.title()} School"} for one in schools],
        students=[{"student_id": "ann"}],
        enrollments=[
            one | {"entry_date": str(day)} for one, (*_, day) in zip(of, places, strict=True)
        ],
        calendar=[
            one | {"date": str(day + timedelta(days=number))}
            for one, (*_, day) in zip(of, places, strict=True)
            for number in range(4)
        ],
        attendance=[
            {"school_id": school, "date": str(day + timedelta(days=3))} for school, _, day in places
        ],
    )


def counted(text):
    return " ".join(text.split())


@pytest.mark.slow
def test_a_school_and_a_year_are_forgotten_with_their_generations_and_nothing_else(
    tmp_path, home, use_home, capsys, monkeypatch
):
    use_home(home)
    write_two_schools(home)
    outside = archive.backup(home, tmp_path / "outside")
    archive.backup(home, home / "backups")
    load(two_schools(tmp_path / "both"), home, share_view=False)
    before, gone, stays = words_of(home), [], ["birch stays", "both stay", "it goes on", "tangier"]
    for asked, again, word, without in (
        (["--school", "Alder School"], ["--school", "alder"], b"zanzibar", "alder"),
        (["--school-year", "2024-25"], ["--school-year", "2024-25"], b"tangier", "2024-25"),
    ):
        monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
        assert command_line.main(["forget", *asked]) == 1
        out, err = capsys.readouterr()
        assert "Nothing was erased." in err
        assert words_of(home) == before
        assert ("they stay and still name it: meeting 1" in out) == (without == "alder")
        assert "learned 1 1 meeting 1 1" in counted(out)

        # The published data still hold it: what people wrote goes, and what to do is said.
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{without}\n"))
        assert command_line.main(["forget", *asked]) == 1
        assert "what the school system says is still in" in capsys.readouterr().err
        files = [path for path in home.rglob("*") if path.is_file()]
        assert [path for path in files if word in path.read_bytes()] == []
        assert journal.verify(home) == []
        before = words_of(home)
        gone.append(without)
        stays = [one for one in stays if one.encode() != word]
        assert all(one in "".join(before) for one in stays)

        load(two_schools(tmp_path / without, *gone), home, share_view=False, accept_losses=True)
        assert len(publish.names(home)) == 2
        brought = home / "incoming" / "upload_0"
        brought.mkdir(parents=True)
        assert command_line.main(["forget", *again, "--yes"]) == 1
        out, err = capsys.readouterr()
        assert str(brought) in err and "that hold it: generation_" in out
        brought.rmdir()
        assert command_line.main(["forget", *again, "--yes"]) == 0
        assert "Erased 0 versions and 0 generations" in capsys.readouterr().out
        assert publish.names(home) == [publish.published(home)]

    # A backup from elsewhere forgets both again; what is written since stays.
    archive.restore(home, outside)
    held = b"".join(path.read_bytes() for path in home.glob("team.sqlite*"))
    assert b"zanzibar" not in held and b"tangier" not in held
    assert journal.verify(home) == []
    assert words_of(home) == before
    written = records_of("alder", "zanzibar", "2024-25", LAST_YEAR)
    journal.add(home, "ann", written, token="again")
    archive.restore(home, archive.backup(home, tmp_path / "outside"))
    assert len(words_of(home)) == len(before) + len(written)


@pytest.mark.slow
def test_what_is_kept_of_earlier_months_is_forgotten(tmp_path, home):
    """A student who is published no more, and a school year; of who is published it stays."""
    load(write_folder(tmp_path / "both"), home, share_view=False)
    was = publish.path_of(home, publish.published(home))
    held, months = was.read_bytes(), home / "months"
    was.unlink()
    months.mkdir()
    load(
        write_folder(
            tmp_path / "one", students=[{"student_id": "ann"}], enrollments=[{"student_id": "ann"}]
        ),
        home,
        share_view=False,
        accept_losses=True,
    )
    for about, is_left in (
        ("ann", True),
        ("ben", False),
        (Whole("school_year", "2023-24"), True),
        (Whole("school_year", "2025-26"), False),
        (Whole("school_id", "alder"), False),
    ):
        (months / was.name).write_bytes(held)
        with contextlib.suppress(store.StoreProblem):
            # The year and the school are still published.
            forgetting.forget(home, about)
        assert bool(list(months.iterdir())) == is_left, about
