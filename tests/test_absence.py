"""Protects the rules by which days are counted, each with a case worked out by hand.

The numbers in test names are those of the list of rules that are most easily got wrong: at least
10% is inclusive, what counts as a day, who is counted where, and as of when.
"""

from datetime import date
from itertools import permutations

import pytest

from queries import absence, choices, database
from queries.selection import Selection
from tests.support.days import DAYS, calendar, enrolled, missed, weekdays
from tests.support.readers import ALL_NAMES
from tests.support.sampled import sampled

ALDER, BIRCH, CEDAR = "alder", "birch", "cedar"
SCHOOLS = [
    {"school_id": school, "school_name": f"{school.title()} School"}
    for school in (ALDER, BIRCH, CEDAR)
]
DEFINITIONS = (
    "federal",
    "nyc",
    "fraction_of_day",
    "over_10",
    "severe_20",
    "min_20_days",
    "california",
    "new_jersey",
    "rhode_island",
    "days_15",
    "days_18",
    "england_persistent",
    "england_severe",
)


def one(student: str, **choices) -> dict:
    """The standing of one student."""
    rows = database.records("absence/students", Selection(**choices), ALL_NAMES)
    return next(row for row in rows if row["student_id"] == student)


def counted(student: str, **choices) -> tuple:
    """(days absent, days enrolled, chronically absent) of one student."""
    row = one(student, **choices)
    return row["days_absent"], row["days_enrolled"], row["chronically_absent"]


def answer(question: str, **choices) -> list[dict]:
    return database.records(f"absence/{question}", Selection(**choices), ALL_NAMES)


def headline(**choices) -> dict:
    return answer("headline", **choices)[0]


def last_day(day: int = 180, school: str = ALDER) -> list[dict]:
    """Somebody was late on this day, so that the figures stand at it."""
    return missed("late", day, school_id=school, code="P")


@pytest.fixture
def school_days(network):
    """school_days(attendance, enrollments, …): days 1 to 180 at three schools.

    ends: the day of the last row, by which the figures stand at it."""

    def make(attendance, enrollments=({"student_id": "ann"},), schools=SCHOOLS, ends=180, **files):
        named = [{"student_id": e["student_id"]} for e in ({"student_id": "late"}, *enrollments)]
        students = files.pop("students", list({row["student_id"]: row for row in named}.values()))
        files.setdefault(
            "calendar", [row for school in schools for row in calendar(school["school_id"], DAYS)]
        )
        return network(
            schools=schools,
            students=[*students, {"student_id": "elsewhere"}],
            enrollments=list(enrollments),
            # Somebody who is not enrolled is absent, for rows of presence alone are asked about.
            attendance=[*attendance, *(last_day(ends) if ends else ()), *missed("elsewhere", 1)],
            **files,
        )

    return make


# --- What is a day missed ---------------------------------------------------------------------


def test_rule_2_the_denominator_is_the_days_enrolled_so_far(school_days):
    """15 of 150 is chronic though it is under 18 days, and under 10% of 180."""
    school_days(
        [*missed("ann", *range(31, 46)), *missed("ben", *range(31, 45))],
        [enrolled("ann", first=31), enrolled("ben", first=31)],
    )
    assert counted("ann") == (15, 150, True)
    assert counted("ben") == (14, 150, False)


def test_rule_3_below_the_minimum_is_not_evaluated(school_days):
    school_days(missed("ann", *range(1, 10)), [enrolled("ann", last=9)])
    assert counted("ann") == (9, 9, None)
    assert one("ann")["tier"] is None
    assert headline() | {"days_absent": 9} == {
        "students": 0,
        "students_not_evaluated": 1,
        "students_absent": 0,
        "rate": None,
        "days_absent": 9,
        "days_enrolled": 9,
        "attendance_rate": 0.0,
    }


def test_rule_3_new_york_asks_for_a_day_present(school_days):
    school_days(
        missed("ann", *range(1, 16)) + missed("ben", *range(1, 15)),
        [enrolled("ann", last=15), enrolled("ben", last=15)],
    )
    assert counted("ann") == (15, 15, True)
    assert counted("ann", definition="nyc") == (15, 15, None)
    assert counted("ben", definition="nyc") == (14, 15, True)


def test_rule_4_excused_and_suspended_out_of_school_both_count(school_days):
    """6 days of out-of-school suspension and 4 excused, of 100."""
    codes = [
        {"code": "OSS", "counts_as": "absent", "excused": "yes", "reason": "Suspension"},
        {"code": "E", "counts_as": "absent", "excused": "yes", "reason": "Illness"},
        {"code": "A", "counts_as": "absent"},
        {"code": "P", "counts_as": "present"},
    ]
    school_days(
        missed("ann", *range(1, 7), code="OSS") + missed("ann", *range(11, 15), code="E"),
        [enrolled("ann", last=100)],
        attendance_codes=codes,
    )
    assert counted("ann") == (10, 100, True)


@pytest.mark.slow
def test_rule_4_suspended_in_school_does_not_count(school_days):
    school_days(missed("ann", *range(1, 11), code="P"), [enrolled("ann", last=100)])
    assert counted("ann") == (0, 100, False)


def partly(school_days, code: str, day_minutes: int, cases: dict[int, int]) -> None:
    """minutes missed on one day of ten: is it a day absent by the half-day rule?"""
    attendance = [
        row
        for minutes in cases
        for row in missed(
            str(minutes), 5, code=code, missed_minutes=minutes, day_minutes=day_minutes
        )
    ]
    school_days(attendance, [enrolled(str(minutes), last=10) for minutes in cases])
    for minutes, absent in cases.items():
        assert counted(str(minutes)) == (absent, 10, bool(absent)), minutes
        by_fraction = one(str(minutes), definition="fraction_of_day")["days_absent"]
        assert by_fraction == min(minutes, day_minutes) / day_minutes


@pytest.mark.slow
def test_rule_5_half_a_day_or_more_is_a_day(school_days):
    partly(school_days, "T", 390, {194: 0, 195: 1, 196: 1})


@pytest.mark.slow
def test_rule_5_minutes_decide_also_for_a_code_that_means_absent(school_days):
    """385 minutes is an odd day: 192 is less than half of it, 193 more; 500 is the whole day."""
    partly(school_days, "A", 385, {100: 0, 192: 0, 193: 1, 385: 1, 500: 1})


def test_rule_5_late_is_present_however_late(school_days):
    late = missed("ann", *range(1, 11), code="P", missed_minutes=300, day_minutes=390)
    school_days(late, [enrolled("ann", last=10)])
    assert counted("ann") == (0, 10, False)
    assert counted("ann", definition="fraction_of_day") == (0, 10, False)


@pytest.mark.slow
def test_rule_5_thirds_of_days_add_up_exactly(school_days):
    """18 thirds of 54 days: none is half a day, but together they are 6 days, 11%."""
    thirds = missed("ann", *range(1, 19), code="T", missed_minutes=130, day_minutes=390)
    school_days(thirds, [enrolled("ann", last=54)])
    assert counted("ann") == (0, 54, False)
    assert counted("ann", definition="fraction_of_day") == (6, 54, True)


def test_rule_5_three_thirds_are_exactly_one_day(school_days):
    """0.33 three times would fall short of 10% of 10 days; so would 129 + 130 + 130 minutes."""
    school_days(
        missed("ann", 1, 2, 3, code="T", missed_minutes=130, day_minutes=390)
        + missed("ben", 1, 2, code="T", missed_minutes=130, day_minutes=390)
        + missed("ben", 3, code="T", missed_minutes=129, day_minutes=390),
        [enrolled("ann", last=10), enrolled("ben", last=10)],
    )
    assert counted("ann", definition="fraction_of_day") == (1, 10, True)
    assert counted("ben", definition="fraction_of_day") == (389 / 390, 10, False)


@pytest.mark.slow
def test_rule_5_parts_of_days_of_different_length_add_up_exactly(school_days):
    """A third of 240, of 385 and of 420 minutes are not the same minutes, but one day."""
    school_days(
        missed("ann", 1, code="T", missed_minutes=80, day_minutes=240)
        + missed("ann", 2, code="T", missed_minutes=140, day_minutes=420)
        + missed("ann", 3, code="T", missed_minutes=130, day_minutes=390),
        [enrolled("ann", last=10)],
    )
    assert counted("ann", definition="fraction_of_day") == (1, 10, True)


SESSIONS = {
    # name: the rows of one day, (missed of 390 minutes, is it a day by the half-day rule?)
    "morning": ([{"session": "am"}], 195, 1),
    "morning and afternoon": ([{"session": "am"}, {"session": "pm"}], 390, 1),
    "same session twice": ([{"session": "am"}, {"session": "am", "code": "E"}], 195, 1),
    "parts of both, half": ([("am", 90), ("pm", 105)], 195, 1),
    "parts of both, less than half": ([("am", 90), ("pm", 104)], 194, 0),
    "a session is half a day at most": ([("am", 300)], 195, 1),
    "and so are both": ([("am", 300), ("pm", 10)], 205, 1),
    "the larger of two rows for a session": ([("am", 50), ("am", 120)], 120, 0),
    "the larger of whole day and session": ([{"session": "am"}, ("", 100)], 195, 1),
    "the larger of whole day and sessions": ([("am", 60), ("pm", 60), ("", 130)], 130, 0),
    "the sum of sessions, when larger": ([("am", 100), ("pm", 100), ("", 130)], 200, 1),
    "late in the morning, gone in the afternoon": (
        [{"session": "am", "code": "P"}, {"session": "pm"}],
        195,
        1,
    ),
}


def test_rule_5_sessions(school_days):
    attendance, enrollments = [], []
    for name, (rows, _minutes, _day) in SESSIONS.items():
        enrollments.append(enrolled(name, last=10))
        for row in rows:
            if isinstance(row, tuple):
                session, minutes = row
                row = {"session": session, "code": "T", "missed_minutes": minutes}
                row["day_minutes"] = 390
            attendance += missed(name, 4, **row)
    school_days(attendance, enrollments)
    by_half_day = {row["student_id"]: row for row in answer("students")}
    by_fraction = {
        row["student_id"]: row for row in answer("students", definition="fraction_of_day")
    }
    for name, (_rows, minutes, day) in SESSIONS.items():
        assert by_half_day[name]["days_absent"] == day, name
        assert by_fraction[name]["days_absent"] == minutes / 390, name


PERIODS = {
    # name: the rows of a day of six periods, sixths of it missed, is it a day by the half-day rule?
    "one class cut": ([{"period": "2(A)"}], 1, 0),
    "less than half": ([{"period": "1"}, {"period": "2"}], 2, 0),
    "half of them": ([{"period": "1"}, {"period": "2"}, {"period": "3"}], 3, 1),
    "one of them twice": ([{"period": "1"}, {"period": "2"}, {"period": "2", "code": "E"}], 2, 0),
    "late to one": ([{"period": "1"}, {"period": "2", "code": "P"}], 1, 0),
    "more than there are": ([{"period": str(number)} for number in range(8)], 6, 1),
    "minutes of four add up": (
        [
            {"period": str(number), "missed_minutes": 60, "day_minutes": 360, "code": "T"}
            for number in range(4)
        ],
        4,
        1,
    ),
    "a class, and part of the day": ([{"period": "1"}, {"event_duration": "0.5"}], 3, 1),
    "a whole day is a whole day": ([{"period": "1"}, {}], 6, 1),
    "a period is no session": ([{"period": "1", "session": "am"}, {"session": "pm"}], 3, 1),
}


def test_rule_5_periods_add_up(school_days):
    attendance = [
        row
        for name, (rows, _, _) in PERIODS.items()
        for one in rows
        for row in missed(name, 4, **one)
    ]
    school_days(
        attendance,
        [enrolled(name, last=10) for name in PERIODS],
        schools=SCHOOLS[:1],
        calendar=calendar(ALDER, DAYS, periods=6),
    )
    by_half_day = {row["student_id"]: row for row in answer("students")}
    by_fraction = {
        row["student_id"]: row for row in answer("students", definition="fraction_of_day")
    }
    for name, (_rows, sixths, day) in PERIODS.items():
        assert by_half_day[name]["days_absent"] == day, name
        assert by_fraction[name]["days_absent"] == sixths / 6, name


@pytest.mark.slow
def test_rule_5_days_of_different_periods_add_up_exactly(school_days):
    """One of six, one of four and seven of twelve are exactly a day; one of seven is less."""
    days = calendar(ALDER, DAYS)
    for day, periods in zip(days, (6, 4, 7), strict=False):
        day["periods"] = periods
    school_days(
        missed("ann", 1, 2, period="3")
        + missed("ann", 3, code="T", missed_minutes=210, day_minutes=360)
        + missed("ben", 1, 2, 3, period="3"),
        [enrolled("ann", last=10), enrolled("ben", last=10)],
        schools=SCHOOLS[:1],
        calendar=days,
    )
    assert counted("ann", definition="fraction_of_day") == (1, 10, True)
    assert counted("ben", definition="fraction_of_day") == (47 / 84, 10, False)


WRITTEN = {
    # as it is written: is it half a day or more?, and what share it is
    "0": (0, 0),
    "0.3": (0, 3 / 10),
    "0.33": (0, 1 / 3),
    "0.49": (0, 49 / 100),
    "0.5": (1, 1 / 2),
    ".75": (1, 3 / 4),
    "0.67": (1, 2 / 3),
    "1.00": (1, 1),
}


def test_rule_5_a_share_of_the_day(school_days):
    """event_duration, also of a session, which is half a day at most; minutes say it better."""
    attendance = [row for text in WRITTEN for row in missed(text, 4, event_duration=text, code="T")]
    attendance += missed("session", 4, event_duration="0.75", session="am")
    attendance += missed("minutes", 4, event_duration="0.75", missed_minutes=100, day_minutes=400)
    attendance += missed("present", 4, event_duration="1", code="P")
    shares = WRITTEN | {"session": (1, 1 / 2), "minutes": (0, 1 / 4), "present": (0, 0)}
    school_days(attendance, [enrolled(name, last=10) for name in shares])
    for name, (day, share) in shares.items():
        assert one(name)["days_absent"] == day, name
        assert one(name, definition="fraction_of_day")["days_absent"] == share, name


@pytest.mark.slow
def test_rule_5_thirds_that_are_written_as_decimals_add_up_exactly(school_days):
    """54 thirds are 18 days of 60; 53 of them are not quite 18 of 180."""
    days = range(1, 55)
    school_days(
        missed("ann", *days, event_duration="0.33")
        + missed("ben", *days, event_duration="0.333")
        + missed("cem", *days, event_duration="0.3333333333333333")
        + missed("dora", *range(1, 54), event_duration="0.33"),
        [enrolled("ann", last=60), *(enrolled(name) for name in ("ben", "cem", "dora"))],
    )
    assert counted("ann", definition="fraction_of_day") == (18, 60, True)
    assert counted("ben", definition="fraction_of_day") == (18, 180, True)
    assert counted("cem", definition="fraction_of_day") == (18, 180, True)
    assert counted("dora", definition="fraction_of_day") == (53 / 3, 180, False)
    assert counted("dora") == (0, 180, False)


# --- Which days count -------------------------------------------------------------------------


def test_rule_6_days_not_taken_leave_numerator_and_denominator(school_days):
    """17 days missed and two more on days not taken: 17 of 178, not 19 of 180, which is over."""
    days = calendar(ALDER, DAYS)
    days[49]["attendance_taken"] = days[50]["attendance_taken"] = "no"
    school_days(missed("ann", *range(1, 18), 50, 51), schools=SCHOOLS[:1], calendar=days)
    assert counted("ann") == (17, 178, False)


def test_rule_6_no_record_is_present_where_attendance_was_taken(school_days):
    school_days([])
    assert counted("ann") == (0, 180, False)


@pytest.mark.slow
def test_rule_6_a_school_without_a_row_all_year_has_not_reported(school_days):
    """Its days are neither present nor absent, for itself and for the network."""
    school_days(
        missed("ann", *range(1, 6)),
        [enrolled("ann"), enrolled("ann", school_id=BIRCH), enrolled("ben", school_id=BIRCH)],
    )
    by_school = {row["school_id"]: row for row in answer("by_school")}
    assert by_school[BIRCH]["students"] == 0
    assert by_school[BIRCH]["students_not_evaluated"] == 2
    assert by_school[BIRCH]["rate"] is None
    assert by_school[BIRCH]["days_enrolled"] == 0
    assert by_school[BIRCH]["attendance_rate"] is None
    assert counted("ann") == (5, 180, False)
    assert counted("ben") == (0, 0, None)
    assert (headline()["students"], headline()["students_not_evaluated"]) == (1, 1)


def test_rule_6_events_on_days_off_and_outside_enrollment_count_for_nothing(school_days):
    """A Saturday, the day before entry and the exit date itself: only day 12 counts."""
    saturday = {"student_id": "ann", "date": "2025-09-20"}
    school_days([saturday, *missed("ann", 10, 12, 21)], [enrolled("ann", first=11, last=20)])
    assert counted("ann") == (1, 10, True)


def test_exit_date_is_the_first_day_no_longer_enrolled(school_days):
    school_days(
        [],
        [
            {"student_id": "ann", "entry_date": DAYS[0], "exit_date": DAYS[10]},
            {"student_id": "ben", "entry_date": DAYS[0], "exit_date": DAYS[0]},
        ],
    )
    assert counted("ann") == (0, 10, False)
    assert counted("ben") == (0, 0, None)


@pytest.mark.slow
def test_an_enrollment_speaks_for_its_own_year_only(network):
    """Still enrolled in the row of 2024-25 does not make a student of 2025-26."""
    earlier = weekdays("2024-09-02", 20)
    network(
        students=[{"student_id": "ann"}, {"student_id": "ben"}],
        enrollments=[
            {"student_id": "ann", "school_year": "2024-25", "entry_date": earlier[0]},
            {"student_id": "ben"},
        ],
        calendar=calendar(ALDER, earlier, school_year="2024-25") + calendar(ALDER, DAYS[:20]),
        attendance=[
            {"student_id": "ann", "date": earlier[0]},
            {"student_id": "ann", "date": earlier[1]},
            {"student_id": "ann", "date": earlier[19], "code": "P"},
            *missed("ben", 20),
        ],
    )
    assert [row["student_id"] for row in answer("students")] == ["ben"]
    assert counted("ann", school_year="2024-25") == (2, 20, True)


EVERY_OTHER_DAY = list(range(1, 181, 2))
TWO_CALENDARS = {
    "schools": SCHOOLS[:1],
    "calendar": [
        *calendar(ALDER, DAYS),
        *calendar(ALDER, [DAYS[day - 1] for day in EVERY_OTHER_DAY], calendar_code="short"),
    ],
}


@pytest.mark.slow
def test_rule_6_who_comes_on_some_days_counts_these_days_only(school_days):
    """Every other day: 9 of 90 is 10%, and 9 days of 180 are not; days of others count nothing."""
    short = {"calendar_code": "short"}
    school_days(
        missed("ann", *EVERY_OTHER_DAY[:9])
        + missed("ben", *EVERY_OTHER_DAY[:8], 2, 4, 6)
        + missed("cem", *EVERY_OTHER_DAY[:9])
        + missed("dee", *EVERY_OTHER_DAY[:3], 178),
        enrollments=[
            enrolled("ann", **short),
            enrolled("ben", **short),
            enrolled("cem"),
            # The afternoon of the year: 15 of the 30 days, then all of the next 30.
            enrolled("dee", 121, 150, **short),
            enrolled("dee", 151),
        ],
        **TWO_CALENDARS,
    )
    assert counted("ann") == (9, 90, True)
    assert counted("ben") == (8, 90, False)
    assert counted("cem") == (9, 180, False)
    assert counted("dee") == (1, 45, False)
    assert headline()["days_enrolled"] == 90 + 90 + 180 + 45
    assert sum(row["days_enrolled"] for row in answer("by_weekday")) == 90 + 90 + 180 + 45
    # Both calendars are days of the school: 180 of them, all taken.
    (place,) = answer("by_school")
    assert (place["students"], place["students_absent"]) == (4, 1)


@pytest.mark.slow
def test_who_comes_on_some_days_has_only_these_days_to_come(school_days):
    """At day 100 ann had 50 days of hers and has 40 to come: 8 of 90 may be missed, 9 may not."""
    school_days(
        missed("ann", 1, 3) + missed("cem", 1, 3),
        enrollments=[enrolled("ann", calendar_code="short"), enrolled("cem")],
        ends=100,
        **TWO_CALENDARS,
    )
    assert one("ann")["absences_left"] == 6
    assert one("cem")["absences_left"] == 15


@pytest.mark.slow
def test_two_calendars_that_both_go_to_summer_are_two_stays(school_days):
    """Days 1 to 170 are the year, 171 to 180 a summer school: who is in both counts both."""
    school_days(
        missed("ann", *range(170, 180)) + missed("ben", *range(170, 180)),
        enrollments=[
            enrolled("ann", 1, calendar_code="year"),
            enrolled("ann", 1, calendar_code="summer"),
            enrolled("ben", 1, calendar_code="year"),
        ],
        schools=SCHOOLS[:1],
        calendar=[
            *calendar(ALDER, DAYS[:170], calendar_code="year"),
            *calendar(ALDER, DAYS[170:], calendar_code="summer"),
        ],
    )
    assert counted("ann") == (10, 180, False)
    assert counted("ben") == (1, 170, False)


def test_rule_6_not_recorded_for_one_student_is_neither_present_nor_absent(school_days):
    """Nine days of which nothing is known for ann are no days of hers: 1 of 11, not 10 of 20."""
    codes = [
        {"code": "A", "counts_as": "absent"},
        {"code": "P", "counts_as": "present"},
        {"code": "N", "counts_as": "not_recorded"},
    ]
    both = [{"session": "am"}, {"session": "pm"}]
    rows = [
        # ann: days 1 to 9, one of them twice, and an absence.
        *missed("ann", *range(1, 10), 3, code="N"),
        *missed("ann", 12),
        # ben: one day by both sessions, one by all periods; the rest is known in part.
        *(row for one in both for row in missed("ben", 1, code="N", **one)),
        *(row for number in range(4) for row in missed("ben", 2, code="N", period=number)),
        *(row for number in range(3) for row in missed("ben", 3, code="N", period=number)),
        *missed("ben", 4, code="N", session="am"),
        *missed("ben", 5, code="N", session="am"),
        *missed("ben", 5, session="pm"),
        *missed("ben", 6, code="N"),
        *missed("ben", 6, session="am"),
        # cem: the first and the last day.
        *missed("cem", 1, 20, code="N"),
    ]
    school_days(
        rows,
        [enrolled(name, last=20) for name in ("ann", "ben", "cem")],
        schools=SCHOOLS[:1],
        calendar=calendar(ALDER, DAYS, periods=4),
        attendance_codes=codes,
    )
    assert counted("ann") == (1, 11, False)
    assert counted("ben") == (2, 18, True)
    assert counted("cem") == (0, 18, False)
    assert headline()["days_enrolled"] == 47


# --- Who is counted, and where ----------------------------------------------------------------


def test_rule_8_status_follows_the_student_who_moved(school_days):
    """12 of 60, then 4 of 100: chronic at the first school, not at the second, and 16 of 160."""
    school_days(
        missed("ann", *range(1, 13)) + missed("ann", *range(101, 105), school_id=BIRCH),
        [enrolled("ann", last=60), enrolled("ann", first=81, school_id=BIRCH)],
    )
    assert counted("ann", school=ALDER) == (12, 60, True)
    assert counted("ann", school=BIRCH) == (4, 100, False)
    assert counted("ann") == (16, 160, True)
    assert one("ann")["school_name"] == "Birch School"


def test_rule_8_schools_do_not_add_up_to_the_network(school_days):
    """The student above counts at both schools, and once in the network."""
    school_days(
        missed("ann", *range(1, 13)) + missed("ann", *range(101, 105), school_id=BIRCH),
        [enrolled("ann", last=60), enrolled("ann", first=81, school_id=BIRCH)],
    )
    by_school = answer("by_school")
    assert sum(row["students"] for row in by_school) == 2
    assert headline()["students"] == 1
    assert [row["students_absent"] for row in by_school] == [1, 0]
    assert headline()["students_absent"] == 1


def test_rule_8_leavers_stay_in_the_rates_of_the_year(school_days):
    school_days(
        missed("ann", 1, 2),
        [enrolled("ann", last=20), enrolled("ben")],
    )
    assert counted("ann") == (2, 20, True)
    assert (headline()["students"], headline()["students_absent"]) == (2, 1)
    assert headline()["rate"] == 0.5


@pytest.mark.slow
def test_rule_9_overlapping_enrollments_count_each_day_once(school_days):
    school_days(
        missed("ann", *range(31, 41)),
        [enrolled("ann", last=60), enrolled("ann", first=31, last=100), enrolled("ann", last=60)],
    )
    assert counted("ann") == (10, 100, True)
    assert counted("ann", school=ALDER) == (10, 100, True)


def test_rule_9_a_duplicate_event_counts_once(school_days):
    school_days(
        missed("ann", *range(1, 10)) + missed("ann", 9) + missed("ann", 9, code="E"),
        [enrolled("ann", last=100)],
    )
    assert counted("ann") == (9, 100, False)


def test_leaving_and_coming_back(school_days):
    school_days(
        missed("ann", 5, 40, 60),
        [enrolled("ann", last=20), enrolled("ann", first=51)],
    )
    assert counted("ann") == (2, 150, False)


@pytest.mark.slow
def test_present_at_either_of_two_schools_is_present(school_days):
    """Days 1 and 2 missed at one school each, day 3 at both: one day of 20 is missed."""
    school_days(
        missed("ann", 1, 3)
        + missed("ann", 2, 3, school_id=BIRCH)
        + missed("late", 180, code="P", school_id=BIRCH),
        [enrolled("ann", last=20), enrolled("ann", last=20, school_id=BIRCH)],
    )
    assert counted("ann") == (1, 20, False)
    assert counted("ann", school=ALDER) == (2, 20, True)
    assert counted("ann", school=BIRCH) == (2, 20, True)


@pytest.mark.slow
def test_of_two_schools_the_least_missed_counts(school_days):
    """All day at one, 100 of 400 minutes at the other: a quarter of a day."""
    school_days(
        missed("ann", 1)
        + missed("ann", 1, school_id=BIRCH, code="T", missed_minutes=100, day_minutes=400),
        [enrolled("ann", last=20), enrolled("ann", last=20, school_id=BIRCH)],
    )
    assert counted("ann") == (0, 20, False)
    assert counted("ann", definition="fraction_of_day") == (0.25, 20, False)


@pytest.mark.slow
def test_a_day_not_taken_at_one_of_two_schools_is_the_other_schools_day(school_days):
    days = calendar(BIRCH, DAYS)
    days[0]["attendance_taken"] = "no"
    school_days(
        missed("ann", 1) + missed("ben", 1, school_id=BIRCH) + last_day(school=BIRCH),
        [enrolled("ann", last=20), enrolled("ann", last=20, school_id=BIRCH)],
        students=[{"student_id": "ann"}, {"student_id": "ben"}, {"student_id": "late"}],
        calendar=calendar(ALDER, DAYS) + days + calendar(CEDAR, DAYS),
    )
    assert counted("ann") == (1, 20, False)


@pytest.mark.slow
def test_school_and_grade_are_those_of_the_latest_entry(school_days):
    school_days(
        [],
        [
            enrolled("ann", last=60, grade="5"),
            enrolled("ann", first=61, school_id=BIRCH, grade="6"),
            enrolled("ben", last=60, grade="6", school_id=BIRCH),
            enrolled("ben", first=61, grade=""),
        ],
    )
    assert (one("ann")["school_name"], one("ann")["grade"]) == ("Birch School", "6")
    assert (one("ben")["school_name"], one("ben")["grade"]) == ("Alder School", None)
    assert one("ann", school=ALDER)["grade"] == "5"
    early = Selection(as_of=date.fromisoformat(DAYS[29]))
    names = {
        row["student_id"]: row["school_name"]
        for row in database.records("absence/students", early, ALL_NAMES)
    }
    assert names == {"ann": "Alder School", "ben": "Birch School"}


@pytest.mark.slow
def test_a_student_who_has_not_come_yet_has_a_row_without_a_day(school_days):
    school_days([], [enrolled("ann", first=100)])
    as_of = date.fromisoformat(DAYS[49])
    assert counted("ann", as_of=as_of) == (0, 0, None)
    assert headline(as_of=as_of)["students_not_evaluated"] == 1


# --- As of when -------------------------------------------------------------------------------


def test_rule_10_as_of_an_earlier_day(school_days):
    """On day 20 two absences are 10%; on day 180 they are not."""
    school_days(missed("ann", 19, 20))
    assert counted("ann", as_of=date.fromisoformat(DAYS[19])) == (2, 20, True)
    assert counted("ann", as_of=date.fromisoformat(DAYS[18])) == (1, 19, False)
    assert counted("ann") == (2, 180, False)


def test_the_year_under_way_stands_at_the_last_row_of_any_school(network):
    """Alder's last row is of day 15, Birch's of day 12; the calendar goes on to day 180."""
    network(
        schools=SCHOOLS[:2],
        students=[{"student_id": "ann"}, {"student_id": "ben"}],
        enrollments=[enrolled("ann"), enrolled("ben", school_id=BIRCH)],
        calendar=calendar(ALDER, DAYS) + calendar(BIRCH, DAYS),
        attendance=missed("ann", 15) + missed("ben", 12, school_id=BIRCH),
    )
    assert counted("ann") == (1, 15, False)
    assert counted("ben") == (1, 15, False)


@pytest.mark.slow
def test_an_event_on_a_saturday_does_not_move_the_as_of_day(network):
    network(
        students=[{"student_id": "ann"}],
        enrollments=[enrolled("ann")],
        calendar=calendar(ALDER, DAYS),
        attendance=[*missed("ann", 15), {"student_id": "ann", "date": "2025-09-27"}],
    )
    assert counted("ann") == (1, 15, False)


@pytest.mark.slow
def test_an_earlier_year_stands_at_the_last_day_of_its_calendar(network):
    """Though its last row is of day 25: a school with a row in 25 days may have five without."""
    earlier = weekdays("2024-09-02", 30)
    network(
        students=[{"student_id": "ann"}],
        enrollments=[
            enrolled("ann"),
            {"student_id": "ann", "school_year": "2024-25", "entry_date": earlier[0]},
        ],
        calendar=calendar(ALDER, DAYS) + calendar(ALDER, earlier, school_year="2024-25"),
        attendance=[*missed("ann", 15), {"student_id": "ann", "date": earlier[24]}],
    )
    assert counted("ann", school_year="2024-25") == (1, 30, False)


# --- A school that stops sending, and a row far ahead of the others ---------------------------


def sent(school: str, *days: int, code: str = "A") -> list[dict]:
    """An attendance row of this school on each of these days, of its own student."""
    return missed(f"of {school}", *days, school_id=school, code=code)


def of_each_school(*schools: str) -> list[dict]:
    return [enrolled(f"of {school}", school_id=school) for school in schools]


@pytest.mark.slow
def test_a_school_that_stops_sending_stands_at_its_own_last_day(school_days):
    """Four of 30 days missed, then nothing to day 180: 4 of 30, not 4 of 180. Its absences left
    are of the days from then on that nobody can have sent, and the months end with its own."""
    stops = (1, 10, 20, 30)
    school_days(sent(ALDER, *range(1, 181, 9)) + sent(BIRCH, *stops), of_each_school(ALDER, BIRCH))
    assert counted(f"of {BIRCH}") == (4, 30, True)
    assert counted(f"of {BIRCH}", school=BIRCH) == (4, 30, True)
    assert counted(f"of {ALDER}") == (20, 180, True)
    months = answer("by_month", school=BIRCH)
    assert [(row["instructional_day"], row["students_absent"]) for row in months] == [
        (22, 1),
        (30, 1),
    ]
    assert counted(f"of {BIRCH}", as_of=date.fromisoformat(DAYS[19])) == (3, 20, True)
    weeks = database.records("health/coverage", Selection(school=BIRCH), ALL_NAMES)
    assert sum(row["days_expected"] for row in weeks) == 180
    assert sum(row["days_taken"] for row in weeks) == 30


# Every second day without a row: nine more in a row have a chance of 1 in 512, ten of 1 in 1,024.
# A row on one of ten days: 1 in 1,000 is not below 1 in 1,000 after three days, and is after four.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("sends", "last", "quiet_days", "stops"),
    [
        (range(2, 21, 2), 20, 9, False),
        (range(2, 21, 2), 20, 10, True),
        ([*range(2, 11)], 10, 3, False),
        ([*range(2, 11)], 10, 4, True),
        (range(1, 11), 10, 1, True),
        ([20], 20, 100, False),
        ([20], 20, 160, True),
    ],
)
def test_a_quiet_stretch_is_weighed_by_the_days_without_a_row(
    school_days, sends, last, quiet_days, stops
):
    """At, above and below 1 in 1,000; a school with a row every day is quiet from the first on."""
    until = last + quiet_days
    school_days(
        sent(BIRCH, *sends) + sent(ALDER, *range(1, until + 1), code="P"),
        of_each_school(ALDER, BIRCH),
        schools=SCHOOLS[:2],
        ends=until,
    )
    assert counted(f"of {BIRCH}")[1] == (last if stops else until)


def test_days_in_the_middle_that_nobody_reported_are_set_aside(network):
    """At, above and below each edge, a school each, side by side: the days with rows, the days of
    the calendar, and of these the days enrolled."""
    day = range(1, 61)
    cases = {
        "five": ([one for one in day if one not in range(11, 16)], 60, 55),
        "four": ([one for one in day if one not in range(11, 15)], 60, 60),
        "first": ([*range(6, 61)], 60, 55),
        "ten": ([*range(1, 6), *range(11, 16)], 15, 10),
        "nine": ([*range(1, 6), *range(11, 15)], 14, 14),
        # Of 50 others 24 have no row: 0.48 ^ 9 is more than 1 in 1,000, and ^ 10 is less.
        "nine more": ([*range(1, 22, 2), *range(31, 60, 2)], 60, 60),
        "ten more": ([*range(1, 22, 2), *range(32, 61, 2)], 60, 50),
        # That a student was present says that attendance was sent.
        "present": ([one for one in day if one not in range(11, 16)], 60, 60),
        "forty-nine": ([one for one in day if one not in range(11, 16)], 60, 60),
    }
    students = {name: 49 if name == "forty-nine" else 50 for name in cases}
    names = [(name, f"{name} {one}") for name in cases for one in range(students[name])]
    network(
        schools=[{"school_id": name, "school_name": name} for name in cases],
        students=[{"student_id": who} for _, who in names],
        enrollments=[enrolled(who, school_id=name) for name, who in names],
        calendar=[
            row for name, (_, last, _) in cases.items() for row in calendar(name, DAYS[:last])
        ],
        attendance=[
            *(row for name, who in names for row in missed(who, cases[name][0][0], school_id=name)),
            *(
                row
                for name, (days, _, _) in cases.items()
                for row in missed(f"{name} 0", *days[1:], school_id=name)
            ),
            *missed("present 0", 13, code="P", school_id="present"),
        ],
    )
    told = {row["school_name"]: row for row in answer("by_school")}
    for name, (_, _, days_enrolled) in cases.items():
        assert told[name]["days_enrolled"] == students[name] * days_enrolled, name


@pytest.mark.slow
def test_days_not_taken_are_no_quiet_days(school_days):
    """Birch is closed from day 21 on: nobody expects a row."""
    days = calendar(ALDER, DAYS) + calendar(BIRCH, DAYS)
    for row in days[200:]:
        row["attendance_taken"] = "no"
    school_days(sent(BIRCH, *range(1, 21)), of_each_school(ALDER, BIRCH), calendar=days)
    rows = database.records("health/freshness", Selection(school=BIRCH), ALL_NAMES)
    assert [row["has_stopped"] for row in rows] == [False]


@pytest.mark.slow
def test_a_school_that_stopped_in_an_earlier_year_stands_there_too(network):
    earlier = weekdays("2024-09-02", 100)
    network(
        enrollments=[
            enrolled("ann"),
            {"student_id": "ann", "school_year": "2024-25", "entry_date": earlier[0]},
        ],
        calendar=calendar(ALDER, DAYS) + calendar(ALDER, earlier, school_year="2024-25"),
        attendance=[
            *missed("ann", 15),
            *({"student_id": "ann", "date": day} for day in earlier[:40:4]),
        ],
    )
    assert counted("ann", school_year="2024-25") == (10, 37, True)


# What is sent besides Alder's rows on days 1 to 40, two a day, and where Alder's figures stand.
AHEAD = {
    "nothing": ([], 40),
    "one row": (sent(ALDER, 90), 40),
    "two rows of a day": (sent(ALDER, 90) + missed("ann", 90), 40),
    "two rows of two days": (sent(ALDER, 90, 120), 40),
    "three rows": (sent(ALDER, 90, 91) + missed("ann", 90), 91),
    "one row of another school": (sent(BIRCH, 90), 40),
    "ten days between": (sent(ALDER, 51), 40),
    "nine days between": (sent(ALDER, 50), 50),
    "somebody was there": (sent(ALDER, 90, code="P"), 90),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", AHEAD)
def test_a_row_far_ahead_of_the_others_moves_nothing(school_days, what):
    """Four absences in 40 days; Birch has had its one row on day 15, and may be quiet for long."""
    ahead, stands = AHEAD[what]
    school_days(
        sent(ALDER, *range(1, 41))
        + missed("ann", *range(1, 41))
        + missed("late", 40, code="P")
        + sent(BIRCH, 15)
        + ahead,
        [*of_each_school(ALDER, BIRCH), enrolled("ann"), enrolled("late")],
        ends=None,
    )
    assert counted("late") == (0, stands, False)
    as_of = database.records("health/standing", Selection(), ALL_NAMES)[0]["as_of"]
    assert str(as_of) == DAYS[stands - 1]


@pytest.mark.slow
def test_a_holiday_before_a_row_is_no_gap(school_days):
    """Thirty days off between days 20 and 51, and one row on the first day back."""
    days = calendar(ALDER, DAYS)
    for row in days[20:50]:
        row["attendance_taken"] = "no"
    school_days(sent(ALDER, *range(1, 21), 51), of_each_school(ALDER), calendar=days, ends=None)
    assert counted(f"of {ALDER}") == (21, 21, True)


@pytest.mark.slow
def test_a_row_in_the_calendar_of_the_next_year_does_not_begin_it(network):
    """Weighed by the year before: a row on each of its days, and then one after twelve without."""
    coming = weekdays("2026-06-01", 30)
    network(
        enrollments=[
            enrolled("ann"),
            {"student_id": "ann", "school_year": "2026-27", "entry_date": coming[0]},
        ],
        calendar=calendar(ALDER, DAYS[:40]) + calendar(ALDER, coming, school_year="2026-27"),
        attendance=[*missed("ann", *range(1, 21)), {"student_id": "ann", "date": coming[12]}],
    )
    assert counted("ann") == (20, 20, True)
    standing = database.records("health/standing", Selection(), ALL_NAMES)[0]
    assert standing["school_year"] == "2025-26"


# --- Month by month, and against last year ----------------------------------------------------

# Last year began two weeks later in the calendar, and Birch a further week later.
LAST_YEAR = weekdays("2024-09-16", 40)
LAST_YEAR_BIRCH = weekdays("2024-09-23", 40)


@pytest.fixture
def two_years(network):
    """Forty days a year; this year ann misses days 10 and 11, last year days 12 and 13.

    Last year ben is at Birch, and misses its days 1 and 2. Attendance has come to day 25.
    """
    before = {"school_year": "2024-25"}
    return network(
        schools=SCHOOLS[:2],
        students=[{"student_id": "ann"}, {"student_id": "ben"}],
        enrollments=[
            enrolled("ann"),
            {"student_id": "ann", "entry_date": LAST_YEAR[0], **before},
            {"student_id": "ben", "entry_date": LAST_YEAR[0], "school_id": BIRCH, **before},
        ],
        calendar=calendar(ALDER, DAYS[:40])
        + calendar(BIRCH, DAYS[:40])
        + calendar(ALDER, LAST_YEAR, **before)
        + calendar(BIRCH, LAST_YEAR_BIRCH, **before),
        attendance=missed("ann", 10, 11, 25)
        + [{"student_id": "ann", "date": LAST_YEAR[day - 1]} for day in (12, 13)]
        + [
            {"student_id": "ben", "date": LAST_YEAR_BIRCH[day - 1], "school_id": BIRCH}
            for day in (1, 2)
        ]
        + [
            {"student_id": "ben", "date": days[-1], "school_id": school, "code": "P"}
            for school, days in ((ALDER, LAST_YEAR), (BIRCH, LAST_YEAR_BIRCH))
        ],
    )


def test_months_so_far_and_last_years_same_instructional_day(two_years):
    """September 2025 has 22 weekdays, so last year's day 22 of each school: both by then at 2/22.

    September 30: ann 2 of 22, not chronic; last year ann 2 of 22 and ben 2 of 22. October 3 is
    day 25: ann 3 of 25, chronic. By last year's date, September 30, it would be day 11 at Alder.
    """
    rows = answer("by_month")
    assert [(str(row["month_end"]), row["instructional_day"]) for row in rows] == [
        ("2025-09-30", 22),
        ("2025-10-03", 25),
    ]
    assert [(row["students"], row["students_absent"], row["rate"]) for row in rows] == [
        (1, 0, 0.0),
        (1, 1, 1.0),
    ]
    assert [row["last_year_students"] for row in rows] == [2, 2]
    assert [row["last_year_rate"] for row in rows] == [0.0, 0.0]


def test_last_year_is_taken_at_the_same_day_of_each_school(two_years):
    """As of day 15: last year's day 15 was October 4 at Alder, and October 11 at Birch.

    By then ann had missed 2 of 15 and ben 2 of 15: both chronic. This year ann 2 of 15 too.
    """
    as_of = date.fromisoformat(DAYS[14])
    row = answer("by_month", as_of=as_of)[-1]
    assert (str(row["month_end"]), row["instructional_day"]) == (DAYS[14], 15)
    assert (row["students"], row["students_absent"]) == (1, 1)
    assert (row["last_year_students"], row["last_year_students_absent"]) == (2, 2)
    at_birch = answer("by_month", as_of=as_of, school=BIRCH)[-1]
    assert (at_birch["students"], at_birch["last_year_students_absent"]) == (0, 1)
    early = answer("by_month", as_of=date.fromisoformat(DAYS[10]), school=ALDER)[-1]
    # Day 11: this year two are missed; last year, days 12 and 13 were still to come.
    assert (early["rate"], early["last_year_rate"]) == (1.0, 0.0)


@pytest.mark.slow
def test_without_a_year_before_there_is_no_rate_of_last_year(school_days):
    school_days(missed("ann", 1))
    assert {row["last_year_rate"] for row in answer("by_month")} == {None}
    assert {row["change_points"] for row in answer("shifts")} == {None}


def test_five_years_of_a_school_stand_at_the_same_instructional_day(network):
    """Forty days a year, and this year has come to day 25. Three days missed early are over 10% of
    25 and not of 40; fifteen after day 25 are over 10% of 40, and none of 25."""
    early, late = range(3), range(25, 40)
    missed_in = {
        "2020-21": early,
        "2021-22": early,
        "2022-23": late,
        "2023-24": late,
        "2024-25": early,
        "2025-26": (24,),
    }
    days = {year: weekdays(f"{year[:4]}-09-01", 40) for year in missed_in}
    network(
        schools=SCHOOLS[:2],
        students=[{"student_id": "ann"}],
        enrollments=[
            {"student_id": "ann", "entry_date": days[year][0], "school_year": year}
            for year in missed_in
        ],
        calendar=[
            row
            for year in missed_in
            for school in (ALDER, BIRCH)
            for row in calendar(school, days[year], school_year=year)
        ],
        attendance=[
            {"student_id": "ann", "date": days[year][day]}
            for year, missed_days in missed_in.items()
            for day in missed_days
        ]
        + [
            {"student_id": "ann", "date": days[year][-1], "code": "P"}
            for year in missed_in
            if year < "2025-26" and 39 not in missed_in[year]
        ],
    )
    rows = answer("school_trend")
    assert [(row["school_year"], row["students_absent"], row["rate"]) for row in rows] == [
        ("2021-22", 1, 1.0),
        ("2022-23", 0, 0.0),
        ("2023-24", 0, 0.0),
        ("2024-25", 1, 1.0),
        ("2025-26", 0, 0.0),
    ]
    assert {row["school_id"] for row in rows} == {ALDER}, "nobody is enrolled at the other one"
    # A year is one of the five whichever it is compared with, and earlier ones have their own.
    assert answer("school_trend", compare_year="2022-23") == rows
    assert len(answer("school_trend", school_year="2022-23")) == 3


def test_everybody_is_told_of_a_schools_years_what_its_curves_tell(sample):
    """Of this year and the last by its own curve at the newest month's end, and of the year before
    by the curve of last year at the end of the same month."""
    told = ("students", "students_absent", "rate", "rate_at_least", "rate_at_most")
    for school in ("Birch Elementary", "Willow High"):
        *_, newest = database.records("absence/by_month", Selection(school=school))
        months = database.records(
            "absence/by_month", Selection(school=school, school_year="2024-25")
        )
        (same_month,) = (
            row for row in months if row["month_end"].month == newest["month_end"].month
        )
        before, last, this = database.records("absence/school_trend", Selection(school=school))
        assert [this[name] for name in told] == [newest[name] for name in told]
        for row, month in ((last, newest), (before, same_month)):
            assert [row[name] for name in told] == [month[f"last_year_{name}"] for name in told]
        years = [row["school_year"] for row in (before, last, this)]
        assert years == ["2023-24", "2024-25", "2025-26"]
        assert before["rate"] is not None


def test_months_are_cumulative(school_days):
    """5 days missed, all in September: over 10% of September, and less month by month."""
    school_days(missed("ann", *range(1, 6)))
    rows = answer("by_month")
    assert [row["students_absent"] for row in rows] == [1, 1, 0, 0, 0, 0, 0, 0, 0]
    # Day 45 is October 31: 5 of 45 is over 10%, and 5 of 65 on November 28 is not.
    assert [row["instructional_day"] for row in rows][:3] == [22, 45, 65]


# --- Filters and groups -----------------------------------------------------------------------

PEOPLE = {
    # student: (grade, language, days missed of 180)
    "ann": ("K", "Spanish", 18),
    "ben": ("K", "", 17),
    "cal": ("5", "English", 40),
    "dot": ("5", "Spanish", 0),
    "eve": ("", "English", 18),
    "fay": ("10", "", 0),
}


@pytest.fixture
def people(school_days):
    attendance = []
    for student, (_grade, _language, days) in PEOPLE.items():
        attendance += missed(student, *range(1, days + 1))
    school_days(
        attendance,
        [enrolled(student, grade=grade) for student, (grade, _l, _d) in PEOPLE.items()],
        students=[
            *(
                {"student_id": s, "home_language": language}
                for s, (_g, language, _d) in PEOPLE.items()
            ),
            {"student_id": "late"},
        ],
    )


def test_by_grade_in_school_order_with_the_unknown(people):
    rows = [(row["grade"], row["students"], row["students_absent"]) for row in answer("by_grade")]
    assert rows == [("K", 2, 1), ("5", 2, 1), ("10", 1, 0), ("Unknown", 1, 1)]


def test_kindergarten_stands_before_the_first_grade_and_after_the_years_before_it(network):
    grades = {"ann": "1", "ben": "K", "cyd": "PK", "dee": "2"}
    network(
        students=[{"student_id": one} for one in grades],
        enrollments=[enrolled(one, grade=grade) for one, grade in grades.items()],
    )
    assert [row["grade"] for row in answer("by_grade")] == ["PK", "K", "1", "2"]


@pytest.mark.slow
def test_everybody_reads_grades_in_the_same_order(make_home, use_home):
    grades = ("2", "1", "K", "PK")
    students = [f"{grade}-{number}" for grade in grades for number in range(40)]
    home = make_home(
        share_view=True,
        students=[{"student_id": one} for one in students],
        enrollments=[enrolled(one, grade=one.partition("-")[0]) for one in students],
        calendar=calendar("alder", DAYS[:20]),
        attendance=[row for one in students[::2] for row in missed(one, 1, 2, 20)],
    )
    use_home(home)
    rows = database.records("absence/by_grade", Selection())
    assert [row["grade"] for row in rows] == ["PK", "K", "1", "2"]


def test_by_group_shows_the_unknown_and_adds_up(people):
    """Nobody is described by gender or disability, so only home language is there."""
    rows = [
        (row["dimension"], row["group_name"], row["students"], row["students_absent"], row["rate"])
        for row in answer("by_group")
    ]
    assert rows == [
        ("home_language", "English", 2, 2, 1.0),
        ("home_language", "Spanish", 2, 1, 0.5),
        ("home_language", "Unknown", 2, 0, 0.0),
    ]


@pytest.mark.parametrize(
    "chosen, students",
    [
        ({"grade": "K"}, {"ann", "ben"}),
        ({"grade": "Unknown"}, {"eve"}),
        ({"dimension": "home_language", "group_name": "Spanish"}, {"ann", "dot"}),
        ({"dimension": "home_language", "group_name": "Unknown"}, {"ben", "fay"}),
        ({"grade": "K", "dimension": "home_language", "group_name": "Spanish"}, {"ann"}),
        ({"grade": "12"}, set()),
    ],
)
def test_filters(people, chosen, students):
    assert {row["student_id"] for row in answer("students", **chosen)} == students
    assert headline(**chosen)["students"] == len(students)


def test_rule_11_rates_are_ratios_of_sums(people):
    """Attendance is days over days: 93 missed of 1,080, not a mean of six rates of students."""
    row = headline()
    assert (row["students"], row["students_absent"], row["rate"]) == (6, 3, 0.5)
    assert (row["days_absent"], row["days_enrolled"]) == (93, 1080)
    assert row["attendance_rate"] == pytest.approx(1 - 93 / 1080, abs=1e-15)


def test_tiers_are_all_there_and_add_up(people):
    """0 and 0 of 180; 17 is at risk; 18 and 18 moderate; 40 severe."""
    assert [(row["tier"], row["students"], row["share"]) for row in answer("by_tier")] == [
        ("satisfactory", 2, 2 / 6),
        ("at_risk", 1, 1 / 6),
        ("moderate", 2, 2 / 6),
        ("severe", 1, 1 / 6),
    ]


def test_students_are_listed_with_names_or_ids(school_days):
    school_days(
        [],
        [enrolled("ann"), enrolled("ben")],
        students=[
            {"student_id": "ann", "first_name": "Ann", "last_name": "Ames"},
            {"student_id": "ben"},
            {"student_id": "late"},
        ],
    )
    assert {row["student_id"]: row["student_name"] for row in answer("students")} == {
        "ann": "Ann Ames",
        "ben": "ben",
    }


@pytest.mark.slow
def test_a_row_of_the_year_goes_before_a_row_for_every_year(school_days):
    """Needs and housing change: the row of another year says nothing about this one."""
    school_days(
        [],
        [enrolled("ann"), enrolled("ben"), enrolled("cal")],
        students=[
            {"student_id": "ann", "school_year": "", "unstable_housing": "no"},
            {"student_id": "ann", "school_year": "2025-26", "unstable_housing": "yes"},
            {"student_id": "ben", "school_year": "", "unstable_housing": "no"},
            {"student_id": "cal", "school_year": "2024-25", "unstable_housing": "yes"},
            {"student_id": "late"},
        ],
    )
    groups = {row["group_name"]: row["students"] for row in answer("by_group")}
    assert groups == {"yes": 1, "no": 1, "Unknown": 1}


def test_an_empty_selection_answers_with_nothing_rather_than_an_error(people):
    assert headline(grade="12") == {
        "students": 0,
        "students_not_evaluated": 0,
        "students_absent": 0,
        "rate": None,
        "days_absent": None,
        "days_enrolled": None,
        "attendance_rate": None,
    }
    for question in ("students", "by_school", "by_grade", "by_group"):
        assert answer(question, grade="12") == []
    assert [row["students"] for row in answer("by_tier", grade="12")] == [0, 0, 0, 0]
    assert {row["rate"] for row in answer("by_month", grade="12")} == {None}


def test_by_weekday(school_days):
    """Day 1 is a Monday, September 1; ann misses the first two Mondays of September's five."""
    school_days(missed("ann", 1, 6))
    rows = {(str(row["month_start"]), row["weekday"]): row for row in answer("by_weekday")}
    monday = rows["2025-09-01", "Monday"]
    assert (monday["days_absent"], monday["days_enrolled"], monday["share"]) == (2, 5, 0.4)
    assert rows["2025-09-01", "Friday"]["days_absent"] == 0
    assert sum(row["days_enrolled"] for row in rows.values()) == 180


def test_by_weekday_leaves_out_the_day_of_exit_and_counts_the_day_of_entry(school_days):
    """Ann leaves on day 6 and Ben comes on day 6, both Mondays; both have a row of that day."""
    school_days(
        missed("ann", 1, 6) + missed("ben", 6),
        [enrolled("ann", last=5), enrolled("ben", first=6, last=7)],
    )
    rows = {row["weekday"]: row for row in answer("by_weekday")}
    monday = rows["Monday"]
    assert (monday["days_absent"], monday["days_enrolled"]) == (2, 2)
    assert {day: row["days_enrolled"] for day, row in rows.items()} == {
        "Monday": 2,
        "Tuesday": 2,
        "Wednesday": 1,
        "Thursday": 1,
        "Friday": 1,
    }


# --- Why two numbers differ -------------------------------------------------------------------


@pytest.fixture(scope="module")
def mixed_home(make_home):
    """A mover, a short stay, exact shares, parts of days, a student never present, two schools."""
    partial = {"code": "T", "missed_minutes": 130, "day_minutes": 390}
    attendance = (
        missed("mover", *range(1, 13))
        + missed("mover", *range(101, 105), school_id=BIRCH)
        + missed("short", *range(1, 6))
        + missed("exact", *range(1, 19))
        + missed("over", *range(1, 20))
        + missed("thirds", *range(1, 61), **partial)
        + missed("never", *range(1, 16))
        + missed("severe", *range(1, 41))
        + missed("fifteen", *range(1, 16))
        + missed("both", *range(1, 16))
        + missed("both", *range(1, 5), school_id=BIRCH)
        + missed("late", 180, code="P")
    )
    enrollments = [
        enrolled("mover", last=60),
        enrolled("mover", first=81, school_id=BIRCH),
        enrolled("short", last=9),
        enrolled("exact"),
        enrolled("over"),
        enrolled("thirds"),
        enrolled("never", last=15),
        enrolled("severe"),
        enrolled("fifteen"),
        enrolled("both"),
        enrolled("both", school_id=BIRCH),
    ]
    names = {row["student_id"] for row in enrollments} | {"late"}
    return make_home(
        schools=SCHOOLS[:2],
        students=[{"student_id": name} for name in sorted(names)],
        enrollments=enrollments,
        calendar=calendar(ALDER, DAYS) + calendar(BIRCH, DAYS),
        attendance=attendance,
    )


@pytest.mark.slow
def test_reconciliation_adds_up_for_every_pair_of_definitions(mixed_home, use_home):
    """From the count here to the count by another definition, school by school as states count;
    twenty pairs a day."""
    use_home(mixed_home)
    here = {name: headline(definition=name)["students_absent"] for name in DEFINITIONS}
    there = {
        name: sum(row["students_absent"] for row in answer("by_school", definition=name))
        for name in DEFINITIONS
    }
    pairs = sampled([*permutations(DEFINITIONS, 2)], 20)
    for definition, other in [*pairs, ("federal", "federal")]:
        steps = answer("reconciliation", definition=definition, other_definition=other)
        numbers = [row["students"] for row in steps]
        assert (steps[0]["step"], numbers[0]) == ("here", here[definition])
        assert (steps[-1]["step"], numbers[-1]) == ("there", there[other])
        assert sum(numbers[:-1]) == numbers[-1], (definition, other, steps)


@pytest.mark.slow
def test_reconciliation_without_another_definition_is_with_the_one_everybody_starts_with(
    mixed_home, use_home
):
    use_home(mixed_home)
    alone = answer("reconciliation", definition="nyc")
    assert alone == answer("reconciliation", definition="nyc", other_definition="federal")


def test_reconciliation_says_what_makes_the_difference(mixed_home, use_home):
    """Federal to 'more than 10%': exactly 10% drops out (exact). mover is at it too, and counts at
    Alder still (12 of 60), so both are alike there."""
    use_home(mixed_home)
    steps = answer("reconciliation", definition="federal", other_definition="over_10")
    assert [(row["step"], row["students"]) for row in steps] == [
        ("here", 5),  # mover, exact, over, never, severe
        ("at_the_threshold", -1),
        ("movers", 0),
        ("counted_again", 0),
        ("there", 4),
    ]
    steps = answer("reconciliation", definition="federal", other_definition="nyc")
    assert {row["step"]: row["students"] for row in steps}["minimum_days_present"] == -1  # never


def test_school_by_school_is_the_only_step_between_a_definition_and_itself(mixed_home, use_home):
    """mover 12 of 60 counts at Alder, and in the network as 16 of 160: no difference in all."""
    use_home(mixed_home)
    steps = answer("reconciliation", definition="federal", other_definition="federal")
    assert [(row["step"], row["what"], row["students"]) for row in steps] == [
        ("here", None, 5),
        ("movers", "school by school", 0),
        ("counted_again", None, 0),
        ("there", None, 5),
    ]


# --- What moved -------------------------------------------------------------------------------


def crowd(network, not_taken: dict[str, tuple[int, int]], absent=None):
    """A hundred students at each school in two years of 100 days: 30 chronically absent, then 10.

    not_taken: how many days each school did not take attendance on, last year and this year.
    absent: how many were chronically absent at a school in the two years, if not 30 and 10; None
    for a year without students.
    """
    before = {"school_year": "2024-25"}
    last_year = weekdays("2024-09-02", 100)
    schools, students, enrollments, days, attendance = [], [], [], [], []
    for school, (days_before, days_now) in not_taken.items():
        at = {"school_id": school}
        schools.append({**at, "school_name": school})
        names = [f"{school} {number}" for number in range(100)]
        absent_before, absent_now = (absent or {}).get(school, (30, 10))
        students += [{"student_id": name} for name in names]
        enrollments += [enrolled(name, **at) for name in names]
        if absent_before is not None:
            enrollments += [
                {"student_id": name, "entry_date": last_year[0], **at, **before} for name in names
            ]
        then, now = calendar(school, last_year, **before), calendar(school, DAYS[:100])
        for row in then[20 : 20 + days_before] + now[20 : 20 + days_now]:
            row["attendance_taken"] = "no"
        days += then + now
        if absent_before is not None:
            attendance += [
                {"student_id": name, "date": day, **at}
                for name in names[:absent_before]
                for day in last_year[:10]
            ]
            attendance.append({"student_id": names[99], "date": last_year[-1], "code": "P", **at})
        attendance += [
            row for name in names[:absent_now] for row in missed(name, *range(1, 11), **at)
        ]
        attendance += missed(names[99], 100, code="P", **at)
    network(
        schools=schools,
        students=students,
        enrollments=enrollments,
        calendar=days,
        attendance=attendance,
    )


def test_no_change_is_claimed_where_coverage_differs_by_more_than_5_points(network):
    """Days not taken of 100, last year and this year: at, above and below five, both ways."""
    comparable = {
        "none": ((0, 0), True),
        "four": ((4, 0), True),
        "five": ((5, 0), True),
        "six": ((6, 0), False),
        "five now": ((0, 5), True),
        "six now": ((0, 6), False),
        "both years alike": ((30, 30), True),
    }
    crowd(network, {school: days for school, (days, _expected) in comparable.items()})
    rows = {row["place"]: row for row in answer("shifts") if row["level"] == "school"}
    for school, ((before, now), expected) in comparable.items():
        row = rows[school]
        assert (row["first_coverage"], row["second_coverage"]) == (
            (100 - before) / 100,
            (100 - now) / 100,
        )
        assert row["change_points"] == pytest.approx(-20, abs=1e-9)
        assert row["comparable"] is expected, school
        assert row["clear_of_chance"] is expected, school
    trend = {(row["school_name"], row["school_year"]): row for row in answer("school_trend")}
    assert {school: trend[school, "2024-25"]["comparable"] for school in comparable} == {
        school: expected for school, (_days, expected) in comparable.items()
    }
    assert all(trend[school, "2025-26"]["comparable"] for school in comparable)


def test_the_change_since_last_year_with_its_interval(network):
    """30 of 100, then 10 of 100: -20 points, Newcombe's interval -30.6 to -9.0."""
    crowd(network, {ALDER: (0, 0)})
    row = answer("shifts")[0]
    assert (row["level"], row["place"]) == ("selection", "All students")
    assert (row["first_students"], row["first_students_absent"]) == (100, 30)
    assert (row["second_students"], row["second_students_absent"]) == (100, 10)
    assert [round(row[f"change_{end}"], 1) for end in ("low", "high")] == [-30.6, -9.0]


def changes_of(network, absent: dict[str, tuple], not_taken=None) -> dict[str, dict]:
    """Rows of absence/shifts by place, for schools with so many chronically absent of a hundred."""
    crowd(network, {school: (not_taken or {}).get(school, (0, 0)) for school in absent}, absent)
    return {row["place"]: row for row in answer("shifts")}


def interval(row) -> list[float | None]:
    ends = (row["change_points"], row["change_low"], row["change_high"])
    return [None if end is None else round(end, 2) for end in ends]


def test_over_three_schools_the_interval_takes_in_how_their_changes_differ(network):
    """-20, -10 and 0 points, of equal weight: variance (100 + 0 + 100) / 9 / (2 / 3), so 5.77
    points, and 4.303 times as much on two degrees of freedom. Pooled, it was clear of chance."""
    rows = changes_of(network, {"one": (30, 10), "two": (30, 20), "three": (30, 30)})
    whole = rows["All students"]
    assert interval(whole) == [-10, -34.84, 14.84]
    assert (whole["schools_compared"], whole["clear_of_chance"]) == (3, False)
    assert interval(rows["one"]) == [-20, -30.58, -9.0] and rows["one"]["clear_of_chance"]


def test_three_schools_that_fall_alike_fall_clear_of_chance(network):
    """As clear as their answers make it: a third of each school's reach, root of three of them."""
    rows = changes_of(network, {"one": (30, 10), "two": (30, 10), "three": (30, 10)})
    below, above = 10.579 / 3**0.5, 11.0 / 3**0.5
    assert rows["All students"]["change_low"] == pytest.approx(-20 - below, abs=0.01)
    assert rows["All students"]["change_high"] == pytest.approx(-20 + above, abs=0.01)
    assert rows["All students"]["clear_of_chance"]


@pytest.mark.slow
def test_of_two_schools_each_is_told_by_itself(network):
    rows = changes_of(network, {"one": (30, 10), "two": (30, 10)})
    whole = rows["All students"]
    assert interval(whole) == [-20, None, None]
    assert (whole["schools_compared"], whole["clear_of_chance"]) == (2, False)
    assert rows["one"]["clear_of_chance"] and rows["two"]["clear_of_chance"]


@pytest.mark.slow
def test_a_school_that_joined_widens_the_interval_by_what_it_changed(network):
    """Three schools fall from 30% to 10%; with a new one of 70% all students fall to 25% alone.
    15 of these points are the new school's: nothing is clear of chance."""
    fell = {"one": (30, 10), "two": (30, 10), "three": (30, 10)}
    whole = changes_of(network, {**fell, "new": (None, 70)})["All students"]
    assert whole["schools_compared"] == 3
    low, high = -20 - 10.579 / 3**0.5, -20 + 11.0 / 3**0.5 + 15
    assert interval(whole) == [-5, round(low, 2), round(high, 2)]
    assert whole["clear_of_chance"] is False


@pytest.mark.slow
def test_a_school_whose_coverage_differs_is_not_among_those_compared(network):
    absent = {"one": (30, 10), "two": (30, 10), "three": (30, 10), "four": (10, 30)}
    rows = changes_of(network, absent, not_taken={"four": (6, 0)})
    assert rows["All students"]["schools_compared"] == 3
    assert interval(rows["four"])[1] > 0 and rows["four"]["clear_of_chance"] is False
    # -20 of three schools, -10 of all students.
    assert interval(rows["All students"])[2] == round(-20 + 11.0 / 3**0.5 + 10, 2)


def test_shifts_are_given_for_schools_and_grades(people):
    rows = answer("shifts")
    assert [(row["level"], row["place"]) for row in rows if row["level"] != "school"] == [
        ("selection", "All students"),
        ("grade", "10"),
        ("grade", "5"),
        ("grade", "K"),
        ("grade", "Unknown"),
    ]
    assert [row["place"] for row in rows if row["level"] == "school"] == ["Alder School"]


# --- What others published --------------------------------------------------------------------


@pytest.mark.slow
def test_published_rates_are_shown_with_their_own_definition(network):
    network(
        published_rates=[
            {"students": "1000", "students_absent": "333", "definition": "theirs"},
            {"place": "State", "students": "0", "students_absent": "0"},
        ]
    )
    rows = answer("published_rates")
    assert [(row["place"], row["rate"], row["definition"]) for row in rows] == [
        ("City", 0.333, "theirs"),
        ("State", None, None),
    ]


def test_functions_and_questions_give_one_answer(people):
    """absence.headline() and the SQL file are one thing."""
    for name in ("headline", "by_school", "by_grade", "by_group", "by_tier", "students"):
        table = getattr(absence, name)(Selection(), ALL_NAMES)
        assert len(table) == len(answer(name))
        assert list(table.columns) == list(answer(name)[0])
    assert list(choices.schools(Selection()).school_id) == [ALDER, BIRCH, CEDAR]


def test_everybody_is_told_this_year_and_last_in_their_own_columns(sample):
    newest = database.records("absence/by_month", Selection())[-1]
    shifts = database.records("absence/shifts", Selection())
    (all_schools,) = [row for row in shifts if row["level"] == "selection"]
    this_year, last_year = newest["rate"], newest["last_year_rate"]
    assert this_year != last_year
    assert (last_year, this_year) == (all_schools["first_rate"], all_schools["second_rate"])
