"""Protects the meeting: from last time's pledges to a page to send round, and three priorities."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from queries import access, meeting, network
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Pledge, Pride
from tests.browser import writing
from tests.browser.test_words_are_text import HOSTILE, check_nothing_ran
from tests.browser.visits import main_text, menu
from tests.browser.writing import (
    axe,
    fold,
    form,
    go,
    opened,
    pick,
    reload,
    said,
    save,
    settled,
    sign,
    view,
)

PAGE = "pages/meeting.py"
ALL = access.at_this_machine("names")
EVERYBODY, STAFF = "Everybody: it names no student", "Staff only"


own_server, page = writing.own_server, writing.page


def turn_to(page, step: str) -> None:
    """Choose a step of the meeting."""
    pick(page, step_of(page), step)


def next_step(page) -> str:
    """Turn to the next step by key, as at a projector; its name."""
    before = step_of(page).input_value()
    page.get_by_role("heading").first.click()
    page.keyboard.press("Shift+ArrowRight")
    expect(step_of(page)).not_to_have_value(before)
    settled(page)
    return step_of(page).input_value()


def step_of(page):
    """The field that says which step of the meeting it is."""
    return page.get_by_role("combobox", name=re.compile("Step"))


def may_read(where, who: str) -> None:
    where.get_by_role("radiogroup", name="Who may read this?").get_by_text(who, exact=True).click()
    expect(where.get_by_role("radio", name=who)).to_be_checked()


# --- The walk ---------------------------------------------------------------------------------


def test_from_the_pledges_of_last_time_to_a_page_to_send_round(page, own_server):
    go(page, own_server, PAGE)
    assert step_of(page).input_value() == "Begin the meeting"
    assert next_step(page) == "Since last time"
    last_time = meeting.pledges(Selection())
    assert "4 of 7 pledges kept; 3 open" in main_text(page)
    assert "Since “February table” on February 13, 2026" in main_text(page)
    for row in last_time.itertuples():
        assert row.what in main_text(page)

    # What became of one of them.
    sign(page)
    bus = last_time[last_time.who == "Metro Bus Student Desk"].iloc[0]
    became = nth_fold(page, list(last_time.record).index(bus.record))
    became.get_by_label("What we learned").fill("It leaves at 7:10 now.")
    save(page, became, "Save what became of it")
    said(page, "Not saved yet: say who may read it")
    may_read(became, EVERYBODY)
    save(page, became, "Save what became of it")
    said(page, "Saved.")
    assert "5 of 7 pledges kept" in main_text(page)
    assert "It leaves at 7:10 now." in main_text(page)

    # To the end by key, the data large and then the empty chair, and back to the form.
    seen = []
    while not seen or seen[-1] != "Empty chairs":
        seen.append(next_step(page))
    assert seen[0] == "What we move together"
    turn_to(page, "Begin the meeting")
    begin = form(page, "Begin the meeting")
    begin.get_by_label("What the meeting is called").fill("March table")
    pick(page, begin.get_by_role("combobox", name="Partners who come"), "Hillside Health Center")
    may_read(begin, EVERYBODY)
    save(page, begin, "Begin the meeting")
    said(page, "The meeting has begun: March table.")
    meeting_chosen = page.get_by_role("combobox", name="Meeting")
    expect(meeting_chosen).to_have_value("March table, March 20, 2026")
    assert step_of(page).input_value() == "What we are proud of"

    turn_to(page, "Stop, continue, start")
    words = form(page, "Save")
    words.get_by_label("What do we start?").fill("One nurse for four schools.")
    may_read(words, EVERYBODY)
    save(page, words, "Save")
    said(page, "Saved.")

    turn_to(page, "What we promise")
    for what, who in (("Write to every family by Friday", EVERYBODY), ("Not for all", STAFF)):
        promise = form(page, "Save the pledge")
        promise.get_by_label("We promise").fill(what)
        promise.get_by_label("Who", exact=True).fill("Alder Elementary")
        promise.get_by_label("How we will know").fill("letters sent")
        may_read(promise, who)
        save(page, promise, "Save the pledge")
        said(page, "Saved: Alder Elementary by April 17, 2026.")
    assert "Not for all" not in main_text(page)

    turn_to(page, "To send round")
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the page to send round").click()
    text = download.value.path().read_text(encoding="utf-8")
    for words in ("March table", "One nurse for four schools.", "Write to every family by Friday"):
        assert words in text
        assert words in main_text(page)
    assert "Not for all" not in text
    assert text.count("<img ") == 3

    # A reload keeps the place, and the next meeting looks at what was promised in this one.
    reload(page, "Meeting")
    expect(meeting_chosen).to_have_value("March table, March 20, 2026")
    assert step_of(page).input_value() == "To send round"
    go(page, own_server, PAGE)
    assert next_step(page) == "Since last time"
    assert "0 of 2 pledges kept; 2 open" in main_text(page)
    assert "Write to every family by Friday" in main_text(page)
    menu(page, "app.py")
    assert "pledges kept" in main_text(page)
    assert "Not for all" not in main_text(page)


@pytest.mark.slow
def test_on_a_wall_a_meeting_is_the_share_view_and_a_card_a_screen(page, own_server):
    """Whatever view its reader chose; two clicks from the first page. Arrows turn, Back turns back,
    a reload stays, a promise is taken beside a card, and then the view is the reader's again."""
    go(page, own_server, "app.py")
    view(page, "For staff")
    page.get_by_test_id("stMain").get_by_role("link", name="Meeting").click()
    opened(page, "Meeting")
    pick(page, page.get_by_role("combobox", name="Meeting"), "February table, February 13, 2026")
    page.get_by_role("button", name="Present").click()
    on_the_wall = page.get_by_role("button", name="End")
    expect(on_the_wall).to_be_visible()
    for hidden in (".st-key-filters", "[data-testid=stSidebar]"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_role("radiogroup", name="View")).to_have_count(0)
    settled(page)
    wall = main_text(page)
    assert "Keep inside." not in wall and "Written, and not released" not in wall

    def at_step(name: str) -> None:
        expect(step_of(page)).to_have_value(name)
        settled(page)

    at_step("What we are proud of")
    for name in ("Since last time", "What we move together"):
        page.keyboard.press("ArrowRight")
        at_step(name)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("stImage")).to_be_visible()
    settled(page)
    card = page.get_by_test_id("stImage").get_by_role("img").bounding_box()
    assert card["height"] > 600 and card["y"] + card["height"] <= page.viewport_size["height"]
    page.get_by_role("button", name="Take a pledge").click()
    promise = form(page, "Save the pledge")
    expect(promise).to_be_visible()
    # In a field an arrow moves the cursor and turns nothing.
    promise.get_by_label("We promise").press("ArrowRight")
    settled(page)
    page.keyboard.press("Escape")
    expect(promise).to_be_hidden()
    page.go_back()
    at_step("What we move together")
    reload(page, "Meeting")
    at_step("What we move together")
    on_the_wall.click()
    expect(page.get_by_text("Keep inside.").first).to_be_visible()
    at_step("What we move together")


@pytest.mark.slow
def test_a_director_sets_three_priorities_and_not_four(page, own_server):
    assert len(network.priorities(Selection())) == 2
    go(page, own_server, "pages/network.py")
    view(page, "For staff")
    fold(page, "Set a priority, or let go of one")
    sign(page)
    for goal, answer in ((20, "Set."), (19, "There are 3 priorities already")):
        setting = form(page, "Set this priority")
        pick(page, setting.get_by_role("combobox", name="What we want to move"), "Chronic absence")
        setting.get_by_label("Goal, percent").fill(str(goal))
        setting.get_by_role("spinbutton", name="month, By").click()
        page.keyboard.type("06112027")
        save(page, setting, "Set this priority")
        said(page, answer)
    assert list(network.priorities(Selection()).goal_percent) == [25, 80, 20]
    # It stands on Network, on Overview and in the meeting.
    told = "Chronic absence: 20% or less by June 11, 2027"
    assert told in main_text(page)
    menu(page, "app.py")
    page.get_by_role("button", name="3 priorities").click()
    expect(page.get_by_text(told)).to_be_visible()
    menu(page, PAGE)
    turn_to(page, "What we move together")
    assert told in main_text(page)
    assert not axe(page)


@pytest.mark.slow
def test_what_is_typed_stays_until_it_is_saved(page, own_server):
    """Turning to other steps, then to another page, and back."""
    (last,) = meeting.meetings(Selection()).itertuples()
    go(page, own_server, PAGE)
    pick(page, page.get_by_role("combobox", name="Meeting"), f"{last.name}, February 13, 2026")
    turn_to(page, "What we promise")
    promise = form(page, "Save the pledge")
    promise.get_by_label("We promise").fill("Ask the bus company")
    may_read(promise, STAFF)
    turn_to(page, "Stop, continue, start")
    words = form(page, "Save").get_by_label("What do we start?")
    words.fill("One nurse for four schools.")
    turn_to(page, "What we promise")
    menu(page, "app.py")
    menu(page, PAGE)
    expect(promise.get_by_label("We promise")).to_have_value("Ask the bus company")
    expect(promise.get_by_role("radio", name=STAFF)).to_be_checked()
    turn_to(page, "Stop, continue, start")
    expect(words).to_have_value("One nurse for four schools.")


def test_what_is_for_staff_is_on_no_wall_until_somebody_has_read_and_released_it(page, own_server):
    """In the share view nobody writes into it, and nothing typed for staff stands there; nor on the
    page of somebody else who meets."""
    (name,) = journal.add(own_server.home, "ann", [pledge("among ourselves", result="not well")])
    go(page, own_server, PAGE)
    turn_to(page, "Since last time")
    promised = page.get_by_test_id("stExpander")
    told = len(meeting.pledges(Selection()))
    assert promised.count() == told - 1
    assert "among ourselves" not in main_text(page)
    assert "A pledge that nobody has released yet" in main_text(page)
    view(page, "For staff")
    assert promised.count() == told
    became = promised.filter(has_text="among ourselves: among ourselves")
    became.locator("summary").click()
    settled(page)
    expect(became.get_by_label("What we learned")).to_have_value("not well")
    became.get_by_label("What we learned").fill("typed for staff")
    may_read(became, STAFF)
    view(page, "For everybody")
    other = page.context.new_page()
    go(other, own_server, PAGE)
    turn_to(other, "Since last time")
    for words in ("among ourselves", "not well", "typed for staff"):
        assert words not in page.content()
        assert words not in other.content()
    assert journal.history(own_server.home, name)[-1].content.released_on is None

    view(page, "For staff")
    sign(page)
    page.get_by_role("button", name="I have read it").click()
    said(page, "Released.")
    entry = journal.history(own_server.home, name)[-1].content
    assert (entry.released_by, entry.released_on is not None) == ("Ms. Lee", True)
    reload(other, "Meeting")
    assert "among ourselves" in main_text(other)
    assert "typed for staff" not in other.content()


def pledge(what: str, **release) -> Pledge:
    """A promise made at the sample's meeting."""
    (last,) = meeting.meetings(Selection()).itertuples()
    return Pledge(last.record, what, what, last.held_on.date(), what, **release)


def nth_fold(page, number: int):
    """The fold of this number, opened."""
    found = page.get_by_test_id("stExpander").nth(number)
    if not found.get_by_label("What we learned").is_visible():
        found.locator("summary").click()
        settled(page)
    return found


@pytest.mark.slow
def test_two_who_say_what_became_of_one_pledge_both_learn_of_it(new_context, own_server):
    """Where one wrote for staff alone, the share view tells the other so, and not what."""
    first = meeting.pledges(Selection()).iloc[3]
    place = list(meeting.pledges(Selection()).record).index(first.record)
    one, other = pages = [new_context().new_page() for _ in range(2)]
    for page, words in zip(pages, ("mine", "yours"), strict=True):
        go(page, own_server, PAGE)
        turn_to(page, "Since last time")
        sign(page)
        became = nth_fold(page, place)
        became.get_by_label("What we learned").fill(words)
        may_read(became, EVERYBODY)
    for page in pages:
        save(page, nth_fold(page, place), "Save what became of it")
    said(one, "Saved.")
    said(other, "Ms. Lee changed this while you were writing. Theirs: “kept: mine”")
    assert "Yours: “kept: yours”" in main_text(other)
    save(other, nth_fold(other, place), "Save what became of it")
    said(other, "Saved.")
    before = journal.history(own_server.home, first.record)
    assert [entry.content.result for entry in before][-2:] == ["mine", "yours"]

    became = nth_fold(one, place)
    became.get_by_label("What we learned").fill("mine again")
    may_read(became, EVERYBODY)
    hidden = {"result": "for us alone", "released_by": "", "released_on": None}
    theirs = replace(before[-1].content, **hidden)
    journal.change(own_server.home, "Mr. Diaz", first.record, before[-1].version, theirs)
    save(one, became, "Save what became of it")
    said(one, "Theirs: “what is written there is for staff”. Yours: ")
    assert "for us alone" not in one.content()


@pytest.mark.slow
def test_hostile_text_in_every_field_is_text(page, own_server):
    (last,) = meeting.meetings(Selection()).itertuples()
    text = " ".join(HOSTILE)
    release = {"released_by": text, "released_on": last.held_on.date()}
    journal.add(own_server.home, text, [pledge(text, **release), pledge(text)])
    journal.add(own_server.home, text, [Pride(last.record, "S01", text, **release)])
    before = journal.history(own_server.home, last.record)[-1]
    after = replace(before.content, name=text, stop=text, partners=(text,), **release)
    journal.change(own_server.home, text, last.record, before.version, after)
    go(page, own_server, PAGE)
    view(page, "For staff")
    check_nothing_ran(page)
    # In its list and out of it, and on every step that shows words.
    page.get_by_role("combobox", name="Meeting").click()
    page.get_by_role("option").nth(1).click()
    settled(page)
    for step in ("What we are proud of", "Stop, continue, start", "What we promise"):
        turn_to(page, step)
        check_nothing_ran(page)
    turn_to(page, "To send round")
    check_nothing_ran(page)
    assert HOSTILE[1] in main_text(page)
