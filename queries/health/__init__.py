"""What was loaded, what is missing, how fresh it is."""

from functools import partial

from queries.answer import as_csv
from queries.database import (
    NoData,
    current_generation,
    is_sample,
    is_untold,
    outdated,
    refusal,
    run,
    say_what_is_unreadable_by,
    told_generation,
    written_problem,
)

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
    "is_sample",
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

standing = partial(run, "health/standing")
generation = partial(run, "health/generation")
files = partial(run, "health/files")
findings = partial(run, "health/findings")
findings_of_students = partial(run, "health/findings_of_students")
coverage = partial(run, "health/coverage")
weeks = partial(run, "health/weeks")
freshness = partial(run, "health/freshness")
codes = partial(run, "health/codes")
code_changes = partial(run, "health/code_changes")
survey_checks = partial(run, "health/survey_checks")
published_percentages = partial(run, "health/published_percentages")
