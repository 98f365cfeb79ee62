"""Protects the children behind the share view: no small number is told there or can be worked out.

What is told agrees with the exact numbers; a count below the minimum is hidden, and so is whatever
would give it away; the attack in queries/privacy finds what brute force finds; the audit clears
what the rules make, and catches each rule that is weakened. Random networks are full of small cells
(tests/support/small_cells); ROUNDTABLE_LONG_CHECKS=1 checks 200 of them and fifty of each shape,
and not six and one; with it `-k audit_clears` attacks them all.
"""

import os
import random
import shutil
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import fields, replace
from itertools import combinations, product

import duckdb
import numpy as np
import pandas as pd
import pytest

from queries import choices, database, privacy
from queries.access import at_this_machine
from queries.load import load, publish
from queries.privacy import answers, attack, coding, coding_answers, releases, rules
from queries.privacy.attack import System
from queries.privacy.cells import (
    NO_CHANGE_TOLD,
    NOT_TOLD,
    Cells,
    Counts,
    Nested,
    Told,
    apart,
    last_year_of,
    nothing_told,
    read_absence,
    system,
)
from queries.privacy.making import count, keep, keep_answers
from queries.privacy.rules import BAND, COUNTED, HALF, HIGH, LOW, SHOWN, WIDE, WITHHELD
from queries.selection import Selection
from queries.team.tables import shipped_causes
from tests.conftest import LOADED_ON, PROJECT
from tests.support.exchange import write_folder
from tests.support.sampled import sampled
from tests.support.small_cells import SHAPES, network_of, small_causes, small_cells
from tests.support.thinned import thinned

LONG = os.environ.get("ROUNDTABLE_LONG_CHECKS") == "1"
SEEDS = range(200) if LONG else (4, 5, 126, 9, 19, 29)
MINIMUM = 10
# So many cells have the sample network and none of the random ones.
SAMPLE_SIZE = 1_500
# Dimensions that divide those absent or present, and such of which a student may be in several.
TIERS, REASONS = ("tier", "knowledge"), ("reason", "cause")


@contextmanager
def standing(path, *, writable: bool = False):
    """A connection that stands on the generation in a file."""
    with duckdb.connect(config={"threads": 2}) as connection:
        mode = "" if writable else "(READ_ONLY)"
        connection.execute(f"ATTACH {publish.literal(path)} AS one {mode}")
        connection.execute("USE one")
        yield connection


def rows(connection, question: str) -> list[dict]:
    """The answer to SQL as one dict a row."""
    answer = connection.execute(question)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def file_of(home):
    return publish.path_of(home, publish.published(home))


# --- The rules, each cell by itself


def isolated(students, absent, **marks) -> Cells:
    """Cells that have nothing to do with each other: places without anything in them."""
    each = np.arange(len(students))
    none, no_cell = np.zeros(len(students), dtype=bool), np.zeros(0, dtype=np.int64)
    given = {name: np.full(len(students), value) for name, value in marks.items()}
    return Cells(
        students=np.array(students),
        absent=np.array(absent),
        **dict.fromkeys(("whole", "margin", "dimension", "pair", "through_years", "context"), each),
        year=np.ones_like(each),
        **{
            **dict.fromkeys(("is_whole", "is_listed", "is_this_year"), ~none),
            **dict.fromkeys(("is_tier", "is_chronic_tier", "is_reason"), none),
            **dict.fromkeys(("is_few", "is_enough", "is_unlisted"), none),
            "inside": np.full(len(students), -1),
            **given,
        },
        part_sum=no_cell,
        part_cell=no_cell,
        sum_whole=no_cell,
        elsewhere=np.zeros((2, 0), dtype=np.int64),
    )


@pytest.mark.parametrize(
    ("students", "absent", "code"),
    [
        # The minimum, of students.
        (9, 0, WITHHELD),
        (9, 5, WITHHELD),
        (10, 0, COUNTED),
        (11, 5, COUNTED),
        # Of those absent, and of those present.
        (100, 9, LOW),
        # Also a few more, so that the code says no more than its words.
        (100, 13, LOW),
        (100, 14, SHOWN),
        (100, 86, SHOWN),
        (100, 87, HIGH),
        (100, 91, HIGH),
        (100, 0, LOW),
        (100, 100, HIGH),
        # Both small, or neither.
        (18, 9, COUNTED),
        (19, 9, COUNTED),
        (20, 10, COUNTED),
        (24, 12, COUNTED),
        # An end above a half says nothing: then the group is counted, no more.
        (24, 9, COUNTED),
        (24, 15, COUNTED),
        (25, 9, LOW),
        (25, 16, HIGH),
        # One in a hundred is an end however many it is.
        (1000, 10, LOW),
        (3000, 30, LOW),
        (3000, 31, SHOWN),
        (3000, 2969, SHOWN),
        (3000, 2970, HIGH),
    ],
)
def test_a_cell_by_itself(students, absent, code):
    assert rules.code(np.array([students]), np.array([absent]), MINIMUM).tolist() == [code]


@pytest.mark.parametrize(
    ("exact", "told"),
    [(4, 0), (5, 10), (14, 10), (15, 20), (24, 20), (25, 30), (94, 90), (95, 100), (1004, 1000)],
)
def test_about(exact, told):
    assert rules.about(np.array([exact])).tolist() == [told]


@pytest.mark.parametrize(
    ("exact", "told"), [(29, 20), (30, 40), (49, 40), (99, 100), (124, 100), (125, 150)]
)
def test_roughly(exact, told):
    """Where the nearest ten tells too much: to the nearest twenty, from a hundred to fifty."""
    size = np.array([exact])
    assert rules.about(size, rules.rough(size)).tolist() == [told]


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(1, 200, 1), (1, 201, 0), (1, 8, 13), (3, 8, 38), (1, 3, 33), (2, 3, 67), (7, 7, 100)],
)
def test_whole_percents_a_half_upwards(part, whole, percent):
    assert rules.whole_percent(np.array([part]), np.array([whole])).tolist() == [percent]


@pytest.mark.parametrize(
    ("students", "end"),
    [
        *((10, 20), (20, 20), (21, 10), (40, 10), (41, 5), (100, 5), (101, 2), (200, 2), (201, 1)),
        (10_000, 1),
    ],
)
def test_the_end_of_a_rate_by_the_size_of_the_group(students, end):
    assert rules.end_for_size(np.array([students])).tolist() == [end]


def test_a_count_that_is_told_is_taken_to_be_no_small_one_unless_it_is_exact():
    """'About 10' of those absent is 10 to 14, as a smaller number is not told; 7 is 7."""
    cells = isolated([50], [12])
    told = coding.tell(cells, np.array([SHOWN]), MINIMUM)
    given = system(cells, told, MINIMUM)
    absent = Counts(1, 0).block(1)
    assert (given.low[absent], given.high[absent]) == (10, 14)
    told.absent[:] = 7
    given = system(cells, told, MINIMUM)
    assert (given.low[absent], given.high[absent]) == (7, 7)


def test_what_cannot_be_hidden_gives_up_its_own_month_alone():
    """Three places without anything in them, the first withheld; the third of another month."""
    cells = replace(isolated([20, 50, 60], [10, 20, 30]), context=np.array([0, 0, 1]))
    codes = np.array([WITHHELD, SHOWN, SHOWN])
    assert coding._give_up(cells, codes, np.array([0]), 0 * codes).tolist() == [
        WITHHELD,
        WITHHELD,
        SHOWN,
    ]


@pytest.mark.parametrize("minimum", [10, 15, 20])
def test_every_size_and_every_number_absent_leaves_ten_values(minimum):
    """A coded end leaves ten values even to somebody who knows how many students there are."""
    for size in range(10, 3001):
        absent = np.arange(size + 1)
        students = np.full(size + 1, size)
        codes = rules.code(students, absent, minimum)
        end = int(rules.end(students[:1], minimum)[0])
        for code, small in ((LOW, absent), (HIGH, size - absent)):
            coded = small[codes == code]
            if len(coded):
                assert len(coded) >= 10, f"{code} of {size}"
                assert end * size // 100 >= max(9, coded.max()), f"{code} of {size}"
                assert end <= 50
        shown = absent[codes == SHOWN]
        if len(shown):
            assert shown.min() >= minimum
            assert size - shown.max() >= minimum
            percent = rules.whole_percent(shown, students[: len(shown)])
            assert percent.min() >= 1, f"0% of {size}"
            assert percent.max() <= 99, f"100% of {size}"
        assert (codes == WITHHELD).all() == (size < minimum)


# --- Counting: the exact counts are those that the exact questions give

SCHOOL_VIEW = at_this_machine("school")
NO_OR_NOT_KNOWN = "no or not known"
NEEDS = {"english_learner", "disability", "economically_disadvantaged", "unstable_housing"}


def ask(question: str, place: tuple[str, str], **chosen) -> list[dict]:
    kind, name = place
    narrowed = {} if kind == "all" else {kind: name}
    return database.records(question, Selection(**chosen, **narrowed), SCHOOL_VIEW)


def counted(connection, year: str, place: tuple[str, str]) -> list[dict]:
    return [
        row
        for row in rows(connection, "SELECT * FROM share_count")
        if (row["school_year"], row["kind"], row["place"]) == (year, *place)
    ]


def assert_counts_of_place(connection, place: tuple[str, str], year: str) -> None:
    held = counted(connection, year, place)
    newest = max(row["point"] for row in held)
    now = [row for row in held if row["point"] == newest and row["period"] == "this"]
    (all_students,) = [row for row in now if row["dimension"] == "all"]
    (headline,) = ask("absence/headline", place, school_year=year, as_of=newest)
    assert all_students["students"] == headline["students"]
    assert all_students["absent"] == headline["students_absent"]
    # Who left before they came is in the question's number, and not among those counted here.
    everybody = headline["students"] + headline["students_not_evaluated"]
    assert headline["students"] <= all_students["all_students"] <= everybody
    assert all_students["days_absent"] == headline["days_absent"]
    assert all_students["days_enrolled"] == headline["days_enrolled"]

    expected = {}
    for row in ask("absence/by_grade", place, school_year=year, as_of=newest):
        expected["grade", row["grade"]] = row["students"], row["students_absent"]
    for row in ask("absence/by_group", place, school_year=year, as_of=newest):
        key = row["dimension"], row["group_name"]
        if row["dimension"] in NEEDS and row["group_name"] != "yes":
            key = row["dimension"], NO_OR_NOT_KNOWN
        students, absent = expected.get(key, (0, 0))
        expected[key] = students + row["students"], absent + row["students_absent"]
    # Of a dimension that nobody is described by, the question gives no row.
    asked = {dimension for dimension, _ in expected}
    groups = {"grade", "gender", "race_ethnicity", "home_language", *NEEDS}
    found = {
        (row["dimension"], row["category"]): (row["students"], row["absent"])
        for row in now
        if row["dimension"] in groups & asked
    }
    assert found == {key: counts for key, counts in expected.items() if counts[0]}

    expected = {
        row["tier"]: row["students"]
        for row in ask("absence/by_tier", place, school_year=year, as_of=newest)
    }
    assert {r["category"]: r["absent"] for r in now if r["dimension"] == "tier"} == expected
    expected = {
        row["reason"]: row["students"]
        for row in ask("causes/recorded", place, school_year=year, as_of=newest)
    }
    assert {r["category"]: r["absent"] for r in now if r["dimension"] == "reason"} == expected
    shipped = {one.cause for one in shipped_causes()}
    expected: dict[str, int] = {}
    for row in ask("causes/understood", place, school_year=year, as_of=newest):
        name = row["cause"] if row["cause"] in shipped else "another cause"
        expected[name] = expected.get(name, 0) + row["students"]
    assert {r["category"]: r["absent"] for r in now if r["dimension"] == "cause"} == expected
    (unknown,) = ask("causes/unknown", place, school_year=year, as_of=newest)
    assert {r["category"]: r["absent"] for r in now if r["dimension"] == "knowledge"} == {
        "known": unknown["students_absent"] - unknown["students_without_cause"],
        "not known": unknown["students_without_cause"],
    }
    assert_months_of_place(held, ask("absence/by_month", place, school_year=year, as_of=newest))


def assert_months_of_place(held: list[dict], months: list[dict]) -> None:
    """Month by month: a place's last day of a month may be earlier than that of all schools."""
    found = {
        (row["period"], row["point"].replace(day=1)): row
        for row in held
        if row["dimension"] == "all"
    }
    nobody = {"students": 0, "absent": 0, "days_absent": 0, "days_enrolled": 0}
    for month in months:
        first = month["month_end"].replace(day=1)
        this = found.pop(("this", first), nobody)
        last = found.pop(("last", first), nobody)
        assert this["students"] == month["students"]
        assert this["absent"] == month["students_absent"]
        assert last["students"] == month["last_year_students"]
        assert last["absent"] == month["last_year_students_absent"]
        if this["days_enrolled"]:
            rate = 1 - this["days_absent"] / this["days_enrolled"]
            assert rate == pytest.approx(month["attendance_rate"], abs=1e-12)
    # A place without a day in a month has no row for it there.
    assert all(row["point"] < months[0]["month_end"] for row in found.values())


def assert_answers_of_place(connection, place: tuple[str, str], year: str) -> None:
    key = ("survey", "respondent_group", "item_id")
    # What fewer than five answered the exact questions do not tell either.
    found = {
        tuple(row[name] for name in key): (
            row["answers"],
            row["favorable"] if row["answers"] >= 5 else 0,
        )
        for row in rows(connection, "SELECT * FROM share_item WHERE item_id IS NOT NULL")
        if (row["school_year"], row["kind"], row["place"]) == (year, *place)
    }
    if place[0] == "school":
        answer = [
            (row, row["n"], row["favorable"])
            for row in ask("culture/by_school", place, school_year=year)
        ]
    else:
        answer = [
            (row, row["second_all_n"], row["second_all_favorable"])
            for row in ask("culture/shifts", place, school_year=year)
            if not row["published"]
        ]
    expected = {
        tuple(row[name] for name in key): (n, round(n * (favorable or 0)))
        for row, n, favorable in answer
    }
    assert found == expected


def places_of(connection, number: int) -> list[tuple[str, str]]:
    """All places in the long checks; else a few, those of several schools among them."""
    held = [
        (row["kind"], row["place"])
        for row in rows(connection, "SELECT DISTINCT kind, place FROM share_place ORDER BY ALL")
    ]
    several = [place for place in held if place[0] != "school"]
    schools = [place for place in held if place[0] == "school"]
    return held if LONG else [*several[: number + 1], *random.Random(1).sample(schools, number)]


def assert_counts(home, number: int) -> None:
    with standing(file_of(home)) as connection:
        count(connection, MINIMUM)
        years = sorted({row["school_year"] for row in rows(connection, "FROM share_point")})
        surveyed = sorted({row["school_year"] for row in rows(connection, "FROM share_item")})
        for place in places_of(connection, number):
            for year in years:
                assert_counts_of_place(connection, place, year)
            for year in surveyed:
                assert_answers_of_place(connection, place, year)


@pytest.mark.slow
def test_the_counts_of_the_sample_are_those_of_the_exact_questions(sample_home, sample):
    with standing(file_of(sample_home)) as connection:
        movers = connection.execute(
            """
            SELECT count(*) FROM (
                SELECT student_id FROM entry GROUP BY school_year, student_id
                HAVING count(DISTINCT school_id) > 1
            )
            """
        ).fetchone()
    assert movers[0] > 20
    assert_counts(sample_home, 2 if LONG else 1)


# --- What is told, against the exact numbers


@pytest.fixture(scope="module")
def quarter_home(kept, tmp_path_factory):
    """A home with every fourth student of the sample: a network of a thousand, schools of 120."""
    files = tmp_path_factory.mktemp("quarter") / "files"
    return kept(
        "quarter", lambda home: load(thinned(PROJECT / "sample_data", files, one_in=4), home)
    )


# Beside the sample and one random network the others are a second look, at one of them a day.
SLOW = [
    pytest.param(one, marks=pytest.mark.slow) for one in ("quarter_home", *sampled(SEEDS[:-1], 1))
]


@pytest.fixture(scope="module", params=["sample_home", *SLOW, SEEDS[-1]])
def standing_network(request, network_of_small_cells):
    """A connection on the sample network, or on a random one, with its cells counted."""
    sampled = str(request.param).endswith("home")
    home = (
        request.getfixturevalue(request.param) if sampled else network_of_small_cells(request.param)
    )
    with standing(file_of(home)) as connection:
        count(connection, MINIMUM)
        yield connection


@pytest.mark.slow
def test_a_month_of_last_year_is_its_own_where_schools_came_equally_far(standing_network):
    """The attack knows such a month twice: as this year compares with it, and by itself."""
    schools, came, months = defaultdict(list), {}, defaultdict(list)
    for row in rows(standing_network, "FROM share_place ORDER BY school_id"):
        schools[row["kind"], row["place"]].append(row["school_id"])
    for row in rows(standing_network, "FROM share_point"):
        came[row["school_year"], row["period"], row["point"], row["school_id"]] = row
    cells = rows(standing_network, "FROM share_cell ORDER BY cell")
    for row in cells:
        if row["dimension"] == "all":
            place, month = (row["kind"], row["place"]), (row["school_year"], row["period"])
            schools_came = [came[*month, row["point"], one] for one in schools[place]]
            so_far = tuple(one["cutoff_date"] for one in schools_came)
            months[place, schools_came[0]["data_year"], so_far].append(row["cell"])
    twice = {pair for same in months.values() for pair in combinations(same, 2)}
    # In some random networks no two months are.
    assert twice or len(cells) < SAMPLE_SIZE
    found = standing_network.execute("SELECT cell, other_cell FROM share_same").fetchall()
    assert sorted(found) == sorted(twice)


def told_cells(connection) -> list[dict]:
    """What is told of attendance, beside the exact counts."""
    return rows(
        connection,
        """
        SELECT
            cell.* EXCLUDE (students, absent),
            cell.students AS exact, cell.absent AS exact_absent,
            whole.students AS exact_whole,
            told.students, told.nearest, told.students_absent,
            CAST(round(100 * told.rate) AS BIGINT) AS percent,
            CAST(round(100 * told.rate_at_least) AS BIGINT) AS at_least,
            CAST(round(100 * told.rate_at_most) AS BIGINT) AS at_most,
            told.change_points, told.attendance_rate, told.withheld
        FROM share_cell AS cell
        JOIN share_cell AS whole
            ON whole.dimension = 'all' AND whole.school_year = cell.school_year
            AND whole.period = cell.period AND whole.point = cell.point
            AND whole.kind = cell.kind AND whole.place = cell.place
        LEFT JOIN share_place_schools AS place
            ON place.kind = cell.kind AND place.name = cell.place
        LEFT JOIN share_absence AS told
            ON told.place = place.place AND told.school_year = cell.school_year
            AND told.period = cell.period AND told.point = cell.point
            AND told.dimension = cell.dimension AND told.category = cell.category
        ORDER BY cell.cell
        """,
    )


NUMBERS = ("students", "students_absent", "percent", "at_least", "at_most", "change_points")


def assert_about(told: int | None, nearest: int, exact: int, where: str) -> None:
    if told is not None:
        assert told % nearest == 0, where
        assert 2 * told - nearest <= 2 * exact < 2 * told + nearest, where


def assert_rate(row: dict, part: int, whole: int, where: str) -> None:
    """A whole percent is the exact rate, a half upwards; a band holds it, and is never both."""
    percent, at_least, at_most = row["percent"], row["at_least"], row["at_most"]
    if percent is not None:
        assert (2 * percent - 1) * whole <= 200 * part < (2 * percent + 1) * whole, where
        assert 0 < percent < 100, where
        assert at_least is None and at_most is None, where
    if at_most is not None:
        assert at_least * whole <= 100 * part <= at_most * whole, where
    assert (at_least is None) == (at_most is None), where


def test_what_is_told_of_attendance_is_the_exact_number_coded(standing_network):
    told = told_cells(standing_network)
    place = ("school_year", "point", "kind", "place")
    last_year = {
        tuple(row[name] for name in place): row["percent"]
        for row in told
        if row["dimension"] == "all" and row["period"] == "last"
    }
    for row in told:
        where = str({name: str(value) for name, value in row.items()})
        whole = row["exact_whole"] if row["dimension"] in TIERS else row["exact"]
        assert_about(row["students"], row["nearest"], row["exact"], where)
        assert_about(row["students_absent"], 10, row["exact_absent"], where)
        assert_rate(row, row["exact_absent"], whole, where)
        if not row["is_listed"]:
            assert row["withheld"] is None, where
            continue
        change = None
        if row["dimension"] == "all" and row["period"] == "this":
            before = last_year.get(tuple(row[name] for name in place))
            if before is not None and row["percent"] is not None:
                change = row["percent"] - before
        assert row["change_points"] == change, where
        # What is counted, no more, tells its size and nothing else.
        if row["withheld"]:
            assert all(row[name] is None for name in NUMBERS[1:]), where
        if row["withheld"] and row["students"] is None:
            assert row["attendance_rate"] is None, where
        if row["attendance_rate"] is not None:
            percent, days = round(100 * row["attendance_rate"]), row["days_enrolled"]
            there = 200 * (days - row["days_absent"])
            assert (2 * percent - 1) * days <= there <= (2 * percent + 1) * days, where
        if row["students"] is not None:
            assert row["exact"] >= MINIMUM, where
        if row["students_absent"] is not None:
            assert row["exact_absent"] >= MINIMUM, where


def told_items(connection) -> list[dict]:
    """What is told of surveys, beside the exact counts."""
    return rows(
        connection,
        """
        SELECT item.*, told.n_low, told.n_high, told.withheld,
            CAST(round(100 * told.favorable) AS BIGINT) AS percent,
            CAST(round(100 * told.favorable_at_least) AS BIGINT) AS at_least,
            CAST(round(100 * told.favorable_at_most) AS BIGINT) AS at_most
        FROM share_item AS item
        JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
        JOIN share_survey AS told
            ON told.place = place.place AND told.survey = item.survey
            AND told.school_year = item.school_year
            AND told.respondent_group = item.respondent_group AND told.item_id = item.item_id
        ORDER BY item.cell
        """,
    )


def test_what_is_told_of_surveys_is_the_exact_number_coded(standing_network):
    told = told_items(standing_network)
    items = "SELECT count(*) FROM share_item WHERE item_id IS NOT NULL"
    assert len(told) == standing_network.execute(items).fetchone()[0]
    for row in told:
        where = str(row)
        assert_rate(row, row["favorable"], row["answers"], where)
        assert (row["percent"] is None and row["at_most"] is None) == row["withheld"], where
        if row["n_low"] is None:
            assert row["n_high"] is None and row["withheld"], where
        else:
            assert row["n_low"] <= row["answers"] <= row["n_high"], where
            assert row["answers"] >= MINIMUM, where
        if row["percent"] is not None:
            assert min(row["favorable"], row["answers"] - row["favorable"]) >= MINIMUM, where


def test_what_is_told_of_answers_and_responses_is_the_exact_number_coded(standing_network):
    """In parts of ten people and more, none of them both favorable and not."""
    question = """
        SELECT item.cell, told.part, any_value(item.answers) AS people,
            sum(given.answers) AS number, count(DISTINCT given.is_favorable) AS sides,
            CAST(round(100 * any_value(told.share)) AS BIGINT) AS percent,
            NULL AS at_least, NULL AS at_most
        FROM share_item_answer AS given
        JOIN share_item AS item USING (cell)
        JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
        JOIN share_answers AS told
            ON told.place = place.place AND told.survey = item.survey
            AND told.school_year = item.school_year
            AND told.respondent_group = item.respondent_group
            AND told.item_id = item.item_id AND told.answer = given.answer
        GROUP BY item.cell, told.part
    """
    told = rows(standing_network, question)
    for row in told:
        assert row["number"] >= MINIMUM and row["sides"] == 1 and row["people"] > 40, row
        assert_rate(row, row["number"], row["people"], str(row))
    of_item: dict[int, int] = defaultdict(int)
    for row in told:
        of_item[row["cell"]] += row["number"]
    people = {row["cell"]: row["people"] for row in told}
    assert of_item == people
    question = """
        SELECT item.answers AS people, item.favorable AS number,
            CAST(round(100 * told.response_rate) AS BIGINT) AS percent,
            CAST(round(100 * told.response_rate_at_least) AS BIGINT) AS at_least,
            CAST(round(100 * told.response_rate_at_most) AS BIGINT) AS at_most
        FROM share_item AS item
        JOIN share_place_schools AS place ON place.kind = item.kind AND place.name = item.place
        JOIN share_response AS told
            ON told.place = place.place AND told.survey = item.survey
            AND told.school_year = item.school_year
            AND told.respondent_group = item.respondent_group
        WHERE item.item_id IS NULL
    """
    responses = rows(standing_network, question)
    for row in responses:
        assert_rate(row, row["number"], row["people"], str(row))
        if row["percent"] is not None:
            assert row["people"] - row["number"] >= MINIMUM, row
    # In some random networks none is.
    sampled = len(told_items(standing_network)) > 1000
    assert (told and any(row["percent"] for row in responses)) or not sampled


SCHOOLS_ASKED = ("alder", "birch", "cedar", "dale", "elm", "fir")


def wandering_schools(seed: int) -> list[dict]:
    """Answers of five schools to items that rose, fell or stayed, and of a school that joined; more
    of them come from other schools in the second year."""
    draw, found = random.Random(seed), []
    for item in range(12):
        moved = draw.choice((-0.3, -0.1, 0, 0.1, 0.3))
        for school, name in enumerate(SCHOOLS_ASKED):
            share = draw.uniform(0.3, 0.7)
            for year in ("2024-25", "2025-26"):
                if school == 5 and (year == "2024-25" or item % 2):
                    continue
                n = draw.choice((60, 90, 120, 200))
                agree = round(n * min(max(share, 0.05), 0.95))
                found += [
                    {
                        "school_id": name,
                        "school_year": year,
                        "item_id": f"i{item}",
                        "respondent_id": f"r{one}",
                        "answer": "Agree" if one < agree else "Disagree",
                    }
                    for one in range(n)
                ]
                share += moved + draw.uniform(-0.05, 0.05)
    return found


@pytest.mark.slow
def test_a_shift_told_of_several_schools_says_what_staff_are_told(make_home, use_home):
    """Made of what is told of each school, it goes the way of the exact one, and is not called
    clear where that is not. Where it cannot be told, nor is the year before it."""
    answers = wandering_schools(5)
    asked = {(row["school_year"], row["item_id"]) for row in answers}
    home = make_home(
        share_view=True,
        schools=[{"school_id": name, "school_name": name} for name in SCHOOLS_ASKED],
        survey_invited=[],
        survey_answers=answers,
        survey_items=[
            {"school_year": year, "item_id": item, "item_text": item} for year, item in asked
        ],
    )
    use_home(home)
    exact = {row["item_id"]: row for row in ask("culture/shifts", ("all", ""))}
    told = {row["item_id"]: row for row in database.records("culture/shifts", Selection())}
    shifts = {item: row["shift_points"] for item, row in told.items()}
    for item, row in told.items():
        same = exact[item]
        assert row["schools_compared"] == same["schools_compared"]
        assert row["schools_new"] == same["schools_new"]
        if shifts[item] is None:
            assert row["clear_of_chance"] is None
            assert row["why_not_clear"] in (
                "too close to say which way",
                "not told of every school",
            )
        else:
            assert shifts[item] * same["shift_points"] > 0, item
            assert same["clear_of_chance"] or not row["clear_of_chance"], item
        if row["why_not_clear"] == "not told of every school" and row["schools_new"]:
            assert row["first_favorable"] is None
    assert None in shifts.values()
    assert {row["clear_of_chance"] for row in told.values()} >= {True, None}


# --- At least two are withheld, or none


def withheld(row: dict) -> bool:
    return row["students"] is None if row["dimension"] not in REASONS else row["withheld"]


def gathered(told: list[dict], *names: str) -> list[list[dict]]:
    """The rows that agree in these columns."""
    found = {}
    for row in told:
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    return list(found.values())


def assert_not_alone(margin: list[dict], elsewhere: list[dict] = ()) -> None:
    """elsewhere: who is where the category is not listed, who are withheld as one."""
    hidden = [row for row in margin if withheld(row)]
    if any(row["category"] is not None for row in hidden):
        students = [*(row["exact"] for row in hidden), *(row["students"] for row in elsewhere)]
        assert len(students) >= 2, hidden
        assert sum(students) >= MINIMUM, hidden


def test_in_a_margin_at_least_two_are_withheld_that_sum_to_the_minimum(standing_network):
    told = told_cells(standing_network)
    of_cell = {row["cell"]: row for row in told}
    # What is not listed is withheld as one.
    apart = {row["cell"] for row in told if row["category"] is not None and not row["is_listed"]}
    groups = [
        row
        for row in told
        if row["dimension"] not in ("all", *TIERS, *REASONS) and row["cell"] not in apart
    ]
    for margin in gathered(groups, "school_year", "period", "point", "kind", "place", "dimension"):
        # In a place of which nothing is told, nothing is told.
        (whole,) = (
            row
            for row in told
            if row["dimension"] == "all"
            and all(row[name] == margin[0][name] for name in ("school_year", "period"))
            and all(row[name] == margin[0][name] for name in ("point", "kind", "place"))
        )
        if withheld(whole):
            assert all(withheld(row) for row in margin)
        else:
            assert_not_alone(margin)
    elsewhere = rows(standing_network, "FROM share_elsewhere")
    for parts in gathered(rows(standing_network, "FROM share_part"), "sum_of"):
        cells = [of_cell[part["part_cell"]] for part in parts if part["part_cell"] not in apart]
        if not cells:
            continue
        of_group = cells[0]["dimension"] not in (*TIERS, *REASONS)
        if of_group and not withheld(of_cell[parts[0]["whole_cell"]]):
            sum_of = parts[0]["sum_of"]
            assert_not_alone(cells, [row for row in elsewhere if row["sum_of"] == sum_of])


def test_what_is_small_in_one_year_is_withheld_in_the_years_beside(standing_network):
    told = told_cells(standing_network)
    years = sorted({row["school_year"] for row in told})
    newest = [row for row in told if row["is_newest"] and row["is_listed"]]
    for same in gathered(newest, "kind", "place", "dimension", "category", "period"):
        # What was understood is compared with no other year.
        if same[0]["dimension"] in (*TIERS, "cause"):
            continue
        size = "exact_absent" if same[0]["dimension"] == "reason" else "exact"
        small = {years.index(row["school_year"]) for row in same if row[size] < MINIMUM}
        for row in same:
            year = years.index(row["school_year"])
            assert withheld(row) or not small & {year - 1, year, year + 1}, row
    whole = [row for row in told if row["dimension"] == "all"]
    for pair in gathered(whole, "school_year", "point", "kind", "place"):
        assert len({withheld(row) for row in pair}) == 1, pair


# --- The attack, against brute force


def tied(low, high, sums=(), rates=()) -> System:
    """A system by hand. sums: (total, {count: sign}); rates: (part, whole, least, most), in half
    percents."""
    entries = [(of, one, sign) for of, (_, each) in enumerate(sums) for one, sign in each.items()]
    of, one, sign = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    part, whole, least, most = np.array(rates, dtype=np.int64).reshape(-1, 4).T
    totals = np.array([total for total, _ in sums], dtype=float)
    return System(np.array(low), np.array(high), of, one, sign, totals, part, whole, least, most)


def possible(given: System) -> np.ndarray:
    """Every way in which the counts can be, one per row: all whole numbers are tried."""
    ranges = [range(low, high + 1) for low, high in zip(given.low, given.high, strict=True)]
    ways = np.array(list(product(*ranges)), dtype=np.int64)
    for one, total in enumerate(given.totals):
        inside = given.sum_of == one
        ways = ways[ways[:, given.sum_count[inside]] @ given.sum_sign[inside] == total]
    for part, whole, least, most in zip(
        given.part, given.whole, given.least, given.most, strict=True
    ):
        twice = 200 * ways[:, part]
        ways = ways[(least * ways[:, whole] <= twice) & (twice <= most * ways[:, whole])]
    return ways


def between_corners(given: System) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and highest whole numbers where counts need not be whole: the furthest corners,
    each of them where as many limits meet as there are counts."""
    number = len(given.low)
    unit = np.eye(number)
    rows_of = [*unit, *-unit]
    most = [*given.high, *-given.low]
    for one, total in enumerate(given.totals):
        inside = given.sum_of == one
        line = np.zeros(number)
        line[given.sum_count[inside]] = given.sum_sign[inside]
        rows_of += [line, -line]
        most += [total, -total]
    for part, whole, least, end in zip(
        given.part, given.whole, given.least, given.most, strict=True
    ):
        rows_of += [least * unit[whole] - 200 * unit[part], 200 * unit[part] - end * unit[whole]]
        most += [0, 0]
    limits, most = np.array(rows_of), np.array(most, dtype=float)
    chosen = np.array(list(combinations(range(len(limits)), number)))
    chosen = chosen[np.abs(np.linalg.det(limits[chosen])) > 1e-6]
    corners = np.linalg.solve(limits[chosen], most[chosen][..., None])[..., 0]
    corners = corners[(corners @ limits.T <= most + 1e-6).all(axis=1)]
    return np.ceil(corners.min(axis=0) - 1e-5), np.floor(corners.max(axis=0) + 1e-5)


def random_system(randomness: random.Random, number: int) -> System:
    """Some counts, each known to lie near its true value, and some true ties between them."""
    truth = [randomness.randint(0, 30) for _ in range(number)]
    low = [max(0, value - randomness.randint(0, 4)) for value in truth]
    high = [value + randomness.randint(0, 4) for value in truth]
    sums, rates = [], []
    for _ in range(randomness.randint(1, 2)):
        each = {
            one: randomness.choice((1, 1, -1))
            for one in randomness.sample(range(number), randomness.randint(2, number))
        }
        sums.append((sum(sign * truth[one] for one, sign in each.items()), each))
    for _ in range(randomness.randint(0, 2)):
        part, whole = randomness.sample(range(number), 2)
        if truth[part] <= truth[whole] and truth[whole]:
            percent = (200 * truth[part] + truth[whole]) // (2 * truth[whole])
            rates.append((part, whole, max(0, 2 * percent - 1), 2 * percent + 1))
    return tied(low, high, sums, rates)


@pytest.mark.parametrize("seed", range(200 if LONG else 40))
def test_the_attack_finds_what_trying_all_numbers_finds(seed):
    randomness = random.Random(f"attack {seed}")
    given = random_system(randomness, randomness.randint(3, 6 if LONG else 5))
    ways = possible(given)
    assert len(ways)
    lowest, highest = ways.min(axis=0), ways.max(axis=0)
    low, high = attack.bounds(given)
    assert (low <= lowest).all() and (highest <= high).all()

    every = np.arange(len(given.low))
    exact = attack.exact_bounds(given, every, np.zeros(len(every), dtype=np.int64))
    assert (exact[:, 0] <= lowest).all() and (highest <= exact[:, 1]).all()
    # No wider than counts that need not be whole would have it.
    corner_low, corner_high = between_corners(given)
    assert exact[:, 0].tolist() == corner_low.tolist()
    assert exact[:, 1].tolist() == corner_high.tolist()
    # To be found once is enough: then a row may be narrower, and never wider.
    enough = attack.exact_bounds(given, every, np.zeros(len(every), dtype=np.int64), enough=5)
    assert (exact[:, 0] <= enough[:, 0]).all() and (enough[:, 1] <= exact[:, 1]).all()
    found_out = exact[:, 1] - exact[:, 0] + 1 < 5
    assert (enough[found_out] == exact[found_out]).all()


@pytest.mark.parametrize("seed", range(20))
def test_groups_within_a_place_within_a_network_are_found_exactly(seed):
    """Sums within sums alone: there the corners are whole numbers, and nothing is left to try."""
    randomness = random.Random(f"nested {seed}")
    parts = [randomness.randint(0, 6) for _ in range(4)]
    truth = [*parts, parts[0] + parts[1], sum(parts)]
    low = [max(0, value - randomness.randint(0, 3)) for value in truth]
    high = [value + randomness.randint(0, 3) for value in truth]
    given = tied(low, high, [(0, {0: 1, 1: 1, 4: -1}), (0, {4: 1, 2: 1, 3: 1, 5: -1})])
    ways = possible(given)
    exact = attack.exact_bounds(given, np.arange(6), np.zeros(6, dtype=np.int64))
    assert exact[:, 0].tolist() == ways.min(axis=0).tolist()
    assert exact[:, 1].tolist() == ways.max(axis=0).tolist()


def assert_found(given: System, *expected: tuple[int, int]) -> None:
    """Both ways of the attack find these lowest and highest values."""
    low, high = attack.bounds(given)
    assert list(zip(low.tolist(), high.tolist(), strict=True)) == list(expected)
    every = np.arange(len(low))
    exact = attack.exact_bounds(given, every, np.zeros(len(every), dtype=np.int64))
    assert [tuple(row) for row in exact.tolist()] == list(expected)


def test_two_hidden_beside_twelve_of_fourteen_are_two_at_most():
    given = tied([12, 0, 0], [12, 99, 99], [(14, {0: 1, 1: 1, 2: 1})])
    assert_found(given, (12, 12), (0, 2), (0, 2))


def test_a_percent_and_the_exact_number_of_students_tell_how_many():
    # Thirty percent of fifty: 14.75 to 15.25. The third is those present.
    given = tied([0, 50, 0], [99, 50, 99], [(0, {1: 1, 0: -1, 2: -1})], [(0, 1, 59, 61)])
    assert_found(given, (15, 15), (50, 50), (35, 35))


def test_a_percent_of_about_fifty_tells_how_many_within_three():
    given = tied([0, 45], [99, 54], rates=[(0, 1, 59, 61)])
    low, high = attack.bounds(given)
    assert (low[0], high[0]) == (14, 16)
    exact = attack.exact_bounds(given, np.arange(1), np.zeros(2, dtype=np.int64))
    assert exact.tolist() == [[14, 16]]


def test_one_tier_beside_those_chronically_absent_tells_the_other():
    # About forty absent, of whom about thirty moderately: five to nineteen severely, at most.
    given = tied([35, 25, 0], [44, 34, 99], [(0, {1: 1, 2: 1, 0: -1})])
    assert_found(given, (35, 44), (25, 34), (1, 19))


def test_a_network_less_its_schools_tells_the_one_that_is_withheld():
    # The network about seventy, its schools about forty and about twenty; one counts at two.
    given = tied([65, 35, 15, 0], [74, 44, 24, 99], [(1, {1: 1, 2: 1, 3: 1, 0: -1})])
    assert_found(given, (65, 74), (35, 44), (15, 24), (0, 25))


def test_what_reaches_into_another_month_is_left_out():
    given = tied([0, 0, 5], [9, 9, 5], [(5, {0: 1, 1: 1}), (7, {1: 1, 2: 1})])
    exact = attack.exact_bounds(given, np.arange(3), np.array([0, 0, 1]))
    assert exact.tolist() == [[0, 5], [0, 5], [5, 5]]


def test_what_was_solved_is_read_only_where_the_same_is_asked():
    context, solved = np.zeros(3, dtype=np.int64), {}
    for high, values in ((9, 3), (9, 3), (1, 2)):
        given = tied([12, 0, 0], [12, high, 99], [(14, {0: 1, 1: 1, 2: 1})])
        exact = attack.exact_bounds(given, np.array([1]), context, solved=solved)
        assert exact.tolist() == [[0, values - 1]]
    assert len(solved) == 2
    fewer = attack.exact_bounds(given, np.array([1]), context, enough=1, solved=solved)
    assert (len(solved), len(fewer)) == (3, 1)


def test_bounds_looked_at_again_are_those_looked_at_from_the_beginning(standing_network):
    """Whatever is told less, or more, of rates that are at no end."""
    cells = read_absence(standing_network)
    most = coding._by_itself(cells, MINIMUM)
    codes, randomness = most.copy(), random.Random(12)
    kept = attack.Bounds(system(cells, tell(cells, codes), MINIMUM))
    size = cells.students[cells.base]
    middle = (3 * size <= 10 * cells.absent) & (10 * cells.absent <= 7 * size)
    middle = np.flatnonzero(middle & (most == SHOWN) & ~cells.is_reason).tolist()
    for _ in range(12):
        some = np.array(randomness.sample(middle, min(10, len(middle))))
        codes[some] = randomness.choice((WITHHELD, COUNTED, HALF, WIDE, BAND, SHOWN))
        given = system(cells, tell(cells, codes), MINIMUM)
        for found, anew in zip(kept.of(given), attack.bounds(given), strict=True):
            assert (found == anew).all()


@pytest.mark.parametrize("seed", range(16))
def test_nothing_stands_that_rests_on_what_is_told_no_more(seed):
    """Not on itself in a circle either: so many ties that ends grow in many rounds, and again and
    again something else is told of one count and of one rate."""
    randomness = random.Random(f"again {seed}")
    every = range(24)
    truth = [randomness.randint(0, 30) for _ in every]
    sums = []
    for _ in every:
        some = randomness.sample(every, randomness.choice((3, 4)))
        signs = {one: randomness.choice((1, -1)) for one in some}
        sums.append((sum(sign * truth[one] for one, sign in signs.items()), signs))
    pairs = [sorted(randomness.sample(every, 2), key=truth.__getitem__) for _ in range(4)]
    low, high, rates = [0 for _ in every], [999 for _ in every], {}
    kept = attack.Bounds(tied(low, high, sums))
    for _ in range(100):
        one, near = randomness.choice(every), randomness.choice((0, 1, 3, 10, 30, 999))
        low[one], high[one] = max(0, truth[one] - near), truth[one] + near
        part, whole = randomness.choice(pairs)
        rate, near = 200 * truth[part] // max(1, truth[whole]), randomness.choice((1, 10, 200))
        rates[part, whole] = (part, whole, max(0, rate - near), rate + near)
        given = tied(low, high, sums, list(rates.values()))
        for found, anew in zip(kept.of(given), attack.bounds(given), strict=True):
            assert (found == anew).all()


def test_cells_that_share_no_count_are_attacked_as_all_are_together(standing_network):
    """Month by month nothing is lost: the same sums, and the same possible values of every count,
    also where those present are left out of the solver's sums."""
    cells = read_absence(standing_network)
    told = tell(cells, coding._by_itself(cells, MINIMUM))
    together = system(cells, told, MINIMUM)
    low, high = attack.bounds(together)
    parts, sums = apart(cells, together=1), 0
    assert len(parts) > 1
    assert sorted(np.concatenate(parts)) == list(range(len(cells)))
    for these in parts:
        part = cells.only(these)
        of_part = Told(**{name: values[these] for name, values in vars(told).items()})
        given = system(part, of_part, MINIMUM)
        sums += len(given.totals)
        at = np.concatenate([these + block * len(cells) for block in range(3)])
        found = attack.bounds(given)
        assert (found[0][: len(at)] == low[at]).all() and (found[1][: len(at)] == high[at]).all()
        context = Counts(len(part), len(part.sum_whole)).context(part)
        some = np.flatnonzero(given.low < given.high)[:: len(context) // 4]
        every_sum = attack.exact_bounds(replace(given, follows=None), some, context)
        assert (attack.exact_bounds(given, some, context) == every_sum).all()
    assert sums == len(together.totals)


# --- The audit


def truth_of(cells: Cells) -> np.ndarray:
    """The exact counts in the order of the system: students, absent, present, of each cell and of
    what lies where it is not listed."""
    elsewhere = np.maximum(cells.elsewhere, 0)
    return np.concatenate(
        [
            cells.students,
            cells.absent,
            cells.students - cells.absent,
            *elsewhere,
            elsewhere[0] - elsewhere[1],
        ]
    )


def told_of(found: list[dict], **columns: str) -> Told:
    """What the rows of a table of the share view tell, one entry per cell."""
    told = {}
    for one in fields(Told):
        unknown = NO_CHANGE_TOLD if one.name == "change" else NOT_TOLD
        values = [row.get(columns.get(one.name)) for row in found]
        told[one.name] = np.array([unknown if value is None else value for value in values])
    return Told(**told)


def assert_the_truth_is_possible(cells: Cells, told) -> None:
    """What must hold holds of the exact counts: an attack that excludes the truth is none."""
    given, truth = system(cells, told, MINIMUM), truth_of(cells)
    used = np.zeros(len(truth), dtype=bool)
    used[np.r_[given.sum_count, given.part, given.whole]] = True
    assert (given.low <= truth)[used].all() and (truth <= given.high)[used].all()
    added = np.bincount(given.sum_of, given.sum_sign * truth[given.sum_count], len(given.totals))
    assert (given.totals <= added).all() and (added <= given.most_totals).all()
    twice, whole = 200 * truth[given.part], truth[given.whole]
    assert (given.least * whole <= twice).all() and (twice <= given.most * whole).all()
    low, high = attack.bounds(given)
    assert (low <= truth)[used].all() and (truth <= high)[used].all()
    counts = Counts(len(cells), len(cells.sum_whole))
    some = np.flatnonzero(used)
    some = some if LONG else some[:: max(1, len(some) // 200)]
    given.low, given.high = low, high
    exact = attack.exact_bounds(given, some, counts.context(cells))
    assert (exact[:, 0] <= truth[some]).all() and (truth[some] <= exact[:, 1]).all()


@pytest.mark.slow
def test_the_attack_never_excludes_the_truth(standing_network):
    rate = {"rate": "percent", "at_least": "at_least", "at_most": "at_most"}
    attendance = told_of(
        told_cells(standing_network),
        students="students",
        nearest="nearest",
        absent="students_absent",
        change="change_points",
        **rate,
    )
    attendance.nearest = np.maximum(attendance.nearest, 10)
    assert_the_truth_is_possible(read_absence(standing_network), attendance)


@pytest.mark.slow
def test_the_attack_on_answers_never_excludes_the_truth(standing_network):
    survey = answers.read(standing_network)
    told = coding_answers.decide(survey, MINIMUM)
    given, known = answers.system(survey, told, MINIMUM)
    truth = answers.Counts(survey).truth(survey, told)
    added = np.bincount(given.sum_of, given.sum_sign * truth[given.sum_count], len(given.totals))
    assert (added == given.totals).all()
    assert (given.low <= truth).all() and (truth <= given.high).all() and (truth <= known).all()
    low, high = attack.bounds(given)
    assert (low <= truth).all() and (truth <= high).all()


def test_the_audit_clears_what_the_rules_make(standing_network):
    """What is not thorough is as strict; only how much more than ten values there are is left."""
    told, answers = standing_network.execute(
        "SELECT (SELECT count(*) FROM share_absence), (SELECT count(*) FROM share_survey)"
    ).fetchone()
    assert told and answers
    thorough = LONG or told < SAMPLE_SIZE
    for finding in privacy.audit(standing_network, MINIMUM, counted=True, thorough=thorough):
        assert finding.cleared, finding
        assert finding.narrowest is None or finding.narrowest >= 10, finding


@pytest.mark.slow
@pytest.mark.parametrize("shape", sampled(list(SHAPES), 2))
def test_the_audit_clears_networks_of_every_shape(make_home, shape):
    """As a load reads it, which empties what is not cleared. In the fifth of one school a count is
    found that stands in no sum."""
    for seed in range(50) if LONG else (0, 4) if shape == "one school" else (0,):
        files = small_cells(seed, shape)
        learned = small_causes(seed, files["enrollments"])
        with standing(file_of(make_home(learned=learned, share_view=True, **files))) as connection:
            found = connection.execute("FROM share_audit").fetchall()
        assert {name: cleared for _, name, _, _, cleared, _ in found} == dict.fromkeys(
            ("absence", "survey"), True
        ), (seed, found)


@pytest.mark.slow
def test_a_small_network_is_told_its_totals_before_anything_else(quarter_home, use_home):
    use_home(quarter_home)
    neighborhoods = ("Riverside", "Hillside East")
    places = [
        Selection(),
        *(Selection(neighborhood=name) for name in neighborhoods),
        *(Selection(school=name) for name in choices.schools(Selection()).school_name),
    ]
    for selection in places:
        for question in ("absence/headline", "absence/by_month", "absence/shifts"):
            assert not database.run(question, selection).withheld.any(), (question, selection)
        # To what a count of a month is rounded is said of it too.
        months = database.run("absence/by_month", selection)
        assert (months.students % months.nearest == 0).all()
        assert (months.last_year_students % months.last_year_nearest == 0).all()
        newest = database.run("absence/headline", selection).iloc[0]
        assert months.iloc[-1].nearest == newest.nearest
    for selection in places[:3]:
        told = [
            not row["withheld"]
            for question in ("absence/by_tier", "absence/by_group", "causes/recorded")
            for row in database.records(question, selection)
        ]
        assert 2 * sum(told) >= len(told), selection


# --- Each rule weakened makes the audit fail

YEAR, YEAR_BEFORE = "2025-26", "2024-25"


@pytest.fixture
def copy_of(make_home, tmp_path):
    """copy_of(*groups, **files): a connection on a private copy of the generation of such a
    network, with its cells counted, and those cells."""
    opened = []

    def make(*groups, **files):
        home = make_home(share_view=False, **(network_of(*groups) | files))
        path = tmp_path / f"copy{len(opened)}.duckdb"
        shutil.copy(file_of(home), path)
        opened.append(standing(path, writable=True))
        connection = opened[-1].__enter__()
        connection.execute(
            "CREATE TEMP TABLE understood_cause (school_year TEXT, student_id TEXT, cause TEXT)"
        )
        count(connection, MINIMUM, anew=True)
        cells = read_absence(connection)
        keep(connection, tell(cells, np.full(len(cells), WITHHELD)))
        keep_answers(connection, coding_answers.decide(answers.read(connection), MINIMUM))
        return connection, cells

    yield make
    for one in opened:
        one.__exit__(None, None, None)


def finding_of(connection, told):
    """The audit of attendance when this is told of it."""
    keep(connection, told)
    return privacy.audit(connection, MINIMUM, counted=True)[0]


def tell(cells, codes):
    return coding.tell(cells, codes, MINIMUM)


def assert_caught(connection, cells, weakened) -> None:
    """As the rules tell it the audit clears it, and as weakened it does not."""
    told = tell(cells, coding.decide(cells, MINIMUM))
    cleared = finding_of(connection, told)
    assert cleared.cleared, cleared
    assert (told.students != NOT_TOLD).any()
    caught = finding_of(connection, weakened)
    assert not caught.cleared, caught
    assert caught.broken > 0


FEW = (("Alder", YEAR, "F", 150, 52), ("Alder", YEAR, "M", 145, 44), ("Alder", YEAR, "X", 4, 1))


@pytest.mark.slow
def test_without_the_complementary_step_the_audit_fails(copy_of):
    connection, cells = copy_of(*FEW, ("Birch", YEAR, "F", 200, 60))
    alone = coding.decide(cells, MINIMUM, complementary=False)
    assert_caught(connection, cells, tell(cells, alone))


def test_attendance_that_says_more_than_the_percent_beside_it_is_caught(copy_of):
    """Of 300 students 93, 31%, missed a tenth: that leaves 97% of the days at the most, and 63%
    where all others missed hardly less than a tenth."""
    connection, cells = copy_of(("Alder", YEAR, "F", 150, 52), ("Alder", YEAR, "M", 150, 41))
    keep(connection, tell(cells, coding.decide(cells, MINIMUM)))
    for attended, cleared in ((0.97, True), (0.98, False), (0.63, True), (0.62, False)):
        connection.execute(
            "UPDATE share_absence SET attendance_rate = $attended WHERE rate = 0.31",
            {"attended": attended},
        )
        assert privacy.audit(connection, MINIMUM, counted=True)[0].cleared == cleared, attended
    connection.execute("UPDATE share_absence SET attendance_rate = 0.9")
    assert not privacy.audit(connection, MINIMUM, counted=True)[0].cleared


# Nine of fifty-three, none absent; and eight at each of two schools, sixteen together.
NINE = (("Alder", YEAR, "F", 44, 15), ("Alder", YEAR, "X", 9, 0))
EIGHT_EACH = (
    *(("Alder", YEAR, "F", 150, 50), ("Alder", YEAR, "X", 8, 2)),
    *(("Birch", YEAR, "F", 163, 60), ("Birch", YEAR, "X", 8, 3)),
)


@pytest.mark.parametrize("groups", [NINE, EIGHT_EACH])
def test_without_the_rule_of_what_is_listed_the_audit_fails(copy_of, groups):
    """What is not listed has at most nine: who forgets that tells too much of what is listed."""
    connection, cells = copy_of(*groups)
    forgotten = tell(cells, coding.decide(cells, MINIMUM, complementary=False))
    assert_caught(connection, cells, forgotten)


@pytest.mark.slow
@pytest.mark.parametrize("column, known", [("gender", "F"), ("disability", "no")])
def test_nobody_is_told_whether_there_are_none_or_a_few(copy_of, column, known):
    """Of 68 students of whom 23 are absent none, one or three are of a group that is not listed."""
    told = []
    for few, absent in ((0, 0), (1, 1), (3, 1)):
        others = ("Alder", YEAR, "F", 68 - few, 23 - absent)
        files = network_of(others, ("Alder", YEAR, "X", few, absent))
        for row in files["students"]:
            row[column] = known if row["gender"] == "F" else "yes"
            row["gender"] = row[column] if column == "gender" else "F"
        connection, cells = copy_of(**files)
        frame = pd.DataFrame(vars(tell(cells, coding.decide(cells, MINIMUM))))
        names = connection.execute("SELECT dimension, category FROM share_cell ORDER BY cell").df()
        frame = pd.concat([names, frame], axis=1)[cells.is_listed & ~cells.is_tier]
        told.append(frame.reset_index(drop=True))
    assert told[0].equals(told[1]) and told[0].equals(told[2])
    assert (told[0].students != NOT_TOLD).sum() > 1


# The only year there is.
ONE_YEAR = {
    "the whole lists what two schools do not": (("Alder", 8), ("Birch", 8)),
    "about ten are ten and more": (("Alder", 12), ("Birch", 1)),
}


@pytest.mark.parametrize("schools", ONE_YEAR.values(), ids=ONE_YEAR)
def test_to_be_listed_says_that_there_are_ten(copy_of, schools):
    """Whatever is told of the X, nobody learns that a school has some."""
    groups = [(school, YEAR, "F", 60, 20) for school, _ in schools]
    groups += [(school, YEAR, "X", number, number // 3) for school, number in schools]
    connection, cells = copy_of(*groups)
    told = tell(cells, coding.decide(cells, MINIMUM))
    assert finding_of(connection, told).cleared
    category = connection.execute("SELECT category FROM share_cell ORDER BY cell").df().category
    is_x = (category == "X").to_numpy()
    unaware = replace(cells, is_enough=np.zeros_like(cells.is_enough))
    for known in (cells, unaware):
        low, high = attack.bounds(system(known, told, MINIMUM))
        few = np.flatnonzero(is_x & cells.is_few)
        assert ((high - low)[few] == 9).all()
    assert cells.is_enough[is_x].any() == (schools[0][1] > 9)


# So many in grade 7 at Birch, at Elm, at Cedar and at Dogwood, and one more, who goes to Birch and
# to Elm: five days each, ten of which are needed to count; or every day to both, to Elm in grade 8.
IN_SEVEN = {
    "counts in their network alone": (8, 0, 13, 0, "7"),
    "counts where all are, and only one school has the grade": (9, 0, 0, 0, "7"),
    "counts in grade 8 in their network": (9, 0, 13, 0, "8"),
}


@pytest.mark.slow
@pytest.mark.parametrize("sevenths", IN_SEVEN.values(), ids=IN_SEVEN)
def test_who_goes_to_two_schools_says_of_none_that_it_has_some(copy_of, sevenths):
    """Before anything is told nobody knows more of what is not listed than that it is nine at most,
    so that something can be told."""
    *numbers, grade = sevenths
    schools = dict(zip(("Birch", "Elm", "Cedar", "Dogwood"), numbers, strict=True))
    groups = [(school, YEAR, "6", 60, 20) for school in schools]
    groups += [(school, YEAR, "7", number, number // 4) for school, number in schools.items()]
    files = network_of(*groups, ("Birch", YEAR, "7 and more", 1, 0))
    for row in files["schools"]:
        row["network"] = "Hill" if row["school_id"] in ("Birch", "Elm") else "River"
    for row in files["enrollments"]:
        row["grade"] = row["student_id"].split()[2]
    first, middle = row["entry_date"], files["calendar"][5]["date"]
    second = row | {"school_id": "Elm", "grade": grade}
    files["enrollments"].append(second | {"entry_date": first if grade == "8" else middle})
    row["exit_date"] = "" if grade == "8" else middle
    connection, cells = copy_of(**files)
    few, context = np.flatnonzero(cells.is_few), Counts(len(cells), len(cells.sum_whole))
    known = attack.exact_bounds(
        system(cells, nothing_told(cells), MINIMUM), few, context.context(cells)
    )
    assert (known == [0, 9]).all(), cells.students[few]
    told = tell(cells, coding.decide(cells, MINIMUM))
    assert finding_of(connection, told).cleared
    assert (told.students != NOT_TOLD).any()


def test_without_the_sums_in_which_somebody_counts_twice_the_audit_fails(copy_of):
    """Of twenty X twelve are at Alder, where they are listed, nine at Birch, and one at both."""
    files = network_of(
        *(("Alder", YEAR, "F", 150, 50), ("Alder", YEAR, "X", 12, 4)),
        *(("Birch", YEAR, "F", 163, 60), ("Birch", YEAR, "X", 8, 3)),
    )
    both = next(row for row in files["enrollments"] if "Alder 2025-26 X" in row["student_id"])
    files["enrollments"].append(both | {"school_id": "Birch"})
    connection, cells = copy_of(**files)
    parts = np.bincount(cells.part_sum, cells.students[cells.part_cell])
    once = parts == cells.students[cells.sum_whole]
    of_once = once[cells.part_sum]
    unaware = replace(
        cells,
        part_sum=(np.cumsum(once) - 1)[cells.part_sum[of_once]],
        part_cell=cells.part_cell[of_once],
        sum_whole=cells.sum_whole[once],
        elsewhere=cells.elsewhere[:, once],
    )
    assert_caught(connection, cells, tell(cells, coding.decide(unaware, MINIMUM)))


def test_what_another_release_tells_of_the_same_count_is_attacked_with_it(copy_of, tmp_path):
    """One tells nothing of the girls and is cleared; another one told how many of them were absent,
    which gives away the nine who are not listed. Of another count it would say nothing."""
    connection, cells = copy_of(*NINE)
    told = tell(cells, coding.decide(cells, MINIMUM))
    codes = coding.decide(cells, MINIMUM, complementary=False)
    keep(connection, tell(cells, codes))
    releases.keep_counts(connection, codes)
    connection.execute("CHECKPOINT one")
    other = tmp_path / "other.duckdb"
    shutil.copy(tmp_path / "copy0.duckdb", other)
    assert finding_of(connection, told).cleared
    caught, _ = privacy.audit(connection, MINIMUM, counted=True, others=[other])
    assert not caught.cleared, caught
    with duckdb.connect(str(other)) as release:
        release.execute("UPDATE share_counted SET students = students + 1, absent = absent + 1")
    cleared, _ = privacy.audit(connection, MINIMUM, counted=True, others=[other])
    assert cleared.cleared, cleared


def test_where_a_reason_is_not_listed_is_among_the_hidden_counts(copy_of):
    """Twenty-one reasons of two schools, of which one lists twelve: nine at the other."""
    connection, cells = copy_of(("Alder", YEAR, "F", 150, 12), ("Birch", YEAR, "F", 150, 9))
    told = tell(cells, coding.decide(cells, MINIMUM))
    cleared = finding_of(connection, told)
    assert cleared.cleared, cleared
    partly = np.flatnonzero(cells.elsewhere[1] != NOT_TOLD)
    assert cells.is_reason[cells.sum_whole[partly]].any()
    reasons = cells.is_reason & cells.is_listed
    told.absent[reasons] = rules.about(cells.absent[reasons])
    assert not finding_of(connection, told).cleared


@pytest.mark.slow
def test_with_a_change_from_a_year_that_is_withheld_the_audit_fails(copy_of):
    connection, cells = copy_of(
        *(("Alder", YEAR_BEFORE, "F", 8, 0), ("Alder", YEAR, "F", 160, 60)),
        *(("Birch", YEAR_BEFORE, "F", 150, 60), ("Birch", YEAR, "F", 150, 60)),
        *(("Cedar", YEAR_BEFORE, "F", 180, 70), ("Cedar", YEAR, "F", 180, 70)),
        *(("Dogwood", YEAR_BEFORE, "F", 210, 90), ("Dogwood", YEAR, "F", 210, 90)),
    )
    weakened = tell(cells, coding.decide(cells, MINIMUM, both_years=False))
    last = last_year_of(cells)
    compared = np.flatnonzero(last >= 0)
    percent = rules.whole_percent(cells.absent, cells.students)
    weakened.change[compared] = percent[compared] - percent[last[compared]]
    told_this_year = (weakened.rate != NOT_TOLD) & (last >= 0)
    assert (weakened.rate[last[told_this_year]] == NOT_TOLD).any()
    assert_caught(connection, cells, weakened)


@pytest.mark.slow
def test_without_coded_ends_the_audit_fails(copy_of):
    connection, cells = copy_of(("Alder", YEAR, "F", 90, 3), ("Birch", YEAR, "F", 90, 40))
    codes = coding.decide(cells, MINIMUM)
    weakened = tell(cells, codes)
    ends = np.isin(codes, (LOW, HIGH)) & cells.is_whole
    assert ends.any()
    weakened.rate[ends] = rules.whole_percent(cells.absent, cells.students)[ends]
    weakened.at_least[ends] = weakened.at_most[ends] = NOT_TOLD
    assert_caught(connection, cells, weakened)


def test_what_only_all_ties_together_tell_is_found(copy_of):
    """95% of about a hundred. By each tie alone up to 14 were present: of 95 to 104, 90 to 99 were
    absent. Together, 5 were, and no number else: in the school, which its groups of everybody are
    once more, and in two tiers at most."""
    connection, cells = copy_of(("alder", YEAR, "F", 100, 95))
    told, whole = tell(cells, np.full(len(cells), WITHHELD)), cells.is_whole
    told.students[whole], told.nearest[whole], told.rate[whole] = 100, 10, 95
    found = finding_of(connection, told)
    assert found.narrowest == 1
    assert found.broken > 2
    assert found.where.endswith("all : not absent")
    assert found.solved == found.hidden, "no tie alone tells anything"
    # Exactly 101 fits, and of them no number fits 95% and about thirty: then nothing is cleared.
    told.students[whole] = 101
    assert finding_of(connection, told).narrowest == 1
    told.absent[whole] = 30
    found = finding_of(connection, told)
    assert (found.narrowest, found.broken, found.solved) == (0, found.hidden, 0)


def test_with_ten_points_told_of_a_group_of_forty_the_audit_fails(copy_of):
    """Of about forty, 30% to 40% are 11 to 17: a band is told only where it leaves ten values."""
    connection, cells = copy_of(
        ("Alder", YEAR, "F", 150, 52), ("Alder", YEAR, "M", 190, 63), ("Alder", YEAR, "X", 40, 14)
    )
    codes = coding.decide(cells, MINIMUM)
    forty = cells.is_group & (cells.students == 40)
    assert not np.isin(codes[forty], (BAND, SHOWN)).any()
    codes[forty] = BAND
    caught = tell(cells, codes)
    assert set(caught.at_least[forty]) == {30}
    assert_caught(connection, cells, caught)


@pytest.mark.slow
def test_with_exact_numbers_of_students_the_audit_fails(copy_of):
    connection, cells = copy_of(
        ("Alder", YEAR, "F", 157, 50), ("Alder", YEAR, "M", 143, 41), ("Alder", YEAR, "X", 4, 1)
    )
    weakened = tell(cells, coding.decide(cells, MINIMUM))
    exact = weakened.students != NOT_TOLD
    weakened.students[exact] = cells.students[exact]
    assert_caught(connection, cells, weakened)


@pytest.mark.slow
def test_with_nobody_told_apart_from_few_the_audit_fails(copy_of):
    connection, cells = copy_of(
        *(("Alder", YEAR_BEFORE, "F", 190, 80), ("Alder", YEAR_BEFORE, "M", 180, 70)),
        *(("Alder", YEAR_BEFORE, "X", 140, 55), ("Alder", YEAR, "F", 190, 80)),
        *(("Alder", YEAR, "M", 180, 70), ("Birch", YEAR, "F", 300, 120)),
        *(("Birch", YEAR_BEFORE, "F", 300, 120), ("Cedar", YEAR, "F", 250, 90)),
    )
    codes = coding.decide(cells, MINIMUM)
    weakened = tell(cells, codes)
    nobody = (cells.students == 0) & (codes == WITHHELD) & cells.is_listed
    assert nobody.any()
    weakened.students[nobody] = 0
    assert_caught(connection, cells, weakened)


@pytest.mark.slow
def test_with_another_definition_told_the_audit_fails(copy_of):
    """Over 10% instead of at least 10%: the difference is who stands exactly at the threshold."""
    connection, cells = copy_of(("Alder", YEAR, "F", 150, 54), ("Birch", YEAR, "F", 190, 63))
    told = tell(cells, coding.decide(cells, MINIMUM))
    keep(connection, told)
    assert privacy.audit(connection, MINIMUM, counted=True)[0].cleared
    cell = np.flatnonzero(cells.is_whole & (told.rate != NOT_TOLD))
    inner = cells.absent[cell] - 4
    nested = Nested(cell, rules.about(inner), rules.whole_percent(inner, cells.students[cell]))
    caught, _ = privacy.audit(connection, MINIMUM, counted=True, nested=nested)
    assert not caught.cleared
    assert "one definition" in caught.where


# --- The share view as a load makes it


def test_what_the_audit_does_not_clear_is_left_out(tmp_path, monkeypatch):
    """Everything is told, also of Cedar's four students, and the load sees it by itself. What is
    emptied is in test_releases: of what was told before nothing can be left out."""
    files = network_of(*FEW, ("Birch", YEAR, "F", 200, 60), ("Cedar", YEAR, "F", 4, 1))
    monkeypatch.setattr(coding, "decide", lambda cells, *_: np.full(len(cells), rules.SHOWN))
    write_folder(tmp_path / "files", **files)
    report = load(tmp_path / "files", tmp_path / "home", today=LOADED_ON)
    left_out = [
        f"{what} for {YEAR}"
        for what in ("groups", "grades", "tiers, reasons or causes", "attendance")
    ]
    assert [finding.problem for finding in report.findings] == [
        f"the share view does not tell {what}" for what in left_out
    ]
    with standing(file_of(tmp_path / "home")) as connection:
        assert rows(connection, "FROM share_absence") == []
        audited = {row["name"]: row for row in rows(connection, "FROM share_audit")}
    assert audited["absence"]["left_out"] == left_out
    assert audited["survey"]["left_out"] == []


def test_a_network_of_one_school_is_told(tmp_path):
    files = network_of(*FEW, ("Alder", YEAR_BEFORE, "F", 300, 90))
    write_folder(tmp_path / "files", **files)
    load(tmp_path / "files", tmp_path / "home", today=LOADED_ON)
    with standing(file_of(tmp_path / "home")) as connection:
        assert all(row["cleared"] for row in rows(connection, "FROM share_audit"))
        assert connection.execute("SELECT count(students) FROM share_absence").fetchone() > (0,)


@pytest.mark.slow
def test_before_anybody_is_evaluated_the_years_before_are_told(tmp_path):
    """In the first nine days of a school year nobody is: every count of it is nought."""
    files = small_cells(SEEDS[3])
    days = sorted(row["date"] for row in files["calendar"] if row["school_year"] == YEAR)
    fifth = sorted(set(days))[4]
    files["attendance"] = [row for row in files["attendance"] if row["date"] <= fifth]
    write_folder(tmp_path / "files", **files)
    load(tmp_path / "files", tmp_path / "home", today=LOADED_ON, release=True)
    with standing(file_of(tmp_path / "home")) as connection:
        assert all(row["cleared"] for row in rows(connection, "FROM share_audit"))
        told = dict(
            connection.execute(
                "SELECT school_year, count(students) FROM share_absence GROUP BY ALL"
            ).fetchall()
        )
    assert told.pop(YEAR) == 0
    assert told[YEAR_BEFORE] > 0


@pytest.mark.slow
def test_an_emptied_share_view_has_nothing_to_find(tmp_path, network_of_small_cells):
    """The audit of a generation whose share view is empty ends, and clears it."""
    path = tmp_path / "copy.duckdb"
    shutil.copy(file_of(network_of_small_cells(29)), path)
    with standing(path, writable=True) as connection:
        for table in ("share_absence", "share_survey", "share_answers", "share_response"):
            connection.execute(f"DELETE FROM {table}")
        assert all(finding.cleared for finding in privacy.audit(connection, MINIMUM))


def test_a_minimum_below_ten_is_refused(tmp_path):
    with duckdb.connect() as connection, pytest.raises(ValueError, match="10 students or more"):
        privacy.code(connection, 9)


@pytest.mark.slow
def test_a_minimum_of_twenty_is_obeyed(tmp_path):
    """No count below twenty is told: of students, of those absent, or of answers."""
    write_folder(tmp_path / "files", **small_cells(29))
    load(tmp_path / "files", tmp_path / "home", today=LOADED_ON, minimum=20)
    with standing(file_of(tmp_path / "home")) as connection:
        audited = rows(connection, "FROM share_audit")
        assert [(row["minimum"], row["cleared"]) for row in audited] == [(20, True)] * 2
        count(connection, 20)
        told = told_cells(connection)
        answers = rows(connection, "SELECT n_low FROM share_survey WHERE n_low IS NOT NULL")
    for row in told:
        assert row["students"] is None or row["students"] >= 20 <= row["exact"], row
        assert row["students_absent"] is None or row["students_absent"] >= 20, row
        if row["percent"] is not None:
            assert row["exact_absent"] >= 20, row
    assert sum(row["students"] is not None for row in told) > 5
    assert answers and min(row["n_low"] for row in answers) >= 20
