"""Protects the reader's choice: in the address, from page to page, and by keyboard."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from pages.shared import frame
from queries import choices
from queries.selection import Selection
from tests.browser.visits import (
    PAGES,
    a_run,
    choose,
    chosen,
    come_back,
    for_staff,
    go,
    main_text,
    menu,
    ready,
)
from tests.support.sampled import sampled

ABSENCE = "pages/chronic_absence.py"
HEALTH = "pages/data_health.py"


@pytest.fixture
def school(sample) -> str:
    return choices.schools(Selection()).school_name.iloc[2]


@pytest.fixture
def page(new_context):
    return new_context().new_page()


def test_a_choice_stays_from_a_link_through_the_menu_back_and_a_reload(
    page, server, school, subtests
):
    """On every page, from a link of somebody else's, without a click on a filter before. A page is
    one entry in the history."""
    go(page, server, "app.py", school=school)
    asked = set()

    def check(page_file: str, way: str) -> None:
        with subtests.test("is kept", page=page_file, way=way):
            assert query(page) == {"school": [school]}
            # Some pages ask for several schools, and in the share view one asks for nothing.
            if page.locator(".st-key-school").count():
                asked.add(page_file)
                assert chosen(page, "school") == school

    check("app.py", "link")
    walk = [*list(PAGES)[1:], "app.py"]
    for page_file in walk:
        menu(page, page_file)
        check(page_file, "menu")
    # Each step back shows the page before: no entry too many, none too few. Their number says less,
    # as a browser keeps fifty and the tab had other tests before.
    for page_file in walk[-2::-1]:
        page.go_back()
        ready(page, PAGES[page_file])
        check(page_file, "back")
    page.reload()
    ready(page, PAGES[walk[0]])
    check(walk[0], "reload")
    assert len(asked) > 6


def query(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.slow
def test_a_choice_that_was_taken_back_does_not_return_but_by_back(page, server, school):
    go(page, server, ABSENCE)
    choose(page, "school", school)
    menu(page, "pages/causes.py")
    assert chosen(page, "school") == school
    choose_all_schools(page)
    menu(page, "app.py")
    assert (chosen(page, "school"), query(page)) == ("All schools", {})
    for page_file, is_chosen in (
        ("pages/causes.py", False),
        ("pages/causes.py", True),
        (ABSENCE, True),
        (ABSENCE, False),
    ):
        with a_run(page):
            page.go_back()
        ready(page, PAGES[page_file])
        assert chosen(page, "school") == (school if is_chosen else "All schools")
        assert query(page) == ({"school": [school]} if is_chosen else {})


def choose_all_schools(page) -> None:
    field = page.locator(".st-key-school input[role=combobox]")
    with a_run(page):
        field.click()
        page.get_by_role("option", name="All schools", exact=True).click()
    page.wait_for_function("() => !location.search")
    ready(page)


@pytest.mark.slow
def test_a_day_and_a_number_stay_too(page, server):
    """A day is for staff alone; of a link to it everybody sees the newest."""
    go(page, server, ABSENCE, up_to="2026-01-20")
    assert "up to January 20, 2026" not in main_text(page)
    for_staff(page)
    assert "up to January 20, 2026" in main_text(page)
    # Of another year it is none.
    choose(page, "year", "2024-25")
    assert "2024-25" in main_text(page)
    assert "up_to" not in query(page)
    heritage = {"survey": ["Heritage staff survey"], "assumed_n": ["32"]}
    go(page, server, "pages/school_culture.py", **{key: one for key, [one] in heritage.items()})
    for page_file in (ABSENCE, "pages/school_culture.py"):
        menu(page, page_file)
        assert query(page) == heritage
    assert re.search(r"\b5 of 10\b", main_text(page))


@pytest.mark.slow
def test_a_browser_remembers_the_school_staffs_view_and_the_name(page, server, school):
    """On any page, from a bare address; names are never the first thing on a screen."""
    go(page, server, ABSENCE)
    choose(page, "school", school)
    menu(page, "pages/students.py")
    view = page.get_by_role("radiogroup", name="View")
    view.get_by_text("With names", exact=True).click()
    # Once the page has followed: a click on the menu would come before it.
    page.get_by_label("Your name").fill("Zoë; Ålund")
    # A name is sent with whatever is done next.
    choose(page, "year", "2024-25")
    menu(page, ABSENCE)
    assert view.get_by_label("With names").is_checked()
    come_back(page, server, "app.py")
    assert chosen(page, "school") == school
    assert query(page) == {"school": [school]}
    assert view.get_by_label("For staff").is_checked()
    # What moved and by which recorded reason: before anything is clicked.
    assert re.search("What moved|Nothing moved clear of chance", main_text(page))
    assert re.search("[Dd]ays missed", main_text(page))
    menu(page, "pages/students.py")
    view.get_by_text("With names", exact=True).click()
    expect(page.get_by_label("Your name")).to_have_value("Zoë; Ålund")


@pytest.mark.slow
def test_what_an_address_says_counts_more_than_what_is_remembered(page, server, school):
    """Also that all schools are meant, which a copied link says; and so does who chooses all."""
    go(page, server, ABSENCE)
    choose(page, "school", school)
    come_back(page, server, ABSENCE, year="2024-25")
    assert chosen(page, "school") == "All schools"
    page.get_by_role("button", name="Copy a link to this view").click()
    link = page.locator("[data-testid=stCode]").inner_text()
    assert link.startswith(f"{server.url}/chronic_absence?")
    assert parse_qs(urlsplit(link).query) == {"year": ["2024-25"], "school": ["All schools"]}
    page.goto(link)
    ready(page, PAGES[ABSENCE])
    assert (chosen(page, "school"), chosen(page, "year")) == ("All schools", "2024-25")
    come_back(page, server, ABSENCE)
    assert chosen(page, "school") == school
    choose_all_schools(page)
    come_back(page, server, ABSENCE)
    assert query(page) == {}


@pytest.mark.slow
def test_a_remembered_school_that_is_gone_is_all_schools(page, server):
    go(page, server, ABSENCE)
    cookie = {"name": "roundtable_school", "value": "Nowhere", "url": server.url}
    view = {"name": "roundtable_view", "value": "names", "url": server.url}
    page.context.add_cookies([cookie, view])
    come_back(page, server, ABSENCE)
    assert chosen(page, "school") == "All schools"
    assert "Nowhere" not in main_text(page)
    assert page.get_by_role("radiogroup", name="View").get_by_label("For everybody").is_checked()


@pytest.mark.slow
def test_a_school_may_be_named_by_its_id(page, server, sample):
    first = choices.schools(Selection()).iloc[0]
    go(page, server, ABSENCE, school=first.school_id)
    assert chosen(page, "school") == first.school_name
    assert query(page) == {"school": [first.school_name]}


@pytest.mark.slow
def test_a_choice_survives_a_page_without_that_filter(page, server, school):
    """School culture asks for no definition; Chronic absence still has it afterwards."""
    go(page, server, ABSENCE, school=school)
    for_staff(page)
    first = chosen(page, "definition")
    options = page.locator(".st-key-definition input[role=combobox]")
    options.click()
    other = page.get_by_role("option").nth(1).inner_text()
    page.keyboard.press("Escape")
    assert other != first
    choose(page, "definition", other)
    menu(page, "pages/school_culture.py")
    assert page.locator(".st-key-definition").count() == 0
    menu(page, ABSENCE)
    assert chosen(page, "definition") == other
    assert chosen(page, "school") == school


@pytest.mark.slow
def test_a_choice_changes_the_numbers_and_its_address_opens_the_same_view_elsewhere(
    page, server, school, new_context
):
    go(page, server, ABSENCE)
    before = main_text(page)
    choose(page, "school", school)
    assert main_text(page) != before
    elsewhere = new_context().new_page()
    elsewhere.goto(page.url)
    ready(elsewhere, PAGES[ABSENCE])
    assert chosen(elsewhere, "school") == school
    assert main_text(elsewhere) == main_text(page)


UNKNOWN = ["';drop", "nope' or 1=1 --", "<img src=http://example.invalid/x.png>", "", "x" * 2000]
FILTERS = ("school", "network", "neighborhood", "year", "grade", "definition", "survey")


IN_VAIN = "The address asks for “.{1,60}”, which is no choice of “[A-Za-z ]+” here\\.\n"

DAYS = ["1999-01-01", "2999-01-01", "soon"]
NUMBERS = ["-5", "many", "99999999999"]


@pytest.mark.slow
def test_an_impossible_choice_in_the_address_is_no_choice(page, server, subtests):
    """What a page says of each is asked of every page in test_pages, without a browser."""
    unknown = [dict.fromkeys(FILTERS, value) for value in UNKNOWN]
    for page_file, wrong in (
        (ABSENCE, sampled([*unknown, *({"up_to": day} for day in DAYS)], 2)),
        ("pages/school_culture.py", sampled(unknown, 1)),
    ):
        go(page, server, page_file)
        everything = main_text(page)
        for choice in wrong:
            with subtests.test("is no choice", page=page_file, choice=str(choice)[:200]):
                go(page, server, page_file, **choice)
                said = re.findall(f"\n{IN_VAIN}", main_text(page))
                # A day is not said to be unknown: the field for it is empty.
                asked = any(choice.values()) and "up_to" not in choice
                assert bool(said) == asked
                assert re.sub(f"\n{IN_VAIN}", "", main_text(page)) == everything
                # What this page does not ask stays, for the pages that do.
                assert "school" not in query(page)


def test_an_impossible_number_in_the_address_is_no_choice(page, server, subtests):
    for number in sampled(NUMBERS, 1):
        with subtests.test("is no choice", number=number):
            heritage = {"survey": "Heritage staff survey", "assumed_n": number}
            go(page, server, "pages/school_culture.py", **heritage)
            assert page.locator("[data-testid=stVegaLiteChart]").count()


@pytest.mark.slow
def test_a_school_in_a_chart_opens_that_school(page, server):
    """What is behind a row is one click away."""
    go(page, server, "pages/school_culture.py")
    for_staff(page)
    # Schools stand down, topics across.
    name = page.locator("[data-testid=stVegaLiteChart] svg text").get_by_text("Birch Elementary")
    name.last.scroll_into_view_if_needed()
    row = name.last.bounding_box()
    page.mouse.click(row["x"] + row["width"] + 60, row["y"] + row["height"] / 2)
    page.wait_for_function("() => new URL(location).searchParams.has('school')")
    ready(page)
    assert chosen(page, "school") == "Birch Elementary"


@pytest.mark.slow
def test_all_can_be_done_by_keyboard(page, server):
    """Tab to the first filter, open it, take the next option, and the page follows."""
    go(page, server, ABSENCE)
    before = main_text(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        key = page.evaluate(
            """() => document.activeElement.closest('[data-testid=stMain] [class*=st-key-]')
                ?.className.match(/st-key-(\\w+)/)[1]"""
        )
        if key and key != "view":
            break
    assert key == "year", "the first filter of the page"
    focused = page.locator(f".st-key-{key} input[role=combobox]")
    first = focused.input_value()
    for press in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(press)
    expect(focused).not_to_have_value(first)
    page.wait_for_function("() => new URL(location).searchParams.has('year')")
    ready(page)
    expect(page.get_by_test_id("stMain")).not_to_have_text(before, use_inner_text=True)


def test_the_keyboard_reaches_a_page_of_the_menu(page, server):
    go(page, server, "app.py")
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate("() => document.activeElement.innerText")
        if focused == PAGES[HEALTH]:
            break
    page.keyboard.press("Enter")
    ready(page, PAGES[HEALTH])


def test_every_page_of_the_menu_is_a_file():
    """The walk above covers what the menu covers."""
    assert set(PAGES) == {page for pages in frame.MENU.values() for page in pages}
