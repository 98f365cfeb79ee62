"""A small export as other systems write it, invented: what to ask for, to look at and to try.

Made of the smallest school of the sample network in its newest year.
"""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_data"
SCHOOL, YEAR = "S09", "2025-26"
# Codes as many systems have them, by those of the sample network; else whether it is excused.
CODES = {
    "LT": ("T", "Tardy"),
    "HD": ("HD", "Half day"),
    "OS": ("OSS", "Out of school suspension"),
    "IS": ("ISS", "In school suspension"),
    "RM": ("R", "Remote"),
}
EXCUSED = {"yes": ("EX", "Excused absence"), "no": ("UX", "Unexcused absence")}
Rows = list[list[str]]


def example() -> bytes:
    """The zip of roster.csv, absences.csv and calendar.csv."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in sheets().items():
            text = io.StringIO()
            csv.writer(text, lineterminator="\r\n").writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    return made.getvalue()


def sheets() -> dict[str, Rows]:
    """The three files by name, each with its header as first row. Dates are month/day/year; the
    exit date is the first day no longer enrolled."""
    stays = [row for row in _rows("enrollments") if _is_here(row)]
    people = {row["student_id"]: row for row in _rows("students") if row["school_year"] == YEAR}
    days = [row["date"] for row in _rows("calendar") if _is_here(row)]
    codes = {
        row["code"]: CODES.get(row["code"], EXCUSED[row["excused"]])
        for row in _rows("attendance_codes")
        # Parts of days come with minutes, which a first export needs not.
        if row["counts_as"] != "partial"
    }
    of_year = set(days)
    roster = [["Student Number", "Last Name", "First Name", "Grade Level", "School",
               "Entry Date", "Exit Date"]]  # fmt: skip
    for stay in stays:
        who = people[stay["student_id"]]
        roster.append(
            [stay["student_id"], who["last_name"], who["first_name"], stay["grade"], _name(),
             _us(stay["entry_date"]), _us(stay["exit_date"])]
        )  # fmt: skip
    absences = [["Student Number", "Absence Date", "Code", "Description"]]
    absences += [
        [row["student_id"], _us(row["date"]), *codes[row["code"]]]
        for row in _rows("attendance")
        if row["school_id"] == SCHOOL and row["date"] in of_year and row["code"] in codes
    ]
    return {
        "roster": roster,
        "absences": absences,
        "calendar": [["Date", "School Day"], *([_us(day), "Y"] for day in days)],
    }


def _is_here(row: dict[str, str]) -> bool:
    return row["school_id"] == SCHOOL and row["school_year"] == YEAR


def _name() -> str:
    return next(row["school_name"] for row in _rows("schools") if row["school_id"] == SCHOOL)


def _rows(name: str) -> Iterator[dict[str, str]]:
    packed = SAMPLE / f"{name}.csv.gz"
    if packed.is_file():
        with gzip.open(packed, "rt", encoding="utf-8") as file:
            yield from csv.DictReader(file)
    else:
        with packed.with_suffix("").open(encoding="utf-8") as file:
            yield from csv.DictReader(file)


def _us(day: str) -> str:
    return f"{date.fromisoformat(day):%m/%d/%Y}" if day else ""
