"""Protects who sits at the table: a chair filled, a partner named, a story told once it was read.

Every test writes into the sample network, with what its schools wrote.
"""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from queries import access, network, team
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Partner, Seat, Story
from tests.browser import writing
from tests.browser.test_words_are_text import HOSTILE, check_nothing_ran
from tests.browser.visits import choose, main_text, menu
from tests.browser.writing import (
    axe,
    every_look,
    fold,
    go,
    run_again,
    said,
    save,
    settled,
    sign,
    view,
)
from tests.support.sampled import sampled

NETWORK, CAUSES = "pages/network.py", "pages/causes.py"
ALDER, BIRCH = "Alder Elementary", "Birch Elementary"
DAY = date(2026, 3, 2)
NAMES = access.at_this_machine("names")
STORY = "Nobody had asked for a second inhaler."


own_server, page = writing.own_server, writing.page


def pick(page, inside, label: str, option: str) -> None:
    """Choose an option of a field of a form, or add it where it is in no list."""
    writing.pick(page, inside.get_by_role("combobox", name=label), option)


def find(page, inside, label: str, words: str) -> None:
    """Choose the option of a field in which these words stand."""
    writing.find(page, inside.get_by_role("combobox", name=label), words)


def since(inside, day: str) -> None:
    """Say since when somebody sits there."""
    field = inside.locator("[class*=_since] input")
    field.fill(day)
    field.press("Enter")


def chair(page, school: str, seat: str):
    """The mark of a chair; an empty one is a ring."""
    return page.locator(f'svg path[aria-label*="School: {school}; Chair: {seat};"]')


def empty_chairs(page) -> int:
    (count,) = re.findall(r"(\d+) of 45 chairs are empty", main_text(page))
    return int(count)


# --- Seats ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_chair_is_filled_and_given_up_and_a_name_is_for_staff_alone(page, own_server):
    """Everybody sees the ring become a dot, and no form: the page says for whom they are, and opens
    their view. The name that staff wrote down is in no other one."""
    go(page, own_server, NETWORK)
    before = empty_chairs(page)
    assert not page.get_by_text("Fill a chair").count()
    expect(page.get_by_text("does so in the view for staff")).to_be_visible()
    page.get_by_role("button", name="For staff").click()
    settled(page)
    expect(chair(page, ALDER, "Student")).to_have_attribute("fill", "transparent")
    form = fold(page, "Fill a chair")
    pick(page, form, "School", ALDER)
    pick(page, form, "Chair", "Student")
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

    form = fold(page, "Fill a chair")
    form.get_by_role("textbox", name="Who sits there").fill("Zacharias")
    save(page, form, "Save who sits there")
    said(page, "is taken")
    form = fold(page, "Change a seat, or give it up")
    pick(page, form, "Which seat", f"{ALDER} · Student")
    expect(form.get_by_role("textbox", name="Who sits there")).to_have_value("Zacharias")
    save(page, form, "Save this seat")
    said(page, "Nothing was changed.")
    since(form, "2026-01-12")
    save(page, form, "Save this seat")
    said(page, "Saved.")
    view(page, "For everybody")
    expect(chair(page, ALDER, "Student")).not_to_have_attribute("fill", "transparent")
    assert empty_chairs(page) == before - 1
    assert "Zacharias" not in page.content()
    (seat,) = [
        one for one in journal.read(own_server.home, "seat") if one.content.name == "Zacharias"
    ]
    assert seat.version == 2


@pytest.mark.slow
def test_who_changes_a_seat_that_somebody_changed_learns_of_it_and_loses_no_word(page, own_server):
    (record,) = team.add(NAMES, "the team", [Seat("S02", "partner", "Clinic", DAY)])
    go(page, own_server, NETWORK)
    view(page, "For staff")
    sign(page, "Mr. Diaz")
    form = fold(page, "Change a seat, or give it up")
    pick(page, form, "Which seat", f"{BIRCH} · Partner: Clinic")
    pick(page, form, "Who sits there", "Mr. Diaz’s partner")
    theirs = Seat("S02", "partner", "Ms. Lee’s partner", DAY)
    team.change(NAMES, "Ms. Lee", record, 1, theirs)
    save(page, form, "Save this seat")
    words = said(page, "Ms. Lee changed this while you were writing.")
    assert "Ms. Lee’s partner" in words
    assert "Mr. Diaz’s partner" in words
    field = form.get_by_role("combobox", name="Who sits there")
    expect(field).to_have_value("Mr. Diaz’s partner")
    save(page, form, "Save this seat")
    said(page, "Saved.")
    names = [entry.content.name for entry in team.history(record)]
    assert names == ["Clinic", "Ms. Lee’s partner", "Mr. Diaz’s partner"]


# --- Partners ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_partner_that_was_added_is_named_for_its_cause(page, own_server):
    go(page, own_server, NETWORK)
    view(page, "For staff")
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
    fold(page, "Who works on each cause")
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


@pytest.mark.slow
def test_a_story_is_told_once_it_was_read_and_not_when_it_was_corrected(
    page, new_context, own_server
):
    director = new_context().new_page()
    go(director, own_server, CAUSES)

    def everybody_reads(words: str) -> bool:
        run_again(director)
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

    # Somebody else changed the words in the meantime: nothing is released, the box is empty.
    (record,) = team.add(NAMES, "Ms. Lee", [Story("asthma", "S02", STORY)])
    run_again(page)
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

LINE, LINES = " ".join(HOSTILE), "\n\n".join(HOSTILE)


@pytest.mark.slow
def test_hostile_words_are_text_wherever_they_stand(page, own_server):
    """Written by others, each by itself: seats, partners, stories and names. Typed here, all of
    them in every field that takes words: the ten in one line, or each in a paragraph of its own."""
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

    def saved(form, button: str, answer: str) -> None:
        """Look before it is saved, and at what is shown again, letter by letter."""
        check_nothing_ran(page)
        save(page, form, button)
        words = said(page, answer.partition(LINE)[0])
        check_nothing_ran(page)
        assert answer in words.replace("\N{WORD JOINER}", "")

    def seats() -> None:
        form = fold(page, "Fill a chair")
        pick(page, form, "School", BIRCH)
        pick(page, form, "Who sits there", LINE)
        saved(form, "Save who sits there", "is taken")
        pick(page, form, "Chair", "Family")
        form.get_by_role("textbox", name="Who sits there").fill(LINE)
        saved(form, "Save who sits there", "is taken")
        form = fold(page, "Change a seat, or give it up")
        find(page, form, "Which seat", f"Partner: {LINE}")
        since(form, "2026-01-12")
        saved(form, "Save this seat", "kept")

    def partners() -> None:
        form = fold(page, "Add a partner")
        form.get_by_label("Name", exact=True).fill(LINE)
        form.get_by_label("How to reach them").fill(LINE)
        pick(page, form, "Causes they work on", LINE)
        saved(form, "Save this partner", f"Saved: {LINE} works on {LINE}.")
        form = fold(page, "Correct a partner that was added")
        find(page, form, "Which partner", LINE)
        form.get_by_label("How to reach them").fill(f"{LINE} {LINE}")
        saved(form, "Save the correction", "kept")

    def stories() -> None:
        menu(page, CAUSES)
        sign(page, LINE)
        form = fold(page, "Write a story")
        pick(page, form, "Cause", "asthma")
        pick(page, form, "School", BIRCH)
        form.get_by_label("Story").fill(LINES)
        saved(form, "Save, to be read by somebody", "It waits to be read")
        form = fold(page, "Read, correct, release or take back a story")
        find(page, form, "Which story", f"Asthma · {BIRCH} · not released: “{HOSTILE[0]}")
        expect(form.get_by_label("Story", exact=True)).to_have_value(LINES)
        form.get_by_text("I have read it").click()
        saved(form, "Release for everybody", "everybody reads it now")
        find(page, form, "Which story", f"{HOSTILE[0]} · {BIRCH}")
        saved(form, "Remove it", "kept")

    go(page, own_server, NETWORK)
    view(page, "With names")
    sign(page, LINE)
    for part in sampled([seats, partners, stories], 1):
        part()
        assert not page.locator("[data-testid=stMain] a[href*=invalid]").count()


@pytest.mark.slow
def test_the_forms_can_be_used_by_anybody(page, own_server):
    """In both looks, on a laptop and a phone."""
    go(page, own_server, NETWORK)
    view(page, "For staff")
    for label in ("Fill a chair", "Change a seat, or give it up", "Add a partner"):
        fold(page, label)
    for look in every_look(page):
        assert axe(page) == [], look
    menu(page, CAUSES)
    view(page, "With names")
    fold(page, "Write a story")
    form = fold(page, "Read, correct, release or take back a story")
    form.get_by_role("combobox", name="Which story").click()
    page.get_by_role("option").first.click()
    settled(page)
    for look in every_look(page):
        assert axe(page) == [], look

    # The forms follow the schools that were chosen: of one alone nobody has to say which.
    choose(page, "school", BIRCH)
    settled(page)
    form = fold(page, "Write a story")
    expect(form.get_by_role("combobox", name="School")).to_have_value(BIRCH)
