"""The log says what was loaded, refused and went wrong, and nothing of what the data say."""

import io
import logging
import re
import stat
import sys

import pytest
from streamlit.testing.v1 import AppTest

from queries import log
from queries.load import Refused, load
from tests.support.exchange import write_folder


def written(home) -> list[str]:
    """The lines of the log, without their time."""
    lines = (home / log.FILE).read_text(encoding="utf-8").splitlines()
    return [re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ", "", line) for line in lines]


def test_a_refused_load_is_logged_by_its_files_and_rows_and_names_nobody(tmp_path):
    folder, home = tmp_path / "exchange", tmp_path / "home"
    rows = [{"student_id": "zanzibar"}] + [{"student_id": "quagga", "code": "okapi"}] * 2
    write_folder(folder, attendance=rows)
    (folder / "okapi.csv").write_text("A letter\n", encoding="utf-8")
    with pytest.raises(Refused):
        load(folder, home, share_view=False)
    [line] = written(home)
    # The code of two rows; the students are said at once.
    assert line == "WARNING load of 'exchange' refused: attendance (refused, 3)"
    assert not re.search("zanzibar|quagga|okapi|alder", line, re.IGNORECASE)
    if sys.platform != "win32":
        assert stat.S_IMODE((home / log.FILE).stat().st_mode) == 0o600


def test_a_load_is_logged_when_it_is_published_and_not_when_it_is_tried(tmp_path):
    folder, home = tmp_path / "exchange", tmp_path / "home"
    write_folder(folder)
    load(folder, home, share_view=False, dry_run=True)
    assert not (home / log.FILE).exists()
    load(folder, home, share_view=False)
    [line] = written(home)
    assert re.match(r"INFO load of 'exchange' published in \d+\.\d s: ", line)


def test_an_error_of_a_page_is_logged_by_its_way_and_without_its_values(tmp_path, use_home):
    def page():
        from queries.load import publish

        publish.path_of("home", "zanzibar")

    use_home(tmp_path)
    printed = io.StringIO()
    terminal = logging.StreamHandler(printed)
    logging.getLogger("streamlit.error_util").addHandler(terminal)
    try:
        assert AppTest.from_function(page).run().exception
    finally:
        logging.getLogger("streamlit.error_util").removeHandler(terminal)
    [line] = written(tmp_path)
    assert re.fullmatch(r"ERROR Traceback .*: ValueError at .*queries/load/publish\.py:\d+.*", line)
    assert "zanzibar" not in line
    assert "Traceback without values: ValueError" in printed.getvalue()
    assert "zanzibar" not in printed.getvalue()


def test_a_log_that_has_grown_begins_anew_and_keeps_what_was(tmp_path, use_home):
    use_home(tmp_path)
    (tmp_path / log.FILE).write_bytes(b"x" * log.MOST_BYTES)
    log.logger.info("first")
    log.logger.info("second")
    assert written(tmp_path) == ["INFO second"]
    assert (tmp_path / "log.old.txt").read_bytes().endswith(b"INFO first\n")
