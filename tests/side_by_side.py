"""Which tests one process runs, of those that run side by side: all of the browser, or all of a
file. A plugin of pytest, loaded by `tests/run.py` when it runs the whole suite: so one server and
one browser are started, not one in each process, and what a file works out once is worked out once.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"


class BrowserAndFiles(LoadScopeScheduling):
    """The browser's tests first, which take longest; then file by file, as they come."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


@pytest.hookimpl
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return BrowserAndFiles(config, log)
