"""What moved since last year, in sentences, and what was promised for this week."""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def what_moved(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per subject with a change clear of chance: subject, sentence, page and figures."""
    return run("overview/what_moved", selection, viewer)


def crossed(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row: students who became chronically absent this week, and those without a cause."""
    return run("overview/crossed", selection, viewer)


def next_steps(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row for the selection: next steps open, overdue, due this week and done last week."""
    return run("overview/next_steps", selection, viewer)
