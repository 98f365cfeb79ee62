"""Protects readers while data are loaded: an open page goes over to the new generation, whole."""

from datetime import date

import pytest
from playwright.sync_api import expect

from pages.shared import formats
from queries import absence
from queries.load import load, publish
from queries.selection import Selection
from tests.browser.visits import choose, for_staff, go, leave, ready
from tests.support.exchange import write_school
from tests.support.readers import STAFF

TODAY = date(2026, 8, 1)


def rate_shown(page) -> str:
    return page.locator("[data-testid=stMetricValue]").first.inner_text().strip()


@pytest.mark.slow
def test_an_open_page_shows_the_new_generation_at_its_next_run(
    serve, new_context, tmp_path, use_home
):
    home = tmp_path / "swapped"
    use_home(home)
    load(write_school(tmp_path / "before", students=10, absent=2), home, today=TODAY)
    server = serve(home)
    page = new_context().new_page()
    go(page, server, "pages/chronic_absence.py")
    assert rate_shown(page) == "withheld", "two of ten, for everybody"
    for_staff(page)
    assert rate_shown(page) == "20%"

    load(write_school(tmp_path / "after", students=10, absent=7), home, today=TODAY)
    assert rate_shown(page) == "20%", "an open page does not change under the reader"
    choose(page, "school", "Alder School")
    ready(page)
    expect(page.locator("[data-testid=stMetricValue]").first).to_have_text("70%")
    assert formats.percent(absence.headline(Selection(), STAFF).rate[0]) == "70%"

    # And back: the first generation is published again.
    publish.publish(home, publish.generations(home)[1].name)
    page.reload()
    ready(page)
    for_staff(page)
    assert rate_shown(page) == "20%"
    leave(server, page)
