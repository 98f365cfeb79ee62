"""What is asked of the disk: whether it is full, that nobody else reads what is ours, and that what
was written is there."""

import contextlib
import errno
import os
import sqlite3
from pathlib import Path

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


def keep_private(folder: Path) -> None:
    """Make a folder if need be, and let only the user who runs Roundtable read what is in it and
    what this process writes from here on. Raises OSError where it cannot be made.

    Windows has no such modes: there a folder is as private as the one that it lies in.
    """
    write_privately()
    folder.mkdir(parents=True, exist_ok=True)
    if is_open_to_others(folder):
        root = folder.resolve()
        held = [
            Path(parent, name)
            for parent, folders, files in os.walk(root)
            for name in [*folders, *files]
        ]
        # The folder itself last: killed before, the next to write begins again.
        for path in [*held, root]:
            # What is another user's stays as its owner made it; `check` says so.
            with contextlib.suppress(OSError):
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode & 0o700)


def replace_file(path: Path, text: str) -> None:
    """Put a small text in place of a file: whole or not at all, on disk when this returns.

    Only under a lock, as the temporary name is always the same. Raises OSError.
    """
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable. Windows cannot open one, and needs no such call."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_privately() -> None:
    """From here on only the user who runs Roundtable may read what this process makes.

    Of the whole process, as DuckDB and SQLite make their files themselves; and not taken back, as
    other threads write meanwhile.
    """
    os.umask(0o077)


def is_open_to_others(folder: Path) -> bool:
    """Whether other users of this machine may look into a folder, as far as its mode says."""
    return os.name == "posix" and bool(folder.stat().st_mode & 0o077)
