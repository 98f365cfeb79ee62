"""Protects what this machine shows from pages of other addresses in a reader's browser."""

import http.server
import threading
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.visits import CHROMIUM_FLAGS, address_of, ready

# Opens a connection as Streamlit's own page does, asks for a page, and gathers what comes.
ASK = """async ([address, message]) => {
    const socket = new WebSocket(address, ["streamlit"]);
    socket.binaryType = "arraybuffer";
    let heard = "";
    const ended = new Promise((resolve) => {
        socket.onclose = () => resolve("closed");
        socket.onerror = () => resolve("refused");
        setTimeout(() => resolve("waited"), 15000);
        socket.onmessage = (event) => {
            heard += new TextDecoder().decode(event.data);
            if (heard.includes("Chronic absence") || heard.includes("another address"))
                setTimeout(() => resolve("heard"), 2000);
        };
    });
    socket.onopen = () => socket.send(Uint8Array.from(message));
    const how = await ended;
    socket.close();
    return [how, heard];
}"""


@pytest.fixture
def elsewhere():
    """A page that somebody else serves on this machine, on another port."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Elsewhere</title>")
            # /?frame=ADDRESS shows an address in a frame.
            framed = parse_qs(urlsplit(self.path).query).get("frame")
            if framed:
                frame = f'<iframe src="{framed[0]}" width="1200" height="800"></iframe>'
                self.wfile.write(frame.encode())

        def log_message(self, *_):
            """Nothing to say."""

    with http.server.ThreadingHTTPServer(("localhost", 0), Page) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://localhost:{other.server_address[1]}/"
        other.shutdown()


def ask(page, server) -> tuple[str, str]:
    message = BackMsg()
    message.rerun_script.query_string = ""
    address = f"ws://localhost:{server.port}/_stcore/stream"
    return page.evaluate(ASK, [address, list(message.SerializeToString())])


def test_a_page_on_another_port_of_this_machine_is_told_nothing(server, new_context, elsewhere):
    page = new_context().new_page()
    page.goto(elsewhere)
    _, heard = ask(page, server)
    assert "another address" in heard
    assert "Chronic absence" not in heard and "Birch" not in heard

    page.goto(f"{server.url}/_stcore/health")
    how, heard = ask(page, server)
    assert how == "heard" and "Chronic absence" in heard, "the same question from its own address"


def test_a_name_that_points_to_this_machine_gets_nothing(
    server, browser_type, browser_type_launch_args
):
    """As after DNS rebinding: the page is its own origin, under a name of somebody else."""
    flags = [*CHROMIUM_FLAGS, "--host-resolver-rules=MAP school.example 127.0.0.1"]
    with browser_type.launch(**browser_type_launch_args | {"args": flags}) as browser:
        page = browser.new_page()
        page.goto(f"http://school.example:{server.port}/")
        message = BackMsg()
        message.rerun_script.query_string = ""
        address = f"ws://school.example:{server.port}/_stcore/stream"
        how, heard = page.evaluate(ASK, [address, list(message.SerializeToString())])
        assert how in ("refused", "closed") and heard == ""
        assert not page.get_by_role("heading", level=1).count(), "and the page itself stays empty"
        page.goto(f"http://127.0.0.1:{server.port}/")
        ready(page)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"], ids=["same site", "another site"])
@pytest.mark.parametrize("page_file", ["app.py", "pages/students.py"])
def test_no_other_page_shows_roundtable_in_a_frame(server, new_context, elsewhere, page_file, name):
    address = f"http://{name}:{server.port}{address_of(page_file)}"
    page = new_context().new_page()
    with page.expect_event("framenavigated", lambda one: one.url.startswith(address)):
        page.goto(f"{elsewhere}?frame={quote(address, safe='')}")
    shown = page.frames[1]
    shown.wait_for_url("about:blank")
    assert shown.locator("body").inner_text() == ""
    page.goto(address)
    ready(page)
    assert page.get_by_role("heading", level=1).inner_text(), "and by itself it is there"
