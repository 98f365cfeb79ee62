"""Protects the way of a plan: started from a cause, studied in its time, closed with a decision.

The clock of the walk is real: a server over the sample network up to December, and then, while it
runs, the whole of it.
"""

import shutil
from datetime import date

import pytest
from playwright.sync_api import expect

from pages.shared import plan_readings as readings
from queries import access, causes, plans, team
from queries.load import load, publish
from queries.selection import Selection
from queries.team.records import Cycle, Idea, Member, Plan
from queries.team.sample import copy_sample
from tests.browser import writing
from tests.browser.test_words_are_text import HOSTILE, check_nothing_ran
from tests.browser.visits import PROJECT, chosen, main_text, ready
from tests.browser.writing import (
    FORM,
    PHONE,
    axe,
    every_look,
    fold,
    go,
    pick,
    reload,
    run_again,
    said,
    save,
    sign,
    tab,
    tab_to,
    unfold,
    view,
    with_names,
)
from tests.support.cut import cut

PAGE, STUDENTS = "pages/plans.py", "pages/students.py"
BIRCH, HAWTHORN = "Birch Elementary", "Hawthorn High"
NAMES = access.at_this_machine("names")
# The last school day before the holidays.
DECEMBER = date(2025, 12, 19)
MARCH = date(2026, 3, 20)


own_server, page = writing.own_server, writing.page


def open_plans(page, server, name="Ms. Lee", **choices) -> None:
    """The plans page with names; signed."""
    go(page, server, PAGE, **choices)
    with_names(page)
    sign(page, name)


def headings(page) -> list[str]:
    return page.locator("[data-testid=stMain] h3").all_inner_texts()


# --- The walk ---------------------------------------------------------------------------------


def test_from_a_cause_to_what_was_learned(page, serve, sample_home, tmp_path, use_home):
    """In a home of its own, where other data are published while it is served."""
    home = tmp_path / "home"
    copy_sample(home)
    load(cut(PROJECT / "sample_data", tmp_path / "december", DECEMBER), home)
    use_home(home)
    server = serve(home)

    # From the students of Hawthorn whose cause is known, by the link under their list.
    go(page, server, STUDENTS, school=HAWTHORN)
    with_names(page)
    candidates = plans.candidates(Selection(school=HAWTHORN), NAMES)
    group = readings.of_group(candidates, "asthma")
    assert len(group) >= 10
    asthma = fold(page, "Asthma:")
    asthma.get_by_role("link", name="Start a plan for students whose cause is asthma").click()
    ready(page, "Plans")
    assert chosen(page, "school") == HAWTHORN
    assert chosen(page, "start_for") == "asthma"
    sign(page)
    with_text = f"{len(group)} students who missed a tenth or more"
    expect(page.get_by_text(with_text)).to_be_visible()
    page.get_by_text(with_text).click()
    expect(page.get_by_text(", ".join(group.student_name))).to_be_visible()

    # Those ideas come first that are for this cause, with what is known.
    first, *_others = readings.ideas_for(plans.ideas(Selection(), NAMES), "asthma")
    assert first == "Inhaler and action plan at school"
    pick(page, page.get_by_role("combobox", name="Change idea"), first)
    expect(
        page.get_by_text("What is known: Trials of medicine given by a school nurse")
    ).to_be_visible()
    percent = group.iloc[0].days_missed_percent
    expect(page.get_by_text(f"Days missed by these students so far: {percent}%")).to_be_visible()
    save(page, page, "Start the plan")
    said(page, "Not saved yet: say to how many percent it should go, and say who owns it.")
    page.get_by_label("To, in percent of days").first.fill(str(percent))
    owner = page.get_by_role("textbox", name="Owner").filter(visible=True).last
    owner.fill("Josephine")
    owner.blur()
    save(page, page, "Start the plan")
    said(page, f"set an aim below the {percent}% of today")
    page.get_by_label("To, in percent of days").first.fill("9")
    works_on_it = causes.partners(Selection(school=HAWTHORN))
    works_on_it = works_on_it[works_on_it.cause == "asthma"].partner_name.head(2).tolist()
    assert len(works_on_it) == 2
    for partner in works_on_it:
        pick(page, page.get_by_role("combobox", name="Partners").filter(visible=True).last, partner)
    people = page.get_by_label("People at the table, one a line").filter(visible=True).last
    people.fill("Nurse Kim\nMs. Ruiz, grandmother")
    people.blur()
    save(page, page, "Start the plan")
    said(page, f"Started: Inhaler and action plan at school, for {len(group)} students.")

    (plan,) = (
        plans.tried(Selection(school=HAWTHORN), NAMES).query("owner == 'Josephine'").itertuples()
    )
    assert plan.stage == "not begun"
    assert (plan.cause, plan.from_percent, plan.to_percent) == ("asthma", percent, 9)
    assert list(plan.people) == ["Nurse Kim", "Ms. Ruiz, grandmother"]
    assert sorted(plan.partners) == sorted(works_on_it)
    assert (plan.begins_on.date(), plan.due_on.date()) == (date(2025, 12, 22), date(2026, 2, 16))
    members = plans.members(Selection(school=HAWTHORN), NAMES)
    assert set(members[members.plan == plan.record].student_id) == set(group.student_id)
    aim = f"Days missed from {percent}% to 9% by 16 February 2026"
    expect(page.get_by_text(aim).first).to_be_visible()
    label = f"Inhaler and action plan at school · {HAWTHORN} · 22 December 2025"
    pick(page, page.get_by_role("combobox", name="Study of"), label)
    assert "There is nothing to study yet: it has not begun" in headings(page)

    # March: the same home, three months later, with what the sample's own home was loaded with.
    march = publish.published(sample_home)
    shutil.copyfile(publish.path_of(sample_home, march), publish.path_of(home, march))
    publish.publish(home, march)
    reload(page, "Plans")
    with_names(page)
    tried = plans.tried(Selection(school=HAWTHORN), NAMES)
    assert (tried.iloc[0].record, tried.iloc[0].stage) == (plan.record, "time to study")
    assert page.get_by_text("time to study, it was due on 16 February 2026").count() == 1
    study = plans.study(Selection(school=HAWTHORN), NAMES)
    (row,) = study[study.plan == plan.record].itertuples()
    assert row.verdict in ("no clear difference", "fewer days missed", "more days missed")
    assert readings.study(row) in headings(page)
    expect(page.get_by_text(readings.before_and_after(row))).to_be_visible()
    expect(page.get_by_text("begins", exact=True).first).to_be_visible()

    # It is closed by keyboard, and not without a decision.
    sign(page)
    tab(page, "Close the plan")
    tab_to(page, "button", "Close the plan")
    page.keyboard.press("Enter")
    said(
        page,
        "Not saved yet: choose adapt, adopt or abandon, and look at the study, and say that you "
        "did, and write what you learned.",
    )
    tab_to(page, "checkbox", "We looked at the study up to 20 March 2026")
    page.keyboard.press("Space")
    tab_to(page, "radio", "Adapt")
    page.keyboard.press("Space")
    tab_to(page, "textbox", "What we learned")
    page.keyboard.type("Half of them have one now. Ask sooner.")
    tab_to(page, "button", "Close the plan")
    page.keyboard.press("Enter")
    expect(page.get_by_text("closed on 20 March 2026, to be adapted").first).to_be_attached()
    closed = team.entry(plan.record).content
    assert (closed.decision, closed.learned) == ("adapt", "Half of them have one now. Ask sooner.")
    assert closed.looked_up_to == closed.ended_on == MARCH


# --- Going on with a plan ---------------------------------------------------------------------


def test_two_who_change_one_plan_both_learn_of_it_and_lose_no_word(new_context, own_server):
    """One gives it another owner, the other closes it; then the first one hears of that."""
    plan = "plan-rowan-mentors"
    one, other = new_context().new_page(), new_context().new_page()
    for page, name in ((one, "Ms. Lee"), (other, "Mr. Diaz")):
        open_plans(page, own_server, name, school="Rowan High")
    close = tab(other, "Close the plan")
    close.get_by_text("We looked at the study").click()
    close.get_by_text("Adopt: keep doing it").click()
    close.get_by_label("What we learned").fill("Mr. Diaz heard")
    change = tab(one, "Change the plan")
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
    said(one, "Closed on 20 March 2026, adopt: Mr. Diaz heard")
    expect(change.get_by_label("Owner")).to_have_value("Somebody else")
    assert len(team.history(plan)) == 3

    # What they took back meanwhile is said.
    change.get_by_label("Owner").fill("My own words")
    team.change(NAMES, "Mr. Diaz", plan, 3, None)
    save(one, change, "Save the change")
    said(one, "Mr. Diaz changed this while you were writing. They took it back.")
    said(one, "My own words")


def test_a_cycle_is_written_and_gone_on_with(page, own_server):
    open_plans(page, own_server, school="Rowan High")
    form = tab(page, "Next cycle")
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


def test_a_schools_own_idea_needs_what_is_known_and_is_on_the_menu_then(page, own_server):
    open_plans(page, own_server, school=HAWTHORN, start_for=readings.NO_CAUSE)
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
    assert "time to study" in main_text(page)
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
        tab(page, name)
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
    label = next(name for name, one in readings.names(tried).items() if one == "plan-birch-door")
    go(page, own_server, PAGE, plan=label)
    view(page, "For staff")
    expect(page.get_by_role("combobox", name="Study of")).to_have_value(label)
    whom = page.get_by_text("Students who had missed a tenth of their days by October 3").last
    expect(whom).to_be_visible()
    study = plans.study(Selection(), access.at_this_machine("school"))
    (row,) = study[study.plan == "plan-birch-door"].itertuples()
    assert readings.study(row) in headings(page)
    assert page.locator(FORM).count() == 0
    assert "To start a plan or to go on with one, choose With names above" in main_text(page)


def test_everybody_can_use_it(page, own_server):
    """In both looks, on a laptop and a phone: the whole page, and each form of a plan."""
    open_plans(page, own_server, school=BIRCH, start_for="housing")
    unfold(page)
    for look in every_look(page):
        assert axe(page) == [], look
        for name in ("Next cycle", "Close the plan", "Change the plan"):
            tab(page, name)
            assert axe(page, "[role=tablist], [role=tabpanel]") == [], f"{name}, {look}"
