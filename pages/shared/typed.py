"""What somebody typed and left by the menu at once: it is sent before the page changes."""

from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
KEY = "typed"


@st.fragment
def take_along() -> None:
    """Have links to other pages wait until what was typed is here. By itself, so that neither a
    question is asked nor a look recorded once more."""
    said = st.session_state.get(KEY) or {}
    st.components.v2.component(KEY, js=SCRIPT)(
        key=KEY, data={"leaves": said.get("leaves")}, on_leaves_change=lambda: None
    )
