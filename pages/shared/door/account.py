"""Who signed in, for a page: whose grant it is, and what a first visit shows."""

import time
from typing import Any

import streamlit as st

from pages.shared.door import provider
from queries import access, accounts, health, incoming
from queries.access import Viewer
from queries.team.records import Grant


def refusal(*, is_sample: bool) -> tuple[str, str] | None:
    """Why a page shows nothing to whoever asks, and what to do; None where they may go on.

    is_sample: whether what it would show is invented, which other machines may see.
    Raises StoreProblem where the grants cannot be read."""
    if not provider.is_set():
        if is_sample or not _is_another_machine():
            return None
        return (
            "These pages are for the machine that they are on",
            "Nobody signs in here, so nobody else sees real data. docs/running.md says how to have "
            "people sign in.",
        )
    if not provider.GUARDED:
        return (
            "Nobody can sign in at this server",
            "A provider is named, so it is started as docs/running.md says: "
            "`python -m pages.shared.door.server`.",
        )
    if grant() is None:
        return "Sign in with your school account", "Then this address shows what you may see."
    return None


def _is_another_machine() -> bool:
    """Whether the browser is not on this machine, or a proxy stands between that could be for
    anybody."""
    asked = st.context.headers
    passed_on = any(name in asked for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"))
    # A page that is run without a browser is asked for from nowhere.
    return passed_on or isinstance(st.context.ip_address, str)


def grant() -> Grant | None:
    """What was granted to who signed in; None where nobody signs in, or nothing was granted.
    Raises StoreProblem."""
    if not provider.is_set() or not st.user.get("is_logged_in"):
        return None
    account = provider.account_of(st.user.to_dict())
    return accounts.grant_of(account) if account else None


def role() -> str:
    """What who reads may be here. Without a provider whoever is at this machine is admin."""
    if not provider.is_set():
        return "admin"
    held = grant()
    return held.role if held else "viewer"


def viewer(view: str) -> Viewer:
    """Who reads, in this view. Raises access.NotShown where their role does not have it."""
    held = grant()
    if held is None:
        return access.at_this_machine(view) if not provider.is_set() else access.EVERYBODY
    return accounts.viewer(held, view)


def first_view() -> str:
    """The view that a first visit starts in: a team's own work, and never names."""
    return access.SCHOOL if provider.is_set() and role() == "team" else access.SHARE


def waits_at() -> str | None:
    """The page that an admin who signed in begins at: where files that somebody brought wait to be
    published, or else where the last load was refused; None where nothing waits for them."""
    held = grant()
    if held is None or held.role != "admin":
        return None
    staff = accounts.viewer(held, access.SCHOOL)
    upload = incoming.current(staff)
    if upload and not upload.is_published():
        return "pages/bring_your_data.py"
    return "pages/data_health.py" if health.refusal(staff) else None


def only_school() -> str | None:
    """The id of the school of a team that has one."""
    held = grant()
    return held.schools[0] if held and len(held.schools) == 1 else None


def screen_time() -> dict[str, Any]:
    """Whose page it is, and for how many seconds without a click it may stay on a screen, from
    which time on; none where nobody signs in."""
    if not provider.is_set():
        return {}
    return {"account": signs_as(), "seconds": provider.idle_seconds(), "at": time.time()}


def signs_as() -> str | None:
    """The name that signs what is written: the account's; None where nobody signs in."""
    held = grant()
    return held.account if held else None
