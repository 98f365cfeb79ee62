"""Of the tests that are marked `slow`, every fourteenth each day: a plugin of pytest, loaded by
`tests/run.py`. Each looks a second time at what a quick test protects, or along another way, and
all of them together take two thirds of the whole suite. Two weeks run each once;
ROUNDTABLE_LONG_CHECKS=1, or naming any test, runs them all."""

from datetime import date

import pytest

from tests.support.sampled import LONG

DAYS = 14


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    slow = [item for item in items if item.get_closest_marker("slow")]
    today = slow if LONG else slow[date.today().toordinal() % DAYS :: DAYS]
    left_out = set(slow) - set(today)
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]
