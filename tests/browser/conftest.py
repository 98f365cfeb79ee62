"""A real server and a real browser for every test in this folder.

No test passes while a page asks for anything from another host, writes an error to the browser's
console, or leaves a traceback in the server's log.
"""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import writing
from tests.browser.visits import (
    CHROMIUM_FLAGS,
    PATIENCE_SECONDS,
    Server,
    clear,
    remember_nothing,
)
from tests.run import find_chromium

# Pages that were left stay in memory: after forty a tab held over a gigabyte, and was slow.
TESTS_OF_A_TAB = 5

LAPTOP = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}

# What Streamlit says when it shows the first page in place of one that is not there.
NO_SUCH_PAGE = "Running the app's main page."

# Streamlit's browser side looks for its server under the page's own address first.
KNOWN_PROBES = re.compile(r"/\w+/_stcore/(health|host-config)$")


@pytest.fixture(scope="session")
def serve(tmp_path_factory):
    """serve(home): a server over this home, stopped at the end of the session if not before. On the
    port of one that was stopped, as the browser keeps Streamlit's files by it."""
    servers = []

    def start(home: Path) -> Server:
        left = {one.port for one in servers} - {one.port for one in servers if one.runs()}
        log = tmp_path_factory.mktemp("server") / "log.txt"
        server = Server(home, log, min(left, default=None))
        servers.append(server)
        return server

    start.servers = servers
    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(serve, sample_home) -> Server:
    """The sample network, served for all tests that only look: by the server of those that write,
    which hold again what the sample holds when they end. One more is a start of five seconds, and
    every question asked again."""
    return writing.own(serve, sample_home).server


@pytest.fixture(autouse=True)
def no_traceback(serve):
    """Fail a test during which a server wrote a traceback."""
    before = {server.log: len(server.log_text()) for server in serve.servers}
    yield
    for server in serve.servers:
        written = server.log_text()[before.get(server.log, 0) :]
        assert "Traceback" not in written, written


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = find_chromium()
    if chromium is None:
        pytest.fail("no Chromium here; python3 tests/run.py says what to install")
    return browser_type_launch_args | {"executable_path": chromium, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def tabs(browser_type, browser_type_launch_args, tmp_path_factory):
    """The tabs of one browser for all tests, which keeps Streamlit's own files, and what it made of
    them, on disk: to fetch and compile them anew takes half the time of a page. What a reader does
    is kept by the server, tab by tab."""
    folder = tmp_path_factory.mktemp("browser")
    with browser_type.launch_persistent_context(
        folder, **browser_type_launch_args, **LAPTOP
    ) as context:
        yield Tabs(context)


class Tabs:
    """Tabs that are used again: a new one is a new process, which compiles Streamlit's files once
    more and takes as long as the page itself."""

    def __init__(self, context):
        self.context = context
        self.context.set_default_timeout(1000 * PATIENCE_SECONDS)
        self.heard, self.tests = [], Counter()
        self.free = [self._watched(page) for page in context.pages]

    def open(self, viewport: dict, color_scheme: str):
        """An empty tab of this size and look, which remembers nothing of the tests before."""
        page = self.free.pop() if self.free else self._watched(self.context.new_page())
        page.set_viewport_size(viewport)
        motion = LAPTOP["reduced_motion"]
        page.emulate_media(media="screen", color_scheme=color_scheme, reduced_motion=motion)
        return page

    def _watched(self, page):
        begin = page.on

        def on(event, note):
            self.heard.append((page, event, note))
            begin(event, note)

        # Whatever a test listens to ends with the test.
        page.on = on
        return page

    def forget(self) -> None:
        """Leave every page, with what it stored, and what tests listened to."""
        for page, event, note in self.heard:
            page.remove_listener(event, note)
        self.heard.clear()
        for page in self.context.pages:
            if page in self.free:
                continue
            self.tests[page] += 1
            if self.tests[page] == TESTS_OF_A_TAB:
                page.close()
                continue
            clear(page)
            page.set_default_timeout(1000 * PATIENCE_SECONDS)
            self.free.append(page)
        self.context.clear_cookies()


class Reader:
    """Somebody who opens tabs of one size and look."""

    def __init__(self, tabs: Tabs, viewport: dict, color_scheme: str):
        remember_nothing(tabs.context)
        self.tabs, self.viewport, self.color_scheme = tabs, viewport, color_scheme

    def new_page(self):
        return self.tabs.open(self.viewport, self.color_scheme)


@pytest.fixture
def new_context(tabs):
    """new_context(viewport=…, color_scheme=…): a reader without pages, watched until the test
    ends."""
    outside, complaints = [], []
    listeners = {
        "request": lambda request: _note_outside(request.url, outside),
        "console": lambda message: _note_complaint(message, complaints),
        "weberror": lambda error: complaints.append(str(error.error) + _on(error.page)),
    }
    for event, note in listeners.items():
        tabs.context.on(event, note)
    yield lambda viewport=LAPTOP["viewport"], color_scheme="light": Reader(
        tabs, viewport, color_scheme
    )
    tabs.forget()
    for event, note in listeners.items():
        tabs.context.remove_listener(event, note)
    assert not outside, f"requests to other hosts: {outside}"
    assert not complaints, f"errors in the console: {complaints}"


def _note_outside(url: str, outside: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"data", "blob"} and parts.hostname not in {"localhost", "127.0.0.1"}:
        outside.append(url)


def _note_complaint(message, complaints: list[str]) -> None:
    where = urlsplit(message.location.get("url", "")).path
    known = KNOWN_PROBES.search(where) or NO_SUCH_PAGE in message.text
    if message.type == "error" and not known:
        complaints.append(f"{message.text} ({where})" + _on(message.page))


def _on(page) -> str:
    return f" on {page.url}" if page else ""
