"""What each test and each file costs: a plugin of pytest, loaded by `tests/run.py --times`.

Prints seconds by file and for the dearest tests: of the clock, and of all processors. Servers and
browsers count with the test during which they worked, as far as this system tells (/proc, Linux).
"""

import os
import time
from collections import defaultdict
from pathlib import Path

import pytest

DEAREST = 40
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def processor_seconds() -> float:
    """What this process has used, and the processes that it started and that are alive."""
    own = os.times()
    used = own.user + own.system + own.children_user + own.children_system
    return used + sum(map(_used_by, _descendants(os.getpid())))


def _descendants(process: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(one) for one in path.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *_descendants(child)]
    return found


def _used_by(process: int) -> float:
    try:
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # Fields 14 to 17 of the whole line: its own time, and that of its children that have ended.
    return sum(map(int, after_name[11:15])) / TICKS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    item.stash[STARTED] = (time.monotonic(), processor_seconds())
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "teardown":
        clock, processor = item.stash[STARTED]
        # A browser that ended takes what it used with it.
        used = max(0.0, processor_seconds() - processor)
        spent = (time.monotonic() - clock, used)
        report.user_properties.append(("seconds", spent))
    return report


STARTED = pytest.StashKey[tuple[float, float]]()


def pytest_terminal_summary(terminalreporter):
    by_test = {
        report.nodeid: dict(report.user_properties)["seconds"]
        for reports in terminalreporter.stats.values()
        for report in reports
        if "seconds" in dict(getattr(report, "user_properties", ()))
    }
    by_file = defaultdict(lambda: [0.0, 0.0, 0])
    for test, spent in by_test.items():
        of_file = by_file[test.partition("::")[0]]
        of_file[:] = of_file[0] + spent[0], of_file[1] + spent[1], of_file[2] + 1
    everything = [sum(column) for column in zip(*by_file.values(), strict=True)]
    write = terminalreporter.write_line
    terminalreporter.section("seconds: clock, processors, tests")
    for file, (clock, processor, tests) in sorted(by_file.items(), key=lambda one: -one[1][1]):
        write(f"{clock:8.1f} {processor:8.1f} {tests:6} {file}")
    if everything:
        write(f"{everything[0]:8.1f} {everything[1]:8.1f} {everything[2]:6} all")
    terminalreporter.section(f"seconds of the {DEAREST} dearest tests: clock, processors")
    for test, (clock, processor) in sorted(by_test.items(), key=lambda one: -one[1][1])[:DEAREST]:
        write(f"{clock:8.1f} {processor:8.1f} {test}")
