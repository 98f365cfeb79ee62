"""Protects students from two looks a few days apart: the share view stands on the ends of months,
is coded once for each, and keeps what it told. That the attack reads other releases that are kept
is protected by test_privacy."""

import random
from datetime import date

import duckdb
import pytest

from pages.shared import basis
from queries import access, database, health, privacy
from queries.load import load, publish
from queries.privacy import coding, coding_answers
from queries.privacy.answers import nothing_told
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Plan
from tests.conftest import LOADED_ON, copy_of
from tests.support.days import answers as given
from tests.support.days import weekdays
from tests.support.exchange import write_folder
from tests.support.months import CALENDAR, SCHOOLS, YEAR, files, learned, load_until
from tests.support.readers import STAFF
from tests.support.sampled import sampled
from tests.support.small_cells import network_of, small_cells
from tests.test_pages import started, whole

SEPTEMBER, OCTOBER, NOVEMBER = date(2025, 9, 30), date(2025, 10, 31), date(2025, 11, 28)
PLAN = Plan(
    *("cedar", YEAR, "A quiet start to the day", "some", "days missed", 23, 11),
    *(date(2025, 10, 1), date(2025, 12, 1), "a nurse"),
)


@pytest.fixture(scope="module")
def in_november(kept):
    """A home that was loaded on a day in the middle of November, after something was learned."""

    def make(home):
        learned(home, *range(2, 40))
        folder = home / "files"
        load(write_folder(folder, **files("2025-11-12")), home, today=LOADED_ON)

    return kept("releases in november", make)


@pytest.fixture
def home(in_november, tmp_path, use_home):
    """A copy of it, to be loaded into."""
    use_home(copy_of(in_november, tmp_path / "home"))
    return tmp_path / "home"


def shared(home) -> dict[str, list[tuple]]:
    """Every table of the share view in the generation that is served."""
    with duckdb.connect() as connection:
        path = publish.path_of(home, publish.published(home))
        connection.execute(f"ATTACH {publish.literal(path)} AS one (READ_ONLY)")
        connection.execute("USE one")
        names = connection.execute(
            "SELECT table_name FROM duckdb_tables() "
            "WHERE database_name = 'one' AND table_name LIKE 'share\\_%' ESCAPE '\\'"
        ).fetchall()
        return {name: connection.execute(f"FROM {name}").fetchall() for (name,) in names}


def released(home) -> date:
    return max(as_of for _, as_of, _ in shared(home)["share_release"] if as_of)


def answers() -> dict[str, list[dict]]:
    """What everybody is told, of each question but when the data were loaded."""
    return {
        question: database.records(question, Selection())
        for question in sorted((access.SHARED | access.OPEN) - {"health/generation"})
    }


def coded_anew(*_, **__):
    raise AssertionError("a share view was coded anew")


def words(view: str) -> list[str]:
    """What three pages say in a view, opened anew."""
    pages = ("app.py", "pages/chronic_absence.py", "pages/network.py")
    return [whole(started(one, view).run()) for one in pages]


def test_two_loads_a_day_apart_change_nothing_that_everybody_is_told(home, tmp_path, monkeypatch):
    """Nor does what somebody understood in between. Staff are told everything at once. Pages say
    on which day they stand."""
    before, told = shared(home), answers()
    said = words("share")
    assert all("As of October 31, 2025" in one for one in said)
    assert "up to November 12, 2025" in words("school")[0]
    (staff,) = database.records("absence/headline", Selection(), STAFF)
    assert released(home) == OCTOBER
    assert any(row["students"] for row in told["causes/understood"])
    learned(home, *range(40, 70))
    monkeypatch.setattr(coding, "decide", coded_anew)
    load_until(home, tmp_path, "2025-11-13")
    assert shared(home) == before
    assert answers() == told
    assert words("share") == said
    assert "up to November 13, 2025" in words("school")[0]
    assert database.records("absence/headline", Selection(), STAFF) != [staff]
    assert all(finding.cleared for finding in database.audit(publish.published(home)))


def points(rows: list[tuple], of: int | None = None) -> dict[date, list[tuple]]:
    """Rows of share_absence of whole places, or of one of them, by month's end."""
    found: dict[date, list[tuple]] = {}
    for year, period, point, _, place, dimension, _, *rest in rows:
        if dimension == "all" and of in (None, place):
            found.setdefault(point, []).append((year, period, place, *rest))
    return found


@pytest.mark.slow
def test_a_new_month_is_coded_and_keeps_what_was_told_of_the_others(home, tmp_path):
    told = points(shared(home)["share_absence"])
    learned(home, *range(40, 70))
    journal.add(home, "a team", [PLAN])
    load_until(home, tmp_path, "2025-11-27")
    assert released(home) == OCTOBER, "the last day of November is the 28th"
    assert database.records("plans/by_idea", Selection()) == []
    load_until(home, tmp_path, "2025-11-28")
    assert released(home) == NOVEMBER
    assert database.records("plans/by_idea", Selection()) != []
    now = points(shared(home)["share_absence"])
    assert set(now) == {SEPTEMBER, OCTOBER, NOVEMBER}
    assert {day: now[day] for day in told} == told
    (known,) = database.records("causes/understood", Selection())
    assert known["students"] > 30, "what was understood since"


def place_of(told: dict[str, list[tuple]], school: str) -> int:
    (place,) = [one for one, _, name, _ in told["share_place_schools"] if name == school]
    return place


def hardly_any_are_absent_at_alder() -> bool:
    """Whether it may be nobody, for all that is told: an end of the rate, or nothing."""
    (row,) = database.records("absence/headline", Selection(school="alder School"))
    return row["rate"] is None and (row["withheld"] or row["rate_at_least"] == 0)


@pytest.mark.slow
def test_a_correction_of_an_earlier_month_codes_it_anew(home, tmp_path):
    """Of Alder's students three had been absent after all, and not half: that must not be told.
    Surveys, and Birch, which did not change, are told as before."""
    before = shared(home)
    assert not hardly_any_are_absent_at_alder()
    rows = files("2025-11-13")["attendance"]
    late = [row for row in rows if row["school_id"] != "alder" or row["student_id"][-1] == "9"]
    load_until(home, tmp_path, "2025-11-13", accept_losses=True, attendance=late)
    assert hardly_any_are_absent_at_alder()
    now = shared(home)
    assert now["share_survey"] == before["share_survey"]
    birch = place_of(now, "birch")
    assert points(now["share_absence"], birch) == points(before["share_absence"], birch)
    assert all(finding.cleared for finding in database.audit(publish.published(home)))


@pytest.mark.slow
def test_a_day_that_is_released_by_hand_stays_until_the_next_month_has_ended(home, tmp_path):
    load_until(home, tmp_path, "2025-11-13", release=True)
    assert released(home) == date(2025, 11, 13)
    (shown,) = database.records("health/standing", Selection())
    assert shown["as_of"] == date(2025, 11, 13)
    told = shared(home)
    load_until(home, tmp_path, "2025-11-14")
    assert shared(home) == told
    load_until(home, tmp_path, "2025-11-28")
    assert released(home) == NOVEMBER
    assert {day for day in points(shared(home)["share_absence"])} == {SEPTEMBER, OCTOBER, NOVEMBER}


@pytest.mark.slow
def test_a_generation_that_is_gone_back_to_tells_what_it_told(home, tmp_path):
    first, told = publish.published(home), answers()
    load_until(home, tmp_path, "2025-11-28")
    assert answers() != told
    publish.publish(home, first)
    assert released(home) == OCTOBER
    assert answers() == told
    # And what is loaded then keeps what both told.
    load_until(home, tmp_path, "2025-11-14")
    assert answers() == told


def test_before_the_first_month_has_ended_nothing_is_told_and_the_pages_say_so(network, tmp_path):
    network(share_view=True, **files("2025-09-29"))
    (row,) = database.records("health/standing", Selection())
    assert (row["as_of"], row["nothing_told"], row["nobody_yet"]) == (None, True, True)
    (headline,) = database.records("absence/headline", Selection())
    assert (headline["students"], headline["withheld"]) == (0, False)
    assert database.records("absence/by_month", Selection()) == []
    said = basis.counted(health.standing(Selection()))
    assert said == "3 schools · nothing is told of 2025-26 before its first month has ended"
    assert not database.records("health/standing", Selection(), STAFF)[0]["nothing_told"]


@pytest.mark.slow
def test_in_the_first_weeks_of_a_year_the_last_one_stands_as_it_did(home, tmp_path):
    """Its end is told as it was; of the new year nothing is, until its first month has ended."""
    load_until(home, tmp_path, "2025-12-19")
    told = answers_of_last_year()
    given = files("2025-12-19")
    days = weekdays("2026-09-01", 22)
    for table, columns in (("enrollments", {"entry_date": "2026-09-01"}), ("students", {})):
        given[table] += [row | columns | {"school_year": "2026-27"} for row in given[table]]
    given["students"] = given["students"][: len(given["students"]) // 2]
    given["calendar"] += [
        {"school_id": one, "date": day, "school_year": "2026-27"} for one in SCHOOLS for day in days
    ]
    given["attendance"].append({"student_id": "alder 1", "school_id": "alder", "date": days[3]})
    folder = write_folder(tmp_path / "next", **given)
    load(folder, home, today=date(2026, 9, 20))
    assert database.records("health/standing", Selection())[0]["nothing_told"]
    assert answers_of_last_year() == told


def answers_of_last_year() -> dict[str, list[dict]]:
    return {
        question: database.records(question, Selection(school_year=YEAR))
        for question in sorted(access.SHARED)
        if question.startswith(("absence", "causes"))
    }


FIVE = ("Never", "Rarely", "Sometimes", "Often", "Always")


def asked(school_year: str, *gave: int) -> list[dict]:
    """So many who gave each of the five answers."""
    return [
        row
        for at, number in enumerate(gave)
        for row in given(number, FIVE[at], first=1 + sum(gave[:at]), school_year=school_year)
    ]


def surveyed(home, folder, answers: list[dict], **files) -> dict[str, list[tuple]]:
    """What is told after a load of these answers."""
    load(write_folder(folder, survey_answers=answers, **files), home, today=LOADED_ON)
    return shared(home)


@pytest.mark.slow
def test_a_survey_of_another_year_changes_nothing_told_of_the_years_before(tmp_path, monkeypatch):
    """12% answered "Never" and 18% "Rarely" or "Sometimes"; were it 17% "Never" or "Rarely" a year
    later, as the new year's answers would have it, five of a hundred answered "Rarely"."""
    first = asked("2024-25", 12, 5, 13, 40, 30)
    both = first + asked("2025-26", 5, 20, 20, 30, 25)
    files = {
        "survey_scales": [
            {"answer": name, "position": str(at), "favorable": "yes" if at > 2 else "no"}
            for at, name in enumerate(FIVE)
        ],
        "survey_items": [{"school_year": year} for year in ("2024-25", "2025-26")],
        "survey_invited": [{"school_year": "2024-25", "invited": "150"}],
    }
    home = tmp_path / "home"
    before = surveyed(home, tmp_path / "first", first, **files)
    assert sorted(row[-1] for row in before["share_answers"]) == [0.12, 0.18, 0.18, 0.3, 0.4]
    copy = copy_of(home, tmp_path / "copy")
    told = surveyed(home, tmp_path / "both", both, **files)
    for table in ("share_survey", "share_answers", "share_response"):
        assert before[table] and set(before[table]) < set(told[table])
    # With each load coded by itself the attack finds that it is told in two ways.
    by_itself = coding_answers.decide
    monkeypatch.setattr(
        coding_answers,
        "decide",
        lambda survey, minimum, _, own: by_itself(survey, minimum, own=own),
    )
    assert surveyed(copy, tmp_path / "copied", both, **files)["share_survey"] == []


def agreed(school: str, favorable: int, people: int) -> list[dict]:
    others = given(people - favorable, "Disagree", first=favorable + 1, school_id=school)
    return given(favorable, school_id=school) + others


def fits(row: tuple, favorable: int, people: int) -> bool:
    """Whether that may be told of so many: nothing, a whole percent, or a band."""
    *_, n_low, _, percent, at_least, at_most, _ = row
    if percent is not None:
        return (200 * favorable + people) // (2 * people) == round(100 * percent)
    band = round(100 * (at_least or 0)), round(100 * (at_most or 1))
    return n_low is None or band[0] * people <= 100 * favorable <= band[1] * people


def left(told: dict[str, list[tuple]], alder: int, birch: int) -> set[int]:
    """How many of alder's may be favorable, by what is told of it, of birch and of both."""
    places = {place: name for place, _, name, _ in told["share_place_schools"]}
    rows = {places[row[4]]: row for row in told["share_survey"]}
    return {
        here
        for here in range(alder + 1)
        if fits(rows["alder"], here, alder)
        and any(
            fits(rows["birch"], there, birch) and fits(rows[""], here + there, alder + birch)
            for there in range(birch + 1)
        )
    }


@pytest.mark.slow
def test_what_changed_at_one_school_leaves_another_ten_values(tmp_path, monkeypatch):
    """One answer more at birch, and two sums over alder's 16: 64%, 64% and then 65%. Each leaves
    the nine favorable eleven values, both together six."""
    home = tmp_path / "home"
    first = agreed("alder", 9, 16) + agreed("birch", 354, 549)
    second = agreed("alder", 9, 16) + agreed("birch", 355, 550)
    schools = [{"school_id": name, "school_name": name} for name in ("alder", "birch")]
    files = {"schools": schools, "survey_invited": []}
    before = left(surveyed(home, tmp_path / "first", first, **files), 16, 549)
    copy = copy_of(home, tmp_path / "copy")
    now = left(surveyed(home, tmp_path / "second", second, **files), 16, 550)
    assert 9 in before & now and len(before & now) >= 10
    # Coded around the same counts alone the attack, which reads both releases, finds it.
    monkeypatch.setattr(
        privacy, "together", lambda here, survey, others: (survey, nothing_told(survey))
    )
    assert surveyed(copy, tmp_path / "copied", second, **files)["share_survey"] == []


def absent_at(alder: tuple[int, int], birch: tuple[int, int]) -> dict[str, list[dict]]:
    """So many students of each school, and so many of them chronically absent."""
    schools = {"Alder": alder, "Birch": birch}.items()
    return network_of(*((school, YEAR, "F", *numbers) for school, numbers in schools))


@pytest.mark.slow
def test_what_was_corrected_at_one_school_leaves_another_ten_values(tmp_path, monkeypatch):
    """Of Birch's 24 students 14 are absent, of Alder's 148 nine, and then none of 151. 13% of both
    were, and then 8%: each leaves Birch's ten present ten values and more, both together seven."""
    home = tmp_path / "home"
    load(write_folder(tmp_path / "first", **absent_at((148, 9), (24, 14))), home, today=LOADED_ON)
    copy = copy_of(home, tmp_path / "copy")
    corrected = write_folder(tmp_path / "second", **absent_at((151, 0), (24, 14)))
    load(corrected, home, today=LOADED_ON, accept_losses=True)
    assert points(shared(home)["share_absence"])
    # Coded around the same counts alone the attack, which reads both releases, finds it.
    monkeypatch.setattr(
        privacy, "_decide", lambda _, cells, minimum, told, *__: coding.decide(cells, minimum, told)
    )
    load(corrected, copy, today=LOADED_ON, accept_losses=True)
    assert not points(shared(copy)["share_absence"])


# How many had missed a day for want of a bus by the end of October, and by that of November.
NO_BUS = {"alder": (20, 35), "birch": (26, 26), "cedar": (1, 1)}


def without_a_bus(until: str) -> dict[str, list[dict]]:
    """120 students of each school, of whom 30 missed such a day the year before, and of Cedar 12:
    the reason is listed there."""
    before = weekdays("2024-09-02", 40)
    years = {YEAR: CALENDAR, "2024-25": before}
    attendance = []
    for school, (october, november) in NO_BUS.items():
        missed = [(before[5], 12 if school == "cedar" else 30), ("2025-10-08", october)]
        attendance += [
            {"student_id": f"{school} {n}", "school_id": school, "date": day, "code": "B"}
            for day, number in missed
            for n in range(number)
        ]
        attendance += [
            {"student_id": f"{school} {n}", "school_id": school, "date": "2025-11-05", "code": "B"}
            for n in range(october, november)
        ]
        # Somebody came late each day, so that it is a day with a row.
        attendance += [
            {"student_id": f"{school} 0", "school_id": school, "date": day, "code": "L"}
            for day in before + CALENDAR
            if not any(row["date"] == day and row["school_id"] == school for row in attendance)
        ]
    people = [(school, f"{school} {n}") for school in NO_BUS for n in range(120)]
    return {
        "students": [{"student_id": student, "school_year": YEAR} for _, student in people],
        "enrollments": [
            {"student_id": student, "school_id": school, "school_year": year, "entry_date": days[0]}
            for school, student in people
            for year, days in years.items()
        ],
        "calendar": [
            {"school_id": school, "date": day, "school_year": year}
            for school in NO_BUS
            for year, days in years.items()
            for day in days
        ],
        "attendance_codes": [
            {"code": "B", "counts_as": "absent", "reason": "Transportation"},
            {"code": "L", "counts_as": "present", "reason": ""},
        ],
        "attendance": [row for row in attendance if row["date"] <= until],
        "survey_answers": [],
    }


def ends_of(home) -> dict[str, tuple[int, int]]:
    """How few and how many missed a day for the reason at each place ('': all), by what is told."""
    told = shared(home)
    places = {place: name for place, _, name, _ in told["share_place_schools"]}
    return {
        places[place]: (0, 120) if absent is None else (absent - 5, absent + 4)
        for year, _, _, _, place, dimension, category, _, _, absent, *_ in told["share_absence"]
        if (year, dimension, category) == (YEAR, "reason", "Transportation")
    }


@pytest.mark.slow
def test_what_can_only_grow_is_not_told_by_two_months(tmp_path, monkeypatch):
    """Cedar's one stays hidden beside another school's, in November beside another one than in
    October: of 60 of them 35 at least are Alder's, and 25 at least were Birch's a month before.
    That would leave Cedar four at most."""
    home = tmp_path / "home"
    load_until(home, tmp_path, "2025-11-03", **without_a_bus("2025-11-03"))
    october = ends_of(home)
    assert october["birch"] == (25, 34) and october["alder"] == october["cedar"] == (0, 120)
    copy = copy_of(home, tmp_path / "copy")
    load_until(home, tmp_path, "2025-12-01", **without_a_bus("2025-12-01"))
    november = ends_of(home)
    beside = sum(max(october[one][0], november[one][0]) for one in ("alder", "birch"))
    assert november[""][1] - beside >= 9, "ten values at least"
    assert all(finding.cleared for finding in database.audit(publish.published(home)))
    # Coded by itself the attack, which reads both months, finds it.
    monkeypatch.setattr(
        privacy, "_decide", lambda _, cells, minimum, told, *__: coding.decide(cells, minimum, told)
    )
    load_until(copy, tmp_path, "2025-12-01", **without_a_bus("2025-12-01"))
    told = shared(copy)
    assert "tiers, reasons or causes for 2025-26" in told["share_audit"][0][-1]
    assert not any(row[0] == YEAR and row[5] == "reason" for row in told["share_absence"])


def until_year(files: dict[str, list[dict]], year: str) -> dict[str, list[dict]]:
    """The files as they were before a school year began."""

    def is_earlier(row: dict) -> bool:
        return row.get("school_year", "") < year and row.get("date", "") < f"{year[:4]}-08-01"

    return {name: [row for row in rows if is_earlier(row)] for name, rows in files.items()}


def assert_cleared(home) -> dict[str, list[tuple]]:
    """That the share view is, beside all that is kept, and is not empty; what it tells."""
    told = shared(home)
    assert [cleared for *_, cleared, _ in told["share_audit"]] == [True, True]
    assert told["share_absence"]
    return told


@pytest.mark.slow
def test_a_third_year_with_a_grade_that_is_not_known_takes_nothing_back(tmp_path):
    """Every student's grade was told in two years. In the third one's is blank: that nobody's was
    before is no hidden count of those years. Nor is what a place first lists in the third."""
    years = ("2023-24", "2024-25", YEAR)
    groups = [("Alder", year, "F", 150, 50) for year in years]
    groups += [("Birch", year, "F", 190, 70) for year in years]
    groups += [("Alder", year, "X", 12 if year == YEAR else 3, 1) for year in years]
    files = network_of(*groups)
    for number, row in enumerate(files["enrollments"]):
        row["grade"] = str(1 + number % 2)
    last = next(row for row in files["enrollments"] if row["school_year"] == YEAR)
    last["grade"] = ""
    home = tmp_path / "home"
    load(write_folder(tmp_path / "two", **until_year(files, YEAR)), home, today=LOADED_ON)
    before = assert_cleared(home)["share_absence"]
    load(write_folder(tmp_path / "three", **files), home, today=LOADED_ON)
    now = assert_cleared(home)["share_absence"]
    assert set(before) < set(now)
    assert {row for row in now if row[0] < YEAR} == set(before)


ALL_YEARS = ("2023-24", "2024-25", YEAR)


def told_at(told: dict[str, list[tuple]], name: str) -> dict[tuple, tuple]:
    """What is told of a place, by year, period, month, dimension and category."""
    (place,) = [one for one, _, called, _ in told["share_place_schools"] if called == name]
    return {(*row[:3], *row[5:7]): row[7:] for row in told["share_absence"] if row[4] == place}


def until(told: dict[tuple, tuple]) -> dict[tuple, tuple]:
    """The same of the years before the newest."""
    return {at: row for at, row in told.items() if at[0] < YEAR}


def without_change(told: dict[tuple, tuple]) -> dict[tuple, tuple]:
    """The same without points since last year, when the network had another school."""
    return {at: (*row[:6], *row[7:]) for at, row in told.items()}


def joins_and_leaves(*years: str) -> dict[str, list[dict]]:
    """Cedar has students in some of three years, and its network's other school in all; only Cedar
    has a grade 9. Birch is in no network."""
    files = network_of(
        *(("Alder", year, "F", 150, 50) for year in ALL_YEARS),
        *(("Alder", year, "M", 60, 20) for year in ALL_YEARS),
        *(("Birch", year, "F", 190, 70) for year in ALL_YEARS),
        *(("Birch", year, "M", 80, 30) for year in ALL_YEARS),
        *(("Cedar", year, "F", 160, 60) for year in years),
        *(("Cedar", year, "M", 90, 33) for year in years),
    )
    for number, row in enumerate(files["enrollments"]):
        row["grade"] = "9" if row["school_id"] == "Cedar" else str(1 + number % 2)
    files["calendar"] = [
        row
        for row in files["calendar"]
        if row["school_id"] != "Cedar" or row["school_year"] in years
    ]
    for row in files["schools"]:
        row["network"] = "" if row["school_id"] == "Birch" else "River"
    return files


@pytest.mark.slow
@pytest.mark.parametrize("years", [(YEAR,), ("2023-24", "2024-25")], ids=["joins", "leaves"])
def test_a_network_is_in_each_year_the_schools_that_it_has_then(years, tmp_path):
    """With one school it is that school: told the same, and not hidden beside it. The years before
    are told as they were."""
    files, home = joins_and_leaves(*years), tmp_path / "home"
    before = until_year(files, YEAR)
    before["schools"] = [
        row
        for row in before["schools"]
        if any(one["school_id"] == row["school_id"] for one in before["calendar"])
    ]
    load(write_folder(tmp_path / "two", **before), home, today=LOADED_ON)
    first = assert_cleared(home)
    load(write_folder(tmp_path / "three", **files), home, today=LOADED_ON, accept_losses=True)
    now = assert_cleared(home)
    for name in ("Alder", "Birch"):
        assert until(told_at(first, name)) == until(told_at(now, name))
    alone = [year for year in ALL_YEARS if year not in years]
    network, school = (
        {at: told for at, told in told_at(now, name).items() if at[0] in alone and at[1] == "this"}
        for name in ("River", "Alder")
    )
    assert without_change(network) == without_change(school)
    assert any(not row[-2] for row in network.values()), "something is told"


@pytest.mark.slow
def test_what_keeps_the_rest_from_being_cleared_is_left_out_and_data_health_says_so(
    tmp_path, use_home
):
    """Cedar's eleven students are in two grades that it does not list, so eighteen at most; and ten
    at least, as it lists a group: nine values, whatever is withheld. The next load says it too."""
    groups = [("Alder", YEAR, "F", 150, 50), ("Birch", YEAR, "F", 190, 70)]
    files = network_of(*groups, ("Cedar", YEAR, "F", 11, 2))
    for number, row in enumerate(files["enrollments"]):
        row["grade"] = str(1 + number % 2)
    home = tmp_path / "home"
    for name in ("first", "again"):
        report = load(write_folder(tmp_path / name, **files), home, today=LOADED_ON)
        told = assert_cleared(home)
        noted = [one.problem for one in report.findings if one.problem.startswith("the share view")]
        assert noted == [f"the share view does not tell groups for {YEAR}"]
        use_home(home)
        listed = [row["problem"] for row in database.records("health/findings", Selection(), STAFF)]
        assert set(noted) <= set(listed)
        assert not any(row[5] == "gender" for row in told["share_absence"])
        assert any(not row[-2] for row in told["share_absence"])


@pytest.mark.slow
@pytest.mark.parametrize("seed", sampled((0, 1, 4, 10), 1))
def test_a_new_year_and_then_a_correction_of_the_year_before_are_cleared(seed, tmp_path):
    """Of one absence in fifty of the earlier years it turns out that there was none. A size that
    was told beside other absences is no secret; withheld, it would be one that all can work out."""
    files, chance = small_cells(seed), random.Random(seed)
    years = sorted({row["school_year"] for row in files["enrollments"]})
    first, after = f"{years[-2][:4]}-08-01", f"{YEAR[:4]}-08-01"
    late = [
        row
        for row in files["attendance"]
        if not first <= row["date"] < after or chance.random() > 0.02
    ]
    home = tmp_path / "home"
    for name, some in (
        ("before", until_year(files, YEAR)),
        ("with it", files),
        ("corrected", files | {"attendance": late}),
    ):
        load(write_folder(tmp_path / name, **some), home, today=LOADED_ON, accept_losses=True)
        assert_cleared(home)
