"""Files of other systems, broken at random: nothing may crash, hang, or count a row twice.

    python -m tests.fuzz_exports [FILES] [FIRST]

Of every shape of tests/support/exports.py and survey_exports.py a small district is written, one
file of it is broken by seed (bytes changed, cut off, cells shifted, swapped, repeated, other
encodings, huge cells, other delimiters), and the folder is converted; every twentieth is loaded,
too, over a generation that must stay. FIRST: the seed to begin with. Prints what became of them,
and ends with 1 when one ended in anything but a sentence, took longer than 30 seconds, or lost a
row. Every core takes its share of them.
"""

import contextlib
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

from queries import convert
from queries.load import Refused, load, publish
from tests.support import exports, survey_exports
from tests.support.exchange import write_folder

SECONDS, MEGABYTES, LOADED = 30, 1024, 20
SHAPES = exports.ALL | survey_exports.SHAPES


def bytes_changed(raw: bytes, draw: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(draw.randrange(1, 20)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def cut_off(raw: bytes, draw: random.Random) -> bytes:
    return raw[: draw.randrange(len(raw))]


def lines_moved(raw: bytes, draw: random.Random) -> bytes:
    lines = raw.splitlines(keepends=True)
    draw.shuffle(lines)
    return b"".join(lines)


def lines_repeated(raw: bytes, draw: random.Random) -> bytes:
    lines = raw.splitlines(keepends=True)
    return b"".join(line * draw.choice([1, 1, 1, 2, 5]) for line in lines)


def cells_shifted(raw: bytes, draw: random.Random) -> bytes:
    lines = raw.splitlines(keepends=True)
    return b"".join(line if draw.random() < 0.9 else b"x," + line for line in lines)


def words_put_in(raw: bytes, draw: random.Random) -> bytes:
    words = [*b'NULL 9999-12-31 =1+1 -1 1e400 2025-02-30 12/31/9999 { #REF! "'.split(b" ")]
    words += [b"\x00", b"\xff\xfe", b"x" * 9999, "Ñ".encode(), b"\n\n", b"0" * 40]
    lines = raw.splitlines(keepends=True)
    for _ in range(draw.randrange(1, 30)):
        place = draw.randrange(len(lines))
        mark = draw.choice([b",", b";", b"\t", b"|"])
        cells = lines[place].split(mark)
        cells[draw.randrange(len(cells))] = draw.choice(words)
        lines[place] = mark.join(cells)
    return b"".join(lines)


def encoded_again(raw: bytes, draw: random.Random) -> bytes:
    text = raw.decode("utf-8", "replace")
    return text.encode(
        draw.choice(["utf-16", "utf-16-be", "cp1252", "utf-7", "mac-roman"]), "replace"
    )


def delimited_again(raw: bytes, draw: random.Random) -> bytes:
    return raw.replace(b",", draw.choice([b";", b"\t", b"|", b",,", b" "]))


BREAK: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    bytes_changed, cut_off, lines_moved, lines_repeated, cells_shifted, words_put_in, encoded_again,
    delimited_again,
)  # fmt: skip


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Stop what hangs."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"longer than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def broken_folder(seed: int, folder: Path) -> str:
    """Write a district in one shape and break a file of it; the shape's name."""
    draw = random.Random(seed)
    shape = draw.choice(list(SHAPES))
    SHAPES[shape](exports.district(seed % 5, 24), folder)
    path = draw.choice(sorted(folder.iterdir()))
    raw = path.read_bytes()
    for _ in range(draw.choice([1, 1, 2])):
        raw = draw.choice(BREAK)(raw, draw) if raw else raw
    path.write_bytes(raw)
    return shape


def tried(seed: int, folder: Path, home: Path) -> str:
    """What became of one broken folder: converted, asked, refused or loaded."""
    broken_folder(seed, folder)
    before = publish.published(home)
    try:
        if seed % LOADED:
            result = convert.convert(folder)
            for name, table in result.files.items():
                if len(result.origin[name]) != len(table):
                    raise AssertionError(f"{name}: rows without a place")
            refused = any(one.kind == "refused" for one in result.findings)
            return "refused" if refused else "converted"
        report = convert.load(folder, home, share_view=False, dry_run=True)
        for file in report.files:
            if file.rows_in != file.accepted + file.set_aside + file.repaired:
                raise AssertionError(f"{file.file}: rows lost")
        return "loaded"
    except convert.MappingProblem:
        return "asked"
    except Refused:
        return "refused"
    finally:
        if publish.published(home) != before:
            raise AssertionError("another generation is published")


def run(files: int, first: int = 0) -> tuple[Counter[str], list[str]]:
    """What became of so many broken folders, and of each that failed its seed and why."""
    outcomes: Counter[str] = Counter()
    failed = []
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        load(write_folder(Path(place) / "before"), home, share_view=False)
        for seed in range(first, first + files):
            folder = Path(place) / "files"
            folder.mkdir()
            try:
                with limited():
                    outcomes[tried(seed, folder, home)] += 1
            except Exception:
                outcomes["failed"] += 1
                failed.append(f"seed {seed}: {traceback.format_exc(limit=-4)}")
            shutil.rmtree(folder)
    return outcomes, failed


def share(files: int, first: int) -> tuple[Counter[str], list[str], float]:
    """What run says, in a process of its own, and the megabytes that it took at most."""
    return *run(files, first), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str]) -> int:
    files, first = map(int, [*arguments, *["10000", "0"][len(arguments) :]])
    started, cores = time.monotonic(), os.cpu_count() or 1
    begins = [first + files * core // cores for core in range(cores + 1)]
    sizes = [end - begin for begin, end in pairwise(begins)]
    with ProcessPoolExecutor(cores) as processes:
        parts = list(processes.map(share, sizes, begins[:-1]))
    outcomes = sum((one for one, _, _ in parts), Counter[str]())
    failed = [problem for _, problems, _ in parts for problem in problems]
    peak = max(one for _, _, one in parts)
    for problem in failed[:20]:
        sys.stdout.write(problem + "\n")
    sys.stdout.write(
        f"{files} files in {time.monotonic() - started:.0f} s, at most {peak:.0f} MB: "
        f"{dict(outcomes)}\n"
    )
    return 1 if failed or peak > MEGABYTES else 0


if __name__ == "__main__":
    os.environ.setdefault("ROUNDTABLE_HOME", tempfile.gettempdir())
    sys.exit(main(sys.argv[1:]))
