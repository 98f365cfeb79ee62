"""What charts are drawn with: the looks of both themes, words beside bars, bands and frames."""

import textwrap
from dataclasses import dataclass
from numbers import Real

import altair as alt
import pandas as pd

from pages.shared import formats

# Altair draws nothing of over 5,000 rows, and the weeks of 200 schools are more.
alt.data_transformers.disable_max_rows()

FONT = "Source Sans"
# The height of the strip of weeks, with what is left around it.
STRIP = 20
# A click on a dot picks its row, by the name in the column of this name.
PICK = "pick"
# How much of a band's color is seen: less than of anything that is known.
SOFT = 0.35
# The height of a row, and how far its words stand above its middle and its bar below it.
ROW, ABOVE, BELOW = 34, -7, 8
# About what a letter of those words takes.
LETTER = 6.5
# A row has room for all of its words only where the chart is as wide as this.
WIDE = 560
# What the words of a row may have where it is not.
MOST_LETTERS = 46


@dataclass(frozen=True)
class Look:
    """The colors of one theme; ground and ink are those of .streamlit/config.toml."""

    ground: str
    ink: str
    muted: str
    line: str
    faint: str
    absent: str
    absent_light: str
    favorable: str
    favorable_light: str
    compared: str
    on_compared: str


LOOKS = {
    "light": Look(
        ground="#fbfaf7",
        ink="#15181b",
        muted="#5d636b",
        line="#ddd8cd",
        faint="#ece8df",
        absent="#a8481f",
        absent_light="#e0b39c",
        favorable="#1f5f5b",
        favorable_light="#a9c6c2",
        compared="#8a8f98",
        on_compared="#15181b",
    ),
    "dark": Look(
        ground="#15191c",
        ink="#e8e6e1",
        muted="#a3a9b0",
        line="#3a4147",
        faint="#262c31",
        absent="#e08a5f",
        absent_light="#7a4a34",
        favorable="#7cc4bd",
        favorable_light="#2f5652",
        compared="#8a9199",
        on_compared="#15191c",
    ),
}


def row_base() -> alt.Chart:
    """The band of a row, without data: Altair compares the data of layers by printing them."""
    return alt.Chart().encode(
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)),
    )


def numbered(table: pd.DataFrame) -> pd.DataFrame:
    """A table with the place of each of its rows."""
    return table.assign(row=range(len(table)))


def row_words(rows: pd.DataFrame, color: Look, over_lines: bool = False) -> list[alt.Chart]:
    """The name of a row above it on the left, its figure on the right; on a phone that is
    text_narrow, where rows have it. over_lines: lines of an axis run where the words stand."""
    base, narrow = row_base(), "text_narrow" in rows
    figure, name = {}, {}
    if narrow:
        figure = {"text": alt.expr(by_width("text"))}
        # A name leaves room for '20% to 30%'; 0 is no limit.
        name = {"limit": alt.expr(f"width < {WIDE} ? width - 72 : 0")}
    told = f"({by_width('text')})" if narrow else "datum.text"
    return [
        *(row_ground(color, "datum.label", told) if over_lines else ()),
        base.mark_text(align="left", dy=ABOVE, color=color.ink, **name).encode(
            x=alt.XValue(0), text=alt.Text("label:N")
        ),
        base.mark_text(align="right", dy=ABOVE, color=color.muted, **figure).encode(
            x=alt.XValue("width"), **({} if narrow else {"text": alt.Text("text:N")})
        ),
    ]


def row_ground(color: Look, left: str, right: str = "''", above: float = ABOVE) -> list[alt.Chart]:
    """Ground behind the words at both ends of each row, on which no line of an axis runs through
    them. It is drawn after such lines, and before the words. left, right: the words, as Vega reads
    them."""
    place = {"height": 18, "yOffset": above, "color": color.ground, "aria": False}
    ends = (("0", f"{LETTER} * length({left})"), (f"width - {LETTER} * length({right})", "width"))
    return [
        row_base().mark_bar(x=alt.expr(begin), x2=alt.expr(end), **place) for begin, end in ends
    ]


def hairlines(step: float, color: Look) -> alt.Chart:
    """A line below each of many rows, so that words and marks are seen to be of one row."""
    return (
        row_base()
        .mark_rule(color=color.line, yOffset=step / 2, aria=False)
        .encode(x=alt.XValue(0), x2=alt.X2Value("width"))
    )


def of_two(first: str, second: str, color: Look) -> tuple[alt.Color, alt.StrokeDashValue]:
    """How two lines, of the column `series`, are told apart: by color, and by dashes."""
    scale = alt.Scale(domain=[first, second], range=[color.absent, color.muted])
    whole = alt.condition(alt.datum.series == first, alt.value([1, 0]), alt.value([5, 4]))
    return alt.Color("series:N", scale=scale, legend=None), alt.StrokeDashValue(**whole)


def upper_end(ends: pd.DataFrame) -> pd.Series:
    """Which of the two ends of lines has its words above it, so that both have room, however close
    the lines are."""
    return ends.share == ends.share.max() if ends.share.nunique() > 1 else ends.index == 0


def by_width(column: str) -> str:
    """A column where its chart is wide, another one where it is narrow, as Vega reads it."""
    return f"width < {WIDE} ? datum.{column}_narrow : datum.{column}"


def share_of(share: str, of: str) -> str:
    """'24% of 480', in the share view '24% of about 480'; of what is withheld the word alone."""
    return share if share == formats.WITHHELD else f"{share} of {of}"


def in_short(told: str) -> str:
    """'40–60%' for '40% to 60%', '≥ 90%' for '90% or more', where there is little room."""
    told = told.replace("% to ", "–")
    for end, sign in ((" or more", "≥ "), (" or less", "≤ ")):
        told = f"{sign}{told.removesuffix(end)}" if told.endswith(end) else told
    return told


def fitting(labels, *wordings) -> list[str]:
    """What stands on the right on a phone: the first wording that leaves room for the name of every
    row, or the last of all."""
    for words in wordings:
        lines = zip(labels, words, strict=True)
        if all(len(label) + len(word) <= MOST_LETTERS for label, word in lines):
            break
    return list(words)


def true(column: pd.Series) -> list[bool]:
    """Three-valued claims as two: the unknown is no claim."""
    return [not formats.is_missing(value) and bool(value) for value in column]


def renamed(table: pd.DataFrame, figure: str, name: str) -> dict[str, pd.Series]:
    """A figure, with the ends of its bands where there are any, under another name."""
    ends = (end for end in ("", "_at_least", "_at_most") if f"{figure}{end}" in table)
    return {f"{name}{end}": table[f"{figure}{end}"] for end in ends}


def wrapped(text: str, width: int) -> str:
    """A text in lines of so many letters at most."""
    return "\n".join(textwrap.wrap(text, width))


def in_turn(told) -> str:
    """What is told of one year and the next: '7%, then 5% or less'."""
    told = list(told)
    return f"{told[0]} both times" if told == told[:1] * 2 else ", then ".join(told)


def with_nan(table: pd.DataFrame) -> pd.DataFrame:
    """A coded table with NaN for every number that it does not tell: NA, NaN and None all come out
    of tables, and only NaN can be counted with. Any other table as it is."""
    return table.apply(floats) if formats.is_coded(table) and len(table) else table


def floats(column: pd.Series) -> pd.Series:
    """A column of numbers, and of what is not known, as floats; any other as it is."""
    values = [float("nan") if formats.is_missing(value) else value for value in column]
    if any(isinstance(value, bool) or not isinstance(value, Real) for value in values):
        return column
    return pd.Series(values, index=column.index, dtype=float)


def only(rows: pd.DataFrame, columns: list[str], *figures: str) -> pd.DataFrame:
    """What a chart is sent: of these columns, and of figures with the ends of their bands, those
    that there are."""
    ends = ("", "_at_least", "_at_most")
    return rows.filter([*columns, *(f"{figure}{end}" for figure in figures for end in ends)])


def is_told(rows: pd.DataFrame, figure: str) -> pd.Series:
    """Where a figure is told, as a value or as a band."""
    upper = f"{figure}_at_most"
    return rows[figure].notna() | (rows[upper].notna() if upper in rows else False)


def largest(rows: pd.DataFrame, figure: str) -> pd.Series:
    """What the end of an axis must leave room for: a figure and the upper ends of its bands."""
    upper = f"{figure}_at_most"
    return pd.concat([rows[figure], rows[upper]]) if upper in rows else rows[figure]


def in_words(rows: pd.DataFrame, share: str, *counts: str) -> pd.DataFrame:
    """A table with columns share_told and count_told, for tooltips: there an exact share has a
    decimal."""
    exactly = formats.percent if formats.is_coded(rows) else formats.tenth_percent
    told = {count: [formats.amount(row, count) for row in rows.itertuples()] for count in counts}
    told[share] = [formats.figure(row, share, exactly) for row in rows.itertuples()]
    for end in {f"{share}_low", f"{share}_high"} & {*rows}:
        told[end] = [exactly(value) for value in rows[end]]
    return rows.assign(**{f"{column}_told": words for column, words in told.items()})


def tip(column: str, title: str) -> alt.Tooltip:
    """A figure in a tooltip, in words."""
    return alt.Tooltip(f"{column}_told:N", title=title)


def outline(color: Look) -> dict:
    """Round a band among bars, or it could be taken for a bar of a lighter color."""
    return {"stroke": color.muted, "strokeDash": [2, 3]}


def bands(rows: pd.DataFrame, figure: str, along: dict, encodings: dict, **mark) -> list[alt.Chart]:
    """A soft bar from one end of a figure's band to the other, where rows have bands.

    along: how the axis of the figure is drawn.
    """
    if f"{figure}_at_most" not in rows:
        return []
    place = {"x": alt.X(f"{figure}_at_least:Q", **along), "x2": alt.X2(f"{figure}_at_most:Q")}
    return [row_base().mark_bar(fillOpacity=SOFT, **mark).encode(**place, **encodings)]


def ceiling(shares: pd.Series) -> float:
    """The end of an axis of shares: the next full 5% above the largest, at least 10%."""
    largest = shares.max()
    if formats.is_missing(largest):
        return 1.0
    return min(1.0, max(0.1, 0.05 * (int(float(largest) / 0.05) + 1)))


def dress(color: Look, height) -> dict:
    """The one theme of every chart, on screen and in pictures: what a chart is made with.

    Given when a chart is made, because every later change of an Altair chart copies it whole:
    that was more than half of the time of a page.
    """
    return {
        "width": "container",
        "height": height,
        "background": "transparent",
        "padding": {"left": 4, "right": 12, "top": 4, "bottom": 4},
        "autosize": {"type": "fit", "contains": "padding"},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "text": {"fontSize": 13},
            "axis": {
                "labelColor": color.muted,
                "titleColor": color.muted,
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "gridColor": color.line,
                "domainColor": color.line,
                "tickColor": color.line,
            },
        },
    }


def weeks(table: pd.DataFrame, look: str) -> alt.Chart:
    """A strip of the weeks of a year: a hairline where attendance is there, higher and stronger
    where it is missing at some schools, and most so where at all; rows of health/weeks."""
    color = LOOKS[look]
    missing = table.schools_missing.astype(int)
    # Whole, partly, missing.
    step = 2 * (missing > 0) - ((missing > 0) & (missing < table.schools))
    rows = pd.DataFrame(
        {
            "week": range(len(table)),
            "shade": step.map({0: color.line, 1: color.absent_light, 2: color.absent}),
            "top": step.map({0: 0.2, 1: 0.7, 2: 1.0}),
            "begins": [formats.day(day) for day in table.week_start],
            "where": [
                f"{count} of {formats.number(of, 'school', 'schools')}" if count else "nowhere"
                for count, of in zip(missing, table.schools, strict=True)
            ],
        }
    )
    return (
        alt.Chart(rows, **dress(color, STRIP))
        .mark_bar(aria=False)
        .encode(
            x=alt.X("week:O", axis=None, scale=alt.Scale(paddingInner=0.15, paddingOuter=0)),
            y=alt.Y("top:Q", axis=None, scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("shade:N", scale=None),
            tooltip=[
                alt.Tooltip("begins:N", title="Week of"),
                alt.Tooltip("where:N", title="Attendance is missing at"),
            ],
        )
    )
