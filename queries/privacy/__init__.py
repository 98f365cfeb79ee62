"""What may be shown to everybody: small numbers withheld, and the attack that checks it.

The share view shows a fixed list of tables, coded once for each month-end, when a folder is loaded:
places (all schools, a network, a neighborhood, a school) by grade, group, tier and recorded reason,
and month by month beside the year before; survey items, their answers and response rates.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb
import numpy as np

from queries.privacy import answers, coding, coding_answers, releases, releases_absence
from queries.privacy.audit import Finding, audit
from queries.privacy.cells import Cells, read_absence
from queries.privacy.making import count, keep, keep_answers, keep_open, keep_told, leave_out
from queries.privacy.releases import keep_study
from queries.privacy.releases_answers import own, together
from queries.privacy.rules import MINIMUM
from queries.privacy.study import code_study

__all__ = [
    "MINIMUM",
    "Finding",
    "audit",
    "code",
    "code_study",
    "keep_open",
    "keep_study",
    "keep_told",
]


def code(
    connection: duckdb.DuckDBPyConnection, minimum: int = MINIMUM, before: Sequence[Path] = ()
) -> list[Finding]:
    """Make the tables of the share view in the database that the connection stands on, and attack
    them; what the attack does not clear is emptied. One finding per table; none where everything is
    told as it was.

    What people understood it takes from the temporary table understood_cause.
    minimum: a count of students below it is withheld; 10 or more. before: the files of generations
    that are kept and were made by the same rules, the one that is served first.
    """
    if minimum < MINIMUM:
        raise ValueError(f"the minimum is {MINIMUM} students or more, not {minimum}")
    release = before[0] if before else None
    count(connection, minimum, anew=True, before=before)
    same_absence = _tell_absence(connection, minimum, before)
    same_survey = _tell_survey(connection, minimum, before)
    if release and same_absence and same_survey:
        with releases.beside(connection, release):
            connection.execute("CREATE TABLE share_audit AS FROM release.share_audit")
        return []
    return _attack(connection, minimum, before)


def _tell_absence(
    connection: duckdb.DuckDBPyConnection, minimum: int, before: Sequence[Path]
) -> bool:
    """Tell of attendance; whether it is what the release that is served told."""
    cells = read_absence(connection)
    served = releases.told_before(connection, cells, before[:1])
    told = served if served.is_kept.all() else releases.told_before(connection, cells, before)
    codes = told.codes if told.is_kept.all() else _decide(connection, cells, minimum, told, before)
    cells = replace(cells, is_few=cells.is_few | told.is_few)
    keep(connection, coding.tell(cells, codes, minimum))
    releases.keep_counts(connection, codes)
    return bool(served.is_kept.all())


def _decide(
    connection: duckdb.DuckDBPyConnection,
    cells: Cells,
    minimum: int,
    told: releases.Before,
    before: Sequence[Path],
) -> np.ndarray:
    """What is shown of each cell, beside all that kept releases told."""
    all_, found = releases_absence.together(connection, cells, before, releases_absence.read_codes)
    told = releases_absence.with_told(told, found)
    all_ = replace(all_, is_few=all_.is_few | told.is_few)
    return coding.decide(all_, minimum, told)[: len(cells)]


def _tell_survey(
    connection: duckdb.DuckDBPyConnection, minimum: int, before: Sequence[Path]
) -> bool:
    """Tell of surveys; whether it is what the release that is served told."""
    survey = answers.read(connection)
    nothing = answers.nothing_told(survey)
    # The tables that the releases' are read beside.
    keep_answers(connection, nothing)
    if before:
        with releases.beside(connection, before[0]):
            if releases.keep_survey(connection):
                return True
    all_, told = together(connection, survey, before)
    told = coding_answers.decide(all_, minimum, told, len(survey))
    keep_answers(connection, own(told, survey))
    return False


def _attack(
    connection: duckdb.DuckDBPyConnection, minimum: int, before: Sequence[Path]
) -> list[Finding]:
    """Attack what is told, leave out of attendance what keeps it from being cleared, the finest
    first, write down what was found, and empty what is not cleared even so."""
    audited = partial(audit, connection, minimum, counted=True, thorough=False, others=before)
    findings: list[Finding] = audited()
    left_out: list[str] = []
    for what, dimensions in _LEFT_OUT.items():
        if findings[0].cleared:
            break
        if years := leave_out(connection, dimensions, before):
            left_out.append(f"{what} for {' and '.join(years)}")
            _tell_absence(connection, minimum, before)
            findings = audited()
    connection.execute(
        "CREATE TABLE share_audit (minimum BIGINT, name VARCHAR, hidden BIGINT, narrowest BIGINT,"
        " cleared BOOLEAN, left_out VARCHAR[])"
    )
    for finding in findings:
        row = [minimum, finding.table, finding.hidden, finding.narrowest, finding.cleared]
        row.append(left_out if finding.table == "absence" else [])
        connection.execute("INSERT INTO share_audit VALUES (?, ?, ?, ?, ?, ?)", row)
        if not finding.cleared:
            for statement in _EMPTY[finding.table]:
                connection.execute(statement)
    return findings


_LEFT_OUT = {
    "groups": (
        *("gender", "race_ethnicity", "home_language", "english_learner", "disability"),
        *("economically_disadvantaged", "unstable_housing"),
    ),
    "grades": ("grade",),
    "tiers, reasons or causes": ("tier", "reason", "knowledge", "cause"),
    "attendance": ("all",),
}
_EMPTY = {
    "absence": ["DELETE FROM share_absence"],
    "survey": [
        "DELETE FROM share_survey",
        "DELETE FROM share_answers",
        "DELETE FROM share_response",
    ],
}
