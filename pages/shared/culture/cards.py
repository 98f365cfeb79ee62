"""The cards on surveys."""

from dataclasses import replace

import pandas as pd

from pages.shared import basis, card, formats
from pages.shared.culture import charts, sentences
from queries import choices, culture, health
from queries.access import Viewer
from queries.selection import Selection


def on_survey(selection: Selection, caption: str, rows: pd.DataFrame) -> tuple:
    """What stands below a picture of a survey."""
    n = sentences.survey_standing(culture.shifts(selection), culture.response_rates(selection))
    return basis.facts(selection, caption, rows, n, health.generation(selection))


def with_survey(selection: Selection) -> Selection:
    """A choice that a card on a survey can be made of: the first survey, as staff answered it, or
    whoever did. As it is where nobody was asked anything."""
    surveys = choices.surveys(selection)
    asked = choices.respondent_groups(selection)
    asked = asked[asked.survey.isin(surveys[~surveys.published].survey.head(1))]
    if asked.empty:
        return selection
    staff_first = asked.sort_values("respondent_group", key=lambda group: group != "staff")
    chosen = staff_first.iloc[0]
    return replace(selection, survey=chosen.survey, respondent_group=chosen.respondent_group)


_SHIFT_COLUMNS = (
    "item_text topic about first_n second_n first_favorable second_favorable shift_points "
    "shift_low shift_high clear_of_chance why_not_clear schools_compared schools_new schools_gone"
)


def agreement_by_item(
    selection: Selection, viewer: Viewer, topic: str = "", order: str = ""
) -> card.Card:
    """Each item of a survey both times, of a survey with one year in that one, beside what each
    group of respondents says; of one topic, where one is chosen."""
    shifts = culture.shifts(selection, viewer)
    every_group = culture.shifts(replace(selection, respondent_group=None), viewer)
    rows = sentences.of_topic(sentences.beside_groups(shifts, every_group), topic, order)
    first_year = len(shifts) > 0 and sentences.is_first_year(shifts)
    reading = sentences.items_of_a_year if first_year else sentences.shifts
    heading = sentences.year_at_a_glance if first_year else sentences.shifts_at_a_glance
    caption = sentences.year_caption if first_year else sentences.shift_caption
    return card.Card(
        reading(shifts),
        caption(shifts),
        charts.shifts,
        rows,
        heading=heading(shifts),
        more=sentences.other_groups(rows),
        opens="item",
        columns=_SHIFT_COLUMNS,
        table_alt="Agreement with each item both times",
        facts_of=on_survey,
    )


def agreement_by_school(selection: Selection, viewer: Viewer, item: str = "") -> card.Card:
    """One item in each school; the first one where none is chosen."""
    shifts = culture.shifts(selection, viewer)
    if shifts.empty:
        return agreement_by_item(selection, viewer)
    asked = shifts[shifts.item_id == item].iloc[0] if item else shifts.iloc[0]
    schools = culture.by_school(selection, viewer)
    rows = schools[schools.item_id == asked.item_id]
    return card.Card(
        formats.cut(formats.item(asked), 160),
        sentences.item_schools_caption(rows),
        charts.school_items,
        rows,
        heading=sentences.item_schools_at_a_glance(rows),
        alt=sentences.item_schools(rows),
        columns="school_name first_n n first_favorable favorable shift_points shift_low shift_high "
        "clear_of_chance why_not_clear response_rate",
        facts_of=on_survey,
    )


def agreement_by_topic(selection: Selection, viewer: Viewer) -> card.Card:
    """What each school says to the items of each topic, taken together."""
    rows = culture.by_topic(selection, viewer)
    if rows.empty:
        return agreement_by_item(selection, viewer)
    return card.Card(
        sentences.topics(rows),
        "Mean share of favorable answers over the items of a topic, each item for the same.",
        charts.topics,
        rows,
        heading=sentences.topics(rows),
        more=sentences.topics_left_out(rows),
        opens="school",
        columns="school_name topic items n favorable",
        table_alt="Agreement by school and topic",
        facts_of=on_survey,
    )


def gaps_between_groups(selection: Selection, viewer: Viewer) -> card.Card:
    """Items that two groups were asked."""
    gaps = culture.group_gaps(selection, viewer)
    return card.Card(
        sentences.gaps(gaps),
        "One item asked of two groups in the same words; the open dot is the first one named.",
        charts.gaps,
        gaps[gaps.gap_points.notna()],
        heading=sentences.gaps_at_a_glance(gaps),
        more="They were asked on the same scale. The full dot is the second group; where the thin "
        "line reaches the open dot, chance could explain the gap. A group may be very small. Where "
        "the words differ there is no gap: the table has both wordings.",
        columns="item_text item_text_b group_a group_b n_a n_b favorable_a favorable_b gap_points "
        "gap_low gap_high",
        in_table=gaps,
        table_alt="Gaps between groups",
        facts_of=on_survey,
    )
