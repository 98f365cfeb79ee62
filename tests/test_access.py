"""Protects who sees what: everybody by default, and nobody more than their role and their schools.

What the coded numbers of the share view tell is protected by test_privacy.
"""

import inspect
import shutil
from dataclasses import fields, replace
from datetime import date
from importlib import import_module
from itertools import product

import duckdb
import pytest

from queries import access, choices, database, team
from queries.__main__ import questions
from queries.access import NAMES, SCHOOL, SHARE, NotShown, Viewer
from queries.home import home
from queries.load import publish
from queries.selection import Selection
from queries.team import journal, looks, records
from queries.team.records import KINDS
from tests.support.readers import ALL_NAMES, STAFF

pytestmark = pytest.mark.usefixtures("sample")

QUESTIONS = [question for question in questions() if not question.startswith("choices/")]
NOT_SHARED = sorted(set(QUESTIONS) - access.SHARED - access.OPEN)
SCHOOL_3 = "S03"
# Everybody who is in the share view, whatever else they might look at.
IN_SHARE = [Viewer(role=role) for role in access.ROLES]

NARROWED = {
    # what is chosen: what the words say to leave out
    "grade": ({"grade": "5"}, "grade"),
    "several grades": ({"grades": ("4", "5")}, "grades"),
    "group": ({"dimension": "gender", "group_name": "F"}, "dimension, group_name"),
    "definition": ({"definition": "over_10"}, "definition"),
    "another definition": ({"other_definition": "over_10"}, "other_definition"),
    "an earlier day": ({"as_of": date(2025, 12, 1)}, "as_of"),
    "another year to compare": ({"compare_year": "2023-24"}, "compare_year"),
    "another's number": (
        {
            "their_number": 5,
            "their_date": date(2025, 12, 1),
            "their_list": "[]",
            "their_rules": ("leavers",),
        },
        "their_number, their_date, their_list, their_rules",
    ),
    "with a place": ({"school": SCHOOL_3, "grade": "5"}, "grade"),
}


def function_of(question: str):
    subject, name = question.split("/")
    return getattr(import_module(f"queries.{subject}"), name)


# --- Without a login and without a view -------------------------------------------------------


def test_everybody_is_in_the_share_view_and_so_is_who_says_nothing():
    assert access.EVERYBODY == Viewer() == Viewer("everybody", "viewer", None, SHARE)
    assert access.at_this_machine().view == SHARE
    for role in access.ROLES:
        assert Viewer(role=role).view == SHARE


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_without_a_reader_is_everybodys(question):
    asking = [database.run, database.records, database.columns, function_of(question)]
    for function in asking:
        assert inspect.signature(function).parameters["viewer"].default == access.EVERYBODY


@pytest.mark.parametrize("question", sorted(access.SHARED))
def test_a_question_that_staff_asked_before_is_coded_for_everybody(question):
    """Answers are kept, and none may be kept under another's view."""
    ask = function_of(question)
    assert "withheld" not in ask(Selection(), STAFF)
    assert "withheld" in ask(Selection())
    assert "withheld" in database.run(question, Selection())
    assert "withheld" not in ask(Selection(), STAFF)


# --- The share view ---------------------------------------------------------------------------


def test_there_are_questions_of_every_kind():
    assert len(NOT_SHARED) > 5
    assert set(NOT_SHARED) > access.NAMING


@pytest.mark.parametrize("question", NOT_SHARED)
def test_the_share_view_leaves_out_what_it_has_no_coded_answer_to(question):
    for viewer in IN_SHARE:
        for ask in (database.run, database.records, database.columns):
            with pytest.raises(NotShown):
                ask(question, Selection(), viewer)
    with pytest.raises(NotShown):
        function_of(question)(Selection())


@pytest.mark.parametrize("question", sorted(access.OPEN))
def test_what_is_open_counts_no_students_here_and_is_one_answer_in_every_view(question):
    """In the share view that of the last month's end, which staff may ask for."""
    everybody = database.run(question, Selection())
    stands = Selection(as_of=date(2026, 2, 27))
    for viewer in (STAFF, ALL_NAMES):
        assert everybody.equals(database.run(question, stands, viewer))
    counts = {"students", "students_absent", "n", "answers", "respondents", "invited", "rows"}
    # Others published those counts, of their own places.
    assert question == "absence/published_rates" or not counts & set(everybody.columns)


@pytest.mark.parametrize("case", NARROWED)
@pytest.mark.parametrize("question", sorted(access.SHARED))
def test_a_narrower_choice_is_refused_with_what_to_leave_out(question, case):
    chosen, words = NARROWED[case]
    for viewer in IN_SHARE:
        with pytest.raises(NotShown, match=rf"leave out {words}\.$"):
            database.records(question, Selection(**chosen), viewer)


@pytest.mark.parametrize("question", sorted(access.SHARED))
def test_two_places_at_once_are_refused(question):
    schools = choices.schools(Selection())
    one = schools[schools.school_id == SCHOOL_3].iloc[0]
    places = {"network": one.network, "neighborhood": one.neighborhood, "school": one.school_name}
    for left_out in places:
        two = {name: place for name, place in places.items() if name != left_out}
        with pytest.raises(NotShown, match="one network, one neighborhood or one school: choose"):
            database.records(question, Selection(**two))
    with pytest.raises(NotShown, match="choose one of them"):
        database.records(question, Selection(**places))
    for name, place in places.items():
        database.records(question, Selection(**{name: place}))


def test_every_choice_but_a_year_a_survey_and_a_place_was_tried():
    """So that a new choice is refused too, until somebody decides."""
    tried = {name for chosen, _words in NARROWED.values() for name in chosen}
    kept = {"school_year", "survey", "respondent_group", "assumed_n", "generation"}
    kept |= {"network", "neighborhood", "school", "schools", "compare_administration"}
    assert tried - {"school"} == {one.name for one in fields(Selection)} - kept


# Two schools of one neighborhood and one of another.
CHOSEN = ("S01", "S03", "S07")


@pytest.mark.parametrize("question", sorted(access.SHARED))
def test_chosen_schools_are_added_up_or_refused(question):
    """Of several schools that are no place of the share view it tells what it tells of each."""
    chosen = Selection(schools=CHOSEN)
    if question in access.ADDED_UP:
        assert database.columns(question, chosen) == database.columns(question, Selection())
        assert set(database.run("absence/headline", chosen).withheld) == {True}
    else:
        with pytest.raises(NotShown, match="no such choice of schools"):
            database.run(question, chosen)
    one, same = Selection(school=SCHOOL_3), Selection(schools=(SCHOOL_3,))
    assert database.records(question, one) == database.records(question, same)


# --- What everybody's questions can open ------------------------------------------------------

# Of these tables nothing but the team's knows a person, and of that what test_team says.
TOLD = {
    *("generation", "definitions", "early_signs", "schools", "partners", "calendar", "year_dates"),
    *(
        "row_day",
        "school_feed",
        "school_day",
        "school_total",
        "school_year_end",
        "share_release",
        "survey_administration",
    ),
    *("survey_item", "scale_answer", "survey_rules", "survey_limit", "published_percentage"),
    *("published_rates", "share_place_schools", "share_absence", "share_survey", "share_answers"),
    *("share_response", "share_study", "team_cause", "team_idea", "team_meeting", "team_partner"),
    *("team_plan", "team_pledge", "team_pride", "team_priority", "team_seat", "team_story"),
}


@pytest.fixture
def ask_everybody(tmp_path, monkeypatch):
    """Ask SQL as a question that somebody adds for everybody would be."""
    questions = tmp_path / "queries"
    (questions / "absence").mkdir(parents=True)
    monkeypatch.setattr(database, "QUESTIONS", questions)

    def ask(sql: str) -> list[dict]:
        (questions / "absence" / "headline.sql").write_text(sql, encoding="utf-8")
        return database.records("absence/headline", Selection())

    return ask


def test_a_question_for_everybody_can_read_what_is_told_and_no_other_table(ask_everybody):
    exact = publish.path_of(database.home(), publish.published(database.home()))
    with duckdb.connect(str(exact), read_only=True) as connection:
        found = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    tables = {name for (name,) in found} | {f"team_{kind}" for kind in KINDS}
    readable = set()
    for table in tables:
        try:
            ask_everybody(f"FROM {table} LIMIT 1")
            readable.add(table)
        except duckdb.CatalogException as error:
            assert f"{table} does not exist" in str(error)
    # Which surveys there are stands where their answers stand for staff, which are not there.
    assert readable - TOLD == {"answer_count", "respondent_count"}
    assert readable >= TOLD
    assert ask_everybody("FROM respondent_count") == []
    # On a day without a row nobody was absent: so of each school and year one day alone.
    [rows] = ask_everybody(
        "SELECT count(*) AS days, count(DISTINCT (school_id, school_year)) AS feeds,"
        " max(date) AS newest FROM row_day"
    )
    assert (rows["days"], rows["newest"]) == (rows["feeds"], date(2026, 2, 27))
    for row in ask_everybody("FROM answer_count"):
        assert {name for name, value in row.items() if value is not None} == {
            "survey",
            "school_year",
        }
    # As a trial did: the roll, and those with one cause.
    with pytest.raises(duckdb.CatalogException):
        ask_everybody("SELECT count(*) FROM share_absence, enrollments")
    with pytest.raises(duckdb.CatalogException):
        ask_everybody("SELECT count(*) FROM team_cause JOIN team_learned USING (cause)")
    for question in ("absence/students", "absence/by_weekday", "causes/student_days"):
        with pytest.raises(duckdb.CatalogException):
            ask_everybody((access.HERE / f"{question}.sql").read_text(encoding="utf-8"))


def test_a_question_for_everybody_can_open_no_file(ask_everybody):
    exact = publish.path_of(database.home(), publish.published(database.home()))
    store = database.home() / "team.sqlite"
    for sql in (f"FROM '{exact}'", f"FROM read_text('{store}')", f"FROM read_blob('{exact}')"):
        with pytest.raises(duckdb.PermissionException, match="Cannot access file"):
            ask_everybody(sql)
    with pytest.raises(duckdb.CatalogException):
        ask_everybody(f"FROM duckdb_databases() JOIN {exact.stem}.main.students ON true")
    with pytest.raises(duckdb.InvalidInputException):
        ask_everybody("SET enable_external_access = true")


# Where everybody reads what somebody typed, released or not: there it is no word about a person.
TYPED = {
    "cause": {"cause", "question"},
    "meeting": {"schools", "cards", "partners"},
    "partner": {"partner_name", "causes", "neighborhoods", "schools", "contact"},
    # As the partner of that name is in the list.
    "plan": {"school_year", "partners"},
    "pledge": {"meeting"},
    "priority": {"network", "survey", "respondent_group", "item_id", "schools", "partners"},
}
WORD = "a word of theirs"
VALUES = {str: WORD, int: 7, date: date(2026, 3, 20), tuple[str, ...]: (WORD,), date | None: None}
VALUES |= {bool: True}
CERTAIN = {"school_id": "alder", "state": "open", "measure": "days missed", "decision": ""}
CERTAIN |= {"due_on": date(2026, 4, 20), "learned": "", "released_by": "", "seat": "family"}


def of_words(kind: str) -> records.Record:
    """A record that nobody released, with a word in every field that takes one."""
    choices = {name: all_of[0] for (of, name), all_of in records._ONE_OF.items() if of == kind}
    chosen = choices | CERTAIN
    if kind == "definition":
        chosen["since"] = "2025-26"
    return KINDS[kind](
        **{one.name: chosen.get(one.name, VALUES[one.type]) for one in fields(KINDS[kind])}
    )


def test_everybody_can_ask_for_no_word_that_nobody_released(
    ask_everybody, make_home, use_home, tmp_path
):
    home = tmp_path / "home"
    shutil.copytree(make_home(share_view=True), home)
    use_home(home)
    # Who may sign in is not of the network, and for everybody there is no table of it.
    journal.add(home, WORD, [of_words(kind) for kind in KINDS if kind != "grant"])
    assert "team_grant" not in TOLD
    for table in sorted(one for one in TOLD if one.startswith("team_")):
        kind = table.removeprefix("team_")
        rows = ask_everybody(f"FROM {table} WHERE record <> ''")
        assert len(rows) == (kind not in ("story", "pride"))
        told = {name for row in rows for name, value in row.items() if WORD in str(value)}
        signed = {"written_by"} if kind in ("seat", "partner") else set()
        assert told == TYPED.get(kind, set()) | signed, kind
    # How all are counted is no secret, and an admin wrote it.
    [ours] = ask_everybody(f"FROM definitions WHERE name = '{WORD}'")
    assert {name for name, value in ours.items() if WORD in str(value)} == {
        "name",
        "label",
        "source",
    }


# --- The other views --------------------------------------------------------------------------


@pytest.mark.parametrize("role, view", product(access.ROLES, access.VIEWS))
def test_a_role_has_its_views_and_no_other(role, view):
    if view in access.ROLES[role]:
        assert Viewer(role=role, view=view).view == view
    else:
        with pytest.raises(NotShown, match=f"has no {view} view"):
            Viewer(role=role, view=view)
        with pytest.raises(NotShown):
            replace(Viewer(role=role), view=view)


def test_viewers_and_directors_have_the_share_view_alone():
    assert access.ROLES["viewer"] == access.ROLES["director"] == (SHARE,)


def test_there_is_no_other_role_or_view():
    with pytest.raises(NotShown):
        Viewer(role="admin", view="everything")
    with pytest.raises((NotShown, KeyError)):
        Viewer(role="owner")


@pytest.mark.parametrize("question", sorted(access.NAMING))
def test_students_are_listed_in_the_names_view_alone(question):
    for ask in (database.run, database.records, database.columns):
        with pytest.raises(NotShown, match="names view"):
            ask(question, Selection(), STAFF)
    assert database.records(question, Selection(), ALL_NAMES)


def test_a_file_that_names_students_is_of_the_names_view_alone():
    before = looks.looks(home())
    for viewer in (*IN_SHARE, STAFF):
        with pytest.raises(NotShown, match="names view"):
            access.record_file(viewer, "roster.html", Selection(), 0)
    assert looks.looks(home()) == before
    access.record_file(ALL_NAMES, "roster.html", Selection(school=SCHOOL_3), 12)
    newest = looks.looks(home())[-1]
    assert (newest.what, newest.page, newest.students) == ("file taken", "roster.html", 12)
    assert f"school={SCHOOL_3}" in newest.filters


@pytest.mark.parametrize("question", sorted(set(QUESTIONS) - access.NAMING))
def test_the_school_view_answers_all_others_exactly(question):
    assert database.run(question, Selection(), STAFF).equals(
        database.run(question, Selection(), ALL_NAMES)
    )


# --- The schools of who is reading ------------------------------------------------------------


def selections() -> list[Selection]:
    """Everything, each place by itself, places that do not fit together, and no such place."""
    schools = choices.schools(Selection())
    places = [
        {column: place}
        for column in ("network", "neighborhood")
        for place in schools[column].dropna().unique()
    ]
    places += [{"school": place} for place in [*schools.school_id, *schools.school_name]]
    places += [{"network": schools.network[0], "school": "S01"}, {"school": "Nowhere"}]
    others = [{}, {"school_year": "2023-24"}, {"grade": "7"}, {"as_of": date(2025, 12, 1)}]
    return [Selection(**chosen) for chosen in (*others, *places)]


# The names view, and whom it lists, are a second look: both are narrowed in the same place.
@pytest.mark.parametrize(
    "question, view",
    [
        ("absence/by_school", SCHOOL),
        pytest.param("absence/by_school", NAMES, marks=pytest.mark.slow),
    ],
)
def test_who_belongs_to_one_school_sees_no_other(question, view):
    everywhere = Viewer("all", "team", None, view)
    of_one = Viewer("one", "team", (SCHOOL_3,), view)
    for selection in selections():
        expected = [
            row
            for row in database.records(question, selection, everywhere)
            if row["school_id"] == SCHOOL_3
        ]
        assert database.records(question, selection, of_one) == expected, selection
    assert database.records(question, Selection(), of_one)


@pytest.mark.slow
def test_who_belongs_to_one_school_sees_its_students_alone():
    """As if that school had been chosen: of who moved, the days there."""
    of_one = Viewer("one", "team", (SCHOOL_3,), NAMES)
    question = "absence/students"
    name = choices.schools(Selection()).set_index("school_id").school_name[SCHOOL_3]
    for selection in selections():
        chosen = SCHOOL_3 in database.records("choices/in_force", selection)[0]["schools"]
        only = Selection(
            school_year=selection.school_year,
            grade=selection.grade,
            as_of=selection.as_of,
            school=SCHOOL_3 if chosen else "Nowhere",
        )
        rows = database.records(question, selection, of_one)
        assert rows == database.records(question, only, ALL_NAMES), selection
        assert {row["school_name"] for row in rows} <= {name}, selection
        if chosen and selection.grade is None:
            assert rows, selection
    with pytest.raises(NotShown):
        database.records(question, Selection(), replace(of_one, view=SCHOOL))


def test_who_belongs_to_no_school_sees_nobody():
    nowhere = Viewer("none", "team", (), NAMES)
    assert database.records("absence/by_school", Selection(), nowhere) == []
    assert database.records("absence/students", Selection(), nowhere) == []
    assert database.records("absence/headline", Selection(), nowhere)[0]["students"] == 0


def test_an_answer_kept_for_one_school_is_not_anothers():
    for _again in range(2):
        for school in ("S01", SCHOOL_3):
            viewer = Viewer(school, "team", (school,), SCHOOL)
            table = function_of("absence/by_school")(Selection(), viewer)
            assert list(table.school_id) == [school]


def test_everybody_sees_the_student_groups_that_staff_sees_and_no_cause_among_them():
    shown, exact = (
        set(database.run("absence/by_group", Selection(), viewer).dimension)
        for viewer in (access.EVERYBODY, STAFF)
    )
    assert shown == exact


# --- Who may write ----------------------------------------------------------------------------

DAY = date(2026, 3, 20)
OF_A_STUDENT = records.Note("s1", SCHOOL_3, DAY, "moved in with an aunt")
AT_THE_TABLE = records.Pledge("m", "Clinic", "a nurse on Mondays", DAY, "days missed", SCHOOL_3)
WRITES = {
    "in the names view": (Viewer("ann", "team", (SCHOOL_3,), NAMES), {"student", "table"}),
    "in the share view": (Viewer("ann", "team", (SCHOOL_3,), SHARE), {"table"}),
    "in the staff's view": (Viewer("ann", "team", (SCHOOL_3,), SCHOOL), {"table"}),
    "a director": (Viewer("ann", "director", None, SHARE), {"table"}),
    "of another school": (Viewer("ann", "team", ("S01",), NAMES), set()),
    "a viewer": (Viewer("ann", "viewer", None, SHARE), set()),
}


@pytest.mark.parametrize("name", WRITES)
def test_who_writes_of_students_sees_names_and_who_writes_at_the_table_works_there(
    name, tmp_path, use_home
):
    viewer, may = WRITES[name]
    use_home(tmp_path / "written")
    for what, record in (("student", OF_A_STUDENT), ("table", AT_THE_TABLE)):
        if what in may:
            team.add(viewer, "ann", [record])
        else:
            with pytest.raises(team.NotAllowed):
                team.add(viewer, "ann", [record])
