"""Protects the command line: exit codes, words instead of tracebacks, output for other programs.

Most commands run in this process: to start another takes longer than most commands. What a process
adds is tested by `start`: each kind of exit, words for tracebacks, letters, pipes and folders.
"""

import contextlib
import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from queries import __main__ as command_line
from queries import database
from queries.load import load, publish
from queries.selection import Selection
from queries.team import looks, store
from tests.support.days import missed
from tests.support.exchange import write_folder
from tests.support.readers import ALL_NAMES

PROJECT = Path(__file__).resolve().parent.parent


def run(*arguments: str, home: Path | None = None) -> subprocess.CompletedProcess:
    """Run one command in this process, with the exit code and words of a process of its own."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        # A command may name another home, which is meant for itself alone.
        patch.setenv("ROUNDTABLE_HOME", str(home or os.environ["ROUNDTABLE_HOME"]))
        try:
            code = command_line.main(list(arguments))
        except SystemExit as left:  # argparse leaves by itself
            code = left.code
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def start(*arguments: str, home: Path | None = None) -> subprocess.CompletedProcess:
    """Run one command as a person does; nobody ever sees a traceback."""
    environment = os.environ | ({"ROUNDTABLE_HOME": str(home)} if home else {})
    done = subprocess.run(
        [sys.executable, "-m", "queries", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def show(home: Path, *arguments: str) -> list[dict]:
    done = run("show", *arguments, "--format", "json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def folder(tmp_path) -> Path:
    return write_folder(tmp_path / "files")


@pytest.fixture
def refused_folder(tmp_path) -> Path:
    return write_folder(tmp_path / "refused", attendance=[{"code": "X"}])


# --- load -------------------------------------------------------------------------------------


def test_a_load_publishes_and_says_what_became_of_every_row(folder, tmp_path):
    home = tmp_path / "home"
    done = start("load", str(folder), "--home", str(home))
    assert done.returncode == 0
    assert f"Published {publish.published(home)}" in done.stdout
    assert "attendance.csv" in done.stdout


@pytest.mark.slow
def test_a_dry_run_publishes_nothing(folder, tmp_path):
    home = tmp_path / "home"
    done = run("load", str(folder), "--dry-run", home=home)
    assert done.returncode == 0
    assert "would be published" in done.stdout
    assert publish.published(home) is None
    assert publish.generations(home) == []


def test_a_refused_folder_changes_nothing_and_names_the_place(folder, refused_folder, tmp_path):
    home = tmp_path / "home"
    before = load(folder, home, share_view=False).generation
    done = start("load", str(refused_folder), home=home)
    assert done.returncode == 1
    assert "attendance.csv, line 2, column code: 'X' is not in attendance_codes.csv" in done.stdout
    assert "nothing was changed" in done.stdout
    assert publish.published(home) == before


@pytest.mark.slow
def test_the_report_as_json_is_json_and_nothing_else(folder, refused_folder, tmp_path):
    done = run("load", str(folder), "--json", home=tmp_path / "home")
    report = json.loads(done.stdout)
    assert report["generation"] == publish.published(tmp_path / "home")
    assert {
        "file": "attendance.csv",
        "rows_in": 1,
        "accepted": 1,
        "set_aside": 0,
        "repaired": 0,
    } in (report["files"])
    done = run("load", str(refused_folder), "--json", home=tmp_path / "home")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["generation"] is None
    (finding,) = report["findings"]
    assert (finding["file"], finding["line"], finding["value"]) == ("attendance.csv", 2, "X")
    assert finding["kind"] == "refused"


def test_a_folder_that_is_not_there_is_refused_in_words(tmp_path):
    done = run("load", str(tmp_path / "nowhere"), home=tmp_path / "home")
    assert done.returncode in (1, 2)
    assert "nowhere" in done.stdout + done.stderr


def test_the_version_is_the_one_that_the_project_states():
    project = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    [stated] = re.findall(r'^version = "(.+)"$', project, re.MULTILINE)
    told = run("--version", home=PROJECT)
    assert (told.returncode, told.stdout, told.stderr) == (0, f"Roundtable {stated}\n", "")


# --- wrong usage ------------------------------------------------------------------------------

WRONG = {
    "no command": (),
    "no such command": ("dance",),
    "load what": ("load",),
    "show what": ("show",),
    "no such question": ("show", "absence/nothing"),
    "a question outside": ("show", "../absence/headline"),
    "no such school year": ("show", "absence/headline", "--school-year", "1999-00"),
    "no such year to compare": ("show", "absence/shifts", "--compare-year", "1999-00"),
    "no such network": ("show", "absence/headline", "--network", "Nowhere"),
    "no such neighborhood": ("show", "absence/headline", "--neighborhood", "Nowhere"),
    "no such school": ("show", "absence/headline", "--school", "Nowhere"),
    "no such grade": ("show", "absence/headline", "--grade", "13"),
    "no such grade among several": ("show", "absence/headline", "--grade", "5", "--grade", "13"),
    "no such dimension": ("show", "absence/headline", "--group", "height=tall"),
    "no such group": ("show", "absence/headline", "--group", "home_language=Klingon"),
    "a group without a value": ("show", "absence/headline", "--group", "home_language"),
    "no such definition": ("show", "absence/headline", "--definition", "mine"),
    "no such other definition": (
        "show",
        "absence/reconciliation",
        "--other-definition",
        "mine",
    ),
    "no such survey": ("show", "culture/shifts", "--survey", "Nowhere"),
    "nobody such asked": ("show", "culture/shifts", "--respondent-group", "nobody"),
    "not a date": ("show", "absence/headline", "--as-of", "March"),
    "not a number": ("show", "culture/shifts", "--assume-n", "many"),
    "no answers at all": ("show", "culture/shifts", "--assume-n", "0"),
    "no such format": ("show", "absence/headline", "--format", "xml"),
    "no such generation": ("generations", "--publish", "generation_20200101_000000_abcdef"),
    "not a generation": ("generations", "--publish", "../elsewhere"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage_is_answered_in_words(sample, case):
    done = run(*WRONG[case])
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    ["no such question", "no such definition"],
)
def test_wrong_usage_ends_the_process_without_a_traceback(sample_home, case):
    done = start(*WRONG[case], home=sample_home)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("There is no ")


def test_an_unknown_name_is_answered_with_the_known_ones(sample_home):
    words = run("show", "absence/headline", "--school", "Bich", home=sample_home).stderr
    assert "'Bich'" in words
    assert "Birch Elementary" in words
    words = run("show", "absence/headlines", home=sample_home).stderr
    assert "absence/headline\n" in words
    words = run("show", "absence/headline", "--definition", "mine", home=sample_home).stderr
    assert "fraction_of_day" in words


# --- show -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_json_is_one_array_with_values_of_their_kind(tmp_path):
    """Numbers, strings, true, false and null; a name with quotes and accents stays itself."""
    home = tmp_path / "home"
    folder = write_folder(
        tmp_path / "files",
        students=[
            {"student_id": "ann", "first_name": 'Ann "A"', "last_name": "Peña"},
            {"student_id": "007"},
        ],
        enrollments=[
            {"student_id": "ann"},
            {"student_id": "007", "entry_date": "2025-09-26"},
        ],
        attendance=missed("ann", 1, 20),
    )
    load(folder, home)
    done = start("show", "absence/students", "--format", "json", home=home)
    assert done.stdout.startswith("[")
    assert done.stdout.endswith("]\n")
    assert done.stderr == ""
    rows = {row["student_id"]: row for row in json.loads(done.stdout)}
    assert set(rows) == {"ann", "007"}
    ann, other = rows["ann"], rows["007"]
    assert ann["student_name"] == 'Ann "A" Peña'
    assert (ann["days_enrolled"], ann["rate"], ann["chronically_absent"]) == (20, 0.1, True)
    assert isinstance(ann["days_enrolled"], int)
    assert (other["chronically_absent"], other["tier"]) == (None, None)
    assert "NaN" not in done.stdout


def test_an_answer_without_rows_is_an_empty_array(sample_home):
    rows = show(
        sample_home,
        "culture/shifts",
        "--survey",
        "Heritage staff survey",
        "--school",
        "Birch Elementary",
    )
    assert rows == []


OPTIONS = [
    (("absence/headline",), Selection()),
    (
        ("absence/headline", "--school-year", "2024-25", "--definition", "over_10"),
        Selection(school_year="2024-25", definition="over_10"),
    ),
    (
        ("absence/by_school", "--neighborhood", "Riverside", "--group", "disability=yes"),
        Selection(neighborhood="Riverside", dimension="disability", group_name="yes"),
    ),
    (("absence/by_tier", "--grade", "K"), Selection(grade="K")),
    (("absence/by_tier", "--grade", "K", "--grade", "2"), Selection(grades=("K", "2"))),
    (("absence/by_school", "--school", "S02"), Selection(school="Birch Elementary")),
    (
        ("culture/shifts", "--respondent-group", "staff", "--assume-n", "32"),
        Selection(respondent_group="staff", assumed_n=32),
    ),
    (
        ("culture/shifts", "--school-year", "2025-26", "--compare-year", "2023-24"),
        Selection(school_year="2025-26", compare_year="2023-24"),
    ),
    (("absence/reconciliation", "--other-definition", "nyc"), Selection(other_definition="nyc")),
]


@pytest.mark.parametrize("arguments, selection", OPTIONS)
def test_every_option_reaches_its_question(sample, capsys, arguments, selection):
    """The command line and the function give one answer."""
    assert command_line.main(["show", *arguments, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == database.records(
        arguments[0], selection, ALL_NAMES
    )


def test_an_earlier_day(sample_home):
    now = show(sample_home, "absence/headline")[0]
    early = show(sample_home, "absence/headline", "--as-of", "2025-10-31")[0]
    late = show(sample_home, "absence/headline", "--as-of", "2026-06-30")[0]
    assert early["days_enrolled"] < now["days_enrolled"]
    assert late == now


@pytest.mark.slow
def test_csv_has_a_header_and_no_formulas(tmp_path):
    home = tmp_path / "home"
    folder = write_folder(
        tmp_path / "files",
        students=[
            {"student_id": "ann", "first_name": "=1+1", "last_name": "Ames, A."},
            {"student_id": "ben"},
        ],
    )
    load(folder, home)
    done = run("show", "absence/students", "--format", "csv", home=home)
    rows = {row["student_id"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows["ann"]["student_name"] == "'=1+1 Ames, A."
    assert rows["ben"]["chronically_absent"] == ""


def test_the_table_is_for_reading(sample_home):
    lines = run("show", "absence/by_tier", home=sample_home).stdout.splitlines()
    assert lines[0].split() == ["tier", "students", "share"]
    assert [line.split()[0] for line in lines[1:]] == [
        "satisfactory",
        "at_risk",
        "moderate",
        "severe",
    ]
    # A column is as wide as its longest cell.
    begins = len("satisfactory") + 2
    assert all(line[begins - 2 : begins] == "  " and line[begins] != " " for line in lines), lines


# --- list, check, generations -----------------------------------------------------------------


def test_list_names_every_question_with_what_it_answers(sample_home):
    lines = run("list", home=sample_home).stdout.splitlines()
    questions = {
        path.relative_to(PROJECT / "queries").with_suffix("").as_posix()
        for path in (PROJECT / "queries").glob("*/*.sql")
        if path.parent.name not in ("cells", "tables", "privacy", "team")
    }
    assert {line.split()[0] for line in lines} == questions
    assert all(len(line.split()) > 3 for line in lines)


@pytest.mark.slow
def test_check_asks_every_question(sample_home):
    done = run("check", home=sample_home)
    assert done.returncode == 0
    assert "all answered" in done.stdout


@pytest.mark.slow
def test_check_of_a_tiny_network_too(folder, tmp_path):
    load(folder, tmp_path / "home")
    assert run("check", home=tmp_path / "home").returncode == 0


@pytest.mark.slow
def test_going_back_to_an_earlier_generation(folder, tmp_path):
    home = tmp_path / "home"
    first = load(folder, home, share_view=False).generation
    second = load(folder, home, share_view=False).generation
    done = run("generations", home=home)
    assert done.returncode == 0
    lines = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert set(lines) == {first, second}
    assert "published" in lines[second] and "published" not in lines[first]
    assert run("generations", "--publish", first, home=home).returncode == 0
    assert publish.published(home) == first


@pytest.mark.slow
def test_a_home_that_is_no_folder_is_answered_in_words(tmp_path):
    (tmp_path / "file").write_text("x")
    done = run("show", "absence/headline", home=tmp_path / "file")
    assert done.returncode == 1
    assert "the load could not be finished" in done.stderr


@pytest.mark.slow
def test_an_empty_home_is_wrong_usage_and_not_the_folder_one_is_in(tmp_path):
    for arguments in (("generations", "--home", ""), ("load", "", "--home", str(tmp_path))):
        done = run(*arguments)
        assert done.returncode == 2
        assert "is no folder" in done.stderr


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_of_a_pipe_is_left_in_peace(sample_home):
    command = [sys.executable, "-m", "queries", "show", "absence/students", "--format", "json"]
    with subprocess.Popen(
        [*command, "--home", str(sample_home)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as started:
        started.stdout.read(10)
        started.stdout.close()
        assert started.stderr.read() == b""


@pytest.mark.slow
def test_a_letter_that_the_terminal_cannot_write_is_escaped(tmp_path, monkeypatch):
    folder = write_folder(tmp_path / "files", attendance=[{"code": "Ł"}])
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    done = start("load", str(folder), home=tmp_path / "home")
    assert done.returncode == 1
    assert "'\\u0141' is not in attendance_codes.csv" in done.stdout


def test_what_everybody_may_see(sample_home):
    """--share gives the coded table, and says in words what it does not show."""
    (told,) = show(sample_home, "absence/headline", "--share")
    (exact,) = show(sample_home, "absence/headline", "--as-of", "2026-02-27")
    assert told["students"] % 10 == 0
    assert 0 < abs(told["students"] - exact["students"]) <= 5
    assert told["withheld"] is False
    for arguments in (("absence/students",), ("absence/headline", "--grade", "5")):
        refused = run("show", *arguments, "--share", home=sample_home)
        assert refused.returncode == 2
        assert refused.stdout == ""
        assert "Traceback" not in refused.stderr and refused.stderr


@pytest.mark.slow
def test_the_audit_says_what_it_tried_and_how_narrow_it_got(network_of_small_cells):
    done = run("audit", home=network_of_small_cells(29))
    assert done.returncode == 0, done.stderr
    assert "linear programming" in done.stdout
    narrowest = [int(number) for number in re.findall(r"narrowest: (\d+) ", done.stdout)]
    assert len(narrowest) == 2
    assert min(narrowest) >= 10


@pytest.mark.slow
def test_lists_of_students_are_recorded_and_check_verifies_the_record(make_home):
    home = make_home(share_view=True)
    before = len(looks.looks(home))
    show(home, "absence/students")
    seen = looks.looks(home)[before:]
    assert [(look.what, look.page, look.students) for look in seen] == [
        ("names seen", "absence/students", 2)
    ]
    assert run("check", home=home).returncode == 0
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection, connection:
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE look SET students = 1")
    checked = run("check", home=home)
    assert checked.returncode == 1
    assert "record of who looked" in checked.stdout
