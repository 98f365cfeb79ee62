"""The server of a district: the pages behind the guard.

    .venv/bin/python -m pages.shared.door.server [--port 8501] [--secrets FILE]

It listens on this machine alone, for a proxy with TLS, and answers to the name in redirect_uri.
This cannot stand in app.py, which Streamlit would run once more as a page.
"""

import argparse
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pages.shared.door.guard import Guard
from queries import health
from queries.team.records import ROLES

PROJECT = Path(__file__).resolve().parents[3]
THIS_MACHINE = ["localhost", "127.0.0.1", "::1"]


def healthy(_request) -> PlainTextResponse:
    """Whether there is something to show, for what watches the server."""
    try:
        health.current_generation()
    except health.NoData:
        return PlainTextResponse("no data can be read", 503)
    return PlainTextResponse("ok")


def main() -> int:
    """Serve until somebody ends it; 1 where what is asked cannot be."""
    asked = argparse.ArgumentParser(prog="python -m pages.shared.door.server")
    asked.add_argument("--port", type=int, default=8501)
    asked.add_argument("--secrets", type=Path, default=PROJECT / ".streamlit" / "secrets.toml")
    given = asked.parse_args()
    try:
        secrets = tomllib.loads(given.secrets.read_text(encoding="utf-8"))
        name = urlsplit(secrets["auth"]["redirect_uri"]).hostname
    except (OSError, ValueError, KeyError, TypeError) as problem:
        sys.stderr.write(
            f"{given.secrets} does not say who vouches for those who sign in ({problem!r}). "
            "docs/running.md shows what stands in it.\n"
        )
        return 1
    roles = secrets.get("roundtable", {}).get("roles", {})
    if wrong := [one for one, role in roles.items() if role not in ROLES]:
        sys.stderr.write(
            f"{given.secrets}: [roundtable.roles] gives {wrong[0]!r} the role "
            f"{roles[wrong[0]]!r}; write one of {', '.join(ROLES)}.\n"
        )
        return 1
    app = st.App(
        PROJECT / "app.py",
        secrets=secrets,
        middleware=[Middleware(Guard)],
        routes=[Route("/health", healthy)],
    )
    app.run(config={"server.port": given.port, "server.allowedHosts": [name, *THIS_MACHINE]})
    return 0


if __name__ == "__main__":
    sys.exit(main())
