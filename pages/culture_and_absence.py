"""Where do culture and absence ask the same question?"""

from dataclasses import replace

import streamlit as st

from pages.shared import formats, frame, pictures, readings, together_readings
from queries import absence, health, together

selection, viewer = frame.open_page(
    "Culture and absence",
    "Where do culture and absence ask the same question?",
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
chronic = readings.chronic(bool(standing.iloc[0].under_way))

st.caption(formats.plain(readings.standing(standing)))

side = pictures.culture_beside_absence(selection, viewer)
with frame.card(side.reading, together_readings.side_caption(schools, chronic)):
    pictures.chart(side)
    st.markdown(
        "  \n".join(
            f"**{formats.plain(label)}:** {formats.plain(words)}"
            for label, words in together_readings.items(schools)
        )
    )
    frame.table(
        together_readings.absence_rows(schools),
        ["school_name", "school_year", "measure", "share", "students"],
        alt="Chronic absence by school and year",
        label="Absence in a table",
    )
    frame.table(
        together_readings.item_rows(schools),
        ["school_name", "school_year", "measure", "favorable", "n"],
        alt="Favorable answers by school, year and item",
        label="Answers in a table",
    )
    pictures.take("culture_beside_absence", selection, viewer)

with frame.card(together_readings.prompts_reading(schools), together_readings.PROMPTS_CAPTION):
    for name, question in together_readings.prompts(schools):
        st.markdown(f"**{formats.plain(name)}:** {formats.plain(question)}")
    pictures.take("questions_for_schools", selection, viewer)

name = frame.choose_school(schools)
school = replace(selection, school=name, network=None, neighborhood=None)
pictures.draw("school_year_by_year", school, viewer)
