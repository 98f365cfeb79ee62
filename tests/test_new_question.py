"""A question for everybody is two files, and a cell that it needs one place more."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from queries import database, server
from queries.selection import Selection
from tests.support.readers import STAFF

PROJECT = Path(__file__).parent.parent
CELL = """-- Students of each grade. One row per grade.
SELECT
    grade, count(chronically_absent) AS students, 1 AS nearest, false AS withheld
FROM student_now
WHERE period = 'this'
GROUP BY grade
"""
SHARED_CELL = """-- Students of each grade, as the share view tells them. One row per grade.
SELECT category AS grade, students, nearest, withheld
FROM share_absence
WHERE place = $place AND school_year = $school_year AND is_newest AND dimension = 'grade'
"""
QUESTION = """-- The youngest, of whom there are many. One row per grade.
SELECT grade, students, nearest, withheld
FROM youngest_cell
WHERE grade_order(grade) < 2 AND students >= 20
ORDER BY grade_order(grade)
"""
FUNCTION = """
youngest = partial(run, "absence/youngest")
"""
PAGE = '''"""The youngest."""

from pages.shared import card, frame
from pages.shared.absence import charts
from queries import absence

selection, viewer = frame.open_page("The youngest")


def youngest(selection, viewer):
    rows = absence.youngest(selection, viewer)
    return card.Card(f"{len(rows)} grades", "Of students", None, rows, columns="grade students")


card.draw(youngest, selection, viewer)
'''
ASK = """
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from streamlit.testing.v1 import AppTest
from pages.shared import card, poster
from queries import absence
from queries.selection import Selection

page = AppTest.from_file("app.py", default_timeout=60).switch_page("pages/youngest.py").run()
assert not page.exception, page.exception
shown = page.dataframe[0].value.to_dict("records")

def youngest(selection, viewer):
    return card.Card("The youngest", "", None, absence.youngest(selection, viewer))

taken = card.picture(youngest, Selection())
print(json.dumps([shown, taken.rows.students.tolist(), poster.png(taken)[:4].hex()]))
"""


@pytest.fixture
def program(tmp_path) -> Path:
    """A copy of the program to which somebody added a question and its cell."""
    for file in ("app.py", "pyproject.toml"):
        shutil.copy(PROJECT / file, tmp_path)
    for part in ("pages", "queries", ".streamlit"):
        shutil.copytree(
            PROJECT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__")
        )
    cells = tmp_path / "queries" / "cells"
    (cells / "youngest_cell.sql").write_text(CELL, encoding="utf-8")
    (cells / "shared" / "youngest_cell.sql").write_text(SHARED_CELL, encoding="utf-8")
    (tmp_path / "queries" / "absence" / "youngest.sql").write_text(QUESTION, encoding="utf-8")
    (tmp_path / "pages" / "youngest.py").write_text(PAGE, encoding="utf-8")
    with (tmp_path / "queries" / "absence" / "__init__.py").open("a", encoding="utf-8") as module:
        module.write(FUNCTION)
    return tmp_path


@pytest.mark.slow
def test_a_new_question_is_answered_for_staff_and_everybody(program, sample_home):
    def run(*arguments: str):
        asked = subprocess.run(
            [sys.executable, *arguments],
            cwd=program,
            env={"ROUNDTABLE_HOME": str(sample_home), "PATH": ""},
            capture_output=True,
            text=True,
        )
        assert asked.returncode == 0, asked.stderr
        return json.loads(asked.stdout)

    show = ("-m", "queries", "show", "absence/youngest", "--format", "json")
    exact, told = run(*show), run(*show, "--share")
    assert [row["grade"] for row in exact] == ["PK", "K", "1"]
    assert exact[0].keys() == {"grade", "students"}
    assert [row["grade"] for row in told] == [row["grade"] for row in exact]
    for row, counted in zip(told, exact, strict=True):
        assert not row["withheld"]
        assert row["students"] % row["nearest"] == 0
        assert abs(row["students"] - counted["students"]) <= row["nearest"] / 2
    shown, taken, picture = run("-c", ASK)
    assert [row["grade"] for row in shown] == ["PK", "K", "1"]
    assert taken == [row["students"] for row in told]
    assert picture == b"\x89PNG".hex()


@pytest.mark.slow
def test_cells_that_nobody_asks_of_make_room_and_are_made_again(sample, monkeypatch):
    """While several readers ask of more choices than there is room for, none is without."""
    schools = [row["school_name"] for row in database.records("choices/schools", Selection())]
    asked = [Selection(school=name, definition="over_10") for name in schools]
    first = [database.records("absence/by_grade", one, STAFF) for one in asked]
    cells = server._servers[None].cells
    monkeypatch.setattr(cells, "room", 3000)
    with ThreadPoolExecutor(4) as readers:
        again = readers.map(lambda one: database.records("absence/by_grade", one, STAFF), 3 * asked)
        assert list(again) == 3 * first
    assert sum(one.weight for one in cells.made.values()) <= 3000
    made = cells.connection.execute("SELECT schema_name FROM duckdb_schemas()").fetchall()
    kept = {one.schema.removeprefix("memory.") for one in cells.made.values()}
    assert {name for (name,) in made if name.startswith("cells_")} == kept
