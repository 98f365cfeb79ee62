"""What a page of another site tries on a server that a reader of it is signed in to, or that stands
on the reader's own machine.

Each attack knows what nobody tells it: the id of the reader's open page and the address of a file
that this page offers. What it comes to is what the other page learnt.
"""

import http.server
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.shared.door.talk import Talk
from tests.browser.visits import ready

# Where a page of the other site lies. The names are of nobody; CHROMIUM_NAMES has a browser find
# them on this machine.
SAME_SITE, OTHER_SITE, REBOUND = "localhost", "elsewhere.test", "school.test"
SITES = (SAME_SITE, OTHER_SITE)
CHROMIUM_NAMES = f"--host-resolver-rules=MAP {OTHER_SITE} 127.0.0.1, MAP {REBOUND} 127.0.0.1"

# Each gives what it learnt as text, and '' where it learnt nothing.
ATTACKS = {
    "read": """async ({paths}) => (await Promise.all(paths.flatMap(path =>
        ['include', 'omit'].map(credentials => fetch(path, {credentials})
            .then(answer => answer.text(), () => ''))))).join('')""",
    "read without asking leave": """async ({paths}) => (await Promise.all(paths.map(path =>
        fetch(path, {credentials: 'include', mode: 'no-cors'})
            .then(answer => answer.text(), () => '')))).join('')""",
    "load as a picture": """({media}) => new Promise(resolve => {
        const picture = new Image();
        picture.onload = () => resolve(`${picture.width} wide`);
        picture.onerror = () => resolve('');
        picture.src = media;
    })""",
    "load as a script": """({base}) => new Promise(resolve => {
        const script = document.createElement('script');
        script.onload = () => resolve(Object.keys(window).includes('stolen') ? 'stolen' : '');
        script.onerror = () => resolve('');
        script.src = base + '/_stcore/host-config';
        document.head.append(script);
    })""",
    "send a file": """async ({upload, token}) => {
        const form = new FormData();
        form.append('file', new Blob(['stolen']), 'students.csv');
        const headers = {'X-Xsrftoken': token};
        const sent = await fetch(upload,
            {method: 'PUT', body: form, credentials: 'include', headers})
            .then(answer => `${answer.status}`, () => '');
        await fetch(upload, {method: 'POST', body: form, credentials: 'include', mode: 'no-cors'})
            .catch(() => null);
        return sent;
    }""",
    "open a connection": """({base, message, session, token}) => new Promise(resolve => {
        const socket = new WebSocket(base.replace('http', 'ws') + '/_stcore/stream',
            ['streamlit', token || 'none', session]);
        let heard = '';
        socket.binaryType = 'arraybuffer';
        socket.onopen = () => socket.send(Uint8Array.from(message));
        socket.onmessage = event => {
            heard += new TextDecoder().decode(event.data);
            if (heard.includes('another address') || heard.includes('For everybody'))
                setTimeout(() => resolve(heard), 1000);
        };
        socket.onclose = socket.onerror = () => resolve(heard);
        setTimeout(() => resolve(heard), 10000);
    })""",
    # What a window that it opened tells it: of one that has no opener any more, not even that it is
    # open.
    "open a window": """({base}) => new Promise(resolve => {
        const opened = window.open(base + '/students', '_blank');
        setTimeout(() => {
            let learnt = opened?.closed ?? true ? '' : 'it is open';
            try { learnt += opened.document.body.innerText; } catch { /* not ours to read */ }
            opened?.close();
            resolve(learnt);
        }, 2000);
    })""",
}


@contextmanager
def another_site():
    """A page that somebody else serves, by its port: on this machine, as a browser finds it."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Elsewhere</title>")
            # /?frame=ADDRESS shows an address in a frame, /?link=ADDRESS leads to it.
            asked = parse_qs(urlsplit(self.path).query)
            for address in asked.get("frame", []):
                frame = f'<iframe src="{address}" width="1200" height="800"></iframe>'
                self.wfile.write(frame.encode())
            for address in asked.get("link", []):
                self.wfile.write(f'<a href="{address}">Look</a>'.encode())

        def log_message(self, *_):
            """Nothing to say."""

    with http.server.ThreadingHTTPServer(("localhost", 0), Page) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield other.server_address[1]
        other.shutdown()


@dataclass
class Open:
    """What a reader's open page knows: its id, and the files that it was told of."""

    session: str = ""
    talk: Talk = field(default_factory=Talk)

    def hear(self, raw: bytes | str) -> None:
        """A message of the server to this page."""
        if not isinstance(raw, bytes):
            return
        self.talk.told(raw)
        said = ForwardMsg.FromString(raw)
        if said.WhichOneof("type") == "new_session":
            self.session = said.new_session.initialize.session_id


def open_with_a_file(page, address: str) -> Open:
    """A reader's page that has a picture ready to take, and what it knows."""
    known = Open()
    page.on("websocket", lambda socket: socket.on("framereceived", known.hear))
    page.goto(address)
    ready(page)
    with page.expect_download():
        page.get_by_text("Take this to a meeting").first.click()
        page.get_by_role("button", name="PNG, 1600 × 900").first.click()
    return known


@dataclass
class Learnt:
    """What a page learnt, by attack, and with which numbers the server answered it."""

    by: dict[str, str]
    answered: list[int]


def attack(page, base: str, known: Open) -> Learnt:
    """What a page learns of a server whose reader has another page open."""
    asked = BackMsg()
    asked.rerun_script.page_name = "students"
    media = base + next(one for one in known.talk.files if one.startswith("/media/"))
    paths = ["/", "/students", "/_stcore/host-config", "/_stcore/metrics", "/signed-in",
             "/app/static/x", "/static/js/x.js"]  # fmt: skip
    cookies = page.evaluate("document.cookie")
    token = next((one.partition("=")[2] for one in cookies.split("; ") if "xsrf" in one), "")
    told = {
        "base": base,
        "paths": [media, *(base + path for path in paths)],
        "media": media,
        "upload": f"{base}/_stcore/upload_file/{known.session}/f",
        "message": list(asked.SerializeToString()),
        "session": known.session,
        "token": token,
    }
    # Of what a page may not read, a browser says elsewhere that it was answered.
    answered: list[int] = []
    wire = page.context.new_cdp_session(page)
    wire.on("Network.responseReceivedExtraInfo", lambda one: answered.append(one["statusCode"]))
    wire.send("Network.enable")
    by = {name: page.evaluate(script, told) for name, script in ATTACKS.items()}
    wire.detach()
    return Learnt(by, answered)
