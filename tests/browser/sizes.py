"""How much of a page a reader sees before anything is opened, and how much it may be.

    python -m tests.browser.sizes [PAGE ...]

Visits every page in every view, 1280 wide, over the sample network, and prints the words and
figures that are seen, the height of the page, where its last card ends, how many cards begin on the
first 800 points, and the seconds until it is whole. CHROMIUM may name the browser.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from queries import health
from tests.browser.visits import CHROMIUM_FLAGS, PAGES, PATIENCE_SECONDS, Server, menu, ready, visit
from tests.run import find_chromium

WIDTH, HEIGHT = 1280, 900
# What the frame calls each view.
VIEWS = {"share": "For everybody", "staff": "For staff", "names": "With names"}


@dataclass(frozen=True)
class Size:
    """Of one page in one view: words have a letter, figures have none; those in charts count, icons
    do not. ends: where the last card does. high: headings of cards in more than one line."""

    words: int
    figures: int
    height: int
    ends: int
    above: int
    high: tuple[str, ...]


# What is a word, which is an icon's name, and how high a heading of one line is.
_MEASURE = r"""() => {
    const main = document.querySelector('[data-testid=stMain]');
    const block = main.querySelector('[data-testid=stMainBlockContainer]');
    const seen = selector => [...block.querySelectorAll(selector)]
        .filter(one => one.checkVisibility());
    const icons = seen('[data-testid=stIconMaterial]').length;
    const all = main.innerText.split(/\s+/).filter(Boolean);
    const words = all.filter(word => /\p{L}/u.test(word)).length;
    const top = block.getBoundingClientRect().top;
    const edges = seen('[data-testid=stElementContainer]')
        .map(one => one.getBoundingClientRect().bottom - top);
    const headings = seen('h3');
    return {
        words: words - icons,
        figures: all.length - words,
        height: block.scrollHeight,
        ends: Math.round(Math.max(0, ...edges)),
        above: headings.filter(one => one.getBoundingClientRect().top - top < 800).length,
        high: headings.filter(one => one.getBoundingClientRect().height > 36)
            .map(one => one.innerText),
    };
}"""

# Before a fold is opened. Overview is held to one screen by a test of its own.
MOST_WORDS, MOST_HEIGHT = 350, 2600
OVERVIEW_WORDS = 150
# Of other people's cards headings may still take two lines.
MAY_BE_HIGH = {"app.py", "pages/students.py", "pages/meeting.py"}


def size_of(page) -> Size:
    """Of the page that is open, once it is whole."""
    found = page.evaluate(_MEASURE)
    return Size(**found | {"high": tuple(found["high"])})


def over_budget(size: Size, page_file: str) -> list[str]:
    """What is more than it may be; none where the page keeps to its budget."""
    words = OVERVIEW_WORDS if page_file == "app.py" else MOST_WORDS
    problems = []
    if size.words > words:
        problems.append(f"{size.words} words, and {words} are its budget")
    if size.height > MOST_HEIGHT:
        problems.append(f"{size.height} points high, and {MOST_HEIGHT} are its budget")
    if page_file not in MAY_BE_HIGH:
        problems += [f"a heading in more than one line: {heading}" for heading in size.high]
    return problems


def choose_view(page, view: str) -> None:
    """As a reader does; the page's session keeps it."""
    page.get_by_role("radiogroup", name="View").get_by_text(VIEWS[view], exact=True).click()
    ready(page)


LINE = "{:32}{:7}{:>8}{:>8}{:>8}{:>8}{:>8}{:>9}  {}\n"
HEADS = ("page", "view", "words", "figures", "height", "ends", "above", "seconds", "over budget")


def main(wanted: list[str]) -> None:
    """Print a line for every page and view."""
    sys.stdout.write(LINE.format(*HEADS))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        os.environ["ROUNDTABLE_HOME"] = str(home)
        health.current_generation(build_sample=True)
        server = Server(home, Path(folder) / "log.txt")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce"
        )
        page.set_default_timeout(1000 * PATIENCE_SECONDS)
        try:
            visit(page, server, "app.py")
            for view in VIEWS:
                choose_view(page, view)
                for page_file in wanted or PAGES:
                    begun = time.monotonic()
                    menu(page, page_file)
                    told_of(page, page_file, view, time.monotonic() - begun)
        finally:
            browser.close()
            server.stop()


def told_of(page, page_file: str, view: str, seconds: float) -> None:
    size = size_of(page)
    numbers = (size.words, size.figures, size.height, size.ends, size.above, f"{seconds:.1f}")
    problems = "; ".join(over_budget(size, page_file))
    sys.stdout.write(LINE.format(page_file, view, *numbers, problems))
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
