"""One open connection: what a browser may say on it, and which files and parts it was told of.

Streamlit does whatever it is sent. Anybody may forget the answers that all wait for, ask in which
folder the server lies, have a part of a page run again for whom it was drawn before their role was
another, and have a file made, taken or sent that another's page knows of, if they know its name.
"""

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from queries.team.records import Grant

# What pages of ours say. Not: clear_cache, load_git_info, set_run_on_save, debug_… .
SAID = {
    "rerun_script",
    "stop_script",
    "file_urls_request",
    "app_heartbeat",
    "backend_operation_request",
}
# A page tells some twenty each time that it is run; of an open day the last ones are of use.
KEPT = 5_000


class Talk:
    """What was said so far. files: addresses that the server told, to take a file from or to send
    one to, names of files that are made when they are asked for, and of parts of the page that run
    by themselves; drawn_for: what was granted to whom the page is drawn; is_drawn: whether that
    has begun."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self.drawn_for: Grant | None = None
        self.is_drawn = False

    def heard(self, said: BackMsg, grant: Grant) -> bytes | None:
        """What of a message the server is to hear; None for nothing. grant: of who says it now."""
        kind = said.WhichOneof("type")
        if kind == "rerun_script":
            if not self.knows(said.rerun_script.fragment_id, grant):
                # The whole page looks again at who may see what. Streamlit goes on knowing a part
                # of a page that ended before it came to that part again.
                said.rerun_script.fragment_id = ""
            if grant != self.drawn_for:
                self.drawn_for, self.is_drawn = grant, False
                self.files.clear()
        elif kind == "backend_operation_request" and not self.knows(
            said.backend_operation_request.deferred_file.file_id, grant
        ):
            return None
        return said.SerializeToString() if kind in SAID else None

    def knows(self, file: str, grant: Grant) -> bool:
        """Whether the server told of a file or a part, to who still is what they were then."""
        return file in self.files and grant == self.drawn_for

    def told(self, raw: bytes | None) -> None:
        """Keep which files and parts the server tells of."""
        said = ForwardMsg.FromString(raw or b"")
        kind = said.WhichOneof("type")
        if kind == "new_session":
            self.is_drawn = True
        if not self.is_drawn:
            # Of what was drawn for whom they were before.
            return
        if kind == "delta":
            drawn = said.delta.new_element
            button = drawn.download_button
            pictures = [picture.url for picture in drawn.imgs.imgs]
            self._keep(said.delta.fragment_id, *pictures, button.url, button.deferred_file_id)
        elif kind == "backend_operation_response":
            self._keep(said.backend_operation_response.deferred_file.url)
        elif kind == "file_urls_response":
            for one in said.file_urls_response.file_urls:
                self._keep(one.upload_url, one.delete_url)

    def _keep(self, *files: str) -> None:
        self.files.update({one: None for one in files if one})
        while len(self.files) > KEPT:
            del self.files[next(iter(self.files))]


def message_of(raw: bytes | None) -> BackMsg | None:
    """What a browser says; None for what is no message of Streamlit's."""
    try:
        return BackMsg.FromString(raw) if raw is not None else None
    except DecodeError:
        return None


def is_of_somebody(said: BackMsg) -> bool:
    """Whether somebody did something, and not the page by itself."""
    return said.WhichOneof("type") != "app_heartbeat" and not said.rerun_script.is_auto_rerun
