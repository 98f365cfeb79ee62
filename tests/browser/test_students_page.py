"""Protects the weekly meeting: from the list to what is understood, and what was agreed to be done.

Every test writes into the sample network, with what its schools wrote.
"""

from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from pages.shared.students import sentences as students_sentences
from queries import access, causes, team
from queries.selection import Selection
from queries.team.records import Learned, Note, Step
from tests.browser import writing
from tests.browser.test_words_are_text import HOSTILE, check_nothing_ran
from tests.browser.visits import choose, chosen, main_text, menu
from tests.browser.writing import (
    axe,
    every_look,
    fold,
    form,
    go,
    pick,
    run_again,
    said,
    save,
    settled,
    sign,
    tab,
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


# --- The walk ---------------------------------------------------------------------------------


def test_from_the_list_to_what_is_understood_and_the_next_step(page, own_server):
    """Five clicks from opening Roundtable; three students at once; a next step."""
    rows = birch()
    new = rows[rows.crossed_this_week & ~students_sentences.has_cause(rows)]
    expected = list(new.student_name)
    assert expected, "somebody crossed this week, and nobody knows why"

    go(page, own_server, "app.py")
    menu(page, PAGE)  # 1
    with_names(page)  # 2
    choose(page, "school", BIRCH)  # 3 and 4
    settled(page)
    page.get_by_role("button", name="Show th").click()  # 5
    settled(page)
    shown = [box.inner_text() for box in boxes(page).all()]
    assert sorted(one.split(" · ")[0] for one in shown) == sorted(expected)

    # Three at once, of all of whom no cause is known.
    unknown = len(rows[~students_sentences.has_cause(rows)])
    page.get_by_text("Crossed this week", exact=True).click()
    sign(page)
    settled(page)
    three = [boxes(page).nth(n).inner_text().split(" · ")[0] for n in range(3)]
    for n in range(3):
        boxes(page).nth(n).click()
        settled(page)
    expect(page.get_by_text(f"3 students: {', '.join(three)}")).to_be_visible()
    together = form(page, "Save what we learned").last
    pick(page, together.get_by_role("combobox", name="What we learned"), "asthma")
    pick(page, together.get_by_role("combobox", name="From whom"), "Nurse")
    together.get_by_label("In their words").fill("All three use the same bus.")
    save(page, together, "Save what we learned")
    said(page, f"Saved: asthma, for {', '.join(three)}.")
    now = birch()
    written = now[now.student_name.isin(three)]
    assert [list(one) for one in written.causes] == [["asthma"]] * 3
    assert set(written.learned_by) == {"Ms. Lee"}
    assert len(now[~students_sentences.has_cause(now)]) == unknown - 3
    known = causes.understood(Selection(school=BIRCH), NAMES).set_index("cause").students
    assert known["asthma"] == int(now.causes.map(lambda one: "asthma" in one).sum())
    assert not page.get_by_text("3 students:").count(), "and the ticks are gone"

    # A next step for today's student, due in a week.
    next_step = tab(page, "Next step")
    next_step.get_by_label("Next step").fill("Ask the nurse for a second inhaler")
    next_step.get_by_label("Who").fill("Nurse Kim")
    save(page, next_step, "Save the next step")
    said(page, "Saved: Nurse Kim by 27 March 2026")
    expect(page.get_by_text("Next: Ask the nurse for a second inhaler")).to_be_visible()
    steps = causes.next_steps(Selection(school=BIRCH), NAMES)
    (mine,) = steps[steps.owner == "Nurse Kim"].itertuples()
    assert (mine.due_on.date(), mine.state, mine.due) == (date(2026, 3, 27), "open", False)


def boxes(page):
    """The boxes before students' names."""
    return page.get_by_test_id("stCheckbox").filter(has_text="· missed")


@pytest.fixture
def a_step_due(own_server):
    """A step of last week's meeting, due on the last day with attendance: its record."""
    student = birch().iloc[0]
    step = Step(
        student.student_id, student.school_id, "Call the grandmother", "Jo", date(2026, 3, 20)
    )
    (name,) = team.add(NAMES, "Ms. Lee", [step])
    return name


def test_next_week_two_say_what_came_of_a_step_and_both_learn_of_it(
    new_context, own_server, a_step_due
):
    """It stands under since last time until it is done. Nothing is written over, no word lost."""
    one, other = new_context().new_page(), new_context().new_page()
    for page, name in ((one, "Ms. Lee"), (other, "Mr. Diaz")):
        open_meeting(page, own_server, grade=birch().iloc[0].grade)
        sign(page, name)
    step = fold(one, "Call the grandmother")
    expect(step.locator("summary")).to_contain_text("Not done yet")
    expect(step.locator("summary")).to_contain_text("Jo, due 20 March")
    save(one, step, "Save what came of it")
    said(one, "write what we learned")
    fold(other, "Call the grandmother").get_by_label("What we learned").fill("Mr. Diaz heard")
    step.get_by_label("What we learned").fill("Ms. Lee heard")
    save(one, step, "Save what came of it")
    said(one, "Saved.")
    expect(step.locator("summary")).to_contain_text("Done on 20 March")
    expect(step.locator("summary")).to_contain_text("Ms. Lee heard")
    content = team.entry(a_step_due).content
    assert (content.state, content.ended_on) == ("done", date(2026, 3, 20))

    step = fold(other, "Call the grandmother")
    save(other, step, "Save what came of it")
    words = said(other, "Ms. Lee changed this while you were writing.")
    assert "Ms. Lee heard" in words
    assert "Mr. Diaz heard" in words
    expect(step.get_by_label("What we learned")).to_have_value("Mr. Diaz heard")
    assert team.entry(a_step_due).content.result == "Ms. Lee heard", "nothing was written over"
    step.get_by_label("What we learned").fill("Ms. Lee heard; Mr. Diaz heard")
    save(other, step, "Save what came of it")
    said(other, "Saved.")
    results = [entry.content.result for entry in team.history(a_step_due)]
    assert results == ["", "Ms. Lee heard", "Ms. Lee heard; Mr. Diaz heard"]


# --- Writing ----------------------------------------------------------------------------------


def test_what_was_written_is_corrected_and_taken_back_and_nothing_is_lost(page, own_server):
    student = birch().iloc[0]
    name = Learned(
        *(student.student_id, student.school_id, "2025-26", "housing", "nurse", "likely"),
        *(date(2026, 3, 19), "A wrong guess."),
    )
    (record,) = team.add(NAMES, "Ms. Lee", [name])
    open_meeting(page, own_server, grade=student.grade)
    pick(page, page.locator(".st-key-student input[role=combobox]"), student.student_name)
    correction = tab(page, "Correct")
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


def test_what_is_learned_of_one_student_is_written_in_every_form(page, own_server):
    """Not without a name, and then nothing typed is lost; once, also with a double click."""
    go(page, own_server, PAGE, school=BIRCH, grade=birch().iloc[0].grade)
    with_names(page)
    note = tab(page, "Note")
    note.get_by_label("Note").fill("Likes the garden.")
    save(page, note, "Save the note")
    said(page, "Not saved yet: write your name above.")
    expect(note.get_by_label("Note")).to_have_value("Likes the garden.")
    sign(page)
    note.get_by_role("button", name="Save the note").dblclick()
    said(page, "Saved: a note on")
    # The server answers in order: after this both clicks have had their run.
    run_again(page)
    expect(note.get_by_label("Note")).to_have_value("")
    notes = causes.student_notes(Selection(school=BIRCH), NAMES)
    assert list(notes[notes.written_by == "Ms. Lee"].words) == ["Likes the garden."]

    # A letter is a fact at the end.
    save(page, tab(page, "Letter, call or visit"), "Save the contact")
    said(page, "Saved: letter on 20 March 2026")
    assert "success" not in main_text(page).lower()

    # A cause that is new is added with its family; what is still to be said stands open.
    learned = tab(page, "What we learned")
    pick(page, learned.get_by_role("combobox", name="What we learned"), "mold in the flat")
    pick(page, learned.get_by_role("combobox", name="From whom"), "Home visit")
    save(page, learned, "Save what we learned")
    said(page, "choose the family of the new cause, mold in the flat")
    expect(learned.get_by_role("combobox", name="Family")).to_be_visible()
    pick(page, learned.get_by_role("combobox", name="Family"), "Barriers")
    save(page, learned, "Save what we learned")
    said(page, "Saved: mold in the flat")
    rows = causes.to_choose(Selection(), NAMES)
    assert list(rows[rows.cause == "mold in the flat"].family) == ["barriers"]


def test_what_is_typed_stays_with_its_student_until_it_is_saved(page, own_server):
    """Turning to another student, by key or by name, to a filter or to another page, and back."""
    open_meeting(page, own_server)
    student = page.get_by_role("combobox", name="Student", exact=True)
    first = student.input_value()

    def turned_to(place: str) -> None:
        expect(page.get_by_text(f"{place} of 12 for today")).to_be_visible()
        settled(page)

    tab(page, "Note")
    field = form(page, "Save the note").get_by_label("Note")
    field.fill("Likes the garden.")
    # In the field the keys of the next student mark words: nothing half typed is left behind.
    page.keyboard.press("Shift+ArrowRight")
    settled(page)
    turned_to("1")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+ArrowRight")
    turned_to("2")
    expect(field).to_have_value("")
    field.fill("Somebody else’s note.")
    page.get_by_role("tab", name="Next step").click()
    next_step = form(page, "Save the next step")
    next_step.get_by_label("Who").fill("Nurse Kim")
    second = student.input_value()
    pick(page, student, first)
    turned_to("1")
    expect(next_step.get_by_label("Who")).to_have_value("")
    page.get_by_role("tab", name="Note").click()
    expect(field).to_have_value("Likes the garden.")

    menu(page, "app.py")
    menu(page, PAGE)
    if chosen(page, "school") != BIRCH:
        choose(page, "school", BIRCH)
    pick(page, student, second)
    turned_to("2")
    page.get_by_role("tab", name="Next step").click()
    expect(next_step.get_by_label("Who")).to_have_value("Nurse Kim")
    page.get_by_role("tab", name="Note").click()
    expect(field).to_have_value("Somebody else’s note.")
    form(page, "Save the note").get_by_role("button", name="Save the note").click()
    said(page, f"Saved: a note on {second}")
    expect(field).to_have_value("")
    notes = causes.student_notes(Selection(school=BIRCH), NAMES)
    assert list(notes[notes.written_by == "Ms. Lee"].words) == ["Somebody else’s note."]


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
    names = students_sentences.names(causes.students(Selection(school=BIRCH), NAMES))
    pick(page, page.get_by_role("combobox", name="Student", exact=True), names[student.student_id])
    writing.unfold(page)
    check_nothing_ran(page)
    # The way to a plan for a cause names the cause, and leads to a page of ours.
    elsewhere = "[data-testid=stMain] a[href*=invalid]:not([href^='plans?'])"
    assert page.locator(elsewhere).count() == 0
    shown = main_text(page).replace("\N{WORD JOINER}", "")
    for words in HOSTILE:
        assert words in shown

    # Typed here: the ten in one line, or each in a paragraph of its own, in every field for words.
    line, lines = " ".join(HOSTILE), "\n\n".join(HOSTILE)
    sign(page, line)
    for name, fields, button, answer in sampled(
        [
            ("Next step", {"Next step": line, "Who": line}, "Save the next step", "Saved: "),
            ("Letter, call or visit", {"What came of it": line}, "Save the contact", "Saved: "),
            ("Note", {"Note": lines}, "Save the note", "Saved: "),
            ("Correct", {"In words": lines}, "Save the correction", "What stood there before"),
        ],
        2,
    ):
        panel = tab(page, name)
        for label, words in fields.items():
            panel.get_by_label(label).fill(words)
        save(page, panel, button)
        said(page, answer)
        check_nothing_ran(page)
    panel = tab(page, "What we learned")
    pick(page, panel.get_by_role("combobox", name="What we learned"), line)
    pick(page, panel.get_by_role("combobox", name="From whom"), "Nurse")
    panel.get_by_label("In their words").fill(lines)
    pick(page, panel.get_by_role("combobox", name="Family"), "Barriers")
    save(page, panel, "Save what we learned")
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


def test_the_list_follows_what_was_chosen_and_no_student_stands_in_the_address(
    page, own_server, new_context
):
    open_meeting(page, own_server)
    rows = birch()
    in_order = page.get_by_text("In order of days missed", exact=True).first
    in_order.click()
    settled(page)
    page.get_by_role("button", name="Show all").first.click()
    settled(page)
    shown = [box.split(" · ")[0] for box in boxes(page).all_inner_texts()]
    assert shown == list(rows.sort_values("rate", ascending=False, kind="stable").student_name)
    in_order.click()
    settled(page)

    page.get_by_text("No cause known", exact=True).click()
    settled(page)
    page.get_by_role("button", name="Next").click()
    settled(page)
    assert "only=No+cause+known" in page.url.replace("%20", "+")
    assert not [one for one in rows.student_id if one in page.url]
    elsewhere = new_context().new_page()
    elsewhere.goto(page.url)
    writing.opened(elsewhere, "Students")
    with_names(elsewhere)
    assert boxes(elsewhere).all_inner_texts() == boxes(page).all_inner_texts()


def test_the_main_path_by_keyboard(page, own_server):
    """To the next student and back, a choice, a name, a note: without a mouse."""
    open_meeting(page, own_server)
    heading = page.get_by_test_id("stMain").locator("h3").filter(visible=True)
    first = page.get_by_role("combobox", name="Student", exact=True).input_value()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("2 of 12 for today")).to_be_visible()
    settled(page)
    second = page.get_by_role("combobox", name="Student", exact=True).input_value()
    assert second != first
    assert heading.filter(has_text=second).count() == 1
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_text("1 of 12 for today")).to_be_visible()
    settled(page)

    tab_to(page, "tab", "What we learned")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    tab_to(page, "textbox", "Note")
    page.keyboard.type("Likes the garden.")
    tab_to(page, "button", "Save the note")
    page.keyboard.press("Enter")
    said(page, "Saved: a note on")

    name = boxes(page).first.inner_text().split(" · ")[0]
    tab_to(page, "checkbox", name)
    page.keyboard.press("Space")
    expect(page.get_by_text(f"1 student: {name}")).to_be_visible()
    notes = causes.student_notes(Selection(school=BIRCH), NAMES)
    assert list(notes[notes.written_by == "Ms. Lee"].words) == ["Likes the garden."]


def test_everybody_can_use_it(page, own_server):
    """In both looks, on a laptop and a phone: the whole page, and what stands under each tab."""
    open_meeting(page, own_server)
    boxes(page).first.click()
    settled(page)
    tabs = page.get_by_role("tab").all_inner_texts()
    for look in every_look(page):
        assert axe(page) == [], look
        for name in tabs:
            tab(page, name)
            assert axe(page, "[role=tablist], [role=tabpanel]") == [], f"{name}, {look}"
