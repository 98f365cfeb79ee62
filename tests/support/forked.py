"""Processes of their own that begin at once: forked from one that has imported what they need, as
to import it anew takes longer than most of what they do."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# After a program that has a function `do`. Who begins a process ends it too: nobody else can know
# that its number is not another's by now.
FORK = r"""
import os
import signal
import sys
while line := sys.stdin.readline():
    child = os.fork()
    if not child:
        do(*line.rstrip("\n").split("\t"))
        os._exit(0)
    print("begun", flush=True)
    if sys.stdin.readline() == "kill\n":
        os.kill(child, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Forked:
    """A process of its own, which has begun."""

    def __init__(self, source: subprocess.Popen, words: tuple):
        self.source = source
        self._say("\t".join(map(str, words)))
        assert self.source.stdout.readline() == "begun\n"

    def _say(self, line: str) -> None:
        self.source.stdin.write(line + "\n")
        self.source.stdin.flush()

    def wait(self) -> int:
        """How it ended: 0 when all was well, minus the number of the signal that ended it."""
        self._say("wait")
        return int(self.source.stdout.readline())

    def kill(self) -> bool:
        """Whether it was killed, and had not ended before."""
        self._say("kill")
        ended = int(self.source.stdout.readline())
        assert ended in (0, -signal.SIGKILL)
        return ended != 0


class Forking:
    """Begins one process after another, each when the one before has ended."""

    def __init__(self, source: subprocess.Popen):
        self.source = source

    def begin(self, *words) -> Forked:
        """Have `do(*words)` done, words being texts without tabs."""
        return Forked(self.source, words)


@contextlib.contextmanager
def forking(program: str) -> Iterator[Forking]:
    """program: Python that imports what is needed and has a function `do`."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", program + FORK]
    with subprocess.Popen(command, cwd=ROOT, **pipes) as source:
        yield Forking(source)
        source.stdin.close()
