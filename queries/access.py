"""Who is reading, and what they may see. Every question goes through `allow`.

Three views: everybody's (share), that of a school's staff (school: exact, without names) and of
those who work with its students (names). A first visit starts in share.
"""

import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from queries.home import home
from queries.selection import Selection
from queries.team import looks, store

SHARE, SCHOOL, NAMES = VIEWS = ("share", "school", "names")

# What a role may look at. A director sees a network as everybody does.
ROLES = {
    "viewer": (SHARE,),
    "director": (SHARE,),
    "team": (SHARE, SCHOOL, NAMES),
    "admin": (SHARE, SCHOOL, NAMES),
}

# Questions that name or single out students.
NAMING = {
    "absence/reconciled_students",
    "absence/students",
    "causes/next_steps",
    "causes/student_days",
    "causes/student_notes",
    "causes/students",
    "health/findings_of_students",
    "plans/candidates",
    "plans/members",
}

# Questions that hold no count of students: what there is to choose, how complete and fresh it is,
# how it was asked, and what others published.
OPEN = {
    "absence/published_rates",
    "causes/partners",
    "causes/stories",
    "culture/n_needed",
    "culture/wording",
    "health/coverage",
    "health/freshness",
    "health/generation",
    "health/published_percentages",
    "health/standing",
    "health/weeks",
    "meeting/meetings",
    "meeting/pledges",
    "meeting/prides",
    "network/priorities",
    "network/seats",
    "network/written",
}
# Questions about the whole folder that was loaded, all its schools together.
WHOLE_FOLDER = {"health/codes", "health/files", "health/findings"}
HERE = Path(__file__).parent
CELLS = HERE / "cells"
# What everybody may ask of, too, as the share view tells it; and what of the choice alone.
CELL_NAMES = {path.stem for path in CELLS.glob("*.sql")} - {"macros"}
SHARED_NAMES = CELL_NAMES & {path.stem for path in (CELLS / "shared").glob("*.sql")}


def cells_in(sql: str, *, everybody: bool = False) -> tuple[str, ...]:
    """The cells that SQL reads; of those of the choice alone there are none for everybody."""
    said = re.sub(r"--[^\n]*", "", sql)
    names = SHARED_NAMES if everybody else CELL_NAMES
    return tuple(sorted(names & set(re.findall(r"\w+", said))))


def _is_shared(question: Path) -> bool:
    """Whether a question reads cells, and none that everybody may not ask of."""
    cells = cells_in(question.read_text(encoding="utf-8"))
    return bool(cells) and SHARED_NAMES.issuperset(cells)


# Questions that the share view answers, by the same SQL from cells of its own.
SHARED = {
    path.relative_to(HERE).with_suffix("").as_posix()
    for path in HERE.glob("*/*.sql")
    if path.parent != CELLS and _is_shared(path)
}
# Its table is told in other words (queries/team/told.py).
SHARED.add("plans/ideas")

# Of these, those that say something of any schools: what is told of each of them, added up. So they
# tell nothing that is not told already; what is told of a whole place alone stands as withheld.
ADDED_UP = {
    "absence/headline",
    "causes/unknown",
    "network/cause_by_school",
    "network/conversations",
    "network/shared_causes",
}
# What may be chosen there: a year, a survey, and one place or some schools of it.
_SHARED_CHOICES = {
    "school_year",
    "network",
    "neighborhood",
    "school",
    "schools",
    "survey",
    # Of two administrations a shift is made of what is told of both, so it tells nothing more.
    "compare_administration",
    "respondent_group",
    "assumed_n",
    "generation",
}


class NotShown(Exception):
    """The view does not show this; the message says what it shows instead."""


@dataclass(frozen=True)
class Viewer:
    """Who is reading, beside every Selection.

    who: how the record of looks names them. role: one of ROLES. schools: the ids they may see;
    None for all. view: one of VIEWS.
    """

    who: str = "everybody"
    role: str = "viewer"
    schools: tuple[str, ...] | None = None
    view: str = SHARE

    def __post_init__(self) -> None:
        if self.view not in ROLES[self.role]:
            raise NotShown(f"A {self.role} has no {self.view} view.")


EVERYBODY = Viewer()


def at_this_machine(view: str = SHARE) -> Viewer:
    """Without a login the server listens on this machine alone, and the person at it is admin."""
    return Viewer("the person at this machine", "admin", None, view)


def permitted(viewer: Viewer, schools: tuple[str, ...]) -> tuple[str, ...]:
    """Of the chosen schools, those that the reader may see."""
    if viewer.schools is None:
        return schools
    return tuple(school for school in schools if school in viewer.schools)


def is_coded(question: str, viewer: Viewer) -> bool:
    """Whether the answer comes from the tables of the share view."""
    return viewer.view == SHARE and question in SHARED


def allow(question: str, selection: Selection, viewer: Viewer) -> None:
    """Raise NotShown when the reader's view does not answer this question for this choice."""
    if question.startswith("choices/") and question not in SHARED:
        return
    if question in WHOLE_FOLDER and viewer.schools is not None:
        raise NotShown("What was loaded is for those who may see all schools.")
    if question in NAMING and viewer.view != NAMES:
        raise NotShown("Students are listed in the names view alone.")
    if viewer.view != SHARE or question in OPEN:
        return
    if question not in SHARED:
        raise NotShown("The share view leaves this out: it would tell small numbers.")
    narrowed = [
        one.name
        for one in fields(Selection)
        if one.name not in _SHARED_CHOICES and getattr(selection, one.name) != one.default
    ]
    if narrowed:
        raise NotShown(
            "The share view is narrowed by school year and one place alone, stands on the end of a "
            f"month, and knows one definition: leave out {', '.join(narrowed)}."
        )
    places = (selection.network, selection.neighborhood, selection.school)
    if sum(place is not None for place in places) > 1:
        raise NotShown(
            "The share view shows one network, one neighborhood or one school: choose one of them."
        )


def record_file(
    viewer: Viewer, name: str, selection: Selection, students: int | None = None
) -> None:
    """Write down that somebody took a file, before they have it. Raises store.StoreProblem.

    students: how many it names, which it may in the names view alone: else raises NotShown."""
    if students is not None and viewer.view != NAMES:
        raise NotShown("A file names students in the names view alone.")
    _record(viewer, "file taken", name, selection, students)


def record_names(viewer: Viewer, question: str, selection: Selection, students: int) -> None:
    """Write down that somebody saw so many students, before they do. Raises store.StoreProblem."""
    _record(viewer, "names seen", question, selection, students)


def cannot_record() -> str | None:
    """Why no look can be written down now, so that no names may be shown; None if one can."""
    try:
        looks.try_to_write(home())
    except store.StoreProblem as problem:
        return str(problem)
    return None


def _record(
    viewer: Viewer, what: str, page: str, selection: Selection, students: int | None
) -> None:
    chosen = [
        f"{name}={'given' if name == 'their_list' else value}"
        for name, value in asdict(selection).items()
        if value is not None
    ]
    looks.record(
        home(),
        who=viewer.who,
        what=what,
        page=page,
        filters="; ".join(chosen),
        students=students,
    )
