"""Protects culture beside absence: the numbers of both pages again, and not a word too many.

tests/second_answer/together.py answers in plain Python; here it is compared with the sample and
with random networks, small networks are answered by hand, and the words are read.
ROUNDTABLE_LONG_CHECKS=1 asks about 60 random networks, and not about two.
"""

import os
from datetime import date

import pandas as pd
import pytest

from pages.shared import formats
from pages.shared.together import charts as together_charts
from pages.shared.together import sentences as together_sentences
from queries import database, together
from queries.access import SCHOOL, Viewer
from queries.selection import Selection
from queries.team import journal, tables
from queries.team.records import Learned
from tests.conftest import copy_of
from tests.second_answer import absence, team
from tests.second_answer import together as second
from tests.support.days import DAYS, answers, calendar, enrolled, missed, weekdays
from tests.support.readers import STAFF

LONG = os.environ.get("ROUNDTABLE_LONG_CHECKS") == "1"
SEEDS = range(60) if LONG else range(2)
SHIPPED = {one.cause: one.family for one in tables.shipped_causes()}
HILLSIDE = "Hillside culture survey"
KEY = ("school_id", "school_year", "kind", "measure", "survey", "respondent_group")
COLUMNS = ("school_name", "rate", "favorable", "share", "n", "others", "standing")


def ask(**choices) -> list[dict]:
    return database.records("together/by_school", Selection(**choices), STAFF)


def shown(viewer=STAFF, **choices) -> pd.DataFrame:
    return together.by_school(Selection(**choices), viewer)


def assert_same(found, expected, where) -> None:
    found = {tuple(row[name] for name in KEY): row for row in found}
    expected = {tuple(row[name] for name in KEY): row for row in expected}
    assert set(found) == set(expected), where
    for key, row in expected.items():
        for name in COLUMNS:
            value = row[name]
            if value is not None and not isinstance(value, str | int):
                value = pytest.approx(float(value), abs=1e-12)
            assert found[key][name] == value, (where, key, name)


# --- The same numbers -------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"school_year": "2024-25"},
        {"neighborhood": "Riverside", "survey": HILLSIDE, "respondent_group": "students"},
        {"school": "S07", "respondent_group": "staff"},
        {"as_of": date(2025, 12, 19), "grade": "9"},
        {"definition": "severe_20", "neighborhood": "Hillside East"},
    ],
    ids=str,
)
def test_the_sample_network(sample, sample_home, chosen):
    network = team.sample_network()
    places = ("network", "neighborhood", "school")
    place = {name: value for name, value in chosen.items() if name in places}
    others = {name: value for name, value in chosen.items() if name not in places}
    schools = absence.choose_schools(network, **place)
    expected = second.by_school(network, sample_home, SHIPPED, schools=schools, **others)
    assert_same(ask(**chosen), expected, chosen)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_random_networks(random_network, use_home, seed):
    home, network = random_network(seed)
    use_home(home)
    years = [None, *absence.school_years(network)]
    for chosen, schools in (
        ({}, None),
        ({"network": "River"}, absence.choose_schools(network, network_name="River")),
    ):
        for year in years if LONG else [years[0], years[1]]:
            expected = second.by_school(network, school_year=year, schools=schools)
            assert_same(ask(school_year=year, **chosen), expected, (chosen, year))


@pytest.mark.slow
def test_the_random_networks_ask_what_is_looked_for_and_more(random_network):
    """Otherwise agreement would mean little."""
    measures = set()
    for seed in range(3):
        _home, network = random_network(seed)
        measures |= {row["measure"] for row in second.by_school(network)}
    assert len(measures & {"caring adult", "safety", "trust", "learning"}) >= 3


@pytest.mark.parametrize("view", ["staff", "everybody"])
@pytest.mark.parametrize("year", ["2023-24", "2024-25", "2025-26"])
def test_every_year_is_that_of_the_pages_it_stands_beside(sample, year, view):
    readers = (STAFF,) if view == "staff" else ()
    newest = database.records("together/by_school", Selection(respondent_group="staff"), *readers)
    here = [row for row in newest if row["school_year"] == year]
    asked = Selection(school_year=year, respondent_group="staff")
    rates = {
        row["school_name"]: row for row in database.records("absence/by_school", asked, *readers)
    }
    items = {
        (row["school_name"], row["item_id"]): row
        for row in database.records("culture/by_school", asked, *readers)
    }
    assert len([row for row in here if row["kind"] == "absence"]) == len(rates) == 9
    assert len([row for row in here if row["kind"] == "item"]) == 9 * 4
    ends = ("", "_at_least", "_at_most") if view == "everybody" else ("",)
    for row in here:
        there, n = rates[row["school_name"]], "students"
        for end in ends:
            assert row[f"rate{end}"] == there[f"rate{end}"]
        if row["kind"] == "family":
            continue
        name = "rate"
        if row["kind"] == "item":
            there, n, name = items[row["school_name"], row["item_id"]], "n", "favorable"
            assert row["favorable"] == there["favorable"]
        for end in ends:
            assert row[f"share{end}"] == there[f"{name}{end}"]
        assert row["n"] == there[n]


# --- By hand ----------------------------------------------------------------------------------

SCHOOLS = [
    {"school_id": "alder", "school_name": "Alder"},
    {"school_id": "birch", "school_name": "Birch"},
]
ITEM = {"item_id": "adult", "item_text": "An adult here cares.", "topic": "belonging"}


@pytest.fixture
def two_schools(make_home, use_home, tmp_path):
    """two_schools(records, **files): twenty days at Alder, where 30 of 40 miss two, and at Birch,
    where 10 of 40 do; 30 answer at each, of whom 6 and 24 agree."""

    def make(records=(), **files):
        there = [(f"{school}{n}", school, n) for school in ("alder", "birch") for n in range(40)]
        absent = {"alder": 30, "birch": 10}
        agree = {"alder": 6, "birch": 24}
        given = [
            row
            for school in ("alder", "birch")
            for row in answers(agree[school], school_id=school)
            + answers(30 - agree[school], "Disagree", agree[school] + 1, school_id=school)
        ]
        loaded = make_home(
            **{
                "schools": SCHOOLS,
                "students": [{"student_id": student} for student, *_ in there],
                "enrollments": [
                    enrolled(student, school_id=school) for student, school, _ in there
                ],
                "calendar": [
                    row for one in SCHOOLS for row in calendar(one["school_id"], DAYS[:20])
                ],
                "attendance": [
                    row
                    for student, school, n in there
                    for row in missed(student, 1, 2, school_id=school)
                    + missed(student, 20, school_id=school, code="P")
                    if n < absent[school] or row["date"] == DAYS[19]
                ],
                "survey_items": [ITEM],
                "survey_answers": given,
                **files,
            }
        )
        home = copy_of(loaded, tmp_path / "own")
        use_home(home)
        if records:
            journal.add(home, "the team", list(records))

    return make


def learned(student, cause):
    return Learned(
        student, "alder", "2025-26", cause, "family conversation", "sure", date(2025, 9, 20)
    )


@pytest.mark.slow
def test_two_schools_each_beside_the_other(two_schools):
    two_schools()
    columns = ("school_name", "measure", "share", "n", "others", "standing", "rate")
    assert [tuple(row[name] for name in columns) for row in ask()] == [
        ("Alder", "chronically absent", 0.75, 40, 0.25, "above", 0.75),
        ("Alder", "caring adult", 0.2, 30, 0.8, "below", 0.75),
        ("Birch", "chronically absent", 0.25, 40, 0.75, "below", 0.25),
        ("Birch", "caring adult", 0.8, 30, 0.2, "above", 0.25),
    ]


def test_families_are_of_those_of_whom_a_cause_is_known(two_schools):
    """Five of the absent have a cause, one of them twice the same family, one two families; who was
    not absent does not count."""
    two_schools(
        [
            learned("alder0", "anxiety"),
            learned("alder0", "bullying"),
            learned("alder1", "anxiety"),
            learned("alder1", "bored or behind"),
            learned("alder2", "asthma"),
            learned("alder3", "asthma"),
            learned("alder4", "no such cause"),
            learned("alder39", "anxiety"),
        ]
    )
    families = {
        row["measure"]: (row["share"], row["n"], row["school_name"])
        for row in ask()
        if row["kind"] == "family"
    }
    assert families == {"aversion": (0.4, 5, "Alder"), "disengagement": (0.2, 5, "Alder")}


def test_a_question_for_each_school_and_no_claim(two_schools):
    two_schools()
    table = shown()
    assert together_sentences.side_by_side(table) == (
        "Alder stands clearly apart on both: more chronic absence than the other schools, less "
        "agreement among student"
    )
    assert together_sentences.prompts(table) == [
        (
            "Alder",
            "more chronic absence and less agreement on a caring adult than at the other schools: "
            "who there could be asked what mornings are like?",
        ),
        (
            "Birch",
            "less chronic absence and more agreement on a caring adult than at the other schools: "
            "what could people there tell the other schools, if we came to listen?",
        ),
    ]
    assert "2 schools cannot show a connection" in together_sentences.side_caption(table, "absent")


def test_one_school_is_set_beside_all_that_its_reader_may_see(two_schools):
    two_schools()
    everywhere = shown()
    for of_school in (shown(school="alder"), shown(school="Alder", schools=("alder",))):
        of_all = everywhere[everywhere.school_name == "Alder"].reset_index(drop=True)
        pd.testing.assert_frame_equal(of_school, of_all)
    table = shown(school="Birch")
    assert together_sentences.prompts_reading(table) == "A question to take along"
    ((label, words),) = together_sentences.prompts(table)
    assert label == "Birch"
    assert words.startswith("less chronic absence and more agreement on a caring adult than at the")


def test_one_school_alone_is_set_beside_nothing(two_schools):
    two_schools()
    table = shown(Viewer("Ada", "team", ("alder",), SCHOOL), school="alder")
    assert table.standing.isna().all()
    assert table.others.isna().all()
    ((label, words),) = together_sentences.prompts(table)
    assert label == "Not compared"
    assert words.startswith("Alder cannot be set beside other schools here: ")
    assert "tick" not in together_sentences.side_caption(table, "absent")


@pytest.mark.slow
def test_without_a_survey_there_is_absence_and_a_word_on_the_rest(two_schools):
    two_schools(survey_items=[{**ITEM, "topic": "leadership"}])
    table = shown()
    assert set(table.kind) == {"absence"}
    assert together_sentences.side_by_side(table) == together_sentences.NO_ITEM
    assert together_sentences.items(table) == []
    assert together_sentences.asked(table) == together_sentences.NO_ITEM
    spec = together_charts.side_by_side(table, "light").to_dict()
    assert len(next(iter(spec["datasets"].values()))) == 2


def test_what_was_not_asked_is_said(two_schools):
    two_schools()
    lines = dict(together_sentences.items(shown()))
    assert lines["Caring adult"] == (
        "“An adult here cares”, according to student in 2025-26, 30 answers a school"
    )
    assert lines["Not asked"] == "student were not asked about safety, trust and asking questions"


@pytest.mark.slow
def test_the_item_that_says_the_word_goes_before_the_others_of_its_topic(two_schools):
    items = [
        {**ITEM, "item_id": "a_first", "item_text": "I belong here."},
        ITEM,
        {"item_id": "learns", "item_text": "All can learn.", "topic": "learning"},
    ]
    given = [row for item in items for row in answers(12, item_id=item["item_id"])]
    two_schools(survey_items=items, survey_answers=given)
    found = [(row["item_id"], row["measure"]) for row in ask() if row["kind"] == "item"]
    assert found == [("adult", "caring adult"), ("learns", "learning")]


LAST_YEAR = weekdays("2024-09-02", 20)


@pytest.mark.slow
def test_a_year_without_a_survey_leaves_the_newest_there_is(two_schools):
    """Answered last year alone: it stands beside this year's absence, and says so."""
    before = {"school_year": "2024-25"}
    two_schools(
        survey_items=[{**ITEM, **before}],
        survey_invited=[before],
        survey_answers=[
            {**row, **before}
            for school in SCHOOLS
            for row in answers(12, school_id=school["school_id"])
        ],
    )
    table = shown()
    assert set(zip(table.kind, table.school_year, table.recent, strict=True)) == {
        ("absence", "2025-26", 1),
        ("item", "2024-25", 1),
    }
    assert "in 2024-25" in dict(together_sentences.items(table))["Caring adult"]
    assert shown(school_year="2024-25").kind.unique().tolist() == ["item"]


@pytest.mark.slow
def test_a_changed_wording_is_not_set_beside_the_year_before(two_schools):
    years = ("2024-25", "2025-26")
    texts = dict(zip(years, ("An adult cares.", "An adult here knows me."), strict=True))
    two_schools(
        survey_items=[{**ITEM, "school_year": year, "item_text": texts[year]} for year in years],
        survey_answers=[
            {**row, "school_year": year}
            for year in years
            for one in SCHOOLS
            for row in answers(12, school_id=one["school_id"])
        ],
    )
    table = shown()
    (strips,) = together_charts.side_by_side(table, "light").to_dict()["datasets"].values()
    # The name of a school stands at its first measure alone.
    assert {row["from"] for row in strips if row["name"]} == {0}
    assert {row["name"] for row in strips if row["from"] == 0} == {"Alder", "Birch"}
    adult = [row for row in strips if row["measure"] == "Caring adult"]
    assert [row["before_told"] for row in adult] == ["asked otherwise"] * 2
    assert [row["before_x"] for row in adult] == [None] * 2
    one = table[table.school_name == "Alder"]
    (years_shown,) = together_charts.year_by_year(one, "light").to_dict()["datasets"].values()
    runs = [row["run"] for row in years_shown if row["measure"] == "Caring adult"]
    assert len(runs) == len(set(runs)) == 2


def test_what_staff_say_of_students_reads_as_theirs(sample):
    table = shown(survey=HILLSIDE, respondent_group="staff")
    of_students = table[table.about == "students"]
    assert len(of_students)
    assert all("according to staff" in words for _, words in together_sentences.items(table))
    assert "according to staff" in together_sentences.side_caption(table, "absent")
    assert "according to staff" in together_sentences.picture_caption(table)
    assert "according to staff" in together_sentences.years_caption(table, True)


@pytest.mark.parametrize("group", ["staff", "students", "families", "school_leaders"])
@pytest.mark.parametrize("viewer", [STAFF, None], ids=["staff", "everybody"])
def test_no_word_claims_that_one_comes_from_the_other(sample, group, viewer):
    choice = Selection(survey=HILLSIDE, respondent_group=group)
    table = together.by_school(choice, viewer) if viewer else together.by_school(choice)
    prompts = together_sentences.prompts(table)
    assert all(words.endswith("?") for _, words in prompts)
    words = " ".join(
        [
            together_sentences.side_by_side(table),
            together_sentences.side_caption(table, "chronically absent"),
            together_sentences.picture_caption(table),
            together_sentences.prompts_reading(table),
            together_sentences.PROMPTS_CAPTION,
            *(part for line in prompts for part in line),
        ]
    ).lower()
    for claim in ("because", "correlat", "due to", "leads to", "causes of absence", "explains"):
        assert claim not in words
    assert "cannot show a connection" in words
    named = [name for name in table.school_name.unique() if name.lower() not in words]
    assert not named, "every school has a question"


# --- The share view ---------------------------------------------------------------------------


@pytest.fixture(scope="module", params=range(12) if LONG else [29])
def small_home(request, network_of_small_cells):
    """A random network full of small cells; tests only read it."""
    return network_of_small_cells(request.param)


@pytest.mark.slow
def test_everybody_sees_nothing_below_ten_and_nothing_exact(small_home, sample_home, use_home):
    for home in (small_home, sample_home):
        use_home(home)
        rows = database.records("together/by_school", Selection())
        (stands,) = database.records("health/standing", Selection())
        exact = {tuple(row[name] for name in KEY): row for row in ask(as_of=stands["as_of"])}
        assert {row["kind"] for row in rows} == {"absence", "item"}
        for row in rows:
            truth = exact.get(tuple(row[name] for name in KEY))
            told = {name for name in ("share", "share_at_most", "n") if row[name] is not None}
            assert not (row["withheld"] and told & {"share", "share_at_most"})
            if not told:
                continue
            assert row["n"] is None or row["n"] >= 10
            if row["kind"] == "item":
                assert row["n"] <= truth["n"] <= row["n_high"]
            elif row["n"] is not None:
                assert row["n"] % 10 == 0
            for name in ("rate", "favorable", "share", "share_at_least", "share_at_most", "others"):
                if row[name] is not None:
                    assert round(100 * row[name], 9) == round(100 * row[name])
            if row["share"] is not None:
                assert abs(row["share"] - truth["share"]) <= 0.005 + 1e-9
                # Nobody and everybody are never told.
                assert 0 < row["share"] < 1
            elif row["share_at_most"] is not None:
                assert row["share_at_least"] <= truth["share"] <= row["share_at_most"]


@pytest.mark.slow
def test_what_stands_apart_for_everybody_is_made_of_what_is_told(small_home, use_home):
    """The others of a school are the other rows of the same table, and no hidden one."""
    use_home(small_home)
    table = together.by_school(Selection())
    like = ["kind", "measure", "survey", "respondent_group", "school_year"]
    checked = 0
    for _, rows in table.groupby(like, dropna=False):
        for row in rows.itertuples():
            others = rows[(rows.school_id != row.school_id) & rows.share.notna()]
            if others.empty:
                assert formats.is_missing(row.others)
                assert formats.is_missing(row.standing)
            else:
                together_share = (others.share * others.n).sum() / others.n.sum()
                assert abs(row.others - together_share) <= 0.005 + 1e-9
                checked += 1
    assert checked


def test_the_chart_for_everybody_holds_no_count_and_no_share_beyond_the_table(sample):
    table = together.by_school(Selection(survey=HILLSIDE, respondent_group="staff"))
    for chart, rows in (
        (together_charts.side_by_side, table),
        (together_charts.year_by_year, table[table.school_name == "Willow High"]),
    ):
        (data,) = chart(rows, "light").to_dict()["datasets"].values()
        for row in data:
            assert not {"n", "n_high", "students", "share_low", "standing"} & set(row)
            assert all(not isinstance(value, float) or value >= 0 for value in row.values())
