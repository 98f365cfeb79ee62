"""Protects the definitions: who is chronically absent at, above and below each edge.

One school, 200 instructional days. A case of a table is a student: so many days missed of so many
days enrolled, and what must be decided, written by hand.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from queries import absence, access, choices, database, team
from queries.access import Viewer
from queries.load import Refused, load, made_from
from queries.selection import Selection
from queries.team import definitions, records
from tests.conftest import copy_of
from tests.support.days import calendar, missed, weekdays
from tests.support.exchange import write_folder
from tests.support.readers import ALL_NAMES, STAFF

DAYS = weekdays("2025-09-01", 200)

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

YES, NO, NOT_EVALUATED = True, False, None

CASES = {
    # (days missed, days enrolled): the decision
    "federal": {
        (18, 180): YES,
        (17, 180): NO,
        (19, 180): YES,
        (15, 150): YES,
        (14, 150): NO,
        (16, 155): YES,
        (15, 155): NO,
        (9, 9): NOT_EVALUATED,
        (1, 9): NOT_EVALUATED,
        (1, 10): YES,
        (0, 10): NO,
        (1, 11): NO,
        (2, 11): YES,
        (0, 0): NOT_EVALUATED,
    },
    "nyc": {
        (18, 180): YES,
        (17, 180): NO,
        (1, 10): YES,
        (1, 9): NOT_EVALUATED,
        (10, 10): NOT_EVALUATED,
        (9, 10): YES,
        (180, 180): NOT_EVALUATED,
        (179, 180): YES,
        (0, 0): NOT_EVALUATED,
    },
    "fraction_of_day": {
        (18, 180): YES,
        (17, 180): NO,
        (1, 10): YES,
        (1, 9): NOT_EVALUATED,
        (0, 0): NOT_EVALUATED,
    },
    "over_10": {
        (18, 180): NO,
        (19, 180): YES,
        (15, 150): NO,
        (16, 150): YES,
        (1, 10): NO,
        (2, 10): YES,
        (2, 9): NOT_EVALUATED,
        (0, 0): NOT_EVALUATED,
    },
    "severe_20": {
        (36, 180): YES,
        (35, 180): NO,
        (37, 180): YES,
        (2, 10): YES,
        (1, 10): NO,
        (9, 9): NOT_EVALUATED,
        (0, 0): NOT_EVALUATED,
    },
    "min_20_days": {
        (19, 19): NOT_EVALUATED,
        (2, 19): NOT_EVALUATED,
        (2, 20): YES,
        (1, 20): NO,
        (3, 21): YES,
        (2, 21): NO,
        (0, 0): NOT_EVALUATED,
    },
    "california": {(3, 30): NOT_EVALUATED, (4, 31): YES, (3, 31): NO},
    "new_jersey": {(44, 44): NOT_EVALUATED, (5, 45): YES, (4, 45): NO},
    "rhode_island": {(20, 89): NOT_EVALUATED, (9, 90): YES, (8, 90): NO},
    "days_15": {
        (15, 180): YES,
        (14, 180): NO,
        (16, 180): YES,
        (15, 15): YES,
        (14, 14): NO,
        (1, 1): NO,
        (0, 0): NOT_EVALUATED,
    },
    "days_18": {
        (18, 180): YES,
        (17, 180): NO,
        (19, 180): YES,
        (18, 18): YES,
        (17, 17): NO,
        (0, 0): NOT_EVALUATED,
    },
    "england_persistent": {
        (18, 180): YES,
        (17, 180): NO,
        (1, 1): YES,
        (0, 1): NO,
        (1, 9): YES,
        (1, 11): NO,
        (0, 0): NOT_EVALUATED,
    },
    "england_severe": {
        (90, 180): YES,
        (89, 180): NO,
        (91, 180): YES,
        (1, 1): YES,
        (1, 2): YES,
        (1, 3): NO,
        (0, 0): NOT_EVALUATED,
    },
}

TIERS = {
    # Whole days, by the federal rule.
    (8, 180): "satisfactory",
    (9, 180): "at_risk",
    (17, 180): "at_risk",
    (18, 180): "moderate",
    (35, 180): "moderate",
    (36, 180): "severe",
    (180, 180): "severe",
    (0, 10): "satisfactory",
    (9, 9): None,
    (0, 0): None,
}

TIERS_BY_MINUTES = {
    # (minutes missed, all minutes of ten days of 2,000), when missed time adds up.
    999: "satisfactory",  # 4.995%
    1000: "at_risk",
    1999: "at_risk",  # 9.995% would round to 10
    2000: "moderate",
    3999: "moderate",  # 19.995%
    4000: "severe",
}

TENTHS = range(10, 201, 10)


def student_of(days_missed: int, days_enrolled: int) -> str:
    return f"{days_missed} of {days_enrolled}"


@pytest.fixture(scope="module")
def home(make_home):
    """One student for every case, and one by minutes for every such tier."""
    pairs = {pair for cases in CASES.values() for pair in cases} | set(TIERS)
    pairs |= {(tenth // 10 - off, tenth) for tenth in TENTHS for off in (0, 1)}
    students, enrollments, attendance = [], [], []
    for days_missed, days_enrolled in sorted(pairs):
        student = student_of(days_missed, days_enrolled)
        students.append({"student_id": student})
        exit_date = {"exit_date": DAYS[days_enrolled]} if days_enrolled < len(DAYS) else {}
        enrollments.append({"student_id": student, **exit_date})
        attendance += missed(student, *range(1, days_missed + 1))
    for minutes in TIERS_BY_MINUTES:
        student = f"{minutes} minutes"
        students.append({"student_id": student})
        enrollments.append({"student_id": student, "exit_date": DAYS[10]})
        attendance += [
            {
                "student_id": student,
                "date": DAYS[day],
                "code": "T",
                "missed_minutes": min(2000, minutes - 2000 * day),
                "day_minutes": 2000,
            }
            for day in range(-(-minutes // 2000))
        ]
    # No week is without a row.
    attendance += [{"student_id": "0 of 0", "date": day, "code": "P"} for day in DAYS[4::5]]
    return make_home(
        students=students,
        enrollments=enrollments,
        calendar=calendar("alder", DAYS),
        attendance=attendance,
    )


@pytest.fixture
def standing(home, use_home):
    """standing(definition): what each student's standing is under it."""
    use_home(home)

    def ask(definition: str) -> dict[str, dict]:
        rows = database.records("absence/students", Selection(definition=definition), ALL_NAMES)
        return {row["student_id"]: row for row in rows}

    return ask


def test_there_are_exactly_these_definitions(home, use_home):
    use_home(home)
    assert tuple(choices.definitions(Selection()).name) == DEFINITIONS == tuple(CASES)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_at_above_and_below_the_edge(standing, definition):
    decided = standing(definition)
    for pair, expected in CASES[definition].items():
        row = decided[student_of(*pair)]
        assert (row["days_absent"], row["days_enrolled"]) == pair
        assert row["chronically_absent"] is expected, f"{definition}: {student_of(*pair)}"


@pytest.mark.parametrize(
    "definition, expected", [(d, d != "over_10") for d in ("federal", "fraction_of_day", "over_10")]
)
def test_exactly_ten_percent_is_decided_by_whole_numbers(standing, definition, expected):
    """1 - present / enrolled >= 0.1 is false in floating point for every one of these."""
    decided = standing(definition)
    for enrolled in TENTHS:
        exactly, below = (student_of(enrolled // 10 - off, enrolled) for off in (0, 1))
        assert decided[exactly]["chronically_absent"] is expected, exactly
        assert decided[below]["chronically_absent"] is False, below


def test_tiers_by_days(standing):
    decided = standing("federal")
    assert {pair: decided[student_of(*pair)]["tier"] for pair in TIERS} == TIERS


def test_tiers_by_minutes_are_not_rounded(standing):
    decided = standing("fraction_of_day")
    found = {minutes: decided[f"{minutes} minutes"]["tier"] for minutes in TIERS_BY_MINUTES}
    assert found == TIERS_BY_MINUTES
    assert decided["1999 minutes"]["chronically_absent"] is False
    assert decided["2000 minutes"]["chronically_absent"] is True


def test_tiers_do_not_depend_on_the_rule_for_chronic(standing):
    """19 of 180 is chronic by every ten-percent rule and not by severe_20: moderate in both."""
    for definition in ("federal", "severe_20", "over_10", "days_18"):
        assert standing(definition)["19 of 180"]["tier"] == "moderate"


def test_a_student_without_a_day_has_a_row_but_no_rate(standing):
    for definition in DEFINITIONS:
        row = standing(definition)["0 of 0"]
        assert (row["days_absent"], row["days_enrolled"]) == (0, 0)
        assert row["rate"] is None
        assert row["tier"] is None
        assert row["chronically_absent"] is None


def test_the_same_days_under_every_definition(home, use_home):
    """by_definition counts what the students' own rows say."""
    use_home(home)
    rows = database.records("absence/by_definition", Selection(definition="over_10"), STAFF)
    assert [row["definition"] for row in rows] == [
        "over_10",
        *(name for name in DEFINITIONS if name != "over_10"),
    ]
    for row in rows:
        headline = absence.headline(Selection(definition=row["definition"]), STAFF).iloc[0]
        for column in ("students", "students_not_evaluated", "students_absent", "rate"):
            assert row[column] == headline[column]


# --- Recovery ---------------------------------------------------------------------------------

LEFT = {
    # (days missed, days enrolled by the year's end): further days that may be missed
    "federal": {
        (0, 180): 17,
        (16, 180): 1,
        (17, 180): 0,
        (18, 180): -1,
        (19, 180): -2,
        (14, 150): 0,
        (15, 155): 0,
        (0, 155): 15,
        (0, 10): 0,
        (1, 9): None,
    },
    "over_10": {(0, 180): 18, (18, 180): 0, (19, 180): -1, (0, 155): 15, (2, 10): -1},
    "severe_20": {(0, 180): 35, (35, 180): 0, (36, 180): -1},
    "min_20_days": {(0, 20): 1, (2, 20): -1, (2, 19): None},
    "california": {(0, 31): 3, (0, 30): None},
    "new_jersey": {(0, 45): 4, (0, 44): None},
    "rhode_island": {(0, 90): 8, (0, 89): None},
    "days_15": {(0, 180): 14, (14, 180): 0, (15, 180): -1, (1, 1): 13},
    "days_18": {(0, 180): 17, (17, 180): 0, (19, 180): -2},
    "england_persistent": {(0, 180): 17, (1, 9): -1, (0, 0): None},
    "england_severe": {(0, 180): 89, (89, 180): 0, (91, 180): -2},
}
WHOLE_YEAR = weekdays("2025-09-01", 180)


@pytest.mark.parametrize("definition", LEFT)
def test_absences_left(make_home, use_home, definition):
    """So many days missed so far, all of the year's days to come: as of the last day missed."""
    students, enrollments, attendance, days_of_school = [], [], [], []
    last_missed = max(days_missed for days_missed, _days_in_all in LEFT[definition])
    for number, (days_missed, days_in_all) in enumerate(LEFT[definition]):
        school, student = f"school{number}", student_of(days_missed, days_in_all)
        students.append({"student_id": student})
        enrollments.append({"student_id": student, "school_id": school})
        attendance += missed(student, *range(1, days_missed + 1), school_id=school)
        last_sent = min(last_missed, days_in_all) or 1
        if last_sent > days_missed:
            attendance += missed(student, last_sent, school_id=school, code="P")
        days_of_school += calendar(school, WHOLE_YEAR[:days_in_all])
    schools = [{"school_id": f"school{n}", "school_name": f"S{n}"} for n in range(len(students))]
    use_home(
        make_home(
            schools=schools,
            students=students,
            enrollments=enrollments,
            calendar=days_of_school,
            attendance=attendance,
        )
    )
    rows = database.records("absence/students", Selection(definition=definition), ALL_NAMES)
    found = {row["student_id"]: row["absences_left"] for row in rows}
    assert found == {student_of(*pair): left for pair, left in LEFT[definition].items()}


SO_FAR = 24
ALL_DAYS = 40
TO_COME = ALL_DAYS - SO_FAR
# Two evaluate nobody in so short a year.
IN_FORTY_DAYS = [one for one in DEFINITIONS if one not in ("new_jersey", "rhode_island")]


@pytest.fixture(scope="module")
def recovery(make_home):
    """recovery(further): 24 of 40 days are over; each student then misses so many days more.

    For each definition, students who have missed 0 to 10 days, one in three half a day besides.
    """
    names = [
        f"{definition} {days} {minutes}"
        for definition in IN_FORTY_DAYS
        for days in range(11)
        for minutes in (0, 129, 195)
    ]

    def make(further: dict[str, int] | None) -> Path:
        last_day = SO_FAR if further is None else ALL_DAYS
        attendance = missed("nobody", *range(1, last_day + 1), code="P")
        for name in names:
            days, minutes = (int(word) for word in name.split()[1:])
            attendance += missed(name, *range(2, days + 2))
            if minutes:
                attendance += missed(name, 1, code="T", missed_minutes=minutes, day_minutes=390)
            more = (further or {}).get(name, 0)
            attendance += missed(name, *range(SO_FAR + 1, SO_FAR + 1 + more))
        return make_home(
            students=[{"student_id": name} for name in [*names, "nobody"]],
            enrollments=[{"student_id": name} for name in names],
            calendar=calendar("alder", WHOLE_YEAR[:ALL_DAYS]),
            attendance=attendance,
        )

    return make


@pytest.mark.slow
def test_absences_left_is_the_last_number_that_is_not_chronic(recovery, use_home):
    """Tried out: missing that many of the days left is not chronic, one more is."""

    def students(further):
        use_home(recovery(further))
        return {
            row["student_id"]: row
            for definition in IN_FORTY_DAYS
            for row in database.records(
                "absence/students", Selection(definition=definition), ALL_NAMES
            )
            if row["student_id"].startswith(f"{definition} ")
        }

    left = {name: row["absences_left"] for name, row in students(None).items()}
    as_many = students({name: max(0, min(number, TO_COME)) for name, number in left.items()})
    one_more = students({name: max(0, min(number + 1, TO_COME)) for name, number in left.items()})
    assert len(left) == len(IN_FORTY_DAYS) * 33
    for name, number in left.items():
        if number >= 0:
            assert as_many[name]["chronically_absent"] is False, (name, number)
        if number < TO_COME:
            assert one_more[name]["chronically_absent"] is True, (name, number)
    # Both sides were tried for the usual rules, and the far side where it is out of reach.
    assert {0 <= n < TO_COME for name, n in left.items() if name.startswith("federal")} == {
        True,
        False,
    }


def test_within_three_absences(network):
    """Missing the next three days, enrolled on all of them, would make the student chronic."""
    students = {
        # (missed, enrolled): would (missed + 3) of (enrolled + 3) be at least 10%?
        (0, 27): None,  # 3 of 30 alone would be: that says nothing of this student
        (2, 27): None,
        (0, 28): False,  # 3 of 31
        (1, 28): True,
        (2, 47): True,  # 5 of 50
        (2, 48): False,
        (5, 50): False,  # chronically absent already
        (4, 50): True,
        (0, 7): None,  # not evaluated now
    }
    enrollments = [
        {"student_id": student_of(*pair), "entry_date": DAYS[50 - pair[1]]} for pair in students
    ]
    attendance = missed("27", 50, code="P")
    for pair in students:
        attendance += missed(student_of(*pair), *range(50, 50 - pair[0], -1))
    network(
        students=[{"student_id": student_of(*pair)} for pair in students] + [{"student_id": "27"}],
        enrollments=enrollments,
        calendar=calendar("alder", DAYS),
        attendance=attendance,
    )
    rows = database.records("absence/students", Selection(), ALL_NAMES)
    assert {row["student_id"]: row["within_3_absences"] for row in rows} == {
        student_of(*pair): expected for pair, expected in students.items()
    }
    near = {
        row["standing"]: row["students"]
        for row in database.records("absence/near_threshold", Selection(), STAFF)
    }
    # 5 of 50 with 150 days to come may yet fall below 10% of 200.
    assert near == {"within_3": 3, "can_recover": 1, "next_year": 0}


def test_within_three_absences_is_not_said_before_it_can_mean_something(network):
    """Of 27 days three are a tenth of thirty; of 28 they are less. Who is over it already changes
    nothing of that."""
    names = ("ann", "over")
    for days, near in ((27, None), (28, 1)):
        network(
            students=[{"student_id": name} for name in names],
            enrollments=[{"student_id": name} for name in names],
            calendar=calendar("alder", DAYS[:days]),
            attendance=missed("ann", days) + missed("over", *range(days - 9, days + 1)),
        )
        rows = database.records("absence/near_threshold", Selection(), STAFF)
        assert [row["students"] for row in rows] == [near, 0, 1]
        months = database.records("absence/by_month", Selection(), STAFF)
        assert months[-1]["students_within_3"] == near


def signs(**choices) -> dict:
    rows = database.records("absence/early_signs", Selection(**choices), STAFF)
    assert len({row["is_early"] for row in rows}) == 1
    return {row["name"]: row["students"] for row in rows} | {"early": rows[0]["is_early"]}


def test_early_signs_at_above_and_below_their_edges(network):
    """1, 2, 4 and 5 days missed of the first 15; a half day counts as one, 40 minutes as none."""
    days = {"one": 1, "two": 2, "four": 4, "five": 5, "ten": 10}
    names = [*days, "halves", "late", "none"]
    network(
        students=[{"student_id": name} for name in names],
        enrollments=[{"student_id": name} for name in names],
        calendar=calendar("alder", DAYS),
        attendance=[row for name, last in days.items() for row in missed(name, *range(1, last + 1))]
        + missed("halves", 1, 2, code="H", missed_minutes=200, day_minutes=400)
        + missed("late", 1, 2, code="H", missed_minutes=40, day_minutes=400)
        + missed("none", 15, code="P"),
        attendance_codes=[
            {"code": "A", "counts_as": "absent"},
            {"code": "P", "counts_as": "present"},
            {"code": "H", "counts_as": "partial"},
        ],
    )
    assert signs(as_of=date.fromisoformat(DAYS[14])) == {
        "two_to_four": 3,
        "more_than_four": 2,
        "early": True,
    }
    # The first day says of nobody that they missed two.
    assert signs(as_of=date.fromisoformat(DAYS[0])) == {
        "two_to_four": 0,
        "more_than_four": 0,
        "early": True,
    }


@pytest.mark.slow
def test_the_first_month_is_thirty_days_and_what_is_missed_after_it_is_no_early_sign(network):
    """Weekdays from September 1: the thirtieth day is September 30, day 22 of instruction."""
    september = weekdays("2025-09-01", 28)
    assert (september[21], september[22]) == ("2025-09-30", "2025-10-01")
    names = ("within", "after", "last")
    network(
        students=[{"student_id": name} for name in names],
        enrollments=[{"student_id": name} for name in names],
        calendar=calendar("alder", september),
        attendance=[
            {"student_id": name, "date": september[day]}
            for name, days in (("within", (0, 21)), ("after", (0, 22)), ("last", (26, 27)))
            for day in days
        ],
    )
    early = date.fromisoformat(september[26])
    assert signs(as_of=early) == {"two_to_four": 1, "more_than_four": 0, "early": True}
    assert signs() == {"two_to_four": 1, "more_than_four": 0, "early": False}
    found = database.records("causes/students", Selection(as_of=early), ALL_NAMES)
    assert {row["student_id"] for row in found if row["early_sign"]} == {"within"}
    assert not any(
        row["early_sign"] for row in database.records("causes/students", Selection(), ALL_NAMES)
    )


def test_every_early_sign_says_where_it_is_from(home, use_home):
    use_home(home)
    rows = database.records("choices/early_signs", Selection())
    assert [row["name"] for row in rows] == ["two_to_four", "more_than_four"]
    for row in rows:
        assert row["label"] in row["sentence"]
        assert f"{row['within_days']} days" in rows[0]["sentence"]
        assert row["source"] and row["source_date"] == date(2014, 7, 1)


@pytest.mark.slow
def test_who_can_recover_and_for_whom_the_count_starts_again(network):
    """18 of 180 is the most that can be missed of a year: then the count starts again."""
    network(
        students=[{"student_id": "seventeen"}, {"student_id": "eighteen"}],
        enrollments=[{"student_id": "seventeen"}, {"student_id": "eighteen"}],
        calendar=calendar("alder", WHOLE_YEAR),
        attendance=missed("seventeen", *range(1, 18)) + missed("eighteen", *range(1, 19)),
    )
    rows = database.records("absence/near_threshold", Selection(), STAFF)
    assert {row["standing"]: row["students"] for row in rows} == {
        "within_3": None,  # it is the eighteenth day
        "can_recover": 1,
        "next_year": 1,
    }


def test_every_definition_says_what_it_is_and_where_it_is_from(home, use_home):
    use_home(home)
    for row in database.records("choices/definitions", Selection()):
        assert row["sentence"].endswith(".")
        assert row["source"]
        assert isinstance(row["source_date"], date)


def test_the_sentence_of_a_share_names_the_share(home, use_home):
    """The sentence is what How we count prints; it must not drift from the number that decides."""
    use_home(home)
    said = {
        row["name"]: row["sentence"] for row in database.records("choices/definitions", Selection())
    }
    shares = {"federal": "10%", "nyc": "10%", "over_10": "more than 10%", "severe_20": "20%"}
    shares |= {"england_persistent": "10%", "england_severe": "50%", "min_20_days": "20 days"}
    shares |= {"california": "31 days", "new_jersey": "45 days", "rhode_island": "90 days"}
    shares |= {"days_15": "15 days", "days_18": "18 days", "fraction_of_day": "adds up exactly"}
    for name, words in shares.items():
        assert words in said[name]


# --- Definitions of a folder ------------------------------------------------------------------

OURS = {"label": "5 days absent", "sentence": "Who missed 5 days.", "source": "Our board"}
OURS |= {"name": "five", "days": "5", "date": "2025-07-01"}


def test_a_folder_has_definitions_of_its_own_beside_those_that_ship(network):
    """Blank: exactly so many counts already, no minimum, half days. By parts of days, and more than
    a quarter, if it says so."""
    quarter = {"share_numerator": "1", "share_denominator": "4", "inclusive": "no", "days": ""}
    quarter |= {"name": "quarter", "label": "Over a quarter", "day_rule": "fraction"}
    network(
        definitions=[OURS, OURS | quarter | {"minimum_days": "20"}],
        attendance=missed("ann", *range(1, 6))
        + missed("ben", *range(1, 5))
        + missed("ben", 20, code="P"),
    )
    names = tuple(choices.definitions(Selection()).name)
    assert names == (*DEFINITIONS, "five", "quarter")
    for name, expected in (("five", {"ann": YES, "ben": NO}), ("quarter", {"ann": NO, "ben": NO})):
        rows = database.records("absence/students", Selection(definition=name), ALL_NAMES)
        assert {row["student_id"]: row["chronically_absent"] for row in rows} == expected
    steps = database.records("absence/reconciliation", Selection(other_definition="five"), STAFF)
    assert {row["step"]: row["students"] for row in steps} == {
        "here": 2,
        "minimum_days": 0,
        "share": -1,
        "counted_again": 0,
        "there": 1,
    }


# Two years of twenty days: of each ann misses three days, ben two and cleo one.
TWO_YEARS = {
    "calendar": [
        row | {"school_year": year}
        for year, first in (("2024-25", "2024-09-02"), ("2025-26", "2025-09-01"))
        for row in calendar("alder", weekdays(first, 20))
    ],
    "students": [{"student_id": name} for name in ("ann", "ben", "cleo")],
    "enrollments": [
        {"student_id": name, "school_year": year, "entry_date": first}
        for name in ("ann", "ben", "cleo")
        for year, first in (("2024-25", "2024-09-02"), ("2025-26", "2025-09-01"))
    ],
    "attendance": [
        {"student_id": name, "date": day}
        for name, days in (("ann", 3), ("ben", 2), ("cleo", 1))
        for first in ("2024-09-02", "2025-09-01")
        for day in weekdays(first, days)
    ]
    + [
        {"student_id": "ann", "date": weekdays(first, 20)[-1], "code": "P"}
        for first in ("2024-09-02", "2025-09-01")
    ],
}
BOARD = {"name": "board", "label": "Our board", "source": "Our board", "date": "2024-07-01"}
BOARD |= {"share_numerator": "1", "share_denominator": "10", "sentence": "Who missed a tenth."}
LATER = {"since": "2025-26", "share_denominator": "5", "sentence": "Who missed a fifth."}


def breaks_where_it_changes(name, before, now):
    """Each year by its own rule, and nothing of the newest one beside the year before it."""

    def answer(question, **chosen):
        chosen = Selection(definition=name, **chosen)
        return database.records(f"absence/{question}", chosen, ALL_NAMES)

    for year, expected in (("2024-25", before), ("2025-26", now)):
        [headline] = answer("headline", school_year=year)
        assert headline["students_absent"] == expected
        rows = answer("by_definition", school_year=year)
        found = {row["definition"]: row["students_absent"] for row in rows}
        assert (found[name], found["federal"]) == (expected, 2)
    whole = answer("shifts")[0]
    assert (whole["change_points"], whole["first_rate"]) == (None, None)
    assert whole["counted_since"] == "2025-26"
    assert {row["last_year_rate"] for row in answer("by_month")} == {None}
    assert answer("why_moved") == []
    trend = [(one["students_absent"], one["comparable"]) for one in answer("school_trend")]
    assert trend == [(before, False), (now, True)]
    years = database.records("together/by_school", Selection(definition=name), STAFF)
    told = {row["school_year"]: row["comparable"] for row in years if row["kind"] == "absence"}
    assert told == {"2024-25": None, "2025-26": False}
    # Which year is compared stands, and the rule of another definition is no matter.
    federal = database.records("absence/shifts", Selection(), STAFF)[0]
    assert (federal["change_points"], federal["counted_since"]) == (0, None)


@pytest.mark.slow
def test_a_definition_of_a_folder_that_changes_never_rewrites_what_a_year_said(network):
    network(definitions=[BOARD, BOARD | LATER], **TWO_YEARS)
    breaks_where_it_changes("board", 2, 0)
    told = {
        year: database.records("choices/in_force", Selection(school_year=year, definition="board"))
        for year in ("2024-25", "2025-26")
    }
    assert told["2024-25"][0]["definition_sentence"] == "Who missed a tenth."
    assert told["2025-26"][0]["definition_sentence"] == (
        "Who missed a fifth. Counted otherwise before 2025-26: Who missed a tenth."
    )


@pytest.mark.slow
def test_a_definition_that_people_wrote_counts_at_once(make_home, use_home, tmp_path, monkeypatch):
    """Also one of the folder that they let count otherwise from a year on."""
    home = copy_of(make_home(definitions=[BOARD], **TWO_YEARS), tmp_path / "home")
    use_home(home)
    assert "Ours" not in set(choices.definitions(Selection()).label)
    ours = records.Definition("Ours", "2024-25", 10, "percent", 20, "half_day", "The board")
    team.add(STAFF, "ann", [ours])
    assert absence.headline(Selection(definition="Ours"), STAFF).iloc[0].students_absent == 2
    more = replace(ours, since="2025-26", threshold=15, inclusive=False, day_rule="fraction")
    board = replace(ours, label="Our board", since="2025-26", minimum_days=21)
    team.add(STAFF, "ann", [more, board])
    breaks_where_it_changes("Ours", 2, 0)
    breaks_where_it_changes("board", 2, 0)
    row = choices.definitions(Selection()).set_index("label").loc["Ours"]
    assert (row.since, row.source, row.source_date.date()) == ("2025-26", "The board", date.today())
    assert row.sentence == (
        "A student is chronically absent when they missed more than 15% of the days they were "
        "enrolled, if enrolled for at least 20 days. Missed time adds up exactly, excused or not: "
        "two half days make one day. Counted otherwise before 2025-26: A student is chronically "
        "absent when they missed at least 10% of the days they were enrolled, if enrolled for at "
        "least 20 days. A day counts as missed when half of it or more was missed, excused or not."
    )
    with monkeypatch.context() as older:
        older.setattr(made_from, "DEFINITIONS_BY_YEAR", made_from.SCHEMA + 1)
        assert "Ours" not in set(choices.definitions(Selection()).label)
    written = database.records("absence/local_definitions", Selection(), STAFF)
    assert [(row["label"], row["since"], row["is_newest"]) for row in written] == [
        ("Our board", "2025-26", True),
        ("Ours", "2024-25", False),
        ("Ours", "2025-26", True),
    ]
    assert {row["written_by"] for row in written} == {"ann"}
    steps = database.records("absence/reconciliation", Selection(other_definition="Ours"), STAFF)
    assert {row["step"]: row["students"] for row in steps if row["students"]} == {
        "here": 2,
        "at_the_threshold": -1,
        "share": -1,
    }


def test_who_may_say_how_all_are_counted(tmp_path, use_home):
    use_home(tmp_path / "home")
    ours = records.Definition("Ours", "2025-26", 5, "days", 1, "half_day", "The board")
    team_of_all = Viewer("bob", "team", None, "school")
    for viewer in (access.EVERYBODY, access.at_this_machine(), team_of_all):
        with pytest.raises(team.NotAllowed):
            team.add(viewer, "bob", [ours])
    for label in ("Federal", " new_jersey", "NEW JERSEY: 45 days enrolled"):
        with pytest.raises(records.WrongRecord, match="ships with Roundtable"):
            team.add(STAFF, "ann", [replace(ours, label=label)])
    assert definitions.sentence(ours) == (
        "A student is chronically absent when they missed at least 5 days, if enrolled for at "
        "least 1 day. A day counts as missed when half of it or more was missed, excused or not."
    )


def test_a_definition_that_is_no_rule_or_called_as_another_is_refused_with_its_line(tmp_path):
    half = {"days": "", "share_numerator": "1"}
    wrong = [
        ({"name": "federal"}, "column name: 'federal' is a definition that ships"),
        ({"label": "Federal"}, "column label: 'Federal' is a definition that ships"),
        (half, "'1, ' is half of a share; write both numbers"),
        ({"days": ""}, "gives both a share and a number of days, or neither"),
        (half | {"share_denominator": "4", "days": "5"}, "gives both a share and a number"),
        (half | {"share_denominator": "0"}, "'1, 0' is no share of the days"),
        ({"days": "0"}, "column days: '0' would count everybody"),
        ({"inclusive": "no"}, "column inclusive: 'no' goes with a share alone"),
        ({"name": "n2"}, "'n2, l8' is a name with two labels, or a label of two names"),
    ]
    rows = [
        OURS | {"name": f"n{line}", "label": f"l{line}"} | row
        for line, (row, _) in enumerate([*wrong, ({"since": "2025-27"}, "is set aside")])
    ]
    folder = write_folder(tmp_path / "files", definitions=rows)
    with pytest.raises(Refused) as refused:
        load(folder, tmp_path / "home", share_view=False)
    for line, (_, words) in enumerate(wrong, start=2):
        assert any(
            f"definitions.csv, line {line}, " in said and words in said
            for said in str(refused.value).splitlines()
        ), words
    assert "lacks 1 of 10 rows that cannot be read; correct them" in str(refused.value)
