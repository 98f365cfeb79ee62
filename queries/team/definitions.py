"""Local definitions of chronic absence that people wrote down, beside those of a generation.

A generation stays as it was made. Whoever asks it a question sees, in place of its table of
definitions, one with these in it: so they count at once, and for every generation.
"""

import csv
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from queries.team import journal
from queries.team.journal import Entry
from queries.team.records import Definition

SHIPPED = Path(__file__).parent.parent / "tables" / "definitions.csv"
# Who writes the name or label of one that is there lets that one count otherwise from a year on. A
# row that a folder has for the same year stands: it is loaded again and again, and says so.
_ADD = """
INSERT INTO {schema}.definitions BY NAME
SELECT
    coalesce(known.name, $label) AS name,
    coalesce(known.label, $label) AS label,
    $since AS since,
    $share_numerator AS share_numerator,
    $share_denominator AS share_denominator,
    $days AS days,
    $inclusive AS inclusive,
    $minimum_days AS minimum_days,
    $day_rule AS day_rule,
    $minimum_days_present AS minimum_days_present,
    $sentence AS sentence,
    $source AS source,
    CAST($date AS DATE) AS date
FROM (SELECT 1) AS one_row
LEFT JOIN (
    SELECT DISTINCT name, label FROM {schema}.definitions WHERE $label IN (name, label)
) AS known ON true
WHERE NOT EXISTS (
    FROM {schema}.definitions AS there
    WHERE there.name = coalesce(known.name, $label) AND there.since = $since
)
"""


@lru_cache(maxsize=1)
def shipped() -> tuple[dict[str, str], ...]:
    """The definitions that come with Roundtable, as their file has them."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def make(cursor: Any, home: Path, schema: str) -> None:
    """Make the definitions that a cursor of DuckDB stands on, with those that people wrote, in a
    schema of the connection's own memory."""
    cursor.execute(f"CREATE TABLE {schema}.definitions AS FROM definitions")
    for entry in journal.read(home, "definition"):
        cursor.execute(_ADD.format(schema=schema), _row(entry))


def _row(entry: Entry) -> dict[str, Any]:
    """One definition in the columns of queries/tables/definitions.csv, without its name."""
    said: Definition = entry.content
    share = Fraction(said.threshold, 100) if said.unit == "percent" else None
    row = {
        "label": said.label.strip(),
        "since": said.since,
        "share_numerator": share and share.numerator,
        "share_denominator": share and share.denominator,
        "days": None if share else said.threshold,
        "inclusive": said.inclusive,
        "minimum_days": said.minimum_days,
        "day_rule": said.day_rule,
        "minimum_days_present": said.minimum_days_present,
        "sentence": sentence(said),
        "source": said.source,
        "date": entry.at.date(),
    }
    # Half a character, which no table can hold, is a question mark.
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in row.items()
    }


def sentence(said: Definition) -> str:
    """What a definition says, from its fields alone, so that it cannot say another thing than it
    counts by."""
    many = "at least" if said.inclusive else "more than"
    missed = f"{many} {said.threshold}% of the days they were enrolled"
    if said.unit == "days":
        missed = f"{many} {_days(said.threshold)}"
    asked = [
        f"{word} for at least {_days(days)}"
        for word, days in (("enrolled", said.minimum_days), ("present", said.minimum_days_present))
        if days
    ]
    evaluated = f", if {' and '.join(asked)}" if asked else ""
    counts = (
        "A day counts as missed when half of it or more was missed, excused or not."
        if said.day_rule == "half_day"
        else "Missed time adds up exactly, excused or not: two half days make one day."
    )
    return f"A student is chronically absent when they missed {missed}{evaluated}. {counts}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
