"""What people write: causes learned, notes, plans, meetings, pledges, partners, and who looked.

Pages write here and nowhere else. Reading is by questions like any other (queries/team/tables.py);
`entry` and `history` give one record as it stands, to be changed.
"""

from collections.abc import Sequence
from typing import Any

from queries.home import home
from queries.team import journal
from queries.team.definitions import shipped
from queries.team.journal import Conflict, Entry
from queries.team.records import (
    Definition,
    Meeting,
    Partner,
    Pledge,
    Pride,
    Priority,
    Record,
    Seat,
    SecondNumber,
    WrongRecord,
)
from queries.team.store import StoreProblem

__all__ = [
    "Conflict",
    "Entry",
    "NotAllowed",
    "Record",
    "StoreProblem",
    "WrongRecord",
    "add",
    "change",
    "entry",
    "history",
    "may_define",
    "new_name",
]

new_name = journal.new_name


class NotAllowed(Exception):
    """The reader may not write this; the message says why."""


def add(viewer: Any, who: str, written: Sequence[Record], token: str | None = None) -> list[str]:
    """Write new records, all or none; on disk when this returns. See journal.add.

    viewer: an access.Viewer, of whose schools it is; in the names view unless nothing of students
    is in it, and never a mere viewer. who: as the record names its writer. Raises NotAllowed,
    WrongRecord, Conflict, StoreProblem.
    """
    for record in written:
        _allow(viewer, record)
    return journal.add(home(), who, written, token)


def change(viewer: Any, who: str, name: str, version: int, content: Record | None) -> int:
    """Write the next version of a record, or remove it. See journal.change."""
    for record in (entry(name).content, content):
        if record is not None:
            _allow(viewer, record)
    return journal.change(home(), who, name, version, content)


def entry(name: str) -> Entry:
    """The newest version of a record. Raises KeyError."""
    versions = journal.history(home(), name)
    if not versions:
        raise KeyError(name)
    return versions[-1]


def history(name: str) -> list[Entry]:
    """Every version of a record, the first one first."""
    return journal.history(home(), name)


# What is written with partners in the room, before a page that everybody may see.
_IN_THE_ROOM = (Meeting, Partner, Pledge, Pride, Priority, Seat)


def _allow(viewer: Any, record: Record) -> None:
    if isinstance(record, Definition):
        _allow_definition(viewer, record)
        return
    if viewer.role == "viewer":
        raise NotAllowed("To write here is for those who work with these schools.")
    of_no_student = isinstance(record, SecondNumber) and viewer.view == "school"
    if viewer.view != "names" and not isinstance(record, _IN_THE_ROOM) and not of_no_student:
        raise NotAllowed("Choose the view with names to write: it is for those who may.")
    schools = {getattr(record, "school_id", None) or None} - {None}
    if isinstance(record, Meeting | Priority):
        schools.update(record.schools)
    if viewer.schools is not None and isinstance(record, SecondNumber) and not record.school_id:
        raise NotAllowed("A number of all schools is for those who may see all.")
    if viewer.schools is not None and not schools <= set(viewer.schools):
        raise NotAllowed("This school is not one of yours.")


def may_define(viewer: Any) -> bool:
    """Whether a reader may add a definition: an admin, in a view of staff."""
    return viewer.role == "admin" and viewer.view != "share"


def _allow_definition(viewer: Any, definition: Definition) -> None:
    """How all are counted is set by who may see all, and never under a name that ships."""
    if not may_define(viewer):
        raise NotAllowed("A definition is added by an admin, in the view of staff.")
    label = definition.label.strip().casefold()
    if any(label in (one["name"].casefold(), one["label"].casefold()) for one in shipped()):
        raise WrongRecord(
            f"“{definition.label}” ships with Roundtable, and stays what it is: call this one "
            "otherwise."
        )
