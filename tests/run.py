"""Everything that is checked, by one command, in an environment of its own.

    python3 tests/run.py [--fast] [--times] [--coverage] [arguments of pytest]
    python3 tests/run.py --lint

Makes `.venv` beside app.py from requirements-dev.txt, finds a Chromium for the browser tests (the
environment variable CHROMIUM may name one), then runs ruff, mypy and pytest. Nothing else of this
machine is used. Ends with the worst result of them. Standard library only: it runs before anything
is installed.

Of what is marked slow (second looks at what other tests protect, and odd shapes of files) every
fourteenth runs each day (tests/second_looks.py); ROUNDTABLE_LONG_CHECKS=1 runs all, and long checks
whole.

--fast, for the minutes between two edits, leaves out the browser, what is marked slow, and most
cases of a test with many (tests/few_cases.py). --times says what each file and the dearest tests
cost (tests/times.py). --coverage lists the lines and branches that no test took, and fails where
they are too many (fail_under in pyproject.toml). What runs in other processes, as a browser's
server, is not counted. --lint runs no test.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"
BINARIES = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BINARIES / ("python.exe" if os.name == "nt" else "python")
PINS = PROJECT / "requirements-dev.txt"
STAMP = ENVIRONMENT / "installed-pins.txt"
# Chromium without its windows takes two thirds of the time of the whole one.
HEADLESS = "chromium-headless-shell"
BROWSERS = (HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OLDEST_PYTHON = (3, 11)
# Where Linux keeps files in memory: what tests write and throw away need not wait for a disk. They
# hold two gigabytes at the most; where there is no room for many more, the disk is used.
IN_MEMORY = Path("/dev/shm")
ROOM = 8 * 2**30
# Every core has a process that tests: threads of numpy's own beside it wait for each other, which
# took a thirtieth of the processor time of tests that code a share view.
ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
FAST, LINT = "--fast", "--lint"
# What the options of this command mean to pytest.
OPTIONS = {
    FAST: ["-m", "not slow", "--ignore", "tests/browser", "-p", "tests.few_cases"],
    "--times": ["-p", "tests.times"],
    "--coverage": ["--cov"],
}


def main(arguments: list[str]) -> int:
    """Prepare, check, test; 0 when all is well."""
    if sys.version_info < OLDEST_PYTHON:
        say(f"Roundtable needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 1
    if not prepare_environment():
        return 1
    environment = own_environment()
    checks = ("ruff check .", "ruff format --check .", "mypy")
    results = {check: step(check, check.split(), environment) for check in checks}
    if LINT in arguments:
        return worst_of(results)
    options = [word for name, words in OPTIONS.items() if name in arguments for word in words]
    if FAST not in arguments:
        chromium = find_chromium() or install_chromium()
        if chromium is None:
            say(
                "There is no Chromium for the browser tests. Install Chromium or Google Chrome, or "
                "name its program in the environment variable CHROMIUM, and run this again."
            )
            return 1
        say(f"Browser: {chromium}")
        environment["CHROMIUM"] = chromium
    # One more at a time than there are cores: while one waits for its browser, others reckon.
    at_once = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal"]
    named = [word for word in arguments if word not in OPTIONS]
    if all(word.startswith("-") for word in named) and FAST not in arguments:
        options += ["-p", "tests.second_looks", "-p", "tests.side_by_side"]
    with temporary_folder() as folder:
        tests = ["pytest", *at_once, *folder, *options, *named]
        results["pytest"] = step("pytest", tests, environment)
    return worst_of(results)


@contextlib.contextmanager
def temporary_folder() -> Iterator[list[str]]:
    """What tells pytest to keep its files in memory; nothing where there is no room."""
    if not IN_MEMORY.is_dir() or min(shutil.disk_usage(IN_MEMORY).free, free_memory()) < ROOM:
        yield []
        return
    folder = tempfile.mkdtemp(prefix="roundtable-tests-", dir=IN_MEMORY)
    try:
        yield ["--basetemp", str(Path(folder) / "of")]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_memory() -> int:
    """In bytes, as Linux tells it; 0 elsewhere."""
    try:
        lines = Path("/proc/meminfo").read_text("utf-8").splitlines()
    except OSError:
        return 0
    known = dict(line.split(":", 1) for line in lines)
    return 1024 * int(known.get("MemAvailable", "0 kB").split()[0])


def prepare_environment() -> bool:
    """Have `.venv` hold exactly what is pinned; made anew when a pin or this Python changed."""
    pins = sys.version + "\n" + PINS.read_text("utf-8")
    if PYTHON.exists() and STAMP.is_file() and STAMP.read_text("utf-8") == pins:
        say(f"Environment: {ENVIRONMENT} is up to date")
        return True
    say(f"Environment: making {ENVIRONMENT}")
    if run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], own_environment()):
        say("Python could not make an environment. On Debian: apt-get install python3-venv")
        return False
    say("Environment: installing requirements-dev.txt")
    # Python compiles what it imports, a tenth of these packages: to compile all took half the time.
    quietly = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    install = [str(PYTHON), "-m", "pip", "install", *quietly, "-r", str(PINS)]
    if run(install, own_environment()):
        say("The packages could not be installed; see above.")
        return False
    STAMP.write_text(pins, "utf-8")
    return True


def find_chromium() -> str | None:
    """The browser that CHROMIUM names, or the first one on the path; None if there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    found = [shutil.which(name) for name in (*BROWSERS, "/usr/bin/chromium")]
    return next((path for path in found if path), None)


def install_chromium() -> str | None:
    """On Debian, as root, install Chromium; elsewhere that is left to the person."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if os.environ.get("CHROMIUM") or not is_root or not shutil.which("apt-get"):
        return None
    say("Browser: installing Debian's Chromium")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run(["apt-get", "update", "-q"], environment)
    for package in (HEADLESS, "chromium"):
        if find_chromium() is None:
            install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", package]
            run(install, environment)
    return find_chromium()


def own_environment() -> dict[str, str]:
    """The environment without what would reach past `.venv` or change what is tested."""
    others = ("PYTHON", "PYTEST", "STREAMLIT", "ROUNDTABLE_HOME", "VIRTUAL_ENV")
    own = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return own | ALONE


def worst_of(results: dict[str, int]) -> int:
    """The worst result. What failed is said last: the last line of tests that pass hides it."""
    if failed := [name for name, result in results.items() if result]:
        say(f"Failed: {', '.join(failed)}; see above.")
    return max(results.values())


def step(name: str, command: list[str], environment: dict[str, str]) -> int:
    """Run one check of `.venv` and say which."""
    say(f"Running {name}")
    return run([str(PYTHON), "-m", *command], environment)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command in the project; its exit code, or 128 and more if a signal ended it."""
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        for line in process.stderr:
            # DuckDB's bindings count what is alive at exit; it hides the last line of pytest.
            if not line.startswith(
                ("nanobind:", " - leaked", " - ... skipped", "See https://nanob")
            ):
                sys.stderr.write(line)
    code = process.returncode
    return code if code >= 0 else 128 - code


def say(line: str) -> None:
    """One line at once, so that it stands before what the next command prints."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
