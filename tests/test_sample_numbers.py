"""Protects the numbers of the sample network, as they stood when they were written down.

They change only with a line in the changelog that says why. The stories and the people are those
that sample_data/README.md promises.
"""

import re
from pathlib import Path

import duckdb
import pytest

from queries import database
from queries.load import publish
from queries.selection import Selection
from tests.support.readers import ALL_NAMES

README = Path(__file__).resolve().parent.parent / "sample_data" / "README.md"

pytestmark = pytest.mark.usefixtures("sample")

HEADLINE = {
    # year: (students, not evaluated, chronically absent, days absent, days enrolled)
    "2023-24": (3928, 25, 1057, 53570, 681008),
    "2024-25": (3946, 18, 1035, 50281, 657195),
    "2025-26": (3965, 25, 933, 31255, 457570),
}

BY_SCHOOL = {
    # school: (students, chronically absent) in 2023-24, 2024-25 and 2025-26
    "Alder Elementary": ((491, 113), (495, 124), (487, 102)),
    "Birch Elementary": ((427, 151), (428, 146), (432, 110)),
    "Cedar Middle": ((487, 124), (490, 126), (495, 110)),
    "Hawthorn High": ((646, 221), (663, 199), (646, 172)),
    "Juniper Middle": ((417, 60), (417, 63), (425, 52)),
    "Linden Elementary": ((479, 117), (484, 117), (481, 109)),
    "Maple Elementary": ((406, 80), (410, 72), (426, 101)),
    "Rowan High": ((440, 135), (440, 124), (430, 107)),
    "Willow High": ((276, 103), (274, 117), (273, 90)),
}

BY_DEFINITION = {
    # definition: (students evaluated, chronically absent) in 2025-26
    "federal": (3965, 933),
    "nyc": (3964, 932),
    "fraction_of_day": (3965, 863),
    "over_10": (3965, 913),
    "severe_20": (3965, 161),
    "min_20_days": (3953, 928),
    "california": (3935, 924),
    "new_jersey": (3907, 915),
    "rhode_island": (3825, 895),
    "days_15": (3978, 580),
    "days_18": (3978, 361),
    "england_persistent": (3978, 864),
    "england_severe": (3978, 1),
}

SHIFTS = {
    # the only items of 2025-26 that moved clear of chance: (n, n, shift in points)
    ("staff", "peer_feedback"): (259, 268, 14.5),
    ("staff", "leadership_listens"): (267, 272, 11.3),
    ("students", "absence_asked"): (1920, 2035, 8.2),
    ("families", "absence_asked"): (1234, 1248, 4.8),
    ("families", "district_two_way"): (1077, 1135, -11.4),
}

# As in the README's "People worth looking up": (year, school asked, days missed, days enrolled,
# chronically absent). Without a school: in the network.
PEOPLE = [
    ("900001", "2025-26", None, 2, 9, None),
    ("900002", "2025-26", None, 1, 10, True),
    ("900003", "2025-26", None, 1, 11, False),
    ("900004", "2024-25", None, 18, 180, True),
    ("900005", "2024-25", None, 17, 180, False),
    ("900006", "2024-25", None, 15, 150, True),
    ("900007", "2024-25", None, 14, 150, False),
    ("900008", "2025-26", None, 12, 120, True),
    ("900009", "2025-26", None, 11, 120, False),
    ("900010", "2024-25", "Juniper Middle", 12, 60, True),
    ("900010", "2024-25", "Cedar Middle", 4, 100, False),
    ("900010", "2024-25", None, 16, 160, True),
    ("900011", "2025-26", "Birch Elementary", 6, 40, True),
    ("900011", "2025-26", "Maple Elementary", 3, 79, False),
    ("900011", "2025-26", None, 9, 119, False),
    ("900012", "2025-26", "Hawthorn High", 6, 117, False),
    ("900012", "2025-26", "Willow High", 14, 119, True),
    ("900012", "2025-26", None, 6, 121, False),
    ("900013", "2025-26", None, 8, 119, False),
    ("900014", "2025-26", None, 5, 118, False),
    ("900015", "2025-26", None, 2, 60, False),
    ("900016", "2025-26", None, 7, 92, False),
    ("900017", "2025-26", None, 0, 0, None),
    ("900018", "2025-26", None, 9, 118, False),
    ("900019", "2025-26", None, 15, 15, True),
    ("900020", "2025-26", None, 0, 54, False),
    ("900021", "2025-26", None, 14, 117, True),
    ("900022", "2025-26", None, 10, 100, True),
    ("900023", "2025-26", None, 0, 100, False),
]

OTHERWISE = [
    # the same people by another definition
    ("900009", "over_10", 11, 120, False),
    ("900008", "over_10", 12, 120, False),
    ("900019", "nyc", 15, 15, None),
    ("900020", "fraction_of_day", 6, 54, True),
    ("900021", "fraction_of_day", 8, 117, False),
]


def answer(question: str, **choices) -> list[dict]:
    return database.records(question, Selection(**choices), ALL_NAMES)


def standing(student: str, **choices) -> tuple:
    row = next(row for row in answer("absence/students", **choices) if row["student_id"] == student)
    return row["days_absent"], row["days_enrolled"], row["chronically_absent"]


@pytest.mark.parametrize("year", HEADLINE)
def test_headline(year):
    row = answer("absence/headline", school_year=year)[0]
    names = ("students", "students_not_evaluated", "students_absent", "days_absent")
    assert tuple(row[name] for name in (*names, "days_enrolled")) == HEADLINE[year]


@pytest.mark.parametrize("place, year", enumerate(HEADLINE))
def test_by_school(place, year):
    rows = answer("absence/by_school", school_year=year)
    assert {row["school_name"]: (row["students"], row["students_absent"]) for row in rows} == {
        school: years[place] for school, years in BY_SCHOOL.items()
    }


def test_by_definition():
    rows = answer("absence/by_definition")
    found = {row["definition"]: (row["students"], row["students_absent"]) for row in rows}
    assert found == BY_DEFINITION


def test_items_that_moved_clear_of_chance():
    rows = answer("culture/shifts", survey="Hillside culture survey")
    found = {
        (row["respondent_group"], row["item_id"]): (
            row["first_n"],
            row["second_n"],
            round(row["shift_points"], 1),
        )
        for row in rows
        if row["clear_of_chance"]
    }
    assert found == SHIFTS


def test_the_overview_in_words():
    assert [row["sentence"] for row in answer("overview/what_moved")] == [
        "Fewer families answer favorably on “District leadership provides an opportunity for"
        " two-way communication”: 54%, down from 66% in 2024-25.",
        "At Birch Elementary, fewer students are on track to be chronically absent: 25%, against"
        " 37% at the same point of 2024-25.",
    ]


# --- The stories ------------------------------------------------------------------------------


def test_birch_improves_by_about_twelve_points_and_maple_is_not_claimed():
    rows = {row["place"]: row for row in answer("absence/shifts") if row["level"] == "school"}
    assert round(rows["Birch Elementary"]["change_points"]) == -12
    assert rows["Birch Elementary"]["clear_of_chance"] is True
    maple = rows["Maple Elementary"]
    assert maple["change_low"] > 0  # it looks worse, beyond chance
    assert (maple["comparable"], maple["clear_of_chance"]) == (False, False)


def test_items_that_cannot_be_compared():
    rows = answer("culture/shifts", survey="Hillside culture survey")
    not_comparable = {row["item_id"] for row in rows if not row["comparable"]}
    assert not_comparable == {"speak_openly", "time_together"}
    assert {row["item_id"] for row in rows if row["reverse_scored"]} == {"bullying"}


def test_who_answered():
    families = [row for row in answer("culture/response_rates", respondent_group="families")]
    rates = {row["school_year"]: row["response_rate"] for row in families}
    assert rates["2024-25"] is None
    assert 0.4 < rates["2025-26"] < 0.6
    leaders = answer(
        "culture/response_rates", respondent_group="school_leaders", school="Cedar Middle"
    )
    assert leaders[-1]["respondents"] == leaders[-1]["invited"] == 6


# --- The people -------------------------------------------------------------------------------


def test_the_people_stand_where_the_readme_says():
    for student, year, school, *expected in PEOPLE:
        found = standing(student, school_year=year, school=school)
        assert found == tuple(expected), (student, school)


def test_the_people_by_other_definitions():
    for student, definition, *expected in OTHERWISE:
        assert standing(student, definition=definition) == tuple(expected), (student, definition)


def test_everybody_of_the_readme_is_looked_up_here():
    named = set(re.findall(r"^\| (9\d{5}) \|", README.read_text(encoding="utf-8"), re.MULTILINE))
    grade_unknown = {"900024"}
    assert named == {student for student, *_rest in PEOPLE} | grade_unknown
    rows = answer("absence/students", grade="Unknown")
    assert grade_unknown <= {row["student_id"] for row in rows}


def test_names_are_the_readmes():
    text = README.read_text(encoding="utf-8")
    names = dict(re.findall(r"^\| (9\d{5}) \| ([^|]+?) \|", text, re.MULTILINE))
    found = {
        row["student_id"]: row["student_name"]
        for year in HEADLINE
        for row in answer("absence/students", school_year=year)
    }
    assert {student: found[student] for student in names} == names


def load_findings(home) -> list[tuple]:
    """What load found, with the ids that no question gives."""
    with duckdb.connect() as connection:
        path = publish.path_of(home, publish.published(home))
        connection.execute(f"ATTACH {publish.literal(path)} AS loaded (READ_ONLY)")
        found = connection.execute("SELECT file, value, problem FROM loaded.load_findings")
        return found.fetchall()


def test_a_load_lists_what_the_readme_says_and_nothing_else(sample_home):
    findings = [
        (file, value.split(",")[0], problem) for file, value, problem in load_findings(sample_home)
    ]
    again = "has another event for the same session or period"
    not_enrolled = "is not enrolled there on that day"
    assert sorted(findings) == sorted(
        [
            ("attendance.csv.gz", "900014", again),
            ("attendance.csv.gz", "900014", again),
            ("attendance.csv.gz", "S04", "is not a day on which the school took attendance"),
            ("attendance.csv.gz", "900015", not_enrolled),
            ("attendance.csv.gz", "900015", not_enrolled),
            ("enrollments.csv", "900013", "is enrolled there already"),
            ("enrollments.csv", "900012", "is enrolled at another school too"),
        ]
    )


SHARED_BY_PAGE = {
    "Overview": ("absence/headline", "absence/by_month", "absence/shifts", "culture/shifts"),
    "Chronic absence": (
        *("absence/headline", "absence/by_month", "absence/shifts", "absence/by_tier"),
        *("absence/by_grade", "absence/by_group", "causes/recorded"),
    ),
    "Causes": ("causes/unknown", "causes/recorded", "causes/understood"),
    "School culture": (
        *("culture/shifts", "culture/by_school", "culture/distribution"),
        "culture/response_rates",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("page", SHARED_BY_PAGE)
def test_for_a_school_of_400_the_share_view_withholds_at_most_a_third(page):
    schools = [row["school_name"] for row in answer("absence/by_school") if row["students"] >= 400]
    assert len(schools) >= 7
    for school in schools:
        rows = [
            row
            for question in SHARED_BY_PAGE[page]
            for row in database.records(question, Selection(school=school))
        ]
        withheld = sum(row["withheld"] for row in rows)
        assert 3 * withheld <= len(rows), f"{school}: {withheld} of {len(rows)}"
