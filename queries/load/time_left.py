"""How long a command will still take: by what its steps took before on this machine.

    home/steps.json    by command, the seconds of each step of the longest run that went to its end

The steps that are done say how much faster or slower this run is than that one. While they are too
little of the whole, or a step is new or takes longer than it should, nothing is said. The longest
run says most: where nothing has changed, the share view is not coded again.
"""

import contextlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

FILE = "steps.json"
# What is done must have taken so much of the run before, for its pace to say something of the rest.
ENOUGH = 0.05
# Fewer seconds are over before they are read.
WORTH_SAYING = 5
_LEFT = re.compile(r" \(about (\d+) s left\)$")


class Steps:
    """What a command calls with the name of each step as it begins; it says that, and the time
    left where it is known, to `say`."""

    def __init__(self, home: Path, command: str, say: Callable[[str], None] | None) -> None:
        self.file, self.command, self.say = Path(home) / FILE, command, say or (lambda _: None)
        self.before = _kept(self.file).get(command, {})
        self.done: dict[str, float] = {}
        self.step, self.since = "", time.monotonic()

    def __call__(self, step: str) -> None:
        self._end_step()
        self.step = step
        left = seconds_left(self.before, self.done, step)
        is_short = left is None or left < WORTH_SAYING
        self.say(step if is_short else f"{step} (about {left:.0f} s left)")

    def _end_step(self) -> None:
        now = time.monotonic()
        if self.step:
            self.done[self.step] = now - self.since
        self.since = now

    def keep(self) -> None:
        """Once all is done: what each step took, if no run took longer and there is room for it."""
        self._end_step()
        if sum(self.done.values()) < sum(self.before.values()):
            return
        written = self.file.with_name(f"{FILE}.{os.getpid()}")
        with contextlib.suppress(OSError):
            written.write_text(json.dumps(_kept(self.file) | {self.command: self.done}), "utf-8")
            written.replace(self.file)


def seconds_left(before: Mapping[str, float], done: Mapping[str, float], step: str) -> float | None:
    """The seconds from the beginning of a step to the end, None while nobody can know. before: what
    each step took the last time, in order; done: what those that are done took now."""
    known = [name for name in done if name in before]
    then = sum(before[name] for name in known)
    if step not in before or then <= ENOUGH * sum(before.values()):
        return None
    from_here = list(before)[list(before).index(step) :]
    pace = sum(done[name] for name in known) / then
    return pace * sum(before[name] for name in from_here if name not in done)


def heard(line: str, seconds_ago: float) -> tuple[str, float | None]:
    """A line that was said so many seconds ago: the step, and how many seconds are left now."""
    said = _LEFT.search(line)
    if said is None:
        return line, None
    left = int(said[1]) - seconds_ago
    return line[: said.start()], left if left > 0 else None


def _kept(file: Path) -> dict[str, dict[str, float]]:
    """What is kept; nothing where nobody kept it, or it cannot be read."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        return {
            command: {step: float(seconds) for step, seconds in steps.items()}
            for command, steps in kept.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
