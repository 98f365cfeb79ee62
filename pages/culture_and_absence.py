"""Where do culture and absence ask the same question?"""

from dataclasses import replace

import streamlit as st

from pages.shared import basis, card, formats, frame
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

st.caption(formats.plain(basis.standing(standing)))

side = cards.culture_beside_absence(selection, viewer)
with frame.card(side.reading, sentences.side_caption(schools, chronic)):
    card.chart(side)
    st.markdown(
        "  \n".join(
            f"**{formats.plain(label)}:** {formats.plain(words)}"
            for label, words in sentences.items(schools)
        )
    )
    frame.table(
        sentences.absence_rows(schools),
        ["school_name", "school_year", "measure", "share", "students"],
        alt="Chronic absence by school and year",
        label="Absence in a table",
    )
    frame.table(
        sentences.item_rows(schools),
        ["school_name", "school_year", "measure", "favorable", "n"],
        alt="Favorable answers by school, year and item",
        label="Answers in a table",
    )
    card.take(cards.culture_beside_absence, selection, viewer)

with frame.card(sentences.prompts_reading(schools), sentences.PROMPTS_CAPTION):
    for name, question in sentences.prompts(schools):
        st.markdown(f"**{formats.plain(name)}:** {formats.plain(question)}")
    card.take(cards.questions_for_schools, selection, viewer)

name = frame.choose_school(schools)
school = replace(selection, school=name, network=None, neighborhood=None)
card.draw(cards.school_year_by_year, school, viewer)
