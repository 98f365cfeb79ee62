"""Why students are missing school: what the office recorded, and what people understood."""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def recorded(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per recorded reason: days missed, their share, distinct students."""
    return run("causes/recorded", selection, viewer)


def understood(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per understood cause: its family, and the chronically absent students who have it."""
    return run("causes/understood", selection, viewer)


def unknown(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row: chronically absent students, those without a known cause, and their share."""
    return run("causes/unknown", selection, viewer)


def by_group(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per dimension (school, grade or group), group and understood cause: students."""
    return run("causes/by_group", selection, viewer)


def recorded_by_month(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per month, weekday and recorded reason: days missed, and how many a school day."""
    return run("causes/recorded_by_month", selection, viewer)


def stories(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per story that was written for sharing and released: its cause, text and place."""
    return run("causes/stories", selection, viewer)


def stories_to_release(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per story that was written for sharing, those not released first: which to change."""
    return run("causes/stories_to_release", selection, viewer)


def partners(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per cause and partner that reaches the schools: contact, and whether at the table."""
    return run("causes/partners", selection, viewer)


def students(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per student of the selection: where they stand, what changed, what is understood."""
    return run("causes/students", selection, viewer, long=True)


def student_days(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per student who missed a twentieth of their days and day missed: reason, part."""
    return run("causes/student_days", selection, viewer, long=True)


def student_notes(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per thing written about the selection's students: kind, by whom, words."""
    return run("causes/student_notes", selection, viewer)


def next_steps(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per next step of the selection's students: what, owner, due_on, state, result."""
    return run("causes/next_steps", selection, viewer)


def to_choose(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per cause that people may choose: family, and the question to ask of a group."""
    return run("causes/to_choose", selection, viewer)
