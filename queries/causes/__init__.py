"""Why students are missing school: what the office recorded, and what people understood."""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def recorded(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per recorded reason: days missed, their share, distinct students."""
    return run("causes/recorded", selection, viewer)
