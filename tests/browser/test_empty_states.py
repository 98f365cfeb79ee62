"""Protects pages with little on them: each says what is missing, and none breaks."""

import pytest

from tests.browser.visits import PAGES, go, leave, main_text
from tests.support.days import DAYS, answers, calendar, enrolled, missed


@pytest.fixture(scope="session")
def tiny_home(make_home):
    """One school, two students, four weeks; no survey, no last year."""
    return make_home()


@pytest.fixture(scope="session")
def silent_home(make_home):
    """Birch has sent no attendance; the schools lie in two neighborhoods; one survey, one year."""
    return make_home(
        schools=[
            {"school_id": "alder", "neighborhood": "East"},
            {"school_id": "birch", "school_name": "Birch School", "neighborhood": "River"},
        ],
        students=[{"student_id": "ann"}, {"student_id": "ben"}],
        enrollments=[enrolled("ann"), enrolled("ben", school_id="birch")],
        calendar=calendar("alder", DAYS[:20]) + calendar("birch", DAYS[:20]),
        attendance=missed("ann", 3),
        survey_answers=answers(3),
    )


@pytest.fixture(scope="session")
def unstarted_home(make_home):
    """A year in the calendar in which nobody has sent a row yet."""
    return make_home(attendance=[])


HOMES = ["tiny_home", "silent_home", "unstarted_home"]


@pytest.mark.parametrize("home", HOMES)
def test_every_page_has_something_to_say(request, serve, new_context, home):
    server = serve(request.getfixturevalue(home))
    page = new_context().new_page()
    for page_file in PAGES:
        go(page, server, page_file)
        words = main_text(page)
        assert len(words.split()) > 30, words
        for slip in ("nan", "None", "NaT", "<NA>", "inf", "not known%"):
            assert slip not in words.split(), (page_file, slip, words)
    leave(server, page)


CHOICES = [
    {"neighborhood": "River", "school": "Birch School"},
    # Chosen one after the other, in either order, this is an address that somebody may keep.
    {"neighborhood": "East", "school": "Birch School"},
    {"neighborhood": "River", "school": "Alder School"},
]


def test_every_combination_of_places_has_something_to_say(serve, silent_home, new_context):
    server = serve(silent_home)
    page = new_context().new_page()
    for choice in CHOICES:
        for page_file in PAGES:
            go(page, server, page_file, **choice)
            assert len(main_text(page).split()) > 30, (page_file, choice)
    leave(server, page)
