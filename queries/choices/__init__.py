"""What there is to choose from, and what a choice means in these data."""

from functools import partial

from queries.database import run

in_force = partial(run, "choices/in_force")
school_years = partial(run, "choices/school_years")
schools = partial(run, "choices/schools")
grades = partial(run, "choices/grades")
groups = partial(run, "choices/groups")
definitions = partial(run, "choices/definitions")
early_signs = partial(run, "choices/early_signs")
survey_rules = partial(run, "choices/survey_rules")
surveys = partial(run, "choices/surveys")
other_times = partial(run, "choices/other_times")
respondent_groups = partial(run, "choices/respondent_groups")
