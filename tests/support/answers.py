"""A digest of every answer about the sample network, for everybody and exact, by choice of schools.

    .venv/bin/python -m tests.support.answers     writes answers.json anew

Whoever adds a question, or changes a number on purpose, writes it anew, and says why in the
changelog. More columns, and another order of rows, change no digest.
"""

import hashlib
import json
import os
import sys
import tempfile
from datetime import date
from pathlib import Path

from queries import access, database
from queries.__main__ import questions
from queries.access import NotShown
from queries.load import load
from queries.selection import Selection

KEPT = Path(__file__).with_suffix(".json")
VIEWERS = {"exact": access.at_this_machine(access.NAMES), "share": access.EVERYBODY}
# What was loaded and written, and when.
NOT_NUMBERS = ("choices/in_force", "health/", "network/written", "causes/student_notes")


def choices() -> dict[str, Selection]:
    """All schools, each place by itself, and for staff a definition, a day, a grade and a group."""
    schools = database.records("choices/schools", Selection(), access.at_this_machine())
    named = {
        f"{kind} {place}": Selection(**{kind: place})
        for kind in ("network", "neighborhood")
        for place in sorted({row[kind] for row in schools if row[kind]})
    }
    named |= {row["school_name"]: Selection(school=row["school_name"]) for row in schools}
    first = schools[0]["school_name"]
    return named | {
        "all": Selection(),
        "two schools": Selection(schools=tuple(row["school_name"] for row in schools[:2])),
        "a year before": Selection(school_year="2024-25", school=first),
        "over_10": Selection(definition="over_10"),
        "November": Selection(as_of=date(2025, 11, 3)),
        "before the first day": Selection(as_of=date(2025, 8, 1)),
        "grades": Selection(grades=("3", "K"), school=first),
        "a group": Selection(dimension="home_language", group_name="Spanish"),
    }


def digests(columns: dict[str, list[str]], chosen: dict[str, Selection]) -> dict[str, str]:
    """By view, choice and question, a digest of these columns of its answer."""
    found = {}
    for view, viewer in VIEWERS.items():
        for choice, selection in chosen.items():
            for question in questions():
                if question.startswith(NOT_NUMBERS):
                    continue
                key = f"{view} | {choice} | {question}"
                try:
                    rows = database.records(question, selection, viewer)
                except NotShown:
                    continue
                if rows and f"{view} | {question}" not in columns:
                    columns[f"{view} | {question}"] = sorted({*rows[0]} - {"written_at"})
                names = columns.get(f"{view} | {question}", [])
                told = sorted(
                    json.dumps([_plain(row[name]) for name in names], default=str) for row in rows
                )
                found[key] = hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]
    return found


def _plain(value: object) -> object:
    return round(value, 6) if isinstance(value, float) else value


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ROUNDTABLE_HOME"] = folder
        load(database.SAMPLE_DATA, Path(folder))
        columns = json.loads(KEPT.read_text("utf-8"))["columns"] if KEPT.exists() else {}
        found = digests(columns, choices())
        KEPT.write_text(
            json.dumps({"columns": columns, "digests": found}, indent=0) + "\n", "utf-8"
        )
    sys.stdout.write(f"{KEPT}\n")
