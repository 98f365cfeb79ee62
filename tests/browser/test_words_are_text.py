"""Protects readers from what files may hold: imported names are text, and students stay unnamed."""

import csv
import gzip
import re
from collections import deque
from pathlib import Path

import pytest

from pages.shared import formats
from tests.browser.visits import (
    PAGES,
    PROJECT,
    choose,
    chosen,
    main_text,
    menu,
    unfold,
    visit,
)
from tests.support.days import DAYS, answers, calendar, enrolled, missed, weekdays
from tests.support.sampled import sampled

HOSTILE = [
    "![x](http://example.invalid/t.png)",
    "<script>document.title='taken'</script>",
    "<img src=http://example.invalid/i.png onerror=alert(1)>",
    "[link](http://example.invalid/)",
    "**b** _i_ ~~s~~ `c`",
    "=1+1",
    "$x$ and $y$",
    ":red[boo] :material/home: :smile:",
    "# heading",
    "a|b \\ c",
]

LAST_YEAR = weekdays("2024-09-02", 60)
BEFORE = {"school_year": "2024-25"}


@pytest.fixture(scope="session")
def hostile_home(make_home):
    """Ten schools, an item, groups and a code, all with names that mean something elsewhere."""
    schools = [
        {
            "school_id": f"s{n}",
            "school_name": name,
            "network": HOSTILE[n % 2],
            "neighborhood": HOSTILE[2 + n % 3],
        }
        for n, name in enumerate(HOSTILE)
    ]
    students = [
        {
            "student_id": f"{school['school_id']}-{number}",
            "school_year": year,
            "home_language": HOSTILE[number % len(HOSTILE)],
        }
        for school in schools
        for number in range(12)
        for year in ("2024-25", "2025-26")
    ]
    this_year = [row for row in students if row["school_year"] == "2025-26"]
    enrollments = [
        row | {"school_id": row["student_id"].split("-")[0]}
        for student in this_year
        for row in (
            enrolled(student["student_id"]),
            {"student_id": student["student_id"], "entry_date": LAST_YEAR[0], **BEFORE},
        )
    ]
    absences = [
        row
        for number, student in enumerate(this_year)
        for row in missed(
            student["student_id"],
            *range(1, 2 + number % 12),
            school_id=student["student_id"].split("-")[0],
            code="X",
        )
    ]
    asked = {"survey": HOSTILE[0], "item_id": "adult"}
    return make_home(
        share_view=True,
        schools=schools,
        students=students,
        enrollments=enrollments,
        calendar=[
            row
            for school in schools
            for row in calendar(school["school_id"], LAST_YEAR, **BEFORE)
            + calendar(school["school_id"], DAYS[:60])
        ],
        attendance=absences
        + [
            {"student_id": f"s{n}-0", "school_id": f"s{n}", "date": LAST_YEAR[5], "code": "X"}
            for n in range(len(schools))
        ],
        attendance_codes=[
            {"code": "X", "counts_as": "absent", "label": HOSTILE[1], "reason": HOSTILE[0]}
        ],
        survey_items=[
            asked | {"item_text": HOSTILE[0] + HOSTILE[7], "about": HOSTILE[1], **year}
            for year in (BEFORE, {})
        ],
        survey_answers=[
            row
            for n in range(len(schools))
            for row in answers(12, school_id=f"s{n}", **asked)
            + answers(12, "Disagree", school_id=f"s{n}", **asked, **BEFORE)
        ],
        survey_invited=[
            {"survey": HOSTILE[0], "school_id": f"s{n}", **year}
            for n in range(len(schools))
            for year in (BEFORE, {})
        ],
        published_rates=[{"place": HOSTILE[0], "definition": HOSTILE[4], "source": HOSTILE[3]}],
    )


@pytest.fixture(scope="session")
def hostile_server(serve, hostile_home):
    return serve(hostile_home)


def check_nothing_ran(page) -> None:
    """No element that only markup could have made; requests elsewhere fail by themselves."""
    made = page.locator("[data-testid=stMain]").locator(
        "script, img, .katex, del, code, em:text-is('i'), strong:text-is('b')"
    )
    assert made.count() == 0, made.first.evaluate("element => element.outerHTML")
    assert "taken" not in page.title()


@pytest.mark.slow
def test_hostile_names_are_shown_as_they_are(new_context, hostile_server, subtests):
    """On every page, with every fold open. Nor is an address in a name a link: whoever sends a file
    must not be able to send a reader somewhere."""
    page = new_context().new_page()
    for page_file in PAGES:
        with subtests.test("opens", page=page_file):
            visit(page, hostile_server, page_file)
        with subtests.test("nothing ran", page=page_file):
            check_nothing_ran(page)
        with subtests.test("no link", page=page_file):
            links = page.locator("[data-testid=stMain] a[href*=invalid]")
            assert links.count() == 0, links.first.evaluate("link => link.outerHTML")
        with subtests.test("nothing ran in what was folded away", page=page_file):
            unfold(page)
            check_nothing_ran(page)
        if page_file == "pages/school_culture.py":
            with subtests.test("the item stands letter by letter in the sentence above its chart"):
                assert HOSTILE[0] + HOSTILE[7] in main_text(page)


@pytest.mark.slow
def test_a_school_with_a_hostile_name_can_be_chosen(new_context, hostile_server, subtests):
    """One after the other, in one tab, each on the page on which the one before ended; each is kept
    on another page."""
    page = new_context().new_page()
    pages = deque(["pages/chronic_absence.py", "app.py", "pages/data_health.py"])
    visit(page, hostile_server, pages[0])
    for name in sampled(HOSTILE, 2):
        with subtests.test("can be chosen", name=name, page=pages[0]):
            choose(page, "school", name)
            check_nothing_ran(page)
        pages.rotate(-1)
        with subtests.test("is kept", name=name, page=pages[0]):
            menu(page, pages[0])
            assert chosen(page, "school") == name
            check_nothing_ran(page)


def sample_rows(name: str) -> list[dict]:
    path = PROJECT / "sample_data" / name
    reader = gzip.open if name.endswith(".gz") else Path.open
    with reader(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named_students(text: str, students: list[dict]) -> set[str]:
    """The students of whom a name or an id stands in a text, however it is laid out."""
    found = set()
    # A column of ids in a table is one run of digits; part of a longer number is no id.
    for run in re.findall(r"(?<![0-9A-Za-z.,])(?:\d{6})+(?![0-9A-Za-z])", text):
        found |= {run[place : place + 6] for place in range(0, len(run), 6)}
    found &= {row["student_id"] for row in students}
    lower = text.lower()
    names = {(row["first_name"], row["last_name"]) for row in students}
    # However it is laid out, both parts stand in the text; few do, and pairs are many.
    lasts = {last for last in {last for _, last in names} if last.lower() in lower}
    firsts = {first for first in {first for first, _ in names} if first.lower() in lower}
    for first, last in names:
        if first in firsts and last in lasts:
            laid_out = (f"{first} {last}", f"{last}, {first}", f"{first}{last}")
            found |= {name for name in laid_out if name.lower() in lower}
    return found


def test_names_would_be_noticed():
    students = [{"student_id": "100107", "first_name": "Caleb", "last_name": "Taylor"}]
    for text in ("\x00100107100999\x00", "by Caleb Taylor", '"TAYLOR, CALEB"', "id=100107 "):
        assert named_students(text, students), text
    for text in ("0.100107", "4100107", "1,100107", "Caleb and Taylor"):
        assert not named_students(text, students), text


def test_every_mark_of_markup_is_escaped():
    """What the browser is given; the walk above shows that it is enough."""
    for name in HOSTILE:
        # The word joiner, without width, keeps an address from becoming a link.
        given = formats.plain(name).replace("\N{WORD JOINER}", "")
        assert re.sub(r"\\(.)", r"\1", given) == name
