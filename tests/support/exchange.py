"""A tiny network as an exchange folder, so that a test names only the rows that matter to it.

    folder = write_folder(tmp_path, attendance=[{"student_id": "ann", "date": "2025-09-03"}])

writes the six required files. What a test gives replaces the rows of that file; what a row
leaves out is filled from `DEFAULTS`. Left to itself the network is one school (alder) with two
students (ann, ben) enrolled from 2025-09-01 in grade 5, a calendar of the twenty weekdays from
2025-09-01, four codes (A and E absent, T partial, P present), and one absence:
ann, 2025-09-03. A survey file that is named gets its items, scales and roster from the defaults
too. Columns are those of the contract, optional ones only when a row of the test names them.
"""

import csv
import glob
import gzip
from datetime import date, timedelta
from pathlib import Path

import duckdb

from queries.load.exchange import FILES

WEEKDAYS = [
    str(day)
    for day in (date(2025, 9, 1) + timedelta(days=number) for number in range(28))
    if day.weekday() < 5
]

_SURVEY = {"survey": "climate", "school_year": "2025-26", "respondent_group": "student"}

# One row as it is when a test names nothing of it.
DEFAULTS = {
    "schools": {"school_id": "alder", "school_name": "Alder School"},
    "students": {"student_id": "ann"},
    "enrollments": {
        "student_id": "ann",
        "school_id": "alder",
        "school_year": "2025-26",
        "grade": "5",
        "entry_date": "2025-09-01",
    },
    "calendar": {"school_id": "alder", "date": "2025-09-01", "school_year": "2025-26"},
    "attendance": {"student_id": "ann", "school_id": "alder", "date": "2025-09-03", "code": "A"},
    "attendance_codes": {"code": "A", "counts_as": "absent"},
    "year_totals": {
        "student_id": "ann",
        "school_id": "alder",
        "school_year": "2024-25",
        "days_enrolled": "180",
        "days_absent": "18",
    },
    "survey_items": _SURVEY
    | {"item_id": "adult", "item_text": "An adult here cares.", "scale": "agree"},
    "survey_scales": {"scale": "agree", "answer": "Agree", "position": "4", "favorable": "yes"},
    "survey_answers": _SURVEY
    | {"school_id": "alder", "respondent_id": "r1", "item_id": "adult", "answer": "Agree"},
    "survey_counts": _SURVEY
    | {"school_id": "alder", "item_id": "adult", "answer": "Agree", "answers": "5"},
    "survey_invited": _SURVEY | {"school_id": "alder", "invited": "30"},
    "survey_published": _SURVEY
    | {"school_name": "Alder School", "item_id": "adult", "percent_favorable": "62.5"},
    "partners": {"partner_id": "clinic", "partner_name": "Family Clinic"},
    "definitions": {"source": "Our board"},
    "published_rates": {
        "place": "City",
        "school_year": "2025-26",
        "students": "1000",
        "students_absent": "300",
    },
}

# The rows of a file that a test does not name.
NETWORK = {
    "schools": [{}],
    "students": [{"student_id": "ann"}, {"student_id": "ben"}],
    "enrollments": [{"student_id": "ann"}, {"student_id": "ben"}],
    "calendar": [{"date": day} for day in WEEKDAYS],
    "attendance": [{}],
    "attendance_codes": [
        {"code": "A", "counts_as": "absent"},
        {"code": "E", "counts_as": "absent"},
        {"code": "T", "counts_as": "partial"},
        {"code": "P", "counts_as": "present"},
    ],
}
SURVEY = {
    "survey_items": [{}],
    "survey_scales": [
        {"answer": "Disagree", "position": "2", "favorable": "no"},
        {"answer": "Agree", "position": "4", "favorable": "yes"},
    ],
    "survey_invited": [{}],
}


def write_folder(folder: Path, **files: list[dict]) -> Path:
    """Write an exchange folder of CSV files; each keyword is a file and its rows."""
    folder.mkdir(parents=True, exist_ok=True)
    asks = {"survey_answers", "survey_counts", "survey_published"} & set(files)
    for name, rows in (NETWORK | (SURVEY if asks else {}) | files).items():
        write_file(folder, name, rows)
    return folder


def write_school(folder: Path, students: int, absent: int) -> Path:
    """So many students at one school, the first of them absent on every day."""
    names = [f"student {number}" for number in range(students)]
    return write_folder(
        folder,
        schools=[{}, {"school_id": "birch", "school_name": "Birch School"}],
        students=[{"student_id": name} for name in names],
        enrollments=[{"student_id": name} for name in names],
        attendance=[
            {"student_id": name, "date": day} for name in names[:absent] for day in WEEKDAYS
        ],
    )


def write_file(folder: Path, name: str, rows: list[dict]) -> Path:
    """Write one file, every row filled from its defaults; an empty list writes the header."""
    filled = [DEFAULTS[name] | row for row in rows]
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _header(name, filled), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(filled)
    return path


def rewrite(path: Path, change) -> Path:
    """Replace the bytes of a file by `change(bytes)`."""
    path.write_bytes(change(path.read_bytes()))
    return path


def to_gzip(folder: Path) -> Path:
    """Turn every CSV file of a folder into .csv.gz."""
    for path in folder.glob("*.csv"):
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    return folder


def to_parquet(folder: Path, types: dict[str, str] | None = None) -> Path:
    """Turn every CSV file of a folder into Parquet; `types` gives columns a type of their own."""
    types = types or {}
    with duckdb.connect() as connection:
        for path in folder.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                header = next(csv.reader(file))
            columns = ", ".join(
                f'CAST("{name}" AS {types.get(name, "VARCHAR")}) AS "{name}"' for name in header
            )
            connection.execute(
                f"""
                CREATE OR REPLACE TABLE rows AS SELECT {columns} FROM read_csv(
                    $path, columns = $columns, header = true, auto_detect = false,
                    delim = ',', quote = '"', escape = '"', max_line_size = 20000000
                )
                """,
                {"path": glob.escape(str(path)), "columns": dict.fromkeys(header, "VARCHAR")},
            )
            parquet = path.with_suffix(".parquet")
            connection.execute("COPY rows TO $path (FORMAT parquet)", {"path": str(parquet)})
            path.unlink()
    return folder


def _header(name: str, rows: list[dict]) -> list[str]:
    contract = next(file for file in FILES if file.name == name)
    named = dict.fromkeys(key for row in rows for key in row)
    return list(dict.fromkeys([c.name for c in contract.columns if c.required] + list(named)))
