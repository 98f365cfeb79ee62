"""Protects the weekly meeting: from the list to what is understood, and what was agreed to be done.

Every test writes into the sample network, with what its schools wrote.
"""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from pages.shared.students import paper
from pages.shared.students import sentences as students_sentences
from queries import access, causes, team
from queries.selection import Selection
from queries.team import looks
from queries.team.records import Learned, Note, Step
from tests.browser import writing
from tests.browser.test_words_are_text import HOSTILE, check_nothing_ran
from tests.browser.visits import choose, chosen, count_clicks, main_text, menu
from tests.browser.writing import (
    axe,
    every_look,
    fold,
    go,
    pick,
    run_again,
    said,
    save,
    settled,
    sign,
    tab_to,
    view,
    with_names,
)
from tests.support.sampled import sampled

PAGE = "pages/students.py"
BIRCH = "Birch Elementary"
NAMES = access.at_this_machine("names")

own_server, page = writing.own_server, writing.page


def open_meeting(page, server, **choices) -> None:
    """The students of Birch, with names; signed. Where the lists are not the subject those of one
    grade are enough, which a browser draws in a third of the time."""
    go(page, server, PAGE, school=BIRCH, **choices)
    with_names(page)
    sign(page)


def birch(**narrowed):
    """The students of Birch over the threshold, as the page asks for them."""
    rows = causes.students(Selection(school=BIRCH, **narrowed), NAMES)
    return students_sentences.only(rows, [], None, None)


def in_list(page):
    """The list of students."""
    return page.locator(".students-list")


def listed(page) -> list[str]:
    """The names in the list, in its order."""
    return in_list(page).get_by_role("button").all_inner_texts()


def tick(page, name: str) -> None:
    in_list(page).get_by_role("checkbox", name=f"Tick {name}", exact=True).click()
    settled(page)


def beside(page) -> str:
    """Who stands beside the list."""
    return page.locator(".st-key-one_student h3").inner_text()


def search(page, words: str) -> None:
    """Search the list for a name; for nothing, all of it is there again."""
    page.get_by_role("searchbox", name="Find a student").fill(words)
    page.keyboard.press("Enter")
    settled(page)


def find(page, name: str) -> None:
    """Turn to a student by name, and go back to the whole list."""
    search(page, name)
    in_list(page).get_by_role("button", name=name, exact=True).first.click()
    expect(page.locator(".st-key-one_student h3")).to_have_text(name)
    settled(page)
    search(page, "")


def the_form(page):
    """The one form of the page."""
    return page.locator(writing.FORM).filter(has=page.get_by_label("Next step", exact=True))


def learned(page, cause: str) -> None:
    pick(page, the_form(page).get_by_role("combobox", name="What we learned"), cause)


def press(page, label: str) -> None:
    """Press a button of the one form whose name tells its key too."""
    the_form(page).get_by_role("button", name=label).click()
    settled(page)


# --- The walk ---------------------------------------------------------------------------------


def test_from_the_list_to_what_is_understood_and_the_next_step(page, own_server):
    """Six clicks to who crossed this week without a known cause; then eight for a cause and a next
    step of three, and two to find them again next week."""
    rows = birch()
    new = rows[rows.crossed_this_week & ~students_sentences.has_cause(rows)]
    expected = list(new.student_name)
    assert len(expected) >= 3, "some crossed this week, and nobody knows why"

    go(page, own_server, "app.py")
    menu(page, PAGE)
    with_names(page)
    expect(page.get_by_text("A meeting is about the students of one school.")).to_be_visible()
    page.get_by_role("button", name=BIRCH).click()
    settled(page)
    assert chosen(page, "school") == BIRCH
    page.get_by_text("Crossed this week ·").click()
    page.get_by_text("No cause known ·").click()
    settled(page)
    assert sorted(listed(page)) == sorted(expected)

    sign(page)
    clicks = count_clicks(page)
    three = listed(page)[:3]
    for name in three:
        tick(page, name)
    expect(page.get_by_text(f"3 students: {', '.join(three)}")).to_be_visible()
    learned(page, "asthma")
    the_form(page).get_by_label("Next step", exact=True).click()
    page.keyboard.type("Ask the nurse for a second inhaler")
    page.keyboard.press("Tab")
    page.keyboard.type("Nurse Kim")
    page.keyboard.press("Enter")
    press(page, "Save for 3 students")
    said(page, f"Saved: asthma; Nurse Kim by March 27, 2026, for {', '.join(three)}.")
    assert clicks() <= 8

    unknown = len(rows[~students_sentences.has_cause(rows)])
    now = birch()
    written = now[now.student_name.isin(three)]
    assert [list(one) for one in written.causes] == [["asthma"]] * 3
    assert set(written.learned_by) == {"Ms. Lee"}
    assert len(now[~students_sentences.has_cause(now)]) == unknown - 3
    expect(page.get_by_text(f"No cause known · {unknown - 3}")).to_be_visible()
    known = causes.understood(Selection(school=BIRCH), NAMES).set_index("cause").students
    assert known["asthma"] == int(now.causes.map(lambda one: "asthma" in one).sum())
    steps = causes.next_steps(Selection(school=BIRCH), NAMES)
    mine = steps[steps.owner == "Nurse Kim"]
    assert sorted(mine.student_name) == sorted(three)
    assert {(row.due_on.date(), row.state, row.due) for row in mine.itertuples()} == {
        (date(2026, 3, 27), "open", False)
    }
    # The ticks are gone; who was written about stays in sight until another list is chosen.
    assert not page.get_by_text("3 students:").count()
    assert sorted(listed(page)) == sorted(expected)
    row = in_list(page).get_by_role("row").filter(has_text=three[0])
    expect(row).to_contain_text("asthma · step due Mar 27")
    page.get_by_text("Crossed this week ·").click()
    settled(page)
    assert not set(three) & set(listed(page))

    # Next week: by the menu, and by the choice of what was due.
    for one in mine.itertuples():
        (content,) = [team.entry(one.record).content]
        team.change(NAMES, "Ms. Lee", one.record, 1, replace(content, due_on=date(2026, 3, 20)))
    menu(page, "app.py")
    clicks = count_clicks(page)
    menu(page, PAGE)
    page.get_by_text("Since last time ·").click()
    settled(page)
    assert set(three) <= set(listed(page))
    assert clicks() == 2


@pytest.mark.slow
def test_all_of_it_stands_on_one_screen(page, own_server):
    """At 1280 wide: the last card ends above 1,000 px, and at most 350 words are in sight."""
    open_meeting(page, own_server)
    bottom = page.evaluate(
        """Math.max(...[...document.querySelectorAll('[data-testid=stMainBlockContainer] *')]
            .filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().bottom))"""
    )
    assert bottom < 1000
    frame = in_list(page).bounding_box()
    rows = [
        row
        for row in in_list(page).get_by_role("row").all()[:40]
        if row.bounding_box()["y"] < frame["y"] + frame["height"]
    ]
    assert len(rows) >= 12
    words = main_text(page).split() + [word for row in rows for word in row.inner_text().split()]
    assert len(words) <= 350


@pytest.mark.slow
def test_everybody_with_an_enrollment_is_found_by_name(page, own_server):
    """Also who is below every threshold, and is written about like everybody else."""
    rows = causes.students(Selection(school=BIRCH), NAMES)
    below = rows[rows.chronically_absent.eq(False) & ~rows.within_3_absences].iloc[-1]
    open_meeting(page, own_server)
    assert below.student_name not in listed(page)
    search(page, below.student_id)
    assert listed(page) == [below.student_name]
    expect(in_list(page).get_by_text("Not in this list · 1")).to_be_visible()
    assert beside(page) == below.student_name
    the_form(page).get_by_label("In their words").fill("New friends.")
    press(page, "Save")
    said(page, f"Saved: a note, for {below.student_name}.")
    assert beside(page) == below.student_name
    notes = causes.student_notes(Selection(school=BIRCH), NAMES)
    assert list(notes[notes.student_id == below.student_id].words)[:1] == ["New friends."]
    assert below.student_id not in page.url
    # The list narrows as one types, those first who are in it.
    first = birch().iloc[0].student_name
    search(page, "")
    page.get_by_role("searchbox", name="Find a student").press_sequentially(first[:4].upper())
    expect(in_list(page).get_by_role("button").first).to_contain_text(first[:4])
    assert first in listed(page)
    search(page, "Nobody Of This Name")
    expect(page.get_by_text("Nobody here is called so.")).to_be_visible()


def test_roster_and_agenda_are_taken_with_names_alone_and_recorded_first(
    page, own_server, tmp_path
):
    """The roster is of the list as it stands, a line a student; both say what they are."""
    go(page, own_server, PAGE, school=BIRCH, only="Crossed this week")
    for name in ("For everybody", "For staff"):
        view(page, name)
        assert not page.get_by_role("button", name="Print").count()
    with_names(page)
    expected = listed(page)
    page.get_by_role("button", name="Print").click()
    taken = {}
    for name in ("Roster", "Agenda"):
        before = len(looks.looks(own_server.home))
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        download.value.save_as(tmp_path / name)
        taken[name] = (tmp_path / name).read_text(encoding="utf-8")
        (look,) = looks.looks(own_server.home)[before:]
        assert (look.what, look.page) == ("file taken", f"{name.lower()}.html")
        assert f"school={BIRCH}" in look.filters
        students = taken[name].count("<tr><td>" if name == "Roster" else "<section>")
        assert look.students == students > 0
        assert paper.NOT_FOR_SHARING in taken[name]
    on_roster = [html.unescape(one) for one in re.findall("<tr><td>(.*?)</td>", taken["Roster"])]
    assert len(on_roster) == len(expected)
    assert all(one.startswith(name) for one, name in zip(on_roster, expected, strict=True))
    assert "Crossed this week, up to March 20, 2026." in taken["Roster"]
    agenda = html.unescape(taken["Agenda"])
    assert f"<h2>Crossed this week · {len(expected)}</h2>" in agenda
    assert all(f"<h3>{name}" in agenda for name in expected)


@pytest.mark.slow
def test_what_was_just_saved_is_undone(page, own_server):
    """Its words are in the form again, and every version is kept."""
    open_meeting(page, own_server)
    first, second = listed(page)[:2]
    assert beside(page) == first
    learned(page, "asthma")
    the_form(page).get_by_label("In their words").fill("Said at the door.")
    press(page, "Save and next")
    said(page, f"Saved: asthma, for {first}.")
    assert beside(page) == second
    page.get_by_role("button", name="Undo").click()
    said(page, "Taken back. It stands in the form again.")
    assert beside(page) == first
    expect(the_form(page).get_by_label("In their words")).to_have_value("Said at the door.")
    expect(the_form(page).get_by_role("combobox", name="What we learned")).to_have_value("asthma")
    now = birch()
    assert list(now[now.student_name == first].causes.iloc[0]) == []
    save(page, the_form(page), "Save")
    said(page, f"Saved: asthma, for {first}.")
    # Until one moves on.
    in_list(page).get_by_role("button", name=second, exact=True).click()
    settled(page)
    assert not page.get_by_role("button", name="Undo").count()


@pytest.mark.slow
def test_the_name_is_known_on_the_next_page_though_nothing_else_was_done(page, own_server):
    open_meeting(page, own_server, grade="3")
    page.get_by_label("Your name").fill("")
    page.get_by_label("Your name").press_sequentially("Mr. Diaz")
    # A click as long as that of a finger.
    page.get_by_test_id("stSidebar").get_by_text("Network", exact=True).click(delay=60)
    writing.opened(page, "Network")
    expect(page.get_by_label("Your name")).to_have_value("Mr. Diaz")


def test_on_a_phone_the_list_and_its_student_are_in_sight_together(page, own_server):
    """From the first row to the name beside it is less than a screen; no link is cut."""
    open_meeting(page, own_server, grade="3")
    page.set_viewport_size(writing.PHONE)
    settled(page)
    top = in_list(page).bounding_box()["y"]
    name = page.locator(".st-key-one_student h3").bounding_box()
    assert name["y"] + name["height"] - top < 0.6 * writing.PHONE["height"]
    link = (
        page.get_by_test_id("stMain").get_by_test_id("stPageLink").filter(has_text="Start a plan")
    )
    words = link.locator("p")
    assert words.evaluate("it => it.scrollWidth <= it.clientWidth")
    assert link.bounding_box()["x"] + link.bounding_box()["width"] <= writing.PHONE["width"]
    in_list(page).get_by_role("button").nth(2).click()
    settled(page)
    turned = page.locator(".st-key-one_student h3").bounding_box()
    assert 0 <= turned["y"] < writing.PHONE["height"] / 2


@pytest.fixture
def a_step_due(own_server):
    """A step of last week's meeting, due on the last day with attendance: its record."""
    student = birch().iloc[0]
    step = Step(
        student.student_id, student.school_id, "Call the grandmother", "Jo", date(2026, 3, 20)
    )
    (name,) = team.add(NAMES, "Ms. Lee", [step])
    return name


@pytest.mark.slow
def test_next_week_two_say_what_came_of_a_step_and_both_learn_of_it(page, own_server, a_step_due):
    """It stands under since last time until it is done. Nothing is written over, no word lost."""
    open_meeting(page, own_server, grade=birch().iloc[0].grade)
    sign(page, "Mr. Diaz")
    page.get_by_role("tab", name="Next steps").click()
    settled(page)
    step = fold(page, "Call the grandmother")
    expect(step.locator("summary")).to_contain_text("Not done yet")
    expect(step.locator("summary")).to_contain_text("Jo, due March 20")
    expect(page.get_by_text("Jo: 1 open")).to_be_visible()
    save(page, step, "Save what came of it")
    said(page, "write what we learned")
    step.get_by_label("What we learned").fill("Mr. Diaz heard")
    theirs = replace(team.entry(a_step_due).content, result="Ms. Lee heard")
    team.change(NAMES, "Ms. Lee", a_step_due, 1, theirs)
    save(page, step, "Save what came of it")
    words = said(page, "Ms. Lee changed this while you were writing.")
    assert "Ms. Lee heard" in words
    assert "Mr. Diaz heard" in words
    expect(step.get_by_label("What we learned")).to_have_value("Mr. Diaz heard")
    assert team.entry(a_step_due).content.result == "Ms. Lee heard", "nothing was written over"
    step.get_by_label("What we learned").fill("Ms. Lee heard; Mr. Diaz heard")
    save(page, step, "Save what came of it")
    said(page, "Saved.")
    expect(step.locator("summary")).to_contain_text("Done on March 20")
    expect(step.locator("summary")).to_contain_text("Ms. Lee heard; Mr. Diaz heard")
    content = team.entry(a_step_due).content
    assert (content.state, content.ended_on) == ("done", date(2026, 3, 20))
    results = [entry.content.result for entry in team.history(a_step_due)]
    assert results == ["", "Ms. Lee heard", "Ms. Lee heard; Mr. Diaz heard"]


# --- Writing ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_was_written_is_corrected_and_taken_back_and_nothing_is_lost(page, own_server):
    student = birch().iloc[0]
    name = Learned(
        *(student.student_id, student.school_id, "2025-26", "housing", "nurse", "likely"),
        *(date(2026, 3, 19), "A wrong guess."),
    )
    (record,) = team.add(NAMES, "Ms. Lee", [name])
    open_meeting(page, own_server, grade=student.grade)
    find(page, student.student_name)
    correction = seldom(page)
    correction.get_by_label("In words").fill("It is the bus, not the home.")
    save(page, correction, "Save the correction")
    said(page, "What stood there before is kept")
    before, after = team.history(record)
    assert before.content.note == "A wrong guess."
    assert after.content.note == "It is the bus, not the home."
    # Somebody else was faster: both versions stand there, and what was typed.
    correction.get_by_label("In words").fill("Mine")
    team.change(NAMES, "Mr. Diaz", record, 2, replace(name, note="His"))
    save(page, correction, "Save the correction")
    said(page, "Mr. Diaz changed this while you were writing")
    said(page, "housing: His")
    expect(correction.get_by_label("In words")).to_have_value("Mine")
    correction.get_by_text("Take it back: it was wrong").click()
    save(page, correction, "Save the correction")
    said(page, "What stood there before is kept")
    assert team.entry(record).content is None
    assert len(team.history(record)) == 4


def seldom(page):
    """The fold for what is written seldom, opened."""
    opened = fold(page, "Letter, call or visit; correct")
    settled(page)
    return opened


@pytest.mark.slow
def test_what_is_learned_of_one_student_is_written_in_every_form(page, own_server):
    """Not without a name, and then nothing typed is lost; once, also with a double click."""
    go(page, own_server, PAGE, school=BIRCH, grade=birch().iloc[0].grade)
    with_names(page)
    note = the_form(page)
    note.get_by_label("In their words").fill("Likes the garden.")
    save(page, note, "Save")
    said(page, "Not saved yet: write your name above.")
    expect(note.get_by_label("In their words")).to_have_value("Likes the garden.")
    sign(page)
    note.get_by_role("button", name="Save", exact=True).dblclick()
    said(page, "Saved: a note, for")
    # The server answers in order: after this both clicks have had their run.
    run_again(page)
    expect(note.get_by_label("In their words")).to_have_value("")
    notes = causes.student_notes(Selection(school=BIRCH), NAMES)
    assert list(notes[notes.written_by == "Ms. Lee"].words) == ["Likes the garden."]

    # A letter is a fact at the end.
    save(page, seldom(page), "Save the contact")
    said(page, "Saved: letter on March 20, 2026")
    assert "success" not in main_text(page).lower()

    # A cause that is new is added with its family; what is still to be said stands open.
    learned(page, "mold in the flat")
    pick(page, the_form(page).get_by_role("combobox", name="From whom"), "Home visit")
    save(page, the_form(page), "Save")
    said(page, "choose the family of the new cause, mold in the flat")
    family = the_form(page).get_by_role("combobox", name="Family")
    expect(family).to_be_visible()
    pick(page, family, "Barriers")
    save(page, the_form(page), "Save")
    said(page, "Saved: mold in the flat")
    rows = causes.to_choose(Selection(), NAMES)
    assert list(rows[rows.cause == "mold in the flat"].family) == ["barriers"]


def test_what_is_typed_stays_with_its_student_until_it_is_saved(page, own_server):
    """Turning to another student, by key or by name, to a filter or to another page, and back."""
    open_meeting(page, own_server)
    first, second = listed(page)[:2]

    def turned_to(name: str, place: str) -> None:
        expect(page.get_by_text(f"{place} of 12 for today")).to_be_visible()
        settled(page)
        assert beside(page) == name

    field = the_form(page).get_by_label("In their words")
    who = the_form(page).get_by_role("combobox", name="Who", exact=True)
    field.fill("Likes the garden.")
    # In the field the keys of the next student mark words: nothing half typed is left behind.
    page.keyboard.press("Shift+ArrowRight")
    settled(page)
    turned_to(first, "1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Shift+ArrowRight")
    turned_to(second, "2")
    expect(field).to_have_value("")
    field.fill("Somebody else’s note.")
    pick(page, who, "Nurse Kim")
    find(page, first)
    turned_to(first, "1")
    expect(who).to_have_value("")
    expect(field).to_have_value("Likes the garden.")
    page.get_by_text("Within 3 absences ·").click()
    settled(page)
    page.get_by_text("Within 3 absences ·").click()
    settled(page)
    # What is typed for those ticked is another form.
    tick(page, second)
    expect(field).to_have_value("")
    field.fill("Of all who are ticked.")
    tick(page, second)
    find(page, first)
    expect(field).to_have_value("Likes the garden.")

    menu(page, "app.py")
    menu(page, PAGE)
    if chosen(page, "school") != BIRCH:
        choose(page, "school", BIRCH)
    find(page, second)
    turned_to(second, "2")
    expect(who).to_have_value("Nurse Kim")
    expect(field).to_have_value("Somebody else’s note.")
    who.click()
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    the_form(page).get_by_label("Next step", exact=True).fill("Call")
    the_form(page).get_by_role("button", name="Save", exact=True).click()
    said(page, "Saved: a note; ")
    expect(field).to_have_value("")
    notes = causes.student_notes(Selection(school=BIRCH), NAMES)
    notes = notes[(notes.written_by == "Ms. Lee") & (notes.kind == "note")]
    assert list(notes.words) == ["Somebody else’s note."]


@pytest.mark.slow
def test_hostile_words_are_text_wherever_they_stand(page, own_server):
    """What people write about a student, about a step, as a cause and as their name."""
    student = birch().iloc[0]
    about = (student.student_id, student.school_id)
    day = date(2026, 3, 20)
    code = "\n\n    code\n\n# big"
    for words in HOSTILE:
        team.add(
            NAMES,
            words,
            [
                Learned(*about, "2025-26", words, "nurse", "sure", day, words + code),
                Note(*about, day, words + code),
                Step(*about, words, words, day, "done", words + code, day),
            ],
        )
    open_meeting(page, own_server, grade=student.grade)
    find(page, student.student_name)
    page.get_by_role("tab", name="Next steps").click()
    settled(page)
    writing.unfold(page)
    check_nothing_ran(page)
    # The way to a plan for a cause names the cause, and leads to a page of ours.
    elsewhere = "[data-testid=stMain] a[href*=invalid]:not([href^='plans?'])"
    assert page.locator(elsewhere).count() == 0
    shown = main_text(page).replace("\N{WORD JOINER}", "")
    for words in HOSTILE:
        assert words in shown

    # In the list they are set letter by letter, and by cause they are its headings.
    page.get_by_role("tab", name="Students").click()
    pick(page, page.get_by_role("combobox", name="Order"), "By cause")
    check_nothing_ran(page)
    heads = in_list(page).get_by_role("row").all_inner_texts()
    for words in HOSTILE:
        assert any(head.casefold().startswith(words.casefold()) for head in heads), words
    assert in_list(page).locator("a, img, code, strong, em, script").count() == 0

    # Typed here: the ten in one line, or each in a paragraph of its own, in every field for words.
    line, lines = " ".join(HOSTILE), "\n\n".join(HOSTILE)
    sign(page, line)

    def contact() -> None:
        seldom(page).get_by_label("What came of it").fill(line)
        save(page, seldom(page), "Save the contact")
        said(page, "Saved: ")

    def correction() -> None:
        seldom(page).get_by_label("In words").fill(lines)
        save(page, seldom(page), "Save the correction")
        said(page, "What stood there before")

    for part in sampled([contact, correction], 1):
        part()
        check_nothing_ran(page)
    learned(page, line)
    pick(page, the_form(page).get_by_role("combobox", name="Who", exact=True), line)
    the_form(page).get_by_label("In their words").fill(lines)
    the_form(page).get_by_label("Next step", exact=True).fill(line)
    save(page, the_form(page), "Save")
    said(page, "choose the family of the new cause")
    pick(page, the_form(page).get_by_role("combobox", name="Family"), "Barriers")
    save(page, the_form(page), "Save")
    assert line in said(page, "Saved: ").replace("\N{WORD JOINER}", "")
    check_nothing_ran(page)
    assert page.locator(elsewhere).count() == 0


# --- Around it --------------------------------------------------------------------------------


def test_in_another_view_it_says_how_to_come_in_and_nothing_else(page, own_server):
    go(page, own_server, PAGE, school=BIRCH, only="Crossed this week")
    for name in ("For everybody", "For staff"):
        view(page, name)
        assert "With names" in main_text(page)
        for drawn in ("stTextArea", "stCheckbox", "stExpander", "stButton"):
            assert page.get_by_test_id("stMain").get_by_test_id(drawn).count() == 0


@pytest.mark.slow
def test_the_list_follows_what_was_chosen_and_no_student_stands_in_the_address(
    page, own_server, new_context
):
    open_meeting(page, own_server)
    rows = birch()
    pick(page, page.get_by_role("combobox", name="Order"), "In order of days missed")
    in_order = rows.sort_values("rate", ascending=False, kind="stable")
    assert listed(page) == list(in_order.student_name)
    pick(page, page.get_by_role("combobox", name="Order"), "By cause")
    unknown = int((~students_sentences.has_cause(rows)).sum())
    first = in_list(page).get_by_role("row").nth(1)
    expect(first).to_contain_text(f"We do not know yet · {unknown}")

    page.get_by_text("No cause known ·").click()
    settled(page)
    page.get_by_role("button", name="Next", exact=False).first.click()
    settled(page)
    assert "only=No+cause+known" in page.url.replace("%20", "+")
    assert not [one for one in rows.student_id if one in page.url]
    elsewhere = new_context().new_page()
    elsewhere.goto(page.url)
    writing.opened(elsewhere, "Students")
    with_names(elsewhere)
    assert listed(elsewhere) == listed(page)
    assert len(listed(page)) == unknown
    choose_none = page.get_by_text("3 days in a row ·")
    choose_none.click()
    page.get_by_text("Turning around ·").click()
    settled(page)
    expect(page.get_by_text("Nobody is in this list.")).to_be_visible()


@pytest.mark.slow
def test_the_main_path_by_keyboard(page, own_server):
    """To the next student and back, from row to row, a tick, a note: without a mouse."""
    open_meeting(page, own_server)
    first, second, third = listed(page)[:3]
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("2 of 12 for today")).to_be_visible()
    settled(page)
    assert beside(page) == second
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_text("1 of 12 for today")).to_be_visible()
    settled(page)

    # Tab leads into the list once, and on; within it the arrows lead.
    tab_to(page, "button", first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-one_student h3")).to_have_text(third)
    settled(page)

    tab_to(page, "textbox", "In their words")
    page.keyboard.type("Likes the garden.")
    page.keyboard.press("Control+Enter")
    said(page, f"Saved: a note, for {third}.")
    assert beside(page) == listed(page)[3]

    tab_to(page, "checkbox", listed(page)[3])
    page.keyboard.press("Space")
    expect(page.get_by_text(f"1 student: {listed(page)[3]}")).to_be_visible()
    notes = causes.student_notes(Selection(school=BIRCH), NAMES)
    assert list(notes[notes.written_by == "Ms. Lee"].words) == ["Likes the garden."]


@pytest.mark.slow
def test_the_key_that_saves_is_that_of_the_form_alone(page, own_server):
    """While another form is open, whose words might be meant, it saves nothing."""
    open_meeting(page, own_server, grade=birch().iloc[0].grade)
    note = the_form(page).get_by_label("In their words")
    note.fill("Half typed")
    seldom(page).get_by_label("What came of it").fill("A letter")
    page.keyboard.press("Control+Enter")
    run_again(page)
    assert not page.get_by_test_id("stAlert").count()
    expect(note).to_have_value("Half typed")
    expect(seldom(page).get_by_label("What came of it")).to_have_value("A letter")
    fold(page, "Letter, call or visit; correct").locator("summary").click()
    settled(page)
    note.click()
    page.keyboard.press("Control+Enter")
    said(page, "Saved: a note, for")


@pytest.mark.slow
def test_everybody_can_use_it(page, own_server):
    """In both looks, on a laptop and a phone: the whole page, with somebody ticked, the folds open,
    and the steps."""
    open_meeting(page, own_server, grade=birch().iloc[0].grade)
    tick(page, listed(page)[0])
    seldom(page)
    for look in every_look(page):
        assert axe(page) == [], look
    page.get_by_role("tab", name="Next steps").click()
    settled(page)
    for look in every_look(page):
        assert axe(page) == [], look


# --- Typed, and left at once ------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_typed_and_left_at_once_is_kept_or_asked_about(page, own_server):
    """By the menu, with nothing pressed beside it and the field not left before the click: it
    stands there again. By loading the page anew: the browser asks first, unless it was saved."""
    open_meeting(page, own_server, grade="5")
    someone = beside(page)
    note = the_form(page).get_by_label("In their words")
    step = the_form(page).get_by_label("Next step", exact=True)
    step.fill("Ask about the bus")
    words = ""
    # Once more, as the second time the page was come back to.
    for more in ("The grandmother called.", " The bus comes too late."):
        words += more
        note.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(more)
        menu(page, "app.py")
        menu(page, PAGE)
        assert beside(page) == someone
        expect(note).to_have_value(words)
        expect(step).to_have_value("Ask about the bus")

    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.keyboard.press("Tab")
    note.click()
    page.keyboard.type("!")
    page.evaluate(writing.WATCH)
    save(page, the_form(page), "Save")
    said(page, "Saved: a note")
    writing.reload(page, "Students")
    assert asked == []
    with_names(page)
    the_form(page).get_by_label("In their words").click()
    page.keyboard.type("And one more thing")
    page.reload()
    assert asked == ["beforeunload"]
