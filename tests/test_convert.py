"""Protects the way from other systems' files to a known truth: what a folder is taken for, what is
asked, and the figures that come of it.
"""

from pathlib import Path

import pytest

from queries import convert, database
from queries.selection import Selection
from tests.support.readers import ALL_NAMES


@pytest.fixture
def three_exports(shared_cases) -> Path:
    return shared_cases / "exports" / "daily_absences_three_files"


def headline(home: Path, use_home, **choices) -> dict:
    use_home(home)
    (row,) = database.records("absence/headline", Selection(**choices), ALL_NAMES)
    return row


def test_three_exports_of_a_system_load_as_they_are(three_exports, tmp_path, use_home):
    mapping, _, problems = convert.look(three_exports)
    assert not problems and not mapping.questions()
    convert.load(three_exports, tmp_path / "home", share_view=False)
    row = headline(tmp_path / "home", use_home)
    assert (row["students_absent"], row["students"]) == (140, 500)
    assert (row["days_absent"], row["days_enrolled"]) == (5_896, 77_386)
