"""What everybody may know of what was tried: pooled over a network, told as other groups are."""

from collections.abc import Collection
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from queries.privacy.rules import about, end_for_size

EXACT = Path(__file__).with_name("06_study.sql")
RATES = ("before_rate", "after_rate", "comparison_before", "comparison_after")
POINTS = ("difference_points", "low", "high")


def code_study(
    connection: duckdb.DuckDBPyConnection, shipped_ideas: Collection[str], minimum: int
) -> None:
    """Make share_study: one row per school year, network, change idea and measure.

    The connection sees what people wrote beside its generation. What an idea is called is theirs to
    choose, so one that does not ship with Roundtable is there without its name.
    """
    connection.execute(
        """
        CREATE TABLE share_study (
            school_year VARCHAR, network VARCHAR, idea VARCHAR, measure VARCHAR, schools BIGINT,
            students BIGINT, before_rate DOUBLE, before_rate_at_least DOUBLE,
            before_rate_at_most DOUBLE, after_rate DOUBLE, after_rate_at_least DOUBLE,
            after_rate_at_most DOUBLE, comparison_students BIGINT, comparison_before DOUBLE,
            comparison_before_at_least DOUBLE, comparison_before_at_most DOUBLE,
            comparison_after DOUBLE, comparison_after_at_least DOUBLE,
            comparison_after_at_most DOUBLE, difference_points BIGINT, low BIGINT, high BIGINT,
            verdict VARCHAR, withheld BOOLEAN
        )
        """
    )
    places = connection.execute(
        """
        SELECT share_release.school_year, share_release.as_of, schools.network,
            list(schools.school_id ORDER BY schools.school_id)
        FROM share_release
        CROSS JOIN schools
        WHERE share_release.school_year IN (SELECT school_year FROM team_plan)
            AND share_release.as_of IS NOT NULL
        GROUP BY ALL
        ORDER BY ALL
        """
    ).fetchall()
    for school_year, as_of, network, schools in places:
        asked = {"school_year": school_year, "as_of": as_of, "schools": schools}
        exact = connection.execute(EXACT.read_text(encoding="utf-8"), asked).df()
        if exact.empty:
            continue
        told = _told(exact, minimum).assign(school_year=school_year, network=network)
        told["idea"] = told.idea.where(told.idea.isin(list(shipped_ideas)), "An idea of their own")
        connection.register("told_study", told)
        connection.execute("INSERT INTO share_study BY NAME SELECT * FROM told_study")
        connection.unregister("told_study")


def _told(exact: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Sizes to the nearest ten, rates and points whole, ends of rates by the size of a group."""
    withheld = exact.students < minimum
    told = exact[["idea", "measure", "schools", "verdict"]].assign(withheld=withheld)
    told["verdict"] = exact.verdict.mask(withheld)
    for column in ("students", "comparison_students"):
        sizes = exact[column].fillna(0).astype("int64")
        told[column] = pd.Series(about(sizes)).astype("Int64").mask(withheld | (sizes < minimum))
    for column in RATES:
        size = "comparison_students" if column.startswith("comparison") else "counted"
        percent = 100 * exact[column]
        end = pd.Series(end_for_size(exact[size].fillna(0).to_numpy()), exact.index)
        is_low, is_high = percent <= end, percent >= 100 - end
        # Sums of fractions come out in the last digits differently: a half is a half.
        whole = np.floor(percent.round(9) + 0.5) / 100
        told[column] = whole.mask(withheld | is_low | is_high)
        told[f"{column}_at_most"] = (end / 100).where(is_low & ~withheld)
        told[f"{column}_at_least"] = (1 - end / 100).where(is_high & ~withheld)
    for column in POINTS:
        told[column] = np.floor(exact[column] + 0.5).astype("Int64").mask(withheld)
    return told
