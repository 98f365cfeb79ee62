"""What do students, families and staff say, and what moved?"""

from dataclasses import replace

import streamlit as st

from pages.shared import blocks, card, formats, frame
from pages.shared.culture import cards, charts, sentences
from queries import culture, health

selection, viewer = frame.open_page(
    "School culture",
    (
        "survey",
        "respondents",
        "survey_year",
        "compared_with",
        "compared_year",
        "neighborhood",
        "school",
        "assumed_n",
    ),
    of_attendance=False,
    of_team=False,
)

shifts = culture.shifts(selection, viewer)
frame.stop_if_no_answers(shifts)
rates = sentences.at_each_time(culture.response_rates(selection, viewer))
answers = sentences.at_each_time(culture.distribution(selection, viewer))
by_school = culture.by_school(selection, viewer)
by_topic = culture.by_topic(selection, viewer)
wording = culture.wording(selection)
needed = culture.n_needed(selection)
whole_percents = health.published_percentages(selection)
published = bool(shifts.iloc[0].published)

st.caption(formats.plain(sentences.survey_standing(shifts, rates)))

topics = sorted(shifts.topic.dropna().unique())
with st.container(border=True):
    topic, order = blocks.choose_topic(topics, sentences.ORDERS)
    card.draw(cards.agreement_by_item, selection, viewer, topic=topic, order=order)

grid = blocks.grid()
if published:
    with (
        grid.cell(),
        blocks.card(
            sentences.n_needed_at_a_glance(needed),
            behind=f"{sentences.n_needed(needed)}. The smallest number of answers in each year at "
            "which the 95% interval of the shift would leave zero out, were n the same in both. "
            + sentences.published_percentages(whole_percents),
        ),
    ):
        blocks.table(
            needed,
            ["item_text", "shift_points", "smallest_n"],
            alt="Answers a year that each shift would need",
            label="Answers that each shift would need",
        )
else:
    with (
        grid.cell(),
        blocks.card(
            "How one item was answered",
            behind=sentences.distribution_behind(shifts) + sentences.answers_together(answers),
        ),
    ):
        listed = sentences.of_topic(shifts, topic, order)
        item = blocks.choose_item(listed, sentences.first_told(listed, answers))
        item_answers = answers[answers.item_id == item]
        if sentences.is_withheld(item_answers):
            blocks.small(sentences.ANSWERS_WITHHELD)
        else:
            blocks.show(charts.distribution, item_answers, alt="Answers to one item both times")
            blocks.small(*sentences.answers_in_order(item_answers))
            blocks.table(
                item_answers,
                ["school_year", "answer", "answers", "share"],
                alt="Answers to one item both times",
            )
    if by_school.school_name.nunique() > 1:
        with grid.cell():
            card.draw(cards.agreement_by_school, selection, viewer, item=item)
    if by_topic.school_name.nunique() > 1:
        with grid.cell():
            card.draw(cards.agreement_by_topic, selection, viewer)

with grid.cell():
    if len(culture.group_gaps(selection, viewer)):
        card.draw(
            cards.gaps_between_groups,
            selection,
            viewer,
            fold="The surest gaps, in a chart and a table",
        )
    with blocks.card(
        sentences.wording(wording),
        behind="What was asked, and on which scale."
        if sentences.is_first_year(shifts)
        else "No shift is shown across another wording or scale, or where an item is scored the "
        "other way round.",
    ):
        blocks.table(
            wording,
            ["item_text", "school_year", "scale", "about", "earlier_year", "comparable", "changed"],
            alt="Wording of each item by year",
            label="Every item in every year",
        )
        if not published:
            blocks.table(
                culture.shifts(replace(selection, respondent_group=None), viewer),
                ["respondent_group", "item_text", "second_n", "second_favorable", "shift_points"],
                alt="Agreement of each group with each item",
                label="Each group",
            )
            blocks.table(
                rates,
                ["school_year", "respondents", "invited", "response_rate"],
                alt="Response rates by year",
                label="Who answered",
            )
