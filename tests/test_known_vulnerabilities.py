"""Protects users from packages that are known to have holes: what is pinned is looked up at
osv.dev, where its answer can be had. Elsewhere this is skipped, and says so.
"""

import json
import re
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest

PROJECT = Path(__file__).resolve().parent.parent
OSV = "https://api.osv.dev/v1/querybatch"
PATIENCE_SECONDS = 2
# What is known and does not reach us, by its id, and why.
DOES_NOT_REACH_US: dict[str, str] = {}


def pinned(text: str) -> list[tuple[str, str]]:
    """The packages of a requirements file and their versions, each once, in its order."""
    return list(dict.fromkeys(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.M)))


def question(packages: list[tuple[str, str]]) -> bytes:
    """What is asked at osv.dev."""
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in packages
    ]
    return json.dumps({"queries": queries}).encode()


def known(packages: list[tuple[str, str]], answer: bytes) -> list[str]:
    """What osv.dev knows of these packages, one line each. Raises ValueError, KeyError for what is
    no answer to this question."""
    results = json.loads(answer)["results"]
    return [
        f"{name} {version}: {one['id']}, see https://osv.dev/{one['id']}"
        for (name, version), result in zip(packages, results, strict=True)
        for one in result.get("vulns", [])
        if one["id"] not in DOES_NOT_REACH_US
    ]


def test_no_pinned_package_has_a_known_hole():
    texts = [(PROJECT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt")]
    packages = pinned("\n".join(texts))
    assert len(packages) > 60 and "streamlit" in dict(packages)
    asked = urllib.request.Request(
        OSV, question(packages), {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS) as reply:
            answer = reply.read()
    except OSError as problem:
        if isinstance(problem, HTTPError):
            problem.close()
        pytest.skip(
            f"osv.dev cannot be reached from here ({problem}): of {len(packages)} pinned packages "
            "nobody looked up whether holes are known"
        )
    assert known(packages, answer) == []


def test_what_is_known_is_named_with_the_version_that_has_it():
    text = "jinja2==2.4.1 \\\n    --hash=sha256:00\nduckdb==2.0.0 ; sys_platform == 'x'\n# a==1\n"
    packages = pinned(text + text)
    assert packages == [("jinja2", "2.4.1"), ("duckdb", "2.0.0")]
    assert json.loads(question(packages))["queries"][0] == {
        "package": {"name": "jinja2", "ecosystem": "PyPI"},
        "version": "2.4.1",
    }
    # As https://google.github.io/osv.dev/post-v1-querybatch/ has it: an answer in the order asked.
    answer = (
        b'{"results": [{"vulns": [{"id": "GHSA-462w-v97r-4m45", "modified": "2024-01-01"}]}, {}]}'
    )
    assert known(packages, answer) == [
        "jinja2 2.4.1: GHSA-462w-v97r-4m45, see https://osv.dev/GHSA-462w-v97r-4m45"
    ]
    with pytest.raises(ValueError):
        known(packages, b'{"results": [{}]}')
