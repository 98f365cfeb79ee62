"""Protects the headings of cards: one line of half a page, with the figure and the doubt of the
reading that stands behind it."""

import pandas as pd
import pytest

from pages.shared import basis
from pages.shared.absence import cards as absence_cards
from pages.shared.absence import charts as absence_charts
from pages.shared.absence import sentences as absence
from pages.shared.causes import sentences as causes
from pages.shared.culture import sentences as culture
from pages.shared.network import charts as network_charts
from pages.shared.network import sentences as network
from pages.shared.overview import sentences as overview
from pages.shared.plans import sentences as plans
from tests.test_readings import REWORDED, absence_shifts, culture_shifts, rows, school, standing

# What has room beside the mark that opens what is behind a heading.
LETTERS = 48


@pytest.mark.parametrize(
    "change, words",
    [
        ({}, "5 points less than last year, a clear change"),
        ({"clear_of_chance": False}, "No change from last year that is clear"),
        ({"comparable": False}, "Attendance taken on too few days this year"),
        ({"change_low": None, "change_high": None}, "5 points less than last year"),
        ({"second_rate": None, "change_points": None}, "Month by month"),
    ],
)
def test_a_change_in_one_line(change, words):
    told = absence.change_at_a_glance(absence_shifts(change))
    assert told.replace("5.0", "5") == words
    assert len(told) <= LETTERS


def test_a_change_that_is_not_told_is_none():
    coded = absence_shifts({"change_points": None, "first_students": 400}).assign(withheld=False)
    assert absence.change_at_a_glance(coded) == "25%, and 30% last year"
    untold = coded.assign(first_students=pd.NA)
    assert absence.change_at_a_glance(untold) == "Month by month"


@pytest.mark.parametrize(
    "first, second, points, comparable, words",
    [
        (0.272, 0.236, -3.6, True, "27% → 24% | −3\\.6"),
        (0.272, 0.232, -4.0, True, "27% → 23% | −4"),
        (0.29, 0.23, -6.0, False, "now 23% | not comparable"),
    ],
)
def test_what_moved_gives_points_that_its_shares_give(first, second, points, comparable, words):
    """And of years that cannot be compared, this one alone."""
    change = {"first_rate": first, "second_rate": second, "change_points": points}
    table = absence_shifts(change | {"comparable": comparable})
    assert words in overview.what_moved(table, culture_shifts(REWORDED))


def test_schools_are_counted_by_direction_among_those_compared():
    up = {"change_points": 5.0, "change_low": 2.0, "change_high": 8.0}
    table = absence_shifts(school("Alder"), school("Birch"), school("Cedar", **up))
    assert absence.schools_at_a_glance(table) == "2 fell and 1 rose clearly, of 3 schools"
    assert absence.schools_moved(table) == "2 of 3 schools fell and 1 rose"
    unsure = [school(name, clear_of_chance=False) for name in ("Alder", "Birch")]
    assert absence.schools_moved(absence_shifts(*unsure)) == "0 of 2 schools moved"
    assert absence.schools_moved(absence_shifts(school("Alder"))) == ""
    apart = absence_shifts(school("Alder", comparable=False, clear_of_chance=False))
    assert absence.schools_at_a_glance(apart) == "No school can be compared with last year"
    unclear = absence_shifts(school("Alder", clear_of_chance=False))
    assert absence.schools_at_a_glance(unclear) == "None of 1 school moved clearly"
    assert not absence.is_of_schools(unclear)
    assert absence.is_of_schools(table)


def test_the_first_item_is_one_of_which_answers_are_told():
    shifts = rows({"item_id": "one"}, {"item_id": "two"}, {"item_id": "three"})
    answers = rows({"item_id": "one"}, {"item_id": "two", "share": 0.4}, {"item_id": "three"})
    assert culture.first_told(shifts, answers) == 1
    coded = answers.assign(withheld=False, share=None, share_at_most=[None, None, 0.1])
    assert culture.first_told(shifts, coded) == 2
    none = coded.assign(share_at_most=None)
    assert culture.first_told(shifts, none) == 0
    assert culture.is_withheld(none)
    assert not culture.is_withheld(answers)


def test_groups_stand_by_the_share_that_is_shown_and_small_ones_last():
    table = rows(
        {"group_name": "Somali", "students": 3, "rate": 0.67, "rate_low": 0.21},
        {"group_name": "yes", "students": 366, "rate": 0.49, "rate_low": 0.44},
        {"group_name": "French", "students": 68, "rate": 0.31, "rate_low": 0.20},
        {"group_name": "Male", "students": 2026, "rate": 0.23, "rate_low": 0.21},
        dimension="unstable_housing",
    )
    assert list(absence.highest(table).group_name) == ["yes", "French", "Male", "Somali"]
    assert absence.groups(table, 0.24) == "Clearly high: Unstable housing, 49%"
    assert absence.groups(table, 0.44) == "No group stands clearly above all"
    assert absence.groups(table.head(1), 0.24) == "Too few students to compare groups"
    assert absence.first_groups(table, 2).startswith("The 2 highest of 4")
    assert absence.first_groups(table, 4) == ""


def test_shifts_in_one_line_keep_how_many_and_leave_the_words_of_items_behind():
    table = culture_shifts({}, {"clear_of_chance": False, "holds": False})
    told = culture.shifts_at_a_glance(table)
    assert told.startswith("1 of 2 shifts is") or told.startswith("1 of 2 shifts are")
    assert "“" not in told and "chance alone" not in told


def test_what_is_not_known_in_one_line():
    unknown = rows({"students_absent": 930, "students_without_cause": 420, "share": 0.45})
    assert causes.not_known_at_a_glance(unknown) == "We do not know why for 420 of 930"
    coded = unknown.assign(withheld=False)
    assert causes.not_known_at_a_glance(coded) == "We do not know why for about 420 of 930"
    nobody = rows({"students_absent": 0, "students_without_cause": 0, "share": None})
    assert causes.not_known_at_a_glance(nobody) == "Nobody here is chronically absent"


def test_plans_that_study_can_say_something_of_come_first_in_their_order():
    tried = pd.DataFrame({"record": ["a", "b", "c", "d"]})
    studies = rows(
        {"plan": "a", "verdict": "cannot compare"},
        {"plan": "b", "verdict": "no clear difference"},
        {"plan": "c", "verdict": "too soon"},
        {"plan": "d", "verdict": "fewer days missed"},
    )
    assert list(plans.compared_first(tried, studies).record) == ["b", "d", "a", "c"]


# --- Causes and schools in one picture --------------------------------------------------------

SHARED = rows(
    {"cause": "asthma", "students": 40, "partners_at_table": 0, "partners_known": 2},
    {"cause": "work", "students": 12, "partners_at_table": 1, "partners_known": 1},
    {"cause": "sleep", "students": 11, "partners_at_table": 0, "partners_known": 0},
)
BY_SCHOOL = rows(
    {"cause": "asthma", "school_name": "Alder", "students": 30},
    {"cause": "asthma", "school_name": "Birch", "students": 10},
    {"cause": "work", "school_name": "Birch", "students": None},
)


def drawn(by_school: pd.DataFrame) -> dict:
    """By cause and column what stands there."""
    whole = network_charts.of_causes(by_school, SHARED, ["Alder", "Birch"])
    spec = network_charts.causes_and_schools(whole, "light").to_dict()
    (data,) = spec["datasets"].values()
    return {(row["name"], row["cause"]): row["text"] for row in data}


def test_every_cause_stands_at_every_school_with_all_and_partners_at_the_end():
    cells = drawn(BY_SCHOOL)
    assert cells["asthma", "Alder"] == "30"
    assert cells["asthma", network_charts.ALL_TOGETHER] == "40"
    assert cells["asthma", network_charts.SEATED] == "0 of 2"
    assert cells["sleep", network_charts.SEATED] == "none"
    assert cells["work", "Alder"] == "", "nobody"
    assert drawn(BY_SCHOOL.assign(withheld=False))["work", "Alder"] == network_charts.UNTOLD


def test_of_many_schools_those_with_most_students_stand_there():
    names = [f"School {number}" for number in range(30)]
    many = rows(
        *({"school_name": name, "students": 10 + place} for place, name in enumerate(names)),
        cause="asthma",
    )
    whole = network_charts.of_causes(many, SHARED, names)
    shown = set(whole.cause) - {network_charts.ALL_TOGETHER, network_charts.SEATED}
    assert shown == set(names[-network_charts.MOST_SCHOOLS :])


def test_the_cause_that_is_asked_for_comes_first_or_nothing_does():
    assert list(network.asked_first(SHARED, "work").cause) == ["work", "asthma", "sleep"]
    assert network.asked_first(SHARED, "withheld").empty


def test_where_a_cause_is_and_who_works_on_it():
    partners = rows({"partner_name": "Breathing", "at_table": True, "cause": "asthma"})
    nobody, coded = partners.head(0), BY_SCHOOL.assign(withheld=False)
    assert network.where_and_who(BY_SCHOOL, partners, "asthma", 3) == [
        "Known in 2 of 3 schools. Students: Alder 30 and Birch 10.",
        "At the table: Breathing.",
    ]
    assert network.where_and_who(BY_SCHOOL, nobody, "asthma", 2)[0].startswith("Known in all 2 s")
    assert network.where_and_who(coded, nobody, "asthma", 3) == [
        "Known in at least 2 of 3 schools. Students, about: Alder 30 and Birch 10."
    ]
    assert network.where_and_who(BY_SCHOOL, nobody, "work", 3) == []
    assert network.where_and_who(coded, nobody, "work", 3) == ["At which schools is withheld."]
    assert network.where_and_who(coded, nobody, "", 3) == []


def test_a_number_of_schools_is_the_least_where_others_may_be_withheld():
    told = network.with_schools(SHARED.assign(schools=[2, 3, 0], withheld=False), 3)
    assert list(told.of_schools) == ["at least 2 of 3 schools", "all 3 schools", ""]
    exact = network.with_schools(SHARED.assign(schools=[2, 3, 1]), 3)
    assert list(exact.of_schools) == ["2 of 3 schools", "all 3 schools", "1 of 3 schools"]
    grid = network.grid(BY_SCHOOL.assign(withheld=False), SHARED, ["Alder", "Birch", "Cedar"])
    assert grid == "Asthma is known in at least 2 of 3 schools, most at Alder"


# --- What is counted --------------------------------------------------------------------------


def test_what_is_counted_stands_in_plain_words_and_the_rule_behind_it():
    rule = {"definition_sentence": "A tenth of the days."}
    table = standing(**rule)
    assert basis.counted(table) == (
        "9 schools · up to March 20, 2026 · attendance taken on 98% of days"
    )
    for words in ("Federal: ", "instructional day 121", "2025-26"):
        assert words in basis.rule(table)
        assert words not in basis.counted(table)
    assert basis.counted(standing(schools_reporting=8)).startswith("8 of 9 schools reporting")
    early = basis.counted(standing(days_possible=5, nobody_yet=True))
    assert "nobody can be evaluated yet" in early
    assert basis.rule(standing(as_of=None)) == ""


WHY_MOVED = rows(
    {"reason": None, "change_points": -0.91, "clear_of_chance": True},
    {"reason": "Illness", "change_points": -0.6, "clear_of_chance": True},
    {"reason": "Medical or dental appointment", "change_points": 0.04, "clear_of_chance": False},
    {"reason": "Religious observance", "change_points": 0.03, "clear_of_chance": True},
).assign(first_share=0.077, second_share=0.068)


def test_days_missed_in_one_line_and_by_reason_with_what_is_clear():
    assert absence.days_missed_at_a_glance(WHY_MOVED) == "0.9 points fewer days missed"
    unsure = WHY_MOVED.assign(clear_of_chance=False)
    assert absence.days_missed_at_a_glance(unsure) == "No change in days missed that is clear"
    (drawn,) = absence_charts.reasons_moved(WHY_MOVED, "light").to_dict()["datasets"].values()
    assert [(row["label"], row["text"]) for row in drawn] == [
        ("All days missed", "7.7% → 6.8%: −0.9, clear"),
        ("Illness", "7.7% → 6.8%: −0.6, clear"),
        ("Medical or dental appointment", "7.7% → 6.8%: <0.1"),
        ("Religious observance", "7.7% → 6.8%: +0.03, clear"),
    ]
    assert drawn[0]["shade"] == drawn[3]["shade"] != drawn[2]["shade"]


def test_the_line_of_a_school_begins_where_every_year_is_told_and_comparable():
    shifts = absence_shifts(
        school("Alder"),
        school("Birch"),
        school("Cedar", comparable=False),
        school("Dogwood"),
    )
    years = rows(
        *(
            {"school_name": name, "rate": rate, "comparable": comparable}
            for name, told in {
                "Alder": ((0.3, True), (0.25, True), (0.2, True)),
                "Birch": ((0.3, True), (None, True), (0.25, True), (0.2, True)),
                "Cedar": ((0.3, True), (0.25, False), (0.2, True)),
            }.items()
            for rate, comparable in told
        )
    )
    shown = absence_cards.with_trend(shifts[shifts.level == "school"], years)
    assert list(shown.trend) == [[30, 25, 20], [25, 20], [], []]
    assert list(shown.change_points.isna()) == [False, False, True, False]


def test_the_table_of_schools_says_where_earlier_years_stand():
    shifts = absence_shifts(school("Alder"))
    month = "Years before last stand at the end of the same month."
    assert month not in absence.schools_in_a_table(shifts)
    assert month in absence.schools_in_a_table(shifts.assign(withheld=False))
