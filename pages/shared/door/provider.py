"""Who vouches for those who sign in, as `.streamlit/secrets.toml` says it, and for whom.

    [auth]         of Streamlit: redirect_uri, cookie_secret, and the provider or several by name
    [roundtable]   account_claim, idle_minutes, hours: each has a value that fits most districts;
                   roles_claim, roles, schools_claim, schools: where the provider gives roles

Without [auth] nobody signs in: then the server is for this machine alone.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from queries.team import Grant

# As long as a meeting in which nobody touches the page, and a long working day.
IDLE_MINUTES, HOURS = 60, 12
# What Streamlit calls the one provider that has no name.
ONLY = "default"
# Whether the guard stands before this process (guard.py): without it pages let nobody sign in.
GUARDED = False


def _section(name: str) -> Mapping[str, Any]:
    try:
        return st.secrets.get(name, {})
    except StreamlitSecretNotFoundError:
        return {}


def is_set() -> bool:
    """Whether people sign in here."""
    return bool(_section("auth"))


def names() -> list[str]:
    """The providers, by the names that Streamlit gives them."""
    named = [name for name, value in _section("auth").items() if isinstance(value, Mapping)]
    return [name for name in named if name != "client_kwargs"] or [ONLY]


def origin() -> str:
    """'https://roundtable.example.org': where a browser finds this server."""
    where = urlsplit(str(_section("auth").get("redirect_uri", "")))
    return f"{where.scheme}://{where.netloc}"


def is_encrypted() -> bool:
    """Whether a browser reaches this server by TLS, as behind a proxy."""
    return origin().startswith("https://")


def idle_seconds() -> int:
    """After how long without a click somebody is signed out."""
    return 60 * int(_section("roundtable").get("idle_minutes", IDLE_MINUTES))


def longest_seconds() -> int:
    """After how long somebody signs in again, whatever they do."""
    return 3600 * int(_section("roundtable").get("hours", HOURS))


def account_of(claims: Mapping[str, Any]) -> str | None:
    """The account that a provider vouches for, as grants name it; None where it vouches for none.

    An address that the provider says is not verified is anybody's. The domain of an address is
    the business of whoever gives roles: each account is named in full.
    """
    claim = _section("roundtable").get("account_claim", "email")
    account = claims.get(claim)
    if not isinstance(account, str) or not account.strip():
        return None
    if claim == "email" and claims.get("email_verified") in (False, "false"):
        return None
    return account.strip().lower()


def gives_roles() -> bool:
    """Whether what the provider says of somebody may be a role here."""
    return bool(_section("roundtable").get("roles"))


def given(claims: Mapping[str, Any]) -> Grant | None:
    """The role that the provider gives to who signs in; None where nothing that it says is one.

    Of several the one that stands first in [roundtable.roles]. A team is of the schools that it
    names, by their ids or as [roundtable.schools] calls them; of none it is no team.
    """
    section, account = _section("roundtable"), account_of(claims)
    said = _values(claims, section.get("roles_claim", "roles"))
    role = next((role for one, role in section.get("roles", {}).items() if one in said), None)
    if account is None or role is None:
        return None
    if role != "team":
        return Grant(account, role)
    named = _values(claims, section.get("schools_claim", "schools"))
    ids = section.get("schools")
    schools = named if ids is None else [ids[one] for one in named if one in ids]
    return Grant(account, role, tuple(dict.fromkeys(schools))) if schools else None


def _values(claims: Mapping[str, Any], name: str) -> list[str]:
    """What a claim says, which may be one word or a list of them."""
    value = claims.get(name)
    there = value if isinstance(value, list) else [value]
    return [one.strip() for one in there if isinstance(one, str) and one.strip()]
