"""How it reads who may sign in. Grants in, words out."""

import pandas as pd

from pages.shared import formats
from pages.shared.formats import listed, number

ROLES = """
- **Viewer**: sees what may be shown to everybody.
- **Director**: the same; writes priorities, pledges and who is at the table.
- **Team**: sees exact numbers and students of its own schools; writes causes, steps and plans.
- **Admin**: sees everything, brings data, gives roles.
"""
WHO_GIVES = "An admin gives roles, and takes them back."
GOES_ON = "An admin goes on in the view for staff."
NOBODY_SIGNS_IN = (
    "Nobody signs in at this server: whoever is at this machine is admin. Roles count from the day "
    "on which people sign in; docs/running.md says how."
)
PROVIDER_GIVES = (
    "A role that the provider gave is looked at whenever its account signs in. What an admin "
    "writes or takes back here stays, whatever the provider says."
)
CALLED = {"viewer": "Viewer", "team": "Team", "director": "Director", "admin": "Admin"}


def how_many(granted: list) -> str:
    """How many have a role."""
    return f"{number(len(granted), 'account has', 'accounts have')} a role"


def granted(entries: list, schools: dict[str, str]) -> pd.DataFrame:
    """One row per account; schools: their names by id."""
    rows = [
        (
            one.content.account,
            CALLED[one.content.role],
            listed([schools.get(school, school) for school in one.content.schools]),
            formats.day(one.at.date()),
            one.who,
        )
        for one in entries
    ]
    return pd.DataFrame(rows, columns=["Account", "Role", "Schools", "Since", "Given by"])


def called(role: str) -> str:
    """A role, as forms and tables call it."""
    return CALLED[role]


SIGN_INS = "Who signed in last"
CAME_TO = {
    "signed in": "Signed in",
    "signed out": "Signed out",
    "expired": "Expired",
    "refused": "Refused",
}


def sign_ins(last: list) -> pd.DataFrame:
    """One row per sign-in and what became of it, newest first."""
    rows = [
        (
            formats.day_and_time(one.at.astimezone()),
            one.account or "not vouched for",
            CALLED.get(one.role, ""),
            CAME_TO[one.what],
        )
        for one in last
    ]
    return pd.DataFrame(rows, columns=["When", "Account", "Role then", "What"])
