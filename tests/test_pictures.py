"""Protects the cards for a meeting: each is listed, and none says more than everybody may see."""

import pytest

from pages.shared import card, cards, formats
from pages.shared.plans import charts as plans_charts
from queries import plans
from queries.selection import Selection
from tests.support.readers import STAFF
from tests.test_pages import PAGES, open_page

SURVEY = {"survey": "Hillside culture survey", "respondent_group": "staff"}
CHOICES = [{}, {"neighborhood": "Hillside East"}, {"school": "Birch Elementary"}]


def taken_from(page: str) -> set[str]:
    """What the files of a page are called."""
    buttons = open_page(page).get("download_button")
    return {button.proto.id.split("-")[-1].rpartition("_")[0] for button in buttons}


@pytest.mark.slow
def test_every_card_that_pages_offer_can_be_chosen_for_a_meeting(sample):
    offered = set().union(*(taken_from(page) for page in PAGES))
    # The brief is a page for partners; the overview's card has the name of its fuller one; Network
    # has causes and schools in one picture.
    elsewhere = {"chronic_absence", "shared_causes", "cause_by_school"}
    # Files of Data health and of Bring your data are no cards, and have no card's name.
    assert offered - {"brief_for_partners", ""} == set(cards.CARDS) - elsewhere


@pytest.mark.slow
@pytest.mark.parametrize("name", cards.CARDS)
@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_a_picture_is_of_the_share_view_and_says_what_it_rests_on(sample, name, choice):
    selection = Selection(**choice, **SURVEY)
    shown = card.picture(cards.CARDS[name], selection)
    exact = cards.CARDS[name](selection, STAFF)
    # Who sits at a table is no count of students, and the same in every view.
    assert formats.is_coded(shown.rows) == (name != "who_is_missing")
    assert not formats.is_coded(exact.rows)
    facts = dict(shown.facts)
    assert facts["Where"] in ("All schools", *choice.values())
    assert facts["What is shown"] and "data loaded" in facts["Source"]


def scaled(part: dict, rows: list[dict]):
    """(field, lowest and highest of its scale, its values) of every mark of a chart."""
    for layer in part.get("layer", []):
        yield from scaled(layer, rows)
    own = part.get("data", {}).get("values", rows)
    for encoding in part.get("encoding", {}).values():
        domain = (encoding.get("scale") or {}).get("domain") if isinstance(encoding, dict) else None
        if domain and all(isinstance(end, int | float) for end in domain):
            values = [row.get(encoding.get("field")) for row in own]
            yield encoding.get("field"), domain, [one for one in values if one is not None]


@pytest.mark.slow
@pytest.mark.parametrize("name", cards.CARDS)
def test_no_figure_lies_beyond_the_scale_it_is_drawn_on(sample, name):
    shown = cards.CARDS[name](Selection(**SURVEY), STAFF)
    if shown.chart is None:
        return
    chart = shown.chart(shown.rows, "light", *shown.arguments).to_dict()
    rows = [row for data in chart.get("datasets", {}).values() for row in data]
    for field, (low, high), values in scaled(chart, rows):
        assert all(low - 1e-9 <= value <= high + 1e-9 for value in values), (field, values)


def test_the_scale_of_what_was_tried_reaches_as_far_as_its_widest_interval(sample):
    tried = plans.by_idea(Selection(), STAFF)
    assert len(tried)
    wide = tried.assign(high=[30.0, *tried.high[1:]])
    chart = plans_charts.by_idea(wide, "light").to_dict()
    rows = [row for data in chart["datasets"].values() for row in data]
    domains = {tuple(domain) for _, domain, _ in scaled(chart, rows)}
    assert domains == {(-33.0, 33.0)}
