"""DuckDB in this process: the generations attached to it, and tables made once beside them."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from queries import access
from queries.disk import write_privately
from queries.load import publish
from queries.team import definitions, journal
from queries.team import tables as team_tables

# Macros that questions share, of no generation: an older one is asked by today's.
MACROS = (
    access.CELLS.parent / "tables" / "00_definition_in_force.sql",
    access.CELLS / "macros.sql",
)
# As many generations stay attached as are kept on disk: a page that is open while one is swapped
# finishes on the one it began with.
ATTACHED_AT_MOST = 4
# Rows of cells that are kept to be asked again, of all choices together: some 200 MB.
CELL_ROWS_AT_MOST = 2_000_000

_attaching = Lock()
_numbers = itertools.count(1)
# Of what people wrote, as journal.state tells it.
State = tuple[int, str, int]


def path_of(folder: Path, name: str, *, everybody: bool) -> Path:
    if not everybody:
        return publish.kept_path_of(folder, name)
    is_told = publish.is_told(folder, name)
    return (publish.shared_path_of if is_told else publish.open_path_of)(folder, name)


class Server:
    """One DuckDB, with the generations that are asked attached to it.

    folder: the one folder whose files it can open, all that everybody's questions are answered
    from; None for staff's, which opens generations of any data folder.
    """

    def __init__(self, folder: Path | None):
        # What does not fit into memory goes to a file.
        write_privately()
        self.folder = folder
        self.connection = duckdb.connect(":memory:")
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute("SET autoinstall_known_extensions = false")
        self.connection.execute("SET autoload_known_extensions = false")
        if folder:
            allowed = [str(folder)]
            self.connection.execute("SET allowed_directories = $allowed", {"allowed": allowed})
            self.connection.execute("SET enable_external_access = false")
        for path in MACROS:
            self.connection.execute(path.read_text(encoding="utf-8"))
        self.attached: dict[Path, str] = {}
        self.definition_schemas: dict[tuple[str, State], str] = {}
        self.written = _MadeOnce(self.connection, "team", ATTACHED_AT_MOST)
        self.cells = _MadeOnce(self.connection, "cells", CELL_ROWS_AT_MOST)

    def stand_on(self, folder: Path, name: str, local: State | None) -> duckdb.DuckDBPyConnection:
        """A cursor to which a generation's tables are known by name, and the macros of questions.
        local: the state of the definitions that people wrote, which stand in place of the
        generation's; None if there are none."""
        path = path_of(folder, name, everybody=self.folder is not None).resolve()
        if path not in self.attached:
            alias = f"{name}_{next(_numbers)}" if name in self.attached.values() else name
            # The name was checked by publish, the path is our own; neither can be a parameter.
            self.connection.execute(
                f'ATTACH OR REPLACE {publish.literal(path)} AS "{alias}" (READ_ONLY)'
            )
            self.attached[path] = alias
            while len(self.attached) > ATTACHED_AT_MOST:
                oldest = next(iter(self.attached))
                self.connection.execute(f'DETACH "{self.attached.pop(oldest)}"')
        cursor = self.connection.cursor()
        # Today's macros before those that an older generation was made with.
        stands_on = f"memory.main,{self.attached[path]}.main"
        cursor.execute(f"SET search_path = '{stands_on}'")
        if local:
            schema = self._with_local(cursor, self.attached[path], folder, local)
            stands_on = f"{schema},{stands_on}"
            cursor.execute(f"SET search_path = '{stands_on}'")
        return cursor

    def _with_local(
        self, cursor: duckdb.DuckDBPyConnection, alias: str, folder: Path, local: State
    ) -> str:
        """The schema with the definitions of a generation and those that people wrote."""
        key = (alias, local)
        if key not in self.definition_schemas:
            schema = f"memory.definitions_{next(_numbers)}"
            cursor.execute(f"CREATE SCHEMA {schema}")
            definitions.make(cursor, folder, schema)
            self.definition_schemas[key] = schema
            while len(self.definition_schemas) > ATTACHED_AT_MOST:
                oldest = next(iter(self.definition_schemas))
                cursor.execute(f"DROP SCHEMA {self.definition_schemas.pop(oldest)} CASCADE")
        return self.definition_schemas[key]

    @contextmanager
    def set_beside(self, cursor: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[None]:
        """Let the cursor see what people wrote, in tables made anew when that has changed."""

        def make(schema: str) -> int:
            also_see(cursor, schema)
            team_tables.make(cursor, folder, schema, told=self.folder is not None)
            return 1

        key = (folder.resolve(), journal.state(folder))
        with self.written.asked(key, make) as schema:
            also_see(cursor, schema)
            yield


def also_see(cursor: duckdb.DuckDBPyConnection, *schemas: str) -> None:
    """Have a cursor know the tables of more schemas by name, after those that it knows."""
    ((stands_on,),) = cursor.execute("SELECT current_setting('search_path')").fetchall()
    seen = dict.fromkeys([*stands_on.split(","), *schemas])
    cursor.execute(f"SET search_path = '{','.join(seen)}'")


@dataclass
class _Made:
    """Tables in a schema of their own. weight: what they take of the room, once they are made;
    readers: who asks of them now."""

    schema: str
    weight: int = 0
    readers: int = 0
    making: Lock = field(default_factory=Lock)


@dataclass
class _MadeOnce:
    """Tables that are made by whoever asks first, while nobody else is held up. Those that were
    asked longest ago, and are asked by nobody now, make room."""

    connection: duckdb.DuckDBPyConnection
    name: str
    room: int
    made: dict[Any, _Made] = field(default_factory=dict)

    @contextmanager
    def asked(self, key: Any, make: Callable[[str], int]) -> Iterator[str]:
        """The schema in which the tables of a key stand; `make` fills it and says their weight."""
        with _attaching:
            one = self.made.pop(key, None) or _Made(f"memory.{self.name}_{next(_numbers)}")
            self.made[key] = one
            one.readers += 1
        try:
            with one.making:
                if not one.weight:
                    with _attaching:
                        # Of tables that were not made to their end something may stand there.
                        self._drop(one)
                        self.connection.execute(f"CREATE SCHEMA {one.schema}")
                    one.weight = make(one.schema)
            yield one.schema
        finally:
            with _attaching:
                one.readers -= 1
                self._make_room()

    def _make_room(self) -> None:
        weight = sum(one.weight for one in self.made.values())
        for oldest, one in list(self.made.items()):
            if weight > self.room and not one.readers:
                weight -= one.weight
                del self.made[oldest]
                self._drop(one)

    def _drop(self, one: _Made) -> None:
        self.connection.execute(f"DROP SCHEMA IF EXISTS {one.schema} CASCADE")


_servers: dict[Path | None, Server] = {}


def _server(folder: Path | None) -> Server:
    if folder not in _servers:
        _servers[folder] = Server(folder)
        for oldest in [one for one in _servers if one][:-ATTACHED_AT_MOST]:
            del _servers[oldest]
    return _servers[folder]


def server_of(folder: Path, name: str, *, everybody: bool) -> Server:
    with _attaching:
        return _server(_only_folder(folder, name, everybody=everybody))


def _only_folder(folder: Path, name: str, *, everybody: bool) -> Path | None:
    return publish.shared_path_of(folder, name).parent.resolve() if everybody else None


def open_cursor(
    folder: Path,
    name: str,
    *,
    everybody: bool = False,
    local: State | None = None,
) -> duckdb.DuckDBPyConnection:
    """A cursor that stands on one generation; DuckDB refuses a connection shared by threads.

    everybody: it can read nothing but what everybody may. local: as stand_on takes it.
    """
    of = _only_folder(folder, name, everybody=everybody)
    with _attaching:
        try:
            return _server(of).stand_on(folder, name, local)
        except (duckdb.ConnectionException, duckdb.FatalException):
            # After a fatal error DuckDB answers nothing any more; who asks next gets a new one.
            del _servers[of]
            return _server(of).stand_on(folder, name, local)
