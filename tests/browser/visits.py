"""How tests and pictures start the server, open a page, choose, and know that it is whole."""

import contextlib
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
from playwright.sync_api import Error, expect
from playwright.sync_api import TimeoutError as TooLate

from pages.shared import frame, remembered

PROJECT = Path(__file__).resolve().parent.parent.parent

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Hardly a page lives for long enough that optimizing its code to the end pays.
    "--js-flags=--no-turbofan",
]

# A cold page on two busy cores; nothing that works comes near.
PATIENCE_SECONDS = 120

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
COLORS = ["color-contrast", "link-in-text-block"]

PAGES = {page: label for pages in frame.MENU.values() for page, label in pages.items()}

# Narrower than this, Streamlit folds the menu away.
PHONE_ENDS = 768

expect.set_options(timeout=15_000)


def address_of(page_file: str, **choices) -> str:
    """The part of a page's address after the server: its name and the reader's choices."""
    name = "" if page_file == "app.py" else Path(page_file).stem
    return f"/{name}" + (f"?{urlencode(choices)}" if choices else "")


PATHS = {label: address_of(page_file) for page_file, label in PAGES.items()}


class Server:
    """One Streamlit process over one home."""

    def __init__(self, home: Path, log: Path, port: int | None = None):
        self.home, self.log = home, log
        self.port = port or free_port()
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
            assert self.runs(), f"the server ended: {self.log_text()}"
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.1)
        self.stop()
        raise AssertionError(f"the server did not start: {self.log_text()}")

    def runs(self) -> bool:
        return self.process.poll() is None

    def log_text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End this process, by its own id."""
        if self.runs():
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def free_port() -> int:
    while True:
        with socket.socket() as listener:
            listener.bind(("localhost", 0))
            port = listener.getsockname()[1]
        # Streamlit's own ports: somebody may be looking at the dashboard meanwhile.
        if not 8501 <= port <= 8510:
            return port


# What a page still lacks, by name: so that a test that waited in vain says for what.
MISSING = """([start, path]) => {
    const main = document.querySelector('[data-testid=stMain]');
    const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')];
    return Object.entries({
        'its title': document.title.startsWith(start),
        // The title changes with the click, the address with the first word from the server.
        'its address': !path || location.pathname === path,
        'the end of its run': document.querySelector(
            '[data-testid=stApp][data-test-script-state=notRunning]'),
        'its heading': main?.querySelector('h1')?.checkVisibility(),
        'what this run makes anew': !main?.querySelector('[data-stale=true]'),
        'what is still loaded': !document.querySelector('[data-testid=stSkeleton]'),
        'the marks of a chart': charts.filter(chart => chart.checkVisibility())
            .every(chart => chart.querySelector('svg [class*=mark], canvas')),
        'the end of a fold that opens': !document.getAnimations()
            .some(one => one.effect.target?.tagName === 'DETAILS'),
    }).filter(([name, is_there]) => !is_there).map(([name]) => name);
}"""

# Charts are drawn anew, a moment later, when the room that they have changes.
FILLED = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
    .filter(chart => chart.checkVisibility())
    .every(chart => Math.abs(chart.getBoundingClientRect().width
        - chart.querySelector('svg')?.getBoundingClientRect().width) < 1)"""

# How often a wait looks, in milliseconds: each frame, as is usual, costs a tenth of a visit.
OFTEN = 50


def ready(page, label: str | None = None) -> None:
    """Wait until the page that the menu calls `label` is whole, and check that nothing broke."""
    what = [f"{label} ·", PATHS[label]] if label else ["", ""]
    try:
        page.wait_for_function(f"what => ({MISSING})(what).length === 0", arg=what, polling=OFTEN)
    except TooLate as problem:
        missing = page.evaluate(MISSING, what)
        raise AssertionError(f"{page.url} still lacks {missing}") from problem
    assert page.locator("[data-testid=stException]").count() == 0, main_text(page)


def still(page) -> None:
    """Wait until no fold is opening: a list that is open in it would close."""
    page.wait_for_function(
        "() => !document.getAnimations().some(one => one.effect.target?.tagName === 'DETAILS')",
        polling=OFTEN,
    )


def make_wide(page, width: int) -> None:
    """Give the open page this width and wait until its charts have followed.

    If one does not, the page is left as it is, for the test to find what is too wide.
    """
    page.set_viewport_size({"width": width, "height": 900})
    with contextlib.suppress(TooLate):
        page.wait_for_function(FILLED, polling=OFTEN, timeout=10_000)
    ready(page)


def unfold(page) -> None:
    """Open every fold of the page at once and wait until what is in it is there."""
    folds = page.locator("[data-testid=stExpander] details:not([open]) > summary:visible")
    folds.evaluate_all("folds => folds.forEach(fold => fold.click())")
    ready(page)
    # Of several that the server makes when they are opened, one click may overtake another.
    with contextlib.suppress(AssertionError):
        expect(folds).to_have_count(0, timeout=2000)
    while folds.count():
        folds.first.click()
        ready(page)
        page.wait_for_timeout(500)
    expect(folds).to_have_count(0)
    ready(page)


def go(page, server: Server, page_file: str, **choices) -> None:
    """Open a page by its address, as who was not here before, and wait until it is whole."""
    remember_nothing(page.context)
    come_back(page, server, page_file, **choices)


def come_back(page, server: Server, page_file: str, **choices) -> None:
    """The same as somebody whose browser remembers what they chose."""
    page.goto(server.url + address_of(page_file, **choices))
    ready(page, PAGES[page_file])


def remember_nothing(context) -> None:
    """Have the browser forget whose it is."""
    for name in remembered.KEPT:
        context.clear_cookies(name=f"roundtable_{name}")


def for_staff(page) -> None:
    """Choose the staff's view, as a reader does; the page's session keeps it."""
    page.get_by_role("radiogroup", name="View").get_by_text("For staff", exact=True).click()
    expect(page.get_by_text("Keep inside.").first).to_be_visible()
    ready(page)


def clear(page) -> None:
    """Leave the page for an empty one, with what it stored in its tab and in this browser."""
    with contextlib.suppress(Error):
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.goto("about:blank")


def leave(server: Server, *pages) -> None:
    """Stop a server after leaving its pages, which would complain that it is gone."""
    for page in pages:
        clear(page)
    server.stop()


def menu(page, page_file: str) -> None:
    """Go to a page as a reader does, by its link in the menu; on a phone, unfold and fold that."""
    button = page.locator("[data-testid=stExpandSidebarButton]")
    on_a_phone = page.viewport_size["width"] < PHONE_ENDS
    link = page.locator("[data-testid=stSidebar]").get_by_role("link", name=PAGES[page_file])
    if not on_a_phone:
        # It unfolds by itself where a phone became a laptop, but in a tab that was opened as one.
        with contextlib.suppress(TooLate):
            link.wait_for(timeout=3000)
    if on_a_phone or not link.is_visible():
        button.click()
    link.click()
    ready(page, PAGES[page_file])
    if on_a_phone:
        page.get_by_role("button", name="Collapse sidebar").click()
        expect(button).to_be_visible()


def visit(page, server: Server, page_file: str) -> None:
    """Open a page by its address in an empty tab, and by the menu in one that shows another page:
    this costs a quarter, and the session keeps what the reader chose."""
    if page.url.startswith(server.url):
        menu(page, page_file)
    else:
        go(page, server, page_file)


def main_text(page) -> str:
    """All words of the page, the menu apart."""
    return page.locator("[data-testid=stMain]").inner_text()


def choose(page, key: str, option: str) -> None:
    """Choose an option of the filter with this key, and wait until the page has followed."""
    field = page.locator(f".st-key-{key} input[role=combobox]")
    with a_run(page):
        field.click()
        page.get_by_role("option", name=option, exact=True).click()
    expect(field).to_have_value(option)
    held = "key => new URL(location).searchParams.has(key)"
    page.wait_for_function(held, arg=key, polling=OFTEN)
    ready(page)


@contextlib.contextmanager
def a_run(page):
    """Do something that has the page made anew; at the end of it, that has begun.

    The address changes a tenth of a second earlier, and until then the page looks whole.
    """
    page.evaluate(
        """() => {
            const app = document.querySelector('[data-testid=stApp]');
            window.aRunBegan = false;
            new MutationObserver((changes, observer) => {
                window.aRunBegan = true;
                observer.disconnect();
            }).observe(app, {attributeFilter: ['data-test-script-state']});
        }"""
    )
    yield
    # A run that ends at once is never seen.
    with contextlib.suppress(TooLate):
        page.wait_for_function("() => window.aRunBegan", polling=OFTEN, timeout=3000)


def chosen(page, key: str) -> str:
    """What the filter with this key shows."""
    return page.locator(f".st-key-{key} input[role=combobox]").input_value()


def axe(page, part: str = "html") -> list[str]:
    """What breaks the rules of WCAG 2.1 A and AA in a part of the page, one line each; in the dark
    of the rules on colors, as by all others a page is what it is in the light."""
    # What passes is not asked for: to send it out of the browser took half of the time.
    only = {"type": "tag", "values": RULES}
    if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"):
        only = {"type": "rule", "values": COLORS}
    options = {"runOnly": only, "resultTypes": ["violations"]}
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate(
        "([part, options]) => axe.run(part, options).then(found => found.violations)",
        [part, options],
    )
    return [
        f"{violation['id']}: {node['html'][:200]}\n  {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def count_clicks(page):
    """clicks(): how often somebody has clicked since; what is typed is not counted."""
    page.evaluate(
        """() => {
            window.clicked = 0;
            if (!window.counted) addEventListener('click', () => window.clicked++, true);
            window.counted = true;
        }"""
    )
    return lambda: page.evaluate("window.clicked")
