"""Protects the tests that write from each other: what one wrote is gone for the next one."""

from datetime import date

import pytest
from playwright.sync_api import expect

from queries import access, team
from queries.team import journal
from queries.team.records import Definition, Pledge
from tests.browser import sizes, writing
from tests.browser.writing import go, run_again, said, save, settled, sign

own_server, page = writing.own_server, writing.page
NAMES = access.at_this_machine("names")
DAY = date(2026, 3, 2)


@pytest.mark.slow
def test_what_was_written_is_gone_and_pages_follow(page, own_server, serve, sample_home):
    """Written by a page and by others; and what is written next is not taken for what was there."""
    sample = journal.everything(sample_home)
    (last,) = journal.read(own_server.home, "meeting")

    def promise(words: str) -> None:
        release = {"released_by": "ann", "released_on": DAY}
        team.add(NAMES, "ann", [Pledge(last.record, words, words, DAY, words, **release)])

    promise("written by others")
    go(page, own_server, "pages/meeting.py", step="Since last time")
    sign(page)
    expect(page.get_by_text("written by others").first).to_be_visible()
    became = page.get_by_test_id("stExpander").last
    became.locator("summary").click()
    # A click into what still moves may be lost.
    settled(page)
    became.get_by_label("What we learned").fill("written by a page")
    became.get_by_role("radiogroup", name="Who may read this?").get_by_text("Everybody").click()
    expect(became.get_by_role("radio", name="Everybody")).to_be_checked()
    save(page, became, "Save what became of it")
    said(page, "Saved.")
    expect(page.get_by_text("written by a page").first).to_be_visible()
    assert len(journal.everything(own_server.home)) == len(sample) + 2

    writing.own(serve, sample_home).put_back()
    assert journal.everything(own_server.home) == sample
    assert journal.state(own_server.home) == journal.state(sample_home)
    run_again(page)
    expect(page.get_by_text("written by")).to_have_count(0)

    promise("written next")
    run_again(page)
    expect(page.get_by_text("written next").first).to_be_visible()
    expect(page.get_by_text("written by others")).to_have_count(0)
    newest = journal.everything(own_server.home)[-1]
    assert (newest.number, newest.content.what) == (sample[-1].number + 1, "written next")


@pytest.mark.slow
def test_with_two_local_definitions_how_we_count_keeps_to_its_budget(page, own_server):
    """Of words: by one of them, beside the other."""
    for name in ("Our district with a rule of its own", "The county office of education"):
        said = Definition(name, "2025-26", 12, "percent", 20, "fraction", "The board, July 1, 2025")
        team.add(NAMES, "ann", [said])
    go(page, own_server, "pages/how_we_count.py", definition=name, compare_with="15 days absent")
    sizes.choose_view(page, "staff")
    expect(page.get_by_text("Our district with a rule of its own:").first).to_be_visible()
    settled(page)
    assert not sizes.over_budget(sizes.size_of(page), "pages/how_we_count.py")
    # Its definitions go with this test, and no page may be drawn by them then.
    settled(page)
