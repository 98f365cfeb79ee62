"""How tests and pictures start the server, open a page, choose, and know that it is whole."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from pages.shared import frame

PROJECT = Path(__file__).resolve().parent.parent.parent

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A cold page on two busy cores; nothing that works comes near.
PATIENCE_SECONDS = 60

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

PAGES = {page: label for pages in frame.MENU.values() for page, label in pages.items()}

expect.set_options(timeout=15_000)


def address_of(page_file: str, **choices) -> str:
    """The part of a page's address after the server: its name and the reader's choices."""
    name = "" if page_file == "app.py" else Path(page_file).stem
    return f"/{name}" + (f"?{urlencode(choices)}" if choices else "")


class Server:
    """One Streamlit process over one home."""

    def __init__(self, home: Path, log: Path):
        self.home, self.log = home, log
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        options = {"--server.port": str(self.port), "--server.fileWatcherType": "none"}
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("STREAMLIT", "PYTEST"))
        }
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py"]
                + [word for option in options.items() for word in option],
                cwd=PROJECT,
                # A home folder of its own, so that no Streamlit settings of this machine count.
                env=inherited | {"ROUNDTABLE_HOME": str(home), "HOME": str(log.parent)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_healthy()

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"the server ended: {self.log_text()}"
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.1)
        self.stop()
        raise AssertionError(f"the server did not start: {self.log_text()}")

    def log_text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End this process, by its own id."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _free_port() -> int:
    while True:
        with socket.socket() as listener:
            listener.bind(("localhost", 0))
            port = listener.getsockname()[1]
        # Streamlit's own ports: somebody may be looking at the dashboard meanwhile.
        if not 8501 <= port <= 8510:
            return port


def ready(page, label: str | None = None) -> None:
    """Wait until the page that the menu calls `label` is whole, and check that nothing broke."""
    if label:
        page.wait_for_function("start => document.title.startsWith(start)", arg=f"{label} ·")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_selector("[data-testid=stMain] h1")
    page.wait_for_function(
        """() => !document.querySelector('[data-testid=stMain] [data-stale=true]')
            && !document.querySelector('[data-testid=stSkeleton]')
            && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
                .filter(chart => chart.checkVisibility())
                .every(chart => chart.querySelector('svg [class*=mark], canvas'))"""
    )
    still(page)
    assert page.locator("[data-testid=stException]").count() == 0, main_text(page)


def still(page) -> None:
    """Wait until no fold is opening: a list that is open in it would close."""
    page.wait_for_function(
        "() => !document.getAnimations().some(one => one.effect.target?.tagName === 'DETAILS')"
    )


def go(page, server: Server, page_file: str, **choices) -> None:
    """Open a page by its address and wait until it is whole."""
    page.goto(server.url + address_of(page_file, **choices))
    ready(page, PAGES[page_file])


def for_staff(page) -> None:
    """Choose the staff's view, as a reader does; the page's session keeps it."""
    page.get_by_role("radiogroup", name="View").get_by_text("For staff", exact=True).click()
    expect(page.get_by_text("For staff of this school").first).to_be_visible()
    ready(page)


def leave(server: Server, *pages) -> None:
    """Stop a server after closing its pages, which would complain that it is gone."""
    for page in pages:
        page.close()
    server.stop()


def menu(page, page_file: str) -> None:
    """Go to a page as a reader does, by its link in the menu."""
    link = page.locator("[data-testid=stSidebar]").get_by_role("link", name=PAGES[page_file])
    link.click()
    ready(page, PAGES[page_file])


def main_text(page) -> str:
    """All words of the page, the menu apart."""
    return page.locator("[data-testid=stMain]").inner_text()


def choose(page, key: str, option: str) -> None:
    """Choose an option of the filter with this key, and wait until the page has followed."""
    field = page.locator(f".st-key-{key} input[role=combobox]")
    field.click()
    page.get_by_role("option", name=option, exact=True).click()
    expect(field).to_have_value(option)
    page.wait_for_function("key => new URL(location).searchParams.has(key)", arg=key)
    ready(page)


def chosen(page, key: str) -> str:
    """What the filter with this key shows."""
    return page.locator(f".st-key-{key} input[role=combobox]").input_value()


def axe(page) -> list[str]:
    """What breaks the rules of WCAG 2.1 A and AA, one line each."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [
        f"{violation['id']}: {node['html'][:200]}\n  {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
