"""What one load carries from step to step, and how it says what it found in rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import duckdb

from queries.load.reading import Source, quoted
from queries.load.report import Finding, Findings

MARKS = """
CREATE TABLE staging.set_aside (file VARCHAR, at_row BIGINT, column_name VARCHAR, rule VARCHAR);
CREATE TABLE staging.repaired (file VARCHAR, at_row BIGINT, rule VARCHAR);
"""


class Found(NamedTuple):
    """How many rows a query of `at_row` finds, the first few, and the query itself."""

    total: int
    first: list[int]
    positions: str
    values: dict


@dataclass
class Loading:
    """What one load carries from step to step."""

    connection: duckdb.DuckDBPyConnection
    findings: Findings
    today: date
    sources: dict[str, Source]

    def forget(self, name: str) -> None:
        """Leave out a file that cannot be asked for more than the values in it."""
        del self.sources[name]
        self.connection.execute(f"DELETE FROM {quoted(name)}")

    def found(self, positions: str, **values) -> Found:
        """How many rows a query of `at_row` finds, and the first few."""
        [[total, first]] = self.connection.execute(
            f"SELECT count(*), coalesce(min(at_row, {Findings.LISTED}), []) FROM ({positions})",
            values,
        ).fetchall()
        return Found(total, first, positions, values)

    def list_rows(
        self,
        source: Source,
        kind: str,
        found: Found,
        columns: tuple[str, ...],
        words: tuple[str, str] | Callable[[str | None], tuple[str, str]],
    ) -> None:
        """Make findings of rows: line and value of the first few, and the count of the rest.

        What is refused or set aside is said once for each value, with its first line and how many
        rows have it. `words`: problem and remedy, or what gives them for a value.
        """
        if not found.total:
            return
        by_value = kind in ("refused", "set_aside")
        given = [quoted(column) if column in source.columns else "NULL" for column in columns]
        shown = ", ".join(f"CAST({one} AS VARCHAR) AS value_{n}" for n, one in enumerate(given))
        names = ", ".join(f"value_{n}" for n in range(len(columns)))
        say = words if callable(words) else lambda _: words
        rows = self.connection.execute(
            f"""
            SELECT line, {names}, rows
            FROM (
                SELECT
                    {names}, arg_min(line, at_row) AS line, min(at_row) AS at_row, count(*) AS rows
                FROM (
                    SELECT at_row, {source.line} AS line, {shown}
                    FROM (SELECT {source.position} AS at_row, * FROM {source.relation})
                    WHERE at_row IN ({found.positions if by_value else "SELECT unnest($first)"})
                )
                GROUP BY {names}{"" if by_value else ", at_row"}
            )
            ORDER BY at_row
            LIMIT {Findings.LISTED}
            """,
            found.values if by_value else {"first": found.first},
        ).fetchall()
        listed = sum(row[-1] for row in rows)
        for number, (line, *values, alike) in enumerate(rows, start=1):
            value = ", ".join(value or "" for value in values) if any(values) else None
            name = source.before if source.before and line is None else source.name
            place = (name, line, ", ".join(columns), value)
            finding = Finding(*place, *say(value), kind, alike, source.row_word)
            more = found.total - listed if number == len(rows) else 0
            self.findings.add(finding, more, group=" ".join(columns) + say("x")[0])

    def refuse(
        self, name: str, columns: tuple[str, ...], positions: str, problem: str, remedy: str
    ) -> None:
        """Refuse the folder for the rows of a file that a query of `at_row` finds."""
        found = self.found(positions)
        self.list_rows(self.sources[name], "refused", found, columns, (problem, remedy))

    def refuse_for(
        self,
        name: str,
        columns: tuple[str, ...],
        first: int,
        problem: str,
        remedy: str,
        total: int = 1,
    ) -> None:
        """Refuse the folder for many rows at once, of which the first is shown; total: how many."""
        found = self.found("SELECT $first AS at_row", first=first)._replace(total=total)
        self.list_rows(self.sources[name], "refused", found, columns, (problem, remedy))

    def note(
        self, name: str, columns: tuple[str, ...], positions: str, problem: str, remedy: str
    ) -> None:
        """Say that the rows that a query of `at_row` finds are odd; they stand as they are."""
        found = self.found(positions)
        self.list_rows(self.sources[name], "noted", found, columns, (problem, remedy))

    def repair(
        self, name: str, columns: tuple[str, ...], positions: str, problem: str, remedy: str
    ) -> None:
        """Mark the rows that a query of `at_row` finds as counted otherwise than they stand."""
        self.connection.execute(
            f"INSERT INTO staging.repaired SELECT $name, at_row, $problem FROM ({positions})",
            {"name": name, "problem": problem},
        )
        found = self.found(
            "SELECT at_row FROM staging.repaired WHERE file = $name AND rule = $problem",
            name=name,
            problem=problem,
        )
        self.list_rows(self.sources[name], "repaired", found, columns, (problem, remedy))
