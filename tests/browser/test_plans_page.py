"""Protects plans that are under way: gone on with, changed by two, closed; test_plan_walk.py has
the whole way of one."""

from datetime import date

import pytest
from playwright.sync_api import expect

from pages.shared.plans import sentences as plans_sentences
from queries import access, plans, team
from queries.selection import Selection
from queries.team.records import Cycle, Idea, Member, Plan
from tests.browser import writing
from tests.browser.test_words_are_text import HOSTILE, check_nothing_ran
from tests.browser.visits import main_text
from tests.browser.writing import (
    FORM,
    PHONE,
    axe,
    every_look,
    fold,
    go,
    headings,
    pick,
    run_again,
    said,
    save,
    sign,
    tab,
    unfold,
    view,
    with_names,
)

PAGE = "pages/plans.py"
BIRCH, HAWTHORN = "Birch Elementary", "Hawthorn High"
NAMES = access.at_this_machine("names")
MARCH = date(2026, 3, 20)


own_server, page = writing.own_server, writing.page


def open_plans(page, server, name="Ms. Lee", **choices) -> None:
    """The plans page with names; signed."""
    go(page, server, PAGE, **choices)
    with_names(page)
    sign(page, name)


def go_on(page, name: str):
    """A form of the plan that is studied, in its fold."""
    fold(page, "Go on with this plan")
    return tab(page, name)


# --- Going on with a plan ---------------------------------------------------------------------


@pytest.mark.slow
def test_two_who_change_one_plan_both_learn_of_it_and_lose_no_word(new_context, own_server):
    """One gives it another owner, the other closes it; then the first one hears of that."""
    plan = "plan-rowan-mentors"
    one, other = new_context().new_page(), new_context().new_page()
    for page, name in ((one, "Ms. Lee"), (other, "Mr. Diaz")):
        open_plans(page, own_server, name, school="Rowan High")
    close = go_on(other, "Close the plan")
    close.get_by_text("We looked at the study").click()
    close.get_by_text("Adopt: keep doing it").click()
    close.get_by_label("What we learned").fill("Mr. Diaz heard")
    change = go_on(one, "Change the plan")
    change.get_by_label("Owner").fill("Ms. Lee herself")
    save(one, change, "Save the change")
    said(one, "Saved. What stood there before is kept.")

    save(other, close, "Close the plan")
    words = said(other, "Ms. Lee changed this while you were writing.")
    assert "owner Ms. Lee herself" in words
    assert "Yours: “adopt: Mr. Diaz heard”" in words
    expect(close.get_by_label("What we learned")).to_have_value("Mr. Diaz heard")
    assert team.entry(plan).content.ended_on is None
    save(other, close, "Close the plan")
    said(other, "Saved.")
    content = team.entry(plan).content
    assert (content.owner, content.learned) == ("Ms. Lee herself", "Mr. Diaz heard")

    change.get_by_label("Owner").fill("Somebody else")
    save(one, change, "Save the change")
    said(one, "Mr. Diaz changed this while you were writing.")
    said(one, "Closed on March 20, 2026, adopt: Mr. Diaz heard")
    expect(change.get_by_label("Owner")).to_have_value("Somebody else")
    assert len(team.history(plan)) == 3

    # What they took back meanwhile is said.
    change.get_by_label("Owner").fill("My own words")
    team.change(NAMES, "Mr. Diaz", plan, 3, None)
    save(one, change, "Save the change")
    said(one, "Mr. Diaz changed this while you were writing. They took it back.")
    said(one, "My own words")


@pytest.mark.slow
def test_a_cycle_is_written_and_gone_on_with(page, own_server):
    open_plans(page, own_server, school="Rowan High")
    form = go_on(page, "Next cycle")
    save(page, form, "Save the cycle")
    said(page, "Not saved yet: say what is planned.")
    form.get_by_label("Plan: what we will do").fill("Mentors call on Sundays")
    save(page, form, "Save the cycle")
    said(page, "Saved: the next cycle.")
    expect(page.get_by_text("2 cycles: plan, do, study, act")).to_be_visible()
    cycle = fold(page, "Mentors call on Sundays")
    cycle.get_by_label("Do: what was done").fill("Three Sundays of four")
    save(page, cycle, "Save what came of it")
    said(page, "Saved. What stood there before is kept.")
    cycles = plans.cycles(Selection(school="Rowan High"), NAMES)
    assert list(cycles.planned)[-1] == "Mentors call on Sundays"
    assert list(cycles.did)[-1] == "Three Sundays of four"


@pytest.mark.slow
def test_a_schools_own_idea_needs_what_is_known_and_is_on_the_menu_then(page, own_server):
    open_plans(page, own_server, school=HAWTHORN, start_for=plans_sentences.NO_CAUSE)
    pick(page, page.get_by_role("combobox", name="Change idea"), "Tea at seven")
    page.get_by_label("To, in percent of days").first.fill("5")
    page.get_by_role("textbox", name="Owner").filter(visible=True).last.fill("Josephine")
    save(page, page, "Start the plan")
    said(page, "Not saved yet: say what is known about the idea.")
    page.get_by_label("What is known about this idea").fill("Not studied.")
    page.get_by_role("button", name="Start the plan").dblclick()
    said(page, "Started: Tea at seven")
    # The server answers in order: after this both clicks have had their run.
    run_again(page)
    ideas = plans.ideas(Selection(), NAMES)
    assert list(ideas[ideas.idea == "Tea at seven"].known) == ["Not studied."]
    mine = plans.tried(Selection(school=HAWTHORN), NAMES).query("owner == 'Josephine'")
    assert list(mine.cause) == [""]


# --- What people wrote is text, and not for everybody -----------------------------------------

CODE = "\n\n    code\n\n# big"


@pytest.fixture
def hostile_plan(own_server):
    """Two plans of Hawthorn with words that mean something elsewhere, in every field."""
    words = " ".join(HOSTILE)
    for number, closing in enumerate(({}, {"decision": "adopt", "learned": words + CODE})):
        dates = {"looked_up_to": MARCH, "ended_on": MARCH} if closing else {}
        plan = Plan(
            school_id="S07",
            school_year="2025-26",
            idea=words,
            who_for=words + CODE,
            measure="days missed",
            from_percent=47,
            to_percent=43,
            begins_on=date(2026, 1, 12),
            due_on=date(2026, 3, 1),
            owner=words,
            cause=words,
            people=tuple(HOSTILE),
            partners=tuple(HOSTILE),
            **closing,
            **dates,
        )
        token = f"hostile{number}"
        cycle = Cycle("S07", f"{token}-0", MARCH, words + CODE, words, words, words)
        member = Member("100107", "S07", f"{token}-0")
        idea = Idea(words, tuple(HOSTILE), words + CODE)
        records = [plan, member, cycle] + ([] if closing else [idea])
        team.add(NAMES, words, records, token)
    return words


@pytest.mark.slow
def test_hostile_words_are_text_with_names_and_are_not_in_the_share_view(
    page, own_server, hostile_plan
):
    """Nothing that somebody wrote is sent for everybody, nor shown; nobody writes there."""
    sent = []

    def listen(socket) -> None:
        socket.on("framereceived", lambda frame: sent.append(frame))

    page.on("websocket", listen)
    go(page, own_server, PAGE, school=HAWTHORN)
    page.remove_listener("websocket", listen)
    unfold(page)
    everything = b"\n".join(one if isinstance(one, bytes) else one.encode() for one in sent)
    text = everything.decode("utf-8", errors="replace") + page.content()
    assert "An idea of their own" in text
    assert "another cause" in text
    assert "another partner" in text
    # It is due on the first of March, and everybody's numbers stand at the end of February.
    assert "under way since January 12, 2026" in main_text(page)
    exact = plans.tried(Selection(school=HAWTHORN), NAMES)
    own = [*exact.owner, *exact.who_for, *exact.learned[exact.learned != ""]]
    own += [one for people in exact.people for one in people] + HOSTILE
    for words in own:
        assert words not in text
    assert page.locator(FORM).count() == 0

    page.set_viewport_size(PHONE)
    with_names(page)
    sign(page, hostile_plan)
    unfold(page)
    for name in ("Next cycle", "Close the plan", "Change the plan"):
        go_on(page, name)
        check_nothing_ran(page)
    # The last form, as it was filled with them but for its aim, is saved and shown again.
    aim = page.get_by_role("tabpanel", name="Change the plan")
    aim.get_by_role("spinbutton", name="To, in percent of days").fill("42")
    save(page, page, "Save the change")
    said(page, "Saved. What stood there before is kept.")
    check_nothing_ran(page)
    assert page.locator("[data-testid=stMain] a[href*=invalid]").count() == 0
    assert page.locator("[data-testid=stMain] h1").count() == 1
    shown = main_text(page).replace("\N{WORD JOINER}", "")
    for words in HOSTILE:
        assert words in shown
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# --- Around it --------------------------------------------------------------------------------


def test_a_link_opens_a_plan_which_staff_read_without_names_and_learn_where_to_write(
    page, own_server
):
    tried = plans.tried(Selection(), NAMES)
    label = next(
        name for name, one in plans_sentences.names(tried).items() if one == "plan-birch-door"
    )
    go(page, own_server, PAGE, plan=label)
    view(page, "For staff")
    expect(page.get_by_role("combobox", name="Study of")).to_have_value(label)
    whom = page.get_by_text("Students who had missed a tenth of their days by October 3").last
    expect(whom).to_be_visible()
    study = plans.study(Selection(), access.at_this_machine("school"))
    (row,) = study[study.plan == "plan-birch-door"].itertuples()
    assert plans_sentences.study_at_a_glance(row) in headings(page)
    assert page.locator(FORM).count() == 0
    assert "To start a plan or to go on with one, choose With names above" in main_text(page)


@pytest.mark.slow
def test_everybody_can_use_it(page, own_server):
    """In both looks, on a laptop and a phone: the whole page, and each form of a plan."""
    open_plans(page, own_server, school=BIRCH, start_for="housing")
    unfold(page)
    for look in every_look(page):
        assert axe(page) == [], look
        for name in ("Next cycle", "Close the plan", "Change the plan"):
            go_on(page, name)
            assert axe(page, "[role=tablist], [role=tabpanel]") == [], f"{name}, {look}"
