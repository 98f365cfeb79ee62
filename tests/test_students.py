"""Protects the weekly meeting: who is on the list and why, what was written, and what was due.

The edges are by hand; where a student stood earlier is answered a second time in plain Python.
"""

import random
import re
from collections import defaultdict
from datetime import date, timedelta
from itertools import takewhile

import pandas as pd
import pytest

from pages.shared import drawing
from pages.shared.students import charts as students_charts
from pages.shared.students import paper
from pages.shared.students import sentences as students_sentences
from queries import causes, choices, database, team
from queries.selection import Selection
from queries.team.records import Cause, Contact, Learned, Note, Step
from tests.conftest import copy_of
from tests.second_answer import absence
from tests.support.days import DAYS, calendar, enrolled, missed
from tests.support.readers import ALL_NAMES

YEAR = "2025-26"
BIRCH = "birch"


def day(number: int) -> date:
    return date.fromisoformat(DAYS[number - 1])


def students(**chosen) -> dict[str, dict]:
    rows = database.records("causes/students", Selection(**chosen), ALL_NAMES)
    return {row["student_id"]: row for row in rows}


@pytest.fixture
def school(network):
    """school(last_day, *enrollments, attendance): one school that took attendance on that day."""

    def make(last_day, *enrollments, attendance, **files):
        every = [row["student_id"] for row in enrollments]
        return network(
            students=[{"student_id": one} for one in dict.fromkeys([*every, "clock"])],
            enrollments=[*enrollments, enrolled("clock")],
            **({"calendar": calendar("alder", DAYS[:last_day])} | files),
            # The last day with a row is the day that everything counts up to.
            attendance=[*attendance, *missed("clock", last_day, code="P")],
        )

    return make


# --- Crossed this week ------------------------------------------------------------------------


def test_crossed_within_five_instructional_days_and_not_a_day_before(school):
    """Day 40: the last five are 36 to 40. The fourth day missed of 35 is over the threshold."""
    school(
        40,
        *(enrolled(one) for one in ("in_time", "before", "below")),
        enrolled("new", first=30),
        enrolled("old", first=20),
        attendance=missed("in_time", 1, 2, 3, 36)
        + missed("before", 1, 2, 3, 35)
        + missed("below", 1, 2, 36)
        + missed("new", 31, 36)
        + missed("old", 21, 22),
    )
    found = students()
    crossed = [one for one, row in found.items() if row["crossed_this_week"]]
    [counted] = database.records("overview/crossed", Selection(), ALL_NAMES)
    assert counted == {"students": len(crossed), "without_cause": len(crossed)}
    assert found["in_time"]["crossed_this_week"]
    assert not found["before"]["crossed_this_week"]
    assert found["before"]["chronically_absent"]
    assert not found["below"]["crossed_this_week"]
    # Six days enrolled were too few to say; now they are eleven.
    assert found["new"]["crossed_this_week"]
    # 2 of 16 days five days ago: over it then, as now with 2 of 21 no longer.
    assert not found["old"]["crossed_this_week"]
    assert not found["old"]["chronically_absent"]


def test_the_week_is_that_of_the_students_own_school(network):
    """Birch was closed from day 31 to 38: its last five days are 28, 29, 30, 39 and 40."""
    network(
        schools=[{}, {"school_id": BIRCH, "school_name": "Birch"}],
        students=[{"student_id": one} for one in ("alder", "birch", "before")],
        enrollments=[
            enrolled("alder"),
            enrolled("birch", school_id=BIRCH),
            enrolled("before", school_id=BIRCH),
        ],
        calendar=calendar("alder", DAYS[:40]) + calendar(BIRCH, DAYS[:30] + DAYS[38:40]),
        attendance=missed("alder", 1, 2, 28, 29)
        + missed("alder", 40, code="P")
        + missed("birch", 1, 2, 28, 29, school_id=BIRCH)
        + missed("before", 1, 2, 27, 28, school_id=BIRCH),
    )
    found = students()
    assert all(row["chronically_absent"] for row in found.values())
    assert [one for one, row in found.items() if row["crossed_this_week"]] == ["birch"]


@pytest.mark.slow
def test_in_the_first_weeks_everybody_over_the_threshold_has_crossed_it(school):
    """A week earlier seven days were too few to say anything of anybody."""
    school(12, enrolled("ann"), attendance=missed("ann", 1, 2))
    assert students()["ann"]["crossed_this_week"]


# --- Turning around ---------------------------------------------------------------------------


TURNING = [
    # Of forty days and of the twenty since. Half as often, and three days fewer.
    (12, 3, True),
    (12, 4, False),
    # A pace of four: two is half as often, but two days fewer; one is three fewer.
    (8, 2, False),
    (8, 1, True),
    # A pace of two cannot fall by three: none at all.
    (4, 1, False),
    (4, 0, True),
    # Not over the threshold before.
    (3, 0, False),
]


def test_turning_around_is_half_as_often_by_three_days_or_none(school):
    """Each of them is a student of one school."""
    names = {f"{before} then {since}": turning for before, since, turning in TURNING}
    attendance = [
        row
        for name, (before, since, _) in zip(names, TURNING, strict=True)
        for row in missed(name, *range(1, before + 1), *range(41, 41 + since))
    ]
    school(60, *map(enrolled, names), attendance=attendance)
    found = students()
    assert {name: found[name]["turning_around"] for name in names} == names


def test_turning_around_asks_for_fifteen_of_the_twenty_days(school):
    lasts = {"fifteen": 55, "fourteen": 54}
    school(
        60,
        *(enrolled(name, last=last) for name, last in lasts.items()),
        attendance=[row for name in lasts for row in missed(name, *range(1, 13))],
    )
    found = students()
    assert found["fifteen"]["turning_around"]
    assert not found["fourteen"]["turning_around"]


def test_the_last_ten_days_are_those_of_the_school_and_taken(school):
    days = calendar("alder", DAYS[:38]) + calendar("alder", DAYS[38:39], attendance_taken="no")
    school(
        40,
        enrolled("ann"),
        enrolled("late", first=36),
        attendance=missed("ann", 30, 31, 35, 39, 40),
        calendar=days + calendar("alder", DAYS[39:40]),
    )
    found = students()
    assert (found["ann"]["days_absent_last_10"], found["ann"]["days_enrolled_last_10"]) == (3, 9)
    assert (found["late"]["days_absent_last_10"], found["late"]["days_enrolled_last_10"]) == (0, 4)


def test_the_last_twenty_days_stand_one_by_one_the_oldest_first(school):
    """Days 21 to 40 of the school; on day 39 no attendance was taken."""
    half = {"code": "T", "missed_minutes": 210, "day_minutes": 420}
    days = calendar("alder", DAYS[:38]) + calendar("alder", DAYS[38:39], attendance_taken="no")
    school(
        40,
        enrolled("ann"),
        enrolled("late", first=36),
        enrolled("left", last=22),
        attendance=missed("ann", 20, 21, 40) + missed("ann", 23, **half) + missed("left", 22),
        calendar=days + calendar("alder", DAYS[39:40]),
    )
    found = {one: row["last_20_days"] for one, row in students().items()}
    assert found["ann"] == "|.|" + "." * 15 + " |"
    assert found["late"] == " " * 15 + "... ."
    assert found["left"] == ".|" + " " * 18
    parts = {
        one: row["last_20_days"] for one, row in students(definition="fraction_of_day").items()
    }
    assert parts["ann"] == "|.-" + "." * 15 + " |"


# --- Missed in a row --------------------------------------------------------------------------


def test_days_in_a_row_end_with_the_newest_day_that_counts(network):
    """Day 40 is the newest; on day 38 no attendance was taken, and half a day is no day missed."""
    half = {"code": "T", "missed_minutes": 210, "day_minutes": 420}
    rows = {
        "all": missed("all", 37, 39, 40),
        "two": missed("two", 36, 39, 40),
        "back": missed("back", 36, 37, 39),
        "came for half": missed("came for half", 36, 37, 40) + missed("came for half", 39, **half),
        "since ever": missed("since ever", *range(1, 38), 39, 40),
        "left": missed("left", 8, 9, 10),
        "moved": missed("moved", 36, 37) + missed("moved", 39, 40, school_id=BIRCH),
        "at both": missed("at both", 37, 39, 40) + missed("at both", 37, 40, school_id=BIRCH),
    }
    both = [enrolled("at both"), enrolled("at both", school_id=BIRCH)]
    moved = [enrolled("moved", last=37), enrolled("moved", first=38, school_id=BIRCH)]
    days = calendar("alder", DAYS[:37]) + calendar("alder", DAYS[37:38], attendance_taken="no")
    network(
        schools=[{}, {"school_id": BIRCH, "school_name": "Birch"}],
        students=[{"student_id": one} for one in rows],
        enrollments=[
            *(enrolled(one) for one in ("all", "two", "back", "came for half", "since ever")),
            *both,
            *moved,
            enrolled("left", last=10),
        ],
        calendar=days + calendar("alder", DAYS[38:40]) + calendar(BIRCH, DAYS[:37] + DAYS[38:40]),
        attendance=[row for of_one in rows.values() for row in of_one],
    )

    def found(**chosen) -> dict[str, int]:
        return {one: row["days_missed_in_a_row"] for one, row in students(**chosen).items()}

    expected = {
        "all": 3,
        "two": 2,
        "back": 0,
        "came for half": 1,
        "since ever": 39,
        "left": 3,
        "moved": 4,
        # Present at Birch on day 39.
        "at both": 1,
    }
    assert found() == expected
    assert found(definition="fraction_of_day") == expected
    # A day later than that of the question counts for nothing.
    assert found(as_of=day(39)) == expected | {
        "all": 2,
        "two": 1,
        "back": 3,
        "came for half": 0,
        "since ever": 38,
        "moved": 3,
        "at both": 0,
    }
    assert found(school=BIRCH) == {"moved": 2, "at both": 1}
    assert found(school="alder")["at both"] == 3


# --- The same in plain Python -----------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_where_students_stood_earlier_a_second_time(random_network, use_home, seed):
    home, network = random_network(seed)
    use_home(home)
    chance = random.Random(seed)
    year = absence.default_school_year(network)
    dates = sorted({row["date"] for row in network.rows("calendar") if row["school_year"] == year})
    one = chance.choice(network.rows("schools"))["school_id"]
    for definition in ("federal", "fraction_of_day", *chance.sample(["nyc", "days_15"], 1)):
        for schools, chosen in ((None, {}), ({one}, {"school": one})):
            as_of = chance.choice([None, chance.choice(dates)])
            asked = chosen | {"definition": definition, "as_of": as_of}
            found = students(**asked)
            second = earlier(network, year, schools, definition, as_of)
            assert set(found) == set(second)
            for student, row in second.items():
                for column, value in row.items():
                    where = f"{seed} {asked} {student} {column}"
                    told = found[student][column]
                    same = abs(told - float(value)) < 1e-9 if column in NUMBERS else told == value
                    assert same, f"{where}: {told} is not {value}"


NUMBERS = {"days_absent_last_10", "days_enrolled_last_10", "days_absent", "days_enrolled"}


def earlier(network, year, schools, definition, as_of) -> dict[str, dict]:
    """student: what changed lately, by asking where they stood on an earlier day."""
    rule = absence.DEFINITIONS[definition]
    last = absence.as_of_date(network, year, as_of)
    asked = {"school_year": year, "schools": schools, "definition": definition}
    now = absence.students(network, as_of=last, **asked)
    on, silent = {}, absence.silent_days(network)

    def standing(day, student):
        if day not in on:
            on[day] = absence.students(network, as_of=day, **asked)
        return on[day][student]

    answer = {}
    for student, row in now.items():
        days = set(absence.calendar(network, year, row["school_id"]))
        days -= set(silent.get((year, row["school_id"]), ()))
        every = sorted(one for one in days if one <= last)
        before = {}
        for back in (5, 10, 20):
            first = every[-back:][0] if every else last + timedelta(days=1)
            before[back] = standing(first - timedelta(days=1), student)
        then = before[20]
        enrolled_since = row["days_enrolled"] - then["days_enrolled"]
        missed_since = row["days_absent"] - then["days_absent"]
        turning = bool(then["chronically_absent"]) and enrolled_since >= 15
        if turning:
            pace = then["days_absent"] / then["days_enrolled"] * enrolled_since
            fewer = pace - missed_since >= 3 or missed_since == 0
            turning = 2 * missed_since <= pace and fewer
        answer[student] = {
            "days_absent": row["days_absent"],
            "days_enrolled": row["days_enrolled"],
            "chronically_absent": row["chronically_absent"],
            "tier": row["tier"],
            "absences_left": row["absences_left"],
            "crossed_this_week": bool(row["chronically_absent"])
            and not before[5]["chronically_absent"],
            "turning_around": turning,
            "days_absent_last_10": row["days_absent"] - before[10]["days_absent"],
            "days_enrolled_last_10": row["days_enrolled"] - before[10]["days_enrolled"],
            "days_missed_in_a_row": in_a_row(network, year, schools, student, last),
        }
        assert rule is not None
    return answer


def in_a_row(network, year, schools, student, last) -> int:
    """From the newest day back, how many days are missed in full at each school that counts it."""
    most = {}
    for school, stay in absence.student_days(network, year).get(student, {}).items():
        if schools is None or school in schools:
            for day in stay.days[: stay.upto(last)]:
                most[day] = min(most.get(day, 1), stay.at(day)[0])
    return len(list(takewhile(lambda day: most[day] == 1, sorted(most, reverse=True))))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_days_around_a_step_a_second_time(random_network, use_home, tmp_path, seed):
    home, network = random_network(seed)
    use_home(copy_of(home, tmp_path / "own"))
    chance = random.Random(seed)
    year = absence.default_school_year(network)
    last = absence.as_of_date(network, year, None)
    stays = absence.student_days(network, year)
    dates = sorted({one for of in stays.values() for stay in of.values() for one in stay.days})
    ended = {}
    for student in sorted(stays):
        school, on = chance.choice(sorted(stays[student])), chance.choice(dates)
        done = Step(student, school, "call", "Jo", on, "done", "bus", on)
        ended[team.add(ALL_NAMES, "Ms. Lee", [done])[0]] = (student, on)
    one = chance.choice(network.rows("schools"))["school_id"]
    known = 0
    for definition in ("federal", "fraction_of_day"):
        for schools, chosen in ((None, {}), ({one}, {"school": one})):
            asked = Selection(definition=definition, **chosen)
            for row in database.records("causes/next_steps", asked, ALL_NAMES):
                student, on = ended[row["record"]]
                second = around(stays[student], schools, on, last, definition)
                known += None not in second
                for told, value in zip(
                    (row["days_absent_10_before"], row["days_absent_10_after"]), second, strict=True
                ):
                    where = f"{seed} {asked} {student} {on}: {told} is not {value}"
                    assert (told is None) == (value is None), where
                    assert told is None or abs(told - float(value)) < 1e-9, where
    assert known


def around(stays, schools, on, last, definition) -> tuple:
    """The days missed of ten before a day, and of ten after it, each None where there are fewer."""
    least = {}
    for school, stay in stays.items():
        if schools is None or school in schools:
            for one in stay.days[: stay.upto(last)]:
                least[one] = min(least.get(one, 1), stay.at(one)[0])
    if on > last:
        return None, None
    whole = definition == "federal"
    before = [one for one in sorted(least) if one < on][-10:]
    after = [one for one in sorted(least) if one > on][:10]
    return tuple(
        sum((2 * least[one] >= 1) if whole else least[one] for one in ten)
        if len(ten) == 10
        else None
        for ten in (before, after)
    )


@pytest.mark.slow
def test_the_days_missed_add_up_to_the_days_absent(sample):
    """Of everybody on the list, also those at two schools; and each day is there once."""
    rows = database.records("causes/student_days", Selection(), ALL_NAMES)
    days, seen = defaultdict(float), set()
    for row in rows:
        days[row["student_id"]] += row["days"]
        assert (row["student_id"], row["date"]) not in seen
        seen.add((row["student_id"], row["date"]))
    for student, row in students().items():
        if row["chronically_absent"]:
            assert days[student] == row["days_absent"]


def test_the_days_of_who_missed_a_twentieth_are_listed_and_not_of_who_missed_less(school):
    """One day of 19, of 20, which is exactly a twentieth, and of 21."""
    enrollments = [enrolled(f"of {number}", last=number) for number in (19, 20, 21)]
    absent = [row for one in enrollments for row in missed(one["student_id"], 2)]
    school(40, *enrollments, attendance=absent)
    for definition in ("federal", "fraction_of_day"):
        chosen = Selection(definition=definition)
        rows = database.records("causes/student_days", chosen, ALL_NAMES)
        assert [(row["student_id"], row["date"]) for row in rows] == [
            ("of 19", day(2)),
            ("of 20", day(2)),
        ]


# --- What was written -------------------------------------------------------------------------


@pytest.fixture
def written(network, use_home, tmp_path):
    """Ann missed 6 of 40 days at Alder, Ben 6 at Birch, Cy none; and a store of their own."""
    home = network(
        schools=[
            {"school_id": "alder", "school_name": "Alder"},
            {"school_id": BIRCH, "school_name": "Birch"},
        ],
        students=[{"student_id": one, "first_name": one.title()} for one in ("ann", "ben", "cy")],
        enrollments=[enrolled("ann"), enrolled("ben", school_id=BIRCH), enrolled("cy")],
        calendar=calendar("alder", DAYS[:40]) + calendar(BIRCH, DAYS[:40]),
        attendance=missed("ann", *range(1, 6), 40) + missed("ben", *range(1, 7), school_id=BIRCH),
    )
    own = copy_of(home, tmp_path / "own")
    use_home(own)


def learned(student="ann", cause="asthma", on=10, year=YEAR, **said) -> Learned:
    said = {"evidence": "nurse", "confidence": "sure"} | said
    return Learned(student, "alder", year, cause, learned_on=day(on), **said)


def add(*records, who="Ms. Lee") -> list[str]:
    return team.add(ALL_NAMES, who, records)


def test_causes_stand_newest_first_and_once_and_of_the_year_alone(written):
    add(learned(on=5), learned(cause="housing", on=9), learned(cause="mold", on=7))
    add(learned(on=12, evidence="student voice", confidence="likely"), who="Mr. Diaz")
    add(learned(cause="old news", year="2024-25", on=30))
    row = students()["ann"]
    assert row["causes"] == ["asthma", "housing", "mold"]
    assert row["families"] == ["barriers", "not sorted yet"]
    newest = (row["evidence"], row["confidence"], row["learned_by"], row["learned_on"])
    assert newest == ("student voice", "likely", "Mr. Diaz", day(12))
    assert students()["ben"]["causes"] == []


def test_an_added_cause_may_be_chosen_and_brings_its_family_and_question(written):
    add(Cause("mold", "barriers", "Who repairs the flat?"), learned(cause="mold"))
    assert students()["ann"]["families"] == ["barriers"]
    rows = causes.to_choose(Selection(), ALL_NAMES)
    assert list(rows[rows.cause == "mold"].question) == ["Who repairs the flat?"]
    assert rows.cause.is_unique
    assert [rows.cause.iloc[0], rows.cause.iloc[-1]] == ["asthma", "mold"]


def step(student="ann", due=40, **said) -> Step:
    return Step(student, "alder", said.pop("what", "call"), "Jo", day(due), **said)


def test_steps_are_due_from_their_day_on_done_or_not(written):
    add(
        step(due=40),
        step(due=41),
        step(due=39, state="done", result="bus", ended_on=day(38)),
        step("ben", due=30),
    )
    rows = database.records("causes/next_steps", Selection(), ALL_NAMES)
    assert [(row["student_id"], row["due_on"], row["due"]) for row in rows] == [
        ("ben", day(30), True),
        ("ann", day(39), True),
        ("ann", day(40), True),
        ("ann", day(41), False),
    ]
    assert [
        row["student_id"]
        for row in database.records("causes/next_steps", Selection(school=BIRCH), ALL_NAMES)
    ] == ["ben"]
    row = students()["ann"]
    assert (row["open_steps"], row["next_due_on"]) == (2, day(40))
    assert (
        database.records("causes/next_steps", Selection(as_of=day(35)), ALL_NAMES)[1]["due"]
        is False
    )


def test_around_a_step_that_is_done_stand_ten_school_days_and_not_its_own(written):
    """Ann missed the days 1 to 5 and 40 of 40."""
    said = {"result": "bus", "state": "done"}
    for ended in (10, 11, 14, 30, 31, 40):
        add(step(due=ended, what=f"on {ended}", ended_on=day(ended), **said))
    add(step(due=20, what="open"))
    add(step(due=20, what="dropped", ended_on=day(20), **said | {"state": "dropped"}))

    def found(**chosen) -> dict[str, tuple]:
        return {
            row["what"]: (row["days_absent_10_before"], row["days_absent_10_after"])
            for row in database.records("causes/next_steps", Selection(**chosen), ALL_NAMES)
        }

    expected = {
        "on 10": (None, 0),
        "on 11": (5, 0),
        "on 14": (2, 0),
        "on 30": (0, 1),
        "on 31": (0, None),
        "on 40": (0, None),
        "open": (None, None),
        "dropped": (None, None),
    }
    assert found() == expected
    # Seen from an earlier day, what came later is not there.
    assert found(as_of=day(39)) == expected | {"on 30": (0, None), "on 40": (None, None)}


def test_a_step_that_was_changed_stands_once_with_its_newest_version(written):
    (name,) = add(step())
    changed = step(state="done", result="They moved.", ended_on=day(40))
    team.change(ALL_NAMES, "Jo", name, 1, changed)
    (row,) = database.records("causes/next_steps", Selection(), ALL_NAMES)
    assert (row["record"], row["version"], row["written_by"]) == (name, 2, "Jo")
    assert (row["state"], row["result"]) == ("done", "They moved.")
    assert students()["ann"]["open_steps"] == 0


def test_everything_written_about_a_student_is_there_newest_first(written):
    add(
        learned(on=3, note="Mold in the flat."),
        Note("ann", "alder", day(5), "Likes the garden."),
        Contact("ann", "alder", "letter", day(4)),
        step(due=20),
        Note("cy", "alder", day(6), "New here."),
        Note("gone", "alder", day(7), "Not in these files."),
    )
    rows = database.records("causes/student_notes", Selection(), ALL_NAMES)
    assert {row["student_id"] for row in rows} == {"ann", "cy"}
    said = {row["kind"]: (row["about"], row["words"], row["written_by"]) for row in rows[::-1]}
    assert said["learned"] == ("asthma", "Mold in the flat.", "Ms. Lee")
    assert said["contact"] == ("letter", "", "Ms. Lee")
    assert said["step"] == ("call", "", "Ms. Lee")
    days = [row["said_on"] for row in rows]
    assert days == sorted(days, reverse=True)
    assert not database.records("causes/student_notes", Selection(school=BIRCH), ALL_NAMES)


# --- Which students the page shows ------------------------------------------------------------


def table(**columns) -> pd.DataFrame:
    """Students of a page; who is not described is over the threshold, without a cause."""
    number = len(next(iter(columns.values())))
    usual = {
        "student_id": [f"s{n}" for n in range(number)],
        "student_name": [f"Name {n}" for n in range(number)],
        "school_name": ["Alder"] * number,
        "grade": ["5"] * number,
        "chronically_absent": [True] * number,
        "tier": ["moderate"] * number,
        "rate": [0.1] * number,
        "days_absent": [12.0] * number,
        "days_enrolled": [120] * number,
        "absences_left": [5] * number,
        "within_3_absences": [False] * number,
        "early_sign": [False] * number,
        "crossed_this_week": [False] * number,
        "turning_around": [False] * number,
        "days_absent_last_10": [1.0] * number,
        "days_enrolled_last_10": [10] * number,
        "days_missed_in_a_row": [0] * number,
        "last_20_days": ["." * 20] * number,
        "step_due": [False] * number,
        "step_overdue": [False] * number,
        "open_steps": [0] * number,
        "next_due_on": [pd.NaT] * number,
        "causes": [[] for _ in range(number)],
    }
    return pd.DataFrame(usual | columns)


def in_brief(row) -> str:
    return students_sentences.row(row)["brief"]


def ids(rows) -> list[str]:
    return list(rows.student_id)


def test_the_list_is_of_those_over_the_threshold_unless_others_are_asked_for():
    rows = table(
        chronically_absent=[True, False, False, None],
        within_3_absences=[False, True, False, False],
        turning_around=[True, False, True, False],
        tier=["severe", "at_risk", "at_risk", None],
    )
    assert ids(students_sentences.only(rows, [], None, None)) == ["s0"]
    assert ids(students_sentences.only(rows, [students_sentences.WITHIN_3], None, None)) == ["s1"]
    assert ids(students_sentences.only(rows, [students_sentences.TURNING], None, None)) == [
        "s0",
        "s2",
    ]
    assert ids(students_sentences.only(rows, [], "at_risk", None)) == ["s1", "s2"]
    early = rows.assign(early_sign=[False, False, True, True])
    assert ids(students_sentences.only(early, [students_sentences.EARLY], None, None)) == [
        "s2",
        "s3",
    ]
    assert (
        ids(
            students_sentences.only(
                rows, [students_sentences.NO_CAUSE, students_sentences.WITHIN_3], None, "mold"
            )
        )
        == []
    )


def test_three_days_in_a_row_are_said_of_who_is_still_enrolled():
    """Also of who is below the threshold, or cannot be evaluated yet."""
    rows = table(
        student_name=["Ana", "Ben", "Cy", "Dee"],
        chronically_absent=[True, False, None, True],
        days_missed_in_a_row=[2, 3, 12, 9],
        days_enrolled_last_10=[10, 10, 10, 0],
    )
    assert ids(students_sentences.only(rows, [students_sentences.IN_A_ROW], None, None)) == [
        "s1",
        "s2",
    ]
    said = [in_brief(row) for row in rows.itertuples()]
    assert [words.endswith("in a row") for words in said] == [False, True, True, False]
    assert said[2].endswith("1 of the last 10, the last 12 in a row")


def test_choices_narrow_each_other():
    rows = table(
        crossed_this_week=[True, True, False], causes=[["mold"], [], []], tier=["severe"] * 3
    )
    assert ids(
        students_sentences.only(
            rows, [students_sentences.NO_CAUSE, students_sentences.CROSSED], None, None
        )
    ) == ["s1"]
    assert ids(students_sentences.only(rows, [students_sentences.CROSSED], "severe", "mold")) == [
        "s0"
    ]


def test_today_is_twelve_without_a_cause_first_and_without_those_who_left():
    rows = table(
        causes=[["mold"], [], [], [], []] + [["mold"]] * 12,
        open_steps=[0, 1, 0, 0, 0] + [0] * 12,
        crossed_this_week=[True, True, False, True, False] + [False] * 12,
        days_absent_last_10=[9, 9, 4, 2, 9] + [0] * 12,
        days_enrolled_last_10=[10, 10, 10, 10, 0] + [10] * 12,
    )
    today = students_sentences.for_today(rows)
    assert ids(today)[:4] == ["s3", "s2", "s1", "s0"]
    assert len(today) == students_sentences.FOR_TODAY
    assert "s4" not in ids(today)


def test_everybody_stands_with_each_cause_and_the_unknown_first():
    rows = table(causes=[["mold", "bus"], ["bus"], [], ["bus"]])
    asked = pd.DataFrame({"cause": ["bus"], "question": ["Who runs it?"]})
    groups = students_sentences.groups(rows, asked)
    assert [(name, question, ids(members)) for name, question, members in groups] == [
        (students_sentences.UNKNOWN_CAUSE, students_sentences.ASK_OF_UNKNOWN, ["s2"]),
        ("bus", "Who runs it?", ["s0", "s1", "s3"]),
        ("mold", "", ["s0"]),
    ]
    assert students_sentences.groups(rows.head(0), asked) == []


def test_the_list_is_in_the_order_that_was_chosen():
    rows = table(student_name=["dee", "Cy", "ana", "Ben"], causes=[["bus"], [], [], ["bus"]])
    asked = pd.DataFrame({"cause": ["bus"], "question": ["Who runs it?"]})

    def found(order) -> list:
        return students_sentences.in_order(rows, order, asked)

    assert found(students_sentences.IN_ORDER) == [("", "", ["s0", "s1", "s2", "s3"])]
    assert found(students_sentences.BY_NAME) == [("", "", ["s2", "s3", "s1", "s0"])]
    assert found(students_sentences.BY_CAUSE) == [
        ("We do not know yet", students_sentences.ASK_OF_UNKNOWN, ["s1", "s2"]),
        ("Bus", "Who runs it?", ["s0", "s3"]),
    ]
    (today,) = found(students_sentences.FOR_A_MEETING)
    assert today == (students_sentences.FOR_A_MEETING, "", ["s1", "s2", "s0", "s3"])
    many = table(student_name=[f"Name {n}" for n in range(14)])
    parts = students_sentences.in_order(many, students_sentences.FOR_A_MEETING, asked)
    assert [len(part[2]) for part in parts] == [12, 2]
    told = [students_sentences.place(parts, one) for one in ("s11", "s12", "other")]
    assert told == ["12 of 12 for today", "13 of 14", "Not in this list"]


def test_a_name_is_searched_in_the_list_first_then_among_all_who_are_enrolled():
    """Each word begins a part of a name, or is an id; accents need not be typed."""
    rows = table(student_name=["Ana Nguyễn", "Jean-Luc Ng", "Diana Ruiz", "Ana Smith-Nguyen"])
    listed = rows[rows.student_id.isin(["s1", "s3"])]

    def found(words) -> list:
        return students_sentences.called(rows, listed, words)

    other = students_sentences.NOT_IN_LIST
    assert found("NGUYEN") == [("", "", ["s3"]), (other, "", ["s0"])]
    assert found("ng") == [("", "", ["s1", "s3"]), (other, "", ["s0"])]
    assert found(" nguyễn  ana ") == [("", "", ["s3"]), (other, "", ["s0"])]
    assert found("jean-l") == found("luc") == [("", "", ["s1"])]
    assert found("s2") == found("ruiz d") == [(other, "", ["s2"])]
    # Within a part nobody begins so.
    assert found("iana") == found("ana x") == []


def test_each_choice_says_how_many_it_leaves():
    rows = table(
        causes=[["bus"], [], []],
        chronically_absent=[True, True, False],
        step_due=[False, False, True],
        step_overdue=[False, False, True],
        within_3_absences=[False, False, True],
    )
    left = students_sentences.counts(rows)
    assert left == {
        students_sentences.CROSSED: 0,
        students_sentences.NO_CAUSE: 1,
        students_sentences.SINCE: 1,
        students_sentences.OVERDUE: 1,
        students_sentences.IN_A_ROW: 0,
        students_sentences.WITHIN_3: 1,
        students_sentences.TURNING: 0,
    }
    assert students_sentences.choice(students_sentences.SINCE, left) == "Since last time · 1"
    # Said in the first weeks alone, and then there is somebody.
    early = students_sentences.counts(rows.assign(early_sign=[True, False, False]))
    assert early[students_sentences.EARLY] == 1


def test_steps_stand_by_who_does_them_ones_own_first_and_overdue_is_open_and_past():
    as_of = date(2026, 3, 20)
    steps = pd.DataFrame(
        {
            "record": ["late", "today", "ended long ago", "done", "later"],
            "student_id": ["s0", "s1", "s2", "s3", "s0"],
            "owner": ["Ben", "ann ", "ann ", "Ben", "Zoe"],
            "state": ["open", "open", "done", "done", "open"],
            "due_on": pd.to_datetime(
                ["2026-03-19", "2026-03-20", "2026-01-02", "2026-03-18", "2026-04-01"]
            ),
            "ended_on": pd.to_datetime([None, None, "2026-01-02", "2026-03-18", None]),
            "due": [True, True, True, True, False],
        }
    )
    found = students_sentences.by_owner(steps, as_of, "zoe")
    assert [(owner, list(rows.record)) for owner, rows in found] == [
        ("Zoe", ["later"]),
        ("Ben", ["late", "done"]),
        ("ann ", ["today"]),
    ]
    assert students_sentences.owner(*found[1]) == "Ben: 1 open, 1 done"
    rows = students_sentences.with_steps(table(causes=[[]] * 4), steps, as_of)
    assert ids(rows[rows.step_overdue]) == ["s0"]
    assert ids(rows[rows.step_due]) == ["s0", "s1", "s3"]
    # Who is chosen from: the reader, then who was named before, most often first.
    assert students_sentences.owners(steps, " Kim ") == ["Kim", "Ben", "ann", "Zoe"]


def test_since_last_time_is_what_is_open_or_news():
    as_of = date(2026, 3, 20)
    steps = pd.DataFrame(
        {
            "record": ["overdue", "old", "fell due", "ended", "not due"],
            "state": ["open", "done", "done", "dropped", "open"],
            "due_on": pd.to_datetime(
                ["2026-01-05", "2026-03-13", "2026-03-14", "2026-02-01", "2026-03-21"]
            ),
            "ended_on": pd.to_datetime([None, "2026-03-13", "2026-03-01", "2026-03-14", None]),
            "due": [True, True, True, True, False],
        }
    )
    found = students_sentences.since_last_time(steps, as_of)
    assert list(found.record) == ["overdue", "ended", "fell due"]
    assert students_sentences.since(found).endswith("1 of 3 steps that were due is done, 1 dropped")
    assert "no step" in students_sentences.since(found.head(0))


def test_what_was_done_earlier_tells_the_days_missed_around_it_and_no_more():
    as_of = date(2026, 3, 20)
    steps = pd.DataFrame(
        {
            "record": ["old", "older", "mine", "news", "dropped", "open"],
            "student_name": ["Ana", "Ben", "Cy", "Dee", "Eve", "Fay"],
            "grade": ["5"] * 6,
            "what": ["call"] * 6,
            "owner": ["Jo", "Jo", " lee ", "Jo", "Jo", "Jo"],
            "result": ["bus", "", "", "", "", ""],
            "state": ["done"] * 4 + ["dropped", "open"],
            "due_on": pd.to_datetime(["2026-03-02"] * 5 + ["2026-04-01"]),
            "ended_on": pd.to_datetime(
                ["2026-03-02", "2026-03-01", "2026-02-01", "2026-03-18", "2026-02-02", None]
            ),
            "due": [True] * 5 + [False],
            "days_absent_10_before": [4.0, 2.5, None, 1, None, None],
            "days_absent_10_after": [1.0, None, None, None, None, None],
        }
    )
    mine, old, older = students_sentences.done_earlier(steps, as_of, "Lee")
    assert mine.startswith("Done on February 1 · **Cy**") and mine.endswith("due March 2.")
    assert old.endswith("**bus** Missed 4 of the ten school days before, 1 of the ten after.")
    assert older.endswith("Missed 2.5 of the ten school days before; ten have not passed since.")
    row = next(steps.assign(days_absent_10_before=None, days_absent_10_after=3.0).itertuples())
    assert students_sentences.around(row) == "Missed 3 of the ten school days after."
    assert students_sentences.done_earlier(steps.head(0), as_of, "") == []


# --- On paper ---------------------------------------------------------------------------------


def test_a_meeting_talks_about_who_crossed_then_steps_overdue_then_no_cause():
    """Each once, and so many of whom no cause is known as there is time for."""
    rows = table(
        crossed_this_week=[False, True, True] + [False] * 13,
        step_overdue=[True, True, False] + [False] * 13,
        causes=[["bus"], [], ["bus"]] + [[]] * 13,
        chronically_absent=[False] + [True] * 15,
        days_enrolled_last_10=[0] + [10] * 14 + [0],
    )
    parts, rest = students_sentences.agenda(rows)
    assert parts == [
        ("Crossed this week · 2", ["s1", "s2"]),
        ("Step overdue · 1", ["s0"]),
        ("No cause known · 9", [f"s{n}" for n in range(3, 12)]),
    ]
    assert sum(len(ids) for _, ids in parts) == students_sentences.FOR_TODAY
    # But for who has left.
    assert rest == "No cause is known of 3 more students: they stand in the list."
    # Who crossed is talked about, however many they are.
    crossed = table(crossed_this_week=[True] * 14, causes=[[]] * 14)
    assert students_sentences.agenda(crossed) == (
        [("Crossed this week · 14", [f"s{n}" for n in range(14)])],
        "",
    )


def test_a_roster_has_a_line_for_each_student_with_the_step_that_is_due_first():
    rows = table(
        student_name=["Ana", "Ana", "Ben"],
        causes=[["bus", "mold"], [], []],
        grade=["5", None, "K"],
        days_absent=[12.0, 4.5, 0.0],
        rate=[0.1, 0.0375, None],
        open_steps=[2, 0, 0],
    )
    steps = pd.DataFrame(
        {
            "student_id": ["s0", "s0", "s0"],
            "state": ["done", "open", "open"],
            "what": ["ask", "call", "write"],
            "owner": ["Jo", "Kim", "Jo"],
            "due_on": pd.to_datetime(["2026-03-02", "2026-03-24", "2026-03-30"]),
        }
    )
    named = students_sentences.names(rows)
    told = students_sentences.roster(list(rows.itertuples())[::-1], steps, named)
    assert told == [
        ["Ben", "K", "0 of 120", "", "not known", "", "", ""],
        ["Ana (s1)", "", "4.5 of 120", "4%", "not known", "", "", ""],
        ["Ana (s0)", "5", "12 of 120", "10%", "bus, mold", "call (and 1 more)", "Kim", "Mar 24"],
    ]
    assert {len(row) for row in told} == {len(students_sentences.ROSTER)}


def test_a_paper_says_what_it_is_of():
    chosen = Selection(grades=("3", "K"), dimension="home_language", group_name="Spanish")
    choices = students_sentences.choices("ana", [students_sentences.CROSSED], "severe", "bus")
    assert choices == ["Called “ana”", "Crossed this week", "20% or more", "bus"]
    told = students_sentences.narrowed_to(chosen, choices[1:2], date(2026, 3, 20))
    assert told.endswith("Spanish, Grade 3, Kindergarten, Crossed this week, up to March 20, 2026.")
    plain = students_sentences.narrowed_to(Selection(), [], date(2026, 3, 20))
    assert plain == "Up to March 20, 2026."


def test_every_paper_says_that_it_is_not_for_sharing_and_words_on_it_are_text():
    roster = paper.roster(HOSTILE, HOSTILE, [HOSTILE], [[HOSTILE]]).decode()
    agenda = paper.agenda(HOSTILE, HOSTILE, [(HOSTILE, [(HOSTILE, [HOSTILE])])], HOSTILE).decode()
    for page in (roster, agenda):
        assert page.count(paper.NOT_FOR_SHARING) >= 2, "on top, and at the foot of every page"
        assert page.count("&lt;b&gt;b&lt;/b&gt;") >= 4
        assert "<b>b</b>" not in page
    assert roster.count("<tr>") == 2
    assert agenda.count("<dt>") == len(paper.TO_WRITE)


# --- Words ------------------------------------------------------------------------------------

HARD_WORDS = ("cannot", "fail", "truan", "too late", "impossible", "never", "worst")


@pytest.mark.parametrize("left", [-20, -1, 0, 1, 7, None])
def test_no_hard_word_is_said_of_a_child(left):
    row = next(table(absences_left=[left]).astype({"absences_left": object}).itertuples())
    words = students_sentences.left(row, under_way=True).lower() + in_brief(row).lower()
    assert not [word for word in HARD_WORDS if word in words]
    assert not students_sentences.left(row, under_way=False)


def test_what_changed_lately_is_told_before_a_conversation():
    notes = pd.DataFrame(
        {
            "kind": ["note", "learned"],
            "about": [None, "asthma"],
            "confidence": [None, "sure"],
            "evidence": [None, "nurse"],
            "written_by": ["Jo", "Ms. Lee"],
            "said_on": pd.to_datetime(["2026-03-02", "2026-03-10"]),
        }
    )
    days = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-03-12", "2026-03-10", "2026-03-03"]),
            "reason": ["Illness"] * 3,
            "days": [1.0] * 3,
            "excused": [True] * 3,
        }
    )
    steps = pd.DataFrame({"state": []})
    row = next(table(crossed_this_week=[True]).itertuples())

    def told(as_of: date, notes=notes) -> list[str]:
        return students_sentences.before_the_conversation(row, days, notes, steps, as_of, False)

    first, recorded, understood, since = told(date(2026, 3, 20))
    assert first.startswith("Grade 5: missed 12 of 120 days, 1 of the last 10; crossed this week.")
    assert recorded == "Days recorded: illness 3; excused 3."
    assert understood == "Understood: asthma (sure, nurse)."
    assert since == "Since we last wrote, on March 10, 2026: missed 1 day."
    # Of what was written on the last day nothing came after, and of nobody who was not written of.
    assert told(date(2026, 3, 10)) == [first, recorded, understood]
    assert told(date(2026, 3, 20), notes.head(0))[2:] == ["We do not know why yet."]


HOSTILE = "# x\n\n    code ![x](http://example.invalid/t.png) <b>b</b> $x$ :red[boo] **b**"


def test_words_of_people_are_one_escaped_line():
    row = next(
        table(student_name=[HOSTILE], school_name=[HOSTILE])
        .assign(what=HOSTILE, owner=HOSTILE, result=HOSTILE, state="done")
        .assign(due_on=pd.Timestamp("2026-03-20"), ended_on=pd.Timestamp("2026-03-20"))
        .itertuples()
    )
    for told in (students_sentences.step(row), students_sentences.own_step(row)):
        assert "\n" not in told
        unescaped = re.sub(r"\\.", "", told).replace("**", "")
        assert not set("!<[$#*`") & set(unescaped)
    # A row of the list is set as text, letter by letter.
    listed = students_sentences.row(row)
    assert listed["name"] == " ".join(HOSTILE.split())
    assert not [words for words in listed.values() if "\n" in words]


def test_a_grade_is_written_small_within_a_line():
    """But for Pre-K, which is a name."""
    rows = table(grade=["10", "K", "PK", None])
    told = [in_brief(row).split(" · ")[1] for row in rows.itertuples()]
    assert told == ["grade 10", "kindergarten", "Pre-K", "grade unknown"]


def test_two_of_one_name_are_told_apart():
    rows = table(student_name=["Ana", "Ana", "Ben"])
    assert students_sentences.names(rows) == {"s0": "Ana (s0)", "s1": "Ana (s1)", "s2": "Ben"}


@pytest.mark.slow
def test_every_school_of_the_sample_has_a_meeting(sample):
    """The page asks this of one school: it has somebody to talk about, and of some no cause."""
    for name in choices.schools(Selection()).school_name:
        rows = causes.students(Selection(school=name), ALL_NAMES)
        assert len(students_sentences.for_today(students_sentences.only(rows, [], None, None)))


def test_the_calendar_of_a_year_has_a_square_in_its_week_for_each_day_missed():
    days = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-03-02", "2026-03-06", "2026-03-14"]),
            "reason": ["Illness", "Not recorded", "Illness"],
            "part_missed": [1.0, 0.5, 1.0],
        }
    )
    school = (pd.Timestamp("2026-03-02"), pd.Timestamp("2026-03-10"))
    chart = students_charts.year(days, "light", date(2025, 9, 2), date(2026, 3, 20), school)
    spec = chart.to_dict()
    all_days, shown = spec["layer"]
    rows = spec["datasets"][shown["data"]["name"]]
    assert [(row["week"][:10], row["weekday"]) for row in rows] == [
        ("2026-03-02", "Monday"),
        ("2026-03-02", "Friday"),
        ("2026-03-09", "Saturday"),
    ]
    color = drawing.LOOKS["light"]
    assert [row["shade"] for row in rows] == [color.absent, color.absent_light, color.absent]
    # Below them every school day, faint.
    below = spec["datasets"][all_days["data"]["name"]]
    assert [row["weekday"] for row in below] == ["Monday", "Tuesday"]
    assert all_days["mark"]["color"] == color.faint
    # A row for Saturdays stands there only where one is missed.
    assert shown["encoding"]["y"]["scale"]["domain"][-1] == "Saturday"
    assert shown["encoding"]["x"]["scale"]["domain"] == ["2025-08-28", "2026-03-20"]


def test_school_days_are_those_with_attendance_so_far(school):
    days = calendar("alder", DAYS[:4]) + calendar("alder", DAYS[4:5], attendance_taken="no")
    school(6, enrolled("ann"), attendance=[], calendar=days + calendar("alder", DAYS[5:8]))
    rows = database.records("absence/school_days", Selection(), ALL_NAMES)
    assert [row["date"] for row in rows] == [day(number) for number in (1, 2, 3, 4, 6)]
