"""Who is missing school, where, and since when.

Rates and shares run 0 to 1, unrounded. Every question counts up to the as-of date.
"""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def headline(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row: students evaluated, not evaluated and absent, rate; days and attendance rate."""
    return run("absence/headline", selection, viewer)


def by_school(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school, each answering for its own days; they do not add up to the network."""
    return run("absence/by_school", selection, viewer)


def by_grade(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per grade of the latest entry: students, students_absent, rate with interval."""
    return run("absence/by_grade", selection, viewer)


def by_group(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per dimension and group: students, students_absent, rate with interval."""
    return run("absence/by_group", selection, viewer)


def by_tier(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per tier of Attendance Works: students and their share of those evaluated."""
    return run("absence/by_tier", selection, viewer)


def by_month(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per month so far: the rate, and last year's at the same instructional day."""
    return run("absence/by_month", selection, viewer)


def by_weekday(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per month and weekday: days_absent, days_enrolled and their share."""
    return run("absence/by_weekday", selection, viewer)


def students(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per student with an enrollment in the selection: days, rate, tier, absences_left."""
    return run("absence/students", selection, viewer, long=True)


def shifts(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per level (selection, school, grade) and place: change since last year, in points."""
    return run("absence/shifts", selection, viewer)


def why_moved(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row for all and per recorded reason: points of days missed since last year, in parts."""
    return run("absence/why_moved", selection, viewer)


def near_threshold(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per standing (within_3, can_recover, next_year): students."""
    return run("absence/near_threshold", selection, viewer)


def early_signs(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per sign of the first month: students, and is_early while it is of use."""
    return run("absence/early_signs", selection, viewer)


def school_days(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school day so far on which attendance was taken: date."""
    return run("absence/school_days", selection, viewer)


def published_rates(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per rate that somebody else published, with its own definition and source."""
    return run("absence/published_rates", selection, viewer)


def by_definition(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per definition, the one in force first: its sentence and its result."""
    return run("absence/by_definition", selection, viewer)


def local_definitions(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per definition that people wrote down here, and school year since when it holds."""
    return run("absence/local_definitions", selection, viewer)


def reconciliation(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per step from the count here to another's: their number, else their definition's."""
    return run("absence/reconciliation", selection, viewer)


def rules_tried(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per rule by which another may count, and one without: what it makes of the number."""
    return run("absence/rules_tried", selection, viewer)


def reconciled_students(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per student who is counted here or by another alone, and the step that says why."""
    return run("absence/reconciled_students", selection, viewer, long=True)


def second_numbers(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per number that somebody else gave of this choice, or published; from_whom."""
    return run("absence/second_numbers", selection, viewer)


def school_trend(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school and year so far: students, students_absent, rate, comparable."""
    return run("absence/school_trend", selection, viewer)
