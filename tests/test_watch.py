"""Protects a folder that is watched: each whole export is published once, and nothing else is."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from queries.load import Refused, load, publish, watch
from tests.support.exchange import WEEKDAYS, write_file, write_folder
from tests.test_pages import started, whole

ROOT = Path(__file__).resolve().parent.parent
EVERY = 0.25


class Watching:
    """`python -m queries load FOLDER --watch` in a process of its own, line by line."""

    def __init__(self, folder: Path, home: Path):
        command = [sys.executable, "-m", "queries", "load", str(folder), "--watch"]
        command += ["--every", str(EVERY), "--home", str(home)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def line(self) -> str:
        """The next line, which is waited for."""
        return self.process.stdout.readline()

    def end(self, number: int) -> tuple[int, str]:
        """How it ends on a signal, and what it says until then."""
        os.kill(self.process.pid, number)
        with self.process.stdout as output:
            rest = output.read()
        return self.process.wait(30), rest


def absences(*days: int) -> list[dict]:
    return [{"student_id": name, "date": WEEKDAYS[n]} for name in ("ann", "ben") for n in days]


class Looks(threading.Event):
    """Instead of a clock: does the next of these after each look at the folder, and ends it."""

    def __init__(self, *steps: Callable[[], object]):
        super().__init__()
        self.steps = list(steps)

    def wait(self, timeout: float | None = None) -> bool:
        if not self.steps:
            self.set()
        else:
            self.steps.pop(0)()
        return self.is_set()


def nothing() -> None:
    """The files stand still."""


def test_only_what_stood_still_from_one_look_to_the_next_is_loaded_and_that_once(tmp_path):
    folder, home, served, said = tmp_path / "export", tmp_path / "home", [], []

    def served_now() -> None:
        served.append(publish.published(home))

    def write(*days: int) -> Callable[[], object]:
        return lambda: write_folder(folder, attendance=absences(*days))

    def when(step: str) -> None:
        """The exporter goes on while the second export is read."""
        if step == "checking keys and references" and served[-1] and not when.done:
            when.done = True
            write(*range(17))()

    when.done = False
    looks = Looks(
        *(write(*range(15)), served_now, served_now),  # new, then it stands still: loaded
        *(write(*range(9)), write(*range(16)), served_now),  # the first half of it stands not
        *(nothing, served_now, nothing, served_now),  # changed while it was read; then loaded
        *(lambda: folder.rename(tmp_path / "away"), nothing),
        *(lambda: (tmp_path / "away").rename(folder), nothing, nothing, served_now),
    )
    watch.watch(folder, home, said.append, looks, progress=when, share_view=False)
    first, second = served[1], served[-1]
    assert served == [None, first, first, first, second, second]
    assert first != second
    assert len(publish.generations(home)) == 2
    words = [line.split(" ", 2)[2] for line in said]
    gone = f"There are no files of an export in {folder}; waiting for them."
    assert [words[0], words[-1]] == [gone, gone]
    assert [one.split(" ", 1)[0].strip(";") for one in words[1:-1]] == [
        *("Published", "Refused", "Published")
    ]
    assert "changed while it was read" in words[2]
    with duckdb.connect(publish.path_of(home, second), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM attendance").fetchall() == [(34,)]

    # Started again, it finds nothing new; and what another load is in the way of is tried again.
    watch.watch(folder, home, said.append, Looks(nothing, nothing))
    assert (len(said), len(publish.generations(home))) == (len(words), 2)
    write(*range(18))()
    with publish.only_load(home, 0):
        watch.watch(folder, home, said.append, Looks(nothing, nothing))
    assert "another load is under way" in said[-1]
    watch.watch(folder, home, said.append, Looks(nothing), share_view=False)
    assert "Published" in said[-1]
    assert publish.published(home) != second


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM that a program could catch")
def test_the_command_says_one_line_a_load_and_ends_cleanly(tmp_path):
    folder, home = tmp_path / "export", tmp_path / "home"
    write_folder(folder, attendance=absences(*range(15)))
    watching = Watching(folder, home)
    try:
        assert watching.line() == f"Watching {folder} every {EVERY} seconds. Ctrl-C ends it.\n"
        assert "Published" in watching.line()
        first = publish.published(home)
        write_file(folder, "attendance", absences(0))
        said = watching.line()
        assert "Refused; what was published before stays. attendance.csv: " in said
        assert publish.published(home) == first
        assert publish.refusal(home).reasons[0] in said
    finally:
        ended, rest = watching.end(signal.SIGTERM)
    assert (ended, rest) == (0, "Stopped watching. What was published stays.\n")
    assert not list((home / "generations").glob("building_*"))


@pytest.mark.slow
def test_a_refusal_names_nobody_and_a_load_that_publishes_forgets_it(tmp_path, use_home):
    """Not in its values, nor where a sentence says one; nor does a dry run change it. Data health
    says it to staff."""
    home = tmp_path / "home"
    use_home(home)
    load(write_folder(tmp_path / "before"), home)
    folder = write_folder(
        tmp_path / "folder",
        attendance=[{"student_id": "ANN"}, {"code": "Caleb O'Neil"}],
        enrollments=[{"student_id": "ann"}, {"student_id": "Caleb Taylor"}],
    )
    with pytest.raises(Refused) as refused:
        load(folder, home, share_view=False)
    told = "\n".join(refused.value.messages)
    assert all(name in told for name in ("ANN", "Caleb O'Neil", "Caleb Taylor"))
    refusal = publish.refusal(home)
    assert refusal.folder == str(folder)
    assert len(refusal.reasons) + refusal.more == len(refused.value.messages)
    assert all("attendance.csv, line" in one or "enrollments.csv" in one for one in refusal.reasons)
    kept = (home / "refused").read_text()
    assert not [name for name in ("ANN", "ann", "Caleb", "Neil", "Taylor") if name in kept]
    words = whole(started("pages/data_health.py", "school").run()).replace("\\", "")
    assert "The newest files are not shown" in words
    assert all(one in words for one in refusal.reasons)
    assert "not shown" not in whole(started("pages/data_health.py", "share").run())
    folder = write_folder(tmp_path / "good")
    load(folder, home, share_view=False, dry_run=True)
    assert publish.refusal(home) == refusal
    load(folder, home, share_view=False)
    assert publish.refusal(home) is None
    assert "not shown" not in whole(started("pages/data_health.py", "school").run())
