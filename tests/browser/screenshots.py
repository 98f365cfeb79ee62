"""The pictures of the README, from the sample network, so that anyone can make them again.

    python tests/browser/screenshots.py [FOLDER]

FOLDER is docs/screenshots beside app.py unless given. CHROMIUM may name the browser.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from playwright.sync_api import sync_playwright

from tests.browser.visits import CHROMIUM_FLAGS, PATIENCE_SECONDS, PROJECT, Server, go
from tests.run import find_chromium

HERITAGE = {"survey": "Heritage staff survey", "assumed_n": 32}
# The phone is held long: its first chart stands below the filters.
LAPTOP, PHONE = (1280, 900), (390, 1500)

# name of the picture: page, choices, size of the window, look
PICTURES = {
    "overview": ("app.py", {}, LAPTOP, "light"),
    "overview_dark": ("app.py", {}, LAPTOP, "dark"),
    "chronic_absence": ("pages/chronic_absence.py", {}, LAPTOP, "light"),
    "causes": ("pages/causes.py", {}, LAPTOP, "light"),
    "network": ("pages/network.py", {}, LAPTOP, "light"),
    "plans": ("pages/plans.py", {}, LAPTOP, "light"),
    "meeting": ("pages/meeting.py", {"step": "Since last time"}, LAPTOP, "light"),
    "school_culture": ("pages/school_culture.py", HERITAGE, LAPTOP, "light"),
    "school_culture_phone": ("pages/school_culture.py", HERITAGE, PHONE, "light"),
    "how_we_count": ("pages/how_we_count.py", {}, LAPTOP, "light"),
    "data_health": ("pages/data_health.py", {}, LAPTOP, "light"),
}


def main(folder: Path) -> int:
    """Take every picture; 0 when all are there."""
    chromium = find_chromium()
    if chromium is None:
        say("There is no Chromium here; python3 tests/run.py says what to install.")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        server = Server(Path(temporary) / "home", Path(temporary) / "log.txt")
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            for name, picture in PICTURES.items():
                take(browser, server, folder / f"{name}.png", *picture)
            browser.close()
        finally:
            server.stop()
    return 0


def take(browser, server: Server, path: Path, page_file: str, choices: dict, size, look) -> None:
    """One picture of what a window of this size shows first."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=look,
        reduced_motion="reduce",
        # Twice the points: README shows the picture smaller than it is.
        device_scale_factor=2,
    )
    context.set_default_timeout(1000 * PATIENCE_SECONDS)
    page = context.new_page()
    go(page, server, page_file, **choices)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path, animations="disabled", caret="hide")
    context.close()
    say(f"{path} ({path.stat().st_size // 1024} KB)")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(Path(given[0]) if given else PROJECT / "docs" / "screenshots"))
