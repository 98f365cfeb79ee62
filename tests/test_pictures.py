"""Protects the cards for a meeting: each is listed, and none says more than everybody may see."""

import pytest

from pages.shared import formats, pictures
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
    # The brief is a page for partners; the overview's card has the name of its fuller one; groups
    # stand on the page of a survey's first year.
    elsewhere = {"chronic_absence", "agreement_by_group"}
    assert offered - {"brief_for_partners"} == set(pictures.CARDS) - elsewhere


@pytest.mark.parametrize("name", pictures.CARDS)
@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_a_picture_is_of_the_share_view_and_says_what_it_rests_on(sample, name, choice):
    selection = Selection(**choice, **SURVEY)
    card = pictures.picture(name, selection)
    exact = pictures.CARDS[name](selection, STAFF)
    # Who sits at a table is no count of students, and the same in every view.
    assert formats.is_coded(card.rows) == (name != "who_is_missing")
    assert not formats.is_coded(exact.rows)
    facts = dict(card.facts)
    assert facts["Where"] in ("All schools", *choice.values())
    assert facts["What is shown"] and "data loaded" in facts["Source"]
