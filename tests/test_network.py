"""Protects what a director reads: which cause schools share, and who is missing from the table."""

import re
from datetime import date

import pandas as pd
import pytest

from pages.shared.network import charts as network_charts
from pages.shared.network import sentences as network_sentences
from queries import access, database
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Cause, Learned, Partner, Seat, Story
from tests.browser.test_words_are_text import HOSTILE
from tests.conftest import copy_of
from tests.support.days import DAYS, calendar, enrolled, missed
from tests.support.readers import STAFF
from tests.test_pages import open_page, whole

ALDER, BIRCH, CEDAR = "alder", "birch", "cedar"
SCHOOLS = [
    {"school_id": ALDER, "school_name": "Alder", "neighborhood": "East", "network": "North"},
    {"school_id": BIRCH, "school_name": "Birch", "neighborhood": "East", "network": "North"},
    {"school_id": CEDAR, "school_name": "Cedar", "neighborhood": "West", "network": "South"},
]
DAY = date(2025, 9, 20)
EASTERN, WESTERN = ["alder", "birch", "cedar"], ["dogwood", "elm", "fir", "ginkgo"]
# A partner, and what somebody said, that mean something elsewhere.
DENTIST = HOSTILE[0]
WORDS = " ".join(HOSTILE)
ALL = Selection()


def learned(student, cause, school=ALDER, year="2025-26"):
    return Learned(student, school, year, cause, "family conversation", "sure", DAY)


def ask(question, **choices):
    return database.records(question, Selection(**choices), STAFF)


def pick(rows, *columns):
    return [tuple(row[column] for column in columns) for row in rows]


@pytest.fixture
def tables(make_home, use_home, tmp_path):
    """tables(records, absent, present): twenty days at schools with these students, by school,
    and one more at each who was there every day; what the team wrote."""

    def make(records=(), absent=(), present=(), partners=(), more=(), schools=SCHOOLS):
        there = [
            *absent,
            *present,
            *((f"always {one['school_id']}", one["school_id"]) for one in schools),
        ]
        loaded = make_home(
            schools=schools,
            students=[{"student_id": student} for student, _ in there],
            enrollments=[*more, *(enrolled(who, school_id=school) for who, school in there)],
            calendar=[row for one in schools for row in calendar(one["school_id"], DAYS[:20])],
            # A school has reported when it has a row, and days count up to the last row.
            attendance=[
                row for who, school in absent for row in missed(who, 1, 2, school_id=school)
            ]
            + [row for who, school in there for row in missed(who, 20, school_id=school, code="P")],
            **({"partners": list(partners)} if partners else {}),
        )
        home = copy_of(loaded, tmp_path / "own")
        use_home(home)
        if records:
            journal.add(home, "the team", list(records))
        return home

    return make


# --- Causes that schools share ----------------------------------------------------------------


def test_the_cause_of_most_schools_goes_first_then_that_of_most_students(tables):
    tables(
        [
            *(learned(student, "asthma") for student in "ab"),
            *(learned(student, "work") for student in "cd"),
            *(learned(student, "safety") for student in "acd"),
        ],
        absent=[("a", ALDER), ("b", BIRCH), ("c", CEDAR), ("d", CEDAR)],
    )
    rows = ask("network/shared_causes")
    assert pick(rows, "cause", "schools", "students") == [
        ("safety", 2, 3),
        ("asthma", 2, 2),
        ("work", 1, 2),
    ]
    assert [row["family"] for row in rows] == ["barriers"] * 3


def test_only_the_chronically_absent_count_and_only_this_year(tables):
    tables(
        [
            *(learned(student, "asthma") for student in ("a", "p", "nobody here")),
            learned("b", "asthma", year="2024-25"),
        ],
        absent=[("a", ALDER), ("b", BIRCH)],
        present=[("p", CEDAR)],
    )
    assert pick(ask("network/shared_causes"), "cause", "schools", "students") == [("asthma", 1, 1)]
    grid = ask("network/cause_by_school")
    assert pick(grid, "cause", "school_name", "students") == [("asthma", "Alder", 1)]


@pytest.mark.slow
def test_learning_a_cause_twice_counts_once(tables):
    tables([learned("a", "asthma")] * 3, absent=[("a", ALDER)])
    assert pick(ask("network/shared_causes"), "schools", "students") == [(1, 1)]


def test_a_school_answers_for_its_own_days(tables):
    """Absent at Alder on two days, at Birch on the same days present: over both never absent."""
    tables(
        [learned("m", "asthma")],
        absent=[("m", ALDER)],
        more=[enrolled("m", school_id=BIRCH)],
    )
    assert pick(ask("network/shared_causes"), "cause", "schools", "students") == [("asthma", 1, 0)]
    assert pick(ask("network/cause_by_school"), "school_name", "students") == [("Alder", 1)]


@pytest.mark.slow
def test_a_cause_that_is_in_no_list_is_not_sorted_yet(tables):
    tables(
        [learned("a", "no shoes"), learned("b", "no coat"), Cause("no coat", "barriers")],
        absent=[("a", ALDER), ("b", ALDER)],
    )
    families = dict(pick(ask("network/shared_causes"), "cause", "family"))
    assert families == {"no shoes": "not sorted yet", "no coat": "barriers"}


@pytest.mark.slow
def test_nobody_absent_shares_no_cause(tables):
    tables([learned("p", "asthma")], present=[("p", ALDER)])
    assert ask("network/shared_causes") == ask("network/cause_by_school") == []
    assert pick(ask("network/conversations"), "cause", "schools") == [(None, 0), (None, 0)]


# --- Partners ---------------------------------------------------------------------------------


def test_who_works_on_a_cause_and_reaches_the_schools(tables):
    """Capitals and spaces do not matter; without a place all are reached; named twice is one."""
    tables(
        [
            learned("a", "asthma"),
            learned("c", "asthma"),
            Partner("Everywhere", (" ASTHMA ",)),
            Partner("Clinic", ("asthma",), ("East",)),
            Partner("By name", ("asthma",), (), ("Cedar",)),
            Partner("Away", ("asthma",), ("Far",)),
        ],
        absent=[("a", ALDER), ("c", CEDAR)],
        partners=[
            {"partner_id": "1", "partner_name": "Clinic", "causes": "Asthma; work"},
            {"partner_id": "2", "partner_name": "Desk", "causes": "work", "neighborhoods": "East"},
        ],
    )

    def partners(**choices):
        rows = ask("causes/partners", **choices)
        return [row["partner_name"] for row in rows if row["cause"] == "asthma"]

    assert partners() == ["By name", "Clinic", "Everywhere"]
    assert partners(neighborhood="East") == ["Clinic", "Everywhere"]
    assert partners(school=CEDAR) == ["By name", "Clinic", "Everywhere"]
    for choice in ({}, {"neighborhood": "East"}, {"school": "Cedar"}):
        (row,) = ask("network/shared_causes", **choice)
        assert (row["partners_known"], row["partners_at_table"]) == (len(partners(**choice)), 0)


def test_at_the_table_is_who_has_a_seat_at_one_of_the_schools(tables):
    home = tables(
        [
            learned("a", "asthma"),
            # Where it sits counts, also where that is not a place that it names.
            Partner("Clinic", ("asthma",), ("East",)),
            Partner("Homes", ("asthma",)),
            Seat(CEDAR, "partner", "Clinic", DAY),
            Seat(ALDER, "family", "Homes", DAY),
        ],
        absent=[("a", ALDER)],
    )
    assert pick(ask("network/shared_causes"), "partners_known", "partners_at_table") == [(2, 1)]
    east = ask("network/shared_causes", neighborhood="East")
    assert pick(east, "partners_known", "partners_at_table") == [(2, 0)]
    seated = {row["partner_name"]: row["at_table"] for row in ask("causes/partners")}
    assert seated == {"Clinic": True, "Homes": False}
    journal.add(home, "the team", [Seat(BIRCH, "partner", "Homes", DAY)])
    assert pick(ask("network/shared_causes"), "partners_at_table") == [(2,)]


def test_seats_of_every_school_and_no_name_but_those_of_partners(tables):
    tables(
        [
            Seat(ALDER, "partner", "Clinic", DAY),
            Seat(ALDER, "partner", "Homes", DAY),
            Seat(ALDER, "student", "Caleb Taylor", DAY),
            Seat(CEDAR, "nurse", "Bettina", DAY),
        ]
    )
    rows = ask("network/seats")
    assert len(rows) == 15
    assert [row["seat"] for row in rows[:5]] == [
        "partner", "family", "student", "nurse", "teacher"
    ]  # fmt: skip
    present = [(row["school_name"], row["seat"]) for row in rows if row["present"]]
    assert present == [("Alder", "partner"), ("Alder", "student"), ("Cedar", "nurse")]
    assert {row["names"] for row in rows} == {"", "Clinic, Homes"}
    assert pick(database.records("network/seats", Selection()), "names") == pick(rows, "names")


# --- With whom to talk first ------------------------------------------------------------------


def test_the_conversation_that_nobody_has_yet_goes_first(tables):
    """West has more students with its cause, but a partner for it at the table."""
    west = [(f"w{n}", school) for n, school in enumerate((CEDAR, "dogwood", CEDAR))]
    tables(
        [learned(student, "work") for student, _ in west]
        + [learned("a", "asthma"), learned("b", "asthma")]
        + [Partner("Desk", ("work",)), Partner("Clinic", ("asthma",))]
        + [Seat(CEDAR, "partner", "Desk", DAY)],
        absent=[("a", ALDER), ("b", BIRCH), *west],
        schools=[*SCHOOLS, SCHOOLS[2] | {"school_id": "dogwood", "school_name": "Dogwood"}],
    )
    rows = ask("network/conversations")
    columns = ("neighborhood", "schools_there", "cause", "schools", "students")
    assert pick(rows, *columns) == [("East", 2, "asthma", 2, 2), ("West", 2, "work", 2, 3)]
    assert pick(rows, "partners_known", "partners_at_table") == [(1, 0), (1, 1)]
    assert pick(ask("network/conversations", network="South"), "neighborhood") == [("West",)]


def test_a_cause_planted_in_another_neighborhood_is_the_one_that_is_named(tables):
    planted = [("w1", CEDAR), ("w2", "dogwood"), ("w3", "elm")]
    more = [
        SCHOOLS[2] | {"school_id": name, "school_name": name.title()} for name in ("dogwood", "elm")
    ]
    tables(
        [learned("a", "asthma"), learned("b", "asthma")]
        + [learned(student, "dental pain") for student, _ in planted],
        absent=[("a", ALDER), ("b", BIRCH), *planted],
        schools=[*SCHOOLS, *more],
    )
    first = ask("network/conversations")[0]
    assert (first["neighborhood"], first["cause"], first["schools"]) == ("West", "dental pain", 3)
    shared = database.run("network/shared_causes", Selection(neighborhood="West"), STAFF)
    assert network_sentences.conversation(shared, "West", 3) == (
        "Dental pain is shared by all 3 schools in West, and we know no partner who works on it"
    )


@pytest.mark.slow
def test_schools_without_a_neighborhood_have_a_conversation_too(tables):
    schools = [{"school_id": ALDER, "school_name": "Alder"}]
    tables([learned("a", "asthma")], absent=[("a", ALDER)], schools=schools)
    rows = ask("network/conversations")
    assert pick(rows, "neighborhood", "schools_there", "cause") == [(None, 1, "asthma")]


@pytest.mark.slow
def test_the_order_of_conversations_and_which_of_equal_causes_is_named(tables):
    """What several schools share and nobody at the table works on, then schools, students, name."""
    schools, records, absent = [], [], []

    def neighborhood(place, *causes):
        """Schools of a place: for each school its students, for each student the causes learned."""
        for in_school in causes:
            name = f"school {len(schools)}"
            schools.append({"school_id": name, "school_name": name, "neighborhood": place or ""})
            for known in in_school:
                student = f"student {len(absent)}"
                absent.append((student, name))
                records.extend(learned(student, cause, name) for cause in known.split())

    neighborhood("Dock", ("",))
    neighborhood(None, ("asthma", "asthma"))
    neighborhood("West", ("asthma", "asthma"))
    # Most students do not make a cause that of most schools.
    neighborhood("Airport", ("housing", "work", "work", "work"), ("housing",), ("housing", "work"))
    neighborhood("Old Town", ("asthma",) * 4)
    neighborhood("East", ("asthma", "asthma"))
    # Of two causes at as many schools that of more students, of equals the first by name.
    neighborhood("North", ("work asthma",), ("work asthma",))
    neighborhood("South", ("asthma work", "work"), ("asthma work",))
    seated = next(one["school_id"] for one in schools if one["neighborhood"] == "Airport")
    records += [Partner("Homes", ("housing",)), Seat(seated, "partner", "Homes", DAY)]
    tables(records, absent=absent, schools=schools)
    rows = ask("network/conversations")
    assert pick(rows, "neighborhood", "cause", "schools", "students", "partners_at_table") == [
        ("South", "work", 2, 3, 0),
        ("North", "asthma", 2, 2, 0),
        ("Airport", "housing", 3, 3, 1),
        ("Old Town", "asthma", 1, 4, 0),
        ("East", "asthma", 1, 2, 0),
        ("West", "asthma", 1, 2, 0),
        (None, "asthma", 1, 2, 0),
        ("Dock", None, 0, 0, 0),
    ]


# --- Chosen schools ---------------------------------------------------------------------------


@pytest.mark.slow
def test_of_chosen_schools_everybody_is_told_what_is_told_of_each_added_up(sample):
    everywhere = {row["school_name"]: row for row in database.records("choices/schools", ALL)}
    # Three of Hillside East, and one elsewhere, so that they are no place of the share view.
    east = [name for name, row in everywhere.items() if row["neighborhood"] == "Hillside East"][:3]
    away = next(name for name, row in everywhere.items() if row["neighborhood"] == "Riverside")
    added, where = {}, {}
    for name in (*east, away):
        for row in database.records("network/shared_causes", Selection(school=name)):
            if not row["withheld"]:
                before = added.get(row["cause"], (0, 0))
                added[row["cause"]] = (before[0] + 1, before[1] + row["students"])
                place = everywhere[name]["neighborhood"]
                before = where.setdefault(place, {}).get(row["cause"], (0, 0))
                where[place][row["cause"]] = (before[0] + 1, before[1] + row["students"])
    assert added["asthma"][0] >= 3, "there is something to add up"
    chosen = Selection(schools=(*east, away))
    found = database.records("network/shared_causes", chosen)
    assert {row["cause"]: (row["schools"], row["students"]) for row in found} == added
    assert all(row["students_at_schools"] == row["students"] for row in found)
    # Of a place with schools that are not told, those of the ones that are.
    for row in database.records("network/shared_causes", Selection()):
        of_those = sum(
            one["students"]
            for name in everywhere
            for one in database.records("network/shared_causes", Selection(school=name))
            if one["cause"] == row["cause"] and not one["withheld"]
        )
        if not row["withheld"]:
            assert row["students_at_schools"] == min(of_those, row["students"])
    reach = [(row["schools"], row["students"]) for row in found]
    assert reach == sorted(reach, reverse=True)
    for row in database.records("network/conversations", chosen):
        most = max(where[row["neighborhood"]].values())
        assert (row["schools"], row["students"]) == most
        assert where[row["neighborhood"]][row["cause"]] == most
    grid = database.records("network/cause_by_school", chosen)
    assert {row["school_name"] for row in grid} <= {*east, away}


def test_all_schools_of_a_place_by_name_are_that_place(sample):
    schools = database.records("choices/schools", ALL)
    names = tuple(row["school_name"] for row in schools if row["neighborhood"] == "Riverside")
    for question in ("network/shared_causes", "network/conversations", "causes/unknown"):
        by_name = database.records(question, Selection(schools=names))
        assert by_name == database.records(question, Selection(neighborhood="Riverside"))
        assert by_name[0]["students" if "students" in by_name[0] else "students_absent"]


# --- Bright spots -----------------------------------------------------------------------------


def school(name: str, level: str | None) -> dict:
    return {"school_id": name, "school_name": name.title(), "level": level}


def spots(**choices) -> dict[str, dict]:
    return {row["school_name"]: row for row in ask("network/bright_spots", **choices)}


def test_a_school_stands_beside_the_others_of_its_level(tables):
    """Alder 2 of 41 and Birch 20 of 41, both middle schools; Cedar, 1 of 31, is a high school."""
    levels = [school(ALDER, "middle"), school(BIRCH, "middle"), school(CEDAR, "high")]
    absent = [(f"a{n}", ALDER) for n in range(2)] + [(f"b{n}", BIRCH) for n in range(20)]
    present = [(f"ap{n}", ALDER) for n in range(38)] + [(f"bp{n}", BIRCH) for n in range(20)]
    present += [(f"cp{n}", CEDAR) for n in range(29)]
    tables(absent=[*absent, ("c", CEDAR)], present=present, schools=levels)
    rows = spots()
    assert list(rows) == ["Cedar", "Alder", "Birch"], "by level and name"
    together = 22 / 82
    reach = 3 * (together * (1 - together) * 2 / 41) ** 0.5
    for name, absent_there, there in (("Alder", 2, 20 / 41), ("Birch", 20, 2 / 41)):
        row = rows[name]
        assert (row["students"], row["students_absent"], row["other_schools"]) == (
            *(41, absent_there),
            1,
        )
        assert row["expected"] == pytest.approx(there, abs=1e-9)
        assert row["low"] == pytest.approx(max(0, there - reach), abs=1e-9)
        assert row["high"] == pytest.approx(there + reach, abs=1e-9)
    alone = rows["Cedar"]
    assert (alone["students"], alone["students_absent"], alone["other_schools"]) == (31, 1, 0)
    assert [alone[name] for name in ("expected", "low", "high", "standing")] == [None] * 4
    standings = {name: row["standing"] for name, row in rows.items()}
    assert standings == {"Cedar": None, "Alder": "below", "Birch": "above"}
    table = database.run("network/bright_spots", Selection(), STAFF)
    assert network_sentences.bright_spots(table) == (
        "Alder (of 2 middle schools) lies below what chance would do: ask its principal; "
        "Birch (of 2 middle schools) lies above it"
    )
    assert network_sentences.bright_spots_at_a_glance(table) == "Ask Alder why fewer are absent"
    assert "economically" not in network_sentences.bright_spots_caption(table)
    one = database.run("network/bright_spots", Selection(school=CEDAR), STAFF)
    assert network_sentences.bright_spots(one) == "No two schools of a level to compare"


def load_groups(network, groups: dict[tuple[str, str], tuple[int, int]]) -> None:
    """Two schools of no level; by school and need how many are absent, of how many students."""
    everybody = [
        (f"{place} {need} {number}", place, need, number < absent)
        for (place, need), (absent, students) in groups.items()
        for number in range(students)
    ]
    network(
        schools=[school(ALDER, None), school(BIRCH, None)],
        students=[
            {"student_id": student, "economically_disadvantaged": need}
            for student, _, need, _ in everybody
        ],
        enrollments=[enrolled(student, school_id=place) for student, place, *_ in everybody],
        calendar=[row for place in (ALDER, BIRCH) for row in calendar(place, DAYS[:20])],
        attendance=[
            row
            for student, place, _, is_absent in everybody
            for days, code in (((1, 2) if is_absent else (), "A"), ((20,), "P"))
            for row in missed(student, *days, school_id=place, code=code)
        ],
    )


def test_a_school_of_more_need_is_held_against_students_of_the_same_need(network):
    """Alder has 40 students, 30 of them disadvantaged, Birch 40 and 10; at both half of these are
    absent, and a tenth of the others. So neither does better, though their rates are far apart."""
    groups = {
        (ALDER, "yes"): (15, 30),
        (ALDER, "no"): (1, 10),
        (BIRCH, "yes"): (5, 10),
        (BIRCH, "no"): (3, 30),
    }
    load_groups(network, groups)
    rows = spots()
    assert pick(rows.values(), "rate", "expected") == [
        (pytest.approx(16 / 40), pytest.approx(16 / 40)),
        (pytest.approx(8 / 40), pytest.approx(8 / 40)),
    ]
    assert pick(rows.values(), "standing", "by_need") == [("inside", True)] * 2
    # Of each need Alder's students beside Birch's, with the share of both together.
    disadvantaged = 30 * (20 / 40 * 20 / 40) * (30 + 10) / 10
    others = 10 * (4 / 40 * 36 / 40) * (10 + 30) / 30
    reach = 3 * (disadvantaged + others) ** 0.5 / 40
    assert rows["Alder"]["high"] == pytest.approx(16 / 40 + reach, abs=1e-9)
    table = database.run("network/bright_spots", Selection(), STAFF)
    assert network_sentences.bright_spots(table) == "Every school is within chance of its level"
    assert network_sentences.of_level(table.iloc[0]) == "of 2 schools"
    assert "economically disadvantaged" in network_sentences.bright_spots_caption(table)
    of_one = spots(dimension="economically_disadvantaged", group_name="yes")
    assert pick(of_one.values(), "expected", "by_need") == [(0.5, False)] * 2


def test_of_a_need_that_no_other_school_has_all_others_count(network):
    load_groups(network, {(ALDER, "yes"): (5, 10), (BIRCH, "no"): (1, 10)})
    assert pick(spots().values(), "expected", "standing") == [(0.1, "inside"), (0.5, "inside")]


@pytest.mark.slow
def test_where_all_are_alike_no_school_stands_out(tables):
    tables(present=[("a", ALDER), ("b", BIRCH)])
    rows = ask("network/bright_spots")
    assert pick(rows, "standing", "expected", "low", "high") == [("inside", 0, 0, 0)] * 3
    assert pick(ask("network/bright_spots", school=ALDER), "standing") == [(None,)]


def test_bright_spots_are_exact_and_so_for_staff(tables):
    tables()
    with pytest.raises(access.NotShown):
        database.run("network/bright_spots", Selection())


# --- Grids and words --------------------------------------------------------------------------


@pytest.mark.slow
def test_a_grid_has_a_place_for_every_school_and_cause(tables):
    tables([learned("a", "asthma"), learned("b", "work")], absent=[("a", ALDER), ("b", BIRCH)])
    shared = database.run("network/shared_causes", Selection(), STAFF)
    by_school = database.run("network/cause_by_school", Selection(), STAFF)
    whole = network_charts.of_schools(by_school, shared, ["Alder", "Birch", "Cedar"])
    assert len(whole) == 6
    assert "withheld" not in whole
    assert whole.students.sum() == 2


def test_in_the_share_view_nobody_and_too_few_look_the_same(tables):
    """What is not told has one mark, and reads the same in the data of the chart."""
    tables([learned("a", "asthma")], absent=[("a", ALDER)])
    by_school = database.run("network/cause_by_school", Selection(), STAFF)
    coded = by_school.assign(withheld=False).astype({"students": "Int64"})
    for unknown in (coded.assign(students=None, withheld=True), coded.head(0)):
        rows = unknown.assign(name=unknown.school_name)
        whole = network_charts.whole_grid(rows, ["Alder", "Birch"], ["asthma"])
        assert whole.withheld.tolist() == [True, True]
        (cells,) = network_charts.grid(whole, "light").to_dict()["datasets"].values()
        assert {(cell["text"], cell["told"]) for cell in cells} == {("–", "withheld")}


def test_names_that_begin_alike_stand_apart_in_a_grid():
    long = "The school at the end of the very long road by the river"
    assert network_charts._in_lines(f"{long} A", 18) != network_charts._in_lines(f"{long} B", 18)


def test_the_sentence_says_no_more_than_the_share_view_tells():
    row = {"cause": "asthma", "family": "barriers", "partners_known": 3, "partners_at_table": 0}
    told = pd.DataFrame([row | {"schools": 4, "students": 120, "withheld": False}])
    ends = "and no partner for asthma is at the table"
    said = network_sentences.conversation
    assert said(told, "East", 6) == f"Asthma is shared by at least 4 of 6 schools in East, {ends}"
    assert said(told, "East", 4) == f"Asthma is shared by all 4 schools in East, {ends}"
    few = told.assign(schools=0)
    assert said(few, "East", 6) == f"Asthma keeps about 120 students in East from school, {ends}"
    nothing = told.assign(schools=0, students=None, withheld=True)
    assert "withheld" in said(nothing, "East", 6)
    assert "withheld" in said(told.head(0), "East", 6)


def test_the_students_beside_a_number_of_schools_are_those_of_these_schools():
    row = {"cause": "asthma", "family": "barriers", "partners_known": 3, "partners_at_table": 0}
    some = {"schools": 4, "students": 140, "students_at_schools": 80}
    bars = pd.DataFrame([row | some, row | some | {"cause": "work", "students": 80}])

    def words(table):
        return [
            one["text"] for one in network_charts.shared(table, "light").data.to_dict("records")
        ]

    assert words(bars) == ["4 schools · 80 of 140 students", "4 schools · 80 students"]
    coded = bars.assign(withheld=False)
    assert words(coded)[0] == "at least 4 schools · about 80 of 140 students"
    none_told = coded.assign(schools=0, students_at_schools=0)
    assert words(none_told)[0] == "about 140 students"


def test_causes_that_are_shared_are_said_to_be_those_that_may_be_told():
    row = {"schools": 2, "partners_at_table": 0, "students": 30}
    exact = pd.DataFrame([row | {"cause": "asthma"}, row | {"cause": "work", "schools": 1}])
    coded = exact.assign(withheld=False)
    assert network_sentences.ranked(exact).startswith("1 cause is shared by several schools;")
    assert network_sentences.ranked(coded).startswith(
        "1 cause is known to be shared by several schools, of those that may be told;"
    )
    assert network_sentences.partners(exact).startswith("For 2 of 2 causes nobody")
    assert network_sentences.partners(coded).startswith("For 2 of 2 causes that may be told nobody")


# --- Stories ----------------------------------------------------------------------------------


def test_a_story_is_told_once_a_named_person_released_it(tables):
    home = tables(
        [Story("asthma", ALDER, "Kept back"), Story("asthma", ALDER, "Released", "Ingrid", DAY)]
    )
    told = database.records("causes/stories", Selection())
    assert pick(told, "text", "school_name", "neighborhood") == [("Released", "Alder", "East")]
    assert database.records("causes/stories", Selection(neighborhood="West")) == []
    name = journal.read(home, "story")[1].record
    journal.change(home, "the team", name, 1, Story("asthma", ALDER, "Released", "", None))
    assert database.records("causes/stories", Selection()) == []


def test_what_was_written_is_there_to_be_changed_and_names_partners_alone(tables):
    home = tables(
        [
            Seat(BIRCH, "partner", "Homes", DAY),
            Seat(ALDER, "student", "Caleb Taylor", DAY),
            Seat(ALDER, "partner", " Clinic ", DAY),
            Seat(CEDAR, "nurse", "Bettina", DAY),
            Partner("Clinic", ("asthma", "work"), ("East",), (CEDAR,), "call"),
            Partner("Away", (), ("Far",)),
        ]
    )
    columns = ("kind", "school_name", "seat", "name")
    expected = [
        ("seat", "Alder", "partner", "Clinic"),
        ("seat", "Alder", "student", ""),
        ("seat", "Birch", "partner", "Homes"),
        ("seat", "Cedar", "nurse", ""),
        ("partner", None, None, "Away"),
        ("partner", None, None, "Clinic"),
    ]
    for reader in (access.EVERYBODY, STAFF):
        assert pick(database.records("network/written", Selection(), reader), *columns) == expected
    rows = ask("network/written", school=ALDER)
    assert [row["name"] for row in rows] == ["Clinic", "", "Away", "Clinic"]
    assert {row["since"] for row in rows[:2]} == {DAY}
    clinic = rows[-1]
    told = ("causes", "neighborhoods", "schools", "contact", "written_by", "version")
    assert pick([clinic], *told) == [(["asthma", "work"], ["East"], [CEDAR], "call", "the team", 1)]
    # The record that is named is the one to change; what was taken back is gone.
    journal.change(home, "Ms. Lee", clinic["record"], 1, Partner("Clinic", ("work",)))
    journal.change(home, "Ms. Lee", rows[0]["record"], 1, None)
    rows = ask("network/written", school=ALDER)
    assert pick(rows, "name", "version", "written_by") == [
        ("", 1, "the team"),
        ("Away", 1, "the team"),
        ("Clinic", 2, "Ms. Lee"),
    ]


def test_stories_to_release_are_for_staff_and_those_not_released_first(tables):
    tables(
        [
            Story("asthma", ALDER, "Told", "Ingrid", DAY),
            Story("work", CEDAR, "Kept back"),
            Story("asthma", BIRCH, "To be read"),
        ]
    )
    rows = ask("causes/stories_to_release")
    columns = ("text", "school_name", "school_id", "released", "released_by", "version")
    assert pick(rows, *columns) == [
        ("To be read", "Birch", BIRCH, False, "", 1),
        ("Kept back", "Cedar", CEDAR, False, "", 1),
        ("Told", "Alder", ALDER, True, "Ingrid", 1),
    ]
    assert pick(ask("causes/stories_to_release", school=ALDER), "text") == [("Told",)]
    with pytest.raises(access.NotShown):
        database.run("causes/stories_to_release", Selection())
    table = database.run("causes/stories_to_release", Selection(), STAFF)
    assert network_sentences.to_release(table) == "2 stories wait for somebody to read and release"
    assert network_sentences.to_release(table.tail(1)) == "No story waits to be read"


def test_where_no_partner_is_known_nobody_is_named():
    known = pd.DataFrame({"cause": [" Asthma", "work"], "at_table": [True, False]})
    assert list(network_sentences.partners_of(known, "asthma").at_table) == [True]
    nobody = network_sentences.partners_of(known.head(0), "asthma")
    assert nobody.empty and list(nobody.columns) == ["cause", "at_table"]


# --- On the pages -----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def planted_home(make_home):
    """Four schools in the west share dental pain, three in the east asthma; of 60 students each 30
    are chronically absent, 18 with the cause. The dentist of the west sits nowhere."""
    schools = [(school, "East") for school in EASTERN] + [(school, "West") for school in WESTERN]
    everybody = [(f"{school}-{number}", school) for school, _ in schools for number in range(60)]
    absent = [(f"{school}-{number}", school) for school, _ in schools for number in range(30)]
    about = {"school_year": "2025-26", "evidence": "nurse", "confidence": "sure"}
    home = make_home(
        share_view=True,
        learned=[
            {
                "student_id": student,
                "school_id": school,
                "cause": "asthma" if school in EASTERN else "dental pain",
                "learned_on": DAY,
                **about,
            }
            for student, school in absent
            if int(student.split("-")[1]) < 18
        ],
        schools=[
            {"school_id": school, "school_name": school.title(), "neighborhood": neighborhood}
            for school, neighborhood in schools
        ],
        students=[{"student_id": student} for student, _ in everybody],
        enrollments=[enrolled(student, school_id=school) for student, school in everybody],
        calendar=[row for school, _ in schools for row in calendar(school, DAYS[:20])],
        attendance=[
            row for student, school in absent for row in missed(student, 1, 2, 20, school_id=school)
        ],
        partners=[
            {"partner_id": "1", "partner_name": "Breathing", "causes": "asthma"},
            {"partner_id": "2", "partner_name": "Baker", "causes": "work"},
        ],
    )
    journal.add(
        home,
        "the team",
        [
            Partner(DENTIST, ("Dental pain",), ("West",), (), HOSTILE[1]),
            Seat("alder", "partner", "Breathing", DAY),
            Seat("elm", "family", HOSTILE[2], DAY),
            Story("dental pain", "fir", WORDS, HOSTILE[3], DAY),
            Story("dental pain", "elm", "Nobody released this."),
        ],
    )
    return home


def read(page_file: str, view: str, **choices) -> tuple[str, str, str]:
    """The first heading of a page, its words as a reader sees them, and as they are sent."""
    at = open_page(page_file, view, **choices)
    sent = whole(at)
    seen = re.sub(r"\\(.)", r"\1", sent.replace("\N{WORD JOINER}", ""))
    return re.sub(r"\\(.)", r"\1", at.subheader[0].value), seen, sent


@pytest.mark.slow
def test_a_cause_planted_elsewhere_is_the_one_that_is_found(planted_home, use_home):
    """In a network as small as this the share view tells of each of its schools. Partners and
    stories are sent as text on both pages and in both views; that a browser shows text so is seen
    in test_words_are_text."""
    use_home(planted_home)
    for view in ("share", "school"):
        first, seen, sent = read("pages/network.py", view)
        empty = "and no partner for dental pain is at the table"
        assert first == f"Dental pain is shared by all 4 schools in West, {empty}"
        assert f"Missing from the table: {DENTIST}." in seen
        _, told, told_sent = read("pages/causes.py", view)
        assert " ".join(WORDS.split()) in " ".join(told.split())
        for words in (seen, told):
            assert DENTIST in words
            assert "Nobody released this" not in words
            # Who sits there beside partners is not for everybody, and no page asks for it.
            assert HOSTILE[2] not in words.replace(WORDS, "")
        assert not re.search(r"(?<!\\)(<img|<script|\]\(http)", sent + told_sent)
        first, seen, _ = read("pages/network.py", view, neighborhood="East")
        assert first == (
            "Asthma is shared by all 3 schools in East, "
            "and every partner we know for it is at a table"
        )
        assert "Missing from the table" not in seen
