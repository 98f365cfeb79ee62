"""What a state might publish of a folder: its own list of students, by other rules than ours.

Plain Python over the files as they lie there, which shares nothing with the SQL. It knows whole and
half days and parts of days as sample_data has them: one row a student and day, minutes or none.
"""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

MINIMUM_DAYS = 10


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of a file, packed or not."""
    path = folder / f"{name}.csv"
    packed = path.with_suffix(".csv.gz")
    content = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
    yield from csv.DictReader(io.StringIO(content.decode()))


def state_list(
    folder: Path,
    school_year: str,
    until: str,
    *,
    more_than: bool = False,
    only_staying: bool = False,
    not_absences: frozenset[str] = frozenset(),
) -> dict[str, tuple[int, int, bool]]:
    """student_id: days absent, days enrolled, chronically absent; up to and with a day.

    A day counts once whatever the school: days at all schools of the folder.
    more_than: exactly 10% is not chronic. only_staying: who has left by that day is not counted.
    not_absences: codes that do not count.
    """
    taken = defaultdict(list)
    for row in rows(folder, "calendar"):
        is_asked = row["school_year"] == school_year and row["date"] <= until
        if is_asked and row["attendance_taken"] != "no":
            taken[row["school_id"]].append(row["date"])
    half_or_more = half_days_missed(folder, not_absences)
    present_somewhere, days, staying = defaultdict(set), defaultdict(set), set()
    for row in rows(folder, "enrollments"):
        if row["school_year"] != school_year:
            continue
        student, left = row["student_id"], row["exit_date"] or "9999-12-31"
        days[student] |= set()
        for day in taken[row["school_id"]]:
            if row["entry_date"] <= day < left:
                days[student].add(day)
                if (student, row["school_id"], day) not in half_or_more:
                    present_somewhere[student].add(day)
        if row["entry_date"] <= until < left:
            staying.add(student)
    listed = {}
    for student, enrolled in days.items():
        if only_staying and student not in staying:
            continue
        absent, of = len(enrolled - present_somewhere[student]), len(enrolled)
        enough = absent * 10 > of if more_than else absent * 10 >= of
        listed[student] = (absent, of, of >= MINIMUM_DAYS and enough)
    return listed


def half_days_missed(folder: Path, not_absences: frozenset[str]) -> set[tuple[str, str, str]]:
    """Student, school and day of which half or more was missed, whatever the reason."""
    counts_as = {row["code"]: row["counts_as"] for row in rows(folder, "attendance_codes")}
    missed: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    for row in rows(folder, "attendance"):
        if counts_as[row["code"]] == "present" or row["code"] in not_absences:
            continue
        share = 1.0
        if row["missed_minutes"]:
            share = int(row["missed_minutes"]) / int(row["day_minutes"])
        elif row.get("session"):
            share = 0.5
        key = (row["student_id"], row["school_id"], row["date"])
        # Of rows alike the one that misses most; two sessions add up.
        both = missed[key] + share if row.get("session") else max(missed[key], share)
        missed[key] = min(1.0, both)
    return {key for key, share in missed.items() if share >= 0.5}


def write(listed: dict[str, tuple[int, int, bool]], path: Path) -> int:
    """The ids of those who are chronically absent, as a file; how many they are."""
    counted = [student for student, (*_, chronic) in listed.items() if chronic]
    path.write_text("\n".join(["student_id", *counted]), encoding="utf-8")
    return len(counted)
