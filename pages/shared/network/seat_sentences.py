"""How seats, partners and stories read while somebody writes them. Rows in, words out."""

import pandas as pd

from pages.shared import formats
from pages.shared.formats import day, number, one_line

WHO_ELSE = "Who else should sit at the table?"
WHAT_SEATS_ARE = (
    "For those who work with these schools: fill an empty chair, give up a seat, or add a partner. "
    "Of who sits there only partners are named on a page; a student or a family never is."
)
NOT_ASKED = (
    "Who that is stands on no page, so it is not asked here: the chair is taken, and that is all "
    "that is said. Staff may write a name down in their view."
)
SEEN_BY_STAFF = "Optional: it stands on no page, and only staff who change this seat see it."
# What a seat says where nobody is named.
NOT_NAMED = "not named"

WHAT_STORIES_ARE = (
    "A story stands on a page that everybody may see once somebody has read it and released it "
    "with their name. Nobody in it may be known: no name, no grade, no day, no street, nothing "
    "that only one family could have said."
)
I_HAVE_READ_IT = "I have read it: it names no child, and nobody could be known from it"
# So much of a story stands in a list.
LETTERS_OF_A_STORY = 60


def _listed(*words) -> str:
    """What was said of several things, each on one line; what is empty is left out."""
    return "; ".join(one_line(one) for one in words if str(one).strip())


def seat(row) -> str:
    """A seat in a list of them: 'Alder Elementary · Partner: Breathing Project'."""
    who = f": {row.name}" if row.name else ""
    return f"{row.school_name} · {formats.sentence_case(row.seat)}{who}"


def seat_version(content, named: bool) -> str:
    """What somebody wrote about a seat; its name only where the page may show it."""
    return _listed(content.name if named else "", f"since {day(content.since)}")


def partner_version(content) -> str:
    """What somebody wrote about a partner."""
    places = ", ".join([*content.neighborhoods, *content.schools])
    return _listed(content.partner_name, ", ".join(content.causes), places, content.contact)


def to_release(stories: pd.DataFrame) -> str:
    """How many stories nobody has released yet; rows of causes/stories_to_release."""
    waiting = int((~stories.released).sum())
    if not waiting:
        return "No story waits to be read"
    return f"{number(waiting, 'story waits', 'stories wait')} for somebody to read and release"


def story(row) -> str:
    """A story in a list of them, and whether everybody reads it."""
    words = one_line(row.text)
    if len(words) > LETTERS_OF_A_STORY:
        words = f"{words[:LETTERS_OF_A_STORY].rstrip()}…"
    state = "released" if row.released else "not released"
    return f"{formats.sentence_case(row.cause)} · {row.school_name} · {state}: “{words}”"


def story_state(row) -> str:
    """Who released a story, or who wrote what is still to be read."""
    if row.released:
        released = f"Released by {row.released_by}, {day(row.released_on)}: everybody reads it."
        return f"{released} A correction takes it off the page unless it is released again."
    return f"Written by {row.written_by}, {day(row.written_at)}. Nobody else reads it yet."


def story_version(content) -> str:
    """What somebody wrote as a story, and whether they released it."""
    by = f"released by {content.released_by}" if content.released_on else "not released"
    return _listed(f"{content.cause}: {content.text}", by)
