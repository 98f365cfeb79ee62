"""Protects the sentences of the first page: they follow the data, and claim no more than they hold.

A network is made in which something clearly moved, and one in which it did not.
"""

from datetime import date, timedelta

import pytest

from pages.shared.overview import sentences
from queries import absence, database
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Step
from tests.conftest import copy_of
from tests.support.days import DAYS, answers, calendar, enrolled, missed, weekdays
from tests.support.readers import STAFF

LAST_YEAR = weekdays("2024-09-02", 120)
BEFORE = {"school_year": "2024-25"}
PEOPLE = 100


def moved(**choices) -> dict[str, dict]:
    """subject: its row."""
    rows = database.records("overview/what_moved", Selection(**choices), STAFF)
    assert len({row["subject"] for row in rows}) == len(rows), "at most one each"
    return {row["subject"]: row for row in rows}


@pytest.fixture
def story(network):
    """story({school: (chronically absent then, now)}): of 100 students at each school.

    Of 120 days in the calendar, attendance has come to day 100. `not_taken` is how many days of
    last year each school left out; `agreed` are (then, now), of 100 who were asked whether an adult
    cares.
    """

    def make(absent, agreed=None, not_taken=0, days_this_year=120, items=None):
        schools, students, enrollments, days, attendance = [], [], [], [], []
        for school, (then, now) in absent.items():
            schools.append({"school_id": school, "school_name": f"{school.title()} School"})
            names = [f"{school} {number}" for number in range(PEOPLE)]
            students += [{"student_id": name} for name in names]
            enrollments += [enrolled(name, school_id=school) for name in names]
            enrollments += [
                {"student_id": name, "school_id": school, "entry_date": LAST_YEAR[0], **BEFORE}
                for name in names
            ]
            year_before = calendar(school, LAST_YEAR, **BEFORE)
            for row in year_before[50 : 50 + not_taken]:
                row["attendance_taken"] = "no"
            days += year_before + calendar(school, DAYS[:days_this_year])
            for name in names[:then]:
                attendance += [
                    {"student_id": name, "school_id": school, "date": day} for day in LAST_YEAR[:12]
                ]
            for name in names[:now]:
                attendance += missed(name, *range(1, 13), school_id=school)
            # Who was present says of each other day that it was reported, where there are such.
            present = {"student_id": names[-1], "school_id": school, "code": "P"}
            taken = [row["date"] for row in year_before if row.get("attendance_taken") != "no"]
            reported = [*taken[12:], *DAYS[12:100]] if then or now else [taken[-1], DAYS[99]]
            attendance += [present | {"date": day} for day in reported]
        if agreed:
            files = {
                "survey_answers": [
                    row
                    for agree, year in zip(agreed, ("2024-25", "2025-26"), strict=True)
                    for row in answers(agree, school_year=year)
                    + answers(PEOPLE - agree, "Disagree", first=agree + 1, school_year=year)
                ],
                "survey_items": items or [{"school_year": "2024-25"}, {}],
            }
        network(
            schools=schools,
            students=students,
            enrollments=enrollments,
            calendar=days,
            attendance=attendance,
            **(files if agreed else {}),
        )

    return make


def test_a_clear_fall_is_said(story):
    story({"alder": (40, 15)})
    row = moved()["absence"]
    assert row["sentence"] == (
        "Fewer students are on track to be chronically absent: 15%, against 40% at the same point"
        " of 2024-25."
    )
    assert row["page"] == "chronic_absence"
    assert row["change_points"] == pytest.approx(-25, abs=1e-9)
    assert row["change_high"] < 0
    # As much for certain: the end of the interval that is nearest to no change.
    assert row["at_least_points"] == -row["change_high"]
    assert (row["first_n"], row["second_n"]) == (100, 100)


def test_a_clear_rise_is_said(story):
    story({"alder": (15, 40)})
    row = moved()["absence"]
    assert row["sentence"].startswith("More students are on track to be chronically absent: 40%")
    assert row["at_least_points"] == row["change_low"] > 0


@pytest.mark.slow
def test_after_the_years_end_it_is_no_longer_on_track(story):
    story({"alder": (40, 15)}, days_this_year=100)
    assert moved()["absence"]["sentence"] == (
        "Fewer students were chronically absent: 15%, against 40% in 2024-25."
    )


@pytest.mark.slow
@pytest.mark.parametrize("then, now", [(30, 30), (30, 25), (25, 30), (0, 0)])
def test_where_nothing_is_clear_there_is_no_sentence(story, then, now):
    story({"alder": (then, now)}, agreed=(60, 65))
    assert moved() == {}


def test_an_item_clearly_up(story):
    story({"alder": (30, 30)}, agreed=(50, 80))
    rows = moved()
    assert set(rows) == {"culture"}
    row = rows["culture"]
    assert row["sentence"] == (
        "More student answer favorably on “An adult here cares”: 80%, up from 50% in 2024-25."
    )
    assert (row["page"], row["item_id"], row["respondent_group"]) == (
        "school_culture",
        "adult",
        "student",
    )
    assert (row["comparisons"], row["clear"]) == (1, 1)


def test_an_item_clearly_down(story):
    story({"alder": (30, 30)}, agreed=(80, 50))
    sentence = moved()["culture"]["sentence"]
    assert sentence.startswith("Fewer student answer favorably")
    assert sentence.endswith("50%, down from 80% in 2024-25.")


@pytest.mark.slow
def test_an_item_scored_in_reverse_says_so(story):
    items = [{"school_year": year, "reverse_scored": "yes"} for year in ("2024-25", "2025-26")]
    story({"alder": (30, 30)}, agreed=(80, 50), items=items)
    assert moved()["culture"]["sentence"] == (
        "More student answer favorably on “An adult here cares” (scored in reverse): 50%, up from"
        " 20% in 2024-25."
    )


@pytest.mark.slow
def test_a_reworded_item_is_not_claimed(story):
    items = [{"school_year": "2024-25"}, {"item_text": "One adult here cares."}]
    story({"alder": (30, 30)}, agreed=(50, 80), items=items)
    assert moved() == {}


@pytest.mark.slow
def test_the_surest_change_stands_first(story):
    story({"alder": (40, 20)}, agreed=(20, 90))
    assert list(moved()) == ["culture", "absence"]
    story({"alder": (90, 20)}, agreed=(50, 70))
    assert list(moved()) == ["absence", "culture"]


def test_a_school_stands_for_the_network_where_the_network_did_not_move(story):
    """Up at one school as far as down at the other; the surer of the two is named."""
    story({"alder": (40, 10), "birch": (10, 36)})
    row = moved()["absence"]
    assert row["place"] == "Alder School"
    assert row["sentence"].startswith("At Alder School, fewer students are on track")
    # Of two schools the network has no interval, and is no comparison.
    assert (row["comparisons"], row["clear"]) == (2, 2)
    # On the page of one school the sentence needs no school.
    assert moved(school="birch")["absence"]["sentence"].startswith("More students are on track")


@pytest.mark.slow
def test_the_network_goes_before_its_schools(story):
    """All schools fell; the fall of Alder is larger, and the sentence is of all students."""
    story({"alder": (60, 20), "birch": (60, 25), "cedar": (60, 30)})
    assert moved()["absence"]["place"] == "All students"


def test_a_change_of_record_keeping_is_not_claimed(story):
    """Ten of a hundred days not taken last year: the rate may only look different."""
    story({"alder": (40, 15)}, not_taken=10)
    assert moved() == {}


def test_another_definition_can_move_otherwise(story):
    """12 of 100 days are over 10% and not 20%: nobody is severely absent in either year."""
    story({"alder": (40, 15)})
    assert moved(definition="severe_20") == {}
    assert set(moved(definition="over_10")) == {"absence"}


@pytest.mark.slow
def test_published_tables_are_no_news(network):
    """Heritage stands on its own page; it did not move since last year."""
    network(
        survey_items=[{"school_year": "2024-25"}, {}],
        survey_published=[
            {"school_year": "2024-25", "percent_favorable": 20, "respondents": 100},
            {"percent_favorable": 90, "respondents": 100},
        ],
    )
    assert moved() == {}


# --- Why it moved: the share of days missed by recorded reason

CODES = [
    {"code": "A", "counts_as": "absent", "reason": ""},
    {"code": "B", "counts_as": "absent", "reason": "Transportation"},
    {"code": "P", "counts_as": "present", "reason": ""},
]


@pytest.fixture
def days_by_reason(network):
    """days_by_reason({code: (days each student missed then, now)}): of ten students in 100 days."""

    def make(days, not_taken=0):
        names = [f"student {number}" for number in range(10)]
        attendance, year_before = [], calendar("alder", LAST_YEAR[:100], **BEFORE)
        for row in year_before[80 : 80 + not_taken]:
            row["attendance_taken"] = "no"
        for name in names:
            then, now = 0, 0
            for code, (first, second) in days.items():
                attendance += [
                    {"student_id": name, "school_id": "alder", "date": day, "code": code}
                    for day in LAST_YEAR[then : then + first]
                ]
                attendance += missed(name, *range(now + 1, now + second + 1), code=code)
                then, now = then + first, now + second
        attendance += missed(names[0], 100, code="P")
        attendance.append(
            {"student_id": names[0], "school_id": "alder", "date": LAST_YEAR[99], "code": "P"}
        )
        network(
            schools=[{"school_id": "alder", "school_name": "Alder School"}],
            students=[{"student_id": name} for name in names],
            enrollments=[enrolled(name) for name in names]
            + [
                {"student_id": name, "school_id": "alder", "entry_date": LAST_YEAR[0], **BEFORE}
                for name in names
            ],
            calendar=year_before + calendar("alder", DAYS[:100]),
            attendance_codes=CODES,
            attendance=attendance,
        )
        return absence.why_moved(Selection(), STAFF)

    return make


def test_the_parts_of_days_missed_add_up_to_the_whole(days_by_reason):
    """Of 12 days in 100 to 7: of buses 8 to 2, and one more without a reason. All students alike,
    so the interval has no width."""
    reasons = days_by_reason({"B": (8, 2), "A": (4, 5)})
    rows = [tuple(row) for row in reasons.iloc[:, :6].fillna("").itertuples(index=False)]
    expected = [
        ("", 0.12, 0.07, -5, -5, -5),
        ("Transportation", 0.08, 0.02, -6, -6, -6),
        ("Not recorded", 0.04, 0.05, 1, 1, 1),
    ]
    for row, wanted in zip(rows, expected, strict=True):
        assert row[0] == wanted[0]
        assert row[1:] == pytest.approx(wanted[1:], abs=1e-9)
    # More is not recorded now, so that what is recorded fell by that alone: no story of one reason.
    assert sentences.days_missed(reasons).endswith("for no one reason")
    assert "recording alone" in sentences.recording(reasons)
    table = sentences.reasons(reasons)
    assert "12\\.0% → 7\\.0% | −5\\.0" in table


def test_a_reason_that_moved_is_named_with_its_part(days_by_reason):
    reasons = days_by_reason({"B": (8, 2), "A": (4, 4)})
    assert sentences.days_missed(reasons) == "Of 6.0 points fewer days missed, transportation 6.0"
    assert "recording alone" not in sentences.recording(reasons)


def test_where_only_the_recording_changed_nothing_is_told(days_by_reason):
    """As many days missed as before; a reason is written down for some of them now."""
    reasons = days_by_reason({"B": (2, 6), "A": (6, 2)})
    assert sentences.days_missed(reasons) == "Days missed: no clear change"


@pytest.mark.parametrize(("not_taken", "rows"), [(5, 2), (6, 0)])
def test_days_not_taken_leave_no_comparison(days_by_reason, not_taken, rows):
    """Five points of coverage apart is comparable still; more is not, and it is said."""
    reasons = days_by_reason({"B": (8, 2)}, not_taken=not_taken)
    assert len(reasons) == rows
    if not rows:
        assert sentences.days_missed(reasons).startswith("No year before")
        assert sentences.reasons(reasons) == ""


def test_the_parts_of_the_sample_add_up_to_the_days_of_the_headline(sample):
    """At every school and for all together: the whole is the change of the attendance rate."""
    for school in (None, "Birch Elementary", "Willow High", "Cedar Middle"):
        reasons = absence.why_moved(Selection(school=school), STAFF)
        now = absence.headline(Selection(school=school), STAFF).iloc[0]
        assert reasons.second_share.iloc[0] == pytest.approx(1 - now.attendance_rate, abs=1e-9)
        for column in ("first_share", "second_share", "change_points"):
            total = reasons[column].iloc[1:].sum()
            assert total == pytest.approx(reasons[column].iloc[0], abs=1e-7)


# --- Next steps


@pytest.mark.parametrize(
    ("state", "due", "ended", "counted"),
    [
        ("open", -1, None, {"open_steps", "overdue"}),
        ("open", 0, None, {"open_steps", "due_this_week"}),
        ("open", 7, None, {"open_steps", "due_this_week"}),
        ("open", 8, None, {"open_steps"}),
        ("done", -9, 0, {"done_last_week"}),
        ("done", -9, -6, {"done_last_week"}),
        ("done", -9, -7, set()),
        ("dropped", -1, 0, set()),
    ],
)
@pytest.mark.slow
def test_a_next_step_counts_in_its_week(make_home, use_home, tmp_path, state, due, ended, counted):
    files = {"students": [{"student_id": "ann"}], "enrollments": [enrolled("ann")]}
    home = copy_of(make_home(attendance=missed("ann", 20), **files), tmp_path / "own")
    use_home(home)
    day = date.fromisoformat(DAYS[19])
    journal.add(
        home,
        "the team",
        [
            Step(
                *("ann", "north", "call", "Pat"),
                day + timedelta(days=due),
                state,
                "" if ended is None else "it helped",
                None if ended is None else day + timedelta(days=ended),
            )
        ],
    )
    (row,) = database.records("overview/next_steps", Selection(), STAFF)
    numbers = {name: value for name, value in row.items() if name != "students"}
    assert {name for name, value in numbers.items() if value} == counted
    assert row["students"] == (state == "open")
