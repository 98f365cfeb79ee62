"""Protects who sits at the table: a chair filled, a partner named, a story told once it was read.

Every test has a home of its own: the sample network, with what its schools wrote.
"""

import re
import shutil
from datetime import date

import pytest
from playwright.sync_api import expect

from queries import access, network, team
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Partner, Seat, Story
from tests.browser.test_words_are_text import HOSTILE, check_nothing_ran
from tests.browser.visits import axe, choose, go, main_text, ready, still

NETWORK, CAUSES = "pages/network.py", "pages/causes.py"
ALDER, BIRCH = "Alder Elementary", "Birch Elementary"
DAY = date(2026, 3, 2)
NAMES = access.at_this_machine("names")
STORY = "Nobody had asked for a second inhaler."


@pytest.fixture
def own_server(serve, sample_home, tmp_path, use_home):
    """A server over a copy of the sample, to write in; tests read and write the same store."""
    home = tmp_path / "own"
    shutil.copytree(sample_home, home)
    use_home(home)
    return serve(home)


@pytest.fixture
def page(new_context):
    return new_context().new_page()


def settled(page) -> None:
    page.wait_for_timeout(200)
    ready(page)


def sign(page, name: str = "Ms. Lee") -> None:
    page.get_by_label("Your name").fill(name)


def view(page, name: str) -> None:
    page.get_by_role("radiogroup", name="View").get_by_text(name, exact=True).click()
    settled(page)


def fold(page, label: str):
    """The fold of this name, opened."""
    found = page.get_by_test_id("stExpander").filter(
        has=page.locator("summary").get_by_text(label, exact=True)
    )
    if not found.get_by_test_id("stExpanderDetails").is_visible():
        found.locator("summary").click()
        settled(page)
    return found


def pick(page, inside, label: str, option: str) -> None:
    """Choose an option by typing it, or add it where it is in no list."""
    still(page)
    inside.get_by_role("combobox", name=label).click()
    page.keyboard.type(option)
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    settled(page)


def find(page, inside, label: str, words: str) -> None:
    """Choose the option in which these words stand."""
    still(page)
    inside.get_by_role("combobox", name=label).click()
    page.keyboard.type(words)
    page.get_by_role("option").filter(has_text=words).first.click()
    settled(page)


def save(page, inside, label: str) -> None:
    inside.get_by_role("button", name=label, exact=True).click()
    settled(page)


def said(page, words: str) -> str:
    alert = page.get_by_test_id("stAlert").filter(has_text=words).first
    expect(alert).to_be_visible()
    ready(page)
    return alert.inner_text()


def chair(page, school: str, seat: str):
    """The mark of a chair; an empty one is a ring."""
    return page.locator(f'svg path[aria-label*="School: {school}; Chair: {seat};"]')


def empty_chairs(page) -> int:
    (count,) = re.findall(r"(\d+) of 45 chairs are empty", main_text(page))
    return int(count)


# --- Seats ------------------------------------------------------------------------------------


def test_an_empty_chair_is_filled_and_given_up(page, own_server):
    """In the view for everybody, as with partners in the room; the ring becomes a dot and back."""
    go(page, own_server, NETWORK)
    before = empty_chairs(page)
    expect(chair(page, ALDER, "Student")).to_have_attribute("fill", "transparent")
    form = fold(page, "Fill a chair")
    pick(page, form, "School", ALDER)
    pick(page, form, "Chair", "Student")
    expect(form.get_by_text("stands on no page, so it is not asked")).to_be_visible()
    assert not form.get_by_role("textbox", name="Who sits there").count()
    save(page, form, "Save who sits there")
    said(page, "Not saved yet: write your name above.")
    sign(page)
    save(page, form, "Save who sits there")
    said(page, f"Saved: the student’s chair at {ALDER} is taken.")
    expect(chair(page, ALDER, "Student")).not_to_have_attribute("fill", "transparent")
    assert empty_chairs(page) == before - 1

    form = fold(page, "Change a seat, or give it up")
    pick(page, form, "Which seat", f"{ALDER} · Student")
    form.get_by_text("Give this seat up").click()
    save(page, form, "Save this seat")
    said(page, "Saved. What stood there before is kept.")
    expect(chair(page, ALDER, "Student")).to_have_attribute("fill", "transparent")
    assert empty_chairs(page) == before


def test_a_name_that_staff_wrote_down_is_not_shown_to_everybody(page, own_server):
    """Nor is it lost when somebody changes the seat in the view that does not show it."""
    go(page, own_server, NETWORK)
    view(page, "For staff")
    sign(page)
    form = fold(page, "Fill a chair")
    pick(page, form, "School", ALDER)
    pick(page, form, "Chair", "Student")
    form.get_by_role("textbox", name="Who sits there").fill("Zacharias")
    save(page, form, "Save who sits there")
    said(page, "is taken")
    form = fold(page, "Change a seat, or give it up")
    pick(page, form, "Which seat", f"{ALDER} · Student")
    expect(form.get_by_role("textbox", name="Who sits there")).to_have_value("Zacharias")
    view(page, "For everybody")
    form = fold(page, "Change a seat, or give it up")
    assert "Zacharias" not in page.content()
    save(page, form, "Save this seat")
    said(page, "Saved.")
    assert "Zacharias" not in page.content()
    (seat,) = [
        one for one in journal.read(own_server.home, "seat") if one.content.name == "Zacharias"
    ]
    assert seat.version == 2


def test_two_who_change_one_seat_both_learn_of_it_and_lose_no_word(new_context, own_server):
    (record,) = team.add(NAMES, "the team", [Seat("S02", "partner", "Clinic", DAY)])
    one, other = new_context().new_page(), new_context().new_page()
    forms = {}
    for page, name in ((one, "Ms. Lee"), (other, "Mr. Diaz")):
        go(page, own_server, NETWORK)
        sign(page, name)
        forms[page] = fold(page, "Change a seat, or give it up")
        pick(page, forms[page], "Which seat", f"{BIRCH} · Partner: Clinic")
        pick(page, forms[page], "Who sits there", f"{name}’s partner")
    save(one, forms[one], "Save this seat")
    said(one, "Saved.")
    save(other, forms[other], "Save this seat")
    words = said(other, "Ms. Lee changed this while you were writing.")
    assert "Ms. Lee’s partner" in words
    assert "Mr. Diaz’s partner" in words
    field = forms[other].get_by_role("combobox", name="Who sits there")
    expect(field).to_have_value("Mr. Diaz’s partner")
    save(other, forms[other], "Save this seat")
    said(other, "Saved.")
    names = [entry.content.name for entry in team.history(record)]
    assert names == ["Clinic", "Ms. Lee’s partner", "Mr. Diaz’s partner"]


# --- Partners ---------------------------------------------------------------------------------


def test_a_partner_that_was_added_is_named_for_its_cause(page, own_server):
    go(page, own_server, NETWORK)
    sign(page)
    form = fold(page, "Add a partner")
    form.get_by_label("Name", exact=True).fill("Aardvark Air")
    save(page, form, "Save this partner")
    said(page, "choose what they work on")
    pick(page, form, "Causes they work on", "asthma")
    pick(page, form, "Neighborhoods or schools they reach", BIRCH)
    form.get_by_label("How to reach them").fill("air@example.org")
    save(page, form, "Save this partner")
    said(page, "Saved: Aardvark Air works on asthma.")
    asthma = page.get_by_test_id("stMarkdown").filter(has_text=re.compile("^Asthma:"))
    expect(asthma).to_contain_text("to ask: Aardvark Air")
    (added,) = [
        one.content
        for one in journal.read(own_server.home, "partner")
        if one.content.partner_name == "Aardvark Air"
    ]
    assert added == Partner("Aardvark Air", ("asthma",), (), ("S02",), "air@example.org")

    # It takes the chair, is called otherwise, and is taken out of the list again.
    form = fold(page, "Fill a chair")
    pick(page, form, "School", BIRCH)
    pick(page, form, "Who sits there", "Aardvark Air")
    save(page, form, "Save who sits there")
    expect(asthma).to_contain_text("Aardvark Air at the table")
    save_again = fold(page, "Fill a chair")
    pick(page, save_again, "Who sits there", "Aardvark Air")
    save(page, save_again, "Save who sits there")
    said(page, "choose somebody who does not sit there already")
    form = fold(page, "Correct a partner that was added")
    pick(page, form, "Which partner", "Aardvark Air")
    form.get_by_label("Name", exact=True).fill("Zebra Air")
    save(page, form, "Save the correction")
    said(page, "Saved. What stood there before is kept.")
    expect(asthma).to_contain_text("Zebra Air")
    assert "Zebra Air" in set(network.written(Selection()).name)
    form.get_by_text("Take this partner out of the list").click()
    save(page, form, "Save the correction")
    expect(page.get_by_text("Zebra Air")).to_have_count(0)


# --- Stories ----------------------------------------------------------------------------------


def story_form(page, words: str):
    form = fold(page, "Read, correct, release or take back a story")
    find(page, form, "Which story", words)
    return form


def test_a_story_is_told_once_it_was_read_and_not_when_it_was_corrected(
    page, new_context, own_server
):
    director = new_context().new_page()
    go(director, own_server, CAUSES)

    def everybody_reads(words: str) -> bool:
        director.reload()
        ready(director, "Causes")
        return words in main_text(director)

    go(page, own_server, CAUSES)
    assert not page.get_by_text("Write a story").count(), "for the view with names alone"
    view(page, "With names")
    sign(page)
    form = fold(page, "Write a story")
    pick(page, form, "Cause", "asthma")
    pick(page, form, "School", BIRCH)
    form.get_by_label("Story").fill(STORY)
    save(page, form, "Save, to be read by somebody")
    said(page, "It waits to be read and released.")
    assert "2 stories wait for somebody to read and release" in main_text(page)
    assert not everybody_reads(STORY)

    form = story_form(page, STORY)
    expect(form.get_by_label("Story", exact=True)).to_have_value(STORY)
    save(page, form, "Release for everybody")
    said(page, "read it, and say by the box")
    assert not everybody_reads(STORY)
    form.get_by_text("I have read it").click()
    save(page, form, "Release for everybody")
    said(page, "Released: everybody reads it now.")
    assert everybody_reads(STORY)
    assert "released by Ms. Lee" in main_text(director)

    corrected = "Nobody had asked, and nobody had offered."
    form.get_by_label("Story", exact=True).fill(corrected)
    expect(form.get_by_role("checkbox", name="I have read it")).not_to_be_checked()
    save(page, form, "Release for everybody")
    said(page, "read it, and say by the box")
    save(page, form, "Save, and take it off the page")
    said(page, "Saved: it stands on no page")
    assert not everybody_reads(STORY)
    assert corrected not in main_text(director)
    form.get_by_text("I have read it").click()
    save(page, form, "Release for everybody")
    said(page, "Released: everybody reads it now.")
    assert everybody_reads(corrected)
    save(page, form, "Remove it")
    said(page, "Removed.")
    assert not everybody_reads(corrected)


def test_whoever_releases_a_story_has_read_the_words_that_are_released(page, own_server):
    """Somebody else changed them in the meantime: nothing is released, the box is empty."""
    (record,) = team.add(NAMES, "Ms. Lee", [Story("asthma", "S02", STORY)])
    go(page, own_server, CAUSES)
    view(page, "With names")
    sign(page, "Mr. Diaz")
    form = story_form(page, STORY)
    form.get_by_text("I have read it").click()
    team.change(NAMES, "Ms. Lee", record, 1, Story("asthma", "S02", "Caleb said so."))
    save(page, form, "Release for everybody")
    assert "Caleb said so." in said(page, "Ms. Lee changed this while you were writing.")
    expect(form.get_by_role("checkbox", name="I have read it")).not_to_be_checked()
    expect(form.get_by_label("Story", exact=True)).to_have_value(STORY)
    assert team.entry(record).content.released_on is None


# --- Around it --------------------------------------------------------------------------------


def test_hostile_words_are_text_wherever_they_stand(page, own_server):
    """Typed here by everybody, and written by others: seats, partners, stories and names."""
    for words in HOSTILE:
        team.add(
            NAMES,
            words,
            [
                Seat("S02", "partner", words, DAY),
                Partner(words, (words,), (words,), (words,), words),
                Story(words, "S02", words, words, DAY),
            ],
        )
    for page_file, label, choice, button in (
        (NETWORK, "Change a seat, or give it up", "Which seat", "Save this seat"),
        (NETWORK, "Correct a partner that was added", "Which partner", "Save the correction"),
        (CAUSES, "Read, correct, release or take back a story", "Which story", "Remove it"),
    ):
        go(page, own_server, page_file)
        view(page, "With names")
        for words in HOSTILE[:4]:
            sign(page, words)
            form = fold(page, label)
            find(page, form, choice, words)
            check_nothing_ran(page)
            save(page, form, button)
            said(page, "kept")
            check_nothing_ran(page)
        assert not page.locator("[data-testid=stMain] a[href*=invalid]").count()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_the_forms(new_context, server, width, look):
    page = new_context(color_scheme=look, viewport={"width": width, "height": 900}).new_page()
    go(page, server, NETWORK)
    for label in ("Fill a chair", "Change a seat, or give it up", "Add a partner"):
        fold(page, label)
    assert axe(page) == []
    go(page, server, CAUSES)
    view(page, "With names")
    fold(page, "Write a story")
    form = fold(page, "Read, correct, release or take back a story")
    form.get_by_role("combobox", name="Which story").click()
    page.get_by_role("option").first.click()
    settled(page)
    assert axe(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, "nothing stands outside the screen"


def test_the_forms_follow_the_schools_that_were_chosen(page, server):
    """Of one school alone nobody has to say which."""
    go(page, server, CAUSES)
    view(page, "With names")
    choose(page, "school", BIRCH)
    form = fold(page, "Write a story")
    expect(form.get_by_role("combobox", name="School")).to_have_value(BIRCH)
