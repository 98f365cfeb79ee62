"""What a reader waits for: processor time of each page drawn again, beside an empty page.

    python -m tests.page_times            on the sample network
    python -m tests.page_times 200000     on a network of so many students (tests/grown_network.py)

Prints for each page and view milliseconds of processor time over those of an empty page, in one
run, so that a slow machine is slow for both. Each page is drawn three times before it is measured:
answers and charts are found then, as they are for everybody but the first reader.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from queries import choices
from queries.access import NAMES, SHARE
from queries.load import load
from queries.selection import Selection
from tests import grown_network

PROJECT = Path(__file__).resolve().parent.parent
PAGES = ["app.py", *(f"pages/{path.name}" for path in sorted(PROJECT.glob("pages/*.py")))]
WARM, MEASURED = 3, 8
# A team's own page is of its school.
OF_ONE_SCHOOL = "pages/students.py"
HEADING = """An empty page takes {:.1f} ms of processor time; over that take

                              for everybody  with names
"""
LINE = "{:30}{:10.1f} ms{:9.1f} ms\n"


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = PROJECT / "sample_data"
        if arguments:
            source = Path(folder, "exchange")
            grown_network.write_grown_network(source, int(arguments[0]))
        os.environ["ROUNDTABLE_HOME"] = str(Path(folder, "home"))
        load(source, os.environ["ROUNDTABLE_HOME"])
        empty = milliseconds(AppTest.from_string("import streamlit"))
        sys.stdout.write(HEADING.format(empty))
        for page in PAGES:
            over = (milliseconds(opened(page, view)) - empty for view in (SHARE, NAMES))
            sys.stdout.write(LINE.format(page, *over))
            sys.stdout.flush()


def opened(page: str, view: str) -> AppTest:
    at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=600)
    if page != "app.py":
        at.switch_page(page)
    at.session_state["view"] = view
    if page == OF_ONE_SCHOOL:
        at.query_params["school"] = choices.schools(Selection()).school_name[0]
    return at


def milliseconds(at: AppTest) -> float:
    """Of processor time for one more run."""
    for _ in range(WARM):
        at.run()
    assert not at.exception, at.exception
    begun = time.process_time()
    for _ in range(MEASURED):
        at.run()
    return 1000 * (time.process_time() - begun) / MEASURED


if __name__ == "__main__":
    main(sys.argv[1:])
