"""What schools try, and whether it helps."""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def study(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per plan: its students before and after, beside students like them without a plan."""
    return run("plans/study", selection, viewer)


def by_idea(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per change idea and measure: all its plans as one comparison, and their spread."""
    return run("plans/by_idea", selection, viewer)


def weeks(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per plan and school week: days missed by its students, and by those like them."""
    return run("plans/weeks", selection, viewer)
