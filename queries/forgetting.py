"""Forgetting: no byte of what people wrote about a student, or of a whole school or school year,
stays in the data folder."""

from dataclasses import dataclass
from pathlib import Path

from queries.load import Refused, publish
from queries.team import archive, journal, store, wholes
from queries.team.wholes import Whole

_GONE = "No page shows the words any more"


@dataclass(frozen=True)
class Found:
    """What forgetting a whole school or school year would erase, and what would stay.

    written: by kind, records and versions. generations: those that are kept and hold it.
    still_naming: by kind, records of several schools that name this one too.
    """

    written: dict[str, tuple[int, int]]
    generations: list[str]
    still_naming: dict[str, int]


def found(home: Path, whole: Whole) -> Found:
    """What there is of a school or a school year. Raises StoreProblem."""
    is_school = whole.column == "school_id"
    written = journal.versions(home) if is_school else []
    return Found(
        journal.of_whole(home, whole),
        publish.holding(home, whole.column, whole.value),
        wholes.still_naming(whole.value, written) if is_school else {},
    )


def forget(home: Path, about: str | Whole) -> int:
    """Erase what people wrote about a student, by id, or of a whole school or school year from the
    store, its copies in the data folder and generations; how many versions of records those were
    in the store. Generations that hold the whole go, but for the one that is served.

    What the school system says of a student stays, but for earlier months of one who is published
    no more; and so do counts of the share view until a load codes the next month. Killed at any
    moment, forgetting again finishes it. Raises StoreProblem where something is left, and says
    what to do.
    """
    erased = journal.forget(home, about)
    if not home.exists():
        return 0
    holding: list[str] = []
    brought: list[Path] = []
    try:
        # What a load has read of the store it may have put down in its folder.
        with publish.only_load(home, store.WAIT_SECONDS):
            publish.clear_leftovers(home)
            if isinstance(about, Whole):
                holding = publish.drop_holding(home, about.column, about.value)
                # What was brought on the page may be of the whole.
                brought = [*home.glob("incoming/*")]
            else:
                brought = publish.drop_student(home, about)
            left = brought + publish.drop_understood(home)
            left += archive.forget_in_copies(home, about)
    except Refused as refused:
        raise store.StoreProblem(
            f"{_GONE}, but a folder is being loaded, and its files may hold them. Forget again "
            "when that is done."
        ) from refused
    if left:
        listed = "\n  ".join(map(str, sorted(left)))
        raise store.StoreProblem(
            f"{_GONE}. These exports, damaged files and files that were brought may still hold "
            f"them, and nobody can erase them there. Remove them, then forget again:\n  {listed}"
        )
    if holding:
        raise store.StoreProblem(
            f"Erased {erased:,} versions of what people wrote, but what the school system says is "
            f"still in {', '.join(holding)}. Take it out of the files, load them whole with "
            "--accept-losses, then forget again, a school by its id: only then the generation of "
            "before goes too."
        )
    return erased
