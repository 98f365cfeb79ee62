"""Protects the share view in a browser: what arrives there is coded, and names nobody.

Everything that reaches the browser is read: documents, websocket frames with charts and tables in
them, words on the page, alternative texts, addresses, and the files that can be taken.
"""

import json
import math
import re
import xml.etree.ElementTree as ET

import pyarrow.ipc
import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from queries import access, database
from queries.selection import Selection
from queries.team import looks
from tests.browser.test_words_are_text import named_students, sample_rows
from tests.browser.visits import (
    PAGES,
    choose,
    chosen,
    for_staff,
    go,
    main_text,
    menu,
    ready,
    unfold,
)
from tests.support.sampled import sampled

PLACES = [{}, {"neighborhood": "Riverside"}, {"school": "Willow High"}]
ABSENCE = ["app.py", "pages/chronic_absence.py"]

# Figures that the share view tells in whole percents, and counts that it tells to the nearest ten.
SHARES = {"rate", "share", "favorable", "first", "second", "first_rate", "second_rate"}
COUNTS = {"students", "students_absent", "first_students", "second_students", "of"}


class Received:
    """What a page was sent: every frame of its websocket and every document."""

    def __init__(self, page):
        self.frames, self.documents = [], []
        self.read = set()
        page.on("websocket", lambda socket: socket.on("framereceived", self._keep))
        page.on("response", self._keep_document)

    def _keep(self, frame) -> None:
        frame = frame if isinstance(frame, bytes) else frame.encode()
        if frame not in self.read:
            self.frames.append(frame)

    def _keep_document(self, response) -> None:
        if response.request.resource_type in {"document", "fetch", "xhr"}:
            self.documents.append(response.url)

    def text(self) -> str:
        return b"\n".join(self.frames).decode("utf-8", errors="replace") + "\n".join(self.documents)

    def forget(self) -> None:
        """What was read until now need not be read again, also when it comes once more."""
        self.read |= set(self.frames)
        self.frames.clear()
        self.documents.clear()

    def elements(self):
        for frame in self.frames:
            message = ForwardMsg()
            message.ParseFromString(frame)
            if message.WhichOneof("type") == "delta":
                yield message.delta.new_element

    def chart_rows(self) -> list[dict]:
        """Every row of every chart: in its specification or beside it."""
        rows = []
        for element in self.elements():
            if element.WhichOneof("type") == "vega_lite_chart":
                chart = element.vega_lite_chart
                for data in json.loads(chart.spec).get("datasets", {}).values():
                    rows += data
                for data in chart.datasets:
                    rows += arrow_rows(data.data.data)
        return rows

    def table_rows(self) -> list[dict]:
        """Every row of every table."""
        rows = []
        for element in self.elements():
            if element.WhichOneof("type") == "dataframe":
                rows += arrow_rows(element.dataframe.data)
        return rows


def arrow_rows(data: bytes) -> list[dict]:
    with pyarrow.ipc.open_stream(data) as reader:
        return reader.read_all().to_pylist()


def is_whole_percent(value: float) -> bool:
    return math.isclose(100 * value, round(100 * value), abs_tol=1e-9)


@pytest.fixture
def everybody(new_context):
    """A page in the share view, with what it receives."""
    page = new_context().new_page()
    return page, Received(page)


def students_in(text: str, students: list[dict]) -> set[str]:
    """The students who are named in what a page was sent."""
    # The name of a generation is a time, whose six digits may be those of a student; in Markdown
    # there is a backslash before each line.
    named = named_students(re.sub(r"_\d{8}\\*_\d{6}", "", text), students)
    # Two ends of bands of answers side by side, 101 and 201, are six digits as well.
    return {one for one in named if not re.fullmatch(r"[125]01[125]01", one)}


def check_nothing_exact(rows: list[dict]) -> None:
    assert rows, "charts arrived"
    for row in rows:
        for name in SHARES & row.keys():
            assert row[name] is None or is_whole_percent(row[name]), row
        for name in COUNTS & row.keys():
            assert row[name] is None or row[name] % 10 == 0, row


def test_nothing_that_arrives_names_a_student_is_exact_or_withheld(
    everybody, server, sample, subtests
):
    """Every page at every place, by the menu: what arrived is read page by page, with what stands
    there when every fold is open.

    The exact shares of what is withheld or coded at one of these places are looked for in all
    digits that they would have in a chart.
    """
    page, received = everybody
    students = sample_rows("students.csv")
    assert all(re.fullmatch(r"\d{6}", row["student_id"]) for row in students)
    hidden = hidden_shares()
    assert hidden
    for place in sampled(PLACES, 1):
        for page_file in PAGES:
            where = {"page": page_file, "place": place}
            with subtests.test("opens", **where):
                if page_file == "app.py":
                    go(page, server, page_file)
                    for key, name in place.items():
                        choose(page, key, name)
                else:
                    menu(page, page_file)
                unfold(page)
            with subtests.test("the place is chosen, the view is not in the address", **where):
                for key, name in place.items():
                    if page_file in ABSENCE or page.locator(f".st-key-{key}").count():
                        assert chosen(page, key) == name
                assert "view=" not in page.url
            with subtests.test("something arrived", **where):
                assert received.frames
            text = received.text() + page.content()
            with subtests.test("nobody is named", **where):
                assert students_in(text, students) == set()
            if page_file in ABSENCE:
                with subtests.test("nothing is exact", **where):
                    check_nothing_exact(received.chart_rows())
            if page_file == "pages/chronic_absence.py":
                with subtests.test("nothing withheld arrives", **where):
                    sent, words = received.text(), main_text(page)
                    assert not [share for share in hidden if repr(share) in sent]
                    assert not [share for share in hidden if f"{100 * share:.1f}%" in words]
            received.forget()
    # The search read what it should: school names came the same way.
    assert any(b"Birch Elementary" in frame for frame in received.read)


def hidden_shares() -> set[float]:
    """Exact shares of which the share view tells less."""
    staff = access.at_this_machine("school")
    hidden = set()
    for place in PLACES:
        for question, key in (
            ("absence/by_grade", ["grade"]),
            ("absence/by_group", ["dimension", "group_name"]),
        ):
            told = database.run(question, Selection(**place)).set_index(key)
            exact = database.run(question, Selection(**place), staff).set_index(key)
            untold = told.index[told.rate.isna()]
            hidden |= set(exact.rate.reindex(untold).dropna())
    # A share of few digits may stand anywhere.
    return {share for share in hidden if not is_whole_percent(share)}


def test_a_first_session_starts_in_the_share_view_and_keeps_its_choice(new_context, server, sample):
    """For the next session too, but for the view with names."""
    page = new_context().new_page()
    go(page, server, "app.py", view="school")
    expect(page.get_by_text("Share view").first).to_be_visible()
    for_staff(page)
    assert "view" not in page.url.split("?")[-1].replace("view=school", "")
    exact = database.run("absence/headline", Selection(), access.at_this_machine("school"))
    assert f"of {exact.students.iloc[0]:,}" in main_text(page)
    menu(page, "pages/chronic_absence.py")
    expect(page.get_by_text("Keep inside.").first).to_be_visible()
    page.get_by_role("radiogroup", name="View").get_by_text("With names", exact=True).click()
    expect(page.get_by_text("Student information: not for sharing").first).to_be_visible()
    ready(page)
    page.reload()
    ready(page, "Chronic absence")
    expect(page.get_by_text("Keep inside.").first).to_be_visible()
    elsewhere = new_context().new_page()
    elsewhere.goto(page.url)
    ready(elsewhere, "Chronic absence")
    expect(elsewhere.get_by_text("Share view").first).to_be_visible()


@pytest.mark.slow
def test_a_picture_is_of_the_share_view_also_for_staff_and_is_recorded(
    new_context, server, sample, tmp_path
):
    page = new_context().new_page()
    go(page, server, "pages/chronic_absence.py", school="Cedar Middle")
    for_staff(page)
    before = len(looks.looks(server.home))
    files = {}
    for kind in ("PNG", "SVG"):
        page.get_by_role("button", name="Take this to a meeting").first.click()
        with page.expect_download() as download:
            page.get_by_role("button", name=f"{kind}, 1600 × 900").click()
        page.keyboard.press("Escape")
        path = tmp_path / f"picture.{kind.lower()}"
        download.value.save_as(path)
        files[kind] = path.read_bytes()
    assert files["PNG"][:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(files["PNG"][16:20]) == 1600
    assert int.from_bytes(files["PNG"][20:24]) == 900

    words = " ".join(
        " ".join("".join(part.itertext()).split())
        for part in ET.fromstring(files["SVG"]).iter("{http://www.w3.org/2000/svg}text")
    )
    told = database.run("absence/headline", Selection(school="Cedar Middle"))
    exact = database.run(
        "absence/headline", Selection(school="Cedar Middle"), access.at_this_machine("school")
    )
    assert f"about {told.students.iloc[0]:,}" in words
    assert f"{exact.students.iloc[0]:,}" not in words
    for fact in (
        *("Where", "Cedar Middle", "Definition", "Federal", "How many", "Up to"),
        "February 27, 2026",
        *("Coverage", "100%", "Withheld", "Source", "data loaded"),
    ):
        assert fact in words, fact
    taken = looks.looks(server.home)[before:]
    assert [one.what for one in taken] == ["file taken", "file taken"]
    assert all("Cedar Middle" in one.filters for one in taken)
    assert looks.verify(server.home) == []
