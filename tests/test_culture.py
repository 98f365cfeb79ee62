"""Protects the survey answers: what is favorable, of how many, and when a shift may be named."""

import csv
import gzip
import math
import os
import re
from collections import Counter

import duckdb
import numpy as np
import pandas as pd
import pytest

from queries import choices, culture, database
from queries.load import load
from queries.selection import Selection
from tests.conftest import PROJECT
from tests.second_answer.culture import newcombe
from tests.support.days import answers
from tests.support.exchange import write_file
from tests.support.readers import STAFF

THIS_YEAR, LAST_YEAR, BEFORE = "2025-26", "2024-25", "2023-24"
SCALE = [
    {"answer": "Strongly disagree", "position": 1, "favorable": "no"},
    {"answer": "Disagree", "position": 2, "favorable": "no"},
    {"answer": "Neutral", "position": 3, "favorable": "no"},
    {"answer": "Agree", "position": 4, "favorable": "yes"},
    {"answer": "Strongly agree", "position": 5, "favorable": "yes"},
    {"answer": "Don't know", "position": 6, "favorable": "no", "counts": "no"},
]
SCHOOLS = [
    {"school_id": "alder", "school_name": "Alder School", "network": "Hill"},
    {"school_id": "birch", "school_name": "Birch School", "network": "Hill"},
]


def answer(question: str, **choices) -> list[dict]:
    return database.records(f"culture/{question}", Selection(**choices), STAFF)


def shift(item: str = "adult", **choices) -> dict:
    return next(row for row in answer("shifts", **choices) if row["item_id"] == item)


def asked(*years: str, **columns) -> list[dict]:
    return [{"school_year": year, **columns} for year in years]


@pytest.fixture
def survey(network):
    """survey(answers, …): a network with these answers; by default one item asked in two years."""

    def make(rows, **files):
        files.setdefault("survey_items", asked(LAST_YEAR, THIS_YEAR))
        files.setdefault("survey_scales", SCALE)
        files.setdefault("survey_invited", [])
        return network(schools=SCHOOLS, survey_answers=rows, **files)

    return make


def given(favorable: int, unfavorable: int, year: str = THIS_YEAR, **columns) -> list[dict]:
    """So many who agree and so many who disagree."""
    return answers(favorable, "Agree", school_year=year, **columns) + answers(
        unfavorable, "Disagree", first=favorable + 1, school_year=year, **columns
    )


# --- What is favorable ------------------------------------------------------------------------


def test_percent_favorable_is_of_the_answers_that_count(survey):
    """6 agree, 2 neutral, 2 disagree; 5 do not know and 3 left it blank: 6 of 10."""
    survey(
        given(6, 2)
        + answers(2, "Neutral", first=9)
        + answers(5, "Don't know", first=11)
        + answers(3, "", first=16)
    )
    row = shift()
    assert (row["second_n"], row["second_favorable"]) == (10, 0.6)


@pytest.mark.slow
def test_blank_answers_are_no_respondents(survey):
    survey(given(2, 0) + answers(3, "", first=10), survey_invited=[{"invited": 10}])
    assert [row["respondents"] for row in answer("response_rates")] == [2]


@pytest.mark.slow
def test_only_answers_that_do_not_count_leave_no_share(survey):
    survey(answers(4, "Don't know"))
    row = shift()
    assert (row["second_n"], row["second_favorable"]) == (0, None)


@pytest.mark.slow
def test_n_is_of_each_item(survey):
    """Two people left out the second item: n differs, and so do the shares."""
    survey(
        given(6, 2) + given(3, 3, item_id="safe"),
        survey_items=[{}, {"item_id": "safe", "item_text": "I feel safe."}],
    )
    assert (shift("adult")["second_n"], shift("adult")["second_favorable"]) == (8, 0.75)
    assert (shift("safe")["second_n"], shift("safe")["second_favorable"]) == (6, 0.5)


MIRROR = {
    # answer: favorable as it is, favorable when the item is reverse-scored
    "Strongly disagree": (0.0, 1.0),
    "Disagree": (0.0, 1.0),
    "Neutral": (0.0, 0.0),
    "Agree": (1.0, 0.0),
    "Strongly agree": (1.0, 0.0),
}


@pytest.mark.parametrize("reverse", [False, True])
def test_a_reverse_scored_item_mirrors_the_scale_and_neutral_stays(survey, reverse):
    items = [
        {"item_id": name, "item_text": name, "reverse_scored": "yes" if reverse else ""}
        for name in MIRROR
    ]
    survey([row for name in MIRROR for row in answers(5, name, item_id=name)], survey_items=items)
    found = {row["item_id"]: row["second_favorable"] for row in answer("shifts")}
    assert found == {name: shares[reverse] for name, shares in MIRROR.items()}


@pytest.mark.slow
def test_the_mirror_looks_at_counting_answers_only(survey):
    """'Don't know' at the end of the positions does not push the mirror off by one.

    Four answers count, at positions 0, 2, 5 and 9, with one between that does not: the reverse of
    the one favorable answer at the high end is the one at the low end.
    """
    scale = [
        {"answer": "Never", "position": 0, "favorable": "no"},
        {"answer": "Seldom", "position": 2, "favorable": "no"},
        {"answer": "Cannot say", "position": 4, "favorable": "no", "counts": "no"},
        {"answer": "Often", "position": 5, "favorable": "no"},
        {"answer": "Always", "position": 9, "favorable": "yes"},
    ]
    survey(
        [row for one in scale for row in answers(5, one["answer"], item_id=one["answer"])],
        survey_items=[
            {"item_id": one["answer"], "item_text": one["answer"], "reverse_scored": "yes"}
            for one in scale
        ],
        survey_scales=scale,
    )
    assert {row["item_id"]: row["second_favorable"] for row in answer("shifts")} == {
        "Never": 1.0,
        "Seldom": 0.0,
        "Cannot say": None,
        "Often": 0.0,
        "Always": 0.0,
    }


@pytest.mark.slow
def test_flipping_twice_is_the_identity(survey):
    """A reverse-scored item on the mirrored scale counts as the item itself."""
    mirrored = [{**one, "scale": "mirrored", "position": 10 - one["position"]} for one in SCALE]
    flipped = [
        {**one, "favorable": "yes" if one["answer"] in ("Disagree", "Strongly disagree") else "no"}
        for one in mirrored
    ]
    survey(
        given(7, 3) + given(7, 3, item_id="twice"),
        survey_items=[
            {},
            {"item_id": "twice", "item_text": "t", "scale": "mirrored", "reverse_scored": "yes"},
        ],
        survey_scales=SCALE + flipped,
    )
    assert shift("twice")["second_favorable"] == shift("adult")["second_favorable"] == 0.7


# --- Shifts and intervals ---------------------------------------------------------------------


def test_a_shift_in_points_with_newcombes_interval(survey):
    """56 of 70 against 48 of 80: Newcombe's own example (1998, method 10), .0524 to .3339."""
    survey(given(48, 32, LAST_YEAR) + given(56, 14))
    row = shift()
    assert row["shift_points"] == pytest.approx(20, abs=1e-9)
    assert round(row["shift_low"], 2) == 5.24
    assert round(row["shift_high"], 2) == 33.39
    assert row["clear_of_chance"] is True
    assert (row["first_n"], row["second_n"]) == (80, 70)


@pytest.mark.slow
def test_wilsons_interval_of_one_year(survey):
    """81 of 263: .2553 to .3662; 0 of 20: 0 to .1611; 1 of 29: .0061 to .1718 (Newcombe 1998)."""
    cases = {"a": (81, 263), "b": (0, 20), "c": (1, 29)}
    survey(
        [
            row
            for item, (agree, n) in cases.items()
            for row in given(agree, n - agree, item_id=item)
        ],
        survey_items=[{"item_id": item, "item_text": item} for item in cases],
    )
    rows = {row["item_id"]: row for row in answer("by_school")}
    intervals = {
        item: (round(row["favorable_low"], 4), round(row["favorable_high"], 4))
        for item, row in rows.items()
    }
    assert intervals["a"] == (0.2553, 0.3662)
    assert intervals["b"] == (0.0, 0.1611)
    assert intervals["c"] == (0.0061, 0.1718)


def test_a_fall_clear_of_chance_and_a_rise_that_is_not(survey):
    items = [
        row
        for name in ("down", "up")
        for row in asked(LAST_YEAR, THIS_YEAR, item_id=name, item_text=name)
    ]
    survey(
        given(80, 20, LAST_YEAR, item_id="down")
        + given(50, 50, item_id="down")
        + given(50, 50, LAST_YEAR, item_id="up")
        + given(55, 45, item_id="up"),
        survey_items=items,
    )
    down, up = shift("down"), shift("up")
    assert (round(down["shift_points"]), down["clear_of_chance"]) == (-30, True)
    assert (round(up["shift_points"]), up["clear_of_chance"]) == (5, False)
    assert down["shift_high"] < 0 < up["shift_high"]
    assert up["shift_low"] < 0
    # Largest shift first.
    assert [row["item_id"] for row in answer("shifts")] == ["up", "down"]


@pytest.mark.slow
def test_without_an_earlier_year_there_is_no_shift(survey):
    survey(given(5, 5), survey_items=[{}])
    row = shift()
    assert (row["first_year"], row["second_year"]) == (None, THIS_YEAR)
    assert row["shift_points"] is None
    assert row["comparable"] is False
    assert row["clear_of_chance"] is None


CHANGES = {
    # what changed this year: (columns of the item this year, why the years may not be compared)
    "nothing": ({}, None),
    "the wording": ({"item_text": "One adult here cares."}, "other wording"),
    "a full stop, spaces, case": ({"item_text": "an adult  here “cares”"}, None),
    "the scale": ({"scale": "agree 7"}, "another scale"),
    "nothing, but the file says no": ({"comparable": "no"}, "not comparable, says survey_items"),
    "the wording, but the file says yes": (
        {"item_text": "An adult here cares!", "comparable": "yes"},
        None,
    ),
    "the scoring": ({"reverse_scored": "yes"}, "scored the other way round"),
    "the scoring, but the file says yes": (
        {"reverse_scored": "yes", "comparable": "yes"},
        "scored the other way round",
    ),
    "a blank became a no": ({"reverse_scored": "no"}, None),
}


def test_no_shift_across_changed_words_scale_or_scoring(survey):
    same = {name: {"item_id": name, "item_text": "An adult here cares."} for name in CHANGES}
    survey(
        [
            row
            for name in CHANGES
            for row in given(30, 70, LAST_YEAR, item_id=name) + given(70, 30, item_id=name)
        ],
        survey_items=[{"school_year": LAST_YEAR, **same[name]} for name in CHANGES]
        + [{**same[name], **columns} for name, (columns, _reason) in CHANGES.items()],
        survey_scales=SCALE + [{**one, "scale": "agree 7"} for one in SCALE],
    )
    for name, (columns, reason) in CHANGES.items():
        row, comparable = shift(name), reason is None
        assert (row["comparable"], row["why_not_clear"]) == (comparable, reason), name
        assert (row["shift_points"] is not None) is comparable
        assert (row["shift_low"] is not None) is comparable
        assert row["clear_of_chance"] is (True if comparable else None)
        # Each year's own number still stands.
        mirrored = columns.get("reverse_scored") == "yes"
        assert (row["first_favorable"], row["second_favorable"]) == (0.3, 0.3 if mirrored else 0.7)


def three_years(survey, *columns):
    """Asked in three years, with these columns of each, and clearly up every year."""
    survey(
        given(20, 80, BEFORE) + given(50, 50, LAST_YEAR) + given(80, 20),
        survey_items=[
            {"school_year": year, **of_year}
            for year, of_year in zip((BEFORE, LAST_YEAR, THIS_YEAR), columns, strict=True)
        ],
    )


@pytest.mark.slow
def test_over_a_chain_of_years_every_step_must_be_comparable(survey):
    """Reworded last year, and worded as at first this year: two steps changed, so no shift."""
    three_years(survey, {}, {"item_text": "Other words."}, {})
    assert shift()["comparable"] is False
    assert shift(compare_year=BEFORE)["comparable"] is False
    assert shift(school_year=LAST_YEAR)["comparable"] is False


@pytest.mark.slow
def test_over_a_chain_without_a_change_any_two_years_compare(survey):
    three_years(survey, {}, {}, {})
    assert (shift()["first_year"], round(shift()["shift_points"])) == (LAST_YEAR, 30)
    over_two = shift(compare_year=BEFORE)
    assert (over_two["first_year"], round(over_two["shift_points"])) == (BEFORE, 60)
    earlier = shift(school_year=LAST_YEAR)
    assert (earlier["first_year"], earlier["second_year"]) == (BEFORE, LAST_YEAR)


@pytest.mark.slow
def test_a_break_before_the_first_year_does_not_matter(survey):
    three_years(survey, {}, {"comparable": "no"}, {})
    assert shift()["comparable"] is True
    assert shift(compare_year=BEFORE)["comparable"] is False


def test_an_item_skipped_for_a_year_is_compared_with_the_last_time_it_was_asked(survey):
    """Not asked last year, so there is no number of last year to shift from."""
    survey(
        given(20, 80, BEFORE)
        + given(80, 20)
        + given(5, 5, LAST_YEAR, item_id="safe")
        + given(5, 5, item_id="safe"),
        survey_items=asked(BEFORE, THIS_YEAR)
        + asked(LAST_YEAR, THIS_YEAR, item_id="safe", item_text="Safe."),
    )
    assert shift()["first_year"] == LAST_YEAR
    assert (shift()["first_favorable"], shift()["shift_points"]) == (None, None)
    assert round(shift(compare_year=BEFORE)["shift_points"]) == 60


def test_wording_says_what_was_asked_and_since_when(survey):
    three_years(survey, {}, {"item_text": "Other words."}, {"item_text": "Other words."})
    rows = [
        (row["school_year"], row["item_text"], row["earlier_year"], row["comparable"])
        for row in answer("wording")
    ]
    assert rows == [
        (BEFORE, "An adult here cares.", None, None),
        (LAST_YEAR, "Other words.", BEFORE, False),
        (THIS_YEAR, "Other words.", LAST_YEAR, True),
    ]


# --- Several schools: like with like ----------------------------------------------------------

FOUR = [
    {"school_id": name, "school_name": f"{name.title()} School", "network": "Hill"}
    for name in ("alder", "birch", "cedar", "dale")
]
# item: {school: ((favorable, of) the year before, (favorable, of) this year)}; None: not asked.
OVER_SCHOOLS = {
    "one joined": {"alder": ((0, 30), (0, 30)), "birch": (None, (30, 30))},
    "one left": {"alder": ((10, 40), (30, 40)), "birch": ((40, 40), None)},
    "another mix": {"alder": ((10, 100), (1, 20)), "birch": ((80, 80), (300, 400))},
    "none in both": {"alder": ((5, 30), None), "birch": (None, (25, 30))},
    "three alike": {
        "alder": ((20, 100), (40, 100)),
        "birch": ((40, 100), (70, 100)),
        "cedar": ((50, 100), (90, 100)),
    },
    "three apart": {
        "alder": ((20, 100), (30, 100)),
        "birch": ((40, 100), (70, 100)),
        "cedar": ((40, 100), (90, 100)),
    },
    "by accident alike": {name: ((5, 10), (6, 10)) for name in ("alder", "birch", "cedar")},
    "others left": {
        **{name: ((40, 100), (80, 100)) for name in ("alder", "birch", "cedar")},
        "dale": ((90, 100), None),
    },
}


@pytest.fixture
def over_schools(network):
    """One network with all items of OVER_SCHOOLS; Dale's answer to "one joined" does not count."""
    rows = answers(30, "Don't know", school_id="dale", item_id="one joined")
    for item, of_schools in OVER_SCHOOLS.items():
        for school, both in of_schools.items():
            for year, told in zip((LAST_YEAR, THIS_YEAR), both, strict=True):
                if told:
                    yes, n = told
                    rows += given(yes, n - yes, year, school_id=school, item_id=item)
    network(
        schools=FOUR,
        survey_answers=rows,
        survey_scales=SCALE,
        survey_items=[
            row
            for item in OVER_SCHOOLS
            for row in asked(LAST_YEAR, THIS_YEAR, item_id=item, item_text=item)
        ],
    )


def told(row: dict, *columns: str) -> tuple:
    return tuple(
        round(value, 4) if isinstance(value := row[column], float) else value for column in columns
    )


def test_a_shift_rests_on_the_schools_that_answered_in_both_years(over_schools):
    columns = ("shift_points", "schools_compared", "schools_new", "schools_gone", "first_n")
    row = shift("one joined")
    assert told(row, *columns) == (0, 1, "Birch School", None, 30)
    assert row["clear_of_chance"] is False
    # Who joined stays in that year's own figure.
    assert told(row, "second_n", "second_favorable") == (30, 0)
    assert told(row, "second_all_n", "second_all_favorable") == (60, 0.5)
    row = shift("one left")
    assert told(row, *columns) == (50, 1, None, "Birch School", 40)
    assert told(row, "first_favorable", "first_all_favorable") == (0.25, 0.625)
    # Of one school the interval is Newcombe's, as on that school's own page.
    assert row["shift_low"] == shift("one left", school="alder")["shift_low"] > 0
    assert row["clear_of_chance"] is True
    row = shift("others left")
    assert told(row, *columns) == (40, 3, None, "Dale School", 300)


def test_no_school_in_both_years_is_no_shift(over_schools):
    row = shift("none in both")
    assert (row["shift_points"], row["comparable"], row["clear_of_chance"]) == (None, False, None)
    assert row["why_not_clear"] == "no school answered both times"
    assert told(row, "first_n", "second_n", "first_favorable") == (30, 30, 0.1667)


def test_a_network_does_not_rise_while_each_of_its_schools_falls(over_schools):
    """50% to 72% of all answers, for more of them come from Birch. Alder weighs 100 x 20 / 120,
    Birch 80 x 400 / 480: a fifth and four fifths, in both years."""
    row = shift("another mix")
    assert told(row, "first_all_favorable", "second_all_favorable") == (0.5, 0.7167)
    assert told(row, "first_favorable", "second_favorable", "shift_points") == (0.82, 0.61, -21)
    # Two schools do not say how far schools wander.
    assert told(row, "shift_low", "shift_high", "clear_of_chance") == (None, None, False)
    assert row["why_not_clear"].startswith("only two schools")
    for school in ("alder", "birch"):
        assert shift("another mix", school=school)["shift_points"] < 0


def test_from_three_schools_on_their_spread_is_in_the_interval(over_schools):
    """Shifts of 20, 30 and 40, equal weights: variance (100 + 0 + 100) / 9 / (2 / 3), so 5.77
    points, and 4.303 times as much on two degrees of freedom. Of 10, 30 and 50, twice that."""
    row = shift("three alike")
    assert told(row, "shift_points", "shift_low", "shift_high") == (30, 5.1586, 54.8414)
    assert row["clear_of_chance"] is True
    row = shift("three apart")
    assert told(row, "shift_points", "shift_low", "shift_high") == (30, -19.6828, 79.6828)
    assert row["clear_of_chance"] is False


def test_schools_that_agree_by_accident_know_no_more_than_their_answers(over_schools):
    row = shift("by accident alike")
    alone = shift("by accident alike", school="alder")
    assert told(row, "shift_points", "clear_of_chance") == (10, False)
    # A third of the answers' own reach, three of them: their root.
    reach = (row["shift_points"] - row["shift_low"]) * math.sqrt(3)
    assert reach == pytest.approx(alone["shift_points"] - alone["shift_low"])


LONG = bool(os.environ.get("ROUNDTABLE_LONG_CHECKS"))


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0, 5, 8])
@pytest.mark.parametrize("schools", [3, 5, 9, 15] if LONG else [3, 9])
@pytest.mark.parametrize("n", [31, 150, 250] if LONG else [150])
@pytest.mark.parametrize("share", [0.7, 0.25], ids=["agree", "chronically absent"])
def test_without_any_change_few_networks_seem_to_move(spread, schools, n, share):
    """Schools wander by so many points, the network does not move: at most 6% are called clear."""
    surveys, random = 4000 if LONG else 1500, np.random.default_rng(7)
    shape = (surveys, schools)
    sizes = [np.maximum(random.uniform(0.6, 1.4, shape) * n, 10).astype(int) for _year in "12"]
    base = np.clip(random.normal(share, 0.08, shape), 0.02, 0.98)
    shares = [base, np.clip(base + random.normal(0, spread / 100, shape), 0.0, 1.0)]
    said = [random.binomial(size, share) for size, share in zip(sizes, shares, strict=True)]
    table = pd.DataFrame(
        {
            "survey": "s",
            "respondent_group": "staff",
            "item_id": np.repeat(np.arange(surveys), schools),
            "school_name": np.tile(np.arange(schools), surveys),
            **{
                f"{year}_{name}": values.ravel()
                for year, size, yes in zip(("first", "second"), sizes, said, strict=True)
                for name, values in (("n", size), ("favorable", yes / size))
            },
        }
    )
    with duckdb.connect() as connection:
        for path in ("06_survey.sql", "07_shifts.sql"):
            sql = (PROJECT / "queries" / "tables" / path).read_text(encoding="utf-8")
            for statement in duckdb.extract_statements(sql):
                if re.search(r"MACRO (wilson|newcombe|students_t|shift_over)", statement.query):
                    connection.execute(statement.query)
        connection.register("simulated", table)
        ((clear,),) = connection.execute(
            "SELECT count(*) FILTER (WHERE shift_low > 0 OR shift_high < 0)"
            " FROM shift_over_schools('simulated')"
        ).fetchall()
    assert clear <= 0.06 * surveys


# --- Who answered -----------------------------------------------------------------------------

# group: (answers, invited) the year before and this year, and why its shift is not called clear.
APART, BELOW = "response rates more than 20 points apart", "response rate below {}%"
TURNOUTS = {
    "exactly 20 apart": ((90, 100), (70, 100), None),
    "more than 20 apart": ((90, 100), (69, 100), APART),
    "21 of 60 apart": ((50, 60), (38, 60), None),
    "fewer asked": ((90, 100), (30, 30), None),
    "at the floor": ((50, 100), (50, 100), None),
    "below it now": ((50, 100), (49, 100), BELOW.format(50)),
    "below it then": ((49, 100), (50, 100), BELOW.format(50)),
    "families": ((20, 100), (20, 100), None),
    "Parents and guardians": ((20, 100), (19, 100), BELOW.format(20)),
    "unknown": ((30, None), (30, None), None),
    "unknown then, low now": ((30, None), (30, 100), BELOW.format(50)),
    "unknown then, high now": ((30, None), (60, 100), None),
    "ten answers": ((10, 10), (10, 10), None),
    "nine now": ((10, 10), (9, 10), "fewer than 10 answers then or now"),
    "nine then": ((9, 10), (10, 10), "fewer than 10 answers then or now"),
}


@pytest.mark.slow
def test_other_people_answering_is_no_clear_shift(survey):
    """All disagree, then all agree: without anything that speaks against it, clear of chance."""
    rows, rosters = [], []
    for group, (before, now, _why) in TURNOUTS.items():
        rows += given(0, before[0], LAST_YEAR, respondent_group=group)
        rows += given(now[0], 0, respondent_group=group)
        rosters += [
            {"school_year": year, "respondent_group": group, "invited": told[1]}
            for year, told in ((LAST_YEAR, before), (THIS_YEAR, now))
            if told[1]
        ]
    survey(
        rows,
        survey_invited=rosters,
        survey_items=[
            row for group in TURNOUTS for row in asked(LAST_YEAR, THIS_YEAR, respondent_group=group)
        ],
    )
    found = {row["respondent_group"]: row for row in answer("shifts")}
    for group, (_before, _now, why) in TURNOUTS.items():
        row = found[group]
        assert (row["why_not_clear"], row["clear_of_chance"]) == (why, why is None), group
        # It is shown all the same.
        assert (row["shift_points"], row["comparable"]) == (100, True)
        assert row["shift_low"] > 0
    moved = database.records("overview/what_moved", Selection(), STAFF)
    counts = ("comparisons", "clear", "clear_by_chance")
    assert [[row[name] for name in counts] for row in moved] == [[8, 8, 0.4]]


# --- Twice a year -----------------------------------------------------------------------------

FALL, SPRING = {"administration": "fall"}, {"administration": "spring"}


def test_fall_is_compared_with_last_fall_and_spring_with_last_spring(survey):
    """The same people each time: fall 20, then 60%; spring 40, then 80%."""
    survey(
        given(20, 80, LAST_YEAR, **FALL)
        + given(40, 60, LAST_YEAR, **SPRING)
        + given(60, 40, **FALL)
        + given(80, 20, **SPRING)
    )
    told = ("survey", "administration", "first_year", "first_favorable", "second_favorable")
    assert [[row[name] for name in told] for row in answer("shifts")] == [
        ["climate (fall)", "fall", LAST_YEAR, 0.2, 0.6],
        ["climate (spring)", "spring", LAST_YEAR, 0.4, 0.8],
    ]
    assert {row["clear_of_chance"] for row in answer("shifts", survey="climate")} == {True}
    [row] = answer("shifts", survey="climate (spring)")
    assert (row["first_n"], row["second_n"], round(row["shift_points"])) == (100, 100, 40)
    for question in ("by_school", "distribution", "response_rates", "wording"):
        both = {row["administration"] for row in answer(question, survey="climate")}
        one = {row["administration"] for row in answer(question, survey="climate (fall)")}
        assert (both, one) == ({"fall", "spring"}, {"fall"}), question


@pytest.mark.slow
def test_where_one_year_has_spring_alone_spring_is_compared(survey):
    survey(given(20, 80, LAST_YEAR, **SPRING) + given(60, 40, **FALL) + given(80, 20, **SPRING))
    fall, spring = answer("shifts")
    assert (fall["first_year"], fall["shift_points"]) == (None, None)
    assert (spring["first_year"], round(spring["shift_points"])) == (LAST_YEAR, 60)
    first = choices.surveys(Selection()).iloc[0]
    assert (first.survey, first.survey_name) == ("climate (spring)", "climate")


@pytest.mark.parametrize("asked_for", ["climate (spring)", "climate"])
def test_spring_is_compared_with_fall_of_the_same_year_where_somebody_asks(survey, asked_for):
    """Fall 60 of 100, spring 80 of 100, of 200 and 125 invited; last spring, in other words, 40."""
    survey(
        given(40, 60, LAST_YEAR, **SPRING) + given(60, 40, **FALL) + given(80, 20, **SPRING),
        survey_items=[*asked(LAST_YEAR, item_text="Other words."), {}],
        survey_invited=[{**invited(200), **FALL}, {**invited(125), **SPRING}],
    )
    chosen = {"survey": asked_for, "compare_administration": "fall"}
    row = next(row for row in answer("shifts", **chosen) if row["administration"] == "spring")
    assert (row["first_administration"], row["first_year"]) == ("fall", THIS_YEAR)
    assert (row["first_favorable"], row["second_favorable"]) == (0.6, 0.8)
    low, high = newcombe(0.6, 100, 0.8, 100)
    assert (row["shift_low"], row["shift_high"]) == pytest.approx((100 * low, 100 * high))
    # The response rates are 30 points apart: the same rule as from year to year.
    assert row["why_not_clear"] == "response rates more than 20 points apart"
    last = answer("shifts", survey="climate (spring)")
    assert [row["why_not_clear"] for row in last] == ["other wording"]
    chosen["survey"] = "climate (spring)"
    answers_of = [row["answers"] for row in answer("distribution", **chosen) if row["answers"]]
    assert answers_of == [40, 60, 20, 80]
    rates = answer("response_rates", **chosen)
    told = [(row["administration"], row["response_rate"]) for row in rates]
    assert told == [("fall", 0.5), ("spring", 0.8)]


def test_a_time_is_compared_with_an_earlier_one_of_its_year_alone(survey):
    survey(given(20, 80, LAST_YEAR, **FALL) + given(60, 40, **FALL) + given(80, 20, **SPRING))
    for chosen, why in (
        ({"survey": "climate (fall)", "compare_administration": "spring"}, "no spring before"),
        ({"survey": "climate (spring)", "compare_administration": "spring"}, "no spring before"),
        ({"survey": "climate (spring)", "school_year": THIS_YEAR}, "no year before it"),
    ):
        [row] = answer("shifts", **chosen)
        assert (row["shift_points"], row["first_year"], row["first_n"]) == (None, None, None)
        assert row["why_not_clear"].startswith(why)
    assert shift(survey="climate (spring)", compare_administration="fall")["clear_of_chance"]


SINCE_FALL = {
    # what spring asks otherwise than fall of the same year: why there is no shift
    "other wording": {"item_text": "Other words."},
    "another scale": {"scale": "agree again"},
    "scored the other way round": {"reverse_scored": "yes"},
    None: {"item_text": "“An adult here cares”", "comparable": "no"},
}


@pytest.mark.slow
@pytest.mark.parametrize("why", SINCE_FALL)
def test_spring_and_fall_are_compared_where_they_asked_alike(survey, why):
    """What `comparable` says is of the year before, and says nothing of fall."""
    scales = [{**row, "scale": name} for name in ("agree", "agree again") for row in SCALE]
    survey(
        given(60, 40, **FALL) + given(80, 20, **SPRING),
        survey_items=[FALL, SPRING | SINCE_FALL[why]],
        survey_scales=scales,
    )
    row = shift(survey="climate (spring)", compare_administration="fall")
    assert (row["why_not_clear"], row["comparable"]) == (why, why is None)
    assert (row["shift_points"] is None) == (why is not None)


@pytest.mark.slow
def test_an_administration_that_is_not_named_is_none_of_those_that_are(survey):
    survey(given(20, 80, LAST_YEAR) + given(80, 20, **SPRING))
    assert [(row["survey"], row["shift_points"]) for row in answer("shifts")] == [
        ("climate", None),
        ("climate (spring)", None),
    ]


@pytest.mark.slow
def test_words_and_rosters_are_those_of_their_administration(survey):
    """A blank one speaks for each that has none of its own."""
    survey(
        given(20, 80, LAST_YEAR, **FALL)
        + given(20, 80, LAST_YEAR, **SPRING)
        + given(60, 40, **FALL)
        + given(60, 40, **SPRING),
        survey_items=[*asked(LAST_YEAR, THIS_YEAR), {"item_text": "Other words.", **SPRING}],
        survey_invited=[invited(200), {**invited(125), **SPRING}],
    )
    fall, spring = answer("shifts")
    assert (fall["item_text"], round(fall["shift_points"])) == ("An adult here cares.", 40)
    assert (spring["item_text"], spring["why_not_clear"]) == ("Other words.", "other wording")
    assert (fall["second_response_rate"], spring["second_response_rate"]) == (0.5, 0.8)


@pytest.mark.slow
def test_published_tables_of_fall_and_spring_stand_apart(network):
    network(
        schools=SCHOOLS,
        survey_published=[
            published(60, LAST_YEAR, **FALL),
            published(80, THIS_YEAR, **FALL),
            published(70, THIS_YEAR, **SPRING),
        ],
        survey_items=asked(LAST_YEAR, THIS_YEAR, survey="report"),
    )
    rows = answer("shifts")
    assert [(row["survey"], row["second_favorable"]) for row in rows] == [
        ("report (fall)", 0.8),
        ("report (spring)", 0.7),
    ]
    assert (round(rows[0]["shift_points"]), rows[1]["shift_points"]) == (20, None)


# --- Rosters ----------------------------------------------------------------------------------


def invited(number: int, school: str = "alder", year: str = THIS_YEAR) -> dict:
    return {"school_id": school, "school_year": year, "invited": number}


def rate(**choices):
    return answer("response_rates", **choices)[-1]["response_rate"]


def test_response_rate_is_distinct_respondents_of_those_invited(survey):
    """Two items, the same eight people, ten invited."""
    survey(
        given(5, 3) + given(5, 3, item_id="safe"),
        survey_items=[{}, {"item_id": "safe", "item_text": "Safe."}],
        survey_invited=[invited(10)],
    )
    assert rate() == 0.8
    assert shift()["second_response_rate"] == 0.8
    assert {row["response_rate"] for row in answer("by_school")} == {0.8}


def test_without_a_roster_the_response_rate_is_unknown_never_all(survey):
    survey(given(5, 3))
    assert rate() is None
    assert shift()["second_response_rate"] is None
    assert answer("by_school")[0]["response_rate"] is None
    assert answer("response_rates")[0]["invited"] is None


@pytest.mark.slow
def test_one_school_without_a_roster_makes_the_rate_of_all_unknown(survey):
    survey(given(5, 3) + given(4, 1, school_id="birch"), survey_invited=[invited(10)])
    assert rate() is None
    assert rate(school="alder") == 0.8
    assert rate(school="birch") is None


@pytest.mark.slow
def test_a_school_that_was_invited_and_did_not_answer_is_in_the_rate(survey):
    survey(given(5, 3), survey_invited=[invited(10), invited(10, "birch")])
    assert rate() == 0.4


@pytest.mark.slow
@pytest.mark.parametrize("people, expected", [(8, 1.0), (7, None), (0, None)])
def test_more_answers_than_invited_is_unknown_too(survey, people, expected):
    survey(given(5, 3), survey_invited=[invited(people)])
    assert rate() == expected


@pytest.mark.slow
def test_a_school_whose_roster_does_not_hold_is_left_out_of_the_rate_and_counted(survey):
    """12 of 10 at Alder, 5 of 50 at Birch: 5 of 50, not 17 of 60."""
    survey(
        given(12, 0) + given(0, 5, school_id="birch"),
        survey_invited=[invited(10), invited(50, "birch")],
    )
    (row,) = answer("response_rates")
    told = ("respondents", "invited", "response_rate", "schools_left_out")
    assert [row[name] for name in told] == [5, 50, 0.1, 1]
    (row,) = answer("response_rates", school="alder")
    assert [row[name] for name in told] == [12, None, None, 1]


@pytest.mark.slow
def test_a_group_of_the_roster_that_was_asked_nothing_is_no_group(survey):
    """One that was asked and did not answer is: 0 of 30."""
    other = {**invited(30), "respondent_group": "Student"}
    survey(given(5, 3), survey_invited=[invited(10), other])
    assert [row["respondent_group"] for row in answer("response_rates")] == ["student"]
    items = asked(THIS_YEAR) + asked(THIS_YEAR, respondent_group="Student")
    survey(given(5, 3), survey_items=items, survey_invited=[invited(10), other])
    assert {row["respondent_group"]: row["response_rate"] for row in answer("response_rates")} == {
        "student": 0.8,
        "Student": 0.0,
    }


@pytest.mark.slow
def test_the_same_id_at_two_schools_is_two_people(survey):
    survey(
        given(5, 0) + given(5, 0, school_id="birch"),
        survey_invited=[invited(10), invited(10, "birch")],
    )
    assert rate() == 0.5


# --- Counts instead of people -----------------------------------------------------------------


def counts(school: str = "alder", item: str = "adult", **answers: int) -> list[dict]:
    """So many who gave each answer of the scale; nobody those that are not named."""
    return [
        {"school_id": school, "item_id": item, "answer": one, "answers": answers.get(one, 0)}
        for one in (row["answer"] for row in SCALE)
    ]


def test_of_counts_nobody_knows_how_many_people_answered(survey):
    """Twelve agree, six disagree at Alder, two do not know: twenty people at least. Birch has
    people: nine of ten."""
    items = [{}, {"item_id": "safe", "item_text": "Safe."}]
    alder = counts(**{"Agree": 12, "Disagree": 6, "Don't know": 2})
    alder += counts(item="safe", Disagree=15)
    survey(
        given(5, 4, school_id="birch"),
        survey_counts=alder,
        survey_items=items,
        survey_invited=[invited(24), invited(10, "birch")],
    )
    told = ("respondents", "respondents_known", "invited", "response_rate")
    found = {
        school: [answer("response_rates", school=school)[0][name] for name in told]
        for school in ("alder", "birch", None)
    }
    assert found == {
        "alder": [None, 20, None, None],
        "birch": [9, 9, 10, 0.9],
        None: [None, 29, None, None],
    }
    assert (shift()["second_n"], shift()["second_response_rate"]) == (27, None)
    assert (shift("safe")["second_n"], shift("safe")["second_favorable"]) == (15, 0)
    rates = {row["school_name"]: row["response_rate"] for row in answer("by_school")}
    assert rates == {"Alder School": None, "Birch School": 0.9}


def test_counts_that_say_that_nobody_answered_are_no_answers(survey):
    survey(given(5, 3), survey_counts=counts("birch"))
    assert [row["school_name"] for row in answer("by_school")] == ["Alder School"]
    assert answer("response_rates")[0]["respondents"] == 8


def test_a_count_may_be_of_millions(survey):
    survey([], survey_counts=counts(Agree=600_000_000, Disagree=200_000_000))
    assert (shift()["second_n"], shift()["second_favorable"]) == (800_000_000, 0.75)


OF_CULTURE = ("shifts", "by_school", "by_topic", "distribution", "group_gaps", "response_rates")
NEEDS_RESPONDENTS = {"respondents", "respondents_known", "respondents_high"}


@pytest.mark.slow
def test_counts_answer_all_that_people_do(tmp_path, use_home):
    """Three schools of the sample in two years, by people without a roster; and the same as counts,
    beside the people of one school in one year, and with the roster of the others, which is of no
    use then."""
    sample = {name: sample_rows(f"{name}.csv") for name in ("survey_items", "survey_scales")}
    sample |= {
        name: [row for row in sample_rows(file) if row["school_id"] in ("S01", "S03", "S08")]
        for name, file in (
            ("schools", "schools.csv"),
            ("survey_invited", "survey_invited.csv"),
            ("survey_answers", "survey_answers.csv.gz"),
        )
    }
    people = [row for row in sample.pop("survey_answers") if row["school_year"] != BEFORE]
    stay = [row for row in people if is_of_people(row)]
    roster = [row for row in sample.pop("survey_invited") if not is_of_people(row)]
    of_counts = counted(
        [row for row in people if not is_of_people(row)],
        {asked_of(row): row["scale"] for row in sample["survey_items"]},
        sample["survey_scales"],
    )
    apart = {"survey_answers": stay, "survey_counts": of_counts, "survey_invited": roster}
    told = []
    for name, files in (("people", {"survey_answers": people}), ("counts", apart)):
        (tmp_path / name).mkdir()
        for file, rows in (sample | files).items():
            write_file(tmp_path / name, file, rows)
        load(tmp_path / name, tmp_path / f"home of {name}")
        use_home(tmp_path / f"home of {name}")
        told.append(all_of_culture())
    assert told[0] == told[1]
    assert {name for (name, *_), rows in told[0].items() if len(rows) > 5} == set(OF_CULTURE)


def asked_of(row: dict) -> tuple:
    return tuple(row[name] for name in ("survey", "school_year", "respondent_group", "item_id"))


def counted(people: list[dict], scale_of: dict, scales: list[dict]) -> list[dict]:
    """How many at each school gave each answer to each item, nobody too."""
    given = Counter((row["school_id"], asked_of(row), row["answer"]) for row in people)
    asked = {(row["school_id"], asked_of(row)): row for row in people}
    return [
        {**row, "answer": one["answer"], "answers": given[*place, one["answer"]]}
        for place, row in asked.items()
        for one in scales
        if one["scale"] == scale_of[asked_of(row)]
    ]


def is_of_people(row: dict) -> bool:
    return (row["school_id"], row["school_year"]) == ("S01", LAST_YEAR)


def sample_rows(name: str) -> list[dict]:
    opened = gzip.open if name.endswith(".gz") else open
    with opened(PROJECT / "sample_data" / name, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def all_of_culture() -> dict[tuple, list[dict]]:
    """Every answer, to staff and to everybody, without what needs respondents."""
    return {
        (name, bool(readers), school): [
            {key: value for key, value in row.items() if key not in NEEDS_RESPONDENTS}
            for row in database.records(f"culture/{name}", Selection(school=school), *readers)
        ]
        for name in OF_CULTURE
        for readers in ((STAFF,), ())
        for school in (None, "S03")
    }


# --- School by school, answer by answer, group by group ---------------------------------------


def test_over_several_schools_it_is_a_ratio_of_sums(survey):
    """9 of 10 at Alder and 0 of 5 at Birch: 9 of 15, not the mean of 90% and 0%."""
    survey(given(9, 1) + given(0, 5, school_id="birch"))
    assert shift()["second_favorable"] == 0.6
    rows = {row["school_name"]: (row["n"], row["favorable"]) for row in answer("by_school")}
    assert rows == {"Alder School": (10, 0.9), "Birch School": (5, 0.0)}
    assert shift(school="Birch School")["second_favorable"] == 0.0
    assert shift(network="Hill")["second_n"] == 15


@pytest.mark.slow
def test_distribution_names_also_the_answers_that_nobody_gave(survey):
    """6 agree, 2 disagree, 2 do not know: shares of the eight that count, and zeros in sight."""
    survey(given(6, 2) + answers(2, "Don't know", first=9), survey_items=[{}])
    rows = [
        (row["answer"], row["answers"], row["share"], row["favorable"])
        for row in answer("distribution")
    ]
    assert rows == [
        ("Strongly disagree", 0, 0.0, False),
        ("Disagree", 2, 0.25, False),
        ("Neutral", 0, 0.0, False),
        ("Agree", 6, 0.75, True),
        ("Strongly agree", 0, 0.0, True),
        ("Don't know", 2, None, False),
    ]


@pytest.mark.slow
def test_distribution_of_a_reverse_scored_item_marks_the_mirrored_answers(survey):
    survey(given(3, 2), survey_items=[{"reverse_scored": "yes"}])
    favorable = {row["answer"] for row in answer("distribution") if row["favorable"]}
    assert favorable == {"Strongly disagree", "Disagree"}


@pytest.mark.slow
def test_two_languages_of_one_scale_are_one_answer_with_its_first_label(survey):
    spanish = ("Muy en desacuerdo", "En desacuerdo", "Neutral (es)", "De acuerdo", "Muy de acuerdo")
    other = [{**one, "answer": word} for one, word in zip(SCALE, spanish, strict=False)]
    unsure = {**SCALE[-1], "answer": "No sé"}
    rows = given(3, 1) + answers(2, "De acuerdo", first=10) + answers(1, "No sé", first=20)
    survey(
        rows,
        survey_items=asked(THIS_YEAR) + asked(THIS_YEAR, item_id="turned", reverse_scored="yes"),
        survey_scales=SCALE + other + [unsure],
    )
    told = {row["answer"]: row["answers"] for row in answer("distribution")}
    assert list(told) == [one["answer"] for one in SCALE]
    assert (told["Agree"], told["Disagree"], told["Don't know"]) == (5, 1, 1)
    assert (shift()["second_n"], shift()["second_favorable"]) == (6, 5 / 6)


def test_distribution_shows_both_years(survey):
    survey(given(3, 2) + given(4, 1, LAST_YEAR))
    assert {row["school_year"] for row in answer("distribution")} == {LAST_YEAR, THIS_YEAR}


def groups(survey, sizes, **columns):
    survey(
        [
            row
            for group, (agree, n) in sizes.items()
            for row in given(agree, n - agree, respondent_group=group)
        ],
        survey_items=[
            {"respondent_group": group, **(columns if group == "teacher" else {})}
            for group in sizes
        ],
        survey_scales=SCALE + [{**one, "scale": "agree 7"} for one in SCALE],
    )


def test_leaders_and_teachers_see_it_differently(survey):
    """25 of 34 leaders and 56 of 116 teachers: +25 points, 95% interval +6 to +40."""
    groups(survey, {"leader": (25, 34), "teacher": (56, 116)})
    (row,) = answer("group_gaps")
    assert (row["group_a"], row["group_b"]) == ("leader", "teacher")
    assert (row["n_a"], row["n_b"]) == (34, 116)
    assert round(row["gap_points"]) == 25
    assert (round(row["gap_low"]), round(row["gap_high"])) == (6, 40)


def test_a_gap_is_first_minus_second_group(survey):
    groups(survey, {"leader": (2, 10), "teacher": (9, 10)})
    (row,) = answer("group_gaps")
    assert row["gap_points"] == pytest.approx(-70, abs=1e-9)
    assert row["gap_low"] < row["gap_points"] < row["gap_high"] < 0


@pytest.mark.slow
def test_another_wording_is_no_gap_and_stands_beside_the_first(survey):
    """Case, spaces, stops and quotation marks change no words; one that is turned is another."""
    same = {"item_text": "an adult here “cares”"}
    groups(survey, {"leader": (25, 34), "teacher": (56, 116)}, **same)
    (row,) = answer("group_gaps")
    assert round(row["gap_points"]) == 25
    assert row["item_text_b"] == "an adult here “cares”"
    for other in ({"item_text": "An adult here cared."}, {"reverse_scored": "yes"}):
        groups(survey, {"leader": (25, 34), "teacher": (56, 116)}, **other)
        (row,) = answer("group_gaps")
        assert [row[name] for name in ("gap_points", "gap_low", "gap_high")] == [None] * 3
        assert row["item_text_b"] == other.get("item_text", "An adult here cares.")


@pytest.mark.parametrize(
    ("then", "now"), [(4, 5), pytest.param(5, 4, marks=pytest.mark.slow), (5, 5)]
)
def test_answers_of_fewer_than_five_people_are_shown_to_nobody(survey, then, now):
    """At the edge and below it, in either year: of the group, of its school, and its answers."""
    survey(
        given(2, then - 2, LAST_YEAR) + given(3, now - 3) + given(9, 1, respondent_group="teacher"),
        survey_items=[
            {"school_year": year, "respondent_group": group}
            for year in (LAST_YEAR, THIS_YEAR)
            for group in ("student", "teacher")
        ],
    )
    row = shift(respondent_group="student")
    assert (row["first_n"], row["second_n"]) == (then, now)
    shown = {"first_favorable": 2 / then, "second_favorable": 3 / now}
    for (column, share), n in zip(shown.items(), (then, now), strict=True):
        assert row[column] == row[column.replace("_", "_all_", 1)] == (share if n == 5 else None)
    assert row["comparable"] is (then == now == 5)
    assert (row["shift_points"] is None) is (not row["comparable"])
    if not row["comparable"]:
        assert row["why_not_clear"] == "fewer than 5 answers then or now"
    students = {"respondent_group": "student"}
    [school] = answer("by_school", **students)
    assert (school["n"], school["favorable"]) == (now, 3 / now if now == 5 else None)
    assert (school["favorable_low"] is None) is (now == 4)
    years = {row["school_year"] for row in answer("distribution", **students)}
    assert years == {year for year, n in ((LAST_YEAR, then), (THIS_YEAR, now)) if n == 5}
    assert len(answer("group_gaps")) == (now == 5)


def test_the_surest_gap_comes_first_not_the_widest(survey):
    """3 of 5 and 0 of 5 are 60 points apart, 60 of 100 and 40 of 100 more surely 20."""
    few = {"item_id": "safe"}
    survey(
        given(60, 40, respondent_group="leader")
        + given(40, 60, respondent_group="teacher")
        + given(3, 2, respondent_group="leader", **few)
        + given(0, 5, respondent_group="teacher", **few),
        survey_items=[
            {"respondent_group": group, **item}
            for group in ("leader", "teacher")
            for item in ({}, {**few, "item_text": "Safe."})
        ],
    )
    assert [row["item_id"] for row in answer("group_gaps")] == ["adult", "safe"]


@pytest.mark.slow
def test_three_groups_make_three_pairs_surest_first(survey):
    groups(survey, {"family": (1, 10), "leader": (9, 10), "teacher": (5, 10)})
    pairs = [(row["group_a"], row["group_b"]) for row in answer("group_gaps")]
    assert pairs == [("family", "leader"), ("family", "teacher"), ("leader", "teacher")]
    pairs = answer("group_gaps", respondent_group="teacher")
    assert len(pairs) == 2


@pytest.mark.slow
def test_groups_asked_on_different_scales_are_not_compared(survey):
    groups(survey, {"leader": (25, 34), "teacher": (56, 116)}, scale="agree 7")
    assert answer("group_gaps") == []


@pytest.mark.slow
def test_groups_scored_otherwise_are_not_compared(survey):
    groups(survey, {"leader": (25, 34), "teacher": (25, 34)}, reverse_scored="yes")
    [row] = answer("group_gaps")
    assert row["gap_points"] is row["gap_low"] is row["gap_high"] is None


def test_everybody_is_told_bands_of_how_many_answered_in_two_groups(sample):
    rows = database.records("culture/group_gaps", Selection(survey="Hillside culture survey"))
    bands = {(row[n], row[f"{n}_high"]) for row in rows for n in ("n_a", "n_b")}
    assert bands
    assert all(low % 10 == 1 and low < high for low, high in bands), bands
    told = [row for row in rows if row["gap_points"] is not None]
    assert told
    for row in told:
        first, second = (round(100 * row[f"favorable_{one}"]) for one in "ab")
        assert row["gap_points"] == first - second, row


def test_everybody_is_told_of_each_school_and_item_once(sample):
    for year in ("2024-25", "2025-26"):
        rows = database.records(
            "culture/by_school", Selection(survey="Hillside culture survey", school_year=year)
        )
        each = {(row["respondent_group"], row["school_id"], row["item_id"]) for row in rows}
        assert len(rows) == len(each) > 0


# --- Each school, each topic ------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("readers, compared", [((STAFF,), None), ((STAFF,), BEFORE), ((), None)])
def test_a_school_moved_as_far_as_it_says_by_itself(sample, readers, compared):
    """culture/by_school tells of each school what culture/shifts tells where it alone is chosen."""
    chosen = {"survey": "Hillside culture survey", "compare_year": compared}
    rows = database.records("culture/by_school", Selection(**chosen), *readers)
    assert any(row["clear_of_chance"] for row in rows)
    for school in {row["school_name"] for row in rows}:
        alone = database.records("culture/shifts", Selection(**chosen, school=school), *readers)
        alone = {(row["respondent_group"], row["item_id"]): row for row in alone}
        for row in rows:
            if row["school_name"] != school:
                continue
            itself = alone[row["respondent_group"], row["item_id"]]
            for name in ("first_year", "comparable", "clear_of_chance", "why_not_clear"):
                assert row[name] == itself[name], (name, row, itself)
            for name in ("shift_points", "shift_low", "shift_high"):
                assert row[name] == pytest.approx(itself[name], abs=1e-9), (name, row, itself)


TOPIC = [{"item_id": "one", "topic": "trust"}, {"item_id": "two", "topic": "trust"}]


@pytest.fixture
def trust(survey):
    """trust(rows, …): two items on trust, asked this year."""

    def make(rows, second="agree_5"):
        scales = [row | {"scale": scale} for row in SCALE for scale in {"agree_5", second}]
        items = [TOPIC[0] | {"scale": "agree_5"}, TOPIC[1] | {"scale": second}]
        survey(rows, survey_items=items, survey_scales=scales)
        return answer("by_topic")

    return make


def test_a_topic_is_the_mean_of_its_items_however_many_answered_each(trust):
    """9 of 10 and 4 of 20: 90% and 20%, not 13 of 30."""
    [row] = trust(given(9, 1, item_id="one") + given(4, 16, item_id="two"))
    assert (row["topic"], row["items"], row["n"]) == ("trust", 2, 10)
    assert row["favorable"] == pytest.approx(0.55)


def test_a_topic_on_two_scales_has_no_mean(trust):
    [row] = trust(given(9, 1, item_id="one") + given(4, 16, item_id="two"), second="agree_7")
    assert (row["scales"], row["favorable"]) == (2, None)


def test_a_school_has_no_mean_of_items_of_which_one_has_too_few_answers(trust):
    """Of one item of two the mean would be of another thing than at the next school."""
    few = given(2, 2, item_id="two") + given(4, 6, item_id="two", school_id="birch")
    rows = trust(given(9, 1, item_id="one") + given(8, 2, item_id="one", school_id="birch") + few)
    told = {row["school_name"]: row["favorable"] for row in rows}
    assert told == {"Alder School": None, "Birch School": pytest.approx(0.6)}


def test_everybody_is_told_means_of_what_is_told_of_each_item(sample):
    survey = "Hillside culture survey"
    items = database.records("culture/by_school", Selection(survey=survey))
    topics = database.records("culture/shifts", Selection(survey=survey))
    topics = {(row["respondent_group"], row["item_id"]): row["topic"] for row in topics}
    ends = {}
    for row in items:
        key = (
            row["respondent_group"],
            row["school_id"],
            topics[row["respondent_group"], row["item_id"]],
        )
        lower = row["favorable"] if row["favorable"] is not None else row["favorable_at_least"]
        upper = row["favorable"] if row["favorable"] is not None else row["favorable_at_most"]
        ends.setdefault(key, []).append((lower, upper))
    found = database.records("culture/by_topic", Selection(survey=survey))
    assert {row["favorable"] is None for row in found} == {True, False}
    for row in found:
        told = ends[row["respondent_group"], row["school_id"], row["topic"]]
        bounded = all(upper is not None for _, upper in told)
        assert row["withheld"] == (not bounded)
        if row["favorable"] is not None:
            assert row["favorable"] == pytest.approx(sum(one for one, _ in told) / len(told))
        elif bounded and row["scales"] == 1:
            least, most = (sum(end) / len(told) for end in zip(*told, strict=True))
            assert least - 0.01 < row["favorable_at_least"] <= least + 1e-9
            assert most - 1e-9 <= row["favorable_at_most"] < most + 0.01


# --- Published tables -------------------------------------------------------------------------


def published(percent: float, year: str, **columns) -> dict:
    return {"school_year": year, "percent_favorable": percent, "survey": "report", **columns}


@pytest.fixture
def report(network):
    """report(rows): percentages as published, of one item asked alike in two years."""
    return lambda rows: network(
        schools=SCHOOLS,
        survey_published=rows,
        survey_items=asked(LAST_YEAR, THIS_YEAR, survey="report"),
    )


@pytest.mark.slow
def test_a_published_table_without_n_has_a_shift_and_no_interval(report):
    report([published(60, LAST_YEAR), published(80, THIS_YEAR)])
    row = shift()
    assert row["shift_points"] == pytest.approx(20, abs=1e-9)
    assert (row["first_n"], row["second_n"]) == (None, None)
    assert (row["shift_low"], row["shift_high"], row["clear_of_chance"]) == (None, None, None)
    assert (row["first_response_rate"], row["second_response_rate"]) == (None, None)
    assert row["school_name"] == "Alder School"


def test_an_assumed_n_gives_an_interval_and_says_that_it_is_assumed(report):
    report([published(60, LAST_YEAR), published(80, THIS_YEAR)])
    row = shift(assumed_n=200)
    assert row["n_assumed"] is True
    assert (row["first_n"], row["second_n"]) == (None, None)
    assert 0 < row["shift_low"] < 20 < row["shift_high"]
    assert row["clear_of_chance"] is True


@pytest.mark.slow
def test_a_published_n_is_not_overruled_by_an_assumed_one(report):
    report([published(60, LAST_YEAR, respondents=80), published(80, THIS_YEAR, respondents=70)])
    row = shift(assumed_n=5)
    assert (row["first_n"], row["second_n"], row["n_assumed"]) == (80, 70, False)
    assert round(row["shift_low"], 2) == 5.24


@pytest.mark.slow
def test_published_tables_stand_apart_from_answers(network):
    """No response rate, no distribution and no school-by-school table is made of percentages."""
    network(
        schools=SCHOOLS,
        survey_answers=given(5, 5),
        survey_published=[published(60, THIS_YEAR)],
        survey_items=[{}, {"survey": "report"}],
        survey_scales=SCALE,
    )
    assert [(row["survey"], row["published"]) for row in answer("shifts")] == [
        ("climate", False),
        ("report", True),
    ]
    for question in ("by_school", "distribution", "response_rates"):
        assert {row["survey"] for row in answer(question)} == {"climate"}
    # Another school chosen: what was published about Alder is not about Birch.
    assert answer("shifts", school="Birch School") == []


def test_n_needed_is_the_first_n_whose_interval_excludes_zero(report):
    """60 to 80%: tried out here in plain Python."""
    report([published(60, LAST_YEAR), published(80, THIS_YEAR)])

    def low(n):
        z = 1.959964

        def wilson(p, sign):
            reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
            return (p + z * z / (2 * n) + sign * reach) / (1 + z * z / n)

        return 0.2 - math.hypot(0.8 - wilson(0.8, -1), wilson(0.6, 1) - 0.6)

    (row,) = answer("n_needed")
    assert low(row["smallest_n"]) > 0 >= low(row["smallest_n"] - 1)


@pytest.mark.slow
def test_no_change_needs_more_than_any_n(report):
    report([published(60, LAST_YEAR), published(60, THIS_YEAR)])
    assert answer("n_needed")[0]["smallest_n"] is None


@pytest.mark.slow
def test_n_needed_is_for_comparable_items_only(network):
    """No number of answers makes a shift across changed words."""
    network(
        schools=SCHOOLS,
        survey_published=[published(60, LAST_YEAR), published(90, THIS_YEAR)],
        survey_items=[
            {"survey": "report", "school_year": LAST_YEAR},
            {"survey": "report", "item_text": "Other words."},
        ],
    )
    assert shift()["comparable"] is False
    assert answer("n_needed") == []


@pytest.mark.slow
def test_functions_and_questions_give_one_answer(survey):
    survey(given(5, 5) + given(4, 6, LAST_YEAR))
    for name in ("shifts", "by_school", "distribution", "response_rates", "wording"):
        assert len(getattr(culture, name)(Selection(), STAFF)) == len(answer(name)) > 0
