"""What was loaded, what is missing, how fresh it is."""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import (
    NoData,
    current_generation,
    is_untold,
    outdated,
    run,
    say_what_is_unreadable_by,
    told_generation,
    written_problem,
)
from queries.selection import Selection

__all__ = [
    "NoData",
    "codes",
    "coverage",
    "current_generation",
    "files",
    "findings",
    "freshness",
    "generation",
    "is_untold",
    "outdated",
    "published_percentages",
    "say_what_is_unreadable_by",
    "standing",
    "told_generation",
    "written_problem",
]


def standing(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row: schools, as-of day, days taken of days expected, and the definition in force."""
    return run("health/standing", selection, viewer)


def generation(selection: Selection) -> pd.DataFrame:
    """One row: the generation's name, when it was loaded and from which folder."""
    return run("health/generation", selection)


def files(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per file: rows in = accepted + set aside + repaired."""
    return run("health/files", selection, viewer)


def findings(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per finding of load: file, line, column, value, problem, remedy, rows."""
    return run("health/findings", selection, viewer)


def coverage(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school and week: days expected and days on which attendance was taken."""
    return run("health/coverage", selection, viewer)


def freshness(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school: its last attendance row, and the share of days taken so far."""
    return run("health/freshness", selection, viewer)


def codes(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per attendance code: how it counts and how often it was used."""
    return run("health/codes", selection, viewer)


def published_percentages(selection: Selection) -> pd.DataFrame:
    """One row per published table: the smallest n that fits all its whole percentages, if any."""
    return run("health/published_percentages", selection)
