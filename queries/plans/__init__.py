"""What is being tried for which students, and whether it helps."""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def tried(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per plan: idea, whom for, aim, who is at the table, dates, stage and decision."""
    return run("plans/tried", selection, viewer)


def cycles(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per round of a plan: what was planned, done and seen, and what follows."""
    return run("plans/cycles", selection, viewer)


def ideas(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per change idea that people may choose: its causes, and what is known about it."""
    return run("plans/ideas", selection, viewer)


def members(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per plan and student whom it is for."""
    return run("plans/members", selection, viewer)


def candidates(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per group that a plan could be for, and student; how much the group missed so far."""
    return run("plans/candidates", selection, viewer, long=True)


def study(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per plan: its students before and after, beside students like them without a plan."""
    return run("plans/study", selection, viewer)


def by_idea(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per change idea and measure: all its plans as one comparison, and their spread."""
    return run("plans/by_idea", selection, viewer)


def weeks(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per plan and school week: days missed by its students, and by those like them."""
    return run("plans/weeks", selection, viewer)
