"""Protects how numbers and names read: rounding, signs, the unknown, and text that stays text."""

import datetime as dt
import re

import pandas as pd
import pytest

from pages.shared import formats

MISSING = [None, float("nan"), pd.NaT, pd.NA]


@pytest.mark.parametrize(
    "share, shown",
    [
        (0, "0%"),
        (0.005, "1%"),
        (0.00499, "0%"),
        (0.125, "13%"),
        (0.135, "14%"),
        (0.145, "15%"),
        (0.285, "29%"),
        (0.575, "58%"),
        (0.994999, "99%"),
        (0.995, "100%"),
        (1, "100%"),
        # One of eight, one of forty, seven of forty: halves of a percent, as integers give them.
        (1 / 8, "13%"),
        (1 / 40, "3%"),
        (7 / 40, "18%"),
    ],
)
def test_a_half_percent_goes_up(share, shown):
    assert formats.percent(share) == shown
    assert formats.cell_percent(share) == shown


def test_every_half_percent_of_every_small_group_goes_up():
    """Shares of up to 400 people, against whole numbers alone."""
    for people in range(1, 401):
        for part in range(people + 1):
            expected = (200 * part + people) // (2 * people)
            assert formats.percent(part / people) == f"{expected}%", (part, people)


@pytest.mark.parametrize(
    "share, shown", [(0.9325, "93.3%"), (0.92594, "92.6%"), (0, "0.0%"), (1, "100.0%")]
)
def test_attendance_has_tenths(share, shown):
    assert formats.tenth_percent(share) == shown


@pytest.mark.parametrize(
    "value, whole",
    [(0.5, 1), (-0.5, -1), (1.5, 2), (-1.5, -2), (2.5, 3), (-2.5, -3), (0.49, 0), (-0.49, 0)],
)
def test_halves_go_away_from_zero(value, whole):
    assert formats.whole(value) == whole


@pytest.mark.parametrize(
    "value, shown",
    [
        (10.2, "+10"),
        (-1.9, "−2"),
        (0.4, "0"),
        (-0.4, "0"),
        (-0.5, "−1"),
        (0.5, "+1"),
        (0, "0"),
    ],
)
def test_signs(value, shown):
    assert formats.signed(value) == shown
    assert "-" not in formats.signed(value), "a minus sign, no hyphen"


@pytest.mark.parametrize(
    "value, shown",
    [
        (1, "+1 point"),
        (-1.2, "−1 point"),
        (2, "+2 points"),
        (0, "0 points"),
        (-10.6, "−11 points"),
        (0.5, "+1 point"),
        (0.49, "+0.5 points"),
        (-0.04, "−0.04 points"),
    ],
)
def test_points_in_words(value, shown):
    assert formats.points(value) == shown


@pytest.mark.parametrize(
    "share, goal, shown",
    [
        (0.76, 0.8, "76%"),
        (0.7951, 0.8, "79.5%"),
        (0.7949, 0.8, "79%"),
        (0.7996, 0.8, "79.96%"),
        (0.8, 0.8, "80%"),
        (0.1 + 0.7, 0.8, "80%"),
        (0.8004, 0.8, "80.04%"),
        (799_999 / 1_000_000, 0.8, "79.9999%"),
        (0.9996, 1, "99.96%"),
        (1, 1, "100%"),
        (None, 0.8, "not known"),
    ],
)
def test_a_share_beside_its_goal_shows_on_which_side_it_lies(share, goal, shown):
    assert formats.percent_against(share, goal) == shown


def test_no_share_of_any_number_of_students_seems_to_meet_a_goal_that_it_misses():
    for whole in (7, 59, 199, 3965):
        for part in range(whole + 1):
            for goal in (0, 10, 33, 80, 100):
                shown = float(formats.percent_against(part / whole, goal / 100)[:-1])
                assert (shown < goal) == (100 * part < goal * whole), (part, whole, goal)
                assert (shown > goal) == (100 * part > goal * whole), (part, whole, goal)


def test_shares_said_to_differ_never_read_alike():
    assert formats.percents_apart(0.25, 0.3) == ("25%", "30%")
    assert formats.percents_apart(0.2512, 0.2538) == ("25.1%", "25.4%")
    assert formats.percents_apart(0.2512, 0.2538, least=1) == ("25.1%", "25.4%")
    assert formats.percents_apart(0.25, 0.25) == ("25%", "25%")
    assert formats.percents_apart(None, 0.25) == ("not known", "25%")


def test_shares_said_to_lie_apart_show_that_they_do():
    assert formats.percents_further(1, 0.9, 5) == ("100%", "90%")
    assert formats.percents_further(0.946, 0.8952, 5) == ("94.6%", "89.5%")
    assert formats.percents_further(0.95, 0.9, 5) == ("95%", "90%"), "exactly five, never more"
    assert formats.percents_further(None, 0.9, 5) == ("not known", "90%")


def test_intervals_in_words():
    assert formats.interval(-4.4, 1.2) == "−4 to +1"
    # An end that would be printed as zero shows on which side it lies.
    assert formats.interval(0.5, 12.44) == "+1 to +12"
    assert formats.interval(0.49, 12.44) == "+0.5 to +12.4"
    assert formats.interval(-12, -0.04) == "−12.00 to −0.04"
    assert formats.interval(0, 3.2) == "0 to +3"
    assert formats.interval(-0.0001, 3.2) == "0.000 to +3.200"
    assert formats.interval(None, 1.2) == formats.UNKNOWN
    assert formats.interval(1.2, float("nan")) == formats.UNKNOWN


@pytest.mark.parametrize("missing", MISSING, ids=repr)
def test_the_unknown_is_said_and_never_a_number(missing):
    assert formats.is_missing(missing)
    for form in (
        formats.count,
        formats.percent,
        formats.tenth_percent,
        formats.points,
        formats.signed,
        formats.day,
    ):
        assert form(missing) == formats.UNKNOWN
    assert formats.cell_percent(missing) == ""
    assert formats.WORDS["claim"](missing) == formats.UNKNOWN


@pytest.mark.parametrize("value", [0, 0.0, False, "", "None", dt.date(2026, 3, 20)])
def test_what_is_there_is_not_missing(value):
    assert not formats.is_missing(value)


def test_counts():
    assert formats.count(0) == "0"
    assert formats.count(1234567) == "1,234,567"
    assert formats.number(0, "school", "schools") == "0 schools"
    assert formats.number(1, "school", "schools") == "1 school"
    assert formats.number(1000, "school", "schools") == "1,000 schools"


def test_days_have_no_leading_zero_and_no_numbers_for_months():
    assert formats.day(dt.date(2026, 3, 2)) == "March 2, 2026"
    assert formats.day(pd.Timestamp("2026-03-20")) == "March 20, 2026"
    assert formats.day_and_time(pd.Timestamp("2026-03-02 09:05")) == "March 2, 2026, 09:05"
    assert formats.month(dt.date(2026, 3, 2)) == "Mar"


def test_names():
    assert formats.sentence_case("school_leaders") == "School leaders"
    assert formats.sentence_case("") == ""
    assert formats.dimension("english_learner") == "English learner"
    assert formats.dimension("shoe_size") == "Shoe size"
    assert formats.group("disability", "yes") == "Disability: yes"
    assert formats.group("home_language", "Spanish") == "Spanish"
    assert [formats.group("gender", one) for one in ("F", "Female")] == ["Gender: F", "Female"]
    assert formats.group("home_language", "Unknown") == "Home language: unknown"


MARKUP = "\\`*_{}[]()<>#+-.!|~$:"


@pytest.mark.parametrize("mark", MARKUP)
def test_every_mark_of_markup_is_escaped(mark):
    assert formats.plain(f"a{mark}b") == f"a\\{mark}b"


def test_plain_text_loses_and_gains_nothing():
    """What Markdown shows of it is what was there: taking the escapes away gives the text back."""
    every_character = "".join(chr(code) for code in range(32, 0x250))
    for text in (MARKUP, every_character, "Öğretmen 学校 – “q”", "![x](http://h/t.png)"):
        escaped = formats.plain(text)
        assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped).replace("\u2060", "") == text


def test_plain_takes_what_is_no_text():
    assert formats.plain(ValueError("a*b")) == "a\\*b"
    assert formats.plain(12) == "12"


def test_every_heading_of_a_table_says_how_its_values_read():
    kinds = {"claim", "count", "date", "percent", "points", "text", "trend", *formats.WORDS}
    for column, (heading, kind) in formats.COLUMNS.items():
        assert heading[:1].isupper(), column
        assert kind in kinds, column


@pytest.mark.parametrize("students", [*MISSING, 0, 7])
def test_a_rate_of_a_withheld_number_of_students_is_withheld_and_of_none_too_early(students):
    row = pd.Series(
        {"rate": pd.NA, "rate_at_least": pd.NA, "rate_at_most": pd.NA, "students": students},
        dtype=object,
    )
    told = formats.TOO_EARLY if students is not pd.NA and students == 0 else formats.WITHHELD
    assert formats.figure(row, "rate") == told


def test_a_figure_reads_by_the_columns_of_its_own_row():
    def told(value, least=None, most=None) -> str:
        row = pd.Series({"rate": value, "rate_at_least": least, "rate_at_most": most})
        return formats.figure(row, "rate")

    assert told(0.24) == "24%"
    assert told(None, 0.2, 0.3) == "20% to 30%"
    assert told(None, 0, 0.17) == "17% or less"
    assert told(None, 0.83, 1) == "83% or more"
    assert told(None) == "withheld"
    exact = pd.Series({"rate": 0.2449})
    assert formats.figure(exact, "rate") == "24%"
    assert formats.figure(exact, "rate", formats.tenth_percent) == "24.5%"
    assert formats.figure(pd.Series({"rate": None}), "rate") == "not known"


@pytest.mark.parametrize("missing", MISSING)
def test_a_count_reads_by_the_columns_of_its_own_row(missing):
    def read(value, **more) -> tuple[str, str]:
        row = pd.Series({"students": value} | more, dtype=object)
        return formats.amount(row), formats.students(row)

    assert read(1) == ("1", "1 student")
    assert read(1234) == ("1,234", "1,234 students")
    assert read(missing) == ("not known", "not known")
    assert read(130, withheld=False) == ("about 130", "about 130 students")
    assert read(missing, withheld=True) == ("withheld", "withheld")


def test_answers_and_points_read_by_the_columns_of_their_own_row():
    exact = pd.Series({"n": 34, "n_high": 34, "change_points": -3.58})
    assert (formats.answers(exact), formats.moved(exact, "change_points")) == ("34", "−3.6 points")
    coded = pd.Series({"n": 21, "n_high": 40, "change_points": -4.0, "withheld": False})
    assert formats.answers(coded) == "21 to 40 answers"
    assert formats.moved(coded, "change_points") == "−4 points"
