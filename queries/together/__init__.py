"""Culture and absence side by side, school by school and year by year: prompts for inquiry.

Nothing here says that one comes from the other: ten schools cannot show a connection.
"""

from dataclasses import replace

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def by_school(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school, school year and measure: its share and n, the other schools' share.

    One school is set beside all that its reader may see, for whoever opens the page at their own
    school asks how it stands among them."""
    school = selection.school
    if school is None:
        return run("together/by_school", selection, viewer)
    beside = replace(selection, school=None, schools=None, network=None, neighborhood=None)
    rows = run("together/by_school", beside, viewer)
    return rows[(rows.school_name == school) | (rows.school_id == school)].reset_index(drop=True)
