"""Protects the recorded reasons: codes of the office, never causes, and the unknown in sight."""

from datetime import date

import pytest

from queries import database
from queries.selection import Selection
from tests.support.days import DAYS, calendar, enrolled, missed
from tests.support.readers import STAFF

CODES = [
    {"code": "A", "counts_as": "absent", "reason": ""},
    {"code": "I", "counts_as": "absent", "reason": "Illness"},
    {"code": "M", "counts_as": "absent", "reason": "Illness"},
    {"code": "B", "counts_as": "absent", "reason": "Transportation"},
    {"code": "T", "counts_as": "partial", "reason": "Appointment"},
    {"code": "P", "counts_as": "present", "reason": "Late"},
]
BIRCH = "birch"


def recorded(**choices) -> list[tuple]:
    rows = database.records("causes/recorded", Selection(**choices), STAFF)
    return [(row["reason"], row["days"], row["share"], row["students"]) for row in rows]


@pytest.fixture
def reasons(network):
    def make(attendance, *enrollments):
        enrollments = enrollments or (enrolled("ann"), enrolled("ben"))
        return network(
            schools=[
                {"school_id": "alder", "school_name": "Alder"},
                {"school_id": BIRCH, "school_name": "Birch"},
            ],
            students=[{"student_id": name} for name in ("ann", "ben", "late")],
            enrollments=list(enrollments),
            calendar=calendar("alder", DAYS[:40]) + calendar(BIRCH, DAYS[:40]),
            attendance_codes=CODES,
            attendance=attendance + missed("late", 40, code="P"),
        )

    return make


def test_days_by_reason_with_the_unknown_among_them(reasons):
    """Two codes of one reason are one row; a code without a reason is 'Not recorded', shown."""
    reasons(
        missed("ann", 1, 2, 3, 4)
        + missed("ann", 5, code="I")
        + missed("ben", 6, 7, code="M")
        + missed("ben", 8, code="B")
    )
    assert recorded() == [
        ("Not recorded", 4, 0.5, 1),
        ("Illness", 3, 0.375, 2),
        ("Transportation", 1, 0.125, 1),
    ]


def test_being_late_is_no_reason_for_a_day_missed(reasons):
    reasons(missed("ann", 1, code="P") + missed("ann", 2, code="I"))
    assert recorded() == [("Illness", 1, 1.0, 1)]


def test_part_of_a_day_is_a_day_from_half_on_or_counts_as_it_is(reasons):
    """Half a day by the half-day rule is a day; a quarter is none; both add up as they are."""
    reasons(
        missed("ann", 1, code="T", missed_minutes=200, day_minutes=400)
        + missed("ann", 2, code="T", missed_minutes=100, day_minutes=400)
        + missed("ann", 3, code="I")
    )
    assert recorded() == [("Appointment", 1, 0.5, 1), ("Illness", 1, 0.5, 1)]
    by_fraction = recorded(definition="fraction_of_day")
    assert by_fraction == [
        ("Illness", 1, pytest.approx(1 / 1.75, abs=1e-12), 1),
        ("Appointment", 0.75, pytest.approx(0.75 / 1.75, abs=1e-12), 1),
    ]


def test_of_two_rows_for_a_day_the_one_that_misses_most_gives_the_reason(reasons):
    """Among equals the first code: A before B before I."""
    reasons(
        missed("ann", 1, code="T", missed_minutes=300, day_minutes=400)
        + missed("ann", 1, code="I")
        + missed("ann", 2, code="I")
        + missed("ann", 2, code="B")
        + missed("ann", 3, code="I", session="am")
        + missed("ann", 3, code="B", session="pm", missed_minutes=100, day_minutes=400)
    )
    assert recorded() == [("Illness", 2, 2 / 3, 1), ("Transportation", 1, 1 / 3, 1)]


def test_a_day_at_two_schools_is_one_day_with_one_reason(reasons):
    """Day 1 is missed at both, for two reasons; day 2 at one only, so the student was present."""
    reasons(
        missed("ann", 1, 2, code="I") + missed("ann", 1, school_id=BIRCH, code="B"),
        enrolled("ann"),
        enrolled("ann", school_id=BIRCH),
    )
    assert recorded() == [("Illness", 1, 1.0, 1)]
    assert recorded(school=BIRCH) == [("Transportation", 1, 1.0, 1)]
    assert recorded(school="alder") == [("Illness", 2, 1.0, 1)]


def test_reasons_add_up_to_the_days_absent_of_the_headline(reasons):
    reasons(
        missed("ann", *range(1, 9), code="I")
        + missed("ben", *range(3, 7))
        + missed("ben", 9, code="T", missed_minutes=200, day_minutes=390),
        enrolled("ann", last=20),
        enrolled("ben"),
    )
    for definition in ("federal", "fraction_of_day"):
        choice = {"definition": definition}
        headline = database.records("absence/headline", Selection(**choice), STAFF)[0]
        assert sum(days for _reason, days, _s, _n in recorded(**choice)) == pytest.approx(
            headline["days_absent"], abs=1e-12
        )


def test_reasons_stop_at_the_as_of_day_and_at_the_students_chosen(reasons):
    reasons(missed("ann", 1, 30, code="I") + missed("ben", 2, code="B"))
    early = date.fromisoformat(DAYS[9])
    assert recorded(as_of=early) == [("Illness", 1, 0.5, 1), ("Transportation", 1, 0.5, 1)]
    assert recorded(grade="12") == []


def test_the_list_of_codes_says_how_each_counts(reasons):
    reasons(missed("ann", 1, 2, code="I"))
    codes = {row["code"]: row for row in database.records("health/codes", Selection(), STAFF)}
    assert (codes["I"]["rows"], codes["I"]["counts_as"]) == (2, "absent")
    assert (codes["P"]["rows"], codes["B"]["rows"]) == (1, 0)
    assert codes["A"]["reason"] == "Not recorded"
