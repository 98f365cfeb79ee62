"""Charts of why students miss school: what was recorded, what is understood, what is not known."""

import altair as alt
import pandas as pd

from pages.shared import drawing, formats, marks
from pages.shared.drawing import LOOKS, Look


def reasons(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Days missed by recorded reason, in the share view students; rows of causes/recorded."""
    color = LOOKS[look]
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    return marks.bars(
        table.assign(
            label=table.reason,
            text=[
                # Days are not told in the share view.
                drawing.students(row.students, coded)
                if coded
                else f"{formats.percent(row.share)} · {formats.number(row.days, 'day', 'days')} · "
                f"{drawing.students(row.students, coded)}"
                for row in table.itertuples()
            ],
            value=table.students if coded else table.days,
            shade=[
                color.compared if reason == "Not recorded" else color.absent_light
                for reason in table.reason
            ],
        ),
        color,
    )


NOT_KNOWN = "not known yet"
# As many bars as one looks at; the table has all.
MOST_BARS = 8


def not_known(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """How many are chronically absent, and of how many no cause is known; row of causes/unknown."""
    color = LOOKS[look]
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    row = table.iloc[0]
    rows = pd.DataFrame(
        {
            "label": ["Nobody has written down why", "All who are chronically absent"],
            "value": [row.students_without_cause, row.students_absent],
            "shade": [color.absent, color.absent_light],
        }
    )
    if coded:
        rows["withheld"] = row.withheld
    rows["text"] = [drawing.students(value, coded) for value in rows.value]
    return ranked(rows.assign(text_narrow=rows.text), color)


def recorded(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Recorded reasons where there is half a page for them: days, in the share view students."""
    color = LOOKS[look]
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    if coded:
        told = [drawing.students(value, coded) for value in table.students]
        brief = [formats.about(value, coded) for value in table.students]
    else:
        told = [formats.number(value, "day", "days") for value in table.days]
        brief = [formats.count(value) for value in table.days]
    return ranked(
        table.assign(
            label=table.reason,
            value=table.students if coded else table.days,
            shade=[
                color.compared if reason == "Not recorded" else color.absent_light
                for reason in table.reason
            ],
            text=told,
            text_narrow=drawing.fitting(table.reason, told, brief),
        ),
        color,
    )


def understood(table: pd.DataFrame, look: str, most: float = 0) -> alt.LayerChart:
    """Students by understood cause; rows of causes/understood.

    most: the longest bar that this one is to be compared with, where a cause stands alone.
    """
    color = LOOKS[look]
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    label = table.cause.map(formats.sentence_case)
    told = [drawing.students(value, coded) for value in table.students]
    brief = [formats.about(value, coded) for value in table.students]
    return ranked(
        table.assign(
            label=label,
            value=table.students,
            shade=color.absent_light,
            text=told,
            text_narrow=drawing.fitting(label, told, brief),
        ),
        color,
        most,
    )


def ranked(rows: pd.DataFrame, color: Look, most: float = 0) -> alt.LayerChart:
    """Horizontal bars as in charts.py, whose words also fit half a page and a phone."""
    base = drawing.row_base()
    top = max([most, *drawing.largest(rows, "value").dropna()]) or 1.0
    columns = ["row", "label", "text", "text_narrow", "shade"]
    return alt.layer(
        base.mark_bar(height=9, yOffset=drawing.BELOW).encode(
            x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, float(top)], nice=False)),
            color=alt.Color("shade:N", scale=None),
            tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=" ")],
        ),
        *drawing.row_words(base, color, narrow=True),
        data=drawing.only(drawing.numbered(rows), formats.is_coded(rows), columns, "value"),
        **drawing.dress(color, alt.Step(drawing.ROW)),
    )
