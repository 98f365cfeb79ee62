"""Protects every page of the menu: whole, readable, accessible; wide and narrow, light and dark."""

import re

import pytest
from playwright.sync_api import expect

from pages.shared import drawing
from tests.browser import sizes
from tests.browser.visits import (
    PAGES,
    axe,
    for_staff,
    go,
    main_text,
    make_wide,
    menu,
    unfold,
    visit,
)
from tests.support.sampled import sampled

LOOKS = ["light", pytest.param("dark", marks=pytest.mark.slow)]
WIDTHS = [1280, 390]
# One is a table, three say in this view for whom they are, one opens on what was promised.
WITHOUT_CHARTS = {
    "pages/how_we_count.py",
    "pages/students.py",
    "pages/meeting.py",
    "pages/bring_your_data.py",
    "pages/accounts.py",
}
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


def undescribed_charts(page) -> list[str]:
    """Charts that say nothing in words, neither of themselves nor of a part of them."""
    return page.locator("[data-testid=stVegaLiteChart]:visible").evaluate_all(
        """charts => charts.filter(chart => ![chart, ...chart.querySelectorAll('[aria-label]')]
            .some(part => part.getAttribute('aria-label'))).map(chart => chart.outerHTML)"""
    )


def too_wide(page) -> list[str]:
    return page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
            .filter(part => part.scrollWidth > part.clientWidth)
            .map(part => `${part.tagName}: ${part.scrollWidth} in ${part.clientWidth}`)"""
    )


def check_the_look(page, look: str) -> None:
    ground = page.locator("[data-testid=stApp]").evaluate(
        "app => getComputedStyle(app).backgroundColor"
    )
    assert ground == rgb(drawing.LOOKS[look].ground)
    other = drawing.LOOKS["light" if look == "dark" else "dark"]
    for chart in drawn_charts(page):
        strange = {other.ink, other.muted}.intersection(chart["words"])
        assert not strange, "words in the ink of the other look"


# Streamlit's own buttons over a chart, which give a picture of it without title, n and source.
TOOLS = (
    "[data-testid=stElementContainer]:has([data-testid=stVegaLiteChart])"
    " [data-testid=stElementToolbar]"
)


def check_the_charts(page, width: int, without: set[str], page_file: str) -> None:
    shown = page.locator(TOOLS).evaluate_all(
        "tools => tools.filter(one => getComputedStyle(one).display !== 'none').length"
    )
    assert not shown, "a chart offers a picture of its own"
    drawn = drawn_charts(page)
    assert drawn or page_file in without, "every page shows at least one chart"
    for chart in drawn:
        assert chart["marks"], chart
        assert chart["width"] <= width, chart


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_whole(new_context, server, look, subtests):
    """Every page, in the light at both widths. One tab goes through the menu, and what fails is
    named by page, width and check: a visit for each took longer than all other tests together."""
    page = new_context(color_scheme=look).new_page()
    titles = set()
    for page_file in PAGES:
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        with subtests.test("opens", page=page_file, look=look):
            visit(page, server, page_file)
            titles.add(page.locator("[data-testid=stMain] h1").inner_text())
        # The colors of the dark are the same at any width: there one of them a day.
        for width in WIDTHS if look == "light" else sampled(WIDTHS, 1):
            where = {"page": page_file, "look": look, "width": width}
            with subtests.test("follows the width", **where):
                make_wide(page, width)
            with subtests.test("one heading, to be seen", **where):
                expect(page.locator("[data-testid=stMain] h1")).to_have_count(1)
                expect(page.locator("[data-testid=stMain] h1")).to_be_in_viewport()
            with subtests.test("colors", **where):
                check_the_look(page, look)
            with subtests.test("charts", **where):
                check_the_charts(page, width, WITHOUT_CHARTS, page_file)
            with subtests.test("charts say in words what they show", **where):
                assert not undescribed_charts(page)
            with subtests.test("does not scroll sideways", **where):
                assert not too_wide(page)
            with subtests.test("accessible", **where):
                assert not axe(page)
            if (look, width) == ("light", sizes.WIDTH):
                with subtests.test("keeps to its budget", **where):
                    assert not sizes.over_budget(sizes.size_of(page), page_file)
    assert len(titles) == len(PAGES), "the menu leads to every page"


@pytest.mark.slow
def test_every_page_is_whole_for_staff_on_a_phone(new_context, server, subtests):
    """By the menu, which is behind a button there."""
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    go(page, server, "app.py")
    for_staff(page)
    for page_file in [*list(PAGES)[1:], "app.py"]:
        expect(page.locator("[data-testid=stExpandSidebarButton]")).to_be_visible()
        with subtests.test("opens", page=page_file):
            menu(page, page_file)
        with subtests.test("stays in the view for staff", page=page_file):
            expect(page.get_by_text("Keep inside.").first).to_be_visible()
        with subtests.test("charts", page=page_file):
            check_the_charts(page, 390, WITHOUT_CHARTS, page_file)
        with subtests.test("accessible", page=page_file):
            assert not axe(page)


@pytest.mark.slow
@pytest.mark.parametrize("view", ["staff", "names"])
def test_every_page_keeps_to_its_budget(new_context, server, view, subtests):
    """Of words and height on a laptop, before anything is opened; what everybody sees is measured
    where every page is looked at."""
    page = new_context().new_page()
    go(page, server, "app.py")
    sizes.choose_view(page, view)
    for page_file in [*list(PAGES)[1:], "app.py"]:
        menu(page, page_file)
        with subtests.test("keeps to its budget", page=page_file):
            assert not sizes.over_budget(sizes.size_of(page), page_file)


def test_overview_is_one_screen(new_context, server):
    """Of a laptop, and within its budget of words, in every view, of all schools and of one."""
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    cards = "[...document.querySelectorAll('[data-testid=stColumn]')]"
    bottoms = f"{cards}.map(card => card.getBoundingClientRect().bottom)"
    # Of one school of which there is most to say.
    schools = ({}, {"school": "Birch Elementary"}, {"school": "Linden Elementary"})
    for choices in sampled(schools, 1):
        go(page, server, "app.py", **choices)
        for view in sizes.VIEWS:
            sizes.choose_view(page, view)
            assert len(page.evaluate(bottoms)) > 8
            assert max(page.evaluate(bottoms)) <= 800
            assert not sizes.over_budget(sizes.size_of(page), "app.py"), (choices, view)


@pytest.mark.slow
def test_the_folded_chart_of_school_culture_is_drawn(new_context, server):
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    go(page, server, "pages/school_culture.py")
    for_staff(page)
    before = len(drawn_charts(page))
    unfold(page)
    check_the_charts(page, 1280, set(), "pages/school_culture.py")
    assert len(drawn_charts(page)) == before + 1


@pytest.mark.slow
def test_the_heritage_table_with_an_assumed_n_and_without(new_context, server, subtests):
    """Without one, it claims nothing."""
    page = new_context().new_page()
    go(page, server, "pages/school_culture.py", **HERITAGE)
    assert re.search(r"\b5 of 10\b", main_text(page))
    for width in WIDTHS:
        make_wide(page, width)
        with subtests.test("accessible", width=width):
            assert not axe(page)
    go(page, server, "pages/school_culture.py", survey=HERITAGE["survey"])
    assert "clear of chance;" not in main_text(page)
    assert not re.search(r"\b\d+ of 10 shifts? (is|are) clear", main_text(page))


@pytest.mark.slow
def test_what_is_folded_away_is_accessible_too(new_context, server):
    """Tables and the second tab are not on the page until somebody opens them."""
    page = new_context().new_page()
    go(page, server, "pages/causes.py")
    for_staff(page)
    page.locator("[data-testid=stTab]").nth(1).click()
    unfold(page)
    page.locator("[data-testid=stDataFrame]").first.wait_for()
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible()
    second = page.locator("[data-testid=stTabPanel]").nth(1)
    expect(second.locator("svg [class*=mark] path").first).to_be_visible()
    assert not axe(page)
