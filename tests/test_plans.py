"""Protects what is said of plans: how far each is, for whom one could be, and what everybody sees.

What Study says of a plan is protected by test_study.
"""

import csv
from datetime import date
from fractions import Fraction

import pytest

from queries import access, database, plans
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Cause, Cycle, Idea, Learned, Member, Partner, Plan
from queries.team.sample import SAMPLE
from tests.conftest import copy_of
from tests.second_answer import absence, team
from tests.support.days import DAYS, calendar, enrolled, missed
from tests.support.readers import ALL_NAMES, STAFF

ALDER, BIRCH = "alder", "birch"
SCHOOLS = [
    {"school_id": ALDER, "school_name": "Alder", "network": "North", "neighborhood": "East"},
    {"school_id": BIRCH, "school_name": "Birch", "network": "North", "neighborhood": "West"},
]
SECRET = "Caleb Taylor’s grandmother"
# The last of forty days with attendance: Friday October 24, 2025.
LAST = date.fromisoformat(DAYS[39])


def plan(**said) -> Plan:
    """A plan under way at Alder, unless said otherwise."""
    return Plan(
        **{
            "school_id": ALDER,
            "school_year": "2025-26",
            "idea": "A quiet start to the day",
            "who_for": SECRET,
            "measure": "days missed",
            "from_percent": 23,
            "to_percent": 11,
            "begins_on": date(2025, 10, 1),
            "due_on": date(2025, 12, 1),
            "owner": SECRET,
        }
        | said
    )


def learned(student, cause, year="2025-26", school=ALDER):
    return Learned(student, school, year, cause, "nurse", "sure", date(2025, 9, 20))


@pytest.fixture
def tables(make_home, use_home, tmp_path):
    """tables(records, ...): forty days at Alder and Birch, absent: {student: days}; their home."""

    def make(records=(), absent=None, enrollments=(), partners=(), share_view=False):
        absent = {"somebody": [40]} if absent is None else absent
        named = {row["student_id"] for row in enrollments}
        loaded = make_home(
            share_view=share_view,
            schools=SCHOOLS,
            students=[{"student_id": one} for one in sorted(named | set(absent))],
            enrollments=[*enrollments, *(enrolled(one) for one in absent if one not in named)],
            calendar=[row for one in (ALDER, BIRCH) for row in calendar(one, DAYS[:40])],
            attendance=[row for one, days in absent.items() for row in missed(one, *days)]
            # Days count up to the last row.
            + missed(next(iter(absent)), 40, code="P"),
            **({"partners": list(partners)} if partners else {}),
        )
        home = copy_of(loaded, tmp_path / "own")
        use_home(home)
        if records:
            journal.add(home, "the team", list(records), "written")
        return home

    return make


def ask(question, viewer=STAFF, **chosen):
    return database.records(question, Selection(**chosen), viewer)


# --- How far a plan is ------------------------------------------------------------------------

CLOSED = {
    "decision": "adopt",
    "learned": SECRET,
    "looked_up_to": LAST,
    "ended_on": LAST,
}


@pytest.mark.parametrize(
    "said, expected",
    [
        ({"begins_on": date(2025, 10, 24)}, "under way"),
        ({"begins_on": date(2025, 10, 25)}, "not begun"),
        ({"due_on": date(2025, 10, 25)}, "under way"),
        ({"due_on": date(2025, 10, 24)}, "time to study"),
        ({"due_on": date(2025, 10, 24), **CLOSED}, "closed"),
        ({"begins_on": date(2025, 10, 25), **CLOSED}, "closed"),
    ],
    ids=str,
)
def test_the_stage_of_a_plan_on_the_last_day_with_data(tables, said, expected):
    tables([plan(**said)], share_view=True)
    for viewer in (STAFF, access.EVERYBODY):
        (row,) = ask("plans/tried", viewer)
        assert row["stage"] == expected


def test_the_stage_moves_with_the_day_that_is_asked_for(tables):
    tables([plan(begins_on=date(2025, 9, 10), due_on=date(2025, 10, 10))])
    stages = {
        day: ask("plans/tried", as_of=date(2025, *day))[0]["stage"]
        for day in ((9, 9), (9, 10), (10, 9), (10, 10))
    }
    assert list(stages.values()) == ["not begun", "under way", "under way", "time to study"]


def test_those_to_study_come_first_and_the_closed_ones_last(tables):
    tables(
        [
            plan(**CLOSED, owner="closed"),
            plan(begins_on=date(2025, 11, 1), owner="not begun"),
            plan(begins_on=date(2025, 9, 8), owner="older"),
            plan(begins_on=date(2025, 9, 9), owner="newer"),
            plan(due_on=date(2025, 10, 20), owner="to study"),
        ]
    )
    owners = [row["owner"] for row in ask("plans/tried")]
    assert owners == ["to study", "newer", "older", "not begun", "closed"]


def test_plans_of_the_chosen_schools_and_year_with_their_students_and_cycles(tables):
    home = tables(
        [
            plan(owner="ours"),
            plan(owner="theirs", school_id=BIRCH),
            plan(owner="before", school_year="2024-25"),
            *(Member(one, ALDER, "written-0") for one in ("a", "b", "b", "gone")),
            Member("b", BIRCH, "written-1"),
            Cycle(ALDER, "written-0", date(2025, 10, 9), "second"),
            Cycle(ALDER, "written-0", date(2025, 10, 2), "first", "did"),
            Cycle(ALDER, "written-2", date(2025, 10, 2), "of another year"),
        ],
        absent={"a": [1], "b": [2]},
    )
    (row,) = ask("plans/tried", school="Alder")
    assert (row["owner"], row["record"], row["students"]) == ("ours", "written-0", 3)
    names = [(one["student_id"], one["student_name"]) for one in members(school="Alder")]
    assert names == [("a", "a"), ("b", "b"), ("gone", "gone")]
    assert [(one["plan"], one["student_id"]) for one in members(school="Birch")] == [
        ("written-1", "b")
    ]
    cycles = ask("plans/cycles")
    assert [(one["planned"], one["did"]) for one in cycles] == [("first", "did"), ("second", "")]
    journal.forget(home, "gone")
    assert ask("plans/tried", school="Alder")[0]["students"] == 2
    journal.change(home, "the team", "written-0", 1, None)
    assert ask("plans/tried", school="Alder") == ask("plans/cycles") == []
    assert members(school="Alder") == []


def members(**chosen):
    return ask("plans/members", ALL_NAMES, **chosen)


# --- For whom a plan could be -----------------------------------------------------------------


def groups(**chosen):
    """{(who, cause): (students, days missed in percent, of Mondays and Fridays)}."""
    found = {}
    for row in ask("plans/candidates", ALL_NAMES, **chosen):
        told = found.setdefault((row["who"], row["cause"]), [[], None])
        told[0].append(row["student_id"])
        told[1] = (row["days_missed_percent"], row["mondays_and_fridays_missed_percent"])
        assert row["school_id"] == ALDER
    for (ids, _), row in zip(found.values(), found, strict=True):
        counts = {
            one["students"]
            for one in ask("plans/candidates", ALL_NAMES, **chosen)
            if (one["who"], one["cause"]) == row
        }
        assert counts == {len(ids)}
    return {group: (sorted(ids), *percents) for group, (ids, percents) in found.items()}


def test_students_over_the_threshold_by_cause_and_those_of_whom_none_is_known(tables):
    """Of forty days, 16 Mondays and Fridays, among them days 1, 5, 6, 10 and 11."""
    tables(
        [
            learned("both", "asthma"),
            learned("both", "work"),
            learned("asthma", "asthma"),
            learned("seldom", "asthma"),
            learned("left", "asthma"),
            learned("last year", "asthma", "2024-25"),
        ],
        absent={
            "both": [1, 2, 3, 4],
            "asthma": [1, 5, 6, 10, 11],
            "seldom": [1, 2, 3],
            "left": [1, 2, 3, 4],
            "last year": [2, 3, 4, 7],
        },
        enrollments=[enrolled("left", 1, 30)],
    )
    assert groups() == {
        # 13 of 120 days, 6 of 48.
        ("all", ""): (["asthma", "both", "last year"], 11, 13),
        # 4 of 40, 0 of 16.
        ("no cause", ""): (["last year"], 10, 0),
        # 9 of 80 are 11.25%, 6 of 32 are 18.75%.
        ("cause", "asthma"): (["asthma", "both"], 11, 19),
        # 4 of 40, 1 of 16 are 6.25%.
        ("cause", "work"): (["both"], 10, 6),
    }


@pytest.mark.slow
def test_who_leaves_on_the_last_day_with_data_is_no_longer_there(tables):
    """The day of exit is the first that a student is not enrolled: that of 'left' is day 40."""
    tables(
        absent={"left": [1, 2, 3, 4], "stays": [1, 2, 3, 4]},
        enrollments=[enrolled("left", last=39), enrolled("stays", last=40)],
    )
    assert groups()[("all", "")][0] == ["stays"]


@pytest.mark.slow
def test_the_day_of_exit_is_no_monday_of_who_left_and_came_back(tables):
    """Day 6 is a Monday, and they were not enrolled: 1 of 15 is 6.7%, and 1 of 16 would be 6.3%."""
    tables(
        absent={"back": [1, 2, 3, 4]},
        enrollments=[enrolled("back", last=5), enrolled("back", first=7)],
    )
    assert groups()[("all", "")] == (["back"], 10, 7)


def test_half_a_percent_is_rounded_up(tables):
    """5 of 40 are 12.5%."""
    tables(absent={"a": [2, 3, 4, 7, 8]})
    assert groups()[("all", "")][1] == 13


@pytest.mark.slow
def test_a_group_is_narrowed_to_a_grade(tables):
    tables(
        [learned("three", "asthma"), learned("four", "asthma")],
        absent={"three": [1, 2, 3, 4], "four": [1, 2, 3, 4, 5, 6, 7, 8]},
        enrollments=[enrolled("three", grade="3"), enrolled("four", grade="4")],
    )
    assert groups(grade="3")[("cause", "asthma")][:2] == (["three"], 10)
    assert groups(grade="5") == {}


@pytest.mark.slow
def test_the_groups_of_the_sample_a_second_time(sample):
    """Who is chronically absent, still there, and what was learned of them, in plain Python."""
    network = team.sample_network()
    schools = absence.choose_schools(network, school="S01")
    chronic = team.chronically_absent(network, schools=schools)
    as_of = date(2026, 3, 20)
    here = {
        row["student_id"]
        for row in network.rows("enrollments")
        if row["school_id"] == "S01"
        and row["school_year"] == "2025-26"
        and row["entry_date"] <= as_of < (row["exit_date"] or date.max)
    }
    with (SAMPLE / "learned.csv").open(encoding="utf-8", newline="") as file:
        causes = {
            (row["student_id"], row["cause"])
            for row in csv.DictReader(file)
            if row["school_year"] == "2025-26"
        }
    expected = {("all", one) for one in chronic & here}
    expected |= {("no cause", one) for one in (chronic & here) - {student for student, _ in causes}}
    expected |= {(cause, one) for one, cause in causes if one in chronic & here}
    rows = ask("plans/candidates", ALL_NAMES, school="S01")
    assert {(row["cause"] or row["who"], row["student_id"]) for row in rows} == expected
    of_all = [row for row in rows if row["who"] == "all"]
    status = {row["student_id"]: row for row in ask("absence/students", ALL_NAMES, school="S01")}
    days = [status[row["student_id"]] for row in of_all]
    share = Fraction(
        100 * int(sum(one["days_absent"] for one in days)),
        int(sum(one["days_enrolled"] for one in days)),
    )
    assert of_all[0]["days_missed_percent"] == int(share + Fraction(1, 2))


# --- The menu ---------------------------------------------------------------------------------


def test_the_menu_has_what_ships_and_what_schools_found(tables):
    tables([Idea("Warm hands", ("work",), "Found at Alder.")])
    *shipped, own = ask("plans/ideas")
    assert (own["idea"], own["causes"], own["known"], own["own"]) == (
        "Warm hands",
        ["work"],
        "Found at Alder.",
        True,
    )
    assert len(shipped) == 12
    assert all(one["known"] and one["causes"] and not one["own"] for one in shipped)


# --- What everybody sees ----------------------------------------------------------------------


@pytest.mark.slow
def test_everybody_sees_of_a_plan_no_word_that_somebody_wrote_and_no_number(tables):
    tables(
        [
            plan(
                idea=SECRET,
                cause=SECRET,
                people=(SECRET,),
                partners=("Clinic", SECRET, " Bakers "),
                **CLOSED,
            ),
            plan(cause="asthma", partners=("Clinic",)),
            plan(cause="no shoes", begins_on=date(2025, 9, 1)),
            Idea(SECRET, (SECRET,), SECRET),
            Cause(SECRET, "barriers"),
            Member("a", ALDER, "written-0"),
            Cycle(ALDER, "written-0", LAST, SECRET, SECRET, SECRET, SECRET),
            Partner("Bakers", ("work",)),
        ],
        absent={"a": [1, 2, 3, 4]},
        partners=[{"partner_id": "1", "partner_name": "Clinic", "causes": "asthma"}],
        share_view=True,
    )
    asthma, shoes, closed = ask("plans/tried", access.EVERYBODY)
    assert (asthma["idea"], asthma["cause"]) == ("A quiet start to the day", "asthma")
    assert asthma["partners"] == ["Clinic"]
    assert shoes["cause"] == "another cause"
    assert (closed["idea"], closed["cause"]) == ("An idea of their own", "another cause")
    assert closed["partners"] == ["Bakers", "Clinic", "another partner"]
    assert (closed["decision"], closed["ended_on"]) == ("adopt", LAST)
    told = {"school_name", "idea", "cause", "measure", "begins_on", "due_on", "partners", "stage"}
    said = {name for name, value in closed.items() if value not in (None, "", [], False)}
    assert said == told | {"school_id", "network", "decision", "ended_on"}
    menu = ask("plans/ideas", access.EVERYBODY)
    assert [row["idea"] for row in menu if row["own"]] == ["An idea of their own"]
    assert SECRET not in f"{asthma}{shoes}{closed}{menu}"
    for question in ("plans/cycles", "plans/members", "plans/candidates"):
        with pytest.raises(access.NotShown):
            ask(question, access.EVERYBODY)


@pytest.mark.slow
def test_an_idea_that_takes_the_name_of_a_shipped_one_is_their_own(tables):
    tables([Idea("A quiet start to the day", (), SECRET), plan()], share_view=True)
    assert ask("plans/tried", access.EVERYBODY)[0]["idea"] == "An idea of their own"
    assert SECRET not in f"{ask('plans/ideas', access.EVERYBODY)}"


@pytest.mark.slow
def test_both_views_list_the_same_plans_in_the_same_order(sample):
    exact, told = plans.tried(Selection(), STAFF), plans.tried(Selection())
    assert len(exact) == 7
    for column in ("school_name", "stage", "begins_on", "decision"):
        assert list(exact[column]) == list(told[column])


def test_who_belongs_to_one_school_sees_its_plans_alone(sample):
    of_one = access.Viewer("one", "team", ("S01",), "names")
    for question in ("plans/tried", "plans/cycles", "plans/candidates"):
        rows = ask(question, of_one)
        assert {row["school_id"] for row in rows} == {"S01"}
    assert {row["plan"] for row in ask("plans/members", of_one)} == {"plan-alder-inhaler"}
