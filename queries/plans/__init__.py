"""What is being tried for which students, and whether it helps."""

from functools import partial

from queries.database import run

tried = partial(run, "plans/tried")
cycles = partial(run, "plans/cycles")
ideas = partial(run, "plans/ideas")
members = partial(run, "plans/members")
candidates = partial(run, "plans/candidates", long=True)
study = partial(run, "plans/study")
by_idea = partial(run, "plans/by_idea")
weeks = partial(run, "plans/weeks")
