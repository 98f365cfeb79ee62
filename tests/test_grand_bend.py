"""Protects the way from a foreign file to a known truth: Ed-Fi's "Grand Bend" sample district.

The district's files, turned into an exchange folder here, give the counts that are written beside
them. Assumed, because the district's files do not say: 81 + 88 = 169 instructional days; every
student with an event is enrolled at its school from the first day; the one Partial has no duration
to count, and is on a day that another event says was missed whole.
"""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from queries import __main__ as command_line
from queries import database
from queries.health import checked_against
from queries.load import load
from queries.selection import Selection
from tests.support.exchange import write_folder
from tests.support.readers import ALL_NAMES, STAFF

ABSENT = {
    "Grand Bend High School": 15,
    "Grand Bend Middle School": 12,
    "Grand Bend Elementary School": 17,
}
CODES = {
    "Excused Absence": "absent",
    "Unexcused Absence": "absent",
    "Tardy": "present",
    "Partial": "present",
}


def rows_of(folder: Path, name: str) -> list[dict]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def school_days(sessions: list[dict], events: list[dict]) -> list[str]:
    """The weekdays of each term, without the first ones that no school of the district has an
    event on, until there are as many as the session says."""
    with_event = {event["EventDate"] for event in events}
    days = []
    for session in sessions:
        first, last = (date.fromisoformat(session[end]) for end in ("BeginDate", "EndDate"))
        every_day = (first + timedelta(days=n) for n in range((last - first).days + 1))
        term = [str(day) for day in every_day if day.weekday() < 5]
        holidays = [day for day in term if day not in with_event]
        holidays = set(holidays[: len(term) - int(session["TotalInstructionalDays"])])
        days += [day for day in term if day not in holidays]
    return days


@pytest.fixture(scope="module")
def folder(shared_data, tmp_path_factory) -> Path:
    """The district as an exchange folder."""
    source = shared_data / "edfi-grandbend"
    events = rows_of(source, "school_attendance_events")
    schools = rows_of(source, "schools")
    people = {row["StudentUniqueId"]: row for row in rows_of(source, "students")}
    calendar = []
    for school in schools:
        sessions = [s for s in rows_of(source, "sessions") if s["SchoolId"] == school["SchoolId"]]
        for day in school_days(sessions, events):
            calendar.append({"school_id": school["SchoolId"], "date": day})
    enrolled = {(event["StudentUniqueId"], event["SchoolId"]) for event in events}
    files = {
        "schools": [
            {"school_id": row["SchoolId"], "school_name": row["NameOfInstitution"]}
            for row in schools
        ],
        "students": [
            {
                "student_id": student,
                "first_name": row["FirstName"],
                "last_name": row["LastSurname"],
                "gender": row["BirthSex"],
            }
            for student, row in people.items()
        ],
        "enrollments": [
            {"student_id": student, "school_id": school, "entry_date": "2021-08-23", "grade": ""}
            for student, school in sorted(enrolled)
        ],
        "calendar": calendar,
        "attendance": [
            {
                "student_id": event["StudentUniqueId"],
                "school_id": event["SchoolId"],
                "date": event["EventDate"],
                "code": event["AttendanceEventCategory"],
            }
            for event in events
        ],
        "attendance_codes": [
            {"code": code, "counts_as": counts_as} for code, counts_as in CODES.items()
        ],
    }
    for name in ("enrollments", "calendar"):
        files[name] = [row | {"school_year": "2021-22"} for row in files[name]]
    return write_folder(tmp_path_factory.mktemp("grand_bend") / "files", **files)


@pytest.fixture(scope="module")
def home(folder, tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("grand_bend_home")
    load(folder, home, share_view=False)
    return home


@pytest.mark.slow
def test_there_are_169_days_at_each_school(home, use_home):
    use_home(home)
    weeks = database.records("health/coverage", Selection())
    days = {row["school_name"]: 0 for row in weeks}
    for row in weeks:
        assert row["days_expected"] == row["days_taken"]
        days[row["school_name"]] += row["days_taken"]
    assert days == dict.fromkeys(ABSENT, 169)


def test_students_with_17_or_more_of_169_days(home, use_home):
    """17 of 169 is over 10%, and 16 is not; Sundays, duplicates and being late count nowhere."""
    use_home(home)
    rows = database.records("absence/by_school", Selection(), STAFF)
    found = {row["school_name"]: row["students_absent"] for row in rows}
    assert found == ABSENT
    assert checked_against.of_test("test_students_with_17_or_more_of_169_days") == {
        ("Grand Bend, 17 or more of 169 days missed", name.removeprefix("Grand Bend ")): students
        for name, students in found.items()
    }
    # Nobody is at two schools, so here the schools do add up.
    headline = database.records("absence/headline", Selection(), STAFF)[0]
    assert headline["students"] == 227
    assert headline["students_absent"] == sum(ABSENT.values())


def test_students_without_an_event_belong_to_no_school(home, use_home):
    use_home(home)
    assert len(database.records("absence/students", Selection(), ALL_NAMES)) == 227
    files = {row["file"]: row for row in database.records("health/files", Selection(), STAFF)}
    assert files["students.csv"]["accepted"] == 960


def test_quirks_are_listed_not_hidden(home, use_home):
    """Three events on a Sunday, and one for a student, school and day that has one already."""
    use_home(home)
    found = [row["problem"] for row in database.records("health/findings", Selection(), STAFF)]
    assert sorted(found) == [
        "has another event for the same session or period",
        *["is not a day on which the school took attendance"] * 3,
    ]


@pytest.mark.slow
def test_the_same_from_the_command_line(folder, tmp_path, use_home, capsys):
    use_home(tmp_path / "home")

    def run(*arguments):
        assert command_line.main(list(arguments)) == 0
        return capsys.readouterr().out

    run("load", str(folder))
    rows = json.loads(run("show", "absence/by_school", "--format", "json"))
    assert {row["school_name"]: row["students_absent"] for row in rows} == ABSENT
    rows = json.loads(
        run("show", "absence/headline", "--school", "Grand Bend High School", "--format", "json")
    )
    assert rows[0]["students_absent"] == 15
