"""Forgetting a student: no byte of what people wrote about them stays in the data folder."""

from pathlib import Path

from queries.load import Refused, publish
from queries.team import archive, journal, store


def forget(home: Path, student_id: str) -> int:
    """Erase what people wrote about a student from the store, its copies in the data folder and
    generations; how many versions of records those were in the store.

    What the school system says of the student stays, and so do counts of the share view until a
    load codes the next month. Killed at any moment, forgetting again finishes it. Raises
    StoreProblem where something is left, and says what to do.
    """
    erased = journal.forget(home, student_id)
    if not home.exists():
        return 0
    try:
        # What a load has read of the store it may have put down in its folder.
        with publish.only_load(home, store.WAIT_SECONDS):
            publish.clear_leftovers(home)
            left = publish.drop_understood(home)
            left += archive.forget_in_copies(home, student_id)
    except Refused as refused:
        raise store.StoreProblem(
            "No page shows the words any more, but a folder is being loaded, and its files may "
            "hold them. Forget the student again when that is done."
        ) from refused
    if left:
        listed = "\n  ".join(map(str, sorted(left)))
        raise store.StoreProblem(
            "No page shows the words any more. These exports and damaged files may still hold "
            "them, and nobody can erase them there. Remove them, then forget the student again:\n  "
            + listed
        )
    return erased
