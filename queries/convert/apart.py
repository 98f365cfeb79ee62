"""Our own commands in a process of their own, with limits on memory and time.

    python -m queries.convert.apart MEGABYTES SECONDS COMMAND ...

runs `python -m queries COMMAND ...` so. What others made is read there: a file that takes all
memory, or never ends, ends that process and not the server, which reads what it printed.
"""

import contextlib
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from queries.load.time_left import heard

PROJECT = Path(__file__).resolve().parent.parent.parent
NO_MEMORY, NO_TIME = 70, 71


@dataclass(frozen=True)
class Limits:
    """How much one process may take. Windows knows no limit on memory."""

    megabytes: int
    seconds: int


LOOKING, LOADING = Limits(1024, 300), Limits(6144, 7200)


@dataclass(frozen=True)
class State:
    """How far a command is. says: what it does now; left: for how many seconds more, where that is
    known. code: how it ended, None before it has. problem: in a sentence, what ended it before it
    had an answer."""

    seconds: float
    says: str = ""
    code: int | None = None
    problem: str = ""
    printed: str = ""
    left: float | None = None

    @property
    def is_under_way(self) -> bool:
        return self.code is None


class Command:
    """One of our commands under way. It prints into files beside `place`."""

    def __init__(self, arguments: list[str], place: Path, limits: Limits) -> None:
        self.limits, self.started = limits, time.monotonic()
        self.printed, self.said = place.with_suffix(".json"), place.with_suffix(".txt")
        self.ended: State | None = None
        # Libraries that keep memory back, for threads or for later, would meet the limit early.
        sparing = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
        sparing["ARROW_DEFAULT_MEMORY_POOL"] = "system"
        given = [str(limits.megabytes), str(limits.seconds), *arguments]
        with self.printed.open("wb") as printed, self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "queries.convert.apart", *given],
                cwd=PROJECT,
                env=os.environ | sparing | {"PYTHONIOENCODING": "utf-8"},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=said,
            )

    def state(self) -> State:
        """How far it is; whoever asks also ends what goes on for too long."""
        if self.ended is None:
            seconds = time.monotonic() - self.started
            if seconds > self.limits.seconds + 5:
                self.stop()
            code = self.process.poll()
            lines = self.said.read_text("utf-8", errors="replace").splitlines()
            said_ago = time.time() - self.said.stat().st_mtime
            says, left = heard(lines[-1] if lines else "", said_ago)
            if code is None:
                return State(seconds, says, left=left)
            printed = self.printed.read_text("utf-8", errors="replace")
            problem = self._problem(code, printed)
            self.ended = State(seconds, says, code, problem, printed)
        return self.ended

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def wait(self) -> State:
        """How it ended."""
        while (state := self.state()).is_under_way:
            time.sleep(0.05)
        return state

    def _problem(self, code: int, printed: str) -> str:
        """What ended it before it had printed an answer; '' if nothing did."""
        minutes = max(1, self.limits.seconds // 60)
        ended_for_time = code == NO_TIME or -code == getattr(signal, "SIGALRM", 0)
        if ended_for_time or time.monotonic() - self.started > self.limits.seconds + 5:
            whole = "a minute" if minutes == 1 else f"{minutes} minutes"
            return f"This took more than {whole}, and was stopped. Bring fewer files at a time."
        if code == NO_MEMORY or code < 0:
            room = f"{self.limits.megabytes / 1024:.2g} GB"
            return (
                f"This took more than {room} of memory, and was stopped. Bring fewer files, or "
                "one school year at a time."
            )
        if code and not printed.strip():
            return "This could not be finished. Save the files again as CSV, and bring those."
        return ""


def main(arguments: list[str]) -> None:
    """Set the limits of this process, and run the command in it."""
    megabytes, seconds, *command = arguments
    _limit(int(megabytes), int(seconds))
    sys.argv = ["queries", *command]
    try:
        runpy.run_module("queries", run_name="__main__", alter_sys=True)
    except MemoryError:
        sys.exit(NO_MEMORY)


def _limit(megabytes: int, seconds: int) -> None:
    """What the system itself enforces; where it has no alarm, a thread ends the process."""
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(seconds)
    else:
        timer = threading.Timer(seconds, os._exit, (NO_TIME,))
        timer.daemon = True
        timer.start()
    if hasattr(os, "nice"):
        # Pages go first.
        os.nice(5)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        most = megabytes << 20
        # Of what a process can address the half gigabyte of its libraries is none that it takes.
        for limit, size in ((resource.RLIMIT_DATA, most), (resource.RLIMIT_AS, most + (1 << 29))):
            resource.setrlimit(limit, (size, size))


if __name__ == "__main__":
    main(sys.argv[1:])
