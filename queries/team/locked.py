"""Backups and exports that one key alone opens, as files of age (age-encryption.org).

    <name>.zip.age    the folder of a backup or an export, packed and locked for whom it is

The server knows the public key; the one that opens stays with the administrator, off the machine:
who takes the backups has nothing. A student who is forgotten stands in what was locked before,
which nobody here can open; a backup that is restored forgets them again.
"""

import contextlib
import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity, Recipient

from queries.disk import sync_folder, write_privately
from queries.team.store import StoreProblem

ENDING = ".zip.age"


def make_key(file: Path) -> str:
    """Write a new key that opens into a file that is not there yet; the public one, for which to
    lock. Raises StoreProblem."""
    identity = Identity.generate()
    write_privately()
    try:
        with file.open("x", encoding="ascii") as opened:
            opened.write(f"# public key: {identity.to_public()}\n{identity}\n")
    except OSError as error:
        raise StoreProblem(f"{file} cannot be written: {error}. Choose a new file.") from error
    return str(identity.to_public())


def lock(folder: Path, into: Path, public_key: str) -> Path:
    """Pack and lock what is in a folder, under its name, into another folder; the file, whole on
    disk when this returns. Raises StoreProblem."""
    try:
        recipient = Recipient.from_str(public_key.strip())
    except pyrage.RecipientError as error:
        raise StoreProblem(
            f"{public_key!r} is no public key ({error}). It begins with age1; python -m queries "
            "key FILE makes one."
        ) from error
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    write_privately()
    file = into / f"{folder.name}{ENDING}"
    try:
        into.mkdir(parents=True, exist_ok=True)
        with file.with_name(f"{file.name}.new").open("wb") as opened:
            opened.write(pyrage.encrypt(packed.getvalue(), [recipient]))
            opened.flush()
            os.fsync(opened.fileno())
        file.with_name(f"{file.name}.new").replace(file)
    except OSError as error:
        raise StoreProblem(f"{file} cannot be written: {error}.") from error
    sync_folder(into)
    return file


@contextlib.contextmanager
def unlocked(file: Path, key_file: Path, beside: Path) -> Iterator[Path]:
    """What a file holds, as a folder inside `beside` that is gone at the end. Raises
    StoreProblem."""
    try:
        lines = key_file.read_text(encoding="ascii").split("\n")
        (secret,) = [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")]
        packed = pyrage.decrypt(file.read_bytes(), [Identity.from_str(secret)])
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise StoreProblem(f"{key_file} or {file} cannot be read: {error}.") from error
    except pyrage.DecryptError as error:
        raise StoreProblem(
            f"{file} cannot be opened with {key_file}: {error}. It was locked for another key, or "
            "is damaged."
        ) from error
    write_privately()
    with tempfile.TemporaryDirectory(dir=beside, prefix="unlocked_") as folder:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(folder)
        yield Path(folder)
