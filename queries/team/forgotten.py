"""Who was forgotten and when, without saying who, so that no backup brings them back.

    home/forgotten    a line each: time (UTC), salt, digest under that salt of the student's id, or
                      of a whole school or school year (wholes.py)

Kept beside the store, as a backup from before the forgetting knows nothing of it, and as the store
itself may be lost. Whoever holds this file and a list of ids can try them one by one, slowly, and
learn that something was forgotten of one; not what it was.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from queries.team import store
from queries.team.wholes import Whole

FILE = "forgotten"
_LINE = re.compile(r"(\S+) ([0-9a-f]{32}) ([0-9a-f]{64})")
# About a hundredth of a second for each id that is tried.
_ROUNDS = 20_000


class Forgetting(NamedTuple):
    """One student, school or year, of whom everything written up to `at` is forgotten."""

    at: str
    salt: str
    digest: str


def read(home: Path) -> set[Forgetting]:
    """All that were forgotten in this home, or are being. Raises StoreProblem."""
    path = home / FILE
    try:
        lines = path.read_bytes().decode("ascii", "replace").splitlines()
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise store.StoreProblem(f"{path} cannot be read: {error}. Make that possible.") from error
    found = [one for one in map(_LINE.fullmatch, lines) if one]
    if len(found) < len(lines):
        raise store.StoreProblem(
            f"{path} is not as it was written, so what was forgotten could come back. Put an "
            "earlier copy of it in its place, or remove it and forget those students again."
        )
    return {Forgetting(*line.groups()) for line in found}


def write(home: Path, forgettings: Iterable[Forgetting]) -> None:
    """On disk when this returns. Only under the store's write lock. Raises StoreProblem."""
    store.replace_file(home / FILE, "".join(f"{' '.join(one)}\n" for one in sorted(forgettings)))


def remember(home: Path, about: str, at: str) -> None:
    """That of this student, or whole as text, everything up to `at` is forgotten. As `write`."""
    known = read(home)
    salt = min((one.salt for one in known), default=secrets.token_hex(16))
    new = Forgetting(at, salt, _digest(about, salt))
    # Of two times of one student the later says all.
    write(home, {one for one in known if one[1:] != new[1:]} | {new})


def until(
    forgettings: Iterable[Forgetting], candidates: Iterable[str | Whole]
) -> dict[str | Whole, str]:
    """Of these students, schools and years those that were forgotten, and the time up to which
    everything is."""
    times: dict[tuple[str, str], str] = {}
    for at, salt, digest in sorted(forgettings):
        times[salt, digest] = at
    salts = {salt for salt, _ in times}
    return {
        about: times[salt, digest]
        for about in candidates
        for salt in salts
        if (salt, digest := _digest(str(about), salt)) in times
    }


def _digest(about: str, salt: str) -> str:
    raw = about.encode("utf-8", "surrogateescape")
    return hashlib.pbkdf2_hmac("sha256", raw, bytes.fromhex(salt), _ROUNDS).hex()
