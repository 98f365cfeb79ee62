"""The year of one student as a calendar."""

from datetime import date, timedelta

import altair as alt
import pandas as pd

from pages.shared import drawing
from pages.shared.drawing import LOOKS

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def year(
    table: pd.DataFrame, look: str, first: date, last: date, school_days: tuple = ()
) -> alt.LayerChart:
    """Each day missed as a square in its week, the whole ones darker, on faint ones of all school
    days; rows of causes/student_days of one student. first, last: the days between which the year
    is counted."""
    color = LOOKS[look]
    there = _in_weeks(pd.Series(pd.to_datetime(school_days)))
    rows = _in_weeks(table.date).assign(
        reason=table.reason,
        part=table.part_missed,
        shade=[color.absent if part >= 1 else color.absent_light for part in table.part_missed],
    )
    taught = [day for day in WEEKDAYS[5:] if day in {*rows.weekday, *there.weekday}]
    # From before the first week, whose squares have a width.
    begin = first - timedelta(days=first.weekday() + 4)
    weeks = [day.isoformat() for day in (begin, last)]
    placed = {
        "x": alt.X(
            "week:T",
            title=None,
            scale=alt.Scale(domain=weeks),
            axis=alt.Axis(format="%b", tickCount="month", grid=True),
        ),
        "y": alt.Y(
            "weekday:N",
            title=None,
            scale=alt.Scale(domain=WEEKDAYS[:5] + taught),
            axis=alt.Axis(labelExpr="slice(datum.label, 0, 3)"),
        ),
    }
    school = alt.Chart(there).mark_square(size=60, opacity=1, color=color.faint, aria=False)
    missed = alt.Chart(rows).mark_square(size=60, opacity=1)
    shown = missed.encode(
        **placed,
        color=alt.Color("shade:N", scale=None),
        tooltip=[
            alt.Tooltip("date:T", title="Day", format="%A, %B %-d, %Y"),
            alt.Tooltip("reason:N", title="Recorded reason"),
            alt.Tooltip("part:Q", title="Part of the day missed", format=".0%"),
        ],
    )
    return alt.layer(school.encode(**placed), shown, **drawing.dress(color, alt.Step(12)))


def _in_weeks(days: pd.Series) -> pd.DataFrame:
    """Where days stand in the calendar."""
    return pd.DataFrame(
        {
            "date": days,
            "week": days - pd.to_timedelta(days.dt.day_of_week, unit="D"),
            "weekday": days.dt.day_name(),
        }
    )
