"""What may be shown to everybody: small numbers withheld, and the attack that checks it.

The share view shows a fixed list of tables, coded once for each generation, when it is loaded:
places (all schools, a network, a neighborhood, a school) by grade, group, tier and recorded reason,
and month by month beside the year before; survey items, their answers and response rates.
"""

import duckdb

from queries.privacy import answers, coding, coding_answers
from queries.privacy.audit import Finding, audit
from queries.privacy.cells import read_absence
from queries.privacy.making import count, keep, keep_answers
from queries.privacy.rules import MINIMUM
from queries.privacy.study import code_study

__all__ = ["MINIMUM", "Finding", "audit", "code", "code_study"]


def code(connection: duckdb.DuckDBPyConnection, minimum: int = MINIMUM) -> list[Finding]:
    """Make the tables of the share view in the database that the connection stands on, and attack
    them; what the attack does not clear is emptied. One finding per table.

    What people understood it takes from the temporary table understood_cause.
    minimum: a count of students below it is withheld; 10 or more.
    """
    if minimum < MINIMUM:
        raise ValueError(f"the minimum is {MINIMUM} students or more, not {minimum}")
    count(connection, minimum, understood=True)
    cells = read_absence(connection)
    keep(connection, coding.tell(cells, coding.decide(cells, minimum), minimum))
    keep_answers(connection, coding_answers.decide(answers.read(connection), minimum))
    findings = audit(connection, minimum, counted=True, thorough=False)
    connection.execute(
        "CREATE TABLE share_audit (minimum BIGINT, name VARCHAR, hidden BIGINT, narrowest BIGINT,"
        " cleared BOOLEAN)"
    )
    for finding in findings:
        row = [minimum, finding.table, finding.hidden, finding.narrowest, finding.cleared]
        connection.execute("INSERT INTO share_audit VALUES (?, ?, ?, ?, ?)", row)
        if not finding.cleared:
            for statement in _EMPTY[finding.table]:
                connection.execute(statement)
    return findings


_EMPTY = {
    "absence": ["DELETE FROM share_absence"],
    "survey": [
        "DELETE FROM share_survey",
        "DELETE FROM share_answers",
        "DELETE FROM share_response",
    ],
}
