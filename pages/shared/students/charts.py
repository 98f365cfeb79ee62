"""The year of one student as a calendar."""

from datetime import date

import altair as alt
import pandas as pd

from pages.shared import drawing
from pages.shared.drawing import LOOKS

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def year(table: pd.DataFrame, look: str, first: date, last: date) -> alt.Chart:
    """Each day missed as a square in its week, the whole ones darker; rows of causes/student_days
    of one student. first, last: the days between which the year is counted."""
    color = LOOKS[look]
    rows = pd.DataFrame(
        {
            "date": table.date,
            "week": table.date - pd.to_timedelta(table.date.dt.day_of_week, unit="D"),
            "weekday": table.date.dt.day_name(),
            "reason": table.reason,
            "part": table.part_missed,
            "shade": [
                color.absent if part >= 1 else color.absent_light for part in table.part_missed
            ],
        }
    )
    taught = [day for day in WEEKDAYS[5:] if day in set(rows.weekday)]
    weeks = [day.isoformat() for day in (first, last)]
    return (
        alt.Chart(rows, **drawing.dress(color, alt.Step(12)))
        .mark_square(size=60, opacity=1)
        .encode(
            x=alt.X(
                "week:T",
                title=None,
                scale=alt.Scale(domain=weeks),
                axis=alt.Axis(format="%b", tickCount="month", grid=True),
            ),
            y=alt.Y(
                "weekday:N",
                title=None,
                scale=alt.Scale(domain=WEEKDAYS[:5] + taught),
                axis=alt.Axis(labelExpr="slice(datum.label, 0, 3)"),
            ),
            color=alt.Color("shade:N", scale=None),
            tooltip=[
                alt.Tooltip("date:T", title="Day", format="%A, %-d %B %Y"),
                alt.Tooltip("reason:N", title="Recorded reason"),
                alt.Tooltip("part:Q", title="Part of the day missed", format=".0%"),
            ],
        )
    )
