"""Where do culture and absence ask the same question?"""

from dataclasses import replace

import streamlit as st

from pages.shared import blocks, card, formats, frame
from pages.shared.absence import sentences as absence_sentences
from pages.shared.together import cards, sentences
from queries import absence, health, together

selection, viewer = frame.open_page(
    "Culture and absence",
    ("school_year", "network", "neighborhood", "school", "survey", "respondents"),
)

standing = health.standing(selection, viewer)
frame.stop_if_nobody(absence.headline(selection, viewer))
schools = together.by_school(selection, viewer)
if schools.empty:
    frame.nothing(
        "Nothing to set side by side",
        "There is neither attendance nor a survey for this choice. Choose another school year or "
        "all schools.",
    )
chronic = absence_sentences.chronic(bool(standing.iloc[0].under_way))

frame.counted(standing, health.weeks(selection, viewer))

side = cards.culture_beside_absence(selection, viewer)
with (
    st.container(border=True),
    blocks.card(
        sentences.side_at_a_glance(schools),
        behind=f"{side.reading}. {sentences.side_caption(schools, chronic)}",
    ),
):
    card.chart(side)
    with st.expander("What was asked", type="compact"):
        st.markdown(
            "  \n".join(
                f"**{formats.plain(label)}:** {formats.plain(words)}"
                for label, words in sentences.items(schools)
            )
        )
    blocks.table(
        sentences.absence_rows(schools),
        ["school_name", "school_year", "measure", "share", "students"],
        alt="Chronic absence by school and year",
        label="Absence in a table",
    )
    blocks.table(
        sentences.item_rows(schools),
        ["school_name", "school_year", "measure", "favorable", "n"],
        alt="Favorable answers by school, year and item",
        label="Answers in a table",
    )
    card.take(cards.culture_beside_absence, selection, viewer)


def ask(questions: list[tuple[str, str]]) -> None:
    """A question for each school, in a line."""
    for name, question in questions:
        st.markdown(f":small[**{formats.plain(name)}:** {formats.plain(question)}]")


grid = blocks.grid()
with (
    grid.cell(),
    blocks.card(
        sentences.prompts_at_a_glance(schools),
        behind=f"{sentences.prompts_reading(schools)}. {sentences.PROMPTS_CAPTION}",
    ),
):
    questions = sentences.prompts(schools)
    ask(questions[: sentences.QUESTIONS_SHOWN])
    if len(questions) > sentences.QUESTIONS_SHOWN:
        with st.expander("The other questions", type="compact"):
            ask(questions[sentences.QUESTIONS_SHOWN :])
    card.take(cards.questions_for_schools, selection, viewer)

with grid.cell():
    name = blocks.choose_school(schools)
    school = replace(selection, school=name, network=None, neighborhood=None)
    card.draw(cards.school_year_by_year, school, viewer)
