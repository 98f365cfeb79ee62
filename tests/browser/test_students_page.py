"""Protects the weekly meeting: from the list to what is understood, and what was agreed to be done.

Every test that writes has a home of its own: the sample network, with what its schools wrote.
"""

import shutil
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from pages.shared import student_readings as readings
from queries import access, causes, team
from queries.selection import Selection
from queries.team.records import Learned, Note, Step
from tests.browser.test_words_are_text import HOSTILE, check_nothing_ran
from tests.browser.visits import axe, choose, chosen, go, main_text, menu, ready, still

PAGE = "pages/students.py"
BIRCH = "Birch Elementary"
NAMES = access.at_this_machine("names")
# Around the fields of a form.
FORM = "[class*=st-key-form_]"
PHONE = {"viewport": {"width": 390, "height": 844}}


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


def with_names(page) -> None:
    """Choose the view with names, as a reader does."""
    page.get_by_role("radiogroup", name="View").get_by_text("With names", exact=True).click()
    expect(page.get_by_text("Student information: not for sharing")).to_be_visible()
    ready(page)


def open_meeting(page, server, **choices) -> None:
    """The students of Birch, with names; signed."""
    go(page, server, PAGE, school=BIRCH, **choices)
    with_names(page)
    page.get_by_label("Your name").fill("Ms. Lee")


def settled(page) -> None:
    page.wait_for_timeout(150)
    ready(page)


def birch(**narrowed):
    """The students of Birch over the threshold, as the page asks for them."""
    rows = causes.students(Selection(school=BIRCH, **narrowed), NAMES)
    return readings.only(rows, [], None, None)


def form(page, button: str):
    """The form with this button that a reader sees."""
    forms = page.locator(FORM)
    return forms.filter(has=page.get_by_role("button", name=button)).filter(visible=True)


def pick(page, field, option: str) -> None:
    """Choose an option of a field by typing it. While its list is open all else is out of reach."""
    still(page)
    field.click()
    page.keyboard.type(option)
    page.get_by_role("option", name=option, exact=True).first.click()


def said(page, words: str) -> None:
    expect(page.get_by_test_id("stAlert").filter(has_text=words).first).to_be_visible()
    ready(page)


# --- The walk ---------------------------------------------------------------------------------


def test_from_the_list_to_what_is_understood_and_the_next_step(page, own_server):
    """Five clicks from opening Roundtable; three students at once; a next step."""
    rows = birch()
    new = rows[rows.crossed_this_week & ~readings.has_cause(rows)]
    expected = list(new.student_name)
    assert expected, "somebody crossed this week, and nobody knows why"

    page.goto(own_server.url)
    ready(page, "Overview")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Students").click()  # 1
    ready(page, "Students")
    with_names(page)  # 2
    choose(page, "school", BIRCH)  # 3 and 4
    page.get_by_role("button", name="Show th").click()  # 5
    settled(page)
    shown = [box.inner_text() for box in boxes(page).all()]
    assert sorted(one.split(" · ")[0] for one in shown) == sorted(expected)

    # Three at once, of all of whom no cause is known.
    unknown = len(rows[~readings.has_cause(rows)])
    page.get_by_text("Crossed this week", exact=True).click()
    page.get_by_label("Your name").fill("Ms. Lee")
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
    together.get_by_role("button", name="Save what we learned").click()
    said(page, f"Saved: asthma, for {', '.join(three)}.")
    now = birch()
    written = now[now.student_name.isin(three)]
    assert [list(one) for one in written.causes] == [["asthma"]] * 3
    assert set(written.learned_by) == {"Ms. Lee"}
    assert len(now[~readings.has_cause(now)]) == unknown - 3
    known = causes.understood(Selection(school=BIRCH), NAMES).set_index("cause").students
    assert known["asthma"] == int(now.causes.map(lambda one: "asthma" in one).sum())
    assert not page.get_by_text("3 students:").count(), "and the ticks are gone"

    # A next step for today's student, due in a week.
    page.get_by_role("tab", name="Next step").click()
    next_step = form(page, "Save the next step")
    next_step.get_by_label("Next step").fill("Ask the nurse for a second inhaler")
    next_step.get_by_label("Who").fill("Nurse Kim")
    next_step.get_by_role("button", name="Save the next step").click()
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


def fold(page, words: str):
    """A step's fold, opened."""
    found = page.get_by_test_id("stExpander").filter(has_text=words)
    if not found.locator(FORM).is_visible():
        found.locator("summary").click()
    expect(found.locator(FORM)).to_be_visible()
    return found


def test_next_week_it_stands_under_since_last_time_and_is_done(page, own_server, a_step_due):
    open_meeting(page, own_server)
    step = fold(page, "Call the grandmother")
    expect(step.locator("summary")).to_contain_text("Not done yet")
    expect(step.locator("summary")).to_contain_text("Jo, due 20 March")
    step.get_by_role("button", name="Save what came of it").click()
    said(page, "write what we learned")
    step.get_by_label("What we learned").fill("She brings them; the bus is too early.")
    step.get_by_role("button", name="Save what came of it").click()
    said(page, "Saved.")
    expect(step.locator("summary")).to_contain_text("Done on 20 March")
    expect(step.locator("summary")).to_contain_text("She brings them; the bus is too early.")
    content = team.entry(a_step_due).content
    assert (content.state, content.ended_on) == ("done", date(2026, 3, 20))


def test_two_who_change_one_step_both_learn_of_it_and_lose_no_word(
    new_context, own_server, a_step_due
):
    one, other = new_context().new_page(), new_context().new_page()
    for page, name in ((one, "Ms. Lee"), (other, "Mr. Diaz")):
        open_meeting(page, own_server)
        page.get_by_label("Your name").fill(name)
        fold(page, "Call the grandmother").get_by_label("What we learned").fill(f"{name} heard")
    fold(one, "Call the grandmother").get_by_role("button", name="Save what came").click()
    said(one, "Saved.")
    step = fold(other, "Call the grandmother")
    step.get_by_role("button", name="Save what came").click()
    said(other, "Ms. Lee changed this while you were writing.")
    words = other.get_by_test_id("stAlert").filter(has_text="changed this").inner_text()
    assert "Ms. Lee heard" in words
    assert "Mr. Diaz heard" in words
    expect(step.get_by_label("What we learned")).to_have_value("Mr. Diaz heard")
    assert team.entry(a_step_due).content.result == "Ms. Lee heard", "nothing was written over"
    step.get_by_label("What we learned").fill("Ms. Lee heard; Mr. Diaz heard")
    step.get_by_role("button", name="Save what came").click()
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
    open_meeting(page, own_server)
    pick(page, page.locator(".st-key-student input[role=combobox]"), student.student_name)
    settled(page)
    page.get_by_role("tab", name="Correct").click()
    correction = form(page, "Save the correction")
    correction.get_by_label("In words").fill("It is the bus, not the home.")
    correction.get_by_role("button", name="Save the correction").click()
    said(page, "What stood there before is kept")
    before, after = team.history(record)
    assert before.content.note == "A wrong guess."
    assert after.content.note == "It is the bus, not the home."
    # Somebody else was faster: both versions stand there, and what was typed.
    correction.get_by_label("In words").fill("Mine")
    team.change(NAMES, "Mr. Diaz", record, 2, replace(name, note="His"))
    correction.get_by_role("button", name="Save the correction").click()
    said(page, "Mr. Diaz changed this while you were writing")
    said(page, "housing: His")
    expect(correction.get_by_label("In words")).to_have_value("Mine")
    correction.get_by_text("Take it back: it was wrong").click()
    correction.get_by_role("button", name="Save the correction").click()
    said(page, "What stood there before is kept")
    assert team.entry(record).content is None
    assert len(team.history(record)) == 4


def test_without_a_name_nothing_is_saved_and_nothing_typed_is_lost(page, own_server):
    go(page, own_server, PAGE, school=BIRCH)
    with_names(page)
    page.get_by_role("tab", name="Note").click()
    note = form(page, "Save the note")
    note.get_by_label("Note").fill("Likes the garden.")
    note.get_by_role("button", name="Save the note").click()
    said(page, "Not saved yet: write your name above.")
    expect(note.get_by_label("Note")).to_have_value("Likes the garden.")
    page.get_by_label("Your name").fill("Ms. Lee")
    note.get_by_role("button", name="Save the note").click()
    said(page, "Saved: a note on")
    expect(note.get_by_label("Note")).to_have_value("")
    notes = causes.student_notes(Selection(school=BIRCH), NAMES)
    assert list(notes[notes.written_by == "Ms. Lee"].words) == ["Likes the garden."]


def test_what_is_typed_stays_with_its_student_until_it_is_saved(page, own_server):
    """Turning to another student, by key or by name, to a filter or to another page, and back."""
    open_meeting(page, own_server)
    student = page.get_by_role("combobox", name="Student", exact=True)
    first = student.input_value()

    def turned_to(place: str) -> None:
        expect(page.get_by_text(f"{place} of 12 for today")).to_be_visible()
        settled(page)

    page.get_by_role("tab", name="Note").click()
    field = form(page, "Save the note").get_by_label("Note")
    field.fill("Likes the garden.")
    # In the field the keys of the next student mark words: nothing half typed is left behind.
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_timeout(500)
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


def test_a_double_click_writes_once(page, own_server):
    open_meeting(page, own_server)
    page.get_by_role("tab", name="Note").click()
    note = form(page, "Save the note")
    note.get_by_label("Note").fill("Likes the garden.")
    note.get_by_role("button", name="Save the note").dblclick()
    said(page, "Saved: a note on")
    settled(page)
    notes = causes.student_notes(Selection(school=BIRCH), NAMES)
    assert len(notes[notes.written_by == "Ms. Lee"]) == 1


def test_a_cause_that_is_new_is_added_with_its_family(page, own_server):
    open_meeting(page, own_server)
    learned = form(page, "Save what we learned").first
    field = learned.get_by_role("combobox", name="What we learned")
    field.fill("mold in the flat")
    page.keyboard.press("Enter")
    pick(page, learned.get_by_role("combobox", name="From whom"), "Home visit")
    learned.get_by_role("button", name="Save what we learned").click()
    said(page, "choose the family of the new cause, mold in the flat")
    # What is still to be said stands open.
    expect(learned.get_by_role("combobox", name="Family")).to_be_visible()
    pick(page, learned.get_by_role("combobox", name="Family"), "Barriers")
    learned.get_by_role("button", name="Save what we learned").click()
    said(page, "Saved: mold in the flat")
    rows = causes.to_choose(Selection(), NAMES)
    assert list(rows[rows.cause == "mold in the flat"].family) == ["barriers"]


def test_a_letter_is_a_fact_at_the_end(page, own_server):
    open_meeting(page, own_server)
    page.get_by_role("tab", name="Letter, call or visit").click()
    form(page, "Save the contact").get_by_role("button", name="Save the contact").click()
    said(page, "Saved: letter on 20 March 2026")
    assert "success" not in main_text(page).lower()


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
    open_meeting(page, own_server)
    names = readings.names(causes.students(Selection(school=BIRCH), NAMES))
    pick(page, page.get_by_role("combobox", name="Student", exact=True), names[student.student_id])
    settled(page)
    for closed in page.get_by_test_id("stExpander").locator("summary").all():
        closed.click()
    settled(page)
    check_nothing_ran(page)
    # The way to a plan for a cause names the cause, and leads to a page of ours.
    elsewhere = "[data-testid=stMain] a[href*=invalid]:not([href^='plans?'])"
    assert page.locator(elsewhere).count() == 0
    shown = main_text(page).replace("\N{WORD JOINER}", "")
    for words in HOSTILE:
        assert words in shown
    for words in HOSTILE:
        page.get_by_role("tab", name="Note").click()
        page.get_by_label("Your name").fill(words)
        note = form(page, "Save the note")
        note.get_by_label("Note").fill(words)
        note.get_by_role("button", name="Save the note").click()
        said(page, "Saved: a note on")
        check_nothing_ran(page)


# --- Around it --------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["For everybody", "For staff"])
def test_in_another_view_it_says_how_to_come_in_and_nothing_else(page, server, view):
    go(page, server, PAGE, school=BIRCH, only="Crossed this week")
    page.get_by_role("radiogroup", name="View").get_by_text(view, exact=True).click()
    ready(page)
    assert "With names" in main_text(page)
    for drawn in ("stTextArea", "stCheckbox", "stExpander", "stButton"):
        assert page.get_by_test_id("stMain").get_by_test_id(drawn).count() == 0


def test_choices_stand_in_the_address_and_no_student_does(page, server, new_context, sample):
    open_meeting(page, server)
    page.get_by_text("No cause known", exact=True).click()
    settled(page)
    page.get_by_role("button", name="Next").click()
    settled(page)
    rows = birch()
    assert "only=No+cause+known" in page.url.replace("%20", "+")
    assert not [one for one in rows.student_id if one in page.url]
    elsewhere = new_context().new_page()
    elsewhere.goto(page.url)
    ready(elsewhere, "Students")
    with_names(elsewhere)
    assert [box.inner_text() for box in boxes(elsewhere).all()] == [
        box.inner_text() for box in boxes(page).all()
    ]


def test_in_order_of_days_missed_is_one_list(page, server, sample):
    open_meeting(page, server)
    page.get_by_text("In order of days missed", exact=True).first.click()
    settled(page)
    page.get_by_role("button", name="Show all").first.click()
    settled(page)
    shown = [box.inner_text().split(" · ")[0] for box in boxes(page).all()]
    assert shown == list(birch().sort_values("rate", ascending=False, kind="stable").student_name)


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


def tab_to(page, role: str, name: str) -> None:
    """Press Tab until the element of this role and name has the focus."""
    wanted = page.get_by_role(role, name=name).filter(visible=True).first
    for _ in range(120):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {role} {name}")


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [{}, PHONE], ids=["laptop", "phone"])
def test_everybody_can_use_it(new_context, server, look, size):
    page = new_context(color_scheme=look, **size).new_page()
    open_meeting(page, server)
    boxes(page).first.click()
    settled(page)
    for tab in page.get_by_role("tab").all():
        tab.click()
        assert axe(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, "nothing stands outside the screen"
