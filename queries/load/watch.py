"""Loads a folder by itself, each time that a whole new export has arrived in it.

An export has arrived once its files are others than those tried last, and were the same at two
looks one after the other. What changes while it is read is no whole export: it is refused as any
load refuses it, and tried again when it stands still. What is refused for what is in it leaves the
generation that is served, stands on Data health, and is tried again only when its files change.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event

import duckdb

from queries.load import load, publish
from queries.load.report import Refused, Report, printable
from queries.load.unchanged import Watched
from queries.team.store import StoreProblem

EVERY_SECONDS = 60.0


def watch(
    folder: Path,
    home: Path,
    say: Callable[[str], None],
    ended: Event,
    every: float = EVERY_SECONDS,
    *,
    loading: Callable[..., Report] = load,
    foreign: Callable[[Path], bool] = lambda _: False,
    **options,
) -> None:
    """Look at a folder every so many seconds and load each new export, until this has ended.

    say: told one line a load, and once when the folder has no files. loading: loads a folder into a
    home with these options. foreign: whether all files of a folder count, as those of another
    system, or those of the contract alone.
    An exporter that pauses for longer than `every` between two files is read in the middle: write
    the export elsewhere and move it, or look less often.
    """
    folder, before, said = folder.absolute(), None, ""
    tried = publish.watched(home)
    while not ended.is_set():
        mark, line = _mark(folder, foreign), ""
        if mark is None:
            line = f"There are no files of an export in {folder}; waiting for them."
        elif mark == before and mark != tried:
            line, is_over = _tried(partial(loading, folder, home, **options), home)
            if ended.is_set():
                return
            if is_over:
                publish.keep_watched(home, mark)
                tried, said = mark, ""
        if line and line != said:
            say(f"{datetime.now():%Y-%m-%d %H:%M:%S} {line}")
            said = line
        before = mark
        ended.wait(every)


def _mark(folder: Path, foreign: Callable[[Path], bool]) -> str | None:
    """The mark of the files that are there; None also where the folder goes away meanwhile."""
    try:
        return Watched(folder, foreign=foreign(folder)).mark
    except OSError:
        return None


def _tried(loading: Callable[[], Report], home: Path) -> tuple[str, bool]:
    """Load once: what became of it in one line, and whether these files are done with. They are
    not where something else than they is in the way, as a full disk or another load."""
    try:
        report = loading()
    except Refused as refused:
        refusals = refused.report.refusals
        reason = refusals[0].without_values
        more = f" And {len(refusals) - 1:,} more." if len(refusals) > 1 else ""
        is_over = not all(one.file == printable(str(home)) for one in refusals)
        return f"Refused; what was published before stays. {reason}{more}", is_over
    except (OSError, RuntimeError, duckdb.Error, StoreProblem) as problem:
        words = (str(problem).splitlines() or [""])[0]
        return f"Not loaded; what was published before stays. {words}", False
    return f"Published in {report.seconds:.1f} seconds: {_rows(report)}.", True


def _rows(report: Report) -> str:
    rows_in, set_aside, repaired = (
        sum(getattr(file, name) for file in report.files)
        for name in ("rows_in", "set_aside", "repaired")
    )
    return f"{rows_in:,} rows, {set_aside:,} of them set aside, {repaired:,} repaired"
