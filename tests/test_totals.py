"""Protects school years that came as totals of each student: what they tell is right at their one
day, and what needs single days is empty, and neither a zero nor a curve of one point."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from queries import access, convert, database
from queries.absence import theirs
from queries.convert import mapping as mappings
from queries.convert import values
from queries.convert.mapping import Meaning
from queries.load import Refused, load
from queries.selection import Selection
from tests.support import exports
from tests.support.exchange import write_file
from tests.support.readers import ALL_NAMES
from tests.support.sampled import sampled
from tests.test_pages import IN_A_VIEW, open_page, whole
from tests.test_rules import QUESTIONS

SCHOOLS = [{}, {"school_id": "birch", "school_name": "Birch School"}]
LOADED_ON = date(2026, 8, 1)
NEEDS_DAYS = {
    "absence/by_month",
    "absence/by_weekday",
    "absence/early_signs",
    "absence/school_days",
    "absence/why_moved",
    "causes/recorded",
    "causes/recorded_by_month",
    "causes/student_days",
    "health/code_changes",
    "health/codes",
    "health/coverage",
    "health/freshness",
    "overview/crossed",
    "plans/candidates",
    "plans/weeks",
}


def total(student: str, year: str, enrolled: str, absent: str, **more) -> dict:
    days = {"days_enrolled": enrolled, "days_absent": absent}
    return {"student_id": student, "school_year": year, **days, **more}


BY_HAND = [
    total("ann", "2023-24", "180", "18", grade="5"),
    total("ben", "2023-24", "180", "17", grade="5"),
    total("cal", "2023-24", "80.0", "10", grade="4", school_id="birch"),
    total("cal", "2023-24", "100", "8", grade="4"),
    total("dee", "2023-24", "9", "9"),
    total("ann", "2024-25", "180", "9"),
    total("ben", "2024-25", "180", "36"),
    total("ann", "2025-26", "120", "12.5", until="2026-03-20"),
    total("ben", "2025-26", "120", "11.999999", until="2026-03-20"),
]


def written(folder: Path, rows: list[dict]) -> Path:
    folder.mkdir()
    write_file(folder, "schools", SCHOOLS)
    write_file(folder, "year_totals", rows)
    return folder


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory):
    folder = tmp_path_factory.mktemp("totals")
    load(written(folder / "files", BY_HAND), folder / "home", today=LOADED_ON, share_view=False)
    return folder / "home"


@pytest.fixture
def ask(by_hand, use_home):
    use_home(by_hand)

    def asked(question: str, **choices) -> list[dict]:
        return database.records(question, Selection(**choices), ALL_NAMES)

    return asked


def standing(rows: list[dict]) -> dict[str, tuple]:
    """By student, days absent and enrolled, and whether chronically absent."""
    return {
        row["student_id"]: (row["days_absent"], row["days_enrolled"], row["chronically_absent"])
        for row in rows
    }


def test_students_stand_where_their_totals_put_them(ask):
    assert standing(ask("absence/students", school_year="2023-24")) == {
        "ann": (18, 180, True),
        "ben": (17, 180, False),
        # Over both schools one student, with the days of both.
        "cal": (18, 180, True),
        "dee": (9, 9, None),
    }
    [cal] = [
        row for row in ask("absence/students", school_year="2023-24") if row["student_id"] == "cal"
    ]
    # Totals do not say which school was the last, so the longer stay speaks.
    assert (cal["school_name"], cal["grade"]) == ("Alder School", "4")
    by_school = ask("absence/by_school", school_year="2023-24")
    told = [(row["students"], row["students_absent"], row["days_absent"]) for row in by_school]
    assert told == [(3, 1, 52), (1, 1, 10)]


def test_parts_of_days_are_exact_and_answer_to_no_other_day_rule(ask):
    assert standing(ask("absence/students")) == {
        "ann": (12.5, 120, True),
        "ben": (11.999999, 120, False),
    }
    [now] = ask("choices/in_force")
    assert (now["definition"], str(now["as_of"])[:10]) == ("fraction_of_day", "2026-03-20")
    results = {row["definition"]: row for row in ask("absence/by_definition")}
    assert results["england_persistent"]["students_absent"] == 1
    for name in ("federal", "days_15", "severe_20"):
        found = results[name]
        assert (found["students"], found["students_absent"], found["rate"]) == (0, None, None)
    whole = ask("absence/by_definition", school_year="2023-24")
    absent = {row["definition"]: row["students_absent"] for row in whole}
    assert (absent["federal"], absent["days_18"], absent["fraction_of_day"]) == (2, 2, None)


def test_whole_years_are_compared_and_no_other(ask):
    def change(**choices):
        return next(row for row in ask("absence/shifts", **choices) if row["level"] == "selection")

    row = change(school_year="2024-25")
    # Birch has no totals of this year, so that of Cal the days at Alder alone are compared.
    assert (row["first_students_absent"], row["second_students_absent"]) == (1, 1)
    assert row["comparable"]
    for definition in ("fraction_of_day", "federal"):
        row = change(definition=definition)
        assert (row["comparable"], row["change_points"]) == (False, None)
    years = [row["school_year"] for row in ask("absence/school_trend", school_year="2024-25")]
    assert years == ["2023-24", "2024-25"]
    assert {row["school_year"] for row in ask("absence/school_trend")} == {"2025-26"}


def test_who_can_still_recover_is_not_known_before_the_year_is_whole(ask):
    def near(**choices):
        return {
            row["standing"]: row["students"] for row in ask("absence/near_threshold", **choices)
        }

    assert near() == {"within_3": 1, "can_recover": None, "next_year": None}
    assert near(school_year="2023-24") == {"within_3": 1, "can_recover": 0, "next_year": 2}


def test_another_day_than_theirs_is_not_asked_for(ask):
    chosen = {"school_year": "2023-24", "as_of": date(2024, 1, 31)}
    assert ask("absence/headline", **chosen) == ask("absence/headline", school_year="2023-24")


@pytest.mark.slow
def test_every_question_answers_and_what_needs_days_is_empty(ask):
    for question in QUESTIONS:
        rows = ask(question, school_year="2023-24")
        assert not rows or question not in NEEDS_DAYS, question
    known = {row["student_id"]: row for row in ask("causes/students", school_year="2023-24")}
    assert known["ann"]["days_enrolled_last_10"] is None
    assert not known["ann"]["crossed_this_week"]


def ways(ask, **choices) -> dict[str, int | None]:
    """By step and detail, its students: on the way from the count here to another's."""
    rows = ask("absence/reconciliation", **choices)
    return {":".join(filter(None, (row["step"], row["detail"]))): row["students"] for row in rows}


def test_a_number_is_reached_from_totals_as_far_as_they_tell(ask):
    """ann has 18 of 180, and so does cal: 10 of 80 at one school and 8 of 100 at another."""
    chosen = {"school_year": "2023-24"}
    assert ways(ask, **chosen, other_definition="over_10") == {
        "here": 2, "at_the_threshold": -1, "movers": 0, "counted_again": 0, "there": 1
    }  # fmt: skip
    assert ways(ask, **chosen, other_definition="fraction_of_day") == {}
    needs_days = dict.fromkeys(("leavers", "parts_of_days", "code", "days_not_taken", "their_date"))
    number = {"their_number": 1, "other_definition": "over_10", "their_date": date(2024, 2, 1)}
    assert ways(ask, **chosen, **number) == {
        "here": 2, "at_the_threshold": -2, **needs_days, "counted_again": 0, "unexplained": 1,
        "there": 1,
    }  # fmt: skip
    tried = {row["rule"]: row["students"] for row in ask("absence/rules_tried", **chosen, **number)}
    assert (tried[None], tried["movers"], tried["share:england_severe"]) == (0, 1, 0)
    assert not {one.split(":")[0] for one in tried if one} & {*needs_days, "corrected"}
    listed = theirs.read(b"student_id,days_absent,days_enrolled\nben,20,180\neva,,\n", "list")
    with_list = {"their_list": listed, "other_definition": "federal", **chosen}
    rows = ask("absence/reconciled_students", **with_list)
    assert [(row["student_id"], row["step"], row["there"]) for row in rows] == [
        ("ben", "other_days", True),
        ("eva", "there_only", True),
        ("ann", "unexplained", False),
        ("cal", "unexplained", False),
    ]
    # By parts of days these totals tell of nobody.
    assert ways(ask, **(number | chosen), definition="fraction_of_day") == {}


def test_totals_that_cannot_be_are_refused(tmp_path):
    """Side by side, a school year each."""
    rows = [
        total("ann", "2018-19", "10", "11"),
        total("ann", "2019-20", "900", "11"),
        total("ann", "2020-21", "90", "1", until="2021-01-31"),
        total("ben", "2020-21", "90", "1"),
        total("ann", "2021-22", "90", "1", until="2023-01-31"),
        total("ann", "2026-27", "90", "1"),
        *[total("ann", "2022-23", "90", "1")] * 2,
        total("ann", "2023-24", "90.5", "1"),
    ]
    with pytest.raises(Refused) as error:
        load(written(tmp_path / "files", rows), tmp_path / "home", today=LOADED_ON)
    said = [(one.line, one.value, one.problem) for one in error.value.report.findings]
    ends = "is not the same day in all rows of its school year"
    for found in (
        (2, "11, 10", "are more days absent than enrolled"),
        (3, "900", "is more than a year has days"),
        (4, "2021-01-31, 2020-21", ends),
        (5, ", 2020-21", ends),
        (6, "2023-01-31, 2021-22", "is no day of its school year"),
        (8, "ann, alder, 2022-23", "is there more than once"),
        (10, "90.5", "is not a whole number of days"),
    ):
        assert found in said
    assert any(line == 7 and "2026-08-01, the day of loading" in words for line, _, words in said)


def test_a_school_year_in_days_and_in_totals_is_refused(network):
    with pytest.raises(Refused) as error:
        network(year_totals=[total("ann", "2025-26", "90", "1", until="2025-12-19")])
    words = "line 2, column school_year: '2025-26' is a school year of year_totals.csv too"
    assert f"enrollments.csv, {words}" in str(error.value)
    assert f"calendar.csv, {words}" in str(error.value)


OURS = {
    "name": "ours", "label": "Ours", "sentence": "Who missed 5% of days.", "source": "The board",
    "date": "2024-07-01", "share_numerator": "1", "share_denominator": "20", "inclusive": "yes",
    "minimum_days": "10", "day_rule": "half_day", "minimum_days_present": "", "days": "",
}  # fmt: skip
LATER = {"since": "2024-25", "share_denominator": "5", "sentence": "Who missed a fifth."}


@pytest.mark.slow
def test_totals_count_by_the_rule_of_their_year_and_are_corrected_by_a_part(tmp_path, use_home):
    rows = [*BY_HAND[:-2], total("ann", "2025-26", "120", "12", until="2026-03-20")]
    files, home = written(tmp_path / "files", rows), tmp_path / "home"
    write_file(files, "definitions", [OURS | {"since": ""}, OURS | LATER])
    people = [{"student_id": who, "gender": "F"} for who in ("ann", "ben", "cal", "dee")]
    write_file(files, "students", people)
    load(files, home, today=LOADED_ON, share_view=False)

    def stand(year: str) -> dict[str, tuple]:
        use_home(home)
        chosen = Selection(school_year=year, definition="ours")
        return standing(database.records("absence/students", chosen, ALL_NAMES))

    assert stand("2023-24")["ben"] == (17, 180, True)
    assert stand("2024-25") == {"ann": (9, 180, False), "ben": (36, 180, True)}
    chosen = Selection(school_year="2024-25", definition="ours")
    [now] = database.records("choices/in_force", chosen)
    # Both years are whole, and count otherwise.
    assert (now["compare_year"], now["counted_since"]) == (None, "2024-25")
    trend = database.records("absence/school_trend", chosen, ALL_NAMES)
    assert [(row["school_year"], row["comparable"]) for row in trend] == [
        ("2023-24", False),
        ("2024-25", True),
    ]

    part = tmp_path / "part"
    part.mkdir()
    corrected = [total("ann", "2024-25", "180", "36"), total("ann", "2025-26", "175", "12")]
    write_file(part, "year_totals", corrected)
    load(part, home, today=LOADED_ON, share_view=False, add=True, accept_losses=True)
    assert stand("2024-25") == {"ann": (36, 180, True), "ben": (36, 180, True)}
    assert stand("2023-24")["ben"] == (17, 180, True)
    # A part that says no day is of the whole year, and not up to the day of before.
    [now] = database.records("choices/in_force", Selection())
    assert (str(now["as_of"])[:10], now["under_way"]) == ("2026-06-30", False)
    girls = replace(chosen, dimension="gender", group_name="F")
    assert len(database.records("absence/students", girls, ALL_NAMES)) == 2

    write_file(part, "year_totals", [total("ann", "2024-25", "120", "9", until="2025-03-20")])
    with pytest.raises(Refused, match="is not the same day in all rows of its school year"):
        load(part, home, today=LOADED_ON, share_view=False, add=True, accept_losses=True)


# --- Beside days, and as another system exports them ------------------------------------------


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """A home of a district's days, a whole year of them, and one of the totals that a system makes
    of them."""
    folder = tmp_path_factory.mktemp("twins")
    truth, homes = exports.district(), [folder / "days", folder / "totals"]
    for make in (exports.every_student_every_day, exports.year_totals):
        (folder / make.__name__).mkdir()
        make(truth, folder / make.__name__)
    made = convert.convert(folder / "every_student_every_day")
    made.files["calendar"] = made.files["calendar"].drop(columns="goes_on")
    (folder / "exchange").mkdir()
    convert.write(made, folder / "exchange")
    load(folder / "exchange", homes[0], share_view=False)
    convert.load(folder / "year_totals", homes[1])
    return homes


@pytest.mark.slow
def test_totals_give_every_student_the_standing_of_the_days_they_were_made_from(twins, use_home):
    found = []
    for home in twins:
        use_home(home)
        names = [row["name"] for row in database.records("choices/definitions", Selection())]
        columns = ("student_id", "school_name", "grade", "days_absent", "days_enrolled", "tier")
        columns += ("chronically_absent", "absences_left", "within_3_absences")
        found.append(
            {
                name: {
                    tuple(row[column] for column in columns)
                    for row in database.records(
                        "absence/students", Selection(definition=name), ALL_NAMES
                    )
                }
                for name in names
                if name not in ("fraction_of_day", "england_persistent", "england_severe")
            }
        )
    days, totals = found
    assert len(days) == 10
    assert days == totals


def test_the_share_view_tells_of_totals_and_withstands_the_attack(twins, use_home):
    use_home(twins[1])
    generation = database.current_generation()
    assert all(one.cleared for one in database.audit(generation))
    [told] = database.records("absence/headline", Selection())
    assert (told["students"], told["withheld"]) == (90, False)
    for question in sorted(access.SHARED | access.OPEN):
        rows = database.records(question, Selection())
        assert not rows or question not in NEEDS_DAYS, question


SAYS_SO = {"app.py", "pages/chronic_absence.py", "pages/causes.py", "pages/plans.py"}
SAYS_SO |= {"pages/data_health.py"}


@pytest.mark.parametrize(("page_file", "view"), sampled(IN_A_VIEW, 3))
@pytest.mark.slow
def test_every_page_of_totals_shows_them_or_says_what_needs_days(twins, use_home, page_file, view):
    use_home(twins[1])
    words = whole(open_page(page_file, view))
    assert ("needs each day’s absences" in words) == (page_file in SAYS_SO)
    if page_file in SAYS_SO:
        assert "instructional day" not in words


def test_sums_that_do_not_fit_and_days_that_nobody_says_are_said(tmp_path):
    exports.year_totals(exports.district(), tmp_path)
    path = tmp_path / "attendance summary.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:4], lines[4].replace("76.0,", "77.0,"), *lines[5:]]))
    [found] = [one for one in convert.convert(tmp_path).findings if one.kind == "refused"]
    assert (found.line, found.column, found.value) == (5, "Membership Days", "77")
    assert found.problem == "days present and absent are 76 together, and not the days enrolled"
    # Without a year nobody knows whose totals these are, nor up to when.
    path.write_text("\n".join(lines).replace("School Year", "Remark"), "utf-8")
    mapping, _, _ = convert.look(tmp_path)
    assert [one.split(":")[0] for one in mapping.questions()] == ["totals_year", "totals_until"]


@pytest.mark.parametrize(
    "written, read",
    [
        # Each column proves for itself what its comma is.
        (["12,5", "3", "1,125", "0"], ["12.5", "3", "1.125", "0"]),
        (["12.5", "3", "1,125"], ["12.5", "3", "1125"]),
        (["1,125", "3"], ["1125", "3"]),
        (["0,125", "1,125"], ["0.125", "1.125"]),
        (["1.125,5", "1.125"], ["1125.5", "1125"]),
        (["1,125.5", "1.125"], ["1125.5", "1.125"]),
        # Both marks stand there: what proves itself is read, and nothing else.
        (["12,5", "12.5", "1,125", "ill"], ["12.5", "12.5", "1,125", "ill"]),
    ],
)
def test_a_comma_is_what_its_column_proves_it_to_be(written, read):
    assert [*values.with_points(pd.Series(written, dtype=object))] == read


def test_totals_with_decimal_commas_are_those_with_points(tmp_path):
    """12,5 days absent are not 125, and 1,125 beside it are not 1,125."""
    lines = [
        "Student Number;School Year;Membership Days;Days Absent",
        "1001;2024-2025;180;12,5",
        "1002;2024-2025;170;1,125",
        "1003;2024-2025;90;0",
    ]
    (tmp_path / "totals.csv").write_text("\n".join(lines), "utf-8")
    rows = convert.convert(tmp_path).files["year_totals"]
    assert [*rows.days_absent] == ["12.5", "1.125", "0"]


def test_totals_of_a_year_so_far_ask_up_to_which_day_and_are_of_that_day(tmp_path):
    """A year that is over is taken for whole, but not where a day of it stands in every row."""
    path = tmp_path / "so far.csv"
    header = "Student Number,School Year,Report Date,Days Enrolled to Date,YTD Days Absent"
    path.write_text(f"{header}\n1001,2024-25,01/16/2025,80,8\n1002,2024-25,01/16/2025,80,3\n")
    mapping, _, _ = convert.look(tmp_path)
    [asked] = mapping.questions()
    assert asked.startswith("totals_until: up to which day do the totals of 2024-25 count?")
    assert mapping.conventions["totals_until"].may_be == ("2025-01-16", "whole year")
    mapping.conventions["totals_until"] = Meaning("2025-01-16", "sure")
    (tmp_path / "mapping.toml").write_text(mappings.written(mapping), "utf-8")
    rows = convert.convert(tmp_path).files["year_totals"]
    told = zip(rows.days_enrolled, rows.days_absent, rows.until, strict=True)
    assert [*told] == [("80", "8", "2025-01-16"), ("80", "3", "2025-01-16")]
    path.write_text(path.read_text().replace("01/16/2025", "07/16/2025"))
    (tmp_path / "mapping.toml").unlink()
    mapping, _, _ = convert.look(tmp_path)
    assert (mapping.questions(), mapping.convention("totals_until")) == ([], "whole year")
