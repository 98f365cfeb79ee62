"""Charts of what a network wants to move together."""

import altair as alt
import pandas as pd

from pages.shared import drawing, formats
from pages.shared.drawing import LOOKS


def progress(table: pd.DataFrame, look: str, goal: float) -> alt.LayerChart:
    """How far each place is from a goal, which is a line; rows of queries.progress of one
    priority, the whole first; stands_at: what is said of each."""
    color = LOOKS[look]
    rows = drawing.numbered(
        drawing.with_nan(
            table.drop(columns=["record", "reached", "school_name", "stands_at"])
        ).assign(
            label=[
                "All together" if name != name or name is None else name
                for name in table.school_name
            ],
            text=table.stands_at,
            shade=[
                color.ink if formats.is_missing(name) else color.favorable
                for name in table.school_name
            ],
        )
    )
    base = drawing.row_base()
    axis = {"title": None, "scale": alt.Scale(domain=[0, 1], nice=False)}
    ticks = alt.Axis(format=".0%", tickCount=5)
    encodings = {
        "color": alt.Color("shade:N", scale=None),
        "tooltip": [
            alt.Tooltip("label:N", title="Where"),
            alt.Tooltip("text:N", title="Now"),
        ],
    }
    return alt.layer(
        base.mark_rule(color=color.muted, strokeDash=[4, 3], aria=False).encode(
            x=alt.XDatum(goal, **axis), y=alt.YValue(0), y2=alt.Y2Value("height")
        ),
        *drawing.bands(rows, "share", axis, encodings, height=10, yOffset=9),
        base.mark_point(filled=True, size=90, opacity=1, yOffset=9).encode(
            x=alt.X("share:Q", axis=ticks, **axis), **encodings
        ),
        *drawing.row_words(rows, color),
        data=rows,
        **drawing.dress(color, alt.Step(40)),
    )
