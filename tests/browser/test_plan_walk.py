"""Protects the way of a plan: started from a cause, studied in its time, closed with a decision.

The clock of the walk is real: a server over the sample network up to December, and then, while it
runs, the whole of it. It looks with names alone until March, so that December does without the
share view, which takes half the time of its load.
"""

import shutil
from datetime import date

import pytest
from playwright.sync_api import expect

from pages.shared.plans import sentences as plans_sentences
from queries import access, causes, plans, team
from queries.load import load, publish
from queries.selection import Selection
from queries.team.sample import copy_sample
from tests.browser import writing
from tests.browser.visits import PROJECT, chosen, leave, ready
from tests.browser.writing import (
    fold,
    go,
    headings,
    pick,
    reload,
    said,
    save,
    sign,
    tab,
    tab_to,
    with_names,
)
from tests.support.cut import cut

STUDENTS = "pages/students.py"
HAWTHORN = "Hawthorn High"
NAMES = access.at_this_machine("names")
# The last school day before the holidays.
DECEMBER = date(2025, 12, 19)
MARCH = date(2026, 3, 20)

page = writing.page


@pytest.mark.slow
def test_from_a_cause_to_what_was_learned(page, serve, sample_home, tmp_path, use_home):
    """In a home of its own, where other data are published while it is served."""
    home = tmp_path / "home"
    copy_sample(home)
    december = cut(PROJECT / "sample_data", tmp_path / "december", DECEMBER)
    load(december, home, share_view=False)
    use_home(home)
    server = serve(home)

    # From the students of Hawthorn whose cause is known, by the link under their list.
    go(page, server, STUDENTS, school=HAWTHORN)
    with_names(page)
    candidates = plans.candidates(Selection(school=HAWTHORN), NAMES)
    group = plans_sentences.of_group(candidates, "asthma")
    assert len(group) >= 10
    pick(page, page.get_by_role("combobox", name="Cause"), "asthma")
    page.get_by_role("link", name="Start a plan for students whose cause is asthma").click()
    ready(page, "Plans")
    assert chosen(page, "school") == HAWTHORN
    assert chosen(page, "start_for") == "asthma"
    sign(page)
    with_text = f"{len(group)} students who missed a tenth or more"
    expect(page.get_by_text(with_text)).to_be_visible()
    page.get_by_text(with_text).click()
    expect(page.get_by_text(", ".join(group.student_name))).to_be_visible()

    # Those ideas come first that are for this cause, with what is known.
    first, *_others = plans_sentences.ideas_for(plans.ideas(Selection(), NAMES), "asthma")
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
    aim = f"Aim: days missed from {percent}% to 9% by February 16, 2026"
    expect(page.get_by_text(aim).filter(visible=True).first).to_be_visible()
    label = f"Inhaler and action plan at school · {HAWTHORN} · December 22, 2025"
    pick(page, page.get_by_role("combobox", name="Study of"), label)
    assert "There is nothing to study yet" in headings(page)

    # March: the same home, three months later, with what the sample's own home was loaded with.
    march = publish.published(sample_home)
    for path_of in (publish.path_of, publish.shared_path_of):
        shutil.copyfile(path_of(sample_home, march), path_of(home, march))
    publish.publish(home, march)
    reload(page, "Plans")
    with_names(page)
    tried = plans.tried(Selection(school=HAWTHORN), NAMES)
    assert (tried.iloc[0].record, tried.iloc[0].stage) == (plan.record, "time to study")
    assert page.get_by_text("time to study, it was due on February 16, 2026").count() == 1
    study = plans.study(Selection(school=HAWTHORN), NAMES)
    (row,) = study[study.plan == plan.record].itertuples()
    assert row.verdict in ("no clear difference", "fewer days missed", "more days missed")
    assert plans_sentences.study_at_a_glance(row) in headings(page)
    expect(page.get_by_text(plans_sentences.before_and_after(row))).to_be_visible()
    expect(page.get_by_text("begins", exact=True).first).to_be_visible()

    # It is closed by keyboard, and not without a decision.
    sign(page)
    fold(page, "Go on with this plan")
    tab(page, "Close the plan")
    tab_to(page, "button", "Close the plan")
    page.keyboard.press("Enter")
    said(
        page,
        "Not saved yet: choose adapt, adopt or abandon, and look at the study, and say that you "
        "did, and write what you learned.",
    )
    tab_to(page, "checkbox", "We looked at the study up to March 20, 2026")
    page.keyboard.press("Space")
    tab_to(page, "radio", "Adapt")
    page.keyboard.press("Space")
    tab_to(page, "textbox", "What we learned")
    page.keyboard.type("Half of them have one now. Ask sooner.")
    tab_to(page, "button", "Close the plan")
    page.keyboard.press("Enter")
    expect(page.get_by_text("closed on March 20, 2026, to be adapted").first).to_be_attached()
    closed = team.entry(plan.record).content
    assert (closed.decision, closed.learned) == ("adapt", "Half of them have one now. Ask sooner.")
    assert closed.looked_up_to == closed.ended_on == MARCH
    leave(server, page)
