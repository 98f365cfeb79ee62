"""Protects what a choice means: defaults, a day asked for, and names that the data do not hold."""

from datetime import date

import pytest

from pages.shared import filters
from queries import choices, database
from queries.access import Viewer
from queries.selection import Selection
from tests.support.days import DAYS, calendar, enrolled, missed, weekdays
from tests.support.readers import ALL_NAMES, STAFF

LAST_YEAR = weekdays("2024-09-02", 30)
NEXT_YEAR = weekdays("2026-09-01", 30)
SCHOOLS = [
    {
        "school_id": "alder",
        "school_name": "Alder School",
        "network": "Hill",
        "neighborhood": "East",
    },
    {
        "school_id": "birch",
        "school_name": "Birch School",
        "network": "Hill",
        "neighborhood": "West",
    },
    {"school_id": "cedar", "school_name": "Cedar School", "network": "Lake"},
]


def in_force(**chosen) -> dict:
    return database.records("choices/in_force", Selection(**chosen))[0]


@pytest.fixture(scope="module")
def home(make_home):
    """Attendance in 2024-25 and to day 12 of 2025-26; the calendar of 2026-27 is there already."""
    before, after = {"school_year": "2024-25"}, {"school_year": "2026-27"}
    return make_home(
        schools=SCHOOLS,
        enrollments=[
            enrolled("ann"),
            {"student_id": "ann", "entry_date": LAST_YEAR[0], **before},
            {"student_id": "ann", "entry_date": NEXT_YEAR[0], **after},
        ],
        calendar=calendar("alder", LAST_YEAR, **before)
        + calendar("alder", DAYS[:30])
        + calendar("alder", NEXT_YEAR, **after),
        attendance=[*missed("ann", 12), {"student_id": "ann", "date": LAST_YEAR[4]}],
    )


@pytest.fixture
def three_years(home, use_home):
    use_home(home)


def test_the_default_year_is_the_newest_with_attendance(three_years):
    row = in_force()
    assert (row["school_year"], row["compare_year"]) == ("2025-26", "2024-25")
    assert str(row["as_of"]) == DAYS[11]
    assert row["under_way"] is True


@pytest.mark.parametrize("said_of, goes_on", [(-1, True), (-2, False)], ids=["last", "before"])
def test_a_year_goes_on_after_a_calendar_that_was_cut(network, said_of, goes_on):
    """The last row says so: nobody knows how many days are to come, and the month has not ended."""
    days = calendar("alder", DAYS[:30])
    days[said_of]["goes_on"] = "yes"
    network(calendar=days, attendance=missed("ann", 30, 2))
    row = in_force()
    assert (str(row["as_of"]), row["under_way"]) == (DAYS[29], goes_on)
    (year,) = database.records("choices/school_years", Selection())
    assert str(year["last_date"]) == ("2026-06-30" if goes_on else DAYS[29])
    students = database.records("absence/students", Selection(), ALL_NAMES)
    assert {one["absences_left"] is None for one in students} == {goes_on}
    (told,) = database.records("health/standing", Selection())
    assert str(told["as_of"]) == ("2025-09-30" if goes_on else DAYS[29])


def test_an_earlier_year_is_over(three_years):
    row = in_force(school_year="2024-25")
    assert (row["school_year"], row["compare_year"]) == ("2024-25", None)
    assert str(row["as_of"]) == LAST_YEAR[-1]
    assert row["under_way"] is False


def test_years_with_attendance_newest_first(three_years):
    years = choices.school_years(Selection())
    assert list(years.school_year) == ["2025-26", "2024-25"]


@pytest.mark.parametrize(
    "asked, in_effect",
    [(DAYS[4], DAYS[4]), (DAYS[11], DAYS[11]), (DAYS[20], DAYS[11]), ("2099-01-01", DAYS[11])],
)
def test_a_day_after_the_last_with_data_is_capped(three_years, asked, in_effect):
    assert str(in_force(as_of=date.fromisoformat(asked))["as_of"]) == in_effect


def test_a_day_before_the_year_counts_nothing(three_years):
    (row,) = database.records("absence/headline", Selection(as_of=date(2025, 8, 1)), STAFF)
    assert (row["students"], row["students_not_evaluated"], row["days_enrolled"]) == (0, 1, 0)


def test_another_year_to_compare_with(three_years):
    assert in_force(compare_year="2024-25")["compare_year"] == "2024-25"


@pytest.mark.parametrize(
    "chosen, schools",
    [
        ({}, ["alder", "birch", "cedar"]),
        ({"network": "Hill"}, ["alder", "birch"]),
        ({"neighborhood": "West"}, ["birch"]),
        ({"network": "Hill", "neighborhood": "East"}, ["alder"]),
        ({"school": "Cedar School"}, ["cedar"]),
        ({"school": "cedar"}, ["cedar"]),
        ({"network": "Lake", "school": "alder"}, []),
        ({"school": "Nowhere"}, []),
    ],
)
def test_schools_by_network_neighborhood_name_and_id(three_years, chosen, schools):
    row = in_force(**chosen)
    assert row["schools"] == schools
    assert row["all_schools"] is (chosen == {})


@pytest.mark.parametrize(
    "chosen",
    [
        {"school": "Nowhere"},
        {"network": "Nowhere"},
        {"neighborhood": "Nowhere"},
        {"school_year": "1999-00"},
        {"grade": "13"},
        {"grades": ("13", "14")},
        {"grades": ()},
        {"grade": "5", "grades": ("6", "K")},
        {"dimension": "home_language", "group_name": "Klingon"},
        {"dimension": "no_such_dimension", "group_name": "yes"},
    ],
)
def test_a_choice_that_the_data_do_not_hold_counts_nobody(three_years, chosen):
    """Never everybody: an unknown name must not fall back to all."""
    assert database.records("absence/students", Selection(**chosen), ALL_NAMES) == []
    assert database.records("absence/headline", Selection(**chosen), STAFF)[0]["students"] == 0


@pytest.mark.parametrize(
    "chosen",
    [
        {"survey": "Nowhere"},
        {"respondent_group": "nobody"},
        {"school_year": "1999-00"},
        {"school": "Nowhere"},
    ],
)
def test_a_choice_that_the_surveys_do_not_hold_has_no_answers(sample, chosen):
    for question in ("shifts", "by_school", "distribution", "response_rates", "group_gaps"):
        assert database.records(f"culture/{question}", Selection(**chosen), STAFF) == [], question


def test_grades_and_groups_that_occur(network):
    network(
        students=[
            {"student_id": "ann", "home_language": "Spanish", "disability": "no"},
            {"student_id": "ben"},
            {"student_id": "cem"},
        ],
        enrollments=[
            enrolled("ann", grade="10"),
            enrolled("ben", grade="K"),
            enrolled("ben", first=2, grade=""),
            enrolled("cem", grade="2"),
        ],
    )
    assert list(choices.grades(Selection(), STAFF).grade) == ["K", "2", "10", "Unknown"]
    groups = choices.groups(Selection(), STAFF)
    assert list(zip(groups.dimension, groups.group_name, strict=True)) == [
        ("disability", "Unknown"),
        ("disability", "no"),
        ("home_language", "Spanish"),
        ("home_language", "Unknown"),
    ]


def test_everybody_is_offered_no_grade_and_no_group_of_a_few(network):
    """Staff are told of Zoe, the one in grade 8 who speaks Basque at home; everybody is not."""
    many = ["ann", *(f"s{number}" for number in range(30))]
    network(
        share_view=True,
        students=[
            *({"student_id": one, "home_language": "Spanish"} for one in many),
            {"student_id": "zoe", "home_language": "Basque"},
        ],
        enrollments=[*(enrolled(one, grade="2") for one in many), enrolled("zoe", grade="8")],
        calendar=calendar("alder", DAYS[:30]),
        # Until the last day of September.
        attendance=missed("ann", 12, 22),
    )
    assert list(choices.grades(Selection(), STAFF).grade) == ["2", "8"]
    assert "Basque" in list(choices.groups(Selection(), STAFF).group_name)
    assert list(choices.grades(Selection()).grade) == ["2"]
    # As the share view tells a need: who has none and of whom nobody knows are one group.
    assert set(choices.groups(Selection()).group_name) == {"Spanish", "no or not known"}


def test_a_team_is_offered_its_own_schools_of_the_place_that_was_chosen(three_years):
    """In the filters, and for the school of a plan."""
    team = Viewer("a@b.test", "team", ("alder", "birch"), "names")
    for chosen, names in (({}, ["Alder School", "Birch School"]), ({"network": "Lake"}, [])):
        assert list(filters.own_schools(Selection(**chosen), team).school_name) == names
    assert len(filters.own_schools(Selection(), ALL_NAMES)) == len(SCHOOLS)


def test_surveys_and_who_answered(sample):
    surveys = choices.surveys(Selection())
    assert {(row.survey, row.published) for row in surveys.itertuples()} == {
        ("Hillside culture survey", False),
        ("Heritage staff survey", True),
    }
    groups = choices.respondent_groups(Selection())
    hillside = groups[groups.survey == "Hillside culture survey"]
    assert set(hillside.respondent_group) == {"students", "staff", "families", "school_leaders"}


def test_a_survey_has_its_own_newest_year(sample):
    """Heritage is of 2016 and 2017, whatever the newest year with attendance."""
    rows = database.records("culture/shifts", Selection(), STAFF)
    assert {(row["published"], row["second_year"]) for row in rows} == {
        (False, "2025-26"),
        (True, "2017"),
    }


def test_the_definition_in_force_has_its_sentence(three_years):
    assert in_force(definition="over_10")["definition_sentence"].startswith("As federal, but")


def test_data_without_attendance_answer_with_nothing(network):
    network(attendance=[])
    row = in_force()
    assert (row["school_year"], row["as_of"], row["under_way"]) == (None, None, None)
    assert database.records("absence/students", Selection(), ALL_NAMES) == []
    assert database.records("absence/headline", Selection(), STAFF)[0]["students"] == 0
    assert database.records("absence/by_month", Selection(), STAFF) == []
    assert database.records("overview/what_moved", Selection(), STAFF) == []


def test_an_empty_home_says_what_to_do(own_home):
    with pytest.raises(database.NoData, match="python -m queries load FOLDER"):
        choices.schools(Selection())
