"""Which conversation would reach the most schools, and who is missing from the table.

Causes are what people understood (queries/causes), of students who are chronically absent.
"""

from functools import partial

from queries.database import run

shared_causes = partial(run, "network/shared_causes")
cause_by_school = partial(run, "network/cause_by_school")
conversations = partial(run, "network/conversations")
seats = partial(run, "network/seats")
priorities = partial(run, "network/priorities")
written = partial(run, "network/written")
bright_spots = partial(run, "network/bright_spots")
