"""What a generation is made from: its number decides whether it is read, its files what is said."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pytest

from queries import access, database, server, team
from queries.__main__ import questions
from queries.access import EVERYBODY, NotShown
from queries.load import made_from, publish
from queries.selection import Selection
from queries.team import store
from queries.team.records import Note
from tests.support import generation_tables
from tests.support.readers import ALL_NAMES, STAFF
from tests.support.sampled import sampled

PROJECT = Path(__file__).parent.parent


def test_the_number_is_raised_with_the_tables(make_home):
    number, lines = generation_tables.kept()
    is_now = generation_tables.listed(make_home(share_view=True))
    assert is_now == lines, generation_tables.WHAT_TO_DO.format(number=number)
    assert number == made_from.SCHEMA, generation_tables.WHAT_TO_DO.format(number=number)
    assert 1 <= made_from.OLDEST_READ <= made_from.SCHEMA


@pytest.mark.slow
def test_other_tables_are_not_written_down_under_the_same_number(make_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(make_home(share_view=True), home)
    path = publish.path_of(home, publish.published(home))
    with duckdb.connect(str(path)) as connection:
        connection.execute("ALTER TABLE schools ADD COLUMN roof VARCHAR")
    before = generation_tables.KEPT.read_bytes()
    with pytest.raises(SystemExit, match=r"Raise SCHEMA in queries/load/made_from\.py"):
        generation_tables.write(home)
    assert generation_tables.KEPT.read_bytes() == before


# --- What another version of Roundtable says of a generation that was loaded before ------------

ASK = """
from queries import access, database, team
try:
    name = database.current_generation()
    print(database.outdated(name))
except database.NoData as problem:
    print("NO DATA", problem)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A copy of the program, to be changed as an upgrade changes it."""
    copy = tmp_path_factory.mktemp("program")
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "queries", copy / "queries", ignore=left_out)
    return copy


@pytest.fixture
def after(program, make_home):
    """after(changes): what is said of data loaded before files of queries/ were changed."""
    home = make_home(share_view=True)

    def ask(changes):
        paths = {program / "queries" / file: change for file, change in changes}
        before = {path: path.read_bytes() for path in paths}
        for path, change in paths.items():
            text = path.read_text(encoding="utf-8")
            assert change(text) != text, path
            path.write_text(change(text), encoding="utf-8", newline="")
        try:
            said = subprocess.run(
                # Compiled code is known by size and second alone, and a change may keep both.
                [sys.executable, "-B", "-c", ASK],
                cwd=program,
                env={"ROUNDTABLE_HOME": str(home), "PATH": ""},
                capture_output=True,
                text=True,
                check=True,
            )
        finally:
            for path, text in before.items():
                path.write_bytes(text)
        return said.stdout.strip()

    return ask


def number(schema, oldest):
    """The change to another number, and to another oldest one that is read."""

    def change(text):
        text = re.sub(r"(?m)^SCHEMA = \d+", f"SCHEMA = {schema}", text)
        return re.sub(r"(?m)^OLDEST_READ = \d+", f"OLDEST_READ = {oldest}", text)

    return [("load/made_from.py", change)]


NOTHING_MEANT = [
    ("tables/01_definitions.sql", lambda text: f"-- New.\n/* And\nthis. */{text}"),
    ("tables/02_calendar.sql", lambda text: text.replace("SELECT\n", "SELECT ")),
    (
        "privacy/coding.py",
        lambda text: re.sub(r'\A"""', '"""Another sentence. ', text) + "# New.\n",
    ),
    ("team/causes.csv", lambda text: text.replace("\n", "\r\n")),
]


@pytest.mark.slow
def test_a_change_that_means_nothing_is_not_spoken_of(after):
    assert after(NOTHING_MEANT) == "None"


# What is changed in a file, and how it is said.
DECIDED = {
    "team/causes.csv": (
        lambda text: text + "no clean clothes,barriers,Who has a washing machine?\n",
        "the list of causes, of which the share view names those it had then (team/causes.csv)",
    ),
    "team/ideas.csv": (
        lambda text: text + 'A new idea,asthma,"Nothing is known."\n',
        "(team/ideas.csv)",
    ),
    "tables/definitions.csv": (
        lambda text: text.replace("\nfederal,", "\nFederal,"),
        "the definitions of chronic absence (tables/definitions.csv)",
    ),
    "tables/survey_rules.csv": (
        lambda text: text.replace("fewest_answers,,10,", "fewest_answers,,11,"),
        "the rules for surveys (tables/survey_rules.csv)",
    ),
    # What looks like a comment, inside a text, means something.
    "tables/02_calendar.sql": (
        lambda text: text + "SELECT '--  not a comment';\n",
        "how days and answers are counted (tables/02_calendar.sql)",
    ),
    "privacy/rules.py": (
        lambda text: text.replace("MINIMUM = 10", "MINIMUM = 11"),
        "what the share view tells (privacy/rules.py)",
    ),
    "team/study.sql": (lambda text: text + "SELECT 1;\n", "the Study of plans (team/study.sql)"),
}
LATER = "Load the folder again: python -m queries load "


@pytest.mark.slow
def test_what_would_come_out_otherwise_is_said_and_the_data_stay(after):
    changes = [(file, change) for file, (change, _) in DECIDED.items()]
    said = after(changes + number(made_from.SCHEMA + 1, made_from.SCHEMA))
    assert said.startswith("These data were loaded by an earlier version of Roundtable.")
    for _, words in DECIDED.values():
        assert words in said
    assert f"its tables (number {made_from.SCHEMA}, now {made_from.SCHEMA + 1})" in said
    assert LATER in said


@pytest.mark.slow
def test_only_what_cannot_be_read_is_taken_off_the_screen(after):
    newest = made_from.SCHEMA + 1
    said = after(number(newest, newest))
    assert said.startswith("NO DATA The published data were made by an earlier version")
    assert LATER in said
    said = after(number(0, 0))
    assert said.startswith("NO DATA The published data were made by a newer version")


@pytest.fixture(scope="module")
def asked(network_of_small_cells, tmp_path_factory):
    """A home of which everything was asked, and the answers."""
    home = tmp_path_factory.mktemp("asked") / "home"
    shutil.copytree(network_of_small_cells(1), home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDTABLE_HOME", str(home))
        return home, answers()


# The oldest is every step at once, and from the other on everybody is told something; of those
# between and after, one a day.
EDGES = {made_from.OLDEST_READ, made_from.OLDEST_SHARED}
OLDER = set(range(made_from.OLDEST_READ, made_from.SCHEMA))


@pytest.mark.slow
@pytest.mark.parametrize("number", [*sorted(OLDER & EDGES), *sampled(sorted(OLDER - EDGES), 1)])
def test_older_tables_that_are_read_answer_every_question_as_they_did(
    number, asked, use_home, tmp_path
):
    home, before = asked
    older = tmp_path / "older"
    shutil.copytree(home, older)
    generation_tables.make_older(older, number)
    use_home(older)
    assert f"its tables (number {number}, now" in database.outdated(publish.published(older))
    if number < made_from.SEVERAL_GRADES:
        with pytest.raises(database.NoData, match="choose one grade"):
            database.records("absence/headline", Selection(grades=("4", "5")), STAFF)
    coded = number < made_from.OLDEST_SHARED
    for (question, view), answer in answers().items():
        if coded and view == EVERYBODY.view and access.is_coded(question, EVERYBODY):
            assert "which told too much. Staff see theirs. Load the folder again:" in answer
        else:
            assert answer == before[question, view], (question, view)


def answers() -> dict:
    """By question and view: the rows, or why there are none. Nothing else may be raised."""
    found = {}
    for question in questions():
        for viewer in (EVERYBODY, ALL_NAMES):
            try:
                rows = database.records(question, Selection(), viewer)
            except NotShown as reason:
                rows = str(reason)
            except database.NoData as reason:
                assert viewer is EVERYBODY, question
                rows = str(reason)
            # What is told of the generation itself is what differs.
            if question != "health/generation":
                found[question, viewer.view] = rows
    assert any(rows for rows in found.values() if isinstance(rows, list))
    return found


@pytest.mark.slow
def test_a_generation_from_before_the_numbers_says_so(make_home, use_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(make_home(), home)
    use_home(home)
    path = publish.path_of(home, publish.published(home))
    with duckdb.connect(str(path)) as connection:
        connection.execute("ALTER TABLE generation RENAME schema_version TO tables_version")
        connection.execute("DROP TABLE made_from")
    with pytest.raises(database.NoData, match="made by an earlier version"):
        database.current_generation(build_sample=True)


def test_a_damaged_generation_is_said_to_be_so(make_home, use_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(make_home(), home)
    use_home(home)
    publish.path_of(home, publish.published(home)).write_bytes(b"no database")
    with pytest.raises(database.NoData, match=r"cannot be read: the file .*duckdb is damaged"):
        database.current_generation(build_sample=True)


def test_what_was_damaged_since_it_was_opened_is_said_by_an_answer(make_home, use_home, tmp_path):
    """And a question that is wrong, or a disk that is full, is no damage."""
    home = tmp_path / "home"
    shutil.copytree(make_home(share_view=True), home)
    use_home(home)
    name = database.current_generation()
    path = publish.path_of(home, name)
    path.write_bytes(path.read_bytes()[:12288].ljust(path.stat().st_size, b"\0"))
    with pytest.raises(database.NoData, match=rf"{name}.* is damaged .*\. Load the folder again"):
        for question in questions():
            database.records(question, Selection(school="Alder School"), STAFF)
    for error in (
        duckdb.IOException("Could not write: No space left on device"),
        duckdb.IOException("Cannot open file: Permission denied"),
        duckdb.BinderException("no such column"),
    ):
        assert not publish.is_damage(error), error


def test_where_duckdb_gave_up_the_next_answer_opens_it_again(make_home, use_home):
    """As after a fatal error, which ends a connection and every cursor of it."""
    use_home(make_home())
    first = database.records("absence/by_school", Selection(), STAFF)
    database.records("causes/student_notes", Selection(), ALL_NAMES)
    everybody = database.records("choices/schools", Selection())
    for one in list(server._servers.values()):
        one.connection.close()
    assert database.records("absence/by_school", Selection(), STAFF) == first
    assert database.records("choices/schools", Selection()) == everybody
    assert database.records("causes/student_notes", Selection(), ALL_NAMES) == []


def test_a_store_damaged_since_a_page_was_opened_is_said_by_an_answer(
    make_home, use_home, tmp_path
):
    home = tmp_path / "home"
    shutil.copytree(make_home(), home)
    use_home(home)
    team.add(ALL_NAMES, "ann", [Note("ann", "alder", date(2026, 3, 2), "Likes the garden.")])
    assert len(database.records("causes/student_notes", Selection(), ALL_NAMES)) == 1
    with closing(sqlite3.connect(store.path_of(home))) as connection, connection:
        connection.execute("DROP TABLE entry")
    with pytest.raises(store.StoreProblem, match="It is damaged"):
        database.records("causes/student_notes", Selection(), ALL_NAMES)
