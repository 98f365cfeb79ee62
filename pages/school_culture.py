"""What do students, families and staff say, and what moved?"""

from functools import partial

import streamlit as st

from pages.shared import cards, charts, formats, frame, readings
from queries import culture, health

selection, viewer = frame.open_page(
    "School culture",
    "What do people say about the school, and what moved?",
    ("survey", "respondents", "survey_year", "neighborhood", "school", "assumed_n"),
)

shifts = culture.shifts(selection, viewer)
frame.stop_if_no_answers(shifts)
rates = culture.response_rates(selection, viewer)
schools = culture.by_school(selection, viewer)
answers = culture.distribution(selection, viewer)
gaps = culture.group_gaps(selection, viewer)
wording = culture.wording(selection)
needed = culture.n_needed(selection)
whole_percents = health.published_percentages(selection)
published = bool(shifts.iloc[0].published)
loaded = health.generation(selection)
take = partial(frame.take, selection=selection, viewer=viewer, writers=cards.WRITERS)


def picture(reading: str, chart, rows, caption: str) -> cards.Card:
    """A card of the share view, for a meeting."""
    everybody = readings.survey_standing(
        culture.shifts(selection), culture.response_rates(selection)
    )
    return cards.Card(
        reading,
        chart,
        rows,
        facts=readings.survey_facts(selection, loaded, caption, rows, everybody),
    )


st.caption(formats.plain(readings.survey_standing(shifts, rates)))

with frame.card(readings.shifts(shifts), readings.shift_caption(shifts)):
    frame.show(charts.shifts, shifts, alt=readings.shifts(shifts))
    frame.table(
        shifts,
        [
            "item_text",
            "about",
            "first_n",
            "second_n",
            "first_favorable",
            "second_favorable",
            "shift_points",
            "shift_low",
            "shift_high",
            "clear_of_chance",
            "comparable",
        ],
        alt="Agreement with each item in both years",
    )
    take(
        "agreement_by_item",
        make=lambda: picture(
            readings.shifts(culture.shifts(selection)),
            charts.shifts,
            culture.shifts(selection),
            readings.shift_caption(culture.shifts(selection)),
        ),
    )

if published:
    with frame.card(
        readings.n_needed(needed),
        "The smallest number of answers in each year at which the 95% interval of the shift would "
        "leave zero out, were n the same in both. "
        + readings.published_percentages(whole_percents),
    ):
        frame.table(
            needed,
            ["item_text", "shift_points", "smallest_n"],
            alt="Answers a year that each shift would need",
            label="Answers that each shift would need",
        )
else:
    with frame.card(
        "How one item was answered",
        "All answers that count, both years; below, each school in the newer one with its 95% "
        "interval. “Don't know” is left out of the shares and stands in the table.",
    ):
        item = frame.choose_item(shifts)
        item_answers = answers[answers.item_id == item]
        item_schools = schools[schools.item_id == item]
        frame.show(charts.distribution, item_answers, alt="Answers to one item in both years")
        frame.show(charts.school_items, item_schools, alt=readings.item_schools(item_schools))
        frame.table(
            item_answers,
            ["school_year", "answer", "answers", "share"],
            alt="Answers to one item in both years",
        )
        take(
            "agreement_by_school",
            make=lambda: picture(
                frame.item_text(shifts, item),
                charts.school_items,
                culture.by_school(selection).query("item_id == @item"),
                "Favorable answers in each school, with the 95% interval.",
            ),
        )

    with frame.card(
        readings.response_rates(rates),
        "Distinct people who answered at least one item, of those invited. Where a school that "
        "answered has no roster the rate is not known.",
    ):
        frame.table(
            rates,
            ["school_year", "respondents", "invited", "response_rate"],
            alt="Response rates by year",
            label="Response rates by year",
        )

if len(gaps):
    with frame.card(
        readings.gaps(gaps),
        "One item asked of two groups on the same scale. The open dot is the first group named, "
        "the full dot the second; where the thin line reaches the open dot, chance could explain "
        "the gap. A group may be very small.",
    ):
        frame.show(charts.gaps, gaps, alt=readings.gaps(gaps))
        frame.table(
            gaps,
            [
                "item_text",
                "group_a",
                "group_b",
                "n_a",
                "n_b",
                "favorable_a",
                "favorable_b",
                "gap_points",
                "gap_low",
                "gap_high",
            ],
            alt="Gaps between groups",
        )
        take(
            "gaps_between_groups",
            make=lambda: picture(
                readings.gaps(culture.group_gaps(selection)),
                charts.gaps,
                culture.group_gaps(selection),
                "One item asked of two groups; the open dot is the first one named.",
            ),
        )

with frame.card(
    readings.wording(wording),
    "No shift is shown across a changed wording or scale.",
):
    frame.table(
        wording,
        ["item_text", "school_year", "scale", "about", "earlier_year", "comparable"],
        alt="Wording of each item by year",
        label="Every item in every year",
    )
