"""What an admin brings on a page: files that lie in a private folder of the data home until they
are published.

    home/incoming/<random>/files          what was brought, by safe names, and unpacked
    home/incoming/<random>/said.toml      what was said of it
    home/incoming/<random>/mapping.toml   what it is taken for
    home/incoming/<random>/look, changes, load   .json, .txt: what each command printed
    home/mapping.toml                     what the files were taken for that were published last

All that reads them is a command in a process of its own. One upload at a time: a new one takes the
place of the one before.
"""

import json
import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from queries import access
from queries.changes import INCOMING
from queries.convert import mapping as mappings
from queries.convert.apart import LOADING, LOOKING, Command, State
from queries.convert.conventions import WAYS
from queries.convert.example import example
from queries.convert.holds import MAY_HAVE
from queries.convert.mapping import SURE, Answer, Code, Meaning, SheetMapping
from queries.convert.unpack import MOST_FILES, safe_name
from queries.disk import keep_private
from queries.home import home
from queries.load import publish

__all__ = [
    "WAYS",
    "Upload",
    "bring",
    "current",
    "example",
    "generations",
    "go_back",
    "may_add",
    "may_bring",
    "may_hold",
    "may_mean",
]

LOOK, CHANGES, LOAD = "look", "changes", "load"
FIRST_ROWS = 4
UNFINISHED = "This could not be finished. Save the files again as CSV, and bring those."
# Place of an answer: ("holds", file, sheet); ("column", "date", "whole", "survey" or "item", file,
# sheet, name); ("code", code); ("answer", scale, answer); ("rule", name).
Place = tuple[str, ...]

_commands: dict[Path, Command] = {}
_starting = Lock()


class NotTaken(Exception):
    """What was brought is not taken; the message says why, and what would be right."""


def may_bring(viewer: access.Viewer) -> bool:
    """Whether the reader may see what was brought, and publish it: an admin, and in no view that
    everybody may see."""
    return viewer.role == "admin" and viewer.view != access.SHARE


def _stop_others(viewer: access.Viewer) -> None:
    if not may_bring(viewer):
        raise access.NotShown("Data are brought by an admin, in the view for staff.")


@dataclass(frozen=True)
class Upload:
    """What was brought, by the folder that it lies in."""

    folder: Path

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def names(self) -> list[str]:
        """The names of its files, as they are kept."""
        return sorted(path.name for path in self.files.iterdir())

    @property
    def brought_at(self) -> datetime:
        return datetime.fromtimestamp(self.folder.stat().st_mtime)

    def state(self, name: str) -> State | None:
        """How far a command is, None where it was never begun. Where the server was started again
        since, what had ended has, and what was under way is said to be broken off."""
        place = self.folder / name
        if place in _commands:
            return _commands[place].state()
        file = place.with_suffix(".json")
        if not file.exists():
            return None
        printed = file.read_text("utf-8", errors="replace")
        broken_off = "" if _parsed(printed) else "This was broken off. Bring the files again."
        return State(0, code=0, problem=broken_off, printed=printed)

    def found(self, name: str) -> dict[str, Any] | None:
        """What a command that has ended printed, None where it printed nothing to be read."""
        state = self.state(name)
        if state is None or state.is_under_way or state.problem:
            return None
        return _parsed(state.printed)

    def is_published(self) -> bool:
        """Whether what people see is this."""
        return bool((self.found(LOAD) or {}).get("generation"))

    def under_way(self) -> str | None:
        """The command that is under way."""
        for name in (LOOK, CHANGES, LOAD):
            state = self.state(name)
            if state is not None and state.is_under_way:
                return name
        return None

    @property
    def _mapping(self) -> list[str]:
        file = self.folder / mappings.NAME
        return ["--mapping", str(file)] if file.is_file() else []

    def look(self) -> None:
        """Begin to look at what it holds, by what was said of it."""
        said = next(filter(_can_be_read, (self.folder / "said.toml", _kept())), None)
        given = ["--json", "--unpack", "--first-rows", str(FIRST_ROWS)]
        given += ["--out", str(self.folder / mappings.NAME)]
        self._begin(LOOK, ["map", *given, *(["--mapping", str(said)] if said else [])], LOOKING)
        # What was found by other answers says nothing any more.
        for later in (CHANGES, LOAD):
            _commands.pop(self.folder / later, None)
            (self.folder / later).with_suffix(".json").unlink(missing_ok=True)

    def compare(self, *, add: bool = False) -> None:
        """Begin to say what would change if it were published, or added to what is."""
        given = ["changes", "--json", *self._given(), *(["--add"] if add else [])]
        self._begin(CHANGES, given, LOADING)

    def publish(self, *, accept_losses: bool, add: bool = False) -> None:
        """Begin to publish it, or to add it to what is published."""
        source = f"{publish.BROUGHT}{', '.join(self.names)}"
        given = ["load", "--json", "--source", source, *self._given(), *(["--add"] if add else [])]
        self._begin(LOAD, [*given, *(["--accept-losses"] if accept_losses else [])], LOADING)

    def _given(self) -> list[str]:
        """Files as Roundtable itself has them need no mapping."""
        found = self.found(LOOK)
        return self._mapping if found is None or found["is_foreign"] else []

    def _begin(self, name: str, command: list[str], limits: Any) -> None:
        with _starting:
            place, given = self.folder / name, [*command, "--home", str(home()), str(self.files)]
            if place not in _commands or not _commands[place].state().is_under_way:
                _commands[place] = Command(given, place, limits)

    def say(self, answers: Mapping[Place, str]) -> None:
        """Keep what somebody says that columns, codes and rules are, and look again."""
        found = self.found(LOOK)
        if found is None:
            return
        said = _said(found)
        for place, value in answers.items():
            _say(said, place, value)
        (self.folder / "said.toml").write_text(mappings.written(said), "utf-8")
        self.look()

    def end(self) -> None:
        """Remove it. What its files were taken for is kept for the next ones, if it was
        published."""
        if self.is_published() and self._mapping:
            _keep(mappings.read(self.folder / mappings.NAME))
        for place in [one for one in _commands if one.parent == self.folder]:
            _commands.pop(place).stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@lru_cache(maxsize=8)
def _parsed(printed: str) -> dict[str, Any] | None:
    try:
        found = json.loads(printed)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _keep(mapping: mappings.Mapping) -> None:
    """Keep what files were taken for. The year and the name of a survey are the next one's own."""
    for one in mapping.sheets:
        one.survey.clear()
    _kept().write_text(mappings.written(mapping), "utf-8")


def _can_be_read(file: Path) -> bool:
    """Whether a mapping is there and whole; one that is not answers nothing."""
    try:
        mappings.read(file)
    except mappings.MappingProblem:
        return False
    return True


def _kept() -> Path:
    return home() / mappings.NAME


def _said(found: dict[str, Any]) -> mappings.Mapping:
    """What was said so far of what a look found, also what was said of earlier files; of the rest
    what each sheet holds."""

    def only(given: dict[str, dict[str, Any]]) -> dict[str, Meaning]:
        return {
            name: Meaning(one["value"], SURE)
            for name, one in given.items()
            if one["why"] == mappings.SAID
        }

    return mappings.Mapping(
        [
            SheetMapping(
                one["file"],
                one["sheet"],
                Meaning(one["holds"]["value"], SURE),
                only(one["columns"]),
                only(one["dates"]),
                whole=only(one["whole"]),
                survey=only(one["survey"]),
                items=only(one["items"]),
            )
            for one in found["sheets"]
        ],
        only(found["conventions"]),
        [
            Code(**one | {"counts_as": Meaning(one["counts_as"]["value"], SURE)})
            for one in found["codes"]
            if one["counts_as"]["why"] == mappings.SAID
        ],
        [
            Answer(**one | {"counts_as": Meaning(one["counts_as"]["value"], SURE)})
            for one in found["answers"]
            if one["counts_as"]["why"] == mappings.SAID
        ],
    )


def _say(said: mappings.Mapping, place: Place, value: str) -> None:
    kind, *where = place
    if kind == "code":
        said.codes = [one for one in said.codes if one.code != where[0]]
        said.codes.append(Code(where[0], Meaning(value, SURE)))
    elif kind == "answer":
        scale, answer = where
        said.answers.append(Answer(scale, answer, Meaning(value, SURE)))
    elif kind == "rule":
        said.conventions[where[0]] = Meaning(value, SURE)
    else:
        (one,) = [one for one in said.sheets if [one.file, one.sheet] == where[:2]]
        if kind == "holds":
            one.holds = Meaning(value, SURE)
        else:
            parts = {"date": one.dates, "whole": one.whole, "survey": one.survey}
            parts["item"] = one.items
            parts.get(kind, one.columns)[where[2]] = Meaning(value, SURE)


def current(viewer: access.Viewer) -> Upload | None:
    """What was brought last and is not published yet. Raises NotShown to others than an admin."""
    _stop_others(viewer)
    folder = home() / INCOMING
    found = [one for one in folder.glob("upload_*") if (one / "files").is_dir()]
    return Upload(max(found, key=lambda one: one.stat().st_ctime)) if found else None


def bring(viewer: access.Viewer, files: Iterable[tuple[str, bytes]]) -> Upload:
    """Keep files in place of those that were brought before, and begin to look at them.

    Raises NotShown to others than an admin, and NotTaken where there are too many."""
    _stop_others(viewer)
    brought = list(files)
    if not 0 < len(brought) <= MOST_FILES:
        raise NotTaken(f"Bring at least one file, and at most {MOST_FILES}.")
    folder = home() / INCOMING
    keep_private(folder)
    for before in folder.glob("upload_*"):
        Upload(before).end()
    upload = Upload(folder / f"upload_{secrets.token_hex(8)}")
    upload.files.mkdir(parents=True, mode=0o700)
    taken: set[str] = set()
    for name, content in brought:
        kept = safe_name(name, taken)
        taken.add(kept)
        (upload.files / kept).write_bytes(content)
    upload.look()
    return upload


def may_hold() -> list[str]:
    """What a sheet can be said to hold."""
    return list(MAY_HAVE)


def may_mean(holds: str) -> list[str]:
    """What a column of such a sheet can be said to be."""
    return list(MAY_HAVE.get(holds, ()))


def may_add() -> bool:
    """Whether data of somebody's own are there, which a part of a year can be added to."""
    return publish.published(home()) is not None and publish.own_folder(home()) is not None


def generations(viewer: access.Viewer) -> list[publish.Generation]:
    """All data that can be gone back to, newest first."""
    _stop_others(viewer)
    return publish.generations(home())


def go_back(viewer: access.Viewer, name: str) -> None:
    """Serve data that were loaded before. Raises FileNotFoundError where they are gone."""
    _stop_others(viewer)
    publish.publish(home(), name)
