"""Protects the first visit: any page, opened by its address on a server that has just started."""

import pytest
from playwright.sync_api import expect

from queries.load import publish
from tests.browser.visits import PAGES, for_staff, go, leave, main_text, ready
from tests.support.sampled import sampled

STUDENTS = "pages/students.py"


def check_whole(page, page_file: str) -> None:
    assert page.get_by_text("Share view").first.is_visible()
    # In this view the page that names students says for whom it is, and no more.
    headings = page.locator("[data-testid=stMain] h3").count()
    assert headings or page_file == STUDENTS, page_file


def files_of(home) -> dict[str, tuple[int, int]]:
    """Every file of a home that is served, with what would change if it were written again."""
    kept = [home / "published", *(home / "generations").iterdir()]
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in kept}


def test_the_sample_network_is_built_once_and_never_again(serve, new_context, tmp_path):
    """Two people come at once to a server without data; afterwards it is started again, and shows
    other pages before app.py: Streamlit runs a file of pages/ directly then, and nothing may rest
    on app.py. In test_swap the first page of a server is one with charts."""
    home = tmp_path / "first_home"
    server = serve(home)
    first, second = new_context().new_page(), new_context().new_page()
    first.goto(server.url)
    second.goto(server.url + "/data_health")
    ready(first, "Overview")
    ready(second, "Data health")
    assert publish.published(home)
    assert len(publish.generations(home)) == 1
    words = main_text(first)
    leave(server, first, second)
    built = files_of(home)

    again = serve(home)
    page = new_context().new_page()
    others = sampled([one for one in PAGES if one not in (STUDENTS, "app.py")], 1)
    for page_file in (STUDENTS, *others, "app.py"):
        go(page, again, page_file)
        check_whole(page, page_file)
    assert main_text(page) == words
    leave(again, page)
    assert files_of(home) == built


def test_a_stray_page_address_leads_to_a_page(server, new_context):
    """An address that is no page must not end in a blank or broken one."""
    page = new_context().new_page()
    page.goto(f"{server.url}/no_such_page")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    ready(page)


def test_a_published_survey_is_one_click_from_overview(page, server):
    go(page, server, "app.py", school="Birch Elementary")
    page.get_by_role("link", name="Heritage staff survey").click()
    ready(page, "School culture")
    assert main_text(page).startswith("All schools · School culture")
    assert "Agreement rose on 10 of 10 items" in main_text(page)


@pytest.mark.slow
def test_on_paper_a_page_is_whole_and_says_whom_it_is_for(new_context, server):
    """No menu, no filter and no button is printed; and what is longer than a screen is."""
    page = new_context().new_page()
    go(page, server, "pages/chronic_absence.py")
    for_staff(page)
    page.emulate_media(media="print")
    for pressed in ("stSidebar", "stSelectbox", "stRadio", "stPopover", "stPageLink"):
        for one in page.get_by_test_id(pressed).all():
            expect(one).to_be_hidden()
    expect(page.get_by_text("Keep inside.").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    cut = page.get_by_test_id("stMain").evaluate("one => getComputedStyle(one).overflowY")
    assert cut == "visible"
    assert page.evaluate("document.documentElement.scrollHeight") > page.viewport_size["height"]
