"""How records are chained: each has a hash over itself and the one before it; see chain.py."""

import hashlib
import json
import secrets
from typing import Any, NamedTuple


class Link(NamedTuple):
    """A record, as the next one and the head refer to it."""

    number: int
    hash: str


START = Link(0, "0" * 64)


def hash_of(before: Link, number: int, fields: list[Any]) -> str:
    """SHA-256 over the hash before and the fields of a record.

    No two records have one encoding: reading the JSON gives back the very list, each value with
    its kind and its place (5 is not "5", no text runs into the next, as quotation marks inside are
    escaped). Bytes are nothing that we write, but what somebody else may have put in.
    """
    encoding = json.dumps([before.hash, number, *fields], default=lambda value: {"": value.hex()})
    return hashlib.sha256(encoding.encode("ascii")).hexdigest()


def seal(salt: str, student_id: str | None, body: str | None) -> str:
    """What a chain keeps in place of words that may be forgotten: without the salt, which is
    forgotten with them, nobody can tell by trying what they were."""
    return hash_of(Link(0, salt), 0, [student_id, body])


def new_salt() -> str:
    """A salt that nobody can guess."""
    return secrets.token_hex(16)
