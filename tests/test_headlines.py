"""Protects headlines: picked from many comparisons, they name no change where nothing changed."""

import math
import os
import re
from functools import lru_cache

import duckdb
import numpy as np
import pandas as pd
import pytest

from queries import database
from queries.selection import Selection
from queries.server import open_cursor
from tests.conftest import PROJECT
from tests.second_answer.culture import students_t
from tests.support.days import answers
from tests.support.readers import STAFF

LONG = bool(os.environ.get("ROUNDTABLE_LONG_CHECKS"))
TABLES = PROJECT / "queries" / "tables"


@pytest.fixture(scope="session")
def rules():
    """A connection that knows the rules on intervals and on many comparisons, and nothing else."""
    wanted = r"MACRO (wilson|newcombe|students_t|shift_over|times_over|beyond|chance_of|held_among)"
    with duckdb.connect() as connection:
        for path in ("06_survey.sql", "07_shifts.sql"):
            for statement in duckdb.extract_statements((TABLES / path).read_text("utf-8")):
                if re.search(wanted, statement.query):
                    connection.execute(statement.query)
        yield connection


# --- How likely chance is ---------------------------------------------------------------------


@pytest.mark.slow
def test_chance_is_a_twentieth_where_the_interval_just_touches_zero(rules):
    for schools in (None, 1, 3, 4, 9, 15, 40, 500):
        for moved, low, high in ((10, 0, 20), (-7, -15, 0)):
            [[chance]] = rules.execute(
                "SELECT chance_of($1, $2, $3, $4)", [moved, low, high, schools]
            ).fetchall()
            assert chance == pytest.approx(0.05, abs=1e-5), (schools, moved)
    [[nothing]] = rules.execute("SELECT chance_of(0, -5, 5, 9)").fetchall()
    assert nothing == pytest.approx(1)


def test_chance_is_that_of_the_normal_distribution_and_of_students_t(rules):
    """The error function of Python; of t the areas of a finer rule, strip by strip."""
    for z in (0.1, 1, 1.96, 3, 4.5):
        [[found]] = rules.execute("SELECT beyond_normal($1)", [z]).fetchall()
        assert found == pytest.approx(math.erfc(z / math.sqrt(2)), abs=2e-7)
    for degrees in (2, 3, 4, 7, 8, 14, 30):
        for t in (0.5, 2, students_t(degrees), 8):
            [[found]] = rules.execute("SELECT beyond_t($1, $2)", [t, degrees]).fetchall()
            assert found == pytest.approx(beyond(t, degrees), abs=1e-7), (degrees, t)


def beyond(t, degrees, strips=4000):
    """Outside -t and t: the density is a power of the cosine of the angle whose tangent is
    t / sqrt(degrees)."""
    angles = np.linspace(0, math.pi / 2, strips * 10 + 1)
    heights = np.cos(angles) ** (degrees - 1)
    inside = np.linspace(0, math.atan(t / math.sqrt(degrees)), strips + 1)
    whole = np.trapezoid(heights, angles)
    return 1 - np.trapezoid(np.cos(inside) ** (degrees - 1), inside) / whole


HELD = {
    # chance of each comparison, ordered, and which hold
    "one at the edge": ((0.05,), (True,)),
    "one beyond": ((0.0501,), (False,)),
    "the first of two needs half": ((0.025, 0.9), (True, False)),
    "a hair too much": ((0.0251, 0.9), (False, False)),
    "the second carries the first": ((0.04, 0.05), (True, True)),
    "a later one carries all before it": ((0.02, 0.03, 0.0374, 0.9), (True, True, True, False)),
    "which it must reach": ((0.02, 0.03, 0.0376, 0.9), (False, False, False, False)),
    "alike ones count together": ((0.03, 0.03, 0.9), (True, True, False)),
    "what cannot be called clear is no comparison": ((0.05, None), (True, False)),
    "none": ((), ()),
}


@pytest.mark.parametrize("case", HELD)
def test_what_holds_among_all(rules, case):
    chances, holds = HELD[case]
    rules.register(
        "compared", pd.DataFrame({"chance": pd.Series(chances, dtype="Float64"), "among": 1})
    )
    rows = rules.execute(
        "SELECT holds FROM held_among('compared') ORDER BY chance NULLS LAST"
    ).fetchall()
    assert tuple(held for (held,) in rows) == holds


# --- Relabelled years -------------------------------------------------------------------------

ANSWERED = """
SELECT given.respondent_group, given.school_id, given.item_id, given.respondent_id,
    given.school_year, CAST(bool_or(answer_count.favorable) AS INTEGER) AS favorable
FROM survey_answers AS given
JOIN survey_item USING (survey, school_year, respondent_group, item_id)
JOIN answer_label ON answer_label.scale = survey_item.scale AND answer_label.given = given.answer
JOIN answer_count
    ON answer_count.survey = given.survey
    AND answer_count.school_year = given.school_year
    AND answer_count.school_id = given.school_id
    AND answer_count.respondent_group = given.respondent_group
    AND answer_count.item_id = given.item_id
    AND answer_count.answer = answer_label.answer
    AND answer_count.counts
WHERE given.school_year IN (SELECT unnest($years))
GROUP BY ALL
"""


@lru_cache(maxsize=1)
def people(home: str) -> dict:
    """(group, school): the answers of each person of two years, a column an item, NaN for none; and
    how many of them are of the first year."""
    generation = database.current_generation()
    years = ["2024-25", "2025-26"]
    cursor = open_cursor(database.home(), generation)
    rows = cursor.execute(ANSWERED, {"years": years}).df()
    cursor.close()
    found = {}
    for key, given in rows.groupby(["respondent_group", "school_id"]):
        table = given.pivot(
            index=["school_year", "respondent_id"], columns="item_id", values="favorable"
        )
        first = int((table.index.get_level_values(0) == years[0]).sum())
        found[key] = (table.columns, table.to_numpy(float), first)
    return found


def relabelled(given: dict, schools: set[str], pages: int, random) -> pd.DataFrame:
    """One row per page, group, item and school: of each person the year drawn by lot."""
    rows = []
    for (group, school), (items, said, first) in given.items():
        if school not in schools:
            continue
        for page in range(pages):
            mixed = random.permutation(said)
            of_years = {"first": mixed[:first], "second": mixed[first:]}
            n = {year: (~np.isnan(one)).sum(axis=0) for year, one in of_years.items()}
            yes = {year: np.nansum(one, axis=0) for year, one in of_years.items()}
            both = (n["first"] > 0) & (n["second"] > 0)
            rows.append(
                pd.DataFrame(
                    {
                        "survey": page,
                        "respondent_group": group,
                        "item_id": items[both],
                        "school_name": school,
                        **{f"{year}_n": n[year][both] for year in n},
                        **{f"{year}_favorable": yes[year][both] / n[year][both] for year in n},
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


def absent(schools: set[str], pages: int, random) -> pd.DataFrame:
    """One row per page and place: students and how many of them are chronically absent, the year of
    each drawn by lot; of several schools also all together."""
    rows = []
    names = {
        row["school_name"]: row["school_id"]
        for row in database.records("choices/schools", Selection())
    }
    for row in database.records("absence/shifts", Selection(), STAFF):
        if row["level"] == "school" and names[row["place"]] in schools:
            first, second = row["first_students"], row["second_students"]
            away = row["first_students_absent"] + row["second_students_absent"]
            drawn = random.hypergeometric(away, first + second - away, first, pages)
            rows.append(
                pd.DataFrame(
                    {
                        "survey": range(pages),
                        "place": row["place"],
                        "first_n": first,
                        "second_n": second,
                        "first_away": drawn,
                        "second_away": away - drawn,
                    }
                )
            )
    each = pd.concat(rows, ignore_index=True)
    everybody = each.drop(columns="place").groupby("survey", as_index=False).sum()
    return each if len(schools) == 1 else pd.concat([each, everybody.assign(place="all")])


CLAIMS = """
WITH shift AS (
    SELECT survey, chance_of(shift_points, shift_low, shift_high, schools) AS chance
    FROM shift_over_schools('answered')
    WHERE shift_low IS NOT NULL AND least(first_n, second_n) >= 10
    UNION ALL
    SELECT survey, chance_of(
        second_away / second_n - first_away / first_n,
        newcombe_low(first_away / first_n, first_n, second_away / second_n, second_n),
        newcombe_high(first_away / first_n, first_n, second_away / second_n, second_n),
        NULL
    )
    FROM away
),
compared AS (SELECT survey AS among, chance FROM shift),
page AS (
    SELECT among, bool_or(holds) AS claims, bool_or(chance < 0.05) AS seems
    FROM held_among('compared')
    GROUP BY among
)
SELECT count(*) FILTER (WHERE claims), count(*) FILTER (WHERE seems), count(*) FROM page
"""


@pytest.mark.slow
@pytest.mark.parametrize("schools", ["all", "one"])
def test_of_pages_on_which_nothing_changed_few_have_a_headline(sample, rules, schools):
    """The people and the students of the sample, the year of each drawn by lot: of 100 pages at
    most five claim a change; picked by interval alone more than a third would."""
    pages, random = 1500 if LONG else 250, np.random.default_rng(11)
    given = people(str(database.home()))
    chosen = {school for _group, school in given}
    if schools == "one":
        chosen = {sorted(chosen)[0]}
    rules.register("answered", relabelled(given, chosen, pages, random))
    rules.register("away", absent(chosen, pages, random))
    ((claims, seems, told),) = rules.execute(CLAIMS).fetchall()
    figures = f"{claims} of {told} pages claim a change, {seems} would by interval alone"
    assert told == pages
    assert claims <= 0.05 * pages + 2 * math.sqrt(0.05 * 0.95 * pages), figures
    assert seems > 0.33 * pages, figures


@pytest.mark.slow
def test_everybody_is_told_of_nothing_that_holds_for_them_alone(sample):
    """Fewer shifts are told to everybody; they were picked from as many."""
    for group in ("staff", "students", "families", None):
        asked = Selection(respondent_group=group)
        held, shared = (
            {
                (row["respondent_group"], row["item_id"])
                for row in database.records("culture/shifts", asked, *viewer)
                if row["holds"]
            }
            for viewer in ((STAFF,), ())
        )
        assert shared <= held, group
    # Of one school everybody is told a band at the end of February.
    for viewer, compared in (((STAFF,), 53), ((), 52)):
        rows = database.records("overview/what_moved", Selection(), *viewer)
        assert {row["all_comparisons"] for row in rows} == {compared}


@pytest.mark.slow
@pytest.mark.parametrize("others, told", [(0, True), (1, False)])
def test_a_change_that_is_clear_alone_is_no_headline_among_more(network, others, told):
    """65 of 150, then 84 of 150: a chance of about 0.028, below 0.05 and not below half of it."""
    items = ["adult", *(f"other {number}" for number in range(others))]
    agree = {item: (75, 75) for item in items} | {"adult": (65, 84)}
    years = ("2024-25", "2025-26")
    network(
        survey_items=[
            {"item_id": item, "item_text": item, "school_year": year}
            for item in items
            for year in years
        ],
        survey_answers=[
            row
            for item in items
            for year, yes in zip(years, agree[item], strict=True)
            for row in answers(yes, school_year=year, item_id=item)
            + answers(150 - yes, "Disagree", first=yes + 1, school_year=year, item_id=item)
        ],
        attendance=[],
    )
    row = next(
        row
        for row in database.records("culture/shifts", Selection(), STAFF)
        if row["item_id"] == "adult"
    )
    assert row["clear_of_chance"] is True
    assert round(row["chance"], 3) == 0.028
    assert row["holds"] is told
    moved = database.records("overview/what_moved", Selection(), STAFF)
    assert bool(moved) is told
