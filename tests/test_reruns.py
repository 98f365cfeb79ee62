"""Protects what a page costs its second reader, and that what is found is what would be made."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pandas as pd
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from queries import absence, access, database, server
from queries.access import EVERYBODY
from queries.answer import ROWS_KEPT, Answer, kept
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Note
from tests import page_times
from tests.conftest import copy_of
from tests.support.readers import STAFF
from tests.support.sampled import LONG, sampled
from tests.test_pages import BIRCH, PAGES, started, whole

# Those that keep most of what they say and draw.
FEW_PAGES = ("app.py", "pages/network.py", "pages/students.py")
# Of empty pages: today's pages cost 30 to 65 on a machine that does other work beside.
MOST_EMPTY_PAGES = 150


@kept
def total(first: pd.DataFrame, second: pd.DataFrame, more: int = 0) -> list[int]:
    return [int(first.days.sum() + second.days.sum()) + more]


@kept
def missed(table: pd.DataFrame, least: int) -> pd.DataFrame:
    return table[table.days >= least]


def answer(*days: int) -> Answer:
    return Answer(pd.DataFrame({"days": days}))


def test_what_was_made_of_the_same_answers_and_values_is_found():
    first, second = answer(1, 2), answer(3)
    made = total(first, second)
    assert made == [6]
    assert total(first, second) is made
    assert total(first, second, 10) == [16]
    assert total(first, second, more=10) == [16]
    assert total(second, first) is not made


def test_nothing_is_found_by_an_answer_of_the_same_cells():
    """Two readers may see the same cells today, and others tomorrow."""
    first, second, alike = answer(1, 2), answer(3), answer(3)
    assert total(first, second) is not total(first, alike)
    assert total(second, first) is not total(alike, first)


def test_an_answer_that_went_is_not_taken_for_one_that_came_to_its_place():
    first = answer(1)
    for days in range(100):
        assert total(first, answer(days)) == [1 + days]


def test_of_a_table_that_is_no_answer_it_is_made_each_time():
    table = pd.DataFrame({"days": [1, 2]})
    made = missed(table, 2)
    table["days"] = [5, 6]
    assert (len(made), len(missed(table, 2))) == (1, 2)


def test_a_table_made_of_an_answer_is_one_again_and_what_a_page_makes_of_it_is_not():
    one = answer(1, 2)
    assert missed(missed(one, 2), 1) is missed(missed(one, 2), 1)
    assert type(one[one.days > 1]) is type(one.assign(days=0)) is type(one.copy()) is pd.DataFrame


def test_an_answer_is_not_changed():
    one = answer(1, 2)
    with pytest.raises(TypeError, match="everybody's"):
        one["days"] = 0
    assert list(one.days) == [1, 2]


def test_rows_of_an_answer_are_found_and_those_of_a_long_list_made():
    one, long = answer(1, 2), answer(*range(ROWS_KEPT + 1))
    assert [row.days for row in one.itertuples()] == [1, 2]
    assert next(one.itertuples()) is next(one.itertuples())
    assert next(one.itertuples(index=False)) == (1,)
    assert next(long.itertuples()) is not next(long.itertuples())


def test_who_may_see_more_is_given_another_answer(sample):
    told, exact = (absence.by_grade(Selection(), viewer) for viewer in (EVERYBODY, STAFF))
    assert told is absence.by_grade(Selection())
    assert exact is absence.by_grade(Selection(), STAFF)
    assert told is not exact
    assert list(told.students) != list(exact.students)


def drawn(page: str, view: str, **choices: str) -> tuple[str, list[pd.DataFrame]]:
    """What a page says, and what its charts and tables are made of."""
    at = started(page)
    at.session_state["view"] = view
    for name, value in choices.items():
        at.query_params[name] = value
    at.run()
    sent = [
        convert_arrow_bytes_to_pandas_df(of_chart.data.data)
        for chart in at.get("vega_lite_chart")
        for of_chart in chart.proto.datasets
    ]
    tables = [*sent, *(table.value for table in at.dataframe)]
    # A chart names its data by their last digits, and they stand in the order of their names.
    return whole(at), sorted(tables, key=lambda table: table.to_csv(float_format="%.6f"))


def test_what_many_ask_at_once_is_asked_once(sample):
    many = 8
    together = Barrier(many)
    questions = ("absence/by_school", "causes/unknown", "network/seats")
    database._kept.cache_clear()

    def ask(_: int) -> list[pd.DataFrame]:
        together.wait()
        return [database.run(one, Selection(), STAFF) for one in questions]

    with ThreadPoolExecutor(many) as people:
        asked = list(people.map(ask, range(many)))
    for same in zip(*asked, strict=True):
        assert len({id(answer) for answer in same}) == 1


def test_a_question_under_way_finds_what_people_had_written_while_others_write_on(
    sample_home, use_home, tmp_path
):
    home = copy_of(sample_home, tmp_path / "own")
    use_home(home)
    generation, notes = database.current_generation(), "SELECT count(*) FROM team_note"

    def asked(cursor) -> int:
        return cursor.execute(notes).fetchall()[0][0]

    with database._cursor(home, generation, with_written=True) as early:
        before = asked(early)
        for number in range(2 * server.ATTACHED_AT_MOST):
            journal.add(home, "Ms. Lee", [Note("1", "S01", date(2026, 3, 2), f"{number}")])
            with database._cursor(home, generation, with_written=True) as late:
                assert asked(late) == before + number + 1
        assert asked(early) == before
    of_staff = server.server_of(home, generation, everybody=False)
    assert len(of_staff.written.made) <= server.ATTACHED_AT_MOST, "what nobody asks of goes"


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES if LONG else FEW_PAGES)
def test_a_page_of_what_is_found_is_the_page_made_anew(sample, page):
    opened = [(access.SHARE, {}), (access.NAMES, {"school": BIRCH})]
    for view, choice in opened:
        drawn(page, view, **choice)
    found = [drawn(page, view, **choice) for view, choice in opened]
    for (view, choice), (words, tables) in zip(opened, found, strict=True):
        database._kept.cache_clear()
        database._kept_long.cache_clear()
        words_anew, tables_anew = drawn(page, view, **choice)
        assert words == words_anew, (view, choice)
        # Sums of a plan's weeks have other last digits when DuckDB adds them up anew.
        for table, anew in zip(tables, tables_anew, strict=True):
            pd.testing.assert_frame_equal(table, anew)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "viewer"), sampled([(access.SHARE, EVERYBODY), (access.SCHOOL, STAFF)], 1)
)
def test_no_page_changes_an_answer(sample, view, viewer):
    questions = sorted(access.SHARED)
    before = {one: database.run(one, Selection(), viewer) for one in questions}
    copies = {one: answer.copy() for one, answer in before.items()}
    for page in PAGES:
        drawn(page, view)
    for one in questions:
        pd.testing.assert_frame_equal(copies[one], pd.DataFrame(before[one]))


@pytest.mark.slow
def test_no_page_costs_its_second_reader_many_empty_pages(sample):
    """A loose end: what noise cannot make, and work that is done again for every reader does."""
    empty = page_times.milliseconds(page_times.AppTest.from_string("import streamlit"))
    for page in PAGES if LONG else FEW_PAGES:
        for view in (access.SHARE, access.NAMES):
            cost = page_times.milliseconds(page_times.opened(page, view))
            assert cost < MOST_EMPTY_PAGES * empty, (page, view)
