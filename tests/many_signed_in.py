"""Whether a hundred people who are signed in see their own schools alone, and lose nothing they
wrote, while data are loaded and the server is killed.

    python -m tests.many_signed_in [100]

Each is of a team of one school or a viewer, and goes from page to page of a district's server, in
staff's view and with names; who is of a team writes notes, causes and steps there. After half of
the time another generation is published, and at the end the server is killed amid it all. Counts
pages, seconds and writes, and what of the processors the server and this program took. Ends with an
error where a page failed, one that was sent holds the name of a student of another school, or what
its writer saw saved is not in the store of the next server, once and at the writer's school.
"""

import asyncio
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from websockets import ConnectionClosed

from pages.shared import formats
from queries.load import load
from queries.team import journal
from queries.team.records import Grant
from tests.browser.visits import free_port
from tests.support.signed_in import (
    PROJECT,
    District,
    Told,
    Visitor,
    cookie_of,
    names_by_school,
)

PAGES = ("", "chronic_absence", "causes", "students", "plans", "meeting", "data_health")
VIEWS, CAUSE = ("For staff", "With names"), "asthma"
# As the page says it to whoever wrote.
SAVED = formats.plain("Saved: ").encode()


@dataclass(frozen=True)
class Trial:
    """How many people, for how long at least, how long they wait between two pages, and which share
    of what a team does is to write. swap: another generation is published meanwhile. saves: the
    server is not killed before so many were seen."""

    people: int = 100
    seconds: float = 90
    pause: tuple[float, float] = (2, 6)
    writes: float = 1 / 3
    swap: bool = True
    saves: int = 0


@dataclass
class Day:
    """One day of a district, until its server was killed.

    waited: the seconds of each page. sent: whose words somebody sent, account and school, by these
    words, which come once. saved: the words that their writers saw saved.
    """

    waited: list[float] = field(default_factory=list)
    sent: dict[str, tuple[str, str]] = field(default_factory=dict)
    saved: list[str] = field(default_factory=list)
    is_over: bool = False


def main(arguments: list[str]) -> None:
    people = int(arguments[0]) if arguments else 100
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        load(PROJECT / "sample_data", home)
        begun, own = time.monotonic(), time.process_time()
        day = lived(home, Path(folder), Trial(people, saves=people // 2))
        seconds, own = time.monotonic() - begun, time.process_time() - own
    # The server and the load alike: both were waited for.
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    waited = sorted(day.waited)
    sys.stdout.write(
        f"{people} people, {len(waited)} pages, median {statistics.median(waited):.2f} s, "
        f"95% under {waited[int(0.95 * len(waited))]:.2f} s; no page failed, and no name of "
        f"another school was sent\n{len(day.sent)} writes were sent, {len(day.saved)} seen saved, "
        f"and all of these are in the store after the kill, once\n{seconds:.0f} s on "
        f"{os.cpu_count()} processors: server and load took {used.ru_utime + used.ru_stime:.0f} s "
        f"of them, this program {own:.0f} s\n"
    )


def lived(home: Path, folder: Path, trial: Trial) -> Day:
    """A day as the trial says, and what came of it, which is checked."""
    day, names = Day(), names_by_school()
    district = District(home, folder, free_port())
    try:
        asyncio.run(_all(district, names, day, trial))
        _no_traceback(district)
        # The next server finds what the killed one left.
        district = District(home, folder, free_port())
        check(district, day)
        _no_traceback(district)
    finally:
        district.stop()
    return day


def _no_traceback(district: District) -> None:
    assert "Traceback" not in district.log.read_text(), district.log.read_text()


def check(district: District, day: Day) -> None:
    """What was seen saved is there, what was sent is there at most once, and each at its writer's
    school alone; nothing in the store is other than it was written."""
    assert journal.verify(district.home) == []
    found = Counter()
    for kind, words in (("note", "text"), ("learned", "note"), ("step", "what")):
        for entry in journal.read(district.home, kind):
            said = getattr(entry.content, words)
            if said in day.sent:
                found[said] += 1
                assert (entry.who, entry.content.school_id) == day.sent[said], said
    assert set(found.values()) <= {1}, found.most_common(3)
    assert set(day.saved) <= set(found), set(day.saved) - set(found)


async def _all(district: District, names: dict[str, set[bytes]], day: Day, trial: Trial) -> None:
    schools = sorted(names)
    accounts = {}
    for number in range(trial.people):
        school = schools[number % len(schools)]
        account, role = f"person{number}@district.test", "viewer" if number % 5 == 4 else "team"
        accounts[account] = school if role == "team" else ""
        grant = Grant(account, role, (school,) if role == "team" else ())
        journal.add(district.home, "the trial", [grant])
    each = [
        asyncio.create_task(_person(district, account, own, names, day, trial))
        for account, own in accounts.items()
    ]
    everybody, ends = asyncio.gather(*each), time.monotonic() + trial.seconds
    if trial.swap:
        await asyncio.sleep(trial.seconds / 2)
        assert await _swap(district) == 0, "the second load was refused"
    while not everybody.done() and (time.monotonic() < ends or len(day.saved) < trial.saves):
        await asyncio.sleep(0.05)
    day.is_over = True
    district.process.kill()
    district.process.wait()
    await everybody


async def _swap(district: District) -> int:
    """Publish another generation, as a load by night does."""
    words = [sys.executable, "-m", "queries", "load", "sample_data", "--home", str(district.home)]
    loading = await asyncio.create_subprocess_exec(
        *words, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return await loading.wait()


async def _person(
    district: District,
    account: str,
    own: str,
    names: dict[str, set[bytes]],
    day: Day,
    trial: Trial,
) -> None:
    """Go from page to page until the server is gone. own: the id of a team's school, or ''."""
    chance = random.Random(account)
    foreign = [name for school, some in names.items() if school != own for name in some]

    async def seen(visitor: Visitor, page: str, *clicked) -> Told:
        begun = time.monotonic()
        told = await visitor.open(page, *clicked)
        day.waited.append(time.monotonic() - begun)
        for name in chance.sample(foreign, 300):
            assert name not in told.sent, (account, page)
        await asyncio.sleep(chance.uniform(*trial.pause))
        return told

    with suppress(ConnectionClosed):
        async with Visitor(district, cookie_of(account, district.url)) as visitor:
            while True:
                page, view = chance.choice(PAGES), chance.choice(VIEWS)
                if is_to_write := bool(own) and chance.random() < trial.writes:
                    page, view = "students", "With names"
                told = await seen(visitor, page)
                told = await seen(visitor, page, {told.widgets["view"]: view})
                if is_to_write:
                    words = f"{len(day.sent)} of {account}"
                    day.sent[words] = account, own
                    told = await seen(visitor, page, *_filled_in(told.widgets, words, chance))
                    if SAVED in told.sent:
                        day.saved.append(words)
    assert day.is_over, f"the connection of {account} ended before its server"


def _filled_in(
    widgets: dict[str, str], words: str, chance: random.Random
) -> tuple[dict[str, str], str]:
    """The form of a student with a note, a cause or a step in it, and the button that saves it; the
    view too, as a browser says all that it shows each time."""
    (token,) = (key.removesuffix("_note") for key in widgets if key.endswith("_note"))
    filled = chance.choice(({"note": words}, {"note": words, "cause": CAUSE}, {"what": words}))
    typed = {widgets[f"{token}_{one}"]: value for one, value in filled.items()}
    return typed | {widgets["view"]: "With names"}, widgets[f"{token}_save"]


if __name__ == "__main__":
    main(sys.argv[1:])
