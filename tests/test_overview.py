"""Protects the sentences of the first page: they follow the data, and claim no more than they hold.

A network is made in which something clearly moved, and one in which it did not.
"""

from datetime import date, timedelta

import pytest

from queries import database
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Step
from tests.conftest import copy_of
from tests.support.days import DAYS, answers, calendar, enrolled, missed, weekdays
from tests.support.readers import STAFF

LAST_YEAR = weekdays("2024-09-02", 120)
BEFORE = {"school_year": "2024-25"}
PEOPLE = 100


def moved(**choices) -> dict[str, dict]:
    """subject: its row."""
    rows = database.records("overview/what_moved", Selection(**choices), STAFF)
    assert len({row["subject"] for row in rows}) == len(rows), "at most one each"
    return {row["subject"]: row for row in rows}


@pytest.fixture
def story(network):
    """story({school: (chronically absent then, now)}): of 100 students at each school.

    Of 120 days in the calendar, attendance has come to day 100. `not_taken` is how many days of
    last year each school left out; `agreed` are (then, now), of 100 who were asked whether an adult
    cares.
    """

    def make(absent, agreed=None, not_taken=0, days_this_year=120, items=None):
        schools, students, enrollments, days, attendance = [], [], [], [], []
        for school, (then, now) in absent.items():
            schools.append({"school_id": school, "school_name": f"{school.title()} School"})
            names = [f"{school} {number}" for number in range(PEOPLE)]
            students += [{"student_id": name} for name in names]
            enrollments += [enrolled(name, school_id=school) for name in names]
            enrollments += [
                {"student_id": name, "school_id": school, "entry_date": LAST_YEAR[0], **BEFORE}
                for name in names
            ]
            year_before = calendar(school, LAST_YEAR, **BEFORE)
            for row in year_before[50 : 50 + not_taken]:
                row["attendance_taken"] = "no"
            days += year_before + calendar(school, DAYS[:days_this_year])
            for name in names[:then]:
                attendance += [
                    {"student_id": name, "school_id": school, "date": day} for day in LAST_YEAR[:12]
                ]
            for name in names[:now]:
                attendance += missed(name, *range(1, 13), school_id=school)
            attendance += missed(names[-1], 100, school_id=school, code="P")
            attendance.append(
                {"student_id": names[-1], "school_id": school, "date": LAST_YEAR[-1], "code": "P"}
            )
        if agreed:
            files = {
                "survey_answers": [
                    row
                    for agree, year in zip(agreed, ("2024-25", "2025-26"), strict=True)
                    for row in answers(agree, school_year=year)
                    + answers(PEOPLE - agree, "Disagree", first=agree + 1, school_year=year)
                ],
                "survey_items": items or [{"school_year": "2024-25"}, {}],
            }
        network(
            schools=schools,
            students=students,
            enrollments=enrollments,
            calendar=days,
            attendance=attendance,
            **(files if agreed else {}),
        )

    return make


def test_a_clear_fall_is_said(story):
    story({"alder": (40, 15)})
    row = moved()["absence"]
    assert row["sentence"] == (
        "Fewer students are on track to be chronically absent: 15%, against 40% at the same point"
        " of 2024-25."
    )
    assert row["page"] == "chronic_absence"
    assert row["change_points"] == pytest.approx(-25, abs=1e-9)
    assert row["change_high"] < 0
    # As much for certain: the end of the interval that is nearest to no change.
    assert row["at_least_points"] == -row["change_high"]
    assert (row["first_n"], row["second_n"]) == (100, 100)


def test_a_clear_rise_is_said(story):
    story({"alder": (15, 40)})
    row = moved()["absence"]
    assert row["sentence"].startswith("More students are on track to be chronically absent: 40%")
    assert row["at_least_points"] == row["change_low"] > 0


@pytest.mark.slow
def test_after_the_years_end_it_is_no_longer_on_track(story):
    story({"alder": (40, 15)}, days_this_year=100)
    assert moved()["absence"]["sentence"] == (
        "Fewer students were chronically absent: 15%, against 40% in 2024-25."
    )


@pytest.mark.parametrize("then, now", [(30, 30), (30, 25), (25, 30), (0, 0)])
def test_where_nothing_is_clear_there_is_no_sentence(story, then, now):
    story({"alder": (then, now)}, agreed=(60, 65))
    assert moved() == {}


def test_an_item_clearly_up(story):
    story({"alder": (30, 30)}, agreed=(50, 80))
    rows = moved()
    assert set(rows) == {"culture"}
    row = rows["culture"]
    assert row["sentence"] == (
        "More student answer favorably on “An adult here cares”: 80%, up from 50% in 2024-25."
    )
    assert (row["page"], row["item_id"], row["respondent_group"]) == (
        "school_culture",
        "adult",
        "student",
    )
    assert (row["comparisons"], row["clear"]) == (1, 1)


def test_an_item_clearly_down(story):
    story({"alder": (30, 30)}, agreed=(80, 50))
    sentence = moved()["culture"]["sentence"]
    assert sentence.startswith("Fewer student answer favorably")
    assert sentence.endswith("50%, down from 80% in 2024-25.")


@pytest.mark.slow
def test_an_item_scored_in_reverse_says_so(story):
    items = [{"school_year": year, "reverse_scored": "yes"} for year in ("2024-25", "2025-26")]
    story({"alder": (30, 30)}, agreed=(80, 50), items=items)
    assert moved()["culture"]["sentence"] == (
        "More student answer favorably on “An adult here cares” (scored in reverse): 50%, up from"
        " 20% in 2024-25."
    )


@pytest.mark.slow
def test_a_reworded_item_is_not_claimed(story):
    items = [{"school_year": "2024-25"}, {"item_text": "One adult here cares."}]
    story({"alder": (30, 30)}, agreed=(50, 80), items=items)
    assert moved() == {}


@pytest.mark.slow
def test_the_surest_change_stands_first(story):
    story({"alder": (40, 20)}, agreed=(20, 90))
    assert list(moved()) == ["culture", "absence"]
    story({"alder": (90, 20)}, agreed=(50, 70))
    assert list(moved()) == ["absence", "culture"]


def test_a_school_stands_for_the_network_where_the_network_did_not_move(story):
    """Up at one school as far as down at the other; the surer of the two is named."""
    story({"alder": (40, 10), "birch": (10, 36)})
    row = moved()["absence"]
    assert row["place"] == "Alder School"
    assert row["sentence"].startswith("At Alder School, fewer students are on track")
    # Of two schools the network has no interval, and is no comparison.
    assert (row["comparisons"], row["clear"]) == (2, 2)
    # On the page of one school the sentence needs no school.
    assert moved(school="birch")["absence"]["sentence"].startswith("More students are on track")


@pytest.mark.slow
def test_the_network_goes_before_its_schools(story):
    """All schools fell; the fall of Alder is larger, and the sentence is of all students."""
    story({"alder": (60, 20), "birch": (60, 25), "cedar": (60, 30)})
    assert moved()["absence"]["place"] == "All students"


def test_a_change_of_record_keeping_is_not_claimed(story):
    """Ten of a hundred days not taken last year: the rate may only look different."""
    story({"alder": (40, 15)}, not_taken=10)
    assert moved() == {}


def test_another_definition_can_move_otherwise(story):
    """12 of 100 days are over 10% and not 20%: nobody is severely absent in either year."""
    story({"alder": (40, 15)})
    assert moved(definition="severe_20") == {}
    assert set(moved(definition="over_10")) == {"absence"}


@pytest.mark.slow
def test_published_tables_are_no_news(network):
    """Heritage stands on its own page; it did not move since last year."""
    network(
        survey_items=[{"school_year": "2024-25"}, {}],
        survey_published=[
            {"school_year": "2024-25", "percent_favorable": 20, "respondents": 100},
            {"percent_favorable": 90, "respondents": 100},
        ],
    )
    assert moved() == {}


# --- Next steps


@pytest.mark.parametrize(
    ("state", "due", "ended", "counted"),
    [
        ("open", -1, None, {"open_steps", "overdue"}),
        ("open", 0, None, {"open_steps", "due_this_week"}),
        ("open", 7, None, {"open_steps", "due_this_week"}),
        ("open", 8, None, {"open_steps"}),
        ("done", -9, 0, {"done_last_week"}),
        ("done", -9, -6, {"done_last_week"}),
        ("done", -9, -7, set()),
        ("dropped", -1, 0, set()),
    ],
)
@pytest.mark.slow
def test_a_next_step_counts_in_its_week(make_home, use_home, tmp_path, state, due, ended, counted):
    files = {"students": [{"student_id": "ann"}], "enrollments": [enrolled("ann")]}
    home = copy_of(make_home(attendance=missed("ann", 20), **files), tmp_path / "own")
    use_home(home)
    day = date.fromisoformat(DAYS[19])
    journal.add(
        home,
        "the team",
        [
            Step(
                *("ann", "north", "call", "Pat"),
                day + timedelta(days=due),
                state,
                "" if ended is None else "it helped",
                None if ended is None else day + timedelta(days=ended),
            )
        ],
    )
    (row,) = database.records("overview/next_steps", Selection(), STAFF)
    numbers = {name: value for name, value in row.items() if name != "students"}
    assert {name for name, value in numbers.items() if value} == counted
    assert row["students"] == (state == "open")
