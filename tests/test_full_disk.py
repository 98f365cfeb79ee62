"""A full disk says so in one sentence, loses nothing that was said to be saved, and can be read.

On a small disk of its own, which takes root to mount; where that is not allowed, the same is tried
with a limit to how far a file may grow.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from queries import access
from queries.load import Refused, load, publish
from queries.team import archive, journal, looks
from queries.team.records import Note
from queries.team.store import StoreProblem, path_of
from tests.support.exchange import WEEKDAYS, write_folder

PROJECT = Path(__file__).parent.parent
TODAY = date(2026, 6, 30)
MEGABYTE = 1 << 20

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no small disk and no limit there")


@pytest.fixture
def disk(tmp_path):
    """A disk of 40 MB, of which `fill` leaves as much as is asked for."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk, free=0):
    """Leave so many bytes of the disk free."""
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    there = os.statvfs(disk)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, there.f_bavail * there.f_bsize - free)


def note(words):
    return Note("ann", "alder", TODAY, words)


def notes(home):
    return [entry.content.text for entry in journal.read(home, "note")]


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "folder", attendance=[{"date": day} for day in WEEKDAYS])


@pytest.fixture
def home(disk, folder, use_home):
    """A home on the small disk, with data and a note, and nothing left on the disk."""
    home = disk / "home"
    load(folder, home, today=TODAY)
    journal.add(home, "me", [note("First.")])
    use_home(home)
    fill(disk)
    return home


@pytest.mark.slow
def test_a_load_says_so_in_one_sentence_wherever_the_room_ends(disk, folder, home):
    before = publish.published(home)
    size = publish.path_of(home, before).stat().st_size
    refused = 0
    for part in (0, 0.05, 0.3, 0.6, 0.9, 1.2):
        fill(disk, int(part * size))
        try:
            load(folder, home, today=TODAY)
        except Refused as problem:
            refused += 1
            [message] = problem.messages
            assert "the disk is full, and the load could not be finished" in message
            assert message.endswith("make room there, and load the folder again.")
            assert publish.published(home) == before
            assert [one.name for one in publish.generations(home)] == [before]
            assert not list((home / "generations").glob("building_*"))
        assert publish.own_folder(home) == str(folder)
    assert refused >= 4
    fill(disk, 20 * MEGABYTE)
    assert publish.published(home) in (before, load(folder, home, today=TODAY).generation)


@pytest.mark.slow
def test_a_file_that_is_not_plain_is_not_called_unreadable(disk, folder, home):
    """It is copied line by line before it is read: that copy is what there is no room for."""
    path = folder / "attendance.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n\n".join([rows[0], *rows[1:] * 20_000]), encoding="utf-8")
    fill(disk, 3 * MEGABYTE)
    with pytest.raises(Refused) as refused:
        load(folder, home, today=TODAY)
    [message] = refused.value.messages
    assert "the disk is full" in message


@pytest.mark.slow
def test_a_generation_that_cannot_be_pointed_to_is_not_kept(disk, folder, home):
    """The last step of publishing: a home that has room for a generation and none for its name."""
    before = publish.published(home)
    fill(disk, 20 * MEGABYTE)

    def when(step):
        if step == "publishing":
            fill(disk)

    with pytest.raises(Refused, match="the disk is full"):
        load(folder, home, today=TODAY, progress=when)
    assert publish.published(home) == before
    assert [one.name for one in publish.generations(home)] == [before]


@pytest.mark.slow
def test_what_was_acknowledged_is_there_and_what_was_not_says_so(disk, home):
    saved = ["First."]
    fill(disk, 300_000)
    for number in range(200):
        words = f"{number} " + "x" * 5000
        try:
            journal.add(home, "me", [note(words)])
        except StoreProblem as problem:
            assert "nothing was saved" in str(problem)
            assert re.search("Make room|has room", str(problem))
            break
        saved.append(words)
    else:
        pytest.fail("the disk was never full")
    assert len(saved) > 3
    assert notes(home) == saved
    fill(disk, MEGABYTE)
    assert notes(home) == saved
    journal.add(home, "me", [note("Last.")])
    assert notes(home) == [*saved, "Last."]


WRITE_AND_STAY = """
import sys, time
from datetime import date
from pathlib import Path
from queries.team import store
with store.opened(Path(sys.argv[1])) as connection:
    with store.transaction(connection):
        connection.execute(
            "INSERT INTO entry (at, who, kind, record, version, student_id, body) "
            "SELECT at, who, kind, 'another', 1, student_id, body FROM entry"
        )
    print("written", flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
def test_what_a_killed_writer_left_in_the_log_is_read_on_a_full_disk(disk, home):
    fill(disk, MEGABYTE)
    command = [sys.executable, "-c", WRITE_AND_STAY, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT) as writer:
        assert writer.stdout.readline() == b"written\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert path_of(home).with_name("team.sqlite-wal").stat().st_size > 0
    with contextlib.suppress(FileNotFoundError):
        path_of(home).with_name("team.sqlite-shm").unlink()
    fill(disk)
    assert notes(home) == ["First.", "First."]


@pytest.mark.slow
def test_a_backup_and_an_export_go_to_another_disk(home, tmp_path):
    copy = archive.backup(home, tmp_path / "backups")
    assert notes(copy) == ["First."]
    assert looks.verify(home) == []
    made = archive.export(home, tmp_path / "export")
    assert "First." in (made / "note.csv").read_text(encoding="utf-8")


def command(home, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "queries", *map(str, arguments), "--home", str(home)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_commands_say_so_without_a_traceback(home, folder, tmp_path):
    said = command(home, "load", folder)
    assert said.returncode == 1
    assert "the disk is full" in said.stdout
    assert "Refused: nothing was changed" in said.stdout
    backup = command(home, "backup", tmp_path / "backups")
    assert backup.returncode == 0
    assert "could not be recorded" in backup.stderr
    export = command(home, "export", tmp_path / "export")
    assert export.returncode == 0
    shown = command(home, "show", "absence/headline", "--share")
    assert shown.returncode == 0
    for one in (said, backup, export, shown):
        assert "Traceback" not in one.stdout + one.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.slow
def test_an_answer_that_finds_no_room_says_so():
    with Path("/dev/full").open("w") as full:
        said = subprocess.run(
            [sys.executable, "-m", "queries", "list"],
            cwd=PROJECT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert "[Errno 28] No space left on device" in said.stderr


PAGES = ("app.py", "pages/causes.py", "pages/network.py", "pages/plans.py", "pages/data_health.py")


def opened(page, view):
    at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    if page != "app.py":
        at.switch_page(page)
    at.session_state["view"] = view
    at.run()
    assert not at.exception, [problem.value for problem in at.exception]
    return "\n".join(one.value for kind in (at.title, at.markdown) for one in kind)


@pytest.mark.slow
def test_pages_are_read_while_the_disk_is_full(home):
    for page in PAGES:
        for view in (access.SHARE, access.SCHOOL):
            assert "nothing to show" not in opened(page, view), (page, view)


@pytest.mark.slow
def test_names_wait_until_looks_can_be_recorded(disk, home):
    words = opened("pages/students.py", access.NAMES).replace("\\", "")
    assert "Names are shown only where each look can be recorded." in words
    assert "The disk is full" in words
    fill(disk, MEGABYTE)
    assert "can be recorded" not in opened("pages/students.py", access.NAMES)


# --- The same without a disk: no file may grow beyond a limit ----------------------------------

LIMITED = """
import resource, sys
from datetime import date
from pathlib import Path
from queries.load import Refused, load
from queries.team import journal
from queries.team.records import Note
from queries.team.store import StoreProblem
folder, home, limit = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
try:
    load(folder, home, today=date(2026, 6, 30))
    print("published")
except Refused as refused:
    print(*refused.messages, sep="\\n")
saved = 0
try:
    while True:
        note = Note("ann", "alder", date(2026, 6, 30), "x" * 5000)
        journal.add(Path(home), "me", [note])
        saved += 1
except StoreProblem as problem:
    print(problem)
print(saved)
"""


@pytest.mark.slow
@pytest.mark.parametrize("limit", [100_000, 700_000])
def test_files_that_may_not_grow_are_a_full_disk(folder, tmp_path, limit):
    home = tmp_path / "home"
    before = load(folder, home, today=TODAY).generation
    said = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder), str(home), str(limit)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded, written, saved = said.stdout.splitlines()
    assert "the disk is full, and the load could not be finished" in loaded
    assert publish.published(home) == before
    assert "nothing was saved" in written
    assert len(notes(home)) == int(saved) > 0
    assert not said.stderr
