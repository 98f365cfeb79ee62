"""Charts of why students miss school: what was recorded, what is understood, what is not known."""

import altair as alt
import pandas as pd

from pages.shared import drawing, formats, marks
from pages.shared.drawing import LOOKS, Look


def reasons(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Days missed by recorded reason, in the share view students; rows of causes/recorded."""
    color = LOOKS[look]
    table = drawing.with_nan(table)
    text = [_reason(row) for row in table.itertuples()]
    return marks.bars(_by_reason(table, color).assign(text=text), color)


def _reason(row) -> str:
    """'12% · 340 days · 120 students'; in the share view, where days are not told, students."""
    told = formats.students(row)
    if formats.is_coded(row):
        return told
    return f"{formats.percent(row.share)} · {formats.number(row.days, 'day', 'days')} · {told}"


def _by_reason(table: pd.DataFrame, color: Look) -> pd.DataFrame:
    """Bars as long as the days missed, in the share view as the number of students."""
    return table.assign(
        label=table.reason,
        value=table.students if formats.is_coded(table) else table.days,
        shade=[
            color.compared if reason == "Not recorded" else color.absent_light
            for reason in table.reason
        ],
    )


NOT_KNOWN = "not known yet"
# As many bars as one looks at; the table has all.
MOST_BARS = 8


def not_known(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """How many are chronically absent, and of how many no cause is known; row of causes/unknown."""
    color = LOOKS[look]
    row = drawing.with_nan(table).iloc[0]
    counts = ["students_without_cause", "students_absent"]
    told = [formats.students(row, name) for name in counts]
    rows = pd.DataFrame(
        {
            "label": ["Nobody has written down why", "All who are chronically absent"],
            "value": list(row[counts]),
            "shade": [color.absent, color.absent_light],
            "text": told,
            "text_narrow": told,
        }
    )
    return marks.bars(rows, color)


def recorded(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Recorded reasons where there is half a page for them: days, in the share view students."""
    color = LOOKS[look]
    rows = _by_reason(drawing.with_nan(table), color)
    if formats.is_coded(table):
        return marks.bars(_in_students(rows), color)
    told = [formats.number(value, "day", "days") for value in rows.days]
    brief = [formats.count(value) for value in rows.days]
    return marks.bars(
        rows.assign(text=told, text_narrow=drawing.fitting(rows.label, told, brief)), color
    )


def _in_students(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the words of their students, shorter where a phone has no room."""
    told = [formats.students(row) for row in rows.itertuples()]
    brief = [formats.amount(row) for row in rows.itertuples()]
    return rows.assign(text=told, text_narrow=drawing.fitting(rows.label, told, brief))


def understood(table: pd.DataFrame, look: str, most: float = 0) -> alt.LayerChart:
    """Students by understood cause; rows of causes/understood.

    most: the longest bar that this one is to be compared with, where a cause stands alone.
    """
    color = LOOKS[look]
    table = drawing.with_nan(table)
    label = table.cause.map(formats.sentence_case)
    rows = table.assign(label=label, value=table.students, shade=color.absent_light)
    return marks.bars(_in_students(rows), color, most)
