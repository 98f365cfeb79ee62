"""Protects what is said in a meeting: promises are kept apart, nothing unreleased is shown, and how
far a priority is agrees with the page that its number comes from."""

from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import pandas as pd
import pytest

from pages.shared import card
from pages.shared.absence import cards as absence_cards
from pages.shared.meeting import minutes as meeting_minutes
from pages.shared.meeting import sentences as meeting_sentences
from queries import access, database, meeting, network
from queries.progress import INDICATORS, _is_reached, progress
from queries.selection import Selection
from queries.team import journal
from queries.team.records import INDICATORS as ALL_INDICATORS
from queries.team.records import Meeting, Pledge, Pride, Priority
from tests.conftest import copy_of
from tests.second_answer import absence, culture, team
from tests.support.readers import ALL_NAMES, STAFF
from tests.support.sampled import sampled

AS_OF = date(2026, 3, 20)
SURVEY = ("Hillside culture survey", "students")
RELEASED = {"released_by": "ann", "released_on": AS_OF}
SECRET = "words that nobody has released"


@pytest.fixture
def home(sample_home, tmp_path, use_home):
    """A copy of the sample's home, without what the sample wrote at its meeting."""
    copy_of(sample_home, tmp_path / "own")
    use_home(tmp_path / "own")
    for kind in ("meeting", "pledge", "pride", "priority"):
        for entry in journal.read(tmp_path / "own", kind):
            journal.change(tmp_path / "own", "a test", entry.record, entry.version, None)
    return tmp_path / "own"


def written(home, *records):
    return journal.add(home, "the team", records)


def rows(answer):
    return list(answer.itertuples())


# --- Meetings and pledges ---------------------------------------------------------------------


def test_the_newest_meeting_comes_first_and_only_those_of_the_schools(home):
    written(
        home,
        Meeting("March", date(2026, 3, 6), ("S01", "S02"), partners=("Clinic",), **RELEASED),
        Meeting("April", date(2026, 4, 3), ("S02",), **RELEASED),
        Meeting("Elsewhere", date(2026, 4, 3), ("S09",), **RELEASED),
    )
    alder = meeting.meetings(Selection(school="Alder Elementary"))
    assert list(alder.name) == ["March"]
    birch = rows(meeting.meetings(Selection(school="Birch Elementary")))
    assert [one.name for one in birch] == ["April", "March"]
    assert list(birch[1].schools) == ["Alder Elementary", "Birch Elementary"]
    assert list(birch[1].partners) == ["Clinic"]


@pytest.mark.parametrize("viewer", [access.EVERYBODY, STAFF, ALL_NAMES], ids=lambda one: one.view)
def test_words_are_shown_once_somebody_has_released_them(home, viewer):
    def everything(**release):
        (name,) = written(home, Meeting(SECRET, AS_OF, ("S01",), stop=SECRET, **release))
        written(
            home,
            Pledge(name, SECRET, SECRET, AS_OF, SECRET, "S01", "done", SECRET, AS_OF, **release),
            Pride(name, "S01", SECRET, **release),
        )
        asked = (meeting.meetings, meeting.pledges, meeting.prides)
        return [question(Selection(), viewer) for question in asked]

    meetings, pledges, prides = everything()
    assert (len(meetings), len(pledges), len(prides)) == (1, 1, 0)
    for answer in (meetings, pledges):
        assert SECRET not in answer.to_json(date_format="iso")
    if viewer.view == "share":
        with pytest.raises(access.NotShown):
            meeting.unreleased(Selection(), viewer)
    else:
        waiting = meeting.unreleased(Selection(), viewer)
        assert sorted(waiting.kind) == ["meeting", "pledge", "pride"]
        assert all(SECRET in words for words in waiting.words)
    for answer in everything(**RELEASED):
        assert SECRET in answer.to_json(date_format="iso")


@pytest.mark.parametrize("viewer", [access.EVERYBODY, STAFF], ids=lambda one: one.view)
def test_pledges_stand_in_an_order_that_tells_no_unreleased_name(home, viewer):
    (name,) = written(home, Meeting("March", date(2026, 3, 6), ("S01",), **RELEASED))
    first = written(home, *(Pledge(name, who, "x", AS_OF, "y") for who in "badc"))
    written(home, *(Pledge(name, who, "x", AS_OF, "y", **RELEASED) for who in "zy"))
    told = meeting.pledges(Selection(), viewer)
    assert list(told.who.dropna()) == ["y", "z"]
    assert list(told.record) == [*told.record[:2], *sorted(first)]


def test_of_one_school_stands_what_it_promised_and_what_no_school_did(home):
    schools = ("S01", "S02")
    (name,) = written(home, Meeting("March", date(2026, 3, 6), schools, **RELEASED))
    for who, school in (("alder", "S01"), ("birch", "S02"), ("a clinic", "")):
        written(home, Pledge(name, who, "x", AS_OF, "y", school, **RELEASED))

    def who(**choice):
        return set(meeting.pledges(Selection(**choice)).who)

    assert who() == {"alder", "birch", "a clinic"}
    assert who(school="Birch Elementary") == {"birch", "a clinic"}


def test_a_pledge_is_overdue_the_day_after_it_was_due(home):
    (name,) = written(home, Meeting("March", date(2026, 3, 6), ("S01",), **RELEASED))
    due = {"the day before": date(2026, 3, 19), "on the day": AS_OF, "later": date(2026, 3, 21)}
    written(home, *(Pledge(name, who, "x", day, "y", **RELEASED) for who, day in due.items()))
    done = Pledge(name, "kept", "x", due["the day before"], "y", "", "done", "z", AS_OF, **RELEASED)
    written(home, done)
    told = meeting.pledges(Selection(), STAFF)
    assert dict(zip(told.who, told.overdue, strict=True)) == {
        "the day before": True,
        "kept": False,
        "on the day": False,
        "later": False,
    }
    assert meeting_sentences.pledges(told) == "1 of 4 pledges kept; 3 open, 1 overdue"


# --- Priorities -------------------------------------------------------------------------------


def test_every_indicator_is_a_question_and_has_a_name(home):
    assert set(INDICATORS) == set(ALL_INDICATORS) == set(meeting_sentences.INDICATORS)
    assert {name for name, one in INDICATORS.items() if one.goal_is_below} == (
        meeting_sentences.GOES_DOWN
    )
    for one in INDICATORS.values():
        for viewer in (access.EVERYBODY, STAFF):
            assert one.column in database.columns(one.question, Selection(), viewer)


@pytest.mark.parametrize("name", ["chronic absence", "attendance"])
def test_a_goal_is_reached_by_whole_numbers(name):
    """Every share of up to sixty, against every whole percent."""
    indicator = INDICATORS[name]
    for whole in range(1, 61):
        for part in range(whole + 1):
            for goal in range(101):
                exact = Fraction(part, whole) - Fraction(goal, 100)
                expected = exact <= 0 if indicator.goal_is_below else exact >= 0
                assert _is_reached(part / whole, goal, indicator) == expected
                assert _is_reached(1 - (whole - part) / whole, goal, indicator) == expected


def test_a_number_beside_its_goal_says_whether_it_is_there():
    """80% that are 79.96, against 80% or more: not there, and it reads so."""
    priority = SimpleNamespace(indicator="agreement", goal_percent=80, due_on=pd.Timestamp(AS_OF))

    def said(**row):
        (place,) = pd.DataFrame([{"school_name": None, "reached": None} | row]).itertuples()
        return meeting_sentences.now(place, priority)

    assert said(share=0.7996) == "79.96%"
    assert said(share=0.8) == "80%"
    assert said(share=0.8004) == "80.04%"
    assert said(share=0.62) == "62%"
    coded = {"share_at_least": None, "share_at_most": None, "withheld": False}
    assert said(share=0.8, **coded) == "about 80%, near the goal"
    assert said(share=0.81, **coded | {"reached": True}) == "81%"
    band = coded | {"share_at_least": 0.7, "share_at_most": 0.9}
    assert said(share=None, **band) == "70% to 90%"
    priority.indicator = "attendance"
    assert said(share=0.926) == "92.6%", "as on its own page"


def second_answer(name, home, schools):
    """What an indicator says of some schools, in plain Python."""
    data = team.sample_network()
    if name in ("chronic absence", "attendance"):
        told = absence.headline(data, schools=schools)
        return told["rate" if name == "chronic absence" else "attendance_rate"]
    if name == "severe absence":
        tiers = absence.by_tier(data, schools=schools)
        return next(one["share"] for one in tiers if one["tier"] == "severe")
    if name == "no cause known":
        return team.unknown(data, home, schools=schools)["share"]
    if name == "response":
        return culture.response_rate(data, SURVEY[0], "2025-26", SURVEY[1], schools)
    of_item = culture.shifts(data, schools=schools, survey=SURVEY[0], respondent_group=SURVEY[1])
    item = next(one for one in of_item if one["item_id"] == "my_caring_adult")
    # Everybody who answered this year, also where nobody was asked the year before.
    return item["second_all_favorable"]


@pytest.mark.slow
@pytest.mark.parametrize("name", sampled(list(ALL_INDICATORS), 3))
def test_how_far_a_priority_is_agrees_with_plain_python(home, name):
    survey = (*SURVEY, "my_caring_adult") if name in ("agreement", "response") else ("", "", "")
    written(home, Priority("Hillside Network", name, 50, AS_OF, *survey))
    told = progress(Selection(neighborhood="Riverside"), STAFF)
    names = absence.school_names(team.sample_network())
    there = {"S02", "S04", "S06", "S08", "S09"}
    assert set(told.school_name[1:]) == {names[school] for school in there}
    for row in sampled(rows(told), 2):
        of_row = (
            there
            if pd.isna(row.school_name)
            else {school for school in there if names[school] == row.school_name}
        )
        assert row.share == pytest.approx(float(second_answer(name, home, of_row)), abs=1e-12)


def test_a_network_has_its_own_priorities(home):
    written(
        home,
        Priority("Hillside Network", "attendance", 94, AS_OF, schools=("S02", "S01")),
        Priority("Another", "attendance", 95, AS_OF),
    )
    (row,) = rows(network.priorities(Selection()))
    assert (row.goal_percent, list(row.schools)) == (94, ["Alder Elementary", "Birch Elementary"])


@pytest.mark.slow
def test_the_share_view_tells_no_more_than_its_pages_and_claims_no_goal_within_its_rounding(home):
    stands = date(2026, 2, 27)
    exact = float(absence.headline(team.sample_network(), as_of=stands)["rate"])
    nearest = round(100 * exact)
    for goal in (nearest - 1, nearest, nearest + 1):
        written(home, Priority("Hillside Network", "chronic absence", goal, AS_OF))
    told = progress(Selection())
    whole = told[told.school_name.isna()]
    assert list(whole.share) == [nearest / 100] * 3
    assert list(whole.reached) == [False, None, True]
    shown = database.run("absence/by_school", Selection())
    assert list(told.share[1:10]) == pytest.approx(list(shown.rate), nan_ok=True)


def test_the_curve_of_the_first_page_has_a_goal_where_the_network_set_one_and_the_year_before(home):
    """Of the year before last what stands beside last year; in the first years there is none."""
    newest = absence_cards.chronic_absence(Selection(), STAFF)
    before, goal = newest.arguments
    assert goal is None
    of_last_year = database.run("absence/by_month", Selection(school_year="2024-25"), STAFF)
    columns = of_last_year[["instructional_day", "last_year_rate"]]
    assert before == tuple(("2023-24", *row) for row in columns.itertuples(index=False, name=None))
    written(home, Priority("Hillside Network", "chronic absence", 20, AS_OF))
    before, goal = absence_cards.chronic_absence(Selection(school_year="2024-25"), STAFF).arguments
    assert (before, goal) == ((), 0.2)
    by_month = absence_cards.chronic_absence_by_month(Selection(), STAFF)
    assert by_month.arguments == (newest.arguments[0], 0.2)
    shown = by_month.chart(by_month.rows, "light", *by_month.arguments).to_json()
    assert "goal: 20% or less" in shown
    reached = by_month.rows.instructional_day.max()
    days = sum(day <= reached for _, day, _ in newest.arguments[0])
    # Each point, and the name of the year where the chart is high enough for it.
    assert shown.count('"2023-24"') == days + 1
    low = newest.chart(newest.rows, "light", *newest.arguments, 118).to_json()
    assert low.count('"2023-24"') == days


def test_a_withheld_value_is_withheld_beside_its_goal(home):
    written(home, Priority("Hillside Network", "no cause known", 25, AS_OF))
    told = progress(Selection())
    unknown = {
        name: database.run("causes/unknown", Selection(school=name)).iloc[0]
        for name in told.school_name[1:]
    }
    assert [bool(one) for one in told.withheld[1:]] == [
        bool(one.withheld) for one in unknown.values()
    ]
    # Where rounding could decide it is not said, and what is said is true.
    exact = dict(zip(told.index, progress(Selection(), STAFF).reached, strict=True))
    said = told.reached.dropna()
    assert len(said) > 3
    assert all(reached == exact[place] for place, reached in said.items())


# --- The page to send round -------------------------------------------------------------------

MARKUP = "<script>alert(1)</script> & <b>bold</b> \"quoted\" 'so' \u202e"


def test_the_page_to_send_round_holds_what_was_released_and_every_text_as_text(home):
    (name,) = written(home, Meeting(MARKUP, AS_OF, ("S01",), stop=MARKUP, **RELEASED))
    written(
        home,
        Pledge(name, MARKUP, MARKUP, AS_OF, MARKUP, **RELEASED),
        Pledge(name, SECRET, SECRET, AS_OF, SECRET),
        Pride(name, "S01", MARKUP, **RELEASED),
        Pride(name, "S01", SECRET),
    )
    (row,) = rows(meeting.meetings(Selection()))
    pledges, prides = meeting.pledges(Selection()), meeting.prides(Selection())
    parts = meeting_minutes.parts(row, pledges, prides, [MARKUP])
    assert [heading for heading, _ in parts] == [
        "What we promise",
        "Stop",
        "What we move together",
        "What we are proud of",
    ]
    text = meeting_minutes.page(row, parts, [card.Card(MARKUP, "", None, prides)]).decode()
    assert SECRET not in text
    assert "<script" not in text and "<b>" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 7
    assert "that nobody has released yet" in text
    assert 'src="data:image/png;base64,iVBORw0K' in text
