"""Whether the files of a folder stayed as they were from the first look at them to the last.

Half a file that somebody still writes reads like a whole one: whatever changed meanwhile, nothing
of it is published.
"""

import hashlib
from pathlib import Path

from queries.load.exchange import FILES
from queries.load.reading import FORMS
from queries.load.report import Finding, Refused, Report

WAIT = "wait until it is written, and load the folder again"


class Watched:
    """The files of the contract in a folder, or of a foreign one all, as they were when this was
    made. `read_from`: the exchange folder, which is another one where the files are foreign.
    `source`: where they come from, in words; without any, the folder."""

    def __init__(self, folder: Path, *, foreign: bool = False, source: str | None = None) -> None:
        self.folder = self.read_from = folder
        self.source = source or str(folder)
        self.foreign = foreign
        self._before = self._looks()

    def _looks(self) -> dict[str, "_Look"]:
        names = [file.name + form for file in FILES for form in FORMS]
        if self.foreign and self.folder.is_dir():
            names = [path.name for path in self.folder.iterdir()]
        return _looks(self.folder, names)

    @property
    def mark(self) -> str | None:
        """A word that is another one once any of the files is; None where there is no file."""
        if not self._before:
            return None
        return hashlib.sha256(repr(sorted(self._before.items())).encode()).hexdigest()

    def refuse_changed(self) -> None:
        """Raise Refused, with one sentence a file, if a file changed, came or went since."""
        now = self._looks()
        changed = tuple(
            _finding(name, _how(self._before.get(name), now.get(name)))
            for name in sorted(self._before.keys() | now.keys())
            if self._before.get(name) != now.get(name)
        )
        if changed:
            raise Refused(Report(None, findings=changed))


def _finding(name: str, how: str) -> Finding:
    return Finding(name, None, None, None, how, WAIT, "refused")


# Size, time of writing, and time of any change, which nothing but the system itself can set back.
_Look = tuple[int, int, int]


def _looks(folder: Path, names: list[str]) -> dict[str, _Look]:
    looks = {}
    for name in names:
        try:
            found = (folder / name).stat()
        except OSError:
            continue
        looks[name] = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return looks


def _how(before: _Look | None, now: _Look | None) -> str:
    if before is None:
        return "appeared while the folder was read"
    if now is None:
        return "disappeared while the folder was read"
    return f"changed while it was read ({before[0]:,} bytes before, {now[0]:,} now)"
