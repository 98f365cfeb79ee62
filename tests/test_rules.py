"""Protects the house: who may import whom, one name for one question, nothing undocumented.

These rules are read from the source, so that breaking one fails here and not in a review.
"""

import ast
import csv
import gzip
import re
import sys
import tomllib
from pathlib import Path

import pytest

from pages.shared import drawing
from queries import access, database
from queries.load.exchange import FILES
from queries.selection import Selection
from tests.support.readers import ALL_NAMES

PROJECT = Path(__file__).resolve().parent.parent
QUERIES = PROJECT / "queries"
NO_QUESTIONS = {"cells", "convert", "tables", "load", "privacy", "team"}

SUBJECTS = sorted(
    {path.parent.name for path in QUERIES.glob("*/*.sql") if path.parent.name not in NO_QUESTIONS}
)
QUESTIONS = sorted(
    f"{path.parent.name}/{path.stem}"
    for path in QUERIES.glob("*/*.sql")
    if path.parent.name not in NO_QUESTIONS
)
PAGES = sorted(PROJECT.glob("pages/*.py"))


def source_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def ids(paths) -> list[str]:
    return [name_of(path) for path in paths]


# --- Who may import whom ----------------------------------------------------------------------

# The standard library is free to all. A name stands for itself and what is inside it.
MAY_IMPORT = {
    "app.py": {"streamlit", "pages.shared", *(f"queries.{subject}" for subject in SUBJECTS)}
    | {"queries.progress", "queries.team"},
    "pages/shared/frame.py": {
        "streamlit",
        "pages.shared.basis",
        "pages.shared.blocks",
        "pages.shared.door.account",
        "pages.shared.filters",
        "pages.shared.formats",
        "pages.shared.remembered",
        "pages.shared.typed",
        "queries.health",
        "queries.team.StoreProblem",
        "queries.selection",
        "queries.access",
    },
    "pages/shared/blocks.py": {
        "streamlit",
        "pages.shared.filters",
        "pages.shared.formats",
        "queries.health",
        "queries.selection",
        "queries.access",
        "queries.answer",
    },
    "pages/shared/filters.py": {
        "pandas",
        "streamlit",
        "pages.shared.formats",
        "queries.access",
        "queries.answer",
        "queries.choices",
        "queries.selection",
    },
    "pages/shared/remembered.py": {"streamlit"},
    "pages/shared/typed.py": {"streamlit"},
    "pages/shared/drawing.py": {"altair", "pandas", "pages.shared.formats"},
    "pages/shared/basis.py": {"pandas", "pages.shared.formats"},
    "pages/shared/poster.py": {
        "pages.shared.basis",
        "pages.shared.card",
        "pages.shared.drawing",
        "pages.shared.formats",
        "pandas",
        "vl_convert",
    },
    "pages/shared/formats.py": set(),
    "queries/selection.py": set(),
    "queries/disk.py": set(),
    "queries/load": {
        "duckdb",
        "pandas",
        "queries.disk",
        "queries.load",
        "queries.log",
        "queries.privacy",
        "queries.team",
    },
    "queries/convert": {"pandas", "pyreadstat", "python_calamine", "tomlkit"}
    | {"queries.convert", "queries.load"},
    "queries/privacy": {"duckdb", "highspy", "numpy", "pandas", "queries.privacy"},
    "queries": {"duckdb", "pandas", "pyrage", "queries", "streamlit.cache_resource"},
}
# Each wing of pages/shared stands by itself, but where it says what another one says.
WINGS = sorted(path.parent.name for path in PROJECT.glob("pages/shared/*/sentences.py"))
_DRAWS = {"altair", "pandas", "pages.shared.drawing", "pages.shared.formats", "pages.shared.marks"}
_SAYS = {"pandas", "pages.shared.basis", "pages.shared.formats", "queries.answer.kept"}
MAY_IMPORT["pages/shared/marks.py"] = _DRAWS
MAY_IMPORT["pages/shared/card.py"] = MAY_IMPORT["pages/shared/cards.py"] = {
    *MAY_IMPORT["app.py"] - {"streamlit", "queries.team"},
    "queries.access",
    "queries.selection",
    "queries.answer.kept",
    "pandas",
}
for wing in WINGS:
    MAY_IMPORT[f"pages/shared/{wing}/charts.py"] = set(_DRAWS)
    MAY_IMPORT[f"pages/shared/{wing}/sentences.py"] = set(_SAYS)
    MAY_IMPORT[f"pages/shared/{wing}/cards.py"] = MAY_IMPORT["pages/shared/card.py"]
MAY_IMPORT["pages/shared/network/charts.py"] |= {"pages.shared.causes.charts"}
MAY_IMPORT["pages/shared/network/sentences.py"] |= {"pages.shared.causes.sentences"}
MAY_IMPORT["pages/shared/overview/sentences.py"] |= {
    "pages.shared.absence.sentences",
    "pages.shared.culture.sentences",
    "pages.shared.plans.sentences",
}
MAY_IMPORT["pages/shared/plans/sentences.py"] |= {"pages.shared.students.sentences"}
MAY_IMPORT["pages/shared/paper.py"] = set()
for wing in ("students", "data"):
    MAY_IMPORT[f"pages/shared/{wing}/paper.py"] = {"pages.shared.paper"}
MAY_IMPORT["pages/shared/meeting/minutes.py"] = {
    "pandas",
    "pages.shared.card",
    "pages.shared.formats",
    "pages.shared.meeting.sentences",
    "pages.shared.paper",
    "pages.shared.poster",
}
MAY_IMPORT["pages"] = MAY_IMPORT["app.py"]
# The pages behind a sign-in, and where it is looked at.
MAY_IMPORT["pages/shared/door"] = {
    "google.protobuf",
    "starlette",
    "streamlit",
    "pages.shared.door",
    "queries.access",
    "queries.accounts",
    "queries.health",
    "queries.home",
    # What waits to be published is where an admin begins.
    "queries.incoming",
    "queries.team",
}
for place in ("pages/accounts.py", "pages/shared/accounts/forms.py"):
    MAY_IMPORT[place] = {*MAY_IMPORT["pages"], "queries.access", "queries.accounts"}
    MAY_IMPORT[place] |= {"queries.selection"}
# The one page that brings files.
for place in ("pages/bring_your_data.py", "pages/shared/bringing/forms.py"):
    MAY_IMPORT[place] = MAY_IMPORT["pages"] | {"queries.incoming"}
# The one place that may keep a connection over runs of a page.
MAY_CACHE = {"queries/database.py"}

PROGRAM = [
    PROJECT / "app.py",
    *sorted(PROJECT.glob("pages/**/*.py")),
    *sorted(QUERIES.rglob("*.py")),
]


def imported(path: Path) -> list[str]:
    """Everything a file imports, also inside functions; `from a import b` is a.b."""
    names = []
    for node in ast.walk(source_of(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: say the whole name"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def rule_for(path: Path) -> set[str]:
    name = name_of(path)
    return next(
        MAY_IMPORT[place]
        for place in sorted(MAY_IMPORT, key=len, reverse=True)
        if name == place or name.startswith(f"{place}/")
    )


@pytest.mark.parametrize("path", PROGRAM, ids=ids(PROGRAM))
def test_imports_go_one_way(path):
    allowed = rule_for(path)
    for name in imported(path):
        if name.split(".")[0] in sys.stdlib_module_names:
            continue
        within = any(name == one or name.startswith(f"{one}.") for one in allowed)
        assert within, f"{name_of(path)} may not import {name}"
        assert not name.startswith("streamlit.cache") or name_of(path) in MAY_CACHE


# --- One name for one question ----------------------------------------------------------------


def functions(subject: str) -> dict[str, ast.stmt]:
    """By name: `name = partial(run, "subject/name")`, or where more is to be done, a function."""
    module = source_of(QUERIES / subject / "__init__.py")
    asked = {
        node.targets[0].id: node
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
    }
    return asked | {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_question_has_a_function_of_its_name_and_back(subject):
    stems = {path.stem for path in (QUERIES / subject).glob("*.sql")}
    assert set(functions(subject)) == stems


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_function_asks_the_question_of_its_name(question):
    subject, name = question.split("/")
    asked = functions(subject)[name]
    assert question in {node.value for node in ast.walk(asked) if isinstance(node, ast.Constant)}


@pytest.mark.parametrize("path", sorted(QUERIES.rglob("*.sql")), ids=name_of)
def test_every_sql_file_says_what_it_answers_and_its_grain(path):
    text = path.read_text(encoding="utf-8")
    first_comment = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        first_comment.append(line)
    assert first_comment, f"{name_of(path)} begins without a comment"
    several = path.parent.name in ("tables", "privacy") or path.stem == "macros"
    grain = text if several else " ".join(first_comment)
    assert re.search(r"\bone row\b", grain, re.IGNORECASE), "say what one row is"


CONTRACT = {
    # More columns are welcome, and the order is free.
    "overview/what_moved": "subject sentence page",
    "absence/headline": "students students_not_evaluated students_absent rate days_absent"
    " days_enrolled attendance_rate",
    "absence/by_school": "school_id school_name students students_not_evaluated students_absent"
    " rate days_absent days_enrolled attendance_rate",
    "absence/by_grade": "grade students students_absent rate",
    "absence/by_group": "dimension group_name students students_absent rate",
    "absence/by_tier": "tier students share",
    "absence/by_month": "month_end instructional_day students students_absent rate last_year_rate",
    "absence/students": "student_id student_name school_name grade days_absent days_enrolled rate"
    " tier chronically_absent absences_left",
    "causes/recorded": "reason days share students",
    "causes/understood": "family cause students",
    "causes/unknown": "students_absent students_without_cause share",
    "culture/shifts": "survey school_name respondent_group item_id item_text about first_year"
    " second_year first_n second_n first_favorable second_favorable shift_points shift_low"
    " shift_high clear_of_chance comparable first_response_rate second_response_rate",
    "culture/by_school": "school_name item_id n favorable response_rate",
    "culture/distribution": "item_id school_year answer position answers share",
    "culture/group_gaps": "item_id item_text group_a group_b n_a n_b favorable_a favorable_b"
    " gap_points gap_low gap_high",
    "network/shared_causes": "cause family schools students partners_known partners_at_table",
    "network/cause_by_school": "cause school_name students",
    "together/by_school": "school_name school_year rate favorable n",
    "plans/study": "plan students before_rate after_rate comparison_students comparison_before"
    " comparison_after difference_points low high verdict",
    "health/coverage": "school_name week_start days_expected days_taken",
}


@pytest.mark.parametrize("question", sorted(set(CONTRACT) & set(QUESTIONS)))
def test_the_columns_to_rely_on_are_there(sample, question):
    found = set(database.columns(question, Selection(), ALL_NAMES))
    assert set(CONTRACT[question].split()) <= found


OF_CHOSEN_SCHOOLS = {
    path.stem
    for path in (QUERIES / "cells").glob("student_*.sql")
    if "$schools" in path.read_text()
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_about_students_names_them_and_is_asked_of_chosen_schools(sample, question):
    """So that a list of students can be kept to the names view, and to the schools of who reads."""
    columns = set(database.columns(question, Selection(), ALL_NAMES))
    assert (question in access.NAMING) == bool(columns & {"student_id", "student_name"})
    if question in access.NAMING:
        sql = (QUERIES / f"{question}.sql").read_text(encoding="utf-8")
        assert "$schools" in sql or set(access.cells_in(sql)) & OF_CHOSEN_SCHOOLS


# --- What everybody may see -------------------------------------------------------------------


def test_what_a_view_shows_is_said_of_questions_that_exist_and_only_once():
    said = [*access.SHARED, *access.OPEN, *access.NAMING]
    assert set(said) <= set(QUESTIONS)
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("question", sorted(access.SHARED))
def test_the_columns_to_rely_on_are_there_for_everybody_too(sample, question):
    coded = set(database.columns(question, Selection()))
    assert {*CONTRACT.get(question, "").split(), "withheld"} <= coded


# What looks at the share view may not be loaded without it. Elsewhere a test that asks for it all
# the same gets an error of the database, never an answer.
WITH_NAMES = {PROJECT / "tests" / "browser" / "test_plan_walk.py"}
LOOKS_AT_THE_SHARE_VIEW = [
    PROJECT / "tests" / "test_access.py",
    PROJECT / "tests" / "test_privacy.py",
    *sorted(set(PROJECT.glob("tests/browser/*.py")) - WITH_NAMES),
]


@pytest.mark.parametrize("path", LOOKS_AT_THE_SHARE_VIEW, ids=name_of)
def test_what_looks_at_the_share_view_loads_it(path):
    for node in ast.walk(source_of(path)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            said = {one.arg: ast.unparse(one.value) for one in node.keywords}
            if called == "make_home":
                assert "share_view" in said, f"line {node.lineno}"
            # One test of privacy codes what it loaded by weakened rules of its own.
            weakened = path.name == "test_privacy.py" and called == "make_home"
            assert said.get("share_view") != "False" or weakened, f"line {node.lineno}"


def test_no_function_of_the_program_is_longer_than_sixty_lines():
    functions = [
        (name_of(path), node.name, node.end_lineno - node.lineno + 1)
        for path in PROGRAM
        for node in ast.walk(source_of(path))
        if isinstance(node, ast.FunctionDef)
    ]
    assert len(functions) > 1000
    assert [one for one in functions if one[2] > 60] == []


def test_only_tests_load_without_the_share_view():
    for path in PROGRAM:
        assert "share_view=" not in path.read_text(encoding="utf-8"), name_of(path)


# --- Values are bound, never pasted -----------------------------------------------------------

SQL = re.compile(
    r"\b(SELECT|INSERT|DELETE|UPDATE|CREATE|DROP|ALTER|ATTACH|DETACH|COPY|USE|SET|FROM|WHERE|JOIN|"
    r"CASE|CAST)\b"
)
MAY_PASTE = {
    # These take no parameters; the path is our own, the name was checked, a schema is a number.
    "queries/server.py": {"ATTACH", "DETACH", "CREATE", "DROP", "SET"},
    "queries/database.py": {"ATTACH", "CREATE"},
    # Made of the names of the fields of our own records; what people wrote is taken from a frame.
    "queries/team/tables.py": {"CREATE", "INSERT", "SELECT", "CAST", "FROM"},
    "queries/team/definitions.py": {"CREATE", "FROM"},
    # Load makes SQL of the names of its own contract and of quoted paths; values are bound there.
    "queries/load/__init__.py": {"ATTACH", "DETACH"},
    "queries/privacy/making.py": {"USE"},
    "queries/load/losses.py": {"ATTACH", "SELECT", "FROM"},
    "queries/load/releases.py": {"ATTACH"},
    "queries/privacy/releases.py": {"ATTACH", "USE"},
    "queries/load/publish.py": {"ATTACH", "SELECT", "CAST", "FROM", "WHERE"},
    "queries/load/adding.py": None,
    "queries/load/reading.py": None,
    "queries/load/tables.py": None,
    "queries/load/attendance_checks.py": {"SELECT", "FROM", "WHERE"},
    "queries/load/checks.py": {"SELECT", "FROM", "WHERE"},
    "queries/load/references.py": None,
    "queries/load/loading.py": None,
}


def pasted(path: Path) -> list[str]:
    """The SQL words of every string of a file that something is put into."""
    found = []
    for node in ast.walk(source_of(path)):
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in node.values if isinstance(part, ast.Constant)]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
            parts = [side for side in (node.left, node.right) if isinstance(side, ast.Constant)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_format = node.func.attr in ("format", "format_map", "join", "replace")
            parts = [node.func.value] if is_format else []
        else:
            continue
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found += SQL.findall(part.value)
    return found


@pytest.mark.parametrize("path", PROGRAM, ids=ids(PROGRAM))
def test_no_value_is_pasted_into_sql(path):
    allowed = MAY_PASTE.get(name_of(path), set())
    if allowed is not None:
        assert set(pasted(path)) <= allowed


@pytest.mark.parametrize("path", [PROJECT / "app.py", *sorted(PROJECT.glob("pages/**/*.py"))])
def test_there_is_no_sql_outside_queries(path):
    for node in ast.walk(source_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not re.search(r"\bSELECT\b", node.value), name_of(path)


# --- Pages ------------------------------------------------------------------------------------


def menu() -> set[str]:
    """The pages that the menu of the frame names."""
    for node in source_of(PROJECT / "pages" / "shared" / "frame.py").body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "MENU":
            groups = ast.literal_eval(node.value)
            return {page for pages in groups.values() for page in pages}
    raise AssertionError("pages/shared/frame.py has no MENU")


def test_every_page_is_in_the_menu_and_back():
    assert menu() == {"app.py", *ids(PAGES)}


@pytest.mark.parametrize("path", [PROJECT / "app.py", *PAGES], ids=name_of)
def test_a_page_is_guarded_before_anything_else(path):
    """Streamlit runs a page's file directly when its address is opened on a cold server."""
    module = source_of(path)
    question = ast.get_docstring(module)
    assert question and question.split("\n")[0].endswith("?"), "a page is one question"
    statements = [
        node for node in module.body[1:] if not isinstance(node, ast.Import | ast.ImportFrom)
    ]
    first = statements[0]
    assert isinstance(first, ast.Assign | ast.Expr)
    assert isinstance(first.value, ast.Call), "the first statement calls frame.open_page"
    assert ast.unparse(first.value.func) == "frame.open_page"


FORBIDDEN = {
    "unsafe_allow_html": "imported text is text, never markup",
    "use_container_width": "Streamlit has dropped it",
    "components.v1": "a frame of its own escapes the theme and the guard",
    "st.html": "imported text is text, never markup; the style of the frame is a file of ours",
    "st.navigation": "pages guard themselves, and the menu is ours",
}


@pytest.mark.parametrize("path", [PROJECT / "app.py", *sorted(PROJECT.glob("pages/**/*.py"))])
def test_what_no_page_uses(path):
    text = re.sub(r"st\.html\((PRESENTED_)?STYLE\)", "", path.read_text(encoding="utf-8"))
    for words, reason in FORBIDDEN.items():
        assert words not in text, f"{name_of(path)} uses {words}: {reason}"


@pytest.mark.parametrize("look", ["light", "dark"])
def test_charts_and_theme_share_their_colors(look):
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    theme = config["theme"][look]
    assert drawing.LOOKS[look].ground == theme["backgroundColor"]
    assert drawing.LOOKS[look].ink == theme["textColor"]
    assert drawing.LOOKS[look].line == theme["borderColor"]


# --- What is installed ------------------------------------------------------------------------


def locked(file: str) -> dict[str, str]:
    """The packages of a file, each with its version, platform and hashes."""
    text = re.sub(r"^#.*\n", "", (PROJECT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {one.split()[0]: one for one in re.split(r"\n(?=\S)", text.strip())}


def test_what_is_installed_is_what_the_project_names_with_hashes():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    of_all, of_tests = locked("requirements.txt"), locked("requirements-dev.txt")
    asked = {re.sub(r"\[.*?\]", "", one) for one in project["project"]["dependencies"]}
    assert asked <= of_all.keys()
    assert set(project["dependency-groups"]["dev"]) <= of_tests.keys()
    assert of_all.items() <= of_tests.items(), "make both files anew, see CONTRIBUTING.md"
    without = [name for name, one in of_tests.items() if "--hash=sha256:" not in one]
    assert not without


# --- The sample files are documented ----------------------------------------------------------

SAMPLE = PROJECT / "sample_data"
DATA_FILES = sorted([*SAMPLE.glob("*.csv"), *SAMPLE.glob("*.csv.gz")])


def documented() -> dict[str, list[str]]:
    """file: its columns, from the headings and the tables of sample_data/README.md."""
    columns, file = {}, None
    for line in (SAMPLE / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = re.match(r"### `([^`]+)`", line)
            file = heading and heading[1]
            if file:
                columns[file] = []
        elif file and (row := re.match(r"\| `([^`]+)` \|", line)):
            columns[file].append(row[1])
    return columns


@pytest.mark.parametrize("path", DATA_FILES, ids=lambda path: path.name)
def test_every_sample_file_and_column_is_documented(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    # Optional columns that the sample does without are documented too.
    assert [name for name in documented()[path.name] if name in header] == header


def test_every_documented_file_is_there():
    """Or it is one that a folder may do without."""
    optional = {f"{file.name}.csv" for file in FILES if not file.required}
    there = {path.name for path in DATA_FILES}
    assert there <= set(documented()) <= there | optional


def test_every_file_and_column_of_the_contract_is_documented():
    said = {file.split(".")[0]: set(columns) for file, columns in documented().items()}
    for file in FILES:
        assert {column.name for column in file.columns} == said[file.name], file.name


def test_everything_else_in_sample_data_is_known():
    known = {
        "README.md",
        "make_plans.py",
        "make_sample_data.py",
        "make_team.py",
        *(path.name for path in DATA_FILES),
    }
    assert {path.name for path in SAMPLE.iterdir() if path.is_file()} == known


def test_nothing_points_to_documents_that_are_not_here():
    named = re.compile(r"[\w./-]*\w\.md\b")
    known = {
        path.name
        for folder in ("", "docs", "sample_data")
        for path in (PROJECT / folder).glob("*.md")
    }
    for path in [*PROGRAM, *PROJECT.glob("tests/**/*.py"), *QUERIES.rglob("*.sql")]:
        for name in named.findall(path.read_text(encoding="utf-8")):
            assert Path(name).name in known, f"{name_of(path)}: {name}"


@pytest.mark.parametrize("place", ["server.py", "load/__init__.py", "privacy/releases.py"])
def test_no_bar_of_progress_is_written_into_an_answer(place):
    """DuckDB writes one to standard output, where answers go, for whatever takes two seconds."""
    assert 'execute("SET enable_progress_bar = false")' in (QUERIES / place).read_text("utf-8")
