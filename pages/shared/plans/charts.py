"""Charts of what is tried and whether it helps, as functions from a table to an Altair chart.

They keep to what charts.py says of tables, looks, colors and the share view.
"""

from datetime import date

import altair as alt
import pandas as pd

from pages.shared import drawing, formats
from pages.shared.drawing import LOOKS, Look

# A chart as wide as this has room for the name of a plan and of its school.
NARROW = 360


def timeline(table: pd.DataFrame, look: str, as_of: date | None = None) -> alt.LayerChart:
    """When each plan begins and is to be studied; rows of plans/tried. Strong is what is to be
    studied now, pale what comes after the last day with attendance."""
    color = LOOKS[look]
    shades = {
        "time to study": color.absent,
        "under way": color.absent_light,
        "not begun": color.line,
        "closed": color.compared,
    }
    until = pd.to_datetime(table.ended_on.fillna(table.due_on))
    begins = pd.to_datetime(table.begins_on)
    day = until.max() if formats.is_missing(as_of) else pd.Timestamp(as_of)
    rows = drawing.numbered(
        table.assign(
            label=[f"{row.idea} · {row.school_name}" for row in table.itertuples()],
            label_narrow=[_in_short(row) for row in table.itertuples()],
            text=[
                row.decision if row.stage == "closed" else row.stage for row in table.itertuples()
            ],
            now=until.where(until < day, day).where(begins < day, begins),
            until=until,
            shade=table.stage.map(shades),
        )
    )
    base = drawing.row_base()
    months = {
        "title": f"Pale: after {day:%B} {day.day}, the last attendance"
        if until.max() > day
        else None,
        "axis": alt.Axis(format="%b %Y", tickCount=5, labelOverlap=True, grid=False),
        "scale": alt.Scale(nice=False),
    }
    about = {
        "color": alt.Color("shade:N", scale=None),
        "tooltip": [
            alt.Tooltip("label:N", title=" "),
            alt.Tooltip("begins_on:T", title="Begins", format="%B %-d, %Y"),
            alt.Tooltip("due_on:T", title="To be studied", format="%B %-d, %Y"),
            alt.Tooltip("text:N", title="Stage"),
        ],
    }
    label = f"(width < {NARROW} ? datum.label_narrow : datum.label)"
    bar = {"height": 10, "yOffset": drawing.BELOW}
    columns = ["row", "label", "label_narrow", "text", "shade", "begins_on", "due_on", "now"]
    return alt.layer(
        base.mark_bar(**bar).encode(x=alt.X("begins_on:T", **months), x2=alt.X2("now:T"), **about),
        base.mark_bar(fillOpacity=drawing.SOFT, **bar).encode(
            x=alt.X("now:T", **months), x2=alt.X2("until:T"), **about
        ),
        *drawing.row_ground(color, label),
        base.mark_text(
            align="left", dy=drawing.ABOVE, color=color.ink, text=alt.expr(label)
        ).encode(x=alt.XValue(0)),
        data=rows[[*columns, "until"]],
        **drawing.dress(color, alt.Step(drawing.ROW)),
    )


def _in_short(row) -> str:
    """What is tried where, as a phone has room for it; of a long idea the beginning."""
    school = f" · {row.school_name}"
    return formats.cut(row.idea, max(12, drawing.MOST_LETTERS - len(school))) + school


def weeks(
    table: pd.DataFrame,
    look: str,
    begins_on: date,
    before: float | None = None,
    after: float | None = None,
) -> alt.LayerChart:
    """Share of days missed week by week, with the start marked; rows of one plan of plans/weeks.

    before, after: the rates of the whole stretch on either side of the start, where they are known.
    """
    color = LOOKS[look]
    own = table.assign(share=table.rate.astype(float), series="the plan")
    other = table.assign(share=table.comparison_rate.astype(float), series="similar students")
    lines = pd.concat([other, own], ignore_index=True).dropna(subset=["share"])
    lines["week_start"] = pd.to_datetime(lines.week_start)
    start = pd.Timestamp(begins_on)
    colors, dashes = drawing.of_two("the plan", "similar students", color)
    first, last = lines.week_start.min(), lines.week_start.max()
    # The names of the lines stand after them: over the last weeks they would hide these.
    until = last + (last - first) * 0.35
    when = alt.X(
        "week_start:T",
        title="Week from",
        scale=alt.Scale(domain=[first.isoformat(), until.isoformat()], nice=False),
        axis=alt.Axis(format="%b %-d", labelOverlap=True, grid=False, tickCount=6),
    )
    scale = alt.Scale(domain=[0, drawing.ceiling(lines.share)], nice=False)
    shares = alt.Axis(format=".0%", tickCount=5)
    share = alt.Y("share:Q", title=None, scale=scale, axis=shares)
    base = alt.Chart().encode(x=when, y=share, color=colors)
    ends = lines.groupby("series").tail(1).reset_index(drop=True)
    upper = drawing.upper_end(ends)
    stretches = _stretches((first, start, before), (start, last, after))
    label = {"align": "left", "fontWeight": 600, "dx": 8}
    return alt.layer(
        *_where_it_begins(start, color),
        base.mark_line(strokeWidth=2, aria=False).encode(strokeDash=dashes),
        base.mark_point(filled=True, size=36, opacity=1).encode(
            tooltip=[
                alt.Tooltip("series:N", title="Who"),
                alt.Tooltip("week_start:T", title="Week from", format="%B %-d, %Y"),
                alt.Tooltip("share:Q", title="Missed", format=".1%"),
            ]
        ),
        alt.Chart(stretches)
        .mark_rule(color=color.absent, strokeWidth=6, opacity=drawing.SOFT, aria=False)
        .encode(x=alt.X("from:T", title="Week from"), x2=alt.X2("until:T"), y=share),
        *(
            alt.Chart(ends[rows])
            .mark_text(baseline=baseline, dy=dy, **label)
            .encode(x=when, y=share, text=alt.Text("series:N"), color=colors)
            for rows, baseline, dy in ((upper, "bottom", 4), (~upper, "top", -4))
        ),
        data=lines[["week_start", "share", "series"]],
        **drawing.dress(color, 260),
    )


def _stretches(*stretches: tuple) -> pd.DataFrame:
    """Those of which the rate is known, and that have begun."""
    known = [one for one in stretches if not formats.is_missing(one[2]) and one[0] < one[1]]
    return pd.DataFrame(known, columns=["from", "until", "share"])


def _where_it_begins(start: pd.Timestamp, color: Look) -> list[alt.Chart]:
    mark = alt.Chart(pd.DataFrame({"day": [start], "text": ["begins"]}))
    day = alt.X("day:T", title="Week from")
    return [
        mark.mark_rule(color=color.muted, strokeDash=[2, 3], aria=False).encode(x=day),
        mark.mark_text(align="left", baseline="top", dx=5, color=color.muted).encode(
            x=day, y=alt.YValue(0), text=alt.Text("text:N")
        ),
    ]


def by_idea(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """One idea over all schools that tried it: the difference from similar students with its
    interval, and in a thin line how far the schools lie apart; rows of plans/by_idea.

    Where nothing can be compared a mark has no items, and would be an image without a name to a
    screen reader: the table says it all.
    """
    color = LOOKS[look]
    table = drawing.with_nan(table)
    rows = drawing.numbered(
        table.assign(
            label=table.idea.map(formats.sentence_case),
            text=[_compared(row) for row in table.itertuples()],
            text_narrow=[_difference(row) for row in table.itertuples()],
        )
    )
    reach = rows[["low", "high", "lowest", "highest"]].abs().max().max()
    most = 5.0 if formats.is_missing(reach) else max(5.0, float(reach) * 1.1)
    points = alt.Scale(domain=[-most, most], nice=False, clamp=True)
    axis = {"title": "Points, fewer days missed on the left", "scale": points}
    ticks = alt.Axis(tickCount=7, format=".0f", grid=False)
    base = drawing.row_base()
    return alt.layer(
        alt.Chart()
        .mark_rule(color=color.muted, strokeDash=[2, 3], aria=False)
        .encode(x=alt.XDatum(0, scale=points)),
        base.mark_rule(
            yOffset=drawing.BELOW, strokeWidth=1.5, color=color.muted, aria=False
        ).encode(x=alt.X("lowest:Q", axis=ticks, **axis), x2=alt.X2("highest:Q")),
        base.mark_bar(height=10, yOffset=drawing.BELOW, color=color.line, aria=False).encode(
            x=alt.X("low:Q", **axis), x2=alt.X2("high:Q")
        ),
        base.mark_point(
            filled=True, size=90, opacity=1, yOffset=drawing.BELOW, color=color.absent, aria=False
        ).encode(
            x=alt.X("difference_points:Q", **axis),
            tooltip=[
                alt.Tooltip("label:N", title="Idea"),
                alt.Tooltip("text:N", title=" "),
            ],
        ),
        *drawing.row_words(rows, color, over_lines=True),
        data=drawing.only(
            rows,
            ["row", "label", "text", "text_narrow"],
            *("difference_points", "low", "high", "lowest", "highest"),
        ),
        **drawing.dress(color, alt.Step(drawing.ROW)),
    )


def _compared(row) -> str:
    told = [_difference(row)]
    if not formats.is_missing(row.schools):
        told.append(formats.number(row.schools, "school", "schools"))
    return " · ".join(filter(None, told))


def _difference(row) -> str:
    """In the share view whole points; of what cannot be compared that."""
    if formats.is_missing(row.difference_points):
        return formats.WITHHELD if getattr(row, "withheld", False) else "cannot be compared yet"
    return formats.moved(row, "difference_points")
