"""What a generation is made from beside its folder: the number of its tables, and the files of
Roundtable that decide what stands in them.

The number says whether a generation can be read. The files say whether one that can be read would
come out otherwise today; that is said, and never takes data off the screen.
"""

import ast
import csv
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from threading import Lock

import duckdb

# Raised with every change of the tables, columns, types or macros of a generation, of what one of
# them means, and of how files are read; tests/test_made_from.py fails where that was forgotten.
SCHEMA = 15
# The oldest number whose generations all questions can still read. Raise it to SCHEMA where
# questions ask for what older ones lack.
OLDEST_READ = 2
# The oldest number whose share view is shown: older ones have none in a file of its own, and were
# coded by rules that told too much, or anew for every day.
OLDEST_SHARED = 8
# The oldest number whose student_status takes several grades.
SEVERAL_GRADES = 4
# The oldest number in which a definition may change with the school year.
DEFINITIONS_BY_YEAR = 11

QUERIES = Path(__file__).parent.parent
# What decides what stands in a generation, and what it decides, in words. How files are read is not
# among them, as most of a change there is messages: that is what the number is for.
DECIDING = {
    "tables/definitions.csv": "the definitions of chronic absence",
    "tables/survey_rules.csv": "the rules for surveys",
    "tables/*.sql": "how days and answers are counted",
    "privacy/*.sql": "what the share view tells",
    "privacy/*.py": "what the share view tells",
    "team/causes.csv": "the list of causes, of which the share view names those it had then",
    "team/ideas.csv": "the menu of change ideas, of which the share view names those it had then",
    "team/study.sql": "the Study of plans",
}

KEPT = "CREATE TABLE made_from (file VARCHAR, meaning VARCHAR)"

_parsing = Lock()

_NOT_MEANT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_SQL = re.compile(rf"{_NOT_MEANT.pattern}|'(?:[^']|'')*'|\"[^\"]*\"|\w+|\S", re.DOTALL)


def files() -> dict[str, str]:
    """Each deciding file, by its path in queries/, and a digest of what it means."""
    return {
        str(path.relative_to(QUERIES).as_posix()): _meaning(path, *_stamp(path))
        for pattern in DECIDING
        for path in sorted(QUERIES.glob(pattern))
    }


def keep(connection: duckdb.DuckDBPyConnection) -> None:
    """Write down in the generation being built what it is made from."""
    connection.execute(KEPT)
    connection.executemany("INSERT INTO made_from VALUES (?, ?)", [*files().items()])


def changed(was: dict[str, str]) -> tuple[str, ...]:
    """What is decided otherwise now than by the files of a generation, in words with the files."""
    now = files()
    changes: dict[str, list[str]] = {}
    for file in sorted(was.keys() | now.keys()):
        if was.get(file) != now.get(file):
            decides = next((DECIDING[one] for one in DECIDING if Path(file).match(one)), "")
            changes.setdefault(decides or "what is counted", []).append(file)
    return tuple(f"{decides} ({', '.join(names)})" for decides, names in changes.items())


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=256)
def _meaning(path: Path, *_stamp: int) -> str:
    """A digest of a file without comments and layout, so that a comment makes nothing outdated."""
    text = path.read_text(encoding="utf-8")
    meant: object
    if path.suffix == ".sql":
        found = (one.group() for one in _SQL.finditer(text))
        meant = [word for word in found if not _NOT_MEANT.fullmatch(word)]
    elif path.suffix == ".csv":
        meant = list(csv.reader(text.splitlines()))
    else:
        # Python 3.11 has a SystemError for two threads that parse at once.
        with _parsing:
            meant = ast.dump(_without_docstrings(ast.parse(text)))
    return hashlib.sha256(repr(meant).encode()).hexdigest()


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(
            node, clean=False
        ):
            del node.body[0]
    return tree
