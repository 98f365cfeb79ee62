"""A folder that changes while it is read is refused, and what was served stays."""

import gzip
import os
import subprocess
import sys
from datetime import date
from functools import partial

import duckdb
import pytest

from queries.load import Refused, publish
from queries.load import load as load_all
from tests.support.exchange import WEEKDAYS, write_folder

load = partial(load_all, today=date(2026, 6, 30))
EVENTS = [{"date": day} for day in WEEKDAYS]


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "folder", attendance=EVENTS)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def append(path):
    with path.open("a", encoding="utf-8") as file:
        file.write(path.read_text(encoding="utf-8").splitlines()[-1] + "\n")


def cut(path):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-3]), encoding="utf-8")


def rewrite_alike(path):
    """As many bytes as before, and the time of writing set back to what it was."""
    was = path.stat()
    path.write_bytes(path.read_bytes().replace(b"A", b"E"))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (was.st_size, was.st_mtime_ns)


def put_another(path):
    """Another file takes its place, as programs do that write a copy first."""
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


def appear(path):
    path.with_name("partners.csv").write_text("partner_id,partner_name\np1,Clinic\n")


CHANGES = {
    "appended": (append, r"attendance\.csv: changed while it was read \([\d,]+ bytes before"),
    "cut": (cut, r"attendance\.csv: changed while it was read"),
    "rewritten alike": (rewrite_alike, r"attendance\.csv: changed while it was read"),
    "another in its place": (put_another, r"attendance\.csv: changed while it was read"),
    "removed": (lambda path: path.unlink(), r"attendance\.csv: disappeared while the folder was"),
    "another file": (appear, r"partners\.csv: appeared while the folder was read"),
}
# Before the file is read, when all are, and when only the end is left to do.
MOMENTS = ("reading schools.csv", "checking keys and references", "checking the new generation")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.slow
def test_a_change_at_any_moment_refuses_the_load_in_one_sentence(folder, home, change, moment):
    make, words = CHANGES[change]

    def when(step):
        if step == moment:
            make(folder / "attendance.csv")

    with pytest.raises(Refused, match=words) as refused:
        load(folder, home, share_view=False, progress=when)
    [message] = refused.value.messages
    assert message.endswith("wait until it is written, and load the folder again.")
    assert publish.published(home) is None
    assert not publish.generations(home)


@pytest.mark.slow
def test_what_was_served_stays_and_the_next_load_is_published(folder, home):
    before = load(folder, home, share_view=False).generation

    def when(step):
        if step == "checking keys and references":
            cut(folder / "attendance.csv")

    for dry_run in (True, False):
        with pytest.raises(Refused, match="changed while it was read"):
            load(folder, home, share_view=False, dry_run=dry_run, progress=when)
    assert publish.published(home) == before
    after = load(folder, home, share_view=False, accept_losses=True).generation
    assert publish.published(home) == after != before


@pytest.mark.slow
def test_what_is_no_file_of_the_contract_may_change(folder, home):
    def when(_step):
        (folder / "notes.txt").write_text("Seen by me.")

    load(folder, home, share_view=False, progress=when)
    assert publish.published(home)


WRITE_ON = """
import sys, time
with open(sys.argv[1], "a") as file:
    file.write("\\n")
    print("writing", flush=True)
    while True:
        file.write("\\n")
        file.flush()
        time.sleep(0.001)
"""


def as_form(path, form):
    """The same rows in another form."""
    other = path.with_name(f"attendance.{form}")
    if form == "csv.gz":
        other.write_bytes(gzip.compress(path.read_bytes()))
    elif form == "parquet":
        with duckdb.connect() as connection:
            rows = connection.read_csv(str(path), all_varchar=True)
            rows.write_parquet(str(other))
    if other != path:
        path.unlink()
    return other


@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet"])
@pytest.mark.slow
def test_a_file_that_another_program_still_writes_is_not_published(tmp_path, home, form):
    folder = write_folder(tmp_path / "folder", attendance=EVENTS)
    path = as_form(folder / "attendance.csv", form)
    command = [sys.executable, "-c", WRITE_ON, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout.readline() == b"writing\n"
            with pytest.raises(Refused, match="changed while it was read") as refused:
                load(folder, home, share_view=False)
        finally:
            writer.kill()
            writer.stdout.close()
    assert len(refused.value.messages) == 1
    assert publish.published(home) is None
