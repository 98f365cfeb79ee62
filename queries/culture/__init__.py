"""What students, staff and families say, and what moved since last year.

Shares run 0 to 1; points are percentage points. Published tables stand apart (`published`).
"""

from functools import partial

from queries.database import run

shifts = partial(run, "culture/shifts")
by_school = partial(run, "culture/by_school")
by_topic = partial(run, "culture/by_topic")
distribution = partial(run, "culture/distribution")
group_gaps = partial(run, "culture/group_gaps")
response_rates = partial(run, "culture/response_rates")
wording = partial(run, "culture/wording")
n_needed = partial(run, "culture/n_needed")
