"""Who is missing school, where, and since when.

Rates and shares run 0 to 1, unrounded. Every question counts up to the as-of date.
"""

import pandas as pd

from queries.database import run
from queries.selection import Selection


def headline(selection: Selection) -> pd.DataFrame:
    """One row: students evaluated, not evaluated and absent, rate; days and attendance rate."""
    return run("absence/headline", selection)


def by_school(selection: Selection) -> pd.DataFrame:
    """One row per school, each answering for its own days; they do not add up to the network."""
    return run("absence/by_school", selection)


def by_grade(selection: Selection) -> pd.DataFrame:
    """One row per grade of the latest entry: students, students_absent, rate with interval."""
    return run("absence/by_grade", selection)


def by_group(selection: Selection) -> pd.DataFrame:
    """One row per dimension and group: students, students_absent, rate with interval."""
    return run("absence/by_group", selection)


def by_tier(selection: Selection) -> pd.DataFrame:
    """One row per tier of Attendance Works: students and their share of those evaluated."""
    return run("absence/by_tier", selection)


def by_month(selection: Selection) -> pd.DataFrame:
    """One row per month so far: the rate, and last year's at the same instructional day."""
    return run("absence/by_month", selection)


def by_weekday(selection: Selection) -> pd.DataFrame:
    """One row per month and weekday: days_absent, days_enrolled and their share."""
    return run("absence/by_weekday", selection)


def students(selection: Selection) -> pd.DataFrame:
    """One row per student with an enrollment in the selection: days, rate, tier, absences_left."""
    return run("absence/students", selection, keep=False)


def shifts(selection: Selection) -> pd.DataFrame:
    """One row per level (selection, school, grade) and place: change since last year, in points."""
    return run("absence/shifts", selection)


def near_threshold(selection: Selection) -> pd.DataFrame:
    """One row per standing (within_3, can_recover, next_year): students."""
    return run("absence/near_threshold", selection)


def published_rates(selection: Selection) -> pd.DataFrame:
    """One row per rate that somebody else published, with its own definition and source."""
    return run("absence/published_rates", selection)


def by_definition(selection: Selection) -> pd.DataFrame:
    """One row per definition, the one in force first: its sentence and its result."""
    return run("absence/by_definition", selection)


def reconciliation(selection: Selection) -> pd.DataFrame:
    """One row per step from the count here to the count under `other_definition`, in order."""
    return run("absence/reconciliation", selection)
