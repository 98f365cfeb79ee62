"""Protects the demonstration: the Heritage staff survey, ten shifts as published, and how sure.

The shifts are those of the source; intervals and smallest n were worked out beforehand (equal n
each year, unpaired, Newcombe at 95%), with n = 30 and with the 32 staff the school is said to have.
"""

import pytest

from queries import database
from queries.health import checked_against
from queries.selection import Selection

HERITAGE = {
    # item: (2016, 2017, interval at n = 30, interval at n = 32, smallest n that excludes 0)
    1: (84, 94, (-7.0, 27.4), (-6.4, 26.8), 79),
    2: (71, 94, (3.5, 41.4), (4.2, 40.8), 23),
    3: (65, 75, (-12.9, 31.5), (-12.2, 30.9), 162),
    4: (33, 71, (12.7, 57.2), (13.5, 56.7), 13),
    5: (71, 81, (-11.6, 30.5), (-10.9, 29.9), 141),
    6: (68, 88, (-1.2, 39.4), (-0.5, 38.8), 34),
    7: (44, 93, (26.2, 65.8), (27.0, 65.4), 7),
    8: (30, 86, (31.7, 71.7), (32.5, 71.3), 6),
    9: (47, 75, (3.3, 48.4), (4.1, 47.9), 24),
    10: (50, 65, (-9.6, 37.2), (-8.8, 36.6), 84),
}

pytestmark = pytest.mark.usefixtures("sample")


def heritage(question: str = "culture/shifts", **choices) -> dict[int, dict]:
    rows = database.records(question, Selection(survey="Heritage staff survey", **choices))
    return {int(row["item_id"].removeprefix("heritage_")): row for row in rows}


def test_the_ten_shifts_as_published():
    rows = heritage()
    shifts = [round(rows[item]["shift_points"], 6) for item in sorted(rows)]
    assert shifts == [10, 23, 10, 38, 10, 20, 49, 56, 28, 15]
    told = checked_against.of_test("test_the_ten_shifts_as_published")
    assert told == {
        ("Heritage staff survey, shift", f"item {item}"): shift
        for item, shift in enumerate(shifts, start=1)
    }
    for item, (first, second, *_rest) in HERITAGE.items():
        row = rows[item]
        assert (row["first_year"], row["second_year"]) == ("2016", "2017")
        assert row["first_favorable"] == pytest.approx(first / 100, abs=1e-12)
        assert row["second_favorable"] == pytest.approx(second / 100, abs=1e-12)


def test_n_was_not_published_so_nothing_is_claimed():
    for row in heritage().values():
        assert (row["first_n"], row["second_n"]) == (None, None)
        assert (row["first_response_rate"], row["second_response_rate"]) == (None, None)
        assert (row["shift_low"], row["shift_high"], row["clear_of_chance"]) == (None, None, None)
        assert row["comparable"] is True


@pytest.mark.parametrize("n, place", [(30, 2), (32, 3)])
def test_intervals_with_an_assumed_n(n, place):
    rows = heritage(assumed_n=n)
    for item, expected in HERITAGE.items():
        low, high = expected[place]
        # What was worked out beforehand is rounded to one decimal.
        assert rows[item]["shift_low"] == pytest.approx(low, abs=0.05 + 1e-9), item
        assert rows[item]["shift_high"] == pytest.approx(high, abs=0.05 + 1e-9), item


def test_five_of_ten_stand_clear_of_chance_with_32_answers():
    rows = heritage(assumed_n=32)
    assert {item for item, row in rows.items() if row["clear_of_chance"]} == {2, 4, 7, 8, 9}
    assert {row["clear_of_chance"] for row in rows.values()} == {True, False}


def test_how_many_answers_each_shift_would_need():
    rows = heritage("culture/n_needed")
    assert {item: row["smallest_n"] for item, row in rows.items()} == {
        item: expected[4] for item, expected in HERITAGE.items()
    }


def test_no_single_number_of_answers_up_to_93_gives_all_percentages():
    """The first that fits is 94 in 2016 and 69 in 2017, of a staff of 32: n differed by item, or
    percentages were rounded before they were added."""
    rows = database.records("health/published_percentages", Selection())
    assert {
        (row["survey"], row["school_year"]): (row["items"], row["smallest_n"]) for row in rows
    } == {
        ("Heritage staff survey", "2016"): (10, 94),
        ("Heritage staff survey", "2017"): (10, 69),
    }


def test_what_staff_say_about_students_is_labelled_so():
    rows = heritage()
    assert {row["respondent_group"] for row in rows.values()} == {"staff"}
    assert {rows[item]["about"] for item in range(1, 5)} == {"students"}


def test_heritage_stays_in_the_answer_when_no_school_is_chosen():
    """The published school is none of the network, and choosing one of these leaves it out."""
    assert len(heritage()) == 10
    assert len(heritage(network="Hillside Network")) == 0
    assert len(heritage(school="Birch Elementary")) == 0
