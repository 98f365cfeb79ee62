"""Protects the pages as Streamlit runs them: opened by a link, showing the numbers of the queries.

Words may change; the numbers, and that there are words, may not.
"""

import contextlib
import json
import os
import re
import shutil
import sqlite3
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

from pages.shared import formats, frame
from pages.shared.absence import charts as absence_charts
from pages.shared.culture import cards as culture_cards
from queries import absence, access, causes, choices, culture, health, overview
from queries.load import load, made_from, publish
from queries.selection import Selection
from queries.team import journal, store
from queries.team.records import Meeting
from tests.conftest import copy_of
from tests.support.days import DAYS, answers, calendar, enrolled, missed
from tests.support.exchange import SURVEY, write_file
from tests.support.months import files
from tests.support.readers import STAFF
from tests.support.sampled import sampled

PROJECT = Path(__file__).resolve().parent.parent
PAGES = [page for pages in frame.MENU.values() for page in pages]
VIEWS = list(access.VIEWS)
ON_ATTENDANCE = ["app.py", "pages/chronic_absence.py", "pages/how_we_count.py"]
BRING = "pages/bring_your_data.py"
# They need no data.
WITHOUT_DATA = {BRING, "pages/accounts.py"}
# A table, a list of students, what was promised, and what an admin brings.
WITHOUT_CHARTS = {
    "pages/how_we_count.py",
    "pages/students.py",
    "pages/meeting.py",
    *WITHOUT_DATA,
}
BIRCH = "Birch Elementary"
# Second looks, by page and view: each page in one view a day.
IN_A_VIEW = list(product(PAGES, sampled(["share", "school"], 1)))
# Third looks, at what every page does alike: half of the pages a day.
HALF = sampled(PAGES, 5)


def open_page(page: str, view: str = "school", **choices) -> AppTest:
    """A page as a reader's link opens it, after they chose a view; opened once for all tests that
    look at it."""
    return _opened(os.environ["ROUNDTABLE_HOME"], page, view, tuple(choices.items()))


@cache
def _opened(_home: str, page: str, view: str, choices: tuple) -> AppTest:
    at = started(page, view)
    for name, value in choices:
        at.query_params[name] = value
    return at.run()


def started(page: str, view: str | None = None) -> AppTest:
    """A page before its first run, of a reader who chose a view, or none yet."""
    at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    # To look for components in all installed packages takes a third of the time of a page.
    at._bidi_component_manager = _components()
    if page != "app.py":
        at.switch_page(page)
    if view:
        at.session_state["view"] = view
    return at


@cache
def _components() -> BidiComponentManager:
    found = BidiComponentManager()
    found.discover_and_register_components(start_file_watching=False)
    return found


def whole(at: AppTest) -> str:
    """All words of a page, and what opens at a heading, after checking that it did not break."""
    assert not at.exception, [problem.value for problem in at.exception]
    assert not at.error
    kinds = (at.title, at.header, at.subheader, at.markdown, at.caption)
    words = [element.value for kind in kinds for element in kind]
    slips = {"nan", "NaT", "<NA>", "inf", "not known%"}.intersection(" ".join(words).split())
    assert not slips, words
    behind = [element.proto.help for element in (*at.subheader, *at.caption)]
    return "\n".join(words + [one for one in behind if one])


def numbers(at: AppTest) -> list[str]:
    whole(at)
    return [metric.value for metric in at.metric]


def test_staff_are_asked_to_release_only_where_something_waits(
    sample, sample_home, tmp_path, use_home
):
    asked = "Written, and not released"
    assert asked not in whole(open_page("pages/meeting.py"))
    home = copy_of(sample_home, tmp_path / "written")
    journal.add(home, "the team", [Meeting("March", date(2026, 3, 6), ("S01",), stop="x")])
    use_home(home)
    assert asked in whole(open_page("pages/meeting.py"))


def test_every_page_of_the_folder_is_in_the_menu_and_back():
    files = {f"pages/{path.name}" for path in (PROJECT / "pages").glob("*.py")}
    assert set(PAGES) == files | {"app.py"}


def names_of_pages() -> dict[str, str]:
    return {page: name for pages in frame.MENU.values() for page, name in pages.items()}


@pytest.mark.parametrize(
    ("page_file", "view", "choice"),
    [
        *((page, view, {}) for page, view in product(PAGES, VIEWS)),
        *(
            pytest.param(page, view, choice, marks=pytest.mark.slow)
            for page, view in IN_A_VIEW
            if page in HALF
            for choice in ({"school": BIRCH}, {"neighborhood": "Riverside"})
        ),
    ],
    ids=str,
)
def test_a_page_opens_by_its_link(sample, page_file, view, choice):
    at = open_page(page_file, view, **choice)
    assert len(at.title) == 1
    assert at.title[0].value.endswith(names_of_pages()[page_file])
    assert len(whole(at).split()) > 30
    if page_file not in WITHOUT_CHARTS:
        assert at.get("vega_lite_chart"), "every page shows something"
    for key, value in choice.items():
        kept = [box.value for box in at.selectbox if box.key == key]
        assert kept in ([value], []), "the filter shows what the link says"


@pytest.fixture(scope="session")
def survey_alone(kept):
    """A survey of two years and nothing of attendance."""

    def make(home: Path) -> None:
        folder = home / "files"
        folder.mkdir()
        years = [{"school_year": year} for year in ("2024-25", "2025-26")]
        write_file(folder, "schools", [{}])
        write_file(folder, "survey_items", years)
        write_file(folder, "survey_scales", SURVEY["survey_scales"])
        given = [
            row
            for year, agree in (("2024-25", 15), ("2025-26", 35))
            for row in answers(agree, school_year=year)
            + answers(50 - agree, "Disagree", first=agree + 1, school_year=year)
        ]
        write_file(folder, "survey_answers", given)
        load(folder, home)

    return kept("survey alone", make)


@pytest.mark.parametrize("page_file", HALF)
@pytest.mark.parametrize("view", sampled(VIEWS, 2))
@pytest.mark.slow
def test_every_page_of_a_survey_alone_shows_it_or_says_what_would_fill_the_page(
    survey_alone, use_home, page_file, view
):
    use_home(survey_alone)
    at = open_page(page_file, view)
    words = whole(at)
    if page_file == "pages/school_culture.py":
        assert at.get("vega_lite_chart")
        assert "calendar.csv" not in words
    elif page_file == "pages/students.py" and view != "names":
        assert "names students" in words
    elif page_file not in WITHOUT_DATA:
        assert "No attendance was loaded" in words
        assert "calendar.csv" in words
        assert not at.get("vega_lite_chart")
    if page_file == "app.py":
        assert "An adult here cares" in words
        assert "1 of 1 survey comparison is clear of chance" in words


@pytest.mark.slow
def test_fall_or_spring_is_a_choice_only_where_there_are_both(network, sample_home, use_home):
    twice = {"survey_answers": [{**one, "administration": "fall"} for one in answers(20)]}
    twice["survey_answers"] += [
        {**one, "administration": "spring"} for one in answers(20, "Disagree")
    ]
    network(**twice)
    for chosen, share in (({}, "0%"), ({"administration": "Fall"}, "100%")):
        at = open_page("pages/school_culture.py", **chosen)
        [box] = [box for box in at.selectbox if box.key == "administration"]
        assert box.options == ["Spring", "Fall"]
        assert f"Agreement is {share} on" in whole(at)
    use_home(sample_home)
    at = open_page("pages/school_culture.py")
    assert not [box for box in at.selectbox if box.key == "administration"]


@pytest.mark.slow
@pytest.mark.parametrize("view", ["school", "share"])
def test_each_group_stands_beside_the_one_that_was_chosen(make_home, use_home, view):
    """Families 45 of 60, students 30 of 60, to one item in the same words, in its first year."""
    rows = answers(30, "Agree") + answers(30, "Disagree", first=31)
    families = answers(45, "Agree") + answers(15, "Disagree", first=46)
    rows += [{**one, "respondent_group": "families"} for one in families]
    items = [{}, {"respondent_group": "families"}]
    use_home(make_home(survey_answers=rows, survey_items=items, share_view=True))
    at = open_page("pages/school_culture.py", view)
    assert "Agreement is 75%" in whole(at)
    [table] = [one.value for one in at.dataframe if "respondent_group" in one.value]
    assert list(table.respondent_group) == ["families", "student"]
    viewer = access.at_this_machine(view)
    families = Selection(survey="climate", respondent_group="families")
    [row] = culture_cards.agreement_by_item(families, viewer).rows.itertuples()
    assert (row.group_of_families, row.group_of_student) == ("75%", "50%")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "own", "other"), [("school", "Spring", "fall"), ("share", "Fall", "spring")]
)
def test_spring_is_compared_with_fall_where_the_reader_chooses_so(
    make_home, use_home, view, own, other
):
    """From fall or from spring: the later one is looked at. 30 of 60, then 45 of 60."""
    fall = answers(30, "Agree") + answers(30, "Disagree", first=31)
    spring = answers(45, "Agree") + answers(15, "Disagree", first=46)
    rows = [{**one, "administration": "fall"} for one in fall]
    rows += [{**one, "administration": "spring"} for one in spring]
    use_home(make_home(survey_answers=rows, share_view=True))
    chosen = {"administration": own, "compared_with": f"{other} 2025-26"}
    at = open_page("pages/school_culture.py", view, **chosen)
    [box] = [box for box in at.selectbox if box.key == "compared_with"]
    assert box.options == [f"No {own.lower()} before", f"{other} 2025-26"]
    words = whole(at).replace("\\", "")
    assert "1 of 1 shift is clear of chance; the largest is +25 points" in words
    assert "the open dot is fall 2025-26, the full one spring 2025-26" in words
    assert "fall 2025-26 to spring 2025-26" in words
    assert "year before" not in words


WITHOUT_WHAT_PEOPLE_WROTE = {
    "pages/chronic_absence.py",
    "pages/school_culture.py",
    "pages/how_we_count.py",
    "pages/data_health.py",
}


def overwrite(path: Path) -> None:
    """All pages of the database but the first."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xaa" * (len(whole) - 4096))


def drop_entries(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE entry")


def write_words(path: Path) -> None:
    path.write_bytes(b"this is no database " * 500)


@pytest.fixture(scope="module")
def damaged_homes(sample_home, tmp_path_factory):
    """damaged_homes[harm]: the sample's home after harm to the file of what people wrote."""
    homes = {}
    for harm in (overwrite, drop_entries, write_words):
        home = copy_of(sample_home, tmp_path_factory.mktemp("damaged") / "home")
        harm(store.path_of(home))
        homes[harm.__name__] = home
    return homes


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page_file", "harm"),
    [(page, "overwrite") for page in PAGES]
    + [("app.py", harm) for harm in ("drop_entries", "write_words")],
)
def test_damage_to_what_people_wrote_is_said_with_what_to_do(
    damaged_homes, use_home, page_file, harm
):
    """Figures that do not rest on it stay on the page."""
    use_home(damaged_homes[harm])
    at = open_page(page_file, "school")
    words = whole(at).replace("\\", "")
    if page_file == "pages/students.py":
        assert "names students" in words
        words = whole(open_page(page_file, "names")).replace("\\", "")
    else:
        assert "What people wrote cannot be read" in words
    assert "Put a backup in its place: python -m queries restore BACKUP." in words
    shows_more = page_file in WITHOUT_WHAT_PEOPLE_WROTE
    assert bool(at.get("vega_lite_chart") or at.metric or at.dataframe) == shows_more


@pytest.mark.slow
@pytest.mark.parametrize("view", ["share", "names"])
def test_data_that_are_damaged_while_the_server_runs_are_said_to_be_so(
    sample_home, use_home, tmp_path, view
):
    """On each page that asks for something of them that was not read before."""
    home = tmp_path / "home"
    # Not copy_of, which would link to the file that is damaged here.
    shutil.copytree(sample_home, home)
    use_home(home)
    path_of = publish.shared_path_of if view == "share" else publish.path_of
    path = path_of(home, health.current_generation())
    path.write_bytes(path.read_bytes()[:12288].ljust(path.stat().st_size, b"\0"))
    said = [whole(open_page(page, view)).replace("\\", "") for page in PAGES]
    stopped = [words for words in said if "This page cannot go on" in words]
    assert len(stopped) > 3
    for words in stopped:
        assert f"{path} is damaged" in words
        assert "Load the folder again" in words


@pytest.mark.slow
@pytest.mark.parametrize("page_file", HALF)
def test_a_choice_that_does_not_exist_is_no_choice(sample, page_file):
    """But it is said, where the page asks for such a choice."""
    unknown = {"school": "';drop", "year": "1999-00", "grade": "13", "definition": "<img>"}
    words = whole(open_page(page_file, **unknown)).split("\n")
    said = [line for line in words if line.startswith("The address asks for")]
    at = open_page(page_file)
    assert len(said) == len([box for box in [*at.selectbox, *at.multiselect] if box.key in unknown])
    assert [line for line in words if line not in said] == whole(at).split("\n")


@pytest.mark.parametrize("page_file", ["pages/chronic_absence.py", "pages/causes.py"])
def test_everybody_is_told_of_all_grades_whatever_the_address_says(sample, page_file):
    """Two choices of several grades would tell one grade by subtraction."""
    told = whole(open_page(page_file, "share"))
    for grades in ("9", ("9", "10")):
        at = open_page(page_file, "share", grade=grades)
        assert whole(at) == told
        assert not [box for box in at.multiselect if box.key == "grade"]


@pytest.mark.slow
@pytest.mark.parametrize("school", [None, BIRCH, "Willow High"])
@pytest.mark.parametrize("year", [None, "2024-25"])
def test_the_numbers_of_the_overview(sample, school, year):
    choice = {key: value for key, value in (("school", school), ("year", year)) if value}
    shown = numbers(open_page("app.py", **choice))
    selection = Selection(school=school, school_year=year)
    now = absence.headline(selection, STAFF).iloc[0]
    near = absence.near_threshold(selection, STAFF).set_index("standing").students
    assert formats.percent(now.rate) in shown
    assert formats.tenth_percent(now.attendance_rate) in shown
    close = f"{formats.count(near['within_3'])} within 3 absences"
    if not formats.is_missing(near["within_3"]):
        assert close in whole(open_page("app.py", **choice))


@pytest.mark.parametrize("page_file", PAGES)
def test_every_session_starts_in_the_share_view(sample, page_file):
    at = started(page_file)
    at.query_params["view"] = "names"
    words = whole(at.run())
    assert "Share view" in words
    assert "Keep inside" not in words


def test_the_share_view_tells_no_exact_number(sample):
    shown = " ".join(numbers(open_page("pages/chronic_absence.py", "share", school=BIRCH)))
    exact = absence.headline(Selection(school=BIRCH), STAFF).iloc[0]
    told = absence.headline(Selection(school=BIRCH)).iloc[0]
    assert f"about {told.students_absent} of {told.students}" in shown
    assert str(exact.students) not in shown


@pytest.mark.slow
@pytest.mark.parametrize("days", [9, 10])
def test_before_the_tenth_day_nobody_can_be_evaluated_and_everybody_is_told(
    make_home, use_home, days
):
    names = [f"s{number}" for number in range(40)]
    home = make_home(
        share_view=True,
        students=[{"student_id": name} for name in names],
        enrollments=[enrolled(name) for name in names],
        # The month ends on that day, so that everybody is told as much as there is.
        calendar=calendar("alder", [*DAYS[:days], *DAYS[22:]]),
        attendance=[row for name in names[:20] for row in missed(name, 1, days)],
    )
    use_home(home)
    told = absence.headline(Selection()).iloc[0]
    assert (told.students == 0, bool(told.withheld)) == (days < 10, False)
    if days < 10:
        for question in (absence.by_school, absence.by_tier, absence.by_month):
            table = question(Selection())
            assert not table.withheld.any(), question
            assert set(table.students) == {0}, question
        months = absence_charts.rate_by_month(absence.by_month(Selection()), "light").to_json()
        assert "too early" in months
        assert "withheld" not in re.findall(r'"withheld": "([^"]*)"', months)
        overview_words = whole(open_page("app.py", "share"))
        assert open_page("app.py", "share").metric[0].value == "Too early"
        assert "too few" not in overview_words
    for page in ("app.py", "pages/chronic_absence.py", "pages/causes.py"):
        for view in ("share", "school"):
            said = "obody can be evaluated yet" in whole(open_page(page, view))
            assert said == (days < 10), (page, view)


@pytest.mark.slow
def test_before_the_first_month_has_ended_pages_say_that_nothing_is_told(make_home, use_home):
    use_home(make_home(share_view=True, **files("2025-09-29")))
    for page in PAGES:
        words = whole(open_page(page, "share"))
        if page in ("pages/chronic_absence.py", "pages/causes.py"):
            assert "Nothing is told of 2025-26 yet" in words
    assert open_page("app.py", "share").metric[0].value == "Too early"
    assert "Nothing is told" not in whole(open_page("pages/causes.py", "school"))


@pytest.mark.parametrize("school", [None, BIRCH])
def test_the_sentences_of_the_overview(sample, school):
    """How sure each change is opens at the heading."""
    at = open_page("app.py", **({"school": school} if school else {}))
    behind = " ".join(heading.proto.help for heading in at.subheader)
    moved = overview.what_moved(Selection(school=school), STAFF)
    assert len(moved), "the sample network has something to say"
    for sentence in moved.sentence:
        assert formats.plain(sentence) in behind


def test_the_planted_story_of_the_sample_is_told_and_no_other(sample):
    """Fewer days missed for want of a bus at Birch, and parts that add up to the whole."""
    told = whole(open_page("app.py", school=BIRCH))
    assert "transportation 0\\.8" in told
    reasons = absence.why_moved(Selection(school=BIRCH), STAFF)
    whole_change, parts = reasons.change_points.iloc[0], reasons.change_points.iloc[1:]
    assert parts.sum() == pytest.approx(whole_change, abs=1e-9)
    others = whole(open_page("app.py", school="Cedar Middle"))
    assert "transportation 0" not in others


@pytest.mark.slow
@pytest.mark.parametrize(
    "choice, selection",
    [
        ({}, {}),
        ({"school": BIRCH}, {"school": BIRCH}),
        ({"grade": "9"}, {"grade": "9"}),
        # All but two of the high school's, and one of which there is none.
        ({"grade": ("10", "9", "13")}, {"grades": ("9", "10")}),
        ({"year": "2024-25", "school": BIRCH}, {"school_year": "2024-25", "school": BIRCH}),
        ({"neighborhood": "Hillside East"}, {"neighborhood": "Hillside East"}),
    ],
    ids=str,
)
def test_the_numbers_of_chronic_absence(sample, choice, selection):
    shown = numbers(open_page("pages/chronic_absence.py", **choice))
    now = absence.headline(Selection(**selection), STAFF).iloc[0]
    assert formats.percent(now.rate) in shown
    assert formats.tenth_percent(now.attendance_rate) in shown
    assert formats.count(now.students_not_evaluated) in shown
    together = " ".join(shown)
    assert formats.count(now.students) in together
    assert formats.count(now.students_absent) in together


@pytest.mark.slow
def test_every_definition_gives_the_number_of_its_query(sample):
    definitions = choices.definitions(Selection())
    some = definitions[definitions.name.isin(["nyc", "over_10", "days_18"])]
    assert len(some) == 3
    for row in some.itertuples():
        now = absence.headline(Selection(definition=row.name), STAFF).iloc[0]
        shown = numbers(open_page("pages/chronic_absence.py", definition=row.label))
        assert formats.count(now.students_absent) in " ".join(shown), row.name
    words = whole(open_page("pages/how_we_count.py"))
    for row in absence.by_definition(Selection(), STAFF).itertuples():
        assert formats.plain(row.sentence) in words
        assert formats.plain(formats.count(row.students_absent)) in words


@pytest.mark.slow
def test_the_tables_hold_every_school(sample):
    at = open_page("pages/chronic_absence.py")
    whole(at)
    names = set(choices.schools(Selection()).school_name)
    assert any(
        names <= {value for column in table.value for value in table.value[column].astype(str)}
        for table in at.dataframe
    )


def test_a_number_from_elsewhere_is_led_to_for_staff_and_not_told_to_everybody(sample):
    """The sample's district counts by "more than 10%": 20 fewer, who stand exactly at it."""
    words = whole(open_page("pages/how_we_count.py"))
    assert "933 here, 913 there" in words
    assert "all explained" in words
    assert "District office" not in whole(open_page("pages/how_we_count.py", "share"))
    assert "District office" not in whole(open_page("pages/how_we_count.py", school=BIRCH))


def test_the_numbers_of_data_health(sample):
    shown = numbers(open_page("pages/data_health.py"))
    files = health.files(Selection(), STAFF)
    for column in ("rows_in", "set_aside", "repaired"):
        assert formats.count(files[column].sum()) in shown


@pytest.mark.parametrize("group", ["staff", "students", "families"])
def test_the_numbers_of_school_culture(sample, group):
    at = open_page("pages/school_culture.py", respondents=formats.sentence_case(group))
    words = whole(at)
    selection = Selection(survey="Hillside culture survey", respondent_group=group)
    shifts = culture.shifts(selection, STAFF)
    judged = shifts[shifts.shift_low.notna()]
    clear = int((judged.clear_of_chance == True).sum())  # noqa: E712 (three values)
    assert (f"{clear} of {len(judged)}" if clear else f"None of {len(judged)}") in words


def test_bars_beside_stories_are_as_long_as_they_would_be_beside_each_other(sample):
    """Each is drawn by itself, up to the number of students of the most frequent cause."""
    students = causes.understood(Selection(), STAFF).set_index("cause").students
    at = open_page("pages/causes.py")
    charts_of = {chart.proto.alt: chart for chart in at.get("vega_lite_chart")}
    told = [formats.sentence_case(cause) for cause in ("asthma", "housing", "caring for siblings")]
    bars = [json.loads(charts_of[cause].proto.spec)["layer"][0] for cause in told]
    lengths = [bar["encoding"]["x"]["scale"]["domain"] for bar in bars]
    assert lengths == [[0, students.max()]] * 3
    assert students.housing < students.max()


def test_the_heritage_table(sample):
    heritage = {"survey": "Heritage staff survey"}
    assert "5 of 10" in whole(open_page("pages/school_culture.py", **heritage, assumed_n="32"))
    assert "5 of 10" not in whole(open_page("pages/school_culture.py", **heritage))


# Homes with little in them.


@pytest.mark.slow
def test_a_network_without_survey_and_last_year(network):
    network(
        students=[{"student_id": f"s{number}"} for number in range(12)],
        enrollments=[enrolled(f"s{number}") for number in range(12)],
        calendar=calendar("alder", DAYS[:40]),
        attendance=[row for number in range(3) for row in missed(f"s{number}", *range(1, 31))],
    )
    for page_file in PAGES:
        assert len(whole(open_page(page_file)).split()) > 20, page_file
    assert "25%" in numbers(open_page("pages/chronic_absence.py"))


@pytest.mark.slow
@pytest.mark.parametrize(("page_file", "view"), IN_A_VIEW)
def test_the_first_days_of_a_year(network, page_file, view):
    """Three days in: nobody is enrolled for long enough to be evaluated."""
    network(survey_answers=answers(3), share_view=True)
    words = whole(open_page(page_file, view))
    assert len(words.split()) > 20
    if page_file in ("app.py", "pages/causes.py"):
        assert "Nobody here is chronically absent" not in words, "nobody knows that yet"


@pytest.mark.slow
@pytest.mark.parametrize(("page_file", "view"), IN_A_VIEW)
def test_a_calendar_without_attendance(network, page_file, view):
    network(attendance=[], share_view=True)
    assert len(whole(open_page(page_file, view)).split()) > 20


@pytest.mark.slow
@pytest.mark.parametrize(("page_file", "view"), IN_A_VIEW)
def test_a_school_that_has_not_reported(network, page_file, view):
    names = [f"s{number}" for number in range(20)]
    network(
        share_view=True,
        schools=[
            {"neighborhood": "East"},
            {"school_id": "birch", "school_name": "Birch School", "neighborhood": "River"},
        ],
        students=[{"student_id": name} for name in names],
        enrollments=[enrolled(name) for name in names[:10]]
        + [enrolled(name, school_id="birch") for name in names[10:]],
        calendar=calendar("alder", DAYS[:30]) + calendar("birch", DAYS[:30]),
        attendance=[row for name in names[:4] for row in missed(name, *range(1, 31))],
    )
    for place in (
        {},
        {"school": "Birch School"},
        # Chosen one after the other, in either order, this is an address that somebody may keep.
        {"school": "Birch School", "neighborhood": "East"},
        {"school": "Alder School", "neighborhood": "River"},
    ):
        assert len(whole(open_page(page_file, view, **place)).split()) > 20, place


@pytest.mark.slow
@pytest.mark.parametrize(("page_file", "view"), IN_A_VIEW)
def test_a_school_without_students(network, page_file, view):
    network(schools=[{}, {"school_id": "birch", "school_name": "Birch School"}], share_view=True)
    assert len(whole(open_page(page_file, view, school="Birch School")).split()) > 10


@pytest.mark.parametrize("page_file", ON_ATTENDANCE)
@pytest.mark.slow
def test_a_school_outside_the_chosen_neighborhood(sample, page_file):
    """Two choices in one address that exclude each other: no school is left with both."""
    outside = choices.schools(Selection())
    school = outside[outside.neighborhood != "Riverside"].school_name.iloc[0]
    assert len(whole(open_page(page_file, neighborhood="Riverside", school=school)).split()) > 20


@pytest.mark.slow
@pytest.mark.parametrize("page_file", HALF)
def test_data_that_cannot_be_read_ask_to_be_loaded_again(network, page_file, monkeypatch):
    """A generation with tables of another kind is not read, whatever it holds."""
    network(students=[{"student_id": "ann", "first_name": "Stale"}, {"student_id": "ben"}])
    monkeypatch.setattr(made_from, "OLDEST_READ", made_from.SCHEMA + 1)
    at = open_page(page_file)
    words = whole(at).replace("\\", "")
    assert ("python -m queries load" in words) == (page_file not in WITHOUT_DATA)
    assert ("What do I need?" in words) == (page_file == BRING)
    assert not at.get("vega_lite_chart")


def test_data_of_an_earlier_version_stay_and_data_health_says_so(network, monkeypatch):
    network(share_view=True)
    assert "earlier version" not in whole(open_page("pages/data_health.py"))
    monkeypatch.setattr(made_from, "SCHEMA", made_from.SCHEMA + 1)
    at = started("pages/data_health.py").run()
    words = whole(at).replace("\\", "")
    assert "loaded by an earlier version of Roundtable. They can be read" in words
    assert "python -m queries load" in words
    assert at.get("vega_lite_chart")


def test_overview_of_a_first_year_says_what_would_fill_it(network):
    network(students=[{"student_id": "ann"}, {"student_id": "ben"}])
    assert "No year before to compare with" in (words := whole(open_page("app.py")))
    assert "Bring last year’s files too" in words
