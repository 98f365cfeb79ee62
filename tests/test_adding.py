"""Protects a part of a year that is added: it takes the place of what it covers, and of nothing
else, as if the whole had been loaded."""

import csv
import gzip
import json
import random
import shutil
import time
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pytest

from queries import __main__ as command_line
from queries import convert
from queries.load import Refused, publish
from queries.load import load as load_all
from tests.second_answer.random_network import write_random_network
from tests.support.exchange import WEEKDAYS, write_file, write_folder
from tests.support.exports import absences_and_roster, district
from tests.support.forked import forking
from tests.support.sampled import sampled

TODAY = date(2026, 8, 1)
load = partial(load_all, today=TODAY, share_view=False)
# Where the data come from and what was found in them differs; all that is counted must not. Shares
# are listed as they are written, also in rows that count for nothing.
OF_THE_LOAD = ("generation", "load_files", "load_findings", "share_of_day")
SIX_WEEKS = timedelta(weeks=6)


def tables(home: Path) -> dict[str, tuple]:
    """Each table that is served, by its number of rows and a sum over all of its cells."""
    path = publish.path_of(home, publish.published(home))
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {publish.literal(path)} AS served (READ_ONLY)")
        found = publish.fingerprints(connection, "served")
    return {name: held for name, held in found.items() if name not in OF_THE_LOAD}


def rows_of(folder: Path, name: str) -> list[dict]:
    path = next(folder.glob(f"{name}.csv*"))
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def replace_rows(folder: Path, name: str, rows: list[dict], header: list[str]) -> None:
    for path in folder.glob(f"{name}.csv*"):
        path.unlink()
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)


def in_two(folder: Path, seed: int) -> tuple[Path, Path]:
    """A year as it was exported six weeks before its end, with mistakes; and a later export of the
    six weeks and of the four before, in which they are corrected."""
    chance = random.Random(seed)
    whole = {name: rows_of(folder, name) for name in ("calendar", "enrollments", "attendance")}
    headers = {name: list(rows[0]) for name, rows in whole.items()}
    year = max(row["school_year"] for row in whole["calendar"])
    last = max(row["date"] for row in whole["attendance"])
    since = str(date.fromisoformat(last) - SIX_WEEKS)
    from_day = str(date.fromisoformat(last) - SIX_WEEKS - timedelta(weeks=4))
    first, part = folder.with_name("first"), folder.with_name("part")
    for one in (first, part):
        one.mkdir()
    for path in folder.iterdir():
        (first / path.name).write_bytes(path.read_bytes())
    before = {
        "calendar": [row for row in whole["calendar"] if row["date"] < since],
        "attendance": [
            row
            for row in whole["attendance"]
            if row["date"] < from_day or (row["date"] < since and chance.random() < 0.9)
        ],
        "enrollments": [
            row | {"exit_date": ""}
            if row["school_year"] == year and row["exit_date"] >= since
            else row
            for row in whole["enrollments"]
        ],
    }
    after = {
        "calendar": [row for row in whole["calendar"] if row["date"] >= from_day],
        "attendance": [row for row in whole["attendance"] if row["date"] >= from_day],
        "enrollments": [row for row in whole["enrollments"] if row["school_year"] == year],
    }
    for to, files in ((first, before), (part, after)):
        for name, rows in files.items():
            replace_rows(to, name, rows, headers[name])
    return first, part


@pytest.mark.slow
@pytest.mark.parametrize("seed", sampled(range(20), 1))
def test_a_random_year_in_two_exports_is_the_year(seed, tmp_path):
    whole = write_random_network(tmp_path / "whole", seed)
    first, part = in_two(whole, seed)
    load(whole, tmp_path / "once", accept_losses=True)
    load(first, tmp_path / "twice", accept_losses=True)
    for _ in range(2):
        load(part, tmp_path / "twice", add=True, accept_losses=True)
        assert tables(tmp_path / "twice") == tables(tmp_path / "once")


# --- By hand: two schools of twelve, twenty days, loaded after the first fourteen ----------------

SCHOOLS = ("alder", "birch")
PEOPLE = [(school, f"{school}{number:02}") for school in SCHOOLS for number in range(12)]


def absent(student: str, *days: int) -> list[dict]:
    return [
        {"student_id": student, "school_id": student[:5], "date": WEEKDAYS[day], "code": "A"}
        for day in days
    ]


def days(*numbers: int) -> list[dict]:
    return [{"school_id": school, "date": WEEKDAYS[one]} for school in SCHOOLS for one in numbers]


def stays(**exits: str) -> list[dict]:
    return [
        {"student_id": who, "school_id": school} | {"exit_date": exits.get(who, "")}
        for school, who in PEOPLE
    ]


def files(until: int = 20, **exits: str) -> dict[str, list[dict]]:
    """The network up to a day. Each is absent four times, and at each school on each day
    somebody."""
    return {
        "schools": [
            {"school_id": one, "school_name": one.title(), "level": "middle"} for one in SCHOOLS
        ],
        "students": [{"student_id": who, "first_name": who.upper()} for _, who in PEOPLE],
        "enrollments": stays(**exits),
        "calendar": days(*range(until)),
        "attendance": [
            row
            for number, (_, who) in enumerate(PEOPLE)
            for row in absent(who, *(one for one in range(number % 5, 20, 5) if one < until))
        ],
        "survey_answers": [{"respondent_id": str(one)} for one in range(12)],
    }


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A home with fourteen days, of the last four of which two absences are wrong, one is missing
    and one row cannot be read."""
    home = tmp_path_factory.mktemp("served")
    early = files(14)
    early["attendance"] += absent("alder00", 11) + absent("birch01", 12)
    early["attendance"].remove(absent("alder03", 13)[0])
    early["attendance"].append(absent("alder00", 1)[0] | {"date": "someday"})
    load(write_folder(home / "files", **early), home)
    return home


@pytest.fixture
def home(served, tmp_path):
    shutil.copytree(served, tmp_path / "home")
    return tmp_path / "home"


def since(day: int, **exits: str) -> dict[str, list[dict]]:
    """The part from a day on, as an export of its days has it."""
    whole = files(**exits)
    return {
        "enrollments": whole["enrollments"],
        "calendar": days(*range(day, 20)),
        "attendance": [row for row in whole["attendance"] if row["date"] >= WEEKDAYS[day]],
    }


def write_part(folder: Path, **given: list[dict]) -> Path:
    folder.mkdir()
    for name, rows in given.items():
        write_file(folder, name, rows)
    return folder


def test_a_year_in_two_exports_is_the_year_and_twice_is_once(served, home, tmp_path):
    left = {"birch05": WEEKDAYS[16]}
    load(write_folder(tmp_path / "whole", **files(**left)), tmp_path / "once")
    part = write_part(tmp_path / "part", **since(10, **left))
    report = load(part, home, add=True)
    assert tables(home) == tables(tmp_path / "once")
    said = [str(one) for one in report.findings]
    words = "speaks for 2025-09-15 to 2025-09-26 at 2 schools: its 48 rows take the place of 21;"
    assert any(words in one for one in said), said
    assert any("Alder corrected days of 2025-26 before 2025-09-18" in one for one in said)
    (aside,) = [one for one in said if "someday" in one]
    assert "set aside when it was loaded on" in aside
    assert load(part, home, add=True).generation == publish.published(home)
    assert tables(home) == tables(tmp_path / "once")
    newest = publish.generations(home)[0]
    assert newest.source == f"{part}, added to {served / 'files'}"
    again = f"python -m queries load {served / 'files'}, and then its later parts with --add"
    assert publish.load_again(newest.source) == again


def test_days_that_a_part_does_not_cover_stay_and_whose_row_is_wrong_is_said(home, tmp_path):
    """Of Alder alone, in the middle, with the calendar of the year; line 4 cannot be read, and on
    line 3 is a day on which Alder is closed."""
    rows = absent("alder01", 10) + absent("alder02", 12)
    rows[1:1] = [rows[0] | {"date": "2025-09-14"}, rows[0] | {"date": "soon"}]
    part = write_part(tmp_path / "part", attendance=rows, calendar=days(*range(20)))
    report = load(part, home, add=True, accept_losses=True)
    lines = {(one.file, one.line) for one in report.findings if one.value}
    assert {("attendance.csv", 3), ("attendance.csv", 4)} <= lines
    with duckdb.connect(str(publish.path_of(home, publish.published(home)))) as connection:
        of_day = dict(
            connection.execute(
                "SELECT (school_id, date), count(*) FROM attendance GROUP BY ALL"
            ).fetchall()
        )
        kept = connection.execute("SELECT count(first_name) FROM students").fetchall()
        answers = connection.execute("SELECT count(*) FROM survey_answers").fetchall()
    there = {
        school: [of_day.get((school, date.fromisoformat(WEEKDAYS[day])), 0) for day in range(14)]
        for school in SCHOOLS
    }
    assert there["alder"] == [3, 3, 2, 2, 2] * 2 + [1, 0, 1, 1]
    assert there["birch"] == [2, 2, 3, 3, 2] * 2 + [2, 2, 4, 3]
    assert (kept, answers) == ([(24,)], [(12,)])


def test_what_a_part_says_of_people_is_taken_and_what_it_lacks_stays(home, tmp_path):
    roster = [row for row in stays(alder04=WEEKDAYS[12]) if row["student_id"] != "alder07"]
    part = write_part(
        tmp_path / "part",
        schools=[{"school_id": "alder", "school_name": "Alder Academy"}],
        students=[{"student_id": "cara"}],
        enrollments=[*roster, {"student_id": "cara", "entry_date": WEEKDAYS[14]}],
        attendance=since(16)["attendance"] + absent("alder04", 16),
        calendar=days(*range(16, 20)),
    )
    report = load(part, home, add=True)
    said = [str(one) for one in report.findings]
    assert any("'alder07' is not in the part, and enrolled at Alder Academy" in one for one in said)
    assert any("has no day at Birch between 2025-09-18, the last that was" in one for one in said)
    assert any("'alder04, alder, 2025-09-23' is not enrolled there" in one for one in said)
    with duckdb.connect(str(publish.path_of(home, publish.published(home)))) as connection:
        schools = connection.execute("SELECT school_name, level FROM schools ORDER BY 1").fetchall()
        left = connection.execute("SELECT student_id FROM enrollments WHERE exit_date IS NOT NULL")
        assert left.fetchall() == [("alder04",)]
    assert schools == [("Alder Academy", "middle"), ("Birch", "middle")]


def whose_stays_begin_with_it(folder):
    part = since(14)
    later = [row | {"entry_date": WEEKDAYS[14]} for row in part["enrollments"]]
    return write_part(folder, **part | {"enrollments": later})


def called_otherwise(folder):
    part = write_part(folder, **since(14))
    (folder / "attendance.csv").rename(folder / "Attendance export.csv")
    return part


REFUSED = {
    "days between were never loaded": (
        lambda folder: write_part(folder, **since(16) | {"calendar": days(*range(20))}),
        "from 2025-09-19 on, nothing was loaded: 2 in all; export from 2025-09-19 on",
    ),
    "stays are those of the part": (
        whose_stays_begin_with_it,
        "24 of 24 stays begin in the days of the part, and began before them",
    ),
    "a file is called otherwise": (called_otherwise, "if it is attendance, write its rows into"),
    "a student is nowhere": (
        lambda folder: write_part(folder, attendance=absent("alder99", 14)),
        "attendance.csv, line 2, column student_id: 'alder99' is not in students.csv",
    ),
    "many rows of it cannot be read": (
        lambda folder: write_part(
            folder, attendance=[row | {"date": "soon"} for row in absent("alder00", *range(6))]
        ),
        "6 of 6 rows would be set aside",
    ),
    "nothing of the contract": (lambda folder: write_part(folder), "has no file of the contract"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_a_part_is_refused(why, served, tmp_path):
    make, words = REFUSED[why]
    before = publish.published(served)
    with pytest.raises(Refused) as refused:
        load(make(tmp_path / "part"), served, add=True)
    assert any(words in one for one in refused.value.messages), refused.value.messages
    assert publish.published(served) == before


def test_without_data_that_can_be_added_to_it_is_said_what_to_do(home, tmp_path):
    part = write_part(tmp_path / "part", **since(14))
    with pytest.raises(Refused, match="load the whole year without --add"):
        load(part, tmp_path / "empty", add=True)
    with duckdb.connect(str(publish.path_of(home, publish.published(home)))) as connection:
        connection.execute("UPDATE generation SET schema_version = schema_version - 1")
    with pytest.raises(Refused, match="load all of it once without --add: python -m queries load"):
        load(part, home, add=True)


def test_the_command_line_says_what_a_part_would_change(home, tmp_path, capsys):
    part = write_part(tmp_path / "part", **since(10))
    assert command_line.main(["changes", str(part), "--add", "--json", "--home", str(home)]) == 0
    would = json.loads(capsys.readouterr().out)
    assert (would["add"], would["losses"], would["years"]) == (True, [], ["2025-26", "2025-26"])
    alder = next(one for one in would["schools"] if one["school_name"] == "Alder")
    assert (alder["students_absent_before"], alder["students_absent"]) == (12, 12)
    assert publish.published(home) == publish.names(home)[-1]


@pytest.mark.slow
def test_a_part_in_the_files_of_another_system(tmp_path):
    """From a day on, with the roster and the calendar of the year; of its absences one is of the
    day after the student left."""
    truth, day, again = district(students=30), "2025-11-10", "2025-11-03"
    left = next(row for row in truth["enrollments"] if row["exit_date"] > day)
    late = {"student_id": left["student_id"], "school_id": left["school_id"], "code": "AU"}
    truth["attendance"].append(late | {"date": "2025-12-19"})
    early = truth | {
        "attendance": [row for row in truth["attendance"] if row["date"] < day][:-1],
        "enrollments": [
            row | {"exit_date": row["exit_date"] if row["exit_date"] < day else ""}
            for row in truth["enrollments"]
        ],
    }
    part = truth | {"attendance": [row for row in truth["attendance"] if row["date"] >= again]}
    for name, told in (("whole", truth), ("early", early), ("part", part)):
        (tmp_path / name).mkdir()
        absences_and_roster(told, tmp_path / name)
    how = {"today": TODAY, "share_view": False}
    convert.load(tmp_path / "whole", tmp_path / "once", **how)
    convert.load(tmp_path / "early", tmp_path / "twice", **how)
    report = convert.load(tmp_path / "part", tmp_path / "twice", add=True, **how)
    assert tables(tmp_path / "twice") == tables(tmp_path / "once")
    (not_there,) = [one for one in report.findings if "is not enrolled there" in one.problem]
    lines = (tmp_path / "part" / "attendance export.csv").read_text("utf-8").splitlines()
    assert not_there.file == "attendance export.csv"
    assert lines[not_there.line - 1].startswith(left["student_id"])


ADD = """
from datetime import date
from queries.load import load
def do(folder, home):
    load(folder, home, today=date(2026, 8, 1), share_view=False, add=True)
"""


@pytest.mark.slow
def test_a_part_killed_at_any_moment_is_added_or_is_not(home, tmp_path):
    part, before, first = (
        write_part(tmp_path / "part", **since(10)),
        tables(home),
        publish.published(home),
    )
    chance = random.Random(5)
    with forking(ADD) as processes:
        started = time.monotonic()
        assert processes.begin(part, home).wait() == 0
        longest, after = time.monotonic() - started, tables(home)
        for moment in (0.3, 0.6, 0.9):
            publish.publish(home, first)
            adds = processes.begin(part, home)
            time.sleep(longest * (moment + 0.1 * chance.random()))
            killed = adds.kill()
            assert tables(home) in ((before, after) if killed else (after,))
    load(part, home, add=True)
    assert tables(home) == after != before
