"""Whether a hundred people who are signed in see their own schools alone, while data are loaded.

    python -m tests.many_signed_in [100]

Each is of a team of one school or a viewer, and goes from page to page of a district's server, in
staff's view and with names; after half of the time another generation is published. Counts pages
and seconds, and ends with an error where a page failed, or one that was sent holds the name of a
student of another school.
"""

import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from queries.load import load
from queries.team import journal
from queries.team.records import Grant
from tests.browser.visits import free_port
from tests.support.signed_in import PROJECT, District, Visitor, cookie_of, names_by_school

PAGES = ("", "chronic_absence", "causes", "students", "plans", "meeting", "data_health")
FOR_SECONDS, PAUSE = 90, (2, 6)


def main(arguments: list[str]) -> None:
    people = int(arguments[0]) if arguments else 100
    names = names_by_school()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        load(PROJECT / "sample_data", home)
        district = District(home, Path(folder), free_port())
        try:
            waited = asyncio.run(_all(district, people, names))
        finally:
            district.stop()
        assert "Traceback" not in district.log.read_text(), district.log.read_text()
    waited.sort()
    sys.stdout.write(
        f"{people} people, {len(waited)} pages, median {statistics.median(waited):.2f} s, "
        f"95% under {waited[int(0.95 * len(waited))]:.2f} s; no page failed, and no name of "
        "another school was sent\n"
    )


async def _all(district: District, people: int, names: dict[str, set[bytes]]) -> list[float]:
    schools = sorted(names)
    accounts = {}
    for number in range(people):
        school = schools[number % len(schools)]
        account, role = f"person{number}@district.test", "viewer" if number % 5 == 4 else "team"
        accounts[account] = school if role == "team" else ""
        grant = Grant(account, role, (school,) if role == "team" else ())
        journal.add(district.home, "the trial", [grant])
    swap = asyncio.create_task(_swap(district))
    each = (_person(district, account, own, names) for account, own in accounts.items())
    waited = [one for some in await asyncio.gather(*each) for one in some]
    assert await swap == 0, "the second load was refused"
    return waited


async def _swap(district: District) -> int:
    """Publish another generation, as a load by night does."""
    await asyncio.sleep(FOR_SECONDS / 2)
    words = [sys.executable, "-m", "queries", "load", "sample_data", "--home", str(district.home)]
    loading = await asyncio.create_subprocess_exec(
        *words, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return await loading.wait()


async def _person(
    district: District, account: str, own: str, names: dict[str, set[bytes]]
) -> list[float]:
    chance, waited = random.Random(account), []
    foreign = [name for school, some in names.items() if school != own for name in some]
    async with Visitor(district, cookie_of(account, district.url)) as visitor:
        until = time.monotonic() + FOR_SECONDS
        widgets: dict[str, str] = {}
        while time.monotonic() < until:
            page, begun = chance.choice(PAGES), time.monotonic()
            view = chance.choice(("For staff", "With names"))
            told = await visitor.open(page, {widgets["view"]: view} if "view" in widgets else {})
            waited.append(time.monotonic() - begun)
            widgets = told.widgets
            for name in chance.sample(foreign, 300):
                assert name not in told.sent, (account, page)
            await asyncio.sleep(chance.uniform(*PAUSE))
    return waited


if __name__ == "__main__":
    main(sys.argv[1:])
