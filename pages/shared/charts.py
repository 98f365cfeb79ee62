"""Every chart, as a function from a table to an Altair chart.

A chart takes its table and a look, 'light' or 'dark'. Colors have meaning: rust is chronically
absent, green is favorable, grey is what chance could do or what is compared with.
"""

import textwrap
from dataclasses import dataclass

import altair as alt
import pandas as pd

from pages.shared import formats

FONT = "Source Sans"
# A click on a dot picks its row, by the name in the column of this name.
PICK = "pick"


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


def rate_by_month(months: pd.DataFrame, look: str) -> alt.LayerChart:
    """The year so far and last year, by instructional day; rows of absence/by_month."""
    color = LOOKS[look]
    this_year = _points(months, "rate", "students", "this year")
    last_year = _points(months, "last_year_rate", "last_year_students", "last year")
    lines = pd.concat([last_year, this_year], ignore_index=True).dropna(subset=["share"])
    ends = lines.groupby("series", as_index=False).last()
    ends["text"] = [f"{formats.percent(row.share)}\n{row.series}" for row in ends.itertuples()]
    names = {
        int(row.instructional_day): formats.month(row.month_end) for row in months.itertuples()
    }
    colors = alt.Color(
        "series:N",
        scale=alt.Scale(domain=["this year", "last year"], range=[color.absent, color.muted]),
        legend=None,
    )
    days = alt.X(
        "instructional_day:Q",
        title="End of each month, placed by instructional day",
        scale=alt.Scale(domain=[0, max(names, default=1) * 1.2], nice=False),
        axis=alt.Axis(
            values=sorted(names), labelExpr=f"({names})[datum.value]", grid=False, ticks=True
        ),
    )
    shares = alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, _ceiling(lines.share)]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    base = alt.Chart().encode(x=days, y=shares, color=colors)
    tooltip = [
        alt.Tooltip("series:N", title="Year"),
        alt.Tooltip("month_end:T", title="Up to", format="%-d %B %Y"),
        alt.Tooltip("instructional_day:Q", title="Instructional day"),
        alt.Tooltip("share:Q", title="Chronically absent", format=".1%"),
        alt.Tooltip("of:Q", title="Students counted", format=","),
    ]
    # The two labels at the ends of the lines give each other room, however close the lines are.
    upper = ends.share == ends.share.max() if ends.share.nunique() > 1 else ends.index == 0
    label = {"align": "left", "dx": 8, "fontWeight": 600, "lineBreak": "\n", "lineHeight": 15}
    return alt.layer(
        base.mark_line(strokeWidth=2.5, aria=False).encode(
            strokeDash=alt.condition(
                alt.datum.series == "this year", alt.value([1, 0]), alt.value([5, 4])
            ),
        ),
        base.mark_point(filled=True, size=55, opacity=1).encode(tooltip=tooltip),
        alt.Chart(ends[upper])
        .mark_text(baseline="bottom", dy=-13, **label)
        .encode(x=days, y=shares, text="text:N", color=colors),
        alt.Chart(ends[~upper])
        .mark_text(baseline="top", dy=0, **label)
        .encode(x=days, y=shares, text="text:N", color=colors),
        data=lines,
        **_dress(color, 300),
    )


def _points(months: pd.DataFrame, share: str, of: str, series: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month_end": months.month_end,
            "instructional_day": months.instructional_day,
            "share": months[share],
            "of": months[of],
            "series": series,
        }
    )


def trend(months: pd.DataFrame, look: str, figure: str) -> alt.Chart:
    """The small trend under a headline number: one column of absence/by_month, month by month."""
    color = LOOKS[look]
    return (
        alt.Chart(months, **_dress(color, 40))
        .mark_line(color=color.muted, strokeWidth=2, point={"size": 18, "color": color.muted})
        .encode(
            x=alt.X("instructional_day:Q", axis=None, scale=alt.Scale(nice=False)),
            y=alt.Y(f"{figure}:Q", axis=None, scale=alt.Scale(zero=figure != "attendance_rate")),
        )
    )


def tiers(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Students by share of days missed; one row per tier."""
    color = LOOKS[look]
    shades = {
        "satisfactory": color.line,
        "at_risk": color.compared,
        "moderate": color.absent_light,
        "severe": color.absent,
    }
    return _bars(
        table.assign(
            label="Missed " + table.tier.map(formats.TIERS).str.lower(),
            text=[
                f"{formats.percent(row.share)} · "
                f"{formats.number(row.students, 'student', 'students')}"
                for row in table.itertuples()
            ],
            shade=table.tier.map(shades),
            value=table.students,
        ),
        color,
    )


def standings(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """How many students are near the threshold; one row per standing."""
    color = LOOKS[look]
    shades = {
        "within_3": color.compared,
        "can_recover": color.absent_light,
        "next_year": color.absent,
    }
    return _bars(
        table.assign(
            label=table.standing.map(formats.STANDINGS),
            text=[formats.number(value, "student", "students") for value in table.students],
            shade=table.standing.map(shades),
            value=table.students,
        ),
        color,
    )


def _bars(rows: pd.DataFrame, color: Look) -> alt.LayerChart:
    """Horizontal bars in the table's order, the name above each so that a phone has room.

    Needs label, text, value and shade.
    """
    base = _row_base()
    top = float(max([0, *rows.value])) or 1.0
    return alt.layer(
        base.mark_bar(height=14, yOffset=9).encode(
            x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, top], nice=False)),
            color=alt.Color("shade:N", scale=None),
            tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=" ")],
        ),
        *_row_words(base, color),
        data=_numbered(rows),
        **_dress(color, alt.Step(44)),
    )


def _row_base() -> alt.Chart:
    """The band of a row, without data: Altair compares the data of layers by printing them."""
    return alt.Chart().encode(
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)),
    )


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(row=range(len(table)))


def _row_words(base: alt.Chart, color: Look) -> list[alt.Chart]:
    """The name of a row above it on the left, its figure on the right."""
    return [
        base.mark_text(align="left", dy=-9, color=color.ink).encode(
            x=alt.XValue(0), text="label:N"
        ),
        base.mark_text(align="right", dy=-9, color=color.muted).encode(
            x=alt.XValue("width"), text="text:N"
        ),
    ]


def rates(table: pd.DataFrame, look: str, whole: float) -> alt.LayerChart:
    """A share with its 95% interval for each label, and `whole`, the share of all, as a line."""
    color = LOOKS[look]
    rows = table.assign(
        text=[
            f"{formats.percent(row.rate)} of {formats.count(row.students)}"
            for row in table.itertuples()
        ],
        whole=whole,
    )
    base = _row_base()
    # A group of a few has an interval over everything: it does not set the axis, and is cut by it.
    ceiling = _ceiling(rows.rate_high[rows.students >= 10])
    share = alt.Scale(domain=[0, ceiling], nice=False, clamp=True)
    return alt.layer(
        base.mark_rule(color=color.muted, strokeDash=[2, 3]).encode(
            x=alt.X("mean(whole):Q", scale=share, title=None),
            y=alt.YValue(0),
            y2=alt.Y2Value("height"),
        ),
        *_interval(
            "rate",
            share,
            color.absent,
            color.absent_light,
            [
                alt.Tooltip("students_absent:Q", title="Chronically absent", format=","),
                alt.Tooltip("students:Q", title="Students counted", format=","),
            ],
        ),
        *_row_words(base, color),
        data=_numbered(rows),
        **_dress(color, alt.Step(42)),
    )


def _interval(
    figure: str, share: alt.Scale, strong: str, light: str, counts: list[alt.Tooltip]
) -> list[alt.Chart]:
    """A dot for a share and a line for its 95% interval, in columns figure, _low and _high."""
    base = _row_base()
    percents = alt.Axis(format=".0%", tickCount=5)
    return [
        base.mark_rule(strokeWidth=2, color=light, yOffset=9).encode(
            x=alt.X(f"{figure}_low:Q", scale=share, title=None, axis=percents),
            x2=f"{figure}_high:Q",
        ),
        base.mark_point(filled=True, size=80, opacity=1, color=strong, yOffset=9).encode(
            x=alt.X(f"{figure}:Q", scale=share, title=None, axis=percents),
            tooltip=[
                alt.Tooltip("label:N", title=" "),
                *counts,
                alt.Tooltip(f"{figure}:Q", title="Share", format=".1%"),
                alt.Tooltip(f"{figure}_low:Q", title="95% interval, from", format=".1%"),
                alt.Tooltip(f"{figure}_high:Q", title="to", format=".1%"),
            ],
        ),
    ]


def school_items(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """One survey item school by school; rows of one item of culture/by_school."""
    color = LOOKS[look]
    rows = table.assign(
        label=table.school_name,
        text=[
            f"{formats.percent(row.favorable)} of {formats.count(row.n)}, "
            f"response {formats.percent(row.response_rate)}"
            for row in table.itertuples()
        ],
    )
    return alt.layer(
        *_interval(
            "favorable",
            alt.Scale(domain=[0, 1]),
            color.favorable,
            color.favorable_light,
            [alt.Tooltip("n:Q", title="Answers", format=",")],
        ),
        *_row_words(_row_base(), color),
        data=_numbered(rows),
        **_dress(color, alt.Step(42)),
    )


def grade_rates(table: pd.DataFrame, look: str, whole: float) -> alt.LayerChart:
    """The same for grades; rows of absence/by_grade."""
    return rates(table.assign(label=table.grade.map(formats.grade)), look, whole)


def group_rates(table: pd.DataFrame, look: str, whole: float) -> alt.LayerChart:
    """The same for student groups; rows of absence/by_group."""
    labels = [formats.group(row.dimension, row.group_name) for row in table.itertuples()]
    return rates(table.assign(label=labels), look, whole)


def changes(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Chronic absence last year and this year; rows of absence/shifts."""
    return _dumbbells(
        pd.DataFrame(
            {
                "label": table.place,
                "first": table.first_rate,
                "second": table.second_rate,
                "low": table.first_rate + table.change_low / 100,
                "high": table.first_rate + table.change_high / 100,
                "clear": _true(table.clear_of_chance),
                "text": [
                    _change_text(row.change_points, row.change_low, row.change_high)
                    if row.comparable
                    else "not comparable: attendance was taken on "
                    f"{formats.percent(row.first_coverage)} of days, then "
                    f"{formats.percent(row.second_coverage)}"
                    for row in table.itertuples()
                ],
                "text_narrow": [
                    formats.signed(row.change_points) if row.comparable else "not comparable"
                    for row in table.itertuples()
                ],
            }
        ),
        look,
        "absent",
    )


def shifts(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Agreement in one year and the next; rows of culture/shifts."""
    return _dumbbells(
        pd.DataFrame(
            {
                "label": [
                    row.item_text + (" (scored in reverse)" if row.reverse_scored else "")
                    for row in table.itertuples()
                ],
                "first": table.first_favorable.where(table.comparable),
                "second": table.second_favorable,
                "low": table.first_favorable + table.shift_low / 100,
                "high": table.first_favorable + table.shift_high / 100,
                "clear": _true(table.clear_of_chance),
                "text": [
                    _no_shift(row)
                    if formats.is_missing(row.shift_points)
                    else _change_text(row.shift_points, row.shift_low, row.shift_high)
                    for row in table.itertuples()
                ],
                "text_narrow": [
                    "no shift"
                    if formats.is_missing(row.shift_points)
                    else formats.signed(row.shift_points)
                    for row in table.itertuples()
                ],
            }
        ),
        look,
        "favorable",
    )


def gaps(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Where two groups see one item differently; rows of culture/group_gaps, the widest eight."""
    rows = table.head(8)
    first = rows.favorable_b
    return _dumbbells(
        pd.DataFrame(
            {
                "label": rows.item_text,
                "first": first,
                "second": rows.favorable_a,
                "low": first + rows.gap_low / 100,
                "high": first + rows.gap_high / 100,
                "clear": (rows.gap_low > 0) | (rows.gap_high < 0),
                "text": [
                    f"{_group_share(row.group_b, row.favorable_b)}, "
                    f"{_group_share(row.group_a, row.favorable_a)}"
                    for row in rows.itertuples()
                ],
                "text_narrow": [formats.signed(gap) for gap in rows.gap_points],
            }
        ),
        look,
        "favorable",
    )


def _group_share(group: str, share: float) -> str:
    return f"{formats.sentence_case(group).lower()} {formats.percent(share)}"


def _true(column: pd.Series) -> list[bool]:
    """Three-valued claims as two: the unknown is no claim."""
    return [not formats.is_missing(value) and bool(value) for value in column]


def _change_text(change, low, high) -> str:
    if formats.is_missing(low):
        return f"{formats.points(change)}, n not published"
    return f"{formats.points(change)} ({formats.interval(low, high)})"


def _no_shift(row) -> str:
    """Why no shift is shown for an item."""
    if not row.comparable and not formats.is_missing(row.first_favorable):
        return "wording or scale changed: no shift"
    return "no answers the year before" if row.comparable else "not asked the year before"


def _dumbbells(table: pd.DataFrame, look: str, meaning: str) -> alt.LayerChart:
    """Before, now and how sure the change is; one row per label, in the table's order.

    The thin line round the full dot is the 95% interval of the change, laid from the open dot:
    where it reaches the open dot, chance could explain the change, and the row is grey.
    Needs label, first, second, low, high (shares), clear, text and text_narrow.
    """
    color = LOOKS[look]
    absent = meaning == "absent"
    strong = color.absent if absent else color.favorable
    light = color.absent_light if absent else color.favorable_light
    rows = table.assign(
        # The words of a row share a line with its figure; a phone has half of it.
        pick=table.label,
        label=[_wrapped(row.label, max(40, 108 - len(row.text))) for row in table.itertuples()],
        label_narrow=[_wrapped(label, 44) for label in table.label],
        low=table.low.clip(0, 1),
        high=table.high.clip(0, 1),
        strong=[strong if clear else color.compared for clear in table.clear],
        light=[light if clear else color.line for clear in table.clear],
        first_text=table["first"].map(formats.bare_percent),
        second_text=table.second.map(formats.bare_percent),
        rises=[1 if rise else -1 for rise in (table["first"] <= table.second)],
    )
    for words_of in ("label", "label_narrow", "text", "text_narrow"):
        rows[f"{words_of}_lines"] = rows[words_of].str.count("\n")
    step = 55 + 15 * int(rows.label_narrow_lines.max() if len(rows) else 0)
    # The dots lie near the bottom of their band, the words end just above them.
    level = step / 2 - 16
    above = level - 12
    largest = pd.concat([rows.high, rows["first"], rows.second])
    share = alt.Scale(domain=[0, _ceiling(largest) if absent else 1], nice=False)
    percents = alt.Axis(format=".0%", tickCount=5)
    base = _row_base()
    tooltip = [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("first:Q", title="Before", format=".1%"),
        alt.Tooltip("second:Q", title="Now", format=".1%"),
        alt.Tooltip("text:N", title="Change"),
    ]
    strong_color = alt.Color("strong:N", scale=None)

    def number(which: str, outward: int, weight: int, ink: str) -> list[alt.Chart]:
        # Each number stands on the outer side of its dot, whichever way the change went, on a
        # patch of ground, so that the thin line does not strike it through.
        place = {
            "align": alt.expr(f"datum.rises * {outward} > 0 ? 'left' : 'right'"),
            "dx": alt.expr(f"datum.rises * {outward} > 0 ? 12 : -12"),
            "dy": level,
            "fontWeight": weight,
        }
        at = {"x": alt.X(f"{which}:Q", scale=share, title=None), "text": f"{which}_text:N"}
        return [
            base.mark_text(stroke=color.ground, strokeWidth=5, strokeJoin="round", **place).encode(
                **at
            ),
            base.mark_text(color=ink, **place).encode(**at),
        ]

    def words(align: str, x, text: str, ink: str) -> alt.Chart:
        more_lines = f"(width < 560 ? datum.{text}_narrow_lines : datum.{text}_lines)"
        return base.mark_text(
            align=align,
            baseline="bottom",
            dy=alt.expr(f"{above} - 15 * {more_lines}"),
            lineBreak="\n",
            lineHeight=15,
            color=ink,
            text=alt.expr(f"width < 560 ? datum.{text}_narrow : datum.{text}"),
        ).encode(x=alt.XValue(x))

    return alt.layer(
        base.mark_rule(strokeWidth=6, yOffset=level, strokeCap="round").encode(
            x=alt.X("first:Q", scale=share, title=None, axis=percents),
            x2="second:Q",
            color=alt.Color("light:N", scale=None),
        ),
        base.mark_rule(strokeWidth=1.5, yOffset=level).encode(
            x=alt.X("low:Q", scale=share, title=None), x2="high:Q", color=strong_color
        ),
        base.mark_point(
            filled=False, size=70, opacity=1, fill=color.ground, strokeWidth=2, yOffset=level
        ).encode(x=alt.X("first:Q", scale=share, title=None), color=strong_color, tooltip=tooltip),
        base.mark_point(filled=True, size=110, opacity=1, yOffset=level)
        .encode(x=alt.X("second:Q", scale=share, title=None), color=strong_color, tooltip=tooltip)
        .add_params(alt.selection_point(name=PICK, fields=["pick"])),
        *number("first", -1, 400, color.muted),
        *number("second", 1, 700, color.ink),
        words("left", 0, "label", color.ink),
        words("right", "width", "text", color.muted),
        data=_numbered(rows),
        **_dress(color, alt.Step(step)),
    )


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width))


def distribution(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Answers of one item as shares of those that count, a bar a year; rows of one item of
    culture/distribution. Favorable answers are green, the outermost strongest."""
    color = LOOKS[look]
    rows = table[table.counts].sort_values(["school_year", "position"])
    ends = rows.groupby("school_year").share.cumsum()
    places = rows.groupby("school_year").position
    outermost = (rows.position == places.transform("min")) | (
        rows.position == places.transform("max")
    )
    rows = rows.assign(
        start=ends - rows.share,
        end=ends,
        middle=ends - rows.share / 2,
        text=[formats.percent(share) if share >= 0.06 else "" for share in rows.share.fillna(0)],
        shade=[
            (color.favorable if outer else color.favorable_light)
            if favorable
            else (color.compared if outer else color.line)
            for favorable, outer in zip(rows.favorable, outermost, strict=True)
        ],
        ink=[
            color.ink if not outer else color.ground if favorable else color.on_compared
            for favorable, outer in zip(rows.favorable, outermost, strict=True)
        ],
    )
    base = alt.Chart().encode(
        y=alt.Y("school_year:O", title=None, axis=alt.Axis(domain=False, ticks=False)),
    )
    along = alt.X(
        "start:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    return alt.layer(
        base.mark_bar(height=30, stroke=color.ground, strokeWidth=1.5).encode(
            x=along,
            x2="end:Q",
            color=alt.Color("shade:N", scale=None),
            tooltip=[
                alt.Tooltip("school_year:N", title="Year"),
                alt.Tooltip("answer:N", title="Answer"),
                alt.Tooltip("answers:Q", title="Answers", format=","),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        ),
        base.mark_text(fontWeight=600).encode(
            x=alt.X("middle:Q", title=None), text="text:N", color=alt.Color("ink:N", scale=None)
        ),
        data=rows,
        **_dress(color, alt.Step(46)),
    )


def by_weekday(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Share of days missed by month and weekday; rows of absence/by_weekday."""
    color = LOOKS[look]
    rows = table.assign(
        month=[formats.month(value) for value in table.month_start],
        day=table.weekday.str[:3],
        text=[formats.bare_percent(value) for value in table.share],
    )
    highest = _ceiling(rows.share)
    base = alt.Chart().encode(
        x=alt.X(
            "day:O",
            sort=None,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False),
        ),
        y=alt.Y("month:O", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False)),
    )
    return alt.layer(
        base.mark_rect(stroke=color.ground, strokeWidth=2).encode(
            color=alt.Color(
                "share:Q",
                scale=alt.Scale(
                    domain=[0, highest],
                    range=[color.faint, color.absent_light],
                    interpolate="rgb",
                ),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("month:N", title="Month"),
                alt.Tooltip("weekday:N", title="Weekday"),
                alt.Tooltip("share:Q", title="Days missed", format=".1%"),
                alt.Tooltip("days_enrolled:Q", title="Of days enrolled", format=","),
            ],
        ),
        base.mark_text(color=color.ink).encode(text="text:N"),
        data=rows,
        **_dress(color, alt.Step(36)),
    )


def coverage(table: pd.DataFrame, look: str) -> alt.Chart:
    """On how many of a week's instructional days attendance was taken; rows of health/coverage."""
    color = LOOKS[look]
    rows = table.assign(share=table.days_taken / table.days_expected)
    return (
        alt.Chart(rows, **_dress(color, alt.Step(26)))
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
                alt.Tooltip("week_start:T", title="Week of", format="%-d %B %Y"),
                alt.Tooltip("days_taken:Q", title="Days taken"),
                alt.Tooltip("days_expected:Q", title="Instructional days"),
            ],
        )
    )


def steps(table: pd.DataFrame, look: str, here: str, there: str) -> alt.LayerChart:
    """A waterfall from the count `here` to the count `there`; rows of absence/reconciliation."""
    color = LOOKS[look]
    ends = table.students.where(table.step != "there", 0).cumsum()
    whole = table.step.isin(["here", "there"])
    names = formats.STEPS | {"here": here, "there": there}
    rows = table.assign(
        label=table.step.map(names),
        start=(ends - table.students).where(~whole, 0),
        end=ends.where(~whole, table.students),
        text=[
            formats.count(row.students) if total else formats.signed(row.students)
            for row, total in zip(table.itertuples(), whole, strict=True)
        ],
        shade=[color.absent if total else color.compared for total in whole],
    )[whole | (table.students != 0)]
    base = _row_base()
    top = max(float(rows[["start", "end"]].max().max()), 1.0)
    return alt.layer(
        base.mark_bar(height=14, yOffset=9).encode(
            x=alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, top], nice=False)),
            x2="end:Q",
            color=alt.Color("shade:N", scale=None),
            tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=" ")],
        ),
        *_row_words(base, color),
        data=_numbered(rows),
        **_dress(color, alt.Step(44)),
    )


def reasons(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Days missed by recorded reason; rows of causes/recorded."""
    color = LOOKS[look]
    return _bars(
        table.assign(
            label=table.reason,
            text=[
                f"{formats.percent(row.share)} · {formats.number(row.days, 'day', 'days')} · "
                f"{formats.number(row.students, 'student', 'students')}"
                for row in table.itertuples()
            ],
            value=table.days,
            shade=[
                color.compared if reason == "Not recorded" else color.absent_light
                for reason in table.reason
            ],
        ),
        color,
    )


def _ceiling(shares: pd.Series) -> float:
    """The end of an axis of shares: the next full 5% above the largest, at least 10%."""
    largest = shares.max()
    if formats.is_missing(largest):
        return 1.0
    return min(1.0, max(0.1, 0.05 * (int(float(largest) / 0.05) + 1)))


def _dress(color: Look, height) -> dict:
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
