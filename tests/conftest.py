"""Homes with data in them. Every test starts in an empty home of its own, never the project's."""

import contextlib
import gc
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from queries.load import load
from queries.team import journal
from queries.team.records import Learned
from tests.second_answer.folder import Network, read_network
from tests.second_answer.random_network import write_random_network
from tests.second_answer.random_records import write_partners
from tests.support.exchange import write_folder
from tests.support.small_cells import small_causes, small_cells

PROJECT = Path(__file__).resolve().parent.parent

# The invented networks of the tests end before this day, so that no row lies in the future.
LOADED_ON = date(2026, 8, 1)


def pytest_collection_finish():
    """Nothing that was imported or collected becomes garbage: to look through it again and again
    took a twentieth of the time of a load."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """An empty home for every test, so that none can read or write the project's .roundtable."""
    monkeypatch.setenv("ROUNDTABLE_HOME", str(tmp_path / "home"))


@pytest.fixture
def use_home(own_home, monkeypatch):
    """use_home(home): from here on, questions are answered from this home."""
    return lambda home: monkeypatch.setenv("ROUNDTABLE_HOME", str(home))


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """kept(key, make): a copy of the home that make(home) fills, once for all tests of this run.

    Under pytest-xdist several processes run tests: the first that asks makes it, others wait, and
    each has a copy, for looks at names are written into a home.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    copies: dict[str, Path] = {}

    def get(key: str, make) -> Path:
        if key not in copies:
            home = shared / "kept" / hashlib.sha256(key.encode()).hexdigest()[:16]
            home.parent.mkdir(exist_ok=True)
            # SQLite's lock ends with its process, so that nobody waits for one that was killed.
            with contextlib.closing(sqlite3.connect(f"{home}.lock", timeout=300)) as lock:
                lock.execute("BEGIN EXCLUSIVE")
                if not home.exists():
                    making = Path(tempfile.mkdtemp(dir=home.parent))
                    make(making)
                    making.rename(home)
            copies[key] = copy_of(home, tmp_path_factory.mktemp("home") / "home")
        return copies[key]

    return get


def copy_of(home: Path, into: Path) -> Path:
    """A home of its own with the same data and words; generations never change, so a link does."""

    def copy(source: str, target: str) -> None:
        (os.link if source.endswith(".duckdb") else shutil.copy2)(source, target)

    shutil.copytree(home, into, copy_function=copy)
    return into


@pytest.fixture(scope="session")
def make_home(kept):
    """make_home(**files): a home with a network loaded from these files. Tests only read it.

    The same files give the same home, for many tests ask one network.
    learned: what people wrote before the load, as fields of records.Learned. share_view: without
    it the load leaves the share view out, which takes half its time.
    """

    def make(*, learned=(), share_view=False, **files) -> Path:
        def load_files(home: Path) -> None:
            if learned:
                journal.add(home, "the team", [Learned(**one) for one in learned])
            with tempfile.TemporaryDirectory() as folder:
                written = write_folder(Path(folder), **files)
                load(written, home, today=LOADED_ON, share_view=share_view)

        key = json.dumps([files, learned, share_view], sort_keys=True, default=str)
        return kept(key, load_files)

    return make


@pytest.fixture
def network(make_home, use_home):
    """network(**files): load these files, and answer questions from them in this test."""

    def make(**files) -> Path:
        home = make_home(**files)
        use_home(home)
        return home

    return make


@pytest.fixture(scope="session")
def random_network(kept):
    """random_network(seed, size): a home with a random network, and the network read a second time.

    size: "small" or "medium" (tests/second_answer/random_network), or "small cells". Tests only
    read both. The share view is left out: second answers are compared with what staff are told.
    """

    @lru_cache(maxsize=12)
    def get(seed: int, size: str = "small") -> tuple[Path, Network]:
        def make(home: Path) -> None:
            folder = home / "files"
            if size == "small cells":
                folder.mkdir()
                write_folder(folder, **small_cells(seed))
            else:
                write_random_network(folder, seed, size)
            write_partners(folder, seed)
            # By chance a school of a few may have hardly an event that counts.
            load(folder, home, share_view=False, accept_losses=True)

        home = kept(f"random {size} {seed}", make)
        return home, read_network(home / "files")

    return get


@pytest.fixture(scope="session")
def network_of_small_cells(make_home):
    """network_of_small_cells(seed): a home with a random network full of small cells and its share
    view, of which something was learned before it was loaded. Tests only read it."""

    def get(seed: int) -> Path:
        files = small_cells(seed)
        return make_home(learned=small_causes(seed, files["enrollments"]), share_view=True, **files)

    return get


@pytest.fixture(scope="session")
def sample_home(kept) -> Path:
    """A home with the sample network, loaded once. Tests only read it."""
    return kept("sample", lambda home: load(PROJECT / "sample_data", home))


@pytest.fixture
def sample(sample_home, use_home):
    """Answer questions from the sample network in this test."""
    use_home(sample_home)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public data sets beside the checkout; they are no part of the project."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no public data sets in {folder}")
    return folder


@pytest.fixture(scope="session")
def shared_cases(shared_data) -> Path:
    """Small inputs that failed once; they are no part of the project either."""
    return shared_data.parent / "cases"
