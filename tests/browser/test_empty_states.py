"""Protects pages with little on them: each says what is missing, and none breaks.

One server shows all data of this file, as a generation each of one home that is published in turn:
to start a server and to warm its pages takes longer than most of these pages.
"""

import shutil
from pathlib import Path

import pytest

from queries.load import publish
from tests.browser.visits import (
    PAGES,
    choose,
    chosen,
    for_staff,
    go,
    main_text,
    menu,
    visit,
)
from tests.support.days import DAYS, answers, calendar, enrolled, missed
from tests.support.sampled import sampled


@pytest.fixture(scope="session")
def tiny_home(make_home):
    """One school, two students, four weeks; no survey, no last year."""
    return make_home(share_view=True)


@pytest.fixture(scope="session")
def silent_home(make_home):
    """Birch has sent no attendance; the schools lie in two neighborhoods; one survey, one year."""
    return make_home(
        share_view=True,
        schools=[
            {"school_id": "alder", "neighborhood": "East"},
            {"school_id": "birch", "school_name": "Birch School", "neighborhood": "River"},
        ],
        students=[{"student_id": "ann"}, {"student_id": "ben"}],
        enrollments=[enrolled("ann"), enrolled("ben", school_id="birch")],
        calendar=calendar("alder", DAYS[:20]) + calendar("birch", DAYS[:20]),
        attendance=missed("ann", 3),
        survey_answers=answers(3),
    )


@pytest.fixture(scope="session")
def unstarted_home(make_home):
    """A year in the calendar in which nobody has sent a row yet."""
    return make_home(attendance=[], share_view=True)


@pytest.fixture(scope="session")
def one_home(tmp_path_factory):
    """An empty home, which gets what is shown of the others."""
    return tmp_path_factory.mktemp("one")


@pytest.fixture(scope="session")
def one_server(serve, one_home):
    return serve(one_home)


@pytest.fixture
def show(one_home, request):
    """show(home): the server over these data, from now on."""

    def published(name: str):
        home = request.getfixturevalue(name)
        for path in (*home.glob("generations/*.duckdb"), *home.glob("shared/*.duckdb")):
            copy = one_home / path.relative_to(home)
            if not copy.exists():
                copy.parent.mkdir(exist_ok=True)
                shutil.copy2(path, copy)
        publish.publish(one_home, publish.published(home))
        return request.getfixturevalue("one_server")

    return published


# One a day: test_pages opens every page over each of them, without a browser, every time.
HOMES = sampled(["silent_home", "tiny_home", "unstarted_home"], 1)

SILENT = {"neighborhood": "River", "school": "Birch School"}
# Chosen one after the other, in either order, this is an address that somebody may keep.
APART = [
    {"neighborhood": "East", "school": "Birch School"},
    {"neighborhood": "River", "school": "Alder School"},
]


@pytest.mark.slow
@pytest.mark.parametrize("home", HOMES)
def test_every_page_has_something_to_say(show, new_context, home, subtests):
    """Also at every combination of places, where there are some."""
    server = show(home)
    page = new_context().new_page()
    for page_file in PAGES:
        with subtests.test("has something to say", page=page_file):
            visit(page, server, page_file)
            check_words(page)
        if page_file == "pages/data_health.py":
            assert source_of(server.home) in main_text(page), "the data are these"
    if home == "silent_home":
        check_places(page, server, subtests)


def source_of(home) -> str:
    """The name of the folder that was loaded, which is another for all data."""
    (source,) = [one.source for one in publish.generations(home) if one.published]
    return Path(source).name


def check_words(page) -> None:
    words = main_text(page).split()
    assert len(words) > 20, words
    slips = {"nan", "None", "NaT", "<NA>", "inf", "not known%"}
    assert not slips.intersection(words), main_text(page)


def check_places(page, server, subtests) -> None:
    """By choice and by the menu, where a reader can choose so; else by the address."""
    go(page, server, "app.py")
    for key, name in SILENT.items():
        choose(page, key, name)
    for page_file in [*list(PAGES)[1:], "app.py"]:
        with subtests.test("has something to say", page=page_file, place=SILENT):
            menu(page, page_file)
            check_words(page)
            for key, name in SILENT.items():
                if page_file == "app.py" or page.locator(f".st-key-{key}").count():
                    assert chosen(page, key) == name
    for place in APART:
        # test_pages opens every page so.
        with subtests.test("has something to say", page="app.py", place=place):
            go(page, server, "app.py", **place)
            check_words(page)


LONG = "Overall, thinking about the whole of the past school year and all the adults here, "


@pytest.fixture(scope="session")
def long_home(make_home):
    """Thirty items of two years, one of 300 and one of 900 letters."""
    texts = [f"Item {number}: people here do what they say they will do." for number in range(28)]
    texts += [(LONG * 12)[:300], (LONG * 12)[:900]]
    years = ("2024-25", "2025-26")
    return make_home(
        share_view=True,
        survey_items=[
            {"item_id": f"q{number}", "item_text": text, "school_year": year}
            for number, text in enumerate(texts)
            for year in years
        ],
        survey_answers=[
            row
            for number in range(len(texts))
            for year in years
            for row in answers(20 + number % 3, school_year=year, item_id=f"q{number}")
            + answers(10, "Disagree", first=31, school_year=year, item_id=f"q{number}")
        ],
    )


@pytest.mark.slow
def test_thirty_long_items_are_no_long_page_and_are_there_in_full(show, new_context):
    """Under 2,600 px before anything is opened; the whole sentence where somebody points."""
    server = show("long_home")
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    go(page, server, "pages/school_culture.py")
    for staff in (False, True):
        if staff:
            for_staff(page)
        height = page.evaluate(
            "document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight"
        )
        assert height < 2600
    whole = (LONG * 12)[:900].strip()
    rows = page.locator("[data-testid=stVegaLiteChart]").first.locator("svg text")
    told = []
    for row in rows.filter(has_text=LONG[:20]).all():
        row.hover(force=True)
        told.append(page.locator("#vg-tooltip-element").inner_text())
    assert any(whole in words for words in told)
