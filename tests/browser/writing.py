"""What the tests share in which somebody writes: a store to write in, and the ways of a writer.

One server a worker, over a copy of the sample. Its team store is put back to what the sample holds
after every test, while the server runs: to start a server and to warm its pages takes longer than
most of what is tested here. Who looked at names is only ever added to, as in every store.
"""

import contextlib
import re
import shutil
import sqlite3
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import expect

from queries.team import store
from tests.browser import visits
from tests.browser.visits import OFTEN, Server, ready, still

# Around the fields of a form.
FORM = "[class*=st-key-form_]"
LAPTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

# What a page asks of its server, and what it is answered: from then on the page counts both. Of the
# messages each is one field of protobuf, whose number stands in its first byte or after the hash
# and the metadata. A run that ends early goes on in another one.
WATCH = """() => {
    if (window.roundtable) return;
    const seen = window.roundtable = {asked: 0, begun: 0, answered: 0};
    const RERUN = 11, NEW_SESSION = 4, SCRIPT_FINISHED = 6, EARLY = 2;
    const sockets = new WeakSet();
    const send = WebSocket.prototype.send;
    function number(bytes, at) {
        let value = 0;
        for (let shift = 0; ; shift += 7) {
            const byte = bytes[at++];
            value += (byte & 127) * 2 ** shift;
            if (byte < 128) return [value, at];
        }
    }
    function hear({data}) {
        const bytes = new Uint8Array(data);
        for (let at = 0; at < bytes.length;) {
            let tag, value;
            [tag, at] = number(bytes, at);
            [value, at] = number(bytes, at);
            const field = tag >> 3;
            if (field === NEW_SESSION) seen.begun = seen.asked;
            if (field === SCRIPT_FINISHED && value !== EARLY) seen.answered = seen.begun;
            if (field > 2) return;
            at += value;
        }
    }
    WebSocket.prototype.send = function (message) {
        if (!sockets.has(this)) {
            sockets.add(this);
            this.addEventListener('message', hear);
        }
        if (new Uint8Array(message)[0] >> 3 === RERUN) seen.asked += 1;
        return send.call(this, message);
    };
}"""
# What a click sets off in the page has been done before the next picture is drawn.
NEXT_PICTURE = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"


# --- A store to write in ----------------------------------------------------------------------


@dataclass(frozen=True)
class Own:
    """A server over a copy of the sample, and what its store held at first."""

    server: Server
    pristine: Path

    def put_back(self) -> None:
        """Have the store hold what the sample holds, number by number.

        In one transaction of SQLite's own, so that the server may have the store open: a page reads
        what stood there before or what stands there now. The state that `journal.state` tells is
        again that of the sample, and the next entry has another time, so that no answer which the
        server keeps is taken for another one.
        """
        with store.opened(self.server.home) as connection:
            connection.execute("ATTACH ? AS pristine", (str(store.path_of(self.pristine)),))
            with store.transaction(connection):
                connection.execute("DELETE FROM main.entry")
                connection.execute("INSERT INTO main.entry SELECT * FROM pristine.entry")
                connection.execute(
                    "UPDATE main.sqlite_sequence SET seq = "
                    "(SELECT seq FROM pristine.sqlite_sequence WHERE name = 'entry') "
                    "WHERE name = 'entry'"
                )
                shutil.copy(self.pristine / "journal.head", self.server.home)


@cache
def own(serve, sample_home: Path) -> Own:
    """The server of this worker: one however many files ask for it."""
    folder = sample_home.with_name("own")
    shutil.copytree(sample_home, folder / "home")
    (folder / "pristine").mkdir()
    shutil.copy(sample_home / "journal.head", folder / "pristine")
    with store.opened(sample_home) as connection:
        copy = sqlite3.connect(store.path_of(folder / "pristine"))
        with contextlib.closing(copy):
            connection.backup(copy)
    return Own(serve(folder / "home"), folder / "pristine")


@pytest.fixture
def own_server(serve, sample_home, use_home):
    """A server over a copy of the sample, to write in; tests read and write the same store. What is
    written is gone when the test ends."""
    mine = own(serve, sample_home)
    use_home(mine.server.home)
    yield mine.server
    mine.put_back()


@pytest.fixture
def page(new_context):
    """A tab as large as a laptop and light; it is that again for the next test."""
    page = new_context().new_page()
    yield page
    page.set_viewport_size(LAPTOP)
    page.emulate_media(color_scheme="light")


# --- Opening ----------------------------------------------------------------------------------


def go(page, server: Server, page_file: str, **choices) -> None:
    """Open a page by its address, and count from then on what it asks of its server."""
    visits.go(page, server, page_file, **choices)
    page.evaluate(WATCH)


def opened(page, label: str) -> None:
    """Wait for a page that was opened otherwise, and count from then on."""
    ready(page, label)
    page.evaluate(WATCH)


def reload(page, label: str) -> None:
    """Load a page again, as a reader does: its session is a new one."""
    page.reload()
    opened(page, label)


def settled(page) -> None:
    """Wait until all is answered that the page asked since it was opened, and nothing moves."""
    page.evaluate(NEXT_PICTURE)
    page.wait_for_function("() => roundtable.answered === roundtable.asked", polling=OFTEN)
    ready(page)


def view(page, name: str) -> None:
    """Choose a view, as a reader does."""
    page.get_by_role("radiogroup", name="View").get_by_text(name, exact=True).click()
    settled(page)


def with_names(page) -> None:
    """Choose the view with names."""
    view(page, "With names")
    # What opens at words stands beside them once for a mouse and once for a finger.
    band = page.get_by_text("Student information: not for sharing").filter(visible=True)
    expect(band.first).to_be_visible()


def run_again(page) -> None:
    """Have the server run the page again, by Streamlit's own key for that."""
    asked = page.evaluate("document.activeElement.blur(), roundtable.asked")
    # While the page runs, the key asks for nothing.
    while page.evaluate("roundtable.asked") == asked:
        settled(page)
        page.keyboard.press("r")
    settled(page)


def look(page, name: str) -> None:
    """Have the page light or dark. What is around the charts follows the browser at once; the
    charts are made by the server, so the page is run again."""
    if looks(page) != name:
        page.emulate_media(color_scheme=name)
        run_again(page)
    assert looks(page) == name


def looks(page) -> str:
    """What the page looks like: its background tells."""
    background = page.get_by_test_id("stApp").evaluate("it => getComputedStyle(it).backgroundColor")
    return "light" if int(re.findall(r"\d+", background)[0]) > 128 else "dark"


def every_look(page, sizes=(PHONE, LAPTOP)):
    """Show the page in every size and look, one after the other; nothing stands outside of it.

    In the light on the first size, in the dark on the last: what a page is it is in both, its
    colors are those of the look at any width, and to look four times took twice as long."""
    for size, name in ((sizes[0], "light"), (sizes[-1], "dark")):
        page.set_viewport_size(size)
        look(page, name)
        yield f"{name}, {size['width']} wide"
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"something stands outside the screen: {name}, {size['width']} wide"


def axe(page, part: str = "html") -> list[str]:
    """As visits.axe, from the top, as faint words are not found above what is in sight."""
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    return visits.axe(page, part)


def headings(page) -> list[str]:
    """The third headings of the page."""
    return page.locator("[data-testid=stMain] h3").all_inner_texts()


def sign(page, name: str = "Ms. Lee") -> None:
    """Say who writes, and leave the field."""
    page.get_by_label("Your name").fill(name)
    page.keyboard.press("Tab")
    settled(page)


# --- Forms ------------------------------------------------------------------------------------


def form(page, button: str):
    """The form with this button that a reader sees."""
    forms = page.locator(FORM)
    return forms.filter(has=page.get_by_role("button", name=button)).filter(visible=True)


def fold(page, words: str):
    """The fold in whose label these words stand, opened."""
    found = page.get_by_test_id("stExpander").filter(
        has=page.locator("summary").filter(has_text=words)
    )
    if not found.get_by_test_id("stExpanderDetails").first.is_visible():
        found.locator("summary").first.click()
        still(page)
    return found


def unfold(page) -> None:
    """Open every fold, also one inside another."""
    closed = page.locator("[data-testid=stExpander] details:not([open]) > summary")
    while closed.filter(visible=True).count():
        closed.filter(visible=True).first.click()
        still(page)
    ready(page)


def pick(page, field, option: str) -> None:
    """Choose an option of a field, or add it where it is in no list. While its list is open all
    else is out of reach, so the field is left."""
    still(page)
    field.click()
    page.keyboard.insert_text(option)
    named = page.get_by_role("option", name=option, exact=True)
    added = page.get_by_role("option", name=f"Add: {option}", exact=True)
    named.or_(added).first.click()
    page.keyboard.press("Tab")
    settled(page)


def find(page, field, words: str) -> None:
    """Choose the option in which these words stand."""
    still(page)
    field.click()
    page.keyboard.insert_text(words)
    page.get_by_role("option").filter(has_text=words).first.click()
    page.keyboard.press("Tab")
    settled(page)


def save(page, inside, label: str) -> None:
    """Press the button of a form, and wait until the page has followed."""
    inside.get_by_role("button", name=label, exact=True).click()
    settled(page)


def said(page, words: str) -> str:
    """What the page answers, in which these words stand."""
    alert = page.get_by_test_id("stAlert").filter(has_text=words).first
    expect(alert).to_be_visible()
    settled(page)
    return alert.inner_text()


def tab(page, name: str):
    """What stands under a tab of this name, opened."""
    page.get_by_role("tab", name=name).click()
    return page.get_by_role("tabpanel", name=name)


def tab_to(page, role: str, name: str) -> None:
    """Press Tab until the element of this role and name has the focus."""
    wanted = page.get_by_role(role, name=name).filter(visible=True).first
    for _ in range(120):
        if wanted.evaluate("element => element === element.getRootNode().activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {role} {name}")
