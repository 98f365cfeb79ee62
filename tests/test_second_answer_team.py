"""Protects every count of causes and partners: answered a second time in plain Python.

tests/second_answer/team.py answers from the rules alone. Both are asked about the sample network
with its sample records, and about random networks with random records: several causes a student,
other school years, students who left or are in no file, causes in no list, records that were
changed, removed and forgotten, partners with odd capitals and spaces. ROUNDTABLE_LONG_CHECKS=1
asks everything about 60 networks, and not a part about four.
"""

import os
from datetime import date

import pytest

from queries import database
from queries.load import load
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Seat
from tests.conftest import copy_of
from tests.second_answer import absence, team
from tests.second_answer.folder import read_network
from tests.second_answer.random_network import GROUPS
from tests.second_answer.random_records import SHIPPED, Writer, learned
from tests.support.exchange import write_folder
from tests.support.readers import ALL_NAMES
from tests.support.sampled import sampled

LONG = os.environ.get("ROUNDTABLE_LONG_CHECKS") == "1"
SEEDS = range(30) if LONG else sampled(range(2), 1)
SIZES = ("small", "small cells")

EAST, RIVERSIDE = "Hillside East", "Riverside"


def ask(question: str, **chosen) -> list[dict]:
    return database.records(question, Selection(**chosen), ALL_NAMES)


def only(rows, columns):
    """Rows that can be compared, in an order of their own."""
    return sorted(tuple(row[column] for column in columns) for row in rows)


def assert_same(network, home, chosen, choices) -> None:
    """All four questions, for one choice: as Selection has it, and as the second answer has it."""
    where = f"{chosen}"
    columns = ("family", "cause", "students")
    expected = team.understood(network, home, SHIPPED, **choices)
    assert only(ask("causes/understood", **chosen), columns) == only(expected, columns), where

    expected = team.unknown(network, home, **choices)
    (found,) = ask("causes/unknown", **chosen)
    for count in ("students_absent", "students_without_cause"):
        assert found[count] == expected[count], where
    if expected["share"] is None:
        assert found["share"] is None, where
    else:
        assert found["share"] == pytest.approx(float(expected["share"]), abs=1e-12), where

    columns = ("cause", "family", "schools", "students", "students_at_schools")
    columns += ("partners_known", "partners_at_table")
    expected = team.shared_causes(network, home, SHIPPED, **choices)
    found = ask("network/shared_causes", **chosen)
    assert only(found, columns) == only(expected, columns), where
    reach = [(row["schools"], row["students"]) for row in found]
    assert reach == sorted(reach, reverse=True), where

    # Cells in which nobody is may stand in the grid or be left out.
    columns = ("cause", "school_name", "students")
    expected = team.cause_by_school(network, home, **choices)
    found = [row for row in ask("network/cause_by_school", **chosen) if row["students"]]
    assert only(found, columns) == only(expected, columns), where


# --- The sample network -----------------------------------------------------------------------


@pytest.fixture
def sample_with_records(sample, sample_home):
    """The sample home, in which the sample's records stand since it was loaded."""
    return sample_home


PLACES = [
    {},
    {"neighborhood": EAST},
    {"neighborhood": RIVERSIDE},
    {"school": "Birch Elementary"},
    {"school": "S07"},
    {"schools": ("Birch Elementary", "S01", "S05", "S07", "S08")},
    {"schools": ("S01", "S07"), "neighborhood": EAST},
]
FILTERS = [
    ({}, {}),
    ({"grade": "9"}, {"grade": "9"}),
    (
        {"dimension": "home_language", "group_name": "Spanish"},
        {"group": ("home_language", "Spanish")},
    ),
    ({"school_year": "2024-25"}, {"school_year": "2024-25"}),
    ({"definition": "severe_20"}, {"definition": "severe_20"}),
    ({"as_of": date(2025, 12, 19)}, {"as_of": date(2025, 12, 19)}),
]


@pytest.mark.slow
@pytest.mark.parametrize("narrowed, filters", FILTERS, ids=lambda chosen: "-".join(chosen) or "all")
def test_the_sample_network(sample_with_records, narrowed, filters):
    network = team.sample_network()
    places = PLACES if LONG else PLACES[:2] if filters else sampled(PLACES, 3)
    for place in places:
        choices = filters | {"schools": absence.choose_schools(network, **place)}
        assert_same(network, sample_with_records, place | narrowed, choices)


def test_asthma_is_what_hillside_east_shares_and_who_works_on_it_is_not_at_the_table(
    sample_with_records,
):
    first, second, *_others = ask("network/shared_causes", neighborhood=EAST)
    assert (first["cause"], first["schools"]) == ("asthma", 4)
    assert (first["partners_known"], first["partners_at_table"]) == (3, 0)
    assert first["students"] > 4 * second["students"]
    housing, siblings, *_others = ask("network/shared_causes", neighborhood=RIVERSIDE)
    assert (housing["cause"], siblings["cause"]) == ("housing", "caring for siblings")
    assert housing["partners_at_table"] == 1


@pytest.mark.slow
def test_another_leading_cause_planted_in_another_neighborhood_is_found_there(
    sample_home, use_home, tmp_path
):
    """Dental pain at the schools of Riverside: first there, and still asthma in Hillside East."""
    home, network = copy_of(sample_home, tmp_path / "sample"), team.sample_network()
    use_home(home)
    riverside = absence.choose_schools(network, neighborhood=RIVERSIDE)
    planted = [
        learned(student, school, "2025-26", "dental pain")
        for school in sorted(riverside)
        for student in sorted(team.chronically_absent(network, schools={school}))[:30]
    ]
    journal.add(home, "a test", planted)
    first = ask("network/shared_causes", neighborhood=RIVERSIDE)[0]
    assert (first["cause"], first["schools"]) == ("dental pain", 5)
    assert (first["partners_known"], first["partners_at_table"]) == (1, 0)
    assert ask("network/shared_causes", neighborhood=EAST)[0]["cause"] == "asthma"
    for place in PLACES[:3]:
        schools = absence.choose_schools(network, **place)
        assert_same(network, home, place, {"schools": schools})
    seat = Seat("S08", "partner", "Hillside Health Center", date(2026, 3, 20))
    journal.add(home, "a test", [seat])
    first = ask("network/shared_causes", neighborhood=RIVERSIDE)[0]
    assert (first["cause"], first["partners_at_table"]) == ("dental pain", 1)
    assert ask("network/shared_causes", neighborhood=EAST)[0]["partners_at_table"] == 0


# --- One partner ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_partner_is_at_the_table_wherever_it_sits_among_the_chosen_schools(tmp_path, use_home):
    """Also at a school that it does not list: who sits at one of these tables has been asked."""
    home = tmp_path / "home"
    schools = ("alder", "birch")
    folder = write_folder(
        tmp_path / "files",
        schools=[{"school_id": one, "school_name": one.title()} for one in schools],
        partners=[{"partner_name": "Clinic", "causes": "Housing; ASTHMA ", "schools": "alder"}],
        attendance=[{"date": f"2025-09-{day}"} for day in ("02", "03", "26")],
    )
    load(folder, home, today=date(2026, 8, 1))
    written = [
        learned("ann", "alder", "2025-26", "asthma"),
        Seat("birch", "partner", "Clinic", date(2025, 9, 1)),
    ]
    journal.add(home, "a test", written)
    use_home(home)
    network = read_network(folder)
    for chosen, expected in (({}, (1, 1)), ({"school": "alder"}, (1, 0))):
        (row,) = ask("network/shared_causes", **chosen)
        assert (row["partners_known"], row["partners_at_table"]) == expected, chosen
        schools = absence.choose_schools(network, **chosen)
        assert_same(network, home, chosen, {"schools": schools})


# --- Random networks --------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[(s, size) for s in SEEDS for size in SIZES])
def written(request, random_network, tmp_path_factory):
    """(network, home, randomness, number) of a random network with random records."""
    seed, size = request.param
    loaded, network = random_network(seed, size)
    home = copy_of(loaded, tmp_path_factory.mktemp("written") / "home")
    writer = Writer(network, home, seed)
    writer.write()
    return network, home, writer.random, 2 * seed + SIZES.index(size)


def narrowings(network, randomness):
    """Pairs of the same choice of schools: for Selection, and as a set of ids."""
    rows = sorted(network.rows("schools"), key=lambda row: row["school_id"])
    for chosen in (
        {},
        {"school": randomness.choice(rows)["school_name"]},
        {"school": rows[0]["school_id"]},
        {"network": "River"},
        *({"neighborhood": one} for one in ("Harbor", "Old Town")),
    ):
        asked = {"network_name" if k == "network" else k: v for k, v in chosen.items()}
        yield chosen, absence.choose_schools(network, **asked)


# Each filter is asked of each choice of schools in one of the four networks at least.
@pytest.mark.slow
def test_random_networks(written, use_home):
    network, home, randomness, number = written
    use_home(home)
    earlier = absence.school_years(network)[0]
    dimension = randomness.choice(sorted(GROUPS))
    value = randomness.choice([*GROUPS[dimension], "Unknown"])
    every = [
        ({"grade": "3"}, {"grade": "3"}),
        ({"dimension": dimension, "group_name": value}, {"group": (dimension, value)}),
        ({"school_year": earlier}, {"school_year": earlier}),
        ({"definition": "days_15"}, {"definition": "days_15"}),
    ]
    for place, (chosen, schools) in enumerate(narrowings(network, randomness)):
        asked = every if LONG else [every[(place + number) % len(every)]]
        for narrowed, filters in [({}, {}), *asked]:
            assert_same(network, home, chosen | narrowed, filters | {"schools": schools})


@pytest.mark.slow
def test_the_random_records_are_full_of_edges(written):
    """Otherwise agreement would mean little."""
    network, home, *_ = written
    year = absence.default_school_year(network)
    causes = team.causes_of(home, year)
    students = team.chronically_absent(network, school_year=year)
    assert any(len(causes.get(one, ())) > 1 for one in students)
    assert any(not causes.get(one) for one in students)
    assert {"never listed", "asthma"} <= set().union(*causes.values())
    assert len({one["school_year"] for one in team.newest(home, "learned")}) >= 3
    assert len(team.newest(home, "seat")) > 4
