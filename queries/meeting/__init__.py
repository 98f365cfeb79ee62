"""What schools and partners promised each other at their meetings, and what became of it."""

from functools import partial

from queries.database import run

meetings = partial(run, "meeting/meetings")
pledges = partial(run, "meeting/pledges")
prides = partial(run, "meeting/prides")
unreleased = partial(run, "meeting/unreleased")
