"""Protects every count against a mistake of thought: random networks, answered a second time.

tests/second_answer gives the same answers in plain Python, from the rules alone. Here a random
network is written, loaded the ordinary way, and both are asked. Whole numbers must be equal, shares
within 1e-12. ROUNDTABLE_LONG_CHECKS=1 asks everything about 200 networks, and not a random part
about five of eight, others each day.

Where the two are meant to differ, it is said at the comparison.
"""

import math
import os
import random
import shutil
from contextlib import closing
from datetime import timedelta
from fractions import Fraction
from itertools import product

import duckdb
import pytest

from queries import database
from queries.absence import theirs
from queries.load import load, publish
from queries.selection import Selection
from tests.second_answer import absence, corrected, culture
from tests.second_answer.folder import read_network
from tests.second_answer.random_network import GROUPS
from tests.support.readers import ALL_NAMES, STAFF
from tests.support.sampled import sampled

LONG = os.environ.get("ROUNDTABLE_LONG_CHECKS") == "1"
SEEDS = range(200) if LONG else sampled(range(8), 5)

# By hand, each of these questions is asked at its edges in test_absence, test_definitions,
# test_culture, test_causes and test_health.
pytestmark = pytest.mark.slow

STANDING = (
    "school_name",
    "grade",
    "days_absent",
    "days_enrolled",
    "rate",
    "tier",
    "chronically_absent",
    "absences_left",
)
SURVEY = ("survey", "respondent_group", "item_id")


def same(expected, found) -> bool:
    if isinstance(expected, Fraction | float) and isinstance(found, int | float):
        # What is summed over students in no order is told to nine places.
        return abs(float(expected) - found) <= 1e-9 * max(1.0, abs(float(expected)))
    return expected == found and (expected is None) == (found is None)


def assert_same_rows(expected, found, key, columns, where) -> None:
    """The same keys, and for each the same values; the order of rows is another matter."""
    expected_rows = {tuple(row[column] for column in key): row for row in expected}
    found_rows = {tuple(row[column] for column in key): row for row in found}
    assert len(found_rows) == len(found), f"{where}: {key} is not a key"
    assert set(expected_rows) == set(found_rows), where
    for place, row in expected_rows.items():
        for column in columns:
            message = f"{where}, {place}, {column}"
            assert same(row[column], found_rows[place][column]), message


class Both:
    """One network, and a random choice of what to ask about it."""

    def __init__(self, network, seed):
        self.network = network
        self.seed = seed
        self.random = random.Random(f"choices {seed}")
        self.year = absence.default_school_year(self.network)
        years = {row["school_year"] for row in self.network.rows("calendar")}
        self.earlier_years = [
            year
            for year in sorted(years)
            if year < self.year and absence.reported_dates(self.network, year)
        ]

    def some(self, choices, number):
        """A random part of the choices, or all of them in the long checks."""
        return choices if LONG else self.random.sample(choices, number)

    def turn(self, choices, place, number=1):
        """The choices whose turn it is at one of several places, or all in the long checks: so
        that the networks together ask each choice at each place."""
        first = number * self.seed + place
        own = [choices[(first + one) % len(choices)] for one in range(number)]
        return choices if LONG else own

    def narrowings(self):
        """Pairs of the same choice of schools: for Selection, and as a set of ids."""
        schools = sorted(self.network.rows("schools"), key=lambda row: row["school_id"])
        one = self.random.choice(schools)
        yield {}, None
        for chosen in (
            {"school": one["school_name"]},
            {"school": schools[0]["school_id"]},
            {"network": "River"},
            {"neighborhood": "Harbor"},
        ):
            asked = {"network_name" if k == "network" else k: v for k, v in chosen.items()}
            yield chosen, absence.choose_schools(self.network, **asked)

    def days(self, year):
        """Random days of a year, its first and last, and None."""
        days = [row["date"] for row in self.network.rows("calendar") if row["school_year"] == year]
        span = (max(days) - min(days)).days
        return [
            None,
            min(days) + timedelta(days=self.random.randint(0, span)),
            self.random.choice(days),
        ]

    def filters(self):
        dimension = self.random.choice(sorted(GROUPS))
        value = self.random.choice([*GROUPS[dimension], "Unknown"])
        grades = ["PK", "K", "1", "3", "Unknown"]
        some = tuple(self.random.sample(grades, self.random.choice([1, 1, 2, 4])))
        asked = {"grade": some[0]} if len(some) == 1 else {"grades": some}
        return [
            ({}, {}),
            (asked, {"grade": some}),
            ({"dimension": dimension, "group_name": value}, {"group": (dimension, value)}),
        ]


@pytest.fixture(scope="module", params=SEEDS)
def loaded(request, random_network):
    """(home, both) of one random network."""
    home, network = random_network(request.param)
    return home, Both(network, request.param)


@pytest.fixture
def both(loaded, use_home):
    home, both = loaded
    use_home(home)
    return both


def ask(question: str, **chosen) -> list[dict]:
    return database.records(question, Selection(**chosen), ALL_NAMES)


def assert_same_students(both, chosen, schools, where, **choices) -> None:
    expected = [
        {"student_id": student, **row}
        for student, row in absence.students(both.network, schools=schools, **choices).items()
    ]
    found = ask("absence/students", **chosen)
    assert_same_rows(expected, found, ("student_id",), STANDING, where)


def test_students_by_school_network_and_neighborhood_under_every_definition(both):
    for place, (chosen, schools) in enumerate(both.narrowings()):
        for definition in both.turn(sorted(absence.DEFINITIONS), place, 2):
            assert_same_students(
                both,
                chosen | {"definition": definition},
                schools,
                f"{chosen} {definition}",
                definition=definition,
            )


def test_students_on_earlier_days_and_in_earlier_years(both):
    for year in [both.year, *both.earlier_years]:
        for as_of in both.days(year):
            definition = both.random.choice(sorted(absence.DEFINITIONS))
            choices = {"school_year": year, "as_of": as_of, "definition": definition}
            for chosen, schools in both.some(list(both.narrowings())[:2], 1):
                assert_same_students(
                    both, chosen | choices, schools, f"{chosen} {choices}", **choices
                )


HEADLINE = (
    "students",
    "students_not_evaluated",
    "students_absent",
    "rate",
    "days_absent",
    "days_enrolled",
    "attendance_rate",
)
COUNTS = ("students", "students_absent", "rate")


def test_headline_and_tables_by_school_grade_group_and_tier(both):
    for chosen, schools in both.narrowings():
        for chosen_filter, filters in both.some(both.filters(), 1):
            definition = both.random.choice(["federal", "fraction_of_day", "nyc"])
            asked = chosen | chosen_filter | {"definition": definition}
            choices = filters | {"schools": schools, "definition": definition}
            where = f"{asked}"
            expected = absence.headline(both.network, **choices)
            (found,) = ask("absence/headline", **asked)
            if not absence.students(both.network, **choices):
                # Nobody: the sum of no days is null in SQL, and 0 in Python.
                expected |= {"days_absent": None, "days_enrolled": None}
            assert_same_rows([expected], [found], (), HEADLINE, where)
            # A school where a filter leaves nobody has no row in SQL.
            expected = [
                row
                for row in absence.by_school(both.network, **choices)
                if row["students"] + row["students_not_evaluated"]
            ]
            found = ask("absence/by_school", **asked)
            assert_same_rows(expected, found, ("school_id",), HEADLINE, where)
            for question, table, key in (
                ("absence/by_grade", absence.by_grade, ("grade",)),
                ("absence/by_group", absence.by_group, ("dimension", "group_name")),
            ):
                expected = table(both.network, **choices)
                assert_same_rows(expected, ask(question, **asked), key, COUNTS, where)
            expected = absence.by_tier(both.network, **choices)
            found = ask("absence/by_tier", **asked)
            assert_same_rows(expected, found, ("tier",), ("students", "share"), where)


def test_schools_beside_others_of_their_level_and_need(both):
    columns = ("level", "other_schools", "by_need", *COUNTS, "expected", "low", "high", "standing")
    for place, (chosen, schools) in enumerate(both.narrowings()):
        for definition in both.turn(sorted(absence.DEFINITIONS), place):
            asked = {"definition": definition, "as_of": both.random.choice(both.days(both.year))}
            expected = absence.bright_spots(both.network, schools=schools, **asked)
            found = ask("network/bright_spots", **chosen, **asked)
            where = f"{chosen} {asked}"
            assert_same_rows(expected, found, ("school_name",), columns, where)


def test_by_month_and_the_same_day_last_year(both):
    for chosen, schools in both.narrowings():
        if schools is not None and not schools:
            continue
        as_of = both.random.choice([None, *both.days(both.year)])
        definition = both.random.choice(["federal", "england_persistent"])
        choices = {"as_of": as_of, "definition": definition}
        expected = absence.by_month(both.network, schools=schools, **choices)
        found = ask("absence/by_month", **chosen, **choices)
        columns = ("instructional_day", *COUNTS, "last_year_rate")
        assert_same_rows(expected, found, ("month_end",), columns, f"{chosen} {choices}")


def test_each_school_at_the_same_day_of_every_year(both):
    for place, (chosen, schools) in enumerate(both.narrowings()):
        for definition in both.turn(sorted(absence.DEFINITIONS), place):
            asked = {"definition": definition, "as_of": both.random.choice(both.days(both.year))}
            expected = absence.school_trend(both.network, schools=schools, **asked)
            found = ask("absence/school_trend", **chosen, **asked)
            where = f"{chosen} {asked}"
            assert_same_rows(expected, found, ("school_name", "school_year"), COUNTS, where)


def test_the_interval_of_a_change_over_schools_is_made_of_the_schools_own(both):
    for place, (chosen, _schools) in enumerate(both.narrowings()):
        for definition in both.turn(sorted(absence.DEFINITIONS), place):
            rows = ask("absence/shifts", **chosen, definition=definition)
            if not rows:
                continue
            [whole] = [row for row in rows if row["level"] == "selection"]
            schools = [
                tuple(
                    one
                    for year in ("first", "second")
                    for one in (
                        row[f"{year}_students"],
                        Fraction(row[f"{year}_students_absent"], row[f"{year}_students"]),
                    )
                )
                for row in rows
                if row["level"] == "school"
                and row["comparable"]
                and row["first_students"]
                and row["second_students"]
            ]
            assert whole["schools_compared"] == len(schools)
            low = high = None
            if schools and whole["change_points"] is not None:
                points, low, high, *_shares = culture.difference_over_schools(schools)
                if low is not None:
                    other = whole["change_points"] - float(points)
                    low, high = float(low) + min(other, 0), float(high) + max(other, 0)
            for end, expected in (("change_low", low), ("change_high", high)):
                assert whole[end] == (expected and pytest.approx(expected, abs=1e-6))


def test_early_signs_of_the_first_month(both):
    for chosen, schools in both.narrowings():
        if schools is not None and not schools:
            continue
        for chosen_filter, filters in both.some(both.filters(), 1):
            choices = {
                "as_of": both.random.choice(both.days(both.year)),
                "definition": both.random.choice(["federal", "fraction_of_day"]),
            }
            expected = absence.early_signs(both.network, schools=schools, **choices, **filters)
            found = ask("absence/early_signs", **chosen, **chosen_filter, **choices)
            assert {row["name"]: row["students"] for row in found} == expected, (chosen, choices)


def test_recorded_reasons(both):
    for place, (chosen, schools) in enumerate(both.narrowings()):
        for definition in both.turn(["federal", "fraction_of_day"], place):
            as_of = both.random.choice(both.days(both.year))
            choices = {"definition": definition, "as_of": as_of}
            expected = absence.recorded_reasons(both.network, schools=schools, **choices)
            found = ask("causes/recorded", **chosen, **choices)
            columns = ("days", "days_excused", "days_unexcused", "share", "students")
            assert_same_rows(expected, found, ("reason",), columns, f"{chosen} {choices}")


def test_why_the_share_of_days_missed_moved(both):
    for place, (chosen, schools) in enumerate(both.narrowings()):
        for definition in both.turn(["federal", "fraction_of_day"], place):
            choices = {"definition": definition, "as_of": both.random.choice(both.days(both.year))}
            found = {row["reason"]: row for row in ask("absence/why_moved", **chosen, **choices)}
            whole = [
                row
                for row in ask("absence/shifts", **chosen, **choices)
                if row["level"] == "selection"
            ]
            if not any(row["comparable"] for row in whole):
                assert not found
                continue
            expected = absence.why_moved(both.network, schools=schools, **choices)
            assert set(found) == set(expected), (chosen, choices)
            for reason, (first, second, square, units) in expected.items():
                row = found[reason]
                assert same(first, row["first_share"]), (chosen, choices, reason)
                assert same(second, row["second_share"]), (chosen, choices, reason)
                assert same(100 * (second - first), row["change_points"])
                if square is None:
                    assert row["change_low"] is None
                    continue
                margin = 100 * culture.students_t(units - 1) * math.sqrt(square)
                assert row["change_low"] == pytest.approx(
                    row["change_points"] - margin, rel=1e-6, abs=1e-5
                )
                assert row["change_high"] == pytest.approx(
                    row["change_points"] + margin, rel=1e-6, abs=1e-5
                )
            # The parts are the whole.
            parts = (row["change_points"] for reason, row in found.items() if reason)
            if None in found:
                assert sum(parts) == pytest.approx(found[None]["change_points"], abs=1e-7)


def test_everybody_is_told_of_the_newest_month_that_has_ended(both):
    for year in (both.year, *both.earlier_years):
        (told,) = database.records("health/standing", Selection(school_year=year))
        assert told["as_of"] == absence.release(both.network, year)


def test_coverage(both):
    for chosen, schools in both.narrowings():
        as_of = both.random.choice(both.days(both.year))
        expected = absence.coverage(both.network, schools=schools, as_of=as_of)
        found = ask("health/coverage", **chosen, as_of=as_of)
        key, columns = ("school_id", "week_start"), ("days_expected", "days_taken", "days_unsent")
        assert_same_rows(expected, found, key, columns, f"{chosen} {as_of}")
        expected = absence.weeks_missing(both.network, schools=schools, as_of=as_of)
        found = ask("health/weeks", **chosen, as_of=as_of)
        columns = ("schools", "schools_missing", "schools_named", "schools_unsent")
        columns += ("missing_school",)
        assert_same_rows(expected, found, ("week_start",), columns, f"{chosen} {as_of}")


@pytest.mark.parametrize("seed", range(12) if LONG else sampled(range(12), 1))
def test_weeks_without_rows_are_set_aside_but_where_nobody_is_said_to_be_absent(
    seed, random_network, use_home
):
    home, network = random_network(seed, "quiet")
    use_home(home)
    both = Both(network, seed)
    test_coverage(both)
    for year in (both.year, *both.earlier_years):
        for definition in both.some(["federal", "fraction_of_day", "days_15"], 1):
            choices = {"school_year": year, "definition": definition}
            assert_same_students(both, choices, None, f"{choices}", **choices)


def test_culture_shifts_also_with_an_assumed_n(both):
    columns = (
        "first_year",
        "second_year",
        "first_favorable",
        "second_favorable",
        "shift_points",
        "shift_low",
        "shift_high",
        "clear_of_chance",
        "first_response_rate",
        "second_response_rate",
        "item_text",
        "about",
        "schools_compared",
        "schools_new",
        "schools_gone",
        "first_all_favorable",
        "second_all_favorable",
    )
    key = ("survey", "school_name", "respondent_group", "item_id")
    for place, (chosen, schools) in enumerate(both.narrowings()):
        for assumed in both.turn([None, 40], place):
            expected = culture.shifts(both.network, schools=schools, assume_n=assumed)
            found = ask("culture/shifts", **chosen, assumed_n=assumed)
            assert_same_rows(expected, found, key, columns, f"{chosen} {assumed}")
            # Where the first year has no number here, SQL says not comparable, whatever the words.
            # A number of answers that is assumed is null in SQL, and n_assumed says so.
            expected = [row for row in expected if row["first_favorable"] is not None]
            keys = {tuple(row[column] for column in key) for row in expected}
            found = [row for row in found if tuple(row[column] for column in key) in keys]
            columns_here = ("comparable",) if assumed else ("comparable", "first_n", "second_n")
            assert_same_rows(expected, found, key, columns_here, f"{chosen} {assumed}")


def test_culture_shifts_between_other_years(both):
    years = sorted({row["school_year"] for row in both.network.rows("survey_answers")})
    # A year is compared with an earlier one, never with itself.
    first, second = (years[0], years[-1]) if len(years) > 1 else (None, None)
    choices = {"schools": None, "second_year": second, "compare_year": first}
    expected = culture.shifts(both.network, **choices)
    if second:
        expected = [row for row in expected if row["second_year"] == second]
    found = ask("culture/shifts", school_year=second, compare_year=first)
    key = ("survey", "school_name", "respondent_group", "item_id")
    columns = ("first_favorable", "second_favorable", "shift_points", "shift_low")
    assert_same_rows(expected, found, key, columns, f"{first} {second}")


def test_culture_shifts_from_fall_to_spring_of_one_year(both):
    for chosen, schools in both.narrowings():
        expected = culture.shifts(both.network, schools=schools, compare_administration="fall")
        found = ask("culture/shifts", **chosen, compare_administration="fall")
        columns = ("first_year", "second_favorable", "shift_points", "shift_low", "shift_high")
        columns += ("clear_of_chance", "schools_compared", "schools_new", "schools_gone")
        columns += ("second_response_rate",)
        key = ("survey", "school_name", "respondent_group", "item_id")
        assert_same_rows(expected, found, key, columns, f"{chosen}")


def test_culture_by_school_distribution_gaps_and_response_rates(both):
    for chosen, schools in both.narrowings():
        where = f"{chosen}"
        expected = culture.by_school(both.network, schools=schools)
        found = ask("culture/by_school", **chosen)
        columns = ("school_name", "n", "favorable", "response_rate")
        assert_same_rows(expected, found, (*SURVEY, "school_id"), columns, where)

        expected = culture.by_topic(both.network, schools=schools)
        found = ask("culture/by_topic", **chosen)
        key = ("survey", "respondent_group", "school_id", "topic")
        assert_same_rows(expected, found, key, ("items", "scales", "n", "favorable"), where)

        expected = culture.distribution(both.network, schools=schools)
        found = ask("culture/distribution", **chosen)
        key = (*SURVEY, "school_year", "answer")
        assert_same_rows(expected, found, key, ("position", "answers", "share"), where)

        # A group without an answer that counts has no share, and no gap: SQL leaves it out.
        expected = culture.group_gaps(both.network, schools=schools)
        expected = [row for row in expected if row["n_a"] and row["n_b"]]
        found = ask("culture/group_gaps", **chosen)
        key = ("survey", "item_id", "group_a", "group_b")
        columns = ("item_text", "n_a", "n_b", "favorable_a", "favorable_b", "gap_points")
        assert_same_rows(expected, found, key, (*columns, "gap_low", "gap_high"), where)

        for row in ask("culture/response_rates", **chosen):
            names = (row["survey"], row["school_year"], row["respondent_group"])
            expected = culture.response_rate(both.network, *names, schools)
            assert same(expected, row["response_rate"]), f"{where} {names}"


def test_the_random_networks_are_full_of_edges(random_network):
    """Otherwise agreement would mean little: many students exactly on a threshold, and movers."""
    exactly, at_two_schools, not_evaluated, of_nobody = 0, 0, 0, 0
    for seed in range(4):
        _home, network = random_network(seed)
        for row in absence.students(network).values():
            exactly += row["days_enrolled"] > 0 and row["rate"] == Fraction(1, 10)
            not_evaluated += row["chronically_absent"] is None
        of_nobody += sum(row["respondent_id"] is None for row in network.rows("survey_answers"))
        schools_of = {}
        for row in network.rows("enrollments"):
            key = (row["student_id"], row["school_year"])
            schools_of.setdefault(key, set()).add(row["school_id"])
        at_two_schools += sum(len(schools) > 1 for schools in schools_of.values())
    assert exactly > 5
    assert at_two_schools > 20
    assert not_evaluated > 20
    assert of_nobody > 100


EARLIER_LOADS = publish.KEPT - 1


@pytest.fixture(scope="module", params=range(7) if LONG else sampled(range(7), 1))
def corrected_home(request, random_network, tmp_path_factory):
    """A home with loads of three earlier days of a random network and the one of today: the
    network, and of each earlier load its day and the network as it was."""
    now, network = random_network(request.param)
    into, home = tmp_path_factory.mktemp("was"), tmp_path_factory.mktemp("corrected") / "home"
    chance = random.Random(f"corrected {request.param}")
    sent = {row["date"] for row in network.rows("attendance")}
    year = absence.default_school_year(network)
    days = [row["date"] for row in network.rows("calendar") if row["school_year"] == year]
    days = sorted(sent.intersection(days))
    loads = []
    for place in sorted(chance.sample(range(len(days) // 2, len(days) - 2), 3)):
        seed = f"{request.param} {place}"
        was = corrected.write_earlier(now / "files", into / f"{place}", seed, days[place])
        load(was, home, share_view=False, accept_losses=True)
        with closing(duckdb.connect(publish.path_of(home, publish.published(home)))) as made:
            made.execute("UPDATE generation SET loaded_at = ?", [days[place + 1]])
        loads.append((days[place + 1], read_network(was)))
    name = publish.new_name()
    shutil.copy(publish.path_of(now, publish.published(now)), publish.path_of(home, name))
    publish.publish(home, name)
    return home, network, year, loads


def assert_same_waterfall(here, there, steps, chosen) -> None:
    """Who is in each step, and that steps lead from the number here to the one there."""
    asked = theirs.explained(Selection(**chosen, their_number=len(there)), STAFF)
    found = {"their_date": {}, "corrected": {}}
    for row in database.records("absence/reconciled_students", asked, ALL_NAMES):
        found[row["step"]][row["student_id"]] = row["there"]
    assert found == steps, chosen
    rows = database.records("absence/reconciliation", asked, STAFF)
    told = {row["step"]: row["students"] for row in rows}
    for step, of_step in steps.items():
        assert told.pop(step, 0) == sum(1 if there else -1 for there in of_step.values()), chosen
    ends = {"here": len(here), "counted_again": 0, "unexplained": 0, "there": len(there)}
    assert told == ends, chosen


def test_who_was_corrected_since_the_day_of_another_number(corrected_home, use_home):
    """By several definitions, of all schools and of one, on the day of a load and later."""
    home, network, year, loads = corrected_home
    use_home(home)
    schools, moved = absence.school_names(network), 0
    places = [({}, set(schools)), ({"school": schools[min(schools)]}, {min(schools)})]
    definitions = ("federal", "fraction_of_day", "days_15", "severe_20")
    for (day, was), definition, place in sampled([*product(loads, definitions, places)], 4):
        here, there, steps = corrected.waterfall(was, network, year, place[1], definition, day)
        chosen = {"definition": definition, "other_definition": definition, **place[0]}
        assert_same_waterfall(here, there, steps, {"their_date": day, **chosen})
        moved += len(steps["corrected"])
    assert moved
