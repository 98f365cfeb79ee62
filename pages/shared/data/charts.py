"""Charts of what was loaded, and of why two numbers differ."""

import altair as alt
import pandas as pd

from pages.shared import drawing, formats
from pages.shared.drawing import LOOKS


def coverage(table: pd.DataFrame, look: str) -> alt.Chart:
    """On how many of a week's instructional days attendance was taken and its rows were sent; rows
    of health/coverage."""
    color = LOOKS[look]
    rows = table.assign(share=table.days_taken / table.days_expected)
    rows = rows[["school_name", "week_start", "days_taken", "days_expected", "share"]]
    return (
        alt.Chart(rows, **drawing.dress(color, alt.Step(26)))
        .mark_rect(stroke=color.ground, strokeWidth=1)
        .encode(
            x=alt.X(
                "yearweek(week_start):O",
                title=None,
                axis=alt.Axis(
                    format="%b",
                    labelAngle=0,
                    ticks=False,
                    domain=False,
                    labelExpr="date(datum.value) <= 7 ? timeFormat(datum.value, '%b') : ''",
                ),
            ),
            y=alt.Y(
                "school_name:N",
                sort=None,
                title=None,
                axis=alt.Axis(domain=False, ticks=False, labelLimit=110),
            ),
            color=alt.Color(
                "share:Q",
                scale=alt.Scale(domain=[0, 1], range=[color.absent, color.line], interpolate="rgb"),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("school_name:N", title="School"),
                alt.Tooltip("week_start:T", title="Week of", format="%B %-d, %Y"),
                alt.Tooltip("days_taken:Q", title="Days with attendance"),
                alt.Tooltip("days_expected:Q", title="Instructional days"),
            ],
        )
    )


def steps(table: pd.DataFrame, look: str, here: str, there: str) -> alt.LayerChart:
    """A waterfall from the count `here` to the count `there`; rows of absence/reconciliation, of
    which those that totals do not tell of are left out."""
    color = LOOKS[look]
    table = table[table.students.notna()]
    ends = table.students.where(table.step != "there", 0).cumsum()
    whole = table.step.isin(["here", "there"])
    ends_are_called = {"here": here, "there": there}
    rows = table.assign(
        label=[ends_are_called.get(row.step) or formats.step(row) for row in table.itertuples()],
        start=(ends - table.students).where(~whole, 0),
        end=ends.where(~whole, table.students),
        text=[
            formats.count(row.students) if total else formats.signed(row.students)
            for row, total in zip(table.itertuples(), whole, strict=True)
        ],
        shade=[color.absent if total else color.compared for total in whole],
    )[whole | (table.students != 0)]
    base = drawing.row_base()
    top = max(float(rows[["start", "end"]].max().max()), 1.0)
    return alt.layer(
        base.mark_bar(height=9, yOffset=drawing.BELOW).encode(
            x=alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, top], nice=False)),
            x2=alt.X2("end:Q"),
            color=alt.Color("shade:N", scale=None),
            tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=" ")],
        ),
        *drawing.row_words(rows, color),
        data=drawing.numbered(rows)[["row", "label", "text", "shade", "start", "end"]],
        **drawing.dress(color, alt.Step(drawing.ROW)),
    )
