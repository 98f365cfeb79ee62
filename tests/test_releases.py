"""Protects students from two looks a few days apart: the share view stands on the ends of months, is
coded once for each, and keeps what it told. What a release told of a count that is the same is part
of the attack on every other one that is kept."""

import shutil
from datetime import date, timedelta

import duckdb
import numpy as np
import pytest

from queries import access, database, forgetting, privacy
from queries.load import load, publish
from queries.privacy import coding
from queries.privacy.cells import NOT_TOLD, read_absence
from queries.privacy.making import count, keep
from queries.privacy.rules import MINIMUM, SHOWN, WITHHELD
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Learned
from tests.conftest import LOADED_ON, copy_of
from tests.support.days import weekdays
from tests.support.exchange import write_folder
from tests.support.readers import STAFF

YEAR = "2025-26"
CALENDAR = [day for day in weekdays("2025-09-01", 100) if day < "2025-12-20"]
SCHOOLS = {"alder": 70, "birch": 90, "cedar": 110}
STUDENTS = [(school, f"{school} {n}", n) for school, size in SCHOOLS.items() for n in range(size)]
SEPTEMBER, OCTOBER, NOVEMBER = date(2025, 9, 30), date(2025, 10, 31), date(2025, 11, 28)


def files(until: str, **changed) -> dict[str, list[dict]]:
    """Three schools whose students miss days of their own, with attendance up to a day."""
    rows = [
        {"student_id": student, "school_id": school, "date": day}
        for school, student, n in STUDENTS
        for d, day in enumerate(CALENDAR)
        # Somebody misses each day, so that it is a day with a row.
        if day <= until and ((n + d) % 9 < n % 4 - 1 or n == d % 10)
    ]
    return {
        "schools": [{"school_id": one, "school_name": f"{one} School"} for one in SCHOOLS],
        "students": [
            {"student_id": student, "gender": "F" if n % 2 else "M", "home_language": f"L{n % 5}"}
            for _, student, n in STUDENTS
        ],
        "enrollments": [
            {"student_id": student, "school_id": school, "grade": str(n % 3)}
            for school, student, n in STUDENTS
        ],
        "calendar": [{"school_id": one, "date": day} for one in SCHOOLS for day in CALENDAR],
        "attendance": rows,
        "survey_answers": [
            {"respondent_id": student, "school_id": school, "answer": ("Agree", "Disagree")[n % 2]}
            for school, student, n in STUDENTS
        ],
        **changed,
    }


def learned(home, *numbers: int) -> None:
    """Somebody understood that these students of Cedar have asthma."""
    about = {"school_id": "cedar", "school_year": YEAR, "cause": "asthma", "evidence": "teacher"}
    about |= {"confidence": "likely", "learned_on": date(2025, 10, 1)}
    journal.add(home, "a team", [Learned(student_id=f"cedar {n}", **about) for n in numbers])


def load_until(home, tmp_path, until: str, *, release: bool = False, **changed):
    folder = tmp_path / f"files {until} {len(list(tmp_path.iterdir()))}"
    return load(
        write_folder(folder, **files(until, **changed)), home, today=LOADED_ON, release=release
    )


@pytest.fixture(scope="module")
def in_november(kept):
    """A home that was loaded on a day in the middle of November, after something was learned."""

    def make(home):
        learned(home, *range(2, 40))
        folder = home / "files"
        load(write_folder(folder, **files("2025-11-12")), home, today=LOADED_ON)

    return kept("releases in november", make)


@pytest.fixture
def home(in_november, tmp_path, use_home):
    """A copy of it, to be loaded into."""
    use_home(copy_of(in_november, tmp_path / "home"))
    return tmp_path / "home"


def shared(home) -> dict[str, list[tuple]]:
    """Every table of the share view in the generation that is served."""
    with duckdb.connect() as connection:
        path = publish.path_of(home, publish.published(home))
        connection.execute(f"ATTACH {publish.literal(path)} AS one (READ_ONLY)")
        connection.execute("USE one")
        names = connection.execute(
            "SELECT table_name FROM duckdb_tables() "
            "WHERE database_name = 'one' AND table_name LIKE 'share\\_%' ESCAPE '\\'"
        ).fetchall()
        return {name: connection.execute(f"FROM {name}").fetchall() for (name,) in names}


def released(home) -> date:
    return max(as_of for _, as_of, _ in shared(home)["share_release"] if as_of)


def answers() -> dict[str, list[dict]]:
    """What everybody is told, of each question; when data were loaded stands in health/generation."""
    return {
        question: database.records(question, Selection())
        for question in sorted((access.SHARED | access.OPEN) - {"health/generation"})
    }


def coded_anew(*_, **__):
    raise AssertionError("a share view was coded anew")


def test_two_loads_a_day_apart_change_nothing_that_everybody_is_told(home, tmp_path, monkeypatch):
    """Nor does what somebody understood in between. Staff are told everything at once."""
    before, told = shared(home), answers()
    (staff,) = database.records("absence/headline", Selection(), STAFF)
    assert released(home) == OCTOBER
    assert any(row["students"] for row in told["causes/understood"])
    learned(home, *range(40, 70))
    monkeypatch.setattr(coding, "decide", coded_anew)
    load_until(home, tmp_path, "2025-11-13")
    assert shared(home) == before
    assert answers() == told
    assert database.records("absence/headline", Selection(), STAFF) != [staff]
    assert all(finding.cleared for finding in database.audit(publish.published(home)))


def points(rows: list[tuple]) -> dict[date, list[tuple]]:
    """Rows of share_absence of whole places, by month's end."""
    found: dict[date, list[tuple]] = {}
    for year, period, point, _, place, dimension, _, *rest in rows:
        if dimension == "all":
            found.setdefault(point, []).append((year, period, place, *rest))
    return found


def test_a_new_month_is_coded_and_keeps_what_was_told_of_the_others(home, tmp_path):
    told = points(shared(home)["share_absence"])
    learned(home, *range(40, 70))
    load_until(home, tmp_path, "2025-11-27")
    assert released(home) == OCTOBER, "the last day of November is the 28th"
    load_until(home, tmp_path, "2025-11-28")
    assert released(home) == NOVEMBER
    now = points(shared(home)["share_absence"])
    assert set(now) == {SEPTEMBER, OCTOBER, NOVEMBER}
    assert {day: now[day] for day in told} == told
    (known,) = database.records("causes/understood", Selection())
    assert known["students"] > 30, "what was understood since"


def test_a_correction_of_an_earlier_month_codes_it_anew(home, tmp_path):
    told = points(shared(home)["share_absence"])
    rows = files("2025-11-13")["attendance"]
    late = [row for row in rows if row["student_id"] != "alder 3" or row["date"] > "2025-10-20"]
    assert len(late) < len(rows)
    survey = shared(home)["share_survey"]
    load_until(home, tmp_path, "2025-11-13", attendance=late)
    counted = shared(home)
    assert counted["share_survey"] == survey
    assert points(counted["share_absence"]).keys() == told.keys()
    with standing(home) as connection:
        count(connection, MINIMUM)
        (now,) = connection.execute(
            "SELECT sum(days_absent) FROM share_count WHERE kind = 'school' AND place = 'alder' "
            "AND point = $day AND dimension = 'all'",
            {"day": OCTOBER},
        ).fetchone()
        (coded,) = connection.execute(
            "SELECT sum(days_absent) FROM share_counted WHERE kind = 'school' AND place = 'alder' "
            "AND point = $day AND dimension = 'all'",
            {"day": OCTOBER},
        ).fetchone()
    assert now == coded


def standing(home):
    path = publish.path_of(home, publish.published(home))
    connection = duckdb.connect()
    connection.execute(f"ATTACH {publish.literal(path)} AS one (READ_ONLY)")
    connection.execute("USE one")
    return connection
