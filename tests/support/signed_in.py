"""A district's server, and visitors who talk to it as a browser does, but say what they like."""

import asyncio
import csv
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    generate_xsrf_token_string,
)

from pages.shared.door.talk import Talk
from queries.team import journal
from queries.team.records import Grant

PROJECT = Path(__file__).resolve().parent.parent.parent
SECRET = "a secret of these tests alone, as long as one should be"
USER = "_streamlit_user"
OWN, SECOND, FOREIGN = "S02", "S05", "S03"
GRANTS = {
    "viewer@district.test": ("viewer", ()),
    "team@district.test": ("team", (OWN,)),
    "two@district.test": ("team", (OWN, SECOND)),
    "director@district.test": ("director", ()),
    "admin@district.test": ("admin", ()),
}


class District:
    """The server of a district over this home, whose accounts are those of GRANTS."""

    def __init__(self, home: Path, folder: Path, port: int, provider: str = "http://127.0.0.1:9"):
        self.home, self.port, self.log = home, port, folder / "log.txt"
        self.url = f"http://localhost:{port}"
        # The first is an admin's, as it must be.
        for account, (role, schools) in reversed(GRANTS.items()):
            journal.add(home, "the tests", [Grant(account, role, schools)], account)
        secrets = folder / "secrets.toml"
        secrets.write_text(
            f"""
            [auth]
            redirect_uri = "{self.url}/oauth2callback"
            cookie_secret = "{SECRET}"
            client_id = "roundtable"
            client_secret = "of the tests"
            server_metadata_url = "{provider}/.well-known/openid-configuration"
            [roundtable]
            roles_claim = "groups"
            schools_claim = "groups"
            [roundtable.roles]
            "Directors" = "director"
            "Teams" = "team"
            "Admins" = "admin"
            [roundtable.schools]
            "Birch staff" = "{OWN}"
            """,
            encoding="utf-8",
        )
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "pages.shared.door.server"),
                    *("--port", str(port), "--secrets", str(secrets)),
                ],
                cwd=PROJECT,
                env=os.environ | {"ROUNDTABLE_HOME": str(home), "HOME": str(folder)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.asked("/health")[0] == 200:
                    return
            except URLError:
                time.sleep(0.1)
        raise AssertionError(f"the server did not start: {self.log.read_text()}")

    def asked(
        self,
        path: str,
        cookie: str = "",
        method: str = "GET",
        body: bytes | None = None,
        **headers: str,
    ) -> tuple[int, dict, bytes]:
        """What somebody gets at an address who says these headers: number, headers, body."""
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        if cookie:
            request.add_header("Cookie", cookie)
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=30) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except HTTPError as answer:
            return answer.code, dict(answer.headers), answer.read()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def cookie_of(account: str, origin: str, secret: str = SECRET, **claims) -> str:
    """The cookie that a sign-in leaves, or one like it."""
    said = {
        "email": account,
        "sub": account,
        "iat": int(time.time()),
        "nonce": os.urandom(8).hex(),
        "origin": origin,
        "is_logged_in": True,
        "provider": "default",
    }
    signed = create_signed_value(secret, USER, json.dumps(said | claims))
    return f"{USER}={signed.decode()}"


def names_by_school() -> dict[str, set[bytes]]:
    """The students of each school whose names nobody at another one has, nor anybody who wrote; nor
    as a part of theirs, as Ana Le is one of Ana Lee."""
    folder = PROJECT / "sample_data"
    with (folder / "students.csv").open(encoding="utf-8", newline="") as file:
        called = {
            row["student_id"]: f"{row['first_name']} {row['last_name']}".encode()
            for row in csv.DictReader(file)
        }
    schools = defaultdict(set)
    with (folder / "enrollments.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            schools[row["school_id"]].add(called[row["student_id"]])
    written = b"".join(path.read_bytes() for path in (folder / "team").glob("*.csv"))
    in_one = {school: b"\n".join(there) for school, there in schools.items()}
    return {
        school: {
            name
            for name in there
            if name not in written
            and not any(name in others for other, others in in_one.items() if other != school)
        }
        for school, there in schools.items()
    }


@dataclass
class Told:
    """What was sent: every byte, the widgets that were drawn, by their keys, and what else a
    browser could say again."""

    sent: bytes = b""
    widgets: dict[str, str] = field(default_factory=dict)
    session: str = ""
    script: str = ""
    fragments: set[str] = field(default_factory=set)
    files: Talk = field(default_factory=Talk)

    def __post_init__(self) -> None:
        # What was said before is heard elsewhere.
        self.files.is_drawn = True

    def hear(self, raw: bytes) -> str | None:
        """Take in one message of the server; what kind it is of. None of a run that ends early, as
        it goes on in another one."""
        self.sent += raw
        self.files.told(raw)
        message = ForwardMsg.FromString(raw)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
            self.script = message.new_session.page_script_hash
        if kind == "delta":
            self.fragments |= {message.delta.fragment_id} - {""}
            element = message.delta.new_element
            drawn = element.WhichOneof("type") or ""
            # What a component of ours says is JSON, which Streamlit reads.
            if drawn != "bidi_component" and (
                name := getattr(getattr(element, drawn, None), "id", "")
            ):
                self.widgets[name.rpartition("-")[2]] = name
        early = ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return None if kind == "script_finished" and message.script_finished == early else kind


def finished(visit: Coroutine) -> Any:
    """What a visit comes to. In a thread of its own: a worker that had a browser before is in a
    loop of events already."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, visit).result()


class Visitor:
    """One open connection, which may ask for a session that was begun. Raises
    websockets.WebSocketException where the server ends it."""

    def __init__(
        self, district: District, cookie: str, origin: str | None = None, session: str = ""
    ):
        self.district, self.cookie, self.session = district, cookie, session
        self.origin = origin or district.url

    async def __aenter__(self) -> "Visitor":
        token = generate_xsrf_token_string()
        self.socket = await websockets.connect(
            f"ws://localhost:{self.district.port}/_stcore/stream",
            subprotocols=["streamlit", token, *([self.session] if self.session else [])],
            max_size=None,
            # A hundred of them beside the server on one machine answer late.
            ping_interval=None,
            origin=self.origin,
            additional_headers={"Cookie": f"{self.cookie}; _streamlit_xsrf={token}"},
        )
        return self

    async def __aexit__(self, *_) -> None:
        await self.socket.close()

    async def open(
        self, page: str, chosen: dict[str, str] | None = None, pressed: str = "", **address: str
    ) -> Told:
        """Run a page, with the widgets of `chosen`, by their ids, set to what a browser says, and
        the button of this id pressed."""
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = urlencode(address)
        for name, value in (chosen or {}).items():
            widget = asked.rerun_script.widget_states.widgets.add()
            widget.id, widget.string_value = name, value
        if pressed:
            asked.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        return await self.say(asked)

    async def say(self, message: BackMsg, until: str = "") -> Told:
        """Say something as it is, and hear all that comes of it, to a message of the kind `until`.
        Where nothing may come, as of what the server does not do, that is what comes before it
        answers that it is there, and a moment after."""
        told = Told()
        await self.socket.send(message.SerializeToString())
        if message.WhichOneof("type") == "rerun_script" and not message.rerun_script.fragment_id:
            until = until or "script_finished"
        if not until:
            await self.socket.send(BackMsg(app_heartbeat=True).SerializeToString())
        wait = 300.0
        while True:
            try:
                raw = await asyncio.wait_for(self.socket.recv(), wait)
            except TimeoutError:
                if until:
                    raise
                return told
            kind = told.hear(raw)
            if kind in (until, "script_finished"):
                return told
            if kind == "heartbeat_ack" and not until:
                wait = 0.3
            elif kind == "new_session":
                wait = 300.0
