"""Networks in which plans are tried: students who differ, and stay away in bouts.

Some miss 2% of their days and some 40%; who is ill today is likely ill tomorrow; it gets worse in
winter, better or worse for months on end for a student, and schools differ. What a plan does, if
anything, is planted by the test. Everything comes from a seed.
"""

import csv
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from queries.team import journal
from queries.team.records import Member, Plan
from tests.support.days import weekdays

YEAR = "2025-26"
DAYS = [date.fromisoformat(day) for day in weekdays("2025-09-01", 125)]
GRADES = {"elementary": ("K", "1", "2", "3", "4", "5"), "high": ("9", "10", "11", "12")}
LATER = timedelta(days=90)


@dataclass
class School:
    """One school; missed: student by day, true where the student was absent."""

    school_id: str
    names: list[str]
    days: list[date]
    missed: np.ndarray
    level: str = ""
    grades: np.ndarray | None = None

    def share(self, first: int, last: int) -> np.ndarray:
        """Of each student, the share missed from one day to before another."""
        return self.missed[:, first:last].mean(axis=1)


def schools_of(seed: int, schools: int = 12, students: int = 450) -> list[School]:
    """Schools of two levels in one network, without a plan in any."""
    chance = np.random.default_rng(seed)
    made = []
    for number in range(schools):
        level = ("elementary", "high")[number % 2]
        there = int(students * chance.uniform(0.7, 1.3))
        rate = 0.01 + chance.gamma(1.3, 0.07, there) * np.exp(0.2 * chance.normal())
        grades = chance.choice(GRADES[level], there)
        rate = np.clip(np.where(grades == "K", 1.4 * rate, rate), 0.01, 0.5)
        names = [f"S{number:02}-{student}" for student in range(there)]
        missed = _missed(chance, rate)
        made.append(School(f"S{number:02}", names, DAYS, missed, level, grades))
    return made


def _missed(chance: np.random.Generator, rate: np.ndarray) -> np.ndarray:
    season = 1 + 0.3 * np.sin(np.linspace(-1, 2.2, len(DAYS)))
    stays_away, months = 0.4, np.zeros(len(rate))
    missed = np.zeros((len(rate), len(DAYS)), dtype=bool)
    today = chance.random(len(rate)) < rate
    for day in range(len(DAYS)):
        if day % 20 == 0:
            months = 0.8 * months + 0.2 * chance.normal(size=len(rate))
        aim = np.clip(rate * season[day] * np.exp(months), 0, 0.7)
        begins = aim * (1 - stays_away) / (1 - aim * stays_away)
        goes_on = stays_away + (1 - stays_away) * begins
        today = chance.random(len(rate)) < np.where(today, goes_on, begins)
        missed[:, day] = today
    return missed


def write(folder: Path, schools: list[School]) -> Path:
    """The exchange folder of these schools."""
    folder.mkdir(parents=True)
    first = schools[0]
    # The last day of a year is a day with a row, also where nobody was absent.
    last_row = [(first.names[0], first.school_id, DAYS[-1], "P")] * (not first.missed[0, -1])
    rows = {
        "schools": [("school_id", "school_name", "network", "level")]
        + [(one.school_id, f"{one.school_id} School", "Hill", one.level) for one in schools],
        "students": [("student_id",)] + [(name,) for one in schools for name in one.names],
        "enrollments": [("student_id", "school_id", "school_year", "grade", "entry_date")]
        + [
            (name, one.school_id, YEAR, grade, DAYS[0])
            for one in schools
            for name, grade in zip(one.names, one.grades, strict=True)
        ],
        "calendar": [("school_id", "date", "school_year")]
        + [(one.school_id, day, YEAR) for one in schools for day in DAYS],
        "attendance_codes": [("code", "counts_as"), ("A", "absent"), ("P", "present")],
        "attendance": [("student_id", "school_id", "date", "code")]
        + last_row
        + [
            (one.names[student], one.school_id, DAYS[day], "A")
            for one in schools
            for student, day in np.argwhere(one.missed)
        ],
    }
    for name, lines in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
    return folder


def beside(home: Path, into: Path, signed: list[tuple]) -> Path:
    """A home with the same data, in which only this was written."""
    into.mkdir(parents=True)
    (into / "generations").symlink_to(home.resolve() / "generations")
    shutil.copy(home / "published", into)
    journal.begin(into, signed)
    return into


def plan(name: str, school_id: str, students: list[str], begins_on: date, **said) -> list[tuple]:
    """A plan and its students, as journal.begin takes them."""
    about = {
        "school_year": YEAR,
        "idea": "A mentor who asks every morning",
        "who_for": "students",
        "measure": "days missed",
        "from_percent": 20,
        "to_percent": 10,
        "due_on": begins_on + LATER,
        "owner": "somebody",
    } | said
    return [(name, "somebody", Plan(school_id=school_id, begins_on=begins_on, **about))] + [
        (None, "somebody", Member(student, school_id, name)) for student in students
    ]
