"""What was loaded, what is missing, how fresh it is."""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.answer import as_csv
from queries.database import (
    NoData,
    current_generation,
    is_untold,
    outdated,
    refusal,
    run,
    say_what_is_unreadable_by,
    told_generation,
    written_problem,
)
from queries.selection import Selection

__all__ = [
    "NoData",
    "as_csv",
    "code_changes",
    "codes",
    "coverage",
    "current_generation",
    "files",
    "findings",
    "findings_of_students",
    "freshness",
    "generation",
    "is_untold",
    "outdated",
    "published_percentages",
    "refusal",
    "say_what_is_unreadable_by",
    "standing",
    "survey_checks",
    "told_generation",
    "weeks",
    "written_problem",
]


def standing(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row: schools, as-of day, days taken of days expected, and the definition in force."""
    return run("health/standing", selection, viewer)


def generation(selection: Selection) -> pd.DataFrame:
    """One row: the generation's name, when it was loaded and from which folder."""
    return run("health/generation", selection)


def files(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per file: rows in = accepted + set aside + repaired."""
    return run("health/files", selection, viewer)


def findings(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per finding of load: file, line, column, value, problem, remedy, rows."""
    return run("health/findings", selection, viewer)


def findings_of_students(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per finding of load, whose values name students: of all schools alone."""
    return run("health/findings_of_students", selection, viewer)


def coverage(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school and week: days expected and days on which attendance was taken."""
    return run("health/coverage", selection, viewer)


def weeks(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per week: at how many schools attendance is missing, and which is the first."""
    return run("health/weeks", selection, viewer)


def freshness(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per school: its last attendance row, and the share of days taken so far."""
    return run("health/freshness", selection, viewer)


def codes(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per attendance code: how it counts and how often it was used."""
    return run("health/codes", selection, viewer)


def code_changes(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per code that vanished, appeared, or stands twice or half as often as last year."""
    return run("health/code_changes", selection, viewer)


def survey_checks(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per survey, year and respondent group: what is odd about how it was answered."""
    return run("health/survey_checks", selection, viewer)


def published_percentages(selection: Selection) -> pd.DataFrame:
    """One row per published table: the smallest n that fits all its whole percentages, if any."""
    return run("health/published_percentages", selection)
