"""What many readers at once wait for: seconds from a click until the page is whole.

    python -m tests.many_people           25 people
    python -m tests.many_people 40        as many as that

Each has a session with one server and no browser, on one of the pages in the view of everybody, and
asks for it again every two to four seconds, for a minute. An empty app is asked in the same way
first, so that a slow machine is slow for both.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path
from urllib.request import urlopen

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from queries.load import load
from tests.page_times import OF_ONE_SCHOOL, PAGES, PROJECT

PORT = 8765
FOR_SECONDS, PAUSE = 60, (2, 4)
# The page of students is shown with names alone.
OPENED = [Path(page).stem for page in PAGES if page not in ("app.py", OF_ONE_SCHOOL)] + [""]


def main(arguments: list[str]) -> None:
    people = int(arguments[0]) if arguments else 25
    with tempfile.TemporaryDirectory() as folder:
        home, empty = Path(folder, "home"), Path(folder, "empty.py")
        empty.write_text("import streamlit as st\n\nst.title('Empty')\n", encoding="utf-8")
        load(PROJECT / "sample_data", home)
        for name, app, pages in (("Empty app", empty, [""]), ("Roundtable", "app.py", OPENED)):
            waited = sorted(measured(app, pages, people, home))
            sys.stdout.write(
                f"{name}: {people} people, {len(waited)} reruns, "
                f"median {statistics.median(waited):.2f} s, "
                f"95% under {waited[int(0.95 * len(waited))]:.2f} s\n"
            )


def measured(app: Path | str, pages: list[str], people: int, home: Path) -> list[float]:
    """The seconds of every rerun, once each person has seen the page for the first time."""
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(app), f"--server.port={PORT}"],
        cwd=PROJECT,
        env=os.environ | {"ROUNDTABLE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_server()
        return asyncio.run(all_people([pages[n % len(pages)] for n in range(people)]))
    finally:
        server.terminate()
        server.wait()


def wait_for_server() -> None:
    for _ in range(300):
        try:
            urlopen(f"http://localhost:{PORT}/_stcore/health").close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start")


async def all_people(pages: list[str]) -> list[float]:
    everybody_has_opened = asyncio.Barrier(len(pages))
    each = (person(page, random.Random(n), everybody_has_opened) for n, page in enumerate(pages))
    return list(chain.from_iterable(await asyncio.gather(*each)))


async def person(page: str, chance: random.Random, opened: asyncio.Barrier) -> list[float]:
    address = f"ws://localhost:{PORT}/_stcore/stream"
    async with websockets.connect(address, subprotocols=["streamlit"], max_size=None) as socket:
        await rerun(socket, page)
        await opened.wait()
        waited, until = [], time.monotonic() + FOR_SECONDS
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(*PAUSE))
            waited.append(await rerun(socket, page))
        return waited


async def rerun(socket, page: str) -> float:
    asked = BackMsg()
    asked.rerun_script.page_name = page
    begun = time.monotonic()
    await socket.send(asked.SerializeToString())
    while True:
        told = ForwardMsg.FromString(await socket.recv())
        if told.WhichOneof("type") == "script_finished":
            assert told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY, told
            return time.monotonic() - begun


if __name__ == "__main__":
    main(sys.argv[1:])
