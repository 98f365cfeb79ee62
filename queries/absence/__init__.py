"""Who is missing school, where, and since when.

Rates and shares run 0 to 1, unrounded. Every question counts up to the as-of date.
"""

from functools import partial

from queries.database import run

headline = partial(run, "absence/headline")
by_school = partial(run, "absence/by_school")
by_grade = partial(run, "absence/by_grade")
by_group = partial(run, "absence/by_group")
by_tier = partial(run, "absence/by_tier")
by_month = partial(run, "absence/by_month")
by_weekday = partial(run, "absence/by_weekday")
students = partial(run, "absence/students", long=True)
shifts = partial(run, "absence/shifts")
why_moved = partial(run, "absence/why_moved")
near_threshold = partial(run, "absence/near_threshold")
early_signs = partial(run, "absence/early_signs")
school_days = partial(run, "absence/school_days")
published_rates = partial(run, "absence/published_rates")
by_definition = partial(run, "absence/by_definition")
local_definitions = partial(run, "absence/local_definitions")
reconciliation = partial(run, "absence/reconciliation")
rules_tried = partial(run, "absence/rules_tried")
reconciled_students = partial(run, "absence/reconciled_students", long=True)
second_numbers = partial(run, "absence/second_numbers")
school_trend = partial(run, "absence/school_trend")
