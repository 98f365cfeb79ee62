"""Protects the tool that makes small wrong changes: it changes code, and always the same code."""

import json
from collections import Counter

import pytest

from tests import small_changes
from tests.small_changes import PROJECT, Change, changes_of, choose, parses, sources

SQL = """\
-- One row per day: a < b and min(c) - 1, and so on.
/* WHERE 1 = 1 */
SELECT a.day, 'it''s x < y AND 3', "a = 2", min(a.days) AS least_days, a.n - 1 AS before
FROM a
LEFT JOIN b ON b.id = a.id AND b.day <= a.entry_date
JOIN c USING (id)
WHERE a.day BETWEEN 5 AND 7 AND a.kept
    AND EXISTS (SELECT 1 FROM d WHERE d.x IS NOT DISTINCT FROM a.x)
"""
PYTHON = '''\
"""Less is < 5 and more is > 5."""

from datetime import timedelta


def days(table, first: int = 3):
    """a == b"""
    # if a == b and c < 1
    rows = table[(table.n >= 10) & table.rate.notna()]
    name = "a - b" + f"{first + 1} < {first}"
    kept = [one for one in rows if one.day]
    if kept and first != -1:
        return min(kept) - timedelta(days=7)
    return name
'''


def made(file: str, text: str) -> dict[tuple[str, str], set[str]]:
    """{(kind, before): what is put there}, of changes that can be read."""
    found = {}
    for change in changes_of(file, text):
        if parses(change, text):
            found.setdefault((change.kind, change.before), set()).add(change.after)
    return found


def test_every_kind_of_change_to_sql_and_none_in_comments_and_strings():
    assert made("queries/a.sql", SQL) == {
        ("extreme", "min"): {"max"},
        ("sign", "-"): {"+"},
        ("number", "1"): {"2"},
        ("number", "5"): {"6"},
        ("number", "7"): {"8"},
        ("join", "LEFT JOIN"): {"JOIN"},
        ("join", "JOIN"): {"LEFT JOIN"},
        ("comparison", "="): {"<>"},
        ("comparison", "<="): {"<"},
        ("date", "a.entry_date"): {"a.entry_date + 1", "a.entry_date - 1"},
        ("filter", "b.id = a.id AND"): {""},
        ("filter", "AND b.day <= a.entry_date"): {""},
        ("filter", "a.day BETWEEN 5 AND 7 AND"): {""},
        ("filter", "AND a.kept"): {""},
        ("filter", "AND EXISTS (SELECT 1 FROM d WHERE d.x IS NOT DISTINCT FROM a.x)"): {""},
        ("filter", "d.x IS NOT DISTINCT FROM a.x"): {"TRUE"},
    }
    for change in changes_of("queries/a.sql", SQL):
        assert change.in_text(SQL) > SQL.index("SELECT a.day")


def test_conditions_of_case_and_of_filters():
    text = "SELECT CASE WHEN a AND b THEN 'x' END, sum(n) FILTER (WHERE c OR d) FROM e -- AND f"
    filters = {key[1]: after for key, after in made("queries/a.sql", text).items()}
    assert filters == {"a AND": {""}, "AND b": {""}, "c OR d": {"TRUE"}}


def test_every_kind_of_change_to_python_and_none_in_comments_and_strings():
    assert made("queries/a.py", PYTHON) == {
        ("number", "3"): {"4"},
        ("comparison", ">="): {">"},
        ("number", "10"): {"11"},
        ("filter", "table.n >= 10"): {"True"},
        ("filter", "table.rate.notna()"): {"True"},
        ("filter", "one.day"): {"True"},
        ("filter", "kept"): {"True"},
        ("filter", "first != -1"): {"True"},
        ("logic", "and"): {"or"},
        ("comparison", "!="): {"=="},
        ("sign", "-"): {"+"},
        ("number", "1"): {"2"},
        ("extreme", "min"): {"max"},
        ("date", "7"): {"8"},
    }


def test_a_change_is_found_by_its_line_wherever_that_stands():
    line = "    WHERE a < 1"
    first, second = (
        change
        for change in changes_of("queries/a.sql", f"SELECT (\n{line}\n), (\n{line}\n)")
        if change.kind == "comparison"
    )
    text = f"-- more\n\n{line}\n--\n{line}\n"
    assert first.made(text) == text.replace("a < 1", "a <= 1", 1)
    assert second.made(text) == f"-- more\n\n{line}\n--\n    WHERE a <= 1\n"
    with pytest.raises(LookupError):
        second.made(f"{line}\n")


def test_a_seed_makes_the_same_choice_again():
    texts = {"queries/a.sql": SQL, "queries/a.py": PYTHON}
    changes = choose(texts, 20, 1)
    assert len(set(changes)) == 20
    assert changes == choose(texts, 20, 1)
    assert changes != choose(texts, 20, 2)


@pytest.mark.slow
def test_a_hundred_changes_of_this_tree_can_all_be_made_and_kept(tmp_path):
    texts = sources(PROJECT)
    changes = choose(texts, 100, 1)
    assert len(set(changes)) == 100
    assert all(parses(change, texts[change.file]) for change in changes)
    assert Counter(change.language for change in changes) == {"SQL": 50, "Python": 50}
    kinds = Counter((change.language, change.kind) for change in changes)
    assert min(kinds[one] for one in kinds if one != ("Python", "date")) >= 5
    assert max(Counter(change.file for change in changes).values()) <= 3
    small_changes._keep(tmp_path / "list", dict(enumerate(changes, 1)), {})
    kept = [
        {name: one[name] for name in Change.__dataclass_fields__}
        for one in json.loads((tmp_path / "list").read_text(encoding="utf-8"))
    ]
    assert [Change(**one) for one in kept] == changes


def test_the_likely_tests_come_first_and_every_other_one_after_them():
    order = small_changes.in_order("queries/absence/by_month.sql", "whole", PROJECT)
    assert order[:2] == ["tests/test_absence.py", "tests/test_second_answer.py"]
    every = {one.relative_to(PROJECT).as_posix() for one in PROJECT.glob("tests/**/test_*.py")}
    assert set(order) == every - small_changes.NOT_RUN
    fast = small_changes.in_order("queries/absence/by_month.sql", "fast", PROJECT)
    assert order[: len(fast)] == fast
    assert all(one.startswith("tests/browser/") for one in order[len(fast) :])


@pytest.mark.parametrize(
    "code, said, expected",
    [
        (0, "12 passed", (False, "")),
        (1, "FAILED tests/a.py::test[1] - assert 1 == 2\n", (True, "tests/a.py::test[1]")),
        (2, "ERROR tests/test_a.py - NameError\n", (True, "tests/test_a.py")),
        (5, "no tests ran", (None, "pytest ended with 5")),
    ],
)  # fmt: skip
def test_what_the_end_of_pytest_means(code, said, expected):
    outcome = small_changes._read_outcome(code, said, 1.0)
    assert (outcome.caught, outcome.by) == expected
