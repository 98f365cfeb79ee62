"""Protects recorded reasons, codes and never causes, and causes, with the unknown in sight."""

import shutil
from datetime import date

import pytest

from pages.shared.causes import sentences as causes_sentences
from pages.shared.students import sentences as students_sentences
from queries import access, database
from queries.access import Viewer
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Learned
from tests.support.days import DAYS, calendar, enrolled, missed
from tests.support.readers import STAFF

CODES = [
    {"code": "A", "counts_as": "absent", "reason": "", "excused": ""},
    {"code": "I", "counts_as": "absent", "reason": "Illness", "excused": "yes"},
    {"code": "M", "counts_as": "absent", "reason": "Illness", "excused": "no"},
    {"code": "B", "counts_as": "absent", "reason": "Transportation"},
    {"code": "T", "counts_as": "partial", "reason": "Appointment"},
    {"code": "P", "counts_as": "present", "reason": "Late"},
]
BIRCH = "birch"
LEARNED = date(2025, 9, 20)


def recorded(**choices) -> list[tuple]:
    rows = database.records("causes/recorded", Selection(**choices), STAFF)
    return [(row["reason"], row["days"], row["share"], row["students"]) for row in rows]


@pytest.fixture
def reasons(network):
    def make(attendance, *enrollments, not_taken=()):
        enrollments = enrollments or (enrolled("ann"), enrolled("ben"))
        days = calendar("alder", DAYS[:40])
        for number in not_taken:
            days[number - 1]["attendance_taken"] = "no"
        return network(
            schools=[
                {"school_id": "alder", "school_name": "Alder"},
                {"school_id": BIRCH, "school_name": "Birch"},
            ],
            students=[{"student_id": name} for name in ("ann", "ben", "late")],
            enrollments=list(enrollments),
            calendar=days + calendar(BIRCH, DAYS[:40]),
            attendance_codes=CODES,
            attendance=attendance
            + missed("late", 40, code="P")
            + missed("late", 40, code="P", school_id=BIRCH),
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


def test_excused_days_stand_beside_unexcused_ones(reasons):
    """Two excused and two not, of one reason; of four the list of codes does not say."""
    reasons(
        missed("ann", 1, 2, 3, 4) + missed("ann", 5, 6, code="I") + missed("ben", 6, 7, code="M")
    )
    rows = database.records("causes/recorded", Selection(), STAFF)
    names = ("reason", "days", "days_excused", "days_unexcused")
    assert [[row[name] for name in names] for row in rows] == [
        ["Illness", 4, 2, 2],
        ["Not recorded", 4, 0, 0],
    ]
    words = "2 days were excused, 2 unexcused; of 4 the codes do not say."
    assert causes_sentences.excused(database.run("causes/recorded", Selection(), STAFF)) == words
    days = database.run("causes/student_days", Selection(), Viewer("ann", "admin", None, "names"))
    said = students_sentences.excused(days[days.student_id == "ann"])
    assert said == "; excused 2, not said 4"
    assert students_sentences.excused(days[days.student_id == "ben"]) == "; unexcused 2"
    assert students_sentences.excused(days.head(0)) == ""


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
    assert (codes["P"]["rows"], codes["B"]["rows"]) == (2, 0)
    assert codes["A"]["reason"] == "Not recorded"


# --- What was understood, apart ---------------------------------------------------------------


@pytest.fixture
def absent_pair(network, tmp_path, use_home):
    """Ann and Ben are chronically absent at two schools, Cem is not; what was learned of Ann."""

    def make(*learned):
        loaded = network(
            schools=[
                {"school_id": "alder", "school_name": "Alder"},
                {"school_id": BIRCH, "school_name": "Birch"},
            ],
            students=[
                {"student_id": "ann", "gender": "F", "home_language": "Thai"},
                {"student_id": "ben", "gender": "M"},
                {"student_id": "cem", "gender": "M"},
            ],
            enrollments=[
                enrolled("ann", grade="PK"),
                enrolled("ben", school_id=BIRCH, grade="10"),
                enrolled("cem", school_id=BIRCH, grade="2"),
            ],
            calendar=calendar("alder", DAYS[:20]) + calendar(BIRCH, DAYS[:20]),
            attendance_codes=CODES,
            attendance=missed("ann", 1, 2, 20) + missed("ben", 1, 20, school_id=BIRCH),
        )
        home = tmp_path / "own"
        shutil.copytree(loaded, home)
        use_home(home)
        journal.add(home, "the team", [Learned(*one, "nurse", "sure", LEARNED) for one in learned])

    return make


ANN = ("ann", "alder", "2025-26")


def test_understood_causes_apart_with_those_of_whom_none_is_known(absent_pair):
    absent_pair((*ANN, "asthma"), (*ANN, "asthma"), (*ANN, "work"))
    rows = database.records("causes/by_group", Selection(), STAFF)
    found = [tuple(row.values()) for row in rows]
    assert found == [
        ("school", "Alder", "asthma", 1, 1),
        ("school", "Alder", "work", 1, 1),
        ("school", "Birch", None, 1, 1),
        ("grade", "PK", "asthma", 1, 1),
        ("grade", "PK", "work", 1, 1),
        ("grade", "10", None, 1, 1),
        ("gender", "F", "asthma", 1, 1),
        ("gender", "F", "work", 1, 1),
        ("gender", "M", None, 1, 1),
        ("home_language", "Thai", "asthma", 1, 1),
        ("home_language", "Thai", "work", 1, 1),
        ("home_language", "Unknown", None, 1, 1),
    ]
    table = database.run("causes/by_group", Selection(), STAFF)
    rows = causes_sentences.by_group(table, "grade", "not known yet")
    assert dict(zip(rows.name, rows.cause, strict=True)) == {
        "Pre-K": "work",
        "Grade 10": "not known yet",
    }


def test_what_is_apart_is_for_staff(absent_pair):
    absent_pair((*ANN, "asthma"))
    for question in ("causes/by_group", "causes/recorded_by_month"):
        with pytest.raises(access.NotShown):
            database.run(question, Selection())


def test_how_much_is_not_known_reads_as_it_is(absent_pair):
    absent_pair((*ANN, "asthma"))
    unknown = database.run("causes/unknown", Selection(), STAFF)
    assert causes_sentences.not_known(unknown) == "We do not know why for 1 of 2 students"
    alder = database.run("causes/unknown", Selection(school="alder"), STAFF)
    assert causes_sentences.not_known(alder) == "A cause is known for each of 1 student"
    nobody = database.run("causes/unknown", Selection(grade="2"), STAFF)
    assert causes_sentences.not_known(nobody) == "Nobody here is chronically absent"
    # Of the share view: rounded, or withheld, or without any row.
    told = unknown.assign(students_absent=930, students_without_cause=420, share=0.45)
    told["withheld"] = False
    assert (
        causes_sentences.not_known(told) == "We do not know why for about 420 of about 930 students"
    )
    assert causes_sentences.not_known_as_metric(told) == ("No cause known, about", "420 of 930")
    assert causes_sentences.not_known_as_metric(unknown) == ("No cause known", "1 of 2")
    hidden = told.assign(students_absent=None, students_without_cause=None, share=None)
    for table in (hidden.assign(withheld=True), told.head(0)):
        assert "withheld" in causes_sentences.not_known(table)
        assert causes_sentences.not_known_caption(table, "chronically absent").endswith("a guess.")


def test_recorded_reasons_by_month_and_weekday(reasons):
    """September 2025 begins on a Monday and has five Mondays, on one of which Birch alone took
    attendance; of each day one reason speaks, and of a quarter of one none."""
    reasons(
        missed("ann", 1, code="I")  # Monday, 1 September
        + missed("ann", 1, code="T", missed_minutes=100, day_minutes=400)
        + missed("ben", 6, code="M")  # Monday, 8 September
        + missed("ben", 2)  # Tuesday
        + missed("ann", 23, code="B")  # Wednesday, 1 October
        + missed("ben", 4, code="T", missed_minutes=100, day_minutes=400),
        not_taken=[11],
    )
    rows = database.records("causes/recorded_by_month", Selection(), STAFF)
    columns = ("month_start", "weekday", "reason", "days", "dates", "days_a_date")
    september, october = date(2025, 9, 1), date(2025, 10, 1)
    assert [tuple(row[column] for column in columns) for row in rows] == [
        (september, "Monday", "Illness", 2, 5, 0.4),
        (september, "Tuesday", "Not recorded", 1, 5, 0.2),
        (october, "Wednesday", "Transportation", 1, 4, 0.25),
    ]
    table = database.run("causes/recorded_by_month", Selection(), STAFF)
    words = causes_sentences.months(table[table.reason == "Illness"], "Illness")
    assert words == "Illness: most on Mondays in September"
    alder = database.records("causes/recorded_by_month", Selection(school="alder"), STAFF)
    assert [(row["dates"], row["days_a_date"]) for row in alder] == [(4, 0.5), (5, 0.2), (4, 0.25)]
    # The day that is asked for is one of the dates, and the day after it is none.
    (first, *_, last) = database.records(
        "causes/recorded_by_month", Selection(as_of=date(2025, 10, 1)), STAFF
    )
    assert (first["dates"], last["month_start"], last["dates"]) == (5, october, 1)
    monday = database.records("causes/recorded_by_month", Selection(as_of=date(2025, 9, 8)), STAFF)
    assert [(row["weekday"], row["dates"]) for row in monday] == [("Monday", 2), ("Tuesday", 1)]


def test_days_by_month_add_up_to_the_recorded_reasons(reasons):
    reasons(
        missed("ann", *range(1, 9), code="I")
        + missed("ann", 2, 3, school_id=BIRCH, code="B")
        + missed("ben", 9, 30, code="T", missed_minutes=250, day_minutes=400),
        enrolled("ann"),
        enrolled("ann", school_id=BIRCH),
        enrolled("ben"),
    )
    for definition in ("federal", "fraction_of_day"):
        choice = Selection(definition=definition)
        days: dict = {}
        for row in database.records("causes/recorded_by_month", choice, STAFF):
            days[row["reason"]] = days.get(row["reason"], 0) + row["days"]
        whole = {name: of for name, of, _share, _n in recorded(definition=definition)}
        assert days == pytest.approx(whole, abs=1e-12)


def test_everybody_is_told_the_causes_of_the_place_that_is_asked_for(sample):
    for place in ({}, {"neighborhood": "Riverside"}, {"school": "Birch Elementary"}):
        chosen = Selection(**place)
        at_the_end_of_february = Selection(**place, as_of=date(2026, 2, 27))
        exact = {
            row["cause"]: row["students"]
            for row in database.records("causes/understood", at_the_end_of_february, STAFF)
        }
        told = {
            row["cause"]: row["students"]
            for row in database.records("causes/understood", chosen)
            if not row["withheld"]
        }
        assert told
        assert all(abs(students - exact[cause]) <= 5 for cause, students in told.items()), place
