"""Which conversation would reach the most schools, and who is missing from the table.

Causes are what people understood (queries/causes), of students who are chronically absent.
"""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def shared_causes(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per cause: schools and students that share it, partners known and at the table."""
    return run("network/shared_causes", selection, viewer)


def cause_by_school(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per cause and school: students, each school by its own days."""
    return run("network/cause_by_school", selection, viewer)


def conversations(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per neighborhood, the first to talk about first: its leading cause and its reach."""
    return run("network/conversations", selection, viewer)


def seats(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school and seat at its table: whether somebody sits there."""
    return run("network/seats", selection, viewer)


def priorities(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per priority of the networks: its indicator, goal, day, and who stands behind it."""
    return run("network/priorities", selection, viewer)


def written(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per seat that people filled and partner that they added: which record to change."""
    return run("network/written", selection, viewer)


def bright_spots(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school: its rate, and whether it lies outside what chance alone would do beside
    other schools of its level."""
    return run("network/bright_spots", selection, viewer)
