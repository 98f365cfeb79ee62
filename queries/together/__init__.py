"""Culture and absence side by side, school by school and year by year: prompts for inquiry.

Nothing here says that one comes from the other: ten schools cannot show a connection.
"""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def by_school(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school, school year and measure: its share and n, the other schools' share."""
    return run("together/by_school", selection, viewer)
