"""What happened, for whoever looks after Roundtable: a line each in log.txt of the data folder.

No value stands in it, so no name, id or word of anybody: of a load the files and how many rows, of
an error its kind and the lines of ours that it came through.
"""

import contextlib
import logging
import os
import traceback
from pathlib import Path

from queries.home import PROJECT, home

FILE = "log.txt"
# Then what there is goes to log.old.txt, and what stood there is dropped.
MOST_BYTES = 1_000_000

logger = logging.getLogger("roundtable")


class _InDataFolder(logging.Handler):
    """Into the folder that a record names, else the one that is served; what cannot be written is
    left out, for a full disk is no reason to stop a page."""

    def emit(self, record: logging.LogRecord) -> None:
        path = getattr(record, "home", home()) / FILE
        with contextlib.suppress(OSError):
            if path.exists() and path.stat().st_size > MOST_BYTES:
                path.replace(path.with_name("log.old.txt"))
            # Whole lines, also of several processes.
            file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(file, "ab", buffering=0) as out:
                out.write(f"{self.format(record)}\n".encode())


class _WithoutValues(logging.Filter):
    """Of an error of a page, which Streamlit prints whole, its kind and its way."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info and record.exc_info[1]
        if error:
            words = f"Traceback without values: {way(error)}"
            record.msg, record.args, record.exc_info = words, (), None
            logger.error(words)
        return True


def way(error: BaseException) -> str:
    """The kind of an error, and the lines of ours that it came through."""
    passed = (
        f"{Path(frame.filename).relative_to(PROJECT).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(PROJECT) and ".venv" not in frame.filename
    )
    return f"{type(error).__name__} at {', '.join(passed) or 'no line of ours'}"


_handler = _InDataFolder()
_handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
logger.handlers = [_handler]
logger.setLevel(logging.INFO)
logging.getLogger("streamlit.error_util").addFilter(_WithoutValues())
