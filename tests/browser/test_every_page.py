"""Protects every page of the menu: whole, readable, accessible; wide and narrow, light and dark."""

import re

import pytest
from playwright.sync_api import expect

from pages.shared import charts
from tests.browser.visits import PAGES, axe, for_staff, go, main_text, menu

LOOKS = ["light", "dark"]
WIDTHS = [1280, 390]
# One is a table, one says in this view for whom it is, one opens on what was promised.
WITHOUT_CHARTS = {"pages/how_we_count.py", "pages/students.py", "pages/meeting.py"}
HERITAGE = {"survey": "Heritage staff survey", "assumed_n": 32}


def rgb(color: str) -> str:
    """'#fbfaf7' as the browser writes it."""
    return f"rgb({', '.join(str(int(color[place : place + 2], 16)) for place in (1, 3, 5))})"


def drawn_charts(page) -> list[dict]:
    """For every chart that can be seen: its marks, its width and the colors of its words."""
    return page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
            .filter(chart => chart.checkVisibility())
            .map(chart => ({
                marks: chart.querySelectorAll('svg [class*=mark] path, canvas').length,
                words: [...chart.querySelectorAll('svg text')]
                    .map(text => text.getAttribute('fill')),
                width: chart.querySelector('svg')?.getBoundingClientRect().width ?? 0,
            }))"""
    )


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page_file", PAGES)
def test_every_page_is_whole(new_context, server, page_file, width, look):
    context = new_context(viewport={"width": width, "height": 900}, color_scheme=look)
    page = context.new_page()
    go(page, server, page_file)

    expect(page.locator("[data-testid=stMain] h1")).to_have_count(1)
    expect(page.locator("[data-testid=stMain] h1")).to_be_in_viewport()
    ground = page.locator("[data-testid=stApp]").evaluate(
        "app => getComputedStyle(app).backgroundColor"
    )
    assert ground == rgb(charts.LOOKS[look].ground)

    drawn = drawn_charts(page)
    assert drawn or page_file in WITHOUT_CHARTS, "every page shows at least one chart"
    other = charts.LOOKS["light" if look == "dark" else "dark"]
    for chart in drawn:
        assert chart["marks"], chart
        assert chart["width"] <= width, chart
        assert other.ink not in chart["words"], "words in the ink of the other look"

    too_wide = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
            .filter(part => part.scrollWidth > part.clientWidth)
            .map(part => `${part.tagName}: ${part.scrollWidth} in ${part.clientWidth}`)"""
    )
    assert not too_wide, "the page scrolls sideways"
    assert not axe(page)


@pytest.mark.parametrize("page_file", PAGES)
def test_every_page_is_whole_for_staff(new_context, server, page_file):
    page = new_context(viewport={"width": 390, "height": 900}).new_page()
    go(page, server, page_file)
    for_staff(page)
    assert drawn_charts(page) or page_file in {"pages/students.py", "pages/meeting.py"}
    assert not axe(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_heritage_table_with_an_assumed_n(new_context, server, width):
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    go(page, server, "pages/school_culture.py", **HERITAGE)
    assert re.search(r"\b5 of 10\b", main_text(page))
    assert not axe(page)


def test_the_heritage_table_without_an_n_claims_nothing(new_context, server):
    page = new_context().new_page()
    go(page, server, "pages/school_culture.py", survey=HERITAGE["survey"])
    assert "clear of chance;" not in main_text(page)
    assert not re.search(r"\b\d+ of 10 shifts? (is|are) clear", main_text(page))


def test_what_is_folded_away_is_accessible_too(new_context, server):
    """Tables and the second tab are not on the page until somebody opens them."""
    page = new_context().new_page()
    go(page, server, "pages/chronic_absence.py")
    page.locator("[data-testid=stTab]").nth(1).click()
    for fold in page.locator("[data-testid=stExpander] summary").all():
        if fold.is_visible():
            fold.click()
    page.locator("[data-testid=stDataFrame]").first.wait_for()
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible()
    second = page.locator("[data-testid=stTabPanel]").nth(1)
    expect(second.locator("svg [class*=mark] path").first).to_be_visible()
    assert not axe(page)


def test_the_menu_leads_to_every_page(new_context, server):
    page = new_context().new_page()
    go(page, server, "app.py")
    titles = set()
    for page_file in [*list(PAGES)[1:], "app.py"]:
        menu(page, page_file)
        titles.add(page.locator("[data-testid=stMain] h1").inner_text())
    assert len(titles) == len(PAGES)


def test_the_menu_can_be_reached_on_a_phone(new_context, server):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    go(page, server, "app.py")
    page.locator("[data-testid=stExpandSidebarButton]").click()
    menu(page, "pages/data_health.py")


def test_charts_say_in_words_what_they_show(new_context, server):
    page = new_context().new_page()
    for page_file in PAGES:
        go(page, server, page_file)
        for chart in page.locator("[data-testid=stVegaLiteChart]:visible").all():
            described = chart.evaluate(
                """chart => [chart, ...chart.querySelectorAll('[aria-label]')]
                    .map(part => part.getAttribute('aria-label')).filter(Boolean)"""
            )
            assert described, page_file
