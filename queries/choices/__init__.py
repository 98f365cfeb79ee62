"""What there is to choose from, and what a choice means in these data."""

import pandas as pd

from queries.access import EVERYBODY, Viewer
from queries.database import run
from queries.selection import Selection


def in_force(selection: Selection) -> pd.DataFrame:
    """One row: the selection with its defaults filled in: year, comparison, as-of day, schools."""
    return run("choices/in_force", selection)


def school_years(selection: Selection) -> pd.DataFrame:
    """One row per school year with attendance, newest first."""
    return run("choices/school_years", selection)


def schools(selection: Selection) -> pd.DataFrame:
    """One row per school: id, name, network, neighborhood, level."""
    return run("choices/schools", selection)


def grades(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per grade that occurs, in school order."""
    return run("choices/grades", selection, viewer)


def groups(selection: Selection, viewer: Viewer = EVERYBODY) -> pd.DataFrame:
    """One row per dimension and student group."""
    return run("choices/groups", selection, viewer)


def definitions(selection: Selection) -> pd.DataFrame:
    """One row per definition of chronic absence: name, label, sentence, source."""
    return run("choices/definitions", selection)


def early_signs(selection: Selection) -> pd.DataFrame:
    """One row per sign of the first month: label, sentence, source."""
    return run("choices/early_signs", selection)


def survey_rules(selection: Selection) -> pd.DataFrame:
    """One row per rule on when a shift may be called clear: value, sentence, source."""
    return run("choices/survey_rules", selection)


def surveys(selection: Selection) -> pd.DataFrame:
    """One row per survey, kind (answers or published table) and year, newest first."""
    return run("choices/surveys", selection)


def other_times(selection: Selection) -> pd.DataFrame:
    """One row per survey, kind, year and other administration of it in that year, latest first."""
    return run("choices/other_times", selection)


def respondent_groups(selection: Selection) -> pd.DataFrame:
    """One row per survey and respondent group."""
    return run("choices/respondent_groups", selection)
