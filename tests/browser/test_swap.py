"""Protects readers while data are loaded: an open page goes over to the new generation, whole."""

import threading
from datetime import date

from playwright.sync_api import expect

from pages.shared import formats
from queries import absence, database
from queries.load import load, publish
from queries.selection import Selection
from tests.browser.visits import choose, for_staff, go, leave, ready
from tests.support.exchange import WEEKDAYS, write_folder
from tests.support.readers import STAFF

TODAY = date(2026, 8, 1)


def network(folder, students: int, absent: int):
    """So many students at one school, the first of them absent on every day."""
    names = [f"student {number}" for number in range(students)]
    return write_folder(
        folder,
        schools=[{}, {"school_id": "birch", "school_name": "Birch School"}],
        students=[{"student_id": name} for name in names],
        enrollments=[{"student_id": name} for name in names],
        attendance=[
            {"student_id": name, "date": day} for name in names[:absent] for day in WEEKDAYS
        ],
    )


def rate_shown(page) -> str:
    return page.locator("[data-testid=stMetricValue]").first.inner_text().strip()


def test_an_open_page_shows_the_new_generation_at_its_next_run(
    serve, new_context, tmp_path, use_home
):
    home = tmp_path / "swapped"
    use_home(home)
    load(network(tmp_path / "before", students=10, absent=2), home, today=TODAY)
    server = serve(home)
    page = new_context().new_page()
    go(page, server, "pages/chronic_absence.py")
    assert rate_shown(page) == "withheld", "two of ten, for everybody"
    for_staff(page)
    assert rate_shown(page) == "20%"

    load(network(tmp_path / "after", students=10, absent=7), home, today=TODAY)
    assert rate_shown(page) == "20%", "an open page does not change under the reader"
    choose(page, "school", "Alder School")
    ready(page)
    expect(page.locator("[data-testid=stMetricValue]").first).to_have_text("70%")
    assert formats.percent(absence.headline(Selection(), STAFF).rate[0]) == "70%"

    # And back: the first generation is published again.
    publish.publish(home, publish.generations(home)[1].name)
    page.reload()
    ready(page)
    for_staff(page)
    assert rate_shown(page) == "20%"
    leave(server, page)


QUESTIONS = ("absence/headline", "absence/by_school", "absence/by_grade", "absence/by_tier")


def test_no_run_of_a_page_sees_two_generations(tmp_path, use_home):
    """Runs as pages make them, while generation after generation is published and pruned."""
    home = tmp_path / "home"
    use_home(home)
    sizes = {}
    folders = [network(tmp_path / str(size), size, size // 2) for size in (4, 10, 16)]

    def publish_next(number: int) -> None:
        size = (4, 10, 16)[number % 3]
        report = load(folders[number % 3], home, today=TODAY, accept_losses=True)
        sizes[report.generation] = size

    publish_next(0)
    over, problems, runs = threading.Event(), [], []

    def read() -> None:
        while not over.is_set():
            try:
                name = database.current_generation()
                selection = Selection(generation=name)
                seen = {
                    question: int(database.run(question, selection, STAFF).students.sum())
                    for question in QUESTIONS
                }
                runs.append((name, seen))
            except Exception as problem:
                problems.append(f"{type(problem).__name__}: {problem}")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 6):
            publish_next(number)
    finally:
        over.set()
        for reader in readers:
            reader.join()

    assert not problems, problems[:3]
    assert len({name for name, _ in runs}) > 3, "the swaps were not read"
    mixed = [run for run in runs if set(run[1].values()) != {sizes[run[0]]}]
    assert not mixed, mixed[:3]
    assert len(publish.generations(home)) == publish.KEPT
