"""Generations: whatever happens to a load, readers are served the old one or the new one, whole."""

import os
import random
import shutil
import threading
import time
from datetime import date
from functools import partial

import duckdb
import pytest

from queries import database
from queries.__main__ import main
from queries.access import EVERYBODY
from queries.load import Refused, _verify, made_from, publish
from queries.load import load as load_all
from queries.selection import Selection
from queries.team import archive, journal, looks, sample
from queries.team.records import Grant, Note
from tests.conftest import copy_of
from tests.support.exchange import WEEKDAYS, write_folder, write_school
from tests.support.forked import forking
from tests.support.readers import STAFF

TODAY = date(2026, 6, 30)
# More kills, for a patient machine: ROUNDTABLE_KILLS=500.
KILLS = int(os.environ.get("ROUNDTABLE_KILLS", "8"))

LOAD = """
from datetime import date
from queries.load import load
def do(folder, home):
    load(folder, home, today=date(2026, 6, 30), wait_seconds=30, accept_losses=True)
"""

# Each load has another code than the one before: whose codes are all gone.
load = partial(load_all, accept_losses=True)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def folder_of(tmp_path, code):
    """A folder whose every event has one code, so that a mixture of two loads would show."""
    events = [{"date": day, "code": code} for day in WEEKDAYS]
    return write_folder(tmp_path / f"folder_{code}", attendance=events)


@pytest.fixture(scope="module")
def elsewhere():
    """elsewhere.begin(folder, home): a load in a process of its own."""
    with forking(LOAD) as processes:
        yield processes


def served(home):
    """The codes that a reader sees, after checking that the generation is whole."""
    name = publish.published(home)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {publish.literal(publish.path_of(home, name))} AS served")
        connection.execute("USE served")
        assert connection.execute("SELECT name FROM generation").fetchall() == [(name,)]
        assert connection.execute("SELECT count(*) FROM calendar").fetchall() == [(20,)]
        return connection.execute("SELECT code, count(*) FROM attendance GROUP BY ALL").fetchall()


def test_a_generation_is_named_kept_and_pointed_to(tmp_path, home):
    assert publish.published(home) is None
    assert publish.generations(home) == []
    name = load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False).generation
    assert publish.published(home) == name
    [generation] = publish.generations(home)
    assert (generation.name, generation.published) == (name, True)
    assert generation.source == str(tmp_path / "folder_A")
    assert served(home) == [("A", 20)]
    assert [path.name for path in (home / "generations").iterdir()] == [f"{name}.duckdb"]


@pytest.mark.slow
def test_a_second_load_replaces_the_first_while_it_is_read(tmp_path, home):
    first = load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False).generation
    with duckdb.connect() as reader:
        reader.execute(f"ATTACH {publish.literal(publish.path_of(home, first))} AS g (READ_ONLY)")
        second = load(folder_of(tmp_path, "E"), home, today=TODAY, share_view=False).generation
        assert reader.execute("SELECT DISTINCT code FROM g.attendance").fetchall() == [("A",)]
        assert {g.name: g.source is not None for g in publish.generations(home)} == {
            first: True,
            second: True,
        }
    assert served(home) == [("E", 20)]


@pytest.mark.slow
def test_an_earlier_generation_can_be_published_again(tmp_path, home):
    first = load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False).generation
    load(folder_of(tmp_path, "E"), home, today=TODAY, share_view=False)
    publish.publish(home, first)
    assert served(home) == [("A", 20)]


def test_only_what_is_a_generation_can_be_published(tmp_path, home):
    name = load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False).generation
    with pytest.raises(FileNotFoundError):
        publish.publish(home, "generation_20200101_000000_abcdef")
    for other in ("../../etc/passwd", "building_1", ""):
        with pytest.raises(ValueError, match="is not the name"):
            publish.publish(home, other)
    assert publish.published(home) == name


@pytest.mark.slow
def test_the_last_four_are_kept_and_the_published_one_always(tmp_path, home):
    folder = folder_of(tmp_path, "A")
    names = [load(folder, home, today=TODAY, share_view=False).generation for _ in range(5)]
    assert sorted(g.name for g in publish.generations(home)) == sorted(names[1:])
    # A generation that was published again stays, however old.
    publish.publish(home, names[1])
    publish._drop_oldest(home)
    assert publish.published(home) == names[1]
    assert len(publish.generations(home)) == 4


def months_before(home, number, day=28):
    """The generation that is served, as one of a day of an earlier month too."""
    served = publish.path_of(home, publish.published(home))
    year, month = divmod(publish._month(served.stem) - number - 1, 12)
    name = f"generation_{year:04}{month + 1:02}{day:02}_120000_abcdef"
    shutil.copy(served, publish.path_of(home, name))
    return name


def test_of_each_month_before_the_last_load_is_kept_for_fourteen_months(
    tmp_path, home, use_home, capsys
):
    use_home(home)
    load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False)
    made = {(n, day): months_before(home, n, day) for n in (15, 14, 3, 2, 1) for day in (5, 28)}
    for other, wrong in ((4, "schema_version = 1"), (5, "school_year = '2024-25'")):
        table = "generation" if other == 4 else "year_dates"
        with duckdb.connect(str(publish.path_of(home, months_before(home, other)))) as changed:
            changed.execute(f"UPDATE {table} SET {wrong}")
    publish._drop_oldest(home)
    assert publish.names(home)[1:] == [made[1, 28], made[1, 5], made[2, 28]]
    assert [one.name for one in publish.of_months(home)] == [made[3, 28], made[14, 28]]
    # Nobody goes back to them, and the share view takes no account of them.
    with pytest.raises(FileNotFoundError):
        publish.publish(home, made[3, 28])
    assert main(["generations"]) == 0
    listed = capsys.readouterr().out
    assert "what was corrected since" in listed and made[14, 28] in listed
    shutil.copy(publish.path_of(home, made[1, 28]), publish.path_of(home, publish.new_name()))
    publish._drop_oldest(home)
    kept = [one.name for one in publish.of_months(home)]
    assert kept == [made[2, 28], made[3, 28], made[14, 28]]


@pytest.mark.slow
def test_loads_in_one_second_are_in_order(tmp_path, home):
    folder = folder_of(tmp_path, "A")
    names = [load(folder, home, today=TODAY, share_view=False).generation for _ in range(3)]
    assert [g.name for g in publish.generations(home)] == names[::-1]


@pytest.mark.slow
def test_a_second_load_at_once_is_refused_or_waits(tmp_path, home, elsewhere):
    folder = folder_of(tmp_path, "A")
    with publish.only_load(home, 0):
        with pytest.raises(Refused, match="another load is under way"):
            load(folder, home, today=TODAY, share_view=False)
        waiting = elsewhere.begin(folder, home)
        time.sleep(0.5)
        assert publish.published(home) is None
    assert waiting.wait() == 0
    assert served(home) == [("A", 20)]


@pytest.mark.slow
def test_a_killed_load_frees_the_lock_and_its_files_go_with_the_next_one(tmp_path, home, elsewhere):
    load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False)
    killed = elsewhere.begin(folder_of(tmp_path, "E"), home)
    while not list((home / "generations").glob("building_*")):
        time.sleep(0.001)
    killed.kill()
    assert served(home) == [("A", 20)]
    load(folder_of(tmp_path, "E"), home, today=TODAY, share_view=False)
    assert served(home) == [("E", 20)]
    assert not list((home / "generations").glob("building_*"))


@pytest.mark.slow
def test_a_load_killed_at_any_moment_leaves_the_old_or_the_new_generation(
    tmp_path, home, elsewhere
):
    chance = random.Random(20261121)
    folders = {code: folder_of(tmp_path, code) for code in ("A", "E")}
    load(folders["A"], home, today=TODAY, share_view=False)
    started = time.monotonic()
    assert elsewhere.begin(folders["A"], home).wait() == 0
    longest = time.monotonic() - started
    old, killed = "A", 0
    # One in each part of the time that a load takes, and of a little more, in any order.
    moments = [1.1 * longest * (part + chance.random()) / KILLS for part in range(KILLS)]
    for moment in chance.sample(moments, KILLS):
        new = "E" if old == "A" else "A"
        loads = elsewhere.begin(folders[new], home)
        time.sleep(moment)
        killed += loads.kill()
        [(code, rows)] = served(home)
        assert rows == 20
        assert code in (old, new)
        old = code
    assert killed > KILLS / 2


def test_a_file_that_does_not_read_back_as_written_is_not_published(tmp_path, home):
    name = load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False).generation
    path = publish.path_of(home, name)
    with duckdb.connect(str(path)) as connection:
        expected = publish.fingerprints(connection, name)
    verify(path, expected)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP MACRO floor_divide")
    with pytest.raises(RuntimeError, match="floor_divide"):
        verify(path, expected)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE attendance SET code = 'E' WHERE date = DATE '2025-09-03'")
    with pytest.raises(RuntimeError, match="attendance"):
        verify(path, expected)


def verify(path, expected):
    with duckdb.connect() as connection:
        _verify(connection, path, expected)


def test_the_pointer_to_a_lost_or_odd_generation_is_none(tmp_path, home):
    name = load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False).generation
    (home / "published").write_text("../secret")
    assert publish.published(home) is None
    publish.publish(home, name)
    publish.path_of(home, name).unlink()
    assert publish.published(home) is None


@pytest.mark.slow
def test_a_damaged_generation_is_listed_without_its_source(tmp_path, home):
    name = load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False).generation
    publish.path_of(home, name).write_bytes(b"no database")
    assert publish.generations(home) == [publish.Generation(name, None, None, True)]


@pytest.mark.slow
def test_what_a_generation_is_made_from_is_written_down(tmp_path, home):
    name = load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False).generation
    with duckdb.connect(str(publish.path_of(home, name)), read_only=True) as connection:
        kept = connection.execute("SELECT schema_version FROM generation").fetchall()
        files = connection.execute("SELECT file FROM made_from").fetchall()
    assert kept == [(made_from.SCHEMA,)]
    assert ("team/causes.csv",) in files
    assert ("tables/definitions.csv",) in files


QUESTIONS = ("absence/headline", "absence/by_school", "absence/by_grade", "absence/by_tier")


@pytest.mark.slow
def test_no_run_of_a_page_sees_two_generations(tmp_path, home, use_home):
    """Runs as pages make them, while generation after generation is published and pruned."""
    use_home(home)
    sizes = {}
    folders = [write_school(tmp_path / str(size), size, size // 2) for size in (4, 10, 16)]

    def publish_next(number: int) -> None:
        size = (4, 10, 16)[number % 3]
        report = load(folders[number % 3], home, today=TODAY, share_view=False)
        sizes[report.generation] = size

    publish_next(0)
    over, problems, runs = threading.Event(), [], []

    def read() -> None:
        while not over.is_set():
            try:
                name = database.current_generation()
                selection = Selection(generation=name)
                seen = {
                    question: int(database.run(question, selection, STAFF).students.sum())
                    for question in QUESTIONS
                }
                runs.append((name, seen))
                # As long as somebody reads a page: two who never look up take the time of the load.
                over.wait(0.02)
            except Exception as problem:
                problems.append(f"{type(problem).__name__}: {problem}")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 6):
            publish_next(number)
    finally:
        over.set()
        for reader in readers:
            reader.join()

    assert not problems, problems[:3]
    assert len({name for name, _ in runs}) > 3, "the swaps were not read"
    mixed = [run for run in runs if set(run[1].values()) != {sizes[run[0]]}]
    assert not mixed, mixed[:3]
    assert len(publish.generations(home)) == publish.KEPT


WITHOUT_DATA = {
    "removed by hand": "The published data, {name}, are missing",
    "removed, also the pointer": "load of .*folder_A was not finished.*queries load .*folder_A",
    "refused": "load of .*folder_A was not finished",
    "written": "People wrote here about data that are not published any more",
    "one of two": "The published data, {name}, are missing. See what there is",
}


@pytest.mark.slow
@pytest.mark.parametrize("case", WITHOUT_DATA)
def test_the_sample_never_stands_in_for_data_of_ones_own(case, tmp_path, home, use_home):
    name = ""
    use_home(home)
    if case == "written":
        journal.add(home, "somebody", [Note("ann", "alder", TODAY, "Likes to be asked.")])
    elif case == "refused":
        folder = folder_of(tmp_path, "A")
        (folder / "schools.csv").unlink()
        with pytest.raises(Refused):
            load(folder, home, today=TODAY, share_view=False)
    else:
        load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False)
        if case == "one of two":
            load(folder_of(tmp_path, "A"), home, today=TODAY, share_view=False)
        name = publish.published(home)
        publish.path_of(home, name).unlink()
        if "pointer" in case:
            (home / "published").unlink()
    with pytest.raises(database.NoData, match=WITHOUT_DATA[case].format(name=name)):
        database.current_generation(build_sample=True)


def test_what_the_sample_wrote_is_nobodys_own(home):
    """A first start that was stopped between the records and the network begins again."""
    sample.copy_sample(home)
    assert sample.is_all_there_is(home)
    journal.add(home, "somebody", [Note("100107", "S01", TODAY, "Likes to be asked.")])
    assert not sample.is_all_there_is(home)


@pytest.mark.slow
def test_real_data_begin_without_what_was_written_beside_the_sample(sample_home, tmp_path):
    home, folder = copy_of(sample_home, tmp_path / "home"), folder_of(tmp_path, "A")
    note = Note("100107", "S01", TODAY, "Likes to be asked.")
    journal.add(home, "somebody", [note])
    roles = [Grant("admin@district.test", "admin"), Grant("viewer@district.test", "viewer")]
    journal.add(home, "an admin", roles)
    before = journal.everything(home)
    load(folder, home, today=TODAY, dry_run=True)
    refused = write_folder(tmp_path / "refused", attendance=[{"date": WEEKDAYS[0], "code": "?"}])
    with pytest.raises(Refused):
        load(refused, home, today=TODAY)
    assert journal.everything(home) == before, "until there are real data, nothing goes"

    report = load(folder, home, today=TODAY, share_view=False)
    assert [one.content for one in journal.everything(home)] == roles
    (kept,) = (home / "before_restore").iterdir()
    (said,) = [str(one) for one in report.findings if "sample" in one.problem]
    assert f"kept in before_restore/{kept.name} of the data folder" in said
    assert journal.verify(home) == [] and looks.verify(home) == []
    # What is written from then on stays.
    journal.add(home, "somebody", [note])
    report = load(folder, home, today=TODAY, share_view=False)
    assert not [one for one in report.findings if "sample" in one.problem]
    assert [one.content for one in journal.read(home, "note")] == [note]
    # So does what was there first where it was left beside real data: people went on with it.
    archive.restore(home, kept)
    before = journal.everything(home)
    assert len(before) > 100
    load(folder, home, today=TODAY, share_view=False)
    assert journal.everything(home) == before


# --- The share view of a large folder ----------------------------------------------------------


def seen(viewer=EVERYBODY) -> int:
    """About how many students a reader sees who chose nothing."""
    return database.records("absence/headline", Selection(), viewer)[0]["students"]


def load_large(tmp_path, home, monkeypatch, students: int, while_coding=None) -> None:
    """As if the folder were large. while_coding: what to look at before the share view is made."""
    monkeypatch.setattr("queries.load.LARGE", 1)

    def progress(words: str) -> None:
        if while_coding and words.startswith("coding"):
            while_coding()

    folder = write_school(tmp_path / f"of_{students}", students=students, absent=students // 3)
    load(folder, home, today=TODAY, progress=progress)


def test_staff_do_not_wait_for_the_share_view_of_a_large_folder(
    tmp_path, home, use_home, monkeypatch
):
    use_home(home)
    looked = []

    def nothing_told() -> None:
        looked.append(seen(STAFF))
        with pytest.raises(database.NoData, match="still being made"):
            seen()
        # What holds no count of people answers in every view.
        database.run("culture/wording", Selection(generation=publish.published(home)))
        with pytest.raises(database.NoData, match="nothing to attack"):
            database.audit(publish.published(home))

    load_large(tmp_path, home, monkeypatch, 60, nothing_told)
    assert (seen(STAFF), seen()) == (60, 60)
    load_large(tmp_path, home, monkeypatch, 90, lambda: looked.extend((seen(STAFF), seen())))
    assert looked == [60, 90, 60]
    assert (seen(STAFF), seen()) == (90, 90)
    assert len(publish.names(home)) == 2
    assert not list(home.glob("shared/*.open.duckdb"))
    assert all(finding.cleared for finding in database.audit(publish.published(home)))


def test_a_load_broken_off_while_it_codes_is_made_whole_by_the_next(
    tmp_path, home, use_home, monkeypatch
):
    use_home(home)

    def broken_off() -> None:
        raise KeyboardInterrupt

    load_large(tmp_path, home, monkeypatch, 60)
    with pytest.raises(KeyboardInterrupt):
        load_large(tmp_path, home, monkeypatch, 90, broken_off)
    assert (seen(STAFF), seen()) == (90, 60)
    load_large(tmp_path, home, monkeypatch, 90)
    assert (seen(STAFF), seen()) == (90, 90)
