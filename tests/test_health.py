"""Protects the account of the data: what was read, what is missing, how fresh it is."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from pages.shared import basis, drawing
from pages.shared.data import sentences
from queries import database, health
from queries.selection import Selection
from tests.support.days import DAYS, calendar, enrolled, missed, weekdays
from tests.support.readers import ALL_NAMES, STAFF

SCHOOLS = [
    {"school_id": "alder", "school_name": "Alder School"},
    {"school_id": "birch", "school_name": "Birch School"},
]


def answer(question: str, **choices) -> list[dict]:
    return database.records(f"health/{question}", Selection(**choices), STAFF)


@pytest.fixture
def two_schools(network):
    """Twelve days; Alder took attendance on all but days 2 and 7, Birch has not reported."""
    days = calendar("alder", DAYS[:12])
    days[1]["attendance_taken"] = days[6]["attendance_taken"] = "no"
    network(
        schools=SCHOOLS,
        calendar=days + calendar("birch", DAYS[:12]),
        attendance=missed("ann", 12),
    )


def test_coverage_by_school_and_week(two_schools):
    """Weeks begin on Mondays: September 1, 8 and 15, the last with two days so far."""
    rows = [
        (row["school_name"], str(row["week_start"]), row["days_expected"], row["days_taken"])
        for row in answer("coverage")
    ]
    assert rows == [
        ("Alder School", "2025-09-01", 5, 4),
        ("Alder School", "2025-09-08", 5, 4),
        ("Alder School", "2025-09-15", 2, 2),
        ("Birch School", "2025-09-01", 5, 0),
        ("Birch School", "2025-09-08", 5, 0),
        ("Birch School", "2025-09-15", 2, 0),
    ]


def test_coverage_stops_at_the_as_of_day_and_at_the_schools_chosen(two_schools):
    rows = answer("coverage", school="Alder School", as_of=date.fromisoformat(DAYS[6]))
    assert [(row["days_expected"], row["days_taken"]) for row in rows] == [(5, 4), (2, 1)]


@pytest.fixture
def three_schools(network):
    """Ten weeks from September 1. Every day Alder has a row, but in two weeks from September 22; on
    every other day Birch has one, and none in a week from October 6; Cedar took none in the second
    week, and stopped after the sixth."""
    gap, quiet, not_taken, stop = range(16, 26), range(26, 31), range(6, 11), range(31, 51)
    sent = {
        "alder": [day for day in range(1, 51) if day not in gap],
        "birch": [day for day in range(1, 51, 2) if day not in quiet],
        "cedar": [day for day in range(1, 51) if day not in (*not_taken, *stop)],
    }
    days = [row for school in sent for row in calendar(school, DAYS[:50])]
    for row in days:
        if row["school_id"] == "cedar" and row["date"] in DAYS[5:10]:
            row["attendance_taken"] = "no"
    network(
        schools=[*SCHOOLS, {"school_id": "cedar", "school_name": "Cedar School"}],
        calendar=days,
        enrollments=[enrolled(f"s{n}_{one}", school_id=one) for one in sent for n in range(50)],
        students=[{"student_id": f"s{n}_{one}"} for one in sent for n in range(50)],
        attendance=[
            row
            for one, days in sent.items()
            for n in range(50)
            for row in missed(f"s{n}_{one}", *(days[:1] if n else days), school_id=one)
        ],
        share_view=True,
    )


def weeks_of_fifty(said: dict[int, str]) -> dict[str, list[dict]]:
    """Alder with a row on each of fifty days, but in the fourth week; the calendar says of some
    days that nobody was absent."""
    sent = [day for day in range(1, 51) if day not in range(16, 21)]
    people = [f"s{n}" for n in range(50)]
    return {
        "calendar": [
            row | {"nobody_absent": said.get(day, "")}
            for day, row in enumerate(calendar("alder", DAYS[:50]), start=1)
        ],
        "enrollments": [enrolled(one) for one in people],
        "students": [{"student_id": one} for one in people],
        "attendance": [
            row
            for n, one in enumerate(people)
            for row in missed(one, *(sent if not n else sent[:1]))
        ],
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "said, days_unsent",
    [
        ({}, 5),
        (dict.fromkeys(range(16, 21), "yes"), 0),
        (dict.fromkeys(range(16, 21), "no"), 5),
        (dict.fromkeys(range(1, 51), "yes"), 5),
        (dict.fromkeys([15, *range(16, 21)], "yes"), 5),
    ],
    ids=["not said", "said", "no", "always", "a day with rows"],
)
def test_a_calendar_says_that_nobody_was_absent_in_a_week(network, said, days_unsent):
    """What it says of a day with rows, too, proves nothing."""
    network(**weeks_of_fifty(said))
    assert sum(row["days_unsent"] for row in answer("coverage")) == days_unsent
    words = sentences.missing_weeks(health.weeks(Selection(), STAFF))
    assert ["If nobody was absent, say so" in one for one in words] == [True] * bool(days_unsent)
    noted = [row["problem"] for row in answer("findings") if "to be absent" in row["problem"]]
    assert len(noted) == (days_unsent > 0 and "yes" in said.values())


def test_weeks_without_attendance_are_seen_and_said(three_schools):
    """Birch's other days make a week without a row likely: half of them have none. That no row
    came is for staff, as everybody is not told on which day nobody was absent; to them attendance
    was not taken."""
    rows = answer("weeks")
    missing = ("schools_missing", "schools_named", "schools_unsent", "missing_school")
    found = {str(row["week_start"]): tuple(row[name] for name in missing) for row in rows}
    unsent = {str(row["week_start"]) for row in answer("coverage") if row["days_unsent"]}
    assert unsent == {"2025-09-22", "2025-09-29"}
    stopped = {f"2025-{week}": (1, 0, 0, None) for week in ("10-13", "10-20", "10-27", "11-03")}
    assert {week: told for week, told in found.items() if told[0]} == {
        "2025-09-08": (1, 1, 0, "Cedar School"),
        "2025-09-22": (1, 1, 1, "Alder School"),
        "2025-09-29": (1, 1, 1, "Alder School"),
        **stopped,
    }
    table = health.weeks(Selection(school="Alder School"), STAFF)
    assert basis.missing(table) == [
        "no rows from Alder School in 2 weeks from September 22, 2025: those days are set aside"
    ]
    shades = [row["top"] for row in drawn(table)]
    assert shades == [0.2, 0.2, 0.2, 1, 1, 0.2, 0.2, 0.2, 0.2, 0.2]
    assert {row["top"] for row in drawn(health.weeks(Selection(), STAFF))} == {0.2, 0.7}
    assert not basis.is_gap(health.weeks(Selection(school="Birch School"), STAFF))
    everybody = basis.missing(health.weeks(Selection(school="Alder School")))
    assert everybody == ["no attendance taken at Alder School in 2 weeks from September 22, 2025"]
    cedar = health.weeks(Selection(school="Cedar School"))
    assert basis.missing(cedar) == [
        "no attendance taken at Cedar School in 1 week from September 8, 2025"
    ]
    assert sum(cedar.schools_missing) == 5


def drawn(weeks) -> list[dict]:
    (rows,) = drawing.weeks(weeks, "light").to_dict()["datasets"].values()
    return rows


def test_one_school_of_two_hundred_is_no_gap_of_them_all():
    weeks = pd.DataFrame({"schools": [200], "schools_missing": [1]})
    assert not basis.is_gap(weeks)
    assert basis.is_gap(weeks.assign(schools_missing=2))


def test_freshness_names_the_school_that_has_not_reported(two_schools):
    rows = {row["school_id"]: row for row in answer("freshness")}
    assert str(rows["alder"]["last_row_date"]) == DAYS[11]
    assert (rows["alder"]["days_expected"], rows["alder"]["days_taken"]) == (12, 10)
    assert rows["alder"]["coverage"] == pytest.approx(10 / 12, abs=1e-15)
    assert rows["birch"]["last_row_date"] is None
    assert rows["birch"]["coverage"] == 0


def test_freshness_looks_no_further_than_the_as_of_day(two_schools):
    (row,) = answer("freshness", school="Alder School", as_of=date.fromisoformat(DAYS[6]))
    assert (row["days_expected"], row["days_taken"]) == (7, 5)


def test_every_row_of_every_file_is_accounted_for(network):
    """Ten rows: a duplicate, one outside enrollment, one on a day off, one that cannot be read."""
    network(
        enrollments=[enrolled("ann", last=10), enrolled("ann", first=5, last=12)],
        attendance=[
            *missed("ann", *range(1, 7)),
            *missed("ann", 6),
            *missed("ann", 15),
            {"student_id": "ann", "date": "2025-09-06"},
            {"student_id": "ann", "date": "September 6"},
        ],
    )
    files = {row["file"]: row for row in answer("files")}
    for row in files.values():
        assert row["rows_in"] == row["accepted"] + row["set_aside"] + row["repaired"]
    attendance = files["attendance.csv"]
    assert (attendance["rows_in"], attendance["set_aside"], attendance["repaired"]) == (10, 1, 3)
    assert files["enrollments.csv"]["repaired"] == 1
    kinds = [row["kind"] for row in answer("findings")]
    assert kinds == sorted(kinds, key=["set_aside", "repaired", "noted"].index)
    assert sum(row["rows"] for row in answer("findings") if row["kind"] == "set_aside") == 1


def test_the_sample_network_reconciles(sample):
    for row in answer("files"):
        assert row["rows_in"] == row["accepted"] + row["set_aside"] + row["repaired"]
        assert row["set_aside"] == 0
    assert answer("generation")[0]["is_sample"] is True


# --- To be sent back --------------------------------------------------------------------------


def test_findings_name_students_in_the_file_of_the_names_view_alone(network):
    """A row set aside for its date, which begins as a formula does; and one of Ann's, twice."""
    network(attendance=[*missed("ann", 3), *missed("ann", 3), *missed("ann", 30), {"date": "=1+1"}])
    columns = ["line", "column_name", "value", "problem"]
    found = health.as_csv(health.findings(Selection(), STAFF), columns).decode("utf-8-sig")
    assert "ann" not in found.replace("cannot", "")
    assert "(line or row in the file)" in found
    assert "5,date,'=1+1,is not a date" in found
    named = health.findings_of_students(Selection(), ALL_NAMES)
    assert list(named.student_id.dropna()) == ["ann, alder, 2025-09-03"]
    assert len(named) == len(health.findings(Selection(), STAFF))
    # A finding does not say of which school it is.
    some = replace(ALL_NAMES, schools=())
    assert health.findings_of_students(Selection(), some).empty


# --- From one year to the next ----------------------------------------------------------------


def test_codes_that_vanished_appeared_or_changed_their_share(network):
    """100 rows each year up to the twentieth day; what comes on the 21st of last year, and codes
    with 19 rows, say nothing. E stands exactly twice as often, P exactly half as often."""
    last = weekdays("2024-09-02", 21)
    uses = {  # code: rows last year, rows this year
        **{"A": (20, 0), "X": (0, 20), "E": (11, 22), "P": (42, 21), "T": (27, 18)},
        **{"L": (0, 19)},
    }
    students = [f"s{number}" for number in range(40)]
    years = ({"school_year": "2024-25", "entry_date": "2024-09-02"}, {})
    rows = [
        {"student_id": students[place % 40], "date": days[place // 40], "code": code}
        for year, days in enumerate((last, DAYS))
        for place, code in enumerate(code for code in uses for _ in range(uses[code][year]))
    ]
    network(
        students=[{"student_id": one} for one in students],
        enrollments=[{"student_id": one, **year} for one in students for year in years],
        calendar=calendar("alder", last, school_year="2024-25") + calendar("alder", DAYS[:20]),
        attendance_codes=[{"code": code} for code in uses],
        attendance=[*rows, {"student_id": "s0", "date": last[20], "code": "X"}],
    )
    found = [
        (row["code"], row["rows_before"], row["rows_now"], row["change"])
        for row in sorted(answer("code_changes"), key=lambda row: row["code"])
    ]
    assert found == [
        ("A", 20, 0, "vanished"),
        ("E", 11, 22, "more often"),
        ("P", 42, 21, "less often"),
        ("X", 0, 20, "appeared"),
    ]
    (one,) = [row for row in answer("code_changes") if row["code"] == "E"]
    assert (one["share_before"], one["share_now"]) == (0.11, 0.22)
    assert (one["first_year"], one["second_year"]) == ("2024-25", "2025-26")
    table = health.code_changes(Selection(), STAFF)
    assert sentences.code_changes(table).startswith("Not as last year: P stands less often")


# --- How a survey was answered ----------------------------------------------------------------


def respondent(name: str, given: str, **columns) -> list[dict]:
    """A letter an item: A agree, D disagree, - no answer."""
    words = {"A": "Agree", "D": "Disagree", "-": ""}
    return [
        {"respondent_id": name, "item_id": f"q{place:02}", "answer": words[one], **columns}
        for place, one in enumerate(given)
    ]


def test_what_is_odd_about_the_answers_to_a_survey(network):
    """Ten items: r1 and r2 give one answer to all, r3 to the nine that it answered; r5 answers as
    r4 did, and at another school that is no matter; of nine alike items nobody is asked."""
    items = [
        {"item_id": f"q{n:02}", "item_text": "?" if n or year == "2024-25" else "!", **columns}
        for n in range(10)
        for year in ("2024-25", "2025-26")
        for columns in ({"school_year": year},)
    ]
    network(
        schools=SCHOOLS,
        survey_items=items,
        survey_answers=[
            *respondent("r1", "AAAAAAAAAA"),
            *respondent("r2", "AAAAAAAAAA"),
            *respondent("r3", "AAAAAAAAA-"),
            *respondent("r4", "AAAAADDDDD"),
            *respondent("r5", "AAAAADDDDD"),
            *respondent("r4", "AAAAADDDDD", school_id="birch"),
            *respondent("r6", "ADADADADA-"),
            *respondent("r7", "ADADADADA-"),
            *respondent("r1", "AD", school_year="2024-25"),
        ],
        survey_invited=[{}],
    )
    newest, before = answer("survey_checks")
    assert (newest["respondents"], newest["of_ten"], newest["straight"]) == (8, 5, 2)
    assert newest["straight_share"] == 0.4
    assert newest["alike"] == 1
    assert (newest["schools"], newest["schools_without_roster"]) == (2, 1)
    assert newest["items_reworded"] == 1
    assert (before["school_year"], before["of_ten"], before["straight_share"]) == (
        *("2024-25", 0),
        None,
    )
    assert (before["schools_without_roster"], before["items_reworded"]) == (1, 0)
    (birch,) = answer("survey_checks", school="Birch School")
    assert (birch["respondents"], birch["straight"], birch["alike"]) == (1, 0, 0)
    table = health.survey_checks(Selection(), STAFF)
    assert sentences.survey_checks(table) == "40% of student gave one answer to all"


# --- Could these percentages come from one number of answers? ---------------------------------


def grim(network, *percentages, **columns):
    network(
        survey_items=[{"item_id": f"q{n}", "item_text": "?"} for n in range(len(percentages))],
        survey_published=[
            {"item_id": f"q{n}", "percent_favorable": percent, **columns}
            for n, percent in enumerate(percentages)
        ],
    )
    return [(row["items"], row["smallest_n"]) for row in answer("published_percentages")]


def test_percentages_that_one_n_explains(network):
    """17, 33 and 83 are sixths."""
    assert grim(network, 17, 33, 83) == [(3, 6)]


def test_the_smallest_n_that_explains_the_percentages(network):
    """1% is one of 67 to 200, or more of more: tried out here for every n and every count."""
    percentages = (50, 33, 29, 1)

    def fits(n):
        possible = {(200 * count + n) // (2 * n) for count in range(n + 1)}  # half goes up
        return possible >= set(percentages)

    assert grim(network, *percentages) == [(4, min(n for n in range(5, 201) if fits(n)))]


@pytest.mark.slow
def test_tables_that_give_n_or_decimals_are_not_asked(network):
    assert grim(network, 17, 33, respondents=6) == []


@pytest.mark.slow
def test_a_decimal_is_not_a_whole_percentage(network):
    assert grim(network, 16.7, 33.3) == []
