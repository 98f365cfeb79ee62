"""Protects the people behind a survey: no count of fewer than ten answers is told, or worked out.

Whoever attacks knows how many answered. What is told leaves every small count ten values: of an
item at one place, of places that add up, of those who did not answer. The audit agrees with trying
all whole numbers, and catches whatever is told beyond the rules.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import duckdb
import numpy as np
import pytest

from queries import privacy
from queries.privacy import answers, attack, coding_answers, rules
from queries.privacy.answers import FAVORABLE, GIVEN, NOT_TOLD, OTHERS, PEOPLE, Survey
from queries.privacy.cells import nothing_told, read_absence
from queries.privacy.making import count, keep, keep_answers
from queries.privacy.rules import COUNTED, HIGH, LOW, SHOWN, WITHHELD
from tests.second_answer.told_answers import Place, is_told_as, ways_together
from tests.support.days import answers as given
from tests.test_privacy import file_of

LONG = os.environ.get("ROUNDTABLE_LONG_CHECKS") == "1"
MINIMUM = 10


# --- Each item by itself


@pytest.mark.parametrize(
    ("people", "favorable", "code"),
    [
        *((9, 5, WITHHELD), (10, 5, COUNTED), (19, 10, COUNTED)),
        # From twenty on an end is told, and from there on no small count has fewer than ten values.
        *((20, 0, LOW), (20, 9, LOW), (20, 10, COUNTED), (20, 11, HIGH), (20, 20, HIGH)),
        *((30, 10, LOW), (30, 11, SHOWN), (30, 19, SHOWN), (30, 20, HIGH)),
        *((98, 9, LOW), (98, 10, LOW), (98, 11, SHOWN), (98, 87, SHOWN), (98, 88, HIGH)),
        # One in a hundred is an end however many it is.
        *((3000, 30, LOW), (3000, 31, SHOWN)),
    ],
)
def test_an_item_by_itself(people, favorable, code):
    coded = rules.code_answers(np.array([people]), np.array([favorable]), MINIMUM)
    assert coded.tolist() == [code]


@pytest.mark.parametrize("minimum", [10, 15, 20])
def test_every_n_and_every_number_favorable_leaves_ten_values(minimum):
    """To somebody who knows n, and by which rule what is told is told."""
    for people in range(minimum, 1200):
        favorable = np.arange(people + 1)
        codes = rules.code_answers(np.full(people + 1, people), favorable, minimum)
        small = (favorable < minimum) | (people - favorable < minimum)
        for code in set(codes[small]):
            assert (codes == code).sum() >= 10, (people, code)
        assert not small[codes == SHOWN].any()


def alone(people, favorable, gave=(), response=None) -> Survey:
    """Items that have nothing to do with each other. gave: by how many each of five answers was
    given to the first, the two favorable ones last. response: which of them is no item, but who
    answered the others, of those invited."""
    each, none = np.arange(len(people)), np.zeros(0, dtype=np.int64)
    return Survey(
        people=np.array(people),
        favorable=np.array(favorable),
        is_response=each == response,
        context=each,
        asked=each if response is None else 0 * each,
        alike=each,
        year=np.ones_like(each),
        part_sum=none,
        part_cell=none,
        sum_whole=none,
        answer_cell=np.zeros(len(gave), dtype=np.int64),
        answer_favorable=np.arange(len(gave)) >= 3,
        given=np.array(gave, dtype=np.int64),
    )


def narrow(survey: Survey, told: answers.Told) -> int:
    everything = np.ones(len(survey), dtype=bool)
    return len(answers.possible_values(survey, told, MINIMUM, 10, everything, enough=10).narrow)


@pytest.mark.parametrize("answered", [37, 39])
def test_a_response_rate_that_tells_how_many_did_not_answer_is_withheld(answered):
    """Of 47 staff ten or eight did not answer. 78% or more tells how many were invited, and
    whoever knows how many answered an item subtracts."""
    survey = alone([47, answered], [answered, 20], response=0)
    told = coding_answers.decide(survey, MINIMUM)
    assert told.counted.tolist() == [False, True]
    assert narrow(survey, told) == 0
    # With the end told, as it was.
    told.n_low[0], told.n_high[0], told.at_least[0], told.at_most[0] = 41, 100, 78, 100
    assert (narrow(survey, told) > 0) == (answered == 39)


def test_a_response_rate_that_tells_how_many_did_not_know_becomes_a_band():
    """Of 160 invited 108 answered, two of them "Don't know" to the item that most
    answered."""
    survey = alone([160, 106], [108, 50], response=0)
    told = coding_answers.decide(survey, MINIMUM)
    assert (told.rate[0], told.at_least[0], told.at_most[0]) == (NOT_TOLD, 66, 73)
    assert narrow(survey, told) == 0
    # With the percent told, as it was: 108 or 109 of 160.
    told.rate[0], told.at_least[0], told.at_most[0] = 68, NOT_TOLD, NOT_TOLD
    assert narrow(survey, told) == 1


@pytest.mark.parametrize(("invited", "item"), [(47, 24), (160, 106), (160, 138), (2100, 1030)])
def test_what_is_told_of_a_response_is_told_of_ten_others_as_well(invited, item):
    """So whoever knows the rules learns no more of a small count than the words say."""
    words: dict[tuple, list[int]] = {}
    for answered in range(item, min(item + 60, invited) + 1):
        survey = alone([invited, item], [answered, 20], response=0)
        told = coding_answers.decide(survey, MINIMUM)
        said = told.rate[0], told.at_least[0], told.at_most[0]
        words.setdefault(tuple(map(int, said)), []).append(answered)
    assert len(words) > 1
    for said, meant in words.items():
        if meant[0] - item < MINIMUM or invited - meant[-1] < MINIMUM:
            assert len(meant) >= 10, (said, meant)


def told_alone(people, favorable, minimum=MINIMUM):
    return coding_answers.decide(alone(people, favorable), minimum)


@pytest.mark.parametrize(
    ("people", "n_low", "n_high"),
    [
        *((10, 10, 20), (20, 10, 20), (21, 21, 40), (40, 21, 40), (41, 41, 100), (100, 41, 100)),
        *((101, 101, 200), (200, 101, 200), (201, 201, 500), (500, 201, 500), (501, 501, 1000)),
    ],
)
def test_bands_of_answers(people, n_low, n_high):
    told = told_alone([people], [people // 2])
    assert (told.n_low.tolist(), told.n_high.tolist()) == ([n_low], [n_high])


@pytest.mark.parametrize(("people", "minimum"), [(30, 15), (40, 20), (20, 15), (30, 25)])
def test_a_band_of_answers_begins_at_the_minimum_or_above(people, minimum):
    """Ten to twenty where fewer than twenty are withheld would tell that there are twenty."""
    told = told_alone([people], [people // 2], minimum)
    assert minimum <= told.n_low[0] < told.n_high[0]


def test_the_ends_in_percent():
    told = told_alone([9, 20, 20, 30, 30, 30, 98, 98], [5, 5, 16, 10, 11, 20, 5, 50])
    assert told.rate.tolist() == [-1, -1, -1, -1, 37, -1, -1, 51]
    assert told.at_least.tolist() == [-1, 0, 50, 0, -1, 66, 0, -1]
    assert told.at_most.tolist() == [-1, 50, 100, 34, -1, 100, 11, -1]


@pytest.mark.parametrize(
    ("gave", "parts"),
    [
        ((10, 10, 10, 10, 10), [0, 1, 2, 3, 4]),
        # The one below ten goes with the next, the last with the one before, neither across.
        ((9, 10, 10, 10, 11), [0, 0, 2, 3, 4]),
        ((10, 10, 9, 10, 11), [0, 1, 1, 3, 4]),
        ((10, 12, 13, 10, 9), [0, 1, 2, 3, 3]),
        ((4, 4, 12, 9, 21), [0, 0, 0, 3, 3]),
        ((5, 12, 20, 17, 44), [0, 0, 2, 3, 4]),
        ((0, 0, 30, 30, 0), [0, 0, 0, 3, 3]),
        # Forty answers are told by those favorable alone.
        ((0, 0, 20, 10, 10), [NOT_TOLD] * 5),
        # Where those favorable are at an end, the parts would tell of them.
        ((20, 20, 20, 5, 5), [NOT_TOLD] * 5),
    ],
)
def test_answers_are_told_in_parts_of_ten_people(gave, parts):
    survey = alone([sum(gave)], [sum(gave[3:])], gave)
    told = coding_answers.decide(survey, MINIMUM)
    assert told.part.tolist() == parts
    for one in set(parts) - {NOT_TOLD}:
        total = sum(number for number, part in zip(gave, parts, strict=True) if part == one)
        assert told.share[one] == (200 * total + sum(gave)) // (2 * sum(gave))


# --- The audit, against trying all whole numbers

FIVE = ("Never", "Rarely", "Sometimes", "Often", "Always")
# What each item's answers were, by school, from never to always.
ASKED = {
    # As in the sample, where five whole percents told that the first is 5 of 98.
    "five": {"alder": (5, 12, 20, 17, 44)},
    "all": {"alder": (1, 1, 3, 43, 50)},
    "parts": {"alder": (12, 13, 15, 15, 15), "birch": (4, 10, 15, 15, 15)},
    "few": {"alder": (0, 0, 35, 35, 0), "birch": (0, 0, 3, 4, 0), "cedar": (0, 0, 6, 7, 0)},
    "ends": {"alder": (5, 0, 40, 45, 0), "birch": (8, 0, 18, 4, 0), "cedar": (0, 0, 21, 20, 1)},
}


@pytest.fixture(scope="module")
def three_schools(make_home, tmp_path_factory):
    """A connection on a network of three schools that were asked these items, its cells counted,
    and nothing told of attendance. 101 were invited at alder, of whom 98 answered."""
    names = {name for schools in ASKED.values() for name in schools}
    files = {
        "schools": [{"school_id": name, "school_name": name} for name in sorted(names)],
        "survey_scales": [
            {"answer": name, "position": str(at), "favorable": "yes" if at > 3 else "no"}
            for at, name in enumerate(FIVE, 1)
        ],
        "survey_items": [{"item_id": item, "item_text": item} for item in ASKED],
        "survey_invited": [
            {"school_id": "alder", "invited": "101"},
            {"school_id": "birch", "invited": "90"},
            {"school_id": "cedar", "invited": "90"},
        ],
        "survey_answers": [
            row
            for item, schools in ASKED.items()
            for school, gave in schools.items()
            for at, number in enumerate(gave)
            for row in given(
                number, FIVE[at], first=1 + sum(gave[:at]), item_id=item, school_id=school
            )
        ],
    }
    home = make_home(share_view=False, **files)
    with duckdb.connect(tmp_path_factory.mktemp("told") / "copy.duckdb") as connection:
        connection.execute(f"ATTACH '{file_of(home)}' AS made (READ_ONLY)")
        connection.execute("COPY FROM DATABASE made TO copy")
        connection.execute(
            "CREATE TEMP TABLE understood_cause (school_year TEXT, student_id TEXT, cause TEXT)"
        )
        count(connection, MINIMUM, anew=True)
        keep(connection, nothing_told(read_absence(connection)))
        yield connection


@pytest.fixture(scope="module")
def survey(three_schools) -> Survey:
    return answers.read(three_schools)


@pytest.fixture(scope="module")
def coded(survey) -> answers.Told:
    return coding_answers.decide(survey, MINIMUM)


def cell(connection, item: str | None, kind: str, place: str = "") -> int:
    found = connection.execute(
        """
        SELECT cell FROM share_item
        WHERE item_id IS NOT DISTINCT FROM $item AND kind = $kind AND place = $place
        """,
        {"item": item, "kind": kind, "place": place},
    )
    ((one,),) = found.fetchall()
    return one


def audited(connection, told: answers.Told) -> privacy.Finding:
    keep_answers(connection, told)
    return privacy.audit(connection, MINIMUM, counted=True)[1]


def weakened(survey: Survey, told: answers.Told, cell: int, *, parts: bool) -> answers.Told:
    """The same, and of this cell the whole percent of those favorable, or of each answer."""
    told = replace(told, **{name: values.copy() for name, values in vars(told).items()})
    people = survey.people[cell]
    told.n_low[cell], told.n_high[cell] = max(told.n_low[cell], 1), max(told.n_high[cell], 100)
    if parts:
        these = np.arange(survey.first[cell], survey.first[cell + 1])
        told.part[these] = these
        told.share[these] = rules.whole_percent(survey.given[these], people)
    else:
        told.rate[cell] = rules.whole_percent(survey.favorable[cell], people)
        told.at_least[cell] = told.at_most[cell] = NOT_TOLD
    return told


@pytest.mark.parametrize(
    ("item", "school", "parts", "where"),
    [
        ("five", "alder", True, "five: Never"),
        ("all", "alder", False, "all: not favorable"),
        # 97% of 101 invited: three did not answer, and nobody left all items out.
        (None, "alder", False, "response: "),
        ("parts", "", True, "school birch, parts: Never"),
        ("few", "birch", False, "few"),
        ("ends", "birch", False, "ends"),
    ],
)
def test_what_is_told_beyond_the_rules_is_caught(
    three_schools, survey, coded, item, school, parts, where
):
    assert audited(three_schools, coded).cleared
    one = cell(three_schools, item, "school" if school else "all", school)
    told = weakened(survey, coded, one, parts=parts)
    if not school:
        # The network's five beside those of one of two schools.
        told = weakened(survey, told, cell(three_schools, item, "school", "alder"), parts=True)
    finding = audited(three_schools, told)
    assert not finding.cleared
    assert finding.narrowest < 10
    assert where in finding.where


def test_without_the_attack_the_audit_fails(three_schools, survey):
    """Each item by itself tells of one school, by the sum of all, what it must not."""
    codes = rules.code_answers(survey.people, survey.favorable, MINIMUM)
    part = coding_answers._parts(survey, codes, MINIMUM)
    finding = audited(three_schools, coding_answers.tell(survey, codes, part, MINIMUM))
    assert not finding.cleared


def place_of(survey: Survey, told: answers.Told, one: int, sides: tuple[int, int]) -> Place:
    """What is told of a cell, as the second answer takes it; of its answers or of two sides."""
    people = int(survey.people[one])
    if told.n_low[one] == NOT_TOLD:
        # A larger school that is withheld beside a small one may have any number.
        return Place(9 if people < 10 else 20, sides, is_withheld=True)
    between = (int(told.at_least[one]), int(told.at_most[one]))
    end = -(-1000 // people)
    place = Place(
        people,
        sides,
        percent=None if told.rate[one] == NOT_TOLD else int(told.rate[one]),
        between=None if between[1] == NOT_TOLD else between,
        is_end=between in {(0, end), (100 - end, 100)},
    )
    first, after = survey.first[one : one + 2]
    gave, part = survey.given[first:after], told.part[first:after] - first
    for start in set(part[part >= 0]) if sum(sides) == len(gave) else ():
        inside = tuple(np.flatnonzero(part == start).tolist())
        place.parts.append((inside, int(told.share[first + start])))
        small = {at for at in inside if gave[at] < 10}
        # Of two that are more than nine together nobody knows which is at most nine.
        if len(small) < len(inside) or gave[list(inside)].sum() <= 9 * (len(inside) - 1):
            place.few.update(small if len(inside) > 1 else ())
    return place


def tried(survey: Survey, told: answers.Told, cells: list[int], sides: tuple[int, int]) -> Iterator:
    """Each small count of an item at these schools, and then at all of them: the values that trying
    all numbers finds, and how many the audit does. Of its answers, or of two sides."""
    places = [place_of(survey, told, one, sides) for one in cells]
    ways = np.array(ways_together(places[:-1], places[-1]))
    among = np.ones(len(survey), dtype=bool)
    found = answers.possible_values(survey, told, MINIMUM, 10, among, enough=attack.UNLIMITED)
    for count_of, values in zip(found.hidden, found.values, strict=True):
        owner, kind = found.counts.owner[count_of], found.counts.kind[count_of]
        is_rest = count_of >= found.counts.rests[0]
        if owner not in cells or is_rest or (kind == GIVEN and sum(sides) == 2):
            continue
        of_place = ways[:, cells.index(owner)]
        answer = (count_of - found.counts.answers[0] - survey.first[owner]) % sum(sides)
        seen = {
            PEOPLE: of_place.sum(axis=1),
            FAVORABLE: of_place[:, sides[0] :].sum(axis=1),
            OTHERS: of_place[:, : sides[0]].sum(axis=1),
            GIVEN: of_place[:, answer],
        }[kind]
        yield set(seen.tolist()), values


@pytest.mark.parametrize("item", ASKED)
def test_the_audit_finds_what_trying_all_numbers_finds(three_schools, survey, coded, item):
    """And that is ten values at least, wherever fewer than ten people are."""
    cells = [cell(three_schools, item, "school", school) for school in sorted(ASKED[item])]
    cells.append(cell(three_schools, item, "all"))
    found = list(tried(survey, coded, cells, (3, 2) if item in ("five", "parts") else (1, 1)))
    assert found
    for seen, values in found:
        assert len(seen) == values >= 10


@pytest.mark.parametrize("seed", range(60 if LONG else 6))
def test_of_two_random_schools_no_small_count_has_fewer_than_ten_values(seed):
    """By all numbers; and the audit finds no fewer of them."""
    draw = random.Random(f"answers {seed}")
    sides = ((3, 9), (9, 10), (10, 14), (14, 25), (30, 4))
    gave = np.array([[*draw.choice(sides), *draw.choice(sides)] for _ in range(2)])
    gave = np.vstack([gave, gave.sum(axis=0)])
    survey = replace(
        alone(gave.sum(axis=1), gave[:, 2:].sum(axis=1)),
        context=np.zeros(3, dtype=np.int64),
        part_sum=np.zeros(2, dtype=np.int64),
        part_cell=np.arange(2),
        sum_whole=np.array([2]),
        answer_cell=np.repeat(np.arange(3), 4),
        answer_favorable=np.tile([False, False, True, True], 3),
        given=gave.ravel(),
    )
    told = coding_answers.decide(survey, MINIMUM)
    # Where a school's favorable are not told the ways of its answers are too many to try.
    by_answer = (told.rate[:2] != NOT_TOLD).all()
    for seen, values in tried(survey, told, [0, 1, 2], (2, 2) if by_answer else (1, 1)):
        assert 10 <= len(seen) <= values


def test_five_whole_percents_told_that_it_was_five_of_ninety_eight():
    """Before answers were told in parts: of no n from 41 to 100 more than two numbers fit."""
    gave = ASKED["five"]["alder"]
    percents = [(200 * one + 98) // 196 for one in gave]
    found: dict[int, set[int]] = {}
    for people in range(41, 101):
        told = [
            [one for one in range(people + 1) if is_told_as(one, people, percent)]
            for percent in percents
        ]
        ways = {way[0] for way in product(*told) if sum(way) == people}
        found |= {people: ways} if ways else {}
    assert found[98] == {5}
    assert set.union(*found.values()) == {4, 5}
