"""Shares of a day as they are written, to whole numbers: 0.33 is one part of three.

A third cannot be written out, and three of 0.33 are no whole day. Two or more decimals that are a
third, a sixth or a seventh once rounded are that, thirds and sixths also when cut off (0.66); from
three decimals on also ninths, elevenths and twelfths; six or more are the nearest fraction of up to
1,000 parts, such as minutes over the minutes of a day. Everything else is as it is written.
"""

from fractions import Fraction

from queries.load.loading import Loading

ROUNDED, CUT_OFF = Fraction(1, 2), Fraction(1)
ALWAYS = {3: CUT_OFF, 6: CUT_OFF, 7: ROUNDED}
FROM_THREE_DECIMALS = ALWAYS | {9: CUT_OFF, 11: CUT_OFF, 12: CUT_OFF}
MANY_DECIMALS, MOST_PARTS = 6, 1000


def exact(written: str) -> Fraction:
    """The share that somebody meant who wrote these digits."""
    share = Fraction(written)
    decimals = len(written.partition(".")[2])
    if decimals >= MANY_DECIMALS:
        nearest = share.limit_denominator(MOST_PARTS)
        return nearest if abs(nearest - share) <= Fraction(1, 10**MANY_DECIMALS) else share
    step = Fraction(1, 10**decimals)
    parts_of = {2: ALWAYS}.get(decimals, FROM_THREE_DECIMALS if decimals > 2 else {})
    for parts, off_by in parts_of.items():
        meant = Fraction(round(share * parts), parts)
        rounded = abs(meant - share) <= ROUNDED * step
        cut_off = off_by == CUT_OFF and 0 <= meant - share < step
        if rounded or cut_off:
            return meant
    return share


def keep(loading: Loading) -> None:
    """share_of_day: one row per share of a day in attendance as it is written; it is
    missed_units of day_units, whole numbers."""
    loading.connection.execute(
        """
        CREATE TABLE share_of_day (event_duration VARCHAR, missed_units BIGINT, day_units BIGINT)
        """
    )
    source = loading.sources.get("attendance")
    if not source or "event_duration" not in source.columns:
        return
    written = loading.connection.execute(
        "SELECT DISTINCT event_duration FROM attendance WHERE event_duration IS NOT NULL"
    ).fetchall()
    rows = [[one, *exact(one).as_integer_ratio()] for (one,) in written]
    if rows:
        loading.connection.executemany("INSERT INTO share_of_day VALUES (?, ?, ?)", rows)
