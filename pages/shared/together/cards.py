"""The cards on culture beside absence."""

import pandas as pd

from pages.shared import card
from pages.shared.absence import cards as absence_cards
from pages.shared.together import charts, sentences
from queries import health, together
from queries.access import Viewer
from queries.selection import Selection


def on_culture_and_absence(selection: Selection, caption: str, rows: pd.DataFrame) -> tuple:
    """What stands below a picture of both, with the wording of its items."""
    return (*card.on_attendance(selection, caption, rows), ("Items", sentences.asked(rows)))


def questions_first(selection: Selection, caption: str, rows: pd.DataFrame) -> tuple:
    """The questions for schools, and what stands below them."""
    facts = dict(card.on_attendance(selection, caption, rows))
    claim = f"{facts['What is shown']} {sentences.no_claim(rows)}"
    below = {"Where": facts["Where"], "What is shown": claim, "Source": facts["Source"]}
    return (*sentences.prompts(rows), *below.items())


def culture_beside_absence(selection: Selection, viewer: Viewer) -> card.Card:
    """What people say beside chronic absence, school by school."""
    schools = together.by_school(selection, viewer)
    return card.Card(
        sentences.side_by_side(schools),
        sentences.picture_caption(schools),
        charts.side_by_side,
        schools,
        weeks=health.weeks(selection, viewer),
        facts_of=on_culture_and_absence,
    )


def questions_for_schools(selection: Selection, viewer: Viewer) -> card.Card:
    """A question for each school at which something stands apart, in words."""
    schools = together.by_school(selection, viewer)
    return card.Card(
        sentences.prompts_reading(schools),
        sentences.PROMPTS_CAPTION,
        None,
        schools,
        facts_of=questions_first,
    )


def school_year_by_year(selection: Selection, viewer: Viewer) -> card.Card:
    """Both for one school, year by year; of several the first."""
    schools = together.by_school(selection, viewer)
    rows = schools[schools.school_name.isin(schools.school_name.head(1))]
    return card.Card(
        sentences.years(rows),
        sentences.years_caption(rows, absence_cards.under_way(selection, viewer)),
        charts.year_by_year,
        rows,
        heading=sentences.years(rows).split(": ")[0],
        facts_of=on_culture_and_absence,
    )
