"""Of the tests that are marked `slow`, another half each day: a plugin of pytest, loaded by
`tests/run.py`. Each looks a second time at what a quick test protects, and all of them together
took a quarter of the suite. ROUNDTABLE_LONG_CHECKS=1, or naming any test, runs them all."""

import pytest

from tests.support.sampled import sampled


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    slow = [item for item in items if item.get_closest_marker("slow")]
    left_out = set(slow) - set(sampled(slow, len(slow) // 2))
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]
