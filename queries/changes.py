"""What would change if a folder were published: its figures beside those that are served.

The folder is loaded into a data folder of its own, which is removed again, and both are asked the
questions that pages ask.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from queries import access, convert, database
from queries.disk import keep_private
from queries.load import Refused, publish
from queries.load.losses import ON_PURPOSE
from queries.load.report import Report
from queries.selection import Selection

# Asked without a name of anybody.
_STAFF = access.Viewer("python -m queries changes", "admin", None, access.SCHOOL)
INCOMING = "incoming"
DAY = 86_400


@dataclass(frozen=True)
class Changes:
    """report: as of a load that accepts losses. schools: one row a school of either, with students
    evaluated, chronically absent and their share, after and before; the first row, without a
    school_name, is all schools. years: the school years that are counted, after and before; the
    sample network is nothing before. add: whether the folder was added."""

    report: Report
    schools: list[dict[str, Any]]
    years: tuple[str | None, str | None] = (None, None)
    add: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        found = self.report.as_dict()
        found["losses"] = [
            str(one) for one in self.report.findings if one.remedy.startswith(ON_PURPOSE)
        ]
        return found | {"schools": self.schools, "years": list(self.years), "add": self.add}


def of(
    folder: Path,
    home: Path,
    mapping_file: Path | None = None,
    progress: Callable[[str], None] | None = None,
    *,
    add: bool = False,
) -> Changes:
    """What would change in `home` if `folder` were published there, or added; nothing does.

    Raises MappingProblem where a question is left.
    """
    keep_private(home / INCOMING)
    for left in (home / INCOMING).glob("changes_*"):
        # Of a comparison that was killed; no other one takes a day.
        if time.time() - left.stat().st_mtime > DAY:
            shutil.rmtree(left, ignore_errors=True)
    beside = Path(tempfile.mkdtemp(prefix="changes_", dir=home / INCOMING))
    try:
        served = _as_served(home, beside)
        try:
            report = convert.load(
                folder, beside, mapping_file, progress=progress, accept_losses=True, add=add
            )
        except Refused as refused:
            return Changes(refused.report, [], add=add)
        year, after = _counted(beside, report.generation)
        year_before, before = _counted(home, served)
        return Changes(report, _side_by_side(after, before), (year, year_before), add)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _as_served(home: Path, beside: Path) -> str | None:
    """Give a data folder the generation that is served, for a load to be compared with; its name,
    None where nothing is that can be read, or the sample network."""
    name = publish.published(home)
    if name is None or _is_sample(home, name):
        return None
    path = publish.path_of(beside, name)
    path.parent.mkdir(parents=True)
    try:
        os.link(publish.path_of(home, name), path)
    except OSError:
        shutil.copyfile(publish.path_of(home, name), path)
    publish.publish(beside, name)
    return name


def _is_sample(home: Path, name: str) -> bool:
    with _standing_on(home):
        try:
            (told,) = database.records("health/generation", Selection(generation=name), _STAFF)
        except database.NoData:
            return True
    return bool(told["is_sample"])


def _counted(home: Path, generation: str | None) -> tuple[str | None, dict[Any, dict[str, Any]]]:
    """The newest school year of a data folder, and by school what is counted in it."""
    if generation is None:
        return None, {}
    with _standing_on(home):
        try:
            selection = Selection(generation=generation)
            years = database.records("choices/school_years", selection, _STAFF)
            if not years:
                return None, {}
            rows = database.records("absence/headline", selection, _STAFF)
            rows += database.records("absence/by_school", selection, _STAFF)
            return years[0]["school_year"], {row.get("school_id"): row for row in rows}
        except database.NoData:
            return None, {}


@contextmanager
def _standing_on(home: Path) -> Iterator[None]:
    """Ask questions of this data folder; this process asks nobody else's meanwhile."""
    before = os.environ.get("ROUNDTABLE_HOME")
    os.environ["ROUNDTABLE_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["ROUNDTABLE_HOME"]
        else:
            os.environ["ROUNDTABLE_HOME"] = before


def _side_by_side(after: dict, before: dict) -> list[dict[str, Any]]:
    figures = ("students", "students_absent", "rate")
    return [
        {"school_name": {**before.get(school, {}), **after.get(school, {})}.get("school_name")}
        | {name: after.get(school, {}).get(name) for name in figures}
        | {f"{name}_before": before.get(school, {}).get(name) for name in figures}
        for school in [*after, *(one for one in before if one not in after)]
    ]
