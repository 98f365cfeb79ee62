"""Whether an error says that a disk is full."""

import errno
import os
import sqlite3

# A quota that is used up, and a file that may not grow, are to a person the same as a full disk.
_NO_ROOM = [getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name)]


def is_full(error: BaseException) -> bool:
    """Whether an error of Python, DuckDB or SQLite says that there was no room to write."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return True
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
        return True
    if error.__cause__ is not None and is_full(error.__cause__):
        return True
    return any(os.strerror(number) in str(error) for number in _NO_ROOM)
