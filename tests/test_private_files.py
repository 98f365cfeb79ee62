"""Protects the data folder, backups and exports from other users of the machine: real modes."""

import os
import shutil
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from queries import __main__ as command_line
from queries.load import load
from queries.team import archive, journal, looks, store
from queries.team.records import Note
from tests.support.exchange import write_folder

PROJECT = Path(__file__).resolve().parent.parent
NOTE = Note("ann", "alder", date(2026, 3, 20), "moved in with an aunt")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no such modes")


@pytest.fixture(params=[0o022, 0o000], ids=["umask 022", "umask 000"])
def umask(request):
    """What new files are kept from, as a login sets it; each piece of work begins with it."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(*folders):
    """Every file and folder that is in or is one of these, and its mode where that is wrong."""
    found = [path for folder in folders for path in [folder, *folder.rglob("*")]]
    kept = {path: stat.S_IMODE(path.lstat().st_mode) for path in found}
    wrong = {
        str(path): oct(mode)
        for path, mode in kept.items()
        if mode != (0o700 if path.is_dir() else 0o600)
    }
    return len(found), wrong


def test_a_load_and_what_people_write_are_for_nobody_else(umask, tmp_path):
    home = tmp_path / "deep" / "home"
    folder = write_folder(tmp_path / "files")
    load(folder, home, share_view=False)
    os.umask(umask)
    journal.add(home, "me", [NOTE])
    with store.opened(home):
        # SQLite's own files are there as long as the store is open.
        looks.record(home, who="me", what="names seen", page="p", filters="", students=1)
        found, wrong = modes(home.parent)
        assert {"team.sqlite-wal", "team.sqlite-shm", "looks.head", "published", "load.lock"} <= {
            path.name for path in home.iterdir()
        }
    assert wrong == {} and found > 9


@pytest.mark.parametrize("is_there", [True, False], ids=["folder there", "folder new"])
def test_backups_exports_and_restores_are_for_nobody_else(umask, is_there, tmp_path):
    home = tmp_path / "home"
    journal.add(home, "me", [NOTE])
    looks.record(home, who="me", what="names seen", page="p", filters="", students=1)
    os.umask(umask)
    if is_there:
        (tmp_path / "export").mkdir()
    backup = archive.backup(home, tmp_path / "backups" / "of the team")
    os.umask(umask)
    archive.export(home, tmp_path / "export")
    os.umask(umask)
    kept = archive.restore(home, backup)
    assert kept.is_dir()
    found, wrong = modes(home, tmp_path / "backups", tmp_path / "export")
    assert wrong == {} and found > 20
    os.umask(umask)
    archive.export(tmp_path / "nobody", tmp_path / "nothing" / "export")
    assert modes(tmp_path / "nothing")[1] == {}


def test_a_building_is_closed_while_it_is_made(umask, tmp_path, monkeypatch):
    """Also a killed load leaves nothing that others can read."""
    seen = []
    load(
        write_folder(tmp_path / "files"),
        tmp_path / "home",
        progress=lambda _: seen.append(modes(tmp_path / "home")),
    )
    assert max(found for found, _ in seen) > 6
    assert [wrong for _, wrong in seen if wrong] == []


OPENING = {
    "a word is written": lambda home: journal.add(home, "me", [NOTE]),
    "names are looked at": lambda home: looks.record(
        home, who="me", what="names seen", page="p", filters="", students=1
    ),
    "another generation is published": lambda home: command_line.main(
        ["generations", "--home", str(home), "--publish", published(home)]
    ),
    "a folder is loaded": lambda home: load(
        write_folder(home.parent / "again"), home, share_view=False
    ),
    "a backup is made": lambda home: archive.backup(home, home / "backups"),
}


def published(home):
    return (home / "published").read_text().strip()


@pytest.mark.parametrize("opening", OPENING)
def test_a_home_of_an_older_version_is_closed_when_something_is_written(
    make_home, tmp_path, opening
):
    home = tmp_path / "home"
    shutil.copytree(make_home(learned=[]), home)
    journal.add(home, "me", [NOTE])
    (home / "before_restore" / "team_20260320_101010_123456").mkdir(parents=True)
    (home / "before_restore" / "team_20260320_101010_123456" / "looks.head").write_text("1 a\n")
    script = home / "script.sh"
    script.write_text("exit 0")
    for path in [home, *home.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o664)
    script.chmod(0o775)
    outside = tmp_path / "outside"
    outside.write_text("somebody else's")
    outside.chmod(0o644)
    (home / "link").symlink_to(outside)
    before = os.umask(0o022)
    try:
        OPENING[opening](home)
    finally:
        os.umask(before)
    assert stat.S_IMODE(script.stat().st_mode) == 0o700
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644
    script.unlink()
    (home / "link").unlink()
    assert modes(home)[1] == {}


@pytest.mark.slow
def test_the_commands_leave_nothing_open_and_check_says_what_is(tmp_path):
    """As somebody runs them: each in a process of its own, with nothing kept from anybody."""
    home, files = tmp_path / "home", write_folder(tmp_path / "files")

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "queries", *map(str, arguments), "--home", str(home)],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            umask=0,
        )

    assert run("load", files).returncode == 0
    assert run("show", "absence/students").returncode == 0
    assert run("backup").returncode == 0
    assert run("export", tmp_path / "out").returncode == 0
    assert run("check").returncode == 0
    found, wrong = modes(home, tmp_path / "out")
    assert wrong == {} and found > 20


@pytest.mark.slow
def test_a_folder_that_cannot_be_closed_is_used_and_check_says_so(
    network, tmp_path, monkeypatch, use_home, capsys
):
    """As on a disk that keeps no modes, or in a folder of another user."""
    home = tmp_path / "home"
    shutil.copytree(network(), home)
    use_home(home)
    home.chmod(0o755)

    def refuse(path, mode):
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(Path, "chmod", refuse)
    journal.add(home, "me", [NOTE])
    assert command_line.main(["check"]) == 1
    assert f"Others on this machine can look into {home}" in capsys.readouterr().out
