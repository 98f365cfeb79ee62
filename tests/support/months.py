"""A network of three schools whose data come day by day, from September to December: what happened
since a day is not known yet."""

from datetime import date

from queries.load import load
from queries.team import journal
from queries.team.records import Learned
from tests.support.days import weekdays
from tests.support.exchange import write_folder

LOADED_ON = date(2026, 8, 1)
YEAR = "2025-26"
CALENDAR = [day for day in weekdays("2025-09-01", 100) if day < "2025-12-20"]
SCHOOLS = {"alder": 70, "birch": 90, "cedar": 110}
STUDENTS = [(school, f"{school} {n}", n) for school, size in SCHOOLS.items() for n in range(size)]


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


def load_until(home, tmp_path, until: str, *, release=False, accept_losses=False, **changed):
    folder = tmp_path / f"files {until} {len(list(tmp_path.iterdir()))}"
    write_folder(folder, **files(until, **changed))
    load(folder, home, today=LOADED_ON, release=release, accept_losses=accept_losses)
