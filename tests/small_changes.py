"""Small wrong changes, one at a time, and which test catches each.

    .venv/bin/python tests/small_changes.py [--number 100] [--seed 1] [--suite fast|whole]
        [--only 3 17] [--list] [--processes 2] [--json FILE] [--changes FILE] [--limit SECONDS]

A seed chooses among all changes that could be made to the SQL and Python of this tree: `<` for
`<=`, a condition dropped, a day more, a join that loses rows. Each is made in a copy of the tree,
and pytest runs there up to the first test that fails. What no test catches is an edge that nothing
guards, or a change that changes nothing; a person says which.

--list names the changes and runs nothing. --json keeps them in a file, with what came of each;
--changes takes the list of such a file, so that the same ones can be tried again after more tests
were written. --limit: when no test ends for so long, the change is caught, for it never ends. A
limit for the whole suite would call caught what a slow machine had no time to try.
"""

import argparse
import ast
import json
import os
import queue
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatch
from pathlib import Path

import duckdb
from run import own_environment

PROJECT = Path(__file__).resolve().parent.parent

# What each suite runs: files of tests, and further arguments of pytest.
SUITES = {
    "fast": (["tests/test_*.py"], ["-m", "not slow"]),
    "whole": (["tests/test_*.py", "tests/browser/test_*.py"], []),
}
ALWAYS = ["-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-n", "0"]
# It looks at how changes are made, not at Roundtable.
NOT_RUN = {"tests/test_small_changes.py"}

# Which tests come first for a changed file, by the ends of their names.
LIKELY = [
    ("queries/privacy/shown/*", "access privacy sample_numbers charts pages"),
    ("queries/privacy/*", "privacy access study"),
    ("queries/absence/*", "absence second_answer sample_numbers definitions"),
    ("queries/tables/*", "definitions absence culture second_answer together load"),
    ("queries/load/*", "load publish command_line"),
    ("queries/team/study.sql", "study plans second_answer_team"),
    ("queries/team/*", "team journal archive team_sample second_answer_team"),
    ("queries/causes/*", "causes students second_answer_team"),
    ("queries/network/*", "network second_answer_team"),
    ("queries/plans/*", "plans study second_answer_team"),
    ("queries/database.py", "access absence pages"),
    ("queries/__main__.py", "command_line"),
    ("pages/shared/*/charts.py", "charts network causes students"),
    ("pages/shared/*/sentences.py", "readings network causes students plans meeting together"),
    ("pages/shared/*forms.py", "forms students plans meeting table_forms"),
    ("pages/shared/drawing.py", "charts cards"),
    ("pages/shared/formats.py", "formats readings charts"),
    ("pages/shared/marks.py", "charts cards"),
    ("pages/shared/basis.py", "readings"),
    ("pages/shared/poster.py", "cards pictures"),
    ("pages/shared/*card*.py", "pictures cards pages"),
    ("pages/*", "pages"),
    ("app.py", "pages overview"),
]
# These take minutes, and come after the other files that nothing speaks for.
SLOW = ["study", "second_answer_team", "second_answer", "privacy"]

# No process of a change may use more, so that a join gone wrong leaves the machine to others.
MOST_BYTES = 6 * 2**30

# Numbers by which something looks as it does, or that only make it faster: no test holds these.
LOOKS = re.compile(
    r"(width|height|size|opacity|offset|padding|spacing|angle|radius|dx|dy|dash|color|font|dpi"
    r"|extent|thickness|margin|scale|left|top|right|bottom)$",
    re.IGNORECASE,
)
DRAWN = {"pages/shared/poster.py", "pages/shared/drawing.py"}
FASTER = {"maxsize", "timeout", "ttl", "indent"}


@dataclass(frozen=True)
class Change:
    """One small change. It is found again by the text of its line, and not by the line's number:
    the nth line of the file that reads so, from this column on."""

    file: str
    line_text: str
    nth: int
    column: int
    kind: str
    before: str
    after: str

    def in_text(self, text: str) -> int:
        """Where it begins. Raises LookupError where the text does not read so."""
        start, seen = 0, 0
        for line in text.split("\n"):
            if line == self.line_text:
                at = start + self.column
                if seen == self.nth and text.startswith(self.before, at):
                    return at
                seen += 1
            start += len(line) + 1
        raise LookupError(f"{self.file} has no line {self.line_text!r}")

    def made(self, text: str) -> str:
        at = self.in_text(text)
        return text[:at] + self.after + text[at + len(self.before) :]

    @property
    def language(self) -> str:
        return "SQL" if self.file.endswith(".sql") else "Python"


# --- Which changes there are ------------------------------------------------------------------


def changes_of(file: str, text: str) -> list[Change]:
    """Every change that could be made to a file, in the order of the text."""
    find = _in_sql if file.endswith(".sql") else _in_python
    lines = text.split("\n")
    starts, nth, seen = [], [], Counter()
    at = 0
    for line in lines:
        starts.append(at)
        nth.append(seen[line])
        seen[line] += 1
        at += len(line) + 1
    found = []
    for start, end, kind, after in sorted(set(find(file, text))):
        row = bisect(starts, start) - 1
        column = start - starts[row]
        found.append(Change(file, lines[row], nth[row], column, kind, text[start:end], after))
    return found


SQL_TOKEN = re.compile(
    r"(?P<skip>\s+|--[^\n]*|/\*.*?\*/)"
    r"|(?P<string>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")"
    r"|(?P<number>\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<word>\$?[A-Za-z_]\w*)"
    r"|(?P<sign><>|!=|<=|>=|=>|:=|->|::|==|\|\||//|\*\*|.)",
    re.DOTALL,
)
SQL_COMPARISONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=", "!=": "="}
SIGNS = {"+": "-", "-": "+"}
EXTREMES = {
    one: other
    for pair in (
        "min max",
        "least greatest",
        "arg_min arg_max",
        "min_by max_by",
        "idxmin idxmax",
        "minimum maximum",
        "nsmallest nlargest",
    )
    for one, other in (pair.split(), reversed(pair.split()))
}
JOINS = {"JOIN", "INNER", "CROSS", "FULL", "SEMI", "ANTI", "ASOF", "POSITIONAL", "NATURAL", "LEFT"}
JOINS |= {"RIGHT", "OUTER"}
CLAUSES = {"WHERE", "GROUP", "ORDER", "HAVING", "QUALIFY", "WINDOW", "LIMIT", "UNION", "EXCEPT"}
CLAUSES |= {"INTERSECT", ";"}
AFTER_CONDITION = JOINS | CLAUSES | {"AND", "OR", ",", "THEN", "ELSE", "WHEN", "AS", "ASC", "DESC"}
BEFORE_CONDITION = {"AND", "OR", ",", ";", "WHERE", "ON", "WHEN", "HAVING", "QUALIFY", "SELECT"}
BEFORE_CONDITION |= {"THEN", "ELSE", "AS", ":=", "=>", "BY"}
A_DATE = re.compile(r"(date|_on|as_of|until)$", re.IGNORECASE)


@dataclass
class Token:
    text: str
    kind: str
    start: int
    end: int
    depth: int = 0

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind in ("word", "sign") else ""


def sql_tokens(text: str) -> list[Token]:
    """Words, numbers, signs and strings, each with how deep it stands in brackets and CASE."""
    tokens, depth = [], 0
    for match in SQL_TOKEN.finditer(text):
        if match.lastgroup == "skip":
            continue
        token = Token(match[0], match.lastgroup, *match.span())
        if token.word in (")", "]", "}", "END"):
            depth -= 1
        token.depth = depth
        if token.word in ("(", "[", "{", "CASE"):
            depth += 1
        tokens.append(token)
    return tokens


def _in_sql(_file: str, text: str) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, kind, what is put there) of each change."""
    tokens = sql_tokens(text)
    nothing = Token("", "", len(text), len(text))
    for n, token in enumerate(tokens):
        before = tokens[n - 1] if n else nothing
        after = tokens[n + 1] if n + 1 < len(tokens) else nothing
        if token.kind == "number" and token.text.isdigit():
            kind = "date" if before.word == "INTERVAL" else "number"
            is_type = n > 1 and tokens[n - 2].word in ("DECIMAL", "NUMERIC")
            # SELECT 1 in EXISTS says nothing by its number.
            if before.word != "SELECT" and not is_type and len(token.text) < 10:
                yield token.start, token.end, kind, str(int(token.text) + 1)
        elif token.word in SIGNS:
            yield token.start, token.end, "sign", SIGNS[token.word]
        elif token.word in SQL_COMPARISONS and not (n > 1 and tokens[n - 2].word == "SET"):
            yield token.start, token.end, "comparison", SQL_COMPARISONS[token.word]
            yield from _a_day_off(text, tokens, n)
        elif token.text.lower() in EXTREMES and after.text == "(":
            yield token.start, token.end, "extreme", EXTREMES[token.text.lower()]
        elif token.word == "JOIN" and before.word == "LEFT":
            yield before.start, token.end, "join", "JOIN"
        elif token.word == "JOIN" and before.word not in JOINS:
            yield token.start, token.end, "join", "LEFT JOIN"
    yield from _conditions(text, tokens)


def _a_day_off(
    text: str, tokens: list[Token], comparison: int
) -> Iterator[tuple[int, int, str, str]]:
    """The date on the right side of a comparison, a day later and a day earlier."""
    end = comparison + 1
    while end + 2 < len(tokens) and tokens[end + 1].text == "." and tokens[end].kind == "word":
        end += 2
    if end >= len(tokens) or tokens[end].kind != "word" or not A_DATE.search(tokens[end].text):
        return
    following = tokens[end + 1].text if end + 1 < len(tokens) else ""
    if following not in ("(", "+", "-", "*", "/"):
        place = (tokens[comparison + 1].start, tokens[end].end)
        yield *place, "date", f"{text[slice(*place)]} + 1"
        yield *place, "date", f"{text[slice(*place)]} - 1"


def _conditions(text: str, tokens: list[Token]) -> Iterator[tuple[int, int, str, str]]:
    """One condition of several dropped; the only one of WHERE, HAVING or QUALIFY made TRUE."""
    joining = set(_joining_ands(tokens))
    for n, token in enumerate(tokens):
        if n in joining:
            end = _end_of_condition(tokens, n, AFTER_CONDITION, joining)
            if end > n + 1:
                yield token.start, tokens[end - 1].end, "filter", ""
            start = n - 1
            while start >= 0 and not (
                tokens[start].depth < token.depth
                or (tokens[start].depth == token.depth and _begins(tokens, start, joining))
            ):
                start -= 1
            if start not in joining and start + 1 < n:
                yield tokens[start + 1].start, token.end, "filter", ""
        elif token.word in ("WHERE", "HAVING", "QUALIFY"):
            end = _end_of_condition(tokens, n, JOINS | CLAUSES, joining)
            several = any(n < one < end and tokens[one].depth == token.depth for one in joining)
            if end > n + 1 and not several:
                yield tokens[n + 1].start, tokens[end - 1].end, "filter", "TRUE"


def _joining_ands(tokens: list[Token]) -> Iterator[int]:
    """The ANDs between conditions: not those of BETWEEN."""
    between = Counter()
    for n, token in enumerate(tokens):
        if token.word == "BETWEEN":
            between[token.depth] += 1
        elif token.word == "AND" and between[token.depth]:
            between[token.depth] -= 1
        elif token.word == "AND":
            yield n


def _begins(tokens: list[Token], n: int, joining: set[int]) -> bool:
    return tokens[n].word in BEFORE_CONDITION and (tokens[n].word != "AND" or n in joining)


def _end_of_condition(tokens: list[Token], start: int, ends: set[str], joining: set[int]) -> int:
    """The number of the first token after the condition that begins behind this one."""
    depth = tokens[start].depth
    for n in range(start + 1, len(tokens)):
        token = tokens[n]
        if token.depth < depth:
            return n
        if token.depth > depth or token.word not in ends:
            # `IS DISTINCT FROM` goes on; the FROM of a SELECT does not.
            if token.depth == depth and token.word == "FROM" and tokens[n - 1].word != "DISTINCT":
                return n
            continue
        is_function = n + 1 < len(tokens) and token.word in ("LEFT", "RIGHT")
        if is_function and tokens[n + 1].text == "(":
            continue
        if token.word != "AND" or n in joining:
            return n
    return len(tokens)


PYTHON_COMPARISONS = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
}
TESTS_A_COLUMN = {"isin", "notna", "isna", "notnull", "isnull", "eq", "ne", "gt", "lt", "ge", "le"}


def _in_python(file: str, text: str) -> Iterator[tuple[int, int, str, str]]:
    """The same for Python. What is inside a string with values is left alone, as is a string."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def at(line: int, column: int) -> int:
        text_of_line = lines[line - 1]
        if not text_of_line.isascii():
            column = len(text_of_line.encode("utf-8")[:column].decode("utf-8"))
        return starts[line - 1] + column

    def span(node: ast.AST) -> tuple[int, int]:
        return at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)

    def between(one: ast.AST, other: ast.AST, sign: str) -> Iterator[tuple[int, int]]:
        """Where the sign stands between two nodes, before any comment."""
        start, end = span(one)[1], span(other)[0]
        found = re.match(rf"[\s)]*(?:#[^\n]*\n[\s)]*)*({re.escape(sign)})", text[start:end])
        if found:
            yield start + found.start(1), start + found.end(1)

    def visit(node: ast.AST, no_number: bool) -> Iterator[tuple[int, int, str, str]]:
        if isinstance(node, ast.JoinedStr):
            return
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for one, kind, other in zip(sides, node.ops, sides[1:], strict=False):
                sign, instead = PYTHON_COMPARISONS.get(type(kind), ("", ""))
                for place in between(one, other, sign) if sign else ():
                    yield *place, "comparison", instead
        elif isinstance(node, ast.BoolOp):
            sign, instead = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for one, other in zip(node.values, node.values[1:], strict=False):
                for place in between(one, other, sign):
                    yield *place, "logic", instead
            if sign == "and":
                for one in node.values:
                    yield *span(one), "filter", "True"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            if not (_is_text_or_list(node.left) or _is_text_or_list(node.right)):
                sign = "+" if isinstance(node.op, ast.Add) else "-"
                for place in between(node.left, node.right, sign):
                    yield *place, "sign", SIGNS[sign]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
            for one in (node.left, node.right):
                if _is_mask(one):
                    yield *span(one), "filter", "True"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            start = span(node)[0]
            yield start, start + 1, "sign", "+"
        elif isinstance(node, ast.comprehension):
            for one in node.ifs:
                yield *span(one), "filter", "True"
        elif isinstance(node, ast.If | ast.IfExp):
            if not isinstance(node.test, ast.BoolOp):
                yield *span(node.test), "filter", "True"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name, end = _name(node.func), span(node.func)[1]
            if name in EXTREMES:
                yield end - len(name), end, "extreme", EXTREMES[name]
        elif isinstance(node, ast.Constant) and type(node.value) is int and not no_number:
            place = span(node)
            if text[slice(*place)].replace("_", "").isdigit():
                yield *place, "number", str(node.value + 1)
        yield from inside(node, no_number)

    def inside(node: ast.AST, no_number: bool) -> Iterator[tuple[int, int, str, str]]:
        is_delta = isinstance(node, ast.Call) and _name(node.func) == "timedelta"
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if not isinstance(child, ast.AST):
                    continue
                named = child.arg or "" if isinstance(child, ast.keyword) else ""
                if isinstance(node, ast.Assign):
                    named = _name(node.targets[0])
                is_look = file.startswith("pages/") and LOOKS.search(named)
                without = no_number or named in FASTER or bool(is_look)
                for start, end, kind, after in visit(child, without):
                    yield start, end, "date" if is_delta and kind == "number" else kind, after

    yield from inside(ast.parse(text), file in DRAWN)


def _name(node: ast.AST) -> str:
    """What something is called last: c of a.b.c."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_text_or_list(node: ast.AST) -> bool:
    """Would a minus fail at once?"""
    if isinstance(node, ast.BinOp):
        return _is_text_or_list(node.left) or _is_text_or_list(node.right)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes)
    return isinstance(node, ast.JoinedStr | ast.List | ast.ListComp | ast.Tuple)


def _is_mask(node: ast.AST) -> bool:
    """Does it choose rows of a frame? A set has & too, and would fail at once."""
    return any(
        isinstance(one, ast.Compare)
        or (isinstance(one, ast.Attribute) and one.attr in TESTS_A_COLUMN)
        for one in ast.walk(node)
    )


def parses(change: Change, text: str) -> bool:
    """Can it be read at all? DuckDB and Python say so."""
    made = change.made(text)
    try:
        read_by = duckdb.extract_statements if change.language == "SQL" else ast.parse
        return made != text and bool(read_by(made))
    except (SyntaxError, duckdb.Error):
        return False


# --- Which of them are tried ------------------------------------------------------------------


def tracked(project: Path) -> list[str]:
    """The files that belong to the tree, with what is in them now."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    named = subprocess.run(command, cwd=project, check=True, capture_output=True, text=True).stdout
    return sorted({one for one in named.split("\0") if one and (project / one).is_file()})


def sources(project: Path) -> dict[str, str]:
    """The text of each file that may be changed."""
    return {
        file: read(project / file)
        for file in tracked(project)
        if (file.startswith("queries/") and file.endswith((".sql", ".py")))
        or (file.startswith("pages/") and file.endswith(".py"))
        or file == "app.py"
    }


def read(path: Path) -> str:
    """The text with its own ends of lines."""
    return path.read_bytes().decode("utf-8")


def choose(texts: dict[str, str], number: int, seed: int) -> list[Change]:
    """So many changes, half of them to SQL, spread over kinds and files; by seed the same."""
    chance = random.Random(seed)
    every = [change for file in sorted(texts) for change in changes_of(file, texts[file])]
    chosen = []
    for language, share in (("SQL", number - number // 2), ("Python", number // 2)):
        by_kind = defaultdict(list)
        for change in every:
            if change.language == language:
                by_kind[change.kind].append(change)
        for kind in sorted(by_kind):
            chance.shuffle(by_kind[kind])
        chosen += _spread(by_kind, share, texts)
    chance.shuffle(chosen)
    return chosen


def _spread(by_kind: dict[str, list[Change]], share: int, texts: dict[str, str]) -> list[Change]:
    """Of each kind in turn, one of the file that has been chosen least."""
    chosen, used = [], Counter()
    while len(chosen) < share and any(by_kind.values()):
        for kind in sorted(by_kind):
            while by_kind[kind] and len(chosen) < share:
                uses = [used[one.file] for one in by_kind[kind]]
                change = by_kind[kind].pop(uses.index(min(uses)))
                if parses(change, texts[change.file]):
                    used[change.file] += 1
                    chosen.append(change)
                    break
    return chosen


# --- Trying one -------------------------------------------------------------------------------


def in_order(file: str, suite: str, project: Path) -> list[str]:
    """The files of tests of a suite, those that are likely to catch a change of this file first;
    of these, and of the others, the browser's last."""
    tests = [test for pattern in SUITES[suite][0] for test in project.glob(pattern)]
    likely = next((tests for pattern, tests in LIKELY if fnmatch(file, pattern)), "").split()
    path = Path(file)
    # plan_forms.py is about plans.
    first = path.stem.partition("_")[0]
    subjects = {path.stem, path.parent.name, first, f"{first}s"}
    named = path.parent.name if path.stem == "__init__" else path.stem
    word = re.compile(rf"\b{re.escape(named)}\b")

    def rank(test: Path) -> tuple:
        name = test.stem.removeprefix("test_").removesuffix("_page")
        mentions = len(word.findall(test.read_text(encoding="utf-8")))
        return (
            name not in subjects and name not in likely,
            test.parent.name == "browser",
            name not in subjects,
            likely.index(name) if name in likely else len(likely),
            SLOW.index(name) if name in SLOW else -1,
            -mentions,
            name,
        )

    names = [test.relative_to(project).as_posix() for test in sorted(tests, key=rank)]
    return [name for name in names if name not in NOT_RUN]


@dataclass
class Outcome:
    """caught: None where that could not be found out, and `by` says why."""

    caught: bool | None
    by: str
    seconds: float
    said: str = ""

    def __str__(self) -> str:
        if self.caught:
            return f"caught by {self.by} in {self.seconds:.0f} s"
        words = "NOT CAUGHT" if self.caught is False else f"NOT KNOWN: {self.by}"
        return f"{words} ({self.seconds:.0f} s)"


class Copy:
    """A copy of the tree, in which one change at a time is made and taken back."""

    def __init__(self, folder: Path, project: Path):
        self.folder, self.temporary = folder / "roundtable", folder / "temporary"
        for file in tracked(project):
            target = self.folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(project / file, target)
        # Tests look for public data sets beside the checkout.
        if (project.parent / "shared").is_dir():
            (folder / "shared").symlink_to(project.parent / "shared")

    def run(self, change: Change, suite: str, limit: float, stop: threading.Event) -> Outcome:
        """What the suite says of the tree with this change."""
        path = self.folder / change.file
        original = path.read_bytes()
        try:
            path.write_bytes(change.made(original.decode("utf-8")).encode("utf-8"))
            return self._pytest(in_order(change.file, suite, self.folder), suite, limit, stop)
        finally:
            path.write_bytes(original)
            # Compiled code is known by size and second alone, and a change may keep both.
            for compiled in list(self.folder.rglob("__pycache__")):
                shutil.rmtree(compiled, ignore_errors=True)
            shutil.rmtree(self.temporary, ignore_errors=True)

    def _pytest(self, tests: list[str], suite: str, limit: float, stop: threading.Event) -> Outcome:
        self.temporary.mkdir()
        command = [sys.executable, "-m", "pytest", *ALWAYS, *SUITES[suite][1], *tests]
        own = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
        environment = own_environment() | own | {"TMPDIR": str(self.temporary)}
        log = self.temporary / "pytest.txt"
        began = time.monotonic()
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                ended_by = _wait(process, log, limit, stop)
            finally:
                _end(process)
        seconds = time.monotonic() - began
        said = log.read_text(encoding="utf-8", errors="replace")
        if ended_by:
            return Outcome(None if stop.is_set() else True, ended_by, seconds, said[-500:])
        return _read_outcome(process.returncode, said, seconds)


def _wait(process: subprocess.Popen, log: Path, limit: float, stop: threading.Event) -> str:
    """Until it ends, '', or has to be ended, why. A test that ends is seen by what it writes."""
    size, since = -1, time.monotonic()
    while process.poll() is None:
        if stop.wait(1):
            return "interrupted"
        if log.stat().st_size != size:
            size, since = log.stat().st_size, time.monotonic()
        if time.monotonic() - since > limit:
            return f"a test that never ended ({limit:.0f} s)"
        if sum(map(_bytes_used, _family(process.pid))) > MOST_BYTES:
            return "taking all memory"
    return ""


def _read_outcome(code: int, said: str, seconds: float) -> Outcome:
    """What the end of pytest means. 1: a test failed; 2: a file of tests could not be read."""
    if code == 0:
        return Outcome(False, "", seconds)
    first = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - (.*))?$", said, re.MULTILINE)
    if code in (1, 2) and first:
        return Outcome(True, first[1], seconds, first[2] or "")
    if code == 4 and "while loading conftest" in said:
        return Outcome(True, "tests/conftest.py, which could not be loaded", seconds, said[-500:])
    if code < 0:
        return Outcome(True, f"an end by signal {-code}", seconds, said[-500:])
    return Outcome(None, f"pytest ended with {code}", seconds, said[-2000:])


def _family(pid: int) -> list[int]:
    """A process and all that it started, also those with a group of their own, as browsers have.
    Where this system does not tell (/proc, Linux), the process alone."""
    children = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        children[parent].append(int(path.parent.name))
    family = [pid]
    for one in family:
        family += children[one]
    return family


def _bytes_used(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _end(process: subprocess.Popen) -> None:
    """End it and whatever it started; also what outlived it in its own session."""
    family = _family(process.pid) if process.poll() is None else []
    for end, target in [(os.killpg, process.pid), *((os.kill, one) for one in family)]:
        try:
            end(target, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    process.wait()


# --- The command ------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """1 unless every change was caught, so that a script can see it."""
    asked = _arguments(arguments)
    if asked.changes:
        held = json.loads(asked.changes.read_text(encoding="utf-8"))
        names = [one.name for one in fields(Change)]
        changes = [Change(**{name: one[name] for name in names}) for one in held]
    else:
        changes = choose(sources(PROJECT), asked.number, asked.seed)
    numbered = dict(enumerate(changes, 1))
    chosen = {n: one for n, one in numbered.items() if not asked.only or n in asked.only}
    outcomes: dict[int, Outcome] = {}
    if asked.list:
        for n, change in chosen.items():
            say(_line(n, change))
    else:
        _try_all(chosen, asked, outcomes)
        _say_counts(chosen, outcomes)
    if asked.json:
        _keep(asked.json, chosen, outcomes)
    caught = sum(outcome.caught is True for outcome in outcomes.values())
    return 0 if asked.list or caught == len(chosen) else 1


def _arguments(arguments: list[str]) -> argparse.Namespace:
    words = __doc__.split("\n\n")
    parser = argparse.ArgumentParser(description=words[0], epilog=words[-1])
    parser.add_argument("--number", type=int, default=100, help="how many changes to choose")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--suite", choices=sorted(SUITES), default="fast")
    parser.add_argument("--only", type=int, nargs="+", help="numbers of the list")
    parser.add_argument("--list", action="store_true", help="name the changes, run nothing")
    parser.add_argument("--processes", type=int, default=2, help="how many are tried at a time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep what came of each")
    parser.add_argument("--changes", type=Path, metavar="FILE", help="try those of such a file")
    parser.add_argument("--limit", type=float, default=900, help="seconds for one test")
    return parser.parse_args(arguments)


def _try_all(
    chosen: dict[int, Change], asked: argparse.Namespace, outcomes: dict[int, Outcome]
) -> None:
    """Fill outcomes by number, a line a change as they end; an interrupt ends what is running."""
    stop, copies = threading.Event(), queue.Queue()

    def attempt(change: Change) -> Outcome:
        held = copies.get()
        try:
            return held.run(change, asked.suite, asked.limit, stop)
        finally:
            copies.put(held)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="small_changes_"))
    try:
        for n in range(asked.processes):
            copies.put(Copy(folder / str(n), PROJECT))
        with ThreadPoolExecutor(asked.processes) as workers:
            running = {workers.submit(attempt, change): n for n, change in chosen.items()}
            try:
                for done in as_completed(running):
                    n = running[done]
                    outcomes[n] = done.result()
                    say(f"{_line(n, chosen[n])}  {outcomes[n]}")
                    if asked.json:
                        _keep(asked.json, chosen, outcomes)
            except BaseException:
                stop.set()
                workers.shutdown(cancel_futures=True)
                raise
    except KeyboardInterrupt:
        say("Interrupted.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say_counts(chosen: dict[int, Change], outcomes: dict[int, Outcome]) -> None:
    """How many were caught, by kind and by language."""
    for name in ("kind", "language"):
        say("")
        for value in sorted({getattr(change, name) for change in chosen.values()}):
            caught = [
                one.caught for n, one in outcomes.items() if getattr(chosen[n], name) == value
            ]
            say(f"{value:12} {caught.count(True):4} of {len(caught):4} caught")
    numbers = sorted(n for n, one in outcomes.items() if one.caught is False)
    not_caught = " ".join(map(str, numbers)) or "none"
    say(f"\nNot caught, of {len(outcomes)} tried of {len(chosen)}: {not_caught}")


def _line(n: int, change: Change) -> str:
    at = change.in_text(text := read(PROJECT / change.file))
    where = f"{change.file}:{text.count(chr(10), 0, at) + 1}"
    what = f"{_short(change.before)} -> {_short(change.after) or 'nothing'}"
    return f"{n:4}  {where}  {change.kind}  {what}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else words[:77] + "..."


def _keep(file: Path, chosen: dict[int, Change], outcomes: dict[int, Outcome]) -> None:
    """The list with what is known so far; written whole, so that an interrupt loses nothing."""
    kept = []
    for n, change in chosen.items():
        outcome = asdict(outcomes[n]) if n in outcomes else {}
        kept.append({"number": n} | asdict(change) | outcome)
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def say(line: str) -> None:
    """One line at once: whoever waits sees how far it is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
