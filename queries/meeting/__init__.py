"""What schools and partners promised each other at their meetings, and what became of it."""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def meetings(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per meeting of the schools, the newest first: who came, what they took from it."""
    return run("meeting/meetings", selection, viewer)


def pledges(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per promise of these meetings: who, what, by when, and what became of it."""
    return run("meeting/pledges", selection, viewer)


def prides(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per thing that a school is proud of and showed at a meeting."""
    return run("meeting/prides", selection, viewer)


def unreleased(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per thing written at a meeting that nobody has released: its words."""
    return run("meeting/unreleased", selection, viewer)
