"""Protects the sample's records: made by the generator, right, and copied once into an empty store.

The story that sample_data/README.md tells of them is computed here in plain Python.
"""

import contextlib
import csv
import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import fields
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from queries.team import journal, looks, records, sample, store
from queries.team.records import KINDS, Note
from queries.team.sample import OF_SAMPLE
from queries.team.tables import shipped_causes, shipped_ideas
from tests.second_answer import absence, team

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "sample_data" / "team"
LAST_DAY = date(2026, 3, 20)
YEAR = "2025-26"

# A process that waits for a line on its input, so that several begin at once.
COPIES = """
import sys
from pathlib import Path
from queries.team.sample import copy_sample
print("ready", flush=True)
sys.stdin.readline()
print(copy_sample(Path(sys.argv[1])), flush=True)
"""


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def rows(kind: str) -> list[dict]:
    """The rows of one kind, as text."""
    with (FOLDER / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def network_rows(name: str) -> list[dict]:
    return team.sample_network().rows(name)


def every_record():
    return [(kind, *written) for kind in OF_SAMPLE for written in sample.sample_records(kind)]


# --- The files --------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_folder_is_what_the_generator_makes_with_python_alone(tmp_path):
    """-S: without installed packages."""
    command = [sys.executable, "-S", str(ROOT / "sample_data" / "make_team.py"), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in FOLDER.iterdir()}


def test_each_kind_has_a_file_with_its_fields_and_who_wrote_it():
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(OF_SAMPLE)
    for kind, made in ((kind, KINDS[kind]) for kind in OF_SAMPLE):
        named = ["record"] if kind in ("plan", "meeting") else []
        expected = named + [one.name for one in fields(made)] + ["written_by"]
        with (FOLDER / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == expected, kind


def test_the_files_stay_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 300_000


def test_the_readme_says_how_many_rows_there_are():
    text = (ROOT / "sample_data" / "README.md").read_text(encoding="utf-8")
    said = dict(re.findall(r"^\| `(\w+)\.csv` \|.*\| (\d+) \|$", text, re.MULTILINE))
    assert said == {kind: str(len(rows(kind))) for kind in OF_SAMPLE}


def test_every_record_is_right_and_says_who_wrote_it():
    for kind, _name, who, record in every_record():
        records.check(record)
        assert who.strip() == who != "", kind


@pytest.mark.slow
def test_schools_students_causes_and_partners_are_those_of_the_network():
    stays = {
        (row["student_id"], row["school_id"], row["school_year"])
        for row in network_rows("enrollments")
    }
    schools = absence.all_schools(team.sample_network())
    causes = {one.cause for one in shipped_causes()} | {row["cause"] for row in rows("cause")}
    partners = {row["partner_name"] for row in network_rows("partners") + rows("partner")}
    ideas = {one.idea for one in shipped_ideas()} | {row["idea"] for row in rows("idea")}
    plans = {row["record"]: row["school_id"] for row in rows("plan")}
    meetings = {row["record"] for row in rows("meeting")}
    for kind, _name, _who, record in every_record():
        if getattr(record, "school_id", ""):
            assert record.school_id in schools, record
        if kind in ("meeting", "priority"):
            assert set(record.schools) <= schools
            assert set(record.partners) <= partners
        if kind in ("member", "cycle"):
            assert plans[record.plan] == record.school_id, record
        if kind in ("pledge", "pride"):
            assert record.meeting in meetings, record
        if kind == "plan":
            assert record.idea in ideas, record
            assert record.cause in causes | {""}, record
            assert set(record.partners) <= partners, record
        if hasattr(record, "student_id"):
            year = getattr(record, "school_year", YEAR)
            assert (record.student_id, record.school_id, year) in stays, record
        if kind in ("learned", "story"):
            assert record.cause in causes, record
        if kind == "seat" and record.seat == "partner":
            assert record.name in partners, record
        if kind == "partner":
            assert set(record.causes) <= causes
            assert set(record.schools) <= schools


def test_nothing_was_written_on_a_day_to_come_or_out_of_its_year():
    for row in rows("learned"):
        first = int(row["school_year"][:4])
        assert date(first, 9, 1) < date.fromisoformat(row["learned_on"]) < date(first + 1, 7, 1)
    days = {
        "learned": "learned_on",
        "note": "written_on",
        "contact": "made_on",
        "seat": "since",
        "step": "ended_on",
        "story": "released_on",
        "plan": "ended_on",
        "cycle": "began_on",
        "meeting": "held_on",
        "pledge": "ended_on",
        "pride": "released_on",
    }
    for kind, column in days.items():
        said = [row[column] for row in rows(kind) if row[column]]
        assert max(said) <= str(LAST_DAY), kind


@pytest.mark.slow
def test_no_text_names_a_student():
    names = {
        part
        for row in network_rows("students")
        for column in ("first_name", "last_name")
        for part in re.findall(r"\w+", row[column])
        if part[0].isupper()
    }
    for kind in sorted(set(OF_SAMPLE) - {"member"}):
        for row in rows(kind):
            said = {part for text in row.values() for part in re.findall(r"\w+", text)}
            assert not said & names, row


# --- Copying ----------------------------------------------------------------------------------


def contents(home: Path) -> dict[str, list]:
    return {
        kind: [
            (None if entry.record.startswith("first-") else entry.record, entry.who, entry.content)
            for entry in journal.read(home, kind)
        ]
        for kind in OF_SAMPLE
    }


def everything() -> dict[str, list]:
    return {kind: list(sample.sample_records(kind)) for kind in OF_SAMPLE}


def test_an_empty_store_gets_everything_and_who_wrote_it(home):
    assert sample.copy_sample(home) == sum(map(len, everything().values()))
    assert contents(home) == everything()


def test_copying_twice_copies_once(home):
    sample.copy_sample(home)
    assert sample.copy_sample(home) == 0
    assert contents(home) == everything()


def test_processes_that_come_at_once_copy_once(home):
    command = [sys.executable, "-S", "-c", COPIES, str(home)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with contextlib.ExitStack() as stack:
        children = [
            stack.enter_context(subprocess.Popen(command, cwd=ROOT, **pipes)) for _ in range(3)
        ]
        for child in children:
            assert child.stdout.readline() == "ready\n"
        answers = [child.communicate(timeout=60)[0] for child in start(children)]
    assert sorted(map(int, answers)) == [0, 0, sum(map(len, everything().values()))]
    assert contents(home) == everything()


def start(children):
    """Let all of them begin before anybody waits for one of them."""
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    return children


def test_it_is_copied_whole_or_not_at_all(home, monkeypatch):
    checked = []

    def breaks_off(record):
        checked.append(record)
        if len(checked) == 500:
            raise KeyError("the machine was switched off")

    with monkeypatch.context() as broken:
        broken.setattr(records, "check", breaks_off)
        with pytest.raises(KeyError):
            sample.copy_sample(home)
    assert all(journal.read(home, kind) == [] for kind in KINDS)
    assert sample.copy_sample(home) > 0
    assert contents(home) == everything()


SOMETHING = Note("100107", "S01", LAST_DAY, "Likes to be asked.")


def test_it_never_stands_beside_what_somebody_wrote(home):
    journal.add(home, "somebody", [SOMETHING])
    assert sample.copy_sample(home) == 0
    assert [one.content for one in journal.read(home, "note")] == [SOMETHING]
    assert journal.read(home, "learned") == []


@pytest.mark.parametrize("since", ["removed", "forgotten"])
def test_nor_where_something_once_was(home, since):
    (name,) = journal.add(home, "somebody", [SOMETHING])
    if since == "removed":
        journal.change(home, "somebody", name, 1, None)
    else:
        journal.forget(home, SOMETHING.student_id)
    assert sample.copy_sample(home) == 0
    assert all(journal.read(home, kind) == [] for kind in KINDS)


def test_who_looked_at_names_wrote_nothing(home):
    looks.record(home, who="a", what="names seen", page="students", filters="", students=1)
    assert sample.copy_sample(home) > 0
    assert looks.verify(home) == []


def test_it_does_not_come_back_after_a_student_was_forgotten(home):
    sample.copy_sample(home)
    student = rows("learned")[0]["student_id"]
    assert journal.forget(home, student) > 0
    assert sample.copy_sample(home) == 0
    with store.opened(home) as connection:
        found = connection.execute("SELECT 1 FROM entry WHERE student_id = ?", (student,))
        assert found.fetchall() == []


# --- The story --------------------------------------------------------------------------------


@cache
def chronic_by_school(year: str) -> dict[str, frozenset[str]]:
    """school_id -> students chronically absent at that school."""
    network = team.sample_network()
    return {
        school: frozenset(team.chronically_absent(network, school_year=year, schools={school}))
        for school in sorted(absence.all_schools(network))
    }


def causes_by_student(school: str) -> dict[str, set[str]]:
    """student -> causes learned at a school, of students chronically absent there."""
    causes = defaultdict(set)
    for row in rows("learned"):
        is_here = row["school_year"] == YEAR and row["school_id"] == school
        if is_here and row["student_id"] in chronic_by_school(YEAR)[school]:
            causes[row["student_id"]].add(row["cause"])
    return causes


def students_by_cause(schools: set[str]) -> Counter:
    counts = Counter()
    for school in schools:
        for causes in causes_by_student(school).values():
            counts.update(causes)
    return counts


def schools_of(neighborhood: str) -> set[str]:
    return absence.choose_schools(team.sample_network(), neighborhood=neighborhood)


EAST, RIVERSIDE = "Hillside East", "Riverside"
HIGH_SCHOOLS = {"S07", "S08", "S09"}


@pytest.mark.slow
def test_of_a_good_half_of_the_students_somebody_knows_why_and_of_a_fifth_two_causes():
    known = [
        causes
        for school in chronic_by_school(YEAR)
        for causes in causes_by_student(school).values()
    ]
    absent = sum(map(len, chronic_by_school(YEAR).values()))
    assert 0.5 < len(known) / absent < 0.6
    two = sum(len(causes) == 2 for causes in known)
    assert 0.16 < two / len(known) < 0.24
    assert max(map(len, known)) == 2
    for school, students in chronic_by_school(YEAR).items():
        assert 0.35 < len(causes_by_student(school)) / len(students) < 0.75, school


@pytest.mark.slow
def test_what_was_learned_is_mostly_of_students_chronically_absent_at_their_school():
    those = Counter(
        row["student_id"] in chronic_by_school(row["school_year"])[row["school_id"]]
        for row in rows("learned")
    )
    assert 0 < those[False] < 0.06 * those[True]
    assert Counter(row["school_year"] for row in rows("learned"))["2024-25"] > 200


@pytest.mark.slow
def test_asthma_leads_clearly_at_every_school_of_hillside_east():
    for school in schools_of(EAST):
        (first, students), (_second, next_students) = students_by_cause({school}).most_common(2)
        assert first == "asthma", school
        assert students > 2 * next_students and students > 20, school


@pytest.mark.slow
def test_nobody_who_works_on_asthma_sits_at_any_table():
    working_on_it = {
        row["partner_name"] for row in network_rows("partners") if "asthma" in row["causes"]
    }
    assert len(working_on_it) == 3
    assert not working_on_it & {row["name"] for row in rows("seat")}


@pytest.mark.slow
def test_in_riverside_housing_and_siblings_lead_and_a_housing_partner_is_there():
    leading = students_by_cause(schools_of(RIVERSIDE)).most_common(3)
    assert [cause for cause, _students in leading[:2]] == ["housing", "caring for siblings"]
    assert leading[1][1] > 1.5 * leading[2][1]
    seated = {row["school_id"] for row in rows("seat") if row["name"] == "Riverside Tenants' Table"}
    assert seated and seated <= schools_of(RIVERSIDE)


@pytest.mark.slow
def test_work_and_disengagement_are_causes_of_the_high_schools_and_some_are_everywhere():
    others = absence.all_schools(team.sample_network()) - HIGH_SCHOOLS
    assert students_by_cause(others)["work"] == 0
    at_high_schools = students_by_cause(HIGH_SCHOOLS)
    assert at_high_schools["work"] > 20 and at_high_schools["transportation"] > 20
    for cause in ("bored or behind", "nothing to come for", "feels alone at school"):
        assert at_high_schools[cause] > students_by_cause(others)[cause]
    for school in HIGH_SCHOOLS | others:
        here = students_by_cause({school})
        assert here["anxiety"] and here["bullying"], school


@pytest.mark.slow
def test_those_who_crossed_the_threshold_this_week_nearly_nobody_has_asked_yet():
    a_week_ago = LAST_DAY - timedelta(days=7)
    network = team.sample_network()
    for school, now in chronic_by_school(YEAR).items():
        then = team.chronically_absent(network, schools={school}, as_of=a_week_ago)
        unknown = [one for one in now - then if one not in causes_by_student(school)]
        assert len(unknown) >= 3, school


@pytest.mark.slow
def test_next_steps_are_due_around_the_last_day_open_done_with_a_result_and_one_dropped():
    week, states = timedelta(days=7), Counter()
    for row in rows("step"):
        due = date.fromisoformat(row["due_on"])
        states[row["school_id"], row["state"], due > LAST_DAY] += abs(due - LAST_DAY) <= week
        assert (row["state"] == "open") == (row["result"] == "") == (row["ended_on"] == "")
        assert row["state"] == "open" or due <= LAST_DAY
    for school in chronic_by_school(YEAR):
        assert states[school, "open", False] and states[school, "done", False], school
        assert states[school, "open", True] >= 3, school
    assert [row["state"] for row in rows("step")].count("dropped") == 1


def test_seats_are_taken_at_some_schools_and_students_sit_at_one_table_alone():
    seats = Counter((row["seat"]) for row in rows("seat"))
    assert set(seats) == set(records.SEATS)
    assert seats["student"] == 1
    for seat in ("family", "nurse", "teacher"):
        at = {row["school_id"] for row in rows("seat") if row["seat"] == seat}
        assert 2 <= len(at) < 9, seat


def test_some_stories_are_released_and_one_is_not_yet():
    released = [bool(row["released_by"]) for row in rows("story")]
    assert (released.count(True), released.count(False)) == (4, 1)
    assert all(bool(row["released_on"]) == bool(row["released_by"]) for row in rows("story"))
