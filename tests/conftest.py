"""Homes with data in them. Every test starts in an empty home of its own, never the project's."""

import json
from datetime import date
from pathlib import Path

import pytest

from queries.load import load
from queries.team import journal
from queries.team.records import Learned
from tests.support.exchange import write_folder

PROJECT = Path(__file__).resolve().parent.parent

# The invented networks of the tests end before this day, so that no row lies in the future.
LOADED_ON = date(2026, 8, 1)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """An empty home for every test, so that none can read or write the project's .roundtable."""
    monkeypatch.setenv("ROUNDTABLE_HOME", str(tmp_path / "home"))


@pytest.fixture
def use_home(own_home, monkeypatch):
    """use_home(home): from here on, questions are answered from this home."""
    return lambda home: monkeypatch.setenv("ROUNDTABLE_HOME", str(home))


@pytest.fixture(scope="session")
def make_home(tmp_path_factory):
    """make_home(**files): a home with a network loaded from these files. Tests only read it.

    The same files give the same home: a load takes half a second, and many tests ask one network.
    learned: what people wrote before the load, as fields of records.Learned.
    """
    made = {}

    def make(*, learned=(), **files) -> Path:
        key = json.dumps([files, learned], sort_keys=True, default=str)
        if key not in made:
            folder = tmp_path_factory.mktemp("network")
            if learned:
                journal.add(folder / "home", "the team", [Learned(**one) for one in learned])
            load(write_folder(folder / "files", **files), folder / "home", today=LOADED_ON)
            made[key] = folder / "home"
        return made[key]

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
def sample_home(tmp_path_factory) -> Path:
    """A home with the sample network, loaded once. Tests only read it."""
    home = tmp_path_factory.mktemp("sample") / "home"
    load(PROJECT / "sample_data", home)
    return home


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
