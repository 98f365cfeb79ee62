"""Protects what a director sees without looking for it: the shared cause and the empty chair."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from queries.team import journal
from queries.team.records import Partner, Seat, Story
from tests.browser import writing
from tests.browser.test_words_are_text import HOSTILE, check_nothing_ran
from tests.browser.visits import a_run, choose, count_clicks, main_text, menu, ready
from tests.browser.writing import LAPTOP, PHONE, axe, every_look, go, settled, unfold, view
from tests.support.days import DAYS, calendar, enrolled, missed

NETWORK, CAUSES = "pages/network.py", "pages/causes.py"
EAST = ["alder", "birch", "cedar"]
WEST = ["dogwood", "elm", "fir", "ginkgo"]
DAY = date(2025, 9, 20)
# A partner, and what somebody said, that mean something elsewhere.
DENTIST = HOSTILE[0]
WORDS = " ".join(HOSTILE)


page = writing.page


def first_sentence(page) -> str:
    """The first heading under the page's question."""
    heading = page.locator("[data-testid=stMain] h3").first
    expect(heading).to_be_in_viewport()
    return heading.inner_text()


@pytest.fixture(scope="session")
def planted_home(make_home):
    """Four schools in the west share dental pain, three in the east asthma; of 60 students each 30
    are chronically absent, 18 with the cause. The dentist of the west sits nowhere."""
    schools = [(school, "East") for school in EAST] + [(school, "West") for school in WEST]
    everybody = [(f"{school}-{number}", school) for school, _ in schools for number in range(60)]
    absent = [(f"{school}-{number}", school) for school, _ in schools for number in range(30)]
    about = {"school_year": "2025-26", "evidence": "nurse", "confidence": "sure"}
    home = make_home(
        share_view=True,
        learned=[
            {
                "student_id": student,
                "school_id": school,
                "cause": "asthma" if school in EAST else "dental pain",
                "learned_on": DAY,
                **about,
            }
            for student, school in absent
            if int(student.split("-")[1]) < 18
        ],
        schools=[
            {"school_id": school, "school_name": school.title(), "neighborhood": neighborhood}
            for school, neighborhood in schools
        ],
        students=[{"student_id": student} for student, _ in everybody],
        enrollments=[enrolled(student, school_id=school) for student, school in everybody],
        calendar=[row for school, _ in schools for row in calendar(school, DAYS[:20])],
        attendance=[
            row for student, school in absent for row in missed(student, 1, 2, 20, school_id=school)
        ],
        partners=[
            {"partner_id": "1", "partner_name": "Breathing", "causes": "asthma"},
            {"partner_id": "2", "partner_name": "Baker", "causes": "work"},
        ],
    )
    journal.add(
        home,
        "the team",
        [
            Partner(DENTIST, ("Dental pain",), ("West",), (), HOSTILE[1]),
            Seat("alder", "partner", "Breathing", DAY),
            Seat("elm", "family", HOSTILE[2], DAY),
            Story("dental pain", "fir", WORDS, HOSTILE[3], DAY),
            Story("dental pain", "elm", "Nobody released this."),
        ],
    )
    return home


@pytest.fixture(scope="session")
def planted(serve, planted_home):
    return serve(planted_home)


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


def test_a_cause_planted_elsewhere_is_the_one_that_is_found(page, planted):
    """In a network as small as this the share view tells of each of its schools.
    Partners and stories are text there, on both pages and in both views."""
    page.set_viewport_size(PHONE)
    go(page, planted, NETWORK)
    empty = "and no partner for dental pain is at the table"
    assert first_sentence(page) == f"Dental pain is shared by all 4 schools in West, {empty}"
    assert f"Missing from the table: {DENTIST}." in shown(page)
    check_words(page)
    turn_to(page, CAUSES)
    for name in ("For everybody", "For staff"):
        view(page, name)
        check_words(page)
        assert " ".join(WORDS.split()) in shown(page)
    turn_to(page, NETWORK)
    assert first_sentence(page) == f"Dental pain is shared by all 4 schools in West, {empty}"
    check_words(page)
    choose(page, "neighborhood", "East")
    settled(page)
    assert first_sentence(page) == (
        "Asthma is shared by all 3 schools in East, and every partner we know for it is at a table"
    )
    assert "Missing from the table" not in main_text(page)


def turn_to(page, page_file: str) -> None:
    """Go to a page by the menu, which stands beside a page as wide as a laptop."""
    page.set_viewport_size(LAPTOP)
    menu(page, page_file)
    page.set_viewport_size(PHONE)
    settled(page)


def shown(page) -> str:
    """All words of the page; what keeps an address from becoming a link has no width."""
    return main_text(page).replace("\N{WORD JOINER}", "")


def check_words(page) -> None:
    """What people wrote stands there as text, and only what this page may show of it."""
    check_nothing_ran(page)
    assert not page.locator("[data-testid=stMain] a[href*=invalid]").count()
    assert DENTIST in shown(page)
    assert "Nobody released this" not in page.content()
    # Who sits there beside partners is not for everybody, and no page asks for it.
    assert HOSTILE[2] not in shown(page).replace(WORDS, "")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_both_pages_are_accessible_for_staff(page, server):
    """In both looks, with every fold open; test_every_page looks at them as everybody sees them."""
    go(page, server, NETWORK)
    view(page, "For staff")
    for page_file in (NETWORK, CAUSES):
        menu(page, page_file)
        unfold(page)
        for look in every_look(page, sizes=[LAPTOP]):
            assert not axe(page), f"{page_file}, {look}"


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
