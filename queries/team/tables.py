"""What people wrote, as tables beside a generation: the newest version of every record.

team_<kind>, for each kind of queries/team/records.py: one row per record, with record, version,
written_at (UTC), written_by, and its fields. In team_cause and team_idea stand those of causes.csv
and ideas.csv first, with the others that people added. partners_reaching(), partners_by_cause():
who works on which cause and reaches the schools asked for (partners.sql). plan_students(),
plan_matches(), plan_study(): what became of the students of plans, beside students like them
(study.sql).

For everybody there are only the kinds of told.py, as far as they are told.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from queries.team import journal
from queries.team import told as everybody
from queries.team.journal import Entry
from queries.team.records import KINDS, Cause, Idea, when_known

CAUSES = Path(__file__).with_name("causes.csv")
IDEAS = Path(__file__).with_name("ideas.csv")
# Macros that read these tables.
PARTNERS = Path(__file__).with_name("partners.sql")
STUDY = Path(__file__).with_name("study.sql")
_ABOUT = {
    "record": "VARCHAR",
    "version": "INTEGER",
    "written_at": "TIMESTAMP",
    "written_by": "VARCHAR",
}
_TYPES = {
    str: "VARCHAR",
    int: "INTEGER",
    bool: "BOOLEAN",
    date: "DATE",
    tuple[str, ...]: "VARCHAR[]",
}


def shipped_causes() -> list[Cause]:
    """The causes that come with Roundtable; domain terms after Attendance Works."""
    with CAUSES.open(encoding="utf-8", newline="") as file:
        return [Cause(**row) for row in csv.DictReader(file)]


def shipped_ideas() -> list[Idea]:
    """The common menu of change ideas; `known` says what is known about each, and from where."""
    with IDEAS.open(encoding="utf-8", newline="") as file:
        return [
            Idea(row["idea"], tuple(row["causes"].split("; ")), row["known"])
            for row in csv.DictReader(file)
        ]


_SHIPPED: dict[str, Callable[[], Sequence[Cause | Idea]]] = {
    "cause": shipped_causes,
    "idea": shipped_ideas,
}


def make(
    connection: duckdb.DuckDBPyConnection, home: Path, schema: str, *, told: bool = False
) -> None:
    """Make the tables in a schema of the connection's own memory, which stands on a generation that
    they are read with. told: those for everybody."""
    entries = _told(connection, home) if told else {one: journal.read(home, one) for one in KINDS}
    for kind, written in entries.items():
        columns = {**_ABOUT, **_columns(kind)}
        declared = ", ".join(f"{name} {kind_of}" for name, kind_of in columns.items())
        connection.execute(f"CREATE TABLE {schema}.team_{kind} ({declared})")
        rows = [_row(entry) for entry in written]
        if kind in _SHIPPED:
            # One row per name: what people wrote last stands for one that was there before.
            rows = [{**_NOBODY, **vars(one)} for one in _SHIPPED[kind]()] + rows
            rows = list({row[kind]: row for row in rows}.values())
        if rows:
            frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
            connection.register("written", frame)
            taken = ", ".join(f"CAST({name} AS {kind_of})" for name, kind_of in columns.items())
            connection.execute(f"INSERT INTO {schema}.team_{kind} SELECT {taken} FROM written")
            connection.unregister("written")
    for path in (PARTNERS,) if told else (PARTNERS, STUDY):
        connection.execute(path.read_text(encoding="utf-8").format(schema=schema))


def _told(connection: duckdb.DuckDBPyConnection, home: Path) -> dict[str, list[Entry]]:
    """What everybody may know of every record, by kind."""
    said = {kind: [entry.content for entry in journal.read(home, kind)] for kind in KINDS}
    listed = connection.execute("SELECT trim(partner_name) FROM partners").fetchall()
    partners = {name for (name,) in listed} | {one.partner_name.strip() for one in said["partner"]}
    # Who gives what ships a meaning of their own makes it theirs.
    ideas = {one.idea for one in shipped_ideas()} - {one.idea for one in said["idea"]}
    causes = {one.cause for one in shipped_causes()} - {one.cause for one in said["cause"]}
    of_plan = partial(everybody.plan, ideas=ideas, causes=causes, partners=partners)
    entries = {}
    tellers: dict[str, Callable[[Any], Any]] = {**everybody.TOLD, "plan": of_plan}
    for kind, tell in tellers.items():
        told = [(entry, tell(entry.content)) for entry in journal.read(home, kind)]
        entries[kind] = [
            replace(entry, content=content, who=entry.who if kind in everybody.SIGNED else "")
            for entry, content in told
            if content
        ]
    return entries


@lru_cache(maxsize=512)
def read_by(sql: str) -> frozenset[str]:
    """The kinds of records that SQL reads, by their tables or by the macros above them."""
    words = set(re.findall(r"\w+", sql))
    for path in (PARTNERS, STUDY):
        macros = path.read_text(encoding="utf-8")
        if words & set(re.findall(r"\bMACRO {schema}\.(\w+)", macros)):
            words |= set(re.findall(r"\w+", macros))
    return frozenset(kind for kind in KINDS if f"team_{kind}" in words)


_NOBODY = {"record": "", "version": 1, "written_at": None, "written_by": ""}


def _columns(kind: str) -> dict[str, str]:
    return {one.name: _TYPES[when_known(one.type)] for one in fields(KINDS[kind])}


def _row(entry: Entry) -> dict[str, Any]:
    about = (entry.record, entry.version, entry.at.replace(tzinfo=None), entry.who)
    said = {**dict(zip(_ABOUT, about, strict=True)), **vars(entry.content)}
    return {name: _readable(value) for name, value in said.items()}


def _readable(value: Any) -> Any:
    """Half a character, which no table can hold, is a question mark."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, tuple):
        return [_readable(one) for one in value]
    return value
