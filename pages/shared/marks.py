"""Marks that charts of several subjects share: bars, intervals, and dots joined by a line."""

import altair as alt
import pandas as pd

from pages.shared import drawing, formats
from pages.shared.drawing import LOOKS, PICK, WIDE, Look

# Rows of items: from there on each has one line for its words.
MANY = 12
# Words of the share view in the place of a share.
UNTOLD = (formats.WITHHELD, formats.TOO_EARLY)


def bars(rows: pd.DataFrame, color: Look, most: float = 0) -> alt.LayerChart:
    """Horizontal bars in the table's order, the name above each so that a phone has room.

    Needs label, text, value and shade, and text_narrow where words must fit half a page; in the
    share view value_at_least and _at_most where the values are shares. most: the longest bar that
    these are to be compared with.
    """
    top = float(max([most, *drawing.largest(rows, "value").dropna()])) or 1.0
    along = {"axis": None, "scale": alt.Scale(domain=[0, top], nice=False)}
    encodings = {
        "color": alt.Color("shade:N", scale=None),
        "tooltip": [alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=" ")],
    }
    place = {"height": 9, "yOffset": drawing.BELOW}
    return alt.layer(
        *drawing.bands(rows, "value", along, encodings, **place, **drawing.outline(color)),
        drawing.row_base().mark_bar(**place).encode(x=alt.X("value:Q", **along), **encodings),
        *drawing.row_words(rows, color),
        data=drawing.only(
            drawing.numbered(rows), ["row", "label", "text", "text_narrow", "shade"], "value"
        ),
        **drawing.dress(color, alt.Step(drawing.ROW)),
    )


def interval(
    rows: pd.DataFrame,
    figure: str,
    share: alt.Scale,
    strong: str,
    light: str,
    counts: list[alt.Tooltip],
) -> list[alt.Chart]:
    """A dot for a share and a line for its 95% interval, in columns figure, _low and _high, with
    their words; in the share view a band for a share known as one."""
    base = drawing.row_base()
    along = {"scale": share, "title": None, "axis": alt.Axis(format=".0%", tickCount=5)}
    about = [alt.Tooltip("label:N", title=" "), *counts, drawing.tip(figure, "Share")]
    band = {"height": 10, "yOffset": drawing.BELOW, "color": strong}
    return [
        *drawing.bands(rows, figure, along, {"tooltip": about}, **band),
        base.mark_rule(strokeWidth=2, color=light, yOffset=drawing.BELOW).encode(
            x=alt.X(f"{figure}_low:Q", **along), x2=alt.X2(f"{figure}_high:Q")
        ),
        base.mark_point(
            filled=True, size=80, opacity=1, color=strong, yOffset=drawing.BELOW
        ).encode(x=alt.X(f"{figure}:Q", **along), tooltip=[*about, *ends(figure)]),
    ]


def ends(figure: str) -> list[alt.Tooltip]:
    """The 95% interval of a figure in a tooltip."""
    return [
        drawing.tip(f"{figure}_low", "95% interval, from"),
        drawing.tip(f"{figure}_high", "to"),
    ]


def interval_data(rows: pd.DataFrame, figure: str, *others: str) -> pd.DataFrame:
    """What `interval` and the words of its rows are drawn from."""
    words = ["row", "label", "text", "text_narrow", *others]
    ends = [f"{figure}_{end}" for end in ("low", "high", "told", "low_told", "high_told")]
    return drawing.only(drawing.numbered(rows), [*words, *ends], figure)


def by_day(
    rows: pd.DataFrame,
    color: Look,
    strength: str,
    top: float,
    tooltip: list[alt.Tooltip],
    step: int = drawing.ROW,
    weekdays: list[str] | None = None,
) -> alt.LayerChart:
    """Months down and weekdays across, the stronger the color the more days are missed.

    Needs month_start, weekday, text, strength, which is at most `top`, and what tooltips say.
    """
    rows = rows.assign(
        month=[formats.month(value) for value in rows.month_start], day=rows.weekday.str[:3]
    )
    axis = alt.Axis(domain=False, ticks=False)
    heads = alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False)
    base = alt.Chart().encode(
        x=alt.X("day:O", sort=weekdays, title=None, axis=heads),
        y=alt.Y("month:O", sort=list(rows.month.unique()), title=None, axis=axis),
    )
    shades = [color.faint, color.absent_light]
    scale = alt.Scale(domain=[0, top], range=shades, interpolate="rgb")
    about = [alt.Tooltip("month:N", title="Month"), alt.Tooltip("weekday:N", title="Weekday")]
    said = [strength, *(one.shorthand.removesuffix(":Q") for one in tooltip)]
    return alt.layer(
        base.mark_rect(stroke=color.ground, strokeWidth=2).encode(
            color=alt.Color(f"{strength}:Q", scale=scale, legend=None),
            tooltip=[*about, *tooltip],
        ),
        base.mark_text(color=color.ink).encode(text=alt.Text("text:N")),
        data=drawing.only(rows, ["month", "day", "weekday", "text", *dict.fromkeys(said)]),
        **drawing.dress(color, alt.Step(step)),
    )


def change_text(change, low, high) -> str:
    if formats.is_missing(low):
        return f"{formats.points(change)}, n not published"
    return f"{formats.points(change)} ({formats.interval(low, high)})"


def told_without_change(row, figure: str, change) -> tuple[str, str] | None:
    """What is said where the share view tells of two years, but of no change between them."""
    if not formats.is_coded(row):
        return None
    first, second = (formats.figure(row, f"{year}_{figure}") for year in ("first", "second"))
    if first == second == formats.WITHHELD:
        return formats.WITHHELD, formats.WITHHELD
    if not row.comparable or not formats.is_missing(change):
        return None
    return drawing.in_turn([first, second]), f"now {second}"


def with_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of dumbbells whose words say before and now, where they may be compared: beside the dots
    they would stand on the line of the interval."""
    ends = [
        f"{formats.percent(row.first)} → {formats.percent(row.second)}"
        if compared and not formats.is_missing(row.low)
        else ""
        for row, compared in zip(rows.itertuples(), drawing.true(rows.comparable), strict=True)
    ]
    return rows.assign(
        text=[
            f"{both}: {told}" if both else told for both, told in zip(ends, rows.text, strict=True)
        ],
        text_narrow=[both or told for both, told in zip(ends, rows.text_narrow, strict=True)],
    )


def _dumbbell_rows(table: pd.DataFrame, color: Look, absent: bool) -> pd.DataFrame:
    """The words and colors of each row, and in how many lines its words stand."""
    strong = color.absent if absent else color.favorable
    light = color.absent_light if absent else color.favorable_light
    rows = table.assign(
        # The words of a row share a line with its figure; a phone has half of it.
        pick=table.label,
        # A questionnaire of thirty long sentences would be a page of ten screens: the whole
        # sentence stands in the tooltip and in the table.
        label=[
            _in_lines(row.label, max(40, 108 - len(row.text)), len(table))
            for row in table.itertuples()
        ],
        label_narrow=[
            _in_lines(row.label, min(44, 52 - len(row.text_narrow)), len(table))
            for row in table.itertuples()
        ],
        low=table.low.clip(0, 1),
        high=table.high.clip(0, 1),
        strong=[strong if clear else color.compared for clear in table.clear],
        light=[light if clear else color.line for clear in table.clear],
    )
    rows = drawing.in_words(drawing.in_words(rows, "first"), "second")
    for words_of in ("label", "label_narrow", "text", "text_narrow"):
        rows[f"{words_of}_lines"] = [words.count("\n") for words in rows[words_of]]
    return rows


def dumbbells(table: pd.DataFrame, look: str, meaning: str) -> alt.LayerChart:
    """Before, now and how sure the change is; one row per label, in the table's order.

    The thin line round the full dot is the 95% interval of the change, laid from the open dot:
    where it reaches the open dot, chance could explain the change, and the row is grey.
    Needs label, first, second, low, high (shares), clear, text and text_narrow; of the share view
    the ends of bands as well, if it has any.
    """
    color, absent = LOOKS[look], meaning == "absent"
    rows = _dumbbell_rows(table, color, absent)
    lines = int(rows.label_narrow_lines.max() if len(rows) else 0)
    # The dots lie near the bottom of their band, the words end just above them.
    step, below, between_them = (30, 8, 9) if len(rows) >= MANY and not lines else (40, 12, 10)
    step += 15 * lines
    level = step / 2 - below
    above = level - between_them
    largest = pd.concat(
        [rows.high, drawing.largest(rows, "first"), drawing.largest(rows, "second")]
    )
    share = alt.Scale(domain=[0, drawing.ceiling(largest) if absent else 1], nice=False)
    percents = alt.Axis(format=".0%", tickCount=5, grid=step != 30)
    base = drawing.row_base()
    tooltip = [
        alt.Tooltip("pick:N", title=" "),
        drawing.tip("first", "Before"),
        drawing.tip("second", "Now"),
        alt.Tooltip("text:N", title="Change"),
    ]
    strong_color = alt.Color("strong:N", scale=None)

    along = {"scale": share, "title": None, "axis": percents}
    between = base.mark_rule(strokeWidth=6, yOffset=level, strokeCap="round").encode(
        x=alt.X("first:Q", **along), x2=alt.X2("second:Q"), color=alt.Color("light:N", scale=None)
    )
    # Vega would draw a line from a dot that has no other one to the beginning of the axis.
    between = between.transform_filter("isValid(datum.second)")
    return alt.layer(
        *([drawing.hairlines(step, color)] if step == 30 else ()),
        *_both_bands(rows, along, strong_color, tooltip, level),
        between,
        base.mark_rule(strokeWidth=1.5, yOffset=level).encode(
            x=alt.X("low:Q", scale=share, title=None), x2=alt.X2("high:Q"), color=strong_color
        ),
        base.mark_point(
            filled=False, size=70, opacity=1, fill=color.ground, strokeWidth=2, yOffset=level
        ).encode(x=alt.X("first:Q", scale=share, title=None), color=strong_color, tooltip=tooltip),
        base.mark_point(filled=True, size=110, opacity=1, yOffset=level)
        .encode(x=alt.X("second:Q", scale=share, title=None), color=strong_color, tooltip=tooltip)
        .add_params(alt.selection_point(name=PICK, fields=["pick"])),
        *([] if step == 30 or lines else _ground(color, above)),
        _words("left", 0, "label", color.ink, above),
        _words("right", "width", "text", color.muted, above),
        data=_dumbbell_data(drawing.numbered(rows)),
        **drawing.dress(color, alt.Step(step)),
    )


def _ground(color: Look, above: float) -> list[alt.Chart]:
    """Ground behind the words of rows in one line."""
    left, right = (f"({drawing.by_width(name)})" for name in ("label", "text"))
    return drawing.row_ground(color, left, right, above - 8)


def _words(align: str, x, text: str, ink: str, above: float) -> alt.Chart:
    """The words above a row, at one of its ends."""
    more_lines = f"(width < {WIDE} ? datum.{text}_narrow_lines : datum.{text}_lines)"
    return (
        drawing.row_base()
        .mark_text(
            align=align,
            baseline="bottom",
            dy=alt.expr(f"{above} - 15 * {more_lines}"),
            lineBreak="\n",
            lineHeight=15,
            color=ink,
            text=alt.expr(drawing.by_width(text)),
        )
        .encode(x=alt.XValue(x))
    )


def _in_lines(label: str, width: int, rows: int) -> str:
    """A label in two lines at most, in one where there are many rows."""
    lines = 1 if rows >= MANY else 2
    return drawing.wrapped(formats.cut(label, width * lines - 4 * (lines - 1)), width)


def _both_bands(
    rows: pd.DataFrame, along: dict, strong: alt.Color, tooltip: list[alt.Tooltip], level: float
) -> list[alt.Chart]:
    """Like the dots: before is open, now is full, and a click on either picks its row."""
    encodings = {"color": strong, "tooltip": tooltip}
    place = {"height": 12, "yOffset": level, "cursor": "pointer"}
    before = {"filled": False, "fill": "transparent", "strokeDash": [4, 3]}
    return [
        *drawing.bands(rows, "second", along, encodings, **place),
        *drawing.bands(rows, "first", along, encodings, **place, **before),
    ]


def _dumbbell_data(rows: pd.DataFrame) -> pd.DataFrame:
    words = ["label", "label_narrow", "text", "text_narrow"]
    columns = ["row", PICK, *words, *(f"{name}_lines" for name in words)]
    columns += ["low", "high", "strong", "light", "first_told", "second_told"]
    return drawing.only(rows, columns, "first", "second")
