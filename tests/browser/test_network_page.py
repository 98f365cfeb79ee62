"""Protects what a director sees without looking for it: the shared cause and the empty chair."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import writing
from tests.browser.visits import a_run, count_clicks, main_text, menu, ready
from tests.browser.writing import LAPTOP, PHONE, axe, every_look, go, unfold, view

NETWORK, CAUSES = "pages/network.py", "pages/causes.py"


page = writing.page


def first_sentence(page) -> str:
    """The first heading under the page's question."""
    heading = page.locator("[data-testid=stMain] h3").first
    expect(heading).to_be_in_viewport()
    return heading.inner_text()


def test_a_director_finds_the_shared_cause_without_looking_for_it(page, server):
    go(page, server, NETWORK)
    for size in (LAPTOP, PHONE):
        page.set_viewport_size(size)
        words = first_sentence(page)
        assert words.startswith("Asthma is shared by all 4 schools in Hillside East")
        assert words.endswith("no partner for asthma is at the table")
        missing = page.get_by_text("Missing from the table: Eastside Breathing Project")
        expect(missing).to_be_visible()
        assert "Housing is shared by" in main_text(page), "what is said of the other neighborhood"


@pytest.mark.slow
def test_a_director_chooses_schools_by_hand(page, new_context, server):
    go(page, server, NETWORK)
    names = ["Alder Elementary", "Birch Elementary", "Cedar Middle", "Hawthorn High", "Rowan High"]
    field = page.get_by_role("combobox", name="Schools")
    field.click()
    for name in names:
        with a_run(page):
            field.fill(name)
            page.get_by_role("option", name=name, exact=True).click()
        ready(page)
    page.keyboard.press("Tab")
    for name in ("For everybody", "For staff"):
        view(page, name)
        expect(page.get_by_text("5 schools · up to")).to_be_visible()
        for school in names:
            assert school in page.content()
        assert not page.locator("svg text").filter(has_text="Linden Elementary").count()
        assert first_sentence(page).startswith("Asthma is shared by all 3 chosen schools in Hill")
    # Whoever gets the link sees the same schools; one that is none is named and left out.
    assert not axe(page)
    other = new_context(color_scheme="dark").new_page()
    other.goto(page.url.replace("Rowan", "Nowhere"))
    ready(other, "Network")
    expect(other.get_by_text("4 schools · up to")).to_be_visible()
    expect(other.get_by_text("The address asks for “Nowhere High”")).to_be_visible()
    assert not axe(other)


@pytest.mark.slow
def test_both_pages_are_accessible_for_staff(page, server):
    """In both looks, with every fold open; test_every_page looks at them as everybody sees them."""
    go(page, server, NETWORK)
    view(page, "For staff")
    for page_file in (NETWORK, CAUSES):
        menu(page, page_file)
        unfold(page)
        for look in every_look(page, sizes=[LAPTOP]):
            assert not axe(page), f"{page_file}, {look}"


@pytest.mark.slow
def test_the_brief_is_one_page_without_a_small_number(page, server):
    """Three clicks from Overview. For staff too it is of the share view: to the nearest ten, and no
    child's words but a story that was released."""
    go(page, server, "app.py")
    view(page, "For staff")
    clicks = count_clicks(page)
    menu(page, NETWORK)
    page.get_by_role("button", name="Brief for partners").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("^SVG")).first.click()
    assert clicks() == 3
    svg = download.value.path().read_text(encoding="utf-8")
    words = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert "One conversation on asthma, for all 4 schools in Hillside East" in words
    for partner in ("Eastside Breathing", "Healthy Homes", "Hillside Health Center"):
        assert partner in words
    counts = [int(count) for count in re.findall(r"(\d+) students", words)]
    assert counts and all(count >= 10 and count % 10 == 0 for count in counts), words


def test_what_is_not_known_comes_first(page, server):
    go(page, server, CAUSES)
    assert re.fullmatch(r"We do not know why for about \d+0 of \d+0", first_sentence(page))
    view(page, "For staff")
    assert re.fullmatch(r"We do not know why for \d+ of 933", first_sentence(page))
    assert "released by" in main_text(page)
