"""Protects the way of a secretary: from a workbook of three sheets to one's own school on Overview,
by browser alone, and back.
"""

import re
from datetime import date, datetime

from playwright.sync_api import expect

from queries.convert.example import sheets
from queries.load import publish
from tests.browser.visits import (
    axe,
    for_staff,
    go,
    leave,
    main_text,
    menu,
    ready,
    still,
)
from tests.conftest import copy_of
from tests.support.workbook import workbook

PAGE = "pages/bring_your_data.py"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A read, a load and its comparison, each a process of its own, on two busy cores.
LONG = 90_000


def exports() -> dict[str, list[list[str]]]:
    """The example, of a hundred students, with a code on one day that nobody knows."""
    made = sheets()
    made["roster"] = made["roster"][:101]
    there = {row[0] for row in made["roster"]}
    made["absences"] = [row for row in made["absences"] if row[0] in there]
    days = [row[1] for row in made["absences"][1:]]
    usual = max(set(days), key=days.count)
    for row in made["absences"][1:]:
        if row[1] == usual:
            row[2:] = ["QZ", ""]
    return made


def chronically_absent(made: dict[str, list[list[str]]]) -> str:
    """'31 of 99 (31%)', counted here once more: a tenth or more missed of the days enrolled so far,
    of whoever has ten of them; half a day missed is a day."""

    def day(said: str) -> date | None:
        return datetime.strptime(said, "%m/%d/%Y").date() if said else None

    last = max(day(row[1]) for row in made["absences"][1:])
    days = [one for row in made["calendar"][1:] if (one := day(row[0])) <= last]
    missed = {
        (row[0], day(row[1]))
        for row in made["absences"][1:]
        if row[2] in ("UX", "EX", "OSS", "HD", "QZ")
    }
    enrolled: dict[str, set] = {}
    for who, *_, entry, out in made["roster"][1:]:
        stay = {one for one in days if day(entry) <= one and (not out or one < day(out))}
        enrolled.setdefault(who, set()).update(stay)
    evaluated = {who: stay for who, stay in enrolled.items() if len(stay) >= 10}
    absent = [
        who
        for who, stay in evaluated.items()
        if 10 * sum((who, one) in missed for one in stay) >= len(stay)
    ]
    percent = round(100 * len(absent) / len(evaluated))
    return f"{len(absent)} of {len(evaluated)} ({percent}%)"


def test_from_a_workbook_to_the_own_school_on_overview(serve, make_home, new_context, tmp_path):
    home = copy_of(make_home(share_view=True), tmp_path / "home")
    server = serve(home)
    page = new_context().new_page()
    go(page, server, PAGE)
    assert "Read these files" not in main_text(page)
    for_staff(page)

    made = exports()
    bring(page, "../Año 25.xlsx", workbook(made))
    expect(page.get_by_role("heading", name="2 things to answer")).to_be_visible(timeout=LONG)
    assert not axe(page)
    (upload,) = (home / "incoming").iterdir()
    assert upload.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in (upload / "files").iterdir()] == ["Año 25.xlsx"]
    see_first_rows(page)

    answer(page, "Which day is “", "The first day without the student")
    answer(page, "Code QZ stands in", "Absent the whole day")
    page.get_by_role("button", name="Take these answers").click()
    page.get_by_role("button", name="See what would change").click(timeout=LONG)
    counted = chronically_absent(made)
    would = page.get_by_role("heading", name=f"{counted} chronically absent")
    expect(would).to_be_visible(timeout=LONG)
    before = publish.published(home)

    # The school of the tests is not in these files.
    publishing = page.get_by_role("button", name="Publish")
    expect(publishing).to_be_disabled()
    page.get_by_text("This is right: publish it all the same").click()
    expect(publishing).to_be_enabled()
    publishing.click()
    # While it loads, another page can be read.
    menu(page, "pages/data_health.py")
    menu(page, PAGE)
    said = page.get_by_text("Willow High can be seen on every page.")
    expect(said).to_be_visible(timeout=LONG)
    assert publish.published(home) != before
    assert list((home / "incoming").iterdir()) == []
    assert (home / "mapping.toml").is_file()
    page.get_by_role("link", name="See it on Overview").click()
    ready(page, "Overview")
    assert counted.partition(" (")[0] in main_text(page)
    assert publish.generations(home)[0].source == "Brought: Año 25.xlsx"

    go_back(page)
    assert publish.published(home) == before
    menu(page, "app.py")
    assert counted.partition(" (")[0] not in main_text(page)
    leave(server, page)


def bring(page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": KIND, "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Año 25.xlsx").first).to_be_visible()
    page.get_by_role("button", name="Read these files").click()


def see_first_rows(page) -> None:
    """Ids and days, and no name of anybody."""
    fold = page.get_by_test_id("stExpander").filter(has_text="roster · students: who is enrolled")
    fold.locator("summary").click()
    expect(fold.get_by_role("combobox", name="Last Name")).to_have_value("Last name")
    expect(fold.get_by_test_id("stDataFrame")).to_be_visible()


def answer(page, question: str, chosen: str) -> None:
    field = page.get_by_role("combobox", name=re.compile(question))
    field.click()
    page.get_by_role("option", name=chosen, exact=True).click()
    expect(field).to_have_value(chosen)
    ready(page)


def go_back(page) -> None:
    """To the data before, by their button; the page says that they are shown."""
    menu(page, PAGE)
    page.get_by_text("Go back to earlier data").click()
    button = page.get_by_role("button", name="Show this")
    expect(button).to_be_visible()
    still(page)
    button.click()
    expect(page.get_by_text("every page shows these data now")).to_be_visible()
