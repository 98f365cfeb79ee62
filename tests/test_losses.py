"""A load that has lost what was served before, or that no school year can be, is refused."""

import re
import shutil
from datetime import date

import duckdb
import pytest

from queries import database, health
from queries.load import Refused, load, publish
from queries.selection import Selection
from tests.support.exchange import WEEKDAYS, write_folder
from tests.support.readers import STAFF

TODAY = date(2026, 8, 1)
SCHOOLS = ("alder", "birch")


def whole() -> dict[str, list[dict]]:
    """Two schools of twelve students, two school years, and of the second twenty days, on which
    each student is absent six times; two codes, sixty answers and ten partners."""
    ids = [(school, f"{school}{number:02}") for school in SCHOOLS for number in range(12)]
    return {
        "schools": [{"school_id": one, "school_name": one.title()} for one in SCHOOLS],
        "students": [{"student_id": student} for _, student in ids],
        "enrollments": [
            {
                "student_id": student,
                "school_id": school,
                "school_year": year,
                "entry_date": f"{year[:4]}-09-01",
            }
            for school, student in ids
            for year in ("2024-25", "2025-26")
        ],
        "calendar": [{"school_id": school, "date": day} for school in SCHOOLS for day in WEEKDAYS],
        "attendance": [
            {
                "student_id": student,
                "school_id": school,
                "date": WEEKDAYS[(number + 3 * again) % 20],
                "code": "E" if again == 0 else "A",
            }
            for number, (school, student) in enumerate(ids)
            for again in range(6)
        ],
        "survey_answers": [
            {"school_id": school, "respondent_id": f"{school}{number}"}
            for school in SCHOOLS
            for number in range(30)
        ],
        "partners": [{"partner_id": str(number)} for number in range(10)],
    }


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A home that serves the whole network."""
    home = tmp_path_factory.mktemp("served")
    folder = write_folder(home / "files", **whole())
    load(folder, home, today=TODAY, share_view=False)
    return home


def of(rows, *students):
    return [row for row in rows if row.get("student_id") not in students]


def students_gone(number):
    """The folder without so many of the twelve students of Alder, and without their absences."""
    gone = [f"alder{place:02}" for place in range(number)]
    files = whole()
    files["attendance"] = of(files["attendance"], *gone)
    files["enrollments"] = [
        row
        for row in files["enrollments"]
        if row["student_id"] not in gone or row["school_year"] == "2024-25"
    ]
    return files


def days_gone(number):
    """The folder without so many of the twenty days of Alder, and without what was missed then."""
    gone = WEEKDAYS[::2][:number]
    files = whole()
    for name in ("calendar", "attendance"):
        files[name] = [
            row for row in files[name] if row["school_id"] != "alder" or row["date"] not in gone
        ]
    return files


def absences_left(number):
    """The folder with so many of the 72 absences of Alder, in every week some."""
    files = whole()
    alder = [row for row in files["attendance"] if row["school_id"] == "alder"]
    birch = [row for row in files["attendance"] if row["school_id"] == "birch"]
    alder.sort(key=lambda row: (row["code"] == "A", row["student_id"]))
    files["attendance"] = alder[:number] + birch
    return files


def answers_left(number):
    files = whole()
    files["survey_answers"] = files["survey_answers"][30 - number :]
    return files


def counted(number):
    """The same answers as counts, so many of the 30 of Alder."""
    files = whole()
    del files["survey_answers"]
    files["survey_counts"] = [
        {"school_id": "alder", "answers": str(number)},
        {"school_id": "birch", "answers": "30"},
        {"school_id": "birch", "answer": "Disagree", "answers": "0"},
    ]
    return files


def without(name, keep):
    files = whole()
    files[name] = [row for row in files[name] if keep(row)]
    return files


def without_birch():
    files = {
        name: [row for row in rows if row.get("school_id", "alder") == "alder"]
        for name, rows in whole().items()
    }
    return files | {"students": [r for r in files["students"] if r["student_id"] < "b"]}


LOSSES = {
    "half of the absences of a school": (
        absences_left(35),
        ["Alder had 72 absences in 2025-26 up to 2025-09-26, and now has 35"],
    ),
    "students": (
        students_gone(5),
        ["Alder had 12 students in 2025-26, of whom 7 are still there in the files"],
    ),
    "days": (
        days_gone(7),
        ["Alder took attendance on 20 days of 2025-26 up to 2025-09-26, and now on 13"],
    ),
    "the newest week": (
        without("attendance", lambda row: row["date"] < "2025-09-22" or row["school_id"] > "b"),
        ["absences in 1 week of 2025-26 (the first begins on 2025-09-22), and now has none in it"],
    ),
    "a code": (
        without("attendance", lambda row: row["code"] == "A"),
        ["code E stood in 24 rows and now stands in none"],
    ),
    "a school year": (
        without("enrollments", lambda row: row["school_year"] == "2025-26"),
        ["2024-25 had 24 students at 2 schools and is not in the files any more"],
    ),
    "a school": (
        without_birch(),
        ["Birch had 12 students up to 2025-26 and is not in the files any more"],
    ),
    "answers of a school": (
        answers_left(14),
        ["climate 2025-26 had 30 answers of student at Alder, and now has 14"],
    ),
    "a survey": (
        without("survey_answers", lambda row: False),
        ["climate 2025-26 had 60 answers of student, and now has 0"],
    ),
    "counts of a school": (
        counted(14),
        ["survey_counts.csv: climate 2025-26 had 30 answers of student at Alder, and now has 14"],
    ),
    "the partners": (without("partners", lambda row: False), ["had 10 rows and now has none"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("lost", LOSSES)
def test_what_was_served_and_is_lost_refuses_the_load(lost, served, tmp_path):
    files, sentences = LOSSES[lost]
    before = publish.published(served)
    with pytest.raises(Refused) as refused:
        load(write_folder(tmp_path / "files", **files), served, today=TODAY, share_view=False)
    told = "\n".join(refused.value.messages)
    assert all(sentence in told for sentence in sentences), told
    assert "--accept-losses" in told
    assert len(refused.value.messages) <= 5
    assert publish.published(served) == before


def next_year_begins():
    """The old year as it was, and a week of the next with one absence."""
    files = whole()
    new = [{"school_year": "2026-27", "entry_date": "2026-07-20"}]
    files["enrollments"] += [
        row | new[0] for row in files["enrollments"] if row["school_year"] == "2025-26"
    ]
    files["calendar"] += [
        {"school_id": "alder", "date": f"2026-07-{day}", "school_year": "2026-27"}
        for day in range(20, 25)
    ]
    files["attendance"].append(
        {"student_id": "alder00", "school_id": "alder", "date": "2026-07-20", "code": "A"}
    )
    return files


NO_LOSS = {
    "as it was": whole,
    "a new year begins": next_year_begins,
    "half of the absences are left": lambda: absences_left(36),
    "a third of the students gone": lambda: students_gone(4),
    "six of twenty days gone": lambda: days_gone(6),
    "half of the answers are left": lambda: answers_left(15),
    "counts instead of people": lambda: counted(15),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", NO_LOSS)
def test_what_a_school_year_explains_is_no_loss(change, served, tmp_path):
    folder = write_folder(tmp_path / "files", **NO_LOSS[change]())
    report = load(folder, served, today=TODAY, dry_run=True, share_view=False)
    # Where fewer are absent, a school may seem to have stopped sending, or to have corrected what
    # it sent: that is said, and no loss.
    said = re.compile("sent no attendance|corrected days of .* afterwards")
    assert not [one for one in report.findings if not said.search(one.problem)]


def test_late_corrections_are_counted_by_school_up_to_the_day_before_the_last(served, tmp_path):
    """Of Alder one is taken out, one has another code and two come; of Birch two come of the last
    day up to which was counted, which nobody wrote down late. That attendance had a column before
    which it has not now corrects no row."""
    home = tmp_path / "home"
    shutil.copytree(served, home)
    with duckdb.connect(str(publish.path_of(home, publish.published(home)))) as connection:
        connection.execute("ALTER TABLE attendance ADD COLUMN room VARCHAR DEFAULT '12'")
    files = whole()
    alder = [row for row in files["attendance"] if row["school_id"] == "alder"]
    first, second = alder[0], next(row for row in alder if row["student_id"] == "alder01")
    second["code"] = "E" if second["code"] == "A" else "A"
    files["attendance"].remove(first)
    taken = {(row["student_id"], row["date"]) for row in whole()["attendance"]}

    def free(school: str, day: str) -> list[tuple[str, str, str]]:
        """Two students of a school who were there on a day."""
        students = [f"{school}{number:02}" for number in range(2, 12)]
        return [(school, one, day) for one in students if (one, day) not in taken][:2]

    new = free("alder", WEEKDAYS[5]) + free("birch", WEEKDAYS[-1])
    assert len(new) == 4
    files["attendance"] += [
        {"student_id": student, "school_id": school, "date": day, "code": "A"}
        for school, student, day in new
    ]
    folder = write_folder(tmp_path / "files", **files)
    report = load(folder, home, today=TODAY, dry_run=True, share_view=False)
    (late,) = [one for one in report.findings if "corrected" in one.problem]
    assert (late.file, late.kind, late.rows) == ("attendance.csv", "noted", 4)
    assert late.problem == (
        "Alder corrected days of 2025-26 before 2025-09-26 afterwards: 2 added, 1 taken out and "
        "1 changed, each of one student on one day"
    )


@pytest.mark.slow
def test_a_loss_may_be_published_on_purpose_and_is_written_down(tmp_path, use_home):
    home = tmp_path / "home"
    load(write_folder(tmp_path / "one", **whole()), home, today=TODAY, share_view=False)
    folder = write_folder(tmp_path / "two", **without_birch())
    report = load(folder, home, today=TODAY, share_view=False, accept_losses=True)
    assert publish.published(home) == report.generation
    use_home(home)
    selection = Selection(generation=database.current_generation())
    (problem,) = health.findings(selection, STAFF).problem
    assert problem.startswith("Birch had 12 students")
    # What was lost on purpose is not asked about again.
    assert load(folder, home, today=TODAY, share_view=False).findings == ()


def test_what_was_served_and_is_damaged_does_not_stop_the_load_that_mends_it(served, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(served, home)
    path = publish.path_of(home, publish.published(home))
    path.write_bytes(path.read_bytes()[:12288].ljust(path.stat().st_size, b"\0"))
    folder = write_folder(tmp_path / "files", **whole())
    report = load(folder, home, today=TODAY, share_view=False)
    assert publish.published(home) == report.generation
    assert [one.problem for one in report.findings] == [
        f"what was published before ({path.stem}) cannot be read"
    ]


@pytest.mark.slow
def test_a_school_that_only_answered_is_named_too(tmp_path):
    home, cedar = tmp_path / "home", {"school_id": "cedar", "school_name": "Cedar"}
    answers = [{"respondent_id": "r1"}, {"school_id": "cedar", "respondent_id": "r2"}]
    folder = write_folder(tmp_path / "one", schools=[{}, cedar], survey_answers=answers)
    load(folder, home, today=TODAY, share_view=False)
    folder = write_folder(tmp_path / "two", survey_answers=answers[:1])
    with pytest.raises(Refused, match="Cedar had 1 survey answers and is not in the files"):
        load(folder, home, today=TODAY, share_view=False)


def for_nothing(number):
    """Two schools, of whose 72 events each so many fall on a day off."""
    files = whole()
    for row in files["attendance"][:number] + files["attendance"][72 : 72 + number]:
        row["date"] = "2025-09-06"
    return files


@pytest.mark.slow
@pytest.mark.parametrize("off_days", [18, 19, 20])
def test_a_quarter_of_events_may_count_for_nothing_also_in_a_first_load(off_days, tmp_path):
    files = for_nothing(off_days)
    folder = write_folder(tmp_path / "files", **files)
    if off_days == 18:
        assert load(folder, tmp_path / "home", today=TODAY, share_view=False).generation
        return
    with pytest.raises(Refused) as refused:
        load(folder, tmp_path / "home", today=TODAY, share_view=False)
    # Of one school only from twenty on.
    places = {"all schools": 2, "Alder": 1, "Birch": 1} if off_days == 20 else {"all schools": 2}
    assert [message.split("; ")[0] for message in refused.value.messages] == [
        f"attendance.csv: {of * off_days} of {of * 72} events of {place} count for nothing, "
        "more than a quarter"
        for place, of in places.items()
    ]


@pytest.mark.parametrize("empty", ["calendar", "enrollments"])
def test_attendance_without_any_day_or_enrollment_is_refused(empty, tmp_path):
    folder = write_folder(tmp_path / "files", **{empty: []})
    with pytest.raises(Refused, match=f"{empty}.csv: has no row, and so none of the 1 event"):
        load(folder, tmp_path / "home", today=TODAY, share_view=False)


@pytest.mark.slow
@pytest.mark.parametrize(("off_days", "others"), [(9, 0), (19, 1)])
def test_few_events_for_nothing_are_listed_alone(off_days, others, tmp_path):
    attendance = [{"date": "2025-09-06"}] * off_days + [{"date": "2025-09-03"}] * others
    folder = write_folder(tmp_path / "files", attendance=attendance)
    assert load(folder, tmp_path / "home", today=TODAY, share_view=False).generation
    folder = write_folder(tmp_path / "files", attendance=[*attendance, {"date": "2025-09-06"}])
    with pytest.raises(Refused, match="count for nothing, more than a quarter"):
        load(folder, tmp_path / "home", today=TODAY, share_view=False)


@pytest.mark.slow
def test_the_sample_is_no_measure_for_real_data(sample_home, tmp_path):
    folder = write_folder(tmp_path / "files")
    report = load(folder, sample_home, today=TODAY, dry_run=True, share_view=False)
    assert report.findings == ()
