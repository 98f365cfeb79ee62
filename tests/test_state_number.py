"""Protects the waterfall to another's number: each step by hand, and a state's file with three
differences planted by a program that shares nothing with the SQL.
"""

import json
import re
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pages.shared.data import paper, sentences
from queries import absence, access, choices, database, health, team
from queries.__main__ import main
from queries.absence import theirs
from queries.health import checked_against
from queries.home import home as home_of
from queries.load import load, publish
from queries.selection import Selection
from queries.team import looks
from queries.team.records import SecondNumber
from tests.conftest import copy_of
from tests.support import state_file
from tests.support.days import DAYS, calendar, enrolled, missed
from tests.support.exchange import write_folder
from tests.support.readers import ALL_NAMES, STAFF
from tests.support.sampled import sampled

SAMPLE = Path(__file__).parent.parent / "sample_data"
ALDER, BIRCH = "alder", "birch"
LAST = 110
NOT_TAKEN = range(96, 106)
CROWD = [f"c{number}" for number in range(1, 7)]
RECENT = [f"r{number}" for number in range(1, 7)]
# Chronically absent at Alder by the federal rule, over 100 days.
OURS = ["exact", "edge", "short", "left", "halves", "suspended", *CROWD, *RECENT]


@pytest.fixture(scope="module")
def alder(make_home):
    """A hundred days, ten between without attendance, and a student at the edge of every rule."""
    rows = (
        missed("exact", *range(1, 11))
        + missed("edge", *range(3, 13))
        + missed("short", *range(86, 91))
        + missed("left", *range(1, 21))
        + missed("halves", *range(1, 17), code="T", missed_minutes=240, day_minutes=400)
        + missed("suspended", *range(1, 9))
        + missed("suspended", *range(11, 15), code="E")
        + missed("late", *range(1, 5))
        + missed("late", *range(61, 65))
        + missed("late", *range(71, 74), code="P")
        + missed("mover", *range(1, 5))
        + missed("mover", *range(51, 71), school_id=BIRCH)
        + missed("end", LAST, code="P")
        + [row for name in CROWD for row in missed(name, *range(1, 31))]
        + [row for name in RECENT for row in missed(name, 1, 2, 3, *range(61, 70))]
    )
    whole_year = ("exact", "halves", "suspended", "late", "end", *CROWD, *RECENT)
    enrollments = [
        *(enrolled(name) for name in whole_year),
        enrolled("edge", first=3),
        enrolled("short", first=86),
        enrolled("left", last=60),
        enrolled("mover", last=50),
        enrolled("mover", first=51, school_id=BIRCH),
    ]
    return make_home(
        schools=[
            {"school_id": school, "school_name": f"{school.title()} School"}
            for school in (ALDER, BIRCH)
        ],
        students=[{"student_id": name} for name in {row["student_id"] for row in enrollments}],
        enrollments=enrollments,
        calendar=[
            {"attendance_taken": "no" if day in NOT_TAKEN else "yes", **row}
            for school in (ALDER, BIRCH)
            for day, row in enumerate(calendar(school, DAYS[:LAST]), start=1)
        ],
        attendance=rows,
    )


def listed(names: list[str]) -> bytes:
    """A file of those who are counted."""
    return "\n".join(["student_id", *names]).encode()


def without(*names: str) -> list[str]:
    return [name for name in OURS if name not in names]


def steps(content: bytes | None, number: int | None = None, **more) -> dict[str, int]:
    """The steps that are not 0, by name and detail, from the count at Alder to theirs."""
    selection = Selection(school="Alder School", their_number=number, **more)
    selection = replace(selection, other_definition=selection.definition)
    if content is not None:
        selection = replace(selection, their_list=theirs.read(content, "their.csv"))
        selection = theirs.explained(selection, STAFF)
    rows = database.records("absence/reconciliation", selection, STAFF)
    there = rows[-1]["students"]
    assert sum(row["students"] for row in rows[:-1]) == there
    assert there == (len(content.splitlines()) - 1 if number is None else number)
    return {
        ":".join(filter(None, (row["step"], row["detail"]))): row["students"]
        for row in rows[1:-1]
        if row["students"]
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "counted, expected",
    [
        (OURS, {}),
        (without("exact"), {"at_the_threshold": -1}),
        (without("short"), {"minimum_days:20": -1}),
        ([*OURS, "mover"], {"movers": 1}),
        (without("left"), {"leavers": -1}),
        (without("halves"), {"parts_of_days": -1}),
        (without("suspended"), {"code:E": -1}),
        ([*OURS, "late"], {"code:P": 1}),
        (without("exact", "edge"), {"days_not_taken": -2}),
        (without("short", *RECENT), {"their_date": -7}),
        ([*OURS, "somebody"], {"there_only": 1}),
        (without("c1"), {"unexplained": -1}),
        ([*OURS, "exact"], {"counted_again": 1}),
        (
            without("exact", "left", "suspended"),
            {"at_the_threshold": -1, "leavers": -1, "code:E": -1},
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_a_student_in_one_count_alone_is_put_to_the_rule_that_makes_it_so(
    alder, use_home, counted, expected
):
    use_home(alder)
    their_date = date.fromisoformat(DAYS[49])
    assert steps(listed(counted), their_date=their_date) == expected


def test_a_code_that_is_an_absence_at_one_school_alone(network):
    """P: present at Alder for four days, absent at Birch for ten. The other way round, four."""
    network(
        schools=[{"school_id": one, "school_name": one} for one in (ALDER, BIRCH)],
        students=[{"student_id": "both"}, {"student_id": "late"}],
        enrollments=[
            enrolled("both", last=50),
            enrolled("both", first=51, school_id=BIRCH),
            *(enrolled("late", school_id=one) for one in (ALDER, BIRCH)),
        ],
        calendar=calendar(ALDER, DAYS[:100]) + calendar(BIRCH, DAYS[:100]),
        attendance_codes=[
            {"code": "A", "counts_as": "absent", "school_id": ""},
            {"code": "L", "counts_as": "present", "school_id": ""},
            {"code": "P", "counts_as": "present", "school_id": ""},
            {"code": "P", "counts_as": "absent", "school_id": BIRCH},
        ],
        attendance=missed("both", *range(1, 5), code="P")
        + missed("both", *range(51, 61), code="P", school_id=BIRCH)
        + missed("late", *range(1, 91), code="L")
        + missed("late", *range(91, 101))
        + missed("late", *range(1, 101), code="L", school_id=BIRCH),
    )
    tried = database.records("absence/rules_tried", Selection(their_number=0), STAFF)
    assert {row["rule"]: row["students"] for row in tried if row["rule"] in (None, "code:P")} == {
        None: 1,
        "code:P": 0,
    }


def test_a_list_of_everybody_tells_who_is_not_in_it_and_who_has_other_days_there(alder, use_home):
    use_home(alder)
    rows = [f"{name},30,100,yes" for name in without("c1", "c2")]
    content = "\n".join(
        ["student_id,days_absent,days_enrolled,chronically_absent", "c2,5,100,no", *rows]
    )
    assert steps(content.encode(), len(rows) + 3) == {
        "here_only": -1,  # c1
        "other_days": -1,  # c2
        "not_in_list": 3,
    }


def test_of_a_number_alone_nothing_is_explained_but_by_the_definition_they_say(alder, use_home):
    use_home(alder)
    assert steps(None, 12) == {"unexplained": 12 - len(OURS)}
    selection = Selection(
        school="Alder School", other_definition="over_10", their_number=12, generation=None
    )
    rows = database.records("absence/reconciliation", selection, STAFF)
    assert {row["step"]: row["students"] for row in rows} == {
        "here": len(OURS),
        "at_the_threshold": -1,
        "counted_again": 0,
        "unexplained": 12 - len(OURS) + 1,
        "there": 12,
    }
    tried = database.records("absence/rules_tried", selection, STAFF)
    would_make = {row["rule"]: row["students"] for row in tried}
    # Beside the known rule: exact is out already, edge and left would be.
    assert would_make[None] == len(OURS) - 1
    assert would_make["leavers"] == len(OURS) - 2
    assert would_make["days_not_taken"] == len(OURS) - 2
    assert would_make["code:P"] == len(OURS)
    assert "at_the_threshold" not in would_make


def test_the_students_of_a_step_are_named_in_the_names_view_alone_and_the_look_is_recorded(
    alder, use_home
):
    use_home(alder)
    selection = Selection(
        school="Alder School",
        other_definition="federal",
        their_list=theirs.read(listed([*without("exact"), "somebody"]), "their.csv"),
    )
    for viewer in (STAFF, access.EVERYBODY):
        with pytest.raises(access.NotShown):
            database.records("absence/reconciled_students", selection, viewer)
    for question in ("absence/reconciliation", "absence/rules_tried"):
        with pytest.raises(access.NotShown):
            database.records(question, selection, access.EVERYBODY)
    rows = database.records(
        "absence/reconciled_students", theirs.explained(selection, ALL_NAMES), ALL_NAMES
    )
    assert [(row["step"], row["student_id"], row["here"], row["there"]) for row in rows] == [
        ("at_the_threshold", "exact", True, False),
        ("there_only", "somebody", False, True),
    ]
    assert (rows[0]["days_absent"], rows[0]["days_enrolled"]) == (10, 100)
    seen = looks.looks(home_of())[-1]
    assert (seen.page, seen.students) == ("absence/reconciled_students", 2)
    # Their list is as many names; the record says that there was one.
    assert "somebody" not in seen.filters


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "their.csv, line 1: there is no column student_id, only nothing"),
        (b"id,days\n1,2\n", "line 1: there is no column student_id, only id, days"),
        (b"student_id\n", "no student stands in it"),
        (b"student_id;days_absent\n7;2\n;3\n", "line 3, student_id: is blank"),
        (b"student_id,days_absent\n7,two\n", "line 2, days_absent: 'two' is not a number of days"),
        (b"student_id,days_enrolled\n7,nan\n", "line 2, days_enrolled: 'nan' is not a number"),
        (b"student_id,chronically_absent\n7,x\n", "line 2, chronically_absent: 'x' is neither"),
        (b"student_id\n7\n\xe9\n", "line 3: is not UTF-8"),
        (b'student_id\n"7\n', "line 2: cannot be read as CSV"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_its_place(content, words):
    with pytest.raises(theirs.WrongList, match=words):
        theirs.read(content, "their.csv")


def test_a_list_is_read_as_systems_write_it():
    content = "\ufeffStudent_ID\tChronically_Absent\r\n007\tY\r\n\r\n8\t\r\n".encode()
    rows = [(row["student_id"], row["counted"]) for row in json.loads(theirs.read(content, "x"))]
    assert rows == [("007", True), ("8", False)]


# --- What was corrected since -----------------------------------------------------------------

THEIR_DAY = date.fromisoformat(DAYS[59])


def loaded(home: Path, students: list[str], attendance: list[dict], on: date) -> None:
    """Load these students of Alder into a home, as if on that day."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_folder(
            Path(folder),
            schools=[{}],
            students=[{"student_id": name} for name in students],
            enrollments=[enrolled(name) for name in students],
            calendar=calendar(ALDER, DAYS[:LAST]),
            attendance=attendance,
        )
        load(files, home, share_view=False, accept_losses=True)
    with closing(duckdb.connect(publish.path_of(home, publish.published(home)))) as connection:
        connection.execute("UPDATE generation SET loaded_at = ?", [on])


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    """A home with a load of day 59, up to day 58, and one of today, up to day 100. Counted is who
    missed 6 of the 60 days up to theirs, or 10 of 100."""
    home = tmp_path_factory.mktemp("corrected")
    half, less = {"code": "T", "missed_minutes": 200, "day_minutes": 400}, {"missed_minutes": 100}
    kept = ["kept", "gone", "came", "later", "between", "parts", "end"]
    always = [*missed("kept", *range(1, 7)), *missed("gone", *range(1, 6)), *missed("end", 58)]
    for name in ("came", "later", "between"):
        always += missed(name, *range(1, 6))
    always += missed("parts", *range(1, 12), **half)
    then = [*missed("gone", 6), *missed("erased", *range(1, 21)), *missed("parts", 12, **half)]
    now = [
        *missed("came", 6, *range(71, 77)),
        *missed("parts", 12, **(half | less)),
        *missed("kept", *range(71, 77)),
        *missed("later", *range(71, 81)),
        *missed("between", 60),
        *missed("end", 100),
    ]
    loaded(home, [*kept, "erased"], always + then, date.fromisoformat(DAYS[58]))
    loaded(home, kept, always + now, date.today())
    return home


def by_step(selection: Selection) -> dict[str, dict[str, bool]]:
    """By step, whether each of its students is counted there."""
    found: dict[str, dict[str, bool]] = {}
    for row in database.records("absence/reconciled_students", selection, ALL_NAMES):
        found.setdefault(row["step"], {})[row["student_id"]] = row["there"]
    return found


@pytest.mark.slow
def test_what_was_corrected_since_the_day_of_their_number_is_a_step(corrected, use_home):
    use_home(corrected)
    chosen = Selection(school="Alder School", other_definition="federal", their_date=THEIR_DAY)
    alone = theirs.explained(replace(chosen, their_number=5), STAFF)
    rows = database.records("absence/reconciliation", alone, STAFF)
    day = date.fromisoformat(DAYS[58])
    assert [(row["step"], row["what"], row["students"]) for row in rows] == [
        ("here", None, 4),  # kept, came, later, parts
        ("their_date", None, 0),  # between has 6 of 60; later had 5
        ("corrected", f"{day:%B} {day.day}, {day.year}", 1),
        ("counted_again", None, 0),
        ("unexplained", None, 0),
        ("there", None, 5),
    ]
    moved = {
        "their_date": {"between": True, "later": False},
        "corrected": {"gone": True, "erased": True, "came": False},
    }
    assert by_step(alone) == moved
    content = listed(["kept", "gone", "erased", "between", "parts"])
    with_list = replace(chosen, their_list=theirs.read(content, "their.csv"))
    assert by_step(theirs.explained(with_list, STAFF)) == moved
    # Half a day became a quarter: 5.75 days, and 6 before.
    parts = replace(alone, definition="fraction_of_day", other_definition="fraction_of_day")
    moved["corrected"]["parts"] = True
    assert by_step(parts) == moved
    assert by_step(replace(parts, their_rules=None)) == {}


def test_the_last_load_of_a_month_tells_what_was_corrected_too(corrected, use_home, tmp_path):
    home = copy_of(corrected, tmp_path / "home")
    use_home(home)
    (home / "months").mkdir()
    then = publish.path_of(home, publish.names(home)[-1])
    then.rename(home / "months" / then.name)
    chosen = Selection(school="Alder School", other_definition="federal", their_date=THEIR_DAY)
    alone = theirs.explained(replace(chosen, their_number=5), STAFF)
    assert by_step(alone)["corrected"] == {"gone": True, "erased": True, "came": False}


def test_without_a_load_of_their_day_nothing_is_said_to_be_corrected(corrected, use_home):
    """A number of the day before that load, and one without a day."""
    use_home(corrected)
    for day, rules in ((date.fromisoformat(DAYS[57]), ("their_date",)), (None, ())):
        chosen = Selection(school="Alder School", other_definition="federal", their_number=5)
        alone = theirs.explained(replace(chosen, their_date=day), STAFF)
        assert alone.their_rules == rules
    listed_there = replace(alone, their_list=theirs.read(listed(["erased"]), "their.csv"))
    assert by_step(theirs.explained(listed_there, STAFF))["there_only"] == {"erased": True}


# --- Numbers that people wrote down -----------------------------------------------------------

DAY = date(2026, 3, 20)


def numbers(viewer=STAFF, **choices) -> list[tuple]:
    rows = database.records("absence/second_numbers", Selection(**choices), viewer)
    return [(row["number"], row["from_whom"], row["definition"]) for row in rows]


def test_a_number_is_offered_where_it_is_of_and_nowhere_else(make_home, use_home):
    """Of Alder, of all schools, of a network that is not all, and published ones by their name."""
    home = make_home(
        schools=[
            {"school_id": ALDER, "school_name": "Alder School", "network": "North"},
            {"school_id": BIRCH, "school_name": "Birch School", "network": "North"},
            {"school_id": "cedar", "school_name": "Cedar School", "network": "South"},
        ],
        published_rates=[
            {"place": "Alder School", "students_absent": "8", "source": "The city"},
            {"place": "The city", "students_absent": "900"},
            {"place": "Alder School", "students_absent": "5", "grade": "5"},
            {"place": "Alder School", "students_absent": "6", "school_year": "2024-25"},
        ],
    )
    use_home(copy_of(home, home.parent / "with numbers"))
    for content in (
        SecondNumber("2025-26", 9, "The state", DAY, ALDER, definition="over_10"),
        SecondNumber("2025-26", 31, "The state", DAY),
        SecondNumber("2025-26", 17, "The state", DAY, network="North"),
        SecondNumber("2024-25", 3, "The state", DAY, ALDER),
    ):
        team.add(STAFF, "ann", [content])
    assert numbers(school="Alder School") == [
        (9, "The state", "over_10"),
        (8, "Alder School: The city", None),
    ]
    assert numbers() == [(31, "The state", None), (900, "The city", None)]
    assert numbers(network="North") == [(17, "The state", None)]
    assert numbers(network="South") == numbers(school="Cedar School") == []
    of_alder = access.Viewer("ann", "team", (ALDER,), access.SCHOOL)
    assert numbers(of_alder) == numbers(school="Alder School")
    with pytest.raises(access.NotShown):
        numbers(access.EVERYBODY)


@pytest.mark.parametrize(
    "viewer, school_id, words",
    [
        (access.at_this_machine(), "", "Choose the view with names"),
        (access.Viewer("ann", "team", (ALDER,), access.SCHOOL), "", "for those who may see all"),
        (access.Viewer("ann", "team", (ALDER,), access.SCHOOL), BIRCH, "not one of yours"),
        (access.Viewer("bob", "viewer"), ALDER, "for those who work with these schools"),
    ],
)
def test_a_number_is_written_by_staff_of_its_schools_alone(viewer, school_id, words):
    with pytest.raises(team.NotAllowed, match=words):
        team.add(viewer, "ann", [SecondNumber("2025-26", 9, "The state", DAY, school_id)])


@pytest.mark.parametrize("number, words", [(-1, "cannot be -1"), (10**8, "0 to 9999999")])
def test_a_number_of_students_is_no_percent_and_has_an_end(number, words):
    with pytest.raises(team.WrongRecord, match=words):
        team.add(STAFF, "ann", [SecondNumber("2025-26", number, "The state", DAY, ALDER)])


def test_every_public_number_that_the_page_names_is_held_by_a_test_that_is_there():
    """And that test looks them up by its own name."""
    for one in checked_against.numbers():
        file, name = one.test.split("::")
        source = (SAMPLE.parent / file).read_text(encoding="utf-8")
        assert f"def {name}(" in source, one.name
        assert f'checked_against.of_test("{name}")' in source, one.name
        assert one.source and one.unit and float(one.number) > 0


# --- The sample -------------------------------------------------------------------------------


def test_three_planted_differences_of_a_state_are_named_and_nothing_is_left(
    sample, tmp_path, capsys
):
    """More than 10%, only who is still enrolled, and suspension is no absence: the last full year
    of all schools, from the raw files."""
    listed = state_file.state_list(
        SAMPLE,
        "2024-25",
        "2025-08-31",
        more_than=True,
        only_staying=True,
        not_absences=frozenset({"OS"}),
    )
    number = state_file.write(listed, tmp_path / "state.csv")
    asked = ("--school-year", "2024-25", "--number", str(number), "--format", "json")
    assert main(["reconcile", *asked, "--students", str(tmp_path / "state.csv")]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {(row["step"], row["detail"]): row["students"] for row in rows if row["students"]} == {
        ("here", None): 1035,
        ("at_the_threshold", None): -15,
        ("leavers", None): -32,
        ("code", "OS"): -33,
        ("there", None): 955,
    }


def on_paper(number, their_list=None, selection=None) -> tuple[str, list[int]]:
    """The page for the district on the sample, and the numbers of its steps."""
    asked = theirs.asked(selection or Selection(), number, their_list)
    page = paper.district(
        *sentences.district(
            place="All schools",
            standing=health.standing(asked, STAFF).iloc[0],
            definitions=absence.by_definition(asked, STAFF),
            number_row=number,
            steps=absence.reconciliation(asked, STAFF),
            not_told=["Nothing of the day before."],
            who="Ann",
            today=DAY,
        )
    ).decode()
    steps = re.findall(r"<tr><td>[^<]*</td><td>([^<]*)</td></tr>", page)
    return page, [int(one.replace("−", "-").replace(",", "")) for one in steps]


def test_the_page_for_the_district_adds_up_and_names_no_student(sample):
    said = absence.second_numbers(Selection(), STAFF).iloc[0]
    unsaid = pd.Series({"number": 941, "from_whom": "The <b>state</b>", "stands_on": pd.NaT})
    unsaid["definition"] = None
    listed = "student_id\n" + "\n".join(
        one.student_id for one in absence.students(Selection(), ALL_NAMES)[:1000].itertuples()
    )
    listed = theirs.read(listed.encode(), "their.csv")
    explained, ends = on_paper(said)
    assert ends == [933, -20, 0, 913]
    assert "Sent by Ann on" in explained and "More than 10%: As federal, but" in explained
    assert "The steps explain all of the difference. Do you count so?" in explained
    alone, ends = on_paper(unsaid)
    assert (ends[0], sum(ends[:-1]), ends[-1]) == (933, 941, 941)
    assert "The &lt;b&gt;state&lt;/b&gt;" in alone and "By which rule do you count" in alone
    assert "Which students are in your number?" in alone
    with_list, ends = on_paper(unsaid, listed)
    assert (ends[0], sum(ends[:-1]), ends[-1]) == (933, 941, 941)
    assert "Your number and your list of students differ: which of them stands?" in with_list
    students = absence.students(Selection(), ALL_NAMES)
    for page in (explained, alone, with_list):
        words = re.sub("<[^>]*>", " ", page)
        assert not [
            name for name in (*students.student_name, *students.student_id) if name in words
        ]


def test_everybody_has_no_page_for_the_district(sample):
    """It holds exact numbers, which the share view does not tell."""
    for question in ("absence/second_numbers", "absence/reconciliation", "absence/by_definition"):
        with pytest.raises(access.NotShown):
            database.run(question, Selection())


def test_the_waterfall_closes_on_the_sample_for_every_pair_of_definitions(sample):
    """A few pairs a day; the count under each from the question of headlines."""
    names = choices.definitions(Selection()).name
    for definition, other in sampled([*permutations(names, 2)], 3):
        selection = Selection(definition=definition, other_definition=other)
        numbers = [
            row["students"] for row in database.records("absence/reconciliation", selection, STAFF)
        ]
        here = database.records("absence/headline", Selection(definition=definition), STAFF)
        there = database.records("absence/by_school", Selection(definition=other), STAFF)
        assert numbers[0] == here[0]["students_absent"]
        assert numbers[-1] == sum(numbers[:-1]) == sum(row["students_absent"] for row in there)
