"""The list of students beside one of them: rows that are opened, ticked and walked by key."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.shared import blocks
from pages.shared.drawing import LOOKS

SCRIPT, STYLE = (
    Path(__file__).with_suffix(ending).read_text(encoding="utf-8") for ending in (".js", ".css")
)
HEIGHT = 470
COLUMNS = ["", "Student", "Gr.", "Missed", "Last 20 days", "Understood"]


def ticked() -> list[str]:
    """The ids of those who are ticked: as the list last said, unless the page has said it since."""
    version, students = st.session_state.get("ticks", (0, []))
    said = st.session_state.get("students_list", {}).get("ticked")
    return said["students"] if said and said["version"] == version else students


def tick(students: list[str]) -> None:
    """Have these ticked and nobody else."""
    version, _ = st.session_state.get("ticks", (0, []))
    st.session_state["ticks"] = (version + 1, students)


def draw(label: str, groups: list[dict], chosen: str, turn_to: Callable[[str], None]) -> None:
    """The rows of these groups: each a heading, a question and rows of sentences.row."""
    version, _ = st.session_state.get("ticks", (0, []))

    def opened() -> None:
        turn_to(st.session_state["students_list"]["opened"])

    st.components.v2.component(
        "students_list", html="<div class='students-list'></div>", css=STYLE, js=SCRIPT
    )(
        key="students_list",
        data={
            "label": label,
            "columns": COLUMNS,
            "groups": groups,
            "chosen": chosen,
            "ticked": ticked(),
            "version": version,
            "color": LOOKS[blocks.look()].absent,
            "height": HEIGHT,
        },
        on_opened_change=opened,
        on_ticked_change=lambda: None,
    )
