"""What students, staff and families say, and what moved since last year.

Shares run 0 to 1; points are percentage points. Published tables stand apart (`published`).
"""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def shifts(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per survey, respondent group and item: both years, shift and 95% interval."""
    return run("culture/shifts", selection, viewer)


def by_school(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per survey, respondent group, school and item: n, favorable, response_rate, and the
    shift of the school with its 95% interval."""
    return run("culture/by_school", selection, viewer)


def by_topic(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per survey, respondent group, school and topic: mean share of its items, n."""
    return run("culture/by_topic", selection, viewer)


def distribution(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per item, year and answer of its scale: answers, and their share where they count."""
    return run("culture/distribution", selection, viewer)


def group_gaps(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per item and pair of groups: favorable of each, gap in points with interval."""
    return run("culture/group_gaps", selection, viewer)


def response_rates(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per survey, respondent group and year: respondents, invited, response_rate."""
    return run("culture/response_rates", selection, viewer)


def wording(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per survey, group, item and year: what was asked, and whether it may be compared."""
    return run("culture/wording", selection, viewer)


def n_needed(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per published item: the smallest n a year that puts its shift clear of chance."""
    return run("culture/n_needed", selection, viewer)
