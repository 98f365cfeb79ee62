"""Why students are missing school: what the office recorded, and what people understood."""

from functools import partial

from queries.database import run

recorded = partial(run, "causes/recorded")
understood = partial(run, "causes/understood")
unknown = partial(run, "causes/unknown")
by_group = partial(run, "causes/by_group")
recorded_by_month = partial(run, "causes/recorded_by_month")
stories = partial(run, "causes/stories")
stories_to_release = partial(run, "causes/stories_to_release")
partners = partial(run, "causes/partners")
students = partial(run, "causes/students", long=True)
student_days = partial(run, "causes/student_days", long=True)
student_notes = partial(run, "causes/student_notes")
next_steps = partial(run, "causes/next_steps")
to_choose = partial(run, "causes/to_choose")
