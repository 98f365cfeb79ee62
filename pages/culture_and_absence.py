"""Where do culture and absence ask the same question?"""

from dataclasses import replace
from functools import partial

import streamlit as st

from pages.shared import cards, formats, frame, readings, together_charts, together_readings
from queries import absence, health, together

selection, viewer = frame.open_page(
    "Culture and absence",
    "Where do culture and absence ask the same question?",
    ("school_year", "network", "neighborhood", "school", "survey", "respondents"),
)

standing = health.standing(selection)
frame.stop_if_nobody(absence.headline(selection, viewer))
schools = together.by_school(selection, viewer)
if schools.empty:
    frame.nothing(
        "Nothing to set side by side",
        "There is neither attendance nor a survey for this choice. Choose another school year or "
        "all schools.",
    )
under_way = bool(standing.iloc[0].under_way)
chronic = readings.chronic(under_way)
loaded = health.generation(selection)
take = partial(frame.take, viewer=viewer, writers=cards.WRITERS)


def picture(place, reading: str, chart, rows, caption: str) -> cards.Card:
    """A card of the share view, for a meeting."""
    there, everybody = health.standing(place), readings.n_of_students(absence.headline(place))
    facts = readings.facts(place, there, loaded, caption, rows, everybody)
    return cards.Card(
        reading, chart, rows, facts=(*facts, ("Items", together_readings.asked(rows)))
    )


def side_picture() -> cards.Card:
    """The schools side by side."""
    told = together.by_school(selection)
    return picture(
        selection,
        together_readings.side_by_side(told),
        together_charts.side_by_side,
        told,
        together_readings.picture_caption(told),
    )


def prompts_picture() -> cards.Card:
    """The questions in words."""
    told = together.by_school(selection)
    return cards.Card(
        together_readings.prompts_reading(told),
        None,
        told,
        facts=(
            *together_readings.prompts(told),
            ("What is shown", together_readings.PROMPTS_CAPTION),
            ("What is not", together_readings.no_claim(told)),
        ),
    )


st.caption(formats.plain(readings.standing(standing)))

with frame.card(
    together_readings.side_by_side(schools), together_readings.side_caption(schools, chronic)
):
    frame.show(together_charts.side_by_side, schools, alt=together_readings.side_by_side(schools))
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
    take("culture_beside_absence", selection, make=side_picture)

with frame.card(together_readings.prompts_reading(schools), together_readings.PROMPTS_CAPTION):
    for name, question in together_readings.prompts(schools):
        st.markdown(f"**{formats.plain(name)}:** {formats.plain(question)}")
    take("questions_for_schools", selection, make=prompts_picture)

name = frame.choose_school(schools)
school = replace(selection, school=name, network=None, neighborhood=None)
years = together.by_school(school, viewer)
with frame.card(together_readings.years(years), together_readings.years_caption(years, under_way)):
    frame.show(together_charts.year_by_year, years, alt=together_readings.years(years))
    take(
        "school_year_by_year",
        school,
        make=lambda: picture(
            school,
            together_readings.years(together.by_school(school)),
            together_charts.year_by_year,
            together.by_school(school),
            together_readings.years_caption(together.by_school(school), under_way),
        ),
    )
