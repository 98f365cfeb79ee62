"""Protects the account of the data: what was read, what is missing, how fresh it is."""

from datetime import date

import pytest

from queries import database
from queries.selection import Selection
from tests.support.days import DAYS, calendar, enrolled, missed
from tests.support.readers import STAFF

SCHOOLS = [
    {"school_id": "alder", "school_name": "Alder School"},
    {"school_id": "birch", "school_name": "Birch School"},
]


def answer(question: str, **choices) -> list[dict]:
    return database.records(f"health/{question}", Selection(**choices), STAFF)


@pytest.fixture
def two_schools(network):
    """Twelve days; Alder took attendance on all but days 2 and 7, Birch has not reported."""
    days = calendar("alder", DAYS[:12])
    days[1]["attendance_taken"] = days[6]["attendance_taken"] = "no"
    network(
        schools=SCHOOLS,
        calendar=days + calendar("birch", DAYS[:12]),
        attendance=missed("ann", 12),
    )


def test_coverage_by_school_and_week(two_schools):
    """Weeks begin on Mondays: September 1, 8 and 15, the last with two days so far."""
    rows = [
        (row["school_name"], str(row["week_start"]), row["days_expected"], row["days_taken"])
        for row in answer("coverage")
    ]
    assert rows == [
        ("Alder School", "2025-09-01", 5, 4),
        ("Alder School", "2025-09-08", 5, 4),
        ("Alder School", "2025-09-15", 2, 2),
        ("Birch School", "2025-09-01", 5, 0),
        ("Birch School", "2025-09-08", 5, 0),
        ("Birch School", "2025-09-15", 2, 0),
    ]


def test_coverage_stops_at_the_as_of_day_and_at_the_schools_chosen(two_schools):
    rows = answer("coverage", school="Alder School", as_of=date.fromisoformat(DAYS[6]))
    assert [(row["days_expected"], row["days_taken"]) for row in rows] == [(5, 4), (2, 1)]


def test_freshness_names_the_school_that_has_not_reported(two_schools):
    rows = {row["school_id"]: row for row in answer("freshness")}
    assert str(rows["alder"]["last_row_date"]) == DAYS[11]
    assert (rows["alder"]["days_expected"], rows["alder"]["days_taken"]) == (12, 10)
    assert rows["alder"]["coverage"] == pytest.approx(10 / 12, abs=1e-15)
    assert rows["birch"]["last_row_date"] is None
    assert rows["birch"]["coverage"] == 0


def test_freshness_looks_no_further_than_the_as_of_day(two_schools):
    (row,) = answer("freshness", school="Alder School", as_of=date.fromisoformat(DAYS[6]))
    assert (row["days_expected"], row["days_taken"]) == (7, 5)


def test_every_row_of_every_file_is_accounted_for(network):
    """Ten rows: a duplicate, one outside enrollment, one on a day off, one that cannot be read."""
    network(
        enrollments=[enrolled("ann", last=10), enrolled("ann", first=5, last=12)],
        attendance=[
            *missed("ann", *range(1, 7)),
            *missed("ann", 6),
            *missed("ann", 15),
            {"student_id": "ann", "date": "2025-09-06"},
            {"student_id": "ann", "date": "September 6"},
        ],
    )
    files = {row["file"]: row for row in answer("files")}
    for row in files.values():
        assert row["rows_in"] == row["accepted"] + row["set_aside"] + row["repaired"]
    attendance = files["attendance.csv"]
    assert (attendance["rows_in"], attendance["set_aside"], attendance["repaired"]) == (10, 1, 3)
    assert files["enrollments.csv"]["repaired"] == 1
    kinds = [row["kind"] for row in answer("findings")]
    assert kinds == sorted(kinds, key=["set_aside", "repaired", "noted"].index)
    assert sum(row["rows"] for row in answer("findings") if row["kind"] == "set_aside") == 1


def test_the_sample_network_reconciles(sample):
    for row in answer("files"):
        assert row["rows_in"] == row["accepted"] + row["set_aside"] + row["repaired"]
        assert row["set_aside"] == 0
    assert answer("generation")[0]["is_sample"] is True


# --- Could these percentages come from one number of answers? ---------------------------------


def grim(network, *percentages, **columns):
    network(
        survey_items=[{"item_id": f"q{n}", "item_text": "?"} for n in range(len(percentages))],
        survey_published=[
            {"item_id": f"q{n}", "percent_favorable": percent, **columns}
            for n, percent in enumerate(percentages)
        ],
    )
    return [(row["items"], row["smallest_n"]) for row in answer("published_percentages")]


def test_percentages_that_one_n_explains(network):
    """17, 33 and 83 are sixths."""
    assert grim(network, 17, 33, 83) == [(3, 6)]


def test_the_smallest_n_that_explains_the_percentages(network):
    """1% is one of 67 to 200, or more of more: tried out here for every n and every count."""
    percentages = (50, 33, 29, 1)

    def fits(n):
        possible = {(200 * count + n) // (2 * n) for count in range(n + 1)}  # half goes up
        return possible >= set(percentages)

    assert grim(network, *percentages) == [(4, min(n for n in range(5, 201) if fits(n)))]


@pytest.mark.slow
def test_tables_that_give_n_or_decimals_are_not_asked(network):
    assert grim(network, 17, 33, respondents=6) == []


@pytest.mark.slow
def test_a_decimal_is_not_a_whole_percentage(network):
    assert grim(network, 16.7, 33.3) == []
