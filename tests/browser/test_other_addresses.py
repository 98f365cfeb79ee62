"""Protects what this machine shows from pages of other addresses in a reader's browser.

Where people sign in, test_sign_in_page.py does.
"""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser import attacks
from tests.browser.conftest import LAPTOP
from tests.browser.visits import CHROMIUM_FLAGS, address_of, ready


@pytest.fixture
def other_port():
    """Where somebody else serves a page on this machine."""
    with attacks.another_site() as port:
        yield port


@pytest.fixture
def reader(tabs, browser_type, browser_type_launch_args):
    """Somebody whose browser finds other sites, too."""
    flags = [*CHROMIUM_FLAGS, attacks.CHROMIUM_NAMES]
    with browser_type.launch(**browser_type_launch_args | {"args": flags}) as browser:
        yield browser.new_context(**LAPTOP)


@pytest.mark.slow
def test_other_sites_get_nothing_of_who_reads_at_this_machine(server, reader, other_port):
    """Streamlit sends no headers of ours: a window that another site opened says that it is open,
    and a picture whose address somebody gave to it is shown there. Neither can be read."""
    page = reader.new_page()
    known = attacks.open_with_a_file(page, f"{server.url}/chronic_absence")
    for site in attacks.SITES:
        other = reader.new_page()
        other.goto(f"http://{site}:{other_port}/")
        learnt = attacks.attack(other, server.url, known).by
        heard = learnt.pop("open a connection")
        assert not heard or "another address" in heard, site
        assert "For everybody" not in heard and "Birch" not in heard, site
        assert learnt.pop("load as a picture") in ("", "1600 wide")
        assert learnt.pop("open a window") in ("", "it is open")
        assert not any(learnt.values()), (site, learnt)
    # The same from its own address.
    page.goto(f"{server.url}/_stcore/health")
    learnt = attacks.attack(page, server.url, known).by
    assert "For everybody" in learnt["open a connection"] and learnt["read"]
    assert learnt["send a file"] in ("204", "400"), "of a page that was left meanwhile"


@pytest.mark.slow
def test_a_name_that_points_to_this_machine_gets_nothing(server, reader):
    """As after DNS rebinding: the page is its own origin, under a name of somebody else."""
    known = attacks.open_with_a_file(reader.new_page(), f"{server.url}/chronic_absence")
    page, base = reader.new_page(), f"http://{attacks.REBOUND}:{server.port}"
    page.goto(f"{base}/")
    assert attacks.attack(page, base, known).by["open a connection"] == ""
    expect(page.get_by_role("heading", level=1)).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"], ids=["same site", "another site"])
@pytest.mark.parametrize("page_file", ["app.py", "pages/students.py"])
def test_no_other_page_shows_roundtable_in_a_frame(
    server, new_context, other_port, page_file, name
):
    address = f"http://{name}:{server.port}{address_of(page_file)}"
    page = new_context().new_page()
    with page.expect_event("framenavigated", lambda one: one.url.startswith(address)):
        page.goto(f"http://localhost:{other_port}/?frame={quote(address, safe='')}")
    shown = page.frames[1]
    shown.wait_for_url("about:blank")
    assert shown.locator("body").inner_text() == ""
    page.goto(address)
    ready(page)
    assert page.get_by_role("heading", level=1).inner_text(), "and by itself it is there"
