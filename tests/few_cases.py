"""Of a test with many cases that need data, the first and the last alone: a plugin of pytest,
loaded by `tests/run.py --fast`. The whole suite runs every case."""

from collections import defaultdict

import pytest

# Fixtures by which a test has data loaded, or loads some itself.
DATA = {"kept", "home", "folder", "refused_folder", "served"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    cases = defaultdict(list)
    for item in items:
        if DATA & set(item.fixturenames):
            cases[item.path, item.originalname].append(item)
    left_out = {item for of_test in cases.values() for item in of_test[1:-1]}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]
