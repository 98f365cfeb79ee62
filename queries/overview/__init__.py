"""What moved since last year, in sentences, and what was promised for this week."""

from functools import partial

from queries.database import run

what_moved = partial(run, "overview/what_moved")
crossed = partial(run, "overview/crossed")
next_steps = partial(run, "overview/next_steps")
