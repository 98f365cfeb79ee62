"""Protects the Study of plans: that it claims no more than the data say, and finds what is there.

Answered by hand where one day decides, a second time in plain Python (tests/second_answer/plans.py)
for the sample and for random networks, and on data in which nothing was tried: there it may claim a
change as often as an interval at 95% is wrong, also of students who were chosen because they
crossed a tenth this month and would have missed less anyway. ROUNDTABLE_LONG_CHECKS=1 studies 500
plans of each kind, and not about thirty.
"""

import math
import os
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from queries import access, database
from queries.load import load
from queries.privacy import study
from queries.selection import Selection
from queries.team.sample import sample_records
from tests.second_answer import absence, plans, team
from tests.support import trying
from tests.support.days import DAYS, calendar, enrolled, missed
from tests.support.readers import STAFF

LONG = os.environ.get("ROUNDTABLE_LONG_CHECKS") == "1"
BEGINS = trying.date.fromisoformat(DAYS[40])


def ask(question, viewer=STAFF, **chosen):
    return database.records(question, Selection(**chosen), viewer)


# --- By hand ----------------------------------------------------------------------------------

HERE, ELSEWHERE = "alder", "birch"
SCHOOLS = [
    {"school_id": HERE, "school_name": "Alder"},
    {"school_id": ELSEWHERE, "school_name": "Birch"},
]
CASES = {}


@dataclass
class Case:
    """A plan for students m0, m1, ... beside o0, o1, ... who missed these days of 60."""

    mine: list
    others: list
    there: dict = field(default_factory=dict)  # who is at the other school
    moves: dict = field(default_factory=dict)  # first and last day of who was not there on all
    plan: dict = field(default_factory=dict)  # else it begins on day 41
    in_another_plan: tuple = ()
    other_plan_removed: bool = False
    short: tuple = ()  # who follows a calendar of every other day: 1, 3, 5 and so on


def tried(mine, others, name=None, **said):
    """What Study says of a case is the `row` of the test, or row[name] where it has several.

    Each case has two schools in a network of its own, where nobody of another case is compared
    with: so all of them are one load.
    """

    def keep(test):
        CASES[test.__name__ if name is None else f"{test.__name__} {name}"] = Case(
            mine, others, **said
        )
        return test

    return keep


def files_of(name, case):
    """The exchange files of one case, and what was written of it."""
    days = {f"m{n}": one for n, one in enumerate(case.mine)}
    days |= {f"o{n}": one for n, one in enumerate(case.others)}
    school = {one: f"{name} {case.there.get(one, HERE)}" for one in days}
    id_of = {one: f"{name} {one}" for one in days}
    files = {
        "schools": [
            {
                "school_id": f"{name} {one['school_id']}",
                "school_name": f"{name} {one['school_name']}",
                "network": name,
            }
            for one in SCHOOLS
        ],
        "students": [{"student_id": id_of[one]} for one in days],
        "enrollments": [
            {
                **enrolled(id_of[one], *case.moves.get(one, (1, 60))),
                "school_id": school[one],
                "calendar_code": "short" if one in case.short else "",
            }
            for one in days
        ],
        "calendar": [
            row for one in (HERE, ELSEWHERE) for row in calendar(f"{name} {one}", DAYS[:60])
        ]
        + (calendar(f"{name} {HERE}", DAYS[:60:2], calendar_code="short") if case.short else []),
        "attendance": [
            *missed(id_of["m0"], 60, code="P", school_id=school["m0"]),
            *missed(id_of["o0"], 60, code="P", school_id=school["o0"]),
            *(row for one in days for row in missed(id_of[one], *days[one], school_id=school[one])),
        ],
    }
    here = f"{name} {HERE}"
    members = [id_of[one] for one in days if one.startswith("m")]
    written = trying.plan(name, here, members, **{"begins_on": BEGINS} | case.plan)
    others = [id_of[one] for one in case.in_another_plan]
    other = trying.plan(f"{name}, another", here, others, BEGINS) if others else []
    return files, written + other[case.other_plan_removed :]


@pytest.fixture(scope="module")
def every_case(make_home, tmp_path_factory):
    """A home with the networks and plans of all cases."""
    files, written = defaultdict(list), []
    for name, case in CASES.items():
        of_case, plan = files_of(name, case)
        for file, rows in of_case.items():
            files[file] += rows
        written += plan
    return trying.beside(make_home(**files), tmp_path_factory.mktemp("cases") / "own", written)


@pytest.fixture(scope="module")
def studied(every_case):
    """plan -> what Study says of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDTABLE_HOME", str(every_case))
        return {row["plan"]: row for row in ask("plans/study")}


@pytest.fixture
def row(request, studied):
    """What Study says of the case of this test."""
    return studied[request.function.__name__]


# Everybody missed days 5 and 30 before; since, half of them a day more than the other half.
ALIKE = (5, 30)
SOME, MORE = [ALIKE, (*ALIKE, 45)], [(*ALIKE, 45), (*ALIKE, 45, 46)]
OFTEN = tuple(range(1, 35, 3))


@tried(SOME * 5, MORE * 20)
def test_the_difference_and_its_interval_by_hand(row):
    """Of 20 days, the plan's ten missed 0 or 1, the others 1 or 2: 5 points less. The variances are
    (2.5 points)² × 10/9 and × 40/37 (three of forty are spent on the line)."""
    assert (row["students"], row["matched"], row["comparison_students"]) == (10, 10, 40)
    assert row["before_rate"] == pytest.approx(2 / 40)
    assert row["comparison_before"] == pytest.approx(2 / 40)
    assert row["after_rate"] == pytest.approx(0.025)
    assert row["comparison_after"] == pytest.approx(0.075)
    assert row["difference_points"] == pytest.approx(-5)
    reach = 2.262 * math.sqrt(2.5**2 * 10 / 9 * (1 / 10 + 1 / 40))
    assert row["low"] == pytest.approx(-5 - reach, abs=0.002)
    assert row["high"] == pytest.approx(-5 + reach, abs=0.002)
    assert (row["verdict"], row["schools_compared"]) == ("fewer days missed", 1)


@tried(SOME * 5, SOME * 20)
def test_as_many_days_missed_is_no_clear_difference_and_more_is_more(row):
    assert row["verdict"] == "no clear difference"


@tried(MORE * 5, SOME * 20)
def test_more_days_missed(row):
    assert row["verdict"] == "more days missed"


@tried((SOME * 5)[:9], MORE * 20)
def test_nine_students_are_too_few_to_compare(row):
    assert (row["matched"], row["verdict"]) == (9, "cannot compare")
    assert row["difference_points"] is row["low"] is row["comparison_after"] is None
    assert row["after_rate"] == pytest.approx(4 / 180)


@tried([*SOME * 5, OFTEN, OFTEN, OFTEN], MORE * 20)
def test_three_in_four_with_a_match_are_too_few(row):
    """Three who missed far more before than anybody else have no match: ten of thirteen."""
    assert (row["students"], row["matched"], row["verdict"]) == (13, 10, "cannot compare")


@tried([*SOME * 5, OFTEN, OFTEN], MORE * 20)
def test_four_in_five_with_a_match_are_enough(row):
    assert (row["students"], row["matched"], row["verdict"]) == (12, 10, "fewer days missed")
    assert row["before_rate"] == pytest.approx(2 / 40)


@tried(SOME * 5, (MORE * 20)[:19])
def test_nineteen_to_compare_with_are_too_few(row):
    assert row["verdict"] == "cannot compare"


@tried(SOME * 5, MORE * 10)
def test_twenty_to_compare_with_are_enough(row):
    assert (row["comparison_students"], row["verdict"]) == (20, "fewer days missed")


@tried(SOME * 5, [(5, 6, 30)] * 30)
def test_a_student_two_points_away_is_alike_and_one_further_is_not(row):
    """2 of 40 days are 50 thousandths; 3 of them are 75. Lately both missed one of twenty."""
    assert row["matched"] == 0


@tried(SOME * 5, [(29, 30)] * 30)
def test_a_day_more_lately_is_alike(row):
    """The same two of forty days, one or two of them in the last twenty."""
    assert row["matched"] == 10


@tried(SOME * 5, MORE * 20, there={f"o{n}": ELSEWHERE for n in range(10, 40)})
def test_ten_matches_here_are_enough_and_nine_are_filled_up_elsewhere(row):
    assert (row["comparison_students"], row["schools_compared"]) == (10, 1)


@tried(SOME * 5, MORE * 20, there={f"o{n}": ELSEWHERE for n in range(9, 40)})
def test_nine_matches_here_are_filled_up_elsewhere(row):
    assert (row["comparison_students"], row["schools_compared"]) == (40, 2)


@tried(
    SOME * 6,
    MORE * 20,
    moves={"m0": (1, 56), "m1": (1, 55), "m2": (25, 60), "m3": (26, 60)},
)
def test_who_left_or_came_late_is_not_counted(row):
    """Four fifths of the twenty days before are 16, and of the twenty since are 16."""
    assert (row["members"], row["students"]) == (12, 10)


@tried(
    SOME * 6,
    MORE * 20,
    moves={"m0": (1, 56), "m1": (1, 54), "m2": (25, 60), "m3": (26, 60)},
    short=("m0", "m1", "m2", "m3", "m4"),
)
def test_of_who_comes_every_other_day_these_days_are_asked_for(row):
    """Ten before and ten since, of which eight are enough: to day 55, or from day 25 on."""
    assert (row["members"], row["students"]) == (12, 10)


@tried(SOME * 5, MORE * 20, in_another_plan=("o1", "o2"), other_plan_removed=True)
def test_who_is_in_a_plan_that_was_removed_may_be_compared_with(row):
    assert row["comparison_students"] == 40


@tried(SOME * 5, MORE * 20, in_another_plan=("o1", "o2"))
def test_who_is_in_a_plan_of_the_year_is_nobody_to_compare_with(row, studied):
    assert row["comparison_students"] == 38
    other = studied[f"{row['plan']}, another"]
    assert (other["members"], other["verdict"]) == (2, "cannot compare")


VERDICTS = {19: "too soon", 20: "fewer days missed", 50: "fewer days missed", 51: "too soon"}


def begun_after(day):
    """A plan that begins on the day after: since, the others missed up to five days."""
    later = [(3, *range(day + 1, min(day + 6, 61)))] * 20
    begins = {"begins_on": trying.date.fromisoformat(DAYS[day])}
    return tried([(3,)] * 10, later, day, plan=begins)


@begun_after(19)
@begun_after(20)
@begun_after(50)
@begun_after(51)
@pytest.mark.parametrize("day", VERDICTS)
def test_twenty_days_before_and_ten_since(studied, request, day):
    """The last day with data is 60."""
    row = studied[f"{request.function.__name__} {day}"]
    found = row["days_before"], row["days_after"], row["verdict"]
    assert found == (day, 60 - day, VERDICTS[day])


@tried(SOME * 5, MORE * 20, plan={"begins_on": BEGINS - timedelta(days=2)})
def test_a_plan_may_begin_on_a_day_off(row):
    """On the Saturday before day 41, a Monday."""
    assert (row["days_before"], row["days_after"]) == (40, 20)
    assert row["difference_points"] == pytest.approx(-5)


@tried(SOME * 5, MORE * 20, plan={"begins_on": trying.date.fromisoformat(DAYS[60])})
def test_a_plan_that_has_not_begun(row):
    assert row["verdict"] == "not begun"


DAY_55 = trying.date.fromisoformat(DAYS[54])
CLOSED = {"decision": "adopt", "learned": "It helps.", "looked_up_to": DAY_55, "ended_on": DAY_55}


@tried([(*one, 56) for one in SOME * 5], MORE * 20, plan=CLOSED)
def test_a_closed_plan_is_looked_at_up_to_its_last_day(row):
    """Up to day 55; what was missed on day 56 comes too late."""
    assert (row["days_after"], row["until_date"]) == (15, DAY_55)
    assert row["after_rate"] == pytest.approx(0.5 / 15)


@tried(
    [(5, 30, 43)] * 5 + [(5, 30, 43, 45)] * 5,
    [(5, 30, 41, 45)] * 40,
    plan={"measure": "Mondays and Fridays missed"},
)
def test_mondays_and_fridays_count_alone_where_they_are_the_measure(row):
    """Day 41 is a Monday, 45 a Friday, 43 a Wednesday."""
    assert row["before_rate"] == pytest.approx(2 / 16)
    assert row["after_rate"] == pytest.approx(0.5 / 8)
    assert row["difference_points"] == pytest.approx(-100 * 1.5 / 8)


@tried(SOME * 5, MORE * 20)
def test_week_by_week_with_its_start_marked(row, every_case, use_home):
    use_home(every_case)
    rows = [one for one in ask("plans/weeks") if one["plan"] == row["plan"]]
    assert [row["period"] for row in rows] == ["before"] * 8 + ["after"] * 4
    assert [row["days_missed"] for row in rows] == [10, 0, 0, 0, 0, 10, 0, 0, 5, 0, 0, 0]
    assert {row["days_enrolled"] for row in rows} == {50}
    assert rows[8]["comparison_rate"] == pytest.approx(40 / 200)


def test_an_idea_in_small_plans_is_one_comparison(make_home, use_home, tmp_path):
    """Six students at one school and four at another are too few each, and ten together."""
    names = {HERE: range(6), ELSEWHERE: range(6, 10)}
    days = {f"m{n}": SOME[n % 2] for n in range(10)}
    days |= {f"{school}{n}": MORE[n % 2] for school in names for n in range(20)}
    place = {f"m{n}": school for school, numbers in names.items() for n in numbers}
    place |= {f"{school}{n}": school for school in names for n in range(20)}
    home = make_home(
        schools=[{**one, "network": "Hill"} for one in SCHOOLS],
        students=[{"student_id": one} for one in days],
        enrollments=[{**enrolled(one), "school_id": place[one]} for one in days],
        calendar=calendar(HERE, DAYS[:60]) + calendar(ELSEWHERE, DAYS[:60]),
        attendance=[
            *missed("m0", 60, code="P", school_id=HERE),
            *(row for one in days for row in missed(one, *days[one], school_id=place[one])),
        ],
    )
    written = [
        one
        for school, numbers in names.items()
        for one in trying.plan(f"plan {school}", school, [f"m{n}" for n in numbers], BEGINS)
    ]
    use_home(trying.beside(home, tmp_path / "own", written))
    assert [row["verdict"] for row in ask("plans/study")] == ["cannot compare"] * 2
    (row,) = ask("plans/by_idea")
    assert (row["plans"], row["schools"], row["matched"]) == (2, 2, 10)
    assert row["difference_points"] == pytest.approx(-5)
    assert (row["verdict"], row["lowest"]) == ("fewer days missed", None)


# --- A second time ----------------------------------------------------------------------------

QUESTIONS = {
    "plans/study": (plans.study, lambda row: row["plan"]),
    "plans/by_idea": (plans.by_idea, lambda row: (row["idea"], row["measure"])),
    "plans/weeks": (plans.weeks, lambda row: (row["plan"], row["week_start"])),
}


def assert_same(network, home, *, place=None, **choices):
    """All three questions for one choice. How many could be compared."""
    place = place or {}
    year = choices.get("school_year") or absence.default_school_year(network)
    asked = {"network_name" if k == "network" else k: v for k, v in place.items()}
    schools = absence.choose_schools(network, **asked)
    second = plans.Year(network, home, **choices | {"school_year": year})
    compared = 0
    for question, (answer, key) in QUESTIONS.items():
        expected = answer(second, schools)
        rows = ask(question, **place, **choices)
        found = {key(row): row for row in rows}
        if question == "plans/study":
            compared = sum(row["difference_points"] is not None for row in rows)
        assert set(found) == set(expected), question
        for name, row in expected.items():
            for column, value in row.items():
                where = f"{question} {name} {column} {choices}"
                if isinstance(value, float):
                    assert found[name][column] == pytest.approx(value, abs=1e-9), where
                else:
                    assert found[name][column] == value, where
    return compared


def random_plans(network, chance, school_year, number):
    """Plans of random students of random schools, some of them closed, some not begun."""
    last = absence.default_as_of(network, school_year)
    students = {}
    for row in network.rows("enrollments"):
        if row["school_year"] == school_year:
            students.setdefault(row["school_id"], set()).add(row["student_id"])
    written = []
    for school in chance.choices(sorted(students), k=number):
        days = sorted(absence.calendar(network, school_year, school))
        begins = chance.choice(days[: len(days) * 4 // 5]) - timedelta(days=chance.choice((0, 1)))
        there = sorted(students[school])
        said = {
            "measure": chance.choice(("days missed", "Mondays and Fridays missed")),
            "idea": chance.choice(("A quiet start to the day", "Own")),
            "school_year": school_year,
        }
        if chance.random() < 0.3:
            until = min(last, begins + timedelta(days=chance.randint(1, 90)))
            said |= {"looked_up_to": until, "ended_on": until}
            said |= {"decision": "adopt", "learned": "Something."}
        chosen = chance.sample(there, min(len(there), chance.randint(3, 30)))
        written += trying.plan(f"plan {len(written)}", school, [*chosen, "nobody"], begins, **said)
    return written


@pytest.mark.slow
def test_the_sample_network_and_its_plans(sample):
    home = database.home()
    network = team.sample_network()
    assert assert_same(network, home) == 4
    early = {"as_of": trying.date(2026, 1, 30), "place": {"school": "S02"}}
    assert assert_same(network, home, definition="days_15", **early) == 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12 if LONG else 2))
def test_random_plans_in_the_sample_network(sample_home, use_home, tmp_path, seed):
    network = team.sample_network()
    chance = random.Random(f"plans {seed}")
    year = "2025-26" if seed % 2 == 0 else "2024-25"
    home = trying.beside(sample_home, tmp_path / "own", random_plans(network, chance, year, 12))
    use_home(home)
    definition = ("fraction_of_day", "federal")[seed % 2]
    assert assert_same(network, home, school_year=year, definition=definition) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20 if LONG else 2))
def test_random_networks(random_network, use_home, tmp_path, seed):
    """Movers, sessions, minutes, silent schools; there are few students, so few are compared."""
    loaded, network = random_network(seed, "medium")
    chance = random.Random(f"plans {seed}")
    year = absence.default_school_year(network)
    home = trying.beside(loaded, tmp_path / "own", random_plans(network, chance, year, 6))
    use_home(home)
    assert_same(network, home, definition=("fraction_of_day", "federal")[seed % 2])
    assert_same(network, home, place={"network": "River"})


# --- Where nothing was tried, nothing is found; where something was, it is ------------------------

# One store holds a plan of each kind at each school.
BATCHES = range(56 if LONG else 3)


def crossed_this_month(school, begins):
    """Who had missed a tenth by then, and not yet twenty school days before."""
    now, before = school.share(0, begins), school.share(0, begins - 20)
    return np.flatnonzero((now >= 0.1) & (before < 0.1))


def null_plans(schools, seed):
    """At each school a plan of random students, and one of most or all who crossed this month."""
    chance = np.random.default_rng(seed)
    written = []
    for school in schools:
        begins = int(chance.integers(40, len(school.days) - 25))
        crossed = crossed_this_month(school, begins)
        crossed = crossed[chance.random(len(crossed)) < chance.choice((0.6, 1.0))]
        others = np.setdiff1d(np.arange(len(school.names)), crossed)
        chosen = chance.choice(others, int(chance.integers(12, 41)), replace=False)
        for kind, students in (("crossed", crossed), ("random", chosen)):
            names = [school.names[one] for one in students]
            name = f"{kind} {school.school_id}"
            written += trying.plan(name, school.school_id, names, school.days[begins])
    return written


def schools_of_the_sample():
    """The schools of the sample network, with who was enrolled on nearly all days."""
    network = team.sample_network()
    for school in sorted(absence.all_schools(network)):
        last = absence.default_as_of(network, trying.YEAR)
        calendar_days = absence.calendar(network, trying.YEAR, school).items()
        days = [day for day, taken in calendar_days if taken and day <= last]
        names, missed_days = [], []
        for student, stays in absence.student_days(network, trying.YEAR).items():
            stay = stays.get(school)
            if stay and stay.day_set.issuperset(days):
                names.append(student)
                missed_days.append([stay.at(day)[0] >= 0.5 for day in days])
        yield trying.School(school, names, days, np.array(missed_days))


@pytest.fixture(scope="module", params=["invented schools", "the sample network"])
def nothing_tried(request, tmp_path_factory, sample_home):
    """What Study says of plans that do nothing, by how their students were chosen."""
    place = tmp_path_factory.mktemp("nothing")
    said = {"random": [], "crossed": []}
    for batch in BATCHES:
        if request.param == "the sample network":
            if batch == 0:
                schools, home = list(schools_of_the_sample()), sample_home
        elif batch % 14 == 0:
            schools, home = trying.schools_of(batch), place / f"home{batch}"
            load(trying.write(place / f"files{batch}", schools), home, share_view=False)
        own = trying.beside(home, place / f"own{batch}", null_plans(schools, batch))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ROUNDTABLE_HOME", str(own))
            for row in ask("plans/study", school_year=trying.YEAR):
                said[row["plan"].split()[0]].append(row)
    return said


def at_most(number, share):
    """More of a number than this come by chance once in a hundred times, each with this share."""
    chances = [
        math.comb(number, k) * share**k * (1 - share) ** (number - k) for k in range(number + 1)
    ]
    return next(k for k in range(number + 1) if sum(chances[: k + 1]) >= 0.99)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["random", "crossed"])
def test_without_effect_a_change_is_claimed_no_more_often_than_promised(nothing_tried, kind):
    rows = nothing_tried[kind]
    compared = [row for row in rows if row["difference_points"] is not None]
    claimed = sum("days missed" in row["verdict"] for row in compared)
    assert len(compared) >= 0.6 * len(rows)
    assert claimed <= at_most(len(compared), 0.05), f"{claimed} of {len(compared)}"


def test_who_crossed_this_month_misses_fewer_days_whatever_one_does():
    """Otherwise the test above would be easy."""
    for school in trying.schools_of(0):
        crossed = crossed_this_month(school, 70)
        lately, since = school.share(50, 70)[crossed], school.share(70, 120)[crossed]
        assert lately.mean() > 1.3 * since.mean()


def planted(seed):
    """Schools at each of which forty students miss five points less since a day."""
    chance = np.random.default_rng(seed)
    schools, written = trying.schools_of(1000 + seed), []
    for school in schools:
        begins = int(chance.integers(40, 65))
        chosen = chance.choice(len(school.names), 40, replace=False)
        after = school.missed[chosen, begins:]
        came = chance.random(after.shape) < 0.05 / after.mean()
        school.missed[chosen, begins:] = after & ~came
        names = [school.names[one] for one in chosen]
        written += trying.plan(school.school_id, school.school_id, names, school.days[begins])
    return schools, written


@pytest.mark.slow
def test_five_points_in_forty_students_are_found_in_eight_of_ten(tmp_path, use_home):
    found = []
    for seed in range(20 if LONG else 2):
        schools, written = planted(seed)
        home = tmp_path / f"home{seed}"
        load(trying.write(tmp_path / f"files{seed}", schools), home, share_view=False)
        use_home(trying.beside(home, tmp_path / f"own{seed}", written))
        found += ask("plans/study")
    helped = sum(row["verdict"] == "fewer days missed" for row in found)
    differences = [row["difference_points"] for row in found if row["low"] is not None]
    # Of the few plans of a sample, chance alone may hide some more than two in ten.
    hidden = 0.2 * len(found) if LONG else at_most(len(found), 0.2)
    assert len(found) - helped <= hidden, f"{helped} of {len(found)}"
    assert np.mean(differences) == pytest.approx(-5, abs=6 / math.sqrt(len(found)))


# --- What everybody may know ------------------------------------------------------------------


def test_everybody_sees_an_idea_pooled_over_its_network_whichever_school_they_choose(sample):
    rows = ask("plans/by_idea", viewer=access.EVERYBODY)
    assert rows == ask("plans/by_idea", viewer=access.EVERYBODY, school="S04")
    told = {row["idea"]: row for row in rows}
    mentors = told["A mentor who asks every morning"]
    (exact,) = [row for row in ask("plans/by_idea") if row["idea"] == mentors["idea"]]
    assert (mentors["students"], mentors["schools"], exact["students"]) == (70, 2, 74)
    for column in ("difference_points", "low", "high"):
        assert mentors[column] == math.floor(exact[column] + 0.5)
    assert mentors["verdict"] == exact["verdict"]
    own = {plan.idea for _, _, plan in sample_records("plan")} - set(told)
    assert own == {"Somebody at the door who asks after you"}
    assert "An idea of their own" in told


def test_fewer_than_ten_students_are_not_told(sample):
    (row,) = [
        row
        for row in ask("plans/by_idea", viewer=access.EVERYBODY)
        if row["idea"] == "A quiet start to the day"
    ]
    told = {name for name, value in row.items() if value is not None}
    assert told == {"network", "idea", "measure", "schools", "withheld"}
    assert row["withheld"]


def exactly(students, rates):
    """What privacy/06_study.sql may find of ideas with so many students and these rates."""
    sizes = dict.fromkeys(("students", "counted", "comparison_students"), students)
    found = dict.fromkeys(study.RATES, rates) | dict.fromkeys(study.POINTS, [1.5] * len(rates))
    return pd.DataFrame(sizes | found).assign(
        idea="An idea", measure="days missed", schools=2, verdict="too early to say"
    )


@pytest.mark.parametrize("counted, end", [(20, 20), (21, 10), (40, 10), (41, 5), (201, 1)])
def test_a_rate_exactly_at_an_end_is_told_as_the_end(counted, end):
    """So that of 20 students neither 4 nor 16 can be told from fewer or more."""
    ways = [end / 100, (end + 1) / 100, (99 - end) / 100, (100 - end) / 100]
    told = study._told(exactly([counted] * 4, ways), 10)
    for rate in study.RATES:
        found = told[[rate, f"{rate}_at_most", f"{rate}_at_least"]].astype(object)
        assert found.where(found.notna(), None).values.tolist() == [
            [None, end / 100, None],
            [pytest.approx(ways[1]), None, None],
            [pytest.approx(ways[2]), None, None],
            [None, None, 1 - end / 100],
        ]


def test_ten_students_are_told_and_nine_are_not():
    told = study._told(exactly([9, 10], [0.5, 0.5]), 10)
    assert list(told.withheld) == [True, False]
    for column in ("students", "comparison_students", "before_rate", "verdict", "low"):
        assert list(told[column].notna()) == [False, True], column


def test_plans_by_themselves_are_for_staff(sample):
    for question in ("plans/study", "plans/weeks"):
        with pytest.raises(access.NotShown):
            ask(question, viewer=access.EVERYBODY)
