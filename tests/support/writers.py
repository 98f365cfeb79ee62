"""One of several who write at once until they are killed: a program, and how to check its work.

    python -S -m tests.support.writers HOME NAME RUN [TOKEN TO SEND AGAIN]

Before each write it prints what it is about to write, and once the call has returned that this was
acknowledged; each line is with the system before the next step. What it writes under a token is
always the same, so that it can be checked, and sent again after a kill. Standard library alone, as
without packages (-S) Python starts fast.
"""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path

from queries.team import journal, looks, store
from queries.team.records import KINDS, Learned, Note, Plan, Pledge, Record, Step

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ("ann", "ben", "cem", "dora", "eve", "fay")
# Steps that all of them change.
SHARED = [f"shared-{number}" for number in range(12)]
DAY, LATER = date(2026, 3, 20), date(2026, 6, 12)


def share(home: Path) -> None:
    """Write the steps that all of them change."""
    steps = [Step(f"s{number}", "alder", "call", "ann", DAY) for number in range(len(SHARED))]
    assert journal.add(home, "ann", steps, "shared") == SHARED


def records_of(token: str) -> list[Record]:
    """What is written under a token: one to four records, each with a word that is only there."""
    chance = random.Random(token)
    words = [f"{token}/{number}" for number in range(chance.randint(1, 4))]
    long = "ä" * chance.choice([0, 0, 10, 5000])
    made = {
        "note": lambda word: Note("s1", "alder", DAY, word + long),
        "learned": lambda word: Learned(
            "s2", "alder", "2025-26", "asthma", "nurse", "sure", DAY, word + long
        ),
        "step": lambda word: Step("s3", "alder", word + long, "ben", DAY),
        "plan": lambda word: Plan(
            "alder", "2025-26", "a walk", word + long, "days missed", 18, 12, DAY, LATER, "ben"
        ),
        "pledge": lambda word: Pledge("m1", "ben", word + long, LATER, "asking"),
    }
    return [made[chance.choice(list(made))](word) for word in words]


def main(home: Path, name: str, run: str, again: str = "") -> None:
    """Write until killed."""
    chance = random.Random(f"{name} {run}")
    if again:
        add(home, name, again)
    for number in count():
        word = f"{name}.{run}.{number}"
        doing = chance.choice(("add", "add", "change", "change", "look"))
        if doing == "add":
            add(home, name, word)
            if chance.random() < 0.3:
                add(home, name, word)
        elif doing == "change":
            change(home, name, word, chance)
        else:
            say("looking", word)
            looks.record(home, who=name, what="names seen", page=word, filters="", students=number)
            say("looked", word)


def add(home: Path, name: str, token: str) -> None:
    written = records_of(token)
    say("adding", token)
    names = journal.add(home, name, written, token)
    assert names == [f"{token}-{number}" for number in range(len(written))]
    say("added", token)


def change(home: Path, name: str, word: str, chance: random.Random) -> None:
    shared = chance.choice(SHARED)
    newest = journal.history(home, shared)[-1]
    content = replace(newest.content, result=word)
    say("changing", f"{shared} {newest.version + 1} {word}")
    try:
        version = journal.change(home, name, shared, newest.version, content)
        say("changed", f"{shared} {version} {word}")
        if chance.random() < 0.3:
            assert journal.change(home, name, shared, newest.version, content) == version
    except journal.Conflict as conflict:
        assert conflict.theirs.content.result != word
        say("conflict", word)


def say(what: str, about: str) -> None:
    os.write(1, f"{what} {about}\n".encode())


# --- Who starts and kills them ----------------------------------------------------------------


@dataclass
class Said:
    """What several writers said: about to write, acknowledged, and kept out by a conflict."""

    lines: dict[str, set[str]] = field(default_factory=dict)

    def __getitem__(self, what: str) -> set[str]:
        return self.lines.get(what, set())


class Writers:
    """Processes that write into a home; what each run said is a file in `folder`."""

    def __init__(self, home: Path, folder: Path):
        self.home, self.folder = home, folder
        self.runs: Counter = Counter()
        self.processes: dict[str, subprocess.Popen] = {}
        folder.mkdir()

    def start(self, name: str) -> None:
        again = self._not_acknowledged(name)
        self.runs[name] += 1
        run = str(self.runs[name])
        command = [sys.executable, "-S", "-m", "tests.support.writers", str(self.home), name, run]
        with self._file(name).open("wb") as file:
            self.processes[name] = subprocess.Popen(
                command + ([again] if again else []), cwd=ROOT, stdout=file
            )

    def kill(self, name: str) -> None:
        """Kill one of them; it was still at work."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL

    def said(self) -> Said:
        said = Said()
        for path in sorted(self.folder.iterdir()):
            for line in _lines(path):
                what, _, about = line.partition(" ")
                said.lines.setdefault(what, set()).add(about)
        return said

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}_{self.runs[name]}"

    def _not_acknowledged(self, name: str) -> str:
        lines = _lines(self._file(name)) if self.runs[name] else []
        what, _, token = lines[-1].partition(" ") if lines else ("", "", "")
        return token if what == "adding" else ""

    def __enter__(self) -> "Writers":
        return self

    def __exit__(self, *_) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()


def _lines(path: Path) -> list[str]:
    whole, _, _ = path.read_text().rpartition("\n")
    return whole.splitlines()


def check(home: Path, before: Said, after: Said) -> int:
    """Everything acknowledged `before` is there; nothing that nobody was about to write `after`,
    nothing twice, nothing half. How many acknowledged writes that were."""
    with contextlib.closing(sqlite3.connect(store.path_of(home))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    entries = [entry for entry in journal.everything(home) if entry.kind in KINDS]
    versions: dict[str, list] = {}
    for entry in entries:
        versions.setdefault(entry.record, []).append(entry)
    for of_record in versions.values():
        assert [entry.version for entry in of_record] == list(range(1, len(of_record) + 1))
    words = Counter(word_of(entry) for entry in entries)
    assert max(words.values()) == 1

    for token in after["adding"]:
        expected = records_of(token)
        found = [versions.pop(f"{token}-{number}", None) for number in range(len(expected))]
        if token not in before["added"] and not any(found):
            continue
        assert [one[0].content for one in found] == expected
        assert {one[0].who for one in found} == {token.split(".")[0]}
    assert sorted(versions) == sorted(SHARED)

    changed = set()
    for entry in (entry for shared in SHARED for entry in versions[shared][1:]):
        changed.add(f"{entry.record} {entry.version} {entry.content.result}")
        assert entry.who == entry.content.result.split(".")[0]
    assert before["changed"] <= changed <= after["changing"]
    assert not words.keys() & after["conflict"]

    assert looks.verify(home) == journal.verify(home) == []
    looked = [look.page for look in looks.looks(home)]
    assert len(set(looked)) == len(looked)
    assert before["looked"] <= set(looked) <= after["looking"]
    return sum(len(before[what]) for what in ("added", "changed", "looked"))


def word_of(entry: journal.Entry) -> str:
    """The word that is in this version alone."""
    content = entry.content
    if entry.record in SHARED:
        return content.result or entry.record
    held_by = {
        "note": "text",
        "learned": "note",
        "step": "what",
        "plan": "who_for",
        "pledge": "what",
    }
    return getattr(content, held_by[entry.kind]).rstrip("ä")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
