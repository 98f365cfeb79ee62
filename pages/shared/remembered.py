"""What the reader's browser keeps from one visit to the next: the school, staff's view, the name.

Nothing of a student, and never that names were shown. Kept for a year from the last visit.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote

import streamlit as st

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
SCHOOL, VIEW, NAME = KEPT = ("school", "view", "name")
# What a browser sends with every request stays short.
LONGEST = 200


def recall(name: str) -> str:
    """What was kept under one of KEPT; '' where nothing was."""
    kept = st.context.cookies.get(_cookie(name))
    # A page that is run without a browser has cookies of no kind.
    return unquote(kept) if isinstance(kept, str) else ""


def keep(values: Mapping[str, str]) -> None:
    """Have the browser keep these; '' forgets what it kept."""
    data = {_cookie(name): quote(value[:LONGEST], safe="") for name, value in values.items()}
    st.components.v2.component("remembered", js=SCRIPT)(key="remembered", data=data)


def _cookie(name: str) -> str:
    return f"roundtable_{name}"
